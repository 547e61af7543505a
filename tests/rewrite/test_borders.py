"""Borders that one side makes inside a convolution or pooling and the other in a layer before it."""

from __future__ import annotations

import pytest

from translator import convert
from translator.knowledge.layers.borders import SAME

from .rows import Row, flagged, row, rows, text, to_tensorflow, to_torch

TORCH = "import torch\nfrom torch import nn\nclass N(nn.Module):\n"
KERAS = "import keras\nimport tensorflow as tf\nclass N(keras.Model):\n"


def module(head: str, init: str, method: str, body: str) -> str:
    """A class with these lines in its constructor and its forward pass."""
    made = "".join(f"        {line}\n" for line in text(init).splitlines())
    lines = "".join(f"        {line}\n" for line in text(body).splitlines())
    return (
        f"{head}    def __init__(self, stride=1):\n        super().__init__()\n{made}"
        f"    def {method}(self, x):\n{lines}"
    )


def as_keras(init: str, body: str, keras_init: str, keras_body: str, tf: bool = False) -> list[Row]:
    """The constructor and forward pass of a torch module, and what they become."""
    head = KERAS if tf else KERAS.replace("import tensorflow as tf\n", "")
    source = module(TORCH.removeprefix("import torch\n"), init, "forward", body)
    keras_init = f'self.config = {{"stride": stride}}\n{text(keras_init)}'
    told = "\n    def get_config(self):\n        return dict(self.config)\n"
    return to_tensorflow(source, module(head, keras_init, "call", keras_body) + told)


SAME_PAD = (
    "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n\n"
    + SAME[1].lstrip("\n")
    + "\n\n"
)
CONV = "self.c = nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)"
PAD = "self.c_pad = keras.layers.ZeroPadding2D(1)"
KERAS_CONV = "keras.layers.Conv2D(8, 3, strides=2, use_bias=False)"
BOTH = f"keras.Sequential([\n    keras.layers.ZeroPadding2D(1),\n    {KERAS_CONV},\n])"


@rows(
    as_keras(
        CONV, "return self.c(x)", f"{PAD}\nself.c = {KERAS_CONV}", "return self.c(self.c_pad(x))"
    ),
    as_keras(  # a stride that is not known may be more than one
        "self.c = nn.Conv2d(3, 8, kernel_size=5, stride=stride, padding=(2, 1))",
        "return self.c(x)",
        "self.c_pad = keras.layers.ZeroPadding2D((2, 1))\n"
        "self.c = keras.layers.Conv2D(8, kernel_size=5, strides=stride)",
        "return self.c(self.c_pad(x))",
    ),
    as_keras(  # half of an odd window at stride one is the same
        "self.c = nn.Conv2d(3, 8, 5, padding=2)",
        "return self.c(x)",
        'self.c = keras.layers.Conv2D(8, 5, padding="same")',
        "return self.c(x)",
    ),
    as_keras(  # in a container the border is one layer more
        f"self.s = nn.Sequential({CONV.partition(' = ')[2]}, nn.ReLU())",
        "return self.s(x)",
        f"self.s = {BOTH[:-2]}    keras.layers.ReLU(),\n])",
        "return self.s(x)",
    ),
    as_keras(  # it is called through another name, so that its border goes with it
        f"{CONV}\nself.d = self.c",
        "return self.d(self.c(x))",
        f"self.c = {BOTH}\nself.d = self.c",
        "return self.d(self.c(x))",
    ),
    as_keras(  # the name is taken
        f"{CONV}\nself.c_pad = 1",
        "return self.c(x)",
        f"self.c = {BOTH}\nself.c_pad = 1",
        "return self.c(x)",
    ),
    as_keras(
        "self.p = nn.AvgPool2d(3, 2, padding=1)",
        "return self.p(x)",
        "self.p_pad = keras.layers.ZeroPadding2D(1)\nself.p = keras.layers.AveragePooling2D(3, 2)",
        "return self.p(self.p_pad(x))",
    ),
    as_keras(
        "self.p = nn.MaxPool2d(3, stride=1, padding=1)",
        "return self.p(x)",
        'self.p = keras.layers.MaxPooling2D(3, strides=1, padding="same")',
        "return self.p(x)",
    ),
    as_keras(
        "self.p = nn.MaxPool2d(2, ceil_mode=True)",
        "return self.p(x)",
        'self.p = keras.layers.MaxPooling2D(padding="same")',
        "return self.p(x)",
    ),
    row(
        torch="from torch import nn\na = nn.ZeroPad2d(1), nn.ZeroPad2d((1, 2, 3, 4))\nb = nn.ZeroPad1d((1, 2))",
        tensorflow="import keras\na = keras.layers.ZeroPadding2D(1), keras.layers.ZeroPadding2D(((3, 4), (1, 2)))\n"
        "b = keras.layers.ZeroPadding1D((1, 2))",
    ),
    flagged("n = len(x)\np = nn.MaxPool2d(n, 2, ceil_mode=True)", at="ceil_mode=True"),
    flagged("p = nn.AvgPool2d(3, 2, 1, count_include_pad=False)", at="count_include_pad=False"),
    flagged("p = nn.Conv2d(3, 4, 3, padding='same', padding_mode='reflect')", at="reflect"),
    flagged('p = keras.layers.AveragePooling2D(3, 2, padding="same")', at="same", to="torch"),
    flagged(
        "def f(p):\n    return keras.layers.Conv1D(3, 3, 2, padding=p)", at="padding=p", to="torch"
    ),
    flagged("p = keras.layers.Conv2D(3, 3, data_format='channels_first')", at="first", to="torch"),
)
def test_borders(case):
    case.check()


@rows(
    to_torch(
        f"{KERAS}    def __init__(self, p):\n        super().__init__()\n"
        "        self.c = keras.layers.Conv2D(4, 1, padding=p)\n"
        "        self.d = keras.layers.Conv2D(4, 3, 2, padding=p)\n"
        "    def call(self, x: tf.Tensor):\n        return self.d(self.c(x))\n",
        SAME_PAD + "class N(nn.Module):\n    def __init__(self, p):\n        super().__init__()\n"
        "        self.c = nn.LazyConv2d(4, 1, padding=p)\n"
        '        self.d_pad = SamePad(3, 2) if p.lower() == "same" else nn.Identity()\n'
        "        self.d = nn.Conv2d(4, 4, 3, 2)\n"
        "    def forward(self, x: torch.Tensor):\n        return self.d(self.d_pad(self.c(x)))\n",
    ),
)
def test_a_padding_that_the_program_is_told(case):
    case.check()


@pytest.mark.parametrize("base", ["A", "nn.Module"])
def test_a_border_goes_with_a_layer_that_a_subclass_replaces(base):
    from translator import convert

    source = (
        "from torch import nn\nclass A(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"        {CONV}\n    def forward(self, x):\n        return self.c(x)\n"
        f"class B({base}):\n    def __init__(self):\n        super().__init__()\n"
        "        self.c = nn.Conv2d(3, 8, 7, stride=2, padding=3)\n"
    )
    code = convert(source, to="tensorflow").code
    assert ("self.c_pad" in code) == (base == "nn.Module")


UP = "self.c = nn.ConvTranspose2d(3, 8, 3, 2, 1, 1)"
KERAS_UP = "keras.layers.Conv2DTranspose(8, 3, 2)"
CROP = "keras.layers.Cropping2D(((1, 0), (1, 0)))"


@rows(
    as_keras(
        UP,
        "return self.c(x)",
        f"self.c = {KERAS_UP}\nself.c_crop = {CROP}",
        "return self.c_crop(self.c(x))",
    ),
    as_keras(
        f"self.s = nn.Sequential({UP.partition(' = ')[2]}, nn.Tanh())",
        "return self.s(x)",
        f'self.s = keras.Sequential([\n    {KERAS_UP},\n    {CROP},\n    keras.layers.Activation("tanh"),\n])',
        "return self.s(x)",
    ),
    as_keras(
        "self.c = nn.ConvTranspose2d(3, 8, 4, 2, 1, bias=False)",
        "return self.c(x)",
        'self.c = keras.layers.Conv2DTranspose(8, 4, 2, padding="same", use_bias=False)',
        "return self.c(x)",
    ),
    flagged(
        "c = nn.ConvTranspose2d(3, 8, 3, 2, 0, 1, groups=1)\nd = nn.ConvTranspose2d(3, 8, k)",
        at="8, k)",
    ),
    flagged("c = nn.ConvTranspose2d(4, 8, 3, groups=2)", at="groups=2"),
    flagged("c = nn.Conv2d(4, 8, 3, stride=2, dilation=2)", at="dilation=2"),
)
def test_what_is_cut_off(case):
    case.check()


@rows(
    to_tensorflow(
        "import torch\nimport torch.nn.functional as F\n"
        "def f(x: torch.Tensor, w: torch.Tensor, p):\n"
        "    x = F.max_pool2d(x, 3, stride=2, padding=1)\n"
        "    x = F.max_pool2d(x, 3, 1, 1)\n"
        "    return F.conv2d(x, w, padding=p)\n",
        "import tensorflow as tf\n"
        "def f(x: tf.Tensor, w: tf.Tensor, p):\n"
        "    x = tf.nn.max_pool2d(x, 3, 2, padding=[[0, 0], [1, 1], [1, 1], [0, 0]])\n"
        "    x = tf.nn.max_pool2d(x, 3, 1, padding=[[0, 0], [1, 1], [1, 1], [0, 0]])\n"
        "    return tf.nn.conv2d(x, tf.transpose(w, [2, 3, 1, 0]), 1, [[0, 0], [p, p], [p, p], [0, 0]])\n",
    ),
    # Ones for the batch and the channels fall away.
    to_torch(
        "import tensorflow as tf\n"
        "def f(x: tf.Tensor, w: tf.Tensor, k):\n"
        "    x = tf.nn.max_pool2d(x, [1, 2, 3, 1], [1, k, k, 1], 'VALID')\n"
        "    x = tf.nn.avg_pool(x, 2, [2, 1], 'VALID')\n"
        "    return tf.nn.conv2d(x, w, strides=[1, 1, 1, 1], padding='SAME')\n",
        "import torch\nimport torch.nn.functional as F\n"
        "def f(x: torch.Tensor, w: torch.Tensor, k):\n"
        "    x = F.max_pool2d(x, [2, 3], k)\n"
        "    x = F.avg_pool2d(x, 2, [2, 1])\n"
        '    return F.conv2d(x, w.permute(3, 2, 0, 1), stride=1, padding="same")\n',
    ),
    to_torch(
        "import tensorflow as tf\n"
        "def f(x: tf.Tensor, w: tf.Tensor):\n"
        "    x = tf.nn.max_pool2d(x, 3, 2, padding=[[0, 0], [1, 1], [1, 1], [0, 0]])\n"
        "    return tf.nn.conv2d(x, w, 1, [[0, 0], [2, 2], [1, 1], [0, 0]])\n",
        "import torch\nimport torch.nn.functional as F\n"
        "def f(x: torch.Tensor, w: torch.Tensor):\n"
        "    x = F.max_pool2d(x, 3, 2, padding=1)\n"
        "    return F.conv2d(x, w.permute(3, 2, 0, 1), stride=1, padding=(2, 1))\n",
    ),
    flagged(
        "def f(x):\n    return tf.nn.max_pool2d(x, 3, 2, [[0, 0], [0, 1], [0, 1], [0, 0]])",
        at="max_pool2d",
        to="torch",
    ),
    flagged(
        "def f(x):\n    return tf.nn.avg_pool2d(x, [1, 2, 2, 2], 2, 'VALID')",
        at="avg_pool2d",
        to="torch",
    ),
)
def test_functions(case):
    case.check()


def test_functions_that_pad_to_the_same_size():
    source = "import tensorflow as tf\n\ndef f(x: tf.Tensor, w):\n    return CALL\n"
    for call, wanted in {
        "tf.nn.conv2d(x, w, 2, 'SAME')": "F.conv2d(SamePad(w.shape[:2], 2)(x), w.permute(3, 2, 0, 1), stride=2)",
        "tf.nn.max_pool(x, 2, 2, 'SAME')": 'F.max_pool2d(SamePad(2, 2, value=float("-inf"))(x), 2, 2)',
    }.items():
        result = convert(source.replace("CALL", call), to="torch")
        assert result.complete
        assert wanted in result.code.replace("'", '"')


def test_transposed_convolutions_whose_window_an_attribute_holds():
    result = convert(
        """
import keras
from keras import layers

class Up(keras.Model):
    def __init__(self):
        super().__init__()
        self.window = 4
        self.up = layers.Conv2DTranspose(8, self.window, 2, padding="same")

    def call(self, x):
        return self.up(x)
""",
        to="torch",
    )
    assert result.complete, result.findings
    assert "nn.LazyConvTranspose2d(8, self.window, 2, padding=1)" in result.code
