"""Shapes: view, flatten, transpose, concatenate."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.layers.containers import product
from translator.knowledge.lenses import fixed, same, sizes, tensor
from translator.knowledge.records import Function, Pair, Record
from translator.knowledge.shapes import Bound, Shape


def _viewed(call: Bound) -> Shape:
    given = call.literals.get("shape")
    if isinstance(given, tuple) and len(given) == 1 and isinstance(given[0], tuple):
        given = given[0]
    if not isinstance(given, tuple):
        return None
    return tuple(None if size == -1 else size for size in given)


RESHAPE = Function(
    torch=(
        "torch.reshape(input, shape)",
        "torch.Tensor.view(*shape)",
        "torch.Tensor.reshape(*shape)",
    ),
    tf=("tf.reshape(tensor, shape)", "keras.ops.reshape(x, newshape)"),
    args=(tensor("input", "tensor"), sizes("shape", "shape")),
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


def _flattened(call: Bound) -> Shape:
    if not call.first:
        return None
    return (call.first[0], product(call.first[1:]))


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
    shape=_flattened,
    only_from="torch",
    cases=(case("torch.flatten(x, 1)", x=f32(2, 3, 4)), case("x.flatten(1)", x=f32(2, 3, 4))),
)

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
    only_from="torch",
    cases=(case("torch.flatten(x)", x=f32(2, 3)),),
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
    return tuple(call.first[n] for n in order) if len(order) == len(call.first) else None


PERMUTE = Function(
    torch=("torch.permute(input, dims)", "torch.Tensor.permute(*dims)"),
    tf=("tf.transpose(a, perm=None)", "keras.ops.transpose(x, axes=None)"),
    args=(tensor("input", "a"), sizes("dims", "perm")),
    shape=_permuted,
    words="permute transpose axes",
    cases=(
        case("x.permute(0, 2, 1)", x=f32(2, 3, 4)),
        case("torch.permute(x, (2, 0, 1))", x=f32(2, 3, 4)),
        case("tf.transpose(x, [1, 0])", x=f32(2, 3), side="tensorflow"),
    ),
)

CAT = Function(
    torch=("torch.cat(tensors, dim=0)", "torch.concat(tensors, dim=0)"),
    tf=("tf.concat(values, axis)", "keras.ops.concatenate(xs, axis=0)"),
    args=(same("tensors", "values"), same("dim", "axis")),
    words="concatenate join",
    cases=(
        case("torch.cat([x, y], dim=1)", x=f32(2, 3), y=f32(2, 4)),
        case("torch.cat((x, x))", x=f32(2, 3)),
        case("tf.concat([x, y], 1)", x=f32(2, 3), y=f32(2, 4), side="tensorflow"),
    ),
)

STACK = Function(
    torch="torch.stack(tensors, dim=0)",
    tf=("tf.stack(values, axis=0)", "keras.ops.stack(x, axis=0)"),
    args=(same("tensors", "values"), same("dim", "axis")),
    words="stack",
    cases=(
        case("torch.stack([x, y], dim=1)", x=f32(2, 3), y=f32(2, 3)),
        case("tf.stack([x, y])", x=f32(2, 3), y=f32(2, 3), side="tensorflow"),
    ),
)

RECORDS: tuple[Record, ...] = (RESHAPE, FLATTEN_FUNCTION, RAVEL, UNSQUEEZE, PERMUTE, CAT, STACK)
