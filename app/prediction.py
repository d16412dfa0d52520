"""The predict command's work: inputs in, labelled documents out."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, BinaryIO, NamedTuple

from wiredesk.documents import LabelledDocument
from wiredesk.drift import Samples, source_of
from wiredesk.models import Model
from wiredesk.outputs import Interrupted, write_documents
from wiredesk.progress import Progress, stoppable
from wiredesk.readers import Document, Reading, read_documents
from wiredesk.rejects import Reject, Rejects
from wiredesk.sources import TABLES, Source


def labelled_documents(documents: Iterable[Document], model: Model) -> Iterator[LabelledDocument]:
    """Label the sentences of documents.

    Parameters
    ----------
    documents : iterable of Document
        Read as the result is consumed, a batch ahead.
    model : Model

    Yields
    ------
    LabelledDocument
    """
    waiting: deque[Document] = deque()

    def sentences() -> Iterator[Sequence[tuple[int, int, str]]]:
        for document in documents:
            waiting.append(document)
            yield document.sentences

    for found in model.label_documents(sentences()):
        document = waiting.popleft()
        yield LabelledDocument(document.name, document.text, found, document.columns, document.rows)


def label_sources(
    sources: Iterable[Source],
    reading: Reading,
    model: Model,
    samples: Samples,
    reject: Callable[[Reject], None],
    on_open: Callable[[Source, BinaryIO], None] = lambda source, file: None,
) -> Iterator[LabelledDocument]:
    """Read documents, label their sentences, and take samples by source.

    Parameters
    ----------
    sources : iterable of Source
    reading : Reading
    model : Model
    samples : Samples
        Added to.
    reject, on_open : callable
        As for `wiredesk.readers.read_documents`.

    Yields
    ------
    LabelledDocument
    """
    opened: list[Source] = []
    waiting: deque[tuple[str, str]] = deque()

    def open_next(source: Source, file: BinaryIO) -> None:
        opened[:] = [source]
        on_open(source, file)

    def documents() -> Iterator[Document]:
        for document in read_documents(sources, reading, reject, open_next):
            waiting.append(source_of(opened[0], document))
            yield document

    for document in labelled_documents(documents(), model):
        samples.count(*waiting.popleft(), document.sentences, model.words)
        yield document


class Summary:
    """What was labelled so far.

    Attributes
    ----------
    documents, sentences : int
    last : str
        Name of the last document.
    types : Counter of str
        Sentences by type; ``none`` are those without.
    samples : Samples
        What the sources show beside the training data.
    """

    def __init__(self) -> None:
        self.documents = 0
        self.sentences = 0
        self.last = ""
        self.types: Counter[str] = Counter()
        self.samples = Samples()
        self._began = time.perf_counter()

    def follow(self, documents: Iterable[LabelledDocument]) -> Iterator[LabelledDocument]:
        """Count documents as they pass."""
        for document in documents:
            self.documents += 1
            self.sentences += len(document.sentences)
            for sentence in document.sentences:
                self.types.update(sentence.types or ("none",))
            self.last = document.name
            yield document

    def add(self, other: Summary) -> None:
        """Add what was counted elsewhere."""
        self.documents += other.documents
        self.sentences += other.sentences
        self.types += other.types
        self.samples.add(other.samples)
        self.last = other.last or self.last

    def told(self, types: Sequence[str]) -> str:
        """Put the counts into a line."""
        seconds = time.perf_counter() - self._began
        rate = f" ({self.sentences / seconds:,.0f} a second)" if seconds >= 0.1 else ""
        counts = ", ".join(f"{self.types[name]:,} {name}" for name in (*types, "none"))
        documents = f"{self.documents:,} document{'' if self.documents == 1 else 's'}"
        sentences = f"{self.sentences:,} sentence{'' if self.sentences == 1 else 's'}"
        return f"{documents}, {sentences} in {seconds:.1f} s{rate}: {counts}"


class Outcome(NamedTuple):
    """What came of a prediction.

    Attributes
    ----------
    summary : Summary
    rejected : int
        Rows and files that could not be read.
    stopped : int
        The signal that stopped it; 0 if it was done.
    message : str
        Where what is finished can be found, if it was stopped.
    """

    summary: Summary
    rejected: int
    stopped: int = 0
    message: str = ""


def predict(
    sources: Sequence[Source],
    reading: Reading,
    model: Model,
    format_name: str,
    output: str | None = None,
    *,
    types: Sequence[str] = (),
    rejects: str | None = None,
    strict: bool = False,
    overwrite: bool = True,
) -> Outcome:
    """Label the sentences of inputs and write them, as they come.

    Parameters
    ----------
    sources : sequence of Source
    reading : Reading
    model : Model
    format_name : str
        A key of `wiredesk.writers.FORMATS`.
    output : str or None
        None for stdout.
    types : sequence of str
        Write the sentences alone that have one of these types; by default all.
    rejects : str or None
        File for what cannot be read.
    strict : bool
        Whether the first thing that cannot be read is an error.
    overwrite : bool, default=True
        Whether files that are there at the end are replaced.

    Returns
    -------
    Outcome

    Raises
    ------
    InputError
        If nothing can be read, or with `strict` something cannot; no output is written then.
    """
    summary = Summary()
    with ExitStack() as stack:
        columns: dict[str, Any] = {}
        columns_first = format_name in ("csv", "parquet")
        if columns_first or any(source.format == "parquet" for source in sources):
            from wiredesk.columns import find_columns, merge_columns
            from wiredesk.spooling import spool

            sources = spool(sources, TABLES if columns_first else ("parquet",), stack)
        if columns_first:
            columns = merge_columns([find_columns(sources, reading)])
        left_out = stack.enter_context(Rejects(rejects, strict, overwrite=overwrite))
        stop = stack.enter_context(stoppable())
        progress = Progress(sources)
        documents = label_sources(sources, reading, model, summary.samples, left_out.add, progress.open)
        for step in (summary.follow, left_out.follow, progress.follow, stop.follow):
            documents = step(documents)
        try:
            write_documents(
                documents,
                format_name,
                output,
                model,
                types=types,
                columns=columns,
                is_stopped=lambda: stop.asked > 0,
                overwrite=overwrite,
            )
        except Interrupted as interrupted:
            return Outcome(summary, left_out.count, stop.asked, str(interrupted))
    return Outcome(summary, left_out.count)
