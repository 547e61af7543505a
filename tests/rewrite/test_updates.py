"""Updates of parameters in place, `no_grad` and what stands around a step."""

from __future__ import annotations

from .rows import flagged, rows, text, to_tensorflow, unless_flagged

W = "import torch\nw = torch.ones(3, requires_grad=True)\n"
THERE = "import tensorflow as tf\nw = tf.Variable(tf.ones([3]))\n"
STEP = "for i in range(4):\n    loss = (w ** 2).sum()\n    loss.backward()\n"
TAPED = "for i in range(4):\n    with tf.GradientTape() as tape:\n        loss = tf.reduce_sum(w ** 2)\n    w_grad = tape.gradient(loss, w)\n"


def update(lines: str, expected: str, bug: str = "") -> list:
    """A loop that descends by hand; `lines` come after backward()."""
    inner = "".join(f"    {line}\n" for line in text(lines).splitlines())
    there = "".join(f"    {line}\n" for line in text(expected).splitlines())
    return to_tensorflow(W + STEP + inner, THERE + TAPED + there, bug)


@rows(
    update("with torch.no_grad():\n    w -= 0.1 * w.grad\n    w.grad.zero_()", "w.assign_sub(0.1 * w_grad)"),
    update("with torch.no_grad():\n    w -= 0.1 * w.grad\nw.grad = None", "w.assign_sub(0.1 * w_grad)"),
    update("w.data -= 0.1 * w.grad.data\nw.grad.data.zero_()", "w.assign_sub(0.1 * w_grad)"),
    update("w.data = w.data - 0.1 * w.grad\nw.grad.zero_()", "w.assign(w - 0.1 * w_grad)"),
    update("with torch.no_grad():\n    w.sub_(0.1 * w.grad)\n    w.grad.zero_()", "w.assign_sub(0.1 * w_grad)"),
    update("with torch.no_grad():\n    w.add_(w.grad, alpha=-0.1)\n    w.grad.zero_()", "w.assign_add(-0.1 * w_grad)"),
    update("with torch.no_grad():\n    w.copy_(w - 0.1 * w.grad)\n    w.grad.zero_()", "w.assign(w - 0.1 * w_grad)"),
    update("with torch.no_grad():\n    w *= 0.9\n    w += w.grad\n    w.grad.zero_()", "w.assign(w * 0.9)\nw.assign_add(w_grad)"),
    update("with torch.no_grad():\n    w -= 0.1 * w.grad\nw.grad.zero_()\nprint(w.detach().numpy())",
        "w.assign_sub(0.1 * w_grad)\nprint(w.numpy())"),
    to_tensorflow(
        "import torch\nfrom torch import nn\nm = nn.Linear(3, 1)\nx = torch.ones(2, 3)\nfor i in range(3):\n"
        "    loss = m(x).sum()\n    m.zero_grad()\n    loss.backward()\n    with torch.no_grad():\n"
        "        for p in m.parameters():\n            p -= 0.1 * p.grad\n",
        "import keras\nimport tensorflow as tf\nm = keras.layers.Dense(1)\nx = tf.ones([2, 3])\nfor i in range(3):\n"
        "    with tf.GradientTape() as tape:\n        loss = tf.reduce_sum(m(x))\n"
        "    gradients = tape.gradient(loss, m.trainable_variables)\n"
        "    for p, gradient in zip(m.trainable_variables, gradients):\n        p.assign_sub(0.1 * gradient)\n",
    ),
    to_tensorflow(
        "import torch\nw_grad = 3\nw = torch.ones(3, requires_grad=True)\nloss = (w * w_grad).sum()\nloss.backward()\n"
        "with torch.no_grad():\n    w -= w.grad\n",
        "import tensorflow as tf\nw_grad = 3\nw = tf.Variable(tf.ones([3]))\nwith tf.GradientTape() as tape:\n"
        "    loss = tf.reduce_sum(w * w_grad)\nw_grad_2 = tape.gradient(loss, w)\nw.assign_sub(w_grad_2)\n",
    ),
)  # fmt: skip
def test_descent_by_hand(case):
    case.check()


@rows(
    # What makes a new tensor out of the parameter, or changes it out of sight.
    flagged(W + STEP + "    w = w - 0.1 * w.grad\n", at="backward"),
    flagged(W + STEP + "    w = (w - 0.1 * w.grad).detach().requires_grad_()\n", at="backward"),
    flagged(W + STEP + "    with torch.no_grad():\n        w = w - 0.1 * w.grad\n    w.requires_grad = True\n", at="backward"),
    flagged(W + STEP + "    w -= 0.1 * w.grad\n", at="backward"),
    flagged(W + "w.requires_grad = False\n", at="requires_grad"),
    flagged(W + "w.requires_grad_(False)\n", at="requires_grad_"),
    to_tensorflow(W + "print(w.requires_grad)\n",
        THERE + "print(w.trainable)\n"),
    # What becomes a parameter later.
    to_tensorflow("import torch\nx = torch.zeros(3)\nx.requires_grad = True\n", "import tensorflow as tf\nx = tf.zeros([3])\nx = tf.Variable(x)\n"),
    to_tensorflow("import torch\nx = torch.zeros(3).requires_grad_()\nwith torch.no_grad():\n    x -= 1\n",
        "import tensorflow as tf\nx = tf.Variable(tf.zeros([3]))\nx.assign_sub(1)\n"),
    # Another name of the same parameter.
    to_tensorflow(W + "v = w.data\nv -= 1\nprint(w)\n", "import tensorflow as tf\nw = tf.Variable(tf.ones([3]))\nv = w\nv.assign_sub(1)\nprint(w)\n"),
    unless_flagged(W + "with torch.no_grad():\n    v = w\n    v -= 1\n", without="    v = w\n"),
    unless_flagged("import torch\nfrom torch import nn\nm = nn.Linear(2, 2)\nwith torch.no_grad():\n    m.weight[:] = torch.ones(2, 2)\n",
        without="[:] ="),
    unless_flagged("import torch\nfrom torch import nn\nm = nn.Linear(2, 2)\nwith torch.no_grad():\n    m.weight.copy_(torch.eye(2))\n",
        without="m.kernel.assign(torch.eye(2))"),
    unless_flagged("import torch\nfrom torch import nn\nm = nn.Linear(2, 3)\nm.weight = nn.Parameter(torch.zeros(3, 2))\n",
        without="m.kernel = tf.Variable"),
    unless_flagged("import torch\nfrom torch import nn\nm = nn.Linear(2, 2)\nwith torch.no_grad():\n    m.weight += torch.ones(2, 2).relu()\n",
        without="m.kernel.assign_add(tf.nn.relu(tf.ones([2, 2])))"),
    to_tensorflow("import torch\nfrom torch import nn\nm = nn.Linear(2, 2)\nwith torch.no_grad():\n    m.weight *= m.weight.t()\n",
        "import keras\nimport tensorflow as tf\nm = keras.layers.Dense(2)\nm.build((None, 2))\n"
        "m.kernel.assign(m.kernel * tf.transpose(m.kernel))\n"),
)  # fmt: skip
def test_what_is_not_an_update(case):
    case.check()


@rows(
    # no_grad falls away outside of a tape; inside, recording stops.
    to_tensorflow("import torch\nwith torch.no_grad():\n    x = torch.ones(2)\n    if True:\n        print(x)\n",
        "import tensorflow as tf\nx = tf.ones([2])\nif True:\n    print(x)\n"),
    to_tensorflow("import torch\nwith torch.no_grad(): print(torch.ones(2))\n", "import tensorflow as tf\nprint(tf.ones([2]))\n"),
    to_tensorflow("import torch\n@torch.no_grad()\ndef f(x):\n    return torch.relu(x)\n", "import tensorflow as tf\ndef f(x):\n    return tf.nn.relu(x)\n"),
    to_tensorflow("import torch\nfrom torch import nn\nm = nn.Linear(1, 1)\nm.eval()\nm.to('cpu')\nprint(m)\n",
        "import keras\nm = keras.layers.Dense(1)\nprint(m)\n"),
    to_tensorflow("import torch\nfrom torch import nn\nm = nn.Linear(1, 1).to('cpu')\nif True:\n    m.train()\nelse:\n    m.cuda()\n",
        "import keras\nm = keras.layers.Dense(1)\nif True:\n    pass\nelse:\n    pass\n"),
    to_tensorflow(W + "for i in range(3):\n    w.grad = None\n    y = w * 2\n    with torch.no_grad():\n        z = y * 3\n    loss = (y * z).sum()\n"
        "    loss.backward()\n    with torch.no_grad():\n        w -= w.grad\n",
        "import tensorflow as tf\nw = tf.Variable(tf.ones([3]))\nfor i in range(3):\n    with tf.GradientTape() as tape:\n        y = w * 2\n"
        "        with tape.stop_recording():\n            z = y * 3\n        loss = tf.reduce_sum(y * z)\n"
        "    w_grad = tape.gradient(loss, w)\n    w.assign_sub(w_grad)\n"),
    # In functions that a tape may call.
    to_tensorflow(
        """
        import torch
        from torch import nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.features = nn.Linear(2, 3)
                self.head = nn.Linear(3, 1)
            def forward(self, x):
                with torch.no_grad():
                    mean = x.mean()
                    h = self.features(x)
                return self.head(h) + self.head(h.detach())
        """,
        """
        import keras
        import tensorflow as tf
        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.features = keras.layers.Dense(3)
                self.head = keras.layers.Dense(1)
            def call(self, x):
                mean = tf.reduce_mean(x)
                h = tf.stop_gradient(self.features(x))
                return self.head(h) + self.head(tf.stop_gradient(h))
        """,
    ),
    to_tensorflow(
        """
        import torch
        from torch import nn
        net = nn.Linear(2, 1)
        def evaluate(x):
            with torch.no_grad():
                out = net(x)
                print(out)
        @torch.no_grad()
        def predict(x):
            return net(x)
        evaluate(torch.ones(1, 2))
        print(net(torch.ones(1, 2)).detach(), predict(torch.ones(1, 2)))
        """,
        """
        import keras
        import tensorflow as tf
        net = keras.layers.Dense(1)
        def evaluate(x):
            out = net(x)
            print(out)
        def predict(x):
            return net(x)
        evaluate(tf.ones([1, 2]))
        print(net(tf.ones([1, 2])), predict(tf.ones([1, 2])))
        """,
    ),
    unless_flagged(W + "for i in range(3):\n    w.grad = None\n    y = w * 2\n    z = y.detach()\n    loss = (y * z).sum()\n"
        "    loss.backward()\n    with torch.no_grad():\n        w -= w.grad\n", without="z = y\n"),
    unless_flagged("import torch\n@torch.no_grad()\ndef scale(x):\n    return x * 3\n" + W[13:] +
        "for i in range(3):\n    w.grad = None\n    loss = (w * scale(w)).sum()\n    loss.backward()\n    with torch.no_grad():\n        w -= w.grad\n",
        without="return x * 3"),
    flagged("import torch\nwith torch.no_grad(), open('x') as f:\n    print(torch.ones(2))\n", at="no_grad"),
    flagged("import torch\nwith torch.autocast('cuda'):\n    print(torch.ones(2))\n", at="autocast"),
    flagged("import torch\nwith torch.set_grad_enabled(False):\n    print(torch.ones(2))\n", at="set_grad_enabled"),
)  # fmt: skip
def test_no_grad(case):
    case.check()
