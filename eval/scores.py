"""All scores of predictions at once, with each document counted as often as it was drawn."""

from __future__ import annotations

import numpy as np

from wiredesk.eval.bootstrap import DocumentBootstrap
from wiredesk.eval.predictions import Predictions
from wiredesk.eval.ranking import Ranking

#: Share of the positives that `read_at_recall_95` is about.
RECALL = 0.95

#: Scores that derive from the order of the probabilities; all others derive from counts.
RANKED = ("average_precision", "macro_average_precision", "read_at_recall_95")


class Scores:
    """Scores of predictions, as they are and as they vary with the documents.

    Parameters
    ----------
    predictions : Predictions
        At least one sentence.
    bootstrap : DocumentBootstrap, optional
        Of the sentences' units.

    Attributes
    ----------
    counts : ndarray of int64, shape (n_types, 3)
        tp, fp and fn of each type.
    observed : dict of str to ndarray of float64
        Name of a score -> its values: of shape (n_types,) for ``precision``, ``recall``, ``f1``, ``average_precision``,
        ``brier_score`` and ``read_at_recall_95``; of shape () for ``macro_...`` and ``micro_...`` of the first three,
        ``macro_average_precision``, ``exact_match`` and ``type_precision``.

    Raises
    ------
    ValueError
        If there is no sentence, or a probability is not from 0 to 1.

    Examples
    --------
    >>> from wiredesk.seeds import Record
    >>> y = np.array([[True], [True], [False], [False]])
    >>> p = np.array([[0.9], [0.4], [0.6], [0.1]])
    >>> units, records = np.arange(4), [Record("Rain fell.", ())] * 4
    >>> scores = Scores(Predictions(("flood",), np.array([0.5]), y, p, p >= 0.5, units, records))
    >>> scores.counts
    array([[1, 1, 1]])
    >>> float(scores.observed["macro_f1"])
    0.5
    """

    def __init__(self, predictions: Predictions, bootstrap: DocumentBootstrap | None = None) -> None:
        y, p, given = predictions.y, predictions.probabilities, predictions.predicted
        _check(p)
        self.bootstrap = DocumentBootstrap(predictions.units) if bootstrap is None else bootstrap
        self._rankings = [Ranking(y[:, j], p[:, j]) for j in range(y.shape[1])]
        best = np.where(given, p, -1.0).argmax(axis=1)
        right = np.take_along_axis(y & given, best[:, None], axis=1)[:, 0]
        columns = [y & given, ~y & given, y & ~given, (p - y) ** 2]
        alone = [(y == given).all(axis=1), given.any(axis=1), right, np.ones(len(y))]
        self._totals = self.bootstrap.total(np.column_stack([*columns, *alone]).astype(np.float64))
        self.counts = np.stack([column.sum(axis=0) for column in columns[:3]], axis=1)
        once = np.ones((1, self.bootstrap.n_units))
        counted, ranked = self._count(once), self._rank(once)
        self.observed = {name: values[0] for name, values in (counted | ranked).items()}
        self._drawn: dict[str, np.ndarray] = {}

    def drawn(self, name: str) -> np.ndarray:
        """Give a score of every draw.

        Parameters
        ----------
        name : str
            A key of `observed`.

        Returns
        -------
        ndarray of float64, shape (draws, ...)
            NaN where a draw has no such score.
        """
        if name not in self._drawn:
            # Ranks take most of the time, and a slice needs none.
            compute = self._rank if name in RANKED else self._count
            names = [key for key in self.observed if (key in RANKED) == (name in RANKED)]

            def flat(times: np.ndarray) -> np.ndarray:
                found = compute(times)
                return np.column_stack([found[key] for key in names])

            table, first = self.bootstrap.draw(flat), 0
            for key in names:
                shape = self.observed[key].shape
                width = int(np.prod(shape))
                self._drawn[key] = table[:, first : first + width].reshape(-1, *shape)
                first += width
        return self._drawn[name]

    def _count(self, times: np.ndarray) -> dict[str, np.ndarray]:
        """Compute what derives from counts, documents counted as often as `times`, of shape (d, n_units), says."""
        n = len(self._rankings)
        totals = times @ self._totals
        tp, fp, fn, squares = (totals[:, i * n : (i + 1) * n] for i in range(4))
        exact, given, right, sentences = totals[:, 4 * n :].T
        found = _ratios(tp, fp, fn)
        found |= {f"macro_{name}": values.mean(axis=1) for name, values in found.items()}
        pooled = _ratios(tp.sum(axis=1), fp.sum(axis=1), fn.sum(axis=1))
        found |= {f"micro_{name}": values for name, values in pooled.items()}
        found["brier_score"] = squares / sentences[:, None]
        found["exact_match"] = exact / sentences
        # Without any type given there is no share of them that is right.
        found["type_precision"] = np.divide(right, given, out=np.full(len(given), np.nan), where=given > 0)
        return found

    def _rank(self, times: np.ndarray) -> dict[str, np.ndarray]:
        """Compute what derives from the order of the probabilities, as `_count`."""
        weights = times[:, self.bootstrap.units]
        columns = []
        for ranking in self._rankings:
            hits, read = ranking.accumulate(weights)
            columns.append((ranking.average_precision(hits, read), ranking.reading(hits, read, [RECALL])[:, 0]))
        precision, reading = (np.stack(values, axis=1) for values in zip(*columns, strict=True))
        macro = precision.mean(axis=1)
        return {"average_precision": precision, "macro_average_precision": macro, "read_at_recall_95": reading}


def _check(probabilities: np.ndarray) -> None:
    if not len(probabilities):
        raise ValueError("there are 0 sentences; give at least one")
    wrong = ~((probabilities >= 0) & (probabilities <= 1))
    if wrong.any():
        row, column = np.argwhere(wrong)[0].tolist()
        value = float(probabilities[row, column])
        raise ValueError(f"the probability of sentence {row}, type {column}, is {value}; give one from 0 to 1")


def _ratios(tp: np.ndarray, fp: np.ndarray, fn: np.ndarray) -> dict[str, np.ndarray]:
    """Compute what derives from counts; a ratio without a denominator is 0."""
    return {
        "precision": tp / np.maximum(1, tp + fp),
        "recall": tp / np.maximum(1, tp + fn),
        "f1": 2 * tp / np.maximum(1, 2 * tp + fp + fn),
    }
