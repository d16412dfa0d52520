"""What belongs together when records are split or resampled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wiredesk.seeds.records import Record


def split_units(records: Sequence[Record]) -> np.ndarray:
    """Find the units that a split may not tear apart.

    Records that share a document or a group are in one unit, directly or through others; a record with
    neither is a unit of its own.

    Parameters
    ----------
    records : sequence of Record

    Returns
    -------
    ndarray of int, shape (n,)
        Numbered by first appearance.

    Examples
    --------
    >>> split_units([Record("a", (), document="d"), Record("b", (), group="g"), Record("c", (), document="d")]).tolist()
    [0, 1, 0]
    """
    from scipy.sparse import coo_matrix  # Prediction imports this package, and needs none of it.
    from scipy.sparse.csgraph import connected_components

    nodes: dict[tuple[str, str], int] = {}
    edges = [
        (i, nodes.setdefault((kind, name), len(records) + len(nodes)))
        for i, record in enumerate(records)
        for kind, name in (("document", record.document), ("group", record.group))
        if name is not None
    ]
    size = len(records) + len(nodes)
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    graph = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    components = connected_components(graph, directed=False)[1][: len(records)]
    order = {component: number for number, component in enumerate(dict.fromkeys(components.tolist()))}
    return np.array([order[component] for component in components.tolist()], dtype=np.int64)
