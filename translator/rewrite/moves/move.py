"""One argument on its way from a call of one side to a call of the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import libcst as cst

from translator.knowledge.lenses import Lens, Side
from translator.knowledge.signature import Parameter
from translator.source.bound import Arguments, literal
from translator.source.literals import literal_value
from translator.source.values import Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

L = TypeVar("L", bound=Lens, covariant=True)

Moved = tuple[cst.BaseExpression | list[cst.BaseExpression] | list[cst.Arg], bool]
"""The new expression (several for a `*` or `**` parameter), and whether it may stand without its keyword."""


@dataclass(frozen=True, slots=True)
class Move(Generic[L]):
    """The argument of `bound` that `lens` speaks of.

    `call` is the source's call, None where the arguments were never one. `parameter` is the target's, None where the
    target spells the value in another way.
    """

    rewriter: Rewriter
    call: cst.Call | None
    bound: Arguments
    lens: L
    parameter: Parameter | None

    @property
    def target(self) -> Side:
        """The side that the argument moves to."""
        return self.rewriter.target

    @property
    def given(self) -> cst.BaseExpression | None:
        """The source's expression, None where the call leaves the argument out."""
        return given_for(self.rewriter, self.bound, self.lens)

    @property
    def default(self) -> str | None:
        """The source's default, as its signature writes it."""
        return default_text(self.rewriter, self.bound, self.lens)

    @property
    def stated(self) -> Any:
        """The value that the call gives, or else the source's default."""
        given = self.given
        return literal_value(given) if given is not None else literal(self.default)

    @property
    def positional(self) -> bool:
        """True if the source gave the argument without a keyword."""
        given = self.given
        if self.call is None or given is None:
            return True
        return next((a.keyword is None for a in self.call.args if a.value is given), True)

    def written(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """A source expression, as the target writes it."""
        return self.rewriter.expression(node)

    def value(self, node: cst.BaseExpression) -> Value:
        """What is known of a source expression."""
        return self.rewriter.facts.value(node)

    def is_default(self, text: str) -> bool:
        """True if the target means this where the argument is left out."""
        return (
            self.parameter is not None
            and self.parameter.default is not None
            and equal(text, self.parameter.default)
        )


def given_for(rewriter: Rewriter, bound: Arguments, lens: Lens) -> cst.BaseExpression | None:
    """The expression that the call gives for a lens's parameter, None where it leaves it out."""
    name = lens.name(rewriter.side)
    return None if name is None else bound.values.get(name)


def default_text(rewriter: Rewriter, bound: Arguments, lens: Lens) -> str | None:
    """The source's default of a parameter, as its signature writes it."""
    name = lens.name(rewriter.side)
    names = rewriter.source_names(bound.record, bound.spelling)
    parameter = bound.spelling.parameter(names.get(str(name), str(name)))
    return None if parameter is None else parameter.default


def equal(a: str, b: str) -> bool:
    """True for two defaults, as code, that mean the same."""
    if {a, b} == {"None", "tf.float32"}:
        return True
    return bool(_plain(literal(a)) == _plain(literal(b)))


def _plain(value: Any) -> Any:
    """A number for a pair of equal numbers: strides (1, 1) are strides 1."""
    return value[0] if isinstance(value, tuple) and value and len(set(value)) == 1 else value
