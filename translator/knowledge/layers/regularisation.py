"""Dropout."""

from __future__ import annotations

from translator.knowledge.cases import case, f32, script
from translator.knowledge.layers.convolution import CHANNELS_LAST, image
from translator.knowledge.lenses import fixed, only, same, tensor
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.shapes import like_first

_INPLACE = only("torch", "inplace", "TensorFlow's tensors are immutable")

DROPOUT = Layer(
    torch="torch.nn.Dropout(p=0.5, inplace=False)",
    tf="keras.layers.Dropout(rate, noise_shape=None, seed=None)",
    args=(
        same("p", "rate"),
        _INPLACE,
        fixed("tensorflow", "noise_shape", "None"),
        only("tensorflow", "seed", "the two sides never draw the same numbers"),
    ),
    order="keeps",
    shape=like_first,
    moded=True,
    differs="A torch module drops in training mode, which is on from the start; a Keras layer drops only where "
    "training=True reaches it.",
    words="dropout training mode",
    cases=(
        case("torch.nn.Dropout(0.25)", f32(2, 3)),
        case("torch.nn.Dropout()", f32(2, 3)),
        case("keras.layers.Dropout(0.5)", f32(2, 3), side="tensorflow"),
    ),
)


_DROP_PATH = '''
class DropPath(nn.Module):
    """Drops whole samples by chance, in training alone."""

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        kept = torch.rand(len(x), *[1] * (x.dim() - 1), device=x.device) >= self.p
        return x * kept / (1 - self.p)
'''
DROP_PATH = Pair(
    torch="DropPath(rate)",
    tf="keras.layers.Dropout(rate, noise_shape=None, seed=None)",
    args=(
        same("rate"),
        fixed(
            "tensorflow",
            "noise_shape",
            "(None, 1, 1, 1)",
            "(None, 1, 1)",
            "(None, 1)",
            "(None, 1, 1, 1, 1)",
        ),
        only("tensorflow", "seed", "the two sides never draw the same numbers"),
    ),
    order="keeps",
    shape=like_first,
    only_from="tensorflow",
    helper=("DropPath", _DROP_PATH),
    differs="A mask with one number for each sample drops whole samples: stochastic depth.",
    words="stochastic depth drop path",
    cases=(
        case(
            "keras.layers.Dropout(0.5, noise_shape=(None, 1, 1, 1))",
            f32(2, 3, 4, 5),
            side="tensorflow",
            one_way="what the file has for it is a class of its own",
        ),
    ),
)


_FEWER = ((2, "keras.layers.Dropout(rate)"), (3, "keras.layers.SpatialDropout1D(rate)"))
_OF_FEWER = tuple(
    case(
        "torch.nn.Dropout2d()",
        f32(*shape),
        body=f"x = x0.reshape{shape}\nreturn self.layer(x)",
        one_way="it leads back to the layer of that rank",
    )
    for shape in ((2, 3), (2, 3, 4))
)


def _of_channels(axes: int) -> Layer:
    name = f"torch.nn.Dropout{axes}d"
    more = "" if axes == 1 else "data_format=None, "
    return Layer(
        torch=f"{name}(p=0.5, inplace=False)",
        tf=f"keras.layers.SpatialDropout{axes}D(rate, {more}seed=None)",
        args=(
            same("p", "rate"),
            _INPLACE,
            *(() if axes == 1 else (CHANNELS_LAST,)),
            only("tensorflow", "seed", "the two sides never draw the same numbers"),
        ),
        order="wants",
        rank=axes + 2,
        other_ranks=_FEWER if axes == 2 else (),
        shape=like_first,
        moded=True,
        differs="Both drop whole channels; of two or three axes Dropout2d takes the second for the channels.",
        words="spatial dropout",
        cases=(
            case(f"{name}(0.25)", image(axes, 3)),
            case(f"{name}()", image(axes, 3)),
            *(_OF_FEWER if axes == 2 else ()),
        ),
    )


_DRAWN = (
    "import torch\nimport torch.nn.functional as F\nx = torch.ones(1000)\n{line}\n"
    "print(sorted(set(y.tolist())), bool(300 < (y == 0).sum().item() < 700))"
)
_ALWAYS = Pair(
    torch="torch.nn.functional.dropout(input, p=0.5, training=True, inplace=False)",
    tf="tf.nn.dropout(input, p)",
    args=(
        tensor("input", "input"),
        same("p"),
        fixed("torch", "training", "True"),
        _INPLACE,
    ),
    order="keeps",
    shape=like_first,
    only_from="torch",
    differs="torch's function drops in evaluation too unless it is told the mode.",
    words="dropout training mode",
    cases=(script(_DRAWN.format(line="y = F.dropout(x)"), one_way="it is drawn by chance"),),
)
_BY_MODE = Pair(
    torch="torch.nn.functional.dropout(input, p=0.5, training=True, inplace=False)",
    tf="tf.nn.dropout(input, p) if training else input",
    args=(tensor("input", "input"), same("p"), same("training"), _INPLACE),
    order="keeps",
    shape=like_first,
    only_from="torch",
    words="dropout training mode",
    cases=(
        case(
            "torch.nn.functional.dropout(x, 0.5, training=False)",
            x=f32(2, 3),
            one_way="no record leads back",
        ),
        case(
            "torch.nn.functional.dropout(x, training=self.training)",
            x=f32(2, 3),
            one_way="no record leads back",
        ),
    ),
)

_THERE = Pair(
    torch="F.dropout(x, rate)",
    tf=(
        "tf.nn.dropout(x, rate, noise_shape=None, seed=None)",
        "keras.random.dropout(inputs, rate, noise_shape=None, seed=None)",
    ),
    args=(
        tensor("x", "x"),
        same("rate"),
        fixed("tensorflow", "noise_shape", "None"),
        only("tensorflow", "seed", "the two sides never draw the same numbers"),
    ),
    order="keeps",
    shape=like_first,
    only_from="tensorflow",
    differs="Both functions drop whatever the mode is.",
    words="dropout training mode",
    cases=(
        case(
            "tf.nn.dropout(x, 0.0)",
            x=f32(2, 3),
            side="tensorflow",
            one_way="a layer or function of a mode comes back",
        ),
    ),
)

RECORDS: tuple[Record, ...] = (
    _THERE,
    DROPOUT,
    DROP_PATH,
    *(_of_channels(axes) for axes in (2, 1, 3)),
    _ALWAYS,
    _BY_MODE,
)
