"""Optimizers that follow the other side's numbers exactly: classes that are written into the converted file."""

from __future__ import annotations

from translator.knowledge.lenses import Lens, elements, fixed, only, same
from translator.knowledge.records import Exact
from translator.knowledge.training import keras_classes, torch_classes

SGD = "torch.optim.SGD(params, lr=0.001, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False)"
ADAM = "torch.optim.Adam(params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.0, amsgrad=False)"
ADAMW = "torch.optim.AdamW(params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01, amsgrad=False)"
RMSPROP = "torch.optim.RMSprop(params, lr=0.01, alpha=0.99, eps=1e-08, weight_decay=0.0, momentum=0.0, centered=False)"
ADAMAX = "torch.optim.Adamax(params, lr=0.002, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.0)"
NADAM = (
    "torch.optim.NAdam(params, lr=0.002, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.0, momentum_decay=0.004, "
    "decoupled_weight_decay=False)"
)
ADAGRAD = (
    "torch.optim.Adagrad(params, lr=0.01, lr_decay=0.0, weight_decay=0.0, initial_accumulator_value=0.0, "
    "eps=1e-10)"
)
ADADELTA = "torch.optim.Adadelta(params, lr=1.0, rho=0.9, eps=1e-06, weight_decay=0.0)"
ADAFACTOR = "torch.optim.Adafactor(params, lr=0.01, beta2_decay=-0.8, eps=(None, 0.001), d=1.0, weight_decay=0.0)"

_COMMON = (
    "weight_decay=None, clipnorm=None, clipvalue=None, global_clipnorm=None, use_ema=False, ema_momentum=0.99, "
    "ema_overwrite_frequency=None, loss_scale_factor=None, gradient_accumulation_steps=None, name=None)"
)
COMMON: tuple[Lens, ...] = (
    only("tensorflow", "clipnorm", "done before each step"),
    only("tensorflow", "clipvalue", "done before each step"),
    only("tensorflow", "global_clipnorm", "done before each step"),
    fixed("tensorflow", "use_ema", "False"),
    only("tensorflow", "ema_momentum", "used with use_ema alone"),
    only("tensorflow", "ema_overwrite_frequency", "used with use_ema alone"),
    fixed("tensorflow", "loss_scale_factor", "None"),
    fixed("tensorflow", "gradient_accumulation_steps", "None", "1"),
    only("tensorflow", "name", "a name changes no number"),
)
"""What every optimizer of Keras takes besides its own; clipping is put around torch's."""


def keras(name: str, *parameters: str) -> str:
    """The signature of an optimizer of Keras, with what all of them take."""
    return f"keras.optimizers.{name}({', '.join((*parameters, _COMMON))}"


_BETAS = ("learning_rate=0.001", "beta_1=0.9", "beta_2=0.999", "epsilon=1e-07")
KERAS_SGD = keras("SGD", "learning_rate=0.01", "momentum=0.0", "nesterov=False")
KERAS_ADAM = keras("Adam", *_BETAS, "amsgrad=False")
KERAS_ADAMW = (
    "keras.optimizers.AdamW(learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-07, "
    f"amsgrad=False, {_COMMON.partition(', ')[2]}"
)
KERAS_RMSPROP = keras(
    "RMSprop",
    "learning_rate=0.001",
    "rho=0.9",
    "momentum=0.0",
    "epsilon=1e-07",
    "centered=False",
)
KERAS_ADAMAX = keras("Adamax", *_BETAS)
KERAS_NADAM = keras("Nadam", *_BETAS)
KERAS_LAMB = keras("Lamb", *_BETAS)
KERAS_LION = keras("Lion", "learning_rate=0.001", "beta_1=0.9", "beta_2=0.99")
KERAS_ADAGRAD = keras(
    "Adagrad", "learning_rate=0.001", "initial_accumulator_value=0.1", "epsilon=1e-07"
)
KERAS_ADADELTA = keras("Adadelta", "learning_rate=0.001", "rho=0.95", "epsilon=1e-07")
FACTORS = (
    "beta_2_decay=-0.8",
    "epsilon_1=1e-30",
    "epsilon_2=0.001",
    "clip_threshold=1.0",
    "relative_step=True",
)
KERAS_ADAFACTOR = keras("Adafactor", "learning_rate=0.001", *FACTORS)
STRENGTHS = (
    "learning_rate_power=-0.5",
    "initial_accumulator_value=0.1",
    "l1_regularization_strength=0.0",
    "l2_regularization_strength=0.0",
    "l2_shrinkage_regularization_strength=0.0",
    "beta=0.0",
)
KERAS_FTRL = keras("Ftrl", "learning_rate=0.001", *STRENGTHS)

DECAY = only("tensorflow", "weight_decay", "done before each step")
_SHARED: tuple[Lens, ...] = (
    only("torch", "params", "given to apply_gradients"),
    same("lr", "learning_rate"),
    same("momentum"),
    same("nesterov"),
    same("dampening"),
    *elements("betas", "beta_1", "beta_2"),
    same("eps", "epsilon"),
    same("amsgrad"),
    same("alpha", "rho"),
    same("centered"),
)
"""Each form takes the parameters among these that its class has."""


def _for_tensorflow(
    torch: str, tf: str, code: str, decay: str = "l2", own: tuple[Lens, ...] = ()
) -> Exact:
    known = {str(lens.torch) for lens in own}
    shared = (lens for lens in _SHARED if str(lens.torch) not in known)
    args = (*shared, *own, same("weight_decay", decay))
    return Exact(torch=torch, tf=tf, args=args, side="tensorflow", code=code, of=_name(torch))


def _for_torch(of: str, torch: str, tf: str, code: str, *own: Lens) -> Exact:
    args = (*_SHARED, *(own or (same("weight_decay"),)), *COMMON)
    return Exact(torch=torch, tf=tf, args=args, side="torch", code=code, of=_name(of))


def _name(signature: str) -> str:
    return signature.partition("(")[0]


_TORCH_ADAM_FORM = (
    "TorchAdam(learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-08, l2=0.0, decay=0.0, "
    "amsgrad=False)"
)
_KERAS_ADAM_FORM = (
    "KerasAdam(params, lr=0.001, betas=(0.9, 0.999), eps=1e-07, amsgrad=False, weight_decay=None)"
)

SGD_FORMS = (
    _for_tensorflow(
        SGD,
        "TorchSGD(learning_rate=0.001, momentum=0.0, dampening=0.0, l2=0.0, nesterov=False)",
        torch_classes.SGD,
    ),
    _for_torch(
        SGD,
        "KerasSGD(params, lr=0.01, momentum=0.0, nesterov=False, weight_decay=None)",
        KERAS_SGD,
        keras_classes.SGD,
    ),
)
ADAM_FORMS = (
    _for_tensorflow(ADAM, _TORCH_ADAM_FORM, torch_classes.ADAM),
    _for_torch(ADAM, _KERAS_ADAM_FORM, KERAS_ADAM, keras_classes.ADAM),
)
ADAMW_FORMS = (
    _for_tensorflow(ADAMW, _TORCH_ADAM_FORM, torch_classes.ADAM, "decay"),
    _for_torch(ADAMW, _KERAS_ADAM_FORM, KERAS_ADAMW, keras_classes.ADAM),
)
RMSPROP_FORMS = (
    _for_tensorflow(
        RMSPROP,
        "TorchRMSprop(learning_rate=0.01, rho=0.99, epsilon=1e-08, l2=0.0, momentum=0.0, centered=False)",
        torch_classes.RMSPROP,
    ),
    _for_torch(
        RMSPROP,
        "KerasRMSprop(params, lr=0.001, alpha=0.9, momentum=0.0, eps=1e-07, centered=False, weight_decay=None)",
        KERAS_RMSPROP,
        keras_classes.RMSPROP,
    ),
)
ADAMAX_FORMS = (
    _for_tensorflow(
        ADAMAX,
        "TorchAdamax(learning_rate=0.002, beta_1=0.9, beta_2=0.999, epsilon=1e-08, l2=0.0)",
        torch_classes.ADAMAX,
    ),
    _for_torch(
        ADAMAX,
        "KerasAdamax(params, lr=0.001, betas=(0.9, 0.999), eps=1e-07)",
        KERAS_ADAMAX,
        keras_classes.ADAMAX,
        DECAY,
    ),
)
NADAM_FORMS = (
    _for_tensorflow(
        NADAM,
        "TorchNAdam(learning_rate=0.002, beta_1=0.9, beta_2=0.999, epsilon=1e-08, l2=0.0, momentum_decay=0.004, "
        "decoupled=False)",
        torch_classes.NADAM,
        own=(same("momentum_decay"), same("decoupled_weight_decay", "decoupled")),
    ),
    _for_torch(
        NADAM,
        "KerasNadam(params, lr=0.001, betas=(0.9, 0.999), eps=1e-07)",
        KERAS_NADAM,
        keras_classes.NADAM,
        DECAY,
    ),
)
ADAGRAD_FORMS = (
    _for_tensorflow(
        ADAGRAD,
        "TorchAdagrad(learning_rate=0.01, lr_decay=0.0, l2=0.0, initial_accumulator_value=0.0, epsilon=1e-10)",
        torch_classes.ADAGRAD,
        own=(same("lr_decay"), same("initial_accumulator_value")),
    ),
    _for_torch(
        ADAGRAD,
        "KerasAdagrad(params, lr=0.001, initial_accumulator_value=0.1, eps=1e-07)",
        KERAS_ADAGRAD,
        keras_classes.ADAGRAD,
        same("initial_accumulator_value"),
        DECAY,
    ),
)
ADADELTA_FORMS = (
    _for_tensorflow(
        ADADELTA,
        "TorchAdadelta(learning_rate=1.0, rho=0.9, epsilon=1e-06, l2=0.0)",
        torch_classes.ADADELTA,
        own=(same("rho"),),
    ),
)
