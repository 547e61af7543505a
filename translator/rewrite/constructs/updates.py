"""What stands around torch's training step: `no_grad`, `zero_grad`, `step`, updates of parameters in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build, precision
from translator.rewrite.constructs import stopped
from translator.rewrite.constructs.found import is_schedule, undata, zeroed
from translator.rewrite.constructs.reading import blocks, lines, method_call, small
from translator.rewrite.constructs.steps import Step
from translator.rewrite.torch_tensors import weight_name
from translator.source.classes import inherited
from translator.source.objects import Built, ParametersValue
from translator.source.tree import nodes
from translator.source.values import TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_AUGMENTED: dict[type[cst.BaseAugOp], str] = {
    cst.SubtractAssign: "w.assign_sub(value)",
    cst.AddAssign: "w.assign_add(value)",
    cst.MultiplyAssign: "w.assign(w * value)",
    cst.DivideAssign: "w.assign(w / value)",
}
_METHODS = {
    "sub_": "w.assign_sub(value)",
    "add_": "w.assign_add(value)",
    "mul_": "w.assign(w * value)",
    "div_": "w.assign(w / value)",
    "copy_": "w.assign(value)",
}
_MODES = frozenset({"train", "eval", "cuda", "cpu", "to", "float"})


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """Rewrite one statement from torch to TensorFlow, None where it is none of these."""
    if rewriter.target != "tensorflow":
        return None
    if _empty(rewriter, node):
        return []
    if type(node) is cst.With:
        return _no_grad(rewriter, node)
    if type(node) is cst.For:
        return _over_parameters(rewriter, node)
    inner = small(node)
    assert inner is None or isinstance(node, cst.SimpleStatementLine)
    new: cst.BaseSmallStatement | None = None
    if type(inner) is cst.Assign:
        assert isinstance(node, cst.SimpleStatementLine)
        if zeroed(rewriter, node) is not None:
            rewriter.leave(
                node, Code.UNSUPPORTED_CODE, "variables keep no gradient there: take it from a tape"
            )
            return [node]
    if type(inner) is cst.AugAssign and type(inner.operator) in _AUGMENTED:
        new = _assigned(rewriter, inner.target, _AUGMENTED[type(inner.operator)], inner.value)
    elif type(inner) is cst.Assign and len(inner.targets) == 1:
        new = _data(rewriter, inner)
    elif isinstance(inner, cst.Expr):
        found = method_call(node)
        return None if found is None else _method(rewriter, node, *found)
    return None if new is None else [node.with_changes(body=[new])]


def _empty(rewriter: Rewriter, node: cst.BaseStatement) -> bool:
    """True if a statement only zeroes gradients, which a tape returns afresh."""
    if id(node) in rewriter.dropped:
        return True
    if not isinstance(node, cst.For | cst.If | cst.With):
        return False
    inner = list(lines([node]))
    return (
        bool(inner)
        and all(id(line) in rewriter.dropped for line in inner)
        and bool(list(blocks(node)))
    )


def _no_grad(rewriter: Rewriter, node: cst.With) -> list[cst.BaseStatement] | None:
    """Inside a tape, recording is stopped; a function that one may call stops the gradients of what it computes."""
    from translator.rewrite.statements import spliced

    item = node.items[0].item if len(node.items) == 1 else None
    if not isinstance(item, cst.Call):
        return None
    if rewriter.api(item.func) not in ("torch.no_grad", "torch.inference_mode"):
        return None
    if rewriter.recording:
        stop = build.expression("tape.stop_recording()", tape=build.name(rewriter.tape))
        items = [node.items[0].with_changes(item=stop)]
        return [node.with_changes(items=items, body=rewriter.suite(node.body))]
    outer = rewriter.stopping
    if stopped.may_record(rewriter):
        rewriter.stopping = stopped.names_after(rewriter, node)
    body = spliced(rewriter, node.body)
    rewriter.stopping = outer
    return body


def _over_parameters(rewriter: Rewriter, node: cst.For) -> list[cst.BaseStatement] | None:
    """`for p in model.parameters():` with `p.grad` in it runs over variables and gradients together."""
    step = rewriter.steps[-1] if rewriter.steps else None
    if (
        not isinstance(step, Step)
        or len(step.trained) != 1
        or not isinstance(node.target, cst.Name)
    ):
        return None
    if not isinstance(rewriter.facts.value(node.iter), ParametersValue):
        return None
    name = node.target.value
    if not any(isinstance(n, cst.Attribute) and n.attr.value == "grad" for n in nodes(node.body)):
        return None
    gradient = rewriter.naming.fresh("gradient")
    step.singles[name] = gradient
    body = rewriter.suite(node.body)
    del step.singles[name]
    target = build.expression(f"({name}, {gradient})")
    assert isinstance(target, cst.Tuple)
    pairs = build.expression(
        "zip(variables, gradients)",
        variables=rewriter.expression(node.iter),
        gradients=cst.Name(step.trained[0].gradients),
    )
    return [node.with_changes(target=target.with_changes(lpar=[], rpar=[]), iter=pairs, body=body)]


def _assigned(
    rewriter: Rewriter, target: cst.BaseExpression, text: str, value: cst.BaseExpression
) -> cst.BaseSmallStatement | None:
    """An update of a variable in place; a layer's weight takes foreign values in its own layout."""
    variable = undata(target)
    found = rewriter.facts.value(variable)
    if not isinstance(found, TensorValue) or not found.leaf:
        return None
    axes = weight_name(rewriter, variable) if isinstance(variable, cst.Attribute) else None
    own = build.code(variable) in build.code(value)
    rewriter.raw_weights = True
    kernel = rewriter.expression(variable)
    rewriter.raw_weights = own
    new = rewriter.expression(value)
    rewriter.raw_weights = False
    if (
        axes is not None
        and axes[1] is not None
        and not own
        and isinstance(rewriter.facts.value(value), TensorValue)
    ):
        new = rewriter.permuted(new, tuple(axes[1].index(i) for i in range(len(axes[1]))))
    return cst.Expr(build.expression(text, w=kernel, value=new))


def _data(rewriter: Rewriter, inner: cst.Assign) -> cst.BaseSmallStatement | None:
    """`w.data = value`."""
    target = inner.targets[0].target
    if type(target) is cst.Attribute and target.attr.value == "data":
        return _assigned(rewriter, target, "w.assign(value)", inner.value)
    return None


def _method(
    rewriter: Rewriter, node: cst.BaseStatement, call: cst.Call, func: cst.Attribute
) -> list[cst.BaseStatement] | None:
    name, owner = func.attr.value, rewriter.facts.value(func.value)
    if isinstance(owner, TensorValue) and owner.leaf and name in ("fill_", "zero_"):
        return _filled(rewriter, node, call, func)
    if isinstance(owner, TensorValue) and name in _METHODS:
        return _in_place(rewriter, node, call, func)
    if name == "step" and isinstance(owner, Built) and not is_schedule(owner):
        return _step(rewriter, node, func, owner)
    if name == "zero_grad" and inherited(owner, name):
        rewriter.leave(
            call,
            Code.UNSUPPORTED_CODE,
            "gradients are not kept between steps: no step that starts here was found",
        )
        return [node]
    if name == "backward" and isinstance(owner, TensorValue):
        rewriter.leave(
            call,
            Code.UNSUPPORTED_CODE,
            "no step that zeroes and uses these gradients was found: write a tape by hand",
        )
        return [node]
    if name in _MODES and inherited(owner, name) and not precision.is_cast(rewriter, call):
        if name in ("train", "eval"):
            rewriter.note(call, Code.MODE, "modes are given at each call: model(x, training=True)")
        return []
    return None


def _filled(
    rewriter: Rewriter, node: cst.BaseStatement, call: cst.Call, func: cst.Attribute
) -> list[cst.BaseStatement]:
    """`w.fill_(0.5)` on a variable."""
    rewriter.raw_weights = True
    variable = rewriter.expression(undata(func.value))
    rewriter.raw_weights = False
    value = rewriter.expression(call.args[0].value) if call.args else build.expression("0.0")
    text = rewriter.naming.spell("w.assign(tf.fill(w.shape, value))")
    return [node.with_changes(body=[cst.Expr(build.expression(text, w=variable, value=value))])]


def _in_place(
    rewriter: Rewriter, node: cst.BaseStatement, call: cst.Call, func: cst.Attribute
) -> list[cst.BaseStatement] | None:
    name = func.attr.value
    given = [a for a in call.args if a.keyword is None and not a.star]
    alpha = next(
        (a.value for a in call.args if a.keyword is not None and a.keyword.value == "alpha"), None
    )
    if len(given) != 1 or len(call.args) != len(given) + (alpha is not None):
        return None
    text = _METHODS[name].replace("value", "alpha * value") if alpha is not None else _METHODS[name]
    new = _assigned(rewriter, func.value, text, given[0].value)
    if new is None:
        return None
    if alpha is not None:
        assert isinstance(new, cst.Expr)
        new = cst.Expr(build.expression(build.code(new.value), alpha=rewriter.expression(alpha)))
    return [node.with_changes(body=[new])]


def _step(
    rewriter: Rewriter, node: cst.BaseStatement, func: cst.Attribute, owner: Built
) -> list[cst.BaseStatement]:
    """`optimizer.step()` after a tape: `optimizer.apply_gradients(zip(gradients, variables))`."""
    steps = (s for s in reversed(rewriter.steps) if isinstance(s, Step))
    trained = next((each for step in steps if (each := step.trained_by(owner)) is not None), None)
    if trained is None:
        why = "the backward pass of this step was not found: apply its gradients by hand"
        rewriter.leave(func, Code.UNSUPPORTED_CODE, why)
        return [node]
    new = build.expression(
        "optimizer.apply_gradients(zip(gradients, variables))",
        optimizer=rewriter.expression(func.value),
        gradients=cst.Name(trained.gradients),
        variables=trained.variables,
    )
    return [node.with_changes(body=[cst.Expr(new)])]
