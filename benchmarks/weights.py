"""Carries a large safetensors file both ways: the memory above that of the two models.

Run it as `python -m benchmarks.weights`; `--gigabytes 4` is the size that the limit is said for. It takes disk space
three times that size, memory a little over twice, in `--folder`.

Each direction runs in a process of its own. What counts is what the process holds at most after both models are built,
above what it holds then: of memory that is its own (by samples), and of all that is resident (by the kernel's count),
which has the libraries' files in it that are loaded meanwhile.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks._measure import Figure, report

TORCH = """\
from torch import nn

def net():
    return nn.Sequential(*(nn.Linear({width}, {width}, bias=False) for _ in range({layers})))
"""
KERAS = """\
import keras

def net():
    layers = [keras.layers.Dense({width}, use_bias=False) for _ in range({layers})]
    return keras.Sequential([keras.Input(({width},)), *layers])
"""


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gigabytes", type=float, default=0.5, help="the size of the file")
    parser.add_argument("--layers", type=int, default=16, help="how many tensors it has")
    parser.add_argument("--folder", help="where to put the files; a temporary folder by default")
    parser.add_argument("--carry", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.carry:
        print(json.dumps(carry(*arguments.carry)))
        return 0
    width = math.isqrt(int(arguments.gigabytes * 2**30 / 4 / arguments.layers))
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        place = Path(folder)
        for name, text in (("net.py", TORCH), ("net_tf.py", KERAS)):
            filled = text.format(width=width, layers=arguments.layers)
            (place / name).write_text(filled, encoding="utf-8")
        make(place / "a.safetensors", width, arguments.layers)
        steps = (
            ("from safetensors to Keras", "a.safetensors", "b.weights.h5", "net.py", "net_tf.py"),
            ("from Keras to safetensors", "b.weights.h5", "c.safetensors", "net_tf.py", "net.py"),
        )
        tensor = 4 * width * width
        print(f"{arguments.layers} tensors of {tensor / 1e6:.0f} MB each")
        figures = [figure for step in steps for figure in measure(place, tensor, *step)]
        equal = (place / "a.safetensors").read_bytes() == (place / "c.safetensors").read_bytes()
        figures.append(
            Figure(
                "the file after the way there and back",
                "equal" if equal else "DIFFERS",
                "equal",
                equal,
            )
        )
    return report(figures)


def make(path: Path, width: int, layers: int) -> None:
    """Write a file of random tensors, one after another."""
    import numpy as np

    size = 4 * width * width
    header = {
        f"{number}.weight": {
            "dtype": "F32",
            "shape": [width, width],
            "data_offsets": [number * size, (number + 1) * size],
        }
        for number in range(layers)
    }
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    random = np.random.default_rng(0)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for _ in range(layers):
            file.write(random.standard_normal((width, width), np.float32).data)


def measure(place: Path, tensor: int, what: str, *step: str) -> list[Figure]:
    """Run one direction in a process of its own."""
    source, target, first, second = (str(place / name) for name in step)
    command = [sys.executable, "-m", "benchmarks.weights", "--carry", source, target]
    done = subprocess.run(
        [*command, f"{first}:net()", f"{second}:net()"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    found = json.loads(done.stdout.splitlines()[-1])
    own, resident = found["own memory"], found["resident memory"]
    times = own / tensor
    return [
        Figure(f"{what}: seconds", f"{found['seconds']:.1f}"),
        Figure(f"{what}: own memory", f"{own / 1e6:.0f} MB"),
        Figure(f"{what}: that over the largest tensor", f"{times:.3f}", "at most 2", times <= 2),
        Figure(f"{what}: resident memory", f"{resident / 1e6:.0f} MB"),
    ]


def carry(source: str, target: str, first: str, second: str) -> dict[str, float]:
    """Carry the file and tell the memory that it took above that of the models."""
    from translator.cli.weights import _import_tensorflow
    from translator.weights.model_file import parse
    from translator.weights.transfer import transfer

    _import_tensorflow()
    held: dict[str, int] = {}
    peak = 0
    ended = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(0.002):
            peak = max(peak, status("RssAnon"))

    watcher = threading.Thread(target=watch)

    def tell(text: str, done: int, total: int) -> None:
        if not held:  # the first thing that is told, when both models are there
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak
            held.update({"own": status("RssAnon"), "all": status("VmRSS"), "at": time.time_ns()})
            watcher.start()

    transfer(source, target, parse(first), parse(second), tell)
    seconds = (time.time_ns() - held["at"]) / 1e9
    ended.set()
    watcher.join()
    return {
        "seconds": seconds,
        "own memory": peak - held["own"],
        "resident memory": status("VmHWM") - held["all"],
    }


def status(name: str) -> int:
    """One figure of this process in bytes, as Linux tells it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (line,) = (line for line in lines if line.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    raise SystemExit(main())
