"""Layers, losses and containers: constructors, calls, activations that move out of or into a layer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Lens, Tensor
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.signature import Signature, parse
from translator.rewrite import build
from translator.rewrite.activation import activated, activation_layer
from translator.rewrite.arguments import move
from translator.rewrite.arrange import arrange
from translator.rewrite.by_hand import as_tensor
from translator.rewrite.modes import with_training
from translator.rewrite.operands import Moved, class_numbers
from translator.rewrite.trained import trained
from translator.source.arrays import data_shape
from translator.source.bind import Arguments
from translator.source.layers import ONE_INPUT
from translator.source.literals import literal_value
from translator.source.objects import Built, Site
from translator.source.values import NumpyArray

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def constructor(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    """A layer where it is built; an activation that Keras applies inside stands beside it in torch."""
    site = rewriter.facts.sites[id(node)]
    layer = built(rewriter, node, bound)
    if site.detached and not site.seen and site.record.order == "wants":
        last = "channels last" if rewriter.target == "tensorflow" else "channels first"
        why = f"no call of this layer is seen in the file: it takes {last} there"
        rewriter.todo(node, Code.UNSUPPORTED_CODE, why, site.record.title)
    activation = activation_layer(rewriter, site)
    if activation is None or site.followed:
        return layer
    return build.call(
        rewriter.naming.target("torch.nn.Sequential"), [cst.Arg(layer), cst.Arg(activation)]
    )


def built(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    """The constructor call of the layer alone."""
    record = bound.record
    if isinstance(record, Pair):
        from translator.rewrite.patterns import written_pattern

        return written_pattern(rewriter, node, bound, record.spellings(rewriter.target)[0])
    signature = rewriter.target_spelling(record, "layer")
    if signature is not None and record.ranks and rewriter.target == "torch":
        signature = _by_rank(rewriter, node, record)
        if signature is None:
            rewriter.leave(node, Code.UNSUPPORTED_CODE, "how many axes its input has is not known")
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
    func = rewriter.naming.target(signature.name)
    names = rewriter.target_names(record, signature)
    missing = [
        p.name
        for p in signature.parameters
        if p.default is None and not p.star and p.name not in moved
    ]
    if missing and rewriter.target == "torch":
        lazy = _lazy(rewriter, node, record, signature, missing[0])
        if lazy is None:
            rewriter.leave(node, Code.UNSUPPORTED_CODE, f"{missing[0]} is not known from this file")
            return node
        func, signature = lazy
    if isinstance(record, Layer) and record.training:
        rewriter.note(node, Code.NUMERIC, f"{record.title}: {record.training}", record.title)
    if isinstance(record, Layer) and record.initial:
        _note_initial(rewriter, node, bound, record)
    arguments = arrange(moved, signature, names) + _initializers(rewriter, node, bound)
    return build.call(func, arguments, node)


def _by_rank(rewriter: Rewriter, node: cst.Call, record: Record) -> Signature | None:
    """torch's name for the number of axes that reach the layer."""
    shape = rewriter.facts.sites[id(node)].inputs
    names = [name for name, rank in record.ranks if shape is not None and rank == len(shape)]
    spelled = (parse(text) for text in record.spellings("torch"))
    return next((signature for signature in spelled if signature.name in names), None)


def _initial_given(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> bool:
    """True if the source says how all weights start."""
    if rewriter.target == "torch":
        return "kernel_initializer" in bound.values
    given = rewriter.initializers.get(id(node), {})
    biased = bound.values.get("bias")
    return "kernel" in given and (
        "bias" in given or (biased is not None and literal_value(biased) is False)
    )


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
    rewriter: Rewriter, node: cst.Call, record: Record, signature: Signature, missing: str
) -> tuple[cst.BaseExpression, Signature] | None:
    """The variant of a torch module that learns its input size at its first call, None where there is none."""
    prefix, _, last = signature.name.rpartition(".")
    if not any(text.startswith(f"{prefix}.Lazy{last}(") for text in record.spellings("torch")):
        return None
    rewriter.note(
        node, Code.LAZY_SIZE, f"{missing} of {last} is not known from this file", signature.name
    )
    rest = tuple(p for p in signature.parameters if p.name != missing)
    return rewriter.naming.target(f"{prefix}.Lazy{last}"), Signature(
        signature.name, rest, signature.kind
    )


def _note_initial(rewriter: Rewriter, node: cst.Call, bound: Arguments, record: Layer) -> None:
    """Say how the first weights differ, or that the ones that the source asks for could not be written."""
    asked = any(f"{name}_initializer" in bound.values for name in ("kernel", "bias"))
    if asked and id(node) not in rewriter.initialised:
        message = (
            f"the initialiser of {record.title} needs a name for the layer: call nn.init on it"
        )
        rewriter.todo(node, Code.UNSUPPORTED_ARGUMENT, message, record.title)
    elif not rewriter.exact and not _initial_given(rewriter, node, bound):
        rewriter.note(node, Code.INITIALIZER, f"{record.title}: {record.initial}", record.title)


def _initializers(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> list[cst.Arg]:
    """`kernel_initializer=` for what `nn.init` calls in the source set; with `exact`, for torch's defaults."""
    given = rewriter.initializers.get(id(node), {})
    if rewriter.exact and rewriter.target == "tensorflow" and not given:
        given = exact_initialisers(rewriter, bound)
    return [build.argument(value, f"{name}_initializer") for name, value in given.items()]


def exact_initialisers(rewriter: Rewriter, bound: Arguments) -> dict[str, cst.BaseExpression]:
    """torch's defaults: U(-1/sqrt(fan_in), 1/sqrt(fan_in)) for the kernel and for the bias."""
    if not isinstance(bound.record, Layer) or not bound.record.fan_in:
        return {}
    fan_in = _fan_in(rewriter, bound, bound.record.fan_in)
    if fan_in is None:
        return {}
    limit = (
        f"{fan_in} ** -0.5" if fan_in.isidentifier() or fan_in.isdigit() else f"({fan_in}) ** -0.5"
    )
    uniform = rewriter.naming.spell(f"keras.initializers.RandomUniform(-({limit}), {limit})")
    initialisers = {"kernel": build.expression(uniform)}
    biased = bound.values.get("bias")
    if biased is None or literal_value(biased) is not False:
        initialisers["bias"] = build.expression(uniform)
    return initialisers


def _fan_in(rewriter: Rewriter, bound: Arguments, names: tuple[str, ...]) -> str | None:
    """The number of inputs of one output as code; a kernel size of one number counts for two axes."""
    factors: list[str] = []
    for name in names:
        given = bound.values.get(name)
        if given is None:
            return None
        if isinstance(given, cst.Tuple):
            factors += [build.code(rewriter.expression(e.value)) for e in given.elements]
        else:
            text = build.code(build.parenthesized(rewriter.expression(given)))
            factors += [text] * (2 if name == "kernel_size" else 1)
    groups = bound.values.get("groups")
    if all(factor.isdigit() for factor in factors) and groups is None:
        return str(math.prod(map(int, factors)))
    text = " * ".join(factors)
    return (
        text
        if groups is None
        else f"{text} // {build.code(build.parenthesized(rewriter.expression(groups)))}"
    )


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
    func = rewriter.expression(node.func)
    places: list[int] = []
    if record.called != ONE_INPUT:
        signature = parse("call" + record.called[0 if rewriter.target == "torch" else 1])
        moved: dict[str, Moved] = {
            str(lens.name(rewriter.target)): (
                _operand_for(rewriter, lens, bound.values[str(lens.name(rewriter.side))]),
                True,
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
        values = [operand(rewriter, value) for value in bound.values.values()]
        arguments = [build.argument(value) for value in values]
    result: cst.BaseExpression = build.call(func, arguments, node, places)
    result = with_training(rewriter, Built(site), result, node)
    beside = site.followed or site.member
    return activated(rewriter, site, result) if beside else result
