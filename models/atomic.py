"""Files that appear under their name only when they are whole."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a path to write to; rename it to `path` at the end, or remove it on an error.

    Parameters
    ----------
    path : path-like
        Replaced if it exists; through a symbolic link, the file it points to.

    Yields
    ------
    Path
        A name beside `path` that no other process uses.

    Raises
    ------
    FileExistsError
        If `path` is a device, a pipe or a folder: renaming would put a file in its place.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with whole_file(f"{folder}/a.txt") as partial:
    ...         _ = partial.write_text("all of it")
    ...     print(os.listdir(folder))
    ['a.txt']
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        raise FileExistsError(errno.EEXIST, "is no regular file; choose another name", str(path))
    partial = path.with_name(f".{secrets.token_hex(8)}.partial")  # Short: `path` may be as long as names can be.
    try:
        yield partial
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
