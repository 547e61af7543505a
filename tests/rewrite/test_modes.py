"""Training and evaluation: an argument of each call in Keras, a state of the module in torch."""

from __future__ import annotations

from translator import Code, convert

from .rows import TENSORFLOW, TORCH, flagged, rows, to_torch, unless_flagged

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
    unless_flagged(NET + "y = net(x)", without="y = net(x)\n", bug=_TRAINS),
    unless_flagged(NET + "net.train()\ny = net(x)", without="y = net(x)\n", bug="a call after train() is an inference there"),
    unless_flagged(NET + "def train():\n    net.train()\n    return net(x)", without="return net(x)\n",
        bug="a call after train() is an inference there"),
    unless_flagged(NET + "y = net.train(False)(x), net.train(True)(x)", without="y = net(x), net(x)\n",
        bug="train() inside an expression is dropped"),
    unless_flagged(KERAS + "y = net(x)", without="\ny = net(x)\n", to="torch",
        bug="Keras infers by default, torch's new module trains: dropout is on, in silence") ,
    unless_flagged(KERAS + "a = net(x, training=True)\nb = net(x)", without="a = net(x)\nb = net(x)\n", to="torch",
        bug="the mode of the call before stays on: dropout is on, in silence"),
    unless_flagged(KERAS + "a = net(x, training=True)\nb = net.predict(x)", without="a = net(x)\nb = net(", to="torch",
        bug="predict() runs in the mode of the call before"),
    unless_flagged(KERAS + "net.compile('sgd', 'mse')\nnet.fit(x, x, verbose=0)\nb = net(x)", without="\nb = net(x)\n", to="torch",
        bug="fit leaves the module in training mode: dropout is on, in silence"),
    unless_flagged(KERAS + "y = [net(x, training=True), net(x, training=False)]", without="y = [net(x), net(x)]", to="torch",
        bug="two modes in one statement: the last wins for both"),
    unless_flagged(KERAS + "f = lambda x: net(x, training=True)", without="f = lambda x: net(x)", to="torch",
        bug="the mode is set where the lambda is made, not where it is called"),
    unless_flagged(KERAS + "if net(x, training=True) is None:\n    pass\nelif net(x, training=False) is None:\n    pass",
        without="net.train()\nnet.eval()\n", to="torch", bug="two modes in one statement: the last wins for both"),
    unless_flagged(KERAS + "while net(x, training=True) is None:\n    net(x, training=False)", without="net.train()\nwhile", to="torch",
        bug="the mode of a loop's test is set only before its first round"),
    flagged(KERAS + "class N(keras.Model):\n    def call(self, x, training=None):\n        return net(x, training)", at="net(x, training)",
        to="torch", bug="`training` is no parameter any more: a NameError, though with a finding"),
    unless_flagged("class N(keras.Model):\n    def call(self, x, training=None):\n        return x\nn = N()\nprint(n(1, True))",
        without="print(n(1, True))", to="torch", bug="the mode given by position is one argument too many, in silence"),
)  # fmt: skip
def test_modes(case):
    case.check()


@rows(
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
)
def test_to_torch(case):
    case.check()
