"""What torch has around its models: compilers, devices, clipped gradients, in-place functions, refused namespaces."""

from __future__ import annotations

from .rows import flagged, rows, to_tensorflow

STEP = """
    import torch
    from torch import nn
    model = nn.Linear(3, 4)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    def train(x, y):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        {line}
        optimizer.step()
"""
STEPPED = """
    import keras
    import tensorflow as tf
    model = keras.layers.Dense(4)
    optimizer = keras.optimizers.SGD(learning_rate=0.1)
    def train(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(x) - y))
        gradients = tape.gradient(loss, model.trainable_variables)
        {line}
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
"""


def step(line: str, expected: str) -> list:
    return to_tensorflow(STEP.replace("{line}", line), STEPPED.replace("{line}", expected))


@rows(
    step(
        "torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)",
        "gradients, _ = tf.clip_by_global_norm(gradients, 1.0)",
    ),
    step(
        "norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm=2, norm_type=2)",
        "gradients, norm = tf.clip_by_global_norm(gradients, 2)",
    ),
    step(
        "nn.utils.clip_grad_value_(model.parameters(), 0.5)",
        "gradients = [tf.clip_by_value(g, -0.5, 0.5) for g in gradients]",
    ),
    flagged(STEP.replace("{line}", "nn.utils.clip_grad_norm_(model.parameters(), 1.0, 1)"), at="clip"),
    flagged(STEP.replace("{line}", "nn.utils.clip_grad_norm_(others, 1.0)"), at="clip"),
    flagged("import torch\ndef f(model):\n    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)", at="clip"),
)  # fmt: skip
def test_clipped_gradients(case):
    case.check()


@rows(
    to_tensorflow(
        """
        import torch
        import torch.backends.cudnn as cudnn
        cudnn.benchmark = True
        torch.backends.cudnn.deterministic = True
        torch.cuda.manual_seed_all(0)
        torch.cuda.empty_cache()
        x = torch.ones(3)
        """,
        """
        import tensorflow as tf
        x = tf.ones([3])
        """,
    ),
    to_tensorflow(
        """
        import torch
        @torch.compile
        def f(x: torch.Tensor):
            return torch.relu_(x)
        g = torch.compile(f)
        """,
        """
        import tensorflow as tf
        def f(x: tf.Tensor):
            return tf.nn.relu(x)
        g = f
        """,
    ),
    to_tensorflow(
        """
        import torch
        from torch import nn
        class Net(nn.Module):
            scale: torch.jit.Final[int]
            def forward(self, x):
                return x
        """,
        """
        import keras
        class Net(keras.Model):
            scale: int
            def call(self, x):
                return x
        """,
    ),
    to_tensorflow(
        """
        import torch
        import torch.nn.functional as F
        def f(x: torch.Tensor, i: torch.Tensor):
            y = x * 2
            F.relu_(y)
            y.clamp_(min=0)
            z = F.leaky_relu_(y, 0.1)
            return z
        """,
        """
        import tensorflow as tf
        def f(x: tf.Tensor, i: tf.Tensor):
            y = x * 2
            y = tf.nn.relu(y)
            y = tf.maximum(y, 0)
            z = tf.nn.leaky_relu(y, 0.1)
            return z
        """,
    ),
)  # fmt: skip
def test_what_needs_no_counterpart(case):
    case.check()


@rows(
    flagged("import torch\ntorch.distributed.init_process_group('nccl')", at="init_process_group"),
    flagged("import torch\nwith torch.cuda.amp.autocast():\n    x = torch.ones(3)", at="autocast"),
    flagged("import torch\nclass F(torch.autograd.Function):\n    pass", at="autograd.Function"),
    flagged("import torch\nm = torch.jit.load('a.pt')", at="jit.load"),
    flagged(
        "import torch\ndef f(x: torch.Tensor):\n    x.register_hook(print)", at="register_hook"
    ),
    flagged("import torch\nx = torch.sparse_coo_tensor([[0]], [1.0])", at="sparse_coo_tensor"),
)
def test_what_is_refused(case):
    case.check()
