"""The members of a model in their order, and attributes that are set anew from what they hold."""

from __future__ import annotations

from .rows import Row, flagged, rows, to_tensorflow

_PARTS = """
import torch
from torch import nn
class Parts(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 8)
        self.b = nn.ReLU()
        self.c = nn.Linear(8, 2)
{lines}
    def forward(self, x):
        return self.c(self.b(self.a(x)))
{behind}"""
_PARTS_THERE = """
import keras
class Parts(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.a = keras.layers.Dense(8)
        self.b = keras.layers.ReLU()
        self.c = keras.layers.Dense(2)
{lines}
    def call(self, x):
        return self.c(self.b(self.a(x)))
{behind}"""


def parts(torch: str, tensorflow: str, behind: str = "", behind_there: str = "") -> list[Row]:
    """A model of three layers, with more lines in its constructor or behind it."""
    return [
        *to_tensorflow(
            _PARTS.format(lines=_inside(torch), behind=behind).strip("\n") + "\n",
            _PARTS_THERE.format(lines=_inside(tensorflow), behind=behind_there).strip("\n") + "\n",
        )
    ]


def _inside(lines: str) -> str:
    return "\n".join(" " * 8 + line if line else "" for line in lines.strip("\n").splitlines())


@rows(
    parts(
        "self.two = nn.Sequential(*list(self.children())[:-1])",
        "self.two = keras.Sequential([self.a, self.b])",
    ),
    parts(
        "self.two = nn.Sequential(*[*self.children()][:2])",
        "self.two = keras.Sequential([self.a, self.b])",
    ),
    parts(
        "for name, part in self.named_children():\n    print(name, part)",
        'for name, part in [("a", self.a), ("b", self.b), ("c", self.c)]:\n    print(name, part)',
    ),
    # What looks at layers of no member with members of its own looks at all modules.
    parts(
        "for m in self.children():\n    if isinstance(m, nn.Linear):\n        nn.init.zeros_(m.bias)",
        "for m in self._flatten_layers():\n    if isinstance(m, keras.layers.Dense):\n"
        "        m.bias_initializer = keras.initializers.Zeros()",
    ),
    parts(
        "",
        "",
        "def tail(parts: Parts, x):\n    for part in list(parts.children())[1:]:\n        x = part(x)\n    return x\n",
        "def tail(parts: Parts, x):\n    for part in [parts.b, parts.c]:\n        x = part(x)\n    return x\n",
    ),
    parts(
        "",
        "",
        "def first(parts: Parts, x):\n    return next(parts.children())(x), list(parts.children())[-1]\n",
        "def first(parts: Parts, x):\n    return parts.a(x), parts.c\n",
    ),
    parts(
        "for name, part in self._modules.items():\n    print(name, part)\nall = list(self._modules.values())",
        'for name, part in [("a", self.a), ("b", self.b), ("c", self.c)]:\n    print(name, part)\n'
        "all = [self.a, self.b, self.c]",
    ),
    # Members of a container, by their places there.
    to_tensorflow(
        """
        from torch import nn
        net = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(4, 2))
        head = nn.Sequential(*list(net.children())[-2:])
        """,
        """
        import keras
        net = keras.Sequential([
            keras.layers.ZeroPadding2D(1),
            keras.layers.Conv2D(4, 3, 2),
            keras.layers.ReLU(),
            keras.layers.Permute((3, 1, 2)),
            keras.layers.Flatten(),
            keras.layers.Dense(2),
        ])
        head = keras.Sequential([net.layers[4], net.layers[5]])
        """,
    ),
    # A container is run through itself; a layer that is taken out of one loses the border beside it.
    to_tensorflow(
        """
        from torch import nn
        net = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1), nn.ReLU())
        def run(x):
            for layer in net.children():
                x = layer(x)
            return x
        """,
        """
        import keras
        net = keras.Sequential([
            keras.layers.ZeroPadding2D(1),
            keras.layers.Conv2D(4, 3, 2),
            keras.layers.ReLU(),
        ])
        def run(x):
            for layer in net.layers:
                x = layer(x)
            return x
        """,
    ),
    *(
        flagged(
            "net = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1), nn.ReLU())\n" + line,
            at=line.splitlines()[-1],
        )
        for line in (
            "head = nn.Sequential(*list(net.children())[:1])",
            "first = [net[0]]",
            "def f(x):\n    return net[0](x)",
        )
    ),
    # What is not always there, or not known, stays.
    flagged(
        """
        class Net(nn.Module):
            def __init__(self, deep=False):
                super().__init__()
                self.a = nn.Linear(4, 4)
                if deep:
                    self.b = nn.Linear(4, 4)
                self.c = nn.Sequential(*list(self.children()))
            def forward(self, x):
                return self.c(x)
        """,
        at="children",
    ),
    flagged("def f(model):\n    return nn.Sequential(*list(model.children())[:-1])", at="children"),
    flagged("def f(model):\n    return dict(model.named_modules())", at="named_modules"),
    # A padded convolution is a container there, which the condition would not find.
    flagged(
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Conv2d(3, 4, 3, 2, 1)
                self.b = nn.Sequential(nn.Conv2d(4, 4, 3), nn.ReLU())
                for m in self.children():
                    if isinstance(m, nn.Conv2d):
                        nn.init.zeros_(m.weight)
            def forward(self, x):
                return self.b(self.a(x))
        """,
        at="children",
    ),
)
def test_children(case: Row) -> None:
    case.check()


_TWICE = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
{lines}
    def forward(self, x):
        return self.body(x)
"""
_TWICE_THERE = """
import keras
class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
{lines}
    def call(self, x):
        return self.body(x)
"""


def twice(torch: str, tensorflow: str) -> list[Row]:
    """A model whose body is set more than once."""
    source, wanted = (
        _TWICE.format(lines=_inside(torch)),
        _TWICE_THERE.format(lines=_inside(tensorflow)),
    )
    return to_tensorflow(source.strip("\n") + "\n", wanted.strip("\n") + "\n")


@rows(
    twice(
        "self.body = nn.Linear(4, 4)\nself.body = nn.Sequential(self.body, nn.ReLU())",
        "body = keras.layers.Dense(4)\nself.body = keras.Sequential([body, keras.layers.ReLU()])",
    ),
    twice(
        "body = 3\nself.body = nn.Linear(4, body)\nself.body = nn.Sequential(self.body, nn.ReLU())",
        "body = 3\nbody_ = keras.layers.Dense(body)\nself.body = keras.Sequential([body_, keras.layers.ReLU()])",
    ),
    # What is not taken over is simply set again, and what a method may look at stays an attribute.
    twice(
        "self.body = nn.Linear(4, 4)\nself.body = nn.Linear(4, 2)",
        "self.body = keras.layers.Dense(4)\nself.body = keras.layers.Dense(2)",
    ),
    twice(
        "self.body = nn.Linear(4, 4)\nself.eval()\nself.body = nn.Sequential(self.body, nn.ReLU())",
        "self.body = keras.layers.Dense(4)\nself.body = keras.Sequential([self.body, keras.layers.ReLU()])",
    ),
)
def test_set_anew(case: Row) -> None:
    case.check()


def test_width_of_a_layer_elsewhere() -> None:
    """What another constructor has computed, for the object that is made here."""
    source = """
from torch import nn
class Wide(nn.Module):
    factor = 3
class Inner(nn.Module):
    def __init__(self, kind, n=4):
        super().__init__()
        self.fc = nn.Linear(8 * kind.factor, n)
    def forward(self, x):
        return self.fc(x)
class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Inner(Wide)
        self.width = self.inner.fc.in_features
    def forward(self, x):
        return self.inner(x)
"""
    case = flagged(source + "def f(i: Inner):\n    return i.fc.in_features\n", at="return i.fc")
    case[0].check()
    (row,) = to_tensorflow(
        source,
        """
        import keras
        class Wide(keras.Model):
            factor = 3
        class Inner(keras.Model):
            def __init__(self, kind, n=4):
                super().__init__()
                self.fc = keras.layers.Dense(n)
            def call(self, x):
                return self.fc(x)
        class Outer(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.inner = Inner(Wide)
                self.width = 24
            def call(self, x):
                return self.inner(x)
        """,
    )
    row.check()
