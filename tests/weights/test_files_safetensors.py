"""The safetensors format: ours against its own library, and files that are damaged; no framework is needed."""

from __future__ import annotations

import json

import numpy as np
import pytest

from translator.files import FileError
from translator.weights import files
from translator.weights.files import safetensors_writer
from translator.weights.tree import Array, stored

library = pytest.importorskip("safetensors.numpy")

VALUES = {
    "a.weight": np.arange(6, dtype=np.float32).reshape(2, 3) - 0.5,
    "half": np.array([1.5, np.nan, -np.inf], np.float16),
    "count": np.array(7, np.int64),
    "none": np.zeros((0, 4), np.float64),
    "flags": np.array([True, False]),
    "é": np.arange(4, dtype=np.uint8),
}


def read(path):
    return files.format_of(str(path)).read(str(path))


def write(arrays, path):
    safetensors_writer._write(arrays, path, "pt", lambda *args: None)


def test_what_the_library_writes_is_read(tmp_path):
    path = tmp_path / "a.safetensors"
    library.save_file(VALUES, path, metadata={"format": "pt"})
    found = read(path).arrays
    assert found.keys() == VALUES.keys()
    for name, expected in VALUES.items():
        assert (found[name].shape, found[name].dtype) == (expected.shape, str(expected.dtype))
        np.testing.assert_array_equal(found[name].read(), expected)


def test_what_is_written_the_library_reads(tmp_path):
    path = tmp_path / "a.safetensors"
    write({name: stored(values) for name, values in VALUES.items()}, path)
    found = library.load_file(path)
    assert found.keys() == VALUES.keys()
    for name, expected in VALUES.items():
        np.testing.assert_array_equal(found[name], expected)
        assert found[name].dtype == expected.dtype


def test_arrays_in_another_order_in_memory(tmp_path):
    values = np.arange(6, dtype=np.float32).reshape(2, 3).T
    write({"a": stored(values)}, tmp_path / "a.safetensors")
    np.testing.assert_array_equal(read(tmp_path / "a.safetensors").arrays["a"].read(), values)


def test_bfloat16_is_read_as_float32_and_written_back_bit_for_bit(tmp_path, monkeypatch):
    monkeypatch.setattr("translator.weights.files.safetensors.CHUNK", 1000)
    monkeypatch.setattr("translator.weights.files.safetensors_writer.CHUNK", 1000)
    bits = np.arange(1 << 16, dtype=np.uint16).reshape(256, 256)
    path = tmp_path / "a.safetensors"
    header = {"a": {"dtype": "BF16", "shape": [256, 256], "data_offsets": [0, 2 << 16]}}
    path.write_bytes(framed(header) + bits.tobytes())
    array = read(path).arrays["a"]
    assert array.dtype == "bfloat16"
    assert array.read().dtype == np.float32
    assert array.read()[0x3F, 0x80] == 1.0
    write({"a": Array((256, 256), "bfloat16", array.read)}, tmp_path / "b.safetensors")
    np.testing.assert_array_equal(
        np.frombuffer((tmp_path / "b.safetensors").read_bytes()[-(2 << 16) :], np.uint16),
        bits.reshape(-1),
    )


def test_types_that_are_not_known_are_listed_but_not_read(tmp_path):
    path = tmp_path / "a.safetensors"
    header = {"a": {"dtype": "F8_E4M3", "shape": [4], "data_offsets": [0, 4]}}
    path.write_bytes(framed(header) + bytes(4))
    array = read(path).arrays["a"]
    assert (array.dtype, array.shape) == ("F8_E4M3", (4,))
    with pytest.raises(FileError, match="element type F8_E4M3 is not known"):
        array.read()


def framed(header) -> bytes:
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text


ENTRY = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a safetensors file, or truncated"),
        (b"PK\3\4" * 100, "not a safetensors file, or truncated"),
        ((100).to_bytes(8, "little") + b"{}", "truncated within its header"),
        ((2).to_bytes(8, "little") + b"[]", "its header is no JSON object"),
        ((2).to_bytes(8, "little") + b"{\xff", "its header is no JSON object"),
        (framed({"a": ENTRY}) + bytes(7), "truncated: it lacks 1 bytes of 8"),
        (framed({"a": ENTRY}) + bytes(9), "1 bytes too many"),
        (framed({"a": ENTRY, "b": ENTRY}) + bytes(8), "overlap or leave gaps"),
        (framed({"a": ENTRY | {"data_offsets": [4, 12]}}) + bytes(12), "overlap or leave gaps"),
        (framed({"a": ENTRY | {"shape": [3]}}) + bytes(8), "another size than its shape says"),
        (framed({"a": ENTRY | {"shape": [-2]}}) + bytes(8), "'a' is malformed"),
        (framed({"a": ENTRY | {"shape": 2}}) + bytes(8), "'a' is malformed"),
        (framed({"a": ENTRY | {"data_offsets": [8, 0]}}) + bytes(8), "'a' is malformed"),
        (framed({"a": 1}) + bytes(8), "'a' is malformed"),
        (framed({"a": {}}) + bytes(8), "'a' is malformed"),
    ],
)
def test_damaged_files(tmp_path, data, message):
    path = tmp_path / "a.safetensors"
    path.write_bytes(data)
    with pytest.raises(FileError, match=message) as caught:
        read(path)
    assert caught.value.path == str(path)


def test_every_truncation_is_noticed(tmp_path):
    path = tmp_path / "a.safetensors"
    library.save_file(VALUES, path)
    data = path.read_bytes()
    for size in range(len(data)):
        path.write_bytes(data[:size])
        with pytest.raises(FileError):
            read(path)


@pytest.fixture
def sharded(tmp_path):
    names = sorted(VALUES)
    places = {}
    for number, part in enumerate((names[:2], names[2:]), 1):
        file = f"model-{number:05}-of-00002.safetensors"
        library.save_file({name: VALUES[name] for name in part}, tmp_path / file)
        places |= dict.fromkeys(part, file)
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": places}))
    return tmp_path


@pytest.mark.parametrize("name", ["", "model.safetensors.index.json"])
def test_parts_are_read_by_their_index_or_their_folder(sharded, name):
    found = read(sharded / name)
    assert found.notes == ("in 2 files",)
    assert found.arrays.keys() == VALUES.keys()
    np.testing.assert_array_equal(found.arrays["a.weight"].read(), VALUES["a.weight"])


def test_a_folder_with_one_file(tmp_path):
    library.save_file(VALUES, tmp_path / "model.safetensors")
    assert read(tmp_path).arrays.keys() == VALUES.keys()


def test_a_folder_with_several_files_and_no_index(sharded):
    (sharded / "model.safetensors.index.json").unlink()
    with pytest.raises(FileError, match="name one of its files: model-00001-of-00002"):
        read(sharded)


def test_a_part_that_is_missing(sharded):
    (sharded / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(FileError, match="no such file") as caught:
        read(sharded)
    assert caught.value.path.endswith("model-00002-of-00002.safetensors")


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ("[]", "has no weight_map"),
        ("{", "has no weight_map"),
        ('{"weight_map": {"a": 1}}', "shard '1' is no safetensors file beside it"),
        ('{"weight_map": {"a": "../b.safetensors"}}', "is no safetensors file beside it"),
        ('{"weight_map": {"a": "b.pt"}}', "is no safetensors file beside it"),
        ('{"weight_map": {"a": "model-00001-of-00002.safetensors"}}', "its shards lack a$"),
    ],
)
def test_a_damaged_index(sharded, index, message):
    path = sharded / "model.safetensors.index.json"
    path.write_text(index)
    with pytest.raises(FileError, match=message):
        read(path)
