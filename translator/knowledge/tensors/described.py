"""What a tensor says of itself, where it lies, what leads back from it: attributes and methods that code reads."""

from __future__ import annotations

from translator.knowledge.cases import script
from translator.knowledge.records import Construct, Record

_HEAD = "import torch\n\nx = torch.arange(6.0).reshape(2, 3)\n"


def _described(
    name: str, torch: str, tf: str, about: str, differs: str, words: str, back: str = ""
) -> Construct:
    """Names of tensors that are read by the code around them; `torch` is proved."""
    program = f"{_HEAD}{torch}"
    return Construct(
        name=name,
        torch=torch,
        tf=tf,
        about=tuple(f"torch.{text}" for text in about.split()),
        differs=differs,
        words=words,
        cases=(script(program, one_way=back),),
    )


SHAPE = _described(
    "shape of a tensor",
    "print(x.shape[0], x.size(1), x.shape[-1], x.ndim, list(x.shape))\n",
    "print(x.shape[0], x.shape[1], x.shape[-1], x.ndim, list(x.shape))\n",
    "Tensor.shape Tensor.size Tensor.ndim Size",
    "Inside of a model the batch size is known only when the graph runs: tf.shape(x)[0] is written for it.",
    "sizes rank axes",
)
TYPE = _described(
    "type of a tensor",
    "y = x.long()\nprint(y.dtype == torch.int64, x.to(torch.float64).sum().item(), y.float().mean().item())\n"
    "print(x.int().sum().item(), x.double().sum().item(), x.bool().all().item(), x.type(torch.float32).sum().item())\n",
    "y = tf.cast(x, tf.int64)\nprint(y.dtype == tf.int64)\n",
    "Tensor.dtype dtype Tensor.to Tensor.type Tensor.float Tensor.double Tensor.half Tensor.bfloat16 Tensor.long "
    "Tensor.byte Tensor.char Tensor.int Tensor.short Tensor.bool Tensor.type_as nn.Module.float nn.Module.double "
    "nn.Module.half nn.Module.bfloat16 nn.Module.to",
    "TensorFlow computes with one type at a time: casts are written where torch promotes.",
    "dtype cast promote",
    "a cast in TensorFlow is one function",
)
PLACE = _described(
    "place of a tensor",
    'device = torch.device("cuda" if torch.cuda.is_available() else "cpu")\nprint(x.to(device).cpu().sum().item())\n',
    "print(tf.reduce_sum(x).numpy().item())\n",
    "Tensor.device Tensor.cuda Tensor.cpu Tensor.is_cuda Tensor.contiguous device cuda.is_available cuda.device_count "
    "nn.Module.cuda nn.Module.cpu backends.mps.is_available",
    "TensorFlow places tensors by itself, on the GPU where there is one; what moves them is left out.",
    "gpu cuda device move",
)
NUMBERS = _described(
    "numbers of a tensor",
    "print(x.detach().numpy().sum(), x[0, 1].item(), x.data.sum().item())\n",
    "print(x.numpy().sum(), x[0, 1].numpy().item(), tf.reduce_sum(x).numpy().item())\n",
    "Tensor.data Tensor.item Tensor.numpy Tensor.detach Tensor.detach_ detach no_grad inference_mode enable_grad "
    "from_numpy as_tensor tensor FloatTensor LongTensor",
    "What is taken out of a tensor has no gradient on either side; under a tape it is tf.stop_gradient(x).",
    "numpy item detach",
    "numpy is the same on both sides",
)
TURNED = _described(
    "transpose of a tensor",
    "print(x.T.shape[0], x.t()[2, 1].item(), x.mT.shape[1])\n",
    "print(tf.transpose(x).shape[0], tf.transpose(x)[2, 1].numpy().item(), tf.linalg.matrix_transpose(x).shape[1])\n",
    "Tensor.T Tensor.mT Tensor.t Tensor.H",
    "Of more than two axes T turns all of them, mT the last two.",
    "transpose matrix",
    "what turns all axes has no record that leads back",
)
ALIKE = _described(
    "tensors made like another",
    "print(x.new_zeros(2).sum().item(), x.new_ones(2, 3).sum().item(), x.expand(4, 2, 3).shape[0])\n",
    "print(tf.zeros([2], dtype=x.dtype).numpy().sum())\n",
    "Tensor.new_zeros Tensor.new_ones Tensor.new_empty Tensor.expand",
    "The type of the tensor is written out.",
    "new zeros ones same type",
)
_GRADIENT_TORCH = """
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (w ** 2).sum()
loss.backward()
print(w.grad.tolist())
"""
_GRADIENT_TF = """
import tensorflow as tf

w = tf.Variable([1.0, 2.0])
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(w ** 2)
dw = tape.gradient(loss, w)
print(dw.numpy().tolist())
"""
GRADIENT = Construct(
    name="gradient of a tensor",
    torch=_GRADIENT_TORCH,
    tf=_GRADIENT_TF,
    about=(
        "torch.Tensor.grad",
        "torch.Tensor.backward",
        "torch.Tensor.requires_grad_",
        "torch.autograd.grad",
        "torch.autograd.backward",
        "torch.autograd.Variable",
        "torch.Tensor.zero_",
    ),
    differs="torch keeps the gradient in the tensor and adds the next one to it; a tape returns it.",
    words="grad backward tape derivative",
    cases=(script(_GRADIENT_TORCH), script(_GRADIENT_TF, side="tensorflow")),
)

SEED = Construct(
    name="seed and assertion",
    torch='torch.manual_seed(0)\ntorch._assert(x.shape[0] == 2, "two rows")',
    tf='keras.utils.set_random_seed(0)\nassert x.shape[0] == 2, "two rows"',
    about=("torch.manual_seed", "torch._assert"),
    differs="The two sides never draw the same numbers.",
    words="seed random reproducible assert",
    cases=(
        script(
            f"{_HEAD}torch.manual_seed(0)\ntorch._assert(x.shape[0] == 2, 'two rows')\nprint(x.sum().item())\n",
            one_way="the seed sets Python's and numpy's as well",
        ),
    ),
)

RECORDS: tuple[Record, ...] = (SEED, SHAPE, TYPE, PLACE, NUMBERS, TURNED, ALIKE, GRADIENT)
