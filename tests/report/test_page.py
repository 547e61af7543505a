"""The page of `verify --report`: whole, escaped, without a network, and as a browser shows it."""

from __future__ import annotations

import dataclasses
import html
import html.parser
import json
import math
import shutil
import subprocess
from pathlib import Path

import pytest

from translator import files
from translator.errors import UsageError
from translator.proof.script_pairs import Comparison, Row
from translator.proof.verification import (
    Check,
    Curve,
    Failure,
    Fault,
    InputArray,
    LayerError,
    Model,
    Verdict,
    Verification,
    WeightPair,
)
from translator.report.models import page_of_models
from translator.report.page import bar, render, require_folder, write
from translator.report.scripts import losses, page_of_scripts

EVIL = "<script>alert('&')</script>"
TORCH = f"""
from torch import nn


class Net(nn.Module):
    '''{EVIL}'''

    def __init__(self):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(8)
"""
KERAS = TORCH.replace("torch import nn", "keras import layers").replace(
    "nn.BatchNorm2d(8)", "layers.BatchNormalization()"
)
VERIFICATION = Verification(
    Model(Path(f"{EVIL}.py"), "torch", "Net()", "Net"),
    Model(Path("net_tf.py"), "tensorflow", "Net()", "Net"),
    inputs=(InputArray((2, 3, 8, 8), "float32", origin="the first layer, conv1"),),
    weights=(
        WeightPair("bn1.weight", "bn1.gamma", (8,), (8,), "as it is"),
        WeightPair("bn1.num_batches_tracked", "", (), (), EVIL),
    ),
    checks=(
        Check("outputs", EVIL, "evaluation", "float64", 2, 3e-16, 1e-9, Verdict.AGREE),
        Check("gradients", "1", "training", "float32", 2, 3e-3, 1e-4, Verdict.ROUNDING, EVIL),
        Check("statistics", "bn1", "training", "float64", 2, math.inf, 1e-9, Verdict.DIFFER),
        Check("training", "10 steps", "", "float64", 2, None, 1e-9, Verdict.SKIPPED, "", EVIL),
    ),
    layers=(LayerError("bn1", "bn1", "torch.nn.BatchNorm2d", EVIL, 0.0, 0.3),),
    curves=(
        Curve("float64", (1.0, 0.5, 0.25), (1.0, 0.51, 0.2)),
        Curve("float32", (1.0, 0.5), (1.0, 0.5)),
    ),
    fault=Fault("statistics", EVIL, "bn1", "bn1", reasons=(EVIL,), explanation=EVIL, remedy=EVIL),
    notes=(EVIL,),
    optimizer="SGD(0.01)",
    loss="mse",
    steps=10,
    seconds=3.2,
)
COMPARISON = Comparison(
    (Row("printed, 3 lines", 1e-7, 1e-5, True), Row("weight w", math.inf, 1e-5, False, EVIL)),
    notes=(EVIL,),
    weights=(WeightPair("w", "w", (2, 3), (3, 2), "transposed", 0.5),),
    printed=(
        f"loss 3.0\nloss 2.0\nloss: 1.5\n{EVIL}\n",
        f"loss 3.0\nloss 2.0\nloss: 1.4\n{EVIL}\n",
    ),
)


def models(**changes):
    return page_of_models(dataclasses.replace(VERIFICATION, **changes), (TORCH, KERAS))


def scripts(found=COMPARISON):
    return page_of_scripts(found, (Path("a.py"), Path("b.py")), (TORCH, KERAS))


class Parsed(html.parser.HTMLParser):
    """The elements of a page; raises if they are not closed in order."""

    VOID = frozenset({"meta", "br", "img", "hr", "input", "link"})

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.ids, self.addresses, self.headings = [], [], [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        named = dict(attrs)
        self.ids += [named["id"]] if "id" in named else []
        self.addresses += [v for k, v in attrs if k in ("src", "href", "action", "data", "srcset")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)


PAGES = {"models": models, "scripts": scripts}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_whole_and_asks_no_network(name):
    text = render(PAGES[name]())
    parsed = Parsed(text)
    assert "script" not in parsed.tags
    assert not {"link", "img", "iframe", "object"} & set(parsed.tags)
    assert all(address.startswith("#") for address in parsed.addresses)
    assert "http:" not in text and "https:" not in text and "url(//" not in text
    assert "@import" not in text
    assert EVIL not in text
    assert len(parsed.ids) == len(set(parsed.ids))


def test_all_sections_of_two_models():
    headings = Parsed(render(models())).headings
    assert headings == [
        "The first difference",
        "To know",
        "What was compared",
        "Training",
        "Layer by layer",
        "Weights",
        "Sources",
    ]


def test_all_sections_of_two_scripts():
    headings = Parsed(render(scripts())).headings
    assert headings == [
        "To know",
        "What was compared",
        "Training",
        "Weights",
        "What they printed",
        "Sources",
    ]


@pytest.mark.parametrize(
    ("page", "headline"),
    [
        (models(), "The models differ."),
        (models(fault=None, checks=VERIFICATION.checks[:2]), "The models agree."),
        (models(checks=(), fault=None), "Nothing was compared."),
        (
            models(checks=(), fault=None, failure=Failure("target", "at a step", EVIL)),
            "The target failed at a step.",
        ),
        (scripts(), "The scripts differ."),
        (scripts(Comparison((), f"a.py failed: {EVIL}")), "a.py failed."),
        (scripts(dataclasses.replace(COMPARISON, rows=COMPARISON.rows[:1])), "The scripts agree."),
    ],
)
def test_the_verdict_is_at_the_top(page, headline):
    text = render(page)
    Parsed(text)
    assert f"<h1>{headline}</h1>" in text
    assert text.index("<h1>") < text.index("<main>")
    assert EVIL not in text


def test_the_lines_that_build_the_layer_at_fault_are_marked():
    assert render(models()).count('<span class="marked">') == 2


def test_the_lines_that_differ_are_marked():
    assert render(scripts()).count('<span class="marked">') == 2


def test_losses_are_read_from_what_is_printed():
    text = "epoch 1 loss 0.5\nEpoch 2, Loss: 2.5e-1\nloss=nan\nlossless 3\n"
    assert losses(text)[:2] == [0.5, 0.25]
    assert len(losses(text)) == 3


@pytest.mark.parametrize(
    ("error", "share"),
    [(None, "0"), (0.0, "0"), (1e-20, "0.0"), (1e-17, "0.0"), (1.0, "100.0"), (math.inf, "100")],
)
def test_a_bar_counts_decades(error, share):
    assert bar(error) == share


def test_it_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    folder = tmp_path / "new" / "report"
    assert write(scripts(), folder).read_text() == render(scripts())
    before = (folder / "index.html").read_bytes()

    def full(path, data):
        raise files.FileError(path, "no space left on device")

    monkeypatch.setattr(files, "write", full)
    with pytest.raises(files.FileError):
        write(models(), folder)
    assert [each.name for each in folder.iterdir()] == ["index.html"]
    assert (folder / "index.html").read_bytes() == before


def test_a_file_in_the_place_of_the_folder(tmp_path):
    (tmp_path / "report").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        require_folder(tmp_path / "report")


BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
MEASURE = """<script>document.title = JSON.stringify({
  page: document.documentElement.scrollWidth, window: innerWidth,
  paper: getComputedStyle(document.body).backgroundColor,
  curves: [...document.querySelectorAll("svg")].map(each => each.getBoundingClientRect().height),
  stroke: getComputedStyle(document.querySelector("svg path[style*='--target']")).stroke,
  header: document.querySelector("h1").getBoundingClientRect().top,
})</script>"""


@pytest.mark.skipif(BROWSER is None, reason="no chromium is installed: apt-get install chromium")
@pytest.mark.parametrize("width", [1200, 500])
@pytest.mark.parametrize(
    ("dark", "paper", "stroke"),
    [
        (False, "rgb(250, 249, 247)", "rgb(26, 95, 208)"),
        (True, "rgb(18, 20, 26)", "rgb(125, 177, 255)"),
    ],
)
def test_a_browser_shows_it(tmp_path, width, dark, paper, stroke):
    shown = measured(tmp_path, models(), width, dark)
    assert shown["page"] <= shown["window"] <= width  # nothing stands out to the right
    assert (shown["paper"], shown["stroke"]) == (paper, stroke)
    assert len(shown["curves"]) == 2
    assert all(height > 100 for height in shown["curves"])
    assert 0 <= shown["header"] < 100


def measured(folder, page, width, dark):
    """What a browser makes of the page; only here may it run a script."""
    policy = '<meta http-equiv="Content-Security-Policy"'
    text = render(page)
    assert policy in text
    (folder / "page.html").write_text(text.replace(policy, "<meta").replace("</body>", MEASURE))
    command = [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += [f"--window-size={width},1000", f"--user-data-dir={folder / 'profile'}"]
    command += ["--blink-settings=preferredColorScheme=0"] if dark else []
    address = (folder / "page.html").as_uri()
    dom = subprocess.run([*command, address], check=True, capture_output=True, timeout=60).stdout
    return json.loads(html.unescape(dom.decode().partition("<title>")[2].partition("</title>")[0]))
