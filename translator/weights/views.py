"""Layers that hold others, seen as what they hold: a torch LSTM of two layers is a list of two LSTMs of one.

Both sides are brought to the same few containers, so that the ordinary pairing and the records' rules do the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from translator.knowledge.lenses import Side
from translator.weights.tree import Array, Node

_RECURRENT = re.compile(r"(?P<name>\w+?)_l(?P<layer>\d+)(?P<reverse>_reverse)?")
_PARAMETRIZED = re.compile(r"parametrizations\.(?P<name>.+)\.original(?P<part>[01])")
_PARTS = {"0": "_g", "1": "_v"}
_DIRECTIONS = {"forward": "forward_layer", "backward": "backward_layer"}
_SEPARABLE = re.compile(r"keras\.layers\.Separable(Conv[12]D)")


@dataclass(frozen=True, slots=True)
class View:
    """A node in another form. `names` leads from each path in the view to the path in the model, where they differ."""

    node: Node
    at: str
    names: Mapping[str, str] = field(default_factory=dict)


def view(side: Side, node: Node, at: str) -> View:
    """What a layer holds; any other node as it is. Paths end in a dot."""
    if side == "torch":
        if node.kind in ("torch.nn.LSTM", "torch.nn.GRU", "torch.nn.RNN"):
            return _layers(node, at)
        if node.kind in ("torch.nn.LSTMCell", "torch.nn.GRUCell", "torch.nn.RNNCell"):
            return _torch_cell(node, at)
        if node.kind in _WRAPPERS:
            inner = _WRAPPERS[node.kind]
            return view(side, node.children[inner], f"{at}{inner}.")
        return _parametrized(node, at)
    for kind, seen in _KERAS.items():
        if node.kind == kind:
            return seen(node, at)
    return _separable(node, at)


def _layers(node: Node, at: str) -> View:
    """A list with a layer of its own for each of several, a dict of the two directions for both."""
    arrays: dict[str, dict[str, dict[str, Array]]] = {}
    names: dict[str, str] = {}
    both = any(name.endswith("_reverse") for name in node.arrays)
    several = any("_l1" in name for name in node.arrays)
    for name, array in node.arrays.items():
        found = _RECURRENT.fullmatch(name)
        if found is None:
            return View(node, at)
        own, layer = f"{found['name']}_l0", found["layer"]
        direction = "backward" if found["reverse"] else "forward"
        arrays.setdefault(layer, {}).setdefault(direction, {})[own] = array
        place = f"{layer}." * several + f"{direction}." * both
        names[f"{at}{place}{own}"] = at + name
    if not (both or several):
        return View(node, at)

    def sized(held: dict[str, Array]) -> Node:
        kernel = held.get("weight_ih_l0")  # a lazy layer has none yet
        size = {} if kernel is None else {"input_size": kernel.shape[1]}
        return replace(node, arrays=held, options={**node.options, **size})

    def one(directions: dict[str, dict[str, Array]]) -> Node:
        parts = {name: sized(held) for name, held in directions.items()}
        return Node("dict", children=parts, title=node.kind) if both else parts["forward"]

    each = {layer: one(directions) for layer, directions in arrays.items()}
    return View(Node("list", children=each, title=node.kind) if several else each["0"], at, names)


def _torch_cell(node: Node, at: str) -> View:
    """A cell is a layer of one step."""
    arrays = {f"{name}_l0": array for name, array in node.arrays.items()}
    names = {f"{at}{name}_l0": at + name for name in node.arrays}
    return View(replace(node, kind=node.kind.removesuffix("Cell"), arrays=arrays), at, names)


def _parametrized(node: Node, at: str) -> View:
    """Weight norm in its newer form, with the array names of the older one: `weight_g` and `weight_v`."""
    held = node.children.get("parametrizations")
    if held is None or not node.is_layer:
        return View(node, at)
    arrays, names = dict(node.arrays), {}
    for path, array in held.flat("parametrizations."):
        found = _PARAMETRIZED.fullmatch(path)
        if found is None:
            arrays[path] = array
        else:
            name = found["name"] + _PARTS[found["part"]]
            arrays[name] = array
            names[at + name] = at + path
    children = {name: child for name, child in node.children.items() if child is not held}
    return View(replace(node, arrays=arrays, children=children), at, names)


def _both_directions(node: Node, at: str) -> View:
    children, names = {}, {}
    for name, attribute in _DIRECTIONS.items():
        children[name] = node.children[attribute]
        for path, _ in children[name].flat():
            names[f"{at}{name}.{path}"] = f"{at}{attribute}.{path}"
    return View(Node("dict", children=children, title=node.kind), at, names)


def _wrapped(node: Node, at: str) -> View:
    return view("tensorflow", node.children["layer"], f"{at}layer.")


def _around_cell(node: Node, at: str) -> View:
    """`RNN(LSTMCell(n))` is `LSTM(n)`; around several cells it is a list of them."""
    cell = node.children["cell"]
    if not cell.is_layer:
        return View(cell, f"{at}cell.")
    if cell.kind == "keras.layers.StackedRNNCells":
        cells = cell.children["cells"]
        names = {
            f"{at}{i}.cell.{path}": f"{at}cell.cells.{i}.{path}"
            for i, c in cells.children.items()
            for path, _ in c.flat()
        }
        each = {i: _layer_of(child) for i, child in cells.children.items()}
        return View(Node("list", children=each, title=node.kind), at, names)
    return View(_layer_of(cell), at)


def _layer_of(cell: Node) -> Node:
    return replace(cell, kind=cell.kind.removesuffix("Cell"), arrays={}, children={"cell": cell})


def _keras_cell(node: Node, at: str) -> View:
    names = {f"{at}cell.{name}": at + name for name in node.arrays}
    return View(_layer_of(node), at, names)


def _cells(node: Node, at: str) -> View:
    return View(node.children["cells"], f"{at}cells.")


def _separable(node: Node, at: str) -> View:
    """A depthwise convolution without bias, and one of size 1; the first of them is what gets the input."""
    found = _SEPARABLE.fullmatch(node.kind)
    if found is None:
        return View(node, at)
    first = replace(node, kind=f"keras.layers.Depthwise{found[1]}", arrays={})
    second = Node(f"keras.layers.{found[1]}", built=node.built)
    names = {}
    for name, array in node.arrays.items():
        part, own = (first, "kernel") if name == "depthwise_kernel" else (second, _POINTWISE[name])
        part.arrays[own] = array
        names[f"{at}{int(part is second)}.{own}"] = at + name
    return View(Node("list", children={"0": first, "1": second}, title=node.kind), at, names)


_POINTWISE = {"pointwise_kernel": "kernel", "bias": "bias"}

_WRAPPERS = {
    "torch.nn.DataParallel": "module",
    "torch.nn.parallel.distributed.DistributedDataParallel": "module",
    "torch._dynamo.eval_frame.OptimizedModule": "_orig_mod",
}

_KERAS: Mapping[str, Callable[[Node, str], View]] = {
    "keras.layers.Bidirectional": _both_directions,
    "keras.layers.TimeDistributed": _wrapped,
    "keras.layers.RNN": _around_cell,
    "keras.layers.StackedRNNCells": _cells,
    "keras.layers.LSTMCell": _keras_cell,
    "keras.layers.GRUCell": _keras_cell,
    "keras.layers.SimpleRNNCell": _keras_cell,
}
