"""Loops and choices that TensorFlow writes as functions, because they stand in a graph."""

from __future__ import annotations

from typing import Any

from translator.knowledge.cases import case, f32, script
from translator.knowledge.lenses import Lens, fixed, only, same, tensor
from translator.knowledge.records import Construct, Pair, Record, Refusal

_BACK = "no record leads back"
_GRAPH = "it is about TensorFlow's graph"


def _there(torch: str, tf: str | tuple[str, ...], *args: Lens, text: str, **more: Any) -> Pair:
    return Pair(
        torch=torch,
        tf=tf,
        args=args,
        only_from="tensorflow",
        words="loop graph control flow function",
        cases=(case(text, x=f32(4, 3), side="tensorflow", one_way=_BACK),),
        **more,
    )


MAP = _there(
    "torch.stack(list(map(fn, elems)))",
    (
        "tf.map_fn(fn, elems, dtype=None, parallel_iterations=None, back_prop=True, swap_memory=False, "
        "infer_shape=True, name=None, fn_output_signature=None)",
        "keras.ops.map(f, xs)",
    ),
    same("fn"),
    tensor("elems", "elems", known=True),
    *(only("tensorflow", name, _GRAPH) for name in ("dtype", "parallel_iterations", "back_prop")),
    *(
        only("tensorflow", name, _GRAPH)
        for name in ("swap_memory", "infer_shape", "fn_output_signature")
    ),
    text="tf.map_fn(lambda row: tf.reduce_sum(row) * row, x)",
)
VMAP = _there(
    "torch.vmap(fn)(elems)",
    ("tf.vectorized_map(fn, elems)", "keras.ops.vectorized_map(function, elements)"),
    same("fn"),
    same("elems"),
    text="tf.vectorized_map(lambda row: tf.reduce_sum(row) * row, x)",
)
_WHILE = '''
def while_loop(cond, body, loop_vars):
    """Run `body` on the variables while `cond` of them holds."""
    while cond(*loop_vars):
        result = body(*loop_vars)
        loop_vars = result if isinstance(result, (list, tuple)) else [result]
    return loop_vars
'''
WHILE = _there(
    "while_loop(cond, body, loop_vars)",
    (
        "tf.while_loop(cond, body, loop_vars, shape_invariants=None, parallel_iterations=10, back_prop=True, "
        "swap_memory=False, maximum_iterations=None)",
        "keras.ops.while_loop(cond, body, loop_vars, maximum_iterations=None)",
    ),
    same("cond"),
    same("body"),
    same("loop_vars"),
    *(only("tensorflow", name, _GRAPH) for name in ("shape_invariants", "parallel_iterations")),
    *(only("tensorflow", name, _GRAPH) for name in ("back_prop", "swap_memory")),
    fixed("tensorflow", "maximum_iterations", "None"),
    helper=("while_loop", _WHILE),
    text="tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, 2 * y), (0, x))[1]",
)
_FOR = '''
def fori_loop(lower, upper, body, value):
    """Hand a value through `body(i, value)` for every number from `lower` up to `upper`."""
    for i in range(lower, upper):
        value = body(i, value)
    return value
'''
FOR = _there(
    "fori_loop(lower, upper, body, value)",
    "keras.ops.fori_loop(lower, upper, body_fun, init_val)",
    same("lower"),
    same("upper"),
    same("body", "body_fun"),
    same("value", "init_val"),
    helper=("fori_loop", _FOR),
    text="keras.ops.fori_loop(0, 3, lambda i, y: 2 * y, x)",
)
_SCAN = '''
def scan(fn, elems, state=None):
    """Everything that `fn(state, element)` gives on the way along the first axis."""
    states = []
    for element in elems:
        state = element if state is None else fn(state, element)
        states.append(state)
    return torch.stack(states)
'''
SCAN = _there(
    "scan(fn, elems, initializer)",
    "tf.scan(fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False, "
    "infer_shape=True, reverse=False)",
    same("fn"),
    tensor("elems", "elems", known=True),
    same("initializer"),
    *(only("tensorflow", name, _GRAPH) for name in ("parallel_iterations", "back_prop")),
    *(only("tensorflow", name, _GRAPH) for name in ("swap_memory", "infer_shape")),
    fixed("tensorflow", "reverse", "False"),
    helper=("scan", _SCAN),
    text="tf.scan(lambda y, row: y + 2 * row, x)",
)

_TORCH = """
import torch

x = torch.tensor([1.0, 2.0])
print((2 * x if x.sum() > 0 else -x).sum().item())
print("done", x.sum().item())
"""
_TENSORFLOW = """
import tensorflow as tf

x = tf.constant([1.0, 2.0])
with tf.name_scope("choice"):
    y = tf.cond(tf.reduce_sum(x) > 0, lambda: 2 * x, lambda: -x)
print(float(tf.reduce_sum(y)))
"""
CHOICE = Construct(
    name="choice",
    torch=_TORCH,
    tf=_TENSORFLOW,
    about=(
        "tf.cond",
        "keras.ops.cond",
        "tf.name_scope",
        "tf.device",
        "tf.print",
        "tf.newaxis",
        "tf.__version__",
        "keras.__version__",
        "tf.function",
        "tf.random.set_seed",
        "keras.utils.set_random_seed",
        "tf.GradientTape",
        "tf.Variable",
        "keras.Variable",
        "tf.constant",
        "tf.convert_to_tensor",
        "keras.ops.convert_to_tensor",
        "keras.ops.array",
        "keras.ops.convert_to_numpy",
        "keras.backend.epsilon",
        "keras.config.epsilon",
        "tf.shape",
        "tf.TensorShape",
        "keras.ops.shape",
    ),
    differs="torch computes at once, so that it needs no functions for what Python has: a choice, a print, a new axis, "
    "which is None.",
    words="cond name_scope device print newaxis eager",
    cases=(
        script(_TORCH),
        script(_TENSORFLOW, side="tensorflow", one_way="a choice is Python's own there"),
    ),
)
OWN_GRADIENT = Construct(
    name="gradient of a function's own",
    torch="""
import torch


class Clipped(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, upstream):
        return upstream.clamp(-1.0, 1.0)


x = torch.tensor([1.0, -3.0], requires_grad=True)
print(torch.autograd.grad((Clipped.apply(x) ** 2).sum(), x)[0].sum().item())
""",
    tf="""
import tensorflow as tf


@tf.custom_gradient
def clipped(x):
    def gradient(upstream):
        return tf.clip_by_value(upstream, -1.0, 1.0)

    return tf.identity(x), gradient


x = tf.Variable([1.0, -3.0])
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(clipped(x) ** 2)
print(float(tf.reduce_sum(tape.gradient(loss, x))))
""",
    about=("tf.custom_gradient", "keras.ops.custom_gradient"),
    differs="TensorFlow gives a function its gradient by an inner function, torch by a class; a decorator that is "
    "written once makes the one of the other.",
    words="custom gradient straight through backward",
    cases=(
        script(
            "import tensorflow as tf\n@tf.custom_gradient\ndef clipped(x):\n    def gradient(upstream):\n"
            "        return tf.clip_by_value(upstream, -1.0, 1.0) * x\n    return x * x, gradient\n"
            "x = tf.Variable([1.0, -3.0])\nwith tf.GradientTape() as tape:\n    loss = tf.reduce_sum(clipped(x) ** 2)\n"
            "print(float(loss), float(tf.reduce_sum(tape.gradient(loss, x))))\n",
            side="tensorflow",
            one_way="a decorator that makes a class of torch is not followed",
        ),
    ),
)
_OWN_GRADIENT = Refusal(
    torch=(),
    tf=(
        "tf.RegisterGradient",
        "tf.recompute_grad",
    ),
    differs="TensorFlow gives a function its gradient by an inner function, torch by a class",
    instead="a torch.autograd.Function with forward and backward; torch.utils.checkpoint.checkpoint to compute again",
    words="custom gradient straight through",
)
TENSOR_ARRAY = '''
class TensorArray:
    """Tensors by number, in whichever order they are written; all of them are stacked in the end."""

    def __init__(self, size=0):
        self.length = int(size)
        self.tensors = {}

    def write(self, index, value):
        self.tensors[int(index)] = torch.as_tensor(value)
        return self

    def unstack(self, value):
        self.tensors = dict(enumerate(value.unbind()))
        return self

    def read(self, index):
        return self.tensors[int(index)]

    def size(self):
        return max(self.length, max(self.tensors, default=-1) + 1)

    def gather(self, indices):
        return torch.stack([self.read(index) for index in indices])

    def stack(self):
        return self.gather(range(self.size()))

    def concat(self):
        return torch.cat([self.read(index) for index in range(self.size())])
'''
_ARRAY_IN_TORCH = """
import torch

rows = []
for n in range(3):
    rows.append(torch.ones(2) * n)
print(torch.stack(rows).sum().item())
"""
_ARRAY_IN_TENSORFLOW = """
import tensorflow as tf

rows = tf.TensorArray(tf.float32, size=3)
for n in range(3):
    rows = rows.write(n, tf.ones([2]) * n)
print(float(tf.reduce_sum(rows.stack())))
"""
_ARRAY = Construct(
    name="tensor array",
    torch=_ARRAY_IN_TORCH,
    tf=_ARRAY_IN_TENSORFLOW,
    about=("tf.TensorArray",),
    differs="Python's lists do in torch what it does in a graph; a short class keeps its methods and its numbers.",
    words="tensor array list loop write stack",
    cases=(script(_ARRAY_IN_TENSORFLOW, side="tensorflow", one_way="a class of the file"),),
)
_OTHERS = Refusal(
    torch=(),
    tf=(
        "tf.unique",
        "tf.timestamp",
        "tf.clip_by_global_norm",
        "tf.case",
        "tf.switch_case",
        "keras.ops.dtype",
        "keras.ops.scan",
        "keras.ops.associative_scan",
        "keras.ops.switch",
        "keras.random.SeedGenerator",
        "tf.random.gamma",
        "tf.random.stateless_normal",
        "tf.random.stateless_uniform",
        "tf.random.Generator",
        "tf.math.confusion_matrix",
    ),
    differs="torch has no function that gives the same",
    instead="torch.unique sorts, time.time() is the clock, torch.nn.utils.clip_grad_norm_ clips what backward() left, "
    "x.dtype is an attribute, a torch.Generator holds a seed, and a dict of functions or match makes a choice",
    words="unique seed generator clip global norm confusion matrix",
)

RECORDS: tuple[Record, ...] = (
    MAP,
    VMAP,
    WHILE,
    FOR,
    SCAN,
    CHOICE,
    OWN_GRADIENT,
    _OWN_GRADIENT,
    _ARRAY,
    _OTHERS,
)
