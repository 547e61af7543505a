"""`for name, p in rnn.named_parameters(): if "weight" in name: nn.init...(p)`: initialisers, by what names tell.

What torch's layers call their parameters is known, so that each kind of them takes one way through the conditions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.records import Layer
from translator.rewrite import build
from translator.rewrite.constructs.initialising import is_early
from translator.rewrite.constructs.reading import small
from translator.rewrite.draws import First, Layout, first_values, initialiser
from translator.source.classes import as_container
from translator.source.literals import literal_value
from translator.source.objects import Built, ClassInfo, ObjectValue
from translator.source.values import OneOf, TensorValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_RECURRENT: dict[str, tuple[tuple[str, int], ...]] = {
    "kernel": (("weight_ih_l0", 2),),
    "recurrent": (("weight_hh_l0", 2),),
    "bias": (("bias_ih_l0", 1), ("bias_hh_l0", 1)),
}
"""By Keras's kinds of weights: what torch's recurrent layers call them, and how many axes they have."""
_OTHERS: dict[str, tuple[tuple[str, int], ...]] = {
    "kernel": ((".weight", 2),),
    "bias": ((".bias", 1),),
    "embeddings": ((".weight", 2),),
    "gamma": ((".weight", 1),),
    "beta": ((".bias", 1),),
}
"""The same of all other layers, whose own names come before."""
_BUFFERS = {"moving_mean", "moving_variance"}
_TELLING = frozenset(
    "weight bias .weight .bias ih hh _ih _hh ih_ hh_ _ih_ _hh_ weight_ih weight_hh bias_ih bias_hh".split()
)
"""What a condition may look for that does not depend on what the file calls its layers."""


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """The loop as one over layers; None for any other statement."""
    if rewriter.target != "tensorflow" or not isinstance(node, cst.For):
        return None
    call, target = node.iter, node.target
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute) or call.args:
        return None
    names = [e.value for e in target.elements] if isinstance(target, cst.Tuple) else []
    if call.func.attr.value != "named_parameters" or len(names) != 2:
        return None
    name, weight = (n.value if isinstance(n, cst.Name) else "" for n in names)
    layers = _sites(rewriter.facts.value(call.func.value), set())
    kinds = None if layers is None else _kinds(layers)
    if layers is None or kinds is None or not name or not weight:
        return None
    ways = _Ways(rewriter, name, weight, node.body)
    draws: dict[str, str] = {}
    for kind, parameters in kinds:
        found = {ways.draw(parameter, axes) for parameter, axes in parameters}
        draw = found.pop() if len(found) == 1 else None
        if draw is None or draws.setdefault(kind, draw) != draw:
            return None
    here = rewriter.functions[-1] if rewriter.functions else rewriter.facts.module
    if not any(draws.values()) or not is_early(rewriter, ways.calls[0], here):
        return None
    forgets = any(2 in (each.site.record.states, each.site.record.cell) for each in layers)
    return [_loop(rewriter, call.func.value, draws, forgets)]


def _loop(
    rewriter: Rewriter, model: cst.BaseExpression, draws: dict[str, str], forgets: bool
) -> cst.BaseStatement:
    """Set the initialisers of each layer that has them itself: a recurrent one only shows those of its cell."""
    layer = rewriter.naming.fresh("layer")
    lines = "".join(
        f'    if "{kind}_initializer" in vars({layer}):\n'
        f"        {layer}.{kind}_initializer = {draw}\n"
        for kind, draw in draws.items()
        if draw
    )
    if forgets and draws.get("bias"):  # by itself an LSTM of Keras begins with ones there
        flag = "unit_forget_bias"
        lines += f'    if "{flag}" in vars({layer}):\n        {layer}.{flag} = False\n'
    loop = build.statements(f"for {layer} in model._flatten_layers():\n{lines}")[0]
    return build.filled(loop, {"model": build.parenthesized(rewriter.expression(model))})


def _kinds(found: Sequence[Built]) -> list[tuple[str, tuple[tuple[str, int], ...]]] | None:
    """The kinds of weights that layers have, with their names; None where one has others."""
    records = [site.site.record for site in found]
    plain = [r for r in records if isinstance(r, Layer) and not r.states and not r.cell]
    names = {name for record in plain for rule in record.weights for name in rule.keras} - _BUFFERS
    if names - _OTHERS.keys():
        return None
    kinds = [*_RECURRENT.items()] if len(plain) < sum(isinstance(r, Layer) for r in records) else []
    return kinds + [(kind, parameters) for kind, parameters in _OTHERS.items() if kind in names]


def _sites(value: Value, seen: set[ClassInfo]) -> list[Built] | None:
    """The layers in a model; None where it has parameters of its own, or something that is not known."""
    value = as_container(value)
    if isinstance(value, Built):
        return _together(value.site.parts, seen) if value.site.parts else [value]
    if isinstance(value, ObjectValue):
        if value.info in seen:
            return []
        seen.add(value.info)
        held = value.info.attributes.values()
        if any(isinstance(v, TensorValue) and v.leaf for v in held):
            return None
        return _together([v for v in held if isinstance(v, Built | ObjectValue | OneOf)], seen)
    return _together(value.options, seen) if isinstance(value, OneOf) else None


def _together(values: Sequence[Value], seen: set[ClassInfo]) -> list[Built] | None:
    parts = [_sites(value, seen) for value in values]
    return None if None in parts else [site for part in parts if part for site in part]


class _Ways:
    """The ways through the body of a loop over parameters."""

    def __init__(self, rewriter: Rewriter, name: str, weight: str, body: cst.BaseSuite) -> None:
        self.rewriter = rewriter
        self.name = name
        self.weight = weight
        self.body = body
        self.calls: list[cst.Call] = []

    def draw(self, name: str, axes: int) -> str | None:
        """The initialiser of a parameter, "" where the loop leaves it alone, None where that is not known."""
        first = self._first(self.body, name, axes)
        if not isinstance(first, First):
            return first
        layouts: tuple[Layout, ...] = ("transposed",) if axes > 1 else ("other",)
        if axes > 1 and name.startswith("."):
            layouts = ("transposed", "alike")
        texts = {initialiser(self.rewriter, first, layout) for layout in layouts}
        return texts.pop() if len(texts) == 1 else None

    def _first(self, body: cst.BaseSuite, name: str, axes: int) -> First | str | None:
        lines = body.body
        if len(lines) != 1:
            return None
        line: cst.CSTNode = lines[0]
        while isinstance(line, cst.If):
            answer = self._answer(line.test, name, axes)
            if answer is None:
                return None
            if answer:
                return self._first(line.body, name, axes)
            if line.orelse is None:
                return ""
            if isinstance(line.orelse, cst.Else):
                return self._first(line.orelse.body, name, axes)
            line = line.orelse
        inner = small(line) if isinstance(line, cst.SimpleStatementLine) else line
        if isinstance(inner, cst.Pass | cst.Continue):
            return ""
        call = inner.value if isinstance(inner, cst.Expr) else None
        first = None if call is None else first_values(self.rewriter, call)
        if first is None or not isinstance(call, cst.Call):
            return None
        self.calls.append(call)
        return first if build.code(first.weight) == self.weight else None

    def _answer(self, test: cst.BaseExpression, name: str, axes: int) -> bool | None:
        """What a condition says of a parameter; None where that is not known."""
        if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
            answer = self._answer(test.expression, name, axes)
            return None if answer is None else not answer
        if isinstance(test, cst.BooleanOperation):
            sides = [self._answer(side, name, axes) for side in (test.left, test.right)]
            if None in sides:
                return None
            return any(sides) if isinstance(test.operator, cst.Or) else all(sides)
        if isinstance(test, cst.Call) and isinstance(test.func, cst.Attribute) and test.args:
            asked = literal_value(test.args[0].value)
            method = test.func.attr.value
            if build.code(test.func.value) != self.name or asked not in _TELLING:
                return None
            if method not in ("startswith", "endswith"):
                return None
            if method == "startswith" and name.startswith("."):
                return None  # the name of a layer comes first there
            return bool(getattr(name, method)(asked))
        if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
            return None
        return self._compared(test.left, test.comparisons[0], name, axes)

    def _compared(
        self, left: cst.BaseExpression, asked: cst.ComparisonTarget, name: str, axes: int
    ) -> bool | None:
        text, operator = literal_value(left), asked.operator
        if isinstance(operator, cst.In | cst.NotIn):
            if build.code(asked.comparator) != self.name or text not in _TELLING:
                return None
            return (str(text) in name) is isinstance(operator, cst.In)
        limit = literal_value(asked.comparator)
        forms = (f"{self.weight}.dim()", f"{self.weight}.ndim", f"len({self.weight}.shape)")
        if build.code(left) not in (*forms, f"len({self.weight}.size())") or type(limit) is not int:
            return None
        matches = {
            cst.GreaterThan: axes > limit,
            cst.GreaterThanEqual: axes >= limit,
            cst.LessThan: axes < limit,
            cst.Equal: axes == limit,
        }
        return matches.get(type(operator))
