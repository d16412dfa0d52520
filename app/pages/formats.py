"""Numbers as a page writes them."""

from __future__ import annotations

from collections.abc import Sequence

#: Stands where there is no number.
NONE = "–"


def number(value: float | None, digits: int = 2, *, sign: bool = False) -> str:
    """Write a number.

    Parameters
    ----------
    value : float or None
    digits : int, default=2
        After the point; thousands are set off.
    sign : bool, default=False
        Whether a positive number has its sign too.

    Returns
    -------
    str
        A dash if there is no number.

    Examples
    --------
    >>> number(1058, 0), number(-0.0449, sign=True), number(0.001, sign=True), number(None)
    ('1,058', '−0.04', '0.00', '–')
    """
    if value is None:
        return NONE
    text = f"{abs(value):,.{digits}f}"
    if not text.strip("0.,"):
        return text
    return ("−" if value < 0 else "+" if sign else "") + text


def percent(value: float | None, digits: int = 0) -> str:
    """Write a share as a percentage.

    Parameters
    ----------
    value : float or None
    digits : int, default=0

    Returns
    -------
    str

    Examples
    --------
    >>> percent(0.2849).split(), percent(None)
    (['28', '%'], '–')
    """
    return NONE if value is None else f"{number(100 * value, digits)}\N{NO-BREAK SPACE}%"


def interval(bounds: Sequence[float | None] | None, digits: int = 2, *, sign: bool = False, scale: float = 1) -> str:
    """Write an interval.

    Parameters
    ----------
    bounds : (low, high) or None
    digits : int, default=2
    sign : bool, default=False
        Whether numbers have signs; then a word stands between them.
    scale : float, default=1
        What the bounds are multiplied by: 100 for percentages.

    Returns
    -------
    str
        Empty if there is none.

    Examples
    --------
    >>> interval([0.77, 0.85]), interval([-0.01, 0.04], sign=True), interval([0.283, 0.3], 0, scale=100)
    ('0.77–0.85', '−0.01 to +0.04', '28–30')
    """
    if bounds is None or None in bounds:
        return ""
    low, high = (number(bound * scale, digits, sign=sign) for bound in bounds if bound is not None)
    return f"{low} to {high}" if sign else f"{low}–{high}"
