"""Hostile text: what is promised of any text, and characters that some reader, terminal or spreadsheet obeys."""

from __future__ import annotations

import csv
import io
import json
import random
import sys
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fuzz.promises import check
from fuzz.texts import PIECES, hostile_texts, search
from wiredesk.annotation import review_order
from wiredesk.cli import _fail
from wiredesk.commands.agreement import _table, _told
from wiredesk.commands.explain import format_explanation
from wiredesk.documents import LabelledDocument
from wiredesk.errors import InputError
from wiredesk.eval.agreement import Agreement, Disagreement
from wiredesk.eval.tables import format_summaries
from wiredesk.features import normalize, segment
from wiredesk.features.segmentation import MAX_SENTENCE_LENGTH
from wiredesk.features.tokens import order_marks
from wiredesk.models import Explanation, LabelledSentence, load_model
from wiredesk.readers import COLUMNS_NAMED, Reading, read_documents
from wiredesk.rejects import Reject
from wiredesk.rows import read_rows
from wiredesk.seeds import RecordError
from wiredesk.seeds.label_studio import labelling_config, read_label_studio
from wiredesk.seeds.tasks import Answer, answer_rows
from wiredesk.sources import Source, find_sources
from wiredesk.terminal import LONGEST, printable
from wiredesk.web_pages import MOST_TAGS
from wiredesk.writers import write_csv, write_jsonl, write_table

MODEL = load_model()

#: Texts of a kind each: everything that `check` looks at holds for all of them.
TEXTS = {
    "no spaces": "x" * 5000,
    "NULs": "Two\0rockets\0hit.\0\0 Six died.",
    "lone surrogates": "\ud800Two rockets\udfff hit.\ud83d \ude00Six died.",
    "right to left": "\u202eשלום. مرحبا؟ \u2066Two rockets hit.\u2069\u202c",
    "combining marks": "Z\u0301\u0315\u0316a\u0301 " * 50 + "\u0f73\u0315" * 300,
    "emoji": "👩‍👩‍👧 hit 🇺🇦. 😀😀😀 🙈!",
    "quotation marks": "\"“”„'" * 2000,
    "line ends": "Two rockets hit.\r\n\r\rSix died.\n\r\nTalks ended.\x85Rain.\u2028Hail.",
    "byte-order mark": "\ufeffTwo rockets hit.\ufeff Six died.",
    "HTML": "</script><script>alert(1)</script><img src=x onerror=alert(1)> &lt;b&gt; <!-- ]]> said.",
    "formulas": "=1+1\n+cmd|' /C calc'!A0\n-2+3\n@SUM(A1)\n\t=1\n＝1",
    "escapes": "Shells\x1b[31m fell\x1b]0;title\x07 \x9b1m\x08 on Darsa.",
    "templates": '{{ 7 * 7 }} {% raw %} ${x} %s %(a)s {0} \\ud800 \\" \\',
    "white space": "a" + " " * 3000 + "b.\t\v\f\x1c\u2003\u3000 c.",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_is_promised_holds(text):
    check(text, MODEL)


@settings(max_examples=60, deadline=None)
@given(hostile_texts())
def test_what_is_promised_holds_for_any_text(text):
    check(text, MODEL)


def test_pieces_together_in_any_order():
    check("".join(random.Random(1).sample(PIECES, len(PIECES))), MODEL)


def test_the_search_is_the_same_for_a_seed_and_finds_the_smallest(monkeypatch, capsys):
    tried = []

    def refuses_tabs(text):
        tried.append(text)
        assert "\t" not in text
        return 0

    monkeypatch.setattr("fuzz.texts.check", refuses_tabs)
    assert search(200, 3) == "\t"
    first = list(tried)
    tried.clear()
    assert search(200, 3) == "\t"
    assert tried == first
    assert "texts" in capsys.readouterr().out


@pytest.mark.parametrize("unit", ["word ", "x", '"', "\u0315\u0300"], ids=ascii)
def test_ten_megabytes_in_one_sentence(unit):
    text = (unit * (10_000_000 // len(unit))).strip()
    spans = segment(text)
    assert max(end - start for start, end in spans) <= MAX_SENTENCE_LENGTH
    assert spans[0].start == 0 and spans[-1].end == len(text)
    assert sum(end - start for start, end in spans) + text.count(" ") >= len(text)


def test_a_million_marks_in_one_sentence_have_probabilities():
    probabilities = MODEL.predict_proba(['"' * 1_000_000, "\u0315\u0300" * 500_000])
    assert np.isfinite(probabilities).all() and (probabilities >= 0).all() and (probabilities <= 1).all()


# Combining marks


def test_marks_out_of_order_are_brought_into_canonical_order():
    # U+0315 is of class 232, U+0300 of 230, which comes first; the first of them makes one letter with the a.
    assert order_marks("\u0315\u0300" * 20) == "\u0300" * 20 + "\u0315" * 20
    assert normalize("a" + "\u0315\u0300" * 200_000) == "à" + "\u0300" * 199_999 + "\u0315" * 200_000


def test_marks_that_come_apart_into_two_are_brought_into_order_too():
    assert normalize("\u0f73" * 100_000) == "\u0f71" * 100_000 + "\u0f72" * 100_000


def test_wide_marks_of_kana_are_marks():
    assert normalize("か\uff9e" + "\u0300\uff9e" * 100_000) == "が" + "\u3099" * 100_000 + "\u0300" * 100_000


@pytest.mark.parametrize("text", ["", "a" * 99, "é\u0301" * 50, "…" * 31, "═" * 99, "東京" * 99])
def test_ordinary_text_is_left(text):
    assert order_marks(text) == text


MARKS = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.combining(c)]


def test_every_mark_is_seen():
    assert len(MARKS) > 800
    for mark in MARKS:
        assert (
            order_marks(f"{mark}\u0301" * 20 + "\u0334" * 20).startswith("\u0334") or unicodedata.combining(mark) <= 1
        )


@settings(deadline=None)
@given(st.text(st.sampled_from("aがe\u0344\uff9e\u0f73…\ufb2c \u2003") | st.sampled_from(MARKS), max_size=120))
@example("\u0344" * 40)
def test_normal_forms_are_the_same(text):
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert unicodedata.normalize(form, order_marks(text)) == unicodedata.normalize(form, text)


# Terminals


def test_what_would_turn_a_line_around_is_replaced():
    turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    assert printable(f"a{turning}b") == "a" + "\ufffd" * 9 + "b"
    assert printable("a\u2028b\u2029c\x85d\x9b31m\x7f") == "a b c\ufffdd\ufffd31m\ufffd"
    assert printable("שלום \u200f مرحبا 東京 e\u0301") == "שלום \u200f مرحبا 東京 e\u0301"


def labelled(text, name="d", columns=None, types=("attack",)):
    p = dict.fromkeys(("attack", "figure"), 0.5)
    sentence = LabelledSentence(0, 0, 0, len(text), text, types[0] if types else "none", types, p, False)
    return LabelledDocument(name, text, [sentence], columns or {})


def test_a_table_neither_steers_nor_turns():
    out = io.StringIO()
    write_table([labelled("Rain\x1b[31m \u202efell.\x9b", name="\x1b]0;t\x07\n\u202ename")], "hash", out)
    assert not set(out.getvalue()) & set("\x1b\x07\x9b\u202e")
    assert "\ufffd[31m \ufffdfell.\ufffd" in out.getvalue()


def test_an_explanation_does_not_steer():
    told = format_explanation(Explanation("a\u202eb", 0.5, 0.5, 0.0, 0.0, ()), 3)
    assert told.startswith("a\ufffdb: yes")


def test_agreement_does_not_steer_and_stays_in_its_lines():
    table = _table([Agreement("a\x1b[31m\nb", 2, 1.0, {}, 0)])
    assert len(table.splitlines()) == 2 and "\x1b" not in table
    told = _told(Disagreement("d\n\x1b", "Rain\x1b fell.", {"x\n\u202e": ("a\x1b\nb",), "y": ()}))
    assert told.splitlines() == ["d \ufffd", "  Rain\ufffd fell.", "    x \ufffd: a\ufffd b", "    y: none"]


def test_agreement_on_no_type_is_a_table():
    assert _table([]).startswith("type  sentences")


def test_an_error_does_not_steer(capsys):
    with pytest.raises(SystemExit):
        _fail("a\x1b[31m\x9b\u202e.jsonl: no\nsuch file")
    assert capsys.readouterr().err == "wiredesk: a\ufffd[31m\ufffd\ufffd.jsonl: no such file\n"


def test_agreement_cuts_endless_sentences():
    told = _told(Disagreement("d", "x" * 1_000_000, {}))
    assert told.count("x") == LONGEST and told.endswith("…")


def test_a_table_cuts_endless_sentences():
    out = io.StringIO()
    write_table([labelled("x" * 1_000_000)], "hash", out)
    assert out.getvalue().count("x") == LONGEST and "…" in out.getvalue()


def test_names_of_data_sets_stay_in_their_line():
    row = {"name": "a\r\nb\u2028c", "sentences": 1, "documents": 1, "macro_f1": 0.5, "macro_f1_ci95": None}
    table = format_summaries("data\n", [{**row, "exact_match": 0.5}])
    head, rule, line = table.splitlines()
    assert head.startswith("data ") and set(rule) == {"-"} and line.startswith("a b c ")


def test_a_reject_is_told_in_a_line():
    assert Reject("a\n\x1b[2J.csv", 3, "no column 'x\u202e'").told == "a \ufffd[2J.csv:3: no column 'x\ufffd'"


# JSON


@pytest.mark.parametrize("text", ["a\x85b", "a\u2028b\u2029c", "\x9b31m", "\\u2028 \u2028", "é\x80"], ids=ascii)
def test_a_record_is_one_line_to_every_reader(text):
    out = io.StringIO()
    write_jsonl(labelled(text, name=text, columns={text: text}).records("hash"), out)
    [line] = out.getvalue().splitlines()
    assert not any("\x80" <= c < "\xa0" for c in line)
    assert [json.loads(line)[key] for key in ("text", "document", text)] == [text] * 3


# CSV


def cells(columns, text="Rain fell."):
    """Write a record as CSV; what a reader makes of its header and row."""
    out = io.StringIO(newline="")
    records = labelled(text, columns=columns).records("hash")
    write_csv(records, columns, ("attack", "figure"), out)
    header, row = csv.reader(io.StringIO(out.getvalue(), newline=""), strict=True)
    return dict(zip(header, row, strict=True))


@pytest.mark.parametrize("text", ["\0=1", "\x1b[31m", "\x0b=1", "＝1+1", "＋1", "－1", "＠A1"], ids=ascii)
def test_control_characters_and_wide_signs_begin_no_cell(text):
    assert cells({"title": text})["title"] == f"'{text}"


@pytest.mark.parametrize("name", ["a\rb", "a\r\nb", "a\nb", 'a"b', "a,b"])
def test_a_column_may_be_called_anything(name):
    assert cells({name: "x"})[name] == "x"


def test_a_column_called_like_a_probability_is_kept_beside_it():
    found = cells({"probability_attack": "mine", "input_probability_attack": "other"})
    assert found["probability_attack"] == "0.500000"
    assert found["input_probability_attack"] == "mine"
    assert found["input_input_probability_attack"] == "other"


# Reading


def test_ten_thousands_of_columns():
    names = ["text", *map(str, range(30_000))]
    file = io.BytesIO(f"{','.join(names)}\nRain.{',' * 30_000}\n".encode())
    [row] = read_rows(Source("a.csv", "csv"), file, "utf-8", None, pytest.fail)
    assert list(row.cells) == names
    file = io.BytesIO(f"{','.join(names)},7\n".encode())
    with pytest.raises(InputError, match="column '7' stands in the header twice"):
        list(read_rows(Source("a.csv", "csv"), file, "utf-8", None, pytest.fail))


def test_only_the_first_columns_are_named(tmp_path):
    (tmp_path / "a.csv").write_text(",".join(f"c{i}" for i in range(1000)) + f"\n{',' * 999}\n")
    rejects = []
    assert not list(read_documents(find_sources([str(tmp_path / "a.csv")]), Reading(), rejects.append))
    assert f", c{COLUMNS_NAMED - 1} and {1000 - COLUMNS_NAMED} more; choose one" in rejects[0].reason


def test_a_map_in_parquet_has_no_nan(tmp_path):
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    column = arrow.array([[("a", float("nan")), ("b", 1.0)]], arrow.map_(arrow.string(), arrow.float64()))
    parquet.write_table(arrow.table({"text": ["Rain."], "m": column}), tmp_path / "a.parquet")
    with (tmp_path / "a.parquet").open("rb") as file:
        [row] = read_rows(Source("a.parquet", "parquet"), file, "utf-8", None, pytest.fail)
    assert row.cells["m"] == [("a", None), ("b", 1.0)]


def read_page(tmp_path, page):
    pytest.importorskip("trafilatura")
    Path(tmp_path, "a.html").write_text(page, encoding="utf-8")
    rejects = []
    texts = [d.text for d in read_documents(find_sources([str(tmp_path / "a.html")]), Reading(), rejects.append)]
    return texts, [reject.reason for reject in rejects]


ARTICLE = (
    "Two rockets hit the market in Darsa on Monday morning, the mayor said, and six people died in the fire there."
)


@pytest.mark.parametrize("unit", ["<i>", "&#769;", "&amp;#769;"])
def test_a_page_of_too_many_tags_is_rejected(tmp_path, unit):
    texts, [reason] = read_page(tmp_path, f"<html><body><p>{ARTICLE}</p>{unit * MOST_TAGS}</body></html>")
    assert not texts
    assert reason == (
        "100,006 tags and numbered characters, of which a page to read has at most 100,000; "
        "copy its text into a .txt file"
    )


def test_a_page_of_marks_out_of_order(tmp_path):
    marks = "\u0315\u0300" * 200_000
    page = f"<html><body><article><p>{ARTICLE}</p><p>{marks}</p></article></body></html>"
    [text], reasons = read_page(tmp_path, page)
    assert not reasons
    assert text.startswith(ARTICLE) and text.endswith("\u0300" * 200_000 + "\u0315" * 200_000)


# Annotation


@pytest.mark.parametrize("name", ["a\0", "a\x1b", "a\ud800", "a\ufffe"], ids=ascii)
def test_a_type_that_xml_cannot_hold_is_refused(name):
    with pytest.raises(RecordError, match="holds a character that Label Studio's XML cannot; rename the type"):
        labelling_config(["b", name])


def test_odd_names_of_types_stand_in_the_configuration():
    from xml.etree import ElementTree

    names = ['a"b', "<a>&amp;", "a'b", "a > b", "東京", "a\tb\nc"]
    choices = ElementTree.fromstring(labelling_config(names)).iter("Choice")
    assert [choice.get("value") for choice in choices] == [*names, "none"]


@pytest.mark.parametrize("choices", ["abc", {"a": 1}, [1], [["a"]], None])
def test_choices_are_a_list_of_names(choices):
    result = {"from_name": "types", "value": {"choices": choices}}
    export = json.dumps([{"data": {"text": "Rain."}, "annotations": [{"result": [result]}]}])
    with pytest.raises(RecordError, match="a.json:1: no task with data, text and annotations"):
        list(read_label_studio(Path("a.json"), export))


def test_many_answers_for_one_sentence_stand_in_their_order():
    data = {"document": "d", "sentence": 0, "text": "Rain."}
    n = 20_000
    answers = [Answer(1, data, []), *(Answer(i, data, [(["a"], str(i))]) for i in range(2, n)), Answer(n, data, [])]
    rows = [row for _, row in answer_rows(answers)]
    assert [row["annotator"] for row in rows] == list(map(str, range(2, n)))


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_review_is_by_documents_then_nearness(seed):
    """Each type takes, of what is left, the sentence whose document has given the fewest, then the nearest."""
    numbers = random.Random(seed)
    sentences = [
        SimpleNamespace(
            document=numbers.randrange(5), probabilities={"a": numbers.random(), "b": numbers.choice((0.1, 0.7))}
        )
        for _ in range(40)
    ]
    left, given_, expected = list(range(40)), dict.fromkeys(range(5), 0), []
    while left:
        name = "ab"[len(expected) % 2]
        odds = {i: np.log(sentences[i].probabilities[name] / (1 - sentences[i].probabilities[name])) for i in left}
        best = min(left, key=lambda i: (given_[sentences[i].document], round(abs(odds[i]), 12), i))
        left.remove(best)
        given_[sentences[best].document] += 1
        expected.append(best)
    assert review_order(sentences, {"a": 0.5, "b": 0.5}) == expected


def test_a_document_of_many_sentences_is_put_in_order():
    sentences = [SimpleNamespace(document=0, probabilities={"a": (i + 1) / 40_000}) for i in range(20_000)]
    assert review_order(sentences, {"a": 0.5}) == list(range(19_999, -1, -1))
