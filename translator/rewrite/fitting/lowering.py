"""A file of Keras without `compile`, `fit` and `evaluate`: the loops that they hide stand in their place."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import libcst as cst

from translator.findings import Code
from translator.rewrite.comments import carried
from translator.rewrite.constructs.reading import small, used_names
from translator.rewrite.fitting import recognised
from translator.rewrite.fitting.batch import Step
from translator.rewrite.fitting.batch import training as one_step
from translator.rewrite.fitting.compiled import Compiled, compiled
from translator.rewrite.fitting.fit import NO_GRAD
from translator.rewrite.fitting.loops import fitting, judged
from translator.rewrite.fitting.names import with_imports, without_callbacks
from translator.rewrite.fitting.own_steps import own_method, stepping
from translator.rewrite.fitting.pairing import pair
from translator.rewrite.fitting.predicting import predicted
from translator.rewrite.fitting.refused import RefusedError
from translator.rewrite.fitting.text import Text, indented
from translator.rewrite.functional.changing import replaced
from translator.rewrite.layout import BLANK, leading, led
from translator.rewrite.once import computed_once
from translator.source.classes import inherited
from translator.source.facts import Facts, Training
from translator.source.literals import literal_value
from translator.source.objects import ObjectValue
from translator.source.tree import nodes
from translator.source.values import HistoryValue, Value

_RUNNING = (
    "Keras gives the mean over all batches since reset_metrics, the loop the loss of this batch"
)
COMPUTING = {
    "compute_loss": ("x", "y", "y_pred", "sample_weight"),
    "compiled_loss": ("y", "y_pred", "sample_weight", "regularization_losses"),
}
"""The methods by which a step of the file's own asks for the loss, with the order of their arguments."""
_VALUES = frozenset({"predict", *COMPUTING})
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


def lowered(tree: cst.Module, facts: Facts) -> Lowered | None:
    """The file with loops; None where it trains nothing."""
    trainings = {
        key: training
        for key, training in facts.trainings.items()
        if inherited(training.method.receiver, training.method.name)
    }
    if not trainings:
        return None
    return _Lowering(tree, facts, trainings).run()


class _Lowering:
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

    def run(self) -> Lowered | None:
        for key, training in self.trainings.items():
            if training.method.name == "compile":
                training.width = _width(self.facts, self.trainings, training)
                try:
                    self.compiled[key] = compiled(self.facts, training, self.text)
                except RefusedError as refused:
                    self._refuse(training, str(refused))
        self.pairs = pair(self.tree, self.facts, self.trainings, self.compiled)
        for found in self.compiled.values():
            self._name(found)
        body = self.block(self.tree.body)
        new = self._with_values(self.tree.with_changes(body=body))
        self.result.tree = with_imports(without_callbacks(new, self.facts))
        return self.result

    def _with_values(self, tree: cst.Module) -> cst.Module:
        """The file with other expressions for what `fit` returned and for what `predict` gives."""
        histories = {key for key, node in self.facts.histories.items() if self._kept(node)}
        asked = {k: t for k, t in self.trainings.items() if t.method.name == "predict"}
        judging = {k: t for k, t in self.trainings.items() if t.method.name in COMPUTING}
        if not histories and not asked and not judging:
            return tree

        def change(node: cst.BaseExpression) -> cst.BaseExpression:
            if id(node) in histories and isinstance(node, cst.Attribute):
                return change(node.value)
            training = asked.get(id(node))
            new: cst.CSTNode = replaced(node, change)
            if id(node) in judging and isinstance(new, cst.Call):
                return self._judged(judging[id(node)], new)
            if training is None:
                return new  # type: ignore[return-value]
            assert isinstance(new, cst.Call)
            try:
                made = predicted(self.facts, self.text, training, new)
            except RefusedError as refused:
                self._refuse(training, str(refused))
                self.result.refused[id(new)] = self.result.refused[id(training.call)]
                return new
            for inner in nodes(made):
                self.result.origins.setdefault(id(inner), (inner, training.call))
            return made

        return replaced(tree, change)  # type: ignore[return-value]

    def _judged(self, training: Training, new: cst.Call) -> cst.BaseExpression:
        """`self.compute_loss(y=y, y_pred=y_pred)`: the loss that the model was compiled with."""
        found = self.pairs.get(id(training.call))
        given = {
            a.keyword.value if a.keyword else place: a.value
            for a, place in zip(new.args, COMPUTING[training.method.name], strict=False)
        }
        rest = given.keys() - {"x", "y", "y_pred", "training", "regularization_losses"}
        known = found is not None and len(found.losses) == 1 and not found.losses[0].function
        if not known or found is None or rest or not {"y", "y_pred"} <= given.keys():
            self._refuse(training, f"what {training.method.name} computes is not known here")
            self.result.refused[id(new)] = self.result.refused[id(training.call)]
            return new
        owner = self.text.hole(training.method.owner)
        y, y_pred = self.text.hole(given["y"]), self.text.hole(given["y_pred"])
        made = self.text.expression(f"{owner}.criterion({y}, {y_pred})")
        self.result.origins[id(made)] = (made, training.call)
        return made

    def _kept(self, node: cst.Attribute) -> bool:
        value = self.facts.value(node.value)
        return (
            node.attr.value == "history"
            and isinstance(value, HistoryValue)
            and value.site in self.done
        )

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

    # statements

    def block(self, body: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
        """A block with loops in the place of calls."""
        written: list[cst.BaseStatement] = []
        self.made.append(set())
        for statement in body:
            new = self.statement(statement)
            after_loop = bool(written) and isinstance(written[-1], cst.For) and self._loop_made
            self._loop_made = len(new) != 1 or new[0] is not statement
            if after_loop and new and not leading(new[0]):
                new = [led(new[0], [BLANK]), *new[1:]]
            written += new
        self.made.pop()
        return written

    _loop_made = False

    def statement(self, statement: cst.BaseStatement) -> list[cst.BaseStatement]:
        """One statement."""
        if isinstance(statement, cst.SimpleStatementLine):
            return self._line(statement)
        changes: dict[str, object] = {}
        for name in ("body", "orelse", "finalbody", "handlers"):
            part = getattr(statement, name, None)
            if isinstance(part, list | tuple):
                changes[name] = [self._part(p) for p in part]
            elif isinstance(part, cst.CSTNode):
                changes[name] = self._part(part)
        changes = {n: v for n, v in changes.items() if v is not getattr(statement, n)}
        return [statement.with_changes(**changes) if changes else statement]

    def _part(self, part: cst.CSTNode) -> cst.CSTNode:
        if isinstance(part, cst.IndentedBlock):
            outer, self._loop_made = self._loop_made, False
            body = self.block(part.body)
            self._loop_made = outer
            same = len(body) == len(part.body) and all(
                a is b for a, b in zip(body, part.body, strict=True)
            )
            if same:
                return part
            return part.with_changes(body=body or [cst.SimpleStatementLine([cst.Pass()])])
        if isinstance(part, cst.BaseCompoundStatement):
            return self.statement(part)[0]
        inner = getattr(part, "body", None)
        if isinstance(inner, cst.IndentedBlock):
            new = self._part(inner)
            return part if new is inner else part.with_changes(body=new)
        return part

    def _line(self, line: cst.SimpleStatementLine) -> list[cst.BaseStatement]:
        found = (self.trainings.get(id(n)) for n in nodes(line))
        called = [t for t in found if t is not None and t.method.name not in _VALUES]
        if not called:
            return [line]
        if len(called) > 1 or len(line.body) > 1:
            for training in called:
                self._refuse(training, "give each call of fit and its kin a line of its own")
            return [line]
        training, inner = called[0], line.body[0]
        name = training.method.name
        if id(training.call) in self.result.refused:
            return [line]
        try:
            if name == "compile":
                if not isinstance(inner, cst.Expr):
                    raise RefusedError("compile gives nothing: write it on a line of its own")
                new = self._compile(self.compiled[id(training.call)])
            elif name == "fit":
                new = self._fit(line, training)
            elif name == "evaluate":
                new = self._evaluate(line, training)
            elif name in ("train_on_batch", "test_on_batch"):
                new = self._on_batch(line, training)
            else:
                raise RefusedError(f"{name} is not converted: write its step by hand")
        except RefusedError as refused:
            self._refuse(training, str(refused))
            return [line]
        placed = _in_place_of(line, new)
        for statement in placed:
            for node in nodes(statement):
                self.result.origins.setdefault(id(node), (node, training.call))
        return placed

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


def _width(facts: Facts, trainings: dict[int, Training], training: Training) -> int | None:
    """How many numbers a model gives for each sample."""
    from translator.knowledge.shapes import number
    from translator.rewrite.fitting.pairing import same_model
    from translator.source.values import TensorValue

    for other in trainings.values():
        if same_model(other.method.receiver, training.method.receiver):
            outputs = recognised.outputs_of(facts, other)
            if isinstance(outputs, TensorValue) and outputs.shape:
                width = number(outputs.shape[-1])
                if width is not None:
                    return width
    return recognised.last_width(training.method.receiver)


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


def _in_place_of(
    line: cst.SimpleStatementLine, new: list[cst.BaseStatement]
) -> list[cst.BaseStatement]:
    """Statements under the comments above and inside of a line."""
    if not new:
        nothing = cst.SimpleStatementLine([cst.Pass()], leading_lines=line.leading_lines)
        return [nothing] if any(one.comment for one in line.leading_lines) else []
    return list(carried(line, [led(new[0], line.leading_lines), *new[1:]]))


def _freezes(node: cst.CSTNode) -> bool:
    """True for `model.trainable`."""
    return isinstance(node, cst.Attribute) and node.attr.value == "trainable"
