"""The manifest of a model file: its settings, and the checks they pass before anything uses them."""

from __future__ import annotations

import datetime
import json
import os
import unicodedata
from pathlib import Path
from typing import Any

#: Goes up whenever an older wiredesk would misread a new file: raise it here, and refuse or convert in
#: `read_manifest` what came before. A change of the features alone raises `wiredesk.features.FEATURIZER_VERSION`.
FORMAT_VERSION = 2

#: Calibrations beyond this are no calibrations, and would overflow.
LARGEST = 1e9


class ModelFileError(ValueError):
    """A model file that cannot be read or is not what it claims to be."""


def read_manifest(path: Path, data: bytes) -> dict[str, Any]:
    """Parse and check a manifest.

    Parameters
    ----------
    path : Path
        Of the model file, for messages.
    data : bytes
        The content of ``manifest.json``.

    Returns
    -------
    dict

    Raises
    ------
    ModelFileError
        If it is no JSON, of another format version, or a setting is missing or of the wrong kind.
    """
    try:
        manifest = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ModelFileError(f"{path}: manifest.json is not JSON ({error})") from error
    if not isinstance(manifest, dict) or "format" not in manifest:
        raise ModelFileError(f"{path}: manifest.json has no format version; this is no model file")
    if type(manifest["format"]) is not int or manifest["format"] != FORMAT_VERSION:
        raise ModelFileError(
            f"{path}: format version {manifest['format']!r}; this wiredesk reads version {FORMAT_VERSION}: "
            "train the model again, or use the wiredesk that wrote it"
        )
    _check(path, manifest)
    return manifest


def _check(path: Path, manifest: dict[str, Any]) -> None:
    """Check presence and kind of the settings that are used on load."""

    def require(correct: object, what: str) -> None:
        if not correct:
            raise ModelFileError(f"{path}: manifest.json has no correct {what}; copy or train the model again")

    def is_numbers(values: object, n: int, low: float = -LARGEST, high: float = LARGEST) -> bool:
        return (
            isinstance(values, list)
            and len(values) == n
            and all(type(value) in (int, float) and low <= value <= high for value in values)
        )

    for name, kind in _KINDS.items():
        require(isinstance(manifest.get(name), kind), name)
    types, calibration, featurizer = manifest["types"], manifest["calibration"], manifest["featurizer"]
    require(types and all(map(is_type_name, types)) and len(set(types)) == len(types), "types")
    require(is_numbers(manifest["thresholds"], len(types), 0, 1), "thresholds")
    require(calibration.get("method") == "sigmoid", "calibration")
    require(is_numbers(calibration.get("slope"), len(types)), "calibration")
    require(is_numbers(calibration.get("intercept"), len(types)), "calibration")
    require(is_numbers(calibration.get("prior"), len(types), 1e-9, 1 - 1e-9), "calibration")
    require(is_numbers([manifest["review_band"]], 1, 0, 1), "review_band")
    require(type(featurizer.get("version")) is int, "featurizer version")
    require(is_numbers(featurizer.get("char_ngrams"), 2, 1, 100), "char_ngrams")
    require(all(type(n) is int for n in featurizer["char_ngrams"]), "char_ngrams")
    require(isinstance(featurizer.get("classes"), dict), "classes")
    require(all(map(_is_class, featurizer["classes"].values())), "classes")
    evaluations = manifest.get("evaluations", [])
    require(isinstance(evaluations, list) and all(map(_is_evaluation, evaluations)), "evaluations")


def is_type_name(name: object) -> bool:
    r"""Say whether a type can be called so.

    Parameters
    ----------
    name : object

    Returns
    -------
    bool
        Whether it is a string that is not blank, not ``none``, and without ``;``, control characters and lone
        surrogates (which no file can hold).

    Examples
    --------
    >>> [is_type_name(name) for name in ("attack report", "none", "a;b", "two\nlines")]
    [True, False, False, False]
    """
    if not isinstance(name, str) or not name.strip() or name == "none" or ";" in name:
        return False
    return not any(unicodedata.category(character) in ("Cc", "Cs") for character in name)


def today() -> str:
    """Give the date that is written down: today's, or the one that a reproducible build asks for.

    Returns
    -------
    str
        As in ISO 8601.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch else datetime.datetime.now(datetime.UTC)
    return now.date().isoformat()


def _is_evaluation(told: object) -> bool:
    """Say whether this is an evaluation as `Model.with_evaluation` writes it down."""
    return (
        isinstance(told, dict)
        and all(isinstance(told.get(key), str) for key in ("name", "about", "created"))
        and isinstance(told.get("dataset"), dict)
    )


def _is_class(about: object) -> bool:
    """Say whether this tells of a class of the lexicon what `CueClass` holds."""
    return (
        isinstance(about, dict)
        and isinstance(about.get("title"), str)
        and isinstance(about.get("roles"), list)
        and all(isinstance(role, str) for role in about["roles"])
        and type(about.get("key")) is bool
    )


_KINDS: dict[str, type | tuple[type, ...]] = {
    "types": list,
    "thresholds": list,
    "calibration": dict,
    "review_band": (int, float),
    "featurizer": dict,
    "probes": list,
    "training": dict,
    "checksums": dict,
    "hash": str,
    "created": str,
    "versions": dict,
}
