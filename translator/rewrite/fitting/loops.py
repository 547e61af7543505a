"""The text of the loops that `fit` and `evaluate` hide, in Keras."""

from __future__ import annotations

from collections.abc import Sequence

from translator.rewrite.fitting.batch import Step, Tally, evaluation, keys, loop, tally, training
from translator.rewrite.fitting.compiled import Compiled
from translator.rewrite.fitting.data import Arrays, Batches, written
from translator.rewrite.fitting.fit import NO_GRAD, Fit
from translator.rewrite.fitting.text import Text, indented


def fitting(text: Text, fit: Fit) -> list[str]:
    """Loader, epochs, batches, step and report."""
    data = fit.data
    found = tally(text, fit.compiled, data) if fit.reports else None
    step = Step(text, fit.compiled, fit.model, data, fit.as_outputs, fit.added, fit.weights_of)
    body = training(step, fit.compiled.optimizer_name, found)
    for hooks in fit.hooks:
        body += hooks.batch_end
    before, batches = loop(data, body, fit.steps, text)
    named = fit.shown is not False or any(_uses_epoch(fit))
    epoch = text.own("epoch") if named else "_"
    lines = [*data.before, *before]
    ended = list(batches)
    means = {} if found is None else found.means(data.size)
    for key in () if found is None else found.objects:  # judging the model resets them
        name = text.own(f"train_{key}")
        ended.append(f"{name} = {means[key]}")
        means[key] = name
    validating, measured = _validation(text, fit)
    lines += validating.before
    ended += validating.lines
    means |= measured
    names, naming = _named(text, fit, means)
    ended += naming
    ended += _report(fit, names, epoch)
    for hooks in fit.hooks:
        ended += [_filled(line, epoch, names) for line in hooks.epoch_end]
    if fit.history:
        lines.append(
            f"{fit.history} = {{{', '.join(f'{chr(34)}{key}{chr(34)}: []' for key in means)}}}"
        )
    for hooks in fit.hooks:
        lines += [_filled(line, epoch, names) for line in hooks.before]
    beginning = [_filled(line, epoch, names) for h in fit.hooks for line in h.epoch_begin]
    begin = [] if found is None else found.begin()
    stretch = f"{fit.first}, {fit.epochs}" if fit.first else fit.epochs
    lines.append(f"for {epoch} in range({stretch}):")
    lines += indented([*beginning, *begin, *ended])
    for hooks in fit.hooks:
        lines += [_filled(line, epoch, names) for line in hooks.after]
    return lines


def _uses_epoch(fit: Fit) -> list[bool]:
    texts = [line for h in fit.hooks for line in (*h.epoch_begin, *h.epoch_end)]
    every = fit.validation is not None and fit.validation.every != "1"
    return [True for line in texts if "EPOCH" in line] + [True] * every


def _filled(line: str, epoch: str, names: dict[str, str]) -> str:
    """A line of a callback with the names of the epoch and of what was measured."""
    line = line.replace("EPOCH", epoch)
    for key, name in sorted(names.items(), key=lambda pair: -len(pair[0])):
        line = line.replace(f"<{key}>", name)
    return line


class _Lines:
    def __init__(self) -> None:
        self.before: list[str] = []
        self.lines: list[str] = []


def _validation(text: Text, fit: Fit) -> tuple[_Lines, dict[str, str]]:
    """The lines that judge the model after an epoch, and the texts of what they find."""
    result = _Lines()
    if fit.validation is None or not fit.reports:
        return result, {}
    lines, means = judged(
        text, fit.compiled, fit.model, fit.validation.data, fit, fit.validation.steps
    )
    result.before = lines.before
    result.lines = lines.lines
    return result, {f"val_{key}": value for key, value in means.items()}


def judged(
    text: Text,
    compiled: Compiled,
    model: str,
    data: Arrays | Batches,
    fit: Fit | None = None,
    steps: str = "",
    as_outputs: bool = False,
    prefix: str = "val_",
    called: Sequence[str] = (),
) -> tuple[_Lines, dict[str, str]]:
    """The lines that judge a model on data, and the texts of what they find, in names that are `called` so."""
    result = _Lines()
    as_outputs = fit.as_outputs if fit is not None else as_outputs
    added = fit.added if fit is not None else False
    if isinstance(data, Batches):
        found = tally(text, compiled, data, prefix)
        step = Step(text, compiled, model, data, as_outputs, added)
        before, lines = loop(data, evaluation(step, found), steps, text)
        result.before = [*data.before, *before]
        result.lines = [*found.begin(), f"with {NO_GRAD}():", *indented(lines)]
        return result, found.means(data.size)
    return _at_once(text, compiled, model, data, as_outputs, added, prefix, called)


def _at_once(
    text: Text,
    compiled: Compiled,
    model: str,
    data: Arrays,
    as_outputs: bool,
    added: bool,
    prefix: str,
    called: Sequence[str],
) -> tuple[_Lines, dict[str, str]]:
    """All samples in one batch."""
    result = _Lines()
    outputs = text.own(f"{prefix}outputs")
    lines = [f"{outputs} = {model}({written(data.inputs)}, training=False)"]
    targets = written(data.targets)
    if as_outputs or len(keys(compiled)) > 1:
        name = text.own(f"{prefix}targets")
        shaped = (
            f"keras.ops.reshape({targets}, keras.ops.shape({outputs}))" if as_outputs else targets
        )
        lines.append(f"{name} = {shaped}")
        targets = name
    batches = Batches("", "", targets, written(data.weights) if data.weights is not None else "")
    step = Step(text, compiled, model, batches, as_outputs, added)
    values = {"loss": f"{step.loss(targets, outputs, batches.weights)}.numpy()"}
    tallied = Tally()
    for measure in compiled.measures:
        pair = (f"{targets}{measure.place}", f"{outputs}{measure.place}")
        if measure.made is None:
            values[measure.key] = f"{measure.text(*pair)}.numpy()"
        else:
            tallied.objects[measure.key] = measure.name
            lines.append(f"{measure.name}.update_state({', '.join(pair)})")
    if len(called) == len(values):
        names = dict(zip(values, called, strict=True))
    else:
        names = {key: text.own(f"{prefix}{key}") for key in values}
    lines += [f"{names[key]} = {value}" for key, value in values.items()]
    result.lines = [*tallied.begin(), f"with {NO_GRAD}():", *indented(lines)]
    return result, names | tallied.means("")


def _named(text: Text, fit: Fit, means: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Names for those means that are used more than once."""
    names, lines = dict(means), []
    for key, value in means.items():
        uses = (
            bool(fit.history)
            + (fit.shown is not False)
            + 2 * (key in fit.logged or "" in fit.logged)
        )
        if uses > 1 and not value.isidentifier():
            name = text.own(key if key.startswith("val_") else f"train_{key}")
            lines.append(f"{name} = {value}")
            names[key] = name
    return names, lines


def _report(fit: Fit, names: dict[str, str], epoch: str) -> list[str]:
    """What an epoch says and keeps."""
    lines: list[str] = []
    if fit.history:
        lines += [f'{fit.history}["{key}"].append({name})' for key, name in names.items()]
    if fit.shown is not False:
        shown = ", ".join(f"{key} {{{name}:.4f}}" for key, name in names.items())
        said = f'print(f"epoch {{{epoch} + 1}}: {shown}")'
        lines += [said] if fit.shown else [f"if {fit.verbose}:", f"    {said}"]
    return lines
