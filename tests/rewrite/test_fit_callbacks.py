"""Callbacks, weights, several outputs, and models that are compiled in one function and fitted in another."""

from __future__ import annotations

import textwrap

from translator import Code, convert

from .rows import flagged, rows, unless_flagged

MODEL = "import keras\nmodel = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
DATA = "x, y = [[1.0, 2.0, 3.0]], [[1.0]]\n"
FIT = MODEL + DATA + "model.compile('sgd', 'mse')\n"


def loop(body: str) -> str:
    """What a program that fits becomes, from the first line of its loop on."""
    result = convert(FIT + textwrap.dedent(body), to="torch")
    assert result.complete, result.findings
    return result.code


def test_early_stopping() -> None:
    code = loop(
        """
        stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True)
        model.fit(x, y, epochs=9, verbose=0, validation_data=(x, y), callbacks=[stop])
        """
    )
    assert "keras" not in code
    assert code.endswith(
        """\
    if val_loss < best:
        best, wait = val_loss, 0
        best_weights = copy.deepcopy(model.state_dict())
    else:
        wait += 1
        if wait >= 3:
            break

model.load_state_dict(best_weights)
"""
    )


def test_rates() -> None:
    code = loop(
        """
        def schedule(epoch):
            return 0.1 / (epoch + 1)

        rate = keras.callbacks.LearningRateScheduler(schedule)
        lower = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=5)
        callbacks = [rate, lower]
        model.fit(x, y, epochs=9, verbose=0, callbacks=callbacks)
        """
    )
    assert '    optimizer.param_groups[0]["lr"] = schedule(epoch_2)\n' in code
    assert "patience=4" in code  # torch lowers the rate once it has waited longer
    assert "    scheduler.step(train_loss)\n" in code
    assert "callbacks" not in code


def test_callbacks_of_the_file() -> None:
    code = loop(
        """
        class Show(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                print(epoch, logs["loss"])
                if logs["loss"] < 0.1:
                    self.model.stop_training = True

        model.fit(x, y, epochs=9, verbose=0, callbacks=[Show()])
        """
    )
    assert "class Show:\n" in code
    assert "callback = Show()\ncallback.model = model\nmodel.stop_training = False\n" in code
    assert '    callback.on_epoch_end(epoch_2, {"loss": train_loss})\n' in code
    assert "    if model.stop_training:\n        break\n" in code


def test_compiled_elsewhere() -> None:
    """The optimizer has a state and stays with the model, which the losses must not: a container would call them."""
    source = """
        import keras
        def build(rate):
            model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
            model.compile(keras.optimizers.SGD(rate), "mse")
            return model
        def train(net, x, y):
            net.fit(x, y, verbose=0)
        train(build(0.1), [[1.0, 2.0, 3.0]], [[1.0]])
        """
    result = convert(textwrap.dedent(source), to="torch")
    assert result.complete
    assert "    model.optimizer = torch.optim.SGD(model.parameters(), rate)\n" in result.code
    assert "    criterion = nn.MSELoss()\n    dataset" in result.code
    assert "            net.optimizer.step()\n" in result.code


def test_axis_order() -> None:
    """Images are handed to the model in its own order, and come back in that of the source."""
    source = """
        import keras
        import numpy as np
        x, y = np.ones((8, 6, 6, 2)), np.ones((8, 6, 6, 3))
        model = keras.Sequential([keras.Input((6, 6, 2)), keras.layers.Conv2D(3, 3, padding="same")])
        model.compile("sgd", "mse")
        model.fit(x, y, verbose=0)
        p = model.predict(x)
        """
    result = convert(textwrap.dedent(source), to="torch")
    assert result.complete
    assert "model(batch_x.permute(0, 3, 1, 2))" in result.code
    assert ".permute(0, 2, 3, 1).detach().numpy()" in result.code


def test_weights_of_classes() -> None:
    source = """
        import keras
        import numpy as np
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4)])
        model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
        model.fit(np.ones((8, 3)), np.ones(8), verbose=0, class_weight={0: 1.0, 1: 2.0, 2: 3.0, 3: 4.0})
        """
    result = convert(textwrap.dedent(source), to="torch")
    assert result.complete
    assert "class_weight = torch.tensor([1.0, 2.0, 3.0, 4.0], dtype=torch.float32)" in result.code
    assert 'F.cross_entropy(model(batch_x), batch_y, reduction="none")' in result.code


@rows(
    flagged(FIT + "model.fit(x, y, callbacks=[keras.callbacks.BackupAndRestore('b')])", at="Backup", to="torch"),
    flagged(FIT + "model.fit(x, y, callbacks=[keras.callbacks.EarlyStopping()])", at="EarlyStopping", to="torch"),
    flagged(FIT + "stop = keras.callbacks.EarlyStopping(monitor=input())\nmodel.fit(x, y, callbacks=[stop])", at="fit", to="torch"),
    flagged(FIT + "for i in range(2):\n    model.fit(x, y, callbacks=[print])", at="callbacks", to="torch"),
    flagged(FIT + "model.fit(x, y, validation_freq=2, validation_data=(x, y))", at="validation_freq", to="torch"),
    flagged(FIT + "model.fit(x, y, class_weight={0: 1.0})", at="class_weight", to="torch"),
    flagged(FIT + "print(model.fit(x, y) if x else 3)", at="fit", to="torch"),
    # what the loss needs is not seen where the model is fitted
    flagged("import keras\ndef build(d):\n    m = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
        "    m.compile('sgd', keras.losses.Huber(delta=d))\n    return m\nm = build(1.0)\nm.fit([[1.0, 2.0, 3.0]], [[1.0]])", at="m.fit", to="torch"),
    # two ways to compile one model, none of which is known to be the last
    flagged("import keras\ndef build(d):\n    m = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
        "    if d:\n        m.compile('sgd', 'mse')\n    else:\n        m.compile('sgd', 'mae')\n    return m\n"
        "m = build(1.0)\nm.fit([[1.0, 2.0, 3.0]], [[1.0]])", at="m.fit", to="torch"),
    unless_flagged(FIT + "model.trainable = False\nmodel.train_on_batch(x, y)", without="loss.backward()", to="torch"),
)  # fmt: skip
def test_what_is_left(case):
    case.check()


OWN = """
import keras
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)
        self.dense.build((None, 3))
    def call(self, x):
        return self.dense(x)
    {method}
net = Net()
net.compile('sgd', 'mse')
x, y = [[1.0, 2.0, 3.0]], [[1.0]]
{call}
"""


@rows(
    flagged(OWN.format(method="def compute_loss(self, x, y, y_pred, sample_weight=None):\n        return 0.0", call="net.fit(x, y)"),
        at="net.fit", to="torch"),
    flagged(OWN.format(method="def test_step(self, data):\n        return {}", call="net.evaluate(x, y)"), at="net.evaluate", to="torch"),
    flagged(OWN.format(method="def predict_step(self, data):\n        return 0.0", call="net.predict(x)"), at="net.predict", to="torch"),
    flagged(OWN.format(method="def train_step(self, data):\n        return {}", call="net.train_on_batch(x, y)"),
        at="train_on_batch", to="torch"),
)  # fmt: skip
def test_what_a_class_does_itself(case):
    case.check()


def test_a_step_of_the_class() -> None:
    source = OWN.format(
        method="def train_step(self, data):\n        x, y = data\n        return {'seen': keras.ops.sum(x)}",
        call="history = net.fit(x, y, epochs=2, verbose=0)\nprint(history.history['seen'])",
    )
    result = convert(source, to="torch")
    assert result.complete, [f.message for f in result.findings]
    assert "        logs = net.train_step((batch_x, batch_y))\n" in result.code
    assert "        history.setdefault(key, []).append(float(value))\n" in result.code
    assert "print(history['seen'])" in result.code


def test_what_one_batch_gives() -> None:
    result = convert(FIT + "loss = model.train_on_batch(x, y)\n", to="torch")
    assert result.complete
    assert any(f.code is Code.NUMERIC and "reset_metrics" in f.message for f in result.findings)
