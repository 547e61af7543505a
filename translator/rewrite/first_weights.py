"""The first weights that a layer of Keras states, in torch: what is filled, and a layer that is filled at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Inferred
from translator.knowledge.records import Layer
from translator.rewrite import build, keras_initialisers
from translator.rewrite.initialisers import drawn
from translator.rewrite.scaled_initialisers import Layout
from translator.source.literals import literal_value
from translator.source.objects import Built
from translator.source.shown import shown

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def waits(rewriter: Rewriter, value: Built) -> bool:
    """True for a layer that learns its sizes, and so makes its weights, at its first call."""
    infers = any(isinstance(lens, Inferred) for lens in value.site.record.args)
    return infers and rewriter.input_size(value.site.node) is None


def filled(rewriter: Rewriter, value: Built, layer: cst.BaseExpression) -> cst.BaseExpression:
    """A layer that has no name, in a call that gives its weights their first values."""
    if rewriter.target != "torch" or id(value.site.node) in rewriter.initialised:
        return layer
    starts = starts_of(rewriter, value)
    if not starts:
        return layer
    given: list[cst.Arg] = []
    for name, start in starts.items():
        function = keras_initialisers.as_function(rewriter, start, layout(value, name))
        if function is None:
            message = f"{name}_initializer={shown(start)} has no record"
            rewriter.todo(value.site.node, Code.UNSUPPORTED_ARGUMENT, message)
        elif name == "bias" and build.code(function) != _ZEROS:
            given.append(build.argument(function, "bias"))
        elif name != "bias":
            given.append(build.argument(function, "weight"))
    if not given:
        return layer
    helper = rewriter.naming.helper("initialized", rewriter.naming.spell(_HELPER))
    return build.call(helper, [cst.Arg(layer), *given])


_ZEROS = "nn.init.zeros_"
_HELPER = '''
def initialized(layer, weight=None, bias=nn.init.zeros_):
    """A layer whose first weights these functions fill, a lazy one once it knows its size."""
    if isinstance(layer, nn.modules.lazy.LazyModuleMixin) and layer.has_uninitialized_params():
        layer.reset_parameters = functools.partial(initialized, layer, weight, bias)
        return layer
    if weight is not None:
        weight(layer.weight)
    if getattr(layer, "bias", None) is not None:
        bias(layer.bias)
    return layer
'''


def note_waiting(rewriter: Rewriter, value: Built) -> None:
    """Say that such a layer draws its first weights itself."""
    title = value.site.record.title
    message = f"a {title} of unknown input size draws its first weights by torch's own rule"
    rewriter.note(value.site.node, Code.INITIALIZER, message)


def layout(value: Built, name: str) -> Layout:
    """How a weight is laid out, as far as that tells how many inputs and outputs torch counts."""
    if name == "embeddings":
        return "keras"
    if name != "depthwise":
        return "torch"
    multiplier = value.site.arguments.values.get("depth_multiplier")
    return "depthwise" if multiplier is None or literal_value(multiplier) == 1 else "deepened"


def starts_of(rewriter: Rewriter, value: Built) -> dict[str, cst.BaseExpression]:
    """The initialisers of a Keras layer that have to be written; with `exact`, its defaults too."""
    starts: dict[str, cst.BaseExpression] = {}
    record, given = value.site.record, value.site.arguments.values
    if not isinstance(record, Layer) or not record.initial or record.states:
        return starts
    kernel, default = drawn(record)
    if f"{kernel}_initializer" in given or rewriter.exact:
        starts[kernel] = given.get(f"{kernel}_initializer") or build.expression(f'"{default}"')
    biased = given.get("use_bias")
    if biased is not None and literal_value(biased) is not True:
        return starts
    if (starts and kernel != "embeddings") or "bias_initializer" in given:
        starts["bias"] = given.get("bias_initializer") or build.expression('"zeros"')
    return starts
