"""The kinds of record. Each names both frameworks in strings alone, so that reading them imports neither.

A record lists the spellings of one thing on both sides, as signatures; the first of a kind is the one that is
written. The kind follows from the name: `torch.nn.ReLU` is a layer, `torch.relu` a function, `torch.Tensor.relu` a
method, `'relu'` a string that Keras understands. Parameters of later spellings correspond to those of the first by
name or else by position.

Nothing changes a record. That is not enforced: setting some twenty fields of each past a check would take a tenth of
the time of a look-up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from translator.knowledge.cases import Case
from translator.knowledge.lenses import Lens, Side, Tensor
from translator.knowledge.shapes import ShapeRule, unknown
from translator.knowledge.weights import Alike, Needs, Weight

Order = Literal["keeps", "wants", "source", "memory", "turns"]
"""What an operation does with the axis order of its tensors: elementwise ones keep any order, convolutions and
pooling want the target's own, and every other one is given the source's, because the order can be seen in it; those of
memory see no more than in which order the elements follow one another, and those that turn only move the axes."""


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Record:
    """One equivalence.

    `torch` and `tf`: signatures, one or several. `differs`: what to know. `naive` and `error`: the obvious wrong
    form and its measured largest error. `words`: what else people call it. `rank`: the rank of the input, where the
    name fixes it. `dtype`: the type of the result where it is not that of the input: "bool", "int64", "float" for the
    input's own floats, "total" for sums. `gives`: what a call returns.
    """

    torch: str | tuple[str, ...]
    tf: str | tuple[str, ...]
    args: tuple[Lens, ...] = ()
    order: Order = "source"
    shape: ShapeRule = unknown
    differs: str = ""
    naive: str = ""
    error: str = ""
    words: str = ""
    rank: int | None = None
    ranks: tuple[tuple[str, int], ...] = ()
    """Where it is the spelling that fixes the rank of the input: names and ranks; one name may be right for several."""
    dtype: str | None = None
    other_ranks: tuple[tuple[int, str], ...] = ()
    """Ranks that torch's layer takes besides `rank`, each with Keras's layer for it."""
    gives: Literal["tensor", "tensors", "number", "list", "distribution"] = "tensor"
    fields: tuple[tuple[str, str | None], ...] = ()
    """The names and types of the tensors that a call returns together; a pair's `tf` has a pattern for each."""
    called: tuple[str, str] = ("(input)", "(inputs)")
    """The parameters of a call to what a layer spelling built, torch's and Keras's."""
    call_args: tuple[Lens, ...] = (Tensor("input", "inputs"),)
    caution: str = ""
    """What has to hold for both sides to compute the same, where the file does not show it: said at each call."""
    stops: bool = False
    """True where no gradient passes."""
    states: int = 0
    """Of a recurrent layer: how many states it hands from step to step; of a wrapper, that it has some."""
    cell: int = 0
    """Of a cell, which makes one step of a recurrent layer: how many states it hands to the next one."""
    heads: bool = False
    """True for attention of several heads, which gives its weights beside its outputs."""
    rounding: str = ""
    """Why the two sides differ by more than 1e-9 in float64 although the formula is one: then 1e-8 is allowed."""
    cases: tuple[Case, ...] = ()

    def spellings(self, side: Side) -> tuple[str, ...]:
        """The signatures of one side, the one that is written first."""
        texts = self.torch if side == "torch" else self.tf
        return (texts,) if isinstance(texts, str) else texts

    @property
    def title(self) -> str:
        """The name under which the look-up shows the record: the first torch spelling without its arguments."""
        return self.spellings("torch")[0].partition("(")[0]


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Layer(Record):
    """A module with state on both sides; `weights` says how its arrays are carried.

    `moded` marks what behaves differently in training. `initial` says how its first weights are drawn on both sides.
    """

    weights: tuple[Weight, ...] = ()
    given: tuple[Needs | Alike, ...] = ()
    """What has to hold of two layers for their arrays to mean the same."""
    moded: bool = False
    initial: str = ""
    training: str = ""
    """What differs in training alone, which is noted where the layer is built."""
    fan_in: tuple[str, ...] = ()
    """torch's parameters whose product is the number of inputs of one output, where torch starts from
    U(±1/sqrt(fan_in)) for kernel and bias."""
    exact: tuple[Exact, ...] = ()
    any_rank: tuple[str, str] = ("", "")
    """torch's class for an input of which only the last axis is known, written into the file: its name and its code."""
    lazy: tuple[str, str] = ("", "")
    """A class that learns the size of its input at its first call, where torch has none: its name and its code."""
    helpers: tuple[tuple[str, str], ...] = ()
    """The classes that are written into the file of the target, which has no such layer: names and code."""
    steady: tuple[str, ...] = ()
    """Of an optimizer: the parameters under which both sides agree only as long as its rate stays as it is."""
    methods: tuple[str, ...] = ()
    """The methods of those classes that the source's class has as well, with the same arguments."""
    members: tuple[tuple[str, str], ...] = ()
    """Attributes that are layers or functions by themselves, with torch's names for these."""


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Exact(Layer):
    """A class that is written into the file of `side` and computes what the other side's does, number by number.

    It is chosen with `--exact`, and where the idiom does not fit the arguments. `code` is the class, whose constructor
    is the spelling of its side; `of` is the title of the record that it belongs to.
    """

    side: Side = "tensorflow"
    code: str = ""
    of: str = ""

    @property
    def title(self) -> str:
        """That of the record that it belongs to."""
        return self.of


def holding(record: Record, side: Side, name: str) -> Weight | None:
    """The weight rule of a record that speaks of an array of one side."""
    weights = record.weights if isinstance(record, Layer) else ()
    return next((weight for weight in weights if name in weight.names(side)), None)


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Function(Record):
    """A stateless operation: function, method and, for activations, layer and string spellings."""

    as_method: bool = False
    """True for what people call on the tensor in torch, `x.reshape(2, -1)`, rather than as a function."""


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Pair(Record):
    """Two code patterns with holes, for what no signature expresses: `x.t()` / `tf.transpose(x)`.

    `torch` and `tf` hold patterns. Every name in `holes` stands for an expression: of a tensor (`"tensor"`),
    of anything (`"any"`), or of a literal (`"literal"`). Names in holes starting with `*` take a sequence.
    """

    holes: tuple[tuple[str, str], ...] = ()
    only_from: Side | None = None
    """Set where the pattern is recognised on one side only."""
    held: str = ""
    """TensorFlow's form for images that are channels last; its result is so too."""
    helper: tuple[str, str] = ("", "")
    """A function that the pattern calls, written once into the file: its name and its code."""


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Construct(Record):
    """Something with structure; recogniser and emitter stand in `rewrite/constructs/`, under `name`.

    `torch` and `tf` are short complete snippets for the look-up.
    """

    name: str = ""
    about: tuple[str, ...] = ()
    """The names of either framework that it explains, whose calls stand in it or are written with it."""

    @property
    def title(self) -> str:
        """The construct's own name."""
        return self.name


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Refusal(Record):
    """A name that has no equivalent: `differs` gives the reason, `instead` the way around, as parts of a sentence.

    `torch.distributed.*` refuses a namespace: every name in it that has no record of its own.
    """

    instead: str = ""
    gone: bool = False
    """True for names of an earlier version of the framework."""

    def told(self, name: str) -> str:
        """What a finding says where the name is used."""
        return f"{name}: {self.differs}: {self.instead}"

    @property
    def title(self) -> str:
        """The first name that is refused."""
        return (*self.spellings("torch"), *self.spellings("tensorflow"))[0].partition("(")[0]


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Entry:
    """A record with its place in the registry: the group it belongs to, for the documentation."""

    group: str
    record: Record = field()
