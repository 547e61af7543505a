"""One abstract run over the original tree: what every name and expression is, before anything is rewritten.

Bodies of functions are run when they are called and once more at the end if they were not; a function whose
arguments or whose pinned names changed is run again, until nothing changes. Names are held flow by flow: where two
flows meet with a tensor in different axis orders, the name is pinned to the source's order and its function rerun.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import libcst as cst

from translator.knowledge.lenses import Side
from translator.source import (
    calls,
    expressions,
    functions,
    lists,
    literals,
    mixed,
    offering,
    several,
    statements,
)
from translator.source.facts import Facts, to_source, to_target
from translator.source.inputs import Inputs, give_inputs
from translator.source.joins import join, source_order
from translator.source.left import is_left
from translator.source.objects import FunctionInfo
from translator.source.reference import Stars, held, is_module
from translator.source.reflected import may_be
from translator.source.values import (
    PLAIN,
    UNKNOWN,
    Api,
    Each,
    MixedValue,
    SeveralValue,
    TensorValue,
    Unsure,
    Value,
)

_RUNS = 8
"""How often one function is run before its tensors are pinned to the source's order."""

Names = dict[str, Value]


class Scope:
    """The names of one function or of the module; `names` is replaced where flows part."""

    def __init__(self, parent: Scope | None, function: FunctionInfo) -> None:
        self.parent = parent
        self.function = function
        self.names: Names = {}

    def find(self, name: str) -> Value | None:
        """The value of a name here or in an enclosing scope."""
        if name in self.names:
            return self.names[name]
        self.function.outer.add(name)
        found = None if self.parent is None else self.parent.find(name)
        if isinstance(found, TensorValue) and found.follows:
            self.parent.function.sees_order = True  # type: ignore[union-attr]
            found = source_order(found)
        if name not in self.function.late:
            return found
        return Unsure(found.name) if isinstance(found, Api) else UNKNOWN

    def visible(self) -> Names:
        """All names that can be read here."""
        return self.names if self.parent is None else self.parent.visible() | self.names

    def owner(self, name: str) -> Scope | None:
        """The scope that binds a name."""
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.parent
        return scope


class Interpreter:
    """The state of one run: the facts found so far and the scope that is being run."""

    def __init__(
        self,
        side: Side,
        exact: bool = False,
        inputs: Mapping[int, Inputs] | None = None,
        untold: frozenset[str] = frozenset(),
        asked: frozenset[str] = frozenset(),
    ) -> None:
        self.side: Side = side
        self.exact = exact
        self.untold = untold
        """The classes that cannot be told the width of what they are given."""
        self.asked = asked
        """The classes that are told it in any case."""
        self.inputs = inputs or {}
        """By `id` of a forward pass: what states the shapes of the tensors that it is given."""
        self.facts = Facts(side)
        self.module = self.facts.module
        self.scope = Scope(None, self.module)
        self.closures: dict[int, Scope] = {}
        self.constants: dict[str, cst.BaseExpression] = {}
        self.globals: Names = {}
        """What functions assign to names of the module."""
        self.tree = cst.Module([])
        self.bindings: dict[int, Counter[str]] = {}
        """How often the names of a function, by `id` of its node, are bound; in loops counts twice."""
        self.kept_parameters: dict[int, dict[str, str]] = {}
        """By `id` of a class: which attributes hold which parameters of its constructor."""
        self.called: dict[str, FunctionInfo] = {}
        """The functions that were called, by qualified name."""
        self.parted = False
        """True once parts that stand in one list, with nothing between them, were seen to take other axis orders."""
        self.branch = 0
        """The `id` of the innermost block that is running and may not run, or not once; 0 outside of any."""
        self.uses_framework = False
        """True once an import of the source framework was seen."""
        self.leaving = False
        """True inside a statement that is left to a person: what it makes is not followed."""
        self.stars = Stars(self.facts)

    # running

    def run(self, tree: cst.Module) -> Facts:
        """Interpret a whole module."""
        self.tree = tree
        for _ in range(3):
            self.module.dirty = False
            self.scope.names = {}
            self.stars.reset()
            self.block(tree.body)
            self._settle()
            if not self.module.dirty:
                break
        if offering.take_back(self):
            self._settle()
        if lists.plan(self):
            self._settle()
        if lists.take_back(self):
            self._settle()
        self.facts.module_names = self.scope.names
        return self.facts

    def _settle(self) -> None:
        """Run functions until nothing changes."""
        while pending := [f for f in self.facts.functions.values() if f.dirty and not f.active]:
            pending.reverse()
            for function in sorted(pending, key=_turn):
                if function.dirty:
                    self.run_function(function)

    def run_function(self, function: FunctionInfo) -> None:
        """Run a body with the arguments that its calls were seen to pass; reruns the callers if the result changed."""
        node = function.node
        if function.active or node is None:
            return
        if function.runs >= _RUNS:
            function.dirty = False
            return
        if not function.parted and function.runs < _RUNS // 2:
            # it runs with other arguments or attributes, so that the flows may agree now
            function.pinned -= function.pinned_by_flow
            function.pinned_by_flow.clear()
        function.active, function.dirty, function.runs = True, False, function.runs + 1
        function.parted = False
        function.asked = frozenset(function.wanted)
        outer, before = self.scope, function.result
        took_any, function.sees_order = function.takes_any_order, False
        self.scope = Scope(self.closures[id(node)], function)
        function.earlier, function.result, function.yielded = before, None, None
        leaving, self.leaving = self.leaving, function.left
        functions.bind_parameters(self, function)
        if isinstance(node, cst.FunctionDef):
            self.block(node.body.body)
        else:
            functions.returned(self, node.body)
        give_inputs(self, function)
        bound = self.scope.names.keys() - function.nonlocals
        late = (function.outer & bound) - function.late
        self.scope, self.leaving = outer, leaving
        function.active = False
        if late:
            function.late |= late
            function.dirty = True
        if function.yielded is not None:
            function.result = Each(function.yielded)
        if function.result is None:
            function.result = literals.NONE
        if function.result != before or function.takes_any_order != took_any:
            for caller in function.callers:
                caller.dirty = True

    def block(self, body: Sequence[cst.CSTNode]) -> None:
        """Run statements in order."""
        for statement in body:
            outer = self.leaving
            self.leaving = outer or is_left(statement)
            STATEMENTS.get(type(statement), expressions.anything)(self, statement)
            self.leaving = outer

    def in_branch(self, suite: cst.BaseSuite) -> None:
        """Run a block that may be left out or run again."""
        outer, self.branch = self.branch, id(suite)
        self.block(suite.body)
        self.branch = outer

    def evaluate(self, node: cst.BaseExpression) -> Value:
        """The value of an expression, kept in the facts; tensors may come in either axis order."""
        handler = EXPRESSIONS.get(type(node))
        value = expressions.anything(self, node) if handler is None else handler(self, node)
        self.facts.values[id(node)] = value
        return value

    def plain(self, node: cst.BaseExpression) -> Value:
        """The value of an expression for a consumer that can see the axis order: the source's order."""
        value, rank = self.evaluate(node), self.facts.listed.get(id(node))
        if rank is not None:
            return lists.element(self, node, rank)
        return self.in_order(node, value, target=False)

    def in_order(self, node: cst.BaseExpression, value: Value, target: bool) -> Value:
        """Ask for a tensor in one order; where it comes in the other, the expression is permuted there."""
        self.see(value)
        return self.turned(node, value, target)

    def see(self, value: Value) -> None:
        """Note that the axis order of a tensor makes a difference to the function that is running."""
        if (
            isinstance(value, TensorValue)
            and value.follows
            and (value.rank is None or value.rank > 2)
        ):
            self.scope.function.sees_order = True

    def turned(self, node: cst.BaseExpression, value: Value, target: bool) -> Value:
        """A tensor in one order, for a consumer to which either would do."""
        self.facts.reorders.pop(id(node), None)
        if isinstance(value, MixedValue):
            return mixed.settle(self, value)
        if isinstance(value, SeveralValue):
            return several.settle(self, value)
        if not isinstance(value, TensorValue) or value.target_order == target:
            return value
        rank = value.rank
        if rank is None or rank < 3:
            return value
        if value.shape is not None and all(size == 1 for size in value.shape[1:]):
            return replace(value, target_order=target)  # it is the same in either
        if target and value.shaped_by is not None and value.shaped_by not in self.facts.shaped:
            self.facts.shaped.add(value.shaped_by)
            self.scope.function.dirty = True
        permutation = to_target(self.side, rank) if target else to_source(self.side, rank)
        self.facts.reorders[id(node)] = permutation
        return replace(value, target_order=target, origin=None, shaped_by=None)

    # names

    def assign(self, name: str, value: Value, node: cst.BaseExpression | None = None) -> None:
        """Bind a name; a pinned name takes its tensor in the source's order, permuted at `node`."""
        shared = name in self.scope.function.globals
        if shared or name in self.scope.function.pinned:
            value = source_order(value) if node is None else self.turned(node, value, target=False)
        self.bind(name, value if is_module(value, self.side) else held(value))

    def bind(self, name: str, value: Value) -> None:
        """Give a name a value; one that functions set has all its values at once."""
        if isinstance(value, SeveralValue):
            value = several.settle(self, value)
        value = PLAIN if self.leaving else value
        self.facts.hold(name, value)
        function = self.scope.function
        if name in function.globals:
            self.assign_global(name, value)
        elif function is self.module and name in self.globals:
            self.scope.names[name] = self.meet(self.globals[name], value)
        else:
            self.scope.names[name] = value

    def assign_global(self, name: str, value: Value) -> None:
        """A function sets a name of the module: from now on the name may be that as well, wherever it is read."""
        module = self.scope
        while module.parent is not None:
            module = module.parent
        known = self.meet(self.globals.get(name, value), value)
        module.names[name] = self.meet(module.names.get(name, known), known)
        if known != self.globals.get(name):
            self.globals[name] = known
            self.module.dirty = True
            for function in self.facts.functions.values():
                function.dirty = function.dirty or not function.active

    def note_constant(self, node: cst.Assign) -> None:
        """Remember tuples that the module names, `input_shape = (28, 28, 1)`; a second assignment forgets them."""
        target = node.targets[0].target
        if self.scope.function is self.module and isinstance(target, cst.Name):
            known = self.constants.get(target.value, node.value)
            if known is node.value and isinstance(node.value, cst.Tuple | cst.List):
                self.constants[target.value] = node.value
            else:
                self.constants.pop(target.value, None)

    def merge(self, first: Names, second: Names) -> Names:
        """The names after two flows meet; a name that only one flow binds keeps that value."""
        merged = dict(first)
        for name, value in second.items():
            if name not in first:
                merged[name] = value
                continue
            other = first[name]
            if value is other:
                continue
            merged[name] = self._met(name, other, value)
        return merged

    def _met(self, name: str, a: Value, b: Value) -> Value:
        """The value of a name after two flows."""
        found = mixed.mixed(a, b, self.scope.function, name)
        if found is not None:
            return found
        if _orders_part(a, b):
            self.pin(name)
        for value in (a, b):
            if isinstance(value, MixedValue) and a != b:
                mixed.settle(self, value)
        return self.meet(a, b)

    def meet(self, a: Value, b: Value) -> Value:
        """The most that is true of two values of a name; what is imported beside anything else is no longer sure."""
        for value, other in ((a, b), (b, a)):
            if isinstance(value, Unsure):
                return value
            if isinstance(value, Api) and not value.held and value != other:
                return Unsure(value.name)
        return join(a, b)

    def pin(self, name: str) -> None:
        """Hold a name in the source's order from now on, and run its function again."""
        function = self.scope.function
        if function.dirty and function.runs == 1:
            return  # it is run again: what was asked for meanwhile is not in yet
        if name in function.wanted and name not in function.asked:
            function.dirty = True  # a parameter that this run asked for: the next one has it
        elif name not in function.pinned:
            function.pinned.add(name)
            function.pinned_by_flow.add(name)
            function.wanted.pop(name, None)
            function.dirty = function.parted = True

    def rerun_readers(self, name: str) -> None:
        """What an attribute is has changed: run the functions that have read it once more."""
        for function in self.facts.functions.values():
            if any(may_be(name, read) for read in function.reads):
                function.dirty = True

    def rerun_methods(self) -> None:
        """What an attribute is has changed: run the methods that may have read it once more."""
        for method in self.facts.functions.values():
            if method.owner is not None and method is not self.scope.function and not method.active:
                method.dirty = True

    def depend(self, function: FunctionInfo) -> None:
        """Note that the running function uses the result of `function`."""
        function.callers.add(self.scope.function)


def _turn(function: FunctionInfo) -> int:
    """When a function is run that nothing has called yet: what may call others first, so that they are given more.

    Files go from the small to the large: the last is run first, functions before constructors and these before methods.
    """
    if function.owner is None:
        return 0
    return 1 if function.name == "__init__" else 2


def _orders_part(a: Value, b: Value) -> bool:
    return (
        isinstance(a, TensorValue)
        and isinstance(b, TensorValue)
        and a.target_order != b.target_order
    )


STATEMENTS: dict[type[cst.CSTNode], Callable[..., None]] = statements.HANDLERS
EXPRESSIONS: dict[type[cst.CSTNode], Callable[..., Value]] = {
    **expressions.HANDLERS,
    cst.Call: calls.call,
}
