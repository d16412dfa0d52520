"""What a document tells about its sentences, as terms: each on the smallest text that shows it."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wiredesk.features import CueClass, Lexicon, analyze, context_terms, load_lexicon, tokenize
from wiredesk.features.lexicon import SPEAKER_ROLES
from wiredesk.features.tokens import Token

#: "squad" is somebody with an office and a word of force; "fires" is often read otherwise.
LEXICON = Lexicon(
    {
        **{"mayor": "office", "said": "say", "we": "we", "he": "itself"},
        **{"squad": "troops", "shots": "shooting", "fires": "shooting?", "crash": "accident", "vote": "politics"},
    },
    {
        "office": CueClass("office", ("office",)),
        "say": CueClass("saying", ("speech",)),
        "we": CueClass("I, we", ("first_person",)),
        "troops": CueClass("soldiers", ("office", "force")),
        "shooting": CueClass("shooting", ("force",)),
        "accident": CueClass("accident", ("accident",)),
        "politics": CueClass("politics", ("politics",)),
    },
)
SHIPPED = load_lexicon()

#: How many terms of a sentence are about speech; those about topics stand behind them.
SPEECH = 30


def analysed(texts: tuple[str, ...], lexicon: Lexicon) -> list[list[Token]]:
    return [[analyze(token, lexicon.forms, (2, 2)) for token in tokenize(text)] for text in texts]


def found(*texts: str, lexicon: Lexicon = LEXICON) -> list[list[str]]:
    return context_terms(analysed(texts, lexicon), texts, lexicon.roles)


def speech(*texts: str) -> list[list[str]]:
    return [row[:SPEECH] for row in found(*texts)]


def topics(*texts: str, lexicon: Lexicon = LEXICON) -> list[list[str]]:
    return [row[SPEECH:] for row in found(*texts, lexicon=lexicon)]


# No context


@pytest.mark.parametrize("text", ["the mayor said so", "“we left", "Q: why?", ""])
def test_a_document_of_one_sentence_has_no_terms(text: str) -> None:
    assert found(text) == [[]]


def test_no_document_has_no_terms() -> None:
    assert found() == []


# Speech

ARTICLE = ["the mayor said so", "“we left.", "it was said.”", "he said so", "rain fell"]
#: Three of five with a speaker; one of five in first person; two of five with a quotation, of four parts; no turns.
KIND = [
    "speech in document=3/5",
    "first person in document=1/5",
    "quotations in document=1/4",
    "turns in document=0/8",
]


def test_terms_of_a_sentence_in_the_middle() -> None:
    # A speaker who is not known, inside a quotation; the mayor spoke two sentences before, "he" speaks after.
    assert speech(*ARTICLE)[2] == [
        *KIND,
        "speaker=unknown",
        "speaker=unknown, source=none",
        "speaker before=none",
        "speaker two before=official",
        "speaker after=official",
        "quotation=inside",
        "first person=False",
        "turn=none",
        "quotation=inside, speaker=unknown",
        "quotation=inside, speaker before=none",
        "quotation=inside, speaker after=official",
        "quotation=inside, last speaker=official",
        "quotation=inside, first person=False, last speaker=official",
        "quotation=inside, speaker before=none, speaker after=official",
        "quotation=inside, turn=none",
        "speaker=unknown, last speaker=official",
        "last speaker=official, 1 sentences ago",
        "first person=False, first person in document=1/5",
        "first person before=True, first person after=False",
        "first person=False, first person before=True, first person after=False, quotation=inside",
        "first person in document=1/5, quotations in document=1/4, quotation=inside",
        "speech in document=3/5, first person in document=1/5, quotations in document=1/4",
        "first person=False, quotations in document=1/4, quotation=inside",
        "first person=False, turns in document=0/8, turn=none",
        "sentences before=2",
        "sentences after=2",
    ]


def test_terms_of_the_first_sentence() -> None:
    first = speech(*ARTICLE)[0]
    assert {"speaker before=edge", "speaker two before=edge", "speaker after=none"} <= set(first)
    assert {"last speaker=none, 0 sentences ago", "speaker=official, source=told"} <= set(first)
    assert "first person before=edge, first person after=True" in first
    assert first[-2:] == ["sentences before=0", "sentences after=2"]


def test_terms_of_the_second_sentence() -> None:
    second = speech(*ARTICLE)[1]
    assert {"speaker before=official", "speaker two before=edge", "speaker after=unknown"} <= set(second)
    assert {"quotation=opens", "first person=True", "last speaker=official, 0 sentences ago"} <= set(second)


def test_terms_of_the_last_sentence() -> None:
    last = speech(*ARTICLE)[4]
    assert {"speaker before=official", "speaker two before=unknown", "speaker after=edge"} <= set(last)
    assert "first person before=False, first person after=edge" in last
    assert last[-2:] == ["sentences before=3", "sentences after=0"]


def test_an_unknown_speaker_keeps_the_last_one() -> None:
    terms = speech(*ARTICLE)
    assert "last speaker=official, 0 sentences ago" in terms[3]
    assert "speaker=official, source=pronoun" in terms[3]


def test_a_name_is_a_last_speaker_too() -> None:
    terms = speech("the mayor said so", "Brock said so", "rain fell")
    assert "last speaker=name, 0 sentences ago" in terms[2]


def test_distances_stop_at_four_and_positions_at_three_and_two() -> None:
    terms = speech("the mayor said so", *["rain fell"] * 7)
    ago = [next(term for term in row if term.endswith("sentences ago")) for row in terms]
    assert ago == ["last speaker=none, 0 sentences ago"] + [
        f"last speaker=official, {n} sentences ago" for n in (0, 1, 2, 3, 4, 4, 4)
    ]
    assert [row[-2][-1] for row in terms] == list("01233333")
    assert [row[-1][-1] for row in terms] == list("22222210")


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["rain fell"] * 3, ["0/5", "0/5", "0/4", "0/8"]),
        (["we said “so”"] * 3, ["5/5", "5/5", "4/4", "0/8"]),
        # Words that a colon announces are quotations without marks.
        (["he said:", *["rain fell"] * 3], ["1/5", "0/5", "3/4", "0/8"]),
        # A third is one of five parts (1.67), one of four (1.33).
        (["we said “so”", "x", "x"], ["1/5", "1/5", "1/4", "0/8"]),
        # Half of the sentences with a turn are as many as all.
        (["Q: why", "A: so"], ["0/5", "0/5", "0/4", "4/8"]),
        (["Q: why", "x"], ["0/5", "0/5", "0/4", "4/8"]),
        (["Q: why", "x", "x", "x"], ["0/5", "0/5", "0/4", "2/8"]),
    ],
)
def test_the_kind_of_document_is_the_same_for_all_its_sentences(texts: list[str], kind: list[str]) -> None:
    for row in found(*texts):
        assert [term.partition("=")[2] for term in row[:4]] == kind


# Topics


def test_topics_of_a_sentence_in_the_middle() -> None:
    # Of three sentences one is about force, one about politics, none about an accident.
    assert topics("shots fell", "rain fell", "the vote")[1] == [
        "accident in document=none",
        "force in document=half",
        "politics in document=half",
        "force in document=half, accident in document=none",
        *("accident=no, accident in document=none", "accident before=no", "accident after=no"),
        "accident=no, accident before=no, accident after=no",
        "accident=no, force in document=half, accident in document=none",
        *("force=no, force in document=half", "force before=yes", "force after=no"),
        "force=no, force before=yes, force after=no",
        "force=no, force in document=half, accident in document=none",
        *("politics=no, politics in document=half", "politics before=no", "politics after=yes"),
        "politics=no, politics before=no, politics after=yes",
    ]


def test_topics_at_the_edges_of_a_document() -> None:
    first, last = topics("shots fell", "a crash")
    assert {"force=yes, force in document=many", "force=yes, force before=edge, force after=no"} <= set(first)
    assert {"accident=no, accident before=edge, accident after=yes", "politics before=edge"} <= set(first)
    assert {"force=no, force before=yes, force after=edge", "politics after=edge"} <= set(last)
    assert "accident=yes, force in document=many, accident in document=many" in last


@pytest.mark.parametrize(
    ("about", "total", "share"),
    [
        (0, 2, "none"),
        # Up to a twentieth, and more than one.
        (1, 20, "a few"),
        (1, 19, "some"),
        (3, 25, "some"),
        (1, 8, "a quarter"),
        (1, 4, "a quarter"),
        (3, 11, "half"),
        (9, 20, "half"),
        (1, 2, "many"),
        (13, 20, "many"),
        (2, 3, "most"),
        (2, 2, "most"),
    ],
)
def test_the_share_of_a_topic_is_told_in_words(about: int, total: int, share: str) -> None:
    for row in topics(*["a vote"] * about, *["rain fell"] * (total - about)):
        assert row[2] == f"politics in document={share}"


def test_a_topic_counts_sentences_not_words() -> None:
    assert topics("shots shots squad", "rain", "rain", "rain")[0][1] == "force in document=a quarter"


def test_a_word_that_is_often_read_otherwise_is_about_no_topic() -> None:
    assert topics("he fires", "rain fell") == topics("he left", "rain fell")


def test_a_class_may_have_a_part_in_speech_and_a_topic() -> None:
    row = found("the squad said so", "rain fell")[0]
    assert {"speaker=official", "force=yes, force in document=many"} <= set(row)


def test_a_class_of_two_topics_is_about_both() -> None:
    lexicon = Lexicon({"riot": "riot"}, {"riot": CueClass("riot", ("accident", "force"))})
    assert topics("a riot", "rain", lexicon=lexicon)[0][:2] == ["accident in document=many", "force in document=many"]


def test_other_topics_need_neither_force_nor_accident() -> None:
    lexicon = Lexicon({"vote": "vote"}, {"vote": CueClass("vote", ("polls",))})
    assert topics("a vote", "rain", lexicon=lexicon)[0] == [
        "polls in document=many",
        *("polls=yes, polls in document=many", "polls before=edge", "polls after=no"),
        "polls=yes, polls before=edge, polls after=no",
    ]


def test_no_topics_leave_the_terms_about_speech() -> None:
    lexicon = Lexicon(LEXICON.forms, {"say": LEXICON.classes["say"]})
    assert topics("he said shots fell", "rain fell", lexicon=lexicon) == [[], []]


@pytest.mark.parametrize("topic", ["force", "accident"])
def test_of_force_and_accident_one_is_enough(topic: str) -> None:
    lexicon = Lexicon({"shots": "shots"}, {"shots": CueClass("shots", (topic,))})
    for row in found("shots fell", "rain fell", lexicon=lexicon):
        assert len(set(row)) == len(row)
        assert f"{topic} in document=many" in row


# All terms


def test_the_same_sentences_give_the_same_terms_again() -> None:
    assert found(*ARTICLE) == found(*ARTICLE)


def test_each_term_stands_once_in_a_sentence() -> None:
    # Five of each of the three topics, one of force and accident together in the document, two in the sentence.
    for row in found(*ARTICLE, "shots fell", "a crash", "the vote"):
        assert len(set(row)) == len(row) == SPEECH + 5 * 3 + 1 + 2


# Any text

ANY_CHARACTER = st.one_of(
    st.characters(),
    st.characters(categories=["Cs"]),
    st.sampled_from("“”\"'’.:;, QA\n\x00\x85\u200b\u2028"),
)
PARTS = st.sampled_from(
    ["Q: ", "“", "”", " he said ", " mayor ", " Brock ", " we ", " shelled ", " crash ", "A. ", '"', "; "]
)
ANY_TEXT = st.lists(st.one_of(st.text(ANY_CHARACTER, max_size=12), PARTS), max_size=6).map("".join)


@settings(max_examples=200)
@given(st.lists(ANY_TEXT, max_size=6))
@example(["\ud800", "\udfff“"])
@example(["A" * 500 + ": x", "A " * 500])
@example(["İ: x", "ﬁ: x", "Ⅻ. x"])
def test_any_text_has_terms_that_can_be_written(texts: list[str]) -> None:
    rows = found(*texts, lexicon=SHIPPED)
    n_topics = len(SHIPPED.roles) - len(SPEAKER_ROLES)
    size = SPEECH + 5 * n_topics + 1 + 2 if len(texts) > 1 else 0
    assert [len(row) for row in rows] == [size] * len(texts)
    for row in rows:
        assert len(set(row)) == size
        for term in row:
            assert "\n" not in term
            assert term.isascii()
            assert "=" in term


def test_a_topic_may_be_called_like_anything_else() -> None:
    lexicon = Lexicon({"wheat": "crops"}, {"crops": CueClass("crops", ("turn", "speaker", "position"))})
    texts = ("wheat grew", "rain fell")
    first, second = context_terms(analysed(texts, lexicon), texts, lexicon.roles)
    assert {"turn=none", "speaker=none", "sentences before=0", "turn=yes, turn in document=many"} <= {*first, *second}


def test_there_can_be_so_many_topics() -> None:
    topics = tuple(f"topic{i}" for i in range(51))
    lexicon = Lexicon({"wheat": "crops"}, {"crops": CueClass("crops", topics)})
    with pytest.raises(ValueError, match="the lexicon has 51 topics; there can be 50"):
        context_terms(analysed(("wheat", "rain"), lexicon), ("wheat", "rain"), lexicon.roles)
