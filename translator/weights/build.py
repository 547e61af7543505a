"""Building what gets its weights with its first input, from what its counterpart says of that input."""

from __future__ import annotations

from collections.abc import Iterable

from translator.knowledge.lenses import Inferred, Side, Trailing
from translator.weights.links import Pending
from translator.weights.rules import layer_records


def build(side: Side, pending: Iterable[Pending]) -> bool:
    """Build the layers of a live model that `match` found without weights; False if none could be."""
    return sum(_built(side, one) for one in pending) > 0


def _built(side: Side, pending: Pending) -> bool:
    layer, features = pending.layer.handle, input_sizes(pending)
    if layer is None:
        return False
    if side == "torch":
        from translator.weights import torch_side

        return features is not None and torch_side.build(layer, features)
    from translator.weights import keras_side

    kind = pending.counterpart.kind
    return keras_side.build(layer, features, _rank(kind), pending.counterpart.options)


def input_sizes(pending: Pending) -> list[int] | None:
    """The sizes of the last axes of a layer's input (torch's channels), None where its counterpart has none."""
    node = pending.counterpart
    names = ["features"] if pending.side == "tensorflow" else []
    for record in layer_records(pending.side, node.kind):
        names += [
            lens.torch
            for lens in record.args
            if isinstance(lens, Inferred | Trailing) and lens.torch
        ]
    known = next((node.options[name] for name in names if name in node.options), None)
    return [known] if isinstance(known, int) else known


def _rank(torch_kind: str) -> int | None:
    """The rank of a torch layer's input, where its name alone fixes it."""
    ranks = {
        rank
        for record in layer_records("torch", torch_kind)
        for name, rank in (*record.ranks, (torch_kind, record.rank))
        if name == torch_kind and rank is not None
    }
    return ranks.pop() if len(ranks) == 1 else None
