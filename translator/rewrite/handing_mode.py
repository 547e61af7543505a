"""The mode on its way through a model's own methods: an argument in Keras where torch has a state of the module.

Inside a call of the model Keras hands it on by itself. A method that is reached from elsewhere as well takes it as an
argument, `training=None`: None stands for the mode of the call that runs. One that reads `self.training` is told it;
its default is that of torch, which is training, where something else than a forward pass may call it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.reading import targets
from translator.rewrite.modes import inside_call, is_moded, ways
from translator.source.classes import closure
from translator.source.functions import parameters
from translator.source.objects import Built, FunctionInfo, ObjectValue
from translator.source.tree import nodes
from translator.source.values import MethodValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def with_training(
    rewriter: Rewriter, called: Value, node: cst.BaseExpression, source: cst.Call
) -> cst.BaseExpression:
    """A call of a module with dropout: torch has set its mode before, Keras is told it here."""
    if rewriter.target != "tensorflow" or not isinstance(node, cst.Call):
        return node
    if not is_moded(rewriter, called) or inside_call(rewriter):
        return node
    return _told(rewriter, node, source)


def _told(rewriter: Rewriter, node: cst.Call, source: cst.Call, default: str = "False") -> cst.Call:
    """A call with the mode that holds where it stands; `default` is what the called takes by itself."""
    from translator.rewrite.constructs import states

    here = rewriter.functions[-1] if rewriter.functions else None
    if here is not None and (_is_open(rewriter, here) or _asks(rewriter, here)):
        rewriter.asking_mode.add(id(here.node))
        return _with(node, "training")
    trains = states.trains(rewriter, source.func)
    if trains is None and not rewriter.recording:
        why = "whether the model trains here is not known: say it by training="
        rewriter.todo(source, Code.UNSUPPORTED_CODE, why)
        return node
    wanted = str(trains is not False)
    return node if wanted == default else _with(node, wanted)


def _with(node: cst.Call, mode: str) -> cst.Call:
    return node.with_changes(args=[*node.args, build.argument(build.name(mode), "training")])


def mode_argument(rewriter: Rewriter, node: cst.Attribute) -> cst.BaseExpression | None:
    """`training` for the `self.training` of a model's method, which takes it as an argument in Keras."""
    owner = rewriter.facts.value(node.value)
    if node.attr.value != "training" or not isinstance(owner, ObjectValue):
        return None
    if not owner.info.is_module or owner.info.attribute("training") is not None:
        return None
    here = rewriter.functions[-1] if rewriter.functions else None
    if (
        here is None
        or here.node is None
        or not _takes(rewriter, here)
        or here.owner is not owner.info
    ):
        why = "the mode is no attribute there but an argument of the call: hand it on"
        rewriter.todo(node, Code.UNSUPPORTED_CODE, why)
        return node
    rewriter.asking_mode.add(id(here.node))
    return build.name("training")


def _takes(rewriter: Rewriter, function: FunctionInfo) -> bool:
    """True for a forward pass, and for a method that can be told the mode."""
    if function.node is None or rewriter.once(_binds_training, function.node):
        return False
    return function.is_forward or _may_take(rewriter, function)


def _may_take(rewriter: Rewriter, function: FunctionInfo) -> bool:
    """True for a method of a model, no forward pass, that can get one more parameter."""
    if not isinstance(function.node, cst.FunctionDef) or rewriter.once(
        _binds_training, function.node
    ):
        return False
    module = function.owner is not None and function.owner.is_module
    special = function.decorator or function.name.startswith("__") or function.is_forward
    return module and not special


def _is_open(rewriter: Rewriter, function: FunctionInfo) -> bool:
    """True for a method whose mode depends on who calls it."""
    reached = ways(function)
    return _may_take(rewriter, function) and (
        len(reached) == 2 or (rewriter.infers and reached != {"call"})
    )


def _binds_training(rewriter: Rewriter, node: cst.FunctionDef | cst.Lambda) -> bool:
    if "training" not in rewriter.naming.mentioned:
        return False
    return "training" in {p.name.value for p in parameters(node)} | targets(node.body)


@dataclass(frozen=True, slots=True)
class _Uses:
    """What a method does with the mode: `reads` of `self.training`, `layers` that have one, methods that it `calls`."""

    reads: bool
    layers: bool
    calls: tuple[FunctionInfo, ...]


def _uses(rewriter: Rewriter, node: cst.FunctionDef) -> _Uses:
    reads, layers, calls = False, False, []
    for inner in nodes(node.body):
        if type(inner) is cst.Attribute and inner.attr.value == "training":
            owner = rewriter.facts.value(inner.value)
            reads = reads or (isinstance(owner, ObjectValue) and owner.info.is_module)
        elif type(inner) is cst.Call:
            layer = rewriter.facts.layer_calls.get(id(inner))
            value = rewriter.facts.value(inner.func) if layer is None else Built(layer[0])
            called = _method(rewriter, inner)
            if called is not None:
                calls.append(called)
            elif not layers and not isinstance(value, MethodValue):
                layers = is_moded(rewriter, value)
    return _Uses(reads, layers, tuple(calls))


def _asks(rewriter: Rewriter, function: FunctionInfo, seen: frozenset[int] = frozenset()) -> bool:
    """True for a method, no forward pass, that reads `self.training` or calls one that does."""
    if id(function) in seen or not _may_take(rewriter, function):
        return False
    if "training" not in rewriter.naming.mentioned:
        return False
    assert isinstance(function.node, cst.FunctionDef)
    uses, deeper = rewriter.once(_uses, function.node), seen | {id(function)}
    return uses.reads or any(_asks(rewriter, called, deeper) for called in uses.calls)


def _follows(
    rewriter: Rewriter, function: FunctionInfo, seen: frozenset[int] = frozenset()
) -> bool:
    """True for a method whose mode depends on who calls it, and that runs layers that have one."""
    if id(function) in seen or not _is_open(rewriter, function):
        return False
    assert isinstance(function.node, cst.FunctionDef)
    uses, deeper = rewriter.once(_uses, function.node), seen | {id(function)}
    return uses.layers or any(_follows(rewriter, called, deeper) for called in uses.calls)


def _method(rewriter: Rewriter, node: cst.Call) -> FunctionInfo | None:
    """The method of the file that a call runs."""
    called = rewriter.facts.value(node.func)
    return closure(called) if isinstance(called, MethodValue) else None


def handing_on(rewriter: Rewriter, node: cst.Call, new: cst.BaseExpression) -> cst.BaseExpression:
    """`self.outputs(x)` with the mode, where that method takes it."""
    if rewriter.target != "tensorflow" or not isinstance(new, cst.Call):
        return new
    called = _method(rewriter, node)
    if called is None:
        return new
    if _asks(rewriter, called):
        here = rewriter.functions[-1] if rewriter.functions else None
        if here is not None and here.node is not None and _takes(rewriter, here):
            rewriter.asking_mode.add(id(here.node))
            return _with(new, "training")
        return _unless_training(rewriter, node, new)
    if inside_call(rewriter) or not _follows(rewriter, called):
        return new
    default = _default(rewriter, called)
    return _told(rewriter, new, node, "False" if default == "None" else default)


def _unless_training(rewriter: Rewriter, node: cst.Call, new: cst.Call) -> cst.Call:
    """A call of a method that trains unless it is told otherwise, from outside of a model."""
    from translator.rewrite.constructs import states

    trains = states.trains(rewriter, node.func)
    return _with(new, "False") if trains is False else new


def taking_mode(rewriter: Rewriter, info: FunctionInfo, node: cst.FunctionDef) -> cst.FunctionDef:
    """A method with `training` behind its parameters, the mode that Keras fills in at each call of a model."""
    given = cst.Param(
        cst.Name("training"), default=build.name(_default(rewriter, info)), equal=build.TIGHT
    )
    params = node.params
    if params.kwonly_params or isinstance(params.star_arg, cst.Param):
        kept = [*params.kwonly_params, given]
        return node.with_changes(params=params.with_changes(kwonly_params=kept))
    return node.with_changes(params=params.with_changes(params=[*params.params, given]))


def _default(rewriter: Rewriter, info: FunctionInfo) -> str:
    if info.is_forward or ways(info) == {"call"}:
        return "False"
    return "True" if _asks(rewriter, info) or ways(info) == {"outside"} else "None"
