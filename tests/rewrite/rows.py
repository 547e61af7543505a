"""Short programs and what becomes of them, as rows of tables: `row`, `to_torch`, `to_tensorflow`, `same`, `flagged`.

Every row also checks what holds for all conversions: the code compiles, no name has lost its import, findings lie
inside the file, no line has got spaces at its end. A row with `bug=` is known to fail and says why; it must then fail.
"""

from __future__ import annotations

import builtins
import symtable
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from translator import Code, Conversion, Severity, convert

TORCH = "import torch\nimport torch.nn.functional as F\nfrom torch import nn, optim\n\n"
SHAPE_LIST = '''

def shape_list(x):
    """The sizes of a tensor: numbers where they are known, and else what they are when the graph runs."""
    sizes = list(x.shape)
    if None not in sizes:
        return sizes
    return [tf.shape(x)[i] if size is None else size for i, size in enumerate(sizes)]

'''
"""The helper that gives the whole shape of a tensor in a graph."""
TENSORFLOW = "import keras\nimport tensorflow as tf\n\n"


@dataclass(frozen=True)
class Row:
    """One program and what is expected of its conversion; `code` None where only the findings matter.

    `todo`: whether something must be left over, with a finding at the line that has `at` in it. `without`: what the
    code may hold only where a finding says that something is left.
    """

    source: str
    to: str
    code: str | None = None
    todo: bool = False
    codes: tuple[Code, ...] = ()
    at: str = ""
    without: str = ""
    bug: str = ""

    def check(self) -> None:
        result = convert(self.source, to=self.to)
        if self.code is not None:
            assert result.code == self.code
        sound(self.source, result)
        found = [f for f in result.findings if f.severity is Severity.TODO]
        if self.without:
            assert not result.complete or self.without not in result.code, result.code
        else:
            assert result.complete != self.todo, [str(f.message) for f in found] or result.code
        if self.codes:
            assert {f.code for f in result.findings} >= set(self.codes)
        if self.at:
            lines = self.source.splitlines()
            assert any(self.at in lines[f.span.line - 1] for f in found), found

    @property
    def title(self) -> str:
        lines = [line.strip() for line in self.source.splitlines() if line.strip()]
        telling = [
            line for line in lines if not line.startswith(("import", "from", "class", "def"))
        ]
        return " ".join(telling or lines)[:60]


def text(source: str) -> str:
    """A program from an indented triple-quoted string."""
    if "\n" not in source:
        return f"{source}\n"
    return textwrap.dedent(source).strip("\n") + "\n"


def to_tensorflow(torch: str, tensorflow: str, bug: str = "", **more: Any) -> list[Row]:
    """torch code and the TensorFlow code that it becomes; not the other way."""
    return [Row(text(torch), "tensorflow", text(tensorflow), bug=bug, **more)]


def to_torch(tensorflow: str, torch: str, bug: str = "", **more: Any) -> list[Row]:
    """TensorFlow code and the torch code that it becomes; not the other way."""
    return [Row(text(tensorflow), "torch", text(torch), bug=bug, **more)]


def row(
    *, torch: str, tensorflow: str, bug_to_torch: str = "", bug_to_tensorflow: str = ""
) -> list[Row]:
    """Code of both sides that becomes the other, both ways."""
    return [
        *to_tensorflow(torch, tensorflow, bug_to_tensorflow),
        *to_torch(tensorflow, torch, bug_to_torch),
    ]


def same(
    source: str, to: str = "tensorflow", bug: str = "", prelude: str = "import torch\n"
) -> list[Row]:
    """Code that does not change although it stands in a file of the framework; the import is all that goes."""
    kept = text(source)
    imports = prelude if to == "tensorflow" else TENSORFLOW.rstrip("\n") + "\n"
    return [Row(imports + kept, to, kept, bug=bug)]


def untouched(source: str, to: str = "tensorflow", bug: str = "") -> list[Row]:
    """A whole file that comes back as it is, with nothing to say."""
    return [Row(text(source), to, text(source), bug=bug)]


def flagged(
    source: str, at: str = "", to: str = "tensorflow", bug: str = "", **more: Any
) -> list[Row]:
    """Code of which something must be left to a person, with a finding at the line that has `at` in it.

    The framework's usual imports are put in front where it has none.
    """
    program = text(source)
    if "import " not in program.partition("\n")[0] and not program.startswith(('"', "#")):
        program = (TORCH if to == "tensorflow" else TENSORFLOW) + program
    return [Row(program, to, todo=True, at=at, bug=bug, **more)]


def unless_flagged(source: str, without: str, to: str = "tensorflow", bug: str = "") -> list[Row]:
    """Code whose conversion may hold `without` only if a finding says that something is left."""
    found = flagged(source, to=to)[0]
    return [Row(found.source, to, without=without, bug=bug)]


def rows(*groups: Iterable[Row]) -> pytest.MarkDecorator:
    """The parametrisation of a test over rows."""
    params = []
    for case in (case for group in groups for case in group):
        marks = [pytest.mark.xfail(strict=True, reason=case.bug)] if case.bug else []
        params.append(pytest.param(case, id=f"{case.to}: {case.title}", marks=marks))
    return pytest.mark.parametrize("case", params)


_SIGNATURE = {
    "torch": "x: torch.Tensor, y: torch.Tensor, n: int, shape",
    "tensorflow": "x: tf.Tensor, y: tf.Tensor, n: int, shape",
}


def expression(source: str, side: str) -> str:
    """A program around one expression over the tensors `x` and `y`, the number `n` and an unknown `shape`."""
    body = source.replace("\n", "\n    ")
    prelude = TORCH if side == "torch" else TENSORFLOW
    return f"{prelude}\ndef f({_SIGNATURE[side]}):\n    return {body}\n"


def converted(source: str, side: str) -> tuple[str, Conversion]:
    """The expression that an expression becomes, and all that was said of it."""
    other = "tensorflow" if side == "torch" else "torch"
    program = expression(source, side)
    result = convert(program, to=other)
    sound(program, result)
    return textwrap.dedent(result.code.partition("    return ")[2]).rstrip("\n"), result


@dataclass(frozen=True)
class Expression:
    """One expression and the one that it becomes; None where it must stay, with a finding."""

    side: str
    source: str
    expected: str | None

    def check(self) -> None:
        code, result = converted(self.source, self.side)
        if self.expected is None:
            assert not result.complete, code
        else:
            assert code == self.expected
            assert result.complete, result.findings


def expressions(*table: tuple[str, ...], to: str = "both") -> pytest.MarkDecorator:
    """The parametrisation over (torch, tensorflow) pairs of expressions, or (torch, tensorflow, bug).

    `to` names the direction; an expected side that is "" says that the other must be left, with a finding.
    """
    params = []
    for torch, tensorflow, *bug in table:
        for side, source, expected in (
            ("torch", torch, tensorflow),
            ("tensorflow", tensorflow, torch),
        ):
            if to not in ("both", "tensorflow" if side == "torch" else "torch"):
                continue
            marks = [pytest.mark.xfail(strict=True, reason=bug[0])] if bug else []
            case = Expression(side, source, expected or None)
            params.append(pytest.param(case, id=f"{side}: {source}", marks=marks))
    return pytest.mark.parametrize("case", params)


# what holds for every conversion


def sound(source: str, result: Conversion) -> None:
    """Check what must hold whatever the program was."""
    compile(result.code, "converted", "exec", dont_inherit=True)
    assert free_names(result.code) <= free_names(source), result.code
    lines = source.splitlines() or [""]
    for finding in result.findings:
        span = finding.span
        assert 1 <= span.line <= span.end_line <= len(lines)
        assert 0 <= span.column <= len(lines[span.line - 1])
        assert 0 <= span.end_column <= len(lines[span.end_line - 1])
        assert (span.line, span.column) < (span.end_line, span.end_column)
        assert finding.message
    if not any(line != line.rstrip() for line in lines):
        assert not [line for line in result.code.splitlines() if line != line.rstrip()]


def free_names(code: str) -> set[str]:
    """The names that a program reads and binds nowhere."""
    bound: set[str] = set()
    read: set[str] = set()
    tables = [symtable.symtable(code, "program", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        module = table.get_type() == "module"
        for symbol in table.get_symbols():
            if module or symbol.is_declared_global():
                if symbol.is_assigned() or symbol.is_imported():
                    bound.add(symbol.get_name())
            if symbol.is_referenced() and (module or symbol.is_global()):
                read.add(symbol.get_name())
    return {name for name in read - bound if not hasattr(builtins, name)}
