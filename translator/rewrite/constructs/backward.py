"""torch's training step, found by what flows into `backward()`, written with a gradient tape."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.found import (
    direct,
    gradients_used,
    last,
    looped,
    stepped,
    zeroed,
)
from translator.rewrite.constructs.ledger import summed
from translator.rewrite.constructs.reading import method_call, small
from translator.rewrite.constructs.running import Running, of
from translator.rewrite.constructs.slicing import bound, needed, unrecorded, until_known
from translator.rewrite.layout import leading, led, todo
from translator.rewrite.trained import visible
from translator.source.left import is_left, is_mark
from translator.source.objects import Built, ParametersValue
from translator.source.values import UNKNOWN, Items, TensorValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


@dataclass(frozen=True, slots=True)
class Trained:
    """What one optimizer trains, an expression of the target, and the name that its gradients get."""

    variables: cst.BaseExpression
    gradients: str
    optimizer: Value = UNKNOWN


@dataclass(slots=True)
class Step:
    """One step: `body[start:end]` computes the losses, whose gradients add up, and ends with a `backward()`.

    `singles` names the gradient of each variable where they are used one by one, with its variable; else `trained`
    has them all. `tape` is the name of a tape that has recorded statements before `start`.
    """

    body: Sequence[cst.BaseStatement]
    start: int
    end: int
    losses: tuple[cst.BaseExpression, ...]
    trained: tuple[Trained, ...] = ()
    singles: dict[str, str] = field(default_factory=dict)
    alone: cst.BaseExpression | None = None
    """What is trained, where the gradients are used one by one."""
    tape: str = ""
    total: Running | None = None
    """The sum to which the gradients are added."""

    def write(self, rewriter: Rewriter) -> list[cst.BaseStatement]:
        """The tape with the forward pass in it, and the gradients after it."""
        from translator.rewrite.statements import rewrite_block

        tape = self.tape or rewriter.naming.fresh("tape")
        known = until_known(self.body[self.start : self.end - 1], self.losses[-1])
        computed = self.start + known
        outer = rewriter.recording, rewriter.tape
        rewriter.recording, rewriter.tape = True, tape
        inner = rewrite_block(rewriter, self.body[self.start : computed])
        losses, named = self._named(rewriter)
        inner += named
        rewriter.recording, rewriter.tape = outer
        waiting, rewriter.waiting = rewriter.waiting, []
        after = rewrite_block(rewriter, self.body[computed : self.end - 1])
        if after and waiting:
            after[0] = led(after[0], [*waiting, *leading(after[0])])
            waiting = []
        waiting, rewriter.waiting = [*waiting, *rewriter.waiting], []
        block = recorded(rewriter, inner, tape, bool(self.tape))
        backward = self.body[self.end - 1]
        assert isinstance(backward, cst.SimpleStatementLine)
        gradient = self._gradient(rewriter, tape, losses).with_changes(
            leading_lines=[*waiting, *backward.leading_lines],
            trailing_whitespace=backward.trailing_whitespace,
        )
        rewriter.steps.append(self)
        starts = self.total is not None and self.total.before is backward
        start = [self.total.start()] if self.total is not None and starts else []
        return [*start, block, *after, gradient]

    def _gradient(
        self, rewriter: Rewriter, tape: str, losses: Sequence[cst.BaseExpression]
    ) -> cst.SimpleStatementLine:
        """The line that asks the tape: of several losses it gives the sum."""
        taken = ", ".join(self.singles.values() or [each.gradients for each in self.trained])
        sources = [self.alone] if self.alone is not None else [t.variables for t in self.trained]
        text = f"{tape}.gradient(loss, variables)"
        parts = {"loss": _one_or_list(losses), "variables": _one_or_list(sources)}
        if self.total is not None:
            return self.total.add(rewriter, build.expression(text, **parts))
        return build.statement(f"{taken} = {text}", **parts)

    def _named(
        self, rewriter: Rewriter
    ) -> tuple[list[cst.BaseExpression], list[cst.BaseStatement]]:
        """The losses by name; a loss without one gets one inside the tape."""
        if all(isinstance(loss, cst.Name) for loss in self.losses):
            return list(self.losses), []
        name = rewriter.naming.fresh("loss")
        outer, rewriter.comments = rewriter.comments, []
        statement = build.statement(f"{name} = value", value=rewriter.expression(self.losses[0]))
        lines = [todo(text) for text in rewriter.comments]
        rewriter.comments = outer
        return [cst.Name(name)], [led(statement, lines)]

    def trained_by(self, optimizer: Value) -> Trained | None:
        """What this step has for an optimizer."""
        return next((each for each in self.trained if each.optimizer == optimizer), None)


def _one_or_list(expressions: Sequence[cst.BaseExpression]) -> cst.BaseExpression:
    if len(expressions) == 1:
        return expressions[0]
    return cst.List([cst.Element(expression) for expression in expressions])


@dataclass(slots=True)
class Piece:
    """Statements that a tape records before the step that asks it."""

    body: Sequence[cst.BaseStatement]
    start: int
    end: int
    tape: str

    def write(self, rewriter: Rewriter) -> list[cst.BaseStatement]:
        """A tape around them."""
        from translator.rewrite.statements import rewrite_block

        for statement in self.body[self.start : self.end]:
            del rewriter.pieces[id(statement)]
        outer = rewriter.recording, rewriter.tape
        rewriter.recording, rewriter.tape = True, self.tape
        inner = rewrite_block(rewriter, self.body[self.start : self.end])
        rewriter.recording, rewriter.tape = outer
        again = self.tape in rewriter.begun
        rewriter.begun.add(self.tape)
        return [recorded(rewriter, inner, self.tape, again)]


def recorded(
    rewriter: Rewriter, body: Sequence[cst.BaseStatement], tape: str, again: bool
) -> cst.With:
    """A block under a tape, or under one that has recorded before and goes on."""
    inner = list(body)
    lines = leading(inner[0])
    inner[0] = led(inner[0], [line for line in lines if is_mark(line)])
    item = cst.WithItem(cst.Name(tape))
    if not again:
        made = build.call(rewriter.naming.target("tf.GradientTape"), [])
        item = cst.WithItem(made, asname=cst.AsName(cst.Name(tape)))
    above = [line for line in lines if not is_mark(line)]
    return cst.With([item], cst.IndentedBlock(inner), leading_lines=above)


def plan_steps(rewriter: Rewriter, body: Sequence[cst.BaseStatement]) -> dict[int, Step | Piece]:
    """The steps of a block by the index of their first statement; a `backward()` that is not followed is left."""
    if rewriter.target != "tensorflow":
        return {}
    losses = [None if is_left(line) else loss_of(rewriter, line) for line in body]
    running = any(id(line) in rewriter.running for line in body)
    groups = _groups(rewriter, body, losses) if any(losses) and not running else {}
    steps: dict[int, Step | Piece] = {}
    floor, backward = 0, False
    for index in range(len(body)):
        if losses[index] is not None:
            group = groups.get(index)
            step = None if group is None else _step(rewriter, body, floor, losses, group)
            if running:
                step = _adding(rewriter, body, floor, index, losses[index])
            backward = backward or step is not None
        else:
            step = _autograd(rewriter, body, floor, index)
        if step is not None:
            steps[step.start] = step
            floor = index + 1
    if backward:
        rewriter.dropped.update(
            id(line) for line in direct(rewriter, body) if zeroed(rewriter, line) is not None
        )
    return {**_pieces(rewriter, body), **steps}


def _groups(
    rewriter: Rewriter,
    body: Sequence[cst.BaseStatement],
    losses: Sequence[cst.BaseExpression | None],
) -> dict[int, list[int]]:
    """The backward passes of a block that add up, by the last of them; none where some cannot be told apart."""
    found = summed(rewriter, body, bool(rewriter.loops or rewriter.functions))
    places = {id(line): index for index, line in enumerate(body) if losses[index] is not None}
    groups = [group for group in found or () if any(line in places for line in group)]
    lines = [line for group in groups for line in group]
    if len(set(lines)) < len(lines) or not places.keys() >= set(lines):
        return {}
    indices = [sorted(places[line] for line in group) for group in groups]
    return {group[-1]: group for group in indices}


def _pieces(rewriter: Rewriter, body: Sequence[cst.BaseStatement]) -> dict[int, Piece]:
    """Neighbours that one tape records before its step, by the index of their first."""
    found: dict[int, Piece] = {}
    start = 0
    tapes = [rewriter.pieces.get(id(statement), "") for statement in body]
    for tape, run in itertools.groupby(tapes):
        end = start + len(list(run))
        if tape:
            found[start] = Piece(body, start, end, tape)
        start = end
    return found


def loss_of(rewriter: Rewriter, statement: cst.BaseStatement) -> cst.BaseExpression | None:
    """The loss of `loss.backward()`."""
    found = method_call(statement)
    if found is None or found[1].attr.value != "backward":
        return None
    if any(a.keyword is None or a.keyword.value != "retain_graph" for a in found[0].args):
        return None
    return found[1].value if isinstance(rewriter.facts.value(found[1].value), TensorValue) else None


def _step(
    rewriter: Rewriter,
    body: Sequence[cst.BaseStatement],
    floor: int,
    losses: Sequence[cst.BaseExpression | None],
    group: list[int],
) -> Step | None:
    """The step whose backward passes are the lines of `group`."""
    index = group[-1]
    targets = tuple(loss for i in group if (loss := losses[i]) is not None)
    if not stay(body, group, targets):
        return None
    after = body[index + 1 :]
    trained = _stepped(rewriter, after)
    if trained is None:
        return None
    name = f"{_owner(trained[0].variables)}_tape" if trained else "tape"
    found = begin(rewriter, body, floor, index, targets, name)
    if found is None:
        return None
    start, tape = found
    rewriter.dropped.update(id(body[i]) for i in group[:-1])
    if trained:
        return Step(body, start, index + 1, targets, trained, tape=tape)
    if (every := looped(rewriter, after)) is not None:
        all_ = Trained(every, rewriter.naming.fresh("gradients"))
        return Step(body, start, index + 1, targets, (all_,), tape=tape)
    used = gradients_used(rewriter, after)
    if not used:
        return None
    singles = {code: rewriter.naming.fresh(f"{last(node)}_grad") for code, node in used.items()}
    rewriter.raw_weights = True
    variables = _one_or_list([rewriter.expression(node) for node in used.values()])
    rewriter.raw_weights = False
    return Step(body, start, index + 1, targets, (), singles, variables, tape)


def _adding(
    rewriter: Rewriter,
    body: Sequence[cst.BaseStatement],
    floor: int,
    index: int,
    loss: cst.BaseExpression | None,
) -> Step | None:
    """A backward pass whose gradients are added to those before."""
    total = rewriter.running.get(id(body[index]))
    variables = None if total is None else of(rewriter, total)
    if variables is None or total is None or loss is None:
        return None
    found = begin(rewriter, body, floor, index, (loss,))
    if found is None:
        return None
    trained = Trained(variables, total.name, total.optimizer)
    return Step(body, found[0], index + 1, (loss,), (trained,), tape=found[1], total=total)


def stay(
    body: Sequence[cst.BaseStatement], group: list[int], losses: Sequence[cst.BaseExpression]
) -> bool:
    """True if each loss of several has a name that still holds it at the last of the backward passes."""
    if len(group) == 1:
        return True
    names = [loss.value for loss in losses if isinstance(loss, cst.Name)]
    if len(set(names)) < len(losses):
        return False
    return not any(
        name in bound(statement)
        for name, index in zip(names, group, strict=True)
        for statement in body[index : group[-1]]
    )


def _stepped(rewriter: Rewriter, after: Sequence[cst.BaseStatement]) -> tuple[Trained, ...] | None:
    """What the optimizers train that step before the next backward pass; None where one of them is not known."""
    found: list[Trained] = []
    optimizers: list[Built] = []
    for line in direct(rewriter, after):
        if loss_of(rewriter, line) is not None:
            break
        optimizer = stepped(rewriter, line)
        if optimizer is not None and optimizer not in optimizers:
            optimizers.append(optimizer)
    for optimizer in optimizers:
        variables = optimized(rewriter, optimizer)
        if variables is None:
            return None
        name = "gradients" if len(optimizers) == 1 else f"{_owner(variables)}_gradients"
        found.append(Trained(variables, rewriter.naming.fresh(name), optimizer))
    return tuple(found)


def _owner(variables: cst.BaseExpression) -> str:
    """The last name of the model whose variables these are."""
    return last(variables.value) if isinstance(variables, cst.Attribute) else "variables"


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
    begun = begin(rewriter, body, floor, index, (loss,))
    if begun is None:
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
    trained = Trained(variables, build.code(inner.targets[0].target))
    return Step(body, begun[0], index + 1, (loss,), (trained,), tape=begun[1])


def begin(
    rewriter: Rewriter,
    body: Sequence[cst.BaseStatement],
    floor: int,
    index: int,
    losses: tuple[cst.BaseExpression, ...],
    name: str = "tape",
) -> tuple[int, str] | None:
    """Where a tape has to begin, and its name where it has to record statements before `floor` as well.

    None where the losses depend on what was computed outside of the block.
    """
    wanted = cst.Tuple([cst.Element(loss) for loss in losses])
    found = needed(rewriter, body, index, wanted)
    before = [position for position in found if position < floor]
    start = next((position for position in found if position >= floor), index)
    if start == index and (isinstance(losses[0], cst.Name | cst.Attribute) or before):
        return None
    computed = start + until_known(body[start:index], losses[-1])
    pieces = [body[position] for position in before]
    if unrecorded(rewriter, [*pieces, *body[start:computed], cst.Expr(wanted)]):
        return None
    if not before:
        return start, ""
    if not all(isinstance(small(piece), cst.Assign) for piece in pieces):
        return None
    tape = rewriter.naming.fresh(name)
    rewriter.pieces.update((id(piece), tape) for piece in pieces)
    return start, tape


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
