"""Files that appear under their name only when they are whole."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def whole_file(path: str | os.PathLike[str], *, overwrite: bool = True) -> Iterator[Path]:
    """Give a path to write to; rename it to `path` at the end, or remove it on an error.

    A process that is killed leaves a hidden file ``.….partial`` at most, which nothing reads.

    Parameters
    ----------
    path : path-like
        Through a symbolic link, the file it points to.
    overwrite : bool, default=True
        Whether a file that is there at the end is replaced. If not, what was written is kept beside it.

    Yields
    ------
    Path
        A name beside `path` that no other process uses.

    Raises
    ------
    FileExistsError
        If `path` is a device, a pipe or a folder: renaming would put a file in its place. At the end, if there is a
        file that may not be replaced; the message says where the new one is.
    OSError
        If it cannot be written; the name is that of `path`, not the hidden one.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with whole_file(f"{folder}/a.txt") as partial:
    ...         _ = partial.write_text("all of it")
    ...     print(os.listdir(folder))
    ['a.txt']
    """
    named, path = os.fspath(path), Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        raise FileExistsError(errno.EEXIST, "is no regular file; choose another name", str(path))
    with _hidden(path, named) as partial:
        yield partial
        _store(partial)
        if overwrite:
            os.replace(partial, path)
        elif not _rename_to_new(partial, path):
            kept = free_name(f"{named}.partial")
            os.replace(partial, kept)
            raise FileExistsError(
                errno.EEXIST, f"another process wrote it meanwhile; what this one made is in {kept}", named
            )


def write_text(path: str | os.PathLike[str], text: str, *, overwrite: bool = True) -> None:
    """Write a text as UTF-8, whole, line ends as they are and lone surrogates as escapes.

    Parameters
    ----------
    path : path-like
    text : str
    overwrite : bool, default=True
        As in `whole_file`.
    """
    with whole_file(path, overwrite=overwrite) as partial:
        partial.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")


def write_first(path: str | os.PathLike[str], content: bytes) -> bool:
    """Write a file, whole, unless there is one.

    Parameters
    ----------
    path : path-like
    content : bytes

    Returns
    -------
    bool
        Whether it was written: of several processes that write at once, one is told so.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    with _hidden(Path(path), os.fspath(path)) as partial:
        partial.write_bytes(content)
        _store(partial)
        return _rename_to_new(partial, Path(path))


def free_name(name: str) -> str:
    """Give the name, or the first one with a number behind it that no file has."""
    number = 1
    free = name
    while os.path.exists(free):
        number += 1
        free = f"{name}.{number}"
    return free


@contextmanager
def _hidden(path: Path, named: str) -> Iterator[Path]:
    """Give a name beside `path`; nothing has it afterwards, and errors tell of the name that was given."""
    partial = path.with_name(f".{secrets.token_hex(8)}.partial")  # Short: `path` may be as long as names can be.
    try:
        yield partial
    except OSError as error:
        # On a full disk the system names no file at all.
        if error.errno is None or str(error.filename) not in ("None", str(partial)):
            raise
        raise OSError(error.errno, error.strerror, named) from error
    finally:
        with suppress(OSError):  # Of a disk that cannot be written to: what came before is worth more.
            partial.unlink(missing_ok=True)


def _store(partial: Path) -> None:
    """Wait until the content is on the disk: the name may get there first, and a power cut would leave it empty."""
    with partial.open("rb+") as file:
        os.fsync(file.fileno())


def _rename_to_new(partial: Path, path: Path) -> bool:
    """Rename a file unless another one has the name; say whether."""
    try:
        os.link(partial, path)
    except FileExistsError:
        return False
    except OSError:  # Not every file system has hard links; there, the moment between these lines stays open.
        if path.exists():
            return False
        os.replace(partial, path)
    return True
