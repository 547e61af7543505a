"""Qualified names of the frameworks, in one canonical spelling, and which framework a name belongs to."""

from __future__ import annotations

import functools
import re

from translator.knowledge.lenses import Side

_OLD_OPERATIONS = (
    "abs|all|any|cast|cos|cumprod|cumsum|elu|equal|exp|greater|greater_equal|less|less_equal|log|max|maximum|mean|min|"
    "minimum|ndim|not_equal|ones_like|prod|relu|repeat|reshape|round|shape|sigmoid|sign|sin|softplus|softsign|sqrt|"
    "square|squeeze|stack|std|sum|tanh|tile|transpose|var|zeros_like"
)
"""What Keras's backend had of functions that are called alike, with the same arguments, in `keras.ops`."""
_REWRITES = (
    (re.compile(r"^tensorflow(?=\.|$)"), "tf"),
    (re.compile(r"^tf\.(python\.|_api\.v2\.)?keras(?=\.|$)"), "keras"),
    (re.compile(r"^keras\.(engine|models)\.(?=Model$|Sequential$)"), "keras."),
    (re.compile(r"^keras\.(api|src)\.(?=\w)"), "keras."),
    (re.compile(r"^keras\.(models\.)?Functional$"), "keras.Model"),
    (re.compile(r"^keras\.models\.(?=Model$|Sequential$)"), "keras."),
    (
        re.compile(r"^keras\.layers\.(core|convolutional|pooling|normalization)\.(?=\w)"),
        "keras.layers.",
    ),
    (re.compile(r"^keras\.layers\.(Global)?MaxPool(?=\dD$)"), r"keras.layers.\1MaxPooling"),
    (re.compile(r"^keras\.layers\.(Global)?AvgPool(?=\dD$)"), r"keras.layers.\1AveragePooling"),
    (
        re.compile(r"^keras\.layers\.(Separable|Depthwise)?Convolution(?=\dD)"),
        r"keras.layers.\1Conv",
    ),
    (re.compile(r"^keras\.layers\.Input$"), "keras.Input"),
    (re.compile(r"^keras\.activations\.get$"), "keras.layers.Activation"),
    (re.compile(rf"^keras\.backend\.(?=({_OLD_OPERATIONS})$)"), "keras.ops."),
    (re.compile(r"^keras\.backend\.pow$"), "keras.ops.power"),
    (re.compile(r"^keras\.backend\.permute_dimensions$"), "tf.transpose"),
    (re.compile(r"^keras\.backend\.gather$"), "tf.gather"),
    (re.compile(r"^keras\.backend\.l2_normalize$"), "tf.math.l2_normalize"),
    (re.compile(r"^keras\.backend\.clip$"), "keras.ops.clip"),
    (re.compile(r"^keras\.backend\.stop_gradient$"), "tf.stop_gradient"),
    (re.compile(r"^keras\.backend\.name_scope$"), "keras.name_scope"),
    (
        re.compile(
            r"^tf\.dtypes\.(?=(u?int\d+|float\d+|bool|string|cast|bfloat16|complex\d+|as_dtype)$)"
        ),
        "tf.",
    ),
    (re.compile(r"^keras\.ops\.(nn|numpy|math|core)\.(?=\w)"), "keras.ops."),
    (re.compile(r"^keras\.utils\.(generic|data|file|layer)_utils\.(?=\w)"), "keras.utils."),
    (
        re.compile(r"^keras\.applications\.imagenet_utils\._(?=\w)"),
        "keras.applications.imagenet_utils.",
    ),
    (re.compile(r"^keras\.ops\.operation_utils\.(?=\w)"), "keras.utils."),
    (re.compile(r"^keras\.ops\.(nn|numpy|core|math)\.(?=\w)"), "keras.ops."),
    (re.compile(r"^keras\.config\.image_data_format$"), "keras.backend.image_data_format"),
    (re.compile(r"^keras\.layers\.layer\.Layer$"), "keras.layers.Layer"),
    (re.compile(r"^tf\.(losses|optimizers|metrics|initializers)(?=\.|$)"), r"keras.\1"),
    (re.compile(r"^keras\.optimizers\.(legacy|experimental)\.(?=\w)"), "keras.optimizers."),
    (re.compile(r"^torch\.nn\.modules\.(\w+\.)?(?=[A-Z])"), "torch.nn."),
    (
        re.compile(
            r"^torch\.nn\.init\.(constant|normal|uniform|eye|dirac|sparse|orthogonal|"
            r"(?:xavier|kaiming)_(?:normal|uniform))$"
        ),
        r"torch.nn.init.\1_",  # older names of what is done in place
    ),
    (re.compile(r"^torch\.nn\.parameter\.(?=\w)"), "torch.nn."),
    (re.compile(r"^torch\.optim\.(?!lr_scheduler|swa_utils)(\w+)\.(?=[A-Z])"), "torch.optim."),
    (re.compile(r"^torch\.optim\.lr_scheduler\._(?=LRScheduler$)"), "torch.optim.lr_scheduler."),
    (re.compile(r"^torch\.distributions\.[a-z]\w*\.(?=\w)"), "torch.distributions."),
    (re.compile(r"^torch\.(tensor)\.Tensor$"), "torch.Tensor"),
    (re.compile(r"^einops\.layers\.keras(?=\.|$)"), "einops.layers.tensorflow"),
    (re.compile(r"^einops\.einops(?=\.|$)"), "einops"),
)


SHARED = "einops"
"""A package whose functions take the tensors of both frameworks."""
_LAYERS: tuple[tuple[str, Side], ...] = (
    ("einops.layers.torch", "torch"),
    ("einops.layers.tensorflow", "tensorflow"),
)


@functools.lru_cache(maxsize=4096)
def canonical(name: str) -> str:
    """One spelling for a name that the frameworks export in several places."""
    for pattern, replacement in _REWRITES:
        name = pattern.sub(replacement, name)
    return name


def side_of(name: str) -> Side | None:
    """The framework that owns a canonical name, None for any other package."""
    root = name.partition(".")[0]
    if root == SHARED:
        return next((side for module, side in _LAYERS if name.startswith(module)), None)
    if root == "torch":
        return "torch"
    return "tensorflow" if root in ("tf", "keras", "tensorflow") else None


def mentions(source: str, side: Side) -> bool:
    """True if the text could use a framework at all; far cheaper than reading it."""
    if side == "torch":
        return "torch" in source
    return "tensorflow" in source or "keras" in source
