"""First values: `nn.init` in constructors, in loops over all layers, in functions that are applied."""

from __future__ import annotations

from .rows import flagged, rows, to_tensorflow

NET = """
{head}

class Net({base}):
    def __init__(self, r=0.1):
        super().__init__()
{made}

    def {call}(self, x):
        return self.fc(x)
"""
TOLD = """
    def get_config(self):
        return dict(self.config)
"""
TORCH = "import math\nimport torch\nfrom torch import nn\n"
KERAS = "import math\nimport keras\n"


def init(torch: str, keras: str, head: str = KERAS) -> list:
    """The constructor of a model with a layer `fc`, before and after."""

    def net(text: str, head: str, base: str, call: str) -> str:
        made = "\n".join(f"        {line}".rstrip() for line in text.strip("\n").split("\n"))
        return NET.format(head=head, base=base, made=made, call=call).lstrip("\n")

    keras = f'self.config = {{"r": r}}\n{keras}'
    wanted = net(keras, head, "keras.Model", "call") + TOLD
    return to_tensorflow(net(torch, TORCH, "nn.Module", "forward"), wanted)


FC = "self.fc = nn.Linear(3, 4)\n"


@rows(
    # right behind the constructor: it says so itself
    init(
        FC + "nn.init.normal_(self.fc.weight, std=r)\nnn.init.constant_(self.fc.bias, 0.5)",
        "self.fc = keras.layers.Dense(\n    4,\n"
        "    kernel_initializer=keras.initializers.RandomNormal(stddev=r),\n"
        "    bias_initializer=keras.initializers.Constant(0.5),\n)",
    ),
    init(
        FC + "self.fc.weight.data.uniform_(-0.1, 0.1)\nself.fc.bias.data.zero_()",
        "self.fc = keras.layers.Dense(\n    4,\n"
        "    kernel_initializer=keras.initializers.RandomUniform(-0.1, 0.1),\n"
        '    bias_initializer="zeros",\n)',
    ),
    # what is drawn depends on what the constructor does not see
    init(
        FC + "s = 2 * r\nnn.init.uniform_(self.fc.weight, -s, s)",
        "self.fc = keras.layers.Dense(4)\ns = 2 * r\n"
        "self.fc.kernel_initializer = keras.initializers.RandomUniform(-s, s)",
    ),
    # under a condition, and in a loop over all layers
    init(
        FC + "self.bn = nn.BatchNorm1d(4)\nif r:\n"
        "    nn.init.xavier_normal_(self.fc.weight, gain=nn.init.calculate_gain('tanh'))\n"
        "for m in self.modules():\n"
        "    if isinstance(m, (nn.Conv2d, nn.Linear)):\n"
        "        nn.init.kaiming_normal_(m.weight, mode='fan_out', nonlinearity='relu')\n"
        "        if m.bias is not None:\n"
        "            nn.init.zeros_(m.bias)\n"
        "    elif isinstance(m, nn.BatchNorm1d):\n"
        "        m.weight.data.fill_(1)",
        "self.fc = keras.layers.Dense(4)\n"
        "self.bn = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-05)\n"
        "if r:\n"
        "    self.fc.kernel_initializer = keras.initializers.VarianceScaling(\n"
        "        (5 / 3) ** 2,\n"
        '        "fan_avg",\n'
        '        "untruncated_normal",\n'
        "    )\n"
        "for m in self._flatten_layers():\n"
        "    if isinstance(m, (keras.layers.Conv2D, keras.layers.Dense)):\n"
        "        m.kernel_initializer = keras.initializers.VarianceScaling(\n"
        "            2.0,\n"
        '            "fan_out",\n'
        '            "untruncated_normal",\n'
        "        )\n"
        "        if m.use_bias:\n"
        "            m.bias_initializer = keras.initializers.Zeros()\n"
        "    elif isinstance(m, keras.layers.BatchNormalization):\n"
        "        m.gamma_initializer = keras.initializers.Ones()",
    ),
    # in a loop over the layers of a container, and over some of them
    init(
        "self.fc = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 4))\n"
        "for m in self.fc:\n"
        "    if isinstance(m, nn.Linear):\n"
        "        nn.init.xavier_uniform_(m.weight)\n"
        "for m in (self.fc[0], self.fc[2]):\n"
        "    nn.init.zeros_(m.bias)\n"
        "self.w = nn.Parameter(torch.empty(size=(2, 4)))\nnn.init.ones_(self.w)",
        "self.fc = keras.Sequential([\n"
        "    keras.layers.Dense(4),\n    keras.layers.ReLU(),\n    keras.layers.Dense(4),\n])\n"
        "for m in self.fc.layers:\n"
        "    if isinstance(m, keras.layers.Dense):\n"
        "        m.kernel_initializer = keras.initializers.GlorotUniform()\n"
        "for m in (self.fc.layers[0], self.fc.layers[2]):\n"
        "    m.bias_initializer = keras.initializers.Zeros()\n"
        'self.w = self.add_weight(shape=(2, 4), initializer="ones", name="w")',
    ),
    # parameters of the model's own: the fans of a matrix that is stored as torch stores it are the other way round
    init(
        FC + "self.w = nn.Parameter(torch.empty(3, 4))\n"
        "nn.init.kaiming_uniform_(self.w, a=math.sqrt(5))\n"
        "self.v = nn.Parameter(torch.Tensor(3, 4))\n"
        "self.u = nn.Parameter(nn.init.orthogonal_(torch.empty(4, 4)))\n"
        "if r:\n    nn.init.zeros_(self.v)",
        "self.fc = keras.layers.Dense(4)\n"
        "self.w = self.add_weight(\n    shape=(3, 4),\n"
        '    initializer=keras.initializers.VarianceScaling(1 / 3, "fan_out", "uniform"),\n'
        '    name="w",\n)\n'
        'self.v = self.add_weight(shape=(3, 4), initializer="zeros", name="v")\n'
        'self.u = self.add_weight(shape=(4, 4), initializer="orthogonal", name="u")\n'
        "if r:\n    self.v.assign(keras.initializers.Zeros()(self.v.shape))",
    ),
)  # fmt: skip
def test_constructors(case):
    case.check()


@rows(
    to_tensorflow(
        """
        from torch import nn


        def weights_init(m):
            classname = m.__class__.__name__
            if classname.find("Conv") != -1:
                nn.init.normal_(m.weight, 0.0, 0.02)
            elif "BatchNorm" in classname:
                nn.init.normal_(m.weight, 1.0, 0.02)
                nn.init.zeros_(m.bias)
            elif type(m).__name__ == "Linear" or type(m) is nn.Embedding:
                m.reset = True


        net = nn.Sequential(nn.Linear(3, 4))
        net.apply(weights_init)
        """,
        """
        import keras


        def weights_init(m):
            classname = m.__class__.__name__
            if classname.find("Conv") != -1:
                m.kernel_initializer = keras.initializers.RandomNormal(stddev=0.02)
            elif "BatchNorm" in classname:
                m.gamma_initializer = keras.initializers.RandomNormal(mean=1.0, stddev=0.02)
                m.beta_initializer = keras.initializers.Zeros()
            elif type(m).__name__ == "Dense" or type(m) is keras.layers.Embedding:
                m.reset = True


        net = keras.Sequential([keras.layers.Dense(4)])
        for layer in net._flatten_layers():
            weights_init(layer)
        """,
    ),
    to_tensorflow(
        """
        from torch import nn


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.emb = nn.Embedding(10, 4)
                self.init_weights()
                self.apply(self._init)

            def init_weights(self):
                s = 0.1
                nn.init.uniform_(self.emb.weight, -s, s)
                nn.init.trunc_normal_(self.emb.weight, std=0.02)

            def _init(self, module):
                if isinstance(module, nn.Linear) and module.bias is None:
                    nn.init.orthogonal_(module.weight, nn.init.calculate_gain("relu"))

            def forward(self, x):
                return self.emb(x)
        """,
        """
        import math

        import keras


        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.emb = keras.layers.Embedding(10, 4)
                self.init_weights()
                for layer in self._flatten_layers():
                    self._init(layer)

            def init_weights(self):
                s = 0.1
                self.emb.embeddings_initializer = keras.initializers.RandomUniform(-s, s)
                self.emb.embeddings_initializer = keras.initializers.RandomNormal(stddev=0.02)

            def _init(self, module):
                if isinstance(module, keras.layers.Dense) and not module.use_bias:
                    module.kernel_initializer = keras.initializers.Orthogonal(gain=math.sqrt(2))

            def call(self, x):
                return self.emb(x)
        """,
    ),
    # behind the first call the weights are there: they are set
    to_tensorflow(
        """
        import torch
        from torch import nn

        net = nn.Linear(3, 4)
        y = net(torch.ones(2, 3))
        nn.init.ones_(net.weight)
        """,
        """
        import keras
        import tensorflow as tf

        net = keras.layers.Dense(4)
        y = net(tf.ones([2, 3]))
        net.kernel.assign(keras.initializers.Ones()(net.kernel.shape))
        """,
    ),
)
def test_functions(case):
    case.check()


@rows(
    flagged("def f(m):\n    nn.init.zeros_(m.weight)", at="zeros_"),
    flagged("l = nn.Linear(3, 4)\nnn.init.trunc_normal_(l.weight, std=1.5)", at="trunc_normal_"),
    flagged("l = nn.Linear(3, 4)\nnn.init.kaiming_normal_(l.weight, nonlinearity=input())", at="kaiming"),
    flagged("l = nn.Linear(3, 4)\nnn.init.dirac_(l.weight)", at="dirac_"),
    flagged(
        "class N(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.w = nn.Parameter(torch.zeros(2, 3, 4))\n"
        "        if input():\n            nn.init.orthogonal_(self.w)",
        at="orthogonal_",
    ),
    flagged("def f(m):\n    return 'Pool' == m.__class__.__name__, 'Linear' in type(m).__name__ + 'x'"
            "\n\ndef g(m):\n    if type(m).__name__ == 'Transformer':\n        return m.weight_hh", at="Transformer"),
)  # fmt: skip
def test_what_is_left(case):
    case.check()
