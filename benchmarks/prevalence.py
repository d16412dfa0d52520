"""Shares of types in collections whose truth is known: which correction errs least, and what its interval covers.

``WIREDESK_GOLD`` names a JSONL file of labelled sentences (text, labels, document, source); its texts are not part of
this repository. The shipped model labels them once. Then their documents are split at random into halves, many times:
one half tells the model's errors, from the other half collections are drawn whose shares are known:

- sentences, so that a type has a share of 2, 5, 10, 20, 40 or 60 %: up to 200, none twice;
- 20 of its documents, those with much of a type less often, as often as others, or more often;
- and, without halves, all sentences of one source, while those of the others tell the errors.

Figures are means over types and draws.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit, stdtrit

from wiredesk.eval.prevalence import LOWEST, estimate_prevalence
from wiredesk.models import Model, fit_sigmoid, load_model
from wiredesk.seeds import document_ids, read_records, target_matrix

SPLITS = 200
DRAWS = 400
SHARES = (0.02, 0.05, 0.10, 0.20, 0.40, 0.60)
#: How much more often a document is drawn that holds nothing but a type than one without it, as a logarithm.
LEANINGS = {"rarer": -4.0, "as it is": 0.0, "more frequent": 4.0}
OTHER_SOURCE = "other source"
BY_TRAINING = "adjusted count, rates of the model's cross-validation"


class Gold(NamedTuple):
    """Labelled sentences and what the model says of them."""

    y: np.ndarray
    probabilities: np.ndarray
    documents: np.ndarray
    sources: np.ndarray


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


def collections(gold: Gold, rows: np.ndarray, j: int, rng: np.random.Generator) -> Iterator[tuple[str, np.ndarray]]:
    """Draw collections of known shares of one type from some of the sentences."""
    carried = gold.y[rows, j]
    positives, others = rows[carried], rows[~carried]
    for share in SHARES:
        n = int(min(200, len(positives) / share, len(others) / (1 - share)))
        k = round(n * share)
        drawn = rng.choice(positives, k, replace=False), rng.choice(others, n - k, replace=False)
        yield f"{share:.0%}", np.sort(np.concatenate(drawn))
    documents = np.unique(gold.documents[rows])
    dense = np.array([gold.y[gold.documents == document, j].mean() for document in documents])
    for name, leaning in LEANINGS.items():
        chances = np.exp(leaning * dense)
        chosen = rng.choice(documents, 20, replace=False, p=chances / chances.sum())
        yield name, np.flatnonzero(np.isin(gold.documents, chosen))


def make_case(
    gold: Gold, model: Model, labelled: np.ndarray, rows: np.ndarray, j: int, cache: dict[int, tuple[float, float]]
) -> Case:
    """Put sentences together; the calibration of the same labelled sentences is fitted once."""
    y, p = gold.y[labelled], gold.probabilities[labelled]
    if j not in cache:
        cache[j] = fit_sigmoid(log_odds(p[:, j]), y[:, j])
    numbers = (np.unique(gold.documents[of], return_inverse=True)[1] for of in (labelled, rows))
    mine, others = numbers
    truth = float(gold.y[rows, j].mean())
    return Case(y, p, mine, gold.probabilities[rows], others, j, truth, model, cache[j])


def split_cases(gold: Gold, model: Model, documents: int, splits: int, seed: int = 0) -> Iterator[tuple[str, Case]]:
    """Give the cases of random halves; only so many documents of the first half tell the errors."""
    rng = np.random.default_rng(seed)
    n = int(gold.documents.max()) + 1
    for _ in range(splits):
        order = rng.permutation(n)
        labelled = np.flatnonzero(np.isin(gold.documents, order[: n // 2][:documents]))
        rows = np.flatnonzero(np.isin(gold.documents, order[n // 2 :]))
        cache: dict[int, tuple[float, float]] = {}
        for j in range(gold.y.shape[1]):
            carried = gold.y[labelled, j]
            drawn = list(collections(gold, rows, j, rng))
            if carried.any() and not carried.all():
                for name, chosen in drawn:
                    yield name, make_case(gold, model, labelled, chosen, j, cache)


def source_cases(gold: Gold, model: Model) -> Iterator[tuple[str, Case]]:
    """Take each source for a collection, and the others for what tells the errors."""
    for source in np.unique(gold.sources):
        inside = gold.sources == source
        cache: dict[int, tuple[float, float]] = {}
        for j in range(gold.y.shape[1]):
            yield OTHER_SOURCE, make_case(gold, model, np.flatnonzero(~inside), np.flatnonzero(inside), j, cache)


def load(model: Model, path: str) -> Gold:
    """Read the gold and label it."""
    records = [record for record in read_records([path]) if record.labels is not None]
    ids = document_ids(records)
    probabilities = model.predict_proba([record.text for record in records], document_ids=ids)
    sources = np.array([record.source or "" for record in records])
    return Gold(
        target_matrix(records, model.types).astype(bool),
        probabilities,
        np.unique(np.array([str(i) for i in ids]), return_inverse=True)[1],
        sources,
    )


def print_rows(rows: dict[str, dict[str, list[float]]], columns: list[str], digits: str) -> None:
    """Print means as rows of a table."""
    for name, found in rows.items():
        print(f"| {name} | {' | '.join(format(np.nanmean(found[column]), digits) for column in columns)} |")


def main() -> None:
    """Print the tables."""
    path = os.environ.get("WIREDESK_GOLD")
    if not path:
        sys.exit("WIREDESK_GOLD is not set; it names a JSONL file of labelled sentences")
    model = load_model()
    gold = load(model, path)
    half = (int(gold.documents.max()) + 1) // 2
    columns = [f"{share:.0%}" for share in SHARES] + [*LEANINGS, OTHER_SOURCE]
    names, lines = " | ".join(columns), " ---: |" * len(columns)

    errors: dict[str, dict[str, list[float]]] = {name: {column: [] for column in columns} for name in METHODS}
    shares: dict[str, dict[str, list[float]]] = {"(mean share)": {column: [] for column in columns}}
    for split in (split_cases(gold, model, half, SPLITS), source_cases(gold, model)):
        for column, case in split:
            shares["(mean share)"][column].append(case.truth)
            for name, method in METHODS.items():
                errors[name][column].append(abs(method(case) - case.truth))
    print(f"| mean absolute error | {names} |\n| --- |{lines}")
    print_rows(errors, columns, ".3f")
    print_rows(shares, columns, ".2f")

    rng = np.random.default_rng(0)
    intervals: dict[str, Callable[[Case], tuple[float, float]]] = {
        "**as in wiredesk**": lambda case: ours(case)[1:],
        "percentiles, labelled documents drawn": lambda case: bootstrap(case, rng, both=False),
        "percentiles, documents of both drawn": lambda case: bootstrap(case, rng, both=True),
        BY_TRAINING: interval_by_training,
    }
    covered: dict[int, list[bool]] = {}
    print(f"\n| covered (mean width) | labelled documents | {names} |\n| --- | ---: |{lines}")
    for documents in (half, half // 2, half // 4, half // 8):
        wanted = intervals if documents == half else dict(list(intervals.items())[:3])
        kept: dict[str, dict[str, list[tuple[bool, float]]]] = {name: {} for name in wanted}
        tried = [*split_cases(gold, model, documents, SPLITS // 4, seed=1)]
        tried += source_cases(gold, model) if documents == half else []
        for column, case in tried:
            for name, interval in wanted.items():
                low, high = interval(case)
                inside = low - 1e-9 <= case.truth <= high + 1e-9
                kept[name].setdefault(column, []).append((inside, high - low))
                if name == BY_TRAINING:
                    covered.setdefault(case.type, []).append(inside)
        for name, found in kept.items():
            cells = [np.nanmean(found[column], axis=0) if column in found else None for column in columns]
            shown = " | ".join("" if cell is None else f"{cell[0]:.2f} ({cell[1]:.2f})" for cell in cells)
            print(f"| {name} | {documents} | {shown} |", flush=True)

    print(
        "\n| type | found, in cross-validation | on real news | falsely given, in cross-validation | on real news |"
        " covered by the interval of cross-validated rates |\n| --- | ---: | ---: | ---: | ---: | ---: |"
    )
    everything = np.arange(len(gold.y))
    for j, name in enumerate(model.types):
        case = make_case(gold, model, everything, everything, j, {})
        hits, alarms, _, _ = trained_rates(case)
        given = case.columns[2] >= case.threshold
        carried = case.columns[0]
        rates = f"{hits:.2f} | {given[carried].mean():.2f} | {alarms:.3f} | {given[~carried].mean():.3f}"
        print(f"| {name} | {rates} | {np.mean(covered[j]):.2f} |")

    m, thresholds = 12_677, list(model.thresholds.values())
    drawn = gold.probabilities[rng.integers(0, len(gold.y), m)]
    start = time.perf_counter()
    estimate_prevalence(
        gold.y, gold.probabilities, thresholds, gold.documents, drawn, np.arange(m) // 15, types=model.types
    )
    print(f"\n{m:,} sentences by {len(gold.y):,} labelled ones: {1000 * (time.perf_counter() - start):.0f} ms")


if __name__ == "__main__":
    main()
