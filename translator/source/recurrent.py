"""Recurrent layers: what a call of one gives, outputs and states, as the source's framework hands them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from translator.knowledge.records import Layer
from translator.knowledge.shapes import Shape, Size, Symbol, number
from translator.source import printed
from translator.source.bound import Arguments
from translator.source.described import describe
from translator.source.facts import Facts
from translator.source.literals import literal_value
from translator.source.objects import Built, Site
from translator.source.values import UNKNOWN, Items, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def wrapped(facts: Facts, site: Site) -> Site | None:
    """The layer inside `keras.layers.Bidirectional`, or the layer itself; None where it is not known."""
    if isinstance(site.record, Layer):
        return site
    inner = _inside(facts, site, "layer")
    if inner is None or flag(inner, "go_backwards") is not False:
        return None
    if "backward_layer" in site.arguments.values:
        back = _inside(facts, site, "backward_layer")
        if (
            back is None
            or flag(back, "go_backwards") is not True
            or _stated(back) != _stated(inner)
        ):
            return None
    return inner


def _inside(facts: Facts, site: Site, name: str) -> Site | None:
    given = site.arguments.values.get(name)
    value = UNKNOWN if given is None else facts.value(given)
    known = isinstance(value, Built) and isinstance(value.site.record, Layer)
    return value.site if known and isinstance(value, Built) and value.site.record.states else None


def _stated(site: Site) -> dict[str, str]:
    """What a layer is built with, the way in which it runs left aside."""
    given = {**site.arguments.values}
    given.pop("go_backwards", None)
    record = {"": site.record.title}
    return record | {name: printed.text(value) for name, value in given.items()}


def shape_of(run: Interpreter, site: Site, shapes: Mapping[str, Shape]) -> Shape:
    """The shape of the outputs."""
    inner = wrapped(run.facts, site)
    if inner is None:
        return None
    shape = inner.record.shape(describe(run, inner.arguments, shapes))
    if inner is site or shape is None or merge_of(site) != "concat":
        return shape
    return (*shape[:-1], _twice(shape[-1]))


def _twice(size: Size) -> Size:
    if not isinstance(size, Symbol):
        return None if size is None else 2 * size
    known = number(size)
    plain = size.text.replace(".", "").isidentifier()
    text = f"2 * {size.text}" if plain else f"2 * ({size.text})"
    return Symbol(text, size.scope, None if known is None else 2 * known)


def merge_of(site: Site) -> str | None:
    """How a layer puts the outputs of its two directions together; None where that is not stated, or they stay two."""
    given = site.arguments.values.get("merge_mode")
    mode = "concat" if given is None else literal_value(given)
    return mode if isinstance(mode, str) else None


def results(run: Interpreter, site: Site, outputs: TensorValue) -> Value:
    """What a call gives: in torch always outputs and states, in Keras what the constructor asks for."""
    inner = wrapped(run.facts, site)
    if inner is None:
        return UNKNOWN
    state = replace(outputs, shape=None, origin=None, last=None)
    states: tuple[Value, ...] = (state,) * inner.record.states
    if run.side == "torch":
        several = id(site.node) in run.facts.several
        given = Items(states) if len(states) > 1 else state
        return Items((outputs, UNKNOWN if several else given))
    asked = flag(inner, "return_state")
    if asked is None:
        return UNKNOWN
    directions = 1 if inner is site else 2
    return Items((outputs, *states * directions)) if asked else outputs


WITH_ONE_BIAS = "translator.one_bias"
"""The name under which the function is known that an earlier conversion wrote around recurrent layers."""


def flag(site: Site, name: str) -> bool | None:
    """A flag of a constructor, False where it is left out; None where it is not stated."""
    given = site.arguments.values.get(name)
    value = False if given is None else literal_value(given)
    return value if isinstance(value, bool) else None


def step(run: Interpreter, site: Site, bound: Arguments, output: TensorValue) -> Value:
    """What one step of a cell gives: torch the new states alone, Keras the output in front of them."""
    kinds = site.record.cell
    if run.side == "torch":
        return Items((output,) * kinds) if kinds > 1 else output
    given = bound.values.get("states")
    alone = kinds == 1 and given is not None and isinstance(run.facts.value(given), TensorValue)
    return Items((output, output if alone else Items((output,) * kinds)))


def attended(run: Interpreter, bound: Arguments, output: TensorValue) -> Value:
    """What attention of several heads gives: in torch its weights as well, in Keras where it is asked to."""
    asked = bound.values.get("return_attention_scores")
    if run.side == "tensorflow" and (asked is None or literal_value(asked) is False):
        return output
    return Items((output, TensorValue(tracked=True)))
