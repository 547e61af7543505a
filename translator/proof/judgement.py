"""What two measured models come to: the table, the notes, the fault, and the runs that it takes to find it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from translator.proof.alignment import closest, distance
from translator.proof.checks import TOLERANCES, Table, carried, compare, rounded
from translator.proof.duo import BOTH, Duo, Which
from translator.proof.faults import Explainer
from translator.proof.meeting import Met
from translator.proof.misplaced import how
from translator.proof.parting import Run, first_difference, layer_errors, read_run
from translator.proof.verification import (
    Check,
    Curve,
    Failure,
    Fault,
    LayerError,
    Precision,
    Verdict,
    Verification,
    WeightPair,
)
from translator.proof.wire import Message

_OTHER_SEED = 71
_KEPT_TOLERANCE = 1e-6
_DOING = {
    "evaluation": "in evaluation mode",
    "evaluation, other batch": "with another batch size",
    "training": "in training mode",
    "training, other batch": "with another batch size in training mode",
    "steps": "in training",
}
_ADDED = (
    "In fit, the Keras model adds losses of its own (regularisers), which are left out here: torch has them where "
    "its loss is written."
)


class Judge:
    """Compares the answers of both sides: first those in the precision that decides, at once, then those added."""

    def __init__(
        self,
        duo: Duo,
        met: Met,
        explainer: Explainer,
        precision: Precision,
        answers: Mapping[Which, Message],
    ) -> None:
        self.duo, self.met, self.explainer = duo, met, explainer
        self.precision = precision
        self.answers = {precision: answers}
        self.notes: list[str] = []
        self.first = self._table(precision, {})

    def judge(self, draft: Verification, keep_weights: bool) -> Verification:
        """The verification with its table, and its fault or its failure."""
        kept, pairs = self._kept(draft.weights) if keep_weights else (None, draft.weights)
        skipped = self._random(self.first)
        first = self._table(self.precision, skipped) if skipped else self.first
        rows = list(first.rows)
        for precision in list(self.answers)[1:]:
            rows += rounded(first, self._table(precision, skipped))
        if kept is not None:
            rows.insert(0, kept[0])
        failure = self._failure()
        fault = None if failure is not None else self._fault(first, rows, kept)
        self._remark()
        return replace(
            draft,
            weights=pairs,
            checks=tuple(rows),
            layers=self._layers(),
            curves=tuple(self._curves()),
            fault=fault,
            failure=failure,
            notes=(*draft.notes, *self.notes),
        )

    def _table(self, precision: Precision, skipped: Mapping[str, str]) -> Table:
        answers = self.answers[precision]
        decides = precision == self.precision
        return compare(self.met, precision, answers["source"], answers["target"], skipped, decides)

    def _failure(self) -> Failure | None:
        """The first stage that a side did not get through; a source that takes one batch size alone is no fault."""
        for answers in self.answers.values():
            for which in BOTH:
                for stage, message in answers[which].header["failed"].items():
                    if which == "source" and "other batch" in stage:
                        self.notes.append(
                            "The source takes this batch size alone: no other is compared."
                        )
                    elif not (
                        "other batch" in stage and stage in answers["source"].header["failed"]
                    ):
                        return Failure(which, _DOING[stage], message)
        self.notes = list(dict.fromkeys(self.notes))
        return None

    def _random(self, table: Table) -> dict[str, str]:
        """Why a mode whose outputs differ cannot be compared, where a side alone gives other numbers each time."""
        modes = {r.mode for r in table.rows if r.stage == "outputs" and r.verdict is Verdict.DIFFER}
        found: dict[str, str] = {}
        for mode in modes:
            for which in BOTH:
                if mode not in found and self._draws(which, mode):
                    found[mode] = f"the {which} draws random numbers in {mode} mode"
        for reason in found.values():
            self.notes.append(f"Numbers are not compared where {reason}.")
        return found

    def _draws(self, which: Which, mode: str) -> bool:
        outputs = []
        for seed in (_OTHER_SEED, _OTHER_SEED + 1):
            job = self._job("outputs", which, mode == "training", seed=seed)
            outputs.append(self.duo.ask(which, job, _DOING[mode]).part("result"))
        first, second = outputs
        limit = TOLERANCES[self.precision]["outputs"]
        return any(distance(first[place], second[place]) > limit for place in first)

    def _job(
        self, do: str, which: Which, training: bool, other: bool = False, seed: int | None = None
    ) -> Message:
        header = {"do": do, "training": training, "precision": self.precision}
        if seed is not None:
            header["seed"] = seed
        return Message(header, self.met.arrays(which, other_batch=other))

    def _fault(
        self, table: Table, rows: Iterable[Check], kept: tuple[Check, Fault | None] | None
    ) -> Fault | None:
        if kept is not None and kept[1] is not None:
            return kept[1]
        row = table.parted
        if row is None:
            only = next((row for row in rows if row.verdict is Verdict.DIFFER), None)
            if only is None:
                return None
            summary = f"the {only.what} differ in {only.precision} alone"
            return Fault(only.stage, summary, error=only.error)
        if row.stage == "outputs":
            return self._located(row)
        names = [name for name in table.names if not name.startswith(("input ", "step "))]
        if not names:
            return Fault(row.stage, f"the {row.what} part ({row.worst})", error=row.error)
        late = row.stage == "gradients"  # a wrong gradient runs from its cause to all layers before
        name = self._ordered(names)[-1 if late else 0]
        return self.explainer.parameter(name, row)

    def _ordered(self, names: list[str]) -> list[str]:
        """Names of arrays by the order in which their layers are called."""
        run = self._run("source")
        order = {event.path: place for place, event in enumerate(run.events)} if run else {}
        return sorted(names, key=lambda name: order.get(self.explainer.layer_of(name)[0], -1))

    def _located(self, row: Check) -> Fault:
        """The layer at which outputs part."""
        runs = [self._run(which) for which in BOTH]
        other = row.batch != self.met.batch
        if row.mode == "training" or other or None in runs:
            for which in BOTH:
                self.duo.post(which, self._job("trace", which, row.mode == "training", other))
            runs = [read_run(self.duo.collect(which, "in its forward pass")) for which in BOTH]
        source, target = runs
        assert source is not None and target is not None
        tolerance = TOLERANCES[self.precision]["outputs"]
        place = first_difference(source, target, self.explainer.pairs, tolerance)
        if place is None:
            return self._at_the_end(row, source, target)
        return self.explainer.at(place, "outputs")

    def _at_the_end(self, row: Check, source: Run, target: Run) -> Fault:
        """The fault where every layer agrees and the results do not."""
        why = [row.reason] if row.reason else []
        ends = [run.at.get(("leave", "", 1)) for run in (source, target)]
        pairs = zip(*(end.arrays for end in ends if end is not None), strict=False)
        for place, (ours, theirs) in enumerate(pairs if None not in ends else ()):
            error, axes = closest(ours, theirs)
            if axes is not None and error <= TOLERANCES[self.precision]["outputs"]:
                why.append(f"the target gives output {place} with its axes in the order {axes}")
        summary = "every layer agrees, the results do not"
        return Fault("outputs", summary, error=row.error, reasons=tuple(why))

    def _run(self, which: Which) -> Run | None:
        answer = self.answers[self.precision][which]
        if "evaluation" not in answer.header:
            return None
        return read_run(Message(answer.header["evaluation"], answer.part("evaluation")))

    def _layers(self) -> tuple[LayerError, ...]:
        source, target = self._run("source"), self._run("target")
        return layer_errors(source, target, self.explainer.pairs) if source and target else ()

    def _curves(self) -> Iterable[Curve]:
        for precision, answers in self.answers.items():
            headers = [answers[which].header.get("steps", {}) for which in BOTH]
            if all(headers):
                yield Curve(precision, *(tuple(header["losses"]) for header in headers))

    def _remark(self) -> None:
        """Say it where training moves nothing on either side."""
        headers = [self.answers[self.precision][which].header for which in BOTH]
        if all("steps" in header and not header["steps"]["moved"] for header in headers):
            self.notes.append("No parameter moved in training, on either side.")
        if any(header.get("steps", {}).get("added") for header in headers):
            self.notes.append(_ADDED)

    def _kept(
        self, pairs: tuple[WeightPair, ...]
    ) -> tuple[tuple[Check, Fault | None], tuple[WeightPair, ...]]:
        """The weights that both models already have, held against the rules."""
        ours, theirs = (state.values() for state in self.met.states)
        told, errors, reasons = [], {}, {}
        for pair, link in zip(pairs, self.met.matching.links, strict=False):
            worst = 0.0
            for name, wanted, found in carried(link, ours, theirs):
                errors[name] = distance(wanted, found)
                worst = max(worst, errors[name])
                if errors[name] > _KEPT_TOLERANCE:
                    source = ours[link.sources[0]] if len(link.sources) == 1 else None
                    what = how(source, wanted, found) or "it has other numbers"
                    right = f"{', '.join(link.sources)}, {link.transformation}"
                    reasons[name] = f"{name}: {what}; it should be {right}"
            told.append(replace(pair, error=worst))
        name = max(errors, key=lambda name: errors[name], default="")
        error = errors.get(name, 0.0)
        verdict = Verdict.DIFFER if error > _KEPT_TOLERANCE else Verdict.AGREE
        row = Check(
            "weights",
            f"{len(errors)} weights",
            "",
            self.precision,
            0,
            error,
            _KEPT_TOLERANCE,
            verdict,
            name,
        )
        if verdict is Verdict.AGREE:
            return (row, None), tuple(told)
        first = self._ordered(list(reasons))[0]
        fault = self.explainer.parameter(first, row)
        said = tuple(reasons[one] for one in self._ordered(list(reasons)))
        return (row, replace(fault, reasons=said)), tuple(told)
