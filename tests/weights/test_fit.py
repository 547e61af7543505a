"""Whether a file fits a model: names, prefixes, shapes, kinds of numbers; no framework is needed."""

from __future__ import annotations

import numpy as np
import pytest

from translator.errors import WeightsError
from translator.weights.files import Checkpoint
from translator.weights.fit import remarks, require_fit
from translator.weights.prefix import aligned
from translator.weights.tree import Array


def arrays(**shapes):
    return {name.replace("_", "."): array(shape) for name, shape in shapes.items()}


def array(shape=(2,), dtype="float32", needed=True):
    return Array(shape, dtype, lambda: np.zeros(shape, np.float32), needed=needed)


def complaint(found, wanted) -> str:
    with pytest.raises(WeightsError) as caught:
        require_fit(found, wanted, "a.pt")
    return str(caught.value)


def test_all_that_does_not_fit_is_listed():
    found, wanted = arrays(a=(2,), b=(3,), c=(4,)), arrays(a=(2,), b=(4,), d=(5,))
    assert complaint(found, wanted) == (
        "a.pt does not fit the model (3):\n"
        "  d (5,) of the model is not in the file\n"
        "  c (4,) of the file is not in the model\n"
        "  b has shape (3,) in the file and (4,) in the model"
    )


def test_what_is_not_needed_may_be_missing():
    require_fit(arrays(a=(2,)), arrays(a=(2,)) | {"b": array(needed=False)}, "a.pt")


def test_a_tied_array_may_be_in_the_file_once():
    one = array()
    require_fit({"a": array()}, {"a": one, "b": one}, "a.pt")


@pytest.mark.parametrize(
    ("old", "new", "fits"),
    [
        ("float16", "float32", True),
        ("bfloat16", "float32", True),
        ("float64", "bfloat16", True),
        ("int64", "float32", True),
        ("float32", "int64", False),
        ("complex64", "float32", False),
        ("F8_E4M3", "float32", True),
    ],
)
def test_kinds_of_numbers(old, new, fits):
    found, wanted = {"a": array(dtype=old)}, {"a": array(dtype=new)}
    if fits:
        require_fit(found, wanted, "a.pt")
        assert remarks(found, wanted) == (f"1 array is {old} in the file and {new} in the model",)
    else:
        assert f"a is {old} in the file and {new} in the model" in complaint(found, wanted)


@pytest.mark.parametrize(
    ("found", "wanted", "prefix"),
    [
        (("module.a.w", "module.b.w"), ("a.w", "b.w"), "'module.' taken off"),
        (("x.module.a.w", "x.module.b.w"), ("a.w", "b.w"), "'x.module.' taken off"),
        (("a.w", "b.w"), ("net.a.w", "net.b.w"), "'net.' added"),
    ],
)
def test_a_prefix_of_all_names(found, wanted, prefix):
    changed = aligned(Checkpoint(dict.fromkeys(found, array()), ("first",)), wanted)
    assert tuple(changed.arrays) == wanted
    assert changed.notes == ("first", f"the names in the file fit with the prefix {prefix}")


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (("a.w",), ("a.w",)),
        (("module.a.w", "b.w"), ("a.w", "b.w")),
        (("module.a.w", "module.c.w"), ("a.w", "b.w")),
        (("w",), ("a.w", "b.w")),
        ((), ("a.w",)),
    ],
)
def test_names_that_no_prefix_brings_together_stay(found, wanted):
    checkpoint = Checkpoint(dict.fromkeys(found, array()))
    assert aligned(checkpoint, wanted) is checkpoint


def test_a_prefix_that_would_help_is_named():
    found, wanted = arrays(model_a=(2,), model_b=(2,), loss=(2,)), arrays(a=(2,), b=(2,))
    last = complaint(found, wanted).splitlines()[-1]
    assert last == "  With the prefix 'model.' taken off the names in the file, 2 of 3 would fit."
    last = complaint(wanted, found).splitlines()[-1]
    assert last == "  With the prefix 'model.' added to them, 2 of 2 would fit."
