"""Layers that spread others, or a vector, over time steps."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import beside, same
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import Bound, Shape

_REPEAT = '''
class RepeatVector(nn.Module):
    """Repeats a vector at each of `n` steps."""

    def __init__(self, n):
        super().__init__()
        self.n = n

    def forward(self, inputs):
        return inputs.unsqueeze(1).expand(-1, self.n, -1)
'''


def _repeated(call: Bound) -> Shape:
    return None if not call.first else (call.first[0], call.literals.get("n"), *call.first[1:])


REPEAT_VECTOR = Pair(
    torch="RepeatVector(n)",
    tf="keras.layers.RepeatVector(n)",
    args=(same("n"),),
    rank=2,
    shape=_repeated,
    only_from="tensorflow",
    helper=("RepeatVector", _REPEAT),
    words="repeat vector steps decoder",
    cases=(case("keras.layers.RepeatVector(3)", f32(2, 4), side="tensorflow"),),
)

TIME_DISTRIBUTED = Pair(
    torch="torch.nn.Linear(in_features, out_features)",
    tf="keras.layers.TimeDistributed(layer)",
    args=(beside("layer", "the layer itself"),),
    only_from="tensorflow",
    differs="torch's Linear and activations work on the last axis of any tensor, so that they need no wrapper; of "
    "layers that see more axes the steps have to be folded into the batch: layer(x.flatten(0, 1)).",
    words="time distributed steps wrapper",
    cases=(
        case(
            "keras.Sequential([keras.Input((5, 3)), "
            "keras.layers.TimeDistributed(keras.layers.Dense(4, activation='tanh'))])",
            f32(2, 5, 3),
            side="tensorflow",
            one_way="Dense needs no wrapper either",
        ),
    ),
)

RECORDS: tuple[Record, ...] = (REPEAT_VECTOR, TIME_DISTRIBUTED)
