"""New tensors: constant, counted, alike."""

from __future__ import annotations

from translator.knowledge.cases import Case, case, f32, ints, script
from translator.knowledge.lenses import (
    Lens,
    choice,
    dtype,
    fixed,
    number,
    only,
    real,
    same,
    sizes,
    tensor,
)
from translator.knowledge.records import Function, Pair, Record
from translator.knowledge.shapes import Bound, Shape, like_first

DEVICE = only("torch", "device", "TensorFlow places tensors itself")
GRAD = only("torch", "requires_grad", "written as a variable")
PLACED: tuple[Lens, ...] = (DEVICE, GRAD)
"""What torch's functions that make tensors take and TensorFlow's do not."""

_X = f32(2, 3)


def stated(call: Bound) -> Shape:
    """The shape that the call states."""
    given = call.literals.get("size")
    if isinstance(given, tuple) and len(given) == 1 and isinstance(given[0], tuple):
        given = given[0]
    return given if isinstance(given, tuple) else None


def _filled(name: str) -> tuple[Function, Function]:
    """`zeros` and `zeros_like`."""
    rest = "(*size, dtype=None, device=None, requires_grad=False)"
    empty = (f"torch.empty{rest}",) if name == "zeros" else ()  # it has no values of its own
    new = Function(
        torch=(f"torch.{name}{rest}", *empty),
        tf=(f"tf.{name}(shape, dtype=tf.float32)", f"keras.ops.{name}(shape, dtype=None)"),
        args=(sizes("size", "shape"), dtype(), *PLACED),
        shape=stated,
        dtype="float32",
        cases=(
            case(f"x + torch.{name}(2, 3)", x=_X),
            case(f"x + tf.{name}([2, 3], dtype=x.dtype)", x=_X, side="tensorflow"),
        ),
    )
    alike = Function(
        torch=f"torch.{name}_like(input, *, dtype=None, device=None, requires_grad=False)",
        tf=(
            f"tf.{name}_like(input, dtype=None)",
            f"keras.ops.{name}_like(x, dtype=None)",
        ),
        args=(tensor("input", "input"), dtype(), *PLACED),
        order="keeps",
        shape=like_first,
        cases=(
            case(f"x + torch.{name}_like(x)", x=_X),
            case(f"torch.{name}_like(x, dtype=torch.int64)", x=_X),
            case(f"x + tf.{name}_like(x)", x=_X, side="tensorflow"),
        ),
    )
    return new, alike


FULL = Function(
    torch="torch.full(size, fill_value, *, dtype=None, device=None, requires_grad=False)",
    tf=("tf.fill(dims, value)", "keras.ops.full(shape, fill_value)"),
    args=(
        sizes("size", "dims"),
        same("fill_value", "value"),
        fixed("torch", "dtype", "None"),
        *PLACED,
    ),
    shape=stated,
    differs="Of a whole number torch makes 64-bit integers, TensorFlow 32-bit ones.",
    words="constant fill",
    cases=(
        case("x + torch.full((2, 3), 1.5)", x=_X),
        case("x + tf.fill([2, 3], 0.5)", x=_X, side="tensorflow"),
    ),
)
FULL_TYPED = Pair(
    torch="torch.full(size, fill_value, *, dtype=None, device=None, requires_grad=False)",
    tf="tf.cast(tf.fill(size, fill_value), dtype)",
    args=(sizes("size", "size"), same("fill_value"), dtype(), *PLACED),
    shape=stated,
    only_from="torch",
    cases=(case("x + torch.full((2, 3), 2, dtype=torch.float64)", x=_X),),
)
FULL_LIKE = Function(
    torch="torch.full_like(input, fill_value, *, dtype=None, device=None, requires_grad=False)",
    tf="keras.ops.full_like(x, fill_value, dtype=None)",
    args=(tensor("input", "x"), same("fill_value"), dtype(), *PLACED),
    order="keeps",
    shape=like_first,
    cases=(
        case("x + torch.full_like(x, 3)", x=_X),
        case("x + keras.ops.full_like(x, 0.5)", x=_X, side="tensorflow"),
    ),
)
EYE = Function(
    torch="torch.eye(n, m=None, *, dtype=None, device=None, requires_grad=False)",
    tf=("tf.eye(num_rows, num_columns=None, *, dtype=tf.float32)", "keras.ops.eye(N, M=None)"),
    args=(same("n", "num_rows"), same("m", "num_columns"), dtype(), *PLACED),
    dtype="float32",
    words="identity matrix",
    cases=(
        case("x + torch.eye(3)", x=f32(3, 3)),
        case("x + tf.eye(2, 3)", x=_X, side="tensorflow"),
    ),
)
ARANGE = Function(
    torch="torch.arange(start, end=None, step=1, *, dtype=None, device=None, requires_grad=False)",
    tf=(
        "tf.range(start, limit=None, delta=1, dtype=None)",
        "keras.ops.arange(start, stop=None, step=1, dtype=None)",
    ),
    args=(
        same("start"),
        same("end", "limit"),
        same("step", "delta"),
        dtype("dtype", "dtype", "start", "end", "step", bounds=True),
        *PLACED,
    ),
    differs="Of whole numbers torch makes 64-bit integers, TensorFlow 32-bit ones.",
    naive="tf.range(3)",
    error="int32, not int64",
    words="range counting",
    cases=(
        case("x.float() + torch.arange(0, 6, 2)", x=_X),
        case("torch.sum(x).float() * torch.arange(3) / 2", x=_X),
        case("x + torch.arange(0.0, 1.5, 0.5)", x=_X),
        case("x + torch.arange(3, dtype=torch.float64)", x=_X),
        case("x + tf.range(0.0, 3.0)", x=_X, side="tensorflow"),
    ),
)


def _ops_arange(text: str, *step: Lens) -> Function:
    return Function(
        torch="torch.arange(start, end=None, step=1, *, dtype=None, device=None, requires_grad=False)",
        tf="keras.ops.arange(start, stop=None, step=None, dtype=None)",
        args=(
            same("start"),
            same("end", "stop"),
            *step,
            dtype("dtype", "dtype", "start", "end", "step", bounds=True),
            *PLACED,
        ),
        differs="Of whole numbers torch makes 64-bit integers, Keras 32-bit ones.",
        words="range counting",
        cases=(case(text, x=f32(6, 3), side="tensorflow"),),
    )


OPS_ARANGE = _ops_arange(
    "keras.ops.take(x, keras.ops.arange(start=1, stop=4), axis=0)",
    fixed("torch", "step", "1"),
    fixed("tensorflow", "step", "None", "1"),
)
OPS_ARANGE_IN_STEPS = _ops_arange(
    "keras.ops.take(x, keras.ops.arange(0, 6, 2), axis=0)", same("step")
)
LINSPACE = Function(
    torch="torch.linspace(start, end, steps, *, dtype=None, device=None, requires_grad=False)",
    tf=("tf.linspace(start, stop, num)", "keras.ops.linspace(start, stop, num=50)"),
    args=(
        real("start", "start"),
        real("end", "stop"),
        same("steps", "num"),
        fixed("torch", "dtype", "None", "torch.float32", "torch.float"),
        *PLACED,
    ),
    dtype="float32",
    differs="Of whole numbers tf.linspace makes 64-bit floats.",
    naive="tf.linspace(0, 1, 5)",
    error="float64, not float32",
    words="evenly spaced numbers",
    cases=(
        case("x + torch.linspace(0, 1, 3)", x=_X),
        case("x + torch.linspace(-1.0, 1.0, steps=3)", x=_X),
        case("x + tf.linspace(0.0, 2.0, 3)", x=_X, side="tensorflow"),
    ),
)


def _grid(call: Bound) -> Shape:
    given = call.sequences.get("tensors", ())
    sizes = tuple(shape[0] if shape is not None and len(shape) == 1 else None for shape in given)
    if not sizes:
        return None
    return (sizes[1], sizes[0], *sizes[2:]) if call.literals.get("indexing") == "xy" else sizes


MESHGRID = Function(
    torch="torch.meshgrid(*tensors, indexing=None)",
    tf=("tf.meshgrid(*args, indexing='xy')", "keras.ops.meshgrid(*x, indexing='xy')"),
    args=(
        same("tensors", "args"),
        choice("indexing", "indexing", ("None", "'ij'"), ("'ij'", "'ij'"), ("'xy'", "'xy'")),
    ),
    shape=_grid,
    gives="tensors",
    differs="torch's first tensor runs along the first axis unless indexing='xy' is said, TensorFlow's along the "
    "second.",
    naive="tf.meshgrid(x, y)",
    error="another shape",
    words="grid coordinates positions",
    cases=(
        case("torch.stack(torch.meshgrid(x, y, indexing='ij'))", x=f32(3), y=f32(4)),
        case("torch.stack(torch.meshgrid([x, y], indexing='xy'), dim=-1)", x=f32(3), y=f32(4)),
        case("tf.stack(tf.meshgrid(x, y))", x=f32(3), y=f32(4), side="tensorflow"),
        case("tf.meshgrid(x, y, indexing='ij')[1]", x=f32(3), y=f32(4), side="tensorflow"),
    ),
)
ONE_HOT = Pair(
    torch="torch.nn.functional.one_hot(input, num_classes=-1)",
    tf="tf.one_hot(input, num_classes, dtype=tf.int64)",
    args=(tensor("input", "input"), number("num_classes", "num_classes")),
    only_from="torch",
    dtype="int64",
    differs="torch makes integers, TensorFlow floats unless told otherwise; a class that is too large is an error in "
    "torch and zeros in TensorFlow.",
    words="one-hot classes",
    cases=(case("torch.nn.functional.one_hot(x, 4)", x=ints(5, high=4)),),
)
_PLAIN_CODES: tuple[Lens, ...] = (
    tensor("indices", "indices"),
    same("depth"),
    fixed("tensorflow", "on_value", "None"),
    fixed("tensorflow", "off_value", "None"),
    fixed("tensorflow", "axis", "None", "-1"),
)
ONE_HOT_INTEGER = Pair(
    torch="F.one_hot(indices.long(), depth)",
    tf="tf.one_hot(indices, depth, on_value=None, off_value=None, axis=None, dtype=None)",
    args=(
        *_PLAIN_CODES,
        fixed("tensorflow", "dtype", "tf.int64", "tf.int32", "'int64'", "'int32'"),
    ),
    only_from="tensorflow",
    dtype="int64",
    cases=(case("tf.one_hot(x, 4, dtype=tf.int64)", x=ints(5, high=4), side="tensorflow"),),
)
ONE_HOT_FLOAT = Pair(
    torch="F.one_hot(indices.long(), depth).float()",
    tf=(
        "tf.one_hot(indices, depth, on_value=None, off_value=None, axis=None, dtype=None)",
        "keras.ops.one_hot(x, num_classes)",
        "keras.utils.to_categorical(x, num_classes)",
    ),
    args=(*_PLAIN_CODES, fixed("tensorflow", "dtype", "None", "tf.float32", "'float32'")),
    only_from="tensorflow",
    dtype="float32",
    words="one-hot classes to_categorical",
    cases=(case("tf.one_hot(x, 4)", x=ints(5, high=4), side="tensorflow"),),
)


def _cases(torch: str, tf: str) -> tuple[Case, ...]:
    return (case(torch, x=_X), case(tf, x=_X, side="tensorflow"))


EMPTY_LIKE = Pair(
    torch="torch.empty_like(input, *, dtype=None, device=None, requires_grad=False)",
    tf="tf.zeros_like(input)",
    args=(tensor("input", "input"), fixed("torch", "dtype", "None"), *PLACED),
    order="keeps",
    shape=like_first,
    only_from="torch",
    differs="What it holds is not said; zeros are as good.",
    cases=(case("x + 0 * torch.empty_like(x)", x=_X, one_way="torch says zeros_like for it"),),
)
NEW_FULL = Pair(
    torch="torch.Tensor.new_full(size, fill_value)",
    tf="tf.fill(size, tf.cast(fill_value, input.dtype))",
    args=(tensor("input", "input"), sizes("size", "size"), same("fill_value")),
    only_from="torch",
    words="constant fill like",
    cases=(case("x + x.new_full((2, 3), 2)", x=_X, one_way="no record leads back"),),
)


def _constant(torch: str, tf: str) -> Function:
    """A number that torch has a name for."""
    return Function(
        torch=f"torch.{torch}",
        tf=tf,
        gives="number",
        words="constant number",
        cases=(case(f"x * torch.{torch}", x=_X),),
    )


VERSION = Function(
    torch="torch.__version__",
    tf="tf.__version__",
    gives="number",
    words="version",
    cases=(script("import torch\nprint(len(torch.__version__) > 3)"),),
)
CLONE = Function(
    torch=("torch.clone(input)", "torch.Tensor.clone()"),
    tf=("tf.identity(input)", "keras.ops.copy(x)"),
    args=(tensor("input", "input"),),
    order="keeps",
    shape=like_first,
    words="copy",
    cases=_cases("x.clone()", "tf.identity(x)"),
)
RECORDS: tuple[Record, ...] = (
    *_filled("zeros"), *_filled("ones"), FULL, FULL_TYPED, FULL_LIKE, EYE, ARANGE, OPS_ARANGE,
    OPS_ARANGE_IN_STEPS, LINSPACE,
    MESHGRID, ONE_HOT, ONE_HOT_INTEGER, ONE_HOT_FLOAT, CLONE, EMPTY_LIKE, NEW_FULL,
    _constant("pi", "math.pi"), _constant("e", "math.e"), VERSION,
)  # fmt: skip
