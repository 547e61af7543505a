"""Devices: moved to in torch, chosen by TensorFlow itself."""

from __future__ import annotations

from .rows import flagged, rows, to_tensorflow, to_torch


@rows(
    # The line goes where nothing reads the name any more.
    to_tensorflow(
        """
        import torch
        from torch import nn
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        net = nn.Linear(2, 1).to(device)
        x = torch.zeros(3, 2, device=device)
        x = x.to(device)
        net.to(device)
        print(net(x).cpu())
        """,
        """
        import keras
        import tensorflow as tf
        net = keras.layers.Dense(1)
        x = tf.zeros([3, 2])
        print(net(x))
        """,
    ),
    to_tensorflow(
        """
        import torch
        # where to compute
        device = torch.device("cuda:1" if torch.cuda.is_available() else "cpu")
        print(device, torch.cuda.is_available())
        count = torch.cuda.device_count()
        """,
        """
        import tensorflow as tf
        # where to compute
        device = "/GPU:1" if tf.config.list_physical_devices("GPU") else "/CPU:0"
        print(device, bool(tf.config.list_physical_devices("GPU")))
        count = len(tf.config.list_physical_devices("GPU"))
        """,
    ),
    to_tensorflow(
        """
        import torch
        def show(loader, device):
            for x, y in loader:
                x, y = x.to(device), y.to(device)
                print(x.cuda(), y)
        show([(torch.ones(1), torch.ones(1))], torch.device("cpu"))
        """,
        """
        import tensorflow as tf
        def show(loader, device):
            for x, y in loader:
                print(x, y)
        show([(tf.ones([1]), tf.ones([1]))], "/CPU:0")
        """,
    ),
    # What else may be meant is not guessed.
    flagged("def f(x, kind):\n    return x.to(kind)", at="x.to"),
    flagged("with torch.cuda.device(0):\n    print(torch.ones(1))", at="torch.cuda.device"),
)  # fmt: skip
def test_devices(case):
    case.check()


@rows(
    # What a forward pass makes of nothing stands where its input is; a model's own weights move with it.
    to_torch(
        """
        import tensorflow as tf
        from tensorflow import keras
        def seen(x, n):
            return tf.linalg.band_part(tf.ones((n, n)), -1, 0) + x
        class Net(keras.Model):
            def __init__(self, n):
                super().__init__()
                self.n = n
                self.places = keras.layers.Embedding(n, 3)
            def call(self, x):
                x = x + self.places(tf.range(self.n))
                return seen(x, 3) * tf.constant([1.0, 2.0, 3.0]) + tf.constant(1.0)
        """,
        """
        import torch
        from torch import nn
        def seen(x, n):
            return torch.ones(n, n, device=x.device).tril() + x
        class Net(nn.Module):
            def __init__(self, n):
                super().__init__()
                self.n = n
                self.places = nn.Embedding(n, 3)
            def forward(self, x):
                x = x + self.places(torch.arange(self.n, device=x.device))
                return seen(x, 3) * torch.tensor([1.0, 2.0, 3.0], device=x.device) + torch.tensor(1.0)
        """,
    ),
    to_torch("import tensorflow as tf\nx = tf.zeros([2])", "import torch\nx = torch.zeros(2)"),
)  # fmt: skip
def test_what_a_model_makes(case):
    case.check()


@rows(
    # A device among several names goes as well.
    to_tensorflow(
        """
        import torch
        def rows(x: torch.Tensor, step):
            n, step, device = x.shape[1], step + 1, x.device
            m, device = len(step), x.device
            *_, width, device = *x.shape, x.device
            return torch.arange(n, device=device) * width * m
        """,
        """
        import tensorflow as tf
        def rows(x: tf.Tensor, step):
            n, step = x.shape[1], step + 1
            m = len(step)
            *_, width = x.shape
            return tf.range(n, dtype=tf.int64) * width * m
        """,
    ),
    to_tensorflow(
        """
        import torch
        def rows(x: torch.Tensor):
            n, device = x.shape[1], x.device
            return n, str(device)
        """,
        """
        import tensorflow as tf
        def rows(x: tf.Tensor):
            n, device = x.shape[1], x.device
            return n, str(device)
        """,
    ),
)
def test_devices_among_others(case):
    case.check()
