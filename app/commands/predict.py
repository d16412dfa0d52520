"""``wiredesk predict``: label the sentences of articles."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from wiredesk.commands.options import ForceOption, ModelOption, by_type

if TYPE_CHECKING:
    from wiredesk.models import Model
    from wiredesk.prediction import Summary


def predict_command(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT", help="Files, folders, patterns like '2024*/*.jsonl', or - for stdin."),
    ],
    model: ModelOption = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="OUT", help="Write here, not to stdout; in parts if it ends in /."),
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
            help="Of the inputs; else their endings tell, and what has none is plain text.",
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
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Processes that write parts; -1 for one per core.")] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="ADDRESS", help="Let a Dask cluster write the parts, as tcp://host:8786."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary.")] = False,
    force: ForceOption = False,
) -> None:
    """Label the sentences of articles."""
    from wiredesk.errors import InputError
    from wiredesk.models import load_model
    from wiredesk.outputs import check_output, choose_format
    from wiredesk.readers import Reading
    from wiredesk.sources import FORMATS, STDIN, find_sources
    from wiredesk.storage import is_folder

    thresholds, priors = by_type(threshold, "--threshold"), by_type(prior, "--prior")
    output = None if output == STDIN else output
    in_parts = output is not None and (output.endswith("/") or is_folder(output))
    if not in_parts and (scheduler is not None or jobs != 1):
        raise typer.BadParameter("--jobs and --scheduler write parts; name a folder, as in -o OUT/")
    if in_parts and (rejects is not None or keep_text is not None):
        raise typer.BadParameter("--rejects and --keep-text do not go with parts, whose folder has _rejects")
    # A tab is hard to type in a shell.
    reading = Reading(unit, text_column, id_column, encoding, "\t" if delimiter == "\\t" else delimiter, keep_text)
    if input_format is not None and input_format not in FORMATS:
        raise typer.BadParameter(f"input format {input_format!r} is unknown; choose {', '.join(FORMATS)}")
    try:
        reading.check()
        chosen = _part_format(format_name) if in_parts else choose_format(format_name, output, sys.stdout.isatty())
    except InputError as error:
        raise typer.BadParameter(str(error)) from None
    sources = find_sources(inputs, input_format)
    read = [source.name for source in sources] + ([model] if model else [])
    if output is not None and not in_parts:
        check_output(output, force, read)
    if rejects is not None:
        check_output(rejects, force, read)
        if output is not None and os.path.realpath(rejects) == os.path.realpath(output):
            raise typer.BadParameter(f"--rejects {rejects}: is the output too; choose another name")
    loaded = load_model(model)
    try:
        loaded = loaded.with_priors(priors) if priors else loaded
        loaded = loaded.with_thresholds(thresholds) if thresholds else loaded
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    wanted = _types(types, chosen, loaded)
    if in_parts and output is not None:
        from wiredesk.progress import progress_bar
        from wiredesk.runs import run

        with progress_bar("parts") as on_progress:
            done, there = run(
                sources,
                reading,
                loaded,
                chosen,
                output,
                types=wanted,
                strict=strict,
                jobs=jobs,
                scheduler=scheduler,
                force=force,
                on_progress=on_progress,
            )
        if not quiet:
            before = f"; {there:,} part{' was' if there == 1 else 's were'} there already" if there else ""
            typer.echo(f"wiredesk: {done.summary.told(loaded.types)}{before}", err=True)
            _warn(done.summary, loaded)
            if done.rejected:
                where = f"{output.rstrip('/')}/_rejects"
                typer.echo(f"wiredesk: {done.rejected:,} could not be read; they are in {where}", err=True)
        return
    from wiredesk.prediction import predict

    outcome = predict(
        sources, reading, loaded, chosen, output, types=wanted, rejects=rejects, strict=strict, overwrite=force
    )
    if outcome.stopped:
        typer.echo(f"wiredesk: stopped after {outcome.summary.last or 'no document'}; {outcome.message}", err=True)
    if not quiet:
        typer.echo(f"wiredesk: {outcome.summary.told(loaded.types)}", err=True)
        if not outcome.stopped:
            _warn(outcome.summary, loaded)
    if outcome.rejected and not quiet:
        where = f"; they are in {rejects}" if rejects else "; --rejects FILE collects them"
        typer.echo(f"wiredesk: {outcome.rejected:,} could not be read{where}", err=True)
    if outcome.stopped:
        raise typer.Exit(128 + outcome.stopped)
    if outcome.rejected and not rejects:
        raise typer.Exit(1)


def _warn(summary: Summary, model: Model) -> None:
    for warning in summary.samples.warnings(model):
        typer.echo(f"wiredesk: {warning}", err=True)


def _part_format(name: str | None) -> str:
    from wiredesk.parts import PART_FORMATS

    if name is not None and name not in PART_FORMATS:
        raise typer.BadParameter(f"--format {name!r}; parts are {', '.join(PART_FORMATS)}")
    return name or "jsonl"


def _types(types: str | None, format_name: str, model: Model) -> list[str]:
    """Read the types to write."""
    names = [name.strip() for name in types.split(",")] if types is not None else []
    for name in names:
        if name not in model.types:
            raise typer.BadParameter(f"--types {name!r}; the model's types are {', '.join(model.types)}")
    if names and format_name == "html":
        raise typer.BadParameter("--types: a page shows whole articles, and has filters of its own")
    return names
