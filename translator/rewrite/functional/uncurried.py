"""Functions that make functions of tensors, `block(64)(x)`, as functions that are given all at once, `block(x, 64)`.

Each call of what such a function makes builds layers of its own, so both say the same; the second one is a class with
settings. A function whose result is kept and called more than once stays: its calls share nothing but the settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from translator.rewrite.constructs.reading import of_kind, small, used_names
from translator.rewrite.functional.changing import replaced
from translator.rewrite.layout import leading, led
from translator.source.functions import parameters
from translator.source.tree import nodes


@dataclass(frozen=True)
class _Curried:
    """A function of the module, the one that it returns, and what it does before."""

    node: cst.FunctionDef
    inner: cst.FunctionDef
    before: tuple[cst.BaseStatement, ...]


def uncurried(tree: cst.Module) -> cst.Module | None:
    """The file with such functions given all at once; None where it has none."""
    found = {c.node.name.value: c for c in _curried(tree)}
    if not found:
        return None
    calls = list(of_kind(nodes(tree), cst.Call))
    inside = {id(n) for c in calls if _applied(c, found) is not None for n in (c.func,)}
    called = {id(n.func): n for n in calls if id(n) in inside}
    names = [n for n in of_kind(nodes(tree), cst.Name) if n.value in found]
    own = {id(c.node.name) for c in found.values()}
    stray = {n.value for n in names if id(n) not in called and id(n) not in own}
    found = {name: c for name, c in found.items() if name not in stray}
    if not found:
        return None

    def change(node: cst.BaseExpression) -> cst.BaseExpression:
        new = replaced(node, change)
        assert isinstance(new, cst.BaseExpression)
        if isinstance(node, cst.Call) and isinstance(new, cst.Call) and _applied(node, found):
            made = new.func
            assert isinstance(made, cst.Call)
            given = [cst.Arg(a.value) for a in new.args]
            return made.with_changes(args=[*given, *made.args])
        return new

    body: list[cst.CSTNode] = []
    for statement in tree.body:
        curried = next((c for c in found.values() if c.node is statement), None)
        body.append(replaced(statement if curried is None else _at_once(curried), change))
    return tree.with_changes(body=body)


def _curried(tree: cst.Module) -> Iterator[_Curried]:
    for node in tree.body:
        if not isinstance(node, cst.FunctionDef) or node.decorators:
            continue
        body = [s for s in node.body.body if isinstance(s, cst.BaseStatement)]
        defined = [s for s in body if isinstance(s, cst.FunctionDef)]
        last = small(body[-1]) if body else None
        if not isinstance(last, cst.Return) or not isinstance(last.value, cst.Name):
            continue
        if len(defined) != 1 or body[-2:-1] != defined or last.value.value != defined[0].name.value:
            continue
        found = _Curried(node, defined[0], tuple(body[:-2]))
        if _fits(found):
            yield found


def _fits(found: _Curried) -> bool:
    """True where both functions can have one scope, and one list of parameters."""
    inner, outer = found.inner, found.node
    plain = not inner.decorators and inner.params.params and not inner.params.kwonly_params
    stars = [f.params.star_arg for f in (inner, outer)] + [
        f.params.star_kwarg for f in (inner, outer)
    ]
    if not plain or any(isinstance(star, cst.Param) for star in stars):
        return False
    if any(p.default is not None for p in inner.params.params):
        return False
    own = {p.name.value for p in parameters(inner)}
    others = {p.name.value for p in parameters(outer)}
    read = {name for s in found.before for name in used_names(nodes(s))}
    leaves = any(isinstance(n, cst.Return | cst.Yield) for s in found.before for n in nodes(s))
    name = inner.name.value
    again = any(n.value == name for n in of_kind(nodes(inner.body), cst.Name))
    return not (own & others or own & read or leaves or again)


def _applied(node: cst.Call, found: dict[str, _Curried]) -> _Curried | None:
    """The function of `block(64)(x)`."""
    made = node.func
    if not isinstance(made, cst.Call) or not isinstance(made.func, cst.Name):
        return None
    curried = found.get(made.func.value)
    if curried is None or len(node.args) != len(curried.inner.params.params):
        return None
    plain = all(a.keyword is None and not a.star for a in node.args)
    return curried if plain and not any(a.star == "*" for a in made.args) else None


def _at_once(found: _Curried) -> cst.FunctionDef:
    inner = [s for s in found.inner.body.body if isinstance(s, cst.BaseStatement)]
    first = small(found.before[0]) if found.before else None
    documented = isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString)
    if inner and found.before and not (documented and len(found.before) == 1):
        inner[0] = led(inner[0], [*leading(found.inner), *leading(inner[0])])
    own = [p.with_changes(comma=cst.MaybeSentinel.DEFAULT) for p in found.inner.params.params]
    params = found.node.params.with_changes(params=[*own, *found.node.params.params])
    body = found.node.body.with_changes(body=[*found.before, *inner])
    return found.node.with_changes(params=params, body=body)
