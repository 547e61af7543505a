"""A framework's names that are not called where they stand: passed on, or asked for by `isinstance`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.records import Layer, Pair
from translator.knowledge.registry import explained, index, refusal
from translator.knowledge.signature import parse
from translator.rewrite import build, handed
from translator.source.narrowing import asked_class, asked_name, class_names
from translator.source.reference import counterpart, is_layer_class, is_module
from translator.source.statements import CUSTOM_GRADIENT
from translator.source.values import Api

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


_CONSTANTS = {
    "tf.data.AUTOTUNE": "-1",
    "tf.data.experimental.AUTOTUNE": "-1",
    "tf.newaxis": "None",
    "tf.__version__": "torch.__version__",
    "keras.__version__": "torch.__version__",
}
"""What is neither called nor a class, in torch."""


def reference(rewriter: Rewriter, node: cst.BaseExpression, name: str) -> cst.BaseExpression:
    """A framework's name that is not called: a class, a function or a constant that is passed on."""
    if rewriter.target == "torch" and name in _CONSTANTS:
        return build.expression(rewriter.naming.spell(_CONSTANTS[name]))
    if name == "torch.nn.Sequential" and id(node) in rewriter.facts.containers:
        return rewriter.naming.target("keras.Sequential")
    if rewriter.annotating:
        return _annotation(rewriter, node, name)
    if name in _NEW_AXIS:
        return cst.Name("None")
    if name in CUSTOM_GRADIENT:
        return rewriter.naming.helper("custom_gradient", rewriter.naming.spell(_WITH_GRADIENT))
    for record, _ in index(rewriter.side).get(name, ()):
        if isinstance(record, Layer) and record.helpers:
            return rewriter.naming.class_of(record, record.helpers[-1][0])
    other = counterpart(name, rewriter.side)
    if other is not None:
        return rewriter.naming.target(other)
    if is_layer_class(name) and rewriter.side == "torch":
        seen = name in rewriter.facts.called_classes and id(node) not in rewriter.facts.escaping
        new = handed.named(rewriter, name) if seen else None
        if new is not None:
            return new
    if refusal(name, rewriter.side) is not None:
        rewriter.leave(node, *unknown(rewriter, name, name))
    elif is_module(Api(name), rewriter.side):
        message = f"what is taken of {name} where it is passed on is not known: name it here"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, message)
    elif name in index(rewriter.side):
        message = f"{name} takes other arguments there: pass on a function that calls it"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, message)
    else:
        rewriter.leave(node, *unknown(rewriter, name, name))
    return node


_WITH_GRADIENT = '''
def custom_gradient(function):
    """A function that returns its result and a function that gives its gradient, for the result alone."""

    class Custom(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *inputs):
            result, ctx.gradient = function(*inputs)
            return result

        @staticmethod
        def backward(ctx, *upstream):
            return ctx.gradient(*upstream)

    return Custom.apply
'''
_NEW_AXIS = frozenset({"tf.newaxis", "keras.ops.newaxis"})


def unknown(rewriter: Rewriter, name: str, what: str) -> tuple[Code, str]:
    """Why something of the source framework stays: it is refused, or nothing is known of it."""
    refused = refusal(name, rewriter.side)
    if refused is not None:
        return Code.REFUSED, refused.told(what)
    if name in explained():
        return Code.UNSUPPORTED_CODE, f"{what} is not understood in this form"
    return Code.UNKNOWN_API, f"{what} has no record"


def _annotation(rewriter: Rewriter, node: cst.BaseExpression, name: str) -> cst.BaseExpression:
    """A class that says what something is: `-> nn.Conv2d`; every layer and model of Keras is a `Layer`."""
    if name == "torch.nn.Module":
        return rewriter.naming.target("keras.layers.Layer")
    other = counterpart(name, rewriter.side)
    if other is not None:
        return rewriter.naming.target(other)
    found = _counterpart_class(rewriter, name)
    if found is not None:
        return rewriter.naming.target(found)
    for home, base in _LAYERS.items():
        if name.startswith(home) and name.rpartition(".")[2][0].isupper():
            return rewriter.naming.target(base)
    rewriter.leave(node, *unknown(rewriter, name, name))
    return node


_LAYERS = {"torch.nn.": "keras.layers.Layer", "keras.layers.": "torch.nn.Module"}
"""Where a framework has its layers, and what all of them are on the other side."""


def asked(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`isinstance(m, nn.Linear)`: a class is named, but never called."""
    if len(node.args) != 2:
        return rewriter.parts(node)
    classes = node.args[1].value
    if isinstance(classes, cst.Tuple):
        elements = [e.with_changes(value=_classes(rewriter, e.value)) for e in classes.elements]
        new: cst.BaseExpression = classes.with_changes(elements=elements)
    else:
        new = _classes(rewriter, classes)
    first = rewriter.parts(node.args[0])
    return node.with_changes(args=[first, node.args[1].with_changes(value=new)])


def compared_class(rewriter: Rewriter, node: cst.Comparison) -> cst.Comparison | None:
    """`type(m) is nn.Linear`, `type(m).__name__ == "Linear"`: the target's class, or the name that it has."""
    compared, named = asked_class(node), asked_name(rewriter.facts.values, node)
    if compared is not None and rewriter.spelled(compared[1]) is not None:
        other = node.comparisons[0]
        new = other.with_changes(comparator=_class(rewriter, compared[1]))
        return node.with_changes(left=rewriter.expression(node.left), comparisons=[new])
    if named is None or rewriter.target != "tensorflow":
        return None
    _, text, whole = named
    names = {_last(rewriter, name) for name in class_names(text, whole)}
    if any(text.raw_value == info.name for info in rewriter.facts.classes.values()):
        return None
    if not names and rewriter.facts.mixed:  # it is the target's name already
        return None
    if names and not whole and all(str(text.raw_value) in name for name in names):
        return node
    if len(names) != 1:
        why = f"which classes have the name {text.value} there is not known: use isinstance"
        rewriter.todo(node, Code.UNSUPPORTED_CODE, why)
        return node
    quoted = text.value.replace(str(text.raw_value), names.pop())
    changed = node.deep_replace(text, text.with_changes(value=quoted))
    assert isinstance(changed, cst.Comparison)
    return changed


def _last(rewriter: Rewriter, name: str) -> str:
    """The name of the class that one of torch becomes."""
    record = index("torch")[name][0][0]
    signature = rewriter.target_spelling(record, "layer")
    return "" if signature is None else signature.name.rpartition(".")[2]


def _classes(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """The target's class for one of the source, and beside it the others that layers of the file become."""
    usual, name = _class(rewriter, node), rewriter.spelled(node)
    if usual is node or rewriter.target == "torch":
        return usual
    made = [s.record for s in rewriter.facts.sites.values() if s.arguments.spelling.name == name]
    written = (rewriter.target_spelling(record, "layer") for record in made)
    names = {signature.name: None for signature in written if signature is not None}
    others = [rewriter.naming.target(name) for name in names]
    others = [other for other in others if not build.same_code(other, usual)]
    if not others:
        return usual
    why = f"{name} is {' and '.join(names)} here, which name their initialisers differently"
    rewriter.note(node, Code.INITIALIZER, why)
    return cst.Tuple([cst.Element(part) for part in (usual, *others)])


def _class(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """The target's class for one of the source that is its only counterpart; every layer of Keras is a `Layer`."""
    if rewriter.spelled(node) == "torch.nn.Module":
        return rewriter.naming.target("keras.layers.Layer")
    found = _counterpart_class(rewriter, rewriter.spelled(node) or "")
    return rewriter.expression(node) if found is None else rewriter.naming.target(found)


def _counterpart_class(rewriter: Rewriter, name: str) -> str | None:
    """The target's class for one of the source that is its only counterpart."""
    for record, text in index(rewriter.side).get(name, ()):
        if isinstance(record, Pair):  # what it becomes may be no class
            continue
        signature = rewriter.target_spelling(record, "layer")
        if signature is None or parse(text).kind != "layer":
            continue
        rows = index(rewriter.target)[signature.name]
        names = {other.spellings(rewriter.side)[0].partition("(")[0] for other, _ in rows}
        used = {site.arguments.spelling.name for site in rewriter.facts.sites.values()}
        used |= rewriter.facts.called_classes
        if len(names) == 1 or not names & used - {record.title, name}:
            return signature.name
    return None
