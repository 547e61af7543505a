"""The widths of tensors while a class is written: what `__init__` knows of the last axis of each, by expressions.

Keras's layers learn their widths when they are called, torch's are told when they are made. So `__init__` follows the
calls: where the flows of a condition or the turns of a loop give a tensor different widths, a variable holds what it
is there, `channels = filters`, as one writes it by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.layers.same_pad import CORRECT_PAD
from translator.knowledge.registry import index
from translator.rewrite import build
from translator.rewrite.constructs.reading import targets, used_names
from translator.rewrite.functional.changing import replaced
from translator.rewrite.functional.lists import appending, lists_of
from translator.rewrite.functional.reads import UnknownWidthError, width_read
from translator.rewrite.functional.told import OUT, is_variable, variable
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import Built
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.rewrite.functional.split import Split

_OF_OUTPUT = (("filters", 0), ("units", 0), ("output_dim", 1))
_CHANGING = frozenset(
    "Flatten Reshape Permute Lambda Dot Bidirectional TimeDistributed RNN Wrapper MultiHeadAttention".split()
)
"""Layers that make another width of that of their input, in ways of their own."""


class Widths:
    """The widths of the tensors of one body, at the place that is being split."""

    def __init__(self, split: Split, given: Mapping[str, cst.BaseExpression]) -> None:
        self.split, self.known = split, split.known
        self.of: dict[str, cst.BaseExpression] = dict(given)
        self.given = set(given)
        self.lists = lists_of(split.times)
        """Names of lists of tensors, whose widths are known together."""
        self.results: list[tuple[cst.BaseExpression | None, ...]] = []
        """The widths of what is returned, of each tensor."""
        self.lost: set[str] = set()
        """Variables that do not hold a width on every way."""
        self.made: dict[int, tuple[cst.BaseExpression | None, ...]] = {}
        """By `id` of a call of a helper: the widths of what its object gives."""

    # names

    def set(self, name: str, width: cst.BaseExpression | None) -> None:
        """Note the width of a tensor."""
        if width is None:
            self.of.pop(name, None)
        else:
            self.of[name] = width

    def rebinding(self, names: Iterable[str]) -> None:
        """Hold the widths that are known by names which get another value now."""
        names = set(names)
        for name, width in list(self.of.items()):
            read = used_names(nodes(width))
            begins = name in self.given and not self.split.made  # its `Input` stands behind them
            if read & names and read != {variable(name)} and not begins:
                self.hold(name)

    def hold(self, name: str) -> None:
        """Put a width into its variable."""
        own = variable(name)
        width = self.of.get(name)
        if width is None or build.code(width) == own:
            return
        self.of[name] = cst.Name(own)
        self.rebinding({own})
        self.split.init.append(build.statement(f"{own} = width", width=width.deep_clone()))

    def returned(self, node: cst.BaseExpression) -> None:
        """Note the widths of what `call` returns."""
        parts = _elements(node) if isinstance(node, cst.Tuple) else [node]
        self.results.append(tuple(map(self.width, parts)))

    @property
    def result(self) -> tuple[cst.BaseExpression | None, ...]:
        """The widths of what is returned, where all ways agree."""
        if len({len(found) for found in self.results}) != 1:
            return ()
        return tuple(map(alike, zip(*self.results, strict=True)))

    # flows

    def merge(
        self, flows: list[tuple[dict[str, cst.BaseExpression], list[cst.BaseStatement]]]
    ) -> None:
        """Meet the flows behind a condition; each comes with the statements of `__init__` in its branch."""
        if not flows:
            return
        first = flows[0][0]
        common = [n for n in first if all(n in widths for widths, _ in flows)]
        kept = {n: first[n] for n in common}
        parting = [n for n in common if len({build.code(widths[n]) for widths, _ in flows}) > 1]
        outer = self.split.init
        for widths, init in flows:
            self.of, self.split.init = widths, init
            for name in parting:
                self.hold(name)
        self.split.init = outer
        held = {n: cst.Name(variable(n)) for n in parting}
        self.of = {n: flows[0][0][n] for n in kept} | held

    def turn(self, names: Iterable[str]) -> list[str]:
        """Begin a loop that gives tensors new values: their widths are variables in it."""
        names = sorted(name for name in names if name in self.of)
        for name in names:
            self.hold(name)
        return names

    def turned(self, names: Iterable[str]) -> None:
        """End the body of such a loop."""
        for name in names:
            if name not in self.of:
                self.lost.add(variable(name))
            else:
                self.hold(name)

    # expressions

    def resolved(self, node: cst.CSTNode) -> cst.CSTNode:
        """Code of `__init__` with widths in place of the sizes that it reads."""

        def change(part: cst.BaseExpression) -> cst.BaseExpression:
            name = width_read(self.known, part)
            if name is not None and name in self.split.times.names:
                if name not in self.of:
                    raise UnknownWidthError(part, f"the width of {name} is not known")
                return build.parenthesized(self.of[name].deep_clone())
            new = replaced(part, change)
            assert isinstance(new, cst.BaseExpression)
            return new

        return change(node) if isinstance(node, cst.BaseExpression) else replaced(node, change)

    def settled(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """A condition of `__init__` with widths in place of the sizes that it reads."""
        new = self.resolved(node)
        assert isinstance(new, cst.BaseExpression)
        return new

    def width(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        """The width of an expression over tensors."""
        if id(node) in self.made:
            made = self.made[id(node)]
            return made[0] if len(made) == 1 else None
        if isinstance(node, cst.Name):
            return self.of.get(node.value)
        if isinstance(node, cst.BinaryOperation):
            return _plainest(self.width(s) for s in (node.right, node.left) if self._late(s))
        if isinstance(node, cst.UnaryOperation):
            return self.width(node.expression)
        if isinstance(node, cst.IfExp):
            body, orelse = self.width(node.body), self.width(node.orelse)
            alike = body is not None and orelse is not None and build.same_code(body, orelse)
            return body if alike else None
        return self._of_call(node) if isinstance(node, cst.Call) else None

    def _late(self, node: cst.BaseExpression) -> bool:
        return self.split.times.late(node)

    def _of_call(self, node: cst.Call) -> cst.BaseExpression | None:
        made = self.constructor(node.func)
        name = self.known.api(node.func if made is None else made.func) or ""
        if not node.args or node.args[0].star:
            return None
        given = node.args[0].value
        if isinstance(node.func, cst.Name) and node.func.value in self.split.naming.models:
            return self._of_model(node.func.value)
        if made is not None and CORRECT_PAD in (name, self._padded(made)):
            return self.width(given)
        kind = name.rpartition(".")[2].lower()
        if kind in ("concatenate", "concat"):
            return self._joined(node, made, given)
        if kind in ("add", "multiply", "subtract", "average", "maximum", "minimum"):
            parts = _elements(given)
            parts = parts or [a.value for a in node.args if self._late(a.value)]
            return _plainest(map(self.width, reversed(parts)))
        if made is not None and name.startswith("keras.layers."):
            return self._of_layer(name, made, given)
        rows = index("tensorflow").get(name, ())
        keeps = bool(rows) and rows[0][0].order == "keeps"
        return self.width(given) if keeps or name.startswith("keras.activations.") else None

    def _of_model(self, name: str) -> cst.BaseExpression | None:
        """What an object of the class of another model tells."""
        written = self.split.naming.written[self.split.naming.models[name]]
        return None if written.told is None else build.expression(f"{name}.{OUT}")

    def _padded(self, made: cst.Call) -> str | None:
        """The function that a layer has its widths of."""
        widths = argument(made, 0, "padding")
        return self.known.api(widths.func) if isinstance(widths, cst.Call) else None

    def _joined(
        self, node: cst.Call, made: cst.Call | None, given: cst.BaseExpression
    ) -> cst.BaseExpression | None:
        """The sum of what is joined along the last axis."""
        axis = argument(node, 1, "axis") if made is None else argument(made, 0, "axis")
        if axis is not None and literal_value(axis) not in self.known.last:
            return None
        if isinstance(given, cst.Name) and given.value in self.lists:
            return self.of.get(given.value)
        return self.total(given)

    def total(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        """The sum of the widths of tensors in a list."""
        if not isinstance(node, cst.List | cst.Tuple):
            return None
        total: cst.BaseExpression = cst.Integer("0")
        for element in node.elements:
            width = self.width(element.value)
            if width is None or isinstance(element, cst.StarredElement):
                return None
            total = _sum(total, width.deep_clone())
        return total

    def appended(self, node: cst.BaseSmallStatement) -> None:
        """Note the width of what a line appends to a list."""
        found = appending(node)
        if found is None or found[0] not in self.lists:
            return
        name, tensor = found
        before, width = self.of.get(name), self.width(tensor)
        known = before is not None and width is not None
        self.set(name, _sum(before, width.deep_clone()) if known else None)  # type: ignore[arg-type, union-attr]

    def _of_layer(
        self, name: str, made: cst.Call, given: cst.BaseExpression
    ) -> cst.BaseExpression | None:
        kind = name.rpartition(".")[2]
        for parameter, place in _OF_OUTPUT:
            takes = {"filters": "Conv", "output_dim": "Embedding"}.get(parameter)
            if takes is None and kind not in ("Dense", "EinsumDense", "LSTM", "GRU", "SimpleRNN"):
                continue
            if takes is not None and (takes not in kind or "Depthwise" in kind):
                continue
            stated = argument(made, place, parameter)
            return None if stated is None else self._setting(stated)
        if kind == "Reshape":
            shape = argument(made, 0, "target_shape")
            elements = _elements(shape) if shape is not None else []
            return self._setting(elements[-1]) if elements else None
        if kind in _CHANGING:
            return None
        width = self.width(given)
        deep = argument(made, -1, "depth_multiplier") if "Depthwise" in kind else None
        if width is None or deep is None or literal_value(deep) == 1:
            return width
        return build.expression("width * deep", width=width, deep=self._setting(deep))

    def _setting(self, node: cst.BaseExpression) -> cst.BaseExpression:
        new = self.resolved(node)
        assert isinstance(new, cst.BaseExpression)
        return new.deep_clone()

    def constructor(self, func: cst.BaseExpression) -> cst.Call | None:
        """The call that built a layer that is called: there, or before under a name of its own."""
        if isinstance(func, cst.Call):
            return func
        value = self.known.facts.value(func)
        if isinstance(func, cst.Name) and isinstance(value, Built):
            made = value.site.node
            names = used_names(n for a in made.args for n in nodes(a.value))
            changing = {n for s in self.split.times.body for n in targets(s)}
            return made if not names & changing else None
        return None


def alike(found: Sequence[cst.BaseExpression | None]) -> cst.BaseExpression | None:
    """The one width of all, None where they differ."""
    first = found[0]
    if first is None or any(w is None or not build.same_code(w, first) for w in found):
        return None
    return first


def _elements(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    if not isinstance(node, cst.List | cst.Tuple):
        return []
    return [e.value for e in node.elements if not isinstance(e, cst.StarredElement)]


def _plainest(found: Iterable[cst.BaseExpression | None]) -> cst.BaseExpression | None:
    """The width of tensors that are combined: that of a setting before that of a variable, and of any before 1."""
    every = list(found)
    wide = [width for width in every if width is not None and literal_value(width) != 1]
    plain = [w for w in wide if not any(map(is_variable, used_names(nodes(w))))]
    alone = every[:1] if None not in every else []
    return next(iter([*plain, *wide, *alone]), None)


def _sum(a: cst.BaseExpression, b: cst.BaseExpression) -> cst.BaseExpression:
    x, y = literal_value(a), literal_value(b)
    if type(x) is int and x == 0:
        return b
    if type(x) is int and type(y) is int:
        return cst.Integer(str(x + y))
    return build.expression("a + b", a=a, b=b)
