"""Keras's `compile`, `fit` and `evaluate`, written as the loops over mini-batches that they hide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs import compiled
from translator.rewrite.constructs.loops import Fit, evaluation_text, loop_text
from translator.rewrite.constructs.reading import small
from translator.rewrite.modes import is_moded
from translator.source.arrays import data_shape
from translator.source.classes import forward_of, inherited
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import ObjectValue
from translator.source.values import MethodValue, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_FIT = frozenset(
    "x y batch_size epochs verbose shuffle validation_data validation_split callbacks".split()
)
_EVALUATE = frozenset({"x", "y", "batch_size", "verbose"})


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """Rewrite `model.compile(...)`, `fit`, `evaluate`, `build`, `summary`; None where it is none of these."""
    inner = small(node)
    if rewriter.target != "torch" or not isinstance(inner, cst.Expr | cst.Assign):
        return None
    call = inner.value
    if not isinstance(call, cst.Call) or not _is_model(rewriter, call.func):
        return None
    assert isinstance(call.func, cst.Attribute)
    model, name = call.func.value, call.func.attr.value
    if name == "evaluate":
        targets = inner.targets if isinstance(inner, cst.Assign) else ()
        return _evaluate(rewriter, node, call, model, targets)
    if isinstance(inner, cst.Assign):
        target = inner.targets[0].target
        if name != "fit" or len(inner.targets) > 1 or not isinstance(target, cst.Name):
            return None
        return _fit(rewriter, node, call, model, target.value)
    if name == "compile":
        return compiled.compilation(rewriter, node, call, model)
    if name == "fit":
        return _fit(rewriter, node, call, model, None)
    if name == "build":
        return []
    if name == "summary":
        return [build.statement("print(model)", model=rewriter.expression(model))]
    return None


def _is_model(rewriter: Rewriter, func: cst.BaseExpression) -> bool:
    method = rewriter.facts.value(func)
    if not isinstance(func, cst.Attribute) or not isinstance(method, MethodValue):
        return False
    return inherited(method.receiver, method.name)


def _problem(call: cst.Call, known: frozenset[str], names: object) -> str:
    """Why a call cannot be written, "" where it can."""
    unknown = [
        a.keyword.value for a in call.args if a.keyword is not None and a.keyword.value not in known
    ]
    callbacks = argument(call, -1, "callbacks")
    if callbacks is not None and literal_value(callbacks) not in (None, [], ()):
        unknown.append("callbacks")
    if unknown:
        return f"with {', '.join(unknown)}"
    given = [argument(call, position, name) for position, name in enumerate(("x", "y"))]
    positional = [a for a in call.args if a.keyword is None]
    starred = any(a.star for a in call.args)
    if names is None or None in given or len(positional) > 2 or starred:
        return "of this model"
    return ""


def _fit(
    rewriter: Rewriter,
    node: cst.BaseStatement,
    call: cst.Call,
    model: cst.BaseExpression,
    history: str | None,
) -> list[cst.BaseStatement] | None:
    """`fit` over arrays: batches, the step, and the mean of the loss over the samples of an epoch."""
    names = compiled.found(rewriter, model)
    problem = _problem(call, _FIT, names)
    validation = argument(call, -1, "validation_data")
    pair = _pair(validation)
    verbose = argument(call, -1, "verbose")
    if not problem and validation is not None and pair is None:
        problem = "with this validation_data"
    if not problem and _is_hidden(verbose):
        problem = "with this verbose"
    problem = problem or _own_step(rewriter, model, _STEPS)
    if problem or names is None:
        rewriter.leave(
            call,
            Code.UNSUPPORTED_ARGUMENT,
            f"fit {problem} is not converted: write its loop by hand",
        )
        return [node]
    x, y = argument(call, 0, "x"), argument(call, 1, "y")
    assert x is not None and y is not None
    split = argument(call, -1, "validation_split")
    if split is not None and literal_value(split) in (0, 0.0, None):
        split = None
    as_outputs, added = _targets(rewriter, call, model, y, names)
    measured = (False, False) if pair is None else _targets(rewriter, call, model, pair[1], names)
    fit = Fit(
        rewriter.naming,
        names,
        history,
        shown=_shown(verbose),
        moded=is_moded(rewriter, rewriter.facts.value(model)),
        as_outputs=as_outputs or measured[0],
        validated="data" if pair is not None else "split" if split is not None else "",
    )
    holes = {
        "model__": rewriter.expression(model),
        "x__": data(rewriter, x),
        "y__": _target_data(rewriter, y, added, names),
        "epochs__": _or(rewriter, argument(call, -1, "epochs"), "1"),
        "size__": _or(rewriter, argument(call, -1, "batch_size"), "32"),
        "shuffle__": _or(rewriter, argument(call, -1, "shuffle"), "True"),
    }
    if pair is not None:
        holes["val_x__"] = data(rewriter, pair[0])
        holes["val_y__"] = _target_data(rewriter, pair[1], measured[1], names)
    elif split is not None:
        holes["split__"] = build.parenthesized(rewriter.expression(split))
    if verbose is not None:
        holes["verbose__"] = rewriter.expression(verbose)
    text = loop_text(fit)
    written = [build.filled(s, holes) for s in build.statements(rewriter.naming.spell(text))]
    written[0] = written[0].with_changes(leading_lines=getattr(node, "leading_lines", ()))
    written[-1] = written[-1].with_changes(leading_lines=[cst.EmptyLine(indent=False)])
    return written


_STEPS = ("train_step", "test_step", "compute_loss", "train_on_batch")


def _own_step(rewriter: Rewriter, model: cst.BaseExpression, names: tuple[str, ...]) -> str:
    """Why a class of the file cannot be fitted by the usual loop: it has a step of its own."""
    value = rewriter.facts.value(model)
    for name in names if isinstance(value, ObjectValue) else ():
        if isinstance(value, ObjectValue) and value.info.method(name) is not None:
            return f"of a model with {name} of its own"
    return ""


def _pair(node: cst.BaseExpression | None) -> tuple[cst.BaseExpression, cst.BaseExpression] | None:
    """`validation_data=(x, y)`."""
    if not isinstance(node, cst.Tuple | cst.List) or len(node.elements) != 2:
        return None
    return node.elements[0].value, node.elements[1].value


def _is_hidden(verbose: cst.BaseExpression | None) -> bool:
    """True where it takes more than reading a name to know whether `fit` prints."""
    simple = cst.Name | cst.Attribute | cst.Integer | cst.SimpleString
    return verbose is not None and not isinstance(verbose, simple)


def _shown(verbose: cst.BaseExpression | None) -> bool | None:
    """Whether `fit` prints, None where a name says it."""
    if verbose is None:
        return True
    known = literal_value(verbose)
    return None if not isinstance(known, int | str) else bool(known)


def _targets(
    rewriter: Rewriter,
    call: cst.Call,
    model: cst.BaseExpression,
    y: cst.BaseExpression,
    names: compiled.Compiled,
) -> tuple[bool, bool]:
    """How targets are brought to the rank of the outputs, which Keras does by itself and torch by broadcasting.

    Returns whether each batch has to be viewed as the outputs, and whether all of them need one more axis.
    """
    if names.classes:
        return False, False
    value = rewriter.facts.value(model)
    outputs = rewriter.facts.outputs.get(id(call))
    if isinstance(value, ObjectValue) and (forward := forward_of(value.info)) is not None:
        outputs = forward.result
    given = data_shape(rewriter.facts.value(y))
    known = outputs.shape if isinstance(outputs, TensorValue) else None
    if given is None or known is None:
        return True, False
    if len(given) == len(known):
        return False, False
    added = (len(given), len(known)) == (1, 2)
    return not added, added


def data(rewriter: Rewriter, node: cst.BaseExpression, added: bool = False) -> cst.BaseExpression:
    """Data as a tensor: Keras turns arrays of any float type into 32-bit tensors; with `added`, a last axis."""
    inner = rewriter.expression(node)
    if not isinstance(rewriter.facts.value(node), TensorValue):
        text = rewriter.naming.spell("torch.as_tensor(data, dtype=torch.float32)")
        inner = build.expression(text, data=inner)
    return build.expression("data.unsqueeze(1)", data=inner) if added else inner


def _target_data(
    rewriter: Rewriter, node: cst.BaseExpression, added: bool, names: compiled.Compiled
) -> cst.BaseExpression:
    """The targets as a tensor; numbers of classes are integers of 64 bits in one row."""
    if not names.classes:
        return data(rewriter, node, added)
    text = "torch.as_tensor(data, dtype=torch.int64)"
    shape = data_shape(rewriter.facts.value(node))
    text += "" if shape is not None and len(shape) == 1 else ".view(-1)"
    return build.expression(rewriter.naming.spell(text), data=rewriter.expression(node))


def _or(rewriter: Rewriter, given: cst.BaseExpression | None, default: str) -> cst.BaseExpression:
    absent = given is None or literal_value(given) is None
    return build.expression(default) if given is None or absent else rewriter.expression(given)


def _evaluate(
    rewriter: Rewriter,
    node: cst.BaseStatement,
    call: cst.Call,
    model: cst.BaseExpression,
    targets: object,
) -> list[cst.BaseStatement]:
    """`evaluate`: the loss and the measures over all samples, which the mean over batches comes to."""
    names = compiled.found(rewriter, model)
    problem = _problem(call, _EVALUATE, names) or _own_step(rewriter, model, _STEPS[1:3])
    if problem or names is None:
        rewriter.leave(
            call,
            Code.UNSUPPORTED_ARGUMENT,
            f"evaluate {problem} is not converted: write its loop by hand",
        )
        return [node]
    x, y = argument(call, 0, "x"), argument(call, 1, "y")
    assert x is not None and y is not None
    as_outputs, added = _targets(rewriter, call, model, y, names)
    holes = {
        "model__": rewriter.expression(model),
        "x__": data(rewriter, x),
        "y__": _target_data(rewriter, y, added, names),
    }
    text = evaluation_text(rewriter.naming, names, as_outputs)
    block = build.statements(rewriter.naming.spell(text))[0]
    new = build.filled(block, holes)
    assert isinstance(new, cst.With) and isinstance(node, cst.SimpleStatementLine)
    return [_given_to(node, new)]


def _given_to(node: cst.SimpleStatementLine, block: cst.With) -> cst.With:
    """The block with its last line, `result__ = [...]`, written to the targets of the source's statement."""
    *first, last = block.body.body
    inner = small(node)
    made = small(last)
    assert isinstance(made, cst.Assign)
    value = made.value
    if isinstance(inner, cst.Expr):
        shown = argument(inner.value, -1, "verbose") if isinstance(inner.value, cst.Call) else None
        if shown is not None and literal_value(shown) == 0:
            new: cst.BaseSmallStatement = cst.Expr(value)
        else:
            new = cst.Expr(build.call(cst.Name("print"), [cst.Arg(value)]))
    else:
        assert isinstance(inner, cst.Assign)
        several = isinstance(inner.targets[0].target, cst.Tuple | cst.List)
        if several and isinstance(value, cst.List):
            value = cst.Tuple(value.elements, lpar=[], rpar=[])
        new = inner.with_changes(value=value)
    line = node.with_changes(body=[new], leading_lines=[])
    return block.with_changes(
        body=block.body.with_changes(body=[*first, line]), leading_lines=node.leading_lines
    )
