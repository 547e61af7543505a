"""torch's training step, found by what flows into `backward()`, written with a gradient tape."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs import asked
from translator.rewrite.constructs.found import (
    direct,
    gradients_used,
    last,
    looped,
    stepped,
    zeroed,
)
from translator.rewrite.constructs.ledger import summed
from translator.rewrite.constructs.reading import method_call
from translator.rewrite.constructs.running import of
from translator.rewrite.constructs.slicing import begin, bound
from translator.rewrite.constructs.steps import Piece, Step, Trained, one_or_list
from translator.rewrite.trained import visible
from translator.source.left import is_left
from translator.source.objects import Built, ParametersValue
from translator.source.values import UNKNOWN, Items, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


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
        if losses[index] is None:
            step = asked.step(rewriter, body, floor, index)
        elif running:
            step = _adding(rewriter, body, floor, index, losses[index])
        else:
            group = groups.get(index)
            step = None if group is None else _step(rewriter, body, floor, losses, group)
        if step is not None:
            _enclose(steps, step)
            steps[step.start] = step
            if losses[index] is not None:
                floor, backward = index + 1, True
    if backward:
        rewriter.dropped.update(
            id(line) for line in direct(rewriter, body) if zeroed(rewriter, line) is not None
        )
    return {**_pieces(rewriter, body), **steps}


def _enclose(steps: dict[int, Step | Piece], step: Step) -> None:
    """Begin a step before those whose gradients it records: they are found again inside of it."""
    inner = [each for each in steps.values() if each.end > step.start]
    step.start = min([step.start, *(each.start for each in inner)])
    for each in inner:
        del steps[each.start]


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
    variables = one_or_list([rewriter.expression(node) for node in used.values()])
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
