"""The loops in the place of single calls: `compile`, `fit`, `evaluate`, `train_on_batch`."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import libcst as cst

from translator.findings import Code
from translator.rewrite.constructs.reading import small, used_names
from translator.rewrite.fitting import recognised
from translator.rewrite.fitting.batch import Step
from translator.rewrite.fitting.batch import training as one_step
from translator.rewrite.fitting.compiled import Compiled
from translator.rewrite.fitting.fit import NO_GRAD
from translator.rewrite.fitting.loops import fitting, judged
from translator.rewrite.fitting.own_steps import own_method, stepping
from translator.rewrite.fitting.refused import RefusedError
from translator.rewrite.fitting.text import Text, indented
from translator.rewrite.functional.changing import replaced
from translator.rewrite.layout import BLANK, led
from translator.rewrite.once import computed_once
from translator.source.facts import Facts, Training
from translator.source.literals import literal_value
from translator.source.objects import ObjectValue
from translator.source.tree import nodes
from translator.source.values import Value

_RUNNING = (
    "Keras gives the mean over all batches since reset_metrics, the loop the loss of this batch"
)
Refused = dict[int, tuple[Code, str]]


@dataclass(eq=False)
class Lowered:
    """What came of a file.

    `origins`: by `id` of what was put in, that and what of the source it stands for. `optimizers`: by `id` of their
    constructor calls, what they train, in torch. `refused`: by `id` of a call, why it stays.
    """

    tree: cst.Module
    origins: dict[int, tuple[cst.CSTNode, cst.CSTNode]] = field(default_factory=dict)
    optimizers: dict[int, cst.BaseExpression] = field(default_factory=dict)
    refused: Refused = field(default_factory=dict)
    notes: list[tuple[cst.CSTNode, str]] = field(default_factory=list)
    """What there is to say of the loops."""


class Calls:
    """What came of the calls of a file so far, and what is written for the next one."""

    def __init__(self, tree: cst.Module, facts: Facts, trainings: dict[int, Training]) -> None:
        self.tree, self.facts, self.trainings = tree, facts, trainings
        self.text = Text(used_names(nodes(tree)))
        self.result = Lowered(tree)
        self.pairs: dict[int, Compiled] = {}
        self.compiled: dict[int, Compiled] = {}
        self.made: list[set[str]] = []
        """The lines that have made losses, by block."""
        self.done: set[int] = set()
        """`id` of the calls of `fit` whose loops are written."""

    def _refuse(self, training: Training, why: str) -> None:
        self.result.refused[id(training.call)] = (Code.UNSUPPORTED_ARGUMENT, why)

    def _name(self, found: Compiled) -> None:
        """Choose how what `compile` makes is called; only the optimizer is kept on the model, for its state."""
        fresh = self.text.own if found.attached else self.text.fresh

        def named(node: cst.BaseExpression, wanted: str) -> str:
            return node.value if isinstance(node, cst.Name) else fresh(wanted)

        found.optimizer_name = "optimizer"
        if not found.attached:
            found.optimizer_name = named(found.optimizer, "optimizer")
        for loss in found.losses:
            suffix = f"_{loss.output}" if loss.output else loss.place.strip("[]")
            loss.name = named(loss.node, f"criterion{suffix}")
        for measure in found.measures:
            if measure.function is None and not measure.accuracy:
                plain = "".join(c if c.isidentifier() else "_" for c in measure.key)
                measure.name = fresh(plain)

    def _optimizer(self, found: Compiled, owner: cst.BaseExpression) -> str:
        """How the optimizer is called where `owner` stands for the model."""
        if not found.attached:
            return found.optimizer_name
        if not isinstance(owner, cst.Name | cst.Attribute):
            raise RefusedError("give the model a name before it is trained or judged")
        return f"{self.text.hole(owner)}.optimizer"

    def _judges(self, found: Compiled) -> list[str]:
        """The lines that make the losses and metrics."""
        pairs = [(loss.name, loss.node) for loss in found.losses]
        for measure in found.measures:
            if measure.made is not None:
                pairs.append((measure.name, measure.made))
            elif measure.is_loss:
                node = cst.parse_expression(f"keras.losses.{measure.kind}()")
                pairs.append((measure.name, node))
        named = [
            (n, node) for n, node in pairs if not (isinstance(node, cst.Name) and node.value == n)
        ]
        return [f"{name} = {self.text.hole(node)}" for name, node in named]

    def _made_here(self, found: Compiled, training: Training) -> list[str]:
        """The lines that make losses and metrics where `compile` stands elsewhere, unless they were just made."""
        if not found.attached:
            return []
        names = {
            name
            for loss in found.losses
            for name in used_names(nodes(loss.node))
            if not hasattr(builtins, name)
        }
        names -= {"keras", "tf"} | self.facts.module_names.keys()
        same = training.function is found.training.function
        if names and not same:
            raise RefusedError(f"what {names.pop()} of the loss is, is not known here")
        lines = self._judges(found)
        known = {line for made in self.made for line in made}
        self.made[-1] |= set(lines)
        return [line for line in lines if line not in known]

    def _compile(self, found: Compiled) -> list[cst.BaseStatement]:
        name = self._optimizer(found, found.training.method.owner)
        alone = isinstance(found.optimizer, cst.Name) and found.optimizer.value == name
        lines = [] if alone else [f"{name} = {self.text.hole(found.optimizer)}"]
        lines += [] if found.attached else self._judges(found)
        if found.computed:
            owner = self.text.hole(found.training.method.owner)
            lines += [f"{owner}.criterion = {self.text.hole(one.node)}" for one in found.losses[:1]]
        written = self.text.statements(lines) if lines else []
        model = self.text.hole(found.training.method.owner)
        optimizer = small(written[0]) if written else None
        if isinstance(optimizer, cst.Assign) and isinstance(optimizer.value, cst.Call):
            trained = self.text.expression(f"{model}.parameters()")
            self.result.optimizers[id(optimizer.value)] = trained
        return written

    def _fit(self, line: cst.SimpleStatementLine, training: Training) -> list[cst.BaseStatement]:
        model = training.method.receiver
        own = own_method(model, "train_step")
        if own is None:
            _refuse_own(model, ("compute_loss", "test_step", "train_on_batch"))
        found = self._of(training) if own is None else self._perhaps(training)
        inner = line.body[0]
        alone = isinstance(inner, cst.Assign) and inner.value is training.call
        history, after = "", False
        if alone and isinstance(inner, cst.Assign) and len(inner.targets) == 1:
            target = inner.targets[0].target
            history = target.value if isinstance(target, cst.Name) else ""
        if (not history and not isinstance(inner, cst.Expr)) or (
            isinstance(inner, cst.Expr) and inner.value is not training.call
        ):
            history, after = self.text.fresh("history"), True
        if after and not computed_once(inner, training.call):
            raise RefusedError("fit is made here only sometimes: write it on a line of its own")
        fit = recognised.fit(self.facts, self.text, found, training, history)
        if own is not None and isinstance(model, ObjectValue):
            texts = stepping(self.text, fit, model.info)
        else:
            texts = [*self._made_here(found, training), *fitting(self.text, fit)]
        lines = self.text.statements(texts)
        loops = [isinstance(s, cst.For) for s in lines]
        written = [
            led(s, [BLANK]) if i and (loops[i] or loops[i - 1]) else s for i, s in enumerate(lines)
        ]
        self.done.add(id(training.call))
        if after:
            rest = _with(line, training.call, cst.Name(history))
            written.append(led(rest, [BLANK]))
        return written

    def _evaluate(
        self, line: cst.SimpleStatementLine, training: Training
    ) -> list[cst.BaseStatement]:
        _refuse_own(training.method.receiver, ("compute_loss", "test_step"))
        found = self._of(training)
        inner = line.body[0]
        if not computed_once(inner, training.call):
            raise RefusedError("evaluate is made here only sometimes: write it on its own line")
        if len(found.losses) > 1 and not isinstance(inner, cst.Expr):
            raise RefusedError(
                "evaluate of several outputs gives a loss for each: write it by hand"
            )
        data, as_outputs, call = recognised.evaluated(self.facts, self.text, found, training)
        model = self.text.hole(training.method.owner)
        steps = call.get("steps")
        names = _names(inner, training.call)
        lines, means = judged(
            self.text,
            found,
            model,
            data,
            steps="" if steps is None else self.text.hole(steps),
            as_outputs=as_outputs,
            prefix="test_",
            called=names,
        )
        made = self._made_here(found, training)
        written = self.text.statements([*made, *lines.before, *lines.lines])
        if literal_value(call.get("return_dict")) is True:
            value = f"{{{', '.join(f'{chr(34)}{k}{chr(34)}: {v}' for k, v in means.items())}}}"
        elif len(means) > 1:
            value = f"[{', '.join(means.values())}]"
        else:
            value = next(iter(means.values()))
        if isinstance(inner, cst.Expr) and inner.value is training.call:
            if literal_value(call.get("verbose")) == 0:
                return written
            shown = ", ".join(f"{k} {{{v}:.4f}}" for k, v in means.items())
            return [*written, *self.text.statements([f'print(f"{shown}")'])]
        if names and list(means.values()) == names:
            return written
        given = self.text.expression(value)
        rest = _with(line, training.call, given)
        last = small(rest)
        if isinstance(last, cst.Assign) and isinstance(given, cst.List) and last.value is given:
            target = last.targets[0].target
            if isinstance(target, cst.Tuple | cst.List):
                bare = cst.Tuple(given.elements, lpar=[], rpar=[])
                rest = rest.with_changes(body=[last.with_changes(value=bare)])
        return [*written, led(rest, [])]

    def _on_batch(
        self, line: cst.SimpleStatementLine, training: Training
    ) -> list[cst.BaseStatement]:
        """`loss = model.train_on_batch(x, y)`: one step."""
        inner = line.body[0]
        if not computed_once(inner, training.call):
            raise RefusedError(f"{training.method.name} is made here only sometimes")
        _refuse_own(training.method.receiver, ("compute_loss", "train_step", "test_step"))
        if any(_freezes(node) for node in nodes(self.tree)):
            raise RefusedError("what train_on_batch leaves untrained is not known: write its step")
        found = self._of(training)
        if found.measures or len(found.losses) != 1:
            raise RefusedError(f"{training.method.name} with metrics is not converted")
        batches, lines, as_outputs = recognised.on_batch(self.facts, self.text, found, training)
        model = self.text.hole(training.method.owner)
        added = recognised.adds(training.method.receiver)
        step = Step(self.text, found, model, batches, as_outputs, added)
        if training.method.name == "train_on_batch":
            lines += one_step(step, found.optimizer_name, None)
        else:
            judging, _, _ = step.judged(training=False, measured=False)
            lines += [f"with {NO_GRAD}():", *indented(judging)]
        written = self.text.statements([*self._made_here(found, training), *lines])
        if isinstance(inner, cst.Expr) and inner.value is training.call:
            return written
        self.result.notes.append((training.call, _RUNNING))
        value = self.text.expression(f"{self.text.own('loss')}.numpy()")
        return [*written, led(_with(line, training.call, value), [])]

    def _perhaps(self, training: Training) -> Compiled:
        """What a model is compiled with whose own step may need nothing of it."""
        if id(training.call) in self.pairs:
            return self._of(training)
        return Compiled(training, training.method.owner, [], [])

    def _of(self, training: Training) -> Compiled:
        """What the model of a call is compiled with.

        Raises:
            RefusedError: that is not known.
        """
        found = self.pairs.get(id(training.call))
        if found is None:
            name = training.method.name
            raise RefusedError(f"what {name} trains or judges this model by is not known here")
        if id(found.training.call) in self.result.refused:
            raise RefusedError(f"{training.method.name} is left with the compile of its model")
        return replace(found, optimizer_name=self._optimizer(found, training.method.owner))


def _refuse_own(model: Value, names: Sequence[str]) -> None:
    """Leave a model to a person whose class replaces what the loop would do."""
    for name in names:
        if own_method(model, name) is not None:
            raise RefusedError(f"what a model's own {name} does is not followed: write the loop")


def _names(inner: cst.BaseSmallStatement, call: cst.Call) -> list[str]:
    """The names that a line gives to what a call returns."""
    if not isinstance(inner, cst.Assign) or inner.value is not call or len(inner.targets) > 1:
        return []
    target = inner.targets[0].target
    several = isinstance(target, cst.Tuple | cst.List)
    parts = [e.value for e in target.elements] if several else [target]  # type: ignore[attr-defined]
    names = [part.value for part in parts if isinstance(part, cst.Name)]
    return names if len(names) == len(parts) and len(set(names)) == len(names) else []


def _with(
    line: cst.SimpleStatementLine, node: cst.Call, new: cst.BaseExpression
) -> cst.SimpleStatementLine:
    """A line with something else in the place of a call."""

    def change(inner: cst.BaseExpression) -> cst.BaseExpression:
        return new if inner is node else replaced(inner, change)  # type: ignore[return-value]

    return replaced(line, change)  # type: ignore[return-value]


def _freezes(node: cst.CSTNode) -> bool:
    """True for `model.trainable`."""
    return isinstance(node, cst.Attribute) and node.attr.value == "trainable"
