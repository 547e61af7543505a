"""Writers of statements, down to the expressions in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst

from translator.source.printing.expressions import ITEMS, items
from translator.source.printing.lines import annotation
from translator.source.printing.printer import WRITERS, Printer

_DEFAULT = cst.MaybeSentinel.DEFAULT


def _module(printer: Printer, node: cst.Module) -> None:
    printer.empty_lines(node.header)
    for statement in node.body:
        _statement(printer, statement)
    printer.empty_lines(node.footer)
    if not node.has_trailing_newline:
        printer.pop_trailing_newline()
    elif not printer.tokens:
        printer.tokens.append(node.default_newline)


def _statement(printer: Printer, node: Any) -> int:
    """A statement, or the rest of one; returns the place of its first token."""
    header = _HEADERS.get(node.__class__)
    if header is None:
        return _line(printer, node)
    printer.empty_lines(node.leading_lines)
    start = header(printer, node)
    _block(printer, node.body)
    rest = getattr(node, "orelse", None)
    if rest is not None:
        first = _statement(printer, rest)
        if isinstance(rest, cst.If):
            printer.tokens[first] = "elif"
    if id(node) in printer.wanted:
        printer.places[id(node)] = start, printer.end
    return start


def _line(printer: Printer, node: Any) -> int:
    """A line, or a statement that libcst writes."""
    simple = node.__class__ is cst.SimpleStatementLine and len(node.body) == 1
    if not simple or node.body[0].semicolon is not _DEFAULT or id(node) in printer.wanted:
        return printer.recorded(node)
    printer.empty_lines(node.leading_lines)
    start = _begin(printer)
    printer.write(node.body[0])
    printer.end = len(printer.tokens)
    printer.line_end(node.trailing_whitespace)
    return start


def _begin(printer: Printer) -> int:
    """The indentation of a line; returns the place of what comes behind it."""
    printer.tokens += printer.indent_tokens
    return len(printer.tokens)


def _block(printer: Printer, node: cst.BaseSuite) -> None:
    if not isinstance(node, cst.IndentedBlock) or not node.body or id(node) in printer.wanted:
        printer.recorded(node)
        return
    printer.line_end(node.header)
    printer.indent_tokens.append(printer.default_indent if node.indent is None else node.indent)
    for statement in node.body:
        _statement(printer, statement)
    printer.empty_lines(node.footer)
    printer.indent_tokens.pop()


# headers


def _if(printer: Printer, node: cst.If) -> int:
    start = _begin(printer)
    printer.tokens.append("if")
    printer.space(node.whitespace_before_test)
    printer.write(node.test)
    printer.space(node.whitespace_after_test)
    printer.tokens.append(":")
    return start


def _else(printer: Printer, node: cst.Else) -> int:
    start = _begin(printer)
    printer.tokens.append("else")
    printer.space(node.whitespace_before_colon)
    printer.tokens.append(":")
    return start


def _for(printer: Printer, node: cst.For) -> int:
    start = _begin(printer)
    if node.asynchronous is not None:
        printer.write(node.asynchronous)
    printer.tokens.append("for")
    printer.space(node.whitespace_after_for)
    printer.write(node.target)
    printer.space(node.whitespace_before_in)
    printer.tokens.append("in")
    printer.space(node.whitespace_after_in)
    printer.write(node.iter)
    printer.space(node.whitespace_before_colon)
    printer.tokens.append(":")
    return start


def _definition(printer: Printer, node: cst.FunctionDef | cst.ClassDef) -> int:
    """What stands above a function or a class."""
    printer.each(node.decorators)
    printer.empty_lines(node.lines_after_decorators)
    return _begin(printer)


def _decorator(printer: Printer, node: cst.Decorator) -> None:
    printer.empty_lines(node.leading_lines)
    _begin(printer)
    printer.tokens.append("@")
    printer.space(node.whitespace_after_at)
    printer.write(node.decorator)
    printer.line_end(node.trailing_whitespace)


def _function(printer: Printer, node: cst.FunctionDef) -> int:
    start = _definition(printer, node)
    if node.asynchronous is not None:
        printer.write(node.asynchronous)
    printer.tokens.append("def")
    printer.space(node.whitespace_after_def)
    printer.write(node.name)
    printer.space(node.whitespace_after_name)
    if node.type_parameters is not None:
        printer.write(node.type_parameters)
    printer.space(node.whitespace_after_type_parameters)
    printer.tokens.append("(")
    printer.space(node.whitespace_before_params)
    printer.write(node.params)
    printer.tokens.append(")")
    if node.returns is not None:
        annotation(printer, node.returns, "->")
    printer.space(node.whitespace_before_colon)
    printer.tokens.append(":")
    return start


def _class(printer: Printer, node: cst.ClassDef) -> int:
    start = _definition(printer, node)
    printer.tokens.append("class")
    printer.space(node.whitespace_after_class)
    printer.write(node.name)
    printer.space(node.whitespace_after_name)
    if node.type_parameters is not None:
        printer.write(node.type_parameters)
    printer.space(node.whitespace_after_type_parameters)
    arguments = [*node.bases, *node.keywords]
    opened = node.lpar is not _DEFAULT
    if opened:
        printer.write(node.lpar)
    elif arguments:
        printer.tokens.append("(")
    items(printer, arguments)
    if opened:
        printer.write(node.rpar)
    elif arguments:
        printer.tokens.append(")")
    printer.space(node.whitespace_before_colon)
    printer.tokens.append(":")
    return start


def _parameters(printer: Printer, node: cst.Parameters) -> None:
    if _is_rare(printer, node):
        node._codegen(printer)
        return
    star, last = node.star_arg, node.star_kwarg
    stars = () if isinstance(star, cst.MaybeSentinel) else (star,)
    items(printer, [*node.params, *stars, *node.kwonly_params, *(() if last is None else (last,))])


def _is_rare(printer: Printer, node: cst.Parameters) -> bool:
    """True where a `/`, or a star that is not written, has to go between parameters, or the place of one is wanted."""
    star = node.star_arg
    if node.posonly_params or (isinstance(star, cst.MaybeSentinel) and node.kwonly_params):
        return True
    starred = (part for part in (star, node.star_kwarg) if type(part) is cst.Param)
    if not all(isinstance(part.star, str) for part in starred):
        return True
    named = (*node.params, *node.kwonly_params, star, node.star_kwarg)
    return bool(printer.wanted) and any(id(part) in printer.wanted for part in named)


def _parameter(printer: Printer, node: cst.Param) -> None:
    if isinstance(node.star, str):
        printer.tokens.append(node.star)
    printer.space(node.whitespace_after_star)
    printer.write(node.name)
    if node.annotation is not None:
        annotation(printer, node.annotation, ":")
    if node.default is not None:
        if isinstance(node.equal, cst.AssignEqual):
            printer.write(node.equal)
        else:
            printer.tokens.append(" = ")
        printer.write(node.default)


def _star(printer: Printer, node: cst.ParamStar) -> None:
    printer.tokens.append("*")


def _written(printer: Printer, node: cst.CSTNode) -> None:
    _statement(printer, node)


_HEADERS: dict[type[Any], Callable[[Printer, Any], int]] = {
    cst.If: _if,
    cst.Else: _else,
    cst.For: _for,
    cst.FunctionDef: _function,
    cst.ClassDef: _class,
}
ITEMS |= {cst.Param: _parameter, cst.ParamStar: _star}
WRITERS |= {
    **dict.fromkeys((cst.SimpleStatementLine, *_HEADERS), _written),
    cst.Module: _module,
    cst.Parameters: _parameters,
    cst.Decorator: _decorator,
}
