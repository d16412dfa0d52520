"""What is left of the installed command's work when the machine, the disk, the inputs or another process fail it."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest

import wiredesk
from wiredesk.errors import InputError
from wiredesk.models.atomic import free_name, whole_file, write_first
from wiredesk.readers import Reading
from wiredesk.runs import run
from wiredesk.sources import find_sources

WIREDESK = Path(sys.executable).with_name("wiredesk")

#: Seconds until a test gives up on a process that hangs.
PATIENCE = 60

ARTICLE = "Two rockets hit the market of Darsa. Six people died, the mayor of Velde said. Rain is likely. "

KINDS = (
    ("attack_report", "Rockets hit depot {} in the night."),
    ("casualty_figure", "{} people died in the raid."),
    ("official_quote", "Help is near, the mayor of district {} said."),
    ("political_context", "Parliament votes on law {} today."),
    (None, "Rain fell on road {}."),
)

#: A name that is not UTF-8, as Linux allows and old archives hold.
ODD = os.fsdecode(b"d\xff.jsonl")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """Make a folder of an article, labelled sentences and a small model."""
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "a.txt").write_text(ARTICLE * 100)
    rows = [
        {"text": text.format(i), "labels": [kind] if kind else [], "document": f"d{i}"}
        for i in range(12)
        for kind, text in KINDS
    ]
    # What the model is not trained on may be scored into it.
    others = [{**row, "text": f"Elsewhere: {row['text'].lower()}"} for row in rows]
    for name, written in (("d.jsonl", rows), ("e.jsonl", others), (ODD, others)):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in written))
    (folder / "b.jsonl").write_text("".join(json.dumps({"text": ARTICLE, "id": f"b{i}"}) + "\n" for i in range(20)))
    done = command(folder, "train", "d.jsonl", "--folds", "2", "-o", "m.wiredesk", SOURCE_DATE_EPOCH="0")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def here(tmp_path, inputs):
    """Give a folder of its own to a test, with the inputs."""
    for path in inputs.iterdir():
        (tmp_path / path.name).symlink_to(path)
    return tmp_path


def command(folder, *arguments, before=(), stdin=None, **env):
    """Run the command in a folder."""
    return subprocess.run(
        [*before, WIREDESK, *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        env={**os.environ, **env},
        timeout=PATIENCE,
    )


def started(folder, *arguments, **options):
    """Start the command in a folder."""
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([WIREDESK, *arguments], cwd=folder, **options)


def check_failed(done, message, code=1):
    """See that it failed, and said so in one line."""
    assert (done.stderr.count("\n"), done.returncode) == (1, code), done.stderr
    assert done.stderr.startswith("wiredesk: ")
    assert message in done.stderr


def made(folder, inputs):
    """Name what was made in a folder, hidden files left out."""
    return sorted({path.name for path in folder.iterdir() if path.name[0] != "."} - {p.name for p in inputs.iterdir()})


def hidden(folder):
    """Name the hidden files of a folder and those in it."""
    return sorted(path.name for path in folder.rglob(".*"))


def is_whole(path):
    """Say whether a file is all of one."""
    if path.suffix == ".jsonl":
        return [json.loads(line)["sentence"] for line in path.read_text().splitlines()] == list(range(300))
    if path.suffix == ".csv":
        return path.read_text(encoding="utf-8-sig").count("\n") == 301
    if path.suffix == ".parquet":
        return pytest.importorskip("pyarrow.parquet").read_table(path).num_rows == 300
    if path.suffix == ".html":
        return path.read_text().rstrip().endswith("</html>")
    return bool(wiredesk.load_model(path).types)


# Killed


@pytest.mark.parametrize("ending", ["jsonl", "parquet", "html"])
def test_killed_at_any_moment(here, inputs, ending):
    pytest.importorskip({"parquet": "pyarrow", "html": "jinja2"}.get(ending, "json"))
    out = here / f"out.{ending}"
    began = time.monotonic()
    assert command(here, "predict", "a.txt", "-o", f"whole.{ending}").returncode == 0
    lasted = time.monotonic() - began
    for share in (0.75, 0.95):
        process = started(here, "predict", "a.txt", "-o", out.name, "--force")
        time.sleep(share * lasted)
        process.kill()
        process.communicate(timeout=PATIENCE)
        assert not out.exists() or is_whole(out)
    assert command(here, "predict", "a.txt", "-o", out.name, "--force").returncode == 0
    assert out.read_bytes() == (here / f"whole.{ending}").read_bytes()


#: Runs the command, and is killed when it calls a function of `os` for the nth time: before it, or just behind it.
KILLED = """
import os, signal, sys
from wiredesk.cli import main

name, moment, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
real, calls = getattr(os, name), []

def call(*arguments, **options):
    calls.append(name)
    if moment == "behind" or len(calls) < number:
        real(*arguments, **options)
    if len(calls) == number:
        os.kill(os.getpid(), signal.SIGKILL)

setattr(os, name, call)
sys.argv[:4] = ["wiredesk"]
main()
"""


def kill_at(folder, moment, *arguments):
    """Run the command in a folder until it is killed at a moment."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *moment, *arguments],
        cwd=folder,
        capture_output=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": "0"},
        timeout=PATIENCE,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


# When the model is whole, but not yet in its place; and when it has just got there.
@pytest.mark.parametrize("moment", [("replace", "before", "1"), ("replace", "behind", "1")])
def test_killed_training_leaves_the_old_model_or_the_new_one(here, inputs, moment):
    train = ("train", "d.jsonl", "--folds", "2", "-o", "new.wiredesk", "--force")
    old = wiredesk.load_model().with_thresholds({"attack_report": 0.9})
    old.save(here / "new.wiredesk")
    kill_at(here, moment, *train)
    arrived = moment[1] == "behind"
    new = (inputs / "m.wiredesk").read_bytes()
    assert ((here / "new.wiredesk").read_bytes() == new) == arrived
    assert arrived or wiredesk.load_model(here / "new.wiredesk").hash == old.hash
    assert made(here, inputs) == ["new.wiredesk"]
    if not arrived:
        assert command(here, *train, SOURCE_DATE_EPOCH="0").returncode == 0
        assert (here / "new.wiredesk").read_bytes() == new


@pytest.mark.parametrize("moment", [("link", "before", "1"), ("link", "behind", "1")])
def test_killed_while_a_new_file_gets_its_name(here, inputs, moment):
    arguments = ("predict", "a.txt", "-o", "out.jsonl")
    kill_at(here, moment, *arguments)
    if moment[1] == "behind":
        assert is_whole(here / "out.jsonl")
        check_failed(command(here, *arguments), "out.jsonl: exists already")
    else:
        assert made(here, inputs) == []
        assert command(here, *arguments).returncode == 0
        assert is_whole(here / "out.jsonl")
    assert len(hidden(here)) == 1  # What was killed left it; nothing reads it.


def test_killed_evaluation_leaves_the_model_as_it_was(here, inputs):
    mine = here / "mine.wiredesk"
    mine.write_bytes((here / "m.wiredesk").read_bytes())
    evaluate = ("evaluate", "e.jsonl", "-m", "mine.wiredesk", "--into", "mine.wiredesk", "--force")
    kill_at(here, ("replace", "before", "1"), *evaluate)
    assert mine.read_bytes() == (here / "m.wiredesk").read_bytes()
    assert command(here, *evaluate).returncode == 0
    assert [told["name"] for told in wiredesk.load_model(mine).manifest["evaluations"]] == ["e.jsonl"]


# _run.json, what _model.wiredesk is made of, itself, and a part get their names by `link` or `replace`.
@pytest.mark.parametrize(
    "moment",
    [("link", "before", "1"), ("replace", "before", "1"), ("replace", "before", "2")],
)
def test_killed_run_in_parts_is_taken_up(here, moment):
    arguments = ("predict", "a.txt", "b.jsonl", "-o", "out/")
    kill_at(here, moment, *arguments)
    assert command(here, *arguments).returncode == 0
    assert sorted(os.listdir(here / "out")) == ["_model.wiredesk", "_run.json", "part-00000.jsonl", "part-00001.jsonl"]
    assert is_whole(here / "out" / "part-00000.jsonl")
    assert len((here / "out" / "part-00001.jsonl").read_text().splitlines()) == 60


def test_killed_while_the_text_of_a_page_is_kept(here):
    pytest.importorskip("trafilatura")
    (here / "kept").mkdir()
    (here / "page.html").write_text(f"<html><body><article><p>{ARTICLE * 5}</p></article></body></html>")
    arguments = ("predict", "page.html", "--keep-text", "kept", "-o", "out.jsonl")
    kill_at(here, ("replace", "before", "1"), *arguments)
    assert not (here / "kept" / "page.html.txt").exists()
    done = command(here, *arguments)
    assert done.returncode == 0, done.stderr
    text = (here / "kept" / "page.html.txt").read_text()
    rows = [json.loads(line) for line in (here / "out.jsonl").read_text().splitlines()]
    assert [text[row["start"] : row["end"]] for row in rows] == [row["text"] for row in rows]


# The first run is marked as over, loses a part, and the other one is written down.
@pytest.mark.parametrize("moment", [("replace", "behind", "1"), ("unlink", "behind", "2"), ("replace", "before", "2")])
def test_run_that_was_killed_while_it_removed_another_one(here, monkeypatch, moment):
    monkeypatch.chdir(here)
    run(find_sources(["a.txt", "b.jsonl"]), Reading(), wiredesk.load_model(), "jsonl", "out")
    kill_at(here, moment, "predict", "b.jsonl", "-o", "out/", "--force")
    with pytest.raises(InputError, match="holds another run"):
        run(find_sources(["b.jsonl"]), Reading(), wiredesk.load_model(), "jsonl", "out")
    run(find_sources(["b.jsonl"]), Reading(), wiredesk.load_model(), "jsonl", "out", force=True)
    assert sorted(os.listdir("out")) == ["_model.wiredesk", "_run.json", "part-00000.jsonl"]
    assert len(Path("out", "part-00000.jsonl").read_text().splitlines()) == 60


# The disk


def on_a_small_disk(folder, size, *arguments, then="", **options):
    """Run the command where the folder ``disk`` is a small file system of its own, in a namespace that ends with it."""
    script = f'mount -t tmpfs -o size={size} none disk || exit 99; {then}"$0" "$@"; code=$?; ls -AR disk; exit $code'
    (folder / "disk").mkdir()
    try:
        done = command(folder, *arguments, before=("unshare", "-rm", "sh", "-c", script), **options)
    except FileNotFoundError:
        pytest.skip("there is no unshare here")
    if done.returncode == 99 or "unshare" in done.stderr:
        pytest.skip("no file system can be mounted here")
    return done


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("predict", "a.txt", "-o", "disk/out.jsonl"), "disk/out.jsonl"),
        (("predict", "a.txt", "-o", "disk/out.parquet"), "disk/out.parquet"),
        (("predict", "a.txt", "-o", "disk/out.html"), "disk/out.html"),
        (("annotate", "a.txt", "-o", "disk/tasks.json"), "disk/tasks.json"),
        (("train", "d.jsonl", "--folds", "2", "-o", "disk/m.wiredesk"), "disk/m.wiredesk"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_full_disk(here, arguments, named):
    pytest.importorskip("pyarrow")
    pytest.importorskip("jinja2")
    done = on_a_small_disk(here, "4k", *arguments)
    check_failed(done, f"wiredesk: {named}: No space left on device")
    assert done.stdout.endswith("disk:\n")  # Nothing is there.


def test_full_disk_in_a_run_of_parts(here):
    done = on_a_small_disk(here, "3M", "predict", "a.txt", "b.jsonl", "-m", "m.wiredesk", "-o", "disk/out/")
    assert done.returncode == 0
    done = on_a_small_disk_again(here, "100k", "predict", "b.jsonl", "a.txt", "-m", "m.wiredesk", "-o", "disk/out/")
    check_failed(done, "disk/out/part-00001.jsonl: No space left on device")
    assert done.stdout.split() == ["disk:", "out", "disk/out:", "_model.wiredesk", "_run.json", "part-00000.jsonl"]


def on_a_small_disk_again(folder, *arguments):
    """Do so once more in a test."""
    (folder / "disk").rmdir()
    return on_a_small_disk(folder, *arguments)


def test_full_disk_for_rejects(here):
    (here / "bad.jsonl").write_text('{"text": "bad\n' * 500)
    done = on_a_small_disk(here, "4k", "predict", "bad.jsonl", "b.jsonl", "--rejects", "disk/r.jsonl", "-o", "o.jsonl")
    check_failed(done, "wiredesk: disk/r.jsonl: No space left on device")
    assert not (here / "o.jsonl").exists()
    assert done.stdout == "disk:\n"


def test_full_disk_for_the_copy_of_stdin(here):
    rows = json.dumps({"text": ARTICLE}) + "\n"
    arguments = ("predict", "-", "--input-format", "jsonl", "--format", "csv")
    for size in (60, 20000):  # Below and above what is copied at once.
        done = on_a_small_disk(here, "4k", *arguments, stdin=rows * size, TMPDIR="disk")
        check_failed(done, "-: No space left on device for the temporary copy of it; set TMPDIR to a folder with room")
        (here / "disk").rmdir()


def test_file_that_may_grow_no_further(here, inputs):
    done = command(here, "predict", "a.txt", "-o", "out.jsonl", before=("sh", "-c", 'ulimit -f 16; exec "$0" "$@"'))
    check_failed(done, "wiredesk: out.jsonl: File too large")
    assert made(here, inputs) == hidden(here) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("predict", "a.txt", "-o", "disk/out.jsonl"), "disk/out.jsonl: folder disk cannot be written to"),
        (("predict", "a.txt", "-o", "disk/parts/"), "disk/parts/_run.json: Read-only file system"),
        (("train", "d.jsonl", "-o", "disk/m.wiredesk", "--force"), "disk/m.wiredesk: folder disk cannot be written to"),
    ],
)
def test_read_only_folder(here, arguments, message):
    then = "mkdir disk/parts; echo old > disk/m.wiredesk; mount -o remount,ro disk; "
    done = on_a_small_disk(here, "1M", *arguments, then=then)
    check_failed(done, message)
    assert done.stdout == "disk:\nm.wiredesk\nparts\n\ndisk/parts:\n"


def test_file_that_may_not_be_replaced(here):
    # Renaming fails there, after all of the work; a model of the same name in the folder of a mount.
    (here / "fixed.md").write_text("old")
    script = 'mount --bind fixed.md fixed.md || exit 99; "$0" "$@"'
    done = command(here, "card", "-o", "fixed.md", "--force", before=("unshare", "-rm", "sh", "-c", script))
    if done.returncode == 99 or "unshare" in done.stderr:
        pytest.skip("no file system can be mounted here")
    check_failed(done, "wiredesk: fixed.md: Device or resource busy")
    assert (here / "fixed.md").read_text() == "old"
    assert hidden(here) == []


# Inputs that change


def test_input_that_vanishes_between_being_found_and_read(here):
    os.mkfifo(here / "1.txt")
    for name in ("2.txt", "3.txt", "4.txt"):
        (here / name).write_text(f"Rain fell on {name}.")
    process = started(here, "predict", "1.txt", "2.txt", "3.txt", "4.txt", "-o", "out.jsonl")
    with (here / "1.txt").open("w") as pipe:  # It has found them all when it reads the first one.
        (here / "2.txt").unlink()
        (here / "3.txt").unlink()
        (here / "3.txt").mkdir()
        pipe.write("Fog fell.")
    _, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    said = stderr.decode().splitlines()
    assert said[:2] == ["wiredesk: 2.txt: No such file or directory", "wiredesk: 3.txt: Is a directory"]
    assert len(said) == 4
    rows = [json.loads(line) for line in (here / "out.jsonl").read_text().splitlines()]
    assert [row["text"] for row in rows] == ["Fog fell.", "Rain fell on 4.txt."]


def test_labelled_data_that_vanishes(here):
    os.mkfifo(here / "1.jsonl")
    (here / "2.jsonl").write_text("{}")
    process = started(here, "train", "1.jsonl", "2.jsonl", "-o", "new.wiredesk", text=True)
    with (here / "1.jsonl").open("w") as pipe:
        (here / "2.jsonl").unlink()
        pipe.write('{"text": "Rain fell.", "labels": []}\n')
    _, stderr = process.communicate(timeout=PATIENCE)
    assert (stderr, process.returncode) == ("wiredesk: 2.jsonl: No such file or directory\n", 1)


def changed_while_read(folder, name, change):
    """Change a file while the command has begun to read it, and waits for somebody to read its output."""
    process = started(folder, "predict", name, stdout=subprocess.PIPE)
    first = os.read(process.stdout.fileno(), 1)
    change(folder / name)
    rest, stderr = process.communicate(timeout=PATIENCE)
    return process.returncode, [json.loads(line) for line in (first + rest).splitlines()], stderr.decode().splitlines()


#: More rows than are read until the pipe is full.
ROWS = [json.dumps({"text": "Rain fell in Belm. Snow fell.", "id": f"d{i}"}) + "\n" for i in range(6000)]


def test_table_that_shrinks_while_it_is_read(here):
    (here / "t.jsonl").write_text("".join(ROWS))
    whole = sum(map(len, ROWS[:5000]))
    code, rows, said = changed_while_read(here, "t.jsonl", lambda path: os.truncate(path, whole + 20))
    assert code == 1
    assert [(row["document"], row["sentence"]) for row in rows] == [(f"d{i}", j) for i in range(5000) for j in (0, 1)]
    assert said[0] == "wiredesk: t.jsonl:5001: no JSON: Unterminated string starting at at character 10"


def test_table_that_grows_while_it_is_read(here):
    (here / "t.jsonl").write_text("".join(ROWS[:5000]))

    def grow(path):
        with path.open("a") as file:
            file.writelines(ROWS[5000:5100])

    code, rows, _ = changed_while_read(here, "t.jsonl", grow)
    assert code == 0
    assert [row["document"] for row in rows[::2]] == [f"d{i}" for i in range(5100)]


def test_compressed_table_that_shrinks_while_it_is_read(here):
    lines = [json.dumps({"text": f"Rain fell. {os.urandom(40).hex()}", "id": f"d{i}"}) + "\n" for i in range(6000)]
    (here / "t.jsonl.gz").write_bytes(gzip.compress("".join(lines).encode(), 1))
    size = (here / "t.jsonl.gz").stat().st_size
    code, rows, said = changed_while_read(here, "t.jsonl.gz", lambda path: os.truncate(path, size - 100))
    assert code == 1
    assert "wiredesk: t.jsonl.gz: is cut off; the compressed file is not whole" in said
    assert 0 < len(rows) < 12000


def test_removed_table_is_read_to_its_end(here):
    (here / "t.jsonl").write_text("".join(ROWS))
    code, rows, _ = changed_while_read(here, "t.jsonl", Path.unlink)
    assert (code, len(rows)) == (0, 12000)


# Streams


@pytest.mark.parametrize(
    "arguments",
    [
        *(("predict", "b.jsonl", "--format", name) for name in ("jsonl", "parquet")),
        ("info",),
        ("--help",),
    ],
    ids=lambda arguments: arguments[-1],
)
def test_full_disk_behind_stdout(here, arguments):
    pytest.importorskip("pyarrow")
    pytest.importorskip("jinja2")
    done = command(here, *arguments, before=("sh", "-c", 'exec "$0" "$@" >/dev/full'))
    check_failed(done, "No space left on device")


@pytest.mark.parametrize("arguments", [("card",), ("--help",)])
def test_nobody_reads_stdout(here, arguments):
    read_end, write_end = os.pipe()
    process = started(here, *arguments, stdout=write_end)
    os.close(write_end)
    os.close(read_end)  # Before anything can be written.
    _, stderr = process.communicate(timeout=PATIENCE)
    assert (stderr, process.returncode) == (b"", 1)


def test_evaluation_writes_its_files_though_nobody_reads_stdout(here):
    read_end, write_end = os.pipe()
    os.close(read_end)
    process = started(here, "evaluate", "d.jsonl", "--json", "scores.json", stdout=write_end)
    os.close(write_end)
    _, stderr = process.communicate(timeout=PATIENCE)
    assert (stderr, process.returncode) == (b"", 1)
    assert json.loads((here / "scores.json").read_text())["data"][0]["sentences"] == 60


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-", "2>/dev/full"])
def test_closed_streams_change_no_byte(here, inputs, closed):
    done = command(here, "predict", "a.txt", "-o", "out.jsonl", before=("sh", "-c", f'exec "$0" "$@" {closed}'))
    assert done.returncode == 0
    assert is_whole(here / "out.jsonl")
    assert made(here, inputs) == ["out.jsonl"]
    assert hidden(here) == []


@pytest.mark.parametrize(
    ("closed", "arguments", "code"),
    [("2>&-", ("predict", "no.txt"), 1), ("2>/dev/full", ("predict", "--nonsense"), 2)],
)
def test_exit_codes_without_stderr(here, closed, arguments, code):
    assert command(here, *arguments, before=("sh", "-c", f'exec "$0" "$@" {closed}')).returncode == code


def test_closed_stdin_is_empty(here):
    done = command(here, "predict", "-", before=("sh", "-c", 'exec "$0" "$@" <&-'))
    check_failed(done, "-: empty; there is no sentence to label")


# Two at once


def test_two_trainings_that_may_not_replace(here, inputs):
    others = [("--seed", "1"), ("--target", "recall=0.9")]
    arguments = ("train", "d.jsonl", "--folds", "2", "-o", "new.wiredesk")
    processes = [started(here, *arguments, *other, text=True) for other in others]
    said = [process.communicate(timeout=PATIENCE)[1] for process in processes]
    codes = [process.returncode for process in processes]
    assert sorted(codes) == [0, 1]
    lost = said[codes.index(1)]
    assert "Traceback" not in lost
    assert "another process wrote it meanwhile" in lost or "exists already" in lost
    for name in made(here, inputs):  # The other one too, if it came to the end.
        wiredesk.load_model(here / name)
    assert hidden(here) == []


def test_two_evaluations_into_one_model(here, inputs):
    (here / "mine.wiredesk").write_bytes((here / "m.wiredesk").read_bytes())
    arguments = ("evaluate", "e.jsonl", "-m", "mine.wiredesk", "--into", "mine.wiredesk", "--force")
    processes = [started(here, *arguments) for _ in range(2)]
    assert [process.communicate(timeout=PATIENCE)[1] for process in processes] == [b"", b""]
    assert [process.returncode for process in processes] == [0, 0]
    [told] = wiredesk.load_model(here / "mine.wiredesk").manifest["evaluations"]
    assert told["dataset"]["sentences"] == 60
    assert made(here, inputs) == ["mine.wiredesk"]


@pytest.mark.parametrize("force", [False, True])
def test_prediction_that_another_one_outruns(here, inputs, force):
    os.mkfifo(here / "slow.txt")
    options = ["--force"] if force else []
    slow = started(here, "predict", "slow.txt", "-o", "out.jsonl", *options, text=True)
    with (here / "slow.txt").open("w") as pipe:  # It has looked at the output when it reads the input.
        assert command(here, "predict", "a.txt", "-o", "out.jsonl").returncode == 0
        pipe.write("Fog fell.")
    _, stderr = slow.communicate(timeout=PATIENCE)
    if force:
        assert slow.returncode == 0
        kept = here / "out.jsonl"
    else:
        assert slow.returncode == 1
        lost = "out.jsonl: another process wrote it meanwhile; what this one made is in out.jsonl.partial"
        assert stderr == f"wiredesk: {lost}\n"
        assert is_whole(here / "out.jsonl")
        kept = here / "out.jsonl.partial"
    assert [json.loads(line)["text"] for line in kept.read_text().splitlines()] == ["Fog fell."]
    assert hidden(here) == []


def test_only_one_of_many_writers_of_a_new_file_gets_the_name(tmp_path):
    path = tmp_path / "file"
    barrier = threading.Barrier(8)

    def write(number):
        barrier.wait()
        return write_first(path, str(number).encode() * 5000)

    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(write, range(8)))
    assert written.count(True) == 1
    assert path.read_bytes() == str(written.index(True)).encode() * 5000
    assert os.listdir(tmp_path) == ["file"]


def test_file_that_may_not_be_replaced_is_kept_beside(tmp_path):
    path = tmp_path / "file"
    (tmp_path / "file.partial").write_text("of an earlier time")
    with pytest.raises(FileExistsError, match="another process wrote it meanwhile.*file.partial.2"):
        with whole_file(path, overwrite=False) as partial:
            partial.write_text("late")
            path.write_text("first")
    assert path.read_text() == "first"
    assert (tmp_path / "file.partial.2").read_text() == "late"
    assert free_name(str(path)) == f"{path}.2"
    assert len(os.listdir(tmp_path)) == 3


def test_file_systems_without_hard_links(tmp_path, monkeypatch):
    def refuse(*paths):
        raise PermissionError(1, "Operation not permitted", *map(str, paths))

    monkeypatch.setattr(os, "link", refuse)
    assert write_first(tmp_path / "file", b"first")
    assert not write_first(tmp_path / "file", b"second")
    assert (tmp_path / "file").read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize("options", [(), ("--force",)])
def test_two_runs_in_one_folder_are_never_mixed(here, options):
    lengths = {"a.txt": 300, "b.jsonl": 60}
    for _ in range(2 if options else 1):  # Into a new folder, and over a run.
        processes = [started(here, "predict", name, "-o", "out/", *options, text=True) for name in lengths]
        said = [process.communicate(timeout=PATIENCE)[1] for process in processes]
        codes = [process.returncode for process in processes]
        assert 0 in codes
        for code, told in zip(codes, said, strict=True):
            assert code == 0 or (told.count("\n") == 1 and "another run" in told), told
        begun = json.loads((here / "out" / "_run.json").read_text())
        [name] = [source["name"] for source in begun["inputs"]]
        assert len((here / "out" / "part-00000.jsonl").read_text().splitlines()) == lengths[name]
        assert hidden(here) == []


def test_the_same_run_twice_at_once(here):
    processes = [started(here, "predict", "a.txt", "b.jsonl", "-o", "out/") for _ in range(2)]
    for process in processes:
        process.communicate(timeout=PATIENCE)
    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(os.listdir(here / "out")) == ["_model.wiredesk", "_run.json", "part-00000.jsonl", "part-00001.jsonl"]
    assert is_whole(here / "out" / "part-00000.jsonl")


def test_what_another_process_is_writing_is_left_to_it(here, monkeypatch):
    monkeypatch.chdir(here)
    out = here / "out"
    (out / "_rejects").mkdir(parents=True)
    stale = [out / ".0123456789abcdef.partial", out / "_rejects" / ".0123456789abcdef.partial"]
    for path in stale:
        path.write_text("of a process that was killed")
    alive = out / ".fedcba9876543210.partial"
    sources = find_sources(["b.jsonl"])
    model = wiredesk.load_model()
    run(sources, Reading(), model, "jsonl", str(out), on_progress=lambda done, of: alive.write_text("of another one"))
    assert [path.exists() for path in stale] == [False, False]
    assert alive.exists()


# Fork, spawn and threads


@pytest.fixture(scope="module")
def texts():
    return [ARTICLE + f"Shells fell on Belm {i}. “It was {i},” he said." for i in range(150)]


def test_threads_share_a_model(texts):
    model = wiredesk.load_model()
    expected = [list(model.label(text)) for text in texts]
    explained = model.explain(["Rain fell.", "Rockets hit Belm."], 1)
    shared = pickle.loads(pickle.dumps(model))
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda i: list(shared.label(texts[i])), list(range(150)) * 2)
        told = pool.map(lambda _: shared.explain(["Rain fell.", "Rockets hit Belm."], 1), range(20))
        assert list(found) == expected * 2
        assert set(told) == {explained}


def test_generator_is_handed_on_and_abandoned(texts):
    model = wiredesk.load_model()
    expected = list(model.label(texts))
    labels = model.label(iter(texts * 10))
    found = list(islice(labels, 100))
    with ThreadPoolExecutor(1) as pool:
        found += pool.submit(lambda: list(islice(labels, 200))).result()
    assert found == expected[:300]
    labels.close()
    assert list(model.label(texts)) == expected


#: Run with warnings as errors, as a file of its own, which a spawned process can import.
PROCESSES = """
import multiprocessing, os, signal, sys, threading
import wiredesk

TEXTS = [f"Two rockets hit the market of town {i}. Six people died, the mayor said." for i in range(100)]

def score(model):
    signal.alarm(30)
    return model.predict_proba(TEXTS).tobytes()

def write_new_words(model, stop):
    number = 0
    while not stop.is_set():
        model.predict_proba([f"Word{number}x{i} hit town {i}." for i in range(300)])
        number += 1

if __name__ == "__main__":
    model = wiredesk.load_model()
    expected = score(model)
    if sys.argv[1] == "loky":
        from joblib import Parallel, delayed
        found = Parallel(n_jobs=2)(delayed(score)(model) for _ in range(4))
    elif sys.argv[1] == "while threads score":
        stop = threading.Event()
        threads = [threading.Thread(target=write_new_words, args=(model, stop)) for _ in range(2)]
        for thread in threads:
            thread.start()
        found = []
        for _ in range(15):
            child = os.fork()
            if not child:
                os._exit(score(model) != expected)
            found.append(expected if os.waitpid(child, 0)[1] == 0 else b"")
        stop.set()
        for thread in threads:
            thread.join()
    else:
        with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:
            found = pool.map(score, [model] * 4)
    assert len(found) >= 4 and set(found) == {expected}, found
"""


@pytest.mark.parametrize("how", ["fork", "spawn", "loky", "while threads score"])
def test_processes_give_the_same_bytes(tmp_path, how):
    if how == "while threads score" and sys.version_info >= (3, 12):
        pytest.skip("Python warns of forks beside threads from 3.12 on")
    script = tmp_path / "script.py"
    script.write_text(PROCESSES)
    done = subprocess.run(
        [sys.executable, "-W", "error", script, how], capture_output=True, text=True, timeout=2 * PATIENCE
    )
    assert (done.stderr, done.returncode) == ("", 0)


# Names and settings


def test_names_that_are_not_utf8(here):
    for name in ("jinja2", "matplotlib"):
        pytest.importorskip(name)
    (here / "out").mkdir()
    done = command(here, "predict", ODD, "-o", "out/p/")
    assert done.returncode == 0, done.stderr
    assert "1 part was there already" in command(here, "predict", ODD, "-o", "out/p/").stderr
    outputs = ("--into", "out/n.wiredesk", "--json", "out/n.json", "--report", "out/n.html")
    done = command(here, "evaluate", ODD, "-m", "m.wiredesk", *outputs)
    assert done.returncode == 0, done.stderr
    assert is_whole(here / "out" / "n.html")
    [told] = wiredesk.load_model(here / "out" / "n.wiredesk").manifest["evaluations"]
    assert told["name"] == json.loads((here / "out" / "n.json").read_text())["data"][0]["name"] == ODD
    done = command(here, "card", "out/n.wiredesk", "-o", "out/card.md")
    assert done.returncode == 0, done.stderr
    assert "### `d\ufffd.jsonl`" in (here / "out" / "card.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "ascii"},
    ],
    ids=lambda env: " ".join(map("=".join, env.items())),
)
def test_locales_change_no_byte(here, env):
    (here / "q.txt").write_text("“Привет,” said the mayor of Škofja Loka.", encoding="utf-8")
    done = command(here, "predict", "q.txt", "nö.txt", **env)
    check_failed(done, "no such file")
    done = command(here, "predict", "q.txt", **env)
    [row] = map(json.loads, done.stdout.splitlines())
    assert (row["text"], row["types"], done.returncode) == (
        "“Привет,” said the mayor of Škofja Loka.",
        ["official_quote"],
        0,
    )


@pytest.mark.parametrize(
    ("epoch", "arguments"),
    [
        ("garbage", ("train", "d.jsonl", "-o", "new.wiredesk")),
        ("garbage", ("evaluate", "d.jsonl", "--into", "new.wiredesk")),
        ("9" * 17, ("train", "d.jsonl", "-o", "new.wiredesk")),
    ],
)
def test_date_that_is_none_is_said_before_the_work(here, inputs, arguments, epoch):
    done = command(here, *arguments, SOURCE_DATE_EPOCH=epoch)
    check_failed(done, f"SOURCE_DATE_EPOCH is '{epoch}'; it is a date in whole seconds since 1970")
    assert made(here, inputs) == []


def test_without_a_home_and_a_temporary_folder(here):
    rows = (here / "b.jsonl").read_text()
    env = {name: value for name, value in os.environ.items() if name != "HOME"}
    done = subprocess.run(
        [WIREDESK, "predict", "-", "--input-format", "jsonl", "-o", "out.csv"],
        cwd=here,
        input=rows,
        text=True,
        capture_output=True,
        env={**env, "TMPDIR": "/no/such/folder"},
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert (here / "out.csv").read_bytes().count(b"\n") == 61


def test_no_folder_for_temporary_files_at_all(here):
    script = 'for d in /tmp /var/tmp /usr/tmp "$PWD"; do [ ! -d "$d" ] || mount -o ro,bind "$d" "$d" || exit 99; done; '
    arguments = ("predict", "-", "--input-format", "jsonl", "--format", "csv")
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script + 'cd "$PWD"; exec "$0" "$@"', WIREDESK, *arguments],
        cwd=here,
        input=(here / "b.jsonl").read_text(),
        text=True,
        capture_output=True,
        env={**os.environ, "TMPDIR": "/no/such/folder"},
        timeout=PATIENCE,
    )
    if done.returncode == 99 or "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip("no file system can be mounted here")
    check_failed(done, "for the temporary copy of it; set TMPDIR to a folder with room")
