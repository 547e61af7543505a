"""Weights that layers share: `self.decoder.weight = self.encoder.weight` of a linear layer and another one.

A layer of Keras makes its weights when it first sees its input, and they cannot be replaced by another layer's; so the
linear layer is of a class that can be told to take the weight of an embedding, or of a second linear layer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, small
from translator.source.functions import parameters
from translator.source.objects import Built, FunctionInfo
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_TIED = '''
@keras.saving.register_keras_serializable()
class TiedDense(keras.layers.Dense):
    """A dense layer that can be tied to another one, or to an embedding, whose weight is its own then."""

    source = None

    def tie(self, layer):
        self.source = layer

    def build(self, input_shape):
        if self.source is None:
            super().build(input_shape)
        else:
            if not self.source.built:
                self.source.build(input_shape)
            shape, start = (self.units,), self.bias_initializer
            self.bias = self.add_weight(shape, start, name="bias") if self.use_bias else None

    @property
    def kernel(self):
        if self.source is None:
            return super().kernel
        if isinstance(self.source, keras.layers.Embedding):
            return tf.transpose(self.source.embeddings)
        return self.source.kernel
'''


def find(rewriter: Rewriter, tree: cst.Module) -> None:
    """Note the linear layers that share the weight of another layer, before any constructor is written."""
    titles = {site.record.title for site in rewriter.facts.sites.values()}
    if rewriter.side == "torch" and _LINEAR in titles:
        for assigned in of_kind(nodes(tree), cst.Assign):
            pair = _pair(rewriter, assigned)
            linear = None if pair is None else rewriter.facts.value(pair[0])
            if isinstance(linear, Built):
                rewriter.tied.add(id(linear.site.node))


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`self.decoder.tie(self.encoder)`."""
    assigned = small(node) if rewriter.tied else None
    pair = _pair(rewriter, assigned) if type(assigned) is cst.Assign else None
    if pair is None or not isinstance(node, cst.SimpleStatementLine):
        return None
    linear, source = map(rewriter.expression, pair)
    line = build.statement("layer.tie(source)", layer=linear, source=source)
    return [node.with_changes(body=line.body)]


def layer_class(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """The class of a linear layer that is tied somewhere; None for any other layer."""
    if id(node) not in rewriter.tied:
        return None
    return rewriter.naming.helper("TiedDense", rewriter.naming.spell(_TIED))


_LINEAR, _EMBEDDING = "torch.nn.Linear", "torch.nn.Embedding"


def _pair(
    rewriter: Rewriter, node: cst.Assign
) -> tuple[cst.BaseExpression, cst.BaseExpression] | None:
    """The linear layer, and what it shares the weight of, whichever is given the other's."""
    target, value = node.targets[0].target, node.value
    if len(node.targets) != 1 or not (_is_weight(target) and _is_weight(value)):
        return None
    assert isinstance(target, cst.Attribute) and isinstance(value, cst.Attribute)
    kinds = _title(rewriter, target.value), _title(rewriter, value.value)
    if kinds in ((_LINEAR, _EMBEDDING), (_LINEAR, _LINEAR)):
        return target.value, value.value
    return (value.value, target.value) if kinds == (_EMBEDDING, _LINEAR) else None


def _is_weight(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Attribute) and node.attr.value == "weight"


def _title(rewriter: Rewriter, node: cst.BaseExpression) -> str:
    value = rewriter.facts.value(node)
    return value.site.record.title if isinstance(value, Built) else ""


def with_tables(rewriter: Rewriter, info: FunctionInfo, node: cst.FunctionDef) -> cst.FunctionDef:
    """A constructor that builds at its end the embeddings whose table the forward pass reads before it calls them."""
    forward = None if info.owner is None else info.owner.forward
    if info.name != "__init__" or forward is None or not isinstance(node.body, cst.IndentedBlock):
        return node
    own = parameters(node)[0].name.value
    names = dict.fromkeys(_tables(rewriter, forward))
    lines = [build.statement(f"{own}.{name}.build()") for name in names]
    if not lines:
        return node
    return node.with_changes(body=node.body.with_changes(body=[*node.body.body, *lines]))


def _tables(rewriter: Rewriter, forward: FunctionInfo) -> Iterator[str]:
    code = [] if forward.node is None else list(nodes(forward.node))
    layers = {
        id(node): node.value
        for node in of_kind(code, cst.Attribute)
        if node.attr.value == "weight" and _title(rewriter, node.value) == _EMBEDDING
    }
    called: set[str] = set()
    for node in code if layers else ():
        if type(node) is cst.Call:
            called.add(build.code(node.func))
        layer = layers.get(id(node))
        if isinstance(layer, cst.Attribute) and build.code(layer) not in called:
            yield layer.attr.value
