"""Types of elements and of tensors."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.records import Function, Record

_NAMES = (
    (("torch.float32", "torch.float"), "float32"),
    (("torch.float64", "torch.double"), "float64"),
    (("torch.float16", "torch.half"), "float16"),
    (("torch.bfloat16",), "bfloat16"),
    (("torch.int64", "torch.long"), "int64"),
    (("torch.int32", "torch.int"), "int32"),
    (("torch.int16", "torch.short"), "int16"),
    (("torch.int8",), "int8"),
    (("torch.uint8",), "uint8"),
    (("torch.bool",), "bool"),
    (("torch.complex64",), "complex64"),
)

TENSOR = Function(
    torch="torch.Tensor",
    tf="tf.Tensor",
    differs="TensorFlow's tensors are immutable; what is assigned to in place is a tf.Variable.",
    words="tensor type annotation",
)

RECORDS: tuple[Record, ...] = (
    *(
        Function(
            torch=torch,
            tf=f"tf.{name}",
            words="dtype element type",
            cases=(case(f"x + torch.zeros(2, 3, dtype={torch[0]})", x=f32(2, 3)),)
            if name == "float64"
            else (),
        )
        for torch, name in _NAMES
    ),
    TENSOR,
)
