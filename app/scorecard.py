"""The scores that a model file holds, laid out for its card."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeGuard

from wiredesk.markdown import code, escaped, table
from wiredesk.models import Model


class Scored(NamedTuple):
    """Scores of one set of labelled sentences.

    Attributes
    ----------
    name : str
        Of the data.
    about : str
        What the data are; may be empty.
    created : str
        Date of the scores; may be empty.
    scores : mapping of str to object
        As from ``Report.to_dict``, as far as they are there.
    is_training : bool
        Whether the sentences are those the model was trained on, scored by cross-validation.
    """

    name: str
    about: str
    created: str
    scores: Mapping[str, Any]
    is_training: bool

    @property
    def title(self) -> str:
        """Name in Markdown: that of a file as code."""
        return escaped(self.name) if self.is_training else code(self.name)


def held_scores(model: Model, corpus: str) -> list[Scored]:
    """List the scores that a model file holds.

    Parameters
    ----------
    model : Model
    corpus : str
        What the training data are called.

    Returns
    -------
    list of Scored
        Those on sentences that it was not trained on first.
    """
    found = [
        Scored(str(told.get("name", "")), str(told.get("about", "")), str(told.get("created", "")), scores, False)
        for told in map(mapping, sequence(model.manifest.get("evaluations")))
        if (scores := mapping(told.get("dataset"))).get("types")
    ]
    training = mapping(model.manifest.get("training"))
    scores = mapping(training.get("cross_validation"))
    if scores.get("types"):
        folds = training.get("folds")
        how = f"{folds}-fold cross-validation" if isinstance(folds, int) else "cross-validation"
        found.append(Scored(f"{how} on {corpus}", "", "", scores, True))
    return found


def metrics(model: Model, scored: Scored) -> list[dict[str, Any]]:
    """Write scores as Hugging Face's hub has them: macro averages, exact match, and the F1 of every type.

    Parameters
    ----------
    model : Model
    scored : Scored

    Returns
    -------
    list of dict
        With ``type``, ``name`` and ``value``; scores that are not there are left out.
    """
    macro, types = mapping(scored.scores.get("macro")), mapping(scored.scores.get("types"))
    named = [("f1", "F1"), ("precision", "Precision"), ("recall", "Recall"), ("average_precision", "Average precision")]
    found = [(key, f"{title} (macro)", macro.get(key)) for key, title in named]
    found.append(("accuracy", "Exact match", scored.scores.get("exact_match")))
    found += [("f1", f"F1 ({name})", mapping(types.get(name)).get("f1")) for name in model.types]
    return [{"type": key, "name": name, "value": float(value)} for key, name, value in found if is_number(value)]


def accuracy(model: Model, scored: Sequence[Scored]) -> str:
    """Write how accurate a model is.

    Parameters
    ----------
    model : Model
    scored : sequence of Scored

    Returns
    -------
    str
        Markdown: what was scored, a table and a summary for each.
    """
    measure = "Measure it on labelled sentences of your own before you count on it: `wiredesk evaluate`."
    if not scored:
        return f"**This model file holds no scores.** {measure}"
    parts = []
    if all(one.is_training for one in scored):
        parts.append(
            "**It was measured by cross-validation on its own training data alone. Real text will do worse,** the more "
            f"so the less it is like them. {measure}"
        )
    for one in scored:
        heading = one.title[0].upper() + one.title[1:]
        parts += [f"### {heading}", _where(model, one), _score_table(model, one.scores), _summary(one.scores)]
    parts.append(
        "Sentences are those that carry the type. Intervals are bootstraps over documents. The last columns are what "
        "can be had without a model: the F1 of giving the type to every sentence, and of keyword rules."
    )
    return "\n\n".join(filter(None, parts))


def probabilities(model: Model, scored: Sequence[Scored]) -> str:
    """Write thresholds and how far the probabilities can be trusted.

    Parameters
    ----------
    model : Model
    scored : sequence of Scored
        The first tells of the calibration.

    Returns
    -------
    str
        Markdown: an explanation and a table.
    """
    manifest, training = model.manifest, mapping(model.manifest.get("training"))
    chosen = ""
    if training.get("adjusted"):
        chosen = " Thresholds or priors were changed by hand after the training."
    elif "target" in training:
        targets = [
            (escaped(str(name)), share) for name, share in mapping(training["target"]).items() if is_number(share)
        ]
        wanted = ", ".join(f"a {name} of {share:g}" for name, share in targets) or "the best F1"
        chosen = f" Thresholds were chosen for {wanted} on out-of-fold scores."
    told = (
        f"A type is given where its probability reaches the type's threshold.{chosen} `review` marks sentences with a "
        f"probability less than {manifest['review_band']:g} from its threshold. Expected share is how frequent a type "
        "is among the sentences that the probabilities were calibrated for; if it is not as frequent in your text, "
        "say so: `predict --prior TYPE=SHARE`."
    )
    measured = mapping(scored[0].scores.get("types")) if scored else {}
    rows = []
    settings = zip(model.types, manifest["thresholds"], manifest["calibration"]["prior"], strict=True)
    for name, threshold, prior in settings:
        values = mapping(measured.get(name))
        floor = sequence(values.get("calibration_error_floor"))
        errors = values.get("calibration_error"), floor[-1] if floor else None, values.get("brier_score")
        rows.append([code(name, in_table=True), number(threshold), number(prior), *(number(one, 3) for one in errors)])
    header = ["type", "threshold", "expected share", "calibration error", "by chance, up to", "Brier score"]
    found = f"{told}\n\n{table(header, rows)}"
    if any(row[3] for row in rows):
        found += f"\n\nCalibration error ({scored[0].title}): how far probabilities and shares differ, in ten bins."
    if any(row[4] for row in rows):
        found += " Perfect probabilities would show up to the value beside it, by chance."
    return found


def mapping(value: object) -> Mapping[str, Any]:
    """Take what should be a mapping, or an empty one: `freeze` takes anything as the account of a training."""
    return value if isinstance(value, Mapping) else {}


def sequence(value: object) -> Sequence[Any]:
    """Take what should be a list, or an empty one."""
    return value if isinstance(value, list | tuple) else ()


def is_number(value: object) -> TypeGuard[float]:
    """Say whether this is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def number(value: object, digits: int = 2) -> str:
    """Write a number; an empty string if it is none."""
    return f"{value:.{digits}f}" if is_number(value) else ""


def _where(model: Model, one: Scored) -> str:
    """Tell what was scored, and how."""
    counts = [(one.scores.get("sentences"), "labelled sentences"), (one.scores.get("documents"), "documents")]
    size = " of ".join(f"{count:,} {what}" for count, what in counts if isinstance(count, int)) or "Labelled sentences"
    if not one.is_training:
        when = f", scored {escaped(one.created)}" if one.created else ""
        return f"{size} that it was not trained on{when}. {escaped(one.about)}".rstrip()
    adjusted = mapping(model.manifest.get("training")).get("adjusted")
    late = " Thresholds or priors were changed later: these are the scores from before." if adjusted else ""
    return (
        f"{size}, each scored by a model that had not seen its document, with thresholds chosen on the other "
        f"documents. Other text does worse.{late}"
    )


def _score_table(model: Model, scores: Mapping[str, Any]) -> str:
    header = ["type", "sentences", "F1", "95 % interval", "precision", "recall", "average precision"]
    header += ["every sentence", "keywords"]
    types, macro = mapping(scores.get("types")), mapping(scores.get("macro"))
    rows = []
    for name, values in [*((name, mapping(types.get(name))) for name in model.types), ("", macro)]:
        positives, baselines = values.get("positives"), mapping(values.get("baselines"))
        cells = [
            code(name, in_table=True) if name else "**macro**",
            f"{positives:,}" if isinstance(positives, int) else "",
            number(values.get("f1")),
            _interval(values.get("f1_ci95")),
            *(number(values.get(key)) for key in ("precision", "recall", "average_precision")),
            *(number(baselines.get(key)) for key in ("every sentence", "keywords")),
        ]
        if any(cells[1:]):
            rows.append(cells)
    return table(header, rows)


def _summary(scores: Mapping[str, Any]) -> str:
    micro, told = mapping(scores.get("micro")), []
    if is_number(micro.get("precision")) and is_number(micro.get("recall")):
        wrong, missing = (f"{100 * (1 - micro[key]):.0f} %" for key in ("precision", "recall"))
        told.append(f"{wrong} of the labels it gave were wrong, and {missing} of the right ones were missing.")
    if is_number(scores.get("exact_match")):
        interval = _interval(scores.get("exact_match_ci95"))
        share = f"{number(scores['exact_match'])}{f' (95 % interval {interval})' if interval else ''}"
        told.append(f"Share of the sentences with exactly the right types: {share}.")
    return " ".join(told)


def _interval(value: object) -> str:
    # An interval stays in one line of its cell; after a dash it might be parted even so.
    ends = sequence(value)
    return "\u00a0to\u00a0".join(map(number, ends)) if len(ends) == 2 and all(map(is_number, ends)) else ""
