"""What holds for any program: it converts, the result compiles and is stable, and findings lie inside the file."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from translator import convert

from .rows import TENSORFLOW, TORCH, sound

QUICK = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),  # shrinking a long program takes minutes
    suppress_health_check=list(HealthCheck),
)
DEEP = settings(QUICK, max_examples=3000, derandomize=False, phases=(Phase.generate, Phase.shrink))
ANY = DEEP if os.environ.get("PROPERTIES") == "deep" else QUICK
"""`PROPERTIES=deep` looks at new programs each time, and shrinks one that fails."""

# Names that converted programs like to use themselves are taken now and then.
NAMES = ["x", "y", "h", "tape", "loss", "gradients", "optimizer"]
RARE = {"torch": ["tf", "keras"], "tensorflow": ["torch", "nn", "F"]}

LEAVES = {
    "torch": [
        "torch.zeros(2, 3)",
        "torch.ones(1, 3, 8, 8)",
        "torch.tensor([[1.0, 2.0, 3.0]])",
        "torch.rand(2, 3, requires_grad=True)",
        "linear.weight",
    ],
    "tensorflow": [
        "tf.zeros([2, 3])",
        "tf.ones([1, 8, 8, 3])",
        "tf.constant([[1.0, 2.0, 3.0]])",
        "tf.Variable(tf.zeros([2, 3]))",
    ],
}
UNARY = {
    "torch": [
        "torch.relu({})",
        "F.softmax({}, dim=1)",
        "({}).sum()",
        "({}).view(-1)",
        "({}).mean(dim=1, keepdim=True)",
        "torch.flatten({}, 1)",
        "({}).permute(0, 2, 3, 1)",
        "({}).unsqueeze(0)",
        "({}).detach()",
        "({}).t()",
        "({})[0]",
        "-({})",
        "linear({})",
        "conv({})",
        "net({})",
        "model({})",
        "layers[0]({})",
        "torch.mystery({})",
        "helper({})",
        "[{}, 1][0]",
        "(lambda t: t * 2)({})",
        "unknown({})",
    ],
    "tensorflow": [
        "tf.nn.relu({})",
        "tf.nn.softmax({}, axis=1)",
        "tf.reduce_sum({})",
        "tf.reshape({}, [-1])",
        "tf.reduce_mean({}, axis=1, keepdims=True)",
        "tf.transpose({}, [1, 0])",
        "tf.expand_dims({}, 0)",
        "tf.stop_gradient({})",
        "({})[0]",
        "-({})",
        "linear({})",
        "conv({})",
        "net({})",
        "model({})",
        "layers[0]({})",
        "tf.mystery({})",
        "helper({})",
        "[{}, 1][0]",
        "(lambda t: t * 2)({})",
        "unknown({})",
    ],
}
BINARY = {
    "torch": [
        "{} + {}",
        "{} * {}",
        "({}) @ ({})",
        "torch.cat([{}, {}], dim=1)",
        "criterion({}, {})",
        "{} if flag else {}",
    ],
    "tensorflow": [
        "{} + {}",
        "{} * {}",
        "({}) @ ({})",
        "tf.concat([{}, {}], axis=1)",
        "criterion({}, {})",
        "{} if flag else {}",
    ],
}
HEADS = {
    "torch": TORCH
    + """
linear = nn.Linear(3, 3)
conv = nn.Conv2d(3, 3, 3, padding=1)
net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 3))
layers = [nn.Linear(3, 3), nn.Dropout(0.5)]
criterion = nn.MSELoss()
sgd = optim.SGD(net.parameters(), lr=0.1)
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3)
        self.scale = nn.Parameter(torch.ones(1))
    def forward(self, x):
        return F.relu(self.conv(x)) * self.scale
model = Model()
def helper(t):
    return t * 2
""",
    "tensorflow": TENSORFLOW
    + """
linear = keras.layers.Dense(3, activation="relu")
conv = keras.layers.Conv2D(3, 3, padding="same")
net = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation="relu"), keras.layers.Dense(3)])
layers = [keras.layers.Dense(3), keras.layers.Dropout(0.5)]
criterion = keras.losses.MeanSquaredError()
sgd = keras.optimizers.SGD(0.1)
class Model(keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = keras.layers.Conv2D(3, 3)
        self.scale = self.add_weight(shape=(1,), initializer="ones")
    def call(self, x):
        return tf.nn.relu(self.conv(x)) * self.scale
model = Model()
def helper(t):
    return t * 2
""",
}  # fmt: skip
STEPS = {
    "torch": [
        "sgd.zero_grad()\nloss = criterion(net({0}), {1})\nloss.backward()\nsgd.step()",
        "loss = (net({0}) - {1}).sum()\nsgd.zero_grad()  # reset\nloss.backward()\nsgd.step()",
        "loss = net({0}).mean()\nloss.backward()",
        "with torch.no_grad():\n    {0}",
        "net.eval()\nprint({0}.item())",
        "nn.init.zeros_(linear.weight)",
        "sgd.zero_grad(); sgd.step()",
    ],
    "tensorflow": [
        "with tf.GradientTape() as tape:\n    loss = criterion({1}, net({0}))\ng = tape.gradient(loss, net.trainable_variables)\n"
        "sgd.apply_gradients(zip(g, net.trainable_variables))",
        "with tf.GradientTape() as tape:\n    loss = tf.reduce_sum(net({0}, training=True))\n"
        "for v, g in zip(net.trainable_variables, tape.gradient(loss, net.trainable_variables)):\n    v.assign_sub(0.1 * g)",
        "net.compile(sgd, 'mse')\nnet.fit({0}, {1}, verbose=0)",
        "print({0}.numpy())",
        "net.summary()",
    ],
}  # fmt: skip
OTHERS = [
    "pass",
    "print({0}, f'{{{1}}}')",
    "assert {0} is not None, 'torch and tf'",
    "d = {{'a': {0}}}",
    "del d",
    "{0}; {1}  # both",
    '"""A text of torch."""',
]


def expressions(side: str, depth: int = 3) -> st.SearchStrategy[str]:
    """Expressions over the names that a program starts with."""
    leaves = st.sampled_from([*LEAVES[side], *NAMES])
    if depth == 0:
        return leaves
    inner = expressions(side, depth - 1)
    return st.one_of(
        leaves,
        st.builds(str.format, st.sampled_from(UNARY[side]), inner),
        st.builds(
            lambda form, a, b: f"({form.format(a, b)})", st.sampled_from(BINARY[side]), inner, inner
        ),
    )


def blocks(side: str, depth: int = 2) -> st.SearchStrategy[list[str]]:
    """Lists of lines."""
    value = expressions(side)
    target = st.sampled_from(NAMES)
    simple = st.one_of(
        st.builds("{} = {}".format, target, value),
        st.builds("{}, {} = {}, {}".format, target, target, value, value),
        st.builds("{} {} {}".format, target, st.sampled_from(["+=", "*=", "-="]), value),
        st.builds(str.format, st.sampled_from(STEPS[side]), value, value),
        st.builds(str.format, st.sampled_from(OTHERS), value, value),
    ).map(str.splitlines)
    noted = st.builds(
        lambda lines, above, blank: [*([""] * blank), *(["# " + above] if above else []), *lines],
        simple,
        st.sampled_from(["", "", "a comment", "about torch.nn"]),
        st.integers(0, 1),
    )
    if depth == 0:
        return st.lists(noted, min_size=1, max_size=2).map(_joined)
    inner = blocks(side, depth - 1)
    compound = st.one_of(
        st.builds(
            lambda v, a, b: [f"if {v} is None:  # branch", *_in(a), "else:", *_in(b)],
            value,
            inner,
            inner,
        ),
        st.builds(
            lambda n, a: [f"for {n} in range(2):", *_in(a)], st.sampled_from(["i", "x", "h"]), inner
        ),
        st.builds(lambda v, a: [f"while {v}:", *_in(a), "    break"], value, inner),
        st.builds(
            lambda a, b: ["try:", *_in(a), "except ValueError as error:", *_in(b)], inner, inner
        ),
        st.builds(
            lambda n, a, v: [f"def f({n}, *, k={v}):", *_in(a), f"    return {n}, k"],
            target,
            inner,
            value,
        ),
        st.builds(
            lambda n, v, w: [f"{n} = [t * 2 for t in {v} if t is not None]", f"g = lambda t: {w}"],
            target,
            value,
            value,
        ),
    )
    return st.lists(st.one_of(noted, compound), min_size=1, max_size=4).map(_joined)


def _joined(groups: list[list[str]]) -> list[str]:
    return [line for group in groups for line in group]


def _in(lines: list[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


@st.composite
def programs(draw: st.DrawFn, side: str) -> str:
    """A whole file: imports, layers, a model, names that may be taken, and a body."""
    taken = draw(st.lists(st.sampled_from(RARE[side]), max_size=1))
    first = [f"{name} = {draw(st.sampled_from(LEAVES[side]))}" for name in NAMES]
    rare = [f"{name} = 3" for name in taken]
    unknown = ["from other import flag, unknown"]
    body = draw(blocks(side))
    return HEADS[side] + "\n".join([*unknown, *rare, *first, *body]) + "\n"


def check(source: str, to: str) -> None:
    compile(source, "source", "exec", dont_inherit=True)
    result = convert(source, to=to)
    sound(source, result)
    # The same text again, and nothing left to do in what came out.
    assert convert(source, to=to).code == result.code
    again = convert(result.code, to=to)
    assert again.code == result.code
    assert again.complete or not result.complete


@ANY
@given(programs("torch"))
def test_torch_programs(source):
    check(source, "tensorflow")


@ANY
@given(programs("tensorflow"))
def test_tensorflow_programs(source):
    check(source, "torch")
