"""What gradients may pass."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import tensor
from translator.knowledge.records import Function, Record
from translator.knowledge.shapes import like_first

DETACH = Function(
    torch="torch.Tensor.detach()",
    tf=("tf.stop_gradient(input)", "keras.ops.stop_gradient(variable)"),
    args=(tensor("input", "input"),),
    order="keeps",
    shape=like_first,
    stops=True,
    differs=(
        "Outside of a tape TensorFlow records nothing, and there the call falls away; detach() also shares its memory "
        "with the tensor, which TensorFlow's immutable tensors need not."
    ),
    words="stop gradient freeze no_grad detach block",
    cases=(
        case("x * x.detach()", x=f32(2, 3)),
        case("x * tf.stop_gradient(x)", x=f32(2, 3), side="tensorflow"),
    ),
)

RECORDS: tuple[Record, ...] = (DETACH,)
