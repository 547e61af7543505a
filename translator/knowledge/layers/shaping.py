"""Layers of Keras that only rearrange their input or apply a function to it."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import fixed, only, same
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import Bound, Shape, Size, number, product

_CLASS = "what the file has for it is a class of its own"

_RESHAPE = '''
class Reshape(nn.Module):
    """Gives each sample of its input another shape."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape

    def forward(self, inputs):
        return inputs.reshape(len(inputs), *self.shape)
'''


def _reshaped(call: Bound) -> Shape:
    wanted = call.literals.get("target_shape")
    if not isinstance(wanted, tuple):
        return None
    batch, *own = call.first or (None,)
    sizes: list[Size] = [None if size == -1 else size for size in wanted]
    total, others = number(product(tuple(own))), [number(size) for size in sizes]
    if wanted.count(-1) == 1 and total is not None and call.first:
        rest = product(tuple(s for s, given in zip(others, wanted, strict=True) if given != -1))
        known = number(rest) if len(wanted) > 1 else 1
        if known:
            sizes[wanted.index(-1)] = total // known
    return (batch, *sizes)


RESHAPE = Pair(
    torch="Reshape(target_shape)",
    tf="keras.layers.Reshape(target_shape)",
    args=(same("target_shape"),),
    shape=_reshaped,
    only_from="tensorflow",
    helper=("Reshape", _RESHAPE),
    differs="The batch axis is not in the shape. Both keep the order of the elements, so that images come in the "
    "source's order of axes.",
    words="reshape view unflatten",
    cases=(
        case("keras.layers.Reshape((3, 4))", f32(2, 12), side="tensorflow", one_way=_CLASS),
        case("keras.layers.Reshape((-1, 2))", f32(2, 3, 4), side="tensorflow", one_way=_CLASS),
        case(
            "keras.Sequential([keras.Input((5,)), keras.layers.Dense(12), keras.layers.Reshape((2, 2, 3)), "
            "keras.layers.Conv2D(4, 1)])",
            f32(2, 5),
            side="tensorflow",
            one_way=_CLASS,
        ),
    ),
)

_LAMBDA = '''
class Lambda(nn.Module):
    """Applies a function to its input."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, inputs):
        return self.function(inputs)
'''

LAMBDA = Pair(
    torch="Lambda(function)",
    tf="keras.layers.Lambda(function, output_shape=None, mask=None, arguments=None)",
    args=(
        same("function"),
        only("tensorflow", "output_shape", "torch computes the shape"),
        fixed("tensorflow", "mask", "None"),
        fixed("tensorflow", "arguments", "None"),
    ),
    only_from="tensorflow",
    helper=("Lambda", _LAMBDA),
    differs="In a forward pass the function itself is called.",
    words="lambda function layer",
    cases=(
        case(
            "keras.Sequential([keras.layers.Lambda(lambda x: 2 * x), keras.layers.Lambda(tf.nn.relu)])",
            f32(2, 3),
            side="tensorflow",
            one_way=_CLASS,
        ),
    ),
)


def _permuted(call: Bound) -> Shape:
    dims = call.literals.get("dims")
    if not isinstance(dims, tuple) or not all(type(axis) is int for axis in dims):
        return None
    if not call.first or len(dims) != len(call.first) - 1:
        return None
    return (call.first[0], *(call.first[axis] for axis in dims))


PERMUTE = Pair(
    torch="torch.Tensor.permute(0, *dims)",
    tf="keras.layers.Permute(dims)",
    args=(same("dims"),),
    shape=_permuted,
    only_from="tensorflow",
    differs="Keras counts the axes from 1, behind the batch axis; torch has no layer for it, so that a short class is "
    "written.",
    words="permute axes transpose",
    cases=(
        case("keras.layers.Permute((2, 1))", f32(2, 3, 4), side="tensorflow", one_way=_CLASS),
        case("keras.layers.Permute((3, 1, 2))", f32(2, 3, 4, 5), side="tensorflow", one_way=_CLASS),
    ),
)

RECORDS: tuple[Record, ...] = (RESHAPE, LAMBDA, PERMUTE)
"""`Permute` is written by hand, in `rewrite/to_torch.py`."""
