"""Cutting one model out of its block: what goes into its class, what the class has to be given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, small, targets, used_names
from translator.rewrite.functional.attributes import Names
from translator.rewrite.functional.known import Known, Times
from translator.rewrite.functional.owned import with_settings
from translator.rewrite.functional.refused import RefusedError
from translator.rewrite.functional.slices import Slice, input_names, read_parts
from translator.rewrite.functional.write import Body
from translator.source.functions import parameters
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import Built, ObjectValue
from translator.source.tree import nodes
from translator.source.values import FunctionalValue

_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)
_LEAVING = (cst.Return, cst.Raise, cst.Break, cst.Continue, cst.Yield)


@dataclass(eq=False)
class Cut:
    """What becomes the class of a model."""

    body: Body
    owner: str = ""
    """What the method around the model calls its object."""
    owned: tuple[str, ...] = ()
    """The attributes of it that the class is given."""


def cut_out(
    known: Known,
    naming: Names,
    times: Times,
    block: Sequence[cst.BaseStatement],
    found: Slice,
    function: cst.FunctionDef | None,
) -> Cut:
    """The body of the class of one model."""
    if function is not None and id(function) not in known.top | known.owners.keys():
        raise RefusedError(found.call, "a model that is made in a function inside another one")
    _move(known, times, block, found, function)
    code = found.code(block)
    result = build.statement("return outputs", outputs=found.outputs)
    names = input_names(found.inputs)
    owner = known.owners.get(id(function), "")
    owned: list[str] = []
    if owner:
        shapes = [build.statement("s", s=c) for c in found.made.values()]
        *code, last = with_settings(known, [*code, result], owner)[0]
        assert isinstance(last, cst.SimpleStatementLine)
        result = last
        owned = with_settings(known, [*found.code(block), *shapes], owner)[1]
        made = with_settings(known, shapes, owner)[0]
        calls = [small(s).value for s in made]  # type: ignore[union-attr]
        found.made = dict(zip(found.made, calls, strict=True))
    given = _given(names, code)
    needed = {n for s in (*code, result) for n in used_names(nodes(s))} - times.names
    needed |= _sizes(known, found, code)
    settings = _settings(block, found, function, needed - set(owned))
    settings += [cst.Param(cst.Name(name)) for name in owned if name in needed]
    _check_bindings(block, found, needed)
    body = Body(
        naming.free(_spoken(block[found.end], found, function), model=True),
        [*code, result],
        settings,
        [cst.Param(cst.Name(given))],
        {key: found.made[name] for key, name in names.items()},
        {} if None in names else names,
    )
    return Cut(body, owner, tuple(owned))


def _given(names: dict[str | int | None, str], code: Sequence[cst.BaseStatement]) -> str:
    """What `call` names the tensor, or the list or dict of tensors, that it is given."""
    if None in names:
        return names[None]
    taken = {name for s in code for name in used_names(nodes(s))} | set(names.values())
    return next(name for name in ("inputs", "tensors", "given") if name not in taken)


def _move(
    known: Known,
    times: Times,
    block: Sequence[cst.BaseStatement],
    found: Slice,
    function: cst.FunctionDef | None,
) -> None:
    """Find the statements before the model that compute what nothing but the model reads."""
    taken = set(found.statements)
    names = [used_names(nodes(statement)) for statement in block]
    inside = set(map(id, nodes(found.call)))
    names[found.end] = used_names(n for n in nodes(block[found.end]) if id(n) not in inside)
    own = used_names(nodes(found.call))
    for place in range(found.end - 1, -1, -1):
        bound = _bound(block[place])
        if place in taken or not bound or bound & times.names:
            continue
        if not _moves(known, block[place], function):
            continue
        again = targets(block[place]) & used_names(read_parts(block[place]))
        others = range(place + 1 if again else 0, len(block))
        if any(bound & names[i] for i in others if i not in taken and i != place):
            continue
        if bound & own or any(bound & names[i] for i in taken):
            taken.add(place)
            found.moved.add(place)


def _moves(known: Known, statement: cst.BaseStatement, function: cst.FunctionDef | None) -> bool:
    """True for what may be computed in the class; a module keeps all but layers, for others to read."""
    if isinstance(statement, cst.FunctionDef) and function is not None:
        return id(statement) not in known.helpers
    if isinstance(statement, _DEFINITIONS) or any(
        isinstance(n, _LEAVING) for n in nodes(statement)
    ):
        return False
    if any(known.is_model(call) for call in of_kind(nodes(statement), cst.Call)):
        return False  # it is cut out itself
    inner = small(statement)
    if function is not None:
        return isinstance(inner, cst.Assign) or not isinstance(statement, cst.SimpleStatementLine)
    if not isinstance(inner, cst.Assign):
        return False
    built = known.facts.value(inner.value)
    return isinstance(built, Built | ObjectValue | FunctionalValue)


def _sizes(known: Known, found: Slice, code: Sequence[cst.BaseStatement]) -> set[str]:
    """The names by which the inputs state the sizes that layers have to know."""
    calls = [call for s in code for call in of_kind(nodes(s), cst.Call)]
    apis = {known.api(call.func) for call in calls}
    whole = bool(apis & {"keras.layers.Flatten", "keras.layers.Reshape"})
    names: set[str] = set()
    for made in found.made.values():
        shape = argument(made, 0, "shape")
        if isinstance(shape, cst.Tuple | cst.List) and not whole:
            shape = shape.elements[-1].value if shape.elements else None
        names |= set() if shape is None else used_names(nodes(shape))
    return names


def _settings(
    block: Sequence[cst.BaseStatement],
    found: Slice,
    function: cst.FunctionDef | None,
    needed: set[str],
) -> list[cst.Param]:
    """The parameters of the class: what the function around the model knows and the class needs."""
    if function is None:
        return []
    gone = found.statements | found.moved
    own = {p.name.value: p for p in parameters(function)}
    for star in (function.params.star_arg, function.params.star_kwarg):
        if isinstance(star, cst.Param) and star.name.value in needed:
            raise RefusedError(
                found.call, f"the layers need {star.name.value}, which holds any arguments"
            )
    settings = [
        cst.Param(cst.Name(name), annotation=param.annotation and param.annotation.deep_clone())
        for name, param in own.items()
        if name in needed
    ]
    bound = dict.fromkeys(
        name
        for i, statement in enumerate(block)
        if i not in gone
        for name in sorted(_bound(statement))
    )
    return [*settings, *(cst.Param(cst.Name(n)) for n in bound if n in needed and n not in own)]


def _check_bindings(block: Sequence[cst.BaseStatement], found: Slice, needed: set[str]) -> None:
    """A name that changes among the statements of the model is not what it is where the model is made."""
    gone = found.statements | found.moved
    first = min(found.statements)
    for name in sorted(needed):
        stays = [i for i, s in enumerate(block) if i not in gone and name in _bound(s)]
        if any(first < i < found.end for i in stays) and len(stays) > 1:
            raise RefusedError(found.call, f"{name} changes while the model is made")


def _bound(statement: cst.BaseStatement) -> set[str]:
    """The names that a statement of the block binds there."""
    if isinstance(statement, _DEFINITIONS):
        return {statement.name.value}
    return targets(statement)


def _spoken(statement: cst.BaseStatement, found: Slice, function: cst.FunctionDef | None) -> str:
    """What the model is called: by its `name=`, the function that makes it, or its variable."""
    name = literal_value(argument(found.call, 2, "name"))
    if isinstance(name, str) and name.replace("-", "_").isidentifier():
        return name.replace("-", "_")
    return next(_names(statement, function), "model")


def _names(statement: cst.BaseStatement, function: cst.FunctionDef | None) -> Iterator[str]:
    inner = small(statement)
    variable = inner.targets[0].target if isinstance(inner, cst.Assign) else None
    general = ("model", "net", "network", "m")
    if isinstance(variable, cst.Name) and variable.value not in general:
        yield variable.value
    if function is not None:
        yield function.name.value
    if isinstance(variable, cst.Name):
        yield variable.value
