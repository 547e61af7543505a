"""A file brought into the form that is rewritten, still in the framework it was read in, and what is known of it.

Functional models of Keras become classes, and what layers do in `build` is done by their constructors.
"""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from translator.knowledge.lenses import Side
from translator.rewrite.builds import Settled, settled
from translator.rewrite.configured import configured
from translator.rewrite.functional.classes import Unfolded, unfolded
from translator.rewrite.functional.uncurried import uncurried
from translator.rewrite.keywords import spelled
from translator.rewrite.spread import with_settings
from translator.source.facts import Facts
from translator.source.instances import unknown, untold
from translator.source.understood import understood


@dataclass(frozen=True)
class Prepared:
    """The tree to rewrite with its facts; `models` says what came of its functional models, where it had any."""

    tree: cst.Module
    facts: Facts
    models: Unfolded | None = None
    notes: tuple[tuple[cst.CSTNode, str], ...] = ()
    """What there is to say of settings that the conversion fixes."""


def prepared(tree: cst.Module, side: Side, exact: bool) -> Prepared:
    """The form of a file that is rewritten."""
    if side == "torch":
        return _with_keywords(tree, understood(tree, side, exact), exact)
    tree = with_settings(tree)
    plain = settled(tree)
    result = _understood(plain, side, exact)
    lost = unknown(result.facts, plain.asked, unmade=True)
    return _understood(settled(tree, frozenset(lost)), side, exact) if lost else result


def _with_keywords(tree: cst.Module, facts: Facts, exact: bool) -> Prepared:
    named = spelled(tree, facts)
    if named is None:
        return Prepared(tree, facts)
    return Prepared(named.tree, understood(named.tree, "torch", exact), None, tuple(named.notes))


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
    facts.settled = plain.moved
    return Prepared(tree, facts, models, () if fixed is None else tuple(fixed.notes))
