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

from benchmarks.quantifiers import (
    BY_TRAINING,
    METHODS,
    Case,
    bootstrap,
    interval_by_training,
    log_odds,
    ours,
    trained_rates,
)
from wiredesk.eval.prevalence import estimate_prevalence
from wiredesk.models import Model, fit_sigmoid, load_model
from wiredesk.seeds import document_ids, read_records, target_matrix

SPLITS = 200
SHARES = (0.02, 0.05, 0.10, 0.20, 0.40, 0.60)
#: How much more often a document is drawn that holds nothing but a type than one without it, as a logarithm.
LEANINGS = {"rarer": -4.0, "as it is": 0.0, "more frequent": 4.0}
OTHER_SOURCE = "other source"


class Gold(NamedTuple):
    """Labelled sentences and what the model says of them."""

    y: np.ndarray
    probabilities: np.ndarray
    documents: np.ndarray
    sources: np.ndarray


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
