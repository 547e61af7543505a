"""Which versions of the packages a result was found with."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version


def versions(packages: Iterable[str]) -> list[str]:
    """`torch 2.13.0` for each package that is installed, in order, also as its build for the CPU alone."""
    found = []
    for package in packages:
        for name in (package, f"{package}-cpu"):
            try:
                found.append(f"{package} {version(name)}")
            except PackageNotFoundError:
                continue
            break
    return found
