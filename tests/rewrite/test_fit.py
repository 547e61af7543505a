"""`compile` and `fit` as the loop that they hide."""

from __future__ import annotations

from .rows import flagged, rows, text, to_torch, unless_flagged

MODEL = "import keras\nmodel = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
DATA = "x, y = [[1.0, 2.0, 3.0]], [[1.0]]\n"
THERE = """import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
model = nn.Sequential(nn.Linear(3, 1))
x, y = [[1.0, 2.0, 3.0]], [[1.0]]
"""
DATASET = """dataset{n} = TensorDataset(
    torch.as_tensor(x, dtype=torch.float32),
    torch.as_tensor(y, dtype=torch.float32),
)
loader{n} = DataLoader(dataset{n}, batch_size={size}, shuffle={shuffle})
"""


def fitted(body: str, expected: str, bug: str = "") -> list:
    """A program that compiles and fits `model` to x and y."""
    return to_torch(MODEL + DATA + text(body), THERE + text(expected), bug)


def dataset(n: str = "", size: str = "32", shuffle: str = "True") -> str:
    """The lines that make the loader."""
    return DATASET.format(n=n, size=size, shuffle=shuffle)


COMPILED = "optimizer = torch.optim.SGD(model.parameters(), lr=0.01)\ncriterion = nn.MSELoss()\n"
LOOP = """
for _ in range(3):
    for batch_x, batch_y in loader:
        optimizer.zero_grad()
        loss = criterion(model(batch_x), batch_y)
        loss.backward()
        optimizer.step()
"""


@rows(
    fitted('model.compile(optimizer="sgd", loss="mse")\nmodel.fit(x, y, epochs=3, verbose=0)', COMPILED + dataset() + LOOP),
    fitted('model.compile("sgd", "mse")\nmodel.fit(x, y, epochs=3, batch_size=8, shuffle=False, verbose=0)',
        COMPILED + dataset(size="8", shuffle="False") + LOOP),
    fitted('model.compile("sgd", "mse")\nmodel.fit(x=x, y=y, epochs=3, verbose=0)', COMPILED + dataset() + LOOP),
    fitted(
        """
        model.compile(keras.optimizers.SGD(0.1, momentum=0.9), keras.losses.MeanAbsoluteError())
        history = model.fit(x, y, epochs=3, verbose=0)
        print(history.history["loss"][-1])
        """,
        "optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)\ncriterion = nn.L1Loss()\n" + dataset() + """history = {"loss": []}

for _ in range(3):
    total = 0.0
    for batch_x, batch_y in loader:
        optimizer.zero_grad()
        loss = criterion(model(batch_x), batch_y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch_x)
    history["loss"].append(total / len(dataset))
print(history["loss"][-1])
"""),
    # Names that the file uses for something else.
    fitted(
        """
        optimizer = criterion = loss = total = dataset = loader = batch_x = batch_y = 3
        model.compile("sgd", "mse")
        model.fit(x, y, epochs=3, verbose=0)
        print(optimizer, criterion, loss, total, dataset, loader, batch_x, batch_y)
        """,
        """
optimizer = criterion = loss = total = dataset = loader = batch_x = batch_y = 3
optimizer_2 = torch.optim.SGD(model.parameters(), lr=0.01)
criterion_2 = nn.MSELoss()
""" + dataset("_2") + """
for _ in range(3):
    for batch_x_2, batch_y_2 in loader_2:
        optimizer_2.zero_grad()
        loss_2 = criterion_2(model(batch_x_2), batch_y_2)
        loss_2.backward()
        optimizer_2.step()
print(optimizer, criterion, loss, total, dataset, loader, batch_x, batch_y)
"""),
    # Compiled twice: each fit has the optimizer that was compiled last.
    fitted(
        """
        model.compile("sgd", "mse")
        model.compile(keras.optimizers.SGD(0.5), "mae")
        model.fit(x, y, epochs=3, verbose=0)
        """,
        COMPILED + "optimizer_2 = torch.optim.SGD(model.parameters(), 0.5)\ncriterion_2 = nn.L1Loss()\n" + dataset()
        + LOOP.replace("optimizer", "optimizer_2").replace("criterion", "criterion_2")),
)  # fmt: skip
def test_loops(case):
    case.check()


FIT = MODEL + DATA + "model.compile('sgd', 'mse')\n"
_CALL = "fit that is not a statement of its own is left in silence"


@rows(
    flagged(MODEL + DATA + "model.compile('sgd', 'mse', metrics=['mae'])", at="metrics", to="torch"),
    flagged(MODEL + DATA + "model.compile('adamw', 'hinge')", at="hinge", to="torch"),
    flagged(MODEL + DATA + "model.compile('sgd', loss=lambda a, b: a)", at="lambda", to="torch"),
    flagged(MODEL + DATA + "model.compile(**{})", at="compile", to="torch"),
    flagged(FIT + "model.fit(x, y, validation_split=0.1)", at="validation_split", to="torch"),
    flagged(FIT + "model.fit(x, y, callbacks=[print])", at="callbacks", to="torch"),
    flagged(FIT + "model.fit(print)", at="fit", to="torch"),
    flagged(FIT + "model.fit(x, y, **{})", at="fit", to="torch"),
    flagged(MODEL + DATA + "model.fit(x, y)", at="fit", to="torch"),
    flagged("import keras\ndef build():\n    m = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
        "    m.compile('sgd', 'mse')\n    return m\nbuild().fit([[1.0]], [[1.0]])", at="fit", to="torch"),
    unless_flagged(FIT + "loss = model.fit(x, y).history['loss']", without="model.fit(", to="torch"),
    unless_flagged(FIT + "print(model.fit(x, y))", without="model.fit(", to="torch"),
    unless_flagged(FIT + "losses = [model.fit(x, y) for _ in range(3)]", without="model.fit(", to="torch"),
    unless_flagged(FIT + "def train(m, x, y):\n    return m.fit(x, y)\ntrain(model, x, y)", without="m.fit(", to="torch"),
    unless_flagged(FIT + "a = b = model.fit(x, y)", without="model.fit(", to="torch"),
    unless_flagged(FIT + "h, n = model.fit(x, y), 3", without="model.fit(", to="torch"),
    unless_flagged(FIT + "h: object = model.fit(x, y)", without="model.fit(", to="torch"),
    unless_flagged(FIT + "history = model.fit(x, y)\nprint(history.epoch)", without="print(history)", to="torch",
        bug="history.epoch becomes the dict of losses"),
    unless_flagged(FIT + "history = model.fit(x, y)\nprint(history.params)", without="print(history)", to="torch",
        bug="history.params becomes the dict of losses"),
    unless_flagged(FIT + "history = model.fit(x, y)\nprint(history.model)", without="print(history)", to="torch",
        bug="history.model becomes the dict of losses"),
    unless_flagged(MODEL + DATA + "if input():\n    model.compile('sgd', 'mse')\nelse:\n    model.compile('sgd', 'mae')\nmodel.fit(x, y)",
        without="criterion_2(model(", to="torch", bug="compiled in two branches: the loop takes the names of the second"),
    unless_flagged(FIT + "other = model\nother.fit(x, y)", without="other.fit(", to="torch"),
    unless_flagged(FIT + "models = [model]\nmodels[0].fit(x, y)", without="models[0].fit(", to="torch"),
    unless_flagged(FIT + "model.fit(x, y, verbose=int(input()))", without="print(f\"epoch", to="torch",
        bug="whether the loop prints is not known before it runs: it always does"),
    unless_flagged(FIT + "model.fit(x, y, verbose=0)\nmodel.fit(x, y, verbose=0)\nmodel.compile('sgd', 'mse')\nprint(model.loss)",
        without="model.loss", to="torch", bug="attributes that compile sets are left in silence"),
    unless_flagged("import keras\nimport numpy as np\nmodel = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
        "model.compile('sgd', 'mse')\nmodel.fit(np.ones((10, 3)), np.ones(10), verbose=0)",
        without="criterion(model(batch_x), batch_y)", to="torch",
        bug="targets (n,) beside outputs (n, 1): torch broadcasts to (n, n), Keras adds the axis: a wrong loss, in silence"),
    unless_flagged("import keras\nimport numpy as np\nclass M(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
        "        self.d = keras.layers.Dense(1)\n    def call(self, x):\n        return self.d(x)\nm = M()\nm.compile('sgd', 'mse')\n"
        "m.fit(np.ones((10, 3)), np.ones(10), verbose=0)",
        without="criterion(m(batch_x), batch_y)", to="torch",
        bug="targets (n,) beside outputs (n, 1): torch broadcasts to (n, n), Keras adds the axis: a wrong loss, in silence"),
)  # fmt: skip
def test_what_is_left(case):
    case.check()
