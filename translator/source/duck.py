"""What an unknown value must be, by a method that only tensors, variables or modules have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.source.expressions import member
from translator.source.functions import note_use
from translator.source.tree import nodes
from translator.source.values import PLAIN, UNKNOWN, LayerValue, Literal, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.facts import Facts
    from translator.source.interpreter import Interpreter

_TENSORS = frozenset(
    """
    backward bmm chunk contiguous cos cosh detach div double erf exp expand expand_as float
    floor gelu half index_select item log log1p log_softmax logsumexp long lt masked_fill matmul
    mm mul neg norm numel numpy permute pow reciprocal relu requires_grad_ rsqrt sigmoid sin size
    softmax sqrt sub t tanh topk tril triu type_as unbind unfold unsqueeze view view_as
    """.split()
)
"""Called on a value in a PyTorch file, these leave no doubt; numpy has none of them as a method but
`item`, which is written the same for both, and `view`, which takes no sizes there."""

_VARIABLES = frozenset({"assign", "assign_add", "assign_sub"})
_DIMENSIONS = frozenset({"dim", "keepdim"})

AMBIGUOUS = {
    "torch": frozenset(
        """
        abs all any argmax argmin argsort children clamp clip cumsum cuda dot eq eval flatten ge gt
        load_state_dict le max mean median min modules named_children named_modules named_parameters
        ne nonzero parameters prod repeat requires_grad reshape round sort split squeeze state_dict std sum to tolist
        train transpose var zero_grad
        """.split()
    ),
    "tensorflow": frozenset(
        """
        apply_gradients compile evaluate fit get_weights gradient load_weights minimize predict
        save_weights set_weights summary trainable_variables trainable_weights watch
        """.split()
    ),
}
"""Methods of tensors, models and optimizers that other libraries have as well, by the source framework."""


def method(run: Interpreter, node: cst.Call, func: cst.Attribute) -> Value:
    """The method that a call of an attribute of something unknown is; unknown where it could be many."""
    if run.facts.value(func.value) != UNKNOWN:
        return UNKNOWN
    found = _receiver(run, node, func.attr.value)
    if found is None:
        # what only PyTorch has is written already
        return PLAIN if run.side == "tensorflow" and func.attr.value in _TENSORS else UNKNOWN
    learn(run, func.value, found)
    value = run.facts.values[id(func)] = member(run, func, found)
    return value


def _receiver(run: Interpreter, node: cst.Call, name: str) -> TensorValue | LayerValue | None:
    if run.side == "torch" and _sets_mode(run, node, name):
        return LayerValue()
    keywords = {a.keyword.value for a in node.args if a.keyword is not None}
    if run.side == "torch":
        known = name in _TENSORS or (name in AMBIGUOUS["torch"] and keywords & _DIMENSIONS)
        return TensorValue() if known else None
    if name in _VARIABLES:
        return TensorValue(tracked=True, leaf=True)
    known = name == "numpy" and not node.args and not run.facts.mixed  # torch has it, too
    return TensorValue(tracked=True) if known else None


def _sets_mode(run: Interpreter, node: cst.Call, name: str) -> bool:
    """`model.eval()`; and `model.train()` where the model is called as well, which no trainer is."""
    if name == "eval":
        return not node.args
    owner = node.func.value if isinstance(node.func, cst.Attribute) else None
    around = run.scope.function.node
    if name != "train" or len(node.args) > 1 or not isinstance(owner, cst.Name) or around is None:
        return False
    calls = (inner.func for inner in nodes(around.body) if isinstance(inner, cst.Call))
    return any(isinstance(func, cst.Name) and func.value == owner.value for func in calls)


def of_text(facts: Facts, node: cst.Call, name: str) -> bool:
    """True for `line.split()` and `line.split(",")`: a tensor is split by sizes."""
    given = facts.value(node.args[0].value) if node.args else Literal("")
    return name == "split" and isinstance(given, Literal) and isinstance(given.value, str)


def learn(run: Interpreter, node: cst.BaseExpression, value: TensorValue | LayerValue) -> None:
    """Note what an unknown expression is; a parameter that no call explains is that from the start."""
    run.facts.values[id(node)] = value
    if note_use(run, node, value) and isinstance(node, cst.Name):
        run.scope.names[node.value] = value
