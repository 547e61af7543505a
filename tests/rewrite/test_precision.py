"""Models whose numbers are of another type than 32-bit floats."""

from __future__ import annotations

from .rows import flagged, rows, to_tensorflow

_HELPER = '''
def in_precision(dtype, make):
    """The model that `make` builds, with weights and computations of this type."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(dtype)
    try:
        return make()
    finally:
        keras.config.set_dtype_policy(before)
'''
_NET = "net = nn.Sequential(nn.Linear(2, 3))\n"


@rows(
    to_tensorflow(
        """
        import torch
        from torch import nn
        device = torch.device("cpu")
        a = nn.Linear(3, 4).to(device).double()
        b = nn.Linear(3, 4)
        x = torch.zeros(2, 3, dtype=torch.double)
        b.double()
        c = nn.Linear(3, 4).to(torch.float16)
        d = nn.Linear(3, 4).to(device)
        """,
        "import keras\nimport tensorflow as tf\n\n"
        + _HELPER
        + """a = in_precision("float64", lambda: keras.layers.Dense(4))
b = in_precision("float64", lambda: keras.layers.Dense(4))
x = tf.zeros([2, 3], dtype=tf.float64)
c = in_precision("float16", lambda: keras.layers.Dense(4))
d = keras.layers.Dense(4)
""",
    ),
    flagged(_NET + "print(net)\nnet.double()", at="double"),
    flagged(_NET + "def f():\n    net.to(torch.float64)", at="to(torch"),
)
def test_the_type_is_settled_when_a_model_is_built(case):
    case.check()
