"""What is promised of every text, checked on one."""

from __future__ import annotations

import csv
import html.parser
import io
import json
import math
from collections import Counter

from wiredesk.documents import LabelledDocument
from wiredesk.features import normalize, segment
from wiredesk.models import Model, load_model
from wiredesk.pages.article import write_page
from wiredesk.rejects import Reject
from wiredesk.rows import read_rows
from wiredesk.sources import Source
from wiredesk.writers import write_csv, write_jsonl, write_table

MODEL = load_model()

#: Tags of a page: a text adds none.
_TAGS = frozenset(
    "a article aside b body button code details div h2 head header html i input kbd label li main meta nav ol output p "
    "script section small span style summary time title ul".split()
)


def check(text: str, model: Model = MODEL) -> int:
    """Check all that is promised of one text.

    Parameters
    ----------
    text : str
    model : Model

    Returns
    -------
    int
        Its sentences.

    Raises
    ------
    AssertionError
    """
    _check_spans(text)
    sentences = list(model.label(text))
    for sentence in sentences:
        assert text[sentence.start : sentence.end] == sentence.text, "offsets slice back"
        _check_probabilities(list(sentence.probabilities.values()))
    _check_probabilities(model.predict_proba([text])[0].tolist())
    normal = normalize(text)
    assert normalize(normal) == normal, "normal text is normal"
    for e in model.explain([text]):
        total = e.intercept + math.fsum(c.value for c in e.contributions)
        assert math.isclose(e.score, total, rel_tol=1e-6, abs_tol=1e-6), "contributions add up to the score"
    document = LabelledDocument(text, text, sentences, {"title": text, "url": text, text: text})
    _check_json(document, model)
    _check_csv(document, model)
    _check_table(document, model)
    _check_page(document, model)
    _check_rows(text)
    return len(sentences)


def _check_spans(text: str) -> None:
    rebuilt, position = "", 0
    for start, end in segment(text):
        gap = text[position:start]
        assert not gap.strip("".join(filter(str.isspace, gap)) + "-‐‑‒–—―−•‣⁃◦▪▫■□●○◆►▸·∙*"), "gaps hold no words"
        assert position <= start < end, "segments are in order and not empty"
        assert text[start:end].strip() == text[start:end], "segments have no white space at their edges"
        rebuilt += gap + text[start:end]
        position = end
    assert rebuilt + text[position:] == text, "segments and gaps join to the text"


def _check_probabilities(values: list[float]) -> None:
    assert all(math.isfinite(p) and 0 <= p <= 1 for p in values), "probabilities are finite and from 0 to 1"


def _check_json(document: LabelledDocument, model: Model) -> None:
    out = io.StringIO()
    write_jsonl(document.records(model.hash), out)
    lines = out.getvalue().splitlines()
    assert [json.loads(line) for line in lines] == list(document.records(model.hash)), "JSON gives records back"


def _check_csv(document: LabelledDocument, model: Model) -> None:
    out = io.StringIO(newline="")
    write_csv(document.records(model.hash), document.columns, model.types, out)
    header, *rows = csv.reader(io.StringIO(out.getvalue(), newline=""), strict=True)
    assert len(set(header)) == len(header), "columns have names of their own"
    assert len(rows) == len(document.sentences), "CSV has a row a sentence"
    for row, sentence in zip(rows, document.sentences, strict=True):
        assert len(row) == len(header), "rows are as long as the header"
        assert row[4].removeprefix("'") == sentence.text.removeprefix("'"), "CSV gives text back"
    for cell in (cell for row in (header, *rows) for cell in row):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0")) or _is_number(cell), "no formulas"


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


def _check_table(document: LabelledDocument, model: Model) -> None:
    out = io.StringIO()
    write_table([document], model.hash, out)
    steering = [c for c in out.getvalue() if (c < " " and c != "\n") or "\x7f" <= c < "\xa0" or c in "\u202e\u2066"]
    assert not steering, "a table does not steer the terminal"


class _Page(html.parser.HTMLParser):
    """Collects a page's tags, and attributes that would run something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attributes:
            if name.startswith("on") or (name == "href" and "script:" in (value or "").lower()):
                self.handlers.append(name)


def _check_page(document: LabelledDocument, model: Model) -> None:
    out = io.StringIO()
    write_page([document], model, out)
    found = out.getvalue()
    found.encode()  # Without lone surrogates.
    page = _Page()
    page.feed(found)
    assert page.tags.keys() <= _TAGS and page.tags["script"] == 2, "text adds no tags to a page"
    assert not page.handlers, "text adds no handlers to a page"
    _, _, data = found.partition('id="data">')
    assert len(json.loads(data.partition("</script>")[0])["sentences"]) == len(document.sentences), "data of a page"


def _check_rows(text: str) -> None:
    cells = {"text": text, "other": f"{text}x"}
    rejects: list[Reject] = []
    line = json.dumps(cells).encode()
    (row,) = read_rows(Source("in.jsonl", "jsonl"), io.BytesIO(line), "utf-8", None, rejects.append)
    assert row.cells == cells, "JSON is read as it was written"
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([cells.keys(), cells.values()])
    file = io.BytesIO(out.getvalue().encode("utf-8", "replace"))
    found = list(read_rows(Source("in.csv", "csv"), file, "utf-8", None, rejects.append))
    assert not rejects and len(found) == 1, "CSV is read"
    assert found[0].cells["text"] == text.encode("utf-8", "replace").decode(), "CSV is read as it was written"
