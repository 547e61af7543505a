"""TensorFlow's tapes as torch's backward pass: what is paired, watched, kept, nested, or left with a finding."""

from __future__ import annotations

from translator import Code, convert

from .rows import TENSORFLOW, flagged, rows, text, to_torch, unless_flagged

MODEL = "model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\nopt = keras.optimizers.SGD(0.1)\nx = tf.ones([2, 3])\n"
MODEL_THERE = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(3, 1))
opt = torch.optim.SGD(model.parameters(), 0.1)
x = torch.ones(2, 3)
"""
W = "w = tf.Variable([1.0, 2.0])\n"
W_THERE = "import torch\nfrom torch import nn\n\nw = nn.Parameter(torch.tensor([1.0, 2.0]))\n"


def steps(body: str, expected: str, bug: str = "") -> list:
    """A program around one model and optimizer."""
    return to_torch(TENSORFLOW + MODEL + text(body), MODEL_THERE + text(expected), bug)


def single(body: str, expected: str, bug: str = "") -> list:
    """A program around one variable."""
    return to_torch(TENSORFLOW + W + text(body), W_THERE + text(expected), bug)


@rows(
    steps("""
        for i in range(3):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(model(x))
            grads = tape.gradient(loss, model.trainable_variables)
            opt.apply_gradients(zip(grads, model.trainable_variables))
        """, """
        for i in range(3):
            loss = torch.mean(model(x))
            opt.zero_grad()
            loss.backward()
            opt.step()
        """),
    steps("""
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(model(x))
        opt.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
        """, """
        loss = torch.mean(model(x))
        opt.zero_grad()
        loss.backward()
        opt.step()
        """),
    steps("""
        @tf.function
        def step(x):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(model(x, training=True))
            grads = tape.gradient(loss, model.trainable_variables)
            opt.apply_gradients(zip(grads, model.trainable_variables))
            return loss
        """, """
        def step(x):
            loss = torch.mean(model(x))
            opt.zero_grad()
            loss.backward()
            opt.step()
            return loss
        """),
    # Gradients that are used for something else as well.
    steps("""
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(model(x))
        grads = tape.gradient(loss, model.trainable_variables)
        grads = [g * 0.5 for g in grads]
        opt.apply_gradients(zip(grads, model.trainable_variables))
        """, """
        loss = torch.mean(model(x))
        grads = torch.autograd.grad(loss, list(model.parameters()))
        grads = [g * 0.5 for g in grads]
        for parameter, gradient in zip(model.parameters(), grads):
            parameter.grad = gradient
        opt.step()
        """),
    steps("""
        parameter = gradient = 3
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(model(x))
        grads = tape.gradient(loss, model.trainable_variables)
        print(grads)
        opt.apply_gradients(zip(grads, model.trainable_variables))
        """, """
        parameter = gradient = 3
        loss = torch.mean(model(x))
        grads = torch.autograd.grad(loss, list(model.parameters()))
        print(grads)
        for parameter_2, gradient_2 in zip(model.parameters(), grads):
            parameter_2.grad = gradient_2
        opt.step()
        """),
    # An array shows the values of now, not those of later.
    single("""
        seen = []
        for i in range(2):
            seen.append(w.numpy())
            print(w.numpy(), f"{w.numpy()}")
            w.assign_sub([1.0, 1.0])
        """, """
        seen = []
        for i in range(2):
            seen.append(w.detach().numpy().copy())
            print(w.detach().numpy(), f"{w.detach().numpy()}")
            with torch.no_grad():
                w -= torch.as_tensor([1.0, 1.0])
        """),
    single("""
        first = w[0]
        print(w[0])
        w.assign(w * 2)
        """, """
        first = w[0].clone()
        print(w[0])
        with torch.no_grad():
            w.copy_(w * 2)
        """),
    # A tape sums what is no scalar.
    single("""
        with tf.GradientTape() as tape:
            y = w * w
        g = tape.gradient(y, w)
        w.assign_sub(0.1 * g)
        """, """
        y = w * w
        g = torch.autograd.grad(y.sum(), w)[0]
        with torch.no_grad():
            w -= 0.1 * g
        """),
    single("""
        with tf.GradientTape() as tape: y = tf.reduce_sum(w * w); z = y + 1
        [g] = tape.gradient(y, [w])
        w.assign(w * 2)
        w.assign_add(g)
        w.assign([3.0, 4.0])
        """, """
        y = torch.sum(w * w); z = y + 1
        [g] = torch.autograd.grad(y, [w])
        with torch.no_grad():
            w.copy_(w * 2)
            w += g
            w.copy_(torch.as_tensor([3.0, 4.0]))
        """),
    single("""
        with tf.GradientTape(persistent=True) as tape:
            a = tf.reduce_sum(w * w)
            b = tf.reduce_sum(w * 3)
        ga = tape.gradient(a, w)
        gb = tape.gradient(b, w)
        """, """
        a = torch.sum(w * w)
        b = torch.sum(w * 3)
        ga = torch.autograd.grad(a, w, retain_graph=True)[0]
        gb = torch.autograd.grad(b, w)[0]
        """),
    # What was computed outside of a tape is a constant under it.
    single("""
        h = w * 3
        for i in range(3):
            with tf.GradientTape() as tape:
                y = tf.reduce_sum(h * w)
            print(tape.gradient(y, w))
            with tf.GradientTape() as tape:
                h = h * 0.5
                y = tf.reduce_sum(h * w)
            print(tape.gradient(y, w))
        """, """
        h = w * 3
        for i in range(3):
            y = torch.sum(h.detach() * w)
            print(torch.autograd.grad(y, w)[0])
            h = h.detach()
            h = h * 0.5
            y = torch.sum(h * w)
            print(torch.autograd.grad(y, w)[0])
        """),
    # Tensors that are watched.
    single("""
        c, d = tf.constant([1.0]), tf.constant([2.0])
        with tf.GradientTape() as tape:
            # both
            tape.watch([c, d])
            tape.watch(w)
            y = c * d * w
        g = tape.gradient(y, [c, d])
        def slope(f, x):
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = f(x)
            return tape.gradient(y, x)
        print(slope(lambda x: x * x, c), c.numpy())
        """, """
        c, d = torch.tensor([1.0]), torch.tensor([2.0])
        # both
        c.requires_grad_()
        d.requires_grad_()
        y = c * d * w
        g = torch.autograd.grad(y.sum(), [c, d])
        def slope(f, x):
            x = x.detach().requires_grad_()
            y = f(x)
            return torch.autograd.grad(y.sum(), x)[0]
        print(slope(lambda x: x * x, c), c.detach().numpy())
        """),
    # Two tapes over one block share its graph; a second backward pass would add to what the first one left.
    single("""
        with tf.GradientTape() as one, tf.GradientTape() as two:
            y = tf.reduce_sum(w * w)
            z = y * y
        a = one.gradient(y, w)
        b = two.gradient(z, w)
        """, """
        y = torch.sum(w * w)
        z = y * y
        a = torch.autograd.grad(y, w, retain_graph=True)[0]
        b = torch.autograd.grad(z, w)[0]
        """),
    steps("""
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(model(x))
        grads = tape.gradient(loss, model.trainable_variables)
        with tf.GradientTape() as tape:
            other = tf.reduce_mean(model(x + 1))
        more = tape.gradient(other, model.trainable_variables)
        opt.apply_gradients(zip(grads, model.trainable_variables))
        opt.apply_gradients(list(zip(more, model.trainable_variables)))
        """, """
        loss = torch.mean(model(x))
        grads = torch.autograd.grad(loss, list(model.parameters()))
        other = torch.mean(model(x + 1))
        more = torch.autograd.grad(other, list(model.parameters()))
        for parameter, gradient in zip(model.parameters(), grads):
            parameter.grad = gradient
        opt.step()
        for parameter_2, gradient_2 in zip(model.parameters(), more):
            parameter_2.grad = gradient_2
        opt.step()
        """),
    single("""
        b = tf.Variable(1.0)
        with tf.GradientTape() as tape:
            y = tf.reduce_sum(w * w)
        gw, gb = tape.gradient(y, [w, b])
        """, """
        b = nn.Parameter(torch.tensor(1.0))
        y = torch.sum(w * w)
        gw, gb = torch.autograd.grad(y, [w, b], allow_unused=True)
        """),
    # An optimizer that is built before the model.
    to_torch(
        TENSORFLOW + text("""
        opt = keras.optimizers.SGD(0.1)
        print("between")
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(model(tf.ones([2, 3])))
        grads = tape.gradient(loss, model.trainable_variables)
        opt.apply_gradients(zip(grads, model.trainable_variables))
        """),
        """
        import torch
        from torch import nn

        print("between")
        model = nn.Sequential(nn.Linear(3, 1))
        opt = torch.optim.SGD(model.parameters(), 0.1)
        loss = torch.mean(model(torch.ones(2, 3)))
        opt.zero_grad()
        loss.backward()
        opt.step()
        """,
    ),
)  # fmt: skip
def test_tapes(case):
    case.check()


def tape(lines: str, after: str, **how: str) -> str:
    """A program with one tape around `lines`, and `after` below it."""
    inner = "".join(f"    {line}\n" for line in text(lines).splitlines())
    return f"{W}with tf.GradientTape({how.get('how', '')}) as tape:\n{inner}{text(after)}"


_SILENT = "left in silence, and the tape has gone: a NameError"


@rows(
    unless_flagged(tape("a = w * w\nb = a * w", "ga = tape.gradient(a, w)\ngb = tape.gradient(b, w)", how="persistent=True"),
        without="torch.autograd.grad(a.sum(), w)[0]\ngb", to="torch"),
    unless_flagged(tape("a = w * w", "ga = tape.gradient(a, w)\ndel tape", how="persistent=True"), without="del tape", to="torch"),
    unless_flagged("c = tf.constant([1.0])\nwith tf.GradientTape() as tape:\n    tape.watch(c)\n    y = c * c\ng = tape.gradient(y, c)",
        without="c = torch.tensor([1.0])\ny", to="torch"),
    unless_flagged("c = tf.constant([1.0])\nwith tf.GradientTape() as tape:\n    tape.watch(c)\n    y = c * c\ng = tape.gradient(y, c)",
        without="tape.watch", to="torch"),
    unless_flagged(tape("y = w * w", "j = tape.jacobian(y, w)"), without="tape.jacobian", to="torch"),
    unless_flagged(tape("y = w * w\nwith tape.stop_recording():\n    z = w * 3", "g = tape.gradient(y, w)"),
        without="tape.stop_recording", to="torch"),
    unless_flagged(tape("y = w * w\ntape.reset()", "g = tape.gradient(y, w)"), without="tape.reset", to="torch"),
    flagged(tape("y = w * w", "g = tape.gradient(y, [w], unconnected_gradients='zero')"), at="unconnected", to="torch"),
    unless_flagged(tape("y = w * w", "g = tape.gradient(y, {'w': w})"), without="{'w': w})", to="torch"),
    unless_flagged("a, b = tf.Variable(1.0), tf.Variable(2.0)\nwith tf.GradientTape() as tape:\n    y = a * 2\n"
        "ga, gb = tape.gradient(y, [a, b])", without="torch.autograd.grad(y, [a, b])\n", to="torch"),
    unless_flagged(W + "h = w * 3\nwith tf.GradientTape() as tape:\n    y = tf.reduce_sum(h * w)\ng = tape.gradient(y, w)",
        without="torch.sum(h * w)", to="torch"),
    unless_flagged(MODEL + "h = model(x)\nwith tf.GradientTape() as tape:\n    loss = tf.reduce_mean(h * model(x))\n"
        "g = tape.gradient(loss, model.trainable_variables)\nopt.apply_gradients(zip(g, model.trainable_variables))",
        without="torch.mean(h * model(x))", to="torch"),
    flagged("tape = tf.GradientTape()\n" + W + "with tape:\n    y = w * w\ng = tape.gradient(y, w)", at="GradientTape", to="torch"),
    flagged(W + "with tf.GradientTape(watch_accessed_variables=False) as tape:\n    tape.watch(w)\n    y = w * w\ng = tape.gradient(y, w)",
        to="torch"),
    unless_flagged(W + "v = w.assign_sub([1.0, 1.0])\nprint(v)", without="w.assign_sub", to="torch"),
    flagged(W + "w[0].assign(3.0)", at="assign", to="torch"),
    flagged(W + "print(w.read_value())", at="read_value", to="torch"),
    flagged("v = tf.Variable([1, 2])\nv.assign_add([1, 1])", to="torch"),
)  # fmt: skip
def test_what_tapes_do_besides(case):
    case.check()


AB = (
    "a = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\nb = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])\n"
    "opt = keras.optimizers.SGD(0.1)\n"
)
LOSS = "with tf.GradientTape(persistent=True) as tape:\n    loss = tf.reduce_mean(b(a(tf.ones([2, 3]))))\n"


@rows(
    unless_flagged(
        AB + LOSS + "ga = tape.gradient(loss, a.trainable_variables)\ngb = tape.gradient(loss, b.trainable_variables)\n"
        "opt.apply_gradients(zip(ga, a.trainable_variables))\nopt.apply_gradients(zip(gb, b.trainable_variables))",
        without="torch.optim.SGD(a.parameters(), 0.1)", to="torch"),
    unless_flagged(
        AB + LOSS + "v = a.trainable_variables + b.trainable_variables\ng = tape.gradient(loss, v)\nopt.apply_gradients(zip(g, v))",
        without="a.parameters() + b.parameters()", to="torch"),
    unless_flagged(
        "opt = keras.optimizers.SGD(0.1)\nprint(opt)\n" + MODEL.replace("opt = keras.optimizers.SGD(0.1)\n", "") + LOSS.replace("b(a(tf.ones([2, 3])))", "model(x)") + "g = tape.gradient(loss, model.trainable_variables)\n"
        "opt.apply_gradients(zip(g, model.trainable_variables))",
        without="SGD(model.parameters(), 0.1)\nprint(opt)", to="torch"),
    flagged(MODEL + "with tf.GradientTape() as tape:\n    loss = tf.reduce_mean(model(x))\ng = tape.gradient(loss, model.trainable_variables)\n"
        "opt.apply(g, model.trainable_variables)", at="SGD", to="torch"),
    flagged(MODEL + "opt.learning_rate = 0.5", at="SGD", to="torch"),
    flagged("opt = keras.optimizers.SGD(0.1)", at="SGD", to="torch"),
    unless_flagged(MODEL + "with tf.GradientTape() as tape:\n    loss = tf.reduce_mean(model(x))\n"
        "g = tape.gradient(loss, model.trainable_variables)\nopt.apply_gradients(zip(g, model.trainable_variables))\nopt.learning_rate.assign(0.5)",
        without="opt.learning_rate", to="torch"),
    # Kernels are transposed in torch: said where they may be looked at, not where they only pass through.
    to_torch(
        """
        import keras
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
        for v in model.trainable_variables:
            print(v.shape)
        """,
        """
        from torch import nn
        model = nn.Sequential(nn.Linear(3, 1))
        for v in model.parameters():
            print(v.shape)
        """,
        codes=(Code.TRANSPOSED,),
    ),
    # Into a kernel, which torch stores transposed: data is transposed, gradients and kernels are as torch has them.
    to_torch(
        """
        import keras
        import numpy as np
        import tensorflow as tf
        l = keras.layers.Dense(2)
        l.build((None, 2))
        with tf.GradientTape() as tape:
            y = tf.reduce_sum(l(tf.ones([1, 2])))
        g = tape.gradient(y, l.kernel)
        l.kernel.assign_sub(0.1 * g)
        l.kernel.assign(l.kernel * 0.5)
        l.kernel.assign(np.eye(2))
        l.kernel.assign_add(tf.ones([2, 2]))
        l.bias.assign([1.0, 2.0])
        """,
        """
        import numpy as np
        import torch
        from torch import nn
        l = nn.Linear(2, 2)
        y = torch.sum(l(torch.ones(1, 2)))
        g = torch.autograd.grad(y, l.weight)[0]
        with torch.no_grad():
            l.weight -= 0.1 * g
            l.weight.copy_(l.weight * 0.5)
            l.weight.copy_(torch.as_tensor(np.eye(2)).permute(1, 0))
            l.weight += torch.ones(2, 2).permute(1, 0)
            l.bias.copy_(torch.as_tensor([1.0, 2.0]))
        """,
    ),
    flagged(MODEL + "model.trainable_variables[0].assign(tf.ones([3, 1]))", at="trainable_variables", to="torch"),
    flagged("def f(l: tf.Tensor):\n    d = keras.layers.Dense(2)\n    d.kernel.assign(l)", at="kernel", to="torch"),
    # Optimizer and model of one object, in two methods.
    to_torch(
        """
        import keras
        import tensorflow as tf
        class Trainer:
            def __init__(self):
                self.opt = keras.optimizers.SGD(0.1)
                self.model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
            def step(self, x):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean(self.model(x))
                grads = tape.gradient(loss, self.model.trainable_variables)
                self.opt.apply_gradients(zip(grads, self.model.trainable_variables))
        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.opt = keras.optimizers.SGD(0.1)
                self.w = self.add_weight(shape=(1,), initializer="zeros")
            def step(self, x):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean(self.w * x)
                grads = tape.gradient(loss, self.trainable_variables)
                self.opt.apply_gradients(zip(grads, self.trainable_variables))
        """,
        """
        import torch
        from torch import nn
        class Trainer:
            def __init__(self):
                self.model = nn.Sequential(nn.Linear(3, 1))
                self.opt = torch.optim.SGD(self.model.parameters(), 0.1)
            def step(self, x):
                loss = torch.mean(self.model(x))
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.w = nn.Parameter(torch.zeros(1))
                self.opt = torch.optim.SGD(self.parameters(), 0.1)
            def step(self, x):
                loss = torch.mean(self.w * x)
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
        """,
    ),
    # The rate: without momentum, both sides take the same steps.
    steps("""
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(model(x))
        g = tape.gradient(loss, model.trainable_variables)
        opt.apply_gradients(zip(g, model.trainable_variables))
        opt.learning_rate = opt.learning_rate * 0.5
        opt.learning_rate.assign(0.5)  # less
        print(float(opt.learning_rate), opt.learning_rate.numpy())
        model.trainable = False
        model.layers[0].trainable = True
        """, """
        loss = torch.mean(model(x))
        opt.zero_grad()
        loss.backward()
        opt.step()
        opt.param_groups[0]["lr"] = opt.param_groups[0]["lr"] * 0.5
        opt.param_groups[0]["lr"] = 0.5  # less
        print(float(opt.param_groups[0]["lr"]), opt.param_groups[0]["lr"])
        model.requires_grad_(False)
        model[0].requires_grad_(True)
        """),
    unless_flagged(MODEL + "with tf.GradientTape() as tape:\n    loss = tf.reduce_mean(model(x))\n"
        "g = tape.gradient(loss, model.trainable_variables)\nopt.apply_gradients(zip(g, model.trainable_variables))\nprint(opt.iterations)",
        without="opt.iterations", to="torch"),
    unless_flagged(MODEL + "with tf.GradientTape() as tape:\n    loss = tf.reduce_mean(model(x))\n"
        "g = tape.gradient(loss, model.trainable_variables)\nopt.apply_gradients((a * 2, b) for a, b in zip(g, model.trainable_variables))",
        without="opt.apply_gradients", to="torch"),
    # Frozen layers: the optimizer trains only what it is given.
    to_torch(
        TENSORFLOW + MODEL + "with tf.GradientTape() as tape:\n    loss = tf.reduce_mean(model(x))\n"
        "v = model.layers[0].trainable_variables\ng = tape.gradient(loss, v)\nopt.apply_gradients(zip(g, v))",
        """
        import torch
        from torch import nn

        model = nn.Sequential(nn.Linear(3, 1))
        opt = torch.optim.SGD(model[0].parameters(), 0.1)
        x = torch.ones(2, 3)
        loss = torch.mean(model(x))
        v = list(model[0].parameters())
        opt.zero_grad()
        loss.backward()
        opt.step()
        """,
    ),
)  # fmt: skip
def test_optimizers(case):
    case.check()


def test_variables_that_only_pass_through_are_not_noted():
    step = (
        "with tf.GradientTape() as tape:\n    loss = tf.reduce_mean(model(x))\n"
        "grads = tape.gradient(loss, model.trainable_variables)\n"
    )
    for use in (
        "opt.apply_gradients(zip(grads, model.trainable_variables))",
        "print(grads)\nopt.apply_gradients(zip(grads, model.trainable_variables))",
        "for v, g in zip(model.trainable_variables, grads):\n    v.assign_sub(0.1 * g)",
    ):
        result = convert(f"{TENSORFLOW}{MODEL}{step}{use}\n", to="torch")
        assert Code.TRANSPOSED not in {f.code for f in result.findings}, use


GAN = """
        import keras
        import tensorflow as tf


        class Pair(keras.Model):
            def __init__(self, a, b):
                super().__init__()
                self.a = a
                self.b = b

            def compile(self, a_optimizer, b_optimizer):
                super().compile()
                self.a_optimizer = a_optimizer
                self.b_optimizer = b_optimizer

            def train_step(self, x):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean(self.a(x))
                grads = tape.gradient(loss, self.a.trainable_weights)
                self.a_optimizer.apply_gradients(zip(grads, self.a.trainable_weights))
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean(self.b(x))
                grads = tape.gradient(loss, self.b.trainable_weights)
                self.b_optimizer.apply_gradients(zip(grads, self.b.trainable_weights))
                return loss
"""


@rows(
    # Optimizers that are handed in are known by what is asked of them.
    to_torch(
        GAN,
        """
        import torch
        from torch import nn


        class Pair(nn.Module):
            def __init__(self, a, b):
                super().__init__()
                self.a = a
                self.b = b

            def compile_(self, a_optimizer, b_optimizer):
                self.a_optimizer = a_optimizer
                self.b_optimizer = b_optimizer

            def train_step(self, x):
                loss = torch.mean(self.a(x))
                self.a_optimizer.zero_grad()
                loss.backward()
                self.a_optimizer.step()
                loss = torch.mean(self.b(x))
                self.b_optimizer.zero_grad()
                loss.backward()
                self.b_optimizer.step()
                return loss
        """,
    ),
)
def test_two_optimizers_that_are_handed_in(case):
    case.check()


DENSE = text("""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    opt = keras.optimizers.SGD(0.1)
    x = tf.ones([4, 1])
    """)
DENSE_THERE = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(1, 1))
opt = torch.optim.SGD(model.parameters(), 0.1)
x = torch.ones(4, 1)
"""


def stepped(line: str, expected: str, given: str = "zip(grads, model.trainable_variables)") -> list:
    """A step with a line between the gradients and the optimizer."""
    source = f"""
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(model(x))
        grads = tape.gradient(loss, model.trainable_variables)
        {line}
        opt.apply_gradients({given})
        """
    there = f"""
        loss = torch.mean(model(x))
        opt.zero_grad()
        loss.backward()
        {expected}
        opt.step()
        """
    there = there.replace("        \n", "") if not expected else there
    return to_torch(TENSORFLOW + DENSE + text(source), DENSE_THERE + text(there))


@rows(
    stepped("grads, _ = tf.clip_by_global_norm(grads, 0.5)", "nn.utils.clip_grad_norm_(model.parameters(), 0.5)"),
    stepped("grads, norm = tf.clip_by_global_norm(grads, 0.5)", "norm = nn.utils.clip_grad_norm_(model.parameters(), 0.5)"),
    stepped("clipped = tf.clip_by_global_norm(grads, 0.5)[0]", "nn.utils.clip_grad_norm_(model.parameters(), 0.5)",
        "zip(clipped, model.trainable_variables)"),
    stepped("grads = [tf.clip_by_value(g, -2.0, 2.0) for g in grads]", "nn.utils.clip_grad_value_(model.parameters(), 2.0)"),
    stepped("pairs = zip(grads, model.trainable_variables)", "", "pairs"),
    # What is clipped by two numbers, and what is used besides.
    unless_flagged(DENSE + "with tf.GradientTape() as tape:\n    loss = tf.reduce_mean(model(x))\n"
        "grads = tape.gradient(loss, model.trainable_variables)\ngrads = [tf.clip_by_value(g, -1.0, 2.0) for g in grads]\n"
        "opt.apply_gradients(zip(grads, model.trainable_variables))", without="clip_grad_value_", to="torch"),
    unless_flagged(DENSE + "with tf.GradientTape() as tape:\n    loss = tf.reduce_mean(model(x))\n"
        "grads = tape.gradient(loss, model.trainable_variables)\nclipped, _ = tf.clip_by_global_norm(grads, 1.0)\n"
        "opt.apply_gradients(zip(clipped, model.trainable_variables))\nprint(grads[0])", without="opt.zero_grad()", to="torch"),
)  # fmt: skip
def test_gradients_that_are_clipped(case):
    case.check()


@rows(
    # A gradient penalty: the tape around records the gradient of the one inside.
    to_torch(
        TENSORFLOW + DENSE + text("""
        def penalty(a, b):
            mixed = 0.5 * a + 0.5 * b
            with tf.GradientTape() as inner:
                inner.watch(mixed)
                scores = model(mixed)
            grads = inner.gradient(scores, [mixed])[0]
            return tf.reduce_mean(tf.square(grads))
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(model(x)) + penalty(x, x + 1)
        grads = tape.gradient(loss, model.trainable_variables)
        opt.apply_gradients(zip(grads, model.trainable_variables))
        """),
        DENSE_THERE + text("""
        def penalty(a, b):
            mixed = 0.5 * a + 0.5 * b
            mixed.requires_grad_()
            scores = model(mixed)
            grads = torch.autograd.grad(scores.sum(), [mixed], create_graph=True)[0]
            return torch.mean(torch.square(grads))
        loss = torch.mean(model(x)) + penalty(x, x + 1)
        opt.zero_grad()
        loss.backward()
        opt.step()
        """),
    ),
    # Derivatives of the second order.
    to_torch(
        TENSORFLOW + DENSE.replace("opt = keras.optimizers.SGD(0.1)\n", "") + text("""
        def second(v):
            with tf.GradientTape() as outer:
                outer.watch(v)
                with tf.GradientTape() as inner:
                    inner.watch(v)
                    u = tf.reduce_sum(model(v) ** 2)
                du = inner.gradient(u, v)
            return outer.gradient(du, v)
        print(second(x))
        """),
        DENSE_THERE.replace("opt = torch.optim.SGD(model.parameters(), 0.1)\n", "") + text("""
        def second(v):
            v = v.detach().requires_grad_()
            u = torch.sum(model(v) ** 2)
            du = torch.autograd.grad(u, v, create_graph=True)[0]
            return torch.autograd.grad(du.sum(), v)[0]
        print(second(x))
        """),
    ),
    # What was computed in the outer tape alone would have another way to what is watched; a step in a tape.
    flagged(W + "with tf.GradientTape() as outer:\n    h = w * 3\n    with tf.GradientTape() as inner:\n        y = tf.reduce_sum(h * w)\n"
        "    g = inner.gradient(y, w)\nk = outer.gradient(g, w)", to="torch"),
    flagged(DENSE + "with tf.GradientTape() as outer:\n    with tf.GradientTape() as inner:\n        y = tf.reduce_sum(model(x))\n"
        "    g = inner.gradient(y, model.trainable_variables)\n    opt.apply_gradients(zip(g, model.trainable_variables))\n"
        "    z = tf.reduce_sum(model(x))\nk = outer.gradient(z, model.trainable_variables)", to="torch"),
)  # fmt: skip
def test_tapes_in_tapes(case):
    case.check()
