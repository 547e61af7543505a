"""What understanding a file yields: types by expression, bound calls, and where axis orders meet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Side
from translator.knowledge.shapes import Size, Symbol
from translator.source.bound import Arguments
from translator.source.instances import Instance
from translator.source.objects import ClassInfo, FunctionInfo, Site
from translator.source.reference import StarNames
from translator.source.values import UNKNOWN, Handed, MethodValue, OneOf, Value

Permutation = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is split into pieces of `size` along `axis`; `count` is how many equal ones that gives, if known."""

    tensor: cst.BaseExpression
    size: cst.BaseExpression
    axis: int
    count: int | None


@dataclass(eq=False, slots=True)
class Training:
    """A call by which Keras trains, judges or asks a model: `compile`, `fit`, `evaluate`, `predict`."""

    call: cst.Call
    method: MethodValue
    function: FunctionInfo
    stated: Mapping[str, cst.BaseExpression]
    """The lists that names of the module hold."""
    width: int | None = None
    """How many numbers the model gives for each sample, where that is known."""


@dataclass(slots=True)
class Facts:
    """All tables are keyed by `id` of a node of the original tree, which outlives them.

    `calls`: calls of framework functions, methods and built layers that a record explains. `sites`: calls that
    build an object. `reorders`: expressions whose tensor must be permuted before its consumer takes it. `axes`:
    axis arguments with their new numbers. `problems`: what was understood but cannot be converted, and why.
    """

    side: Side
    module: FunctionInfo = field(default_factory=lambda: FunctionInfo("", None))
    """The module as the function that its statements are."""
    values: dict[int, Value] = field(default_factory=dict)
    calls: dict[int, Arguments] = field(default_factory=dict)
    layer_calls: dict[int, tuple[Site, Arguments]] = field(default_factory=dict)
    sites: dict[int, Site] = field(default_factory=dict)
    reorders: dict[int, Permutation] = field(default_factory=dict)
    axes: dict[int, tuple[int, ...] | int] = field(default_factory=dict)
    joining: dict[int, cst.Call] = field(default_factory=dict)
    """By `id`, calls that put the tensors of a list together that is not written out there."""
    listed: dict[int, int | None] = field(default_factory=dict)
    """By `id`: what is put into a list in the target's order, with its rank; None once that was taken back."""
    astray: bool = False
    """True if anything else than such a tensor came into one of those lists."""
    turns: dict[int, Permutation] = field(default_factory=dict)
    """By `id` of a call that moves axes: how they move in what is held; empty where the record has a form for that."""
    shaped: set[int] = field(default_factory=set)
    """By `id`, calls that reshape or move axes and make their result in the target's order at once."""
    taking: dict[int, int] = field(default_factory=dict)
    """By `id`, containers that are asked to take tensors of so many axes in the target's order, whatever is in them."""
    giving: set[int] = field(default_factory=set)
    """By `id`, containers that are asked for results in that order."""
    problems: dict[int, tuple[Code, str]] = field(default_factory=dict)
    functions: dict[int, FunctionInfo] = field(default_factory=dict)
    classes: dict[int, ClassInfo] = field(default_factory=dict)
    parts: dict[int, dict[int, Permutation]] = field(default_factory=dict)
    """Inside a container, by `id` of its call: permutations needed before the part of that index."""

    outputs: dict[int, Value] = field(default_factory=dict)
    """By `id` of a call of `fit` or `evaluate`: what the model makes of the data that it is handed there."""
    trainings: dict[int, Training] = field(default_factory=dict)
    """By `id`, the calls of models that compile, fit and evaluate."""
    saved_models: dict[str, Value] = field(default_factory=dict)
    """By the text or the name of their paths, the models that are saved whole."""
    histories: dict[int, cst.Attribute] = field(default_factory=dict)
    """By `id`, what is read of the history that `fit` returns."""
    optimizers: dict[int, cst.Attribute] = field(default_factory=dict)
    """By `id`, `model.optimizer` of a model whose `compile` sets it."""
    inputs: dict[int, tuple[Size, ...]] = field(default_factory=dict)
    """The input shape that a container states, batch axis included, by `id` of its call."""

    init_calls: list[tuple[cst.Call, str]] = field(default_factory=list)
    first_calls: dict[int, tuple[cst.Call, FunctionInfo]] = field(default_factory=dict)
    """All such calls, wherever they stand, by `id`."""
    first_values: set[int] = field(default_factory=set)
    """By `id`, the weights that such calls are given."""
    """Calls of `torch.nn.init` functions, with the function that they stand in."""
    handed: dict[int, frozenset[str]] = field(default_factory=dict)
    """By `id`, calls of variables that hold a class of the framework: the parameters that they state."""
    mixed: bool = False
    """True for a file that has names of the target framework as well: a part of it is converted already."""
    written: dict[str, int] = field(default_factory=dict)
    """The definitions that an earlier conversion wrote, by name and `id`: they stand for something of the framework."""
    one_bias: set[int] = field(default_factory=set)
    """`id` of constructor calls of recurrent layers that train one of torch's two biases."""
    chosen: dict[int, dict[str, str]] = field(default_factory=dict)
    """By `id`, calls of `getattr(nn, name)`: the classes that the name may be of, by the text that it has then."""
    rates_change: bool | None = None
    """Whether the file changes the rates of optimizers, once that was asked."""
    counts: frozenset[str] | None = None
    """The names that the file computes with or hands on as sizes, once that was asked."""
    pieces: dict[int, Pieces] = field(default_factory=dict)
    """By `id`, calls of `split` that state the size of a piece."""
    several: set[int] = field(default_factory=set)
    """`id` of calls of a variable that may hold several classes with a record each."""
    whole: dict[int, tuple[Value, cst.Call]] = field(default_factory=dict)
    """By `id`, calls of partial functions of the file: what is called, and the call with all arguments."""
    partials: dict[int, str] = field(default_factory=dict)
    """By `id`, calls of `functools.partial` with a class of the framework, whose name is told."""
    called_classes: set[str] = field(default_factory=set)
    """The classes that are called by such a variable."""
    copies: set[int] = field(default_factory=set)
    """By `id`, calls of `copy.deepcopy`."""
    listings: dict[int, str] = field(default_factory=dict)
    """By `id`, calls that give the members of a module: the names of the methods."""
    without: set[int] = field(default_factory=set)
    """By `id`, starred arguments that hold nothing that the target takes."""
    escaping: set[int] = field(default_factory=set)
    """By `id`, expressions that give a class to what is not followed."""
    holders: dict[str, set[str]] = field(default_factory=dict)
    """By the names of variables, and those of attributes behind a dot: the classes of the framework that they hold."""
    containers: set[int] = field(default_factory=set)
    """By `id`, the base classes of classes without a forward pass of their own."""
    unbuilt: dict[int, bool] = field(default_factory=dict)
    """By `id` of a call that sets first values: whether nothing had been called when it was met."""
    ways: dict[int, cst.Call] = field(default_factory=dict)
    """By `id` of a function that one way of a choice is: the call of it."""
    instead: dict[int, cst.Call] = field(default_factory=dict)
    """By `id` of a call: the call that is written in its place."""
    applied: dict[int, tuple[FunctionInfo, FunctionInfo, bool]] = field(default_factory=dict)
    """By `id` of `model.apply(f)`: the function, the one around it, and whether no call of the model had been seen."""
    optimized: dict[int, list[tuple[cst.BaseExpression, str]]] = field(default_factory=dict)
    """By `id` of an optimizer's constructor call: the variables that it is handed, and in which function."""
    instances: dict[int, Instance] = field(default_factory=dict)
    """By `id` of the calls that make objects of the file's own modules."""
    members: dict[tuple[int, str], Site] = field(default_factory=dict)
    """By `id` of the site or class that has it, and by name: a layer that another one builds as a part of itself."""
    told: frozenset[str] = frozenset()
    """The classes whose constructors are told the width of what they are given."""
    settled: frozenset[str] = frozenset()
    """The classes whose constructors do what their `build` did."""
    lazy: frozenset[str] = frozenset()
    """The classes whose `build` waits for the first input in torch, too."""
    own_names: dict[str, set[str]] = field(default_factory=dict)
    """By qualified name of a function: the names that it binds."""
    kept_alive: list[cst.CSTNode] = field(default_factory=list)
    entering: dict[int, dict[str, Value]] = field(default_factory=dict)
    """By `id` of a `with` that opens a tape: what is known of all names where it begins."""
    saves: bool = False
    """True if the file handles the state of a model as a whole, as those do that save it."""
    touched: dict[int, Site] = field(default_factory=dict)
    """By `id` of the expression: layers whose weights are read or set before anything was passed through them."""
    added: dict[int, int] = field(default_factory=dict)
    """By `id` of a call of `add`: the place of the part in its container."""
    stars: dict[int, StarNames] = field(default_factory=dict)
    """By `id` of a star: the names that come from it."""
    sizes: dict[int, Size] = field(default_factory=dict)
    """By `id` of an argument of a constructor: the size that it states where the object is built."""
    in_place: set[int] = field(default_factory=set)
    """By `id`, calls of methods such as `relu_`, bound as the ones that give a new tensor."""
    owned: set[int] = field(default_factory=set)
    """By `id`, the calls of `nn.Parameter` whose result is an attribute of a module."""
    module_names: dict[str, Value] = field(default_factory=dict)
    """The names of the module once it has run."""

    def alias(self, old: cst.CSTNode, new: cst.CSTNode) -> None:
        """Let what is known of one node hold for another that stands for it."""
        self.kept_alive.append(new)
        tables: tuple[dict[int, Any], ...] = (
            self.values,
            self.calls,
            self.layer_calls,
            self.sites,
            self.axes,
            self.problems,
        )
        for table in tables:
            if id(old) in table:
                table[id(new)] = table[id(old)]

    def means_same(self, size: Symbol, scope: str) -> bool:
        """True if the names of a size mean the same in a function: it has no names of its own that hide them."""
        if not size.visible(scope) or size.scope or not scope:
            return size.visible(scope)
        if scope not in self.own_names:
            from translator.source.sizes import bindings

            nodes = [f.node for f in self.functions.values() if f.qualified == scope and f.node]
            self.own_names[scope] = {name for node in nodes for name in bindings(node)}
        return not self.own_names[scope] & set(re.findall(r"[A-Za-z_]\w*", size.text))

    def hold(self, name: str, value: Value) -> None:
        """Note the classes of the framework that a name, or an attribute behind a dot, may hold."""
        for option in value.options if isinstance(value, OneOf) else (value,):
            if isinstance(option, Handed):
                self.holders.setdefault(name, set()).add(option.name)

    def forget_call(self, node: cst.Call) -> None:
        """Drop what is known of a call that is evaluated again."""
        for table in (self.calls, self.layer_calls, self.problems):
            table.pop(id(node), None)

    def value(self, node: cst.CSTNode) -> Value:
        """The type of an expression."""
        return self.values.get(id(node), UNKNOWN)


def to_target(side: Side, rank: int) -> Permutation:
    """The permutation from the source's axis order to the target's: channels last for TensorFlow, first for torch."""
    if side == "torch":
        return (0, *range(2, rank), 1)
    return (0, rank - 1, *range(1, rank - 1))


def to_source(side: Side, rank: int) -> Permutation:
    """The permutation back."""
    return to_target("tensorflow" if side == "torch" else "torch", rank)
