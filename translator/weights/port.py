"""`port_weights`: the parameters and running statistics of one live model, carried into another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from translator.errors import UsageError, WeightsError
from translator.knowledge.lenses import Side
from translator.weights.build import build, input_sizes
from translator.weights.links import Link, Matching
from translator.weights.match import match
from translator.weights.notes import note
from translator.weights.steps import listed
from translator.weights.ties import settled
from translator.weights.tree import Array, State

_SHOWN = 100
"""How many problems a message lists; the error itself has all of them."""


@dataclass(frozen=True, slots=True)
class PortRow:
    """What was carried together: the names of both sides, the sources' shapes, what happened to the values.

    `note` says what they hold that they should not, and what the target's dtype could not hold.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    transformation: str
    note: str = ""

    def __str__(self) -> str:
        names = f"{', '.join(self.sources)} -> {', '.join(self.targets)}"
        said = f"; {self.note}" if self.note else ""
        return f"{names}  {listed(self.shapes)}, {self.transformation}{said}"


@dataclass(frozen=True, slots=True)
class PortReport:
    """What `port_weights` did; `problems` has a line for everything left out, empty unless `strict=False`."""

    rows: tuple[PortRow, ...]
    problems: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[PortRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        return "\n".join([*map(str, self.rows), *self.problems])


def port_weights(source_model: Any, target_model: Any, *, strict: bool = True) -> PortReport:
    """Carry parameters and running statistics from one model into the other, in either direction.

    Both are live: a `torch.nn.Module`, or a Keras model, layer or `tf.Module`. Arrays are paired by the names of
    attributes and by the records' weight rules, never by shape alone. Values are cast to the target's dtype.
    Layers of the target that have no weights yet are built where the source tells the sizes of their input.

    Args:
        source_model: the model to read.
        target_model: the model to write, in place.
        strict: if False, what has no counterpart is left as it is and listed in the report.

    Raises:
        UsageError: one of the two is no model of PyTorch or TensorFlow.
        WeightsError: something is left over on either side or has another shape; nothing was written then.
    """
    source = read_state(source_model)
    target, matching = paired(source, target_model)
    if strict:
        require_complete(matching)
    notes = carry(source, target, matching.links)
    pairs = zip(matching.links, notes, strict=True)
    rows = (PortRow(x.sources, x.targets, x.shapes, x.transformation, said) for x, said in pairs)
    return PortReport(tuple(rows), matching.problems)


def paired(source: State, target_model: Any) -> tuple[State, Matching]:
    """The tree of a live model and its pairing with `source`, once its layers are built where that can be."""
    target = read_state(target_model)
    matching = match(source, target)
    if matching.pending and build(target.side, matching.pending):
        target = read_state(target_model)
        matching = match(source, target)
    return target, settled(source, target, matching)


def carry(source: State, target: State, links: Iterable[Link]) -> list[str]:
    """Write the values of `source` into `target`, one link at a time; a remark for each, "" where there is none.

    Raises:
        WeightsError: `target` is a copy, with nothing behind it to write to.
    """
    arrays, into = source.arrays(), target.arrays()
    return [_carry_link(link, arrays, into) for link in links]


def _carry_link(link: Link, arrays: Mapping[str, Array], into: Mapping[str, Array]) -> str:
    # A function of its own, so that the values of one link are gone before those of the next are read.
    dtype = arrays[link.sources[0]].dtype
    carried = link.carry(tuple(arrays[path].read() for path in link.sources))
    said = []
    for path, values in zip(link.targets, carried, strict=True):
        write = into[path].write
        if write is None:
            raise WeightsError(f"{path} cannot be written: the target is a copy of a model.")
        said.append(note(values, dtype, into[path].dtype))
        write(values)
    return ", ".join(dict.fromkeys(filter(None, said)))


def require_complete(matching: Matching) -> None:
    """Raise the `WeightsError` that lists everything without a counterpart, if there is anything."""
    if matching.problems:
        raise WeightsError(_complaint(matching), matching.problems)


def framework_of(model: Any) -> Side:
    """The framework of a live model, from the modules of its base classes; imports neither.

    Raises:
        UsageError: it is no model of PyTorch or TensorFlow.
    """
    bases = {(base.__module__.partition(".")[0], base.__name__) for base in type(model).__mro__}
    # A layer of Keras on top of its torch backend is a torch module as well: its names are Keras's.
    if bases & {("keras", "Layer"), ("tensorflow", "Module"), ("tf_keras", "Layer")}:
        return "tensorflow"
    if ("torch", "Module") in bases:
        return "torch"
    raise UsageError(
        f"port_weights takes a torch.nn.Module, a Keras model or a tf.Module, not {type(model).__name__!r}."
    )


def read_state(model: Any) -> State:
    """The tree of a live model of either framework."""
    if framework_of(model) == "torch":
        from translator.weights import torch_side

        return torch_side.read_state(model)
    from translator.weights import keras_side

    return keras_side.read_state(model)


def _complaint(matching: Matching) -> str:
    count = len(matching.problems)
    lines = [f"The weights do not correspond ({count}):"]
    lines += [f"  {problem}" for problem in matching.problems[:_SHOWN]]
    if count > _SHOWN:
        lines.append(f"  and {count - _SHOWN} more, which are in `problems` of this error")
    sizes = {one.path: input_sizes(one) for one in matching.pending}
    for side in ("source", "target"):
        paths = _innermost([path for where, path in matching.unbuilt if where == side])
        if paths:
            known = {path: sizes.get(path) if side == "target" else None for path in paths}
            places = ", ".join(f"{p} (input sizes {s})" if s else p for p, s in known.items() if p)
            lines.append(
                f"  The {side} has no weights yet{places and ' at ' + places}. They come with the first input: "
                "call the model once on an example, `model(x)`, and carry the weights then."
            )
    return "\n".join(lines)


def _innermost(paths: list[str]) -> list[str]:
    """The paths that have no other of them below; "" is above all."""
    return [p for p in paths if not any(o != p and (not p or o.startswith(f"{p}.")) for o in paths)]
