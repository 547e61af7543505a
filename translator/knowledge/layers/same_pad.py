"""The border that Keras's applications put around images before a convolution with stride 2."""

from __future__ import annotations

from translator.knowledge.layers.borders import SAME
from translator.knowledge.lenses import same
from translator.knowledge.records import Exact
from translator.knowledge.shapes import Bound, Shape

CORRECT_PAD = "keras.applications.imagenet_utils.correct_pad"
"""Of odd windows it is what "same" means where the stride is 2."""


def _padded(call: Bound) -> Shape:
    first = call.first
    return None if first is None else (first[0], *(None,) * (len(first) - 2), first[-1])


SAME_PAD = Exact(
    torch="SamePad(kernel_size, stride=2)",
    tf=f"{CORRECT_PAD}(kernel_size)",
    args=(same("kernel_size"),),
    order="wants",
    rank=4,
    shape=_padded,
    side="torch",
    of=CORRECT_PAD,
    code=SAME[1],
)
"""In classes that the conversion writes, the function stands for the layer that pads so."""
