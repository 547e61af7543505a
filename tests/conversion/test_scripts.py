"""Whole scripts as people write them: converted, read over, and run beside their source.

Each file under `scripts/torch` and `scripts/tensorflow` is one test. What fails stays in the list, with its reason.
"""

from __future__ import annotations

import ast
import builtins
import io
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from translator import convert
from translator.findings import Severity
from translator.pipeline import Framework, other
from translator.proof.script_pairs import compare_scripts
from translator.proof.watched import Limits

SCRIPTS = Path(__file__).resolve().parent / "scripts"
FRAMEWORKS: tuple[Framework, ...] = ("torch", "tensorflow")
ROOTS = {"torch": {"torch"}, "tensorflow": {"tensorflow", "keras"}}

# What belongs to neither framework: code that uses only these must come out as it went in.
NEUTRAL = {"numpy", "matplotlib", "math", "os", "argparse"}

FAILING: dict[str, str] = {
    # left in place with a finding
    "torch/named_parameters_listing": "no step with optim.SGD(list(model.parameters())); named_parameters",
    "torch/sequential_add_module": "Sequential.add_module and OrderedDict; nn.init after construction",
    "tensorflow/momentum_positional": "prints the shapes of variables, which torch lays out its own way",
    "tensorflow/running_mean_metric": "an optimizer that is never handed anything has no parameters in torch",
    "torch/sigmoid_neuron": "weight[:] = ... is left: tensors are immutable",
    "torch/dataloader_minibatches": "F.mse_loss handed on as a value has no counterpart yet",
}


def scripts() -> list[object]:
    found = []
    for framework in FRAMEWORKS:
        for path in sorted((SCRIPTS / framework).glob("*.py")):
            name = f"{framework}/{path.stem}"
            reason = FAILING.get(name)
            marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
            found.append(pytest.param(framework, path, id=name, marks=marks))
    return found


@pytest.mark.parametrize(("framework", "path"), scripts())
def test_script(framework: Framework, path: Path, tmp_path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    conversion = convert(source, to=other(framework))
    todo = [f for f in conversion.findings if f.severity is Severity.TODO]
    left = [f"line {f.span.line}: {f.code.name}: {f.message}" for f in todo]
    assert conversion.complete, "\n".join(left)

    code = conversion.code
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile(code, path.name, "exec")
    assert not imported(code) & (ROOTS[framework] | {"translator"})
    lost = Counter(comments(source)) - Counter(comments(code))
    assert not lost, f"comments are lost: {list(lost)}"
    changed = [text for text in untouchable(source) if text not in code]
    assert not changed, f"code of no framework is changed: {changed}"

    target = tmp_path / path.name
    target.write_text(code, encoding="utf-8")
    comparison = compare_scripts(path, target, Limits(120))
    bad = [f"{row.what}: {row.error:.2g} {row.reason}" for row in comparison.rows if not row.agree]
    assert comparison.agree, comparison.reason or "\n".join(bad)


def test_the_list_of_failures_has_no_strangers() -> None:
    known = {f"{path.parent.name}/{path.stem}" for path in SCRIPTS.glob("*/*.py")}
    assert not FAILING.keys() - known


@pytest.mark.parametrize(
    ("source", "word"),
    [
        pytest.param(
            "import tensorflow as tf\nw = tf.Variable(1.0)\nopt = tf.keras.optimizers.SGD(0.1)\n"
            "opt.minimize(lambda: (w - 2.0) ** 2, [w])\n",
            "minimize",
        ),
        (
            "import torch\nw = torch.zeros(1, requires_grad=True)\nopt = torch.optim.LBFGS([w])\n"
            "def closure():\n    opt.zero_grad()\n    loss = (w - 2.0).pow(2).sum()\n"
            "    loss.backward()\n    return loss\nopt.step(closure)\n",
            "LBFGS",
        ),
        (
            "import tensorflow as tf\nsess = tf.compat.v1.Session()\n"
            "x = tf.compat.v1.placeholder(tf.float32)\nprint(sess.run(x * 2, feed_dict={x: 1.0}))\n",
            "Session",
        ),
        (
            "import torch\nw = torch.zeros(1, requires_grad=True)\nw.register_hook(lambda g: g * 2)\n"
            "((w - 1) ** 2).sum().backward()\nprint(w.grad)\n",
            "register_hook",
        ),
    ],
    ids=["minimize", "lbfgs", "session", "hook"],
)
def test_what_has_no_counterpart_is_told(source: str, word: str) -> None:
    conversion = convert(source)
    assert not conversion.complete
    assert "# TODO(translator)" in conversion.code
    assert word in conversion.code
    assert any(word in finding.message for finding in conversion.findings)
    compile(conversion.code, "converted.py", "exec")


def imported(code: str) -> set[str]:
    """The top-level packages that a text imports."""
    roots = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            roots |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            roots.add(node.module.partition(".")[0])
    return roots


def comments(code: str) -> Iterator[str]:
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    yield from (token.string.strip() for token in tokens if token.type == tokenize.COMMENT)


def untouchable(source: str) -> Iterator[str]:
    """The statements made of numpy, matplotlib and plain Python alone, as they are written."""
    yield from _untouchable(source, ast.parse(source).body, set())


def _untouchable(source: str, body: Iterable[ast.stmt], neutral: set[str]) -> Iterator[str]:
    """`neutral` are the names known to hold nothing of a framework; assignments change it."""
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            module = getattr(statement, "module", None)
            for alias in statement.names:
                if (module or alias.name).partition(".")[0] in NEUTRAL:
                    neutral.add(alias.asname or alias.name.partition(".")[0])
        elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
            neutral.discard(statement.name)
            parameters = {n.arg for n in ast.walk(statement) if isinstance(n, ast.arg)}
            yield from _untouchable(source, statement.body, neutral - parameters)
        elif blocks := [block for block in _blocks(statement) if block]:
            names = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
            stored = {n for n in names if n in _stored(statement)}
            for block in blocks:
                yield from _untouchable(source, block, neutral - stored)
            neutral -= stored
        else:
            loaded = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
            loaded -= _stored(statement)
            if loaded & neutral and all(n in neutral or hasattr(builtins, n) for n in loaded):
                yield ast.get_source_segment(source, statement) or ""
                neutral |= _stored(statement)
            else:
                neutral -= _stored(statement)


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        yield getattr(statement, field, [])


def _stored(statement: ast.stmt) -> set[str]:
    nodes = (n for n in ast.walk(statement) if isinstance(n, ast.Name))
    return {n.id for n in nodes if isinstance(n.ctx, ast.Store)}
