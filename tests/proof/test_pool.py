"""The workers: what they answer, and that nothing is left of them."""

from __future__ import annotations

import os
import time

import numpy as np
import pytest

from translator.errors import ProofError
from translator.proof.pool import Pool
from translator.proof.wire import Message, send, unpack

TORCH = """
import torch

class Proof(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(3, 2)
        self.register_buffer("running", torch.ones(2))

    def forward(self, x, ids):
        x.mul_(2)
        return self.layer(x) * self.running, {"picked": x[ids], "shape": x.shape}
"""
TENSORFLOW = """
import keras
import tensorflow as tf

class Proof(keras.Model):
    def __init__(self):
        super().__init__()
        self.layer = keras.layers.Dense(2)
        self.running = self.add_weight(shape=(2,), initializer="ones", trainable=False)

    def call(self, x, ids):
        x = x * 2
        return self.layer(x) * self.running, {"picked": tf.gather(x, ids), "shape": tf.shape(x)}
"""
INPUTS = {"input/x": np.arange(12.0).reshape(4, 3), "input/ids": np.array([1, 1, 3])}


def job(program, *, arguments=None, results=None, state=None, **arrays):
    header = {"job": "run", "program": program, "name": "Proof", "precision": "float64", "seed": 7}
    header |= {"arguments": arguments or {}, "results": results or {}}
    message = Message(header, {**INPUTS, **arrays})
    if state is not None:
        message.header["state"] = state.header["state"]
        message.arrays |= {f"state/{path}": values for path, values in state.part("state").items()}
    return message


def script(text):
    return Message({"job": "script", "program": text, "seed": 0})


def is_running(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_two_programs_with_equal_weights_agree(pool):
    a = pool.ask("torch", job(TORCH))
    b = pool.ask("tensorflow", job(TENSORFLOW, state=a))
    assert {name: array.dtype.kind for name, array in b.part("result").items()} == {
        "0": "f",
        "1": "f",
        "2": "i",
    }
    for at, values in a.part("result").items():
        np.testing.assert_allclose(b.part("result")[at], values, atol=1e-12)
    np.testing.assert_allclose(b.part("input")["x"], a.part("input")["x"], atol=1e-12)
    assert list(a.part("input")) == ["x"]
    ours, theirs = a.part("parameter"), b.part("parameter")
    np.testing.assert_allclose(theirs["layer.kernel"], ours["layer.weight"].T, atol=1e-12)
    np.testing.assert_allclose(theirs["layer.bias"], ours["layer.bias"], atol=1e-12)
    assert set(ours) == {"layer.weight", "layer.bias"}


@pytest.mark.parametrize(("side", "text"), [("torch", TORCH), ("tensorflow", TENSORFLOW)])
def test_zeros_and_statistics_are_pushed(pool, side, text):
    state = unpack(pool.ask(side, job(text)))
    assert state is not None
    values = state.values()
    assert np.all(values["running"] > 1)
    assert np.all(values["layer.bias"] != 0)
    assert len(set(values["layer.bias"])) == 2


def test_weights_that_do_not_fit_are_an_error(pool):
    state = pool.ask("torch", job(TORCH))
    text = TENSORFLOW.replace("Dense(2)", "Dense(2, use_bias=False)")
    with pytest.raises(ProofError, match=r"layer\.bias .* has no counterpart"):
        pool.ask("tensorflow", job(text, state=state))


def test_axis_orders_are_undone(pool):
    """The same function, once in an order of its own: everything comes back in the case's order."""
    images = {"input/x": np.random.default_rng(0).standard_normal((2, 3, 4))}
    plain = """
import torch

class Proof(torch.nn.Module):
    def forward(self, x):
        return x * torch.arange(3.0)[:, None] * x
"""
    other = plain.replace("[:, None]", "")
    a = Message(job(plain).header, images)
    b = Message(job(other, arguments={"x": (0, 2, 1)}, results={0: (0, 2, 1)}).header, images)
    first, second = pool.ask("torch", a), pool.ask("torch", b)
    for kind in ("result", "input"):
        for name, values in first.part(kind).items():
            np.testing.assert_array_equal(second.part(kind)[name], values)


def test_precision_is_the_jobs(pool):
    message = job(TENSORFLOW)
    assert pool.ask("tensorflow", message).part("result")["0"].dtype == np.float64
    message.header["precision"] = "float32"
    message.arrays["input/x"] = message.arrays["input/x"].astype(np.float32)
    assert pool.ask("tensorflow", message).part("result")["0"].dtype == np.float32
    message.header["precision"] = "float64"
    message.arrays["input/x"] = message.arrays["input/x"].astype(np.float64)
    assert pool.ask("tensorflow", message).part("result")["0"].dtype == np.float64


@pytest.mark.parametrize(
    ("side", "text"),
    [
        ("torch", "print('a', 1)\nimport os\nos.write(1, b'b 2\\n')"),
        ("tensorflow", "import sys\nimport tensorflow as tf\nprint('a', 1)\nsys.stdout.flush()\n"
         "tf.print('b', 2, output_stream=sys.stdout)"),
    ],
)  # fmt: skip
def test_what_a_script_prints_is_caught_at_every_level(pool, side, text):
    assert pool.ask(side, script(text)).header["printed"] == "a 1\nb 2\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("raise ValueError('no such thing')", "ValueError: no such thing"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("input()", "EOFError"),
        ("def f(:", "SyntaxError"),
        ("first = 1\nsecond = first / 0", "second = first / 0"),
    ],
)
def test_a_failing_program_leaves_the_worker_alive(pool, text, message):
    before = pool.ask("torch", script("import os; print(os.getpid())")).header["printed"]
    with pytest.raises(ProofError, match="PyTorch raised") as caught:
        pool.ask("torch", script(text))
    assert message in str(caught.value)
    assert pool.ask("torch", script("import os; print(os.getpid())")).header["printed"] == before


def test_a_worker_that_dies_is_replaced():
    with Pool() as pool:
        with pytest.raises(ProofError, match="PyTorch process died") as caught:
            pool.ask("torch", script("import os\nos.write(2, b'last words')\nos._exit(1)"))
        assert "last words" in str(caught.value)
        assert pool.ask("torch", script("print(1)")).header["printed"] == "1\n"
        numbers = list(pool.processes().values())
        assert len(numbers) == 1
        assert all(is_running(number) for number in numbers)
    assert not any(is_running(number) for number in numbers)


def test_a_worker_that_hangs_is_ended_with_its_children():
    text = "import subprocess, sys\nchild = subprocess.Popen(['sleep', '600'])\nwhile True: pass"
    with Pool() as pool:
        pool.ask("torch", script("print(1)"))
        (number,) = pool.processes().values()
        with pytest.raises(ProofError, match=r"no answer within 1\.5 s"):
            pool.ask("torch", script(text), timeout=1.5)
        assert pool.processes() == {}
        assert not is_running(number)


def test_a_worker_ends_when_its_parent_is_gone():
    with Pool() as pool:
        pool.ask("torch", script("print(1)"))
        worker = pool._workers["torch"]
        hang = script("while True: pass")
        send(worker.process.stdin, hang)
        worker.process.stdin.close()
        deadline = time.monotonic() + 20
        while worker.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert worker.process.returncode == 0
