"""Callbacks that the file has written itself: their methods are called from the loop."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from translator.rewrite.constructs.reading import used_names
from translator.rewrite.fitting.batch import keys
from translator.rewrite.fitting.fit import Fit, Hooks
from translator.rewrite.fitting.refused import RefusedError
from translator.rewrite.fitting.text import Text
from translator.source.facts import Facts
from translator.source.functions import parameters
from translator.source.objects import FunctionInfo, FunctionValue, ObjectValue
from translator.source.tree import nodes

_PLACES = {
    "on_train_begin": ("before", ""),
    "on_train_end": ("after", ""),
    "on_epoch_begin": ("epoch_begin", "EPOCH"),
    "on_epoch_end": ("epoch_end", "EPOCH"),
    "on_train_batch_begin": ("batch_begin", "BATCH"),
    "on_train_batch_end": ("batch_end", "BATCH"),
    "on_batch_begin": ("batch_begin", "BATCH"),
    "on_batch_end": ("batch_end", "BATCH"),
}
"""Where the methods are called from, and what they are given first."""


def of_object(text: Text, fit: Fit, node: cst.BaseExpression, value: ObjectValue) -> None:
    """An object of a class that is derived from `Callback`."""
    hooks = Hooks()
    name = text.hole(node)
    if not isinstance(node, cst.Name | cst.Attribute):
        name = text.fresh("callback")
        hooks.before.append(f"{name} = {text.hole(node)}")
    hooks.before.append(f"{name}.model = {fit.model}")
    code = list(nodes(value.info.node))
    stops = any(isinstance(n, cst.Attribute) and n.attr.value == "stop_training" for n in code)
    if stops:
        hooks.before.append(f"{fit.model}.stop_training = False")
    methods = {key: method for key in _PLACES if (method := value.info.method(key)) is not None}
    for key, method in methods.items():
        place, first = _PLACES[key]
        getattr(hooks, place).append(_called(fit, f"{name}.{key}", method.node, place, first, 1))
    unknown = [m for m in value.info.methods if m.startswith("on_") and m not in _PLACES]
    if unknown:
        raise RefusedError(f"fit with a callback's {unknown[0]} is not converted: call it by hand")
    if stops:
        fit.last.append(f"if {fit.model}.stop_training:")
        fit.last.append("    break")
    fit.hooks.append(hooks)


def of_functions(
    facts: Facts, text: Text, fit: Fit, given: Mapping[str, cst.BaseExpression]
) -> Hooks:
    """`LambdaCallback`: functions for some of the places."""
    hooks = Hooks()
    for key, node in given.items():
        place, first = _PLACES[key]
        name = text.hole(node)
        if not isinstance(node, cst.Name | cst.Attribute):
            name = text.fresh("callback")
            hooks.before.insert(0, f"{name} = {text.hole(node)}")
        function = _function(facts, node)
        if function is None:
            raise RefusedError(f"what LambdaCallback calls for {key} is not known here")
        getattr(hooks, place).append(_called(fit, name, function, place, first, 0))
    return hooks


def _called(
    fit: Fit,
    name: str,
    function: cst.FunctionDef | cst.Lambda | None,
    place: str,
    first: str,
    bound: int,
) -> str:
    """The call of one method, with what was measured if it reads that."""
    assert function is not None
    names = [p.name.value for p in parameters(function)][bound:]
    given = [first] if first else []
    logs = names[len(given)] if len(names) > len(given) else ""
    body = function.body
    if logs and logs in used_names(nodes(body)):
        given.append(_logs(fit, place))
    elif logs and _has_no_default(function, logs):
        given.append("{}")
    return f"{name}({', '.join(given)})"


def _has_no_default(function: cst.FunctionDef | cst.Lambda, name: str) -> bool:
    return any(p.name.value == name and p.default is None for p in parameters(function))


def _logs(fit: Fit, place: str) -> str:
    """What was measured, as a dict."""
    if place == "epoch_end":
        fit.logged.add("")
        return "LOGS"
    if place == "batch_end" and not fit.measures:
        fit.logged.add("loss")
        fit.counting = True
        return '{"loss": RUNNING}'
    if place in ("batch_end", "after"):
        raise RefusedError("fit with a callback that reads these logs is not converted")
    return "{}"


def all_logs(fit: Fit) -> list[str]:
    """The keys of the logs of an epoch."""
    named = keys(fit.compiled)
    return named + ([f"val_{key}" for key in named] if fit.validation is not None else [])


def count_of_parameters(facts: Facts, node: cst.BaseExpression) -> int | None:
    """How many parameters a function takes."""
    function = _function(facts, node)
    return None if function is None else len(parameters(function))


def _function(facts: Facts, node: cst.BaseExpression) -> cst.FunctionDef | cst.Lambda | None:
    if isinstance(node, cst.Lambda):
        return node
    value = facts.value(node)
    info: FunctionInfo | None = value.info if isinstance(value, FunctionValue) else None
    return None if info is None else info.node
