"""Who speaks in each sentence of a document, and whose quotation is open, read from cue symbols, names and marks.

Everything is done for many sentences at once, on arrays: one number per cue symbol says which parts its class plays.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from wiredesk.features.arrays import (
    AUTHORITY,
    BARRIER,
    FIRST_PERSON,
    IS_NAME,
    OFFICE,
    OPEN,
    PRIVATE,
    PRONOUN,
    SPEECH,
    TOPIC,
    TURN_OVER,
    SentenceArrays,
)

#: Categories, in the order of their codes. A neighbour beyond the document's edge has the code after the last speaker.
SPEAKERS = ("none", "unknown", "name", "official", "other")
SOURCES = ("none", "told", "remembered", "pronoun")
QUOTATIONS = ("none", "holds", "opens", "inside", "announced")
TURNS = ("none", "question", "answer")
NONE, UNKNOWN, BY_NAME, OFFICIAL, BY_OTHER = range(5)

#: How many cue symbols before and after a verb of speech its speaker is looked for.
REACH_BEFORE, REACH_AFTER = 7, 8

#: How many cue symbols around a name its office or trade is looked for.
REACH_NAME = 6

_PRONOUN = -1  # Of a verb's speaker, until it is known whom it means.
_QUESTION = re.compile(r"(?:Q|QUESTION|REPORTER|INTERVIEWER|JOURNALIST)\b", re.IGNORECASE)
_QUESTION_LETTERS = frozenset("QRIJqrij")
_TURN = re.compile(r"(?:[A-Z][\w.'’-]*(?: [A-Z(][\w.'’)-]*){0,4}|[QA]) ?[:.] ")


class Facts(NamedTuple):
    """What each sentence says about speech and topics, as arrays of shape (n,).

    Attributes
    ----------
    speaker : ndarray of int64
        To whom it attributes words, as a position in ``SPEAKERS``: to nobody, to somebody who is not named or not
        known, to a name of which no office was told, to an office or authority, to somebody without.
    source : ndarray of int64
        How the speaker is known, as a position in ``SOURCES``: told in the sentence, remembered by name, by a pronoun.
    quotation : ndarray of int64
        A position in ``QUOTATIONS``: it has no marks; it holds a whole quotation; it leaves one open; it begins in an
        open one; it has no marks and follows words that were announced by a colon.
    first_person : ndarray of bool
        Whether it says "we" or "I".
    turn : ndarray of int64
        A position in ``TURNS``: in a transcript whose turn it is. Elsewhere mostly 0, but "Mr. Brock" too begins as a
        turn does.
    begins_turn : ndarray of bool
        Whether it begins as a turn of a transcript does, with a name or a letter before a colon or full stop.
    topics : ndarray of bool, shape (n, n_topics)
        Whether it holds a word of each topic.
    """

    speaker: np.ndarray
    source: np.ndarray
    quotation: np.ndarray
    first_person: np.ndarray
    turn: np.ndarray
    begins_turn: np.ndarray
    topics: np.ndarray


def read_facts(sentences: SentenceArrays, n_topics: int) -> Facts:
    """Read who speaks where, and what about.

    Parameters
    ----------
    sentences : SentenceArrays
    n_topics : int

    Returns
    -------
    Facts
    """
    n = len(sentences.texts)
    sizes = np.diff(sentences.document_starts)
    document = np.repeat(np.arange(len(sizes)), sizes)
    first = np.repeat(sentences.document_starts[:-1], sizes)
    together = _union(sentences.bits, sentences.symbol_starts)

    spoken, source = _direct_speakers(sentences, document)
    # A pronoun means who spoke last; a name of which no office was told makes that unknown.
    direct = spoken >= BY_NAME
    last = _last_before(direct, np.where(spoken == BY_NAME, UNKNOWN, spoken), first, UNKNOWN)
    speaker = np.where(spoken == _PRONOUN, last, spoken)

    before, after, has_marks = _open_quotations(sentences, document)
    quotation = np.where(has_marks, QUOTATIONS.index("holds"), 0)
    quotation[after] = QUOTATIONS.index("opens")
    quotation[before] = QUOTATIONS.index("inside")
    # A statement without marks, as in a press release: "The minister said:" and then its sentences.
    colon = np.array([text.rstrip().endswith(":") for text in sentences.texts], dtype=bool)
    plain = (quotation == 0) & (speaker == NONE)
    announced = _last_before(~plain, ((speaker != NONE) & colon).astype(np.int64), first, 0)
    quotation[plain & (announced == 1)] = QUOTATIONS.index("announced")

    # What no colon or full stop stands inside of is no turn, which is found out faster.
    begins = np.array(
        [(": " in text or ". " in text) and _TURN.match(text) is not None for text in sentences.texts], dtype=bool
    )
    asks = np.array(
        [text[:1] in _QUESTION_LETTERS and _QUESTION.match(text) is not None for text in sentences.texts], dtype=bool
    )
    said = np.where(asks, TURNS.index("question"), TURNS.index("answer"))
    turn = np.where(asks | begins, said, _last_before(asks | begins, said, first, 0))
    topics = (together[:, None] >> (np.arange(n_topics) + TOPIC.bit_length() - 1)) & 1
    first_person = (together & FIRST_PERSON) != 0
    return Facts(speaker, source, quotation, first_person, turn, begins, topics.astype(bool).reshape(n, n_topics))


def _direct_speakers(sentences: SentenceArrays, document: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find each sentence's speaker, a pronoun not yet resolved, and how it is known."""
    bits, starts = sentences.bits, sentences.symbol_starts
    sentence = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    known = _known_names(sentences, sentence, document)
    verbs = np.flatnonzero(bits & SPEECH)
    before, before_source = _nearest(bits, known, starts, sentence, verbs, -1, REACH_BEFORE)
    after, after_source = _nearest(bits, known, starts, sentence, verbs, 1, REACH_AFTER)
    take_after = ((before == UNKNOWN) | (before == BY_NAME)) & (after != UNKNOWN)
    one, source = np.where(take_after, after, before), np.where(take_after, after_source, before_source)
    # The first verb that has an official or another speaker counts; else the last one that has any; else any.
    owner = sentence[verbs]
    rank = np.where(one >= OFFICIAL, 2, np.where(one != UNKNOWN, 1, 0))
    order = np.where(rank == 2, -np.arange(len(verbs)), np.arange(len(verbs)))
    best = np.lexsort((order, rank, owner))
    at = best[np.flatnonzero(np.diff(owner[best], append=-1))]  # The last of each sentence.
    speaker = np.full(len(starts) - 1, NONE)
    sources = np.zeros(len(starts) - 1, dtype=np.int64)
    speaker[owner[at]], sources[owner[at]] = one[at], source[at]
    return speaker, sources


def _known_names(sentences: SentenceArrays, sentence: np.ndarray, document: np.ndarray) -> np.ndarray:
    """Say of each symbol that is a name whether its office or trade was told so far: OFFICIAL, BY_OTHER or NONE."""
    bits, names, starts = sentences.bits, sentences.names, sentences.symbol_starts
    known = np.full(len(bits), NONE)
    at = np.flatnonzero((bits & IS_NAME != 0) & (names >= 0))
    if not len(at):
        return known
    low, high = starts[sentence[at]], starts[sentence[at] + 1]
    told = np.full(len(at), NONE)
    active = np.ones(len(at), dtype=bool)
    for step in (*range(-1, -REACH_NAME - 1, -1), *range(1, REACH_NAME + 1)):
        near = at + step
        seen = np.flatnonzero(active & (near >= low) & (near < high))
        found = bits[near[seen]]
        office, private = found & OFFICE != 0, found & PRIVATE != 0
        told[seen[private]] = BY_OTHER
        told[seen[office]] = OFFICIAL
        # What comes after another clause begins, or after a verb of speech, is somebody else.
        ends = (found & (SPEECH | BARRIER) != 0) if step > 0 else False
        active[seen[office | private | ends]] = False
    key = document[sentence[at]] * (int(names.max()) + 1) + names[at]
    telling = np.flatnonzero(told)
    keys, first = np.unique(key[telling], return_index=True)
    if not len(keys):
        return known
    slot = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
    told_at = telling[first[slot]]
    # Told in an earlier sentence, or anywhere in this one.
    hit = (keys[slot] == key) & (sentence[at[told_at]] <= sentence[at])
    known[at[hit]] = told[told_at[hit]]
    return known


def _nearest(
    bits: np.ndarray,
    known: np.ndarray,
    starts: np.ndarray,
    sentence: np.ndarray,
    verbs: np.ndarray,
    direction: int,
    reach: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Find the nearest possible speaker on one side of each verb of speech, and how it is known."""
    low, high = starts[sentence[verbs]], starts[sentence[verbs] + 1]
    speaker = np.full(len(verbs), UNKNOWN)
    source = np.zeros(len(verbs), dtype=np.int64)
    active = np.ones(len(verbs), dtype=bool)
    for distance in range(1, reach + 1):
        at = verbs + direction * distance
        seen = np.flatnonzero(active & (at >= low) & (at < high))
        found = bits[at[seen]]
        office = found & (OFFICE | AUTHORITY) != 0
        private = ~office & (found & PRIVATE != 0)
        # "said he" names a speaker, "said the mayor he met" does not.
        pronoun = ~office & ~private & (found & PRONOUN != 0) & (direction < 0 or distance == 1)
        name = ~office & ~private & (found & IS_NAME != 0)
        told = known[at[seen]]
        remembered = name & (told != NONE)
        speaker[seen[name]] = BY_NAME
        speaker[seen[remembered]] = told[remembered]
        speaker[seen[office]], speaker[seen[private]], speaker[seen[pronoun]] = OFFICIAL, BY_OTHER, _PRONOUN
        source[seen[office | private]] = SOURCES.index("told")
        source[seen[remembered]] = SOURCES.index("remembered")
        source[seen[pronoun]] = SOURCES.index("pronoun")
        ends = (found & BARRIER != 0) & (distance > 1)
        active[seen[office | private | pronoun | remembered | ends]] = False
    return speaker, source


def _open_quotations(sentences: SentenceArrays, document: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Say whether a quotation is open before and after each sentence, and whether it has marks."""
    n = len(sentences.texts)
    at = np.flatnonzero(sentences.effects)
    effect = sentences.effects[at]
    owner = np.searchsorted(sentences.token_starts, at, side="right") - 1
    has_marks = np.zeros(n, dtype=bool)
    has_marks[owner] = True
    # After each token with marks: as the last one that opened or closed left it, turned over by those since.
    turns = np.concatenate([[0], np.cumsum(effect == TURN_OVER)])
    begins = np.searchsorted(document[owner], document[owner], side="left")
    last = np.maximum.accumulate(np.where(effect >= OPEN, np.arange(len(at)), -1))
    is_set = last >= begins
    base = np.where(is_set, effect[last] == OPEN, False)
    since = turns[1:] - np.where(is_set, turns[last + 1], turns[begins])
    state = base ^ (since % 2 == 1)
    # After each sentence: as its last token with marks, or that of a sentence before it in the document, left it.
    count = np.searchsorted(owner, np.arange(n), side="right")
    index = np.maximum(count - 1, 0)
    after = np.zeros(n, dtype=bool)
    if len(at):
        after = (count > 0) & (document[owner[index]] == document) & state[index]
    before = np.concatenate([[False], after[:-1]]) & (np.diff(document, prepend=-1) == 0) if n else after
    return before, after, has_marks


def last_marked(marked: np.ndarray) -> np.ndarray:
    """Give each sentence the position of the last marked one before it, whatever its document, or -1.

    Parameters
    ----------
    marked : ndarray of bool, shape (n,)

    Returns
    -------
    ndarray of int64, shape (n,)
    """
    position = np.where(marked, np.arange(len(marked)), -1)
    return np.concatenate([[-1], np.maximum.accumulate(position)[:-1]]) if len(marked) else position


def _last_before(marked: np.ndarray, values: np.ndarray, first: np.ndarray, default: int) -> np.ndarray:
    """Give each sentence the value of the last marked one before it in its document."""
    last = last_marked(marked)
    return np.where(last >= first, values[last], default)


def _union(bits: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Join the bits of each sentence's symbols."""
    joined = np.zeros(len(starts) - 1, dtype=np.int64)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        joined[filled] = np.bitwise_or.reduceat(bits, starts[filled])
    return joined
