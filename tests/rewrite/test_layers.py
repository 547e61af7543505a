"""Layers and losses: where they go, their activations go with them, and their arguments keep their meaning."""

from __future__ import annotations

from translator import Code, convert

from .rows import TENSORFLOW, flagged, row, rows, to_tensorflow, to_torch, unless_flagged

_NOT_SEEN = "the call is not seen, and the activation is lost in silence"


@rows(
    # An activation inside a Keras layer is applied wherever the layer is called.
    to_torch(
        """
        import keras
        class M(keras.Model):
            def __init__(self):
                super().__init__()
                self.d = keras.layers.Dense(3, activation="relu")
            def call(self, x):
                return self.d(x)
        """,
        """
        import torch.nn.functional as F
        from torch import nn
        class M(nn.Module):
            def __init__(self):
                super().__init__()
                self.d = nn.LazyLinear(3)
            def forward(self, x):
                return F.relu(self.d(x))
        """,
    ),
    to_torch(
        """
        import keras
        def make(n):
            return keras.layers.Dense(n, activation="relu")
        a = make(3)
        b = make(4)
        def f(x):
            return b(a(x))
        """,
        """
        from torch import nn
        def make(n):
            return nn.Sequential(nn.LazyLinear(n), nn.ReLU())
        a = make(3)
        b = make(4)
        def f(x):
            return b(a(x))
        """,
    ),
    to_torch(
        """
        import keras
        a = keras.layers.Dense(3, activation="relu")
        b = a
        def apply(layer, x):
            return layer(x)
        def f(x):
            return apply(a, b(x))
        """,
        """
        import torch.nn.functional as F
        from torch import nn
        a = nn.Linear(3, 3)
        b = a
        def apply(layer, x):
            return F.relu(layer(x))
        def f(x):
            return apply(a, F.relu(b(x)))
        """,
    ),
    to_torch(
        """
        import keras
        layers = {"a": keras.layers.Dense(3, activation="relu")}
        def f(x):
            return layers["a"](x)
        """,
        """
        from torch import nn
        layers = {"a": nn.Sequential(nn.LazyLinear(3), nn.ReLU())}
        def f(x):
            return layers["a"](x)
        """,
    ),
    to_torch(
        """
        import keras
        def f(x):
            x = keras.layers.Dense(3, activation="relu")(x)
            return keras.layers.Dense(3, activation="softmax")(x)
        """,
        """
        import torch
        import torch.nn.functional as F
        from torch import nn
        def f(x):
            x = F.relu(nn.LazyLinear(3)(x))
            return torch.softmax(nn.Linear(3, 3)(x), dim=-1)
        """,
    ),
    to_torch(
        """
        import keras
        if input():
            a = keras.layers.Dense(3, activation="relu")
        else:
            a = keras.layers.Dense(3, activation="tanh")
        b = keras.layers.Dense(3, activation="relu") if input() else keras.layers.Dense(3)
        def f(x):
            return a(x) + b(x)
        """,
        """
        from torch import nn
        if input():
            a = nn.Sequential(nn.LazyLinear(3), nn.ReLU())
        else:
            a = nn.Sequential(nn.LazyLinear(3), nn.Tanh())
        b = nn.Sequential(nn.LazyLinear(3), nn.ReLU()) if input() else nn.LazyLinear(3)
        def f(x):
            return a(x) + b(x)
        """,
    ),
    to_torch(
        """
        import keras
        class A(keras.Model):
            def __init__(self):
                super().__init__()
                self.d = keras.layers.Dense(3, activation="relu")
            def call(self, x):
                return self.d(x)
        class B(A):
            def call(self, x):
                h = self.d
                return h(x) + super().call(x)
        """,
        """
        import torch.nn.functional as F
        from torch import nn
        class A(nn.Module):
            def __init__(self):
                super().__init__()
                self.d = nn.LazyLinear(3)
            def forward(self, x):
                return F.relu(self.d(x))
        class B(A):
            def forward(self, x):
                h = self.d
                return F.relu(h(x)) + super().forward(x)
        """,
    ),
    to_torch(
        """
        import keras
        m = keras.Sequential([
            keras.Input((2,)),
            keras.layers.Dense(3, activation="relu"),
            keras.layers.Dense(1),
        ])
        print(m.layers[0].bias, m.layers[1].bias, m.layers[-1].bias)
        """,
        """
        from torch import nn
        m = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
        print(m[0].bias, m[2].bias, m[2].bias)
        """,
    ),
    flagged("d = keras.layers.Dense(3, activation=lambda t: t * 2)", at="lambda", to="torch"),
)  # fmt: skip
def test_activations(case):
    case.check()


_DENSE = 'keras.layers.Dense(3, activation="relu")'


@rows(
    # Where the calls of a layer cannot all be seen, its activation must not get lost.
    unless_flagged(f"head = {_DENSE}", without="nn.LazyLinear(3)\n", to="torch"),
    unless_flagged(f"def make():\n    return {_DENSE}", without="return nn.LazyLinear(3)\n", to="torch"),
    unless_flagged(f"class N:\n    layer = {_DENSE}", without="layer = nn.LazyLinear(3)\n", to="torch"),
    unless_flagged(f"layer = None\ndef build():\n    global layer\n    layer = {_DENSE}\ndef f(x):\n    return layer(x)",
        without="    return layer(x)", to="torch"),
    unless_flagged(f"d = {{}}\nd['a'] = {_DENSE}\ndef f(x):\n    return d['a'](x)",
        without="= nn.LazyLinear(3)\n", to="torch"),
    unless_flagged(
        f"class A(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.d = {_DENSE}\n"
        "    def call(self, x, name):\n        return getattr(self, name)(x)",
        without="= nn.LazyLinear(3)\n", to="torch"),
    unless_flagged(f"d = {_DENSE}\nm = keras.Sequential([d, keras.layers.Dense(1)])\ndef f(x):\n    return d(x), m(x)",
        without="d = nn.LazyLinear(3)", to="torch"),
    unless_flagged(f"d = {_DENSE}\nm = keras.Sequential([d, keras.layers.Dense(1)])",
        without="d = nn.LazyLinear(3)", to="torch"),
    unless_flagged(f"parts = [{_DENSE}]\nm = keras.Sequential([*parts, keras.layers.Dense(1)])",
        without="parts = [nn.LazyLinear(3)]", to="torch"),
    unless_flagged(f"parts = [{_DENSE}]\nm = keras.Sequential(parts)", without="nn.Sequential(parts)", to="torch"),
    unless_flagged(f"parts = [{_DENSE}]\nm = keras.Sequential(parts + [keras.layers.Dense(1)])",
        without="nn.Sequential(parts", to="torch"),
    to_torch(
        """
        import keras
        d = keras.layers.Dense(3, activation="relu", kernel_initializer="zeros", use_bias=False)
        m = keras.Sequential([keras.Input((2,)), d, keras.layers.Dense(1)])
        print(d.kernel.shape, m.layers[0].kernel.shape, m.layers[1].bias)
        """,
        """
        from torch import nn
        d = nn.Sequential(nn.Linear(2, 3, bias=False), nn.ReLU())
        nn.init.zeros_(d[0].weight)
        m = nn.Sequential(d, nn.Linear(3, 1))
        print(d[0].weight.permute(1, 0).shape, m[0][0].weight.permute(1, 0).shape, m[1].bias)
        """,
    ),
    unless_flagged(f"m = keras.Sequential()\nm.add({_DENSE})", without="m.add(nn.LazyLinear(3))", to="torch"),
    unless_flagged(f"d = {_DENSE}\ne = {{'k': d}}\nprint(d.bias)", without="print(d.bias)", to="torch"),
    unless_flagged(f"d = {_DENSE}\nh = list(map(d, [1]))", without="d = nn.LazyLinear(3)\n", to="torch"),
)  # fmt: skip
def test_activations_of_layers_that_go_out_of_sight(case):
    case.check()


def kept(assigned: str, written: str, how: str = "self.parts[0](x)") -> list:
    """A model that keeps layers in a list or dict, which Keras tracks by itself."""
    program = "class M({base}):\n    def __init__(self):\n        super().__init__()\n        {lines}\n    def {name}(self, x):\n        return {how}\n"
    source = program.format(base="keras.Model", lines=assigned, name="call", how=how)
    there = program.format(base="nn.Module", lines=written, name="forward", how=how)
    return to_torch(f"import keras\n{source}", f"from torch import nn\n{there}")


_DENSES = "keras.layers.Dense(3), keras.layers.Dense(3)"


@rows(
    kept(
        "self.parts = [keras.layers.Dense(3) for _ in range(2)]",
        "self.parts = nn.ModuleList([nn.LazyLinear(3) for _ in range(2)])",
    ),
    kept(
        f"self.parts = [{_DENSES}]; self.n = 1",
        "self.parts = nn.ModuleList([nn.LazyLinear(3), nn.LazyLinear(3)])\n        self.n = 1",
    ),
    kept(
        f"self.parts: list = [{_DENSES}]  # both",
        "self.parts: list = nn.ModuleList([nn.LazyLinear(3), nn.LazyLinear(3)])  # both",
    ),
    kept(
        "self.parts = []\n        for n in (2, 3):\n            self.parts.append(keras.layers.Dense(n))",
        "self.parts = nn.ModuleList()\n        for n in (2, 3):\n            self.parts.append(nn.LazyLinear(n))",
    ),
    kept(
        'self.parts = {"a": keras.layers.Dense(3, activation="relu")}',
        'self.parts = nn.ModuleDict({"a": nn.Sequential(nn.LazyLinear(3), nn.ReLU())})',
        how='self.parts["a"](x)',
    ),
    kept(
        'self.parts = {}\n        self.parts["a"] = keras.layers.Dense(3)',
        'self.parts = nn.ModuleDict()\n        self.parts["a"] = nn.LazyLinear(3)',
        how='self.parts["a"](x)',
    ),
    kept(
        f"self.parts = [[{_DENSES}]]",
        "self.parts = nn.ModuleList([nn.ModuleList([nn.LazyLinear(3), nn.LazyLinear(3)])])",
        how="self.parts[0][1](x)",
    ),
    kept(
        f"self.parts = []\n        self.parts += [[{_DENSES}]]\n        self.parts.extend([[keras.layers.ReLU()]])\n        self.parts.insert(0, [keras.layers.Dropout(0.5)])",
        "self.parts = nn.ModuleList()\n        self.parts += [nn.ModuleList([nn.LazyLinear(3), nn.LazyLinear(3)])]\n        self.parts.extend([nn.ModuleList([nn.ReLU()])])\n        self.parts.insert(0, nn.ModuleList([nn.Dropout(0.5)]))",
        how="self.parts[1][0](x)",
    ),
    kept(
        'self.parts = {}\n        self.parts["a"] = [keras.layers.Dense(3)]',
        'self.parts = nn.ModuleDict()\n        self.parts["a"] = nn.ModuleList([nn.LazyLinear(3)])',
        how='self.parts["a"][0](x)',
    ),
    # What holds no layers stays what it is, and so does what no model keeps.
    kept("self.parts = [3, 4]", "self.parts = [3, 4]", how="x * self.parts[0]"),
    to_torch(
        """
        import keras
        class Bag:
            def __init__(self):
                self.parts = [keras.layers.Dense(3)]
        """,
        """
        from torch import nn
        class Bag:
            def __init__(self):
                self.parts = [nn.LazyLinear(3)]
        """,
    ),
    *(
        flagged(
            f"class M(keras.Model):\n    def __init__(self):\n        super().__init__()\n        {line}\n    def call(self, x):\n        return x",
            at="self.",
            to="torch",
        )
        for line in (
            f"self.parts = [{_DENSES}, None]",
            f"pair = [{_DENSES}]\n        self.parts = [pair]",
            f"pairs = [[{_DENSES}]]\n        self.parts = pairs",
            f"self.parts = {{1: {_DENSES.partition(',')[0]}}}",
            f"self.parts = self.others = [{_DENSES}]",
        )
    ),
    to_tensorflow(
        """
        import torch
        from torch import nn
        class M(nn.Module):
            def __init__(self, n):
                super().__init__()
                self.parts = [nn.Linear(3, 3) for _ in range(n)]
                self.two = [nn.Linear(3, 3), nn.Linear(3, 4)]
            def forward(self, x):
                for part in self.parts:
                    x = torch.relu(part(x))
                return self.two[1](self.two[0](x))
        """,
        """
        import keras
        import tensorflow as tf
        class M(keras.Model):
            def __init__(self, n):
                super().__init__()
                self.config = {"n": n}
                self.parts = [keras.layers.Dense(3) for _ in range(n)]
                self.two = [keras.layers.Dense(3), keras.layers.Dense(4)]
            def call(self, x):
                for part in self.parts:
                    x = tf.nn.relu(part(x))
                return self.two[1](self.two[0](x))

            def get_config(self):
                return dict(self.config)
        """,
    ),
    row(
        torch="""
            from torch import nn
            class M(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.d = nn.Linear(3, 3)
                    self.e = self.d
                def forward(self, x):
                    return self.e(self.d(x))
        """,
        tensorflow="""
            import keras
            class M(keras.Model):
                def __init__(self, **kwargs):
                    super().__init__(**kwargs)
                    self.d = keras.layers.Dense(3)
                    self.e = self.d
                def call(self, x):
                    return self.e(self.d(x))
        """,
    ),
)
def test_collections_and_reuse(case):
    case.check()


_ONE_CLASS = "a parameter that stands for several classes is written as one of them"


@rows(
    # Classes that are passed around.
    row(
        torch="""
            from torch import nn
            acts = {"relu": nn.ReLU, "id": nn.Identity}
            a = acts["relu"]()
        """,
        tensorflow="""
            import keras
            acts = {"relu": keras.layers.ReLU, "id": keras.layers.Identity}
            a = acts["relu"]()
        """,
    ),
    unless_flagged("def make(act):\n    return act()\na = make(nn.LeakyReLU)\nb = make(nn.ReLU)",
        without="return keras.layers.LeakyReLU("),
    unless_flagged("def make(act=nn.ReLU):\n    return act()\na = make(nn.LeakyReLU)\nb = make()",
        without="return keras.layers.LeakyReLU("),
    unless_flagged(
        "class N(nn.Module):\n    def __init__(self, act=nn.ReLU):\n        super().__init__()\n        self.act = act()\n"
        "    def forward(self, x):\n        return self.act(x)\na = N(nn.LeakyReLU)\nb = N()",
        without="self.act = keras.layers.LeakyReLU("),
    unless_flagged("acts = {'a': nn.LeakyReLU}", without="keras.layers.LeakyReLU}"),
    unless_flagged("fs = [F.leaky_relu]", without="[tf.nn.leaky_relu]"),
    unless_flagged("make = optim.SGD", without="keras.optimizers.SGD"),
    unless_flagged("makers = [nn.Dropout]", without="keras.layers.Dropout]"),
    unless_flagged("makers = [nn.Sequential]", without="keras.Sequential]"),
    unless_flagged("makers = [keras.Sequential]", without="nn.Sequential]", to="torch"),
    flagged("makers = [nn.Linear]", at="nn.Linear"),
    flagged("f = torch.sum", at="torch.sum"),
)  # fmt: skip
def test_classes_and_functions_that_are_passed_on(case):
    case.check()


_SWAP = (
    "arguments stay in torch's order (harmless only as long as the losses on record are symmetric)"
)


@rows(
    row(
        torch="""
            from torch import nn
            loss = nn.MSELoss()
            def f(p, t):
                return loss(p, t)
        """,
        tensorflow="""
            import keras
            loss = keras.losses.MeanSquaredError()
            def f(p, t):
                return loss(t, p)
        """,
    ),
    to_tensorflow(
        "from torch import nn\nloss = nn.L1Loss()\ndef f(p, t):\n    return loss(input=p, target=t), loss(p, target=t)",
        "import keras\nloss = keras.losses.MeanAbsoluteError()\ndef f(p, t):\n    return loss(t, p), loss(t, p)",
    ),
    to_torch(
        "import keras\nloss = keras.losses.MeanSquaredError()\ndef f(p, t):\n    return loss(y_pred=p, y_true=t)",
        "from torch import nn\nloss = nn.MSELoss()\ndef f(p, t):\n    return loss(p, t)",
    ),
    to_tensorflow(
        "import torch\nfrom torch import nn\ndef g(c, p, t):\n    return c(p, t)\nprint(g(nn.MSELoss(), torch.ones(2), torch.zeros(2)))",
        "import keras\nimport tensorflow as tf\ndef g(c, p, t):\n    return c(t, p)\n"
        "print(g(keras.losses.MeanSquaredError(), tf.ones([2]), tf.zeros([2])))",
    ),
    to_tensorflow("from torch import nn\nloss = nn.MSELoss(reduction='sum')", """
        import tensorflow as tf


        def squared_error_sum(y_true, y_pred):
            \"""torch's MSELoss(reduction="sum").\"""
            return tf.reduce_sum(tf.square(y_pred - y_true))


        loss = squared_error_sum
    """),
    flagged("loss = nn.MSELoss(reduction=input())", at="MSELoss"),
    flagged("loss = nn.BCELoss(reduction='sum', beta=2)", at="BCELoss"),
    flagged("loss = keras.losses.MeanSquaredError()\nx = loss(1, 2, sample_weight=[1])", at="sample_weight", to="torch"),
    unless_flagged("losses = {'a': nn.MSELoss()}\ndef f(n, p, t):\n    return losses[n](p, t)", without="(p, t)\n"),
    unless_flagged("c = nn.MSELoss() if input() else nn.L1Loss()\ndef f(p, t):\n    return c(p, t)", without="(p, t)\n"),
    unless_flagged("def f(p, t, c=nn.MSELoss()):\n    return c(p, t)", without="(p, t)\n"),
)  # fmt: skip
def test_losses(case):
    case.check()


@rows(
    to_tensorflow(
        "from torch import nn\nm = nn.Sequential(nn.Sequential(nn.ReLU()), nn.ReLU())\nprint(m[0][0], m[1])",
        "import keras\nm = keras.Sequential([keras.Sequential([keras.layers.ReLU()]), keras.layers.ReLU()])\n"
        "print(m.layers[0].layers[0], m.layers[1])",
    ),
    to_tensorflow("from torch import nn\nm = nn.Sequential()", "import keras\nm = keras.layers.Identity()"),
    to_tensorflow(
        "from torch import nn\nm = nn.Sequential(*[nn.Linear(2, 2) for _ in range(3)])",
        "import keras\nm = keras.Sequential([keras.layers.Dense(2) for _ in range(3)])",
    ),
    unless_flagged("from collections import OrderedDict\nm = nn.Sequential(OrderedDict([('a', nn.ReLU())]))",
        without="[OrderedDict("),
    unless_flagged(
        "class S(nn.Sequential):\n    def __init__(self):\n        super().__init__(nn.Linear(2, 3), nn.ReLU())",
        without="__init__(keras.layers.Dense(3), keras.layers.ReLU())"),
    # What comes from somewhere else may be no layer.
    flagged("from other.layers import Mixer\nimport torch.nn as nn\nnet = nn.Sequential(nn.Linear(2, 3), Mixer(3))", at="Mixer(3)", codes=(Code.UNKNOWN_TYPE,)),
    # Blocks in a row give their results in the order that they take.
    to_tensorflow(
        """
        from torch import nn
        class Block(nn.Module):
            def __init__(self):
                super().__init__()
                self.c = nn.Conv2d(3, 3, 3)
            def forward(self, x):
                return self.c(x).permute(0, 1, 3, 2)
        net = nn.Sequential(*[Block() for _ in range(2)])
        """,
        """
        import keras
        import tensorflow as tf
        class Block(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.c = keras.layers.Conv2D(3, 3)
            def call(self, x):
                return tf.transpose(self.c(x), [0, 2, 1, 3])
        net = keras.Sequential([Block() for _ in range(2)])
        """,
    ),
    unless_flagged("class L(nn.Linear):\n    def forward(self, x):\n        return super().forward(x) * 2",
        without="class L(keras"),
)  # fmt: skip
def test_containers(case):
    case.check()


@rows(
    unless_flagged("parts = [keras.layers.Dense(3, kernel_initializer='zeros')]", without="[nn.LazyLinear(3)]", to="torch"),
    unless_flagged("def make():\n    return keras.layers.Dense(3, kernel_initializer='zeros')",
        without="return nn.LazyLinear(3)", to="torch"),
    to_torch(
        """
        import keras
        m = keras.Sequential([
            keras.Input((2,)),
            keras.layers.Dense(3, kernel_initializer="zeros", bias_initializer="ones"),
        ])
        """,
        """
        from torch import nn
        m = nn.Sequential(nn.Linear(2, 3))
        nn.init.zeros_(m[0].weight)
        nn.init.ones_(m[0].bias)
        """,
    ),
    to_tensorflow(
        """
        from torch import nn
        layer = nn.Linear(2, 3)
        nn.init.zeros_(layer.weight)
        nn.init.constant_(layer.bias, 0.5)
        """,
        """
        import keras
        layer = keras.layers.Dense(
            3,
            kernel_initializer="zeros",
            bias_initializer=keras.initializers.Constant(0.5),
        )
        """,
    ),
    # The order matters: what happens between the constructor and the call is seen.
    unless_flagged("l = nn.Linear(2, 3)\nprint(l.weight)\nnn.init.zeros_(l.weight)", without='kernel_initializer="zeros"'),
    unless_flagged("l = nn.Linear(2, 3)\nif input():\n    nn.init.zeros_(l.weight)", without='Dense(3, kernel_initializer="zeros"'),
)  # fmt: skip
def test_initial_values(case):
    case.check()


@rows(
    # Input sizes by name: of the constructor's own parameters, however the tensor came.
    to_torch(
        """
        import keras
        class Block(keras.layers.Layer):
            def __init__(self, units):
                super().__init__()
                self.units = units
                self.first = keras.layers.Dense(units)
                self.wide = keras.layers.Dense(self.units * 2)
                self.last = keras.layers.Dense(units)
            def call(self, x):
                return x + self.last(self.wide(self.first(x)))
        class Net(keras.Model):
            def __init__(self, width=8):
                super().__init__()
                self.stem = keras.layers.Dense(width)
                self.blocks = [Block(width) for _ in range(2)]
                self.head = keras.layers.Dense(1)
            def call(self, x):
                x = self.stem(x)
                for block in self.blocks:
                    x = block(x)
                return self.head(x)
        """,
        """
        from torch import nn
        class Block(nn.Module):
            def __init__(self, units):
                super().__init__()
                self.units = units
                self.first = nn.Linear(units, units)
                self.wide = nn.Linear(units, self.units * 2)
                self.last = nn.Linear(self.units * 2, units)
            def forward(self, x):
                return x + self.last(self.wide(self.first(x)))
        class Net(nn.Module):
            def __init__(self, width=8):
                super().__init__()
                self.stem = nn.LazyLinear(width)
                self.blocks = nn.ModuleList([Block(width) for _ in range(2)])
                self.head = nn.Linear(width, 1)
            def forward(self, x):
                x = self.stem(x)
                for block in self.blocks:
                    x = block(x)
                return self.head(x)
        """,
    ),
    # Two objects of different sizes, names that change: what is not sure is learnt at the first call.
    to_torch(
        """
        import keras
        class Block(keras.layers.Layer):
            def __init__(self, units):
                super().__init__()
                self.dense = keras.layers.Dense(units)
            def call(self, x):
                return self.dense(x)
        one, two = Block(4), Block(8)
        n = 3
        a = keras.layers.Dense(n)
        n = 5
        b = keras.layers.Dense(n)
        def f(x):
            return b(a(two(one(x))))
        """,
        """
        from torch import nn
        class Block(nn.Module):
            def __init__(self, units):
                super().__init__()
                self.dense = nn.LazyLinear(units)
            def forward(self, x):
                return self.dense(x)
        one, two = Block(4), Block(8)
        n = 3
        a = nn.Linear(8, n)
        n = 5
        b = nn.Linear(3, n)
        def f(x):
            return b(a(two(one(x))))
        """,
    ),
)  # fmt: skip
def test_input_sizes(case):
    case.check()


@rows(
    flagged(
        "from functools import partial\nfrom torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self, act=partial(nn.GELU, approximate='tanh')):\n"
        "        super().__init__()\n        self.act = act()\n\n    def forward(self, x):\n        return self.act(x)\n",
        at="act",
    ),
)
def test_a_class_that_is_handed_on_and_has_no_counterpart(case):
    case.check()


def test_an_activation_that_the_file_is_told():
    """What it is, is known when the layer is built: a class looks it up there."""
    code = convert(
        TENSORFLOW + "def make(a):\n    return keras.layers.Dense(3, activation=a)\n", to="torch"
    )
    assert code.complete
    assert code.code.endswith("return nn.Sequential(nn.LazyLinear(3), Activation(a))\n")
    assert "class Activation(nn.Module):" in code.code


@rows(
    # torch's layer of three axes takes two and three as well, and drops what stands behind the second
    to_tensorflow(
        """
        from torch import nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.images = nn.Dropout2d(0.1)
                self.rows = nn.Dropout2d(0.2)
                self.flat = nn.Dropout2d(0.3)
            def forward(self, x):
                x = self.images(x).reshape(2, 8, -1)
                return self.flat(self.rows(x).flatten(1))
        """,
        """
        import keras
        import tensorflow as tf
        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.images = keras.layers.SpatialDropout2D(0.1)
                self.rows = keras.layers.SpatialDropout1D(0.2)
                self.flat = keras.layers.Dropout(0.3)
                self.flatten = keras.layers.Flatten()
            def call(self, x):
                x = tf.reshape(tf.transpose(self.images(x), [0, 3, 1, 2]), [2, 8, -1])
                return self.flat(
                    self.flatten(tf.transpose(self.rows(tf.transpose(x, [0, 2, 1])), [0, 2, 1])),
                )
        """,
    ),
    flagged(
        "drop = nn.Dropout2d()\ndef f(x: torch.Tensor):\n"
        "    return drop(x.reshape(2, 3)), drop(x.reshape(2, 3, 1))",
        at="nn.Dropout2d",
    ),
)
def test_a_layer_that_takes_several_ranks(case):
    case.check()


@rows(
    to_tensorflow(
        """
        import torch.nn.functional as F
        def f(x, y, classes):
            total = F.binary_cross_entropy(x, y, reduction="sum")
            return total, F.nll_loss(x, classes, reduction="none")
        """,
        """
        import keras
        import tensorflow as tf
        def f(x, y, classes):
            total = tf.reduce_sum(keras.ops.binary_crossentropy(y, x))
            return total, -tf.gather(x, classes, axis=1, batch_dims=1)
        """,
    ),
)
def test_reductions_of_losses(case):
    case.check()


def test_layers_that_learn_what_is_not_known():
    """A convolution by channel learns how many there are; batch normalisation needs no number of axes."""
    source = """
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(12)
        self.norm = keras.layers.BatchNormalization()
        self.conv = keras.layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same")

    def call(self, x, image):
        return self.norm(self.dense(x)), self.conv(image)
"""
    found = convert(TENSORFLOW + source, to="torch")
    assert found.complete
    assert "self.norm = BatchNorm(12, eps=0.001, momentum=0.01)" in found.code
    assert 'LazyDepthwiseConv2d(3, padding="same", depth_multiplier=2)' in found.code
    assert Code.LAZY_SIZE in {f.code for f in found.findings}  # as for any other convolution


def test_rest():
    """`**kwargs` that no call fills go, with names that only the base class takes."""
    result = convert(
        """
import keras
from keras import activations, initializers, layers

class Part(layers.Layer):
    def __init__(self, width, groups=2, activation=None, kernel_initializer="he_normal", **kwargs):
        super().__init__()
        self.parts = []
        for _ in range(groups):
            self.parts.append(layers.Dense(width, activation=activations.get(activation),
                kernel_initializer=initializers.get(kernel_initializer), **kwargs))

    def call(self, x, **kwargs):
        for part in self.parts:
            x = part(x)
        return x

class Named(layers.Layer):
    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.part = Part(width)

    def call(self, x, training=None, **kwargs):
        return self.part(x)

named = Named(4, name="named")
""",
        to="torch",
    )
    assert result.complete, result.findings
    assert "kwargs" not in result.code
    assert "named = Named(4)" in result.code
    assert "initialized(" in result.code
    assert "Activation(activation)" in result.code


def test_rest_that_is_used_stays():
    result = convert(
        """
import keras
from keras import layers

class Part(layers.Layer):
    def __init__(self, width, **kwargs):
        super().__init__()
        self.width = kwargs.pop("scale", 1) * width

    def call(self, x):
        return x * self.width

part = Part(4, scale=2)
""",
        to="torch",
    )
    assert "def __init__(self, width, **kwargs):" in result.code
    assert "part = Part(4, scale=2)" in result.code


def test_activations_keep_what_their_function_does_by_itself():
    result = convert(
        """
import keras
import tensorflow as tf
from keras import layers, ops
m = keras.Sequential([
    keras.Input((4,)),
    layers.Dense(3, activation=tf.nn.leaky_relu),
    layers.Dense(3, activation="leaky_relu"),
    layers.Dense(3, activation=ops.gelu),
    layers.Dense(3, activation=tf.nn.elu),
])
""",
        to="torch",
    )
    assert result.complete, result.findings
    for made in ("nn.LeakyReLU(negative_slope=0.2)", 'nn.GELU(approximate="tanh")', "nn.ELU()"):
        assert made in result.code
    assert result.code.count("negative_slope=0.2") == 2


def test_losses_of_unseen_ranks():
    """Classes on the last axis are right for (batch, classes): where nothing shows that, it is said."""

    def told(code):
        found = convert(
            "import torch.nn.functional as F\nfrom torch import nn\n" + code, to="tensorflow"
        )
        assert found.complete
        return any("(batch, classes)" in f.message for f in found.findings)

    assert told("def loss(x, y):\n    return F.cross_entropy(x, y)\n")
    assert told("crit = nn.CrossEntropyLoss()\ndef loss(x, y):\n    return crit(x, y)\n")
    assert not told("def loss(x, y):\n    return F.cross_entropy(x.view(-1, 10), y)\n")
    assert not told("def loss(x, y):\n    return F.binary_cross_entropy(x, y)\n")
