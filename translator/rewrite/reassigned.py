"""Attributes that a constructor sets anew from what they hold, from torch to torch: until then they are variables.

`self.body = resnet()` and then `self.body = nn.Sequential(*self.body.children())`: torch forgets the first module,
Keras tracks both for good.
"""

from __future__ import annotations

import libcst as cst

from translator.rewrite.constructs.reading import of_kind, small, used_names
from translator.rewrite.held import each
from translator.source.facts import Facts
from translator.source.functions import parameters
from translator.source.layers import is_module
from translator.source.tree import nodes


def with_variables(tree: cst.Module, facts: Facts) -> cst.Module | None:
    """The file with such variables; None where it needs none."""
    found: dict[int, cst.FunctionDef] = {}
    for info in facts.classes.values():
        constructor = info.methods.get("__init__") if info.reassigned else None
        node = None if constructor is None else constructor.node
        if isinstance(node, cst.FunctionDef) and isinstance(node.body, cst.IndentedBlock):
            for name in sorted(info.reassigned):
                new = _Attribute(facts, node, name).held()
                if new is not None:
                    found[id(constructor.node)] = node = new  # type: ignore[union-attr]
    if not found:
        return None
    written = _put(tree, found)
    assert isinstance(written, cst.Module)
    return written


def _put(node: cst.CSTNode, found: dict[int, cst.FunctionDef]) -> cst.CSTNode:
    return found[id(node)] if id(node) in found else each(node, lambda part: _put(part, found))


class _Attribute:
    """One attribute of the object that a constructor makes."""

    def __init__(self, facts: Facts, node: cst.FunctionDef, name: str) -> None:
        self.facts = facts
        self.node = node
        self.name = name
        self.own = parameters(node)[0].name.value
        taken = used_names(nodes(node))
        self.variable = name
        while self.variable in taken:
            self.variable += "_"

    def held(self) -> cst.FunctionDef | None:
        """The constructor with the attribute set once, by the last line that does it; None where that cannot be."""
        body = list(self.node.body.body)
        values = [self._assigned(line) for line in body]
        places = [place for place, value in enumerate(values) if value is not None]
        if len(places) < 2:
            return None
        first, last = places[0], places[-1]
        modules = all(is_module(self.facts.value(v)) for v in values if v is not None)
        if not modules or not self._reads(values[last]):
            return None
        if any(self._escapes(line) for line in body[first : last + 1]):
            return None
        kept = body[last]
        assert isinstance(kept, cst.SimpleStatementLine)
        inner = kept.body[0]
        assert isinstance(inner, cst.Assign)
        new = inner.with_changes(value=self._renamed(inner.value))
        body[first:last] = [self._renamed(line) for line in body[first:last]]
        body[last] = kept.with_changes(body=[new])
        return self.node.with_changes(body=self.node.body.with_changes(body=body))

    def _assigned(self, line: cst.CSTNode) -> cst.BaseExpression | None:
        """What a line sets the attribute to."""
        inner = small(line)
        if not isinstance(inner, cst.Assign) or len(inner.targets) != 1:
            return None
        return inner.value if self._is(inner.targets[0].target) else None

    def _is(self, node: cst.CSTNode) -> bool:
        return (
            isinstance(node, cst.Attribute)
            and isinstance(node.value, cst.Name)
            and (node.value.value, node.attr.value) == (self.own, self.name)
        )

    def _reads(self, node: cst.BaseExpression | None) -> bool:
        return node is not None and any(map(self._is, nodes(node)))

    def _escapes(self, line: cst.CSTNode) -> bool:
        """True where something else may look at the attribute: a method, a function that is called later."""
        code = list(nodes(line))
        if any(isinstance(part, cst.Lambda | cst.FunctionDef | cst.ClassDef) for part in code):
            return True
        read = {id(part.value) for part in of_kind(code, cst.Attribute)}
        if any(p.value == self.own and id(p) not in read for p in of_kind(code, cst.Name)):
            return True
        return any(
            isinstance(call.func, cst.Attribute)
            and isinstance(call.func.value, cst.Name)
            and call.func.value.value == self.own
            and not self._is(call.func)
            for call in of_kind(code, cst.Call)
        )

    def _renamed(self, node: cst.CSTNode) -> cst.CSTNode:
        if self._is(node):
            assert isinstance(node, cst.Attribute)
            return cst.Name(self.variable, lpar=node.lpar, rpar=node.rpar)
        return each(node, self._renamed)
