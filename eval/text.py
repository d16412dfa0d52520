"""An evaluation as plain text, 80 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from wiredesk.eval.metrics import BINS
from wiredesk.eval.report import Report

#: Column -> width; all but the first two are scores.
_COLUMNS = {"n": 7, "prec.": 7, "recall": 8, "F1": 7, "95 % int.": 11, "AP": 7, "every": 8, "keyw.": 7}
_CALIBRATION = {"Brier": 7, "ECE": 7, "by chance": 13, "": 3, "read for 95 %": 16}

#: Intervals from fewer documents hold the true value in less than 95 of 100 cases (`benchmarks/intervals.py`).
FEW_DOCUMENTS = 20


#: Explains the columns.
LEGEND = f"""\
95 % int.: of F1, by bootstrap over documents. AP: average precision. Every,
keyw.: F1 of giving the type to every sentence, and of keyword rules. ECE:
calibration error, {BINS} bins; by chance: what perfect probabilities would show on
these sentences, mean and 95th percentile (* beyond it). Read for 95 %: share of
the sentences to read, most probable first, to meet 95 % of a type."""


def format_report(report: Report) -> str:
    """Lay out a report for a terminal.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
        Lines of at most 80 columns for type names of up to 18 characters.

    Examples
    --------
    >>> from wiredesk.eval.report import evaluate
    >>> from wiredesk.models import load_model
    >>> rows = [{"text": "Shells fell on Darsa.", "labels": ["attack_report"]}, {"text": "Rain fell.", "labels": []}]
    >>> format_report(evaluate(load_model(), rows)).startswith("type ")
    True
    """
    return f"{format_data(report.to_dict())}\n\n{LEGEND}"


def format_data(data: Mapping[str, Any]) -> str:
    """Lay out the scores of one data set, without the legend.

    Parameters
    ----------
    data : mapping
        As from `Report.to_dict`.

    Returns
    -------
    str
    """
    types, documents = data["types"], data["documents"]
    width = max(17, *map(len, types))
    rows = {name: _cells(scores["positives"], *_scores(scores)) for name, scores in types.items()}
    totals = {"macro": _cells("", *_scores(data["macro"])), "micro": _cells("", *_scores(data["micro"]))}
    calibration = {}
    for name, scores in types.items():
        mean, high = scores["calibration_error_floor"]
        calibration[name] = _cells(
            scores["brier_score"],
            scores["calibration_error"],
            f"{mean:.3f}, {high:.3f}",
            "" if scores["calibration_error"] <= high else "*",
            _share(scores["read_at_recall_95"]),
            columns=_CALIBRATION,
        )
    exact = _with_interval(data["exact_match"], data["exact_match_ci95"])
    single = _with_interval(data["type_precision"], data["type_precision_ci95"])
    lines = [
        *_table(width, _COLUMNS, rows, totals),
        "",
        *_table(width, _CALIBRATION, calibration),
        "",
        f"{counted(data['sentences'], 'sentence')} of {counted(documents, 'document')}.",
        f"Exactly the right types: {exact}.",
        f"The single type, where one is given, is right: {single}.",
    ]
    missing = [name for name, scores in types.items() if not scores["positives"]]
    if missing:
        told = f"Carried by no sentence, so 0 in the macro scores: {', '.join(missing)}."
        lines += textwrap.wrap(told, 80, break_long_words=False, break_on_hyphens=False)
    if documents == 1:
        lines.append("One document tells nothing of others: there are no intervals. Label more.")
    elif documents < FEW_DOCUMENTS:
        lines.append(f"Intervals from fewer than {FEW_DOCUMENTS} documents are too narrow: label more documents.")
    return "\n".join(lines)


def _scores(scores: Mapping[str, Any]) -> tuple[object, ...]:
    """Pick the scores of a row; what a total does not have stays blank."""
    baselines = scores.get("baselines", {"every sentence": "", "keywords": ""})
    names = ("precision", "recall", "f1", "f1_ci95", "average_precision")
    return (*(scores.get(name, "") for name in names), baselines["every sentence"], baselines["keywords"])


def _table(
    width: int, columns: Mapping[str, int], rows: Mapping[str, str], totals: Mapping[str, str] | None = None
) -> list[str]:
    header = f"{'type':{width}}" + "".join(f"{name:>{size}}" for name, size in columns.items())
    rule = "-" * len(header)
    lines = [header, rule, *(f"{name:{width}}{row}".rstrip() for name, row in rows.items())]
    return lines + [rule, *(f"{name:{width}}{row}".rstrip() for name, row in totals.items())] if totals else lines


def _cells(*values: object, columns: Mapping[str, int] = _COLUMNS) -> str:
    return "".join(f"{cell(value):>{size}}" for value, size in zip(values, columns.values(), strict=True))


def cell(value: object) -> str:
    """Write one value of a table.

    Parameters
    ----------
    value : int, float, str, sequence of two float, or None

    Returns
    -------
    str

    Examples
    --------
    >>> [cell(value) for value in (0.5, (0.25, 0.75), 1200, None)]
    ['0.500', '0.25-0.75', '1,200', '-']
    """
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, tuple | list):
        low, high = value
        return f"{low:.2f}-{high:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def counted(n: int, what: str) -> str:
    """Write how many there are of something.

    Parameters
    ----------
    n : int
    what : str
        One of them.

    Returns
    -------
    str

    Examples
    --------
    >>> counted(1, "document"), counted(1058, "sentence")
    ('1 document', '1,058 sentences')
    """
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"


def _with_interval(value: float | None, interval: Sequence[Any] | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1%}" + (f" ({interval[0]:.1%} - {interval[1]:.1%})" if interval else "")
