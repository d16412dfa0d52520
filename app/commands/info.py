"""``wiredesk info``: what a model file is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from wiredesk.models import Model


def info_command(
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="A .wiredesk file; the shipped model by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest as JSON.")] = False,
) -> None:
    """Show what a model file holds."""
    from wiredesk.models import load_model

    model = load_model(file)
    typer.echo(json.dumps(model.manifest, ensure_ascii=False) if as_json else describe(model))


def describe(model: Model) -> str:
    """Lay out what a model is for a terminal.

    Parameters
    ----------
    model : Model

    Returns
    -------
    str
    """
    manifest = model.manifest
    training, scores = manifest["training"], manifest["training"].get("cross_validation")
    lines = [
        f"content hash   {model.hash}",
        f"features       {model.n_features:,} (featurizer version {manifest['featurizer']['version']})",
        f"made           {manifest['created']} with "
        + ", ".join(f"{name} {number}" for name, number in manifest["versions"].items()),
        f"trained on     {training['sentences']:,} sentences in {training['units']:,} units (documents, groups, "
        "sentences that stand alone)",
        f"classifier     {training['classifier']}",
        "",
        f"{'type':20}  threshold  cross-validated F1",
    ]
    for name, threshold in model.thresholds.items():
        f1 = f"{scores['types'][name]['f1']:.3f}"
        lines.append(f"{name:20}  {threshold:9.3f}  {f1:>18}")
    lines.append(f"{'macro':20}  {'':9}  {scores['macro_f1']:>18.3f}")
    return "\n".join(lines)
