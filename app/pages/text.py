"""Text as a page may show it: without characters that steer, in paragraphs, and shortened."""

from __future__ import annotations

import re

#: A longer entry of a list is cut.
SHORT = 110

#: White space that HTML does not take for it; each is one, or a line end, to Python.
_SPACES = dict.fromkeys("\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029", " ")
_UNSEEN = (
    # Control characters get the pictures that Unicode has for them.
    {chr(code): chr(0x2400 + code) for code in range(0x1C) if chr(code) not in "\t\n\r"}
    | {"\x7f": "\N{SYMBOL FOR DELETE}"}
    | dict.fromkeys(map(chr, range(0x80, 0xA0)), "\ufffd")
    # These would turn around what follows them, or hold it together.
    | dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "\ufffd")
    # Lone surrogates are no characters; the others are no character in any text.
    | {chr(code): "\ufffd" for code in (*range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF)}
)
_PLAIN = str.maketrans(_UNSEEN | _SPACES)
_BREAK = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")


def plain(text: str) -> str:
    r"""Replace the characters that a page cannot hold or that would change how its text reads.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        As long as `text`: control characters as their pictures, characters that turn the direction of writing and lone
        surrogates as U+FFFD, rare white space as a space.

    Examples
    --------
    >>> plain("a\x1b[31m \ud800\u202eb")
    'a␛[31m ��b'
    """
    return text.translate(_PLAIN)


def parts(gap: str) -> list[str]:
    r"""Cut what stands between two sentences where a paragraph ends.

    Parameters
    ----------
    gap : str

    Returns
    -------
    list of str
        One more than there are runs of line ends.

    Examples
    --------
    >>> parts(" "), parts(" \n\n* * *\n")
    ([' '], [' ', '* * *', ''])
    """
    return _BREAK.split(gap)


def shorten(text: str) -> str:
    """Cut a text at a word's end.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        At most 111 characters, on one line. The page's script does the same.

    Examples
    --------
    >>> shorten("word " * 30)[-20:]
    'word word word word…'
    """
    line = " ".join(text.split())
    if len(line) <= SHORT:
        return line
    space = line.rfind(" ", SHORT // 2, SHORT + 1)
    return line[: space if space > 0 else SHORT] + "…"
