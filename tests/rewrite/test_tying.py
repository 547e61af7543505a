"""Weights that layers share, and what any parameter of a model is asked for."""

from __future__ import annotations

from .rows import flagged, rows, to_tensorflow

_TIED = '''
@keras.saving.register_keras_serializable()
class TiedDense(keras.layers.Dense):
    """A dense layer that can be tied to another one, or to an embedding, whose weight is its own then."""

    source = None

    def tie(self, layer):
        self.source = layer

    def build(self, input_shape):
        if self.source is None:
            super().build(input_shape)
        else:
            if not self.source.built:
                self.source.build(input_shape)
            shape, start = (self.units,), self.bias_initializer
            self.bias = self.add_weight(shape, start, name="bias") if self.use_bias else None

    @property
    def kernel(self):
        if self.source is None:
            return super().kernel
        if isinstance(self.source, keras.layers.Embedding):
            return tf.transpose(self.source.embeddings)
        return self.source.kernel
'''


@rows(
    to_tensorflow(
        """
        from torch import nn


        class Net(nn.Module):
            def __init__(self, tie):
                super().__init__()
                self.embed = nn.Embedding(50, 8)
                self.out = nn.Linear(8, 50, bias=False)
                self.head = nn.Linear(8, 50)
                if tie:
                    self.out.weight = self.embed.weight

            def forward(self, x):
                return self.out(self.embed(x)) + self.head(self.embed(x))
        """,
        "import keras\nimport tensorflow as tf\n\n"
        + _TIED
        + """

class Net(keras.Model):
    def __init__(self, tie):
        super().__init__()
        self.embed = keras.layers.Embedding(50, 8)
        self.out = TiedDense(50, use_bias=False)
        self.head = keras.layers.Dense(50)
        if tie:
            self.out.tie(self.embed)

    def call(self, x):
        return self.out(self.embed(x)) + self.head(self.embed(x))
""",
    ),
    # the other way round it is the same weight
    to_tensorflow(
        """
        from torch import nn
        embed, out = nn.Embedding(50, 8), nn.Linear(8, 50)
        embed.weight = out.weight
        """,
        "import keras\nimport tensorflow as tf\n\n"
        + _TIED
        + "\n\nembed, out = keras.layers.Embedding(50, 8), TiedDense(50)\nout.tie(embed)\n",
    ),
    to_tensorflow(
        "from torch import nn\na, b = nn.Linear(3, 3), nn.Linear(3, 3)\na.weight = b.weight\n",
        "import keras\nimport tensorflow as tf\n\n"
        + _TIED
        + "\n\na, b = TiedDense(3), keras.layers.Dense(3)\na.tie(b)\n",
    ),
    flagged("a, b = nn.Conv1d(3, 3, 1), nn.Conv1d(3, 3, 1)\na.weight = b.weight", at="a.weight"),
)
def test_tied_weights(case):
    case.check()


@rows(
    to_tensorflow(
        """
        import torch
        from torch import nn


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(3, 3)

            def start(self, n):
                weight = next(self.parameters())
                return weight.new_zeros(n, 3), weight.new(n, 3).zero_()

            def first(self, n):
                device = next(self.parameters()).device
                w = next(self.parameters())
                return torch.ones(n, dtype=w.dtype, device=device) * w.sum()
        """,
        """
        import keras
        import tensorflow as tf


        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.fc = keras.layers.Dense(3)

            def start(self, n):
                return tf.zeros([n, 3], dtype=self.variable_dtype), tf.zeros([n, 3], dtype=self.variable_dtype)

            def first(self, n):
                w = next(iter(self.trainable_variables))
                return tf.ones([n], dtype=self.variable_dtype) * tf.reduce_sum(w)
        """,
    ),
)
def test_what_any_parameter_tells(case):
    case.check()


@rows(
    to_tensorflow(
        """
        import torch
        def cut(h):
            if isinstance(h, torch.Tensor):
                return h.detach()
            return tuple(cut(v) for v in h)
        """,
        """
        import tensorflow as tf
        def cut(h):
            if isinstance(h, tf.Tensor):
                return tf.stop_gradient(h)
            return tuple(cut(v) for v in h)
        """,
    ),
)
def test_states_that_no_gradient_passes(case):
    case.check()


@rows(
    to_tensorflow(
        """
        import torch
        from torch import nn


        class Net(nn.Module):
            def __init__(self, n):
                super().__init__()
                self.ws = nn.ParameterList([nn.Parameter(torch.zeros(2, 3)) for _ in range(3)])
                self.bs = nn.ParameterDict({"a": nn.Parameter(torch.ones(3))})

            def forward(self, x):
                for w in self.ws:
                    x = torch.tanh(x @ w) + self.bs["a"]
                return x
        """,
        """
        import keras
        import tensorflow as tf


        class Net(keras.Model):
            def __init__(self, n):
                super().__init__()
                self.ws = [self.add_weight(shape=(2, 3), initializer="zeros") for _ in range(3)]
                self.bs = {"a": self.add_weight(shape=(3,), initializer="ones")}

            def call(self, x):
                for w in self.ws:
                    x = tf.tanh(x @ w) + self.bs["a"]
                return x
        """,
    ),
)
def test_lists_of_parameters(case):
    case.check()


@rows(
    # a table that is read before its layer was called has to be there
    to_tensorflow(
        """
        import torch
        from torch import nn


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.table = nn.Embedding(7, 4)
                self.words = nn.Embedding(7, 4)

            def forward(self, x):
                y = self.words(x)
                return y @ self.words.weight.t() + y @ self.table.weight.t()
        """,
        """
        import keras
        import tensorflow as tf


        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.table = keras.layers.Embedding(7, 4)
                self.words = keras.layers.Embedding(7, 4)
                self.table.build()

            def call(self, x):
                y = self.words(x)
                return y @ tf.transpose(self.words.embeddings) + y @ tf.transpose(self.table.embeddings)
        """,
    ),
)
def test_tables_that_are_read(case):
    case.check()


@rows(
    # Keras's variables cannot be run through
    to_tensorflow(
        """
        import torch
        from torch import nn


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.w = nn.Parameter(torch.zeros(2, 3))
                self.register_buffer("edges", torch.tensor([[0, 1], [1, 0]]))

            def forward(self, x):
                a, b = self.edges
                for row in self.w:
                    x = x + row
                return x[a] + x[b]
        """,
        """
        import keras
        import tensorflow as tf


        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.w = self.add_weight(shape=(2, 3), initializer="zeros", name="w")
                self.edges = keras.Variable(
                    tf.constant([[0, 1], [1, 0]], dtype=tf.int64),
                    trainable=False,
                    name="edges",
                )

            def call(self, x):
                a, b = tf.unstack(self.edges)
                for row in tf.unstack(self.w):
                    x = x + row
                return tf.gather(x, a) + tf.gather(x, b)
        """,
    ),
)
def test_variables_that_are_run_through(case):
    case.check()
