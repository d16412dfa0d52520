"""The cue lexicon: which class of conflict news a word belongs to."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from wiredesk.features.inflection import INFLECTIONS
from wiredesk.features.tokens import ITSELF, analyze, tokenize

_NAME = re.compile(r"[a-z][a-z0-9_]*")

#: Written after an entry that is often read otherwise, and after the class that its forms make.
DOUBT = "?"

#: Cue symbols that no class may be called: what is no word of the lexicon.
SYMBOLS = frozenset({"NAME", "OTHER", "YEAR", "PERCENT", "Q"})

#: The part that a class plays in attributing words; any other role is a topic.
SPEAKER_ROLES = ("speech", "office", "authority", "private", "first_person")

#: Topics that have room, as bits, in a number of 64 bits beside the roles of speakers.
MOST_TOPICS = 50


@dataclass(frozen=True)
class CueClass:
    """What is told about a class of the lexicon.

    Attributes
    ----------
    title : str
        What it holds, in words.
    roles : tuple of str
        What its words tell about a document: ``"speech"``, ``"office"``, ``"authority"``, ``"private"``,
        ``"first_person"``, or a topic.
    key : bool
        Whether its neighbours matter.

    Examples
    --------
    >>> CueClass("verb of saying", ("speech",), key=True).roles
    ('speech',)
    """

    title: str
    roles: tuple[str, ...] = ()
    key: bool = False


@dataclass(frozen=True)
class Lexicon:
    """Word forms by class.

    Attributes
    ----------
    forms : dict of str to str
        Word form -> class name, sorted by form. A form in capitals is read in capitals alone, others in any case.
        Forms that are often read otherwise have their class's name
        with a question mark.
    classes : dict of str to CueClass
        Class name, without question mark -> what is told about it.

    Examples
    --------
    >>> lexicon = Lexicon({"said": "say", "shot": "shoot_verb?"}, {"say": CueClass("verb of saying", ("speech",))})
    >>> sorted(lexicon.roles["speech"]), lexicon.title("SHOOT_VERB?")
    (['SAY', 'SAY?'], 'shoot verb?')
    """

    forms: dict[str, str] = field(default_factory=dict)
    classes: dict[str, CueClass] = field(default_factory=dict)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Cue symbols whose neighbours matter."""
        return _symbols(name for name, about in self.classes.items() if about.key)

    @cached_property
    def roles(self) -> dict[str, frozenset[str]]:
        """Role -> its cue symbols, the roles in attributing words first and the topics sorted."""
        topics = {role for about in self.classes.values() for role in about.roles if role not in SPEAKER_ROLES}
        return {
            role: _symbols(name for name, about in self.classes.items() if role in about.roles)
            for role in (*SPEAKER_ROLES, *sorted(topics))
        }

    def title(self, symbol: str) -> str:
        """Say in words what a cue symbol stands for.

        Parameters
        ----------
        symbol : str

        Returns
        -------
        str
            The title of its class; the symbol itself, in lower case, if it has none.
        """
        name = symbol.lower().removesuffix(DOUBT)
        title = self.classes[name].title if name in self.classes else name.replace("_", " ")
        return title + DOUBT * symbol.endswith(DOUBT)


def _symbols(names: Iterable[str]) -> frozenset[str]:
    return frozenset(symbol for name in names for symbol in (name.upper(), name.upper() + DOUBT))


def load_lexicon(path: str | os.PathLike[str] | None = None) -> Lexicon:
    """Read the package's lexicon, and a file of one's own, and generate the inflected forms.

    Parameters
    ----------
    path : path-like, optional
        A TOML file like ``features/lexicon.toml``. Its forms are added to the package's; one that stands in both goes
        to the class that the file gives it. A class that stands in
        both is one class, and what the package tells about it holds.

    Returns
    -------
    Lexicon

    Raises
    ------
    OSError
        If there is no such file, or it cannot be read.
    ValueError
        If it is no TOML, or a class or an entry is wrong.

    Examples
    --------
    >>> lexicon = load_lexicon()
    >>> lexicon.forms["warned"], lexicon.forms["ministries"], lexicon.forms["strike"]
    ('demand', 'government', 'attack_noun?')
    """
    shipped = expand(tomllib.loads(files("wiredesk.features").joinpath("lexicon.toml").read_text(encoding="utf-8")))
    if path is None:
        return shipped
    try:
        tables = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        own = expand(tables)
        _check_own(tables, own, shipped)
    except ValueError as error:
        raise ValueError(f"{os.fspath(path)}: {error}") from None
    forms = {**shipped.forms, **own.forms}
    lexicon = Lexicon(dict(sorted(forms.items())), {**own.classes, **shipped.classes})
    check_topics(lexicon.roles)
    return lexicon


def check_topics(roles: Iterable[str]) -> None:
    """Refuse more topics than there is room for.

    Parameters
    ----------
    roles : iterable of str

    Raises
    ------
    ValueError
    """
    n = len(set(roles) - set(SPEAKER_ROLES))
    if n > MOST_TOPICS:
        raise ValueError(f"the lexicon has {n} topics; there can be {MOST_TOPICS}")


def expand(classes: Mapping[str, Mapping[str, Any]]) -> Lexicon:
    """Generate the forms of every entry and index them by form.

    Parameters
    ----------
    classes : mapping of str to mapping
        Class name -> ``title``, ``roles``, ``key``, and lists of entries by kind (``verbs``, ``past``, ``nouns``,
        ``words``), an irregular entry being followed by its principal parts (``"strike struck"``) and a doubtful one
        by a question mark.

    Returns
    -------
    Lexicon

    Raises
    ------
    ValueError
        If a class is not such a table, or a form is listed in two classes.

    Examples
    --------
    >>> expand({"alert": {"nouns": ["siren"], "words": ["all-clear", "air?"]}}).forms
    {'air': 'alert?', 'all-clear': 'alert', 'siren': 'alert', 'sirens': 'alert'}
    """
    forms: dict[str, str] = {}
    about: dict[str, CueClass] = {}
    for name, table in classes.items():
        about[name] = _read_class(name, table)
        for kind in filter(table.__contains__, INFLECTIONS):
            for entry in table[kind]:
                doubtful = DOUBT if DOUBT in entry else ""
                for form in INFLECTIONS[kind](entry.replace(DOUBT, "")):
                    if forms.setdefault(form, name + doubtful) != name + doubtful:
                        raise ValueError(
                            f"lexicon form {form!r} stands in {forms[form]!r} and in {name + doubtful!r}; "
                            "keep it in the class in which it is read most often"
                        )
    return Lexicon(dict(sorted(forms.items())), about)


def _check_own(tables: Mapping[str, Mapping[str, Any]], own: Lexicon, shipped: Lexicon) -> None:
    """Refuse what would be without effect."""
    for name in tables.keys() & shipped.classes.keys():
        for key in ("title", "roles", "key"):
            if key in tables[name]:
                raise ValueError(f"lexicon class {name!r} is wiredesk's own, whose {key} stands; leave {key} out")
    for form, name in own.forms.items():
        symbols = [symbol for token in tokenize(form) for symbol in analyze(token, own.forms, (1, 1)).symbols]
        if symbols != [form.lower() if name == ITSELF else name.upper()]:
            raise ValueError(
                f"lexicon form {form!r} is read as other words; write what stands between blanks, digits as 0"
            )


def _read_class(name: str, table: Any) -> CueClass:
    """Check a class and read what is told about it."""

    def require(correct: object, rule: str) -> None:
        if not correct:
            raise ValueError(f"lexicon class {name!r}: {rule}")

    require(_NAME.fullmatch(name), "the name is lower-case letters, digits and underscores, as in strike_verb")
    require(
        name.upper() not in SYMBOLS, "the name is that of a symbol which stands for other things; choose another one"
    )
    require(isinstance(table, Mapping), f"write it as a table, [{name}]")
    known = ("title", "roles", "key", *INFLECTIONS)
    for key, value in table.items():
        require(key in known, f"{key!r} is none of {', '.join(known)}")
        if key in INFLECTIONS or key == "roles":
            texts = isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)
            require(texts, f"{key} is a list of strings")
        if key == "roles":
            require(all(map(_NAME.fullmatch, value)), "a role is lower-case letters, digits and underscores")
    for kind in filter(table.__contains__, INFLECTIONS):
        for entry in table[kind]:
            # The doubt may stand after any part of an entry; alone it says nothing.
            parts = entry.replace(DOUBT, "").split()
            cases = (entry.lower(), entry.upper())
            require(parts and entry in cases, f"entry {entry!r} in {kind}: write it in lower case, or all in capitals")
            require(len(parts) == 1 or kind != "words", f"entry {entry!r} in words: give one word each")
    title, key = table.get("title", name.replace("_", " ")), table.get("key", False)
    require(isinstance(title, str), "title is a string")
    require(isinstance(key, bool), "key is true or false")
    return CueClass(title, tuple(table.get("roles", ())), key)
