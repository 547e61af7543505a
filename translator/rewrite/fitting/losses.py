"""What layers add to the loss of their model by themselves."""

from __future__ import annotations

import libcst as cst

from translator.source.joins import members
from translator.source.literals import literal_value
from translator.source.objects import Built, ClassInfo, ObjectValue
from translator.source.tree import nodes
from translator.source.values import Value


def adds_losses(value: Value, seen: frozenset[ClassInfo] = frozenset()) -> bool:
    """True if a model has a regulariser, or calls `add_loss`."""
    if isinstance(value, Built):
        given = value.site.node.args
        own = any(
            a.keyword is not None
            and a.keyword.value.endswith("regularizer")
            and literal_value(a.value) is not None
            for a in given
        )
        return own or any(adds_losses(part, seen) for part in value.site.parts)
    if isinstance(value, ObjectValue) and value.info not in seen:
        deeper = seen | {value.info}
        called = (
            n.attr.value == "add_loss"
            for n in nodes(value.info.node)
            if isinstance(n, cst.Attribute)
        )
        parts = value.info.attributes.values()
        return any(called) or any(adds_losses(part, deeper) for part in parts)
    return any(adds_losses(part, seen) for part in members(value))
