"""The text of a tree and the places of findings are those that libcst gives."""

from __future__ import annotations

import sysconfig
from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from translator.findings import Span
from translator.source import printed
from translator.source.tree import nodes

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
        a = b = (yield 1), ; return
        # the end

@decorated  # here

@twice
async def f(a, /, b: int = 1, *, c: "T" , **d,) -> None:
    async for (x, *y) in a: continue
    while not x:
        x : int = -1 if (x is not  None) else ((+x)) [ : : 2 , ]
    else : pass
    print(* a , ** d , sep = "" , )
    return  # nothing

class Empty ( A , metaclass = M ) :
\tx = {"a" : 1, ** b}, {1, 2}, [ ], (), (1,), [*a, 2 , ], (
        # inside
        3, \\
        4
    )
'''
PLACED = (
    *(cst.BaseExpression, cst.BaseStatement, cst.BaseSmallStatement, cst.BaseSuite, cst.Decorator),
    *(cst.Arg, cst.AssignTarget, cst.Param, cst.Annotation, cst.Element, cst.SubscriptElement),
    *(cst.Else, cst.ExceptHandler, cst.Finally, cst.WithItem),
)
SOURCES = (SOURCE, SOURCE.replace("\n", "\r\n"), SOURCE.rstrip("\n"))


@pytest.mark.parametrize("source", SOURCES, ids=("lines", "windows", "unfinished"))
def test_places_are_those_of_libcst(source):
    tree = cst.parse_module(source)
    known = MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
    wanted = [node for node in nodes(tree) if isinstance(node, PLACED)]
    assert len(wanted) > 200
    together = printed.places(tree, wanted)
    for node in wanted:
        place = known[node]
        span = Span(place.start.line, place.start.column, place.end.line, place.end.column)
        for found in (together, printed.places(tree, [node])):
            assert found[id(node)] == span, cst.Module([]).code_for_node(node)


@pytest.mark.parametrize("source", (*SOURCES, "", "\n", "# only a comment", "x = 1;\n"))
def test_text_is_the_source(source):
    tree = cst.parse_module(source)
    assert printed.text(tree, tree) == source


def test_text_of_new_nodes_is_that_of_libcst():
    """What the parser never leaves out: commas, the spaces of an argument, an `elif` that stands alone."""
    name = cst.Name("a")
    new = (
        cst.Tuple([cst.Element(name)]),
        cst.Tuple([cst.Element(name), cst.StarredElement(name)]),
        cst.Dict([cst.DictElement(name, name), cst.StarredDictElement(name)]),
        cst.Call(name, [cst.Arg(name), cst.Arg(name, keyword=name)]),
        cst.Subscript(name, [cst.SubscriptElement(cst.Index(name))] * 2),
        cst.Return(name),
        cst.Return(),
        cst.FunctionDef(
            name,
            cst.Parameters(
                [cst.Param(name, default=name), cst.Param(name)][::-1],
                kwonly_params=[cst.Param(name)],
                star_kwarg=cst.Param(name),
            ),
            cst.IndentedBlock([]),
            returns=cst.Annotation(name),
        ),
        cst.ClassDef(name, cst.SimpleStatementSuite([cst.Pass()]), [cst.Arg(name)]),
        cst.SimpleStatementLine([cst.Expr(name), cst.Expr(name)]),
        cst.SimpleStatementLine([]),
        cst.If(
            name, cst.IndentedBlock([]), cst.If(name, cst.IndentedBlock([cst.parse_statement("a")]))
        ),
    )
    for node in new:
        assert printed.text(node) == cst.Module([]).code_for_node(node)


def test_text_of_the_standard_library():
    for path in sorted(Path(sysconfig.get_paths()["stdlib"]).glob("[a-d]*.py"))[::3]:
        source = path.read_text("utf-8")
        tree = cst.parse_module(source)
        assert printed.text(tree, tree) == source, path.name
