"""The report of an evaluation: whether to use a model, at which thresholds, and what it gets wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TextIO

from wiredesk.eval.text import FEW_DOCUMENTS
from wiredesk.pages import charts, plots
from wiredesk.pages.formats import interval, number, percent
from wiredesk.pages.kinds import Kind, kinds_of
from wiredesk.pages.svg import drawing
from wiredesk.pages.template import render

#: Scores from fewer sentences of a type are said to tell little.
FEW_POSITIVES = 30

#: Recalls whose precision is listed.
RECALLS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


class Section(NamedTuple):
    """What the page shows of one data set.

    Attributes
    ----------
    data : mapping
        Of the evaluation's ``data``.
    summary : str
        SVG: F1 of each type beside the baselines.
    panels : mapping of str to list of str
        Name of a kind of plot -> SVG of each type; empty where there is nothing to plot.
    together : list of str
        SVG: the types labelled together, and those given together.
    slices : mapping of str to str
        Name of the field -> SVG.
    few : list of str
        Types that few sentences carry.
    """

    data: Mapping[str, Any]
    summary: str
    panels: Mapping[str, list[str]]
    together: list[str]
    slices: Mapping[str, str]
    few: list[str]


def write_report(evaluation: Mapping[str, Any], errors: Sequence[Mapping[str, Any]] | None, out: TextIO) -> None:
    """Write one HTML file that reports an evaluation and needs nothing else.

    Parameters
    ----------
    evaluation : mapping
        As ``wiredesk evaluate --json`` writes it.
    errors : sequence of mapping or None
        Sentences that got a wrong type, the worst first, with the terms that caused it; None if texts are to be left
        out.
    out : text file
        Open for UTF-8.

    Raises
    ------
    MissingExtraError
        If jinja2 or matplotlib is not installed.
    """
    model = evaluation["model"]
    kinds = kinds_of(model["thresholds"])
    types = list(model["thresholds"])
    comparison = evaluation["comparison"]
    with drawing():
        sections = [
            _section(f"d{i}", data, types, kinds, model["thresholds"]) for i, data in enumerate(evaluation["data"])
        ]
        gaps = [_gaps(f"c{i}", data, types, kinds) for i, data in enumerate(comparison["data"] if comparison else ())]
    render(
        "report.html",
        out,
        styles=("style.css", "kinds.css", "report.css"),
        scripts=("report.js",),
        evaluation=evaluation,
        errors=None if errors is None else _ordered(errors, types),
        types=types,
        kinds=kinds,
        kind_of=dict(zip(types, kinds, strict=True)),
        sections=sections,
        gaps=gaps,
        words=_words(evaluation["data"][0], types),
        recalls=RECALLS,
        precision_at=_precision_at,
        few_documents=FEW_DOCUMENTS,
        few_positives=FEW_POSITIVES,
        number=number,
        percent=percent,
        interval=interval,
    )


def _section(
    key: str, data: Mapping[str, Any], types: Sequence[str], kinds: Sequence[Kind], thresholds: Mapping[str, float]
) -> Section:
    n = data["sentences"]
    panels: dict[str, list[str]] = {}
    for i, (name, kind) in enumerate(zip(types, kinds, strict=True)):
        scores, curve, shown = data["types"][name], data["curves"][name], kind.name
        drawn = {
            "reliability": plots.reliability(f"{key}r{i}", shown, curve),
            "distribution": plots.distribution(f"{key}d{i}", shown, thresholds[name], curve),
            "curve": "",
            "costs": "",
            "workload": "",
        }
        if scores["positives"]:
            drawn["curve"] = plots.precision_recall(f"{key}p{i}", shown, scores, curve, n)
            drawn["costs"] = plots.threshold_costs(f"{key}t{i}", shown, thresholds[name], curve)
            drawn["workload"] = plots.workload(f"{key}w{i}", shown, scores, curve, n)
        for what, svg in drawn.items():
            panels.setdefault(what, []).append(svg)
    names = [kind.name for kind in kinds]
    together = {"labelled": "labelled", "given": "predicted"}.items() if len(types) > 1 else ()
    slices = {field: found for field, found in data["slices"].items() if found}
    return Section(
        data,
        charts.intervals(f"{key}f", "F1 of each type beside the baselines", "F1", _f1_rows(data, types, kinds)),
        panels,
        [
            charts.cooccurrence(f"{key}c{who}", f"Types {who} together", names, data["cooccurrence"][field])
            for who, field in together
        ],
        {field: _slices(f"{key}s{field}", field, found, data["macro"]["f1"]) for field, found in slices.items()},
        [name for name in types if data["types"][name]["positives"] < FEW_POSITIVES],
    )


def _f1_rows(data: Mapping[str, Any], types: Sequence[str], kinds: Sequence[Kind]) -> list[charts.Interval]:
    rows = [(kind.name, data["types"][name]) for name, kind in zip(types, kinds, strict=True)]
    return [
        charts.Interval(
            name,
            scores["f1"],
            scores["f1_ci95"],
            (scores["baselines"]["every sentence"], scores["baselines"]["keywords"]),
        )
        for name, scores in [*rows, ("macro", data["macro"])]
    ]


def _slices(key: str, field: str, found: Sequence[Mapping[str, Any]], overall: float | None) -> str:
    rows = [charts.Interval(part["name"], part["macro_f1"], part["macro_f1_ci95"]) for part in found]
    return charts.intervals(key, f"Macro F1 by {field}", "macro F1", rows, line=overall)


def _gaps(key: str, data: Mapping[str, Any], types: Sequence[str], kinds: Sequence[Kind]) -> str:
    found = [("macro F1", data["macro_f1"]), ("micro F1", data["micro_f1"]), ("exact match", data["exact_match"])]
    found += [(kind.name, data["types"][name]["f1"]) for name, kind in zip(types, kinds, strict=True)]
    rows = [charts.Interval(name, gap["difference"], gap["difference_ci95"]) for name, gap in found]
    title = "Differences between the models: second minus first"
    return charts.intervals(key, title, "second minus first", rows, line=0, sign=True)


def _precision_at(curve: Mapping[str, Any], recall: float) -> float | None:
    """Give the precision at the highest threshold of a curve that reaches a recall."""
    reached = (precision for _, precision, found in curve["precision_recall"] if found is not None and found >= recall)
    return next(reached, None)


def _ordered(errors: Sequence[Mapping[str, Any]], types: Sequence[str]) -> list[Mapping[str, Any]]:
    """Sort errors by type and kind, the surest first."""

    def place(error: Mapping[str, Any]) -> tuple[int, bool, float]:
        gap = abs(error["probability"] - error["threshold"])
        return types.index(error["type"]), error["kind"] != "missed", -gap

    return sorted(errors, key=place)


def _words(data: Mapping[str, Any], types: Sequence[str]) -> dict[str, Any]:
    """Gather what the page says in words about a data set."""
    carried = [name for name in types if data["types"][name]["positives"]]
    ranked = sorted(carried, key=lambda name: data["types"][name]["f1"] or 0)
    read = [data["types"][name]["read_at_recall_95"] for name in carried]
    known = {name: row for name, row in data["types"].items() if name in carried and row["calibration_error_floor"]}
    return {
        "worst": ranked[0] if len(ranked) > 1 else None,
        "best": ranked[-1] if len(ranked) > 1 else None,
        "read": (min(read), max(read)) if read and None not in read else None,
        "calibrated": bool(known),
        "miscalibrated": [
            name for name, row in known.items() if row["calibration_error"] > row["calibration_error_floor"][1]
        ],
        "missing": [name for name in types if name not in carried],
        "given": sum(row["predicted"] for row in data["types"].values()),
    }
