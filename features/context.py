"""What a document tells about each of its sentences: who speaks, whose quotation is open, what kind of text it is.

Everything is read from the analysed tokens and from the beginnings of the sentences, in one pass. The terms are
categories, spelled out, so that an explanation can show them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from wiredesk.features.tokens import Token

#: Cue classes of verbs that attribute words to somebody, and of those who speak with an office or without.
SPEECH_CLASSES = frozenset({"SPEECH", "STANCE"})
OFFICIAL_CLASSES = frozenset({"OFFICE", "INSTITUTION", "METONYM", "ARMED_ACTOR"})
OTHER_CLASSES = frozenset({"NON_OFFICIAL"})
PRONOUNS = frozenset({"he", "she", "they"})

#: How many cue symbols before and after a verb of speech its speaker is looked for.
REACH_BEFORE, REACH_AFTER = 7, 8

#: How many cue symbols around a name its office or trade is looked for.
REACH_NAME = 6

_BARRIERS = frozenset({".", ";", "<Q", "Q>"})
_QUESTION = re.compile(r"(?:Q|QUESTION|REPORTER|INTERVIEWER|JOURNALIST)\b", re.IGNORECASE)
_TURN = re.compile(r"(?:[A-Z][\w.'’-]*(?: [A-Z(][\w.'’)-]*){0,4}|[QA]) ?[:.] ")


class Facts(NamedTuple):
    """What one sentence says about speech by itself.

    Attributes
    ----------
    speaker : str
        To whom it attributes words: ``"official"``, ``"other"``, ``"name"`` (one of which no office was told),
        ``"unknown"``, or ``"none"`` if it attributes none.
    source : str
        How the speaker is known: ``"told"`` in the sentence, ``"remembered"`` by name, ``"pronoun"``, or ``"none"``.
    quotation : str
        ``"inside"`` if it begins in an open quotation, ``"opens"`` if it leaves one open, ``"holds"`` if it has a whole
        one, ``"none"``.
    first_person : bool
        Whether it says "we" or "I".
    turn : str
        In a transcript ``"question"`` or ``"answer"``, elsewhere ``"none"``.
    """

    speaker: str
    source: str
    quotation: str
    first_person: bool
    turn: str


def context_terms(sentences: Sequence[Sequence[Token]], texts: Sequence[str]) -> list[list[str]]:
    """List each sentence's context terms.

    Parameters
    ----------
    sentences : sequence of sequence of Token
        The analysed sentences of one document, in order.
    texts : sequence of str
        The same sentences as text.

    Returns
    -------
    list of list of str
        Empty lists for a document of one sentence, which has no context.
    """
    if len(sentences) < 2:
        return [[] for _ in sentences]
    facts = document_facts(sentences, texts)
    n = len(facts)
    kind = [
        f"speech in document={int(5 * sum(f.speaker != 'none' for f in facts) / n)}/5",
        f"first person in document={int(5 * sum(f.first_person for f in facts) / n)}/5",
        f"quotations in document={int(4 * sum(f.quotation != 'none' for f in facts) / n)}/4",
        f"turns in document={min(4, int(8 * sum(bool(_TURN.match(text)) for text in texts) / n))}/4",
    ]
    found = []
    last, distance = "none", 0
    for i, fact in enumerate(facts):
        before = facts[i - 1].speaker if i else "edge"
        second = facts[i - 2].speaker if i > 1 else "edge"
        after = facts[i + 1].speaker if i + 1 < n else "edge"
        speaker, own = f"speaker={fact.speaker}", f"first person={fact.first_person}"
        quotation, turn = f"quotation={fact.quotation}", f"turn={fact.turn}"
        last_speaker = f"last speaker={last}"
        found.append(
            [
                *kind,
                speaker,
                f"{speaker} ({fact.source})",
                f"speaker before={before}",
                f"speaker two before={second}",
                f"speaker after={after}",
                quotation,
                own,
                turn,
                f"{quotation}, {speaker}",
                f"{quotation}, speaker before={before}",
                f"{quotation}, speaker after={after}",
                f"{quotation}, {last_speaker}",
                f"{quotation}, {own}, {last_speaker}",
                f"{quotation}, speaker before={before}, speaker after={after}",
                f"{quotation}, {turn}",
                f"{speaker}, {last_speaker}",
                f"{last_speaker} {min(distance, 4)} sentences ago",
                f"{own}, {kind[1]}",
                f"{own}, {kind[2]}, {quotation}",
                f"{own}, {kind[3]}, {turn}",
                f"sentences before={min(i, 3)}",
                f"sentences after={min(n - 1 - i, 2)}",
            ]
        )
        if fact.speaker == "none":
            distance += 1
        else:
            distance = 0
            last = last if fact.speaker == "unknown" else fact.speaker
    return found


def document_facts(sentences: Sequence[Sequence[Token]], texts: Sequence[str]) -> list[Facts]:
    """Read who speaks where in a document.

    Parameters
    ----------
    sentences : sequence of sequence of Token
    texts : sequence of str

    Returns
    -------
    list of Facts
    """
    known: dict[str, str] = {}  # Name -> "official" or "other", as first told.
    last = "unknown"  # Whom "he said" means.
    inside, turn = False, "none"
    facts = []
    for tokens, text in zip(sentences, texts, strict=True):
        symbols = [symbol for token in tokens for symbol in token.symbols]
        names = [token.name for token in tokens for _ in token.symbols]
        _introduce(symbols, names, known)
        speaker, source = _speaker(symbols, names, known)
        if source == "pronoun":
            speaker = last
        if speaker in ("official", "other"):
            last = speaker
        elif speaker == "name":
            last = "unknown"
        began_inside = inside
        inside = _open_after(tokens, inside)
        has_quotes = any(token.quotes for token in tokens)
        quotation = "inside" if began_inside else "opens" if inside else "holds" if has_quotes else "none"
        if _QUESTION.match(text):
            turn = "question"
        elif _TURN.match(text):
            turn = "answer"
        facts.append(Facts(speaker, source, quotation, "FIRST_PERSON" in symbols, turn))
    return facts


def _introduce(symbols: Sequence[str], names: Sequence[str], known: dict[str, str]) -> None:
    """Remember the names that stand beside an office or a trade."""
    for i, symbol in enumerate(symbols):
        if symbol != "NAME" or len(names[i]) < 3 or names[i] in known:
            continue
        around = [*range(i - 1, max(-1, i - 1 - REACH_NAME), -1), *range(i + 1, min(len(symbols), i + 1 + REACH_NAME))]
        for j in around:
            if symbols[j] == "OFFICE" or symbols[j] == "ARMED_ACTOR":
                known[names[i]] = "official"
                break
            if symbols[j] in OTHER_CLASSES:
                known[names[i]] = "other"
                break
            if j > i and (symbols[j] in SPEECH_CLASSES or symbols[j] in _BARRIERS):
                break


def _speaker(symbols: Sequence[str], names: Sequence[str], known: dict[str, str]) -> tuple[str, str]:
    """Find the speaker of the first verb of speech that has one: class, and how it is known."""
    found = ("none", "none")
    for i, symbol in enumerate(symbols):
        if symbol not in SPEECH_CLASSES:
            continue
        before = _nearest(symbols, names, known, range(i - 1, max(-1, i - 1 - REACH_BEFORE), -1), i)
        after = _nearest(symbols, names, known, range(i + 1, min(len(symbols), i + 1 + REACH_AFTER)), i)
        one = before if before[0] not in ("unknown", "name") else after if after[0] != "unknown" else before
        found = found if found[0] not in ("none", "unknown") and one[0] == "unknown" else one
        if found[0] in ("official", "other"):
            return found
    return found


def _nearest(
    symbols: Sequence[str], names: Sequence[str], known: dict[str, str], positions: range, verb: int
) -> tuple[str, str]:
    """Find the nearest possible speaker on one side of a verb of speech."""
    found = ("unknown", "none")
    for j in positions:
        symbol = symbols[j]
        if symbol in OFFICIAL_CLASSES:
            return "official", "told"
        if symbol in OTHER_CLASSES:
            return "other", "told"
        if symbol in PRONOUNS and (j < verb or j == verb + 1):
            return "pronoun", "pronoun"
        if symbol == "NAME":
            if names[j] in known:
                return known[names[j]], "remembered"
            found = ("name", "none")
        elif symbol in _BARRIERS and abs(j - verb) > 1:
            break
    return found


def _open_after(tokens: Sequence[Token], inside: bool) -> bool:
    """Say whether a quotation in double marks is open after a sentence."""
    for token in tokens:
        for mark in token.quotes:
            inside = mark == "<" if mark != "?" else not inside
    return inside
