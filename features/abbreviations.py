"""Words that tell whether a full stop ends a sentence."""

from __future__ import annotations

import re

_DOTTED = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Before a name or in the middle of a sentence: never a border.
TITLES = _words(
    "Mr Mrs Ms Mx Messrs Mme Mlle Dr Prof Rev Hon Gen Lt Col Maj Capt Sgt Cpl Pvt Spc Adm Brig Cmdr Cdr "
    "Comdr Cmdt Ens Gov Sen Sens Rep Reps Pres Supt Insp Det Amb Atty Msgr Fr Mt Ft vs viz cf approx e.g i.e "
    "a.k.a"
)
#: In the middle of a sentence or at its end: a border only before a word that usually opens a sentence.
AMBIGUOUS = _words(
    "St Ave Blvd Rd Jr Sr Inc Corp Co Ltd Bros Dept Govt Univ Assn etc al Ph.D Jan Feb Mar Apr Jun Jul Aug "
    "Sep Sept Oct Nov Dec Tue Tues Wed Thu Thur Thurs Fri Sat"
)
#: Abbreviations before a number, words elsewhere.
NUMBERED = _words("No Nos Art Fig Sec Vol Res Ch Para Op no nos pp p ca")
#: Words that sentencex takes for abbreviations (Maine, Illinois, ...).
PLAIN = _words("me Me no may May ill art miss ok fed med con Ken Al")
#: Words that usually open a sentence and seldom have a capital inside one.
OPENERS = _words(
    "A About According After All Also Although An And Another Any Around As At Because Before Both But By "
    "During Each Earlier Even Every For From Further Had Has Have He Her His How However I If In It Its Just "
    "Later Many Meanwhile More Most My Neither No Nobody None Nor Not Now On Once One Only Or Other Our Over "
    "Several She Since So Some Soon Such That The Their Then There These They This Those Though Thus To "
    "Until We Were What When Where Whether Which While Who Why With Yet You Your Two Three Four Five Six "
    "Seven Eight Nine Ten"
)
#: Open a sentence if the next word is lower-case: `5 p.m. Police said`, but `D.C. Police Chief Hale`.
OPENING_NOUNS = _words(
    "Police Officials Authorities Witnesses Residents Rescuers Firefighters Soldiers Troops Rebels "
    "Investigators Prosecutors"
)


def is_abbreviation(word: str) -> bool:
    """Say whether a full stop behind a word may be part of it.

    Parameters
    ----------
    word : str
        Without the full stop.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_abbreviation("Gen"), is_abbreviation("p.m"), is_abbreviation("market")
    (True, True, False)
    """
    return word in TITLES or word in AMBIGUOUS or bool(_DOTTED.fullmatch(word))
