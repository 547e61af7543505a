"""Parameters of modules: tracked on both sides, with the same first values."""

from __future__ import annotations

from translator import Code

from .rows import flagged, rows, text, to_tensorflow, to_torch, unless_flagged


def module(line: str) -> str:
    """A torch module with one line in its constructor."""
    lines = "".join(f"        {part}\n" for part in line.splitlines())
    return f"import torch\nfrom torch import nn\nclass N(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n{lines}"


def model(line: str, imports: str = "import keras\n") -> str:
    """A Keras model with one line in its constructor."""
    lines = "".join(f"        {part}\n" for part in line.splitlines())
    return f"{imports}class N(keras.Model):\n    def __init__(self, n):\n        super().__init__()\n{lines}"


BOTH = "import keras\nimport tensorflow as tf\n"


@rows(
    to_tensorflow(module("self.w = nn.Parameter(torch.zeros(n, 3))"),
        model('self.w = self.add_weight(shape=(n, 3), initializer="zeros", name="w")')),
    to_tensorflow(module("self.w = nn.Parameter(torch.ones(3))"),
        model('self.w = self.add_weight(shape=(3,), initializer="ones", name="w")')),
    to_tensorflow(module("self.w = nn.Parameter(torch.tensor([[0.5]]))"),
        model('self.w = self.add_weight(\n    shape=(1, 1),\n    initializer=keras.initializers.Constant(0.5),\n    name="w",\n)')),
    to_tensorflow(module("self.w = nn.Parameter(torch.zeros(3), requires_grad=False)"),
        model('self.w = self.add_weight(shape=(3,), initializer="zeros", name="w", trainable=False)')),
    to_tensorflow(module("self.w = nn.Parameter(torch.tensor([1.0, 2.0]))"),
        model('self.w = keras.Variable(tf.constant([1.0, 2.0]), name="w")', BOTH)),
    to_tensorflow(module("self.w = torch.nn.Parameter(torch.randn(n))"),
        model('self.w = self.add_weight(\n    shape=(n,),\n    initializer=keras.initializers.RandomNormal(stddev=1.0),\n    name="w",\n)')),
    # A draw is told its numbers by place or by name.
    to_tensorflow(module("self.w = nn.Parameter(torch.empty(3).normal_(std=0.02))"),
        model('self.w = self.add_weight(\n    shape=(3,),\n    initializer=keras.initializers.RandomNormal(stddev=0.02),\n    name="w",\n)')),
    to_tensorflow(module("self.w = nn.Parameter(torch.empty(3).normal_(0.5))"),
        model('self.w = self.add_weight(\n    shape=(3,),\n'
            '    initializer=keras.initializers.RandomNormal(mean=0.5, stddev=1.0),\n    name="w",\n)')),
    to_tensorflow(module("w = torch.empty(3).normal_(std=2.0, mean=n)\nu = torch.empty(3).uniform_(to=n)"),
        model("w = tf.random.normal([3], n, 2.0)\nu = tf.random.uniform([3], 0.0, n)", BOTH)),
    flagged(module("w = torch.empty(3).normal_(generator=n)"), at="generator"),
    to_tensorflow(module("self.fc = nn.Linear(n, n)\nself.w = nn.Parameter(1e-6 * torch.ones(n), requires_grad=True)"),
        model('self.fc = keras.layers.Dense(n)\nself.w = self.add_weight(\n    shape=(n,),\n'
            '    initializer=keras.initializers.Constant(1e-6),\n    name="w",\n)').replace(
            "        self.fc", '        self.config = {"n": n}\n        self.fc') + "\n    def get_config(self):\n        return dict(self.config)\n"),
    to_tensorflow(module("self.w = nn.Parameter(torch.full((2, 1), 0.5))"),
        model('self.w = self.add_weight(\n    shape=(2, 1),\n    initializer=keras.initializers.Constant(0.5),\n    name="w",\n)')),
    # a tensor is no number
    to_tensorflow(module("self.w = nn.Parameter(n * torch.ones(3))"),
        model('self.w = keras.Variable(n * tf.ones([3]), name="w")', BOTH)),
    to_tensorflow("import torch\nw = torch.nn.Parameter(torch.zeros(3))", "import tensorflow as tf\nw = tf.Variable(tf.zeros([3]))"),
    to_tensorflow("import torch\nw = torch.zeros(3, requires_grad=True)", "import tensorflow as tf\nw = tf.Variable(tf.zeros([3]))"),
    to_tensorflow("import torch\nw = torch.tensor([1.0], requires_grad=True)", "import tensorflow as tf\nw = tf.Variable([1.0])"),
    to_tensorflow("import torch\nfrom torch.autograd import Variable\nx = Variable(torch.ones(2))\nw = Variable(torch.ones(2), requires_grad=True)",
        "import tensorflow as tf\nx = tf.ones([2])\nw = tf.Variable(tf.ones([2]))"),
    to_torch(model('self.w = self.add_weight(shape=(n, 3), initializer="zeros", name="w")'),
        module("self.w = nn.Parameter(torch.zeros(n, 3))")),
    to_torch(model('self.w = self.add_weight(shape=(3,), initializer="ones", trainable=False)'),
        module('self.register_buffer("w", torch.ones(3))')),
    # What nothing trains is a buffer, unless the attribute is something else at other times.
    to_torch(model("if n:\n    self.w = tf.Variable(tf.ones([n]), trainable=False)\nelse:\n    self.w = None", BOTH),
        module('if n:\n    self.register_buffer("w", torch.ones(n))\nelse:\n    self.register_buffer("w", None)')),
    to_torch(model("self.w = tf.Variable(tf.ones([n]), trainable=False)\nself.w = tf.Variable(tf.ones([n]))", BOTH),
        module("self.w = nn.Parameter(torch.ones(n), requires_grad=False)\nself.w = nn.Parameter(torch.ones(n))")),
    to_torch(model("self.w = tf.Variable([1.0, 2.0])", BOTH), module("self.w = nn.Parameter(torch.tensor([1.0, 2.0]))")),
)  # fmt: skip
def test_parameters(case):
    case.check()


@rows(
    # What Keras is given must be tracked, whichever way it comes into the model.
    unless_flagged(module("self.w = make()") + "    def forward(self, x):\n        return x * self.w\n"
        "def make():\n    return nn.Parameter(torch.zeros(2))\n", without="return tf.Variable("),
    unless_flagged("import torch\nfrom torch import nn\nshared = nn.Parameter(torch.zeros(2))\n"
        "class N(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.w = shared\n",
        without="shared = tf.Variable("),
    unless_flagged("import torch\nfrom torch import nn\nclass N(nn.Module):\n    def __init__(self, w):\n"
        "        super().__init__()\n        self.w = w\nn = N(nn.Parameter(torch.zeros(2)))\n",
        without="N(tf.Variable("),
    unless_flagged(module("self.w = nn.Parameter(torch.zeros(2))") + "net = N(1)\nnet.w = nn.Parameter(torch.ones(2))\n",
        without="net.w = tf.Variable("),
    # A plain tensor is no parameter in torch and must not become one.
    to_tensorflow(module("self.w = torch.zeros(3)"), model("self.w = tf.zeros([3])", BOTH)),
    # tf.Variable(trainable=False) of a tf.Module is saved with it: a buffer.
    unless_flagged("class M(tf.Module):\n    def __init__(self):\n        super().__init__()\n        self.b = tf.Variable(0.0, trainable=False)\n"
        "    def step(self):\n        self.b.assign_add(1.0)", without="self.b = torch.tensor(0.0)\n", to="torch"),
    unless_flagged(module('self.register_parameter("p", nn.Parameter(torch.zeros(3)))'), without="self.register_parameter("),
    unless_flagged(module("self.ps = nn.ParameterList([nn.Parameter(torch.zeros(3))])"), without="self.ps = keras"),
    unless_flagged(module("self.w = nn.Parameter(torch.zeros(n))\nself.w.data.fill_(3)"), without="self.w.fill_"),
)  # fmt: skip
def test_tracking(case):
    case.check()


@rows(
    to_tensorflow(
        text(
            """
            import torch
            from torch import nn
            class N(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.a, self.b = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.ones(1))
                    c = nn.Parameter(torch.zeros(1))
                    self.c = c
            """
        ),
        text(
            """
            import keras
            class N(keras.Model):
                def __init__(self, **kwargs):
                    super().__init__(**kwargs)
                    self.a, self.b = self.add_weight(shape=(1,), initializer="zeros"), self.add_weight(shape=(1,), initializer="ones")
                    c = self.add_weight(shape=(1,), initializer="zeros")
                    self.c = c
            """
        ),
    ),
    # Keras makes the variables at the first call: a layer that was not called yet is built for them.
    to_tensorflow(
        "from torch import nn\nlayer = nn.Linear(2, 3)\nfor p in layer.parameters():\n    print(p.shape)",
        "import keras\nlayer = keras.layers.Dense(3)\nlayer.build((None, 2))\nfor p in layer.trainable_variables:\n    print(p.shape)",
    ),
    to_tensorflow(
        "from torch import nn\nlayer = nn.Linear(2, 3)\nw, b = layer.parameters()\nprint(layer.bias, w)",
        "import keras\nlayer = keras.layers.Dense(3)\nlayer.build((None, 2))\nw, b = layer.trainable_variables\nprint(layer.bias, w)",
    ),
)  # fmt: skip
def test_several_at_once(case):
    case.check()


@rows(
    to_torch(
        """
        import keras
        import numpy as np
        m = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, use_bias=False), keras.layers.ReLU(), keras.layers.Dense(1)])
        before = m.get_weights()
        kernel, bias = m.layers[-1].get_weights()
        # from outside
        m.layers[0].set_weights([np.ones((2, 3))])
        m.set_weights(before)
        twin = keras.layers.Dense(1)
        twin.build((None, 3))
        twin.set_weights(m.layers[-1].get_weights())
        m.save_weights("m.weights.h5")
        m.load_weights("m.weights.h5")  # again
        """,
        """
        import copy

        import numpy as np
        import torch
        from torch import nn
        m = nn.Sequential(nn.Linear(2, 3, bias=False), nn.ReLU(), nn.Linear(3, 1))
        before = copy.deepcopy(m.state_dict())
        kernel, bias = [
            m[2].weight.permute(1, 0).detach().numpy().copy(),
            m[2].bias.detach().numpy().copy(),
        ]
        # from outside
        with torch.no_grad():
            m[0].weight.copy_(torch.as_tensor(np.ones((2, 3))).permute(1, 0))
        m.load_state_dict(before)
        twin = nn.Linear(3, 1)
        twin.load_state_dict(m[2].state_dict())
        torch.save(m.state_dict(), "m.weights.h5")
        m.load_state_dict(torch.load("m.weights.h5"))  # again
        """,
        codes=(Code.FILES,),
    ),
    *(
        flagged(f"m = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, use_bias=bool(input()))])\n{line}", at="m.", to="torch")
        for line in ("print(m.get_weights())", "m.set_weights([1, 2])", "m.set_weights(print())", "m.save_weights('m', 3, 4)")
    ),
)  # fmt: skip
def test_weights_as_arrays(case):
    case.check()


@rows(
    to_torch(
        """
        import keras
        mean = keras.metrics.Mean(name="loss")
        mean.reset_state()
        mean.update_state(3.0)
        mean(4.0)
        print(mean.result().numpy(), float(mean.result()))
        """,
        """
        import torch


        class Mean:
            \"\"\"The mean of all values since the last reset; each sample counts once.\"\"\"

            def __init__(self):
                self.reset_state()

            def reset_state(self):
                self.total, self.count = 0.0, 0.0

            def update_state(self, values, sample_weight=None):
                values = torch.as_tensor(values, dtype=torch.get_default_dtype()).detach()
                weight = torch.ones_like(values)
                if sample_weight is not None:
                    weight = torch.as_tensor(sample_weight, dtype=values.dtype)
                    if weight.dim() < values.dim():
                        values = values.flatten(weight.dim()).mean(-1)
                share = len(values) / values.numel() if values.dim() else 1.0
                self.total += share * (weight * values).sum().item()
                self.count += share * weight.expand_as(values).sum().item()

            def result(self):
                return torch.tensor(self.total / self.count if self.count else 0.0)

            def __call__(self, *values, **options):
                self.update_state(*values, **options)
                return self.result()


        mean = Mean()
        mean.reset_state()
        mean.update_state(3.0)
        mean(4.0)
        print(mean.result().item(), float(mean.result()))
        """,
    ),
    flagged("mean = keras.metrics.Mean(dtype='float64')", at="float64", to="torch"),
    flagged("iou = keras.metrics.IoU(2, [0])", at="IoU", to="torch"),
    flagged("mean = keras.metrics.Mean()\nprint(mean.total)", at="total", to="torch"),
)  # fmt: skip
def test_running_means(case):
    case.check()
