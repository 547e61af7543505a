"""The largest, the smallest, and their order: torch returns values with their places."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import axis, choice, fixed, only, same, tensor
from translator.knowledge.records import Function, Pair, Record
from translator.knowledge.shapes import scalar
from translator.knowledge.tensors.reduction import reduced

_X = f32(2, 3, 4)
_FIELDS: tuple[tuple[str, str | None], ...] = (("values", None), ("indices", "int64"))
_DIFFERS = (
    "Along an axis torch returns the values and their indices, TensorFlow has a call for each. Where several are "
    "equal, torch's gradient goes to the one whose index it returns, TensorFlow shares it among them."
)


def _along(torch: str, keep: bool) -> Pair:
    index = f"tf.arg{torch}(input, axis=dim)"
    kept = ", keepdims=True" if keep else ""
    argument = ", keepdim=True" if keep else ""
    return Pair(
        torch=(
            f"torch.{torch}(input, dim, keepdim=False)",
            f"torch.Tensor.{torch}(dim, keepdim=False)",
        ),
        tf=(
            f"tf.reduce_{torch}(input, axis=dim{kept})",
            f"tf.expand_dims({index}, dim)" if keep else index,
        ),
        args=(
            tensor("input", "input"),
            axis("dim", "dim", needs="number"),
            fixed("torch", "keepdim", str(keep)),
        ),
        order="keeps",
        shape=reduced,
        fields=_FIELDS,
        only_from="torch",
        differs=_DIFFERS,
        words="maximum minimum along axis values indices",
        cases=(
            case(f"torch.{torch}(x, 1{argument})[0]", x=_X),
            case(f"x.{torch}(dim=-1{argument})[1]", x=_X),
            case(f"x.{torch}(1{argument}).values", x=_X),
            case(f"torch.{torch}(x, dim=1{argument}).indices", x=_X),
        ),
    )


def _of_all(torch: str) -> Pair:
    return Pair(
        torch=(f"torch.{torch}(input)", f"torch.Tensor.{torch}()"),
        tf=f"tf.reduce_{torch}(input)",
        args=(tensor("input", "input"),),
        order="keeps",
        shape=scalar,
        only_from="torch",
        cases=(case(f"torch.{torch}(x)", x=_X), case(f"x.{torch}()", x=_X)),
    )


def _argument(torch: str) -> tuple[Record, ...]:
    """`argmax` along an axis, with the axis kept, and of all elements; TensorFlow's default axis is 0."""
    names = (
        f"torch.{torch}(input, dim=None, keepdim=False)",
        f"torch.Tensor.{torch}(dim=None, keepdim=False)",
    )
    keras = (
        f"tf.{torch}(input, axis=None, output_type=tf.int64)",
        f"tf.math.{torch}(input, axis=None, output_type=tf.int64)",
    )
    kind = only("tensorflow", "output_type", "torch's indices have 64 bits")
    operand = tensor("input", "input")
    plain = Function(
        torch=names,
        tf=(*keras, f"keras.ops.{torch}(x, axis=None)"),
        args=(operand, axis(needs="number"), fixed("torch", "keepdim", "False"), kind),
        order="keeps",
        shape=reduced,
        dtype="int64",
        differs="Without an axis torch counts through all elements, tf.argmax takes the first axis. At NaN torch "
        "stops, TensorFlow passes over it.",
        naive=f"tf.{torch}(x) for torch.{torch}(x)",
        error="another shape",
        cases=(
            case(f"torch.{torch}(x, dim=1)", x=_X),
            case(f"x.{torch}(-1)", x=_X),
            case(f"tf.{torch}(x, axis=1)", x=_X, side="tensorflow"),
        ),
    )
    kept = Pair(
        torch=names,
        tf=f"tf.expand_dims(tf.{torch}(input, axis=dim), dim)",
        args=(operand, axis("dim", "dim", needs="number"), fixed("torch", "keepdim", "True")),
        order="keeps",
        shape=reduced,
        dtype="int64",
        only_from="torch",
        cases=(case(f"x.{torch}(dim=1, keepdim=True)", x=_X),),
    )
    flat = Pair(
        torch=names,
        tf=f"tf.{torch}(tf.reshape(input, [-1]))",
        args=(operand, fixed("torch", "dim", "None"), fixed("torch", "keepdim", "False")),
        shape=scalar,
        dtype="int64",
        only_from="torch",
        cases=(case(f"torch.{torch}(x)", x=_X),),
    )
    first = Pair(
        torch=f"torch.{torch}(input, dim=0)",
        tf=keras,
        args=(operand, fixed("tensorflow", "axis", "None"), kind),
        dtype="int64",
        only_from="tensorflow",
        cases=(case(f"tf.{torch}(x)", x=_X, side="tensorflow"),),
    )
    return plain, kept, flat, first


TOPK = Function(
    torch=(
        "torch.topk(input, k, dim=None, largest=True, sorted=True)",
        "torch.Tensor.topk(k, dim=None, largest=True, sorted=True)",
    ),
    tf=(
        "tf.math.top_k(input, k=1, sorted=True)",
        "tf.nn.top_k(input, k=1, sorted=True)",
        "keras.ops.top_k(x, k, sorted=True)",
    ),
    args=(
        tensor("input", "input"),
        same("k"),
        fixed("torch", "dim", "None", "-1"),
        fixed("torch", "largest", "True"),
        same("sorted"),
    ),
    fields=_FIELDS,
    differs="TensorFlow knows the last axis and the largest alone; its indices have 32 bits.",
    words="largest k top",
    cases=(
        case("torch.topk(x, 2)[0]", x=_X),
        case("x.topk(2, dim=-1).indices", x=_X),
        case("tf.math.top_k(x, 3).values", x=_X, side="tensorflow"),
    ),
)


def _sorted(descending: bool) -> Pair:
    direction = ', direction="DESCENDING"' if descending else ""
    flag = ", descending=True" if descending else ""
    return Pair(
        torch=(
            "torch.sort(input, dim=-1, descending=False, *, stable=False)",
            "torch.Tensor.sort(dim=-1, descending=False, *, stable=False)",
        ),
        tf=(
            f"tf.sort(input, axis=dim{direction})",
            f"tf.argsort(input, axis=dim{direction}, stable=True)",
        ),
        args=(
            tensor("input", "input"),
            axis("dim", "dim"),
            fixed("torch", "descending", str(descending)),
            only("torch", "stable", "the indices are stable there"),
        ),
        order="keeps",
        shape=lambda call: call.first,
        fields=_FIELDS,
        only_from="torch",
        words="sort order",
        cases=(
            case(f"torch.sort(x, dim=1{flag})[0]", x=_X),
            case(f"x.sort({flag[2:]})[1]", x=_X),
        ),
    )


_DIRECTION = choice("descending", "direction", ("False", "'ASCENDING'"), ("True", "'DESCENDING'"))
SORT = Pair(
    torch="torch.sort(values, dim=dim, descending=descending).values",
    tf="tf.sort(values, axis=-1, direction='ASCENDING')",
    args=(tensor("values", "values"), axis(), _DIRECTION),
    only_from="tensorflow",
    cases=(case("tf.sort(x, axis=1, direction='DESCENDING')", x=_X, side="tensorflow"),),
)
ARGSORT = Function(
    torch=(
        "torch.argsort(input, dim=-1, descending=False, *, stable=False)",
        "torch.Tensor.argsort(dim=-1, descending=False)",
    ),
    tf="tf.argsort(values, axis=-1, direction='ASCENDING', *, stable=False)",
    args=(tensor("input", "values"), axis(), _DIRECTION, same("stable")),
    order="keeps",
    shape=lambda call: call.first,
    dtype="int64",
    words="sort order indices",
    cases=(
        case("torch.argsort(x, dim=1, descending=True)", x=_X),
        case("tf.argsort(x)", x=_X, side="tensorflow"),
    ),
)


RECORDS: tuple[Record, ...] = (
    *(
        record
        for name in ("max", "min")
        for record in (_of_all(name), _along(name, False), _along(name, True))
    ),
    *_argument("argmax"),
    *_argument("argmin"),
    TOPK,
    _sorted(False),
    _sorted(True),
    SORT,
    ARGSORT,
)
