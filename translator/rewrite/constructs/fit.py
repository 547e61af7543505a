"""Keras's `compile` and `fit`, written as the loop over mini-batches that they hide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.registry import index
from translator.rewrite import build
from translator.rewrite.constructs.reading import method_call, small
from translator.rewrite.modes import is_moded
from translator.rewrite.trained import from_defaults
from translator.source.literals import literal_value
from translator.source.special import argument
from translator.source.values import Built, MethodValue, ObjectValue, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_COMPILE = frozenset({"optimizer", "loss"})
_FIT = frozenset({"x", "y", "batch_size", "epochs", "verbose", "shuffle"})


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """Rewrite `model.compile(...)`, `model.fit(...)`, `model.summary()`; None where it is none of these."""
    if rewriter.target != "torch":
        return None
    found = method_call(node)
    if found is not None and _is_model(rewriter, found[1]):
        if found[1].attr.value == "compile":
            return _compile(rewriter, node, found[0], found[1].value)
        if found[1].attr.value == "fit":
            return _fit(rewriter, node, found[0], found[1].value, None)
        if found[1].attr.value == "build":
            return []
        if found[1].attr.value == "summary":
            return [build.statement("print(model)", model=rewriter.expression(found[1].value))]
    inner = small(node)
    if (
        isinstance(inner, cst.Assign)
        and isinstance(inner.value, cst.Call)
        and isinstance(inner.value.func, cst.Attribute)
    ):
        func, target = inner.value.func, inner.targets[0].target
        if func.attr.value == "fit" and _is_model(rewriter, func) and isinstance(target, cst.Name):
            return _fit(rewriter, node, inner.value, func.value, target.value)
    return None


def _is_model(rewriter: Rewriter, func: cst.Attribute) -> bool:
    method = rewriter.facts.value(func)
    return isinstance(method, MethodValue) and isinstance(method.receiver, ObjectValue | Built)


def _compile(
    rewriter: Rewriter, node: cst.BaseStatement, call: cst.Call, model: cst.BaseExpression
) -> list[cst.BaseStatement] | None:
    """`compile` names the optimizer and the loss; torch builds both."""
    unknown = [
        a.keyword.value
        for a in call.args
        if a.keyword is not None and a.keyword.value not in _COMPILE
    ]
    optimizer, loss = argument(call, 0, "optimizer"), argument(call, 1, "loss")
    if unknown or optimizer is None or loss is None:
        rewriter.leave(
            call,
            Code.UNSUPPORTED_ARGUMENT,
            f"compile with {', '.join(unknown) or 'these arguments'} has no record yet",
        )
        return [node]
    owner = rewriter.expression(model)
    built = _object(rewriter, optimizer, build.expression("model.parameters()", model=owner))
    criterion = _object(rewriter, loss, None)
    if built is None or criterion is None:
        rewriter.leave(call, Code.UNSUPPORTED_ARGUMENT, "this optimizer or loss has no record")
        return [node]
    names = (_named(rewriter, optimizer, "optimizer"), _named(rewriter, loss, "criterion"))
    rewriter.compiled[build.code(model)] = names
    written = [
        build.statement(f"{name} = value", value=value)
        for name, value, given in zip(names, (built, criterion), (optimizer, loss), strict=True)
        if not isinstance(given, cst.Name)
    ]
    return (
        [written[0].with_changes(leading_lines=getattr(node, "leading_lines", ())), *written[1:]]
        if written
        else []
    )


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
        keras = next((t for t in record.spellings("tensorflow") if "(" in t), None)
        if keras is None or rewriter.target_spelling(record, "layer") is None:
            continue
        return from_defaults(rewriter, record, keras, parameters)
    return None


def _fit(
    rewriter: Rewriter,
    node: cst.BaseStatement,
    call: cst.Call,
    model: cst.BaseExpression,
    history: str | None,
) -> list[cst.BaseStatement] | None:
    """`fit` over arrays: batches, the step, and the mean of the loss over the samples of an epoch."""
    names = rewriter.compiled.get(build.code(model))
    unknown = [
        a.keyword.value for a in call.args if a.keyword is not None and a.keyword.value not in _FIT
    ]
    x, y = argument(call, 0, "x"), argument(call, 1, "y")
    if (
        names is None
        or unknown
        or x is None
        or y is None
        or len([a for a in call.args if a.keyword is None]) > 2
    ):
        why = f"fit with {', '.join(unknown)}" if unknown else "fit of this model"
        rewriter.leave(call, Code.UNSUPPORTED_ARGUMENT, f"{why} has no record yet")
        return [node]
    text = _loop_text(rewriter, call, model, names, history)
    holes = {
        "model__": rewriter.expression(model),
        "x__": _tensor(rewriter, x),
        "y__": _tensor(rewriter, y),
        "epochs__": _or(rewriter, argument(call, -1, "epochs"), "1"),
        "size__": _or(rewriter, argument(call, -1, "batch_size"), "32"),
        "shuffle__": _or(rewriter, argument(call, -1, "shuffle"), "True"),
    }
    written = [build.filled(s, holes) for s in build.statements(rewriter.naming.spell(text))]
    written[0] = written[0].with_changes(leading_lines=getattr(node, "leading_lines", ()))
    written[-1] = written[-1].with_changes(leading_lines=[cst.EmptyLine(indent=False)])
    return written


def _loop_text(
    rewriter: Rewriter,
    call: cst.Call,
    model: cst.BaseExpression,
    names: tuple[str, str],
    history: str | None,
) -> str:
    optimizer, criterion = names
    fresh = rewriter.naming.fresh
    data, loader, total = fresh("dataset"), fresh("loader"), fresh("total")
    inputs, targets, loss, epoch = fresh("batch_x"), fresh("batch_y"), fresh("loss"), fresh("epoch")
    rewriter.naming.target("torch.utils.data.DataLoader")
    rewriter.naming.target("torch.utils.data.TensorDataset")
    quiet = argument(call, -1, "verbose")
    shown = quiet is None or literal_value(quiet) != 0
    mean = f"{total} / len({data})"
    end = [f'        {history}["loss"].append({mean})'] if history else []
    if shown:
        end.append(f'        print(f"epoch {{{epoch} + 1}}: loss {{{mean}:.4f}}")')
    if not end:
        total = ""
    lines = [
        f"{data} = TensorDataset(x__, y__)",
        f"{loader} = DataLoader({data}, batch_size=size__, shuffle=shuffle__)",
        *([f'{history} = {{"loss": []}}'] if history else []),
        *(["model__.train()"] if is_moded(rewriter.facts.value(model)) else []),
        f"for {epoch if shown else '_'} in range(epochs__):",
        *([f"    {total} = 0.0"] if total else []),
        f"    for {inputs}, {targets} in {loader}:",
        f"        {optimizer}.zero_grad()",
        f"        {loss} = {criterion}(model__({inputs}), {targets})",
        f"        {loss}.backward()",
        f"        {optimizer}.step()",
        *([f"        {total} += {loss}.item() * len({inputs})"] if total else []),
        *(line[4:] for line in end),
    ]
    return "\n".join(lines) + "\n"


def _tensor(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """An input of `fit`: Keras turns arrays of any float type into 32-bit tensors."""
    value = rewriter.facts.value(node)
    inner = rewriter.expression(node)
    if isinstance(value, TensorValue):
        return inner
    text = "torch.as_tensor(data, dtype=torch.float32)"
    return build.expression(rewriter.naming.spell(text), data=inner)


def _or(rewriter: Rewriter, given: cst.BaseExpression | None, default: str) -> cst.BaseExpression:
    return build.expression(default) if given is None else rewriter.expression(given)
