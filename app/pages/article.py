"""The page that shows articles as articles, each sentence marked by type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from wiredesk.models.explanation import BLOCK_NAMES
from wiredesk.pages.kinds import Kind, kinds_of
from wiredesk.pages.template import embed, render
from wiredesk.pages.text import parts, plain, shorten

if TYPE_CHECKING:
    from wiredesk.documents import LabelledDocument
    from wiredesk.models import Explanation, LabelledSentence, Model

#: Terms shown for a type, and the probability from which one that a sentence does not have is explained too.
TOP_TERMS = 5
EXPLAINED_FROM = 0.2

#: A first line that is no longer and ends no sentence is shown as a headline.
LONGEST_HEADLINE = 160


class Piece(NamedTuple):
    """A sentence, or what stands between sentences.

    Attributes
    ----------
    text : str
    number : int
        0-based index of the sentence in its article; -1 if it is none.
    kinds : tuple of int
        The types of the sentence, the most probable first.
    review : bool
    """

    text: str
    number: int = -1
    kinds: tuple[int, ...] = ()
    review: bool = False


class Article(NamedTuple):
    """An article as the template shows it.

    Attributes
    ----------
    title, name, date, source, url : str
        Empty if it has none.
    linked : bool
        Whether the address is one of the web.
    headline : str
        The first paragraph, if there is no title and it may be shown as one; else empty.
    paragraphs : list of list of Piece
    lists : list of list of Piece
        By type, the sentences that have it.
    """

    title: str
    name: str
    date: str
    source: str
    url: str
    linked: bool
    headline: str
    paragraphs: list[list[Piece]]
    lists: list[list[Piece]]


def write_page(documents: Iterable[LabelledDocument], model: Model, out: TextIO) -> None:
    """Write one HTML file that shows labelled articles and needs nothing else.

    Parameters
    ----------
    documents : iterable of LabelledDocument
        The columns ``title``, ``date``, ``source`` and ``url`` are shown.
    model : Model
        What labelled them; its explanations are shown.
    out : text file
        Open for UTF-8.

    Raises
    ------
    MissingExtraError
        If jinja2 is not installed.

    Examples
    --------
    >>> import io
    >>> from wiredesk.documents import LabelledDocument
    >>> from wiredesk.models import load_model
    >>> text, model, page = "Two rockets hit the market.", load_model(), io.StringIO()
    >>> write_page([LabelledDocument("wire-7", text, list(model.label(text)), {})], model, page)
    >>> "<span>Two rockets hit the market.</span>" in page.getvalue()
    True
    """
    kinds = kinds_of(model.thresholds)
    articles: list[Article] = []
    rows: list[list[Any]] = []
    terms: dict[tuple[str, str], int] = {}
    for document in documents:
        articles.append(_article(document, model.types))
        explained = model.explain_document([sentence.text for sentence in document.sentences])
        for sentence, explanations in zip(document.sentences, explained, strict=True):
            rows.append(_row(sentence, explanations, terms))
    data = {
        "kinds": [kind._asdict() for kind in kinds],
        "terms": [[BLOCK_NAMES[block], plain(meaning)] for block, meaning in terms],
        "sentences": rows,
        "band": model.manifest["review_band"],
    }
    render(
        "article.html",
        out,
        styles=("style.css", "kinds.css", "article.css"),
        scripts=("article.js",),
        articles=articles,
        kinds=kinds,
        totals=_totals(articles, kinds),
        model=model.hash[:8],
        n_sentences=len(rows),
        data=embed(data),
        shorten=shorten,
    )


def _article(document: LabelledDocument, types: tuple[str, ...]) -> Article:
    title, date, source, url = (_column(document.columns.get(name)) for name in ("title", "date", "source", "url"))
    paragraphs = _paragraphs(document, types)
    first = " ".join("".join(piece.text for piece in paragraphs[0]).split()) if len(paragraphs) > 1 else ""
    headline = "" if title or len(first) > LONGEST_HEADLINE or first.endswith(".") else first
    pieces = [piece for paragraph in paragraphs for piece in paragraph]
    lists = [[piece for piece in pieces if i in piece.kinds] for i in range(len(types))]
    linked = url.lower().startswith(("http://", "https://"))
    return Article(title, plain(document.name), date, source, url, linked, headline, paragraphs, lists)


def _paragraphs(document: LabelledDocument, types: tuple[str, ...]) -> list[list[Piece]]:
    """Cut an article into paragraphs, whose pieces are all of its text but for white space at their ends."""
    paragraphs: list[list[Piece]] = [[]]

    def add(gap: str) -> None:
        first, *others = parts(gap)
        paragraphs[-1].append(Piece(plain(first)))
        paragraphs.extend([Piece(plain(part))] for part in others)

    end = 0
    for number, sentence in enumerate(document.sentences):
        add(document.text[end : sentence.start])
        kinds = tuple(types.index(name) for name in _ordered(sentence))
        shown = plain(document.text[sentence.start : sentence.end])
        paragraphs[-1].append(Piece(shown, number, kinds, sentence.review))
        end = sentence.end
    add(document.text[end:])
    kept = ([piece for piece in paragraph if piece.text] for paragraph in paragraphs)
    return [pieces for pieces in kept if "".join(piece.text for piece in pieces).strip()]


def _ordered(sentence: LabelledSentence) -> list[str]:
    """Give a sentence's types, the one that it is marked by first, the others by probability."""
    return sorted(sentence.types, key=lambda name: (name != sentence.type, -sentence.probabilities[name]))


def _row(
    sentence: LabelledSentence, explanations: tuple[Explanation, ...], terms: dict[tuple[str, str], int]
) -> list[Any]:
    """Give what the page's script knows of a sentence: its types, review, probabilities, explanations."""
    probabilities = [sentence.probabilities[e.type] for e in explanations]
    position = {e.type: i for i, e in enumerate(explanations)}
    best = max(probabilities)
    explained = []
    for i, e in enumerate(explanations):
        p = sentence.probabilities[e.type]
        if e.type in sentence.types or p >= EXPLAINED_FROM or p == best:
            top = e.contributions[:TOP_TERMS]
            found = [[terms.setdefault((c.block, c.meaning), len(terms)), c.count, round(c.value, 2)] for c in top]
            rest = e.score - e.intercept - sum(c.value for c in top)
            explained.append([i, found, len(e.contributions) - len(top), round(rest, 2), round(e.intercept, 2)])
    return [[position[name] for name in _ordered(sentence)], int(sentence.review), probabilities, explained]


def _column(value: object) -> str:
    """Put what an input says about a document into a line; nothing if it says nothing."""
    missing = value is None or value != value  # A missing number is not equal to itself.
    return "" if missing else plain(" ".join(str(value).split()))


def _totals(articles: list[Article], kinds: list[Kind]) -> list[int]:
    return [sum(len(article.lists[i]) for article in articles) for i in range(len(kinds))]
