"""Writing the class of one body: `__init__` with what was built, `call` with what is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, small, targets, used_names
from translator.rewrite.functional.attributes import Made, Names, names_for, singular
from translator.rewrite.functional.changing import replaced
from translator.rewrite.functional.flow import shortened
from translator.rewrite.functional.known import Known, Times
from translator.rewrite.functional.layout import method, tidy
from translator.rewrite.functional.pruned import merged_twins, pruned, without_copies
from translator.rewrite.functional.reads import UnknownWidthError
from translator.rewrite.functional.refused import RefusedError
from translator.rewrite.functional.split import Split
from translator.rewrite.functional.told import OUT, is_holding, is_variable, variable
from translator.rewrite.functional.widths import alike
from translator.source.functions import parameters
from translator.source.instances import WIDTH
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.tree import nodes

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
    handed: bool = False
    """True where the class is called by a parameter that may hold another one as well."""


@dataclass(eq=False)
class Written:
    """A class, those of loops inside it before it, and the shapes that its `call` is given."""

    classes: list[cst.ClassDef]
    inputs: dict[int, Inputs]
    asked: list[str]
    """The tensors that the class is given whose widths its constructor is told, before its settings."""
    settings: list[str]
    """The parameters of the constructor, those widths by their variables."""
    widths: tuple[cst.BaseExpression | None, ...]
    """The widths of what it gives, by the parameters of the constructor or other names of it."""
    told: cst.BaseExpression | None
    """The one of all, which an object can tell."""
    changed: set[str]
    """The names that the constructor gives a value."""
    dropped: frozenset[str]
    """The parameters of the function that nothing but names of layers was made of."""


def write(known: Known, naming: Names, body: Body) -> Written:
    """The class of a body."""
    try:
        written = _write(known, naming, body, early=True)
    except UnknownWidthError:  # then it is read when the module is called
        written = _write(known, naming, body, early=False)
    naming.written[body.name] = written
    return written


def _write(known: Known, naming: Names, body: Body, early: bool) -> Written:
    tensors = {p.name.value for p in body.given} | set(body.unpacked.values())
    settings = [p.name.value for p in body.settings]
    times = Times(known, body.statements, tensors, settings, early)
    split = Split(known, times, naming, _widths(known, body))
    calls = split.block(body.statements)
    read_there = {a.attr.value for s in calls for a in of_kind(nodes(s), cst.Attribute)}
    split.used = {name: place for name, place in split.used.items() if name in read_there}
    _check_changes(split)
    results = split.widths.result
    told = alike(results) if results else None
    if body.name in known.plan.telling and told is not None:
        split.init.append(build.statement(f"self.{OUT} = width", width=told.deep_clone()))
    given_widths = {variable(p.name.value) for p in body.given if not body.inputs}
    naming_only = split.naming_only
    read = [*split.used, *(_always_told(known, body) if body.handed else ())]
    plain, asked = pruned(split.init, given_widths, split.widths.lost, naming_only, read)
    _keep_lost_widths_quiet(split, plain, given_widths)
    dropped = frozenset(n for n in settings if n in naming_only and n not in asked)
    dropped -= {name for s in plain for name in used_names(nodes(s))}
    settings = [name for name in settings if name not in dropped]
    body = replace(body, settings=[p for p in body.settings if p.name.value in settings])
    plain, spoken = without_copies(plain)
    split.init = shortened(merged_twins(plain))
    known.plan.telling |= _asked_for_widths(split)
    if body.unpacked:
        calls.insert(0, _unpack(body))
    given = {*settings, *split.foreign} - split.bound.keys() | set(spoken.values())
    given -= split.stored
    stored = [name for name in split.used if name in given]
    init: list[cst.BaseStatement] = [build.statement(f"self.{n} = {n}") for n in stored]
    init += _stored(split, [n for n in split.used if n not in given | split.stored], settings)
    taken = set(split.used)
    names_for(split.made, taken)
    chosen = _chosen(split.made, times.own)
    told_first = [p.name.value for p in body.given if variable(p.name.value) in asked]
    own = times.own - {n for n in spoken.values() if n not in split.used}
    chosen |= _width_names(body, init, told_first, taken | own, spoken)
    variables = [cst.Param(cst.Name(variable(name))) for name in told_first]
    body = replace(body, settings=[*variables, *body.settings])
    init = [_named(s, chosen) for s in init]
    calls = [_named(s, chosen) for s in calls]
    node = _class(body, naming.base.deep_clone(), init, calls, chosen)
    settings = [*(variable(name) for name in told_first), *settings]
    changed = {name for s in split.init for name in targets(s)}
    written = Written([], {}, told_first, settings, results, told, changed, dropped)
    for inner in split.lifted:
        written.classes += inner.classes
        written.inputs |= inner.inputs
    written.classes.append(node)
    if body.inputs:
        written.inputs[id(node.body.body[-1])] = body.inputs
    return written


def _keep_lost_widths_quiet(
    split: Split, body: Sequence[cst.BaseStatement], given: set[str]
) -> None:
    """A width that is not known at each turn of a loop is told to no class: it is written again without."""
    lines = [n for s in body for n in of_kind(nodes(s), cst.SimpleStatementLine)]
    held = given | {name for line in lines if (name := is_holding(line)) is not None}
    for name, parameter, width in split.asked:
        read = {n for n in used_names(nodes(width)) if is_variable(n)}
        if read - held:
            split.known.plan.silent.add((name, parameter))


def _check_changes(split: Split) -> None:
    """`call` reads a name of the configuration as an attribute: it has one value there."""
    for name, place in split.used.items():
        if place < split.bound.get(name, 0):
            raise RefusedError(split.times.body[0], f"{name} changes between the uses of it")


def of_function(known: Known, naming: Names, function: cst.FunctionDef) -> Body:
    """The body of a function that is given tensors."""
    helper = known.helpers[id(function)]
    params = parameters(function)
    statements = list(function.body.body)
    docstring = None
    first = small(statements[0])
    if isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString):
        docstring = statements.pop(0)
    return Body(
        naming.classes[id(function)],
        [s for s in statements if isinstance(s, cst.BaseStatement)],
        [p for p in params if p.name.value not in helper.given],
        [p for p in params if p.name.value in helper.given],
        docstring=docstring if isinstance(docstring, cst.BaseStatement) else None,
        handed=id(function) in known.handed,
    )


def _always_told(known: Known, body: Body) -> list[str]:
    """The widths that a class is told whether it needs them or not: others in its place may."""
    names = (p.name.value for p in body.given)
    return [variable(name) for name in names if (body.name, name) not in known.plan.silent]


def _widths(known: Known, body: Body) -> dict[str, cst.BaseExpression]:
    """The widths of what `call` is given: what its inputs state, or what the class is told."""
    if not body.inputs:
        names = [p.name.value for p in body.given]
        told = [n for n in names if (body.name, n) not in known.plan.silent]
        return {name: cst.Name(variable(name)) for name in told}
    found: dict[str, cst.BaseExpression] = {}
    for key, made in body.inputs.items():
        name = body.unpacked[key] if body.unpacked else body.given[0].name.value
        shape = argument(made, 0, "shape")
        if isinstance(shape, cst.Tuple | cst.List) and shape.elements:
            last = shape.elements[-1].value
            if (
                not isinstance(shape.elements[-1], cst.StarredElement)
                and literal_value(last) is not None
            ):
                found[name] = last
        elif isinstance(shape, cst.Name):
            found[name] = build.expression("shape[-1]", shape=shape)
    return found


def _asked_for_widths(split: Split) -> set[str]:
    """The classes whose objects `__init__` asks for the width of what they give."""
    kinds = {layer.holder: layer.kind for layer in split.made if layer.kind} | split.naming.models
    if not kinds:
        return set()
    read = [n for s in split.init for n in of_kind(nodes(s), cst.Attribute) if n.attr.value == OUT]
    holders = {n.value for r in read for n in of_kind(nodes(r.value), cst.Name)}
    return {kinds[holder] for holder in holders if holder in kinds}


def _width_names(
    body: Body,
    init: Sequence[cst.BaseStatement],
    told: Sequence[str],
    taken: set[str],
    spoken: Mapping[str, str],
) -> dict[str, str]:
    """What the variables that hold widths are called."""
    read = [n for s in init for n in used_names(nodes(s)) if is_variable(n)]
    names = dict.fromkeys([*map(variable, told), *read])
    chosen: dict[str, str] = {}
    first = body.given[0].name.value if body.given else ""
    for own in names:
        if own in spoken:
            plain = own == variable(first) and not {WIDTH, spoken[own]} & taken
            chosen[own] = WIDTH if plain else spoken[own]
            continue
        tensor = own.removeprefix("__width_").removesuffix("__")
        wanted = [WIDTH] if tensor == first and tensor in told else []
        wanted += ["channels"] if tensor not in told else []
        wanted += [f"{tensor}_channels", f"{tensor}_width", f"{tensor}_out_channels"]
        chosen[own] = next(n for n in wanted if n not in taken and n not in chosen.values())
    return chosen


def _unpack(body: Body) -> cst.BaseStatement:
    """`a, b = inputs`, or each input by its key."""
    (given,) = (p.name.value for p in body.given)
    if any(isinstance(key, str) for key in body.unpacked):
        each = [f'{given}["{key}"]' for key in body.unpacked]
        return build.statement(f"{', '.join(body.unpacked.values())} = {', '.join(each)}")
    comma = "," if len(body.unpacked) == 1 else ""
    return build.statement(f"{', '.join(body.unpacked.values())}{comma} = {given}")


def _stored(split: Split, names: Sequence[str], settings: Sequence[str]) -> list[cst.BaseStatement]:
    """What `__init__` computes; a name that `call` reads as well becomes an attribute where it is bound.

    A setting that is changed becomes one behind that.
    """
    changed = [name for name in names if name in settings]
    last = {n: i for i, s in enumerate(split.init) for n in targets(s) if n in changed}
    own = set(names) - set(changed)
    stored: list[cst.BaseStatement] = []
    for place, statement in enumerate(split.init):
        stored += _storing(split, statement, own)
        behind = [name for name in changed if last.get(name) == place]
        stored += [build.statement(f"self.{name} = {name}") for name in behind]
    return stored


def _storing(split: Split, node: cst.BaseStatement, names: set[str]) -> list[cst.BaseStatement]:
    kept = [name for name in sorted(targets(node)) if name in names]
    if not kept:
        return [node]
    if not isinstance(node, cst.SimpleStatementLine):
        return [_inside(split, node, names)]
    inner = small(node)
    if isinstance(inner, cst.Assign) and len(kept) == len(inner.targets) == 1:
        code = [n for s in split.init for n in nodes(s)]
        named = sum(n.value == kept[0] for n in of_kind(code, cst.Name))
        bound = sum(kept[0] in targets(n) for n in of_kind(code, cst.Assign))
        if isinstance(inner.targets[0].target, cst.Name) and named == bound:
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
    chosen: Mapping[str, str],
) -> cst.ClassDef:
    own = cst.Param(cst.Name("self"))
    settings = [
        p.with_changes(name=cst.Name(chosen.get(p.name.value, p.name.value))) for p in body.settings
    ]
    constructor = cst.FunctionDef(
        cst.Name("__init__"),
        cst.Parameters([own, *map(_parameter, settings)]),
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
