"""A small model with something in each of its arrays, and texts to use it on."""

from __future__ import annotations

import numpy as np

from wiredesk.features import CueClass, Lexicon, TfidfFeaturizer
from wiredesk.models import Model, SentenceClassifier, freeze

SENTENCES = (
    "Rockets hit the port on Monday.",
    "Rockets hit a bridge, and 12 people were killed.",
    "“Talks resume on Monday,” the mayor said.",
    "Talks ended on Friday: the mayor had left.",
    "“We will not talk,” the governor said.",
    "Two people died, and 30 were wounded on Friday.",
)
TEXTS = (
    *SENTENCES,
    "",
    " ",
    "\x00",
    "\ud800 x\udfff",
    "a" * 1000,
    "¿“‘«»’” ½ ﬁ \u200b 東京 \U0001f600",
    "won't can't's O'Neil's 's 10:30 2019 $5 -- ...",
    "^ $ NAME OTHER Q? \u2028 {} %s",
)
ARTICLE = "\n".join(
    [*SENTENCES, "Q: Who said so?", "A: The mayor.", "It rained.", "He said: nothing.", "", "Rain again."]
)


def small_model() -> Model:
    """Fit a model on some sentences, with something in each of its arrays.

    Returns
    -------
    Model
    """
    forms = {"hit": "strike_verb", "killed": "kill", "died": "kill", "mayor": "office", "on": "itself", "said": "say"}
    classes = {
        "kill": CueClass("killing", ("force", "accident"), True),
        "office": CueClass("office", ("office",)),
        "say": CueClass("verb of saying", ("speech",), True),
        "strike_verb": CueClass("striking", ("force",), True),
    }
    X = np.array([(text, f"document {i // 3}") for i, text in enumerate(SENTENCES * 2)], dtype=object)
    y = np.array([[1, 0, 0], [1, 0, 1], [0, 1, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]] * 2)
    featurizer = TfidfFeaturizer(lexicon=Lexicon(dict(sorted({**forms, "talk": "talk?"}.items())), classes))
    classifier = SentenceClassifier(featurizer=featurizer).fit(X, y)
    scores = {"f1": 0.5, "precision": 0.5, "recall": 0.5, "positives": 2, "f1_ci95": [0.25, 0.75]}
    types = ["strike", "quote", "toll"]
    told = {"sentences": 12, "documents": 2, "macro": scores, "micro": scores, "exact_match": 0.5}
    told["types"] = dict.fromkeys(types, scores)
    training = {"sentences": 12, "units": 2, "classifier": "SentenceClassifier()", "corpus": "0" * 32, "folds": 5}
    training |= {
        "cross_validation": told,
        "reference": {"sentences": 12, "unseen_words": 0.1},
        "target": {"recall": 0.5},
    }
    calibration, priors = [(1.5, -0.25)] * 3, [0.25, 0.5, 0.25]
    model = freeze(classifier, types, calibration, [0.4, 0.5, 0.6], priors, training=training)
    return model.with_evaluation("gold", told, "Some sentences.")
