"""Text for a terminal."""

from __future__ import annotations

#: Control characters would steer the terminal, others turn around what follows them in the line.
_UNWANTED = (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_REPLACED = dict.fromkeys(_UNWANTED, "\N{REPLACEMENT CHARACTER}") | dict.fromkeys(map(ord, "\t\n\r\u2028\u2029"), " ")

#: Characters of a sentence that are shown: the time to lay out lines grows with the square of their length.
LONGEST = 2000


def printable(text: str) -> str:
    r"""Replace characters that a terminal would obey, or that would change how the rest of the line reads.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        As long as `text`; line ends and tabs are spaces, the others U+FFFD.

    Examples
    --------
    >>> printable("two\tlines\n\x1b[31m")
    'two lines �[31m'
    """
    return text.translate(_REPLACED)


def shortened(text: str) -> str:
    """Cut a sentence that nobody would read to its end, and make it printable.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        At most `LONGEST` characters and an ellipsis.

    Examples
    --------
    >>> len(shortened("x" * 9000))
    2001
    """
    return printable(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
