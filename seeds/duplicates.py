"""Sentences that are nearly the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

#: Texts that share at least this part of their shingles are nearly the same.
SIMILARITY = 0.5

#: A text of fewer words is one shingle, itself as a whole with its numbers: it is like its equals alone.
FEWEST_WORDS = 5

#: Shared shingles counted, and pairs compared in one go: bounds memory, however many texts begin alike.
_BLOCK, _PAIRS = 2_000_000, 100_000


class NearDuplicates(NamedTuple):
    """Pairs of texts that are nearly the same, ordered by `first`, then `second`.

    Attributes
    ----------
    first : ndarray of int64, shape (n_pairs,)
        Index of a text.
    second : ndarray of int64, shape (n_pairs,)
        Index of the text it resembles: a later one of the same list, or one of the other list.
    similarity : ndarray of float64, shape (n_pairs,)
        From the similarity asked for to 1.
    """

    first: np.ndarray
    second: np.ndarray
    similarity: np.ndarray


def near_duplicates(
    texts: Sequence[str], others: Sequence[str] | None = None, *, similarity: float = SIMILARITY
) -> NearDuplicates:
    r"""Find texts that are nearly the same, such as two versions of a wire sentence.

    Case, punctuation, white space and which number stands somewhere do not matter.

    Parameters
    ----------
    texts : sequence of str
    others : sequence of str, optional
        Compare every text with each of these; by default with the later ones of `texts`.
    similarity : float, default=0.5
        Lowest similarity of a pair, above 0 and at most 1.

    Returns
    -------
    NearDuplicates
        All such pairs, none left out: `k` equal texts make :math:`k (k - 1) / 2`.

    Raises
    ------
    TypeError
        If `texts` or `others` is a single string.
    ValueError
        If `similarity` is not above 0 and at most 1.

    Notes
    -----
    The similarity of two texts is the Jaccard index of their sets of shingles [1]_, :math:`|A \cap B| / |A \cup B|`.
    The shingles are pairs of neighbouring words; the text's edges count as words, and every number, in digits or spelt
    out, as the same word. In a sentence of :math:`n` words, another word costs two of :math:`n + 1` shingles wherever
    it stands and gives :math:`(n - 1) / (n + 3)`; :math:`k` words more at its end give :math:`n / (n + k + 2)`. So
    0.5 allows for another name from five words on, and for another name and an attribution of two words from ten
    words on.

    A text of fewer than five words is like those alone that have the same words and numbers, as too little is left of
    it if one changes. "He declined to comment" stands in many articles, by chance; but whoever has seen it there knows
    its label here, so such pairs count, and a caller to whom they do not leaves short texts out. A text
    without words is like none.

    Only pairs that share one of their rarer shingles can reach the similarity, so only those are compared [2]_.

    References
    ----------
    .. [1] A. Z. Broder (1997). On the resemblance and containment of documents. Compression and Complexity of
       Sequences. https://doi.org/10.1109/SEQUEN.1997.666900
    .. [2] C. Xiao, W. Wang, X. Lin, J. X. Yu (2008). Efficient similarity joins for near duplicate detection. WWW.
       https://doi.org/10.1145/1367497.1367516

    Examples
    --------
    >>> wire = [
    ...     "At least nine people were killed in the shelling of Darsa.",
    ...     "The talks in Geneva ended without a result.",
    ...     "AT LEAST 12 people were killed in the shelling of Darsa, officials said",
    ... ]
    >>> found = near_duplicates(wire)
    >>> found.first.tolist(), found.second.tolist(), found.similarity.round(2).tolist()
    ([0], [2], [0.73])
    """
    for name, given in (("texts", texts), ("others", others)):
        if isinstance(given, str):
            raise TypeError(f"{name} is one str; give a list of texts")
    if not 0 < similarity <= 1:
        raise ValueError(f"similarity is {similarity!r}; give a number above 0 and at most 1")
    columns: dict[tuple[str, ...], int] = {}
    rows = [_shingles(text) for text in (*texts, *(others or ()))]
    matrix = _incidence([[columns.setdefault(shingle, len(columns)) for shingle in row] for row in rows], len(columns))
    parts = zip(*_pairs(matrix, len(texts), others is None, similarity), strict=True)
    return NearDuplicates(*map(np.concatenate, parts))


def _shingles(text: str) -> set[tuple[str, ...]]:
    found = _WORD.findall(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold()))
    if len(found) < FEWEST_WORDS:
        return {tuple(found)} if found else set()
    words = ["", *("0" if word[0].isdigit() or word in _NUMBERS else word for word in found), ""]
    return set(pairwise(words))


def _incidence(rows: Sequence[Sequence[int]], width: int) -> Any:
    """Give the matrix of which text (row) has which shingle, the rarest first in its row."""
    from scipy.sparse import csr_matrix  # Prediction imports this package, and needs none of it.

    ends = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
    indices = np.array([column for row in rows for column in row], dtype=np.int64)
    frequency = np.bincount(indices, minlength=width)
    # The rarest shingle gets the lowest number. Which of several equally rare ones comes first does not matter.
    rank = np.empty(width, dtype=np.int64)
    rank[np.argsort(frequency, kind="stable")] = np.arange(width)
    matrix = csr_matrix((np.ones(len(indices), dtype=np.int32), rank[indices], ends), shape=(len(rows), width))
    matrix.sort_indices()
    return matrix


def _pairs(matrix: Any, n: int, within: bool, similarity: float) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield first and second text and similarity of pairs, in order: the first `n` rows with each other or the rest."""
    sizes = np.diff(matrix.indptr).astype(np.int64)
    prefixes = _prefixes(matrix, sizes, similarity)
    left, start = prefixes[:n], 0 if within else n
    right = prefixes[start:]
    work = np.cumsum(left @ np.bincount(right.indices, minlength=matrix.shape[1])) // _BLOCK
    starts = np.flatnonzero(np.diff(work, prepend=-1)).tolist()
    columns = right.T.tocsr()
    yield np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
    for low, high in pairwise([*starts, n]):
        candidates = (left[low:high] @ columns).sorted_indices().tocoo()
        first = candidates.row.astype(np.int64) + low
        second = candidates.col.astype(np.int64)
        if within:
            later = second > first
            first, second = first[later], second[later]
        for at in range(0, len(first), _PAIRS):
            i, j = first[at : at + _PAIRS], second[at : at + _PAIRS]
            shared = np.asarray(matrix[i].multiply(matrix[j + start]).sum(axis=1), dtype=np.int64).ravel()
            jaccard = shared / (sizes[i] + sizes[j + start] - shared)
            near = jaccard >= similarity
            yield i[near], j[near], jaccard[near]


def _prefixes(matrix: Any, sizes: np.ndarray, similarity: float) -> Any:
    """Keep so many of each row's rarest shingles that two rows as similar as this share one of them.

    Rows of ``a`` and ``b`` shingles share at least ``similarity * max(a, b)``. If none were among the rarest
    ``a - ceil(similarity * a) + 1`` of the one and the like of the other, too few would be left.
    """
    from scipy.sparse import csr_matrix

    # Rounding must not shorten a prefix: 0.56 * 25 is 14.000000000000002.
    kept = np.minimum(sizes, sizes - np.ceil(similarity * sizes - 1e-9).astype(np.int64) + 1)
    position = np.arange(len(matrix.indices)) - np.repeat(matrix.indptr[:-1], sizes)
    chosen = matrix.indices[position < np.repeat(kept, sizes)]
    ends = np.concatenate([[0], np.cumsum(kept)])
    return csr_matrix((np.ones(len(chosen), dtype=np.int32), chosen, ends), shape=matrix.shape)


_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W_]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million".split()
)
