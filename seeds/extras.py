"""Libraries that are not needed by everybody."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


class MissingExtraError(ImportError):
    """A library that is not installed; the message names the extra that installs it."""


def require(module: str, extra: str, what: str) -> ModuleType:
    """Import a library that an extra installs.

    Parameters
    ----------
    module : str
        As it is imported.
    extra : str
        Of wiredesk.
    what : str
        What needs it, in the plural.

    Returns
    -------
    module

    Raises
    ------
    MissingExtraError
        If it is not installed.

    Examples
    --------
    >>> require("json", "parquet", "Parquet files").__name__
    'json'
    """
    try:
        return import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        if error.name is not None and error.name.partition(".")[0] != library:
            raise  # It is there; what it needs itself is not.
        raise MissingExtraError(
            f"{what} need {library}, which is not installed; pip install 'wiredesk[{extra}]'"
        ) from None
