"""`torch.nn.init` as Keras initialisers: what a call draws, in the words of `keras.initializers`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import libcst as cst

from translator.findings import Code
from translator.knowledge.signature import parse
from translator.rewrite import build
from translator.rewrite.constructs.found import undata
from translator.source.bound import NOT_LITERAL, literal
from translator.source.literals import literal_value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

Layout = Literal["transposed", "alike", "other"]
"""How Keras stores an array: a kernel, whose last axes are the inputs and outputs that are torch's first, reversed; as
torch does; or in a way that hides how many inputs one output has."""

_SIGNATURES = {
    text.partition("(")[0]: parse(text)
    for text in (
        "zeros_(tensor)",
        "ones_(tensor)",
        "constant_(tensor, val)",
        "uniform_(tensor, a=0.0, b=1.0)",
        "normal_(tensor, mean=0.0, std=1.0)",
        "trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0)",
        "xavier_uniform_(tensor, gain=1.0)",
        "xavier_normal_(tensor, gain=1.0)",
        "kaiming_uniform_(tensor, a=0, mode='fan_in', nonlinearity='leaky_relu')",
        "kaiming_normal_(tensor, a=0, mode='fan_in', nonlinearity='leaky_relu')",
        "orthogonal_(tensor, gain=1)",
    )
}
FUNCTIONS = frozenset(f"torch.nn.init.{name}" for name in _SIGNATURES)
METHODS = {"fill_": "constant_", "zero_": "zeros_", "uniform_": "uniform_", "normal_": "normal_"}
"""Methods of tensors that do the same."""
_OTHER_NAMES = {"value": "val", "to": "b"}
"""Their names for arguments, where those of the functions are others."""


@dataclass(frozen=True, slots=True)
class First:
    """A call that sets the first values of `weight`: a function of `nn.init` and its other arguments by name."""

    weight: cst.BaseExpression
    function: str
    arguments: dict[str, cst.BaseExpression]


def first_values(rewriter: Rewriter, node: cst.BaseExpression) -> First | None:
    """What a call sets; None where it does something else, or is given what no signature has."""
    if not isinstance(node, cst.Call) or any(a.star for a in node.args):
        return None
    name, given = str(rewriter.api(node.func)), list(node.args)
    if name in FUNCTIONS:
        function = name.rpartition(".")[2]
    elif isinstance(node.func, cst.Attribute) and node.func.attr.value in METHODS:
        function = METHODS[node.func.attr.value]
        given.insert(0, cst.Arg(node.func.value))
    else:
        return None
    names = [p.name for p in _SIGNATURES[function].parameters]
    arguments: dict[str, cst.BaseExpression] = {}
    for position, argument in enumerate(given):
        own = names[position] if position < len(names) else ""
        key = own if argument.keyword is None else argument.keyword.value
        key = _OTHER_NAMES.get(key, key)
        if key not in names or key in arguments:
            return None
        arguments[key] = argument.value
    weight = arguments.pop("tensor", None)
    return None if weight is None else First(undata(weight), function, arguments)


def bounds(
    rewriter: Rewriter, node: cst.Call
) -> tuple[cst.BaseExpression, cst.BaseExpression] | None:
    """The two numbers of `x.uniform_(low, high)` and `x.normal_(mean, std)`; None for any other call."""
    first = first_values(rewriter, node)
    if first is None or first.function not in ("uniform_", "normal_"):
        return None
    low, high = _texts(rewriter, first).values()
    return build.expression(low), build.expression(high)


def initialiser(rewriter: Rewriter, first: First, layout: Layout) -> str | None:
    """The Keras initialiser as code; None where there is none that draws the same."""
    text = _written(rewriter, first, layout)
    return None if text is None else rewriter.naming.spell(text)


def _written(rewriter: Rewriter, first: First, layout: Layout) -> str | None:
    text, known = _texts(rewriter, first), _values(first)
    match first.function:
        case "zeros_":
            return "keras.initializers.Zeros()"
        case "ones_":
            return "keras.initializers.Ones()"
        case "constant_":
            if known["val"] in (0, 1):
                return f"keras.initializers.{'Ones' if known['val'] else 'Zeros'}()"
            return f"keras.initializers.Constant({text['val']})"
        case "uniform_":
            return f"keras.initializers.RandomUniform({text['a']}, {text['b']})"
        case "normal_":
            return _normal("RandomNormal", text, known)
        case "trunc_normal_":
            return _truncated(rewriter, first, text, known)
        case "orthogonal_":
            gain = "" if known["gain"] == 1 else f"gain={text['gain']}"
            return f"keras.initializers.Orthogonal({gain})" if layout != "other" else None
    return _scaled(first.function, text, known, layout)


def _normal(name: str, text: dict[str, str], known: dict[str, object]) -> str:
    mean = "" if known["mean"] == 0 else f"mean={text['mean']}, "
    return f"keras.initializers.{name}({mean}stddev={text['std']})"


def _truncated(
    rewriter: Rewriter, first: First, text: dict[str, str], known: dict[str, object]
) -> str | None:
    """torch cuts at the numbers `a` and `b`, Keras at two deviations: what is further off than eight is not met."""
    numbers = [known[name] for name in ("mean", "std", "a", "b")]
    if all(type(n) in (int, float) for n in numbers):
        mean, std, low, high = (float(str(n)) for n in numbers)
        nearest = min(mean - low, high - mean) / std if std > 0 else 0.0
        if math.isclose(nearest, 2) and math.isclose(mean - low, high - mean):
            return _normal("TruncatedNormal", text, known)
        if nearest < _FEW:
            return None
        if nearest >= _NEVER_MET:
            return _normal("RandomNormal", text, known)
    why = f"trunc_normal_ cuts off what lies beyond {text['a']} and {text['b']}: not cut off here"
    rewriter.note(first.weight, Code.INITIALIZER, why)
    return _normal("RandomNormal", text, known)


_FEW, _NEVER_MET = 4, 8
"""How many deviations off something is that hardly and that never comes up."""


def by_fans(rewriter: Rewriter, first: First) -> str | None:
    """A draw for a parameter of three axes or more, whose inputs and outputs Keras counts in another way.

    torch takes the second axis for the inputs, the first for the outputs, and all others for the size of a window.
    """
    text, known = _texts(rewriter, first), _values(first)
    kind, _, shape = first.function.rstrip("_").partition("_")
    w = build.code(rewriter.expression(first.weight))
    if kind == "xavier":
        square, fans = _square(text["gain"], known["gain"]), f"({w}.shape[0] + {w}.shape[1]) / 2"
    elif kind == "kaiming" and known["mode"] in _OTHER_FAN:
        scale = _kaiming(text, known)
        if scale is None:
            return None
        square, fans = scale, f"{w}.shape[{1 if known['mode'] == 'fan_in' else 0}]"
    else:
        return None
    width = f"({square} / ({fans} * math.prod({w}.shape[2:]))) ** 0.5"
    if shape == "normal":
        return rewriter.naming.spell(f"keras.initializers.RandomNormal(stddev={width})")
    limit = f"(3 * {width[1:]}"
    return rewriter.naming.spell(f"keras.initializers.RandomUniform(-{limit}, {limit})")


def _scaled(
    function: str, text: dict[str, str], known: dict[str, object], layout: Layout
) -> str | None:
    """Draws whose width follows from how many inputs and outputs there are."""
    if layout == "other":
        return None
    kind, _, shape = function.rstrip("_").partition("_")
    if kind == "xavier":
        mode = "fan_avg"
        scale: str | None = _square(text["gain"], known["gain"])
    else:
        mode, scale = str(known["mode"]), _kaiming(text, known)
        if mode not in _OTHER_FAN:
            return None
        mode = mode if layout == "transposed" else _OTHER_FAN[mode]
    named = _NAMED.get((mode, shape, scale or ""))
    distribution = "uniform" if shape == "uniform" else "untruncated_normal"
    if scale is None:
        return None
    return named or f'keras.initializers.VarianceScaling({scale}, "{mode}", "{distribution}")'


_OTHER_FAN = {"fan_in": "fan_out", "fan_out": "fan_in"}
_NAMED = {
    ("fan_avg", "uniform", "1.0"): "keras.initializers.GlorotUniform()",
    ("fan_in", "uniform", "2.0"): "keras.initializers.HeUniform()",
}
"""The names that Keras has for draws of the same kind; its `GlorotNormal` and `HeNormal` are truncated."""


def _square(text: str, known: object) -> str:
    if isinstance(known, int | float):
        return repr(round(float(known) ** 2, 12))
    return f"({text}) ** 2" if not text.isidentifier() else f"{text} ** 2"


def _kaiming(text: dict[str, str], known: dict[str, object]) -> str | None:
    """The square of the gain that torch takes."""
    kind, slope = known["nonlinearity"], known["a"]
    if kind != "leaky_relu":
        gain = GAINS.get(str(kind))
        return None if gain is None else repr(round(gain**2, 12))
    if isinstance(slope, int | float):
        return repr(round(2 / (1 + float(slope) ** 2), 12))
    if text["a"].replace(" ", "") == "math.sqrt(5)":
        return "1 / 3"
    return f"2 / (1 + {_square(text['a'], None)})"


GAINS = {
    **dict.fromkeys(("linear", "conv1d", "conv2d", "conv3d", "sigmoid"), 1.0),
    "tanh": 5 / 3,
    "relu": math.sqrt(2),
    "selu": 3 / 4,
}
"""What `torch.nn.init.calculate_gain` gives."""


def gain(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`nn.init.calculate_gain("relu")`: a number, in the form that people know it in."""
    kind = literal_value(node.args[0].value) if node.args else NOT_LITERAL
    slope = node.args[1].value if len(node.args) > 1 else None
    if kind == "leaky_relu":
        text = "0.01" if slope is None else build.code(rewriter.expression(slope))
        squared = f"{text} ** 2" if text.replace(".", "").isalnum() else f"({text}) ** 2"
        return build.expression(rewriter.naming.spell(f"math.sqrt(2 / (1 + {squared}))"))
    text = _GAIN_TEXTS.get(str(kind), "")
    return build.expression(rewriter.naming.spell(text)) if text else None


_GAIN_TEXTS = {
    **{kind: "1.0" for kind, value in GAINS.items() if value == 1.0},
    "tanh": "5 / 3",
    "relu": "math.sqrt(2)",
    "selu": "0.75",
}


def _texts(rewriter: Rewriter, first: First) -> dict[str, str]:
    """The arguments as code, defaults filled in."""
    return {
        p.name: build.code(rewriter.expression(first.arguments[p.name]))
        if p.name in first.arguments
        else str(p.default)
        for p in _SIGNATURES[first.function].parameters[1:]
    }


def _values(first: First) -> dict[str, object]:
    """The arguments as values, defaults filled in."""
    return {
        p.name: literal_value(first.arguments[p.name])
        if p.name in first.arguments
        else literal(p.default)
        for p in _SIGNATURES[first.function].parameters[1:]
    }


def setting(weight: str) -> str:
    """Keras's name for the initialiser of a weight, "" where it cannot be chosen."""
    return _SETTINGS.get(weight, f"{weight}_initializer")


_SETTINGS = {"recurrent_kernel": "recurrent_initializer", "scale": ""}


def short(text: str) -> str:
    """An initialiser as an argument: the string that people write for it, where there is one."""
    return _SHORT.get(text, text)


_SHORT = {
    "keras.initializers.Zeros()": '"zeros"',
    "keras.initializers.Ones()": '"ones"',
    "keras.initializers.GlorotUniform()": '"glorot_uniform"',
    "keras.initializers.HeUniform()": '"he_uniform"',
    "keras.initializers.Orthogonal()": '"orthogonal"',
}
"""What people write as a string where a constructor takes it."""
