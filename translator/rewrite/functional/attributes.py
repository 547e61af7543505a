"""Names for the layers of a class, as a person would choose them."""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite.reserved import KERAS_NAMES, TORCH_NAMES
from translator.source.literals import literal_value
from translator.source.made import argument

if TYPE_CHECKING:
    from translator.rewrite.functional.write import Written

_SHORT = {
    "BatchNormalization": "bn",
    "LayerNormalization": "norm",
    "GroupNormalization": "norm",
    "UnitNormalization": "norm",
    "MultiHeadAttention": "attention",
    "SpatialDropout1D": "dropout",
    "SpatialDropout2D": "dropout",
    "Conv1DTranspose": "deconv",
    "Conv2DTranspose": "deconv",
    "Conv3DTranspose": "deconv",
    "SeparableConv1D": "separable_conv",
    "SeparableConv2D": "separable_conv",
    "DepthwiseConv2D": "depthwise_conv",
    "ZeroPadding1D": "pad",
    "ZeroPadding2D": "pad",
    "UpSampling1D": "upsample",
    "UpSampling2D": "upsample",
    "LeakyReLU": "relu",
    "PReLU": "prelu",
    "ReLU": "relu",
    "ELU": "elu",
    "correct_pad": "pad",
}
_GENERAL = re.compile(
    r"(\w+_)?(x|y|z|h|out|outs|outputs?|output_tensor|net|hidden|features?|layer|result|res|img|image|inputs?|tensor|tmp|a|b|c|t)\d*_?"
)
"""Names of variables that say nothing of what computed them."""
_POOLING = re.compile(r"(Global)?(Max|Average|Avg)Pool(ing)?(\dD)")
_CONVOLUTION = re.compile(r"Conv(olution)?\dD")


@dataclass(eq=False)
class Made:
    """One layer of a class: how it is built, and what may give it its name."""

    build: cst.BaseExpression
    holder: str
    """Stands for the name until all are known."""
    variable: str = ""
    """What its result is assigned to, where that is assigned once."""
    listed: bool = False
    """True for a layer of each turn of a loop."""
    name: str = ""
    kind: str = ""
    """The class of the file that it is an object of, where that is asked for the width of what it gives."""


def names_for(layers: Sequence[Made], taken: set[str]) -> None:
    """Give every layer its attribute: its `name=`, its variable, or its kind, numbered where there are several."""
    taken = taken | KERAS_NAMES | TORCH_NAMES
    wanted = [_own(layer) or _spoken(layer) or "" for layer in layers]
    often = Counter(wanted)
    for layer, name in zip(layers, wanted, strict=True):
        if name and often[name] == 1 and name not in taken:
            layer.name = name
            taken.add(name)
    rest = [layer for layer in layers if not layer.name]
    kinds = {id(layer): _kind(layer) for layer in rest}
    count = Counter(kinds.values())
    number: Counter[str] = Counter()
    for layer in rest:
        kind = kinds[id(layer)]
        number[kind] += 1
        parted = f"{kind}_" if kind[-1:].isdigit() else kind
        name = kind if count[kind] == 1 else f"{parted}{number[kind]}"
        while name in taken:
            number[kind] += 1
            name = f"{parted}{number[kind]}"
        layer.name = name
        taken.add(name)


def singular(layer: Made) -> str:
    """What one layer of a list is called in the loop through it."""
    return _kind(layer, listed=False)


def _own(layer: Made) -> str:
    """The `name=` that a constructor states."""
    given = argument(layer.build, -1, "name") if isinstance(layer.build, cst.Call) else None
    name = literal_value(given)
    if not isinstance(name, str) or layer.listed:
        return ""
    name = re.sub(r"\W", "_", name)
    return name if name.isidentifier() and not keyword.iskeyword(name) else ""


def _spoken(layer: Made) -> str:
    return "" if layer.listed or _GENERAL.fullmatch(layer.variable) else layer.variable


def _kind(layer: Made, listed: bool | None = None) -> str:
    func = layer.build.func if isinstance(layer.build, cst.Call) else layer.build
    name = func.attr.value if isinstance(func, cst.Attribute) else getattr(func, "value", "layer")
    name = name if isinstance(name, str) else "layer"
    short = _SHORT.get(name)
    if short is None and _CONVOLUTION.fullmatch(name):
        short = "conv"
    elif short is None and (pooling := _POOLING.fullmatch(name)):
        short = "global_pool" if pooling[1] else "pool"
    block = short is None and name[:1].islower()
    kind = short or _snake(name).removesuffix("_module") or "module"
    kind = f"{kind}_layer" if keyword.iskeyword(kind) else kind
    if listed is None:
        listed = layer.listed
    if not listed:
        return kind
    return f"{kind}s" if block or kind.endswith(("block", "stage")) else f"{kind}_layers"


def _snake(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"_\d[dD]$", "", spaced.lower()).strip("_") or "layer"


_VERBS = re.compile(
    r"_*(create|make|build|get|define|construct|generate|new|init|setup|load)_+(?=\w)"
)


class Names:
    """The names of the classes that functions become."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.classes: dict[int, str] = {}
        self.written: dict[str, Written] = {}
        """The classes of functions, by their names."""
        self.base: cst.BaseExpression = cst.Name("object")
        self.models: dict[str, str] = {}
        """The classes of models, by the names of their objects."""

    def give(self, function: cst.FunctionDef, spoken: str, model: bool = False) -> str:
        """The name of the class for a function: `conv_block` is a `ConvBlock`, `make_model` makes a `Model`."""
        name = self.free(spoken, model)
        self.classes[id(function)] = name
        return name

    def free(self, spoken: str, model: bool) -> str:
        """A name for a class that the file does not use."""
        stem = _VERBS.sub("", spoken, count=1).strip("_") or spoken
        if model and _VERBS.fullmatch(f"{stem}_m", 0, len(stem) + 1):
            stem = "model"
        if any(c.isupper() for c in stem) and "_" not in stem:
            name = stem[0].upper() + stem[1:]
        else:
            name = "".join(part[:1].upper() + part[1:] for part in stem.split("_"))
        if not name.isidentifier():
            name = "Net"
        ending = "Model" if model else "Module"
        fuller = [] if name.endswith(ending) else [f"{name}{ending}"]
        others = ["Net"] if model else []
        candidates = [name, *fuller, *others, *(f"{name}{number}" for number in range(2, 99))]
        chosen = next(candidate for candidate in candidates if candidate not in self.taken)
        self.taken.add(chosen)
        return chosen
