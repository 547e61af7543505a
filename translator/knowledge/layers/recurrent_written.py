"""Classes and functions that are written around recurrent layers, for what neither framework has by itself."""

from __future__ import annotations

from translator.knowledge.layers.recurrent import ONE_BIAS

_STACK = '''
class RecurrentStack(keras.layers.Layer):
    """Recurrent layers, one after the other; states come and go as (layers, batch, units), or as a tuple of such."""

    def __init__(self, layers, dropout=0.0, time_major=False):
        super().__init__()
        self.layers = layers
        self.dropout = keras.layers.Dropout(dropout)
        self.time_major = time_major

    def call(self, inputs, initial_state=None):
        outputs = tf.transpose(inputs, [1, 0, 2]) if self.time_major else inputs
        starts = [None] * len(self.layers)
        if initial_state is not None:
            kinds = initial_state if isinstance(initial_state, (list, tuple)) else [initial_state]
            flat = [state for states in zip(*map(tf.unstack, kinds)) for state in states]
            size = len(flat) // len(self.layers)
            starts = [flat[i * size : (i + 1) * size] for i in range(len(self.layers))]
        states = []
        for i, layer in enumerate(self.layers):
            if i > 0:
                outputs = self.dropout(outputs)
            outputs, *new = layer(outputs, initial_state=starts[i])
            both = isinstance(layer, keras.layers.Bidirectional)
            half = len(new) // 2 if both else len(new)
            states += [new[:half], new[half:]] if both else [new]
        if self.time_major:
            outputs = tf.transpose(outputs, [1, 0, 2])
        last = tuple(tf.stack(kind) for kind in zip(*states))
        return outputs, last if len(last) > 1 else last[0]
'''

_ALL_STEPS = '''
class AllSteps(nn.Module):
    """The outputs of a recurrent layer at all steps, without its states."""

    def forward(self, results):
        return results[0]
'''

_LAST_STEP = '''
class LastStep(nn.Module):
    """The output of a recurrent layer at its last step."""

    def forward(self, results):
        return results[0][:, -1]
'''

_LAST_STATES = '''
class LastStates(nn.Module):
    """The last outputs of both directions of a recurrent layer, side by side."""

    def forward(self, results):
        states = results[1]
        hidden = states[0] if isinstance(states, tuple) else states
        return torch.cat((hidden[0], hidden[1]), dim=-1)
'''

_LAZY = '''
class LazyKIND(nn.modules.lazy.LazyModuleMixin, nn.KIND):
    """A recurrent layer that learns its input size from its first input."""

    cls_to_become = nn.KIND

    def __init__(self, hidden_size, **options):
        super().__init__(1, hidden_size, **options)
        for name in self._lazy_names():
            setattr(self, name, nn.UninitializedParameter())

    def _lazy_names(self):
        return ["weight_ih_l0"] + (["weight_ih_l0_reverse"] if self.bidirectional else [])

    def initialize_parameters(self, inputs, *states):
        self.input_size = inputs.shape[-1]
        if self.has_uninitialized_params():
            bound = self.hidden_size**-0.5
            for name in self._lazy_names():
                getattr(self, name).materialize((len(self.weight_hh_l0), self.input_size))
                nn.init.uniform_(getattr(self, name), -bound, bound)
'''

_TWO_BIAS_CELL = '''
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

_TWO_BIASES = '''
@keras.saving.register_keras_serializable()
class TwoBiasKIND(keras.layers.KIND):
    """Keras's layer around a cell with two biases."""

    def __init__(self, units, **options):
        super().__init__(units, **options)
        self.cell = TwoBiasKINDCell.from_config(self.cell.get_config())
'''

_STEP_DROPOUT = '''
def step_dropout(inputs, rate, training):
    """Dropout that leaves out the same features at every step."""
    return inputs * F.dropout(torch.ones_like(inputs[:, :1]), rate, training)
'''

TEXTS = {
    "RecurrentStack": _STACK,
    "AllSteps": _ALL_STEPS,
    "LastStep": _LAST_STEP,
    "LastStates": _LAST_STATES,
    "one_bias": ONE_BIAS,
    "step_dropout": _STEP_DROPOUT,
    **{f"Lazy{kind}": _LAZY.replace("KIND", kind) for kind in ("LSTM", "GRU", "RNN")},
    **{f"TwoBias{kind}": _TWO_BIASES.replace("KIND", kind) for kind in ("LSTM", "SimpleRNN")},
    **{
        f"TwoBias{kind}Cell": _TWO_BIAS_CELL.replace("KIND", kind) for kind in ("LSTM", "SimpleRNN")
    },
}
