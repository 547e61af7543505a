"""Pairing trees, without any framework."""

from __future__ import annotations

import re

import numpy as np
import pytest

from translator.knowledge.weights import weight
from translator.weights.match import match
from translator.weights.rules import joining
from translator.weights.tree import Node, State, stored


def tree(kind="", *, built=True, arrays=None, **children):
    shapes = {
        name: stored(np.zeros(shape), needed=name != "num_batches_tracked")
        for name, shape in (arrays or {}).items()
    }
    return Node(
        kind,
        shapes,
        {re.sub(r"^n(?=\d)", "", name): child for name, child in children.items()},
        built,
    )


def linear(inputs=3, outputs=4, bias=True):
    arrays = {"weight": (outputs, inputs)} | ({"bias": (outputs,)} if bias else {})
    return tree("torch.nn.Linear", arrays=arrays)


def dense(inputs=3, outputs=4, bias=True, built=True):
    arrays = {"kernel": (inputs, outputs)} | ({"bias": (outputs,)} if bias else {})
    return tree("keras.layers.Dense", arrays=arrays if built else {}, built=built)


RELU = tree("torch.nn.ReLU")
FLATTEN = tree("keras.layers.Flatten")


def pairs(torch_tree, keras_tree):
    """The links of a complete match, which must be the same both ways."""
    torch_state, keras_state = State("torch", torch_tree), State("tensorflow", keras_tree)
    there, back = match(torch_state, keras_state), match(keras_state, torch_state)
    assert there.problems == back.problems == ()
    found = {(link.sources, link.targets) for link in there.links}
    assert {(link.targets, link.sources) for link in back.links} == found
    return {(", ".join(sources), ", ".join(targets)) for sources, targets in found}


def problems(torch_tree, keras_tree):
    return match(State("torch", torch_tree), State("tensorflow", keras_tree)).problems


@pytest.mark.parametrize(
    ("torch_tree", "keras_tree", "expected"),
    [
        pytest.param(
            tree(fc=linear()),
            tree(fc=dense()),
            {("fc.weight", "fc.kernel"), ("fc.bias", "fc.bias")},
            id="by name",
        ),
        pytest.param(
            tree(layers=linear(bias=False)),
            tree(layers_=dense(bias=False)),
            {("layers.weight", "layers_.kernel")},
            id="a reserved name",
        ),
        pytest.param(
            tree("torch.nn.Sequential", n0=RELU, n1=linear(bias=False), n2=RELU),
            tree("keras.Sequential", n0=FLATTEN, n1=FLATTEN, n2=dense(bias=False)),
            {("1.weight", "2.kernel")},
            id="in order, whatever stands between",
        ),
        pytest.param(
            tree(fc=tree("torch.nn.Sequential", n0=linear(bias=False), n1=RELU)),
            tree(fc=dense(bias=False)),
            {("fc.0.weight", "fc.kernel")},
            id="a layer with its activation",
        ),
        pytest.param(
            tree(fc=linear(bias=False)),
            tree(fc=tree("keras.Sequential", n0=FLATTEN, n1=dense(bias=False))),
            {("fc.weight", "fc.1.kernel")},
            id="a layer with what prepares its input",
        ),
        pytest.param(
            tree(block=tree(fc=linear(bias=False), w=tree(arrays={"scale": (2,)}))),
            tree(block=tree(fc=dense(bias=False), w=tree(arrays={"scale": (2,)}))),
            {("block.fc.weight", "block.fc.kernel"), ("block.w.scale", "block.w.scale")},
            id="nested, with an array of its own",
        ),
        pytest.param(
            tree(heads=tree("torch.nn.ModuleList", n0=linear(bias=False), n1=linear(2, 2, False))),
            tree(heads=tree("list", n0=dense(bias=False), n1=dense(2, 2, False))),
            {("heads.0.weight", "heads.0.kernel"), ("heads.1.weight", "heads.1.kernel")},
            id="a list of modules",
        ),
        pytest.param(
            tree("torch.nn.Sequential", n0=tree("torch.nn.Sequential", n0=linear(), n1=linear())),
            tree("keras.Sequential", n0=dense(), n1=dense()),
            {
                ("0.0.weight", "0.kernel"),
                ("0.0.bias", "0.bias"),
                ("0.1.weight", "1.kernel"),
                ("0.1.bias", "1.bias"),
            },
            id="a container around a container",
        ),
        pytest.param(
            tree("torch.nn.Sequential", n0=tree(fc=linear(bias=False))),
            tree(fc=dense(bias=False)),
            {("0.fc.weight", "fc.kernel")},
            id="a container around one model",
        ),
        pytest.param(
            tree(
                "torch.nn.TransformerEncoder",
                layers=tree("torch.nn.ModuleList", n0=linear(bias=False)),
            ),
            tree(layers_=tree("list", n0=dense(bias=False))),
            {("layers.0.weight", "layers_.0.kernel")},
            id="a layer of layers, and a class with the same name in it",
        ),
        pytest.param(
            tree(norm=tree(arrays={"scale": (2,), "num_batches_tracked": ()})),
            tree(norm=tree(arrays={"scale": (2,)})),
            {("norm.scale", "norm.scale")},
            id="a counter needs no counterpart",
        ),
    ],
)
def test_pairs(torch_tree, keras_tree, expected):
    assert pairs(torch_tree, keras_tree) == expected


def test_axes_go_both_ways():
    torch_state, keras_state = State("torch", linear()), State("tensorflow", dense())
    kernel = np.arange(12.0).reshape(3, 4)
    (there, _), (back, _) = (
        match(torch_state, keras_state).links,
        match(keras_state, torch_state).links,
    )
    (carried,) = back.carry((kernel,))
    np.testing.assert_array_equal(carried, kernel.T)
    np.testing.assert_array_equal(there.carry((carried,)), [kernel])
    assert there.transformation == "axes (1, 0)"


def test_rules_come_from_the_records():
    assert joining("torch.nn.Linear", "keras.layers.Dense").weights == (
        weight("weight", "kernel", (1, 0)),
        weight("bias", "bias"),
    )
    assert joining("torch.nn.Linear", "keras.layers.Flatten") is None


def test_everything_left_over_is_listed():
    found = problems(tree(a=linear(), b=linear()), tree(a=dense(bias=False), c=dense()))
    assert found == (
        "a.bias (4,) of the source has no counterpart in the target",
        "b.weight (4, 3) of the source has no counterpart in the target",
        "b.bias (4,) of the source has no counterpart in the target",
        "c.kernel (3, 4) of the target has no counterpart in the source",
        "c.bias (4,) of the target has no counterpart in the source",
    )


def test_another_shape_says_both():
    found = problems(tree(fc=linear(3, 4, False)), tree(fc=dense(4, 3, False)))
    assert found == ("fc.weight has shape (4, 3), carried over (3, 4); fc.kernel has shape (4, 3)",)


def test_equal_shapes_alone_pair_nothing():
    found = problems(tree(first=linear(bias=False)), tree(second=dense(bias=False)))
    assert len(found) == 2


def test_layers_without_a_record_pair_nothing():
    found = problems(tree(x=linear()), tree(x=tree("keras.layers.LSTM", arrays={"kernel": (3, 4)})))
    assert found[0] == "x is torch.nn.Linear, x is keras.layers.LSTM: no record joins the two"
    assert len(found) == 4


def test_members_are_counted():
    found = problems(
        tree("torch.nn.Sequential", n0=linear(), n1=linear()),
        tree("keras.Sequential", n0=dense(), n1=dense(), n2=dense()),
    )
    assert found[0] == "the model has 2 members with weights, the model 3"


def test_what_is_not_built_is_told_from_what_is_missing():
    matching = match(
        State("torch", tree(fc=linear())), State("tensorflow", tree(fc=dense(built=False)))
    )
    assert matching.unbuilt == (("target", "fc"),)


def test_a_tied_array_is_not_left_over():
    torch_tree, keras_tree = tree(a=linear(bias=False)), tree(a=dense(bias=False))
    torch_tree.arrays["tied"] = torch_tree.children["a"].arrays["weight"]
    assert pairs(torch_tree, keras_tree) == {("a.weight", "a.kernel")}


def test_two_trees_of_one_framework():
    first, second = tree(fc=linear(), act=RELU), tree(fc=linear(), act=RELU)
    links = match(State("torch", first), State("torch", second)).links
    assert [(link.sources, link.targets, link.transformation) for link in links] == [
        (("fc.weight",), ("fc.weight",), "as it is"),
        (("fc.bias",), ("fc.bias",), "as it is"),
    ]


def functional(**layers):
    return tree("keras.Model", **layers)


def test_a_functional_model_is_paired_in_the_order_of_its_calls():
    """Names that Keras made up, against attributes in classes of functions; names that are the same go first."""
    block = tree(first=linear(3, 4), second=linear(4, 4))
    module = tree(block=block, head=linear(4, 2))
    keras = functional(dense_4=dense(3, 4), dense_7=dense(4, 4), dense_9=dense(4, 2))
    assert pairs(module, keras) == {
        ("block.first.weight", "dense_4.kernel"),
        ("block.first.bias", "dense_4.bias"),
        ("block.second.weight", "dense_7.kernel"),
        ("block.second.bias", "dense_7.bias"),
        ("head.weight", "dense_9.kernel"),
        ("head.bias", "dense_9.bias"),
    }
    named = functional(second=dense(4, 2), first=dense(3, 4))
    swapped = tree(first=linear(3, 4), second=linear(4, 2))
    assert ("first.weight", "first.kernel") in pairs(swapped, named)


def test_classes_of_the_user_are_paired_as_wholes():
    own = Node("", children={"proj": linear()}, title="Embed")
    theirs = Node("", children={"proj": dense()}, title="Embed")
    found = pairs(tree(block=tree(embed=own), head=linear()), functional(embed_1=theirs, d=dense()))
    assert ("block.embed.proj.weight", "embed_1.proj.kernel") in found
    assert ("head.weight", "d.kernel") in found


def test_a_class_of_the_file_stands_for_the_layer_of_its_name():
    own = Node("", children={"query_dense": linear()}, title="LazyMultiHeadAttention")
    layer = Node("keras.layers.MultiHeadAttention", children={"query_dense": dense()})
    found = pairs(tree(block=tree(a=own), b=linear()), functional(attention=layer, d=dense()))
    assert ("block.a.query_dense.weight", "attention.query_dense.kernel") in found
    assert ("b.weight", "d.kernel") in found


@pytest.mark.parametrize(
    ("module", "keras", "said"),
    [
        (tree(a=linear()), functional(x=dense(), y=dense()), r"y \(keras.layers.Dense\) has no"),
        (tree(a=linear(), b=linear()), functional(x=dense()), "b has no counterpart"),
        (
            tree(a=linear()),
            functional(x=Node("", children={"proj": dense()}, title="Embed")),
            r"x \(Embed\) and a \(torch.nn.Linear\) differ",
        ),
    ],
)
def test_layers_that_part_are_said(module, keras, said):
    assert any(re.search(said, problem) for problem in problems(module, keras))
