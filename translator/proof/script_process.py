"""The process of one user's script: `python -m translator.proof.script_process FRAMEWORK SCRIPT OUTPUT SHIFT`.

It runs SCRIPT as `python SCRIPT` would, and then writes the state of the models that it left behind to OUTPUT.
"""

from __future__ import annotations

import ast
import shutil
import sys
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from translator.knowledge.lenses import Side
from translator.proof.process import follow_parent, told
from translator.proof.steps import Steps
from translator.proof.wire import Message, pack, send
from translator.weights.port import read_state
from translator.weights.tree import Array, Node, State

_SEEDING = ("manual_seed", "manual_seed_all", "set_seed", "set_random_seed")
# The streams of numpy and of Python are the same whatever the framework: they stay as the script seeds them.
_SHARED_STREAMS = ("np", "numpy", "random")


def main(side: Side, script: Path, output: Path, shift: int) -> None:
    """Run the script; `shift` is added to every seed that it gives the framework, 0 to leave them alone."""
    follow_parent()
    tree = ast.parse(script.read_bytes(), filename=str(script))
    # First of all: the script's folder may hold a file that is called like the framework.
    _import_framework(side, shift)
    steps = Steps(side)
    sys.argv = [str(script)]
    sys.path[0] = str(script.resolve().parent)
    module = types.ModuleType("__main__")
    module.__file__ = str(script)
    sys.modules["__main__"] = module
    code = compile(_Seeds(shift).visit(tree) if shift else tree, str(script), "exec")
    try:
        exec(code, vars(module))
    except SystemExit as stop:
        # `sys.exit()` at the end of a script is not a failure, and its models are there.
        if stop.code not in (None, 0):
            raise
    except Exception as error:
        sys.exit(told(error))
    finally:
        sys.stdout.flush()
    left = pack(collect(side, vars(module)))
    left.header["moved"] = steps.moved()
    require_room(left, output.parent)
    with output.open("wb") as stream:
        send(stream, left)


def require_room(left: Message, folder: Path) -> None:
    """End, rather than fill the disk with weights; half of what is free is for the other script."""
    size = sum(values.nbytes for values in left.arrays.values())
    if size > shutil.disk_usage(folder).free // 2:
        sys.exit(f"its weights take {size / 1e9:.2g} GB, and {folder.parent} has no room for them")


def collect(side: Side, names: Mapping[str, Any]) -> State:
    """The models and the trainable arrays among a script's global names, as one tree.

    Parts of a model are not listed again; an array with several names is one `Array` under each of them.
    """
    trees = {
        name: read_state(value).root
        for name, value in names.items()
        if not name.startswith("__") and _is_model(side, value)
    }
    root = Node(children=_outermost(trees))
    parts = {id(thing) for _, array in root.flat() for thing in _same(array.handle)}
    known: dict[int, Array] = {}
    for name, value in names.items():
        if id(value) not in parts and (array := _raw(side, value)) is not None:
            root.arrays[name] = known.setdefault(id(value), array)
    return State(side, root)


def _outermost(trees: Mapping[str, Node]) -> dict[str, Node]:
    """The trees with arrays that are not all in another tree, or in an equal one before."""
    owned = {name: {id(array.handle) for _, array in tree.flat()} for name, tree in trees.items()}
    kept: dict[str, Node] = {}
    for name, tree in trees.items():
        inside = any(owned[name] < other for other in owned.values())
        if owned[name] and not inside and not any(owned[name] == owned[other] for other in kept):
            kept[name] = tree
    return kept


def _same(handle: Any) -> tuple[Any, ...]:
    """A variable, and the TensorFlow variable behind it where it is one of Keras."""
    return (handle, handle.value) if type(handle).__module__.startswith("keras.") else (handle,)


def _import_framework(side: Side, shift: int) -> None:
    if side == "torch":
        import torch

        if shift:
            torch.manual_seed(shift)  # unseeded, torch draws the same numbers in each process
    else:
        import keras  # noqa: F401  # imported for what follows
        import tensorflow  # noqa: F401


def _is_model(side: Side, value: Any) -> bool:
    if isinstance(value, type):
        return False
    if side == "torch":
        import torch

        return isinstance(value, torch.nn.Module)
    import keras
    import tensorflow as tf

    return isinstance(value, keras.layers.Layer | tf.Module) and not _is_variable(value)


def _is_variable(value: Any) -> bool:
    import keras
    import tensorflow as tf

    return isinstance(value, tf.Variable | keras.Variable)


def _raw(side: Side, value: Any) -> Array | None:
    if side == "torch":
        import torch

        from translator.weights import torch_side

        if isinstance(value, torch.Tensor) and value.requires_grad and value.is_leaf:
            return torch_side.array_of(value)
        return None
    if not _is_variable(value):
        return None
    from translator.weights import keras_side

    return keras_side.array_of(value)


class _Seeds(ast.NodeTransformer):
    """Adds a number to every seed that a script gives to its framework."""

    def __init__(self, shift: int) -> None:
        self.shift = shift

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Shift the argument of a seeding call, and `seed=` of any call but numpy's and Python's."""
        self.generic_visit(node)
        name = ast.unparse(node.func)
        if name.partition(".")[0] in _SHARED_STREAMS:
            return node
        if name.rpartition(".")[2] in _SEEDING and node.args:
            node.args[0] = self._shifted(node.args[0])
        for keyword in node.keywords:
            if keyword.arg == "seed" and not _is_none(keyword.value):
                keyword.value = self._shifted(keyword.value)
        return node

    def _shifted(self, seed: ast.expr) -> ast.expr:
        shifted = ast.BinOp(seed, ast.Add(), ast.Constant(self.shift))
        return ast.fix_missing_locations(ast.copy_location(shifted, seed))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


if __name__ == "__main__":
    _, framework, path, where, by = sys.argv
    main("torch" if framework == "torch" else "tensorflow", Path(path), Path(where), int(by))
