"""Statements written as text, with expressions of the file in it, and names that the file does not use."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

import libcst as cst

from translator.rewrite import build


class Text:
    """Expressions of the file by the names that stand for them in text, and free names."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.holes: dict[str, cst.BaseExpression] = {}
        self._own: dict[str, str] = {}

    def hole(self, node: cst.BaseExpression) -> str:
        """What stands for an expression in text: a name or a number stands for itself."""
        if isinstance(node, cst.Name | cst.Integer | cst.Float) and not node.lpar:
            return node.value
        name = f"hole{len(self.holes)}__"
        self.holes[name] = node
        return name

    def fresh(self, wanted: str) -> str:
        """A name that the file does not use yet; it is taken from then on."""
        wanted = re.sub(r"\W", "_", wanted)  # a metric may be called "top-5"
        name, number = wanted, 1
        while name in self.taken:
            number += 1
            name = f"{wanted}_{number}"
        self.taken.add(name)
        return name

    def own(self, wanted: str) -> str:
        """A name for what every loop sets anew before it is read: the same one each time."""
        if wanted not in self._own:
            self._own[wanted] = self.fresh(wanted)
        return self._own[wanted]

    def expression(self, text: str) -> cst.BaseExpression:
        """An expression from text."""
        return build.expression(text, **self.holes)

    def statements(self, lines: Sequence[str]) -> list[cst.BaseStatement]:
        """Statements from lines of text."""
        parsed = build.statements("\n".join(lines) + "\n")
        return [build.filled(statement, self.holes) for statement in parsed]


def indented(lines: Sequence[str]) -> list[str]:
    """Lines as the body of a block."""
    return [textwrap.indent(line, "    ") for line in lines]
