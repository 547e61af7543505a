"""How a layer says its first weights in its constructor, and what is told where it cannot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.records import Layer, Record
from translator.rewrite import build
from translator.rewrite.draws import setting
from translator.source.bound import Arguments
from translator.source.literals import literal_value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def drawn(record: Record) -> tuple[str, str]:
    """What Keras calls the weight that a layer draws, and how it draws it."""
    names = {lens.tf for lens in record.args}
    if "embeddings_initializer" in names:
        return "embeddings", "uniform"
    name = "depthwise" if "depthwise_initializer" in names else "kernel"
    return name, "glorot_uniform"


def _initial_given(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> bool:
    """True if the source says how all weights start."""
    if rewriter.target == "torch":
        kernel = f"{drawn(bound.record)[0]}_initializer"
        return kernel in bound.values and not bound.record.states
    given = rewriter.initializers.get(id(node), {})
    biased = bound.values.get("bias")
    kernel = drawn(bound.record)[0]
    return kernel in given and (
        kernel == "embeddings"
        or "bias" in given
        or (biased is not None and literal_value(biased) is False)
    )


def note_initial(rewriter: Rewriter, node: cst.Call, bound: Arguments, record: Layer) -> None:
    """Say how the first weights differ."""
    if not rewriter.exact and not _initial_given(rewriter, node, bound):
        rewriter.note(node, Code.INITIALIZER, f"{record.title}: {record.initial}", record.title)


def stated_initializers(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> list[cst.Arg]:
    """`kernel_initializer=` for what `nn.init` calls in the source set; with `exact`, for torch's defaults."""
    given = rewriter.initializers.get(id(node), {})
    if rewriter.exact and rewriter.target == "tensorflow" and not given:
        given = exact_initialisers(rewriter, bound)
    return [build.argument(value, setting(name)) for name, value in given.items()]


def exact_initialisers(rewriter: Rewriter, bound: Arguments) -> dict[str, cst.BaseExpression]:
    """torch's defaults: U(-1/sqrt(fan_in), 1/sqrt(fan_in)) for the kernel and for the bias."""
    if not isinstance(bound.record, Layer) or not bound.record.fan_in:
        return {}
    fan_in = _fan_in(rewriter, bound, bound.record.fan_in)
    if fan_in is None:
        return {}
    limit = (
        f"{fan_in} ** -0.5" if fan_in.isidentifier() or fan_in.isdigit() else f"({fan_in}) ** -0.5"
    )
    uniform = rewriter.naming.spell(f"keras.initializers.RandomUniform(-({limit}), {limit})")
    initialisers = {"kernel": build.expression(uniform)}
    biased = bound.values.get("bias")
    if biased is None or literal_value(biased) is not False:
        initialisers["bias"] = build.expression(uniform)
    return initialisers


def _fan_in(rewriter: Rewriter, bound: Arguments, names: tuple[str, ...]) -> str | None:
    """The number of inputs of one output as code; a kernel size of one number counts for two axes."""
    factors: list[str] = []
    for name in names:
        given = bound.values.get(name)
        if given is None:
            return None
        if isinstance(given, cst.Tuple):
            factors += [build.code(rewriter.expression(e.value)) for e in given.elements]
        else:
            text = build.code(build.parenthesized(rewriter.expression(given)))
            factors += [text] * (2 if name == "kernel_size" else 1)
    groups = bound.values.get("groups")
    if all(factor.isdigit() for factor in factors) and groups is None:
        return str(math.prod(map(int, factors)))
    text = " * ".join(factors)
    return (
        text
        if groups is None
        else f"{text} // {build.code(build.parenthesized(rewriter.expression(groups)))}"
    )
