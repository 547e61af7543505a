"""What goes over a pipe to a worker and back: one frame is a JSON header and the arrays that it describes."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np

from translator.weights.tree import Array, Node, State, Values, stored

_LENGTH = struct.Struct(">Q")


@dataclass(slots=True)
class Message:
    """One frame: `header` is JSON, `arrays` are named; a name may contain anything."""

    header: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, Values] = field(default_factory=dict)

    def part(self, prefix: str) -> dict[str, Values]:
        """The arrays whose names begin with `prefix/`, without it."""
        start = f"{prefix}/"
        return {k.removeprefix(start): v for k, v in self.arrays.items() if k.startswith(start)}


def send(stream: IO[bytes], message: Message) -> None:
    """Write one frame: the length of the header, the header, and the elements of each array, one behind the other.

    Raises:
        ValueError: an array holds objects.
    """
    arrays = {n: np.require(values, requirements="C") for n, values in message.arrays.items()}
    if any(values.dtype.hasobject for values in arrays.values()):
        raise ValueError("arrays of objects are not sent")
    described = [[name, a.dtype.str, a.shape] for name, a in arrays.items()]
    header = json.dumps({"arrays": described, **message.header}).encode()
    stream.write(_LENGTH.pack(len(header)))
    stream.write(header)
    for values in arrays.values():
        stream.write(_bytes(values))
    stream.flush()


def receive(stream: IO[bytes]) -> Message:
    """Read one frame.

    Raises:
        EOFError: the stream ended.
    """
    (size,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    header = json.loads(_exactly(stream, size))
    message = Message(header)
    for name, dtype, shape in header.pop("arrays"):
        values = np.empty(shape, np.dtype(dtype))
        _fill(stream, _bytes(values))
        message.arrays[name] = values
    return message


def _bytes(values: Values) -> memoryview:
    """The memory of an array whose elements stand one behind the other."""
    return values.reshape(-1).view(np.uint8).data if values.size else memoryview(bytearray())


def pack(state: State, prefix: str = "state", values: bool = True) -> Message:
    """A tree as a frame: its shape as `header[prefix]`, a copy of its arrays as `prefix/dotted.path`.

    An array that is tied in several places goes over once and is one `Array` there, too. Without `values`, only names
    and shapes go over.
    """
    firsts: dict[int, str] = {}
    once = {p: a for p, a in state.root.flat() if firsts.setdefault(id(a), p) == p}
    arrays = {f"{prefix}/{p}": np.array(a.read()) for p, a in once.items()} if values else {}
    hollow = {} if values else {p: [a.shape, a.dtype] for p, a in once.items()}
    outline = {"side": state.side, "root": _outline(state.root, firsts), "hollow": hollow}
    return Message({prefix: outline}, arrays)


def unpack(message: Message, prefix: str = "state") -> State | None:
    """The tree that `pack` put into a frame, None if there is none."""
    if prefix not in message.header:
        return None
    packed = message.header[prefix]
    values, hollow = message.part(prefix), packed["hollow"]

    def made(path: str, trainable: bool, needed: bool) -> Array:
        if path in hollow:
            shape, dtype = hollow[path]
            return Array(tuple(shape), dtype, _unread, None, trainable, needed)
        return stored(values[path], trainable, needed)

    return State(packed["side"], _node(packed["root"], made, {}))


def _unread() -> Values:
    raise TypeError("the values of this array were not sent")


def _outline(node: Node, firsts: Mapping[int, str]) -> dict[str, Any]:
    return {
        "kind": node.kind,
        "built": node.built,
        "options": node.options,
        "arrays": {n: [firsts[id(a)], a.trainable, a.needed] for n, a in node.arrays.items()},
        "children": {name: _outline(child, firsts) for name, child in node.children.items()},
    }


def _node(
    outline: Mapping[str, Any], made: Callable[[str, bool, bool], Array], known: dict[str, Array]
) -> Node:
    node = Node(outline["kind"], built=outline["built"], options=outline["options"])
    for name, (path, trainable, needed) in outline["arrays"].items():
        if path not in known:
            known[path] = made(path, trainable, needed)
        node.arrays[name] = known[path]
    for name, child in outline["children"].items():
        node.children[name] = _node(child, made, known)
    return node


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _fill(stream: IO[bytes], memory: memoryview) -> None:
    done = 0
    while done < len(memory):
        read = stream.readinto(memory[done:])  # type: ignore[attr-defined]  # pipes have it
        if not read:
            raise EOFError
        done += read
