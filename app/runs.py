"""A run over a large input: it writes a folder of parts, can be taken up again, and is never mixed with another."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from wiredesk import storage
from wiredesk.columns import find_columns, merge_columns
from wiredesk.errors import InputError
from wiredesk.models import Model
from wiredesk.parts import MODEL, REJECTS, RUN, Job, label_part, plan_parts, run_all
from wiredesk.prediction import Outcome, Summary
from wiredesk.readers import Reading
from wiredesk.sources import STDIN, Source


def run(
    sources: Sequence[Source],
    reading: Reading,
    model: Model,
    format_name: str,
    output: str,
    *,
    types: Sequence[str] = (),
    strict: bool = False,
    jobs: int = 1,
    scheduler: str | None = None,
    force: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[Outcome, int]:
    """Label inputs into a folder of parts.

    Parts that are there already are left as they are, so that a run that was broken off goes on where it was.

    Parameters
    ----------
    sources : sequence of Source
    reading : Reading
    model : Model
    format_name : {"jsonl", "csv", "parquet"}
    output : str
        Folder.
    types : sequence of str
        Write the sentences alone that have one of these types; by default all.
    strict : bool
        Whether the first thing that cannot be read is an error.
    jobs : int
        Processes here.
    scheduler : str or None
        Address of a Dask scheduler, whose workers read the inputs and write the parts themselves.
    force : bool
        Whether parts of another run are removed.
    on_progress : callable, optional
        Called with the number of parts done and of all.

    Returns
    -------
    outcome : Outcome
        What was done now.
    there : int
        Parts that were there already.

    Raises
    ------
    InputError
        If the folder holds another run, or something else.
    """
    if any(source.name == STDIN for source in sources):
        raise InputError("-: a run in parts reads files; save stdin to one")
    total, rejected = Summary(), 0
    storage.make_folder(output)
    parts = plan_parts(sources, reading)
    settings = {
        "inputs": [{"name": source.name, **storage.fingerprint(source.name)} for source in sources],
        "reading": reading._asdict(),
        "model": model.hash,
        "types": list(types),
        "format": format_name,
        "parts": len(parts),
    }
    _begin(output, settings, model, force)
    columns: dict[str, Any] = {}
    if format_name in ("csv", "parquet"):
        found = dict(run_all(find_columns, [([source], reading) for source in sources], jobs, scheduler))
        columns = merge_columns(found[i] for i in range(len(sources)))
    job = Job(output, format_name, reading, model.hash, tuple(types), columns, strict)
    names = set(storage.list_files(output))
    missing = [part for part in parts if job.path(part).rsplit("/", 1)[-1] not in names]
    there = len(parts) - len(missing)
    for done, (_, outcome) in enumerate(run_all(label_part, [(job, part) for part in missing], jobs, scheduler), 1):
        total.add(outcome.summary)
        rejected += outcome.rejected
        if on_progress:
            on_progress(there + done, len(parts))
    if not storage.is_remote(output):
        for name in storage.list_files(output):  # What a process that was killed had begun.
            if name.startswith(".") and name.endswith(".partial"):
                storage.remove(storage.join(output, name))
    return Outcome(total, rejected), there


def _begin(output: str, settings: dict[str, Any], model: Model, force: bool) -> None:
    """Write down what the run is, or see that it is the one that was begun."""
    path = storage.join(output, RUN)
    text = json.dumps(settings, indent=1, ensure_ascii=False) + "\n"
    names = storage.list_files(output)
    if RUN in names:
        before = json.loads(storage.read_bytes(path))
        if before == json.loads(text):
            return
        differ = sorted(key for key in settings if before.get(key) != json.loads(text)[key])
        if not force:
            raise InputError(
                f"{output}: holds another run (other {', '.join(differ)}); choose another folder, or add --force"
            )
        rejects = storage.join(output, REJECTS)
        for name in names:
            if name.startswith("part-") or name in (RUN, MODEL):
                storage.remove(storage.join(output, name))
        for name in storage.list_files(rejects) if storage.exists(rejects) else []:
            storage.remove(storage.join(rejects, name))
    elif any(name.startswith("part-") for name in names):
        raise InputError(f"{output}: holds parts of something else; choose another folder")
    elif any(not name.startswith(".") and name != MODEL for name in names) and not force:
        raise InputError(f"{output}: holds files of something else; choose another folder, or --force to write beside")
    with storage.whole(storage.join(output, MODEL)) as copy:
        model.save(copy)
    with storage.whole(path) as local:
        Path(local).write_text(text, encoding="utf-8")
