"""Where the real texts lie that some tests read: they are not free to be in the repository. Without them tests skip."""

from __future__ import annotations

from pathlib import Path

import pytest

#: A folder beside the checkout.
FOLDER = Path(__file__).parents[2] / "shared"

#: Articles, one a line; labelled sentences, one a line; a folder with the documents that the gold's offsets refer to.
WIKINEWS, GOLD, GOLD_DOCUMENTS = FOLDER / "real" / "wikinews.jsonl", FOLDER / "gold" / "dev.jsonl", FOLDER / "gold"

with_real_texts = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real texts are not beside this checkout")
