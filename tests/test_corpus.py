"""The shipped corpus: its size, its labels, and that it holds nobody else's text."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.realtexts import FOLDER, GOLD_DOCUMENTS, WIKINEWS
from wiredesk.seeds import Record, corpus_hash, find_problems, load_seeds, record_types

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "article.txt"

TYPES = ("attack_report", "official_quote", "casualty_figure", "political_context")

SIZES = {
    "articles.jsonl": 21_871,
    "contrast_sets.jsonl": 400,
    "mixed.jsonl": 320,
    "other_conflicts.jsonl": 400,
    "politics.jsonl": 400,
    "violence.jsonl": 400,
    "voices_and_web_noise.jsonl": 400,
}

# Well-known living politicians whose names are nothing else in English. Words put into a real person's mouth would
# be a false report, so nobody in the corpus may be one of them.
POLITICIANS = (
    "Putin Zelensky Zelenskyy Zelenskiy Lavrov Medvedev Shoigu Peskov Zakharova Lukashenko Kuleba Sybiha Klitschko "
    "Yermak Umerov Syrskyi Zaluzhny Zaluzhnyi Budanov Kadyrov Trump Biden Obama Clinton Blinken Rubio Hegseth "
    "Macron Scholz Merz Merkel Starmer Sunak Meloni Orban Orbán Tusk Duda Fico Rutte Stoltenberg Kallas Borrell "
    "Guterres Grossi Zuppi Netanyahu Gallant Gantz Smotrich Herzog Mikati Aoun Assad Sharaa Jolani Erdogan Erdoğan "
    "Fidan Pezeshkian Araghchi Zarif Sudani Barzani Sisi Burhan Hemedti Dagalo Haftar Dbeibah Kagame Tshisekedi "
    "Ruto Museveni Kiir Machar Tinubu Goita Traore Traoré Tchiani Modi Jaishankar Sharif Akhundzada Karzai Aliyev "
    "Pashinyan Tokayev Maduro Milei Lula Marcos Ramaphosa Albanese Trudeau Carney"
).split()
POLITICIANS += ["Xi Jinping", "Kim Jong Un", "Kim Jong-un", "von der Leyen", "Mahmoud Abbas", "Boris Johnson"]

# Stock phrases of up to seven words ("told reporters that at least three people") are nobody's text.
LONGEST_SHARED_RUN = 7


@pytest.fixture(scope="module")
def corpus() -> list[Record]:
    return load_seeds()


@pytest.fixture(scope="module")
def documents(corpus: list[Record]) -> dict[str, list[Record]]:
    found = defaultdict(list)
    for record in corpus:
        if record.document is not None:
            found[record.document].append(record)
    return found


# Size and labels


def test_each_file_holds_what_the_datasheet_counts(corpus: list[Record]) -> None:
    assert sum(SIZES.values()) == 24_191
    expected = [f"{name}:{line}" for name, size in SIZES.items() for line in range(1, size + 1)]
    assert [record.origin for record in corpus] == expected


def test_there_are_1045_articles_with_21871_sentences(documents: dict[str, list[Record]]) -> None:
    assert len(documents) == 1045
    assert sum(map(len, documents.values())) == 21_871
    assert {record.origin.split(":")[0] for found in documents.values() for record in found} == {"articles.jsonl"}


def test_the_validator_finds_no_problem(corpus: list[Record]) -> None:
    assert [str(problem) for problem in find_problems(corpus, TYPES)] == []


def test_the_types_are_the_guideline_s(corpus: list[Record]) -> None:
    assert record_types(corpus) == TYPES


def test_every_type_stands_in_the_guideline() -> None:
    guideline = (ROOT / "seeds" / "GUIDELINE.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)$", guideline, re.MULTILINE)[:4] == list(TYPES)


def test_labels_stand_in_the_guideline_s_order(corpus: list[Record]) -> None:
    out_of_order = [
        record.origin for record in corpus if record.labels != tuple(name for name in TYPES if name in record.labels)
    ]
    assert out_of_order == []


def test_every_sentence_is_labelled(corpus: list[Record]) -> None:
    assert [record.origin for record in corpus if record.labels is None] == []


def test_no_sentence_carries_outer_white_space_or_line_ends(corpus: list[Record]) -> None:
    assert [record.origin for record in corpus if record.text != record.text.strip() or "\n" in record.text] == []


# Documents and groups


def test_paragraphs_start_at_zero_and_never_go_back(documents: dict[str, list[Record]]) -> None:
    wrong = []
    for name, found in documents.items():
        paragraphs = [-1 if record.paragraph is None else record.paragraph for record in found]
        if paragraphs[0] != 0 or paragraphs != sorted(paragraphs):
            wrong.append(name)
    assert wrong == []


def test_contrast_groups_hold_at_least_two_label_sets(corpus: list[Record]) -> None:
    groups = defaultdict(list)
    for record in corpus:
        if record.group is not None:
            groups[record.group].append(frozenset(record.labels or ()))
    assert sum(map(len, groups.values())) == SIZES["contrast_sets.jsonl"]
    assert [name for name, label_sets in groups.items() if len(set(label_sets)) < 2] == []


# Nobody else's text


def _named(text: str) -> list[str]:
    # Mazar-i-Sharif, Charar-e-Sharif and al-Haram al-Sharif are places.
    return re.findall(rf"(?<!-i-)(?<!-e-)(?<!al-)\b(?:{'|'.join(map(re.escape, POLITICIANS))})\b", text)


def test_no_well_known_living_politician_is_named(corpus: list[Record]) -> None:
    found = [(record.origin, name) for record in corpus for name in _named(record.text)]
    assert found == []


def test_the_example_names_no_well_known_living_politician() -> None:
    assert _named(EXAMPLE.read_text(encoding="utf-8")) == []


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    size = LONGEST_SHARED_RUN + 1
    return (tuple(words[i : i + size]) for i in range(len(words) - size + 1))


def _real_texts() -> Iterator[str]:
    for path in (GOLD_DOCUMENTS / "documents.jsonl", WIKINEWS):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line:
                row = json.loads(line)
                yield f"{row.get('title', '')}\n{row['text']}"
    for path in sorted((FOLDER / "seeds").glob("*.txt")):
        yield path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def real_runs() -> set[tuple[str, ...]]:
    if not (GOLD_DOCUMENTS / "documents.jsonl").is_file():
        pytest.skip("the real texts are not part of the project")
    runs = {run for text in _real_texts() for run in _runs(text)}
    assert len(runs) > 100_000
    return runs


def _shared(texts: Iterable[str], runs: set[tuple[str, ...]]) -> list[str]:
    return [" ".join(run) for text in texts for run in _runs(text) if run in runs]


def test_loose_sentences_share_no_eight_words_with_real_texts(
    corpus: list[Record], real_runs: set[tuple[str, ...]]
) -> None:
    assert _shared((record.text for record in corpus if record.document is None), real_runs) == []


def test_articles_share_no_eight_words_with_real_texts(
    documents: dict[str, list[Record]], real_runs: set[tuple[str, ...]]
) -> None:
    articles = ("\n".join(record.text for record in found) for found in documents.values())
    assert _shared(articles, real_runs) == []


def test_the_example_shares_no_eight_words_with_real_texts(real_runs: set[tuple[str, ...]]) -> None:
    assert _shared([EXAMPLE.read_text(encoding="utf-8")], real_runs) == []


# The hash of what training sees

RAIN = Record("Rain fell.", ("attack_report",), document="d", group="g")
SNOW = Record("Snow fell.", ())


@pytest.mark.parametrize(
    "change",
    [{"text": "Rain  fell."}, {"labels": ()}, {"labels": None}, {"document": None}, {"document": "e"}, {"group": None}],
)
def test_the_hash_follows_what_training_sees(change: dict[str, object]) -> None:
    assert corpus_hash([replace(RAIN, **change), SNOW]) != corpus_hash([RAIN, SNOW])


@pytest.mark.parametrize(
    "change", [{"origin": "a.csv:9"}, {"source": "Harbour Wire"}, {"date": "2031"}, {"annotator": "ab"}]
)
def test_the_hash_ignores_where_a_record_comes_from(change: dict[str, str]) -> None:
    assert corpus_hash([replace(RAIN, **change), SNOW]) == corpus_hash([RAIN, SNOW])


def test_the_hash_tells_a_document_from_a_group() -> None:
    assert corpus_hash([replace(SNOW, document="x")]) != corpus_hash([replace(SNOW, group="x")])


def test_the_hash_follows_the_order() -> None:
    assert corpus_hash([SNOW, RAIN]) != corpus_hash([RAIN, SNOW])


@pytest.mark.parametrize("records", [[], [RAIN], [Record("\ud800 café", ("ü",))]])
def test_the_hash_is_32_hexadecimal_digits_for_any_text(records: list[Record]) -> None:
    assert re.fullmatch("[0-9a-f]{32}", corpus_hash(records))
