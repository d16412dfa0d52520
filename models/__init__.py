"""From features to labels: the classifier that is fitted, and the frozen model that is used."""

from typing import TYPE_CHECKING, Any

from wiredesk.models.calibration import best_threshold, fit_sigmoid, sigmoid, threshold_for
from wiredesk.models.explanation import Contribution, Explanation
from wiredesk.models.labelled import LabelledSentence
from wiredesk.models.loading import load_model
from wiredesk.models.manifest import ModelFileError
from wiredesk.models.model import Model

if TYPE_CHECKING:
    from wiredesk.models.classifier import SentenceClassifier
    from wiredesk.models.freezing import freeze

__all__ = [
    "Contribution",
    "Explanation",
    "LabelledSentence",
    "Model",
    "ModelFileError",
    "SentenceClassifier",
    "best_threshold",
    "fit_sigmoid",
    "freeze",
    "load_model",
    "sigmoid",
    "threshold_for",
]


def __getattr__(name: str) -> Any:
    """Import what needs scikit-learn on first use: prediction does without it."""
    if name == "SentenceClassifier":
        from wiredesk.models.classifier import SentenceClassifier

        return SentenceClassifier
    if name == "freeze":
        from wiredesk.models.freezing import freeze

        return freeze
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
