"""`Net().double()`: a model of Keras takes the type of its numbers from the policy that holds when it is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.by_hand import itself, receiver
from translator.rewrite.constructs.reading import mentioned, method_call, small
from translator.source.dtypes import stated
from translator.source.objects import Built, ObjectValue
from translator.source.values import DeviceValue, MethodValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_IN_PRECISION = '''
def in_precision(dtype, make):
    """The model that `make` builds, with weights and computations of this type."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(dtype)
    try:
        return make()
    finally:
        keras.config.set_dtype_policy(before)
'''
_TYPES = {"double": "float64", "half": "float16", "bfloat16": "bfloat16"}
METHODS = (*_TYPES, "to")
_LATER = "Keras settles the type of a model's numbers when it is built: say so where it is made, Net().{}()"


def cast(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`Net().double()`, `Net().to(torch.float64)`."""
    dtype = _type(rewriter, node)
    if dtype is None:
        return itself(rewriter, node)
    made = receiver(node)
    while _is_move(rewriter, made):
        assert isinstance(made, cst.Call)
        made = receiver(made)
    if not _makes(rewriter, made):
        assert isinstance(node.func, cst.Attribute)
        name = next((name for name, kind in _TYPES.items() if kind == dtype), "float")
        rewriter.leave(node, Code.UNSUPPORTED_CODE, _LATER.format(name))
        return node
    return _built(rewriter, made, dtype)


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`net = Net()` where `net.double()` is the next that the block does with it."""
    line = small(node)
    if not isinstance(line, cst.Assign) or not isinstance(node, cst.SimpleStatementLine):
        return None
    target = line.targets[0].target
    if len(line.targets) > 1 or not isinstance(target, cst.Name):
        return None
    if rewriter.target != "tensorflow" or not _makes(rewriter, line.value):
        return None
    after = (s for s in rewriter.following() if target.value in mentioned(s))
    found = method_call(next(after, node))
    if found is None or found[1].attr.value not in METHODS:
        return None
    call, func = found
    dtype = _type(rewriter, call)
    if dtype is None or build.code(func.value) != target.value:
        return None
    rewriter.dropped.add(id(next(s for s in rewriter.following() if target.value in mentioned(s))))
    made = line.with_changes(value=_built(rewriter, line.value, dtype))
    return [node.with_changes(body=[made])]


def is_cast(rewriter: Rewriter, node: cst.Call) -> bool:
    """True for `net.to(torch.float64)`, as opposed to `net.to(device)`."""
    func = node.func
    return (
        isinstance(func, cst.Attribute)
        and func.attr.value in METHODS
        and bool(_type(rewriter, node))
    )


def _type(rewriter: Rewriter, node: cst.Call) -> str | None:
    """The type that a method of a module names; None where it keeps the usual one."""
    assert isinstance(node.func, cst.Attribute)
    name = node.func.attr.value
    if name != "to":
        return _TYPES[name]
    found = [stated(rewriter.facts, argument.value) for argument in node.args]
    return next((dtype for dtype in found if dtype not in (None, "float32")), None)


def _is_move(rewriter: Rewriter, node: cst.BaseExpression) -> bool:
    """`Net().to(device)`, `Net().cuda()`."""
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return False
    values = [rewriter.facts.value(argument.value) for argument in node.args]
    placed = all(isinstance(value, DeviceValue) for value in values)
    return node.func.attr.value in ("to", "cuda", "cpu") and placed


def _makes(rewriter: Rewriter, node: cst.BaseExpression) -> bool:
    """True for a call that builds a module there."""
    if not isinstance(node, cst.Call) or isinstance(rewriter.facts.value(node.func), MethodValue):
        return False
    value = rewriter.facts.value(node)
    if isinstance(value, Built):
        return value.site.node is node
    return isinstance(value, ObjectValue) and value.info.is_module


def _built(rewriter: Rewriter, made: cst.BaseExpression, dtype: str) -> cst.BaseExpression:
    func = rewriter.naming.helper("in_precision", rewriter.naming.spell(_IN_PRECISION))
    text = f'make("{dtype}", lambda: model)'
    return build.expression(text, make=func, model=rewriter.expression(made))
