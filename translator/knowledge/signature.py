"""Signature strings such as `torch.nn.Linear(in_features, out_features, bias=True)`, read on demand."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass
from typing import Literal

Kind = Literal["layer", "function", "method", "string", "constant"]

_LAYERS = (
    "torch.nn.",
    "keras.layers.",
    "keras.losses.",
    "torch.optim.",
    "keras.optimizers.",
    "keras.metrics.",
    "keras.",
    "einops.layers.",
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: `default` is its source text, None where it is required; `star` is `*` or `**` or empty."""

    name: str
    default: str | None = None
    keyword_only: bool = False
    star: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """A parsed signature: the qualified name and its parameters in order."""

    name: str
    parameters: tuple[Parameter, ...]
    kind: Kind

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, if there is one."""
        return next((p for p in self.parameters if p.name == name), None)


def kind_of(text: str) -> Kind:
    """The kind of a spelling, from its name alone."""
    if text[0] in "'\"":
        return "string"
    name, bracket, _ = text.partition("(")
    if name.startswith(("torch.Tensor.", "tf.Tensor.", "tf.Variable.")):
        return "method"
    if not bracket:
        return "constant"
    last = name.rpartition(".")[2]
    own = "." not in name  # a class that is written into the file
    return "layer" if last[0].isupper() and (own or name.startswith(_LAYERS)) else "function"


@functools.cache
def parse(text: str) -> Signature:
    """Read a signature; raises `SyntaxError` where it is not one."""
    name, bracket, rest = text.partition("(")
    if kind_of(text) == "string":
        return Signature(text.strip("'\""), (), "string")
    if not bracket:
        return Signature(name, (), "constant")
    arguments = ast.parse(f"def f({rest}: pass").body[0].args  # type: ignore[attr-defined]
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(plain) - len(arguments.defaults)) + [
        ast.unparse(d) for d in arguments.defaults
    ]
    parameters = [Parameter(a.arg, d) for a, d in zip(plain, defaults, strict=True)]
    if arguments.vararg:
        parameters.append(Parameter(arguments.vararg.arg, star="*"))
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        parameters.append(
            Parameter(argument.arg, default and ast.unparse(default), keyword_only=True)
        )
    if arguments.kwarg:
        parameters.append(Parameter(arguments.kwarg.arg, star="**"))
    return Signature(name, tuple(parameters), kind_of(text))
