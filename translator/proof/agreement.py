"""Whether two answers of workers agree: results, and the gradients of inputs and parameters."""

from __future__ import annotations

import numpy as np

from translator.errors import ProofError
from translator.proof.compare import error
from translator.proof.gradients import parameter_gradients
from translator.proof.wire import Message, unpack
from translator.weights.match import match
from translator.weights.tree import Values

TOLERANCE = {"float64": (1e-9, 1e-9), "float32": (1e-5, 1e-4)}
"""For results and for gradients, which sum more terms; relative to max(1, largest expected value)."""


def compare(
    reference: Message,
    answer: Message,
    rounding: bool = False,
    allowed: tuple[float, float] | None = None,
) -> tuple[float, float]:
    """The worst error of the results and that of the gradients.

    `rounding` allows 1e-8 in float64, for records that say which constant a framework holds in 32 bits.

    The looser tolerances hold where any result is in float32. `allowed` sets both, to measure and not to judge.

    Raises:
        ProofError: they are further apart than the tolerance, or differ in number, shape or kind.
    """
    expected, actual = reference.part("result"), answer.part("result")
    if len(expected) != len(actual):
        raise ProofError(f"{len(expected)} results there and {len(actual)} here.")
    tolerance, loose = allowed or TOLERANCE[_precision([*expected.values(), *actual.values()])]
    if rounding:
        tolerance, loose = max(tolerance, 1e-8), max(loose, 1e-8)
    forward = max(
        (_within(tolerance, values, actual[at], f"Result {at}") for at, values in expected.items()),
        default=0.0,
    )
    gradients = _gradients(reference, answer)
    backward = [_within(loose, a, b, f"The gradient of {name}") for name, a, b in gradients]
    return forward, max(backward, default=0.0)


def _gradients(reference: Message, answer: Message) -> list[tuple[str, Values, Values]]:
    """Every gradient of both sides that corresponds, in one layout, with its name."""
    theirs, ours = reference.part("input"), answer.part("input")
    pairs = [(name, values, ours[name]) for name, values in theirs.items()]
    source, target = unpack(reference), unpack(answer)
    assert source is not None and target is not None
    parameters = (reference.part("parameter"), answer.part("parameter"))
    links = match(source, target).links
    return [*pairs, *parameter_gradients(source, target, links, *parameters)]


def _precision(results: list[Values]) -> str:
    coarse = any(values.dtype in (np.float32, np.float16) for values in results)
    return "float32" if coarse else "float64"


def _within(tolerance: float, expected: Values, actual: Values, what: str) -> float:
    found = error(expected, actual, what)
    if found > tolerance:
        raise ProofError(f"{what} is off by {found:.1e}, more than {tolerance:.0e}.")
    return found
