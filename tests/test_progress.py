"""What a person sees while much is labelled, and how they stop it."""

import io
import os
import pty
import signal
import sys
from pathlib import Path

import pytest

from wiredesk import progress as progress_module
from wiredesk.documents import LabelledDocument
from wiredesk.models import LabelledSentence
from wiredesk.progress import Progress, stoppable
from wiredesk.sources import Source


def labelled(*sentences_by_document):
    """Make labelled documents of so many sentences."""
    for number, count in enumerate(sentences_by_document):
        found = [LabelledSentence(number, i, 0, 4, "Rain", "none", (), {"a": 0.1}, False) for i in range(count)]
        yield LabelledDocument(f"d{number}", "Rain", found, {})


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


class Bar:
    """What a bar was told."""

    def __init__(self):
        self.told = []

    def add_task(self, description, total, sentences):
        self.told.append(("total", total))

    def update(self, task, completed, sentences, refresh):
        self.told.append((completed, sentences))

    def start(self):
        self.told.append("start")

    def stop(self):
        self.told.append("stop")


@pytest.fixture
def bar(monkeypatch):
    """Show a bar at once, at every document, of a terminal that there is not."""
    shown = Bar()
    monkeypatch.setattr(progress_module, "_make_bar", lambda: shown)
    monkeypatch.setattr(progress_module, "_PATIENCE", 0)
    monkeypatch.setattr(progress_module, "_PAUSE", 0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    return shown


def test_bar_shows_the_place_in_all_files(bar):
    Path("a.txt").write_bytes(b"x" * 100)
    Path("b.txt").write_bytes(b"x" * 50)
    sources = [Source("a.txt", "text"), Source("-", "text"), Source("b.txt", "text")]
    progress = Progress(sources)
    documents = progress.follow(labelled(2, 1, 1, 1))
    with open("a.txt", "rb") as first, open("b.txt", "rb") as second, open(os.pipe()[0], "rb") as pipe:
        progress.open(sources[0], first)
        first.read(40)
        next(documents)
        first.read()
        next(documents)
        progress.open(sources[1], pipe)
        next(documents)
        progress.open(sources[2], second)
        second.read(10)
        next(documents)
    assert list(documents) == []
    places = [told[0] for told in bar.told if isinstance(told, tuple)]
    assert places == ["total", 40, 100, 100, 110]
    assert bar.told[0] == ("total", 150)
    assert [told[1].split(" ")[0] for told in bar.told if told[0] in (40, 100, 110)] == ["2", "3", "4", "5"]
    assert bar.told[-1] == "stop"


def test_bar_of_a_pipe_has_no_total(bar):
    list(Progress([Source("-", "text")]).follow(labelled(1)))
    assert bar.told[0] == ("total", None)


def test_bar_stands_at_the_begin_of_a_file_that_is_closed(bar):
    Path("a.txt").write_bytes(b"x" * 100)
    sources = [Source("a.txt", "text")]
    progress = Progress(sources)
    with open("a.txt", "rb") as file:
        progress.open(sources[0], file)
    list(progress.follow(labelled(1)))
    assert [told[0] for told in bar.told if isinstance(told, tuple)] == ["total", 0]


def test_bar_waits_a_moment(bar, monkeypatch):
    monkeypatch.setattr(progress_module, "_PATIENCE", 1e9)
    list(Progress([]).follow(labelled(1, 1)))
    assert bar.told == []


def test_bar_pauses_between_changes(bar, monkeypatch):
    monkeypatch.setattr(progress_module, "_PAUSE", 1e9)
    list(Progress([]).follow(labelled(1, 1, 1)))
    assert [told[0] for told in bar.told if isinstance(told, tuple)] == ["total", 0]


def test_bar_goes_away_when_documents_are_left(bar):
    documents = Progress([]).follow(labelled(1, 1))
    next(documents)
    documents.close()
    assert bar.told[-1] == "stop"


def test_nothing_is_shown_where_there_is_no_terminal(monkeypatch, capsys):
    monkeypatch.setattr(progress_module, "_PATIENCE", 0)
    list(Progress([]).follow(labelled(1, 1)))
    assert capsys.readouterr() == ("", "")


def test_terminal_sees_sentences_and_rate(monkeypatch):
    monkeypatch.setattr(progress_module, "_PATIENCE", 0)
    monkeypatch.setattr(progress_module, "_PAUSE", 0)
    for name, value in {"TERM": "xterm", "COLUMNS": "120", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    outer, inner = pty.openpty()
    with open(inner, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        Path("a.txt").write_bytes(b"x" * 100)
        progress = Progress([Source("a.txt", "text")])
        list(progress.follow(labelled(1200, 34)))
        terminal.flush()
        shown = os.read(outer, 65536).decode()
    os.close(outer)
    assert "1,200 sentences, " in shown
    assert "1,234 sentences, " in shown
    assert " a second" in shown


# Stopping


def test_stop_lets_the_document_pass_that_is_under_way():
    with stoppable() as stop:
        passed = []
        for document in stop.follow(labelled(1, 1, 1)):
            passed.append(document.name)
            if document.name == "d1":
                os.kill(os.getpid(), signal.SIGINT)
    assert passed == ["d0", "d1"]
    assert stop.asked == signal.SIGINT


def test_second_request_stops_at_once():
    with pytest.raises(KeyboardInterrupt), stoppable():
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)


def test_signals_mean_what_they_did_before():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with stoppable():
        assert signal.getsignal(signal.SIGINT) != before[0]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_rate_needs_no_terminal_library(monkeypatch):
    # Where nothing is shown, nothing is imported for it.
    monkeypatch.setitem(sys.modules, "rich.progress", None)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert len(list(Progress([]).follow(labelled(1, 1)))) == 2
