"""Losses of numbers: how far predictions are from targets."""

from __future__ import annotations

from translator.knowledge.cases import Case, case, f32, positive
from translator.knowledge.lenses import Fixed, Lens, choice, fixed, same, tensor
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.shapes import Bound, Shape, scalar

REDUCTION = choice("reduction", "reduction", ("'mean'", "'sum_over_batch_size'"))
OLD: tuple[Fixed, ...] = (
    fixed("torch", "size_average", "None"),
    fixed("torch", "reduce", "None"),
)
"""What torch's losses took before `reduction`."""

CALLED = ("(input, target)", "(y_true, y_pred)")
CALL_ARGS: tuple[Lens, ...] = (tensor("input", "y_pred"), tensor("target", "y_true"))
_OPERANDS: tuple[Lens, ...] = (tensor("input", "input"), tensor("target", "target"))
_ORDER = "torch takes (prediction, target), Keras (target, prediction). "
_SUM = "With reduction='sum' Keras still averages over the last axis."


def loss(
    torch: str,
    tf: str,
    strings: tuple[str, ...],
    *rules: Lens,
    more: tuple[str, str] = ("", ""),
    differs: str = "",
    words: str = "",
    cases: tuple[Case, ...] = (),
) -> Layer:
    """A loss class of both sides; `more` are parameters that its torch and its Keras class have of their own."""
    return Layer(
        torch=f"torch.nn.{torch}({more[0]}size_average=None, reduce=None, reduction='mean')",
        tf=(f"keras.losses.{tf}({more[1]}reduction='sum_over_batch_size')", *strings),
        args=(REDUCTION, *OLD, *rules),
        called=CALLED,
        call_args=CALL_ARGS,
        shape=scalar,
        dtype="float",
        differs=_ORDER + differs,
        naive=f"{tf}()(prediction, target)",
        words=words,
        cases=cases
        or (
            case(f"torch.nn.{torch}()", f32(4, 3), f32(4, 3)),
            case(f"keras.losses.{tf}()", f32(4, 3), f32(4, 3), side="tensorflow"),
        ),
    )


MSE = loss(
    "MSELoss",
    "MeanSquaredError",
    ("'mse'", "'mean_squared_error'", "'MSE'"),
    differs=_SUM,
    words="mean squared error loss mse",
)
L1 = loss(
    "L1Loss",
    "MeanAbsoluteError",
    ("'mae'", "'mean_absolute_error'", "'MAE'"),
    differs=_SUM,
    words="mean absolute error loss mae",
)
HUBER = Layer(
    torch="torch.nn.HuberLoss(reduction='mean', delta=1.0)",
    tf=("keras.losses.Huber(delta=1.0, reduction='sum_over_batch_size')", "'huber'"),
    args=(REDUCTION, same("delta")),
    called=CALLED,
    call_args=CALL_ARGS,
    shape=scalar,
    dtype="float",
    differs=_ORDER + _SUM,
    words="huber loss smooth l1",
    cases=(
        case("torch.nn.HuberLoss(delta=0.7)", f32(4, 3), f32(4, 3)),
        case("keras.losses.Huber(0.5)", f32(4, 3), f32(4, 3), side="tensorflow"),
    ),
)
SMOOTH_L1 = Layer(
    torch="torch.nn.SmoothL1Loss(size_average=None, reduce=None, reduction='mean', beta=1.0)",
    tf="keras.losses.Huber(delta=1.0, reduction='sum_over_batch_size')",
    args=(
        REDUCTION,
        *OLD,
        fixed("torch", "beta", "1.0"),
        fixed("tensorflow", "delta", "1.0"),
    ),
    called=CALLED,
    call_args=CALL_ARGS,
    shape=scalar,
    dtype="float",
    differs="Huber's loss is beta times the smooth one: they agree at 1.",
    naive="Huber(delta=beta)",
    error="0.8 for beta 0.3",
    words="smooth l1 loss huber",
    cases=(case("torch.nn.SmoothL1Loss()", f32(4, 3), f32(4, 3)),),
)


def _other_reduction(torch: str, name: str, reduction: str, formula: str) -> Pair:
    """A loss class with another reduction: a function of TensorFlow, because Keras averages over the last axis."""
    code = f"""
def {name}(y_true, y_pred):
    \"\"\"torch's {torch}(reduction="{reduction}").\"\"\"
    return {formula}
"""
    return Pair(
        torch=f"torch.nn.{torch}(size_average=None, reduce=None, reduction='mean')",
        tf=name,
        args=(fixed("torch", "reduction", f"'{reduction}'"), *OLD),
        called=CALLED,
        call_args=CALL_ARGS,
        shape=scalar if reduction == "sum" else _whole,
        dtype="float",
        only_from="torch",
        helper=(name, code),
        differs=_SUM,
        naive="keras.losses.MeanSquaredError(reduction='sum')",
        error="28",
        cases=(case(f"torch.nn.{torch}(reduction='{reduction}')", f32(4, 3), f32(4, 3)),),
    )


def _whole(call: Bound) -> Shape:
    return call.first


def _functions(torch: str, formula: str) -> tuple[Pair, ...]:
    """A loss function of torch with each reduction, as TensorFlow writes it."""
    written = {
        "mean": f"tf.reduce_mean({formula})",
        "sum": f"tf.reduce_sum({formula})",
        "none": formula,
    }
    return tuple(
        Pair(
            torch=f"torch.nn.functional.{torch}(input, target, *, reduction='mean')",
            tf=text,
            args=(*_OPERANDS, fixed("torch", "reduction", f"'{reduction}'")),
            shape=_whole if reduction == "none" else scalar,
            dtype="float",
            only_from="torch",
            cases=(
                case(
                    f"torch.nn.functional.{torch}(x, y, reduction='{reduction}')",
                    x=f32(4, 3),
                    y=f32(4, 3),
                ),
            ),
        )
        for reduction, text in written.items()
    )


def _huber(torch: str, reduction: str, tf: str, *rules: Lens, text: str) -> Pair:
    return Pair(
        torch=f"torch.nn.functional.{torch}",
        tf=tf,
        args=(*_OPERANDS, fixed("torch", "reduction", f"'{reduction}'"), *rules),
        shape=scalar if reduction == "mean" else _whole,
        dtype="float",
        only_from="torch",
        words="huber smooth l1",
        cases=(case(f"torch.nn.functional.{text}", x=f32(4, 3), y=f32(4, 3)),),
    )


_DISTANCE = "tf.abs(input - target)"
_HUBER_FUNCTIONS = (
    _huber(
        "huber_loss(input, target, reduction='mean', delta=1.0)",
        "mean",
        "tf.reduce_mean(keras.losses.huber(target, input, delta=delta))",
        same("delta"),
        text="huber_loss(x, y, delta=0.5)",
    ),
    _huber(
        "huber_loss(input, target, reduction='mean', delta=1.0)",
        "none",
        f"tf.where({_DISTANCE} <= delta, 0.5 * {_DISTANCE} ** 2, delta * ({_DISTANCE} - 0.5 * delta))",
        same("delta"),
        text="huber_loss(x, y, reduction='none')",
    ),
    _huber(
        "smooth_l1_loss(input, target, size_average=None, reduce=None, reduction='mean', beta=1.0)",
        "mean",
        "tf.reduce_mean(keras.losses.huber(target, input))",
        *OLD,
        fixed("torch", "beta", "1.0"),
        text="smooth_l1_loss(x, y)",
    ),
)


def _per_sample(call: Bound) -> Shape:
    return None if not call.first else call.first[:-1]


def keras_function(
    names: tuple[str, ...],
    torch: str,
    words: str,
    *rules: Lens,
    parameters: str = "",
    argument: str = "",
    positive_only: bool = False,
) -> Pair:
    """A loss function of Keras, which averages over the last axis and returns one number for each sample."""
    array = positive(4, 3) if positive_only else f32(4, 3)
    return Pair(
        torch=torch,
        tf=tuple(f"{name}(y_true, y_pred{parameters})" for name in names),
        args=(tensor("y_true", "y_true"), tensor("y_pred", "y_pred"), *rules),
        shape=_per_sample,
        dtype="float",
        only_from="tensorflow",
        differs="The function averages over the last axis alone and returns one loss per sample.",
        naive="F.mse_loss(y_pred, y_true)",
        words=words,
        cases=(case(f"{names[0]}(x, y{argument})", x=array, y=array, side="tensorflow"),),
    )


def _spelled(name: str, alias: str) -> tuple[str, ...]:
    return (
        f"keras.losses.{name}",
        f"keras.losses.{alias}",
        f"keras.metrics.{name}",
        f"keras.losses.{alias.upper()}",
    )


RECORDS: tuple[Record, ...] = (
    MSE,
    L1,
    HUBER,
    SMOOTH_L1,
    _other_reduction(
        "MSELoss", "squared_error_sum", "sum", "tf.reduce_sum(tf.square(y_pred - y_true))"
    ),
    _other_reduction("MSELoss", "squared_errors", "none", "tf.square(y_pred - y_true)"),
    _other_reduction(
        "L1Loss", "absolute_error_sum", "sum", "tf.reduce_sum(tf.abs(y_pred - y_true))"
    ),
    _other_reduction("L1Loss", "absolute_errors", "none", "tf.abs(y_pred - y_true)"),
    *_functions("mse_loss", "tf.square(input - target)"),
    *_functions("l1_loss", "tf.abs(input - target)"),
    *_HUBER_FUNCTIONS,
    keras_function(
        _spelled("mean_squared_error", "mse"),
        "torch.mean((y_pred - y_true) ** 2, dim=-1)",
        "mse function tf.losses.mse",
    ),
    keras_function(
        _spelled("mean_absolute_error", "mae"),
        "torch.mean(torch.abs(y_pred - y_true), dim=-1)",
        "mae function tf.losses.mae",
    ),
    keras_function(
        ("keras.losses.huber",),
        'torch.mean(F.huber_loss(y_pred, y_true, reduction="none", delta=delta), dim=-1)',
        "huber function",
        same("delta"),
        parameters=", delta=1.0",
        argument=", delta=0.5",
    ),
)
