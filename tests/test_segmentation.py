"""Sentence borders: one behaviour per case, and what holds for every text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wiredesk.features import segmentation
from wiredesk.features.segmentation import MAX_SENTENCE_LENGTH, Span, segment

BULLETS = set("-‐‑‒–—―−•‣⁃◦▪▫■□●○◆►▸·∙*")


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in segment(text)]


def check(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


LINES = {
    "headline": (
        "Depot burns in Varna\nTwo crews came. One left.",
        ["Depot burns in Varna", "Two crews came.", "One left."],
    ),
    "crlf": ("First line\r\nSecond line\rThird line", ["First line", "Second line", "Third line"]),
    "rare line ends": (
        "One\x0bTwo\x0cThree\x85Four\u2028Five\u2029Six",
        ["One", "Two", "Three", "Four", "Five", "Six"],
    ),
    "caption and credit": (
        "A crane lifts the wreck. Photo: Ida Moor\nThe port stayed shut.",
        ["A crane lifts the wreck.", "Photo: Ida Moor", "The port stayed shut."],
    ),
    "hard wrap": (
        "The ferry left the\nharbour at noon. It\nnever came back.",
        ["The ferry left the\nharbour at noon.", "It\nnever came back."],
    ),
    "hard wrap behind an abbreviation": (
        "The siren went at 4 a.m.\nand again at six.",
        ["The siren went at 4 a.m.\nand again at six."],
    ),
    "no wrap behind a full stop": (
        "The ferry left.\neBay shares rose.",
        ["The ferry left.", "eBay shares rose."],
    ),
    "no wrap over a blank line": ("The ferry left the\n\nharbour", ["The ferry left the", "harbour"]),
    "heading above a paragraph in small letters": (
        "Help for Lviv\nlviv has " + "a long " * 20 + "way to go.",
        ["Help for Lviv", "lviv has " + "a long " * 20 + "way to go."],
    ),
    "a line that begins with a capital": ("Ferry leaves\nHarbour shut", ["Ferry leaves", "Harbour shut"]),
}

ABBREVIATIONS = {
    "time and day": (
        "Guns fired at 5 p.m. Monday near the dam.",
        ["Guns fired at 5 p.m. Monday near the dam."],
    ),
    "time and zone": ("It began at 3 a.m. Kyiv time.", ["It began at 3 a.m. Kyiv time."]),
    "time at the end": ("It began at 3 a.m. The town slept.", ["It began at 3 a.m.", "The town slept."]),
    "time and noun": (
        "It ended at 6 p.m. Police said little.",
        ["It ended at 6 p.m.", "Police said little."],
    ),
    "place and noun": ("He met D.C. Police Chief Roe.", ["He met D.C. Police Chief Roe."]),
    "unit": (
        "They dug in 12 km. North of them lay the river.",
        ["They dug in 12 km. North of them lay the river."],
    ),
    "unit at the end": (
        "The range is 80 km. The crew is four.",
        ["The range is 80 km.", "The crew is four."],
    ),
    "rank": ("Gen. Orlov and Lt. Col. Anna Petrenko met.", ["Gen. Orlov and Lt. Col. Anna Petrenko met."]),
    "compound rank": ("Maj.-Gen. Roe resigned.", ["Maj.-Gen. Roe resigned."]),
    "month": ("Since Jan. 5 no train has run.", ["Since Jan. 5 no train has run."]),
    "day": ("Come on Sat. Hale said so.", ["Come on Sat. Hale said so."]),
    "month at the end": (
        "The vote is in Sept. The count is later.",
        ["The vote is in Sept.", "The count is later."],
    ),
    "number": ("Block No. 4 lost power.", ["Block No. 4 lost power."]),
    "the word no": ("The mayor said no. The council agreed.", ["The mayor said no.", "The council agreed."]),
    "words like abbreviations": (
        "It hit me. Roe fell ill. Moor said no. It was May. Hale wept.",
        ["It hit me.", "Roe fell ill.", "Moor said no.", "It was May.", "Hale wept."],
    ),
    "capitals": (
        "He lives in Washington, DC. Roe does not.",
        ["He lives in Washington, DC.", "Roe does not."],
    ),
    "rank in capitals": ("GEN. ORLOV RESIGNS", ["GEN. ORLOV RESIGNS"]),
    "saint": ("A flight from St. Petersburg was late.", ["A flight from St. Petersburg was late."]),
    "mister": ("Mr. Hale and Mrs. Roe were out.", ["Mr. Hale and Mrs. Roe were out."]),
    "company": ("He runs Roe Inc. She owns it.", ["He runs Roe Inc.", "She owns it."]),
    "versus": ("It was state vs. Hale.", ["It was state vs. Hale."]),
    "initials": ("J. R. Hale met George W. Brandt.", ["J. R. Hale met George W. Brandt."]),
    "letter at the end": ("There was no plan B. They waited.", ["There was no plan B.", "They waited."]),
    "acronym": ("The U.S. Secretary met a U.N. envoy.", ["The U.S. Secretary met a U.N. envoy."]),
    "acronym at the end": ("She flew to the U.S. But he stayed.", ["She flew to the U.S.", "But he stayed."]),
    "acronym before a quotation": (
        "He left the U.S. “We miss him,” she said.",
        ["He left the U.S.", "“We miss him,” she said."],
    ),
    "degree": ("Ida Moor, Ph.D. Fellow, spoke.", ["Ida Moor, Ph.D. Fellow, spoke."]),
}

QUOTATIONS = {
    "inside curly": (
        "“We lost power. We have no water,” said the mayor.",
        ["“We lost power.", "We have no water,” said the mayor."],
    ),
    "inside straight": (
        '"The roof fell. Nobody came," she said.',
        ['"The roof fell.', 'Nobody came," she said.'],
    ),
    "inside French": (
        "« Le toit est parti. Rien ne reste. » Il part.",
        ["« Le toit est parti.", "Rien ne reste. »", "Il part."],
    ),
    "inside guillemets": (
        "«The roof fell. Nobody came», she said.",
        ["«The roof fell.", "Nobody came», she said."],
    ),
    "German": (
        "Er sagt: „Das Dach fiel. Wir gingen.“ Dann war Ruhe.",
        ["Er sagt: „Das Dach fiel.", "Wir gingen.“", "Dann war Ruhe."],
    ),
    "Danish": ("»Taget faldt. Vi gik.« Så var der ro.", ["»Taget faldt.", "Vi gik.«", "Så var der ro."]),
    "exclamation": ('"Stop!" he shouted. He ran.', ['"Stop!" he shouted.', "He ran."]),
    "question": ("“Who did it?” asked the colonel.", ["“Who did it?” asked the colonel."]),
    "question of a named speaker": (
        "“Who did it?” Prime Minister Roe asked.",
        ["“Who did it?” Prime Minister Roe asked."],
    ),
    "question and a new sentence": ("“Who did it?” He asked twice.", ["“Who did it?”", "He asked twice."]),
    "ends straight": ('"It was loud." Then it was dark.', ['"It was loud."', "Then it was dark."]),
    "ends curly": ("“It was loud.” Moor then left.", ["“It was loud.”", "Moor then left."]),
    "ends single": ("‘It was loud.’ Then it was dark.", ["‘It was loud.’", "Then it was dark."]),
    "nested": ("“He said ‘Run.’” We ran.", ["“He said ‘Run.’”", "We ran."]),
    "stop behind the mark": (
        "She called it a “farce”. He laughed.",
        ["She called it a “farce”.", "He laughed."],
    ),
    "two in a row": ("“Go.” “No.” They stayed.", ["“Go.”", "“No.”", "They stayed."]),
    "straight with space on both sides": (
        'He said: " Go now. " Then he left.',
        ['He said: " Go now. "', "Then he left."],
    ),
    "unclosed": ("“The dam broke. Water came. We fled.", ["“The dam broke.", "Water came.", "We fled."]),
    "possessive": ("The soldiers’ camp burned. It's gone.", ["The soldiers’ camp burned.", "It's gone."]),
    "brackets": (
        "(It was late. They slept.) Then came fire.",
        ["(It was late.", "They slept.)", "Then came fire."],
    ),
    "bracket before the stop": (
        "It flew fast (20 km/h). Nobody saw it.",
        ["It flew fast (20 km/h).", "Nobody saw it."],
    ),
    "bracket inside": ("Moor (Who else?) was there.", ["Moor (Who else?) was there."]),
    "aside": (
        "Adm. (ret.) Roe spoke (see map.) Nobody came.",
        ["Adm. (ret.) Roe spoke (see map.)", "Nobody came."],
    ),
    "footnote": ("The dam broke.[3] Water came.", ["The dam broke.[3]", "Water came."]),
}

MARKS = {
    "missing space": ("The mill was hit.The fire spread.", ["The mill was hit.", "The fire spread."]),
    "missing space behind a quotation": ("“We saw it.”The man left.", ["“We saw it.”", "The man left."]),
    "missing space behind a year": ("It shut in 2019.Nobody came.", ["It shut in 2019.", "Nobody came."]),
    "missing space in a rank": ("We met Gen.Orlov there.", ["We met Gen.Orlov there."]),
    "domain": (
        "See Example.Com or news.example.org for more.",
        ["See Example.Com or news.example.org for more."],
    ),
    "address": ("See https://a.example/Main.Page now.", ["See https://a.example/Main.Page now."]),
    "degree and hour inside": (
        "The Ph.D student slept until 9 a.m. again.",
        ["The Ph.D student slept until 9 a.m. again."],
    ),
    "decimals and versions": (
        "Some 3.5 tonnes, says version 2.0.1 of it.",
        ["Some 3.5 tonnes, says version 2.0.1 of it."],
    ),
    "dots go on": ("He waited... then left… or so it seemed.", ["He waited... then left… or so it seemed."]),
    "dots end": ("He waited... Then he left… Nobody saw.", ["He waited...", "Then he left…", "Nobody saw."]),
    "spaced dots": ("He waited . . . and left.", ["He waited . . . and left."]),
    "omission": ("It fell. [...] We ran.", ["It fell.", "[...] We ran."]),
    "mixed marks": ("What?! No!!! Go.", ["What?!", "No!!!", "Go."]),
    "mark in a name": ("Yahoo! shares fell.", ["Yahoo! shares fell."]),
    "lower-case name": ("The lift broke. iRobot paid.", ["The lift broke.", "iRobot paid."]),
    "other scripts": ("第一。第二。", ["第一。", "第二。"]),
    "right to left": ("هل عاد؟ نعم عاد.", ["هل عاد؟", "نعم عاد."]),
}

LISTS = {
    "bullets": (
        "- Two dead\n• Four hurt\n* Road shut\n– Rail shut",
        ["Two dead", "Four hurt", "Road shut", "Rail shut"],
    ),
    "lower-case bullets": ("- two dead\n- four hurt", ["two dead", "four hurt"]),
    "numbers": (
        "1. Power is out.\n2) Water is out.\n(c) Gas is out.",
        ["1. Power is out.", "2) Water is out.", "(c) Gas is out."],
    ),
    "numbers in a line": ("1. Power is out. 2. Water is out.", ["1. Power is out.", "2. Water is out."]),
    "ruler": ("Power is out.\n* * *\n---\nIt is cold.", ["Power is out.", "It is cold."]),
    "minus sign": ("-5 degrees at night. It is cold.", ["-5 degrees at night.", "It is cold."]),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(*case, id=name)
        for table in (LINES, ABBREVIATIONS, QUOTATIONS, MARKS, LISTS)
        for name, case in table.items()
    ],
)
def test_borders(text: str, expected: list[str]) -> None:
    check(text, expected)


@pytest.mark.parametrize("text", ["", " ", "\n\r\n\t", "•", "- \n* "])
def test_nothing_to_segment(text: str) -> None:
    assert segment(text) == []


def test_offsets_are_code_points() -> None:
    assert segment("  Élan 🙂. Ça va.\n") == [Span(2, 9), Span(10, 16)]


def test_lone_surrogates_and_nul_are_kept_in_place() -> None:
    check("A \ud800 fell.\x00 It \udfff broke. We ran.", ["A \ud800 fell.\x00 It \udfff broke.", "We ran."])


def test_a_quotation_is_followed_over_several_windows() -> None:
    text = '"' + "The dam broke. " * 400 + 'We fled ." Nobody stayed.'
    assert sentences(text)[-2:] == ['We fled ."', "Nobody stayed."]
    assert len(sentences(text)) == 402


def test_windows_leave_no_trace() -> None:
    sentence = "At 5 p.m. Monday Lt. Col. Roe of the U.S. Army said “Hold on” to J. R. Hale."
    assert sentences(" ".join([sentence] * 200)) == [sentence] * 200


def test_an_endless_sentence_is_cut_between_words() -> None:
    text = "word " * 5000 + "word."
    found = sentences(text)
    assert " ".join(found) == text
    assert max(map(len, found)) <= MAX_SENTENCE_LENGTH


def test_text_without_spaces_is_cut_anywhere() -> None:
    found = sentences("x" * 10_000_000)
    assert "".join(found) == "x" * 10_000_000
    assert max(map(len, found)) == MAX_SENTENCE_LENGTH


@pytest.mark.parametrize(
    "unit",
    [
        '"',
        "“",
        "”",
        "« ",
        "'a",
        "([{",
        ". ",
        " .",
        "a. ",
        "“A b. ",
        '"a." ',
        "aa.Aa",
        "?” Aa Bb ",
        "U.S. ",
        "1. ",
        "...",
        "日。",
    ],
)
def test_the_text_given_to_sentencex_is_bounded(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    boundaries = segmentation.get_sentence_boundaries

    def counted(language: str, text: str) -> object:
        sizes.append(len(text))
        return boundaries(language, text)

    monkeypatch.setattr(segmentation, "get_sentence_boundaries", counted)
    text = "x" + unit * (100_000 // len(unit))
    segment(text)
    assert max(sizes) <= MAX_SENTENCE_LENGTH
    assert sum(sizes) <= 3 * len(text)


@pytest.mark.parametrize("text", ["\n" * 100_000, "a\n" * 100_000, "A\r\n" * 100_000, '"' * 1_000_000])
def test_many_lines_and_quotation_marks(text: str) -> None:
    check_spans(text)


def check_spans(text: str) -> None:
    spans = segment(text)
    position = 0
    for start, end in [*spans, Span(len(text), len(text))]:
        assert position <= start <= end
        assert all(character.isspace() or character in BULLETS for character in text[position:start])
        position = end
    for start, end in spans:
        assert text[start:end].strip() == text[start:end] != ""
        assert end - start <= MAX_SENTENCE_LENGTH


_pieces = st.sampled_from(
    [
        " ",
        "  ",
        "\n",
        "\r\n",
        "\u2028",
        "\x85",
        "\xa0",
        ".",
        "...",
        "…",
        "?",
        "!",
        ",",
        '"',
        "“",
        "”",
        "„",
        "«",
        "»",
        "'",
        "’",
        "(",
    ]
    + [
        ")",
        "[",
        "]",
        "[1]",
        "[...]",
        "- ",
        "• ",
        "* ",
        "1. ",
        "Gen.",
        "p.m.",
        "U.S.",
        "J.",
        "12 km.",
        "The",
        "Kyiv",
        "said",
        "he",
        "hit.The",
    ]
    + ["\ud800", "\x00", "。", "؟", "\u200b", "\u0301", "🙂", "x" * 700]
)


@given(st.text(st.characters(exclude_categories=())) | st.lists(_pieces, max_size=60).map("".join))
@example("\x1c- \x1f")
@example("a" * 1999 + " b")
@example("a" + " " * 5000 + "b")
def test_spans_of_any_text(text: str) -> None:
    check_spans(text)


@given(st.lists(_pieces, max_size=40).map("".join))
def test_the_same_text_gives_the_same_spans(text: str) -> None:
    assert segment(text) == segment(text)


@given(st.lists(st.sampled_from(["The dam broke.", "“We ran,” said Moor.", "Who knows?", "At 5 p.m. Monday it fell."])))
def test_paragraphs_do_not_touch_each_other(paragraphs: list[str]) -> None:
    check("\n\n".join(paragraphs), paragraphs)
