"""``wiredesk train``: make a model from labelled sentences."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from wiredesk.commands.options import ForceOption

if TYPE_CHECKING:
    from collections.abc import Callable

    from wiredesk.seeds import Record

#: Doubtful records named before the rest is only counted.
SHOWN_PROBLEMS = 5


def train_command(
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="The model file to write.")],
    data: Annotated[
        list[str] | None,
        typer.Argument(metavar="DATA", help="JSONL or CSV files of labelled sentences; the seeds by default."),
    ] = None,
    with_seeds: Annotated[bool, typer.Option("--with-seeds", help="Train on the seeds too.")] = False,
    types: Annotated[
        str | None,
        typer.Option("--types", metavar="A,B,C", help="The types to learn; by default those found in the data."),
    ] = None,
    folds: Annotated[int, typer.Option("--folds", min=2, help="Parts of the cross-validation by document.")] = 5,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the split into folds.")] = 0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Processes for the fits; -1 for one per core.")] = 1,
    force: ForceOption = False,
) -> None:
    """Train a model and show its cross-validated scores."""
    from wiredesk.prediction import check_output

    check_output(output, force, data or [])
    from wiredesk.eval import format_report
    from wiredesk.seeds import load_seeds, read_records
    from wiredesk.training import cross_validation_report, train

    chosen = None if types is None else [name.strip() for name in types.split(",")]
    own = read_records(data) if data else []
    records = load_seeds() + own if with_seeds or not own else own
    with _progress() as on_progress:
        model = train(records, types=chosen, folds=folds, seed=seed, n_jobs=jobs, on_progress=on_progress)
    model.save(output, overwrite=force)
    _report_doubtful(own)
    typer.echo(f"{folds}-fold cross-validation by document:\n")
    typer.echo(format_report(cross_validation_report(model)))
    typer.echo(f"\n{output}: {model.n_features:,} features, {', '.join(model.types)}", err=True)


def _report_doubtful(records: list[Record]) -> None:
    """Name the first records that are worth a look, count the others."""
    from wiredesk.seeds import find_problems

    problems = find_problems(records)
    for problem in problems[:SHOWN_PROBLEMS]:
        typer.echo(f"wiredesk: {problem}", err=True)
    if len(problems) > SHOWN_PROBLEMS:
        typer.echo(f"wiredesk: and {len(problems) - SHOWN_PROBLEMS} more records worth a look", err=True)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on a terminal, nothing anywhere else."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("fitting", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
