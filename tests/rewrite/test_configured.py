"""What Keras leaves to its configuration: the layout of images, a tensor that a model may be built upon."""

from __future__ import annotations

from translator import Code, convert

from .rows import rows, to_torch

HEAD = "import keras\nfrom keras import backend as K\nfrom keras import layers\n\n"


@rows(
    to_torch(
        """
        import keras
        from keras import backend as K
        from keras import layers

        class Gate(layers.Layer):
            def __init__(self):
                super().__init__()
                if K.image_data_format() == "channels_first":
                    axis = 1
                else:
                    # the last one
                    axis = 3
                self.norm = layers.BatchNormalization(axis=axis)
                self.rows, cols = (1, 2) if K.image_data_format() == "channels_last" else (2, 3)

            def call(self, x):
                return self.norm(x)
        """,
        """
        from torch import nn

        class Gate(nn.Module):
            def __init__(self):
                super().__init__()
                self.norm = nn.LazyBatchNorm2d(eps=0.001, momentum=0.01)
                self.rows, cols = (1, 2)

            def forward(self, x):
                return self.norm(x)
        """,
    ),
    to_torch(
        """
        import keras
        from keras import layers

        def tiny(input_tensor=None, size=8):
            if input_tensor is None:
                image = layers.Input((size, size, 3))
            else:
                image = input_tensor
            x = layers.Conv2D(4, 3, name="conv")(image)
            x = layers.ReLU(6.0)(x)
            if input_tensor is not None:
                inputs = keras.utils.get_source_inputs(input_tensor)
            else:
                inputs = image
            return keras.Model(inputs, x)
        """,
        """
        from torch import nn


        class Tiny(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 4, 3)
                self.relu = nn.ReLU6()

            def forward(self, image):
                x = self.conv(image)
                x = self.relu(x)
                return x


        def tiny(input_tensor=None, size=8):
            if input_tensor is not None:
                raise ValueError("a module is given its input when it is called: input_tensor must be None")
            return Tiny()
        """,
    ),
)  # fmt: skip
def test_what_is_settled(case):
    case.check()


def test_what_is_settled_is_said():
    result = convert(HEAD + "axis = 1 if K.image_data_format() == 'channels_first' else -1\n")
    assert result.complete
    assert result.code.endswith("axis = -1\n")
    assert [f.message for f in result.findings if f.code is Code.DROPPED] == [
        "images are channels last, as Keras has them by default"
    ]


def test_a_parameter_that_may_be_none_is_no_input():
    """Only where a model may begin with it is it taken for a tensor."""
    code = convert(
        HEAD + "def f(x=None):\n    if x is None:\n        x = 3\n    return layers.Dense(x)\n"
    ).code
    assert "if x is None:" in code
    assert "raise" not in code


@rows(
    to_torch(
        """
        import keras
        from keras import layers

        class Features(keras.Model):
            def __init__(self, pooled=True):
                super().__init__()
                self.pooled = pooled
                self.conv = layers.Conv2D(4, 3)
                self.pool = layers.GlobalAveragePooling2D()

            def call(self, x):
                x = self.conv(x)
                if self.pooled:
                    x = self.pool(x)
                return x
        """,
        """
        from torch import nn

        class Features(nn.Module):
            def __init__(self, pooled=True):
                super().__init__()
                self.pooled = pooled
                self.conv = nn.LazyConv2d(4, 3)
                self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())

            def forward(self, x):
                x = self.conv(x)
                if self.pooled:
                    x = self.pool(x)
                return x
        """,
    ),
)  # fmt: skip
def test_images_or_vectors(case):
    """A vector has no axis order: the images that stand beside it on the other way keep their own."""
    case.check()


def test_images_or_vectors_that_are_looked_at():
    """What can see the order is given the source's."""
    code = convert(
        HEAD
        + "class A(keras.Model):\n"
        + "    def __init__(self, p):\n"
        + "        super().__init__()\n"
        + "        self.c, self.g, self.p = layers.Conv2D(4, 3), layers.GlobalMaxPooling2D(), p\n"
        + "    def call(self, x):\n"
        + "        x = self.c(x)\n"
        + "        if self.p:\n"
        + "            x = self.g(x)\n"
        + "        return keras.ops.mean(x, axis=-1)\n"
    ).code
    assert "self.c(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)" in code
