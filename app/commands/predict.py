"""``wiredesk predict``: label the sentences of articles."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from wiredesk.commands.options import ForceOption, ModelOption, by_type


def predict_command(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help="Text files, folders of them, or - for stdin.")],
    model: ModelOption = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="OUT", help="Write here instead of to stdout.")
    ] = None,
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="table|jsonl|csv",
            help="By default from OUT's ending; else a table on a terminal and JSONL anywhere else.",
        ),
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option("--threshold", metavar="TYPE=P", help="Give a type from this probability on; may be repeated."),
    ] = None,
    prior: Annotated[
        list[str] | None,
        typer.Option("--prior", metavar="TYPE=SHARE", help="The share of sentences that carry a type in this input."),
    ] = None,
    force: ForceOption = False,
) -> None:
    """Label the sentences of articles."""
    from wiredesk.articles import STDIN, find_articles
    from wiredesk.errors import InputError
    from wiredesk.models import load_model
    from wiredesk.prediction import check_output, choose_format, predict_articles, write_records

    thresholds, priors = by_type(threshold, "--threshold"), by_type(prior, "--prior")
    output = None if output == STDIN else output
    names = find_articles(inputs)
    chosen = choose_format(format_name, output, sys.stdout.isatty())
    if output is not None:
        check_output(output, force, names if model is None else [*names, model])
    loaded = load_model(model)
    try:
        loaded = loaded.with_priors(priors) if priors else loaded
        loaded = loaded.with_thresholds(thresholds) if thresholds else loaded
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    failed = []

    def report(error: InputError) -> None:
        failed.append(error)
        if len(failed) == len(names):
            raise error  # Nothing to write: an existing output stays as it is.
        typer.echo(f"wiredesk: {error}", err=True)

    write_records(predict_articles(names, loaded, report), chosen, output)
    if failed:
        typer.echo(f"wiredesk: {len(failed)} of {len(names)} articles could not be read", err=True)
        raise typer.Exit(1)
