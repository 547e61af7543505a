"""What a conversion wrote is converted back: the classes that it wrote beside the calls stand for what they were for."""

from __future__ import annotations

import textwrap

import pytest

from translator import Code, Severity, convert
from translator.knowledge.written import written
from translator.source.read import read
from translator.source.written import stands_for

from .rows import TENSORFLOW, TORCH, sound

OTHER = {"torch": "tensorflow", "tensorflow": "torch"}
IMPORTS = {"torch": TORCH, "tensorflow": TENSORFLOW}


def back(body: str, side: str, exact: bool = False) -> tuple[str, str]:
    """A program of one side on the other side, and back again; complete both times."""
    source = IMPORTS[side] + textwrap.dedent(body).lstrip("\n")
    there = convert(source, to=OTHER[side], exact=exact)
    assert there.complete, there.code
    again = convert(there.code, to=side)
    sound(there.code, again)
    left = [f.message for f in again.findings if f.severity is Severity.TODO]
    assert not left, again.code
    return there.code, again.code


KERAS = """
class Net(keras.Model):
    def __init__(self, width=None):
        super().__init__()
        self.layer = {layer}

    def call(self, x):
        return self.layer(x)
"""


@pytest.mark.parametrize(
    ("layer", "there", "again"),
    [
        (
            'keras.layers.Conv2D(4, 3, strides=2, padding="same")',
            "self.layer_pad = SamePad(3, 2)",
            "self.layer_pad = SamePadding(3, 2)",
        ),
        (
            'keras.layers.MaxPooling2D(3, 2, padding="same")',
            'SamePad(3, 2, value=float("-inf"))',
            'SamePadding(3, 2, value=float("-inf"))',
        ),
        (
            "keras.layers.Cropping2D(((0, 1), (2, 3)))",
            "Cropping((2, 3, 0, 1))",
            "self.layer = keras.layers.Cropping2D(((0, 1), (2, 3)))",
        ),
        (
            "keras.layers.LayerNormalization()",
            "LazyLayerNorm(eps=0.001)",
            "self.layer = keras.layers.LayerNormalization(epsilon=0.001)",
        ),
        (
            "keras.layers.DepthwiseConv2D(3, depth_multiplier=2, use_bias=False)",
            "LazyDepthwiseConv2d(3, bias=False, depth_multiplier=2)",
            "self.layer = keras.layers.DepthwiseConv2D(3, depth_multiplier=2, use_bias=False)",
        ),
        (
            "keras.layers.DepthwiseConv2D(3, (2, 2), use_bias=False)",
            "LazyDepthwiseConv2d(3, stride=(2, 2), bias=False)",
            "self.layer = keras.layers.DepthwiseConv2D(3, strides=(2, 2), use_bias=False)",
        ),
        (
            "keras.layers.LSTM(4, return_sequences=True)",
            "one_bias(LazyLSTM(4, batch_first=True))",
            "self.layer = keras.layers.LSTM(4, return_sequences=True)",
        ),
        (
            "keras.layers.GRU(4)",
            "LazyGRU(4, batch_first=True)",
            "self.layer = keras.layers.GRU(4, return_sequences=True)",
        ),
    ],
)
def test_layers_of_keras(layer, there, again):
    written, returned = back(KERAS.format(layer=layer), "tensorflow")
    assert there in written
    assert again in returned
    assert "Lazy" not in returned


PYTORCH = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = {layer}

    def forward(self, x: torch.Tensor):
        return {call}
"""


@pytest.mark.parametrize(
    ("layer", "call", "there", "again"),
    [
        (
            "nn.MaxPool2d(3, 2, padding=1)",
            "self.layer(x)",
            "LowestPadding(1)",
            'self.layer_pad = nn.ConstantPad2d(1, float("-inf"))',
        ),
        (
            "nn.ReflectionPad2d((1, 2, 3, 4))",
            "self.layer(x)",
            "ReflectionPadding(((3, 4), (1, 2)))",
            "self.layer = nn.ReflectionPad2d((1, 2, 3, 4))",
        ),
        (
            "nn.ReplicationPad2d(1)",
            "self.layer(x)",
            "ReplicationPadding(1)",
            "nn.ReplicationPad2d(1)",
        ),
        (
            "nn.ConstantPad2d(2, 3.5)",
            "self.layer(x)",
            "ConstantPadding(2, 3.5)",
            "nn.ConstantPad2d(2, 3.5)",
        ),
        (
            "nn.LSTM(3, 4, batch_first=True)",
            "self.layer(x)[0]",
            "TwoBiasLSTM(4, return_sequences=True)",
            "self.layer = nn.LSTM(3, 4, batch_first=True)",
        ),
        (
            "nn.RNN(3, 4, batch_first=True)",
            "self.layer(x)[0]",
            "TwoBiasSimpleRNN(4, return_sequences=True)",
            "self.layer = nn.RNN(3, 4, batch_first=True)",
        ),
    ],
)
def test_layers_of_torch(layer, call, there, again):
    shape = "2, 5, 3" if "(3, 4" in layer and "Pad" not in layer else "2, 3, 8, 8"
    used = f"\nnet = Net()\nnet.eval()\ny = net(torch.ones({shape}))\n"
    written, returned = back(PYTORCH.format(layer=layer, call=call) + used, "torch")
    assert there in written
    assert again in returned
    assert "TwoBias" not in returned and "one_bias" not in returned


def test_lists_of_layers_in_lists():
    """Keras tracks lists at any depth; torch has a class for each."""
    body = """
    class Net(nn.Module):
        def __init__(self, depth):
            super().__init__()
            self.blocks = nn.ModuleList([])
            self.pairs = nn.ModuleList([nn.ModuleList([nn.Linear(4, 4), nn.ReLU()]) for _ in range(depth)])
            for _ in range(depth):
                self.blocks.append(nn.ModuleList([nn.LayerNorm(4), nn.Linear(4, 4)]))

        def forward(self, x):
            for norm, linear in self.blocks:
                x = x + linear(norm(x))
            for linear, act in self.pairs:
                x = act(linear(x))
            return x

    y = Net(2)(torch.ones(2, 4))
    """
    there, again = back(body, "torch")
    assert "self.blocks.append([" in there
    assert "self.blocks.append(nn.ModuleList([" in again
    assert "nn.ModuleList([nn.Linear(4, 4), nn.ReLU()])" in again


def test_a_list_that_is_put_in_by_name_is_left():
    source = TENSORFLOW + textwrap.dedent("""
    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            pair = [keras.layers.Dense(4)]
            self.blocks = []
            self.blocks.append(pair)

        def call(self, x):
            for (dense,) in self.blocks:
                x = dense(x)
            return x
    """)
    result = convert(source, to="torch")
    assert not result.complete
    assert "        self.blocks.append(pair)" in result.code


def test_exact_optimizers():
    body = """
    net = nn.Linear(2, 3)
    optimizer = optim.Adam(net.parameters(), lr=0.01)
    loss = net(torch.ones(1, 2)).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    """
    _, again = back(body, "torch", exact=True)
    assert "optimizer = torch.optim.Adam(net.parameters(), lr=0.01)" in again


@pytest.mark.parametrize("side", ["torch", "tensorflow"])
def test_what_is_written_is_known_again(side):
    for name, found in written(side).items():
        tree = read(found.code)
        (node,) = tree.body
        assert stands_for(node, side) == f"translator.{name}"
        compile(found.code, name, "exec")


def test_a_transformer():
    """The class is known with the parts that it is made of."""
    body = """
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.TransformerEncoderLayer(8, 2, batch_first=True)

        def forward(self, x):
            return self.layer(x)

    net = Net()
    net.eval()
    y = net(torch.ones(2, 5, 8))
    """
    there, again = back(body, "torch")
    assert "class MaskedAttention(" in there
    assert "self.layer = nn.TransformerEncoderLayer(8, 2, batch_first=True)" in again
    assert "class " not in again.replace("class Net(nn.Module)", "")


def test_a_class_from_which_others_are_derived_stays_code():
    source = TENSORFLOW + KERAS.format(layer='keras.layers.Conv2D(4, 3, strides=2, padding="same")')
    there = convert(source, to="torch").code + "\n\nclass Wider(SamePad):\n    pass\n"
    assert "class SamePad(" in convert(there, to="tensorflow").code


def test_files_that_are_fetched():
    source = TENSORFLOW + 'path = keras.utils.get_file("a.h5", "https://x/a.h5", file_hash="0")\n'
    there = convert(source, to="torch")
    again = convert(there.code, to="tensorflow")
    assert again.complete
    line = 'path = keras.utils.get_file("a.h5", "https://x/a.h5", file_hash="0")\n'
    assert again.code.endswith(line)


def test_first_values_that_are_set_beside_the_layer():
    body = """
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.a = nn.Linear(3, 4)
            self.start()

        def start(self):
            nn.init.orthogonal_(self.a.weight, 0.5)
            nn.init.zeros_(self.a.bias)

        def forward(self, x):
            return self.a(x)

    y = Net()(torch.ones(2, 3))
    """
    there, again = back(body, "torch")
    assert "self.a.kernel_initializer = keras.initializers.Orthogonal(gain=0.5)" in there
    assert "nn.init.orthogonal_(self.a.weight, 0.5)" in again
    assert "nn.init.zeros_(self.a.bias)" in again


def test_what_was_changed_is_code_like_any_other():
    source = TENSORFLOW + KERAS.format(layer='keras.layers.Conv2D(4, 3, strides=2, padding="same")')
    there = convert(source, to="torch").code
    again = convert(there.replace("total // 2, total", "total // 3, total"), to="tensorflow")
    assert "class SamePad(" in again.code
    assert any(f.code is Code.UNSUPPORTED_ARGUMENT for f in again.findings)


def test_a_layer_is_built_for_as_many_axes_as_its_name_says():
    source = TORCH + "bn = nn.BatchNorm2d(8)\nprint(bn.weight)\ny = bn(torch.ones(2, 8, 4, 4))\n"
    assert "bn.build((None, None, None, 8))" in convert(source, to="tensorflow").code
