"""Parameters that are not trained: a model's `trainable`, or nothing where tapes leave them out anyway."""

from __future__ import annotations

from .rows import TORCH, flagged, rows, text, to_tensorflow

NET = text("""
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.features = nn.Linear(3, 4)
            self.head = nn.Linear(4, 1)
        def forward(self, x):
            return self.head(self.features(x))
    model = Net()
    """)
THERE = """
import keras
import tensorflow as tf

class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.features = keras.layers.Dense(4)
        self.head = keras.layers.Dense(1)
    def call(self, x):
        return self.head(self.features(x))
model = Net()
"""
TWO = (
    "g, d = nn.Linear(3, 1), nn.Linear(1, 1)\nog = optim.SGD(g.parameters(), lr=0.1)\n"
    "od = optim.SGD(d.parameters(), lr=0.1)\nx = torch.ones(2, 3)\n"
)


def frozen(body: str, expected: str, built: str = "") -> list:
    """A program around one model."""
    there = THERE.replace("        self.head", f"{built}        self.head", 1)
    return to_tensorflow(TORCH + NET + text(body), there + text(expected))


@rows(
    frozen("""
        for param in model.features.parameters():
            param.requires_grad = False
        opt = optim.SGD(filter(lambda p: p.requires_grad, model.parameters()), lr=0.1)
        for i in range(3):
            opt.zero_grad()
            loss = model(torch.ones(2, 3)).sum()
            loss.backward()
            opt.step()
        """, """
        model.features.trainable = False
        opt = keras.optimizers.SGD(learning_rate=0.1)
        for i in range(3):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(model(tf.ones([2, 3])))
            gradients = tape.gradient(loss, model.trainable_variables)
            opt.apply_gradients(zip(gradients, model.trainable_variables))
        """, built="        self.features.build((None, 3))\n"),
    frozen("""
        model.features.requires_grad_(False)
        opt = optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
        opt.zero_grad()
        loss = model(torch.ones(2, 3)).sum()
        loss.backward()
        opt.step()
        """, """
        model.features.trainable = False
        opt = keras.optimizers.SGD(learning_rate=0.1)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(model(tf.ones([2, 3])))
        gradients = tape.gradient(loss, model.trainable_variables)
        opt.apply_gradients(zip(gradients, model.trainable_variables))
        """),
    # Frozen while another model learns: the tape is not asked for these anyway.
    to_tensorflow(
        TORCH + TWO + text("""
        for i in range(3):
            for p in d.parameters():
                p.requires_grad = False
            og.zero_grad()
            loss = d(g(x)).sum()
            loss.backward()
            og.step()
            for p in d.parameters():
                p.requires_grad = True
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
            gradients = tape.gradient(loss, g.trainable_variables)
            og.apply_gradients(zip(gradients, g.trainable_variables))
        """,
    ),
    # Keras lists the trainable ones by themselves.
    to_tensorflow(
        TORCH + "net = nn.Linear(2, 3)\nn = sum(p.numel() for p in net.parameters() if p.requires_grad)\n"
        "print(n, [p.requires_grad for p in net.parameters()])",
        "import math\n\nimport keras\n\nnet = keras.layers.Dense(3)\n"
        "n = sum(math.prod(p.shape) for p in net.trainable_variables)\n"
        "print(n, [p.trainable for p in net.trainable_variables])",
    ),
    # But for a step that would have trained nothing.
    flagged(TWO + "for p in g.parameters():\n    p.requires_grad_(False)\nog.step()\ng.requires_grad_(True)", at="og.step"),
    # Which parameters, is not known; a batch norm would infer.
    flagged(NET + "for name, p in model.named_parameters():\n    if 'head' not in name:\n        p.requires_grad = False", at="named_parameters"),
    flagged("model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))\nmodel.requires_grad_(False)", at="requires_grad_"),
    flagged(NET + "opt = optim.SGD(filter(lambda p: p.ndim > 1, model.parameters()), lr=0.1)\nopt.zero_grad()\nloss = model(torch.ones(2, 3)).sum()\nloss.backward()\nopt.step()", at="backward"),
)  # fmt: skip
def test_freezing(case):
    case.check()
