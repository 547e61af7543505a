"""What a call of `fit` or `evaluate` asks for, read off its arguments."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from translator.knowledge.shapes import Shape
from translator.rewrite.fitting import callbacks
from translator.rewrite.fitting.compiled import Compiled
from translator.rewrite.fitting.data import (
    Arrays,
    Batches,
    Reader,
    flat,
    of_arrays,
    of_dataset,
    renamed,
    written,
)
from translator.rewrite.fitting.fit import Fit, Validation
from translator.rewrite.fitting.own_steps import own_method
from translator.rewrite.fitting.refused import RefusedError
from translator.rewrite.fitting.text import Text
from translator.source.arrays import data_shape
from translator.source.classes import forward_of
from translator.source.facts import Facts, Training
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import Built, ObjectValue
from translator.source.sequences import element
from translator.source.values import BatchesValue, Items, NumpyArray, TensorValue, Value

_FIT = frozenset(
    "x y batch_size epochs verbose callbacks validation_split validation_data shuffle class_weight sample_weight "
    "initial_epoch steps_per_epoch validation_steps validation_batch_size validation_freq workers "
    "use_multiprocessing max_queue_size".split()
)
_ON_BATCH = frozenset("x y sample_weight return_dict".split())
_EVALUATE = frozenset("x y batch_size verbose sample_weight steps return_dict callbacks".split())
_PLACES = tuple(
    "x y batch_size epochs verbose callbacks validation_split validation_data shuffle class_weight sample_weight "
    "initial_epoch".split()
)


class Call:
    """The arguments of one call by their names."""

    def __init__(self, training: Training, known: frozenset[str], places: tuple[str, ...]) -> None:
        self.training, self.name = training, training.method.name
        self.given: dict[str, cst.BaseExpression] = {}
        if any(a.star for a in training.call.args):
            raise RefusedError(f"{self.name} with starred arguments is not converted: name them")
        for position, given in enumerate(training.call.args):
            named = given.keyword is not None
            name = given.keyword.value if given.keyword else places[position]
            if name not in known or (not named and position >= len(places)):
                why = f"{self.name} with {name} is not converted: write its loop by hand"
                raise RefusedError(why)
            if literal_value(given.value) is not None:
                self.given[name] = given.value

    def get(self, name: str) -> cst.BaseExpression | None:
        """An argument that is given and is not None."""
        return self.given.get(name)


def fit(facts: Facts, text: Text, compiled: Compiled, training: Training, history: str) -> Fit:
    """What a call of `fit` asks for.

    Raises:
        RefusedError: it asks for more than can be followed.
    """
    call = Call(training, _FIT, _PLACES)
    model = training.method.receiver
    reader = _reader(facts, text, compiled, model)
    reader.own = own_method(model, "train_step") is not None
    as_outputs, reader.added = _ranks(facts, compiled, training, call.get("y"))
    data, validation = _data(facts, text, call, reader)
    given = call.get("validation_data")
    if given is not None:
        if isinstance(given, cst.Tuple | cst.List) and len(given.elements) > 1:
            measured, reader.added = _ranks(facts, compiled, training, given.elements[1].value)
            as_outputs = as_outputs or measured
        validation = _validation(facts, text, call, reader, given)
    verbose = call.get("verbose")
    simple = cst.Name | cst.Attribute | cst.Integer | cst.SimpleString
    if verbose is not None and not isinstance(verbose, simple):
        raise RefusedError("fit with this verbose is not converted: write its loop by hand")
    known = literal_value(verbose) if verbose is not None else 1
    steps = call.get("steps_per_epoch")
    first = call.get("initial_epoch")
    found = Fit(
        text.hole(training.method.owner),
        compiled,
        data,
        epochs=_text(text, call, "epochs", "1"),
        first="" if first is None or literal_value(first) == 0 else text.hole(first),
        steps="" if steps is None else text.hole(steps),
        shown=bool(known) if isinstance(known, int | str) else None,
        verbose="" if verbose is None else text.hole(verbose),
        history=history,
        validation=validation,
        as_outputs=as_outputs,
        added=adds(model),
        own_step=reader.own,
    )
    if found.validation is not None:
        found.validation.every = _text(text, call, "validation_freq", "1")
        if found.validation.every != "1":
            raise RefusedError("fit with validation_freq is not converted: write its loop by hand")
    _weigh(facts, text, call, found)
    callbacks.add(facts, text, found, call.get("callbacks"))
    return found


def _weigh(facts: Facts, text: Text, call: Call, found: Fit) -> None:
    """`class_weight`, a number for each class; and what weighs single samples."""
    given = call.get("class_weight")
    if given is not None:
        if len(found.losses) != 1 or not found.losses[0].classes:
            raise RefusedError(
                "fit with class_weight is converted for one loss of numbered classes"
            )
        found.weights_of = text.own("class_weight")
        numbers = _by_class(text, given)
        found.data.before.append(f"{found.weights_of} = tf.constant({numbers}, dtype=tf.float32)")
    if not found.weights_of and not found.data.weights:
        return
    each = []
    for loss in found.losses:
        made = None if loss.function else loss.unreduced(facts)
        if made is None and not loss.function:
            raise RefusedError("how this loss is made is not known: weigh its samples by hand")
        if made is not None:
            function, own = made
            settings = [f", {a.keyword.value}={text.hole(a.value)}" for a in own if a.keyword]
            loss = replace(loss, each=f"{function}(", settings="".join(settings))
        each.append(loss)
    found.compiled = replace(found.compiled, losses=each)


def _by_class(text: Text, given: cst.BaseExpression) -> str:
    """The weights of the classes as a list, from the dict that Keras takes."""
    if isinstance(given, cst.Dict):
        pairs = [p for p in given.elements if isinstance(p, cst.DictElement)]
        if [literal_value(p.key) for p in pairs] == list(range(len(given.elements))):
            return f"[{', '.join(text.hole(p.value) for p in pairs)}]"
    held = text.hole(given)
    return f"[{held}[i] for i in range(len({held}))]"


def _reader(facts: Facts, text: Text, compiled: Compiled, model: Value) -> Reader:
    classes: dict[object, bool] = {}
    for loss in compiled.losses:
        if not loss.place:
            classes[None] = loss.classes
        elif loss.output:
            classes[loss.output] = loss.classes
        else:
            classes[int(loss.place[1:-1])] = loss.classes
    return Reader(facts, text, model, classes)


def _data(
    facts: Facts, text: Text, call: Call, reader: Reader
) -> tuple[Batches, Validation | None]:
    """What the model is trained on, and what of it is kept back."""
    x, y = call.get("x"), call.get("y")
    if x is None:
        raise RefusedError("fit without data is not converted")
    split, weights = call.get("validation_split"), call.get("sample_weight")
    if y is None and not is_array(facts, x):
        if split is not None or weights is not None:
            raise RefusedError("fit of a data set with validation_split or sample_weight")
        return of_dataset(facts, text, x, reader), None
    shuffle = literal_value(call.get("shuffle")) if call.get("shuffle") is not None else True
    if not isinstance(shuffle, bool):
        raise RefusedError("whether this fit shuffles is not known here: write its loop by hand")
    arrays = Arrays(
        reader.inputs(x),
        None if y is None else reader.targets(y),
        None if weights is None else reader.weights(weights),
        _rank(facts, x),
    )
    size = _text(text, call, "batch_size", "32")
    if split is None or literal_value(split) in (0, 0.0):
        return of_arrays(text, arrays, size, shuffle), None
    return _split(text, arrays, size, shuffle, split)


def _split(
    text: Text, arrays: Arrays, size: str, shuffle: bool, split: cst.BaseExpression
) -> tuple[Batches, Validation]:
    """`validation_split`: the last rows, before anything is shuffled."""
    made: list[str] = []
    kept: dict[str, object] = {}
    held: dict[str, object] = {}
    at = text.own("split")
    for name, structure in (
        ("inputs", arrays.inputs),
        ("targets", arrays.targets),
        ("weights", arrays.weights),
    ):
        parts = []
        for place, part in enumerate(flat(structure)):
            parts.append(text.own(f"{name}{place}" if place else name))
            made.append(f"{parts[-1]} = {part}")
        kept[name] = _sliced(structure, [f"{part}[:{at}]" for part in parts])
        held[name] = _sliced(structure, [f"{part}[{at}:]" for part in parts])
    first = made[0].partition(" = ")[0]
    text.holes["split__"] = split
    made.append(f"{at} = int(len({first}) * (1 - split__))")
    train = of_arrays(text, Arrays(kept["inputs"], kept["targets"], kept["weights"]), size, shuffle)
    train.before = [*made, *train.before]
    rest = Arrays(held["inputs"], held["targets"], held["weights"], arrays.rank)
    return train, Validation(_judged_on(text, rest, size, "val_"))


def _sliced(structure: object, parts: list[str]) -> object:
    return None if structure is None else renamed(structure, iter(parts))


_SMALL = 2
"""The number of axes up to which all samples are judged at once: rows of numbers take little memory."""


def _judged_on(text: Text, arrays: Arrays, size: str, prefix: str) -> Arrays | Batches:
    if arrays.rank is None or arrays.rank <= _SMALL:
        return arrays
    return of_arrays(text, arrays, size, False, prefix)


def _validation(
    facts: Facts, text: Text, call: Call, reader: Reader, given: cst.BaseExpression
) -> Validation:
    """`validation_data`, a tuple of arrays or a data set."""
    steps = call.get("validation_steps")
    if isinstance(given, cst.Tuple | cst.List):
        parts = [e.value for e in given.elements]
        if len(parts) != 2:
            raise RefusedError("fit with this validation_data is not converted")
        inputs, targets = reader.inputs(parts[0]), reader.targets(parts[1])
        arrays = Arrays(inputs, targets, None, _rank(facts, parts[0]))
        batch = _text(text, call, "validation_batch_size", _text(text, call, "batch_size", "32"))
        return Validation(_judged_on(text, arrays, batch, "val_"))
    simple = isinstance(given, cst.Name | cst.Attribute) or isinstance(
        facts.value(given), BatchesValue
    )
    if not simple:
        raise RefusedError("fit with this validation_data is not converted: give it a name")
    data = of_dataset(facts, text, given, reader)
    return Validation(data, steps="" if steps is None else text.hole(steps))


def evaluated(
    facts: Facts, text: Text, compiled: Compiled, training: Training
) -> tuple[Arrays | Batches, bool, Call]:
    """The data of a call of `evaluate`, and whether its targets need the shape of the outputs."""
    call = Call(training, _EVALUATE, ("x", "y", "batch_size", "verbose", "sample_weight", "steps"))
    reader = _reader(facts, text, compiled, training.method.receiver)
    x, y = call.get("x"), call.get("y")
    if x is None:
        raise RefusedError("evaluate without data is not converted")
    if call.get("return_dict") is not None and not isinstance(
        literal_value(call.get("return_dict")), bool
    ):
        raise RefusedError("evaluate with this return_dict is not converted")
    ranks, reader.added = _ranks(facts, compiled, training, y)
    if y is None and not is_array(facts, x):
        return of_dataset(facts, text, x, reader), ranks, call
    weights = call.get("sample_weight")
    arrays = Arrays(
        reader.inputs(x),
        None if y is None else reader.targets(y),
        None if weights is None else reader.weights(weights),
        _rank(facts, x),
    )
    return _judged_on(text, arrays, _text(text, call, "batch_size", "32"), "test_"), ranks, call


def _text(text: Text, call: Call, name: str, default: str) -> str:
    given = call.get(name)
    return default if given is None else text.hole(given)


def is_array(facts: Facts, node: cst.BaseExpression) -> bool:
    """True for what is seen to be an array: data sets and generators hold their targets themselves."""
    value = facts.value(node)
    return isinstance(value, NumpyArray | TensorValue) or data_shape(value) is not None


def _rank(facts: Facts, node: cst.BaseExpression) -> int | None:
    shape = data_shape(facts.value(node))
    return None if shape is None else len(shape)


def _ranks(
    facts: Facts, compiled: Compiled, training: Training, y: cst.BaseExpression | None
) -> tuple[bool, bool]:
    """How targets may lack an axis of the outputs, which Keras adds and torch would broadcast.

    Returns whether each batch has to be brought to the shape of the outputs, and whether all need one more axis.
    """
    ranked = all(loss.ranked for loss in compiled.losses)
    ranked = ranked and all(m.ranked or m.made is not None for m in compiled.measures)
    if ranked or len(compiled.losses) != 1 or training.method.name in ("compile", "predict"):
        return False, False
    outputs = outputs_of(facts, training)
    known = outputs.shape if isinstance(outputs, TensorValue) else None
    given = _of_batches(facts, training) if y is None else data_shape(facts.value(y))
    if given is None or known is None:
        return True, False
    if len(given) == len(known):
        return False, False
    added = (len(given), len(known)) == (1, 2) and y is not None
    return not added, added


def _of_batches(facts: Facts, training: Training) -> Shape:
    """The shape of the targets that a data set gives."""
    x = argument(training.call, 0, "x")
    given = element(facts.value(x)) if x is not None else None
    part = given.items[1] if isinstance(given, Items) and len(given.items) > 1 else None
    return part.shape if isinstance(part, TensorValue) else None


def outputs_of(facts: Facts, training: Training) -> Value | None:
    """What a model makes of what it is handed."""
    value = training.method.receiver
    if isinstance(value, ObjectValue) and (forward := forward_of(value.info)) is not None:
        return forward.result
    return facts.outputs.get(id(training.call))


def adds(model: Value) -> bool:
    """True if something in a model adds to its loss."""
    from translator.rewrite.fitting.losses import adds_losses

    return adds_losses(model)


def last_width(model: Value) -> int | None:
    """How many numbers the last layer of a container gives."""
    parts = model.site.parts if isinstance(model, Built) else ()
    for part in reversed(parts):
        if not isinstance(part, Built):
            return None
        if part.site.parts:
            return last_width(part)
        units = part.site.arguments.values.get("units")
        if units is not None:
            known = literal_value(units)
            return known if isinstance(known, int) else None
        if getattr(part.site.record, "weights", ()):
            return None
    return None


def on_batch(
    facts: Facts, text: Text, compiled: Compiled, training: Training
) -> tuple[Batches, list[str], bool]:
    """The batch of `train_on_batch` and `test_on_batch`, the lines that make it, and whether targets need a shape."""
    call = Call(training, _ON_BATCH, ("x", "y"))
    reader = _reader(facts, text, compiled, training.method.receiver)
    x, y = call.get("x"), call.get("y")
    if x is None or call.get("sample_weight") is not None or call.get("return_dict") is not None:
        raise RefusedError(f"{training.method.name} with these arguments is not converted")
    as_outputs, reader.added = _ranks(facts, compiled, training, y)
    inputs, targets = reader.inputs(x), None if y is None else reader.targets(y)
    lines = []
    if isinstance(inputs, str) and not inputs.isidentifier():
        name = text.own("batch_x")
        lines.append(f"{name} = {inputs}")
        inputs = name
    if isinstance(targets, str) and not targets.isidentifier():
        name = text.own("batch_y")
        lines.append(f"{name} = {targets}")
        targets = name
    return Batches("", written(inputs), targets), lines, as_outputs
