"""Every signature that a record spells agrees with the installed frameworks: names, order and defaults.

A spelled signature may leave out parameters at its end, and those that are given by name only.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest

from translator.knowledge.records import Construct, Pair, Refusal
from translator.knowledge.registry import ENTRIES, index
from translator.knowledge.signature import Parameter, Signature, kind_of, parse

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

_MODULES = {
    "torch": "torch",
    "tf": "tensorflow",
    "keras": "keras",
    "einops": "einops",
    "math": "math",
}
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_STRINGS = (
    "activations",
    "losses",
    "optimizers",
    "initializers",
    "metrics",
    "regularizers",
    "constraints",
)

# Where what the framework says of itself is not what it does, by (name, parameter).
_KNOWN_BETTER = {
    ("torch.nn.Transformer", "activation"): "F.relu, which its name stands for as well",
    ("torch.nn.TransformerEncoderLayer", "activation"): "F.relu, which its name stands for as well",
    ("torch.nn.TransformerDecoderLayer", "activation"): "F.relu, which its name stands for as well",
    ("keras.ops.arange", "step"): "None stands for 1",
    ("tf.nn.softmax", "axis"): "None stands for -1",
    ("tf.nn.log_softmax", "axis"): "None stands for -1",
    ("tf.meshgrid", "indexing"): "taken by **kwargs",
    ("keras.layers.LeakyReLU", "alpha"): "taken by **kwargs, from before Keras 3",
    ("torch.Tensor.tile", "dims"): "takes its numbers one by one as well",
    ("torch.Tensor.flip", "dims"): "takes its numbers one by one as well",
    ("torch.Tensor.roll", "dims"): "the overload without it is not documented",
    ("torch.squeeze", "dim"): "the overload without it is not documented",
    ("torch.einsum", "equation"): "takes *args, the first of which is the equation",
    ("torch.Tensor.logical_and", "other"): "documented without parameters",
    ("torch.Tensor.logical_or", "other"): "documented without parameters",
    ("torch.Tensor.logical_xor", "other"): "documented without parameters",
    **{
        (f"torch.Tensor.bitwise_{name}", "other"): "documented without parameters"
        for name in ("and", "or", "xor")
    },
    ("torch.Tensor.matmul", "other"): "documented as tensor2, which raises TypeError as a keyword",
}


def spellings() -> Iterator[Any]:
    for entry in ENTRIES:
        if isinstance(entry.record, Pair | Construct | Refusal):
            continue
        for side in ("torch", "tensorflow"):
            for text in entry.record.spellings(side):
                yield pytest.param(text, id=text.partition("(")[0])


@pytest.mark.parametrize("text", list(spellings()))
def test_agrees_with_the_framework(text):
    if kind_of(text) == "string":
        assert any(_understands(family, text.strip("'\"")) for family in _STRINGS)
        return
    spelled = parse(text)
    if "." not in spelled.name:
        return  # a class that is written into the file
    found = resolve(spelled.name)
    if spelled.kind == "constant":
        return
    assert callable(found), f"{spelled.name} is not called"
    offered = list(_signatures(spelled.name, found))
    # Builtins without a signature in their docstring say nothing of their parameters.
    missing = {
        p.name for p in spelled.parameters if any(p.name not in s.parameters for s in offered)
    }
    complaints = [_disagreement(spelled, actual, missing) for actual in offered]
    assert not complaints or None in complaints, "\n".join(map(str, complaints))


@pytest.mark.parametrize("side", ["torch", "tensorflow"])
def test_what_a_call_is_bound_to_is_a_signature(side):
    for rows in index(side).values():
        for _, text in rows:
            if kind_of(text) != "string":
                parse(text)


def test_what_is_refused_exists():
    refused = [entry.record for entry in ENTRIES if isinstance(entry.record, Refusal)]
    for record in refused:
        if record.gone:
            continue
        for text in (*record.spellings("torch"), *record.spellings("tensorflow")):
            if text:
                resolve(text.partition("(")[0].removesuffix(".*"))


def resolve(name: str) -> Any:
    """Find what a qualified name stands for."""
    if name == "torch.utils.tensorboard":
        return None  # its import asks for a package of its own
    first, *parts = name.split(".")
    if first not in _MODULES:
        return None  # a package that is built on a framework, which need not be installed
    found: Any = importlib.import_module(_MODULES[first])
    for number, part in enumerate(parts):
        if isinstance(found, type) and not hasattr(found, part) and name.startswith("tf.Tensor."):
            found = type(resolve("tf.constant")(0))  # a few methods belong to eager tensors alone
        if inspect.ismodule(found) and not hasattr(found, part):
            found = importlib.import_module(".".join([found.__name__, part]))
            continue
        assert hasattr(found, part), f"{'.'.join([first, *parts[:number]])} has no {part}"
        found = getattr(found, part)
    return found


def _understands(family: str, name: str) -> bool:
    keras = importlib.import_module("keras")
    try:
        return getattr(keras, family).get(name) is not None
    except ValueError:
        return False


def _signatures(name: str, found: Any) -> Iterator[inspect.Signature]:
    """Give what Python knows of a callable's parameters, or else what its docstring says, overload by overload."""
    try:
        actual = inspect.signature(found)
    except (TypeError, ValueError):
        actual = None
    if actual is not None and not _says_nothing(actual):
        is_method = inspect.isfunction(found) and isinstance(resolve(name.rpartition(".")[0]), type)
        yield _without_self(actual) if is_method else actual
        return
    last = re.escape(name.rpartition(".")[2])
    for arguments in re.findall(
        rf"^(?:\.\. \w+:: )?(?:\w+\.)*{last}\((.*)\)", inspect.getdoc(found) or "", re.MULTILINE
    ):
        try:
            yield _from_text(arguments)
        except SyntaxError:
            continue  # prose, or a notation of its own such as `dim=None, *, [out]`


def _says_nothing(signature: inspect.Signature) -> bool:
    kinds = {parameter.kind for parameter in signature.parameters.values()}
    return kinds == {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}


def _without_self(signature: inspect.Signature) -> inspect.Signature:
    return signature.replace(parameters=list(signature.parameters.values())[1:])


def _from_text(arguments: str) -> inspect.Signature:
    # Where documentation has annotations, it has them as Python does.
    function = ast.parse(f"def f({arguments}): pass")
    names: dict[str, Any] = {}
    body = function.body[0]
    assert isinstance(body, ast.FunctionDef)
    for node in (*body.args.posonlyargs, *body.args.args, *body.args.kwonlyargs):
        node.annotation = None
    try:
        exec(
            compile(ast.fix_missing_locations(function), "<doc>", "exec"),
            _names_in_documentation(),
            names,
        )
    except NameError as error:
        raise SyntaxError(str(error)) from None
    return inspect.signature(names["f"])


@functools.cache
def _names_in_documentation() -> dict[str, Any]:
    return {"torch": importlib.import_module("torch")}


def _disagreement(spelled: Signature, actual: inspect.Signature, missing: set[str]) -> str | None:
    """Say what is wrong with a spelled signature, None if it agrees.

    What is `missing` from another overload is optional, whether or not this overload has a default for it.
    """
    known = dict(actual.parameters)
    if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in known.values()):
        known |= _of_every_layer() if spelled.name.startswith("keras.layers.") else {}
    positional = [p for p in spelled.parameters if not p.keyword_only and not p.star]
    order = [name for name, p in actual.parameters.items() if p.kind in _POSITIONAL]
    names = [p.name for p in positional if p.name in order]
    if names != order[: len(names)]:
        return f"{spelled.name} has {order}, not {names}, in this order"
    for parameter in spelled.parameters:
        complaint = _wrong(parameter, known, parameter.name in missing)
        if complaint and (spelled.name, parameter.name) not in _KNOWN_BETTER:
            return f"{spelled.name}: {complaint}; it has {actual}"
    return None


def _wrong(parameter: Parameter, known: dict[str, inspect.Parameter], optional: bool) -> str | None:
    if parameter.star:
        kind = (
            inspect.Parameter.VAR_POSITIONAL
            if parameter.star == "*"
            else inspect.Parameter.VAR_KEYWORD
        )
        return (
            None
            if any(p.kind is kind for p in known.values())
            else f"no {parameter.star}{parameter.name}"
        )
    if parameter.name not in known:
        return f"no parameter {parameter.name}"
    actual = known[parameter.name].default
    if parameter.default is None:
        return (
            None
            if actual is inspect.Parameter.empty
            else f"{parameter.name} has a default, {actual!r}"
        )
    if actual is inspect.Parameter.empty:
        return None if optional else f"{parameter.name} has no default"
    return None if _same(parameter.default, actual) else f"{parameter.name} defaults to {actual!r}"


def _same(text: str, actual: object) -> bool:
    try:
        value = ast.literal_eval(text)
    except ValueError:
        # A name, such as torch.contiguous_format or tf.float32.
        return text.rpartition(".")[2] in (
            str(actual).rpartition(".")[2],
            getattr(actual, "name", None),
        )
    if isinstance(value, tuple | list) and isinstance(actual, tuple | list):
        return list(value) == list(actual)
    return value == actual and (value is None) == (actual is None)


@functools.cache
def _of_every_layer() -> dict[str, inspect.Parameter]:
    """Return what Keras's layers pass on to their base class."""
    return dict(inspect.signature(resolve("keras.layers.Layer")).parameters)
