"""Label Studio's JSON: tasks to label, and what people made of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from wiredesk.seeds.fields import NONE, RecordError
from wiredesk.seeds.tasks import AFTER, BEFORE, Answer, Task, answer_rows

#: Names of the choices and of the text in the labelling configuration.
CONTROL, OBJECT = "types", "text"

#: Characters that XML cannot hold, not even escaped: https://www.w3.org/TR/xml/#charsets
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def labelling_config(types: Sequence[str]) -> str:
    """Write Label Studio's labelling configuration: several types may be chosen, or ``none``.

    Parameters
    ----------
    types : sequence of str

    Returns
    -------
    str
        XML.

    Raises
    ------
    RecordError
        If a name holds a character that XML has not.
    """
    for name in types:
        if _NO_XML.search(name):
            raise RecordError(f"type {name!r} holds a character that Label Studio's XML cannot; rename the type")
    return "\n".join(
        [
            "<View>",
            *[f'  <Text name="{name}" value="${name}"/>' for name in BEFORE],
            '  <Header value="Which types has this sentence?"/>',
            f'  <Text name="{OBJECT}" value="$text"/>',
            f'  <Choices name="{CONTROL}" toName="{OBJECT}" choice="multiple" required="true">',
            *[f"    <Choice value={quoteattr(name)}/>" for name in (*types, NONE)],
            "  </Choices>",
            *[f'  <Text name="{name}" value="${name}"/>' for name in AFTER],
            "</View>\n",
        ]
    )


def label_studio_tasks(tasks: Iterable[Task]) -> Iterator[dict[str, Any]]:
    """Write tasks as Label Studio imports them, each with the model's prediction.

    Parameters
    ----------
    tasks : iterable of Task

    Yields
    ------
    dict
        The prediction's score is the probability of the answer that the model is least sure of.
    """
    for task in tasks:
        result = {
            "id": f"{task.sentence}",
            "from_name": CONTROL,
            "to_name": OBJECT,
            "type": "choices",
            "value": {"choices": list(task.types) or [NONE]},
        }
        score = min(max(p, 1 - p) for p in task.probabilities.values())
        yield {
            "data": task.data,
            "predictions": [{"model_version": task.model, "score": round(score, 6), "result": [result]}],
        }


def read_label_studio(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Read what Label Studio exports as JSON.

    A task that nobody labelled, or that was skipped, is not labelled.

    Parameters
    ----------
    path : Path
        For messages.
    text : str

    Yields
    ------
    number : int
        Of the task, from 1.
    row : mapping
        As in JSONL.

    Raises
    ------
    RecordError
        If it is no such export.
    """
    try:
        tasks = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"{path}: not JSON ({error}); export from Label Studio as JSON") from None
    if not isinstance(tasks, list):
        raise RecordError(f"{path}: a {type(tasks).__name__}, not a list of tasks; export from Label Studio as JSON")
    yield from answer_rows(_answer(path, number, task) for number, task in enumerate(tasks, 1))


def _answer(path: Path, number: int, task: Any) -> Answer:
    try:
        labels = [_labels(one) for one in task.get("annotations") or [] if not one.get("was_cancelled")]
        data = task["data"]
        if not isinstance(data["text"], str):
            raise TypeError
    except (AttributeError, KeyError, TypeError):
        raise RecordError(
            f"{path}:{number}: no task with data, text and annotations; export from Label Studio as JSON"
        ) from None
    for chosen, _ in labels:
        if NONE in chosen and len(chosen) > 1:
            raise RecordError(f"{path}:{number}: {NONE} is chosen beside others in {chosen!r}; correct it")
    return Answer(number, data, [([name for name in chosen if name != NONE], by) for chosen, by in labels])


def _labels(annotation: Mapping[str, Any]) -> tuple[list[str], str | None]:
    """Give the choices of an annotation and who made it."""
    chosen: list[str] = []
    for result in annotation["result"]:
        if result["from_name"] == CONTROL:
            choices = result["value"]["choices"]
            if not isinstance(choices, list) or not all(isinstance(name, str) for name in choices):
                raise TypeError
            chosen += choices
    by = annotation.get("completed_by")
    if isinstance(by, dict):
        by = by.get("email") or by.get("id")
    return chosen, None if by is None else str(by)
