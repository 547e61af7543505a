"""The widths of tensors while a class is written: what `__init__` knows of the last axis of each, by expressions.

Keras's layers learn their widths when they are called, torch's are told when they are made. So `__init__` follows the
calls: where the flows of a condition or the turns of a loop give a tensor different widths, a variable holds what it
is there, `channels = filters`, as one writes it by hand.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.layers.same_pad import CORRECT_PAD
from translator.knowledge.registry import index
from translator.rewrite import build
from translator.rewrite.constructs.reading import nodes, small, targets, used_names
from translator.rewrite.functional.changing import replaced
from translator.rewrite.functional.refused import RefusedError
from translator.source.bound import NOT_LITERAL
from translator.source.functions import parameters
from translator.source.instances import HINT
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import Built

if TYPE_CHECKING:
    from translator.rewrite.functional.known import Known, Times
    from translator.rewrite.functional.split import Split

OUT = "out_channels"
"""The attribute by which a module tells the width of what it gives."""
_OF_OUTPUT = (("filters", 0), ("units", 0), ("output_dim", 1))
_CHANGING = frozenset(
    "Flatten Reshape Permute Lambda Dot Bidirectional TimeDistributed RNN Wrapper MultiHeadAttention".split()
)
"""Layers that make another width of that of their input, in ways of their own."""


class UnknownWidthError(RefusedError):
    """The file asks for the width of a tensor where it is not known."""


def variable(name: str) -> str:
    """The variable that holds the width of a tensor, until all names are known."""
    return f"__width_{name}__"


def is_variable(name: str) -> bool:
    """True for such a variable."""
    return name.startswith("__width_")


def width_read(known: Known, node: cst.CSTNode) -> str | None:
    """The tensor whose last size is read: `x.shape[-1]`, `list(x.shape)[-1]`, `int_shape(x)[-1]`."""
    if not isinstance(node, cst.Subscript) or len(node.slice) != 1:
        return None
    index_ = node.slice[0].slice
    if not isinstance(index_, cst.Index) or literal_value(index_.value) not in known.last:
        return None
    shape = node.value
    if isinstance(shape, cst.Call) and isinstance(shape.func, cst.Name) and len(shape.args) == 1:
        if shape.func.value in ("list", "tuple"):
            shape = shape.args[0].value
    if isinstance(shape, cst.Call):
        return _shape_call(known, shape)
    held = isinstance(shape, cst.Attribute) and shape.attr.value in ("shape", "_keras_shape")
    return _name(shape.value) if held else None  # type: ignore[attr-defined]


def _shape_call(known: Known, call: cst.Call) -> str | None:
    if known.api(call.func) in ("keras.backend.int_shape", "keras.ops.shape"):
        return _name(call.args[0].value) if len(call.args) == 1 else None
    func = call.func
    if not isinstance(func, cst.Attribute) or call.args:
        return None
    if func.attr.value == "get_shape":
        return _name(func.value)
    if func.attr.value == "as_list":
        shape = func.value
        if isinstance(shape, cst.Call):
            return _shape_call(known, shape)
        held = isinstance(shape, cst.Attribute) and shape.attr.value == "shape"
        return _name(shape.value) if held else None  # type: ignore[attr-defined]
    return None


def _name(node: cst.BaseExpression) -> str | None:
    return node.value if isinstance(node, cst.Name) else None


class Widths:
    """The widths of the tensors of one body, at the place that is being split."""

    def __init__(self, split: Split, given: Mapping[str, cst.BaseExpression]) -> None:
        self.split, self.known = split, split.known
        self.of: dict[str, cst.BaseExpression] = dict(given)
        self.given = set(given)
        self.lists = _lists(split.times)
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
            parts = _elements(given) if made is not None or len(node.args) == 1 else []
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
    """One of several widths that are the same: that of a setting before that of a variable."""
    known = [width for width in found if width is not None]
    plain = [w for w in known if not any(map(is_variable, used_names(nodes(w))))]
    return next(iter([*plain, *known]), None)


def _lists(times: Times) -> set[str]:
    """The names that stand for nothing but lists that are written out and appended to."""
    values: dict[str, list[cst.BaseExpression]] = {}
    changed: set[str] = set()
    for node in times.code:
        if isinstance(node, cst.Assign):
            for name in targets(node):
                values.setdefault(name, []).append(node.value)
        elif isinstance(node, cst.AugAssign | cst.For | cst.NamedExpr | cst.AnnAssign):
            changed |= targets(node)
        elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            owner = node.func.value
            if isinstance(owner, cst.Name) and node.func.attr.value != "append":
                changed.add(owner.value)
    lists = {n for n, given in values.items() if all(isinstance(v, cst.List) for v in given)}
    return lists - changed


def appending(node: cst.BaseSmallStatement) -> tuple[str, cst.BaseExpression] | None:
    """The list and the tensor of a line `features.append(x)`."""
    call = node.value if isinstance(node, cst.Expr) else None
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
        return None
    owner = call.func.value
    if call.func.attr.value != "append" or not isinstance(owner, cst.Name) or len(call.args) != 1:
        return None
    return owner.value, call.args[0].value


def grown(body: Iterable[cst.CSTNode]) -> set[str]:
    """The lists that some statements append to."""
    lines = (n for s in body for n in nodes(s))
    found = (appending(n) for n in lines if isinstance(n, cst.Expr))
    return {name for pair in found if pair is not None for name in [pair[0]]}


def _sum(a: cst.BaseExpression, b: cst.BaseExpression) -> cst.BaseExpression:
    x, y = literal_value(a), literal_value(b)
    if type(x) is int and x == 0:
        return b
    if type(x) is int and type(y) is int:
        return cst.Integer(str(x + y))
    return build.expression("a + b", a=a, b=b)


def settings_of(
    made: cst.Call, settings: list[str], function: cst.FunctionDef
) -> dict[str, cst.BaseExpression]:
    """What the constructor of a helper's class is given, by its parameters, with numbers where they are defaults."""
    values = {
        p.name.value: p.default
        for p in parameters(function)
        if p.default is not None and literal_value(p.default) is not NOT_LITERAL
    }
    if any(a.star for a in made.args):
        return {}
    for position, given in enumerate(made.args):
        if given.keyword is not None:
            values[given.keyword.value] = given.value
        elif position < len(settings):
            values[settings[position]] = given.value
    return {name: value for name, value in values.items() if name in settings}


def with_values(
    node: cst.BaseExpression, values: Mapping[str, cst.BaseExpression]
) -> cst.BaseExpression:
    """An expression with others in place of its names."""

    def change(part: cst.BaseExpression) -> cst.BaseExpression:
        if isinstance(part, cst.Name) and part.value in values:
            return build.parenthesized(values[part.value].deep_clone())
        new = replaced(part, change)
        assert isinstance(new, cst.BaseExpression)
        return _computed(new)

    return change(node)


def _computed(node: cst.BaseExpression) -> cst.BaseExpression:
    """A product or a sum of numbers as one number."""
    if not isinstance(node, cst.BinaryOperation):
        return node
    a, b = literal_value(node.left), literal_value(node.right)
    if type(a) is not int or type(b) is not int:
        return node
    operation = _NUMBERS.get(type(node.operator))
    return node if operation is None else cst.Integer(str(operation(a, b)))


_NUMBERS: dict[type[cst.BaseBinaryOp], Callable[[int, int], int]] = {
    cst.Add: operator.add,
    cst.Multiply: operator.mul,
}


def hinted(call: cst.Call, width: cst.BaseExpression) -> cst.Call:
    """A layer that is told the width of its input."""
    return call.with_changes(args=[*call.args, build.argument(width.deep_clone(), HINT)])


def unhinted(node: cst.CSTNode, lost: set[str]) -> cst.CSTNode:
    """Code without the hints that read variables which are lost."""

    def change(part: cst.BaseExpression) -> cst.BaseExpression:
        new = replaced(part, change)
        assert isinstance(new, cst.BaseExpression)
        if isinstance(new, cst.Call):
            gone = [a for a in new.args if is_hint(a) and used_names(nodes(a.value)) & lost]
            if gone:
                return new.with_changes(args=[a for a in new.args if a not in gone])
        return new

    return change(node) if isinstance(node, cst.BaseExpression) else replaced(node, change)


def is_hint(given: cst.Arg) -> bool:
    """True for the argument of a layer that tells it the width of its input."""
    return given.keyword is not None and given.keyword.value == HINT


def is_holding(statement: cst.BaseStatement) -> str | None:
    """The variable that a line of `__init__` puts a width into."""
    inner = small(statement)
    if isinstance(inner, cst.Assign) and len(inner.targets) == 1:
        target = inner.targets[0].target
        if isinstance(target, cst.Name) and is_variable(target.value):
            return target.value
    return None
