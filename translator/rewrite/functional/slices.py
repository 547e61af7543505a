"""The statements that state one model: from its outputs back to its inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from translator.rewrite.constructs.reading import of_kind, small, targets, used_names
from translator.rewrite.functional.known import Known, Times
from translator.rewrite.functional.layout import without_lines
from translator.rewrite.functional.lifted import exposed
from translator.rewrite.functional.reads import free_names, width_read
from translator.rewrite.functional.refused import RefusedError
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.tree import nodes


@dataclass(eq=False)
class Slice:
    """One model of a block: the call that makes it, at the statement `end`, and the statements that lead to it."""

    call: cst.Call
    end: int
    inputs: cst.BaseExpression
    outputs: cst.BaseExpression
    made: dict[str, cst.Call] = field(default_factory=dict)
    """The calls of `keras.Input`, by the name of the tensor."""
    statements: set[int] = field(default_factory=set)
    """The places in the block of the statements that compute with tensors, those of the inputs included."""
    moved: set[int] = field(default_factory=set)
    """The places of statements that nothing else needs."""
    renaming: set[int] = field(default_factory=set)
    """The places of statements that only give the inputs other names, `inputs = image`."""
    why: RefusedError | None = None

    def is_input(self, body: Sequence[cst.BaseStatement], place: int) -> bool:
        """True for a statement that makes an input."""
        return _input_of(body[place], self.made) is not None

    def code(self, body: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
        """The statements that the class takes over, in their order, without those of the inputs."""
        taken = sorted(self.statements | self.moved)
        inputs = self.input_places(body) | self.renaming
        gone = {position for position, place in enumerate(taken) if place in inputs}
        return without_lines([body[place] for place in taken], gone)[0]

    def input_places(self, body: Sequence[cst.BaseStatement]) -> set[int]:
        """The places of the statements that make the inputs."""
        return {i for i in self.statements if _input_of(body[i], self.made) is not None}


def slices(known: Known, times: Times, body: Sequence[cst.BaseStatement]) -> list[Slice]:
    """All models that the statements of one block make, each with its reason where it cannot be cut out."""
    found: list[Slice] = []
    for end, statement in enumerate(body):
        if not isinstance(statement, cst.SimpleStatementLine):
            continue
        for call in of_kind(nodes(statement), cst.Call):
            if known.is_model(call):
                inputs = _first_of(call, 0, "inputs", "input")
                outputs = _first_of(call, 1, "outputs", "output")
                if inputs is None or outputs is None:
                    continue  # a subclass that is called so
                cut = Slice(call, end, inputs, outputs)
                try:
                    _trace(known, times, body, cut)
                except RefusedError as refused:
                    cut.why = refused
                found.append(cut)
    for cut in found:
        own = cut.statements - cut.input_places(body)
        others = [o for o in found if o is not cut and o.statements & own]
        if others and cut.why is None:
            cut.why = RefusedError(cut.call, "several models share their layers")
        elif cut.why is None:
            elsewhere = {i for o in found if o is not cut for i in (*o.statements, o.end)}
            cut.why = _seen_outside(times, body, cut, elsewhere)
    return found


def _first_of(call: cst.Call, position: int, *names: str) -> cst.BaseExpression | None:
    given = (argument(call, position if i == 0 else -1, name) for i, name in enumerate(names))
    return next((value for value in given if value is not None), None)


def _trace(known: Known, times: Times, body: Sequence[cst.BaseStatement], cut: Slice) -> None:
    needed = _tensors(times, cut.outputs)
    if not needed:
        raise RefusedError(cut.call, "its outputs are not seen to be computed from its inputs here")
    read = used_names(nodes(cut.call))
    for place in range(cut.end - 1, -1, -1):
        statement = body[place]
        gives = _gives(times, statement) & needed
        if not gives and _measures(known, times, statement) and targets(statement) & read:
            cut.statements.add(place)
            needed |= free_names(read_parts(statement)) & times.names
            read |= used_names(nodes(statement))
        if not gives:
            continue
        read |= used_names(nodes(statement))
        made = _input_of(statement, None, known)
        cut.statements.add(place)
        if made is not None:
            cut.made[made[0]] = made[1]
            needed -= gives
            continue
        needed -= _set_by(statement)
        if isinstance(statement, cst.SimpleStatementLine):
            needed |= free_names(read_parts(statement)) & times.names
        else:
            needed |= set(exposed([statement])) & times.names
    if needed:
        raise RefusedError(cut.call, f"where {min(needed)} comes from is not seen in this block")
    _rename_inputs(body, cut)
    stated = set(input_names(cut.inputs).values())
    if stated != set(cut.made):
        raise RefusedError(
            cut.call, "its inputs are not the ones that its outputs are computed from"
        )


def _measures(known: Known, times: Times, statement: cst.BaseStatement) -> bool:
    """True for a line that computes a setting from the width of a tensor."""
    inner = small(statement)
    if not isinstance(inner, cst.Assign):
        return False
    return any(width_read(known, n) in times.names for n in of_kind(nodes(inner), cst.Subscript))


def _rename_inputs(body: Sequence[cst.BaseStatement], cut: Slice) -> None:
    """Call the inputs what they are called where they are made: `inputs = image` gives one a name for the model."""
    if not isinstance(cut.inputs, cst.Name) or cut.inputs.value in cut.made:
        return
    name = cut.inputs.value
    lines = [i for i, s in enumerate(body[: cut.end]) if name in targets(s)]
    inner = small(body[lines[-1]]) if len(lines) == 1 else None
    if not isinstance(inner, cst.Assign) or not isinstance(inner.value, cst.Name):
        return
    changed = any(inner.value.value in targets(s) for s in body[lines[0] + 1 : cut.end])
    if inner.value.value in cut.made and not changed:
        cut.inputs = inner.value
        read = any(name in free_names(read_parts(body[i])) for i in cut.statements)
        if not read:
            cut.renaming.add(lines[0])
        cut.statements.add(lines[0])


def input_names(node: cst.BaseExpression) -> dict[str | int | None, str]:
    """The names of the inputs: one by itself under None, those of a list by their place, those of a dict by key."""
    if isinstance(node, cst.Name):
        return {None: node.value}
    found: dict[str | int | None, str] = {}
    if isinstance(node, cst.List | cst.Tuple):
        for place, element in enumerate(node.elements):
            if not isinstance(element.value, cst.Name):
                raise RefusedError(node, "its inputs are no names")
            found[place] = element.value.value
    elif isinstance(node, cst.Dict):
        for pair in node.elements:
            key = literal_value(pair.key) if isinstance(pair, cst.DictElement) else None
            if not isinstance(key, str) or not isinstance(pair.value, cst.Name):
                raise RefusedError(node, "its inputs are no names")
            found[key] = pair.value.value
    else:
        raise RefusedError(node, "its inputs are no names")
    return found


def _input_of(
    statement: cst.BaseStatement, made: dict[str, cst.Call] | None, known: Known | None = None
) -> tuple[str, cst.Call] | None:
    """The name and the call where a statement is `x = keras.Input(...)`."""
    inner = small(statement)
    if not isinstance(inner, cst.Assign) or len(inner.targets) != 1:
        return None
    target, value = inner.targets[0].target, inner.value
    if not isinstance(target, cst.Name) or not isinstance(value, cst.Call):
        return None
    if made is not None:
        return (target.value, value) if made.get(target.value) is value else None
    assert known is not None
    return (target.value, value) if known.is_input(value) else None


def _tensors(times: Times, node: cst.CSTNode) -> set[str]:
    return free_names(nodes(node)) & times.names


def _gives(times: Times, statement: cst.BaseStatement) -> set[str]:
    """The tensors, and lists of them, that a statement sets or changes."""
    changed = {
        call.func.value.value
        for call in of_kind(nodes(statement), cst.Call)
        if isinstance(call.func, cst.Attribute)
        and isinstance(call.func.value, cst.Name)
        and call.func.attr.value in ("append", "extend", "insert", "pop")
    }
    return (targets(statement) | changed) & times.names


def _set_by(statement: cst.CSTNode) -> set[str]:
    """The names that a statement gives a new value whatever happens."""
    if isinstance(statement, cst.SimpleStatementLine):
        assigns = of_kind(statement.body, cst.Assign)
        return {name for inner in assigns for name in targets(inner)}
    if isinstance(statement, cst.If) and statement.orelse is not None:
        return _set_by_block(statement.body) & _set_by(statement.orelse)
    return _set_by_block(statement.body) if isinstance(statement, cst.Else) else set()


def _set_by_block(block: cst.BaseSuite) -> set[str]:
    return {name for statement in block.body for name in _set_by(statement)}


def _seen_outside(
    times: Times, body: Sequence[cst.BaseStatement], cut: Slice, elsewhere: set[int]
) -> RefusedError | None:
    """A reason where a statement that stays reads a tensor of the model; other models may begin with its inputs."""
    holds: dict[str, bool] = {}
    for place, statement in enumerate(body):
        reads = free_names(read_parts(statement))
        if place not in cut.statements and place != cut.end:
            seen = sorted(n for n in reads if holds.get(n))
            seen = [n for n in seen if n not in cut.made or place not in elsewhere]
            if seen and seen[0] in times.names:
                return RefusedError(cut.call, f"its tensor {seen[0]} is used outside of the model")
        for name in targets(statement):
            holds[name] = place in cut.statements
    return None


def read_parts(statement: cst.BaseStatement) -> Iterator[cst.CSTNode]:
    """What a statement reads: all but the plain names that it sets."""
    inner = small(statement)
    if isinstance(inner, cst.Assign) and all(_names_only(t.target) for t in inner.targets):
        yield from nodes(inner.value)
    elif not isinstance(statement, cst.FunctionDef | cst.ClassDef):
        yield from nodes(statement)


def _names_only(target: cst.BaseExpression) -> bool:
    """True for a name, and for several that something is taken apart into."""
    if isinstance(target, cst.Tuple | cst.List):
        return all(_names_only(element.value) for element in target.elements)
    return isinstance(target, cst.Name)
