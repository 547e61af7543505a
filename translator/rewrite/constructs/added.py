"""What Keras adds to the loss by itself, `add_loss` and regularisers, and what it does to weights behind each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.records import holding
from translator.rewrite import build
from translator.rewrite.constructs.reading import method_call
from translator.source.bind import IN_TRAINING
from translator.source.classes import inherited
from translator.source.literals import literal_value
from translator.source.objects import Built, ObjectValue
from translator.source.values import FunctionalValue, MethodValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_ATTRIBUTE = "added_loss"
_HELPER = f'''
def added_losses(model):
    """What the modules of a model have added to the loss in their last call."""
    return [module.{_ATTRIBUTE} for module in model.modules() if hasattr(module, "{_ATTRIBUTE}")]
'''
_WITH_PENALTIES = f'''
def added_losses(model):
    """What the modules of a model have added to the loss in their last call, and the penalties on their parameters."""
    losses = []
    for module in model.modules():
        for name, penalty in getattr(module, "penalties", {{}}).items():
            losses.append(penalty(getattr(module, name)))
        if hasattr(module, "{_ATTRIBUTE}"):
            losses.append(module.{_ATTRIBUTE})
    return losses
'''
_FITTING = frozenset({"fit", "train_on_batch", "compute_loss", "compiled_loss"})
"""Methods by which Keras takes a step that adds these losses."""


def with_penalties(
    rewriter: Rewriter, node: cst.Call, layer: cst.BaseExpression
) -> cst.BaseExpression:
    """A layer with the penalties that its arguments ask for; what else they do in training is told."""
    asked = {
        id(a): _penalties(rewriter, node, "" if a.keyword is None else a.keyword.value, a.value)
        for a in node.args
    }
    by_itself(rewriter, node, frozenset(place for place, found in asked.items() if found))
    penalties = [penalty for found in asked.values() for penalty in found]
    if not penalties:
        return layer
    func = rewriter.naming.helper("penalised", _PENALISED)
    return build.call(func, [build.argument(layer), *penalties])


def by_itself(rewriter: Rewriter, node: cst.Call, done: frozenset[int] = frozenset()) -> None:
    """Tell what the arguments of a layer do in training that torch's layer does not; those that are `done` left out."""
    for argument in node.args:
        name = "" if argument.keyword is None else argument.keyword.value
        if not name.endswith(IN_TRAINING) or literal_value(argument.value) is None:
            continue
        if id(argument) in done:
            continue
        given = build.code(argument.value)
        if name.endswith("constraint"):
            what = f"{name}={given} changes the weights behind each step"
            trained = bool(rewriter.naming.receivers(_STEPPING))
        else:
            what = f"{name}={given} adds to the loss"
            trained = _fits(rewriter) or "losses" in rewriter.naming.mentioned
        if trained:
            rewriter.todo(
                node, Code.UNSUPPORTED_ARGUMENT, f"{what}: write that in the training loop"
            )
        else:
            rewriter.note(node, Code.TRAINING, what)


def _penalties(
    rewriter: Rewriter, node: cst.Call, name: str, given: cst.BaseExpression
) -> list[cst.Arg]:
    """The penalty for each array of torch that a regulariser is about; none where it may not be a sum over elements."""
    if not name.endswith("_regularizer") or literal_value(given) is None:
        return []
    record = rewriter.facts.sites[id(node)].record
    rule = holding(record, "tensorflow", _ARRAYS.get(name.removesuffix("_regularizer"), ""))
    adds = _fits(rewriter) or "losses" in rewriter.naming.mentioned
    if rule is None or record.states or not adds:
        return []
    written = _sum(rewriter, given)
    if written is None:
        return []
    return [build.argument(written, torch) for torch in rule.names("torch")]


_ARRAYS = {
    "kernel": "kernel",
    "depthwise": "kernel",
    "bias": "bias",
    "gamma": "gamma",
    "beta": "beta",
    "embeddings": "embeddings",
}
"""By the name of a regulariser's argument, the array of Keras's layer that it is about."""


def _sum(rewriter: Rewriter, given: cst.BaseExpression) -> cst.BaseExpression | None:
    """A regulariser of Keras as a function of a weight, in whichever order that is stored."""
    text = literal_value(given)
    if isinstance(text, str):
        terms = {"l1": "0.01 * weight.abs().sum()", "l2": "0.01 * weight.square().sum()"}
        own = [term for name, term in terms.items() if name in text.lower().replace("1l2", "1_l2")]
        return build.expression(f"lambda weight: {' + '.join(own)}") if own else None
    if isinstance(given, cst.Call) and str(rewriter.api(given.func)).startswith(_KNOWN):
        written = rewriter.expression(given)
        return written if isinstance(written, cst.Lambda) else None
    return None


_KNOWN = ("keras.regularizers.l", "keras.regularizers.L")
_PENALISED = """
def penalised(layer, **penalties):
    \"\"\"Give a layer penalties on its parameters, functions by their names, which `added_losses` adds up.\"\"\"
    layer.penalties = penalties
    return layer
"""
_STEPPING = _FITTING | {"apply_gradients", "minimize", "apply"}


def _fits(rewriter: Rewriter) -> bool:
    return bool(rewriter.naming.receivers(_FITTING))


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`self.add_loss(loss)` keeps it: torch's loops add what they are to add."""
    found = method_call(node)
    if rewriter.target != "torch" or found is None or found[1].attr.value != "add_loss":
        return None
    call, func = found
    method = rewriter.facts.value(func)
    if not isinstance(method, MethodValue) or not inherited(method.receiver, "add_loss"):
        return None
    owner = rewriter.classes[-1].node if rewriter.classes else None
    several = rewriter.naming.receivers(frozenset({"add_loss"})).count(build.code(func.value)) > 1
    if owner is None or several or len(call.args) != 1 or call.args[0].keyword is not None:
        rewriter.leave(call, Code.UNSUPPORTED_CODE, "what this adds to the loss is not followed")
        return [node]
    if _fits(rewriter):
        why = f"Keras adds it to the loss by itself: add self.{_ATTRIBUTE} in the training loop"
        rewriter.todo(call, Code.UNSUPPORTED_CODE, why)
    else:
        rewriter.note(call, Code.TRAINING, f"add_loss: what is added is kept in self.{_ATTRIBUTE}")
    holes = {"owner": rewriter.expression(func.value)}
    holes["loss"] = rewriter.expression(call.args[0].value)
    line = build.statement(f"owner.{_ATTRIBUTE} = loss", **holes)
    assert isinstance(node, cst.SimpleStatementLine)
    return [node.with_changes(body=line.body)]


def penalty(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`keras.regularizers.L2(1e-4)`: a function of a weight."""
    name = str(rewriter.api(node.func)).rpartition(".")[2].lower().replace("_", "")
    defaults = {own: "0.0" if name == "l1l2" else "0.01" for own in _TERMS if own in name}
    holes: dict[str, cst.BaseExpression] = {}
    for position, given in enumerate(node.args):
        own = list(defaults)[position] if given.keyword is None else given.keyword.value
        key = next(iter(defaults)) if own == "l" else own  # as Keras 2 has it: `l2(l=0.01)`
        if key not in defaults:
            return None
        holes[key] = rewriter.expression(given.value)
    shown = [own for own in defaults if own in holes or name != "l1l2"]
    holes = {own: build.expression(text) for own, text in defaults.items()} | holes
    terms = " + ".join(f"{own} * {_TERMS[own]}" for own in shown)
    return build.expression(f"lambda weight: {terms or '0.0'}", **holes)


_TERMS = {"l1": "weight.abs().sum()", "l2": "weight.square().sum()"}


def itself(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`keras.regularizers.get(regularizer)`: what it is given, a function or None."""
    given = node.args[0].value if len(node.args) == 1 else None
    known = given is not None and not isinstance(literal_value(given), str)
    return rewriter.expression(given) if known and given is not None else None


PLAIN_BASES = frozenset(
    {
        "keras.regularizers.Regularizer",
        "keras.constraints.Constraint",
        "keras.optimizers.schedules.LearningRateSchedule",
        "keras.callbacks.Callback",
        "torch.utils.data.Dataset",
    }
)
"""Classes of the frameworks whose subclasses are called by what the file has, and need no base class for it."""


def without_bases(rewriter: Rewriter, node: cst.ClassDef) -> cst.ClassDef:
    """A class of the file without such bases."""
    kept = [base for base in node.bases if rewriter.api(base.value) not in PLAIN_BASES]
    if len(kept) == len(node.bases):
        return node
    bare = {"lpar": cst.MaybeSentinel.DEFAULT, "rpar": cst.MaybeSentinel.DEFAULT}
    return node.with_changes(bases=kept, **({} if kept else bare))


def losses(rewriter: Rewriter, node: cst.Attribute) -> cst.BaseExpression | None:
    """`model.losses`."""
    value = rewriter.facts.value(node.value)
    if node.attr.value != "losses" or not isinstance(value, Built | ObjectValue | FunctionalValue):
        return None
    if isinstance(value, ObjectValue) and (
        not value.info.is_module or value.info.attribute("losses") is not None
    ):
        return None
    return build.call(helper(rewriter), [cst.Arg(rewriter.expression(node.value))])


def helper(rewriter: Rewriter) -> cst.BaseExpression:
    """The function that collects what a model adds to the loss."""
    given = (a.keyword for site in rewriter.facts.sites.values() for a in site.node.args)
    penalties = any(name is not None and name.value.endswith("regularizer") for name in given)
    text = _WITH_PENALTIES if penalties else _HELPER
    return rewriter.naming.helper("added_losses", text)
