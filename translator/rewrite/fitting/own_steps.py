"""`fit` of a model whose class has a `train_step` of its own: the loop calls that."""

from __future__ import annotations

import re

from translator.rewrite.fitting.batch import loop
from translator.rewrite.fitting.data import Arrays, Batches, of_arrays, written
from translator.rewrite.fitting.fit import NO_GRAD, Fit
from translator.rewrite.fitting.refused import RefusedError
from translator.rewrite.fitting.text import Text, indented
from translator.source.objects import ClassInfo, FunctionInfo, ObjectValue
from translator.source.values import MetricValue, Value


def own_method(model: Value, name: str) -> FunctionInfo | None:
    """A method that the class of a model defines itself."""
    return model.info.method(name) if isinstance(model, ObjectValue) else None


def trackers(info: ClassInfo) -> list[str]:
    """The attributes that hold metrics, which Keras sets back before each epoch."""
    return [name for name, value in info.attributes.items() if isinstance(value, MetricValue)]


def stepping(text: Text, fit: Fit, info: ClassInfo) -> list[str]:
    """Loader, epochs, the model's own step, and what it says."""
    logs, epoch = text.own("logs"), text.own("epoch")
    before, batches = _batches(text, fit, fit.data, "train_step", logs)
    resetting = [f"{fit.model}.{name}.reset_state()" for name in trackers(info)]
    body = [*resetting, *batches]
    lines = [*fit.data.before, *before]
    if fit.validation is not None:
        data = fit.validation.data
        if info.method("test_step") is None:
            raise RefusedError("fit with validation needs a test_step beside this train_step")
        if isinstance(data, Arrays):
            data = of_arrays(text, data, "32", False, "val_")
        held, key, value = text.own("val_logs"), text.own("key"), text.own("value")
        first, judging = _batches(text, fit, data, "test_step", held)
        lines += [*data.before, *first]
        body += [*resetting, f"with {NO_GRAD}():", *indented(judging)]
        body.append(f'{logs} |= {{f"val_{{{key}}}": {value} for {key}, {value} in {held}.items()}}')
    body += _report(text, fit, logs, epoch)

    def filled(place: str) -> list[str]:
        return [
            re.sub(r"<(\w+)>", rf'{logs}["\1"]', line).replace("EPOCH", epoch).replace("LOGS", logs)
            for hooks in fit.hooks
            for line in getattr(hooks, place)
        ]

    whole = any("<" in line for h in fit.hooks for line in (*h.before, *h.after))
    if any(h.batch_begin or h.batch_end for h in fit.hooks) or whole:
        raise RefusedError("fit with these callbacks and a train_step of the model's own")
    if fit.history:
        lines.append(f"{fit.history} = {{}}")
    stretch = f"{fit.first}, {fit.epochs}" if fit.first else fit.epochs
    return [
        *lines,
        *filled("before"),
        f"for {epoch} in range({stretch}):",
        *indented([*filled("epoch_begin"), *body, *filled("epoch_end"), *fit.last]),
        *filled("after"),
    ]


def _batches(
    text: Text, fit: Fit, data: Batches, method: str, logs: str
) -> tuple[list[str], list[str]]:
    """The loop over the batches, each handed to the step as Keras hands it."""
    parts = [data.inputs]
    parts += [written(data.targets)] if data.targets is not None else []
    parts += [data.weights] if data.weights else []
    given = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
    return loop(data, [f"{logs} = {fit.model}.{method}({given})"], fit.steps, text)


def _report(text: Text, fit: Fit, logs: str, epoch: str) -> list[str]:
    key, value = text.own("key"), text.own("value")
    lines = []
    if fit.history:
        lines += [
            f"for {key}, {value} in {logs}.items():",
            f"    {fit.history}.setdefault({key}, []).append(float({value}))",
        ]
    if fit.shown is not False:
        each = f'f"{{{key}}} {{float({value}):.4f}}" for {key}, {value} in {logs}.items()'
        said = f'print(f"epoch {{{epoch} + 1}}:", ", ".join({each}))'
        lines += [said] if fit.shown else [f"if {fit.verbose}:", f"    {said}"]
    return lines
