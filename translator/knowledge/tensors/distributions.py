"""Distributions: classes of torch that a few lines of TensorFlow stand for, with the same methods."""

from __future__ import annotations

from translator.knowledge.cases import case, f32, ints, positive
from translator.knowledge.lenses import Lens, only, optional, same
from translator.knowledge.records import Pair, Record

_CHECKED = only("torch", "validate_args", "it changes no number")
_ONE_WAY = "a class that is written into the file"
_NORMAL = '''
class Normal:
    """Normal distributions by their means and standard deviations."""

    def __init__(self, loc, scale):
        self.loc = self.mean = loc + tf.zeros_like(scale)
        self.scale = self.stddev = scale + tf.zeros_like(loc)

    def rsample(self, sample_shape=()):
        shape = tf.concat([tf.constant(sample_shape, tf.int32), tf.shape(self.loc)], 0)
        return self.loc + self.scale * tf.random.normal(shape, dtype=self.loc.dtype)

    def sample(self, sample_shape=()):
        return tf.stop_gradient(self.rsample(sample_shape))

    def log_prob(self, value):
        distance = (value - self.loc) / self.scale
        return -0.5 * distance**2 - tf.math.log(self.scale) - 0.5 * math.log(2 * math.pi)

    def entropy(self):
        return 0.5 + 0.5 * math.log(2 * math.pi) + tf.math.log(self.scale)

    def kl_divergence(self, other):
        ratio = (self.scale / other.scale) ** 2
        distance = (self.loc - other.loc) / other.scale
        return 0.5 * (ratio + distance**2 - 1 - tf.math.log(ratio))
'''
_CATEGORICAL = '''
class Categorical:
    """Distributions over the numbers of classes, by probabilities or logits along the last axis."""

    def __init__(self, probs=None, logits=None):
        if logits is None:
            probs = probs / tf.reduce_sum(probs, -1, keepdims=True)
            smallest = 2.0**-52 if probs.dtype == tf.float64 else 2.0**-23
            logits = tf.math.log(tf.clip_by_value(probs, smallest, 1 - smallest))
        self.logits = logits - tf.reduce_logsumexp(logits, -1, keepdims=True)
        self.probs = tf.nn.softmax(self.logits) if probs is None else probs

    def sample(self, sample_shape=()):
        count, shape = math.prod(sample_shape), tf.shape(self.logits)
        drawn = tf.random.categorical(tf.reshape(self.logits, [-1, shape[-1]]), count)
        return tf.reshape(tf.transpose(drawn), tf.concat([tf.constant(sample_shape, tf.int32), shape[:-1]], 0))

    def log_prob(self, value):
        chosen = tf.one_hot(tf.cast(value, tf.int64), tf.shape(self.logits)[-1], True, False)
        return tf.reduce_sum(tf.where(chosen, self.logits, tf.zeros_like(self.logits)), -1)

    def entropy(self):
        return -tf.reduce_sum(self.probs * tf.maximum(self.logits, self.logits.dtype.min), -1)

    def kl_divergence(self, other):
        return tf.reduce_sum(self.probs * (self.logits - other.logits), -1)
'''
_BERNOULLI = '''
class Bernoulli:
    """Ones and zeros, by the probabilities or logits of the ones."""

    def __init__(self, probs=None, logits=None):
        if logits is None:
            smallest = 2.0**-52 if probs.dtype == tf.float64 else 2.0**-23
            inside = tf.clip_by_value(probs, smallest, 1 - smallest)
            logits = tf.math.log(inside) - tf.math.log1p(-inside)
        self.logits = logits
        self.probs = self.mean = tf.sigmoid(logits) if probs is None else probs

    def sample(self, sample_shape=()):
        shape = tf.concat([tf.constant(sample_shape, tf.int32), tf.shape(self.probs)], 0)
        return tf.cast(tf.random.uniform(shape, dtype=self.probs.dtype) < self.probs, self.probs.dtype)

    def log_prob(self, value):
        labels = tf.cast(value, self.logits.dtype) + tf.zeros_like(self.logits)
        logits = self.logits + tf.zeros_like(labels)
        return -tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)

    def entropy(self):
        return tf.nn.sigmoid_cross_entropy_with_logits(labels=self.probs, logits=self.logits)
'''


def _distribution(name: str, code: str, parameters: tuple[str, str], *uses: str) -> Pair:
    a, b = parameters
    default = "" if name == "Normal" else "=None"
    rules: tuple[Lens, ...] = (optional(a, a), optional(b, b))
    arrays = {"x": f32(4, 3), "y": positive(4, 3), "z": ints(4, high=3)}
    return Pair(
        torch=f"torch.distributions.{name}({a}{default}, {b}{default}, validate_args=None)",
        tf=f"{name}({a}={a}, {b}={b})",
        args=(*rules, _CHECKED),
        gives="distribution",
        only_from="torch",
        helper=(name, code),
        differs="TensorFlow has distributions only in a package of its own; a small class is written into the file.",
        words="distribution sample log_prob entropy policy",
        cases=tuple(case(use, one_way=_ONE_WAY, **arrays) for use in uses),  # type: ignore[arg-type]
    )


RECORDS: tuple[Record, ...] = (
    _distribution(
        "Normal",
        _NORMAL,
        ("loc", "scale"),
        "torch.distributions.Normal(x, y).log_prob(y + 1) + torch.distributions.Normal(x, y).entropy()",
        "torch.distributions.Normal(0.5, y).rsample((2,)).sum() * 0",
    ),
    _distribution(
        "Categorical",
        _CATEGORICAL,
        ("probs", "logits"),
        "torch.distributions.Categorical(y).log_prob(z) + torch.distributions.Categorical(y).entropy()",
        "torch.distributions.Categorical(logits=x).log_prob(z) * torch.distributions.Categorical(logits=x).entropy()",
    ),
    _distribution(
        "Bernoulli",
        _BERNOULLI,
        ("probs", "logits"),
        "torch.distributions.Bernoulli(torch.sigmoid(x)).log_prob(1.0 * (y > 0.5))",
        "torch.distributions.Bernoulli(logits=x).entropy() "
        "+ torch.distributions.Bernoulli(logits=x).log_prob(1.0 * (y > 0.5))",
    ),
    Pair(
        torch="torch.distributions.kl_divergence(p, q)",
        tf="p.kl_divergence(q)",
        args=(same("p"), same("q")),
        only_from="torch",
        words="kullback leibler divergence distribution",
        cases=(
            case(
                "torch.distributions.kl_divergence("
                "torch.distributions.Normal(x, y), torch.distributions.Normal(0.0, 2 * y))",
                x=f32(4, 3),
                y=positive(4, 3),
                one_way=_ONE_WAY,
            ),
        ),
    ),
)
