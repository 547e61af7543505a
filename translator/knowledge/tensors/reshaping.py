"""Shapes: view, flatten, transpose, concatenate."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.layers.containers import flattened
from translator.knowledge.lenses import axis, fixed, same, sizes, tensor, tensors
from translator.knowledge.records import Function, Pair, Record
from translator.knowledge.shapes import Bound, Shape, Size, number, product


def _viewed(call: Bound) -> Shape:
    given = call.literals.get("shape")
    if isinstance(given, tuple) and len(given) == 1 and isinstance(given[0], tuple):
        given = given[0]
    if not isinstance(given, tuple):
        return None
    rest = _rest(call.first, [size for size in given if size != -1])
    return tuple(rest if size == -1 else size for size in given)


def _rest(whole: Shape, sizes: list[Size]) -> Size:
    """What is left for one axis when the others are known."""
    total, taken = None if whole is None else number(product(whole)), number(product(tuple(sizes)))
    if total is None or not taken or total % taken:
        return None
    return total // taken


RESHAPE = Function(
    torch=(
        "torch.reshape(input, shape)",
        "torch.Tensor.reshape(*shape)",
        "torch.Tensor.view(*shape)",
    ),
    tf=("tf.reshape(tensor, shape)", "keras.ops.reshape(x, newshape)"),
    as_method=True,
    args=(tensor("input", "tensor"), sizes("shape", "shape")),
    order="memory",
    shape=_viewed,
    differs="Both keep the order of the elements: on images the result depends on where the channels are.",
    words="view reshape",
    cases=(
        case("x.view(2, -1)", x=f32(2, 3, 4)),
        case("x.view((3, 8))", x=f32(2, 3, 4)),
        case("x.reshape(-1)", x=f32(2, 3)),
        case("torch.reshape(x, (3, 2))", x=f32(2, 3)),
        case("tf.reshape(x, [-1, 4])", x=f32(2, 3, 4), side="tensorflow"),
    ),
)


FLATTEN_FUNCTION = Pair(
    torch=(
        "torch.flatten(input, start_dim=0, end_dim=-1)",
        "torch.Tensor.flatten(start_dim=0, end_dim=-1)",
    ),
    tf="keras.layers.Flatten()(input)",
    args=(
        tensor("input", "input"),
        fixed("torch", "start_dim", "1"),
        fixed("torch", "end_dim", "-1"),
    ),
    order="memory",
    shape=flattened,
    only_from="torch",
    cases=(case("torch.flatten(x, 1)", x=f32(2, 3, 4)), case("x.flatten(1)", x=f32(2, 3, 4))),
)


def _raveled(call: Bound) -> Shape:
    return (None if call.first is None else product(call.first),)


RAVEL = Pair(
    torch=(
        "torch.flatten(input, start_dim=0, end_dim=-1)",
        "torch.Tensor.flatten(start_dim=0, end_dim=-1)",
    ),
    tf="tf.reshape(input, [-1])",
    args=(
        tensor("input", "input"),
        fixed("torch", "start_dim", "0"),
        fixed("torch", "end_dim", "-1"),
    ),
    order="memory",
    shape=_raveled,
    only_from="torch",
    cases=(case("torch.flatten(x)", x=f32(2, 3)),),
)


def _joined(start: str, end: str, sizes: str, *others: str, held: str = "") -> Pair:
    """`flatten` of other axes than all behind the first."""

    def shape(call: Bound) -> Shape:
        if call.first is None:
            return None
        rank = len(call.first)
        first, last = int(start) % rank, int(end) % rank
        joined = product(call.first[first : last + 1])
        return (*call.first[:first], joined, *call.first[last + 1 :])

    return Pair(
        torch=(
            "torch.flatten(input, start_dim=0, end_dim=-1)",
            "torch.Tensor.flatten(start_dim=0, end_dim=-1)",
        ),
        tf=f"tf.reshape(input, [{sizes}])",
        args=(
            tensor("input", "input"),
            fixed("torch", "start_dim", start),
            fixed("torch", "end_dim", end, *others),
        ),
        order="turns" if held else "source",
        shape=shape,
        held=held,
        only_from="torch",
        cases=(
            case(f"torch.flatten(x, {start}, {end})", x=f32(2, 3, 4, 5)),
            case(f"(x * 2).flatten({start}, {end})", x=f32(2, 3, 4, 5)),
        ),
    )


def _expanded(call: Bound) -> Shape:
    shape, dim = call.first, call.literals.get("dim")
    if shape is None or type(dim) is not int:
        return None
    at = dim if dim >= 0 else dim + len(shape) + 1
    return (*shape[:at], 1, *shape[at:])


UNSQUEEZE = Function(
    torch=("torch.unsqueeze(input, dim)", "torch.Tensor.unsqueeze(dim)"),
    tf=("tf.expand_dims(input, axis)", "keras.ops.expand_dims(x, axis)"),
    as_method=True,
    args=(tensor("input", "input"), same("dim", "axis")),
    shape=_expanded,
    words="unsqueeze expand_dims new axis",
    cases=(
        case("x.unsqueeze(1)", x=f32(2, 3)),
        case("tf.expand_dims(x, -1)", x=f32(2, 3), side="tensorflow"),
    ),
)


def _permuted(call: Bound) -> Shape:
    order = call.literals.get("dims")
    if isinstance(order, tuple) and len(order) == 1 and isinstance(order[0], tuple):
        order = order[0]
    if call.first is None or not isinstance(order, tuple) or not all(type(n) is int for n in order):
        return None
    rank = len(call.first)
    axes = [n + rank if n < 0 else n for n in order]
    return tuple(call.first[n] for n in axes) if sorted(axes) == list(range(rank)) else None


PERMUTE = Function(
    torch=("torch.permute(input, dims)", "torch.Tensor.permute(*dims)"),
    tf=("tf.transpose(a, perm=None)", "keras.ops.transpose(x, axes=None)"),
    as_method=True,
    args=(tensor("input", "a"), sizes("dims", "perm")),
    order="turns",
    shape=_permuted,
    words="permute transpose axes",
    cases=(
        case("x.permute(0, 2, 1)", x=f32(2, 3, 4)),
        case("torch.permute(x, (2, 0, 1))", x=f32(2, 3, 4)),
        case("tf.transpose(x, [1, 0])", x=f32(2, 3), side="tensorflow"),
    ),
)


REVERSED = Pair(
    torch="input.permute(*range(input.dim() - 1, -1, -1))",
    tf=("tf.transpose(a, perm=None)", "keras.ops.transpose(x, axes=None)"),
    args=(tensor("input", "a"), fixed("tensorflow", "perm", "None")),
    only_from="tensorflow",
    shape=lambda call: call.first and call.first[::-1],
    differs="Without an order of the axes, TensorFlow reverses all of them; torch's x.t() takes two at most.",
    cases=(
        case("tf.transpose(x)", x=f32(2, 3), side="tensorflow"),
        case("tf.transpose(x) + 1", x=f32(2, 3, 4), side="tensorflow"),
    ),
)


def _put_together(call: Bound) -> Shape:
    shapes, dim = call.sequences.get("tensors", ()), call.literals.get("dim")
    if not shapes and call.first is not None:  # how many there are is not known
        shapes = (call.first, (None,) * len(call.first))
    if call.first is not None:
        shapes = tuple((None,) * len(call.first) if one is None else one for one in shapes)
    rank = len(shapes[0]) if shapes and shapes[0] is not None else 0
    if type(dim) is not int or not -rank <= dim < rank:
        return None
    known = [shape for shape in shapes if shape is not None and len(shape) == rank]
    if len(known) < len(shapes):
        return None
    sizes = [number(shape[dim]) for shape in known]
    total = None if None in sizes else sum(size for size in sizes if size is not None)
    return tuple(
        total if axis == dim % rank else _common(same)
        for axis, same in enumerate(zip(*known, strict=True))
    )


def _common(sizes: tuple[Size, ...]) -> Size:
    """The one size of several, of which some may not be known."""
    known = {size for size in sizes if size is not None}
    return known.pop() if len(known) == 1 else None


CAT = Function(
    torch=(
        "torch.cat(tensors, dim=0)",
        "torch.concat(tensors, dim=0)",
        "torch.concatenate(tensors, axis=0)",
    ),
    tf=("tf.concat(values, axis)", "keras.ops.concatenate(xs, axis=0)"),
    args=(tensors("tensors", "values"), axis()),
    order="keeps",
    shape=_put_together,
    words="concatenate join",
    cases=(
        case("torch.cat([x, y], dim=1)", x=f32(2, 3), y=f32(2, 4)),
        case("torch.cat((x, x))", x=f32(2, 3)),
        case("torch.cat([x, y], -1)", x=f32(2, 3, 4), y=f32(2, 3, 4)),
        case("tf.concat([x, y], 1)", x=f32(2, 3), y=f32(2, 4), side="tensorflow"),
    ),
)


def _stacked(call: Bound) -> Shape:
    shapes, dim = call.sequences.get("tensors", ()), call.literals.get("dim")
    if not shapes or shapes[0] is None or any(shape != shapes[0] for shape in shapes):
        return None
    rank = len(shapes[0]) + 1
    if type(dim) is not int or not -rank <= dim < rank:
        return None
    return (*shapes[0][: dim % rank], len(shapes), *shapes[0][dim % rank :])


STACK = Function(
    torch="torch.stack(tensors, dim=0)",
    tf=("tf.stack(values, axis=0)", "keras.ops.stack(x, axis=0)"),
    args=(same("tensors", "values"), same("dim", "axis")),
    shape=_stacked,
    words="stack",
    cases=(
        case("torch.stack([x, y], dim=1)", x=f32(2, 3), y=f32(2, 3)),
        case("tf.stack([x, y])", x=f32(2, 3), y=f32(2, 3), side="tensorflow"),
    ),
)


def _swapped(call: Bound) -> Shape:
    shape, a, b = call.first, call.literals.get("dim0"), call.literals.get("dim1")
    if shape is None or type(a) is not int or type(b) is not int:
        return None
    rank = len(shape)
    if not (-rank <= a < rank and -rank <= b < rank):
        return None
    swapped = {a % rank: b % rank, b % rank: a % rank}
    return tuple(shape[swapped.get(axis, axis)] for axis in range(rank))


TRANSPOSE = Function(
    torch=(
        "torch.transpose(input, dim0, dim1)",
        "torch.Tensor.transpose(dim0, dim1)",
        "torch.swapaxes(input, axis0, axis1)",
        "torch.swapdims(input, dim0, dim1)",
        "torch.Tensor.swapdims(dim0, dim1)",
        "torch.Tensor.swapaxes(axis0, axis1)",
    ),
    tf="keras.ops.swapaxes(x, axis1, axis2)",
    as_method=True,
    args=(tensor("input", "x"), same("dim0", "axis1"), same("dim1", "axis2")),
    order="turns",
    shape=_swapped,
    differs="tf.transpose takes the whole order of the axes, not two of them.",
    naive="tf.transpose(x, [0, 1]) for x.transpose(0, 1)",
    error="4; of a matrix it is the identity",
    words="transpose swap axes swapaxes",
    cases=(
        case("x.transpose(1, 2)", x=f32(2, 3, 4)),
        case("torch.transpose(x, 0, -1)", x=f32(2, 3, 4)),
        case("keras.ops.swapaxes(x, 0, 1)", x=f32(2, 3), side="tensorflow"),
    ),
)
MATRIX_TRANSPOSE = Pair(
    torch="a.transpose(-2, -1)",
    tf="tf.linalg.matrix_transpose(a)",
    args=(tensor("a", "a"),),
    only_from="tensorflow",
    cases=(case("tf.linalg.matrix_transpose(x)", x=f32(2, 3, 4), side="tensorflow"),),
)


def _squeezed(call: Bound) -> Shape:
    shape, dim = call.first, call.literals.get("dim")
    if shape is None or type(dim) is not int or not -len(shape) <= dim < len(shape):
        return None
    return tuple(size for i, size in enumerate(shape) if i != dim % len(shape))


SQUEEZE = Function(
    torch=("torch.squeeze(input, dim=None)", "torch.Tensor.squeeze(dim=None)"),
    tf=("tf.squeeze(input, axis=None)", "keras.ops.squeeze(x, axis=None)"),
    as_method=True,
    args=(tensor("input", "input"), same("dim", "axis")),
    shape=_squeezed,
    differs="An axis that is longer than 1 is left alone by torch and an error in TensorFlow.",
    words="remove axis singleton",
    cases=(
        case("x.squeeze()", x=f32(2, 1, 3, 1)),
        case("x.squeeze(1)", x=f32(2, 1, 3, 1)),
        case("tf.squeeze(x, axis=-1)", x=f32(2, 1, 3, 1), side="tensorflow"),
    ),
)
VIEW_AS = Pair(
    torch=("torch.Tensor.view_as(other)", "torch.Tensor.reshape_as(other)"),
    tf="tf.reshape(input, tf.shape(other))",
    args=(tensor("input", "input"), tensor("other", "other")),
    shape=lambda call: tuple(call.shapes.values())[-1],
    only_from="torch",
    cases=(case("x.view_as(y)", x=f32(2, 6), y=f32(3, 4)),),
)

RECORDS: tuple[Record, ...] = (
    RESHAPE,
    FLATTEN_FUNCTION,
    RAVEL,
    _joined(
        "2",
        "-1",
        "tf.shape(input)[0], input.shape[1], -1",
        held="tf.reshape(input, [tf.shape(input)[0], -1, input.shape[-1]])",
    ),
    _joined("0", "1", "-1, *input.shape[2:]"),
    _joined("1", "2", "tf.shape(input)[0], -1, *input.shape[3:]"),
    UNSQUEEZE,
    SQUEEZE,
    PERMUTE,
    REVERSED,
    TRANSPOSE,
    MATRIX_TRANSPOSE,
    VIEW_AS,
    CAT,
    STACK,
)
