"""The manifest of a model file: its settings, and the checks they pass before anything uses them."""

from __future__ import annotations

import datetime
import json
import math
import os
import time
import unicodedata
from pathlib import Path
from typing import Any

#: Goes up whenever an older wiredesk would misread a new file: raise it here, and refuse or convert in
#: `read_manifest` what came before. A change of the features alone raises `wiredesk.features.FEATURIZER_VERSION`.
FORMAT_VERSION = 2

#: Calibrations and intercepts beyond this are none, and their products would overflow.
LARGEST = 1e9

#: A model keeps some thousand numbers for each type.
MOST_TYPES = 1000

#: Levels of lists and mappings in each other, and digits of a whole number: what writes the manifest down again, shows
#: it or counts with it could fail on more.
MOST_LEVELS, MOST_DIGITS = 32, 300


class ModelFileError(ValueError):
    """A model file that cannot be read or is not what it claims to be."""


def read_manifest(path: str | os.PathLike[str], data: bytes) -> dict[str, Any]:
    """Parse and check a manifest.

    Parameters
    ----------
    path : path-like
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
    path = Path(path)
    try:
        manifest = _parse(data)
    except (ValueError, RecursionError) as error:
        raise ModelFileError(f"{path}: manifest.json is not JSON that a model file holds ({error!s:.200})") from error
    if not isinstance(manifest, dict) or "format" not in manifest:
        raise ModelFileError(f"{path}: manifest.json has no format version; this is no model file")
    if type(manifest["format"]) is not int or manifest["format"] != FORMAT_VERSION:
        raise ModelFileError(
            f"{path}: format version {manifest['format']!r:.40}; this wiredesk reads version {FORMAT_VERSION}: "
            "train the model again, or use the wiredesk that wrote it"
        )
    _check(path, manifest)
    return manifest


def _parse(data: bytes) -> Any:
    """Parse JSON; refuse what is none by the standard [1]_, or what readers take in different ways.

    References
    ----------
    .. [1] T. Bray (2017). The JavaScript Object Notation (JSON) data interchange format. RFC 8259.
       https://www.rfc-editor.org/rfc/rfc8259
    """
    found = json.loads(
        data.decode(), object_pairs_hook=_mapping, parse_int=_integer, parse_float=_real, parse_constant=_real
    )
    levels, inner = 0, [found]
    while inner:
        levels += 1
        if levels > MOST_LEVELS:
            raise ValueError(f"more than {MOST_LEVELS} levels")
        held = (item.values() if isinstance(item, dict) else item for item in inner if isinstance(item, dict | list))
        inner = [item for items in held for item in items]
    return found


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one mapping")
    return found


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a whole number of more than {MOST_DIGITS} digits")
    return int(digits)


def _real(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(f"{digits[:20]} is not finite")
    return value


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
    require(0 < len(types) <= MOST_TYPES and all(map(is_type_name, types)), "types")
    require(len(set(types)) == len(types), "types")
    require(is_numbers(manifest["thresholds"], len(types), 0, 1), "thresholds")
    require(calibration.get("method") == "sigmoid", "calibration")
    require(is_numbers(calibration.get("slope"), len(types)), "calibration")
    require(is_numbers(calibration.get("intercept"), len(types)), "calibration")
    require(is_numbers(calibration.get("prior"), len(types), 1e-9, 1 - 1e-9), "calibration")
    require(is_numbers([manifest["review_band"]], 1, 0, 1), "review_band")
    require(type(featurizer.get("version")) is int, "featurizer version")
    require(is_numbers(featurizer.get("char_ngrams"), 2, 1, 100), "char_ngrams")
    shortest, longest = featurizer["char_ngrams"]
    require(type(shortest) is type(longest) is int and shortest <= longest, "char_ngrams")
    require(isinstance(featurizer.get("classes"), dict), "classes")
    require(all(map(_is_class, featurizer["classes"].values())), "classes")
    require(_is_training(manifest["training"]), "training")
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

    Raises
    ------
    ValueError
        If ``SOURCE_DATE_EPOCH`` is no number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        seconds = int(epoch) if epoch else time.time()
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        raise ValueError(
            f"SOURCE_DATE_EPOCH is {epoch!r}; it is a date in whole seconds since 1970: set it so, or unset it"
        ) from None


def _is_evaluation(told: object) -> bool:
    """Say whether this is an evaluation as `Model.with_evaluation` writes it down."""
    return (
        isinstance(told, dict)
        and all(isinstance(told.get(key), str) for key in ("name", "about", "created"))
        and isinstance(told.get("dataset"), dict)
    )


def _is_training(told: dict[str, Any]) -> bool:
    """Say whether what is shown of this account of a training, if it is told, is of the right kind."""
    scores = told.get("cross_validation", {"types": {}, "macro": {"f1": 0}})
    if not isinstance(scores, dict) or not isinstance(scores.get("types"), dict):
        return False
    return all(type(told.get(name, 0)) is int for name in ("sentences", "units")) and all(
        isinstance(found, dict) and type(found.get("f1")) in (int, float)
        for found in (*scores["types"].values(), scores.get("macro"))
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
