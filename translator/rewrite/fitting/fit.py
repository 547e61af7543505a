"""One call of `fit` or `evaluate`: everything that the loop in its place has to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from translator.rewrite.fitting.compiled import Compiled, Loss
from translator.rewrite.fitting.data import Arrays, Batches
from translator.rewrite.fitting.measures import Measure

NO_GRAD = "keras.no_grad"
"""How a block without gradients is written until it is converted: Keras has no name for it."""
PLATEAU = "keras.on_plateau"
"""How torch's schedule is written that lowers the rate where nothing gets better."""
BOARD = "keras.summary_writer"
"""How torch's writer for TensorBoard is written."""


@dataclass(eq=False)
class Hooks:
    """The lines that a callback has at each place of a loop; `breaks` ends the training under a condition."""

    before: list[str] = field(default_factory=list)
    batch_begin: list[str] = field(default_factory=list)
    epoch_begin: list[str] = field(default_factory=list)
    batch_end: list[str] = field(default_factory=list)
    epoch_end: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[str]:
        """All its lines."""
        ended = [*self.batch_end, *self.epoch_end, *self.after]
        return [*self.before, *self.epoch_begin, *self.batch_begin, *ended]


@dataclass(eq=False)
class Validation:
    """What a model is judged by after each epoch: one batch of all, or batches."""

    data: Batches | Arrays
    every: str = "1"
    steps: str = ""


@dataclass(eq=False)
class Fit:
    """What a loop has to do; texts are code. `shown`: whether it prints, None where `verbose` says it.

    `weights_of`: `class_weight`. `as_outputs`: the targets have to be brought to the shape of the outputs.
    """

    model: str
    compiled: Compiled
    data: Batches
    epochs: str = "1"
    first: str = ""
    steps: str = ""
    shown: bool | None = True
    verbose: str = ""
    history: str = ""
    validation: Validation | None = None
    hooks: list[Hooks] = field(default_factory=list)
    weights_of: str = ""
    as_outputs: bool = False
    added: bool = False
    """True if the model adds to the loss by itself."""
    own_step: bool = False
    """True if the class of the model has a `train_step` of its own."""
    last: list[str] = field(default_factory=list)
    """The lines at the end of an epoch, behind those of all callbacks."""
    counting: bool = False
    """True if callbacks read what is measured while an epoch runs."""
    logged: set[str] = field(default_factory=set)
    """The keys that callbacks read; "" for all of them."""

    @property
    def losses(self) -> list[Loss]:
        """What the outputs are judged by."""
        return self.compiled.losses

    @property
    def measures(self) -> list[Measure]:
        """What is measured beside."""
        return self.compiled.measures

    @property
    def reports(self) -> bool:
        """True if anything is made of the losses."""
        return bool(self.history) or self.shown is not False or bool(self.logged)
