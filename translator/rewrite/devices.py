"""Devices: torch moves tensors and modules to one, TensorFlow places them on the GPU by itself."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, small
from translator.rewrite.held import each
from translator.rewrite.modes import serves_model
from translator.source.functions import parameters
from translator.source.literals import literal_value
from translator.source.tree import code_parts, nodes
from translator.source.values import UNKNOWN, DeviceValue, Literal, MethodValue, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_NAMES = {"cpu": "/CPU:0", "cuda": "/GPU:0", "gpu": "/GPU:0", "mps": "/GPU:0"}


def beside_inputs(rewriter: Rewriter) -> cst.BaseExpression | None:
    """`x.device` of what a forward pass is given: in torch, what it makes of nothing has to be put there."""
    if rewriter.target != "torch" or not serves_model(rewriter):
        return None
    for function in reversed(rewriter.functions):
        if function.node is None or function.name == "__init__":
            return None
        for param in parameters(function.node):
            if _stays_tensor(rewriter, function.node.body, param.name.value):
                return build.expression(f"{param.name.value}.device")
    return None


def _stays_tensor(rewriter: Rewriter, body: cst.BaseSuite | cst.BaseExpression, name: str) -> bool:
    """True for a parameter that is a tensor wherever the function reads or binds it."""
    code = list(nodes(body))
    attributes = {id(node.attr) for node in of_kind(code, cst.Attribute)}
    own = [n for n in of_kind(code, cst.Name) if n.value == name and id(n) not in attributes]
    return bool(own) and all(isinstance(rewriter.facts.value(n), TensorValue) for n in own)


def device(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`torch.device("cuda")`: the name that `tf.device` takes."""
    return _named(rewriter, node.args[0].value) if len(node.args) == 1 else None


def _named(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(node, cst.IfExp):
        test = rewriter.expression(node.test)
        if isinstance(test, cst.Call) and build.code(test.func) == "bool":
            test = test.args[0].value  # a condition needs no bool()
        chosen, other = _named(rewriter, node.body), _named(rewriter, node.orelse)
        return node.with_changes(test=test, body=chosen, orelse=other)
    value = literal_value(node)
    if not isinstance(value, str):
        return rewriter.expression(node)
    kind, _, number = value.partition(":")
    name = _NAMES.get(kind, value)
    return build.expression(repr_of(name[:-1] + number if number and kind in _NAMES else name))


def repr_of(text: str) -> str:
    """A string in the quotes that most code uses."""
    return f'"{text}"'


def available(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`torch.cuda.is_available()`."""
    text = 'bool(tf.config.list_physical_devices("GPU"))'
    return build.expression(rewriter.naming.spell(text))


def count(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`torch.cuda.device_count()`."""
    text = 'len(tf.config.list_physical_devices("GPU"))'
    return build.expression(rewriter.naming.spell(text))


def moves(rewriter: Rewriter, node: cst.Call) -> bool:
    """True for `x.to(device)`, `x.cuda()` and `x.cpu()` of something unknown: only torch has these."""
    if rewriter.side != "torch" or not isinstance(node.func, cst.Attribute):
        return False
    value = rewriter.facts.value(node.func)
    receiver = value.receiver if isinstance(value, MethodValue) else value
    if receiver != UNKNOWN or node.func.attr.value not in ("to", "cuda", "cpu"):
        return False
    values = [rewriter.facts.value(a.value) for a in node.args if a.keyword is None]
    return bool(values or node.func.attr.value != "to") and all(
        isinstance(v, DeviceValue) or (isinstance(v, Literal) and _is_device(v.value))
        for v in values
    )


def _is_device(value: object) -> bool:
    return type(value) is int or (isinstance(value, str) and value.partition(":")[0] in _NAMES)


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`device = torch.device(...)` is noted: it goes where nothing needs it; `x.to(device)` alone falls away."""
    inner = small(node)
    if type(inner) is cst.Expr and type(inner.value) is cst.Call:
        return [] if moves(rewriter, inner.value) else None
    if type(inner) is cst.Assign and isinstance(inner.targets[0].target, cst.Name):
        if rewriter.side == "torch" and isinstance(rewriter.facts.value(inner.value), DeviceValue):
            name = inner.targets[0].target.value
            rewriter.devices.add(name)
            message = f"{name}: TensorFlow places tensors by itself, on the GPU where there is one"
            rewriter.note(node, Code.DROPPED, message)
        return None
    if rewriter.side == "torch" and type(inner) is cst.Assign:
        for name, value in _pairs(inner):
            if isinstance(rewriter.facts.value(value), DeviceValue):
                rewriter.devices.add(name)
    return None


def _pairs(line: cst.Assign) -> list[tuple[str, cst.BaseExpression]]:
    """The last names of `n, *_, device = *x.shape, x.device` with their values, from the end to the first star."""
    target, value = line.targets[0].target, line.value
    if len(line.targets) > 1 or type(target) is not cst.Tuple or type(value) is not cst.Tuple:
        return []
    found = []
    for name, part in zip(reversed(target.elements), reversed(value.elements), strict=False):
        if not isinstance(name, cst.Element) or not isinstance(part, cst.Element):
            break
        found.append((name.value.value if isinstance(name.value, cst.Name) else "", part.value))
    return found


def without_unused(tree: cst.Module, names: set[str]) -> cst.Module:
    """A tree without the assignments of devices that nothing reads any more."""
    code = list(nodes(tree))
    bound = {
        id(element)
        for line in code
        if type(line) is cst.AssignTarget and type(line.target) is cst.Tuple
        for element in line.target.elements
    }
    read = {
        node.value
        for line in code
        if type(line) is not cst.AssignTarget and id(line) not in bound
        for node in of_kind(code_parts(line), cst.Name)
        if node is not getattr(line, "attr", None)
    }
    unused = names - read
    if not unused:
        return tree
    new = _without(tree, unused)
    assert isinstance(new, cst.Module)
    return new


def _without(node: cst.CSTNode, unused: set[str]) -> cst.CSTNode:
    node = each(node, lambda part: _without(part, unused))
    if not isinstance(node, cst.Module | cst.IndentedBlock):
        return node
    body = [_shorter(line, unused) for line in node.body if _assigned(line) not in unused]
    same = len(body) == len(node.body) and all(map(operator.is_, body, node.body))
    return node if same else node.with_changes(body=body)


def _shorter(line: cst.BaseStatement, unused: set[str]) -> cst.BaseStatement:
    """`n, device = len(x), x.device` without the device."""
    inner = small(line)
    if type(inner) is not cst.Assign or not isinstance(line, cst.SimpleStatementLine):
        return line
    places = {-1 - place for place, (name, _) in enumerate(_pairs(inner)) if name in unused}
    if not places:
        return line
    target, value = inner.targets[0].target, inner.value
    assert isinstance(target, cst.Tuple) and isinstance(value, cst.Tuple)
    names, values = _kept(target, places), _kept(value, places)
    if type(values) is cst.Tuple and len(values.elements) == 1:
        values = values.elements[0].value  # `*x.shape,`
    new = inner.with_changes(targets=[inner.targets[0].with_changes(target=names)], value=values)
    return line.with_changes(body=[new])


def _kept(row: cst.Tuple, places: set[int]) -> cst.BaseExpression:
    """A tuple without the elements at these places, counted from the end; one that remains stands alone."""
    count = len(row.elements)
    kept = [element for place, element in enumerate(row.elements) if place - count not in places]
    if len(kept) == 1 and isinstance(kept[0], cst.Element):
        return kept[0].value
    comma = cst.Comma() if len(kept) == 1 else cst.MaybeSentinel.DEFAULT
    return row.with_changes(elements=[*kept[:-1], kept[-1].with_changes(comma=comma)])


def _assigned(line: cst.BaseStatement) -> str:
    """The only name that a line assigns to, "" for any other."""
    inner = small(line)
    target = inner.targets[0].target if type(inner) is cst.Assign else None
    single = type(inner) is cst.Assign and len(inner.targets) == 1
    return target.value if single and isinstance(target, cst.Name) else ""
