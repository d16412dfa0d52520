"""Copies of what cannot be read twice: stdin and pipes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from tempfile import mkstemp

from wiredesk import storage
from wiredesk.errors import InputError
from wiredesk.sources import STDIN, Source, open_source

#: Bytes copied at a time.
_CHUNK = 1 << 20


def spool(sources: Sequence[Source], formats: Sequence[str], stack: ExitStack) -> list[Source]:
    """Copy stdin and pipes to temporary files, so that they can be read twice, and back and forth.

    Parameters
    ----------
    sources : sequence of Source
    formats : sequence of str
        Those that need it.
    stack : ExitStack
        Removes the file at its end.

    Returns
    -------
    list of Source

    Raises
    ------
    InputError
        If it cannot be read, or there is no room for the copy.
    """
    spooled = []
    for source in sources:
        if source.format in formats and (source.name == STDIN or _is_pipe(source.name)):
            source = source._replace(path=_copy(source, stack))
        spooled.append(source)
    return spooled


def _copy(source: Source, stack: ExitStack) -> str:
    try:
        descriptor, name = mkstemp(prefix="wiredesk-")
        stack.callback(os.unlink, name)
        with open(descriptor, "wb") as copy:
            for chunk in _chunks(source):
                copy.write(chunk)
    except OSError as error:
        raise InputError(
            f"{source.name}: {error.strerror} for the temporary copy of it; set TMPDIR to a folder with room"
        ) from None
    return name


def _chunks(source: Source) -> Iterator[bytes]:
    with open_source(source) as (content, _):
        while chunk := content.read(_CHUNK):
            yield chunk


def _is_pipe(name: str) -> bool:
    return not storage.is_remote(name) and os.path.exists(name) and not os.path.isfile(name)
