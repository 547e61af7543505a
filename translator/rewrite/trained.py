"""What an optimizer trains, named where the statement stands that is being written."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.records import Exact, Layer, Record
from translator.rewrite import build
from translator.rewrite.arrange import arrange
from translator.rewrite.constructs.reading import of_kind, targets, used_names
from translator.rewrite.moves.arguments import move
from translator.source.bind import bind
from translator.source.functions import parameters
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import (
    Built,
    FunctionInfo,
    FunctionValue,
    ObjectValue,
    ParametersValue,
    Site,
)
from translator.source.tree import nodes
from translator.source.values import UNKNOWN, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def visible(
    rewriter: Rewriter, owner: cst.BaseExpression, model: Value, scope: str
) -> cst.BaseExpression | None:
    """A name for a model where the statement stands that is being written, None where it has none."""
    here = rewriter.functions[-1] if rewriter.functions else None
    if scope == (here.qualified if here else "") or _starts_with_self(owner, scope, here):
        return rewriter.expression(owner)
    if here is not None:
        for name, value in here.arguments.items():
            if value == model and model != UNKNOWN:
                return cst.Name(name)
        if scope == "" and not isinstance(owner, cst.Call):
            return rewriter.expression(owner)
        return _kept_as(owner, scope, here) or _handed(rewriter, owner, scope, here)
    return _named(rewriter, model)


def _handed(
    rewriter: Rewriter, owner: cst.BaseExpression, scope: str, here: FunctionInfo
) -> cst.BaseExpression | None:
    """What a function hands to the one that builds its optimizer, `optimizer = build(net)`: once, by a name."""
    if here.node is None or not isinstance(owner, cst.Name):
        return None
    calls = [node for node in nodes(here.node.body) if isinstance(node, cst.Call)]
    made = [(node, rewriter.facts.value(node.func)) for node in calls]
    found = [(c, f) for c, f in made if isinstance(f, FunctionValue) and f.info.qualified == scope]
    if len(found) != 1 or found[0][1].info.node is None:
        return None
    call, function = found[0]
    assert function.info.node is not None
    names = [parameter.name.value for parameter in parameters(function.info.node)]
    if owner.value not in names or owner.value in targets(function.info.node.body):
        return None
    given = argument(call, names.index(owner.value), owner.value)
    return rewriter.expression(given) if isinstance(given, cst.Name | cst.Attribute) else None


def _kept_as(
    owner: cst.BaseExpression, scope: str, here: FunctionInfo
) -> cst.BaseExpression | None:
    """`self.model` for what a method of the same class, `scope`, was handed and keeps: `self.model = model`."""
    if here.owner is None or not isinstance(owner, cst.Name):
        return None
    methods = here.owner.methods.values()
    nodes_ = [m.node for m in methods if isinstance(m.node, cst.FunctionDef)]
    made = next((m.node for m in methods if m.qualified == scope and m.node in nodes_), None)
    if made is None or owner.value in targets(made.body):
        return None
    kept = [
        line.targets[0].target
        for node in nodes_
        for line in of_kind(nodes(node.body), cst.Assign)
        if build.same_code(line.value, owner) and isinstance(line.targets[0].target, cst.Attribute)
    ]
    return kept[0] if len(kept) == 1 and _root(kept[0]) == "self" else None


def is_optimizer(value: Value) -> bool:
    """True for an optimizer of Keras."""
    if not isinstance(value, Built):
        return False
    record, spelling = value.site.record, value.site.arguments.spelling
    exact = isinstance(record, Exact) and record.of.startswith("torch.optim.")
    return exact or spelling.name.startswith("keras.optimizers.")


def optimizer_site(rewriter: Rewriter, node: cst.BaseExpression) -> Site | None:
    """The site of a Keras optimizer that is built here."""
    site = rewriter.facts.sites.get(id(node))
    return site if site is not None and is_optimizer(Built(site)) else None


def trained(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """What an optimizer trains, as torch's constructor wants it: the variables that its gradients are applied to.

    None where there are none, or several sets of them: Keras refuses all but the first.
    """
    if id(node) in rewriter.given_parameters:
        return rewriter.given_parameters[id(node)]
    site = optimizer_site(rewriter, node)
    uses = rewriter.facts.optimized.get(id(node), ())
    if site is None or len({_which(rewriter, variables) for variables, _ in uses}) > 1:
        return None
    for given, scope in uses:
        variables = _stated(rewriter, given, scope)
        value = rewriter.facts.value(variables)
        model = value.model if isinstance(value, ParametersValue) else value
        if isinstance(value, ParametersValue | Built | ObjectValue):
            named = value.owner if isinstance(value, ParametersValue) else variables
            here = scope == site.scope or _of_one_object(named, scope, site.scope)
            here = here or (site.scope == "" and _of_module(rewriter, named, scope))
            owner = named if here else _named(rewriter, model)
        elif scope == site.scope or (site.scope == "" and _of_module(rewriter, variables, scope)):
            return rewriter.expression(variables)
        else:
            continue
        if owner is not None:
            return build.expression("model.parameters()", model=rewriter.expression(owner))
    return None


def _stated(rewriter: Rewriter, variables: cst.BaseExpression, scope: str) -> cst.BaseExpression:
    """What a name of a function stands for, where one line of it says so: `variables = list(weights.values())`."""
    if not isinstance(variables, cst.Name):
        return variables
    functions = (f for f in rewriter.facts.functions.values() if f.qualified == scope)
    found = [
        line
        for function in functions
        if function.node is not None
        for line in nodes(function.node.body)
        if isinstance(line, cst.Assign) and variables.value in targets(line)
    ]
    alone = len(found) == 1 and isinstance(found[0].targets[0].target, cst.Name)
    return found[0].value if alone else variables


def _of_module(rewriter: Rewriter, variables: cst.BaseExpression, scope: str) -> bool:
    """True if all names in an expression are the module's, also in the function where it stands."""
    functions = (f for f in rewriter.facts.functions.values() if f.qualified == scope)
    local = {name for f in functions if f.node is not None for name in _own_names(f.node)}
    names = {name for name in used_names(nodes(variables)) if not hasattr(builtins, name)}
    return names <= rewriter.facts.module_names.keys() and not names & local


def _own_names(node: cst.FunctionDef | cst.Lambda) -> set[str]:
    """The names that a function binds itself."""
    return {p.name.value for p in parameters(node)} | targets(node.body)


def _of_one_object(owner: cst.BaseExpression, scope: str, other: str) -> bool:
    """True for `self.model` in two methods of one class."""
    own = scope.rpartition(".")[0]
    return own != "" and own == other.rpartition(".")[0] and _root(owner) == "self"


def _root(node: cst.BaseExpression) -> str:
    while isinstance(node, cst.Attribute):
        node = node.value
    return node.value if isinstance(node, cst.Name) else ""


def _which(rewriter: Rewriter, variables: cst.BaseExpression) -> object:
    """What tells one set of variables from another: their model, or their text."""
    value = rewriter.facts.value(variables)
    model = value.model if isinstance(value, ParametersValue) else value
    return model if isinstance(model, Built | ObjectValue) else build.code(variables)


def _named(rewriter: Rewriter, model: Value) -> cst.BaseExpression | None:
    """The name of the module for a model, None where it has none, or several."""
    if not isinstance(model, Built | ObjectValue):
        return None
    found = [name for name, value in rewriter.facts.module_names.items() if value == model]
    return cst.Name(found[0]) if len(found) == 1 else None


def from_defaults(
    rewriter: Rewriter, record: Record, spelling: str, parameters: cst.BaseExpression | None
) -> cst.BaseExpression | None:
    """A constructor call for an object that the source names by a string: all defaults of the source's class."""
    if rewriter.exact and isinstance(record, Layer):
        record = next((form for form in record.exact if form.side == rewriter.target), record)
    signature = rewriter.target_spelling(record, "layer")
    assert signature is not None
    bound = bind(record, spelling, rewriter.side, None, (), literal_value, rewriter.facts.value)
    moved = move(rewriter, None, bound, signature)
    if parameters is not None:
        moved["params"] = (parameters, True)
    func = rewriter.naming.class_of(record, signature.name)
    return build.call(func, arrange(moved, signature, {}))


def _starts_with_self(owner: cst.BaseExpression, scope: str, here: FunctionInfo | None) -> bool:
    """True for `self.model` in two methods of one class."""
    if here is None or here.owner is None or not scope.startswith(f"{here.owner.name}."):
        return False
    return _root(owner) == "self"
