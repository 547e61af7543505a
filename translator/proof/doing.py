"""Whether a file does something when it is run, or only defines what others use."""

from __future__ import annotations

import ast
from collections.abc import Iterable

_DEFINES = (
    ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Pass
)  # fmt: skip


def does_something(text: str) -> bool:
    """True if the module level of a file has a statement that is there for its effect: a call, a loop, a `with`.

    What stands under `if __name__ == "__main__":` counts only where there is no class: a file with a model and a short
    trial of it is about the model.
    """
    statements = ast.parse(text).body
    classes = any(isinstance(statement, ast.ClassDef) for statement in statements)
    return any(map(_acts, statements)) or (not classes and any(map(_is_guard, statements)))


def _is_guard(statement: ast.stmt) -> bool:
    match statement:
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
    return False


def _acts(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant()):  # a docstring
            return False
        case ast.If():
            return not _is_guard(statement) and _any(statement.body, statement.orelse)
        case ast.Try():
            handlers = (handler.body for handler in statement.handlers)
            return _any(statement.body, *handlers, statement.orelse, statement.finalbody)
        case _:
            return not isinstance(statement, _DEFINES)


def _any(*blocks: Iterable[ast.stmt]) -> bool:
    return any(_acts(statement) for block in blocks for statement in block)
