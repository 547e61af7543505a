"""einops: its functions take the tensors of both frameworks, its layers come in one module for each."""

from __future__ import annotations

from translator.knowledge.cases import case, f32, script
from translator.knowledge.lenses import Tensor, rest, same, tensor
from translator.knowledge.patterns import rearranged
from translator.knowledge.records import Function, Layer, Record

_OPERAND = tensor("tensor", "tensor", value=True)
_PATTERN, _LENGTHS, _REDUCTION = same("pattern"), rest("axes_lengths"), same("reduction")
_DIFFERS = "einops takes a variable of Keras nowhere: give it `tf.convert_to_tensor(w)`."


def _function(name: str, words: str, *cases: str, reduces: bool = False) -> Function:
    given = "tensor, pattern, reduction" if reduces else "tensor, pattern"
    text = f"einops.{name}({given}, **axes_lengths)"
    return Function(
        torch=text,
        tf=text,
        args=(_OPERAND, _PATTERN, *([_REDUCTION] if reduces else []), _LENGTHS),
        shape=rearranged,
        differs=_DIFFERS,
        words=words,
        cases=tuple(case(written, x=f32(2, 6, 4)) for written in cases),
    )


def _layer(name: str, words: str, example: str, reduces: bool = False) -> Layer:
    given = "pattern, reduction" if reduces else "pattern"
    return Layer(
        torch=f"einops.layers.torch.{name}({given}, **axes_lengths)",
        tf=f"einops.layers.tensorflow.{name}({given}, **axes_lengths)",
        args=(_PATTERN, *([_REDUCTION] if reduces else []), _LENGTHS),
        call_args=(Tensor("input", "inputs"),),
        shape=rearranged,
        differs="The patterns name axes in the order that the tensor has: channels come last in Keras.",
        words=words,
        cases=(
            script(
                "import torch\nfrom torch import nn\n"
                f"from einops.layers.torch import {name}\n\n"
                f"layer = nn.Sequential({example}, nn.ReLU())\n"
                "print(layer(torch.arange(48.0).view(2, 6, 4) - 20).sum(dim=0).tolist())\n"
            ),
        ),
    )


REARRANGE = _function(
    "rearrange",
    "einops transpose reshape permute",
    "einops.rearrange(x, 'b (h d) c -> b h (d c)', h=2)",
    "einops.rearrange(x, '... c -> c ...')",
)
REDUCE = _function(
    "reduce",
    "einops mean max sum pool",
    "einops.reduce(x, 'b (n k) c -> b n', 'mean', k=3)",
    "einops.reduce(x, 'b ... -> b', reduction='max')",
    reduces=True,
)
REPEAT = _function(
    "repeat",
    "einops tile broadcast expand",
    "einops.repeat(x, 'b n c -> (b k) n c', k=2)",
    "einops.repeat(x[:1], '1 n c -> b n c', b=3)",
)
REARRANGE_LAYER = _layer("Rearrange", "einops layer", "Rearrange('b (h d) c -> b c h d', h=2)")
REDUCE_LAYER = _layer(
    "Reduce", "einops layer pool", "Reduce('b (h d) c -> b h c', 'mean', h=2)", reduces=True
)

EINSUM = Function(
    torch="einops.einsum(*tensors_and_pattern)",
    tf="einops.einsum(*tensors_and_pattern)",
    args=(same("tensors_and_pattern"),),
    differs=_DIFFERS,
    words="einops einstein sum product",
    cases=(case("einops.einsum(x, y, 'b i d, b j d -> b i j')", x=f32(2, 3, 4), y=f32(2, 5, 4)),),
)
PACK = Function(
    torch="einops.pack(tensors, pattern)",
    tf="einops.pack(tensors, pattern)",
    args=(same("tensors"), same("pattern")),
    differs=_DIFFERS,
    words="einops concatenate",
    cases=(case("einops.pack([x, y], '* d')[0]", x=f32(2, 3, 4), y=f32(5, 4)),),
)
UNPACK = Function(
    torch="einops.unpack(tensor, packed_shapes, pattern)",
    tf="einops.unpack(tensor, packed_shapes, pattern)",
    args=(_OPERAND, same("packed_shapes"), same("pattern")),
    gives="tensors",
    differs=_DIFFERS,
    words="einops split",
    cases=(case("einops.unpack(x, [(2,), ()], 'b * d')[0]", x=f32(2, 3, 4)),),
)

RECORDS: tuple[Record, ...] = (
    REARRANGE,
    REDUCE,
    REPEAT,
    REARRANGE_LAYER,
    REDUCE_LAYER,
    EINSUM,
    PACK,
    UNPACK,
)
