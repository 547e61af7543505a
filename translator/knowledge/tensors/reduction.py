"""Sums, means and extremes along axes."""

from __future__ import annotations

from translator.knowledge.cases import Array, case, f32
from translator.knowledge.lenses import Lens, axis, same, tensor
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


_REAL = f32(2, 3, 4)
_ALONG: tuple[Lens, ...] = (axis(), same("keepdim", "keepdims"))


def _reduction(
    torch: str,
    tf: tuple[str, str],
    dtype: str | None = None,
    counted: bool = False,
    several: bool = True,
    needs_axis: bool = False,
    argument: Array = _REAL,
    words: str = "",
) -> Function:
    """A reduction of one name in torch; `tf` names it in TensorFlow and keras.ops.

    `several`: torch takes several axes at once. `needs_axis`: torch cannot do without one.
    """
    dim = "dim" if needs_axis else "dim=None"
    cases = [
        case(f"torch.{torch}(x, 1)", x=argument),
        case(f"x.{torch}(dim=-1, keepdim=True)", x=argument),
        case(f"tf.{tf[0]}(x, axis=1)", x=argument, side="tensorflow"),
    ]
    cases += [case(f"torch.{torch}(x, dim=(0, 2), keepdim=True)", x=argument)] if several else []
    cases += [] if needs_axis else [case(f"x.{torch}()", x=argument)]
    short = f"{tf[0]}(input_tensor, axis=None, keepdims=False)"
    return Function(
        torch=(
            f"torch.{torch}(input, {dim}, keepdim=False)",
            f"torch.Tensor.{torch}({dim}, keepdim=False)",
        ),
        tf=(f"tf.{short}", f"tf.math.{short}", f"keras.ops.{tf[1]}(x, axis=None, keepdims=False)"),
        args=(tensor("input", "input_tensor", counted=counted), *_ALONG),
        order="keeps",
        shape=reduced,
        dtype=dtype,
        words=words,
        cases=tuple(cases),
    )


SUM = _reduction("sum", ("reduce_sum", "sum"), dtype="total", counted=True)
MEAN = _reduction("mean", ("reduce_mean", "mean"), dtype="float")
AMAX = _reduction("amax", ("reduce_max", "max"), words="maximum along axis")
AMIN = _reduction("amin", ("reduce_min", "min"), words="minimum along axis")
LOGSUMEXP = _reduction(
    "logsumexp", ("reduce_logsumexp", "logsumexp"), dtype="float", needs_axis=True
)

RECORDS: tuple[Record, ...] = (SUM, MEAN, AMAX, AMIN, LOGSUMEXP)
