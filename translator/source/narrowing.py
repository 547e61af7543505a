"""What a condition says of a layer that is not known: `isinstance(m, nn.Conv2d)`, `"Conv" in type(m).__name__`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.records import Layer
from translator.knowledge.registry import index
from translator.source.imports import dotted
from translator.source.literals import NONE, literal_value
from translator.source.objects import Built, ClassValue, FunctionValue, ObjectValue
from translator.source.values import (
    UNKNOWN,
    Api,
    ClassName,
    Items,
    LayerValue,
    OneOf,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def narrowed(run: Interpreter, test: cst.BaseExpression) -> Mapping[str, Value]:
    """What names are where a condition holds; the condition has been evaluated."""
    if type(test) is cst.BooleanOperation:
        left, right = narrowed(run, test.left), narrowed(run, test.right)
        if isinstance(test.operator, cst.And):
            return {**right, **left}
        both = {name: _either(left[name], right[name]) for name in left.keys() & right.keys()}
        return {name: value for name, value in both.items() if value != UNKNOWN}
    if (name := _there(run, test)) and run.scope.find(name) == NONE:
        return {name: UNKNOWN}  # no call that is seen gives it, so nothing is known of it
    if type(test) is cst.Call:
        found = _instance(run, test)
    else:
        found = _named(run, test) if isinstance(test, cst.Comparison) else None
    return {} if found is None else dict([found])


def otherwise(run: Interpreter, test: cst.BaseExpression) -> Mapping[str, Value]:
    """What names are where a condition does not hold: the one in `x is None` is something."""
    name = ""
    if type(test) is cst.Call and (left := _others(run, test)) is not None:
        return dict([left])
    if type(test) is cst.UnaryOperation and type(test.operator) is cst.Not:
        name = _there(run, test.expression)
    elif isinstance(test, cst.Comparison):
        name = _compared(test, cst.Is)
    return {name: UNKNOWN} if name and run.scope.find(name) == NONE else {}


def _compared(test: cst.Comparison, operator: type[cst.BaseCompOp]) -> str:
    """The name that is compared with None."""
    asked = test.comparisons[0]
    alone = len(test.comparisons) == 1 and isinstance(asked.operator, operator)
    if not alone or literal_value(asked.comparator) is not None:
        return ""
    return test.left.value if isinstance(test.left, cst.Name) else ""


def _there(run: Interpreter, test: cst.BaseExpression) -> str:
    """The name in `x is not None`, or in a call of a function that asks just that: `exists(x)`."""
    if type(test) is cst.Comparison and (name := _compared(test, cst.IsNot)):
        return name
    if type(test) is not cst.Call or len(test.args) != 1:
        return ""
    function = run.facts.value(test.func)
    given = test.args[0].value
    if not isinstance(function, FunctionValue) or not isinstance(given, cst.Name):
        return ""
    asking = _answer(function.info.node)
    return given.value if asking is not None and _there(run, asking) else ""


def _answer(function: cst.FunctionDef | cst.Lambda | None) -> cst.Comparison | None:
    """What a function of one line returns, where that is a comparison."""
    if isinstance(function, cst.Lambda):
        return function.body if isinstance(function.body, cst.Comparison) else None
    body = function.body.body if function is not None else ()
    line = body[0] if len(body) == 1 else None
    inner = line.body[0] if isinstance(line, cst.SimpleStatementLine) else line
    value = inner.value if isinstance(inner, cst.Return) else None
    return value if isinstance(value, cst.Comparison) else None


def _either(a: Value, b: Value) -> Value:
    if isinstance(a, LayerValue) and isinstance(b, LayerValue):
        return LayerValue(a.names + b.names)
    return UNKNOWN


def _instance(run: Interpreter, test: cst.Call) -> tuple[str, Value] | None:
    """`isinstance(m, nn.Linear)`, `isinstance(m, (nn.Conv2d, nn.Linear))`."""
    if (asked := _asked(run, test)) is None:
        return None
    name, value, classes = asked
    if isinstance(value, OneOf):
        named = {c.name for c in classes if isinstance(c, Api)}
        return _chosen(name, [option for option in value.options if _is_of(option, named)])
    if "." in name:
        return None
    if not isinstance(value, LayerValue) and value != UNKNOWN:
        return None
    if len(classes) == 1 and isinstance(classes[0], ClassValue):
        return name, ObjectValue(classes[0].info)
    if value == UNKNOWN and classes == (
        Api("torch.Tensor" if run.side == "torch" else "tf.Tensor"),
    ):
        return name, TensorValue()
    names = tuple(c.name for c in classes if isinstance(c, Api) and c.name in index(run.side))
    return (name, LayerValue(names)) if len(names) == len(classes) else None


def _others(run: Interpreter, test: cst.Call) -> tuple[str, Value] | None:
    """What is left of a choice where it is not of the class that is asked for."""
    if (asked := _asked(run, test)) is None:
        return None
    name, value, classes = asked
    if not isinstance(value, OneOf):
        return None
    named = {c.name for c in classes if isinstance(c, Api)}
    left = [option for option in value.options if not _is_of(option, named)]
    return _chosen(name, left) if len(left) < len(value.options) else None


def _chosen(name: str, options: Sequence[Value]) -> tuple[str, Value] | None:
    """What a name is where some options of a choice are left."""
    if not options:
        return None
    return name, options[0] if len(options) == 1 else OneOf(tuple(options))


def _asked(run: Interpreter, test: cst.Call) -> tuple[str, Value, tuple[Value, ...]] | None:
    """The name or attribute in a call of `isinstance`, what it is, and the classes that are asked for."""
    if not isinstance(test.func, cst.Name) or test.func.value != "isinstance":
        return None
    given = test.args[0].value if len(test.args) == 2 else None
    if not isinstance(given, cst.Name | cst.Attribute) or "?" in (name := dotted(given)):
        return None
    value = run.facts.value(given) if "." in name else run.scope.find(name) or UNKNOWN
    asked = run.facts.value(test.args[1].value)
    return name, value, asked.items if isinstance(asked, Items) else (asked,)


def _is_of(value: Value, names: set[str]) -> bool:
    return isinstance(value, Built) and value.site.arguments.spelling.name in names


def _named(run: Interpreter, test: cst.Comparison) -> tuple[str, Value] | None:
    """`"Conv" in name`, `name.find("Conv") != -1`, `name == "Linear"`, where the name is that of the class of `m`."""
    if (compared := asked_class(test)) is not None:
        held, asked = compared
        value = run.facts.value(asked)
        if isinstance(held, cst.Name) and isinstance(value, Api) and value.name in index(run.side):
            return held.value, LayerValue((value.name,))
        return None
    found = asked_name(run.facts.values, test)
    if found is None:
        return None
    owner, text, whole = found
    names = class_names(text, whole)
    return (owner.variable, LayerValue(names)) if names else None


def asked_class(test: cst.Comparison) -> tuple[cst.BaseExpression, cst.BaseExpression] | None:
    """The object and the class in `type(m) is nn.Linear`, `m.__class__ == nn.Linear`."""
    left = test.left
    if len(test.comparisons) != 1:
        return None
    if not isinstance(test.comparisons[0].operator, cst.Is | cst.Equal):
        return None
    if isinstance(left, cst.Attribute) and left.attr.value == "__class__":
        return left.value, test.comparisons[0].comparator
    called = left.func if isinstance(left, cst.Call) and len(left.args) == 1 else None
    if isinstance(left, cst.Call) and isinstance(called, cst.Name) and called.value == "type":
        return left.args[0].value, test.comparisons[0].comparator
    return None


def asked_name(
    values: Mapping[int, Value], test: cst.Comparison
) -> tuple[ClassName, cst.SimpleString, bool] | None:
    """The class name that a comparison looks at, the string that it looks for, whether that is the whole name."""
    if len(test.comparisons) != 1:
        return None
    left, right = test.left, test.comparisons[0].comparator
    operator = test.comparisons[0].operator
    whole = type(operator) is cst.Equal
    if type(operator) is cst.NotEqual and literal_value(right) == -1:
        if not isinstance(left, cst.Call) or len(left.args) != 1:
            return None
        if not isinstance(left.func, cst.Attribute) or left.func.attr.value != "find":
            return None
        looked, held = left.args[0].value, left.func.value
    elif whole:
        looked, held = right, left
    elif isinstance(operator, cst.In):
        looked, held = left, right
    else:
        return None
    owner = values.get(id(held), UNKNOWN)
    if not isinstance(owner, ClassName) or not isinstance(looked, cst.SimpleString):
        return None
    return owner, looked, whole


def class_names(text: cst.SimpleString, whole: bool) -> tuple[str, ...]:
    """The layers of torch whose class has a name, or has it as a part of its own."""
    asked = str(text.raw_value)
    return tuple(
        sorted(
            name
            for name, rows in index("torch").items()
            if any(isinstance(record, Layer) and record.weights for record, _ in rows)
            and (last := name.rpartition(".")[2])
            and (asked == last if whole else asked in last)
        )
    )
