"""Estimates of a type's share in a collection, and their intervals: those that were compared, and wiredesk's."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit, stdtrit

from wiredesk.eval.prevalence import LOWEST, estimate_prevalence
from wiredesk.models import Model

DRAWS = 400
BY_TRAINING = "adjusted count, rates of the model's cross-validation"


class Case(NamedTuple):
    """One type of one collection, and the labelled sentences that tell the model's errors."""

    y: np.ndarray  # (n, n_types), like the next: of the labelled sentences
    labelled: np.ndarray
    labelled_documents: np.ndarray
    collection: np.ndarray  # (m, n_types)
    documents: np.ndarray
    type: int
    truth: float
    model: Model
    calibration: tuple[float, float]  # Of the labelled sentences' log odds.

    @property
    def columns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Labels and probabilities of the labelled sentences, and the collection's probabilities."""
        return self.y[:, self.type], self.labelled[:, self.type], self.collection[:, self.type]

    @property
    def threshold(self) -> float:
        """Lowest probability at which the type is given."""
        return list(self.model.thresholds.values())[self.type]

    def calibrated(self, probabilities: np.ndarray) -> np.ndarray:
        """Calibrate probabilities on the labelled sentences."""
        slope, intercept = self.calibration
        return expit(slope * log_odds(probabilities) + intercept)


def log_odds(probabilities: np.ndarray) -> np.ndarray:
    """Compute the logarithm of the odds."""
    return logit(np.clip(probabilities, 1e-9, 1 - 1e-9))


def adjusted(y: np.ndarray, labelled: np.ndarray, collection: np.ndarray) -> float:
    """Solve for the share at which scores of the labelled sentences have the collection's mean; NaN if none fits."""
    above, below = labelled[y].mean(), labelled[~y].mean()
    return float(np.clip((collection.mean() - below) / (above - below), 0, 1)) if above > below else np.nan


def counted(case: Case) -> float:
    """Count what reaches the threshold."""
    return float((case.columns[2] >= case.threshold).mean())


def adjusted_count(case: Case) -> float:
    """Adjust the count by the rates of hits and false alarms (Gart & Buck 1966, Forman 2008)."""
    y, labelled, collection = case.columns
    return adjusted(y, labelled >= case.threshold, collection >= case.threshold)


def trained_rates(case: Case) -> tuple[float, float, int, int]:
    """Give the rates of hits and false alarms in the model's cross-validation, and what they are shares of."""
    scores = case.model.manifest["training"]["cross_validation"]
    counts = scores["types"][case.model.types[case.type]]
    others = scores["sentences"] - counts["positives"]
    return counts["tp"] / counts["positives"], counts["fp"] / others, counts["positives"], others


def adjusted_by_training(case: Case) -> float:
    """Adjust the count by the rates of the model's cross-validation."""
    hits, alarms, _, _ = trained_rates(case)
    return float(np.clip((counted(case) - alarms) / (hits - alarms), 0, 1))


def median_sweep(case: Case) -> float:
    """Take the median of the adjusted counts at many thresholds (Forman 2008)."""
    y, labelled, collection = case.columns
    found = []
    for threshold in np.arange(0.05, 1, 0.05):
        hits, alarms = (labelled[y] >= threshold).mean(), (labelled[~y] >= threshold).mean()
        if hits - alarms > 0.25:
            found.append(((collection >= threshold).mean() - alarms) / (hits - alarms))
    return float(np.clip(np.median(found), 0, 1)) if found else np.nan


def mean_probability(case: Case) -> float:
    """Take the mean probability (Bella et al. 2010)."""
    return float(case.columns[2].mean())


def calibrated_mean(case: Case) -> float:
    """Take the mean of probabilities that are calibrated on the labelled sentences."""
    return float(case.calibrated(case.columns[2]).mean())


def mean_with_mean_error(case: Case) -> float:
    """Add the mean error of the labelled sentences' probabilities (Angelopoulos et al. 2023)."""
    y, labelled, collection = case.columns
    return float(np.clip(collection.mean() + y.mean() - labelled.mean(), 0, 1))


def adjusted_mean(case: Case) -> float:
    """Scale the mean probability between those of sentences with and without the type (Bella et al. 2010)."""
    return adjusted(*case.columns)


def expectation_maximisation(probabilities: np.ndarray, prior: float) -> float:
    """Find the share of the highest likelihood, given probabilities that are right at a prior (Saerens et al. 2002)."""
    odds = np.exp(log_odds(probabilities)) * (1 - prior) / prior
    share = prior
    for _ in range(1000):
        last, share = share, float(np.clip((odds * share / (odds * share + 1 - share)).mean(), 1e-6, 1 - 1e-6))
        if abs(share - last) < 1e-7:
            break
    return share


def em_from_training(case: Case) -> float:
    """Run expectation maximisation from the share in the training corpus."""
    return expectation_maximisation(case.columns[2], case.model.manifest["calibration"]["prior"][case.type])


def em_calibrated(case: Case) -> float:
    """Calibrate on the labelled sentences first (Alexandari et al. 2020)."""
    y, _, collection = case.columns
    return expectation_maximisation(case.calibrated(collection), float(y.mean()))


def hellinger(case: Case, bins: int = 8) -> float:
    """Find the mixture of histograms nearest to the collection's (González-Castro et al. 2013)."""
    y, labelled, collection = case.columns
    above, below, found = (
        np.histogram(of, bins, (0, 1))[0] / max(1, len(of)) for of in (labelled[y], labelled[~y], collection)
    )
    shares = np.linspace(0, 1, 201)[:, None]
    mixtures = shares * above + (1 - shares) * below
    return float(shares[np.sqrt(mixtures * found).sum(axis=1).argmax(), 0])


def profiles(case: Case) -> float:
    """Match how often each profile of decisions occurs, by least squares (after Hopkins & King 2010)."""
    thresholds, powers = np.array(list(case.model.thresholds.values())), 2 ** np.arange(case.y.shape[1])
    labelled, collection = ((of >= thresholds) @ powers for of in (case.labelled, case.collection))
    y = case.columns[0]
    above, below, found = (
        np.bincount(of, minlength=2 * powers[-1]) / max(1, len(of)) for of in (labelled[y], labelled[~y], collection)
    )
    gap = above - below
    return float(np.clip((found - below) @ gap / (gap @ gap), 0, 1)) if gap.any() else np.nan


def ours(case: Case) -> tuple[float, float, float]:
    """Give what `estimate_prevalence` finds, and its interval; NaN, and everything, where it finds nothing."""
    thresholds = list(case.model.thresholds.values())
    labelled = case.y, case.labelled, thresholds, case.labelled_documents
    found = estimate_prevalence(*labelled, case.collection, case.documents, types=case.model.types)[case.type]
    if found.corrected is None or found.low is None or found.high is None:
        return np.nan, 0.0, 1.0
    return found.corrected, found.low, found.high


METHODS: dict[str, Callable[[Case], float]] = {
    "counted at the threshold": counted,
    "adjusted count": adjusted_count,
    BY_TRAINING: adjusted_by_training,
    "median sweep": median_sweep,
    "mean probability": mean_probability,
    "mean probability, calibrated": calibrated_mean,
    "mean probability plus mean error": mean_with_mean_error,
    "adjusted mean probability": adjusted_mean,
    "expectation maximisation, prior of the training": em_from_training,
    "expectation maximisation, calibrated": em_calibrated,
    "histograms, Hellinger distance": hellinger,
    "profiles of decisions": profiles,
    "**adjusted mean probability, twice**": lambda case: ours(case)[0],
}


def bootstrap(case: Case, rng: np.random.Generator, both: bool) -> tuple[float, float]:
    """Draw documents with replacement, the labelled ones or the collection's too; adjust twice in each draw."""
    y, labelled, collection = case.columns
    weights = _times(case.labelled_documents, rng)
    others = _times(case.documents, rng) if both else np.ones((DRAWS, len(collection)))
    with np.errstate(divide="ignore", invalid="ignore"):  # No sentence with the type may be drawn.
        first = _weighted(y, labelled[None], collection[None], weights, others)
        wanted, share = np.clip(first, LOWEST, 1 - LOWEST), weights @ y / weights.sum(axis=1)
        factor = (wanted / (1 - wanted) * (1 - share) / share)[:, None]
        labelled, collection = (of * factor / (of * factor + 1 - of) for of in (labelled, collection))
        found = _weighted(y, labelled, collection, weights, others)
    low, high = np.nanpercentile(found, [2.5, 97.5])
    return float(low), float(high)


def _times(documents: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    n = int(documents.max()) + 1
    return rng.multinomial(n, np.full(n, 1 / n), DRAWS)[:, documents].astype(float)


def _weighted(
    y: np.ndarray, labelled: np.ndarray, collection: np.ndarray, weights: np.ndarray, others: np.ndarray
) -> np.ndarray:
    above = (weights * y * labelled).sum(axis=1) / (weights @ y)
    below = (weights * ~y * labelled).sum(axis=1) / (weights @ ~y)
    mean = (others * collection).sum(axis=1) / others.sum(axis=1)
    return np.where(above > below, np.clip((mean - below) / (above - below), 0, 1), np.nan)


def interval_by_training(case: Case) -> tuple[float, float]:
    """Take the cross-validated rates for those of the collection, with the noise that counts of that size have."""
    hits, alarms, positives, others = trained_rates(case)
    m, share = len(case.documents), np.linspace(0, 1, 2001)
    v1, v0 = hits * (1 - hits), alarms * (1 - alarms)
    variance = share**2 * v1 / positives + (1 - share) ** 2 * v0 / others + (share * v1 + (1 - share) * v0) / m
    count = np.clip(counted(case), alarms, hits)
    inside = share[(count - share * hits - (1 - share) * alarms) ** 2 <= stdtrit(1e6, 0.975) ** 2 * variance]
    return float(inside[0]), float(inside[-1])
