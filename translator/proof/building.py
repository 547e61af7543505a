"""Having two models built: what is asked of both files, the expressions, and inputs that the source takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from translator.proof.choice import choose, options
from translator.proof.duo import BOTH, Duo, FailedError, Which
from translator.proof.inputs import Given, bounded, found_inputs, not_found, reordered
from translator.proof.verification import Failure, Precision
from translator.proof.wire import Message
from translator.source.orders import Orders
from translator.weights.tree import Values

FORWARD = "in its forward pass"
_OPPOSITE: dict[Which, Which] = {"source": "target", "target": "source"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for: files, expressions (None to find the model), inputs (empty to find them)."""

    paths: tuple[str, str]
    expressions: tuple[str | None, str | None]
    inputs: tuple[Given, ...]
    orders: Mapping[str, Orders]
    keep_weights: bool


class Building:
    """Two files on the way to two models: `builds` says what is known of each, `inputs` what the source takes.

    A side is asked as soon as what it needs is there: torch is imported first and works while TensorFlow is not.
    `called` is set once the target has met an input, from which a Keras model takes its widths.
    """

    def __init__(self, duo: Duo, wish: Wish, precision: Precision) -> None:
        self.duo, self.wish = duo, wish
        self.called = False
        for which, path in zip(BOTH, wish.paths, strict=True):
            duo.post(which, Message({"do": "load", "path": path, "precision": precision}))
        self.found = {"source": self._loaded("source")}
        if len(self._options("source")) != 1:
            self.found["target"] = self._loaded("target")
        self.builds = {"source": self.build("source")}
        self.inputs = self._find_inputs()

    def _loaded(self, which: Which) -> dict[str, Any]:
        return self.duo.collect(which, "when its file was run").header

    def _options(self, which: Which) -> list[str]:
        return options(self.wish.expressions[BOTH.index(which)], self.found.get(which))

    def build(self, which: Which) -> dict[str, Any]:
        """Have a side's model built, again where it was before."""
        job = Message({"do": "build", "expression": self.expression(which)})
        return self.duo.ask(which, job, "when it was built").header

    def expression(self, which: Which) -> str:
        """What builds a side's model."""
        return choose(
            which, self._options(which), self._options(_OPPOSITE[which]), self.found[which]
        )

    def target(self) -> None:
        """Have the target built, once."""
        if "target" not in self.found:
            self.found["target"] = self._loaded("target")
        if "target" not in self.builds:
            self.builds["target"] = self.build("target")

    def _find_inputs(self) -> tuple[Given, ...]:
        """Inputs that the source takes: as given, or what the first layers of either side take."""
        source = self.builds["source"]
        if self.wish.inputs:
            given = bounded(self.wish.inputs, source["known"])
            number, failures = self._try("source", [given])
            if number is None:
                raise FailedError(Failure("source", FORWARD, failures[0]))
            return given
        wanted = len(source["parameters"])
        options = [x for x in found_inputs(source["known"]) if len(x) >= wanted]
        number, failures = self._try("source", options)
        if number is not None:
            return options[number]
        # A Keras model takes its widths from the first input; torch's layers know theirs.
        self.target()
        options = [x for x in found_inputs(self.builds["target"]["known"]) if len(x) >= wanted]
        number, others = self._try("target", options)
        if number is not None:
            found = reordered(options[number], self.duo.sides["source"])
            number, failures = self._try("source", [found])
            if number is not None:
                return found
        raise not_found(source["parameters"], failures or others)

    def _try(
        self, which: Which, options: Sequence[tuple[Given, ...]]
    ) -> tuple[int | None, list[str]]:
        """The first of several inputs that one side takes, and what it said of those before."""
        failures: list[str] = []
        for number, option in enumerate(options):
            # Drawn one at a time: all sizes of all layers together would fill the memory.
            failure = self.refused(which, [one.draw(i) for i, one in enumerate(option)])
            if failure is None:
                return number, failures
            failures.append(failure)
        return None, failures

    def refused(self, which: Which, arrays: Sequence[Values]) -> str | None:
        """Why one side does not take some inputs."""
        self.called = self.called or which == "target"
        job = Message({"do": "try"}, named(arrays, "input"))
        failure: str | None = self.duo.ask(which, job, FORWARD).header["failure"]
        return failure


def named(arrays: Sequence[Values], prefix: str) -> dict[str, Values]:
    """Arrays for a message."""
    return {f"{prefix}/{place}": values for place, values in enumerate(arrays)}
