"""`for p in model.parameters(): nn.init...(p)`: initialisers of all layers, and variables that are there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.initialising import is_early
from translator.rewrite.constructs.reading import small
from translator.rewrite.draws import First, first_values, initialiser
from translator.source.literals import literal_value
from translator.source.objects import ParametersValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_WIDE = ("kernel", "depthwise", "recurrent", "embeddings")
_FLAT = ("bias", "gamma", "beta")


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """A loop over all parameters that does nothing else, for those of several axes or for all."""
    if rewriter.target != "tensorflow" or not isinstance(node, cst.For):
        return None
    parameters = rewriter.facts.value(node.iter)
    if not isinstance(parameters, ParametersValue) or not isinstance(node.target, cst.Name):
        return None
    name = node.target.value
    call, wide = _body(node.body, name)
    first = None if call is None else first_values(rewriter, call)
    if call is None or first is None or build.code(first.weight) != name:
        return None
    draw = _draw(rewriter, first)
    here = rewriter.functions[-1] if rewriter.functions else rewriter.facts.module
    if draw is None or not is_early(rewriter, call, here):
        return None
    weights = ", ".join(f'"{weight}"' for weight in (*_WIDE, *(() if wide else _FLAT)))
    free = rewriter.naming.fresh
    layer, weight = free("layer"), free("weight")
    forget = (
        f'    if "unit_forget_bias" in vars({layer}):\n        {layer}.unit_forget_bias = False\n'
    )
    forgets = any(2 in (s.record.states, s.record.cell) for s in rewriter.facts.sites.values())
    # one for each: an initialiser draws the same numbers whenever it is called
    lines = build.statements(
        f"for {layer} in model._flatten_layers():\n"
        f"    for {weight} in ({weights}):\n"
        f'        if f"{{{weight}}}_initializer" in vars({layer}):\n'
        f'            setattr({layer}, f"{{{weight}}}_initializer", {draw})\n'
        + (forget if forgets and not wide else "")
        + f"for {name} in model.trainable_variables:\n"
        + (f"    if len({name}.shape) > 1:\n    " if wide else "")
        + f"    {name}.assign({draw}({name}.shape))\n"
    )
    model = rewriter.expression(parameters.owner)
    return [build.filled(line, {"model": model}) for line in lines]


def _draw(rewriter: Rewriter, first: First) -> str | None:
    """An initialiser that draws the same for layers however they store their weights."""
    texts = {initialiser(rewriter, first, layout) for layout in ("alike", "transposed")}
    return texts.pop() if len(texts) == 1 else None


def _body(body: cst.BaseSuite, name: str) -> tuple[cst.Call | None, bool]:
    """The only call of a loop's body, and whether it is made for what has several axes alone."""
    line = body.body[0] if len(body.body) == 1 else None
    if isinstance(line, cst.If):
        wide = line.orelse is None and _asks_for_axes(line.test, name)
        return (_body(line.body, name)[0], True) if wide else (None, False)
    inner = small(line) if isinstance(line, cst.SimpleStatementLine) else line
    call = inner.value if isinstance(inner, cst.Expr) else None
    return (call, False) if isinstance(call, cst.Call) else (None, False)


def _asks_for_axes(test: cst.BaseExpression, name: str) -> bool:
    """True for `p.dim() > 1`, `p.ndim >= 2`, `len(p.shape) > 1`."""
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return False
    asked, limit = test.comparisons[0], literal_value(test.comparisons[0].comparator)
    several = (isinstance(asked.operator, cst.GreaterThan) and limit == 1) or (
        isinstance(asked.operator, cst.GreaterThanEqual) and limit == 2
    )
    forms = (f"{name}.dim()", f"{name}.ndim", f"{name}.ndimension()", f"len({name}.shape)")
    return several and build.code(test.left) in (*forms, f"len({name}.size())")
