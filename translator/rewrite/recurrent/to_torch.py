"""Keras's recurrent layers as torch's, which give the outputs of all steps together with the states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.signature import Signature
from translator.rewrite import build
from translator.rewrite.arrange import arrange
from translator.rewrite.moves.arguments import move
from translator.rewrite.once import is_simple
from translator.rewrite.recurrent.helpers import helper, with_one_bias
from translator.rewrite.recurrent.uses import Use, names
from translator.source.bound import Arguments
from translator.source.literals import literal_value
from translator.source.objects import Built, Site
from translator.source.recurrent import flag, merge_of, wrapped

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def built(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    """The constructor call of a Keras layer; of `Bidirectional`, that of the layer inside."""
    site = rewriter.facts.sites[id(node)]
    inner = wrapped(rewriter.facts, site)
    if inner is None or id(inner.node) not in rewriter.facts.calls or _stays(rewriter, site):
        why = "which layer runs in both directions is not known, is used by itself, or has no counterpart"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, why)
        return node
    flags = (flag(inner, name) for name in ("return_sequences", "return_state", "go_backwards"))
    if None in flags:
        why = "which steps it gives, with which states, and which way, has to be stated"
        rewriter.leave(node, Code.UNSUPPORTED_ARGUMENT, why)
        return node
    if _drops(inner) and (
        inner is not site or site.member or not site.seen or _rate(inner) is None
    ):
        why = (
            "dropout of the steps is written where a layer of one direction is called, by a number"
        )
        rewriter.leave(node, Code.UNSUPPORTED_ARGUMENT, why)
        return node
    if why := _unmerged(site, inner):
        rewriter.leave(node, Code.UNSUPPORTED_ARGUMENT, why)
        return node
    signature = rewriter.target_spelling(inner.record, "layer")
    assert signature is not None
    moved = move(rewriter, inner.node, inner.arguments, signature)
    moved["batch_first"] = (build.name("True"), False)
    if inner is not site:
        moved["bidirectional"] = (build.name("True"), False)
    func = rewriter.naming.target(signature.name)
    if "input_size" not in moved:
        kind = signature.name.rpartition(".")[2]
        message = f"input_size of {kind} is not known from this file"
        rewriter.note(node, Code.LAZY_SIZE, message, signature.name)
        func = helper(rewriter, f"Lazy{kind}")
        rest = tuple(p for p in signature.parameters if p.name != "input_size")
        signature = Signature(signature.name, rest, signature.kind)
    layer = build.call(func, arrange(moved, signature, {}), inner.node)
    return with_one_bias(rewriter, inner, layer)


_STEPS = {
    "sum": "sum(r[0].chunk(2, dim=-1))",
    "ave": "sum(r[0].chunk(2, dim=-1)) / 2",
    "mul": "torch.mul(*r[0].chunk(2, dim=-1))",
}
_LAST = {"sum": "sum(dim=0)", "ave": "mean(dim=0)", "mul": "prod(dim=0)"}
"""How the outputs of two directions are put together: at all steps, and at the last one of each."""


def _unmerged(site: Site, inner: Site) -> str:
    """Why the outputs of the two directions cannot be put together, "" where they can."""
    mode = merge_of(site)
    if mode == "concat":
        return ""
    if mode not in _STEPS:
        return (
            "the outputs of the two directions stay two, or how they are put together is not stated"
        )
    if flag(inner, "return_state") or not (site.followed or site.seen) or site.member:
        return "directions that are put together are written where the layer is called by itself"
    return ""


def _drops(site: Site) -> bool:
    """True for a layer that drops features of its steps in training."""
    given = site.arguments.values.get("dropout")
    return given is not None and literal_value(given) not in (0, 0.0, None)


def _rate(site: Site) -> float | None:
    rate = literal_value(site.arguments.values["dropout"])
    return rate if isinstance(rate, int | float) else None


def _stays(rewriter: Rewriter, site: Site) -> bool:
    """True where a layer that is handed to `Bidirectional` has a place of its own as well."""
    for name in ("layer", "backward_layer"):
        given = site.arguments.values.get(name)
        value = None if given is None else rewriter.facts.value(given)
        if isinstance(value, Built) and value.site.node is not given:
            if id(value.site.node) not in rewriter.absorbed:
                return True
    return False


def behind(rewriter: Rewriter, site: Site) -> cst.BaseExpression | None:
    """The module that takes from torch's results what the Keras layer gives, for a container."""
    inner = wrapped(rewriter.facts, site)
    if inner is None or rewriter.side != "tensorflow" or _unmerged(site, inner):
        return None
    if flag(inner, "return_state") or flag(inner, "go_backwards"):
        why = "its states, or the way it runs, are lost in a container: call it by itself"
        rewriter.todo(site.node, Code.UNSUPPORTED_CODE, why)
        return None
    kind = "AllSteps" if flag(inner, "return_sequences") else "LastStep"
    if kind == "LastStep" and inner is not site:
        kind = "LastStates"
        rewriter.naming.target("torch.cat")
    rewriter.naming.target("torch.nn.Module")
    return build.call(helper(rewriter, kind), [])


def call(rewriter: Rewriter, node: cst.Call, site: Site, bound: Arguments) -> cst.BaseExpression:
    """A call whose one result is taken where it stands: `layer(x)[0]`."""
    inner = wrapped(rewriter.facts, site)
    if inner is None or _unmerged(site, inner):
        return rewriter.parts(node)
    if not (site.followed or site.member):
        return _results(rewriter, node, site, bound)
    if flag(inner, "return_state"):
        why = "torch gives the states as a tuple of their own: unpack the results in a line"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, why)
        return node
    results = _results(rewriter, node, site, bound)
    if (mode := str(merge_of(site))) in _STEPS:
        steps = flag(inner, "return_sequences")
        text = _STEPS[mode] if steps else f"{_HIDDEN[inner.record.states]}.{_LAST[mode]}"
        return build.expression(rewriter.naming.spell(text), r=results)
    if flag(inner, "return_sequences"):
        return build.expression("results[0]", results=results)
    if inner is site:
        return build.expression("results[0][:, -1]", results=results)
    return build.expression(f"{_HIDDEN[inner.record.states]}.transpose(0, 1).flatten(1)", r=results)


_HIDDEN = {1: "r[1]", 2: "r[1][0]"}
"""The states that are outputs as well."""


def _results(
    rewriter: Rewriter, node: cst.Call, site: Site, bound: Arguments
) -> cst.BaseExpression:
    """The call of the torch module."""
    from translator.rewrite.layers import operand

    steps = operand(rewriter, bound.values["sequences"])
    if flag(site, "go_backwards"):
        steps = build.expression("x.flip(1)", x=steps)
    func = build.parenthesized(rewriter.expression(node.func))
    if _drops(site) and _rate(site) is not None:
        drop = helper(rewriter, "step_dropout")
        rewriter.naming.target("torch.nn.functional.dropout")
        rewriter.naming.target("torch.ones_like")
        rate = cst.parse_expression(str(_rate(site)))
        text = "drop(x, rate, layer.training)"
        steps = build.expression(text, drop=drop, x=steps, rate=rate, layer=func)
    arguments = [build.argument(steps)]
    given = bound.values.get("initial_state")
    if given is not None and literal_value(given) is not None:
        states = _initial(rewriter, site, given)
        if states is None:
            why = "these states cannot be told apart: list them in the call"
            rewriter.leave(node, Code.UNSUPPORTED_ARGUMENT, why)
            return node
        arguments.append(build.argument(states))
    return build.call(func, arguments, node)


def _initial(
    rewriter: Rewriter, site: Site, given: cst.BaseExpression
) -> cst.BaseExpression | None:
    """Keras's states as torch takes them, with an axis of directions in front; None where they cannot be told apart."""
    inner = wrapped(rewriter.facts, site)
    assert inner is not None
    kinds, directions = inner.record.states, 1 if inner is site else 2
    if not isinstance(given, cst.List | cst.Tuple):
        text = _GIVEN[kinds, directions]
        if text.count("x") > 1 and not is_simple(given):
            return None
        return build.expression(rewriter.naming.spell(text), x=rewriter.expression(given))
    parts = [rewriter.expression(element.value) for element in given.elements]
    if len(parts) != kinds * directions:
        return None
    if directions == 1:
        states = [build.expression("s.unsqueeze(0)", s=part) for part in parts]
    else:
        text = rewriter.naming.spell("torch.stack((a, b))")
        pairs = zip(parts[:kinds], parts[kinds:], strict=True)
        states = [build.expression(text, a=first, b=second) for first, second in pairs]
    return states[0] if kinds == 1 else _tuple(states)


_GIVEN = {
    (1, 1): "x.unsqueeze(0)",
    (2, 1): "tuple(s.unsqueeze(0) for s in x)",
    (1, 2): "torch.stack(x)",
    (2, 2): "(torch.stack(x[0::2]), torch.stack(x[1::2]))",
}
"""Keras's states in one variable, as torch takes them, by the numbers of states and of directions."""


def _tuple(parts: Sequence[cst.BaseExpression]) -> cst.BaseExpression:
    elements = [cst.Element(part) for part in parts]
    return cst.Tuple(elements, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def statement(rewriter: Rewriter, use: Use) -> list[cst.BaseStatement] | None:
    """`x = layer(x)` and `out, h, c = layer(x)`."""
    site, inner = use.site, wrapped(rewriter.facts, use.site)
    if inner is None or use.line is None or not (site.followed or site.member):
        return None
    if isinstance(use.target, cst.Name) and not flag(inner, "return_state"):
        return _outputs(rewriter, use, inner, use.target)
    if flag(inner, "return_state") and isinstance(use.target, cst.Tuple):
        return _with_states(rewriter, use, inner, use.target)
    return None


def _outputs(
    rewriter: Rewriter, use: Use, inner: Site, target: cst.Name
) -> list[cst.BaseStatement] | None:
    """`x, _ = layer(x)`, and the last step in a line of its own."""
    if merge_of(use.site) != "concat":
        return None
    if inner is not use.site and not flag(inner, "return_sequences"):
        return None
    site, bound = rewriter.facts.layer_calls[id(use.call)]
    name = rewriter.expression(target)
    results = _results(rewriter, use.call, site, bound)
    written: list[cst.BaseStatement] = [
        _line(use, build.statement("x, _ = results", x=name, results=results))
    ]
    if not flag(inner, "return_sequences"):
        written.append(build.statement("x = x[:, -1]", x=name))
    return written


def _with_states(
    rewriter: Rewriter, use: Use, inner: Site, target: cst.Tuple
) -> list[cst.BaseStatement] | None:
    """`out, (h, c) = layer(x)`; the states lose torch's axis of layers and directions."""
    bound = rewriter.facts.layer_calls[id(use.call)][1]
    kinds, directions = inner.record.states, 1 if inner is use.site else 2
    first, *rest = target.elements
    starred = len(rest) == 1 and isinstance(rest[0], cst.StarredElement)
    if isinstance(first, cst.StarredElement) or not (starred or len(rest) == kinds * directions):
        return None
    outputs = rewriter.expression(first.value)
    names_ = [rewriter.expression(element.value) for element in rest]
    read = [
        (place, name)
        for place, (name, element) in enumerate(zip(names_, rest, strict=True))
        if _is_read(use, element.value)
    ]
    last = not flag(inner, "return_sequences") and _is_read(use, first.value)
    needed = bool(read) or (last and directions == 2)
    held = _held(rewriter, names_, kinds, directions) if needed else [cst.Name("_")]
    row = held[0] if len(held) == 1 else _tuple(held)
    results = _results(rewriter, use.call, use.site, bound)
    unpacked = build.statement("out, row = results", out=outputs, row=row, results=results)
    written: list[cst.BaseStatement] = [_line(use, unpacked)]
    if last:
        text = "out[:, -1]" if directions == 1 else "torch.cat((h[0], h[1]), dim=-1)"
        value = build.expression(rewriter.naming.spell(text), out=outputs, h=held[0])
        written.append(build.statement("out = value", out=outputs, value=value))
    if read and starred:
        text = ", ".join(f"{build.code(h)}[{d}]" for d in range(directions) for h in held)
        written.append(build.statement(f"states = [{text}]", states=names_[0]))
    elif read:
        left = ", ".join(build.code(name) for _, name in read)
        right = ", ".join(f"{build.code(held[p % kinds])}[{p // kinds}]" for p, _ in read)
        written.append(build.statement(f"{left} = {right}"))
    return written


def _held(
    rewriter: Rewriter, names_: Sequence[cst.BaseExpression], kinds: int, directions: int
) -> list[cst.BaseExpression]:
    """The names that torch's states get: those of the source where there is one for each, else new ones."""
    if directions == 1 and len(names_) == kinds:
        return list(names_)
    return [cst.Name(rewriter.naming.fresh(name)) for name in ("hidden", "cell")[:kinds]]


def _is_read(use: Use, target: cst.BaseExpression) -> bool:
    return not isinstance(target, cst.Name) or bool(names(use.scope, target.value).read)


def _line(use: Use, new: cst.SimpleStatementLine) -> cst.SimpleStatementLine:
    assert use.line is not None
    return use.line.with_changes(body=new.body)
