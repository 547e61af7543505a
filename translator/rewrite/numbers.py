"""Numbers that the other side writes in another way: complements, squares, elements of a pair."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.lenses import Element, Lens
from translator.knowledge.signature import Parameter
from translator.rewrite import build
from translator.rewrite.operands import Moved, default_text, equal, given_for, stated
from translator.source.bound import Arguments

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def complement(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """One minus the value."""
    known = stated(rewriter, bound, lens)
    if isinstance(known, int | float):
        return _stated(rewriter, bound, lens, parameter, format(1 - known, ".12g"))
    return _computed(rewriter, bound, lens, "1 - value")


def squared(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """The square for TensorFlow, the root for torch."""
    known = stated(rewriter, bound, lens)
    to_torch = rewriter.target == "torch"
    if isinstance(known, int | float) and known >= 0:
        other = math.sqrt(known) if to_torch else known**2
        return _stated(rewriter, bound, lens, parameter, repr(float(format(other, ".12g"))))
    return _computed(rewriter, bound, lens, "value ** 0.5" if to_torch else "value ** 2")


def _stated(
    rewriter: Rewriter, bound: Arguments, lens: Lens, parameter: Parameter | None, value: str
) -> Moved | None:
    left_out = given_for(rewriter, bound, lens) is None
    if left_out and parameter is not None and equal(value, str(parameter.default)):
        return None
    return build.expression(value), False


def _computed(rewriter: Rewriter, bound: Arguments, lens: Lens, form: str) -> Moved | None:
    given = given_for(rewriter, bound, lens)
    if given is None:
        return None
    return build.expression(form, value=rewriter.expression(given)), False


def element(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """`betas=(0.9, 0.95)` of torch and `beta_1=0.9, beta_2=0.95` of Keras."""
    assert isinstance(lens, Element)
    if rewriter.target == "torch":
        return _together(rewriter, bound, lens, parameter) if lens.at == 0 else None
    given = given_for(rewriter, bound, lens)
    written = (
        given if given is not None else build.expression(str(default_text(rewriter, bound, lens)))
    )
    if isinstance(written, cst.Tuple | cst.List) and len(written.elements) > lens.at:
        part = written.elements[lens.at].value
        if parameter is not None and equal(build.code(part), str(parameter.default)):
            return None
        return rewriter.expression(part), False
    return build.expression(f"values[{lens.at}]", values=rewriter.expression(written)), False


def _together(
    rewriter: Rewriter, bound: Arguments, lens: Element, parameter: Parameter | None
) -> Moved | None:
    """The pair, where any of its elements is not torch's default."""
    group = [x for x in bound.record.args if isinstance(x, Element) and x.torch == lens.torch]
    given = [given_for(rewriter, bound, other) for other in group]
    texts = [default_text(rewriter, bound, other) for other in group]
    parts = [
        rewriter.expression(node) if node is not None else build.expression(str(text))
        for node, text in zip(given, texts, strict=True)
    ]
    names = [f"_{place}" for place in range(len(parts))]
    pair = build.expression(f"({', '.join(names)})", **dict(zip(names, parts, strict=True)))
    if parameter is not None and build.code(pair) == str(parameter.default):
        return None
    return pair, False
