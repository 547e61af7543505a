"""A live model from `FILE:EXPRESSION`: the file is run as a module, the expression is evaluated in it."""

from __future__ import annotations

import importlib.util
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
    with redirect_stdout(sys.stderr), _folder_first(place.path), _blaming(place):
        module = _load(place.path)
        model = eval(code, vars(module))
    return _require_model(model, place)


def _load(path: str) -> ModuleType:
    """Run a file as the module of its name: so are its classes known in what Keras saves."""
    name = Path(path).stem
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None, "the name ends in .py"
    module = importlib.util.module_from_spec(spec)
    hidden = sys.modules.get(name)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        if hidden is not None:
            sys.modules[name] = hidden
    return module


@contextmanager
def _folder_first(path: str) -> Iterator[None]:
    """Let a file import those beside it; the next file, in another folder, may have others of the same names."""
    folder = str(Path(path).resolve().parent)
    before = set(sys.modules)
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)
        for name in set(sys.modules) - before:
            source = getattr(sys.modules[name], "__file__", None)
            if source is not None and Path(source).parent == Path(folder):
                del sys.modules[name]


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
