"""The lines of one batch: outputs, loss, and what is counted of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from translator.rewrite.fitting.compiled import Compiled
from translator.rewrite.fitting.data import Batches
from translator.rewrite.fitting.measures import Measure
from translator.rewrite.fitting.text import Text, indented


@dataclass(eq=False)
class Tally:
    """What is summed up over the batches of an epoch: the name of each sum, by the key of the measure."""

    sums: dict[str, str] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)
    count: str = ""
    """The name of the number of samples, "" where the data say it."""

    def begin(self) -> list[str]:
        """The lines before the batches."""
        lines = [f"{total} = 0.0" for total in self.sums.values()]
        lines += [f"{self.count} = 0"] if self.count else []
        return lines + [f"{name}.reset_state()" for name in self.objects.values()]

    def means(self, size: str) -> dict[str, str]:
        """The text of each measure, over all samples."""
        by = self.count or size
        found = {key: f"{total} / {by}" for key, total in self.sums.items()}
        return found | {key: f"{name}.result().numpy()" for key, name in self.objects.items()}


def tally(text: Text, compiled: Compiled, batches: Batches, prefix: str = "") -> Tally:
    """The sums for everything that is measured."""
    found = Tally(count="" if batches.size else text.own(f"{prefix}count"))
    for key in keys(compiled):
        measure = next((m for m in compiled.measures if m.key == key), None)
        if measure is not None and measure.made is not None:
            found.objects[key] = measure.name
        else:
            found.sums[key] = text.own(
                f"{prefix}total" if key == "loss" else f"{prefix}total_{key}"
            )
    return found


def keys(compiled: Compiled) -> list[str]:
    """What is measured, by the names that `history` has for it."""
    return ["loss", *(m.key for m in compiled.measures)]


@dataclass(eq=False)
class Step:
    """The texts of one batch."""

    text: Text
    compiled: Compiled
    model: str
    batches: Batches
    as_outputs: bool
    added: bool = False
    weights_of: str = ""

    def judged(self, training: bool, measured: bool) -> tuple[list[str], str, str]:
        """The lines that compute outputs and loss, and the names of both."""
        text, losses = self.text, self.compiled.losses
        targets = self.batches.target("")
        lines: list[str] = []
        call = f"{self.model}({self.batches.inputs}, training={training})"
        direct = len(losses) == 1 and not measured and not self.as_outputs and not self.added
        outputs = call if direct else text.own("outputs")
        if not direct:
            lines.append(f"{outputs} = {call}")
        if self.as_outputs:
            lines.append(f"{targets} = keras.ops.reshape({targets}, keras.ops.shape({outputs}))")
        weights = self.batches.weights
        if self.weights_of:
            by_class = f"tf.gather({self.weights_of}, tf.cast({targets}, tf.int64))"
            weights = f"{weights} * {by_class}" if weights else by_class
        loss = text.own("loss")
        lines.append(f"{loss} = {self.loss(outputs, weights)}")
        return lines, outputs, loss

    def loss(self, outputs: str, weights: str) -> str:
        """The whole loss: what each output adds, and what the layers do."""
        terms = []
        for loss in self.compiled.losses:
            own = loss.text(self.batches.target(loss.place), f"{outputs}{loss.place}", weights)
            weight = "" if loss.weight is None else f"{self.text.hole(loss.weight)} * "
            terms.append(f"{weight}{own}")
        if self.added or not terms:
            terms.append(f"sum({self.model}.losses)")
        return " + ".join(terms)

    def pair(self, measure: Measure, outputs: str) -> tuple[str, str]:
        """What a measure compares."""
        return self.batches.target(measure.place), f"{outputs}{measure.place}"

    def counted(self, found: Tally, outputs: str, loss: str) -> list[str]:
        """The lines that sum up what is measured."""
        length = self.batches.length
        lines = []
        for key, total in found.sums.items():
            measure = next((m for m in self.compiled.measures if m.key == key), None)
            value = loss
            if measure is not None:
                value = measure.text(*self.pair(measure, outputs))
            lines.append(f"{total} += {value}.numpy() * {length}")
        for measure in self.compiled.measures:
            if measure.key in found.objects:
                lines.append(
                    f"{measure.name}.update_state({', '.join(self.pair(measure, outputs))})"
                )
        return lines + ([f"{found.count} += {length}"] if found.count else [])


def training(step: Step, optimizer: str, found: Tally | None) -> list[str]:
    """The lines of one step of training."""
    text = step.text
    objects = found is not None and any(True for m in step.compiled.measures)
    judging, outputs, loss = step.judged(training=True, measured=objects)
    tape, gradients = text.own("tape"), text.own("gradients")
    variables = f"{step.model}.trainable_variables"
    lines = [
        f"with tf.GradientTape() as {tape}:",
        *indented(judging),
        f"{gradients} = {tape}.gradient({loss}, {variables})",
        f"{optimizer}.apply_gradients(zip({gradients}, {variables}))",
    ]
    return lines if found is None else lines + step.counted(found, outputs, loss)


def evaluation(step: Step, found: Tally) -> list[str]:
    """The lines that judge one batch."""
    measured = bool(step.compiled.measures)
    lines, outputs, loss = step.judged(training=False, measured=measured)
    return lines + step.counted(found, outputs, loss)


def loop(
    batches: Batches, body: Iterable[str], steps: str, text: Text, number: str = ""
) -> tuple[list[str], list[str]]:
    """The lines before the epochs and the loop over the batches, which are numbered; with `steps`, so many of them."""
    if not steps and not number:
        return [], [batches.head, *indented([*batches.first, *body])]
    names, _, source = batches.head.removeprefix("for ").rstrip(":").partition(" in ")
    if not steps:
        head = f"for {number}, ({names}) in enumerate({source}):"
        return [], [head, *indented([*batches.first, *body])]
    iterator = text.own("batches")
    drawn = [f"{names} = next({iterator})", *batches.first, *body]
    lines = [f"for {number or '_'} in range({steps}):", *indented(drawn)]
    return [f"{iterator} = iter({source})"], lines
