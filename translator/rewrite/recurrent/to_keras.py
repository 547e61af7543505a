"""torch's recurrent layers as Keras's: their constructors, and the lines that name their results."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build, once
from translator.rewrite.arrange import arrange
from translator.rewrite.handing_mode import with_training
from translator.rewrite.moves.arguments import move
from translator.rewrite.recurrent.helpers import helper, keras_class
from translator.rewrite.recurrent.plans import (
    Plan,
    layer_count,
    outputs_and_states,
    state_names,
    states_read,
)
from translator.rewrite.recurrent.uses import Use
from translator.source.bound import Arguments
from translator.source.literals import literal_value
from translator.source.objects import Built, Site
from translator.source.recurrent import flag

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_STEPS = (1, 0, 2)
"""From steps in front to the batch in front, and back."""
_LISTED = 3
"""Up to so many layers are listed one by one."""


def prepare(rewriter: Rewriter, found: Sequence[Use], plans: Mapping[int, Plan]) -> None:
    """Note what is written in another way by the plan of each layer."""
    rewriter.recurrent_plans = plans
    for use in found:
        plan = plans[id(use.site)]
        if plan.kind == "stack":
            rewriter.recurrent.pop(id(use.line), None)
        elif use.first is not None:
            rewriter.instead[id(use.first)] = functools.partial(_first, rewriter, use)
    for plan in plans.values():
        for read, name in plan.reads.items():
            rewriter.instead[read] = functools.partial(rewriter.expression, name)


def built(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    """The constructor call of a torch layer."""
    site = rewriter.facts.sites[id(node)]
    plan = rewriter.recurrent_plans.get(id(site), Plan())
    layer = _layer(rewriter, node, bound, plan)
    if layer is None:
        return node
    if plan.kind == "one":
        return layer
    layers = _several(rewriter, site, layer, dropouts=plan.kind == "row")
    if plan.kind == "row":
        return build.call(rewriter.naming.target("keras.Sequential"), [cst.Arg(layers)])
    arguments = [cst.Arg(layers)]
    dropout = bound.values.get("dropout")
    if dropout is not None:
        arguments.append(build.argument(rewriter.expression(dropout), "dropout"))
    first = flag(site, "batch_first")
    if first is None:
        given = rewriter.expression(site.arguments.values["batch_first"])
        arguments.append(build.argument(build.expression("not first", first=given), "time_major"))
    elif not first:
        arguments.append(build.argument(build.name("True"), "time_major"))
    return build.call(helper(rewriter, "RecurrentStack"), arguments)


def _layer(
    rewriter: Rewriter, node: cst.Call, bound: Arguments, plan: Plan
) -> cst.BaseExpression | None:
    """One Keras layer, for one direction or for both; None where it stays, with a finding."""
    signature = rewriter.target_spelling(bound.record, "layer")
    assert signature is not None
    moved = move(rewriter, node, bound, signature)
    func: cst.BaseExpression | None = None
    if id(node) in rewriter.facts.handed:
        func = _class_of(rewriter, node, bound)
        if func is None:
            return None
    if not plan.last:
        moved["return_sequences"] = (build.name("True"), False)
    if plan.kind == "stack" or plan.states:
        moved["return_state"] = (build.name("True"), False)
    func = func or keras_class(rewriter, node, bound, signature.name)
    layer = build.call(func, arrange(moved, signature, {}))
    both = flag(rewriter.facts.sites[id(node)], "bidirectional")
    if both is False:
        return layer
    func = rewriter.naming.target("keras.layers.Bidirectional")
    around = build.call(func, [build.argument(layer)])
    if both:
        return around
    asked = rewriter.expression(bound.values["bidirectional"])
    return build.expression("around if both else layer", around=around, both=asked, layer=layer)


def _class_of(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression | None:
    """The class of a layer whose class is looked up or in a variable; a look-up is done once, by a name."""
    if once.is_simple(node.func):
        return rewriter.expression(node.func)
    func = once.named(rewriter, node.func, "layer_class")
    if func is None:
        rewriter.leave(node, Code.UNSUPPORTED_CODE, "give the class of this layer a name")
    return func


def _several(
    rewriter: Rewriter, site: Site, layer: cst.BaseExpression, dropouts: bool
) -> cst.BaseExpression:
    """A list of equal layers, with dropout between them where that is asked for."""
    count, dropout = layer_count(site), site.arguments.values.get("dropout")
    if dropouts and dropout is not None:
        func = rewriter.naming.target("keras.layers.Dropout")
        between = build.call(func, [build.argument(rewriter.expression(dropout))])
        parts = [part for _ in range(count or 0) for part in (layer, between)][:-1]
    elif count is None or count > _LISTED:
        given = rewriter.expression(site.arguments.values["num_layers"])
        return build.expression("[layer for _ in range(n)]", layer=layer, n=given)
    else:
        parts = [layer] * count
    return cst.List([cst.Element(part) for part in parts])


def _call(rewriter: Rewriter, use: Use) -> cst.BaseExpression:
    """The call of a layer that is no helper: the batch in front, states as a list."""
    values = rewriter.facts.layer_calls[id(use.call)][1].values
    steps = rewriter.expression(values["input"])
    if not flag(use.site, "batch_first"):
        steps = rewriter.permuted(steps, _STEPS)
    arguments = [build.argument(steps)]
    given = values.get("hx")
    if given is not None and literal_value(given) is not None:
        arguments.append(build.argument(_initial(rewriter, use.site, given), "initial_state"))
    func = build.parenthesized(rewriter.expression(use.call.func))
    written = build.call(func, arguments, use.call)
    return with_training(rewriter, Built(use.site), written, use.call)


def _initial(rewriter: Rewriter, site: Site, given: cst.BaseExpression) -> cst.BaseExpression:
    """torch's states, (directions, batch, units), as Keras takes them."""
    both = flag(site, "bidirectional")
    if site.record.states == 1:
        text = rewriter.naming.spell("tf.unstack(state)") if both else "state[0]"
        return build.expression(text, state=rewriter.expression(given))
    if isinstance(given, cst.Tuple | cst.List):
        states = [rewriter.expression(element.value) for element in given.elements]
        places = [(place, state) for place in range(2 if both else 1) for state in states]
        parts = [build.expression(f"state[{place}]", state=state) for place, state in places]
        return cst.List([cst.Element(part) for part in parts])
    text = "[s[i] for i in range(2) for s in states]" if both else "[s[0] for s in states]"
    return build.expression(text, states=rewriter.expression(given))


def _first(rewriter: Rewriter, use: Use) -> cst.BaseExpression:
    """`layer(x)[0]`: the outputs alone."""
    written = _call(rewriter, use)
    if rewriter.recurrent_plans[id(use.site)].states:
        written = build.expression("results[0]", results=written)
    return written if flag(use.site, "batch_first") else rewriter.permuted(written, _STEPS)


def statement(rewriter: Rewriter, use: Use) -> list[cst.BaseStatement]:
    """`out, (h, c) = layer(x)`: Keras gives outputs and states in one row, or the outputs alone."""
    plan = rewriter.recurrent_plans[id(use.site)]
    parts = outputs_and_states(use)
    assert parts is not None and use.line is not None
    value, outputs = _call(rewriter, use), rewriter.expression(parts[0])
    steps_first = not flag(use.site, "batch_first")
    if not plan.states:
        value = rewriter.permuted(value, _STEPS) if steps_first and not plan.last else value
        return [_assigned(use.line, outputs, value)]
    targets, after = _states(rewriter, use, plan)
    elements = [t if isinstance(t, cst.StarredElement) else cst.Element(t) for t in targets]
    row = cst.Tuple([cst.Element(outputs), *elements], lpar=[], rpar=[])
    written = [_assigned(use.line, row, value)]
    if steps_first and build.code(outputs) != "_":
        steps = rewriter.permuted(outputs, _STEPS)
        written.append(build.statement("out = steps", out=outputs, steps=steps))
    return [*written, *after]


def _states(
    rewriter: Rewriter, use: Use, plan: Plan
) -> tuple[list[cst.BaseExpression | cst.StarredElement], list[cst.BaseStatement]]:
    """The targets of Keras's states, and the line that gives them the axis that torch's have in front."""
    both, kinds = flag(use.site, "bidirectional"), use.site.record.states
    states, read = state_names(use), states_read(use)
    if not read:
        return [cst.Name("_")] * (2 * kinds if both else kinds), []
    if both:
        name = rewriter.naming.fresh("states")
        parts = [f"{name}[{kind}::{kinds}]" for kind in range(kinds)] if kinds > 1 else [name]
        stacked = [_spelled(rewriter, f"tf.stack({part})") for part in parts]
        return [cst.StarredElement(cst.Name(name))], [_given(states, stacked)]
    if len(states) < kinds:  # `out, state = lstm(x)`
        whole = _spelled(rewriter, "[s[tf.newaxis] for s in state]", state=states[0])
        return [cst.StarredElement(states[0])], [_given(states, [whole])]
    full = [name for name in read if id(name) not in plan.bare]
    values = [_spelled(rewriter, "s[tf.newaxis]", s=name) for name in full]
    targets: list[cst.BaseExpression | cst.StarredElement] = [
        name if name in read else cst.Name("_") for name in states
    ]
    return targets, [_given(full, values)] if full else []


def _spelled(rewriter: Rewriter, text: str, **holes: cst.BaseExpression) -> cst.BaseExpression:
    return build.expression(rewriter.naming.spell(text), **holes)


def _given(
    targets: Sequence[cst.BaseExpression], values: Sequence[cst.BaseExpression]
) -> cst.BaseStatement:
    """`h, c = a, b`, `h = a`, and `state = a, b`."""
    return cst.SimpleStatementLine(
        [cst.Assign([cst.AssignTarget(_one_or_row(targets))], _one_or_row(values))]  # type: ignore[arg-type]
    )


def _one_or_row(parts: Sequence[cst.BaseExpression]) -> cst.BaseExpression:
    if len(parts) == 1:
        return parts[0]
    return cst.Tuple([cst.Element(part) for part in parts], lpar=[], rpar=[])


def _assigned(
    line: cst.SimpleStatementLine, target: cst.BaseExpression, value: cst.BaseExpression
) -> cst.BaseStatement:
    return line.with_changes(body=[cst.Assign([cst.AssignTarget(target)], value)])  # type: ignore[arg-type]
