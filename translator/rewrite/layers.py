"""Layers, losses and containers: constructors, calls, activations that move out of or into a layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Lens, Tensor
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.signature import Parameter, Signature, parse
from translator.rewrite import (
    attention,
    attention_to_torch,
    build,
    changed_first,
    handed,
    named_parts,
)
from translator.rewrite.activation import activated, activation_layer, is_named
from translator.rewrite.arrange import arrange
from translator.rewrite.borders import bordered, cropped, stated_beside, surrounded
from translator.rewrite.by_hand import as_tensor
from translator.rewrite.captured import kept_names
from translator.rewrite.constructs import added, optimizers, tying, unbatched
from translator.rewrite.first_weights import filled
from translator.rewrite.functions import note_ranks
from translator.rewrite.grouped import depthwise, either
from translator.rewrite.handing_mode import with_training
from translator.rewrite.initialisers import note_initial, stated_initializers
from translator.rewrite.moves.arguments import move
from translator.rewrite.moves.move import Moved
from translator.rewrite.moves.tensors import class_numbers
from translator.rewrite.recurrent import cells, to_keras, to_torch
from translator.rewrite.recurrent.helpers import keras_class, with_one_bias
from translator.rewrite.trained import trained
from translator.rewrite.zero_borders import padding
from translator.source.arrays import data_shape
from translator.source.bound import Arguments
from translator.source.layers import ONE_INPUT
from translator.source.literals import literal_value
from translator.source.objects import Built, Site
from translator.source.rates import momenta
from translator.source.values import NumpyArray

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def constructor(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    """A layer where it is built; an activation that Keras applies inside stands beside it in torch."""
    site = rewriter.facts.sites[id(node)]
    layer = kept_names(rewriter, padding(rewriter, site, built(rewriter, node, bound)))
    layer = filled(rewriter, Built(site), layer)
    if site.detached and not site.seen and site.record.order == "wants":
        last = "channels last" if rewriter.target == "tensorflow" else "channels first"
        why = f"no call of this layer is seen in the file: it takes {last} there"
        rewriter.todo(node, Code.UNSUPPORTED_CODE, why, site.record.title)
    alone = site.followed and not is_named(rewriter, site)
    after = None if alone else behind(rewriter, site)
    parts = surrounded(rewriter, site, layer)
    if len(parts) > 1 and stated_beside(rewriter, site, parts):
        parts = [layer]
    if after is not None:
        parts.append(after)
    if (
        site.named
        and rewriter.target == "tensorflow"
        and not named_parts.told(rewriter, site, parts)
    ):
        why = f"the layer that is fetched as {site.named} is several layers there: name it yourself"
        rewriter.todo(node, Code.UNSUPPORTED_CODE, why)
    return parts[0] if len(parts) == 1 else container_of(rewriter, parts)


_RANK = "how many axes its input has is not known"
_SEVERAL_RANKS = "its inputs have different numbers of axes, for which Keras has a layer each"


def container_of(rewriter: Rewriter, parts: list[cst.BaseExpression]) -> cst.BaseExpression:
    """A container of a few layers, on one line."""
    parts = [build.on_one_line(p) if isinstance(p, cst.Call) else p for p in parts]
    if rewriter.target == "torch":
        func = rewriter.naming.target("torch.nn.Sequential")
        return build.call(func, [cst.Arg(part) for part in parts])
    func = rewriter.naming.target("keras.Sequential")
    return build.call(func, [cst.Arg(cst.List([cst.Element(part) for part in parts]))])


def behind(rewriter: Rewriter, site: Site) -> cst.BaseExpression | None:
    """What follows a layer in a container of torch where Keras has one layer for both."""
    if site.record.states:
        return to_torch.behind(rewriter, site)
    return activation_layer(rewriter, site)


def built(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    """The constructor call of the layer alone, with what it adds to the loss."""
    layer = _built(rewriter, node, bound)
    return added.with_penalties(rewriter, node, layer) if rewriter.target == "torch" else layer


def _built(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    record = bound.record
    if id(node) in rewriter.facts.handed and not record.states:
        _note(rewriter, node, bound)
        return handed.built(rewriter, node, bound)
    if record.states:
        _note(rewriter, node, bound)
        write = to_torch.built if rewriter.target == "torch" else to_keras.built
        return write(rewriter, node, bound)
    if record.heads:
        _note(rewriter, node, bound)
        side = rewriter.target
        make = attention.built if side == "tensorflow" else attention_to_torch.built
        return make(rewriter, node, bound)
    if isinstance(record, Pair):
        from translator.rewrite.patterns import written_pattern

        return written_pattern(rewriter, node, bound, record.spellings(rewriter.target)[0])
    signature = rewriter.target_spelling(record, "layer")
    if record.order == "wants" and not record.ranks and record.rank is None:
        seen = rewriter.facts.sites[id(node)].seen.values()
        if any(
            shape is None or len(shape) < 2 for shape in seen
        ):  # of a vector the last axis may be all
            rewriter.leave(node, Code.UNSUPPORTED_CODE, _RANK)
            return node
    if signature is not None and record.ranks and rewriter.target == "torch":
        signature = _by_rank(rewriter, node, record) or _of_any_rank(rewriter, node, record)
        if signature is None:
            rewriter.leave(node, Code.UNSUPPORTED_CODE, _RANK)
            return node
    if signature is not None and record.other_ranks and rewriter.target == "tensorflow":
        signature = _of_rank(rewriter, node, record, signature)
        if signature is None:
            rewriter.leave(node, Code.UNSUPPORTED_CODE, _SEVERAL_RANKS)
            return node
    if signature is None:
        return _by_string(rewriter, node, bound)
    moved = move(rewriter, node, bound, signature)
    if signature.parameter("params") is not None:
        variables = trained(rewriter, node)
        if variables is None:
            rewriter.todo(
                node,
                Code.UNSUPPORTED_CODE,
                "torch's optimizer is given its parameters, and no single set was found: write it by hand",
            )
            rewriter.keep(node.func)
            return node
        moved["params"] = (variables, True)
    around = optimizers.around(rewriter, bound, moved)
    tied = tying.layer_class(rewriter, node)
    func = tied or _class(rewriter, record, signature)
    if record.cell and rewriter.target == "tensorflow":
        func = keras_class(rewriter, node, bound, signature.name)
    names = rewriter.target_names(record, signature)
    missing = [
        p.name
        for p in signature.parameters
        if p.default is None and not p.star and p.name not in moved
    ]
    if missing and rewriter.target == "torch":
        lazy = _lazy(rewriter, node, bound, signature, missing, moved)
        if lazy is None:
            rewriter.leave(node, Code.UNSUPPORTED_CODE, f"{missing[0]} is not known from this file")
            return node
        func, signature = lazy
    _note(rewriter, node, bound)
    stated = stated_initializers(rewriter, node, bound)
    layer = build.call(func, arrange(moved, signature, names) + stated, node)
    if around:
        whole: cst.BaseExpression = layer
        for wrapping in around:
            whole = wrapping(whole)
        return whole
    if not stated and (deep := depthwise(rewriter, node, bound)) is not None:
        return either(rewriter, bound, deep, layer)
    cell = record.cell and rewriter.target == "torch"
    return with_one_bias(rewriter, rewriter.facts.sites[id(node)], layer) if cell else layer


_MOMENTUM = (
    "with momentum both sides follow one path as long as the rate stays as it is: where it drops to a tenth, weights "
    "part by 5e-01 in 20 steps"
)


def _note(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> None:
    """Say what differs in training, and in the first weights."""
    record = bound.record
    if isinstance(record, Layer) and record.training:
        rewriter.note(node, Code.NUMERIC, f"{record.title}: {record.training}", record.title)
    if momenta(bound):
        rewriter.note(node, Code.NUMERIC, f"{record.title}: {_MOMENTUM}", record.title)
    if isinstance(record, Layer) and record.initial:
        note_initial(rewriter, node, bound, record)


def _of_rank(
    rewriter: Rewriter, node: cst.Call, record: Record, usual: Signature
) -> Signature | None:
    """Keras's layer for the one number of axes that reaches torch's; None where there are several."""
    others = dict(record.other_ranks)
    seen = rewriter.facts.sites[id(node)].seen.values()
    texts = {others.get(0 if shape is None else len(shape)) for shape in seen} or {None}
    text = texts.pop()
    if texts:
        return None
    return usual if text is None else parse(text)


def _class(rewriter: Rewriter, record: Record, signature: Signature) -> cst.BaseExpression:
    """The class of a layer, or one that is written into the file."""
    if isinstance(record, Layer) and signature.name == record.any_rank[0]:
        name, text = record.any_rank
        return rewriter.naming.helper(name, rewriter.naming.spell(text))
    return rewriter.naming.class_of(record, signature.name)


def _of_any_rank(rewriter: Rewriter, node: cst.Call, record: Record) -> Signature | None:
    """A class that works along the last axis, where nothing tells how many axes there are but the size of that one."""
    site = rewriter.facts.sites[id(node)]
    if not isinstance(record, Layer) or not record.any_rank[0] or not site.followed:
        return None
    if any(shape is not None and len(shape) != 1 for shape in site.seen.values()):
        return None
    if not site.inputs or not site.says(site.inputs[-1]):
        return None
    usual = parse(record.spellings("torch")[0])
    return Signature(record.any_rank[0], usual.parameters, usual.kind)


def _by_rank(rewriter: Rewriter, node: cst.Call, record: Record) -> Signature | None:
    """torch's name for the number of axes that reach the layer."""
    shape = rewriter.facts.sites[id(node)].inputs
    names = [name for name, rank in record.ranks if shape is not None and rank == len(shape)]
    spelled = (parse(text) for text in record.spellings("torch"))
    return next((signature for signature in spelled if signature.name in names), None)


def _by_string(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    """An activation without a Keras layer of its own: `keras.layers.Activation("tanh")`.

    A string carries no arguments: with an axis that is not seen to be the last, the function is called in a `Lambda`.
    """
    record = bound.record
    text = rewriter.target_spelling(record, "string")
    function = rewriter.target_spelling(record, "function")
    if text is not None and all(_is_last(rewriter, node, value) for value in bound.values.values()):
        return build.expression(rewriter.naming.spell(f'keras.layers.Activation("{text.name}")'))
    if function is None:
        rewriter.todo(node, Code.UNSUPPORTED_CODE, f"{record.title} has no layer there")
        rewriter.keep(node.func)
        return node
    moved: dict[str, Moved] = {function.parameters[0].name: (build.name("x"), True)}
    moved |= move(rewriter, node, bound, function)
    called = build.call(
        rewriter.naming.target(function.name),
        arrange(moved, function, rewriter.target_names(record, function)),
    )
    text_there = rewriter.naming.spell("keras.layers.Lambda(lambda x: called)")
    return build.expression(text_there, called=called)


def _is_last(rewriter: Rewriter, node: cst.Call, axis: cst.BaseExpression) -> bool:
    """True for the axis -1, and for the number of the last axis of all that reaches the layer."""
    number = literal_value(axis)
    shapes = rewriter.facts.sites[id(node)].seen.values()
    ranks = {None if shape is None else len(shape) for shape in shapes}
    return number == -1 or (type(number) is int and ranks == {number + 1})


def _lazy(
    rewriter: Rewriter,
    node: cst.Call,
    bound: Arguments,
    signature: Signature,
    missing: Sequence[str],
    moved: dict[str, Moved],
) -> tuple[cst.BaseExpression, Signature] | None:
    """The variant of a torch module that learns its input size at its first call, None where there is none."""
    prefix, _, last = signature.name.rpartition(".")
    spelled = bound.record.spellings("torch")
    rest = tuple(p for p in signature.parameters if p.name not in missing)
    if any(text.startswith(f"{prefix}.Lazy{last}(") for text in spelled):
        func = rewriter.naming.target(f"{prefix}.Lazy{last}")
    elif isinstance(bound.record, Layer) and bound.record.lazy[0] and _over_last(bound):
        name, text = bound.record.lazy
        if (deep := bound.values.get("depth_multiplier")) is not None and literal_value(deep) != 1:
            moved["depth_multiplier"] = rewriter.expression(deep), True
            rest = (*rest, Parameter("depth_multiplier", "1", keyword_only=True))
        if "**options" in text:  # what else it takes it takes by name
            rest = (rest[0], *(replace(p, keyword_only=True) for p in rest[1:]))
            moved |= {p.name: (moved[p.name][0], False) for p in rest[1:] if p.name in moved}
        func = rewriter.naming.helper(name, rewriter.naming.spell(text))
    else:
        return None
    why = f"{missing[0]} of {last} is not known from this file"
    rewriter.note(node, Code.LAZY_SIZE, why, signature.name)
    return func, Signature(signature.name, rest, signature.kind)


def _over_last(bound: Arguments) -> bool:
    """True for a layer that works along the last axis."""
    axis = bound.values.get("axis")
    return axis is None or literal_value(axis) in (-1, (-1,))


def operand(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """What a module is called with; Keras turns arrays into 32-bit tensors, torch has to be given them."""
    new = rewriter.expression(node)
    if rewriter.target == "torch" and isinstance(rewriter.facts.value(node), NumpyArray):
        return as_tensor(rewriter, new)
    return new


def _operand_for(rewriter: Rewriter, lens: Lens, node: cst.BaseExpression) -> cst.BaseExpression:
    """What a loss is called with; torch wants the numbers of classes as 64-bit integers."""
    if rewriter.target == "tensorflow" or not _has_classes(lens):
        return operand(rewriter, node)
    new, value = rewriter.expression(node), rewriter.facts.value(node)
    if isinstance(value, NumpyArray):
        new = build.expression(rewriter.naming.spell("torch.as_tensor(x)"), x=new)
    return class_numbers(new, value)


def _has_classes(lens: Lens) -> bool:
    return isinstance(lens, Tensor) and lens.classes


def _with_targets(
    rewriter: Rewriter, node: cst.Call, bound: Arguments, moved: dict[str, Moved]
) -> None:
    """Bring the targets of a loss to the rank of the outputs."""
    target, outputs = bound.values.get("y_true"), bound.values.get("y_pred")
    if target is not None and outputs is not None and "target" in moved:
        written, positional = moved["target"]
        assert isinstance(written, cst.BaseExpression)
        moved["target"] = (as_outputs(rewriter, node, target, outputs, written), positional)


def as_outputs(
    rewriter: Rewriter,
    node: cst.Call,
    target: cst.BaseExpression,
    outputs: cst.BaseExpression,
    written: cst.BaseExpression,
) -> cst.BaseExpression:
    """The targets of a loss at the rank of the outputs: Keras brings them there, torch broadcasts."""
    given = data_shape(rewriter.facts.value(target))
    wanted = data_shape(rewriter.facts.value(outputs))
    if given is None or wanted is None:
        message = (
            "targets without the last axis of the outputs are broadcast here: give both one shape"
        )
        rewriter.note(node, Code.NUMERIC, message)
        return written
    if len(given) + 1 == len(wanted) and wanted[-1] == 1:
        return build.expression("y.unsqueeze(-1)", y=written)
    if len(given) == len(wanted) + 1 and given[-1] == 1:
        return build.expression("y.squeeze(-1)", y=written)
    return written


def call(rewriter: Rewriter, node: cst.Call, site: Site, bound: Arguments) -> cst.BaseExpression:
    """A call of a built layer or loss: its arguments by the other side's names, its activation applied."""
    record = site.record
    if record.states and rewriter.target == "torch":
        return to_torch.call(rewriter, node, site, bound)
    if record.heads:
        write = attention.together if rewriter.target == "tensorflow" else attention_to_torch.call
        return write(rewriter, node)
    if record.cell:
        return cells.call(rewriter, node, site, bound)
    if not changed_first.keep(rewriter, node, site):
        return node
    note_ranks(rewriter, node, replace(bound, record=record), record.call_args)
    func = rewriter.expression(node.func)
    places: list[int] = []
    alone = False
    if record.called != ONE_INPUT:
        signature = parse("call" + record.called[0 if rewriter.target == "torch" else 1])
        written = isinstance(record, Layer) and bool(record.helpers)
        said = {a.keyword.value for a in node.args if written and a.keyword is not None}
        moved: dict[str, Moved] = {
            str(lens.name(rewriter.target)): (
                _operand_for(rewriter, lens, bound.values[str(lens.name(rewriter.side))]),
                lens.name(rewriter.side) not in said,
            )
            for lens in record.call_args
            if str(lens.name(rewriter.side)) in bound.values
        }
        if rewriter.target == "torch" and not any(_has_classes(lens) for lens in record.call_args):
            _with_targets(rewriter, node, bound, moved)
        arguments = arrange(moved, signature, {})
        names = {lens.name(rewriter.target): lens.name(rewriter.side) for lens in record.call_args}
        given = [bound.values.get(str(names.get(p.name))) for p in signature.parameters]
        own = [argument.value for argument in node.args]
        places = [own.index(value) for value in given if value in own]
    else:
        alone = unbatched.is_alone(rewriter, site, bound)
        values = [operand(rewriter, value) for value in bound.values.values()]
        if alone:
            newaxis = rewriter.naming.spell("x[tf.newaxis]")
            values = [build.expression(newaxis, x=value) for value in values]
        values = [bordered(rewriter, site, node.func, value) for value in values]
        arguments = [build.argument(value) for value in values]
        arguments += [rewriter.parts(spread) for spread in node.args if spread.star == "**"]
    result: cst.BaseExpression = build.call(func, arguments, node, places)
    result = cropped(rewriter, site, node.func, result)
    result = with_training(rewriter, Built(site), result, node)
    if alone:
        result = build.expression("y[0]", y=result)
    beside = site.followed or site.member
    return activated(rewriter, site, result) if beside else result
