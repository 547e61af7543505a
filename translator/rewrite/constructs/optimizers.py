"""Keras's optimizers in torch: built where their parameters exist, with a rate that can be set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Only
from translator.rewrite import build
from translator.rewrite.constructs.reading import mentioned, method_call, small, targets
from translator.rewrite.layout import in_place_of
from translator.rewrite.trained import is_optimizer, optimizer_site, trained
from translator.source.literals import literal_value
from translator.source.objects import Built, ClassInfo, ClassValue, ObjectValue
from translator.source.tree import nodes
from translator.source.values import UNKNOWN, Api, Value, Zipped

if TYPE_CHECKING:
    from translator.rewrite.moves.move import Moved
    from translator.rewrite.rewriter import Rewriter
    from translator.source.bound import Arguments


@dataclass(slots=True)
class Postponed:
    """Optimizers that are built before what they train: `moved` are their places, `after` where they go."""

    moved: set[int] = field(default_factory=set)
    after: dict[int, list[int]] = field(default_factory=dict)


def postponed(rewriter: Rewriter, body: Sequence[cst.BaseStatement]) -> Postponed:
    """torch's optimizer needs its parameters at once: build it below the last of them."""
    found = Postponed()
    for index, statement in enumerate(body):
        inner = small(statement)
        if not isinstance(inner, cst.Assign) or not isinstance(inner.value, cst.Call):
            continue
        if optimizer_site(rewriter, inner.value) is None:
            continue
        if id(inner.value) in rewriter.given_parameters:  # it stands where its model was compiled
            continue
        needed_by = trained(rewriter, inner.value)
        if needed_by is None:
            continue
        needed = mentioned(needed_by)
        rest = list(enumerate(body))[index + 1 :]
        later = [
            i
            for i, other in rest
            if small(other) is not None and (targets(other) & needed or _sets(other, needed_by))
        ]
        uses = [
            i
            for i, other in rest
            if mentioned(other) & targets(statement) or _held(other) & _assigned(statement)
        ]
        if later and (not uses or uses[0] > later[-1]):
            found.moved.add(index)
            found.after.setdefault(later[-1], []).append(index)
        elif later:
            rewriter.given_parameters[id(inner.value)] = None
    return found


def _sets(statement: cst.CSTNode, needed: cst.BaseExpression) -> bool:
    """True if a line sets the attribute whose parameters are needed; of the object itself, any attribute."""
    owner = build.code(needed).removesuffix(".parameters()")
    return any(
        owner == place or owner.startswith(f"{place}.") or (owner == "self" and place != owner)
        for place in _assigned(statement)
    )


def _assigned(statement: cst.CSTNode) -> set[str]:
    """The attributes that a line sets."""
    found = (n.target for n in nodes(statement) if isinstance(n, cst.AssignTarget))
    return {build.code(target) for target in found if isinstance(target, cst.Attribute)}


def _held(statement: cst.CSTNode) -> set[str]:
    return {build.code(node) for node in nodes(statement) if isinstance(node, cst.Attribute)}


def moved(statement: cst.BaseStatement) -> cst.BaseStatement:
    """A statement at another place: its comments go with it, its blank lines do not."""
    leading = [line for line in getattr(statement, "leading_lines", ()) if line.comment]
    return statement.with_changes(leading_lines=leading)


def applied(
    rewriter: Rewriter, statement: cst.CSTNode
) -> tuple[cst.BaseExpression, cst.BaseExpression, cst.BaseExpression] | None:
    """Optimizer, gradients and variables of `optimizer.apply_gradients(zip(gradients, variables))`."""
    found = method_call(statement)
    if found is None or found[1].attr.value != "apply_gradients" or len(found[0].args) != 1:
        return None
    pairs = found[0].args[0].value
    if _is_call_of(pairs, "list") and isinstance(pairs, cst.Call) and len(pairs.args) == 1:
        pairs = pairs.args[0].value
    zipped = rewriter.facts.value(pairs)
    if isinstance(zipped, Zipped) and zipped.call is not None:
        pairs = zipped.call
    if not _is_call_of(pairs, "zip") or not isinstance(pairs, cst.Call) or len(pairs.args) != 2:
        return None
    # what is handed in, `self.d_optimizer = d_optimizer`, is known by the name of this method
    if not isinstance(rewriter.facts.value(found[1].value), Built) and (
        rewriter.facts.value(found[1].value) != UNKNOWN
    ):
        return None
    return found[1].value, pairs.args[0].value, pairs.args[1].value


def _is_call_of(node: cst.BaseExpression, name: str) -> bool:
    return (
        isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == name
    )


def is_rate(rewriter: Rewriter, node: cst.CSTNode) -> bool:
    """True for `optimizer.learning_rate`."""
    if not isinstance(node, cst.Attribute) or node.attr.value not in ("learning_rate", "lr"):
        return False
    return is_optimizer(rewriter.facts.value(node.value))


def rate(rewriter: Rewriter, node: cst.Attribute) -> cst.BaseExpression:
    """`optimizer.param_groups[0]["lr"]`."""
    owner = rewriter.expression(node.value)
    return build.expression('optimizer.param_groups[0]["lr"]', optimizer=owner)


def set_rate(
    rewriter: Rewriter, node: cst.BaseStatement, call: cst.Call, func: cst.Attribute
) -> list[cst.BaseStatement] | None:
    """`optimizer.learning_rate.assign(0.1)`."""
    target = func.value
    if not isinstance(target, cst.Attribute) or not is_rate(rewriter, target):
        return None
    if func.attr.value != "assign" or len(call.args) != 1:
        rewriter.leave(call, Code.UNKNOWN_API, f"{func.attr.value} of a rate has no record")
        return [node]
    value = rewriter.expression(call.args[0].value)
    line = build.statement("rate = value", rate=rate(rewriter, target), value=value)
    assert isinstance(node, cst.SimpleStatementLine)
    return [in_place_of(node, line)]


def around(
    rewriter: Rewriter, bound: Arguments, moved: dict[str, Moved]
) -> list[Callable[[cst.BaseExpression], cst.BaseExpression]]:
    """What is put around an optimizer of torch for that which Keras's does by itself, the innermost first."""
    if rewriter.target != "torch" or "params" not in moved:
        return []
    found = []
    clips = {name: bound.values[name] for name in _CLIPS if _is_given(bound, name)}
    if clips:
        given = [build.argument(rewriter.expression(node), name) for name, node in clips.items()]
        found.append(_wrapping(rewriter, "clipped", _CLIPPED, given))
    if _is_around(bound, "weight_decay") and _is_given(bound, "weight_decay"):
        decay = build.argument(rewriter.expression(bound.values["weight_decay"]))
        found.append(_wrapping(rewriter, "decayed", _DECAYED, [decay]))
    rate = bound.values.get("learning_rate")
    if rate is not None and _is_schedule(rewriter.facts.value(rate)):
        schedule, _ = moved.pop("lr")
        assert isinstance(schedule, cst.BaseExpression)
        found.append(_wrapping(rewriter, "scheduled", _SCHEDULED, [build.argument(schedule)]))
    return found


def _is_around(bound: Arguments, name: str) -> bool:
    """True for an argument that torch's class does not take."""
    return any(isinstance(lens, Only) and lens.tf == name for lens in bound.record.args)


_CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")


def _is_given(bound: Arguments, name: str) -> bool:
    return name in bound.values and literal_value(bound.values[name]) is not None


def _wrapping(
    rewriter: Rewriter, name: str, code: str, arguments: list[cst.Arg]
) -> Callable[[cst.BaseExpression], cst.BaseExpression]:
    helper = rewriter.naming.helper(name, rewriter.naming.spell(code))
    return lambda optimizer: build.call(helper, [cst.Arg(optimizer), *arguments])


def _is_schedule(value: Value) -> bool:
    if isinstance(value, Built):
        return value.site.arguments.spelling.name.startswith(f"{SCHEDULES}.")
    return isinstance(value, ObjectValue) and is_schedule_class(value.info)


def is_schedule_class(info: ClassInfo) -> bool:
    """True for a class of the file that Keras asks for the rate."""
    return any(
        base == Api(f"{SCHEDULES}.LearningRateSchedule")
        or (isinstance(base, ClassValue) and is_schedule_class(base.info))
        for base in info.bases
    )


SCHEDULES = "keras.optimizers.schedules"
_SCHEDULED = '''
def scheduled(optimizer, schedule):
    """An optimizer whose rate before each step is what a schedule gives for the number of steps, as in Keras."""

    def set_rate(*_):
        rate = float(schedule(torch.tensor(set_rate.steps)))
        set_rate.steps += 1
        for group in optimizer.param_groups:
            group["lr"] = rate

    set_rate.steps = 0
    set_rate()
    optimizer.register_step_post_hook(set_rate)
    return optimizer
'''
_DECAYED = '''
def decayed(optimizer, weight_decay):
    """An optimizer that shrinks the weights before each step, as Keras's does."""

    decay = torch.tensor(weight_decay, dtype=torch.float32).item()  # as Keras holds it

    @torch.no_grad()
    def shrink(*_):
        for group in optimizer.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.mul_(1 - group["lr"] * decay)

    optimizer.register_step_pre_hook(shrink)
    return optimizer
'''
_CLIPPED = '''
def clipped(optimizer, clipnorm=None, clipvalue=None, global_clipnorm=None):
    """An optimizer that clips the gradients before each step, as Keras's does."""

    @torch.no_grad()
    def clip(*_):
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        gradients = [p.grad for p in parameters if p.grad is not None]
        norms = [gradient.norm() for gradient in gradients]
        limit = clipnorm
        if clipnorm is None and global_clipnorm is not None:
            limit, norms = global_clipnorm, [torch.stack(norms).norm()] * len(norms)
        for gradient, norm in zip(gradients, norms):
            if limit is not None:
                gradient.mul_(limit / norm.clamp(min=limit))
            else:
                gradient.clamp_(-clipvalue, clipvalue)

    optimizer.register_step_pre_hook(clip)
    return optimizer
'''
