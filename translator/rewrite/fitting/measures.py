"""What `compile(metrics=...)` measures beside the loss."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite.fitting.refused import RefusedError
from translator.source.facts import Facts, Training
from translator.source.literals import literal_value
from translator.source.objects import FunctionValue
from translator.source.values import Api

if TYPE_CHECKING:
    from translator.rewrite.fitting.compiled import Loss

_ACCURACIES = {
    "BinaryAccuracy": "binary_accuracy",
    "CategoricalAccuracy": "categorical_accuracy",
    "SparseCategoricalAccuracy": "sparse_categorical_accuracy",
}
_BY_LOSS = {
    "SparseCategoricalCrossentropy": "SparseCategoricalAccuracy",
    "CategoricalCrossentropy": "CategoricalAccuracy",
    "CategoricalFocalCrossentropy": "CategoricalAccuracy",
    "CategoricalHinge": "CategoricalAccuracy",
    "KLDivergence": "CategoricalAccuracy",
}
"""What "accuracy" means where the loss says what the targets are."""
_CROSSENTROPIES = {
    "SparseCategoricalAccuracy": "SparseCategoricalCrossentropy",
    "CategoricalAccuracy": "CategoricalCrossentropy",
    "BinaryAccuracy": "BinaryCrossentropy",
}


@dataclass(eq=False)
class Measure:
    """One metric: `key` is what `history` calls it, `kind` Keras's class, "" for a function of the file.

    `made`: what makes an object that has to be updated; None where a mean over the samples is all there is to it.
    """

    key: str
    kind: str
    made: cst.BaseExpression | None = None
    function: cst.BaseExpression | None = None
    place: str = ""
    name: str = ""
    """What it is called once it is written."""

    @property
    def accuracy(self) -> str:
        """The function of Keras that says of each sample whether it is right."""
        return _ACCURACIES.get(self.kind, "") if self.made is None else ""

    @property
    def is_loss(self) -> bool:
        """True for a mean that is a loss of Keras as well."""
        return self.made is None and self.function is None and not self.accuracy

    @property
    def ranked(self) -> bool:
        """True if the shapes of its targets need no look."""
        return self.kind in ("SparseCategoricalAccuracy", "CategoricalAccuracy")

    def text(self, targets: str, outputs: str) -> str:
        """Its mean over a batch."""
        if self.accuracy:
            return f"keras.ops.mean(keras.metrics.{self.accuracy}({targets}, {outputs}))"
        if self.function is not None:
            return f"keras.ops.mean({self.name}({targets}, {outputs}))"
        return f"{self.name}({targets}, {outputs})"


def stated(
    facts: Facts, given: cst.BaseExpression | None, losses: Sequence[Loss], training: Training
) -> Iterator[Measure]:
    """The metrics that an argument lists, for each output where there are several."""
    if given is None or literal_value(given) in (None, [], ()):
        return
    if isinstance(given, cst.Name) and isinstance(training.stated.get(given.value), cst.List):
        given = training.stated[given.value]
    if isinstance(given, cst.Dict):
        for pair in given.elements:
            key = literal_value(pair.key) if isinstance(pair, cst.DictElement) else None
            loss = next((one for one in losses if one.output == key), None)
            if not isinstance(key, str) or loss is None:
                raise RefusedError("compile with metrics of unknown outputs is not converted")
            for node in _listed(pair.value):
                yield _of_output(_measure(facts, node, [loss], training), loss)
        return
    members = _listed(given)
    if members and all(isinstance(m, cst.List | cst.Tuple) for m in members):
        for loss, member in zip(losses, members, strict=False):
            for node in _listed(member):
                yield _of_output(_measure(facts, node, [loss], training), loss)
        return
    if len(losses) > 1:
        raise RefusedError("compile with metrics of several outputs in one list is not converted")
    for node in members:
        yield _measure(facts, node, losses, training)


def _of_output(measure: Measure, loss: Loss) -> Measure:
    measure.place = loss.place
    if loss.output:
        measure.key = f"{loss.output}_{measure.key}"
    return measure


def _listed(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(node, cst.List | cst.Tuple):
        return [element.value for element in node.elements]
    if isinstance(node, cst.SimpleString | cst.Call | cst.Attribute):
        return [node]
    raise RefusedError("compile with these metrics is not converted: write out their list")


def _measure(
    facts: Facts, node: cst.BaseExpression, losses: Sequence[Loss], training: Training
) -> Measure:
    from translator.rewrite.fitting.compiled import LOSSES, SHORT

    value, name = facts.value(node), literal_value(node)
    if isinstance(name, str):
        if name.lower() in ("accuracy", "acc"):
            return Measure(name, _accuracy(losses, training))
        if name.lower() in ("crossentropy", "ce"):
            return Measure(name, _CROSSENTROPIES[_accuracy(losses, training)])
        full = SHORT.get(name.lower(), name)
        if full in LOSSES:
            return Measure(name, LOSSES[full])
        by_name = {snake(kind): kind for kind in (*_ACCURACIES, *_OBJECTS)}
        kind = by_name.get(full) or (full if full in by_name.values() else None)
        if kind is None:
            raise RefusedError(f"compile with the metric {name!r} is not converted")
        return _of_class(kind, name, cst.parse_expression(f"keras.metrics.{kind}()"))
    if isinstance(node, cst.Call) and isinstance(called := facts.value(node.func), Api):
        kind = called.name.rpartition(".")[2]
        own = _own_name(node)
        if own is None or not called.name.startswith("keras.metrics."):
            raise RefusedError("compile with this metric is not converted: write it by hand")
        return _of_class(kind, own or snake(kind), node, plain=len(node.args) <= bool(own))
    if isinstance(value, Api) and value.name.startswith(("keras.metrics.", "keras.losses.")):
        full = value.name.rpartition(".")[2]
        if full in LOSSES:
            return Measure(full, LOSSES[full])
        kind = {f: k for k, f in _ACCURACIES.items()}.get(full, "")
        if kind:
            return Measure(full, kind)
    if isinstance(value, FunctionValue) and isinstance(node, cst.Name):
        return Measure(node.value, "", function=node, name=node.value)
    raise RefusedError("compile with these metrics is not converted: write them by hand")


_OBJECTS = tuple(
    "Precision Recall AUC RootMeanSquaredError TopKCategoricalAccuracy SparseTopKCategoricalAccuracy F1Score MeanIoU "
    "R2Score".split()
)


def _of_class(kind: str, key: str, node: cst.BaseExpression, plain: bool = True) -> Measure:
    from translator.rewrite.fitting.compiled import LOSSES

    if plain and (kind in _ACCURACIES or kind in LOSSES.values()):
        return Measure(key, kind)
    return Measure(key, kind, made=node)


def _own_name(node: cst.Call) -> str | None:
    """The name that a metric is given, "" where it is given none; None where that cannot be read."""
    given = next((a.value for a in node.args if a.keyword and a.keyword.value == "name"), None)
    known = "" if given is None else literal_value(given)
    return known if isinstance(known, str) else None


def _accuracy(losses: Sequence[Loss], training: Training) -> str:
    """What "accuracy" stands for, by what the targets and the outputs are."""
    if len(losses) != 1:
        raise RefusedError("compile with 'accuracy' of several outputs is not converted: name it")
    by_loss = _BY_LOSS.get(losses[0].kind)
    if by_loss is not None:
        return by_loss
    width = training.width
    if width is None:
        why = "whether 'accuracy' compares classes is not known here: name the metric in full"
        raise RefusedError(f"compile: {why}")
    return "BinaryAccuracy" if width == 1 else "CategoricalAccuracy"


def snake(name: str) -> str:
    """`SparseCategoricalAccuracy` as Keras names its objects."""
    name = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
