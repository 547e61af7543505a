"""What a module says of itself: its weights and their first values, its mode, its files, its members."""

from __future__ import annotations

from translator.knowledge.cases import script
from translator.knowledge.records import Construct, Record

_HEAD = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
x = torch.ones(5, 3)
"""


def _of_modules(
    name: str,
    torch: str,
    tf: str,
    about: str,
    differs: str,
    words: str,
    head: str = _HEAD,
    back: str = "",
) -> Construct:
    """Names of modules; `torch` is proved behind a small model."""
    return Construct(
        name=name,
        torch=torch,
        tf=tf,
        about=tuple(f"torch.{text}" for text in about.split()),
        differs=differs,
        words=words,
        cases=(script(head + torch, one_way=back),),
    )


WEIGHTS = _of_modules(
    "weights of a model",
    "model(x)\nprint(sum(p.numel() for p in model.parameters()))\n",
    "print(sum(math.prod(v.shape) for v in model.trainable_variables))\n",
    "nn.Module.parameters nn.Parameter nn.parameter.Parameter nn.Module.modules",
    "A Keras model has its weights once it is built or was called; what is not trained is not among "
    "trainable_variables.",
    "parameters count trainable_variables",
)
FIRST_VALUES = _of_modules(
    "first values of weights",
    """

def start(m):
    if isinstance(m, nn.Linear):
        nn.init.constant_(m.weight, 0.5)
        nn.init.zeros_(m.bias)


model.apply(start)
print(model(x).sum().item())
""",
    'keras.layers.Dense(4, kernel_initializer=keras.initializers.Constant(0.5), bias_initializer="zeros")\n',
    "nn.Module.apply nn.init.zeros_ nn.init.ones_ nn.init.constant_ nn.init.normal_ nn.init.uniform_ "
    "nn.init.trunc_normal_ nn.init.xavier_uniform_ nn.init.xavier_normal_ nn.init.kaiming_uniform_ "
    "nn.init.kaiming_normal_ nn.init.orthogonal_ nn.init.calculate_gain nn.init.constant nn.init.normal "
    "nn.init.uniform nn.init.orthogonal nn.init.xavier_uniform nn.init.xavier_normal nn.init.kaiming_uniform "
    "nn.init.kaiming_normal Tensor.uniform_ Tensor.normal_ Tensor.fill_",
    "torch sets a weight after it was made, Keras is told its initialiser. trunc_normal_ cuts off at the numbers "
    "a and b, Keras at two deviations.",
    "init initialise xavier kaiming glorot he orthogonal",
    back="a function that is applied to all layers becomes their initialisers",
)
MODE = _of_modules(
    "mode of a model",
    "model.eval()\nprint(model(x).shape[0], model.train()(x).shape[0])\n",
    "print(model(x, training=False).shape[0], model(x, training=True).shape[0])\n",
    "nn.Module.train nn.Module.eval nn.Module.training nn.Module.forward",
    "A torch module is in training from the start and keeps its mode; a call of Keras is told it, and is inference "
    "unless it is.",
    "train eval training inference",
    back="a model without dropout has no mode to set",
)
FILES = Construct(
    name="files of weights",
    torch='torch.save(model.state_dict(), "model.pt")\nmodel.load_state_dict(torch.load("model.pt"))',
    tf='model.save_weights("model.weights.h5")\nmodel.load_weights("model.weights.h5")',
    about=(
        "torch.save",
        "torch.load",
        "torch.nn.Module.state_dict",
        "torch.nn.Module.load_state_dict",
    ),
    differs="The files of the two sides are other ones: `translator weights` carries one over. Other objects than "
    "weights are kept with pickle or json.",
    words="checkpoint save load state_dict",
    cases=(
        script(
            "import copy\n" + _HEAD + "before = model(x).sum().item()\n"
            "best = copy.deepcopy(model.state_dict())\nmodel.load_state_dict(best)\n"
            "print(model(x).sum().item() - before)\n",
            one_way="numpy arrays of weights are no state",
        ),
    ),
)
MEMBERS = _of_modules(
    "members of a model",
    """

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(3, 3) for _ in range(2)])
        self.heads = nn.ModuleDict({"a": nn.Linear(3, 2)})

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.heads["a"](x)


print(Net()(x).shape[1])
""",
    "self.layers_ = [keras.layers.Dense(3) for _ in range(2)]\n",
    "nn.ModuleList nn.ModuleDict nn.ParameterList nn.ParameterDict "
    "nn.Module.add_module nn.Module.register_module nn.Module.register_buffer "
    "nn.Module.register_parameter "
    "nn.DataParallel nn.parallel.DistributedDataParallel nn.parallel.data_parallel "
    "utils.checkpoint.checkpoint",
    "Keras tracks the layers of plain lists and dicts.",
    "list dict of layers",
    back="a plain list of layers is written as it was found",
)
STEPS = Construct(
    name="one step of an optimizer",
    torch="optimizer.zero_grad()\nloss.backward()\noptimizer.step()",
    tf="gradients = tape.gradient(loss, model.trainable_variables)\n"
    "optimizer.apply_gradients(zip(gradients, model.trainable_variables))",
    about=(
        "torch.optim.Optimizer.step",
        "torch.optim.Optimizer.zero_grad",
        "torch.nn.Module.zero_grad",
    ),
    differs="See the training step for the whole.",
    words="step zero_grad",
    cases=(
        script(
            _HEAD + "optimizer = torch.optim.SGD(model.parameters(), lr=0.0)\n"
            "loss = model(x).pow(2).mean()\noptimizer.zero_grad()\nloss.backward()\noptimizer.step()\n"
            "print(model(x).shape[0])\n"
        ),
    ),
)

_CLIPPED_TORCH = (
    _HEAD
    + """
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for m in model.modules():
    if isinstance(m, nn.Linear):
        nn.init.constant_(m.weight, 0.5)
        nn.init.zeros_(m.bias)
for _ in range(3):
    optimizer.zero_grad()
    loss = model(x).pow(2).mean()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1)
    optimizer.step()
print(model(x).sum().item())
"""
)
_FROZEN = """
import numpy as np
import torch
from torch import nn

x = torch.tensor(np.linspace(-1, 1, 6), dtype=torch.float32).reshape(3, 2)
model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
for layer in model:
    nn.init.constant_(layer.weight, 0.5)
    nn.init.zeros_(layer.bias)
model[0].requires_grad_(False)
optimizer = torch.optim.SGD(filter(lambda p: p.requires_grad, model.parameters()), lr=0.1)
for step in range(3):
    optimizer.zero_grad()
    loss = (model(x) ** 2).mean()
    loss.backward()
    optimizer.step()
    print(loss.item())
"""
FREEZING = Construct(
    name="frozen model",
    torch="for p in model.features.parameters():\n    p.requires_grad = False",
    tf="model.features.trainable = False",
    about=("torch.nn.Module.requires_grad_",),
    differs="A frozen batch norm infers in Keras, and goes on with the statistics of its batches in torch.",
    words="freeze requires_grad trainable transfer learning fine-tuning",
    cases=(script(_FROZEN, one_way="a filter of parameters has no record that leads back"),),
)
CLIPPING = Construct(
    name="clipping of gradients",
    torch="torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n"
    "torch.nn.utils.clip_grad_value_(model.parameters(), 0.5)",
    tf="gradients, _ = tf.clip_by_global_norm(gradients, 1.0)\n"
    "gradients = [tf.clip_by_value(g, -0.5, 0.5) for g in gradients]",
    about=("torch.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grad_value_"),
    differs="torch changes the gradients that the parameters hold, TensorFlow makes new ones, between tape.gradient "
    "and apply_gradients. torch adds 1e-6 to the norm that it divides by.",
    words="gradient clipping norm value",
    cases=(
        script(_CLIPPED_TORCH, one_way="gradients that are clipped have no record that leads back"),
    ),
)
COMPILED = Construct(
    name="compiled model",
    torch="model = torch.compile(model)",
    tf="model.compile(jit_compile=True), or @tf.function above what calls the model",
    about=(
        "torch.compile",
        "torch.jit.script",
        "torch.jit.Final",
        "torch.jit.ignore",
        "torch.jit.unused",
    ),
    differs="What is said to torch's compiler is left out; the model computes the same.",
    words="compile script graph speed",
    cases=(
        script(
            _HEAD + "scripted = torch.jit.script(model)\nprint(scripted(x).shape[1])\n",
            one_way="there is nothing left of it",
        ),
    ),
)

RECORDS: tuple[Record, ...] = (
    FREEZING,
    CLIPPING,
    COMPILED,
    WEIGHTS,
    FIRST_VALUES,
    MODE,
    FILES,
    MEMBERS,
    STEPS,
)
