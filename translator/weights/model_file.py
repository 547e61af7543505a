"""A live model from `FILE:EXPRESSION`: the file is run as a module, the expression is evaluated in it."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from translator import files, syntax
from translator.errors import SourceError, UsageError
from translator.files import FileError
from translator.user_file import package_of, run_file
from translator.weights.port import framework_of

_FRAMEWORKS = ("torch", "tensorflow", "keras")


@dataclass(frozen=True, slots=True)
class ModelFile:
    """Where a model comes from; `str` gives it back as it is written on the command line."""

    path: str
    expression: str

    def __str__(self) -> str:
        return f"{self.path}:{self.expression}"


def parse(text: str) -> ModelFile:
    """Read `FILE:EXPRESSION`.

    Raises:
        UsageError: it is not of that form.
    """
    parts = re.fullmatch(r"(.+?\.py):(.*\S.*)", text, re.DOTALL)
    if parts is None:
        raise UsageError(f"a model is named as FILE:EXPRESSION, net.py:Net(10) say, not {text!r}")
    return ModelFile(parts[1], parts[2].strip())


def build(place: ModelFile) -> Any:
    """Run the user's code and return the model. What it prints goes to standard error.

    Raises:
        FileError: the file cannot be read, it or the expression fails, or what comes out is no model.
    """
    text = files.read(place.path).text
    try:
        syntax.check(text)
        code = compile(place.expression, place.expression, "eval")
    except SourceError as error:
        raise FileError(place.path, str(error), error.line) from None
    except (SyntaxError, ValueError) as error:
        raise FileError(place.path, f"{place.expression!r} is no expression: {error}") from None
    path = Path(place.path).resolve()
    with redirect_stdout(sys.stderr), _alone(path), _blaming(place):
        model = eval(code, vars(run_file(path)))
    return _require_model(model, place)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let a file import those beside it, and forget them then: the next may have others of the same names."""
    root = package_of(path)[1]
    before, paths, arguments = set(sys.modules), sys.path[:], sys.argv
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path[:], sys.argv = paths, arguments
        new = set(sys.modules) - before
        own = {name for name in new if "." not in name and _is_in(root, sys.modules[name])}
        for name in new:
            if name.partition(".")[0] in own:
                del sys.modules[name]


def _is_in(folder: Path, module: ModuleType) -> bool:
    """True for a module or a package that stands in a folder itself, not below it."""
    spec = module.__spec__
    places = list(spec.submodule_search_locations or []) if spec is not None else []
    return any(
        Path(place).parent == folder
        for place in places or [getattr(module, "__file__", None) or "."]
    )


@contextmanager
def _blaming(place: ModelFile) -> Iterator[None]:
    """Turn what the user's code raises into one line with its place."""
    try:
        yield
    except (Exception, SystemExit) as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        if missing in _FRAMEWORKS:
            install = 'run: pip install "translator[run]"'
            raise UsageError(f"{place.path} needs {missing}; {install}") from None
        frames = traceback.extract_tb(error.__traceback__)
        file = str(Path(place.path).resolve())
        lines = [frame.lineno for frame in frames if str(Path(frame.filename).resolve()) == file]
        what = "".join(traceback.format_exception_only(error)).strip()
        where = "" if lines else f" in {place.expression}"
        raise FileError(place.path, what + where, lines[-1] if lines else None) from None


def _require_model(model: Any, place: ModelFile) -> Any:
    if isinstance(model, type):
        remedy = f"write {place.expression}() with its arguments"
        raise FileError(place.path, f"{place.expression} is a class, not a model; {remedy}")
    try:
        framework_of(model)
    except UsageError:
        kind = type(model).__name__
        raise FileError(place.path, f"{place.expression} is no model, but of type {kind}") from None
    return model
