"""torch's training step as a tape: found by what flows into backward(), or left with a finding, never guessed."""

from __future__ import annotations

from .rows import TORCH, flagged, rows, text, to_tensorflow

ONE = "model = nn.Linear(3, 1)\nopt = optim.SGD(model.parameters(), lr=0.1)\nx, y = torch.ones(2, 3), torch.ones(2, 1)\n"
ONE_THERE = """
import keras
import tensorflow as tf

model = keras.layers.Dense(1)
opt = keras.optimizers.SGD(learning_rate=0.1)
x, y = tf.ones([2, 3]), tf.ones([2, 1])
"""
TWO = (
    "g, d = nn.Linear(3, 1), nn.Linear(1, 1)\nog = optim.SGD(g.parameters(), lr=0.1)\n"
    "od = optim.SGD(d.parameters(), lr=0.1)\nx = torch.ones(2, 3)\n"
)
TAPED = """for i in range(3):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(x) - y) ** 2)
    gradients = tape.gradient(loss, model.trainable_variables)
    opt.apply_gradients(zip(gradients, model.trainable_variables))
"""


def steps(body: str, expected: str) -> list:
    """A program around one model and optimizer."""
    return to_tensorflow(TORCH + ONE + text(body), ONE_THERE + text(expected))


@rows(
    # The usual orders.
    steps("""
        for i in range(3):
            opt.zero_grad()
            loss = ((model(x) - y) ** 2).mean()
            loss.backward()
            opt.step()
        """, TAPED),
    steps("""
        for i in range(3):
            loss = ((model(x) - y) ** 2).mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
        """, TAPED),
    steps("""
        for i in range(3):
            loss = ((model(x) - y) ** 2).mean()
            loss.backward()
            opt.step()
            opt.zero_grad()
        """, TAPED),
    steps("""
        for i in range(3):
            model.zero_grad()
            loss = ((model(x) - y) ** 2).mean()
            loss.backward()
            opt.step()
        """, TAPED),
    steps("""
        for i in range(3):
            opt.zero_grad()
            output = model(x)
            error = output - y
            loss = (error ** 2).mean()
            loss.backward()
            opt.step()
            print(i, loss.item())
        """, """
        for i in range(3):
            with tf.GradientTape() as tape:
                output = model(x)
                error = output - y
                loss = tf.reduce_mean(error ** 2)
            gradients = tape.gradient(loss, model.trainable_variables)
            opt.apply_gradients(zip(gradients, model.trainable_variables))
            print(i, float(loss))
        """),
    # A loss without a name gets one.
    steps("""
        for i in range(3):
            opt.zero_grad()
            ((model(x) - y) ** 2).mean().backward()
            opt.step()
        """, TAPED),
    # What does not depend on the model stays outside of the tape.
    steps("""
        for i in range(3):
            rate = 0.1 * i
            target = y * rate
            opt.zero_grad()
            loss = ((model(x) - target) ** 2).mean()
            loss.backward()
            opt.step()
        """, """
        for i in range(3):
            rate = 0.1 * i
            target = y * rate
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((model(x) - target) ** 2)
            gradients = tape.gradient(loss, model.trainable_variables)
            opt.apply_gradients(zip(gradients, model.trainable_variables))
        """),
    # A loss that grows in a loop.
    steps("""
        opt.zero_grad()
        total = 0
        for k in range(4):
            total = total + model(x).sum()
        total.backward()
        opt.step()
        """, """
        total = 0
        with tf.GradientTape() as tape:
            for k in range(4):
                total = total + tf.reduce_sum(model(x))
        gradients = tape.gradient(total, model.trainable_variables)
        opt.apply_gradients(zip(gradients, model.trainable_variables))
        """),
    steps("""
        losses = [model(x).sum()]
        opt.zero_grad()
        sum(losses).backward()
        opt.step()
        """, """
        with tf.GradientTape() as tape:
            losses = [tf.reduce_sum(model(x))]
            loss = sum(losses)
        gradients = tape.gradient(loss, model.trainable_variables)
        opt.apply_gradients(zip(gradients, model.trainable_variables))
        """),
    steps("""
        def train():
            for i in range(3):
                opt.zero_grad()
                out = model(x)
                if i == 1:
                    return out
                loss = out.sum()
                loss.backward()
                opt.step()
        """, """
        def train():
            for i in range(3):
                with tf.GradientTape() as tape:
                    out = model(x)
                    if i == 1:
                        return out
                    loss = tf.reduce_sum(out)
                gradients = tape.gradient(loss, model.trainable_variables)
                opt.apply_gradients(zip(gradients, model.trainable_variables))
        """),
    # Names that the file uses for something else.
    steps("""
        tape, gradients = 1, 2
        for i in range(3):
            opt.zero_grad()
            (model(x) - y).sum().backward()
            opt.step()
        print(tape, gradients)
        """, """
        tape, gradients = 1, 2
        for i in range(3):
            with tf.GradientTape() as tape_2:
                loss = tf.reduce_sum(model(x) - y)
            gradients_2 = tape_2.gradient(loss, model.trainable_variables)
            opt.apply_gradients(zip(gradients_2, model.trainable_variables))
        print(tape, gradients)
        """),
    steps("""
        def loss():
            return 3
        opt.zero_grad()
        model(x).sum().backward()
        opt.step()
        print(loss())
        """, """
        def loss():
            return 3
        with tf.GradientTape() as tape:
            loss_2 = tf.reduce_sum(model(x))
        gradients = tape.gradient(loss_2, model.trainable_variables)
        opt.apply_gradients(zip(gradients, model.trainable_variables))
        print(loss())
        """),
    # In a function that is handed all of it, and in a class.
    to_tensorflow(
        TORCH + text("""
        def train(model, optimizer, x, y):
            optimizer.zero_grad()
            loss = ((model(x) - y) ** 2).mean()
            loss.backward()
            optimizer.step()
            return loss.item()
        net = nn.Linear(3, 1)
        print(train(net, optim.SGD(net.parameters(), lr=0.1), torch.ones(2, 3), torch.ones(2, 1)))
        """),
        """
        import keras
        import tensorflow as tf

        def train(model, optimizer, x, y):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((model(x) - y) ** 2)
            gradients = tape.gradient(loss, model.trainable_variables)
            optimizer.apply_gradients(zip(gradients, model.trainable_variables))
            return float(loss)
        net = keras.layers.Dense(1)
        print(train(net, keras.optimizers.SGD(learning_rate=0.1), tf.ones([2, 3]), tf.ones([2, 1])))
        """,
    ),
    to_tensorflow(
        TORCH + text("""
        class Trainer:
            def __init__(self, model):
                self.model = model
                self.opt = optim.SGD(self.model.parameters(), lr=0.1)
                self.loss = nn.MSELoss()
            def step(self, x, y):
                self.opt.zero_grad()
                loss = self.loss(self.model(x), y)
                loss.backward()
                self.opt.step()
                return loss.item()
        Trainer(nn.Linear(2, 1)).step(torch.ones(1, 2), torch.ones(1, 1))
        """),
        """
        import keras
        import tensorflow as tf

        class Trainer:
            def __init__(self, model):
                self.model = model
                self.opt = keras.optimizers.SGD(learning_rate=0.1)
                self.loss = keras.losses.MeanSquaredError()
            def step(self, x, y):
                with tf.GradientTape() as tape:
                    loss = self.loss(y, self.model(x))
                gradients = tape.gradient(loss, self.model.trainable_variables)
                self.opt.apply_gradients(zip(gradients, self.model.trainable_variables))
                return float(loss)
        Trainer(keras.layers.Dense(1)).step(tf.ones([1, 2]), tf.ones([1, 1]))
        """,
    ),
    # Parameters without a model.
    to_tensorflow(
        TORCH + text("""
        w = torch.zeros(3, requires_grad=True)
        b = torch.zeros(1, requires_grad=True)
        opt = optim.SGD([w, b], lr=0.1)
        for i in range(3):
            opt.zero_grad()
            loss = (w + b).sum()
            loss.backward()
            opt.step()
        """),
        """
        import keras
        import tensorflow as tf

        w = tf.Variable(tf.zeros([3]))
        b = tf.Variable(tf.zeros([1]))
        opt = keras.optimizers.SGD(learning_rate=0.1)
        for i in range(3):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(w + b)
            gradients = tape.gradient(loss, [w, b])
            opt.apply_gradients(zip(gradients, [w, b]))
        """,
    ),
    to_tensorflow(
        TORCH + text("""
        w = torch.zeros(3, requires_grad=True)
        for i in range(3):
            loss = ((w - 1) ** 2).sum()
            if w.grad is not None:
                w.grad.zero_()
            loss.backward()
            with torch.no_grad():
                w -= 0.1 * w.grad
        """),
        """
        import tensorflow as tf

        w = tf.Variable(tf.zeros([3]))
        for i in range(3):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum((w - 1) ** 2)
            w_grad = tape.gradient(loss, w)
            w.assign_sub(0.1 * w_grad)
        """,
    ),
)  # fmt: skip
def test_steps(case):
    case.check()


@rows(
    # Two optimizers, one after the other.
    to_tensorflow(
        TORCH + TWO + text("""
        for i in range(3):
            od.zero_grad()
            lossd = d(g(x).detach()).mean()
            lossd.backward()
            od.step()
            og.zero_grad()
            lossg = d(g(x)).mean()
            lossg.backward()
            og.step()
        """),
        """
        import keras
        import tensorflow as tf

        g, d = keras.layers.Dense(1), keras.layers.Dense(1)
        og = keras.optimizers.SGD(learning_rate=0.1)
        od = keras.optimizers.SGD(learning_rate=0.1)
        x = tf.ones([2, 3])
        for i in range(3):
            with tf.GradientTape() as tape:
                lossd = tf.reduce_mean(d(tf.stop_gradient(g(x))))
            gradients = tape.gradient(lossd, d.trainable_variables)
            od.apply_gradients(zip(gradients, d.trainable_variables))
            with tf.GradientTape() as tape_2:
                lossg = tf.reduce_mean(d(g(x)))
            gradients_2 = tape_2.gradient(lossg, g.trainable_variables)
            og.apply_gradients(zip(gradients_2, g.trainable_variables))
        """,
    ),
    flagged(TWO + text("""
        for i in range(3):
            og.zero_grad()
            loss = d(g(x)).sum()
            loss.backward()
            od.step()
        """), at="backward"),
    flagged(TWO + text("""
        for i in range(3):
            d.zero_grad()
            loss = g(x).sum()
            loss.backward()
            og.step()
        """), at="backward"),
    # A forward pass that two steps use: the second one's tape goes on where it stopped.
    to_tensorflow(
        TORCH + TWO + text("""
        for i in range(3):
            od.zero_grad()
            real = d(x[:, :1]).mean()
            real.backward()
            fake = g(x)
            lossd = d(fake.detach()).mean()
            lossd.backward()
            od.step()
            og.zero_grad()
            lossg = d(fake).mean()
            lossg.backward()
            og.step()
        """),
        """
        import keras
        import tensorflow as tf

        g, d = keras.layers.Dense(1), keras.layers.Dense(1)
        og = keras.optimizers.SGD(learning_rate=0.1)
        od = keras.optimizers.SGD(learning_rate=0.1)
        x = tf.ones([2, 3])
        for i in range(3):
            with tf.GradientTape() as tape:
                real = tf.reduce_mean(d(x[:, :1]))
                with tf.GradientTape() as g_tape:
                    fake = g(x)
                lossd = tf.reduce_mean(d(tf.stop_gradient(fake)))
            gradients = tape.gradient([real, lossd], d.trainable_variables)
            od.apply_gradients(zip(gradients, d.trainable_variables))
            with g_tape:
                lossg = tf.reduce_mean(d(fake))
            gradients_2 = g_tape.gradient(lossg, g.trainable_variables)
            og.apply_gradients(zip(gradients_2, g.trainable_variables))
        """,
    ),
    # Two optimizers that one loss serves.
    to_tensorflow(
        TORCH + TWO + text("""
        for i in range(3):
            og.zero_grad()
            od.zero_grad()
            loss = d(g(x)).sum()
            loss.backward()
            og.step()
            od.step()
        """),
        """
        import keras
        import tensorflow as tf

        g, d = keras.layers.Dense(1), keras.layers.Dense(1)
        og = keras.optimizers.SGD(learning_rate=0.1)
        od = keras.optimizers.SGD(learning_rate=0.1)
        x = tf.ones([2, 3])
        for i in range(3):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(d(g(x)))
            g_gradients, d_gradients = tape.gradient(loss, [g.trainable_variables, d.trainable_variables])
            og.apply_gradients(zip(g_gradients, g.trainable_variables))
            od.apply_gradients(zip(d_gradients, d.trainable_variables))
        """,
    ),
)  # fmt: skip
def test_two_optimizers(case):
    case.check()


_ADDS = "gradients that add up are written as if each step started from zero"


@rows(
    # Gradients that add up: left with a finding, never dropped.
    # A sum that one tape can give.
    steps("""
        for i in range(3):
            opt.zero_grad()
            a = model(x).sum()
            a.backward()
            b = model(x * 2).mean()
            b.backward()
            opt.step()
        """, """
        for i in range(3):
            with tf.GradientTape() as tape:
                a = tf.reduce_sum(model(x))
                b = tf.reduce_mean(model(x * 2))
            gradients = tape.gradient([a, b], model.trainable_variables)
            opt.apply_gradients(zip(gradients, model.trainable_variables))
        """),
    flagged(ONE + text("""
        for i in range(3):
            opt.zero_grad()
            loss = model(x).sum()
            loss.backward()
            opt.step()
            opt.step()
            other = model(x).mean()
            other.backward()
            opt.step()
        """), at="other.backward"),
    flagged("w = torch.zeros(3, requires_grad=True)\n" + text("""
        for i in range(3):
            loss = ((w - 1) ** 2).sum()
            loss.backward()
            with torch.no_grad():
                w -= 0.1 * w.grad
            if i % 2:
                w.grad.zero_()
        """), at="backward"),
    flagged("w, b = torch.ones(3, requires_grad=True), torch.ones(1, requires_grad=True)\n" + text("""
        for i in range(4):
            loss = (w ** 2).sum() + b.sum()
            loss.backward()
            with torch.no_grad():
                w -= 0.1 * w.grad
                b -= 0.1 * b.grad
                w.grad.zero_()
        """), at="backward"),
    flagged("w = torch.ones(3, requires_grad=True)\n" + text("""
        for i in range(4):
            loss = (w ** 2).sum()
            loss.backward()
            w.data -= 0.1 * w.grad
        """), at="backward"),
    flagged(ONE + text("""
        def step():
            loss = model(x).sum()
            loss.backward()
            opt.step()
        for i in range(3):
            step()
        """), at="backward"),
)  # fmt: skip
def test_accumulation(case):
    case.check()


@rows(
    # Steps that are spread over functions, branches and blocks.
    flagged(ONE + "def back(loss):\n    opt.zero_grad()\n    loss.backward()\n    opt.step()\nback(model(x).sum())", at="backward"),
    flagged(ONE + "def update():\n    opt.step()\nopt.zero_grad()\nloss = model(x).sum()\nloss.backward()\nupdate()", at="backward"),
    flagged(ONE + "def clear():\n    opt.zero_grad()\nclear()\nloss = model(x).sum()\nloss.backward()\nopt.step()", at="zero_grad"),
    flagged(ONE + text("""
        for i in range(3):
            opt.zero_grad()
            loss = model(x).sum()
            if i > 1:
                loss.backward()
                opt.step()
        """), at="backward"),
    flagged(ONE + "def closure():\n    opt.zero_grad()\n    loss = model(x).sum()\n    loss.backward()\n    return loss\nopt.step(closure)",
        at="opt.step(closure)"),
    flagged(ONE + "h = model(x)\nfor i in range(3):\n    opt.zero_grad()\n    loss = h.sum()\n    loss.backward(retain_graph=True)\n    opt.step()",
        at="backward"),
    flagged(ONE + "h = model(x)\nfor i in range(3):\n    opt.zero_grad()\n    loss = h.sum()\n    loss.backward()\n    opt.step()",
        at="backward"),
    flagged("w = torch.ones(3, requires_grad=True)\ny = w * 2\ny.backward(torch.ones(3))\nprint(w.grad)", at="backward"),
    flagged("a, b = nn.Linear(3, 1), nn.Linear(1, 1)\no = optim.SGD(list(a.parameters()) + list(b.parameters()), lr=0.1)\n"
        "o.zero_grad()\nloss = b(a(torch.ones(2, 3))).sum()\nloss.backward()\no.step()", at="backward"),
    flagged(ONE + text("""
        opt.zero_grad()
        loss = model(x).sum()
        loss.backward()
        for p in model.parameters():
            p.grad *= 2
        opt.step()
        """), at="p.grad"),
    flagged(ONE + text("""
        opt.zero_grad()
        loss = model(x).sum()
        loss.backward()
        for p in model.parameters():
            p.grad.clamp_(-1, 1)
        opt.step()
        """), at="clamp_"),
    flagged(ONE + "opt.zero_grad()\nloss = model(x).sum()\nloss.backward()\nmodel.weight.grad = None\nopt.step()", at="grad = None"),
    flagged(ONE + "opt.zero_grad()\nloss = model(x).sum()\nloss.backward()\nprint(model.weight.grad)\nopt.step()", at="print"),
    flagged(ONE + "[loss.backward() for loss in [model(x).sum()]]", at="backward"),
)  # fmt: skip
def test_steps_that_are_left(case):
    case.check()
