"""What is said of text that is not Python 3."""

from __future__ import annotations

import warnings

import pytest

from translator import syntax
from translator.errors import SourceError


@pytest.mark.parametrize(
    "text", ["", "x = 1", "print('a')\n", "match x:\n    case 1: pass\n", "print >> f, 1"]
)
def test_python_3_passes(text):
    syntax.check(text)


def test_odd_escapes_are_no_concern(recwarn):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        syntax.check("x = '\\d'\n")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("\n\nif x\n", 3, "expected ':': if x"),
        ("x = '''\n\n", 1, "unterminated triple-quoted string literal"),
        ("\x0c\nif x\n", 2, "expected ':'"),
        ("a\r\nb\rif x\r\n", 3, "expected ':'"),
        ("if x:\n        a\n\tb\n", 3, ""),
        ("x = (" + "1 + " * 50, 1, "'(' was never closed: x = (1 + 1 + "),
        # Signs of Python 2 inside strings and comments are no signs.
        ("x = '01-02' + # `a` <>\n", 1, "invalid syntax"),
        ("print 'a'", 1, "this is Python 2 (print is a statement)"),
        ("try:\n    pass\nexcept A, e:\n    raise\n    print 1", None, "this is Python 2"),
    ],
)
def test_what_is_wrong_and_where(text, line, message):
    with pytest.raises(SourceError) as caught:
        syntax.check(text)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200
    if line is not None:  # None: where the parser stops depends on Python's version
        assert caught.value.line == line


def test_what_is_nested_too_deeply():
    with pytest.raises(SourceError):
        syntax.check("-" * 100_000 + "1")
