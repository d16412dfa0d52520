"""``wiredesk predict``: label the sentences of articles."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from wiredesk.commands.options import ForceOption, ModelOption, by_type

if TYPE_CHECKING:
    from wiredesk.models import Model


def predict_command(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT", help="Files, folders, patterns like '2024*/*.jsonl', or - for stdin."),
    ],
    model: ModelOption = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="OUT", help="Write here instead of to stdout.")
    ] = None,
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="table|jsonl|csv|parquet|html",
            help="By default from OUT's ending; else a table on a terminal and JSONL anywhere else.",
        ),
    ] = None,
    types: Annotated[
        str | None,
        typer.Option("--types", metavar="A,B", help="Write only sentences that have one of these types."),
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option("--threshold", metavar="TYPE=P", help="Give a type from this probability on; may be repeated."),
    ] = None,
    prior: Annotated[
        list[str] | None,
        typer.Option("--prior", metavar="TYPE=SHARE", help="The share of sentences that carry a type in this input."),
    ] = None,
    input_format: Annotated[
        str | None,
        typer.Option(
            "--input-format",
            metavar="text|html|jsonl|csv|tsv|parquet",
            help="Of stdin and of files whose ending tells nothing; plain text by default.",
        ),
    ] = None,
    unit: Annotated[
        str, typer.Option("--unit", metavar="document|sentence", help="What a row, or a line of plain text, holds.")
    ] = "document",
    text_column: Annotated[str, typer.Option("--text-column", metavar="NAME", help="Column of the texts.")] = "text",
    id_column: Annotated[
        str | None,
        typer.Option("--id-column", metavar="NAME", help="Column of document names; else document or id."),
    ] = None,
    encoding: Annotated[
        str, typer.Option("--encoding", metavar="NAME", help="Of inputs that are not UTF-8.")
    ] = "utf-8",
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", metavar="C", help="Between cells of CSV; a comma else.")
    ] = None,
    keep_text: Annotated[
        str | None,
        typer.Option("--keep-text", metavar="DIR", help="Save the text found in web pages, which offsets refer to."),
    ] = None,
    rejects: Annotated[
        str | None, typer.Option("--rejects", metavar="FILE", help="Write what cannot be read here, as JSONL.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first thing that cannot be read.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary.")] = False,
    force: ForceOption = False,
) -> None:
    """Label the sentences of articles."""
    from wiredesk.models import load_model
    from wiredesk.outputs import check_output, choose_format
    from wiredesk.prediction import predict
    from wiredesk.readers import Reading
    from wiredesk.sources import STDIN, find_sources

    thresholds, priors = by_type(threshold, "--threshold"), by_type(prior, "--prior")
    output = None if output == STDIN else output
    reading = Reading(unit, text_column, id_column, encoding, delimiter, keep_text)
    reading.check()
    sources = find_sources(inputs, input_format)
    chosen = choose_format(format_name, output, sys.stdout.isatty())
    read = [source.name for source in sources] + ([model] if model else [])
    if output is not None:
        check_output(output, force, read)
    if rejects is not None:
        check_output(rejects, force, read + ([output] if output else []))
    loaded = load_model(model)
    try:
        loaded = loaded.with_priors(priors) if priors else loaded
        loaded = loaded.with_thresholds(thresholds) if thresholds else loaded
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    wanted = _types(types, chosen, loaded)
    outcome = predict(sources, reading, loaded, chosen, output, types=wanted, rejects=rejects, strict=strict)
    if outcome.stopped:
        typer.echo(f"wiredesk: stopped after {outcome.summary.last or 'no document'}; {outcome.message}", err=True)
    if not quiet:
        typer.echo(f"wiredesk: {outcome.summary.told(loaded.types)}", err=True)
    if outcome.rejected and not quiet:
        where = f"; they are in {rejects}" if rejects else "; --rejects FILE collects them"
        typer.echo(f"wiredesk: {outcome.rejected:,} could not be read{where}", err=True)
    if outcome.stopped:
        raise typer.Exit(128 + outcome.stopped)
    if outcome.rejected and not rejects:
        raise typer.Exit(1)


def _types(types: str | None, format_name: str, model: Model) -> list[str]:
    """Read the types to write."""
    names = [name.strip() for name in types.split(",")] if types is not None else []
    for name in names:
        if name not in model.types:
            raise typer.BadParameter(f"--types {name!r}; the model's types are {', '.join(model.types)}")
    if names and format_name == "html":
        raise typer.BadParameter("--types: a page shows whole articles, and has filters of its own")
    return names
