"""The value of a call, by what is called; framework calls are bound to their records on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.records import Layer, Record
from translator.knowledge.registry import index, refusal
from translator.knowledge.written import rows
from translator.source import (
    alternatives,
    arrays,
    chosen,
    classes,
    duck,
    growing,
    handed,
    initialisers,
    instances,
    layers,
    made,
    mappings,
    methods,
    operations,
    rates,
    reference,
    reflected,
    special,
    splits,
    tensor_arrays,
)
from translator.source.bind import bind
from translator.source.bound import Arguments
from translator.source.joins import detach, members
from translator.source.literals import NONE, literal_value
from translator.source.objects import (
    Built,
    ClassInfo,
    ClassValue,
    ObjectValue,
    ParametersValue,
    SuperValue,
)
from translator.source.passing import function_call, mapped, sizes_given
from translator.source.sequences import element
from translator.source.values import (
    PLAIN,
    REAL,
    UNKNOWN,
    Api,
    Dictionary,
    DistributionValue,
    Each,
    GradientValue,
    Handed,
    InitialiserValue,
    InputValue,
    Items,
    Literal,
    Mathematics,
    MergeValue,
    MethodValue,
    MetricValue,
    Numpy,
    NumpyArray,
    OneOf,
    Partial,
    Plain,
    SymbolicValue,
    TensorArrayValue,
    TensorValue,
    Tool,
    Value,
    Zipped,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def call(run: Interpreter, node: cst.Call) -> Value:
    """Evaluate a call; what an earlier run knew of it is forgotten."""
    run.facts.forget_call(node)
    func = run.evaluate(node.func)
    for argument in node.args:
        run.evaluate(argument.value)
        run.facts.reorders.pop(id(argument.value), None)
    if func == UNKNOWN and type(node.func) is cst.Attribute and run.uses_framework:
        func = duck.method(run, node, node.func)
    return call_value(run, node, func)


def call_value(run: Interpreter, node: cst.Call, func: Value) -> Value:
    """Call a value with the arguments of `node`, which have been evaluated."""
    if run.side == "tensorflow" and _builds_graph(run, node, func):
        return SymbolicValue()
    if isinstance(func, Api):
        return api_call(run, node, func.name)
    if isinstance(func, Partial):
        return call_value(run, handed.whole(run, node, func), func.called)
    if isinstance(func, ClassValue):
        return instantiate(run, node, func.info)
    func = classes.as_container(func)
    if isinstance(func, Built):
        return layers.layer_call(run, node, func)
    if isinstance(func, MethodValue):
        return _method_call(run, node, func)
    if isinstance(func, Handed):
        return handed.call(run, node, func)
    if func == Tool("functools.partial"):
        return handed.partial(run, node)
    if isinstance(func, InitialiserValue):
        return initialisers.values(run, node)
    if func in (Tool("copy.copy"), Tool("copy.deepcopy")) and len(node.args) == 1:
        return _copied(run, node)
    if func == Tool("collections.OrderedDict"):
        return mappings.made(run, node)
    if isinstance(func, MetricValue):
        pass_plain(run, node.args)
        return TensorValue((), dtype="float")
    if isinstance(func, OneOf):
        return alternatives.call(run, node, func)
    function = classes.closure(func)
    if function is not None and isinstance(func, ObjectValue) and func.made and node.args:
        result = function_call(run, node.args, function, bound=True, renamed=False)
        given = instances.first(run, node, function)
        instances.reach(run, func, id(node), given)
        return instances.seen_outside(run, func, given, result, function.qualified)
    if function is not None:
        return function_call(run, node.args, function, bound=isinstance(func, ObjectValue))
    if isinstance(func, Numpy):
        pass_plain(run, node.args)
        return arrays.made(run, node, func.name, None)
    if type(node.func) is cst.Name and run.scope.owner(node.func.value) is None:
        return _builtin(run, node, node.func.value)
    values = pass_plain(run, node.args)
    if isinstance(func, Mathematics) and func.name.rpartition(".")[2] not in _COUNTING:
        return REAL
    return PLAIN if isinstance(func, Plain) and all(map(_foreign, values)) else UNKNOWN


_COUNTING = frozenset(
    {"ceil", "floor", "trunc", "comb", "perm", "factorial", "gcd", "lcm", "isqrt", "prod"}
    | {"isclose", "isfinite", "isinf", "isnan", "frexp", "modf"}
)
"""Functions of `math` that do not give a real number."""


def _copied(run: Interpreter, node: cst.Call) -> Value:
    """`copy.copy(x)`, `copy.deepcopy(x)`."""
    (value,) = pass_plain(run, node.args)
    if run.facts.value(node.func) == Tool("copy.deepcopy") and run.side == "torch":
        run.facts.copies.add(id(node))
    if run.side == "torch" and layers.is_module(value):
        why = "a copy of a layer of Keras has its name, and other first values: build another one"
        run.facts.problems[id(node)] = (Code.UNSUPPORTED_CODE, why)
    return value


def _builds_graph(run: Interpreter, node: cst.Call, func: Value) -> bool:
    """True for a layer or function of Keras that is called with a node of a functional model."""
    if not isinstance(func, Api | Built | ObjectValue | MergeValue) or func == Api("keras.Model"):
        return False
    given = [run.facts.value(argument.value) for argument in node.args]
    known = [*given, *(inner for value in given for inner in members(value))]
    graph = any(isinstance(value, SymbolicValue | InputValue) for value in known)
    return graph and func != Api("keras.Sequential")


def _foreign(value: Value) -> bool:
    """True for what another library cannot make a tensor, a layer or a model of."""
    if isinstance(value, Items | Dictionary | Each):
        return all(map(_foreign, members(value)))
    return isinstance(value, Plain | Literal | Numpy | NumpyArray)


def pass_plain(run: Interpreter, arguments: Sequence[cst.Arg]) -> list[Value]:
    """Give arguments to something that is not followed: tensors in the source's order, objects out of sight."""
    values = [run.in_order(a.value, run.facts.value(a.value), target=False) for a in arguments]
    for argument, value in zip(arguments, values, strict=True):
        detach(value)
        if isinstance(reference.handed(value, run.side), Handed):
            run.facts.escaping.add(id(argument.value))
    return values


def api_call(
    run: Interpreter, node: cst.Call, name: str, receiver: cst.BaseExpression | None = None
) -> Value:
    """A call of a framework's function, class or, with `receiver`, tensor method."""
    handler = special.HANDLERS.get(name)
    if handler is not None:
        return handler(run, node)
    if name in splits.NAMES and (pieces := splits.of_size(run, node, receiver)) is not None:
        return pieces
    name = _out_of_place(run, node, name)
    candidates = index(run.side).get(name, ()) or rows(name, run.side)
    if not candidates:
        refused = refusal(name, run.side)
        if refused is not None:
            run.facts.problems[id(node)] = (Code.REFUSED, refused.told(name))
        pass_plain(run, node.args)
        return UNKNOWN
    bound = _choose(run, node, candidates, receiver)
    if bound.problem:
        run.facts.problems[id(node)] = (Code.UNSUPPORTED_ARGUMENT, bound.problem)
        if "params" in bound.values:  # an optimizer that stays as it is still takes steps
            return layers.build(run, node, bound)
        pass_plain(run, node.args)
        return TensorValue() if bound.spelling.kind in ("function", "method") else UNKNOWN
    run.facts.calls[id(node)] = bound
    if bound.spelling.kind == "layer":
        return layers.build(run, node, bound)
    return made.as_leaf(run, node, operations.apply(run, node, bound))


def _choose(
    run: Interpreter,
    node: cst.Call,
    candidates: Sequence[tuple[Record, str]],
    receiver: cst.BaseExpression | None,
) -> Arguments:
    """The first record that the arguments fit; the first one's problem where none does."""
    first: Arguments | None = None
    arguments = handed.kept(run, candidates[0][0], node.args)
    exact = _exact_forms(run, candidates)
    ordered = [*exact, *candidates] if run.exact else [*candidates, *exact]
    for record, spelling in ordered:
        bound = bind(
            record, spelling, run.side, receiver, arguments, literal_value, run.facts.value
        )
        if not bound.problem and rates.parted(run, bound):
            bound = replace(bound, problem=rates.WHY)
        if not bound.problem:
            return bound
        first = first or bound
    assert first is not None
    return first


def _exact_forms(
    run: Interpreter, candidates: Sequence[tuple[Record, str]]
) -> list[tuple[Record, str]]:
    """What follows the source's numbers exactly, where the target's idiom does not."""
    layers_known = [record for record, _ in candidates if isinstance(record, Layer)]
    forms = [form for record in layers_known for form in record.exact if form.side != run.side]
    return [(form, form.spellings(run.side)[0]) for form in forms]


def instantiate(run: Interpreter, node: cst.Call, info: ClassInfo) -> Value:
    """An object of a class of the file; its constructor is run with these arguments."""
    constructor = info.method("__init__")
    if constructor is None and info.forward is None and _is_sequential(info):
        record, spelling = index(run.side)["torch.nn.Sequential"][0]
        bound = bind(record, spelling, run.side, None, node.args, literal_value, run.facts.value)
        run.facts.calls[id(node)] = bound
        return layers.build(run, node, bound)
    if constructor is None and info.all_fields:
        classes.set_fields(run, info, node.args)
        return ObjectValue(info)
    if constructor is None:
        pass_plain(run, node.args)
        return ObjectValue(info)
    function_call(run, node.args, constructor, bound=True)
    if not info.is_module or run.side == "torch":
        return ObjectValue(info)
    sizes = instances.default_sizes(constructor) | dict(sizes_given(run, node.args, constructor))
    return instances.made(run, node, info, sizes)


def _is_sequential(info: ClassInfo) -> bool:
    """True for `class Block(nn.Sequential)`, and for what is derived from such a class."""
    return any(
        base == Api("torch.nn.Sequential")
        or (isinstance(base, ClassValue) and _is_sequential(base.info))
        for base in info.bases
    )


def _method_call(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    receiver = method.receiver
    function = classes.closure(method)
    if function is not None:
        return function_call(run, node.args, function, bound=True)
    if not isinstance(node.func, cst.Attribute):
        pass_plain(run, node.args)  # it was taken from its object before: not followed
        return UNKNOWN
    if isinstance(receiver, TensorValue | GradientValue):
        family = "torch.Tensor." if run.side == "torch" else "tf.Tensor."
        return api_call(run, node, family + method.name, method.owner)
    if isinstance(receiver, TensorArrayValue):
        pass_plain(run, node.args)
        return tensor_arrays.result(method.name)
    if isinstance(receiver, DistributionValue):
        pass_plain(run, node.args)
        return TensorValue(tracked=method.name != "sample")
    if isinstance(receiver, ObjectValue) and method.name in reflected.METHODS:
        contained = classes.as_container(receiver)
        if isinstance(contained, Built) and method.name in methods.METHODS:
            return methods.METHODS[method.name](run, node, replace(method, receiver=contained))
        return _reflected_call(run, node, method, receiver)
    handler = methods.METHODS.get(method.name)
    if handler is not None and not isinstance(
        receiver, Items | Each | Dictionary | NumpyArray | SuperValue
    ):
        return handler(run, node, method)
    if isinstance(receiver, SuperValue):
        return _super_call(run, node, receiver, method.name)
    if isinstance(receiver, Items | Each | Dictionary):
        values = [run.plain(argument.value) for argument in node.args]
        return growing.method_call(run, method, values)
    pass_plain(run, node.args)
    return (
        arrays.made(run, node, method.name, receiver)
        if isinstance(receiver, NumpyArray)
        else UNKNOWN
    )


def _reflected_call(
    run: Interpreter, node: cst.Call, method: MethodValue, receiver: ObjectValue
) -> Value:
    """`self.__getattr__("a")`, `self.add_module("a", layer)`."""
    values = [argument.value for argument in node.args]
    for value in values:
        run.in_order(value, run.facts.value(value), target=False)
    return reflected.reflect(run, reflected.METHODS[method.name], receiver, values)


def _out_of_place(run: Interpreter, node: cst.Call, name: str) -> str:
    """What computes what `x.relu_()` and `F.relu_(x)` leave in `x`, where only that one is on record."""
    known = index(run.side)
    plain = name.rstrip("_")
    if name == plain or name in known or plain not in known:
        return name
    if name.startswith("torch.Tensor.") or (node.args and node.args[0].keyword is None):
        run.facts.in_place.add(id(node))
        return plain
    return name


def _super_call(run: Interpreter, node: cst.Call, receiver: SuperValue, name: str) -> Value:
    function = classes.owned(receiver, name)
    if function is not None:
        return function_call(run, node.args, function, bound=True)
    if name == "__init__" and Api("torch.nn.Sequential") in receiver.info.bases:
        return _contain(run, node, receiver.info)
    based = next((b.info for b in receiver.info.bases if isinstance(b, ClassValue)), None)
    if name == "__init__" and based is not None and based.all_fields:
        classes.set_fields(run, based, node.args)
        return NONE
    pass_plain(run, node.args)
    return NONE if name == "__init__" else UNKNOWN


def _contain(run: Interpreter, node: cst.Call, info: ClassInfo) -> Value:
    """`super().__init__(*layers)` of a class that is a container."""
    if info.forward is not None:
        pass_plain(run, node.args)
        return NONE
    record, spelling = index(run.side)["torch.nn.Sequential"][0]
    bound = bind(record, spelling, run.side, None, node.args, literal_value, run.facts.value)
    known, info.contained = info.contained, None
    built = layers.build(run, node, bound)
    assert isinstance(built, Built)
    if any(layers.reaches(part, info) for part in built.site.parts):
        run.facts.problems[id(node)] = (
            Code.UNSUPPORTED_CODE,
            "a container that holds its own kind",
        )
        return NONE
    run.facts.calls[id(node)] = bound
    info.contained = built.site
    if known is None:
        run.rerun_methods()
        for function in run.facts.functions.values():
            function.dirty = function.dirty or not function.active
    return NONE


def _builtin(run: Interpreter, node: cst.Call, name: str) -> Value:
    if name == "super":
        owner = run.scope.function.owner
        return UNKNOWN if owner is None else SuperValue(owner)
    if name == "dict":
        return mappings.made(run, node)
    values = pass_plain(run, node.args)
    if name == "getattr" and len(values) == 2 and isinstance(values[0], Api):
        return chosen.looked_up(run, node)
    if name in reflected.BUILTINS and values and isinstance(values[0], ObjectValue):
        return reflected.reflect(run, name, values[0], [a.value for a in node.args[1:]])
    if name == "map" and values and classes.closure(values[0]) is not None:
        return mapped(run, values[0], [element(value) for value in values[1:]])
    if name == "filter" and len(values) == 2 and isinstance(values[1], ParametersValue):
        return values[1] if asks_gradient(node.args[0].value) else UNKNOWN
    if name in ("iter", "next") and len(values) == 1:
        return Each(element(values[0])) if name == "iter" else element(values[0])
    if name == "zip":
        return Zipped(Items(tuple(element(value) for value in values)), node)
    handler = _BUILTINS.get(name)
    return UNKNOWN if handler is None else handler(values)


def asks_gradient(test: cst.BaseExpression) -> bool:
    """True for `lambda p: p.requires_grad`."""
    if not isinstance(test, cst.Lambda) or len(test.params.params) != 1:
        return False
    return is_trainable(test.body, test.params.params[0].name)


def is_trainable(test: cst.BaseExpression, name: cst.BaseExpression) -> bool:
    """True for `p.requires_grad`."""
    plain = isinstance(test, cst.Attribute) and isinstance(test.value, cst.Name)
    if not plain or not isinstance(test, cst.Attribute) or not isinstance(name, cst.Name):
        return False
    assert isinstance(test.value, cst.Name)
    return test.attr.value == "requires_grad" and test.value.value == name.value


def _same_items(values: Sequence[Value]) -> Value:
    if not values:
        return Items(())
    if isinstance(values[0], Items | Each | ParametersValue):
        return values[0]
    return Each(element(values[0]))


def _plain(values: Sequence[Value]) -> Value:
    return PLAIN


_BUILTINS: dict[str, Callable[[Sequence[Value]], Value]] = {
    **dict.fromkeys(
        ("print", "len", "int", "str", "bool", "round", "isinstance", "open", "input"),
        _plain,
    ),
    "float": lambda values: REAL,
    "range": lambda values: Each(PLAIN),
    "enumerate": lambda values: Each(Items((PLAIN, element(values[0]) if values else UNKNOWN))),
    "list": _same_items,
    "tuple": _same_items,
    "reversed": _same_items,
    "sorted": _same_items,
    "iter": _same_items,
    "next": lambda values: element(values[0]) if values else UNKNOWN,
    "sum": lambda values: element(values[0]) if values else UNKNOWN,
    "abs": lambda values: values[0] if values else UNKNOWN,
}
