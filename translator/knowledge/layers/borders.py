"""Helper classes for borders around images that no layer of the other side makes, written once into a file."""

from __future__ import annotations

from collections.abc import Mapping

SAME = (
    "SamePad",
    '''
class SamePad(nn.Module):
    """Pads images as "same" does in Keras: so that ceil(size / stride) windows fit, the odd pixel at the end."""

    def __init__(self, kernel_size, stride=1, dilation=1, value=0.0):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride
        self.dilation = dilation
        self.value = value

    def forward(self, x):
        borders = []
        for axis in reversed(range(x.dim() - 2)):
            window, stride, gap = (
                value[axis] if isinstance(value, (list, tuple)) else value
                for value in (self.kernel_size, self.stride, self.dilation)
            )
            size = x.shape[axis + 2]
            total = max((-(-size // stride) - 1) * stride + gap * (window - 1) + 1 - size, 0)
            borders += [total // 2, total - total // 2]
        return F.pad(x, borders, value=self.value)
''',
)
SAME_IN_KERAS = (
    "SamePadding",
    '''
class SamePadding(keras.layers.Layer):
    """Pads images as padding="same" does: so that ceil(size / strides) windows fit, the odd pixel at the end."""

    def __init__(self, kernel_size, strides=1, dilation_rate=1, value=0.0, **kwargs):
        super().__init__(**kwargs)
        self.kernel_size = kernel_size
        self.strides = strides
        self.dilation_rate = dilation_rate
        self.value = value

    def call(self, inputs):
        borders = []
        for axis, size in enumerate(inputs.shape[1:-1]):
            window, stride, gap = (
                value[axis] if isinstance(value, (list, tuple)) else value
                for value in (self.kernel_size, self.strides, self.dilation_rate)
            )
            known = size is not None
            size = size if known else tf.shape(inputs)[axis + 1]
            total = (-(-size // stride) - 1) * stride + gap * (window - 1) + 1 - size
            total = max(total, 0) if known else tf.maximum(total, 0)
            borders.append([total // 2, total - total // 2])
        return tf.pad(inputs, [[0, 0], *borders, [0, 0]], constant_values=self.value)

    def get_config(self):
        own = ("kernel_size", "strides", "dilation_rate", "value")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}
''',
)
CROPPING = (
    "Cropping",
    '''
class Cropping(nn.Module):
    """Cuts the borders off images: a number, or (left, right, top, bottom)."""

    def __init__(self, cropping):
        super().__init__()
        self.cropping = cropping

    def forward(self, x):
        widths = self.cropping
        if isinstance(widths, int):
            widths = (widths,) * (2 * (x.dim() - 2))
        return F.pad(x, [-width for width in widths])
''',
)
_CLASS = '''
class {name}(keras.layers.Layer):
    """{says}"""

    def __init__(self, padding, **kwargs):
        super().__init__(**kwargs)
        self.padding = padding

    def call(self, inputs):
        axes = len(inputs.shape) - 2
        borders = [self.padding] * axes if isinstance(self.padding, int) else self.padding
        borders = [(border, border) if isinstance(border, int) else border for border in borders]
        {call}

    def get_config(self):
        return {{**super().get_config(), "padding": self.padding}}
'''
_GATHERED = """for axis, (before, after) in enumerate(borders, 1):
            size = tf.shape(inputs)[axis]
            places = {places}
            inputs = tf.gather(inputs, places, axis=axis)
        return inputs"""
_PADDED = "return tf.pad(inputs, [(0, 0), *borders, (0, 0)], {how})"


def _layer(name: str, says: str, call: str) -> tuple[str, str]:
    return name, _CLASS.format(name=name, says=says, call=call)


_CONSTANT = """
class ConstantPadding(keras.layers.Layer):
    \"\"\"A border of one value.\"\"\"

    def __init__(self, padding, value, **kwargs):
        super().__init__(**kwargs)
        self.padding = padding
        self.value = value

    def call(self, inputs):
        axes = len(inputs.shape) - 2
        borders = [self.padding] * axes if isinstance(self.padding, int) else self.padding
        borders = [(border, border) if isinstance(border, int) else border for border in borders]
        return tf.pad(inputs, [(0, 0), *borders, (0, 0)], constant_values=self.value)

    def get_config(self):
        return {**super().get_config(), "padding": self.padding, "value": self.value}
"""

FILLED: Mapping[str, tuple[str, str]] = {
    "constant": ("ConstantPadding", _CONSTANT),
    "lowest": _layer(
        "LowestPadding",
        "A border of minus infinity, which never wins a maximum.",
        _PADDED.format(how='constant_values=float("-inf")'),
    ),
    "reflect": _layer(
        "ReflectionPadding",
        "A border that mirrors the pixels inside, the outermost one left out.",
        _PADDED.format(how='mode="REFLECT"'),
    ),
    "replicate": _layer(
        "ReplicationPadding",
        "A border that repeats the outermost pixels.",
        _GATHERED.format(places="tf.clip_by_value(tf.range(-before, size + after), 0, size - 1)"),
    ),
    "circular": _layer(
        "CircularPadding",
        "A border that goes on at the other end.",
        _GATHERED.format(places="tf.range(-before, size + after) % size"),
    ),
}
"""By what fills a border: the name and the code of a Keras layer that makes it."""
