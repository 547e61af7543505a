"""How each statement changes what is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.source import classes, declarations, growing, several
from translator.source.elementwise import combine
from translator.source.facts import to_target
from translator.source.folding import folded
from translator.source.functions import define, returned
from translator.source.imports import dotted
from translator.source.joins import join
from translator.source.literals import NONE
from translator.source.made import become_leaf
from translator.source.methods import add_part
from translator.source.narrowing import narrowed, otherwise
from translator.source.objects import Built, ClassValue, FunctionValue, ObjectValue, ParametersValue
from translator.source.reference import held
from translator.source.sequences import element, unpack
from translator.source.subscripts import place, shape_holder
from translator.source.values import (
    PLAIN,
    UNKNOWN,
    Api,
    Each,
    Items,
    Literal,
    Partial,
    Plain,
    SeveralValue,
    ShapeOf,
    TapeValue,
    TensorValue,
    Unsure,
    Value,
)
from translator.source.written import stands_for

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def _line(run: Interpreter, node: cst.SimpleStatementLine) -> None:
    run.block(node.body)


def _suite(run: Interpreter, node: cst.BaseSuite) -> None:
    run.block(node.body)


def _expr(run: Interpreter, node: cst.Expr) -> None:
    run.evaluate(node.value)
    run.facts.reorders.pop(id(node.value), None)  # nothing takes the value


def _assign(run: Interpreter, node: cst.Assign) -> None:
    value = run.evaluate(node.value)
    run.facts.reorders.pop(id(node.value), None)
    run.note_constant(node)
    if isinstance(value, Built) and value.site.node is node.value and len(node.targets) == 1:
        value.site.target = node.targets[0].target
    if isinstance(value, ShapeOf) and len(node.targets) == 1:
        _unpack_shape(run, node.targets[0].target, value.tensor, node.value)
    for target in node.targets:
        value = bind_target(run, target.target, value, node.value)


def _unpack_shape(
    run: Interpreter, target: cst.CSTNode, tensor: TensorValue, source: cst.BaseExpression
) -> None:
    """`n, c, h, w = x.shape` of a tensor in the target's order: the names change places."""
    run.facts.axes.pop(id(target), None)
    holder, rank = shape_holder(source), tensor.rank
    if not isinstance(target, cst.Tuple | cst.List) or holder is None or rank is None:
        return
    starred = any(isinstance(element, cst.StarredElement) for element in target.elements)
    if tensor.target_order and len(target.elements) == rank and not starred:
        run.in_order(holder, tensor, target=True)
        run.facts.axes[id(target)] = to_target(run.side, rank)


def _annotated(run: Interpreter, node: cst.AnnAssign) -> None:
    if node.value is not None:
        bind_target(run, node.target, run.evaluate(node.value), node.value)
    run.evaluate(node.annotation.annotation)


def _augmented(run: Interpreter, node: cst.AugAssign) -> None:
    """`x += y`: the value comes to the target's axis order, never the other way: a target cannot be permuted."""
    right = run.evaluate(node.value)
    part = place(run, node.target, right) if isinstance(node.target, cst.Subscript) else None
    left = run.evaluate(node.target) if part is None else part
    if isinstance(left, Items | Each) and isinstance(right, Items | Each):
        growing.extend(run, node.target, right)
        return
    if isinstance(left, TensorValue) and left.target_order:
        if _can_follow(left, right):
            right = run.turned(node.value, right, target=True)
        elif isinstance(node.target, cst.Name):
            run.pin(node.target.value)
            left = replace(left, target_order=False)
    else:
        right = run.turned(node.value, right, target=False)
    order = run.facts.reorders.get(id(node.value))
    result = combine(run, [(node.target, left), (node.value, right)])
    run.facts.reorders.pop(id(node.target), None)
    if order is not None:  # it comes in the order that was asked for above
        run.facts.reorders[id(node.value)] = order
    if isinstance(node.target, cst.Name):
        leaf = isinstance(left, TensorValue) and left.leaf
        run.assign(node.target.value, left if leaf else result)
    elif isinstance(node.target, cst.Attribute) and not isinstance(left, TensorValue):
        bind_target(run, node.target, result, None)


def _can_follow(left: TensorValue, right: Value) -> bool:
    """True if a value can be brought to the axis order of `left`, or has none."""
    if isinstance(right, TensorValue):
        return right.rank in (left.rank, 0)
    return isinstance(right, Plain | Literal)


def bind_target(
    run: Interpreter, target: cst.BaseExpression, value: Value, source: cst.BaseExpression | None
) -> Value:
    """Bind an assignment's target; `source` is the expression that gives the value, where there is one.

    Returns the value as it is held after the assignment.
    """
    if type(target) is cst.Name:
        if isinstance(value, TensorValue) and type(source) is cst.Name and not value.leaf:
            run.scope.function.aliases.add(frozenset({target.value, source.value}))
        run.assign(target.value, value, source)
        value = run.scope.find(target.value) or UNKNOWN
        run.facts.values[id(target)] = UNKNOWN if isinstance(value, Unsure) else value
        return value
    if isinstance(value, SeveralValue):
        parts = several.taken_apart(run, target, value)
        if parts is not None and isinstance(target, cst.Tuple):
            for element, part in zip(target.elements, parts, strict=True):
                bind_target(run, element.value, part, None)
            return value
        value = several.settle(run, value)
    if source is not None:
        value = run.in_order(source, value, target=False)
    if isinstance(target, cst.Tuple | cst.List):
        if isinstance(value, ParametersValue):
            classes.touch(run, value.model, target)
        starred = [type(element) is cst.StarredElement for element in target.elements]
        star = starred.index(True) if any(starred) else None
        if isinstance(source, cst.Tuple) and isinstance(value, Each):
            value = _as_long(run, source, value, len(target.elements))
        unpacked = unpack(value, len(target.elements), star)
        for element, part in zip(target.elements, unpacked, strict=True):
            bind_target(run, element.value, part, None)
    elif isinstance(target, cst.Attribute):
        owner = run.evaluate(target.value)
        if isinstance(owner, TensorValue) and target.attr.value == "requires_grad":
            if value == Literal(True):
                become_leaf(run, target.value, owner)
            return value
        value = held(value)
        run.facts.values[id(target)] = value
        if isinstance(owner, Built) and run.side == "tensorflow":
            known = owner.site.attributes.get(target.attr.value, value)
            owner.site.attributes[target.attr.value] = join(known, value)
        if isinstance(owner, ObjectValue):
            classes.set_attribute(run, owner.info, target.attr.value, value)
            if source is not None:
                _contain(run, owner, target, value, source)
            run.scope.names[dotted(target)] = value  # what it is here, if something else elsewhere
    elif isinstance(target, cst.Subscript):
        if place(run, target, value) is not None:
            return value
        run.plain(target)
        index = target.slice[0].slice
        if isinstance(index, cst.Index) and len(target.slice) == 1:
            growing.put(run, target.value, run.facts.value(index.value), value)
    return value


def _as_long(run: Interpreter, source: cst.Tuple, value: Each, count: int) -> Value:
    """`*x.shape, x.dtype` as so many values as it is unpacked into."""
    starred = [isinstance(element, cst.StarredElement) for element in source.elements]
    spread = count - starred.count(False)
    if starred.count(True) != 1 or spread < 0:
        return value
    parts: list[Value] = []
    for part, star in zip(source.elements, starred, strict=True):
        known = run.facts.value(part.value)
        parts += [element(known)] * spread if star else [known]
    return Items(tuple(parts))


def _contain(
    run: Interpreter,
    owner: ObjectValue,
    target: cst.Attribute,
    value: Value,
    node: cst.BaseExpression,
) -> None:
    """`self.norm = layer` in the constructor of a container: a part of it."""
    site, name = owner.info.contained, target.attr.value
    module = isinstance(value, Built) or (isinstance(value, ObjectValue) and value.info.is_module)
    run.facts.added.pop(id(target), None)
    if site is None or owner.info.forward is not None or not module:
        return
    if name in site.names:
        why = "a layer of a container cannot be replaced there"
        run.facts.problems[id(site.node)] = (Code.UNSUPPORTED_CODE, why)
    else:
        add_part(run, site, target, node, name)


def _if(run: Interpreter, node: cst.If) -> None:
    run.plain(node.test)
    answer = folded(run.facts, node.test)
    if answer is not None:
        if answer:
            run.block(node.body.body)
        elif isinstance(node.orelse, cst.If):
            _if(run, node.orelse)
        elif node.orelse is not None:
            run.block(node.orelse.body.body)
        return
    before = run.scope.names
    shown = narrowed(run, node.test)
    run.scope.names = {**before, **shown}
    other = otherwise(run, node.test)
    run.in_branch(node.body)
    _unlearn(run, shown, before)
    left = run.scope.names
    run.scope.names = {**before, **other}
    if type(node.orelse) is cst.If:
        _if(run, node.orelse)
    elif node.orelse is not None:
        run.in_branch(node.orelse.body)
    if not leaves(node.body.body):
        _unlearn(run, other, before)
    right = run.scope.names
    if leaves(node.body.body):
        run.scope.names = right
    elif (
        node.orelse is not None
        and isinstance(node.orelse, cst.Else)
        and leaves(node.orelse.body.body)
    ):
        run.scope.names = left
    else:
        run.scope.names = run.merge(left, right)
        _default(run, node.test, left)


def _unlearn(run: Interpreter, shown: Mapping[str, Value], before: Mapping[str, Value]) -> None:
    """Behind a branch, what its condition showed of a name holds no more."""
    for name, value in shown.items():
        if run.scope.names.get(name) is value:
            run.scope.names[name] = before.get(name, UNKNOWN)


def _default(run: Interpreter, test: cst.BaseExpression, left: Mapping[str, Value]) -> None:
    """`if block is None: block = Basic`: what is called, whatever else a caller out of sight may pass."""
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return
    asked, against = test.left, test.comparisons[0]
    if not isinstance(asked, cst.Name) or not isinstance(against.operator, cst.Is):
        return
    value = left.get(asked.value, UNKNOWN)
    if run.facts.value(against.comparator) == NONE and _is_called(value):
        if run.scope.names.get(asked.value) == UNKNOWN:
            run.scope.names[asked.value] = value


def _is_called(value: Value) -> bool:
    """True for classes and functions, and for lists of them."""
    if isinstance(value, Items):
        return bool(value.items) and all(map(_is_called, value.items))
    return isinstance(value, ClassValue | FunctionValue | Partial)


def leaves(body: Sequence[cst.CSTNode]) -> bool:
    """True if a block never reaches the statement after it."""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, cst.SimpleStatementLine):
        return type(last.body[-1]) in (cst.Return, cst.Raise, cst.Continue, cst.Break)
    return False


def _loop(
    run: Interpreter, head: Callable[[], None], body: cst.BaseSuite, orelse: cst.Else | None
) -> None:
    """Run a body until what is known at its start no longer changes; three rounds are enough for two-level joins."""
    for _ in range(3):
        before = run.scope.names
        run.scope.names = dict(before)
        head()
        run.in_branch(body)
        merged = run.merge(before, run.scope.names)
        run.scope.names = merged
        if all(merged.get(name) == value for name, value in before.items()):
            break
    if orelse is not None:
        run.in_branch(orelse.body)


def _for(run: Interpreter, node: cst.For) -> None:
    iterated = run.plain(node.iter)
    if isinstance(iterated, ParametersValue):
        classes.touch(run, iterated.model, node.iter)

    def head() -> None:
        bind_target(run, node.target, element(iterated), None)

    _loop(run, head, node.body, node.orelse)


def _while(run: Interpreter, node: cst.While) -> None:
    _loop(run, lambda: _ignore(run.plain(node.test)), node.body, node.orelse)


def _ignore(_: object) -> None:
    """Turn an expression into a statement."""


def _with(run: Interpreter, node: cst.With) -> None:
    for item in node.items:
        value = run.evaluate(item.item)
        if isinstance(value, TapeValue):
            run.facts.entering[id(node)] = run.scope.visible()
        if item.asname is not None:
            bind_target(run, item.asname.name, value, None)
    run.block(node.body.body)


def _try(run: Interpreter, node: cst.Try | cst.TryStar) -> None:
    before = dict(run.scope.names)
    run.block(node.body.body)
    after = run.scope.names
    for handler in node.handlers:
        run.scope.names = run.merge(before, after)
        if handler.type is not None:
            run.plain(handler.type)
        if handler.name is not None:
            bind_target(run, handler.name.name, PLAIN, None)
        run.in_branch(handler.body)
        after = run.merge(after, run.scope.names)
    run.scope.names = after
    for part in (node.orelse, node.finalbody):
        if part is not None:
            run.block(part.body.body)


def _return(run: Interpreter, node: cst.Return) -> None:
    if node.value is not None:
        returned(run, node.value)


def _function(run: Interpreter, node: cst.FunctionDef) -> None:
    for decorator in node.decorators:
        run.evaluate(decorator.decorator)
    if _was_written(run, node):
        return
    info = define(run, node, node.name.value, None)
    given = [run.facts.value(decorator.decorator) for decorator in node.decorators]
    info.gives_gradient = any(isinstance(v, Api) and v.name in CUSTOM_GRADIENT for v in given)
    run.bind(node.name.value, FunctionValue(info))


def _was_written(run: Interpreter, node: cst.FunctionDef | cst.ClassDef) -> bool:
    """Bind what an earlier conversion wrote to what it wrote it for; False for a definition of the file's own."""
    name = stands_for(node, run.side) if run.scope.function is run.module else None
    if name is None or _is_base(run, node.name.value):
        return False
    run.facts.written[node.name.value] = id(node)
    run.bind(node.name.value, Api(name))
    return True


def _is_base(run: Interpreter, name: str) -> bool:
    """True for a class of the module from which others are derived."""
    classes_ = (line for line in run.tree.body if isinstance(line, cst.ClassDef))
    bases = (base.value for line in classes_ for base in line.bases)
    return any(isinstance(base, cst.Name) and base.value == name for base in bases)


CUSTOM_GRADIENT = frozenset({"tf.custom_gradient", "keras.ops.custom_gradient"})


def _class(run: Interpreter, node: cst.ClassDef) -> None:
    if _was_written(run, node):
        return
    run.bind(node.name.value, ClassValue(classes.define_class(run, node)))


def _assert(run: Interpreter, node: cst.Assert) -> None:
    run.plain(node.test)
    if node.msg is not None:
        run.plain(node.msg)


def _raise(run: Interpreter, node: cst.Raise) -> None:
    if node.exc is not None:
        run.plain(node.exc)
    if node.cause is not None:
        run.plain(node.cause.item)


def _nothing(run: Interpreter, node: cst.CSTNode) -> None:
    """A statement that changes nothing that is known."""


HANDLERS: dict[type[cst.CSTNode], Callable[..., None]] = {
    cst.SimpleStatementLine: _line,
    cst.SimpleStatementSuite: _suite,
    cst.IndentedBlock: _suite,
    cst.Expr: _expr,
    cst.Assign: _assign,
    cst.AnnAssign: _annotated,
    cst.AugAssign: _augmented,
    cst.If: _if,
    cst.For: _for,
    cst.While: _while,
    cst.With: _with,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.Match: declarations.match_,
    cst.Return: _return,
    cst.FunctionDef: _function,
    cst.ClassDef: _class,
    cst.Import: declarations.import_,
    cst.ImportFrom: declarations.import_from,
    cst.Global: declarations.global_,
    cst.Nonlocal: declarations.nonlocal_,
    cst.Pass: _nothing,
    cst.Break: _nothing,
    cst.Continue: _nothing,
    cst.Del: declarations.delete,
    cst.Assert: _assert,
    cst.Raise: _raise,
}
