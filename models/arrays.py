"""Vocabulary and lexicon as the arrays of a model file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wiredesk.features import CueClass, Lexicon, Vocabulary
from wiredesk.features.lexicon import check_topics
from wiredesk.models.manifest import ModelFileError

#: A scorer keeps a number for every pair of cue symbols.
MOST_SYMBOLS = 5000


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
    try:
        words, ngrams, symbols, contexts, lexicon = (
            arrays[name].tobytes().decode().split("\n") if arrays[name].size else []
            for name in ("words", "ngrams", "symbols", "contexts", "lexicon")
        )
    except UnicodeDecodeError as error:
        raise ModelFileError(f"a vocabulary is not UTF-8 ({error})") from None
    pairs, runs, near, weights = arrays["pairs"], arrays["runs"], arrays["near"], arrays["weights"]
    for name, values, columns in (("pairs", pairs, 2), ("runs", runs, 3), ("near", near, 2)):
        if values.shape[1] != columns:
            raise ModelFileError(f"{name} has shape {values.shape}; it should have {columns} columns")
    vocabulary = Vocabulary(words, pairs, ngrams, symbols, runs, near, contexts)
    for name, values, size, low in (
        ("pairs", pairs, len(words), 0),
        ("runs", runs[:, :2], len(symbols), 0),
        ("runs", runs[:, 2], len(symbols), -1),
        ("near", near, len(symbols), 0),
    ):
        if values.size and not (low <= values.min() and values.max() < size):
            raise ModelFileError(f"{name} points outside its vocabulary of {size} terms")
    three = runs[:, 2] >= 0
    if len(symbols) > MOST_SYMBOLS:
        raise ModelFileError(f"{len(symbols):,} cue symbols; there can be {MOST_SYMBOLS:,}")
    if not {*map(tuple, runs[three, :2].tolist())} <= {*map(tuple, runs[~three, :2].tolist())}:
        raise ModelFileError("a run of three cue symbols begins with two that are no run")
    if weights.shape != (len(vocabulary), n_types) or arrays["intercept"].shape != (n_types,):
        raise ModelFileError(
            f"weights has shape {weights.shape} and intercept {arrays['intercept'].shape}; "
            f"{len(vocabulary)} terms and {n_types} types need ({len(vocabulary)}, {n_types}) and ({n_types},)"
        )
    entries = [line.split("\t") for line in lexicon]
    if any(len(entry) != 2 for entry in entries):
        raise ModelFileError("the lexicon has a line that is not a form, a tab and a class")
    classes = {
        name: CueClass(about["title"], tuple(about["roles"]), about["key"])
        for name, about in manifest["featurizer"]["classes"].items()
    }
    unpacked = Lexicon({form: name for form, name in entries}, classes)
    try:
        check_topics(unpacked.roles)
    except ValueError as error:
        raise ModelFileError(str(error)) from None
    return vocabulary, unpacked
