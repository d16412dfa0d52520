"""From a fitted classifier to the frozen model."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from wiredesk.features import FEATURIZER_VERSION
from wiredesk.models.arrays import pack
from wiredesk.models.classifier import SentenceClassifier
from wiredesk.models.files import content_hash
from wiredesk.models.manifest import FORMAT_VERSION, today
from wiredesk.models.model import Model
from wiredesk.models.probes import probe_probabilities

#: Libraries whose versions are written down with a model.
LIBRARIES = ("wiredesk", "numpy", "scipy", "scikit-learn")


def freeze(
    classifier: SentenceClassifier,
    types: Sequence[str],
    calibration: Sequence[tuple[float, float]],
    thresholds: Sequence[float],
    priors: Sequence[float],
    *,
    review_band: float = 0.1,
    training: Mapping[str, Any] | None = None,
) -> Model:
    """Freeze a fitted classifier into arrays and settings.

    Parameters
    ----------
    classifier : SentenceClassifier
        Fitted.
    types : sequence of str
        Type names, in column order.
    calibration : sequence of (float, float)
        Slope and intercept of each type's sigmoid.
    thresholds : sequence of float
        Lowest probability at which each type is given.
    priors : sequence of float
        Share of the training sentences that carry each type.
    review_band : float, default=0.1
        Sentences with a probability closer than this to its threshold are marked for review.
    training : mapping of str to object, optional
        What is told about the training: corpus, settings, scores. JSON-ready.

    Returns
    -------
    Model
    """
    featurizer = classifier.featurizer_
    arrays = {
        **pack(featurizer.vocabulary_, featurizer.lexicon_),
        "weights": classifier.weights_,
        "intercept": classifier.intercept_,
    }
    manifest: dict[str, Any] = {
        "format": FORMAT_VERSION,
        "types": list(types),
        "thresholds": [float(threshold) for threshold in thresholds],
        "calibration": {
            "method": "sigmoid",
            "slope": [slope for slope, _ in calibration],
            "intercept": [intercept for _, intercept in calibration],
            "prior": [float(prior) for prior in priors],
        },
        "review_band": review_band,
        "featurizer": {
            "version": FEATURIZER_VERSION,
            "char_ngrams": list(featurizer.char_ngrams),
            "classes": {
                name: {"title": about.title, "roles": list(about.roles), "key": about.key}
                for name, about in sorted(featurizer.lexicon_.classes.items())
            },
        },
        "training": dict(training or {}),
        "created": today(),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        "probes": [],
    }
    manifest["hash"] = content_hash(manifest, arrays)
    manifest["probes"] = probe_probabilities(Model(manifest, arrays)).tolist()
    return Model(manifest, arrays)
