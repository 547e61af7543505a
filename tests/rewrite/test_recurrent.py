"""Recurrent layers: outputs, states and the steps' axis, as each framework hands them out."""

from __future__ import annotations

from translator import Code, convert

from .rows import flagged, row, rows, to_tensorflow, to_torch


@rows(
    # One layer, whose states nothing reads.
    row(
        torch='''
        from torch import nn


        def one_bias(layer):
            """Keep the second bias of a recurrent layer at zero: two that are trained would learn twice as fast as one."""
            for name, parameter in layer.named_parameters():
                if name.startswith("bias_hh"):
                    nn.init.zeros_(parameter).requires_grad_(False)
            return layer


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = one_bias(nn.LSTM(5, 8, batch_first=True))
                self.fc = nn.Linear(8, 2)

            def forward(self, x):
                x = x.reshape(-1, 7, 5)
                out, _ = self.lstm(x)
                return self.fc(out[:, -2:])
        ''',
        tensorflow="""
        import keras
        import tensorflow as tf


        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.lstm = keras.layers.LSTM(8, return_sequences=True)
                self.fc = keras.layers.Dense(2)

            def call(self, x):
                x = tf.reshape(x, [-1, 7, 5])
                out = self.lstm(x)
                return self.fc(out[:, -2:])
        """,
    ),
    # Where only the last step is read, Keras gives no other.
    to_tensorflow(
        """
        import torch
        from torch import nn
        lstm, gru = nn.LSTM(5, 8, bias=False, batch_first=True), nn.GRU(8, 8)
        fc = nn.Linear(8, 2)
        def last(x: torch.Tensor):
            out, _ = lstm(x)
            out = fc(out[:, -1, :])
            return out
        def first(x: torch.Tensor):
            out, _ = gru(x)
            return out[-1]
        """,
        """
        import keras
        import tensorflow as tf
        lstm, gru = keras.layers.LSTM(8, use_bias=False), keras.layers.GRU(8)
        fc = keras.layers.Dense(2)
        def last(x: tf.Tensor):
            out = lstm(x)
            out = fc(out)
            return out
        def first(x: tf.Tensor):
            out = gru(tf.transpose(x, [1, 0, 2]))
            return out
        """,
    ),
    to_tensorflow(
        """
        import torch
        from torch import nn
        lstm = nn.LSTM(5, 8, bias=False, batch_first=True)
        def both(x: torch.Tensor):
            out, _ = lstm(x)
            return out[:, -1], lambda: out[:, 0]
        """,
        """
        import keras
        import tensorflow as tf
        lstm = keras.layers.LSTM(8, use_bias=False, return_sequences=True)
        def both(x: tf.Tensor):
            out = lstm(x)
            return out[:, -1], lambda: out[:, 0]
        """,
    ),
    # States: the axis of the layers falls away where only the last layer is read, else it is put back.
    to_tensorflow(
        """
        import torch
        from torch import nn


        class Net(nn.Module):
            def __init__(self, size):
                super().__init__()
                self.lstm = nn.LSTM(5, size, bias=False, batch_first=True)
                self.gru = nn.GRU(5, size, bias=False)

            def forward(self, x, start):
                _, (h, c) = self.lstm(x)
                out, hidden = self.gru(x, start)
                return h[-1], c.squeeze(0), out, hidden
        """,
        """
        import keras
        import tensorflow as tf


        class Net(keras.Model):
            def __init__(self, size):
                super().__init__()
                self.config = {"size": size}
                self.lstm = keras.layers.LSTM(
                    size,
                    use_bias=False,
                    return_sequences=True,
                    return_state=True,
                )
                self.gru = keras.layers.GRU(size, use_bias=False, return_sequences=True, return_state=True)

            def call(self, x, start):
                _, h, c = self.lstm(x)
                out, hidden = self.gru(tf.transpose(x, [1, 0, 2]), initial_state=start[0])
                out = tf.transpose(out, [1, 0, 2])
                hidden = hidden[tf.newaxis]
                return h, c, out, hidden

            def get_config(self):
                return dict(self.config)
        """,
    ),
    to_tensorflow(
        """
        import torch
        from torch import nn
        lstm = nn.LSTM(5, 8, bias=False, batch_first=True)
        def step(x: torch.Tensor, h: torch.Tensor, c: torch.Tensor):
            out, state = lstm(x, (h, c))
            return out, state
        def all_steps(x: torch.Tensor):
            return lstm(x)[0]
        """,
        """
        import keras
        import tensorflow as tf
        lstm = keras.layers.LSTM(8, use_bias=False, return_sequences=True, return_state=True)
        def step(x: tf.Tensor, h: tf.Tensor, c: tf.Tensor):
            out, *state = lstm(x, initial_state=[h[0], c[0]])
            state = [s[tf.newaxis] for s in state]
            return out, state
        def all_steps(x: tf.Tensor):
            return lstm(x)[0]
        """,
    ),
    # Both directions.
    to_tensorflow(
        """
        import torch
        from torch import nn
        lstm = nn.LSTM(5, 8, bias=False, batch_first=True, bidirectional=True)
        rnn = nn.RNN(5, 8, bias=False, nonlinearity="relu", batch_first=True, bidirectional=True)
        def encode(x: torch.Tensor):
            out, (h, c) = lstm(x)
            return torch.cat((h[-2], h[-1]), dim=1)
        def run(x: torch.Tensor, start: torch.Tensor):
            return rnn(x, start)[0]
        """,
        """
        import keras
        import tensorflow as tf
        lstm = keras.layers.Bidirectional(
            keras.layers.LSTM(8, use_bias=False, return_sequences=True, return_state=True),
        )
        rnn = keras.layers.Bidirectional(
            keras.layers.SimpleRNN(8, activation="relu", use_bias=False, return_sequences=True),
        )
        def encode(x: tf.Tensor):
            out, *states = lstm(x)
            h, c = tf.stack(states[0::2]), tf.stack(states[1::2])
            return tf.concat((h[-2], h[-1]), axis=1)
        def run(x: tf.Tensor, start: tf.Tensor):
            return rnn(x, initial_state=tf.unstack(start))
        """,
    ),
    # Several layers in a row: plain Keras where no state is read.
    to_tensorflow(
        """
        import torch
        from torch import nn
        deep = nn.GRU(5, 8, num_layers=2, dropout=0.3, batch_first=True)
        four = nn.GRU(8, 8, num_layers=4)
        def f(x: torch.Tensor):
            x, _ = deep(x)
            return four(x)[0]
        """,
        """
        import keras
        import tensorflow as tf
        deep = keras.Sequential([
            keras.layers.GRU(8, return_sequences=True),
            keras.layers.Dropout(0.3),
            keras.layers.GRU(8, return_sequences=True),
        ])
        four = keras.Sequential([keras.layers.GRU(8, return_sequences=True) for _ in range(4)])
        def f(x: tf.Tensor):
            x = deep(x, training=True)
            return tf.transpose(four(tf.transpose(x, [1, 0, 2])), [1, 0, 2])
        """,
    ),
    # A nonlinearity that is not stated can only be one that Keras calls alike.
    to_tensorflow(
        """
        from torch import nn
        def make(size, nonlinearity):
            rnn = nn.RNN(size, 8, bias=False, nonlinearity=nonlinearity, batch_first=True)
            return lambda x: rnn(x)[0]
        """,
        """
        import keras
        def make(size, nonlinearity):
            rnn = keras.layers.SimpleRNN(8, activation=nonlinearity, use_bias=False, return_sequences=True)
            return lambda x: rnn(x)
        """,
    ),
    # What moves weights in memory has no counterpart.
    to_tensorflow(
        """
        import torch
        from torch import nn
        rnn = nn.RNN(5, 8, bias=False, batch_first=True)
        def f(x: torch.Tensor):
            rnn.flatten_parameters()
            out, _ = rnn(x)
            return out
        """,
        """
        import keras
        import tensorflow as tf
        rnn = keras.layers.SimpleRNN(8, use_bias=False, return_sequences=True)
        def f(x: tf.Tensor):
            out = rnn(x)
            return out
        """,
    ),
    # What Keras gives is taken from torch's results.
    to_torch(
        """
        import keras
        model = keras.Sequential([
            keras.Input((7, 5)),
            keras.layers.LSTM(8, return_sequences=True),
            keras.layers.Bidirectional(keras.layers.GRU(6)),
            keras.layers.Dense(1),
        ])
        """,
        '''
        import torch
        from torch import nn


        class AllSteps(nn.Module):
            """The outputs of a recurrent layer at all steps, without its states."""

            def forward(self, results):
                return results[0]


        def one_bias(layer):
            """Keep the second bias of a recurrent layer at zero: two that are trained would learn twice as fast as one."""
            for name, parameter in layer.named_parameters():
                if name.startswith("bias_hh"):
                    nn.init.zeros_(parameter).requires_grad_(False)
            return layer


        class LastStates(nn.Module):
            """The last outputs of both directions of a recurrent layer, side by side."""

            def forward(self, results):
                states = results[1]
                hidden = states[0] if isinstance(states, tuple) else states
                return torch.cat((hidden[0], hidden[1]), dim=-1)


        model = nn.Sequential(
            one_bias(nn.LSTM(5, 8, batch_first=True)),
            AllSteps(),
            nn.GRU(8, 6, batch_first=True, bidirectional=True),
            LastStates(),
            nn.Linear(12, 1),
        )
        ''',
    ),
    to_torch(
        """
        import keras
        from keras import layers

        class Net(keras.Model):
            def __init__(self, units):
                super().__init__()
                self.embed = layers.Embedding(100, 16)
                self.encoder = layers.LSTM(units, return_state=True)
                self.decoder = layers.LSTM(units, return_sequences=True, return_state=True)
                self.gru = layers.GRU(7)
                self.both = layers.Bidirectional(layers.LSTM(3))

            def call(self, x):
                x = self.embed(x)
                last, h, c = self.encoder(x)
                y, _, _ = self.decoder(x, initial_state=[h, c])
                y = self.gru(y)
                return y, self.both(x), last
        """,
        '''
        from torch import nn


        def one_bias(layer):
            """Keep the second bias of a recurrent layer at zero: two that are trained would learn twice as fast as one."""
            for name, parameter in layer.named_parameters():
                if name.startswith("bias_hh"):
                    nn.init.zeros_(parameter).requires_grad_(False)
            return layer


        class Net(nn.Module):
            def __init__(self, units):
                super().__init__()
                self.embed = nn.Embedding(100, 16)
                self.encoder = one_bias(nn.LSTM(16, units, batch_first=True))
                self.decoder = one_bias(nn.LSTM(16, units, batch_first=True))
                self.gru = nn.GRU(units, 7, batch_first=True)
                self.both = one_bias(nn.LSTM(16, 3, batch_first=True, bidirectional=True))

            def forward(self, x):
                x = self.embed(x)
                last, (h, c) = self.encoder(x)
                last = last[:, -1]
                h, c = h[0], c[0]
                y, _ = self.decoder(x, (h.unsqueeze(0), c.unsqueeze(0)))
                y, _ = self.gru(y)
                y = y[:, -1]
                return y, self.both(x)[1][0].transpose(0, 1).flatten(1), last
        ''',
    ),
    # Layers that are only handed to Bidirectional are parts of it.
    to_torch(
        """
        import keras
        import tensorflow as tf

        class Net(keras.Model):
            def __init__(self, units):
                super().__init__()
                # Both directions.
                forwards = keras.layers.LSTM(units)
                backwards = keras.layers.LSTM(units, go_backwards=True)
                self.both = keras.layers.Bidirectional(forwards, backward_layer=backwards)
                self.back = keras.layers.GRU(3, go_backwards=True)
                self.out = keras.layers.Dense(2)

            def call(self, x):
                x = tf.reshape(x, [-1, 7, 5])
                return self.out(self.both(x)), self.back(x)
        """,
        '''
        from torch import nn


        def one_bias(layer):
            """Keep the second bias of a recurrent layer at zero: two that are trained would learn twice as fast as one."""
            for name, parameter in layer.named_parameters():
                if name.startswith("bias_hh"):
                    nn.init.zeros_(parameter).requires_grad_(False)
            return layer


        class Net(nn.Module):
            def __init__(self, units):
                super().__init__()
                # Both directions.
                self.both = one_bias(nn.LSTM(5, units, batch_first=True, bidirectional=True))
                self.back = nn.GRU(5, 3, batch_first=True)
                self.out = nn.Linear(2 * units, 2)

            def forward(self, x):
                x = x.reshape(-1, 7, 5)
                return self.out(self.both(x)[1][0].transpose(0, 1).flatten(1)), self.back(x.flip(1))[0][:, -1]
        ''',
    ),
    # States in one name, and those of both directions.
    to_torch(
        """
        import keras
        import tensorflow as tf

        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.gru = keras.layers.GRU(4, return_state=True)
                self.both = keras.layers.Bidirectional(keras.layers.LSTM(3, return_state=True))

            def call(self, x):
                x = tf.reshape(x, [-1, 7, 5])
                last, *state = self.gru(x)
                out, fh, fc, bh, bc = self.both(x, initial_state=[last, last, last, last])
                again, *_ = self.both(x)
                return out, fh + bc, again, state
        """,
        '''
        import torch
        from torch import nn


        def one_bias(layer):
            """Keep the second bias of a recurrent layer at zero: two that are trained would learn twice as fast as one."""
            for name, parameter in layer.named_parameters():
                if name.startswith("bias_hh"):
                    nn.init.zeros_(parameter).requires_grad_(False)
            return layer


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(5, 4, batch_first=True)
                self.both = one_bias(nn.LSTM(5, 3, batch_first=True, bidirectional=True))

            def forward(self, x):
                x = x.reshape(-1, 7, 5)
                last, state = self.gru(x)
                last = last[:, -1]
                state = [state[0]]
                out, (hidden, cell) = self.both(x, (torch.stack((last, last)), torch.stack((last, last))))
                out = torch.cat((hidden[0], hidden[1]), dim=-1)
                fh, bc = hidden[0], cell[1]
                again, (hidden_2, cell_2) = self.both(x)
                again = torch.cat((hidden_2[0], hidden_2[1]), dim=-1)
                return out, fh + bc, again, state
        ''',
    ),
)
def test_results_are_taken_apart(case):
    case.check()


@rows(
    to_tensorflow(
        """
        import torch
        from torch import nn
        lstm = nn.LSTMCell(5, 8, bias=False)
        gru = nn.GRUCell(8, 4)
        def run(xs: torch.Tensor, h: torch.Tensor, c: torch.Tensor, z: torch.Tensor):
            xs = xs.reshape(3, 2, 5)
            for x in xs:
                h, c = lstm(x, (h, c))
                z = gru(h, z)
            return z
        """,
        """
        import keras
        import tensorflow as tf
        lstm = keras.layers.LSTMCell(8, use_bias=False)
        gru = keras.layers.GRUCell(4)
        def run(xs: tf.Tensor, h: tf.Tensor, c: tf.Tensor, z: tf.Tensor):
            xs = tf.reshape(xs, [3, 2, 5])
            for x in xs:
                _, (h, c) = lstm(x, [h, c])
                z, _ = gru(h, z)
            return z
        """,
    ),
    to_torch(
        """
        import keras
        import tensorflow as tf
        lstm = keras.layers.LSTMCell(8)
        gru = keras.layers.GRUCell(4)
        def run(xs: tf.Tensor, h: tf.Tensor, c: tf.Tensor, z: tf.Tensor):
            xs = tf.reshape(xs, [3, 2, 5])
            for x in xs:
                _, (h, c) = lstm(x, [h, c])
                z, _ = gru(h, z)
            return z
        """,
        '''
        import torch
        from torch import nn


        def one_bias(layer):
            """Keep the second bias of a recurrent layer at zero: two that are trained would learn twice as fast as one."""
            for name, parameter in layer.named_parameters():
                if name.startswith("bias_hh"):
                    nn.init.zeros_(parameter).requires_grad_(False)
            return layer


        lstm = one_bias(nn.LSTMCell(5, 8))
        gru = nn.GRUCell(8, 4)
        def run(xs: torch.Tensor, h: torch.Tensor, c: torch.Tensor, z: torch.Tensor):
            xs = xs.reshape(3, 2, 5)
            for x in xs:
                h, c = lstm(x, (h, c))
                z = gru(h, z)
            return z
        ''',
    ),
    to_tensorflow(
        """
        import torch
        from torch import nn
        rnn = nn.RNNCell(5, 8, bias=False)
        lstm = nn.LSTMCell(5, 8, bias=False)
        def first(x: torch.Tensor):
            return rnn(x)
        def step(x: torch.Tensor, state):
            state = lstm(x, state)
            return state[0], state
        """,
        """
        import keras
        import tensorflow as tf
        rnn = keras.layers.SimpleRNNCell(8, use_bias=False)
        lstm = keras.layers.LSTMCell(8, use_bias=False)
        def first(x: tf.Tensor):
            return rnn(x, rnn.get_initial_state(tf.shape(x)[0]))[0]
        def step(x: tf.Tensor, state):
            _, state = lstm(x, state)
            return state[0], state
        """,
    ),
    to_torch(
        """
        import keras
        import tensorflow as tf
        lstm = keras.layers.LSTMCell(8)
        gru = keras.layers.GRUCell(4)
        def step(x: tf.Tensor, state, z: tf.Tensor):
            x = tf.reshape(x, [2, 5])
            out, state = lstm(x, state)
            y, [z] = gru(x, [z])
            return out, state, y
        """,
        '''
        import torch
        from torch import nn


        def one_bias(layer):
            """Keep the second bias of a recurrent layer at zero: two that are trained would learn twice as fast as one."""
            for name, parameter in layer.named_parameters():
                if name.startswith("bias_hh"):
                    nn.init.zeros_(parameter).requires_grad_(False)
            return layer


        lstm = one_bias(nn.LSTMCell(5, 8))
        gru = nn.GRUCell(5, 4)
        def step(x: torch.Tensor, state, z: torch.Tensor):
            x = x.reshape(2, 5)
            state = lstm(x, tuple(state))
            out = state[0]
            z = gru(x, z)
            y = z
            return out, state, y
        ''',
    ),
    flagged(
        "cell = keras.layers.GRUCell(4)\ndef f(x, state):\n    out, state = cell(x, state)\n    return out",
        at="cell(x, state)",
        to="torch",
    ),
)
def test_cells(case):
    case.check()


@rows(
    to_torch(
        """
        import keras
        from keras import layers
        model = keras.Sequential()
        model.add(layers.LSTM(16, input_shape=(7, 12)))
        model.add(layers.RepeatVector(4))
        model.add(layers.TimeDistributed(layers.Dense(3, activation="relu")))
        """,
        '''
        from torch import nn


        class LastStep(nn.Module):
            """The output of a recurrent layer at its last step."""

            def forward(self, results):
                return results[0][:, -1]


        def one_bias(layer):
            """Keep the second bias of a recurrent layer at zero: two that are trained would learn twice as fast as one."""
            for name, parameter in layer.named_parameters():
                if name.startswith("bias_hh"):
                    nn.init.zeros_(parameter).requires_grad_(False)
            return layer


        class RepeatVector(nn.Module):
            """Repeats a vector at each of `n` steps."""

            def __init__(self, n):
                super().__init__()
                self.n = n

            def forward(self, inputs):
                return inputs.unsqueeze(1).expand(-1, self.n, -1)


        model = nn.Sequential()
        model.append(one_bias(nn.LSTM(12, 16, batch_first=True)))
        model.append(LastStep())
        model.append(RepeatVector(4))
        model.append(nn.Linear(16, 3))
        model.append(nn.ReLU())
        ''',
    ),
    flagged("layer = keras.layers.TimeDistributed(keras.layers.Conv2D(3, 3))", to="torch"),
)
def test_layers_over_time_steps(case):
    case.check()


_CELL = '''
@keras.saving.register_keras_serializable()
class TwoBiasKINDCell(keras.layers.KINDCell):
    """Keras's cell with two biases, which both learn, as torch's have one for each kernel."""

    recurrent_bias = None

    def build(self, input_shape):
        super().build(input_shape)
        if self.use_bias:
            shape, start = self._bias.shape, self.bias_initializer
            self.recurrent_bias = self.add_weight(shape, start, name="recurrent_bias")

    @property
    def bias(self):
        return self._bias if self.recurrent_bias is None else self._bias + self.recurrent_bias

    @bias.setter
    def bias(self, value):
        self._bias = value
'''
_LAYER = '''
@keras.saving.register_keras_serializable()
class TwoBiasKIND(keras.layers.KIND):
    """Keras's layer around a cell with two biases."""

    def __init__(self, units, **options):
        super().__init__(units, **options)
        self.cell = TwoBiasKINDCell.from_config(self.cell.get_config())
'''


@rows(
    to_tensorflow(
        """
        import torch
        from torch import nn
        rnn = nn.RNN(5, 8, batch_first=True)
        def f(x: torch.Tensor):
            return rnn(x)[0]
        """,
        "import keras\nimport tensorflow as tf\n\n"
        + (_CELL + "\n" + _LAYER).replace("KIND", "SimpleRNN")
        + "\n\nrnn = TwoBiasSimpleRNN(8, return_sequences=True)\n"
        + "def f(x: tf.Tensor):\n    return rnn(x)\n",
    ),
    to_tensorflow(
        """
        import torch
        from torch import nn
        cell = nn.LSTMCell(5, 8, bias=biased)
        def f(x: torch.Tensor, h: torch.Tensor, c: torch.Tensor):
            h, c = cell(x, (h, c))
            return h
        """,
        "import keras\nimport tensorflow as tf\n\n"
        + _CELL.replace("KIND", "LSTM")
        + "\n\ncell = TwoBiasLSTMCell(8, use_bias=biased)\n"
        + "def f(x: tf.Tensor, h: tf.Tensor, c: tf.Tensor):\n"
        + "    _, (h, c) = cell(x, [h, c])\n    return h\n",
    ),
)
def test_both_biases_learn(case):
    case.check()


def _stack(source: str) -> tuple[str, str]:
    """The line that builds a helper, and the last line of what a program becomes."""
    result = convert(source, to="tensorflow")
    assert result.complete, result.findings
    lines = result.code.splitlines()
    built = next(line for line in lines if "= RecurrentStack(" in line)
    return built.strip(), lines[-1].strip()


_PROGRAM = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.rnn = nn.GRU(5, 8{options})

    def forward(self, x, hidden=None):
        {line}
        return out, hidden
"""


def test_a_class_in_a_variable_is_named_once_and_built_in_the_helper():
    code = convert(
        """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, kind, n):
        super().__init__()
        if kind in ("LSTM", "GRU"):
            self.rnn = getattr(nn, kind)(5, 8, n, batch_first=True)
        chosen = nn.GRU if n else nn.LSTM
        self.next = chosen(8, 3, batch_first=True)

    def forward(self, x, hidden):
        x, hidden = self.rnn(x, hidden)
        return self.next(x)[0], hidden
""",
        to="tensorflow",
    )
    assert code.complete
    for line in (
        'layer_class = {"LSTM": TwoBiasLSTM, "GRU": keras.layers.GRU}[kind]',
        "layer_class(8, return_sequences=True, return_state=True)",
        "chosen = keras.layers.GRU if n else TwoBiasLSTM",
        "RecurrentStack([chosen(3, return_sequences=True, return_state=True)])",
        "x, hidden = self.rnn(x, hidden)",
    ):
        assert line in code.code


def test_a_helper_keeps_the_interface_where_one_layer_will_not_do():
    whole = "out, hidden = self.rnn(x, hidden)"
    for options, line in (
        (", batch_first=True", whole),  # the states may be None
        (", n, batch_first=True", whole),  # how many layers there are is not known
        (", 2, batch_first=True", "out, hidden = self.rnn(x)"),  # the states of two layers are read
        (", batch_first=True", "out = self.rnn(x)"),  # the results stay together
    ):
        program = _PROGRAM.format(options=options, line=line)
        assert line in convert(program, to="tensorflow").code
        _stack(program)


def test_a_helper_is_told_what_the_source_leaves_open():
    program = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, first=True, both=False):
        super().__init__()
        self.rnn = nn.GRU(5, 8, batch_first=first, bidirectional=both)

    def forward(self, x):
        out, hidden = self.rnn(x)
        return out
"""
    built, _ = _stack(program)
    code = convert(program, to="tensorflow").code
    layer = "keras.layers.GRU(8, return_sequences=True, return_state=True)"
    assert f"keras.layers.Bidirectional({layer}) if both else {layer}" in " ".join(code.split())
    assert "time_major=not first" in code
    assert built.startswith("self.rnn = RecurrentStack(")


def test_a_helper_takes_the_steps_first_where_the_source_does():
    code = convert(_PROGRAM.format(options="", line="out = self.rnn(x)"), to="tensorflow").code
    assert "time_major=True" in code


@rows(
    flagged("rnn = nn.LSTM(5, 8, proj_size=3)", at="proj_size"),
    flagged("def f(x: torch.Tensor):\n    return nn.LSTM(5, 8)(x.reshape(7, 5))", at="reshape"),
    flagged('rnn = keras.layers.LSTM(8, activation="relu")', to="torch"),
    flagged("rnn = keras.layers.GRU(8, reset_after=False)", to="torch"),
    flagged("rnn = keras.layers.SimpleRNN(8, activation=act)", to="torch"),
    flagged("rnn = keras.layers.LSTM(8, stateful=True)", to="torch"),
    flagged("rnn = keras.layers.LSTM(8, recurrent_dropout=0.2)", to="torch"),
    flagged("rnn = keras.layers.LSTM(8, return_sequences=deep)", to="torch"),
    flagged('rnn = keras.layers.Bidirectional(keras.layers.LSTM(8), merge_mode="sum")', to="torch"),
    flagged("rnn = keras.layers.Bidirectional(make())", to="torch"),
    flagged(
        "a = keras.layers.LSTM(8)\nrnn = keras.layers.Bidirectional(a)\nprint(a)",
        at="Bidirectional",
        to="torch",
    ),
    flagged(
        "rnn = keras.layers.Bidirectional(\n"
        "    keras.layers.LSTM(8), backward_layer=keras.layers.LSTM(9, go_backwards=True))",
        to="torch",
    ),
    flagged(
        "model = keras.Sequential([keras.Input((7, 5)), keras.layers.LSTM(8, go_backwards=True)])",
        to="torch",
    ),
    flagged(
        "model = keras.Sequential([keras.Input((7, 5)), keras.layers.LSTM(8, return_state=True)])",
        to="torch",
    ),
    flagged(
        "rnn = keras.layers.LSTM(8)\ndef f(x, mask):\n    return rnn(x, mask=mask)",
        at="mask=mask",
        to="torch",
    ),
)
def test_what_the_other_side_cannot_do_is_left(case):
    case.check()


@rows(
    flagged(
        "from torch.nn.utils.rnn import pack_padded_sequence as pack\n"
        "def f(x, lengths):\n    return pack(x, lengths)",
        at="pack(x",
        codes=(Code.REFUSED,),
    ),
    flagged("table = nn.Embedding.from_pretrained(vectors)", codes=(Code.REFUSED,)),
    flagged("layer = keras.layers.Masking()", to="torch", codes=(Code.REFUSED,)),
    flagged("layer = keras.layers.RNN(make())", to="torch", codes=(Code.REFUSED,)),
)
def test_what_is_refused_says_what_to_write(case):
    case.check()


def test_an_unknown_input_size_is_learnt_and_said():
    result = convert(
        "import keras\nrnn = keras.layers.GRU(8)\ndef f(x):\n    return rnn(x)\n", to="torch"
    )
    assert "rnn = LazyGRU(8, batch_first=True)" in result.code
    assert result.complete
    assert Code.LAZY_SIZE in {finding.code for finding in result.findings}


@rows(
    to_torch(
        """
        import keras

        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.embed = keras.layers.Embedding(10, 3)
                self.gru = keras.layers.GRU(4, dropout=0.2)

            def call(self, x):
                x = self.embed(x)
                return self.gru(x)
        """,
        '''
        import torch
        import torch.nn.functional as F
        from torch import nn


        def step_dropout(inputs, rate, training):
            """Dropout that leaves out the same features at every step."""
            return inputs * F.dropout(torch.ones_like(inputs[:, :1]), rate, training)


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(10, 3)
                self.gru = nn.GRU(3, 4, batch_first=True)

            def forward(self, x):
                x = self.embed(x)
                return self.gru(step_dropout(x, 0.2, self.gru.training))[0][:, -1]
        ''',
    ),
    flagged(
        "net = keras.Sequential([keras.Input((7, 5)), keras.layers.LSTM(8, dropout=0.2)])",
        to="torch",
    ),
    flagged(
        "rnn = keras.layers.Bidirectional(keras.layers.LSTM(8, dropout=0.2))\ndef f(x):\n    return rnn(x)",
        to="torch",
    ),
    flagged("def f(x, rate):\n    return keras.layers.LSTM(8, dropout=rate)(x)", to="torch"),
)
def test_dropout_of_the_steps(case):
    case.check()


def test_outputs_of_two_directions_that_are_put_together():
    source = """
import keras
import tensorflow as tf

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = keras.layers.Bidirectional(keras.layers.GRU(8, return_sequences=True), merge_mode="sum")
        self.b = keras.layers.Bidirectional(keras.layers.LSTM(8), merge_mode="ave")

    def call(self, x):
        x = self.a(x)
        return self.b(x)

y = Net()(tf.ones([2, 5, 3]))
"""
    result = convert(source, to="torch")
    assert result.complete
    assert "x = sum(self.a(x)[0].chunk(2, dim=-1))" in result.code
    assert "return self.b(x)[1][0].mean(dim=0)" in result.code
    assert "nn.LSTM(8, 8, batch_first=True, bidirectional=True)" in result.code  # not twice as wide
    apart = convert(source.replace('"sum"', "None"), to="torch")
    assert not apart.complete
    inside = source.replace("self.a(x)", "keras.Sequential([self.a])(x)")
    assert "sum(self.a" not in convert(inside, to="torch").code
