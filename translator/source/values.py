"""What the interpreter knows of an expression: the types of a file, as small immutable values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from translator.knowledge.shapes import Shape, Size

if TYPE_CHECKING:
    import libcst as cst


@dataclass(frozen=True, slots=True)
class Value:
    """Nothing is known: the top of all types."""


UNKNOWN = Value()


@dataclass(frozen=True, slots=True)
class Api(Value):
    """A name of one of the frameworks, canonical: `torch.nn.Linear`, `keras.layers.Dense`, `tf.reshape`.

    `held`: it is in a variable of the file, `act = F.relu`, whose own name is written on.
    """

    name: str
    held: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Handed(Value):
    """A class of the framework in a variable; `given` are the arguments that `functools.partial` has given it."""

    name: str
    given: tuple[cst.Arg, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Partial(Value):
    """A function or class of the file with some of its arguments: `functools.partial(Block, act=nn.ReLU)`."""

    called: Value
    given: tuple[cst.Arg, ...]


@dataclass(frozen=True, slots=True)
class Tool(Value):
    """A function of the standard library whose result is followed: `functools.partial`."""

    name: str


@dataclass(frozen=True, slots=True)
class Unsure(Value):
    """A name that stands for the framework `name` in one flow and for something else in another."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal(Value):
    """A number, string, boolean or None that the file states."""

    value: Any


class Plain(Value):
    """A Python value of no interest, known not to be a tensor: a number, a file, a figure."""

    __slots__ = ()


PLAIN = Plain()


class Real(Plain):
    """A Python number that is no integer: torch computes with whole tensors beside it in floats."""

    __slots__ = ()


REAL = Real()


class BatchSize(Plain):
    """The size of a first axis, and what is counted from it: in a graph a tensor of whole numbers."""

    __slots__ = ()


BATCH_SIZE = BatchSize()


class BatchShare(Real):
    """A real number that such a size is in."""

    __slots__ = ()


BATCH_SHARE = BatchShare()


class RealOr(Value):
    """What a real number and something unknown give: a real number, or a tensor of such."""

    __slots__ = ()


REAL_OR_TENSOR = RealOr()


@dataclass(frozen=True, slots=True)
class Mathematics(Plain):
    """The standard library's `math`, or a function of it."""

    name: str = "math"


@dataclass(frozen=True, slots=True)
class Written(Plain):
    """A name of the target framework: what is made with it is converted already."""


@dataclass(frozen=True, slots=True)
class ClassName(Plain):
    """`m.__class__.__name__`: the name of the class of what the variable `m` holds."""

    variable: str


@dataclass(frozen=True, slots=True)
class LayerValue(Value):
    """A layer that is met on the way through a model; `names` are the framework's classes that it may be of.

    Without names it is any layer, one of the file's own classes included.
    """

    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceValue(Plain):
    """`torch.device("cuda")`."""


@dataclass(frozen=True, slots=True)
class TypeOf(Plain):
    """`x.dtype`."""

    dtype: str | None = None


@dataclass(frozen=True, slots=True)
class NumpyArray(Value):
    """A numpy array, or what numpy functions return."""

    shape: Shape = None


@dataclass(frozen=True, slots=True)
class Numpy(Value):
    """Numpy itself, or a function of it."""

    name: str = "numpy"


@dataclass(frozen=True, slots=True)
class TensorValue(Value):
    """A tensor. `shape` is always in the source's axis order; `target_order` says how the converted code holds it.

    `tracked`: its value depends on trainable parameters. `leaf`: it is such a parameter. `dtype`: "float32", "int64",
    "bool", or "float" and "int" where only the kind is known. `origin`: the function parameter that it came from with
    its axis order unchanged. `last`: the size of the last axis where it is known although the rank is not. `follows`:
    its axis order is that of what the function is given, whichever that is. `shaped_by`: the `id` of the call that
    reshaped it or moved its axes, and could as well make it in the target's order.
    """

    shape: Shape = None
    target_order: bool = False
    tracked: bool = False
    leaf: bool = False
    dtype: str | None = None
    origin: str | None = None
    last: Size = None
    parameters: frozenset[int] = frozenset()
    follows: bool = False
    shaped_by: int | None = None

    @property
    def rank(self) -> int | None:
        """The number of axes, if known."""
        return None if self.shape is None else len(self.shape)


@dataclass(frozen=True, slots=True)
class MixedValue(Value):
    """Images of `rank` in the target's order, or vectors, as the flow goes: the variable `name` of a function.

    `function` is the `id` of its record.
    """

    rank: int
    last: Size
    function: int
    name: str


@dataclass(frozen=True, slots=True)
class SeveralValue(Value):
    """What a function returns together, tensors in axis orders of their own; `function` is the `id` of its record."""

    items: tuple[Value, ...]
    function: int


@dataclass(frozen=True, slots=True)
class DistributionValue(Value):
    """A distribution of torch; `tracked` if a gradient reaches what it was made of."""

    tracked: bool = True


@dataclass(frozen=True, slots=True)
class ShapeOf(Value):
    """`x.shape`."""

    tensor: TensorValue


@dataclass(frozen=True, slots=True)
class InputValue(Value):
    """`keras.Input(shape=...)`: `shape` has the batch axis."""

    shape: Shape


@dataclass(frozen=True, slots=True)
class BatchesValue(Value):
    """A data loader or data set, which gives tuples of tensors; `batched` and `shuffled` as TensorFlow chains them."""

    batched: bool = True
    shuffled: bool = False
    items: tuple[Value, ...] = ()
    """What one element of it holds, without the axis of the batch, where that is known."""
    alone: bool = False
    """True for slices of one tensor, which torch's data set gives in a tuple and TensorFlow's as it is."""


class InitialiserValue(Value):
    """An initialiser of Keras, or what makes one of its name."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class HistoryValue(Value):
    """What `fit` returns, by `id` of the call."""

    site: int = field(default=0, compare=False)


class SymbolicValue(Value):
    """What a layer makes of a `keras.Input`: a node of a functional model."""

    __slots__ = ()


class FunctionalValue(Value):
    """A functional model, `keras.Model(inputs, outputs)`."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class MergeValue(Value):
    """A layer that only computes with several tensors, `keras.layers.Add()`: its calls are written as operations."""

    made: cst.Call


@dataclass(frozen=True, slots=True)
class CallbackValue(Value):
    """A callback of Keras, and the call that made it."""

    made: cst.Call


class TensorArrayValue(Value):
    """A `tf.TensorArray`."""

    __slots__ = ()


class MetricValue(Value):
    """A running mean of Keras."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class TapeValue(Value):
    """A gradient tape, by `id` of the call that made it."""

    site: int


@dataclass(frozen=True, slots=True)
class Items(Value):
    """A list or tuple of known length."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Fields(Items):
    """Tensors that a call of torch returns together under names: `x.max(1).indices`."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Each(Value):
    """A sequence of unknown length whose elements have one type."""

    item: Value


OTHERS = ...
"""In a dict, the key of what stands under names that are computed."""


@dataclass(frozen=True, slots=True)
class Zipped(Each):
    """What `zip` gives; `call` is the call of it."""

    call: cst.Call | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Dictionary(Value):
    """A dict whose keys the file states, but for those of the `OTHERS`."""

    keys: tuple[Any, ...] = ()
    values: tuple[Value, ...] = ()

    def value(self, key: Any) -> Value:
        """What a key holds."""
        found = key if key in self.keys else OTHERS
        return self.values[self.keys.index(found)] if found in self.keys else UNKNOWN

    def with_item(self, key: Any, value: Value) -> Dictionary:
        """The dict after `d[key] = value`."""
        held = {**dict(zip(self.keys, self.values, strict=True)), key: value}
        return Dictionary(tuple(held), tuple(held.values()))


@dataclass(frozen=True, slots=True)
class OneOf(Value):
    """One of several things that can be called: layers, functions, objects or classes."""

    options: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class MethodValue(Value):
    """A method of something known, not yet called; `owner` is the expression that it was taken from."""

    receiver: Value
    name: str
    owner: cst.BaseExpression = field(compare=False)


@dataclass(frozen=True, slots=True)
class GradientValue(Value):
    """The gradient of a parameter: `w.grad`."""

    shape: Shape = None
