"""A large input, part by part: what the parts are, and the work on one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from wiredesk import storage
from wiredesk.errors import InputError
from wiredesk.models import Model, load_model
from wiredesk.outputs import write_records
from wiredesk.prediction import Outcome, Summary, label_sources
from wiredesk.readers import Reading
from wiredesk.rejects import Reject, refuse
from wiredesk.seeds.extras import require
from wiredesk.sources import Source

#: Files of one text each that make a part together.
TEXTS = 256

#: What a folder of parts holds besides: the run, the model it was made with, and what could not be read.
RUN, MODEL, REJECTS = "_run.json", "_model.wiredesk", "_rejects"

#: Formats that a part may have.
PART_FORMATS = ("jsonl", "csv", "parquet")


class Part(NamedTuple):
    """A piece of work that depends on nothing else.

    Attributes
    ----------
    number : int
    sources : tuple of Source
        One file or row group, or some articles.
    """

    number: int
    sources: tuple[Source, ...]


class Job(NamedTuple):
    """What is done with every part.

    Attributes
    ----------
    output : str
        Folder.
    format : str
    reading : Reading
    model : str
        Content hash of the model in the folder.
    types : tuple of str
        Write the sentences alone that have one of these types.
    columns : dict of str to object
        Columns that are passed through, for formats whose columns stand before the first row.
    strict : bool
        Whether what cannot be read is an error.
    begun : dict of str to object
        Fingerprint of what says which run the folder holds.
    """

    output: str
    format: str
    reading: Reading
    model: str
    types: tuple[str, ...]
    columns: dict[str, Any]
    strict: bool
    begun: dict[str, Any]

    def path(self, part: Part) -> str:
        """Name the file of a part."""
        return storage.join(self.output, f"part-{part.number:05}.{self.format}")


def plan_parts(sources: Sequence[Source], reading: Reading) -> list[Part]:
    """Part inputs by file and row group, so that no document is in two parts.

    Parameters
    ----------
    sources : sequence of Source
    reading : Reading

    Returns
    -------
    list of Part
        In the order of the inputs. It depends on them alone.
    """
    groups: list[list[Source]] = []
    for source in sources:
        if source.format == "parquet" and reading.unit == "document":
            groups += [[group] for group in _row_groups(source)]
        elif source.is_table:
            groups.append([source])
        elif groups and not groups[-1][0].is_table and len(groups[-1]) < TEXTS:
            groups[-1].append(source)
        else:
            groups.append([source])
    return [Part(number, tuple(group)) for number, group in enumerate(groups)]


def label_part(job: Job, part: Part) -> Outcome:
    """Label a part and write it; its file appears when it is whole.

    Parameters
    ----------
    job : Job
    part : Part

    Returns
    -------
    Outcome

    Raises
    ------
    RejectedError
        If something cannot be read and the job is strict.
    InputError
        If the folder holds another run by now.
    """
    model = _model(job.output, job.model)
    rejects: list[Reject] = []

    summary = Summary()
    reject = refuse if job.strict else rejects.append
    documents = summary.follow(label_sources(part.sources, job.reading, model, summary.samples, reject))
    with storage.whole(job.path(part)) as path:
        with path.open("wb") as out:
            records = (record for document in documents for record in document.records(model.hash, job.types))
            write_records(records, job.format, out, model, job.columns)
        if not is_run(job.output, job.begun):
            raise InputError(f"{job.output}: another run was begun there meanwhile; this one is over")
        if rejects:
            _write_rejects(job, part, rejects)
    return Outcome(summary, len(rejects))


def is_run(output: str, begun: dict[str, Any]) -> bool:
    """Say whether a folder still holds the run whose file had this fingerprint."""
    try:
        return storage.fingerprint(storage.join(output, RUN)) == begun
    except FileNotFoundError:
        return False


@lru_cache(maxsize=2)
def _model(folder: str, content_hash: str) -> Model:
    """Load the run's model, once in every process."""
    path = storage.join(folder, MODEL)
    if not storage.is_remote(path):
        model = load_model(path)
    else:
        with TemporaryDirectory(prefix="wiredesk-") as local:
            copy = Path(local, MODEL)
            copy.write_bytes(storage.read_bytes(path))
            model = load_model(copy)
    if model.hash != content_hash:
        raise InputError(f"{path}: is another model than the run began with; start it again with --force")
    return model


def _row_groups(source: Source) -> list[Source]:
    arrow = require("pyarrow", "parquet", "Parquet files")
    parquet = require("pyarrow.parquet", "parquet", "Parquet files")
    groups, first = [], 0
    try:
        with storage.open_bytes(source.path or source.name) as file:
            metadata = parquet.read_metadata(file)
    except arrow.ArrowException:
        return [source]  # What is wrong with it is said when it is read.
    for number in range(metadata.num_row_groups):
        groups.append(source._replace(row_group=number, first_row=first))
        first += metadata.row_group(number).num_rows
    return groups


def _write_rejects(job: Job, part: Part, rejects: Sequence[Reject]) -> None:
    folder = storage.join(job.output, REJECTS)
    storage.make_folder(folder)
    with storage.whole(storage.join(folder, f"part-{part.number:05}.jsonl")) as path:
        lines = [json.dumps(reject._asdict(), ensure_ascii=False) + "\n" for reject in rejects]
        path.write_text("".join(lines), encoding="utf-8", errors="backslashreplace")
