"""Conditions that have one answer in a converted program: torch does not script, trace or place anything there."""

from __future__ import annotations

import libcst as cst

from translator.source.facts import Facts
from translator.source.literals import literal_value
from translator.source.values import Api, TensorValue

NEVER = frozenset(
    {
        "torch.jit.is_scripting",
        "torch.jit.is_tracing",
        "torch.onnx.is_in_onnx_export",
        "torch.compiler.is_compiling",
        "torch._C._get_tracing_state",
    }
)
HOW_ALONE = frozenset(
    {
        "torch.nn.attention.sdpa_kernel",
        "torch.backends.cuda.sdp_kernel",
        "torch.profiler.record_function",
        "torch.autograd.profiler.record_function",
        "tf.name_scope",
        "tf.device",
        "keras.name_scope",
        "keras.device",
    }
)
"""Contexts that say how something is computed or watched, and change no number."""
AUTOCAST = frozenset({"torch.autocast", "torch.amp.autocast", "torch.cuda.amp.autocast"})
PLACES = frozenset({"is_cuda", "is_xpu", "is_mps"})


def changes_nothing(name: str | None, node: cst.BaseExpression) -> bool:
    """True for a context that changes no number: `autocast(enabled=False)` says what holds anyway."""
    given = node.args if isinstance(node, cst.Call) else ()
    off = any(
        a.keyword is not None and a.keyword.value == "enabled" and literal_value(a.value) is False
        for a in given
    )
    return name in HOW_ALONE or (name in AUTOCAST and off)


def folded(facts: Facts, test: cst.BaseExpression) -> bool | None:
    """The answer of a condition, None where it depends on more; its parts have been evaluated."""
    if type(test) is cst.UnaryOperation and type(test.operator) is cst.Not:
        inner = folded(facts, test.expression)
        return None if inner is None else not inner
    if type(test) is cst.BooleanOperation:
        deciding = isinstance(test.operator, cst.Or)
        parts = {folded(facts, test.left), folded(facts, test.right)}
        if deciding in parts:
            return deciding
        return None if None in parts else not deciding
    if type(test) is cst.Attribute and test.attr.value in PLACES:
        return False if isinstance(facts.value(test.value), TensorValue) else None
    if type(test) is cst.Call:
        func = facts.value(test.func)
        return False if isinstance(func, Api) and func.name in NEVER else None
    return None
