"""The functions that the models of `keras.applications` are built with: files of weights, checks of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.fetched import GET_FILE
from translator.knowledge.layers.borders import SAME
from translator.knowledge.layers.same_pad import CORRECT_PAD
from translator.rewrite import build
from translator.source.made import argument

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_INPUT_SHAPE = '''
def obtain_input_shape(input_shape, default_size, min_size, require_flatten, weights=None):
    """The shape of the images, channels last, checked against what the model can take."""
    channels = input_shape[-1] if input_shape and weights != "imagenet" else 3
    default_shape = (default_size, default_size, channels)
    if weights == "imagenet" and require_flatten:
        if input_shape is not None and tuple(input_shape) != default_shape:
            raise ValueError(f"with these weights, the input shape must be {default_shape}")
        return default_shape
    if not input_shape:
        return default_shape if require_flatten else (None, None, 3)
    if len(input_shape) != 3 or (weights == "imagenet" and input_shape[-1] != 3):
        raise ValueError(f"the input must have three axes and three channels: {input_shape}")
    if any(size is not None and size < min_size for size in input_shape[:2]):
        raise ValueError(f"the input must be at least {min_size}x{min_size}: {input_shape}")
    if require_flatten and None in input_shape:
        raise ValueError("with the top layers, the input shape must be known")
    return input_shape
'''
_VALIDATE = '''
def validate_activation(classifier_activation, weights):
    """Weights that were learnt go with the activation that they were learnt with."""
    if weights is not None and classifier_activation not in ("softmax", None):
        raise ValueError("with these weights, the activation must be None or 'softmax'")
'''
_FETCHED = "the weights that are fetched are Keras's: `translator weights` carries them over"


def exists(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`file_utils.exists(path)`."""
    if len(node.args) != 1 or node.args[0].keyword is not None:
        return None
    text = rewriter.naming.spell("os.path.exists(path)")
    return build.expression(text, path=rewriter.expression(node.args[0].value))


def get_file(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`get_file(name, address, ...)`: torch keeps what it fetches in a folder of its own."""
    taken = {a.keyword.value for a in node.args if a.keyword is not None}
    if taken - {"fname", "origin", "cache_subdir", "file_hash", "md5_hash"}:
        return None
    name, origin = argument(node, 0, "fname"), argument(node, 1, "origin")
    if name is None or origin is None or sum(a.keyword is None for a in node.args) > 2:
        return None
    expected = argument(node, -1, "file_hash") or argument(node, -1, "md5_hash")
    given = [build.argument(rewriter.expression(value)) for value in (name, origin)]
    if expected is not None:
        given.append(build.argument(rewriter.expression(expected), "file_hash"))
    rewriter.naming.imports["import hashlib"] = set()
    rewriter.note(node, Code.FILES, _FETCHED)
    func = rewriter.naming.helper("get_file", rewriter.naming.spell(GET_FILE))
    return build.call(func, given, node)


def obtain_input_shape(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`imagenet_utils.obtain_input_shape(...)`, for images that are channels last."""
    layout = argument(node, 3, "data_format")
    given = [
        cst.Arg(rewriter.expression(a.value), keyword=a.keyword, equal=a.equal)
        for a in node.args
        if a.value is not layout
    ]
    if any(a.star for a in node.args):
        return None
    func = rewriter.naming.helper("obtain_input_shape", _INPUT_SHAPE)
    return build.call(func, given, node)


def validate_activation(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`imagenet_utils.validate_activation(activation, weights)`."""
    given = [a.with_changes(value=rewriter.expression(a.value)) for a in node.args]
    func = rewriter.naming.helper("validate_activation", _VALIDATE)
    return build.call(func, given, node)


def correct_pad(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """The layer that pads as `imagenet_utils.correct_pad` says; the function itself asks for sizes that are fixed."""
    if len(node.args) != 1:
        return None
    func = rewriter.naming.helper(SAME[0], rewriter.naming.spell(SAME[1]))
    window = build.argument(rewriter.expression(node.args[0].value))
    return build.call(func, [window, build.argument(cst.Integer("2"))])


NAMES = {
    CORRECT_PAD: correct_pad,
    "keras.utils.exists": exists,
    "tf.io.gfile.exists": exists,
    "keras.utils.get_file": get_file,
    "keras.applications.imagenet_utils.obtain_input_shape": obtain_input_shape,
    "keras.applications.imagenet_utils.validate_activation": validate_activation,
}
