"""Weights of torch in files and copies: `torch.save(model.state_dict(), path)`, and what reads them.

Keras writes only to names that end in `.weights.h5`, so a name that can be seen in the file gets that ending.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs import file_names
from translator.rewrite.constructs.building import unbuilt
from translator.rewrite.constructs.reading import bindings, method_call, small
from translator.rewrite.layout import in_place_of
from translator.source.classes import inherited
from translator.source.functions import parameters
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import Built, FunctionInfo, ObjectValue
from translator.source.values import MethodValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_FORMAT = "Keras's files of weights are its own: `translator weights` carries one over"


def find(rewriter: Rewriter) -> None:
    """Note the names that hold a loaded file or a copy of a state, and nothing else; and name the files."""
    if rewriter.target != "tensorflow" or not rewriter.facts.saves:
        return
    code = rewriter.naming.code
    made = [n for n in code if type(n) is cst.Assign and _source(rewriter, n.value) is not None]
    names = {build.code(target.target) for n in made for target in n.targets}
    for name in names:
        values = [value for target, value in bindings(code) if build.code(target) == name]
        kinds = {_kind(rewriter, v) for v in values if literal_value(v) is not None} or {""}
        read = [
            n for n in code if isinstance(n, cst.Name | cst.Attribute) and build.code(n) == name
        ]
        used = [n for n in code if isinstance(n, cst.Call) and _loads(rewriter, n, name)]
        if len(kinds) == 1 and len(read) == len(values) + len(used):
            rewriter.saved[name] = str(kinds.pop())
    for node in code:
        path = _path(rewriter, node)
        if path is not None:
            file_names.note(rewriter, code, path)
        if type(node) is cst.Call and _is_file(rewriter, _given(rewriter, node)):
            _note_restored(rewriter, node)


def _is_file(rewriter: Rewriter, given: cst.BaseExpression | None) -> bool:
    """True for `torch.load(path)`, and for a name that holds nothing else."""
    if given is None:
        return False
    return _held(rewriter, given) or _kind(rewriter, given) == "file"


def _note_restored(rewriter: Rewriter, node: cst.Call) -> None:
    """Keras loads weights only into a model that counts as built."""
    assert isinstance(node.func, cst.Attribute)
    model = rewriter.facts.value(node.func.value)
    if isinstance(model, ObjectValue) and not unbuilt(rewriter, model):
        rewriter.restored.add(id(model.info))


def _path(rewriter: Rewriter, node: cst.CSTNode) -> cst.BaseExpression | None:
    """The name of a file of weights, where it is written or read."""
    if type(node) is cst.Assign and any(_held(rewriter, t.target) for t in node.targets):
        source = _source(rewriter, node.value)
    elif type(node) is cst.Call and (given := _given(rewriter, node)) is not None:
        source = _source(rewriter, given)
    elif type(node) is cst.Call and rewriter.api(node.func) == "torch.save":
        state = argument(node, 0, "obj")
        saved = state is not None and _state_of(rewriter, state) is not None
        return argument(node, 1, "f") if saved else None
    else:
        return None
    return source[1] if source is not None and source[0] == "file" else None


def _held(rewriter: Rewriter, target: cst.BaseExpression) -> bool:
    return rewriter.saved.get(build.code(target)) == "file"


def _loads(rewriter: Rewriter, node: cst.Call, name: str) -> bool:
    given = _given(rewriter, node)
    return given is not None and build.code(given) == name


def _kind(rewriter: Rewriter, node: cst.BaseExpression) -> str:
    """What an expression holds: "file" for the name of one, "copy" for a copy of a state, "" for anything else."""
    source = _source(rewriter, node)
    return "" if source is None else source[0]


def _source(rewriter: Rewriter, node: cst.BaseExpression) -> tuple[str, cst.BaseExpression] | None:
    """`torch.load(path)` and its path; `copy.deepcopy(model.state_dict())` and the model."""
    if isinstance(node, cst.DictComp):
        model = _cloned(rewriter, node)
        return None if model is None else ("copy", model)
    if not isinstance(node, cst.Call) or not node.args:
        return None
    if rewriter.api(node.func) == "torch.load":
        path = argument(node, 0, "f")
        return None if path is None else ("file", path)
    if build.code(node.func) in ("copy.deepcopy", "deepcopy") and len(node.args) == 1:
        model = _state_of(rewriter, node.args[0].value)
        return None if model is None else ("copy", model)
    return None


def _cloned(rewriter: Rewriter, node: cst.DictComp) -> cst.BaseExpression | None:
    """The model of `{k: v.clone() for k, v in model.state_dict().items()}`."""
    loop = node.for_in
    items = loop.iter.func if isinstance(loop.iter, cst.Call) else None
    if not isinstance(items, cst.Attribute) or items.attr.value != "items" or loop.ifs:
        return None
    model = _state_of(rewriter, items.value)
    names = loop.target.elements if isinstance(loop.target, cst.Tuple) else ()
    if model is None or len(names) != 2:
        return None
    value, steps = node.value, list[str]()
    while isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute):
        steps.append(value.func.attr.value)
        value = value.func.value
    alike = build.same_code(node.key, names[0].value) and build.same_code(value, names[1].value)
    copied = "clone" in steps and set(steps) <= {"clone", "detach", "cpu"}
    return model if alike and copied else None


def _state_of(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The model of `model.state_dict()`."""
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute) or node.args:
        return None
    return node.func.value if _is_method(rewriter, node.func, "state_dict") else None


def _is_method(rewriter: Rewriter, func: cst.Attribute, name: str) -> bool:
    method = rewriter.facts.value(func)
    return (
        isinstance(method, MethodValue)
        and method.name == name
        and _is_model(method.receiver)
        and inherited(method.receiver, name)
    )


def _is_model(value: Value) -> bool:
    if isinstance(value, Built):
        return not value.site.arguments.spelling.name.startswith("torch.optim.")
    return isinstance(value, ObjectValue) and value.info.is_module


def _given(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """What `model.load_state_dict(...)` is given, where every name has to be in it."""
    if not isinstance(node.func, cst.Attribute) or not node.args:
        return None
    if not _is_method(rewriter, node.func, "load_state_dict") or len(node.args) > 2:
        return None
    strict = argument(node, 1, "strict")
    if len(node.args) == 2 and (strict is None or literal_value(strict) is not True):
        return None
    return argument(node, 0, "state_dict")


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """A line that saves, loads or copies the weights of a torch model."""
    inner = small(node)
    if rewriter.target != "tensorflow" or not isinstance(node, cst.SimpleStatementLine):
        return None
    line: cst.SimpleStatementLine | None = None
    if isinstance(inner, cst.Assign) and len(inner.targets) == 1:
        line = _kept(rewriter, inner)
    elif isinstance(inner, cst.Expr) and isinstance(inner.value, cst.Call):
        line = _saved(rewriter, inner.value) or _loaded(rewriter, node)
    if line is None:
        return None
    return [in_place_of(node, line)]


def _kept(rewriter: Rewriter, node: cst.Assign) -> cst.SimpleStatementLine | None:
    """`state = torch.load(path)` keeps the path; `best = copy.deepcopy(model.state_dict())` the arrays."""
    target, source = node.targets[0].target, _source(rewriter, node.value)
    if source is None or build.code(target) not in rewriter.saved:
        return None
    kind, what = source
    text = "name = path" if kind == "file" else "name = model.get_weights()"
    if kind == "copy" and not _built(rewriter, node, what):
        return None
    written = rewriter.expression(what)
    holes = {"name": target, "path": written, "model": written}
    return build.statement(text, **holes)


def _saved(rewriter: Rewriter, call: cst.Call) -> cst.SimpleStatementLine | None:
    """`torch.save(model.state_dict(), path)`."""
    if rewriter.api(call.func) != "torch.save" or len(call.args) != 2:
        return None
    state, path = argument(call, 0, "obj"), argument(call, 1, "f")
    model = None if state is None else _state_of(rewriter, state)
    if model is None or path is None:
        return None
    return _filed(rewriter, call, "model.save_weights(path)", model, path)


def _loaded(rewriter: Rewriter, node: cst.SimpleStatementLine) -> cst.SimpleStatementLine | None:
    called = method_call(node)
    given = None if called is None else _given(rewriter, called[0])
    if called is None or given is None:
        return None
    call, func = called
    if _is_file(rewriter, given):
        source = _source(rewriter, given)
        path = given if source is None else source[1]
        if not _built(rewriter, call, func.value):
            return None
        return _filed(rewriter, call, "model.load_weights(path)", func.value, path)
    kind = rewriter.saved.get(build.code(given), "")
    other = _state_of(rewriter, given)
    if not kind and (other is None or not _alike(rewriter, func.value, other)):
        return None
    if not _built(rewriter, call, func.value) or (other and not _built(rewriter, call, other)):
        return None
    text = "model.set_weights(other)" if kind else "model.set_weights(other.get_weights())"
    return build.statement(
        text, model=rewriter.expression(func.value), other=rewriter.expression(other or given)
    )


def built_at_once(rewriter: Rewriter, info: FunctionInfo, node: cst.FunctionDef) -> cst.FunctionDef:
    """A constructor that says at its end that its layers are built."""
    known = info.owner is not None and id(info.owner) in rewriter.restored
    if not known or info.name != "__init__" or not isinstance(node.body, cst.IndentedBlock):
        return node
    line = build.statement(f"{parameters(node)[0].name.value}.built = True")
    return node.with_changes(body=node.body.with_changes(body=[*node.body.body, line]))


def _alike(rewriter: Rewriter, a: cst.BaseExpression, b: cst.BaseExpression) -> bool:
    """True for two models whose weights stand in the same order."""
    one, other = rewriter.facts.value(a), rewriter.facts.value(b)
    if isinstance(one, ObjectValue) and isinstance(other, ObjectValue):
        return one.info is other.info
    return isinstance(one, Built) and one == other


def _built(rewriter: Rewriter, node: cst.CSTNode, model: cst.BaseExpression) -> bool:
    """False, with a finding, where a layer may have no weights yet when they are copied: Keras would copy none."""
    layer = unbuilt(rewriter, rewriter.facts.value(model))
    if layer:
        why = f"{layer} has no weights there before its first call: call the model once before"
        rewriter.todo(node, Code.UNSUPPORTED_CODE, why)
    return not layer


def _filed(
    rewriter: Rewriter,
    call: cst.Call,
    text: str,
    model: cst.BaseExpression,
    path: cst.BaseExpression,
) -> cst.SimpleStatementLine:
    rewriter.note(call, Code.FILES, _FORMAT)
    if not file_names.known(rewriter, path):
        why = "Keras's files of weights end in .weights.h5: so must the name that is given here"
        rewriter.note(call, Code.FILES, why)
    return build.statement(text, model=rewriter.expression(model), path=rewriter.expression(path))
