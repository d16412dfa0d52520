"""How far annotators agree, type by type, and where they do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from wiredesk.seeds import Record, RecordError, by_sentence, record_types
from wiredesk.seeds.extras import require


class Agreement(NamedTuple):
    """How far annotators agree on one type.

    Attributes
    ----------
    type : str
    sentences : int
        That two annotators or more labelled.
    alpha : float
        Krippendorff's alpha, nominal; NaN where nobody, or everybody, gave the type.
    kappa : dict of (str, str) to float
        Cohen's kappa of each pair of annotators with a sentence in common; NaN where both always say the same.
    disagreements : int
        Sentences to which some gave the type and some did not.
    """

    type: str
    sentences: int
    alpha: float
    kappa: dict[tuple[str, str], float]
    disagreements: int


class Disagreement(NamedTuple):
    """A sentence on which annotators disagree.

    Attributes
    ----------
    document : str or None
    text : str
    labels : dict of str to tuple of str
        Annotator -> types.
    """

    document: str | None
    text: str
    labels: dict[str, tuple[str, ...]]


def measure_agreement(
    records: Iterable[Record], types: Sequence[str] | None = None
) -> tuple[list[Agreement], list[Disagreement]]:
    """Measure how far annotators agree.

    Parameters
    ----------
    records : iterable of Record
        With annotators.
    types : sequence of str, optional
        By default those found.

    Returns
    -------
    list of Agreement
        One per type.
    list of Disagreement
        In the order of the sentences.

    Raises
    ------
    RecordError
        If no sentence has labels by two annotators.
    MissingExtraError
        If krippendorff is not installed.

    References
    ----------
    .. [1] J. Cohen (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement
       20(1). https://doi.org/10.1177/001316446002000104
    .. [2] K. Krippendorff (2004). Content analysis: an introduction to its methodology, chapter 11. Sage.

    Examples
    --------
    >>> def labelled(annotator, *labels):
    ...     return [Record(f"Sentence {i}.", tuple(found), annotator=annotator) for i, found in enumerate(labels)]
    >>> found, where = measure_agreement(labelled("x", ["a"], [], ["a"], []) + labelled("y", ["a"], [], [], []))
    >>> round(found[0].kappa["x", "y"], 2), where[0].text
    (0.5, 'Sentence 2.')
    """
    krippendorff = require("krippendorff", "annotate", "measures of agreement")
    records = list(records)
    types = record_types(records) if types is None else types
    labelled = [[one for one in group if one.labels is not None and one.annotator] for group in by_sentence(records)]
    shared = [group for group in labelled if len(group) > 1]
    if not shared:
        raise RecordError("no sentence has labels by two annotators; give files of several that name them")
    annotators = sorted({record.annotator or "" for group in shared for record in group})
    found = []
    for name in types:
        # One row per annotator, one column per sentence; NaN where an annotator did not label it.
        given = np.full((len(annotators), len(shared)), np.nan)
        for column, group in enumerate(shared):
            for record in group:
                given[annotators.index(record.annotator or ""), column] = name in (record.labels or ())
        values = np.unique(given[~np.isnan(given)])
        alpha = krippendorff.alpha(given, level_of_measurement="nominal") if len(values) > 1 else np.nan
        differ = int((np.nanmax(given, axis=0) > np.nanmin(given, axis=0)).sum())
        pairs = combinations(range(len(annotators)), 2)
        kappa = {(annotators[i], annotators[j]): _kappa(given[i], given[j]) for i, j in pairs if _shared(given, i, j)}
        found.append(Agreement(name, len(shared), float(alpha), kappa, differ))
    differing = [
        Disagreement(group[0].document, group[0].text, {one.annotator or "": one.labels or () for one in group})
        for group in shared
        if len({frozenset(one.labels or ()) for one in group}) > 1
    ]
    return found, differing


def _shared(given: np.ndarray, i: int, j: int) -> bool:
    return bool((~np.isnan(given[i]) & ~np.isnan(given[j])).any())


def _kappa(one: np.ndarray, other: np.ndarray) -> float:
    r"""Compute Cohen's kappa, :math:`(p_o - p_e) / (1 - p_e)`, where both labelled."""
    both = ~np.isnan(one) & ~np.isnan(other)
    p, q = one[both].mean(), other[both].mean()
    expected = p * q + (1 - p) * (1 - q)
    observed = (one[both] == other[both]).mean()
    return float((observed - expected) / (1 - expected)) if expected < 1 else float("nan")
