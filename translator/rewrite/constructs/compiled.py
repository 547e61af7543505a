"""What Keras's `compile` names for a model: optimizer, loss, and what else is measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Tensor
from translator.knowledge.records import Pair
from translator.knowledge.registry import index
from translator.rewrite import build
from translator.rewrite.patterns import without_arguments
from translator.rewrite.trained import from_defaults
from translator.source.made import argument
from translator.source.objects import Built
from translator.source.values import Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_KNOWN = frozenset({"optimizer", "loss", "metrics"})
_MEASURES = {
    "mae": "torch.nn.functional.l1_loss",
    "mse": "torch.nn.functional.mse_loss",
    "mean_absolute_error": "torch.nn.functional.l1_loss",
    "mean_squared_error": "torch.nn.functional.mse_loss",
}
_CLASSES = {
    "keras.metrics.MeanAbsoluteError": "mean_absolute_error",
    "keras.metrics.MeanSquaredError": "mean_squared_error",
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """The names of optimizer and loss of a model; `metrics` pairs what Keras calls a measure with torch's function.

    `classes`: the targets of the loss are numbers of classes.
    """

    model: Value
    optimizer: str
    criterion: str
    metrics: tuple[tuple[str, str], ...]
    classes: bool = False


def found(rewriter: Rewriter, model: cst.BaseExpression) -> Compiled | None:
    """What a model was compiled with where the statement stands that is being written."""
    known = rewriter.compiled.get(build.code(model))
    return known if known is not None and known.model == rewriter.facts.value(model) else None


def compilation(
    rewriter: Rewriter, node: cst.BaseStatement, call: cst.Call, model: cst.BaseExpression
) -> list[cst.BaseStatement]:
    """`compile` names the optimizer and the loss; torch builds both."""
    unknown = [
        a.keyword.value
        for a in call.args
        if a.keyword is not None and a.keyword.value not in _KNOWN
    ]
    optimizer, loss = argument(call, 0, "optimizer"), argument(call, 1, "loss")
    metrics = _metrics(rewriter, argument(call, -1, "metrics"))
    positional = [a for a in call.args if a.keyword is None]
    if unknown or len(positional) > 2 or optimizer is None or loss is None or metrics is None:
        what = ", ".join(unknown) or ("these metrics" if metrics is None else "these arguments")
        rewriter.leave(
            call,
            Code.UNSUPPORTED_ARGUMENT,
            f"compile with {what} is not converted: write it by hand",
        )
        return [node]
    owner = rewriter.expression(model)
    built = _object(rewriter, optimizer, build.expression("model.parameters()", model=owner))
    criterion = _object(rewriter, loss, None)
    if built is None or criterion is None:
        rewriter.leave(call, Code.UNSUPPORTED_ARGUMENT, "this optimizer or loss has no record")
        return [node]
    names = (_named(rewriter, optimizer, "optimizer"), _named(rewriter, loss, "criterion"))
    rewriter.compiled[build.code(model)] = Compiled(
        rewriter.facts.value(model), *names, metrics, _takes_classes(rewriter, loss)
    )
    written = [
        build.statement(f"{name} = value", value=value)
        for name, value, given in zip(names, (built, criterion), (optimizer, loss), strict=True)
        if not isinstance(given, cst.Name)
    ]
    if not written:
        return []
    return [
        written[0].with_changes(leading_lines=getattr(node, "leading_lines", ())),
        *written[1:],
    ]


def _takes_classes(rewriter: Rewriter, loss: cst.BaseExpression) -> bool:
    value = rewriter.facts.value(loss)
    if isinstance(loss, cst.SimpleString):
        records = [record for record, _ in index("tensorflow").get(str(loss.raw_value), ())]
    else:
        records = [value.site.record] if isinstance(value, Built) else []
    return any(
        isinstance(lens, Tensor) and lens.classes
        for record in records[:1]
        for lens in record.call_args
    )


def _metrics(
    rewriter: Rewriter, given: cst.BaseExpression | None
) -> tuple[tuple[str, str], ...] | None:
    """Measures by Keras's names, None where one of them is not known."""
    if given is None or (isinstance(given, cst.Name) and given.value == "None"):
        return ()
    if not isinstance(given, cst.List | cst.Tuple):
        return None
    names = [_measure(rewriter, element.value) for element in given.elements]
    return None if None in names else tuple((n, _MEASURES[n]) for n in names if n is not None)


def _measure(rewriter: Rewriter, node: cst.BaseExpression) -> str | None:
    if isinstance(node, cst.SimpleString):
        return str(node.raw_value) if node.raw_value in _MEASURES else None
    if isinstance(node, cst.Call) and not node.args:
        return _CLASSES.get(str(rewriter.api(node.func)))
    return None


def _named(rewriter: Rewriter, given: cst.BaseExpression, name: str) -> str:
    return given.value if isinstance(given, cst.Name) else rewriter.naming.fresh(name)


def _object(
    rewriter: Rewriter, given: cst.BaseExpression, parameters: cst.BaseExpression | None
) -> cst.BaseExpression | None:
    """An optimizer or a loss, by its constructor call, by a name or by a string."""
    if isinstance(given, cst.Name):
        return given if isinstance(rewriter.facts.value(given), Built) else None
    if isinstance(given, cst.Call) and isinstance(rewriter.facts.value(given), Built):
        rewriter.given_parameters[id(given)] = parameters
        return rewriter.expression(given)
    if not isinstance(given, cst.SimpleString):
        return None
    rows = index("tensorflow").get(str(given.raw_value), ())
    for record, _ in rows:
        if isinstance(record, Pair):
            return without_arguments(rewriter, record)
        keras = next((t for t in record.spellings("tensorflow") if "(" in t), None)
        if keras is None or rewriter.target_spelling(record, "layer") is None:
            continue
        return from_defaults(rewriter, record, keras, parameters)
    return None
