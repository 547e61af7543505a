"""Parameters of a module: `nn.Parameter(torch.randn(3))` and `self.add_weight(shape=(3,), initializer=...)`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build, keras_initialisers
from translator.rewrite.constructs import added
from translator.rewrite.constructs.reading import small
from translator.rewrite.draws import FUNCTIONS, Layout, first_values, initialiser, short
from translator.rewrite.layout import in_place_of
from translator.rewrite.torch_tensors import sized
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
    if name == "torch.full":
        return _full(rewriter, node)
    if name in FUNCTIONS:
        return _first_draw(rewriter, node)
    empty = name in ("torch.Tensor", "torch.FloatTensor")
    shape = None if empty and not sized(rewriter, node) else shape_of(rewriter, node)
    initialiser = _PLAIN.get(str(name))
    return None if shape is None or initialiser is None else (shape, initialiser)


_PLAIN = {
    "torch.zeros": '"zeros"',
    "torch.ones": '"ones"',
    "torch.empty": '"zeros"',
    "torch.Tensor": '"zeros"',
    "torch.FloatTensor": '"zeros"',
    "torch.rand": "keras.initializers.RandomUniform(0.0, 1.0)",
    "torch.randn": "keras.initializers.RandomNormal(stddev=1.0)",
}


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
        values = [build.bare(rewriter.expression(a.value)) for a in given]
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
    """`torch.randn(3) * 0.01`, `1e-6 * torch.ones(3)`."""
    form = _SCALED.get(str(rewriter.api(draw.func))) if isinstance(draw, cst.Call) else None
    if form is None or not isinstance(draw, cst.Call):
        return None
    if not isinstance(rewriter.facts.value(factor), Literal | Plain):
        return None
    shape = shape_of(rewriter, draw)
    return None if shape is None else (shape, form.format(build.code(rewriter.expression(factor))))


_SCALED = {
    "torch.randn": "keras.initializers.RandomNormal(stddev={})",
    "torch.ones": "keras.initializers.Constant({})",
}


def _full(rewriter: Rewriter, node: cst.Call) -> Draw | None:
    """`torch.full((3,), 0.1)`."""
    size, value = argument(node, 0, "size"), argument(node, 1, "fill_value")
    if not isinstance(size, cst.Tuple | cst.List) or value is None or len(node.args) != 2:
        return None
    if not isinstance(rewriter.facts.value(value), Literal | Plain):
        return None
    shape = as_tuple([build.bare(rewriter.expression(e.value)) for e in size.elements])
    return shape, _SCALED["torch.ones"].format(build.code(rewriter.expression(value)))


def _in_place(rewriter: Rewriter, node: cst.Call, func: cst.Attribute) -> Draw | None:
    """`torch.Tensor(2, 3).uniform_(-a, a)`."""
    if not isinstance(func.value, cst.Call) or rewriter.api(func.value.func) not in (
        "torch.Tensor",
        "torch.FloatTensor",
        "torch.empty",
        "torch.zeros",
    ):
        return None
    shape, first = shape_of(rewriter, func.value), first_values(rewriter, node)
    text = None if first is None else initialiser(rewriter, first, "other")
    return None if shape is None or text is None else (shape, text)


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
    sizes = _sizes(rewriter, node)
    if sizes is None:
        return node
    value = keras_initialisers.tensor(rewriter, argument(node, 1, "initializer"), sizes)
    if value is None:
        return _unknown(rewriter, node)
    frozen = [] if _is_trained(node) else [build.argument(build.name("False"), "requires_grad")]
    return build.call(rewriter.naming.target("torch.nn.Parameter"), [cst.Arg(value), *frozen])


def in_place(
    rewriter: Rewriter,
    node: cst.SimpleStatementLine,
    call: cst.Call,
    target: cst.BaseExpression,
) -> list[cst.BaseStatement]:
    """`self.add_weight(...)` where the parameter exists and waits for its size."""
    sizes = _sizes(rewriter, call)
    if sizes is None:
        return [node]
    value = keras_initialisers.filling(rewriter, argument(call, 1, "initializer"), target)
    if value is None:
        _unknown(rewriter, call)
        return [node]
    lines = [build.statement("weight.materialize(shape)", weight=target, shape=sizes)]
    lines.append(build.statement("value", value=value))
    if not _is_trained(call):
        lines.append(build.statement("weight.requires_grad_(False)", weight=target))
    return [in_place_of(node, lines[0]), *lines[1:]]


def _sizes(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """The shape in a call of `add_weight`; None where the call stays."""
    if any(a.star or (a.keyword is not None and a.keyword.value not in _ADDING) for a in node.args):
        why = "this argument of add_weight has no equivalent"
        rewriter.leave(node, Code.UNSUPPORTED_ARGUMENT, why)
        return None
    added.by_itself(rewriter, node)
    shape = argument(node, 0, "shape")
    return build.expression("()") if shape is None else rewriter.expression(shape)


def _unknown(rewriter: Rewriter, node: cst.Call) -> cst.Call:
    rewriter.leave(node, Code.UNSUPPORTED_ARGUMENT, "this initialiser has no record")
    return node


def _is_trained(node: cst.Call) -> bool:
    trainable = argument(node, -1, "trainable")
    return trainable is None or literal_value(trainable) is not False


_ADDING = frozenset(
    {"shape", "initializer", "name", "trainable", "dtype", "regularizer", "constraint"}
)
