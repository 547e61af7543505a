"""The weights of Keras's models as arrays, and in files: `get_weights`, `set_weights`, `save_weights`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.records import Layer
from translator.knowledge.weights import Weight
from translator.rewrite import build
from translator.rewrite.activation import layer_itself
from translator.rewrite.by_hand import receiver
from translator.rewrite.constructs.quiet import no_grad
from translator.rewrite.constructs.reading import method_call
from translator.rewrite.containers import positions_of
from translator.rewrite.layout import in_place_of
from translator.source.classes import inherited
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import Built, ObjectValue
from translator.source.parts import CONTAINERS
from translator.source.values import MethodValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

Place = tuple[cst.BaseExpression, Weight]
"""A weight in torch, and how Keras holds it."""

_SWITCHES = {"bias": "use_bias", "gamma": "scale", "beta": "center"}
"""Arguments of layers that take a weight away."""


def places(rewriter: Rewriter, value: Value, model: cst.BaseExpression) -> list[Place] | None:
    """All weights of a model in Keras's order, None where they are not known."""
    found: list[Place] = []
    if isinstance(value, ObjectValue):
        if value.info.bases and any(
            not isinstance(a, Built) for a in value.info.attributes.values()
        ):
            return None
        inner = [(f"model.{name}", part) for name, part in value.info.attributes.items()]
    elif isinstance(value, Built) and value.site.arguments.spelling.name in CONTAINERS:
        inner = [(f"model[{place}]", part) for place, part in positions_of(rewriter, value.site)]
    elif isinstance(value, Built):
        record = value.site.record
        if not isinstance(record, Layer):
            return []  # an activation
        return _of_layer(value, layer_itself(rewriter, value.site, model), record)
    else:
        return None
    for text, part in inner:
        own = places(rewriter, part, build.expression(text, model=model))
        if own is None:
            return None
        found += own
    return found


def _of_layer(value: Built, layer: cst.BaseExpression, record: Layer) -> list[Place] | None:
    found: list[Place] = []
    for weight in record.weights:
        if not weight.plain:
            return None
        (ours,), (theirs,) = weight.torch, weight.keras
        switch = value.site.arguments.values.get(_SWITCHES.get(theirs, ""))
        known = True if switch is None else literal_value(switch)
        if not isinstance(known, bool):
            return None
        if known:
            found.append((build.expression(f"layer.{ours}", layer=layer), weight))
    return found


def taken(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`model.get_weights()`: copies of all weights, as Keras lays them out."""
    model = receiver(node)
    found = places(rewriter, rewriter.facts.value(model), rewriter.expression(model))
    if found is None or node.args:
        rewriter.leave(node, Code.UNSUPPORTED_CODE, "the weights of this model are not all known")
        return node
    arrays = []
    for place, weight in found:
        value = place if weight.axes is None else rewriter.permuted(place, weight.axes)
        text = "w.detach().numpy()" if rewriter.silent else "w.detach().numpy().copy()"
        arrays.append(build.expression(text, w=value))
    return cst.List([cst.Element(array) for array in arrays])


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """Rewrite `set_weights`, `save_weights` and `load_weights`."""
    called = method_call(node)
    if rewriter.target != "torch" or called is None:
        return None
    call, func = called
    method = rewriter.facts.value(func)
    if not isinstance(method, MethodValue) or not inherited(method.receiver, method.name):
        return None
    if method.name not in ("set_weights", "save_weights", "load_weights", "save"):
        return None
    assert isinstance(node, cst.SimpleStatementLine)
    new = None
    harmless = [a for a in call.args if a.keyword is not None and a.keyword.value in _HARMLESS]
    if len(call.args) > len(harmless) > 0:
        call = call.with_changes(args=[a for a in call.args if a not in harmless])
    if len(call.args) == 1 and call.args[0].keyword is None and not call.args[0].star:
        given = call.args[0].value
        if method.name == "set_weights":
            new = _set(rewriter, node, method.receiver, func.value, given)
        else:
            new = [_filed(rewriter, node, method.name, func.value, given)]
    if new is None:
        message = f"{method.name} is not known to fit the weights of this model"
        rewriter.leave(call, Code.UNSUPPORTED_CODE, message)
        return [node]
    return new


_HARMLESS = frozenset({"overwrite", "save_format", "include_optimizer", "options", "zipped"})
"""Arguments of files that change nothing of what is read from them again."""


def loaded(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`keras.models.load_model(path)`: torch loads whole models where their classes are."""
    path = argument(node, 0, "filepath")
    if path is None or any(a.star for a in node.args):
        return None
    rewriter.note(node, Code.FILES, "load_model: torch reads the models that torch has saved")
    text = rewriter.naming.spell("torch.load(path, weights_only=False)")
    return build.expression(text, path=rewriter.expression(path))


def _filed(
    rewriter: Rewriter,
    node: cst.SimpleStatementLine,
    name: str,
    model: cst.BaseExpression,
    path: cst.BaseExpression,
) -> cst.BaseStatement:
    message = f"{name}: torch's files of weights are its own, Keras does not read them"
    rewriter.note(node, Code.FILES, message)
    whole = name == "save" and "load_model" in rewriter.naming.mentioned
    text = "torch.save(model, path)" if whole else "torch.save(model.state_dict(), path)"
    text = "model.load_state_dict(torch.load(path))" if name == "load_weights" else text
    line = build.statement(
        rewriter.naming.spell(text),
        model=rewriter.expression(model),
        path=rewriter.expression(path),
    )
    return in_place_of(node, line)


def _set(
    rewriter: Rewriter,
    node: cst.SimpleStatementLine,
    value: Value,
    model: cst.BaseExpression,
    given: cst.BaseExpression,
) -> list[cst.BaseStatement] | None:
    """`model.set_weights([kernel, bias])`; of another model's weights, its state."""
    if rewriter.saved.get(build.code(given)) == "copy":
        holes = {"model": rewriter.expression(model), "copy": rewriter.expression(given)}
        return [in_place_of(node, build.statement("model.load_state_dict(copy)", **holes))]
    other = _source_of(rewriter, given)
    if other is not None:
        line = build.statement(
            "model.load_state_dict(other.state_dict())",
            model=rewriter.expression(model),
            other=rewriter.expression(other),
        )
        return [in_place_of(node, line)]
    found = places(rewriter, value, rewriter.expression(model))
    arrays = _arrays(given, len(found or ()))
    if found is None or arrays is None:
        return None
    lines: list[cst.BaseStatement] = []
    for (place, weight), array in zip(found, arrays, strict=True):
        text = rewriter.naming.spell("torch.as_tensor(array)")
        new = build.expression(text, array=rewriter.expression(array))
        if weight.back is not None:
            new = rewriter.permuted(new, weight.back)
        lines.append(build.statement("w.copy_(new)", w=place, new=new))
    return [no_grad(rewriter, lines, node.leading_lines)] if lines else []


def _source_of(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The model of `model.get_weights()`."""
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute) or node.args:
        return None
    method = rewriter.facts.value(node.func)
    known = isinstance(method, MethodValue) and inherited(method.receiver, "get_weights")
    return node.func.value if known and node.func.attr.value == "get_weights" else None


def _arrays(node: cst.BaseExpression, count: int) -> list[cst.BaseExpression] | None:
    """The arrays of a list that is written out or has a name."""
    if isinstance(node, cst.List | cst.Tuple):
        plain = not any(isinstance(e, cst.StarredElement) for e in node.elements)
        return [e.value for e in node.elements] if plain and len(node.elements) == count else None
    if isinstance(node, cst.Name):
        return [build.expression(f"{node.value}[{place}]") for place in range(count)]
    return None
