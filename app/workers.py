"""A function called in several processes, here or on a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from wiredesk.errors import InputError
from wiredesk.seeds.extras import require

Result = TypeVar("Result")


def run_all(
    function: Callable[..., Result], items: Sequence[tuple[Any, ...]], jobs: int, scheduler: str | None
) -> Iterator[tuple[int, Result]]:
    """Call a function with each item, in processes here or on a Dask cluster.

    Parameters
    ----------
    function : callable
        Of this package, so that every process can import it. It may be called again with the same item.
    items : sequence of tuple
        Arguments.
    jobs : int
        Processes here; -1 for one per core.
    scheduler : str or None
        Address of a Dask scheduler.

    Yields
    ------
    int, object
        Number of the item and result, in the order in which they are done.
    """
    if scheduler is not None:
        yield from _on_cluster(function, items, scheduler)
    elif jobs == 1:
        for i, item in enumerate(items):
            yield i, function(*item)
    else:
        from joblib import Parallel, delayed

        yield from Parallel(n_jobs=jobs, return_as="generator_unordered")(
            delayed(_numbered)(function, i, item) for i, item in enumerate(items)
        )


def _numbered(function: Callable[..., Result], number: int, item: tuple[Any, ...]) -> tuple[int, Result]:
    return number, function(*item)


def _on_cluster(
    function: Callable[..., Result], items: Sequence[tuple[Any, ...]], scheduler: str
) -> Iterator[tuple[int, Result]]:
    distributed = require("distributed", "cluster", "Dask clusters")
    try:
        client = distributed.Client(scheduler, timeout="10s")
    except (OSError, ValueError) as error:
        raise InputError(f"{scheduler}: no Dask scheduler answers there ({error})") from None
    with client:
        futures = client.map(_numbered, [function] * len(items), range(len(items)), items, retries=3, pure=False)
        for future in distributed.as_completed(futures):
            yield future.result()
