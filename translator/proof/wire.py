"""What goes over a pipe to a worker and back: one frame is a JSON header and the arrays that belong to it, as npz."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np

from translator.weights.tree import Array, Node, State, Values, stored

_LENGTHS = struct.Struct(">QQ")


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
    """Write one frame; the arrays are numbered in it, because npz names are file names."""
    packed = io.BytesIO()
    if message.arrays:
        numbered = {f"a{i}": array for i, array in enumerate(message.arrays.values())}
        np.savez(packed, **numbered)  # type: ignore[arg-type]  # its stub takes the flag for an array
    header = json.dumps({"names": list(message.arrays), **message.header}).encode()
    payload = packed.getbuffer()
    stream.write(_LENGTHS.pack(len(header), len(payload)))
    stream.write(header)
    stream.write(payload)
    stream.flush()


def receive(stream: IO[bytes]) -> Message:
    """Read one frame.

    Raises:
        EOFError: the stream ended.
    """
    header_size, payload_size = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    header = json.loads(_exactly(stream, header_size))
    payload = _exactly(stream, payload_size)
    names = header.pop("names")
    if not names:
        return Message(header)
    with np.load(io.BytesIO(payload), allow_pickle=False) as packed:
        return Message(header, {name: packed[f"a{i}"] for i, name in enumerate(names)})


def pack(state: State, prefix: str = "state") -> Message:
    """A tree as a frame: its shape as `header[prefix]`, a copy of its arrays as `prefix/dotted.path`.

    An array that is tied in several places goes over once and is one `Array` there, too.
    """
    firsts: dict[int, str] = {}
    arrays: dict[str, Values] = {}
    for path, array in state.root.flat():
        if firsts.setdefault(id(array), path) == path:
            arrays[f"{prefix}/{path}"] = np.array(array.read())
    return Message({prefix: {"side": state.side, "root": _outline(state.root, firsts)}}, arrays)


def unpack(message: Message, prefix: str = "state") -> State | None:
    """The tree that `pack` put into a frame, None if there is none."""
    if prefix not in message.header:
        return None
    packed = message.header[prefix]
    return State(packed["side"], _node(packed["root"], message.part(prefix), {}))


def _outline(node: Node, firsts: Mapping[int, str]) -> dict[str, Any]:
    return {
        "kind": node.kind,
        "built": node.built,
        "options": node.options,
        "arrays": {n: [firsts[id(a)], a.trainable, a.needed] for n, a in node.arrays.items()},
        "children": {name: _outline(child, firsts) for name, child in node.children.items()},
    }


def _node(
    outline: Mapping[str, Any], values: Mapping[str, Values], known: dict[str, Array]
) -> Node:
    node = Node(outline["kind"], built=outline["built"], options=outline["options"])
    for name, (path, trainable, needed) in outline["arrays"].items():
        if path not in known:
            known[path] = stored(values[path], trainable, needed)
        node.arrays[name] = known[path]
    for name, child in outline["children"].items():
        node.children[name] = _node(child, values, known)
    return node


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data
