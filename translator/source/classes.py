"""Classes of the file and objects of the frameworks: attributes, parameters of methods, parts of containers."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.lenses import Inferred, Same, Side
from translator.knowledge.records import Layer, Record, holding
from translator.knowledge.registry import index
from translator.knowledge.signature import parse
from translator.source.bound import Arguments
from translator.source.imports import dotted
from translator.source.joins import join, members, source_order
from translator.source.literals import literal_value
from translator.source.objects import (
    LAZY,
    Built,
    ClassInfo,
    ClassValue,
    FunctionInfo,
    FunctionValue,
    ObjectValue,
    ParametersValue,
    Site,
    SuperValue,
)
from translator.source.values import (
    PLAIN,
    UNKNOWN,
    Api,
    Each,
    Items,
    LayerValue,
    Literal,
    MethodValue,
    OneOf,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

_FORWARD = {"torch": ("forward", "__call__"), "tensorflow": ("call", "__call__")}
_INHERITED = frozenset(
    "training parameters modules named_parameters named_modules children named_children buffers apply state_dict "
    "load_state_dict train eval to cuda cpu float double half zero_grad requires_grad_ register_buffer "
    "register_parameter add_module register_module forward".split()
)
VARIABLES = frozenset({"trainable_variables", "trainable_weights", "variables", "weights"})
_TENSOR_CLASSES = frozenset(
    {"torch.Tensor", "torch.FloatTensor", "torch.LongTensor", "tf.Tensor", "keras.KerasTensor"}
)


def define_class(run: Interpreter, node: cst.ClassDef) -> ClassInfo:
    """The record of a class, with its methods and class attributes."""
    from translator.source.functions import define

    info = run.facts.classes.get(id(node))
    if info is None:
        info = run.facts.classes[id(node)] = ClassInfo(node.name.value, node, _FORWARD[run.side])
    for decorator in node.decorators:
        run.evaluate(decorator.decorator)
    info.fields = tuple(_fields(node))
    info.bases = tuple(_base(run, base.value) for base in node.bases)
    for keyword in node.keywords:
        run.plain(keyword.value)
    names = run.scope.names
    run.scope.names = dict(names)
    for statement in node.body.body:
        if isinstance(statement, cst.FunctionDef):
            for decorator in statement.decorators:
                run.evaluate(decorator.decorator)
            method = define(run, statement, statement.name.value, info)
            method.decorator = next((d for d in map(_decorator, statement.decorators) if d), "")
            info.methods[statement.name.value] = method
        else:
            before = dict(run.scope.names)
            run.block([statement])
            for name, value in run.scope.names.items():
                if before.get(name) is not value:
                    info.attributes[name] = value
    run.scope.names = names
    if info.forward is None:
        run.facts.containers |= {id(base.value) for base in node.bases}
    return info


_DECORATORS = frozenset({"property", "staticmethod", "classmethod"})


def _fields(node: cst.ClassDef) -> Iterator[str]:
    """The names that a dataclass annotates."""
    named = (
        d.decorator.func if isinstance(d.decorator, cst.Call) else d.decorator
        for d in node.decorators
    )
    if not any(dotted(name).rpartition(".")[2] == "dataclass" for name in named):
        return
    for line in node.body.body:
        small = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
        if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
            if "ClassVar" not in dotted(small.annotation.annotation):
                yield small.target.value


def set_fields(run: Interpreter, info: ClassInfo, arguments: Sequence[cst.Arg]) -> None:
    """A call of the constructor that a dataclass gets."""
    names = info.all_fields
    if any(argument.star for argument in arguments):
        for name in names:
            set_attribute(run, info, name, UNKNOWN)
        return
    for place, argument in enumerate(arguments):
        value = run.in_order(argument.value, run.facts.value(argument.value), target=False)
        if argument.keyword is not None:
            set_attribute(run, info, argument.keyword.value, value)
        elif place < len(names):
            set_attribute(run, info, names[place], value)


def _decorator(node: cst.Decorator) -> str:
    name = node.decorator.value if isinstance(node.decorator, cst.Name) else ""
    return name if name in _DECORATORS else ""


def _base(run: Interpreter, node: cst.BaseExpression) -> Value:
    """A base class; the builtin ones are plain."""
    value = run.evaluate(node)
    run.facts.escaping.add(id(node))
    builtin = isinstance(node, cst.Name) and hasattr(builtins, node.value)
    return PLAIN if builtin and value == UNKNOWN else value


def set_attribute(run: Interpreter, info: ClassInfo, name: str, value: Value) -> None:
    """Join a value into an instance attribute; what read it before is run again if that changed it."""
    known = info.attributes.get(name)
    value = PLAIN if run.leaving else source_order(value)
    run.facts.hold(f".{name}", value)
    if isinstance(value, TensorValue) and info.is_module:
        run.facts.owned |= value.parameters
    function = run.scope.function
    if known is not None and known != value and function.name == "__init__" and _is_module(value):
        info.reassigned.add(name)
    called = function.name != "__init__" or function.qualified in run.called
    if called and name in info.supposed:
        known = None  # it was what a constructor knows that is given nothing
    if called:
        info.supposed.discard(name)
    elif known is None:
        info.supposed.add(name)
    joined = value if known is None else join(known, value)
    if name in info.buffers and isinstance(joined, TensorValue):
        joined = replace(joined, leaf=True)  # what is assigned goes into the variable
    if joined != info.attributes.get(name):
        info.attributes[name] = joined
        run.rerun_readers(name)


def _is_module(value: Value) -> bool:
    return isinstance(value, Built | ObjectValue | OneOf)


def read_attribute(run: Interpreter, info: ClassInfo, name: str, node: cst.Attribute) -> Value:
    """`self.x` or `model.x` for an object of a class of the file."""
    from translator.source.passing import function_call
    from translator.source.reflected import computed

    run.scope.function.reads.add(name)
    found, method = info.attribute(name), info.method(name)
    if found is not None:
        return found
    if method is not None and method.decorator == "property":
        return function_call(run, (), method, bound=True)
    if method is not None:
        static = method.decorator == "staticmethod"
        return FunctionValue(method) if static else MethodValue(ObjectValue(info), name, node.value)
    if name not in _INHERITED and (some := computed(ObjectValue(info), name)) is not None:
        return some
    if not info.is_module:
        return UNKNOWN
    if name in VARIABLES:
        owner = run.facts.value(node.value)
        same = isinstance(owner, ObjectValue) and owner.info is info
        return ParametersValue(node.value, owner if same else ObjectValue(info))
    if name == "losses":
        return _LOSSES
    if name == "training":
        return PLAIN
    if name == "optimizer" and run.side == "tensorflow":
        run.facts.optimizers[id(node)] = node
    if (inner := _inherited_member(run, info, name)) is not None:
        return inner
    return MethodValue(ObjectValue(info), name, node.value)


_LOSSES = Each(TensorValue((), tracked=True, dtype="float"))
"""`model.losses` of Keras: what layers have added to the loss."""


def class_attribute(owner: ClassValue, name: str, node: cst.Attribute) -> Value:
    """`Net.x` of a class of the file; a method taken from it takes its object as an argument."""
    found, method = owner.info.attribute(name), owner.info.method(name)
    if found is not None:
        return found
    if method is None or method.decorator == "property":
        return MethodValue(owner, name, node.value)
    if method.decorator == "classmethod":
        return MethodValue(ObjectValue(owner.info), name, node.value)
    return FunctionValue(method)


def built_attribute(run: Interpreter, built: Built, name: str, node: cst.Attribute) -> Value:
    """An attribute of a framework's object: a layer's weight, a container's parts, or a method."""
    record = built.site.record
    if name in built.site.attributes:
        return built.site.attributes[name]
    if name == "optimizer" and run.side == "tensorflow":
        run.facts.optimizers[id(node)] = node
    if holding(record, run.side, name) is not None:
        touch(run, built, node)
        return TensorValue(tracked=True, leaf=True, dtype="float")
    if name in VARIABLES:
        return ParametersValue(node.value, built)
    if name in ("learning_rate", "lr") and record_name(built).startswith("keras.optimizers."):
        return TensorValue((), dtype="float")
    if name in built.site.names:
        return built.site.parts[built.site.names[name]]
    if name in built.site.by_name:
        return fetched(built.site, name)
    if name == "losses":
        return _LOSSES
    if run.side == "torch" and is_setting(record, name):
        given = built.site.arguments.values.get(name)
        known = None if given is None else literal_value(given)
        return Literal(known) if type(known) is int else PLAIN
    if name == "layers" and run.side == "tensorflow":
        return Items(built.site.parts)
    if (inner := _member(run, built.site, record, name)) is not None:
        return inner
    return MethodValue(built, name, node.value)


def fetched(site: Site, name: str) -> Value:
    """A part of a container that is reached by its name, which what was put into a dict has to be told."""
    part = site.by_name[name]
    for option in (part, *members(part)):
        if isinstance(option, Built) and not option.site.member:
            option.site.named = name
    return part


def _member(run: Interpreter, key: object, record: Record, name: str) -> Value | None:
    """A layer or a function that a layer has as an attribute; of one object it is always the same."""
    named = dict(record.members).get(name) if isinstance(record, Layer) else None
    if named is None:
        return None
    inner, spelling = index("torch")[named][0]
    if run.side == "tensorflow":
        spelling = inner.spellings(run.side)[0]
    if not isinstance(inner, Layer):
        return Api(named)
    site = run.facts.members.get((id(key), name))
    if site is None:
        made = cst.Call(cst.Name(name))  # it stands nowhere: the layer around it builds it
        scope = key.scope if isinstance(key, Site) else ""
        site = Site(made, inner, Arguments(inner, parse(spelling)), scope)
        run.facts.members[id(key), name] = site
    return Built(site)


def _inherited_member(run: Interpreter, info: ClassInfo, name: str) -> Value | None:
    """`self.encoder` of a class that is derived from a layer with such an attribute."""
    for base in info.bases:
        found = None
        if isinstance(base, Api) and base.name in index(run.side):
            found = _member(run, info, index(run.side)[base.name][0][0], name)
        elif isinstance(base, ClassValue):
            found = _inherited_member(run, base.info, name)
        if found is not None:
            return found
    return None


def is_setting(record: Record, name: str) -> bool:
    """True for what a layer of torch was made with."""
    settings = (rule for rule in record.args if isinstance(rule, Same | Inferred))
    return isinstance(record, Layer) and any(rule.torch == name for rule in settings)


def layer_attribute(run: Interpreter, owner: LayerValue, name: str, node: cst.Attribute) -> Value:
    """An attribute of a layer of which the class is known: a weight."""
    records = layer_records(owner, run.side)
    if records and all(holding(record, run.side, name) for record in records):
        return TensorValue(tracked=True, leaf=True, dtype="float")
    if records and run.side == "torch" and all(is_setting(record, name) for record in records):
        return PLAIN
    return MethodValue(owner, name, node.value)


def layer_records(owner: LayerValue, side: Side) -> list[Record]:
    """The records of the classes that a layer may be of."""
    return [index(side)[name][0][0] for name in owner.names]


def record_name(built: Built) -> str:
    """The class that the source builds."""
    return built.site.arguments.spelling.name


def touch(run: Interpreter, value: Value, node: cst.CSTNode, again: bool = False) -> None:
    """Note that the weights of a layer, or of all layers of a model, are needed where nothing has passed yet.

    `again`: what has passed may have passed through another object of the same class.
    """
    if isinstance(value, Built):
        if again or not any(key for key, _ in value.site.seen):
            run.facts.touched[id(node)] = value.site
        for member in value.site.parts:
            touch(run, member, member.site.node if isinstance(member, Built) else node, again)
    elif isinstance(value, ObjectValue):
        for attribute in value.info.attributes.values():
            if isinstance(attribute, Built):
                touch(run, attribute, attribute.site.node, again)
            elif isinstance(attribute, ObjectValue) and attribute.info is not value.info:
                touch(run, attribute, node, again)


def part(built: Built, index: Value | None) -> Value:
    """`model[0]` of a container."""
    parts = built.site.parts
    if (
        isinstance(index, Literal)
        and isinstance(index.value, int)
        and -len(parts) <= index.value < len(parts)
    ):
        return parts[index.value]
    return UNKNOWN


def expected(run: Interpreter, function: FunctionInfo, parameter: cst.Param) -> Value:
    """What a parameter is that no call explains: by its annotation, its default, its use, or as input of a model."""
    name = parameter.name.value
    if parameter.annotation is not None:
        annotated = run.facts.value(parameter.annotation.annotation)
        if isinstance(annotated, Api) and annotated.name in _TENSOR_CLASSES:
            return TensorValue()
        if isinstance(annotated, ClassValue) and annotated.info.is_module:
            return ObjectValue(annotated.info)
        if dotted(parameter.annotation.annotation) in ("int", "float", "bool", "str"):
            return PLAIN
    if name in function.used:
        return function.used[name]
    if parameter.default is not None:
        default = run.facts.value(parameter.default)
        if isinstance(default, Literal):
            return UNKNOWN if default.value is None else PLAIN
        return default
    if function.is_forward or function.name == LAZY:
        return TensorValue()
    return UNKNOWN


def named_classes(run: Interpreter, parameter: cst.Param) -> list[ClassValue]:
    """The classes of the file that an annotation admits: `block: type[A | B]`, `Type[Union[A, B]]`."""
    if parameter.annotation is None:
        return []
    waiting: list[cst.BaseExpression] = [parameter.annotation.annotation]
    found: list[ClassValue] = []
    inside = False
    while waiting:
        node = waiting.pop(0)
        if type(node) is cst.BinaryOperation and type(node.operator) is cst.BitOr:
            waiting += [node.left, node.right]
        elif type(node) is cst.Subscript:
            inside = inside or dotted(node.value).rpartition(".")[2] in ("type", "Type")
            slices = [element.slice for element in node.slice]
            waiting += [part.value for part in slices if isinstance(part, cst.Index)]
        elif inside and isinstance(value := run.facts.value(node), ClassValue):
            found.append(value)
    return found


def as_container(value: Value) -> Value:
    """An object of a class that is a container as the container."""
    if isinstance(value, ObjectValue) and (site := value.info.container) is not None:
        return Built(site)
    return value


def forward_of(info: ClassInfo) -> FunctionInfo | None:
    """The method that a call of the object runs: that of a framework's module runs its forward pass."""
    own = info.method("__call__")
    return own if own is not None or info.is_plain else info.forward


def inherited(value: Value, name: str) -> bool:
    """True where a framework's object, or a module of the file that does not define it itself, has a method."""
    if isinstance(value, ObjectValue | SuperValue):
        return value.info.is_module and owned(value, name) is None
    return isinstance(value, Built | LayerValue)


def owned(value: ObjectValue | SuperValue, name: str) -> FunctionInfo | None:
    """The method of a class of the file."""
    if isinstance(value, ObjectValue):
        return value.info.method(name)
    bases = (base.info for base in value.info.bases if isinstance(base, ClassValue))
    return next((method for base in bases if (method := base.method(name))), None)


def closure(value: Value) -> FunctionInfo | None:
    """The function of the file behind a callable, if it is one."""
    if isinstance(value, FunctionValue):
        return value.info
    if isinstance(value, ObjectValue):
        return forward_of(value.info)
    if isinstance(value, MethodValue) and isinstance(value.receiver, ObjectValue):
        return value.receiver.info.method(value.name)
    return None
