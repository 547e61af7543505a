"""Optimizers that one side alone has: a class that follows it is written into the file of the other."""

from __future__ import annotations

from translator.knowledge.cases import Case
from translator.knowledge.lenses import Lens, elements, only, same
from translator.knowledge.records import Layer, Record, Refusal
from translator.knowledge.training import exact, keras_classes, torch_classes
from translator.knowledge.training.adaptive import cases, common

_DECAYS = ("weight_decay", "l2"), ("decoupled_weight_decay", "decoupled")
_RATE: tuple[Lens, ...] = (
    only("torch", "params", "given to apply_gradients"),
    same("lr", "learning_rate"),
)
_BETAS = elements("betas", "beta_1", "beta_2")
_WRITTEN = "a class of the file leads nowhere back"


def _proved(torch: str, keras: str, side: str) -> tuple[Case, ...]:
    found = cases(torch or "SGD([w])", keras or "SGD()")[0 if side == "torch" else 1]
    return (Case(found.text, (), found.side, script=True, one_way=_WRITTEN),)


def _of_torch(
    torch: str, tf: str, code: str, args: tuple[Lens, ...], example: str, differs: str, words: str
) -> Layer:
    """An optimizer of torch that Keras has not."""
    return Layer(
        torch=f"torch.optim.{torch}",
        tf=tf,
        args=(*_RATE, *args),
        helpers=((tf.partition("(")[0], code),),
        differs=differs,
        words=f"optimizer {words}",
        cases=_proved(example, "", "torch"),
    )


def _of_keras(
    torch: str, tf: str, code: str, args: tuple[Lens, ...], example: str, differs: str, words: str
) -> Layer:
    """An optimizer of Keras that torch has not."""
    name = tf.removeprefix("keras.optimizers.").partition("(")[0]
    return Layer(
        torch=torch,
        tf=tf if name == "Lamb" else (tf, f"'{name.lower()}'", f"'{name}'"),
        args=(*common(exact.DECAY), *args),
        helpers=((torch.partition("(")[0], code),),
        differs=differs,
        words=f"optimizer {words}",
        cases=_proved("", example, "tensorflow"),
    )


RADAM = _of_torch(
    "RAdam(params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.0, decoupled_weight_decay=False)",
    "TorchRAdam(learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-08, l2=0.0, decoupled=False)",
    torch_classes.RADAM,
    (*_BETAS, same("eps", "epsilon"), *(same(*names) for names in _DECAYS)),
    "RAdam([w], lr=0.1, betas=(0.9, 0.9), weight_decay=0.01)",
    "Keras has no rectified Adam.",
    "radam rectified adam",
)
ASGD = _of_torch(
    "ASGD(params, lr=0.01, lambd=0.0001, alpha=0.75, t0=1000000.0, weight_decay=0.0)",
    "TorchASGD(learning_rate=0.01, lambd=0.0001, alpha=0.75, l2=0.0)",
    torch_classes.ASGD,
    (
        same("lambd"),
        same("alpha"),
        only("torch", "t0", "the average of the weights is not kept"),
        same("weight_decay", "l2"),
    ),
    "ASGD([w], lr=0.1, lambd=0.01)",
    "Keras has no averaged descent. The weights follow torch's; their average, which torch keeps in its state and "
    "does not use, is left out.",
    "asgd averaged stochastic gradient descent",
)
RPROP = _of_torch(
    "Rprop(params, lr=0.01, etas=(0.5, 1.2), step_sizes=(1e-06, 50))",
    "TorchRprop(learning_rate=0.01, etas=(0.5, 1.2), step_sizes=(1e-06, 50))",
    torch_classes.RPROP,
    (same("etas"), same("step_sizes")),
    "Rprop([w], lr=0.5)",
    "Keras has no resilient backpropagation.",
    "rprop resilient",
)
ADAFACTOR = _of_torch(
    exact.ADAFACTOR.removeprefix("torch.optim."),
    "TorchAdafactor(learning_rate=0.01, beta2_decay=-0.8, eps=(None, 0.001), d=1.0, decay=0.0)",
    torch_classes.ADAFACTOR,
    (same("beta2_decay"), same("eps"), same("d"), same("weight_decay", "decay")),
    "Adafactor([w], lr=0.1)",
    "Both sides bound what they divide by in another way, so that each is written out for the other. They factor the "
    "last two axes of a weight, which of a convolution are not the same two on both sides.",
    "adafactor factored",
)
KERAS_ADAFACTOR = _of_keras(
    f"KerasAdafactor(params, lr=0.001, {', '.join(exact.FACTORS)})",
    exact.KERAS_ADAFACTOR,
    keras_classes.ADAFACTOR,
    tuple(same(name.partition("=")[0]) for name in exact.FACTORS),
    "Adafactor(learning_rate=0.1)",
    "Both sides bound what they divide by in another way, so that each is written out for the other. They factor the "
    "last two axes of a weight, which of a convolution are not the same two on both sides.",
    "adafactor factored",
)
LION = _of_keras(
    "Lion(params, lr=0.001, betas=(0.9, 0.99))",
    exact.KERAS_LION,
    keras_classes.LION,
    _BETAS,
    "Lion(learning_rate=0.1)",
    "torch has no Lion.",
    "lion sign",
)
LAMB = _of_keras(
    "Lamb(params, lr=0.001, betas=(0.9, 0.999), eps=1e-07)",
    exact.KERAS_LAMB,
    keras_classes.LAMB,
    (*_BETAS, same("eps", "epsilon")),
    "Lamb(learning_rate=0.1)",
    "torch has no Lamb.",
    "lamb layerwise adaptive",
)
FTRL = _of_keras(
    f"Ftrl(params, lr=0.001, {', '.join(exact.STRENGTHS)})",
    exact.KERAS_FTRL,
    keras_classes.FTRL,
    tuple(same(name.partition("=")[0]) for name in exact.STRENGTHS),
    "Ftrl(learning_rate=0.5, l1_regularization_strength=0.01)",
    "torch has no FTRL.",
    "ftrl follow the regularized leader",
)


def _refused(torch: str, tf: str, why: str, instead: str, words: str) -> Refusal:
    return Refusal(
        torch=(f"torch.optim.{torch}",) if torch else (),
        tf=(f"keras.optimizers.{tf}",) if tf else (),
        differs=why,
        instead=instead,
        words=f"optimizer {words}",
    )


REFUSED = (
    _refused(
        "LBFGS",
        "",
        "it evaluates the loss several times in one step, which Keras's optimizers cannot",
        "scipy.optimize.minimize(loss_and_gradient, weights, jac=True, method='L-BFGS-B') over the flat weights, or "
        "tfp.optimizer.lbfgs_minimize",
        "lbfgs quasi newton closure",
    ),
    _refused(
        "SparseAdam",
        "",
        "its gradients are sparse tensors of torch; Keras's Adam lets the moments of all rows decay",
        "keras.optimizers.Adam, which moves rows that no batch named as well",
        "sparse adam embedding",
    ),
    _refused(
        "Muon",
        "Muon",
        "both sides orthogonalise in half precision, torch for matrices alone and Keras with Adam for the rest, whose "
        "sizes they scale in another way",
        "the other side's Muon for the matrices, with its rate found anew",
        "muon orthogonal newton schulz",
    ),
    _refused(
        "",
        "ScheduleFreeAdamW",
        "it evaluates the model at one point and keeps another",
        "the package schedulefree for torch",
        "schedule free",
    ),
    _refused(
        "",
        "MultiOptimizer",
        "torch has one optimizer for several rates",
        "parameter groups, torch.optim.Adam([{'params': ..., 'lr': ...}, ...])",
        "several optimizers groups",
    ),
)

RECORDS: tuple[Record, ...] = (
    RADAM,
    ASGD,
    RPROP,
    ADAFACTOR,
    KERAS_ADAFACTOR,
    LION,
    LAMB,
    FTRL,
    *REFUSED,
)
