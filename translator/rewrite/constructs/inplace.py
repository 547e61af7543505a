"""What torch changes in place: TensorFlow's tensors do not change, so the name is bound to the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Tensor
from translator.knowledge.records import Layer
from translator.rewrite import build
from translator.rewrite.constructs.found import undata
from translator.rewrite.constructs.reading import small
from translator.rewrite.constructs.views import VIEWS
from translator.source.functions import parameters
from translator.source.literals import NONE, literal_value
from translator.source.made import argument
from translator.source.tree import nodes
from translator.source.values import Api, MethodValue, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_LEFT = "tensors do not change in place there: assign the new one to every name that it has"


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`x.relu_()` and `F.relu(x, inplace=True)` on a line of their own; `x = x.relu_()`."""
    inner = small(node)
    if rewriter.target != "tensorflow" or not isinstance(node, cst.SimpleStatementLine):
        return None
    if type(inner) is cst.AugAssign:
        seen = seen_elsewhere(rewriter, inner.target)
        return [_left(rewriter, node)] if seen else None
    if type(inner) is cst.Assign and type(inner.value) is cst.Call:
        changed = _changed(rewriter, inner.value)
        names = [build.code(target.target) for target in inner.targets]
        if changed is None or names == [build.code(changed)] or _is_new(rewriter, changed):
            return None
        value = rewriter.facts.value(changed)
        leaf = isinstance(value, TensorValue) and value.leaf
        if leaf or not isinstance(changed, cst.Name) or seen_elsewhere(rewriter, changed):
            return [_left(rewriter, node)]
        return _both(rewriter, node, inner, changed)
    if type(inner) is not cst.Expr or type(inner.value) is not cst.Call:
        return None
    if (line := _filled(rewriter, node, inner.value)) is not None:
        return [line]
    changed = _changed(rewriter, inner.value)
    while isinstance(changed, cst.Call):  # `x.add_(y).mul_(2)`
        changed = _changed(rewriter, changed)
    if changed is None:
        return None
    if not isinstance(changed, cst.Name) or seen_elsewhere(rewriter, changed):
        return [_left(rewriter, node)]
    value = rewriter.facts.value(changed)
    leaf = isinstance(value, TensorValue) and value.leaf
    if not leaf and (short := _augmented(rewriter, changed, inner.value)) is not None:
        return [node.with_changes(body=short.body)]
    text = f"{changed.value}.assign(value)" if leaf else f"{changed.value} = value"
    line = build.statement(text, value=rewriter.expression(inner.value))
    return [node.with_changes(body=line.body)]


def _both(
    rewriter: Rewriter, node: cst.SimpleStatementLine, inner: cst.Assign, changed: cst.Name
) -> list[cst.BaseStatement] | None:
    """`y = F.relu(x, inplace=True)`: x is the new tensor as well, where anything may read it after that."""
    here = rewriter.functions[-1].node if rewriter.functions else None
    code = list(nodes(here.body)) if here is not None else []
    places = [index for index, part in enumerate(code) if part is inner.value]
    looping = any(isinstance(part, cst.For | cst.While) for part in code)
    later = code[places[0] + len(list(nodes(inner.value))) :] if places else code
    if places and not looping and not any(build.same_code(part, changed) for part in later):
        return None
    new = rewriter.parts(inner)
    targets = [*new.targets, cst.AssignTarget(cst.Name(changed.value))]
    return [node.with_changes(body=[new.with_changes(targets=targets)])]


def _is_new(rewriter: Rewriter, node: cst.BaseExpression) -> bool:
    """True for a tensor that is made on the spot, so that nothing else holds it: `torch.empty(3)`, `a + b`."""
    if isinstance(node, cst.BinaryOperation):
        return True
    if not isinstance(node, cst.Call):
        return False
    if id(node) in rewriter.facts.layer_calls:
        record = rewriter.facts.layer_calls[id(node)][0].record
        return record.order == "wants" or (isinstance(record, Layer) and bool(record.weights))
    if (changed := _changed(rewriter, node)) is not None:
        return _is_new(rewriter, changed)
    if not isinstance(node.func, cst.Attribute):
        return False
    name = node.func.attr.value
    if isinstance(rewriter.facts.value(node.func), MethodValue):
        return name.startswith("new_") or (id(node) in rewriter.facts.calls and _computes(name))
    called = rewriter.facts.calls.get(id(node))
    takes = called is None or any(isinstance(lens, Tensor) for lens in called.record.args)
    return not takes or (called is not None and _computes(name))


_ITSELF = frozenset(
    "to type float double half int long bool cpu cuda type_as dropout alpha_dropout".split()
)
"""What may give the very tensor that it is given."""


def _computes(name: str) -> bool:
    """True for a function or method that gives a tensor of its own."""
    return name not in VIEWS and name not in _ITSELF and not name.endswith("_")


def _left(rewriter: Rewriter, node: cst.SimpleStatementLine) -> cst.SimpleStatementLine:
    rewriter.leave(node, Code.UNSUPPORTED_CODE, _LEFT)
    return node


def seen_elsewhere(rewriter: Rewriter, name: cst.BaseExpression) -> bool:
    """True if a change of a tensor in place shows under another name: a second one, or the caller's."""
    value = rewriter.facts.value(name)
    if not isinstance(name, cst.Name) or not isinstance(value, TensorValue) or value.leaf:
        return False
    here = rewriter.functions[-1] if rewriter.functions else rewriter.facts.module
    if any(name.value in pair for pair in here.aliases):
        return True
    given = here.node is not None and name.value in {p.name.value for p in parameters(here.node)}
    return given and here.result == NONE


_FILLED = {"fill_": "x = keras.ops.full_like(x, value)", "zero_": "x = tf.zeros_like(x)"}


def _filled(
    rewriter: Rewriter, node: cst.SimpleStatementLine, call: cst.Call
) -> cst.SimpleStatementLine | None:
    """`label.fill_(0.0)` and `x.zero_()` on a tensor that is no variable."""
    func = call.func
    if not isinstance(func, cst.Attribute) or func.attr.value not in _FILLED:
        return None
    value = rewriter.facts.value(func.value)
    if not isinstance(value, TensorValue) or value.leaf:
        return None
    given = func.attr.value == "fill_"
    if len(call.args) != given or any(a.keyword or a.star for a in call.args):
        return None
    if not isinstance(func.value, cst.Name) or seen_elsewhere(rewriter, func.value):
        return _left(rewriter, node)
    text = rewriter.naming.spell(_FILLED[func.attr.value])
    filling = {"value": rewriter.expression(call.args[0].value)} if given else {}
    line = build.statement(text, x=func.value, **filling)
    return node.with_changes(body=line.body)


_OPERATORS = {"add_": "+=", "sub_": "-=", "mul_": "*=", "div_": "/="}


def _augmented(
    rewriter: Rewriter, name: cst.Name, call: cst.Call
) -> cst.SimpleStatementLine | None:
    """`x.add_(2)` as `x += 2`."""
    method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
    alone = isinstance(call.func, cst.Attribute) and call.func.value is name
    if (
        not alone
        or method not in _OPERATORS
        or len(call.args) != 1
        or call.args[0].keyword is not None
    ):
        return None
    text = f"{name.value} {_OPERATORS[method]} value"
    return build.statement(text, value=rewriter.expression(call.args[0].value))


def _changed(rewriter: Rewriter, call: cst.Call) -> cst.BaseExpression | None:
    """The tensor that a call changes, None where it changes none."""
    if id(call) in rewriter.facts.in_place:
        if isinstance(rewriter.facts.value(call.func), Api):
            return call.args[0].value  # torch.relu_(x)
        assert isinstance(call.func, cst.Attribute)
        return undata(call.func.value)
    if id(call) in rewriter.facts.layer_calls:
        site, bound = rewriter.facts.layer_calls[id(call)]
        asked, given = site.arguments.values.get("inplace"), [*bound.values.values()]
    else:
        called = rewriter.facts.calls.get(id(call))
        if called is None or called.spelling.kind == "layer":
            return None
        asked, given = argument(call, -1, "inplace"), [a.value for a in call.args]
    return given[0] if given and asked is not None and literal_value(asked) is True else None
