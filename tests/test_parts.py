"""Runs in parts: the same bytes by one process, several, or a cluster, whatever is killed on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import wiredesk
from tests.realtexts import WIKINEWS, with_real_texts
from wiredesk import storage
from wiredesk.errors import InputError, RejectedError
from wiredesk.parts import plan_parts
from wiredesk.prediction import Summary
from wiredesk.readers import Reading
from wiredesk.runs import run
from wiredesk.sources import Source, find_sources

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

COMMAND = Path(sys.executable).with_name("wiredesk")

HALVES = (
    "Two rockets hit the market of",
    "Six people died in",
    "Talks resume in",
    "Rain fell on",
    "The mayor spoke in",
)
TOWNS = ("Darsa", "Velde", "Orlava", "Belm", "Vik", "Halvane", "Tessen")


def articles(n: int) -> list[dict]:
    rng = np.random.default_rng(n)
    return [
        {
            "id": f"article-{i}",
            "text": " ".join(f"{rng.choice(HALVES)} {rng.choice(TOWNS)}." for _ in range(6)),
            "day": int(i % 28),
        }
        for i in range(n)
    ]


@pytest.fixture(scope="module")
def model():
    return wiredesk.load_model()


@pytest.fixture
def folder(tmp_path):
    """Give a folder of two JSONL files and a Parquet file of four row groups."""
    path = tmp_path / "in"
    path.mkdir()
    rows = articles(60)
    (path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows[:10]), encoding="utf-8")
    (path / "b.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows[10:20]), encoding="utf-8")
    parquet.write_table(pyarrow.Table.from_pylist(rows[20:]), path / "c.parquet", row_group_size=10)
    return path


def files(output) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(Path(output).glob("part-*"))}


def label(sources, output, model, format_name="jsonl", reading=Reading(), **options):  # noqa: B008
    return run(find_sources([str(sources)]), reading, model, format_name, str(output), **options)


# Parts


def test_parts_are_files_and_row_groups(folder):
    parts = plan_parts(find_sources([str(folder)]), Reading())
    found = [(Path(p.sources[0].name).name, p.sources[0].row_group, p.sources[0].first_row) for p in parts]
    assert found == [("a.jsonl", None, 0), ("b.jsonl", None, 0), *(("c.parquet", i, 10 * i) for i in range(4))]
    assert [part.number for part in parts] == list(range(6))


def test_a_document_of_sentences_is_in_one_part(folder):
    parts = plan_parts(find_sources([str(folder)]), Reading(unit="sentence"))
    assert [part.sources[0].row_group for part in parts] == [None, None, None]


def test_articles_of_a_file_each_go_together(monkeypatch):
    monkeypatch.setattr("wiredesk.parts.TEXTS", 2)
    sources = [Source(name, "text") for name in "abc"] + [Source("d", "jsonl"), Source("e", "text")]
    parts = plan_parts(sources, Reading())
    assert [[source.name for source in part.sources] for part in parts] == [["a", "b"], ["c"], ["d"], ["e"]]


@pytest.mark.parametrize("format_name", ["jsonl", "csv", "parquet"])
def test_parts_together_are_what_one_file_is(folder, tmp_path, model, format_name):
    label(folder, tmp_path / "out", model, format_name)
    single = tmp_path / f"one.{format_name}"
    done = subprocess.run([COMMAND, "predict", folder, "-o", single, "-q"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    parts = sorted((tmp_path / "out").glob("part-*"))
    assert len(parts) == 6
    if format_name == "parquet":
        together = pyarrow.concat_tables([parquet.read_table(part) for part in parts])
        assert together.equals(parquet.read_table(single))
    elif format_name == "jsonl":
        assert b"".join(part.read_bytes() for part in parts) == single.read_bytes()
    else:
        lines = [part.read_text(encoding="utf-8-sig").splitlines() for part in parts]
        assert (
            lines[0][:1] + [line for part in lines for line in part[1:]]
            == single.read_text(encoding="utf-8-sig").splitlines()
        )


def test_rows_are_numbered_through_the_file(tmp_path, model):
    rows = [{"text": row["text"]} for row in articles(6)]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "a.parquet", row_group_size=2)
    label(tmp_path / "a.parquet", tmp_path / "out", model)
    names = [json.loads(line)["document"] for part in files(tmp_path / "out").values() for line in part.splitlines()]
    assert list(dict.fromkeys(names)) == [f"{tmp_path}/a.parquet:{i}" for i in range(1, 7)]


def test_columns_are_those_of_all_parts(tmp_path, model):
    for name, row in (("a", {"text": "Rain fell.", "x": 1}), ("b", {"text": "Rain fell.", "x": 2.5, "y": "z"})):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row), encoding="utf-8")
    label(tmp_path, tmp_path / "out", model, "parquet")
    schemas = [parquet.read_schema(path) for path in sorted((tmp_path / "out").glob("part-*"))]
    assert schemas[0].equals(schemas[1])
    assert (str(schemas[0].field("x").type), str(schemas[0].field("y").type)) == ("double", "string")


# Processes


def test_processes_change_no_byte(folder, tmp_path, model):
    one, _ = label(folder, tmp_path / "one", model, "parquet")
    two, _ = label(folder, tmp_path / "two", model, "parquet", jobs=2)
    assert files(tmp_path / "one") == files(tmp_path / "two") != {}
    assert (one.summary.documents, one.summary.sentences, one.summary.types) == (
        two.summary.documents,
        two.summary.sentences,
        two.summary.types,
    )
    assert one.summary.documents == 60


def test_progress_counts_parts(folder, tmp_path, model):
    told = []
    label(folder, tmp_path / "out", model, on_progress=lambda *counts: told.append(counts))
    assert told == [(i, 6) for i in range(1, 7)]


# Taking a run up again


def test_what_is_there_is_left(folder, tmp_path, model):
    label(folder, tmp_path / "out", model)
    before = files(tmp_path / "out")
    (tmp_path / "out" / "part-00002.jsonl").unlink()
    (tmp_path / "out" / "part-00004.jsonl").write_bytes(b"left as it is")
    outcome, there = label(folder, tmp_path / "out", model)
    assert (there, outcome.summary.documents) == (5, 10)
    assert files(tmp_path / "out") == {**before, "part-00004.jsonl": b"left as it is"}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"format_name": "csv"}, "format"),
        ({"types": ["attack_report"]}, "types"),
        ({"reading": Reading(id_column="day")}, "reading"),
        ({"model": wiredesk.load_model().with_thresholds({"attack_report": 0.9})}, "model"),
    ],
    ids=lambda change: "",
)
def test_another_run_is_refused(folder, tmp_path, model, change, named):
    label(folder, tmp_path / "out", model)
    before = files(tmp_path / "out")
    options = {"model": model, **change}
    with pytest.raises(InputError, match=f"holds another run \\(other {named}\\)"):
        label(folder, tmp_path / "out", **options)
    assert files(tmp_path / "out") == before
    label(folder, tmp_path / "out", **options, force=True)
    assert files(tmp_path / "out") != before
    assert len(files(tmp_path / "out")) == 6


def test_changed_input_is_another_run(folder, tmp_path, model):
    label(folder, tmp_path / "out", model)
    with (folder / "a.jsonl").open("a") as file:
        file.write('{"text": "Rain fell."}\n')
    with pytest.raises(InputError, match="other inputs"):
        label(folder, tmp_path / "out", model)


def test_a_folder_of_something_else_is_refused(folder, tmp_path, model):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="holds files of something else"):
        label(folder, tmp_path / "out", model)
    label(folder, tmp_path / "out", model, force=True)
    assert (tmp_path / "out" / "thesis.txt").read_text() == "mine"


def test_parts_of_something_else_are_never_removed(folder, tmp_path, model):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "part-00000.parquet").write_text("mine")
    for force in (False, True):
        with pytest.raises(InputError, match="holds parts of something else"):
            label(folder, tmp_path / "out", model, force=force)
    assert (tmp_path / "out" / "part-00000.parquet").read_text() == "mine"


def test_a_run_that_had_only_begun_is_begun_again(folder, tmp_path, model):
    (tmp_path / "out").mkdir()
    model.save(tmp_path / "out" / "_model.wiredesk")
    label(folder, tmp_path / "out", model)
    assert len(files(tmp_path / "out")) == 6


def test_rejects_of_another_run_go_with_its_parts(folder, tmp_path, model):
    (folder / "a.jsonl").write_text("no json\n", encoding="utf-8")
    label(folder, tmp_path / "out", model)
    (folder / "a.jsonl").write_text('{"text": "Rain fell."}\n', encoding="utf-8")
    label(folder, tmp_path / "out", model, force=True)
    assert list((tmp_path / "out" / "_rejects").iterdir()) == []


def test_the_model_in_the_folder_is_checked(folder, tmp_path, model):
    label(folder, tmp_path / "out", model)
    (tmp_path / "out" / "part-00000.jsonl").unlink()
    other = model.with_thresholds({"attack_report": 0.9})
    other.save(tmp_path / "out" / "_model.wiredesk", overwrite=True)
    script = f"""
import wiredesk
from wiredesk.runs import run; from wiredesk.readers import Reading; from wiredesk.sources import find_sources
run(find_sources([{str(folder)!r}]), Reading(), wiredesk.load_model(), "jsonl", {str(tmp_path / "out")!r})
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "is another model than the run began with" in done.stderr


# What cannot be read


def test_rejects_are_kept_beside_the_parts(folder, tmp_path, model):
    with (folder / "a.jsonl").open("a") as file:
        file.write("no json\n")
    outcome, _ = label(folder, tmp_path / "out", model)
    assert outcome.rejected == 1
    [path] = (tmp_path / "out" / "_rejects").iterdir()
    assert path.name == "part-00000.jsonl"
    assert json.loads(path.read_text(encoding="utf-8"))["line"] == 11


def test_strict_runs_stop(folder, tmp_path, model):
    (folder / "b.jsonl").write_text("no json\n", encoding="utf-8")
    with pytest.raises(RejectedError, match="b.jsonl:1: no JSON"):
        label(folder, tmp_path / "out", model, strict=True)
    assert list(files(tmp_path / "out")) == ["part-00000.jsonl"]


def test_stdin_has_no_parts(tmp_path, model):
    with pytest.raises(InputError, match="a run in parts reads files"):
        run([Source("-", "jsonl")], Reading(), model, "jsonl", str(tmp_path / "out"))


# Kills


def start(*arguments):
    return subprocess.Popen([COMMAND, "predict", *map(str, arguments)], stderr=subprocess.PIPE, text=True)


def wait_for(found, process, seconds=120):
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end, "nothing happened"
        if process.poll() is not None:
            return
        time.sleep(0.005)


@pytest.fixture
def many(tmp_path):
    """Give Parquet of many row groups: work for some seconds."""
    path = tmp_path / "many.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(articles(4000)), path, row_group_size=50)
    return path


def test_a_run_that_was_killed_is_taken_up(many, tmp_path, model):
    label(many, tmp_path / "whole", model, "parquet")
    process = start(many, "-o", f"{tmp_path}/out/", "--format", "parquet", "-q")
    wait_for(lambda: len(list((tmp_path / "out").glob("part-*"))) >= 20, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    broken_off = files(tmp_path / "out")
    assert 20 <= len(broken_off) < 80
    expected = files(tmp_path / "whole")
    assert all(expected[name] == content for name, content in broken_off.items())
    done = subprocess.run([COMMAND, "predict", many, "-o", f"{tmp_path}/out/", "--format", "parquet"], check=True)
    assert done.returncode == 0
    assert files(tmp_path / "out") == expected
    # What the killed process had begun is gone.
    assert not [path for path in (tmp_path / "out").iterdir() if path.name.startswith(".")]


@pytest.fixture
def cluster():
    distributed = pytest.importorskip("distributed")
    import dask

    with dask.config.set({"distributed.worker.daemon": True}):
        found = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        )
        with found:
            yield found


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_loses_nothing_with_a_worker(many, tmp_path, model, cluster):
    from distributed import Client

    label(many, tmp_path / "whole", model, "parquet")
    with Client(cluster.scheduler_address) as client:
        pids = client.run(os.getpid)
    assert len(set(pids.values()) | {os.getpid()}) == 3
    address = cluster.scheduler_address
    process = start(many, "-o", f"{tmp_path}/out/", "--format", "parquet", "--scheduler", address, "-q")
    wait_for(lambda: len(list((tmp_path / "out").glob("part-*"))) >= 10, process)
    assert process.poll() is None
    os.kill(next(iter(pids.values())), signal.SIGKILL)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_no_scheduler_is_said(folder, tmp_path):
    pytest.importorskip("distributed")
    done = subprocess.run(
        [COMMAND, "predict", folder, "-o", f"{tmp_path}/out/", "--scheduler", "tcp://127.0.0.1:1"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("wiredesk: tcp://127.0.0.1:1: no Dask scheduler answers there")


# Object stores


def test_remote_paths_are_read_and_written(folder, tmp_path, model):
    fsspec = pytest.importorskip("fsspec")
    store = fsspec.filesystem("memory")
    for path in folder.iterdir():
        store.put_file(str(path), f"/news/{path.name}")
    sources = find_sources(["memory://news"])
    assert [source.name for source in sources] == [f"memory:///news/{n}" for n in ("a.jsonl", "b.jsonl", "c.parquet")]
    run(sources, Reading(), model, "jsonl", "memory://labels")
    label(folder, tmp_path / "out", model)
    found = {name: store.cat_file(f"/labels/{name}") for name in storage.list_files("memory://labels")}
    assert {name for name in found if not name.startswith("_")} == set(files(tmp_path / "out"))
    assert all(found[name] == content for name, content in files(tmp_path / "out").items())
    _, there = run(sources, Reading(), model, "jsonl", "memory://labels")
    assert there == 6
    store.rm("/news", recursive=True)
    store.rm("/labels", recursive=True)


def test_what_is_not_there_remotely_is_said():
    pytest.importorskip("fsspec")
    with pytest.raises(InputError, match="no such file or folder"):
        find_sources(["memory://nowhere/a.jsonl"])


# The command


@pytest.mark.parametrize(
    "arguments",
    [["--jobs", "2"], ["-o", "x.jsonl", "--scheduler", "tcp://127.0.0.1:1"], ["-o", "out/", "--format", "table"]],
    ids=" ".join,
)
def test_wrong_usage(arguments, folder, tmp_path):
    done = subprocess.run([COMMAND, "predict", folder, *arguments], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()


def test_summaries_add_up():
    one, other = Summary(), Summary()
    one.documents, one.sentences, one.types["a"] = 1, 2, 2
    other.documents, other.sentences, other.types["a"], other.last = 3, 4, 1, "x"
    one.add(other)
    assert (one.documents, one.sentences, one.types["a"], one.last) == (4, 6, 3, "x")


@with_real_texts
def test_real_articles_by_one_process_two_and_a_cluster(tmp_path, model, cluster):
    rows = [json.loads(line) for line in WIKINEWS.read_text(encoding="utf-8").splitlines()]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "news.parquet", row_group_size=30)
    reading = Reading(id_column="url")
    for name, options in {"one": {}, "two": {"jobs": 2}, "three": {"scheduler": cluster.scheduler_address}}.items():
        outcome, _ = label(tmp_path / "news.parquet", tmp_path / name, model, "parquet", reading, **options)
        assert outcome.summary.documents == 294
    assert files(tmp_path / "one") == files(tmp_path / "two") == files(tmp_path / "three")
