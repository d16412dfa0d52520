"""Who speaks in a document, and whose quotation is open: each rule on the smallest text that shows it."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wiredesk.features import CueClass, Lexicon, analyze, load_lexicon, tokenize
from wiredesk.features.arrays import RoleBits, SentenceArrays
from wiredesk.features.speakers import QUOTATIONS, SOURCES, SPEAKERS, TURNS, read_facts
from wiredesk.features.tokens import Token

LEXICON = Lexicon(
    {
        **{"mayor": "elected", "chief": "elected?", "soldiers": "troops"},
        **{"ministry": "body", "army": "body", "kyiv": "capital", "service": "body?"},
        **{"trader": "trade", "monitor": "trade?"},
        **{"said": "say", "added": "say", "warned": "urge", "noted": "say?"},
        **{"we": "we", "ours": "we?"},
        **dict.fromkeys(["the", "a", "he", "she", "they", "it"], "itself"),
    },
    {
        "elected": CueClass("elected", ("office",)),
        "troops": CueClass("soldiers", ("force", "office")),
        "body": CueClass("state body", ("authority",)),
        "capital": CueClass("capital", ("authority",)),
        "trade": CueClass("trades", ("private",)),
        "say": CueClass("saying", ("speech",)),
        "urge": CueClass("urging", ("speech",)),
        "we": CueClass("I, we", ("first_person",)),
    },
)
SHIPPED = load_lexicon()


def analysed(texts: tuple[str, ...], lexicon: Lexicon) -> list[list[Token]]:
    return [[analyze(token, lexicon.forms, (2, 2)) for token in tokenize(text)] for text in texts]


class Fact(NamedTuple):
    speaker: str
    source: str
    quotation: str
    first_person: bool
    turn: str
    begins_turn: bool


def facts(*texts: str, lexicon: Lexicon = LEXICON, sizes: tuple[int, ...] | None = None) -> list[Fact]:
    parts = RoleBits(lexicon.roles)
    sentences = SentenceArrays.of(analysed(texts, lexicon), texts, sizes or (len(texts),), parts)
    found = read_facts(sentences, len(parts.topics))
    return [
        Fact(SPEAKERS[speaker], SOURCES[source], QUOTATIONS[quotation], bool(first_person), TURNS[turn], bool(begins))
        for speaker, source, quotation, first_person, turn, begins in zip(*found[:6], strict=True)
    ]


def speakers(*texts: str) -> list[tuple[str, str]]:
    return [(fact.speaker, fact.source) for fact in facts(*texts)]


def quotations(*texts: str) -> list[str]:
    return [fact.quotation for fact in facts(*texts)]


def turns(*texts: str) -> list[str]:
    return [fact.turn for fact in facts(*texts)]


# Speakers told in the sentence


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("the mayor said so", ("official", "told")),
        ("the ministry said so", ("official", "told")),
        ("kyiv warned them", ("official", "told")),
        ("the army said so", ("official", "told")),
        ("the soldiers said so", ("official", "told")),
        ("a trader said so", ("other", "told")),
        ("all is well, said the mayor", ("official", "told")),
        ("Brock, a trader, said so", ("other", "told")),
        # The one before the verb has it, though another one stands behind.
        ("the mayor said the trader left", ("official", "told")),
        ("the trader said the mayor left", ("other", "told")),
        # Of two before it, the nearer one.
        ("the mayor met a trader who said so", ("other", "told")),
        # Words that are often read otherwise play their part too.
        # What is often read otherwise plays no part.
        ("the chief said so", ("unknown", "none")),
        ("the service said so", ("unknown", "none")),
        ("a monitor said so", ("unknown", "none")),
        ("the mayor noted it", ("none", "none")),
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
        ("Brock and the soldiers left", ("official", "remembered")),
        ("the chief, Ana Brock, left", ("name", "none")),
        ("Brock, a trader, left", ("other", "remembered")),
        ("Brock, a monitor, left", ("name", "none")),
        # A state body is not what somebody is, nor is a capital.
        ("Brock of the ministry left", ("name", "none")),
        ("Brock of Kyiv left", ("name", "none")),
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
        # SentenceArrays without speech and speakers who are not known keep the last one.
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


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["the mayor said:", "rain fell", "snow fell"], ["none", "announced", "announced"]),
        (["said the mayor:  ", "rain fell"], ["none", "announced"]),
        # Until somebody else speaks, who may announce words too, or marks are there.
        (["the mayor said:", "rain fell", "a trader said so", "snow fell"], ["none", "announced", "none", "none"]),
        (["the mayor said:", "a trader said:", "rain fell"], ["none", "none", "announced"]),
        (["the mayor said:", "“rain” fell", "snow fell"], ["none", "holds", "none"]),
        # A colon at the end of a sentence in which somebody speaks, and nothing else.
        (["the mayor:", "rain fell"], ["none", "none"]),
        (["the mayor said: it rains", "snow fell"], ["none", "none"]),
        (["the mayor said;", "snow fell"], ["none", "none"]),
    ],
)
def test_words_that_a_colon_announces_are_a_quotation_without_marks(texts: list[str], expected: list[str]) -> None:
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


def test_a_sentence_begins_a_turn_or_goes_on_with_it() -> None:
    texts = ["rain fell", "Brock: so", "and so on", "REPORTER: why?", "Question one", "Q and A. yes"]
    found = facts(*texts)
    assert [fact.turn for fact in found] == ["none", "answer", "answer", "question", "question", "question"]
    assert [fact.begins_turn for fact in found] == [False, True, False, True, False, False]


# First person


def test_first_person() -> None:
    assert [fact.first_person for fact in facts("We left", "ours stayed", "rain fell")] == [True, False, False]


# Roles


def test_what_a_class_is_called_does_not_matter() -> None:
    # The same words in classes that are called after other parts.
    renamed = {"elected": "trade", "trade": "say", "say": "elected"}
    forms = {form: renamed.get(name, name) for form, name in LEXICON.forms.items()}
    classes = {renamed.get(name, name): about for name, about in LEXICON.classes.items()}
    texts = ["Brock, the mayor, left", "a trader said so", "Brock said so", "he said so"]
    assert facts(*texts, lexicon=Lexicon(forms, classes)) == facts(*texts)


def test_without_classes_nobody_speaks() -> None:
    texts = ["the mayor said so", "“we left", "he said so”"]
    found = facts(*texts, lexicon=Lexicon(LEXICON.forms))
    assert [(fact.speaker, fact.first_person) for fact in found] == [("none", False)] * 3
    assert [fact.quotation for fact in found] == ["none", "opens", "inside"]


def test_no_sentences_have_no_facts() -> None:
    assert facts() == []


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
def test_any_text_has_facts_of_the_kinds_that_are_listed(texts: list[str]) -> None:
    found = facts(*texts, lexicon=SHIPPED)
    assert len(found) == len(texts)
    for fact in found:
        assert fact.speaker in {"official", "other", "name", "unknown", "none"}
        assert fact.source in {"told", "remembered", "pronoun", "none"}
        assert fact.quotation in {"inside", "opens", "holds", "announced", "none"}
        assert fact.turn in {"question", "answer", "none"}
