"""A training step as it is found and written: what is recorded, what is trained, what its gradients are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.slicing import until_known
from translator.rewrite.layout import leading, led, todo
from translator.source.left import is_mark
from translator.source.values import UNKNOWN, Value

if TYPE_CHECKING:
    from translator.rewrite.constructs.running import Running
    from translator.rewrite.rewriter import Rewriter


@dataclass(frozen=True, slots=True)
class Trained:
    """What one optimizer trains, an expression of the target, and the name of its gradients, "" to return them."""

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
    watched: tuple[str, ...] = ()
    """The tensors that the tape has to watch because they are no variables."""
    weights: cst.BaseExpression | None = None
    """By what the loss is multiplied before it is summed up."""
    silent: bool = False
    """True if no gradient may pass through the gradients, though a tape may be recording."""
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
        if self.watched:
            inner = [*(build.statement(f"{tape}.watch({name})") for name in self.watched), *inner]
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
        parts = {"loss": one_or_list(losses), "variables": one_or_list(sources)}
        text = f"{tape}.gradient(loss, variables)"
        if self.weights is not None:
            parts["weights"] = self.weights
            text = f"{tape}.gradient(loss, variables, output_gradients=weights)"
        if self.silent:
            several = isinstance(parts["variables"], cst.List)
            stop = (
                "tf.nest.map_structure(tf.stop_gradient, {})" if several else "tf.stop_gradient({})"
            )
            text = rewriter.naming.spell(stop.format(text))
        if len(self.trained) == 1 and not self.watched and _looks_up(rewriter):
            parts["dense"] = rewriter.naming.helper("dense", rewriter.naming.spell(_DENSE))
            text = f"dense({text})"
        if self.total is not None:
            return self.total.add(rewriter, build.expression(text, **parts))
        return build.statement(f"{taken} = {text}" if taken else f"return {text}", **parts)

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


_DENSE = '''
def dense(gradients):
    """Gradients with their rows added up: Keras's optimizers take each look-up of an embedding by itself."""
    return [g if g is None else tf.convert_to_tensor(g) for g in gradients]
'''


def _looks_up(rewriter: Rewriter) -> bool:
    """True if the file makes a layer whose gradient has a row for each look-up."""
    sites = rewriter.facts.sites.values()
    return any(site.arguments.spelling.name == "torch.nn.Embedding" for site in sites)


def one_or_list(expressions: Sequence[cst.BaseExpression]) -> cst.BaseExpression:
    """What stands for one thing, or for several in a list."""
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
