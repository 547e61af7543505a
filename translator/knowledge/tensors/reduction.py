"""Sums, means and extremes along axes."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import axis, same, tensor
from translator.knowledge.records import Function, Record
from translator.knowledge.shapes import Bound, Shape


def reduced(call: Bound) -> Shape:
    """The shape without the reduced axes."""
    shape, dims = call.first, call.literals.get("dim")
    if dims is None and "dim" in call.literals:
        return ()
    numbers = dims if isinstance(dims, tuple | list) else (dims,)
    if shape is None or not all(type(n) is int and -len(shape) <= n < len(shape) for n in numbers):
        return None
    gone = {n % len(shape) for n in numbers}
    keep = call.literals.get("keepdim")
    if keep is None:
        return None
    return tuple(1 if i in gone else size for i, size in enumerate(shape) if keep or i not in gone)


def _reduction(torch: str, tf: str, *other: str, dtype: str | None = None) -> Function:
    return Function(
        torch=(
            f"torch.{torch}(input, dim=None, keepdim=False)",
            f"torch.Tensor.{torch}(dim=None, keepdim=False)",
        ),
        tf=(f"tf.{tf}(input_tensor, axis=None, keepdims=False)", *other),
        args=(tensor("input", "input_tensor"), axis(), same("keepdim", "keepdims")),
        order="keeps",
        shape=reduced,
        dtype=dtype,
        cases=(
            case(f"torch.{torch}(x)", x=f32(2, 3)),
            case(f"x.{torch}(1)", x=f32(2, 3, 4)),
            case(f"torch.{torch}(x, dim=(0, 2), keepdim=True)", x=f32(2, 3, 4)),
            case(f"tf.{tf}(x, axis=-1)", x=f32(2, 3), side="tensorflow"),
        ),
    )


SUM = _reduction(
    "sum",
    "reduce_sum",
    "tf.math.reduce_sum(input_tensor, axis=None, keepdims=False)",
    "keras.ops.sum(x, axis=None, keepdims=False)",
)
MEAN = _reduction(
    "mean",
    "reduce_mean",
    "tf.math.reduce_mean(input_tensor, axis=None, keepdims=False)",
    "keras.ops.mean(x, axis=None, keepdims=False)",
    dtype="float",
)

RECORDS: tuple[Record, ...] = (SUM, MEAN)
