"""The evaluate command's work: models and labelled data in, an account of how well they fit out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from wiredesk.errors import InputError
from wiredesk.eval import Predictions, predict_records
from wiredesk.eval.bootstrap import DocumentBootstrap
from wiredesk.eval.errors import error_rows, explain_errors, worst_errors
from wiredesk.eval.evaluation import compare_data, describe_data, describe_model, pool
from wiredesk.leaks import MOST, leaks_between_folds
from wiredesk.models import Model
from wiredesk.seeds import Record, load_seeds, read_gold, read_records

#: Name of the shipped model, and of the gold whose texts the user has.
SHIPPED, GOLD = "shipped model", "gold"

#: How the intervals are made, in words.
METHOD = "expanded percentile bootstrap over documents"


class Account(NamedTuple):
    """What is told of an evaluation.

    Attributes
    ----------
    content : dict
        JSON-ready, without any sentence's text.
    errors : list of dict
        The worst errors, with their sentences.
    """

    content: dict[str, Any]
    errors: list[dict[str, Any]]


def read_data(paths: Sequence[str], gold: str | None = None) -> dict[str, list[Record]]:
    """Read data sets, one a file.

    Parameters
    ----------
    paths : sequence of str
    gold : str, optional
        Folder of the shipped gold's documents.

    Returns
    -------
    dict of str to list of Record
        Name -> sentences. Files of several annotators are one data set, as they may label the same sentences.

    Raises
    ------
    RecordError
        If a file cannot be read, or is named twice.
    """
    read_files = {path: read_records([path]) for path in paths}
    if len(read_files) < len(paths):
        read_records(paths)  # It says which file is named twice.
    names = _names(list(read_files))
    found = {names[path]: records for path, records in read_files.items()}
    if len(found) > 1 and any(record.annotator for records in found.values() for record in records):
        found = {", ".join(found): [record for records in found.values() for record in records]}
    if gold is not None:
        found[GOLD] = read_gold(gold)
    return found


def evaluate_model(
    data: Mapping[str, Sequence[Record]], model: Model, name: str, *, explain: bool = True
) -> tuple[Account, dict[str, Predictions]]:
    """Score a model on data sets.

    Parameters
    ----------
    data : mapping of str to sequence of Record
    model : Model
    name : str
        What the model is called.
    explain : bool, default=True
        Whether to list the errors, and the terms that caused them.

    Returns
    -------
    account : Account
    predictions : dict of str to Predictions
        Of each data set, and of all together if there are several.
    """
    parts = {key: predict_records(model, records) for key, records in data.items()}
    errors = []
    for key, predictions in parts.items() if explain else ():
        errors += error_rows(key, explain_errors(worst_errors(predictions), model, data[key]))
    found = pool(parts)
    return Account(_account(describe_model(name, model.hash, next(iter(found.values()))), found), errors), found


def evaluate_folds(
    data: Mapping[str, Sequence[Record]],
    folds: int,
    *,
    seed: int = 0,
    with_seeds: bool = False,
    n_jobs: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
) -> Account:
    """Score the models that cross-validation by document makes of labelled sentences.

    Parameters
    ----------
    data : mapping of str to sequence of Record
        All of it is one data set.
    folds : int
    seed : int, default=0
    with_seeds : bool, default=False
        Whether to learn from the seeds too; they are not scored.
    n_jobs : int, default=1
    on_progress : callable, optional

    Returns
    -------
    Account
        With the near-duplicates of sentences in other folds; its errors have no terms, as there is no one model.
    """
    from wiredesk.training import cross_validate

    records = [record for part in data.values() for record in part]
    background = load_seeds() if with_seeds else []
    predictions, fold = cross_validate(
        records, folds=folds, seed=seed, background=background, n_jobs=n_jobs, on_progress=on_progress
    )
    name = ", ".join(data)
    content = _account(describe_model(f"{folds}-fold cross-validation", None, predictions), {name: predictions})
    content["leaks"] = leaks_between_folds(predictions, fold, background)
    return Account(content, error_rows(name, worst_errors(predictions)))


def compare_models(
    data: Mapping[str, Sequence[Record]], predictions: Mapping[str, Predictions], other: Model, name: str
) -> dict[str, Any]:
    """Compare a second model with the first.

    Parameters
    ----------
    data : mapping of str to sequence of Record
    predictions : mapping of str to Predictions
        By the first model, from `evaluate_model`.
    other : Model
    name : str
        What the second model is called.

    Returns
    -------
    dict

    Raises
    ------
    InputError
        If the models have different types.
    """
    types = next(iter(predictions.values())).types
    if set(types) != set(other.types):
        raise InputError(
            f"{name}: its types are {', '.join(other.types)}, not {', '.join(types)}; compare models of the same types"
        )
    found = pool({key: _ordered(predict_records(other, records), types) for key, records in data.items()})
    return compare_data(predictions, found, describe_model(name, other.hash, next(iter(found.values()))))


def with_scores(model: Model, content: Mapping[str, Any], about: str = "") -> Model:
    """Write the scores of an account into a model, one data set after the other.

    Parameters
    ----------
    model : Model
    content : mapping
        Of an `Account`.
    about : str, default=""
        What the data are.

    Returns
    -------
    Model

    Raises
    ------
    InputError
        If most sentences stand in the training data.
    """
    leaks = content["leaks"]
    if leaks is not None and leaks["share"] > MOST:
        raise InputError(
            f"--into: {leaks['share']:.0%} of the sentences stand in the training data, or in what is named as it, and "
            "a model's scores are to be of other text; give other sentences"
        )
    for data in content["data"]:
        scores = {key: value for key, value in data.items() if key not in ("name", "slices", "curves", "cooccurrence")}
        model = model.with_evaluation(data["name"], scores, about)
    return model


def model_name(path: str | None) -> str:
    """Say what a model is called.

    Parameters
    ----------
    path : str or None
        None for the shipped model.

    Returns
    -------
    str
    """
    return SHIPPED if path is None else Path(path).name


def _account(model: dict[str, Any], found: Mapping[str, Predictions]) -> dict[str, Any]:
    from wiredesk import __version__

    bootstrap = DocumentBootstrap(np.zeros(0, dtype=int))
    return {
        "wiredesk": __version__,
        "model": model,
        "interval": {"level": bootstrap.level, "draws": bootstrap.draws, "method": METHOD},
        "data": [describe_data(name, predictions) for name, predictions in found.items()],
        "comparison": None,
        "leaks": None,
        "prevalence": None,
    }


def _ordered(predictions: Predictions, types: tuple[str, ...]) -> Predictions:
    """Put the columns into the order of `types`."""
    columns = [predictions.types.index(name) for name in types]
    return predictions._replace(
        types=types,
        thresholds=predictions.thresholds[columns],
        y=predictions.y[:, columns],
        probabilities=predictions.probabilities[:, columns],
        predicted=predictions.predicted[:, columns],
    )


def _names(paths: Sequence[str]) -> dict[str, str]:
    """Name files by their last part, by the whole path where that is not enough."""
    last = [os.path.basename(path) for path in paths]
    return {path: name if last.count(name) == 1 else path for path, name in zip(paths, last, strict=True)}
