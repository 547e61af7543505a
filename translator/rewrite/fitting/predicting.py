"""`predict`: the outputs of a model as arrays."""

from __future__ import annotations

import libcst as cst

from translator.rewrite.fitting.data import Reader, of_dataset, written
from translator.rewrite.fitting.own_steps import own_method
from translator.rewrite.fitting.recognised import Call, is_array, outputs_of
from translator.rewrite.fitting.refused import RefusedError
from translator.rewrite.fitting.text import Text
from translator.source.facts import Facts, Training
from translator.source.values import BatchesValue, Items

_KNOWN = frozenset({"x", "batch_size", "verbose"})


def predicted(facts: Facts, text: Text, training: Training, call: cst.Call) -> cst.BaseExpression:
    """What stands for a call of `predict`, whose parts are changed already.

    Raises:
        RefusedError: it asks for more than can be followed.
    """
    if own_method(training.method.receiver, "predict_step") is not None:
        raise RefusedError("predict of a model with a predict_step of its own is not converted")
    given = Call(training, _KNOWN, ("x", "batch_size", "verbose")).get("x")
    if given is None:
        raise RefusedError("predict without data is not converted")
    place = next(i for i, a in enumerate(training.call.args) if a.value is given)
    model = text.hole(training.method.owner)
    reader = Reader(facts, text, training.method.receiver, {})
    if isinstance(facts.value(given), BatchesValue):
        batches = of_dataset(facts, text, call.args[place].value, reader)
        batches.head = batches.head.rstrip(":")
        every = f"[{model}({batches.inputs}, training=False) {batches.head}]"
        return text.expression(f"keras.ops.convert_to_numpy(tf.concat({every}, axis=0))")
    if not is_array(facts, given) and _is_made(given):
        raise RefusedError("predict of this data is not converted: write its loop by hand")
    facts.values[id(call.args[place].value)] = facts.value(given)
    outputs = f"{model}({written(reader.inputs(call.args[place].value))}, training=False)"
    several = outputs_of(facts, training)
    if isinstance(several, Items):
        array = text.own("output")
        one = f"keras.ops.convert_to_numpy({array})"
        return text.expression(f"[{one} for {array} in {outputs}]")
    return text.expression(f"keras.ops.convert_to_numpy({outputs})")


def _is_made(node: cst.BaseExpression) -> bool:
    """True for an object that is made on the spot: a generator, say."""
    return isinstance(node, cst.GeneratorExp | cst.Yield)
