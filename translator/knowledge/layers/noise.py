"""Noise that is added or multiplied in training alone."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import fixed, only, same
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.shapes import like_first

_SEED = only("tensorflow", "seed", "the two sides never draw the same numbers")
_CLASS = "what the file has for it is a class of its own"


def _noise(name: str, parameter: str, text: str, says: str) -> Pair:
    helper = f'''
class {name}(nn.Module):
    """{says}"""

    def __init__(self, {parameter}):
        super().__init__()
        self.{parameter} = {parameter}

    def forward(self, inputs):
        if not self.training:
            return inputs
        return {text}
'''
    return Pair(
        torch=f"{name}({parameter})",
        tf=f"keras.layers.{name}({parameter}, seed=None)",
        args=(same(parameter), _SEED),
        order="keeps",
        shape=like_first,
        only_from="tensorflow",
        helper=(name, helper),
        words="noise regularisation training",
        cases=(case(f"keras.layers.{name}(0.3)", f32(2, 3), side="tensorflow", one_way=_CLASS),),
    )


GAUSSIAN_NOISE = _noise(
    "GaussianNoise",
    "stddev",
    "inputs + self.stddev * torch.randn_like(inputs)",
    "Adds normal noise, in training alone.",
)
GAUSSIAN_DROPOUT = _noise(
    "GaussianDropout",
    "rate",
    "inputs * (1 + (self.rate / (1 - self.rate)) ** 0.5 * torch.randn_like(inputs))",
    "Multiplies by normal noise around one, in training alone.",
)
ALPHA_DROPOUT = Layer(
    torch="torch.nn.AlphaDropout(p=0.5, inplace=False)",
    tf="keras.layers.AlphaDropout(rate, noise_shape=None, seed=None)",
    args=(
        same("p", "rate"),
        only("torch", "inplace", "TensorFlow's tensors are immutable"),
        fixed("tensorflow", "noise_shape", "None"),
        _SEED,
    ),
    order="keeps",
    shape=like_first,
    moded=True,
    differs="Both keep mean and variance of what scaled exponential units give.",
    words="dropout selu",
    cases=(
        case("torch.nn.AlphaDropout(0.2)", f32(2, 3)),
        case("torch.nn.AlphaDropout()", f32(2, 3)),
    ),
)

RECORDS: tuple[Record, ...] = (GAUSSIAN_NOISE, GAUSSIAN_DROPOUT, ALPHA_DROPOUT)
