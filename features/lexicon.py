"""The cue lexicon: which class of conflict news a word belongs to."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files

VOWELS = "aeiou"


def load_lexicon() -> dict[str, str]:
    """Read the package's lexicon and generate the inflected forms.

    Returns
    -------
    dict of str to str
        Lower-case word form -> class name, sorted by form.

    Raises
    ------
    ValueError
        If a form is listed in two classes.

    Examples
    --------
    >>> lexicon = load_lexicon()
    >>> lexicon["warned"], lexicon["ministries"]
    ('stance', 'institution')
    """
    source = files("wiredesk.features").joinpath("lexicon.toml").read_text(encoding="utf-8")
    return expand(tomllib.loads(source))


def expand(classes: Mapping[str, Mapping[str, list[str]]]) -> dict[str, str]:
    """Generate the forms of every entry and index them by form.

    Parameters
    ----------
    classes : mapping of str to mapping of str to list of str
        Class name -> kind of entry (``verbs``, ``past``, ``nouns``, ``words``) -> entries, an
        irregular entry being followed by its principal parts (``"strike struck"``).

    Returns
    -------
    dict of str to str
        Lower-case word form -> class name, sorted by form.

    Raises
    ------
    ValueError
        If a kind is unknown, or a form is listed in two classes.

    Examples
    --------
    >>> expand({"alert": {"nouns": ["siren"], "verbs": ["warn"]}})
    {'siren': 'alert', 'sirens': 'alert', 'warn': 'alert', 'warned': 'alert', 'warning': 'alert', 'warns': 'alert'}
    """
    index: dict[str, str] = {}
    for name, kinds in classes.items():
        for kind, entries in kinds.items():
            if kind not in INFLECTIONS:
                raise ValueError(f"lexicon class {name!r} has a list {kind!r}; the lists are {', '.join(INFLECTIONS)}")
            for entry in entries:
                for form in INFLECTIONS[kind](entry):
                    if index.setdefault(form, name) != name:
                        raise ValueError(
                            f"lexicon form {form!r} stands in {index[form]!r} and in {name!r}; "
                            "keep it in the class in which it is read most often"
                        )
    return dict(sorted(index.items()))


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
    if base.endswith("y") and base[-2] not in VOWELS:
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
    if base.endswith("y") and base[-2] not in VOWELS:
        return base[:-1] + "ies"
    return base + "s"


INFLECTIONS: dict[str, Callable[[str], set[str]]] = {
    "verbs": verb_forms,
    "past": past_forms,
    "nouns": noun_forms,
    "words": lambda entry: {entry},
}
