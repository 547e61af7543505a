"""torch's training step, found by what flows into `backward()`, written with a gradient tape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.found import (
    depends,
    direct,
    gradients_used,
    last,
    looped,
    stepped,
    zeroed,
)
from translator.rewrite.constructs.ledger import one_pass_each
from translator.rewrite.constructs.reading import mentioned, method_call, small, targets
from translator.rewrite.layout import leading, led, todo
from translator.rewrite.trained import visible
from translator.source.left import is_left, is_mark
from translator.source.objects import Built, ParametersValue
from translator.source.tree import nodes
from translator.source.values import UNKNOWN, Items, TensorValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


@dataclass(slots=True)
class Step:
    """One step: `body[start:end]` computes the loss and ends with `backward()`.

    `variables` is the target's expression for what is trained; `singles` names the gradient of each variable where
    they are used one by one, else `gradients` names them all.
    """

    body: Sequence[cst.BaseStatement]
    start: int
    end: int
    loss: cst.BaseExpression
    variables: cst.BaseExpression
    gradients: str = ""
    singles: dict[str, str] = field(default_factory=dict)
    optimizer: Value = UNKNOWN

    def write(self, rewriter: Rewriter) -> list[cst.BaseStatement]:
        """The tape with the forward pass in it, and the gradients after it."""
        from translator.rewrite.statements import rewrite_block

        tape = rewriter.naming.fresh("tape")
        rewriter.recording, rewriter.tape = True, tape
        computed = self.start + _until_loss(self.body[self.start : self.end - 1], self.loss)
        inner = rewrite_block(rewriter, self.body[self.start : computed])
        loss, named = self._loss(rewriter)
        inner += named
        waiting, rewriter.waiting = rewriter.waiting, []
        rewriter.recording = False
        after = rewrite_block(rewriter, self.body[computed : self.end - 1])
        if after and waiting:
            after[0] = led(after[0], [*waiting, *leading(after[0])])
            waiting = []
        waiting, rewriter.waiting = [*waiting, *rewriter.waiting], []
        made = cst.WithItem(
            build.call(rewriter.naming.target("tf.GradientTape"), []),
            asname=cst.AsName(cst.Name(tape)),
        )
        lines = leading(inner[0])
        inner[0] = led(inner[0], [line for line in lines if is_mark(line)])
        above = [line for line in lines if not is_mark(line)]
        block = cst.With([made], cst.IndentedBlock(inner), leading_lines=above)
        backward = self.body[self.end - 1]
        assert isinstance(backward, cst.SimpleStatementLine)
        taken = ", ".join(self.singles.values()) or self.gradients
        text = f"{taken} = {tape}.gradient(loss, variables)"
        gradient = build.statement(text, loss=loss, variables=self.variables)
        rewriter.steps.append(self)
        return [
            block,
            *after,
            gradient.with_changes(
                leading_lines=[*waiting, *backward.leading_lines],
                trailing_whitespace=backward.trailing_whitespace,
            ),
        ]

    def _loss(self, rewriter: Rewriter) -> tuple[cst.BaseExpression, list[cst.BaseStatement]]:
        """The loss by name; a loss without one gets one inside the tape."""
        if isinstance(self.loss, cst.Name):
            return self.loss, []
        name = rewriter.naming.fresh("loss")
        outer, rewriter.comments = rewriter.comments, []
        statement = build.statement(f"{name} = value", value=rewriter.expression(self.loss))
        lines = [todo(text) for text in rewriter.comments]
        rewriter.comments = outer
        return cst.Name(name), [led(statement, lines)]


def _until_loss(body: Sequence[cst.BaseStatement], loss: cst.BaseExpression) -> int:
    """How many of the statements have to run before the loss is known: what only prints it need not be recorded."""
    if not isinstance(loss, cst.Name):
        return len(body)
    binding = [index for index, statement in enumerate(body) if loss.value in targets(statement)]
    return binding[-1] + 1 if binding else len(body)


def plan_steps(rewriter: Rewriter, body: Sequence[cst.BaseStatement]) -> dict[int, Step]:
    """The steps of a block by the index of their first statement; a `backward()` that is not followed is left."""
    if rewriter.target != "tensorflow":
        return {}
    losses = [None if is_left(line) else _backward(rewriter, line) for line in body]
    again = bool(rewriter.loops or rewriter.functions)
    if any(losses) and not one_pass_each(rewriter, body, again):
        return {}
    steps: dict[int, Step] = {}
    floor = 0
    for index, loss in enumerate(losses):
        if loss is not None:
            step = _step(rewriter, body, floor, index, loss)
        else:
            step = _autograd(rewriter, body, floor, index)
        if step is not None:
            steps[step.start] = step
            floor = index + 1
    if any(losses[step.end - 1] is not None for step in steps.values()):
        rewriter.dropped.update(
            id(line) for line in direct(rewriter, body) if zeroed(rewriter, line) is not None
        )
    return steps


def _backward(rewriter: Rewriter, statement: cst.BaseStatement) -> cst.BaseExpression | None:
    found = method_call(statement)
    if found is None or found[1].attr.value != "backward" or found[0].args:
        return None
    return found[1].value if isinstance(rewriter.facts.value(found[1].value), TensorValue) else None


def _step(
    rewriter: Rewriter,
    body: Sequence[cst.BaseStatement],
    floor: int,
    index: int,
    loss: cst.BaseExpression,
) -> Step | None:
    start = _first(rewriter, body, floor, index, loss)
    if start is None or (start == index and isinstance(loss, cst.Name)):
        return None
    after = body[index + 1 :]
    optimizer = next(
        (o for line in direct(rewriter, after) if (o := stepped(rewriter, line)) is not None), None
    )
    if optimizer is not None:
        variables = optimized(rewriter, optimizer)
        if variables is None:
            return None
        gradients = rewriter.naming.fresh("gradients")
        return Step(body, start, index + 1, loss, variables, gradients, {}, optimizer)
    if (every := looped(rewriter, after)) is not None:
        return Step(body, start, index + 1, loss, every, rewriter.naming.fresh("gradients"))
    used = gradients_used(rewriter, after)
    if not used:
        return None
    singles = {code: rewriter.naming.fresh(f"{last(node)}_grad") for code, node in used.items()}
    rewriter.raw_weights = True
    elements = [cst.Element(rewriter.expression(node)) for node in used.values()]
    rewriter.raw_weights = False
    trained = elements[0].value if len(elements) == 1 else cst.List(elements)
    return Step(body, start, index + 1, loss, trained, "", singles)


def _autograd(
    rewriter: Rewriter, body: Sequence[cst.BaseStatement], floor: int, index: int
) -> Step | None:
    """`dw, db = torch.autograd.grad(loss, [w, b])`: gradients that are returned, as a tape returns them."""
    inner = small(body[index])
    call, single = (inner.value, False) if isinstance(inner, cst.Assign) else (None, False)
    if isinstance(call, cst.Subscript) and build.code(call).endswith("[0]"):
        call, single = call.value, True
    if (
        not isinstance(call, cst.Call)
        or rewriter.api(call.func) != "torch.autograd.grad"
        or len(call.args) != 2
    ):
        return None
    loss, given = call.args[0].value, call.args[1].value
    start = _first(rewriter, body, floor, index, loss)
    if start is None or (start == index and isinstance(loss, cst.Name)):
        return None
    if (
        isinstance(given, cst.Call)
        and isinstance(given.func, cst.Name)
        and given.func.value in ("list", "tuple")
    ):
        given = given.args[0].value
    value = rewriter.facts.value(given)
    if isinstance(value, ParametersValue):
        variables = build.expression(
            "model.trainable_variables", model=rewriter.expression(value.owner)
        )
    elif isinstance(value, Items) or (single and isinstance(value, TensorValue)):
        variables = rewriter.expression(given)
    else:
        return None
    assert isinstance(inner, cst.Assign)
    return Step(body, start, index + 1, loss, variables, build.code(inner.targets[0].target))


def _first(
    rewriter: Rewriter,
    body: Sequence[cst.BaseStatement],
    floor: int,
    index: int,
    loss: cst.BaseExpression,
) -> int | None:
    """The first statement of the block on which the loss depends through something that is trained.

    None where it depends on what was computed before `floor` or outside of the block, where no tape recorded it.
    """
    needed, start = mentioned(loss), index
    for position in range(index - 1, floor - 1, -1):
        statement = body[position]
        if targets(statement) & needed and _tracked(rewriter, statement):
            start = position
            needed |= mentioned(statement)
    computed = start + _until_loss(body[start:index], loss)
    taped = [*body[start:computed], cst.SimpleStatementLine([cst.Expr(loss)])]
    made = {name for statement in taped for name in targets(statement)}
    unrecorded = any(
        isinstance(node, cst.Name)
        and node.value not in made
        and isinstance(value := rewriter.facts.value(node), TensorValue)
        and depends(value)
        for statement in taped
        for node in nodes(statement)
    )
    return None if unrecorded else start


def _tracked(rewriter: Rewriter, statement: cst.BaseStatement) -> bool:
    inner = small(statement)
    if isinstance(inner, cst.Assign | cst.AnnAssign) and inner.value is not None:
        return depends(rewriter.facts.value(inner.value))
    return True


def optimized(rewriter: Rewriter, optimizer: Built) -> cst.BaseExpression | None:
    """What an optimizer trains, as an expression that is valid where its step is taken."""
    site = optimizer.site
    given = site.arguments.values.get("params")
    value = UNKNOWN if given is None else rewriter.facts.value(given)
    if isinstance(value, ParametersValue):
        owner = visible(rewriter, value.owner, value.model, site.scope)
        return None if owner is None else build.expression("model.trainable_variables", model=owner)
    here = rewriter.functions[-1].qualified if rewriter.functions else ""
    if isinstance(value, Items) and given is not None and site.scope in ("", here):
        return rewriter.expression(given)
    return None
