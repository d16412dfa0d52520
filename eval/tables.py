"""The tables beside the report: data sets, slices, two models, near-duplicates, shares; 80 columns wide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wiredesk.eval.evaluation import ALL
from wiredesk.eval.text import LEGEND, cell, counted, format_data

#: Width of the names, which are cut, and column -> width.
_NAME = 32
_SUMMARY = {"sentences": 10, "documents": 10, "macro F1": 9, "95 % int.": 11, "exact": 7}
_GAPS = {"first": 8, "second": 8, "difference": 12, "95 % int.": 19}
_SHARES = {"counted": 9, "corrected": 11, "95 % int.": 17}


def format_account(account: Mapping[str, Any]) -> str:
    """Lay out everything that is told of an evaluation.

    Parameters
    ----------
    account : mapping
        JSON-ready, as ``wiredesk evaluate --json`` writes it.

    Returns
    -------
    str
    """
    first, *others = account["data"]
    parts = [format_summaries("data", account["data"])] if others else []
    parts += [f"{_one_line(first['name'])}:" if others else "", format_data(first)]
    for kind in ("source", "month"):
        if first["slices"][kind]:
            parts.append(format_summaries(kind, first["slices"][kind]))
    if account["comparison"]:
        parts.append(format_comparison(account["comparison"], _model(account["model"])))
    if account["leaks"]:
        parts.append(format_leaks(account["leaks"]))
    if account["prevalence"]:
        parts.append(format_prevalence(account["prevalence"]))
    return "\n\n".join([*filter(None, parts), LEGEND])


def format_summaries(title: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Lay out data sets, or slices of one, side by side.

    Parameters
    ----------
    title : str
        Of the first column.
    rows : sequence of mapping
        From `summary_of`, or data sets.

    Returns
    -------
    str
    """
    lines = _head(title, _SUMMARY)
    for row in rows:
        macro = row.get("macro", {"f1": row.get("macro_f1"), "f1_ci95": row.get("macro_f1_ci95")})
        cells = (row["sentences"], row["documents"], macro["f1"], macro["f1_ci95"], row["exact_match"])
        lines.append(_line(row["name"], cells, _SUMMARY))
    return "\n".join(lines)


def format_comparison(comparison: Mapping[str, Any], first: str) -> str:
    """Lay out the comparison of two models.

    Parameters
    ----------
    comparison : mapping
        From `compare_data`.
    first : str
        What the first model is called.

    Returns
    -------
    str
    """
    lines = [f"First: {first}. Second: {_model(comparison['model'])}."]
    for data in comparison["data"]:
        gaps = {"macro F1": data["macro_f1"], "micro F1": data["micro_f1"], "exact match": data["exact_match"]}
        gaps |= {f"F1 of {name}": gap["f1"] for name, gap in data["types"].items()}
        gaps |= {f"AP of {name}": gap["average_precision"] for name, gap in data["types"].items()}
        lines += ["", *_head(data["name"], _GAPS)]
        for name, gap in gaps.items():
            interval = gap["difference_ci95"]
            told = f"{interval[0]:+.3f} to {interval[1]:+.3f}" if interval else "-"
            difference = None if gap["difference"] is None else f"{gap['difference']:+.3f}"
            lines.append(_line(name, (gap["first"], gap["second"], difference, told), _GAPS))
        lines.append(
            f"Exactly right by the first alone: {counted(data['right_only_first'], 'sentence')}; "
            f"by the second alone: {data['right_only_second']:,}."
        )
    return "\n".join([*lines, "Difference: second minus first, interval paired over documents."])


def format_leaks(leaks: Mapping[str, Any]) -> str:
    """Say how many near-duplicates there are and how much of the score they explain.

    Parameters
    ----------
    leaks : mapping

    Returns
    -------
    str
    """
    where = "other folds" if leaks["between"] == "folds" else "the training data"
    found = f"{counted(leaks['sentences'], 'sentence')} ({leaks['share']:.1%})"
    told = f"Near-duplicates of sentences in {where}: {found}."
    if not leaks["sentences"]:
        return told
    if leaks["difference"] is None:
        return f"{told}\nWithout them nothing is left to score."
    # Adding 0.0 makes 0 of what would be printed as -0.000.
    explained, low, high = (
        round(value, 3) + 0.0
        for value in (leaks["difference"], *(leaks["difference_ci95"] or (leaks["difference"],) * 2))
    )
    return (
        f"{told}\nThey explain {explained:.3f} of the macro F1 ({low:.3f} to {high:.3f}): "
        f"without them it is {leaks['macro_f1_without']:.3f}."
    )


def format_prevalence(prevalence: Mapping[str, Any]) -> str:
    """Lay out the shares of types in a collection.

    Parameters
    ----------
    prevalence : mapping

    Returns
    -------
    str
    """
    title = f"share of {counted(prevalence['sentences'], 'sentence')}"
    labelled = "all data sets together" if prevalence["errors_from"] == ALL else prevalence["errors_from"]
    lines = _head(title, _SHARES)
    for name, shares in prevalence["types"].items():
        interval = shares["corrected_ci95"]
        told = f"{interval[0]:.1%} - {interval[1]:.1%}" if interval else "-"
        cells = [None if shares[key] is None else f"{shares[key]:.1%}" for key in ("counted", "corrected")]
        lines.append(_line(name, (*cells, told), _SHARES))
    lines.append(f"{counted(prevalence['documents'], 'document')}. Corrected for the errors made on {labelled}.")
    return "\n".join(lines)


def _model(model: Mapping[str, Any]) -> str:
    return f"{model['name']} ({model['hash'][:8]})" if model.get("hash") else str(model["name"])


def _head(title: str, columns: Mapping[str, int]) -> list[str]:
    header = f"{_cut(title):{_NAME}}" + "".join(f"{name:>{size}}" for name, size in columns.items())
    return [header, "-" * len(header)]


def _line(name: str, values: Sequence[object], columns: Mapping[str, int]) -> str:
    cells = "".join(f"{cell(value):>{size}}" for value, size in zip(values, columns.values(), strict=True))
    return f"{_cut(name):{_NAME}}{cells}"


def _one_line(name: str) -> str:
    return " ".join(name.splitlines())


def _cut(name: str) -> str:
    name = _one_line(name)
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
