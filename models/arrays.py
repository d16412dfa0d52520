"""Vocabulary and lexicon as the arrays of a model file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wiredesk.features import CueClass, Lexicon, Vocabulary
from wiredesk.features.lexicon import check_topics
from wiredesk.features.tokens import END, OTHER, START
from wiredesk.models.lookup import crowding, pair_keys
from wiredesk.models.manifest import LARGEST, ModelFileError

#: A scorer keeps a number for every pair of cue symbols.
MOST_SYMBOLS = 5000

#: Terms of a vocabulary, and forms of a lexicon: each costs some hundred bytes once it is loaded. No text of a million
#: terms that a classifier can be fitted on is longer than `LONGEST`, in bytes.
MOST_TERMS = 1 << 20
LONGEST = 1 << 24

#: How many places on from their first one the keys of a hash table may stand, on average. Those of a real vocabulary
#: stand 0.15 places on; keys that were chosen to collide would make a scorer crawl.
CROWDED = 4.0

#: Roles are written into the names of terms, which are formatted and told apart by them.
_ROLE = re.compile(r"[a-z][a-z0-9_]{0,99}")


def pack(vocabulary: Vocabulary, lexicon: Lexicon) -> dict[str, np.ndarray]:
    """Write vocabulary and lexicon as arrays.

    Parameters
    ----------
    vocabulary : Vocabulary
    lexicon : Lexicon

    Returns
    -------
    dict of str to ndarray
        Texts are bytes of UTF-8, one term a line.
    """
    return {
        "words": _lines(vocabulary.words),
        "pairs": vocabulary.pairs,
        "ngrams": _lines(vocabulary.ngrams),
        "symbols": _lines(vocabulary.symbols),
        "runs": vocabulary.runs,
        "near": vocabulary.near,
        "contexts": _lines(vocabulary.contexts),
        "lexicon": _lines([f"{form}\t{name}" for form, name in lexicon.forms.items()]),
    }


def _lines(lines: Sequence[str]) -> np.ndarray:
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def unpack(manifest: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> tuple[Vocabulary, Lexicon]:
    """Rebuild vocabulary and lexicon, and check that the arrays fit together.

    Parameters
    ----------
    manifest : mapping of str to object
    arrays : mapping of str to ndarray

    Returns
    -------
    Vocabulary, Lexicon

    Raises
    ------
    ModelFileError
        If they do not fit.
    """
    n_types = len(manifest["types"])
    words, ngrams, symbols, contexts, lexicon = (
        _terms(name, arrays[name]) for name in ("words", "ngrams", "symbols", "contexts", "lexicon")
    )
    pairs, runs, near, weights = arrays["pairs"], arrays["runs"], arrays["near"], arrays["weights"]
    for name, values, columns in (("pairs", pairs, 2), ("runs", runs, 3), ("near", near, 2)):
        if values.shape[1] != columns:
            raise ModelFileError(f"{name} has shape {values.shape}; it should have {columns} columns")
    vocabulary = Vocabulary(words, pairs, ngrams, symbols, runs, near, contexts)
    if len(vocabulary) > MOST_TERMS:
        raise ModelFileError(f"{len(vocabulary):,} terms; there can be {MOST_TERMS:,}: train with fewer features")
    if len(symbols) > MOST_SYMBOLS:
        raise ModelFileError(f"{len(symbols):,} cue symbols; there can be {MOST_SYMBOLS:,}")
    for name, values, size, low in (
        ("pairs", pairs, len(words), 0),
        ("runs", runs[:, :2], len(symbols), 0),
        ("runs", runs[:, 2], len(symbols), -1),
        ("near", near, len(symbols), 0),
    ):
        if values.size and not (low <= values.min() and values.max() < size):
            raise ModelFileError(f"{name} points outside its vocabulary of {size} terms")
    _check_rows(pairs, runs, near, len(symbols))
    if weights.shape != (len(vocabulary), n_types) or arrays["intercept"].shape != (n_types,):
        raise ModelFileError(
            f"weights has shape {weights.shape} and intercept {arrays['intercept'].shape}; "
            f"{len(vocabulary)} terms and {n_types} types need ({len(vocabulary)}, {n_types}) and ({n_types},)"
        )
    if np.abs(arrays["intercept"]).max() > LARGEST:
        raise ModelFileError(f"intercept holds a number beyond {LARGEST:g}, with which scores would overflow")
    unpacked = _lexicon(lexicon, manifest["featurizer"]["classes"])
    _check_near(vocabulary, unpacked)
    return vocabulary, unpacked


def _terms(name: str, array: np.ndarray) -> list[str]:
    """Read lines, all different and none empty."""
    n = int(np.count_nonzero(array == ord("\n"))) + 1 if array.size else 0
    if n > MOST_TERMS or array.size > LONGEST:
        raise ModelFileError(
            f"{name} has {n:,} lines and {array.size:,} bytes; it can have {MOST_TERMS:,} and {LONGEST:,}: "
            "train with fewer features"
        )
    try:
        terms = array.tobytes().decode().split("\n") if n else []
    except UnicodeDecodeError as error:
        raise ModelFileError(f"{name} is not UTF-8 ({error})") from None
    distinct = set(terms)
    if len(distinct) < len(terms) or "" in distinct:
        raise ModelFileError(f"{name} has a line twice, or an empty one")
    # The parts of a longer term are joined by blanks.
    if name in ("words", "symbols") and (array == ord(" ")).any():
        raise ModelFileError(f"{name} has a line with a blank")
    return terms


def _check_rows(pairs: np.ndarray, runs: np.ndarray, near: np.ndarray, n_symbols: int) -> None:
    """Refuse terms that stand twice, runs without their beginning, and keys that collide in the scorer's tables."""
    first, second = pairs.T.astype(np.int64) + 1
    one, two, three = runs.T.astype(np.int64) + 1
    size = n_symbols + 1
    word_keys, run_keys = pair_keys(first, second), (one * size + two) * size + three
    for name, keys in (("pairs", word_keys), ("runs", run_keys), ("near", near.astype(np.int64) @ (size, 1))):
        if len(np.unique(keys)) < len(keys):
            raise ModelFileError(f"{name} has a row twice")
    starts = (one * size + two)[three == 0]
    order = np.argsort(starts)
    wanted = (one * size + two)[three > 0]
    place = np.searchsorted(starts, wanted, sorter=order)
    if len(wanted) and (place.max() >= len(starts) or (starts[order[place]] != wanted).any()):
        raise ModelFileError("a run of three cue symbols begins with two that are no run")
    for name, keys in (("pairs", word_keys), ("runs", (order[place] + 1) * size + three[three > 0])):
        if crowding(keys) > CROWDED:
            raise ModelFileError(f"{name} has rows that collide in a hash table, which no real vocabulary does")


def _check_near(vocabulary: Vocabulary, lexicon: Lexicon) -> None:
    """Refuse near pairs that no sentence has: a scorer would find them, where an explanation does not."""
    is_inner = np.array([symbol not in (START, END, OTHER) for symbol in vocabulary.symbols], dtype=bool)
    is_key = np.array([symbol in lexicon.keys for symbol in vocabulary.symbols], dtype=bool)
    if not (is_inner[vocabulary.near].all() and is_key[vocabulary.near].any(axis=1).all()):
        raise ModelFileError("near has a pair without a class whose neighbours matter")


def _lexicon(lines: Sequence[str], classes: Mapping[str, Mapping[str, Any]]) -> Lexicon:
    forms = {}
    for line in lines:
        form, _, name = line.partition("\t")
        if not form or not name or "\t" in name:
            raise ModelFileError("the lexicon has a line that is not a form, a tab and a class")
        forms[form] = name
    if len(forms) < len(lines):
        raise ModelFileError("the lexicon has a form twice")
    topics = {role for about in classes.values() for role in about["roles"]}
    for role in topics:
        if not _ROLE.fullmatch(role):
            raise ModelFileError(
                f"role {role!r:.60} of a class; a role is at most 100 lower-case letters, digits and underscores"
            )
    try:
        check_topics(topics)
    except ValueError as error:
        raise ModelFileError(str(error)) from None
    return Lexicon(
        forms, {name: CueClass(about["title"], tuple(about["roles"]), about["key"]) for name, about in classes.items()}
    )
