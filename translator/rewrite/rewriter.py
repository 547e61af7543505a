"""The state of one rewriting and its walk: statements in order, expressions from the outside in.

Every decision is read from the facts of the original tree. A handler gives the new node for an original one; what
no handler takes is kept, with its parts rewritten.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import libcst as cst

from translator.findings import Code, Finding
from translator.knowledge.lenses import Side
from translator.knowledge.records import Record
from translator.knowledge.shapes import Symbol, number
from translator.knowledge.signature import Signature, parse
from translator.rewrite import build, members
from translator.rewrite.import_edit import ImportLine
from translator.rewrite.naming import Naming
from translator.source.bound import primary_names
from translator.source.calls import is_trainable
from translator.source.facts import Facts
from translator.source.imports import dotted
from translator.source.objects import Built, ClassInfo, FunctionInfo, ParametersValue
from translator.source.shown import shown
from translator.source.tree import ROWS, code_fields, is_node, nodes
from translator.source.values import Api, BatchesValue, TensorValue, Unsure

if TYPE_CHECKING:
    from translator.rewrite.constructs.clipped import Clip
    from translator.rewrite.constructs.running import Running
    from translator.rewrite.constructs.taped import Tape
    from translator.rewrite.constructs.views import Views
    from translator.rewrite.functional.refused import RefusedError
    from translator.rewrite.recurrent.plans import Plan
    from translator.rewrite.recurrent.uses import Use

IMMUTABLE = "tensors are immutable there: write a new one"
"""Why what is written into a tensor stays as it is."""

_LOOPS = frozenset({cst.For, cst.CompFor})
Node = TypeVar("Node", bound=cst.CSTNode)
Known = TypeVar("Known")


class Rewriter:
    """What one file's rewriting knows and collects."""

    def __init__(self, facts: Facts, naming: Naming, exact: bool) -> None:
        from translator.rewrite.expressions import HANDLERS

        self.handlers = HANDLERS
        self.facts = facts
        self.side: Side = facts.side
        self.target: Side = "tensorflow" if facts.side == "torch" else "torch"
        self.naming = naming
        self.exact = exact
        self.findings: list[tuple[cst.CSTNode, Finding]] = []
        self.said: set[tuple[int, Code, str]] = set()
        self.kept: set[str] = set()
        """Names of the source framework that are still used, dotted as the file writes them."""
        self.imports: list[ImportLine] = []
        self.block: object = None
        """The block whose statements are being written."""
        self.comments: list[str] = []
        """What has to be said above the statement that is being written."""
        self.waiting: list[cst.EmptyLine] = []
        """Comments of what was taken out, that nothing has followed yet."""
        self.footer: list[cst.EmptyLine] = []
        """Comments at the end of a block that falls away, to put behind what is written for it."""
        self.before: list[cst.BaseStatement] = []
        """Statements to put before the one that is being written."""
        self.after: list[cst.BaseStatement] = []
        self.statement: cst.BaseStatement | None = None
        """The original of the innermost statement that is being written."""
        self.classes: list[ClassInfo] = []
        self.functions: list[FunctionInfo] = []
        self.class_body: ClassInfo | None = None
        """The class whose body is being written, None inside of its methods."""
        self.own_layers: dict[int, dict[str, cst.BaseExpression]] = {}
        """By `id` of a class: the layers that its methods call and its constructor has to make."""
        self.masked: dict[int, bool] = {}
        """By `id` of sites of attention: whether they are given masks which Keras's own layer does not take."""
        self.buffer_names: frozenset[str] | None = None
        """Attributes that hold variables which nothing trains, once that was asked."""
        self.steps: list[object] = []
        self.noted: set[tuple[Code, str]] = set()
        self._known: dict[tuple[object, int], Any] = {}
        self.consumed: set[int] = set()
        """`id` of `nn.init` calls whose values moved into a constructor."""
        self.initialised: set[int] = set()
        """`id` of constructor calls of layers whose first weights are written in statements after them."""
        self.dropped: set[int] = set()
        """`id` of lines that zero gradients of a step that was found."""
        self.running: dict[int, Running] = {}
        """The sums of gradients, by `id` of the lines that zero, add and use them."""
        self.running_from: dict[int, Running] = {}
        """Those that start in front of a statement, by its `id`."""
        self.unmade: set[int] = set()
        """`id` of calls of `requires_grad_` that need no variable: a tape watches the tensor."""
        self.watching: set[tuple[int, str]] = set()
        """Their names, with the `id` of the function that makes them."""
        self.makers: dict[str, int] = {}
        """How often the file calls a function that makes a model, by its qualified name."""
        self.clips: dict[int, tuple[Clip, cst.BaseExpression]] = {}
        """By `id` of lines that clip gradients of a step: how, and the variables whose they are."""
        self.pieces: dict[int, str] = {}
        """By `id` of statements: the tape that records them before the step that asks it."""
        self.begun: set[str] = set()
        """The names of such tapes that have begun to record."""
        self.paired: dict[int, cst.BaseExpression] = {}
        """The optimizer, by `id` of the lines that make its gradients and apply them."""
        self.quiet: dict[int, cst.BaseSuite] = {}
        """The bodies of the `no_grad` blocks that were written here."""
        self.untrained: Mapping[int, tuple[Code, str]] = {}
        """By `id`, the calls of `compile`, `fit` and their kin that no loop was written for, and why."""
        self.modes: dict[str, bool | str] = {}
        """The modes that modules were set to, by their code, where the statement stands that is being written."""
        self.put_in: Mapping[int, object] = {}
        """By `id`, what the loops are made of that stand in the place of `fit`."""
        self.unsplit: Mapping[int, RefusedError] = {}
        """By `id` of a call that makes a functional model: why that could not be written as a class."""
        self.functional: bool | None = None
        """Whether the file makes a functional model, once that was asked."""
        self.infers = False
        """True if a torch program takes a module out of training mode."""
        self.unmoded: dict[int, str] = {}
        """By `id` of calls of models: why the mode that Keras runs them in cannot be set in torch."""
        self.groups: dict[str, cst.BaseExpression] = {}
        """The optimizers whose parameter groups a loop runs over, by the name that it gives them."""
        self.given_parameters: dict[int, cst.BaseExpression | None] = {}
        """What an optimizer that `compile` was given trains, by `id` of its constructor call."""
        self.dissolved: set[str] = set()
        """Names of the standard library whose calls fell away: `OrderedDict` around the members of a container."""
        self.devices: set[str] = set()
        """Names that hold a device."""
        self.saved: dict[str, str] = {}
        """Names that hold the name of a file of weights ("file") or a copy of a model's weights ("copy")."""
        self.restored: set[int] = set()
        """`id` of classes of modules into which weights are loaded from a file."""
        self.file_names: set[str] = set()
        """Names that hold the name of a file of weights, which is written in the file."""
        self.replaced: dict[int, cst.BaseExpression] = {}
        """What is written instead of a literal, by its `id`."""
        self.asking_mode: set[int] = set()
        """`id` of forward passes that read whether the model trains."""
        self.called: set[int] = set()
        """`id` of the functions of the calls that were met."""
        self.stopping: frozenset[str] | None = None
        """Under `no_grad` where a tape may be recording: the names whose values are used outside."""
        self.silent = False
        """True where a value is only read, printed say, so that no gradient can pass."""
        self.tape = ""
        """The name of the tape that is being written."""
        self.recording = False
        """True while statements are written that stand inside a tape."""
        self.annotating = False
        """True where a type is written."""
        self.raw_weights = False
        """True where a layer's weight is updated by itself, so that its layout cancels."""
        self.taped: dict[int, Tape] = {}
        """What tapes are used for, by `id` of the calls that open them."""
        self.severed: set[int] = set()
        """`id` of expressions under a tape that were computed outside of it: constants there."""
        self.views: dict[int, Views] = {}
        """Of functions that write into tensors, by `id`: what is a view of what."""
        self.loops = 0
        self.depth = 0
        """How deep the statement that is being written is indented."""
        self.tied: set[int] = set()
        """`id` of constructor calls of linear layers that share the weight of an embedding."""
        self.recurrent: dict[int, Use] = {}
        """The calls of recurrent layers whose results are given names, by `id` of the line."""
        self.absorbed: set[int] = set()
        """`id` of lines that build a layer for `Bidirectional` alone, and of the calls in them."""
        self.padding: dict[int, tuple[int, ...]] = {}
        """By `id` of constructor calls of convolutions: the borders of zeros that these make by themselves."""
        self.recurrent_plans: Mapping[int, Plan] = {}
        """How torch's recurrent layers are written, by `id` of their sites."""
        self.instead: dict[int, Callable[[], cst.BaseExpression]] = {}
        """What is written in the place of an expression, by its `id`."""
        self.initializers: dict[int, dict[str, cst.BaseExpression]] = {}
        """Keras initialisers by `id` of the constructor call of their layer, then by the name of the weight."""

    # findings

    def todo(self, node: cst.CSTNode, code: Code, message: str, entry: str | None = None) -> None:
        """Something stays as it is: say so in the findings and above the statement."""
        message = " ".join(message.split())  # it may quote code that is broken over lines
        self._add(node, code, message, entry)
        text = f"{code.name}: {message}"
        if text not in self.comments:
            self.comments.append(text)

    def leave(self, node: cst.CSTNode, code: Code, message: str) -> None:
        """A whole piece of code stays as it is, with the imports that it needs."""
        self.todo(node, code, message)
        self.retain(node)

    def retain(self, node: cst.CSTNode) -> None:
        """A piece of code stays for a reason that was said elsewhere."""
        for inner in nodes(node):
            if isinstance(inner, cst.Name | cst.Attribute) and self._framework(inner):
                self.keep(inner)

    def _framework(self, node: cst.BaseExpression) -> bool:
        return isinstance(self.facts.value(node), Unsure) or self.spelled(node) is not None

    def note(self, node: cst.CSTNode, code: Code, message: str, entry: str | None = None) -> None:
        """Something to know; each thing is said once per file."""
        if (code, message) not in self.noted:
            self.noted.add((code, message))
            self._add(node, code, message, entry)

    def once(self, find: Callable[[Rewriter, Node], Known], node: Node) -> Known:
        """What there is to find in a piece of the original tree, which is searched once for it."""
        key = find, id(node)
        if key not in self._known:
            self._known[key] = find(self, node)
        known: Known = self._known[key]
        return known

    def _add(self, node: cst.CSTNode, code: Code, message: str, entry: str | None) -> None:
        from translator.findings import Span

        if (id(node), code, message) not in self.said:
            self.said.add((id(node), code, message))
            self.findings.append((node, Finding(code, message, Span(0, 0, 0, 0), entry)))

    # expressions

    def expression(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """The new expression for an original one, permuted where its consumer asked for another axis order."""
        if id(node) in self.replaced:
            return self.replaced[id(node)]
        handler = self.handlers.get(type(node))
        if id(node) in self.instead:
            new = self.instead[id(node)]()
        else:
            new = handler(self, node) if handler is not None else self.parts(node)
        if id(node) in self.severed:
            new = build.expression("value.detach()", value=new)
        axes = self.facts.reorders.get(id(node))
        return new if axes is None else self.permuted(new, axes)

    def permuted(self, node: cst.BaseExpression, axes: Sequence[int]) -> cst.BaseExpression:
        """`tf.transpose(x, [0, 3, 1, 2])` or `x.permute(0, 3, 1, 2)`."""
        if self.target == "tensorflow":
            return build.call(
                self.naming.target("tf.transpose"), [cst.Arg(node), cst.Arg(build.numbers(axes))]
            )
        return build.expression(f"x.permute({', '.join(map(str, axes))})", x=node)

    def parts(self, node: Node) -> Node:
        """The node with every piece of code in it rewritten; the node itself where nothing changed."""
        changes: dict[str, object] = {}
        for name in code_fields(type(node)):
            value = getattr(node, name)
            if not value:
                continue
            if type(value) in ROWS:
                news = [self.visit(part) for part in value]
                if not all(map(operator.is_, news, value)):
                    changes[name] = news
            elif is_node(value):
                run = _runs_through(node, name)
                new = self.iterated(value) if run else self.visit(value)  # type: ignore[arg-type]
                if new is not value:
                    changes[name] = new
        if type(node) in _LOOPS and self.target == "torch":
            target = self._unpacked(node.iter, changes.get("target", node.target))  # type: ignore[attr-defined]
            if target is not None:
                changes["target"] = target
        return node.with_changes(**changes) if changes else node

    def _unpacked(self, iterated: cst.BaseExpression, target: Any) -> cst.BaseExpression | None:
        """The target of a loop over slices of one tensor, which torch's data set gives in tuples; None for others."""
        value = self.facts.value(iterated)
        if isinstance(value, BatchesValue) and value.shuffled and not value.batched:
            why = "what is run through without batches is not shuffled here: shuffle its indices"
            self.todo(iterated, Code.UNSUPPORTED_CODE, why)
        if isinstance(value, BatchesValue) and value.alone:
            return build.expression("(x,)", x=target)
        counted = isinstance(iterated, cst.Call) and build.code(iterated.func) == "enumerate"
        if not counted or not isinstance(target, cst.Tuple) or len(target.elements) != 2:
            return None
        assert isinstance(iterated, cst.Call)
        inner = self._unpacked(iterated.args[0].value, target.elements[1].value)
        if inner is None:
            return None
        return target.with_deep_changes(target.elements[1], value=inner)

    def visit(self, node: cst.CSTNode) -> cst.CSTNode:
        """Rewrite any node that stands inside a statement."""
        return _visitor(type(node))(self, node)

    def annotation(self, node: cst.Annotation) -> cst.Annotation:
        """A type."""
        outer, self.annotating = self.annotating, True
        new = self.parts(node)
        self.annotating = outer
        return new

    def parameter(self, node: cst.Param) -> cst.Param:
        """A parameter, whose name is bound here, not read."""
        new = self.parts(node)
        return new if new.name is node.name else new.with_changes(name=node.name)

    def comprehension(self, node: cst.CompFor) -> cst.CompFor:
        """`for p in model.parameters() if p.requires_grad`: Keras lists the trainable ones by themselves."""
        given = isinstance(self.facts.value(node.iter), ParametersValue)
        if given and self.target == "tensorflow":
            kept = [part for part in node.ifs if not is_trainable(part.test, node.target)]
            if len(kept) < len(node.ifs):
                node = node.with_changes(ifs=kept)
        return self.parts(node)

    def iterated(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """An expression that is only run through: `list(model.parameters())` needs no list there."""
        from translator.rewrite.containers import as_list

        layers = as_list(self, node)
        if layers is not None:
            return layers
        new = self.expression(node)
        if self.is_variable(node):
            return build.expression(self.naming.spell("tf.unstack(x)"), x=new)
        listed = (
            isinstance(new, cst.Call)
            and isinstance(new.func, cst.Name)
            and new.func.value == "list"
        )
        if listed and isinstance(self.facts.value(node), ParametersValue):
            assert isinstance(new, cst.Call)
            return new.args[0].value
        return new

    def is_variable(self, node: cst.BaseExpression) -> bool:
        """True for an attribute that Keras's own variable is in, through which Python cannot run."""
        value = self.facts.value(node)
        held = isinstance(value, TensorValue) and value.leaf and isinstance(node, cst.Attribute)
        return held and self.target == "tensorflow"

    def assign_target(self, node: cst.AssignTarget) -> cst.AssignTarget:
        """What is assigned to; it stays where its counterpart is no place but a computed value."""
        owner = self.facts.value(node.target.value) if type(node.target) is cst.Subscript else None
        if isinstance(owner, Built) and owner.site.parts:
            self.leave(
                node, Code.UNSUPPORTED_CODE, "a layer of a container cannot be replaced there"
            )
            return node
        if self.target == "tensorflow" and isinstance(owner, TensorValue):
            self.leave(node, Code.UNSUPPORTED_CODE, IMMUTABLE)
            return node
        target: cst.BaseExpression | None = None
        if isinstance(node.target, cst.Name):
            target = members.bound_name(self, node.target)
        elif isinstance(node.target, cst.Attribute) and self.api(node.target) is not None:
            target = members.member(self, node.target)
        if target is not None:
            return node if target is node.target else node.with_changes(target=target)
        new = self.parts(node)
        if isinstance(node.target, cst.Attribute) and isinstance(new.target, cst.Call):
            self.leave(
                node, Code.UNSUPPORTED_CODE, f"{shown(node.target)} cannot be assigned there"
            )
            return node
        return new

    def following(self) -> Sequence[cst.BaseStatement]:
        """The statements behind the one that is being written, in its block."""
        body = self.block if isinstance(self.block, list | tuple) else ()
        places = [place for place, line in enumerate(body) if line is self.statement]
        return body[places[0] + 1 :] if places else ()

    def element(self, node: cst.BaseElement) -> cst.BaseElement:
        """An element of a list or tuple."""
        from translator.rewrite.containers import check_alone

        check_alone(self, node.value)
        return self.parts(node)

    def suite(self, node: cst.BaseSuite) -> cst.BaseSuite:
        """The body of a compound statement."""
        from translator.rewrite.statements import rewrite_suite

        outer = self.class_body
        if any(
            function.node is not None and function.node.body is node for function in self.functions
        ):
            self.class_body = None
        new = rewrite_suite(self, node)
        self.class_body = outer
        return new

    # names and signatures

    def api(self, node: cst.CSTNode) -> str | None:
        """The canonical name where an expression is a name of the source framework."""
        value = self.facts.value(node)
        return value.name if isinstance(value, Api) else None

    def spelled(self, node: cst.CSTNode) -> str | None:
        """The canonical name where an expression spells a name of the source framework, which then changes."""
        value = self.facts.value(node)
        return None if isinstance(value, Api) and value.held else self.api(node)

    def keep(self, node: cst.BaseExpression) -> None:
        """Note that a name of the source framework stays, so that its import must."""
        self.kept.add(dotted(node))

    def target_spelling(self, record: Record, kind: str) -> Signature | None:
        """The first spelling of the target of one kind; a method is written as the first that is no layer."""
        texts = [parse(text) for text in record.spellings(self.target)]
        for signature in texts:
            if signature.kind == kind:
                return signature
        if kind in ("function", "method"):
            return next((s for s in texts if s.kind in ("function", "method")), None)
        return None

    def target_names(self, record: Record, signature: Signature) -> dict[str, str]:
        """From the names of the target's first spelling to those of `signature`."""
        return {first: own for own, first in primary_names(record, signature, self.target).items()}

    def source_names(self, record: Record, signature: Signature) -> dict[str, str]:
        """From the names of the source's first spelling to those of `signature`."""
        return {first: own for own, first in primary_names(record, signature, self.side).items()}

    def input_size(self, call: cst.Call, axis: int = -1) -> cst.BaseExpression | None:
        """The size of an axis, counted from the end, of what reaches a layer, valid where the layer is built."""
        site = self.facts.sites[id(call)]
        shape = site.inputs
        size = shape[axis] if shape is not None and len(shape) >= -axis else None
        if isinstance(size, Symbol) and self.facts.means_same(size, site.scope):
            return build.expression(size.text)
        known = number(size)
        return None if known is None else build.expression(str(known))

    def gradient(self, node: cst.Attribute) -> cst.BaseExpression:
        """`w.grad` by the name that the tape's gradient has."""
        from translator.rewrite.constructs.found import undata
        from translator.rewrite.constructs.steps import Step

        if node.attr.value == "data":
            return self.expression(node.value)
        for step in reversed(self.steps):
            name = (
                step.singles.get(build.code(undata(node.value))) if isinstance(step, Step) else None
            )
            if name is not None:
                return cst.Name(name)
        self.todo(
            node,
            Code.UNSUPPORTED_CODE,
            "variables keep no gradient there: take this one from a tape",
        )
        return node


@functools.cache
def _visitor(kind: type[cst.CSTNode]) -> Callable[[Rewriter, Any], cst.CSTNode]:
    """How nodes of a kind are rewritten."""
    if issubclass(kind, cst.BaseSuite):
        return Rewriter.suite
    if issubclass(kind, cst.BaseExpression):
        return Rewriter.expression
    special: dict[type[cst.CSTNode], Callable[[Rewriter, Any], cst.CSTNode]] = {
        cst.AssignTarget: Rewriter.assign_target,
        cst.Annotation: Rewriter.annotation,
        cst.CompFor: Rewriter.comprehension,
        cst.Param: Rewriter.parameter,
        cst.Element: Rewriter.element,
    }
    return special.get(kind, Rewriter.parts)


def _runs_through(node: cst.CSTNode, field: str) -> bool:
    """True for what a loop runs through, and for what is unpacked into several names."""
    if field == "value" and type(node) is cst.Assign:
        return type(node.targets[0].target) in (cst.Tuple, cst.List)
    return field == "iter"
