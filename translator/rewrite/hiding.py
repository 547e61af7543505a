"""Masks of torch that hide by minus infinity: numbers that are added to scores, 0 where something may be seen.

Keras's attention adds nothing, it is told what may be seen. That a mask holds no other numbers is read from how it is
made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import method_call, of_kind, small
from translator.source.classes import closure
from translator.source.literals import literal_value
from translator.source.objects import ObjectValue
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_MOVED = frozenset("to float double half cuda cpu type type_as contiguous clone detach".split())
"""Methods that change no number of a mask."""
_KEPT = frozenset({"triu", "tril"})
_SQUARE = "generate_square_subsequent_mask"
_DEEP = 8


def hides(rewriter: Rewriter, node: cst.BaseExpression, depth: int = 0) -> bool:
    """True for a mask that is seen to hold 0 and minus infinity alone."""
    if depth > _DEEP:
        return False
    if isinstance(node, cst.Name):
        return _variable(rewriter, node, depth)
    if isinstance(node, cst.Attribute):
        return _attribute(rewriter, node, depth)
    if isinstance(node, cst.Subscript):
        return hides(rewriter, node.value, depth + 1)
    return isinstance(node, cst.Call) and _made(rewriter, node, depth)


def _made(rewriter: Rewriter, node: cst.Call, depth: int) -> bool:
    """True for a call that gives such a mask."""
    func = node.func
    name = func.attr.value if isinstance(func, cst.Attribute) else ""
    if name == _SQUARE:
        return True
    called = closure(rewriter.facts.value(func))
    if called is not None and isinstance(called.node, cst.FunctionDef):
        outer = list(rewriter.functions)
        rewriter.functions.append(called)
        given = [r.value for r in of_kind(nodes(called.node.body), cst.Return)]
        found = bool(given) and all(v is not None and hides(rewriter, v, depth + 1) for v in given)
        rewriter.functions[:] = outer
        return found
    api = str(rewriter.api(func))
    if api in ("torch.triu", "torch.tril") and node.args:
        return hides(rewriter, node.args[0].value, depth + 1)
    if api == "torch.full" and len(node.args) > 1:
        return _is_infinite(node.args[1].value)
    if api == "torch.zeros":
        return True
    if not isinstance(func, cst.Attribute):
        return False
    if name in _MOVED | _KEPT:
        return hides(rewriter, func.value, depth + 1)
    if name == "masked_fill" and len(node.args) == 2:
        return _filled(rewriter, func.value, node.args[0].value, node.args[1].value, depth)
    return False


def _filled(
    rewriter: Rewriter,
    base: cst.BaseExpression,
    where: cst.BaseExpression,
    value: cst.BaseExpression,
    depth: int,
) -> bool:
    """`mask.masked_fill(where, value)`; `seen.float().masked_fill(seen == 0, -inf)` leaves ones, which hide nothing."""
    if not _is_infinite(value) and build.code(value) not in ("0", "0.0", "float(0)", "float(0.0)"):
        return False
    if hides(rewriter, base, depth + 1):
        return True
    flags = base.func.value if isinstance(base, cst.Call) and _is_float(base) else None  # type: ignore[attr-defined]
    if flags is None or not _is_infinite(value):
        return False
    text = build.code(flags)
    return build.code(where) in (f"{text} == 0", f"~{text}", f"{text} == False")


def _is_float(node: cst.Call) -> bool:
    return (
        isinstance(node.func, cst.Attribute) and node.func.attr.value == "float" and not node.args
    )


def _is_infinite(node: cst.BaseExpression) -> bool:
    text = build.code(node).replace("'", '"').replace(" ", "")
    return text in ('float("-inf")', '-float("inf")', "-math.inf", "-np.inf", "-torch.inf")


def _variable(rewriter: Rewriter, node: cst.Name, depth: int) -> bool:
    """A variable that is set once, and perhaps filled in place."""
    function = rewriter.functions[-1].node if rewriter.functions else None
    if not isinstance(function, cst.FunctionDef):
        return False
    lines = list(of_kind(nodes(function.body), cst.SimpleStatementLine))
    values = [v for line in lines for v in [_set(line, node.value)] if v is not None]
    if not values or any(node.value == p.name.value for p in function.params.params):
        return False
    if len(values) > 1 and _is_behind(function, values[-1], node):
        values = values[-1:]
    calls = [found for line in lines if (found := method_call(line)) is not None]
    changes = [c for c, f in calls if isinstance(f.value, cst.Name) and f.value.value == node.value]
    names = [c.func.attr.value for c in changes if isinstance(c.func, cst.Attribute)]
    if names[:1] == ["fill_"] and len(values) == 1:
        return _is_infinite(changes[0].args[0].value) and set(names[1:]) <= {"triu_", "tril_"}
    own = [_without(v, node.value) for v in values]
    return set(names) <= {"triu_", "tril_"} and all(
        v is None or hides(rewriter, v, depth + 1) for v in own
    )


def _is_behind(function: cst.FunctionDef, value: cst.BaseExpression, node: cst.Name) -> bool:
    """True for a variable that is read behind where its last value is set, whichever way the flow came."""
    always = any(getattr(small(line), "value", None) is value for line in function.body.body)
    order = [id(part) for part in nodes(function.body)]
    return always and id(node) in order and order.index(id(node)) > order.index(id(value))


def _without(value: cst.BaseExpression, name: str) -> cst.BaseExpression | None:
    """The value of a variable; None where it is the variable itself, moved: `mask = mask.to(device)`."""
    moved = isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute)
    if moved and value.func.attr.value in _MOVED and build.code(value.func.value) == name:  # type: ignore[attr-defined]
        return None
    return value


def _set(line: cst.SimpleStatementLine, name: str) -> cst.BaseExpression | None:
    inner = small(line)
    if not isinstance(inner, cst.Assign) or len(inner.targets) != 1:
        return None
    return inner.value if build.code(inner.targets[0].target) == name else None


def _attribute(rewriter: Rewriter, node: cst.Attribute, depth: int) -> bool:
    """An attribute of the model that its class sets in one place."""
    owner = rewriter.facts.value(node.value)
    if not isinstance(owner, ObjectValue):
        return False
    found: list[tuple[cst.BaseExpression, object]] = []
    for method in owner.info.methods.values():
        if not isinstance(method.node, cst.FunctionDef):
            continue
        for line in of_kind(nodes(method.node.body), cst.SimpleStatementLine):
            value = _set(line, f"self.{node.attr.value}")
            called = method_call(line)
            if called is not None and called[1].attr.value == "register_buffer":
                args = called[0].args
                if len(args) > 1 and literal_value(args[0].value) == node.attr.value:
                    value = args[1].value
            if value is not None:
                found.append((value, method))
    if len(found) != 1:
        return False
    outer = list(rewriter.functions)
    rewriter.functions.append(found[0][1])  # type: ignore[arg-type]
    seen = hides(rewriter, found[0][0], depth + 1)
    rewriter.functions[:] = outer
    return seen
