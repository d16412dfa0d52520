"""How the corpus compares with real news: words, lengths, openings, types.

``WIREDESK_GOLD`` names a JSONL file of labelled real sentences, ``WIREDESK_REAL`` one of real articles (``text``).
Prints a Markdown table.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import numpy as np

from wiredesk.features import tokenize
from wiredesk.features.tokens import analyze
from wiredesk.seeds import Record, load_seeds, read_records

#: Words of each text that the type-token ratio is computed on: it falls with the size.
EQUAL_WORDS = 20_000


def words_of(text: str) -> list[str]:
    """Give a text's words as the features see them."""
    return [word for token in tokenize(text) for word in analyze(token, {}, (2, 2)).words]


def type_token_ratio(sentences: list[str], seed: int = 0) -> float:
    """Compute different words by words on sentences drawn at random until there are enough."""
    order = np.random.default_rng(seed).permutation(len(sentences))
    words = [word for i in order for word in words_of(sentences[i])][:EQUAL_WORDS]
    return len(set(words)) / len(words)


def rows(records: list[Record]) -> dict[str, float]:
    """Measure one corpus."""
    texts = [record.text for record in records]
    lengths = np.array([len(text.split()) for text in texts])
    openings = Counter(" ".join(text.lower().split()[:2]) for text in texts)
    values: dict[str, float] = {
        "sentences": len(records),
        f"different words in {EQUAL_WORDS:,}": round(type_token_ratio(texts) * EQUAL_WORDS),
        "tokens a sentence, mean": round(float(lengths.mean()), 1),
        "tokens a sentence, standard deviation": round(float(lengths.std()), 1),
        "sentences of up to 5 tokens, %": round(100 * float((lengths <= 5).mean()), 1),
        "sentences of 40 tokens and more, %": round(100 * float((lengths >= 40).mean()), 1),
        "sentences with one of the 20 commonest openings, %": round(
            100 * sum(n for _, n in openings.most_common(20)) / len(texts), 1
        ),
    }
    combinations = Counter(", ".join(record.labels or ()) or "none" for record in records)
    for name in ("attack_report", "official_quote", "casualty_figure", "political_context"):
        values[f"{name}, %"] = round(100 * sum(name in (record.labels or ()) for record in records) / len(records), 1)
    for name in ("none", "official_quote, political_context", "attack_report, official_quote"):
        values[f"only {name}, %"] = round(100 * combinations[name] / len(records), 1)
    return values


def coverage(records: list[Record], articles: list[str]) -> tuple[float, float]:
    """Compute the share of running words, and of different words, of real articles that the corpus knows."""
    known = {word for record in records for word in words_of(record.text)}
    real = Counter(word for text in articles for word in words_of(text))
    running = sum(n for word, n in real.items() if word in known) / real.total()
    return 100 * running, 100 * len(known & set(real)) / len(real)


def main() -> None:
    """Print the table."""
    seeds, gold = load_seeds(), read_records([os.environ["WIREDESK_GOLD"]])
    lines = Path(os.environ["WIREDESK_REAL"]).read_text(encoding="utf-8").splitlines()
    articles = [json.loads(line)["text"] for line in lines]
    sets = {
        "all": seeds,
        "articles": [record for record in seeds if record.document],
        "loose sentences": [record for record in seeds if not record.document],
        "real gold": gold,
    }
    table = {name: rows(records) for name, records in sets.items()}
    for name, records in sets.items():
        running, different = coverage(records, articles)
        table[name]["running words of real articles known, %"] = round(running, 1)
        table[name]["different words of real articles known, %"] = round(different, 1)
    print("| | " + " | ".join(table) + " |\n| --- |" + " ---: |" * len(table))
    for key in table["all"]:
        print(f"| {key} | " + " | ".join(f"{column[key]:,}" for column in table.values()) + " |")


if __name__ == "__main__":
    main()
