"""Running a user's file as a module."""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path


def run_file(path: Path) -> types.ModuleType:
    """Run a file as an import would, under its own name: what stands under `if __name__ == "__main__"` does not run."""
    package, root = package_of(path)
    name = f"{package}.{path.stem}" if package else path.stem
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    if package:
        importlib.import_module(package)
    earlier = sys.modules.get(name)
    if earlier is not None and getattr(earlier, "__file__", None) != str(path):
        name = f"_{name}"  # the file is called like a module that is in use
    module = types.ModuleType(name)
    module.__file__ = str(path)
    module.__package__ = package
    sys.modules[name] = module
    sys.argv = [str(path)]
    exec(compile(path.read_bytes(), str(path), "exec"), vars(module))
    return module


def package_of(path: Path) -> tuple[str, Path]:
    """The package that a file belongs to, "" if none, and the folder that its import starts from."""
    folder = path.parent
    parts: list[str] = []
    while (folder / "__init__.py").exists():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts), folder
