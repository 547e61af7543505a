"""Rows that belong together by number: sums, means and extremes of each segment, and how often each number occurs."""

from __future__ import annotations

from translator.knowledge.cases import case, f32, ints
from translator.knowledge.lenses import fixed, only, same, tensor
from translator.knowledge.records import Function, Pair, Record

_X, _IDS = f32(6, 3), ints(6, high=4)
_ARGS = (tensor("data", "data"), tensor("segment_ids", "segment_ids"))
_SUM = '''
def segment_sum(data, segment_ids, num_segments):
    """The sum of the rows of data in each segment."""
    return data.new_zeros(num_segments, *data.shape[1:]).index_add(0, segment_ids, data)
'''
_REDUCE = '''
def segment_{name}(data, segment_ids, num_segments):
    """The {what} of the rows of data in each segment, {empty} of none."""
    index = segment_ids.long().reshape(-1, *[1] * (data.dim() - 1)).expand_as(data)
    start = data.new_full((num_segments, *data.shape[1:]), {start})
    return start.scatter_reduce(0, index, data, "{how}", include_self=False)
'''
_HELPERS = {
    "sum": _SUM,
    "mean": _REDUCE.format(name="mean", what="mean", empty="zero", start="0.0", how="mean"),
    "max": _REDUCE.format(
        name="max",
        what="maximum",
        empty="the lowest number",
        start="torch.finfo(data.dtype).min",
        how="amax",
    ),
    "min": _REDUCE.format(
        name="min",
        what="minimum",
        empty="the highest number",
        start="torch.finfo(data.dtype).max",
        how="amin",
    ),
}


def _segments(name: str) -> tuple[Record, ...]:
    """`tf.math.unsorted_segment_sum` and `tf.math.segment_sum`, which counts up to the last number."""
    counted = (
        f"tf.math.unsorted_segment_{name}(data, segment_ids, num_segments)",
        f"keras.ops.segment_{name}(data, segment_ids, num_segments, sorted=False)",
    )
    helper = (f"segment_{name}", _HELPERS[name])
    why = "torch has no function of its own for it"
    spelled = [f"tf.math.unsorted_segment_{name}(x, i, 4)"]
    if name in ("sum", "max"):
        spelled.append(f"keras.ops.segment_{name}(x, i, 4)")
    return (
        Pair(
            torch=f"segment_{name}(data, segment_ids, num_segments)",
            tf=counted if len(spelled) > 1 else counted[:1],
            args=(
                *_ARGS,
                same("num_segments"),
                only("tensorflow", "sorted", "it says nothing of the result"),
            )
            if len(spelled) > 1
            else (*_ARGS, same("num_segments")),
            helper=helper,
            only_from="tensorflow",
            words="segment group scatter reduce",
            cases=tuple(case(t, x=_X, i=_IDS, side="tensorflow", one_way=why) for t in spelled),
        ),
        Pair(
            torch=f"segment_{name}(data, segment_ids, int(segment_ids[-1]) + 1)",
            tf=f"tf.math.segment_{name}(data, segment_ids)",
            args=_ARGS,
            helper=helper,
            only_from="tensorflow",
            words="segment group scatter reduce",
            cases=(
                case(
                    f"tf.math.segment_{name}(x, tf.sort(i))",
                    x=_X,
                    i=_IDS,
                    side="tensorflow",
                    one_way=why,
                ),
            ),
        ),
    )


_TORCH = (
    "torch.bincount(input, weights=None, minlength=0)",
    "torch.Tensor.bincount(weights=None, minlength=0)",
)
_TF = "tf.math.bincount(arr, weights=None, minlength=None, maxlength=None, dtype=tf.int32)"
_PLAIN = (
    tensor("input", "arr"),
    same("weights"),
    fixed("tensorflow", "maxlength", "None"),
    fixed("tensorflow", "dtype", "tf.int32"),
)
_COUNTED = ints(9, high=5)
BINCOUNT = Function(
    torch=_TORCH,
    tf="keras.ops.bincount(x, weights=None, minlength=0)",
    args=(tensor("input", "x"), same("weights"), same("minlength")),
    words="histogram count",
    cases=(
        case("torch.bincount(i, minlength=6)", i=_COUNTED),
        case("keras.ops.bincount(i)", i=_COUNTED, side="tensorflow"),
    ),
)
COUNTED = Function(
    torch=_TORCH,
    tf=_TF,
    args=(
        *_PLAIN,
        fixed("torch", "minlength", "0"),
        fixed("tensorflow", "minlength", "None", "0"),
    ),
    cases=(case("tf.math.bincount(i)", i=_COUNTED, side="tensorflow"),),
)
COUNTED_UP_TO = Function(
    torch=_TORCH,
    tf=_TF,
    args=(*_PLAIN, same("minlength")),
    cases=(case("tf.math.bincount(i, minlength=7)", i=_COUNTED, side="tensorflow"),),
)
RECORDS: tuple[Record, ...] = (
    *(record for name in _HELPERS for record in _segments(name)),
    BINCOUNT,
    COUNTED,
    COUNTED_UP_TO,
)
