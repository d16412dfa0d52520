"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

#: What is read wherever sentences are labelled.
LABELLED = "Labelled sentences: JSONL, CSV, Parquet, or an annotation tool's export."

ModelOption = Annotated[
    str | None, typer.Option("--model", "-m", metavar="FILE", help="A .wiredesk file; the shipped model by default.")
]
ForceOption = Annotated[bool, typer.Option("--force", "-f", help="Replace an existing output file.")]


def by_type(settings: list[str] | None, option: str) -> dict[str, float]:
    """Read settings like ``attack_report=0.4``.

    Parameters
    ----------
    settings : list of str, optional
    option : str
        For messages.

    Returns
    -------
    dict of str to float
    """
    values = {}
    for setting in settings or []:
        name, _, number = setting.rpartition("=")
        try:
            values[name] = float(number)
        except ValueError:
            raise typer.BadParameter(f"{option} {setting!r}; write TYPE=NUMBER, as in attack_report=0.4") from None
    return values


def check_clock() -> None:
    """Refuse a date that no model can carry: before the work, not after it.

    Raises
    ------
    InputError
    """
    from wiredesk.errors import InputError
    from wiredesk.models.manifest import today

    try:
        today()
    except ValueError as error:
        raise InputError(str(error)) from None
