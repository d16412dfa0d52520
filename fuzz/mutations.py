"""Ways to spoil a model file from outside: its bytes and its zip."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
from random import Random

#: Bytes of the members of a model file, in their order.
Members = dict[str, bytes]


def spoil_bytes(data: bytes, random: Random) -> bytes:
    """Flip, splice, cut, insert and blank bytes.

    Parameters
    ----------
    data : bytes
    random : Random

    Returns
    -------
    bytes
    """
    spoiled = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        n = len(spoiled)
        # Half of them where the zip tells what is where.
        at = random.randrange(max(n, 1)) if random.random() < 0.5 else max(0, n - random.randrange(1, 800))
        length = random.choice((1, 2, 4, 30, 46, 500, 5000))
        source = random.randrange(max(n, 1))
        way = random.randrange(8)
        if way <= 2 and n:
            spoiled[min(at, n - 1)] ^= 1 << random.randrange(8)
        elif way == 3:
            spoiled[at : at + length] = data[source : source + length]
        elif way == 4:
            spoiled[at:at] = data[source : source + length]
        elif way == 5:
            spoiled[at : at + length] = bytes(len(spoiled[at : at + length]))
        elif way == 6:
            del spoiled[at : at + length]
        else:
            spoiled[at : at + length] = random.randbytes(length)
    return bytes(spoiled[: random.randrange(len(spoiled) + 1)] if random.random() < 0.05 else spoiled)


def spoil_zip(data: bytes, random: Random) -> bytes:
    """Write a zip of other members, or change what its headers say.

    Parameters
    ----------
    data : bytes
    random : Random

    Returns
    -------
    bytes
    """
    members = list(unzipped(data).items())
    way, i = random.randrange(10), random.randrange(len(members))
    name, content = members[i]
    if way == 0:
        odd = (
            "../x",
            "/etc/passwd",
            "a\\b",
            "",
            "manifest.json/",
            "\u202e",
            "x" * 60000,
            "words.npy",
            "C:x",
            name + " ",
        )
        members[i] = (random.choice(odd), content)
    elif way == 1:
        members.append((random.choice(("setup.py", "../../x", name)), content))
    elif way == 2:
        del members[i]
    elif way == 3:
        members += [(str(k), b"") for k in range(random.choice((100, 3000)))]
    elif way == 4:
        random.shuffle(members)
    elif way == 5:  # Much from little; a blank is white space in JSON.
        members[i] = (name, content + b" " * random.choice((100, 1 << 20, 1 << 24, 3 << 25)))
    elif way == 6:
        extra = random.choice((b"", b"PK\x06\x07" + bytes(16), b"PK\x05\x06" + bytes(18), data[-22:], bytes(60_000)))
        return random.choice((extra + data, data + extra, data[:-2] + struct.pack("<H", len(extra)) + extra))
    compression = random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
    data = zipped(members, compression, attributes=random.choice((0o644, 0o120777, 0o40755)) << 16)
    if way >= 7:
        spoiled = bytearray(data)
        for signature, fields in ((b"PK\x03\x04", 30), (b"PK\x01\x02", 46), (b"PK\x05\x06", 22)):
            for found in re.finditer(signature, data):
                # Sizes, flags, methods, lengths and places, in two bytes or four.
                if random.random() < 0.1:
                    at, size = found.start() + random.randrange(4, fields - 4), random.choice((1, 2, 4))
                    value = random.choice((0, 1, 8, 99, 0xFFFF, 0xFFFFFFFF, 1 << 31, random.randrange(len(data))))
                    spoiled[at : at + size] = value.to_bytes(8, "little")[:size]
        return bytes(spoiled)
    return data


def unzipped(data: bytes) -> Members:
    """Give the members of a zip.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    dict of str to bytes
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(
    members: list[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED, attributes: int = 0o644 << 16
) -> bytes:
    """Write a zip.

    Parameters
    ----------
    members : list of (str, bytes)
    compression : int, default=zipfile.ZIP_STORED
    attributes : int
        External ones, of every member.

    Returns
    -------
    bytes
    """
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as archive:
        warnings.simplefilter("ignore")  # Of names that stand twice.
        for name, content in members:
            entry = zipfile.ZipInfo(name)
            entry.compress_type, entry.external_attr = compression, attributes
            archive.writestr(entry, content)
    return buffer.getvalue()
