"""How often 95 % intervals hold the true value, by variant of the bootstrap and number of documents.

Labelled documents with predictions are taken for the whole population, whose scores are then known. Samples of
documents are drawn from it, and each sample's intervals compared with them. Populations are the corpus's articles with
out-of-fold predictions, and those that ``WIREDESK_GOLD`` names, with the shipped model's::

    WIREDESK_GOLD=labelled.jsonl python -m benchmarks.intervals

The first table compares variants, the second takes the intervals that wiredesk reports, of every score.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
from scipy.stats import norm, t

from wiredesk.eval import Predictions, predict_records
from wiredesk.eval.bootstrap import DocumentBootstrap
from wiredesk.eval.scores import Scores
from wiredesk.models import load_model
from wiredesk.seeds import load_seeds, read_records
from wiredesk.training import cross_validate

SAMPLES, DRAWS = 1000, 1000
SIZES = (10, 20, 40, 84, 200)

#: The second table takes longer: average precision is sorted for each draw.
REPORTED_SAMPLES = 300
REPORTED_SIZES = (10, 20, 40, 84)

#: Articles alone: a lone sentence is a document of one.
SHORTEST = 8

#: Per document: tp, fp and fn of each type, sentences wholly right, squared errors of each type, sentences.
Totals = np.ndarray


def totals_of(predictions: Predictions) -> Totals:
    """Add up what scores are made of, per document; ndarray of float64, shape (n_units, 4 * n_types + 2)."""
    y, given = predictions.y, predictions.predicted
    columns = [y & given, ~y & given, y & ~given, (predictions.probabilities - y) ** 2]
    alone = [(y == given).all(axis=1), np.ones(len(y))]
    return DocumentBootstrap(predictions.units).total(np.column_stack([*columns, *alone]).astype(float))


def scores_of(totals: np.ndarray) -> np.ndarray:
    """Compute F1 of each type, macro F1, exact match and mean Brier score from totals, shape (..., 4 * n_types + 2)."""
    n = (totals.shape[-1] - 2) // 4
    tp, fp, fn, squares = (totals[..., i * n : (i + 1) * n] for i in range(4))
    f1 = 2 * tp / np.maximum(1, 2 * tp + fp + fn)
    exact, sentences = totals[..., -2:-1], totals[..., -1:]
    brier = squares.mean(axis=-1, keepdims=True) / sentences
    return np.concatenate([f1, f1.mean(axis=-1, keepdims=True), exact / sentences, brier], axis=-1)


def intervals(totals: Totals, rng: np.random.Generator) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Give the bounds of every variant from one sample of documents."""
    n = len(totals)
    drawn = scores_of(rng.multinomial(n, np.full(n, 1 / n), size=DRAWS).astype(float) @ totals)
    whole = totals.sum(axis=0)
    observed = scores_of(whole)
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    yield "percentile", low, high
    yield "basic", 2 * observed - high, 2 * observed - low
    spread = drawn.std(axis=0, ddof=1)
    yield "normal", observed - 1.96 * spread, observed + 1.96 * spread
    quantile = t.ppf(0.975, n - 1)
    yield "t", observed - quantile * spread, observed + quantile * spread
    tail = norm.cdf(-np.sqrt(n / (n - 1)) * quantile)
    yield "expanded percentile", *np.quantile(drawn, [tail, 1 - tail], axis=0)
    # Bias-corrected and accelerated (B. Efron, 1987); the acceleration by leaving out each document in turn.
    left_out = scores_of(whole - totals)
    off = left_out.mean(axis=0) - left_out
    scale = 6 * (off**2).sum(axis=0) ** 1.5
    acceleration = np.divide((off**3).sum(axis=0), scale, out=np.zeros_like(scale), where=scale > 0)
    below = ((drawn < observed).mean(axis=0) + (drawn <= observed).mean(axis=0)) / 2
    bias = norm.ppf(np.clip(below, 1 / DRAWS, 1 - 1 / DRAWS))
    levels = [norm.cdf(bias + (bias + z) / (1 - acceleration * (bias + z))) for z in (-1.96, 1.96)]
    bounds = [[np.quantile(drawn[:, j], level[j]) for j in range(len(bias))] for level in levels]
    yield "bias-corrected, accelerated", np.array(bounds[0]), np.array(bounds[1])


def coverage(population: Totals, size: int, seed: int = 0) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Measure, per variant, how often the interval of each score holds its true value, and its mean width."""
    rng = np.random.default_rng(seed)
    truth = scores_of(population.sum(axis=0))
    held: dict[str, list[np.ndarray]] = {}
    widths: dict[str, list[np.ndarray]] = {}
    for _ in range(SAMPLES):
        sample = population[rng.integers(0, len(population), size)]
        for name, low, high in intervals(sample, rng):
            held.setdefault(name, []).append((low <= truth) & (truth <= high))
            widths.setdefault(name, []).append(high - low)
    return {name: (np.mean(held[name], axis=0), np.mean(widths[name], axis=0)) for name in held}


def articles(predictions: Predictions) -> Predictions:
    """Take the documents that have some length."""
    return predictions.select(np.bincount(predictions.units)[predictions.units] >= SHORTEST)


def reported(population: Predictions, size: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Measure how often the interval that is reported for each score holds its true value."""
    rng = np.random.default_rng(seed)
    units = np.unique(population.units, return_inverse=True)[1]
    rows = [np.flatnonzero(units == unit) for unit in range(units.max() + 1)]
    truth = Scores(population).observed
    held: dict[str, list[np.ndarray]] = {name: [] for name in truth}
    for _ in range(REPORTED_SAMPLES):
        chosen = [rows[unit] for unit in rng.integers(0, len(rows), size)]
        drawn = population.select(np.concatenate(chosen))
        sample = drawn._replace(units=np.repeat(np.arange(size), list(map(len, chosen))))
        scores = Scores(sample)
        for name, value in truth.items():
            columns = scores.drawn(name).reshape(scores.bootstrap.draws, -1).T
            bounds = [scores.bootstrap.interval(column) or (np.nan, np.nan) for column in columns]
            inside = [low <= true <= high for (low, high), true in zip(bounds, value.ravel(), strict=True)]
            held[name].append(np.array(inside))
    return {name: np.mean(values, axis=0) for name, values in held.items()}


def main() -> None:
    """Print the table."""
    out_of_fold, _ = cross_validate(load_seeds(), n_jobs=2)
    populations = {"corpus, out of fold": articles(out_of_fold)}
    if gold := os.environ.get("WIREDESK_GOLD"):
        populations["real news"] = predict_records(load_model(), read_records([gold]))
    names = [*out_of_fold.types, "macro F1", "exact match", "Brier"]
    print(f"| documents | drawn | variant | {' | '.join(names)} | mean width of macro F1 |")
    print("| --- | ---: | --- |" + " ---: |" * (len(names) + 1))
    for told, population in populations.items():
        totals = totals_of(population)
        for size in SIZES:
            for variant, (held, width) in coverage(totals, size).items():
                shares = " | ".join(f"{share:.3f}" for share in held)
                print(f"| {told} ({len(totals)}) | {size} | {variant} | {shares} | {width[4]:.3f} |", flush=True)
    print("\n| score | drawn from | " + " | ".join(f"{size} documents" for size in REPORTED_SIZES) + " |")
    print("| --- | --- |" + " --- |" * len(REPORTED_SIZES))
    for told, population in populations.items():
        by_size = [reported(population, size) for size in REPORTED_SIZES]
        for name in by_size[0]:
            shares = " | ".join(", ".join(f"{share:.2f}" for share in found[name]) for found in by_size)
            print(f"| {name} | {told} | {shares} |", flush=True)


if __name__ == "__main__":
    main()
