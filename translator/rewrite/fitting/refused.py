"""Why a call stays as it is."""

from __future__ import annotations


class RefusedError(Exception):
    """A call of `compile` or `fit` that is left to a person; the text says why."""
