"""Users' scripts in processes of their own: run, limited, compared."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from translator.errors import SourceError, UsageError
from translator.proof import script_process, watched
from translator.proof.script_pairs import compare_scripts
from translator.proof.scripts import framework_of_script, run_script
from translator.proof.watched import Limits
from translator.proof.wire import Message

TORCH = """
import numpy as np
import torch
from torch import nn

x = torch.from_numpy(np.linspace(-1, 1, 24).reshape(8, 3).astype(np.float32))
y = x.sum(dim=1, keepdim=True)
net = nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1))
with torch.no_grad():
    for p in net.parameters():
        p.copy_(torch.linspace(0.1, 0.5, p.numel()).reshape(p.shape))
w, *rest = net.parameters()
part = net[0]
scale = torch.ones(1, requires_grad=True)
optimizer = torch.optim.SGD([*net.parameters(), scale], lr=0.1)
for epoch in range(5):
    optimizer.zero_grad()
    loss = ((net(x) * scale - y) ** 2).mean()
    loss.backward()
    optimizer.step()
    print(f"epoch {epoch} loss {loss.item():.6f}")
"""
TENSORFLOW = """
import keras
import numpy as np
import tensorflow as tf

x = np.linspace(-1, 1, 24).reshape(8, 3).astype(np.float32)
y = tf.reduce_sum(x, axis=1, keepdims=True)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, "tanh"), keras.layers.Dense(1)])
for v in model.weights:
    start = np.linspace(0.1, 0.5, int(np.prod(v.shape)), dtype=np.float32)
    v.assign(start.reshape(v.shape[::-1]).T)
w, *rest = model.trainable_variables
for part in model.layers:
    pass
scale = tf.Variable(tf.ones(1))
for epoch in range(5):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(x) * scale - y) ** 2)
    variables = [v.value for v in model.trainable_variables] + [scale]
    for v, g in zip(variables, tape.gradient(loss, variables)):
        v.assign_sub(0.1 * g)
    print(f"epoch {epoch} loss {loss.numpy():.6f}")
"""
FIT = """
import keras
import numpy as np

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.Adam(0.1), "mse")
model.fit(np.ones((8, 3)), np.ones((8, 1)), verbose=0)
"""
DRAWN_TORCH = """
import torch

torch.manual_seed(0)
layer = torch.nn.Linear(2, 1)
print(f"{layer.weight.sum().item():.6f}")
"""
DRAWN_TENSORFLOW = """
import keras
import numpy as np

keras.utils.set_random_seed(0)
layer = keras.layers.Dense(1)
layer.build((None, 2))
print(f"{np.sum(layer.kernel.numpy()):.6f}")
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="script.py"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def test_a_pair_agrees(write):
    comparison = compare_scripts(write(TORCH, "a.py"), write(TENSORFLOW, "b.py"))
    assert comparison.agree, comparison
    assert {row.what for row in comparison.rows} == {
        "printed, 5 lines",
        "weight scale",
        "weight net.0.weight",
        "weight net.0.bias",
        "weight net.2.weight",
        "weight net.2.bias",
    }
    assert comparison.notes == ()


def test_a_wrong_port_is_caught(write):
    wrong = TENSORFLOW.replace("0.1 * g", "0.11 * g")
    comparison = compare_scripts(write(TORCH, "a.py"), write(wrong, "b.py"))
    assert not comparison.agree
    assert comparison.reason is None
    bad = [row.what for row in comparison.rows if not row.agree]
    assert "line 2" in bad
    assert "line 1" not in bad
    assert "weight net.0.weight" in bad


def test_random_numbers_are_not_compared(write):
    a, b = write(DRAWN_TORCH, "a.py"), write(DRAWN_TENSORFLOW, "b.py")
    comparison = compare_scripts(a, b)
    assert not comparison.agree
    assert comparison.rows == ()
    assert comparison.reason == f"{a} draws random numbers: no numbers are compared."


def test_what_has_no_counterpart_is_noted(write):
    extra = "extra = keras.layers.Dense(1)\nextra.build((None, 1))\n"
    a = write("import torch\nprint(1)\n", "a.py")
    comparison = compare_scripts(a, write("import keras\nprint(1)\n" + extra, "b.py"))
    assert comparison.agree
    assert comparison.notes[0].startswith("extra.kernel (1, 1) of the target has no counterpart")


def test_scripts_that_compare_nothing_do_not_agree(write):
    assert not compare_scripts(write("import torch", "a.py"), write("import keras", "b.py")).agree


def test_a_failing_side_is_named_with_its_last_lines(write):
    bad = write("import keras\nprint('before')\nraise RuntimeError('out of luck')\n", "b.py")
    comparison = compare_scripts(write("import torch\nprint(1)\n", "a.py"), bad)
    assert comparison.reason is not None
    assert comparison.reason.startswith(f"{bad} failed: ")
    assert "RuntimeError: out of luck" in comparison.reason
    assert "line 3" in comparison.reason
    assert "script_process" not in comparison.reason


def test_when_one_side_fails_the_other_is_not_waited_for(write):
    a = write("import torch\nwhile True: pass\n", "a.py")
    b = write("import torch\nraise ValueError\n", "b.py")
    comparison = compare_scripts(a, b, Limits(120))
    assert comparison.reason is not None
    assert comparison.reason.startswith(f"{b} failed: ")


@pytest.mark.parametrize("side", ["torch", "tensorflow"])
def test_training_that_moves_nothing_is_noted(write, side):
    text = {
        "torch": TORCH.replace("loss.backward()", "loss.detach()"),
        "tensorflow": FIT.replace("0.1", "0.0"),
    }[side]
    script = write(text)
    run = run_script(script, side)
    assert (run.error, run.moved) == (None, False)


def test_training_that_moves_something(write):
    torch_run, keras_run = run_script(write(TORCH), "torch"), run_script(write(FIT), "tensorflow")
    assert (torch_run.moved, keras_run.moved) == (True, True)
    assert run_script(write("import torch\n"), "torch").moved is None


def test_that_nothing_moved_is_said(write):
    script = write(TORCH.replace("lr=0.1", "lr=0.0"))
    comparison = compare_scripts(script, script)
    assert comparison.agree
    assert (
        comparison.notes == (f"{script}: no parameter moved, in any step of its optimizers.",) * 2
    )


def test_weights_by_global_name(write):
    run = run_script(write(TORCH), "torch")
    assert run.error is None
    layers = ["net.0.weight", "net.0.bias", "net.2.weight", "net.2.bias"]
    assert list(run.weights) == ["scale", *layers]
    assert run.weights["net.0.weight"].shape == (2, 3)
    assert np.all(np.isfinite(run.weights["scale"]))
    assert run.stdout.count("\n") == 5


def test_a_script_runs_as_python_would_run_it(write, tmp_path, monkeypatch):
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    write("value = 3\n", "beside.py")
    text = (
        "import os, sys\nfrom beside import value\n"
        "assert __name__ == '__main__' and sys.argv == [__file__]\n"
        "print(value, os.path.basename(os.getcwd()), sys.stdin.read() == '', os.environ['MPLBACKEND'])\n"
    )
    run = run_script(write(text), "torch")
    assert (run.error, run.stdout) == (None, "3 cwd True Agg\n")


def test_a_script_that_is_called_like_its_framework(write):
    run = run_script(
        write("import torch\nprint(torch.ones(2).sum().item())\n", "torch.py"), "torch"
    )
    assert (run.error, run.stdout) == (None, "2.0\n")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("import sys; sys.exit(3)", "it ended with exit code 3"),
        ("import sys; sys.exit('bad data')", "bad data"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "lack of memory"),
        ("import os; os._exit(0)", "it ended before its last line"),
        ("input('name? ')", "It asks for input, and there is none."),
        ("x = (", "SyntaxError"),
        ("print('a' * 20_000_000)", "it printed more than 10 MB"),
    ],
)
def test_failures_are_told(write, text, error):
    run = run_script(write(text), "torch", Limits(60))
    assert run.error is not None
    assert error in run.error
    assert run.weights == {}


def test_a_script_may_end_itself(write):
    run = run_script(write("import sys\nprint(1)\nsys.exit()\n"), "torch")
    assert (run.error, run.stdout) == (None, "1\n")


def test_weights_that_the_disk_has_no_room_for(tmp_path, monkeypatch):
    free = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: free)
    script_process.require_room(Message(arrays={"w": np.zeros(10)}), tmp_path)
    with pytest.raises(SystemExit, match=r"its weights take 8e-07 GB, and .* has no room for them"):
        script_process.require_room(Message(arrays={"w": np.zeros(100)}), tmp_path)


def test_both_are_ended_when_interrupted(write, monkeypatch):
    started = []

    def interrupted(self, seconds=None):
        started.append(self.family.process)
        raise KeyboardInterrupt

    monkeypatch.setattr(watched.Watched, "wait", interrupted)
    endless = "while True: pass\n"
    with pytest.raises(KeyboardInterrupt):
        compare_scripts(
            write("import torch\n" + endless, "a.py"), write("import keras\n" + endless, "b.py")
        )
    assert all(process.returncode is not None for process in started)


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("import torch", "torch"),
        ("from torch.nn import Linear", "torch"),
        ("import keras", "tensorflow"),
        ("import tensorflow.keras as k", "tensorflow"),
        ("if True:\n    from tensorflow import keras", "tensorflow"),
    ],
)
def test_the_framework_is_found_from_the_imports(write, text, side):
    assert framework_of_script(write(text)) == side


def test_scripts_whose_framework_cannot_be_found(write):
    with pytest.raises(UsageError, match="neither framework"):
        framework_of_script(write("from . import torch\nimport numpy"))
    with pytest.raises(UsageError, match="both frameworks"):
        framework_of_script(write("import torch, keras"))
    with pytest.raises(SourceError) as caught:
        framework_of_script(write("import torch\nx = ("))
    assert caught.value.line == 2
