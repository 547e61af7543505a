"""Looking things up: every spelling of a name, words, and near misses."""

from __future__ import annotations

import pytest

from translator.knowledge import search
from translator.knowledge.records import Construct, Entry, Function, Layer, Pair, Record
from translator.knowledge.registry import ENTRIES

# A knowledge of our own, so that what is added to the real one cannot change what is tested here.
RECORDS: tuple[Record, ...] = (
    Layer(
        "torch.nn.Linear(in_features, out_features)",
        "keras.layers.Dense(units)",
        words="fully connected",
    ),
    Function(
        (
            "torch.relu(input)",
            "torch.nn.functional.relu(input)",
            "torch.nn.ReLU()",
            "torch.Tensor.relu()",
        ),
        ("tf.nn.relu(features)", "keras.activations.relu(x)", "keras.layers.ReLU()", "'relu'"),
        differs="Nothing differs.",
    ),
    Function("torch.Tensor.view(*shape)", "tf.reshape(tensor, shape)", words="reshape"),
    Function(
        "torch.flatten(input)",
        "tf.reshape(tensor, [-1])",
        differs="keras.layers.Flatten keeps the batch.",
    ),
    Pair("x.t()", "tf.transpose(x)", holes=(("x", "tensor"),)),
    Construct(
        "optimizer.zero_grad()\nloss.backward()\noptimizer.step()",
        "with tf.GradientTape() as tape:\n    loss = f()\ntape.gradient(loss, w)",
        name="training step",
    ),
    Construct("model.eval()", "model(x, training=False)", name="evaluation mode"),
)


@pytest.fixture(autouse=True)
def records(monkeypatch):
    monkeypatch.setattr(search, "ENTRIES", tuple(Entry("a group", record) for record in RECORDS))
    search._names.cache_clear()
    search._texts.cache_clear()
    yield
    search._names.cache_clear()
    search._texts.cache_clear()


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("torch.nn.Linear", "torch.nn.Linear"),
        ("nn.Linear", "torch.nn.Linear"),
        ("Linear", "torch.nn.Linear"),
        ("linear", "torch.nn.Linear"),
        (" nn.Linear(3, 4) ", "torch.nn.Linear"),
        ("Dense", "torch.nn.Linear"),
        ("layers.Dense", "torch.nn.Linear"),
        ("keras.Dense", "torch.nn.Linear"),
        ("tf.keras.layers.Dense", "torch.nn.Linear"),
        ("tensorflow.keras.layers.Dense(3)", "torch.nn.Linear"),
        ("F.relu", "torch.relu"),
        ("nn.functional.relu", "torch.relu"),
        ("nn.ReLU", "torch.relu"),
        ("x.relu()", "torch.relu"),
        ("tf.nn.relu", "torch.relu"),
        ("keras.activations.relu", "torch.relu"),
        ("view", "torch.Tensor.view"),
        ("x.view", "torch.Tensor.view"),
        (".view", "torch.Tensor.view"),
        ("x.view(2, -1)", "torch.Tensor.view"),
        ("torch.Tensor.view", "torch.Tensor.view"),
        ("tf.reshape", "torch.Tensor.view"),
        ("x.t", "x.t"),
        (".t()", "x.t"),
        ("tf.transpose", "x.t"),
        ("loss.backward", "training step"),
        ("loss.backward()", "training step"),
        ("zero_grad", "training step"),
        ("tf.GradientTape", "training step"),
        ("zero_grad step", "training step"),
        ("training step", "training step"),
        ("how to flatten a tensor", "torch.flatten"),
        ("fully connected layer", "torch.nn.Linear"),
        ("gradient tape", "training step"),
    ],
)
def test_finds(query, title):
    assert search.lookup(query)[0].entry.record.title == title


def test_a_side_that_is_named_is_meant():
    assert [hit.entry.record.title for hit in search.lookup("torch.reshape")] == []


def test_a_method_comes_before_a_function_of_that_name():
    assert search.lookup("x.relu")[0].spelling == "torch.Tensor.relu"
    assert search.lookup("F.relu")[0].spelling == "torch.nn.functional.relu"


def test_one_name_of_several_records_gives_all_of_them():
    hits = search.lookup("tf.reshape")
    assert [hit.entry.record.title for hit in hits] == ["torch.Tensor.view", "torch.flatten"]
    assert {hit.rank for hit in hits} == {0}


@pytest.mark.parametrize("query", ["", "   ", "the", "???", "nn.Lineer", "zzz yyy", "3", "."])
def test_finds_nothing(query):
    assert search.lookup(query) == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("nn.Lineer", "torch.nn.Linear"),
        ("torch.nn.linaer", "torch.nn.Linear"),
        ("Desne", "keras.layers.Dense"),
        ("x.veiw(3)", "torch.Tensor.view"),
        ("relo", "torch.relu"),
    ],
)
def test_near_misses(query, name):
    assert name in search.suggest(query)


def test_nothing_near():
    assert search.suggest("qqqqqqqq") == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.record.title)
def test_every_real_record_is_found_by_its_own_names(entry, monkeypatch):
    monkeypatch.setattr(search, "ENTRIES", ENTRIES)
    search._names.cache_clear()
    names = {
        name
        for side in ("torch", "tensorflow")
        for text in entry.record.spellings(side)
        if text
        for name, level in search._names_in(entry, text)
        if level == 0
    }
    for name in names:
        assert entry.record in [hit.entry.record for hit in search.lookup(name)]
