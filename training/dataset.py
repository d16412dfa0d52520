"""Labelled sentences as arrays, checked and split by document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from wiredesk.models.manifest import is_type_name
from wiredesk.seeds import (
    Record,
    RecordError,
    as_records,
    document_ids,
    merge_annotators,
    record_types,
    refuse_fatal,
    split_units,
    target_matrix,
)
from wiredesk.training.splits import grouped_folds


class Dataset(NamedTuple):
    """Labelled sentences as arrays.

    Attributes
    ----------
    records : list of Record
    types : tuple of str
        In column order.
    X : ndarray of object, shape (n, 2)
        Text and document of each sentence.
    y : ndarray of int, shape (n, n_types)
        1 where the sentence carries the type, else 0; a row of -1 is not labelled and serves as context.
    units : ndarray of int, shape (n,)
        What is never split: the document, group or lone sentence.
    """

    records: list[Record]
    types: tuple[str, ...]
    X: np.ndarray
    y: np.ndarray
    units: np.ndarray

    @property
    def labelled(self) -> np.ndarray:
        """Whether each sentence is labelled, ndarray of bool, shape (n,)."""
        return self.y[:, 0] >= 0

    def folds(self, n_folds: int, seed: int = 0) -> np.ndarray:
        """Split by unit; refuse a split in which some type has nothing to learn from.

        Parameters
        ----------
        n_folds : int
        seed : int, default=0

        Returns
        -------
        ndarray of int, shape (n,)
            The fold of each sentence.

        Raises
        ------
        RecordError
        """
        fold = grouped_folds(self.units, self.y == 1, n_folds, seed)
        _check_folds(fold[self.labelled], self.y[self.labelled] == 1, self.types, n_folds)
        return fold


def make_dataset(
    records: Iterable[Record | Mapping[str, Any]], types: Sequence[str] | None = None, *, folds: int | None = None
) -> Dataset:
    """Check labelled sentences and write them as arrays.

    Parameters
    ----------
    records : iterable of Record or mapping
        Sentences of a document together, in order. Those with labels None serve as context alone.
    types : sequence of str, optional
        The types to learn; any other label is then an error. By default those found in the data.
    folds : int, optional
        Every type needs sentences in at least as many documents. Without it the sentences are only to be scored.

    Returns
    -------
    Dataset

    Raises
    ------
    RecordError
        If records are wrong or too few for the folds.
    """
    records = merge_annotators(as_records(records))
    labelled = [record for record in records if record.labels is not None]
    if isinstance(types, str):
        raise TypeError(f"types is one str, {types!r}; give a list of type names")
    types = record_types(labelled) if types is None else tuple(types)
    _check(records, labelled, types, folds)
    X = np.empty((len(records), 2), dtype=object)
    X[:, 0] = [record.text for record in records]
    X[:, 1] = document_ids(records)
    y = np.full((len(records), len(types)), -1)
    y[[record.labels is not None for record in records]] = target_matrix(labelled, types)
    return Dataset(records, types, X, y, split_units(records))


def _check(records: Sequence[Record], labelled: Sequence[Record], types: Sequence[str], folds: int | None) -> None:
    """Refuse records and settings that cannot be trained on."""
    if folds is not None and folds < 2:
        raise RecordError(f"folds is {folds}; give at least 2")
    if not labelled:
        raise RecordError("no record is labelled, so there is nothing to train on or to score")
    if not types:
        raise RecordError("no record carries a type, so there is nothing to learn")
    for name in types:
        if not is_type_name(name):
            raise RecordError(
                f"type {name!r}: 'none', ';', blanks and control characters cannot be used; choose another name"
            )
    if len(set(types)) < len(types):
        raise RecordError(f"types {', '.join(types)} name one twice; name each type once")
    refuse_fatal(records, types)
    if folds is None:
        return
    units = split_units(labelled)
    y = target_matrix(labelled, types)
    for name, column in zip(types, y.T, strict=True):
        for carries, what in ((column, "carry"), (~column, "do not carry")):
            found = len(set(units[carries].tolist()))
            if found < folds:
                raise RecordError(
                    f"sentences that {what} {name!r} stand in {found} documents, fewer than the {folds} folds; "
                    "label more documents, use fewer folds, or leave the type out"
                )


def _check_folds(fold: np.ndarray, y: np.ndarray, types: Sequence[str], folds: int) -> None:
    """Refuse a split in which some fold's classifier would see no example, or no counter-example, of a type."""
    for k in range(folds):
        seen = y[fold != k]
        for name, column in zip(types, seen.T, strict=True):
            if not 0 < column.sum() < len(column):
                raise RecordError(
                    f"with {folds} folds and this seed, one split leaves no variety of {name!r} to learn from; "
                    "use fewer folds or another seed, or label more documents"
                )
