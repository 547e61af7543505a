"""Training and evaluation: an argument of each call in Keras, a state of the module in torch."""

from __future__ import annotations

from translator import Code, convert

from .rows import TENSORFLOW, TORCH, flagged, rows, text, to_tensorflow, to_torch, unless_flagged

NET = "net = nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.5))\nx = torch.ones(1, 2)\n"
KERAS = "net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), keras.layers.Dropout(0.5)])\nx = tf.ones([1, 2])\n"


def outcome(body: str, to: str = "tensorflow") -> str:
    """The converted text of a program around a network with dropout; it must say something of modes."""
    return convert((TORCH if to == "tensorflow" else TENSORFLOW) + body, to=to).code


def test_a_step_trains():
    code = outcome(
        NET
        + "o = optim.SGD(net.parameters(), lr=0.1)\no.zero_grad()\nloss = net(x).sum()\nloss.backward()\no.step()\n"
    )
    assert "net(x, training=True)" in code


def test_forward_of_a_module_passes_nothing_on():
    """Keras hands `training` to the parts of a model by itself."""
    body = "class N(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.d = nn.Dropout()\n"
    body += "    def forward(self, x):\n        return self.d(x)\n"
    assert "return self.d(x)\n" in outcome(body)


def test_evaluation_is_the_default_there():
    assert outcome(NET + "net.eval()\ny = net(x)\n").endswith("y = net(x)\n")


def test_modes_that_matter_are_noted():
    result = convert(TORCH + NET + "net.eval()\ny = net(x)\n", to="tensorflow")
    assert Code.MODE in {f.code for f in result.findings}


_TRAINS = "torch starts in training mode, Keras does not: dropout is off, in silence"


@rows(
    unless_flagged(NET + "y = net(x)", without="y = net(x)\n"),
    unless_flagged(NET + "net.train()\ny = net(x)", without="y = net(x)\n"),
    unless_flagged(NET + "def train():\n    net.train()\n    return net(x)", without="return net(x)\n"),
    unless_flagged(NET + "y = net.train(False)(x), net.train(True)(x)", without="y = net(x), net(x)\n"),
    unless_flagged(KERAS + "a = net(x, training=True)\nb = net(x)", without="a = net(x)\nb = net(x)\n", to="torch"),
    unless_flagged(KERAS + "a = net(x, training=True)\nb = net.predict(x)", without="a = net(x)\nb = net(", to="torch"),
    unless_flagged(KERAS + "y = [net(x, training=True), net(x, training=False)]", without="y = [net(x), net(x)]", to="torch"),
    unless_flagged(KERAS + "f = lambda x: net(x, training=True)", without="f = lambda x: net(x)", to="torch"),
    unless_flagged(KERAS + "if net(x, training=True) is None:\n    pass\nelif net(x, training=False) is None:\n    pass",
        without="net.train()\nnet.eval()\n", to="torch"),
    unless_flagged(KERAS + "while net(x, training=True) is None:\n    net(x, training=False)", without="net.train()\nwhile", to="torch"),
    flagged(KERAS + "class N(keras.Model):\n    def call(self, x, training=None):\n        return net(x, training)", at="net(x, training)",
        to="torch"),
    unless_flagged("class N(keras.Model):\n    def call(self, x, training=None):\n        return x\nn = N()\nprint(n(1, True))",
        without="print(n(1, True))", to="torch"),
)  # fmt: skip
def test_modes(case):
    case.check()


NET_THERE = """
import torch
from torch import nn

net = nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.5))
x = torch.ones(1, 2)
"""


def set_before(body: str, expected: str) -> list:
    """A program around one network with dropout."""
    return to_torch(TENSORFLOW + KERAS + text(body), NET_THERE + text(expected))


@rows(
    # Keras infers unless told otherwise; a new module trains.
    set_before(
        """
        # first
        y = net(x)
        z = net(x) + 1
        if input():
            net(x, training=True)
        w = net(x)
        """,
        """
        # first
        net.eval()
        y = net(x)
        z = net(x) + 1
        if input():
            net.train()
            net(x)
        net.eval()
        w = net(x)
        """,
    ),
    set_before(
        """
        for i in range(3):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(net(x, training=True))
            g = tape.gradient(loss, net.trainable_variables)
            print(net.predict(x))
        """,
        """
        for i in range(3):
            net.train()
            loss = torch.sum(net(x))
            g = torch.autograd.grad(loss, list(net.parameters()))
            net.eval()
            print(net(x).detach().numpy())
        """,
    ),
    # What a function of the file does to the mode is not known behind it.
    set_before(
        """
        def step(model, training):
            return model(x, training=training)
        a = net(x)
        step(net, True)
        b = net(x)
        """,
        """
        def step(model, training):
            model.train(training)
            return model(x)
        net.eval()
        a = net(x)
        step(net, True)
        net.eval()
        b = net(x)
        """,
    ),
    # A model that reads `training`; its parts follow it, methods that its call runs included.
    to_torch(
        """
        import keras
        class N(keras.Model):
            def __init__(self):
                super().__init__()
                self.d = keras.layers.Dropout(0.5)
            def call(self, x, mask=None, *, training=False):
                if training:
                    x = x * 2
                return self.hidden(x)
            def hidden(self, x):
                return self.d(x)
        n = N()
        def f(x):
            return n(x, training=True), n(x + 1, training=True)
        def g(x):
            return n.call(x)
        """,
        """
        from torch import nn
        class N(nn.Module):
            def __init__(self):
                super().__init__()
                self.d = nn.Dropout(0.5)
            def forward(self, x, mask=None):
                if self.training:
                    x = x * 2
                return self.hidden(x)
            def hidden(self, x):
                return self.d(x)
        n = N()
        def f(x):
            n.train()
            return n(x), n(x + 1)
        def g(x):
            n.eval()
            return n(x)
        """,
    ),
    # A part that never trains.
    to_torch(
        """
        import keras
        class N(keras.Model):
            def __init__(self):
                super().__init__()
                self.d = keras.layers.Dropout(0.5)
            def call(self, x):
                return self.d(x, training=False)
        """,
        """
        from torch import nn
        class N(nn.Module):
            def __init__(self):
                super().__init__()
                self.d = nn.Dropout(0.5)
            def forward(self, x):
                self.d.eval()
                return self.d(x)
        """,
    ),
    flagged("class N(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.d = keras.layers.Dropout(0.5)\n"
        "    def call(self, x):\n        return self.d(self.inner(x))\n    def inner(self, x):\n        return self.d(x, training=True)",
        at="self.d(x, training=True)", to="torch"),
    flagged("class N(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.d = keras.layers.Dropout(0.5)\n"
        "    def call(self, x):\n        return self.inner(x)\n    def inner(self, x):\n        return self.d(x)\nn = N()\nn(1.0)\nn.inner(1.0)",
        at="self.d(x)", to="torch"),
    to_torch(
        """
        import keras
        class N(keras.Model):
            def call(self, x, training=None):
                \'\'\'Twice as much in training.\'\'\'
                if training is None:
                    training = False
                return x * 2 if training else x
        """,
        """
        from torch import nn
        class N(nn.Module):
            def forward(self, x):
                \'\'\'Twice as much in training.\'\'\'
                training = self.training
                if training is None:
                    training = False
                return x * 2 if training else x
        """,
    ),
    flagged("def f(x):\n    return keras.layers.Dropout(0.5)(x)", at="Dropout", to="torch"),
    to_torch(
        f"{TENSORFLOW}{KERAS}a = net(x, training=False)\nb = net(x, training=True)\nc = net(x, training=input())\n",
        """
import torch
from torch import nn

net = nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.5))
x = torch.ones(1, 2)
net.eval()
a = net(x)
net.train()
b = net(x)
net.train(input())
c = net(x)
""",
    ),
    # Where nothing behaves differently, no mode is set.
    to_torch(
        """
        import keras
        r = keras.layers.ReLU()
        def f(x):
            return r(x, training=True)
        """,
        """
        from torch import nn
        r = nn.ReLU()
        def f(x):
            return r(x)
        """,
    ),
    to_torch(
        """
        import keras
        class N(keras.Model):
            def __init__(self):
                super().__init__()
                self.d = keras.layers.Dropout(0.5)
            def call(self, x, training=False):
                return self.d(x, training=training)
        """,
        """
        from torch import nn
        class N(nn.Module):
            def __init__(self):
                super().__init__()
                self.d = nn.Dropout(0.5)
            def forward(self, x):
                return self.d(x)
        """,
    ),
)  # fmt: skip
def test_to_torch(case):
    case.check()


@rows(
    # What reads the mode of the module takes it as an argument.
    to_tensorflow(
        """
        import torch
        from torch import nn
        class Noisy(nn.Module):
            def forward(self, x):
                if self.training:
                    x = x * 2
                return x
        net = Noisy()
        w = torch.ones(2, requires_grad=True)
        loss = net(w).sum()
        loss.backward()
        print(w.grad)
        """,
        """
        import keras
        import tensorflow as tf
        class Noisy(keras.Model):
            def call(self, x, training=False):
                if training:
                    x = x * 2
                return x
        net = Noisy()
        w = tf.Variable(tf.ones([2]))
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(net(w, training=True))
        w_grad = tape.gradient(loss, w)
        print(w_grad)
        """,
    ),
    # A method that something else than a forward pass may call takes the mode, which is training in torch.
    to_tensorflow(
        """
        from torch import nn
        class N(nn.Module):
            def helper(self, x):
                return x if self.training else 2 * x
            def cost(self, *args, **kwargs):
                if self.training:
                    print(args)
                return self.helper(args[0])
        n = N()
        n.eval()
        n.cost(1)
        """,
        """
        import keras
        class N(keras.Model):
            def helper(self, x, training=True):
                return x if training else 2 * x
            def cost(self, *args, training=True, **kwargs):
                if training:
                    print(args)
                return self.helper(args[0], training=training)
        n = N()
        n.cost(1, training=False)
        """,
    ),
    # In a call of the model Keras hands the mode on by itself; from elsewhere a method is told it.
    to_tensorflow(
        """
        import torch
        from torch import nn
        class N(nn.Module):
            def __init__(self):
                super().__init__()
                self.d = nn.Dropout(0.1)
            def decode(self, z):
                return self.d(z)
            def forward(self, x):
                return self.decode(x)
            def sample(self, n):
                return self.decode(torch.zeros(n, 3))
        """,
        """
        import keras
        import tensorflow as tf
        class N(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.d = keras.layers.Dropout(0.1)
            def decode(self, z, training=None):
                return self.d(z, training=training)
            def call(self, x):
                return self.decode(x)
            def sample(self, n):
                return self.decode(tf.zeros([n, 3]), training=True)
        """,
    ),
    to_tensorflow(
        """
        import torch
        from torch import nn
        class N(nn.Module):
            def __init__(self):
                super().__init__()
                self.d = nn.Dropout(0.1)
            def sample(self, n):
                return self.d(torch.zeros(n, 3))
        n = N()
        a = n.sample(2)
        n.eval()
        b = n.sample(2)
        """,
        """
        import keras
        import tensorflow as tf
        class N(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.d = keras.layers.Dropout(0.1)
            def sample(self, n, training=True):
                return self.d(tf.zeros([n, 3]), training=training)
        n = N()
        a = n.sample(2)
        b = n.sample(2, training=False)
        """,
    ),
    flagged("class N(nn.Module):\n    def forward(self, x, training):\n        return x if self.training else training", at="self.training"),
)  # fmt: skip
def test_reading_the_mode(case):
    case.check()


KERAS_THERE = """
import keras
import tensorflow as tf

net = keras.Sequential([keras.layers.Dense(3), keras.layers.Dropout(0.5)])
x = tf.ones([1, 2])
"""


def told(body: str, expected: str) -> list:
    """A program around one network with dropout, whose mode torch sets and Keras is told at each call."""
    return to_tensorflow(TORCH + NET + text(body), KERAS_THERE + text(expected))


@rows(
    told(
        """
        a = net(x)
        net.eval()
        b = net(x)
        net.train()
        c = net.forward(x)
        net.train(False)
        d = net(x), net.train()(x)
        """,
        """
        a = net(x, training=True)
        b = net(x)
        c = net(x, training=True)
        d = net(x), net(x, training=True)
        """,
    ),
    told(
        """
        for i in range(3):
            net.train()
            a = net(x)
            net.eval()
            with torch.no_grad():
                b = net(x)
        c = net(x)
        def use(model: nn.Module, x):
            net.train()
            return net(x)
        """,
        """
        for i in range(3):
            a = net(x, training=True)
            b = net(x)
        c = net(x)
        def use(model: keras.layers.Layer, x):
            return net(x, training=True)
        """,
    ),
    # A file that never infers trains wherever it calls; a part follows its whole.
    told(
        """
        def f(x):
            return net(x), net[1](x)
        """,
        """
        def f(x):
            return net(x, training=True), net.layers[1](x, training=True)
        """,
    ),
    *(
        flagged(NET + line, at="y = net(x)")
        for line in (
            "if input():\n    net.eval()\ny = net(x)",
            "while input():\n    net.eval()\ny = net(x)",
            "def f():\n    net.eval()\nf()\ny = net(x)",
            "for i in range(3):\n    y = net(x)\n    net.eval()",
            "net.train(bool(input()))\ny = net(x)",
            "net[1].eval()\nnet.eval()\nnet.train(bool(input()))\ny = net(x)",
        )
    ),
)  # fmt: skip
def test_to_tensorflow(case):
    case.check()


@rows(
    # What is set to a mode without arguments is a module, whoever makes it.
    to_tensorflow(
        """
        import torch

        def evaluate(model, x):
            model.eval()
            return model(x)

        def trained(model, x):
            model.train()
            return model(x)
        """,
        """
        def evaluate(model, x):
            return model(x)

        def trained(model, x):
            return model(x, training=True)
        """,
    ),
    flagged("def fit(trainer):\n    trainer.train()", at="trainer.train"),
    flagged("class W:\n    def __init__(self, model):\n        self.model = model.eval()\n    def f(self, x):\n        return self.model(x)",
        at="return self.model"),
    flagged("def f(frame, x):\n    frame.eval('a + b')\n    return torch.sum(x)", at="frame.eval"),
)  # fmt: skip
def test_unknown_modules(case):
    case.check()


def test_the_mode_as_a_second_argument_and_what_only_keras_finds_classes_by():
    result = convert(
        """
import keras
from keras import layers

@keras.saving.register_keras_serializable(package="mine")
class Block(layers.Layer):
    def __init__(self, width, first):
        super().__init__()
        self.conv = layers.Conv2D(width, 3)
        self.norm = layers.BatchNormalization()
        if first:
            self.skip = keras.Sequential([layers.Conv2D(width, 3), layers.BatchNormalization()])
        else:
            self.skip = lambda x, _: x

    def call(self, x, training=False):
        return self.norm(self.conv(x), training) + self.skip(x, training)
""",
        to="torch",
    )
    assert result.complete, result.findings
    assert "self.skip = nn.Identity()" in result.code
    assert "return self.norm(self.conv(x)) + self.skip(x)" in result.code
    assert "register" not in result.code


def test_a_mask_as_second_argument_is_no_mode():
    result = convert(
        """
import keras
from keras import layers

class Pool(layers.Layer):
    def __init__(self):
        super().__init__()
        self.pool = layers.GlobalAveragePooling1D()

    def call(self, x, mask):
        return self.pool(x, mask)
""",
        to="torch",
    )
    assert not result.complete
