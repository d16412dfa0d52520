"""From text to features: sentence segmentation, tokens, the cue lexicon and the TF-IDF featurizer."""

from typing import TYPE_CHECKING, Any

from wiredesk.features.context import context_terms
from wiredesk.features.lexicon import CueClass, Lexicon, load_lexicon
from wiredesk.features.segmentation import Span, segment
from wiredesk.features.sentences import check_sentences, group_rows, items
from wiredesk.features.tokens import analyze, normalize, terms, tokenize
from wiredesk.features.vocabulary import Vocabulary

if TYPE_CHECKING:
    from wiredesk.features.counts import TermCounts
    from wiredesk.features.tfidf import TfidfFeaturizer

#: Raise when the same sentence and settings would give other features: models made before become stale.
FEATURIZER_VERSION = 5

__all__ = [
    "CueClass",
    "FEATURIZER_VERSION",
    "Lexicon",
    "Span",
    "TermCounts",
    "TfidfFeaturizer",
    "Vocabulary",
    "analyze",
    "check_sentences",
    "context_terms",
    "group_rows",
    "items",
    "load_lexicon",
    "normalize",
    "segment",
    "terms",
    "tokenize",
]


def __getattr__(name: str) -> Any:
    """Import what fitting needs on first use: scikit-learn takes most of a second, and prediction needs none of it."""
    if name == "TermCounts":
        from wiredesk.features.counts import TermCounts

        return TermCounts
    if name == "TfidfFeaturizer":
        from wiredesk.features.tfidf import TfidfFeaturizer

        return TfidfFeaturizer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
