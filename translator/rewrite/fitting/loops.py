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
    if fit.counting:
        data.size = ""
    found = tally(text, fit.compiled, data) if fit.reports else None
    filling = _Filling(text, fit, found)
    step = Step(text, fit.compiled, fit.model, data, fit.as_outputs, fit.added, fit.weights_of)
    body = filling.of("batch_begin")
    body += training(step, fit.compiled.optimizer_name, found)
    body += filling.of("batch_end")
    before, batches = loop(data, body, fit.steps, text, filling.batch)
    means = {} if found is None else found.means(data.size)
    ended = list(batches)
    for key in () if found is None else found.objects:  # judging the model resets them
        name = text.own(f"train_{key}")
        ended.append(f"{name} = {means[key]}")
        means[key] = name
    validating, measured = _validation(text, fit)
    means |= measured
    filling.names, naming = _named(text, fit, means)
    ended += [*validating.lines, *naming, *_report(fit, filling)]
    ended += [*filling.of("epoch_end"), *fit.last]
    begin = [*filling.of("epoch_begin"), *([] if found is None else found.begin())]
    lines = [*data.before, *before, *validating.before]
    if fit.history:
        keys_ = ", ".join(f'"{key}": []' for key in means)
        lines.append(f"{fit.history} = {{{keys_}}}")
    lines += filling.of("before")
    stretch = f"{fit.first}, {fit.epochs}" if fit.first else fit.epochs
    return [
        *lines,
        f"for {filling.epoch or '_'} in range({stretch}):",
        *indented([*begin, *ended]),
        *filling.of("after"),
    ]


class _Filling:
    """Puts the names of epoch, batch and measures into the lines of callbacks."""

    def __init__(self, text: Text, fit: Fit, found: Tally | None) -> None:
        self.fit, self.names, self.found = fit, dict[str, str](), found
        lines = [line for hooks in fit.hooks for line in hooks.all]
        shown = fit.shown is not False or any("EPOCH" in line for line in lines)
        self.epoch = text.own("epoch") if shown else ""
        self.batch = text.own("step") if any("BATCH" in line for line in lines) else ""

    def of(self, place: str) -> list[str]:
        """The lines of all callbacks for one place."""
        return [self._filled(line) for h in self.fit.hooks for line in getattr(h, place)]

    def _filled(self, line: str) -> str:
        if "LOGS" in line:
            logs = ", ".join(f'"{key}": {name}' for key, name in self.names.items())
            line = line.replace("LOGS", f"{{{logs}}}")
        if "RUNNING" in line and self.found is not None:
            line = line.replace("RUNNING", self.found.means("")["loss"])
        line = line.replace("EPOCH", self.epoch).replace("BATCH", self.batch)
        for key, name in self.names.items():
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
    loss = step.loss(outputs, batches.weights)
    values = {"loss": f"({loss}).numpy()"}
    tallied = Tally()
    for measure in compiled.measures:
        pair = step.pair(measure, outputs)
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


def _report(fit: Fit, filling: _Filling) -> list[str]:
    """What an epoch says and keeps."""
    lines: list[str] = []
    names, epoch = filling.names, filling.epoch
    if fit.history:
        lines += [f'{fit.history}["{key}"].append({name})' for key, name in names.items()]
    if fit.shown is not False:
        shown = ", ".join(f"{key} {{{name}:.4f}}" for key, name in names.items())
        said = f'print(f"epoch {{{epoch} + 1}}: {shown}")'
        lines += [said] if fit.shown else [f"if {fit.verbose}:", f"    {said}"]
    return lines
