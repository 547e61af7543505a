"""Methods of modules, optimizers, tapes and data sets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.source import buffers, classes, instances
from translator.source.arrays import are_several, data_shape
from translator.source.asking import ask_inputs, ask_results
from translator.source.classes import touch
from translator.source.facts import Training
from translator.source.gradients import gradient
from translator.source.joins import join
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import Built, FunctionInfo, ObjectValue, ParametersValue, Site
from translator.source.sequences import batched, element, sample
from translator.source.sizes import size_of
from translator.source.special import in_source_order, place_of
from translator.source.values import (
    PLAIN,
    UNKNOWN,
    BatchesValue,
    CallbackValue,
    Dictionary,
    Each,
    GradientValue,
    HistoryValue,
    Items,
    LayerValue,
    MethodValue,
    MetricValue,
    NumpyArray,
    ShapeOf,
    TensorValue,
    Value,
    Zipped,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def _parameters(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    return ParametersValue(method.owner, method.receiver)


def _itself(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    in_source_order(run, node)
    return method.receiver


def _add_weight(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    given = argument(node, 0, "shape")
    shape = None
    if isinstance(given, cst.Tuple | cst.List):
        shape = tuple(size_of(run, element.value) for element in given.elements)
    return TensorValue(shape, tracked=True, leaf=True, dtype="float")


def _gradient(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    given = argument(node, 1, "sources")
    sources = run.facts.value(given) if given is not None else UNKNOWN
    if isinstance(sources, Items):
        return Items(tuple(gradient(source) for source in sources.items))
    return gradient(sources) if isinstance(sources, TensorValue) else Each(GradientValue())


def _add(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`model.add(layer)`, `model.append(layer)`."""
    from translator.source.parts import CONTAINERS

    in_source_order(run, node)
    receiver = method.receiver
    if not isinstance(receiver, Built) or not node.args:
        return PLAIN
    if receiver.site.arguments.spelling.name in CONTAINERS:
        add_part(run, receiver.site, node, node.args[0].value)
    return PLAIN


def _add_module(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`model.add_module("conv", layer)` of a container."""
    given = [argument(node, 0, "name"), argument(node, 1, "module")]
    in_source_order(run, node)
    if isinstance(method.receiver, Built) and given[0] is not None and given[1] is not None:
        add_part(run, method.receiver.site, node, given[1], literal_value(given[0]))
    return PLAIN


def add_part(
    run: Interpreter, site: Site, node: cst.CSTNode, member: cst.BaseExpression, name: object = None
) -> None:
    """Put a module behind what a container has; where that may not happen, or not once, no more is counted."""
    from translator.source.layers import enter
    from translator.source.parts import add_parts

    run.facts.added[id(node)] = len(site.parts)
    part = enter(run, member)
    site.counted = site.counted and run.branch == site.branch
    if isinstance(name, str):
        site.by_name[name] = join(site.by_name.get(name, part), part)
    if isinstance(name, str) and site.counted:
        site.names[name] = len(site.parts)
    add_parts(run, site, [part])
    if not site.counted and _parted(run, site):
        why = "what one of these layers gives is not in the axis order that the next one takes"
        run.facts.problems[id(site.node)] = (Code.UNSUPPORTED_CODE, why)


def _parted(run: Interpreter, site: Site) -> bool:
    """True where parts that follow one another in any way take or give other axis orders; they are asked for one."""
    from translator.source.parts import rank_of, turns, wants_target

    turning = [part for part in site.parts if turns(run, part)]
    asked = (wants_target(run, part) for part in site.parts)
    orders = {order for order in asked if order is not None}
    for part in turning:
        ask_results(run, part)
    if len(orders) > 1:
        ask_inputs(run, Items(site.parts), rank_of(Built(site)))
    return bool(turning) or len(orders) > 1


def _dataset_step(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`dataset.shuffle(n)`, `.batch(n)`, `.prefetch(n)`."""
    in_source_order(run, node)
    dataset = method.receiver
    if not isinstance(dataset, BatchesValue):
        return UNKNOWN
    batched, shuffled = method.name == "batch", method.name == "shuffle"
    if method.name == "map":
        return _mapped(run, node, dataset)
    if method.name == "enumerate":
        return Each(Items((PLAIN, element(dataset))))
    if method.name == "cardinality":
        return TensorValue((), dtype="int64")
    if method.name == "as_numpy_iterator":
        return Each(UNKNOWN)
    return replace(
        dataset, batched=dataset.batched or batched, shuffled=dataset.shuffled or shuffled
    )


def _mapped(run: Interpreter, node: cst.Call, dataset: BatchesValue) -> Value:
    """`dataset.map(f)`: what the function gives for the parts of one element."""
    from translator.source.passing import mapped

    applied = run.facts.value(node.args[0].value) if node.args else UNKNOWN
    given = element(dataset)
    parts = given.items if isinstance(given, Items) else (given,)
    made = mapped(run, applied, list(parts))
    found = made.item if isinstance(made, Each) else UNKNOWN
    items = found.items if isinstance(found, Items) else (found,)
    known = all(isinstance(item, TensorValue) for item in items)
    items = tuple(map(sample, items)) if dataset.batched else items
    return replace(dataset, items=items if known else (), alone=False)


def _predict(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    outputs = _shown(run, node, method)
    return NumpyArray(outputs.shape if isinstance(outputs, TensorValue) else None)


def _apply_gradients(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """Note what an optimizer trains: the second part of `zip(gradients, variables)`."""
    in_source_order(run, node)
    pairs = node.args[0].value if node.args else None
    zipped = run.facts.value(pairs) if pairs is not None else UNKNOWN
    if isinstance(pairs, cst.Call) and len(pairs.args) == 1:  # list(zip(...))
        pairs = pairs.args[0].value
    if isinstance(zipped, Zipped):
        pairs = zipped.call
    if isinstance(method.receiver, Built) and isinstance(pairs, cst.Call) and len(pairs.args) == 2:
        _optimizes(run, method.receiver.site, pairs.args[1].value)
    return PLAIN


def _optimizes(run: Interpreter, site: Site, variables: cst.BaseExpression) -> None:
    """Note what an optimizer trains, and what may be built in its place."""
    for optimizer in (site, *site.instead):
        known = run.facts.optimized.setdefault(id(optimizer.node), [])
        if all(seen is not variables for seen, _ in known):
            known.append((variables, run.scope.function.qualified))


def _trains(run: Interpreter, node: cst.Call, method: MethodValue) -> None:
    run.facts.trainings[id(node)] = Training(node, method, run.scope.function, run.constants)


def _on_batch(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`model.train_on_batch(x, y)`."""
    in_source_order(run, node)
    _trains(run, node, method)
    return UNKNOWN


def _shown(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`model.fit(x, y)`, `evaluate(x, y)`, `predict(x)`: the model sees batches of `x`."""
    from translator.source.parts import pass_through

    in_source_order(run, node)
    _trains(run, node, method)
    given = argument(node, 0, "x")
    value = UNKNOWN if given is None else run.facts.value(given)
    shape = data_shape(value)
    if isinstance(value, BatchesValue):
        first = element(value)
        batch = first.items[0] if isinstance(first, Items) and first.items else first
    elif are_several(value) or isinstance(value, Dictionary):
        batch = batched(sample(value))
    elif shape:
        batch = TensorValue((None, *shape[1:]))
    else:
        return UNKNOWN
    if isinstance(batch, Each):
        return UNKNOWN
    outputs = run.facts.outputs[id(node)] = pass_through(run, method.receiver, batch, id(node))
    return outputs


def _fit(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    _shown(run, node, method)
    given = argument(node, -1, "callbacks")
    for callback in _listed(run.facts.value(given)) if given is not None else ():
        if isinstance(callback, ObjectValue) and not callback.info.is_module:
            classes.set_attribute(run, callback.info, "model", method.receiver)
        path = (
            None
            if not isinstance(callback, CallbackValue)
            else argument(callback.made, 0, "filepath")
        )
        if path is not None and (name := place_of(path)) is not None:
            run.facts.saved_models[name] = method.receiver
    return HistoryValue(id(node))


def _listed(value: Value) -> tuple[Value, ...]:
    return value.items if isinstance(value, Items) else (value,)


def _evaluate(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    _shown(run, node, method)
    return PLAIN


def _compile(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """Note the model that an optimizer with a name trains."""
    in_source_order(run, node)
    _trains(run, node, method)
    given = argument(node, 0, "optimizer")
    optimizer = run.facts.value(given) if given is not None else UNKNOWN
    if isinstance(optimizer, Built) and optimizer.site.node is not given:
        _optimizes(run, optimizer.site, method.owner)
    return PLAIN


def _watch(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`tape.watch(x)`: from here on, what is computed from `x` has a gradient."""
    in_source_order(run, node)
    given = node.args[0].value if node.args else None
    members = [e.value for e in given.elements] if isinstance(given, cst.List | cst.Tuple) else []
    for member in members or ([] if given is None else [given]):
        value = run.facts.value(member)
        if isinstance(member, cst.Name) and isinstance(value, TensorValue):
            run.scope.names[member.value] = replace(value, tracked=True)
    return PLAIN


def _build(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`model.build((None, 3))`: the shape of what will be passed to it."""
    from translator.source.parts import pass_through
    from translator.source.special import stated_shape

    in_source_order(run, node)
    given = argument(node, 0, "input_shape")
    shape = None if given is None else stated_shape(run, given)
    if shape is not None and isinstance(method.receiver, Built):
        sizes = TensorValue((None, *shape[2:]))  # the batch axis is stated here
        if method.receiver.site.parts:
            pass_through(run, method.receiver, sizes, 0)
        else:
            method.receiver.site.seen[(0, id(node))] = sizes.shape
    elif shape is not None:
        instances.reach(run, method.receiver, id(node), TensorValue((None, *shape[2:])))
    return PLAIN


def _get_weights(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    in_source_order(run, node)
    return Each(NumpyArray())


def _save(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`model.save("model.keras")`: what is loaded from there is the same model."""
    in_source_order(run, node)
    given = argument(node, 0, "filepath")
    if given is not None and (name := place_of(given)) is not None:
        run.facts.saved_models[name] = method.receiver
    return PLAIN


def _state(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`model.state_dict()`, `model.load_state_dict(state)`: the weights are there, whether it was called or not."""
    in_source_order(run, node)
    run.facts.saves = True
    again = method.name == "load_state_dict" and isinstance(method.receiver, ObjectValue)
    touch(run, method.receiver, node, again)
    return PLAIN


def _as_list(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`x.shape.as_list()`."""
    in_source_order(run, node)
    return Each(PLAIN) if isinstance(method.receiver, ShapeOf) else UNKNOWN


def _result(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`metric.result()`: a number."""
    in_source_order(run, node)
    known = isinstance(method.receiver, MetricValue)
    return TensorValue((), dtype="float") if known else UNKNOWN


def _unseen(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    in_source_order(run, node)
    return PLAIN


def _modules(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`model.modules()`: the model and all layers in it."""
    return Each(LayerValue())


def _children(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`model.children()`, `model.named_children()`."""
    if run.side == "torch":
        run.facts.listings[id(node)] = method.name
    member = LayerValue()
    return Each(member if method.name == "children" else Items((PLAIN, member)))


def _apply(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`model.apply(f)`: a function that is given every layer."""
    from translator.source.passing import mapped

    in_source_order(run, node)
    applied = run.facts.value(node.args[0].value) if node.args else UNKNOWN
    function, forward = classes.closure(applied), _forward(method.receiver)
    if function is not None:
        early = forward is None or not forward.callers
        run.facts.applied.setdefault(id(node), (function, run.scope.function, early))
        mapped(run, applied, [LayerValue()])
    return method.receiver


def _forward(value: Value) -> FunctionInfo | None:
    return classes.forward_of(value.info) if isinstance(value, ObjectValue) else None


METHODS: dict[str, Callable[[Interpreter, cst.Call, MethodValue], Value]] = {
    "parameters": _parameters,
    "register_buffer": buffers.registered,
    "add_weight": _add_weight,
    "gradient": _gradient,
    "add": _add,
    "append": _add,
    **dict.fromkeys(("add_module", "register_module"), _add_module),
    "predict": _predict,
    "apply_gradients": _apply_gradients,
    "fit": _fit,
    "evaluate": _evaluate,
    "compile": _compile,
    **dict.fromkeys(
        ("train_on_batch", "test_on_batch", "compute_loss", "compiled_loss"), _on_batch
    ),
    "watch": _watch,
    "as_list": _as_list,
    "result": _result,
    "build": _build,
    "get_weights": _get_weights,
    "save": _save,
    "state_dict": _state,
    "load_state_dict": _state,
    "modules": _modules,
    **dict.fromkeys(("children", "named_children"), _children),
    "apply": _apply,
    **dict.fromkeys(
        (
            *("shuffle", "batch", "prefetch", "cache", "map", "take", "skip", "repeat"),
            *("enumerate", "cardinality", "as_numpy_iterator", "with_options"),
        ),
        _dataset_step,
    ),
    **dict.fromkeys(
        ("train", "eval", "to", "cuda", "cpu", "float", "double", "half", "bfloat16"), _itself
    ),
    **dict.fromkeys(
        (
            "zero_grad",
            "step",
            "summary",
            "set_weights",
            "save_weights",
            "load_weights",
            "update_state",
            "add_loss",
            "reset_state",
            "adapt",
        ),
        _unseen,
    ),
}
