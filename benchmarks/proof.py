"""Proves every case of every record, there and back, with both frameworks' workers warm.

Run it as `python -m benchmarks.proof`.
"""

from __future__ import annotations

import time

from benchmarks._measure import Figure, report
from translator.errors import ProofError
from translator.knowledge.registry import ENTRIES
from translator.proof.pool import Pool
from translator.proof.records import prove


def main() -> int:
    """Run the benchmark."""
    records = [entry.record for entry in ENTRIES if entry.record.cases]
    cases = [(record, case) for record in records for case in record.cases]
    failed: list[str] = []
    started = time.perf_counter()
    with Pool() as pool:
        pool.start()
        prove(*cases[0], pool)  # imports the frameworks in the workers
        warm = time.perf_counter()
        for record, case in cases:
            try:
                prove(record, case, pool)
            except ProofError as error:
                failed.append(f"{record.title}: {case.text}: {str(error).splitlines()[0]}")
        taken = time.perf_counter() - warm
    for failure in failed:
        print(f"FAILS {failure}")
    return report(
        [
            Figure("records, cases", f"{len(records)}, {len(cases)}"),
            Figure("cases that fail", f"{len(failed)}", "none", not failed),
            Figure("starting the workers", f"{warm - started:.1f} s"),
            Figure("proof of all", f"{taken:.1f} s"),
            Figure("records per second", f"{len(records) / taken:.1f}"),
            Figure("cases per second", f"{len(cases) / taken:.1f}"),
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main())
