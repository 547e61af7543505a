"""Statistics of tensors: middles, counts, distinct values, grids, questions about whole tensors."""

from __future__ import annotations

from translator.knowledge.cases import Array, Case, f32, ints, named_case, script
from translator.knowledge.lenses import (
    Lens,
    axis,
    fixed,
    optional,
    same,
    tensor,
)
from translator.knowledge.records import Function, Pair, Record
from translator.knowledge.shapes import like_first

_X = f32(2, 3, 5)
_BACK = "no record leads back"
_CODE = "what the file has for it is a function of its own"


def _cases(texts: tuple[str, ...], arrays: dict[str, Array], back: str = "") -> tuple[Case, ...]:
    return tuple(named_case(text, arrays, back) for text in texts)


def _tf(text: str, **arrays: Array) -> Case:
    return Case(text, tuple(arrays.items()), "tensorflow")


def _asked(
    torch: str, tf: str, *rules: Lens, other: bool, text: str, methods: bool = True, words: str = ""
) -> Pair:
    """A question that torch answers with a bool of Python; `text` is proved as a script."""
    name, _, rest = torch.partition("(")
    inner = "input, other" if other else "input"
    parameters = ", ".join(filter(None, ("other" if other else "", rest[:-1])))
    spelled = [f"torch.{name}({', '.join(filter(None, (inner, rest[:-1])))})"]
    return Pair(
        torch=(*spelled, *((f"torch.Tensor.{name}({parameters})",) if methods else ())),
        tf=tf,
        args=(
            tensor("input", "input"),
            *((tensor("other", "other"),) if other else ()),
            *rules,
        ),
        gives="number",
        only_from="torch",
        words=words,
        cases=(
            script(
                f"import torch\nx = torch.arange(3.0)\ny = torch.tensor([0.0, 1.0, 2.0001])\n{text}",
                one_way=_BACK,
            ),
        ),
    )


_NEAR: tuple[Lens, ...] = (
    optional("rtol", "rtol"),
    optional("atol", "atol"),
    optional("equal_nan", "equal_nan"),
)
ALLCLOSE = _asked(
    "allclose(rtol=1e-05, atol=1e-08, equal_nan=False)",
    "bool(keras.ops.all(keras.ops.isclose(input, other, rtol=rtol, atol=atol, equal_nan=equal_nan)))",
    *_NEAR,
    other=True,
    text="print(torch.allclose(x, y), torch.allclose(x, y, atol=1e-3), x.allclose(y, rtol=0.1))",
    words="nearly equal compare tensors",
)
EQUAL = _asked(
    "equal()",
    "input.shape == other.shape and bool(tf.reduce_all(input == other))",
    other=True,
    text="print(torch.equal(x, y), x.equal(x), torch.equal(x, torch.zeros(4)))",
    words="same tensors compare",
)
IS_FLOATING = _asked(
    "is_floating_point()",
    "input.dtype.is_floating",
    other=False,
    text="print(torch.is_floating_point(x), x.long().is_floating_point())",
    words="float type",
)
IS_COMPLEX = _asked(
    "is_complex()",
    "input.dtype.is_complex",
    other=False,
    text="print(torch.is_complex(x), x.is_complex())",
    words="complex type",
)
IS_TENSOR = Function(
    torch="torch.is_tensor(obj)",
    tf="tf.is_tensor(x)",
    args=(same("obj", "x"),),
    gives="number",
    words="isinstance tensor",
    cases=(
        script("import torch\nprint(torch.is_tensor(torch.ones(2)), torch.is_tensor(3))"),
        script(
            "import tensorflow as tf\nprint(tf.is_tensor(tf.ones([2])), tf.is_tensor(3))",
            side="tensorflow",
        ),
    ),
)
MEDIAN = (
    "median",
    '''
def median(x, axis):
    """The middle along an axis, the lower one of two, and its place."""
    places = tf.argsort(x, axis=axis, stable=True)
    middle = tf.gather(places, [(x.shape[axis] - 1) // 2], axis=axis)
    return keras.ops.take_along_axis(x, middle, axis=axis), tf.cast(middle, tf.int64)
''',
)


def _median(keep: bool) -> Pair:
    found = "median(input, dim)[{}]" if keep else "tf.squeeze(median(input, dim)[{}], dim)"
    flag = ", keepdim=True" if keep else ""
    return Pair(
        torch=(
            "torch.median(input, dim, keepdim=False)",
            "torch.Tensor.median(dim, keepdim=False)",
        ),
        tf=(found.format(0), found.format(1)),
        args=(
            tensor("input", "input"),
            axis("dim", "dim", needs="number"),
            fixed("torch", "keepdim", str(keep)),
        ),
        fields=(("values", None), ("indices", "int64")),
        only_from="torch",
        helper=MEDIAN,
        differs="Of an even number of elements torch takes the lower of the two in the middle, keras.ops.median their "
        "mean.",
        naive="keras.ops.median(x, axis)",
        error="0.5 of the distance between the two",
        words="median middle",
        cases=_cases(
            (
                f"torch.median(x, 1{flag})[0]",
                f"x.median(-1{flag}).values",
                f"x.median(dim=1{flag})[1]",
            ),
            {"x": f32(2, 4, 5)},
            _CODE,
        ),
    )


MEDIAN_OF_ALL = Pair(
    torch=("torch.median(input)", "torch.Tensor.median()"),
    tf="tf.sort(tf.reshape(input, [-1]))[(tf.size(input) - 1) // 2]",
    args=(tensor("input", "input"),),
    only_from="torch",
    cases=_cases(("torch.median(x)", "x.median()"), {"x": f32(3, 4)}, _BACK),
)
UNIQUE = Pair(
    torch=(
        "torch.unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None)",
        "torch.Tensor.unique(sorted=True, return_inverse=False, return_counts=False, dim=None)",
    ),
    tf="tf.sort(tf.unique(tf.reshape(input, [-1]))[0])",
    args=(
        tensor("input", "input"),
        fixed("torch", "sorted", "True", "False"),
        fixed("torch", "return_inverse", "False"),
        fixed("torch", "return_counts", "False"),
        fixed("torch", "dim", "None"),
    ),
    only_from="torch",
    differs="torch sorts what it finds in all elements, tf.unique keeps the order of a vector.",
    naive="tf.unique(x)",
    error="another order; raises where there are several axes",
    words="distinct values set",
    cases=_cases(("torch.unique(x)", "x.unique()"), {"x": ints(3, 4, high=5)}, _BACK),
)
BINCOUNT = Pair(
    torch=(
        "torch.bincount(input, weights=None, minlength=0)",
        "torch.Tensor.bincount(weights=None, minlength=0)",
    ),
    tf="tf.cast(tf.math.bincount(tf.cast(input, tf.int32), minlength=minlength), tf.int64)",
    args=(
        tensor("input", "input"),
        fixed("torch", "weights", "None"),
        optional("minlength", "minlength"),
    ),
    dtype="int64",
    only_from="torch",
    words="count occurrences histogram",
    cases=_cases(("torch.bincount(x)", "x.bincount(minlength=7)"), {"x": ints(6, high=5)}, _BACK),
)


def _searched(right: bool) -> Pair:
    side = "right" if right else "left"
    flag = ", right=True" if right else ""
    return Pair(
        torch="torch.searchsorted(sorted_sequence, input, *, out_int32=False, right=False)",
        tf=f'tf.searchsorted(sorted_sequence, input, side="{side}", out_type=tf.int64)',
        args=(
            tensor("sorted_sequence", "sorted_sequence"),
            tensor("input", "input"),
            fixed("torch", "out_int32", "False"),
            fixed("torch", "right", str(right)),
        ),
        dtype="int64",
        only_from="torch",
        words="bins places sorted",
        cases=_cases(
            (f"torch.searchsorted(torch.sort(x)[0], y{flag})",),
            {"x": f32(2, 5), "y": f32(2, 5)},
            _BACK,
        ),
    )


def _nan(name: str, reduce: str) -> Function:
    return Function(
        torch=(
            f"torch.{name}(input, dim=None, keepdim=False)",
            f"torch.Tensor.{name}(dim=None, keepdim=False)",
        ),
        tf=f"keras.ops.{name}(x, axis=None, keepdims=False)",
        args=(tensor("input", "x"), axis(), same("keepdim", "keepdims")),
        order="keeps",
        dtype="float",
        words=f"{reduce} without nan",
        cases=(
            *_cases(
                (f"torch.{name}(x, 1)", f"x.{name}(dim=-1, keepdim=True)", f"x.{name}()"), {"x": _X}
            ),
            _tf(f"keras.ops.{name}(x, axis=1)", x=_X),
        ),
    )


def _together(torch: str, tf: str) -> Pair:
    """`std_mean` and `var_mean`, with n below."""
    return Pair(
        torch=f"torch.{torch}_mean(input, dim=None, *, correction=1, keepdim=False)",
        tf=(
            f"tf.math.{tf}(input, axis=dim, keepdims=keepdim)",
            "tf.reduce_mean(input, axis=dim, keepdims=keepdim)",
        ),
        args=(
            tensor("input", "input"),
            axis("dim", "dim"),
            fixed("torch", "correction", "0"),
            same("keepdim"),
        ),
        order="keeps",
        dtype="float",
        fields=((torch, None), ("mean", None)),
        only_from="torch",
        words="deviation variance mean together",
        cases=_cases(
            (
                f"torch.{torch}_mean(x, dim=1, correction=0)[0]",
                f"torch.{torch}_mean(x, (0, 2), correction=0, keepdim=True)[1]",
            ),
            {"x": _X},
            _BACK,
        ),
    )


def _bounds(keep: bool) -> Pair:
    flag = ", keepdims=True" if keep else ""
    asked = ", keepdim=True" if keep else ""
    return Pair(
        torch=(
            "torch.aminmax(input, *, dim=None, keepdim=False)",
            "torch.Tensor.aminmax(*, dim=None, keepdim=False)",
        ),
        tf=(f"tf.reduce_min(input, axis=dim{flag})", f"tf.reduce_max(input, axis=dim{flag})"),
        args=(tensor("input", "input"), axis("dim", "dim"), fixed("torch", "keepdim", str(keep))),
        order="keeps",
        fields=(("min", None), ("max", None)),
        only_from="torch",
        words="minimum maximum together",
        cases=_cases(
            (f"torch.aminmax(x, dim=1{asked})[0]", f"x.aminmax(dim=-1{asked})[1]"), {"x": _X}, _BACK
        ),
    )


LOGCUMSUMEXP = Pair(
    torch=("torch.logcumsumexp(input, dim)", "torch.Tensor.logcumsumexp(dim)"),
    tf="tf.math.cumulative_logsumexp(input, axis=dim)",
    args=(tensor("input", "input"), axis("dim", "dim", needs="number")),
    order="keeps",
    shape=like_first,
    dtype="float",
    only_from="torch",
    words="cumulative logsumexp",
    cases=_cases(("torch.logcumsumexp(x, 1)", "x.logcumsumexp(-1)"), {"x": _X}, _BACK),
)
DIFF = Function(
    torch=("torch.diff(input, n=1, dim=-1)", "torch.Tensor.diff(n=1, dim=-1)"),
    tf="keras.ops.diff(a, n=1, axis=-1)",
    args=(tensor("input", "a"), same("n"), axis()),
    order="keeps",
    words="differences neighbours",
    cases=(
        *_cases(("torch.diff(x)", "x.diff(dim=1)", "torch.diff(x, 2)"), {"x": _X}),
        _tf("keras.ops.diff(x, axis=0)", x=_X),
    ),
)


def _area(name: str) -> Pair:
    return Pair(
        torch=f"torch.{name}(y, x=None, *, dx=1, dim=-1)",
        tf="keras.ops.trapezoid(y, x, axis=dim)",
        args=(tensor("y", "y"), tensor("x", "x"), axis("dim", "dim")),
        dtype="float",
        only_from="torch",
        words="integral area trapezoid",
        cases=_cases(
            (f"torch.{name}(y, z)", f"torch.{name}(y, z, dim=-1)"),
            {"y": f32(2, 5), "z": f32(2, 5)},
            _BACK,
        ),
    )


def _even_area(name: str) -> Pair:
    return Pair(
        torch=f"torch.{name}(y, x=None, *, dx=1, dim=-1)",
        tf="keras.ops.trapezoid(y, dx=dx, axis=dim)",
        args=(
            tensor("y", "y"),
            fixed("torch", "x", "None"),
            optional("dx", "dx"),
            axis("dim", "dim"),
        ),
        dtype="float",
        only_from="torch",
        words="integral area trapezoid",
        cases=_cases(
            (f"torch.{name}(y)", f"torch.{name}(y, dx=0.5, dim=0)"), {"y": f32(4, 5)}, _BACK
        ),
    )


RECORDS: tuple[Record, ...] = (
    ALLCLOSE,
    EQUAL,
    IS_FLOATING,
    IS_COMPLEX,
    IS_TENSOR,
    MEDIAN_OF_ALL,
    _median(False),
    _median(True),
    UNIQUE,
    BINCOUNT,
    _searched(False),
    _searched(True),
    _nan("nansum", "sum"),
    _nan("nanmean", "mean"),
    _together("std", "reduce_std"),
    _together("var", "reduce_variance"),
    _bounds(False),
    _bounds(True),
    LOGCUMSUMEXP,
    DIFF,
    _even_area("trapezoid"),
    _area("trapezoid"),
    _even_area("trapz"),
    _area("trapz"),
)
