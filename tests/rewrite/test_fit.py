"""`compile` and `fit` as the loop that they hide."""

from __future__ import annotations

from translator import Code, convert

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
loader{n} = DataLoader(dataset{n}, batch_size={size}{shuffle})
"""


def fitted(body: str, expected: str) -> list:
    """A program that compiles and fits `model` to x and y."""
    return to_torch(MODEL + DATA + text(body), THERE + text(expected))


def dataset(n: str = "", size: str = "32", shuffle: bool = True) -> str:
    """The lines that make the loader."""
    return DATASET.format(n=n, size=size, shuffle=", shuffle=True" if shuffle else "")


COMPILED = "optimizer = torch.optim.SGD(model.parameters(), lr=0.01)\ncriterion = nn.MSELoss()\n"
LOOP = """
for _ in range(3):
    for batch_x, batch_y in loader:
        loss = criterion(model(batch_x), batch_y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""


@rows(
    fitted('model.compile(optimizer="sgd", loss="mse")\nmodel.fit(x, y, epochs=3, verbose=0)', COMPILED + dataset() + LOOP),
    fitted('model.compile("sgd", "mse")\nmodel.fit(x, y, epochs=3, batch_size=8, shuffle=False, verbose=0)',
        COMPILED + dataset(size="8", shuffle=False) + LOOP),
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
        loss = criterion(model(batch_x), batch_y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch_y)
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
        loss_2 = criterion_2(model(batch_x_2), batch_y_2)
        optimizer_2.zero_grad()
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
    # What else is measured: after each epoch, on data of its own, and at the end.
    fitted(
        """
        model.compile("sgd", "mse", metrics=["mae"])
        history = model.fit(x, y, validation_data=(x, y), verbose=0)
        loss, mae = model.evaluate(x, y, verbose=0)
        model.evaluate(x, y)
        """,
        COMPILED + "mae_2 = nn.L1Loss()\n" + dataset() + """history = {"loss": [], "mae": [], "val_loss": [], "val_mae": []}

for _ in range(1):
    total = 0.0
    total_mae = 0.0
    for batch_x, batch_y in loader:
        outputs = model(batch_x)
        loss_2 = criterion(outputs, batch_y)
        optimizer.zero_grad()
        loss_2.backward()
        optimizer.step()
        total += loss_2.item() * len(batch_y)
        total_mae += mae_2(outputs, batch_y).item() * len(batch_y)
    with torch.no_grad():
        val_outputs = model(torch.as_tensor(x, dtype=torch.float32))
        val_targets = torch.as_tensor(y, dtype=torch.float32)
        val_loss = criterion(val_outputs, val_targets).item()
        val_mae = mae_2(val_outputs, val_targets).item()
    history["loss"].append(total / len(dataset))
    history["mae"].append(total_mae / len(dataset))
    history["val_loss"].append(val_loss)
    history["val_mae"].append(val_mae)

with torch.no_grad():
    test_outputs = model(torch.as_tensor(x, dtype=torch.float32))
    test_targets = torch.as_tensor(y, dtype=torch.float32)
    loss = criterion(test_outputs, test_targets).item()
    mae = mae_2(test_outputs, test_targets).item()
with torch.no_grad():
    test_outputs = model(torch.as_tensor(x, dtype=torch.float32))
    test_targets = torch.as_tensor(y, dtype=torch.float32)
    test_loss = criterion(test_outputs, test_targets).item()
    test_mae = mae_2(test_outputs, test_targets).item()
print(f"loss {test_loss:.4f}, mae {test_mae:.4f}")
"""),
    fitted(
        """
        model.compile("sgd", "mse")
        model.fit(x, y, validation_split=0.2, verbose=0, epochs=3, callbacks=[])
        loss = model.evaluate(x, y, verbose=0)
        """,
        COMPILED + """inputs = torch.as_tensor(x, dtype=torch.float32)
targets = torch.as_tensor(y, dtype=torch.float32)
split = int(len(inputs) * (1 - 0.2))
dataset = TensorDataset(inputs[:split], targets[:split])
loader = DataLoader(dataset, batch_size=32, shuffle=True)
""" + LOOP.replace("loss ", "loss_2 ").replace("loss.", "loss_2.") + """
with torch.no_grad():
    test_outputs = model(torch.as_tensor(x, dtype=torch.float32))
    loss = criterion(test_outputs, torch.as_tensor(y, dtype=torch.float32)).item()
"""),
    # An optimizer with a name, built before its model; whether the loop prints is known when it runs.
    to_torch(
        """
        import keras
        opt = keras.optimizers.SGD(0.1)
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
        def train(x, y, verbose):
            model.compile(opt, "mse")
            model.fit(x, y, verbose=verbose)
        """,
        """
        import torch
        from torch import nn
        from torch.utils.data import DataLoader, TensorDataset
        model = nn.Sequential(nn.Linear(3, 1))
        opt = torch.optim.SGD(model.parameters(), 0.1)
        def train(x, y, verbose):
            criterion = nn.MSELoss()
            dataset = TensorDataset(
                torch.as_tensor(x, dtype=torch.float32),
                torch.as_tensor(y, dtype=torch.float32),
            )
            loader = DataLoader(dataset, batch_size=32, shuffle=True)

            for epoch in range(1):
                total = 0.0
                for batch_x, batch_y in loader:
                    outputs = model(batch_x)
                    batch_y = batch_y.reshape(outputs.shape)
                    loss = criterion(outputs, batch_y)
                    opt.zero_grad()
                    loss.backward()
                    opt.step()
                    total += loss.item() * len(batch_y)
                if verbose:
                    print(f"epoch {epoch + 1}: loss {total / len(dataset):.4f}")
        """,
    ),
)  # fmt: skip
def test_loops(case):
    case.check()


FIT = MODEL + DATA + "model.compile('sgd', 'mse')\n"
_CALL = "fit that is not a statement of its own is left in silence"


@rows(
    flagged(MODEL + DATA + "model.compile('adamw', 'ctc')", at="ctc", to="torch"),
    flagged(MODEL + DATA + "model.compile(**{})", at="compile", to="torch"),
    flagged(FIT + "model.fit(x, y, validation_data=[x, y, 3])", at="validation_data", to="torch"),
    flagged(FIT + "model.fit(x, y, validation_data=print(x))", at="validation_data", to="torch"),
    flagged(MODEL + DATA + "loss = model.evaluate(x, y)", at="evaluate", to="torch"),
    # The same name, another model.
    flagged(FIT + "def train(model, x, y):\n    model.fit(x, y)\n"
        "train(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]), x, y)", at="model.fit", to="torch"),
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
    unless_flagged(FIT + "history = model.fit(x, y)\nprint(history.epoch)", without="print(history)", to="torch"),
    unless_flagged(FIT + "history = model.fit(x, y)\nprint(history.params)", without="print(history)", to="torch"),
    unless_flagged(FIT + "history = model.fit(x, y)\nprint(history.model)", without="print(history)", to="torch"),
    unless_flagged(MODEL + DATA + "if input():\n    model.compile('sgd', 'mse')\nelse:\n    model.compile('sgd', 'mae')\nmodel.fit(x, y)",
        without="criterion_2(model(", to="torch"),
    unless_flagged(FIT + "other = model\nother.fit(x, y)", without="other.fit(", to="torch"),
    unless_flagged(FIT + "models = [model]\nmodels[0].fit(x, y)", without="models[0].fit(", to="torch"),
    unless_flagged(FIT + "model.fit(x, y, verbose=int(input()))", without="print(f\"epoch", to="torch"),
    unless_flagged(FIT + "model.fit(x, y, verbose=0)\nmodel.fit(x, y, verbose=0)\nmodel.compile('sgd', 'mse')\nprint(model.loss)",
        without="model.loss", to="torch"),
)  # fmt: skip
def test_what_is_left(case):
    case.check()


@rows(
    # Targets without the outputs' last axis: Keras adds it, torch would broadcast.
    to_torch(
        """
        import keras
        import numpy as np
        import tensorflow as tf
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
        loss = keras.losses.MeanSquaredError()
        x, y = tf.ones([4, 3]), np.ones(4)
        a = loss(y, model(x))
        a = loss(y[:, np.newaxis], model(x))
        a = loss(y[:, None], model(x)[:, 0])
        b = keras.losses.mean_squared_error(y, model(x))
        """,
        """
        import numpy as np
        import torch
        from torch import nn
        model = nn.Sequential(nn.Linear(3, 1))
        loss = nn.MSELoss()
        x, y = torch.ones(4, 3), np.ones(4)
        a = loss(model(x), torch.as_tensor(y, dtype=torch.float32).unsqueeze(-1))
        a = loss(model(x), torch.as_tensor(y[:, np.newaxis], dtype=torch.float32))
        a = loss(model(x)[:, 0], torch.as_tensor(y[:, None], dtype=torch.float32).squeeze(-1))
        b = torch.mean((model(x) - torch.as_tensor(y, dtype=torch.float32).unsqueeze(-1)) ** 2, dim=-1)
        """,
    ),
    # Of what is not known, it is said.
    to_torch(
        """
        import keras
        loss = keras.losses.MeanAbsoluteError()
        def f(p, t):
            return loss(t, p)
        """,
        """
        from torch import nn
        loss = nn.L1Loss()
        def f(p, t):
            return loss(p, t)
        """,
        codes=(Code.NUMERIC,),
    ),
)
def test_targets(case):
    case.check()


def test_a_metric_may_have_any_name() -> None:
    """What holds a metric's value is named after it, as far as a name of Python can be."""
    line = 'model.compile("sgd", "mse", metrics=[keras.metrics.MeanAbsoluteError(name="top-5")])\n'
    result = convert(
        f"{MODEL}{line}history = model.fit(x, y)\nprint(history.history)\n", to="torch"
    )
    assert 'history["top-5"].append(train_top_5)' in result.code
