"""Members of modules by name: dicts of layers, `add_module`, `getattr` and `setattr` with names that are computed."""

from __future__ import annotations

import pytest

from translator import convert

from .rows import flagged, rows, sound, to_tensorflow

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
        "class N(keras.Model):\n    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n"
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
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
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


@rows(
    to_tensorflow(
        """
        from torch import nn
        class Blocks(nn.ModuleDict):
            def __init__(self, n):
                super().__init__()
                for i in range(n):
                    self.add_module("b%d" % i, nn.Conv2d(3, 3, 1))
                self["last"] = nn.Conv2d(3, 3, 1)
            def forward(self, x):
                for name, layer in self.items():
                    x = layer(x)
                return self["last"](x)
        class Stack(nn.ModuleList):
            def __init__(self, n):
                super().__init__([nn.Conv2d(3, 3, 1) for _ in range(n)])
                self.append(nn.Conv2d(3, 3, 1))
            def forward(self, x):
                for layer in self:
                    x = layer(x)
                return self[len(self) - 1](x)
        """,
        """
        import keras
        class Blocks(keras.Model):
            def __init__(self, n):
                super().__init__()
                self.config = {"n": n}
                self.members = {}
                for i in range(n):
                    self.members["b%d" % i] = keras.layers.Conv2D(3, 1)
                self.members["last"] = keras.layers.Conv2D(3, 1)
            def call(self, x):
                for name, layer in self.members.items():
                    x = layer(x)
                return self.members["last"](x)

            def get_config(self):
                return dict(self.config)
        class Stack(keras.Model):
            def __init__(self, n):
                super().__init__()
                self.config = {"n": n}
                self.members = [keras.layers.Conv2D(3, 1) for _ in range(n)]
                self.members.append(keras.layers.Conv2D(3, 1))
            def call(self, x):
                for layer in self.members:
                    x = layer(x)
                return self.members[len(self.members) - 1](x)

            def get_config(self):
                return dict(self.config)
        """,
    ),
)
def test_modules_that_are_dicts_and_lists(case):
    case.check()


@rows(
    to_tensorflow(
        """
        from torch import nn
        class _Block(nn.Module):
            def __init__(self):
                super(_Block, self).__init__()
                self._Block = nn.Linear(2, 3)
            def forward(self, x):
                return self._Block(x)
        net = nn.Sequential(_Block())
        """,
        """
        import keras
        class Block(keras.Model):
            def __init__(self, **kwargs):
                super(Block, self).__init__(**kwargs)
                self._Block = keras.layers.Dense(3)
            def call(self, x):
                return self._Block(x)
        net = keras.Sequential([Block()])
        """,
    ),
)
def test_names_that_graphs_refuse(case):
    case.check()


def test_parts_that_are_added_in_branches_take_and_give_one_order():
    source = (
        "import torch\nfrom torch import nn\n"
        "class A(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.c = nn.Conv2d(3, 3, 1)\n    def forward(self, x):\n        return self.c(x)\n"
        "class B(nn.Module):\n    def forward(self, x):\n        n, c, h, w = x.shape\n"
        "        return x.view(n, c, h * w).view(n, c, h, w)\n"
        "class N(nn.Module):\n    def __init__(self, k):\n        super().__init__()\n"
        "        self.f = nn.Sequential()\n        for i in range(k):\n"
        "            self.f.add_module(f'a{i}', A())\n            if i < k - 1:\n"
        "                self.f.add_module(f'b{i}', B())\n        self.f.append(nn.BatchNorm2d(3))\n"
        "    def forward(self, x):\n        return self.f(x)\n"
    )
    result = convert(source, to="tensorflow")
    sound(source, result)
    assert result.complete, result.findings
    assert "Permute" not in result.code
    assert result.orders["B.call"].results == {0: (0, 2, 3, 1)}


@rows(
    to_tensorflow(
        """
        from torch import nn
        class Pool(nn.Sequential):
            def __init__(self):
                super().__init__(nn.Conv2d(3, 3, 1), nn.ReLU())
            def forward(self, x):
                for layer in self:
                    x = layer(x)
                return x
        class Dense(nn.Sequential):
            def __init__(self):
                super(Dense, self).__init__()
                self.add_module("norm", nn.LayerNorm(3))
                self.add_module("lin", nn.Linear(3, 3))
            def forward(self, x):
                return x + super(Dense, self).forward(x)
        """,
        """
        import keras
        class Pool(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.members = keras.Sequential([keras.layers.Conv2D(3, 1), keras.layers.ReLU()])
            def call(self, x):
                for layer in self.members.layers:
                    x = layer(x)
                return x
        class Dense(keras.Model):
            def __init__(self, **kwargs):
                super(Dense, self).__init__(**kwargs)
                self.members = keras.Sequential([])
                self.members.add(keras.layers.LayerNormalization(epsilon=1e-05, name="norm"))
                self.members.add(keras.layers.Dense(3, name="lin"))
            def call(self, x):
                return x + self.members(x)
        """,
    ),
)
def test_containers_with_a_forward_pass_of_their_own(case):
    case.check()
