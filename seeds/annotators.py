"""What several annotators say of one sentence, and what is made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from wiredesk.seeds.records import Record


def by_sentence(records: Iterable[Record]) -> list[list[Record]]:
    """Gather the records of each sentence that different annotators labelled, in one file or several.

    Parameters
    ----------
    records : iterable of Record

    Returns
    -------
    list of list of Record
        In the order of the first record of each; those of a document together. A record without annotator is alone.

    Examples
    --------
    >>> from wiredesk.seeds import Record
    >>> records = [Record("Rain fell.", labels, annotator=name) for name, labels in (("A", ()), ("B", ("weather",)))]
    >>> [[record.annotator for record in sentence] for sentence in by_sentence(records)]
    [['A', 'B']]
    """
    records = list(records)
    annotated = {record.document for record in records if record.annotator is not None} - {None}
    gathered: dict[Hashable, dict[Hashable, list[Record]]] = {}
    seen: Counter[Hashable] = Counter()
    for i, record in enumerate(records):
        words = record.document, record.text
        alone = words if record.annotator is not None else i
        unit = ("document", record.document) if record.document in annotated else alone
        sentences = gathered.setdefault(unit, {})
        if record.annotator is not None:
            # The same words again, by the same annotator, are another sentence.
            seen[words, record.annotator] += 1
            sentences.setdefault((words, seen[words, record.annotator]), []).append(record)
        elif record.labels is not None or (words, 1) not in sentences:
            # Every annotator's file may hold the sentences that nobody labelled.
            key = i if record.labels is not None else (words, 1)
            sentences[key] = [record]
    return [found for sentences in gathered.values() for found in sentences.values()]


def merge_annotators(records: Iterable[Record]) -> list[Record]:
    """Make one record of each sentence that several annotators labelled.

    Parameters
    ----------
    records : iterable of Record

    Returns
    -------
    list of Record
        A type is given if more than half of the annotators give it. Where exactly half do, the sentence counts as not
        labelled: it serves as context until somebody settles it.

    Examples
    --------
    >>> one = Record("Shells fell.", ("a", "b"), annotator="x")
    >>> other = Record("Shells fell.", ("a",), annotator="y")
    >>> merge_annotators([one, replace(other, labels=("a", "b"))])[0].labels
    ('a', 'b')
    >>> print(merge_annotators([one, other])[0].labels)
    None
    """
    return [group[0] if len(group) == 1 else _merged(group) for group in by_sentence(records)]


def _merged(group: Sequence[Record]) -> Record:
    given = [record.labels for record in group if record.labels is not None]
    votes = Counter(label for labels in given for label in labels)
    annotators = ", ".join(record.annotator for record in group if record.annotator)
    if not given or any(2 * count == len(given) for count in votes.values()):
        return replace(group[0], labels=None, annotator=annotators)
    order = list(dict.fromkeys(label for labels in given for label in labels))
    return replace(group[0], labels=tuple(n for n in order if 2 * votes[n] > len(given)), annotator=annotators)
