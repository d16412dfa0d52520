"""A run over a large input: it writes a folder of parts, can be taken up again, and is never mixed with another."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from wiredesk import storage
from wiredesk.columns import find_columns, merge_columns
from wiredesk.errors import InputError
from wiredesk.models import Model
from wiredesk.parts import MODEL, REJECTS, RUN, Job, label_part, plan_parts
from wiredesk.prediction import Outcome, Summary
from wiredesk.readers import Reading
from wiredesk.sources import STDIN, Source
from wiredesk.workers import run_all


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
    left = _partials(output)
    begun = _begin(output, settings, model, force)
    columns: dict[str, Any] = {}
    if format_name in ("csv", "parquet"):
        found = dict(run_all(find_columns, [([source], reading) for source in sources], jobs, scheduler))
        columns = merge_columns(found[i] for i in range(len(sources)))
    job = Job(output, format_name, reading, model.hash, tuple(types), columns, strict, begun)
    names = set(storage.list_files(output))
    missing = [part for part in parts if job.path(part).rsplit("/", 1)[-1] not in names]
    there = len(parts) - len(missing)
    for done, (_, outcome) in enumerate(run_all(label_part, [(job, part) for part in missing], jobs, scheduler), 1):
        total.add(outcome.summary)
        rejected += outcome.rejected
        if on_progress:
            on_progress(there + done, len(parts))
    for path, state in _partials(output).items():
        if left.get(path) == state:  # What a process that was killed had begun; one that is alive writes on.
            with suppress(FileNotFoundError):
                storage.remove(path)
    return Outcome(total, rejected), there


def _partials(output: str) -> dict[str, Any]:
    """List the files that were begun and are not done, with their states."""
    if storage.is_remote(output):
        return {}
    folders = [output, storage.join(output, REJECTS)]
    names = [
        storage.join(folder, name)
        for folder in folders
        if storage.exists(folder)
        for name in storage.list_files(folder)
    ]
    found = {}
    for name in names:
        if name.rsplit("/", 1)[-1].startswith(".") and name.endswith(".partial"):
            with suppress(FileNotFoundError):  # Done meanwhile.
                found[name] = storage.fingerprint(name)
    return found


def _begin(output: str, settings: dict[str, Any], model: Model, force: bool) -> dict[str, Any]:
    """Write down what the run is, or see that it is the one that was begun; give the fingerprint of what says so."""
    path = storage.join(output, RUN)
    # Names of inputs that are not UTF-8 hold lone surrogates, which JSON can escape.
    content = (json.dumps(settings, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
    names = storage.list_files(output)
    is_begun = False
    if RUN in names:
        differ = _differences(path, content)
        if differ and not force:
            raise InputError(f"{output}: holds another run (other {differ}); choose another folder, or add --force")
        is_begun = bool(differ) and _replace_run(output, path, content)
    elif any(name.startswith("part-") for name in names):
        raise InputError(f"{output}: holds parts of something else; choose another folder")
    elif any(not name.startswith(".") and name != MODEL for name in names) and not force:
        raise InputError(f"{output}: holds files of something else; choose another folder, or --force to write beside")
    else:
        is_begun = storage.write_new(path, content)
    begun = storage.fingerprint(path)
    differ = _differences(path, content)  # Somebody may have been quicker.
    if differ:
        raise InputError(f"{output}: holds another run (other {differ}), begun just now; choose another folder")
    if is_begun or force or not storage.exists(storage.join(output, MODEL)):
        with storage.whole(storage.join(output, MODEL)) as copy:
            model.save(copy)
    return begun


def _differences(path: str, content: bytes) -> str:
    """Name the settings in which the run that was begun is another one."""
    now = json.loads(content)
    try:
        before = dict(json.loads(storage.read_bytes(path)))
    except (TypeError, ValueError):
        before = {}  # Not written by a run.
    return ", ".join(sorted(key for key in now if before.get(key) != now[key]))


def _replace_run(output: str, path: str, content: bytes) -> bool:
    """Remove the parts of a run and write down another one; say whether none came between."""
    # Of no run: one that still writes parts here sees that it is over, and what is broken off now is removed again.
    mark = json.dumps({"removed_by": secrets.token_hex(8)}).encode()
    with storage.whole(path) as local:
        local.write_bytes(mark)
    rejects = storage.join(output, REJECTS)
    found = [storage.join(rejects, name) for name in storage.list_files(rejects)] if storage.exists(rejects) else []
    found += [storage.join(output, name) for name in storage.list_files(output) if name.startswith("part-")]
    for name in found:
        with suppress(FileNotFoundError):
            storage.remove(name)
    if storage.read_bytes(path) != mark:
        return False
    with storage.whole(path) as local:
        local.write_bytes(content)
    return True
