"""The tour: its pieces, and one pair all the way through."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from translator import demo, examples
from translator.demo import Outcome, Script

PRINTED = {"loss 20": 0.5, "weight": 2.0, "bias": 1.0}


def outcome(title: str = "torch", **changes: object) -> Outcome:
    origin, _, target = title.partition(" -> ")
    script = Script("tape", origin, target or origin, Path("a.py"))  # type: ignore[arg-type]
    return Outcome(script, **{"printed": PRINTED, "learned": (1.0, 2.0), **changes})  # type: ignore[arg-type]


def test_printed_numbers_are_read():
    text = (
        "epoch  20  loss 0.241025\nepoch 200  loss 1e-05\nweight 2.0\nbias nan\nweights 3\nbias x\n"
    )
    found = demo.read_printed(text)
    assert list(found) == ["loss 20", "loss 200", "weight", "bias"]
    assert math.isnan(found["bias"])


@pytest.mark.parametrize(
    ("changes", "worst"),
    [
        ({}, 0.0),
        ({"printed": {**PRINTED, "loss 20": 0.75}}, 0.25),
        ({"learned": (1.0, 2.5)}, 0.5),
        ({"learned": (1.0,)}, None),
        ({"printed": {"weight": 2.0}}, None),
        ({"error": "it died"}, None),
    ],
)
def test_scripts_are_held_against_the_torch_script(changes, worst):
    rows = demo.compare([outcome(), outcome("torch -> tensorflow", **changes)])
    assert [row.worst for row in rows] == [0.0, worst]
    assert rows[1].agree is (worst == 0.0)


def test_nan_agrees_with_nothing():
    row = demo.compare([outcome(), outcome("tensorflow", printed={**PRINTED, "bias": math.nan})])[1]
    assert not row.agree


def test_nothing_agrees_with_a_script_that_failed():
    rows = demo.compare([outcome(error="it died"), outcome("tensorflow")])
    assert [row.agree for row in rows] == [False, False]


def test_what_is_left_for_a_person_is_no_agreement():
    left = Outcome(Script("tape", "torch", "tensorflow", Path("a.py"), left=1), PRINTED, (1.0, 2.0))
    assert not demo.compare([outcome(), left])[1].agree


@pytest.mark.parametrize("name", [example.name for example in examples.EXAMPLES])
def test_the_samples_are_those_of_the_script(name):
    x, y = demo.samples(examples.render(name, "torch"))
    assert x.shape == y.shape
    assert abs(y - 2 * x - 1).max() < 0.5


def test_the_picture_is_drawn(tmp_path):
    rows = demo.compare(
        [
            outcome(),
            outcome("torch -> tensorflow"),
            outcome("tensorflow", error="it died", printed={}),
        ]
    )
    demo.draw(rows, str(tmp_path / "fits.png"))
    assert (tmp_path / "fits.png").read_bytes().startswith(b"\x89PNG")


def test_one_pair_all_the_way(tmp_path):
    from translator import cli

    picture, scripts = tmp_path / "fits.png", tmp_path / "scripts"
    code = cli.run(["demo", "optimizers", "-o", str(picture), "--keep", str(scripts)])
    assert code == 0
    assert picture.stat().st_size > 10_000
    assert sorted(path.name for path in scripts.iterdir()) == [
        "optimizers_tensorflow.py",
        "optimizers_tensorflow_to_torch.py",
        "optimizers_torch.py",
        "optimizers_torch_to_tensorflow.py",
    ]


def test_the_table_as_json_tells_what_went_wrong(capsys, monkeypatch, tmp_path):
    from translator import cli

    failed = [
        outcome(),
        outcome("torch -> tensorflow", error="it died", printed={}),
        outcome("tensorflow", printed={**PRINTED, "bias": math.nan}),
    ]
    monkeypatch.setattr(demo, "prepare", lambda folder, names: [each.script for each in failed])
    monkeypatch.setattr(demo, "run", lambda scripts, timeout: iter(failed))
    code = cli.run(["demo", "tape", "--format", "json", "-o", str(tmp_path / "fits.png")])
    rows = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)["rows"]
    assert code == 1
    assert [row["agree"] for row in rows] == [True, False, False]
    assert rows[1]["error"] == "it died"


def test_a_wrong_name_leaves_nothing_behind(capsys, tmp_path):
    from translator import cli

    assert cli.run(["demo", "tapes", "--keep", str(tmp_path / "new")]) == 2
    assert capsys.readouterr().err == "translator: Unknown example 'tapes'. Did you mean 'tape'?\n"
    assert not (tmp_path / "new").exists()


def test_missing_frameworks_are_named_with_their_remedy(capsys, monkeypatch):
    from translator import cli

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert cli.run(["demo"]) == 2
    assert capsys.readouterr().err == (
        'translator: this needs torch, tensorflow, keras, matplotlib; run: pip install "translator[run]"\n'
    )
