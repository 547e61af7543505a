"""Keras's attention of several heads in torch, whose own has heads of one size: a class with Keras's interface."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.shapes import Size, number
from translator.rewrite import build
from translator.source.bound import Arguments
from translator.source.objects import Site
from translator.source.values import TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_HELPER = '''
class MultiHeadAttention(nn.Module):
    """Attention with heads of any size; masks say what is attended to."""

    def __init__(
        self, embed_dim, num_heads, key_dim, value_dim=None, dropout=0.0, bias=True, memory_dim=None
    ):
        super().__init__()
        value_dim = key_dim if value_dim is None else value_dim
        memory_dim = embed_dim if memory_dim is None else memory_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.query_dense = nn.Linear(embed_dim, num_heads * key_dim, bias=bias)
        self.key_dense = nn.Linear(memory_dim, num_heads * key_dim, bias=bias)
        self.value_dense = nn.Linear(memory_dim, num_heads * value_dim, bias=bias)
        self.output_dense = nn.Linear(num_heads * value_dim, embed_dim, bias=bias)

    def heads(self, x):
        return x.unflatten(-1, (self.num_heads, -1)).transpose(1, 2)

    def forward(
        self,
        query,
        value,
        key=None,
        attention_mask=None,
        return_attention_scores=False,
        use_causal_mask=False,
    ):
        query = self.heads(self.query_dense(query))
        key = self.heads(self.key_dense(value if key is None else key))
        value = self.heads(self.value_dense(value))
        scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
        if attention_mask is not None:
            hidden = ~attention_mask.bool()
            scores = scores.masked_fill(hidden.unsqueeze(1) if hidden.dim() == 3 else hidden, -1e9)
        if use_causal_mask:
            seen = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
            scores = scores.masked_fill(~seen, -1e9)
        weights = scores.softmax(dim=-1)
        outputs = F.dropout(weights, self.dropout, self.training) @ value
        outputs = self.output_dense(outputs.transpose(1, 2).flatten(2))
        return (outputs, weights) if return_attention_scores else outputs
'''


_LAZY = '''
class LazyMultiHeadAttention(nn.modules.lazy.LazyModuleMixin, MultiHeadAttention):
    """Attention that learns the sizes of its queries and values at its first call."""

    cls_to_become = MultiHeadAttention

    def __init__(self, num_heads, key_dim, value_dim=None, dropout=0.0, bias=True):
        super().__init__(1, num_heads, key_dim, value_dim, dropout, bias)
        for name in ("query_dense", "key_dense", "value_dense", "output_dense"):
            setattr(self, name, nn.LazyLinear(getattr(self, name).out_features, bias=bias))

    def initialize_parameters(self, query, *args, **kwargs):
        self.output_dense.out_features = query.shape[-1]
'''


def built(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    """The constructor call, with the sizes of what is asked and of what is looked at."""
    site = rewriter.facts.sites[id(node)]
    size = rewriter.input_size(node)
    known, memory = _memory(rewriter, site)
    func = rewriter.naming.helper("MultiHeadAttention", rewriter.naming.spell(_HELPER))
    lazy = size is None or not known
    if lazy:
        why = "the sizes of queries and values of MultiHeadAttention are not known from this file"
        rewriter.note(node, Code.LAZY_SIZE, why)
        text = re.sub(r"\bMultiHeadAttention\b", build.code(func), _LAZY)
        func = rewriter.naming.helper("LazyMultiHeadAttention", rewriter.naming.spell(text))
    arguments = [] if lazy or size is None else [build.argument(size)]
    places = len(arguments) + 2
    for name, written in _ARGUMENTS:
        given = bound.values.get(name)
        if given is not None:
            keyword = written if len(arguments) >= places else None
            arguments.append(build.argument(rewriter.expression(given), keyword))
    if memory is not None and not lazy:
        arguments.append(build.argument(build.expression(str(memory)), "memory_dim"))
    return build.call(func, arguments, node)


_ARGUMENTS = (
    ("num_heads", "num_heads"),
    ("key_dim", "key_dim"),
    ("value_dim", "value_dim"),
    ("dropout", "dropout"),
    ("use_bias", "bias"),
)


def _memory(rewriter: Rewriter, site: Site) -> tuple[bool, int | None]:
    """Whether the size of keys and values is known, and that size where it is not that of the queries."""
    sizes: set[Size] = set()
    own = site.inputs[-1] if site.inputs else None
    for other, bound in rewriter.facts.layer_calls.values():
        if other is not site:
            continue
        for name in ("value", "key"):
            given = bound.values.get(name)
            if given is None or build.same_code(given, bound.values["query"]):
                continue
            value = rewriter.facts.value(given)
            shape = value.shape if isinstance(value, TensorValue) else None
            sizes.add(shape[-1] if shape else None)
    if sizes <= {own} and None not in sizes:
        return True, None
    numbers = {number(size) for size in sizes}
    return (True, numbers.pop()) if len(numbers) == 1 and None not in numbers else (False, None)


def call(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """A call: the class takes what Keras's layer takes."""
    func = build.parenthesized(rewriter.expression(node.func))
    return node.with_changes(func=func, args=[rewriter.parts(argument) for argument in node.args])
