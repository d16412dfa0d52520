"""Keyword rules: what somebody would write down in ten minutes, and what a model has to beat."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

#: The guideline's types -> what is searched for in a sentence, upper or lower case.
KEYWORDS = {
    "attack_report": (
        r"attack|str(?:ike|uck|ikes)\b|airstrike|shell(?:ed|ing)|missile|rocket|drone|bomb|raid|ambush|clash"
        r"|explo(?:sion|ded)|gunm[ae]n|gunfire|offensive|shot down|opened fire|blast"
    ),
    "official_quote": (
        r"\b(?:said|says|told|according to|announced|claimed|warned|stated|accused|denied|added|urged|vowed)\b"
    ),
    "casualty_figure": (
        r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|dozens?|scores|hundreds|several|nobody)\b"
        r".{0,60}\b(?:killed|dead|died|deaths?|wounded|injured|hurt|missing|hostages?|casualties)\b"
        r"|\b(?:killed|killing|wounded|wounding|injured|injuring|dead|deaths? of)\b"
        r".{0,40}\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|dozens?|scores|hundreds|several)\b"
    ),
    "political_context": (
        r"president|minister|government|parliament|election|sanction|treaty|talks|ceasefire|\blaws?\b|court|\bvote|aid\b"
        r"|policy|diplomat|negotiat|\bwar\b|peace|economy|nato\b|\bun\b|\beu\b"
    ),
}


def keyword_predictions(texts: Sequence[str], type_name: str) -> np.ndarray | None:
    """Give a type to the sentences in which its keywords are found.

    Parameters
    ----------
    texts : sequence of str
    type_name : str

    Returns
    -------
    ndarray of bool, shape (n,)
        None if the type is not one of the guideline's, for which alone there are rules.

    Examples
    --------
    >>> keyword_predictions(["Two rockets hit the market.", "Rain is likely."], "attack_report").tolist()
    [True, False]
    """
    if type_name not in KEYWORDS:
        return None
    pattern = re.compile(KEYWORDS[type_name], re.IGNORECASE)
    return np.array([bool(pattern.search(text)) for text in texts], dtype=bool)
