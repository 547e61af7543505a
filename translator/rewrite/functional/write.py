"""Writing the class of one body: `__init__` with what was built, `call` with what is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import nodes, small, targets, used_names
from translator.rewrite.functional.attributes import Made, Names, names_for, singular
from translator.rewrite.functional.changing import replaced
from translator.rewrite.functional.known import Known, Times
from translator.rewrite.functional.layout import method, tidy
from translator.rewrite.functional.sized import reads_width, with_width
from translator.rewrite.functional.split import Split
from translator.source.functions import parameters
from translator.source.instances import WIDTH

Inputs = Mapping[str | int | None, cst.Call]
"""The calls of `keras.Input`, by their place in what `call` is given: alone, in a list, in a dict."""


@dataclass(eq=False)
class Body:
    """Statements that become a class: the parameters of `__init__` and of `call`, and what `call` returns."""

    name: str
    statements: Sequence[cst.BaseStatement]
    settings: Sequence[cst.Param]
    given: Sequence[cst.Param]
    inputs: Inputs = field(default_factory=dict)
    unpacked: Mapping[str | int | None, str] = field(default_factory=dict)
    """The names that stand in a list or dict that `call` is given."""
    docstring: cst.BaseStatement | None = None


@dataclass(eq=False)
class Written:
    """A class, those of loops inside it before it, and the shapes that its `call` is given."""

    classes: list[cst.ClassDef]
    inputs: dict[int, Inputs]
    asked: set[str]
    """The classes that have to be told the width of what they are given."""


def write(known: Known, naming: Names, body: Body, base: cst.BaseExpression) -> Written:
    """The class of a body."""
    tensors = {p.name.value for p in body.given} | set(body.unpacked.values())
    settings = [p.name.value for p in body.settings]
    told = reads_width(body.statements)
    settings += [WIDTH] * told
    times = Times(known, body.statements, tensors, settings)
    split = Split(known, times, naming)
    calls = split.block(body.statements)
    if body.unpacked:
        calls.insert(0, _unpack(body))
    given = {*settings, *split.foreign} - split.stored
    stored = [name for name in split.used if name in given]
    init: list[cst.BaseStatement] = [build.statement(f"self.{n} = {n}") for n in stored]
    init += _stored(split, [n for n in split.used if n not in given | split.stored])
    taken = set(split.used)
    names_for(split.made, taken)
    chosen = _chosen(split.made, times.own)
    node = _class(body, base, [_named(s, chosen) for s in init], [_named(s, chosen) for s in calls])
    written = Written([], {}, {body.name} if told else set())
    for function in split.lifted:
        inner = write(known, naming, of_function(known, naming, function), base.deep_clone())
        written.classes += inner.classes
        written.inputs |= inner.inputs
        written.asked |= inner.asked
    written.classes.append(node)
    if body.inputs:
        written.inputs[id(node.body.body[-1])] = body.inputs
    return written


def of_function(known: Known, naming: Names, function: cst.FunctionDef) -> Body:
    """The body of a function that is given tensors."""
    helper = known.helpers[id(function)]
    params = parameters(function)
    statements = list(function.body.body)
    docstring = None
    first = small(statements[0])
    if isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString):
        docstring = statements.pop(0)
    code = [s for s in statements if isinstance(s, cst.BaseStatement)]
    given = [p for p in params if p.name.value in helper.given]
    return Body(
        naming.classes[id(function)],
        with_width(known, code, given[0].name.value) if given else code,
        [p for p in params if p.name.value not in helper.given],
        given,
        docstring=docstring if isinstance(docstring, cst.BaseStatement) else None,
    )


def _unpack(body: Body) -> cst.BaseStatement:
    """`a, b = inputs`, or each input by its key."""
    (given,) = (p.name.value for p in body.given)
    if any(isinstance(key, str) for key in body.unpacked):
        each = [f'{given}["{key}"]' for key in body.unpacked]
        return build.statement(f"{', '.join(body.unpacked.values())} = {', '.join(each)}")
    comma = "," if len(body.unpacked) == 1 else ""
    return build.statement(f"{', '.join(body.unpacked.values())}{comma} = {given}")


def _stored(split: Split, names: Sequence[str]) -> list[cst.BaseStatement]:
    """What `__init__` computes; a name that `call` reads as well becomes an attribute where it is bound."""
    return [new for s in split.init for new in _storing(split, s, set(names))]


def _storing(split: Split, node: cst.BaseStatement, names: set[str]) -> list[cst.BaseStatement]:
    kept = [name for name in sorted(targets(node)) if name in names]
    if not kept:
        return [node]
    if not isinstance(node, cst.SimpleStatementLine):
        return [_inside(split, node, names)]
    inner = small(node)
    if isinstance(inner, cst.Assign) and len(kept) == len(inner.targets) == 1:
        reads = sum(kept[0] in used_names(nodes(s)) for s in split.init)
        if isinstance(inner.targets[0].target, cst.Name) and reads == 1:
            target = build.expression(f"self.{kept[0]}")
            assigned = inner.targets[0].with_changes(target=target)
            return [node.with_changes(body=[inner.with_changes(targets=[assigned])])]
    return [node, *(build.statement(f"self.{name} = {name}") for name in kept)]


def _inside(split: Split, node: cst.BaseStatement, names: set[str]) -> cst.BaseStatement:
    """A compound statement with the names in its blocks kept."""
    changes: dict[str, object] = {}
    for name in ("body", "orelse"):
        part = getattr(node, name, None)
        if isinstance(part, cst.IndentedBlock):
            inner = [s for s in part.body if isinstance(s, cst.BaseStatement)]
            changes[name] = part.with_changes(
                body=[new for s in inner for new in _storing(split, s, names)]
            )
        elif isinstance(part, cst.If | cst.Else):
            changes[name] = _inside(split, part, names)  # type: ignore[arg-type]
    return node.with_changes(**changes)


def _chosen(made: Sequence[Made], taken: set[str]) -> dict[str, str]:
    """What stands for each name that was open."""
    chosen: dict[str, str] = {}
    for layer in made:
        chosen[layer.holder] = layer.name
        if layer.listed:
            item = singular(layer)
            chosen[f"{layer.holder}item"] = f"{item}_layer" if item in taken else item
    return chosen


def _named(node: cst.BaseStatement, chosen: Mapping[str, str]) -> cst.BaseStatement:
    """A statement with the names that were open."""

    def change(part: cst.BaseExpression) -> cst.BaseExpression:
        if isinstance(part, cst.Name):
            return cst.Name(chosen[part.value]) if part.value in chosen else part
        if isinstance(part, cst.Attribute) and part.attr.value in chosen:
            return part.with_changes(attr=cst.Name(chosen[part.attr.value]))
        new = replaced(part, change)
        assert isinstance(new, cst.BaseExpression)
        return new

    new = replaced(node, change)
    assert isinstance(new, cst.BaseStatement)
    return new


def _class(
    body: Body,
    base: cst.BaseExpression,
    init: Sequence[cst.BaseStatement],
    calls: Sequence[cst.BaseStatement],
) -> cst.ClassDef:
    own = cst.Param(cst.Name("self"))
    constructor = cst.FunctionDef(
        cst.Name("__init__"),
        cst.Parameters([own, *map(_parameter, body.settings)]),
        cst.IndentedBlock(tidy([build.statement("super().__init__()"), *init], 2)),
    )
    call = cst.FunctionDef(
        cst.Name("call"),
        cst.Parameters([own.deep_clone(), *map(_parameter, body.given)]),
        cst.IndentedBlock(tidy(calls, 2)),
        leading_lines=[cst.EmptyLine(indent=False)],
    )
    first = [] if body.docstring is None else [body.docstring]
    if first:
        constructor = constructor.with_changes(leading_lines=[cst.EmptyLine(indent=False)])
    return cst.ClassDef(
        cst.Name(body.name),
        cst.IndentedBlock([*first, method(constructor), method(call)]),
        bases=[cst.Arg(base)],
    )


def _parameter(param: cst.Param) -> cst.Param:
    return param.with_changes(
        comma=cst.MaybeSentinel.DEFAULT,
        star=cst.MaybeSentinel.DEFAULT,
        whitespace_after_param=cst.SimpleWhitespace(""),
    )
