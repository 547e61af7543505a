"""Chains of `tf.data` as torch's data sets and loaders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.by_hand import first, receiver
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.values import BatchesValue, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_MAPPED = '''
class Mapped:
    """A data set, or a loader, with a function of each of its elements."""

    def __init__(self, source, function):
        self.source, self.function = source, function

    def __len__(self):
        return len(self.source)

    def __getitem__(self, index):
        return self._of(self.source[index])

    def __iter__(self):
        return map(self._of, self.source)

    def _of(self, element):
        several = isinstance(element, (tuple, list))
        return self.function(*element) if several else self.function(element)
'''
_PART = '''
class Part:
    """The batches of a loader from one to another, made anew each time."""

    def __init__(self, loader, start, stop=None):
        self.loader, self.start, self.stop = loader, start, stop

    def __len__(self):
        return len(range(len(self.loader))[self.start : self.stop])

    def __iter__(self):
        return itertools.islice(self.loader, self.start, self.stop)
'''


def slices(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tf.data.Dataset.from_tensor_slices((x, y))`."""
    given = first(node)
    if given is None:
        return None
    parts = (
        [e.value for e in given.elements] if isinstance(given, cst.Tuple | cst.List) else [given]
    )
    if any(isinstance(part, cst.Tuple | cst.List | cst.Dict) for part in parts):
        _leave(rewriter, node, "a data set of samples with parts in parts: name each of them")
        return node
    func = rewriter.naming.target("torch.utils.data.TensorDataset")
    return build.call(func, [build.argument(_sliced(rewriter, part)) for part in parts])


def _sliced(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """A part of a data set: torch's takes tensors alone."""
    value = rewriter.expression(node)
    if isinstance(rewriter.facts.value(node), TensorValue):
        return value
    return build.call(rewriter.naming.target("torch.as_tensor"), [build.argument(value)])


def _leave(rewriter: Rewriter, node: cst.Call, why: str) -> cst.Call:
    rewriter.leave(node, Code.UNSUPPORTED_CODE, why)
    return node


def _source(rewriter: Rewriter, node: cst.Call) -> BatchesValue:
    value = rewriter.facts.value(receiver(node))
    assert isinstance(value, BatchesValue)
    return value


def batch(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`dataset.shuffle(n).batch(16)` is one loader."""
    value = _source(rewriter, node)
    size = first(node) or argument(node, 0, "batch_size")
    known = {"batch_size", "drop_remainder", "num_parallel_calls", "deterministic"}
    named = {a.keyword.value for a in node.args if a.keyword is not None}
    if value.batched or size is None or named - known:
        return _leave(rewriter, node, "these batches of batches are not followed")
    arguments = [
        build.argument(rewriter.expression(receiver(node))),
        build.argument(rewriter.expression(size), "batch_size"),
    ]
    if value.shuffled:
        arguments.append(build.argument(build.name("True"), "shuffle"))
    drop = argument(node, 1, "drop_remainder")
    if drop is not None:
        arguments.append(build.argument(rewriter.expression(drop), "drop_last"))
    return build.call(rewriter.naming.target("torch.utils.data.DataLoader"), arguments)


def shuffle(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`dataset.shuffle(n)`: the loader behind it shuffles."""
    if _source(rewriter, node).batched:
        return _leave(rewriter, node, "a loader shuffles samples, not batches: shuffle before")
    return rewriter.expression(receiver(node))


def mapped(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`dataset.map(f, num_parallel_calls=tf.data.AUTOTUNE)`."""
    function = first(node) or argument(node, 0, "map_func")
    if function is None:
        return _leave(rewriter, node, "this map is not followed")
    func = rewriter.naming.helper("Mapped", _MAPPED)
    given = [receiver(node), function]
    return build.call(func, [build.argument(rewriter.expression(part)) for part in given])


def take(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`dataset.take(n)`."""
    count = first(node) or argument(node, 0, "count")
    return _part(rewriter, node, build.expression("0"), count)


def skip(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`dataset.skip(n)`."""
    return _part(rewriter, node, first(node) or argument(node, 0, "count"), None)


def _part(
    rewriter: Rewriter,
    node: cst.Call,
    start: cst.BaseExpression | None,
    stop: cst.BaseExpression | None,
) -> cst.BaseExpression:
    """The elements of a data set between two numbers."""
    value, source = _source(rewriter, node), receiver(node)
    known = [literal_value(end) for end in (start, stop) if end is not None]
    negative = any(isinstance(end, int) and end < 0 for end in known)
    if not known or negative or (value.shuffled and not value.batched):
        return _leave(rewriter, node, "which elements these are is not known here")
    holes = {"source": rewriter.expression(source)}
    holes |= {} if start is None else {"start": rewriter.expression(start)}
    holes |= {} if stop is None else {"stop": rewriter.expression(stop)}
    if value.batched:
        rewriter.naming.spell("itertools.islice()")
        holes["Part"] = rewriter.naming.helper("Part", _PART)
        text = "Part(source, start)" if stop is None else "Part(source, start, stop)"
        return build.expression(text, **holes)
    if stop is None and not isinstance(source, cst.Name):
        return _leave(rewriter, node, "give the data set of which this skips some a name")
    holes["Subset"] = rewriter.naming.target("torch.utils.data.Subset")
    ends = "start, len(source)" if stop is None else "stop"
    return build.expression(f"Subset(source, range({ends}))", **holes)


def repeat(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`dataset.repeat(3)`, before its batches."""
    count = first(node) or argument(node, 0, "count")
    value = _source(rewriter, node)
    if count is None or value.batched or value.shuffled or literal_value(count) in (None, -1):
        return _leave(rewriter, node, "repeat is converted before shuffle and batch, with a number")
    holes = {"source": rewriter.expression(receiver(node)), "count": rewriter.expression(count)}
    holes["Joined"] = rewriter.naming.target("torch.utils.data.ConcatDataset")
    return build.expression("Joined([source] * count)", **holes)


def as_arrays(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`dataset.as_numpy_iterator()`."""
    value = _source(rewriter, node)
    source = rewriter.expression(receiver(node))
    if value.alone or not value.items:
        if not value.alone:
            return _leave(rewriter, node, "what one element of this data set is, is not known")
        return build.expression("(row.numpy() for (row,) in source)", source=source)
    if len(value.items) == 1:
        return build.expression("(row.numpy() for row in source)", source=source)
    text = "(tuple(part.numpy() for part in row) for row in source)"
    return build.expression(text, source=source)


def numbered(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`dataset.enumerate()`."""
    if _source(rewriter, node).alone:
        return _leave(rewriter, node, "enumerate the data set by Python's own function")
    arguments = [build.argument(rewriter.expression(receiver(node)))]
    arguments += [rewriter.parts(a) for a in node.args]
    return build.call(cst.Name("enumerate"), arguments)


def cardinality(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`dataset.cardinality()`."""
    text = rewriter.naming.spell("torch.tensor(len(source))")
    return build.expression(text, source=rewriter.expression(receiver(node)))


STEPS = {
    "batch": batch,
    "shuffle": shuffle,
    "map": mapped,
    "take": take,
    "skip": skip,
    "repeat": repeat,
    "as_numpy_iterator": as_arrays,
    "enumerate": numbered,
    "cardinality": cardinality,
}
