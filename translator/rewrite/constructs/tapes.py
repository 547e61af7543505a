"""TensorFlow's gradient tape, written as torch's backward pass: implicit recording, `.grad`, `no_grad` updates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs import clipped, taped
from translator.rewrite.constructs.assigning import UPDATES, is_view, loop, update
from translator.rewrite.constructs.optimizers import applied, set_rate
from translator.rewrite.constructs.reached import mentions, reached
from translator.rewrite.constructs.reading import mentioned, method_call, small, targets
from translator.source.functions import parameters
from translator.source.objects import Built, ParametersValue
from translator.source.tree import nodes
from translator.source.values import TapeValue, TensorValue, Zipped

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def pair_steps(rewriter: Rewriter, body: Sequence[cst.BaseStatement]) -> None:
    """Find gradients that go straight into the optimizer and nowhere else: `backward()` and `step()`."""
    for index, statement in enumerate(body):
        inner = small(statement)
        if not isinstance(inner, cst.Assign) or not isinstance(inner.targets[0].target, cst.Name):
            continue
        call = _gradient_call(rewriter, inner.value)
        tape = None if call is None else taped.of_gradient(rewriter, call)
        if call is None or tape is None or len(tape.gradients) > 1 or len(inner.targets) > 1:
            continue
        _pair(rewriter, statement, call, inner.targets[0].target.value, body[index + 1 :])


def _pair(
    rewriter: Rewriter,
    made: cst.BaseStatement,
    call: cst.Call,
    name: str,
    rest: Sequence[cst.BaseStatement],
) -> None:
    """Follow gradients through clipping to the optimizer, if that is all that becomes of them."""
    names, clips = {name}, list[tuple[cst.BaseStatement, clipped.Clip]]()
    for place, other in enumerate(rest):
        found = applied(rewriter, other)
        if found is not None and isinstance(found[1], cst.Name) and found[1].value == name:
            after = rest[place + 1 :]
            free = all(
                each not in mentioned(line) for each in names for line in _until_bound(after, each)
            )
            if free and _same_variables(rewriter, call.args[1].value, found[2]):
                rewriter.paired[id(made)] = rewriter.paired[id(other)] = found[0]
                rewriter.clips.update((id(line), (clip, found[2])) for line, clip in clips)
            return
        clip = clipped.recognised(rewriter, other)
        if clip is not None and clip.given == name:
            name = clip.name
            names.add(name)
            clips.append((other, clip))
        elif not _zips(rewriter, other, name) and names & mentioned(other):
            return
        elif _disturbs(rewriter, other):
            return  # another backward pass would add to what this one left, another step use it


def _zips(rewriter: Rewriter, statement: cst.CSTNode, name: str) -> bool:
    """True for `pairs = zip(gradients, variables)`."""
    inner = small(statement)
    if not isinstance(inner, cst.Assign) or len(inner.targets) != 1:
        return False
    value = rewriter.facts.value(inner.value)
    first = value.call.args[0].value if isinstance(value, Zipped) and value.call else None
    return isinstance(first, cst.Name) and first.value == name


def _until_bound(body: Sequence[cst.BaseStatement], name: str) -> Sequence[cst.BaseStatement]:
    """The statements up to the one that gives a name another value, without reading it."""
    for index, statement in enumerate(body):
        inner = small(statement)
        if isinstance(inner, cst.Assign) and name in targets(statement):
            read = any(isinstance(n, cst.Name) and n.value == name for n in nodes(inner.value))
            return body[: index + read]
    return body


def _same_variables(rewriter: Rewriter, a: cst.BaseExpression, b: cst.BaseExpression) -> bool:
    left, right = rewriter.facts.value(a), rewriter.facts.value(b)
    same_model = isinstance(left, ParametersValue) and left == right
    return same_model or taped.code_of(a) == taped.code_of(b)


_TRAINING = frozenset({"gradient", "apply_gradients", "apply", "minimize", "fit", "train_on_batch"})


def _disturbs(rewriter: Rewriter, statement: cst.CSTNode) -> bool:
    """True if a statement, or a function that it runs, makes gradients or uses them."""
    functions = reached(rewriter, statement)
    bodies = [statement, *(f.node.body for f in functions if f.node is not None)]
    return any(
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value in _TRAINING
        for body in bodies
        for node in nodes(body)
    )


def _gradient_call(rewriter: Rewriter, node: cst.BaseExpression) -> cst.Call | None:
    if (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value == "gradient"
    ):
        if isinstance(rewriter.facts.value(node.func.value), TapeValue):
            return node
    return None


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """Rewrite one statement from TensorFlow to torch, None where it is none of these."""
    if rewriter.target != "torch":
        return None
    if isinstance(node, cst.With):
        return _tape(rewriter, node)
    if isinstance(node, cst.For):
        return loop(rewriter, node)
    inner = small(node)
    if isinstance(inner, cst.Del) and isinstance(inner.target, cst.Name):
        value = rewriter.facts.value(inner.target)
        return [] if isinstance(value, TapeValue) and _is_gone(rewriter, value) else None
    if isinstance(inner, cst.Assign) and _gradient_call(rewriter, inner.value) is not None:
        return _gradient(rewriter, node, inner)
    if isinstance(inner, cst.Assign) and is_view(rewriter, inner.value):
        copy = build.expression("w.clone()", w=rewriter.expression(inner.value))
        new = rewriter.parts(inner).with_changes(value=copy)
        return [node.with_changes(body=[new])]
    if id(node) in rewriter.clips:
        clip, variables = rewriter.clips[id(node)]
        outer, rewriter.raw_weights = rewriter.raw_weights, True
        parameters = rewriter.iterated(variables)
        rewriter.raw_weights = outer
        return clipped.written(rewriter, node, clip, parameters)
    if isinstance(inner, cst.Assign) and _only_applied(rewriter, inner):
        return []
    found = applied(rewriter, node)
    if found is not None:
        return _apply(rewriter, node, *found)
    called = method_call(node)
    if called is None:
        return None
    call, func = called
    owner = rewriter.facts.value(func.value)
    if func.attr.value == "watch" and isinstance(owner, TapeValue) and _is_gone(rewriter, owner):
        return _watch(rewriter, node, call)
    if func.attr.value in UPDATES:
        return set_rate(rewriter, node, call, func) or update(rewriter, node, call, func)
    return None


def _only_applied(rewriter: Rewriter, line: cst.Assign) -> bool:
    """True for pairs of gradients and variables that an optimizer is given by their name, and nothing else."""
    target = line.targets[0].target
    if not isinstance(rewriter.facts.value(line.value), Zipped) or not isinstance(target, cst.Name):
        return False
    uses = [other for other in rewriter.following() if target.value in mentioned(other)]
    return len(uses) == 1 and applied(rewriter, uses[0]) is not None


def _is_gone(rewriter: Rewriter, value: TapeValue) -> bool:
    """True if the tape falls away."""
    tape = rewriter.taped.get(value.site)
    return tape is not None and not tape.problem


def _tape(rewriter: Rewriter, node: cst.With) -> list[cst.BaseStatement] | None:
    """torch records by itself: the block falls away."""
    from translator.rewrite.statements import spliced

    calls = taped.tape_calls(rewriter, node)
    if not calls:
        return None
    tape = rewriter.taped[id(calls[0])]
    if tape.problem:
        rewriter.leave(node, Code.UNSUPPORTED_CODE, tape.problem)
        return [node]
    constants = [
        build.statement("name = name.detach()", name=cst.Name(name)) for name in tape.rebound
    ]
    return [*constants, *spliced(rewriter, node.body)]


def _watch(rewriter: Rewriter, node: cst.BaseStatement, call: cst.Call) -> list[cst.BaseStatement]:
    """`tape.watch(x)`: a tensor that asks for its gradient; variables do so by themselves."""
    given = call.args[0].value
    members = [e.value for e in given.elements] if isinstance(given, cst.List | cst.Tuple) else []
    here = rewriter.functions[-1].node if rewriter.functions else None
    foreign = {p.name.value for p in parameters(here)} if here is not None else set()
    assert isinstance(call.func, cst.Attribute)
    owner = rewriter.facts.value(call.func.value)
    tape = rewriter.taped[owner.site] if isinstance(owner, TapeValue) else None
    inner = tape is not None and tape.inner
    written: list[cst.BaseStatement] = []
    for member in members or [given]:
        value = rewriter.facts.value(member)
        if not isinstance(member, cst.Name) or not isinstance(value, TensorValue) or value.leaf:
            continue
        if tape is not None and _is_watched_around(rewriter, tape, member.value):
            continue
        own = not value.tracked and member.value not in foreign
        fresh = inner and tape is not None and _is_fresh(rewriter, tape.node, member.value)
        copy = "x = x.clone().requires_grad_()" if inner else "x = x.detach().requires_grad_()"
        text = "x.requires_grad_()" if own or fresh else copy
        written.append(build.statement(text, x=member))
    if written:
        written[0] = written[0].with_changes(leading_lines=getattr(node, "leading_lines", ()))
    return written


def _is_watched_around(rewriter: Rewriter, tape: taped.Tape, name: str) -> bool:
    """True for what a tape around this one watches."""
    return any(
        other is not tape
        and name in other.watched
        and any(n is tape.node for n in nodes(other.node))
        for other in rewriter.taped.values()
    )


def _is_fresh(rewriter: Rewriter, tape: cst.With, name: str) -> bool:
    """True for what the line above a tape computes, so that nothing else was computed from it."""
    here = rewriter.functions[-1].node if rewriter.functions else rewriter.naming.tree
    for block in nodes(here) if here is not None else ():
        lines = block.body if isinstance(block, cst.IndentedBlock | cst.Module) else ()
        places = [place for place, line in enumerate(lines) if line is tape]
        if places and places[0] > 0:
            line = small(lines[places[0] - 1])
            computed = isinstance(line, cst.Assign) and not isinstance(line.value, cst.Name)
            return computed and isinstance(line, cst.Assign) and name in targets(line)
    return False


def _gradient(
    rewriter: Rewriter, node: cst.BaseStatement, inner: cst.Assign
) -> list[cst.BaseStatement] | None:
    call = _gradient_call(rewriter, inner.value)
    assert call is not None and isinstance(node, cst.SimpleStatementLine)
    optimizer = rewriter.paired.get(id(node))
    if optimizer is not None:
        _note_rows(rewriter, call, optimizer)
        zero = build.statement("optimizer.zero_grad()", optimizer=rewriter.expression(optimizer))
        back = build.statement("loss.backward()", loss=_scalar(rewriter, call.args[0].value))
        return [zero.with_changes(leading_lines=node.leading_lines), back]
    new = returned_gradient(rewriter, call)
    return [node.with_changes(body=[inner.with_changes(value=new)])]


_ROWS = (
    "Keras's optimizers take the gradient of each look-up of an embedding by itself, and torch adds up those of a row: "
    "what is squared parts"
)


def _note_rows(rewriter: Rewriter, node: cst.CSTNode, optimizer: cst.BaseExpression) -> None:
    """Say that an embedding is trained otherwise, where the optimizer is not linear in its gradients."""
    value = rewriter.facts.value(optimizer)
    names = {site.arguments.spelling.name for site in rewriter.facts.sites.values()}
    linear = isinstance(value, Built) and value.site.arguments.spelling.name.endswith(".SGD")
    if "keras.layers.Embedding" in names and not linear:
        rewriter.note(node, Code.NUMERIC, _ROWS)


def returned_gradient(rewriter: Rewriter, call: cst.Call) -> cst.BaseExpression:
    """`tape.gradient(loss, variables)` as `torch.autograd.grad`, which returns gradients as a tape does."""
    tape = taped.of_gradient(rewriter, call)
    if tape is None:
        rewriter.leave(
            call,
            Code.UNSUPPORTED_CODE,
            "the tape of this gradient was left: convert both by hand",
        )
        return call
    sources = call.args[1].value
    options = "" if call is tape.last else ", retain_graph=True" if _kept(rewriter, tape) else ""
    options = ", create_graph=True" if tape.inner else options
    if not all(mentions(rewriter, tape.node.body, name) for name in taped.source_names(sources)):
        options += ", allow_unused=True"
    single = isinstance(rewriter.facts.value(sources), TensorValue)
    text = f"torch.autograd.grad(loss, variables{options})" + ("[0]" if single else "")
    loss = _scalar(rewriter, call.args[0].value)
    outer, rewriter.raw_weights = rewriter.raw_weights, True
    variables = rewriter.expression(sources)
    rewriter.raw_weights = outer
    return build.expression(rewriter.naming.spell(text), loss=loss, variables=variables)


def _kept(rewriter: Rewriter, tape: taped.Tape) -> bool:
    """True if another gradient may be asked for: of a persistent tape, or of another one over the same block."""
    calls = taped.tape_calls(rewriter, tape.node)
    return len(calls) > 1 or any(call.args for call in calls)


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
    tape = None if inline is None else taped.of_gradient(rewriter, inline)
    if inline is not None and tape is not None and len(tape.gradients) == 1:
        zero = build.statement("optimizer.zero_grad()", optimizer=owner)
        back = build.statement("loss.backward()", loss=_scalar(rewriter, inline.args[0].value))
        return [zero.with_changes(leading_lines=leading), back, step]
    parameter, gradient = rewriter.naming.fresh("parameter"), rewriter.naming.fresh("gradient")
    loop = cst.parse_statement(
        f"for {parameter}, {gradient} in zip(variables, gradients):\n    {parameter}.grad = {gradient}\n"
    )
    assert isinstance(loop, cst.For)
    written = rewriter.expression(gradients)
    outer, rewriter.raw_weights = rewriter.raw_weights, True
    places = rewriter.iterated(variables)
    rewriter.raw_weights = outer
    pairs = build.expression("zip(variables, gradients)", variables=places, gradients=written)
    return [loop.with_changes(iter=pairs, leading_lines=leading), step]
