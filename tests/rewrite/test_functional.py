"""Functional models of Keras become modules: layers in the constructor, calls in the forward pass."""

from __future__ import annotations

from translator import Code, Severity, convert

from .rows import flagged, rows, text, to_torch


@rows(
    to_torch(
        """
        from tensorflow import keras
        from tensorflow.keras import layers

        # what goes in
        inputs = keras.Input(shape=(8,), name="features")
        x = layers.Dense(16, activation="relu", name="hidden")(inputs)
        x = layers.Dense(16)(x)
        # what comes out
        outputs = layers.Dense(2)(x)
        model = keras.Model(inputs=inputs, outputs=outputs)
        """,
        """
        import torch.nn.functional as F
        from torch import nn


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.hidden = nn.Linear(8, 16)
                self.dense1 = nn.Linear(16, 16)
                self.dense2 = nn.Linear(16, 2)

            def forward(self, inputs):
                # what goes in
                x = F.relu(self.hidden(inputs))
                x = self.dense1(x)
                # what comes out
                outputs = self.dense2(x)
                return outputs


        model = Model()
        """,
    ),
    to_torch(
        """
        import keras
        from keras import layers

        def make_model(input_shape, num_classes, dropout=0.5):
            # A small classifier.
            inputs = keras.Input(shape=input_shape)
            units = 1 if num_classes == 2 else num_classes
            x = layers.Dropout(dropout)(inputs)
            return keras.Model(inputs, layers.Dense(units)(x))

        model = make_model((10,), 3)
        """,
        """
        from torch import nn


        class Model(nn.Module):
            def __init__(self, input_shape, num_classes, dropout):
                super().__init__()
                # A small classifier.
                units = 1 if num_classes == 2 else num_classes
                self.dropout = nn.Dropout(dropout)
                self.dense = nn.Linear(input_shape[-1], units)

            def forward(self, inputs):
                x = self.dropout(inputs)
                return self.dense(x)


        def make_model(input_shape, num_classes, dropout=0.5):
            return Model(input_shape, num_classes, dropout)

        model = make_model((10,), 3)
        """,
    ),
    to_torch(
        """
        import keras
        from keras import layers

        a = keras.Input((4,), name="a")
        b = keras.Input((4,), name="b")
        encode = layers.Dense(3)
        both = layers.Multiply()([encode(a), encode(b)])
        score = layers.Dense(1, name="score")(both)
        model = keras.Model([a, b], [score, both])
        """,
        """
        from torch import nn


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.encode = nn.Linear(4, 3)
                self.score = nn.Linear(3, 1)

            def forward(self, inputs):
                a, b = inputs
                both = self.encode(a) * self.encode(b)
                score = self.score(both)
                return [score, both]


        model = Model()
        """,
    ),
    to_torch(
        """
        import keras
        from keras import layers

        a = keras.Input((4,))
        b = keras.Input((5,))
        x = layers.concatenate([a, b])
        model = keras.Model({"left": a, "right": b}, {"out": layers.Dense(1)(x)})
        """,
        """
        import torch
        from torch import nn


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.dense = nn.Linear(9, 1)

            def forward(self, inputs):
                a, b = inputs["left"], inputs["right"]
                x = torch.cat([a, b], dim=-1)
                return {"out": self.dense(x)}


        model = Model()
        """,
    ),
    to_torch(
        """
        import keras
        from keras import layers

        def get_encoder(latent):
            inputs = keras.Input((6,))
            return keras.Model(inputs, layers.Dense(latent)(inputs), name="encoder")

        def get_vae(latent=2):
            encoder = get_encoder(latent)
            decoder = keras.Sequential([layers.Dense(6)])
            inputs = keras.Input((6,))
            return keras.Model(inputs, decoder(encoder(inputs)))
        """,
        """
        from torch import nn


        class Encoder(nn.Module):
            def __init__(self, latent):
                super().__init__()
                self.dense = nn.Linear(6, latent)

            def forward(self, inputs):
                return self.dense(inputs)


        def get_encoder(latent):
            return Encoder(latent)


        class Vae(nn.Module):
            def __init__(self, latent):
                super().__init__()
                self.encoder = get_encoder(latent)
                self.decoder = nn.Sequential(nn.Linear(latent, 6))

            def forward(self, inputs):
                return self.decoder(self.encoder(inputs))


        def get_vae(latent=2):
            return Vae(latent)
        """,
    ),
)
def test_models(case):
    """Models by themselves: one input or several, models in models, in functions and in the module."""
    case.check()


@rows(
    to_torch(
        """
        import keras
        from keras import layers

        def conv_block(x, filters, kernel=3, use_bn=True):
            x = layers.Conv2D(filters, kernel)(x)
            if use_bn:
                x = layers.BatchNormalization()(x)
            return layers.ReLU()(x)

        inputs = keras.Input((32, 32, 3))
        x = conv_block(inputs, 16)
        x = conv_block(x, 32, use_bn=False)
        model = keras.Model(inputs, x)
        """,
        """
        from torch import nn

        class ConvBlock(nn.Module):
            def __init__(self, in_channels, filters, kernel=3, use_bn=True):
                super().__init__()
                self.use_bn = use_bn
                self.conv = nn.Conv2d(in_channels, filters, kernel)
                if use_bn:
                    self.bn = nn.BatchNorm2d(filters, eps=0.001, momentum=0.01)
                self.relu = nn.ReLU()

            def forward(self, x):
                x = self.conv(x)
                if self.use_bn:
                    x = self.bn(x)
                return self.relu(x)


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv_block1 = ConvBlock(3, 16)
                self.conv_block2 = ConvBlock(16, 32, use_bn=False)

            def forward(self, inputs):
                x = self.conv_block1(inputs)
                x = self.conv_block2(x)
                return x


        model = Model()
        """,
    ),
    to_torch(
        """
        import keras
        from keras import layers

        def block(x, width, activation, rate=0.1):
            x = layers.Dense(width)(x)
            x = activation(x)
            return x * rate

        inputs = keras.Input((4,))
        x = block(inputs, 8, layers.ReLU())
        x = block(x, 8, activation=keras.activations.tanh, rate=2)
        model = keras.Model(inputs, x)
        """,
        """
        import torch
        from torch import nn

        class Block(nn.Module):
            def __init__(self, width, activation, rate=0.1):
                super().__init__()
                self.rate = rate
                self.dense = nn.LazyLinear(width)
                self.activation = activation

            def forward(self, x):
                x = self.dense(x)
                x = self.activation(x)
                return x * self.rate


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.block1 = Block(8, nn.ReLU())
                self.block2 = Block(8, activation=torch.tanh, rate=2)

            def forward(self, inputs):
                x = self.block1(inputs)
                x = self.block2(x)
                return x


        model = Model()
        """,
    ),
)
def test_functions_that_build_layers(case):
    """A function that builds layers and takes tensors becomes a class."""
    case.check()


@rows(
    to_torch(
        """
        import keras
        from keras import layers

        def mlp(depth):
            inputs = keras.Input((7,))
            x = inputs
            for i in range(depth):
                x = layers.Dense(7)(x)
                x = layers.Dropout(0.1)(x)
                if i % 2 == 1:
                    x = x + inputs
            return keras.Model(inputs, x)
        """,
        """
        from torch import nn


        class Mlp(nn.Module):
            def __init__(self, depth):
                super().__init__()
                self.dense_layers = nn.ModuleList()
                self.dropout_layers = nn.ModuleList()
                for i in range(depth):
                    self.dense_layers.append(nn.Linear(7, 7))
                    self.dropout_layers.append(nn.Dropout(0.1))

            def forward(self, inputs):
                x = inputs
                for i, (dense, dropout) in enumerate(zip(self.dense_layers, self.dropout_layers)):
                    x = dense(x)
                    x = dropout(x)
                    if i % 2 == 1:
                        x = x + inputs
                return x


        def mlp(depth):
            return Mlp(depth)
        """,
    ),
    to_torch(
        """
        import keras
        from keras import layers

        def residual(widths):
            inputs = keras.Input((7,))
            x = inputs
            skip = x
            for width in widths:
                x = layers.Dense(width)(x)
                x = layers.LayerNormalization()(x)
                side = layers.Dense(width)(skip)
                x = layers.add([x, side])
                skip = x
            return keras.Model(inputs, x)
        """,
        """
        from torch import nn


        class Block(nn.Module):
            def __init__(self, in_channels, skip_channels, width):
                super().__init__()
                self.dense = nn.Linear(in_channels, width)
                self.norm = nn.LayerNorm(width, eps=0.001)
                self.side = nn.Linear(skip_channels, width)

            def forward(self, x, skip):
                x = self.dense(x)
                x = self.norm(x)
                side = self.side(skip)
                x = x + side
                skip = x
                return x, skip


        class Residual(nn.Module):
            def __init__(self, widths):
                super().__init__()
                channels = 7
                self.blocks = nn.ModuleList()
                for width in widths:
                    self.blocks.append(Block(channels, channels, width))
                    channels = width

            def forward(self, inputs):
                x = inputs
                skip = x
                for block in self.blocks:
                    x, skip = block(x, skip)
                return x


        def residual(widths):
            return Residual(widths)
        """,
    ),
)
def test_loops(case):
    """A loop over the configuration fills lists of layers; a longer body becomes a class."""
    case.check()


@rows(
    to_torch(
        """
        import keras
        from keras import layers

        def build(width=8, size=2):
            inputs = keras.Input((4,))
            hidden = layers.Dense(width)(inputs)
            code = layers.Dense(size, name="code")(hidden)
            hidden = layers.Dense(width)(code)
            whole = keras.Model(inputs, layers.Dense(4, name="out")(hidden))
            encoder = keras.Model(inputs, code)
            return whole, encoder
        """,
        """
        from torch import nn


        class Encoder(nn.Module):
            def __init__(self, width, size):
                super().__init__()
                self.dense = nn.Linear(4, width)
                self.code = nn.Linear(width, size)
                self.out_channels = size

            def forward(self, inputs):
                hidden = self.dense(inputs)
                code = self.code(hidden)
                return code


        class Whole(nn.Module):
            def __init__(self, width, encoder):
                super().__init__()
                self.encoder = encoder
                self.dense = nn.Linear(encoder.out_channels, width)
                self.out = nn.Linear(width, 4)

            def forward(self, inputs):
                code = self.encoder(inputs)
                hidden = self.dense(code)
                return self.out(hidden)


        def build(width=8, size=2):
            encoder = Encoder(width, size)
            whole = Whole(width, encoder)
            return whole, encoder
        """,
    ),
    to_torch(
        """
        import keras
        from keras import layers

        inputs = keras.Input((4,))
        code = layers.Dense(2)(inputs)
        encoder = keras.Model(inputs, code)

        latent = keras.Input((2,))
        decoder = keras.Model(latent, layers.Dense(4)(latent))

        whole = keras.Model(inputs, decoder(encoder(inputs)))
        """,
        """
        from torch import nn


        class Encoder(nn.Module):
            def __init__(self):
                super().__init__()
                self.code = nn.Linear(4, 2)

            def forward(self, inputs):
                code = self.code(inputs)
                return code


        encoder = Encoder()


        class Decoder(nn.Module):
            def __init__(self):
                super().__init__()
                self.dense = nn.Linear(2, 4)

            def forward(self, latent):
                return self.dense(latent)


        decoder = Decoder()


        class Whole(nn.Module):
            def __init__(self):
                super().__init__()
                self.encoder = encoder
                self.decoder = decoder

            def forward(self, inputs):
                return self.decoder(self.encoder(inputs))


        whole = Whole()
        """,
    ),
)
def test_models_that_are_parts_of_others(case):
    case.check()


@rows(
    to_torch(
        """
        import keras
        from keras import layers

        inputs = keras.Input((4, 6))
        x = layers.Rescaling(1.0 / 255)(inputs)
        x = layers.Activation("relu")(x)
        x = layers.Permute((2, 1))(x)
        x = layers.Reshape((24,))(x)
        x = layers.Lambda(lambda t: t * 2)(x)
        y = layers.Average()([x, layers.Subtract()([x, x])])
        z = layers.Maximum()([x, y])
        model = keras.Model(inputs, z)
        """,
        """
        import torch
        import torch.nn.functional as F
        from torch import nn


        class Model(nn.Module):
            def __init__(self):
                super().__init__()

            def forward(self, inputs):
                x = inputs * (1.0 / 255)
                x = F.relu(x)
                x = x.permute(0, 2, 1)
                x = x.reshape(-1, 24)
                x = x * 2
                y = (x + (x - x)) / 2
                z = torch.maximum(x, y)
                return z


        model = Model()
        """,
    ),
)
def test_layers_that_only_compute(case):
    """Merges and their kin are written as what they compute."""
    case.check()


@rows(
    flagged(
        """
        import keras
        from keras import layers

        inputs = keras.Input((4,))
        x = layers.Dense(2)(inputs)
        print(x.shape)
        model = keras.Model(inputs, x)
        """,
        at="keras.Model(",
        to="torch",
    ),
    flagged(
        """
        import keras
        from blocks import block

        inputs = keras.Input((4,))
        model = keras.Model(inputs, block(inputs))
        """,
        at="keras.Model(",
        to="torch",
    ),
    flagged(
        """
        import keras
        from keras import layers

        def block(width):
            def apply(x):
                return layers.Dense(width)(x)
            return apply

        inputs = keras.Input((4,))
        twice = block(3)
        model = keras.Model(inputs, twice(twice(inputs)))
        """,
        at="keras.Model(",
        to="torch",
    ),
    flagged(
        """
        import keras
        from keras import layers

        inputs = keras.Input((4,))
        hidden = layers.Dense(3)(inputs)
        code = layers.Dense(2)(hidden)
        outputs = layers.Dense(4)(code + layers.Dense(2)(hidden))
        encoder = keras.Model(inputs, code)
        model = keras.Model(inputs, outputs)
        """,
        at="encoder = ",
        to="torch",
    ),
)
def test_what_cannot_be_split(case):
    case.check()


def test_a_refused_model_stays_as_a_whole():
    """All that makes it and uses it stays; what stands beside it is converted."""
    source = text(
        """
        import keras
        import tensorflow as tf
        x = tf.ones([2, 3])
        m = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
        a = keras.Input(shape=(3,))
        h = keras.layers.Dense(4, activation="relu")(a)
        h = keras.layers.Concatenate()([h, h]) + h
        model = keras.Model(a, keras.layers.Dense(1)(h))
        print(h.name)
        model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
        model.fit(x, x)
        print(model(x))
        """
    )
    result = convert(source, to="torch")
    left = [f for f in result.findings if f.severity is Severity.TODO]
    assert [f.span.line for f in left] == [8]
    assert "x = torch.ones(2, 3)\nm = nn.Sequential(nn.Linear(3, 1))\n" in result.code
    assert source.partition("keras.layers.Dense(4")[2] in result.code.replace(
        f"# TODO(translator) {left[0].code.name}: {left[0].message}\n", ""
    )


def test_findings_are_at_the_lines_of_the_source():
    source = text(
        """
        import keras

        inputs = keras.Input((3,))
        x = keras.layers.Dense(4)(inputs)
        x = keras.layers.Mystery(4)(x)
        model = keras.Model(inputs, x)
        """
    )
    found = [f for f in convert(source, to="torch").findings if f.severity is Severity.TODO]
    assert [f.span.line for f in found] == [5]


@rows(
    to_torch(
        """
        import tensorflow as tf
        from tensorflow.keras import layers

        class Net(tf.keras.Model):
            def __init__(self, width, skips):
                super().__init__()
                self.first = layers.Dense(width)
                # what joins them
                self.join = layers.Add()
                if skips:
                    self.skip = tf.keras.Sequential()
                    self.skip.add(layers.Dense(width))
                else:
                    self.skip = lambda x: x

            def call(self, x):
                y = self.first(x)
                y = self.join([y, self.skip(x), layers.multiply([y, y])])
                return layers.concatenate([x, y], axis=1)
        """,
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self, width, skips):
                super().__init__()
                self.first = nn.LazyLinear(width)
                # what joins them
                if skips:
                    self.skip = nn.Sequential()
                    self.skip.append(nn.LazyLinear(width))
                else:
                    self.skip = nn.Identity()

            def forward(self, x):
                y = self.first(x)
                y = y + self.skip(x) + y * y
                return torch.cat([x, y], dim=1)
        """,
    ),
)
def test_merges_in_classes(case):
    case.check()


@rows(
    # Each object says what reaches it, also where that is a name, and where objects hold objects.
    to_torch(
        """
        import keras
        from keras import layers

        class Inner(layers.Layer):
            def __init__(self):
                super().__init__()
                self.inner = layers.Dense(9)

            def call(self, x):
                return self.inner(x)

        class Block(layers.Layer):
            def __init__(self, units, *, rate=0.1):
                super().__init__()
                self.inner = Inner()
                self.dense = layers.Dense(2 * units)
                self.dropout = layers.Dropout(rate)

            def call(self, x):
                return self.dropout(self.dense(self.inner(x)))

        class Net(keras.Model):
            def __init__(self, width):
                super().__init__()
                self.stem = layers.Dense(width)
                self.one = Block(width)
                self.two = Block(7, rate=0.2)
                self.head = layers.Dense(1)

            def call(self, x):
                return self.head(self.two(self.one(self.stem(x))))
        """,
        """
        from torch import nn

        class Inner(nn.Module):
            def __init__(self, in_channels):
                super().__init__()
                self.inner = nn.Linear(in_channels, 9)

            def forward(self, x):
                return self.inner(x)

        class Block(nn.Module):
            def __init__(self, in_channels, units, *, rate=0.1):
                super().__init__()
                self.inner = Inner(in_channels)
                self.dense = nn.Linear(9, 2 * units)
                self.dropout = nn.Dropout(rate)

            def forward(self, x):
                return self.dropout(self.dense(self.inner(x)))

        class Net(nn.Module):
            def __init__(self, width):
                super().__init__()
                self.stem = nn.LazyLinear(width)
                self.one = Block(width, width)
                self.two = Block(2 * width, 7, rate=0.2)
                self.head = nn.Linear(14, 1)

            def forward(self, x):
                return self.head(self.two(self.one(self.stem(x))))
        """,
    ),
    # Where it is not known of one object, none is told.
    to_torch(
        """
        import keras
        from keras import layers

        class Block(layers.Layer):
            def __init__(self, units):
                super().__init__()
                self.dense = layers.Dense(units)

            def call(self, x):
                return self.dense(x)

        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.one = Block(4)
                self.two = Block(5)

            def call(self, x):
                return self.two(self.one(x))
        """,
        """
        from torch import nn

        class Block(nn.Module):
            def __init__(self, units):
                super().__init__()
                self.dense = nn.LazyLinear(units)

            def forward(self, x):
                return self.dense(x)

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.one = Block(4)
                self.two = Block(5)

            def forward(self, x):
                return self.two(self.one(x))
        """,
    ),
)
def test_modules_are_told_what_reaches_them(case):
    case.check()


@rows(
    to_torch(
        """
        import keras
        from keras import layers

        def gate(x, ratio=2):
            channels = x.shape[-1]
            g = layers.Dense(channels // ratio, activation="relu")(x)
            g = layers.Dense(channels, activation="sigmoid")(g)
            return x * g

        inputs = keras.Input((8,))
        x = gate(inputs)
        x = layers.Dense(6)(x)
        model = keras.Model(inputs, gate(x, ratio=3))
        """,
        """
        import torch
        import torch.nn.functional as F
        from torch import nn

        class Gate(nn.Module):
            def __init__(self, in_channels, ratio=2):
                super().__init__()
                self.dense1 = nn.Linear(in_channels, in_channels // ratio)
                self.dense2 = nn.Linear(in_channels // ratio, in_channels)

            def forward(self, x):
                g = F.relu(self.dense1(x))
                g = torch.sigmoid(self.dense2(g))
                return x * g


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.gate1 = Gate(8)
                self.dense = nn.Linear(8, 6)
                self.gate2 = Gate(6, ratio=3)

            def forward(self, inputs):
                x = self.gate1(inputs)
                x = self.dense(x)
                return self.gate2(x)


        model = Model()
        """,
    ),
    flagged(
        """
        import keras
        from keras import layers

        def gate(x):
            return layers.Dense(x.shape[-1])(x)

        def net(layer):
            inputs = keras.Input((8,))
            x = layer(inputs)
            return keras.Model(inputs, gate(x))
        """,
        at="gate(x))",
        to="torch",
    ),
)
def test_sizes_of_tensors_that_layers_are_built_with(case):
    case.check()


@rows(
    to_torch(
        """
        import keras
        from keras import layers

        class Block(layers.Layer):
            def __init__(self, n):
                super().__init__()
                self.conv = layers.Conv2D(n, 1)

            def call(self, x):
                return keras.ops.reshape(self.conv(x), (-1, 8, 8, 4))

        def build(n):
            net = keras.Sequential()
            for i in range(n):
                net.add(Block(4))
            return net
        """,
        """
        from torch import nn

        class Block(nn.Module):
            def __init__(self, n):
                super().__init__()
                self.conv = nn.LazyConv2d(n, 1)

            def forward(self, x):
                return self.conv(x).permute(0, 2, 3, 1).reshape(-1, 8, 8, 4).permute(0, 3, 1, 2)

        def build(n):
            net = nn.Sequential()
            for i in range(n):
                net.append(Block(4))
            return net
        """,
    ),
)
def test_repeated_layers_that_turn_their_images(case):
    case.check()


@rows(
    to_torch(
        """
        import keras
        import tensorflow as tf
        from keras import layers

        def f(a: tf.Tensor, b: tf.Tensor):
            return a - layers.subtract([a, b]), -layers.add([a, b]), layers.average([a, b]) ** 2, (layers.add([a, b]))
        """,
        """
        import torch

        def f(a: torch.Tensor, b: torch.Tensor):
            return a - (a - b), -(a + b), ((a + b) / 2) ** 2, a + b
        """,
    ),
    to_torch(
        """
        import keras
        from keras import layers
        net = keras.Sequential([keras.Input((12,)), layers.Reshape((2, 2, 3)), layers.Conv2D(4, 1)])
        """,
        '''
        from torch import nn


        class Reshape(nn.Module):
            """Gives each sample of its input another shape."""

            def __init__(self, shape):
                super().__init__()
                self.shape = shape

            def forward(self, inputs):
                return inputs.reshape(len(inputs), *self.shape)


        class Permute(nn.Module):
            """Reorders the axes of its input."""

            def __init__(self, *dims):
                super().__init__()
                self.dims = dims

            def forward(self, x):
                return x.permute(self.dims)


        net = nn.Sequential(Reshape((2, 2, 3)), Permute(0, 3, 1, 2), nn.Conv2d(3, 4, 1))
        ''',
    ),
    flagged(
        "def f(a, b):\n    return keras.layers.Dot(axes=1)([a, b])",
        codes=(Code.UNSUPPORTED_CODE,),
        to="torch",
    ),
    flagged("layer = keras.layers.Normalization()", to="torch"),
    flagged("layer = keras.layers.CutMix()", codes=(Code.REFUSED,), to="torch"),
)
def test_layers_that_only_rearrange(case):
    case.check()


@rows(
    to_torch(
        """
        import keras
        from keras import layers
        def group(x, width, count):
            for i in range(count):
                y = layers.Dense(width)(x)
                if i == 0:
                    x = layers.Dense(width)(x)
                x = layers.Add()([x, y])
            return x
        inputs = keras.Input((8,))
        model = keras.Model(inputs, group(inputs, 4, 2))
        """,
        """
        from torch import nn
        class Block(nn.Module):
            def __init__(self, in_channels, width, i):
                super().__init__()
                self.i = i
                self.dense1 = nn.Linear(in_channels, width)
                if i == 0:
                    self.dense2 = nn.Linear(in_channels, width)

            def forward(self, x):
                y = self.dense1(x)
                if self.i == 0:
                    x = self.dense2(x)
                x = x + y
                return x


        class Group(nn.Module):
            def __init__(self, in_channels, width, count):
                super().__init__()
                self.blocks = nn.ModuleList()
                for i in range(count):
                    self.blocks.append(Block(in_channels, width, i))
                    in_channels = width

            def forward(self, x):
                for block in self.blocks:
                    x = block(x)
                return x


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.group = Group(8, 4, 2)

            def forward(self, inputs):
                return self.group(inputs)


        model = Model()
        """,
    ),
)
def test_a_helper_with_a_loop_of_blocks(case):
    case.check()


@rows(
    # what the call reads of a setting that changes is what it is there
    to_torch(
        """
        import keras
        from keras import layers, ops

        def attend(x, width, heads, factor=2):
            heads = heads * factor
            x = layers.Dense(width)(x)
            return ops.reshape(x, (-1, 4, heads, width // heads))

        inputs = keras.Input((4, 8))
        model = keras.Model(inputs, attend(inputs, 8, 2))
        """,
        """
        from torch import nn

        class Attend(nn.Module):
            def __init__(self, width, heads, factor=2):
                super().__init__()
                self.width = width
                heads = heads * factor
                self.heads = heads
                self.dense = nn.Linear(8, width)

            def forward(self, x):
                x = self.dense(x)
                return x.reshape(-1, 4, self.heads, self.width // self.heads)


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.attend = Attend(8, 2)

            def forward(self, inputs):
                return self.attend(inputs)


        model = Model()
        """,
    ),
    # a tensor that only some turns of a loop compute
    to_torch(
        """
        import keras
        from keras import layers

        def blocks(x, width):
            for i, size in enumerate([3, 1]):
                if i == 0:
                    y = layers.Conv2D(width, size, padding="same")(x)
                else:
                    y = layers.Conv2D(width, size, padding="same")(y)
            return y

        inputs = keras.Input((8, 8, 4))
        model = keras.Model(inputs, blocks(inputs, 4))
        """,
        """
        from torch import nn

        class Block(nn.Module):
            def __init__(self, i, width, size):
                super().__init__()
                self.i = i
                if i == 0:
                    self.conv1 = nn.Conv2d(4, width, size, padding="same")
                else:
                    self.conv2 = nn.LazyConv2d(width, size, padding="same")

            def forward(self, x, y):
                if self.i == 0:
                    y = self.conv1(x)
                else:
                    y = self.conv2(y)
                return y


        class Blocks(nn.Module):
            def __init__(self, width):
                super().__init__()
                self.blocks = nn.ModuleList([Block(i, width, size) for i, size in enumerate([3, 1])])

            def forward(self, x):
                y = None
                for block in self.blocks:
                    y = block(x, y)
                return y


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.blocks = Blocks(4)

            def forward(self, inputs):
                return self.blocks(inputs)


        model = Model()
        """,
    ),
)
def test_names_that_change(case):
    case.check()


def test_a_setting_that_changes_between_two_reads_is_refused():
    result = convert(
        """
import keras
from keras import layers, ops

def twice(x, width):
    x = layers.Dense(8)(ops.reshape(x, (-1, width)))
    width = width * 2
    return layers.Dense(8)(ops.reshape(x, (-1, width)))

inputs = keras.Input((8,))
model = keras.Model(inputs, twice(inputs, 4))
""",
        to="torch",
    )
    assert any("width changes between the uses of it" in f.message for f in result.findings)


def test_blocks_in_loops_inside_each_other_with_settings_in_a_dict_that_changes():
    result = convert(
        """
import copy
import keras
from keras import layers

BLOCKS = [{"filters": 8, "repeats": 1, "strides": 1}, {"filters": 16, "repeats": 2, "strides": 2}]


def net(width=2, rate=0.2, blocks="default", name="net"):
    if blocks == "default":
        blocks = BLOCKS
    image = keras.Input((32, 32, 3))

    def rounded(filters):
        return filters * width

    x = layers.Conv2D(rounded(4), 3, padding="same")(image)
    blocks = copy.deepcopy(blocks)
    b = 0
    for i, args in enumerate(blocks):
        args["filters"] = rounded(args["filters"])
        for j in range(args.pop("repeats")):
            if j > 0:
                args["strides"] = 1
            x = block(x, rate * b, name=f"block{i}{chr(j + 97)}_", **args)
            b += 1
    return keras.Model(image, x, name=name)


def block(x, rate=0.0, name="", filters=8, strides=1):
    x = layers.Conv2D(filters, 1, strides=strides, name=f"{name}conv")(x)
    return layers.Dropout(rate, noise_shape=(None, 1, 1, 1), name=f"{name}drop")(x)


model = net()
""",
        to="torch",
    )
    assert result.complete, result.findings
    assert (
        """
        self.conv = nn.Conv2d(3, rounded(4), 3, padding="same")
        blocks = copy.deepcopy(blocks)
        b = 0
        channels = rounded(4)
        self.blocks = nn.ModuleList()
        for i, args in enumerate(blocks):
            args["filters"] = rounded(args["filters"])
            for j in range(args.pop("repeats")):
                if j > 0:
                    args["strides"] = 1
                self.blocks.append(Block(channels, rate * b, **args))
                b += 1
                channels = self.blocks[-1].out_channels

    def forward(self, image):
        x = self.conv(image)
        for block in self.blocks:
            x = block(x)
        return x
"""
        in result.code
    )
    assert "def __init__(self, in_channels, rate=0.0, filters=8, strides=1):" in result.code
    assert "self.dropout = DropPath(rate)" in result.code


def test_models_chosen_by_index_take_and_give_one_axis_order():
    result = convert(
        """
import keras
from keras import layers


def net(widths=(8, 16), name="net"):
    image = keras.Input((32, 32, 3))
    downs = [keras.Sequential([layers.Conv2D(widths[0], 4, strides=4), layers.LayerNormalization()], name=f"{name}_stem")]
    for i in range(1):
        downs.append(keras.Sequential([layers.LayerNormalization(), layers.Conv2D(widths[i + 1], 2, strides=2)]))
    rates = [float(x) for x in (0.0, 0.1)]
    x = image
    for i in range(2):
        x = downs[i](x)
        for _ in range(2):
            x = block(x, widths[i], rates[i])
    return keras.Model(image, x)


def block(x, width, rate):
    y = layers.Conv2D(width, 3, padding="same")(x)
    if rate:
        layer = layers.Dropout(rate, name="drop")
    else:
        layer = layers.Activation("linear", name="identity")
    return x + layer(y)


model = net()
""",
        to="torch",
    )
    assert result.complete, result.findings
    assert "permute" not in result.code.partition("class Block")[2]


@rows(
    # inputs in a dict, one with two names, a layer on one way of a choice
    to_torch(
        """
        import keras
        from keras import layers

        def net(rate=0.1):
            inputs = {"left": keras.Input((4,)), "right": keras.Input((4,))}
            x = layers.Dense(4)(inputs["left"])
            y = layers.Dense(4)(inputs["right"])
            y = layers.Dropout(rate)(y) if rate else y
            return keras.Model(inputs=inputs, outputs=x + y)

        h = image = keras.Input((3,))
        h = layers.Dense(2)(h)
        model = keras.Model(image, h)
        """,
        """
        from torch import nn


        class Net(nn.Module):
            def __init__(self, rate):
                super().__init__()
                self.rate = rate
                self.dense1 = nn.Linear(4, 4)
                self.dense2 = nn.Linear(4, 4)
                if rate:
                    self.dropout = nn.Dropout(rate)

            def forward(self, inputs):
                left, right = inputs["left"], inputs["right"]
                x = self.dense1(left)
                y = self.dense2(right)
                if self.rate:
                    y = self.dropout(y)
                return x + y


        def net(rate=0.1):
            return Net(rate)


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.dense = nn.Linear(3, 2)

            def forward(self, image):
                h = image
                h = self.dense(h)
                return h


        model = Model()
        """,
    ),
)
def test_inputs_by_name(case):
    case.check()


def test_what_a_turn_sets_before_it_reads_it_comes_from_no_line_above():
    result = convert(
        """
import keras
from keras import layers

def net(widths=(4, 8)):
    image = keras.Input((16, 16, 3))
    x = image
    for i, width in enumerate(widths):
        if i > 0:
            y = layers.Conv2D(width, 3, padding="same")(x)
        else:
            y = layers.Conv2D(width, 1)(x)
        if width > 4:
            z = layers.ReLU()(y)
            y = z + y
        x = layers.BatchNormalization()(y)
    return keras.Model(image, x)
""",
        to="torch",
    )
    assert result.complete, result.findings


def test_lists_of_layers_that_a_model_runs_through():
    result = convert(
        """
import keras
from keras import layers


def net(widths=(8, 16)):
    image = keras.Input((32, 32, 3))
    downs = [layers.Conv2D(width, 3, padding="same") for width in widths]
    ups = [layers.Conv2D(width, 1) for width in reversed(widths)]
    x = image
    skips = []
    for part in downs:
        x = part(x)
        skips.append(x)
    for part, skip in zip(ups, reversed(skips)):
        x = part(x)
        x = layers.Concatenate()([x, skip])
    return keras.Model(image, x)


model = net()
""",
        to="torch",
    )
    assert result.complete, result.findings
    assert "for part in self.downs:" in result.code
    assert "for part, skip in zip(self.ups, reversed(skips)):" in result.code


def test_settings_from_widths_and_functions_that_are_handed_on():
    result = convert(
        """
import keras
from keras import layers


def relu(x):
    return layers.ReLU()(x)


def soft(x):
    return layers.Activation("softplus")(x)


def block(x, width, activation):
    return activation(layers.Conv2D(width, 3)(x))


def net(stack, activation, last=16, alpha=1.0):
    image = keras.Input((32, 32, 3))
    x = activation(layers.Conv2D(8, 3)(image))
    x = stack(x, activation)
    wide = x.shape[-1] * 6
    if alpha > 1.0:
        last = int(last * alpha)
    x = activation(layers.Conv2D(wide, 1)(x))
    return keras.Model(image, layers.Conv2D(last, 1)(x))


def small(soften=False):
    def stack(x, activation):
        x = block(x, 4, relu)
        return block(x, 4, activation)

    if soften:
        chosen = soft
    else:
        chosen = relu
    return net(stack, chosen)


model = small()
""",
        to="torch",
    )
    assert result.complete, result.findings
    assert "wide = self.stack.out_channels * 6" in result.code
    assert "4, Relu)" in result.code
    assert "chosen = Relu" in result.code
