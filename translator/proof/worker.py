"""The worker process: `python -m translator.proof.worker torch|tensorflow`.

It reads jobs from its standard input and answers on its standard output, one frame each. What the programs print
goes elsewhere; when the pipe closes, the worker ends, whatever it is doing.
"""

from __future__ import annotations

import contextlib
import importlib
import linecache
import os
import queue
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

from translator.knowledge.lenses import Side
from translator.proof.outcome import Axes, cotangents, inverse, push
from translator.proof.process import last_lines, told
from translator.proof.wire import Message, pack, receive, send, unpack
from translator.weights.match import match
from translator.weights.port import carry, require_complete
from translator.weights.ties import settled

_FILE = "<program>"
_COLOUR = re.compile(r"\x1b\[\d*m")  # Keras writes its messages in bold


def main(side: Side) -> None:
    """Serve jobs until the pipe closes."""
    jobs, answers = _claim_pipes()
    framework = importlib.import_module(
        "translator.proof.torch_runner" if side == "torch" else "translator.proof.keras_runner"
    )
    waiting: queue.SimpleQueue[Message] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(jobs, waiting), daemon=True).start()
    send(answers, Message({"ready": side}))
    while True:
        send(answers, _answer(waiting.get(), framework))


def _claim_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take the pipes away from the programs: they read nothing, and what they print goes to standard error."""
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return jobs, answers


def _listen(jobs: BinaryIO, waiting: queue.SimpleQueue[Message]) -> None:
    try:
        while True:
            waiting.put(receive(jobs))
    except EOFError:
        os._exit(0)


def _answer(job: Message, framework: Any) -> Message:
    work = {"run": _run, "script": _script, "model": _model}[job.header["job"]]
    try:
        return work(job, framework)
    # A program may raise anything, SystemExit included, and the worker lives on.
    except BaseException as error:
        return Message({"error": last_lines(_COLOUR.sub("", told(error)), 12)})


def _run(job: Message, framework: Any) -> Message:
    """Build a program's model, give it weights or a push, and run it forward and backward."""
    header = job.header
    framework.reset(header["precision"], header["seed"])
    arguments = {name: tuple(axes) for name, axes in header["arguments"].items()}
    results = {int(position): tuple(axes) for position, axes in header["results"].items()}
    inputs = {name: _to(values, arguments.get(name)) for name, values in job.part("input").items()}
    model = _execute(header["program"])[header["name"]]()
    framework.call(model, inputs)
    state = framework.read_state(model)
    given = unpack(job)
    if given is None:
        push(state, header["seed"])
    else:
        matching = settled(given, state, match(given, state))
        require_complete(matching)
        carry(given, state, matching.links)
    outcome = framework.differentiate(model, inputs, cotangents(header["seed"], results))
    answer = pack(state)
    for position, values in enumerate(outcome.results):
        answer.arrays[f"result/{position}"] = _back(values, results.get(position))
    answer.arrays |= {f"parameter/{path}": values for path, values in outcome.parameters.items()}
    for name, values in outcome.inputs.items():
        answer.arrays[f"input/{name}"] = _back(values, arguments.get(name))
    return answer


def _script(job: Message, framework: Any) -> Message:
    """Run a whole script in float32 and answer with what it printed."""
    framework.reset("float32", job.header["seed"])
    printed: list[str] = []
    with _printed_to(printed):
        _execute(job.header["program"])
    return Message({"printed": printed[0]})


def _model(job: Message, framework: Any) -> Message:
    """A job on a user's model, which lives on until the next one is loaded."""
    from translator.proof.live.jobs import live

    return live(framework.SIDE).answer(job)


def _execute(program: str) -> dict[str, Any]:
    linecache.cache[_FILE] = (len(program), None, program.splitlines(keepends=True), _FILE)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(program, _FILE, "exec"), namespace)
    return namespace


@contextlib.contextmanager
def _printed_to(printed: list[str]) -> Iterator[None]:
    """Catch standard output below Python as well: tf.print does not go through it."""
    sys.stdout.flush()
    before = os.dup(1)
    with tempfile.TemporaryFile() as caught:
        os.dup2(caught.fileno(), 1)
        try:
            yield
        finally:
            sys.stdout.flush()
            os.dup2(before, 1)
            os.close(before)
            caught.seek(0)
            printed.append(caught.read().decode(errors="replace"))


def _to(values: Any, axes: Axes | None) -> Any:
    return values if axes is None else values.transpose(axes)


def _back(values: Any, axes: Axes | None) -> Any:
    return values if axes is None else values.transpose(inverse(axes))


if __name__ == "__main__":
    main("torch" if sys.argv[1] == "torch" else "tensorflow")
