"""The look-up page: what it derives from a record, and that every record has one."""

from __future__ import annotations

import pytest

from translator.knowledge.lenses import (
    beside,
    choice,
    complement,
    fixed,
    inferred,
    negated,
    only,
    same,
)
from translator.knowledge.page import Argument, page
from translator.knowledge.records import Construct, Entry, Layer, Record, Refusal
from translator.knowledge.registry import ENTRIES
from translator.knowledge.weights import Gates, Stacked, statistic, weight

LAYER = Layer(
    torch="torch.nn.L(n, size=1, slope=0.01, momentum=0.1, flag=True, mode='mean', inplace=False, *, device=None)",
    tf="keras.layers.K(size=(1, 1), slope=0.3, momentum=0.9, unflag=False, mode='avg', order=None, activation=None)",
    args=(
        inferred("n", 1),
        same("size"),
        same("slope"),
        complement("momentum", "momentum"),
        negated("flag", "unflag"),
        choice("mode", "mode", ("'mean'", "'avg'"), ("'sum'", "'sum'")),
        only("torch", "inplace", "tensors are immutable"),
        fixed("tensorflow", "order", "None"),
        beside("activation", "a call of its own"),
    ),
    weights=(
        weight("weight", "kernel", (1, 0)),
        weight(("b_ih", "b_hh"), "cell.bias", Gates("r z n", "z r n"), Stacked()),
        statistic("running_mean", "moving_mean"),
    ),
)


def test_arguments_are_derived_from_signatures_and_lenses():
    assert page(Entry("a group", LAYER)).arguments == (
        Argument("n", "", "read off the input's axis 1"),
        Argument("size=1", "size=(1, 1)", "the same"),
        Argument("slope=0.01", "slope=0.3", "the same; the defaults differ, so it is written out"),
        Argument("momentum=0.1", "momentum=0.9", "one minus the other"),
        Argument("flag=True", "unflag=False", "the opposite"),
        Argument("mode='mean'", "mode='avg'", "'mean' / 'avg', 'sum' / 'sum'"),
        Argument("inplace=False", "", "dropped: tensors are immutable"),
        Argument("", "order=None", "converted only as None"),
        Argument("", "activation=None", "a call of its own in torch"),
        Argument("device=None", "", "no counterpart: a call that sets it is left as it is"),
    )


def test_weights_are_derived_from_their_rules():
    assert page(Entry("a group", LAYER)).weights == (
        "kernel = weight.transpose(1, 0)",
        "cell.bias = b_ih, b_hh  (gates r z n -> z r n, stacked)",
        "moving_mean = running_mean  (statistics, no gradient)",
    )


@pytest.mark.parametrize(
    "record",
    [
        Refusal("torch.jit.script(obj)", "", instead="tf.function"),
        Construct("a()", "b()", name="c"),
        Record("torch.pi", ()),
    ],
)
def test_records_without_arguments(record):
    assert page(Entry("a group", record)).arguments == ()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.record.title)
def test_every_record_has_a_page_that_can_be_shown(entry, capsys):
    from translator.cli.lookup import _show

    _show(page(entry))
    assert entry.record.title in capsys.readouterr().out
