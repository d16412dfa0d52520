"""What a document tells about its sentences: each rule on the smallest text that shows it."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wiredesk.features import analyze, context_terms, load_lexicon, tokenize
from wiredesk.features.context import document_facts
from wiredesk.features.tokens import Token

LEXICON = {
    **{
        "mayor": "office",
        "ministry": "institution",
        "kyiv": "metonym",
        "army": "armed_actor",
        "trader": "non_official",
    },
    **{"said": "speech", "added": "speech", "warned": "stance", "we": "first_person"},
    **dict.fromkeys(["the", "a", "he", "she", "they", "it"], "itself"),
}
SHIPPED = load_lexicon()


def analysed(texts: tuple[str, ...], lexicon: dict[str, str]) -> list[list[Token]]:
    return [[analyze(token, lexicon, (2, 2)) for token in tokenize(text)] for text in texts]


def speakers(*texts: str) -> list[tuple[str, str]]:
    return [(fact.speaker, fact.source) for fact in document_facts(analysed(texts, LEXICON), texts)]


def quotations(*texts: str) -> list[str]:
    return [fact.quotation for fact in document_facts(analysed(texts, LEXICON), texts)]


def turns(*texts: str) -> list[str]:
    return [fact.turn for fact in document_facts(analysed(texts, LEXICON), texts)]


def found(*texts: str) -> list[list[str]]:
    return context_terms(analysed(texts, LEXICON), texts)


# Speakers told in the sentence


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("the mayor said so", ("official", "told")),
        ("the ministry said so", ("official", "told")),
        ("kyiv warned them", ("official", "told")),
        ("the army said so", ("official", "told")),
        ("a trader said so", ("other", "told")),
        ("all is well, said the mayor", ("official", "told")),
        ("Brock, a trader, said so", ("other", "told")),
        # The one before the verb has it, though another one stands behind.
        ("the mayor said the trader left", ("official", "told")),
        ("the trader said the mayor left", ("other", "told")),
        # Of two before it, the nearer one.
        ("the mayor met a trader who said so", ("other", "told")),
        # Nobody, or nobody known.
        ("it was said", ("unknown", "none")),
        ("Brock said so", ("name", "none")),
        ("so said Brock", ("name", "none")),
        ("rain fell", ("none", "none")),
        ("the mayor left", ("none", "none")),
        ("", ("none", "none")),
    ],
)
def test_the_speaker_of_a_sentence(text: str, speaker: tuple[str, str]) -> None:
    assert speakers(text) == [speaker]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        # Seven symbols before the verb, eight after it.
        ("mayor x x x x x x said", "official"),
        ("mayor x x x x x x x said", "unknown"),
        ("said x x x x x x x mayor", "official"),
        ("said x x x x x x x x mayor", "unknown"),
        # What stands behind a full stop, a semicolon or a mark of quotation is another clause ...
        ("the mayor left; it was said", "unknown"),
        ("the mayor left. it was said", "unknown"),
        ("said nobody at all; the mayor left", "unknown"),
        ("it was said here “by the mayor”", "unknown"),
        # ... but a comma is not, nor a mark right beside the verb.
        ("the mayor, it was said", "official"),
        ("“all is well,” said the mayor", "official"),
        ("the mayor; said x", "official"),
    ],
)
def test_how_far_a_speaker_is_looked_for(text: str, speaker: str) -> None:
    assert speakers(text)[0][0] == speaker


def test_the_first_verb_that_has_an_official_or_other_speaker_counts() -> None:
    assert speakers("so it was said; and a trader added more") == [("other", "told")]
    assert speakers("the mayor said yes; and a trader added more") == [("official", "told")]


def test_a_verb_that_has_no_speaker_does_not_hide_one_that_has() -> None:
    far = "x x x x x x x x"
    assert speakers("the mayor said so", f"he said {far} added")[1] == ("official", "pronoun")
    assert speakers(f"Brock said {far} added") == [("name", "none")]


# Speakers remembered by name


@pytest.mark.parametrize(
    ("told", "speaker"),
    [
        ("Brock, the mayor, left", ("official", "remembered")),
        ("the mayor, Ana Brock, left", ("official", "remembered")),
        ("army spokesman Brock left", ("official", "remembered")),
        ("Brock, a trader, left", ("other", "remembered")),
        # An institution is not what somebody is.
        ("Brock of the ministry left", ("name", "none")),
        # Six symbols on either side.
        ("mayor x x x x x Brock left", ("official", "remembered")),
        ("mayor x x x x x x Brock left", ("name", "none")),
        ("Brock x x x x x mayor left", ("official", "remembered")),
        ("Brock x x x x x x mayor left", ("name", "none")),
        # What comes after another clause begins, or after a verb of speech, is somebody else.
        ("Brock left; the mayor stayed", ("name", "none")),
        ("Brock said of the mayor nothing", ("name", "none")),
        ("rain fell", ("name", "none")),
    ],
)
@pytest.mark.parametrize("name", ["Brock", "Brock's", "“Brock”"])
def test_a_name_that_stood_beside_an_office_or_trade_is_remembered(told, speaker, name) -> None:
    assert speakers(told, "rain fell", f"so said {name}")[2] == speaker


def test_a_name_is_what_it_was_first_told_to_be() -> None:
    told = ["Brock, the mayor, left", "Brock, a trader, left", "Brock said so"]
    assert speakers(*told)[2] == ("official", "remembered")
    assert speakers(told[1], told[0], told[2])[2] == ("other", "remembered")


def test_a_name_is_not_known_before_it_is_told() -> None:
    assert speakers("Brock said so", "Brock, the mayor, left", "Brock said so") == [
        ("name", "none"),
        ("none", "none"),
        ("official", "remembered"),
    ]


def test_a_name_of_two_letters_is_not_remembered() -> None:
    assert speakers("Li, the mayor, left", "Li said so")[1] == ("name", "none")


def test_nothing_is_remembered_from_another_document() -> None:
    speakers("Brock, the mayor, left", "he said so")
    assert speakers("Brock said so") == [("name", "none")]


# Pronouns


@pytest.mark.parametrize("pronoun", ["he", "she", "they", "He"])
@pytest.mark.parametrize(
    ("before", "speaker"),
    [
        (["the mayor said so"], "official"),
        (["a trader said so"], "other"),
        (["the mayor said so", "a trader said so"], "other"),
        (["Brock, the mayor, left", "Brock said so"], "official"),
        # Sentences without speech and speakers who are not known keep the last one.
        (["the mayor said so", "rain fell", "it was said"], "official"),
        (["the mayor said so", "he said so"], "official"),
        # A name of which nothing is known is somebody else.
        (["the mayor said so", "Brock said so"], "unknown"),
        # Somebody who does not speak is not meant.
        (["the mayor left"], "unknown"),
        ([], "unknown"),
    ],
)
def test_a_pronoun_means_who_spoke_last(before: list[str], speaker: str, pronoun: str) -> None:
    assert speakers(*before, f"{pronoun} said so")[-1] == (speaker, "pronoun")


def test_a_pronoun_after_the_verb_counts_beside_it_only() -> None:
    assert speakers("the mayor said so", "so said he")[1] == ("official", "pronoun")
    assert speakers("the mayor said so", "it was said that he left")[1] == ("unknown", "none")


def test_it_is_no_speaker() -> None:
    assert speakers("the mayor said so", "it said so")[1] == ("unknown", "none")


# Quotations


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["rain fell"], ["none"]),
        (["“yes,” he said"], ["holds"]),
        (["“yes, we left.", "rain fell", "we stayed,” he said", "snow fell"], ["opens", "inside", "inside", "none"]),
        # One that ends and another one that opens in the same sentence.
        (["“yes", "no,” he said. “well", "good”", "x"], ["opens", "inside", "inside", "none"]),
        (["“yes,” he said. “no", "x”", "x"], ["opens", "inside", "none"]),
        # A mark that stands alone opens or closes, whichever is due.
        (['" yes', "no", 'x "', "x"], ["opens", "inside", "inside", "none"]),
        (['" yes "', "x"], ["holds", "none"]),
        # An opening mark in every paragraph, a closing one in the last.
        (["“yes", "“no", "“well”", "x"], ["opens", "inside", "inside", "none"]),
        # Single marks and inches are no quotations.
        (["‘yes", 'a 5"x7 card', "x"], ["none", "none", "none"]),
        (["", "“", ""], ["none", "opens", "inside"]),
    ],
)
def test_quotations(texts: list[str], expected: list[str]) -> None:
    assert quotations(*texts) == expected


# Turns of a transcript


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Q: why?", "A: so.", "Q. and?", "A. yes"], ["question", "answer", "question", "answer"]),
        (["REPORTER: why?", "MAYOR BROCK: so.", "rain fell"], ["question", "answer", "answer"]),
        (["question: why?", "and when?", "Ana Brock (Velde): so"], ["question", "question", "answer"]),
        (["rain fell", "Interviewer why", "Mr. Brock: so"], ["none", "question", "answer"]),
        (["Journalist Brock: why"], ["question"]),
        # Whole words at the beginning of a sentence alone.
        (["Reporters left", "Questioning went on", "a question: why", "Quiet"], ["none"] * 4),
        # A speaker has a capital, at most five words, and a mark with a space behind it.
        (["mayor: so", "One Two Three Four Five Six: so", "Brock:so", "Brock, so"], ["none"] * 4),
        (["One Two Three Four Five: so"], ["answer"]),
    ],
)
def test_turns(texts: list[str], expected: list[str]) -> None:
    assert turns(*texts) == expected


# First person


def test_first_person() -> None:
    facts = document_facts(analysed(("We left", "rain fell"), LEXICON), ["We left", "rain fell"])
    assert [fact.first_person for fact in facts] == [True, False]


# Terms

ARTICLE = ["the mayor said so", "“we left.", "it was said.”", "he said so", "rain fell"]
#: Three of five with a speaker; one of five in first person; two of five with a quotation, of four parts; no turns.
KIND = [
    "speech in document=3/5",
    "first person in document=1/5",
    "quotations in document=1/4",
    "turns in document=0/4",
]


@pytest.mark.parametrize("text", ["the mayor said so", "“we left", "Q: why?", ""])
def test_a_document_of_one_sentence_has_no_terms(text: str) -> None:
    assert found(text) == [[]]


def test_no_document_has_no_terms() -> None:
    assert found() == []


def test_terms_of_a_sentence_in_the_middle() -> None:
    # A speaker who is not known, inside a quotation; the mayor spoke two sentences before, "he" speaks after.
    assert found(*ARTICLE)[2] == [
        *KIND,
        "speaker=unknown",
        "speaker=unknown (none)",
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
        "last speaker=official 1 sentences ago",
        "first person=False, first person in document=1/5",
        "first person=False, quotations in document=1/4, quotation=inside",
        "first person=False, turns in document=0/4, turn=none",
        "sentences before=2",
        "sentences after=2",
    ]


def test_terms_of_the_first_sentence() -> None:
    first = found(*ARTICLE)[0]
    assert {"speaker before=edge", "speaker two before=edge", "speaker after=none"} <= set(first)
    assert {"last speaker=none 0 sentences ago", "speaker=official (told)"} <= set(first)
    assert first[-2:] == ["sentences before=0", "sentences after=2"]


def test_terms_of_the_second_sentence() -> None:
    second = found(*ARTICLE)[1]
    assert {"speaker before=official", "speaker two before=edge", "speaker after=unknown"} <= set(second)
    assert {"quotation=opens", "first person=True", "last speaker=official 0 sentences ago"} <= set(second)


def test_terms_of_the_last_sentence() -> None:
    last = found(*ARTICLE)[4]
    assert {"speaker before=official", "speaker two before=unknown", "speaker after=edge"} <= set(last)
    assert last[-2:] == ["sentences before=3", "sentences after=0"]


def test_an_unknown_speaker_keeps_the_last_one() -> None:
    terms = found(*ARTICLE)
    assert "last speaker=official 0 sentences ago" in terms[3]
    assert "speaker=official (pronoun)" in terms[3]


def test_a_name_is_a_last_speaker_too() -> None:
    terms = found("the mayor said so", "Brock said so", "rain fell")
    assert "last speaker=name 0 sentences ago" in terms[2]


def test_distances_stop_at_four_and_positions_at_three_and_two() -> None:
    terms = found("the mayor said so", *["rain fell"] * 7)
    ago = [next(term for term in row if term.endswith("sentences ago")) for row in terms]
    assert ago == ["last speaker=none 0 sentences ago"] + [
        f"last speaker=official {n} sentences ago" for n in (0, 1, 2, 3, 4, 4, 4)
    ]
    assert [row[-2][-1] for row in terms] == list("01233333")
    assert [row[-1][-1] for row in terms] == list("22222210")


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["rain fell"] * 3, ["0/5", "0/5", "0/4", "0/4"]),
        (["we said “so”"] * 3, ["5/5", "5/5", "4/4", "0/4"]),
        # A third is one of five parts (1.67), one of four (1.33).
        (["we said “so”", "x", "x"], ["1/5", "1/5", "1/4", "0/4"]),
        # Half of the sentences with a turn are as many as all.
        (["Q: why", "A: so"], ["0/5", "0/5", "0/4", "4/4"]),
        (["Q: why", "x"], ["0/5", "0/5", "0/4", "4/4"]),
        (["Q: why", "x", "x", "x"], ["0/5", "0/5", "0/4", "2/4"]),
    ],
)
def test_the_kind_of_document_is_the_same_for_all_its_sentences(texts: list[str], kind: list[str]) -> None:
    for row in found(*texts):
        assert [term.partition("=")[2] for term in row[:4]] == kind


def test_the_same_sentences_give_the_same_terms_again() -> None:
    assert found(*ARTICLE) == found(*ARTICLE)


def test_each_term_stands_once_in_a_sentence() -> None:
    for row in found(*ARTICLE):
        assert len(set(row)) == len(row) == 26


# Any text

ANY_CHARACTER = st.one_of(
    st.characters(),
    st.characters(categories=["Cs"]),
    st.sampled_from("“”\"'’.:;, QA\n\x00\x85\u200b\u2028"),
)
PARTS = st.sampled_from(["Q: ", "“", "”", " he said ", " mayor ", " Brock ", " we ", "A. ", '"', "; "])
ANY_TEXT = st.lists(st.one_of(st.text(ANY_CHARACTER, max_size=12), PARTS), max_size=6).map("".join)


@settings(max_examples=200)
@given(st.lists(ANY_TEXT, max_size=6))
@example(["\ud800", "\udfff“"])
@example(["A" * 500 + ": x", "A " * 500])
@example(["İ: x", "ﬁ: x", "Ⅻ. x"])
def test_any_text_has_terms_that_can_be_written(texts: list[str]) -> None:
    rows = context_terms(analysed(tuple(texts), SHIPPED), texts)
    assert [len(row) for row in rows] == ([26] * len(texts) if len(texts) > 1 else [0] * len(texts))
    for row in rows:
        for term in row:
            assert "\n" not in term
            assert term.isascii()
            assert "=" in term
