"""The places of findings are those that libcst gives."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from translator.findings import Span
from translator.rewrite import printed
from translator.rewrite.constructs.reading import nodes

SOURCE = '''\
"""A module."""
import torch  # first


@torch.no_grad()
class Net(torch.nn.Module):

    # a comment
    def forward(self, x, *rest, flag=None):
        if flag: return x
        elif (rest):
            for i in rest: x += (i
                + 1); print(f"{x!r} of {i:>3}")
        else:
            try:
                x = [y for y in x if not y] or {1: 2}
            except (ValueError, TypeError) as error:
                raise error from None
            finally:
                pass

        with open("f") as file, open("g"):
            return (lambda a: a)(x)[0, 1:2, ...]  # last
'''


def test_places_are_those_of_libcst():
    for source in (SOURCE, SOURCE.replace("\n", "\r\n"), SOURCE.rstrip("\n")):
        tree = cst.parse_module(source)
        known = MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
        wanted = [
            node
            for node in nodes(tree)
            if isinstance(node, cst.BaseExpression | cst.BaseStatement | cst.BaseSmallStatement)
        ]
        found = printed.places(tree, wanted)
        assert len(wanted) > 50
        for node in wanted:
            place = known[node]
            span = Span(place.start.line, place.start.column, place.end.line, place.end.column)
            assert found[id(node)] == span, cst.Module([]).code_for_node(node)


def test_text_is_the_source():
    for source in (SOURCE, SOURCE.rstrip("\n"), "", "\n", "# only a comment"):
        tree = cst.parse_module(source)
        assert printed.text(tree, tree) == source
