"""Draws of Keras whose width follows from how many inputs and outputs a weight has, in the words of `nn.init`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import libcst as cst

from translator.rewrite import build
from translator.source.literals import literal_value

Layout = Literal["torch", "keras", "depthwise", "deepened"]
"""How a weight is laid out: outputs first, as in torch; inputs first, as in Keras; with one output for each channel, or
with several."""


@dataclass(frozen=True, slots=True)
class Width:
    """A draw of variance `scale` by the number that `mode` names, "uniform" or "normal"."""

    scale: float
    mode: str
    shape: str


_FAMILIES = {"Glorot": (1.0, "fan_avg"), "He": (2.0, "fan_in"), "Lecun": (1.0, "fan_in")}
_MODES = ("fan_in", "fan_out", "fan_avg")


def width(name: str, arguments: Mapping[str, cst.BaseExpression]) -> Width | None:
    """What an initialiser of Keras draws, None where its width is its own or is not known."""
    family = name.removesuffix("Uniform").removesuffix("Normal")
    if family in _FAMILIES:
        return Width(*_FAMILIES[family], name.removeprefix(family).lower())
    if name != "VarianceScaling":
        return None
    scale = _number(build.code(arguments["scale"]))
    mode, shape = (literal_value(arguments[key]) for key in ("mode", "distribution"))
    if scale is None or scale <= 0 or mode not in _MODES:
        return None
    return Width(scale, str(mode), "uniform" if shape == "uniform" else "normal")


def filled(width: Width, layout: Layout) -> str | None:
    """The call that draws `weight`, None where no function of torch draws so wide."""
    if layout == "deepened":
        return None
    if layout == "depthwise":  # where torch sees one input for each output
        return stated(width, "weight.numel()", "weight[0].numel()", "weight")
    if width.mode == "fan_avg":
        gain = "" if width.scale == 1 else f", gain={_root(width.scale)}"
        return f"nn.init.xavier_{width.shape}_(weight{gain})"
    if width.scale > 2:
        return None
    named = {1.0: 'nonlinearity="linear"', 2.0: 'nonlinearity="relu"'}.get(width.scale)
    kind = named or f"a={_root(2 / width.scale - 1)}"
    inputs_first = layout == "keras"
    mode = ', mode="fan_out"' if (width.mode == "fan_out") is not inputs_first else ""
    return f"nn.init.kaiming_{width.shape}_(weight, {kind}{mode})"


def stated(width: Width, inputs: str, outputs: str, weight: str) -> str:
    """A draw of `weight`, where the numbers of its inputs and outputs are stated."""
    mean = width.mode == "fan_avg" and inputs != outputs
    count = outputs if width.mode == "fan_out" else inputs
    count = f"({inputs} + {outputs})" if mean else count
    scale = width.scale * (3 if width.shape == "uniform" else 1) * (2 if mean else 1)
    limit = f"({scale:g} / {count}) ** 0.5"
    if width.shape == "uniform":
        return f"nn.init.uniform_({weight}, -({limit}), {limit})"
    return f"nn.init.normal_({weight}, 0.0, {limit})"


def of_shape(width: Width, shape: Sequence[cst.BaseExpression]) -> str:
    """A draw of a new tensor whose last two axes are the inputs and the outputs, all others a window."""
    sizes = [build.code(build.parenthesized(size)) for size in shape]
    counted = (sizes[:-1] or sizes, [*sizes[:-2], sizes[-1]])
    inputs, outputs = (f"({' * '.join(part)})" if len(part) > 1 else part[0] for part in counted)
    return stated(width, inputs, outputs, "torch.empty(shape)")


def _number(text: str) -> float | None:
    """The value of a number, or of a fraction: `1 / 3`."""
    above, _, below = text.partition("/")
    try:
        return float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        return None


def _root(square: float) -> str:
    """The root of a number as people write it."""
    whole = round(square)
    if math.isclose(square, whole):
        root = math.isqrt(whole)
        return repr(float(root)) if root * root == whole else f"math.sqrt({whole})"
    return repr(round(math.sqrt(square), 12))
