"""Whole checkpoints of torch: dicts with the states of models and optimizers, and whatever else is kept with them.

In TensorFlow they stay dicts, which hold the arrays of a model or of an optimizer as a list, and `pickle` writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.building import unbuilt
from translator.rewrite.constructs.reading import method_call, of_kind, small
from translator.rewrite.layout import leading
from translator.rewrite.trained import visible
from translator.source.classes import inherited
from translator.source.made import argument
from translator.source.objects import Built, ObjectValue, ParametersValue
from translator.source.tree import nodes
from translator.source.values import MethodValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_ARRAYS = "the arrays of a state stand in a list, in Keras's order: files of torch are not read"


def find(rewriter: Rewriter) -> None:
    """Note the dicts that are saved, the states in them, and the names that hold a loaded one."""
    if rewriter.target != "tensorflow" or not {"save", "load"} & rewriter.naming.mentioned:
        return
    code = rewriter.naming.code
    assigned = list(of_kind(code, cst.Assign))
    for call in of_kind(code, cst.Call):
        if rewriter.api(call.func) == "torch.save":
            _note_saved(rewriter, call, assigned)
    for assign in assigned:
        if _path(rewriter, assign.value) is None or len(assign.targets) > 1:
            continue
        name = build.code(assign.targets[0].target)
        read = [n for n in of_kind(code, cst.Subscript) if build.code(n.value) == name]
        if rewriter.saved.get(name) is None and read and _only_put_back(rewriter, code, read):
            rewriter.saved[name] = "checkpoint"


def _only_put_back(
    rewriter: Rewriter, code: Sequence[cst.CSTNode], read: Sequence[cst.Subscript]
) -> bool:
    """True if nothing else is done with the states in a checkpoint, which are no dicts any more."""
    given = [
        call.args[0].value
        for call in of_kind(code, cst.Call)
        if len(call.args) == 1 and _method(rewriter, call, "load_state_dict") is not None
    ]
    put_back = {id(node) for node in given}
    states = {build.code(node) for node in given}
    return all(id(node) in put_back or build.code(node) not in states for node in read)


def _note_saved(rewriter: Rewriter, call: cst.Call, assigned: Sequence[cst.Assign]) -> None:
    saved = argument(call, 0, "obj")
    held = [saved] if isinstance(saved, cst.Dict) else []
    if isinstance(saved, cst.Name):
        held = [
            a.value  # type: ignore[misc]
            for a in assigned
            if any(build.code(t.target) == saved.value for t in a.targets)
        ]
    if not held or not all(isinstance(d, cst.Dict) for d in held):
        return
    parts = [part for d in held if d is not None for part in nodes(d)]
    whole = {id(e.value) for e in of_kind(parts, cst.DictElement)}
    states = [n for n in of_kind(parts, cst.Call) if _method(rewriter, n, "state_dict")]
    if any(state.args or id(state) not in whole for state in states):
        return
    for state in states:
        owner = _method(rewriter, state, "state_dict")
        assert owner is not None
        rewriter.instead[id(state)] = _arrays(rewriter, state, owner)
    rewriter.saved[f"save {id(call)}"] = "checkpoint"


def _arrays(
    rewriter: Rewriter, call: cst.Call, owner: cst.BaseExpression
) -> Callable[[], cst.BaseExpression]:
    """The arrays of a model, or those of an optimizer, in the place of a state."""

    def written() -> cst.BaseExpression:
        _built(rewriter, call, owner)
        trains = _is_optimizer(rewriter.facts.value(owner))
        text = "[v.numpy() for v in x.variables]" if trains else "x.get_weights()"
        return build.expression(text, x=rewriter.expression(owner))

    return written


def _method(rewriter: Rewriter, node: cst.BaseExpression, name: str) -> cst.BaseExpression | None:
    """What a method of models and optimizers is called on."""
    func = node.func if isinstance(node, cst.Call) else None
    method = None if func is None else rewriter.facts.value(func)
    if not isinstance(method, MethodValue) or not isinstance(func, cst.Attribute):
        return None
    known = _is_model(method.receiver) or _is_optimizer(method.receiver)
    own = method.name == name and inherited(method.receiver, name)
    return func.value if known and own else None


def _is_model(value: Value) -> bool:
    if isinstance(value, Built):
        name = value.site.arguments.spelling.name
        return name.startswith("torch.nn.")
    return isinstance(value, ObjectValue) and value.info.is_module


def _is_optimizer(value: Value) -> bool:
    name = value.site.arguments.spelling.name if isinstance(value, Built) else ""
    return name.startswith("torch.optim.") and not name.startswith("torch.optim.lr_scheduler.")


def _path(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The path of `torch.load(path)`."""
    if not isinstance(node, cst.Call) or rewriter.api(node.func) != "torch.load":
        return None
    return argument(node, 0, "f")


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """A line that writes or reads a checkpoint, or takes a state out of one."""
    inner = small(node)
    if rewriter.target != "tensorflow" or inner is None:
        return None
    if isinstance(inner, cst.Assign) and len(inner.targets) == 1:
        path = _path(rewriter, inner.value)
        target = inner.targets[0].target
        if path is None or rewriter.saved.get(build.code(target)) != "checkpoint":
            return None
        rewriter.note(inner, Code.FILES, _ARRAYS)
        body = [build.statement("x = pickle.load(file__)", x=rewriter.expression(target))]
        return [_opened(rewriter, node, path, "rb", body)]
    call = inner.value if isinstance(inner, cst.Expr) else None
    if not isinstance(call, cst.Call):
        return None
    if rewriter.saved.get(f"save {id(call)}") == "checkpoint":
        return _saving(rewriter, node, call)
    return _restoring(rewriter, node)


def _saving(
    rewriter: Rewriter, node: cst.BaseStatement, call: cst.Call
) -> list[cst.BaseStatement] | None:
    """`torch.save({"model": model.state_dict(), "epoch": epoch}, path)`."""
    saved, path = argument(call, 0, "obj"), argument(call, 1, "f")
    if saved is None or path is None or len(call.args) != 2:
        return None
    rewriter.note(call, Code.FILES, _ARRAYS)
    body = [build.statement("pickle.dump(x, file__)", x=rewriter.expression(saved))]
    return [_opened(rewriter, node, path, "wb", body)]


def _restoring(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`model.load_state_dict(checkpoint["model"])`, and the same of an optimizer."""
    found = method_call(node)
    owner = None if found is None else _method(rewriter, found[0], "load_state_dict")
    if found is None or owner is None or len(found[0].args) != 1:
        return None
    given = found[0].args[0].value
    held = given.value if isinstance(given, cst.Subscript) else None
    if held is None or not isinstance(given, cst.Subscript):
        return None
    path = _path(rewriter, held)
    if path is None and rewriter.saved.get(build.code(held)) != "checkpoint":
        return None
    if path is None:
        state = rewriter.expression(given)
    else:
        name = cst.Name(rewriter.naming.fresh("checkpoint"))
        state = given.with_changes(value=name)
    lines = list(_put_back(rewriter, found[0], owner, state))
    if path is None or not lines:
        if lines:
            lines[0] = lines[0].with_changes(leading_lines=leading(node))
        return list(lines) or [node]
    rewriter.note(found[0], Code.FILES, _ARRAYS)
    load = build.statement("x = pickle.load(file__)", x=name)
    return [_opened(rewriter, node, path, "rb", [load]), *lines]


def _put_back(
    rewriter: Rewriter, call: cst.Call, owner: cst.BaseExpression, state: cst.BaseExpression
) -> Iterator[cst.BaseStatement]:
    """The lines that give a model or an optimizer its arrays."""
    written = rewriter.expression(owner)
    value = rewriter.facts.value(owner)
    if not _is_optimizer(value):
        if _built(rewriter, call, owner):
            yield build.statement("x.set_weights(state)", x=written, state=state)
        return
    assert isinstance(value, Built)
    variables = _variables(rewriter, value)
    if variables is None:
        why = "Keras's optimizer is built for its variables first, and those are not seen here"
        rewriter.leave(call, Code.UNSUPPORTED_CODE, why)
        return
    yield build.statement("x.build(variables)", x=written, variables=variables)
    variable, array = rewriter.naming.fresh("variable"), rewriter.naming.fresh("array")
    text = (
        f"for {variable}, {array} in zip(x__.variables, state__):\n    {variable}.assign({array})\n"
    )
    yield build.filled(build.statements(text)[0], {"x__": written, "state__": state})


def _variables(rewriter: Rewriter, optimizer: Built) -> cst.BaseExpression | None:
    """What an optimizer trains, as it is called here."""
    params = optimizer.site.arguments.values.get("params")
    value = None if params is None else rewriter.facts.value(params)
    if not isinstance(value, ParametersValue):
        return None
    owner = visible(rewriter, value.owner, value.model, optimizer.site.scope)
    return owner and build.expression("model.trainable_variables", model=owner)


def _built(rewriter: Rewriter, call: cst.Call, model: cst.BaseExpression) -> bool:
    """False, with a finding, where a layer may have no weights yet."""
    layer = unbuilt(rewriter, rewriter.facts.value(model))
    if layer:
        why = f"{layer} has no weights there before its first call: call the model once before"
        rewriter.todo(call, Code.UNSUPPORTED_CODE, why)
    return not layer


def _opened(
    rewriter: Rewriter,
    node: cst.BaseStatement,
    path: cst.BaseExpression,
    mode: str,
    body: Sequence[cst.BaseStatement],
) -> cst.BaseStatement:
    """The statements with an open file."""
    rewriter.naming.spell("pickle.load()")
    taken = "file" in rewriter.naming.mentioned
    file = rewriter.naming.fresh("file") if taken else "file"
    text = f'with open(path__, "{mode}") as file__:\n    pass\n'
    block = build.statements(text)[0]
    assert isinstance(block, cst.With)
    block = block.with_changes(
        body=block.body.with_changes(body=list(body)), leading_lines=leading(node)
    )
    holes: dict[str, cst.BaseExpression] = {
        "path__": rewriter.expression(path),
        "file__": cst.Name(file),
    }
    return build.filled(block, holes)
