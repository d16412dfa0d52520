"""How the time grows with a text that is one thing over and over."""

from __future__ import annotations

import gc
import io
import math
import time
from collections.abc import Callable, Sequence

from wiredesk.documents import LabelledDocument
from wiredesk.features import segment
from wiredesk.models import LabelledSentence, load_model
from wiredesk.pages.article import write_page
from wiredesk.writers import write_csv, write_jsonl, write_table

MODEL = load_model()

#: Shapes that a text may have through and through, as what is repeated.
SHAPES = {
    "one token": "x",
    "one sentence of words": "word ",
    "names": "Brock ",
    "verbs of speech": "said ",
    "numbers": "1,234.5 ",
    "digits and commas": "1,",
    "capitals and full stops": "A. ",
    "Mr.": "Mr. ",
    "sentences of a letter": "A. The ",
    "quotation marks": '"',
    "opening quotation marks": "“",
    "open quotations": "“A b. ",
    "questions and speakers": "?” Aa Bb ",
    "apostrophes": "a'",
    "parentheses": "(a",
    "colons": "a: ",
    "dots": "a… ",
    "marks without a space": "。",
    "newlines": "\n",
    "lines of a letter": "a\n",
    "spaces": "a" + " " * 50,
    "bullets": "-",
    "combining marks": "\u0301",
    "combining marks out of order": "\u0315\u0300",
    "ligatures": "ﷺ",
    "surrogates": "\ud800",
    "emoji": "👩‍👩‍👧",
    "right to left": "\u202eשלום ",
    "tags": "<b>",
}

#: How much longer twice the text may take: linear is 2, quadratic 4, and what lies between leaves room for noise.
STEEPEST = 3.0

#: Seconds from which on a time is worth comparing, and characters of the longest text. What takes less on a quarter of
#: it tells more of the machine's caches than of the text.
WORTH, LONGEST = 0.05, 1 << 22


def _labelled(text: str, spans: Sequence[tuple[int, int]]) -> LabelledDocument:
    """Give sentences with probabilities that nobody computed."""
    probabilities = dict.fromkeys(MODEL.types, 0.5)
    sentences = [
        LabelledSentence(0, i, start, end, text[start:end], MODEL.types[0], MODEL.types, probabilities, False)
        for i, (start, end) in enumerate(spans)
    ]
    return LabelledDocument("d", text, sentences, {})


def _article(text: str) -> LabelledDocument:
    return _labelled(text, segment(text))


def _sentence(text: str) -> LabelledDocument:
    """Give the text as one sentence, as a row of a table can hold it."""
    return _labelled(text, [(0, len(text))])


#: What is done with a text of a shape -> what prepares it, and what is timed.
PATHS: dict[str, tuple[Callable[[str], object], Callable[..., object]]] = {
    "segment": (str, segment),
    "label": (str, lambda text: list(MODEL.label(text))),
    "score as one sentence": (str, lambda text: MODEL.predict_proba([text])),
    "explain as one sentence": (str, lambda text: MODEL.explain([text])),
    "JSONL": (_article, lambda found: write_jsonl(found.records("h"), io.StringIO())),
    "CSV": (_article, lambda found: write_csv(found.records("h"), [], MODEL.types, io.StringIO())),
    "table": (_article, lambda found: write_table([found], "h", io.StringIO())),
    "table of one sentence": (_sentence, lambda found: write_table([found], "h", io.StringIO())),
    "page": (_article, lambda found: write_page([found], MODEL, io.StringIO())),
    "page of one sentence": (_sentence, lambda found: write_page([found], MODEL, io.StringIO())),
}


def seconds(path: str, shape: str, n: int) -> float:
    """Time a path on a text of a shape.

    Parameters
    ----------
    path, shape : str
        Keys of `PATHS` and `SHAPES`.
    n : int
        Characters.

    Returns
    -------
    float
        The shorter of two times, in seconds.
    """
    prepare, run = PATHS[path]
    unit = SHAPES[shape]
    prepared = prepare((unit * (n // len(unit) + 1))[:n])
    times = []
    for _ in range(2):
        gc.collect()
        began = time.perf_counter()
        run(prepared)
        times.append(time.perf_counter() - began)
    return min(times)


def growth(path: str, shape: str) -> tuple[int, float, float]:
    """Say how the time grows with the text.

    Parameters
    ----------
    path, shape : str

    Returns
    -------
    n : int
        Characters of the longest text.
    seconds : float
        Time that it takes.
    ratio : float
        How much longer twice the text takes, as the mean over two doublings; the lowest of up to three measurements,
        since what else the machine does only adds. 0 if even the longest text takes too little to tell.
    """
    n = 1 << 14
    while (first := seconds(path, shape, n)) < WORTH and 4 * n < LONGEST:
        n *= 2
    ratios: list[float] = []
    last = first
    while not ratios or (len(ratios) < 3 and min(ratios) > STEEPEST):
        first = seconds(path, shape, n) if ratios else first
        last = seconds(path, shape, 4 * n)
        ratios.append(math.sqrt(last / first) if first >= WORTH else 0.0)
    return 4 * n, last, min(ratios)
