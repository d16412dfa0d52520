"""How a page shows the types: their tags, titles, colours and lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from wiredesk.pages.text import plain

#: Numbers of colours and of line styles in ``kinds.css``: without a common divisor, so that 35 types differ.
COLOURS, LINES = 7, 5

#: A longer tag is cut.
LONGEST_TAG = 16

#: The shipped model's types -> tag and title of the list; a list of what is counted or quoted is open at first.
_KNOWN = {
    "attack_report": ("attack", "Attack reports"),
    "official_quote": ("quote", "Quotes"),
    "casualty_figure": ("casualty", "Casualty figures"),
    "political_context": ("politics", "Political context"),
}
_OPEN = ("casualty_figure", "official_quote")


class Kind(NamedTuple):
    """How one type is shown.

    Attributes
    ----------
    name : str
    tag : str
        A short name that no other type has.
    title : str
        The heading of its list.
    look : str
        Classes of colour and line.
    open : bool
        Whether its list is open at first.
    threshold : float
    """

    name: str
    tag: str
    title: str
    look: str
    open: bool
    threshold: float


def kinds_of(thresholds: Mapping[str, float]) -> list[Kind]:
    """Say how types are shown.

    Parameters
    ----------
    thresholds : mapping of str to float
        Type name -> threshold, in the model's order.

    Returns
    -------
    list of Kind

    Examples
    --------
    >>> [kind.tag for kind in kinds_of({"official_quote": 0.4, "aid_delivery": 0.5, "aid_blocked": 0.5})]
    ['quote', 'delivery', 'blocked']
    """
    words = {name: [word.lower() for word in re.findall(r"[^\W_]+", name)] for name in thresholds}
    used = Counter(word for own in words.values() for word in set(own))
    used.update(tag for name, (tag, _) in _KNOWN.items() if name in thresholds and tag not in words[name])
    tags: list[str] = []
    for name, own in words.items():
        alone = [word for word in (own[:1] + own[-1:]) if used[word] == 1 and len(word) <= LONGEST_TAG]
        tag = _KNOWN[name][0] if name in _KNOWN else (alone or [" ".join(own) or plain(name)])[0]
        tag = tag if len(tag) <= LONGEST_TAG else tag[: LONGEST_TAG - 1].rstrip() + "…"
        numbered = (f"{tag} {n}" for n in range(2, len(words) + 2))
        tags.append(tag if tag not in tags else next(other for other in numbered if other not in tags))
    return [
        Kind(
            plain(name),
            tag,
            _KNOWN[name][1] if name in _KNOWN else _title(plain(name)),
            f"k{i % COLOURS} l{i % LINES}",
            name in _OPEN,
            threshold,
        )
        for i, ((name, threshold), tag) in enumerate(zip(thresholds.items(), tags, strict=True))
    ]


def _title(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
