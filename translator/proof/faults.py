"""The fault of a verification: the first place where two models part, with what the records know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from translator.proof.meeting import Met
from translator.proof.pairing import Pairs
from translator.proof.parting import Place
from translator.proof.probing import guess
from translator.proof.settings import Compared, compare_settings
from translator.proof.verification import Check, Fault, Stage, WeightPair


class Explainer:
    """Says of a place what differs there."""

    def __init__(self, met: Met, pairs: Pairs) -> None:
        self.met, self.pairs = met, pairs
        self.kinds: list[dict[str, str]] = [build["kinds"] for build in met.builds]

    def at(self, place: Place, stage: Stage) -> Fault:
        """The fault where two traced passes part."""
        if place.after is None:
            name = _shown(place.source, place.target)
            fault = Fault(stage, f"{name} gives another output for the same input")
            return self._explained(fault, place.source, place.target, place.error)
        end = (
            "the end of the model"
            if place.source == ""
            else f"the end of {_shown(place.source, place.target)}"
        )
        until = end if place.at_end else _shown(place.source, place.target)
        start = _shown(*place.after) if place.after != ("", "") else "the model's input"
        again = f", when it is called for the {_ordinal(place.call)} time" if place.call > 1 else ""
        summary = f"the difference arises between {start} and {until}{again}"
        found = guess(place.before, place.ours, place.theirs)
        fault = Fault(stage, summary, after=place.after, reasons=(found,) if found else ())
        explained = self._explained(fault, place.source, place.target, place.error)
        return replace(explained, reasons=(*fault.reasons, *self._fused(place.after)))

    def _fused(self, after: tuple[str, str]) -> tuple[str, ...]:
        """The activation that a Keras layer before the place applies itself."""
        reasons = []
        for which, build, path in zip(("source", "target"), self.met.builds, after, strict=True):
            name = build["settings"].get(path, {}).get("activation")
            if isinstance(name, str) and name != "linear":
                reasons.append(f"{path} of the {which} applies {name} itself")
        return tuple(reasons)

    def rates(self) -> list[str]:
        """Where two layers of dropout, which is off, would drop differently much."""
        told = []
        for source, target in self.pairs.items():
            kinds = (self.kinds[0].get(source, ""), self.kinds[1].get(target, ""))
            if "Dropout" in kinds[0] and "Dropout" in kinds[1]:
                compared = self._compared(kinds, source, target)
                told += [f"{_shown(source, target)}: {reason}" for reason in compared.reasons]
        return told

    def _compared(self, kinds: tuple[str, str], source: str, target: str) -> Compared:
        ours, theirs = (
            build["settings"].get(path, {})
            for build, path in zip(self.met.builds, (source, target), strict=True)
        )
        return compare_settings(self.met.states[0].side, kinds, ours, theirs)

    def parameter(self, name: str, row: Check) -> Fault:
        """The fault of a parameter or a statistic whose values differ."""
        source, target = self.layer_of(name)
        what = {
            "gradients": "has another gradient",
            "statistics": "has another statistic after a step",
        }
        told = what.get(row.stage, "learns something else")
        summary = f"{name} of {_shown(source, target)} {told}"
        if "on one side only" in row.reason:
            summary = f"{_shown(source, target)} is trained on one side only"
        reasons = (row.reason,) if row.reason else ()
        return self._explained(
            Fault(row.stage, summary, reasons=reasons), source, target, row.error
        )

    def weights(self, pairs: Sequence[WeightPair], problems: Sequence[str]) -> Fault:
        """The fault of arrays that do not correspond."""
        left = next((pair for pair in pairs if not (pair.source and pair.target)), None)
        name = (left.source or left.target) if left is not None else ""
        source, target = self.layer_of(name)
        summary = f"the weights of {_shown(source, target)} do not correspond"
        return self._explained(
            Fault("weights", summary, reasons=tuple(problems)), source, target, None
        )

    def layer_of(self, name: str) -> tuple[str, str]:
        """The layer that an array of either side belongs to, on both sides."""
        for link in self.met.matching.links:
            if name in (*link.sources, *link.targets):
                return self._layer(link.sources[0], 0), self._layer(link.targets[0], 1)
        ours, theirs = self._layer(name, 0), self._layer(name, 1)
        if ours:
            return ours, self.pairs.get(ours, theirs)
        back = {target: source for source, target in self.pairs.items()}
        return back.get(theirs, ""), theirs

    def _layer(self, name: str, side: int) -> str:
        """The longest path of a layer that an array's path begins with."""
        paths = [path for path in self.kinds[side] if path and name.startswith(f"{path}.")]
        return max(paths, key=len, default="")

    def _explained(self, fault: Fault, source: str, target: str, error: float | None) -> Fault:
        kinds = (self.kinds[0].get(source, ""), self.kinds[1].get(target, ""))
        compared = self._compared(kinds, source, target)
        record = compared.record
        whole = fault.after is None
        return replace(
            fault,
            source=source,
            target=target,
            source_kind=kinds[0],
            target_kind=kinds[1],
            error=error,
            reasons=(*compared.reasons, *fault.reasons) if whole else fault.reasons,
            explanation=record.differs if record is not None and whole else "",
            remedy=compared.remedy if whole else "",
            entry=record.title if record is not None and whole else "",
        )


def _shown(source: str, target: str) -> str:
    """A layer by its path, by both where they differ."""
    if source == target or not target:
        return source or "the model"
    return f"{source} ({target} in the target)" if source else target


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third"}.get(number, f"{number}th")
