"""Tensors as indices, and tensors that are written to in parts."""

from __future__ import annotations

from translator import convert

from .rows import flagged, rows, to_tensorflow, to_torch

HEAD = "import torch\n\n"
THERE = "import tensorflow as tf\n\n"


def function(body: str) -> str:
    """A function of a tensor of two axes, places along them, and a mask."""
    made = "x = torch.zeros(3, 4)\nplaces = torch.argsort(x[0])\nmask = x > 0"
    return HEAD + f"{made}\n{body}\n"


def there(body: str) -> str:
    made = "x = tf.zeros([3, 4])\nplaces = tf.argsort(x[0])\nmask = x > 0"
    return THERE + f"{made}\n{body}\n"


def both(torch: str, tensorflow: str) -> list[object]:
    return [*to_tensorflow(function(torch), there(tensorflow))]


@rows(
    both("y = x[places]", "y = tf.gather(x, places)"),
    both("y = x[:, places]", "y = tf.gather(x, places, axis=1)"),
    both("y = x[..., places]", "y = tf.gather(x, places, axis=-1)"),
    both("y = x[None, places]", "y = tf.gather(x[None], places, axis=1)"),
    both("y = x[1:, places]", "y = tf.gather(x[1:], places, axis=1)"),
    both("y = x[0, places]", "y = tf.gather(x[0], places)"),
    both("y = x[[0, 2]]", "y = tf.gather(x, [0, 2])"),
    both("y = x[mask]", "y = x[mask]"),
    both("y = x[:, mask[0]]", "y = tf.boolean_mask(x, mask[0], axis=1)"),
    both("y = x[torch.arange(3), places[:3]]", "y = tf.gather(x, places[:3], batch_dims=1)"),
    both("y = x[0, 1:], x[-1, None]", "y = x[0, 1:], x[-1, None]"),
    both("x[mask] = 0.5", "x = tf.where(mask, 0.5, x)"),
    both("x[mask] *= 2.0", "x = tf.where(mask, x * 2.0, x)"),
)
def test_indexing(case):
    case.check()


@rows(
    flagged("x = torch.zeros(3, 4, 4)\ni = torch.arange(4)\ny = x[:, i, i]", at="x[:, i, i]"),
    flagged(
        "x = torch.zeros(3)\nfor i in range(3):\n    y = x[1:]\n    x[i] = 1\n    print(y)",
        at="x[i]",
    ),
)
def test_left(case):
    case.check()


def test_slices_are_written_by_a_helper():
    body = "x[:, 0::2] = 1\nx[0] += 2\ny = x.view(12)"
    code = convert(function(body), to="tensorflow").code
    assert "x = placed(x, lambda part: part[:, 0::2], 1)" in code
    assert "x = placed(x, lambda part: part[0], x[0] + 2)" in code
    assert code.count("def placed(") == 1


def test_a_range_of_whole_numbers_beside_a_real_one():
    source = (
        HEAD + "import math\n\n\ndef rates(n):\n    return torch.arange(n) * (math.log(3.0) / n)\n"
    )
    code = convert(source, to="tensorflow").code
    expected = "tf.range(n, dtype=tf.float32) * (math.log(3.0) / n)"
    assert expected in code


def test_a_type_in_a_variable_stays_one():
    source = (
        HEAD + "def half(x: torch.Tensor, dtype=torch.float32):\n    return x.type(dtype) / 2\n"
    )
    assert "tf.cast(x, dtype) / 2" in convert(source, to="tensorflow").code


def test_whole_numbers_divided_by_something_unknown():
    source = HEAD + "def steps(n, m):\n    return torch.arange(n) / m\n"
    assert "tf.range(n, dtype=tf.float32) / m" in convert(source, to="tensorflow").code


def test_a_grid_of_a_list():
    source = (
        HEAD
        + "a = torch.arange(3)\ny, x = torch.meshgrid([a, a])\nz = torch.stack(torch.meshgrid(a, a, indexing='xy'))\n"
    )
    code = convert(source, to="tensorflow").code
    assert 'y, x = tf.meshgrid(a, a, indexing="ij")' in code
    assert "tf.stack(tf.meshgrid(a, a))" in code


def test_whole_numbers_of_names():
    source = (
        HEAD
        + "def f(n):\n    return torch.arange(n) * torch.tensor([2 * n - 1, 1]), torch.tensor([n, 1])\n"
    )
    code = convert(source, to="tensorflow").code
    assert "tf.constant([2 * n - 1, 1], dtype=tf.int64), tf.constant([n, 1])" in code


def test_a_layer_that_may_be_asked_for():
    source = "from torch import nn\n\n\ndef head(size, count=None):\n    return nn.Linear(size, count) if count is not None else None\n"
    assert convert(source, to="tensorflow").complete


def keras_net(body: str) -> str:
    return (
        "import keras\nimport tensorflow as tf\n\n"
        "class Net(keras.Model):\n    def __init__(self, d):\n        super().__init__()\n        self.d = d\n"
        "        self.c = keras.layers.Conv2D(4, 3)\n    def call(self, x):\n        x = self.c(x)\n"
        f"        {body}\n        return self.c(x)\n\ny = Net(2)(tf.ones([1, 9, 9, 4]))\n"
    )


def torch_net(body: str) -> str:
    return (
        "import torch\nfrom torch import nn\n\n"
        "class Net(nn.Module):\n    def __init__(self, d):\n        super().__init__()\n        self.d = d\n"
        "        self.c = nn.Conv2d(4, 4, 3)\n    def forward(self, x):\n        x = self.c(x)\n"
        f"        {body}\n        return self.c(x)\n\ny = Net(2)(torch.ones(1, 9, 9, 4).permute(0, 3, 1, 2))\n"
    )


@rows(
    # An ellipsis stands for whole axes, so that ranges behind it can be written in the other order.
    to_torch(
        keras_net("x = tf.concat([x[..., : self.d], x[..., self.d :]], -1)"),
        torch_net("x = torch.cat([x[:, : self.d], x[:, self.d :]], 1)"),
    ),
    to_torch(keras_net("x = x[:, 1:, ..., :4]"), torch_net("x = x[:, :4, 1:]")),
    # A tensor of ones along all axes but the first is the same in both orders, whatever made it.
    to_torch(
        keras_net(
            "m = tf.zeros([tf.shape(x)[0], 1, 1, 1]); x = x * tf.random.uniform(tf.shape(m))"
        ),
        torch_net(
            "m = torch.zeros(x.shape[0], 1, 1, 1, device=x.device); x = x * torch.rand(m.shape, device=x.device)"
        ),
    ),
)
def test_ranges_and_shapes_behind_a_convolution(case):
    case.check()
