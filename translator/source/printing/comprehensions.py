"""Writers of what runs through something or is put together: comprehensions, slices, stars and formatted strings."""

from __future__ import annotations

from typing import Any

import libcst as cst

from translator.source.printing.expressions import ITEMS, operator, parenthesized
from translator.source.printing.printer import PLACING, WRITERS, Printer


def _generator(printer: Printer, node: cst.GeneratorExp) -> None:
    printer.write(node.elt)
    _loop(printer, node.for_in)


def _list(printer: Printer, node: cst.ListComp) -> None:
    printer.write(node.lbracket)
    printer.write(node.elt)
    _loop(printer, node.for_in)
    printer.write(node.rbracket)


def _set(printer: Printer, node: cst.SetComp) -> None:
    printer.write(node.lbrace)
    printer.write(node.elt)
    _loop(printer, node.for_in)
    printer.write(node.rbrace)


def _dict(printer: Printer, node: cst.DictComp) -> None:
    printer.write(node.lbrace)
    printer.write(node.key)
    printer.space(node.whitespace_before_colon)
    printer.tokens.append(":")
    printer.space(node.whitespace_after_colon)
    printer.write(node.value)
    _loop(printer, node.for_in)
    printer.write(node.rbrace)


def _loop(printer: Printer, node: cst.CompFor) -> None:
    printer.space(node.whitespace_before)
    if node.asynchronous is not None:
        printer.write(node.asynchronous)
    printer.tokens.append("for")
    printer.space(node.whitespace_after_for)
    printer.write(node.target)
    printer.space(node.whitespace_before_in)
    printer.tokens.append("in")
    printer.space(node.whitespace_after_in)
    printer.write(node.iter)
    for condition in node.ifs:
        printer.space(condition.whitespace_before)
        printer.tokens.append("if")
        printer.space(condition.whitespace_before_test)
        printer.write(condition.test)
    if node.inner_for_in is not None:
        _loop(printer, node.inner_for_in)


def _slice(printer: Printer, node: cst.Slice) -> None:
    if node.lower is not None:
        printer.write(node.lower)
    operator(printer, node.first_colon)
    if node.upper is not None:
        printer.write(node.upper)
    if isinstance(node.second_colon, cst.Colon):
        operator(printer, node.second_colon)
    elif node.step is not None:
        printer.tokens.append(":")
    if node.step is not None:
        printer.write(node.step)


def _starred(printer: Printer, node: cst.StarredElement) -> None:
    printer.tokens.append("*")
    printer.space(node.whitespace_before_value)
    printer.write(node.value)


def _function(printer: Printer, node: cst.Lambda) -> None:
    params, space = node.params, node.whitespace_after_lambda
    printer.tokens.append("lambda")
    if isinstance(space, cst.MaybeSentinel):
        given = (params.posonly_params, params.params, params.kwonly_params, params.star_kwarg)
        space = cst.SimpleWhitespace(
            " " if any(given) or isinstance(params.star_arg, cst.Param) else ""
        )
    printer.space(space)
    printer.write(params)
    operator(printer, node.colon)
    printer.write(node.body)


def _formatted(printer: Printer, node: cst.FormattedString) -> None:
    printer.tokens.append(node.start)
    printer.each(node.parts)
    printer.tokens.append(node.end)


def _formatted_text(printer: Printer, node: cst.FormattedStringText) -> None:
    printer.tokens.append(node.value)


def _formatted_value(printer: Printer, node: cst.FormattedStringExpression) -> None:
    printer.tokens.append("{")
    printer.space(node.whitespace_before_expression)
    printer.write(node.expression)
    if node.equal is not None:
        printer.write(node.equal)
    printer.space(node.whitespace_after_expression)
    if node.conversion is not None:
        printer.tokens += ("!", node.conversion)
    if node.format_spec is not None:
        printer.tokens.append(":")
        printer.each(node.format_spec)
    printer.tokens.append("}")


_EXPRESSIONS: dict[type[Any], Any] = {
    cst.GeneratorExp: _generator,
    cst.ListComp: _list,
    cst.SetComp: _set,
    cst.DictComp: _dict,
    cst.FormattedString: _formatted,
    cst.StarredElement: _starred,
    cst.Lambda: _function,
}
_PARENTHESIZED = {kind: parenthesized(inside) for kind, inside in _EXPRESSIONS.items()}
WRITERS |= _PARENTHESIZED | {
    cst.Slice: _slice,
    cst.FormattedStringText: _formatted_text,
    cst.FormattedStringExpression: _formatted_value,
}
ITEMS[cst.StarredElement] = _PARENTHESIZED[cst.StarredElement]
PLACING.update(_EXPRESSIONS)
