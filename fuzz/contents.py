"""Ways to spoil a model file from inside: its settings and arrays, with checksums that fit again."""

from __future__ import annotations

import hashlib
import io
import json
import re
import warnings
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from fuzz.mutations import Members, unzipped
from wiredesk.models.files import ARRAYS, content_hash

#: JSON where other JSON belongs, and what is none.
ODD_JSON = (
    *("null", "true", "[]", "{}", "[[]]", '""', '" "', "0", "-1", "1", "0.5", "2", "1e9", "-1e9", "1e308", "5e-324"),
    *("9" * 19, "9" * 300, "-0", "1E5", '"\\u0000"', '"\\u202e\\u001b[31m"', '"none"', '"a;b"', '"macro"'),
    *('"{}"', '"{5}"', '"{0.__class__}"', '"{:>99999999}"', '"a before"', '"force"', '"' + "x" * 20000 + '"', "[0, 1]"),
    *('{"types": [], "macro": 1}', '{"f1": "many"}', '{"f1": 1}', '["a", "b"]', "[1, 0]", "[" * 20 + "]" * 20),
)
BAD_JSON = (
    *("NaN", "Infinity", "-Infinity", "1e400", "9" * 301, "9" * 5000, "[" * 40 + "]" * 40, "[" * 5000, ""),
    *('{"a": 1, "a": 2}', '"\\ud800"', "'a'", "// a", "0x1", "01", "1.", '"\x00"', '"\\q"'),
)
ODD_LINES = ("", " ", "a b", "\t", "x\ty\tz", "\u2028", "\x00", "^", "$", "{}", "\U0001f600", "a" * 100_000, "itself")
ODD_NUMBERS = (0, -1, 1, -2, 7, 1000, 2**31 - 1, -(2**31))
ODD_FLOATS = (0.0, np.nan, np.inf, -np.inf, 3e38, -3e38, 1e-45, 1e300, -1e300, 1e9)
ODD_HEADERS = (
    (b"'<", b"'>"),
    (b"False", b"True"),
    (b"'<f4'", b"'|O'"),
    (b"'|u1'", b"'|S1'"),
    (b"'<i4'", b"[('a', '<i4')]"),
    (b"'shape': (", b"'shape': (999999999, "),
    (b"'shape': (", b"'shape': (-"),
    (b"'shape': (", b"'shape': (0, "),
    (b"NUMPY\x01", b"NUMPY\x02"),
    (b"'descr': ", b"'descr': __import__('os').getpid() or "),
)


def spoil_content(data: bytes, random: Random) -> Members:
    """Spoil settings or arrays, and give checksums and content hash that fit, as far as there is one.

    Parameters
    ----------
    data : bytes
    random : Random

    Returns
    -------
    dict of str to bytes
        Member name -> bytes.
    """
    members = unzipped(data)
    text = members["manifest.json"]
    for _ in range(random.choice((0, 0, 1, 1, 2))):
        _spoil_array(members, random)
    if random.random() < 0.5:
        _fit_weights(members, random)
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        text = _spoiled_json(text, random)
    members["manifest.json"] = text
    return sealed(members)


def sealed(members: Members) -> Members:
    """Write checksums and the content hash down, if the manifest is JSON with a place for them.

    Parameters
    ----------
    members : dict of str to bytes

    Returns
    -------
    dict of str to bytes
    """
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in members.items() if name != "manifest.json"}
    text = members["manifest.json"]
    # Text for text: what is odd in the JSON stays as it is.
    text = re.sub(rb'"checksums": \{[^{}]*\}', lambda _: b'"checksums": ' + json.dumps(sums).encode(), text)
    try:
        manifest = json.loads(text)
        digest = content_hash(manifest, {name: _loaded(members[f"{name}.npy"]) for name in ARRAYS})
    except Exception:  # There is nothing that a hash could be of; the file is refused for that.
        return {**members, "manifest.json": text}
    text = re.sub(rb'"hash": "[^"]*"', lambda _: b'"hash": "' + digest.encode() + b'"', text)
    return {**members, "manifest.json": text}


def _spoiled_json(text: bytes, random: Random) -> bytes:
    """Replace, remove or repeat a value of a JSON text, wherever it stands."""
    if random.random() < 0.05:
        encoded = text.decode("utf-8", "replace").encode("utf-16")
        around = (b"\xef\xbb\xbf" + text, text + b"]", b"[" + text + b"]", text + b" " * (1 << 20), text[:-1], b"")
        return random.choice((*around, encoded, text.replace(b"e", b"\xff", 1)))
    pattern = random.choice((rb'"(?:[^"\\]|\\.)*"(?!\s*:)', rb'"\w+":', rb"-?\d[\d.e+-]*", rb"[\[{][^\[\]{}]*[\]}]"))
    places = [found.span() for found in re.finditer(pattern, text)]
    if random.random() < 0.5:  # All keys are as likely as the long lists of numbers.
        key = random.choice(re.findall(rb'"\w+":', text) or [b""])
        places = [span for span in places if text[: span[0]].rstrip().endswith(key)] or places
    if not places:
        return text
    start, end = random.choice(places)
    old = text[start:end]
    if old.endswith(b":"):
        name = random.choice((b'"other":', b'"":', old, b'"\\ud800":', random.choice(re.findall(rb'"\w+":', text))))
        return text[:start] + name + text[end:]
    way = random.randrange(4)
    if way == 0 and not text[:start].rstrip().endswith(b":"):
        return text[:start] + old + b", " + old + text[end:]
    if way == 1:
        first, last = random.choice(places)
        return text[:start] + text[first:last] + text[end:]
    odd = random.choice(BAD_JSON if random.random() < 0.1 else ODD_JSON)
    return text[:start] + odd.encode() + text[end:]


def _spoil_array(members: Members, random: Random) -> None:
    name = random.choice(list(ARRAYS))
    data, array = members[f"{name}.npy"], _loaded(members[f"{name}.npy"])
    if array is None or random.random() < 0.1:
        spoiled = bytearray(data)
        spoiled[random.randrange(min(128, len(data)))] ^= 1 << random.randrange(8)
        old, new = random.choice(ODD_HEADERS)
        members[f"{name}.npy"] = random.choice((bytes(spoiled), data.replace(old, new, 1), data[:-1], data + b"\0"))
    elif array.dtype == np.uint8:
        members[f"{name}.npy"] = _written(_spoiled_lines(array, random))
    else:
        members[f"{name}.npy"] = _written(_spoiled_rows(array, random))


def _spoiled_lines(array: np.ndarray, random: Random) -> np.ndarray:
    lines = array.tobytes().split(b"\n")
    at, way = random.randrange(len(lines)), random.randrange(8)
    if way == 0:
        lines[at] = random.choice(ODD_LINES).encode()
    elif way == 1:
        lines.insert(at, random.choice(ODD_LINES).encode())
    elif way == 2:
        lines.insert(at, random.choice(lines))
    elif way == 3:
        del lines[at]
    elif way == 4:
        random.shuffle(lines)
    elif way == 5:
        lines += [b"x%d" % i for i in range(random.choice((10, 6000)))]
    text = bytearray(b"\n".join(lines))
    if way > 5 and text:
        text[random.randrange(len(text))] = random.choice((0, 9, 10, 32, 0x80, 0xFF, 0xC3, random.randrange(256)))
    return np.frombuffer(bytes(text), dtype=np.uint8)


def _spoiled_rows(array: np.ndarray, random: Random) -> np.ndarray:
    way, n = random.randrange(9), len(array)
    array = array.copy()
    if way <= 3 and array.size:
        is_real = array.dtype.kind in "fc"
        odd = ODD_FLOATS if is_real else (*ODD_NUMBERS, int(array.max()), int(array.max()) + 1)
        with np.errstate(over="ignore"):
            for _ in range(random.choice((1, 1, 5))):
                array.flat[random.randrange(array.size)] = random.choice(odd)
        return array
    ways: tuple[Callable[[], Any], ...] = (
        lambda: np.concatenate([array, array[: random.randrange(n + 1)]]),
        lambda: array[: random.randrange(n + 1)],
        lambda: array[np.random.default_rng(random.randrange(1 << 30)).permutation(n)],
        lambda: array.astype(random.choice(("float16", "float32", "float64", ">f4", "int64", ">i4", "complex64"))),
        lambda: array.reshape(random.choice(((-1,), (1, -1), (-1, 1), (*array.shape, 1)))),
        lambda: np.repeat(
            array, random.choice((0, 2, 300 if array.nbytes < 1 << 18 else 30)), axis=random.randrange(array.ndim)
        ),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Of numbers that another dtype cannot hold.
        return random.choice(ways)()


def _fit_weights(members: Members, random: Random) -> None:
    """Give as many weights as there are terms, as an attacker would."""
    arrays = {name: _loaded(members[f"{name}.npy"]) for name in ARRAYS}
    if any(array is None for array in arrays.values()):
        return
    texts = [arrays[name].tobytes() for name in ("words", "ngrams", "symbols", "contexts")]
    n = sum(text.count(b"\n") + 1 for text in texts if text)
    n += sum(len(arrays[name]) for name in ("pairs", "runs", "near"))
    weights = arrays["weights"]
    if weights.ndim == 2 and len(weights) != n and weights.size and n * weights.shape[1] < 1 << 22:
        # Zeros change no probability; others may.
        fitted = np.zeros((n, weights.shape[1]), dtype=weights.dtype)
        if random.random() < 0.8:
            fitted[:] = np.resize(weights, fitted.shape)
        members["weights.npy"] = _written(fitted)


def _loaded(data: bytes) -> Any:
    try:
        return np.load(io.BytesIO(data), allow_pickle=False)
    except Exception:  # Spoiled before.
        return None


def _written(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()
