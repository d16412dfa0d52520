"""Sentences for people to label: which are worth their time, and files for the tools they use."""

from __future__ import annotations

import heapq
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from wiredesk.documents import LabelledDocument
from wiredesk.models import LabelledSentence, Model
from wiredesk.seeds.doccano import doccano_lines
from wiredesk.seeds.label_studio import label_studio_tasks
from wiredesk.seeds.tasks import AFTER, BEFORE, Task


def make_tasks(
    documents: Iterable[LabelledDocument], model: Model, *, order: str = "review", limit: int | None = None
) -> list[Task]:
    """Choose sentences to label.

    Parameters
    ----------
    documents : iterable of LabelledDocument
    model : Model
        That labelled them.
    order : {"review", "document"}, default="review"
        What is worth a person's time first, or as they stand.
    limit : int, optional
        Most sentences.

    Returns
    -------
    list of Task
    """
    tasks, sentences = [], []
    for document in documents:
        texts = [sentence.text for sentence in document.sentences]
        for i, sentence in enumerate(document.sentences):
            around = tuple(texts[max(0, i - len(BEFORE)) : i]), tuple(texts[i + 1 : i + 1 + len(AFTER)])
            tasks.append(
                Task(document.name, i, sentence.text, *around, sentence.types, sentence.probabilities, model.hash)
            )
            sentences.append(sentence)
    rows = range(len(tasks)) if order == "document" else review_order(sentences, model.thresholds)
    return [tasks[i] for i in list(rows)[:limit]]


def review_order(sentences: Sequence[LabelledSentence], thresholds: dict[str, float]) -> list[int]:
    """Order sentences by what their labels would teach: nearest to a threshold, spread over documents and types.

    The types take turns. Each takes the sentence nearest to its threshold, in log-odds, among the documents that have
    given the fewest so far. That is uncertainty sampling [1]_ kept from dwelling on one document or type.

    Parameters
    ----------
    sentences : sequence of LabelledSentence
    thresholds : dict of str to float

    Returns
    -------
    list of int
        Every sentence once.

    References
    ----------
    .. [1] D. Lewis, W. Gale (1994). A sequential algorithm for training text classifiers. SIGIR.
       https://doi.org/10.1007/978-1-4471-2099-5_1
    """
    taken: Counter[int] = Counter()
    queues = []
    for name, threshold in thresholds.items():
        probabilities = np.array([sentence.probabilities[name] for sentence in sentences])
        margins = np.abs(_log_odds(probabilities) - _log_odds(np.array(threshold)))
        queues.append(_queue(sentences, margins.tolist()))
    order: list[int] = []
    chosen = [False] * len(sentences)
    while len(order) < len(sentences):
        heads, waiting = queues[len(order) % len(queues)]
        while True:
            count, margin, i = heapq.heappop(heads)
            document = sentences[i].document
            if not chosen[i] and count == taken[document]:
                break
            if chosen[i]:  # By another type: the next one of the document takes its place.
                margin, i = waiting[document].pop() if waiting[document] else (margin, -1)
            if i >= 0:
                heapq.heappush(heads, (taken[document], margin, i))
        chosen[i] = True
        taken[document] += 1
        order.append(i)
        if waiting[document]:
            heapq.heappush(heads, (taken[document], *waiting[document].pop()))
    return order


def _queue(
    sentences: Sequence[LabelledSentence], margins: Sequence[float]
) -> tuple[list[tuple[int, float, int]], dict[int, list[tuple[float, int]]]]:
    """Give the nearest sentence of each document, as a heap, and by document the others, the nearest last.

    With one of each document in the heap, a document that has given a sentence changes one place in it, not many.
    """
    waiting: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for i, sentence in enumerate(sentences):
        waiting[sentence.document].append((margins[i], i))
    for found in waiting.values():
        found.sort(reverse=True)
    heads = [(0, *found.pop()) for found in waiting.values()]
    heapq.heapify(heads)
    return heads, waiting


def _log_odds(p: np.ndarray) -> np.ndarray:
    p = np.clip(p, 1e-9, 1 - 1e-9)
    odds: np.ndarray = np.log(p / (1 - p))
    return odds


def _label_studio(tasks: Iterable[Task]) -> str:
    return json.dumps(list(label_studio_tasks(tasks)), ensure_ascii=False, indent=1) + "\n"


def _doccano(tasks: Iterable[Task]) -> str:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in doccano_lines(tasks))


#: Tool -> what writes its file.
TOOLS: dict[str, Callable[[Iterable[Task]], str]] = {"label-studio": _label_studio, "doccano": _doccano}
