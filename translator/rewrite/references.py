"""A framework's names that are not called where they stand: passed on, or asked for by `isinstance`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.registry import index
from translator.knowledge.signature import parse
from translator.source.reference import counterpart, is_module
from translator.source.values import Api

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def reference(rewriter: Rewriter, node: cst.BaseExpression, name: str) -> cst.BaseExpression:
    """A framework's name that is not called: a class, a function or a constant that is passed on."""
    other = counterpart(name, rewriter.side)
    if other is not None:
        return rewriter.naming.target(other)
    if is_module(Api(name), rewriter.side):
        message = f"what is taken of {name} where it is passed on is not known: name it here"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, message)
    elif name in index(rewriter.side):
        message = f"{name} takes other arguments there: pass on a function that calls it"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, message)
    else:
        rewriter.leave(node, Code.UNKNOWN_API, f"{name} has no record")
    return node


def asked(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`isinstance(m, nn.Linear)`: a class is named, but never called."""
    if len(node.args) != 2:
        return rewriter.parts(node)
    classes = node.args[1].value
    if isinstance(classes, cst.Tuple):
        elements = [e.with_changes(value=_class(rewriter, e.value)) for e in classes.elements]
        new: cst.BaseExpression = classes.with_changes(elements=elements)
    else:
        new = _class(rewriter, classes)
    first = rewriter.parts(node.args[0])
    return node.with_changes(args=[first, node.args[1].with_changes(value=new)])


def _class(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """The target's class for one of the source that is its only counterpart; every layer of Keras is a `Layer`."""
    if rewriter.spelled(node) == "torch.nn.Module":
        return rewriter.naming.target("keras.layers.Layer")
    for record, text in index(rewriter.side).get(rewriter.spelled(node) or "", ()):
        signature = rewriter.target_spelling(record, "layer")
        if signature is None or parse(text).kind != "layer":
            continue
        if len({id(other) for other, _ in index(rewriter.target)[signature.name]}) == 1:
            return rewriter.naming.target(signature.name)
    return rewriter.expression(node)
