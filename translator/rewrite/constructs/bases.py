"""What a class of the file hands to Keras's base class: settings that torch's has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.reading import method_call
from translator.source.classes import inherited
from translator.source.literals import literal_value
from translator.source.objects import SuperValue
from translator.source.values import MethodValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_HARMLESS: dict[str, tuple[object, ...]] = {
    "name": (),
    "dtype": ("float32", None),
    "trainable": (True,),
    "dynamic": (False,),
}
"""Settings that change no number, with the values for which that holds; of a name, any."""


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`super().__init__(name=name, **kwargs)` without its arguments."""
    found = method_call(node)
    if rewriter.target != "torch" or found is None:
        return None
    call, func = found
    method = rewriter.facts.value(func)
    if not isinstance(method, MethodValue) or not isinstance(method.receiver, SuperValue):
        return None
    if not inherited(method.receiver, method.name):
        return None
    if method.name == "build" or (method.name == "compile" and _compiles_nothing(call)):
        return []
    if method.name != "__init__" or not call.args:
        return None
    if not all(_is_harmless(argument) for argument in call.args):
        rewriter.leave(call, Code.UNSUPPORTED_ARGUMENT, "torch's base class takes no settings")
        return [node]
    for argument in call.args:
        what = build.code(argument).strip().rstrip(",")
        rewriter.note(call, Code.DROPPED, f"{what}: a torch module has no such setting")
    assert isinstance(node, cst.SimpleStatementLine)
    bare = call.with_changes(args=[], whitespace_before_args=cst.SimpleWhitespace(""))
    return [node.with_changes(body=[cst.Expr(bare)])]


def _compiles_nothing(call: cst.Call) -> bool:
    """True for `super().compile()` of a class with a `compile` of its own, which keeps what it is given itself."""
    given = [a.star or (a.keyword.value if a.keyword is not None else "") for a in call.args]
    return set(given) <= {"**", "run_eagerly", "jit_compile", "steps_per_execution"}


def _is_harmless(argument: cst.Arg) -> bool:
    if argument.star:  # Keras's base classes take no arguments by position
        return True
    if argument.keyword is None or argument.keyword.value not in _HARMLESS:
        return False
    allowed = _HARMLESS[argument.keyword.value]
    return not allowed or literal_value(argument.value) in allowed
