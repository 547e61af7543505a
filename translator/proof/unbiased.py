"""The one difference of batch norm that a plain port has: torch keeps the unbiased variance, Keras the biased one."""

from __future__ import annotations

import numpy as np

from translator.proof.alignment import distance
from translator.weights.tree import Values


def unbiased(a: Values, b: Values, start: Values, torch_first: bool) -> bool:
    """True if both moved from `start` and torch's step is n / (n - 1) times that of Keras, for a whole n.

    With a momentum m, the new value is start + m * (variance - start): the start's own part is the same on both sides,
    and what is left of it is only known up to m. The difference of both is m * variance / n, so that the variance has
    to be the same multiple of it in each channel.
    """
    torch, keras = (a, b) if torch_first else (b, a)
    difference = torch - keras
    if start.shape != a.shape or not np.all(difference > 0):
        return False
    # keras = start + m * (v - start) and difference = m * v / (n - 1): linear in the channels, with m and n common.
    columns = np.stack([start, difference], axis=-1).reshape(-1, 2)
    if len(columns) < 3:
        return len(columns) > 0
    solution, *_ = np.linalg.lstsq(columns, keras.reshape(-1), rcond=None)
    kept, samples = float(solution[0]), float(solution[1])
    misfit = distance(keras.reshape(-1), columns @ solution)
    whole = abs(samples - round(samples)) < 1e-2 * max(1.0, samples * 1e-3)
    return misfit < 1e-5 and 0.0 <= kept <= 1.0 and samples > 0.5 and whole
