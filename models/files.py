"""The model file: one zip of a JSON manifest and plain arrays. Nothing in it is ever executed.

``manifest.json`` holds the settings; each array is an ``.npy`` file read without pickle.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from wiredesk.models.atomic import whole_file
from wiredesk.models.manifest import ModelFileError, read_manifest

#: Unpacked sizes beyond these are refused before anything is read: a model of 160,000 features needs 8 MB.
MAX_MANIFEST_BYTES = 1 << 20
MAX_ARRAY_BYTES = 1 << 28

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

#: The only headers taken: numpy evaluates what stands there as Python literals, and fails in many ways on others.
_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '[<>|=]?[a-zA-Z]\d*', 'fortran_order': (?:True|False), "
    rb"'shape': \((?:\d+,(?: \d+(?:, \d+)*)?)?\), \} *\n",
    re.DOTALL,
)

#: What the content hash covers beside the arrays: all that predictions depend on, no date, no versions, no metrics.
SETTINGS = ("format", "types", "thresholds", "calibration", "review_band", "featurizer")


def write_model(path: str | os.PathLike[str], manifest: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Write a model file, whole or not at all.

    Parameters
    ----------
    path : path-like
        An existing file is replaced.
    manifest : mapping of str to object
        JSON-ready settings; checksums are added.
    arrays : mapping of str to ndarray
        The arrays named in `ARRAYS`.
    """
    members = {f"{name}.npy": _array_bytes(arrays[name]) for name in sorted(ARRAYS)}
    checksums = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    text = json.dumps({**manifest, "checksums": checksums}, ensure_ascii=False, indent=1, sort_keys=True)
    members = {"manifest.json": text.encode(), **members}
    with whole_file(path) as partial, zipfile.ZipFile(partial, "w") as archive:
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
    try:
        with zipfile.ZipFile(path) as archive:
            expected = {"manifest.json", *(f"{name}.npy" for name in ARRAYS)}
            names = archive.namelist()
            if sorted(names) != sorted(expected):
                odd = sorted(set(names) ^ expected) or ["a name twice"]
                raise ModelFileError(f"{path}: holds other members than a model file ({', '.join(map(repr, odd[:3]))})")
            manifest = read_manifest(path, _read_member(path, archive, "manifest.json", MAX_MANIFEST_BYTES))
            arrays = {}
            for name in ARRAYS:
                data = _read_member(path, archive, f"{name}.npy", MAX_ARRAY_BYTES)
                if hashlib.sha256(data).hexdigest() != manifest["checksums"].get(f"{name}.npy"):
                    raise ModelFileError(f"{path}: {name}.npy does not match its checksum; copy the file again")
                arrays[name] = _read_array(path, name, data)
    except ModelFileError:
        raise
    except zipfile.BadZipFile as error:
        raise ModelFileError(f"{path}: not a whole zip file ({error}); copy or train the model again") from error
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        raise
    # What zlib, an encrypted member or a seek beyond the end raises on damaged data.
    except (EOFError, OSError, RuntimeError, ValueError, zipfile.LargeZipFile, zlib.error) as error:
        raise ModelFileError(f"{path}: cannot be unpacked ({error}); copy or train the model again") from error
    if content_hash(manifest, arrays) != manifest["hash"]:
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
        digest.update(_array_bytes(arrays[name]))
    return digest.hexdigest()[:32]


def _array_bytes(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def _read_member(path: Path, archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    if archive.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ModelFileError(f"{path}: {name} is compressed in a way that a model file is not; train the model again")
    with archive.open(name) as member:
        # The size in the directory may lie: what is unpacked is counted.
        data = member.read(limit + 1)
    if len(data) > limit:
        raise ModelFileError(f"{path}: {name} unpacks to more than {limit:,} bytes, more than a model needs")
    return data


def _read_array(path: Path, name: str, data: bytes) -> np.ndarray:
    dtype, dimensions = ARRAYS[name]
    # numpy evaluates the header; only one that it could have written itself gets there.
    if not _HEADER.match(data):
        raise ModelFileError(f"{path}: {name}.npy is not a plain array (its header is none that numpy writes)")
    try:
        array = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    except (ValueError, OverflowError, MemoryError) as error:
        raise ModelFileError(f"{path}: {name}.npy is not a plain array ({error})") from error
    if array.dtype != np.dtype(dtype) or array.ndim != dimensions:
        raise ModelFileError(
            f"{path}: {name}.npy is {array.ndim}-dimensional {array.dtype}; "
            f"it should be {dimensions}-dimensional {dtype}"
        )
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ModelFileError(f"{path}: {name}.npy holds values that are not finite")
    return array
