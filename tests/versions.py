"""One model under several versions of the libraries: are its probabilities the same, and does training make it again?

``versions.py bounds`` prints the lower bounds in pyproject.toml as pip's constraints. ``versions.py write FILE`` writes
down what the environment it runs in makes of sentences of the corpus, and ``versions.py compare FILE...`` compares.
"""

from __future__ import annotations

import json
import platform
import re
import sys
import tomllib
from importlib.metadata import version
from itertools import combinations
from pathlib import Path

import numpy as np

#: Largest difference of two probabilities.
TOLERANCE = 1e-6

#: Sentences of the corpus that are labelled, and that a model is trained on.
SENTENCES, TRAINED = 6000, 1500

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
SHOWN = ("numpy", "scipy", "scikit-learn")


def bounds() -> list[str]:
    """Give the oldest versions that the project says it works with."""
    required = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    found = [re.fullmatch(r"([\w.-]+)>=([\w.]+)", one) for one in required]
    if not all(found):
        raise SystemExit(f"{PROJECT}: a dependency is not written NAME>=VERSION, so it has no oldest version to test")
    return [f"{one[1]}=={one[2]}" for one in found if one]


def write(path: str) -> None:
    """Write down the probabilities of the shipped model, and of one that is trained here."""
    import wiredesk
    from wiredesk.features import TfidfFeaturizer
    from wiredesk.models import SentenceClassifier

    records = wiredesk.load_seeds()[:SENTENCES]
    texts = [record.text for record in records]
    documents = [record.document or f"alone-{i}" for i, record in enumerate(records)]
    trained = wiredesk.train(
        records[:TRAINED], classifier=SentenceClassifier(featurizer=TfidfFeaturizer(max_features=20_000)), folds=3
    )
    about = {name: version(name) for name in SHOWN} | {
        "python": platform.python_version(),
        "wiredesk": str(Path(wiredesk.__file__).parent),
    }
    np.savez(
        path,
        about=json.dumps(about),
        shipped=wiredesk.load_model().predict_proba(texts, document_ids=documents),
        trained=trained.predict_proba(texts, document_ids=documents),
        thresholds=np.array(list(trained.thresholds.values())),
    )


def compare(paths: list[str]) -> None:
    """Print the largest differences between environments, and end with an error if one is too large."""
    found = {path: dict(np.load(path)) for path in paths}
    for path, results in found.items():
        print(path, *(f"{name} {told}" for name, told in json.loads(str(results.pop("about"))).items()), sep="; ")
    worst = 0.0
    for (one, first), (other, second) in combinations(found.items(), 2):
        gaps = {name: float(np.abs(first[name] - second[name]).max()) for name in first}
        worst = max(worst, *gaps.values())
        print(f"{one} and {other}:", *(f"{name} {gap:.1e}" for name, gap in gaps.items()), sep="  ")
    if not worst <= TOLERANCE:
        raise SystemExit(f"a probability differs by {worst:.1e}; by {TOLERANCE:.0e} at most it should")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["bounds"]:
            print(*bounds(), sep="\n")
        case ["write", path]:
            write(path)
        case ["compare", *paths] if len(paths) > 1:
            compare(paths)
        case _:
            raise SystemExit(__doc__)
