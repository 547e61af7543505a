"""`translator verify` as a process of its own, ended from outside: nothing that it started outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

ENDLESS = """
import os, subprocess
import torch
child = subprocess.Popen(["sleep", "600"])
with open(__file__ + ".pids.part", "w") as file:
    print(os.getpid(), child.pid, file=file)
os.rename(__file__ + ".pids.part", __file__ + ".pids")
while True: pass
"""


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize(
    ("sign", "code", "kind", "framework"),
    [
        (signal.SIGINT, 130, "scripts", "torch"),
        (signal.SIGTERM, 143, "scripts", "torch"),
        (signal.SIGHUP, 129, "scripts", "torch"),
        (signal.SIGINT, 130, "models", "tensorflow"),
    ],
)
def test_both_sides_and_their_children_are_gone(tmp_path, gone, sign, code, kind, framework):
    scripts = [tmp_path / "a.py", tmp_path / "b.py"]
    for script, imported in zip(scripts, ("torch", framework), strict=True):
        script.write_text(ENDLESS.replace("torch", imported))
    command = [sys.executable, "-m", "translator", "verify", *map(str, scripts), "--as", kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        numbers = [number for script in scripts for number in _numbers(script)]
        process.send_signal(sign)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err.strip()) == (code, b"", b"")
    assert all(gone(number) for number in numbers)


@pytest.mark.skipif(sys.platform != "linux", reason="the system does this on Linux only")
def test_the_scripts_go_when_it_is_killed(tmp_path, gone):
    script = tmp_path / "a.py"
    script.write_text(ENDLESS)
    command = [sys.executable, "-m", "translator", "verify", str(script), str(script)]
    with subprocess.Popen(command) as process:
        started, child = _numbers(script)
        process.kill()
    os.kill(child, signal.SIGKILL)  # which nothing is left to end
    assert gone(started)


def _numbers(script):
    pids = script.with_name(script.name + ".pids")
    deadline = time.monotonic() + 60
    while not pids.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return [int(number) for number in pids.read_text().split()]
