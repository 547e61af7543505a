"""Finds records by any spelling of a name, by words, or by what looks nearly the same."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from translator.knowledge.lenses import Side
from translator.knowledge.names import canonical
from translator.knowledge.records import Construct, Entry, Pair
from translator.knowledge.registry import ENTRIES

# What people write at the start of a name, and what it stands for.
_ABBREVIATIONS = (
    ("nn.functional.", "torch.nn.functional."),
    ("nn.", "torch.nn."),
    ("F.", "torch.nn.functional."),
    ("optim.", "torch.optim."),
    ("Tensor.", "torch.Tensor."),
    ("tensorflow.", "tf."),
    ("tf.keras.", "keras."),
    ("tensorflow.keras.", "keras."),
    ("layers.", "keras.layers."),
    ("losses.", "keras.losses."),
    ("optimizers.", "keras.optimizers."),
    ("activations.", "keras.activations."),
    ("initializers.", "keras.initializers."),
    ("ops.", "keras.ops."),
)

_SIDES: Mapping[str, Side] = {"torch": "torch", "tf": "tensorflow", "keras": "tensorflow"}

_BOTH: tuple[Side, ...] = ("torch", "tensorflow")

_NAME = re.compile(r"\.?[A-Za-z_][\w.]*")
_CALLED = re.compile(r"[A-Za-z_][\w.]*(?=\()")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_NOISE = frozenset(
    "a an and by can do does for from how i in into is my of on or the to what with".split()
)

_OWNERS = ("Tensor", "Module")
"""Classes whose members are methods and attributes."""

_BY_WORDS = 10
"""The rank of what was found by words: behind everything that was found by name."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that fits a query.

    `spelling` is the name that fits, empty where words do. `rank` says how well: 0 is the qualified name itself,
    and of two hits the lower is better.
    """

    entry: Entry
    spelling: str
    rank: int


@dataclass(frozen=True, slots=True)
class _Named:
    """A name under which a record is found; `level` puts spellings before patterns before snippets."""

    name: str
    side: Side
    entry: Entry
    level: int


def lookup(name: str) -> list[Hit]:
    """Return the records for a name in any spelling, or for words, best first; nothing if none fits.

    `nn.Linear`, `torch.nn.Linear`, `Dense`, `tf.keras.layers.Dense`, `F.relu(x)`, `x.view`, `.view` and
    `"zero_grad step"` are all understood.
    """
    query = name.strip()
    found = _NAME.match(query)
    if found and (found.end() == len(query) or query[found.end()] == "("):
        hits = _by_name(found[0])
        if not hits and found[0][-1] == "_":  # what is done in place is a method of its own
            hits = _by_name(found[0].rstrip("_") or found[0])
        # A dot or a bracket says that a name was meant, and nothing else will do for it.
        if hits or not query.isidentifier():
            return hits
    return _by_words(query)


def suggest(name: str) -> list[str]:
    """Return up to five known names that look like `name`, best first."""
    from difflib import get_close_matches

    known: dict[str, str] = {}
    for named in _names():
        if named.level == 2:
            continue  # a snippet's names have records of their own
        # The first of equal spelling wins, as it does in the registry.
        known.setdefault(named.name.lower(), named.name)
        known.setdefault(named.name.rpartition(".")[2].lower(), named.name)
    query = name.partition("(")[0].strip().lower()
    near = get_close_matches(query, known, n=8, cutoff=0.6)
    near += get_close_matches(query.rpartition(".")[2], known, n=8, cutoff=0.7)
    return list(dict.fromkeys(known[text] for text in near))[:5]


def _by_name(query: str) -> list[Hit]:
    spelled = {
        query,
        *(long + query[len(short) :] for short, long in _ABBREVIATIONS if query.startswith(short)),
    }
    spelled |= {canonical(text) for text in spelled}
    prefix, _, last = query.rpartition(".")
    sides = {_SIDES[head] for text in spelled if (head := text.partition(".")[0]) in _SIDES}
    is_method = not sides and bool(prefix or query[0] == ".")
    best: dict[int, Hit] = {}
    for named in _names():
        rank: int | None = 0
        level = named.level
        if _within(spelled, named.name):
            level = 1
        elif named.name not in spelled:
            if sides and named.side not in sides:
                continue
            rank = _likeness(named.name, last, is_method)
        if rank is None:
            continue
        hit = Hit(named.entry, named.name, rank * 3 + level)
        known = best.get(id(named.entry))
        if known is None or hit.rank < known.rank:
            best[id(named.entry)] = hit
    return sorted(best.values(), key=lambda hit: hit.rank)


def _within(spelled: set[str], name: str) -> bool:
    """True for a name in a namespace that is refused as a whole."""
    return name.endswith(".*") and any(text.startswith(name[:-1]) for text in spelled)


def _likeness(name: str, last: str, is_method: bool) -> int | None:
    """Rank a name by its last part: as a method where a receiver stands before it, then as itself, then by case."""
    prefix, _, own = name.rpartition(".")
    if own == last:
        return 1 if (prefix.endswith(_OWNERS) or name[0] == ".") is is_method else 2
    return 3 if own.lower() == last.lower() else None


@functools.cache
def _names() -> tuple[_Named, ...]:
    return tuple(
        _Named(name, side, entry, level)
        for entry in ENTRIES
        for side in _BOTH
        for text in entry.record.spellings(side)
        for name, level in _names_in(entry, text)
    )


def _names_in(entry: Entry, text: str) -> Iterator[tuple[str, int]]:
    record = entry.record
    if isinstance(record, Construct):
        yield record.name, 0
        for name in record.about:
            yield name, 0
        for name in _CALLED.findall(text):
            yield name, 2
    elif isinstance(record, Pair):
        holes = {hole.lstrip("*") for hole, _ in record.holes}
        for name in _NAME.findall(text):
            receiver, dot, rest = name.partition(".")
            if receiver not in holes:
                yield name, 1
            elif dot:
                yield f".{rest}", 1
    elif text:
        yield text.partition("(")[0].strip("'\""), 0


def _by_words(query: str) -> list[Hit]:
    wanted = [word for word in _words(query) if word not in _NOISE]
    if not wanted:
        return []
    rows = []
    for entry, weights in _texts():
        scores = [_score(word, weights) for word in wanted]
        matched = sum(score > 0 for score in scores)
        if matched * 2 > len(wanted) or matched == len(wanted):
            rows.append((matched, sum(scores), entry))
    # Whatever lacks a word is no answer while something has them all.
    most = max((matched for matched, _, _ in rows), default=0)
    rows = sorted((row for row in rows if row[0] == most), key=lambda row: -row[1])
    return [Hit(entry, "", _BY_WORDS + place) for place, (_, _, entry) in enumerate(rows)]


def _score(word: str, weights: Mapping[str, float]) -> float:
    if word in weights:
        return weights[word]
    if len(word) < 4:
        return 0.0
    return max(
        (weight / 2 for known, weight in weights.items() if known.startswith(word)), default=0.0
    )


@functools.cache
def _texts() -> tuple[tuple[Entry, Mapping[str, float]], ...]:
    return tuple((entry, _weights(entry)) for entry in ENTRIES)


def _weights(entry: Entry) -> Mapping[str, float]:
    """Return the words of a record and what each is worth: names and synonyms most, prose least."""
    record = entry.record
    weights: dict[str, float] = {}
    prose = (record.differs, record.naive, entry.group)
    code = (*record.spellings("torch"), *record.spellings("tensorflow"))
    for worth, texts in ((1.0, prose), (2.0, code), (4.0, (record.words, record.title))):
        for word in {word for text in texts for word in _words(text)}:
            weights[word] = weights.get(word, 0.0) + worth
    return weights


def _words(text: str) -> list[str]:
    """Split prose and code alike: `zero_grad`, `zeroGrad` and "zero grad" all give zero and grad."""
    words = (word.lower() for word in _WORD.findall(text))
    return [
        word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word
        for word in words
    ]
