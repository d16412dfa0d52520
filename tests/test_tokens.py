"""Tokens of a sentence, and what each contributes to words, n-grams and cue symbols."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wiredesk.features import analyze, load_lexicon, terms, tokenize
from wiredesk.features.tokens import MAX_TOKEN_LENGTH, Token

LEXICON = {
    "army": "institution",
    "could": "modal",
    "fire": "attack_noun?",
    "won't": "negation",
    "missile": "weapon",
    "ak-00": "weapon",
    "of": "itself",
    "said": "speech",
    "a.m": "day",
}
SHIPPED = load_lexicon()
KEYS = {"NUMBER", "KILL", "SPEECH"}


def words(token: str) -> tuple[str, ...]:
    return analyze(token, LEXICON, (2, 5)).words


def symbols(text: str) -> list[str]:
    return [symbol for token in tokenize(text) for symbol in analyze(token, LEXICON, (2, 5)).symbols]


# Tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        (" \t\r\n\u00a0\u2003\u3000\x1c", []),
        ("Two men died.", ["Two", "men", "died."]),
        ("  Two\nmen\u00a0died. ", ["Two", "men", "died."]),
        ("“Go,” she said", ['"Go,"', "she", "said"]),
        ("„Geh“ «va» ″x″", ['"Geh"', '"va"', '"x"']),
        ("It’s ‘ours’ ′now´", ["It's", "'ours'", "'now'"]),
        ("anti‐war, anti‑war, anti−war", ["anti-war,", "anti-war,", "anti-war"]),
        ("wait—here – now―then", ["wait", "-", "here", "-", "now", "-", "then"]),
        ("wait﹘here", ["wait", "-", "here"]),
        ("Kh\u200bar\u00adkiv\ufeff", ["Kharkiv"]),
        ("\u200b \u2060", []),
        ("ﬁre ５ ①", ["fire", "5", "1"]),
        ("cafe\u0301", ["café"]),
        ("wait… now", ["wait...", "now"]),
        ("a\ud800b", ["a\ufffdb"]),
        ("\U0001f680 launch", ["\U0001f680", "launch"]),
    ],
)
def test_a_text_is_normalised_and_split(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


def test_the_words_around_do_not_change_a_token() -> None:
    assert tokenize("`no' cafe")[0] == tokenize("`no' café")[0]


@pytest.mark.parametrize(
    ("length", "pieces"), [(63, [63]), (64, [64]), (65, [64, 1]), (128, [64, 64]), (150, [64, 64, 22])]
)
@pytest.mark.parametrize("character", ["x", "é"])
def test_a_long_token_is_cut(length: int, pieces: list[int], character: str) -> None:
    assert tokenize(f"go {character * length} on") == ["go", *(character * n for n in pieces), "on"]


def test_what_grows_while_it_is_normalised_is_cut_afterwards() -> None:
    # One character that stands for eighteen: four words.
    assert tokenize("\ufdfa") == ["صلى", "الله", "عليه", "وسلم"]
    assert [len(token) for token in tokenize("ﬃ" * 30)] == [64, 26]


# Words


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("Kyiv", ("kyiv",)),
        ('"Kyiv,"', ("kyiv",)),
        ("army's", ("army",)),
        ("ARMY'S", ("army",)),
        ("O'Neil's", ("o'neil",)),
        ("don't", ("don't",)),
        ("'army'", ("army",)),
        ("soldiers'", ("soldiers",)),
        ("19-year-old", ("00", "year", "old")),
        ("1,250", ("0", "000")),
        ("U.S.", ("u", "s")),
        ("...", ()),
        ("Îles", ("îles",)),
    ],
)
def test_words_of_a_token(token: str, expected: tuple[str, ...]) -> None:
    assert words(token) == expected


# Character n-grams


def test_ngrams_run_over_the_token_padded_by_spaces() -> None:
    assert analyze("Ab!", {}, (2, 3)).ngrams == (" a", "ab", "b!", "! ", " ab", "ab!", "b! ")


def test_ngrams_stand_as_often_as_they_occur() -> None:
    assert analyze("aa", {}, (1, 2)).ngrams == (" ", "a", "a", " ", " a", "aa", "a ")


def test_digits_are_zero_in_ngrams() -> None:
    assert analyze("a95", {}, (3, 3)).ngrams == (" a0", "a00", "00 ")


def test_a_token_shorter_than_the_ngrams_has_none() -> None:
    assert analyze("ab", {}, (5, 6)).ngrams == ()


# Cue symbols


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kyiv", ["NAME"]),
        ("harbour", ["OTHER"]),
        ("Army", ["INSTITUTION"]),
        ("ARMY'S", ["INSTITUTION"]),
        ("Of", ["of"]),
        ("12", ["NUMBER"]),
        ("1,250", ["NUMBER"]),
        ("3.5", ["NUMBER"]),
        ("1987", ["YEAR"]),
        ("2024", ["YEAR"]),
        ("2124", ["NUMBER"]),
        ("17:30", ["DAY"]),
        ("5pm", ["DAY"]),
        ("5.30PM", ["DAY"]),
        ("a.m.", ["DAY", "."]),
        ("couldn't", ["MODAL", "NEGATION"]),
        ("Fire?", ["ATTACK_NOUN?", "?"]),
        ("fire-army", ["ATTACK_NOUN?", "INSTITUTION"]),
        ("Won't", ["NEGATION"]),
        ("isn't", ["OTHER", "NEGATION"]),
        ("AK-47", ["WEAPON"]),
        ("AK-74s", ["NAME", "NUMBER"]),
        ("missile-armed", ["WEAPON", "OTHER"]),
        ("Missile/Army", ["WEAPON", "INSTITUTION"]),
        ("army–missile", ["INSTITUTION", "-", "WEAPON"]),
        ("19-year-old", ["NUMBER", "OTHER", "OTHER"]),
    ],
)
def test_cue_symbols_of_words(text: str, expected: list[str]) -> None:
    assert symbols(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Go,” he", ["<Q", "NAME", ",", "Q>", "OTHER"]),
        ("‘Go’", ["<Q", "NAME", "Q>"]),
        ("(dead)", ["(", "OTHER", ")"]),
        ("[sic]?!", ["(", "OTHER", ")", "?", "!"]),
        ("$5", ["ECONOMY", "NUMBER"]),
        ("5€", ["NUMBER", "ECONOMY"]),
        ("£2m;", ["ECONOMY", "NUMBER", "OTHER", ";"]),
        ("50%.", ["NUMBER", "PERCENT", "."]),
        ("#army", ["#", "INSTITUTION"]),
        ("@army:", ["@", "INSTITUTION", ":"]),
        ("...army", ["INSTITUTION"]),
        ("wait…", ["OTHER", ".", ".", "."]),
    ],
)
def test_cue_symbols_of_marks_around_a_word(text: str, expected: list[str]) -> None:
    assert symbols(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"', ["Q"]),
        ("’", ["Q"]),
        ("-", ["-"]),
        ("—", ["-"]),
        ("•", ["-"]),
        ("|", ["/"]),
        (".", ["."]),
        ("…", [".", ".", "."]),
        ("=", []),
        ("$", ["ECONOMY"]),
        ("€", ["ECONOMY"]),
        ("%", ["PERCENT"]),
        ("]", [")"]),
    ],
)
def test_cue_symbols_of_marks_that_stand_alone(text: str, expected: list[str]) -> None:
    assert symbols(text) == expected


def test_a_class_is_named_in_capitals() -> None:
    assert analyze("drone", {"drone": "air_weapon"}, (2, 5)).symbols == ("AIR_WEAPON",)


def test_a_word_that_is_often_read_otherwise_keeps_its_question_mark() -> None:
    assert analyze("Mine's", {"mine": "weapon?"}, (2, 5)).symbols == ("WEAPON?",)


# Terms


def test_words_and_pairs_reach_over_tokens_and_stand_as_often_as_they_occur() -> None:
    tokens = [analyze(token, LEXICON, (2, 5)) for token in tokenize("no, no-no")]
    assert terms(tokens, KEYS)["word"] == ["no", "no", "no", "no no", "no no"]


def test_ngrams_stay_inside_a_token() -> None:
    tokens = [analyze(token, LEXICON, (3, 3)) for token in tokenize("ab cd")]
    assert terms(tokens, KEYS)["char"] == [" ab", "ab ", " cd", "cd "]


def test_runs_of_one_to_three_symbols_see_the_edges_of_the_sentence() -> None:
    tokens = [analyze(token, LEXICON, (2, 5)) for token in tokenize("Army said.")]
    assert terms(tokens, KEYS)["cue"] == [
        *("^", "INSTITUTION", "SPEECH", ".", "$"),
        *("^ INSTITUTION", "INSTITUTION SPEECH", "SPEECH .", ". $"),
        *("^ INSTITUTION SPEECH", "INSTITUTION SPEECH .", "SPEECH . $"),
    ]


def test_a_sentence_without_tokens_has_its_edges_alone() -> None:
    assert terms([], KEYS) == {"word": [], "char": [], "cue": ["^", "$", "^ $"], "near": []}


def test_a_token_without_symbols_leaves_no_gap() -> None:
    tokens = [Token((), (), ()), Token(("army",), (), ("INSTITUTION",)), Token((), (), ())]
    assert terms(tokens, KEYS)["cue"] == ["^", "INSTITUTION", "$", "^ INSTITUTION", "INSTITUTION $", "^ INSTITUTION $"]


NEAR_LEXICON = {"killed": "kill", "said": "speech", "ministry": "institution", "today": "day", "of": "itself"} | {
    "fell": "kill?"
}


def near(text: str, keys: Collection[str] = KEYS) -> list[str]:
    return terms([analyze(token, NEAR_LEXICON, (2, 5)) for token in tokenize(text)], keys)["near"]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        # NUMBER and KILL are keys, INSTITUTION and DAY are not.
        ("killed today", ["KILL … DAY"]),
        ("today killed", ["DAY … KILL"]),
        ("ministry today", []),
        ("7 killed", ["NUMBER … KILL"]),
        ("killed killed killed", ["KILL … KILL"] * 3),
        # A mark or a grammar word is as good as a class; a name too.
        ("killed, of", ["KILL … ,", "KILL … of"]),
        ("Velde killed", ["NAME … KILL"]),
        # A word of no class is near to nothing, but stands between.
        ("road killed bridge", []),
        ("killed road road road road today", ["KILL … DAY"]),
        ("killed road road road road road today", []),
        # Nor are the edges near to anything.
        ("killed", []),
        ("", []),
    ],
)
def test_near_pairs_are_in_order_at_most_five_apart_with_a_key(text: str, pairs: list[str]) -> None:
    assert near(text) == pairs


def test_near_pairs_stand_by_their_first_symbol_then_their_second() -> None:
    assert near("ministry said 7 killed today") == [
        *("INSTITUTION … SPEECH", "INSTITUTION … NUMBER", "INSTITUTION … KILL"),
        *("SPEECH … NUMBER", "SPEECH … KILL", "SPEECH … DAY"),
        *("NUMBER … KILL", "NUMBER … DAY"),
        "KILL … DAY",
    ]


@pytest.mark.parametrize(
    ("keys", "pairs"),
    [
        ({"DAY"}, ["NUMBER … DAY", "KILL? … DAY"]),
        ({"KILL"}, []),
        ({"KILL?"}, ["NUMBER … KILL?", "KILL? … DAY"]),
        ({"of", "OTHER"}, []),
        (frozenset(), []),
    ],
    ids=lambda value: "-".join(sorted(value)),
)
def test_near_pairs_are_those_of_the_keys_given(keys: Collection[str], pairs: list[str]) -> None:
    assert near("7 fell today", keys) == pairs


def test_near_pairs_reach_over_the_parts_of_one_token() -> None:
    assert near("7-killed") == ["NUMBER … KILL"]


# Names and quotation marks


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("Brock", "brock"),
        ("Brock's", "brock"),
        ('"Brock,', "brock"),
        ("O'Neil", "o'neil"),
        ("brock", ""),
        ("7", ""),
        # A word of the lexicon is its class, not a name.
        ("Said", ""),
    ],
)
def test_the_name_of_a_token_is_lower_case_without_marks(token: str, name: str) -> None:
    assert analyze(token, NEAR_LEXICON, (2, 5)).name == name


@pytest.mark.parametrize(
    ("token", "quotes"),
    [
        ('"We', "<"),
        ('all,"', ">"),
        ('"no"', "<>"),
        ('"', "?"),
        ('...""', "??"),
        ("we", ""),
        # A mark inside of a token, as in inches, opens and closes nothing; nor does a single mark.
        ('5"x7', ""),
        ("'we'", ""),
    ],
)
def test_double_marks_before_a_token_open_and_those_after_it_close(token: str, quotes: str) -> None:
    assert analyze(token, NEAR_LEXICON, (2, 5)).quotes == quotes


# Any text

ANY_CHARACTER = st.one_of(
    st.characters(),
    st.characters(categories=["Cs"]),
    st.sampled_from("“”’'`—‑-…$%.,:;?!()[]_09٣aZİßﬃﷺ\u200b\u00ad\u0301\x00\x1c\x85\u2028\u3000\ufffd"),
)
ANY_TEXT = st.one_of(
    st.text(ANY_CHARACTER, max_size=200),
    st.lists(st.builds(str.__mul__, ANY_CHARACTER, st.integers(1, 200)), max_size=5).map("".join),
)


@given(ANY_TEXT)
@example("\ud800\udc00" * 50)
@example("\ufdfa" * 20)
@example("´" * 70)
def test_tokens_of_any_text_have_1_to_64_characters_and_no_white_space(text: str) -> None:
    for token in tokenize(text):
        assert 1 <= len(token) <= MAX_TOKEN_LENGTH == 64
        assert not any(character.isspace() for character in token)


@given(ANY_TEXT)
@example("\ud800\udc00" * 50)
@example("İ" * 64)
@example("'s's's_'n't")
def test_any_text_has_terms_that_can_be_written_and_told_apart(text: str) -> None:
    found = terms([analyze(token, SHIPPED.forms, (2, 5)) for token in tokenize(text)], SHIPPED.keys)
    for block, longest in (("word", 2), ("cue", 3)):
        for term in found[block]:
            parts = term.split(" ")
            assert 1 <= len(parts) <= longest
            assert all(part and not any(map(str.isspace, part)) for part in parts)
    for term in found["near"]:
        assert set(term.split(" … ")) <= set(found["cue"])
        assert term.count(" ") == 2
    for term in found["word"] + found["char"] + found["cue"] + found["near"]:
        term.encode("utf-8")
    assert all(2 <= len(term) <= 5 for term in found["char"])


# Contractions, capitals, clocks

FORMS = {
    **dict.fromkeys(["they", "he", "it", "who", "us"], "itself"),
    **{"will": "future", "can": "modal", "was": "auxiliary", "WHO": "body", "US": "country"},
}


@pytest.mark.parametrize(
    ("token", "symbols"),
    [
        ("they've", ["they"]),
        ("He'd", ["he"]),
        ("it's", ["it"]),
        ("they'll", ["they", "FUTURE"]),
        ("won't", ["FUTURE", "NEGATION"]),
        ("can't", ["MODAL", "NEGATION"]),
        ("wasn't", ["AUXILIARY", "NEGATION"]),
        ("didn't", ["OTHER", "NEGATION"]),
        ("O'Brien", ["NAME"]),
        ("Brock's", ["NAME"]),
        ("WHO", ["BODY"]),
        ("who", ["who"]),
        ("Who", ["who"]),
        ("US", ["COUNTRY"]),
        ("us", ["us"]),
        ("US-led", ["COUNTRY", "OTHER"]),
        ("7.62", ["NUMBER"]),
        ("12.50", ["NUMBER"]),
        ("7:30", ["DAY"]),
        ("7.30pm", ["DAY"]),
        ("9am", ["DAY"]),
    ],
)
def test_what_a_token_is_read_as(token: str, symbols: list[str]) -> None:
    assert list(analyze(token, FORMS, (2, 2)).symbols) == symbols
