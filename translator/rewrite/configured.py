"""What Keras leaves to its configuration and a conversion settles, from Keras to Keras.

Images are channels last, as Keras has them unless it is told otherwise; and a model begins with an input of its own: a
module of torch is called with its input, it is not built upon a tensor that is there already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constants import with_constants
from translator.rewrite.constructs.reading import of_kind, targets
from translator.rewrite.functional.changing import replaced
from translator.rewrite.layout import leading, led
from translator.source.facts import Facts
from translator.source.functions import parameters
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.tree import nodes
from translator.source.values import Api

_FORMAT = "keras.backend.image_data_format"
_FORMATS = ("channels_last", "channels_first")
_OF_GRAPHS = frozenset({"keras.backend.is_keras_tensor", "keras.utils.get_source_inputs"})
"""Functions that ask what graph a tensor belongs to."""
_NO_TENSOR = "a module is given its input when it is called: {} must be None"


@dataclass(eq=False)
class Configured:
    """A file without what is settled, and what there is to say of it."""

    tree: cst.Module
    notes: list[tuple[cst.CSTNode, str]] = field(default_factory=list)


def configured(tree: cst.Module, facts: Facts) -> Configured | None:
    """The file without its questions for the configuration; None where it asks none."""
    calls = list(of_kind(nodes(tree), cst.Call))
    asked = [c for c in calls if _api(facts, c) == _FORMAT]
    absent = {
        id(f): names
        for f in of_kind(nodes(tree), cst.FunctionDef)
        if (names := frozenset(_begins(facts, f)))
    }
    if not asked and not absent:
        return None
    settling = _Settling(facts, absent)
    body = settling.block(tree.body)
    found = Configured(tree.with_changes(body=body), settling.notes)
    if asked:
        found.notes.append((asked[0], "images are channels last, as Keras has them by default"))
    return found


def _api(facts: Facts, call: cst.Call) -> str | None:
    value = facts.value(call.func)
    return value.name if isinstance(value, Api) else None


def _begins(facts: Facts, function: cst.FunctionDef) -> Iterator[str]:
    """The parameters that may hold a tensor for a model to begin with, in place of an input of its own."""
    optional = {p.name.value for p in parameters(function) if _is_none(p.default)}
    if not optional:
        return
    code = list(nodes(function.body))
    tested = {name for test in of_kind(code, cst.Comparison) for name in _compared(test)}
    calls = list(of_kind(code, cst.Call))
    inputs = {id(c) for c in calls if _api(facts, c) == "keras.Input"}
    made: set[str] = set()
    taken: dict[str, set[str]] = {}
    for assign in of_kind(code, cst.Assign):
        if id(assign.value) in inputs:
            made |= targets(assign)
        elif isinstance(assign.value, cst.Name):
            taken.setdefault(assign.value.value, set()).update(targets(assign))
    for name in sorted(optional & tested):
        graphs = any(_asks(facts, call, name) for call in calls)
        if graphs or taken.get(name, set()) & made:
            yield name


def _asks(facts: Facts, call: cst.Call, name: str) -> bool:
    given = argument(call, -1, "tensor") if _api(facts, call) == "keras.Input" else None
    if _api(facts, call) in _OF_GRAPHS and call.args:
        given = call.args[0].value
    return isinstance(given, cst.Name) and given.value == name


def _is_none(node: cst.BaseExpression | None) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _compared(test: cst.Comparison) -> Iterator[str]:
    """The name in `name is None`."""
    if isinstance(test.left, cst.Name) and len(test.comparisons) == 1:
        if _is_none(test.comparisons[0].comparator):
            yield test.left.value


class _Settling:
    def __init__(self, facts: Facts, absent: dict[int, frozenset[str]]) -> None:
        self.facts, self.absent = facts, absent
        self.none: frozenset[str] = frozenset()
        """Parameters that are None."""
        self.notes: list[tuple[cst.CSTNode, str]] = []

    # statements

    def block(self, body: Sequence[cst.CSTNode]) -> list[cst.BaseStatement]:
        """The statements without those under conditions that never hold."""
        return [new for s in body if isinstance(s, cst.BaseStatement) for new in self.statement(s)]

    def statement(self, node: cst.BaseStatement) -> list[cst.BaseStatement]:
        if isinstance(node, cst.If):
            return self._condition(node)
        if isinstance(node, cst.FunctionDef):
            return [self._function(node)]
        changes: dict[str, object] = {}
        for name in ("body", "orelse", "finalbody"):
            part = getattr(node, name, None)
            if isinstance(part, cst.IndentedBlock):
                changes[name] = self._suite(part)
            elif isinstance(part, cst.Else | cst.Finally):
                changes[name] = part.with_changes(body=self._suite(part.body))
        if isinstance(node, cst.SimpleStatementLine):
            new = replaced(node, self.expression)
        else:
            new = _with_blocks(replaced(_hollow(node, changes), self.expression), node, changes)
        assert isinstance(new, cst.BaseStatement)
        return [new]

    def _suite(self, suite: cst.BaseSuite) -> cst.BaseSuite:
        if not isinstance(suite, cst.IndentedBlock):
            return suite
        body = self.block(suite.body)
        if len(body) == len(suite.body) and all(map(_same, body, suite.body)):
            return suite
        return suite.with_changes(body=body or [cst.SimpleStatementLine([cst.Pass()])])

    def _condition(self, node: cst.If) -> list[cst.BaseStatement]:
        test = self.expression(node.test)
        known = _truth(test) if test is not node.test else None
        if known is None:
            orelse = node.orelse
            if isinstance(orelse, cst.If):
                orelse = _as_orelse(self._condition(orelse))
            elif isinstance(orelse, cst.Else):
                orelse = orelse.with_changes(body=self._suite(orelse.body))
            changed = node.with_changes(test=test, body=self._suite(node.body), orelse=orelse)
            return [changed if not changed.deep_equals(node) else node]
        if known:
            chosen: list[cst.BaseStatement] = self._inner(node.body)
        elif isinstance(node.orelse, cst.If):
            chosen = self._condition(node.orelse)
        else:
            chosen = [] if node.orelse is None else self._inner(node.orelse.body)
        return _under(chosen, leading(node))

    def _inner(self, suite: cst.BaseSuite) -> list[cst.BaseStatement]:
        if isinstance(suite, cst.IndentedBlock):
            return self.block(suite.body)
        assert isinstance(suite, cst.SimpleStatementSuite)
        return self.block([cst.SimpleStatementLine(suite.body)])

    def _function(self, node: cst.FunctionDef) -> cst.FunctionDef:
        outer = self.none
        own = {p.name.value for p in parameters(node)}
        absent = self.absent.get(id(node), frozenset())
        self.none = (outer - own) | absent
        suite = self._suite(node.body)
        self.none = outer
        if suite is node.body or not isinstance(suite, cst.IndentedBlock):
            return node if suite is node.body else node.with_changes(body=suite)
        body = with_constants([s for s in suite.body if isinstance(s, cst.BaseStatement)], node)
        for name in sorted(absent):
            body = _guarded(body, node, name)
            self.notes.append((node, _NO_TENSOR.format(name)))
        return node.with_changes(body=suite.with_changes(body=body))

    # expressions

    def expression(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """An expression with what is settled in it."""
        if isinstance(node, cst.Call) and _api(self.facts, node) == _FORMAT:
            return build.expression('"channels_last"')
        new = replaced(node, self.expression)
        assert isinstance(new, cst.BaseExpression)
        if isinstance(new, cst.Comparison):
            return self._comparison(new)
        if new is node:
            return node
        if isinstance(new, cst.IfExp) and (known := _truth(new.test)) is not None:
            return new.body if known else new.orelse
        if isinstance(new, cst.UnaryOperation) and isinstance(new.operator, cst.Not):
            known = _truth(new.expression)
            return new if known is None else _boolean(not known)
        return _logic(new) if isinstance(new, cst.BooleanOperation) else new

    def _comparison(self, node: cst.Comparison) -> cst.BaseExpression:
        if len(node.comparisons) != 1:
            return node
        other, operator = node.comparisons[0].comparator, node.comparisons[0].operator
        equal = isinstance(operator, cst.Is | cst.Equal)
        if not equal and not isinstance(operator, cst.IsNot | cst.NotEqual):
            return node
        if isinstance(node.left, cst.Name) and node.left.value in self.none and _is_none(other):
            return _boolean(equal)
        left, right = literal_value(node.left), literal_value(other)
        if all(isinstance(v, str) and v in _FORMATS for v in (left, right)):
            return _boolean((left == right) is equal)
        return node


def _same(a: object, b: object) -> bool:
    return a is b


def _hollow(node: cst.BaseStatement, blocks: dict[str, object]) -> cst.BaseStatement:
    """A compound statement without its blocks, whose expressions are looked at by themselves."""
    empty = cst.IndentedBlock([])
    return node.with_changes(
        **{
            name: empty if isinstance(getattr(node, name), cst.IndentedBlock) else None
            for name in blocks
        }
    )


def _with_blocks(
    new: cst.CSTNode, old: cst.BaseStatement, blocks: dict[str, object]
) -> cst.CSTNode:
    whole = new.with_changes(**blocks)
    return old if whole.deep_equals(old) else whole


def _as_orelse(body: list[cst.BaseStatement]) -> cst.If | cst.Else | None:
    """What is left of an `elif`."""
    if len(body) == 1 and isinstance(body[0], cst.If):
        return body[0]
    return cst.Else(cst.IndentedBlock(body)) if body else None


def _under(
    body: list[cst.BaseStatement], lines: Sequence[cst.EmptyLine]
) -> list[cst.BaseStatement]:
    """Statements under the comments of the condition that they stood in."""
    return [led(body[0], [*lines, *leading(body[0])]), *body[1:]] if body else []


def _truth(node: cst.BaseExpression) -> bool | None:
    value = literal_value(node)
    return value if isinstance(value, bool) else None


def _boolean(value: bool) -> cst.BaseExpression:
    return cst.Name(str(value))


def _logic(node: cst.BooleanOperation) -> cst.BaseExpression:
    """`and` and `or` with a side that is known."""
    deciding = isinstance(node.operator, cst.Or)
    for side, other in ((node.left, node.right), (node.right, node.left)):
        known = _truth(side)
        if known is not None:
            return _boolean(known) if known is deciding else other
    return node


def _guarded(
    body: list[cst.BaseStatement], function: cst.FunctionDef, name: str
) -> list[cst.BaseStatement]:
    """A function that refuses a tensor to begin with, above the first line that would have asked for it."""
    untouched = set(map(id, function.body.body))
    place = next((i for i, s in enumerate(body) if id(s) not in untouched), 0)
    text = f'if {name} is not None:\n    raise ValueError("{_NO_TENSOR.format(name)}")\n'
    guard = led(build.statements(text)[0], leading(body[place]))
    return [*body[:place], guard, led(body[place], []), *body[place + 1 :]]
