"""What an input shows beside the training data, source by source, while it is labelled."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence

from wiredesk.models import LabelledSentence, Model
from wiredesk.models.drift import DOCUMENT, judge
from wiredesk.models.driftcounts import ALL_COUNTED, Sample
from wiredesk.readers import Document
from wiredesk.sources import STDIN, Source
from wiredesk.terminal import printable

#: Sources that are told apart, and what those that come after them are called together: memory stays bounded.
MOST_SOURCES, LATER = 1000, "all further sources"

#: Sentences that are all counted, of all sources together; the more sources there are, the fewer of each.
COUNTED = 2000

#: How many are warned about before the rest is only counted.
SHOWN = 5

#: Column that says where a row comes from, and how much of it is shown.
SOURCE_COLUMN, LONGEST_NAME = "source", 60


class Samples:
    """Samples of the sources of an input.

    Attributes
    ----------
    sources : dict of str to Sample
        By name; what comes after the first ``MOST_SOURCES`` is one more.
    alone : dict of str to str
        Folder -> its first document, after which it is called if there is no other.
    """

    def __init__(self) -> None:
        self.sources: dict[str, Sample] = {}
        self.alone: dict[str, str] = {}

    def count(self, source: str, document: str, sentences: Sequence[LabelledSentence], known: Collection[str]) -> None:
        """Take a document in.

        Parameters
        ----------
        source : str
        document : str
            Its name, if `source` is its folder; else empty.
        sentences : sequence of LabelledSentence
        known : collection of str
            The words that the model knows.
        """
        sample = self._of(source)
        if document and not sample.documents:
            self.alone[source] = document
        sample.count(sentences, known, max(DOCUMENT, min(ALL_COUNTED, COUNTED // len(self.sources))))

    def add(self, other: Samples) -> None:
        """Add what was counted elsewhere."""
        for name, sample in other.sources.items():
            self._of(name).add(sample)
        alone = {**other.alone, **self.alone}
        self.alone = {name: document for name, document in alone.items() if name in self.sources}

    def warnings(self, model: Model) -> list[str]:
        """Say which sources are unlike the training data.

        Parameters
        ----------
        model : Model
            That labelled them.

        Returns
        -------
        list of str
            A line for each, those with most sentences first, and at most ``SHOWN`` of them before one that counts the
            others. If no source is, but all are together, a line about all.
        """
        judged = [name for name, sample in self.sources.items() if judge(sample, model) is not None]
        told = {name: judge(self.sources[name], model, len(judged)) for name in judged}
        found = [(drift.sentences, name, drift.warning) for name, drift in told.items() if drift and drift.warning]
        if not found and len(self.sources) > 1:
            total = judge(self._total(), model)
            return [f"all sources together: {total.warning}"] if total and total.warning else []
        found.sort(key=lambda item: (-item[0], item[1]))
        lines = [f"{self._shown(name)}: {warning}" for _, name, warning in found[:SHOWN]]
        if len(found) > SHOWN:
            more = len(found) - SHOWN
            lines.append(f"and {more:,} more source{'' if more == 1 else 's'}")
        return lines

    def _of(self, source: str) -> Sample:
        if source not in self.sources and len(self.sources) >= MOST_SOURCES:
            source = LATER
        return self.sources.setdefault(source, Sample())

    def _total(self) -> Sample:
        total = Sample()
        for sample in self.sources.values():
            total.add(sample)
        return total

    def _shown(self, name: str) -> str:
        if self.sources[name].documents == 1:
            name = self.alone.get(name, name)
        name = printable(name)
        return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def source_of(source: Source, document: Document) -> tuple[str, str]:
    """Name what a document comes from.

    Parameters
    ----------
    source : Source
        The file it was read from.
    document : Document

    Returns
    -------
    name : str
        What its row says in the column ``source``, else the table; of a text or web page the folder.
    document : str
        The text or web page; empty for a row.

    Examples
    --------
    >>> source_of(Source("news/sport/1.txt", "text"), Document("news/sport/1.txt", "", [], {}))
    ('news/sport/', 'news/sport/1.txt')
    >>> source_of(Source("dump.csv", "csv"), Document("7", "", [], {"source": "Harbour Post"}))
    ('Harbour Post', '')
    """
    if source.is_table:
        told = (document.rows[0] if document.rows else document.columns).get(SOURCE_COLUMN)
        return (str(told) if told not in (None, "") else source.name), ""
    if source.name == STDIN:
        return "stdin", ""
    return os.path.join(os.path.dirname(source.name) or ".", ""), source.name
