"""What a model is made from, written down and hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from wiredesk.features import FEATURIZER_VERSION, Lexicon, load_lexicon
from wiredesk.models import SentenceClassifier
from wiredesk.seeds import Record, corpus_hash, record_types


def recipe_hash(
    records: Sequence[Record],
    types: Sequence[str] | None = None,
    *,
    classifier: SentenceClassifier | None = None,
    folds: int = 5,
    seed: int = 0,
    target: Mapping[str, float] | None = None,
    unlabelled: Iterable[str] = (),
    background: int = 0,
) -> str:
    """Hash what a model is made from: corpus, lexicon, version of the features, settings.

    A model whose manifest states another recipe than today's is stale.

    Parameters
    ----------
    records, types, classifier, folds, seed, target
        As in `train`.
    unlabelled : iterable of str, optional
        The sentences of unlabelled articles.
    background : int, default=0
        How many of the first records have no say in calibration and thresholds.

    Returns
    -------
    str
        32 hexadecimal digits.

    Examples
    --------
    >>> rows = [Record("Rain fell.", ("flood",)), Record("Snow fell.", ())]
    >>> recipe_hash(rows, seed=1) == recipe_hash(rows, seed=2)
    False
    """
    classifier = SentenceClassifier() if classifier is None else classifier
    featurizer = classifier.featurizer
    lexicon = load_lexicon() if featurizer is None or featurizer.lexicon is None else featurizer.lexicon
    recipe = {
        "corpus": corpus_hash(list(records)),
        "types": list(record_types(records) if types is None else types),
        "classifier": settings_of(classifier),
        "featurizer": FEATURIZER_VERSION,
        "lexicon": settings_of(lexicon),
        "folds": folds,
        "seed": seed,
        "target": dict(target or {}),
        "unlabelled": hashlib.sha256("\n".join(unlabelled).encode(errors="replace")).hexdigest(),
    }
    if background:
        recipe["background"] = background
    return hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()[:32]


def settings_of(thing: Any) -> Any:
    """Write down an estimator with all its parameters.

    Its repr would be cut, and depends on scikit-learn's configuration.

    Parameters
    ----------
    thing : object

    Returns
    -------
    object
        JSON-ready.
    """
    if hasattr(thing, "get_params"):
        params = thing.get_params(deep=False)
        return [type(thing).__qualname__, {name: settings_of(value) for name, value in sorted(params.items())}]
    if isinstance(thing, list | tuple):
        return [settings_of(item) for item in thing]
    if isinstance(thing, Lexicon):
        return hashlib.sha256(json.dumps(asdict(thing), sort_keys=True).encode()).hexdigest()
    return thing if isinstance(thing, str | int | float | None) else repr(thing)
