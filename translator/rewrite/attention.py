"""torch's attention of several heads as Keras's: the order of its operands, the sense of its masks, its weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.layers.transformers import MASKED_ATTENTION
from translator.rewrite import build
from translator.rewrite.arrange import arrange
from translator.rewrite.handing_mode import with_training
from translator.rewrite.hiding import hides
from translator.rewrite.moves.arguments import move
from translator.rewrite.recurrent.plans import outputs_and_states
from translator.rewrite.recurrent.uses import Use, names
from translator.source.bound import Arguments
from translator.source.literals import literal_value
from translator.source.objects import Built, Site
from translator.source.recurrent import flag
from translator.source.tree import nodes
from translator.source.values import TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_STEPS = (1, 0, 2)


def built(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    """The constructor call: Keras names the size of one head."""
    if flag(rewriter.facts.sites[id(node)], "batch_first") is None:
        why = "whether it is batch_first has to be stated to be converted"
        rewriter.leave(node, Code.UNSUPPORTED_ARGUMENT, why)
        return node
    signature = rewriter.target_spelling(bound.record, "layer")
    assert signature is not None
    moved = move(rewriter, node, bound, signature)
    size, heads = bound.values["embed_dim"], bound.values["num_heads"]
    known = (literal_value(size), literal_value(heads))
    if isinstance(known[0], int) and isinstance(known[1], int):
        key = build.expression(str(known[0] // known[1]))
    else:
        holes = {"n": rewriter.expression(size), "heads": rewriter.expression(heads)}
        key = build.expression("n // heads", **holes)
    moved["num_heads"], moved["key_dim"] = (rewriter.expression(heads), True), (key, True)
    site = rewriter.facts.sites[id(node)]
    if _takes_masks(rewriter, site):
        name, text = MASKED_ATTENTION
        arguments = arrange(moved, signature, {})
        if flag(site, "batch_first"):
            arguments.append(build.argument(build.name("True"), "batch_first"))
        return build.call(
            rewriter.naming.helper(name, rewriter.naming.spell(text)), arguments, node
        )
    return build.call(rewriter.naming.target(signature.name), arrange(moved, signature, {}), node)


def statement(rewriter: Rewriter, use: Use) -> list[cst.BaseStatement] | None:
    """`out, weights = attention(q, k, v)`."""
    parts = outputs_and_states(use)
    if parts is None or use.line is None:
        return None
    weights = parts[1]
    read = not isinstance(weights, cst.Name) or bool(names(use.scope, weights.value).read)
    value = _call(rewriter, use, read)
    if value is None:
        return [use.line]
    outputs = rewriter.expression(parts[0])
    back = not flag(use.site, "batch_first") and not _takes_masks(rewriter, use.site)
    if not read:
        value = rewriter.permuted(value, _STEPS) if back else value
        return [_line(use, build.statement("out = value", out=outputs, value=value))]
    scores = rewriter.expression(weights)
    both = build.statement("out, scores = value", out=outputs, scores=scores, value=value)
    written: list[cst.BaseStatement] = [_line(use, both)]
    if back:
        steps = rewriter.permuted(outputs, _STEPS)
        written.append(build.statement("out = steps", out=outputs, steps=steps))
    averaged = rewriter.facts.layer_calls[id(use.call)][1].values.get("average_attn_weights")
    if averaged is None or literal_value(averaged) is True:
        text = rewriter.naming.spell("tf.reduce_mean(scores, axis=1)")
        mean = build.expression(text, scores=scores)
        written.append(build.statement("scores = mean", scores=scores, mean=mean))
    return written


def first(rewriter: Rewriter, use: Use) -> cst.BaseExpression:
    """`attention(q, k, v)[0]`: the outputs alone."""
    value = _call(rewriter, use, weights=False)
    if value is None:
        assert use.first is not None
        return use.first
    if flag(use.site, "batch_first") or _takes_masks(rewriter, use.site):
        return value
    return rewriter.permuted(value, _STEPS)


def together(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """A call whose results go elsewhere together."""
    why = "Keras gives the weights of the attention where it is asked to: unpack the results in a line"
    rewriter.leave(node, Code.UNSUPPORTED_CODE, why)
    return node


def _call(rewriter: Rewriter, use: Use, weights: bool) -> cst.BaseExpression | None:
    """The call of Keras's layer; None where it stays, with a finding."""
    values = rewriter.facts.layer_calls[id(use.call)][1].values
    masked = _takes_masks(rewriter, use.site)
    why = _problem(values, weights) or ("" if masked else _mask_problem(rewriter, values))
    if masked and weights:
        why = (
            why or f"it gives no weights there with such a mask: {_mask_problem(rewriter, values)}"
        )
    if masked and _stated(values, "is_causal", False) is not False:
        why = why or "is_causal beside a mask that is not seen to hide the same"
    if why:
        rewriter.leave(use.call, Code.UNSUPPORTED_ARGUMENT, why)
        return None
    if masked:
        return _masked_call(rewriter, use, values)
    query, key, value = (values[name] for name in ("query", "key", "value"))
    arguments = [build.argument(_operand(rewriter, use.site, part)) for part in (query, value)]
    if not build.same_code(key, value):
        arguments.append(build.argument(_operand(rewriter, use.site, key), "key"))
    causal = _stated(values, "is_causal", False)
    mask = None if causal else _mask(rewriter, values)
    if mask is not None:
        arguments.append(build.argument(mask, "attention_mask"))
    if causal:
        arguments.append(build.argument(build.name("True"), "use_causal_mask"))
    if weights:
        arguments.append(build.argument(build.name("True"), "return_attention_scores"))
    func = build.parenthesized(rewriter.expression(use.call.func))
    return with_training(rewriter, Built(use.site), build.call(func, arguments, use.call), use.call)


def _stated(values: dict[str, cst.BaseExpression], name: str, default: bool) -> object:
    given = values.get(name)
    return default if given is None else literal_value(given)


def _takes_masks(rewriter: Rewriter, site: Site) -> bool:
    """True for attention that may be given masks which Keras's layer does not take."""
    if id(site) not in rewriter.masked:
        calls = rewriter.facts.layer_calls.items()
        rewriter.masked[id(site)] = any(
            _problem_there(rewriter, call, bound.values)
            for call, (known, bound) in calls
            if known is site
        )
    return rewriter.masked[id(site)]


def _problem_there(rewriter: Rewriter, call: int, values: dict[str, cst.BaseExpression]) -> str:
    """The problem with the masks of a call, seen from the function that it stands in."""
    functions = rewriter.facts.functions.values()
    around = [f for f in functions if f.node and any(id(n) == call for n in nodes(f.node.body))]
    outer = rewriter.functions
    rewriter.functions = [*outer, *around]  # in the order of the file: the innermost is the last
    found = _mask_problem(rewriter, values)
    rewriter.functions = outer
    return found


def _masked_call(
    rewriter: Rewriter, use: Use, values: dict[str, cst.BaseExpression]
) -> cst.BaseExpression:
    """The call of the layer that takes torch's masks and torch's order of axes."""
    parts = [values[name] for name in ("query", "value", "key")]
    arguments = [build.argument(rewriter.expression(part)) for part in parts]
    for name in ("attn_mask", "key_padding_mask"):
        mask = values.get(name)
        if mask is not None and literal_value(mask) is not None:
            arguments.append(build.argument(rewriter.expression(mask), name))
    func = build.parenthesized(rewriter.expression(use.call.func))
    return with_training(rewriter, Built(use.site), build.call(func, arguments, use.call), use.call)


def _problem(values: dict[str, cst.BaseExpression], weights: bool) -> str:
    """Why a call stays, "" where it is converted."""
    for name, default in (("is_causal", False), ("average_attn_weights", True)):
        if not isinstance(_stated(values, name, default), bool):
            return f"{name} has to be stated to be converted"
    if weights and _stated(values, "need_weights", True) is not True:
        return "whether it gives its weights has to be stated to be converted"
    return ""


def _mask_problem(rewriter: Rewriter, values: dict[str, cst.BaseExpression]) -> str:
    """Why Keras's own layer does not take the masks of a call, "" where it does."""
    for name, rank in (("attn_mask", 2), ("key_padding_mask", 2)):
        mask = values.get(name)
        if mask is None or literal_value(mask) is None:
            continue
        found = rewriter.facts.value(mask)
        if not isinstance(found, TensorValue) or not _says_what(rewriter, mask):
            return (
                f"{name} is not seen to be of booleans, and Keras adds none to its scores: {_WAY}"
            )
        if found.rank not in (None, rank):
            return f"{name} has an axis of heads, which Keras has elsewhere"
        if found.rank is None and name == "attn_mask":
            return f"how many axes {name} has is not known here"
    return ""


def _mask(rewriter: Rewriter, values: dict[str, cst.BaseExpression]) -> cst.BaseExpression | None:
    """What may be attended to, where torch's masks say what may not."""
    parts = []
    for name, text in (("attn_mask", "~mask"), ("key_padding_mask", "~mask[:, tf.newaxis]")):
        mask = values.get(name)
        if mask is not None and literal_value(mask) is not None:
            if not _is_boolean(rewriter, mask):
                text = text.replace("~mask", "(mask >= 0)" if "[" in text else "mask >= 0")
            holes = {"mask": build.parenthesized(rewriter.expression(mask))}
            parts.append(build.expression(rewriter.naming.spell(text), **holes))
    if len(parts) < 2:
        return parts[0] if parts else None
    return build.expression("a & b", a=parts[0], b=parts[1])


def _is_boolean(rewriter: Rewriter, mask: cst.BaseExpression) -> bool:
    value = rewriter.facts.value(mask)
    return isinstance(value, TensorValue) and value.dtype == "bool"


def _says_what(rewriter: Rewriter, mask: cst.BaseExpression) -> bool:
    """True for a mask of booleans, and for one that hides by minus infinity and does nothing else."""
    return _is_boolean(rewriter, mask) or hides(rewriter, mask)


_WAY = "where it only hides, call it with attention_mask=mask >= 0"


def _operand(rewriter: Rewriter, site: Site, node: cst.BaseExpression) -> cst.BaseExpression:
    value = rewriter.expression(node)
    return value if flag(site, "batch_first") else rewriter.permuted(value, _STEPS)


def _line(use: Use, new: cst.SimpleStatementLine) -> cst.SimpleStatementLine:
    assert use.line is not None
    return use.line.with_changes(body=new.body)
