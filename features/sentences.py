"""The check that sentences and their documents pass before anything is computed from them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np


def check_sentences(
    sentences: Iterable[str], document_ids: Iterable[Hashable] | None = None
) -> tuple[list[str], list[Hashable]]:
    """Check sentences and the documents they belong to.

    Parameters
    ----------
    sentences : iterable of str, or array of object, shape (n, 2)
        The texts, or texts and documents side by side, as `SentenceClassifier` takes them. A document's rows in such
        an array may stand apart, as they do after a shuffling splitter.
    document_ids : iterable of hashable, optional
        One id per sentence. Sentences of one document stand together, in order.
        Without ids every sentence stands alone.

    Returns
    -------
    texts : list of str
    documents : list of hashable
        As long as `texts`; without ids the sentences' own indices.

    Raises
    ------
    TypeError
        If `sentences` is a single string, a mapping or a data frame, or holds anything but strings.
    ValueError
        If the lengths differ, the array has another shape, or a document comes back after another one.

    Examples
    --------
    >>> check_sentences(["Shells fell.", "Nobody was hurt."], ["a", "a"])
    (['Shells fell.', 'Nobody was hurt.'], ['a', 'a'])
    """
    if isinstance(sentences, str | bytes):
        raise TypeError(
            f"sentences is one {type(sentences).__name__}, not a list of str; "
            "write [sentence], or model.label(text) for an article"
        )
    if isinstance(sentences, np.ndarray) and sentences.ndim != 1:
        if sentences.ndim != 2 or sentences.shape[1] != 2:
            raise ValueError(
                f"sentences has shape {sentences.shape}; give a list of str or an (n, 2) array of text and document"
            )
        if document_ids is not None:
            raise ValueError("documents are given twice: as second column and as document_ids; leave one out")
        # Splitters that shuffle tear documents apart; their rows belong together wherever they stand.
        return check_sentences(sentences[:, 0])[0], sentences[:, 1].tolist()
    texts = list(items(sentences))
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(f"sentence {i} is {text!r} of type {type(text).__name__}; every sentence is a str")
    if document_ids is None:
        return texts, list(range(len(texts)))
    if isinstance(document_ids, str | bytes):
        raise TypeError("document_ids is one string; give one id per sentence")
    documents = list(items(document_ids))
    if len(documents) != len(texts):
        raise ValueError(f"{len(texts)} sentences but {len(documents)} document_ids; give one id per sentence")
    _check_contiguous(documents)
    return texts, documents


def items(column: Iterable[Any]) -> Iterable[Any]:
    """Give the items of a column as Python's own: those of Arrow are wrapped.

    Parameters
    ----------
    column : iterable
        A list, or a column of pandas, polars or pyarrow.

    Returns
    -------
    iterable

    Raises
    ------
    TypeError
        If it is a mapping or a data frame.

    Examples
    --------
    >>> list(items(["Rain fell.", "Snow fell."]))
    ['Rain fell.', 'Snow fell.']
    """
    if isinstance(column, Mapping) or hasattr(column, "columns"):
        raise TypeError(f"this is a {type(column).__name__}, whose items are names; give one column of texts")
    return column.to_pylist() if hasattr(column, "to_pylist") else column


def group_rows(documents: Sequence[Hashable]) -> list[list[int]]:
    """Gather the rows of each document that has more than one.

    Parameters
    ----------
    documents : sequence of hashable
        The document of each row.

    Returns
    -------
    list of list of int
        Row indices, in order.

    Examples
    --------
    >>> group_rows(["a", "a", "b", "c", "c"])
    [[0, 1], [3, 4]]
    """
    rows: dict[Hashable, list[int]] = {}
    for i, document in enumerate(documents):
        rows.setdefault(document, []).append(i)
    return [found for found in rows.values() if len(found) > 1]


def _check_contiguous(documents: Sequence[Any]) -> None:
    """Refuse a document that comes back after another one: its context would be torn apart."""
    seen = set()
    for i, document in enumerate(documents):
        if i and document == documents[i - 1]:
            continue
        if document in seen:
            raise ValueError(
                f"document {document!r} comes back at sentence {i} after another one; "
                "put the sentences of a document together, in order"
            )
        seen.add(document)
