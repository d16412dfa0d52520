"""Cue symbols, names and marks of sentences as arrays, for reading many documents at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Self

import numpy as np

from wiredesk.features.lexicon import DOUBT, SPEAKER_ROLES, check_topics
from wiredesk.features.tokens import Token

#: Bits of the parts that a cue symbol plays; the topics follow.
SPEECH, OFFICE, AUTHORITY, PRIVATE, FIRST_PERSON, PRONOUN, BARRIER, IS_NAME, TOPIC = (1 << i for i in range(9))

#: Fewest letters of a name that can be known again.
SHORTEST_NAME = 3

#: What the double quotation marks of a token do: there are none; they leave things as they are; they turn the state of
#: the quotation over; they open it; they close it.
NO_MARKS, KEEP, TURN_OVER, OPEN, CLOSE = range(5)


class RoleBits:
    """Which parts every cue symbol plays, as bits. What is often read otherwise plays none.

    Parameters
    ----------
    roles : mapping of str to frozenset of str
        Role -> its cue symbols (`Lexicon.roles`).

    Attributes
    ----------
    topics : tuple of str
        The roles that are topics, in the order of their bits.

    Raises
    ------
    ValueError
        If there are too many topics.
    """

    def __init__(self, roles: Mapping[str, frozenset[str]]) -> None:
        check_topics(roles)
        self.topics = tuple(role for role in roles if role not in SPEAKER_ROLES)
        self._bits = dict.fromkeys(("he", "she", "they"), PRONOUN) | dict.fromkeys((".", ";", "<Q", "Q>"), BARRIER)
        self._bits["NAME"] = IS_NAME
        for bit, role in zip((SPEECH, OFFICE, AUTHORITY, PRIVATE, FIRST_PERSON), SPEAKER_ROLES, strict=True):
            self._add(roles.get(role, ()), bit)
        for i, topic in enumerate(self.topics):
            self._add(roles[topic], TOPIC << i)

    def _add(self, symbols: Iterable[str], bit: int) -> None:
        for symbol in symbols:
            if not symbol.endswith(DOUBT):
                self._bits[symbol] = self._bits.get(symbol, 0) | bit

    def of(self, symbol: str) -> int:
        """Give the bits of a symbol."""
        return self._bits.get(symbol, 0)


def marks_effect(quotes: str) -> int:
    """Say what a token's double quotation marks do together.

    Parameters
    ----------
    quotes : str
        `Token.quotes`.

    Returns
    -------
    int
        ``NO_MARKS``, ``KEEP``, ``TURN_OVER``, ``OPEN`` or ``CLOSE``.
    """
    effect = KEEP if quotes else NO_MARKS
    for mark in quotes:
        if mark == "?":
            effect = {KEEP: TURN_OVER, TURN_OVER: KEEP, OPEN: CLOSE, CLOSE: OPEN}[effect]
        else:
            effect = OPEN if mark == "<" else CLOSE
    return effect


class SentenceArrays(NamedTuple):
    """Sentences of documents, as arrays.

    Attributes
    ----------
    bits : ndarray of int64, shape (n_symbols,)
        The parts of each cue symbol (`RoleBits`).
    names : ndarray of int64, shape (n_symbols,)
        A number for each name; -1 for other symbols and for names that are too short.
    symbol_starts : ndarray of int64, shape (n + 1,)
        Where the symbols of each sentence begin, and where the last one's end.
    effects : ndarray of int64, shape (n_tokens,)
        What each token's quotation marks do (`marks_effect`).
    token_starts : ndarray of int64, shape (n + 1,)
        Where the tokens of each sentence begin, and where the last one's end.
    texts : sequence of str
    document_starts : ndarray of int64, shape (n_documents + 1,)
        Where the sentences of each document begin, and where the last one's end.
    """

    bits: np.ndarray
    names: np.ndarray
    symbol_starts: np.ndarray
    effects: np.ndarray
    token_starts: np.ndarray
    texts: Sequence[str]
    document_starts: np.ndarray

    @classmethod
    def of(cls, tokens: Sequence[Sequence[Token]], texts: Sequence[str], sizes: Sequence[int], parts: RoleBits) -> Self:
        """Make the arrays from analysed tokens.

        Parameters
        ----------
        tokens : sequence of sequence of Token
            The analysed sentences.
        texts : sequence of str
            The same sentences as text.
        sizes : sequence of int
            How many sentences each document has.
        parts : RoleBits

        Returns
        -------
        SentenceArrays
        """
        numbers: dict[str, int] = {}
        flat = [token for sentence in tokens for token in sentence]
        names = [name_number(token.name, numbers) for token in flat for _ in token.symbols]
        return cls(
            np.array([parts.of(symbol) for token in flat for symbol in token.symbols], dtype=np.int64),
            np.array(names, dtype=np.int64),
            _starts([sum(len(token.symbols) for token in sentence) for sentence in tokens]),
            np.array([marks_effect(token.quotes) for token in flat], dtype=np.int64),
            _starts([len(sentence) for sentence in tokens]),
            texts,
            _starts(sizes),
        )


def name_number(name: str, numbers: dict[str, int]) -> int:
    """Give a name its number, a new one if it has none; -1 if it is too short to be known again.

    Parameters
    ----------
    name : str
        `Token.name`.
    numbers : dict of str to int
        Grows.

    Returns
    -------
    int
    """
    return numbers.setdefault(name, len(numbers)) if len(name) >= SHORTEST_NAME else -1


def _starts(sizes: Sequence[int]) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(np.array(sizes, dtype=np.int64))]).astype(np.int64)
