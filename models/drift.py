"""How unlike the training data an input is: words the model does not know, types that are missing, other languages."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from wiredesk.features.segmentation import split_text
from wiredesk.models.driftcounts import Sample, words_of

if TYPE_CHECKING:
    from wiredesk.models.model import Model

#: Fewest sentences that are judged.
FEWEST = 10

#: Share of sentences that are not English from which on it is said, and how many they are at least. Of 3,924 real
#: English articles one reached the share, an interview of which a third is in Hindi.
NOT_ENGLISH, NOT_ENGLISH_SENTENCES = 0.2, 3

#: What the drift of a large input may be, and what is added for the noise of small ones: for one article of 20
#: sentences, and for each tenfold number of sources that are judged. `find_drift` says what they were chosen on.
LIMIT, LIMIT_NOISE, LIMIT_TENFOLD = 1.6, 0.5, 0.25

#: Sentences that count as a document: shorter ones count in part.
DOCUMENT = 20

#: Added to shares of sentences, so that a type that is not met at all does not decide alone.
RARE = 0.01

#: Least number that the types' part is divided by: a mean over fewer is noisier than what the limits were chosen on.
FEWEST_TYPES = 4


class Drift(NamedTuple):
    """What an input shows beside the training data.

    Attributes
    ----------
    sentences : int
    not_english : float
        Share of the sentences that are not English, of those that are long enough to tell.
    unseen_words : float
        Share of the words that the model does not know.
    shares : dict of str to float
        Type name -> mean probability: the share of sentences that are expected to carry it.
    score : float or None
        The drift; None for a model that does not say what its training data shows.
    limit : float
        The score from which on it is said.
    warning : str
        What to say about it; empty if there is nothing to say.
    """

    sentences: int
    not_english: float
    unseen_words: float
    shares: dict[str, float]
    score: float | None
    limit: float
    warning: str


def find_drift(model: Model, articles: str | Iterable[str]) -> Drift | None:
    r"""Say whether articles are so unlike the training data that their labels may mean little.

    Parameters
    ----------
    model : Model
    articles : str or iterable of str
        One article, or several of one source.

    Returns
    -------
    Drift or None
        None for fewer than ``FEWEST`` sentences.

    Notes
    -----
    Two things are looked at, on up to some thousand sentences.

    *Language.* A sentence is not English if less than a fifth of its words are among the commonest English ones [1]_
    and the model does not know more than half of them. Headlines and lists of names are of the first kind alone.

    *Drift.* With :math:`u` the share of words that the model does not know, :math:`p_j` the mean probability of type
    :math:`j`, and :math:`u_0` and :math:`\pi_j` the same of the training data (words of a document counted as known
    only if other documents hold them),

    .. math:: d = \ln\frac{u}{u_0} + \frac{1}{\max(J, 4)} \sum_{j=1}^{J} \ln\frac{\pi_j + 0.01}{p_j + 0.01}.

    That is: how many times as many unknown words, times how many times rarer the types are. It is a test for shift of
    the inputs and one for shift of a classifier's outputs [2]_ in one number; each alone is weaker. The
    limit is :math:`1.6 + (0.5 + 0.25 \log_{10} m) / \sqrt{k}` for :math:`m` sources that are judged together and
    :math:`k` documents of 20 sentences, or fewer if the sentences make fewer (those of one document are alike [3]_).

    The limits were chosen on real news of 2001 to 2024 with the shipped model, whose synthetic training data has half
    as many unknown words as real news. The drift of 60 to 2,500 sentences of one medium was 0.3 to 1.0 on war news and
    peace talks, 0.8 to 1.0 on crime, terror, protest and disaster, 1.1 to 1.6 on foreign affairs, and 2.0 to 2.8 on
    sport, finance, entertainment and science. On general news and domestic politics it was 1.3 to 2.4: half of these
    media are warned about. Of single articles of 10 sentences and more, 2 % of 260 on war were beyond the limit (on
    its edge: a museum, an arms order), 83 % of 71 on sport and 64 % of 121 on finance. Capitals, lower case, missing
    punctuation and headlines change the drift by less than 0.4.

    References
    ----------
    .. [1] G. Grefenstette (1995). Comparing two language identification schemes. JADT 3.
    .. [2] S. Rabanser, S. Günnemann, Z. Lipton (2019). Failing loudly: an empirical study of methods for detecting
       dataset shift. NeurIPS 32. https://arxiv.org/abs/1810.11953
    .. [3] L. Kish (1965). Survey sampling, section 5.4. Wiley.

    Examples
    --------
    >>> from wiredesk import load_model
    >>> found = find_drift(load_model(), "Der Regen hat die Stadt am frühen Morgen erreicht. " * 10)
    >>> found.sentences, found.not_english
    (10, 1.0)
    >>> print(found.warning)
    100 % of 10 sentences are not English: their labels mean nothing; leave them out or translate them first
    """
    sample, known = Sample(), model.words
    texts = [articles] if isinstance(articles, str) else articles
    parted = (split_text(text) for text in texts)
    for sentences in model.label_documents(parted):
        sample.count(sentences, known)
    return judge(sample, model)


def judge(sample: Sample, model: Model, n_sources: int = 1) -> Drift | None:
    """Hold a sample of a source against the training data.

    Parameters
    ----------
    sample : Sample
    model : Model
        That gave the labels.
    n_sources : int, default=1
        Sources that are judged together: the more there are, the more of them are unusual by chance [1]_.

    Returns
    -------
    Drift or None
        None for fewer than ``FEWEST`` sentences.

    References
    ----------
    .. [1] O. Dunn (1961). Multiple comparisons among means. Journal of the American Statistical Association 56(293).
       https://doi.org/10.1080/01621459.1961.10482090
    """
    if sample.counted < FEWEST or not model.words:
        return None
    unseen = _share(sample.unseen, sample.words)
    means = [total / sample.counted for total in sample.probabilities]
    priors = model.manifest["calibration"]["prior"]
    falls = [math.log((prior + RARE) / (mean + RARE)) for prior, mean in zip(priors, means, strict=True)]
    documents = min(sample.counted_documents, sample.counted / DOCUMENT)
    limit = LIMIT + (LIMIT_NOISE + LIMIT_TENFOLD * math.log10(n_sources)) / math.sqrt(documents)
    reference = _reference(model)
    score = None if reference is None else math.log(unseen / reference) + sum(falls) / max(len(falls), FEWEST_TYPES)
    warning = ""
    if sample.foreign >= max(NOT_ENGLISH * sample.long, NOT_ENGLISH_SENTENCES):
        warning = (
            f"{_percent(sample.foreign / sample.long)} of {sample.sentences:,} sentences are not English: "
            "their labels mean nothing; leave them out or translate them first"
        )
    elif reference is not None and score is not None and score > limit:
        rarest = max(range(len(falls)), key=falls.__getitem__)
        warning = (
            f"{sample.sentences:,} sentences are unlike the training data ("
            f"{_percent(unseen)} of their words are unknown, there {_percent(reference)}; "
            f"{_percent(means[rarest])} are {model.types[rarest]}, there {_percent(priors[rarest])}): "
            "their labels may mean little; label some and evaluate (wiredesk evaluate)"
        )
    shares = dict(zip(model.types, means, strict=True))
    return Drift(sample.sentences, sample.foreign / max(sample.long, 1), unseen, shares, score, limit, warning)


def drift_reference(
    texts: Iterable[str],
    documents: Sequence[Hashable],
    words: Collection[str],
    *,
    measured: Iterable[bool] | None = None,
    min_df: int = 2,
) -> dict[str, Any]:
    """Measure what `judge` holds inputs against, for ``model.manifest["training"]["reference"]``.

    Parameters
    ----------
    texts : iterable of str
        The training sentences.
    documents : sequence of hashable
        The document of each, or whatever else is never parted.
    words : collection of str
        The words that the model knows.
    measured : iterable of bool, optional
        Which sentences are like those that the model is for; by default all.
    min_df : int, default=2
        Number of sentences that a word must be in to be known.

    Returns
    -------
    dict of str to object
        JSON-ready. ``unseen_words`` is the share of words that the model would not know without their own document.

    Examples
    --------
    >>> texts = ["Rain fell.", "Rain fell again.", "Hail fell again."]
    >>> drift_reference(texts, ["a", "b", "c"], {"rain", "fell", "again"}, min_df=1)
    {'sentences': 3, 'unseen_words': 0.125}
    """
    parted = [words_of(text) for text in texts]
    frequency: Counter[str] = Counter()
    inside: defaultdict[Hashable, Counter[str]] = defaultdict(Counter)
    for found, document in zip(parted, documents, strict=True):
        frequency.update(set(found))
        inside[document].update(set(found))
    known = {word for word in words if frequency[word] >= min_df}
    chosen = list(zip(parted, documents, strict=True))
    chosen = chosen if measured is None else list(compress(chosen, measured))
    unseen = sum(
        word not in known or frequency[word] - inside[document][word] < min_df
        for found, document in chosen
        for word in found
    )
    share = unseen / max(sum(len(found) for found, _ in chosen), 1)
    return {"sentences": len(chosen), "unseen_words": round(share, 6)}


def _reference(model: Model) -> float | None:
    """Give the share of unknown words in the training data, if the model file says it."""
    told = model.manifest["training"].get("reference")
    share = told.get("unseen_words") if isinstance(told, dict) else None
    return share if isinstance(share, float) and 0 < share < 1 else None


def _share(part: int, whole: int) -> float:
    """Give a share that is neither 0 nor 1."""
    return (part + 0.5) / (whole + 1)


def _percent(share: float) -> str:
    return f"{100 * share:.{0 if share >= 0.0995 else 1}f} %"
