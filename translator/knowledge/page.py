"""The look-up page of a record as plain data: derived from its signatures and lenses, never written beside it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from translator.knowledge import lenses
from translator.knowledge.lenses import Lens
from translator.knowledge.records import Construct, Entry, Exact, Layer, Pair, Record, Refusal
from translator.knowledge.signature import Parameter, Signature, kind_of, parse
from translator.knowledge.weights import Weight, words


@dataclass(frozen=True, slots=True)
class Argument:
    """One row of the argument table: the parameter on both sides with its default, and how one gives the other."""

    torch: str
    tensorflow: str
    rule: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything there is to show of a record; empty where it has nothing to say."""

    title: str
    kind: str
    group: str
    torch: tuple[str, ...]
    tensorflow: tuple[str, ...]
    arguments: tuple[Argument, ...]
    weights: tuple[str, ...]
    differs: str
    naive: str
    error: str
    exact: tuple[str, ...]
    instead: str
    words: str


def page(entry: Entry) -> Page:
    """Derive the page of one record."""
    record = entry.record
    return Page(
        title=record.title,
        kind=type(record).__name__.lower(),
        group=entry.group,
        torch=record.spellings("torch"),
        tensorflow=record.spellings("tensorflow"),
        arguments=_arguments(record),
        weights=_weights(record),
        differs=record.differs,
        naive=record.naive,
        error=record.error,
        exact=tuple(form.spellings(form.side)[0] for form in _exact(record)),
        instead=record.instead if isinstance(record, Refusal) else "",
        words=record.words,
    )


def _exact(record: Record) -> tuple[Exact, ...]:
    return record.exact if isinstance(record, Layer) else ()


def _arguments(record: Record) -> tuple[Argument, ...]:
    if isinstance(record, Pair | Construct | Refusal):
        return ()
    torch, tf = _signature(record.spellings("torch")), _signature(record.spellings("tensorflow"))
    rows = [
        Argument(
            _shown(torch, lens.torch),
            _shown(tf, lens.tf),
            _rule(lens, _parameter(torch, lens.torch), _parameter(tf, lens.tf))
            + _beyond(record, lens),
        )
        for lens in record.args
    ]
    for signature, named in (
        (torch, {lens.torch for lens in record.args}),
        (tf, {lens.tf for lens in record.args}),
    ):
        for parameter in signature.parameters:
            if parameter.name in named:
                continue
            spelled = _spelled(parameter)
            rule = "no counterpart: a call that sets it is left as it is"
            if any(_takes(form, parameter.name) for form in _exact(record)):
                rule = "by the exact form alone"
            sides = (spelled, "") if signature is torch else ("", spelled)
            rows.append(Argument(*sides, rule))
    return tuple(rows)


def _beyond(record: Record, lens: Lens) -> str:
    """What is added where an exact form takes the values that the idiom does not."""
    name = lens.torch or lens.tf
    fixed = isinstance(lens, lenses.Fixed) and name is not None
    return (
        ", else by the exact form" if fixed and any(_takes(f, name) for f in _exact(record)) else ""
    )


def _takes(form: Exact, name: str | None) -> bool:
    """True if the exact form of the other side takes a parameter of the framework's class."""
    source = form.spellings("torch" if form.side == "tensorflow" else "tensorflow")[0]
    return name is not None and parse(source).parameter(name) is not None


def _signature(texts: tuple[str, ...]) -> Signature:
    """Return the first spelling's signature; one without parameters where it has none."""
    if not texts or not texts[0]:
        return Signature("", (), "constant")
    return Signature(texts[0], (), "string") if kind_of(texts[0]) == "string" else parse(texts[0])


def _parameter(signature: Signature, name: str | None) -> Parameter | None:
    return signature.parameter(name) if name else None


def _shown(signature: Signature, name: str | None) -> str:
    parameter = _parameter(signature, name)
    return _spelled(parameter) if parameter else name or ""


def _spelled(parameter: Parameter) -> str:
    default = "" if parameter.default is None else f"={parameter.default}"
    return f"{parameter.star}{parameter.name}{default}"


def _rule(lens: Lens, torch: Parameter | None, tf: Parameter | None) -> str:
    """Say in a few words how the argument of one side gives that of the other."""
    match lens:
        case lenses.Tensor():
            return "the tensor"
        case lenses.Axis():
            return "the axis; renumbered where the tensor's axis order changes"
        case lenses.Number() | lenses.Real():
            return _written("the same number", torch, tf)
        case lenses.Dtype():
            return "the type of the elements"
        case lenses.Sizes():
            return "the shape; single numbers or one sequence"
        case lenses.Beside():
            return f"{lens.written} in {'torch' if lens.torch is None else 'Keras'}"
        case lenses.Complement():
            return "one minus the other"
        case lenses.Squared():
            return "TensorFlow's is the square of torch's"
        case lenses.Element():
            return f"element {lens.at} of the pair"
        case lenses.Negated():
            return "the opposite"
        case lenses.Choice():
            return ", ".join(f"{ours} / {theirs}" for ours, theirs in lens.values)
        case lenses.Inferred():
            axis = "last axis" if lens.axis == -1 else f"axis {lens.axis}"
            return f"read off the input's {axis}"
        case lenses.Padding():
            return '0 / "valid", half a window at stride 1 / "same"; any other border is made by a layer before it'
        case lenses.Trailing():
            return "the sizes of the last axes / their numbers, from the end"
        case lenses.Overlap():
            return '"same" cuts off half of what windows reach beyond; a layer behind it cuts off anything else'
        case lenses.Slopes():
            return "1 / every axis but the first; one for each channel / the axes of the pixels"
        case lenses.Start():
            return "the number / a constant initialiser"
        case lenses.Deepened():
            return "as many times the channels that go in"
        case lenses.Borders():
            return "from the last axis on / a pair for every axis, from the first on"
        case lenses.Sides():
            return "(left, right, top, bottom) / ((top, bottom), (left, right)); one number is the same"
        case lenses.Filled():
            return "what fills the border, in the layer that makes it"
        case lenses.Follows():
            return f"the same; where it is missing, it takes the value of {lens.other}"
        case lenses.Fixed():
            return f"converted only as {' or '.join((lens.value, *lens.others))}"
        case lenses.Only():
            return f"dropped: {lens.reason}"
        case _:
            return _written("the same", torch, tf)


def _written(rule: str, torch: Parameter | None, tf: Parameter | None) -> str:
    """Add to a rule that the defaults differ, so that what is left out on one side is written on the other."""
    if torch is None or tf is None or torch.default is None or tf.default is None:
        return rule
    equal = _value(torch.default) == _value(tf.default)
    return rule if equal else f"{rule}; the defaults differ, so it is written out"


def _value(default: str) -> object:
    """The value of a default: one number for several equal ones, and None where it says to take the usual dtype."""
    try:
        value = ast.literal_eval(default)
    except ValueError:
        return None if default in ("tf.float32", "torch.float32") else default
    if isinstance(value, tuple) and value and len(set(value)) == 1:
        return value[0]
    return value


def _weights(record: Record) -> tuple[str, ...]:
    if not isinstance(record, Layer):
        return ()
    return tuple(_weight(rule) for rule in record.weights)


def _weight(rule: Weight) -> str:
    """One array as code; what code does not say in a word, in words: `query, key = in_proj  (split into 2)`."""
    steps = "" if rule.plain else f"  ({', '.join(words(step, True) for step in rule.steps)})"
    axes = f".transpose{rule.axes}" if rule.plain and rule.axes else ""
    statistics = "" if rule.trainable else "  (statistics, no gradient)"
    return f"{', '.join(rule.keras)} = {', '.join(rule.torch)}{axes}{steps}{statistics}"
