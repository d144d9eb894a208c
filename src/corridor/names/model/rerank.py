"""How likely each candidate is to be the name asked for: a small network over what the alignment shows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from corridor.names.model.align import FEATURES, Doubles

DIGITS = 6


def scores(layers: Mapping[str, NDArray[np.float64]], features: Doubles) -> Doubles:
    """The log odds of each row: two layers of rectified units over features brought to mean 0 and deviation 1.

    Rounded, so that the order in which a matrix product is summed never shows. Without layers the name's cosine speaks.
    """
    if not layers:
        return np.round(features[:, FEATURES.index("name cosine")], DIGITS)
    inner = np.clip((features - layers["mean"]) / layers["deviation"], -6.0, 6.0)
    inner = np.maximum(inner @ layers["weights_1"] + layers["bias_1"], 0.0)
    inner = np.maximum(inner @ layers["weights_2"] + layers["bias_2"], 0.0)
    answer: Doubles = inner @ layers["weights_3"] + layers["bias_3"]
    return np.round(answer, DIGITS)


def likenesses(layers: Mapping[str, NDArray[np.float64]], log_odds: Doubles) -> Doubles:
    """Log odds as a likeness from 0 to 1: how often, of held-out pairs with such odds, both were one name."""
    if not layers:
        return np.clip(log_odds, 0.0, 1.0)
    slope, shift = layers["calibration"]
    answer: Doubles = 1.0 / (1.0 + np.exp(-np.clip(slope * log_odds + shift, -40.0, 40.0)))
    return answer
