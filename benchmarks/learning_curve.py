"""What more text buys: accuracy on real news by size of the training corpus.

``WIREDESK_GOLD`` names a JSONL file of labelled real sentences. Draws whole documents and groups until the size is
reached, three times per size, from all of the corpus, from its articles alone, and from its loose sentences (contrast
sets among them) alone. Prints a Markdown table and, given a file name, draws the figure.
"""

from __future__ import annotations

import os
import sys
from statistics import mean

import numpy as np

from wiredesk.eval import evaluate
from wiredesk.seeds import Record, load_seeds, read_records, split_units
from wiredesk.training import train

SIZES = (500, 1000, 2000, 4000, 8000)
DRAWS = 3


def draw(records: list[Record], size: int, seed: int) -> list[Record]:
    """Take whole units at random until there are `size` sentences."""
    units = split_units(records)
    order = np.random.default_rng(seed).permutation(units.max() + 1)
    total = np.cumsum(np.bincount(units)[order])
    taken = set(order[: int(np.searchsorted(total, size)) + 1].tolist())
    return [record for record, unit in zip(records, units.tolist(), strict=True) if unit in taken]


def curve(records: list[Record], gold: list[Record]) -> list[tuple[int, list[float]]]:
    """Give sentences and macro F1 of every draw, by size."""
    points = []
    for size in [*(size for size in SIZES if size < 0.95 * len(records)), len(records)]:
        draws = 1 if size == len(records) else DRAWS
        samples = [draw(records, size, seed) for seed in range(draws)]
        scores = [evaluate(train(sample, n_jobs=2), gold).macro_f1 for sample in samples]
        points.append((round(mean(map(len, samples))), scores))
        print(f"{size}: {scores}", file=sys.stderr)
    return points


def plot(curves: dict[str, list[tuple[int, list[float]]]], path: str) -> None:
    """Draw the curves with every draw as a dot."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "wiredesk", "svg.fonttype": "none", "font.size": 11})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.2), layout="constrained")
    for (name, points), colour, marker in zip(curves.items(), ("#0072b2", "#d55e00", "#009e73"), "osD", strict=True):
        sizes = [size for size, _ in points]
        axes.plot(sizes, [mean(scores) for _, scores in points], color=colour, marker=marker, label=name)
        for size, scores in points:
            axes.plot([size] * len(scores), scores, marker, color=colour, markersize=3, alpha=0.5)
    axes.set_xscale("log")
    ticks = sorted({size for size in SIZES} | {curves["all"][-1][0]})
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("training sentences")
    axes.set_ylabel("macro F1 on real news")
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Print the table, draw the figure."""
    gold = read_records([os.environ["WIREDESK_GOLD"]])
    records = load_seeds()
    curves = {
        "all": curve(records, gold),
        "articles": curve([record for record in records if record.document], gold),
        "loose sentences": curve([record for record in records if not record.document], gold),
    }
    print("| training text | sentences | macro F1, mean of the draws | lowest - highest |\n| --- | ---: | ---: | --- |")
    for name, points in curves.items():
        for size, scores in points:
            spread = f"{min(scores):.3f} - {max(scores):.3f}" if len(scores) > 1 else ""
            print(f"| {name} | {size:,} | {mean(scores):.3f} | {spread} |")
    if len(sys.argv) > 1:
        plot(curves, sys.argv[1])


if __name__ == "__main__":
    main()
