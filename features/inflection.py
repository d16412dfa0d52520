"""English inflection: the forms of an entry of the cue lexicon."""

from __future__ import annotations

import re
from collections.abc import Callable

_CONSONANT_Y = re.compile(r"[^aeiou]y\Z")


def verb_forms(entry: str) -> set[str]:
    """Give all forms of a verb: base, third person, past, participles.

    Parameters
    ----------
    entry : str
        The base form, and the past, the participle and the form in -ing where they are irregular. A
        doubled consonant in the past is doubled in -ing.

    Returns
    -------
    set of str

    Examples
    --------
    >>> sorted(verb_forms("admit admitted"))
    ['admit', 'admits', 'admitted', 'admitting']
    """
    base, *irregular = entry.split()
    doubled = next((p[:-2] for p in irregular if p == f"{base}{base[-1]}ed"), None)
    participle = next((p for p in irregular if p.endswith("ing")), None)
    if participle is None:
        if doubled:
            participle = doubled + "ing"
        elif base.endswith("e") and not base.endswith(("ee", "ye", "oe")):
            participle = base[:-1] + "ing"
        else:
            participle = base + "ing"
    return {base, _add_s(base), participle} | past_forms(entry)


def past_forms(entry: str) -> set[str]:
    """Give the past forms of a verb alone.

    Parameters
    ----------
    entry : str
        The base form, and the past and participle where they are irregular.

    Returns
    -------
    set of str

    Examples
    --------
    >>> sorted(past_forms("strike struck stricken")), past_forms("raid")
    (['stricken', 'struck'], {'raided'})
    """
    base, *irregular = entry.split()
    past = {form for form in irregular if not form.endswith("ing")}
    if past:
        return past
    if base.endswith("e"):
        return {base + "d"}
    if _CONSONANT_Y.search(base):
        return {base[:-1] + "ied"}
    return {base + "ed"}


def noun_forms(entry: str) -> set[str]:
    """Give the singular and plural of a noun.

    Parameters
    ----------
    entry : str
        The singular, and the plural where it is irregular.

    Returns
    -------
    set of str

    Examples
    --------
    >>> sorted(noun_forms("ministry")), sorted(noun_forms("man men"))
    (['ministries', 'ministry'], ['man', 'men'])
    """
    base, *irregular = entry.split()
    return {base, *(irregular or [_add_s(base)])}


def _add_s(base: str) -> str:
    if base.endswith(("s", "x", "z", "ch", "sh")):
        return base + "es"
    if _CONSONANT_Y.search(base):
        return base[:-1] + "ies"
    return base + "s"


INFLECTIONS: dict[str, Callable[[str], set[str]]] = {
    "verbs": verb_forms,
    "past": past_forms,
    "nouns": noun_forms,
    "words": lambda entry: {entry},
}
