"""The mode of torch's modules where Keras names one at each call: `model.eval()` before a call that infers.

A Keras model infers unless a call says `training=True` or stands inside another model's call; a torch module stays
in the mode that was set last. So a mode is set before each statement that calls a model with dropout or the like,
unless the same one was set just before.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import targets
from translator.rewrite.modes import (
    both_ways,
    default_mode,
    inside_call,
    is_forward,
    is_moded,
    training_argument,
)
from translator.source.literals import literal_value
from translator.source.objects import Built, FunctionInfo, ObjectValue
from translator.source.tree import code_parts, nodes
from translator.source.values import UNKNOWN, Api, MethodValue, Numpy, OneOf, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_INFERRING = frozenset({"predict", "evaluate", "predict_on_batch", "test_on_batch"})


@dataclass(frozen=True, slots=True)
class _Demand:
    """A call that wants its model in a mode: True trains, False infers, an expression says which.

    `late`: the call is not made where its statement stands, but by whoever calls a lambda.
    """

    call: cst.Call
    owner: cst.BaseExpression
    model: Value
    mode: bool | cst.BaseExpression
    late: bool

    @property
    def text(self) -> bool | str:
        """The mode, so that two can be compared."""
        return self.mode if isinstance(self.mode, bool) else build.code(self.mode)


def prepared(rewriter: Rewriter, statement: cst.BaseStatement) -> list[cst.BaseStatement]:
    """The statements that set modes before one; what cannot be set so is noted in `rewriter.unmoded`."""
    if rewriter.target != "torch" or isinstance(statement, cst.FunctionDef | cst.ClassDef):
        return []
    demands = list(_demands(rewriter, _own_calls(statement)))
    if isinstance(statement, cst.For | cst.With) and not demands:
        demands = _of_loop(rewriter, statement)
    for demand in demands:
        if why := _problem(rewriter, statement, demand, demands):
            rewriter.unmoded[id(demand.call)] = why
    written: list[cst.BaseStatement] = []
    for demand in demands:
        if id(demand.call) in rewriter.unmoded:
            continue
        owner = build.code(demand.owner)
        if rewriter.modes.get(owner) == demand.text:
            continue
        rewriter.modes = {o: m for o, m in rewriter.modes.items() if m == demand.text}
        rewriter.modes[owner] = demand.text
        written.append(_setting(rewriter, demand))
    return written


def _of_loop(rewriter: Rewriter, loop: cst.For | cst.With) -> list[_Demand]:
    """What all calls in a block ask for, where that is one mode of one model and nothing in it changes that."""
    calls = [node for node in nodes(loop.body) if isinstance(node, cst.Call)]
    demands = list(_demands(rewriter, ((call, False) for call in calls)))
    asked = {(build.code(d.owner), d.text) for d in demands}
    if len(asked) != 1 or not isinstance(demands[0].mode, bool):
        return []
    root = demands[0].owner
    while isinstance(root, cst.Attribute):
        root = root.value
    inside = [n for n in nodes(loop.body) if isinstance(n, cst.Lambda | cst.FunctionDef | cst.If)]
    own = isinstance(root, cst.Name) and root.value not in targets(loop)
    if not own or inside or any(_may_change(rewriter, call) for call in calls):
        return []
    return demands[:1]


def inside(rewriter: Rewriter, statement: cst.BaseStatement) -> dict[str, bool | str]:
    """The modes that hold throughout a compound statement."""
    if not isinstance(statement, cst.For) or _demands_any(rewriter, statement):
        return {}
    known = {(build.code(d.owner), d.text) for d in _of_loop(rewriter, statement)}
    return {owner: mode for owner, mode in rewriter.modes.items() if (owner, mode) in known}


def _demands_any(rewriter: Rewriter, statement: cst.BaseStatement) -> bool:
    return any(True for _ in _demands(rewriter, _own_calls(statement)))


def forget(rewriter: Rewriter, statement: cst.BaseStatement) -> None:
    """Drop what is known of modes where a statement may have changed them."""
    if not rewriter.modes or isinstance(statement, cst.With):
        return
    calls = [call for call, _ in _own_calls(statement)]
    if not isinstance(statement, cst.SimpleStatementLine) or any(
        _may_change(rewriter, call) for call in calls
    ):
        rewriter.modes = {}


def _setting(rewriter: Rewriter, demand: _Demand) -> cst.BaseStatement:
    model = rewriter.expression(demand.owner)
    if isinstance(demand.mode, bool):
        return build.statement(f"model.{'train' if demand.mode else 'eval'}()", model=model)
    mode = rewriter.expression(demand.mode)
    return build.statement("model.train(mode)", model=model, mode=mode)


def _own_calls(statement: cst.CSTNode) -> Iterator[tuple[cst.Call, bool]]:
    """The calls of a statement itself, those of its blocks left out; True beside those in a lambda or generator."""

    def walk(node: cst.CSTNode, late: bool) -> Iterator[tuple[cst.Call, bool]]:
        if isinstance(node, cst.BaseSuite):
            return
        if isinstance(node, cst.Call):
            yield node, late
            for argument in node.args:
                given = argument.value
                if isinstance(given, cst.GeneratorExp):  # consumed by the call
                    yield from (pair for part in code_parts(given) for pair in walk(part, late))
                else:
                    yield from walk(given, late)
            yield from walk(node.func, late)
            return
        late = late or isinstance(node, cst.Lambda | cst.GeneratorExp)
        for part in code_parts(node):
            yield from walk(part, late)

    yield from walk(statement, False)


def _demands(rewriter: Rewriter, calls: Iterable[tuple[cst.Call, bool]]) -> Iterator[_Demand]:
    for call, late in calls:
        found = _wanted(rewriter, call)
        if found is not None:
            yield _Demand(call, *found, late)


def _wanted(
    rewriter: Rewriter, call: cst.Call
) -> tuple[cst.BaseExpression, Value, bool | cst.BaseExpression] | None:
    """The model that a call runs, and the mode that Keras runs it in; None where the mode does not matter."""
    called = rewriter.facts.value(call.func)
    owner = call.func
    if isinstance(called, MethodValue) and isinstance(call.func, cst.Attribute):
        owner = call.func.value
        own = isinstance(called.receiver, ObjectValue) and not called.receiver.info.is_module
        if called.name in _INFERRING and not own and is_moded(rewriter, called.receiver):
            return owner, called.receiver, False
        if not is_forward(called):
            return None
        called = called.receiver
    given = training_argument(called, call)
    explicit = given is not None and literal_value(given.value) is not None
    known = isinstance(called, Built | ObjectValue | OneOf)
    if not (is_moded(rewriter, called) if known else called == UNKNOWN and explicit):
        return None
    if inside_call(rewriter):
        passed_on = given is not None and build.code(given.value) == "training"
        if not explicit or passed_on:
            return None
    if not explicit or given is None:
        return owner, called, default_mode(called)
    mode = literal_value(given.value)
    return owner, called, bool(mode) if isinstance(mode, int) else given.value


def _problem(
    rewriter: Rewriter, statement: cst.BaseStatement, demand: _Demand, demands: list[_Demand]
) -> str:
    """Why a mode cannot be set before the statement, "" where it can."""
    if demand.late:
        return "the mode has to be set where this is called: do it by hand"
    if not _is_place(demand.owner):
        return "a module that has no name cannot be set to a mode"
    for other in demands:
        same = other.model == demand.model or build.same_code(other.owner, demand.owner)
        if same and other.text != demand.text:
            return "two modes in one statement: split it"
    if isinstance(statement, cst.While):
        inner = [node for node in nodes(statement.body) if isinstance(node, cst.Call)]
        wanted = _demands(rewriter, ((call, False) for call in inner))
        if any(w.text != demand.text for w in wanted) or any(
            _may_change(rewriter, call) for call in inner
        ):
            return "the mode has to be set before each test of the loop: do it by hand"
    if inside_call(rewriter) and _called_otherwise(rewriter, demand):
        return "one layer in two modes in one call: set them by hand"
    if both_ways(rewriter):
        return "this is called by a model and from outside: whether it trains is not known here"
    return ""


def _called_otherwise(rewriter: Rewriter, demand: _Demand) -> bool:
    """True if the class whose method is written calls the same layer with another mode."""
    function: FunctionInfo = rewriter.functions[-1]
    around = function.node if function.owner is None else function.owner.node
    assert around is not None
    for node in nodes(around):
        if isinstance(node, cst.Call) and build.same_code(node.func, demand.call.func):
            given = training_argument(rewriter.facts.value(node.func), node)
            own = training_argument(demand.model, demand.call)
            if (given is None) != (own is None):
                return True
            if given and own and not build.same_code(given.value, own.value):
                return True
    return False


def _is_place(node: cst.BaseExpression) -> bool:
    """True for a name, an attribute or an element of such."""
    while isinstance(node, cst.Attribute | cst.Subscript):
        node = node.value
    return isinstance(node, cst.Name)


def _may_change(rewriter: Rewriter, call: cst.Call) -> bool:
    """True if a call may set the mode of a module: everything but what the frameworks and Python define."""
    called = rewriter.facts.value(call.func)
    if isinstance(called, Api | Built | Numpy | ObjectValue | OneOf):
        return False
    if isinstance(called, MethodValue):
        receiver = called.receiver
        own = isinstance(receiver, ObjectValue) and receiver.info.method(called.name) is not None
        return own or called.name == "fit"
    return not (isinstance(call.func, cst.Name) and hasattr(builtins, call.func.value))
