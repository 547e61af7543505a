"""Paired example scripts: one linear regression, in PyTorch and in TensorFlow, from templates."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from translator.errors import UsageError

Value: TypeAlias = bool | int | float | str

FRAMEWORKS = ("torch", "tensorflow")


@dataclass(frozen=True)
class Option:
    """One setting of a template; `kind` is the type of its value, or the choices it has."""

    name: str
    default: Value
    kind: type[bool] | type[int] | type[float] | tuple[str, ...]
    help: str
    least: float = 0.0
    most: float = math.inf

    def read(self, value: object) -> Value:
        """Return `value` (or what a command line spells so) as this option's type."""
        if isinstance(self.kind, tuple):
            return _known("value", str(value), self.kind, f" of option {self.name!r}")
        if self.kind is bool:
            return self._read_bool(value)
        number = self._read_number(value)
        if not (self.least <= number <= self.most and math.isfinite(number)):
            limits = f"at least {self.least:g}"
            if self.most < math.inf:
                limits += f" and at most {self.most:g}"
            raise UsageError(f"Option {self.name!r} must be {limits}, not {value!r}.")
        return number

    def _read_bool(self, value: object) -> bool:
        spelled = str(value).lower()
        if spelled not in ("true", "false"):
            raise UsageError(f"Option {self.name!r} must be true or false, not {value!r}.")
        return spelled == "true"

    def _read_number(self, value: object) -> int | float:
        # True is an int to Python, but here it is a mistake.
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            try:
                number = float(value) if self.kind is float else int(value)
            except (ValueError, OverflowError):
                pass
            else:
                if isinstance(value, str) or number == value:
                    return number
        wanted = "a number" if self.kind is float else "a whole number"
        raise UsageError(f"Option {self.name!r} must be {wanted}, not {value!r}.")


@dataclass(frozen=True)
class Example:
    """One construct, shown by a pair of scripts with the same options."""

    name: str
    title: str
    summary: str
    options: tuple[Option, ...]


EPOCHS = Option("epochs", 200, int, "How often to go through the data.", least=1)
LEARNING_RATE = Option("learning_rate", 0.05, float, "The step size of gradient descent.")
PLOT = Option("plot", False, bool, "Save a picture of the data and the fitted line.")
COMMON_OPTIONS = (EPOCHS, LEARNING_RATE, PLOT)

EXAMPLES = (
    Example(
        "parameters",
        "parameters",
        "Raw parameters, updated by hand: requires_grad tensors / tf.Variable.",
        COMMON_OPTIONS,
    ),
    Example(
        "modules",
        "modules",
        "A class with its own parameters: nn.Module / keras.Model.",
        COMMON_OPTIONS,
    ),
    Example(
        "tape",
        "tape/backward",
        "Gradients of a layer's parameters: backward() / tf.GradientTape.",
        COMMON_OPTIONS,
    ),
    Example(
        "optimizers",
        "optimizers",
        "A loss object and an optimizer: torch.optim / keras.optimizers.",
        (
            *COMMON_OPTIONS,
            Option("optimizer", "sgd", ("sgd",), "Which optimizer takes the steps."),
            Option("momentum", 0.0, float, "The momentum of SGD.", most=1),
        ),
    ),
    Example(
        "fit",
        "fit",
        "Training on mini-batches: an explicit loop / model.fit().",
        (
            EPOCHS,
            # Several steps in each epoch, so smaller ones.
            replace(LEARNING_RATE, default=0.01),
            PLOT,
            Option("batch_size", 16, int, "How many samples each step sees.", least=1),
        ),
    ),
)

_BY_NAME = {example.name: example for example in EXAMPLES}


def render(name: str, framework: str, **options: object) -> str:
    """Return the script of one side of a pair; options left out have their defaults."""
    # Imported here because most of the program never renders anything.
    import jinja2

    example = _BY_NAME[_known("example", name, _BY_NAME)]
    _known("framework", framework, FRAMEWORKS)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_template_folder()),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    template = environment.get_template(f"{name}/{framework}.py.j2")
    return template.render(name=name, framework=framework, **_values(example, options))


def script_name(name: str, framework: str) -> str:
    """Return what the script of one side is called: never `torch.py`, which would hide the framework."""
    return f"{name}_{framework}.py"


def write(
    folder: Path,
    names: Iterable[str] = tuple(_BY_NAME),
    frameworks: Iterable[str] = FRAMEWORKS,
    **options: object,
) -> list[Path]:
    """Write the scripts to `folder/<name>/<name>_<framework>.py` and return their paths."""
    frameworks = tuple(frameworks)
    # Everything is rendered first, so that a wrong name leaves no half-written folder.
    scripts = {
        folder / name / script_name(name, framework): render(name, framework, **options)
        for name in names
        for framework in frameworks
    }
    for path, text in scripts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(scripts)


def _values(example: Example, options: dict[str, object]) -> dict[str, Value]:
    known = {option.name: option for option in example.options}
    for name in options:
        _known("option", name, known, f" of example {example.name!r}")
    return {name: option.read(options.get(name, option.default)) for name, option in known.items()}


def _known(what: str, name: str, known: Iterable[str], where: str = "") -> str:
    """Return `name` if it is one of `known`, else say which was probably meant."""
    names = list(known)
    if name in names:
        return name
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Choose from: {', '.join(names)}."
    raise UsageError(f"Unknown {what} {name!r}{where}. {hint}")


def _template_folder() -> Path:
    """Return the templates' folder: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"
