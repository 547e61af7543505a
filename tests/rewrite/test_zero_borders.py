"""Convolutions that make the zeros around their input by themselves, from Keras to torch."""

from __future__ import annotations

import textwrap

import pytest

from translator import convert

MODEL = """
import keras
from keras import layers
class Net(keras.Model):
    def __init__(self, size):
        super().__init__()
        self.pad = layers.ZeroPadding2D({border})
        self.conv = layers.Conv2D(8, 3, {settings})
    def call(self, x):
        {body}
"""
PADDED = "return self.conv(self.pad(x))"


def written(border: str, settings: str = "strides=2", body: str = PADDED) -> str:
    """What is written for such a model."""
    text = MODEL.format(border=border, settings=settings, body=body)
    return convert(textwrap.dedent(text), to="torch").code


@pytest.mark.parametrize(
    ("border", "width"),
    [("1", "1"), ("", "1"), ("(2, 3)", "(2, 3)"), ("((1, 1), (2, 2))", "(1, 2)"), ("(4, 4)", "4")],
)
def test_the_border_is_made_by_the_convolution(border: str, width: str) -> None:
    """Both ends of each axis are alike, and nothing else is given the padded tensor."""
    code = written(border)
    assert f"nn.LazyConv2d(8, 3, stride=2, padding={width})" in code
    assert "return self.conv(x)" in code
    assert "self.pad" not in code


@pytest.mark.parametrize(
    ("border", "settings", "body"),
    [
        ("((0, 1), (0, 1))", "strides=2", PADDED),
        ("size", "strides=2", PADDED),
        ("1, data_format='channels_first'", "strides=2", PADDED),
        ("1", "padding='same'", PADDED),
        ("1", "strides=2, **{'name': 'conv'}", PADDED),
        ("1", "strides=2", "return self.conv(self.pad(x)) + self.conv(x)"),
        ("1", "strides=2", "x = self.pad(x); return self.conv(x) + x[:, ::2, ::2]"),
    ],
    ids=[
        "one side",
        "not known",
        "other order",
        "same",
        "not followed",
        "also without",
        "also used",
    ],
)
def test_the_border_stays(border: str, settings: str, body: str) -> None:
    """Where it is no border that torch's convolution makes, or not always there."""
    assert "self.pad = " in written(border, settings, body)


def test_a_layer_that_something_else_calls_stays() -> None:
    """Only those of its calls are folded that stand inside of a convolution's."""
    code = written("1", body="y = self.conv(self.pad(x)); return y + self.pad(x)[:, ::2, ::2]")
    assert "self.pad = nn.ZeroPad2d(1)" in code
    assert "self.conv(x)" in code
