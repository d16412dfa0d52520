"""Input files: which ones names, folders and patterns mean, and their bytes."""

import gzip
import os
from pathlib import Path

import pytest

from wiredesk.errors import InputError
from wiredesk.models import load_model
from wiredesk.prediction import predict
from wiredesk.readers import Reading, read_documents
from wiredesk.rejects import refuse
from wiredesk.sources import Source, find_sources, format_of, open_source

RAIN = "Rain fell in Belm."
CONTENT = {"text": RAIN, "jsonl": f'{{"text": "{RAIN}"}}\n', "csv": f"text\n{RAIN}\n", "tsv": f"id\ttext\n1\t{RAIN}\n"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Make a folder, the current one, of files named by what they hold."""
    for name in ("b.txt", "a.MD", "sub/deep/c.jsonl", "sub/d.csv.gz", ".hidden.txt", ".git/e.txt", "f.json", "g.pdf"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(RAIN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(*inputs, format=None):
    return [source.name for source in find_sources(inputs, format)]


def refused(*inputs, format=None):
    """Name inputs that are refused; the message."""
    with pytest.raises(InputError) as error:
        find_sources(inputs, format)
    return str(error.value)


# Endings


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.txt", "text"),
        ("a.md", "text"),
        ("a.html", "html"),
        ("a.htm", "html"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson", "jsonl"),
        ("a.csv", "csv"),
        ("a.tsv", "tsv"),
        ("a.parquet", "parquet"),
        ("a.txt.gz", "text"),
        ("a.jsonl.gz", "jsonl"),
        ("A.CSV.GZ", "csv"),
        ("2024.01.HTML", "html"),
        ("a.parquet.gz", None),
        ("a.json", None),
        ("a.gz", None),
        ("a", None),
        (".txt", None),
    ],
)
def test_ending_tells_the_format(name, format):
    assert format_of(name) == format


def test_file_without_a_telling_ending_is_plain_text(folder):
    (folder / "article").write_text(RAIN)
    assert find_sources(["article"]) == [Source("article", "text")]


@pytest.mark.parametrize("name", ["rows.json", "feed.xml", "my.wiredesk", "ROWS.JSON", "rows.json.gz", "feed.xml.gz"])
def test_structured_files_are_no_articles(folder, name):
    (folder / name).write_text("{}")
    message = refused(name)
    assert message.startswith(f"{name}: ")
    assert "is no article; files end in .txt, .md, .html" in message


def test_input_format_overrules_endings_of_named_files(folder):
    assert find_sources(["f.json"], "jsonl") == [Source("f.json", "jsonl")]
    assert find_sources(["b.txt"], "csv") == [Source("b.txt", "csv")]


def test_input_format_is_that_of_stdin():
    assert find_sources(["-"], "parquet") == [Source("-", "parquet")]
    assert find_sources(["-"]) == [Source("-", "text")]


def test_input_format_leaves_a_folders_files_as_their_endings_say(folder):
    assert [source.format for source in find_sources(["."], "html")] == ["text", "text", "csv", "jsonl"]


def test_unknown_input_format_lists_the_known_ones(folder):
    message = refused("b.txt", format="xml")
    assert message == "input format 'xml' is unknown; choose text, html, jsonl, csv, tsv, parquet"


@pytest.mark.parametrize(
    ("format", "is_table"),
    [("text", False), ("html", False), ("jsonl", True), ("csv", True), ("tsv", True), ("parquet", True)],
)
def test_tables_hold_a_text_a_row(format, is_table):
    assert Source("a", format).is_table is is_table


# Names, folders, patterns


def test_folder_is_searched_at_any_depth_in_order_and_hidden_files_are_left_out(folder):
    assert names(".") == ["a.MD", "b.txt", "sub/d.csv.gz", "sub/deep/c.jsonl"]


def test_paths_in_a_folder_begin_as_it_was_named(folder):
    assert names("sub") == ["sub/d.csv.gz", "sub/deep/c.jsonl"]
    assert names(str(folder / "sub"))[0] == str(folder / "sub" / "d.csv.gz")


def test_hidden_folder_is_searched_if_named(folder):
    assert names(".git") == [".git/e.txt"]


def test_folder_with_nothing_to_label_names_the_endings(folder):
    (folder / "empty").mkdir()
    assert refused("empty") == (
        "empty: no file to label in this folder; "
        "files end in .txt, .md, .html, .htm, .jsonl, .ndjson, .csv, .tsv or .parquet"
    )


def test_folder_leaves_out_what_is_no_file(folder):
    os.mkfifo(folder / "sub" / "pipe.txt")
    (folder / "sub" / "gone.txt").symlink_to("nowhere.txt")
    (folder / "sub" / "folder.txt").mkdir()
    assert names("sub") == ["sub/d.csv.gz", "sub/deep/c.jsonl"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everywhere")
def test_folder_that_cannot_be_read_is_not_passed_over(folder):
    (folder / "locked").mkdir(mode=0)
    assert "Permission denied; make it readable or name the files" in refused(".")


def test_pattern_gives_its_files_in_order(folder):
    (folder / "a.txt").write_text(RAIN)
    assert names("*.txt") == ["a.txt", "b.txt"]


def test_two_stars_reach_any_depth(folder):
    assert names("**/*.jsonl") == ["sub/deep/c.jsonl"]


def test_pattern_leaves_out_folders(folder):
    assert names("sub/*") == ["sub/d.csv.gz"]


def test_pattern_without_a_file_is_refused(folder):
    assert refused("*.html") == "*.html: no file is named like this; check the pattern"


def test_file_whose_name_looks_like_a_pattern_is_taken_by_name(folder):
    (folder / "x[1].txt").write_text(RAIN)
    (folder / "x1.txt").write_text(RAIN)
    assert names("x[1].txt") == ["x[1].txt"]


def test_missing_file_is_refused(folder):
    assert refused("b.txt", "nowhere.txt") == "nowhere.txt: no such file or folder; check the name"


def test_blank_name_is_not_this_folder(folder):
    assert refused("") == "an input is an empty string; name a file or a folder"


def test_file_that_is_named_several_ways_is_listed_once_as_first_named(folder):
    assert names("b.txt", ".", "./b.txt", str(folder / "b.txt"), "*.txt") == [
        "b.txt",
        "a.MD",
        "sub/d.csv.gz",
        "sub/deep/c.jsonl",
    ]


def test_stdin_stands_where_it_is_named(folder):
    assert names("b.txt", "-", "a.MD") == ["b.txt", "-", "a.MD"]


def test_stdin_is_not_the_file_of_that_name(folder):
    (folder / "-").write_text(RAIN)
    assert names("-", "./-") == ["-", "./-"]


def test_stdin_twice_is_refused():
    assert refused("-", "-") == "stdin (-) is named twice; it can be read once"


# Bytes


def texts_of(path):
    return [document.text for document in read_documents(find_sources([str(path)]), Reading(), refuse)]


def content_of(path):
    with open_source(Source(str(path), "text")) as (content, _):
        return content.read()


def test_size_is_that_of_the_file_and_0_for_what_has_none(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"12345")
    os.mkfifo(tmp_path / "pipe")
    assert Source(str(tmp_path / "a.txt"), "text").size == 5
    assert Source("-", "jsonl", str(tmp_path / "a.txt")).size == 5
    assert Source("-", "text").size == 0
    assert Source(str(tmp_path / "pipe"), "text").size == 0


@pytest.mark.parametrize("ending", [".gz", ".GZ"])
def test_gzip_is_unpacked_and_the_position_is_that_in_the_file(tmp_path, ending):
    path = tmp_path / f"a.txt{ending}"
    path.write_bytes(gzip.compress(b"rain " * 1000))
    with open_source(Source(str(path), "text")) as (content, file):
        assert content.read() == b"rain " * 1000
        assert file.tell() == path.stat().st_size


@pytest.mark.parametrize(
    ("ending", "format"), [("txt", "text"), ("md", "text"), ("jsonl", "jsonl"), ("csv", "csv"), ("tsv", "tsv")]
)
def test_every_text_format_may_be_compressed(tmp_path, ending, format):
    path = tmp_path / f"a.{ending}.gz"
    path.write_bytes(gzip.compress(CONTENT[format].encode()))
    assert texts_of(path) == [RAIN]


def test_gzip_of_two_members_is_one_file(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text": "Rain fell."}\n') + gzip.compress(b'{"text": "Snow fell."}\n'))
    assert texts_of(path) == ["Rain fell.", "Snow fell."]


def test_gzip_that_is_cut_off_is_called_so(tmp_path):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(RAIN.encode())[:-9])
    with pytest.raises(InputError, match="a.txt.gz: is cut off; the compressed file is not whole"):
        content_of(path)


def test_gzip_that_is_none_is_called_so(tmp_path):
    (tmp_path / "a.txt.gz").write_text(RAIN)
    with pytest.raises(InputError, match=r"a.txt.gz: Not a gzipped file \(b'Ra'\)"):
        content_of(tmp_path / "a.txt.gz")


def test_gzip_whose_checksum_is_wrong_is_refused(tmp_path):
    whole = bytearray(gzip.compress(RAIN.encode()))
    whole[-8] ^= 1
    (tmp_path / "a.txt.gz").write_bytes(whole)
    with pytest.raises(InputError, match="a.txt.gz: CRC check failed"):
        content_of(tmp_path / "a.txt.gz")


def test_gzip_that_is_damaged_inside_is_refused(tmp_path):
    # A header of ten bytes, then a block of type 3, which there is not.
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(RAIN.encode())[:10] + b"\xff" * 30)
    with pytest.raises(InputError, match="a.txt.gz: "):
        content_of(tmp_path / "a.txt.gz")


def test_damaged_gzip_costs_the_rows_behind_the_damage_alone(tmp_path):
    rows = b"".join(b'{"text": "Rain fell on day %d."}\n' % i for i in range(3000))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(rows)[:-100])
    rejects = []
    found = list(read_documents(find_sources([str(tmp_path / "a.jsonl.gz")]), Reading(), rejects.append))
    assert 0 < len(found) < 3000
    assert [document.text for document in found] == [f"Rain fell on day {i}." for i in range(len(found))]
    assert [reject.reason for reject in rejects] == ["is cut off; the compressed file is not whole"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everywhere")
def test_file_without_permission_is_named(folder):
    (folder / "b.txt").chmod(0)
    with pytest.raises(InputError, match="^b.txt: Permission denied$"):
        texts_of("b.txt")


def test_file_that_went_away_is_named(folder):
    sources = find_sources(["b.txt"])
    Path("b.txt").unlink()
    with pytest.raises(InputError, match="^b.txt: No such file or directory$"):
        list(read_documents(sources, Reading(), refuse))


@pytest.mark.parametrize("format_name", ["jsonl", "csv", "parquet"])
def test_named_pipe_is_read_once(tmp_path, format_name):
    # As a shell's <(command) is: what was read is gone.
    read_end, write_end = os.pipe()
    os.write(write_end, CONTENT["jsonl"].encode())
    os.close(write_end)
    try:
        sources = find_sources([f"/dev/fd/{read_end}"], "jsonl")
        outcome = predict(sources, Reading(), load_model(), format_name, str(tmp_path / "out"))
    finally:
        os.close(read_end)
    assert outcome.summary.documents == 1
