"""Convolutions of each channel for itself, alone and before a mixing of the channels."""

from __future__ import annotations

from translator.knowledge.cases import Case, case
from translator.knowledge.layers.convolution import CHANNELS_LAST, INITIAL, ONCE, image
from translator.knowledge.layers.windows import channels, slide, whole
from translator.knowledge.lenses import beside, deepened, fixed, inferred, optional, padding, same
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.shapes import Bound, Shape, Symbol, product
from translator.knowledge.weights import Alike, Reshaped, weight


def _deepened(call: Bound) -> Shape:
    """As many channels for each one as the depth multiplier says."""
    many = call.literals.get("out_channels")
    if call.channels == 1:
        return whole(call, many, slide(call))
    width = channels(call)
    if many == 1:
        return whole(call, width, slide(call))
    known = width is not None and isinstance(many, int | Symbol)
    return whole(call, product((width, many)) if known else None, slide(call))


def _lazy(axes: int) -> tuple[str, str]:
    """The class of a convolution that learns how many channels there are, and so how many groups, at its first call."""
    name = f"LazyDepthwiseConv{axes}d"
    return (
        name,
        f'''
class {name}(nn.LazyConv{axes}d):
    """A convolution of each channel for itself, which learns how many there are at its first call."""

    def __init__(self, kernel_size, depth_multiplier=1, **options):
        super().__init__(depth_multiplier, kernel_size, **options)

    def initialize_parameters(self, input, *args):
        if self.has_uninitialized_params():
            self.groups = input.shape[1]
            self.out_channels *= self.groups
        super().initialize_parameters(input, *args)
''',
    )


def _depthwise(axes: int) -> Layer:
    once = ONCE[axes]
    first, last = image(axes, 4), image(axes, 4, last=True)
    conv, tf = f"torch.nn.Conv{axes}d", f"keras.layers.DepthwiseConv{axes}D"
    mixed = f"{conv}(4, 4, 1)"
    back = (*range(2, axes + 2), 0, 1)
    return Layer(
        torch=f"{conv}(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, "
        "groups=1, bias=True, padding_mode='zeros')",
        tf=f"{tf}(kernel_size, strides={once}, padding='valid', depth_multiplier=1, data_format=None, "
        f"dilation_rate={once}, activation=None, use_bias=True, depthwise_initializer='glorot_uniform', "
        "bias_initializer='zeros')",
        args=(
            inferred("in_channels", axis=1),
            deepened("out_channels", "depth_multiplier"),
            same("kernel_size"),
            same("stride", "strides"),
            padding(),
            same("dilation", "dilation_rate"),
            inferred("groups", axis=1),
            same("bias", "use_bias"),
            fixed("torch", "padding_mode", "'zeros'"),
            CHANNELS_LAST,
            beside("activation", "a call or a module of its own"),
            beside("depthwise_initializer", "a call of nn.init"),
            beside("bias_initializer", "a call of nn.init"),
            beside("input_shape", "the input size of the module"),
        ),
        order="wants",
        rank=axes + 2,
        shape=_deepened,
        weights=(weight("weight", "kernel", back, Reshaped()), weight("bias", "bias")),
        given=(Alike("in_channels", "features"), Alike("groups", "features")),
        initial=INITIAL,
        lazy=_lazy(axes),
        differs="torch has a convolution with as many groups as channels; its kernels stand one behind the other, "
        "Keras's by channel.",
        naive=f"{tf} with weight.transpose{(*range(2, axes + 2), 1, 0)}",
        error="ValueError",
        words="depthwise convolution groups mobile",
        cases=(
            case(
                f"torch.nn.Sequential({mixed}, {conv}(4, 4, 3, padding=1, groups=4, bias=False))",
                first,
            ),
            case(f"torch.nn.Sequential({mixed}, {conv}(4, 8, 3, 2, 1, groups=4))", first),
            case(
                f"keras.Sequential([keras.Input({last.shape[1:]}), {tf}(3, depth_multiplier=2, activation='relu')])",
                last,
                side="tensorflow",
            ),
            case(
                f"keras.Sequential([keras.Input({last.shape[1:]}), {tf}(3, padding='same')])",
                last,
                side="tensorflow",
            ),
        ),
    )


def _mixed(call: Bound) -> Shape:
    return whole(call, call.literals.get("filters"), slide(call))


def _separable(axes: int) -> Pair:
    """Each channel for itself, then all of them mixed pixel by pixel."""
    once = ONCE[axes]
    tf = f"keras.layers.SeparableConv{axes}D"
    last = image(axes, 3, last=True)

    def proved(text: str) -> Case:
        return case(
            f"keras.Sequential([keras.Input({last.shape[1:]}), {tf}({text})])",
            last,
            side="tensorflow",
            one_way="it comes back as two convolutions",
        )

    return Pair(
        torch=f"nn.Sequential(nn.Conv{axes}d(size, deep, kernel_size, stride=stride, padding=padding, "
        f"dilation=dilation, groups=size, bias=False), nn.Conv{axes}d(deep, filters, 1, bias=bias))",
        tf=f"{tf}(filters, kernel_size, strides={once}, padding='valid', data_format=None, "
        f"dilation_rate={once}, depth_multiplier=1, activation=None, use_bias=True)",
        args=(
            inferred("size", axis=1),
            deepened("deep", "depth_multiplier"),
            same("filters"),
            same("kernel_size"),
            optional("stride", "strides"),
            padding(),
            optional("dilation", "dilation_rate"),
            optional("bias", "use_bias"),
            CHANNELS_LAST,
            beside("activation", "a call or a module of its own"),
            beside("input_shape", "the input size of the module"),
        ),
        order="wants",
        rank=axes + 2,
        shape=_mixed,
        only_from="tensorflow",
        differs="torch has no such layer, but its two convolutions.",
        words="separable depthwise pointwise convolution xception",
        cases=(
            proved("4, 3"),
            proved("4, 3, padding='same', activation='relu'"),
            proved("4, 3, strides=2, padding='same', depth_multiplier=2, use_bias=False"),
        ),
    )


RECORDS: tuple[Record, ...] = (_depthwise(2), _depthwise(1), _separable(2), _separable(1))
