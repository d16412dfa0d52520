"""The search for a classifier: how the best is chosen without fooling oneself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import clone

from wiredesk.features import TermCounts, TfidfFeaturizer
from wiredesk.models import SentenceClassifier, best_threshold
from wiredesk.seeds import Record
from wiredesk.training.classifiers import candidates
from wiredesk.training.crossvalidation import check_jobs
from wiredesk.training.dataset import Dataset, make_dataset
from wiredesk.training.recipe import settings_of


class Trial(NamedTuple):
    """What came of one candidate.

    Attributes
    ----------
    name : str
    macro_f1 : float
        On out-of-fold scores of the training sentences, with the thresholds of the other folds.
    chosen : int
        In how many of the outer folds it was chosen.
    test_macro_f1 : float or None
        On the test sentences, if there are any; it has no say in the choice.
    """

    name: str
    macro_f1: float
    chosen: int
    test_macro_f1: float | None


@dataclass(frozen=True)
class Search:
    """The table of what was tried.

    Attributes
    ----------
    trials : tuple of Trial
        In the order of the candidates.
    nested_macro_f1 : float
        Of the whole procedure: in each outer fold, of the candidate that was best inside the other ones.
    """

    trials: tuple[Trial, ...]
    nested_macro_f1: float

    @property
    def best(self) -> str:
        """Name of the candidate with the best macro F1; of equals the first."""
        return max(self.trials, key=lambda trial: trial.macro_f1).name


def search(
    records: Iterable[Record | Mapping[str, Any]],
    *,
    types: Sequence[str] | None = None,
    test: Iterable[Record | Mapping[str, Any]] = (),
    classifiers: Mapping[str, SentenceClassifier] | None = None,
    folds: int = 3,
    seed: int = 0,
    n_jobs: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
) -> Search:
    """Compare classifiers by nested cross-validation, grouped by document.

    Parameters
    ----------
    records : iterable of Record or mapping
        As in `wiredesk.train`.
    types : sequence of str, optional
        By default those found in the data.
    test : iterable of Record or mapping, optional
        Sentences that every candidate is scored on, fitted on all of `records`. They have no say in the choice.
    classifiers : mapping of str to SentenceClassifier, optional
        `candidates` by default.
    folds : int, default=3
        Both outer and inner; every type needs sentences in one document more.
    seed : int, default=0
        Of the splits.
    n_jobs : int, default=1
        Processes, as in joblib. The result does not depend on it.
    on_progress : callable, optional
        Called with the number of jobs done and of all jobs.

    Returns
    -------
    Search

    Notes
    -----
    The score of the best of several candidates is too good, because it was chosen for it. So each outer fold is held
    out, the candidates are compared by cross-validation on the other folds alone, and the one that wins there is
    fitted on them and scored on the fold [1]_.

    References
    ----------
    .. [1] S. Varma, R. Simon (2006). Bias in error estimation when using cross-validation for model selection. BMC
       Bioinformatics 7:91. https://doi.org/10.1186/1471-2105-7-91

    Examples
    --------
    >>> river = [{"text": f"The Orla rises {i} cm above its banks.", "labels": ["flood"]} for i in range(8)]
    >>> choir = [{"text": f"The choir sings {i} songs.", "labels": []} for i in range(8)]
    >>> candidates = {"default": SentenceClassifier(), "no ratios": SentenceClassifier(ratio_weight=0)}
    >>> found = search(river + choir, classifiers=candidates)
    >>> sorted(trial.name for trial in found.trials)
    ['default', 'no ratios']
    """
    check_jobs(n_jobs)
    chosen = dict(candidates() if classifiers is None else classifiers)
    data = make_dataset(records, types, folds=folds + 1)
    judged = make_dataset(test, data.types) if (test := list(test)) else None
    outer = data.folds(folds, seed)
    # Job -> which sentences are trained on, and which are scored: outer folds, inner folds of each, all for the test.
    splits = [(outer != k, outer == k) for k in range(folds)]
    inner = []
    for k in range(folds):
        rest = outer != k
        units = np.unique(data.units[rest], return_inverse=True)[1]
        fold = np.full(len(outer), -1)
        fold[rest] = data._replace(y=data.y[rest], units=units).folds(folds, seed + 1)
        inner.append(fold)
        splits += [(rest & (fold != i), fold == i) for i in range(folds)]
    groups: dict[str, list[str]] = {}
    for name, classifier in chosen.items():
        groups.setdefault(repr(settings_of(classifier.featurizer)), []).append(name)
    # What differs in the choice of terms alone shares their counts, and all folds do.
    counted: dict[str, list[TermCounts]] = {}
    counts = {}
    for names in groups.values():
        featurizer = _featurizer(chosen[names[0]])
        key = repr([settings_of(featurizer.lexicon), featurizer.char_ngrams, featurizer.blocks])
        if key not in counted:
            counted[key] = [featurizer.count_terms(dataset.X) for dataset in (data, judged) if dataset is not None]
        counts[names[0]] = counted[key]
    tasks = [(names, split) for names in groups.values() for split in range(len(splits) + (judged is not None))]
    jobs = (
        delayed(_scores)(
            [chosen[name] for name in names],
            counts[names[0]][0],
            np.where(splits[i][0][:, None], data.y, -1) if i < len(splits) else data.y,
            *((counts[names[0]][0], splits[i][1]) if i < len(splits) else (counts[names[0]][1], slice(None))),
        )
        for names, i in tasks
    )
    scores: dict[tuple[str, int], np.ndarray] = {}
    for (names, i), found in zip(tasks, Parallel(n_jobs=n_jobs, return_as="generator")(jobs), strict=True):
        scores.update({(name, i): values for name, values in zip(names, found, strict=True)})
        if on_progress:
            on_progress(len(scores), len(chosen) * (len(splits) + (judged is not None)))

    def joined(name: str, first: int, fold: np.ndarray) -> np.ndarray:
        values = np.full(data.y.shape, np.nan)
        for k in range(folds):
            values[fold == k] = scores[name, first + k]
        return values

    winners = []
    held_out = np.zeros(data.y.shape, dtype=bool)
    for k in range(folds):
        inside = {name: joined(name, folds * (k + 1), inner[k]) for name in chosen}
        winner = max(chosen, key=lambda name: _macro_f1(data, inside[name], inner[k]))
        winners.append(winner)
        rows = (inner[k] >= 0) & data.labelled
        held_out[outer == k] = scores[winner, k] >= _thresholds(inside[winner][rows], data.y[rows] == 1)
    trials = tuple(
        Trial(
            name,
            _macro_f1(data, joined(name, 0, outer), outer),
            winners.count(name),
            None if judged is None else _test_f1(data, judged, joined(name, 0, outer), scores[name, len(splits)]),
        )
        for name in chosen
    )
    rows = data.labelled
    return Search(trials, float(_f1(data.y[rows] == 1, held_out[rows]).mean()))


def _scores(
    classifiers: Sequence[SentenceClassifier],
    counts: TermCounts,
    y: np.ndarray,
    judged: TermCounts,
    rows: np.ndarray | slice,
) -> list[np.ndarray]:
    """Score rows with classifiers that share one featurizer, fitted once, on sentences where `y` is not -1."""
    labelled = y[:, 0] >= 0
    train, y = counts[labelled], y[labelled]
    featurizer = _featurizer(classifiers[0])
    features = featurizer.fit(train).transform(train)
    held_out = featurizer.counts(judged[rows])
    fitted = [clone(c).fit_features(featurizer, features, y) for c in classifiers]
    return [held_out @ f.weights_.astype(np.float64) + f.intercept_ for f in fitted]


def _featurizer(classifier: SentenceClassifier) -> TfidfFeaturizer:
    found: TfidfFeaturizer = TfidfFeaturizer() if classifier.featurizer is None else clone(classifier.featurizer)
    return found


def _thresholds(scores: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Find the raw scores with the best F1."""
    return np.array([best_threshold(s, t, -np.inf) for s, t in zip(scores.T, y.T, strict=True)])


def _f1(y: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    return 2 * (y & predicted).sum(axis=0) / np.maximum(1, y.sum(axis=0) + predicted.sum(axis=0))


def _macro_f1(data: Dataset, scores: np.ndarray, fold: np.ndarray) -> float:
    """Judge each fold by the thresholds of the others."""
    rows = (fold >= 0) & data.labelled
    scores, y, fold = scores[rows], data.y[rows] == 1, fold[rows]
    predicted = np.empty(y.shape, dtype=bool)
    for k in range(int(fold.max()) + 1):
        predicted[fold == k] = scores[fold == k] >= _thresholds(scores[fold != k], y[fold != k])
    return float(_f1(y, predicted).mean())


def _test_f1(data: Dataset, test: Dataset, scores: np.ndarray, test_scores: np.ndarray) -> float:
    rows = data.labelled
    thresholds = _thresholds(scores[rows], data.y[rows] == 1)
    judged = test.labelled
    return float(_f1(test.y[judged] == 1, test_scores[judged] >= thresholds).mean())
