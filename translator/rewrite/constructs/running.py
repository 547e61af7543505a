"""Gradients that add up over backward passes in a loop, before one step uses them: a sum of what the tapes return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.found import stepped, zeroed
from translator.rewrite.constructs.ledger import holder_of, summed
from translator.rewrite.constructs.reading import blocks, lines, method_call, of_kind
from translator.source.objects import Built, FunctionInfo
from translator.source.tree import nodes
from translator.source.values import UNKNOWN, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_ADDED = '''
def added(total, gradients):
    """The sum of gradients, where `total` is None before the first of them."""
    if total is None:
        return gradients
    return [new if old is None else old if new is None else tf.add(old, new) for old, new in zip(total, gradients)]
'''


@dataclass(slots=True)
class Running:
    """The gradients of one optimizer in one function; `name` is that of their sum, which starts as None."""

    optimizer: Built
    name: str = ""
    before: cst.CSTNode | None = None
    """The statement in front of which the sum has to start, where the function itself does not zero first."""

    def add(self, rewriter: Rewriter, gradients: cst.BaseExpression) -> cst.SimpleStatementLine:
        """The line that adds what a tape returns."""
        helper = rewriter.naming.helper("added", rewriter.naming.spell(_ADDED))
        text = f"{self.name} = added({self.name}, gradients)"
        return build.statement(text, added=helper, gradients=gradients)

    def start(self) -> cst.SimpleStatementLine:
        """The line that forgets what was added."""
        return build.statement(f"{self.name} = None")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that does something to gradients; `path` are the compound statements around it, outermost first."""

    kind: Literal["backward", "zero", "step"]
    line: cst.SimpleStatementLine
    path: tuple[cst.CSTNode, ...]
    block: Sequence[cst.CSTNode]


def find(rewriter: Rewriter, tree: cst.Module) -> None:
    """Fill `rewriter.running`, by `id` of the lines that zero, add and use gradients whose sum runs on."""
    if rewriter.target != "tensorflow":
        return
    functions = [f for f in rewriter.facts.functions.values() if f.steps]
    for function in functions:
        if isinstance(function.node, cst.FunctionDef):
            body = function.node.body
            if isinstance(body, cst.IndentedBlock):
                _scope(rewriter, body.body, function)
    if rewriter.facts.module.steps:
        _scope(rewriter, tree.body, None)


def _scope(
    rewriter: Rewriter, body: Sequence[cst.BaseStatement], function: FunctionInfo | None
) -> None:
    found = list(_events(rewriter, body, ()))
    optimizers = {id(o.site): o for each in found if (o := stepped(rewriter, each.line))}
    backward = [each for each in found if each.kind == "backward"]
    if len(optimizers) != 1 or not backward or all(_is_plain(rewriter, e, found) for e in backward):
        return
    if any(_reads_gradient(rewriter, line) for line in lines(body)):
        return
    (optimizer,) = optimizers.values()
    step = next(each for each in found if each.kind == "step")
    if not _of_one(rewriter, found, step) or not all(_recordable(rewriter, e) for e in backward):
        return
    running = Running(optimizer)
    if not _zeroes_first(found):
        if function is not None:
            return  # what one call leaves is there in the next
        running.before = found[0].path[0] if found[0].path else found[0].line
    for each in found:
        rewriter.running[id(each.line)] = running
    if running.before is not None:
        rewriter.running_from[id(running.before)] = running


def _events(
    rewriter: Rewriter, body: Sequence[cst.CSTNode], path: tuple[cst.CSTNode, ...]
) -> Iterator[_Line]:
    for statement in body:
        if isinstance(statement, cst.FunctionDef | cst.ClassDef):
            continue
        if not isinstance(statement, cst.SimpleStatementLine):
            for block in blocks(statement):
                yield from _events(rewriter, block, (*path, statement))
        elif (kind := _kind(rewriter, statement)) is not None:
            yield _Line(kind, statement, path, body)


def _kind(
    rewriter: Rewriter, line: cst.SimpleStatementLine
) -> Literal["backward", "zero", "step"] | None:
    found = method_call(line)
    if found is None:
        return None
    name, owner = found[1].attr.value, rewriter.facts.value(found[1].value)
    if name == "backward" and isinstance(owner, TensorValue):
        return "backward"
    if name == "zero_grad" and zeroed(rewriter, line) is not None:
        return "zero"
    return "step" if stepped(rewriter, line) is not None else None


def _reads_gradient(rewriter: Rewriter, line: cst.SimpleStatementLine) -> bool:
    """True for `w.grad`, which is each variable's own."""
    attributes = of_kind(nodes(line), cst.Attribute)
    return any(
        a.attr.value == "grad" and rewriter.facts.value(a.value) != UNKNOWN for a in attributes
    )


def _is_plain(rewriter: Rewriter, backward: _Line, found: Sequence[_Line]) -> bool:
    """True if a block zeroes, adds up and uses its gradients by itself, all those of one step by one tape."""
    from translator.rewrite.constructs.backward import loss_of, stay

    here = [each for each in found if each.block is backward.block or _inside(each, backward)]
    if {each.kind for each in here} != {"backward", "zero", "step"}:
        return False
    block = [line for line in backward.block if isinstance(line, cst.BaseStatement)]
    places = {id(line): place for place, line in enumerate(block)}
    for group in summed(rewriter, block, again=True) or [()]:
        indices = sorted(places[line] for line in group if line in places)
        losses = [loss for index in indices if (loss := loss_of(rewriter, block[index]))]
        if len(losses) < len(group) or not losses or not stay(block, indices, losses):
            return False
    return True


def _inside(each: _Line, backward: _Line) -> bool:
    """True for a line in a `with`, or in a loop over parameters, beside a backward pass."""
    extra = each.path[len(backward.path) :]
    same = each.path[: len(backward.path)] == backward.path
    return same and bool(extra) and isinstance(extra[0], cst.With)


def _of_one(rewriter: Rewriter, found: Sequence[_Line], step: _Line) -> bool:
    """True if all that is zeroed is what the step uses."""
    call = method_call(step.line)
    assert call is not None
    used = holder_of(rewriter, call[1].value)
    owners = [zeroed(rewriter, each.line) for each in found if each.kind == "zero"]
    holders = [holder_of(rewriter, owner) for owner in owners if owner is not None]
    return all(held == used or (held.model == used.model and held.names) for held in holders)


def _recordable(rewriter: Rewriter, backward: _Line) -> bool:
    """True if a tape in the block can record all that the loss depends on."""
    from translator.rewrite.constructs.backward import loss_of
    from translator.rewrite.constructs.slicing import begin

    block = [line for line in backward.block if isinstance(line, cst.BaseStatement)]
    loss = loss_of(rewriter, backward.line)
    index = next(i for i, line in enumerate(block) if line is backward.line)
    return loss is not None and begin(rewriter, block, 0, index, (loss,)) is not None


def _zeroes_first(found: Sequence[_Line]) -> bool:
    """True if gradients are zeroed before any are added, whatever happens."""
    loops = (cst.For, cst.While, cst.With)
    return found[0].kind == "zero" and all(isinstance(node, loops) for node in found[0].path)


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """The lines that zero such gradients and that use them."""
    begun = rewriter.running_from.pop(id(node), None)
    if begun is not None and of(rewriter, begun) is not None:
        rewriter.before.append(begun.start())
        rewriter.steps.append(begun)
    running = rewriter.running.get(id(node))
    if running is None or not isinstance(node, cst.SimpleStatementLine):
        return None
    kind = _kind(rewriter, node)
    variables = None if kind == "backward" else of(rewriter, running)
    if variables is None:
        return None
    if kind == "zero":
        rewriter.steps.append(running)
        return [node.with_changes(body=running.start().body)]
    found = method_call(node)
    assert found is not None
    new = build.expression(
        "optimizer.apply_gradients(zip(gradients, variables))",
        optimizer=rewriter.expression(found[1].value),
        gradients=cst.Name(running.name),
        variables=variables,
    )
    return [node.with_changes(body=[cst.Expr(new)])]


def of(rewriter: Rewriter, running: Running) -> cst.BaseExpression | None:
    """What such an optimizer trains, by a name that is valid here."""
    from translator.rewrite.constructs.backward import optimized

    variables = optimized(rewriter, running.optimizer)
    if variables is not None and not running.name:
        running.name = rewriter.naming.fresh("accumulated")
    return variables
