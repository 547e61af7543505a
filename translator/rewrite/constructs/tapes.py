"""TensorFlow's gradient tape, written as torch's backward pass: implicit recording, `.grad`, `no_grad` updates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.quiet import no_grad
from translator.rewrite.constructs.reading import mentioned, method_call, nodes, small, targets
from translator.rewrite.trained import optimizer_site, trained
from translator.source.values import Built, TapeValue, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_UPDATES = {"assign_sub": "w -= value", "assign_add": "w += value", "assign": "w.copy_(value)"}


@dataclass(slots=True)
class Postponed:
    """Optimizers that are built before what they train: `moved` are their places, `after` where they go."""

    moved: set[int] = field(default_factory=set)
    after: dict[int, list[int]] = field(default_factory=dict)


def postponed(rewriter: Rewriter, body: Sequence[cst.BaseStatement]) -> Postponed:
    """torch's optimizer needs its parameters at once: build it below the last of them."""
    found = Postponed()
    if rewriter.target != "torch":
        return found
    _pair_steps(rewriter, body)
    for index, statement in enumerate(body):
        inner = small(statement)
        if not isinstance(inner, cst.Assign) or not isinstance(inner.value, cst.Call):
            continue
        if optimizer_site(rewriter, inner.value) is None:
            continue
        needed_by = trained(rewriter, inner.value)
        if needed_by is None:
            continue
        needed = mentioned(needed_by)
        later = [
            i
            for i, other in enumerate(body)
            if i > index and small(other) is not None and targets(other) & needed
        ]
        uses = [
            i for i, other in enumerate(body) if i > index and mentioned(other) & targets(statement)
        ]
        if later and (not uses or uses[0] > later[-1]):
            found.moved.add(index)
            found.after.setdefault(later[-1], []).append(index)
    return found


def _pair_steps(rewriter: Rewriter, body: Sequence[cst.BaseStatement]) -> None:
    """Find gradients that go straight into the optimizer and nowhere else: `backward()` and `step()`."""
    for index, statement in enumerate(body):
        inner = small(statement)
        if not isinstance(inner, cst.Assign) or not isinstance(inner.targets[0].target, cst.Name):
            continue
        if _gradient_call(rewriter, inner.value) is None:
            continue
        name = inner.targets[0].target.value
        rest = body[index + 1 :]
        uses = sum(isinstance(n, cst.Name) and n.value == name for s in rest for n in nodes(s))
        for other in rest:
            applied = _applied(rewriter, other)
            if (
                applied is not None
                and uses == 1
                and isinstance(applied[1], cst.Name)
                and applied[1].value == name
            ):
                rewriter.paired[id(statement)] = applied[0]
                rewriter.paired[id(other)] = applied[0]


def _gradient_call(rewriter: Rewriter, node: cst.BaseExpression) -> cst.Call | None:
    if (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value == "gradient"
    ):
        if isinstance(rewriter.facts.value(node.func.value), TapeValue):
            return node
    return None


def _applied(
    rewriter: Rewriter, statement: cst.CSTNode
) -> tuple[cst.BaseExpression, cst.BaseExpression, cst.BaseExpression] | None:
    """Optimizer, gradients and variables of `optimizer.apply_gradients(zip(gradients, variables))`."""
    found = method_call(statement)
    if found is None or found[1].attr.value != "apply_gradients" or not found[0].args:
        return None
    pairs = found[0].args[0].value
    if (
        not isinstance(pairs, cst.Call)
        or not isinstance(pairs.func, cst.Name)
        or pairs.func.value != "zip"
    ):
        return None
    if len(pairs.args) != 2 or not isinstance(rewriter.facts.value(found[1].value), Built):
        return None
    return found[1].value, pairs.args[0].value, pairs.args[1].value


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """Rewrite one statement from TensorFlow to torch, None where it is none of these."""
    if rewriter.target != "torch":
        return None
    if isinstance(node, cst.With):
        return _tape(rewriter, node)
    if isinstance(node, cst.For):
        return _loop(rewriter, node)
    inner = small(node)
    if isinstance(inner, cst.Del) and isinstance(rewriter.facts.value(inner.target), TapeValue):
        return []
    if isinstance(inner, cst.Assign) and _gradient_call(rewriter, inner.value) is not None:
        return _gradient(rewriter, node, inner)
    applied = _applied(rewriter, node)
    if applied is not None:
        return _apply(rewriter, node, *applied)
    found = method_call(node)
    if found is not None and found[1].attr.value in _UPDATES:
        return _update(rewriter, node, *found)
    return None


def _tape(rewriter: Rewriter, node: cst.With) -> list[cst.BaseStatement] | None:
    """torch records by itself: the block falls away."""
    from translator.rewrite.statements import spliced

    calls = [item.item for item in node.items]
    if not all(
        isinstance(c, cst.Call) and rewriter.api(c.func) == "tf.GradientTape" for c in calls
    ):
        return None
    if rewriter.tapes:
        rewriter.leave(
            node,
            Code.UNSUPPORTED_CODE,
            "a tape inside a tape needs autograd.grad(create_graph=True)",
        )
    rewriter.tapes += 1
    body = spliced(rewriter, node)
    rewriter.tapes -= 1
    return body


def _gradient(
    rewriter: Rewriter, node: cst.BaseStatement, inner: cst.Assign
) -> list[cst.BaseStatement] | None:
    call = _gradient_call(rewriter, inner.value)
    assert call is not None and isinstance(node, cst.SimpleStatementLine)
    optimizer = rewriter.paired.get(id(node))
    if optimizer is not None and _plain_call(call):
        zero = build.statement("optimizer.zero_grad()", optimizer=rewriter.expression(optimizer))
        loss = _scalar(rewriter, call.args[0].value)
        back = build.statement("loss.backward()", loss=loss)
        return [zero.with_changes(leading_lines=node.leading_lines), back]
    new = returned_gradient(rewriter, call)
    return [node.with_changes(body=[inner.with_changes(value=new)])]


def _plain_call(call: cst.Call) -> bool:
    known = ("target", "sources")
    return len(call.args) == 2 and all(
        a.keyword is None or a.keyword.value in known for a in call.args
    )


def returned_gradient(rewriter: Rewriter, call: cst.Call) -> cst.BaseExpression:
    """`tape.gradient(loss, variables)` as `torch.autograd.grad`, which returns gradients as a tape does."""
    if not _plain_call(call):
        rewriter.leave(
            call, Code.UNSUPPORTED_ARGUMENT, "this argument of tape.gradient has no record"
        )
        return call
    loss = _scalar(rewriter, call.args[0].value)
    assert isinstance(call.func, cst.Attribute)
    tape = rewriter.facts.value(call.func.value)
    kept = ", retain_graph=True" if isinstance(tape, TapeValue) and tape.persistent else ""
    single = isinstance(rewriter.facts.value(call.args[1].value), TensorValue)
    text = f"torch.autograd.grad(loss, variables{kept})" + ("[0]" if single else "")
    variables = rewriter.expression(call.args[1].value)
    return build.expression(rewriter.naming.spell(text), loss=loss, variables=variables)


def _scalar(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """A tape sums what is no scalar; torch wants it said."""
    value = rewriter.facts.value(node)
    loss = rewriter.expression(node)
    known = isinstance(value, TensorValue) and value.rank == 0
    return loss if known else build.expression("loss.sum()", loss=loss)


def _apply(
    rewriter: Rewriter,
    node: cst.BaseStatement,
    optimizer: cst.BaseExpression,
    gradients: cst.BaseExpression,
    variables: cst.BaseExpression,
) -> list[cst.BaseStatement]:
    """`apply_gradients`: a step; gradients that were made elsewhere are put in place first."""
    owner = rewriter.expression(optimizer)
    step = build.statement("optimizer.step()", optimizer=owner)
    leading = getattr(node, "leading_lines", ())
    if id(node) in rewriter.paired:
        return [step.with_changes(leading_lines=leading)]
    inline = _gradient_call(rewriter, gradients)
    if inline is not None and len(inline.args) == 2:
        zero = build.statement("optimizer.zero_grad()", optimizer=owner)
        back = build.statement("loss.backward()", loss=_scalar(rewriter, inline.args[0].value))
        return [zero.with_changes(leading_lines=leading), back, step]
    parameter, gradient = rewriter.naming.fresh("parameter"), rewriter.naming.fresh("gradient")
    loop = cst.parse_statement(
        f"for {parameter}, {gradient} in zip(variables, gradients):\n    {parameter}.grad = {gradient}\n"
    )
    assert isinstance(loop, cst.For)
    pairs = build.expression(
        "zip(variables, gradients)",
        variables=rewriter.iterated(variables),
        gradients=rewriter.expression(gradients),
    )
    return [loop.with_changes(iter=pairs, leading_lines=leading), step]


def _update(
    rewriter: Rewriter, node: cst.BaseStatement, call: cst.Call, func: cst.Attribute
) -> list[cst.BaseStatement] | None:
    """`w.assign_sub(value)`: in place, out of the gradient's sight."""
    owner = rewriter.facts.value(func.value)
    if not isinstance(owner, TensorValue) or not owner.leaf or len(call.args) != 1:
        return None
    rewriter.raw_weights = True
    target, value = rewriter.expression(func.value), rewriter.expression(call.args[0].value)
    rewriter.raw_weights = False
    if func.attr.value == "assign" and not isinstance(
        rewriter.facts.value(call.args[0].value), TensorValue
    ):
        value = build.expression(rewriter.naming.spell("torch.as_tensor(value)"), value=value)
    line = build.statement(_UPDATES[func.attr.value], w=target, value=value)
    assert isinstance(node, cst.SimpleStatementLine)
    return [
        no_grad(
            rewriter,
            [line.with_changes(trailing_whitespace=node.trailing_whitespace)],
            node.leading_lines,
        )
    ]


def _loop(rewriter: Rewriter, node: cst.For) -> list[cst.BaseStatement] | None:
    """A loop that only updates parameters stands inside `no_grad` as a whole."""
    if not all(
        (found := method_call(s)) is not None
        and found[1].attr.value in _UPDATES
        and isinstance(owner := rewriter.facts.value(found[1].value), TensorValue)
        and owner.leaf
        for s in node.body.body
    ):
        return None
    new = rewriter.parts(node).with_changes(iter=rewriter.iterated(node.iter))
    inner = new.body.body[0] if len(new.body.body) == 1 else None
    if not isinstance(inner, cst.With) or not isinstance(new.body, cst.IndentedBlock):
        return [new]
    flat = new.with_changes(body=new.body.with_changes(body=inner.body.body), leading_lines=[])
    return [no_grad(rewriter, [flat], node.leading_lines)]
