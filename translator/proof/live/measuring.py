"""What is measured of a live model: its results, gradients and statistics, and how it learns."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from translator.proof.live.plan import SEED, Plan
from translator.proof.outcome import Axes, cotangents
from translator.proof.process import last_lines
from translator.proof.wire import Message
from translator.weights.tree import Values

if TYPE_CHECKING:
    from translator.proof.live.jobs import Live

_COLOUR = re.compile(r"\x1b\[\d*m")  # Keras writes its messages in bold


class Measuring:
    """The stages of a measurement, each from the weights that were kept."""

    def __init__(self, live: Live) -> None:
        self.live = live

    def measure(self, job: Message) -> Message:
        """Run the stages that a job names; what a stage raises ends it, and is told."""
        answer = Message({"failed": {}})
        for stage in job.header["stages"]:
            try:
                self.live.at(job)
                answer = _joined(answer, stage, self._stages()[stage](job))
            except Exception as error:
                answer.header["failed"][stage] = said(error)
                if "other batch" not in stage:
                    break
        return answer

    def _stages(self) -> Mapping[str, Callable[[Message], Message]]:
        return {
            "evaluation": self._evaluated,
            "evaluation, other batch": self._other(False),
            "training": self._learning,
            "training, other batch": self._other(True),
            "steps": self._steps,
        }

    def _evaluated(self, job: Message) -> Message:
        if job.header["traced"]:
            return self.live.traced(job, False)
        return results_of(self.live.forward(self.live.inputs(job), False))

    def _other(self, training: bool) -> Callable[[Message], Message]:
        return lambda job: results_of(self.live.forward(self.live.inputs(job, "other"), training))

    def _learning(self, job: Message) -> Message:
        """One pass in training mode, forward and backward, and the statistics that it leaves behind."""
        inputs = {str(i): values for i, values in enumerate(self.live.inputs(job))}
        draw = cotangents(SEED, _axes(job.header["results"]))
        self.live.moved = "statistics"
        outcome = self.live.framework.differentiate(self.live.model, inputs, draw, True)
        answer = results_of(outcome.results)
        answer.arrays |= {
            f"parameter/{path}": values for path, values in outcome.parameters.items()
        }
        answer.arrays |= {f"input/{name}": values for name, values in outcome.inputs.items()}
        for path, array in self.live.state().arrays().items():
            if not array.trainable and array.needed:
                answer.arrays[f"statistic/{path}"] = np.array(array.read())
        return answer

    def _steps(self, job: Message) -> Message:
        header = job.header
        plan = Plan(
            header["optimizer"],
            header["loss"],
            header["steps"],
            cotangents(SEED + 1, _axes(header["results"])),
            {int(position): axis for position, axis in header["classes"].items()},
            frozenset(header["held"]),
        )
        self.live.moved = "all"
        losses = self.live.framework.train(self.live.model, self.live.inputs(job), plan)
        arrays = self.live.state().arrays().items()
        after = {p: np.array(a.read()) for p, a in arrays if a.trainable}
        moved = any(
            not np.array_equal(v, self.live.kept[p])
            for p, v in after.items()
            if p in self.live.kept
        )
        sent = {f"weight/{p}": values for p, values in after.items()} if header["traced"] else {}
        added = self.live.framework.added_losses(self.live.model)
        return Message({"losses": losses, "moved": moved, "added": added}, sent)


def said(error: BaseException) -> str:
    """The end of what an error says of itself."""
    return last_lines(_COLOUR.sub("", "".join(traceback.format_exception(error))), 12)


def results_of(results: list[Values]) -> Message:
    """Results as a message."""
    return Message({}, {f"result/{i}": np.array(values) for i, values in enumerate(results)})


def _joined(answer: Message, stage: str, part: Message) -> Message:
    answer.header[stage] = part.header
    answer.arrays |= {f"{stage}/{name}": values for name, values in part.arrays.items()}
    return answer


def _axes(given: Mapping[str, Any]) -> dict[int, Axes]:
    return {int(position): tuple(axes) for position, axes in given.items() if axes is not None}
