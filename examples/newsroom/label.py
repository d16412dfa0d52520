"""Play the people of the tutorial who label: answer the first tasks as Label Studio would export it.

Usage: python label.py tasks.json export.json [number of tasks, 200 by default]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

rows = [json.loads(line) for line in (Path(__file__).parent / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
known = {(row["document"], row["text"]): row["labels"] or ["none"] for row in rows}
tasks = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
for number, task in enumerate(tasks, 1):
    answer = known[Path(task["data"]["document"]).stem, task["data"]["text"]]
    result = {"from_name": "types", "to_name": "text", "type": "choices", "value": {"choices": answer}}
    given = number <= int((sys.argv[3:] or ["200"])[0])
    task["annotations"] = [{"completed_by": 1, "was_cancelled": False, "result": [result]}] if given else []
Path(sys.argv[2]).write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
