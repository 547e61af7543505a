"""Which `compile` speaks for which `fit`."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.rewrite import build
from translator.rewrite.fitting.compiled import Compiled
from translator.source.facts import Facts, Training
from translator.source.objects import Built, ObjectValue
from translator.source.tree import nodes
from translator.source.values import Value

Known = dict[str, Compiled]
_USING = ("fit", "evaluate", "train_on_batch", "test_on_batch", "compute_loss", "compiled_loss")


def pair(
    tree: cst.Module, facts: Facts, trainings: dict[int, Training], compiled: dict[int, Compiled]
) -> dict[int, Compiled]:
    """By `id` of the calls that train and judge: what their model was compiled with.

    Where `compile` does not stand before the call in the same flow, what it makes is attached to the model.
    """
    for node in facts.optimizers.values():
        for one in compiled.values():
            if same_model(one.training.method.receiver, facts.value(node.value)):
                one.attached = True
    walk = _Walk(trainings, compiled)
    walk.block(tree.body, {})
    for key, training in trainings.items():
        if training.method.name in _USING and key not in walk.pairs:
            found = _by_model(training, list(compiled.values()))
            if found is not None:
                found.computed = found.computed or training.method.name.startswith("comp")
                found.attached = True
                walk.pairs[key] = found
    return walk.pairs


def _by_model(training: Training, compiled: Sequence[Compiled]) -> Compiled | None:
    """The only way in which a model is compiled anywhere."""
    own = [c for c in compiled if same_model(c.training.method.receiver, training.method.receiver)]
    ways = {build.code(c.training.call) for c in own}
    for other in own if len(ways) == 1 else ():
        other.attached = True
    return own[0] if len(ways) == 1 else None


def same_model(a: Value, b: Value) -> bool:
    """True for two values that may be one model."""
    if isinstance(a, ObjectValue) and isinstance(b, ObjectValue):
        return a.info is b.info and (not a.made or not b.made or bool(a.made & b.made))
    return isinstance(a, Built) and a == b


class _Walk:
    """Goes through a file in the order in which it runs, knowing what each model was compiled with last."""

    def __init__(self, trainings: dict[int, Training], compiled: dict[int, Compiled]) -> None:
        self.trainings, self.compiled = trainings, compiled
        self.pairs: dict[int, Compiled] = {}

    def block(self, body: Sequence[cst.CSTNode], known: Known) -> Known:
        """What is known behind a block."""
        for statement in body:
            known = self.statement(statement, known)
        return known

    def statement(self, node: cst.CSTNode, known: Known) -> Known:
        """What is known behind a statement."""
        if isinstance(node, cst.SimpleStatementLine):
            for inner in nodes(node):
                if (training := self.trainings.get(id(inner))) is not None:
                    known = self._called(training, known)
            return known
        inside = dict(known)
        for name in ("body", "orelse", "finalbody", "handlers"):
            part = getattr(node, name, None)
            for suite in part if isinstance(part, list | tuple) else [part]:
                body = getattr(suite, "body", suite)
                if isinstance(suite, cst.IndentedBlock):
                    inside = self.block(suite.body, dict(known) if name != "body" else inside)
                elif isinstance(suite, cst.BaseCompoundStatement):
                    self.statement(suite, dict(known))
                elif isinstance(body, cst.IndentedBlock):
                    self.block(body.body, dict(known))
        if isinstance(node, cst.With):
            return inside
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            return known
        return {model: one for model, one in known.items() if inside.get(model) is one}

    def _called(self, training: Training, known: Known) -> Known:
        model = build.code(training.method.owner)
        if training.method.name == "compile":
            found = self.compiled.get(id(training.call))
            rest = {m: c for m, c in known.items() if m != model}
            return rest if found is None else rest | {model: found}
        one = known.get(model)
        if one is not None and same_model(one.training.method.receiver, training.method.receiver):
            self.pairs[id(training.call)] = one
        return known
