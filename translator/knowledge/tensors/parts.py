"""Pieces of tensors and repetitions: split, unbind, tile, gather."""

from __future__ import annotations

from translator.knowledge.cases import case, f32, ints
from translator.knowledge.lenses import axis, listed, number, only, same, sizes, tensor
from translator.knowledge.records import Function, Pair, Record
from translator.knowledge.shapes import Bound, Shape, like_first

_X = f32(2, 6, 4)


CHUNK = Function(
    torch=("torch.chunk(input, chunks, dim=0)", "torch.Tensor.chunk(chunks, dim=0)"),
    tf=(
        "tf.split(value, num_or_size_splits, axis=0)",
        "keras.ops.split(x, indices_or_sections, axis=0)",
    ),
    args=(tensor("input", "value"), number("chunks", "num_or_size_splits"), same("dim", "axis")),
    gives="tensors",
    differs="torch's last piece is smaller where the size cannot be divided, TensorFlow refuses.",
    naive="tf.split(x, 3) for x.split(3)",
    error="three pieces for pieces of three",
    words="chunk split pieces",
    cases=(
        case("torch.chunk(x, 3, dim=1)[2]", x=_X),
        case("x.chunk(2)[0] + x.chunk(2, -1)[1].sum()", x=_X),
        case("tf.split(x, 2, axis=-1)[1]", x=_X, side="tensorflow"),
    ),
)
SPLIT = Function(
    torch=(
        "torch.split(tensor, split_size_or_sections, dim=0)",
        "torch.Tensor.split(split_size, dim=0)",
    ),
    tf="tf.split(value, num_or_size_splits, axis=0)",
    args=(
        tensor("tensor", "value"),
        listed("split_size_or_sections", "num_or_size_splits"),
        same("dim", "axis"),
    ),
    gives="tensors",
    differs="A number is a size of pieces in torch and their count in TensorFlow; a list holds sizes in both.",
    cases=(
        case("torch.split(x, [1, 5], dim=1)[1]", x=_X),
        case("x.split((2, 4), 1)[0]", x=_X),
        case("tf.split(x, [1, 3], axis=-1)[1]", x=_X, side="tensorflow"),
    ),
)
UNBIND = Function(
    torch=("torch.unbind(input, dim=0)", "torch.Tensor.unbind(dim=0)"),
    tf=("tf.unstack(value, num=None, axis=0)", "keras.ops.unstack(x, num=None, axis=0)"),
    args=(
        tensor("input", "value"),
        only("tensorflow", "num", "read off the tensor"),
        same("dim", "axis"),
    ),
    gives="tensors",
    words="unstack",
    cases=(
        case("torch.unbind(x, 1)[2]", x=_X),
        case("x.unbind()[1]", x=_X),
        case("tf.unstack(x, axis=-1)[3]", x=_X, side="tensorflow"),
    ),
)
TILE = Function(
    torch=(
        "torch.tile(input, dims)",
        "torch.Tensor.repeat(*repeats)",
        "torch.Tensor.tile(*dims)",
    ),
    tf=("tf.tile(input, multiples)", "keras.ops.tile(x, repeats)"),
    args=(tensor("input", "input"), sizes("dims", "multiples")),
    differs="torch's repeat is TensorFlow's tile, torch's repeat_interleave its repeat. TensorFlow wants a number for "
    "each axis and no more.",
    naive="tf.repeat(x, 2)",
    error="another order of the elements",
    words="repeat tile",
    cases=(
        case("x.repeat(2, 1, 3)", x=_X),
        case("torch.tile(x, (1, 2, 1))", x=_X),
        case("tf.tile(x, [2, 1, 1])", x=_X, side="tensorflow"),
    ),
)
REPEAT = Function(
    torch=(
        "torch.repeat_interleave(input, repeats, dim=None)",
        "torch.Tensor.repeat_interleave(repeats, dim=None)",
    ),
    tf=("tf.repeat(input, repeats, axis=None)", "keras.ops.repeat(x, repeats, axis=None)"),
    args=(tensor("input", "input"), same("repeats"), same("dim", "axis")),
    words="repeat each element",
    cases=(
        case("torch.repeat_interleave(x, 2, dim=1)", x=_X),
        case("x.repeat_interleave(3)", x=f32(2, 3)),
        case("tf.repeat(x, 2, axis=0)", x=_X, side="tensorflow"),
    ),
)
BROADCAST = Function(
    torch=("torch.broadcast_to(input, shape)", "torch.Tensor.broadcast_to(shape)"),
    tf=("tf.broadcast_to(input, shape)", "keras.ops.broadcast_to(x, shape)"),
    args=(tensor("input", "input"), sizes("shape", "shape")),
    words="expand broadcast",
    cases=(
        case("torch.broadcast_to(x, (5, 2, 3))", x=f32(2, 3)),
        case("tf.broadcast_to(x, [4, 3])", x=f32(1, 3), side="tensorflow"),
    ),
)
EXPAND = Pair(
    torch="torch.Tensor.expand(*size)",
    tf="tf.broadcast_to(input, size)",
    args=(tensor("input", "input"), sizes("size", "size")),
    only_from="torch",
    differs="-1 stands for the size that is there; TensorFlow wants it told.",
    naive="tf.broadcast_to(x, [5, -1, -1])",
    error="raises InvalidArgumentError",
    words="broadcast",
    cases=(
        case("x.expand(5, -1, -1)", x=f32(1, 2, 3)),
        case("x.expand(4, 3)", x=f32(3)),
        case("x.expand((2, -1))", x=f32(1, 3)),
    ),
)
EXPAND_AS = Pair(
    torch="torch.Tensor.expand_as(other)",
    tf="tf.broadcast_to(input, tf.shape(other))",
    args=(tensor("input", "input"), tensor("other", "other")),
    order="keeps",
    shape=lambda call: tuple(call.shapes.values())[-1],
    only_from="torch",
    cases=(case("x.expand_as(y)", x=f32(3), y=f32(2, 3)),),
)


def _reversed(call: Bound) -> Shape:
    return call.first


FLIP = Function(
    torch=("torch.flip(input, dims)", "torch.Tensor.flip(*dims)"),
    tf="tf.reverse(tensor, axis)",
    args=(tensor("input", "tensor"), sizes("dims", "axis")),
    shape=_reversed,
    words="reverse",
    cases=(
        case("torch.flip(x, [0, 2])", x=_X),
        case("x.flip(1)", x=_X),
        case("tf.reverse(x, [1])", x=_X, side="tensorflow"),
    ),
)
ROLL = Function(
    torch=("torch.roll(input, shifts, dims=None)", "torch.Tensor.roll(shifts, dims=None)"),
    tf=("tf.roll(input, shift, axis)", "keras.ops.roll(x, shift, axis=None)"),
    args=(tensor("input", "input"), same("shifts", "shift"), same("dims", "axis")),
    shape=like_first,
    words="shift cyclic",
    cases=(
        case("torch.roll(x, 1, dims=1)", x=_X),
        case("x.roll((1, -1), (0, 1))", x=_X),
        case("tf.roll(x, 2, axis=0)", x=_X, side="tensorflow"),
    ),
)
TAKE_ALONG = Function(
    torch=(
        "torch.gather(input, dim, index)",
        "torch.Tensor.gather(dim, index)",
    ),
    tf="keras.ops.take_along_axis(x, indices, axis=None)",
    args=(tensor("input", "x"), axis(needs="number"), tensor("index", "indices")),
    shape=lambda call: tuple(call.shapes.values())[-1],
    differs="tf.gather takes whole slices, as torch's index_select does. Of an index that is shorter in another axis "
    "torch takes what is there, TensorFlow broadcasts it or raises.",
    naive="tf.gather(x, index, axis=1)",
    error="another shape",
    caution="the index must be as long as the input in every other axis",
    words="take along axis gather",
    cases=(
        case("torch.gather(x, 1, y)", x=f32(4, 3), y=ints(4, 1, high=3)),
        case("x.gather(-1, y)", x=f32(4, 3), y=ints(4, 2, high=3)),
        case(
            "keras.ops.take_along_axis(x, y, axis=1)",
            x=f32(4, 3),
            y=ints(4, 1, high=3),
            side="tensorflow",
        ),
    ),
)


def _triangle(name: str) -> Function:
    return Function(
        torch=(f"torch.{name}(input, diagonal=0)", f"torch.Tensor.{name}(diagonal=0)"),
        tf=f"keras.ops.{name}(x, k=0)",
        args=(tensor("input", "x"), same("diagonal", "k")),
        shape=like_first,
        words="triangle mask causal",
        cases=(
            case(f"torch.{name}(x, diagonal=1)", x=f32(4, 4)),
            case(f"keras.ops.{name}(x)", x=f32(4, 4), side="tensorflow"),
        ),
    )


DIAG = Function(
    torch=("torch.diag(input, diagonal=0)", "torch.Tensor.diag(diagonal=0)"),
    tf="keras.ops.diag(x, k=0)",
    args=(tensor("input", "x"), same("diagonal", "k")),
    words="diagonal",
    cases=(
        case("torch.diag(x)", x=f32(4, 4)),
        case("keras.ops.diag(x, k=1)", x=f32(3), side="tensorflow"),
    ),
)

RECORDS: tuple[Record, ...] = (
    CHUNK, SPLIT, UNBIND, TILE, REPEAT, BROADCAST, EXPAND, EXPAND_AS, FLIP, ROLL,
    TAKE_ALONG, _triangle("tril"), _triangle("triu"), DIAG,
)  # fmt: skip
