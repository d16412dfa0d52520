"""How unlike the training data an input is, and what the predict command says about it."""

import json
import math
import pickle
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from wiredesk import load_model, load_seeds
from wiredesk.drift import LATER, Samples, source_of
from wiredesk.models import LabelledSentence, Model
from wiredesk.models.drift import drift_reference, find_drift, judge
from wiredesk.models.driftcounts import Sample, words_of
from wiredesk.readers import Document
from wiredesk.sources import Source

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data" / "drift"
WIREDESK = Path(sys.executable).with_name("wiredesk")

SPORT = sorted(str(path.relative_to(ROOT)) for path in (DATA / "sport").glob("*.txt"))
FINANCE = sorted(str(path.relative_to(ROOT)) for path in (DATA / "finance").glob("*.txt"))
LANGUAGES = sorted(str(path.relative_to(ROOT)) for path in (DATA / "languages").glob("*.txt"))

#: Knows these words; both its types are carried by every fourth training sentence.
SMALL = SimpleNamespace(
    types=("attack", "quote"),
    words=frozenset({"rain", "fell", "on", "the", "town"}),
    manifest={"calibration": {"prior": [0.25, 0.25]}, "training": {"reference": {"unseen_words": 0.1}}},
)


def sentence(text, *probabilities):
    values = dict(zip(SMALL.types, probabilities or (0.25, 0.25), strict=True))
    return LabelledSentence(0, 0, 0, len(text), text, "none", (), values, False)


def sample_of(documents, counted, *, unseen=0.1, shares=(0.25, 0.25), long=0, foreign=0, sentences=None):
    """A sample whose shares are as given."""
    words = 1000 * counted
    # The judge adds half a word that is not known to one word.
    count = unseen * (words + 1) - 0.5
    sums = [share * counted for share in shares]
    return Sample(documents, sentences or counted, documents, counted, words, count, long, foreign, sums)


def with_training(model, **training):
    return Model({**model.manifest, "training": {**model.manifest["training"], **training}}, model._arrays)


@pytest.fixture(scope="module")
def seeds():
    return load_seeds()


@pytest.fixture(scope="module")
def model(seeds):
    """The shipped model with what its training data shows."""
    shipped = load_model()
    units = [record.document or record.group or i for i, record in enumerate(seeds)]
    return with_training(shipped, reference=drift_reference([record.text for record in seeds], units, shipped.words))


@pytest.fixture(scope="module")
def model_file(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "told.wiredesk"
    model.save(path)
    return str(path)


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def conflict_articles(seeds, n):
    """The first articles of the corpus."""
    articles = {}
    for record in seeds:
        if record.document:
            articles.setdefault(record.document, []).append(record.text)
    return ["\n".join(texts) for texts in list(articles.values())[:n]]


# Words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Rain fell.", ["rain", "fell"]),
        ("The MAYOR’s office", ["the", "mayor", "office"]),
        ("They don't, in 2024", ["they", "don't", "in"]),
        ("T-72s, 3rd", ["t", "s", "rd"]),
        ("Дождь идёт", ["дождь", "идёт"]),
        ("12:30 - 50 %", []),
    ],
    ids=repr,
)
def test_words(text, words):
    assert words_of(text) == words


# The reference


def test_words_are_not_known_by_their_own_document():
    texts = ["Rain fell.", "Rain fell.", "Rain stopped."]
    # Only rain is in another document: fell twice and stopped are not known, of 6 words.
    assert drift_reference(texts, "aab", {"rain", "fell"}, min_df=1) == {"sentences": 3, "unseen_words": 0.5}


def test_words_of_too_few_other_sentences_are_not_known():
    texts = ["Rain fell.", "Rain fell.", "Rain stopped."]
    # In the first document rain has one other sentence: 2 rain, 2 fell and stopped are not known.
    assert drift_reference(texts, "aab", {"rain", "fell"})["unseen_words"] == pytest.approx(5 / 6, abs=1e-6)


def test_sentences_alone_are_documents():
    assert drift_reference(["Rain fell."] * 3, [0, 1, 2], {"rain", "fell"})["unseen_words"] == 0


def test_only_some_sentences_are_measured():
    texts = ["Rain fell.", "Rain fell.", "Rain stopped."]
    told = drift_reference(texts, "aab", {"rain", "fell"}, measured=[False, False, True], min_df=1)
    assert told == {"sentences": 1, "unseen_words": 0.5}


def test_reference_is_json(model):
    told = model.manifest["training"]["reference"]
    assert json.loads(json.dumps(told)) == told
    assert told["sentences"] == 24191
    assert 0.03 < told["unseen_words"] < 0.06


# Samples


def test_counts_of_a_document():
    sample = Sample()
    sample.count([sentence("Rain fell on the town.", 0.5, 0.25), sentence("Hail fell.", 0.25, 0)], SMALL.words)
    assert (sample.documents, sample.sentences, sample.counted_documents, sample.counted) == (1, 2, 1, 2)
    assert (sample.words, sample.unseen) == (7, 1)
    assert (sample.long, sample.foreign) == (1, 0)
    assert sample.probabilities == [0.75, 0.25]


def test_document_without_sentences_is_none():
    sample = Sample()
    sample.count([], SMALL.words)
    assert sample == Sample()


def test_fewer_and_fewer_documents_are_counted():
    sample = Sample()
    for _ in range(16):
        sample.count([sentence("Rain fell.")], SMALL.words, 2)
    # 1, 2; every second: 4, 6; every fourth: 8, 12; every eighth: 16.
    assert (sample.documents, sample.counted_documents) == (16, 7)
    assert sample.sentences == 16


def test_sentences_of_a_long_document_are_counted_evenly():
    sample = Sample()
    sample.count([sentence("Rain fell." if i % 4 else "Hail.") for i in range(40)], SMALL.words, 10)
    assert (sample.sentences, sample.counted) == (40, 10)
    assert (sample.words, sample.unseen) == (10, 10)


def test_samples_add_up():
    documents = [[sentence("Rain fell on a town.", 0.5, 0.125)], [sentence("Hail.", 0.25, 0.5)] * 2]
    one, other, both = Sample(), Sample(), Sample()
    one.count(documents[0], SMALL.words)
    other.count(documents[1], SMALL.words)
    for document in documents:
        both.count(document, SMALL.words)
    one.add(other)
    one.add(Sample())
    assert one == both
    empty = Sample()
    empty.add(both)
    assert empty == both


@pytest.mark.parametrize(
    "text",
    [
        "Volgens de burgemeester blijft het vandaag en morgen regenen.",
        "Det regner i byen, og for anden dag er der vand på vejene.",
        "Der Bürgermeister war in der Stadt, als das Wasser kam.",
        "El alcalde no quiso contestar ninguna pregunta sobre las obras.",
        "Le maire a refusé toute question sur les travaux du quartier.",
        "Primarul a spus că drumul va fi închis până mâine.",
        "Мэр города отказался отвечать на вопросы журналистов.",
        "رفض رئيس البلدية الإجابة على أسئلة الصحفيين اليوم",
        "市长拒绝回答记者的问题，说会议还没有结束。",
        "市長は記者の質問に答えることを拒否した。",
        "นายกเทศมนตรีปฏิเสธที่จะตอบคำถามของนักข่าว",
    ],
)
def test_sentence_is_not_english(text, model):
    sample = Sample()
    sample.count([sentence(text)], model.words)
    assert (sample.long, sample.foreign) == (1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "The mayor refused to answer questions, and the meeting went on.",
        "THE MAYOR REFUSED TO ANSWER QUESTIONS, AND THE MEETING WENT ON.",
        "Ukraine war: Russian missile strike kills dozens near market",
        "UKRAINE WAR: RUSSIAN MISSILE STRIKE KILLS DOZENS NEAR MARKET",
        "It was Kirishvili and Nbongo who met Xiaoqing in the Grzegorzki with Szczepan and Ouattarakis.",
        "Also killed were soldiers Petrenko, Kovalchuk, Bondarenko and Tkachenko, officials said.",
    ],
)
def test_sentence_is_english(text, model):
    sample = Sample()
    sample.count([sentence(text)], model.words)
    assert (sample.long, sample.foreign) == (1, 0)


@pytest.mark.parametrize("text", ["Ja, graag.", "雨", "3:2 (1:0)", "…"])
def test_language_of_short_sentences_is_not_judged(text, model):
    sample = Sample()
    sample.count([sentence(text)], model.words)
    assert (sample.long, sample.foreign) == (0, 0)


# The judgement


def test_what_is_like_the_training_data_does_not_drift():
    found = judge(sample_of(20, 400), SMALL)
    assert found.score == pytest.approx(0)
    assert (found.sentences, found.warning) == (400, "")
    assert found.unseen_words == pytest.approx(0.1)
    assert found.shares == pytest.approx({"attack": 0.25, "quote": 0.25})


def test_unknown_words_drift():
    assert judge(sample_of(20, 400, unseen=0.3), SMALL).score == pytest.approx(math.log(3))


def test_missing_types_drift():
    # Fewer than four types are taken for four.
    assert judge(sample_of(20, 400, shares=(0.0, 0.25)), SMALL).score == pytest.approx(math.log(26) / 4)


def test_more_of_one_type_makes_up_for_less_of_another():
    assert judge(sample_of(20, 400, shares=(0.12, 0.51)), SMALL).score == pytest.approx(0)


def test_all_types_count_alike_where_there_are_many():
    many = SimpleNamespace(
        types=tuple("abcdefgh"),
        words=SMALL.words,
        manifest={**SMALL.manifest, "calibration": {"prior": [0.25] * 8}},
    )
    assert judge(sample_of(20, 400, shares=[0.0] * 8), many).score == pytest.approx(math.log(26))


@pytest.mark.parametrize(
    ("documents", "sentences", "sources", "limit"),
    [
        (1, 20, 1, 2.1),
        (1, 500, 1, 2.1),  # All in one document: they are alike.
        (4, 80, 1, 1.85),
        (80, 80, 1, 1.85),  # Each its own document: as four of twenty sentences.
        (100, 2000, 1, 1.65),
        (4, 80, 10, 1.975),
        (4, 80, 100, 2.1),
    ],
)
def test_limit_is_higher_for_little_text_and_many_sources(documents, sentences, sources, limit):
    assert judge(sample_of(documents, sentences), SMALL, sources).limit == pytest.approx(limit)


def test_warning_beyond_the_limit():
    limit = judge(sample_of(4, 80), SMALL).limit
    below, above = (0.1 * math.exp(limit + step) for step in (-0.01, 0.01))
    assert judge(sample_of(4, 80, unseen=below), SMALL).warning == ""
    assert judge(sample_of(4, 80, unseen=above), SMALL).warning != ""


def test_warning_says_what_is_unlike_and_what_to_do():
    sample = sample_of(20, 400, unseen=0.64, shares=(0.004, 0.1), sentences=1234)
    assert judge(sample, SMALL).warning == (
        "1,234 sentences are unlike the training data (64 % of their words are unknown, there 10 %; "
        "0.4 % are attack, there 25 %): their labels may mean little; label some and evaluate (wiredesk evaluate)"
    )


def test_few_sentences_are_not_judged():
    assert judge(Sample(), SMALL) is None
    assert judge(sample_of(9, 9, unseen=0.9, long=9, foreign=9), SMALL) is None
    assert judge(sample_of(10, 10, unseen=0.9, long=10, foreign=10), SMALL).warning


def test_model_without_words_is_not_judged_by():
    blind = SimpleNamespace(types=SMALL.types, words=frozenset(), manifest=SMALL.manifest)
    assert judge(sample_of(20, 400, unseen=0.9, long=400, foreign=400), blind) is None


@pytest.mark.parametrize(
    "training",
    [{}, *({"reference": told} for told in (None, [], "0.1", {}, *({"unseen_words": u} for u in (0, 1.5, "x", True))))],
    ids=str,
)
def test_model_that_does_not_say_what_its_training_data_shows(training):
    silent = SimpleNamespace(types=SMALL.types, words=SMALL.words, manifest={**SMALL.manifest, "training": training})
    found = judge(sample_of(20, 400, unseen=0.9, shares=(0, 0)), silent)
    assert (found.score, found.warning) == (None, "")
    assert "not English" in judge(sample_of(20, 400, long=400, foreign=400), silent).warning


@pytest.mark.parametrize(
    ("long", "foreign", "warned"), [(15, 3, True), (16, 3, False), (10, 2, False), (400, 80, True), (400, 79, False)]
)
def test_a_fifth_of_another_language_is_said(long, foreign, warned):
    assert bool(judge(sample_of(20, 400, long=long, foreign=foreign), SMALL).warning) == warned


def test_warning_about_another_language():
    # What else is unlike follows from the language.
    sample = sample_of(20, 400, unseen=0.9, shares=(0, 0), long=390, foreign=195)
    assert judge(sample, SMALL).warning == (
        "50 % of 400 sentences are not English: their labels mean nothing; leave them out or translate them first"
    )


def test_expected_shares_count_if_they_are_given(model):
    sample = sample_of(20, 400, unseen=0.1, shares=(0.01, 0.4, 0.01, 0.5))
    told = model.with_priors({"attack_report": 0.01, "casualty_figure": 0.01})
    assert judge(sample, told).score < judge(sample, model).score - 1


# Articles


@pytest.mark.parametrize("name", [*SPORT, *FINANCE])
def test_sport_and_finance_are_unlike_the_training_data(name, model):
    found = find_drift(model, [read(name)])
    assert found.warning.startswith(f"{found.sentences} sentences are unlike the training data")


@pytest.mark.parametrize("name", LANGUAGES)
def test_other_languages_are_not_english(name, model):
    found = find_drift(model, [read(name)])
    assert found.not_english > 0.9
    assert found.warning.endswith("leave them out or translate them first")


def test_conflict_news_is_like_the_training_data(model, seeds):
    found = find_drift(model, conflict_articles(seeds, 40))
    assert found.sentences > 600
    assert (found.score < 0.5, found.warning) == (True, "")


@pytest.mark.parametrize("change", [str.upper, str.lower], ids=["capitals", "lower case"])
def test_conflict_news_in_other_letters(change, model, seeds):
    assert find_drift(model, map(change, conflict_articles(seeds, 20))).warning == ""


@pytest.mark.parametrize("name", ["article.txt", "newsroom/articles/*.txt"])
def test_examples_are_like_the_training_data(name, model):
    articles = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob(name))]
    found = find_drift(model, articles)
    assert (found is not None, found.warning) == (True, "")


def test_each_article_of_the_corpus_by_itself(model, seeds):
    found = [find_drift(model, [article]) for article in conflict_articles(seeds, 40)]
    assert [drift.warning for drift in found if drift and drift.warning] == []


def test_one_article_may_be_a_str(model):
    assert find_drift(model, read(SPORT[0])) == find_drift(model, [read(SPORT[0])])


def test_no_articles(model):
    assert find_drift(model, []) is None


# Sources


@pytest.mark.parametrize(
    ("source", "document", "name"),
    [
        (Source("news/a.jsonl", "jsonl"), Document("7", "", [], {"source": "Post"}), ("Post", "")),
        (Source("a.csv", "csv"), Document("7", "", [], {"source": 3}), ("3", "")),
        (Source("a.csv", "csv"), Document("7", "", [], {"source": ""}), ("a.csv", "")),
        (Source("a.csv", "csv"), Document("7", "", [], {"source": None}), ("a.csv", "")),
        (Source("a.csv", "csv"), Document("7", "", [], {}), ("a.csv", "")),
        (Source("a.csv", "csv"), Document("7", "", [], {}, [{"source": "Post"}, {"source": "Mail"}]), ("Post", "")),
        (Source("news/sport/1.txt", "text"), Document("news/sport/1.txt", "", [], {}), None),
        (Source("1.html", "html"), Document("1.html", "", [], {}), ("./", "1.html")),
        (Source("-", "text"), Document("-", "", [], {}), ("stdin", "")),
    ],
)
def test_name_of_a_source(source, document, name):
    assert source_of(source, document) == (name or ("news/sport/", "news/sport/1.txt"))


def samples_of(**sources):
    """Samples of foreign text, as many sentences as given."""
    samples = Samples()
    for name, n in sources.items():
        samples.sources[name] = sample_of(max(n // 10, 1), n, long=n, foreign=n)
    return samples


def test_sources_with_most_sentences_are_told_first():
    lines = samples_of(few=20, most=60, some=40).warnings(SMALL)
    assert [line.partition(":")[0] for line in lines] == ["most", "some", "few"]


@pytest.mark.parametrize(("n", "last"), [(5, "s4: "), (6, "and 1 more source"), (1200, "and 1,195 more sources")])
def test_five_sources_are_told(n, last):
    lines = samples_of(**{f"s{i}": 10_000 - i for i in range(n)}).warnings(SMALL)
    assert len(lines) == min(n, 6)
    assert lines[-1].startswith(last)


def test_sources_of_few_sentences_are_told_together():
    samples = samples_of(**{f"s{i}": 8 for i in range(5)})
    assert samples.warnings(SMALL) == [
        "all sources together: 100 % of 40 sentences are not English: their labels mean nothing; "
        "leave them out or translate them first"
    ]


def test_one_source_of_few_sentences_is_not_told():
    assert samples_of(only=8).warnings(SMALL) == []


def test_sources_that_say_nothing_are_not_told():
    samples = samples_of(foreign=20)
    samples.sources["like"] = sample_of(20, 400)
    assert len(samples.warnings(SMALL)) == 1


def test_many_sources_are_judged_more_carefully():
    # One of a hundred is bound to be unusual.
    samples = Samples()
    samples.sources["odd"] = sample_of(1, 20, unseen=0.1 * math.exp(2.3))
    assert len(samples.warnings(SMALL)) == 1
    samples.sources |= {f"s{i}": sample_of(1, 20) for i in range(99)}
    assert samples.warnings(SMALL) == []


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr("wiredesk.drift.MOST_SOURCES", 3)
    samples = Samples()
    for i in range(50):
        samples.count(f"s{i}", "", [sentence("Rain fell.")], SMALL.words)
    samples.count("s1", "", [sentence("Rain fell.")], SMALL.words)
    assert {name: sample.sentences for name, sample in samples.sources.items()} == {
        "s0": 1,
        "s1": 2,
        "s2": 1,
        LATER: 47,
    }
    other = Samples()
    other.count("another", "", [sentence("Rain fell.")] * 4, SMALL.words)
    samples.add(other)
    assert len(samples.sources) == 4
    assert samples.sources[LATER].sentences == 51


def test_the_more_sources_the_fewer_sentences_of_each_are_counted():
    samples = Samples()
    for i in range(400):
        samples.count(f"s{i % 200}", "", [sentence("Rain fell.")] * 30, SMALL.words)
    total = [sample.counted for sample in samples.sources.values()]
    assert sum(sample.sentences for sample in samples.sources.values()) == 12_000
    assert 200 * 15 <= sum(total) <= 200 * 45


def test_names_do_not_steer_the_terminal():
    (line,) = samples_of(**{"a\x1b[31m\nb": 20}).warnings(SMALL)
    assert line.startswith("a\ufffd[31m b: ")


def test_long_names_are_cut():
    (line,) = samples_of(**{"x" * 100: 20}).warnings(SMALL)
    assert line.startswith("x" * 59 + "…: ")


def test_samples_of_parts_add_up(model):
    texts = [read(name) for name in SPORT]
    whole, parts = Samples(), []
    for name, text in zip(SPORT, texts, strict=True):
        part = Samples()
        for samples in (whole, part):
            samples.count("sport/", name, list(model.label(text)), model.words)
        parts.append(pickle.loads(pickle.dumps(part)))
    added = Samples()
    for part in parts:
        added.add(part)
    assert added.warnings(model) == whole.warnings(model)
    assert parts[0].warnings(model)[0].startswith(f"{SPORT[0]}: ")
    assert whole.warnings(model)[0].startswith("sport/: ")


# The command


def run(*arguments, cwd):
    done = subprocess.run(
        [WIREDESK, "predict", *map(str, arguments)], capture_output=True, encoding="utf-8", timeout=120, cwd=cwd
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr.splitlines()


def test_folders_are_sources(model_file, tmp_path):
    folders = [f"tests/data/drift/{name}" for name in ("sport", "finance", "languages")]
    _, said = run(*folders, "-m", model_file, "-o", tmp_path / "out.jsonl", cwd=ROOT)
    assert len(said) == 4
    assert said[0].startswith("wiredesk: 11 documents, ")
    assert {line.split(": ")[1] for line in said[1:]} == {f"{folder}/" for folder in folders}


def test_quiet_silences_warnings(model_file):
    out, said = run(LANGUAGES[0], "-m", model_file, "-q", cwd=ROOT)
    assert (len(out.splitlines()) > 10, said) == (True, [])


def test_article_is_named_by_its_file(model_file):
    out, said = run(SPORT[0], "-m", model_file, cwd=ROOT)
    assert said[1].startswith(f"wiredesk: {SPORT[0]}: ")
    assert len(said) == 2
    assert all(json.loads(line)["document"] == SPORT[0] for line in out.splitlines())


def write_rows(path, seeds):
    """A table of sport and of conflict news, by source."""
    rows = [{"id": name, "text": read(name), "source": "Harbour Sport"} for name in SPORT]
    rows += [{"id": str(i), "text": text, "source": "Wire"} for i, text in enumerate(conflict_articles(seeds, 10))]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_column_says_the_source(model_file, seeds, tmp_path):
    write_rows(tmp_path / "in.jsonl", seeds)
    _, said = run("in.jsonl", "-m", model_file, "-o", "out.csv", cwd=tmp_path)
    assert len(said) == 2
    assert said[1].startswith("wiredesk: Harbour Sport: ")


def test_runs_in_parts_warn_like_others(model_file, seeds, tmp_path):
    write_rows(tmp_path / "in.jsonl", seeds)
    (tmp_path / "again.jsonl").write_bytes((tmp_path / "in.jsonl").read_bytes())
    _, whole = run("in.jsonl", "again.jsonl", "-m", model_file, "-o", "out.jsonl", cwd=tmp_path)
    _, parts = run("in.jsonl", "again.jsonl", "-m", model_file, "-o", "out/", "-j", "2", cwd=tmp_path)
    assert len(whole) == 2
    assert whole[1:] == parts[1:]
    assert (tmp_path / "out" / "part-00001.jsonl").exists()
    _, quiet = run("in.jsonl", "-m", model_file, "-o", "other/", "-q", cwd=tmp_path)
    assert quiet == []
