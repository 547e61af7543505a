"""`translator lookup`: what it prints."""

from __future__ import annotations

import json

import pytest


def test_a_layer_is_shown_with_arguments_weights_and_differences(translator):
    result = translator("lookup", "nn.Linear")
    assert (result.code, result.err) == (0, "")
    for text in (
        "torch.nn.Linear(in_features, out_features, bias=True)",
        "keras.layers.Dense(units, activation=None, use_bias=True, kernel_initializer=",
        "  out_features  units                                the same",
        "  kernel = weight.transpose(1, 0)",
        "Differs",
        "Naive form",
        "largest error 1.97",
    ):
        assert text in result.out


def test_json(translator):
    result = translator("lookup", "Dense", "--format", "json")
    found = json.loads(result.out)
    assert found["query"] == "Dense"
    hit = found["hits"][0]
    assert (hit["title"], hit["match"]) == ("torch.nn.Linear", "keras.layers.Dense")
    assert {"torch": "bias=True", "tensorflow": "use_bias=True", "rule": "the same"} in hit[
        "arguments"
    ]


def test_words_need_no_quotes(translator):
    assert "torch.nn.Linear(" in translator("lookup", "fully", "connected").out


def test_a_near_miss_suggests(translator):
    result = translator("lookup", "nn.Liner")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(
        "translator: nothing is known of 'nn.Liner'; did you mean torch.nn.Linear"
    )


def test_nothing_near(translator):
    result = translator("lookup", "xyzzy.qqqqqq")
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("form", ["text", "json"])
def test_codes_of_findings_are_explained(translator, form):
    from translator.findings import Code

    result = translator("lookup", "UNKNOWN_API", "--format", form)
    assert result.code == 0
    assert Code.UNKNOWN_API.value in result.out


def test_a_terminal_gets_a_drawn_table(translator, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    result = translator("lookup", "nn.Linear")
    assert "\u2502" in result.out or "|" in result.out
    assert "out_features" in result.out
