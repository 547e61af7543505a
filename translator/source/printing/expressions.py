"""Writers of expressions and of what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from translator.source.printing.printer import PLACING, WRITERS, Printer, Writer


def _leaf(printer: Printer, node: Any) -> None:
    if node.lpar:
        printer.each(node.lpar)
    printer.tokens.append(node.value)
    if printer.wanted:
        printer.place(node, len(printer.tokens) - 1)
    if node.rpar:
        printer.each(node.rpar)


def parenthesized(inside: Callable[[Printer, Any], None]) -> Writer:
    """The writer of an expression that may stand in parentheses."""

    def write(printer: Printer, node: Any) -> None:
        printer.each(node.lpar)
        start = len(printer.tokens)
        inside(printer, node)
        if printer.wanted:
            printer.place(node, start)
        printer.each(node.rpar)

    return write


def _attribute(printer: Printer, node: cst.Attribute) -> None:
    printer.write(node.value)
    printer.write(node.dot)
    printer.write(node.attr)


def _call(printer: Printer, node: cst.Call) -> None:
    printer.write(node.func)
    printer.space(node.whitespace_after_func)
    printer.tokens.append("(")
    printer.space(node.whitespace_before_args)
    items(printer, node.args)
    printer.tokens.append(")")


def _subscript(printer: Printer, node: cst.Subscript) -> None:
    printer.write(node.value)
    printer.space(node.whitespace_after_value)
    printer.write(node.lbracket)
    items(printer, node.slice)
    printer.write(node.rbracket)


def _operation(printer: Printer, node: cst.BinaryOperation | cst.BooleanOperation) -> None:
    printer.write(node.left)
    printer.write(node.operator)
    printer.write(node.right)


def _comparison(printer: Printer, node: cst.Comparison) -> None:
    printer.write(node.left)
    for target in node.comparisons:
        printer.write(target.operator)
        printer.write(target.comparator)


def _choice(printer: Printer, node: cst.IfExp) -> None:
    printer.write(node.body)
    printer.space(node.whitespace_before_if)
    printer.tokens.append("if")
    printer.space(node.whitespace_after_if)
    printer.write(node.test)
    printer.space(node.whitespace_before_else)
    printer.tokens.append("else")
    printer.space(node.whitespace_after_else)
    printer.write(node.orelse)


def _negation(printer: Printer, node: cst.UnaryOperation) -> None:
    printer.write(node.operator)
    printer.write(node.expression)


def _tuple(printer: Printer, node: cst.Tuple) -> None:
    items(printer, node.elements, single=",")


def _list(printer: Printer, node: cst.List) -> None:
    printer.write(node.lbracket)
    items(printer, node.elements)
    printer.write(node.rbracket)


def _dict(printer: Printer, node: cst.Dict) -> None:
    printer.write(node.lbrace)
    items(printer, node.elements)
    printer.write(node.rbrace)


def _opening(printer: Printer, node: Any) -> None:
    printer.tokens.append(_OPENING[node.__class__])
    printer.space(node.whitespace_after)


def _closing(printer: Printer, node: Any) -> None:
    printer.space(node.whitespace_before)
    printer.tokens.append(_CLOSING[node.__class__])


def operator(printer: Printer, node: Any) -> None:
    """Write an operator, or a comma, with the space around it."""
    printer.space(node.whitespace_before)
    printer.tokens.append(_OPERATORS[node.__class__])
    printer.space(node.whitespace_after)


def _unary(printer: Printer, node: Any) -> None:
    printer.tokens.append(_UNARY[node.__class__])
    printer.space(node.whitespace_after)


def _two_words(printer: Printer, node: Any) -> None:
    first, second = _TWO_WORDS[node.__class__]
    printer.space(node.whitespace_before)
    printer.tokens.append(first)
    printer.space(node.whitespace_between)
    printer.tokens.append(second)
    printer.space(node.whitespace_after)


# what stands between commas


def items(printer: Printer, parts: Sequence[Any], single: str = "") -> None:
    """Write parts with commas between them; `single` is that of the only part, where it has none of its own."""
    last = len(parts) - 1
    for place, part in enumerate(parts):
        default = ", " if place != last else "" if last else single
        kind = part.__class__
        writer = ITEMS.get(kind)
        if writer is None or (
            printer.wanted and kind not in PLACING and id(part) in printer.wanted
        ):
            spaced = isinstance(part, cst.BaseElement | cst.BaseDictElement)
            options = {"default_comma_whitespace": default != ","} if spaced else {}
            part._codegen(printer, default_comma=bool(default), **options)
            continue
        writer(printer, part)
        if part.comma.__class__ is cst.Comma:
            operator(printer, part.comma)
        elif default:
            printer.tokens.append(default)
        if kind in _SPACED:
            printer.space(getattr(part, _SPACED[kind]))


def _item(printer: Printer, node: Any) -> None:
    """What stands between commas, by itself."""
    items(printer, [node])


def _argument(printer: Printer, node: cst.Arg) -> None:
    start = len(printer.tokens)
    if node.star:
        printer.tokens.append(node.star)
    printer.space(node.whitespace_after_star)
    if node.keyword is not None:
        printer.write(node.keyword)
        if node.equal.__class__ is cst.AssignEqual:
            operator(printer, node.equal)
        else:
            printer.tokens.append(" = ")
    printer.write(node.value)
    printer.place(node, start)


def _element(printer: Printer, node: cst.Element) -> None:
    printer.write(node.value)


def _pair(printer: Printer, node: cst.DictElement) -> None:
    printer.write(node.key)
    printer.space(node.whitespace_before_colon)
    printer.tokens.append(":")
    printer.space(node.whitespace_after_colon)
    printer.write(node.value)


def _index(printer: Printer, node: cst.SubscriptElement) -> None:
    index = node.slice
    if index.__class__ is cst.Index and index.star is None:
        printer.write(index.value)
    else:
        printer.write(index)


ITEMS: dict[type[Any], Writer] = {
    cst.Arg: _argument,
    cst.Element: _element,
    cst.DictElement: _pair,
    cst.SubscriptElement: _index,
}
_SPACED: dict[type[Any], str] = {
    cst.Arg: "whitespace_after_arg",
    cst.Param: "whitespace_after_param",
}
_OPENING: dict[type[Any], str] = {
    cst.LeftParen: "(",
    cst.LeftSquareBracket: "[",
    cst.LeftCurlyBrace: "{",
}
_CLOSING: dict[type[Any], str] = {
    cst.RightParen: ")",
    cst.RightSquareBracket: "]",
    cst.RightCurlyBrace: "}",
}
_OPERATORS: dict[type[Any], str] = {
    cst.Comma: ",",
    cst.Dot: ".",
    cst.Colon: ":",
    cst.AssignEqual: "=",
    cst.Add: "+",
    cst.Subtract: "-",
    cst.Multiply: "*",
    cst.Power: "**",
    cst.Modulo: "%",
    cst.MatrixMultiply: "@",
    cst.BitAnd: "&",
    cst.BitOr: "|",
    cst.Divide: "/",
    cst.FloorDivide: "//",
    cst.Equal: "==",
    cst.LessThan: "<",
    cst.LessThanEqual: "<=",
    cst.GreaterThan: ">",
    cst.GreaterThanEqual: ">=",
    cst.Is: "is",
    cst.In: "in",
    cst.And: "and",
    cst.Or: "or",
    cst.AddAssign: "+=",
    cst.SubtractAssign: "-=",
    cst.MultiplyAssign: "*=",
    cst.DivideAssign: "/=",
}
_UNARY: dict[type[Any], str] = {cst.Minus: "-", cst.Not: "not"}
_TWO_WORDS: dict[type[Any], tuple[str, str]] = {cst.IsNot: ("is", "not"), cst.NotIn: ("not", "in")}
_LEAVES: tuple[type[Any], ...] = (cst.Name, cst.Integer, cst.Float, cst.SimpleString)
WRITERS.update(dict.fromkeys(_LEAVES, _leaf))
WRITERS.update(dict.fromkeys(_OPERATORS, operator))
WRITERS.update(dict.fromkeys(_UNARY, _unary))
WRITERS.update(dict.fromkeys(_TWO_WORDS, _two_words))
WRITERS.update(dict.fromkeys(_OPENING, _opening))
WRITERS.update(dict.fromkeys(_CLOSING, _closing))
_EXPRESSIONS: dict[type[Any], Callable[[Printer, Any], None]] = {
    cst.Attribute: _attribute,
    cst.Call: _call,
    cst.Subscript: _subscript,
    cst.BinaryOperation: _operation,
    cst.BooleanOperation: _operation,
    cst.Comparison: _comparison,
    cst.IfExp: _choice,
    cst.UnaryOperation: _negation,
    cst.Tuple: _tuple,
    cst.List: _list,
    cst.Dict: _dict,
}
WRITERS |= {cst.Arg: _item, cst.Element: _item}
WRITERS.update({kind: parenthesized(inside) for kind, inside in _EXPRESSIONS.items()})
PLACING.update(_LEAVES, _EXPRESSIONS, (cst.Arg,))
