"""Files here and in object stores, by one set of functions; what is written appears when it is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from wiredesk.models.atomic import whole_file, write_first
from wiredesk.seeds.extras import require


def is_remote(path: str) -> bool:
    """Say whether a path is one of fsspec's, as ``s3://bucket/news``."""
    return "://" in path


def _file_system(path: str) -> tuple[Any, str]:
    """Give fsspec's file system of a path, and the path in it."""
    system, inner = require("fsspec.core", "cluster", "paths like s3://").url_to_fs(path)
    return system, inner


def join(folder: str, name: str) -> str:
    """Name a file in a folder."""
    return f"{folder.rstrip('/')}/{name}"


def exists(path: str) -> bool:
    """Say whether there is a file or folder."""
    if not is_remote(path):
        return os.path.exists(path)
    system, inner = _file_system(path)
    return bool(system.exists(inner))


def is_folder(path: str) -> bool:
    """Say whether a path is a folder."""
    if not is_remote(path):
        return os.path.isdir(path)
    system, inner = _file_system(path)
    return bool(system.isdir(inner))


def make_folder(path: str) -> None:
    """Make a folder, if it is not there."""
    if is_remote(path):
        system, inner = _file_system(path)
        system.makedirs(inner, exist_ok=True)
    else:
        os.makedirs(path, exist_ok=True)


def list_files(folder: str) -> list[str]:
    """List the names of the files in a folder, sorted."""
    if not is_remote(folder):
        return sorted(entry.name for entry in os.scandir(folder) if entry.is_file())
    system, inner = _file_system(folder)
    return sorted(name.rsplit("/", 1)[-1] for name in system.ls(inner, detail=False) if system.isfile(name))


def find_files(path: str) -> list[str]:
    """List the files under a remote folder, or that a remote pattern names, with their protocol, sorted."""
    system, inner = _file_system(path)
    found = system.glob(inner) if "*" in inner else system.find(inner)
    return [system.unstrip_protocol(name) for name in sorted(found)]


def read_bytes(path: str) -> bytes:
    """Read a whole file."""
    if not is_remote(path):
        return Path(path).read_bytes()
    system, inner = _file_system(path)
    content: bytes = system.cat_file(inner)
    return content


def open_bytes(path: str) -> BinaryIO:
    """Open a file for reading."""
    if not is_remote(path):
        return open(path, "rb")
    system, inner = _file_system(path)
    file: BinaryIO = system.open(inner, "rb")
    return file


def remove(path: str) -> None:
    """Remove a file."""
    if is_remote(path):
        system, inner = _file_system(path)
        system.rm_file(inner)
    else:
        os.unlink(path)


def fingerprint(path: str) -> dict[str, Any]:
    """Say by what a changed file is known: its size, and its time here or what the object store says."""
    if not is_remote(path):
        found = os.stat(path)
        return {"size": found.st_size, "changed": found.st_mtime_ns}
    system, inner = _file_system(path)
    info = system.info(inner)
    kept = {key: str(info[key]) for key in ("ETag", "etag", "mtime", "LastModified", "updated") if key in info}
    return {"size": info.get("size"), **kept}


def write_new(path: str, content: bytes) -> bool:
    """Write a file, whole, unless there is one; say whether. Object stores replace it: they cannot be asked so."""
    if not is_remote(path):
        return write_first(path, content)
    with whole(path) as local:
        local.write_bytes(content)
    return True


@contextmanager
def whole(path: str) -> Iterator[Path]:
    """Give a local path to write to; at the end it becomes the file, here by renaming, elsewhere by one upload.

    Parameters
    ----------
    path : str

    Yields
    ------
    Path
    """
    if not is_remote(path):
        with whole_file(path) as partial:
            yield partial
        return
    with TemporaryDirectory(prefix="wiredesk-") as folder:
        local = Path(folder, path.rsplit("/", 1)[-1])
        yield local
        system, inner = _file_system(path)
        system.put_file(str(local), inner)
