"""The text of the loops that `fit` and `evaluate` hide; names that end in `__` are filled in afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from translator.rewrite.constructs.compiled import Compiled
from translator.rewrite.naming import Naming


@dataclass(frozen=True, slots=True)
class Fit:
    """What a loop has to do.

    `shown`: whether it prints, None where `verbose__` says it. `as_outputs`: targets are viewed as the outputs.
    `validated`: "data" or "split" where the model is measured after each epoch on data of its own.
    """

    naming: Naming
    names: Compiled
    history: str | None
    shown: bool | None
    moded: bool
    as_outputs: bool
    validated: str

    @property
    def reports(self) -> bool:
        """True if anything is made of the losses."""
        return self.history is not None or self.shown is not False


def loop_text(fit: Fit) -> str:
    """Loader, epochs, batches, step and report."""
    fresh = fit.naming.fresh
    fit.naming.target("torch.utils.data.DataLoader")
    fit.naming.target("torch.utils.data.TensorDataset")
    data, loader = fresh("dataset"), fresh("loader")
    lines, validation = _data_lines(fit, data)
    lines.append(f"{loader} = DataLoader({data}, batch_size=size__, shuffle=shuffle__)")
    measured = ["loss", *(name for name, _ in fit.names.metrics)] if fit.reports else []
    totals = {name: fresh("total" if name == "loss" else f"total_{name}") for name in measured}
    inputs, targets, loss, epoch = fresh("batch_x"), fresh("batch_y"), fresh("loss"), fresh("epoch")
    if fit.history:
        prefixes = ("", "val_") if fit.validated else ("",)
        keys = ", ".join(f'"{p}{name}": []' for p in prefixes for name in sorted(measured))
        lines.append(f"{fit.history} = {{{keys}}}")
    train = ["model__.train()"] if fit.moded else []
    if not fit.validated:
        lines += train
    lines.append(f"for {epoch if fit.shown is not False else '_'} in range(epochs__):")
    body = train if fit.validated else []
    body += [f"{total} = 0.0" for total in totals.values()]
    body.append(f"for {inputs}, {targets} in {loader}:")
    body += [f"    {line}" for line in _step(fit, inputs, targets, loss, totals)]
    means = {name: f"{total} / len({data})" for name, total in totals.items()}
    body += _report(fit, means, epoch, validation)
    return "\n".join([*lines, *(f"    {line}" for line in body)]) + "\n"


def _data_lines(fit: Fit, data: str) -> tuple[list[str], tuple[str, str]]:
    """The data set, a part of it where `validation_split` keeps the rest back; and what the model is measured on."""
    if fit.validated != "split":
        return [f"{data} = TensorDataset(x__, y__)"], ("val_x__", "val_y__")
    x, y, split = (fit.naming.fresh(name) for name in ("inputs", "targets", "split"))
    lines = [
        f"{x} = x__",
        f"{y} = y__",
        f"{split} = int(len({x}) * (1 - split__))",
        f"{data} = TensorDataset({x}[:{split}], {y}[:{split}])",
    ]
    return lines, (f"{x}[{split}:]", f"{y}[{split}:]")


def _step(fit: Fit, inputs: str, targets: str, loss: str, totals: dict[str, str]) -> list[str]:
    names = fit.names
    lines = [f"{names.optimizer}.zero_grad()"]
    if fit.as_outputs or (names.metrics and totals):
        outputs = fit.naming.fresh("outputs")
        lines.append(f"{outputs} = model__({inputs})")
        if fit.as_outputs:
            lines.append(f"{targets} = {targets}.view_as({outputs})")
    else:
        outputs = f"model__({inputs})"
    lines += [
        f"{loss} = {names.criterion}({outputs}, {targets})",
        f"{loss}.backward()",
        f"{names.optimizer}.step()",
    ]
    for name, total in totals.items():
        value = loss if name == "loss" else _measured(fit.naming, names, name, outputs, targets)
        lines.append(f"{total} += {value}.item() * len({inputs})")
    return lines


def _measured(naming: Naming, names: Compiled, name: str, outputs: str, targets: str) -> str:
    from translator.rewrite import build

    return f"{build.code(naming.target(dict(names.metrics)[name]))}({outputs}, {targets})"


def _report(fit: Fit, means: dict[str, str], epoch: str, validation: tuple[str, str]) -> list[str]:
    """What an epoch says and keeps; the measures on the validation data first, in evaluation mode."""
    lines: list[str] = []
    if fit.validated and fit.reports:
        values = {name: fit.naming.fresh(f"val_{name}") for name in means}
        lines += _validation(fit, values, *validation)
        means = means | {f"val_{name}": value for name, value in values.items()}
    if fit.history:
        lines += [f'{fit.history}["{name}"].append({mean})' for name, mean in means.items()]
    if fit.shown is not False:
        shown = ", ".join(f"{name} {{{mean}:.4f}}" for name, mean in means.items())
        text = f'print(f"epoch {{{epoch} + 1}}: {shown}")'
        lines += [text] if fit.shown else ["if verbose__:", f"    {text}"]
    return lines


def _validation(fit: Fit, values: dict[str, str], x: str, y: str) -> list[str]:
    outputs = fit.naming.fresh("val_outputs")
    target = f"{y}.view_as({outputs})" if fit.as_outputs else y
    lines = ["model__.eval()"] if fit.moded else []
    lines += ["with torch.no_grad():", f"    {outputs} = model__({x})"]
    for name, value in values.items():
        if name == "loss":
            lines.append(f"    {value} = {fit.names.criterion}({outputs}, {target}).item()")
        else:
            measure = _measured(fit.naming, fit.names, name, outputs, target)
            lines.append(f"    {value} = {measure}.item()")
    return lines


def evaluation_text(naming: Naming, names: Compiled, as_outputs: bool) -> str:
    """`result__ = [loss, mae]` under `no_grad`."""
    lines = ["with torch.no_grad():"]
    outputs, targets = "model__(x__)", "y__"
    if as_outputs or names.metrics:
        outputs, targets = naming.fresh("outputs"), naming.fresh("targets")
        lines.append(f"    {outputs}, {targets} = model__(x__), y__")
        if as_outputs:
            lines.append(f"    {targets} = {targets}.view_as({outputs})")
    values = [f"{names.criterion}({outputs}, {targets}).item()"]
    for name, _ in names.metrics:
        values.append(f"{_measured(naming, names, name, outputs, targets)}.item()")
    value = f"[{', '.join(values)}]" if names.metrics else values[0]
    return "\n".join([*lines, f"    result__ = {value}"]) + "\n"
