"""Random tensors: the two sides never draw the same numbers."""

from __future__ import annotations

from translator.knowledge.cases import case, f32, script
from translator.knowledge.lenses import dtype, fixed, only, same, sizes, tensor
from translator.knowledge.records import Function, Pair, Record
from translator.knowledge.shapes import like_first
from translator.knowledge.tensors.creation import PLACED, stated

_X = f32(2, 3)
_STREAMS = "The two sides never draw the same numbers."
_SEED = only("tensorflow", "seed", "the two sides never draw the same numbers")

RAND = Function(
    torch="torch.rand(*size, dtype=None, device=None, requires_grad=False)",
    tf="tf.random.uniform(shape, minval=0, maxval=None, dtype=tf.float32, seed=None)",
    args=(
        sizes("size", "shape"),
        fixed("tensorflow", "minval", "0"),
        fixed("tensorflow", "maxval", "None", "1"),
        _SEED,
        dtype(),
        *PLACED,
    ),
    shape=stated,
    dtype="float32",
    differs=_STREAMS,
    cases=(case("x + 0 * torch.rand(2, 3)", x=_X),),
)
UNIFORM = Pair(
    torch="torch.empty(shape).uniform_(minval, maxval)",
    tf=(
        "tf.random.uniform(shape, minval=0, maxval=None, dtype=tf.float32, seed=None)",
        "keras.random.uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None)",
    ),
    args=(
        sizes("shape", "shape"),
        same("minval"),
        same("maxval"),
        fixed("tensorflow", "dtype", "tf.float32", "'float32'", "None"),
        _SEED,
    ),
    dtype="float32",
    only_from="tensorflow",
    differs=_STREAMS,
    cases=(case("x + 0 * tf.random.uniform([2, 3], -1.0, 1.0)", x=_X, side="tensorflow"),),
)
RANDN = Function(
    torch="torch.randn(*size, dtype=None, device=None, requires_grad=False)",
    tf=(
        "tf.random.normal(shape, mean=0.0, stddev=1.0, dtype=tf.float32, seed=None)",
        "keras.random.normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None)",
    ),
    args=(
        sizes("size", "shape"),
        fixed("tensorflow", "mean", "0.0"),
        fixed("tensorflow", "stddev", "1.0"),
        _SEED,
        dtype(),
        *PLACED,
    ),
    shape=stated,
    dtype="float32",
    differs=_STREAMS,
    cases=(case("x + 0 * torch.randn(2, 3)", x=_X),),
)
NORMAL = Function(
    torch="torch.normal(mean, std, size)",
    tf=(
        "tf.random.normal(shape, mean=0.0, stddev=1.0)",
        "keras.random.normal(shape, mean=0.0, stddev=1.0)",
    ),
    args=(same("mean"), same("std", "stddev"), sizes("size", "shape")),
    shape=stated,
    dtype="float32",
    differs=_STREAMS,
    cases=(
        case("x + 0 * torch.normal(0.5, 2.0, (2, 3))", x=_X),
        case("x + 0 * tf.random.normal([2, 3], 0.5, 2.0)", x=_X, side="tensorflow"),
    ),
)


def _alike(torch: str, tf: str) -> Pair:
    return Pair(
        torch=f"torch.{torch}(input, *, dtype=None, device=None, requires_grad=False)",
        tf=f"tf.random.{tf}(tf.shape(input))",
        args=(tensor("input", "input"), fixed("torch", "dtype", "None"), *PLACED),
        order="keeps",
        shape=like_first,
        dtype="float32",
        only_from="torch",
        differs=_STREAMS,
        cases=(case(f"x + 0 * torch.{torch}(x)", x=_X),),
    )


def _integers(torch: str, tf: str, text: str, *rules: str) -> Pair:
    return Pair(
        torch=f"{torch}, *, dtype=None, device=None)",
        tf=tf,
        args=(
            *(same(name) for name in rules),
            sizes("size", "size"),
            fixed("torch", "dtype", "None", "torch.int64", "torch.long"),
            PLACED[0],
        ),
        shape=stated,
        dtype="int64",
        only_from="torch",
        differs=_STREAMS,
        words="random integers",
        cases=(case(text, x=_X),),
    )


RANDINT = _integers(
    "torch.randint(low, high, size",
    "tf.random.uniform(size, low, high, dtype=tf.int64)",
    "x + 0 * torch.randint(2, 5, (2, 3)).float()",
    "low",
    "high",
)
RANDINT_BELOW = _integers(
    "torch.randint(high, size",
    "tf.random.uniform(size, 0, high, dtype=tf.int64)",
    "x + 0 * torch.randint(5, (2, 3)).float()",
    "high",
)
UNIFORM_INTEGERS = Pair(
    torch="torch.randint(minval, maxval, shape)",
    tf="tf.random.uniform(shape, minval=0, maxval=None, dtype=tf.float32, seed=None)",
    args=(
        sizes("shape", "shape"),
        same("minval"),
        same("maxval"),
        fixed("tensorflow", "dtype", "tf.int64", "tf.int32", "'int32'", "'int64'"),
        _SEED,
    ),
    dtype="int64",
    only_from="tensorflow",
    differs=_STREAMS,
    cases=(
        case(
            "x + 0 * tf.cast(tf.random.uniform([2, 3], 0, 5, dtype=tf.int32), x.dtype)",
            x=_X,
            side="tensorflow",
        ),
    ),
)
RANDPERM = Pair(
    torch="torch.randperm(n, *, dtype=torch.int64, device=None)",
    tf="tf.random.shuffle(tf.range(n, dtype=tf.int64))",
    args=(same("n"), fixed("torch", "dtype", "torch.int64", "torch.long"), PLACED[0]),
    dtype="int64",
    only_from="torch",
    differs=_STREAMS,
    words="random permutation shuffle",
    cases=(case("0 * torch.sum(x).float() + torch.randperm(5).sum()", x=_X),),
)

SHUFFLE = Pair(
    torch="shuffled(value)",
    tf=("tf.random.shuffle(value, seed=None)", "keras.random.shuffle(x, axis=0, seed=None)"),
    args=(tensor("value", "value"), fixed("tensorflow", "axis", "0"), _SEED),
    only_from="tensorflow",
    helper=(
        "shuffled",
        """
def shuffled(value):
    \"\"\"The rows in a random order.\"\"\"
    return value[torch.randperm(len(value))]
""",
    ),
    differs=_STREAMS,
    cases=(
        script(
            "import tensorflow as tf\nprint(sorted(tf.random.shuffle(tf.range(5)).numpy().tolist()))",
            side="tensorflow",
            one_way="torch has no function of its own for it",
        ),
    ),
)

RECORDS: tuple[Record, ...] = (
    RAND, UNIFORM, RANDN, NORMAL, _alike("rand_like", "uniform"), _alike("randn_like", "normal"),
    RANDINT, RANDINT_BELOW, UNIFORM_INTEGERS, RANDPERM, SHUFFLE,
)  # fmt: skip
