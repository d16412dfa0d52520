"""What tells inputs unlike the training data from others: the signals of drift warnings, source by source.

``python -m benchmarks.drift [-m MODEL] INPUT...`` reads what ``wiredesk predict`` reads and prints a Markdown table. A
row is a source, judged alone: the column ``source`` of a table, else the table; of texts the folder. The last column
judges every document of 10 sentences and more by itself.
"""

from __future__ import annotations

import argparse
from collections import defaultdict

from wiredesk import load_model
from wiredesk.drift import Samples, source_of
from wiredesk.models.drift import Drift, judge
from wiredesk.models.driftcounts import Sample
from wiredesk.prediction import labelled_documents
from wiredesk.readers import Reading, read_documents
from wiredesk.rejects import refuse
from wiredesk.sources import find_sources


def row(name: str, sample: Sample, drift: Drift, alone: list[Drift]) -> list[str]:
    """Write what a source shows."""
    shares = [f"{100 * share:.1f}" for share in drift.shares.values()]
    warned = sum(bool(found.warning) for found in alone)
    return [
        name,
        f"{sample.documents:,}",
        f"{sample.sentences:,}",
        f"{100 * drift.not_english:.1f}",
        f"{100 * drift.unseen_words:.1f}",
        *shares,
        "" if drift.score is None else f"{drift.score:.2f}",
        f"{drift.limit:.2f}",
        "yes" if drift.warning else "",
        f"{warned} of {len(alone)}",
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+", metavar="INPUT")
    parser.add_argument("-m", "--model", help="by default the shipped one")
    arguments = parser.parse_args()
    model = load_model(arguments.model)
    samples = Samples()
    alone: defaultdict[str, list[Drift]] = defaultdict(list)
    for source in find_sources(arguments.inputs):
        documents = list(read_documents([source], Reading(), refuse))
        for document, labelled in zip(documents, labelled_documents(documents, model), strict=True):
            name, _ = source_of(source, document)
            samples.count(name, "", labelled.sentences, model.words)
            one = Sample()
            one.count(labelled.sentences, model.words)
            found = judge(one, model)
            alone[name] += [found] if found else []
    columns = ["source", "documents", "sentences", "not English, %", "unknown words, %"]
    columns += [f"{name}, %" for name in model.types]
    columns += ["drift", "limit", "warned", "warned alone"]
    print("| " + " | ".join(columns) + " |\n| --- |" + " ---: |" * (len(columns) - 1))
    for name, sample in samples.sources.items():
        drift = judge(sample, model)
        if drift is not None:
            print("| " + " | ".join(row(name, sample, drift, alone[name])) + " |")


if __name__ == "__main__":
    main()
