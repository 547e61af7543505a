"""The programs behind docs/training.md: twenty steps with an optimizer, a loss or a schedule, in float64."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from translator.knowledge.lenses import Side

_IMPORTS = {
    "torch": "import torch\nimport torch.nn.functional as F\n",
    "tensorflow": "import keras\nimport tensorflow as tf\n",
}
_TORCH_STEP = """
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"{loss.item():.15e}")
"""
_KERAS_STEP = """
    gradients = tape.gradient(loss, [w])
    optimizer.apply_gradients(zip(gradients, [w]))
    print(f"{loss.numpy():.15e}")
"""
_QUADRATIC = {
    "torch": """
target = torch.tensor([3.0, -1e-3, 0.5], dtype=torch.float64)
w = torch.tensor([1.0, 1e-3, -2.0], dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.MADE
for step in range(20):
    loss = torch.sum((w - target) ** 2 * target ** 2)"""
    + _TORCH_STEP,
    "tensorflow": """
target = tf.constant([3.0, -1e-3, 0.5], dtype=tf.float64)
w = tf.Variable([1.0, 1e-3, -2.0], dtype=tf.float64)
optimizer = keras.optimizers.MADE
for step in range(20):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((w - target) ** 2 * target ** 2)"""
    + _KERAS_STEP,
}
_SCHEDULED = {
    "torch": """
target = torch.tensor([3.0, -1e-3, 0.5], dtype=torch.float64)
w = torch.tensor([1.0, 1e-3, -2.0], dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.04, momentum=0.9)
scheduler = torch.optim.lr_scheduler.MADE
for step in range(20):
    loss = torch.sum((w - target) ** 2 * target ** 2)"""
    + _TORCH_STEP
    + "    scheduler.step(GIVEN)\n",
    "tensorflow": """
target = tf.constant([3.0, -1e-3, 0.5], dtype=tf.float64)
w = tf.Variable([1.0, 1e-3, -2.0], dtype=tf.float64)
schedule = keras.optimizers.schedules.MADE
optimizer = keras.optimizers.SGD(schedule, momentum=0.9)
for step in range(20):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((w - target) ** 2 * target ** 2)"""
    + _KERAS_STEP,
}
_DATA = "[[0.5, -1.0, 2.0], [1.5, 0.3, -0.7], [-0.4, 0.8, 1.1], [-1.2, 0.1, 0.6]]"
_WEIGHTS = "[[0.1, -0.2, 0.3], [0.4, 0.1, -0.3], [-0.2, 0.3, 0.2]]"
_LOSS = {
    "torch": f"""
x = torch.tensor({_DATA}, dtype=torch.float64)
y = torch.tensor(TARGETS)
w = torch.tensor({_WEIGHTS}, dtype=torch.float64, requires_grad=True)
criterion = torch.nn.MADE
optimizer = torch.optim.SGD([w], lr=0.1)
for step in range(20):
    loss = CALL"""
    + _TORCH_STEP,
    "tensorflow": f"""
x = tf.constant({_DATA}, dtype=tf.float64)
y = tf.constant(TARGETS)
w = tf.Variable({_WEIGHTS}, dtype=tf.float64)
criterion = keras.losses.MADE
optimizer = keras.optimizers.SGD(0.1)
for step in range(20):
    with tf.GradientTape() as tape:
        loss = CALL"""
    + _KERAS_STEP,
}


@dataclass(frozen=True)
class Program:
    """Twenty printed losses: of what `kind` and by which constructor, with the whole text."""

    kind: str
    side: Side
    made: str
    text: str

    @property
    def precision(self) -> str:
        """The type in which it computes: TensorFlow has no gradient of its CTC loss in float64."""
        return "float64" if "float64" in self.text else "float32"

    @property
    def name(self) -> str:
        """The name of the class."""
        return name_of(self.made)


OPTIMIZERS: dict[Side, tuple[str, ...]] = {
    "torch": (
        "SGD([w], lr=0.06)",
        "SGD([w], lr=0.06, momentum=0.9, dampening=0.5, weight_decay=0.01)",
        "SGD([w], lr=0.06, momentum=0.9, nesterov=True)",
        "Adam([w], lr=0.1)",
        "Adam([w], 0.125, (0.5, 0.9), 1e-3, 0.01, True)",
        "AdamW([w], lr=0.1)",
        "AdamW([w], lr=0.125, betas=(0.8, 0.9), eps=1e-4, weight_decay=0.1, amsgrad=True)",
        "RMSprop([w], lr=0.1)",
        "RMSprop([w], 0.125, 0.9, 1e-3, weight_decay=0.1, momentum=0.5, centered=True)",
        "Adamax([w], lr=0.1)",
        "Adamax([w], 0.125, (0.8, 0.9), 1e-2, 0.1)",
        "NAdam([w], lr=0.1)",
        "NAdam([w], 0.125, (0.8, 0.9), 1e-3, 0.1, momentum_decay=0.1)",
        "NAdam([w], 0.125, weight_decay=0.1, decoupled_weight_decay=True)",
        "RAdam([w], lr=0.1)",
        "RAdam([w], 0.125, (0.8, 0.75), 1e-3, 0.1)",
        "RAdam([w], 0.125, (0.8, 0.9), weight_decay=0.1, decoupled_weight_decay=True)",
        "Adagrad([w], lr=0.1)",
        "Adagrad([w], 0.125, 0.1, 0.1, 0.5, 1e-3)",
        "Adadelta([w])",
        "Adadelta([w], 0.5, 0.8, 1e-3, 0.1)",
        "ASGD([w], lr=0.06)",
        "ASGD([w], lr=0.06, lambd=0.01, weight_decay=0.1)",
        "Rprop([w], lr=0.1)",
        "Rprop([w], 0.125, (0.3, 1.5), (1e-3, 0.5))",
        "Adafactor([w], lr=0.1)",
        "Adafactor([w], 0.125, -0.5, (1e-2, 1e-1), 1.5, 0.1)",
    ),
    "tensorflow": (
        "SGD(0.06)",
        "SGD(0.06, momentum=0.9, weight_decay=0.1)",
        "SGD(0.06, momentum=0.9, nesterov=True)",
        "SGD(0.06, clipvalue=0.1)",
        "SGD(0.06, momentum=0.9, clipnorm=0.1)",
        "Adam(0.1)",
        "Adam(0.125, 0.5, 0.75, epsilon=1e-3, amsgrad=True, weight_decay=0.125)",
        "Adam(0.1, global_clipnorm=0.1)",
        "AdamW(0.1)",
        "RMSprop(0.1)",
        "RMSprop(0.125, rho=0.8, momentum=0.5, epsilon=1e-3, centered=True, weight_decay=0.125)",
        "Adamax(0.1)",
        "Adamax(0.125, 0.5, 0.75, epsilon=0.0625, weight_decay=0.125)",
        "Nadam(0.1)",
        "Nadam(0.125, 0.5, 0.75, epsilon=0.0625, weight_decay=0.125)",
        "Adagrad(0.1)",
        "Adagrad(0.125, 0.5, epsilon=0.0625, weight_decay=0.125)",
        "Adadelta(1.0, rho=0.9)",
        "Adadelta(0.5, 0.75, epsilon=0.0625, weight_decay=0.125)",
        "Adafactor(0.1)",
        "Adafactor(0.125, -0.5, 0.0625, 0.125, clip_threshold=0.5, weight_decay=0.125)",
        "Lion(0.1)",
        "Lion(0.125, beta_1=0.75, beta_2=0.875, weight_decay=0.125)",
        "Lamb(0.1)",
        "Ftrl(0.1)",
        "Ftrl(0.125, -0.75, 0.125, 0.125, 0.25, 0.5, 0.0625)",
    ),
}
SCHEDULES: dict[Side, tuple[str, ...]] = {
    "torch": (
        "StepLR(optimizer, 5, 0.5)",
        "MultiStepLR(optimizer, [5, 10], 0.5)",
        "ConstantLR(optimizer, 0.5, total_iters=8)",
        "LinearLR(optimizer, 0.1, total_iters=8)",
        "ExponentialLR(optimizer, 0.9)",
        "PolynomialLR(optimizer, 15, 2.0)",
        "CosineAnnealingLR(optimizer, 8, eta_min=0.001)",
        "CosineAnnealingWarmRestarts(optimizer, 4, 2)",
        "LambdaLR(optimizer, lambda epoch: 0.95 ** epoch)",
        "MultiplicativeLR(optimizer, lambda epoch: 0.95)",
        "ReduceLROnPlateau(optimizer, patience=1, factor=0.5)",
        "OneCycleLR(optimizer, 0.04, total_steps=21)",
        "CyclicLR(optimizer, 0.01, 0.04, 3)",
        "SequentialLR(optimizer, [torch.optim.lr_scheduler.LinearLR(optimizer, 0.1, total_iters=4), "
        "torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 16)], milestones=[4])",
        "ChainedScheduler([torch.optim.lr_scheduler.ConstantLR(optimizer, 0.1, 3), "
        "torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)])",
    ),
    "tensorflow": (
        "ExponentialDecay(0.04, 5, 0.5)",
        "ExponentialDecay(0.04, 5, 0.5, staircase=True)",
        "InverseTimeDecay(0.04, 5, 0.5)",
        "PiecewiseConstantDecay([5, 10], [0.04, 0.02, 0.01])",
        "PolynomialDecay(0.04, 15, power=2.0)",
        "CosineDecay(0.04, 15, alpha=0.1)",
        "CosineDecay(0.0, 15, warmup_target=0.04, warmup_steps=5)",
        "CosineDecayRestarts(0.04, 4)",
    ),
}
_NUMBERS = "[2, 0, 1, 1]"
_REALS = "[[0.2, -0.3, 0.5], [0.6, 0.3, -0.1], [0.1, 0.8, 0.1], [-0.3, 0.3, 0.4]]"
_SHARES = "[[0.2, 0.3, 0.5], [0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0.3, 0.3, 0.4]]"
_FLAGS = "[[1.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 1.0], [0.0, 1.0, 0.0]]"
_SIGNS = "[[1.0, -1.0, 1.0], [1.0, -1.0, -1.0], [-1.0, 1.0, 1.0], [-1.0, 1.0, -1.0]]"
_TORCH = ", dtype=torch.float64"
_TF = ", dtype=tf.float64"
_SOFT, _FLAT = "torch.softmax(x @ w, dim=1)", "torch.sigmoid(x @ w)"
_CTC = (
    "criterion(F.log_softmax(x @ w, dim=1).unsqueeze(1), y, torch.tensor([4]), torch.tensor([2]))"
)
LOSSES: dict[Side, tuple[tuple[str, str, str], ...]] = {
    "torch": (
        ("MSELoss()", _REALS + _TORCH, "x @ w"),
        ("MSELoss(reduction='sum')", _REALS + _TORCH, "x @ w"),
        ("L1Loss()", _REALS + _TORCH, "x @ w"),
        ("HuberLoss(delta=0.5)", _REALS + _TORCH, "x @ w"),
        ("SmoothL1Loss()", _REALS + _TORCH, "x @ w"),
        ("CrossEntropyLoss()", _NUMBERS, "x @ w"),
        ("CrossEntropyLoss(ignore_index=1, label_smoothing=0.1)", _NUMBERS, "x @ w"),
        ("CrossEntropyLoss()", _SHARES + _TORCH, "x @ w"),
        ("NLLLoss()", _NUMBERS, "F.log_softmax(x @ w, dim=1)"),
        ("BCELoss()", _FLAGS + _TORCH, _FLAT),
        ("BCEWithLogitsLoss()", _FLAGS + _TORCH, "x @ w"),
        ("KLDivLoss(reduction='batchmean')", _SHARES + _TORCH, "F.log_softmax(x @ w, dim=1)"),
        ("PoissonNLLLoss()", _FLAGS + _TORCH, "x @ w"),
        ("SoftMarginLoss()", _SIGNS + _TORCH, "x @ w"),
        ("HingeEmbeddingLoss()", _SIGNS + _TORCH, "x @ w"),
        ("MultiMarginLoss()", _NUMBERS, "x @ w"),
        ("MultiLabelMarginLoss()", "[[2, 0, -1], [0, -1, 1], [1, 2, 0], [1, -1, 0]]", "x @ w"),
        ("MultiLabelSoftMarginLoss()", _FLAGS + _TORCH, "x @ w"),
        ("GaussianNLLLoss()", _REALS + _TORCH, "criterion(x @ w, y, torch.ones_like(y))"),
        ("MarginRankingLoss(margin=0.1)", _SIGNS + _TORCH, "x @ w, x"),
        ("CosineEmbeddingLoss()", "[1, -1, 1, 1]", "x @ w, x"),
        ("TripletMarginLoss()", _REALS + _TORCH, "criterion(x @ w, y, x)"),
        ("TripletMarginWithDistanceLoss()", _REALS + _TORCH, "criterion(x @ w, y, x)"),
        ("CTCLoss()", "[[1, 2]]", _CTC),
    ),
    "tensorflow": (
        ("MeanSquaredError()", _REALS + _TF, "x @ w"),
        ("MeanSquaredError(reduction='sum')", _REALS + _TF, "x @ w"),
        ("MeanAbsoluteError()", _REALS + _TF, "x @ w"),
        ("MeanAbsolutePercentageError()", _REALS + _TF, "x @ w"),
        ("MeanSquaredLogarithmicError()", _SHARES + _TF, "tf.sigmoid(x @ w)"),
        ("Huber(0.5)", _REALS + _TF, "x @ w"),
        ("LogCosh()", _REALS + _TF, "x @ w"),
        ("CosineSimilarity()", _REALS + _TF, "x @ w"),
        ("Hinge()", _SIGNS + _TF, "x @ w"),
        ("SquaredHinge()", _FLAGS + _TF, "x @ w"),
        ("CategoricalHinge()", _FLAGS + _TF, "x @ w"),
        ("KLDivergence()", _SHARES + _TF, "tf.nn.softmax(x @ w)"),
        ("Poisson()", _FLAGS + _TF, "tf.exp(x @ w)"),
        ("BinaryCrossentropy()", _FLAGS + _TF, "tf.sigmoid(x @ w)"),
        ("BinaryCrossentropy(from_logits=True, label_smoothing=0.1)", _FLAGS + _TF, "x @ w"),
        ("BinaryFocalCrossentropy()", _FLAGS + _TF, "tf.sigmoid(x @ w)"),
        ("CategoricalCrossentropy()", _SHARES + _TF, "tf.nn.softmax(x @ w)"),
        ("CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)", _SHARES + _TF, "x @ w"),
        ("CategoricalFocalCrossentropy()", _SHARES + _TF, "tf.nn.softmax(x @ w)"),
        ("SparseCategoricalCrossentropy()", _NUMBERS, "tf.nn.softmax(x @ w)"),
        ("SparseCategoricalCrossentropy(from_logits=True)", _NUMBERS, "x @ w"),
        ("SparseCategoricalCrossentropy(from_logits=True, ignore_class=1)", _NUMBERS, "x @ w"),
        ("CategoricalGeneralizedCrossEntropy()", _NUMBERS, "tf.nn.softmax(x @ w)"),
        ("Dice()", _FLAGS + _TF, "tf.sigmoid(x @ w)"),
        ("Tversky(0.3, 0.7)", _FLAGS + _TF, "tf.sigmoid(x @ w)"),
    ),
}


def programs() -> Iterator[Program]:
    """All programs, by kind and side."""
    sides: tuple[Side, ...] = ("torch", "tensorflow")
    for side in sides:
        for made in OPTIMIZERS[side]:
            yield _program("optimizer", side, made, _QUADRATIC)
    for side in sides:
        for made in SCHEDULES[side]:
            given = "loss.item()" if made.startswith("Reduce") else ""
            yield _program("schedule", side, made, _SCHEDULED, GIVEN=given)
    for side in sides:
        for made, targets, outputs in LOSSES[side]:
            call = outputs if outputs.startswith("criterion") else f"criterion({outputs}, y)"
            call = call if side == "torch" else f"criterion(y, {outputs})"
            yield _program("loss", side, made, _LOSS, TARGETS=targets, CALL=call)


def _program(kind: str, side: Side, made: str, texts: dict[str, str], **holes: str) -> Program:
    text = _IMPORTS[side] + texts[side]
    for name, value in {"MADE": made, **holes}.items():
        text = text.replace(name, value)
    if name_of(made) in _SINGLE:
        text = text.replace("float64", "float32")
    return Program(kind, side, made, text)


_SINGLE = frozenset({"CTCLoss"})


def name_of(made: str) -> str:
    """The name of a class, of what makes an object of it."""
    return made.partition("(")[0]
