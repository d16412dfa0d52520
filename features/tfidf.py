"""TF-IDF over words, character n-grams, cues and context, as a scikit-learn transformer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from wiredesk.features.counts import Counting, TermCounts, count_terms
from wiredesk.features.lexicon import Lexicon, load_lexicon
from wiredesk.features.sentences import check_sentences
from wiredesk.features.vocabulary import BLOCKS, Vocabulary

#: Root mean square of each block's rows. Pairs of near cues repeat in part what runs of cues say.
BLOCK_SIZES = {"word": 1.0, "char": 1.0, "cue": 1.0, "near": 0.5, "context": 1.0}


class TfidfFeaturizer(TransformerMixin, BaseEstimator):
    r"""Turn sentences into TF-IDF features whose linear scores need one pass over the tokens.

    Five blocks stand side by side: words and pairs of words; character n-grams inside white-space
    tokens padded by a space on either side; runs of one to three cue symbols (the lexicon's classes,
    grammar words, marks, ``NAME``, ``NUMBER``, ``OTHER`` and the sentence's edges); pairs of cue symbols that stand
    near each other; and, for sentences that come with their document, what the sentences around tell (who
    speaks, whose quotation is open, what kind of text it is).

    Parameters
    ----------
    char_ngrams : tuple of (int, int), default=(2, 5)
        Shortest and longest character n-gram.
    min_df : int, default=2
        Number of sentences a term must occur in.
    max_features : int, default=160_000
        Most columns; the terms in the fewest sentences are dropped first.
    blocks : tuple of str, default=("word", "char", "cue", "near", "context")
        The blocks that are used; ``"near"`` needs ``"cue"``.
    lexicon : Lexicon, optional
        From `load_lexicon`; the package's own by default.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        The terms, in column order.
    lexicon_ : Lexicon
        The lexicon in use.
    idf_ : ndarray of float64, shape (n_features,)
        Inverse document frequencies.
    scale_ : ndarray of float64, shape (n_features,)
        Each column's block scale.

    Notes
    -----
    The value of term :math:`t` of block :math:`b` in sentence :math:`d` is

    .. math:: x_{d,t} = \frac{\mathrm{tf}(t, d)\,\mathrm{idf}(t)\,s_b}{\sqrt{n_d}},
        \qquad \mathrm{idf}(t) = \ln\frac{1 + N}{1 + \mathrm{df}(t)} + 1,

    where :math:`n_d` is the number of white-space tokens of the sentence, :math:`N` the number of
    training sentences, :math:`\mathrm{df}(t)` the number of those that contain the term, and
    :math:`s_b` the scale that makes the root mean square of the block's rows 1 on the training sentences (0.5 for near
    pairs). Context terms are categories of the sentence, not words of it: their value is :math:`s_b` alone.

    This departs from the textbook (and from `sklearn.feature_extraction.text.TfidfVectorizer`) in
    one way: the norm depends on the sentence's length alone, not on its terms, so that a linear score is a
    sum of what each token and each pair of neighbours contributes. The idf is scikit-learn's smooth idf [1]_.

    References
    ----------
    .. [1] G. Salton, C. Buckley (1988). Term-weighting approaches in automatic text retrieval.
       Information Processing & Management 24(5). https://doi.org/10.1016/0306-4573(88)90021-0

    Examples
    --------
    >>> featurizer = TfidfFeaturizer(min_df=1).fit(["Two rockets hit the market.", "Talks resume on Monday."])
    >>> featurizer.transform(["Rockets hit Darsa."]).shape[0]
    1
    >>> [name for name in featurizer.get_feature_names_out() if name.startswith("cue=^ ")][:3]
    ['cue=^ DIPLOMACY', 'cue=^ DIPLOMACY BEGIN', 'cue=^ NUMBER']
    """

    def __init__(
        self,
        *,
        char_ngrams: tuple[int, int] = (2, 5),
        min_df: int = 2,
        max_features: int = 160_000,
        blocks: tuple[str, ...] = BLOCKS,
        lexicon: Lexicon | None = None,
    ) -> None:
        self.char_ngrams = char_ngrams
        self.min_df = min_df
        self.max_features = max_features
        self.blocks = blocks
        self.lexicon = lexicon

    def fit(self, X: Iterable[str] | TermCounts, y: Any = None) -> Self:
        """Learn vocabulary, inverse document frequencies and block scales.

        Parameters
        ----------
        X : list of str, array of object, shape (n, 2), or TermCounts
            Sentences, sentences and their documents, or what `count_terms` gave for them.
        y : array, shape (n, n_types), optional
            Rows of -1 are not labelled: such sentences are context alone, and no term is counted in them.

        Returns
        -------
        TfidfFeaturizer
            Itself.

        Raises
        ------
        ValueError
            If a parameter is out of range or no term is left.
        """
        found = self.count_terms(X)
        self.lexicon_ = found.counting.lexicon
        if y is not None and np.ndim(y) == 2 and len(y) == len(found):
            found = found[(np.asarray(y) != -1).any(axis=1)]  # Rows of -1 are context alone.
        n = len(found)
        frequency = np.bincount(found.matrix.indices, minlength=found.matrix.shape[1]).tolist()
        kept = [
            (-frequency[column], term.count(" "), block, term)
            for block, (terms, columns) in found.terms.items()
            for term, column in zip(terms, columns.tolist(), strict=True)
            if frequency[column] >= self.min_df
        ]
        # Frequent first, and at equal frequency a part before the whole, which the vocabulary relies on.
        kept = sorted(kept)[: self.max_features]
        if not kept:
            raise ValueError(f"no term occurs in {self.min_df} of {n} sentences; lower min_df or give more text")
        chosen: dict[str, list[str]] = {block: [] for block in BLOCKS}
        frequencies = {}
        for minus_count, _, block, term in sorted(kept, key=lambda item: item[3]):
            chosen[block].append(term)
            frequencies[block, term] = -minus_count
        self.vocabulary_ = Vocabulary.from_terms(chosen)
        df = np.array([frequencies[block, term] for block in BLOCKS for term in self.vocabulary_.terms[block]])
        self.idf_ = np.log((1 + n) / (1 + df)) + 1
        self.idf_[self.vocabulary_.starts[-1] :] = 1.0  # Context terms.
        squares = found.select(self.vocabulary_).power(2).mean(axis=0).A1 * self.idf_**2
        lengths = [len(self.vocabulary_.terms[block]) for block in BLOCKS]
        means = [part.sum() for part in np.split(squares, np.cumsum(lengths)[:-1])]
        scales = [size / np.sqrt(mean) if mean else 1.0 for size, mean in zip(BLOCK_SIZES.values(), means, strict=True)]
        self.scale_ = np.repeat(scales, lengths)
        return self

    def transform(self, X: Iterable[str] | TermCounts) -> csr_matrix:
        """Compute the weighted features.

        Parameters
        ----------
        X : list of str, array of object, shape (n, 2), or TermCounts
            Sentences, sentences and their documents, or what `count_terms` gave for them.

        Returns
        -------
        csr_matrix of float64, shape (n, n_features)

        Raises
        ------
        NotFittedError
            If `fit` was not called.
        """
        matrix = self.counts(X)
        matrix.data *= (self.idf_ * self.scale_)[matrix.indices]
        return matrix

    def counts(self, X: Iterable[str] | TermCounts) -> csr_matrix:
        """Count the terms, those of the sentence itself divided by the square root of its number of tokens.

        Parameters
        ----------
        X : list of str, array of object, shape (n, 2), or TermCounts
            Sentences, sentences and their documents, or what `count_terms` gave for them.

        Returns
        -------
        csr_matrix of float64, shape (n, n_features)
            `transform` without idf and block scales.
        """
        check_is_fitted(self, "vocabulary_")
        return self.count_terms(X).select(self.vocabulary_)

    def count_terms(self, X: Iterable[str] | TermCounts) -> TermCounts:
        """Count all terms of sentences, for fits on several parts of them or with other parameters.

        Parameters
        ----------
        X : list of str, or array of object, shape (n, 2)
            Sentences, or sentences and their documents.

        Returns
        -------
        TermCounts
            May stand for `X`, or its rows for rows of `X`, wherever sentences are given to this featurizer or one that
            differs in `min_df` and `max_features` alone.

        Raises
        ------
        ValueError
            If a parameter is out of range, or `X` was counted with other parameters.
        """
        self._check_parameters()
        lexicon = load_lexicon() if self.lexicon is None else self.lexicon
        counting = Counting(lexicon, self.char_ngrams, self.blocks)
        if not isinstance(X, TermCounts):
            return count_terms(*check_sentences(X), counting)
        if X.counting != counting:
            raise ValueError("the terms were counted with another lexicon, char_ngrams or blocks; count them again")
        return X

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name the columns.

        Parameters
        ----------
        input_features : object, optional
            Ignored.

        Returns
        -------
        ndarray of object, shape (n_features,)
            ``block=term``.
        """
        check_is_fitted(self, "vocabulary_")
        return np.array(self.vocabulary_.names, dtype=object)

    def _check_parameters(self) -> None:
        shortest, longest = self.char_ngrams
        if not 1 <= shortest <= longest:
            raise ValueError(f"char_ngrams={self.char_ngrams!r}; give 1 <= shortest <= longest, as in (2, 5)")
        if self.min_df < 1:
            raise ValueError(f"min_df={self.min_df!r}; give a number of sentences of at least 1")
        forms = self.lexicon.forms if self.lexicon else {}
        for name in set(forms.values()):
            if not name or any(map(str.isspace, name)):
                raise ValueError(f"lexicon class {name!r} is blank or holds white space; write it as one word")
        for form in forms:
            if not form or any(map(str.isspace, form)):
                raise ValueError(f"lexicon form {form!r} is blank or holds white space; no token matches it")
        if not set(self.blocks) <= set(BLOCKS) or not self.blocks:
            raise ValueError(f"blocks={self.blocks!r}; choose among {', '.join(BLOCKS)}")
        if "near" in self.blocks and "cue" not in self.blocks:
            raise ValueError(
                f"blocks={self.blocks!r}; near pairs are made of cues, so give 'cue' too or leave them out"
            )
        if self.max_features < 1:
            raise ValueError(f"max_features={self.max_features!r}; give a number of columns of at least 1")
