"""Draws by given chances: classes, coins, noisy choices, dropout of whole channels."""

from __future__ import annotations

from translator.knowledge.cases import Case, f32, named_case, script
from translator.knowledge.lenses import Lens, fixed, only, optional, same, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import like_first

_BACK = "it is drawn by chance"
_F = "torch.nn.functional"
_INPLACE = only("torch", "inplace", "TensorFlow's tensors are immutable")
_STREAMS = "The two sides never draw the same numbers."
MULTINOMIAL = (
    "multinomial",
    '''
def multinomial(weights, count, replacement=False):
    """Places drawn by their weights, along the last axis."""
    chances = tf.math.log(weights if len(weights.shape) > 1 else weights[None])
    if replacement:
        drawn = tf.random.categorical(chances, count)
    else:
        noise = -tf.math.log(-tf.math.log(tf.random.uniform(tf.shape(chances), dtype=chances.dtype)))
        drawn = tf.cast(tf.math.top_k(chances + noise, count).indices, tf.int64)
    return drawn if len(weights.shape) > 1 else drawn[0]
''',
)
GUMBEL = (
    "gumbel_softmax",
    '''
def gumbel_softmax(logits, tau=1.0, hard=False, axis=-1):
    """Shares drawn by their logits, or the largest alone, with the gradient of the shares."""
    noise = -tf.math.log(-tf.math.log(tf.random.uniform(tf.shape(logits), 1e-20, 1.0, logits.dtype)))
    shares = tf.nn.softmax((logits + noise) / tau, axis=axis)
    if not hard:
        return shares
    largest = tf.one_hot(tf.argmax(shares, axis=axis), logits.shape[axis], axis=axis, dtype=shares.dtype)
    return shares + tf.stop_gradient(largest - shares)
''',
)
_SCRIPT = "import torch\nimport torch.nn.functional as F\n"


def _printed(line: str) -> Case:
    return script(f"{_SCRIPT}{line}", one_way=_BACK)


_DRAWN = Pair(
    torch=(
        "torch.multinomial(input, num_samples, replacement=False)",
        "torch.Tensor.multinomial(num_samples, replacement=False)",
    ),
    tf="multinomial(input, num_samples, replacement=replacement)",
    args=(
        tensor("input", "input"),
        same("num_samples"),
        optional("replacement", "replacement"),
    ),
    dtype="int64",
    only_from="torch",
    helper=MULTINOMIAL,
    differs=f"torch takes weights, tf.random.categorical their logarithms and draws with replacement alone. {_STREAMS}",
    words="categorical sampling draw tokens",
    cases=(
        _printed(
            "p = torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.5, 0.5]])\n"
            "print(torch.multinomial(p, 1)[0].item(), torch.multinomial(p, 2)[1].sum().item())\n"
            "print(torch.multinomial(p[0], 4, replacement=True).tolist())"
        ),
    ),
)
_COINS = Pair(
    torch=("torch.bernoulli(input)", "torch.Tensor.bernoulli()"),
    tf="tf.cast(tf.random.uniform(tf.shape(input), dtype=input.dtype) < input, input.dtype)",
    args=(tensor("input", "input"),),
    shape=like_first,
    only_from="torch",
    differs=_STREAMS,
    words="coin mask chance",
    cases=(
        _printed(
            "print(torch.bernoulli(torch.tensor([0.0, 1.0])).tolist(), torch.ones(2).bernoulli().tolist())"
        ),
    ),
)
_SHARES = Pair(
    torch=f"{_F}.gumbel_softmax(logits, tau=1, hard=False, eps=1e-10, dim=-1)",
    tf="gumbel_softmax(logits, tau=tau, hard=hard, axis=dim)",
    args=(
        tensor("logits", "logits"),
        optional("tau", "tau"),
        optional("hard", "hard"),
        only("torch", "eps", "torch does not use it"),
        optional("dim", "dim"),
    ),
    shape=like_first,
    dtype="float",
    only_from="torch",
    helper=GUMBEL,
    differs=_STREAMS,
    words="gumbel categorical straight through",
    cases=(
        _printed(
            "x = torch.tensor([[0.0, 100.0, 0.0]])\n"
            "print(F.gumbel_softmax(x, tau=0.5)[0, 1].item(), F.gumbel_softmax(x, hard=True, dim=1).sum().item())"
        ),
    ),
)
_CHANNELS = (
    "dropout_channels",
    '''
def dropout_channels(x, rate):
    """Drops whole channels, which are along axis 1."""
    shape = tf.shape(x)
    return tf.nn.dropout(x, rate, noise_shape=tf.where(tf.range(len(x.shape)) < 2, shape, 1))
''',
)
_ALPHA = (
    "alpha_dropout",
    '''
def alpha_dropout(x, rate):
    """Sets numbers to what SELU never goes below, and keeps mean and variance."""
    low = -1.7580993408473766
    kept = tf.random.uniform(tf.shape(x), dtype=x.dtype) >= rate
    scale = ((1 - rate) * (1 + rate * low**2)) ** -0.5
    return scale * tf.where(kept, x, low) - scale * low * rate
''',
)


def _dropped(names: tuple[str, ...], helper: tuple[str, str], training: str) -> tuple[Pair, Pair]:
    """A function that drops, and one that is told whether to; `training` is torch's default."""
    call = f"{helper[0]}(input, p)"
    spelled = tuple(
        f"{_F}.{name}(input, p=0.5, training={training}, inplace=False)" for name in names
    )
    operands: tuple[Lens, ...] = (tensor("input", "input"), same("p"), _INPLACE)

    def pair(tf: str, rule: Lens, *cases: Case) -> Pair:
        return Pair(
            torch=spelled,
            tf=tf,
            args=(*operands, rule),
            shape=like_first,
            dtype="float",
            only_from="torch",
            helper=helper,
            differs=_STREAMS,
            words="dropout channels training mode",
            cases=cases,
        )

    still = "torch.nn.functional.{}(x, 0.3, training=self.training)"
    return (
        pair(
            call,
            fixed("torch", "training", "True"),
            _printed(
                "x = torch.ones(1, 900, 2)\n"
                f"y = F.{names[0]}(x, 0.5, True)\nprint(len(set(y.reshape(-1).tolist())), bool(0.5 < y.mean() < 1.5))"
            ),
        ),
        pair(
            f"{call} if training else input",
            same("training"),
            *(
                named_case(still.format(name), {"x": f32(2, 3, *(4, 5, 2)[: axes + 1])}, _BACK)
                for axes, name in enumerate(names)
            ),
        ),
    )


RECORDS: tuple[Record, ...] = (
    _DRAWN,
    _COINS,
    _SHARES,
    *_dropped(("dropout1d", "dropout2d", "dropout3d"), _CHANNELS, "True"),
    *_dropped(("alpha_dropout",), _ALPHA, "False"),
)
