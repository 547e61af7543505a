"""Functions, classes and objects: those of the file, and what constructors of the frameworks build."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from translator.knowledge.shapes import Shape, Size, Symbol, number
from translator.source.literals import literal_value
from translator.source.values import PLAIN, UNKNOWN, Api, TensorValue, Value

if TYPE_CHECKING:
    import libcst as cst

    from translator.knowledge.records import Record
    from translator.source.bound import Arguments


@dataclass(frozen=True, slots=True)
class SuperValue(Value):
    """`super()` inside a class of the file."""

    info: ClassInfo


_SCHEDULES = "keras.optimizers.schedules."


@dataclass(eq=False, slots=True)
class Site:
    """One place that builds a layer, loss, optimizer or other object of a framework, and what became of it.

    `seen` holds the shapes of the tensors that reach it, by the call (and its place in a container) that passes them;
    `parts` are the members of a container.
    """

    node: cst.Call = field(repr=False)
    record: Record = field(repr=False)
    arguments: Arguments = field(repr=False)
    scope: str
    seen: dict[tuple[int, int], Shape] = field(default_factory=dict)
    target_order: bool | None = None
    """Of a layer that works along a stated axis: the order in which it is given tensors, once one was seen."""
    branch: int = 0
    """The branch of the program that builds it: see `Interpreter.branch`."""
    parts: tuple[Value, ...] = ()
    names: dict[str, int] = field(default_factory=dict)
    """The places of those parts that have names."""
    by_name: dict[str, Value] = field(default_factory=dict)
    """The parts that have names, whether their places are known or not."""
    named: str = ""
    """The name by which the file fetches it from a container that a dict was made into."""
    counted: bool = True
    """False once a part was added that may be there several times, or not at all."""
    own: int = 0
    """How many parts the constructor was given; `add` appends more."""
    detached: bool = False
    """True once the object reached a place that was not followed, so that its calls cannot all be seen."""
    any_rank: bool = False
    """True once something came that has not as many axes as the first record of its class asks for."""
    member: bool = False
    """True where the constructor call stands inside that of a container, so that nothing else calls the object."""
    target: cst.BaseExpression | None = None
    """What the constructor call is assigned to, where that is one attribute or name."""
    stated: Size = None
    """The width of what it is given, where the file says so."""
    attributes: dict[str, Value] = field(default_factory=dict)
    """What the file keeps on it beside its own: `model.optimizer`."""
    instead: list[Site] = field(default_factory=list)
    """Of an optimizer: those that may be built in its place, by another branch."""
    called_as: set[str] = field(default_factory=set)
    """The names by which it is called: ".conv" of an attribute, "conv" where it is built, "" of anything else."""

    @property
    def is_optimizer(self) -> bool:
        """True for an optimizer, which torch gives its parameters and Keras its gradients."""
        name = self.arguments.spelling.name
        keras = name.startswith("keras.optimizers.") and not name.startswith(_SCHEDULES)
        return keras or "params" in self.arguments.values

    @property
    def followed(self) -> bool:
        """True if the file calls the object, and every call of it is known."""
        return not self.detached and any(call and not place for call, place in self.seen)

    @property
    def rank(self) -> int | None:
        """The rank that the object asks of its input, by its record or by the name under which it is built."""
        name = self.arguments.spelling.name
        found = [rank for spelled, rank in self.record.ranks if spelled == name]
        if len(found) > 1 or (not found and self.record.ranks):
            stated = literal_value(self.arguments.values.get("axis"))
            return stated + 1 if type(stated) is int and stated > 0 else self.record.rank
        return found[0] if found else self.record.rank

    def says(self, size: Size) -> bool:
        """True for a size that is known where the object is built."""
        if isinstance(size, Symbol):
            return size.value is not None or size.visible(self.scope)
        return size is not None

    @property
    def _makes_several(self) -> bool:
        """True where the place may make layers for several callers: in a function that is no constructor."""
        return self.scope != "" and not self.scope.endswith(".__init__")

    @property
    def _parted(self) -> bool:
        """True where the width is known of some calls alone."""
        widths = {shape[-1] if shape else None for (call, _), shape in self.seen.items() if call}
        return len(widths) > 1 and None in widths

    @property
    def inputs(self) -> Shape:
        """What the shapes of all tensors reaching it say together, aligned at the last axis."""
        known: Shape = None
        for shape in self.seen.values():
            known = _agree(known, shape)
        if known and self._makes_several and self._parted:
            known = (*known[:-1], None)
        if self.stated is None or (known and self.says(known[-1])):
            return known
        return (*(known or (None,))[:-1], self.stated)


@dataclass(frozen=True, slots=True)
class Built(Value):
    """An object of a framework, built at `site`: a layer, a loss, an optimizer, a data set."""

    site: Site


@dataclass(eq=False, slots=True)
class Given:
    """What calls give a parameter: all that some of them say, and which of them know nothing of it."""

    said: Value | None = None
    silent: set[object] = field(default_factory=set)


@dataclass(eq=False, slots=True)
class FunctionInfo:
    """A function of the file.

    `arguments` joins what its calls pass; `wanted` are parameters in target order with their rank, `used` what the
    body shows of parameters that no call explains; names in `pinned` are held in the source's order, those in
    `globals` belong to the module, those in `nonlocals` to a function outside. `outer` are the names that it looks for
    outside, `late` those of them that it binds itself further down.
    """

    name: str
    node: cst.FunctionDef | cst.Lambda | None = field(repr=False)
    owner: ClassInfo | None = None
    decorator: str = ""
    """Of a method: "property", "staticmethod" or "classmethod"."""
    arguments: dict[str, Value] = field(default_factory=dict)
    given: dict[str, Given] = field(default_factory=dict)
    """What `arguments` is joined from."""
    named: Value | None = None
    """What calls pass in `**kwargs`, as a dict: its keys where all calls pass the same, else nothing is known."""
    passed: dict[str, Size] = field(default_factory=dict)
    """By parameter: the size that all calls pass under one name of theirs, None where they differ."""
    wanted: dict[str, int] = field(default_factory=dict)
    keywords: set[str] = field(default_factory=set)
    """The names of its `**kwargs` in all calls."""
    spread: bool = False
    """True if a call gives it names that are not known."""
    ranks: dict[str, dict[object, int | None]] = field(default_factory=dict)
    """By parameter and call: the rank of the tensor that it is given."""
    offered: set[str] = field(default_factory=set)
    """Those of `wanted` that no use asks for."""
    refused: dict[str, tuple[int, dict[object, int | None]]] = field(default_factory=dict)
    """Parameters that could do nothing with the target's order: how often, and what they were given then."""
    used: dict[str, Value] = field(default_factory=dict)
    pinned: set[str] = field(default_factory=set)
    pinned_by_flow: set[str] = field(default_factory=set)
    """Those of `pinned` that two flows of its last run held in different orders."""
    asked: frozenset[str] = frozenset()
    """The names in `wanted` when its last run began."""
    parted: bool = False
    """True if it is to run again because of such a name alone."""
    outer: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    returns_target: bool = False
    """True where what takes its result wants the target's order, and it is to be brought there inside."""
    result: Value | None = None
    earlier: Value | None = None
    """The result of the run before, which a call of the function by itself has while it runs."""
    left: bool = False
    """True where it is left to a person."""
    gives_gradient: bool = False
    """True under `tf.custom_gradient`: a call gives the first of what it returns, not its gradient's function."""
    yielded: Value | None = None
    """What a generator yields."""
    callers: set[FunctionInfo] = field(default_factory=set)
    globals: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)
    """The attributes of objects of the file that it was seen to read; those whose names are computed have stars."""
    aliases: set[frozenset[str]] = field(default_factory=set)
    """Pairs of names that were bound to one tensor."""
    lists: set[str] = field(default_factory=set)
    """Parameters that take lists of tensors in the target's order."""
    sees_order: bool = False
    """True if its last run asked for a tensor that it is given in one of the axis orders."""
    steps: bool = False
    """True if the body has a backward pass."""
    quiet: bool = False
    """True for a function under `torch.no_grad()`."""
    active: bool = False
    dirty: bool = True
    runs: int = 0

    @property
    def is_forward(self) -> bool:
        """True for the forward pass of a module."""
        return self.owner is not None and self.owner.is_module and self.owner.forward is self

    @property
    def takes_any_order(self) -> bool:
        """True where it works elementwise: what it returns has the axis order of what it is given."""
        return not self.sees_order and isinstance(self.result, TensorValue) and self.result.follows

    @property
    def qualified(self) -> str:
        """The name with its class: `Net.forward`."""
        return f"{self.owner.name}.{self.name}" if self.owner else self.name


@dataclass(frozen=True, slots=True)
class FunctionValue(Value):
    """A function of the file."""

    info: FunctionInfo


@dataclass(eq=False, slots=True)
class ClassInfo:
    """A class of the file. `base` is "module" where it derives from a module of a framework, else "plain"."""

    name: str
    node: cst.ClassDef = field(repr=False)
    forward_names: tuple[str, ...] = ()
    """What the framework that is read calls a forward pass."""
    bases: tuple[Value, ...] = ()
    methods: dict[str, FunctionInfo] = field(default_factory=dict)
    attributes: dict[str, Value] = field(default_factory=dict)
    supposed: set[str] = field(default_factory=set)
    """The attributes whose values are those of a constructor that no call had been seen of."""
    fields: tuple[str, ...] = ()
    """Of a dataclass: what its constructor is given, in this order, without what it inherits."""
    buffers: set[str] = field(default_factory=set)
    """The attributes that `register_buffer` sets to what is saved with the module."""
    reassigned: set[str] = field(default_factory=set)
    """The attributes that its constructor may set to one module after another."""
    contained: Site | None = None
    """Of a class that is a container, `class Block(nn.Sequential)`: what it hands to that."""

    @property
    def container(self) -> Site | None:
        """What the container that the class is holds; None where it is none, or has a forward pass of its own."""
        if self.forward is not None or self.contained is not None:
            return self.contained if self.forward is None else None
        bases = (base.info for base in self.bases if isinstance(base, ClassValue))
        return next((site for base in bases if (site := base.container) is not None), None)

    @property
    def forward(self) -> FunctionInfo | None:
        """The forward pass of a module."""
        return next((method for name in self.forward_names if (method := self.method(name))), None)

    @property
    def is_plain(self) -> bool:
        """True where every base class is known and none is a framework's."""
        return all(
            base == PLAIN or (isinstance(base, ClassValue) and base.info.is_plain)
            for base in self.bases
        )

    @property
    def is_module(self) -> bool:
        """True where the class derives from a module class of a framework."""
        for base in self.bases:
            if isinstance(base, Api) and base.name in MODULE_CLASSES:
                return True
            if isinstance(base, ClassValue) and base.info.is_module:
                return True
        return False

    @property
    def all_fields(self) -> tuple[str, ...]:
        """The fields of a dataclass, those of its bases first."""
        bases = [base.info.all_fields for base in self.bases if isinstance(base, ClassValue)]
        inherited = dict.fromkeys(name for fields in bases for name in fields)
        return tuple(inherited | dict.fromkeys(self.fields))

    def method(self, name: str) -> FunctionInfo | None:
        """The method of that name, inherited ones included."""
        if name in self.methods:
            return self.methods[name]
        for base in self.bases:
            if isinstance(base, ClassValue) and (found := base.info.method(name)):
                return found
        return None

    def attribute(self, name: str) -> Value | None:
        """The type of an instance attribute, inherited ones included."""
        if name in self.attributes:
            return self.attributes[name]
        for base in self.bases:
            if isinstance(base, ClassValue) and (found := base.info.attribute(name)) is not None:
                return found
        return None


TRANSFORMERS = frozenset(
    f"torch.nn.Transformer{part}"
    for part in ("", "Encoder", "Decoder", "EncoderLayer", "DecoderLayer")
)
MODULE_CLASSES = TRANSFORMERS | {
    "torch.nn.Module",
    "torch.nn.Sequential",
    "keras.Model",
    "keras.layers.Layer",
    "tf.Module",
}


LAZY = "initialize_parameters"
"""The method of a lazy module of torch that makes the parameters whose sizes its first input tells."""


@dataclass(frozen=True, slots=True)
class ClassValue(Value):
    """A class of the file."""

    info: ClassInfo


@dataclass(frozen=True, slots=True)
class ObjectValue(Value):
    """An instance of a class of the file; `made` has the `id`s of the calls that may have made it."""

    info: ClassInfo
    made: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ParametersValue(Value):
    """The trainable parameters of `owner`, an expression: `model.parameters()`, `model.trainable_variables`."""

    owner: cst.BaseExpression = field(compare=False)
    model: Value = UNKNOWN


def _agree(a: Shape, b: Shape) -> Shape:
    """Sizes that either knows; None where they contradict each other."""
    if a is None or b is None:
        return b if a is None else a
    rank = min(len(a), len(b))
    pairs = zip(a[len(a) - rank :], b[len(b) - rank :], strict=True)
    return tuple(_agreed(x, y) for x, y in pairs)


def _agreed(x: Size, y: Size) -> Size:
    if x is None or y is None or x == y:
        return y if x is None else x
    return number(x) if number(x) == number(y) else None
