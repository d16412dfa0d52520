"""Text for a terminal."""

from __future__ import annotations

#: Control characters would steer the terminal.
_CONTROLS = {code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), *range(127, 160))} | {9: " ", 10: " ", 13: " "}


def printable(text: str) -> str:
    r"""Replace control characters, which a terminal would obey.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> printable("two\tlines\n\x1b[31m")
    'two lines �[31m'
    """
    return text.translate(_CONTROLS)
