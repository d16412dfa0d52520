"""Load spoiled model files: each loads and predicts as it says, or is refused with a reason.

``python -m fuzz.model_files [--runs N] [--seed S]`` spoils the bytes, the zip or the content of a small model's file,
and of the shipped one in every 40th case. The same seed makes the same cases; ``--case I`` judges one of them alone. It
prints how the cases ended, and stops with exit code 1 at the first that breaks the promise, whose file it keeps in
``build/fuzz``.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import json
import pickle
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import FrameType
from typing import NamedTuple
from unittest.mock import patch

import numpy as np

from fuzz.contents import spoil_content
from fuzz.examples import ARTICLE, SENTENCES, TEXTS, small_model
from fuzz.mutations import spoil_bytes, spoil_zip, zipped
from wiredesk import card
from wiredesk.commands.info import describe
from wiredesk.documents import LabelledDocument
from wiredesk.models import Model, ModelFileError, load_model
from wiredesk.models.drift import find_drift
from wiredesk.models.files import ARRAYS, read_model
from wiredesk.models.probes import probe_probabilities
from wiredesk.models.scorer import compiled_loops
from wiredesk.pages.article import write_page
from wiredesk.writers import write_table

#: What a case may take: seconds, and bytes of address space beyond those that are taken before the first.
SECONDS, MEMORY = 10, 1 << 30

#: Longest message, beside the file's name.
LONGEST_MESSAGE = 400

#: How often the shipped model is spoiled: it loads ten times as slowly as the small one.
SHIPPED_EACH = 40

KEPT = Path("build/fuzz")


class TooSlow(BaseException):
    """A case has taken its time. No handler of errors takes it for one."""


class Case(NamedTuple):
    """A spoiled file, and what it was made of.

    Attributes
    ----------
    way : str
        ``"bytes"``, ``"zip"`` or ``"content"``.
    data : bytes
    base : Model
        The model before it was spoiled.
    """

    way: str
    data: bytes
    base: Model


def make_case(bases: dict[str, tuple[bytes, Model]], seed: int, number: int, folder: Path) -> Case:
    """Make a case: the same for the same seed and number.

    Parameters
    ----------
    bases : dict of str to (bytes, Model)
        ``"small"`` and ``"shipped"``.
    seed, number : int
    folder : Path
        For files.

    Returns
    -------
    Case
    """
    random = Random(f"{seed} {number}")
    data, base = bases["shipped" if number % SHIPPED_EACH == SHIPPED_EACH - 1 else "small"]
    way = random.choices(("bytes", "zip", "content"), (10, 2, 8))[0]
    if way == "bytes":
        return Case(way, spoil_bytes(data, random), base)
    if way == "zip":
        return Case(way, spoil_zip(data, random), base)
    members = spoil_content(data, random)
    if random.random() < 0.9:
        members["manifest.json"] = _with_probes(members, folder / "stale.wiredesk")
    return Case(way, zipped(list(members.items())), base)


def judge(case: Case, path: Path) -> str:
    """Load a file and use what it holds.

    Parameters
    ----------
    case : Case
    path : Path
        Written to.

    Returns
    -------
    str
        How it ended: ``"loaded"``, or the kind of the message that refused it.

    Raises
    ------
    Exception
        If anything else happens than what is promised.
    """
    path.write_bytes(case.data)
    try:
        model = load_model(path)
    except ModelFileError as error:
        message = str(error)
        assert message.startswith(f"{path}: "), "the message does not begin with the file's name"
        message = message.removeprefix(f"{path}: ")
        assert len(message) <= LONGEST_MESSAGE, f"the message has {len(message)} characters"
        return _kind(message)
    if case.way != "content":
        assert model.hash == case.base.hash, "another model than the one that was spoiled"
        for name in ARRAYS:
            assert np.array_equal(model._arrays[name], case.base._arrays[name]), f"{name} differs unnoticed"
    use(model, path)
    return "loaded"


def use(model: Model, path: Path) -> None:
    """Do with a model whatever can be done with it.

    Parameters
    ----------
    model : Model
    path : Path
        Written to.

    Raises
    ------
    Exception
        If anything fails, or a probability is none.
    """
    for ids in (None, ["it"] * len(TEXTS)):
        found = model.predict_proba(TEXTS, document_ids=ids)
        assert np.isfinite(found).all() and found.min() >= 0 and found.max() <= 1, "a probability is none"
        compiled = pickle.loads(pickle.dumps(model._scorer))
        compiled._loops = compiled_loops() or compiled._loops
        scores = model.decision_function(TEXTS, document_ids=ids)
        assert compiled.score(TEXTS, ids).tobytes() == scores.tobytes(), "compiled loops score otherwise"
    for explanation in model.explain(SENTENCES, 2, document_ids=["it"] * len(SENTENCES)):
        values = [explanation.intercept, *(one.value for one in explanation.contributions)]
        assert np.isclose(sum(values), explanation.score, atol=1e-6 * max(map(abs, values))), "terms do not add up"
    find_drift(model, ARTICLE)
    describe(model).encode("utf-8", "replace")
    card.model_card(model).encode()
    documents = [LabelledDocument("wire", ARTICLE, list(model.label(ARTICLE)), {})]
    write_table(documents, model.hash, io.StringIO())
    write_page(documents, model, io.StringIO())
    changed = model.with_thresholds({model.types[0]: 0.5}).with_priors({model.types[-1]: 0.3})
    changed.save(path, overwrite=True)
    assert load_model(path).types == model.types, "another model after it was saved"


def run(runs: int, seed: int, only: int | None = None) -> int:
    """Judge cases until one breaks the promise.

    Parameters
    ----------
    runs, seed : int
    only : int, optional
        The one case to judge.

    Returns
    -------
    int
        Exit code.
    """
    ends: Counter[tuple[str, str]] = Counter()
    slowest, slowest_case = 0.0, 0
    signal.signal(signal.SIGALRM, _too_slow)
    with tempfile.TemporaryDirectory() as name, patch.object(card, "load_model", functools.cache(load_model)):
        folder = Path(name)
        bases = {}
        for kind, model in (("small", small_model()), ("shipped", load_model())):
            model.save(folder / kind)
            bases[kind] = ((folder / kind).read_bytes(), model)
        for model in (bases["small"][1], bases["shipped"][1]):
            use(model, folder / "whole.wiredesk")
        before = _peak()
        with _bounded_memory():
            for number in range(runs) if only is None else (only,):
                case = make_case(bases, seed, number, folder)
                start = time.perf_counter()
                try:
                    signal.setitimer(signal.ITIMER_REAL, SECONDS)
                    with warnings.catch_warnings():
                        warnings.simplefilter("error")
                        end = judge(case, folder / "spoiled.wiredesk")
                except (Exception, TooSlow):
                    signal.setitimer(signal.ITIMER_REAL, 0)
                    KEPT.mkdir(parents=True, exist_ok=True)
                    kept = KEPT / f"seed-{seed}-case-{number}.wiredesk"
                    kept.write_bytes(case.data)
                    _tell(f"{traceback.format_exc()}\nbroken by case {number} of seed {seed} ({case.way}): {kept}")
                    return 1
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)
                took = time.perf_counter() - start
                slowest, slowest_case = max((slowest, slowest_case), (took, number))
                ends[case.way, end] += 1
    for way in ("bytes", "zip", "content"):
        found = Counter({end: n for (of, end), n in ends.items() if of == way})
        _tell(f"{way}: {found.total():,} files")
        for end, n in found.most_common():
            _tell(f"{n:8,}  {end}")
    _tell(
        f"{sum(ends.values()):,} files of seed {seed}: the slowest took {slowest:.2f} s (case {slowest_case}), "
        f"memory grew by at most {(_peak() - before) >> 20} MB, the making of the files included"
    )
    return 0


def _with_probes(members: dict[str, bytes], path: Path) -> bytes:
    """Give the manifest with the probabilities that this model gives to the probe sentences, if it is one."""
    path.write_bytes(zipped(list(members.items())))
    text = members["manifest.json"]
    try:
        stated = json.dumps(probe_probabilities(Model(*read_model(path))).tolist())
    except Exception:  # It will be judged by how it loads.
        return text
    return re.sub(rb'"probes": \[\s*(\[[^\]]*\][\s,]*)+\]', lambda _: b'"probes": ' + stated.encode(), text)


def _kind(message: str) -> str:
    """Take what is the file's own out of a message."""
    message = re.sub(rf"\b({'|'.join(ARRAYS)})\b", "ARRAY", message)
    message = re.sub(r"\(.*\)|'[^']*'?|\"[^\"]*\"?|'.*;", "…", message)
    message = re.sub(r"[<>|=]\w\d*(, column by column)?", "DTYPE", message)
    return re.sub(r"(?<![\w-])-?\d[\d,.e+]*", "0", message)[:90]


def _too_slow(signum: int, frame: FrameType | None) -> None:
    raise TooSlow(f"takes more than {SECONDS} s")


@contextlib.contextmanager
def _bounded_memory() -> Iterator[None]:
    """Let the process have so much more memory than it has now."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--case", type=int, help="judge this case alone")
    given = parser.parse_args()
    sys.exit(run(given.runs, given.seed, given.case))
