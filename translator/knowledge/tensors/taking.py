"""Rows and elements that are taken by their numbers."""

from __future__ import annotations

from collections.abc import Callable

from translator.knowledge.cases import Case, case, f32, ints
from translator.knowledge.lenses import fixed, same, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import Bound, Shape

INDEX_SELECT = Pair(
    torch=("torch.index_select(input, dim, index)", "torch.Tensor.index_select(dim, index)"),
    tf="tf.gather(input, index, axis=dim)",
    args=(tensor("input", "input"), same("dim"), tensor("index", "index")),
    only_from="torch",
    words="take rows",
    cases=(case("torch.index_select(x, 0, y)", x=f32(4, 3), y=ints(5, high=4)),),
)
_BRACKETS = "an index in brackets may be many things"


def _taken(place: int | None) -> Callable[[Bound], Shape]:
    """The shape of the indices stands in the place of one axis, or of all."""

    def shape(call: Bound) -> Shape:
        shapes = tuple(call.shapes.values())
        if len(shapes) != 2 or shapes[0] is None or shapes[1] is None:
            return None
        if place is None:
            return shapes[1]
        axis = place % len(shapes[0])
        return (*shapes[0][:axis], *shapes[1], *shapes[0][axis + 1 :])

    return shape


_OPERANDS = (tensor("params", "params"), tensor("indices", "indices"))


def _case(text: str) -> Case:
    return case(text, x=f32(4, 3), y=ints(5, high=3), side="tensorflow", one_way=_BRACKETS)


def _gather(written: str, place: int, *axes: str) -> Pair:
    """`tf.gather` along one axis."""
    lookup = ("tf.nn.embedding_lookup(params, ids)",) if place == 0 else ()
    return Pair(
        torch=written,
        tf=("tf.gather(params, indices, validate_indices=None, axis=None, batch_dims=0)", *lookup),
        args=(
            *_OPERANDS,
            fixed("tensorflow", "axis", *axes),
            fixed("tensorflow", "batch_dims", "0"),
        ),
        shape=_taken(place),
        only_from="tensorflow",
        words="take rows lookup",
        cases=(_case(f"tf.gather(x, y, axis={axes[-1]})"),),
    )


def _take(written: str, place: int | None) -> Pair:
    """`keras.ops.take` along one axis, or of all elements."""
    return Pair(
        torch=written,
        tf="keras.ops.take(params, indices, axis=None)",
        args=(*_OPERANDS, fixed("tensorflow", "axis", str(place))),
        shape=_taken(place),
        only_from="tensorflow",
        words="take rows lookup",
        cases=(_case(f"keras.ops.take(x, y, axis={place})"),),
    )


GATHERED = (
    _gather("params[indices]", 0, "None", "0"),
    _gather("params[:, indices]", 1, "1"),
    _gather("params[..., indices]", -1, "-1"),
    _take("params[indices]", 0),
    _take("params[:, indices]", 1),
    _take("params[..., indices]", -1),
    _take("params.reshape(-1)[indices]", None),
)
RECORDS: tuple[Record, ...] = (INDEX_SELECT, *GATHERED)
