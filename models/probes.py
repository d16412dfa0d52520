"""Probe sentences: what a model file claims about them has to hold wherever it is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from wiredesk.models.model import Model

#: Sentences whose probabilities a file states and loading checks: another library version, another
#: Unicode table or a damaged file shows before the first wrong label.
PROBES = (
    "Two rockets struck the market in Darsa shortly after dawn.",
    "“We will not give up a single village,” the governor said on Telegram, and 12 people were still missing.",
    "Parliament votes next week on whether to extend martial law.",
    "Photo: K. Adeyemi / Handout",
    "ÉCOLE N° 5 — l’été à Łódź: 3½ heures, «Straße» ١٢٣",
    "",
)


def probe_probabilities(model: Model) -> np.ndarray:
    """Compute what a model file states about its probe sentences.

    Parameters
    ----------
    model : Model

    Returns
    -------
    ndarray of float64, shape (2 * n_probes, n_types)
        The probabilities of the probe sentences, each alone, and then as one document.
    """
    alone = list(range(len(PROBES)))
    return model.predict_proba(PROBES * 2, document_ids=[*alone, *[-1] * len(PROBES)])
