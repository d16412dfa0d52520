"""Normalised text, its tokens, and what one token contributes to each block of features.

Every feature of a sentence itself is decided inside one white-space token, or by the words and cue symbols of
neighbouring tokens. So a token is analysed once, however often it occurs, and a sentence is scored in one pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

#: A longer run without white space is cut into pieces of this many characters, so that the work per
#: character stays bounded whatever the text.
MAX_TOKEN_LENGTH = 64

#: Symbols at the edges of a sentence's cue sequence.
START, END = "^", "$"

#: Joins two cue symbols that stand near each other, and how many symbols apart they may be at most.
NEAR, REACH = " … ", 5

#: The class of grammar words, each of which is a cue symbol of its own.
ITSELF = "itself"

#: A symbol of no class, which nothing is near to.
OTHER = "OTHER"

_CHARACTERS = (
    dict.fromkeys("“”„‟«»″〝〞", '"')
    | dict.fromkeys("‘’‚‛‹›′`´", "'")
    | dict.fromkeys("‐‑‒−", "-")
    | dict.fromkeys("–—―﹘︱︲", " - ")
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", "")
    # The only letters that are combining marks to NFKC, so that `order_marks` sees them.
    | {"\uff9e": "\u3099", "\uff9f": "\u309a"}
    # A lone surrogate is no character and cannot be written as UTF-8 into a model file.
    | {chr(code): "\ufffd" for code in range(0xD800, 0xE000)}
)
_REPLACED = re.compile(f"[{re.escape(''.join(_CHARACTERS))}]")
#: Where more combining marks may stand together than any script needs.
_MARKS = re.compile(r"[^\w\s!-~]{32,}")
_DIGITS = str.maketrans("123456789", "000000000")
_EDGES = re.compile(r"(\W*)(.*?)(\W*)", re.DOTALL)
_WORD = re.compile(r"\w+(?:'\w+)*")
_PART = re.compile(r"\d[\d.,]*(?:s\b)?|[^\W\d]+(?:'[^\W\d]+)*")
_YEAR = re.compile(r"(?:1[89]|20)\d\ds?\Z")
_CLOCK = re.compile(r"\d{1,2}:\d\d(?:am|pm)?\Z|\d{1,2}(?:\.\d\d)?(?:am|pm)\Z", re.IGNORECASE)


class Token(NamedTuple):
    """What one white-space token contributes.

    Attributes
    ----------
    words : tuple of str
        Its words, lower case, digits written as 0, possessive ``'s`` removed.
    ngrams : tuple of str
        Its character n-grams, repeated as often as they occur.
    symbols : tuple of str
        Its cue symbols, in order.
    name : str
        Lower case, without marks and ``'s``, if it may be (part of) a name; else empty.
    quotes : str
        Its double quotation marks: ``<`` opening, ``>`` closing, ``?`` either.
    """

    words: tuple[str, ...]
    ngrams: tuple[str, ...]
    symbols: tuple[str, ...]
    name: str = ""
    quotes: str = ""


def normalize(text: str) -> str:
    r"""Bring a sentence's characters into one form.

    Quotation marks, apostrophes, hyphens and dashes become their ASCII forms, invisible characters are
    dropped, and what is not ASCII is brought into Unicode's NFKC form.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        It holds no lone surrogates, and no white space but that of ASCII.

    Examples
    --------
    >>> normalize("“Don’t,” he said — twice…")
    '"Don\'t," he said - twice...'
    """
    if text.isascii() and "`" not in text:
        return text
    # Few characters are replaced: finding them is faster than translating all.
    replaced = _REPLACED.sub(lambda found: _CHARACTERS[found[0]], text)
    if not replaced.isascii():
        replaced = unicodedata.normalize("NFKC", order_marks(replaced))
    return " ".join(replaced.split())


def order_marks(text: str) -> str:
    """Bring long runs of combining marks into canonical order [1]_, as a text's normal forms have them.

    Normalisation does so too, but in CPython its time grows with the square of such a run: a page of nothing but
    accents would take hours.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        It has the same normal forms as `text`, and is `text` if no more than 31 marks or symbols stand together.

    References
    ----------
    .. [1] The Unicode Consortium (2025). The Unicode standard, section 3.11.
       https://www.unicode.org/versions/latest/core-spec/chapter-3/

    Examples
    --------
    >>> order_marks("a" + "\u0315\u0300" * 20) == "a" + "\u0300" * 20 + "\u0315" * 20
    True
    """
    return _MARKS.sub(_ordered, text)


def _ordered(found: re.Match[str]) -> str:
    characters = "".join(unicodedata.normalize("NFD", character) for character in found[0])
    runs = groupby(characters, key=lambda character: unicodedata.combining(character) > 0)
    return "".join("".join(sorted(run, key=unicodedata.combining) if marks else run) for marks, run in runs)


def tokenize(text: str) -> list[str]:
    r"""Normalise a sentence and split it at white space.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str
        Tokens of 1 to 64 characters; longer runs are cut.

    Examples
    --------
    >>> tokenize("“We’ll wait—here,” he said.")
    ['"We\'ll', 'wait', '-', 'here,"', 'he', 'said.']
    """
    tokens = normalize(text).split()
    if tokens and max(map(len, tokens)) > MAX_TOKEN_LENGTH:
        n = MAX_TOKEN_LENGTH
        tokens = [token[i : i + n] for token in tokens for i in range(0, len(token), n)]
    return tokens


def analyze(token: str, forms: Mapping[str, str], ngram_range: tuple[int, int]) -> Token:
    """Say what one token contributes to each block.

    Parameters
    ----------
    token : str
        One item of `tokenize`.
    forms : mapping of str to str
        Form -> cue class (`Lexicon.forms`).
    ngram_range : tuple of (int, int)
        Shortest and longest character n-gram.

    Returns
    -------
    Token

    Examples
    --------
    >>> token = analyze('Kyiv,"', {"kyiv": "metonym"}, (2, 3))
    >>> token.words, token.symbols
    (('kyiv',), ('METONYM', ',', 'Q>'))
    >>> token.ngrams[:3]
    (' k', 'ky', 'yi')
    """
    lowered = token.lower().translate(_DIGITS)
    words = tuple(word.removesuffix("'s") for word in _WORD.findall(lowered))
    padded = f" {lowered} "
    shortest, longest = ngram_range
    ngrams = tuple(padded[i : i + n] for n in range(shortest, longest + 1) for i in range(len(padded) - n + 1))
    edges = _EDGES.fullmatch(token)
    before, core, after = edges.groups() if edges else ("", token, "")
    symbols = tuple(_symbols(before, core, after, forms))
    name = core.lower().removesuffix("'s") if "NAME" in symbols else ""
    # Quotation marks inside of a word open and close nothing.
    quotes = "<" * before.count('"') + ">" * after.count('"') if core else "?" * before.count('"')
    return Token(words, ngrams, symbols, name, quotes)


def terms(tokens: Sequence[Token], keys: Collection[str]) -> dict[str, list[str]]:
    """List a sentence's terms by block, repeated as often as they occur.

    Parameters
    ----------
    tokens : sequence of Token
        The analysed tokens of one sentence, in order.
    keys : collection of str
        Cue symbols whose neighbours matter.

    Returns
    -------
    dict of str to list of str
        ``"word"``: words and pairs of neighbouring words; ``"char"``: character n-grams; ``"cue"``: runs
        of one to three cue symbols, the sentence's edges among them, joined by a space; ``"near"``: ordered pairs of
        cue symbols at most five apart, one of them a key, whatever stands between.

    Examples
    --------
    >>> lexicon = {"army": "institution", "said": "speech"}
    >>> found = terms([analyze(token, lexicon, (2, 5)) for token in tokenize("Army said")], {"SPEECH"})
    >>> found["word"], found["cue"][-2:]
    (['army', 'said', 'army said'], ['^ INSTITUTION SPEECH', 'INSTITUTION SPEECH $'])
    >>> found["near"]
    ['INSTITUTION … SPEECH']
    """
    words = [word for token in tokens for word in token.words]
    inner = [symbol for token in tokens for symbol in token.symbols]
    symbols = [START, *inner, END]
    return {
        "word": words + [f"{a} {b}" for a, b in pairwise(words)],
        "char": [ngram for token in tokens for ngram in token.ngrams],
        "cue": [" ".join(symbols[i : i + n]) for n in (1, 2, 3) for i in range(len(symbols) - n + 1)],
        "near": [
            f"{a}{NEAR}{b}"
            for i, a in enumerate(inner)
            if a != OTHER
            for b in inner[i + 1 : i + 1 + REACH]
            if b != OTHER and (a in keys or b in keys)
        ],
    }


def _symbols(before: str, core: str, after: str, forms: Mapping[str, str]) -> Iterator[str]:
    """Yield a token's cue symbols: opening marks, words, closing marks; without a word all marks stand before."""
    if not core:
        yield from (_LONE.get(mark) or _CLOSING[mark] for mark in before if mark in _LONE or mark in _CLOSING)
        return
    yield from (_OPENING[mark] for mark in before if mark in _OPENING)
    yield from _word_symbols(core, forms)
    yield from (_CLOSING[mark] for mark in after if mark in _CLOSING)


_MONEY = dict.fromkeys("$€£¥", "ECONOMY")
_OPENING = _MONEY | {'"': "<Q", "'": "<Q", "(": "(", "[": "(", "#": "#", "@": "@"}
_CLOSING = _MONEY | {'"': "Q>", "'": "Q>", ")": ")", "]": ")", "%": "PERCENT"} | {mark: mark for mark in ",.:;?!"}
_LONE = {'"': "Q", "'": "Q", "-": "-", "•": "-", "*": "-", "/": "/", "|": "/"}


def _word_symbols(core: str, forms: Mapping[str, str]) -> Iterator[str]:
    """Yield the symbols of a token without its edges: as a whole if it is known, else part by part."""
    form = core.lower().translate(_DIGITS)
    for whole in (core, form, form.removesuffix("'s")):
        if whole in forms:
            yield _symbol(whole, forms)
            return
    if _CLOCK.match(core):
        yield "DAY"
        return
    for part in _PART.findall(core):
        form, negated = part.lower(), False
        stem, _, ending = form.partition("'")
        if form.endswith("n't"):
            stem, negated = _NEGATED.get(form[:-3], form[:-3]), True
        elif ending not in _ENDINGS:
            stem = form
        known = next((whole for whole in (part, form, stem) if whole in forms), None)
        if known is not None:
            yield _symbol(known, forms)
        elif part[0].isdigit():
            yield "YEAR" if _YEAR.match(part) else "NUMBER"
        elif part[0].isupper():
            yield "NAME"
        else:
            yield OTHER
        if negated:
            yield "NEGATION"
        elif ending == "ll":
            yield "FUTURE"


def _symbol(form: str, forms: Mapping[str, str]) -> str:
    return form.lower() if forms[form] == ITSELF else forms[form].upper()


_NEGATED = {"wo": "will", "ca": "can", "sha": "shall"}
_ENDINGS = frozenset({"s", "ll", "ve", "re", "d", "m"})
