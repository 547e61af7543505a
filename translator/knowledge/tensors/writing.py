"""Numbers written into tensors at places: TensorFlow makes a new tensor of them."""

from __future__ import annotations

from translator.knowledge.cases import Array, f32, ints, named_case
from translator.knowledge.lenses import Lens, fixed, same, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import like_first

_CODE = "what the file has for it is a function of its own"
SCATTER = (
    "scatter",
    '''
def scatter(x, axis, index, source, write=tf.tensor_scatter_nd_update):
    """The tensor with what `source` has at the places that `index` says along one axis."""
    shape, axis = tf.shape(index), axis % len(index.shape)
    places = tf.meshgrid(*(tf.range(shape[n]) for n in range(len(index.shape))), indexing="ij")
    places[axis] = tf.cast(index, tf.int32)
    source = tf.cast(source, x.dtype)
    if len(source.shape) == 0:
        source = tf.fill(shape, source)
    source = source[tuple(slice(0, shape[n]) for n in range(len(index.shape)))]
    return write(x, tf.stack(places, axis=-1), source)
''',
)
INDEX_WRITE = (
    "index_write",
    '''
def index_write(x, axis, index, source, write=tf.tensor_scatter_nd_update):
    """The tensor with the slices of `source` at the places that `index` says along one axis."""
    moved = keras.ops.moveaxis(x, axis, 0)
    if isinstance(source, (int, float)) or len(source.shape) == 0:
        source = tf.fill(tf.concat([tf.shape(index), tf.shape(moved)[1:]], 0), tf.cast(source, x.dtype))
    else:
        source = keras.ops.moveaxis(source, axis, 0)
    moved = write(moved, tf.cast(index, tf.int32)[:, None], source)
    return keras.ops.moveaxis(moved, 0, axis)
''',
)
_ADD, _MAX, _MIN = (f"tf.tensor_scatter_nd_{name}" for name in ("add", "max", "min"))


def _written(
    torch: str,
    parameters: str,
    helper: tuple[str, str],
    write: str,
    *rules: Lens,
    source: str,
    cases: tuple[str, ...],
    arrays: dict[str, Array],
    words: str,
    differs: str = "",
) -> Pair:
    """A function and its method; `source` is torch's name for what is written."""
    last = f", write={write}" if write else ""
    return Pair(
        torch=(f"torch.{torch}(input, {parameters})", f"torch.Tensor.{torch}({parameters})"),
        tf=f"{helper[0]}(input, dim, index, {source}{last})",
        args=(
            tensor("input", "input"),
            same("dim"),
            tensor("index", "index"),
            tensor(source, source),
            *rules,
        ),
        shape=like_first,
        only_from="torch",
        helper=helper,
        differs=differs,
        words=words,
        cases=tuple(named_case(text, arrays, _CODE) for text in cases),
    )


_AT: dict[str, Array] = {"x": f32(4, 3), "i": ints(2, 3, high=4), "s": f32(2, 3)}
_ALONG: dict[str, Array] = {"x": f32(4, 3), "i": ints(5, high=3), "s": f32(4, 5)}
_ONCE: dict[str, Array] = {"x": f32(4, 3), "i": ints(4, 1, high=3), "s": f32(4, 1)}


def _reduced(reduce: str, write: str) -> Pair:
    return _written(
        "scatter_reduce",
        "dim, index, src, reduce, *, include_self=True",
        SCATTER,
        write,
        fixed("torch", "reduce", f"'{reduce}'"),
        fixed("torch", "include_self", "True"),
        source="src",
        cases=(
            f"torch.scatter_reduce(x, 0, i, s, '{reduce}')",
            f"x.scatter_reduce(1, i % 3, s, reduce='{reduce}')",
        ),
        arrays=_AT,
        words="scatter reduce segment",
    )


RECORDS: tuple[Record, ...] = (
    _written(
        "scatter",
        "dim, index, src",
        SCATTER,
        "",
        source="src",
        cases=("torch.scatter(x, 1, i, s)", "x.scatter(1, i, s)", "x.scatter(-1, index=i, src=s)"),
        arrays=_ONCE,
        words="scatter write places",
    ),
    _written(
        "scatter",
        "dim, index, value",
        SCATTER,
        "",
        source="value",
        cases=("torch.scatter(x, 1, i, 1.5)", "x.scatter(1, i, value=2)"),
        arrays=_ONCE,
        words="scatter one-hot write places",
    ),
    _written(
        "scatter_add",
        "dim, index, src",
        SCATTER,
        _ADD,
        source="src",
        cases=("torch.scatter_add(x, 0, i, s)", "x.scatter_add(1, i % 3, s)"),
        arrays=_AT,
        words="scatter add sum segments",
    ),
    _reduced("sum", _ADD),
    _reduced("amax", _MAX),
    _reduced("amin", _MIN),
    _written(
        "index_add",
        "dim, index, source, *, alpha=1",
        INDEX_WRITE,
        _ADD,
        fixed("torch", "alpha", "1"),
        source="source",
        cases=("torch.index_add(x, 1, i, s)", "x.index_add(1, i, s)"),
        arrays=_ALONG,
        words="index add rows",
    ),
    _written(
        "index_copy",
        "dim, index, source",
        INDEX_WRITE,
        "",
        source="source",
        cases=("torch.index_copy(x, 0, i, s)", "x.index_copy(0, i, s)"),
        arrays={"x": f32(4, 3), "i": ints(1, high=4), "s": f32(1, 3)},
        words="index copy rows",
    ),
    _written(
        "index_fill",
        "dim, index, value",
        INDEX_WRITE,
        "",
        source="value",
        cases=("torch.index_fill(x, 1, i, 0.5)", "x.index_fill(1, i, -1)"),
        arrays={"x": f32(4, 3), "i": ints(2, high=3)},
        words="index fill rows",
    ),
)
