"""The article in a web page, and its text kept in a file that offsets refer to."""

from __future__ import annotations

import re
from pathlib import Path

from wiredesk.errors import InputError
from wiredesk.features.tokens import order_marks
from wiredesk.models.atomic import write_text
from wiredesk.seeds.extras import require
from wiredesk.sources import STDIN, Source

#: Fewest characters of an article in a web page; what is shorter is a menu or a notice.
SHORTEST_ARTICLE = 100

#: Most tags and numbered characters of a web page. Long articles have some ten thousand; the time that it takes to find
#: the text grows with their square, and is some 15 s for so many.
MOST_TAGS = 100_000


def find_article(source: Source, page: str) -> str:
    """Find the article in a web page.

    Parameters
    ----------
    source : Source
        Named in messages.
    page : str
        HTML.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If there is none, or the page has too many tags.
    MissingExtraError
        Without trafilatura.
    """
    trafilatura = require("trafilatura", "html", "web pages")
    tags = page.count("<") + page.count("&#") + page.count("&amp;#")
    if tags > MOST_TAGS:
        raise InputError(
            f"{source.name}: {tags:,} tags and numbered characters, of which a page to read has at most "
            f"{MOST_TAGS:,}; copy its text into a .txt file"
        )
    found = trafilatura.extract(order_marks(page), include_comments=False, include_tables=False, deduplicate=False)
    found = (found or "").strip()
    if len(found) < SHORTEST_ARTICLE:
        shown = f" (only {found!r})" if found else ""
        raise InputError(f"{source.name}: no article found in this page{shown}; copy its text into a .txt file")
    return found


def keep_article(source: Source, article: str, folder: str) -> None:
    """Write an article into a folder, under the name of its page and ``.txt``.

    Parameters
    ----------
    source : Source
    article : str
    folder : str
        Pages of one name in two folders keep apart in it.

    Raises
    ------
    InputError
        If the file holds another text already, or cannot be written.
    """
    parts = [part for part in re.split(r"[\\/]+", source.name) if part not in ("", ".")]
    name = "stdin" if source.name == STDIN else "/".join("%2E%2E" if part == ".." else part for part in parts)
    kept = Path(folder, f"{name}.txt")
    if kept.exists() and kept.read_bytes() != article.encode("utf-8", "backslashreplace"):
        raise InputError(f"{source.name}: {kept} exists already and holds another text; choose another --keep-text")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_text(kept, article)
    except OSError as error:
        raise InputError(f"{source.name}: {error.filename}: {error.strerror}") from None
