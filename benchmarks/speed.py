"""Speed beside what users would choose instead, in one run.

Every system labels the same sentences on one core, one after the other and again, so that a busy machine slows all of
them; what counts are the ratios of a round, of which median and range are told. Nothing is asserted.

``WIREDESK_REAL`` names a JSONL file of real articles (``text``); without it the text is the shipped corpus. Beyond what
there is, sentences are spliced: the front half of one and the back half of one of another document, with one token in
twelve misspelt by a letter, so that no sentence comes twice and new tokens keep coming, as they do in real news.
"wiredesk[speed]" is wiredesk with the loops that numba compiles, fetched and warm; "wiredesk" never fetches them.

``WIREDESK_FASTTEXT`` names the Python interpreter of an environment with fastText (see `benchmarks.peers`). Arguments:
the JSON file and the figure to write.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

import wiredesk
from benchmarks.peers import FastTextServer
from wiredesk.features import segment
from wiredesk.models import scorer

ROUNDS = 7
SIZES = (1_000, 10_000, 100_000)
BATCHES = (1, 10, 100, 1_000, 100_000)


class Text:
    """Sentences with their documents, as many as are asked for, none twice."""

    def __init__(self, seed: int = 0) -> None:
        self._rng = np.random.default_rng(seed)
        path = os.environ.get("WIREDESK_REAL")
        if path:
            lines = Path(path).read_text(encoding="utf-8").splitlines()
            articles = [json.loads(line)["text"] for line in lines]
            self.documents = [[text[start:end] for start, end in segment(text)] for text in articles]
            self.source = f"{len(articles)} real articles"
        else:
            found: dict[str, list[str]] = {}
            for record in wiredesk.load_seeds():
                if record.document:
                    found.setdefault(record.document, []).append(record.text)
            self.documents = list(found.values())
            self.source = f"{len(found)} synthetic articles"
        self.documents = [document for document in self.documents if len(document) > 1]
        self._endless = self._stream()

    def take(self, n: int) -> tuple[list[str], list[int]]:
        """Give the next `n` sentences and the document of each."""
        sentences: list[str] = []
        documents: list[int] = []
        while len(sentences) < n:
            number, found = next(self._endless)
            sentences += found
            documents += [number] * len(found)
        return sentences[:n], documents[:n]

    def _stream(self) -> Iterator[tuple[int, list[str]]]:
        """Give the documents there are, then spliced ones without end."""
        yield from enumerate(self.documents)
        for number in count(len(self.documents)):
            i, j = self._rng.integers(len(self.documents), size=2)
            own, other = self.documents[i], self.documents[j]
            yield number, [self._splice(first, other[k % len(other)]) for k, first in enumerate(own)]

    def _splice(self, first: str, second: str) -> str:
        front, back = first.split(), second.split()
        tokens = front[: (len(front) + 1) // 2] + back[len(back) // 2 :]
        for at in np.flatnonzero(self._rng.random(len(tokens)) < 1 / 12):
            token, place = tokens[at], int(self._rng.integers(len(tokens[at])))
            tokens[at] = token[:place] + chr(97 + int(self._rng.integers(26))) + token[place:]
        return " ".join(tokens)


def load_models() -> dict[str, wiredesk.Model]:
    """Give the shipped model as it scores where numba is not installed, and where it is and has been fetched."""
    models = {}
    worth = scorer.WORTH_COMPILING
    for name, enough in (("wiredesk", sys.maxsize), ("wiredesk[speed]", 1)):
        scorer.WORTH_COMPILING = enough
        models[name] = wiredesk.load_model()
        models[name].predict_proba(["Two rockets hit the market."])
    scorer.WORTH_COMPILING = worth
    return models


def seconds(run: Callable[[], Any]) -> float:
    """Time one call."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def stock_pipelines(texts: list[str], y: np.ndarray) -> dict[str, Any]:
    """Fit what a scikit-learn user would build."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline, make_union

    def build(*parts: Any) -> Any:
        classifier = OneVsRestClassifier(LogisticRegression(C=3, max_iter=200))
        return make_pipeline(make_union(*parts), classifier).fit(texts, y)

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2)
    return {
        "scikit-learn: words 1-2 + char_wb 2-5": build(
            words, TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2)
        ),
        "scikit-learn: words 1-2": build(words),
    }


def throughput(text: Text) -> dict[str, Any]:
    """Compare the systems on the same 20,000 sentences, the slowest on a tenth of them."""
    records = [record for record in wiredesk.load_seeds() if record.labels is not None]
    models = load_models()
    y = np.array([[name in (record.labels or ()) for name in models["wiredesk"].types] for record in records]).astype(
        int
    )
    texts = [record.text for record in records]
    sentences, documents = text.take(20_000)
    counts = {token: i for i, token in enumerate(dict.fromkeys(" ".join(texts).lower().split()))}
    stock = stock_pipelines(texts, y)
    systems: dict[str, tuple[Callable[[list[str]], Any], int]] = {
        **{
            name: (lambda s, model=model: model.predict_proba(s, document_ids=documents[: len(s)]), len(sentences))
            for name, model in models.items()
        },
        **{f"{name}, sentences alone": (model.predict_proba, len(sentences)) for name, model in models.items()},
        **{name: (pipeline.predict_proba, 2_000) for name, pipeline in stock.items()},
        "floor: lower().split() and a dict": (
            lambda s: [[counts.get(token, 0) for token in sentence.lower().split()] for sentence in s],
            len(sentences),
        ),
    }
    servers = []
    if python := os.environ.get("WIREDESK_FASTTEXT"):
        for dimensions in (100, 16):
            server = FastTextServer(python, dimensions, texts, y)
            servers.append(server)
            server.load(sentences)
            systems[f"fastText, {dimensions} dimensions"] = (
                lambda s, server=server: server.predict(len(s)),
                len(sentences),
            )
    rates: dict[str, list[float]] = {name: [] for name in systems}
    for _ in range(ROUNDS + 1):
        for name, (run, n) in systems.items():
            given = sentences[:n]
            # fastText times itself: its sentences are on the other side of the pipe already.
            took = run(given) if name.startswith("fastText") else seconds(lambda: run(given))  # noqa: B023
            rates[name].append(n / took)
    for server in servers:
        server.close()
    found: dict[str, Any] = {}
    for name, values in rates.items():
        kept = values[1:]  # The first round warms up.
        found[name] = {"sentences_per_second": round(median(kept))}
        for ours in models:
            ratios = [mine / theirs for mine, theirs in zip(rates[ours][1:], kept, strict=True)]
            found[name][f"{ours} is faster by"] = [round(f(ratios), 2) for f in (median, min, max)]
    return found


def batches(text: Text) -> dict[str, dict[str, int]]:
    """Measure sentences per second by how many are given at a time, alone and warm."""
    sentences, _ = text.take(100_000)
    found = {}
    for name, model in load_models().items():
        model.predict_proba(sentences)
        found[name] = {}
        for size in BATCHES:
            runs = [sentences[i : i + size] for i in range(0, min(len(sentences), max(size, 2_000)), size)]
            took = min(seconds(lambda: [model.predict_proba(run) for run in runs]) for _ in range(3))  # noqa: B023
            found[name][f"{size:,}"] = round(sum(map(len, runs)) / took)
    return found


def slope(points: dict[int, float]) -> float:
    """Fit the exponent of time over size."""
    return round(float(np.polyfit(np.log(list(points)), np.log(list(points.values())), 1)[0]), 3)


def scaling(model: wiredesk.Model, text: Text, largest: int = 1_000_000) -> dict[str, Any]:
    """Measure predict time up to a million sentences that are streamed, and the memory after each size."""
    model.predict_proba(text.take(20_000)[0])
    times, memory = {}, {}
    for size in (1_000, 10_000, 100_000, largest):
        # What takes milliseconds is taken three times, and the median counts.
        times[size] = median(_stream(model, text, size) for _ in range(3 if size < largest / 5 else 1))
        memory[f"{size:,}"] = memory_megabytes("VmRSS")
    return {
        "seconds": {f"{size:,}": round(took, 3) for size, took in times.items()},
        "slope": slope(times),
        "resident_megabytes_after": memory,
    }


def _stream(model: wiredesk.Model, text: Text, size: int) -> float:
    """Time the prediction of so many sentences that were not seen before."""
    took = 0.0
    while size:
        sentences, documents = text.take(min(size, 20_000))
        took += seconds(lambda: model.predict_proba(sentences, document_ids=documents))  # noqa: B023
        size -= len(sentences)
    return took


def new_tokens(largest: int = 10_000_000) -> dict[str, float]:
    """Measure the memory after ten million different tokens, a hundred at a time in sentences of ten."""
    memory = {}
    model = load_models()["wiredesk[speed]"]
    done = 0
    for size in (10_000, 1_000_000, largest):
        while done < size:
            tokens = [f"{number:x}" for number in range(done, done + 10_000)]
            model.predict_proba([" ".join(tokens[i : i + 10]) for i in range(0, len(tokens), 10)])
            done += len(tokens)
        memory[f"{size:,}"] = memory_megabytes("VmRSS")
    return memory


def fitting(text: Text) -> dict[str, Any]:
    """Measure fitting by size, and the most memory it takes, on sentences labelled by the shipped model."""
    from wiredesk.models import SentenceClassifier

    model = wiredesk.load_model()
    times, memory = {}, {}
    for size in SIZES:
        sentences, documents = text.take(size)
        X = np.empty((size, 2), dtype=object)
        X[:, 0], X[:, 1] = sentences, documents
        y = model.predict(sentences, document_ids=documents).astype(int)
        Path("/proc/self/clear_refs").write_text("5")  # The peak is counted from here.
        times[size] = seconds(lambda: SentenceClassifier().fit(X, y))  # noqa: B023
        memory[f"{size:,}"] = memory_megabytes("VmHWM")
    return {
        "seconds": {f"{size:,}": round(took, 2) for size, took in times.items()},
        "slope": slope(times),
        "peak_megabytes": memory,
    }


def starting() -> dict[str, Any]:
    """Measure loading, and a command from a fresh start beside importing scikit-learn."""
    command = Path(sys.executable).with_name("wiredesk")
    article = Path(__file__).parents[1] / "examples" / "article.txt"
    ratios = []
    for _ in range(ROUNDS):
        ours = seconds(lambda: subprocess.run([command, "predict", article], capture_output=True, check=True))
        theirs = seconds(lambda: subprocess.run([sys.executable, "-c", "import sklearn.linear_model"], check=True))
        ratios.append(ours / theirs)
    model = wiredesk.load_model()
    one = wiredesk.load_seeds()[100].text
    model.predict_proba([one])
    return {
        "load_milliseconds": round(1000 * min(seconds(wiredesk.load_model) for _ in range(ROUNDS)), 1),
        "one_sentence_milliseconds": round(
            min(seconds(lambda: [model.predict_proba([one]) for _ in range(200)]) for _ in range(3)) * 1000 / 200, 3
        ),
        "predict_article_over_import_sklearn": [round(f(ratios), 2) for f in (median, min, max)],
    }


def processes(text: Text) -> dict[str, float]:
    """Measure what a second process adds: sentences per second of one and of two at once."""
    program = (
        "import sys, time, json, wiredesk; s, d = json.load(sys.stdin); m = wiredesk.load_model();"
        "m.predict_proba(s[:2000]); print('ready', flush=True); sys.stdin = open(0); t = time.perf_counter();"
        "m.predict_proba(s, document_ids=d); print(time.perf_counter() - t)"
    )
    job = json.dumps(text.take(40_000))
    rates = {}
    for n in (1, 2):
        runs = [
            subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(n)
        ]
        for run in runs:
            assert run.stdin
            run.stdin.write(job)
            run.stdin.close()
        outputs = [run.stdout.read() if run.stdout else "" for run in runs]
        for run in runs:
            run.wait()
        rates[str(n)] = round(sum(40_000 / float(output.split()[-1]) for output in outputs))
    return rates


def memory_megabytes(kind: str) -> float:
    """Give the memory of this process, resident (VmRSS) or at its peak (VmHWM), in megabytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith(kind))


def compiling() -> dict[str, float]:
    """Measure what fetching the compiled loops takes in a fresh process: for the first time, and then."""
    program = (
        "import time, wiredesk; from wiredesk.models.scorer import compiled_loops; m = wiredesk.load_model();"
        "t = time.perf_counter(); m._scorer._loops = compiled_loops(); m.predict_proba(['Two rockets hit.']);"
        "print(time.perf_counter() - t)"
    )
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
        runs = [
            subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True, text=True)
            for _ in range(3)
        ]
    first, *later = [float(run.stdout) for run in runs]
    return {"first_seconds": round(first, 2), "later_seconds": round(min(later), 2)}


def plot(found: dict[str, Any], path: str) -> None:
    """Draw the throughputs."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "wiredesk", "svg.fonttype": "none", "font.size": 11})
    from matplotlib import pyplot
    from matplotlib.ticker import MultipleLocator

    rates = {name: row["sentences_per_second"] for name, row in found["throughput"].items()}
    names = sorted(rates, key=lambda name: rates[name])
    figure, axes = pyplot.subplots(figsize=(7.5, 0.5 * len(names) + 1), layout="constrained")
    colours = ["#d55e00" if name.startswith("wiredesk") else "#999999" for name in names]
    bars = axes.barh(names, [rates[name] for name in names], color=colours)
    axes.bar_label(bars, [f"{rates[name]:,}" for name in names], padding=4)
    axes.set_xlim(0, 1.15 * max(rates.values()))
    axes.xaxis.set_major_locator(MultipleLocator(100_000))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel("sentences per second on one core")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Measure, print and write everything."""
    two = processes(Text())  # Before this process is bound to one core.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    found = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "versions": {name: version(name) for name in ("wiredesk", "numpy", "scipy", "scikit-learn", "numba")},
        "text": Text().source,
        "throughput": throughput(Text()),
        "start": starting(),
        "batches": batches(Text()),
        "processes": two,
        "fit": fitting(Text()),
        "scaling": {name: scaling(model, Text()) for name, model in load_models().items()},
        "new_tokens_resident_megabytes_after": new_tokens(),
        "compiling": compiling(),
    }
    print(json.dumps(found, indent=1))
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if len(sys.argv) > 2:
        plot(found, sys.argv[2])


if __name__ == "__main__":
    main()
