"""Whole models of Keras in files: torch writes them whole where the file loads them again, and else their states."""

from __future__ import annotations

import textwrap

from translator import convert

MODEL = """
import keras
import numpy as np
x, y = np.ones((4, 3)), np.ones((4, 1))
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
"""


def written(body: str) -> str:
    result = convert(MODEL + textwrap.dedent(body), to="torch")
    assert result.complete, [f.message for f in result.findings]
    return result.code


def test_only_saved() -> None:
    code = written('model.save("model.keras", overwrite=True)')
    assert code.endswith('torch.save(model.state_dict(), "model.keras")')


def test_loaded_again() -> None:
    code = written(
        """
        model.save("model.keras")
        other = keras.models.load_model("model.keras", compile=False)
        print(other.predict(x))
        """
    )
    assert 'torch.save(model, "model.keras")\n' in code
    assert 'other = torch.load("model.keras", weights_only=False)\n' in code
    assert "print(other(torch.as_tensor(x, dtype=torch.float32)).detach().numpy())\n" in code


def test_best_of_a_fit() -> None:
    code = written(
        """
        model.compile("sgd", "mse")
        keep = keras.callbacks.ModelCheckpoint("best.keras", monitor="loss", save_best_only=True)
        model.fit(x, y, epochs=3, verbose=0, callbacks=[keep])
        best = keras.models.load_model("best.keras")
        best.evaluate(x, y)
        """
    )
    assert '        best_saved = train_loss\n        torch.save(model, "best.keras")\n' in code
    assert "test_outputs = best(torch.as_tensor(x, dtype=torch.float32))\n" in code
