"""``wiredesk evaluate``: score a model on labelled sentences."""

from __future__ import annotations

from typing import Annotated

import typer

from wiredesk.commands.options import ModelOption


def evaluate_command(
    data: Annotated[
        list[str] | None, typer.Argument(metavar="DATA", help="JSONL or CSV files of labelled sentences.")
    ] = None,
    gold: Annotated[
        str | None, typer.Option("--gold", metavar="DIR", help="Score on the shipped gold; DIR holds its documents.")
    ] = None,
    model: ModelOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")] = False,
) -> None:
    """Score a model on labelled sentences."""
    import json

    from wiredesk.eval import evaluate, format_report
    from wiredesk.models import load_model
    from wiredesk.seeds import read_gold, read_records

    if not data and gold is None:
        raise typer.BadParameter("name files of labelled sentences, or the gold's documents with --gold")
    records = read_records(data or []) + (read_gold(gold) if gold is not None else [])
    loaded = load_model(model)
    report = evaluate(loaded, records)
    typer.echo(json.dumps({"model": loaded.hash, **report.to_dict()}) if as_json else format_report(report))
