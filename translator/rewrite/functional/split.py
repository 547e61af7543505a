"""The split of one body: what is built goes to `__init__`, what is done with tensors to `call`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.layers.same_pad import CORRECT_PAD
from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, small, targets, used_names
from translator.rewrite.functional.attributes import Made, Names
from translator.rewrite.functional.changing import replaced
from translator.rewrite.functional.known import Helper, Known, Times, given_by
from translator.rewrite.functional.merges import merged
from translator.rewrite.functional.refused import RefusedError
from translator.rewrite.functional.told import OUT, hinted, settings_of, variable, with_values
from translator.rewrite.functional.widths import Widths
from translator.source.made import argument
from translator.source.objects import Built, ClassValue, FunctionValue, ObjectValue
from translator.source.rest import takes_names
from translator.source.tree import nodes
from translator.source.values import Api, FunctionalValue

if TYPE_CHECKING:
    from translator.rewrite.functional.write import Written

_HIDDEN = (cst.Lambda, cst.ListComp, cst.GeneratorExp, cst.SetComp, cst.DictComp)


class Split:
    """The state of one split: the statements of `__init__` so far, the layers that they build."""

    def __init__(
        self,
        known: Known,
        times: Times,
        naming: Names,
        widths: Mapping[str, cst.BaseExpression],
    ) -> None:
        self.known, self.times, self.naming = known, times, naming
        self.widths = Widths(self, widths)
        self.local = times.own - times.names
        """The names of the configuration that the body binds or is given."""
        self.computed = set(times.given)
        """The names that were given a tensor so far."""
        self.init: list[cst.BaseStatement] = []
        self.made: list[Made] = []
        self.used: dict[str, int] = {}
        """Names of the configuration that `call` reads, with the place where it first does."""
        self.bound: dict[str, int] = {}
        """Where such names are bound last."""
        self.stored: set[str] = set()
        """Names that are attributes already."""
        self.foreign: set[str] = set()
        """Names of the module that hold layers."""
        self.hidden: frozenset[str] = frozenset()
        """Names that an expression or a loop in `call` binds itself."""
        self.place = 0
        self.turn = False
        """True in the body of a loop that builds layers at each turn."""
        self.nested = False
        """True in loops inside each other whose layers are one list."""
        self.returned = False
        """True behind a condition that may have returned."""
        self.lifted: list[Written] = []
        self.naming_only: set[str] = set()
        """Names that were read for the names of layers."""
        self.asked: list[tuple[str, str, cst.BaseExpression]] = []
        """The widths that classes are told, by their names and the tensors that have them."""
        self.root = self.init
        self.waiting: dict[str, cst.BaseStatement] = {}
        """Layers that wait for their first call: the module holds its layers in the order of their calls."""
        calls = [
            c.func.value for c in of_kind(times.code, cst.Call) if isinstance(c.func, cst.Name)
        ]
        reads = Counter(n.value for n in of_kind(times.code, cst.Name))
        bound = [name for s in times.body for name in targets(s)]
        self.only_called = {n for n in calls if reads[n] == calls.count(n) + bound.count(n)}
        """Names that are read only to be called."""

    def lift(self, function: cst.FunctionDef) -> None:
        """Write the class of a function that was made of the body of a loop."""
        from translator.rewrite.functional.write import of_function, write

        self.naming.give(function, "block")
        self.lifted.append(
            write(self.known, self.naming, of_function(self.known, self.naming, function))
        )

    # statements

    def block(self, body: Sequence[cst.CSTNode]) -> list[cst.BaseStatement]:
        """Split some statements: what they build is added to `init`; returns what they compute."""
        from translator.rewrite.functional import flow

        calls: list[cst.BaseStatement] = []
        for statement in body:
            assert isinstance(statement, cst.BaseStatement)
            self.place += 1
            calls += flow.statement(self, statement)
        return calls

    def line(self, node: cst.SimpleStatementLine) -> list[cst.BaseStatement]:
        """A simple statement goes where it can be run first."""
        inner = small(node)
        if inner is None:
            raise RefusedError(node, "several statements on one line")
        bound = targets(node)
        late = any(map(self.times.late, _values(inner))) or bool(bound & self.times.names)
        if isinstance(inner, cst.Return):
            return self._returned(node, inner)
        if not late and self._waits(inner):
            self.waiting[next(iter(bound))] = node
            return []
        if not late:
            early = self.unnamed(self.widths.resolved(node))
            assert isinstance(early, cst.SimpleStatementLine)
            self.widths.rebinding(bound)
            self.init.append(early)
            self.bound |= dict.fromkeys(bound, self.place)
            if not self.turn or not bound:
                return []
            again = replaced(early.deep_clone(), self.expression)
            assert isinstance(again, cst.SimpleStatementLine)
            return [again.with_changes(leading_lines=[])]
        if bound & self.local:
            raise RefusedError(
                node, f"{min(bound & self.local)} is a tensor here and no tensor elsewhere"
            )
        first = len(self.made)
        new = replaced(node, self.expression)
        assert isinstance(new, cst.SimpleStatementLine)
        self.computed |= bound
        if len(self.made) > first and len(bound) == 1 and isinstance(inner, cst.Assign):
            if isinstance(inner.value, cst.Call) and self.binds_once(next(iter(bound))):
                self.made[-1].variable = next(iter(bound))
        self._note_widths(inner, bound)
        return [new]

    def _note_widths(self, node: cst.BaseSmallStatement, bound: set[str]) -> None:
        """The widths of the tensors that a line sets."""
        width = None
        if isinstance(node, cst.Assign) and len(node.targets) == 1:
            width = self.widths.width(node.value)
            if bound & self.widths.lists:
                width = self.widths.total(node.value)
            target = node.targets[0].target
            several = self.widths.made.get(id(node.value), ())
            if isinstance(target, cst.Tuple) and len(several) == len(target.elements):
                for element, each in zip(target.elements, several, strict=True):
                    if isinstance(element.value, cst.Name):
                        self.widths.set(element.value.value, each)
                return
        elif isinstance(node, cst.AugAssign):
            width = self.widths.width(node.target)
        for name in bound:
            self.widths.set(name, width)
        self.widths.appended(node)

    def _waits(self, node: cst.BaseSmallStatement) -> bool:
        """True for a layer that is given a name and only called."""
        if self.turn or self.init is not self.root or not isinstance(node, cst.Assign):
            return False
        name = node.targets[0].target
        known = self.known.facts.value(node.value)
        built = isinstance(known, Built | ObjectValue | FunctionalValue)
        return built and isinstance(name, cst.Name) and name.value in self.only_called

    def binds_once(self, name: str) -> bool:
        """True for a name that the body gives a value in one place."""
        return (
            sum(
                name in targets(n)
                for n in self.times.code
                if isinstance(n, cst.SimpleStatementLine)
            )
            == 1
        )

    def _returned(
        self, node: cst.SimpleStatementLine, inner: cst.Return
    ) -> list[cst.BaseStatement]:
        if inner.value is None or not self.times.late(inner.value):
            raise RefusedError(node, "it returns something other than tensors of the model")
        new = replaced(node, self.expression)
        assert isinstance(new, cst.SimpleStatementLine)
        self.widths.returned(inner.value)
        return [new]

    def kept(self, node: cst.CSTNode) -> cst.CSTNode:
        """Something that stays whole in `call`; the names that it binds are its own there."""
        outer = self.hidden
        self.hidden = outer | targets(node)
        new = replaced(node, self.expression)
        self.hidden = outer
        return new

    # expressions

    def expression(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """An expression as `call` has it."""
        outer = self.hidden
        if isinstance(node, _HIDDEN):
            if any(self.times.creations([node])):
                raise RefusedError(node, "layers that are built inside an expression of this kind")
            self.hidden = outer | _binds(node)
        if isinstance(node, cst.IfExp) and any(self.times.creations([node])):
            raise RefusedError(node, "layers that are built under a condition inside an expression")
        new = self._expression(node)
        self.hidden = outer
        return new

    def _expression(self, node: cst.BaseExpression) -> cst.BaseExpression:
        if isinstance(node, cst.Name):
            return self.name(node)
        if isinstance(node, cst.Call):
            if self.times.late(node):
                return self._call(node)
            if isinstance(self.known.facts.value(node), Built | ObjectValue):
                return self.layer(node)
        new = replaced(node, self.expression)
        assert isinstance(new, cst.BaseExpression)
        return new

    def name(self, node: cst.Name) -> cst.BaseExpression:
        """A name in `call`: what `__init__` knows of the configuration is an attribute there."""
        if node.value in self.hidden or node.value not in self.local:
            return node
        self._use(node.value)
        return _attribute(node.value)

    def _use(self, name: str) -> None:
        """Note that `call` reads a name; a layer is held from its first call on."""
        first = name not in self.used
        self.used.setdefault(name, self.place)
        if name in self.waiting:
            self.root.append(self.waiting.pop(name))
        elif first and name in self.only_called and name not in self.bound:
            self.root.append(build.statement(f"self.{name} = {name}"))
            self.stored.add(name)

    def layer(
        self, made: cst.BaseExpression, given: cst.BaseExpression | None = None
    ) -> cst.BaseExpression:
        """Build something in `__init__`; returns the attribute that holds it, by a name that is still open.

        `given` is the tensor that it is called with.
        """
        if self.returned:
            raise RefusedError(made, "layers that are built behind a return")
        if self.times.late(made):
            raise RefusedError(made, "a layer whose settings depend on the size of a tensor")
        unnamed = self.unnamed(self._told(made, given))
        assert isinstance(unnamed, cst.BaseExpression)
        made = unnamed
        layer = Made(made, f"__layer_{len(self.made)}_{id(self)}__", listed=self.turn)
        self.made.append(layer)
        how = ".append(layer)" if layer.listed else " = layer"
        self.init.append(build.statement(f"self.{layer.holder}{how}", layer=made))
        return build.name(f"{layer.holder}item") if layer.listed else _attribute(layer.holder)

    def unnamed(self, node: cst.CSTNode) -> cst.CSTNode:
        """Code of `__init__` without names of layers that are computed: a module is called what its attribute is."""

        def change(part: cst.BaseExpression) -> cst.BaseExpression:
            new = replaced(part, change)
            assert isinstance(new, cst.BaseExpression)
            if not isinstance(part, cst.Call) or not isinstance(new, cst.Call):
                return new
            at = next((i for i, a in enumerate(part.args) if _is_name(a)), None)
            if at is None or isinstance(part.args[at].value, cst.SimpleString):
                return new
            if not self._is_layer(part):
                return new
            self.naming_only |= used_names(nodes(part.args[at].value))
            kept = [*new.args[:at], *new.args[at + 1 :]]
            if kept and at == len(kept):
                last = new.args[at]
                end = {"comma": last.comma, "whitespace_after_arg": last.whitespace_after_arg}
                kept[-1] = kept[-1].with_changes(**end)
            return build.joined(new.with_changes(args=kept))

        return change(node) if isinstance(node, cst.BaseExpression) else replaced(node, change)

    def _is_layer(self, made: cst.Call) -> bool:
        """True for what builds a layer that makes nothing of its name."""
        value = self.known.facts.value(made.func)
        if isinstance(value, ClassValue):
            constructor = value.info.method("__init__")
            return constructor is not None and takes_names(self.known.facts, constructor)
        name = value.name if isinstance(value, Api) else ""
        return name.startswith("keras.layers.") or name == "keras.Sequential"

    def _told(
        self, made: cst.BaseExpression, given: cst.BaseExpression | None
    ) -> cst.BaseExpression:
        """What is built, with the widths that it asks for."""
        resolved = self.widths.resolved(made)
        assert isinstance(resolved, cst.BaseExpression)
        width = None if given is None else self.widths.width(given)
        needed = isinstance(made, cst.Call) and id(made.func) in self.known.plan.needed
        if width is None or not needed or not isinstance(resolved, cst.Call):
            return resolved
        return hinted(resolved, width)

    def _call(self, node: cst.Call) -> cst.BaseExpression:
        combined = merged(self.known, node, self.expression)
        if combined is not None:
            return combined
        if (pad := self._padding(node)) is not None:
            return pad
        kind = self.times.kind(node)
        if kind == "input":
            raise RefusedError(node, "an input that does not stand by itself")
        if kind == "helper":
            return self._helper(node)
        args = [a.with_changes(value=self.expression(a.value)) for a in node.args]
        if kind == "operation":
            return node.with_changes(args=args, func=self._operation(node.func))
        given = node.args[0].value if node.args else None
        return build.call(self._built(node.func, given), [_bare(a) for a in args], node)

    def _padding(self, node: cst.Call) -> cst.BaseExpression | None:
        """`ZeroPadding2D(correct_pad(x, 3))(x)`: a layer that finds out the sizes where it is called."""
        if not isinstance(node.func, cst.Call) or len(node.args) != 1:
            return None
        widths = argument(node.func, 0, "padding")
        if not isinstance(widths, cst.Call) or self.known.api(widths.func) != CORRECT_PAD:
            return None
        window, padded = argument(widths, 1, "kernel_size"), argument(widths, 0, "inputs")
        given = node.args[0].value
        if window is None or padded is None or not build.same_code(padded, given):
            return None
        layer = self.layer(build.call(widths.func, [build.argument(window)]), given)
        return build.call(layer, [cst.Arg(self.expression(given))])

    def _operation(self, func: cst.BaseExpression) -> cst.BaseExpression:
        return (
            self.expression(func) if self.times.late(func) or isinstance(func, cst.Name) else func
        )

    def _built(
        self, func: cst.BaseExpression, given: cst.BaseExpression | None
    ) -> cst.BaseExpression:
        """The attribute of a layer that is called."""
        if isinstance(func, cst.Name):
            waiting = self.waiting.get(func.value)
            inner = None if waiting is None else small(waiting)
            if waiting is not None and isinstance(inner, cst.Assign):
                told = inner.with_changes(value=self._told(inner.value, given))
                self.waiting[func.value] = waiting.with_changes(body=[told])
            if func.value in self.times.names:
                raise RefusedError(func, f"{func.value} is called but may be a tensor")
            if func.value in self.hidden:
                return func  # one of a list of layers, which the loop runs through
            if func.value not in self.local:
                self.foreign.add(func.value)
                self._use(func.value)
                return _attribute(func.value)
            return self.name(func)
        if isinstance(self.known.facts.value(func), FunctionValue):
            raise RefusedError(func, "a function that is made by another one builds layers")
        return self.layer(func, given)

    def _helper(self, node: cst.Call) -> cst.BaseExpression:
        """A call of a function that builds layers: they are an object of its class."""
        helper = self.known.helper(node.func)
        assert helper is not None
        several = [self.naming.classes.get(id(f)) for f in self.known.functions(node.func)]
        if None in several or self._differ([name for name in several if name]):
            name = helper.node.name.value
            why = (
                "is no function of the module" if helper.why is None else f"stays: {helper.why.why}"
            )
            raise RefusedError(node, f"{name} builds layers and {why}")
        late = {id(a) for name, a in given_by(node, helper.node) if name in helper.given}
        given = [a.with_changes(value=self.expression(a.value)) for a in node.args if id(a) in late]
        name = self.naming.classes[id(helper.node)]
        dropped = self.naming.written[name].dropped
        unread = {id(a): a for p, a in given_by(node, helper.node) if p in dropped}
        for given_name in unread.values():
            self.naming_only |= used_names(nodes(given_name.value))
        settings = [a for a in node.args if id(a) not in late and id(a) not in unread]
        for setting in settings:
            if self.times.late(setting):
                raise RefusedError(setting, "a setting that depends on a tensor")
        widths = self._asked(name, node, helper)
        settings = [_bare(a.with_changes(value=self._class(a.value))) for a in settings]
        handed = id(helper.node) in self.known.handed
        func = self._handed(node.func, several) if handed else cst.Name(name)
        made = build.call(func, [*map(build.argument, widths), *settings])
        self.known.origins[id(made)] = made, node
        held = self.layer(made)
        back = self._given_back(name, node, made, helper)
        self.widths.made[id(node)] = self._handed_back(name, several) if handed else back
        return build.call(held, [_bare(a) for a in given])

    def _class(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """The class in place of a function that is handed on to build layers."""
        function = self.known.function(node) if isinstance(node, cst.Name) else None
        if function is None or id(function) not in self.known.handed:
            return node
        if isinstance(node, cst.Name) and node.value != function.name.value:
            return node  # a variable that holds the class
        name = self.naming.classes.get(id(function))
        return node if name is None else cst.Name(name)

    def _differ(self, names: Sequence[str]) -> bool:
        """True for classes that one call cannot build alike."""
        forms = [(self.naming.written[n].asked, self.naming.written[n].settings) for n in names]
        return any(form != forms[0] for form in forms)

    def _handed(
        self, func: cst.BaseExpression, several: Sequence[str | None]
    ) -> cst.BaseExpression:
        """The parameter that holds the class; all that it may be tell the width of what they give."""
        assert isinstance(func, cst.Name)
        self.known.plan.telling |= {name for name in several if name}
        return cst.Name(func.value)

    def _handed_back(
        self, name: str, several: Sequence[str | None]
    ) -> tuple[cst.BaseExpression | None, ...]:
        told = all(self.naming.written[other].told is not None for other in several if other)
        return (self._told_by(name) if told else None,)

    def _asked(self, name: str, node: cst.Call, helper: Helper) -> list[cst.BaseExpression]:
        """The widths that the class of a helper asks for."""
        known = self._passed(node, helper)
        found: list[cst.BaseExpression] = []
        for parameter in self.naming.written[name].asked:
            width = known.get(variable(parameter))
            if width is None:
                self.known.plan.silent.add((name, parameter))
            else:
                self.asked.append((name, parameter, width))
            found.append(cst.Name("None") if width is None else width.deep_clone())
        return found

    def _passed(self, node: cst.Call, helper: Helper) -> dict[str, cst.BaseExpression]:
        """The widths of what a helper is given, by the variables that its class has for them."""
        pairs = ((variable(p), self.widths.width(a.value)) for p, a in given_by(node, helper.node))
        return {name: width for name, width in pairs if width is not None}

    def _given_back(
        self, name: str, node: cst.Call, made: cst.Call, helper: Helper
    ) -> tuple[cst.BaseExpression | None, ...]:
        """The widths of what an object of a helper's class gives: by its settings, or by what it tells."""
        written = self.naming.written[name]
        values = settings_of(made, written.settings, helper.node) | self._passed(node, helper)
        known = values.keys() - written.changed

        def given(width: cst.BaseExpression | None) -> cst.BaseExpression | None:
            if width is not None and used_names(nodes(width)) <= known:
                return build.bare(with_values(width, values))
            return None if width is None or written.told is None else self._told_by(name)

        return tuple(map(given, written.widths))

    def _told_by(self, name: str) -> cst.BaseExpression:
        layer = self.made[-1]
        layer.kind = name
        text = f"self.{layer.holder}[-1].{OUT}" if layer.listed else f"self.{layer.holder}.{OUT}"
        return build.expression(text)


def _bare(argument: cst.Arg) -> cst.Arg:
    """An argument that may stand at another place."""
    return cst.Arg(
        argument.value, keyword=argument.keyword, equal=argument.equal, star=argument.star
    )


def _is_name(given: cst.Arg) -> bool:
    return given.keyword is not None and given.keyword.value == "name"


def _attribute(name: str) -> cst.BaseExpression:
    return cst.Attribute(cst.Name("self"), cst.Name(name))


def _values(node: cst.BaseSmallStatement) -> Iterable[cst.CSTNode]:
    return [node]


def _binds(node: cst.CSTNode) -> frozenset[str]:
    """The names that a lambda or a comprehension binds."""
    params = {p.name.value for p in nodes(node) if isinstance(p, cst.Param)}
    loops = {
        n for c in nodes(node) if isinstance(c, cst.CompFor) for n in used_names([*nodes(c.target)])
    }
    return frozenset(params | loops)
