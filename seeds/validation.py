"""What is wrong with labelled records, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wiredesk.seeds.duplicates import near_duplicates
from wiredesk.seeds.fields import RecordError
from wiredesk.seeds.records import Record

#: Similarity of two sentences from which on one of them is worth a look, and fewest words of such sentences. Within one
#: data set more may resemble each other than between training and test data.
ALIKE, FEWEST_ALIKE = 0.8, 8


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
    Near-duplicates are sentences of eight words and more that share at least 80 % of their pairs of neighbouring words
    (`near_duplicates`). Shorter ones are compared as a whole, but for case, digits and punctuation; those of fewer than
    five words with their digits and within their document alone: "Read more" stands on many pages, and a live blog has
    many times of day. Records of one `group` may resemble each other: contrast sets do so on purpose.

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
        if len(words[i]) >= FEWEST_ALIKE:
            long_ones.append(i)
    reported = set()
    pairs = near_duplicates([records[i].text for i in long_ones], similarity=ALIKE)
    order = sorted(zip(pairs.second.tolist(), pairs.first.tolist(), pairs.similarity.tolist(), strict=True))
    for i, j, share in order:
        later, earlier = records[long_ones[i]], records[long_ones[j]]
        if i not in reported and (later.group is None or later.group != earlier.group):
            reported.add(i)
            message = f"shares {share:.0%} of its pairs of words with {earlier.origin}; remove one or make them differ"
            yield long_ones[i], Problem(later.origin, message, fatal=False)


_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d")
