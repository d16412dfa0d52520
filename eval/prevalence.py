"""The share of each type in a collection, corrected for the classifier's errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

#: How near to 0 and 1 the first estimate may come: odds of 0 would leave no probability to tell sentences apart by.
LOWEST = 0.01


class Prevalence(NamedTuple):
    """The share of one type in a collection.

    Attributes
    ----------
    type : str
    counted : float or None
        Share of the sentences whose probability reaches the threshold; None for a collection without sentences.
    corrected : float or None
        Estimated share of the sentences that carry the type. None where the labelled sentences cannot tell: none of
        them carries the type, all of them do, or those that do have no higher probabilities than the others.
    low, high : float or None
        Interval of the corrected share; None if that is. From 0 to 1 where it is not known how documents differ:
        sentences with the type, or without it, stand in a single labelled document.
    """

    type: str
    counted: float | None
    corrected: float | None
    low: float | None
    high: float | None


def estimate_prevalence(
    y: np.ndarray,
    labelled_probabilities: np.ndarray,
    thresholds: Sequence[float] | np.ndarray,
    labelled_units: Sequence[int] | np.ndarray,
    probabilities: np.ndarray,
    units: Sequence[int] | np.ndarray,
    *,
    types: Sequence[str],
    level: float = 0.95,
) -> list[Prevalence]:
    r"""Estimate how many sentences of a collection carry each type.

    A count of predictions is biased wherever false alarms and misses do not cancel out: where a type is rare, most of
    what is counted may be false alarms. Labelled sentences tell what probabilities the model gives to sentences with
    and without the type, and with that the share follows from the collection's mean probability.

    Parameters
    ----------
    y : ndarray of bool, shape (n, n_types)
        Types of the labelled sentences. The model must not have been trained on these.
    labelled_probabilities : ndarray of float, shape (n, n_types)
    thresholds : sequence of float, shape (n_types,)
        Lowest probability at which each type is given.
    labelled_units : sequence of int, shape (n,)
        The document of each labelled sentence.
    probabilities : ndarray of float, shape (m, n_types)
        Of the collection's sentences.
    units : sequence of int, shape (m,)
        The document of each of the collection's sentences.
    types : sequence of str
    level : float, default=0.95
        Confidence of the interval.

    Returns
    -------
    list of Prevalence
        One per type.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or `level` is not between 0 and 1.

    Notes
    -----
    With :math:`\mu_1, \mu_0` the mean score of labelled sentences with and without the type, and :math:`m` that of the
    collection, the share is

    .. math:: \hat\pi = \frac{m - \mu_0}{\mu_1 - \mu_0}, \text{ clipped to } [0, 1].

    With decisions as scores this is the adjusted count [1]_, [2]_, with probabilities the scaled probability average
    [3]_; any score will do [4]_. Here it is done twice: the first estimate, :math:`\hat\pi_1`, comes from the
    probabilities, the second one from those that the sentences would have if the type had that share, as in one step
    of expectation maximisation [5]_: odds times :math:`\frac{\hat\pi_1 / (1 - \hat\pi_1)}{\bar y / (1 - \bar y)}`.

    All this rests on one assumption: what changes from the labelled sentences to the collection is how frequent a type
    is, not what its sentences are like. If the collection is of another kind of text, neither estimate nor interval
    can know. And where types are as frequent in the collection as where the model was tuned, the plain count may err
    less, as its errors cancel out: with few labelled documents the correction adds more noise than it takes bias away.

    The interval is for the share in the collection at hand (a prediction interval, [6]_), not in all text like it, so
    it does not grow with how much the share varies between documents. It holds every :math:`\pi` with

    .. math:: (m - \pi \mu_1 - (1 - \pi) \mu_0)^2 \le t^2 \, [\, \pi^2 V_{11} + (1 - \pi)^2 V_{00}
              + 2 \pi (1 - \pi) V_{10} + r \, (\pi \bar y V_{11} + (1 - \pi) (1 - \bar y) V_{00}) \,],

    after Fieller [7]_. :math:`V` is the covariance of :math:`\mu_1` and :math:`\mu_0`, of linearised ratios over
    labelled documents; the last two terms are the errors that the collection itself has by chance, the fewer the larger
    it is, where :math:`r` is the number of labelled sentences by that of the collection's, or of documents, whichever
    is larger. :math:`t` is a quantile of Student's distribution, its degrees of freedom one less than the labelled
    documents with a sentence that carries the type, or of those with one that does not, whichever are fewer. Unlike
    the percentiles of a bootstrap this holds with few labelled documents too.

    References
    ----------
    .. [1] J. Gart, A. Buck (1966). Comparison of a screening test and a reference test in epidemiologic studies. II.
       American Journal of Epidemiology 83(3). https://doi.org/10.1093/oxfordjournals.aje.a120610
    .. [2] G. Forman (2008). Quantifying counts and costs via classification. Data Mining and Knowledge Discovery
       17(2). https://doi.org/10.1007/s10618-008-0097-y
    .. [3] A. Bella, C. Ferri, J. Hernández-Orallo, M. J. Ramírez-Quintana (2010). Quantification via probability
       estimators. ICDM. https://doi.org/10.1109/ICDM.2010.75
    .. [4] A. Vaz, R. Izbicki, R. Stern (2019). Quantification under prior probability shift: the ratio estimator and
       its extensions. Journal of Machine Learning Research 20(79). http://jmlr.org/papers/v20/18-456.html
    .. [5] M. Saerens, P. Latinne, C. Decaestecker (2002). Adjusting the outputs of a classifier to new a priori
       probabilities: a simple procedure. Neural Computation 14(1). https://doi.org/10.1162/089976602753284446
    .. [6] D. Tasche (2019). Confidence intervals for class prevalences under prior probability shift. Machine Learning
       and Knowledge Extraction 1(3). https://doi.org/10.3390/make1030047
    .. [7] E. Fieller (1954). Some problems in interval estimation. Journal of the Royal Statistical Society B 16(2).
       https://doi.org/10.1111/j.2517-6161.1954.tb00159.x

    Examples
    --------
    In 20 labelled documents, each with a sentence of the type and one without, 16 of either are told apart. Of 400
    sentences of a collection a quarter is given the type. False alarms explain most of that:

    >>> y = np.array([[True], [False]] * 20)
    >>> labelled = np.array([[0.9], [0.1]] * 16 + [[0.4], [0.6]] * 4)
    >>> collection = np.array([[0.9]] * 25 + [[0.6]] * 75 + [[0.1]] * 300)
    >>> documents, others = np.repeat(np.arange(20), 2), np.arange(400) // 10
    >>> found = estimate_prevalence(y, labelled, [0.5], documents, collection, others, types=["attack_report"])
    >>> print(*(f"{share:.2f}" for share in found[0][1:]))
    0.25 0.08 0.01 0.13
    """
    y = np.asarray(y, dtype=bool)
    _check(y, labelled_probabilities, thresholds, labelled_units, probabilities, units, types, level)
    documents = np.unique(labelled_units, return_inverse=True)[1]
    noise = _relative_noise(np.asarray(labelled_units), np.asarray(units)) if len(y) and len(units) else 0.0
    found = []
    for j, name in enumerate(types):
        column = probabilities[:, j]
        counted = float((column >= thresholds[j]).mean()) if len(column) else None
        estimate = _adjust_twice(y[:, j], labelled_probabilities[:, j], documents, column, noise, level)
        found.append(Prevalence(name, counted, *(estimate or (None, None, None))))
    return found


def _adjust_twice(
    y: np.ndarray, labelled: np.ndarray, documents: np.ndarray, collection: np.ndarray, noise: float, level: float
) -> tuple[float, float, float] | None:
    """Give share and interval, or None if there is nothing to tell it by."""
    if not len(collection) or y.all() or not y.any():
        return None
    first = _adjust(y, labelled, collection)
    if first is None:
        return None
    wanted, share = min(max(first, LOWEST), 1 - LOWEST), float(y.mean())
    factor = wanted / (1 - wanted) * (1 - share) / share
    labelled, collection = _with_odds(labelled, factor), _with_odds(collection, factor)
    second = _adjust(y, labelled, collection)
    if second is None:
        return None
    return second, *_interval(y, labelled, documents, float(collection.mean()), noise, level)


def _adjust(y: np.ndarray, labelled: np.ndarray, collection: np.ndarray) -> float | None:
    """Find the share of the mixture with the collection's mean score; None if the scores do not tell."""
    with_type, without = labelled[y].mean(), labelled[~y].mean()
    if with_type <= without:
        return None
    return float(np.clip((collection.mean() - without) / (with_type - without), 0, 1))


def _with_odds(probabilities: np.ndarray, factor: float) -> np.ndarray:
    """Multiply the odds by a factor."""
    multiplied: np.ndarray = probabilities * factor / (probabilities * factor + 1 - probabilities)
    return multiplied


def _interval(
    y: np.ndarray, scores: np.ndarray, documents: np.ndarray, mean: float, noise: float, level: float
) -> tuple[float, float]:
    """Find the shares that the collection's mean score does not rule out: where a quadratic is not above 0."""
    means, residuals, counts = [], [], []
    for rows in (y, ~y):
        sentences = np.bincount(documents, weights=rows)
        carrying = int(np.count_nonzero(sentences))
        if carrying == 1:
            return 0.0, 1.0
        means.append(float(scores[rows].mean()))
        errors = np.bincount(documents, weights=rows * (scores - means[-1])) / sentences.sum()
        residuals.append(errors * np.sqrt(carrying / (carrying - 1)))
        counts.append(carrying)
    (v11, v10), (_, v00) = (np.array(residuals) @ np.array(residuals).T).tolist()
    t2 = float(stdtrit(min(counts) - 1, 0.5 + level / 2)) ** 2
    w1, w0 = noise * float(y.mean()), noise * float((~y).mean())
    with_type, without = means
    gap = with_type - without
    # A mean outside of the two is impossible under any share; taken as it is, the interval might be empty.
    above = min(max(mean, without), with_type) - without
    a = gap**2 - t2 * (v11 - 2 * v10 + v00)
    b = -2 * above * gap - t2 * (2 * v10 - 2 * v00 + w1 * v11 - w0 * v00)
    c = above**2 - t2 * (1 + w0) * v00
    if a <= 0:  # The two means may be the same, for all that is known.
        return 0.0, 1.0
    root = np.sqrt(max(0.0, b * b - 4 * a * c))
    low, high = np.clip([(-b - root) / (2 * a), (-b + root) / (2 * a)], 0, 1).tolist()
    return low, high


def _relative_noise(labelled_units: np.ndarray, units: np.ndarray) -> float:
    """Divide the labelled sentences by the collection's, or the documents, as many as there would be of equal size."""
    labelled, collection = (np.unique(of, return_counts=True)[1].astype(float) for of in (labelled_units, units))
    sentences = labelled.sum() / collection.sum()
    documents = (labelled.sum() ** 2 / (labelled**2).sum()) / (collection.sum() ** 2 / (collection**2).sum())
    return float(max(sentences, documents))


def _check(
    y: np.ndarray,
    labelled_probabilities: np.ndarray,
    thresholds: Sequence[float] | np.ndarray,
    labelled_units: Sequence[int] | np.ndarray,
    probabilities: np.ndarray,
    units: Sequence[int] | np.ndarray,
    types: Sequence[str],
    level: float,
) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level is {level!r}; give a number between 0 and 1, such as 0.95")
    wanted = {
        "y": (np.shape(y), (len(labelled_units), len(types))),
        "labelled_probabilities": (np.shape(labelled_probabilities), (len(labelled_units), len(types))),
        "probabilities": (np.shape(probabilities), (len(units), len(types))),
        "thresholds": (np.shape(thresholds), (len(types),)),
    }
    for name, (found, shape) in wanted.items():
        if found != shape:
            raise ValueError(f"{name} has shape {found}; with these units and types it has to be {shape}")
