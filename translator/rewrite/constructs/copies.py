"""Copies of a Keras model's weights that are only put back: `best = model.get_weights()`, a copy of torch's state."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import bindings, of_kind
from translator.source.classes import inherited
from translator.source.literals import literal_value
from translator.source.values import MethodValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def find(rewriter: Rewriter) -> None:
    """Note the names that hold such copies and nothing else."""
    if rewriter.target != "torch" or "get_weights" not in rewriter.naming.mentioned:
        return
    code = rewriter.naming.code
    made = [n for n in of_kind(code, cst.Assign) if _model(rewriter, n.value, "get_weights")]
    names = {build.code(target.target) for assign in made for target in assign.targets}
    for name in names:
        values = [value for target, value in bindings(code) if build.code(target) == name]
        models = [_model(rewriter, value, "get_weights") for value in values]
        plain = all(
            model is not None or literal_value(value) is None
            for model, value in zip(models, values, strict=True)
        )
        read = [n for n in of_kind(code, cst.Name, cst.Attribute) if build.code(n) == name]
        put = [n for n in of_kind(code, cst.Call) if _puts(rewriter, n, name)]
        if not plain or len(read) != len(values) + len(put):
            continue
        rewriter.saved[name] = "copy"
        for value, model in zip(values, models, strict=True):
            if model is not None:
                rewriter.instead[id(value)] = _copy(rewriter, model)


def _model(rewriter: Rewriter, node: cst.BaseExpression, name: str) -> cst.BaseExpression | None:
    """The model of `model.get_weights()`."""
    func = node.func if isinstance(node, cst.Call) else None
    method = None if func is None else rewriter.facts.value(func)
    if not isinstance(method, MethodValue) or not isinstance(func, cst.Attribute):
        return None
    known = method.name == name and inherited(method.receiver, name)
    return func.value if known else None


def _puts(rewriter: Rewriter, node: cst.Call, name: str) -> bool:
    if len(node.args) != 1 or _model(rewriter, node, "set_weights") is None:
        return False
    return build.code(node.args[0].value) == name


def _copy(rewriter: Rewriter, model: cst.BaseExpression) -> Callable[[], cst.BaseExpression]:
    def written() -> cst.BaseExpression:
        text = rewriter.naming.spell("copy.deepcopy(model.state_dict())")
        return build.expression(text, model=rewriter.expression(model))

    return written
