"""Loading a model file, and the proof that it predicts what it did where it was made."""

from __future__ import annotations

import os
from importlib.resources import as_file, files

import numpy as np

from wiredesk.features import FEATURIZER_VERSION
from wiredesk.models.files import read_model
from wiredesk.models.manifest import ModelFileError
from wiredesk.models.model import Model
from wiredesk.models.probes import probe_probabilities


def load_model(path: str | os.PathLike[str] | None = None) -> Model:
    """Load a model file, or the model that comes with the package.

    Parameters
    ----------
    path : path-like, optional
        A ``.wiredesk`` file; the shipped default model if left out.

    Returns
    -------
    Model

    Raises
    ------
    OSError
        If there is no such file, or it cannot be read.
    ModelFileError
        If the file is damaged, no model file, or of another version.

    Examples
    --------
    >>> load_model().types
    ('attack_report', 'official_quote', 'casualty_figure', 'political_context')
    """
    if path is None:
        with as_file(files("wiredesk.models").joinpath("default.wiredesk")) as default:
            return load_model(default)
    manifest, arrays = read_model(path)
    made_by = manifest["featurizer"]["version"]
    if made_by != FEATURIZER_VERSION:
        raise ModelFileError(
            f"{os.fspath(path)}: features of version {made_by!s:.40}; this wiredesk computes version "
            f"{FEATURIZER_VERSION}: train the model again, or use the wiredesk that wrote it"
        )
    try:
        model = Model(manifest, arrays)
        _check_probes(model)
    except ModelFileError as error:
        raise ModelFileError(f"{os.fspath(path)}: {error}") from None
    return model


def _check_probes(model: Model) -> None:
    """Refuse a model whose probabilities of the probe sentences are not, to 1e-6, those the file states."""
    try:
        stated = np.array(model.manifest["probes"], dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ModelFileError("the probabilities of its probe sentences are not a table of numbers") from None
    actual = probe_probabilities(model)
    if stated.shape != actual.shape or not np.abs(stated - actual).max() <= 1e-6:
        raise ModelFileError(
            "the model gives other probabilities here than where it was made; "
            "it was made by another version of wiredesk or is damaged: train it again"
        )
