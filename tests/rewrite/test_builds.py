"""`build` of Keras's layers: part of the constructor, or what a lazy module does with its first input."""

from translator import Code, convert

from .rows import flagged, rows, text, to_torch

LAYER = """
        import keras
        import tensorflow as tf
        class L(keras.layers.Layer):
            def __init__(self, n):
                super().__init__()
                self.n = n
            def build(self, input_shape):
                super().build(input_shape)
                self.w = self.add_weight(shape=(input_shape[-1], self.n), initializer="zeros")
            def call(self, x):
                return tf.matmul(x, self.w)
"""
TOLD = """
        import torch
        from torch import nn
        class L(nn.Module):
            def __init__(self, in_channels, n):
                super().__init__()
                self.n = n
                self.w = nn.Parameter(torch.zeros(in_channels, self.n))
            def forward(self, x):
                return torch.matmul(x, self.w)
"""


@rows(
    to_torch(
        LAYER
        + "        l = L(2)\n        l.build((None, 3))\n        y = l(tf.ones([4, 3])) + l(tf.zeros([2, 3]))\n",
        TOLD + "        l = L(3, 2)\n        y = l(torch.ones(4, 3)) + l(torch.zeros(2, 3))\n",
    ),
    to_torch(
        LAYER + "        y = L(2)(tf.ones([4, 3]))\n        z = L(2)(tf.ones([4, 5]))\n",
        TOLD + "        y = L(3, 2)(torch.ones(4, 3))\n        z = L(5, 2)(torch.ones(4, 5))\n",
    ),
    to_torch(
        """
        import keras


        class Scale(keras.layers.Layer):
            # One factor for each channel.
            def build(self, input_shape):
                '''Make the factors.'''
                _, _, channels = input_shape
                self.gamma = self.add_weight(name="gamma", shape=[channels], initializer="ones")
                self.built = True

            def call(self, inputs):
                return inputs * self.gamma


        inputs = keras.Input((7, 16))
        outputs = keras.layers.Dense(4)(Scale()(inputs))
        model = keras.Model(inputs, outputs)
        """,
        """
        import torch
        from torch import nn


        class Scale(nn.Module):
            def __init__(self, in_channels):
                super().__init__()
                # One factor for each channel.
                self.gamma = nn.Parameter(torch.ones([in_channels]))

            def forward(self, inputs):
                return inputs * self.gamma


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.scale = Scale(16)
                self.dense = nn.Linear(16, 4)

            def forward(self, inputs):
                outputs = self.dense(self.scale(inputs))
                return outputs


        model = Model()
        """,
    ),
)  # fmt: skip
def test_a_width_that_is_known(case):
    case.check()


@rows(
    # Nothing of the shape is asked for: it is part of the constructor.
    to_torch(
        """
        import keras
        class Block(keras.layers.Layer):
            def __init__(self, units):
                super().__init__()
                self.units = units
            def build(self, input_shape):
                self.a = keras.layers.Dense(self.units, activation="relu")
                self.b = keras.layers.Dense(1)
            def call(self, x):
                return self.b(self.a(x))
        """,
        """
        import torch.nn.functional as F
        from torch import nn
        class Block(nn.Module):
            def __init__(self, units):
                super().__init__()
                self.units = units
                self.a = nn.LazyLinear(self.units)
                self.b = nn.Linear(self.units, 1)
            def forward(self, x):
                return self.b(F.relu(self.a(x)))
        """,
    ),
)
def test_a_shape_that_is_not_asked_for(case):
    case.check()


@rows(
    to_torch(
        LAYER,
        """
        import torch
        from torch import nn
        class L(nn.modules.lazy.LazyModuleMixin, nn.Module):
            def __init__(self, n):
                super().__init__()
                self.n = n
                self.w = nn.UninitializedParameter()
            def initialize_parameters(self, x):
                self.w.materialize((x.shape[-1], self.n))
                nn.init.zeros_(self.w)
            def forward(self, x):
                return torch.matmul(x, self.w)
        """,
        codes=(Code.LAZY_SIZE,),
    ),
    # Several inputs, and a weight that is not trained.
    to_torch(
        """
        import keras
        from keras import ops
        class Mix(keras.layers.Layer):
            def build(self, input_shape):
                self.w = self.add_weight(shape=(input_shape[0][-1], input_shape[1][-1]), initializer="ones", trainable=False)
            def call(self, inputs, training=None, scale=1.0):
                a, b = inputs
                return ops.sum(ops.matmul(a, self.w) * b, axis=-1) * scale
        """,
        """
        import torch
        from torch import nn
        class Mix(nn.modules.lazy.LazyModuleMixin, nn.Module):
            def __init__(self):
                super().__init__()
                self.w = nn.UninitializedParameter()
            def initialize_parameters(self, inputs, *args, **kwargs):
                self.w.materialize((inputs[0].shape[-1], inputs[1].shape[-1]))
                nn.init.ones_(self.w)
                self.w.requires_grad_(False)
            def forward(self, inputs, scale=1.0):
                a, b = inputs
                return torch.sum(torch.matmul(a, self.w) * b, dim=-1) * scale
        """,
    ),
    # What it does to the shape first.
    to_torch(
        """
        import keras
        class Flat(keras.layers.Layer):
            def build(self, input_shape):
                size = 1
                for n in input_shape[1:]:
                    size *= n
                self.w = self.add_weight(shape=(size,), initializer="ones")
            def call(self, x):
                return keras.layers.Flatten()(x) * self.w
        """,
        """
        from torch import nn
        class Flat(nn.modules.lazy.LazyModuleMixin, nn.Module):
            def __init__(self):
                super().__init__()
                self.w = nn.UninitializedParameter()
            def initialize_parameters(self, x):
                size = 1
                for n in x.shape[1:]:
                    size *= n
                self.w.materialize((size,))
                nn.init.ones_(self.w)
            def forward(self, x):
                return nn.Flatten()(x) * self.w
        """,
    ),
)  # fmt: skip
def test_a_width_that_is_not_known(case):
    case.check()


TWO = text(LAYER).replace("input_shape)", "input_shape, mask_shape)")


@rows(
    flagged(TWO, at="def build", to="torch"),
    # Its base class builds as well.
    flagged(
        text(LAYER)
        + "class M(L):\n    def build(self, input_shape):\n        super().build(input_shape)\n",
        at="def build",
        to="torch",
    ),
)
def test_a_build_that_stays(case):
    case.check()


@rows(
    to_torch(
        """
        import keras


        class Block(keras.layers.Layer):
            def __init__(self, dim, *args, **kwargs):
                super().__init__(*args, **kwargs)
                self.norm = keras.layers.LayerNormalization(epsilon=1e-6)
                self.dim = dim

            def call(self, x):
                return self.norm(x) * self.dim

            def compute_output_shape(self, input_shape):
                return input_shape

            def get_config(self):
                return {**super().get_config(), "dim": self.dim}
        """,
        """
        from torch import nn


        class LazyLayerNorm(nn.modules.lazy.LazyModuleMixin, nn.LayerNorm):
            \"\"\"A LayerNorm over the last axis, which learns its size at its first call.\"\"\"

            cls_to_become = nn.LayerNorm

            def __init__(self, eps=1e-5, elementwise_affine=True, bias=True):
                super().__init__(0, eps, elementwise_affine, bias)
                if elementwise_affine:
                    self.weight = nn.UninitializedParameter()
                if elementwise_affine and bias:
                    self.bias = nn.UninitializedParameter()

            def initialize_parameters(self, input):
                self.normalized_shape = tuple(input.shape[-1:])
                for parameter in self.parameters():
                    parameter.materialize(self.normalized_shape)
                self.reset_parameters()


        class Block(nn.Module):
            def __init__(self, dim, *args, **kwargs):
                super().__init__()
                self.norm = LazyLayerNorm(eps=1e-6)
                self.dim = dim

            def forward(self, x):
                return self.norm(x) * self.dim
        """,
        codes=(Code.LAZY_SIZE, Code.DROPPED),
    ),
    flagged(
        "import keras\nclass L(keras.layers.Layer):\n    def call(self, x):\n        return x\n"
        "    def get_config(self):\n        return super().get_config()\nprint(L().get_config())\n",
        at="super().get_config()",
        to="torch",
    ),
)
def test_what_only_keras_calls(case):
    case.check()


@rows(
    # What comes out is as wide as an attribute says, which holds what the object was made with.
    to_torch(
        """
        import keras
        from keras import ops


        class Fold(keras.layers.Layer):
            def __init__(self, parts):
                super().__init__()
                self.parts = parts

            def call(self, x):
                return ops.reshape(x, (-1, 4, self.parts * 2))


        inputs = keras.Input((24,))
        x = Fold(3)(inputs)
        x = keras.layers.Dense(8)(x)
        x = Fold(2)(x)
        model = keras.Model(inputs, keras.layers.Dense(1)(x))
        """,
        """
        from torch import nn


        class Fold(nn.Module):
            def __init__(self, parts):
                super().__init__()
                self.parts = parts

            def forward(self, x):
                return x.reshape(-1, 4, self.parts * 2)


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.fold1 = Fold(3)
                self.dense1 = nn.Linear(6, 8)
                self.fold2 = Fold(2)
                self.dense2 = nn.Linear(4, 1)

            def forward(self, inputs):
                x = self.fold1(inputs)
                x = self.dense1(x)
                x = self.fold2(x)
                return self.dense2(x)


        model = Model()
        """,
    ),
    # An attribute that is set twice says nothing.
    to_torch(
        """
        import keras
        from keras import ops
        class Fold(keras.layers.Layer):
            def __init__(self, parts):
                super().__init__()
                self.parts = parts
                if parts > 2:
                    self.parts = 2
            def call(self, x):
                return ops.reshape(x, (-1, self.parts))
        fold, dense = Fold(3), keras.layers.Dense(8)
        y = dense(fold(ops.ones((3, 4))))
        """,
        """
        import torch
        from torch import nn
        class Fold(nn.Module):
            def __init__(self, parts):
                super().__init__()
                self.parts = parts
                if parts > 2:
                    self.parts = 2
            def forward(self, x):
                return x.reshape(-1, self.parts)
        fold, dense = Fold(3), nn.LazyLinear(8)
        y = dense(fold(torch.ones(3, 4)))
        """,
        codes=(Code.LAZY_SIZE,),
    ),
)
def test_a_width_that_an_attribute_holds(case):
    case.check()


@rows(
    to_torch(
        """
        from keras import ops


        def cut(x, n):
            return ops.slice(ops.ones((4, 6)), (0, 2), (n, 3)), ops.slice(ops.zeros((4, 6)), [n, 0], [1, 6])
        """,
        """
        import torch


        def cut(x, n):
            return torch.ones(4, 6)[:n, 2:5], torch.zeros(4, 6)[n:n + 1, :6]
        """,
    ),
    to_torch(
        "import tensorflow as tf\nx = tf.ones([3])\ny = x[:, tf.newaxis]\n",
        "import torch\nx = torch.ones(3)\ny = x[:, None]\n",
    ),
)
def test_slices(case):
    case.check()


@rows(
    to_torch(
        """
        import keras
        class Net(keras.Model):
            def __init__(self, n):
                self.n = n
                self.a = keras.layers.Dense(3)
                # the base
                super().__init__()
            def call(self, x):
                return self.a(x)
        y = Net(2)(keras.ops.ones((1, 4)))
        """,
        """
        import torch
        from torch import nn
        class Net(nn.Module):
            def __init__(self, n):
                # the base
                super().__init__()
                self.n = n
                self.a = nn.Linear(4, 3)
            def forward(self, x):
                return self.a(x)
        y = Net(2)(torch.ones(1, 4))
        """,
    ),
)
def test_a_constructor_that_calls_its_base_late(case):
    case.check()


@rows(
    # The width is the module's `dim`; inside, that name is another number.
    to_torch(
        """
        import keras


        dim = 32


        class Block(keras.layers.Layer):
            def __init__(self, dim):
                super().__init__()
                self.dim = dim
                self.first = keras.layers.Dense(8)

            def call(self, x):
                return self.first(x) / self.dim


        inputs = keras.Input((16,))
        x = keras.layers.Dense(dim)(inputs)
        model = keras.Model(inputs, Block(dim // 4)(x))
        """,
        """
        from torch import nn


        dim = 32


        class Block(nn.Module):
            def __init__(self, in_channels, dim):
                super().__init__()
                self.dim = dim
                self.first = nn.Linear(in_channels, 8)

            def forward(self, x):
                return self.first(x) / self.dim


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.dense = nn.Linear(16, dim)
                self.block = Block(dim, dim // 4)

            def forward(self, inputs):
                x = self.dense(inputs)
                return self.block(x)


        model = Model()
        """,
    ),
)
def test_a_name_that_a_function_hides(case):
    case.check()


@rows(
    to_torch(
        """
        import keras
        import tensorflow as tf
        class L(keras.layers.Layer):
            def __init__(self, n):
                super().__init__()
                self.n = n
            def build(self, input_shape):
                shape = tf.TensorShape((input_shape[1], self.n))
                self.w = self.add_weight(name="w", shape=shape, initializer=tf.initializers.RandomNormal)
            def call(self, x):
                return tf.matmul(x, self.w)
        """,
        """
        import torch
        from torch import nn
        class L(nn.modules.lazy.LazyModuleMixin, nn.Module):
            def __init__(self, n):
                super().__init__()
                self.n = n
                self.w = nn.UninitializedParameter()
            def initialize_parameters(self, x):
                shape = (x.shape[1], self.n)
                self.w.materialize(shape)
                nn.init.normal_(self.w, 0.0, 0.05)
            def forward(self, x):
                return torch.matmul(x, self.w)
        """,
    ),
)
def test_a_shape_of_tensorflow(case):
    case.check()


@rows(
    # What does not depend on the shape is there from the start, so that an optimizer has it.
    to_torch(
        """
        import keras
        from keras import ops
        class Head(keras.layers.Layer):
            def __init__(self, units):
                super().__init__()
                self.units = units
            def build(self, input_shape):
                self.w = self.add_weight(shape=(input_shape[1], self.units), initializer="zeros")
                self.out = keras.layers.Dense(self.units)
                self.b = self.add_weight(shape=(self.units,), initializer="zeros")
            def call(self, x):
                return self.out(ops.matmul(x, self.w) + self.b)
        """,
        """
        import torch
        from torch import nn
        class Head(nn.modules.lazy.LazyModuleMixin, nn.Module):
            def __init__(self, units):
                super().__init__()
                self.units = units
                self.out = nn.LazyLinear(self.units)
                self.b = nn.Parameter(torch.zeros(self.units))
                self.w = nn.UninitializedParameter()
            def initialize_parameters(self, x):
                self.w.materialize((x.shape[1], self.units))
                nn.init.zeros_(self.w)
            def forward(self, x):
                return self.out(torch.matmul(x, self.w) + self.b)
        """,
    ),
)
def test_what_needs_no_shape_is_made_at_once(case):
    case.check()


def test_an_optimizer_has_to_wait_for_what_the_first_call_makes():
    source = text(LAYER).replace(
        "self.w = ", "self.d = keras.layers.Dense(input_shape[1])\n        self.w = "
    )
    notes = [f.message for f in convert(source, to="torch").findings if f.code is Code.LAZY_SIZE]
    assert any("behind its first call" in message for message in notes), notes
