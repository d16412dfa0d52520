"""The evaluation report as plain text, 80 columns wide."""

from __future__ import annotations

from wiredesk.eval.evaluation import Report


def format_report(report: Report) -> str:
    """Lay out a report for a terminal.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
        Lines of at most 80 columns for type names of up to 20 characters.
    """
    width = max(17, *(len(name) for name in report.types))
    header = f"{'type':{width}}" + "".join(f"{name:>{size}}" for name, size in _COLUMNS.items())
    lines = [header, "-" * len(header)]
    for name, scores in report.types.items():
        row = _cells(
            scores["positives"],
            scores["precision"],
            scores["recall"],
            scores["f1"],
            scores["f1_ci95"],
            scores["average_precision"],
            scores["calibration_error"],
            scores["baseline_f1"],
        )
        lines.append(f"{name:{width}}{row}")
    macro = _cells("", "", "", report.macro_f1, report.macro_f1_ci95, "", "", report.baseline_macro_f1)
    lines += [
        "-" * len(header),
        f"{'macro':{width}}{macro}",
        "",
        f"{report.sentences:,} sentences of {report.documents:,} documents; "
        f"{report.exact_match:.1%} have exactly the right types.",
        "Intervals: bootstrap over documents. AP: average precision. ECE: calibration",
        "error, 10 bins. Baseline: the F1 of giving the type to every sentence.",
    ]
    return "\n".join(lines)


#: Column -> width.
_COLUMNS = {"n": 7, "prec.": 7, "recall": 8, "F1": 7, "95 % int.": 11, "AP": 7, "ECE": 7, "baseline": 9}


def _cells(*values: object) -> str:
    return "".join(f"{_cell(value):>{size}}" for value, size in zip(values, _COLUMNS.values(), strict=True))


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, tuple | list):
        low, high = value
        return f"{low:.2f}-{high:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
