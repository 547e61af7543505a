"""Bringing two built models together: inputs in an order that the target takes, and equal weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from translator.knowledge.lenses import Side
from translator.proof.alignment import closest
from translator.proof.building import FORWARD, Building, Wish, named
from translator.proof.duo import Duo, FailedError, Which
from translator.proof.inputs import Given, arrangements, natural
from translator.proof.outcome import Axes
from translator.proof.verification import Failure, Precision
from translator.proof.wire import Message, unpack
from translator.source.orders import Orders
from translator.weights.links import Matching
from translator.weights.match import match
from translator.weights.tree import State, Values

_CLOSE = 1e-4
Arrangement = tuple[Axes | None, ...]


@dataclass(slots=True)
class Met:
    """Two built models with equal weights, and what is known of them.

    `arrangement` has the axes that give each input the target's order, `results` those of each result.
    """

    expressions: tuple[str, str]
    builds: tuple[dict[str, Any], dict[str, Any]]
    inputs: tuple[Given, ...]
    arrangement: Arrangement
    states: tuple[State, State]
    matching: Matching
    results: dict[int, Axes]
    ranks: tuple[int, ...]
    notes: list[str] = field(default_factory=list)

    @property
    def batch(self) -> int:
        """The number of samples, 0 where the inputs have none."""
        return self.inputs[0].shape[0] if self.inputs and self.inputs[0].shape else 0

    def classes(self, which: Which, source: Side) -> dict[str, int]:
        """The axis of the classes of each result on one side: torch's is the second, Keras's the last."""
        found = {}
        for place, rank in enumerate(self.ranks):
            axis = 1 if source == "torch" else rank - 1
            axes = self.results.get(place) if which == "target" else None
            found[str(place)] = (
                axes.index(axis) if axes is not None else min(axis, max(rank - 1, 0))
            )
        return found

    def arrays(
        self, which: Which, prefix: str = "input", other_batch: bool = False
    ) -> dict[str, Values]:
        """The inputs of one side."""
        drawn = [one.draw(place, other_batch) for place, one in enumerate(self.inputs)]
        return named(drawn if which == "source" else _arranged(drawn, self.arrangement), prefix)


def meet(duo: Duo, wish: Wish, precision: Precision) -> Met:
    """Build both models in one precision and give them equal weights.

    Raises:
        FailedError: one of them does not run.
        UsageError: a model or an input is not found.
    """
    return _Meeting(Building(duo, wish, precision), precision).arrange()


@dataclass(slots=True)
class _Attempt:
    """The target with one order of its inputs: how well it corresponds to the source."""

    arrangement: Arrangement
    state: State
    matching: Matching
    error: float
    results: dict[int, Axes]


class _Meeting:
    """Two built models on the way to equal weights."""

    def __init__(self, building: Building, precision: Precision) -> None:
        self.building, self.precision = building, precision
        self.duo, self.wish = building.duo, building.wish
        self.orders = _orders_of(self.wish.orders, building.builds["source"]["kind"])
        self.drawn = [one.draw(place) for place, one in enumerate(building.inputs)]
        job = Message({"do": "push", "push": not self.wish.keep_weights})
        self.pushed = self.duo.ask("source", job, "giving its weights")
        source = unpack(self.pushed)
        assert source is not None
        self.source = source
        self.expected = self._outputs("source", self.drawn)
        building.target()

    def arrange(self) -> Met:
        """Try the orders that the target's inputs may have until its results are the source's."""
        names = self.building.builds["source"]["parameters"]
        tried = arrangements(
            self.building.inputs, names, dict(self.orders.arguments), self.duo.sides["target"]
        )
        attempts: list[_Attempt] = []
        failures: list[str] = []
        for arrangement in tried:
            if self.building.called:
                self.building.build("target")
            attempt = self._attempt(arrangement, failures)
            if attempt is not None:
                attempts.append(attempt)
                if attempt.error < _CLOSE and not attempt.matching.problems:
                    break
        if not attempts:
            raise FailedError(Failure("target", FORWARD, failures[0]))
        # Where none agrees, the likeliest order: by chance, another one may come closer.
        best = min(attempts, key=lambda x: (len(x.matching.problems), x.error >= _CLOSE))
        if best.arrangement != arrangement:
            self.building.build("target")
            best = self._attempt(best.arrangement, failures) or best
        return self._met(best)

    def _attempt(self, arrangement: Arrangement, failures: list[str]) -> _Attempt | None:
        """Give the target the source's weights and see how close it comes; None, and why, where it does not run."""
        arranged = _arranged(self.drawn, arrangement)
        failure = self.building.refused("target", arranged)
        if failure is not None:
            failures.append(failure)
            return None
        header = {"do": "take", "write": not self.wish.keep_weights}
        header["state"] = self.pushed.header["state"]
        taken = self.duo.ask("target", Message(header, self.pushed.arrays), "taking the weights")
        state = unpack(taken)
        assert state is not None
        signals = any(axes is not None and len(axes) == 3 for axes in arrangement)
        worst, results = self._closeness(self._outputs("target", arranged), signals)
        return _Attempt(arrangement, state, match(self.source, state), worst, results)

    def _closeness(
        self, actual: Mapping[str, Values], signals: bool
    ) -> tuple[float, dict[int, Axes]]:
        """The worst error of the results, and the order of each that brings it closest to the source's.

        Three axes are those of `signals`, or of a sequence, which both frameworks have in one order.
        """
        worst = 0.0 if len(actual) == len(self.expected) else math.inf
        results = {}
        for place, values in self.expected.items():
            if place in actual:
                known = self.orders.results.get(int(place))
                reorders = values.ndim > 3 or signals
                own = natural(values.ndim, self.duo.sides["target"]) if reorders else None
                error, axes = closest(values, actual[place], (known, None, own))
                worst = max(worst, error)
                if axes is not None and math.isfinite(error):
                    results[int(place)] = axes
        return worst, results

    def _outputs(self, which: Which, arrays: Sequence[Values]) -> dict[str, Values]:
        header = {"do": "outputs", "training": False, "precision": self.precision}
        answer = self.duo.ask(which, Message(header, named(arrays, "input")), FORWARD)
        return answer.part("result")

    def _met(self, best: _Attempt) -> Met:
        builds = (self.building.builds["source"], self.building.builds["target"])
        met = Met(
            (self.building.expression("source"), self.building.expression("target")),
            builds,
            self.building.inputs,
            best.arrangement,
            (self.source, best.state),
            best.matching,
            best.results,
            tuple(values.ndim for values in self.expected.values()),
        )
        if any(build["dropping"] for build in builds):
            met.notes.append("Dropout is off on both sides.")
        if any(axes is not None for axes in best.arrangement):
            orders = ", ".join(str(axes) for axes in best.arrangement)
            met.notes.append(f"The target takes its inputs with their axes in the order {orders}.")
        for place, axes in best.results.items():
            met.notes.append(f"The target gives output {place} with its axes in the order {axes}.")
        return met


def _orders_of(orders: Mapping[str, Orders], kind: str) -> Orders:
    names = (f"{kind}.{method}" for method in ("forward", "call", "__call__"))
    return next((orders[name] for name in names if name in orders), Orders({}, {}))


def _arranged(drawn: Sequence[Values], arrangement: Arrangement) -> list[Values]:
    pairs = zip(drawn, arrangement, strict=True)
    return [values if axes is None else values.transpose(axes) for values, axes in pairs]
