"""Training and evaluation: an argument of each call in Keras, a state of the module in torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.records import Layer
from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, targets
from translator.source.classes import forward_of, owned
from translator.source.functions import parameters
from translator.source.joins import members
from translator.source.layers import told_mode
from translator.source.literals import literal_value
from translator.source.objects import Built, ClassInfo, FunctionInfo, ObjectValue, SuperValue
from translator.source.tree import nodes
from translator.source.values import UNKNOWN, LayerValue, MethodValue, OneOf, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def without_training(rewriter: Rewriter, node: cst.Call) -> cst.Call:
    """`model(x, training=False)`: the call without it; the mode is set before the statement, where it matters."""
    called = rewriter.facts.value(node.func)
    given = training_argument(called, node)
    if why := rewriter.unmoded.get(id(node)):
        rewriter.todo(node, Code.UNSUPPORTED_CODE, why)
        return node
    if given is None:
        return node
    if _is_outside(rewriter, node, given):
        rewriter.todo(node, Code.UNSUPPORTED_CODE, _OUTSIDE)
        return node
    kept = [a for a in node.args if a is not given]
    if kept:
        kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    new = node.with_changes(args=kept)
    rewriter.facts.alias(node, new)
    return new


_OUTSIDE = "this is no part of the module, whose mode it is to follow: make it an attribute of it"


def _is_outside(rewriter: Rewriter, node: cst.Call, given: cst.Arg) -> bool:
    """True for a model of the file that the forward pass of another one tells its own mode."""
    inside = bool(rewriter.functions) and rewriter.functions[-1].is_forward
    if not inside or not isinstance(node.func, cst.Name) or not isinstance(given.value, cst.Name):
        return False
    held = rewriter.facts.module_names.get(node.func.value)
    local = node.func.value in targets(rewriter.functions[-1].node or node)
    return isinstance(held, Built | ObjectValue) and given.value.value == "training" and not local


def is_forward(called: MethodValue) -> bool:
    """True for `model.call` and `super().call`."""
    receiver = called.receiver
    own = owned(receiver, called.name) if isinstance(receiver, ObjectValue | SuperValue) else None
    if own is not None:
        return own.is_forward
    return called.name == "call" and isinstance(receiver, Built | SuperValue)


def training_argument(called: Value, node: cst.Call) -> cst.Arg | None:
    """The argument of a call of a model that says whether it trains."""
    if isinstance(called, MethodValue) and not is_forward(called):
        return None
    if not isinstance(called, MethodValue | Built | ObjectValue | OneOf) and called != UNKNOWN:
        return None
    for given in node.args:
        if given.keyword is not None and given.keyword.value == "training":
            return given
    receiver = called.receiver if isinstance(called, MethodValue) else called
    options = receiver.options if isinstance(receiver, OneOf) else (receiver,)
    if all(isinstance(option, Built) for option in options):
        found = [told_mode(o, node) for o in options if isinstance(o, Built)]
        return found[0] if len(set(map(id, found))) == 1 else None
    forward = forward_of(receiver.info) if isinstance(receiver, ObjectValue) else None
    if forward is None or forward.node is None:
        return None
    names = [p.name.value for p in parameters(forward.node)][1:]
    position = names.index("training") if "training" in names else len(node.args)
    plain = all(a.keyword is None and not a.star for a in node.args[: position + 1])
    return node.args[position] if plain and position < len(node.args) else None


def default_mode(called: Value) -> bool:
    """Whether a model trains where a call does not say it."""
    forward = forward_of(called.info) if isinstance(called, ObjectValue) else None
    if forward is None or forward.node is None:
        return False
    for parameter in parameters(forward.node):
        if parameter.name.value == "training" and parameter.default is not None:
            return literal_value(parameter.default) is True
    return False


def is_moded(rewriter: Rewriter, value: Value, seen: frozenset[ClassInfo] = frozenset()) -> bool:
    """True if something in a module behaves differently in training."""
    if isinstance(value, Built):
        record = value.site.record
        moded = isinstance(record, Layer) and record.moded
        if record.states:  # torch's recurrent layers alone have dropout here
            moded = moded and "dropout" in value.site.arguments.values
        return moded or any(is_moded(rewriter, part, seen) for part in value.site.parts)
    if isinstance(value, ObjectValue) and value.info not in seen:
        deeper = seen | {value.info}
        if (site := value.info.container) is not None and is_moded(rewriter, Built(site), deeper):
            return True
        if _reads_training(rewriter, value.info):
            return True
        return any(is_moded(rewriter, a, deeper) for a in value.info.attributes.values())
    if isinstance(value, LayerValue) and not value.names:
        return True
    return any(is_moded(rewriter, member, seen) for member in members(value))


def _reads_training(rewriter: Rewriter, info: ClassInfo) -> bool:
    """True if a forward pass does more with `training` than to pass it on to its layers."""
    forward = forward_of(info)
    if forward is None or forward.node is None:
        return False
    inside = list(nodes(forward.node.body))
    calls = of_kind(inside, cst.Call)
    passed = {
        id(given.value)
        for node in calls
        if (given := training_argument(rewriter.facts.value(node.func), node)) is not None
    }
    names = of_kind(inside, cst.Name)
    return any(name.value == "training" and id(name) not in passed for name in names)


def mode_name(functions: Sequence[FunctionInfo]) -> cst.BaseExpression | None:
    """`self.training` for the `training` of the forward pass that the innermost of the functions belongs to."""
    for function in reversed(functions):
        node = function.node
        names = [p.name.value for p in parameters(node)] if node is not None else []
        if "training" not in names:
            continue
        if not function.is_forward or node is None or "training" in targets(node.body):
            return None
        return build.name(f"{names[0]}.training")
    return None


def inside_call(rewriter: Rewriter) -> bool:
    """True where what is written runs as a part of a model's call, in the mode of that call."""
    return bool(rewriter.functions) and ways(rewriter.functions[-1]) == {"call"}


def both_ways(rewriter: Rewriter) -> bool:
    """True where what is written runs as a part of a model's call and outside of one."""
    return bool(rewriter.functions) and len(ways(rewriter.functions[-1])) == 2


def in_graph(rewriter: Rewriter) -> bool:
    """True where the size of a batch is read when the graph runs: in classes of models, and what serves them."""
    return any(info.is_module for info in rewriter.classes) or serves_model(rewriter)


def serves_model(rewriter: Rewriter) -> bool:
    """True where what is written may run as a part of a model's call."""
    return bool(rewriter.functions) and "call" in ways(rewriter.functions[-1])


def ways(function: FunctionInfo) -> set[str]:
    """How a function is reached: as a part of a model's call, from outside of one, or both."""
    ways: set[str] = set()
    seen, waiting = {function}, [function]
    while waiting:
        here = waiting.pop()
        if here.is_forward:
            ways.add("call")
            continue
        callers = here.callers - seen
        if here.node is None or not here.callers:
            ways.add("outside")
        seen |= callers
        waiting += callers
    return ways
