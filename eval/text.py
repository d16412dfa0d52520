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
    lines = [
        f"{'type':{width}}    n   prec.  recall     F1   95 % interval   AP     ECE  baseline",
        "-" * (width + 62),
    ]
    for name, scores in report.types.items():
        low, high = scores["f1_ci95"]
        ap = scores["average_precision"]
        lines.append(
            f"{name:{width}} {scores['positives']:4d}   {scores['precision']:.3f}   {scores['recall']:.3f}  "
            f"{scores['f1']:.3f}   {low:.2f} - {high:.2f}   {'  -  ' if ap is None else f'{ap:.3f}'}  "
            f"{scores['calibration_error']:.3f}   {scores['baseline_f1']:.3f}"
        )
    low, high = report.macro_f1_ci95
    lines += [
        "-" * (width + 62),
        f"{'macro F1':{width}}                        {report.macro_f1:.3f}   {low:.2f} - {high:.2f}"
        f"                    {report.baseline_macro_f1:.3f}",
        "",
        f"{report.sentences:,} sentences of {report.documents:,} documents; "
        f"{report.exact_match:.1%} have exactly the right types.",
        "Intervals: bootstrap over documents. AP: average precision. ECE: calibration",
        "error, 10 bins. Baseline: the F1 of giving the type to every sentence.",
    ]
    return "\n".join(lines)
