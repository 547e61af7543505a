"""Classes of modules: bases, `forward` and `call`, parameters, initial values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build, widths
from translator.rewrite.constructs import (
    added,
    building,
    config,
    optimizers,
    own_layers,
    saving,
    tying,
    unbatched,
)
from translator.rewrite.constructs.folding import MARKS
from translator.rewrite.constructs.initial import built_at_once, cover, initial_calls
from translator.rewrite.constructs.named_arguments import spelled_out
from translator.rewrite.constructs.parameters import module_weight
from translator.rewrite.constructs.reading import small
from translator.rewrite.constructs.stopped import may_record
from translator.rewrite.handing_mode import taking_mode
from translator.rewrite.layout import with_first
from translator.rewrite.members import attribute_name
from translator.rewrite.modes import mode_name
from translator.rewrite.rest import without_rest
from translator.source.folding import changes_nothing
from translator.source.functions import parameters
from translator.source.objects import LAZY, Built, ClassValue, FunctionInfo, ObjectValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def definition(rewriter: Rewriter, statement: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """A class, or a function whose name or decorators change."""
    if id(statement) in rewriter.facts.written.values():
        return [statement]  # as long as something needs it
    if isinstance(statement, cst.ClassDef):
        info = rewriter.facts.classes.get(id(statement))
        if info is None:
            return None
        outer, rewriter.class_body = rewriter.class_body, info
        rewriter.classes.append(info)
        needed = [d for d in statement.decorators if not _needless(rewriter, d)]
        if len(needed) < len(statement.decorators):
            statement = statement.with_changes(decorators=needed)
        new = rewriter.parts(added.without_bases(rewriter, statement))
        new = config.with_config(rewriter, info, own_layers.with_layers(rewriter, info, new))
        if LAZY in info.methods and info.name in rewriter.facts.lazy:
            new = building.lazy_base(rewriter, new)
        rewriter.classes.pop()
        rewriter.class_body = outer
        return [new]
    if isinstance(statement, cst.FunctionDef):
        function = rewriter.facts.functions.get(id(statement))
        owner = None if function is None else function.owner
        hook = rewriter.target == "tensorflow" and statement.name.value in _HOOKS
        if hook and owner is not None and owner.is_module:
            message = f"{statement.name.value}: it renames the weights of older files of torch"
            rewriter.note(statement, Code.DROPPED, message)
            return []
        if (
            owner is not None
            and owner.is_module
            and rewriter.target == "torch"
            and statement.name.value == "build"
        ):
            why = "torch makes its parameters in __init__, where sizes are known"
            rewriter.leave(statement, Code.UNSUPPORTED_CODE, why)
            return [statement]
        kept = owner is None or not (owner.is_module or optimizers.is_schedule_class(owner))
        if not kept and _serves_keras(rewriter, statement):
            return []
        return [_function(rewriter, statement)]
    return None


_FOR_KERAS = {
    "get_config": "a state_dict is saved there, not a constructor's arguments",
    "from_config": "a state_dict is saved there, not a constructor's arguments",
    "compute_output_shape": "shapes are seen when the module is called",
    "compute_output_spec": "shapes are seen when the module is called",
}
"""Methods that only Keras calls, and why torch does not."""


def _serves_keras(rewriter: Rewriter, method: cst.FunctionDef) -> bool:
    """True for a method that nothing in the file calls, and torch does not either."""
    name = method.name.value
    if rewriter.target != "torch" or name not in _FOR_KERAS:
        return False
    callers = rewriter.naming.receivers(frozenset({name}))
    if any(not caller.startswith("super(") for caller in callers):
        return False
    rewriter.note(method, Code.DROPPED, f"{name}: {_FOR_KERAS[name]}")
    return True


_HOOKS = frozenset({"_load_from_state_dict", "_save_to_state_dict"})
"""Methods that torch itself calls where it reads or writes the state of a module."""


def _function(rewriter: Rewriter, statement: cst.FunctionDef) -> cst.FunctionDef:
    info = rewriter.facts.functions.get(id(statement))
    decorators = [d for d in statement.decorators if not _needless(rewriter, d)]
    outer = rewriter.stopping
    if info is not None:
        rewriter.functions.append(info)
    quiet = any(_is_no_grad(rewriter, d) for d in statement.decorators)
    rewriter.stopping = frozenset() if quiet and may_record(rewriter) else None
    lines = statement.leading_lines
    new = rewriter.parts(
        statement.with_changes(decorators=decorators)
        if len(decorators) != len(statement.decorators)
        else statement
    )
    if info is not None:
        rewriter.functions.pop()
    rewriter.stopping = outer
    new = _returning_container(rewriter, new)
    if info is not None and info.owner is not None and info.owner.is_module:
        new = _method(rewriter, info, new)
        if rewriter.target == "torch":
            if info.name == "__init__" and not any(
                isinstance(b, ClassValue) for b in info.owner.bases
            ):
                new = building.base_first(new)
            new = widths.told(rewriter, info, building.waiting(rewriter, info, new))
            new = without_rest(rewriter, info, new)
        else:
            new = saving.built_at_once(rewriter, info, tying.with_tables(rewriter, info, new))
    return new.with_changes(leading_lines=lines)


def _returning_container(rewriter: Rewriter, new: cst.FunctionDef) -> cst.FunctionDef:
    """A function annotated as returning a layer that became several: it returns their container."""
    if new.returns is None or not isinstance(new.body, cst.IndentedBlock):
        return new
    stated, last = build.code(new.returns.annotation), small(new.body.body[-1])
    if rewriter.target == "torch" or not stated.startswith("keras.layers."):
        return new
    if not isinstance(last, cst.Return) or not isinstance(last.value, cst.Call):
        return new
    if build.code(last.value.func) != "keras.Sequential":
        return new
    container = new.returns.with_changes(annotation=build.name("keras.Sequential"))
    return new.with_changes(returns=container)


def _needless(rewriter: Rewriter, decorator: cst.Decorator) -> bool:
    """`@tf.function` and `@torch.no_grad()` have no counterpart on a function, nor has what Keras finds classes by."""
    name = _decorated_by(rewriter, decorator)
    marks = name in {"tf.function", *MARKS, *_REGISTERING}
    if marks or changes_nothing(name, decorator.decorator) or _is_no_grad(rewriter, decorator):
        rewriter.note(decorator, Code.DROPPED, f"{name}: not needed here")
        return True
    return False


_REGISTERING = (
    "keras.saving.register_keras_serializable",
    "keras.utils.register_keras_serializable",
)


def _is_no_grad(rewriter: Rewriter, decorator: cst.Decorator) -> bool:
    return _decorated_by(rewriter, decorator) in ("torch.no_grad", "torch.inference_mode")


def _decorated_by(rewriter: Rewriter, decorator: cst.Decorator) -> str | None:
    inner = decorator.decorator
    return rewriter.api(inner.func if isinstance(inner, cst.Call) else inner)


def _method(rewriter: Rewriter, info: FunctionInfo, node: cst.FunctionDef) -> cst.FunctionDef:
    """`forward` becomes `call`, and the other way; a `training` argument lives in the module in torch."""
    assert info.owner is not None
    if info.is_forward and rewriter.target == "torch":
        node = _without_training(rewriter, info, node)
    if info.is_forward and rewriter.target == "tensorflow":
        node = unbatched.guarded(rewriter, info, spelled_out(rewriter, info, node))
    if id(info.node) in rewriter.asking_mode:
        node = taking_mode(rewriter, info, node)
    name = attribute_name(rewriter, info.owner, info.name)
    return node if name == node.name.value else node.with_changes(name=cst.Name(name))


def _without_training(
    rewriter: Rewriter, info: FunctionInfo, node: cst.FunctionDef
) -> cst.FunctionDef:
    """`call(self, x, training=None)` without its last: where it is read, `self.training` stands."""
    params = node.params
    names = [p.name.value for p in parameters(node)]
    if "training" not in names:
        return node
    if mode_name([info]) is None:  # the body binds the name itself
        bound = build.statement(f"training = {names[0]}.training")
        node = node.with_changes(body=with_first(node.body, bound))
    kept = {
        name: [p for p in getattr(params, name) if p.name.value != "training"]
        for name in ("params", "kwonly_params")
    }
    star = _star(params.star_arg, bool(kept["kwonly_params"]))
    last = kept["kwonly_params"] or kept["params"]
    if last and params.star_kwarg is None and not isinstance(star, cst.Param):
        last[-1] = last[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return node.with_changes(params=params.with_changes(star_arg=star, **kept))


def _star(star: str | cst.Param | cst.ParamStar | cst.MaybeSentinel, named: bool) -> object:
    """What stands between positional and keyword parameters: a bare `*` goes with the last of the latter."""
    return cst.MaybeSentinel.DEFAULT if isinstance(star, cst.ParamStar) and not named else star


def initialiser(rewriter: Rewriter, statement: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """Assignments of parameters and layers whose first values need a word of their own."""
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return None
    small = statement.body[0]
    if type(small) is cst.Expr and type(small.value) is cst.Call:
        return [] if id(small.value) in rewriter.consumed else None
    lazy = building.materialized(rewriter, statement) if rewriter.target == "torch" else None
    if lazy is not None:
        return lazy
    if (
        not isinstance(small, cst.Assign)
        or len(small.targets) != 1
        or type(small.value) is not cst.Call
    ):
        return None
    if rewriter.target == "tensorflow":
        return _named_weight(rewriter, statement, small) or built_at_once(
            rewriter, statement, small
        )
    return _with_initial_values(rewriter, statement, small)


def _named_weight(
    rewriter: Rewriter, statement: cst.SimpleStatementLine, small: cst.Assign
) -> list[cst.BaseStatement] | None:
    """`self.w = nn.Parameter(...)` takes the attribute's name for the weight."""
    target, value = small.targets[0].target, small.value
    assert isinstance(value, cst.Call)
    if (
        rewriter.api(value.func) != "torch.nn.Parameter"
        or not isinstance(target, cst.Attribute)
        or not value.args
    ):
        return None
    owner = rewriter.facts.value(target.value)
    if not isinstance(owner, ObjectValue):
        return None
    if not isinstance(target.value, cst.Name) or target.value.value != "self":
        # the model has this weight: another variable would stand beside it
        holes = {
            "weight": rewriter.expression(target),
            "new": rewriter.expression(value.args[0].value),
        }
        line = build.statement("weight.assign(new)", **holes)
        return [statement.with_changes(body=line.body)]
    new = module_weight(rewriter, value, value.args[0].value, target.attr.value, target)
    assigned = small.targets[0].with_changes(target=rewriter.expression(target))
    return [statement.with_changes(body=[small.with_changes(targets=[assigned], value=new)])]


def _with_initial_values(
    rewriter: Rewriter, statement: cst.SimpleStatementLine, small: cst.Assign
) -> list[cst.BaseStatement] | None:
    """`kernel_initializer=` of a layer becomes a call of `nn.init` after the layer is assigned."""
    value = rewriter.facts.value(small.value)
    if not isinstance(value, Built) or value.site.node is not small.value:
        return None
    target = rewriter.expression(small.targets[0].target)
    cover(rewriter, value)
    new = rewriter.parts(statement)
    inits = initial_calls(rewriter, value, target)
    return [new, *inits]
