"""What is left when the installed command is killed, stopped, or nobody reads on."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

WIREDESK = Path(sys.executable).with_name("wiredesk")

#: More sentences than are labelled at a time, so that the first document is written before the next one is waited for.
LONG = "Rain fell in Belm. " * 2100
LONG_SENTENCES = 2100

#: Seconds until a test gives up on a process that hangs.
PATIENCE = 60


@contextmanager
def running(*arguments, **options):
    """Run the command in the background; it is gone afterwards."""
    process = subprocess.Popen(
        [WIREDESK, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


HINT = "wiredesk: stopping after the documents at hand; once more stops at once"


def wait_for_reader(pipe, process):
    """Open a named pipe for writing when the process has opened it for reading; by then it has done what is before."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # Nobody reads it yet.
            assert process.poll() is None, process.stderr.read().decode()
            assert time.monotonic() < until
            time.sleep(0.01)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Make a folder, the current one, of a long article, a short one, and a pipe that is one when it is written to."""
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(LONG)
    Path("b.txt").write_text("Snow fell.")
    os.mkfifo("c.txt")
    Path("d.txt").write_text("Hail fell.")
    return tmp_path


INPUTS = ("a.txt", "b.txt", "c.txt", "d.txt")


@contextmanager
def waiting_in_the_middle(*options):
    """Run the command until it waits for its third article; the process and a function that lets it go on."""
    with running("predict", *INPUTS, *options) as process:
        pipe = wait_for_reader("c.txt", process)

        def go_on():
            os.write(pipe, b"Fog fell.")
            os.close(pipe)
            _, stderr = process.communicate(timeout=PATIENCE)
            return stderr.decode()

        yield process, go_on


def rows_of(path, ending):
    """Read a whole output file of any format."""
    if ending == "parquet":
        return pytest.importorskip("pyarrow.parquet").read_table(path).to_pylist()
    if ending == "csv":
        return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def visible():
    """Name the files that are no inputs and not hidden."""
    return sorted(name for name in os.listdir() if name not in INPUTS and not name.startswith("."))


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_killed_command_leaves_nothing_under_the_name(here, ending):
    with waiting_in_the_middle("-o", f"out.{ending}") as (process, _):
        assert any(name.endswith(".partial") for name in os.listdir())
        process.kill()
        process.wait(timeout=PATIENCE)
    assert visible() == []


def test_killed_command_leaves_the_file_it_was_to_replace(here):
    Path("out.jsonl").write_text("precious")
    with waiting_in_the_middle("-o", "out.jsonl", "--force") as (process, _):
        process.kill()
        process.wait(timeout=PATIENCE)
    assert Path("out.jsonl").read_text() == "precious"


def test_command_that_is_not_stopped_goes_on_to_the_end(here):
    with waiting_in_the_middle("-o", "out.jsonl") as (process, go_on):
        assert "wiredesk: 4 documents, 2,103 sentences" in go_on()
        assert process.returncode == 0
    assert visible() == ["out.jsonl"]
    assert [row["text"] for row in rows_of(Path("out.jsonl"), "jsonl")[-3:]] == [
        "Snow fell.",
        "Fog fell.",
        "Hail fell.",
    ]


@pytest.mark.parametrize(("asked", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_stopped_command_keeps_whole_documents(here, ending, asked, code):
    with waiting_in_the_middle("-o", f"out.{ending}") as (process, go_on):
        process.send_signal(asked)
        said = go_on().splitlines()
        assert process.returncode == code
    # The next document is let through when the request is seen, and no other.
    assert said[0] == HINT
    assert said[1] == f"wiredesk: stopped after b.txt; what is finished is in out.{ending}.partial"
    assert said[2].startswith("wiredesk: 2 documents, 2,101 sentences in ")
    assert len(said) == 3
    assert visible() == [f"out.{ending}.partial"]
    rows = rows_of(Path(f"out.{ending}.partial"), ending)
    assert [row["document"] for row in rows] == ["a.txt"] * LONG_SENTENCES + ["b.txt"]
    assert [int(row["sentence"]) for row in rows] == [*range(LONG_SENTENCES), 0]
    assert not [name for name in os.listdir() if name.startswith(".")]


def test_stopped_page_is_whole(here):
    pytest.importorskip("jinja2")
    with waiting_in_the_middle("-o", "out.html") as (process, go_on):
        process.send_signal(signal.SIGINT)
        go_on()
        assert process.returncode == 130
    page = Path("out.html.partial").read_text(encoding="utf-8")
    assert page.rstrip().endswith("</html>")
    assert "Snow fell." in page
    assert "Hail fell." not in page


def test_what_an_earlier_run_kept_is_left(here):
    for name in ("out.jsonl.partial", "out.jsonl.partial.2"):
        Path(name).write_text("precious")
    with waiting_in_the_middle("-o", "out.jsonl") as (process, go_on):
        process.send_signal(signal.SIGINT)
        assert "; what is finished is in out.jsonl.partial.3\n" in go_on()
    assert visible() == ["out.jsonl.partial", "out.jsonl.partial.2", "out.jsonl.partial.3"]
    assert Path("out.jsonl.partial").read_text() == Path("out.jsonl.partial.2").read_text() == "precious"


def test_rejects_of_a_stopped_command_are_kept(here):
    Path("b.txt").write_bytes(b"\xff")
    with waiting_in_the_middle("-o", "out.jsonl", "--rejects", "rejects.jsonl") as (process, go_on):
        process.send_signal(signal.SIGINT)
        go_on()
        assert process.returncode == 130
    assert [row["source"] for row in rows_of(Path("rejects.jsonl"), "jsonl")] == ["b.txt"]


def test_quiet_command_says_all_the_same_where_it_stopped(here):
    with waiting_in_the_middle("-o", "out.jsonl", "-q") as (process, go_on):
        process.send_signal(signal.SIGINT)
        assert go_on() == HINT + "\nwiredesk: stopped after b.txt; what is finished is in out.jsonl.partial\n"


def test_second_request_leaves_nothing(here):
    with waiting_in_the_middle("-o", "out.jsonl") as (process, _):
        # Of two kinds, since two of one kind may arrive as one; again, since one that comes just before a read that
        # waits is seen after it.
        process.send_signal(signal.SIGINT)
        for _ in range(PATIENCE):
            process.send_signal(signal.SIGTERM)
            try:
                _, stderr = process.communicate(timeout=1)
                break
            except subprocess.TimeoutExpired:
                continue
    assert process.returncode not in (0, None)
    assert b"Traceback" not in stderr
    assert sorted(os.listdir()) == sorted(INPUTS)


def test_stopped_stdin_ends_the_output_after_a_whole_document():
    rows = [json.dumps({"text": "Rain fell. Snow fell. Hail fell.", "id": f"d{i}"}) + "\n" for i in range(750)]
    with running("predict", "-", "--input-format", "jsonl") as process:
        process.stdin.write("".join(rows).encode())
        process.stdin.flush()
        # Written when a batch is done, which is not all of the rows; read past a buffer that `communicate` would lose.
        first = os.read(process.stdout.fileno(), 1)
        process.send_signal(signal.SIGINT)
        rest, stderr = process.communicate(timeout=PATIENCE)
        assert process.returncode == 130
    records = [json.loads(line) for line in (first + rest).splitlines()]
    documents = len(records) // 3
    assert 1 <= documents < 750
    assert [(r["document"], r["sentence"]) for r in records] == [
        (f"d{i}", j) for i in range(documents) for j in range(3)
    ]
    assert f"wiredesk: stopped after d{documents - 1}; the output ends there\n" in stderr.decode()


@pytest.mark.parametrize("options", [(), ("--format", "csv"), ("--format", "table"), ("--format", "parquet")])
def test_closed_pipe_ends_without_a_trace(here, options):
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        [WIREDESK, "predict", "a.txt", "a.txt", *options], stdout=write_end, stderr=subprocess.PIPE
    )
    os.close(write_end)
    os.close(read_end)  # Before anything can be written.
    _, stderr = process.communicate(timeout=PATIENCE)
    assert b"Traceback" not in stderr
    assert b"Exception" not in stderr
    assert stderr.count(b"\n") <= 1


def test_head_gets_its_line(here):
    done = subprocess.run(
        ["sh", "-c", '"$0" predict a.txt | head -n 1', WIREDESK],
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    assert json.loads(done.stdout)["text"] == "Rain fell in Belm."
    assert done.stderr == ""
