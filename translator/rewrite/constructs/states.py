"""The mode in which a torch program leaves its modules, followed line by line: Keras is told it at each call.

A module starts in training mode and stays in the one that was set last. Where a file never leaves training mode,
nothing has to be followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reached import reached
from translator.rewrite.constructs.reading import of_kind
from translator.source.classes import inherited
from translator.source.literals import literal_value
from translator.source.objects import Built, ClassValue, ObjectValue
from translator.source.tree import nodes
from translator.source.values import LayerValue, MethodValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

UNSURE = "?"


def find(rewriter: Rewriter) -> None:
    """Note whether the file ever takes a module out of training mode."""
    if rewriter.target == "tensorflow" and rewriter.naming.mentioned & {"train", "eval"}:
        found = _settings_in(rewriter, rewriter.naming.code)
        rewriter.infers = any(mode is not True for _, mode in found)


def trains(rewriter: Rewriter, func: cst.BaseExpression) -> bool | None:
    """Whether a module is in training mode where it is called, None where that is not known."""
    if not rewriter.infers:
        return True
    setting = _setting(rewriter, func) if isinstance(func, cst.Call) else None
    if setting is not None:
        return setting[1] if isinstance(setting[1], bool) else None
    place: cst.BaseExpression = func
    while True:
        mode = rewriter.modes.get(build.code(place))
        if mode is not None:
            return mode if isinstance(mode, bool) else None
        if not isinstance(place, cst.Attribute):
            return None
        place = place.value


def enter(rewriter: Rewriter, statement: cst.BaseStatement) -> None:
    """What is known of modes where the blocks of a statement begin."""
    if not rewriter.infers or isinstance(statement, cst.SimpleStatementLine | cst.With):
        return
    if isinstance(statement, cst.FunctionDef | cst.ClassDef):
        rewriter.modes = {}
    else:
        _blur(rewriter, statement)


def leave(rewriter: Rewriter, statement: cst.BaseStatement, before: dict[str, bool | str]) -> None:
    """What is known of modes behind a statement."""
    if not rewriter.infers or isinstance(statement, cst.With):
        return
    if isinstance(statement, cst.FunctionDef | cst.ClassDef):
        rewriter.modes = before
    elif not isinstance(statement, cst.SimpleStatementLine):
        if _runs_through(statement):
            return  # as its body leaves them: a loop over nothing is no case to write for
        rewriter.modes = before
        _blur(rewriter, statement)
    else:
        if _sets_elsewhere(rewriter, statement):
            rewriter.modes = {}
        for line in statement.body:
            _made(rewriter, line)
        for owner, mode in _settings(rewriter, statement):
            _set(rewriter, owner, mode)


def _runs_through(statement: cst.BaseStatement) -> bool:
    """True for a `for` whose body is always left at its end."""
    if not isinstance(statement, cst.For):
        return False
    return not any(type(node) in (cst.Break, cst.Continue) for node in nodes(statement))


def _set(rewriter: Rewriter, owner: str, mode: bool | str) -> None:
    """A mode is set: those of a module's parts with it, and a module of whose parts one differs is in neither."""
    kept = {o: m for o, m in rewriter.modes.items() if not o.startswith(f"{owner}.")}
    for other in kept:
        if owner.startswith(f"{other}.") and kept[other] != mode:
            kept[other] = UNSURE
    rewriter.modes = kept | {owner: mode}


def _blur(rewriter: Rewriter, statement: cst.BaseStatement) -> None:
    """Forget what a block may have set to something else, having run or not."""
    if _sets_elsewhere(rewriter, statement):
        rewriter.modes = {}
    for owner, mode in list(_settings(rewriter, statement)):
        if rewriter.modes.get(owner) != mode:
            _set(rewriter, owner, UNSURE)


def _settings(rewriter: Rewriter, node: cst.CSTNode) -> Iterator[tuple[str, bool | str]]:
    """The modes that a piece of code sets: the module's code and True for `train()`."""
    return _settings_in(rewriter, nodes(node))


def _settings_in(
    rewriter: Rewriter, code: Iterable[cst.CSTNode]
) -> Iterator[tuple[str, bool | str]]:
    for call in of_kind(code, cst.Call):
        if found := _setting(rewriter, call):
            yield found


def _setting(rewriter: Rewriter, call: cst.Call) -> tuple[str, bool | str] | None:
    """`model.eval()`, `model.train(mode)`."""
    method = rewriter.facts.value(call.func)
    if not isinstance(method, MethodValue) or not isinstance(call.func, cst.Attribute):
        return None
    if method.name not in ("train", "eval") or not inherited(method.receiver, method.name):
        return None
    owner = build.code(call.func.value)
    if method.name == "eval":
        return owner, False
    given = literal_value(call.args[0].value) if call.args else True
    return owner, given if isinstance(given, bool) else UNSURE


def _sets_elsewhere(rewriter: Rewriter, statement: cst.BaseStatement) -> bool:
    """True if a statement runs a function of the file that sets modes."""
    bodies = [f.node.body for f in reached(rewriter, statement) if f.node is not None]
    return any(rewriter.once(_sets, body) for body in bodies)


def _sets(rewriter: Rewriter, body: cst.CSTNode) -> bool:
    return any(True for _ in _settings(rewriter, body))


def _made(rewriter: Rewriter, line: cst.BaseSmallStatement) -> None:
    """A module that is built trains."""
    if not isinstance(line, cst.Assign):
        return
    for target in line.targets:
        pairs: list[tuple[cst.BaseExpression, cst.BaseExpression]] = [(target.target, line.value)]
        if isinstance(target.target, cst.Tuple) and isinstance(line.value, cst.Tuple):
            if len(target.target.elements) == len(line.value.elements):
                both = zip(target.target.elements, line.value.elements, strict=True)
                pairs = [(a.value, b.value) for a, b in both]
        for place, value in pairs:
            mode = _first_mode(rewriter, value)
            if mode is not None and isinstance(place, cst.Name | cst.Attribute):
                _set(rewriter, build.code(place), mode)


def _first_mode(rewriter: Rewriter, node: cst.BaseExpression) -> bool | str | None:
    """The mode of what an expression builds, None where it builds no module."""
    if not isinstance(node, cst.Call):
        return None
    if not isinstance(rewriter.facts.value(node), Built | ObjectValue | LayerValue):
        return None
    if isinstance(rewriter.facts.value(node.func), ClassValue) or id(node) in rewriter.facts.sites:
        return True
    setting = _setting(rewriter, node)
    if setting is not None:
        return setting[1]
    method = rewriter.facts.value(node.func)
    chained = isinstance(method, MethodValue) and inherited(method.receiver, method.name)
    if chained and isinstance(node.func, cst.Attribute):
        return _first_mode(rewriter, node.func.value)  # `Net().to(device)`
    return None
