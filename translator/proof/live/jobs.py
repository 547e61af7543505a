"""The jobs of a worker that has a user's model: load the file, build the model, give and take weights, measure."""

from __future__ import annotations

import functools
import importlib
import inspect
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from translator.errors import UsageError
from translator.knowledge.lenses import Side
from translator.proof.links import normed
from translator.proof.live.files import candidates
from translator.proof.live.measuring import Measuring, results_of, said
from translator.proof.live.plan import SEED, Trace, layers
from translator.proof.outcome import push
from translator.proof.wire import Message, pack, unpack
from translator.user_file import run_file
from translator.weights.port import carry, paired
from translator.weights.tree import State, Values


@functools.cache
def live(side: Side) -> Live:
    """The one model of this worker."""
    name = "torch_live" if side == "torch" else "keras_live"
    return Live(importlib.import_module(f"translator.proof.live.{name}"))


class Live:
    """A file that was run and its model, in one precision; the jobs are its methods."""

    def __init__(self, framework: Any) -> None:
        self.framework = framework
        self.precision = "float64"
        self.module = types.ModuleType("")
        self.path = self.expression = ""
        self.model: Any = None
        self.kept: dict[str, Values] = {}
        self.given: State | None = None
        """The other model, whose layers say how those that no call reaches are built."""
        self.moved: Literal["nothing", "statistics", "all"] = "all"
        framework.quiet()

    def answer(self, job: Message) -> Message:
        """Do one job."""
        return self._jobs()[job.header["do"]](job)

    def _jobs(self) -> Mapping[str, Callable[[Message], Message]]:
        return {
            "load": self.load,
            "build": self.build,
            "try": self.try_inputs,
            "push": self.push,
            "take": self.take,
            "outputs": self.outputs,
            "trace": self.trace,
            "measure": self.measure,
        }

    def load(self, job: Message) -> Message:
        """Run the file in a precision; answers with what may be its model."""
        self.given = None
        self.path = job.header["path"]
        self._load(job.header["precision"])
        return Message(candidates(self.module, self.framework).plain())

    def _load(self, precision: str) -> None:
        self.precision = precision
        self.framework.forget()
        self.framework.reset(precision, SEED)
        self.module = run_file(Path(self.path))

    def build(self, job: Message) -> Message:
        """Make the model that an expression says."""
        self.expression = job.header["expression"]
        self._build()
        known = [
            list(map(_with_list, option)) for option in self.framework.known_inputs(self.model)
        ]
        taken = _parameters(self.framework.method(self.model))
        settings = self.framework.settings(self.model)
        dropping = self.framework.silence(self.model)
        header: dict[str, Any] = {
            "kind": type(self.model).__name__,
            "known": known,
            "parameters": taken,
        }
        header |= {"settings": settings, "dropping": dropping, "kinds": self._kinds()}
        return Message(header)

    def _build(self) -> None:
        self.framework.reset(self.precision, SEED)
        model = eval(compile(self.expression, "--model", "eval"), vars(self.module))
        if isinstance(model, type):
            model = model()
        if not self.framework.is_model(model):
            raise UsageError(f"{self.expression!r} is a {type(model).__name__}, and no model")
        self.model = self.framework.prepared(model, self.precision)

    def at(self, job: Message) -> None:
        """Have the model in the precision that a job wants, with the weights that were kept."""
        if job.header["precision"] != self.precision:
            self._load(job.header["precision"])
            self._build()
            self.framework.silence(self.model)
            self.forward(self.inputs(job), False)
            if self.given is not None:
                paired(self.given, self.model)
            self.moved = "all"
        self.restore()

    def try_inputs(self, job: Message) -> Message:
        """Call the model once; answers with why it does not take the inputs, None where it does."""
        try:
            self.forward(self.inputs(job), False)
        except Exception as error:
            return Message({"failure": said(error)})
        return Message({"failure": None})

    def push(self, job: Message) -> Message:
        """Move every array off its initial value where that is asked for; answers with all of them."""
        state = self.state()
        if job.header["push"]:
            push(state, SEED)
        return self._keep(state)

    def take(self, job: Message) -> Message:
        """Take the weights of a model of the other framework, or of this one in another precision."""
        given = unpack(job)
        assert given is not None
        self.given = given
        state, matching = paired(given, self.model)
        links = matching.links
        if job.header["write"]:
            carry(given, state, links)
        answer = self._keep(state)
        # Those that the other side has as well need not go back.
        wanted = not job.header["write"] or bool(normed(links))
        return answer if wanted else pack(state, values=False)

    def _keep(self, state: State) -> Message:
        """Remember the weights, which every later job starts from."""
        answer = pack(state)
        self.kept = answer.part("state")
        self.moved = "nothing"
        return answer

    def state(self) -> State:
        """The model as a tree."""
        state: State = self.framework.read_state(self.model)
        return state

    def restore(self) -> None:
        """Put the weights back and draw anew from the same seed."""
        self.framework.reset(self.precision, SEED)
        if self.moved != "nothing":
            for path, array in self.state().arrays().items():
                wanted = self.moved == "all" or not array.trainable
                if wanted and array.write is not None and path in self.kept:
                    array.write(self.kept[path])
        self.moved = "nothing"

    def outputs(self, job: Message) -> Message:
        """The results in one mode, with another seed than ever before where one is given."""
        if "seed" in job.header and job.header["precision"] == self.precision:
            self.framework.reset(self.precision, job.header["seed"])
        else:
            self.at(job)
        return results_of(self.forward(self.inputs(job), job.header["training"]))

    def trace(self, job: Message) -> Message:
        """What every layer takes and gives in one mode."""
        self.at(job)
        return self.traced(job, job.header["training"])

    def traced(self, job: Message, training: bool) -> Message:
        """The results in one mode, and what every layer takes and gives."""
        with self.framework.traced(self.model) as trace:
            results = self.forward(self.inputs(job), training)
        return _with_trace(results_of(results), trace, self._kinds())

    def _kinds(self) -> dict[str, str]:
        return {
            path: node.kind or type(node.handle).__name__
            for path, node in layers(self.state()).items()
        }

    def measure(self, job: Message) -> Message:
        """Everything that is compared, stage by stage."""
        return Measuring(self).measure(job)

    def forward(self, arrays: list[Values], training: bool) -> list[Values]:
        """The results in one mode."""
        if training and self.moved == "nothing":
            self.moved = "statistics"
        results: list[Values] = self.framework.forward(self.model, arrays, training)
        return results

    def inputs(self, job: Message, prefix: str = "input") -> list[Values]:
        """The inputs of a job in the model's precision."""
        given = job.part(prefix).values()
        return [v.astype(self.precision) if v.dtype.kind == "f" else v for v in given]


def _with_trace(answer: Message, trace: Trace, kinds: Mapping[str, str]) -> Message:
    answer.header |= {"events": trace.events, "kinds": kinds}
    answer.arrays |= {f"trace/{i}": values for i, values in enumerate(trace.arrays)}
    return answer


def _with_list(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, "shape": list(one["shape"])}


def _parameters(function: Any) -> list[str]:
    """The names of the arguments that have to be given."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = inspect.signature(function).parameters.values()
    return [p.name for p in parameters if p.kind in kinds and p.default is p.empty]
