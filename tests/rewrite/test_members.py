"""Members of modules by name: dicts of layers, `add_module`, `getattr` and `setattr` with names that are computed."""

from __future__ import annotations

import pytest

from .rows import flagged, rows, to_tensorflow

HEAD = "from collections import OrderedDict\nfrom torch import nn\n"
TF_HEAD = "from collections import OrderedDict\nimport keras\n"


def module(init: str, forward: str = "return self.a(x)") -> str:
    """A torch module with these bodies."""
    made = "".join(f"        {line}\n" for line in init.splitlines())
    ran = "".join(f"        {line}\n" for line in forward.splitlines())
    return f"class N(nn.Module):\n    def __init__(self):\n        super().__init__()\n{made}    def forward(self, x):\n{ran}"


def model(init: str, call: str = "return self.a(x)") -> str:
    """The Keras model that it becomes."""
    made = "".join(f"        {line}\n" for line in init.splitlines())
    ran = "".join(f"        {line}\n" for line in call.splitlines())
    return (
        "class N(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
        f"{made}    def call(self, x):\n{ran}"
    )


def pair(torch: tuple[str, ...], keras: tuple[str, ...]):
    """Two modules by the bodies of their methods."""
    before, after = (
        ("from torch import nn\n", "import keras\n")
        if "OrderedDict" not in torch[0]
        else (HEAD, TF_HEAD)
    )
    if "OrderedDict" not in keras[0]:
        after = "import keras\n"
    return to_tensorflow(before + module(*torch), after + model(*keras))


@rows(
    pair(
        (
            'self.a = nn.Sequential(OrderedDict([("lin", nn.Linear(2, 3)), ("act", nn.ReLU())]))\n'
            "print(self.a.lin)",
        ),
        (
            'self.a = keras.Sequential([\n    keras.layers.Dense(3, name="lin"),\n    keras.layers.ReLU(name="act"),\n])\n'
            "print(self.a.layers[0])",
        ),
    ),
    pair(
        (
            "self.a = nn.Sequential(\n    OrderedDict(\n        [\n"
            '            ("conv", nn.Conv2d(3, 4, 3, stride=2, padding=1)),  # halves\n'
            '            ("act", nn.ReLU()),\n        ]\n    )\n)\nprint(self.a.act)',
        ),
        (
            "self.a = keras.Sequential([\n    keras.layers.ZeroPadding2D(1),\n"
            '    keras.layers.Conv2D(4, 3, strides=2, name="conv"),  # halves\n'
            '    keras.layers.ReLU(name="act"),\n])\nprint(self.a.layers[2])',
        ),
    ),
    pair(
        ("d = OrderedDict()\nd['l'] = nn.Linear(2, 3)\nself.a = nn.Sequential(d)",),
        ("d = OrderedDict()\nd['l'] = keras.layers.Dense(3)\nself.a = keras.Sequential(list(d.values()))",),
    ),
    pair(
        (
            "d = OrderedDict()\nfor i in range(3):\n    d[f'l{i}'] = nn.Conv2d(3, 3, 1)\n"
            "self.a = nn.Sequential(d)",
        ),
        (
            "d = OrderedDict()\nfor i in range(3):\n    d[f'l{i}'] = keras.layers.Conv2D(3, 1)\n"
            "self.a = keras.Sequential(list(d.values()))",
        ),
    ),
    pair(
        (
            "self.a = nn.Sequential()\nself.a.add_module('l', nn.Conv2d(3, 3, 1))\n"
            "for i in range(3):\n    self.a.add_module('m%d' % i, nn.Conv2d(3, 3, 1))",
        ),
        (
            "self.a = keras.Sequential([])\nself.a.add(keras.layers.Conv2D(3, 1, name='l'))\n"
            "for i in range(3):\n    self.a.add(keras.layers.Conv2D(3, 1, name='m%d' % i))",
        ),
    ),
    pair(("self.add_module('a', nn.Linear(2, 3))",), ("self.a = keras.layers.Dense(3)",)),
    pair(
        (
            "for i in range(3):\n    self.add_module(f'a{i}', nn.Conv2d(3, 3, 1))",
            "for i in range(3):\n    x = getattr(self, f'a{i}')(x)\nreturn x",
        ),
        (
            "for i in range(3):\n    setattr(self, f'a{i}', keras.layers.Conv2D(3, 1))",
            "for i in range(3):\n    x = getattr(self, f'a{i}')(x)\nreturn x",
        ),
    ),
    pair(
        (
            "for i in range(3):\n    self.__setattr__('a_%d' % i, nn.Conv2d(3, 3, 1))\nself.c = nn.Conv2d(3, 3, 1)",
            "for i in range(3):\n    a = self.__getattr__('a_%d' % i)\n    x = a(self.c(x))\nreturn x",
        ),
        (
            "for i in range(3):\n    setattr(self, 'a_%d' % i, keras.layers.Conv2D(3, 1))\nself.c = keras.layers.Conv2D(3, 1)",
            "for i in range(3):\n    a = getattr(self, 'a_%d' % i)\n    x = a(self.c(x))\nreturn x",
        ),
    ),
    pair(
        (
            "self.a1 = nn.Conv2d(3, 3, 1)\nself.a2 = nn.Conv2d(3, 3, 1)",
            "for i in (1, 2):\n    x = getattr(self, 'a{}'.format(i))(x)\nreturn x",
        ),
        (
            "self.a1 = keras.layers.Conv2D(3, 1)\nself.a2 = keras.layers.Conv2D(3, 1)",
            "for i in (1, 2):\n    x = getattr(self, 'a{}'.format(i))(x)\nreturn x",
        ),
    ),
    pair(
        (
            "self.a = nn.ModuleDict({f'l{i}': nn.Conv2d(3, 3, 1) for i in range(3)})",
            "for name, layer in self.a.items():\n    x = layer(x)\nreturn x",
        ),
        (
            "self.a = {f'l{i}': keras.layers.Conv2D(3, 1) for i in range(3)}",
            "for name, layer in self.a.items():\n    x = layer(x)\nreturn x",
        ),
    ),
)  # fmt: skip
def test_named_members(case):
    case.check()


@rows(
    to_tensorflow(
        """
        from torch import nn
        class Down(nn.Sequential):
            def __init__(self, n):
                super().__init__()
                self.norm = nn.BatchNorm2d(n, eps=0.001, momentum=0.01)
                self.conv = nn.Conv2d(n, n, 1)
                self.add_module("act", nn.ReLU())
        class N(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = Down(3)
            def forward(self, x):
                return self.a(x)
        """,
        """
        import keras
        class Down(keras.Sequential):
            def __init__(self, n):
                super().__init__([])
                self.add(keras.layers.BatchNormalization(momentum=0.99, epsilon=0.001, name="norm"))
                self.add(keras.layers.Conv2D(n, 1, name="conv"))
                self.add(keras.layers.ReLU(name="act"))
        class N(keras.Model):
            def __init__(self):
                super().__init__()
                self.a = Down(3)
            def call(self, x):
                return self.a(x)
        """,
    ),
)
def test_containers_that_are_classes(case):
    case.check()


@rows(
    flagged(
        HEAD + "class D(nn.Sequential):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a = nn.Linear(2, 3)\n        self.a = nn.Linear(2, 4)\n",
        at="super().__init__()",
    ),
)  # fmt: skip
def test_members_that_are_not_followed(case):
    case.check()


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("a*", "a1", True),
        ("a*", "b1", False),
        ("a*_x", "a1_x", True),
        ("a*_x", "a*_y", False),
        ("a*", "ab*", True),
        ("*", "b", True),
        ("a.c", "abc", False),
    ],
)
def test_names_that_may_be_the_same(a, b, same):
    from translator.source.reflected import may_be

    assert may_be(a, b) is same
    assert may_be(b, a) is same
