"""One process under watch: each way to go too far ends it with all that it has started."""

from __future__ import annotations

import os
import sys

import pytest

from translator.proof.watched import Limits, Watched

LIMITS = Limits(seconds=20, memory=400_000_000, output=1_000_000, processes=30)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


def run(text, limits=LIMITS):
    """What a program printed, and why it failed."""
    with Watched([sys.executable, "-c", text], os.environ, limits) as process:
        process.wait()
        return process.printed(), process.failure()


def test_a_program_that_keeps_to_its_limits():
    assert run("print('a' * 10)") == ("a" * 10 + "\n", None)


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("while True: pass", "it did not end within 1 s"),
        ("while True: print('a' * 1000)", "it printed more than 1 MB"),
        ("import sys\nwhile True: sys.stderr.write('a' * 1000)", "it printed more than 1 MB"),
        # The last of it stays in the pipe when the program ends by itself.
        ("print('a' * 1_030_000)", "it printed more than 1 MB"),
        ("import os; os.abort()", "it was ended by SIGABRT"),
        ("import os; os.kill(os.getpid(), 9)", "it was ended by SIGKILL, as for lack of memory"),
        ("raise SystemExit(3)", "it ended with exit code 3"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
    ],
)
def test_each_failure_is_told(text, failure):
    found = run(text, Limits(seconds=1 if "pass" in text else 20, output=1_000_000))[1]
    assert found is not None
    assert failure in found


def test_a_program_without_end_is_ended_with_its_children(gone):
    text = (
        "import subprocess, os\nchild = subprocess.Popen(['sleep', '600'])\n"
        "print(os.getpid(), child.pid, flush=True)\nwhile True: pass\n"
    )
    printed, failure = run(text, Limits(seconds=3))
    assert failure == "it did not end within 3 s"
    assert all(gone(int(number)) for number in printed.split())
    assert printed


@LINUX
@pytest.mark.parametrize(
    "text",
    [
        "held = []\nwhile True: held.append(bytearray(b'a' * 10_000_000))",
        # Shared out over several processes, none of which takes much.
        "import os, time\nfor _ in range(4): os.fork()\n"
        "held = bytearray(b'a' * 40_000_000)\ntime.sleep(60)",
    ],
)
def test_memory_is_limited(text):
    assert run(text)[1] == "it took more than 0.4 GB of memory"


@LINUX
def test_shared_memory_counts_once():
    text = (
        "import os, time\nheld = bytearray(b'a' * 200_000_000)\n"
        "for _ in range(6):\n    if os.fork() == 0:\n        time.sleep(0.5)\n        os._exit(0)\n"
        "for _ in range(6): os.wait()\nprint('done')\n"
    )
    assert run(text) == ("done\n", None)


@LINUX
def test_too_many_processes_are_ended():
    # Forty are enough to go beyond the limit: a test must not take the machine with it when it fails.
    text = (
        "import subprocess, time\n"
        "for _ in range(40): subprocess.Popen(['sleep', '60'])\ntime.sleep(60)\n"
    )
    assert run(text)[1] == "it started more than 30 processes"


@LINUX
def test_a_child_that_left_its_session_and_its_parent_is_ended_too(gone):
    text = (
        "import os, time\n"
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        print(os.getpid(), flush=True)\n        time.sleep(600)\n    os._exit(0)\n"
        "time.sleep(1)\n"
    )
    printed, failure = run(text)
    assert failure is None
    assert gone(int(printed))


def test_it_is_gone_when_the_watching_is_interrupted():
    process = Watched([sys.executable, "-c", "while True: pass"], os.environ, LIMITS)
    with pytest.raises(KeyboardInterrupt), process:
        raise KeyboardInterrupt
    assert process.family.process.returncode is not None


def test_two_are_watched_at_once():
    endless = [sys.executable, "-c", "while True: pass"]
    first = Watched(endless, os.environ, LIMITS)
    second = Watched(endless, os.environ, Limits(seconds=0.5))
    with first, second:
        assert second.wait(10)
        assert not first.wait(0)
