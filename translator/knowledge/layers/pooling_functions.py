"""Pooling as functions: `torch.nn.functional.max_pool2d`, `tf.nn.max_pool2d`."""

from __future__ import annotations

from translator.knowledge.cases import case
from translator.knowledge.layers.convolution import image
from translator.knowledge.layers.pooling import pooled
from translator.knowledge.lenses import choice, explicit, fixed, follows, same, tensor
from translator.knowledge.records import Function, Pair, Record

PADDED = "pairs for every axis are not read back yet"
_FORMATS = {1: "'NWC'", 2: "'NHWC'", 3: "'NDHWC'"}


def _function(kind: str, axes: int) -> Function:
    torch, tf = f"torch.nn.functional.{kind}_pool{axes}d", f"tf.nn.{kind}_pool{axes}d"
    average = kind == "avg"
    rest = (
        "ceil_mode=False, count_include_pad=True"
        if average
        else "dilation=1, ceil_mode=False, return_indices=False"
    )
    own = (
        (fixed("torch", "count_include_pad", "True"),)
        if average
        else (fixed("torch", "dilation", "1"), fixed("torch", "return_indices", "False"))
    )
    own_cases = (
        (
            case(f"{torch}(x, 3, 1, 1)", x=image(axes, 3), one_way=PADDED),
            case(f"{torch}(x, 3, 2, padding=1)", x=image(axes, 3), one_way=PADDED),
            case(
                f"{tf}(x, 3, 1, 'SAME')",
                x=image(axes, 3, last=True),
                side="tensorflow",
                one_way=PADDED,
            ),
        )
        if axes == 2 and not average
        else ()
    )
    spelled = (torch,) if axes == 2 or average else (torch, f"torch.{kind}_pool{axes}d")
    return Function(
        torch=tuple(
            f"{name}(input, kernel_size, stride=None, padding=0, {rest})" for name in spelled
        ),
        tf=(
            f"{tf}(input, ksize, strides, padding, data_format={_FORMATS[axes]})",
            *(
                (f"tf.nn.{kind}_pool(input, ksize, strides, padding, data_format=None)",)
                if axes == 2
                else ()
            ),
        ),
        args=(
            tensor("input", "input"),
            same("kernel_size", "ksize"),
            follows("stride", "strides", "kernel_size"),
            choice("padding", "padding", ("0", "'VALID'"), ("(0, 0)", "'VALID'"))
            if average
            else explicit("lowest"),
            fixed("torch", "ceil_mode", "False"),
            *own,
            fixed("tensorflow", "data_format", _FORMATS[axes], "None"),
        ),
        order="wants",
        rank=axes + 2,
        shape=pooled,
        cases=(
            case(f"{torch}(x, 2)", x=image(axes, 3)),
            case(f"{torch}(x, 3, stride=2)", x=image(axes, 3)),
            *own_cases,
            case(f"{tf}(x, 2, 2, 'VALID')", x=image(axes, 3, last=True), side="tensorflow"),
        ),
    )


def _bordered(axes: int) -> Pair:
    """Averages over windows that reach into a border of zeros, which count."""
    torch = f"torch.nn.functional.avg_pool{axes}d"
    border = f"keras.layers.ZeroPadding{axes}D(padding)(input)"
    return Pair(
        torch=f"{torch}(input, kernel_size, stride=None, padding=0, ceil_mode=False, "
        "count_include_pad=True)",
        tf=f"tf.nn.avg_pool{axes}d({border}, kernel_size, strides, 'VALID')",
        args=(
            tensor("input", "input"),
            same("kernel_size", "kernel_size"),
            follows("stride", "strides", "kernel_size"),
            same("padding", "padding"),
            fixed("torch", "ceil_mode", "False"),
            fixed("torch", "count_include_pad", "True"),
        ),
        order="wants",
        rank=axes + 2,
        shape=pooled,
        only_from="torch",
        cases=(
            case(f"{torch}(x, 3, 1, 1)", x=image(axes, 3)),
            case(f"{torch}(x, kernel_size=3, padding=1)", x=image(axes, 3)),
        ),
    )


RECORDS: tuple[Record, ...] = (
    *(_function(kind, axes) for kind in ("max", "avg") for axes in (2, 1, 3)),
    *(_bordered(axes) for axes in (2, 1, 3)),
)
