"""TensorFlow's tapes as torch's backward pass: what is paired, watched, kept, nested, or left with a finding."""

from __future__ import annotations

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
        """, bug="a persistent tape is written as one that forgets: right only where the graphs share nothing"),
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
        bug="the blank line above the optimizer moves with it",
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
    flagged(W + "with tf.GradientTape() as outer:\n    with tf.GradientTape() as inner:\n        y = tf.reduce_sum(w ** 3)\n"
        "    g = inner.gradient(y, w)\nh = outer.gradient(g, w)", to="torch"),
    unless_flagged(tape("a = w * w\nb = a * w", "ga = tape.gradient(a, w)\ngb = tape.gradient(b, w)", how="persistent=True"),
        without="torch.autograd.grad(a.sum(), w)[0]\ngb", to="torch"),
    unless_flagged(tape("a = w * w", "ga = tape.gradient(a, w)\ndel tape", how="persistent=True"), without="del tape", to="torch", bug=f"`del tape` is {_SILENT}"),
    unless_flagged("c = tf.constant([1.0])\nwith tf.GradientTape() as tape:\n    tape.watch(c)\n    y = c * c\ng = tape.gradient(y, c)",
        without="c = torch.tensor([1.0])\n", to="torch", bug="a watched constant never asks for its gradient: it raises"),
    unless_flagged("c = tf.constant([1.0])\nwith tf.GradientTape() as tape:\n    tape.watch(c)\n    y = c * c\ng = tape.gradient(y, c)",
        without="tape.watch", to="torch", bug=f"tape.watch is {_SILENT}"),
    unless_flagged(tape("y = w * w", "j = tape.jacobian(y, w)"), without="tape.jacobian", to="torch", bug=f"tape.jacobian is {_SILENT}"),
    unless_flagged(tape("y = w * w\nwith tape.stop_recording():\n    z = w * 3", "g = tape.gradient(y, w)"),
        without="tape.stop_recording", to="torch", bug=f"tape.stop_recording is {_SILENT}"),
    unless_flagged(tape("y = w * w\ntape.reset()", "g = tape.gradient(y, w)"), without="tape.reset", to="torch", bug=f"tape.reset is {_SILENT}"),
    flagged(tape("y = w * w", "g = tape.gradient(y, [w], unconnected_gradients='zero')"), at="unconnected", to="torch",
        bug="left with a finding, but the tape has gone: a NameError"),
    unless_flagged(tape("y = w * w", "g = tape.gradient(y, {'w': w})"), without="{'w': w})", to="torch",
        bug="torch.autograd.grad takes no dict: it raises"),
    unless_flagged("a, b = tf.Variable(1.0), tf.Variable(2.0)\nwith tf.GradientTape() as tape:\n    y = a * 2\n"
        "ga, gb = tape.gradient(y, [a, b])", without="torch.autograd.grad(y, [a, b])\n", to="torch",
        bug="a variable that y does not depend on has the gradient None there; torch raises without allow_unused=True"),
    unless_flagged(W + "h = w * 3\nwith tf.GradientTape() as tape:\n    y = tf.reduce_sum(h * w)\ng = tape.gradient(y, w)",
        without="h = w * 3\ny = ", to="torch", bug="what was computed before the tape is a constant there: torch's gradient doubles"),
    unless_flagged(MODEL + "h = model(x)\nwith tf.GradientTape() as tape:\n    loss = tf.reduce_mean(h * model(x))\n"
        "g = tape.gradient(loss, model.trainable_variables)\nopt.apply_gradients(zip(g, model.trainable_variables))",
        without="h = model(x)\nloss", to="torch", bug="what was computed before the tape is a constant there, not in torch"),
    flagged("tape = tf.GradientTape()\n" + W + "with tape:\n    y = w * w\ng = tape.gradient(y, w)", at="GradientTape", to="torch"),
    flagged(W + "with tf.GradientTape(watch_accessed_variables=False) as tape:\n    tape.watch(w)\n    y = w * w\ng = tape.gradient(y, w)",
        to="torch", bug=f"tape.watch is {_SILENT}"),
    unless_flagged(W + "v = w.assign_sub([1.0, 1.0])\nprint(v)", without="w.assign_sub", to="torch"),
    flagged(W + "w[0].assign(3.0)", at="assign", to="torch"),
    flagged(W + "print(w.read_value())", at="read_value", to="torch"),
    flagged("v = tf.Variable([1, 2])\nv.assign_add([1, 1])", to="torch",
        bug="torch has no integer parameters: nn.Parameter raises"),
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
        without="torch.optim.SGD(a.parameters(), 0.1)", to="torch",
        bug="one optimizer for two models: b is never trained, and the second backward() raises"),
    unless_flagged(
        AB + LOSS + "v = a.trainable_variables + b.trainable_variables\ng = tape.gradient(loss, v)\nopt.apply_gradients(zip(g, v))",
        without="a.parameters() + b.parameters()", to="torch"),
    unless_flagged(
        "opt = keras.optimizers.SGD(0.1)\nprint(opt)\n" + MODEL.replace("opt = keras.optimizers.SGD(0.1)\n", "") + LOSS.replace("b(a(tf.ones([2, 3])))", "model(x)") + "g = tape.gradient(loss, model.trainable_variables)\n"
        "opt.apply_gradients(zip(g, model.trainable_variables))",
        without="SGD(model.parameters(), 0.1)\nprint(opt)", to="torch", bug="an optimizer that is used before its model exists: a NameError"),
    flagged(MODEL + "with tf.GradientTape() as tape:\n    loss = tf.reduce_mean(model(x))\ng = tape.gradient(loss, model.trainable_variables)\n"
        "opt.apply(g, model.trainable_variables)", at="SGD", to="torch"),
    flagged(MODEL + "opt.learning_rate = 0.5", at="SGD", to="torch"),
    flagged("opt = keras.optimizers.SGD(0.1)", at="SGD", to="torch"),
    unless_flagged(MODEL + "with tf.GradientTape() as tape:\n    loss = tf.reduce_mean(model(x))\n"
        "g = tape.gradient(loss, model.trainable_variables)\nopt.apply_gradients(zip(g, model.trainable_variables))\nopt.learning_rate.assign(0.5)",
        without="opt.learning_rate", to="torch", bug="the rate of an optimizer is set in silence: torch's has none"),
    unless_flagged(MODEL + "with tf.GradientTape() as tape:\n    loss = tf.reduce_mean(model(x))\n"
        "g = tape.gradient(loss, model.trainable_variables)\nopt.apply_gradients(zip(g, model.trainable_variables))\nprint(opt.iterations)",
        without="opt.iterations", to="torch", bug="attributes of an optimizer are left in silence"),
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
        x = torch.ones(2, 3)
        loss = torch.mean(model(x))
        v = list(model[0].parameters())
        opt = torch.optim.SGD(v, 0.1)
        opt.zero_grad()
        loss.backward()
        opt.step()
        """,
        bug="`v` is a generator, which is used up when it is read again",
    ),
)  # fmt: skip
def test_optimizers(case):
    case.check()
