"""Articles in web pages, and what is said where an extra is not installed."""

import sys
from pathlib import Path

import pytest

from wiredesk.errors import InputError
from wiredesk.models import load_model
from wiredesk.prediction import predict
from wiredesk.readers import Reading, read_article, read_documents
from wiredesk.seeds.extras import MissingExtraError
from wiredesk.sources import find_sources

pytest.importorskip("trafilatura")

PARAGRAPHS = [
    "Two rockets hit the covered market in Darsa on Friday morning, and the roof of the old hall came down.",
    "“Six people died,” the mayor, Ina Brandt, said in the evening. She asked people to keep away from the square.",
    "The bridge over the river stays closed until engineers have looked at its piers, the town council said.",
    "Rain is expected at the weekend, and the trains to the coast run every two hours instead of every hour.",
]

PAGE = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="CHARSET">
<title>Rockets hit the market in Darsa - The Darsa Courier</title>
<script>var tracker = "Scripts are no news.";</script>
<style>body {{ font-family: serif; }}</style>
</head>
<body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/weather">Weather</a></li></ul></nav></header>
<main><article>
<h1>Rockets hit the market in Darsa</h1>
{"".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)}
</article></main>
<aside><h2>Most read</h2>
<ul><li><a href="/1">Ferry fares go up</a></li><li><a href="/2">A new fountain</a></li></ul></aside>
<footer><p>Subscribe to our newsletter. <a href="/imprint">Imprint</a>. All rights reserved.</p></footer>
</body>
</html>
"""


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("page.html").write_text(PAGE.replace("CHARSET", "utf-8"), encoding="utf-8")
    return "page.html"


def read(path, reading=Reading()):  # noqa: B008
    rejects = []
    return list(read_documents(find_sources([path]), reading, rejects.append)), rejects


def told(path, reading=Reading()):  # noqa: B008
    """Read a page that is rejected; where and why."""
    found, [reject] = read(path, reading)
    assert found == []
    return reject.told


def test_article_is_found_and_nothing_around_it(page):
    [document] = read(page)[0]
    for paragraph in PARAGRAPHS:
        assert paragraph in document.text
    for other in ("Home", "Weather", "Ferry", "fountain", "newsletter", "Imprint", "Scripts", "serif"):
        assert other not in document.text


def test_sentences_of_a_page_slice_its_text(page):
    [document] = read(page)[0]
    assert all(document.text[start:end] == text for start, end, text in document.sentences)
    assert "“Six people died,” the mayor, Ina Brandt, said in the evening." in [t for _, _, t in document.sentences]


def test_lines_of_a_page_are_its_paragraphs(page):
    [document] = read(page, Reading(unit="sentence"))[0]
    assert [text for _, _, text in document.sentences][-4:] == PARAGRAPHS


def test_page_with_an_xml_declaration_is_read(page):
    Path(page).write_text('<?xml version="1.0" encoding="utf-8"?>\n' + PAGE, encoding="utf-8")
    assert PARAGRAPHS[1] in read(page)[0][0].text


def test_page_is_one_article_to_read(page):
    assert PARAGRAPHS[0] in read_article(page)


def test_kept_text_is_what_offsets_refer_to(page, tmp_path):
    (tmp_path / "kept").mkdir()
    [document] = read(page, Reading(keep_text="kept"))[0]
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["page.html.txt"]
    kept = (tmp_path / "kept" / "page.html.txt").read_bytes().decode()
    assert kept == document.text
    assert all(kept[start:end] == text for start, end, text in document.sentences)


def test_kept_text_labels_like_its_page(page, tmp_path):
    (tmp_path / "kept").mkdir()
    model = load_model()
    [document] = read(page, Reading(keep_text="kept"))[0]
    [again] = read("kept/page.html.txt")[0]
    assert again.sentences == document.sentences
    assert list(model.label_documents([again.sentences])) == list(model.label_documents([document.sentences]))


@pytest.mark.parametrize(
    ("one", "other"),
    [("north/page.html", "south/page.html"), ("north/page.html", "north_page.html"), ("../page.html", "page.html")],
)
def test_pages_of_one_name_are_kept_apart(tmp_path, monkeypatch, one, other):
    (tmp_path / "here" / "kept").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    for name, town in ((one, "Belm"), (other, "Tarn")):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(PAGE.replace("Darsa", town))
        assert read(name, Reading(keep_text="kept"))[1] == []
    assert len(list(Path("kept").iterdir())) == 2


def test_only_pages_are_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("kept").mkdir()
    Path("a.txt").write_text("Rain fell.")
    read("a.txt", Reading(keep_text="kept"))
    assert list(Path("kept").iterdir()) == []


def test_pages_own_encoding_is_hinted_at(page):
    data = PAGE.replace("CHARSET", "windows-1252").encode("cp1252")
    Path(page).write_bytes(data)
    at = data.index(b"\x93")  # The first quotation mark.
    assert told(page) == (
        f"page.html: not UTF-8 (byte {at}: invalid start byte); "
        "save it as UTF-8 or name its encoding (the page says --encoding windows-1252)"
    )


def test_hinted_encoding_reads_the_page(page):
    Path(page).write_bytes(PAGE.replace("CHARSET", "windows-1252").encode("cp1252"))
    assert PARAGRAPHS[1] in read(page, Reading(encoding="windows-1252"))[0][0].text


def test_page_that_names_no_encoding_gets_a_guess(page):
    Path(page).write_bytes(PAGE.replace('<meta charset="CHARSET">', "").encode("cp1252"))
    assert told(page).endswith("name its encoding (as in --encoding latin-1)")


@pytest.mark.parametrize("content", ["<html></html>", "<html><body><nav><a href='/'>Home</a></nav></body></html>"])
def test_page_without_an_article_is_rejected(page, content):
    Path(page).write_text(content)
    assert told(page).startswith("page.html: no article found in this page")
    assert told(page).endswith("; copy its text into a .txt file")


def test_page_with_a_notice_alone_is_rejected_and_the_notice_shown(page):
    Path(page).write_text("<html><body><p>Please switch on cookies.</p></body></html>")
    assert "(only 'Please switch on cookies.')" in told(page)


def test_empty_page_and_page_with_nul_are_rejected(page):
    Path(page).write_text(" \n")
    assert told(page) == "page.html: empty; there is no sentence to label"
    Path(page).write_text(PAGE.replace("Friday", "Fri\0day"))
    assert told(page).startswith("page.html: holds NUL characters")


# Where an extra is not installed


def test_page_without_trafilatura_names_the_extra(page, monkeypatch):
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(MissingExtraError, match=r"^[^\n]*trafilatura[^\n]*pip install 'wiredesk\[html\]'$"):
        read(page)


def test_text_needs_no_extra(monkeypatch, tmp_path):
    for name in ("trafilatura", "pyarrow", "jinja2"):
        monkeypatch.setitem(sys.modules, name, None)
    (tmp_path / "a.txt").write_text("Rain fell.")
    (tmp_path / "b.jsonl").write_text('{"text": "Snow fell.", "n": 1}\n')
    for ending in ("jsonl", "csv", "txt"):
        format_name = {"txt": "table"}.get(ending, ending)
        outcome = predict(
            find_sources([str(tmp_path / "a.txt"), str(tmp_path / "b.jsonl")]),
            Reading(),
            load_model(),
            format_name,
            str(tmp_path / f"out.{ending}"),
        )
        assert outcome.summary.documents == 2


@pytest.mark.parametrize("output", ["out.jsonl", "out.csv"])
def test_parquet_input_without_pyarrow_names_the_extra(monkeypatch, tmp_path, output):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.chdir(tmp_path)
    Path("rows.parquet").write_bytes(b"PAR1")
    with pytest.raises(MissingExtraError, match=r"^[^\n]*pyarrow[^\n]*pip install 'wiredesk\[parquet\]'$"):
        predict(find_sources(["rows.parquet"]), Reading(), load_model(), output.partition(".")[2], output)
    assert [path.name for path in tmp_path.iterdir()] == ["rows.parquet"]


@pytest.mark.parametrize(
    ("module", "format_name", "extra"), [("pyarrow", "parquet", "parquet"), ("jinja2", "html", "report")]
)
def test_output_without_its_extra_names_it_and_leaves_nothing(monkeypatch, tmp_path, module, format_name, extra):
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("Rain fell.")
    message = rf"^[^\n]*{module}[^\n]*pip install 'wiredesk\[{extra}\]'$"
    with pytest.raises((MissingExtraError, InputError), match=message):
        predict(find_sources(["a.txt"]), Reading(), load_model(), format_name, "out")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
