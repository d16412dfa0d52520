"""``wiredesk card``: the model card of a model file."""

from __future__ import annotations

from typing import Annotated

import typer

from wiredesk.commands.options import ForceOption


def card_command(
    model: Annotated[
        str | None, typer.Argument(metavar="MODEL", help="A .wiredesk file; the shipped model by default.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="The Markdown file to write; else stdout.")
    ] = None,
    licence: Annotated[
        str | None,
        typer.Option("--license", metavar="NAME", help="SPDX identifier, if not trained on the seeds alone."),
    ] = None,
    data: Annotated[
        str | None, typer.Option("--data", metavar="NAME", help="What it was trained on, if not the seeds.")
    ] = None,
    force: ForceOption = False,
) -> None:
    """Write a model's card: data, scores, intended use, limits, licence."""
    from pathlib import Path

    from wiredesk.card import model_card
    from wiredesk.models import load_model
    from wiredesk.models.atomic import write_text
    from wiredesk.outputs import check_output

    if output is not None:
        check_output(output, force, [] if model is None else [model])
    file = "default.wiredesk" if model is None else Path(model).name
    text = model_card(load_model(model), file=file, licence=licence, data=data)
    if output is None:
        typer.echo(text, nl=False)
        return
    write_text(output, text, overwrite=force)
