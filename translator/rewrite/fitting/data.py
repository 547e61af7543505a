"""What a model is trained on or judged by, and how its batches come."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from translator.rewrite.fitting.refused import RefusedError
from translator.rewrite.fitting.text import Text
from translator.source.arrays import are_several
from translator.source.classes import forward_of
from translator.source.facts import Facts
from translator.source.literals import literal_value
from translator.source.objects import Built, ObjectValue
from translator.source.sequences import element
from translator.source.values import (
    BatchesValue,
    Dictionary,
    Items,
    TensorValue,
    Value,
)


@dataclass(eq=False)
class Arrays:
    """Arrays with a sample in each row: their texts, as tensors, in the structure that the model takes.

    `inputs`, `targets` and `weights` have a text, a list of texts or a dict of texts.
    """

    inputs: object
    targets: object
    weights: object = None
    rank: int | None = None
    """The number of axes of the inputs, where that is known."""


@dataclass(eq=False)
class Batches:
    """Something to run through: `before` are lines that make it, `head` the line of the loop without its indent.

    `first` are lines at the start of its body; `size` is the text of how many samples there are, "" where that has to
    be counted.
    """

    head: str
    inputs: str
    targets: object
    weights: str = ""
    before: list[str] = field(default_factory=list)
    first: list[str] = field(default_factory=list)
    size: str = ""

    def target(self, place: str) -> str:
        """The targets of one output, or all of them."""
        found = self.targets
        if place and not isinstance(found, str):
            key = ast.literal_eval(place)[0]
            return str(found[key])  # type: ignore[index]
        return f"{written(found)}{place}"

    @property
    def length(self) -> str:
        """How many samples a batch has."""
        names = flat(self.targets)
        return f"len({names[0] if names else self.inputs})"


def flat(structure: object) -> list[str]:
    """The texts in a structure, in their order."""
    if isinstance(structure, str):
        return [structure]
    if isinstance(structure, dict):
        return [text for part in structure.values() for text in flat(part)]
    return [text for part in structure or () for text in flat(part)]  # type: ignore[attr-defined]


def renamed(structure: object, names: Iterator[str]) -> object:
    """A structure with other texts."""
    if isinstance(structure, str):
        return next(names)
    if isinstance(structure, dict):
        return {key: renamed(part, names) for key, part in structure.items()}
    return [renamed(part, names) for part in structure]  # type: ignore[attr-defined]


def written(structure: object) -> str:
    """A structure as code."""
    if isinstance(structure, str):
        return structure
    if isinstance(structure, dict):
        inner = ", ".join(f'"{key}": {written(part)}' for key, part in structure.items())
        return f"{{{inner}}}"
    return f"[{', '.join(map(written, structure))}]"  # type: ignore[call-overload]


class Reader:
    """Reads the arguments that hold data; `classes` says which targets are numbers of classes."""

    def __init__(self, facts: Facts, text: Text, model: Value, classes: dict[object, bool]) -> None:
        self.facts, self.text, self.model, self.classes = facts, text, model, classes
        self.added = False
        """True where all targets need one more axis."""
        self.own = False
        """True where the model has a step of its own, which takes a batch as it comes."""

    def inputs(self, node: cst.BaseExpression) -> object:
        """What the model is given."""
        dtype = "" if takes_indices(self.model) else "tf.float32"
        return self._structure(node, lambda key: dtype)

    def targets(self, node: cst.BaseExpression) -> object:
        """What its outputs are compared with."""
        alone = self.classes.get(None)

        def dtype(key: object) -> str:
            if self.own and not self.classes:
                return ""
            classes = self.classes.get(key, False) if alone is None else alone
            return "tf.int64" if classes else "tf.float32"

        made = self._structure(node, dtype)
        return f"tf.expand_dims({made}, 1)" if self.added and isinstance(made, str) else made

    def weights(self, node: cst.BaseExpression) -> object:
        """How much each sample counts."""
        return self._structure(node, lambda key: "tf.float32")

    def _structure(self, node: cst.BaseExpression, dtype: object) -> object:
        value = self.facts.value(node)
        if isinstance(node, cst.List | cst.Tuple) and are_several(value):
            return [self._tensor(e.value, dtype(i)) for i, e in enumerate(node.elements)]  # type: ignore[operator]
        if isinstance(node, cst.Dict):
            pairs = [p for p in node.elements if isinstance(p, cst.DictElement)]
            keys = [literal_value(p.key) for p in pairs]
            if len(pairs) != len(node.elements) or not all(isinstance(k, str) for k in keys):
                raise RefusedError("data under computed names is not converted")
            return {k: self._tensor(p.value, dtype(k)) for k, p in zip(keys, pairs, strict=True)}  # type: ignore[operator]
        if isinstance(value, Items) and are_several(value):
            name = self.text.hole(node)
            return [self._made(f"{name}[{i}]", v, dtype(i)) for i, v in enumerate(value.items)]  # type: ignore[operator]
        if isinstance(value, Dictionary) and all(isinstance(k, str) for k in value.keys):
            name = self.text.hole(node)
            pairs_of = zip(value.keys, value.values, strict=True)
            return {k: self._made(f'{name}["{k}"]', v, dtype(k)) for k, v in pairs_of}  # type: ignore[operator]
        return self._tensor(node, dtype(0))  # type: ignore[operator]

    def _tensor(self, node: cst.BaseExpression, dtype: str) -> str:
        return self._made(self.text.hole(node), self.facts.value(node), dtype)

    def _made(self, text: str, value: Value, dtype: str) -> str:
        if isinstance(value, TensorValue):
            return text
        return as_tensor(text, dtype)


def as_tensor(text: str, dtype: str) -> str:
    """Data as a tensor: Keras turns arrays of any float type into 32-bit tensors."""
    return (
        f"tf.convert_to_tensor({text}, dtype={dtype})" if dtype else f"tf.convert_to_tensor({text})"
    )


def takes_indices(model: Value) -> bool:
    """True where the first layer of a model looks up numbers of rows."""
    if isinstance(model, Built):
        if model.site.parts:
            return takes_indices(model.site.parts[0])
        return model.site.record.title == "torch.nn.Embedding"
    if isinstance(model, ObjectValue):
        forward = forward_of(model.info)
        known = [v for v in model.info.attributes.values() if isinstance(v, Built | ObjectValue)]
        return forward is not None and bool(known) and takes_indices(known[0])
    return False


def of_arrays(text: Text, arrays: Arrays, size: str, shuffle: bool, prefix: str = "") -> Batches:
    """Batches of arrays."""
    dataset, loader = text.own(f"{prefix}dataset"), text.own(f"{prefix}loader")
    parts = [*flat(arrays.inputs), *flat(arrays.targets), *flat(arrays.weights)]
    names = _names(text, arrays)
    steps = f".shuffle(len({dataset}))" if shuffle else ""
    held = ", ".join(parts) if len(parts) > 1 else parts[0]
    held = f"({held})" if len(parts) > 1 else held
    return Batches(
        f"for {', '.join(names)} in {loader}:",
        written(renamed(arrays.inputs, iter(names))),
        _rest(arrays.targets, names[len(flat(arrays.inputs)) :]),
        names[-1] if arrays.weights is not None else "",
        [
            f"{dataset} = tf.data.Dataset.from_tensor_slices({held})",
            f"{loader} = {dataset}{steps}.batch({size})",
        ],
        size=f"len({dataset})",
    )


def _rest(structure: object, names: list[str]) -> object:
    return None if structure is None else renamed(structure, iter(names))


def _names(text: Text, arrays: Arrays) -> list[str]:
    """The names of the parts of one batch."""
    names: list[str] = []
    for structure, name in ((arrays.inputs, "batch_x"), (arrays.targets, "batch_y")):
        if isinstance(structure, dict):
            names += [text.own(f"batch_{key}" if key.isidentifier() else name) for key in structure]
        elif structure is not None:
            count = len(flat(structure))
            names += [text.own(name if count == 1 else f"{name}{i}") for i in range(count)]
    return [*names, text.own("batch_weights")] if arrays.weights is not None else names


def of_dataset(facts: Facts, text: Text, node: cst.BaseExpression, reader: Reader) -> Batches:
    """What a data set, a generator or a list of batches gives, as it comes."""
    value = facts.value(node)
    if isinstance(node, cst.Name) and hasattr(builtins, node.value):
        raise RefusedError(f"data from {node.value} is not converted")
    given = element(value) if isinstance(value, BatchesValue) else None
    count = len(given.items) if isinstance(given, Items) else 2
    if isinstance(given, TensorValue):
        count = 1
    if count not in (1, 2, 3):
        raise RefusedError("data of more than inputs, targets and weights is not converted")
    if reader.own:
        batch = text.own("batch")
        return Batches(f"for {batch} in {text.hole(node)}:", batch, None)
    names = [text.own(n) for n in ("batch_x", "batch_y", "batch_weights")[:count]]
    first = []
    if not isinstance(value, BatchesValue):
        kinds = [reader.inputs, reader.targets, reader.weights]
        for name, read in zip(names, kinds, strict=False):
            made = read(cst.Name(name))
            first.append(f"{name} = {written(made)}")
    source = text.hole(node)
    return Batches(
        f"for {', '.join(names)} in {source}:",
        names[0],
        names[1] if count > 1 else None,
        names[2] if count > 2 else "",
        first=first,
    )
