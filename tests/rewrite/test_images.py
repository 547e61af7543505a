"""Padding, resizing and normalising images: axis by axis in the order in which they are held."""

from __future__ import annotations

from .rows import flagged, rows
from .test_borders import as_keras

CONV = "self.c = nn.Conv2d(3, 8, 3)"
KERAS_CONV = "self.c = keras.layers.Conv2D(8, 3)"


def after_conv(body: str, keras_body: str) -> list:
    """What becomes of an image behind a convolution; the names of torch's functions are written out."""
    full = body.replace("F.", "nn.functional.")
    tf = "tf." in keras_body
    return as_keras(CONV, f"x = self.c(x)\n{full}", KERAS_CONV, f"x = self.c(x)\n{keras_body}", tf)


@rows(
    after_conv(
        "return F.pad(x, (1, 2, 3, 4))", "return tf.pad(x, [[0, 0], [3, 4], [1, 2], [0, 0]])"
    ),
    after_conv(
        "return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 4, 4), 'constant', 0)",
        "return tf.pad(x[:, ::2, ::2], [[0, 0], [0, 0], [0, 0], [4, 4]])",
    ),
    after_conv(
        "return F.pad(x, [1, 1], mode='reflect')",
        'return tf.pad(x, [[0, 0], [0, 0], [1, 1], [0, 0]], mode="REFLECT")',
    ),
    after_conv("return F.interpolate(x, scale_factor=2)", "return keras.layers.UpSampling2D(2)(x)"),
    after_conv("return F.dropout(x, 0.2, training=True)", "return tf.nn.dropout(x, 0.2)"),
    flagged("def f(x: torch.Tensor, w):\n    return F.pad(x, w)", at="F.pad(x, w)"),
    flagged("def f(x: torch.Tensor):\n    return F.pad(x, (1, 1), mode='circular')", at="circular"),
    flagged(
        "def f(x):\n    return F.interpolate(x, scale_factor=2, mode=mode_of(x))", at="mode_of"
    ),
    flagged(
        "def f(x):\n    return tf.image.resize(x, (2, 3), antialias=True)",
        at="antialias",
        to="torch",
    ),
    flagged("m = nn.BatchNorm2d(3, momentum=None)", at="momentum=None"),
    flagged("m = nn.BatchNorm2d(3, track_running_stats=False)", at="track_running"),
    flagged("m = nn.LayerNorm(x.shape[1:])", at="x.shape"),
)
def test_images(case):
    case.check()
