"""Pooling."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.layers.windows import channels, slide, whole
from translator.knowledge.lenses import fixed, follows, padding, same, tensor
from translator.knowledge.records import Function, Layer, Record
from translator.knowledge.shapes import Bound, Shape


def _pooled(call: Bound) -> Shape:
    return whole(call, channels(call), slide(call, default_stride=None))


MAX_POOL2D = Layer(
    torch="torch.nn.MaxPool2d(kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False)",
    tf="keras.layers.MaxPooling2D(pool_size=(2, 2), strides=None, padding='valid', data_format=None)",
    args=(
        same("kernel_size", "pool_size"),
        same("stride", "strides"),
        padding(),
        fixed("torch", "dilation", "1"),
        fixed("torch", "return_indices", "False"),
        fixed("torch", "ceil_mode", "False"),
        fixed("tensorflow", "data_format", "None"),
    ),
    order="wants",
    rank=4,
    shape=_pooled,
    words="max pooling",
    cases=(
        case("torch.nn.MaxPool2d(2)", f32(2, 3, 7, 8)),
        case("torch.nn.MaxPool2d(3, stride=2)", f32(2, 3, 7, 8)),
        case("keras.layers.MaxPooling2D()", f32(2, 7, 8, 3), side="tensorflow"),
    ),
)

AVG_POOL2D = Layer(
    torch="torch.nn.AvgPool2d(kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, "
    "divisor_override=None)",
    tf="keras.layers.AveragePooling2D(pool_size, strides=None, padding='valid', data_format=None)",
    args=(
        same("kernel_size", "pool_size"),
        same("stride", "strides"),
        padding(),
        fixed("torch", "ceil_mode", "False"),
        fixed("torch", "count_include_pad", "True"),
        fixed("torch", "divisor_override", "None"),
        fixed("tensorflow", "data_format", "None"),
    ),
    order="wants",
    rank=4,
    shape=_pooled,
    words="average pooling mean",
    cases=(
        case("torch.nn.AvgPool2d(2)", f32(2, 3, 7, 8)),
        case("keras.layers.AveragePooling2D((2, 3))", f32(2, 7, 9, 3), side="tensorflow"),
    ),
)

MAX_POOL2D_FUNCTION = Function(
    torch=(
        "torch.nn.functional.max_pool2d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, "
        "return_indices=False)"
    ),
    tf="tf.nn.max_pool2d(input, ksize, strides, padding, data_format='NHWC')",
    args=(
        tensor("input", "input"),
        same("kernel_size", "ksize"),
        follows("stride", "strides", "kernel_size"),
        fixed("torch", "padding", "0"),
        fixed("tensorflow", "padding", "'VALID'"),
        fixed("torch", "dilation", "1"),
        fixed("torch", "ceil_mode", "False"),
        fixed("torch", "return_indices", "False"),
        fixed("tensorflow", "data_format", "'NHWC'"),
    ),
    order="wants",
    rank=4,
    shape=_pooled,
    cases=(
        case("torch.nn.functional.max_pool2d(x, 2)", x=f32(2, 3, 7, 8)),
        case("torch.nn.functional.max_pool2d(x, (2, 2))", x=f32(2, 3, 7, 8)),
        case("torch.nn.functional.max_pool2d(x, 3, stride=2)", x=f32(2, 3, 7, 8)),
        case("tf.nn.max_pool2d(x, 2, 2, 'VALID')", x=f32(2, 7, 8, 3), side="tensorflow"),
    ),
)

AVG_POOL2D_FUNCTION = Function(
    torch="torch.nn.functional.avg_pool2d(input, kernel_size, stride=None, padding=0, ceil_mode=False)",
    tf="tf.nn.avg_pool2d(input, ksize, strides, padding, data_format='NHWC')",
    args=(
        tensor("input", "input"),
        same("kernel_size", "ksize"),
        follows("stride", "strides", "kernel_size"),
        fixed("torch", "padding", "0"),
        fixed("tensorflow", "padding", "'VALID'"),
        fixed("torch", "ceil_mode", "False"),
        fixed("tensorflow", "data_format", "'NHWC'"),
    ),
    order="wants",
    rank=4,
    shape=_pooled,
    cases=(
        case("torch.nn.functional.avg_pool2d(x, 2)", x=f32(2, 3, 7, 8)),
        case("tf.nn.avg_pool2d(x, 2, 2, 'VALID')", x=f32(2, 7, 8, 3), side="tensorflow"),
    ),
)

RECORDS: tuple[Record, ...] = (MAX_POOL2D, AVG_POOL2D, MAX_POOL2D_FUNCTION, AVG_POOL2D_FUNCTION)
