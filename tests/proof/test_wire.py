from __future__ import annotations

import io

import numpy as np
import pytest

from translator.proof.wire import Message, pack, receive, send, unpack
from translator.weights.tree import Node, State, stored


def passed(message):
    stream = io.BytesIO()
    send(stream, message)
    stream.seek(0)
    return receive(stream)


def test_arrays_keep_their_names_types_and_values():
    arrays = {
        "result/0": np.arange(6.0).reshape(2, 3).T,
        "../odd name": np.array(True),
        "empty": np.zeros((0, 2), np.int64),
    }
    found = passed(Message({"job": "run"}, arrays))
    assert found.header == {"job": "run"}
    assert list(found.arrays) == list(arrays)
    for name, values in arrays.items():
        assert found.arrays[name].dtype == values.dtype
        np.testing.assert_array_equal(found.arrays[name], values)
    assert list(found.part("result")) == ["0"]


def test_objects_are_not_sent():
    with pytest.raises(ValueError, match="objects"):
        passed(Message({}, {"x": np.array([object()])}))


def test_a_stream_that_ends():
    stream = io.BytesIO()
    send(stream, Message({"job": "run"}))
    for cut in (0, 5, 20):
        with pytest.raises(EOFError):
            receive(io.BytesIO(stream.getvalue()[:cut]))


def test_trees():
    leaf = Node("torch.nn.Linear", {"weight": stored(np.ones((2, 3)))})
    root = Node(
        "",
        {"count": stored(np.array(1), False, False)},
        {"fc.1": leaf, "lazy": Node("x", built=False)},
    )
    found = unpack(passed(pack(State("torch", root))))
    assert found is not None
    assert found.side == "torch"
    assert found.root.children["fc.1"].kind == "torch.nn.Linear"
    assert not found.root.children["lazy"].built
    count = found.root.arrays["count"]
    assert (count.trainable, count.needed) == (False, False)
    np.testing.assert_array_equal(found.values()["fc.1.weight"], np.ones((2, 3)))
    assert unpack(Message()) is None
    hollow = unpack(passed(pack(State("torch", root), values=False)))
    assert hollow is not None
    assert hollow.arrays()["fc.1.weight"].shape == (2, 3)
    assert not hollow.arrays()["count"].needed
    with pytest.raises(TypeError, match="not sent"):
        hollow.values()


def test_tied_arrays_stay_tied():
    tied = stored(np.ones(2))
    root = Node("", {"a": tied}, {"inner": Node("", {"b": tied})})
    message = pack(State("torch", root))
    assert list(message.arrays) == ["state/a"]
    found = unpack(passed(message))
    assert found is not None
    assert found.root.arrays["a"] is found.root.children["inner"].arrays["b"]
