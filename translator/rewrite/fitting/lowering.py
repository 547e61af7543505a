"""A file of Keras without `compile`, `fit` and `evaluate`: the loops that they hide stand in their place."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.rewrite.comments import carried
from translator.rewrite.fitting import recognised
from translator.rewrite.fitting.calls import Calls, Lowered
from translator.rewrite.fitting.compiled import compiled
from translator.rewrite.fitting.names import with_imports, without_callbacks
from translator.rewrite.fitting.pairing import pair
from translator.rewrite.fitting.predicting import predicted
from translator.rewrite.fitting.refused import RefusedError
from translator.rewrite.functional.changing import replaced
from translator.rewrite.layout import BLANK, leading, led
from translator.source.classes import inherited
from translator.source.facts import Facts, Training
from translator.source.tree import nodes
from translator.source.values import HistoryValue

COMPUTING = {
    "compute_loss": ("x", "y", "y_pred", "sample_weight"),
    "compiled_loss": ("y", "y_pred", "sample_weight", "regularization_losses"),
}
"""The methods by which a step of the file's own asks for the loss, with the order of their arguments."""
_VALUES = frozenset({"predict", *COMPUTING})


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


class _Lowering(Calls):
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


def _in_place_of(
    line: cst.SimpleStatementLine, new: list[cst.BaseStatement]
) -> list[cst.BaseStatement]:
    """Statements under the comments above and inside of a line."""
    if not new:
        nothing = cst.SimpleStatementLine([cst.Pass()], leading_lines=line.leading_lines)
        return [nothing] if any(one.comment for one in line.leading_lines) else []
    return list(carried(line, [led(new[0], line.leading_lines), *new[1:]]))
