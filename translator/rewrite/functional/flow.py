"""Conditions and loops around the layers of a model: they stand in `__init__` and in `call`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.records import Layer
from translator.knowledge.registry import index
from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, small, targets, used_names
from translator.rewrite.functional.known import runs_through
from translator.rewrite.functional.lifted import exposed, lifted
from translator.rewrite.functional.lists import grown
from translator.rewrite.functional.refused import RefusedError
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.rewrite.functional.split import Split

_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)


def statement(split: Split, node: cst.BaseStatement) -> list[cst.BaseStatement]:
    """Split one statement; returns what `call` does of it."""
    if isinstance(node, cst.SimpleStatementLine):
        choice = _choice(split, node)
        return split.line(node) if choice is None else _condition(split, choice)
    if isinstance(node, cst.FunctionDef):
        return _function(split, node)
    if not any(map(split.times.late, nodes(node))) and not targets(node) & split.times.names:
        split.widths.rebinding(targets(node))
        early = split.unnamed(split.widths.resolved(node))
        assert isinstance(early, cst.BaseStatement)
        split.init.append(early)
        split.bound |= dict.fromkeys(targets(node), split.place)
        return []
    if isinstance(node, cst.If):
        return _condition(split, node)
    if isinstance(node, cst.For):
        return _loop(split, node)
    if isinstance(node, cst.With) and _is_scope(split, node):
        return split.block(node.body.body)
    if any(split.times.creations([node])):
        raise RefusedError(node, "layers that are built inside a statement of this kind")
    return _whole(split, node)


def _choice(split: Split, node: cst.SimpleStatementLine) -> cst.If | None:
    """`x = drop(x) if rate else x` as a condition around two lines, where one of the two builds layers."""
    inner = small(node)
    if not isinstance(inner, cst.Assign) or not isinstance(inner.value, cst.IfExp):
        return None
    value = inner.value
    if not any(split.times.creations([node])) or split.times.late(value.test):
        return None
    target = inner.targets[0].target
    ways: list[list[cst.BaseStatement]] = []
    for way in (value.body, value.orelse):
        kept = isinstance(target, cst.Name) and build.same_code(way, target)
        line = cst.SimpleStatementLine([inner.with_changes(value=build.bare(way))])
        ways.append([] if kept else [line])
    body, orelse = ways
    test = value.test
    if not body:
        body, orelse = orelse, body
        test = cst.UnaryOperation(cst.Not(), build.parenthesized(test))
    block = None if not orelse else cst.Else(cst.IndentedBlock(orelse))
    return cst.If(test, cst.IndentedBlock(body), block, leading_lines=node.leading_lines)


def _function(split: Split, node: cst.FunctionDef) -> list[cst.BaseStatement]:
    """A function inside: what the configuration gives it is fixed where it is made."""
    outside = used_names(nodes(node)) & split.times.names
    if outside:
        raise RefusedError(node, f"a function inside uses the tensor {min(outside)}")
    split.init.append(node)
    return []


def _is_scope(split: Split, node: cst.With) -> bool:
    """True for `with tf.name_scope(...)`, which changes names alone."""
    calls = [item.item for item in node.items]
    return all(
        isinstance(call, cst.Call)
        and (split.known.api(call.func) or "").rpartition(".")[2] == "name_scope"
        for call in calls
    )


def _whole(split: Split, node: cst.BaseStatement) -> list[cst.BaseStatement]:
    """A statement that builds nothing and stays as a whole in `call`."""
    if lost := targets(node) & split.local & _read_elsewhere(split, node):
        raise RefusedError(node, f"{min(lost)} is computed among tensors and used elsewhere")
    new = split.kept(node)
    assert isinstance(new, cst.BaseStatement)
    split.computed |= targets(node)
    for name in targets(node) | grown([node]):
        split.widths.set(name, None)
    return [new]


def _read_elsewhere(split: Split, node: cst.BaseStatement) -> set[str]:
    """The names that other statements read as they may stand behind this one."""
    inside = set(map(id, nodes(node)))
    found: set[str] = set()
    for other in split.times.body:
        code = list(nodes(other))
        if any(part is node for part in code):
            found |= {n.value for n in of_kind(code, cst.Name) if id(n) not in inside}
        else:
            found |= set(exposed([other]))
    return found


# conditions


def _condition(split: Split, node: cst.If) -> list[cst.BaseStatement]:
    if split.times.late(node.test):
        if any(split.times.creations([node])):
            raise RefusedError(node, "layers that are built under a condition on a tensor")
        return _whole(split, node)
    before, place = split.init, split.place
    known, flows = dict(split.widths.of), []
    split.widths.rebinding(targets(node) & split.local)
    known = dict(split.widths.of)
    built: list[tuple[cst.BaseExpression | None, list[cst.BaseStatement]]] = []
    called: list[tuple[cst.BaseExpression | None, list[cst.BaseStatement]]] = []
    branch: cst.If | cst.Else | None = node
    returned = False
    while branch is not None:
        test = branch.test if isinstance(branch, cst.If) else None
        if test is not None and split.times.late(test):
            raise RefusedError(node, "layers that are built under a condition on a tensor")
        split.init, split.widths.of = [], dict(known)
        test = None if test is None else split.widths.settled(test)
        calls = split.block(branch.body.body)
        if not _leaves(branch.body.body):
            flows.append((split.widths.of, split.init))
        returned = returned or any(isinstance(n, cst.Return) for s in calls for n in nodes(s))
        built.append((test, split.init))
        called.append((branch.test if isinstance(branch, cst.If) else None, calls))
        branch = branch.orelse if isinstance(branch, cst.If) else None
    if built[-1][0] is not None:
        flows.append((dict(known), before))
    split.init = before
    split.widths.merge(flows)
    if any(body for _, body in built):
        split.init.append(_chain(node, built, lambda test: test))
    split.returned = split.returned or returned
    outer, split.place = split.place, place
    if not any(body for _, body in called):
        return []
    chain = _chain(node, called, lambda test: split.expression(test.deep_clone()))
    split.place = outer
    return [chain.with_changes(leading_lines=node.leading_lines)]


def _leaves(body: Sequence[cst.CSTNode]) -> bool:
    """True for a block that never reaches what follows."""
    last = body[-1] if body else None
    return isinstance(last, cst.SimpleStatementLine) and isinstance(
        last.body[-1], cst.Return | cst.Raise
    )


def _chain(
    node: cst.If,
    branches: Sequence[tuple[cst.BaseExpression | None, list[cst.BaseStatement]]],
    written: Callable[[cst.BaseExpression], cst.BaseExpression],
) -> cst.If:
    """`if`, `elif` and `else` around blocks; empty ones at the end fall away."""
    branches = list(branches)
    while not branches[-1][1]:
        branches.pop()
    chain: cst.If | cst.Else | None = None
    for test, body in reversed(branches):
        block = cst.IndentedBlock(body or [cst.SimpleStatementLine([cst.Pass()])])
        chain = cst.Else(block) if test is None else cst.If(written(test), block, chain)
    assert isinstance(chain, cst.If)
    return chain


# loops


def _loop(split: Split, node: cst.For) -> list[cst.BaseStatement]:
    creations = list(split.times.creations([node]))
    if not creations:
        return _whole(split, node)
    if all(split.times.late(source) for _, source in runs_through(node)) or node.orelse is not None:
        raise RefusedError(node, "layers that are built for each of a list of tensors")
    if split.turn and split.nested:
        return _inner(split, node)
    if split.turn or split.hidden & targets(node):
        raise RefusedError(node, "layers that are built in a loop inside a loop")
    if _simple(split, node, creations):
        return _listed(split, node)
    if _nests(split, node):
        split.nested = True
        calls = _listed(split, node)
        split.nested = False
        return calls
    turn = lifted(split, node)
    first = [name for name in turn.given if name not in split.computed]
    begun: list[cst.BaseStatement] = [build.statement(f"{name} = None") for name in first]
    return [*begun, *_listed(split, turn.node)]


def _simple(split: Split, node: cst.For, creations: Sequence[cst.Call]) -> bool:
    """True for a loop that builds at most one layer with weights, and one other, at each turn."""
    direct = [
        call
        for statement in node.body.body
        if isinstance(statement, cst.SimpleStatementLine)
        for call in split.times.creations([statement])
    ]
    kept = [call for call in creations if not _is_empty(split, call.func)]
    return len(direct) == len(creations) <= 2 and len(kept) <= 1


def _nests(split: Split, node: cst.For) -> bool:
    """True for loops inside each other that do nothing with tensors but send one through a layer at each turn."""
    late = [s for s in node.body.body if any(map(split.times.late, nodes(s)))]
    if len(late) != 1 or any(map(split.times.late, nodes(node.iter))):
        return False
    only = late[0]
    if isinstance(only, cst.For) and only.orelse is None:
        return _nests(split, only)
    inner = small(only)
    if not isinstance(inner, cst.Assign) or not isinstance(inner.value, cst.Call):
        return False
    call = inner.value
    tensors = [a for a in call.args if split.times.late(a)]
    plain = all(isinstance(a.value, cst.Name) for a in tensors)
    names = targets(only) <= split.times.names
    return plain and names and list(split.times.creations([only])) == [call]


def _inner(split: Split, node: cst.For) -> list[cst.BaseStatement]:
    """Such a loop inside another one, which fills the same list: `call` runs through that once."""
    split.widths.rebinding(targets(node) & split.local)
    held = split.widths.turn(targets(node) & split.times.names)
    outer, hidden, split.init = split.init, split.hidden, []
    split.hidden = hidden | (targets(node) & split.local)
    calls = split.block(node.body.body)
    split.widths.turned(held)
    outer.append(node.with_changes(body=cst.IndentedBlock(split.init)))
    split.init, split.hidden = outer, hidden
    return calls


def _is_empty(split: Split, func: cst.BaseExpression) -> bool:
    """True for a layer that holds no weights."""
    name = split.known.api(func.func) if isinstance(func, cst.Call) else None
    if name in ("keras.layers.Activation", "keras.layers.Lambda"):
        return True
    records = [r for r, _ in index("tensorflow").get(str(name), ())]
    return bool(records) and not any(isinstance(r, Layer) and r.weights for r in records)


def _listed(split: Split, node: cst.For) -> list[cst.BaseStatement]:
    """A loop over the configuration becomes one in `__init__`, which fills lists, and one through these lists."""
    outer, hidden, first = split.init, split.hidden, len(split.made)
    split.widths.rebinding(targets(node) & split.local)
    held = split.widths.turn((targets(node) & split.times.names) | grown([node]))
    split.init, split.turn = [], True
    split.hidden = hidden | (targets(node) & split.local)
    calls = split.block(node.body.body)
    split.widths.turned(held)
    built, split.init = split.init, outer
    split.turn, split.hidden = False, hidden
    lists = split.made[first:]
    if not lists:  # what it builds holds nothing
        if lost := {n for s in built for n in targets(s)} & _read_elsewhere(split, node):
            raise RefusedError(node, f"{min(lost)} is computed among tensors and used elsewhere")
        source = split.expression(node.iter)
        return [node.with_changes(iter=source, body=cst.IndentedBlock(calls))]
    tensors = [(t, source) for t, source in runs_through(node) if split.times.late(source)]
    if tensors:
        node = _without_tensors(split, node)
    split.init += _filled(node, built, [layer.holder for layer in lists])
    calls = _needed(calls, split.local)
    items = [f"{layer.holder}item" for layer in lists]
    holders = [f"self.{layer.holder}" for layer in lists]
    names = {name for s in calls for name in used_names(nodes(s))} & targets(node)
    names &= {n.value for n in nodes(node.target) if isinstance(n, cst.Name)}
    target, source = build.name(items[0]), build.name(holders[0])
    if names:
        target, source = _counted(split, node, items, holders)
    elif len(items) > 1:
        target = build.expression(", ".join(items))
        source = build.expression(f"zip({', '.join(holders)})")
    if tensors:
        target, source = _beside_tensors(split, node, items, holders, tensors, bool(names))
    block = cst.IndentedBlock(calls)
    return [node.with_changes(target=target, iter=source, body=block)]


Run = tuple[cst.BaseExpression, cst.BaseExpression]


def _without_tensors(split: Split, node: cst.For) -> cst.For:
    """The loop over the configuration alone, of one that runs through tensors beside it."""
    early = [(t, source) for t, source in runs_through(node) if not split.times.late(source)]
    if len(early) == 1:
        return node.with_changes(target=early[0][0], iter=early[0][1])
    target = cst.Tuple([cst.Element(t) for t, _ in early], lpar=[], rpar=[])
    source = build.call(cst.Name("zip"), [build.argument(s) for _, s in early])
    return node.with_changes(target=target, iter=source)


def _beside_tensors(
    split: Split,
    node: cst.For,
    items: Sequence[str],
    holders: Sequence[str],
    tensors: Sequence[Run],
    counted: bool,
) -> Run:
    """A loop through the layers and through tensors beside them."""
    runs = [(build.name(i), build.name(h)) for i, h in zip(items, holders, strict=True)]
    again = [(t, split.expression(source.deep_clone())) for t, source in runs_through(node)]
    every = [
        *(again if counted else ()),
        *runs,
        *((t, split.expression(source)) for t, source in tensors),
    ]
    target = cst.Tuple([cst.Element(t) for t, _ in every], lpar=[], rpar=[])
    return target, build.call(cst.Name("zip"), [build.argument(s) for _, s in every])


def _filled(
    node: cst.For, built: list[cst.BaseStatement], holders: Sequence[str]
) -> list[cst.BaseStatement]:
    """The lists of layers: in one expression where the loop does nothing else."""
    if len(built) == 1 and len(holders) == 1 and isinstance(built[0], cst.SimpleStatementLine):
        call = built[0].body[0]
        assert isinstance(call, cst.Expr) and isinstance(call.value, cst.Call)
        return [_comprehension(holders[0], call.value.args[0].value, node)]
    empty: list[cst.BaseStatement] = [build.statement(f"self.{h} = []") for h in holders]
    return [*empty, cst.For(node.target, node.iter, cst.IndentedBlock(built))]


def _comprehension(holder: str, made: cst.BaseExpression, node: cst.For) -> cst.BaseStatement:
    each = cst.ListComp(made, cst.CompFor(node.target, node.iter))
    return build.statement(f"self.{holder} = each", each=each)


def shortened(body: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
    """Statements with a list in one expression where a loop only fills it."""
    written: list[cst.BaseStatement] = []
    for statement in body:
        line = small(written[-1]) if written else None
        inner = statement.body.body if isinstance(statement, cst.For) else ()
        only = small(inner[0]) if len(inner) == 1 else None
        if (
            isinstance(statement, cst.For)
            and isinstance(line, cst.Assign)
            and isinstance(only, cst.Expr)
            and isinstance(only.value, cst.Call)
            and isinstance(line.value, cst.List)
            and not line.value.elements
            and build.code(only.value.func) == f"{build.code(line.targets[0].target)}.append"
        ):
            holder = build.code(line.targets[0].target).removeprefix("self.")
            written[-1] = _comprehension(holder, only.value.args[0].value, statement)
        else:
            written.append(statement)
    return written


def _needed(calls: list[cst.BaseStatement], local: set[str]) -> list[cst.BaseStatement]:
    """Without the lines that compute what only `__init__` reads."""
    changed = True
    while changed:
        read = [used_names(n for n in nodes(s)) for s in calls]
        own = [targets(s) for s in calls]
        kept = [
            statement
            for i, statement in enumerate(calls)
            if not own[i]
            or own[i] - local
            or any(own[i] & names for j, names in enumerate(read) if j != i)
        ]
        changed = len(kept) < len(calls)
        calls = kept
    return calls


def _counted(
    split: Split, node: cst.For, items: Sequence[str], holders: Sequence[str]
) -> tuple[cst.BaseExpression, cst.BaseExpression]:
    """A loop through the layers that reads what the loop runs through as well."""
    source = node.iter
    if isinstance(source, cst.Call) and isinstance(source.func, cst.Name):
        only = len(source.args) == 1 and isinstance(node.target, cst.Name)
        if source.func.value == "range" and only:
            several = len(items) > 1
            each = f"({', '.join(items)})" if several else items[0]
            lists = f"zip({', '.join(holders)})" if several else holders[0]
            target = build.expression(f"at, {each}", at=node.target)
            return target, build.expression(f"enumerate({lists})")
    again = split.expression(source.deep_clone())
    target = build.expression(f"at, {', '.join(items)}", at=node.target)
    return target, build.expression(f"zip(source, {', '.join(holders)})", source=again)
