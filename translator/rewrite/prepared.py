"""A file brought into the form that is rewritten, still in the framework it was read in, and what is known of it.

Functional models of Keras become classes, what layers do in `build` is done by their constructors, and `fit` becomes
the loop that it hides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Side
from translator.rewrite.builds import Settled, settled
from translator.rewrite.children import with_children
from translator.rewrite.configured import configured
from translator.rewrite.copies import with_constructors
from translator.rewrite.fitting.calls import Lowered
from translator.rewrite.fitting.lowering import lowered
from translator.rewrite.functional.classes import Unfolded, unfolded
from translator.rewrite.functional.inputs import with_names
from translator.rewrite.functional.uncurried import uncurried
from translator.rewrite.held import with_members
from translator.rewrite.inlined import with_copies
from translator.rewrite.keywords import spelled
from translator.rewrite.reassigned import with_variables
from translator.rewrite.renamed import public
from translator.rewrite.spread import with_settings
from translator.source.facts import Facts
from translator.source.instances import unknown, untold
from translator.source.understood import understood

Note = tuple[cst.CSTNode, Code, str]
Origins = Mapping[int, tuple[cst.CSTNode, cst.CSTNode]]
"""By `id` of what was put in: that, and what of the source it stands for."""


@dataclass(frozen=True)
class Prepared:
    """The tree to rewrite with its facts; `models` says what came of its functional models, where it had any."""

    tree: cst.Module
    facts: Facts
    models: Unfolded | None = None
    notes: tuple[Note, ...] = ()
    """What there is to say of settings that the conversion fixes."""
    trained: Lowered | None = None
    """The loops in place of `fit`, where the file had any."""
    dissolved: frozenset[str] = frozenset()
    """Names of the standard library whose calls fell away."""

    @property
    def origins(self) -> Origins:
        """Where what was put in comes from."""
        models = {} if self.models is None else self.models.origins
        return models if self.trained is None else {**self.trained.origins, **models}


def prepared(tree: cst.Module, side: Side, exact: bool) -> Prepared:
    """The form of a file that is rewritten."""
    if side == "torch":
        return _of_torch(tree, exact)
    tree = with_names(with_settings(tree))
    plain = settled(tree)
    result = _understood(plain, side, exact)
    lost = unknown(result.facts, plain.asked, unmade=True)
    return _understood(settled(tree, frozenset(lost)), side, exact) if lost else result


def _of_torch(tree: cst.Module, exact: bool) -> Prepared:
    """What Keras has no form for, in forms of torch for which it has one."""
    facts, notes = understood(tree, "torch", exact), list[Note]()
    holding = with_members(tree, facts)
    if holding is not None:
        tree, facts = holding, understood(holding, "torch", exact)
    for change in (with_variables, with_children, with_children):  # one list may be made of another
        if (changed := change(tree, facts)) is not None:
            tree, facts = changed, understood(changed, "torch", exact)
    if (inner := with_copies(tree, facts)) is not None:
        tree, facts = inner, understood(inner, "torch", exact)
    dissolved = frozenset[str]()
    if (built := with_constructors(tree, facts)) is not None:
        tree, told = built
        notes, dissolved = [*notes, *told], frozenset({"copy", "deepcopy"})
        facts = understood(tree, "torch", exact)
    renamed = public(tree, facts)
    if renamed is not None:
        tree = renamed.tree
        notes += [(node, Code.RENAMED, message) for node, message in renamed.notes]
        facts = understood(tree, "torch", exact)
    named = spelled(tree, facts)
    if named is not None:
        tree = named.tree
        notes += [(node, Code.DROPPED, message) for node, message in named.notes]
        facts = understood(tree, "torch", exact)
    return Prepared(tree, facts, None, tuple(notes), dissolved=dissolved)


def _understood(plain: Settled, side: Side, exact: bool) -> Prepared:
    tree, asked = plain.tree, plain.asked
    facts = understood(tree, side, exact, asked=asked)
    fixed = configured(tree, facts)
    plain_tree = tree if fixed is None else fixed.tree
    plain_tree = uncurried(plain_tree) or plain_tree
    if plain_tree is not tree:
        tree = plain_tree
        facts = understood(tree, side, exact, asked=asked)
    models = unfolded(tree, facts)
    if models is not None:
        whole, known, tree = tree, facts, models.tree
        facts = understood(tree, side, exact, models.inputs, asked)
        if needed := untold(facts):
            models = unfolded(whole, known, needed)
            assert models is not None
            tree = models.tree
            facts = understood(tree, side, exact, models.inputs, asked)
    trained = lowered(tree, facts)
    if trained is not None:
        tree = trained.tree
        inputs = None if models is None else models.inputs
        facts = understood(tree, side, exact, inputs, asked)
    facts.settled, facts.lazy = plain.moved, plain.lazy
    settled_notes = () if fixed is None else fixed.notes
    notes = tuple((node, Code.DROPPED, message) for node, message in settled_notes)
    if trained is not None:
        notes += tuple((node, Code.NUMERIC, message) for node, message in trained.notes)
    return Prepared(tree, facts, models, notes, trained)
