"""Losses of torch that TensorFlow has no name for: a function of the file, for torch's function and for its class."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from translator.knowledge.cases import Array, case, named_case
from translator.knowledge.lenses import Lens, fixed, optional, tensor
from translator.knowledge.records import Pair
from translator.knowledge.shapes import Bound, Shape

_BACK = "what the file has for it is a function of its own"
_REDUCED = """
    if reduction == "none":
        return losses
    return tf.reduce_sum(losses) if reduction == "sum" else tf.reduce_mean(losses)
"""


def loss_code(name: str, parameters: str, says: str, body: str, end: str = _REDUCED) -> str:
    """The function of a loss: a formula that names its `losses`, and what torch's `reduction` makes of them."""
    formula = textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")
    return f'\ndef {name}({parameters}):\n    """{says}"""\n{formula}{end}'


def reduced(call: Bound) -> Shape:
    """One number, where the losses are reduced."""
    return () if call.literals.get("reduction") in ("mean", "sum", "batchmean") else None


def reduced_loss(
    names: tuple[str, str],
    operands: tuple[str, ...],
    options: Mapping[str, str],
    code: str,
    arrays: tuple[Array, ...],
    cases: tuple[str, ...],
    *,
    lenses: tuple[Lens, ...] = (),
    signatures: tuple[str, str],
    beside: tuple[str, ...] = (),
    aliases: tuple[str, ...] = (),
    caution: str = "",
    differs: str = "",
    words: str = "",
) -> tuple[Pair, Pair]:
    """Both spellings of one loss, `names`, with what follows them in torch's `signatures`.

    `options` are the parameters that are handed on, each with a value off its default that is proved; so are the
    arguments in `cases`, and those in `beside` of the function alone, whose class would hold them as a state.
    `aliases` are other names of the function, `lenses` those of operands that are more than plain tensors.
    """
    function, layer = names
    given = lenses or tuple(tensor(name, name) for name in operands)
    passed = "".join(f", {name}={name}" for name in options)
    arguments: tuple[Lens, ...] = tuple(optional(name, name) for name in options)
    old = "size_average" in signatures[0]
    if old:
        arguments = (
            *arguments,
            fixed("torch", "size_average", "None"),
            fixed("torch", "reduce", "None"),
        )
    stated = (*cases, *(f"{name}={value}" for name, value in options.items() if value))
    letters = ("x", "y", "z", "u", "v")[: len(operands)]

    def pair(
        torch: str | tuple[str, ...], tf: str, first: tuple[Lens, ...], texts: tuple[str, ...]
    ) -> Pair:
        called = f"({', '.join(operands)})"
        named = dict(zip(letters, arrays, strict=True)) if first else {}
        return Pair(
            torch=torch,
            tf=tf,
            args=(*first, *arguments),
            called=(called, called),
            call_args=given,
            dtype="float",
            shape=reduced,
            only_from="torch",
            helper=(function, code),
            caution=caution,
            differs=differs,
            words=words,
            cases=tuple(
                named_case(text, named, _BACK) if first else case(text, *arrays, one_way=_BACK)
                for text in texts
            ),
        )

    called = f"torch.nn.functional.{function}({', '.join(letters)}"
    return (
        pair(
            tuple(
                f"{name}({', '.join(operands)}, {signatures[0]})"
                for name in (f"torch.nn.functional.{function}", *aliases)
            ),
            f"{function}({', '.join(operands)}{passed})",
            given,
            (f"{called})", *(f"{called}, {text})" for text in (*stated, *beside))),
        ),
        pair(
            f"torch.nn.{layer}({signatures[1]})",
            f"functools.partial({function}{passed})",
            (),
            (f"torch.nn.{layer}()", *(f"torch.nn.{layer}({text})" for text in stated)),
        ),
    )
