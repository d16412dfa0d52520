"""What is wrong with labelled records, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from wiredesk.seeds.fields import RecordError
from wiredesk.seeds.records import Record

#: Two sentences are near-duplicates if they share at least this part of their runs of three words.
NEAR_DUPLICATE = 0.6

#: Shared runs looked at in one go: bounds memory, however many sentences begin alike.
_BLOCK = 5_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with labelled records.

    Attributes
    ----------
    origin : str
        File and line.
    message : str
        The value, the rule and the way out.
    fatal : bool
        Whether training on such records makes no sense; others are worth a look.
    """

    origin: str
    message: str
    fatal: bool

    def __str__(self) -> str:
        return f"{self.origin}: {self.message}"


def find_problems(
    records: Sequence[Record], types: Sequence[str] | None = None, *, duplicates: bool = True
) -> list[Problem]:
    """Find what is wrong with records that could be read.

    Fatal: a label that is not one of `types`, a document that comes back after another one. Worth a look: a record
    that is not labelled, a sentence that stands twice, or nearly so.

    Parameters
    ----------
    records : sequence of Record
    types : sequence of str, optional
        The allowed types; any by default.
    duplicates : bool, default=True
        Whether to look for duplicates, which takes longest.

    Returns
    -------
    list of Problem
        Fatal ones first, else in the order of the records.

    Notes
    -----
    Near-duplicates share at least 60 % of their runs of three words (Jaccard index of the sets; case,
    digits and punctuation do not count). Records of one `group` may resemble each other: contrast sets do
    so on purpose. Sentences of fewer than five words are compared as a whole, with their digits,
    within their document alone: "Read more" stands on many pages, and a live blog has many times of day.

    Examples
    --------
    >>> records = [Record("A shell fell.", ("atack",), origin="a.csv:2")]
    >>> print(find_problems(records, types=["attack_report"])[0])
    a.csv:2: label 'atack' is not one of the types attack_report; correct it or add it to the types
    """
    found = [
        *_unknown_labels(records, types),
        *_returning_documents(records),
        *_unlabelled(records),
        *(_duplicates(records) if duplicates else ()),
    ]
    return [problem for _, problem in sorted(found, key=lambda item: (not item[1].fatal, item[0]))]


def refuse_fatal(records: Sequence[Record], types: Sequence[str]) -> None:
    """Refuse records that can be neither trained on nor scored.

    Parameters
    ----------
    records : sequence of Record
    types : sequence of str
        The allowed types.

    Raises
    ------
    RecordError
        If `find_problems` finds something fatal; it names the first.
    """
    fatal = [problem for problem in find_problems(records, types, duplicates=False) if problem.fatal]
    if fatal:
        raise RecordError(f"{fatal[0]}{f' (and {len(fatal) - 1} more)' if len(fatal) > 1 else ''}")


def _unknown_labels(records: Iterable[Record], types: Sequence[str] | None) -> Iterator[tuple[int, Problem]]:
    for i, record in enumerate(records):
        for label in record.labels or ():
            if types is not None and label not in types:
                message = (
                    f"label {label!r} is not one of the types {', '.join(types)}; correct it or add it to the types"
                )
                yield i, Problem(record.origin, message, fatal=True)


def _returning_documents(records: Iterable[Record]) -> Iterator[tuple[int, Problem]]:
    last: dict[str, str] = {}
    previous = None
    for i, record in enumerate(records):
        name = record.document
        if name is not None and name != previous and name in last:
            message = f"document {name!r} comes back after {last[name]}; put its sentences together, in order"
            yield i, Problem(record.origin, message, fatal=True)
        if name is not None:
            last[name] = record.origin
        previous = name


def _unlabelled(records: Iterable[Record]) -> Iterator[tuple[int, Problem]]:
    for i, record in enumerate(records):
        if record.labels is None:
            yield i, Problem(record.origin, "not labelled; it serves as context and is not scored", fatal=False)


def _duplicates(records: Sequence[Record]) -> Iterator[tuple[int, Problem]]:
    """Yield each record that repeats an earlier one, with the first it repeats."""
    exact = [tuple(_WORD.findall(record.text.casefold())) for record in records]
    words = [tuple(_DIGITS.sub("0", word) for word in found) for found in exact]
    seen: dict[tuple[object, ...], Record] = {}
    long_ones = []
    for i, record in enumerate(records):
        short = len(words[i]) < 5
        key = (exact[i], record.document, record.origin if record.document is None else None) if short else (words[i],)
        if words[i] and key in seen:
            earlier = seen[key]
            if record.group is None or record.group != earlier.group or record.text == earlier.text:
                yield i, Problem(record.origin, f"the same sentence as {earlier.origin}; remove one", fatal=False)
            continue
        seen[key] = record
        if not short:
            long_ones.append(i)
    reported = set()
    for i, j, share in sorted(_similar([words[i] for i in long_ones])):
        later, earlier = records[long_ones[i]], records[long_ones[j]]
        if i not in reported and (later.group is None or later.group != earlier.group):
            reported.add(i)
            message = f"shares {share:.0%} of its three-word runs with {earlier.origin}; remove one or make them differ"
            yield long_ones[i], Problem(later.origin, message, fatal=False)


def _similar(sentences: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int, float]]:
    """Yield later, earlier and Jaccard index of near-duplicates."""
    from scipy.sparse import csr_matrix  # Prediction imports this package, and needs none of it.

    columns: dict[tuple[str, ...], int] = {}
    runs = [{words[k : k + 3] for k in range(len(words) - 2)} for words in sentences]
    indices = [columns.setdefault(run, len(columns)) for found in runs for run in sorted(found)]
    sizes = np.array([len(found) for found in runs], dtype=np.int64)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    matrix = csr_matrix((np.ones(len(indices), dtype=np.int32), indices, ends), shape=(len(runs), len(columns)))
    work = np.cumsum(matrix @ np.bincount(indices, minlength=len(columns))) // _BLOCK
    starts = np.flatnonzero(np.diff(work, prepend=-1)).tolist()
    for start, end in pairwise([*starts, len(runs)]):
        shared = (matrix[start:end] @ matrix[:end].T).tocoo()
        later, earlier = shared.row + start, shared.col
        union = sizes[later] + sizes[earlier] - shared.data
        near = (later > earlier) & (shared.data >= NEAR_DUPLICATE * union)
        for i, j, both, all_ in zip(later[near], earlier[near], shared.data[near], union[near], strict=True):
            yield int(i), int(j), both / all_


_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d")
