"""Parameters of a module: `nn.Parameter(torch.randn(3))` and `self.add_weight(shape=(3,), initializer=...)`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.reading import small
from translator.rewrite.draws import FUNCTIONS, Layout, first_values, initialiser, short
from translator.rewrite.layout import in_place_of
from translator.source.bound import NOT_LITERAL
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.values import Literal, Plain

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

Draw = tuple[cst.BaseExpression, str]
"""The shape of a new weight, and its Keras initialiser as code."""


def module_weight(
    rewriter: Rewriter,
    node: cst.Call,
    given: cst.BaseExpression,
    name: str | None,
    target: cst.BaseExpression | None = None,
) -> cst.BaseExpression:
    """A parameter of a Keras model: `add_weight` where the first value is a usual draw, else a tracked variable."""
    frozen = argument(node, 1, "requires_grad")
    untrained = frozen is not None and literal_value(frozen) is False
    draw = drawn(rewriter, given)
    if draw is not None and target is not None:
        draw = first_draw(rewriter, target, draw, rewriter.following())
    arguments: list[cst.Arg] = []
    if draw is None:
        func = rewriter.naming.target("keras.Variable")
        arguments.append(cst.Arg(rewriter.expression(given)))
    else:
        func = build.name("self.add_weight")
        arguments.append(build.argument(draw[0], "shape"))
        arguments.append(
            build.argument(build.expression(rewriter.naming.spell(draw[1])), "initializer")
        )
    if name is not None:
        arguments.append(build.argument(build.expression(f'"{name}"'), "name"))
    if untrained:
        arguments.append(build.argument(build.name("False"), "trainable"))
    return build.call(func, arguments)


def drawn(rewriter: Rewriter, node: cst.BaseExpression) -> Draw | None:
    """The shape and the initialiser that an expression stands for, None where it is something else."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Multiply):
        return _scaled(rewriter, node.left, node.right) or _scaled(rewriter, node.right, node.left)
    if not isinstance(node, cst.Call):
        return None
    if isinstance(node.func, cst.Attribute) and node.func.attr.value in ("uniform_", "normal_"):
        return _in_place(rewriter, node, node.func)
    name = rewriter.api(node.func)
    if name == "torch.tensor":
        return _of_data(node)
    if name in FUNCTIONS:
        return _first_draw(rewriter, node)
    shape = shape_of(rewriter, node) if name != "torch.Tensor" or _sized(rewriter, node) else None
    initialiser = _PLAIN.get(str(name))
    return None if shape is None or initialiser is None else (shape, initialiser)


_PLAIN = {
    "torch.zeros": '"zeros"',
    "torch.ones": '"ones"',
    "torch.empty": '"zeros"',
    "torch.Tensor": '"zeros"',
    "torch.rand": "keras.initializers.RandomUniform(0.0, 1.0)",
    "torch.randn": "keras.initializers.RandomNormal(stddev=1.0)",
}


def _sized(rewriter: Rewriter, node: cst.Call) -> bool:
    """True for `torch.Tensor(2, 3)` and, where a number is known to be one, `torch.Tensor(n)`: no data."""
    values = [rewriter.facts.value(a.value) for a in node.args]
    one = len(values) == 1 and isinstance(values[0], Literal | Plain)
    return len(values) > 1 or (one and not isinstance(node.args[0].value, cst.Float))


def _first_draw(rewriter: Rewriter, node: cst.Call) -> Draw | None:
    """`nn.init.xavier_uniform_(torch.empty(3, 4))`."""
    first = first_values(rewriter, node)
    inner = None if first is None else drawn(rewriter, first.weight)
    if first is None or inner is None or not isinstance(inner[0], cst.Tuple):
        return None
    text = initialiser(rewriter, first, "alike" if len(inner[0].elements) == 2 else "other")
    return None if text is None else (inner[0], short(text))


def first_draw(
    rewriter: Rewriter, target: cst.BaseExpression, draw: Draw, behind: Sequence[cst.BaseStatement]
) -> Draw:
    """The draw of a new parameter: what `nn.init` calls right behind it say instead; they are not written then."""
    shape, text = draw
    layout: Layout = "other"
    if isinstance(shape, cst.Tuple) and len(shape.elements) == 2:
        layout = "alike"
    for statement in behind:
        inner = small(statement)
        call = inner.value if isinstance(inner, cst.Expr) else None
        first = None if call is None else first_values(rewriter, call)
        if first is None or not build.same_code(first.weight, target):
            break
        found = initialiser(rewriter, first, layout)
        if found is None:
            break
        text = short(found)
        rewriter.consumed.add(id(call))
    return shape, text


def shape_of(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """The sizes that a creating call names, as a tuple."""
    named = {a.keyword.value: a for a in node.args if a.keyword is not None}
    given = [a for a in node.args if a.keyword is None] or [
        a for name, a in named.items() if name == "size"
    ]
    if not given or any(a.star for a in given) or "dtype" in named:
        return None
    if len(given) == 1 and isinstance(given[0].value, cst.Tuple | cst.List):
        values = [rewriter.expression(e.value) for e in given[0].value.elements]
    elif (
        len(given) == 1
        and literal_value(given[0].value) is NOT_LITERAL
        and not isinstance(given[0].value, cst.Name | cst.Attribute)
    ):
        return None
    else:
        values = [rewriter.expression(a.value) for a in given]
    return as_tuple(values)


def as_tuple(values: list[cst.BaseExpression]) -> cst.Tuple:
    """A tuple in parentheses; one element keeps its comma."""
    comma = cst.Comma() if len(values) == 1 else cst.MaybeSentinel.DEFAULT
    return cst.Tuple(
        [cst.Element(v, comma=comma) for v in values],
        lpar=[cst.LeftParen()],
        rpar=[cst.RightParen()],
    )


def _scaled(
    rewriter: Rewriter, draw: cst.BaseExpression, factor: cst.BaseExpression
) -> Draw | None:
    """`torch.randn(3) * 0.01`."""
    if not isinstance(draw, cst.Call) or rewriter.api(draw.func) != "torch.randn":
        return None
    shape = shape_of(rewriter, draw)
    text = build.code(rewriter.expression(factor))
    return None if shape is None else (shape, f"keras.initializers.RandomNormal(stddev={text})")


def _in_place(rewriter: Rewriter, node: cst.Call, func: cst.Attribute) -> Draw | None:
    """`torch.Tensor(2, 3).uniform_(-a, a)`."""
    if not isinstance(func.value, cst.Call) or rewriter.api(func.value.func) not in (
        "torch.Tensor",
        "torch.empty",
        "torch.zeros",
    ):
        return None
    shape = shape_of(rewriter, func.value)
    bounds = [build.code(rewriter.expression(a.value)) for a in node.args if a.keyword is None]
    if shape is None or len(bounds) not in (0, 2) or len(bounds) != len(node.args):
        return None
    if func.attr.value == "uniform_":
        low, high = bounds or ["0.0", "1.0"]
        return shape, f"keras.initializers.RandomUniform({low}, {high})"
    mean, stddev = bounds or ["0.0", "1.0"]
    return shape, f"keras.initializers.RandomNormal({mean}, {stddev})"


def _of_data(node: cst.Call) -> Draw | None:
    """`torch.tensor([[0.5]])`: one number in every place."""
    if len(node.args) != 1:
        return None
    shape: list[int] = []
    inner = node.args[0].value
    while isinstance(inner, cst.List | cst.Tuple):
        texts = {build.code(e.value) for e in inner.elements}
        if len(texts) != 1:
            return None
        shape.append(len(inner.elements))
        inner = inner.elements[0].value
    value = literal_value(inner)
    if type(value) is not float:
        return None
    if value in (0.0, 1.0):
        text = '"zeros"' if value == 0.0 else '"ones"'
    else:
        text = f"keras.initializers.Constant({build.code(inner)})"
    return as_tuple([build.expression(str(n)) for n in shape]), text


def torch_parameter(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`self.add_weight(...)` as a parameter with the same first values, or draws of the same kind."""
    made = _added(rewriter, node)
    if made is None:
        return node
    shape, (name, holes), trained = made
    value = build.expression(rewriter.naming.spell(_VALUES[name]), shape=shape, **holes)
    frozen = [] if trained else [build.argument(build.name("False"), "requires_grad")]
    return build.call(rewriter.naming.target("torch.nn.Parameter"), [cst.Arg(value), *frozen])


def in_place(
    rewriter: Rewriter,
    node: cst.SimpleStatementLine,
    call: cst.Call,
    target: cst.BaseExpression,
) -> list[cst.BaseStatement]:
    """`self.add_weight(...)` where the parameter exists and waits for its size."""
    made = _added(rewriter, call)
    if made is None:
        return [node]
    shape, (name, holes), trained = made
    lines = [
        build.statement("weight.materialize(shape)", weight=target, shape=shape),
        build.statement(rewriter.naming.spell(INITS[name]), weight=target, **holes),
    ]
    if not trained:
        lines.append(build.statement("weight.requires_grad_(False)", weight=target))
    return [in_place_of(node, lines[0]), *lines[1:]]


Kind = tuple[str, dict[str, cst.BaseExpression]]
"""The kind of an initialiser, and its arguments."""


def _added(rewriter: Rewriter, node: cst.Call) -> tuple[cst.BaseExpression, Kind, bool] | None:
    """The shape, the initialiser and whether it is trained, of a call of `add_weight`; None where it stays."""
    if any(a.star or (a.keyword is not None and a.keyword.value not in _ADDING) for a in node.args):
        rewriter.leave(
            node, Code.UNSUPPORTED_ARGUMENT, "this argument of add_weight has no equivalent"
        )
        return None
    shape = argument(node, 0, "shape")
    sizes = build.expression("()") if shape is None else rewriter.expression(shape)
    kind = initialiser_call(rewriter, argument(node, 1, "initializer"))
    if kind is None:
        rewriter.leave(node, Code.UNSUPPORTED_ARGUMENT, "this initialiser has no record")
        return None
    trainable = argument(node, -1, "trainable")
    return sizes, kind, trainable is None or literal_value(trainable) is not False


_ADDING = frozenset({"shape", "initializer", "name", "trainable", "dtype"})


def initial_value(
    rewriter: Rewriter, initialiser: cst.BaseExpression | None, shape: cst.BaseExpression
) -> cst.BaseExpression | None:
    """The tensor that a Keras initialiser gives."""
    found = initialiser_call(rewriter, initialiser)
    if found is None:
        return None
    name, holes = found
    return build.expression(rewriter.naming.spell(_VALUES[name]), shape=shape, **holes)


_VALUES = {
    "zeros": "torch.zeros(shape)",
    "ones": "torch.ones(shape)",
    "constant": "torch.full(shape, value)",
    "random_normal": "torch.empty(shape).normal_(mean, stddev)",
    "random_uniform": "torch.empty(shape).uniform_(minval, maxval)",
    "glorot_uniform": "nn.init.xavier_uniform_(torch.empty(shape))",
    "glorot_normal": "nn.init.xavier_normal_(torch.empty(shape))",
}

INITS = {
    "zeros": "nn.init.zeros_(weight)",
    "ones": "nn.init.ones_(weight)",
    "constant": "nn.init.constant_(weight, value)",
    "random_normal": "nn.init.normal_(weight, mean, stddev)",
    "random_uniform": "nn.init.uniform_(weight, minval, maxval)",
    "glorot_uniform": "nn.init.xavier_uniform_(weight)",
    "glorot_normal": "nn.init.xavier_normal_(weight)",
}

_CLASSES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "Zeros": ("zeros", ()),
    "Ones": ("ones", ()),
    "Constant": ("constant", (("value", "0.0"),)),
    "RandomNormal": ("random_normal", (("mean", "0.0"), ("stddev", "0.05"))),
    "RandomUniform": ("random_uniform", (("minval", "-0.05"), ("maxval", "0.05"))),
    "GlorotUniform": ("glorot_uniform", ()),
    "GlorotNormal": ("glorot_normal", ()),
}
_SHORT = {name.lower(): name for name in _CLASSES} | {
    "normal": "RandomNormal",
    "uniform": "RandomUniform",
    "zeros_initializer": "Zeros",
    "ones_initializer": "Ones",
    "constant_initializer": "Constant",
    "random_normal_initializer": "RandomNormal",
    "random_uniform_initializer": "RandomUniform",
}


def initialiser_call(
    rewriter: Rewriter, node: cst.BaseExpression | None
) -> tuple[str, dict[str, cst.BaseExpression]] | None:
    """The kind of a Keras initialiser and its arguments, defaults filled in."""
    if node is None:
        return "glorot_uniform", {}
    if isinstance(node, cst.SimpleString):
        written = str(node.raw_value).replace("_", "").lower()
        arguments: list[cst.Arg] = []
    else:
        func = node.func if isinstance(node, cst.Call) else node
        arguments = list(node.args) if isinstance(node, cst.Call) else []
        written = str(rewriter.api(func)).rpartition(".")[2]
        written = written.lower() if written not in _SHORT else _SHORT[written].lower()
    found = _CLASSES.get(_SHORT.get(written.replace("_", ""), ""))
    if found is None:
        return None
    kind, parameters = found
    holes: dict[str, cst.BaseExpression] = {
        name: build.expression(default) for name, default in parameters
    }
    for position, given in enumerate(arguments):
        name = (
            given.keyword.value
            if given.keyword is not None
            else parameters[position][0]
            if position < len(parameters)
            else ""
        )
        if name in holes:
            holes[name] = rewriter.expression(given.value)
        elif name != "seed":
            return None
    return kind, holes
