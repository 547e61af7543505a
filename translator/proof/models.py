"""`verify`: two models, each in a process of its own, compared from their weights to their training."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from translator.errors import TranslatorError, UsageError
from translator.pipeline import convert
from translator.proof.building import Wish
from translator.proof.duo import BOTH, Duo, FailedError, Which
from translator.proof.faults import Explainer
from translator.proof.inputs import given_inputs
from translator.proof.judgement import Judge
from translator.proof.links import normed, summed, weight_map
from translator.proof.live.optimizers import RATES
from translator.proof.live.plan import LOSSES
from translator.proof.meeting import Met, meet
from translator.proof.pairing import pair_layers
from translator.proof.pool import Pool
from translator.proof.scripts import framework_of_script
from translator.proof.verification import InputArray, Model, Precision, Verification
from translator.proof.watched import Limits
from translator.proof.wire import Message
from translator.source.orders import Orders

_STAGES = ("evaluation", "evaluation, other batch", "training", "training, other batch", "steps")
_NORMED = "magnitude and direction learn in another way than their product"
_SUMMED = "torch's two biases of a recurrent layer learn twice as fast as the one of Keras"
# What frameworks say when a file itself insists on float32 beside inputs in float64.
_MIXED = re.compile(r"float64|float32|double|dtype", re.IGNORECASE)


def verify(
    source: str | Path,
    target: str | Path,
    *,
    model: tuple[str | None, str | None] = (None, None),
    inputs: str | Path | None = None,
    optimizer: str = "sgd",
    loss: str = "mse",
    steps: int = 10,
    timeout: float = 300.0,
    memory: int | None = None,
    keep_weights: bool = False,
    pool: Pool | None = None,
) -> Verification:
    """Compare two models, one of PyTorch and one of TensorFlow/Keras: weights, outputs, gradients, training.

    This runs the code of both files, each in a process of its own that is gone afterwards.

    Args:
        source: the file of the model whose weights are carried.
        target: the file of the other.
        model: the expressions that build the models in their files; None finds the model of a file.
        inputs: "4x3x32x32:float32,4x7:int64<1000" in the source's axis order, or an `.npz`; None finds them.
        optimizer: "sgd", "momentum", "adam", "adamw" or "rmsprop", by torch's formula on both sides.
        loss: "mse", "sum of squares" or "cross entropy", against what is drawn from a seed.
        steps: how many steps to train.
        timeout: seconds that all of it may take.
        memory: bytes that each side may take; None for a share of what is free.
        keep_weights: compare the weights that both models already have, instead of carrying them.
        pool: workers to use; they stay as they are.

    Raises:
        UsageError: a model or an input is not found, or an argument is none of those above.
        SourceError: a file cannot be read as Python.
    """
    source, target = Path(source), Path(target)
    if optimizer not in RATES:
        raise UsageError(f"no optimizer {optimizer!r}: there are {', '.join(RATES)}")
    if loss not in LOSSES:
        raise UsageError(f"no loss {loss!r}: there are {', '.join(LOSSES)}")
    started = time.monotonic()
    sides = framework_of_script(source), framework_of_script(target)
    if sides[0] == sides[1]:
        raise UsageError(f"{source} and {target} are both of {sides[0]}: one of each is compared.")
    wanted = given_inputs(inputs)
    draft = Verification(
        Model(source, sides[0]),
        Model(target, sides[1]),
        optimizer=optimizer,
        loss=loss,
        steps=steps,
    )
    workers = pool or Pool(limits=Limits(seconds=math.inf, memory=memory))
    duo = Duo(workers, sides, timeout)
    try:
        workers.start()
        paths = (str(source.resolve()), str(target.resolve()))
        wish = Wish(paths, model, wanted, _orders(source), keep_weights)
        done = _Verifier(duo, wish, draft).run()
    finally:
        duo.settle()
        if pool is None:
            workers.close()
    return replace(done, seconds=time.monotonic() - started)


def _orders(source: Path) -> Mapping[str, Orders]:
    """The axis orders that a conversion of the source would change."""
    try:
        return convert(source.read_text()).orders
    except (TranslatorError, UnicodeDecodeError):
        return {}


class _Verifier:
    """One verification; `draft` holds what is known so far, so that a failure tells all that came before it."""

    def __init__(self, duo: Duo, wish: Wish, draft: Verification) -> None:
        self.duo, self.wish, self.draft = duo, wish, draft

    def run(self) -> Verification:
        """In float64 and float32, or in float32 alone where a file insists on it."""
        start = self.draft
        try:
            self._run(("float64", "float32"))
        except FailedError as failed:
            if not _MIXED.search(failed.failure.message):
                return replace(self.draft, failure=failed.failure)
            self.draft = start
            self.duo.settle()
            try:
                self._run(("float32",))
            except FailedError as again:
                return replace(self.draft, failure=again.failure)
            said = failed.failure.message.splitlines()[-1].strip()
            note = f"float64 cannot run in the {failed.failure.side}, so that float32 alone is compared: {said}"
            self._note(note)
        return self.draft

    def _run(self, precisions: Sequence[Precision]) -> None:
        met = meet(self.duo, self.wish, precisions[0])
        self._introduce(met)
        explainer = Explainer(met, pair_layers(*met.states, met.matching.links))
        for rate in explainer.rates():
            self._note(f"Dropout is not the same: {rate}.")
        if normed(met.matching.links):
            self._note(f"Training is not compared: {_NORMED}.")
        arrays = met.states[0 if met.states[0].side == "torch" else 1].arrays()
        if any(arrays[path].trainable for path in summed(met.matching.links)):
            self._note(f"In training, one bias of two is held: {_SUMMED}.")
        if met.matching.problems:
            fault = explainer.weights(self.draft.weights, met.matching.problems)
            self.draft = replace(self.draft, fault=fault)
            return
        for precision in precisions:
            for which in BOTH:
                self.duo.post(which, self._measure(met, which, precision, precisions[0]))
        judge = Judge(self.duo, met, explainer, precisions[0], self._collect())
        for precision in precisions[1:]:  # meanwhile the workers went on
            judge.answers[precision] = self._collect()
        self.draft = judge.judge(self.draft, self.wish.keep_weights)
        if self.draft.failure is not None and len(precisions) > 1:
            raise FailedError(self.draft.failure)

    def _collect(self) -> dict[Which, Message]:
        return {which: self.duo.collect(which, "when it was run") for which in BOTH}

    def _measure(self, met: Met, which: Which, precision: Precision, first: Precision) -> Message:
        """The job that runs everything which is compared in one precision."""
        weights = normed(met.matching.links)
        stages = [stage for stage in _STAGES if not (stage == "steps" and weights)]
        results = met.results if which == "target" else {}
        held = summed(met.matching.links) if self.duo.sides[which] == "torch" else ()
        header = {
            "do": "measure",
            "precision": precision,
            "stages": stages,
            "traced": precision == first,
            "results": {str(place): axes for place, axes in results.items()},
            "classes": met.classes(which, self.duo.sides["source"]),
            "held": sorted(held),
            "optimizer": self.draft.optimizer,
            "loss": self.draft.loss,
            "steps": self.draft.steps,
        }
        arrays = met.arrays(which) | met.arrays(which, "other", other_batch=True)
        return Message(header, arrays)

    def _introduce(self, met: Met) -> None:
        """Put down what is known before anything is run."""
        draft = self.draft
        models = (draft.source, draft.target)
        named = zip(models, met.expressions, met.builds, strict=True)
        source, target = (replace(m, expression=e, kind=b["kind"]) for m, e, b in named)
        arranged = zip(met.inputs, met.arrangement, strict=True)
        inputs = tuple(
            InputArray(x.shape, x.dtype, x.below, axes, x.origin) for x, axes in arranged
        )
        weights = weight_map(*met.states, met.matching)
        self.draft = replace(draft, source=source, target=target, inputs=inputs, weights=weights)
        for note in met.notes:
            self._note(note)

    def _note(self, note: str) -> None:
        self.draft = replace(self.draft, notes=(*self.draft.notes, note))
