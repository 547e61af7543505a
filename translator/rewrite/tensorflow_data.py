"""torch's data sets and loaders in TensorFlow: `tf.data` for tensors, short classes of the file for anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build, once
from translator.rewrite.by_hand import first
from translator.rewrite.constructs.reading import of_kind
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import ObjectValue
from translator.source.values import BatchesValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_COLLATE = '''
def collate(samples):
    """Samples of one structure as one of them, with a new first axis."""

    def stacked(*parts):
        dtype = {int: tf.int64, float: tf.float64}.get(type(parts[0]))
        return tf.stack([tf.convert_to_tensor(part, dtype=dtype) for part in parts])

    return tf.nest.map_structure(stacked, *samples)
'''
_LOADER = '''
class DataLoader:
    """Batches of the samples of a data set, in its order or shuffled anew each time."""

    def __init__(self, dataset, batch_size=1, shuffle=False, **options):
        self.dataset, self.batch_size, self.shuffle = dataset, batch_size, shuffle
        self.sampler, self.drop_last = options.get("sampler"), options.get("drop_last", False)
        self.collate_fn = options.get("collate_fn") or collate

    def __len__(self):
        count = len(self.dataset if self.sampler is None else self.sampler)
        return count // self.batch_size if self.drop_last else -(-count // self.batch_size)

    def __iter__(self):
        samples = []
        for index in self.order():
            samples.append(self.dataset[index])
            if len(samples) == self.batch_size:
                yield self.collate_fn(samples)
                samples = []
        if samples and not self.drop_last:
            yield self.collate_fn(samples)

    def order(self):
        if self.sampler is not None:
            return self.sampler
        order = tf.range(len(self.dataset))
        return (tf.random.shuffle(order) if self.shuffle else order).numpy().tolist()
'''
_TENSORS = '''
class TensorDataset:
    """The rows of tensors that belong together."""

    def __init__(self, *tensors):
        self.tensors = tensors

    def __len__(self):
        return len(self.tensors[0])

    def __getitem__(self, index):
        return tuple(tensor[index] for tensor in self.tensors)
'''
_SUBSET = '''
class Subset:
    """Some samples of a data set."""

    def __init__(self, dataset, indices):
        self.dataset, self.indices = dataset, indices

    def __len__(self):
        return len(self.indices)

    def __getitem__(self, index):
        return self.dataset[self.indices[index]]
'''
_SPLIT = '''
def random_split(dataset, lengths):
    """Parts of a data set that have no sample in common; of shares, the first parts take what is left over."""
    count = len(dataset)
    if sum(lengths) <= 1:
        lengths = [int(share * count) for share in lengths]
        for place in range(count - sum(lengths)):
            lengths[place % len(lengths)] += 1
    order = tf.random.shuffle(tf.range(count)).numpy().tolist()
    ends = [sum(lengths[: place + 1]) for place in range(len(lengths))]
    return [Subset(dataset, order[end - size : end]) for end, size in zip(ends, lengths)]
'''
_CONCAT = '''
class ConcatDataset:
    """Several data sets, one behind the other."""

    def __init__(self, datasets):
        self.datasets = list(datasets)

    def __len__(self):
        return sum(len(dataset) for dataset in self.datasets)

    def __getitem__(self, index):
        for dataset in self.datasets:
            if index < len(dataset):
                return dataset[index]
            index -= len(dataset)
        raise IndexError(index)
'''
_NEEDING = frozenset({"random_split", "Subset", "ConcatDataset", "collate_fn", "sampler"})
"""Names of what takes samples by their number, or puts them together in its own way."""


def dataset(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`TensorDataset(x, y)`."""
    if any(a.star or a.keyword for a in node.args):
        return None
    if _by_number(rewriter):
        return _written(rewriter, node, "TensorDataset", _TENSORS)
    parts = [cst.Element(rewriter.expression(a.value)) for a in node.args]
    given = cst.Tuple(parts, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return build.call(
        rewriter.naming.target("tf.data.Dataset.from_tensor_slices"), [cst.Arg(given)]
    )


def subset(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`Subset(dataset, indices)`."""
    return _written(rewriter, node, "Subset", _SUBSET)


def joined(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`ConcatDataset([a, b])`."""
    return _written(rewriter, node, "ConcatDataset", _CONCAT)


def split(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`random_split(dataset, [80, 20])`."""
    rewriter.naming.helper("Subset", _SUBSET)
    kept = [a for a in node.args if a.keyword is None or a.keyword.value != "generator"]
    if len(kept) < len(node.args) or kept:
        rewriter.note(node, Code.RANDOM_STREAM, "the same seed splits otherwise here")
    if len(kept) > 2:  # the generator by its place
        kept = kept[:2]
    if kept:
        kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    func = rewriter.naming.helper("random_split", rewriter.naming.spell(_SPLIT))
    return node.with_changes(func=func, args=[rewriter.parts(a) for a in kept])


def _written(rewriter: Rewriter, node: cst.Call, name: str, text: str) -> cst.BaseExpression:
    func = rewriter.naming.helper(name, text)
    return node.with_changes(func=func, args=[rewriter.parts(a) for a in node.args])


def _by_number(rewriter: Rewriter) -> bool:
    """True in a file that takes samples of its data sets by number, or asks loaders for their data sets."""
    naming = rewriter.naming
    if naming.mentioned & _NEEDING:
        return True
    if "dataset" not in naming.mentioned:
        return False
    asked = (n for n in of_kind(naming.code, cst.Attribute) if n.attr.value == "dataset")
    return any(isinstance(rewriter.facts.value(node.value), BatchesValue) for node in asked)


_KNOWN = ("dataset", "batch_size", "shuffle", "sampler", "drop_last", "collate_fn")
_DROPPED = frozenset(
    "num_workers pin_memory timeout worker_init_fn prefetch_factor persistent_workers pin_memory_device generator "
    "multiprocessing_context".split()
)


def loader(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`DataLoader(dataset, batch_size=16, shuffle=True)`."""
    given = first(node) or argument(node, 0, "dataset")
    value = None if given is None else rewriter.facts.value(given)
    shuffle, drop = argument(node, 2, "shuffle"), argument(node, -1, "drop_last")
    stated = [False if flag is None else literal_value(flag) for flag in (shuffle, drop)]
    plain = isinstance(value, BatchesValue) and all(isinstance(flag, bool) for flag in stated)
    why = _problem(node, given)
    if why or given is None:
        rewriter.leave(node, Code.UNSUPPORTED_ARGUMENT, why)
        return node
    if not plain or _by_number(rewriter):
        return _own_loader(rewriter, node, given)
    shuffled, dropped = stated
    twice = shuffled and not once.is_simple(given)
    data = once.named(rewriter, given, "dataset") if twice else rewriter.expression(given)
    if data is None:
        rewriter.leave(node, Code.UNSUPPORTED_CODE, "give the data set of this loader a name")
        return node
    chain = build.expression("d.shuffle(len(d))", d=data) if shuffled else data
    size = argument(node, 1, "batch_size")
    batch = build.expression("1") if size is None else rewriter.expression(size)
    text = "d.batch(n, drop_remainder=True)" if dropped else "d.batch(n)"
    return build.expression(text, d=chain, n=batch)


def _problem(node: cst.Call, given: cst.BaseExpression | None) -> str:
    """Why a loader stays, "" where it is converted."""
    if any(a.star for a in node.args):
        return "starred arguments of DataLoader cannot be followed: name them"
    named = {a.keyword.value for a in node.args if a.keyword is not None}
    if unknown := sorted(named - _DROPPED - set(_KNOWN)):
        return f"argument {unknown[0]!r} of DataLoader is not supported"
    if given is None or len(node.args) - len(named) > 3:
        return "DataLoader has more arguments without names than are supported"
    return ""


def _own_loader(
    rewriter: Rewriter, node: cst.Call, given: cst.BaseExpression
) -> cst.BaseExpression:
    """A loader of the file for data sets of the file."""
    value = rewriter.facts.value(given)
    indexed = isinstance(value, ObjectValue) and value.info.method("__getitem__") is not None
    if not indexed and not isinstance(value, BatchesValue):
        why = "this loader runs through a data set that is not known here: convert both by hand"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, why)
        return node
    kept = [a for a in node.args if a.keyword is None or a.keyword.value not in _DROPPED]
    for left in node.args:
        if left not in kept and left.keyword is not None:
            what = f"{left.keyword.value}: the loader of this file works in one process"
            rewriter.note(node, Code.DROPPED, what)
    kept[-1] = kept[-1].with_changes(
        comma=node.args[-1].comma, whitespace_after_arg=node.args[-1].whitespace_after_arg
    )
    rewriter.naming.helper("collate", rewriter.naming.spell(_COLLATE))
    func = rewriter.naming.helper("DataLoader", rewriter.naming.spell(_LOADER))
    return node.with_changes(func=func, args=[rewriter.parts(a) for a in kept])
