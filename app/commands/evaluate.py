"""``wiredesk evaluate``: how well a model fits labelled sentences, and what follows for unlabelled ones."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from wiredesk.commands.options import LABELLED, ForceOption, ModelOption, check_clock
from wiredesk.terminal import printable

if TYPE_CHECKING:
    from wiredesk.measurement import Account


def evaluate_command(
    data: Annotated[
        list[str] | None,
        typer.Argument(metavar="DATA", help=LABELLED),
    ] = None,
    gold: Annotated[
        str | None, typer.Option("--gold", metavar="DIR", help="Score on the shipped gold; DIR holds its documents.")
    ] = None,
    model: ModelOption = None,
    compare: Annotated[
        str | None, typer.Option("--compare", metavar="FILE", help="A second model, on the same sentences.")
    ] = None,
    cross_validate: Annotated[
        int | None,
        typer.Option("--cross-validate", metavar="K", min=2, help="Judge K models made of DATA, each without a part."),
    ] = None,
    with_seeds: Annotated[
        bool, typer.Option("--with-seeds", help="With --cross-validate: learn from the seeds too.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="With --cross-validate: of the split into folds.")] = 0,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", help="With --cross-validate: processes; -1 for one per core.")
    ] = 1,
    training_data: Annotated[
        list[str] | None,
        typer.Option("--training-data", metavar="FILE", help="What the model was trained on, to look for duplicates."),
    ] = None,
    prevalence: Annotated[
        list[str] | None,
        typer.Option("--prevalence", metavar="INPUT", help="Estimate the shares of types in these articles."),
    ] = None,
    report: Annotated[
        str | None, typer.Option("--report", metavar="FILE", help="Write a page with curves, thresholds and errors.")
    ] = None,
    no_texts: Annotated[
        bool, typer.Option("--no-texts", help="Leave the list of errors, with its sentences, out of the page.")
    ] = False,
    json_file: Annotated[
        str | None, typer.Option("--json", metavar="FILE", help="Write all numbers as JSON; - for stdout.")
    ] = None,
    into: Annotated[
        str | None,
        typer.Option("--into", metavar="FILE", help="Write the model with these scores in it, for its card."),
    ] = None,
    about: Annotated[str, typer.Option("--about", metavar="TEXT", help="With --into: what DATA is.")] = "",
    force: ForceOption = False,
) -> None:
    """Score a model on labelled sentences, or compare two."""
    if not data and gold is None and cross_validate is None:
        raise typer.BadParameter("name files of labelled sentences, or the gold's documents with --gold")
    if cross_validate is None and with_seeds:
        raise typer.BadParameter("--with-seeds goes with --cross-validate: a model that is there learns nothing")
    if cross_validate is not None:
        others = {"--model": model, "--compare": compare, "--training-data": training_data, "--prevalence": prevalence}
        for name, value in {**others, "--into": into}.items():
            if value:
                raise typer.BadParameter(f"--cross-validate makes models of its own and does not go with {name}")
        if with_seeds and not data and gold is None:
            raise typer.BadParameter("--with-seeds adds the seeds to DATA; name files of labelled sentences")
    if about and into is None:
        raise typer.BadParameter("--about is written with --into alone; give both or neither")
    read = [*(data or []), *(training_data or []), *([compare] if compare else [])]
    _check_outputs([name for name in (report, json_file) if name not in (None, "-")], into, model, read, force)
    if into is not None:
        check_clock()
    from wiredesk import measurement
    from wiredesk.leaks import find_leaks
    from wiredesk.models import load_model
    from wiredesk.models.atomic import whole_file
    from wiredesk.seeds import load_seeds
    from wiredesk.seeds.extras import require
    from wiredesk.shares import estimate_shares

    if report is not None:  # Said before the work, not after it.
        require("jinja2", "report", "reports")
        require("matplotlib", "report", "reports")
    sets = measurement.read_data(data or [], gold)
    if cross_validate is not None:
        from wiredesk.progress import progress_bar

        with progress_bar("fitting") as on_progress:
            account = measurement.evaluate_folds(
                sets or {"seeds": load_seeds()},
                cross_validate,
                seed=seed,
                with_seeds=with_seeds,
                n_jobs=jobs,
                on_progress=on_progress,
            )
    else:
        loaded = load_model(model)
        second = load_model(compare) if compare else None
        account, predictions = measurement.evaluate_model(
            sets, loaded, measurement.model_name(model), explain=report is not None and not no_texts
        )
        name, pooled = next(iter(predictions.items()))
        if second is not None:
            told = measurement.compare_models(sets, predictions, second, measurement.model_name(compare))
            account.content["comparison"] = told
        account.content["leaks"], warning = find_leaks(loaded, training_data or [], pooled)
        scored = None if into is None else measurement.with_scores(loaded, account.content, about)
        if warning:
            typer.echo(f"wiredesk: {warning}", err=True)
        if prevalence:
            account.content["prevalence"] = estimate_shares(prevalence, loaded, pooled, name)
        if into is not None and scored is not None:
            with whole_file(into, overwrite=force) as partial:
                scored.save(partial)
    _write(account, report, no_texts, json_file, force)


def _check_outputs(written: list[str], into: str | None, model: str | None, read: list[str], force: bool) -> None:
    """Refuse outputs that would destroy something; a model alone may be replaced by itself with scores."""
    from wiredesk.outputs import check_output

    for name in written:
        check_output(name, force, [*read, *([model] if model else [])])
    if into is not None:
        check_output(into, force, read)
    names = [os.path.realpath(name) for name in [*written, *([into] if into else [])]]
    if len(set(names)) < len(names):
        raise typer.BadParameter("--report, --json and --into name the same file; give each a name of its own")


def _write(account: Account, report: str | None, no_texts: bool, json_file: str | None, force: bool) -> None:
    """Write what was asked for, and print the account, each though the other may fail."""
    import json

    from wiredesk.eval.tables import format_account

    text = json.dumps(account.content, ensure_ascii=False, indent=1)
    shown = "\n".join(map(printable, format_account(account.content).split("\n")))
    try:  # First, as whoever reads stdout may have enough of it.
        _write_files(account, text, report, no_texts, json_file, force)
    finally:
        typer.echo(text if json_file == "-" else shown)


def _write_files(
    account: Account, text: str, report: str | None, no_texts: bool, json_file: str | None, force: bool
) -> None:
    from wiredesk.models.atomic import whole_file, write_text

    if json_file is not None and json_file != "-":
        write_text(json_file, text + "\n", overwrite=force)
    if report is not None:
        from wiredesk.pages.report import write_report

        with (
            whole_file(report, overwrite=force) as partial,
            partial.open("x", encoding="utf-8", errors="backslashreplace", newline="") as out,
        ):
            write_report(account.content, None if no_texts else account.errors, out)
