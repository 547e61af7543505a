"""Verifies a ResNet-18 at 3x64x64 against a port of it, and imports both frameworks, in turns.

Run it as `python -m benchmarks.verify`. It measures time on the clock, because both sides run at once.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks._measure import Figure, report
from translator.proof.models import verify
from translator.proof.verification import Verdict, Verification

ROUNDS = 3
LIMIT = 3.0
INPUT = "2x3x64x64"
_MODELS = Path(__file__).with_name("models")
_IMPORT = (sys.executable, "-c", "import torch, tensorflow, keras")


def main() -> int:
    """Run the benchmark."""
    source, target = _MODELS / "resnet_torch.py", _MODELS / "resnet_keras.py"
    _imported()  # fills the caches
    imports, runs, used = [], [], []
    for _ in range(ROUNDS):
        imports.append(_imported())
        before = _children()
        found = verify(source, target, inputs=INPUT)
        used.append(_children() - before)
        runs.append(found.seconds)
    importing, taken = statistics.median(imports), statistics.median(runs)
    ratio = taken / importing
    return report(
        [
            Figure("importing both frameworks", f"{importing:.1f} s"),
            Figure("verify", f"{taken:.1f} s"),
            Figure("times importing", f"{ratio:.2f}", f"at most {LIMIT:g}", ratio <= LIMIT),
            Figure("CPU time of verify", f"{statistics.median(used):.1f} s"),
            Figure("what differs", f"{_faults(found)}", "nothing", found.agree),
        ]
    )


def _imported() -> float:
    """Seconds that a process takes that imports both frameworks and does nothing."""
    environment = os.environ | {"CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    started = time.perf_counter()
    subprocess.run(_IMPORT, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _faults(found: Verification) -> int:
    failed = found.failure is not None or found.fault is not None
    return max(sum(row.verdict is Verdict.DIFFER for row in found.checks), int(failed))


if __name__ == "__main__":
    raise SystemExit(main())
