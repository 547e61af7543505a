"""`translator weights`: both ways through every format, listing, and all that it must refuse."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
torch = pytest.importorskip("torch")
keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

TORCH = """\
import torch
from torch import nn

print("the user's own words")


class Net(nn.Module):
    def __init__(self, wide=4, dtype=None):
        super().__init__()
        self.features = nn.Sequential(nn.Linear(3, wide), nn.BatchNorm1d(wide), nn.ReLU())
        self.scale = nn.Parameter(torch.ones(wide))
        self.head = nn.Linear(wide, 2)
        self.to(dtype)

    def forward(self, x):
        return self.head(self.features(x) * self.scale)


class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(3, 4)


class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = self.b = nn.Linear(2, 2)
"""

KERAS = """\
import keras
import tensorflow as tf
from keras import layers as L


class Net(keras.Model):
    def __init__(self, wide=4, dtype="float32", **named):
        super().__init__(dtype=dtype, **named)
        norm = L.BatchNormalization(epsilon=1e-5, dtype=dtype)
        layers = [L.Dense(wide, dtype=dtype), norm, L.ReLU()]
        self.features = keras.Sequential(layers)
        self.scale = self.add_weight(shape=(wide,), name="scale", dtype=dtype)
        self.head = L.Dense(2, dtype=dtype)

    def call(self, x):
        return self.head(self.features(x) * self.scale)


def net(*args, **named):
    model = Net(*args, **named)
    model(keras.ops.zeros((2, 3)))
    return model


class Plain(keras.Model):
    def __init__(self):
        super().__init__()
        self.body = keras.Sequential([L.Dense(4), L.ReLU(), L.Dense(2)])


class Module(tf.Module):
    def __init__(self):
        super().__init__()
        self.weight = tf.Variable(tf.zeros((2, 4)))
        self.bias = tf.Variable(tf.zeros(2))
"""

MODELS = ("--source-model", "net.py:Net()", "--target-model", "net_tf.py:net()")
BACK = ("--source-model", "net_tf.py:net()", "--target-model", "net.py:Net()")


@pytest.fixture
def state(tmp_path, monkeypatch):
    """Model files and a checkpoint in the current folder; gives the checkpoint's state dict."""
    monkeypatch.chdir(tmp_path)
    Path("net.py").write_text(TORCH)
    Path("net_tf.py").write_text(KERAS)
    random = torch.Generator().manual_seed(0)
    shapes = {
        "scale": (4,),
        "features.0.weight": (4, 3),
        "features.0.bias": (4,),
        "features.1.weight": (4,),
        "features.1.bias": (4,),
        "features.1.running_mean": (4,),
        "features.1.running_var": (4,),
        "head.weight": (2, 4),
        "head.bias": (2,),
    }
    values = {name: torch.rand(shape, generator=random) for name, shape in shapes.items()}
    values["features.1.num_batches_tracked"] = torch.tensor(0)
    torch.save(values, "net.pt")
    return values


@pytest.fixture
def refused(translator, state):
    """Return a function that runs what must be refused and gives back the message."""

    def run(*args: object) -> str:
        before = {str(path): path.stat() for path in Path().rglob("*")}
        result = translator("weights", *args)
        assert (result.code, result.out) == (2, "")
        message = result.err.replace("the user's own words\n", "")
        assert message.startswith("translator: ")
        after = {str(path): path.stat() for path in Path().rglob("*")}
        assert after.keys() == before.keys()
        assert all(after[path].st_mtime_ns == before[path].st_mtime_ns for path in before)
        return message.removeprefix("translator: ").rstrip("\n")

    return run


def assert_equal(path, state):
    found = torch.load(path, weights_only=True)
    assert found.keys() == state.keys()
    for name, expected in state.items():
        assert found[name].dtype == expected.dtype
        assert found[name].numpy().tobytes() == expected.numpy().tobytes()


@pytest.mark.parametrize("middle", ["a.weights.h5", "a.keras", "a.safetensors", "saved"])
def test_there_and_back_is_equal_bit_for_bit(translator, state, middle):
    assert translator("weights", "net.pt", middle, *MODELS).code == 0
    assert translator("weights", middle, "back.safetensors", *BACK).code == 0
    again = f"again.{middle}" if "." in middle else "again"
    assert translator("weights", "back.safetensors", again, *MODELS).code == 0
    assert translator("weights", again, "back.pt", *BACK).code == 0
    assert_equal("back.pt", state)


def test_a_process_of_its_own(state):
    command = [sys.executable, "-m", "translator", "weights", "net.pt", "a.keras", *MODELS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "the user's own words\n")
    assert done.stdout.endswith("9 arrays carried; wrote a.keras\n")


def test_what_keras_and_torch_make_of_the_files(translator, state):
    translator("weights", "net.pt", "a.keras", *MODELS)
    translator("weights", "net.pt", "saved", *MODELS)
    translator("weights", "a.keras", "b.safetensors", *BACK)
    x = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    names = {"__name__": "net"}
    exec(TORCH, names)
    net = names["Net"]()
    net.load_state_dict(pytest.importorskip("safetensors.torch").load_file("b.safetensors"))
    expected = net.eval()(torch.tensor(x)).detach().numpy()
    exec(KERAS, names)
    loaded = names["net"]()
    loaded.load_weights("a.keras")
    np.testing.assert_allclose(loaded(x), expected, atol=1e-6)
    served = tf.saved_model.load("saved")
    np.testing.assert_allclose(served.serve(x), expected, atol=1e-6)


def test_the_report(translator, state):
    result = translator("weights", "net.pt", "a.weights.h5", *MODELS)
    assert result.err == "the user's own words\n"
    lines = [line.split() for line in result.out.splitlines()]
    assert lines[0] == ["entry", "counterpart", "transformation", "shape"]
    assert ["head.weight", "head.kernel", "axes", "(1,", "0)", "2×4"] in lines
    assert result.out.endswith("9 arrays carried; wrote a.weights.h5\n")


def test_the_report_as_json(translator, state):
    result = translator("weights", "net.pt", "a.weights.h5", *MODELS, "--format", "json")
    found = json.loads(result.out)
    assert found["target"] == "a.weights.h5"
    assert {
        "sources": ["head.weight"],
        "targets": ["head.kernel"],
        "shapes": [[2, 4]],
        "transformation": "axes (1, 0)",
        "note": "",
    } in found["rows"]


def test_what_training_programs_save(translator, state):
    inner = {f"module.{name}": values for name, values in state.items()}
    optimizer = {"state": {0: {"momentum": torch.ones(1)}}}
    torch.save({"epoch": 3, "state_dict": inner, "optimizer": optimizer}, "net.pt")
    result = translator("weights", "net.pt", "a.safetensors", *MODELS[:3], "net.py:Net()")
    assert "Note: read from 'state_dict'; beside it: epoch, optimizer.\n" in result.out
    assert "Note: the names in the file fit with the prefix 'module.' taken off.\n" in result.out
    back = ("--source-model", "net.py:Net()", "--target-model", "net.py:Net()")
    assert translator("weights", "a.safetensors", "back.pth", *back).code == 0
    assert_equal("back.pth", state)


def test_the_format_of_torch_before_2020(translator, state):
    torch.save(state, "net.pt", _use_new_zipfile_serialization=False)
    assert translator("weights", "net.pt", "a.safetensors", *MODELS).code == 0


def test_a_module_of_tensorflow(translator, state):
    torch.save({"weight": torch.rand(2, 4), "bias": torch.rand(2)}, "a.pt")
    there = ("--source-model", "net_tf.py:Module()", "--target-model", "net_tf.py:Module()")
    source = ("--source-model", "net.py:Net().head", "--target-model", "net.py:Net().head")
    assert translator("weights", "a.pt", "a.safetensors", *source).code == 0
    assert translator("weights", "a.safetensors", "saved", *there).code == 0
    assert translator("weights", "saved", "b.safetensors", *there).code == 0
    first, second = (
        json.loads(translator("weights", "--list", name, "--format", "json").out)
        for name in ("a.safetensors", "b.safetensors")
    )
    assert sorted(map(str, first[0]["entries"])) == sorted(map(str, second[0]["entries"]))


def test_other_types_are_converted_and_said(translator, state):
    half = {name: values.bfloat16() for name, values in state.items() if values.ndim}
    torch.save(half, "half.pt")
    result = translator("weights", "half.pt", "a.weights.h5", *MODELS)
    assert "Note: 9 arrays are bfloat16 in the file and float32 in the model.\n" in result.out
    to_half = ("--target-model", "net.py:Net(dtype=torch.bfloat16)")
    assert translator("weights", "a.weights.h5", "b.pt", *BACK[:2], *to_half).code == 0
    found = torch.load("b.pt", weights_only=True)
    assert all(torch.equal(found[name], values) for name, values in half.items())
    for name in ("c.safetensors", "c.keras", "c"):
        to_half = ("--target-model", f"net_tf.py:net(dtype='bfloat16', name='{name[0]}')")
        back = ("--source-model", to_half[1], "--target-model", "net.py:Net(dtype=torch.bfloat16)")
        assert translator("weights", "half.pt", name, *MODELS[:2], *to_half).code == 0
        assert translator("weights", name, "back.pt", *back).code == 0
        found = torch.load("back.pt", weights_only=True)
        assert all(torch.equal(found[name], values) for name, values in half.items())


def test_nan_is_carried_and_said(translator, state):
    state["head.bias"][0] = np.nan
    torch.save(state, "net.pt")
    assert "  as it is; holds NaN  " in translator("weights", "net.pt", "a.keras", *MODELS).out
    assert "  as it is; holds NaN  " in translator("weights", "a.keras", "b.pt", *BACK).out
    assert_equal("b.pt", state)


def test_a_tied_array_that_is_in_the_file_once(translator, state):
    one = {"a.weight": torch.rand(2, 2), "a.bias": torch.rand(2)}
    both = ("--source-model", "net.py:Tied()", "--target-model", "net.py:Tied()")
    torch.save(one, "a.pt")
    assert translator("weights", "a.pt", "b.pt", *both).code == 0
    assert_equal("b.pt", one | {"b.weight": one["a.weight"], "b.bias": one["a.bias"]})
    torch.save(one | {"b.weight": torch.zeros(2, 2), "b.bias": one["a.bias"]}, "a.pt")
    result = translator("weights", "a.pt", "b.pt", *both)
    assert "a.weight and b.weight are one array in the model and two different" in result.err


def test_models_in_files_of_the_same_name(translator, state):
    for folder, text in (("a", TORCH), ("b", KERAS)):
        Path(folder, "inner").mkdir(parents=True)
        Path(folder, "net.py").write_text(f"from inner.parts import *\n{text}")
        Path(folder, "inner", "parts.py").write_text(f"{folder} = 1\n")
    models = ("--source-model", "a/net.py:a and Net()", "--target-model", "b/net.py:b and net()")
    assert translator("weights", "net.pt", "a.keras", *models).code == 0
    assert not {"net", "inner", "inner.parts"} & set(sys.modules)


def test_a_model_in_a_package(translator, state):
    Path("package").mkdir()
    Path("package", "__init__.py").touch()
    Path("package", "parts.py").write_text(TORCH)
    Path("package", "net.py").write_text("from .parts import Net\n")
    models = ("--source-model", "package/net.py:Net()", *MODELS[2:])
    assert translator("weights", "net.pt", "a.keras", *models).code == 0


def test_an_existing_target_is_replaced(translator, state):
    for name in ("a.keras", "saved"):
        assert translator("weights", "net.pt", name, *MODELS).code == 0
        torch.save({name: values * 2 for name, values in state.items()}, "twice.pt")
        assert translator("weights", "twice.pt", name, *MODELS).code == 0
        assert translator("weights", name, "back.pt", *BACK).code == 0
        assert_equal("back.pt", {name: values * 2 for name, values in state.items()})


def listed(*paths: str) -> tuple[str, set[str]]:
    """What a list prints, and the modules that it imports."""
    script = "import sys\nfrom translator import cli\ncli.run(sys.argv[1:])\nprint(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", script, "weights", "--list", *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout, {name.partition(".")[0] for name in done.stderr.split()}


def test_listing_needs_no_framework(translator, state):
    for name in ("a.safetensors", "a.keras", "a.weights.h5"):
        translator("weights", "net.pt", name, *MODELS)
    out, modules = listed("a.safetensors", "a.keras", "a.weights.h5")
    assert not modules & {"torch", "tensorflow", "keras", "libcst"}
    assert "  features.1.moving_variance  4      float32\n" in out
    assert "  features/layers/dense/vars/0                3×4    float32\n" in out
    assert out.count("9 arrays, 46 numbers\n") == 3


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # in Keras
def test_listing_other_files(translator, state):
    translator("weights", "net.pt", "saved", *MODELS)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile("adam", "mse")
    model.fit(np.zeros((2, 3)), np.zeros((2, 2)), verbose=0)
    model.save_weights("trained.weights.h5")
    result = translator(
        "weights", "--list", "net.pt", "saved", "trained.weights.h5", "--format", "json"
    )
    found = {each["path"]: each for each in json.loads(result.out)}
    assert found["net.pt"]["format"] == "PyTorch"
    assert {"name": "head.weight", "shape": [2, 4], "dtype": "float32"} in found["net.pt"][
        "entries"
    ]
    assert (found["saved"]["arrays"], found["saved"]["numbers"]) == (9, 46)
    assert found["trained.weights.h5"]["arrays"] == 2
    assert "arrays of its optimizer" in found["trained.weights.h5"]["notes"][0]


@pytest.fixture
def legacy(state):
    """A file in the layout of Keras 2, of the head alone; its kernel and bias."""
    values = [np.ones((4, 2), np.float32), np.arange(2, dtype=np.float32)]
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, name="head")])
    model.set_weights(values)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save("old.h5")
    return values


SMALL = ("--source-model", "small.py:net()", "--target-model", "small.py:torch_net()")


def test_the_layout_of_keras_2(translator, refused, legacy):
    Path("small.py").write_text(
        "import keras, torch\n"
        "def net(units=2):\n"
        "    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(units)])\n"
        "def torch_net():\n"
        "    return torch.nn.Sequential(torch.nn.Linear(4, 2))\n"
    )
    result = translator("weights", "old.h5", "a.pt", *SMALL)
    assert "Note: the layout of Keras 2.\n" in result.out
    assert "Note: Keras fills such a model in the order of its layers.\n" in result.out
    found = torch.load("a.pt", weights_only=True)
    np.testing.assert_array_equal(found["0.weight"].T, legacy[0])
    assert "old.h5: does not fit" in refused(
        "old.h5", "b.pt", SMALL[0], "small.py:net(3)", *SMALL[2:]
    )
    Path("old.h5").rename("old.weights.h5")
    assert refused("old.weights.h5", "b.pt", *SMALL) == (
        "old.weights.h5: has the layout of Keras 2; Keras reads it where the name ends in .h5 alone"
    )


class Payload:
    def __reduce__(self):
        return os.mkdir, ("RUN",)


@pytest.mark.parametrize("zipped", [True, False])
def test_a_pickle_with_code_in_it_is_never_run(refused, state, zipped):
    torch.save(state | {"extra": Payload()}, "evil.pt", _use_new_zipfile_serialization=zipped)
    Path("plain.bin").write_bytes(pickle.dumps({"a": Payload()}))
    for name in ("evil.pt", "plain.bin"):
        for arguments in ((name, "out.keras", *MODELS), ("--list", name)):
            message = refused(*arguments)
            assert message.startswith(f"{name}: a pickle with more in it than arrays")
            assert message.endswith("it is not loaded; save model.state_dict() instead")


def test_a_whole_model_in_a_pickle(refused):
    torch.save(torch.nn.Linear(2, 2), "whole.pt")
    assert "(torch.nn.modules.linear.Linear), which could run code" in refused("--list", "whole.pt")


@pytest.mark.parametrize("name", ["net.pt", "old.pth", "a.keras", "a.weights.h5", "saved"])
@pytest.mark.parametrize("kept", [0.0, 0.9])
def test_truncated_files(refused, translator, state, name, kept):
    torch.save(state, "old.pth", _use_new_zipfile_serialization=False)
    if not Path(name).exists():
        assert translator("weights", "net.pt", name, *MODELS).code == 0
    path = Path(name)
    if path.is_dir():
        path = path / "variables" / "variables.data-00000-of-00001"
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    Path("out.safetensors").write_bytes(b"as it was")
    models = MODELS if name.endswith(("pt", "pth")) else BACK
    message = refused(name, "out.safetensors", *models)
    assert message.startswith(f"{name}: ")
    assert "\n" not in message
    assert any(word in message for word in ("truncated", "damaged"))


@pytest.mark.parametrize("name", ["a.pt", "a.safetensors", "a.keras", "a.h5", "a.weights.h5"])
def test_what_is_no_checkpoint(refused, name):
    Path(name).write_text("import torch\n" * 100)
    assert refused("--list", name).startswith(f"{name}: not a")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([1, 2], "holds a list, not a state dict"),
        ({"epoch": 1}, "holds no state dict: there are no arrays in it"),
        ({x: {"w": torch.ones(1)} for x in ("model", "net")}, "several state dicts (model, net)"),
        ({x: {"w": torch.ones(1)} for x in ("left", "right")}, "several state dicts (left, right)"),
    ],
)
def test_no_state_dict(refused, content, message):
    torch.save(content, "a.pt")
    assert message in refused("--list", "a.pt")


def test_a_checkpoint_of_another_model(refused, translator, state):
    message = refused("net.pt", "out.keras", "--source-model", "net.py:Other()", *MODELS[2:])
    lines = message.splitlines()
    assert lines[0] == "net.pt does not fit the model (12):"
    assert "  body.weight (4, 3) of the model is not in the file" in lines
    assert "  head.bias (2,) of the file is not in the model" in lines
    for name in ("a.keras", "saved"):
        assert translator("weights", "net.pt", name, *MODELS).code == 0
        source = ("--source-model", "net_tf.py:net(5)")
        message = refused(name, "out.pt", *source, *BACK[2:])
        assert message.startswith(f"{name} does not fit the model (8):\n")
        assert "has shape (4, 2) in the file and (5, 2) in the model" in message


def test_a_model_of_another_shape_on_the_other_side(refused):
    message = refused("net.pt", "out.keras", *MODELS[:3], "net_tf.py:net(5)")
    assert message.startswith("The weights do not correspond (")


def test_a_saved_model_whose_variables_have_other_names(refused, translator, state):
    assert translator("weights", "net.pt", "saved", *MODELS).code == 0
    Path("other.py").write_text(KERAS.replace('name="scale"', 'name="size"'))
    message = refused("saved", "out.pt", "--source-model", "other.py:net()", *BACK[2:])
    what = "its variables/0 is called 'scale', the model's 'size'"
    assert message == f"saved: belongs to another model: {what}"


def test_a_saved_model_of_keras_2(refused, translator, state):
    assert translator("weights", "net.pt", "saved", *MODELS).code == 0
    Path("saved", "keras_metadata.pb").touch()
    message = refused("saved", "out.pt", *BACK)
    assert message.startswith("saved: was saved by Keras 2, which numbers variables differently; ")


def test_a_model_without_weights_yet(refused, translator, state):
    assert translator("weights", "net.pt", "a.keras", *MODELS).code == 0
    message = refused("a.keras", "out.pt", "--source-model", "net_tf.py:Net()", *BACK[2:])
    assert "has no weights yet" in message


@pytest.mark.parametrize("middle", ["a.weights.h5", "a.keras", "a.safetensors", "saved"])
def test_a_model_that_is_built_by_the_sizes_of_the_other(translator, state, middle):
    names = ("body.0.weight", "body.0.bias", "body.2.weight", "body.2.bias")
    shapes = ((4, 3), (4,), (2, 4), (2,))
    plain = {name: torch.rand(shape) for name, shape in zip(names, shapes, strict=True)}
    torch.save(plain, "plain.pt")
    torch_side, keras_side = "net.py:Plain()", "net_tf.py:Plain()"
    there = ("--source-model", torch_side, "--target-model", keras_side)
    back = ("--source-model", keras_side, "--target-model", torch_side)
    result = translator("weights", "plain.pt", middle, *there)
    assert ("the model was never called" in result.out) == (middle in ("a.keras", "saved"))
    assert translator("weights", middle, "back.pt", *back).code == 0
    assert_equal("back.pt", plain)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("no.pt", "out.keras", *MODELS), "no.pt: no such file"),
        (("--list", "net.py"), "net.py: '.py' is no known format; a name ends in .safetensors, "),
        (("--list", "."), ".: a folder with neither a SavedModel nor safetensors files in it"),
        (("net.pt", "out.txt", *MODELS), "out.txt: '.txt' is no known format; "),
        (("net.pt", "out.h5", *MODELS), "out.h5: this format is only read; write .safetensors, "),
        (("net.pt", "no/a.keras", *MODELS), "no/a.keras: cannot be written: the folder does not "),
        (("net.pt", "net.py/a.keras", *MODELS), "net.py/a.keras: cannot be written: not a dir"),
        (("net.pt", "folder.keras", *MODELS), "folder.keras: is a folder; name a file to write"),
        (("net.pt", ".", *MODELS), ".: is a folder with something else than a SavedModel in it"),
        (("net.pt", "LICENSE", *MODELS), "LICENSE: is there, and nothing that can be replaced"),
        (("net.pt", "out.pt", *MODELS), "out.pt is a PyTorch file, and the model beside it is a "),
        (("net.pt", "out.pth", *BACK), "net.pt is a PyTorch file, and the model beside it is a "),
        (("net.pt",), "name two files, SOURCE and TARGET; or --list and any number"),
        (("net.pt", "out.keras"), "--source-model and --target-model say what the weights belong"),
        (("--list", "net.pt", *MODELS), "--list needs no model"),
    ],
)
def test_wrong_use(refused, arguments, message):
    Path("folder.keras").mkdir()
    Path("LICENSE").write_text("")
    assert refused(*arguments).startswith(message)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("net.py", "a model is named as FILE:EXPRESSION, net.py:Net(10) say, not 'net.py'"),
        ("net.py: ", "a model is named as FILE:EXPRESSION"),
        ("no.py:Net()", "no.py: no such file"),
        ("net.py:Net", "net.py: Net is a class, not a model; write Net() with its arguments"),
        ("net.py:Net().scale", "net.py: Net().scale is no model, but of type Parameter"),
        ("net.py:torch", "net.py: torch is no model, but of type module"),
        ("net.py:Not()", "net.py: NameError: name 'Not' is not defined"),
        ("net.py:Net(", "net.py: 'Net(' is no expression: '(' was never closed"),
        ("net.py:Net('a')", "net.py:10: TypeError: "),
        ("fails.py:Net()", "fails.py:2: ZeroDivisionError: division by zero"),
        ("leaves.py:Net()", "leaves.py:1: SystemExit: 3"),
        ("needs.py:Net()", "needs.py:1: ModuleNotFoundError: No module named 'not_there'"),
        ("broken.py:Net()", "broken.py:1: '(' was never closed"),
    ],
)
def test_models_that_cannot_be_made(refused, model, message):
    Path("fails.py").write_text("def f():\n    return 1 / 0\nf()\n")
    Path("leaves.py").write_text("raise SystemExit(3)\n")
    Path("needs.py").write_text("import not_there\n")
    Path("broken.py").write_text("Net(\n")
    assert refused("net.pt", "out.keras", "--source-model", model, *MODELS[2:]).startswith(message)


def test_a_framework_that_is_missing(refused, monkeypatch):
    import importlib.util

    there = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == "torch" else there(name)
    )
    message = 'this needs torch; run: pip install "translator[run]"'
    assert refused("--list", "net.pt") == message
    assert refused("net.pt", "out.keras", *MODELS) == message


def test_a_disk_that_is_full(refused, monkeypatch):
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keras.Model, "save_weights", full)
    monkeypatch.setattr(torch, "save", full)
    for name in ("out.weights.h5",):
        message = refused("net.pt", name, *MODELS)
        assert message == f"{name}: cannot be written: no space left on device"


def test_a_failure_at_the_last_step_leaves_the_folder_that_was_there(
    refused, translator, state, monkeypatch
):
    assert translator("weights", "net.pt", "saved", *MODELS).code == 0
    rename = Path.rename

    def fail(self, target):
        if self.name == "saved" and ".tmp" in str(self):
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    assert refused("net.pt", "saved", *MODELS) == "saved: cannot be written: input/output error"
