"""``wiredesk train``: make a model from labelled sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wiredesk.commands.options import LABELLED, ForceOption, check_clock

if TYPE_CHECKING:
    from wiredesk.models import SentenceClassifier
    from wiredesk.seeds import Record

#: Doubtful records named before the rest is only counted.
SHOWN_PROBLEMS = 5


def train_command(
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="The model file to write.")],
    data: Annotated[
        list[str] | None,
        typer.Argument(metavar="DATA", help=f"{LABELLED} By default the seeds."),
    ] = None,
    with_seeds: Annotated[
        bool, typer.Option("--with-seeds", help="Learn from the seeds too; yours set the thresholds.")
    ] = False,
    types: Annotated[
        str | None,
        typer.Option("--types", metavar="A,B,C", help="The types to learn; by default those found in the data."),
    ] = None,
    folds: Annotated[int, typer.Option("--folds", min=2, help="Parts of the cross-validation by document.")] = 5,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the split into folds.")] = 0,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="recall=R|precision=P", help="What the thresholds reach; the best F1 else."),
    ] = None,
    lexicon: Annotated[
        str | None, typer.Option("--lexicon", metavar="FILE", help="Cue words of your own (TOML), added to wiredesk's.")
    ] = None,
    unlabelled: Annotated[
        list[str] | None,
        typer.Option(
            "--unlabelled", metavar="INPUT", help="Articles to learn from, unlabelled; --search leaves them out."
        ),
    ] = None,
    search: Annotated[bool, typer.Option("--search", help="Compare classifiers first and train the best.")] = False,
    search_test: Annotated[
        list[str] | None,
        typer.Option("--search-test", metavar="DATA", help="Score what --search compares on these sentences too."),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Processes for the fits; -1 for one per core.")] = 1,
    force: ForceOption = False,
) -> None:
    """Train a model and show its cross-validated scores."""
    from wiredesk.outputs import check_output

    check_output(
        output, force, [*(data or []), *(search_test or []), *(unlabelled or []), *([lexicon] if lexicon else [])]
    )
    check_clock()
    if search_test and not search:
        raise typer.BadParameter("--search-test is scored by --search alone; give both or neither")
    wanted = _read_target(target)
    from wiredesk.eval import format_report
    from wiredesk.models.atomic import whole_file
    from wiredesk.progress import progress_bar
    from wiredesk.readers import Reading, read_documents
    from wiredesk.rejects import refuse
    from wiredesk.seeds import load_seeds, read_records
    from wiredesk.sources import find_sources
    from wiredesk.training import cross_validation_report, train

    chosen = None if types is None else [name.strip() for name in types.split(",")]
    own = read_records(data) if data else []
    seeds = load_seeds() if with_seeds or not own else []
    records, background = (own, seeds) if own else (seeds, [])
    articles = [document.text for document in read_documents(find_sources(unlabelled or []), Reading(), refuse)]
    tried = _candidates(lexicon)
    best = next(iter(tried))
    if search:
        best = _search(background + records, read_records(search_test or []), tried, chosen, seed, jobs)
    with progress_bar("fitting") as on_progress:
        model = train(
            records,
            types=chosen,
            classifier=tried[best],
            folds=folds,
            seed=seed,
            target=wanted,
            background=background,
            unlabelled=articles,
            n_jobs=jobs,
            on_progress=on_progress,
        )
    with whole_file(output, overwrite=force) as partial:  # A name that was taken meanwhile loses no training.
        model.save(partial)
    _report_doubtful(own)
    typer.echo(f"{folds}-fold cross-validation by document:\n")
    typer.echo(format_report(cross_validation_report(model)))
    typer.echo(f"\n{output}: {model.n_features:,} features, {', '.join(model.types)}", err=True)


def _read_target(target: str | None) -> dict[str, float] | None:
    """Read ``recall=0.95`` or ``precision=0.9``."""
    if target is None:
        return None
    name, _, number = target.partition("=")
    try:
        share = float(number)
    except ValueError:
        share = 0.0
    if name not in ("recall", "precision") or not 0 < share <= 1:
        raise typer.BadParameter(f"--target {target!r}; write recall=0.95 or precision=0.9, above 0 and at most 1")
    return {name: share}


def _candidates(lexicon: str | None) -> dict[str, SentenceClassifier]:
    """Give the classifiers to choose from, the default first, with the user's lexicon."""
    from wiredesk.errors import InputError
    from wiredesk.features import TfidfFeaturizer, load_lexicon
    from wiredesk.training import candidates

    tried = candidates()
    if lexicon is None:
        return tried
    try:
        own = load_lexicon(lexicon)
    except ValueError as error:
        raise InputError(str(error)) from None
    for classifier in tried.values():
        featurizer = TfidfFeaturizer() if classifier.featurizer is None else classifier.featurizer
        classifier.set_params(featurizer=featurizer.set_params(lexicon=own))
    return tried


def _search(
    records: list[Record],
    test: list[Record],
    tried: dict[str, SentenceClassifier],
    types: list[str] | None,
    seed: int,
    jobs: int,
) -> str:
    """Compare classifiers, show the table, name the best."""
    from wiredesk.progress import progress_bar
    from wiredesk.training import search

    with progress_bar("fitting") as on_progress:
        found = search(
            records, types=types, test=test, classifiers=tried, seed=seed, n_jobs=jobs, on_progress=on_progress
        )
    typer.echo(f"{'macro F1':42}  cross-validated  chosen" + ("   test" if test else ""))
    for trial in found.trials:
        on_test = "" if trial.test_macro_f1 is None else f"  {trial.test_macro_f1:.3f}"
        typer.echo(f"{trial.name:42}  {trial.macro_f1:>15.4f}  {trial.chosen:>6}{on_test}")
    typer.echo(f"\nNested cross-validation of the choice: {found.nested_macro_f1:.4f}. Chosen: {found.best}\n")
    return found.best


def _report_doubtful(records: list[Record]) -> None:
    """Name the first records that are worth a look, count the others."""
    from wiredesk.seeds import find_problems

    problems = find_problems(records)
    for problem in problems[:SHOWN_PROBLEMS]:
        typer.echo(f"wiredesk: {problem}", err=True)
    if len(problems) > SHOWN_PROBLEMS:
        typer.echo(f"wiredesk: and {len(problems) - SHOWN_PROBLEMS} more records worth a look", err=True)
