"""Other thresholds and priors than those of the training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def check_by_type(values: Mapping[str, float], types: Sequence[str], what: str, low: float, high: float) -> None:
    """Refuse numbers for types that a model does not have, or out of bounds.

    Parameters
    ----------
    values : mapping of str to float
        Type name -> number.
    types : sequence of str
        The model's.
    what : str
        What the numbers are, for messages.
    low, high : float
        Bounds, both allowed.

    Raises
    ------
    ValueError
    """
    for name, value in values.items():
        if name not in types:
            raise ValueError(f"{what} for {name!r}; the model's types are {', '.join(types)}")
        if not low <= value <= high:
            between = "from 0 to 1" if low == 0 else "between 0 and 1"
            raise ValueError(f"{what} of {name} is {value!r}; give a number {between}")


def shift_priors(calibration: Mapping[str, Any], types: Sequence[str], priors: Mapping[str, float]) -> dict[str, Any]:
    r"""Calibrate for text in which types are more or less frequent.

    Parameters
    ----------
    calibration : mapping
        Of the model file: ``prior``, ``intercept`` and others, by type.
    types : sequence of str
    priors : mapping of str to float
        Type name -> share of the sentences that are expected to carry it; the others keep theirs.

    Returns
    -------
    dict
        Of the same keys.

    Notes
    -----
    Multiplying odds by a factor adds its logarithm to the intercept of the sigmoid.

    Examples
    --------
    >>> shift_priors({"prior": [0.5], "intercept": [0.0]}, ["attack"], {"attack": 0.2})["intercept"]
    [-1.3862943611198906]
    """
    trained = np.array(calibration["prior"])
    wanted = np.array([priors.get(name, prior) for name, prior in zip(types, trained.tolist(), strict=True)])
    shift = np.log(wanted / (1 - wanted)) - np.log(trained / (1 - trained))
    intercept = (np.array(calibration["intercept"], dtype=np.float64) + shift).tolist()
    return {**calibration, "intercept": intercept, "prior": wanted.tolist()}
