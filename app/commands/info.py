"""``wiredesk info``: what a model file is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from wiredesk.terminal import printable

if TYPE_CHECKING:
    from wiredesk.models import Model


def info_command(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A .wiredesk file; the shipped model by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest as JSON.")] = False,
) -> None:
    """Show what a model file holds."""
    from wiredesk.models import load_model

    model = load_model(file)
    typer.echo(json.dumps(model.manifest) if as_json else describe(model))


def describe(model: Model) -> str:
    """Lay out what a model is for a terminal.

    Parameters
    ----------
    model : Model

    Returns
    -------
    str
    """
    manifest, training = model.manifest, model.manifest["training"]
    versions = dict(manifest["versions"])
    lines = [
        f"content hash   {model.hash}",
        f"features       {model.n_features:,} (featurizer version {manifest['featurizer']['version']})",
        f"made           {manifest['created']} by wiredesk {versions.pop('wiredesk', '')}".rstrip(),
        "with           " + ", ".join(f"{name} {number}" for name, number in versions.items()),
    ]
    scores: dict[str, dict[str, float]] = {}
    # `freeze` takes anything, or nothing, as the account of a training.
    if {"sentences", "units", "classifier", "cross_validation"} <= training.keys():
        scores = {**training["cross_validation"]["types"], "macro": training["cross_validation"]["macro"]}
        lines += [
            f"trained on     {training['sentences']:,} sentences in {training['units']:,} units (article, group, "
            "lone sentence)",
            f"classifier     {training['classifier']}",
        ]
    lines += ["", f"{'type':20}  threshold  cross-validated F1"]
    for name, threshold in [*((name, f"{value:.3f}") for name, value in model.thresholds.items()), ("macro", "")]:
        f1 = f"{scores[name]['f1']:.3f}" if name in scores else "-"
        lines.append(f"{name:20}  {threshold:>9}  {f1:>18}")
    if training.get("adjusted"):
        lines.append("Thresholds or priors were changed since; the scores are those of the training.")
    return "\n".join(map(printable, lines))
