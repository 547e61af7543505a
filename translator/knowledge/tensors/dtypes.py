"""Types of elements and of tensors."""

from __future__ import annotations

from translator.knowledge.cases import Case, case, f32, positive, script
from translator.knowledge.lenses import dtype, tensor
from translator.knowledge.records import Function, Record
from translator.knowledge.shapes import like_first

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
    cases=(
        script(
            "import torch\n\n\ndef total(x: torch.Tensor) -> torch.Tensor:\n    return x.sum()\n\n\n"
            "print(total(torch.ones(3)).item())"
        ),
    ),
)


def _cases(torch: str, name: str) -> tuple[Case, ...]:
    """A cast there and back, which shows what the type can hold."""
    if name == "float64":
        return (case(f"x + torch.zeros(2, 3, dtype={torch})", x=f32(2, 3)),)
    if name == "complex64":
        return (script(f"import torch\nprint(torch.ones(3, dtype={torch}).numpy().real.sum())"),)
    return (case(f"(x * 40).to({torch}).to(torch.float64)", x=positive(2, 3)),)


CAST = Function(
    torch=(
        "torch.Tensor.to(dtype)",
        "torch.Tensor.type(dtype=None)",
    ),
    tf=("tf.cast(x, dtype)", "keras.ops.cast(x, dtype)"),
    args=(tensor("input", "x"), dtype()),
    order="keeps",
    shape=like_first,
    differs="torch computes with several types together, in the widest; TensorFlow wants one, so that casts stand out.",
    naive="tf.reduce_mean(x == y) for (x == y).float().mean()",
    error="raises; of integers the mean is rounded down",
    words="cast convert type float long int bool double",
    cases=(
        case("x.to(torch.int64)", x=f32(2, 3)),
        case("(x > 0).float().mean()", x=f32(2, 3)),
        case("x.long() + x.int()", x=f32(2, 3)),
        case("(x > 0).to(x.dtype) * x", x=f32(2, 3)),
        case("(x > 0).type_as(x) * x", x=f32(2, 3)),
        case("x.type(torch.float64)", x=f32(2, 3)),
        case("tf.reduce_mean(tf.cast(x > 0, tf.float32))", x=f32(2, 3), side="tensorflow"),
        case("tf.cast(x, 'int32')", x=f32(2, 3), side="tensorflow"),
    ),
)


def _limits(kind: str, type_there: str, words: str, *cases: str) -> Function:
    return Function(
        torch=f"torch.{kind}(type)",
        tf=f"tf.experimental.numpy.{kind}({type_there})",
        args=(dtype("type", type_there),),
        gives="number",
        differs="TensorFlow's types know their own smallest and largest number: x.dtype.min, x.dtype.max.",
        words=words,
        cases=tuple(
            Case(text, (("x", f32(2, 3)),), "torch", one_way="a type's own attribute")
            for text in cases
        ),
    )


FLOAT_LIMITS = _limits(
    "finfo",
    "dtype",
    "smallest largest number epsilon tiny limits of a type",
    "torch.where(x > 0, x, torch.finfo(x.dtype).min).softmax(-1)",
    "torch.clamp(x, min=torch.finfo(x.dtype).eps) / -torch.finfo(torch.float32).max",
    "x * torch.finfo(torch.float32).bits",
)
INT_LIMITS = _limits(
    "iinfo",
    "int_type",
    "smallest largest integer limits of a type",
    "x / torch.iinfo(torch.int32).max",
)

RECORDS: tuple[Record, ...] = (
    *(
        Function(
            torch=torch,
            tf=f"tf.{name}",
            words="dtype element type",
            cases=_cases(torch[0], name),
        )
        for torch, name in _NAMES
    ),
    TENSOR,
    CAST,
    FLOAT_LIMITS,
    INT_LIMITS,
)
