"""Parts of tensors by many indices, diagonals: as TensorFlow says them."""

from __future__ import annotations

from typing import Any

from translator.knowledge.cases import Array, Case, f32, ints, script
from translator.knowledge.lenses import Lens, fixed, only, same, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import ShapeRule, like_first, unknown

_BACK = "no record leads back"
_PLACES = "tuple(indices.long().unbind(-1))"


def _there(
    torch: str,
    tf: str | tuple[str, ...],
    *args: Lens,
    cases: tuple[Case, ...],
    words: str = "",
    shape: ShapeRule = unknown,
    **more: Any,
) -> Pair:
    """A pattern that leads from TensorFlow to torch."""
    return Pair(
        torch=torch,
        tf=tf,
        args=args,
        shape=shape,
        only_from="tensorflow",
        words=words,
        cases=cases,
        **more,
    )


def _case(text: str, **arrays: Array) -> Case:
    return Case(text, tuple(arrays.items()), "tensorflow", one_way=_BACK)


_X, _AT = f32(4, 3), ints(5, 1, high=4)
GATHER_ND = _there(
    f"params[{_PLACES}]",
    "tf.gather_nd(params, indices, batch_dims=0)",
    tensor("params", "params"),
    tensor("indices", "indices"),
    fixed("tensorflow", "batch_dims", "0"),
    differs="TensorFlow has the places in the last axis of one tensor, torch in one tensor for each axis.",
    words="gather points index",
    cases=(
        _case("tf.gather_nd(x, y)", x=_X, y=_AT),
        _case("tf.gather_nd(x, y)", x=_X, y=ints(2, 5, 2, high=3)),
    ),
)
_UPDATE: tuple[Lens, ...] = (
    tensor("tensor", "tensor"),
    tensor("indices", "indices"),
    tensor("updates", "updates"),
    only("tensorflow", "name", "torch's tensors have no names"),
)
SCATTER = _there(
    f"tensor.index_put({_PLACES}, updates)",
    (
        "tf.tensor_scatter_nd_update(tensor, indices, updates)",
        "keras.ops.scatter_update(inputs, indices, updates)",
    ),
    *_UPDATE,
    shape=like_first,
    words="write set update",
    cases=(
        _case("tf.tensor_scatter_nd_update(x, [[0], [2]], y)", x=_X, y=f32(2, 3)),
        _case("keras.ops.scatter_update(x, [[0, 1], [2, 0]], y)", x=_X, y=f32(2)),
    ),
)
SCATTER_ADD = _there(
    f"tensor.index_put({_PLACES}, updates, accumulate=True)",
    "tf.tensor_scatter_nd_add(tensor, indices, updates)",
    *_UPDATE,
    shape=like_first,
    words="add at indices accumulate",
    cases=(_case("tf.tensor_scatter_nd_add(x, y, z)", x=_X, y=_AT, z=f32(5, 3)),),
)
SCATTER_ND = _there(
    f"updates.new_zeros(shape).index_put({_PLACES}, updates, accumulate=True)",
    ("tf.scatter_nd(indices, updates, shape)", "keras.ops.scatter(indices, values, shape)"),
    tensor("indices", "indices"),
    tensor("updates", "updates"),
    same("shape"),
    words="zeros scatter add",
    cases=(_case("tf.scatter_nd(y, x, [4, 3])", y=_AT, x=f32(5, 3)),),
)
BOOLEAN_MASK = _there(
    "tensor[mask]",
    "tf.boolean_mask(tensor, mask, axis=None)",
    tensor("tensor", "tensor"),
    tensor("mask", "mask"),
    fixed("tensorflow", "axis", "None", "0"),
    words="mask select",
    cases=(
        _case("tf.boolean_mask(x, x > 0)", x=_X),
        _case("tf.boolean_mask(x, y > 1)", x=_X, y=ints(4, high=3)),
    ),
)

_SLICED = '''
def sliced(tensor, begin, size):
    """The part of a tensor that begins somewhere and has some size; a size of -1 goes to the end."""
    parts = zip(begin, size)
    return tensor[tuple(slice(b, None if n == -1 else b + n) for b, n in parts)]
'''
SLICE = _there(
    "sliced(input, begin, size)",
    ("tf.slice(input_, begin, size)", "keras.ops.slice(inputs, start_indices, shape)"),
    tensor("input", "input_"),
    same("begin"),
    same("size"),
    helper=("sliced", _SLICED),
    words="part crop",
    cases=(
        _case("tf.slice(x, [1, 0], [2, -1])", x=_X),
        _case("keras.ops.slice(x, (0, 1), (4, 2))", x=_X),
    ),
)
_WRITTEN = '''
def with_slice(tensor, start, updates):
    """A tensor with another one written into it from some place on."""
    written = tensor.clone()
    written[tuple(slice(b, b + n) for b, n in zip(start, updates.shape))] = updates
    return written
'''
SLICE_UPDATE = _there(
    "with_slice(tensor, start, updates)",
    "keras.ops.slice_update(inputs, start_indices, updates)",
    tensor("tensor", "inputs"),
    same("start", "start_indices"),
    tensor("updates", "updates"),
    shape=like_first,
    helper=("with_slice", _WRITTEN),
    words="write part dynamic update slice",
    differs="TensorFlow knows no gradient of it, torch does.",
    cases=(
        script(
            "import keras\nimport tensorflow as tf\nx = tf.ones([4, 3])\n"
            "y = keras.ops.slice_update(x, [1, 0], tf.fill([2, 2], 5.0))\n"
            "print(float(tf.reduce_sum(y)), float(y[1, 1]), float(y[1, 2]))",
            side="tensorflow",
            one_way=_BACK,
        ),
    ),
)


_CORNER: tuple[Lens, ...] = (tensor("input", "input"),)


def _band(torch: str, lower: str, upper: str) -> Pair:
    stated = f"tf.linalg.band_part(x, {lower}, {upper})"
    return _there(
        torch,
        "tf.linalg.band_part(input, num_lower, num_upper)",
        *_CORNER,
        fixed("tensorflow", "num_lower", lower),
        fixed("tensorflow", "num_upper", upper),
        shape=like_first,
        words="triangle causal mask",
        cases=(_case(stated, x=f32(2, 4, 3)),),
    )


BAND = _there(
    "input.triu(-num_lower).tril(num_upper)",
    "tf.linalg.band_part(input, num_lower, num_upper)",
    *_CORNER,
    same("num_lower"),
    same("num_upper"),
    shape=like_first,
    caution="a width below zero means the whole triangle in TensorFlow alone",
    words="band diagonal",
    cases=(_case("tf.linalg.band_part(x, 1, 0)", x=f32(4, 4)),),
)
SET_DIAG = _there(
    "torch.diagonal_scatter(input, diagonal, dim1=-2, dim2=-1)",
    "tf.linalg.set_diag(input, diagonal, k=0)",
    *_CORNER,
    tensor("diagonal", "diagonal"),
    fixed("tensorflow", "k", "0"),
    shape=like_first,
    cases=(_case("tf.linalg.set_diag(x, y)", x=f32(2, 4, 3), y=f32(2, 3)),),
)
DIAG = _there(
    "torch.diag_embed(diagonal)",
    ("tf.linalg.diag(diagonal, k=0)", "tf.linalg.tensor_diag(diagonal)"),
    tensor("diagonal", "diagonal"),
    fixed("tensorflow", "k", "0"),
    words="diagonal matrix",
    cases=(_case("tf.linalg.diag(x)", x=f32(2, 3)),),
)
DIAG_PART = _there(
    "torch.diagonal(input, dim1=-2, dim2=-1)",
    ("tf.linalg.diag_part(input, k=0)", "tf.linalg.tensor_diag_part(input)"),
    *_CORNER,
    fixed("tensorflow", "k", "0"),
    cases=(_case("tf.linalg.diag_part(x)", x=f32(2, 4, 3)),),
)
TRACE = _there(
    "torch.diagonal(input, dim1=-2, dim2=-1).sum(-1)",
    "tf.linalg.trace(x)",
    tensor("input", "x"),
    differs="torch.trace takes one matrix, TensorFlow's a stack of them.",
    cases=(_case("tf.linalg.trace(x)", x=f32(2, 3, 3)),),
)

RECORDS: tuple[Record, ...] = (
    GATHER_ND,
    SCATTER,
    SCATTER_ADD,
    SCATTER_ND,
    BOOLEAN_MASK,
    SLICE,
    SLICE_UPDATE,
    _band("input.tril()", "-1", "0"),
    _band("input.triu()", "0", "-1"),
    BAND,
    SET_DIAG,
    DIAG,
    DIAG_PART,
    TRACE,
)
