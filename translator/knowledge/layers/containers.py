"""Layers that hold or reshape: `Sequential`, `Flatten`."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import beside, fixed, only
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import Bound, Shape, product

SEQUENTIAL = Layer(
    torch="torch.nn.Sequential(*args)",
    tf="keras.Sequential(layers=None, trainable=True, name=None)",
    args=(
        beside("layers", "the modules, one by one"),
        only("tensorflow", "name", "torch's modules have no names"),
        only("tensorflow", "trainable", "set requires_grad"),
    ),
    differs="torch takes the layers one by one, Keras as one list.",
    words="sequential container stack layers",
    cases=(
        case(
            "torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))",
            f32(5, 3),
        ),
        case(
            "torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(), "
            "torch.nn.Linear(48, 2))",
            f32(5, 3, 5, 6),
        ),
        case(
            "keras.Sequential([keras.Input(shape=(5, 6, 3)), keras.layers.Conv2D(4, 3, activation='relu'), "
            "keras.layers.Flatten(), keras.layers.Dense(2, activation='softmax')])",
            f32(5, 5, 6, 3),
            side="tensorflow",
        ),
    ),
)


def flattened(call: Bound) -> Shape:
    """All axes but the first become one."""
    if not call.first:
        return None
    return (call.first[0], product(call.first[1:]))


FLATTEN = Layer(
    torch="torch.nn.Flatten(start_dim=1, end_dim=-1)",
    tf="keras.layers.Flatten(data_format=None)",
    args=(
        fixed("torch", "start_dim", "1"),
        fixed("torch", "end_dim", "-1"),
        fixed("tensorflow", "data_format", "None"),
    ),
    order="memory",
    shape=flattened,
    differs="Both flatten in the order of their axes: channels come first in torch and last in TensorFlow, so the "
    "tensor has to be brought into the source's order before it is flattened.",
    naive="Flatten() on channels last, then Dense(weight.T)",
    error="1.95; the shapes agree",
    words="flatten order NCHW NHWC",
    cases=(
        case("torch.nn.Flatten()", f32(2, 3, 4, 5)),
        case("keras.layers.Flatten()", f32(2, 3, 4), side="tensorflow"),
    ),
)

RECORDS: tuple[Record, ...] = (SEQUENTIAL, FLATTEN)
