"""Sums, means and extremes along axes."""

from __future__ import annotations

from translator.knowledge.cases import Array, case, f32, ints
from translator.knowledge.lenses import Lens, axis, fixed, same, tensor
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

PROD = _reduction("prod", ("reduce_prod", "prod"), dtype="total", several=False, words="product")


def _truth(name: str) -> Function:
    """`any` and `all`: of booleans; torch takes numbers as well."""
    short = f"reduce_{name}(input_tensor, axis=None, keepdims=False)"
    return Function(
        torch=(
            f"torch.{name}(input, dim=None, keepdim=False)",
            f"torch.Tensor.{name}(dim=None, keepdim=False)",
        ),
        tf=(f"tf.{short}", f"tf.math.{short}", f"keras.ops.{name}(x, axis=None, keepdims=False)"),
        args=(tensor("input", "input_tensor"), *_ALONG),
        order="keeps",
        shape=reduced,
        dtype="bool",
        words="boolean",
        cases=(
            case(f"torch.{name}(x > 0, dim=1)", x=_REAL),
            case(f"(x > 0).{name}()", x=_REAL),
            case(f"tf.reduce_{name}(x > 0, axis=-1, keepdims=True)", x=_REAL, side="tensorflow"),
        ),
    )


def _cumulated(name: str) -> Function:
    short = f"{name}(x, axis=0, exclusive=False, reverse=False)"
    return Function(
        torch=(f"torch.{name}(input, dim)", f"torch.Tensor.{name}(dim)"),
        tf=(
            *((f"tf.{short}",) if name == "cumsum" else ()),
            f"tf.math.{short}",
            f"keras.ops.{name}(x, axis=None)",
        ),
        args=(
            tensor("input", "x"),
            axis(needs="value"),
            fixed("tensorflow", "exclusive", "False"),
            fixed("tensorflow", "reverse", "False"),
        ),
        order="keeps",
        shape=lambda call: call.first,
        dtype="total",
        words="cumulative running",
        cases=(
            case(f"torch.{name}(x, dim=1)", x=_REAL),
            case(f"x.{name}(-1)", x=_REAL),
            case(f"tf.math.{name}(x)", x=_REAL, side="tensorflow"),
        ),
    )


COUNT_NONZERO = Function(
    torch=("torch.count_nonzero(input, dim=None)", "torch.Tensor.count_nonzero(dim=None)"),
    tf=("tf.math.count_nonzero(input, axis=None)", "keras.ops.count_nonzero(x, axis=None)"),
    args=(tensor("input", "input"), axis()),
    order="keeps",
    dtype="int64",
    cases=(
        case("torch.count_nonzero(x, dim=1)", x=ints(3, 4, high=2)),
        case("tf.math.count_nonzero(x)", x=ints(3, 4, high=2), side="tensorflow"),
    ),
)

RECORDS: tuple[Record, ...] = (
    SUM, MEAN, AMAX, AMIN, LOGSUMEXP, PROD, _truth("any"), _truth("all"),
    _cumulated("cumsum"), _cumulated("cumprod"), COUNT_NONZERO,
)  # fmt: skip
