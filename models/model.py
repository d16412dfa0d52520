"""The frozen model: what is loaded, used and saved."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from wiredesk.features import check_sentences, group_rows, items
from wiredesk.features.segmentation import split_text
from wiredesk.models.adjustment import check_by_type, shift_priors
from wiredesk.models.batches import arrow_schema, label_batches
from wiredesk.models.explanation import Explanation, contributions
from wiredesk.models.files import content_hash, write_model
from wiredesk.models.labelled import LabelledSentence, label_sentences
from wiredesk.models.manifest import today
from wiredesk.models.predictor import Predictor
from wiredesk.models.probes import probe_probabilities


class Model(Predictor):
    """Label sentences with frozen weights.

    Made by `load_model` or `wiredesk.train`; it needs no scikit-learn and never changes.

    Parameters
    ----------
    manifest : dict
        Settings, as in the model file.
    arrays : dict of str to ndarray
        Arrays, as in the model file.

    Raises
    ------
    ModelFileError
        If the arrays do not fit together.

    Examples
    --------
    >>> from wiredesk.models import load_model
    >>> model = load_model()
    >>> [s.types for s in model.label("Two rockets hit the market. Six people died, the mayor said.")]
    [('attack_report',), ('official_quote', 'casualty_figure')]
    """

    def label(self, texts: str | Iterable[str]) -> Iterator[LabelledSentence]:
        """Segment articles and label their sentences.

        Parameters
        ----------
        texts : str or iterable of str
            One article, or several; an iterable is read as the result is consumed.

        Yields
        ------
        LabelledSentence
        """
        if isinstance(texts, bytes):
            raise TypeError("texts is bytes; decode it first, as in texts.decode('utf-8')")

        def parted() -> Iterator[list[tuple[int, int, str]]]:
            for number, text in enumerate([texts] if isinstance(texts, str) else items(texts)):
                if not isinstance(text, str):
                    raise TypeError(f"text {number} is of type {type(text).__name__}; every text is a str")
                yield split_text(text)

        for sentences in self.label_documents(parted()):
            yield from sentences

    def label_documents(self, documents: Iterable[Sequence[tuple[int, int, str]]]) -> Iterator[list[LabelledSentence]]:
        """Label the sentences of documents that are parted into sentences already.

        Parameters
        ----------
        documents : iterable of sequence of (int, int, str)
            Start, end and text of each document's sentences, in order; read as the result is consumed.

        Returns
        -------
        iterator of list of LabelledSentence
            One list per document, empty if it has no sentences.

        Examples
        --------
        >>> from wiredesk import load_model
        >>> article = [(0, 15, "Rain is likely."), (16, 38, "A rocket hit the port.")]
        >>> [[sentence.types for sentence in found] for found in load_model().label_documents([article])]
        [[(), ('attack_report',)]]
        """
        return label_sentences(self, documents)

    def predict_batches(
        self, batches: Iterable[Any], *, text_column: str = "text", id_column: str | None = None
    ) -> Iterator[Any]:
        """Label the articles in Arrow batches, one a row, as Spark's `mapInArrow` or Ray's `map_batches` ask for it.

        Parameters
        ----------
        batches : iterable of pyarrow.RecordBatch
            All of one schema; read as the result is consumed.
        text_column : str, default="text"
            Column of the articles; a null is an article without sentences.
        id_column : str, optional
            Column of the documents' names; by default they are numbered from 0.

        Yields
        ------
        pyarrow.RecordBatch
            One per batch, of `batch_schema`: a row per sentence, with the other columns of its article.

        Raises
        ------
        ValueError
            If there is no such column.
        """
        return label_batches(self, batches, text_column, id_column)

    def batch_schema(self, columns: Mapping[str, Any]) -> Any:
        """Give the schema of what `predict_batches` yields.

        Parameters
        ----------
        columns : mapping of str to Arrow type
            The other columns of the input.

        Returns
        -------
        pyarrow.Schema
        """
        return arrow_schema(self, columns)

    def explain(
        self, sentences: Iterable[str], index: int = 0, *, document_ids: Iterable[Hashable] | None = None
    ) -> tuple[Explanation, ...]:
        """List the terms behind each type's raw score of one sentence.

        Parameters
        ----------
        sentences : iterable of str
        index : int, default=0
            Which of the sentences.
        document_ids : iterable of hashable, optional
            As in `predict_proba`.

        Returns
        -------
        tuple of Explanation
            One per type; each score is its intercept plus the values of its contributions.
        """
        texts, documents = check_sentences(sentences, document_ids)
        if not -len(texts) <= index < len(texts):
            raise IndexError(f"index {index} of {len(texts)} sentences")
        scores = self.decision_function(texts, document_ids=documents)[index]
        index %= len(texts)
        rows = next((rows for rows in group_rows(documents) if index in rows), [index])
        (explanations,) = self._explain([texts[i] for i in rows], [rows.index(index)], scores[None])
        return explanations

    def explain_document(self, sentences: Iterable[str]) -> Iterator[tuple[Explanation, ...]]:
        """List the terms behind the raw scores of every sentence of one document, which is analysed once.

        Parameters
        ----------
        sentences : iterable of str
            All of the document's, in order.

        Yields
        ------
        tuple of Explanation
            For each sentence, what `explain` gives for it among its document's.

        Examples
        --------
        >>> from wiredesk.models import load_model
        >>> for explanations in load_model().explain_document(["Two rockets hit the market.", "Six people died."]):
        ...     best = max(explanations, key=lambda e: e.probability)
        ...     print(best.type, best.contributions[0].meaning)
        attack_report “hit”
        casualty_figure number … dying
        """
        texts, _ = check_sentences(sentences)
        scores = self.decision_function(texts, document_ids=[0] * len(texts))
        yield from self._explain(texts, range(len(texts)), scores)

    def with_thresholds(self, thresholds: Mapping[str, float]) -> Model:
        """Give the model with other thresholds.

        Parameters
        ----------
        thresholds : mapping of str to float
            Type name -> lowest probability at which the type is given; the others keep theirs.

        Returns
        -------
        Model
            Another model, with a content hash of its own.

        Raises
        ------
        ValueError
            If a type is not the model's, or a threshold is not from 0 to 1.
        """
        check_by_type(thresholds, self.types, "threshold", 0, 1)
        return self._changed(
            {**self.manifest, "thresholds": [float(value) for value in {**self.thresholds, **thresholds}.values()]}
        )

    def with_priors(self, priors: Mapping[str, float]) -> Model:
        r"""Give the model for text in which types are more or less frequent than in the training corpus.

        Parameters
        ----------
        priors : mapping of str to float
            Type name -> share of the sentences that are expected to carry it; the others keep their calibration.

        Returns
        -------
        Model
            Another model, with a content hash of its own.

        Raises
        ------
        ValueError
            If a type is not the model's, or a share is not between 0 and 1.

        Notes
        -----
        The odds of a type are multiplied by :math:`\frac{\pi' / (1 - \pi')}{\pi / (1 - \pi)}`, where :math:`\pi` is its
        share in training and :math:`\pi'` the one given [1]_. Thresholds stay as they are.

        References
        ----------
        .. [1] M. Saerens, P. Latinne, C. Decaestecker (2002). Adjusting the outputs of a classifier to new a priori
           probabilities: a simple procedure. Neural Computation 14(1). https://doi.org/10.1162/089976602753284446
        """
        # No type is carried by none of the sentences, or by all: its odds would be 0 or infinite.
        check_by_type(priors, self.types, "share", 1e-6, 1 - 1e-6)
        return self._changed(
            {**self.manifest, "calibration": shift_priors(self.manifest["calibration"], self.types, priors)}
        )

    def with_evaluation(self, name: str, scores: Mapping[str, Any], about: str = "") -> Model:
        """Give the model with scores on labelled sentences written down, for its card.

        Parameters
        ----------
        name : str
            Of the data; scores of the same name are replaced.
        scores : mapping of str to object
            JSON-ready, as from ``Report.to_dict``.
        about : str, default=""
            What the data are.

        Returns
        -------
        Model
            Of the same content hash: scores decide nothing.
        """
        others = [told for told in self.manifest.get("evaluations", []) if told["name"] != name]
        told = {"name": name, "about": about, "created": today(), "dataset": dict(scores)}
        return Model({**self.manifest, "evaluations": [*others, told]}, self._arrays)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Write the model file, whole or not at all.

        Parameters
        ----------
        path : path-like
            By custom it ends in ``.wiredesk``.
        overwrite : bool, default=False
            Whether an existing file may be replaced.

        Raises
        ------
        FileExistsError
            If the file exists and `overwrite` is False. If it appears while this one is written, this one is kept
            beside it, and the message says where.
        """
        if not overwrite and os.path.exists(path):
            raise FileExistsError(f"{os.fspath(path)} exists already; choose another name or allow overwriting")
        write_model(path, self.manifest, self._arrays, overwrite=overwrite)

    def _changed(self, manifest: dict[str, Any]) -> Model:
        """Give a model of other settings, which may be saved as it is."""
        # The scores that the model was trained with are those of other decisions.
        training = {**manifest["training"], "adjusted": True}
        manifest = {**manifest, "training": training, "evaluations": [], "hash": content_hash(manifest, self._arrays)}
        return Model({**manifest, "probes": probe_probabilities(Model(manifest, self._arrays)).tolist()}, self._arrays)

    def _explain(
        self, sentences: Sequence[str], indices: Iterable[int], scores: np.ndarray
    ) -> Iterator[tuple[Explanation, ...]]:
        """Explain the scores of sentences of one document."""
        found = contributions(
            sentences, indices, self._vocabulary, self._arrays["weights"], self._lexicon, self._char_ngrams
        )
        thresholds, intercepts = self.manifest["thresholds"], self._arrays["intercept"].tolist()
        for by_type, row, p in zip(found, scores.tolist(), self._calibrate(scores).tolist(), strict=True):
            yield tuple(map(Explanation, self.types, p, thresholds, row, intercepts, by_type))
