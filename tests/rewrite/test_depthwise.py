"""Convolutions of each channel for itself."""

from __future__ import annotations

from .rows import flagged, rows, to_torch


@rows(
    to_torch(
        """
        import keras
        m = keras.Sequential([
            keras.Input((32, 32, 3)),
            keras.layers.DepthwiseConv2D(3, padding="same", use_bias=False),
            keras.layers.DepthwiseConv2D(3, 2, depth_multiplier=2, activation="relu"),
        ])
        """,
        """
        from torch import nn
        m = nn.Sequential(
            nn.Conv2d(3, 3, 3, padding="same", groups=3, bias=False),
            nn.Conv2d(3, 6, 3, 2, groups=3),
            nn.ReLU(),
        )
        """,
    ),
    flagged("d = keras.layers.DepthwiseConv2D(3)", at="DepthwiseConv2D(3)", to="torch"),
)
def test_depthwise(case):
    case.check()
