"""From sentences to probabilities with frozen weights."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cached_property
from typing import Any

import numpy as np

from wiredesk.features import check_sentences
from wiredesk.models.arrays import unpack
from wiredesk.models.calibration import sigmoid
from wiredesk.models.scorer import Scorer


class Predictor:
    """Score sentences with frozen weights: the part of a `Model` that knows sentences alone, no articles.

    Parameters
    ----------
    manifest : dict
        Settings, as in the model file.
    arrays : dict of str to ndarray
        Arrays, as in the model file.

    Raises
    ------
    ModelFileError
        If the arrays do not fit together.
    """

    def __init__(self, manifest: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        self.manifest = manifest
        self._arrays = arrays
        self._vocabulary, self._lexicon = unpack(manifest, arrays)
        first, last = manifest["featurizer"]["char_ngrams"]
        self._char_ngrams = (first, last)
        self._scorer = Scorer(
            self._vocabulary, arrays["weights"], arrays["intercept"], self._lexicon, self._char_ngrams
        )
        self._slope = np.array(manifest["calibration"]["slope"], dtype=np.float64)
        self._intercept = np.array(manifest["calibration"]["intercept"], dtype=np.float64)
        self._thresholds = np.array(manifest["thresholds"], dtype=np.float64)

    @property
    def types(self) -> tuple[str, ...]:
        """Type names, in column order."""
        return tuple(self.manifest["types"])

    @property
    def thresholds(self) -> dict[str, float]:
        """Type name -> lowest probability at which the type is given."""
        return dict(zip(self.types, self.manifest["thresholds"], strict=True))

    @property
    def hash(self) -> str:
        """Hash of all that predictions depend on, 32 hexadecimal digits."""
        return str(self.manifest["hash"])

    @cached_property
    def words(self) -> frozenset[str]:
        """Words that it knows, in lower case, digits as 0."""
        return frozenset(self._vocabulary.words)

    @property
    def n_features(self) -> int:
        """Number of terms."""
        return len(self._vocabulary)

    def __repr__(self) -> str:
        return f"<wiredesk.Model {self.hash[:8]}: {', '.join(self.types)}; {self.n_features:,} features>"

    def decision_function(
        self, sentences: Iterable[str], *, document_ids: Iterable[Hashable] | None = None
    ) -> np.ndarray:
        """Compute the raw scores, before calibration.

        Parameters
        ----------
        sentences : iterable of str
        document_ids : iterable of hashable, optional
            As in `predict_proba`.

        Returns
        -------
        ndarray of float64, shape (n, n_types)
        """
        texts, documents = check_sentences(sentences, document_ids)
        alone = len(set(documents)) == len(texts)
        return self._scorer.score(texts, None if alone else documents)

    def predict_proba(self, sentences: Iterable[str], *, document_ids: Iterable[Hashable] | None = None) -> np.ndarray:
        """Compute calibrated probabilities.

        Parameters
        ----------
        sentences : iterable of str
        document_ids : iterable of hashable, optional
            One id per sentence: the sentences of one document stand together, in order.
            Without ids every sentence stands alone.

        Returns
        -------
        ndarray of float64, shape (n, n_types)

        Raises
        ------
        TypeError
            If `sentences` is a single string or holds other things than strings.
        ValueError
            If the lengths differ or a document comes back after another one.
        """
        return self._calibrate(self.decision_function(sentences, document_ids=document_ids))

    def predict(self, sentences: Iterable[str], *, document_ids: Iterable[Hashable] | None = None) -> np.ndarray:
        """Say which types each sentence carries.

        Parameters
        ----------
        sentences : iterable of str
        document_ids : iterable of hashable, optional
            As in `predict_proba`.

        Returns
        -------
        ndarray of bool, shape (n, n_types)
            Whether the probability reaches the type's threshold.
        """
        passed: np.ndarray = self.predict_proba(sentences, document_ids=document_ids) >= self._thresholds
        return passed

    def _calibrate(self, scores: np.ndarray) -> np.ndarray:
        return sigmoid(scores * self._slope + self._intercept)
