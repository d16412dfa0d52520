"""What is counted in some of the sentences of a source, to tell how unlike the training data it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields

from wiredesk.features import normalize
from wiredesk.models.labelled import LabelledSentence

#: Sentences of a source that are all counted, and of one document at most. After them every second document is counted
#: until they are twice as many, then every fourth: counting costs little, and late documents have a say.
ALL_COUNTED = 400

#: Words from which on a sentence's language can be told. Where no blanks stand between words, 6 bytes of UTF-8 are one:
#: two Chinese characters.
SHORTEST, BYTES_PER_WORD = 5, 6

#: The commonest English words, and the share of a sentence's words that they are at least.
COMMONEST = frozenset(
    "the of to and a in that for is on it with as was he by at from be have are an has not who were they his but this "
    "had will their its been which would i we or you she".split()
)
COMMON = 0.2

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


@dataclass(slots=True)
class Sample:
    """Counts over some of a source's sentences.

    Attributes
    ----------
    documents, sentences : int
        All that passed; documents without sentences are none.
    counted_documents, counted : int
        Documents and sentences that the others are counted in.
    words, unseen : int
        Words without digits, and those that the model does not know.
    long, foreign : int
        Sentences whose language can be told, and those that are not English.
    probabilities : list of float
        Sum by type.
    """

    documents: int = 0
    sentences: int = 0
    counted_documents: int = 0
    counted: int = 0
    words: int = 0
    unseen: int = 0
    long: int = 0
    foreign: int = 0
    probabilities: list[float] = field(default_factory=list)

    def count(self, sentences: Sequence[LabelledSentence], known: Collection[str], at_once: int = ALL_COUNTED) -> None:
        """Take a document in.

        Parameters
        ----------
        sentences : sequence of LabelledSentence
        known : collection of str
            The words that the model knows.
        at_once : int, default=ALL_COUNTED
            Sentences of the source that are all counted, and of one document at most.
        """
        if not sentences:
            return
        self.documents += 1
        self.sentences += len(sentences)
        if self.documents % (1 << self.counted // at_once):
            return
        chosen = sentences[:: 1 + (len(sentences) - 1) // at_once]
        self.counted_documents += 1
        self.counted += len(chosen)
        columns = zip(*(sentence.probabilities.values() for sentence in chosen), strict=True)
        self.probabilities = _added(self.probabilities, list(map(sum, columns)))
        for sentence in chosen:
            self._count_words(sentence.text, known)

    def add(self, other: Sample) -> None:
        """Add what was counted elsewhere."""
        sums = _added(self.probabilities, other.probabilities)
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        self.probabilities = sums

    def _count_words(self, text: str, known: Collection[str]) -> None:
        words = _WORD.findall(normalize(text).lower())
        unseen = len([word for word in words if word not in known and word.removesuffix("'s") not in known])
        self.words += len(words)
        self.unseen += unseen
        is_strange = 2 * unseen > len(words)
        if len(words) < SHORTEST or is_strange:
            length = max(len(words), len("".join(words).encode("utf-8", "replace")) / BYTES_PER_WORD)
            if length < SHORTEST:
                return
            self.foreign += is_strange and sum(word in COMMONEST for word in words) < COMMON * length
        self.long += 1


def words_of(text: str) -> list[str]:
    """Give the words of a sentence as the model's vocabulary has them, without digits.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str

    Examples
    --------
    >>> words_of("Kyiv's mayor: “2,000 shells aren’t enough.”")
    ['kyiv', 'mayor', 'shells', "aren't", 'enough']
    """
    return [word.removesuffix("'s") for word in _WORD.findall(normalize(text).lower())]


def _added(sums: list[float], others: list[float]) -> list[float]:
    """Add two lists number by number; an empty one is a list of zeros."""
    return [a + b for a, b in zip(sums, others, strict=True)] if sums and others else sums or others
