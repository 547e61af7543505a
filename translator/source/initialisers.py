"""Initialisers of Keras: which one a name stands for, and the objects that are made of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from translator.source.made import argument
from translator.source.sizes import size_of
from translator.source.values import InitialiserValue, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

CLASSES = (
    "Zeros Ones Constant RandomNormal RandomUniform TruncatedNormal GlorotUniform GlorotNormal "
    "HeUniform HeNormal LecunUniform LecunNormal Orthogonal VarianceScaling Identity"
).split()
GET = "keras.initializers.get"


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


STRINGS = {
    **{text: name for name in CLASSES for text in (name, _snake(name))},
    "normal": "RandomNormal",
    "uniform": "RandomUniform",
    "zero": "Zeros",
    "one": "Ones",
}
"""By the string that Keras knows it by: the class of an initialiser."""
NAMES = {
    **{f"keras.initializers.{text}": name for text, name in STRINGS.items()},
    "keras.initializers.OrthogonalInitializer": "Orthogonal",
    "keras.initializers.IdentityInitializer": "Identity",
    **{f"tf.{_snake(name)}_initializer": name for name in CLASSES},
}
"""By name of the framework: the class of an initialiser."""


def _made(run: Interpreter, node: cst.Call) -> Value:
    """`keras.initializers.Zeros()`, `keras.initializers.get(identifier)`."""
    for given in node.args:
        run.in_order(given.value, run.facts.value(given.value), target=False)
    return InitialiserValue()


def values(run: Interpreter, node: cst.Call) -> Value:
    """`initializer(shape=(3, 4))`: a tensor of first values."""
    _made(run, node)
    given = argument(node, 0, "shape")
    shape = None
    if isinstance(given, cst.Tuple | cst.List):
        shape = tuple(size_of(run, element.value) for element in given.elements)
    return TensorValue(shape, dtype="float")


HANDLERS: dict[str, Callable[[Interpreter, cst.Call], Value]] = dict.fromkeys((*NAMES, GET), _made)
