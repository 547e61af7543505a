"""The file with classes in place of its functional models and of the functions that build their layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, used_names
from translator.rewrite.functional.attributes import Names
from translator.rewrite.functional.changing import replaced
from translator.rewrite.functional.cutting import Cut, cut_out
from translator.rewrite.functional.handed import with_classes
from translator.rewrite.functional.known import Known, Plan, Times, study
from translator.rewrite.functional.lowering import is_identity, lowered
from translator.rewrite.functional.nested import called, with_parts
from translator.rewrite.functional.refused import RefusedError
from translator.rewrite.functional.slices import slices
from translator.rewrite.functional.write import Inputs, Written, of_function, write
from translator.rewrite.layout import BLANK, leading, led, without_blank
from translator.rewrite.wrapping import wrapped
from translator.source.activations import LINEAR
from translator.source.facts import Facts
from translator.source.functions import parameters
from translator.source.objects import FunctionValue
from translator.source.special import MERGES
from translator.source.tree import nodes
from translator.source.values import Api, FunctionalValue, Literal, MergeValue, Value

_PASS = cst.SimpleStatementLine([cst.Pass()])


@dataclass(eq=False)
class Unfolded:
    """What came of a file: its new tree, what reaches the `call` of new classes, why models stayed."""

    tree: cst.Module
    inputs: dict[int, Inputs] = field(default_factory=dict)
    """By `id` of the `call` of a class: the inputs that its model was given."""
    origins: dict[int, tuple[cst.CSTNode, cst.CSTNode]] = field(default_factory=dict)
    """By `id` of what was put in: that, and what of the source it stands for."""
    refused: dict[int, RefusedError] = field(default_factory=dict)
    """By `id` of the call that makes a model: why it stays."""


def unfolded(
    tree: cst.Module, facts: Facts, needed: frozenset[int] = frozenset()
) -> Unfolded | None:
    """The file without its functional models and merges; None where it has none.

    `needed`, by `id` of what is called to build them: layers whose widths are not known without being told.
    """
    if not any(map(_concerns, facts.values.values())):
        return None
    if facts.module_names.get("keras", Api("keras")) != Api("keras"):
        return None
    plan = Plan(needed)
    while True:
        before = len(plan.telling) + len(plan.silent)
        result = _Unfolding(tree, study(facts, tree, plan)).run()
        if len(plan.telling) + len(plan.silent) == before:
            return result


def _concerns(value: Value) -> bool:
    """True for a functional model, a layer that merges tensors, its function, and for a function that does nothing."""
    if isinstance(value, FunctionValue):
        return value.info.node is not None and is_identity(value.info.node)
    if isinstance(value, Api):
        return value.name in _MERGES or value.name in LINEAR
    return isinstance(value, FunctionalValue | MergeValue) or value == Literal("linear")


_MERGES = {f"keras.layers.{name.lower()}" for name in MERGES}


class _Unfolding:
    def __init__(self, tree: cst.Module, known: Known) -> None:
        self.tree, self.known = tree, known
        self.naming = Names(used_names(nodes(tree)))
        self.result = Unfolded(tree, origins=known.origins)
        calls = of_kind(nodes(tree), cst.Call)
        self.naming.base = next((c.func for c in calls if known.is_model(c)), cst.Name("object"))
        self.helpers: dict[int, Written] = {}
        self.written: list[cst.BaseStatement] = []

    def run(self) -> Unfolded:
        self._write_helpers()
        body = self._module()
        body = lowered(self.known, self._without_replaced(body))
        self.result.tree = self.tree.with_changes(body=_apart(self._with_keras(body)))
        return self.result

    # functions that build layers

    def _write_helpers(self) -> None:
        """Write the classes of all helpers of the module that can be split, with all that they call."""
        known = self.known
        functions = [
            h.node
            for h in known.helpers.values()
            if h.makes and (id(h.node) in known.top or id(h.node) in known.handed)
        ]
        for function in functions:
            outer = known.outer.get(id(function))
            own = function.name.value
            self.naming.give(function, own if outer is None else f"{outer}_{own}")
        taken = frozenset(self.naming.taken)
        before: list[cst.FunctionDef] = []
        while functions != before:  # one that is refused takes those that call it with it
            before = functions
            self.helpers, self.naming.taken = {}, set(taken)
            for function in self._in_order(functions):
                self._write_helper(function)
            functions = [f for f in functions if id(f) in self.naming.classes]

    def _write_helper(self, function: cst.FunctionDef) -> None:
        try:
            body = of_function(self.known, self.naming, function)
            self.helpers[id(function)] = write(self.known, self.naming, body)
        except RefusedError as refused:
            del self.naming.classes[id(function)]
            self.known.helpers[id(function)].why = refused

    def _in_order(self, functions: Sequence[cst.FunctionDef]) -> list[cst.FunctionDef]:
        """The functions with those that they call before them."""
        ordered: dict[int, cst.FunctionDef] = {}
        begun: set[int] = set()

        def visit(function: cst.FunctionDef) -> None:
            if id(function) in begun:
                return
            begun.add(id(function))
            for call in of_kind(nodes(function), cst.Call):
                if self.known.helper(call.func) is not None:
                    for called in self.known.functions(call.func):
                        visit(called)
            ordered[id(function)] = function

        for function in functions:
            visit(function)
        wanted = set(map(id, functions))
        return [function for key, function in ordered.items() if key in wanted]

    def _without_replaced(self, body: list[cst.BaseStatement]) -> list[cst.BaseStatement]:
        """The module without the functions that are classes now, but for those that something still calls."""
        new = set(map(id, self.written))
        names = {id(s): used_names(nodes(s)) for s in body if id(s) not in new}
        kept = {key for key in names if key not in self.helpers}
        before = -1
        while len(kept) != before:
            before = len(kept)
            read = {name for key in kept for name in names[key]}
            kept |= {key for key, found in self.helpers_named(names) if found in read}
        return [s for s in body if id(s) in new or id(s) in kept]

    def helpers_named(self, names: dict[int, set[str]]) -> list[tuple[int, str]]:
        """The functions that are classes now, with their names."""
        known = self.known.helpers
        return [(key, known[key].node.name.value) for key in self.helpers if key in names]

    # models

    def _module(self) -> list[cst.BaseStatement]:
        body: list[cst.BaseStatement] = []
        for statement in map(self._with_handed, self.tree.body):
            if isinstance(statement, cst.FunctionDef):
                if id(statement) in self.helpers:
                    body += self._spaced(self.helpers[id(statement)], statement.leading_lines)
                before, function = self._function(statement)
                body += [*before, function]
            elif isinstance(statement, cst.ClassDef):
                body += self._methods(statement)
            else:
                body.append(statement)
        classes, body = self._block(body, None)
        return self._placed(body, classes)

    def _methods(self, node: cst.ClassDef) -> list[cst.BaseStatement]:
        """A class with the models that its methods make before it."""
        before: list[cst.BaseStatement] = []
        methods: list[cst.CSTNode] = []
        for statement in node.body.body:
            if isinstance(statement, cst.FunctionDef) and id(statement) in self.known.owners:
                classes, method = self._function(statement)
                before += classes
                methods.append(method)
            else:
                methods.append(statement)
        if not before:
            return [node]
        first = led(before[0], leading(node)) if leading(node) else before[0]
        body = node.body.with_changes(body=methods)
        return [first, *before[1:], led(node.with_changes(body=body), [BLANK, BLANK])]

    def _with_handed(self, node: cst.CSTNode) -> cst.BaseStatement:
        """A statement of the module with the classes of functions that are handed on."""
        assert isinstance(node, cst.BaseStatement)
        written = {key: w for key, w in self.helpers.items() if key in self.known.handed}
        if not written:
            return node
        inner = {key: w for key, w in written.items() if key in self.known.outer}
        for found in inner.values():
            self.result.inputs |= found.inputs
        new = with_classes(self.known, node, written, self.naming.classes)
        if id(node) in self.known.top:
            self.known.top |= {id(new)}
        if id(node) in self.helpers:
            self.helpers[id(new)] = self.helpers[id(node)]
            self.known.helpers[id(new)] = self.known.helpers[id(node)]
        return new

    def _placed(
        self, body: list[cst.BaseStatement], classes: dict[int, list[cst.BaseStatement]]
    ) -> list[cst.BaseStatement]:
        """The module with each class of its own before the statement that makes its model."""
        return [new for s in body for new in (*classes.get(id(s), ()), s)]

    def _function(self, node: cst.FunctionDef) -> tuple[list[cst.BaseStatement], cst.BaseStatement]:
        inner = [s for s in node.body.body if isinstance(s, cst.BaseStatement)]
        classes, body = self._block(inner, node)
        if not classes:
            return [], node
        before = [c for found in classes.values() for c in found]
        body[0] = without_blank(body[0])
        return before, node.with_changes(body=node.body.with_changes(body=body))

    def _block(
        self, body: list[cst.BaseStatement], function: cst.FunctionDef | None
    ) -> tuple[dict[int, list[cst.BaseStatement]], list[cst.BaseStatement]]:
        """One block without the models that can be cut out; their classes by `id` of the statement that makes each."""
        plain = [_PASS if isinstance(s, cst.FunctionDef | cst.ClassDef) else s for s in body]
        settings = [] if function is None else [p.name.value for p in parameters(function)]
        times = Times(self.known, plain, set(), settings)
        whole = with_parts(self.known, times, body)
        if len(whole) > len(body):
            body = whole
            plain = [_PASS if isinstance(s, cst.FunctionDef | cst.ClassDef) else s for s in body]
            times = Times(self.known, plain, set(), settings)
        classes: dict[int, list[cst.BaseStatement]] = {}
        gone: set[int] = set()
        stays: set[int] = set()
        made: dict[int, cst.BaseStatement] = {}
        for found in slices(self.known, times, plain):
            try:
                if found.why is not None:
                    raise found.why
                cut = cut_out(self.known, self.naming, times, body, found, function)
                written = write(self.known, self.naming, cut.body)
            except RefusedError as refused:
                self.result.refused[id(found.call)] = refused
                stays |= found.statements
                continue
            if (name := called(body[found.end], found)) is not None:
                self.naming.models[name] = cut.body.name
            gone |= found.statements | found.moved
            before = made.get(found.end, body[found.end])
            with_call = _with_call(before, found.call, cut, written.settings)
            made[found.end] = wrapped(with_call, before, 0 if function is None else 4)
            blank = [BLANK, BLANK]
            classes.setdefault(found.end, []).extend(self._spaced(written, blank))
        kept = [made.get(i, s) for i, s in enumerate(body) if i not in gone - stays]
        return {id(made[end]): written for end, written in classes.items()}, kept

    def _spaced(self, written: Written, lines: Sequence[cst.EmptyLine]) -> list[cst.BaseStatement]:
        self.result.inputs |= written.inputs
        blank = [BLANK, BLANK]
        classes = [led(node, blank if i else lines) for i, node in enumerate(written.classes)]
        self.written += classes
        return classes

    def _with_keras(self, body: list[cst.BaseStatement]) -> list[cst.BaseStatement]:
        """The module with `import keras` where a class needs that name and nothing binds it."""
        if "keras" in self.known.facts.module_names:
            return body
        if not any("keras" in used_names(nodes(node)) for node in body):
            return body
        imports = (cst.Import, cst.ImportFrom)
        lines = [
            i
            for i, s in enumerate(body)
            if isinstance(s, cst.SimpleStatementLine) and isinstance(s.body[0], imports)
        ]
        at = lines[-1] + 1 if lines else 0
        return [*body[:at], build.statement("import keras"), *body[at:]]


def _apart(body: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
    """Statements with two blank lines behind each class."""
    placed: list[cst.BaseStatement] = []
    for statement in body:
        own = leading(statement)
        blank = next((i for i, line in enumerate(own) if line.comment), len(own))
        missing = 2 - blank if placed and isinstance(placed[-1], cst.ClassDef) else 0
        placed.append(led(statement, [*[BLANK] * missing, *own]) if missing > 0 else statement)
    return placed


def _with_call(
    node: cst.BaseStatement, call: cst.Call, cut: Cut, settings: Sequence[str]
) -> cst.BaseStatement:
    """The statement that made the model, with an object of its class."""

    def change(part: cst.BaseExpression) -> cst.BaseExpression:
        if part is call:
            given = [build.argument(_setting(cut, name)) for name in settings]
            return build.call(cst.Name(cut.body.name), given)
        new = replaced(part, change)
        assert isinstance(new, cst.BaseExpression)
        return new

    new = replaced(node, change)
    assert isinstance(new, cst.BaseStatement)
    return new


def _setting(cut: Cut, name: str) -> cst.BaseExpression:
    """What the class of a model is given where it is made."""
    own = cst.Name(name)
    return cst.Attribute(cst.Name(cut.owner), own) if name in cut.owned else own
