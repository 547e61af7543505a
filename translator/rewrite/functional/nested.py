"""Models that are parts of others, `encoder = Model(inputs, code)` in an autoencoder: the larger one calls the smaller.

What both state stands in the class of the smaller one; the larger one goes on from what that gives.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import small, targets, used_names
from translator.rewrite.functional.known import Known, Times
from translator.rewrite.functional.layout import without_lines
from translator.rewrite.functional.slices import Slice, read_parts, slices


def with_parts(
    known: Known, times: Times, body: Sequence[cst.BaseStatement]
) -> list[cst.BaseStatement]:
    """The statements of a block with models that are parts of others called by these."""
    body = list(body)
    for _ in range(len(body)):
        new = _once(known, times, body)
        if new is None:
            break
        body = new
    return body


def _once(
    known: Known, times: Times, body: list[cst.BaseStatement]
) -> list[cst.BaseStatement] | None:
    found = slices(known, times, body)
    for part in sorted(found, key=lambda cut: len(cut.statements)):
        name = called(body[part.end], part)
        outputs = _names(part.outputs)
        own = part.statements - part.input_places(body)
        if name is None or not outputs or not own or not part.made:
            continue
        larger = [o for o in found if o is not part and own < o.statements]
        if larger and all(_only_through(body, part, own, o, outputs) for o in larger):
            return _with_call(body, part, name, outputs, own)
    return None


def called(statement: cst.BaseStatement, part: Slice) -> str | None:
    """What a line calls the model, where it does nothing else."""
    inner = small(statement)
    if not isinstance(inner, cst.Assign) or len(inner.targets) != 1 or inner.value is not part.call:
        return None
    target = inner.targets[0].target
    return target.value if isinstance(target, cst.Name) else None


def _names(node: cst.BaseExpression) -> list[str]:
    parts = [e.value for e in node.elements] if isinstance(node, cst.List | cst.Tuple) else [node]
    names = [part.value for part in parts if isinstance(part, cst.Name)]
    return names if len(names) == len(parts) and len(set(names)) == len(names) else []


def _only_through(
    body: Sequence[cst.BaseStatement],
    part: Slice,
    own: set[int],
    larger: Slice,
    outputs: Sequence[str],
) -> bool:
    """True where the larger model reads nothing that the part computes but what it gives."""
    rest = sorted(larger.statements - part.statements)
    if any(place < max(own) for place in rest if not larger.is_input(body, place)):
        return False
    hidden = {name for place in own for name in targets(body[place])} - set(outputs)
    hidden -= set(part.made)
    held = set(hidden)
    for place in rest:
        if used_names(read_parts(body[place])) & held:
            return False
        held -= targets(body[place])
    return not used_names([larger.outputs]) & held


def _with_call(
    body: list[cst.BaseStatement],
    part: Slice,
    name: str,
    outputs: Sequence[str],
    own: set[int],
) -> list[cst.BaseStatement]:
    """The statements with the part made as soon as it is known, and called."""
    given = build.statement(f"{', '.join(outputs)} = {name}(given)", given=part.inputs.deep_clone())
    place = max(own)
    line = body[part.end]
    kept, _ = without_lines(body, {part.end})
    return [*kept[: place + 1], line, given, *kept[place + 1 :]]
