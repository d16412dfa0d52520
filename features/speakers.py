"""Who speaks in each sentence of a document, and whose quotation is open, read from cue symbols, names and marks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from wiredesk.features.tokens import Token

#: Role in attributing words -> its cue symbols (`Lexicon.roles`).
Roles = Mapping[str, frozenset[str]]

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
        one, ``"announced"`` if it has no marks and follows words that were announced by a colon, ``"none"``.
    first_person : bool
        Whether it says "we" or "I".
    turn : str
        In a transcript ``"question"`` or ``"answer"``, elsewhere ``"none"``.
    begins_turn : bool
        Whether it begins as a turn of a transcript does, with a name or a letter before a colon or full stop.
    """

    speaker: str
    source: str
    quotation: str
    first_person: bool
    turn: str
    begins_turn: bool


def document_facts(sentences: Sequence[Sequence[Token]], texts: Sequence[str], roles: Roles) -> list[Facts]:
    """Read who speaks where in a document.

    Parameters
    ----------
    sentences : sequence of sequence of Token
    texts : sequence of str
    roles : mapping of str to frozenset of str
        Role -> its cue symbols (`Lexicon.roles`).

    Returns
    -------
    list of Facts
    """
    known: dict[str, str] = {}  # Name -> "official" or "other", as first told.
    last = "unknown"  # Whom "he said" means.
    inside, announced, turn = False, False, "none"
    facts = []
    for tokens, text in zip(sentences, texts, strict=True):
        symbols = [symbol for token in tokens for symbol in token.symbols]
        names = [token.name for token in tokens for _ in token.symbols]
        _introduce(symbols, names, known, roles)
        speaker, source = _speaker(symbols, names, known, roles)
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
        # A statement without marks, as in a press release: "The minister said:" and then its sentences.
        announced = announced and quotation == "none" and speaker == "none"
        if announced:
            quotation = "announced"
        announced = announced or (speaker != "none" and text.rstrip().endswith(":"))
        begins_turn = bool(_TURN.match(text))
        if _QUESTION.match(text):
            turn = "question"
        elif begins_turn:
            turn = "answer"
        first_person = not roles["first_person"].isdisjoint(symbols)
        facts.append(Facts(speaker, source, quotation, first_person, turn, begins_turn))
    return facts


def _introduce(symbols: Sequence[str], names: Sequence[str], known: dict[str, str], roles: Roles) -> None:
    """Remember the names that stand beside an office or a trade."""
    for i, symbol in enumerate(symbols):
        if symbol != "NAME" or len(names[i]) < 3 or names[i] in known:
            continue
        around = [*range(i - 1, max(-1, i - 1 - REACH_NAME), -1), *range(i + 1, min(len(symbols), i + 1 + REACH_NAME))]
        for j in around:
            if symbols[j] in roles["office"]:
                known[names[i]] = "official"
                break
            if symbols[j] in roles["private"]:
                known[names[i]] = "other"
                break
            if j > i and (symbols[j] in roles["speech"] or symbols[j] in _BARRIERS):
                break


def _speaker(symbols: Sequence[str], names: Sequence[str], known: Mapping[str, str], roles: Roles) -> tuple[str, str]:
    """Find the speaker of the first verb of speech that has one: class, and how it is known."""
    found = ("none", "none")
    for i, symbol in enumerate(symbols):
        if symbol not in roles["speech"]:
            continue
        before = _nearest(symbols, names, known, roles, range(i - 1, max(-1, i - 1 - REACH_BEFORE), -1), i)
        after = _nearest(symbols, names, known, roles, range(i + 1, min(len(symbols), i + 1 + REACH_AFTER)), i)
        one = before if before[0] not in ("unknown", "name") else after if after[0] != "unknown" else before
        found = found if found[0] not in ("none", "unknown") and one[0] == "unknown" else one
        if found[0] in ("official", "other"):
            return found
    return found


def _nearest(
    symbols: Sequence[str], names: Sequence[str], known: Mapping[str, str], roles: Roles, positions: range, verb: int
) -> tuple[str, str]:
    """Find the nearest possible speaker on one side of a verb of speech."""
    found = ("unknown", "none")
    for j in positions:
        symbol = symbols[j]
        if symbol in roles["office"] or symbol in roles["authority"]:
            return "official", "told"
        if symbol in roles["private"]:
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
