"""Text for a terminal."""

from __future__ import annotations

#: Control characters would steer the terminal, others turn around what follows them in the line.
_UNWANTED = (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_REPLACED = dict.fromkeys(_UNWANTED, "\N{REPLACEMENT CHARACTER}") | dict.fromkeys(map(ord, "\t\n\r\u2028\u2029"), " ")


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
