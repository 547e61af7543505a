"""Finding the model in a user's file."""

from __future__ import annotations

import ast
import inspect
import types
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Candidates:
    """The names in a file that may be its model: objects, and classes that need no arguments.

    `classes_with_arguments` and `functions` are what an expression could be made of where there are none.
    """

    objects: tuple[str, ...]
    classes: tuple[str, ...]
    classes_with_arguments: tuple[str, ...]
    functions: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """For a message."""
        return asdict(self)


def candidates(module: types.ModuleType, framework: Any) -> Candidates:
    """What in a module may be the model."""
    members = {name: value for name, value in vars(module).items() if not name.startswith("__")}
    objects = {name: value for name, value in members.items() if framework.is_model(value)}
    own = {
        name: value
        for name, value in members.items()
        if framework.is_model_class(value) and value.__module__ == module.__name__
    }
    used = _used_in_classes(Path(str(module.__file__)))
    outer = [
        name
        for name, cls in own.items()
        if name not in used and not any(type(value) is cls for value in objects.values())
    ]
    functions = [
        name
        for name, value in members.items()
        if inspect.isfunction(value)
        and value.__module__ == module.__name__
        and _callable_bare(value)
    ]
    return Candidates(
        tuple(_outermost(objects, framework)),
        tuple(name for name in outer if _callable_bare(own[name])),
        tuple(name for name in outer if not _callable_bare(own[name])),
        tuple(functions),
    )


def _outermost(objects: dict[str, Any], framework: Any) -> Iterable[str]:
    """The names of the models that are no parts of others; of two names of one model the first."""
    parts = {name: {id(part) for part in framework.parts(model)} for name, model in objects.items()}
    kept: dict[int, str] = {}
    for name, model in objects.items():
        if not any(id(model) in parts[other] for other in objects if objects[other] is not model):
            kept.setdefault(id(model), name)
    return kept.values()


def _used_in_classes(path: Path) -> set[str]:
    """The names that the classes of a file use, in their bodies or as what they derive from."""
    tree = ast.parse(path.read_bytes())
    return {
        name.id
        for cls in ast.walk(tree)
        if isinstance(cls, ast.ClassDef)
        for name in ast.walk(cls)
        if isinstance(name, ast.Name) and name.id != cls.name
    }


def _callable_bare(function: Any) -> bool:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    plain = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return all(p.default is not p.empty or p.kind in plain for p in parameters)
