"""Functions of torch that layers of Keras stand for: made once in the constructor, where the model has one."""

from __future__ import annotations

from .rows import rows, to_tensorflow

OWN = [
    to_tensorflow(
        """
        from torch import nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(12, 2)
            def forward(self, x):
                return self.head(x.flatten(1))
            def head(self, x):
                return self.fc(x.view(x.size(0), -1))
        """,
        """
        import keras
        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.fc = keras.layers.Dense(2)
                self.flatten = keras.layers.Flatten()
            def call(self, x):
                return self.head(self.flatten(x))
            def head(self, x):
                return self.fc(self.flatten(x))
        """,
    ),
    # the name is taken
    to_tensorflow(
        """
        from torch import nn
        class Net(nn.Module):
            def __init__(self, flatten):
                super().__init__()
                self.flatten = flatten
                self.fc = nn.Linear(12, 2)
            def forward(self, x):
                return self.fc(x.flatten(1) if self.flatten else x)
        """,
        """
        import keras
        class Net(keras.Model):
            def __init__(self, flatten):
                super().__init__()
                self.flatten = flatten
                self.fc = keras.layers.Dense(2)
            def call(self, x):
                return self.fc(keras.layers.Flatten()(x) if self.flatten else x)
        """,
    ),
    # no constructor to make it in
    to_tensorflow(
        """
        from torch import nn
        class Flat(nn.Module):
            def forward(self, x):
                return x.flatten(1)
        """,
        """
        import keras
        class Flat(keras.Model):
            def call(self, x):
                return keras.layers.Flatten()(x)
        """,
    ),
]


@rows(*OWN)
def test_own_layers(case):
    case.check()
