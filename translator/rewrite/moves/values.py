"""Values that pass, and those that the other side writes in another way: opposites, squares, parts of a pair."""

from __future__ import annotations

import math

import libcst as cst

from translator.knowledge.lenses import (
    Choice,
    Element,
    Fixed,
    Follows,
    Lens,
    Rest,
    Tensor,
)
from translator.rewrite import build
from translator.rewrite.moves.move import Move, Moved, default_text, given_for
from translator.source.bound import NOT_LITERAL, literal
from translator.source.bound import rest as rest_of
from translator.source.literals import literal_value
from translator.source.values import Plain


def same(move: Move[Lens]) -> Moved | None:
    """The expression as it is; where the call leaves it out and the defaults differ, the default."""
    many = move.bound.many.get(str(move.lens.name(move.rewriter.side)))
    if many is not None:
        return [move.written(part) for part in many], True
    given = move.given
    if given is not None:
        return move.written(given), isinstance(move.lens, Tensor) or move.positional
    text = move.default
    if text is None or move.is_default(text):
        return None
    return build.expression(text), False


def real(move: Move[Lens]) -> Moved | None:
    """A number that gives the result its type: a whole one as a float, where TensorFlow would make integers."""
    given = move.given
    if given is None or move.target == "torch":
        return same(move)
    known = literal_value(given)
    if type(known) is int:
        return build.expression(f"{known}.0"), move.positional
    new = move.written(given)
    if isinstance(known, float) or not isinstance(move.value(given), Plain):
        return new, move.positional
    return build.expression("float(x)", x=new), move.positional


def whole(move: Move[Lens]) -> Moved | None:
    """A whole number that is written as a float, `2.0`, as an integer."""
    known = NOT_LITERAL if move.given is None else literal_value(move.given)
    if isinstance(known, float):
        return build.expression(str(int(known))), move.positional
    return same(move)


def rest(move: Move[Rest]) -> Moved | None:
    """The keyword arguments that no parameter of its own takes."""
    given = rest_of(move.bound)
    return [
        cst.Arg(move.written(node), star="**")
        if name.startswith("**")
        else build.argument(move.written(node), name)
        for name, node in given.items()
    ], False


def negated(move: Move[Lens]) -> Moved | None:
    """The opposite of a flag."""
    known = move.stated
    if isinstance(known, bool):
        text = str(not known)
        left_out = move.parameter is not None and move.parameter.default == text
        return None if left_out else (build.expression(text), False)
    assert move.given is not None
    return build.expression("not value", value=move.written(move.given)), False


def choice(move: Move[Choice]) -> Moved | None:
    """The other side's literal for a literal."""
    given, known = move.given, move.stated
    if given is not None and known is NOT_LITERAL:
        return move.written(given), False
    column = 0 if move.rewriter.side == "torch" else 1
    text = next(row[1 - column] for row in move.lens.values if literal(row[column]) == known)
    return None if move.is_default(text) else (build.expression(text.replace("'", '"')), False)


def fixed(move: Move[Fixed]) -> Moved | None:
    """A value that the target states and the source has by itself."""
    text = move.lens.value
    return None if move.is_default(text) else (build.expression(text.replace("'", '"')), False)


def follows(move: Move[Follows]) -> Moved | None:
    """The value of another parameter, where this one is left out."""
    given = move.given
    if given is None or literal_value(given) is None:
        other = next(x for x in move.bound.record.args if x.torch == move.lens.other)
        given = move.bound.values.get(str(other.name(move.rewriter.side)))
    return None if given is None else (move.written(given), True)


def complement(move: Move[Lens]) -> Moved | None:
    """One minus the value."""
    known = move.stated
    if isinstance(known, int | float):
        return _stated(move, format(1 - known, ".12g"))
    return _computed(move, "1 - value")


def squared(move: Move[Lens]) -> Moved | None:
    """The square for TensorFlow, the root for torch."""
    known, to_torch = move.stated, move.target == "torch"
    if isinstance(known, int | float) and known >= 0:
        other = math.sqrt(known) if to_torch else known**2
        return _stated(move, repr(float(format(other, ".12g"))))
    return _computed(move, "value ** 0.5" if to_torch else "value ** 2")


def _stated(move: Move[Lens], value: str) -> Moved | None:
    left_out = move.given is None and move.is_default(value)
    return None if left_out else (build.expression(value), False)


def _computed(move: Move[Lens], form: str) -> Moved | None:
    given = move.given
    return None if given is None else (build.expression(form, value=move.written(given)), False)


def element(move: Move[Element]) -> Moved | None:
    """`betas=(0.9, 0.95)` of torch and `beta_1=0.9, beta_2=0.95` of Keras."""
    at = move.lens.at
    if move.target == "torch":
        return _together(move) if at == 0 else None
    given = move.given
    written = given if given is not None else build.expression(str(move.default))
    if isinstance(written, cst.Tuple | cst.List) and len(written.elements) > at:
        part = written.elements[at].value
        return None if move.is_default(build.code(part)) else (move.written(part), False)
    return build.expression(f"values[{at}]", values=move.written(written)), False


def _together(move: Move[Element]) -> Moved | None:
    """The pair, where any of its elements is not torch's default."""
    rewriter, bound = move.rewriter, move.bound
    group = [x for x in bound.record.args if isinstance(x, Element) and x.torch == move.lens.torch]
    given = [given_for(rewriter, bound, other) for other in group]
    texts = [default_text(rewriter, bound, other) for other in group]
    parts = [
        rewriter.expression(node) if node is not None else build.expression(str(text))
        for node, text in zip(given, texts, strict=True)
    ]
    names = [f"_{place}" for place in range(len(parts))]
    pair = build.expression(f"({', '.join(names)})", **dict(zip(names, parts, strict=True)))
    if move.parameter is not None and build.code(pair) == str(move.parameter.default):
        return None
    return pair, False
