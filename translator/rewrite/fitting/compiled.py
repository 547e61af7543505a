"""What `compile` names for a model: how it is trained, by what it is judged, and what else is measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from translator.rewrite.fitting import measures
from translator.rewrite.fitting.measures import Measure
from translator.rewrite.fitting.refused import RefusedError
from translator.rewrite.fitting.text import Text
from translator.source.facts import Facts, Training
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import Built, FunctionValue
from translator.source.values import Api

_KNOWN = frozenset(
    "optimizer loss metrics loss_weights weighted_metrics run_eagerly jit_compile "
    "steps_per_execution auto_scale_loss experimental_run_tf_function".split()
)
_OPTIMIZERS = {
    name.lower(): name
    for name in "SGD RMSprop Adam AdamW Adadelta Adagrad Adamax Nadam Ftrl Lion Adafactor Lamb".split()
}
LOSSES = {
    "mean_squared_error": "MeanSquaredError",
    "mean_absolute_error": "MeanAbsoluteError",
    "mean_absolute_percentage_error": "MeanAbsolutePercentageError",
    "mean_squared_logarithmic_error": "MeanSquaredLogarithmicError",
    "binary_crossentropy": "BinaryCrossentropy",
    "binary_focal_crossentropy": "BinaryFocalCrossentropy",
    "categorical_crossentropy": "CategoricalCrossentropy",
    "categorical_focal_crossentropy": "CategoricalFocalCrossentropy",
    "sparse_categorical_crossentropy": "SparseCategoricalCrossentropy",
    "kl_divergence": "KLDivergence",
    "poisson": "Poisson",
    "cosine_similarity": "CosineSimilarity",
    "huber": "Huber",
    "log_cosh": "LogCosh",
    "hinge": "Hinge",
    "squared_hinge": "SquaredHinge",
    "categorical_hinge": "CategoricalHinge",
}
"""Keras's losses as functions, by whose names `compile` takes them, and as classes."""
SHORT = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
}
_RANK_OF_ITS_OWN = frozenset(
    {
        "SparseCategoricalCrossentropy",
        "CategoricalCrossentropy",
        "CategoricalFocalCrossentropy",
        "KLDivergence",
    }
)
"""Losses of shares or numbers of classes, whose targets are never one axis short by oversight."""


@dataclass(eq=False)
class Loss:
    """What one output is judged by: `kind` is the name of Keras's class, "" for anything else.

    `function`: it is a function of the file, which may give a number for each sample.
    """

    node: cst.BaseExpression
    kind: str
    function: bool
    scalar: bool = False
    """True for a function that is known to give one number."""
    place: str = ""
    """Where its output is found among several: `[0]`, `["score"]`."""
    output: str = ""
    """The name of its output, where that is stated."""
    weight: cst.BaseExpression | None = None
    name: str = "criterion"
    """What it is called once it is written."""

    @property
    def classes(self) -> bool:
        """True if its targets are numbers of classes."""
        return self.kind == "SparseCategoricalCrossentropy"

    @property
    def ranked(self) -> bool:
        """True if the shapes of its targets need no look."""
        return self.kind in _RANK_OF_ITS_OWN or self.function

    each: str = ""
    """What is called for the loss of each sample, where samples have weights, up to its bracket."""
    settings: str = ""
    """The settings of that, behind a comma."""

    def text(self, targets: str, outputs: str, weights: str = "") -> str:
        """The loss of a batch."""
        if weights:
            own = f"{self.each or self.name + '('}{targets}, {outputs}{self.settings})"
            return f"keras.ops.mean({own} * {weights})"
        call = f"{self.name}({targets}, {outputs})"
        return f"keras.ops.mean({call})" if self.function and not self.scalar else call

    def unreduced(self, facts: Facts) -> tuple[str, list[cst.Arg]] | None:
        """The function that gives a loss for each sample, with its settings; None where those are not known."""
        value = facts.value(self.node)
        made = value.site.node if isinstance(value, Built) else self.node
        named = {kind: name for name, kind in LOSSES.items()}
        if not isinstance(made, cst.Call) or self.kind not in named:
            return None
        given = [a for a in made.args if a.keyword is None or a.keyword.value != "name"]
        if any(a.keyword is None or a.keyword.value == "reduction" for a in given):
            return None
        return f"keras.losses.{named[self.kind]}", given


@dataclass(eq=False)
class Compiled:
    """One call of `compile`.

    `attached`: what it makes is kept on the model, because it is used where no variable of this place is seen.
    """

    training: Training
    optimizer: cst.BaseExpression
    losses: list[Loss]
    measures: list[Measure]
    attached: bool = False
    computed: bool = False
    """True if the class of the model asks for its loss itself."""
    optimizer_name: str = "optimizer"


def compiled(facts: Facts, training: Training, text: Text) -> Compiled:
    """What a call of `compile` says.

    Raises:
        RefusedError: it says more than can be followed.
    """
    call = training.call
    if any(a.star for a in call.args):
        raise RefusedError("compile with starred arguments is not converted: name them")
    unknown = [k.keyword.value for k in call.args if k.keyword and k.keyword.value not in _KNOWN]
    if unknown:
        raise RefusedError(f"compile with {', '.join(unknown)} is not converted: write it by hand")
    optimizer = _optimizer(facts, argument(call, 0, "optimizer"))
    losses = list(_losses(facts, call))
    found = [
        *measures.stated(facts, argument(call, 3, "metrics"), losses, training),
        *measures.stated(facts, argument(call, -1, "weighted_metrics"), losses, training),
    ]
    return Compiled(training, optimizer, losses, found)


def _optimizer(facts: Facts, given: cst.BaseExpression | None) -> cst.BaseExpression:
    name = "rmsprop" if given is None else literal_value(given)
    if isinstance(name, str):
        known = _OPTIMIZERS.get(name.lower())
        if known is None:
            raise RefusedError(f"compile with the optimizer {name!r} is not converted")
        return cst.parse_expression(f"keras.optimizers.{known}()")
    assert given is not None
    return given


def _losses(facts: Facts, call: cst.Call) -> Iterator[Loss]:
    """What each output is judged by; `loss=None` leaves it to the model."""
    given, weights = argument(call, 1, "loss"), argument(call, 2, "loss_weights")
    if given is None or literal_value(given) is None:
        return
    if isinstance(given, cst.List | cst.Tuple):
        for place, element in enumerate(given.elements):
            if literal_value(element.value) is not None:
                yield _one(facts, element.value, f"[{place}]", _weight(weights, place))
    elif isinstance(given, cst.Dict):
        for pair in given.elements:
            key = literal_value(pair.key) if isinstance(pair, cst.DictElement) else None
            if not isinstance(key, str):
                raise RefusedError("compile with computed names of outputs is not converted")
            loss = _one(facts, pair.value, f'["{key}"]', _weight(weights, key))
            loss.output = key
            yield loss
    else:
        weight = None if weights is None else _weight(weights, 0)
        yield _one(facts, given, "", weight)


def _weight(weights: cst.BaseExpression | None, key: int | str) -> cst.BaseExpression | None:
    if weights is None or literal_value(weights) is None:
        return None
    if isinstance(weights, cst.List | cst.Tuple) and isinstance(key, int):
        return weights.elements[key].value if key < len(weights.elements) else None
    if isinstance(weights, cst.Dict):
        pairs = (p for p in weights.elements if isinstance(p, cst.DictElement))
        return next((p.value for p in pairs if literal_value(p.key) == key), None)
    raise RefusedError("compile with these loss_weights is not converted: write them out")


def _one(
    facts: Facts, given: cst.BaseExpression, place: str, weight: cst.BaseExpression | None
) -> Loss:
    name = literal_value(given)
    value = facts.value(given)
    if isinstance(value, Api) and value.name.startswith(("keras.losses.", "keras.metrics.")):
        name = value.name.rpartition(".")[2]
        if name in LOSSES.values():
            raise RefusedError(f"compile wants an object of {name}, not the class")
    if isinstance(name, str):
        kind = LOSSES.get(SHORT.get(name.lower(), name)) or (
            name if name in LOSSES.values() else None
        )
        if kind is None:
            raise RefusedError(f"compile with the loss {name!r} is not converted")
        made = cst.parse_expression(f"keras.losses.{kind}()")
        return Loss(made, kind, function=False, place=place, weight=weight)
    if isinstance(value, Built):
        kind = value.site.arguments.spelling.name.rpartition(".")[2]
        return Loss(given, kind, function=False, place=place, weight=weight)
    if isinstance(value, FunctionValue) or isinstance(given, cst.Lambda):
        return Loss(given, "", function=True, place=place, weight=weight)
    if isinstance(given, cst.Name | cst.Attribute | cst.Call):
        return Loss(given, _class_name(given), _is_function(given), place=place, weight=weight)
    raise RefusedError("compile with this loss is not converted: write it by hand")


def _is_function(node: cst.BaseExpression) -> bool:
    """What is called nothing is known of: a function that a call makes, or an object of a class."""
    func = node.func if isinstance(node, cst.Call) else None
    last = func.attr if isinstance(func, cst.Attribute) else func
    return isinstance(last, cst.Name) and last.value[:1].islower()


def _class_name(node: cst.BaseExpression) -> str:
    func = node.func if isinstance(node, cst.Call) else node
    last = func.attr if isinstance(func, cst.Attribute) else func
    known = isinstance(last, cst.Name) and last.value in LOSSES.values()
    return last.value if known and isinstance(last, cst.Name) else ""
