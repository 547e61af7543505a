"""Gradients of a tape that are clipped before they are applied: in torch what `backward()` left is clipped in place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.reading import small
from translator.source.made import argument

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_EPSILON = "torch divides by the norm plus 1e-6: clipped gradients part by 1e-6 of themselves; --exact follows it"
_ROWS = "TensorFlow counts each look-up of an embedding by itself in a norm of gradients, torch their sum"
_EXACT = '''
def clip_by_global_norm(parameters, clip_norm):
    """Scale gradients to a norm as TensorFlow does, which adds nothing to theirs; returns that."""
    gradients = [p.grad for p in parameters if p.grad is not None]
    norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in gradients]))
    for gradient in gradients:
        gradient.mul_(clip_norm / norm.clamp(min=clip_norm))
    return norm
'''


@dataclass(frozen=True, slots=True)
class Clip:
    """A line that clips all of `given` by `bound`; `name` is that of the result, `norm` of the norm if it is kept."""

    kind: Literal["norm", "each", "value"]
    given: str
    name: str
    bound: cst.BaseExpression
    norm: str = ""


def recognised(rewriter: Rewriter, statement: cst.CSTNode) -> Clip | None:
    """`g, _ = tf.clip_by_global_norm(g, 1.0)`, `g = [tf.clip_by_value(x, -1.0, 1.0) for x in g]`."""
    inner = small(statement)
    if not isinstance(inner, cst.Assign) or len(inner.targets) != 1:
        return None
    target, value = inner.targets[0].target, inner.value
    if isinstance(target, cst.Tuple) and len(target.elements) == 2:
        names = [each.value.value for each in target.elements if isinstance(each.value, cst.Name)]
        return _global(rewriter, value, names) if len(names) == 2 else None
    if not isinstance(target, cst.Name):
        return None
    if isinstance(value, cst.Subscript) and build.code(value).endswith("[0]"):
        return _global(rewriter, value.value, [target.value, "_"])
    return _each(rewriter, value, target.value)


def _global(rewriter: Rewriter, call: cst.BaseExpression, names: list[str]) -> Clip | None:
    if not isinstance(call, cst.Call) or rewriter.api(call.func) != "tf.clip_by_global_norm":
        return None
    given, bound = argument(call, 0, "t_list"), argument(call, 1, "clip_norm")
    if len(call.args) != 2 or not isinstance(given, cst.Name) or bound is None:
        return None
    return Clip("norm", given.value, names[0], bound, "" if names[1] == "_" else names[1])


def _each(rewriter: Rewriter, value: cst.BaseExpression, name: str) -> Clip | None:
    """A comprehension over all gradients."""
    if not isinstance(value, cst.ListComp) or not isinstance(value.elt, cst.Call):
        return None
    clause, call = value.for_in, value.elt
    plain = clause.inner_for_in is None and not clause.ifs and isinstance(clause.iter, cst.Name)
    if not plain or not call.args or not build.same_code(call.args[0].value, clause.target):
        return None
    assert isinstance(clause.iter, cst.Name)
    given, api = clause.iter.value, rewriter.api(call.func)
    if api == "tf.clip_by_norm" and len(call.args) == 2:
        bound = argument(call, 1, "clip_norm")
        return None if bound is None else Clip("each", given, name, bound)
    low, high = argument(call, 1, "clip_value_min"), argument(call, 2, "clip_value_max")
    if api != "tf.clip_by_value" or len(call.args) != 3 or low is None or high is None:
        return None
    opposite = build.code(low).replace(" ", "") == f"-{build.code(high)}".replace(" ", "")
    return Clip("value", given, name, high) if opposite else None


def written(
    rewriter: Rewriter, node: cst.BaseStatement, clip: Clip, parameters: cst.BaseExpression
) -> list[cst.BaseStatement]:
    """The line of torch; `parameters` are those whose gradients are clipped."""
    parts = {"parameters": parameters, "bound": rewriter.expression(clip.bound)}
    text = "torch.nn.utils.clip_grad_value_(parameters, bound)"
    if clip.kind == "each":
        parameter = rewriter.naming.fresh("parameter")
        text = f"for {parameter} in parameters:\n    torch.nn.utils.clip_grad_norm_({parameter}, bound)\n"
    elif clip.kind == "norm":
        text = "torch.nn.utils.clip_grad_norm_(parameters, bound)"
    if clip.kind != "value":
        _note(rewriter, node, clip)
    if clip.kind == "norm" and rewriter.exact:
        parts["clip"] = rewriter.naming.helper("clip_by_global_norm", rewriter.naming.spell(_EXACT))
        text = "clip(parameters, bound)"
    if clip.norm:
        text = f"{clip.norm} = {text}"
    new = build.filled(cst.parse_statement(rewriter.naming.spell(text)), parts)
    return [new.with_changes(leading_lines=getattr(node, "leading_lines", ()))]


def _note(rewriter: Rewriter, node: cst.BaseStatement, clip: Clip) -> None:
    if not rewriter.exact or clip.kind == "each":
        rewriter.note(node, Code.NUMERIC, _EPSILON)
    names = (site.arguments.spelling.name for site in rewriter.facts.sites.values())
    if any(name == "keras.layers.Embedding" for name in names):
        rewriter.note(node, Code.NUMERIC, _ROWS)
