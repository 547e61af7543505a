"""Parts of tensors by places, axes that are taken apart, moved or turned, diagonals."""

from __future__ import annotations

from translator.knowledge.cases import Array, Case, f32, ints, named_case
from translator.knowledge.lenses import Lens, fixed, optional, same, sizes, tensor, tensors
from translator.knowledge.records import Function, Pair, Record
from translator.knowledge.shapes import scalar

_X = f32(2, 3, 4)
_BACK = "no record leads back"
_CODE = "what the file has for it is a function of its own"


def _pair(
    torch: str,
    parameters: str,
    tf: str,
    *rules: Lens,
    cases: tuple[str, ...],
    arrays: dict[str, Array] | None = None,
    helper: tuple[str, str] = ("", ""),
    method: str | None = None,
    back: str = _BACK,
    differs: str = "",
    caution: str = "",
    words: str = "",
    function: bool = True,
) -> Pair:
    """A function and the method of that name, `input` in front; `method` are its parameters where they are others."""
    rest = f", {parameters}" if parameters else ""
    own = parameters if method is None else method
    return Pair(
        torch=(
            *((f"torch.{torch}(input{rest})",) if function else ()),
            f"torch.Tensor.{torch}({own})",
        ),
        tf=tf,
        args=(tensor("input", "input"), *rules),
        only_from="torch",
        helper=helper,
        differs=differs,
        caution=caution,
        words=words,
        cases=_cases(cases, arrays or {"x": _X}, back),
    )


def _cases(texts: tuple[str, ...], arrays: dict[str, Array], back: str) -> tuple[Case, ...]:
    return tuple(named_case(text, arrays, back) for text in texts)


UNFLATTEN = (
    "unflatten",
    '''
def unflatten(x, axis, sizes):
    """One axis as several; -1 stands for what is left."""
    shape, axis = tf.shape(x), axis % len(x.shape)
    return tf.reshape(x, tf.concat([shape[:axis], sizes, shape[axis + 1 :]], 0))
''',
)
WINDOWS = (
    "windows",
    '''
def windows(x, axis, size, step):
    """The windows along an axis, whose elements come as an axis behind all others."""
    axis %= len(x.shape)
    count = (tf.shape(x)[axis] - size) // step + 1
    places = tf.range(count)[:, None] * step + tf.range(size)
    return keras.ops.moveaxis(tf.gather(x, places, axis=axis), axis + 1, -1)
''',
)
_UNFLATTENED = Pair(
    torch="torch.nn.Unflatten(dim, unflattened_size)",
    tf="keras.layers.Lambda(lambda x: unflatten(x, dim, unflattened_size))",
    args=(same("dim"), same("unflattened_size")),
    only_from="torch",
    helper=UNFLATTEN,
    words="unflatten reshape",
    cases=(
        Case("torch.nn.Unflatten(1, (2, 3))", (("x0", f32(4, 6)),), "torch", one_way=_CODE),
        Case("torch.nn.Unflatten(2, (-1, 2))", (("x0", f32(2, 3, 4)),), "torch", one_way=_CODE),
    ),
)


TRACE = Function(
    torch=("torch.trace(input)", "torch.Tensor.trace()"),
    tf=("tf.linalg.trace(x)", "keras.ops.trace(x)"),
    args=(tensor("input", "x"),),
    shape=scalar,
    words="sum of diagonal",
    cases=(
        *_cases(("torch.trace(x)", "x.trace()"), {"x": f32(3, 3)}, ""),
        Case("tf.linalg.trace(x)", (("x", f32(3, 3)),), "tensorflow"),
    ),
)
DIAGONAL = Function(
    torch=(
        "torch.diagonal(input, offset=0, dim1=0, dim2=1)",
        "torch.Tensor.diagonal(offset=0, dim1=0, dim2=1)",
    ),
    tf="keras.ops.diagonal(x, offset=0, axis1=0, axis2=1)",
    args=(tensor("input", "x"), same("offset"), same("dim1", "axis1"), same("dim2", "axis2")),
    words="diagonal",
    cases=(
        *_cases(
            ("torch.diagonal(x)", "x.diagonal(1, 1, 2)", "x.diagonal(dim1=-2, dim2=-1)"),
            {"x": _X},
            "",
        ),
        Case("keras.ops.diagonal(x, 1)", (("x", _X),), "tensorflow"),
    ),
)
MOVED = Function(
    torch=(
        "torch.movedim(input, source, destination)",
        "torch.Tensor.movedim(source, destination)",
        "torch.moveaxis(input, source, destination)",
        "torch.Tensor.moveaxis(source, destination)",
    ),
    tf="keras.ops.moveaxis(x, source, destination)",
    args=(tensor("input", "x"), same("source"), same("destination")),
    words="move axis permute",
    cases=(
        *_cases(
            ("torch.movedim(x, 1, -1)", "x.movedim((0, 1), (1, 2))", "torch.moveaxis(x, 0, 2)"),
            {"x": _X},
            "",
        ),
        Case("keras.ops.moveaxis(x, 0, 1)", (("x", _X),), "tensorflow"),
    ),
)


def _stacked(name: str) -> Function:
    return Function(
        torch=f"torch.{name}(tensors)",
        tf=f"keras.ops.{name}(xs)",
        args=(tensors("tensors", "xs"),),
        words="stack concatenate side by side",
        cases=(
            *_cases(
                (f"torch.{name}([x, y])", f"torch.{name}((x, y, x))"),
                {"x": f32(2, 3), "y": f32(2, 3)},
                "",
            ),
            Case(f"keras.ops.{name}([x, y])", (("x", f32(2, 3)), ("y", f32(2, 3))), "tensorflow"),
        ),
    )


_AT = {"x": f32(4, 3), "i": ints(5, high=4)}

RECORDS: tuple[Record, ...] = (
    _pair(
        "narrow",
        "dim, start, length",
        "tf.gather(input, tf.range(start, start + length), axis=dim)",
        same("dim"),
        same("start"),
        same("length"),
        method="dimension, start, length",
        cases=("torch.narrow(x, 1, 1, 2)", "x.narrow(-1, 0, 3)"),
        words="slice part range",
    ),
    _pair(
        "select",
        "dim, index",
        "tf.gather(input, index, axis=dim)",
        same("dim"),
        same("index"),
        cases=("torch.select(x, 1, 2)", "x.select(0, 1)"),
        words="slice one index",
    ),
    _pair(
        "take",
        "index",
        "tf.gather(tf.reshape(input, [-1]), index)",
        tensor("index", "index"),
        cases=("torch.take(x, i)", "x.take(i)"),
        arrays=_AT,
        words="flat index",
    ),
    _pair(
        "masked_select",
        "mask",
        "tf.boolean_mask(input, mask)",
        tensor("mask", "mask"),
        cases=("torch.masked_select(x, x > 0)", "x.masked_select(x > 0)"),
        caution="the mask must have the shape of the tensor: torch broadcasts it",
        words="boolean mask filter",
    ),
    _pair(
        "ravel",
        "",
        "tf.reshape(input, [-1])",
        cases=("torch.ravel(x)", "x.ravel()"),
        back="",
        words="flatten",
    ),
    _pair(
        "unflatten",
        "dim, sizes",
        "unflatten(input, dim, sizes)",
        same("dim"),
        sizes("sizes", "sizes"),
        helper=UNFLATTEN,
        cases=(
            "torch.unflatten(x, 2, (2, 2))",
            "x.unflatten(-1, (-1, 4))",
            "x.unflatten(0, [1, 2])",
        ),
        back=_CODE,
        words="split axis reshape",
    ),
    _UNFLATTENED,
    _pair(
        "unfold",
        "dimension, size, step",
        "windows(input, dimension, size, step)",
        same("dimension"),
        same("size"),
        same("step"),
        helper=WINDOWS,
        cases=("x.unfold(2, 2, 1)", "x.unfold(1, 3, 2)", "x.unfold(-1, 2, 2).unfold(1, 2, 1)"),
        arrays={"x": f32(2, 5, 4)},
        back=_CODE,
        function=False,
        words="sliding windows frames patches",
    ),
    TRACE,
    DIAGONAL,
    _pair(
        "diag_embed",
        "offset=0, dim1=-2, dim2=-1",
        "tf.linalg.diag(input, k=offset)",
        optional("offset", "offset"),
        fixed("torch", "dim1", "-2"),
        fixed("torch", "dim2", "-1"),
        cases=("torch.diag_embed(x)", "x.diag_embed(1)"),
        words="diagonal matrix batch",
    ),
    MOVED,
    _stacked("hstack"),
    _stacked("vstack"),
)
