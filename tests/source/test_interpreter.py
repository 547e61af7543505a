"""Types and shapes that are found for small programs: what the names of a module are once it has run."""

from __future__ import annotations

import textwrap

import pytest

from translator import convert
from translator.source.dtypes import kind as kind_of
from translator.source.interpreter import Interpreter
from translator.source.objects import Built, ClassValue, FunctionValue, ObjectValue, ParametersValue
from translator.source.read import read
from translator.source.values import (
    Api,
    Each,
    Handed,
    Items,
    Literal,
    NumpyArray,
    Plain,
    TensorValue,
)

HEADS = {
    "torch": "import numpy as np\nimport torch\nimport torch.nn.functional as F\nfrom torch import nn\n",
    "tensorflow": "import numpy as np\nimport keras\nimport tensorflow as tf\n",
}


def found(source: str, side: str = "torch", name: str = "x"):
    """What `name` is at the end of a program that stands below the usual imports."""
    program = HEADS[side] + textwrap.dedent(source).strip("\n") + "\n"
    return Interpreter(side).run(read(program)).module_names[name]


def shape(source: str, side: str = "torch", name: str = "x"):
    """The shape of a tensor or array; "unknown" where the value is neither."""
    value = found(source, side, name)
    return value.shape if isinstance(value, TensorValue | NumpyArray) else "unknown"


def bug(*row, reason: str):
    return pytest.param(*row, marks=pytest.mark.xfail(strict=True, reason=reason))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("torch.zeros(2, 3)", (2, 3)),
        ("torch.zeros((2, 3))", (2, 3)),
        ("torch.zeros([2])", (2,)),
        ("torch.zeros(())", ()),
        ("torch.tensor(3.0)", ()),
        ("torch.tensor([1.0, 2.0])", (2,)),
        ("torch.tensor([[1.0], [-2.0], [3.0]])", (3, 1)),
        ("torch.from_numpy(np.zeros((4, 2)))", (4, 2)),
        ("torch.from_numpy(np.ones(4))", (4,)),
        ("torch.from_numpy(np.linspace(0, 1, 5).reshape(-1, 1))", (None, 1)),
        ("torch.zeros(2, 3) + torch.zeros(3)", (2, 3)),
        ("torch.zeros(2, 1) * torch.zeros(1, 5)", (2, 5)),
        ("torch.zeros(2, 3) @ torch.zeros(3, 4)", (2, 4)),
        ("torch.relu(torch.zeros(2, 3)) / 2 - 1", (2, 3)),
        ("torch.zeros(2, 3).sum()", ()),
        ("torch.zeros(2, 3, 4).sum(dim=1)", (2, 4)),
        ("torch.zeros(2, 3, 4).mean(-1, keepdim=True)", (2, 3, 1)),
        ("torch.zeros(2, 3, 4).mean(dim=(0, 2))", (3,)),
        ("torch.zeros(2, 3, 4).view(6, 4)", (6, 4)),
        ("torch.zeros(2, 3, 4).view(2, -1)", (2, 12)),
        ("torch.zeros(2, 3, 4).flatten(1)", (2, 12)),
        ("torch.zeros(2, 3, 4).flatten()", (24,)),
        ("torch.zeros(2, 3, 4).permute(2, 0, 1)", (4, 2, 3)),
        ("torch.zeros(2, 3).t()", (3, 2)),
        ("torch.zeros(2, 3).unsqueeze(1)", (2, 1, 3)),
        ("torch.zeros(2, 3)[0]", (3,)),
        ("torch.zeros(2, 3)[:, None]", (2, 1, 3)),
        ("torch.cat([torch.zeros(2, 3), torch.zeros(2, 5)], dim=1)", (2, 8)),
        ("nn.Linear(3, 4)(torch.zeros(2, 3))", (2, 4)),
        ("nn.Conv2d(3, 8, 3)(torch.zeros(2, 3, 7, 9))", (2, 8, 5, 7)),
        ("nn.Conv2d(3, 8, 3, padding=1)(torch.zeros(2, 3, 8, 8))", (2, 8, 8, 8)),
        ("nn.Conv2d(3, 8, 3, stride=2)(torch.zeros(2, 3, 8, 8))", (2, 8, 3, 3)),
        ("nn.MaxPool2d(2)(torch.zeros(2, 3, 7, 8))", (2, 3, 3, 4)),
        ("nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(16, 2))(torch.zeros(5, 1, 4, 4))", (5, 2)),
        ("F.softmax(nn.Dropout()(torch.zeros(2, 3)), dim=1)", (2, 3)),
        ("nn.MSELoss()(torch.zeros(2, 3), torch.zeros(2, 3))", ()),
        ("(lambda t: t.view(-1))(torch.zeros(2, 3))", (6,)),
        ("torch.zeros(2, 3) if input() else torch.ones(2, 4)", (2, None)),
        ("torch.zeros(int(input()), 3)", (None, 3)),
    ],
)  # fmt: skip
def test_shapes_of_torch(expression, expected):
    got = shape(f"x = {expression}")
    assert got == expected or _loose(got, expected)


def _loose(got, expected) -> bool:
    """A shape may know less than it could, never something else."""
    if got is None:
        return False
    if got == "unknown" or len(got) != len(expected):
        return False
    return all(a is None or a == b for a, b in zip(got, expected, strict=True)) and any(
        a is not None for a in got
    )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("tf.zeros([2, 3])", (2, 3)),
        ("tf.constant([[1.0, 2.0]])", (1, 2)),
        ("tf.Variable(tf.zeros([2, 3]))", (2, 3)),
        ("tf.reshape(tf.zeros([2, 3]), [3, -1])", (3, 2)),
        ("tf.reduce_sum(tf.zeros([2, 3]), axis=1, keepdims=True)", (2, 1)),
        ("tf.transpose(tf.zeros([2, 3]), [1, 0])", (3, 2)),
        ("tf.concat([tf.zeros([2, 3]), tf.zeros([4, 3])], axis=0)", (6, 3)),
        ("keras.layers.Dense(4, activation='relu')(tf.zeros([2, 3]))", (2, 4)),
        ("keras.layers.Conv2D(8, 3)(tf.zeros([2, 7, 9, 3]))", (2, 5, 7, 8)),
        ("keras.layers.Conv2D(8, 3, padding='same')(tf.zeros([2, 7, 9, 3]))", (2, 7, 9, 8)),
        ("keras.layers.MaxPooling2D()(tf.zeros([2, 8, 6, 3]))", (2, 4, 3, 3)),
        ("keras.layers.Flatten()(tf.zeros([2, 8, 6, 3]))", (2, 144)),
        ("keras.losses.MeanSquaredError()(tf.zeros([2, 3]), tf.zeros([2, 3]))", ()),
    ],
)  # fmt: skip
def test_shapes_of_tensorflow(expression, expected):
    assert shape(f"x = {expression}", "tensorflow") == expected


@pytest.mark.parametrize(
    ("body", "size"),
    [
        # The input size of a torch layer comes from what reaches it.
        ("l = keras.layers.Dense(1)\nl(tf.zeros([5, 3]))", "3"),
        ("m = keras.Sequential([keras.Input((7,)), keras.layers.Dense(1)])", "7"),
        ("m = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1)])\nm(tf.zeros([2, 3, 4]))", "12"),
        ("m = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(4, 3), keras.layers.Flatten(), keras.layers.Dense(1)])", "144"),
        ("def f(layer, t):\n    return layer(t)\nf(keras.layers.Dense(1), tf.zeros([5, 3]))", "3"),
        ("def f(n):\n    return keras.layers.Dense(1)(tf.zeros([5, n]))\nf(4)", "n"),
        ("l = keras.layers.Dense(1)\nfor i in range(3):\n    l(tf.zeros([5, 3]) + i)", "3"),
        ("n = 6\nm = keras.Sequential([keras.Input((n,)), keras.layers.Dense(1)])", "n"),
        ("n = 6\nm = keras.Sequential([keras.Input((3,)), keras.layers.Dense(n), keras.layers.Dense(1)])", "n"),
        ("x = np.zeros((10, 3)).astype(np.float32)\nl = keras.layers.Dense(1)\nl(tf.convert_to_tensor(x))", "3"),
        ("class N(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.l = keras.layers.Dense(1)\n"
         "    def call(self, x):\n        return self.l(tf.concat([x, x], axis=1))\nN()(tf.zeros([2, 3]))", "6"),
        # What contradicts itself, or is never seen, is not known.
        ("l = keras.layers.Dense(1)\nl(tf.zeros([5, 3]))\nl(tf.zeros([5, 4]))", "Lazy"),
        ("def f(t):\n    return keras.layers.Dense(1)(t)", "Lazy"),
        ("l = keras.layers.Dense(1)", "Lazy"),
    ],
)  # fmt: skip
def test_input_sizes(body, size):
    code = convert(HEADS["tensorflow"] + body + "\n", to="torch").code
    assert "nn.LazyLinear(1)" in code if size == "Lazy" else f"nn.Linear({size}, 1)" in code, code


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("x = torch", Api),
        ("x = nn.Linear", Handed),
        ("x = nn.Linear(2, 3)", Built),
        ("x = nn.Sequential(nn.Linear(2, 3))[0]", Built),
        ("x = 3", Literal),
        ("x = -3.5", Literal),
        ("x = 'a'", Literal),
        ("x = f'{1}'", Plain),
        ("x = len([1])", Plain),
        ("x = 1 < 2", Plain),
        ("x = [torch.zeros(1), 2]", Items),
        ("x = []\nx.append(torch.zeros(1))", Items),
        ("x = []\nfor i in range(3):\n    x.append(torch.zeros(1))", Each),
        ("x = [i for i in range(3)]", Each),
        ("x = np.zeros(3)", NumpyArray),
        ("x = np.zeros(3).sum(axis=0) + 1", NumpyArray),
        ("x = torch.zeros(3).numpy()", NumpyArray),
        ("x = nn.Linear(2, 3).parameters()", ParametersValue),
        ("def x():\n    pass", FunctionValue),
        ("x = lambda: 3", FunctionValue),
        ("class x:\n    pass", ClassValue),
        ("class A:\n    pass\nx = A()", ObjectValue),
        ("x = torch.zeros(1).item()", Plain),
        ("x = torch.zeros(2).shape[0]", Literal),
        # A tensor, whichever way it comes.
        ("def f():\n    return torch.zeros(2)\nx = f()", TensorValue),
        ("def f(t):\n    return t\nx = f(torch.zeros(2))", TensorValue),
        ("def f(*, t):\n    return t\nx = f(t=torch.zeros(2))", TensorValue),
        ("def f(t=torch.zeros(2)):\n    return t\nx = f()", TensorValue),
        ("def f():\n    def g():\n        return torch.zeros(2)\n    return g\nx = f()()", TensorValue),
        ("class A:\n    t = torch.zeros(2)\nx = A().t", TensorValue),
        ("class A:\n    t = torch.zeros(2)\nx = A.t", TensorValue),
        ("class A:\n    def __init__(self, t):\n        self.t = t\nx = A(torch.zeros(2)).t", TensorValue),
        ("class A:\n    def f(self):\n        return self.t\n    def __init__(self):\n        self.t = torch.zeros(2)\nx = A().f()", TensorValue),
        ("class A:\n    def __init__(self):\n        self.t = torch.zeros(2)\nclass B(A):\n    pass\nx = B().t", TensorValue),
        ("class A:\n    @property\n    def t(self):\n        return torch.zeros(2)\nx = A().t", TensorValue),
        ("class A:\n    @staticmethod\n    def f():\n        return torch.zeros(2)\nx = A.f()", TensorValue),
        ("class A:\n    def __call__(self):\n        return torch.zeros(2)\nx = A()()", TensorValue),
        ("class A(nn.Module):\n    def forward(self, t):\n        return t\nx = A()(torch.zeros(2))", TensorValue),
        ("for x in torch.zeros(3, 2):\n    pass", TensorValue),
        ("for i, x in enumerate(torch.zeros(3, 2)):\n    pass", TensorValue),
        ("for a, x in zip([1], [torch.zeros(2)]):\n    pass", TensorValue),
        ("for x in [torch.zeros(2), torch.ones(3)]:\n    pass", TensorValue),
        ("x, y = torch.zeros(2), 3", TensorValue),
        ("x, y = torch.zeros(2, 3)", TensorValue),
        ("a = b = x = torch.zeros(2)", TensorValue),
        ("x: torch.Tensor = torch.zeros(2)", TensorValue),
        ("x = [torch.zeros(2), 3][0]", TensorValue),
        ("x = (torch.zeros(2),)[-1]", TensorValue),
        ("x = [torch.zeros(2) for _ in range(3)][1]", TensorValue),
        ("x = sum([torch.zeros(2), torch.ones(2)])", TensorValue),
        ("x = torch.zeros(2) if input() else torch.ones(2)", TensorValue),
        ("if (x := torch.zeros(2)) is None:\n    pass", TensorValue),
        ("x = abs(torch.zeros(2))", TensorValue),
        ("x = 3 * torch.zeros(2)", TensorValue),
        ("x = -torch.zeros(2)", TensorValue),
        ("x = torch.zeros(2) > 1", TensorValue),
        ("x = torch.zeros(2)\nx += 1", TensorValue),
        ("x = 1\nx += torch.zeros(2)", TensorValue),
        ("try:\n    x = torch.zeros(2)\nexcept ValueError:\n    x = torch.ones(2)", TensorValue),
        ("while True:\n    x = torch.zeros(2)\n    break", TensorValue),
        ("with open('a') as f:\n    x = torch.zeros(2)", TensorValue),
        ("d = {'a': torch.zeros(2)}\nx = d['a']", TensorValue),
        ("def g():\n    yield torch.zeros(2)\nfor x in g():\n    pass", TensorValue),
        ("def f():\n    return 1, torch.zeros(2)\n_, x = f()", TensorValue),
        ("x = None\ndef f():\n    global x\n    x = torch.zeros(2)\nf()", TensorValue),
        ("x = None\nif input():\n    x = torch.zeros(2)", TensorValue),
        ("*_, x = 1, torch.zeros(2)", TensorValue),
    ],
)  # fmt: skip
def test_kinds(body, kind):
    assert isinstance(found(body), kind)


@pytest.mark.parametrize(
    "body",
    [
        "x = torch.zeros(2) if input() else 3",
        "if input():\n    x = torch.zeros(2)\nelse:\n    x = [1]",
        "def f(t):\n    return t\nx = f(torch.zeros(2))\nx = f([1])",
        "x = unknown()",
        "from other import x",
        "import other as x",
        "x = torch.zeros(2)\nfor x in unknown():\n    pass",
        "x = torch.zeros(2)\ntry:\n    x = unknown()\nexcept ValueError:\n    pass",
        "class A:\n    def __init__(self, t):\n        self.t = t\na, b = A(torch.zeros(2)), A([1])\nx = a.t",
        "x = [torch.zeros(2), [1]][int(input())]",
        "x = torch.zeros(2)\nx = x.mystery()",
        "x = max(torch.zeros(2), 3)",
        "x = torch.mystery(torch.zeros(2))",
        "with torch.mystery() as x:\n    pass",
    ],
)
def test_what_may_be_something_else_is_not_called_a_tensor(body):
    assert not isinstance(found(body), TensorValue)


def test_deleted_names():
    program = "import torch\nx = torch.zeros(2)\ndel x\n"
    assert "x" not in Interpreter("torch").run(read(program)).module_names


@pytest.mark.parametrize(
    ("body", "tracked", "leaf"),
    [
        ("x = torch.zeros(2)", False, False),
        ("x = torch.zeros(2, requires_grad=True)", True, True),
        ("x = torch.zeros(2, requires_grad=False)", False, False),
        ("x = nn.Parameter(torch.zeros(2))", True, True),
        ("w = torch.zeros(2, requires_grad=True)\nx = w * 2", True, False),
        ("w = torch.zeros(2, requires_grad=True)\nx = (w * 2).detach()", False, False),
        ("w = torch.zeros(2, requires_grad=True)\nx = w.data", False, None),
        ("w = torch.zeros(2, requires_grad=True)\nx = w > 0", False, False),
        ("x = nn.Linear(2, 3)(torch.zeros(1, 2))", True, False),
        ("x = nn.Linear(2, 3).weight", True, True),
        ("x = nn.Dropout()(torch.zeros(1, 2))", False, False),
        ("w = torch.zeros(2, requires_grad=True)\nx = torch.stack([w, w])", True, False),
        bug(
            "w = torch.zeros(2, requires_grad=True)\nx = 0\nfor i in range(3):\n    x = x + w.sum()",
            True,
            False,
            reason="a number that becomes a tensor in a loop is unknown",
        ),
    ],
)
def test_what_is_trained(body, tracked, leaf):
    value = found(body)
    assert value.tracked == tracked
    assert leaf is None or value.leaf == leaf


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("x = torch.zeros(2)", "float"),
        ("x = torch.rand(2) * 3", "float"),
        ("x = torch.tensor([1.0])", "float"),
        ("x = nn.Linear(2, 3)(torch.zeros(1, 2))", "float"),
        ("x = torch.zeros(2) > 1", "bool"),
        ("x = torch.zeros(2, dtype=torch.int64)", "int"),
        ("x = torch.tensor([1, 2])", "int"),
        ("x = torch.tensor(3)", "int"),
        ("x = torch.tensor([1, 2]).sum()", "int"),
        ("x = torch.tensor([True])", "bool"),
    ],
)
def test_kinds_of_elements(body, kind):
    """Another kind is wrong; not to know is allowed."""
    assert kind_of(found(body).dtype) in (kind, None)


@pytest.mark.parametrize(
    ("body", "held"),
    [
        ("x = torch.zeros(1, 3, 4, 4)", False),
        ("x = nn.Conv2d(3, 3, 1)(torch.zeros(1, 3, 4, 4))", True),
        ("x = F.relu(nn.Conv2d(3, 3, 1)(torch.zeros(1, 3, 4, 4))) + 1", True),
        ("x = nn.Conv2d(3, 3, 1)(torch.zeros(1, 3, 4, 4)).view(1, -1)", False),
        ("x = nn.Conv2d(3, 3, 1)(torch.zeros(1, 3, 4, 4)) + torch.zeros(3, 1, 1)", False),
        ("x = nn.Conv2d(3, 3, 1)(torch.zeros(1, 3, 4, 4)) + torch.zeros(1, 3, 4, 4)", True),
        (
            "c = nn.Conv2d(3, 3, 1)\nx = torch.zeros(1, 3, 4, 4)\nfor i in range(3):\n    x = c(x)",
            False,
        ),
        (
            "c = nn.Conv2d(3, 3, 1)\nx = c(torch.zeros(1, 3, 4, 4))\nfor i in range(3):\n    x = c(x)",
            True,
        ),
    ],
)
def test_axis_order_that_is_held(body, held):
    assert found(body).target_order == held


DEEP = {
    "recursion": "def f(x, n):\n    return f(x * 2, n - 1) if n else x\nx = f(torch.zeros(2), 3)",
    "mutual recursion": "def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\nx = f(torch.zeros(2))",
    "a type that keeps growing": "x = 0\nfor i in range(3):\n    x = (x, torch.zeros(2))",
    "a list in itself": "x = []\nx.append(x)\nfor y in x:\n    y.append(torch.zeros(1))",
    "a function that returns itself": "def f():\n    return f\nx = f()()()",
    "a class that builds itself": "class A:\n    def __init__(self):\n        self.a = A()\nx = A().a.a",
    "a class that inherits from itself": "class A:\n    pass\nclass A(A):\n    pass\nx = A()",
    "a decorator": "def d(f):\n    return f\n@d\ndef f():\n    return torch.zeros(2)\nx = f()",
    "a method bound later": "class A:\n    pass\nA.f = lambda self: torch.zeros(2)\nx = A().f()",
    "nested loops": "x = torch.zeros(1, 3, 4, 4)\nc = nn.Conv2d(3, 3, 1)\n" + "".join(f"{'    ' * i}for i{i} in range(2):\n" for i in range(8)) + "    " * 8 + "x = c(x)",
    "many branches": "x = torch.zeros(2)\n" + "if input():\n    x = x * 2\nelif input():\n    x = x + 1\n" * 20,
    "a long chain": "x = torch.zeros(2)" + ".relu()" * 60,
    "a long sum": "x = " + " + ".join(["torch.zeros(2)"] * 100),
}  # fmt: skip


@pytest.mark.parametrize("what", DEEP)
def test_it_comes_to_an_end(what):
    found(DEEP[what])
    convert(HEADS["torch"] + DEEP[what] + "\n", to="tensorflow")


@pytest.mark.parametrize("count", range(3))
def test_a_star_takes_the_rest_of_what_is_not_known(count: int) -> None:
    """Names before it and behind it take one each."""
    names = ", ".join([*"abc"[:count], "*rest", "last"])
    assert convert(f"import torch\ndef f(x):\n    {names} = x\n    return last\n").code
