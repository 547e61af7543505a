"""What holds for any model: it converts, the result compiles and is stable, and findings lie inside the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .rows import TENSORFLOW, TORCH
from .test_properties import ANY, check

# By the names of the attributes: what is built, and what it makes of `x`.
LAYERS = {
    "torch": {
        "conv": "nn.Conv2d(8, 8, 3, padding=1)",
        "strided": "nn.Conv2d(8, 8, 3, stride=stride, padding=1, groups=groups)",
        "norm": "nn.BatchNorm2d(8)",
        "act": "nn.ReLU(inplace=True)",
        "pool": "nn.MaxPool2d(2, ceil_mode=True)",
        "drop": "nn.Dropout(p)",
        "body": "nn.Sequential(nn.Conv2d(8, 8, 1), nn.Dropout(p), *[nn.GELU() for _ in range(depth)])",
        "blocks": "nn.ModuleList([nn.Conv2d(8, 8, 1) for _ in range(depth)])",
        "table": "nn.ModuleDict({'a': nn.Conv2d(8, 8, 1), 'b': nn.Identity()})",
        "scale": "nn.Parameter(torch.ones(1, 8, 1, 1))",
        "part": "Part(8, stride=stride)",
    },
    "tensorflow": {
        "conv": "keras.layers.Conv2D(8, 3, padding='same', activation='relu')",
        "strided": "keras.layers.Conv2D(8, 3, strides=stride, padding='same')",
        "norm": "keras.layers.BatchNormalization()",
        "act": "keras.layers.ReLU(max_value=6.0)",
        "pool": "keras.layers.AveragePooling2D(2, padding='same')",
        "drop": "keras.layers.Dropout(p)",
        "body": "keras.Sequential([keras.layers.Conv2D(8, 1), keras.layers.Dropout(p)])",
        "blocks": "[keras.layers.Conv2D(8, 1) for _ in range(depth)]",
        "table": "{'a': keras.layers.Conv2D(8, 1), 'b': keras.layers.DepthwiseConv2D(3)}",
        "scale": "self.add_weight(shape=(1, 1, 1, 8), initializer='ones')",
        "part": "Part(8, stride=stride)",
    },
}
USES = {
    "blocks": ["for block in self.blocks:\n    x = block(x)", "x = x + self.blocks[0](x)"],
    "table": ["x = self.table['a'](x)", "for name in ('a', 'b'):\n    x = self.table[name](x)"],
    "scale": ["x = x * self.scale", "x = x + y * self.scale"],
}
PLAIN = ["x = self.{0}(x)", "y = self.{0}(x)", "x = x + self.{0}(x)"]
STEPS = {
    "torch": [
        "x = F.relu(x)",
        "x = torch.cat([x, y], dim=1)",
        "x = x.mean(dim=(2, 3))",
        "x = torch.flatten(x, 1)",
        "x = x.view(x.size(0), -1)",
        "x += y",
        "y = x.permute(0, 2, 3, 1)",
        "xs = [x, y]\nx = torch.stack(xs).sum(0)",
        "n, c, h, w = x.shape\nx = x.reshape(n, c, h * w)",
        "x, y = torch.chunk(x, 2, dim=1)",
    ],
    "tensorflow": [
        "x = tf.nn.relu(x)",
        "x = tf.concat([x, y], axis=-1)",
        "x = tf.reduce_mean(x, axis=[1, 2])",
        "x = keras.layers.Flatten()(x)",
        "x = tf.reshape(x, [tf.shape(x)[0], -1])",
        "x += y",
        "y = tf.transpose(x, [0, 3, 1, 2])",
        "xs = [x, y]\nx = tf.add_n(xs)",
        "n, h, w, c = x.shape\nx = tf.reshape(x, [-1, h * w, c])",
        "x, y = tf.split(x, 2, axis=-1)",
    ],
}
ASKING = ["self.training", "flag", "self.depth > 1", "y is not None", "x.shape[0] == 1"]


@st.composite
def modules(draw: st.DrawFn, side: str, name: str, parts: list[str]) -> str:
    """A class of some layers, and a forward pass with branches and loops."""
    held = draw(st.lists(st.sampled_from(parts), min_size=1, max_size=6, unique=True))
    base, forward = ("nn.Module", "forward") if side == "torch" else ("keras.Model", "call")
    init = ["super().__init__()", "self.depth = depth"]
    init += [f"self.{part} = {LAYERS[side][part]}" for part in held]
    uses = [
        use.format(part)
        for part in held
        for use in draw(st.lists(st.sampled_from(USES.get(part, PLAIN)), min_size=1, max_size=2))
    ]
    uses += draw(st.lists(st.sampled_from(STEPS[side]), max_size=2))
    body: list[str] = ["y = x"]
    for use in uses:
        lines = use.splitlines()
        match draw(st.integers(0, 5)):
            case 0:
                asked = draw(st.sampled_from(ASKING))
                body += [f"if {asked}:", *_in(lines), "else:", "    x = x + 1"]
            case 1:
                body += ["for i in range(self.depth):", *_in(lines)]
            case _:
                body += lines
    result = draw(st.sampled_from(["x", "x, y", "{'x': x}", "[x, y]"]))
    return "\n".join(
        [
            f"class {name}({base}):",
            '    """A part of a model."""' if draw(st.booleans()) else "    kind = 'a'",
            "    def __init__(self, width, stride=1, groups=1, p=0.5, depth=2):",
            *_in(_in(init)),
            "",
            f"    def {forward}(self, x, flag=False):",
            *_in(_in([*body, f"return {result if name == 'Net' else 'x'}"])),
        ]
    )


@st.composite
def files(draw: st.DrawFn, side: str) -> str:
    """A file of two classes, the second of which may use the first, and what builds and calls it."""
    parts = list(LAYERS[side])
    inner = draw(modules(side, "Part", parts[:-1]))
    outer = draw(modules(side, "Net", parts))
    head, image = (
        (TORCH, "torch.zeros(2, 8, 6, 6)")
        if side == "torch"
        else (TENSORFLOW, "tf.zeros([2, 6, 6, 8])")
    )
    calls = draw(
        st.sampled_from(
            ["", f"net = Net(8)\ny = net({image})\n", "nets = [Net(8, 2), Net(8, p=0)]\n"]
        )
    )
    return f"{head}{inner}\n\n\n{outer}\n\n\n{calls}"


@st.composite
def functional(draw: st.DrawFn) -> str:
    """A functional model of Keras, with helpers that build layers."""
    layers = st.sampled_from(
        [
            "keras.layers.Conv2D(width, 3, padding='same')",
            "keras.layers.BatchNormalization()",
            "keras.layers.ReLU()",
            "keras.layers.Dropout(0.5)",
            "keras.layers.SeparableConv2D(width, 3)",
        ]
    )
    steps = draw(st.lists(layers, min_size=1, max_size=4))
    body = [f"x = {layer}(x)" for layer in steps]
    match draw(st.integers(0, 3)):
        case 0:
            body = ["for i in range(count):", *_in(body)]
        case 1:
            body = ["if count > 1:", *_in(body), f"y = {draw(layers)}(x)"]
        case 2:
            body = ["y = x", *body, "x = keras.layers.Add()([x, y])"]
    image = draw(st.sampled_from(["(8, 8, 3)", "(None, None, 3)", "shape"]))
    end = draw(st.sampled_from(["x", "keras.layers.Dense(2)(keras.layers.Flatten()(x))", "[x, x]"]))
    return "\n".join(
        [
            TENSORFLOW,
            "def block(x, width, count=2):",
            *_in([*body, "return x"]),
            "",
            "def make(shape=(8, 8, 3), width=4):",
            f"    inputs = keras.Input({image})",
            "    x = block(inputs, width)",
            f"    x = block(x, {draw(st.sampled_from(['8', 'width * 2', 'x.shape[-1]']))})",
            f"    return keras.Model(inputs, {end})",
            "",
            "model = make()",
            "",
        ]
    )


def _in(lines: list[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


@ANY
@given(files("torch"))
def test_torch_models(source):
    check(source, "tensorflow")


@ANY
@given(files("tensorflow"))
def test_keras_models(source):
    check(source, "torch")


@ANY
@given(functional())
def test_functional_models(source):
    check(source, "torch")


TREE = {
    "torch": """class Tree(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.left = Tree(depth - 1) if depth else None
        self.conv = nn.Conv2d(3, 3, 1)
    def forward(self, x):
        return self.conv(x if self.left is None else self.left(x))
tree = Tree(3)
""",
    "tensorflow": """class Tree(keras.layers.Layer):
    def __init__(self, depth):
        super().__init__()
        self.left = Tree(depth - 1) if depth else None
        self.conv = keras.layers.Conv2D(3, 1)
    def call(self, x):
        return self.conv(x if self.left is None else self.left(x))
tree = Tree(3)
""",
}
ODD = {
    "recursive": TREE,
    "shadowed module": {
        "torch": "x = torch.zeros(2)\ntorch = 3\ny = torch + 1\n",
        "tensorflow": "x = tf.zeros(2)\ntf = 3\ny = tf + 1\n",
    },
    "shadowed function": {
        "torch": "def relu(x):\n    return x\ny = relu(torch.relu(torch.ones(2)))\n",
        "tensorflow": "def relu(x):\n    return x\ny = relu(tf.nn.relu(tf.ones(2)))\n",
    },
    "star": {
        "torch": "from torch import *\nfrom torch.nn import *\ny = ReLU()(ones(2))\n",
        "tensorflow": "from keras.layers import *\ny = ReLU()(tf.ones([2]))\n",
    },
    "Unicode": {
        "torch": "größe = torch.ones(2)\nβ = größe.sum()  # ∑ é\nprint('é', β)\n",
        "tensorflow": "größe = tf.ones([2])\nβ = tf.reduce_sum(größe)  # ∑ é\nprint('é', β)\n",
    },
}


@pytest.mark.parametrize("side", ["torch", "tensorflow"])
@pytest.mark.parametrize("what", ODD)
def test_odd_files(what, side):
    """Also with tabs, with the line ends of Windows, and without the last one."""
    to = "tensorflow" if side == "torch" else "torch"
    text = (TORCH if side == "torch" else TENSORFLOW) + ODD[what][side]
    for source in (text, text.replace("    ", "\t"), text.replace("\n", "\r\n"), text.rstrip("\n")):
        check(source, to)


FLAT_IN_A_LOOP = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3)
    def forward(self, x):
        x = self.conv(x)
        for i in range(2):
            x = x.view(x.size(0), -1)
        return x
"""
LEFT_IN_A_LIST = """class Net(keras.Model):
    def __init__(self, width):
        super().__init__()
        self.parts = []
        for i in range(2):
            self.parts.append(keras.layers.SeparableConv2D(width, 3))
    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x
"""


def test_what_failed_before():
    check(TORCH + FLAT_IN_A_LOOP, "tensorflow")
    check(TENSORFLOW + LEFT_IN_A_LIST, "torch")


@pytest.mark.parametrize("side", ["torch", "tensorflow"])
def test_a_class_of_many_layers(side):
    made, called = (
        ("nn.Linear(8, 8)", "forward") if side == "torch" else ("keras.layers.Dense(8)", "call")
    )
    base = "nn.Module" if side == "torch" else "keras.Model"
    init = [f"        self.layer{n} = {made}" for n in range(500)]
    body = [f"        x = self.layer{n}(x)" for n in range(500)]
    lines = [f"class Net({base}):", "    def __init__(self):", "        super().__init__()", *init]
    lines += [f"    def {called}(self, x):", *body, "        return x", ""]
    head = TORCH if side == "torch" else TENSORFLOW
    check(head + "\n".join(lines), "tensorflow" if side == "torch" else "torch")
