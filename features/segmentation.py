"""Sentences of a news text, as exact spans of it.

The general rules and the common abbreviations are those of ``sentencex``. Lines, quotations and the habits
of news prose (times, ranks, initials, bylines, lists) are handled here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sentencex import get_sentence_boundaries

from wiredesk.features.abbreviations import NUMBERED, OPENERS, OPENING_NOUNS, PLAIN, TITLES, is_abbreviation

#: Longest sentence, and the most text that is looked at in one go: the work per character stays bounded.
MAX_SENTENCE_LENGTH = 2000
#: What follows a border has to be in sight for this many characters.
_LOOKAHEAD = 200
#: At most so long is a heading, at least so long a paragraph that is not hard-wrapped.
_HEADING, _PARAGRAPH = 60, 120

_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_BULLETS = "-‐‑‒–—―−•‣⁃◦▪▫■□●○◆►▸·∙*"
_MARGIN = re.compile(rf"\s*(?:[{re.escape(_BULLETS)}]++(?:\s+|\Z))*")
_DONE = re.compile(r"[.?!…:。！？؟۔।][\"'”’»›“)\]}]*\Z")
_ODD = re.compile(r"[^\S ]|[\ud800-\udfff]")
_QUOTES = re.compile("[\"'“”„‟‘’‚‛«»‹›]+")

# What follows is applied to prepared text: “ opens, ” closes, white space is " ".
_UNSEEN = re.compile(r"[“”()\[\]{}]")
_MARK = re.compile(r"[.?!…。！？؟۔।]+(?: \.+(?![^\s.”]))*")
_CLOSERS = re.compile(r"(?:\[\d{1,3}\]| ?”|[)\]}])*")
_GAP = re.compile(" *")
_OPENING = re.compile(r"(?:[“(\[{ ]|\.\.+[)\]]?|…[)\]]?)*")
_ALNUM = re.compile(r"[^\W_]")
_NUMBERING = re.compile(r"[“(]?(?:\d{1,3}|[ivx]{1,4}|[a-zA-Z])\.")
_WORD_EDGE = re.compile(r"[ “(\[{/‐‑–—-]")
_UNIT = re.compile(r"\d ?(?:sq\.? )?(?:[kcm]?m|kg|[gt]|mi|yds?|ft|in|lbs?|oz|[mk]ph|hrs?|mins?|secs?)\Z")
_DIRECTION = re.compile(r"(?:North|South|East|West|Inland|Upstream|Downstream|Outside)(?:-?(?:east|west|wards?))?\b")
_ASIDE = re.compile(r"\([a-z][^()]*\Z")
_UNSPACED = re.compile(r"[“(]*(?!(?:Com|Org|Net|Gov|Edu|Info|Js|Io)\b)(?:[^\W\da-z_][^\W\dA-Z_]|[AI] [a-z])")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_NEXT_WORD = re.compile(r"([^\W\d_]{1,20})(?![.\w-])( [a-z])?")
_NAMED_SPEAKER = re.compile(
    r"(?:[^\W\da-z_][^ “”,;:?!]{0,30} (?:(?:of|for|the|de|van|von|bin|al) ){0,2}){1,6}"
    r"(?:said|says|asked|asks|added|wrote|told|shouted|cried|yelled|replied|tweeted|posted|wondered|exclaimed)\b"
)


class Span(NamedTuple):
    """Where a sentence stands: ``text[start:end]``.

    Attributes
    ----------
    start : int
        Its first code point.
    end : int
        One past its last code point.

    Examples
    --------
    >>> span = Span(0, 10)
    >>> "Rain fell. Snow fell."[span.start : span.end]
    'Rain fell.'
    """

    start: int
    end: int


def segment(text: str) -> list[Span]:
    """Find the sentences of a text.

    Borders are line ends (a hard-wrapped paragraph is put together again), sentence ends inside and outside
    of quotations and, so that the work stays bounded, a space in a sentence longer than 2,000 characters.

    Parameters
    ----------
    text : str
        Any text; the rules are for English prose.

    Returns
    -------
    list of Span
        In order, without overlap, never empty, without white space at the ends. Between them stand only
        white space and the bullets of lists.

    Examples
    --------
    >>> text = "- Two shells fell at 5 p.m. Monday. “We ran. It was loud,” said Lt. Col. Hale."
    >>> [text[start:end] for start, end in segment(text)]
    ['Two shells fell at 5 p.m. Monday.', '“We ran.', 'It was loud,” said Lt. Col. Hale.']
    """
    return [
        Span(offset + start, offset + end)
        for offset, stop in _blocks(text)
        for start, end in _sentences(_prepare(text[offset:stop]))
    ]


def split_text(text: str) -> list[tuple[int, int, str]]:
    """Find the sentences of a text, each with its words.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of (int, int, str)
        What `segment` finds: first code point, one past the last, and the text between them.

    Examples
    --------
    >>> split_text("Rain fell. Snow fell.")
    [(0, 10, 'Rain fell.'), (11, 21, 'Snow fell.')]
    """
    return [(start, end, text[start:end]) for start, end in segment(text)]


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield lines without white space and bullets around them, hard-wrapped lines as one."""
    first = last = -1  # The block being read; none if first < 0.
    position = 0
    while position < len(text):
        line_end = _LINE_END.search(text, position)
        stop, following = line_end.span() if line_end else (len(text), len(text))
        line = text[position:stop]
        margin = _MARGIN.match(line)
        inset = margin.end() if margin else 0
        start, end = position + inset, position + len(line.rstrip())
        position = following
        blank = start >= end  # Nothing, or bullets alone: a ruler between sections.
        # Mail and wire services break lines at 72 columns. Elsewhere a line is a headline, a caption or a
        # paragraph of its own, and those begin with a capital.
        goes_on = first >= 0 and not blank and text[start].islower() and not line[:inset].strip()
        # A heading above a whole paragraph that begins with `eBay` or with a slip.
        goes_on = goes_on and (last - first > _HEADING or end - start < _PARAGRAPH)
        if goes_on and not _is_done(text[max(first, last - 40) : last]):
            last = end
            continue
        if first >= 0:
            yield first, last
        first, last = (-1, -1) if blank else (start, end)
    if first >= 0:
        yield first, last


def _is_done(line: str) -> bool:
    """Say whether a line ends like a sentence, and not with an abbreviation."""
    return bool(_DONE.search(line)) and not (line.endswith(".") and is_abbreviation(_last_word(line[:-1])))


def _last_word(text: str) -> str:
    return _WORD_EDGE.split(text)[-1]


def _prepare(block: str) -> str:
    """Write white space as a space, opening quotation marks as “ and closing ones as ”, one for one.

    Lone surrogates, which sentencex refuses, become U+FFFD.
    """
    inside = False  # A quotation in straight double marks is open.

    def role(quotes: re.Match[str]) -> str:
        nonlocal inside
        marks, start, end = quotes[0], quotes.start(), quotes.end()
        left = block[start - 1] if start else " "
        right = block[end] if end < len(block) else " "
        if left.isalnum() and right.isalnum() and len(marks) == 1 and marks in "'’‘":
            return marks  # An apostrophe.
        free_left = left.isspace() or left in "([{‐‑–—-/"
        free_right = right.isspace() or right in ")]}‐‑–—-/.,;:?!…"
        # What stands around a mark says more than its shape (“ closes in German, » opens in Danish) or than
        # the count of marks before it, which one forgotten mark upsets.
        if free_left != free_right:
            opens = free_left
        elif '"' in marks:
            opens = not inside
        else:
            opens = marks[0] in "“„‟‘‚‛«‹"
        if '"' in marks:
            inside = opens
        return ("“" if opens else "”") * len(marks)

    return _QUOTES.sub(role, _ODD.sub(lambda odd: " " if odd[0].isspace() else "\ufffd", block))


def _sentences(block: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a prepared block, which is read in windows of bounded length."""
    start = 0
    while True:
        offset = start
        window = block[offset : offset + MAX_SENTENCE_LENGTH]
        is_last = offset + MAX_SENTENCE_LENGTH >= len(block)
        for end, following in _borders(window):
            # Near the end of a window the words that decide may be missing: the next window has them.
            if not is_last and following > MAX_SENTENCE_LENGTH - _LOOKAHEAD:
                break
            yield start, offset + end
            start = offset + following
        if is_last:
            yield start, len(block)
            return
        if start == offset:  # One endless sentence: cut it, between words if there are any.
            cut = window.rfind(" ", MAX_SENTENCE_LENGTH // 2)
            end = len(window[:cut].rstrip()) if cut > 0 else len(window)
            yield offset, offset + end
            start = _end(_GAP, block, offset + end)


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    """Return where a pattern that may be empty ends."""
    match = pattern.match(text, position)
    return match.end() if match else position


def _borders(window: str) -> Iterator[tuple[int, int]]:
    """Yield the end of each sentence but the last, with the start of the next one."""
    # Without its quotation marks and brackets the text is split inside of them too, and in linear time.
    unquoted = get_sentence_boundaries("en", _UNSEEN.sub(" ", window))
    found = {sentence["start_index"] + len(sentence["text"].rstrip()) for sentence in unquoted}
    start = position = 0
    has_words = False
    for mark in _MARK.finditer(window):
        end = _end(_CLOSERS, window, mark.end())
        following = _end(_GAP, window, end)
        if following == len(window):
            return
        # Dots before the first word (`... and then`, `.50-calibre`) end nothing.
        has_words = has_words or bool(_ALNUM.search(window, position, mark.start()))
        position = mark.end()
        if has_words and _is_border(window, start, mark, end, following, mark.end() in found):
            yield end, following
            start = position = following
            has_words = False


def _is_border(window: str, start: int, mark: re.Match[str], end: int, following: int, found: bool) -> bool:
    """Say whether the sentence from `start` ends with `mark`.

    Its closing quotation marks and brackets go up to `end`, the next word begins at or behind `following`;
    `found` says that sentencex sees a border.
    """
    word = _last_word(window[max(start, mark.start() - 16) : mark.start()])
    closers = window[mark.end() : end]
    is_period = mark[0] == "."
    if end == following:
        # A missing space (`was hit.The fire`); scripts that need no space are left to sentencex.
        return found if not mark[0].isascii() else _is_unspaced(window, start, mark, word, end)
    if is_period and (word in TITLES or (word in NUMBERED and window[following].isdigit())):
        return False
    if is_period and mark.end() - start <= 6 and _NUMBERING.fullmatch(window, start, mark.end()):
        return False  # `1. ` begins an item.
    if is_period and ("”" not in closers or len(word) == 1) and is_abbreviation(word):
        # Times, initials, `U.S.`, months: their dot says nothing, the next word has to.
        return _opens_sentence(window, following)
    # Most write `km` without a dot: unless a direction follows (`12 km. North of`), it is a full stop.
    if is_period and _DIRECTION.match(window, following):
        if _UNIT.search(window, max(start, mark.start() - 12), mark.start()):
            return False
    opening = following
    following = _end(_OPENING, window, following)
    begins = window[following : following + 1]
    if "…" in mark[0] or ".." in mark[0] or ". ." in mark[0]:
        # Dots trail off at the end of a word; on their own they stand for words left out.
        return begins.isupper() and window[mark.start() - 1] != " "
    if begins.islower():
        # `"Stop!" he said`, `Yahoo! shares`; a full stop may end a sentence before `eBay`.
        return found and not closers and mark[0][-1] not in "?!"
    if closers.startswith(")") and _ASIDE.search(window, max(start, mark.start() - 40), mark.start()):
        return _opens_sentence(window, following)  # `Adm. (ret.) Roe`
    if closers and begins.isupper():
        # `"Stop!" Hale said` goes on as well; with a full stop it would have been a comma.
        asked = "”" in closers and mark[0][-1] in "?!" and not _opens_sentence(window, following)
        return not (asked and _NAMED_SPEAKER.match(window, following))
    # What sentencex does not see: `(20 km/h). The`, `It fell. [...] The`, `in Washington, DC. Roe said`.
    capitals = len(word) > 1 and word.isupper() and not is_abbreviation(word.capitalize())
    unseen = word in PLAIN or capitals or window[mark.start() - 1] in "”)]}" or "." in window[opening:following]
    return found or (unseen and begins.isupper())


def _opens_sentence(window: str, position: int) -> bool:
    """Say whether a word stands here that rarely has a capital inside a sentence."""
    word = _NEXT_WORD.match(window, _end(_OPENING, window, position))
    if not word:
        return False
    return word[1] in OPENERS or (word[1] in OPENING_NOUNS and word[2] is not None)


def _is_unspaced(window: str, start: int, mark: re.Match[str], word: str, end: int) -> bool:
    """Say whether a sentence begins right behind the mark: small letters or a year, then a capital."""
    before = window[max(start, mark.start() - 4) : mark.start()]
    ends_word = before[-2:].isalpha() and before[-2:].islower() and len(before) > 1
    if not (ends_word or _YEAR.fullmatch(before)) or ".." in mark[0] or not _UNSPACED.match(window, end):
        return False
    if is_abbreviation(word):
        return False  # `Gen.Orlov`
    token = window[max(start, end - 100) : end].rpartition(" ")[2]
    return not any(sign in token for sign in ("/", "@", "www."))  # An address.
