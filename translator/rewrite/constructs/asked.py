"""`torch.autograd.grad`, which returns gradients as a tape does: of the first order, or recorded by a tape around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs import stopped
from translator.rewrite.constructs.reading import of_kind, small, targets
from translator.rewrite.constructs.slicing import begin
from translator.rewrite.constructs.steps import Step, Trained
from translator.source.functions import parameters
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import ParametersValue
from translator.source.tree import nodes
from translator.source.values import GradientValue, Items, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_KNOWN = (
    "outputs",
    "inputs",
    "grad_outputs",
    "retain_graph",
    "create_graph",
    "only_inputs",
    "allow_unused",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A call of `torch.autograd.grad`; `weights` are its `grad_outputs` where those are no ones.

    `kept`: the gradients are recorded themselves. `single`: only the first of them is taken.
    """

    output: cst.BaseExpression
    inputs: cst.BaseExpression
    weights: cst.BaseExpression | None
    kept: bool
    single: bool
    taken: str
    """The names that the gradients get, "" where they are returned."""


def recognised(rewriter: Rewriter, statement: cst.BaseStatement) -> Asked | None:
    """`g = torch.autograd.grad(y, x)[0]`, `return torch.autograd.grad(y, [a, b])`."""
    inner = small(statement)
    if not isinstance(inner, cst.Assign | cst.Return) or inner.value is None:
        return None
    if isinstance(inner, cst.Assign) and len(inner.targets) > 1:
        return None
    call, single = inner.value, False
    if isinstance(call, cst.Subscript) and build.code(call).endswith("[0]"):
        call, single = call.value, True
    if not isinstance(call, cst.Call) or rewriter.api(call.func) != "torch.autograd.grad":
        return None
    named = {a.keyword.value for a in call.args if a.keyword is not None}
    output, inputs = argument(call, 0, "outputs"), argument(call, 1, "inputs")
    if (
        output is None
        or inputs is None
        or not named <= set(_KNOWN)
        or any(a.star for a in call.args)
    ):
        return None
    if isinstance(output, cst.List | cst.Tuple):
        if len(output.elements) != 1:
            return None
        output = output.elements[0].value
    taken = "" if isinstance(inner, cst.Return) else build.code(inner.targets[0].target)
    kept = argument(call, 4, "create_graph")
    recorded = kept is not None and literal_value(kept) is True
    if kept is not None and not isinstance(literal_value(kept), bool):
        return None
    weights = _weights(rewriter, argument(call, 2, "grad_outputs"), output)
    return Asked(output, inputs, weights, recorded, single, taken)


def _weights(
    rewriter: Rewriter, given: cst.BaseExpression | None, output: cst.BaseExpression
) -> cst.BaseExpression | None:
    """`grad_outputs`, None where they are ones: a tape sums what is no scalar."""
    if isinstance(given, cst.List | cst.Tuple) and len(given.elements) == 1:
        given = given.elements[0].value
    if given is None or build.code(given) == "None":
        return None
    if isinstance(given, cst.Call) and rewriter.api(given.func) in (
        "torch.ones_like",
        "torch.ones",
    ):
        sizes = build.code(given.args[0].value).replace(" ", "") if given.args else ""
        if sizes in (
            build.code(output),
            f"{build.code(output)}.shape",
            f"{build.code(output)}.size()",
        ):
            return None
    return given


def step(
    rewriter: Rewriter, body: Sequence[cst.BaseStatement], floor: int, index: int
) -> Step | None:
    """The tape of such a call."""
    asked = recognised(rewriter, body[index])
    if asked is None:
        return None
    found = _variables(rewriter, asked, body[:index])
    if found is None:
        return None
    variables, names = found
    begun = begin(rewriter, body, floor, index, (asked.output,), sources=frozenset(names))
    if begun is None:
        return None
    weights = None if asked.weights is None else rewriter.expression(asked.weights)
    quiet = not asked.kept and not _is_of_weights(rewriter, body[index])
    return Step(
        body,
        begun[0],
        index + 1,
        (asked.output,),
        (Trained(variables, asked.taken),),
        tape=begun[1],
        watched=tuple(names),
        weights=weights,
        silent=quiet and stopped.may_record(rewriter),
    )


def _is_of_weights(rewriter: Rewriter, statement: cst.BaseStatement) -> bool:
    """True where what is asked for are the gradients of parameters, which only updates take."""
    inner = small(statement)
    target = inner.targets[0].target if isinstance(inner, cst.Assign) else inner
    elements = target.elements if isinstance(target, cst.Tuple | cst.List) else ()
    values = [rewriter.facts.value(each.value) for each in elements]
    if target is not None and not values:
        values = [rewriter.facts.value(target)]
    return not any(isinstance(value, TensorValue) for value in values) or any(
        isinstance(value, GradientValue) for value in values
    )


def _variables(
    rewriter: Rewriter, asked: Asked, before: Sequence[cst.BaseStatement]
) -> tuple[cst.BaseExpression, list[str]] | None:
    """What the gradients are taken with respect to, and those of it that a tape has to be told to watch."""
    given = asked.inputs
    if isinstance(given, cst.Call) and isinstance(given.func, cst.Name) and len(given.args) == 1:
        given = given.args[0].value if given.func.value in ("list", "tuple") else given
    value = rewriter.facts.value(given)
    if isinstance(value, ParametersValue):
        owner = rewriter.expression(value.owner)
        return build.expression("model.trainable_variables", model=owner), []
    if isinstance(given, cst.List | cst.Tuple):
        tensors = [element.value for element in given.elements]
    elif isinstance(value, Items):
        return rewriter.expression(given), []
    else:
        tensors = [given]
    values = [rewriter.facts.value(tensor) for tensor in tensors]
    if not all(isinstance(each, TensorValue) for each in values):
        return None
    watched = []
    for tensor, each in zip(tensors, values, strict=True):
        assert isinstance(each, TensorValue)
        if (
            isinstance(tensor, cst.Name)
            and each.leaf
            and not _unmade(rewriter, tensor.value, before)
        ):
            continue
        if not isinstance(tensor, cst.Name):
            if each.leaf:
                continue
            return None
        watched.append(tensor.value)
    written = [rewriter.expression(tensor) for tensor in tensors]
    if asked.single and len(written) == 1:
        return written[0], watched
    if asked.single:
        return None
    return cst.List([cst.Element(each) for each in written]), watched


def _unmade(rewriter: Rewriter, name: str, before: Sequence[cst.BaseStatement]) -> bool:
    """Leave a tensor a tensor that is made to ask for gradients in this function, and only for these."""
    function = rewriter.functions[-1].node if rewriter.functions else None
    if not isinstance(function, cst.FunctionDef):
        return False
    if (id(function), name) in rewriter.watching:
        return True
    making = [line for line in before if name in targets(line)]
    given = name in {parameter.name.value for parameter in parameters(function)}
    if not making and not given:
        return False
    calls = [
        call
        for line in before
        for call in of_kind(nodes(line), cst.Call)
        if isinstance(call.func, cst.Attribute) and call.func.attr.value == "requires_grad_"
    ]
    own = [call for call in calls if _names(call, name) or (making and _makes(making[-1], call))]
    changed = any(
        isinstance(node.value, cst.Name)
        and node.value.value == name
        and (node.attr.value in ("grad", "data") or _is_in_place(node.attr.value))
        for node in of_kind(nodes(function.body), cst.Attribute)
    )
    if not own or changed:
        return False
    rewriter.watching.add((id(function), name))
    rewriter.unmade.update(id(call) for call in own)
    return True


def _names(call: cst.Call, name: str) -> bool:
    """True for `x.requires_grad_()`."""
    assert isinstance(call.func, cst.Attribute)
    return isinstance(call.func.value, cst.Name) and call.func.value.value == name


def _makes(line: cst.BaseStatement, call: cst.Call) -> bool:
    """True for `x = (a + b).requires_grad_()`."""
    inner = small(line)
    return isinstance(inner, cst.Assign) and inner.value is call


def _is_in_place(method: str) -> bool:
    return method.endswith("_") and not method.endswith("__") and method != "requires_grad_"
