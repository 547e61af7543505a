"""Writers of what stands on one line: assignments, imports, `return`, `assert`."""

from __future__ import annotations

import libcst as cst

from translator.source.printing.expressions import ITEMS, items, operator
from translator.source.printing.printer import WRITERS, Printer


def _expression(printer: Printer, node: cst.Expr) -> None:
    printer.write(node.value)


def _assignment(printer: Printer, node: cst.Assign) -> None:
    for target in node.targets:
        if id(target) in printer.wanted:
            target._codegen(printer)
            continue
        printer.write(target.target)
        printer.space(target.whitespace_before_equal)
        printer.tokens.append("=")
        printer.space(target.whitespace_after_equal)
    printer.write(node.value)


def _return(printer: Printer, node: cst.Return) -> None:
    printer.tokens.append("return")
    if node.value is None:
        printer.space(node.whitespace_after_return)
        return
    if isinstance(node.whitespace_after_return, cst.MaybeSentinel):
        printer.tokens.append(" ")
    printer.space(node.whitespace_after_return)
    printer.write(node.value)


def _augmented(printer: Printer, node: cst.AugAssign) -> None:
    printer.write(node.target)
    printer.write(node.operator)
    printer.write(node.value)


def _annotated(printer: Printer, node: cst.AnnAssign) -> None:
    printer.write(node.target)
    annotation(printer, node.annotation, ":")
    if isinstance(node.equal, cst.AssignEqual):
        operator(printer, node.equal)
    elif node.value is not None:
        printer.tokens.append(" = ")
    if node.value is not None:
        printer.write(node.value)


def annotation(printer: Printer, node: cst.Annotation, indicator: str) -> None:
    """Write a type behind `:` or `->`."""
    if id(node) in printer.wanted:
        node._codegen(printer, default_indicator=indicator)
        return
    if isinstance(node.whitespace_before_indicator, cst.MaybeSentinel):
        printer.tokens.append(" " if indicator == "->" else "")
    printer.space(node.whitespace_before_indicator)
    printer.tokens.append(indicator)
    printer.space(node.whitespace_after_indicator)
    printer.write(node.annotation)


def _assertion(printer: Printer, node: cst.Assert) -> None:
    printer.tokens.append("assert")
    printer.space(node.whitespace_after_assert)
    printer.write(node.test)
    if isinstance(node.comma, cst.Comma):
        operator(printer, node.comma)
    elif node.msg is not None:
        printer.tokens.append(", ")
    if node.msg is not None:
        printer.write(node.msg)


def _import(printer: Printer, node: cst.Import) -> None:
    printer.tokens.append("import")
    printer.space(node.whitespace_after_import)
    items(printer, node.names)


def _import_from(printer: Printer, node: cst.ImportFrom) -> None:
    printer.tokens.append("from")
    printer.space(node.whitespace_after_from)
    printer.each(node.relative)
    if node.module is not None:
        printer.write(node.module)
    printer.space(node.whitespace_before_import)
    printer.tokens.append("import")
    printer.space(node.whitespace_after_import)
    if node.lpar is not None:
        printer.write(node.lpar)
    if isinstance(node.names, cst.ImportStar):
        printer.write(node.names)
    else:
        items(printer, node.names)
    if node.rpar is not None:
        printer.write(node.rpar)


def _imported(printer: Printer, node: cst.ImportAlias) -> None:
    printer.write(node.name)
    if node.asname is not None:
        printer.space(node.asname.whitespace_before_as)
        printer.tokens.append("as")
        printer.space(node.asname.whitespace_after_as)
        printer.write(node.asname.name)


ITEMS[cst.ImportAlias] = _imported
WRITERS |= {
    cst.Expr: _expression,
    cst.Assign: _assignment,
    cst.AugAssign: _augmented,
    cst.AnnAssign: _annotated,
    cst.Assert: _assertion,
    cst.Return: _return,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
}
