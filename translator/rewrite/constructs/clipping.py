"""Gradients that are clipped between the backward pass and the step: a tape returns them, so they are new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.reading import lines, small
from translator.rewrite.constructs.running import Running, of
from translator.rewrite.constructs.steps import Step, Trained
from translator.source.literals import literal_value
from translator.source.made import argument

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_NORM, _VALUE = "torch.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grad_value_"
_KNOWN = frozenset({"parameters", "max_norm", "clip_value", "norm_type", "foreach"})
_NO_STEP = "the step whose gradients these are was not found: clip what tape.gradient returns"
_FORM = "of a norm of another kind: scale what tape.gradient returns"

_EPSILON = "torch divides by the norm plus 1e-6: clipped gradients part by 1e-6 of themselves; --exact follows it"
_EXACT = '''
def clip_grad_norm(gradients, max_norm):
    """Gradients scaled to a norm as torch scales them, which adds 1e-6 to theirs; and the norm."""
    norm = tf.linalg.global_norm(gradients)
    scale = tf.minimum(max_norm / (norm + 1e-6), 1.0)
    return [g if g is None else g * scale for g in gradients], norm
'''


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`clip_grad_norm_(model.parameters(), 1.0)`, with a name for the norm or without."""
    call, target = _call(node)
    name = None if call is None else rewriter.api(call.func)
    if call is None or name not in (_NORM, _VALUE) or rewriter.target != "tensorflow":
        return None
    given = argument(call, 0, "parameters")
    bound = argument(call, 1, "max_norm" if name == _NORM else "clip_value")
    trained = None if given is None else _trained(rewriter, node, given)
    if trained is None or bound is None:
        rewriter.leave(call, Code.UNSUPPORTED_CODE, _NO_STEP)
        return [node]
    if _other_form(call, name):
        rewriter.leave(call, Code.UNSUPPORTED_ARGUMENT, _FORM)
        return [node]
    own, parts = trained.gradients, {"bound": rewriter.expression(bound)}
    text = f"{own} = [tf.clip_by_value(g, -bound, bound) for g in {own}]"
    if name == _NORM and rewriter.exact:
        parts["clip"] = rewriter.naming.helper("clip_grad_norm", rewriter.naming.spell(_EXACT))
        text = f"{own}, {target} = clip({own}, bound)"
    elif name == _NORM:
        rewriter.note(call, Code.NUMERIC, _EPSILON)
        text = f"{own}, {target} = tf.clip_by_global_norm({own}, bound)"
    line = build.statement(rewriter.naming.spell(text), **parts)
    return [node.with_changes(body=line.body)]


def _call(node: cst.BaseStatement) -> tuple[cst.Call | None, str]:
    """A call on a line of its own, and the name that its result is given."""
    inner = small(node)
    if type(inner) is cst.Expr and type(inner.value) is cst.Call:
        return inner.value, "_"
    if isinstance(inner, cst.Assign) and type(inner.value) is cst.Call and len(inner.targets) == 1:
        target = inner.targets[0].target
        return (inner.value, target.value) if isinstance(target, cst.Name) else (None, "")
    return None, ""


def _trained(
    rewriter: Rewriter, node: cst.BaseStatement, given: cst.BaseExpression
) -> Trained | None:
    """What has the gradients that are clipped behind a step, all of them."""
    step = rewriter.steps[-1] if rewriter.steps else None
    if isinstance(step, Running):
        variables = of(rewriter, step)
        same = variables is not None and build.same_code(rewriter.expression(given), variables)
        return Trained(variables, step.name) if variables is not None and same else None
    if not isinstance(step, Step) or not any(line is node for line in lines(step.body[step.end :])):
        return None
    variables = rewriter.expression(given)
    return next((t for t in step.trained if build.same_code(variables, t.variables)), None)


def _other_form(call: cst.Call, name: str) -> bool:
    """True for another norm than the usual one, and for what is not known."""
    kind = argument(call, 2, "norm_type") if name == _NORM else None
    named = {a.keyword.value for a in call.args if a.keyword is not None}
    starred = any(a.star for a in call.args)
    return starred or not named <= _KNOWN or (kind is not None and literal_value(kind) != 2)
