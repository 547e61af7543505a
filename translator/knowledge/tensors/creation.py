"""New tensors: from data, constant, random."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import dtype, fixed, only, sizes
from translator.knowledge.records import Function, Record
from translator.knowledge.shapes import Bound, Shape

_DEVICE = only("torch", "device", "TensorFlow places tensors itself")
_GRAD = only("torch", "requires_grad", "written as a variable")
_DTYPE = dtype()


def stated(call: Bound) -> Shape:
    """The shape that the call states."""
    given = call.literals.get("size")
    if isinstance(given, tuple) and len(given) == 1 and isinstance(given[0], tuple):
        given = given[0]
    return given if isinstance(given, tuple) else None


ZEROS = Function(
    torch="torch.zeros(*size, dtype=None, device=None, requires_grad=False)",
    tf="tf.zeros(shape, dtype=tf.float32)",
    args=(sizes("size", "shape"), _DTYPE, _DEVICE, _GRAD),
    shape=stated,
    dtype="float32",
    cases=(
        case("x + torch.zeros(2, 3)", x=f32(2, 3)),
        case("x + tf.zeros([2, 3], dtype=x.dtype)", x=f32(2, 3), side="tensorflow"),
    ),
)

ONES = Function(
    torch="torch.ones(*size, dtype=None, device=None, requires_grad=False)",
    tf="tf.ones(shape, dtype=tf.float32)",
    args=(sizes("size", "shape"), _DTYPE, _DEVICE, _GRAD),
    shape=stated,
    dtype="float32",
    cases=(case("x + torch.ones(2, 3)", x=f32(2, 3)),),
)

RAND = Function(
    torch="torch.rand(*size, dtype=None, device=None, requires_grad=False)",
    tf="tf.random.uniform(shape, minval=0, maxval=None, dtype=tf.float32, seed=None)",
    args=(
        sizes("size", "shape"),
        fixed("tensorflow", "minval", "0"),
        fixed("tensorflow", "maxval", "None"),
        only("tensorflow", "seed", "the two sides never draw the same numbers"),
        _DTYPE,
        _DEVICE,
        _GRAD,
    ),
    shape=stated,
    dtype="float32",
    differs="The two sides never draw the same numbers.",
    cases=(case("x + 0 * torch.rand(2, 3)", x=f32(2, 3)),),
)

RANDN = Function(
    torch="torch.randn(*size, dtype=None, device=None, requires_grad=False)",
    tf="tf.random.normal(shape, mean=0.0, stddev=1.0, dtype=tf.float32, seed=None)",
    args=(
        sizes("size", "shape"),
        fixed("tensorflow", "mean", "0.0"),
        fixed("tensorflow", "stddev", "1.0"),
        only("tensorflow", "seed", "the two sides never draw the same numbers"),
        _DTYPE,
        _DEVICE,
        _GRAD,
    ),
    shape=stated,
    dtype="float32",
    differs="The two sides never draw the same numbers.",
    cases=(case("x + 0 * torch.randn(2, 3)", x=f32(2, 3)),),
)

RECORDS: tuple[Record, ...] = (ZEROS, ONES, RAND, RANDN)
