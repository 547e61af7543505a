"""Cells: torch's give the new states alone, Keras's the output in front of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.reading import small
from translator.rewrite.once import is_simple
from translator.source.bound import Arguments
from translator.source.literals import literal_value
from translator.source.objects import Site
from translator.source.values import TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_UNSEEN = (
    "what this step gives, and what it is given, are not told apart here: unpack them in a line"
)


def call(rewriter: Rewriter, node: cst.Call, site: Site, bound: Arguments) -> cst.BaseExpression:
    """A step whose results are taken together."""
    if rewriter.target == "torch":
        rewriter.leave(node, Code.UNSUPPORTED_CODE, _UNSEEN)
        return node
    written = _to_keras(rewriter, node, site, bound)
    if written is None:
        return node
    return build.expression(f"results[{site.record.cell - 1}]", results=written)


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`h, c = cell(x, (h, c))` and `_, (h, c) = cell(x, [h, c])`."""
    line = small(node)
    if not isinstance(line, cst.Assign) or len(line.targets) != 1:
        return None
    site, bound = rewriter.facts.layer_calls.get(id(line.value), (None, None))
    if site is None or bound is None or not site.record.cell:
        return None
    assert isinstance(line.value, cst.Call) and isinstance(node, cst.SimpleStatementLine)
    write = _keras_line if rewriter.target == "tensorflow" else _torch_line
    return write(rewriter, node, line.value, line.targets[0].target, site, bound)


def _to_keras(
    rewriter: Rewriter, node: cst.Call, site: Site, bound: Arguments
) -> cst.BaseExpression | None:
    """The call of Keras's cell; the states of the first step are zeros where torch is given none."""
    steps, given = bound.values["input"], bound.values.get("hx")
    func = build.parenthesized(rewriter.expression(node.func))
    inputs = rewriter.expression(steps)
    if given is None or literal_value(given) is None:
        if not (is_simple(steps) and is_simple(node.func)):
            rewriter.leave(node, Code.UNSUPPORTED_CODE, "give the input of this cell a name")
            return None
        text = "cell.get_initial_state(tf.shape(x)[0])"
        states = build.expression(rewriter.naming.spell(text), cell=func, x=inputs)
    elif isinstance(given, cst.Tuple):
        states = cst.List([cst.Element(rewriter.expression(e.value)) for e in given.elements])
    else:
        states = rewriter.expression(given)
    return build.call(func, [build.argument(inputs), build.argument(states)], node)


def _keras_line(
    rewriter: Rewriter,
    line: cst.SimpleStatementLine,
    node: cst.Call,
    target: cst.BaseExpression,
    site: Site,
    bound: Arguments,
) -> list[cst.BaseStatement] | None:
    """`_, (h, c) = cell(x, [h, c])`, `h, _ = cell(x, h)`."""
    written = _to_keras(rewriter, node, site, bound)
    if written is None:
        return [line]
    states = rewriter.expression(target)
    if isinstance(states, cst.Tuple):
        states = states.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    text = "_, states = results" if site.record.cell > 1 else "states, _ = results"
    return [_line(line, build.statement(text, states=states, results=written))]


def _torch_line(
    rewriter: Rewriter,
    line: cst.SimpleStatementLine,
    node: cst.Call,
    target: cst.BaseExpression,
    site: Site,
    bound: Arguments,
) -> list[cst.BaseStatement] | None:
    """`h, c = cell(x, (h, c))`, and the output by its own name where it has one."""
    given, kinds = bound.values["states"], site.record.cell
    if not isinstance(target, cst.Tuple) or len(target.elements) != 2:
        return None
    out, states = (element.value for element in target.elements)
    taken = _states(rewriter, given, kinds)
    if taken is None or any(isinstance(e, cst.StarredElement) for e in target.elements):
        return None
    func = build.parenthesized(rewriter.expression(node.func))
    inputs = build.argument(rewriter.expression(bound.values["inputs"]))
    results = build.call(func, [inputs, build.argument(taken)], node)
    listed = isinstance(states, cst.Tuple | cst.List)
    inner = [e.value for e in states.elements] if isinstance(states, cst.Tuple | cst.List) else []
    if listed and len(inner) != kinds:
        return None
    if kinds == 1 and not listed and not isinstance(rewriter.facts.value(given), TensorValue):
        return None
    names = [rewriter.expression(name) for name in inner] or [rewriter.expression(states)]
    left = names[0]
    if len(names) > 1:
        left = cst.Tuple([cst.Element(name) for name in names], lpar=[], rpar=[])
    first = build.expression("states[0]", states=left) if kinds > 1 and not listed else names[0]
    if kinds == 1 and build.code(left) == "_":
        left, out = rewriter.expression(out), states
    written = [_line(line, build.statement("states = results", states=left, results=results))]
    if build.code(out) not in ("_", build.code(first)):
        output = rewriter.expression(out)
        written.append(build.statement("out = first", out=output, first=first))
    return list(written)


def _states(rewriter: Rewriter, given: cst.BaseExpression, kinds: int) -> cst.BaseExpression | None:
    """Keras's states as torch takes them: one tensor, or a tuple of two; None where they cannot be told apart."""
    if isinstance(given, cst.List | cst.Tuple):
        parts = [rewriter.expression(element.value) for element in given.elements]
        if len(parts) != kinds:
            return None
        if kinds == 1:
            return parts[0]
        elements = [cst.Element(part) for part in parts]
        return cst.Tuple(elements, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    if kinds == 1:
        alone = isinstance(rewriter.facts.value(given), TensorValue)
        return rewriter.expression(given) if alone else None
    return build.expression("tuple(states)", states=rewriter.expression(given))


def _line(line: cst.SimpleStatementLine, new: cst.SimpleStatementLine) -> cst.SimpleStatementLine:
    return line.with_changes(body=new.body)
