"""Keras's initialisers in torch: functions of `nn.init`, which fill a tensor and give it back.

One that the file states where it is used is written there as a call. One that is kept in a variable, or that is known
by a name alone, becomes a function of one tensor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite import scaled_initialisers as scaled
from translator.rewrite.by_hand import first
from translator.rewrite.scaled_initialisers import Layout
from translator.source.initialisers import GET, NAMES, STRINGS
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import FunctionValue, ObjectValue
from translator.source.values import Dictionary, InitialiserValue, Literal, NumpyArray

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

Holes = dict[str, cst.BaseExpression]


@dataclass(frozen=True, slots=True)
class Fill:
    """How `nn.init` says an initialiser: its function, its arguments by name, and Keras's parameters with defaults."""

    function: str
    arguments: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    made: str = ""
    """How a tensor of some shape is made with these values, where that takes no call of the function."""


_NORMAL = (("mean", "0.0"), ("stddev", "0.05"))
_UNIFORM = (("minval", "-0.05"), ("maxval", "0.05"))
_FILLS = {
    "Zeros": Fill("zeros_", made="torch.zeros(shape)"),
    "Ones": Fill("ones_", made="torch.ones(shape)"),
    "Constant": Fill(
        "constant_", (("val", "value"),), (("value", "0.0"),), "torch.full(shape, value)"
    ),
    "RandomNormal": Fill(
        "normal_",
        (("mean", "mean"), ("std", "stddev")),
        _NORMAL,
        "torch.empty(shape).normal_(mean, stddev)",
    ),
    "RandomUniform": Fill(
        "uniform_",
        (("a", "minval"), ("b", "maxval")),
        _UNIFORM,
        "torch.empty(shape).uniform_(minval, maxval)",
    ),
    "TruncatedNormal": Fill(
        "trunc_normal_",
        (
            ("mean", "mean"),
            ("std", "stddev"),
            ("a", "mean - 2 * stddev"),
            ("b", "mean + 2 * stddev"),
        ),
        _NORMAL,
    ),
    **dict.fromkeys(
        ("GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform", "LecunNormal"),
        Fill(""),
    ),
    "VarianceScaling": Fill(
        "",
        parameters=(("scale", "1.0"), ("mode", "'fan_in'"), ("distribution", "'truncated_normal'")),
    ),
    "Identity": Fill("eye_"),
    "Orthogonal": Fill("orthogonal_", (("gain", "gain"),), (("gain", "1.0"),)),
}
_DEFAULTS = {"mean": "0.0", "gain": "1.0"}
"""What torch takes by itself."""


def filling(
    rewriter: Rewriter,
    node: cst.BaseExpression | None,
    weight: cst.BaseExpression,
    layout: Layout = "torch",
) -> cst.BaseExpression | None:
    """The call that gives a tensor the values of an initialiser; None where that is not known."""
    stated = _stated(rewriter, node)
    if stated is None:
        func = _function_of(rewriter, node)
        return None if func is None else build.call(func, [cst.Arg(weight)])
    name, holes = stated
    if _is_array(rewriter, name, node):
        text = rewriter.naming.spell("weight.data.copy_(torch.as_tensor(value))")
        return build.expression(text, weight=weight, **holes)
    if not _FILLS[name].function:
        width = scaled.width(name, holes)
        written = None if width is None else scaled.filled(width, layout)
        if written is None:
            return None
        _note_truncated(rewriter, node, name, holes)
        return build.expression(rewriter.naming.spell(written), weight=weight)
    return _call(rewriter, _FILLS[name], weight, holes)


def _note_truncated(
    rewriter: Rewriter, node: cst.BaseExpression | None, name: str, holes: Holes
) -> None:
    """Say that Keras's normal draws that follow the size of a weight are cut off."""
    shape = literal_value(holes["distribution"]) if "distribution" in holes else name.lower()
    if node is not None and str(shape).endswith("normal") and shape != "untruncated_normal":
        why = "Keras draws nothing beyond two deviations, nn.init does"
        rewriter.note(node, Code.INITIALIZER, why)


def tensor(
    rewriter: Rewriter, node: cst.BaseExpression | None, shape: cst.BaseExpression
) -> cst.BaseExpression | None:
    """A tensor of some shape with the values of an initialiser; None where that is not known."""
    stated = _stated(rewriter, node)
    if stated is not None and (fill := _FILLS[stated[0]]).made:
        if _is_array(rewriter, stated[0], node):
            text = "torch.as_tensor(value, dtype=torch.float32).reshape(shape)"
            return build.expression(rewriter.naming.spell(text), shape=shape, **stated[1])
        made = fill.made
        if isinstance(shape, cst.Tuple) and shape.elements and made.endswith("(shape)"):
            spread = build.code(shape.with_changes(lpar=[], rpar=[])).rstrip(", ")
            made = made.replace("(shape)", f"({spread})")  # as people write it: torch.zeros(2, 3)
        return build.expression(rewriter.naming.spell(made), shape=shape, **stated[1])
    if stated is not None and isinstance(shape, cst.Tuple | cst.List) and len(shape.elements) != 2:
        width = scaled.width(*stated)
        sizes = [element.value for element in shape.elements]
        if width is not None and sizes:
            text = scaled.of_shape(width, sizes)
            return build.expression(rewriter.naming.spell(text), shape=shape)
    empty = build.expression(rewriter.naming.spell("torch.empty(shape)"), shape=shape)
    return filling(rewriter, node, empty, "keras")


def function(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`keras.initializers.RandomNormal(stddev=0.02)` by itself: `functools.partial(nn.init.normal_, std=0.02)`."""
    if rewriter.api(node.func) == GET:
        return _function_of(rewriter, first(node) or argument(node, 0, "identifier"))
    return None if _stated(rewriter, node) is None else as_function(rewriter, node)


def as_function(
    rewriter: Rewriter, node: cst.BaseExpression, layout: Layout = "torch"
) -> cst.BaseExpression | None:
    """An initialiser as a function of one tensor; None where it is not known."""
    stated = _stated(rewriter, node)
    if stated is None:
        return _function_of(rewriter, node)
    name, holes = stated
    fill = _FILLS[name]
    if not fill.function:
        return _held(rewriter, name, holes, layout)
    func = rewriter.naming.target(f"torch.nn.init.{fill.function}")
    if _is_array(rewriter, name, node):
        text = rewriter.naming.spell("lambda weight: weight.data.copy_(torch.as_tensor(value))")
        return build.expression(text, **holes)
    given = _given(rewriter, fill, holes)
    if not given:
        return func
    return build.call(rewriter.naming.target("functools.partial"), [cst.Arg(func), *given])


def _held(rewriter: Rewriter, name: str, holes: Holes, layout: Layout) -> cst.BaseExpression | None:
    """A draw whose width follows from a weight, as a function of the weight."""
    width = scaled.width(name, holes)
    text = None if width is None else scaled.filled(width, layout)
    if text is None:
        return None
    func, _, rest = text.partition("(weight")
    if rest == ")":
        return build.expression(rewriter.naming.spell(func))
    partial = rewriter.naming.target("functools.partial")
    return build.expression(rewriter.naming.spell(f"partial({func}{rest}"), partial=partial)


def values(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`initializer(shape=(3, 4), dtype="float32")` of an initialiser in a variable."""
    shape = argument(node, 0, "shape")
    dtype = argument(node, 1, "dtype")
    if shape is None or (dtype is not None and "float32" not in build.code(dtype)):
        return None
    return tensor(rewriter, node.func, rewriter.expression(shape))


def _call(
    rewriter: Rewriter, fill: Fill, weight: cst.BaseExpression, holes: Holes
) -> cst.BaseExpression:
    func = rewriter.naming.target(f"torch.nn.init.{fill.function}")
    given = [
        argument.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT)
        for argument in _given(rewriter, fill, holes, whole=True)
    ]
    return build.call(func, [cst.Arg(weight), *given])


def _given(rewriter: Rewriter, fill: Fill, holes: Holes, whole: bool = False) -> list[cst.Arg]:
    """The arguments by name; those that torch takes by itself are left out, unless all are asked for."""
    written = [(name, _number(text, holes)) for name, text in fill.arguments]
    return [
        build.argument(value, name)
        for name, value in written
        if whole or build.code(value) != _DEFAULTS.get(name)
    ]


def _number(text: str, holes: Holes) -> cst.BaseExpression:
    """An argument of torch, worked out where it follows from numbers."""
    known = {name: literal_value(value) for name, value in holes.items()}
    if " * stddev" not in text or not all(type(n) in (int, float) for n in known.values()):
        return build.expression(text, **holes)
    mean, stddev = float(known["mean"]), float(known["stddev"])
    found = mean - 2 * stddev if "-" in text else mean + 2 * stddev
    return build.expression(repr(round(found, 12)))


def _is_array(rewriter: Rewriter, name: str, node: cst.BaseExpression | None) -> bool:
    """True for `Constant(array)`."""
    if name != "Constant" or not isinstance(node, cst.Call):
        return False
    given = first(node) or argument(node, 0, "value")
    value = None if given is None else rewriter.facts.value(given)
    return isinstance(value, NumpyArray) or isinstance(given, cst.List | cst.Tuple)


def _stated(rewriter: Rewriter, node: cst.BaseExpression | None) -> tuple[str, Holes] | None:
    """The initialiser that an expression names, and its arguments, defaults filled in."""
    if node is None:
        return "GlorotUniform", {}
    if (configured := _configured(rewriter, node)) is not None:
        return configured
    text = literal_value(node)
    if isinstance(text, str):
        name = STRINGS.get(text)
    else:
        name = NAMES.get(str(rewriter.api(node.func if isinstance(node, cst.Call) else node)))
    if name is None:
        return None
    holes = _holes(rewriter, name, node.args if isinstance(node, cst.Call) else ())
    return None if holes is None else (name, holes)


def _configured(rewriter: Rewriter, node: cst.BaseExpression) -> tuple[str, Holes] | None:
    """`{"class_name": "VarianceScaling", "config": {"scale": 2.0}}`, by itself or in a variable."""
    value = rewriter.facts.value(node)
    if not isinstance(value, Dictionary) or set(value.keys) != {"class_name", "config"}:
        return None
    own, config = value.value("class_name"), value.value("config")
    name = STRINGS.get(str(own.value)) if isinstance(own, Literal) else None
    if name is None or not isinstance(config, Dictionary):
        return None
    holes: Holes = {key: build.expression(text) for key, text in _FILLS[name].parameters}
    for key, held in zip(config.keys, config.values, strict=True):
        if key not in holes:
            if key != "seed":
                return None
            continue
        text = repr(held.value) if isinstance(held, Literal) else f'own["config"]["{key}"]'
        holes[key] = build.expression(text, own=node)
    return name, holes


def _holes(rewriter: Rewriter, name: str, arguments: Sequence[cst.Arg]) -> Holes | None:
    parameters = _FILLS[name].parameters
    holes: Holes = {own: build.expression(default) for own, default in parameters}
    for position, given in enumerate(arguments):
        own = parameters[position][0] if position < len(parameters) else ""
        key = own if given.keyword is None else given.keyword.value
        if key in holes:
            holes[key] = rewriter.expression(given.value)
        elif key not in ("seed", "dtype"):
            return None
    return holes


def _function_of(rewriter: Rewriter, node: cst.BaseExpression | None) -> cst.BaseExpression | None:
    """The function that an initialiser in a variable is, or the one that its name in a variable stands for."""
    if node is None:
        return None
    value = rewriter.facts.value(node)
    if isinstance(value, InitialiserValue):
        return rewriter.expression(node)
    if isinstance(value, ObjectValue | FunctionValue) or isinstance(node, cst.Call):
        return None
    if isinstance(value, Literal) and not isinstance(value.value, str | None):
        return None
    helper = rewriter.naming.helper("get_initializer", rewriter.naming.spell(_HELPER))
    return build.call(helper, [cst.Arg(rewriter.expression(node))])


_HELPER = '''
def get_initializer(identifier):
    """The function that fills a tensor as Keras's initializer of this name does; any other function as it is."""
    known = {
        "zeros": nn.init.zeros_,
        "ones": nn.init.ones_,
        "random_normal": functools.partial(nn.init.normal_, std=0.05),
        "random_uniform": functools.partial(nn.init.uniform_, a=-0.05, b=0.05),
        "normal": functools.partial(nn.init.normal_, std=0.05),
        "uniform": functools.partial(nn.init.uniform_, a=-0.05, b=0.05),
        "glorot_uniform": nn.init.xavier_uniform_,
        "glorot_normal": nn.init.xavier_normal_,
        "he_uniform": functools.partial(nn.init.kaiming_uniform_, nonlinearity="relu"),
        "he_normal": functools.partial(nn.init.kaiming_normal_, nonlinearity="relu"),
        "lecun_uniform": functools.partial(nn.init.kaiming_uniform_, nonlinearity="linear"),
        "lecun_normal": functools.partial(nn.init.kaiming_normal_, nonlinearity="linear"),
        "orthogonal": nn.init.orthogonal_,
    }
    return known.get(identifier, identifier)
'''
