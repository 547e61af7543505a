"""Transposed convolutions."""

from __future__ import annotations

from translator.knowledge.cases import Case, case
from translator.knowledge.layers.convolution import CHANNELS_LAST, INITIAL, ONCE, image
from translator.knowledge.layers.windows import spatial, whole
from translator.knowledge.lenses import INSIDE, fixed, inferred, overlap, same
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import Bound, Shape, Size, number
from translator.knowledge.weights import weight


def _spread(call: Bound) -> Shape:
    """Known where the padding is "same", which makes a pixel as many as the stride says."""
    sizes = spatial(call)
    if sizes is None:
        return None
    stride = call.literals.get("stride")
    same = str(call.literals.get("padding")).lower() == "same"
    by = stride if isinstance(stride, tuple | list) else (stride,) * len(sizes)
    grown: tuple[Size, ...] = tuple(
        known * step
        if same and (known := number(size)) is not None and (step := number(times)) is not None
        else None
        for size, times in zip(sizes, by, strict=False)
    )
    return whole(call, call.literals.get("out_channels"), grown)


def _transposed(axes: int, *cases: Case) -> Layer:
    rest = (
        "kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, "
        "padding_mode='zeros')"
    )
    order = (
        "output_padding=None, data_format=None"
        if axes < 3
        else "data_format=None, output_padding=None"
    )
    once = ONCE[axes]
    return Layer(
        torch=(
            f"torch.nn.ConvTranspose{axes}d(in_channels, out_channels, {rest}",
            f"torch.nn.LazyConvTranspose{axes}d(out_channels, {rest}",
        ),
        tf=f"keras.layers.Conv{axes}DTranspose(filters, kernel_size, strides={once}, padding='valid', "
        f"{order}, dilation_rate={once}, activation=None, use_bias=True, "
        "kernel_initializer='glorot_uniform', bias_initializer='zeros')",
        args=(
            inferred("in_channels", axis=1),
            same("out_channels", "filters"),
            same("kernel_size"),
            same("stride", "strides"),
            overlap("padding"),
            overlap("output_padding"),
            fixed("torch", "groups", "1"),
            same("bias", "use_bias"),
            same("dilation", "dilation_rate"),
            fixed("torch", "padding_mode", "'zeros'"),
            CHANNELS_LAST,
            *INSIDE,
        ),
        order="wants",
        rank=axes + 2,
        shape=_spread,
        weights=(
            weight("weight", "kernel", (*range(2, axes + 2), 1, 0)),
            weight("bias", "bias"),
        ),
        initial=INITIAL,
        differs='"same" cuts off as much before as after, and the odd pixel at the end; torch\'s padding cuts off both '
        "ends and its output_padding gives some back at the end. What neither says is cut off by a layer behind it.",
        naive=f"Conv{axes}DTranspose(3, strides=2, padding='same') for k=3, stride=2, padding=1, output_padding=1",
        error="2.47; the shapes agree",
        words="transposed convolution deconvolution upsampling",
        cases=cases,
    )


_KERNELS = (
    "4, 2, 1",
    "3, stride=2, padding=1, output_padding=1",
    "2, 2",
    "3, 2",
    "2, 3",
    "5, 2, 2, 1",
)
_CLASS = "what cuts off the odd pixel in torch is a class of the file"

CONV_TRANSPOSE2D = _transposed(
    2,
    *(case(f"torch.nn.ConvTranspose2d(3, 4, {kernel})", image(2, 3, 4)) for kernel in _KERNELS[:5]),
    case("torch.nn.ConvTranspose2d(3, 4, 3, 1, (1, 0), bias=False, dilation=2)", image(2, 3, 4)),
    case(
        "torch.nn.Sequential(torch.nn.ConvTranspose2d(3, 4, 5, 2, 2, 1), torch.nn.Tanh())",
        image(2, 3, 4),
    ),
    case(
        "keras.layers.Conv2DTranspose(4, 4, 2, padding='same')",
        image(2, 3, 4, last=True),
        side="tensorflow",
    ),
    case("keras.layers.Conv2DTranspose(4, 2, 3)", image(2, 3, 4, last=True), side="tensorflow"),
    case(
        "keras.layers.Conv2DTranspose(4, 3, strides=2, padding='same', activation='relu')",
        image(2, 3, 4, last=True),
        side="tensorflow",
        one_way=_CLASS,
    ),
)
CONV_TRANSPOSE1D = _transposed(
    1,
    case("torch.nn.ConvTranspose1d(3, 2, 3, stride=2, padding=1)", image(1, 3)),
    case("torch.nn.ConvTranspose1d(3, 2, 4, 2, 1)", image(1, 3)),
    case("keras.layers.Conv1DTranspose(2, 3, 2)", image(1, 3, last=True), side="tensorflow"),
)
CONV_TRANSPOSE3D = _transposed(
    3,
    case("torch.nn.ConvTranspose3d(3, 2, 2, 2)", image(3, 3, 3)),
    case(
        "keras.layers.Conv3DTranspose(2, 4, 2, 'same')",
        image(3, 3, 2, last=True),
        side="tensorflow",
    ),
)

RECORDS: tuple[Record, ...] = (CONV_TRANSPOSE2D, CONV_TRANSPOSE1D, CONV_TRANSPOSE3D)
