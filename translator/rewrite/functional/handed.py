"""Functions that build layers and are handed on, `ResNet(stack_fn)`: what is handed on is their class."""

from __future__ import annotations

import libcst as cst

from translator.rewrite.functional.changing import replaced
from translator.rewrite.functional.known import Known
from translator.rewrite.functional.write import Written
from translator.rewrite.layout import leading, led
from translator.source.tree import nodes


def with_classes(
    known: Known,
    node: cst.BaseStatement,
    written: dict[int, Written],
    names: dict[int, str],
) -> cst.BaseStatement:
    """A statement with the classes of functions that are handed on: where these stood, and where they are read."""
    code = list(nodes(node))
    own = {id(n) for n in code if isinstance(n, cst.FunctionDef) and id(n) in written}
    called = {id(n.func) for n in code if isinstance(n, cst.Call)}

    def change(part: cst.BaseExpression) -> cst.BaseExpression:
        function = known.function(part) if isinstance(part, cst.Name) else None
        if function is not None and id(function) in written and id(part) not in called:
            if isinstance(part, cst.Name) and part.value == function.name.value:
                return cst.Name(names[id(function)])
        new = replaced(part, change)
        assert isinstance(new, cst.BaseExpression)
        return new

    def inside(part: cst.CSTNode) -> cst.CSTNode:
        if not isinstance(part, cst.FunctionDef) or not isinstance(part.body, cst.IndentedBlock):
            return replaced(part, change)
        body: list[cst.CSTNode] = []
        for statement in part.body.body:
            if id(statement) in own:
                assert isinstance(statement, cst.FunctionDef)
                classes = written[id(statement)].classes
                body += [led(c, leading(statement)) for c in classes]
            else:
                body.append(inside(statement))
        if len(body) == len(part.body.body) and all(
            a is b for a, b in zip(body, part.body.body, strict=True)
        ):
            return part
        return part.with_changes(body=part.body.with_changes(body=body))

    new = inside(node)
    assert isinstance(new, cst.BaseStatement)
    return new
