"""Which share of the lines and branches of each stage the tests have run, from what coverage.py wrote down.

``branches.py STAGE...`` prints both per stage, lists what was missed, and ends with an error if either is too low.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from coverage import Coverage

#: Least share, in per cent, of each stage's lines and branches.
LEAST = 95.0


def shares(stage: str, coverage: Coverage) -> tuple[float, float]:
    """Give the per cent of a stage's lines, and of its branches, that were run; print what was not."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.json"
        coverage.json_report(include=[f"{stage}/*"], outfile=str(path))
        told = json.loads(path.read_text(encoding="utf-8"))
    for name, file in sorted(told["files"].items()):
        missed = [*map(str, file["missing_lines"]), *(f"{start}->{end}" for start, end in file["missing_branches"])]
        if missed:
            print(f"  {name}: not run: {', '.join(missed)}")
    totals = told["totals"]
    return tuple(
        100 * totals[f"covered_{kind}"] / totals[f"num_{total}"]
        for kind, total in (("lines", "statements"), ("branches", "branches"))
    )


if __name__ == "__main__":
    coverage = Coverage()
    coverage.load()
    found = {stage: shares(stage, coverage) for stage in sys.argv[1:]}
    for stage, (lines, branches) in found.items():
        print(f"{stage:10} lines {lines:6.2f} %  branches {branches:6.2f} %")
    if any(share < LEAST for both in found.values() for share in both):
        raise SystemExit(f"each is to be at least {LEAST:g} %: test what was not run")
