"""How often every term occurs in every sentence, counted once for any number of fits."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from functools import cache
from itertools import count
from typing import Any, NamedTuple, Self

import numpy as np
from scipy.sparse import csr_matrix

from wiredesk.features.arrays import SentenceArrays
from wiredesk.features.context import Context
from wiredesk.features.lexicon import Lexicon
from wiredesk.features.sentences import group_rows
from wiredesk.features.tokens import analyze, terms, tokenize
from wiredesk.features.vocabulary import BLOCKS, Vocabulary


class Counting(NamedTuple):
    """What decides which terms a sentence has.

    Attributes
    ----------
    lexicon : Lexicon
    char_ngrams : tuple of (int, int)
        Shortest and longest character n-gram.
    blocks : tuple of str
        The blocks that are counted.
    """

    lexicon: Lexicon
    char_ngrams: tuple[int, int]
    blocks: tuple[str, ...]


class TermCounts:
    """Counts of all terms, those too that no vocabulary will keep.

    It stands for the sentences it was counted from wherever a featurizer or classifier takes sentences, and gives rows
    as an array does. A document's sentences know each other's context whichever rows are taken.

    Parameters
    ----------
    counting : Counting
    terms : mapping of str to tuple of (list of str, ndarray of int64)
        Block -> its terms, and the column of each.
    matrix : csr_matrix of int32, shape (n, n_terms)
    n_tokens : ndarray of int64, shape (n,)
        White-space tokens of each sentence.
    """

    def __init__(
        self,
        counting: Counting,
        terms: dict[str, tuple[list[str], np.ndarray]],
        matrix: csr_matrix,
        n_tokens: np.ndarray,
    ) -> None:
        self.counting = counting
        self.terms = terms
        self.matrix = matrix
        self.n_tokens = n_tokens

    def __len__(self) -> int:
        return len(self.n_tokens)

    def __getitem__(self, rows: Any) -> Self:
        """Take rows by a slice, a mask or a list of numbers."""
        return type(self)(self.counting, self.terms, self.matrix[rows], self.n_tokens[rows])

    def select(self, vocabulary: Vocabulary) -> csr_matrix:
        """Take the columns of a vocabulary's terms.

        Parameters
        ----------
        vocabulary : Vocabulary

        Returns
        -------
        csr_matrix of float64, shape (n, n_features)
            Counts, but for those of context terms divided by the square root of the sentence's number of tokens.
        """
        place = np.full(self.matrix.shape[1], -1)
        for block, (found, columns) in self.terms.items():
            places = map(vocabulary.columns[block].get, found)
            place[columns] = [-1 if at is None else at for at in places]
        indices = place[self.matrix.indices]
        known = indices >= 0
        row = np.repeat(np.arange(len(self)), np.diff(self.matrix.indptr))[known]
        indices, values = indices[known], self.matrix.data[known].astype(np.float64)
        norms = np.sqrt(np.maximum(1, self.n_tokens))
        own = indices < vocabulary.starts[-1]
        values[own] /= norms[row[own]]
        starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(self)))])
        selected = csr_matrix((values, indices, starts), shape=(len(self), len(vocabulary)))
        selected.sort_indices()
        return selected


def count_terms(sentences: Sequence[str], documents: Sequence[Hashable], counting: Counting) -> TermCounts:
    """Count the terms of sentences.

    Parameters
    ----------
    sentences : sequence of str
    documents : sequence of hashable
        The document of each sentence.
    counting : Counting

    Returns
    -------
    TermCounts
    """
    number = count()
    columns: dict[str, defaultdict[str, int]] = {block: defaultdict(number.__next__) for block in BLOCKS}
    indices, starts, n_tokens = array("i"), array("q", [0]), array("q")
    for found, length in _terms(sentences, documents, counting):
        for block in counting.blocks:
            indices.extend(map(columns[block].__getitem__, found[block]))
        starts.append(len(indices))
        n_tokens.append(length)
    flat = np.frombuffer(indices, dtype=np.int32) if indices else np.empty(0, dtype=np.int32)
    ones = np.ones(len(flat), dtype=np.int32)
    matrix = csr_matrix((ones, flat, np.array(starts)), shape=(len(sentences), next(number)))
    matrix.sum_duplicates()
    found_terms = {block: (list(known), np.array(list(known.values()), np.int64)) for block, known in columns.items()}
    return TermCounts(counting, found_terms, matrix, np.array(n_tokens))


def _terms(
    sentences: Sequence[str], documents: Sequence[Hashable], counting: Counting
) -> Iterator[tuple[dict[str, list[str]], int]]:
    """Yield each sentence's terms by block and its number of tokens."""
    lexicon = counting.lexicon
    cached = cache(lambda token: analyze(token, lexicon.forms, counting.char_ngrams))
    tokens = [[cached(token) for token in tokenize(sentence)] for sentence in sentences]
    contexts: list[list[str]] = [[] for _ in sentences]
    context = Context(lexicon.roles)
    groups = group_rows(documents) if "context" in counting.blocks else []
    together = [i for rows in groups for i in rows]
    if together:
        analyzed, texts = [tokens[i] for i in together], [sentences[i] for i in together]
        found = context.rows(SentenceArrays.of(analyzed, texts, list(map(len, groups)), context.parts))
        for i, numbers in zip(together, found.tolist(), strict=True):
            contexts[i] = [context.terms[number] for number in numbers]
    for own, terms_around in zip(tokens, contexts, strict=True):
        yield {**terms(own, lexicon.keys), "context": terms_around}, len(own)
