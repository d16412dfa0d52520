"""The model file: one zip of a JSON manifest and plain arrays. Nothing in it is ever executed.

``manifest.json`` holds the settings; each array is an ``.npy`` file. A file may come from anybody. Its checksums show
that it is a whole copy and nothing more: whoever writes a file can write them too. So whatever is used is checked by
itself, here, in `read_manifest` and in `unpack`.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from wiredesk.models.atomic import whole_file
from wiredesk.models.manifest import ModelFileError, read_manifest

#: Unpacked sizes beyond these, of all arrays together, are refused before anything is unpacked: 160,000 features of 4
#: types need 4 MB.
MAX_MANIFEST_BYTES = 1 << 20
MAX_ARRAY_BYTES = 1 << 26

#: A zip's directory beyond this is not read, and neither is a file beyond all of these. A model's directory has 0.6 kB.
MAX_DIRECTORY_BYTES = 1 << 14
MAX_FILE_BYTES = MAX_MANIFEST_BYTES + MAX_ARRAY_BYTES + (1 << 16)

#: Array name -> (dtype, number of dimensions).
ARRAYS = {
    "words": ("uint8", 1),
    "pairs": ("int32", 2),
    "ngrams": ("uint8", 1),
    "symbols": ("uint8", 1),
    "runs": ("int32", 2),
    "near": ("int32", 2),
    "contexts": ("uint8", 1),
    "lexicon": ("uint8", 1),
    "weights": ("float32", 2),
    "intercept": ("float64", 1),
}

#: The only headers taken, written as numpy writes them.
_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00(?P<length>..)"
    rb"\{'descr': '(?P<descr>[<>|=]?[a-zA-Z]\d*)', 'fortran_order': (?P<order>True|False), "
    rb"'shape': \((?P<shape>\d{1,9},(?: \d{1,9}(?:, \d{1,9})*)?)?\), \} *\n",
    re.DOTALL,
)

#: The end of a zip: signature, numbers of disks and entries, size and place of the directory, length of a comment.
_END = struct.Struct("<4s8xLLH")

#: What the content hash covers beside the arrays: all that predictions depend on, no date, no versions, no metrics.
SETTINGS = ("format", "types", "thresholds", "calibration", "review_band", "featurizer")


def write_model(
    path: str | os.PathLike[str],
    manifest: Mapping[str, Any],
    arrays: Mapping[str, np.ndarray],
    *,
    overwrite: bool = True,
) -> None:
    """Write a model file, whole or not at all.

    Parameters
    ----------
    path : path-like
    manifest : mapping of str to object
        JSON-ready settings; checksums are added.
    arrays : mapping of str to ndarray
        The arrays named in `ARRAYS`.
    overwrite : bool, default=True
        Whether an existing file is replaced.

    Raises
    ------
    ModelFileError
        If it could not be read again: a setting is of the wrong kind, or it is too large.
    """
    members = {f"{name}.npy": _array_bytes(arrays[name]) for name in sorted(ARRAYS)}
    checksums = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    text = json.dumps({**manifest, "checksums": checksums}, ensure_ascii=False, indent=1, sort_keys=True)
    # Names of files that are not UTF-8 hold lone surrogates, which JSON can escape.
    members = {"manifest.json": text.encode("utf-8", "backslashreplace"), **members}
    _check_sizes(path, {name: len(data) for name, data in members.items()})
    read_manifest(path, members["manifest.json"])
    for name in ARRAYS:
        _read_array(path, name, members[f"{name}.npy"])
    with whole_file(path, overwrite=overwrite) as partial, zipfile.ZipFile(partial, "w") as archive:
        for name, data in members.items():
            # A fixed time stamp: the same model gives the same bytes.
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)


def read_model(path: str | os.PathLike[str]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read and check a model file.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    manifest : dict
    arrays : dict of str to ndarray

    Raises
    ------
    OSError
        If there is no such file, or it cannot be read.
    ModelFileError
        If it is truncated, no zip, of another format version, or fails any check.
    """
    path = Path(path)
    data = _read_file(path)
    _check_directory(path, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _read_members(path, archive)
    except zipfile.BadZipFile as error:
        raise ModelFileError(f"{path}: not a whole zip file ({error!s:.200}); copy or train the model again") from error
    # What zlib, an encrypted member or a size beyond the end raises on damaged data.
    except (EOFError, OSError, RuntimeError, ValueError, struct.error, zipfile.LargeZipFile, zlib.error) as error:
        if isinstance(error, ModelFileError):
            raise
        raise ModelFileError(f"{path}: cannot be unpacked ({error!s:.200}); copy or train the model again") from error
    manifest = read_manifest(path, members.pop("manifest.json"))
    arrays = {}
    for name in ARRAYS:
        member = members.pop(f"{name}.npy")
        if hashlib.sha256(member).hexdigest() != manifest["checksums"].get(f"{name}.npy"):
            raise ModelFileError(f"{path}: {name}.npy does not match its checksum; copy the file again")
        arrays[name] = _read_array(path, name, member)
    try:
        is_whole = content_hash(manifest, arrays) == manifest["hash"]
    except UnicodeEncodeError as error:
        raise ModelFileError(f"{path}: its settings hold what is no text ({error}); train the model again") from None
    if not is_whole:
        raise ModelFileError(f"{path}: its settings do not match its content hash; copy the file again")
    return manifest, arrays


def content_hash(manifest: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> str:
    """Hash what predictions depend on: the arrays and the settings.

    Parameters
    ----------
    manifest : mapping of str to object
    arrays : mapping of str to ndarray

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    digest = hashlib.sha256()
    settings = {name: manifest[name] for name in SETTINGS}
    digest.update(json.dumps(settings, sort_keys=True, ensure_ascii=False).encode())
    for name in sorted(ARRAYS):
        digest.update(_header(arrays[name]))
        digest.update(np.ascontiguousarray(arrays[name]).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()[:32]


def _header(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    header = np.lib.format.header_data_from_array_1_0(np.ascontiguousarray(array))
    np.lib.format.write_array_header_1_0(buffer, header)
    return buffer.getvalue()


def _array_bytes(array: np.ndarray) -> bytes:
    return _header(array) + array.tobytes()


def _read_file(path: Path) -> bytes:
    """Read a whole file, which may be replaced meanwhile, at once; wait for no pipe, and read no endless device."""

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))

    with open(path, "rb", opener=opener) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise ModelFileError(f"{path}: is a pipe or a device; write the model to a regular file and give that")
        if status.st_size > MAX_FILE_BYTES:
            raise ModelFileError(f"{path}: has {status.st_size:,} bytes; a model file has at most {MAX_FILE_BYTES:,}")
        return file.read(status.st_size)


def _check_directory(path: Path, data: bytes) -> None:
    """Refuse a zip whose directory does not stand at its very end, or is too long, before anything reads it."""
    signature, size, offset, comment = _END.unpack(data[-_END.size :].rjust(_END.size, b"\0"))
    # A zip of more than 4 GB says elsewhere, before its end, how long it is.
    is_large = data[-_END.size - 20 :].startswith(b"PK\x06\x07")
    if signature != b"PK\x05\x06" or comment or is_large or size + offset + _END.size != len(data):
        raise ModelFileError(
            f"{path}: not a whole zip file (its directory is not at its end); copy or train the model again"
        )
    if size > MAX_DIRECTORY_BYTES:
        raise ModelFileError(f"{path}: holds other members than a model file (their directory has {size:,} bytes)")


def _check_sizes(path: str | os.PathLike[str], sizes: Mapping[str, int]) -> None:
    """Refuse members, by their unpacked sizes, that are larger than a model needs."""
    text = sizes["manifest.json"]
    if text > MAX_MANIFEST_BYTES:
        raise ModelFileError(
            f"{os.fspath(path)}: manifest.json has {text:,} bytes; it can have {MAX_MANIFEST_BYTES:,}: "
            "train with fewer types"
        )
    total = sum(sizes.values()) - text
    if total > MAX_ARRAY_BYTES:
        raise ModelFileError(
            f"{os.fspath(path)}: its arrays have {total:,} bytes; they can have {MAX_ARRAY_BYTES:,} together: "
            "train with fewer features or types"
        )


def _read_members(path: Path, archive: zipfile.ZipFile) -> dict[str, bytes]:
    expected = {"manifest.json", *(f"{name}.npy" for name in ARRAYS)}
    names = archive.namelist()
    if sorted(names) != sorted(expected):
        odd = sorted(set(names) ^ expected) or ["a name twice"]
        shown = ", ".join(f"{name!r:.60}" for name in odd[:3])
        raise ModelFileError(f"{path}: holds other members than a model file ({shown})")
    _check_sizes(path, {entry.filename: entry.file_size for entry in archive.infolist()})
    members = {}
    for entry in archive.infolist():
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ModelFileError(
                f"{path}: {entry.filename} is compressed in a way that a model file is not; train the model again"
            )
        with archive.open(entry) as member:
            # No more is unpacked than the directory says. What it says may be wrong; then the checksum is, too.
            data = member.read(entry.file_size + 1)
        if len(data) != entry.file_size:
            raise zipfile.BadZipFile(f"{entry.filename} has another size than the directory says")
        members[entry.filename] = data
    return members


def _read_array(path: str | os.PathLike[str], name: str, data: bytes) -> np.ndarray:
    """Read an array where it lies. Numpy's reader would evaluate the header, and fail in many ways on a bad one."""
    path, dtype, dimensions = os.fspath(path), np.dtype(ARRAYS[name][0]), ARRAYS[name][1]
    found = _HEADER.match(data)
    if not found or found.end() % 64 or int.from_bytes(found["length"], "little") != found.end() - 10:
        raise ModelFileError(f"{path}: {name}.npy is not a plain array (its header is none that numpy writes)")
    descr, shape = found["descr"].decode(), tuple(map(int, re.findall(rb"\d+", found["shape"] or b"")))
    if descr != dtype.str or len(shape) != dimensions or found["order"] != b"False":
        order = ", column by column" if found["order"] == b"True" else ""
        raise ModelFileError(
            f"{path}: {name}.npy is {len(shape)}-dimensional {descr}{order}; it should be {dimensions}-dimensional "
            f"{dtype.str}"
        )
    n = math.prod(shape)
    if len(data) - found.end() != n * dtype.itemsize:
        raise ModelFileError(
            f"{path}: {name}.npy has {len(data) - found.end():,} bytes; its shape {shape} needs {n * dtype.itemsize:,}"
        )
    array = np.frombuffer(data, dtype, n, found.end()).reshape(shape)
    if dtype.kind == "f" and not np.isfinite(array).all():
        raise ModelFileError(f"{path}: {name}.npy holds values that are not finite")
    return array
