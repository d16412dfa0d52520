"""What a document tells about each of its sentences: who speaks, whose quotation is open, what the text is about.

The terms are categories, spelled out, so that an explanation can show them. Each is an instance of a template, and its
number follows from the codes of the facts that the template names: terms are found by arithmetic, and spelled only to
be learnt and explained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from wiredesk.features.arrays import RoleBits, SentenceArrays
from wiredesk.features.speakers import (
    BY_NAME,
    NONE,
    QUOTATIONS,
    SOURCES,
    SPEAKERS,
    TURNS,
    Facts,
    last_marked,
    read_facts,
)
from wiredesk.features.tokens import Token

#: Shares of a document's sentences that part "none" from "a few" to "most".
SHARES = {"none": 0.0, "a few": 0.05, "some": 0.12, "a quarter": 0.25, "half": 0.45, "many": 0.65, "most": 1.0}

#: Topics whose shares are told together: in a text about an accident, damage and death are no attack.
COMPARED = ("force", "accident")

_FLAGS = ("False", "True")
_EDGE = "edge"

#: Field of a template -> how it is told, and its categories, by code.
_FIELDS = {
    "speech": ("speech in document={}/5", tuple(map(str, range(6)))),
    "first persons": ("first person in document={}/5", tuple(map(str, range(6)))),
    "quotations": ("quotations in document={}/4", tuple(map(str, range(5)))),
    "turns": ("turns in document={}/8", tuple(map(str, range(5)))),
    "speaker": ("speaker={}", SPEAKERS),
    "source": ("source={}", SOURCES),
    "before": ("speaker before={}", (*SPEAKERS, _EDGE)),
    "second": ("speaker two before={}", (*SPEAKERS, _EDGE)),
    "after": ("speaker after={}", (*SPEAKERS, _EDGE)),
    "quotation": ("quotation={}", QUOTATIONS),
    "own": ("first person={}", _FLAGS),
    "own before": ("first person before={}", (*_FLAGS, _EDGE)),
    "own after": ("first person after={}", (*_FLAGS, _EDGE)),
    "turn": ("turn={}", TURNS),
    "last": ("last speaker={}", SPEAKERS),
    "distance": ("{} sentences ago", tuple(map(str, range(5)))),
    "position": ("sentences before={}", tuple(map(str, range(4)))),
    "rest": ("sentences after={}", tuple(map(str, range(3)))),
}

_TEMPLATES = (
    ("speech",),
    ("first persons",),
    ("quotations",),
    ("turns",),
    ("speaker",),
    ("speaker", "source"),
    ("before",),
    ("second",),
    ("after",),
    ("quotation",),
    ("own",),
    ("turn",),
    ("quotation", "speaker"),
    ("quotation", "before"),
    ("quotation", "after"),
    ("quotation", "last"),
    ("quotation", "own", "last"),
    ("quotation", "before", "after"),
    ("quotation", "turn"),
    ("speaker", "last"),
    ("last", "distance"),
    ("own", "first persons"),
    ("own before", "own after"),
    ("own", "own before", "own after", "quotation"),
    ("first persons", "quotations", "quotation"),
    ("speech", "first persons", "quotations"),
    ("own", "quotations", "quotation"),
    ("own", "turns", "turn"),
    ("position",),
    ("rest",),
)


class Context:
    """The context terms that a lexicon allows, and which of them each sentence has.

    Parameters
    ----------
    roles : mapping of str to frozenset of str
        Role -> its cue symbols (`Lexicon.roles`).

    Attributes
    ----------
    parts : RoleBits
        Which parts every cue symbol plays.
    terms : list of str
        Every term that there can be; a term's number is its position.
    n_templates : int
        How many terms a sentence of a document has.
    """

    def __init__(self, roles: Mapping[str, frozenset[str]]) -> None:
        self.parts = RoleBits(roles)
        self._fields = dict(_FIELDS)
        templates = list(_TEMPLATES)
        topics = self.parts.topics
        both = tuple(f"{topic} share" for topic in COMPARED) if set(COMPARED) <= set(topics) else ()
        templates += [(f"{topic} share",) for topic in topics]
        templates += [both] if both else []
        for topic in topics:
            own, before, after, share = _own(topic), f"topic {topic} before", f"topic {topic} after", f"{topic} share"
            self._fields[share] = (f"{topic} in document={{}}", tuple(SHARES))
            self._fields[own] = (f"{topic}={{}}", ("no", "yes"))
            self._fields[before] = (f"{topic} before={{}}", ("no", "yes", _EDGE))
            self._fields[after] = (f"{topic} after={{}}", ("no", "yes", _EDGE))
            templates += [(own, share), (before,), (after,), (own, before, after)]
            templates += [(own, *both)] if both and topic in COMPARED else []
        self._templates = templates
        self.n_templates = len(templates)
        self.terms: list[str] = []
        self._starts: list[int] = []
        for template in templates:
            self._starts.append(len(self.terms))
            # Not `str.format`: a lexicon of somebody else may have any topic.
            told = [
                [form.replace("{}", name) for name in names] for form, names in map(self._fields.__getitem__, template)
            ]
            self.terms += [", ".join(parts) for parts in product(*told)]

    def rows(self, sentences: SentenceArrays) -> np.ndarray:
        """Find the terms of each sentence.

        Parameters
        ----------
        sentences : SentenceArrays

        Returns
        -------
        ndarray of int64, shape (n, n_templates)
            Numbers of terms. Those of a document of one sentence are to be ignored: it has no context.
        """
        facts = read_facts(sentences, len(self.parts.topics))
        codes = _speech_codes(facts, sentences.document_starts)
        for i, topic in enumerate(self.parts.topics):
            codes |= _topic_codes(topic, facts.topics[:, i].astype(np.int64), sentences.document_starts)
        rows = np.empty((len(sentences.texts), self.n_templates), dtype=np.int64)
        for column, (template, start) in enumerate(zip(self._templates, self._starts, strict=True)):
            number = codes[template[0]]
            for field in template[1:]:
                number = number * len(self._fields[field][1]) + codes[field]
            rows[:, column] = number + start
        return rows


def context_terms(
    sentences: Sequence[Sequence[Token]], texts: Sequence[str], roles: Mapping[str, frozenset[str]]
) -> list[list[str]]:
    """List each sentence's context terms.

    Parameters
    ----------
    sentences : sequence of sequence of Token
        The analysed sentences of one document, in order.
    texts : sequence of str
        The same sentences as text.
    roles : mapping of str to frozenset of str
        Role -> its cue symbols (`Lexicon.roles`).

    Returns
    -------
    list of list of str
        Empty lists for a document of one sentence, which has no context.
    """
    if len(sentences) < 2:
        return [[] for _ in sentences]
    context = Context(roles)
    rows = context.rows(SentenceArrays.of(sentences, texts, [len(texts)], context.parts))
    return [[context.terms[number] for number in row] for row in rows.tolist()]


def _speech_codes(facts: Facts, starts: np.ndarray) -> dict[str, np.ndarray]:
    """Give each field of speech its code, by sentence."""
    n = len(facts.speaker)
    sizes = np.diff(starts)
    first, size = np.repeat(starts[:-1], sizes), np.repeat(sizes, sizes)
    at = np.arange(n)
    own = facts.first_person.astype(np.int64)
    edge = len(SPEAKERS)
    spoken = facts.speaker != NONE
    # Who spoke last, before this sentence, and how many sentences ago anybody did.
    direct = last_marked(facts.speaker >= BY_NAME)
    anybody = last_marked(spoken)
    return {
        "speech": _share(spoken, starts, 5),
        "first persons": _share(facts.first_person, starts, 5),
        "quotations": _share(facts.quotation != 0, starts, 4),
        "turns": np.minimum(4, _share(facts.begins_turn, starts, 8)),
        "speaker": facts.speaker,
        "source": facts.source,
        "before": _neighbour(facts.speaker, -1, first, size, edge),
        "second": _neighbour(facts.speaker, -2, first, size, edge),
        "after": _neighbour(facts.speaker, 1, first, size, edge),
        "quotation": facts.quotation,
        "own": own,
        "own before": _neighbour(own, -1, first, size, 2),
        "own after": _neighbour(own, 1, first, size, 2),
        "turn": facts.turn,
        "last": np.where(direct >= first, facts.speaker[direct], NONE),
        "distance": np.minimum(4, np.where(anybody >= first, at - anybody - 1, at - first)),
        "position": np.minimum(3, at - first),
        "rest": np.minimum(2, first + size - 1 - at),
    }


def _topic_codes(topic: str, own: np.ndarray, starts: np.ndarray) -> dict[str, np.ndarray]:
    """Give each field of a topic its code, by sentence."""
    sizes = np.diff(starts)
    first, size = np.repeat(starts[:-1], sizes), np.repeat(sizes, sizes)
    share = np.searchsorted(list(SHARES.values()), _sums(own, starts) / size)
    return {
        f"{topic} share": share,
        _own(topic): own,
        f"topic {topic} before": _neighbour(own, -1, first, size, 2),
        f"topic {topic} after": _neighbour(own, 1, first, size, 2),
    }


def _own(topic: str) -> str:
    """Name a topic's field so that it is none of the fields of speech."""
    return f"topic {topic}"


def _share(marked: np.ndarray, starts: np.ndarray, parts: int) -> np.ndarray:
    """Give each sentence the share of marked ones in its document, in parts, rounded down."""
    return parts * _sums(marked.astype(np.int64), starts) // np.repeat(np.diff(starts), np.diff(starts))


def _sums(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Give each sentence the sum over its document."""
    total = np.concatenate([[0], np.cumsum(values)])
    return np.repeat(total[starts[1:]] - total[starts[:-1]], np.diff(starts))


def _neighbour(values: np.ndarray, step: int, first: np.ndarray, size: np.ndarray, edge: int) -> np.ndarray:
    """Give each sentence the value of another one of its document, or `edge`."""
    at = np.arange(len(values)) + step
    inside = (at >= first) & (at < first + size)
    return np.where(inside, values[np.where(inside, at, 0)], edge)
