"""Schedules of Keras, functions of the number of steps: each becomes a class of the converted file.

They compute with tensors in 32 bits, as Keras does whatever the default type is.
"""

from __future__ import annotations

from translator.knowledge.cases import script
from translator.knowledge.lenses import only, same
from translator.knowledge.records import Construct, Layer, Record
from translator.knowledge.signature import parse

_EXPONENTIAL = '''
class ExponentialDecay:
    """A rate that is multiplied by `decay_rate` every `decay_steps`."""

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase

    def __call__(self, step):
        periods = torch.as_tensor(step, dtype=torch.float32) / self.decay_steps
        periods = torch.floor(periods) if self.staircase else periods
        return self.initial_learning_rate * self.decay_rate**periods
'''

_INVERSE_TIME = '''
class InverseTimeDecay:
    """A rate that is divided by a number that grows by `decay_rate` every `decay_steps`."""

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase

    def __call__(self, step):
        periods = torch.as_tensor(step, dtype=torch.float32) / self.decay_steps
        periods = torch.floor(periods) if self.staircase else periods
        top = torch.tensor(self.initial_learning_rate, dtype=torch.float32)
        return top / (1 + self.decay_rate * periods)
'''

_PIECEWISE = '''
class PiecewiseConstantDecay:
    """A rate for each piece between boundaries, which belong to the piece before them."""

    def __init__(self, boundaries, values):
        self.boundaries = boundaries
        self.values = values

    def __call__(self, step):
        passed = sum(int(step > boundary) for boundary in self.boundaries)
        return torch.tensor(self.values[passed], dtype=torch.float32)
'''

_POLYNOMIAL = '''
class PolynomialDecay:
    """A rate that goes from one number to another in `decay_steps` along a power."""

    def __init__(
        self, initial_learning_rate, decay_steps, end_learning_rate=1e-4, power=1.0, cycle=False
    ):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.end_learning_rate = end_learning_rate
        self.power = power
        self.cycle = cycle

    def __call__(self, step):
        done = torch.as_tensor(step, dtype=torch.float32) / self.decay_steps
        done = done / torch.ceil(done).clamp(min=1) if self.cycle else done.clamp(max=1)
        rates = (self.initial_learning_rate, self.end_learning_rate)
        top, end = torch.tensor(rates, dtype=torch.float32)
        return (top - end) * (1 - done) ** self.power + end
'''

_COSINE = '''
class CosineDecay:
    """A rate that rises in a line where it warms up, and falls along half a cosine in `decay_steps`."""

    def __init__(
        self, initial_learning_rate, decay_steps, alpha=0.0, warmup_target=None, warmup_steps=0
    ):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.alpha = alpha
        self.warmup_target = warmup_target
        self.warmup_steps = warmup_steps

    def __call__(self, step):
        step = torch.as_tensor(step, dtype=torch.float32)
        top = self.initial_learning_rate
        if self.warmup_target is not None:
            if step < self.warmup_steps:
                rise = self.warmup_target - top
                return rise * (step / self.warmup_steps) + top
            step, top = step - self.warmup_steps, self.warmup_target
        done = (step / self.decay_steps).clamp(max=1)
        fall = 0.5 * (1 + torch.cos(math.pi * done))
        return top * ((1 - self.alpha) * fall + self.alpha)
'''

_RESTARTS = '''
class CosineDecayRestarts:
    """A rate that falls along half a cosine again and again, `t_mul` times as long and from `m_mul` times as high."""

    def __init__(self, initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0):
        self.initial_learning_rate = initial_learning_rate
        self.first_decay_steps = first_decay_steps
        self.t_mul = t_mul
        self.m_mul = m_mul
        self.alpha = alpha

    def __call__(self, step):
        done = torch.as_tensor(step, dtype=torch.float32) / self.first_decay_steps
        if self.t_mul == 1:
            restarts = torch.floor(done)
            done = done - restarts
        else:
            restarts = torch.floor(torch.log(1 - done * (1 - self.t_mul)) / math.log(self.t_mul))
            before = (1 - self.t_mul**restarts) / (1 - self.t_mul)
            done = (done - before) / self.t_mul**restarts
        fall = 0.5 * self.m_mul**restarts * (1 + torch.cos(math.pi * done))
        return self.initial_learning_rate * ((1 - self.alpha) * fall + self.alpha)
'''

_ONE_WAY = "a class of the file leads nowhere back"
_HOOK = "A schedule of Keras is asked for the rate before each step; torch's optimizer is given a hook that does so."


def _script(made: str, own: str = "") -> str:
    return f"""
import keras
import tensorflow as tf
{own}
w = tf.Variable([1.0, -2.0])
schedule = {made}
optimizer = keras.optimizers.SGD(learning_rate=schedule, momentum=0.875)
for step in range(12):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((w - 3.0) ** 2)
    gradients = tape.gradient(loss, [w])
    optimizer.apply_gradients(zip(gradients, [w]))
    print(f"{{loss.numpy():.4f}} {{float(optimizer.learning_rate):.6f}} {{float(schedule(step)):.6f}}")
"""


def _schedule(parameters: str, code: str, *examples: str, words: str, there: str = "") -> Layer:
    """A schedule by its parameters, `there` with the name that Keras has among them."""
    name = parameters.partition("(")[0]
    signature = parse(parameters)
    keras = there or f"{parameters[:-1]}, name='{name}')"
    return Layer(
        torch=parameters,
        tf=f"keras.optimizers.schedules.{keras}",
        args=(
            *(same(p.name) for p in signature.parameters),
            only("tensorflow", "name", "a name changes no number"),
        ),
        called=("(step)", "(step)"),
        call_args=(same("step"),),
        helpers=((name, code),),
        differs=_HOOK,
        words=f"learning rate schedule decay {words}",
        cases=tuple(
            script(
                _script(f"keras.optimizers.schedules.{name}({example})"),
                side="tensorflow",
                one_way=_ONE_WAY,
            )
            for example in examples
        ),
    )


SCHEDULES: tuple[Layer, ...] = (
    _schedule(
        "ExponentialDecay(initial_learning_rate, decay_steps, decay_rate, staircase=False)",
        _EXPONENTIAL,
        "0.1, 5, 0.5",
        "0.1, decay_steps=5, decay_rate=0.5, staircase=True",
        words="exponential staircase",
    ),
    _schedule(
        "InverseTimeDecay(initial_learning_rate, decay_steps, decay_rate, staircase=False)",
        _INVERSE_TIME,
        "0.1, 5, 0.5",
        "0.1, 5, 0.5, True",
        words="inverse time",
    ),
    _schedule(
        "PiecewiseConstantDecay(boundaries, values)",
        _PIECEWISE,
        "[3, 6], [0.1, 0.05, 0.01]",
        words="piecewise constant milestones steps",
        there="PiecewiseConstantDecay(boundaries, values, name='PiecewiseConstant')",
    ),
    _schedule(
        "PolynomialDecay(initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False)",
        _POLYNOMIAL,
        "0.1, 8",
        "0.1, 5, power=2.0, cycle=True",
        words="polynomial linear",
    ),
    _schedule(
        "CosineDecay(initial_learning_rate, decay_steps, alpha=0.0, warmup_target=None, warmup_steps=0)",
        _COSINE,
        "0.1, 8, alpha=0.1",
        "0.0, 6, warmup_target=0.1, warmup_steps=4",
        words="cosine warm up",
        there="CosineDecay(initial_learning_rate, decay_steps, alpha=0.0, name='CosineDecay', warmup_target=None, "
        "warmup_steps=0)",
    ),
    _schedule(
        "CosineDecayRestarts(initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0)",
        _RESTARTS,
        "0.1, 3",
        "0.1, 4, t_mul=1.0, m_mul=0.9, alpha=0.1",
        words="cosine warm restarts sgdr",
        there="CosineDecayRestarts(initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0, "
        "name='SGDRDecay')",
    ),
)

_OWN = """
class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, size, steps):
        super().__init__()
        self.size = tf.cast(size, tf.float32)
        self.steps = steps

    def __call__(self, step):
        step = tf.cast(step, tf.float32) + 1.0
        return tf.math.rsqrt(self.size) * tf.minimum(tf.math.rsqrt(step), step * self.steps**-1.5)

"""
_TORCH = """
import torch


class WarmUp:
    def __init__(self, steps):
        self.steps = steps

    def __call__(self, step):
        return min(1.0, (step + 1) / self.steps)


w = torch.tensor([1.0, -2.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, WarmUp(5))
for step in range(12):
    loss = ((w - 3.0) ** 2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    print(f"{loss.item():.5f}")
"""
OWN = Construct(
    name="rate by the number of steps",
    torch=_TORCH,
    tf=_script("WarmUp(64, 4)", _OWN),
    about=("keras.optimizers.schedules.LearningRateSchedule",),
    differs=f"{_HOOK} A class of one's own needs no base class there.",
    words="learning rate schedule of one's own subclass",
    cases=(
        script(_TORCH, one_way=_ONE_WAY),
        script(_script("WarmUp(64, 4)", _OWN), side="tensorflow", one_way=_ONE_WAY),
    ),
)

RECORDS: tuple[Record, ...] = (*SCHEDULES, OWN)
