"""The cue lexicon: which forms an entry generates, what is told about a class, what the shipped one and a file hold."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from wiredesk.features import CueClass, Lexicon, analyze, load_lexicon, tokenize
from wiredesk.features.inflection import noun_forms, past_forms, verb_forms
from wiredesk.features.lexicon import SPEAKER_ROLES, expand

# Inflection

VERBS = {
    "warn": "warn warns warned warning",
    "fire": "fire fires fired firing",
    "deny": "deny denies denied denying",
    "destroy": "destroy destroys destroyed destroying",
    "free": "free frees freed freeing",
    "dye": "dye dyes dyed dyeing",
    "canoe": "canoe canoes canoed canoeing",
    "express": "express expresses expressed expressing",
    "buzz": "buzz buzzes buzzed buzzing",
    "tax": "tax taxes taxed taxing",
    "launch": "launch launches launched launching",
    "crash": "crash crashes crashed crashing",
    "strike struck": "strike strikes struck striking",
    "write wrote written": "write writes wrote written writing",
    "say said": "say says said saying",
    "admit admitted": "admit admits admitted admitting",
    "sit sat sitting": "sit sits sat sitting",
    "die died dying": "die dies died dying",
}


@pytest.mark.parametrize(("entry", "forms"), VERBS.items(), ids=VERBS)
def test_verb_forms(entry: str, forms: str) -> None:
    assert verb_forms(entry) == set(forms.split())


PASTS = {
    "raid": "raided",
    "mine": "mined",
    "bury": "buried",
    "deploy": "deployed",
    "strike struck stricken": "struck stricken",
    "bomb bombed bombing": "bombed",
}


@pytest.mark.parametrize(("entry", "forms"), PASTS.items(), ids=PASTS)
def test_past_forms_leave_out_base_and_participle_in_ing(entry: str, forms: str) -> None:
    assert past_forms(entry) == set(forms.split())


NOUNS = {
    "rocket": "rocket rockets",
    "ministry": "ministry ministries",
    "envoy": "envoy envoys",
    "ambush": "ambush ambushes",
    "trench": "trench trenches",
    "crisis crises": "crisis crises",
    "man men": "man men",
    "bureau bureaux bureaus": "bureau bureaux bureaus",
    "y": "y ys",
}


@pytest.mark.parametrize(("entry", "forms"), NOUNS.items(), ids=NOUNS)
def test_noun_forms(entry: str, forms: str) -> None:
    assert noun_forms(entry) == set(forms.split())


# Index


def test_forms_are_indexed_by_class_and_sorted() -> None:
    classes = {"speech": {"past": ["say said"], "words": ["per"]}, "office": {"nouns": ["envoy"]}}
    assert list(expand(classes).forms.items()) == [
        ("envoy", "office"),
        ("envoys", "office"),
        ("per", "speech"),
        ("said", "speech"),
    ]


def test_words_stand_as_they_are() -> None:
    assert expand({"office": {"words": ["police", "u.s"]}}).forms == {"police": "office", "u.s": "office"}


def test_a_form_may_stand_twice_in_one_class() -> None:
    assert expand({"attack": {"verbs": ["shell"], "nouns": ["shell"]}}).forms == dict.fromkeys(
        ["shell", "shelled", "shelling", "shells"], "attack"
    )


def test_a_form_in_two_classes_is_refused() -> None:
    with pytest.raises(ValueError, match="form 'shells' stands in 'weapon' and in 'attack'; keep it in the class"):
        expand({"weapon": {"nouns": ["shell"]}, "attack": {"words": ["shells"]}})


def test_no_classes_make_an_empty_lexicon() -> None:
    assert expand({}) == Lexicon({}, {})


# Question marks


@pytest.mark.parametrize(
    ("kind", "entry", "forms"),
    [
        ("words", "air?", "air"),
        ("nouns", "cell?", "cell cells"),
        ("past", "fire?", "fired"),
        ("verbs", "lob lobbed?", "lob lobs lobbed lobbing"),
        ("verbs", "lob? lobbed", "lob lobs lobbed lobbing"),
        ("nouns", "squad ?", "squad squads"),
    ],
)
def test_a_question_mark_puts_all_forms_of_an_entry_into_a_class_of_their_own(kind, entry, forms) -> None:
    assert expand({"attack": {kind: [entry]}}).forms == dict.fromkeys(forms.split(), "attack?")


def test_sure_forms_stay_in_the_class_beside_the_doubtful_ones() -> None:
    lexicon = expand({"attack": {"nouns": ["raid", "strike?"]}})
    assert lexicon.forms == {"raid": "attack", "raids": "attack", "strike": "attack?", "strikes": "attack?"}
    assert list(lexicon.classes) == ["attack"]


def test_a_doubtful_form_may_stand_twice() -> None:
    assert expand({"attack": {"nouns": ["strike?"], "words": ["strikes?"]}}).forms == dict.fromkeys(
        ["strike", "strikes"], "attack?"
    )


def test_a_form_that_is_sure_and_doubtful_is_refused() -> None:
    with pytest.raises(ValueError, match=r"form 'strikes' stands in 'attack\?' and in 'attack'"):
        expand({"attack": {"words": ["strikes?", "strikes"]}})


# What is told about a class


def test_title_roles_and_key_are_those_of_the_table() -> None:
    table = {"title": "soldiers", "roles": ["office", "force"], "key": True, "words": ["infantry"]}
    assert expand({"troops": table}).classes == {"troops": CueClass("soldiers", ("office", "force"), True)}


def test_a_class_without_them_has_its_name_for_a_title_no_role_and_is_no_key() -> None:
    assert expand({"ground_noun_2": {}}).classes == {"ground_noun_2": CueClass("ground noun 2", (), False)}


NO_NAME = "the name is lower-case letters, digits and underscores, as in strike_verb"
NO_STRINGS = "is a list of strings"

BAD_CLASSES: dict[str, tuple[str, Any, str]] = {
    "a name in capitals": ("Attack", {}, NO_NAME),
    "a name of two words": ("attack noun", {}, NO_NAME),
    "a name with a hyphen": ("attack-noun", {}, NO_NAME),
    "a name with a question mark": ("attack?", {}, NO_NAME),
    "a name that begins with a digit": ("2nd", {}, NO_NAME),
    "a name with a line end": ("attack\n", {}, NO_NAME),
    "an empty name": ("", {}, NO_NAME),
    "no table": ("attack", ["raid"], r"write it as a table, \[attack\]"),
    "a string": ("attack", "raid", r"write it as a table, \[attack\]"),
    "an unknown list": ("attack", {"verb": ["raid"]}, "'verb' is none of title, roles, key, verbs, past, nouns, words"),
    "one entry": ("attack", {"nouns": "raid"}, f"nouns {NO_STRINGS}"),
    "an entry that is a number": ("attack", {"nouns": ["raid", 7]}, f"nouns {NO_STRINGS}"),
    "an empty entry": ("attack", {"words": [""]}, f"words {NO_STRINGS}"),
    "a blank entry": ("attack", {"verbs": [" "]}, f"verbs {NO_STRINGS}"),
    "one role": ("attack", {"roles": "force"}, f"roles {NO_STRINGS}"),
    "a role that is a number": ("attack", {"roles": [1]}, f"roles {NO_STRINGS}"),
    "an empty role": ("attack", {"roles": [""]}, f"roles {NO_STRINGS}"),
    "an entry in capitals": ("attack", {"nouns": ["Raid"]}, "entry 'Raid' in nouns: write it in lower case"),
    "a question mark alone": ("attack", {"nouns": ["?"]}, r"entry '\?' in nouns"),
    "two words as one": ("attack", {"words": ["air raid"]}, "entry 'air raid' in words: give one word each"),
    "a title that is a number": ("attack", {"title": 1}, "title is a string"),
    "a key that is a number": ("attack", {"key": 1}, "key is true or false"),
    "a key that is a string": ("attack", {"key": "true"}, "key is true or false"),
}


@pytest.mark.parametrize(("name", "table", "message"), BAD_CLASSES.values(), ids=BAD_CLASSES)
def test_a_class_that_is_wrong_is_refused_by_name(name: str, table: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^lexicon class {re.escape(repr(name))}: .*{message}"):
        expand({name: table})


# Keys, roles, titles

TINY = Lexicon(
    {"said": "say", "asks": "say?", "mayor": "office", "troops": "troops", "crash": "accident", "we": "we"},
    {
        "say": CueClass("verb of saying", ("speech",), True),
        "office": CueClass("office in politics", ("office",)),
        "troops": CueClass("soldiers", ("office", "force"), True),
        "accident": CueClass("accident", ("accident",)),
        "we": CueClass("I, we", ("first_person",)),
    },
)


def test_keys_are_the_sure_and_the_doubtful_symbols_of_key_classes() -> None:
    assert TINY.keys == {"SAY", "SAY?", "TROOPS", "TROOPS?"}


def test_roles_are_those_of_speakers_then_the_topics_by_the_alphabet() -> None:
    assert list(TINY.roles) == ["speech", "office", "authority", "private", "first_person", "accident", "force"]


def test_a_role_has_the_sure_and_the_doubtful_symbols_of_its_classes() -> None:
    assert TINY.roles["speech"] == {"SAY", "SAY?"}
    assert TINY.roles["office"] == {"OFFICE", "OFFICE?", "TROOPS", "TROOPS?"}
    assert TINY.roles["force"] == {"TROOPS", "TROOPS?"}


def test_a_role_of_speakers_that_no_class_has_is_there_and_empty() -> None:
    assert TINY.roles["private"] == TINY.roles["authority"] == frozenset()
    assert Lexicon().roles == dict.fromkeys(SPEAKER_ROLES, frozenset())


@pytest.mark.parametrize(
    ("symbol", "title"),
    [
        ("SAY", "verb of saying"),
        ("SAY?", "verb of saying?"),
        ("WE", "I, we"),
        # No class of this lexicon.
        ("GROUND_VERB", "ground verb"),
        ("GROUND_VERB?", "ground verb?"),
        (",", ","),
        ("?", "?"),
    ],
)
def test_the_title_of_a_symbol(symbol: str, title: str) -> None:
    assert TINY.title(symbol) == title


def test_a_lexicon_and_a_class_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TINY.forms = {}
    with pytest.raises(dataclasses.FrozenInstanceError):
        TINY.classes["say"].key = False


# The shipped lexicon


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("said", "say"),
        ("warned", "demand"),
        ("telegram", "medium"),
        ("spokesmen", "office"),
        ("ministries", "government"),
        ("moscow", "capital"),
        ("killed", "kill"),
        ("wounded", "wound"),
        ("shelled", "strike_verb"),
        ("strike", "attack_noun?"),
        ("drones", "weapon"),
        ("ceasefire", "diplomacy"),
        ("earthquake", "disaster"),
        ("might", "modal"),
        ("not", "negation"),
        ("friday", "day"),
        ("reuters", "media"),
        ("which", "itself"),
    ],
)
def test_well_known_forms(lexicon: Lexicon, form: str, name: str) -> None:
    assert lexicon.forms[form] == name


@pytest.mark.parametrize("form", ["regretted", "regretting", "vetoes", "ombudsmen"])
def test_forms_that_follow_no_rule(lexicon: Lexicon, form: str) -> None:
    assert form in lexicon.forms


@pytest.mark.parametrize("form", ["regreted", "vetos", "ombudsmans", "axises", "customses", "headquarterses"])
def test_forms_that_are_no_words(lexicon: Lexicon, form: str) -> None:
    assert form not in lexicon.forms


def test_each_load_gives_a_lexicon_of_its_own(lexicon: Lexicon) -> None:
    changed = load_lexicon()
    changed.forms.clear()
    changed.classes.clear()
    assert load_lexicon() == lexicon != changed


def test_forms_are_sorted(lexicon: Lexicon) -> None:
    assert list(lexicon.forms) == sorted(lexicon.forms)


def test_every_class_of_the_file_has_forms(lexicon: Lexicon) -> None:
    source = files("wiredesk.features").joinpath("lexicon.toml").read_text(encoding="utf-8")
    assert list(lexicon.classes) == list(tomllib.loads(source))
    assert {name.removesuffix("?") for name in lexicon.forms.values()} == set(lexicon.classes)


def test_every_class_says_in_words_what_it_holds(lexicon: Lexicon) -> None:
    assert [name for name, about in lexicon.classes.items() if "_" in about.title or not about.title.strip()] == []


def test_every_role_of_a_speaker_has_a_class_and_topics_are_four(lexicon: Lexicon) -> None:
    assert list(lexicon.roles) == [*SPEAKER_ROLES, "accident", "elsewhere", "force", "politics"]
    assert [role for role, symbols in lexicon.roles.items() if not symbols] == []


@pytest.mark.parametrize(
    ("form", "role"),
    [
        ("said", "speech"),
        ("mayor", "office"),
        ("ministry", "authority"),
        ("residents", "private"),
        ("we", "first_person"),
        ("airstrike", "force"),
        ("earthquake", "accident"),
        ("election", "politics"),
        ("football", "elsewhere"),
    ],
)
def test_well_known_roles(lexicon: Lexicon, form: str, role: str) -> None:
    assert lexicon.forms[form].upper() in lexicon.roles[role]


def test_what_was_done_and_how_many_are_keys_and_when_is_none(lexicon: Lexicon) -> None:
    for form, is_key in {"killed": True, "rockets": True, "said": True, "seven": True, "friday": False}.items():
        assert (lexicon.forms[form].upper() in lexicon.keys) is is_key


def test_no_form_is_out_of_reach(lexicon: Lexicon) -> None:
    unread = []
    for form, name in lexicon.forms.items():
        symbols = [symbol for token in tokenize(form) for symbol in analyze(token, lexicon.forms, (2, 5)).symbols]
        if symbols != [form if name == "itself" else name.upper()]:
            unread.append(form)
    assert unread == []


# A file of one's own


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own.toml"


def test_a_file_adds_forms_to_a_class(own: Path, lexicon: Lexicon) -> None:
    own.write_text('[weapon]\nnouns = ["trebuchet"]\nwords = ["ballista?"]\n')
    loaded = load_lexicon(own)
    assert loaded.forms == {
        **lexicon.forms,
        "trebuchet": "weapon",
        "trebuchets": "weapon",
        "ballista": "weapon?",
    }
    assert list(loaded.forms) == sorted(loaded.forms)


def test_a_class_that_stands_in_both_is_the_package_s(own: Path, lexicon: Lexicon) -> None:
    own.write_text('[weapon]\nnouns = ["trebuchet"]\n')
    assert load_lexicon(own).classes == lexicon.classes


def test_a_file_moves_forms_to_the_class_that_it_gives_them(own: Path, lexicon: Lexicon) -> None:
    own.write_text('[supply]\nwords = ["drones"]\n[attack_noun]\nnouns = ["strike"]\n[weapon]\nwords = ["killed?"]\n')
    loaded = load_lexicon(own)
    changed = {form: name for form, name in loaded.forms.items() if lexicon.forms[form] != name}
    # From another class, from the doubtful ones of the same, and to the doubtful ones of another.
    assert changed == {"drones": "supply", "strike": "attack_noun", "strikes": "attack_noun", "killed": "weapon?"}


def test_a_file_makes_a_new_class(own: Path, lexicon: Lexicon) -> None:
    own.write_text('[harvest]\ntitle = "farm work"\nroles = ["elsewhere", "farm"]\nkey = true\nwords = ["sowed"]\n')
    loaded = load_lexicon(own)
    assert loaded.forms["sowed"] == "harvest"
    assert loaded.classes == {**lexicon.classes, "harvest": CueClass("farm work", ("elsewhere", "farm"), True)}
    assert loaded.keys == lexicon.keys | {"HARVEST", "HARVEST?"}
    assert loaded.roles["elsewhere"] == lexicon.roles["elsewhere"] | {"HARVEST", "HARVEST?"}
    assert loaded.roles["farm"] == {"HARVEST", "HARVEST?"}


def test_a_file_is_read_as_utf8_and_named_by_str_or_path(own: Path) -> None:
    own.write_text('[place]\nwords = ["łódź"]\n', encoding="utf-8")
    assert load_lexicon(own).forms["łódź"] == load_lexicon(str(own)).forms["łódź"] == "place"


def test_an_empty_file_changes_nothing(own: Path, lexicon: Lexicon) -> None:
    own.touch()
    assert load_lexicon(own) == lexicon


def test_a_file_changes_nothing_in_the_shipped_lexicon(own: Path, lexicon: Lexicon) -> None:
    own.write_text('[weapon]\nwords = ["killed"]\n')
    load_lexicon(own)
    assert load_lexicon() == lexicon


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[weapon\n", "line 1"),
        (b"[weapon]\nwords = ['a']\n[weapon]\n", "line 3"),
        (b"[weapon]\nwords = ['caf\xe9']\n", "utf-8"),
        (b"[weapon]\nverb = ['lob']\n", "lexicon class 'weapon': 'verb' is none of title"),
        (b"[Weapon]\n", "lexicon class 'Weapon': the name is"),
        (b"weapon = ['lance']\n", r"lexicon class 'weapon': write it as a table, \[weapon\]"),
        (b"[weapon.heavy]\nwords = ['lance']\n", "lexicon class 'weapon': 'heavy' is none of title"),
        (b"[weapon]\nwords = ['Lance']\n", "entry 'Lance' in words: write it in lower case"),
        (b"[a]\nwords = ['lance']\n[b]\nwords = ['lance']\n", "form 'lance' stands in 'a' and in 'b'"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_name(own: Path, content: bytes, message: str) -> None:
    own.write_bytes(content)
    with pytest.raises(ValueError, match=f"^{re.escape(str(own))}: .*{message}"):
        load_lexicon(own)


def test_a_file_that_is_missing_is_named(own: Path) -> None:
    with pytest.raises(FileNotFoundError, match=re.escape(str(own))):
        load_lexicon(own)


def test_a_word_in_capitals_is_read_in_capitals_alone(own: Path) -> None:
    own.write_text('[courts]\nwords = ["ECHR"]\n')
    forms = load_lexicon(own).forms
    assert analyze("ECHR", forms, (2, 2)).symbols == ("COURTS",)
    assert analyze("echr", forms, (2, 2)).symbols == ("OTHER",)


@pytest.mark.parametrize("form", ["o’clock", "-x"])
def test_a_form_that_no_text_can_match_is_refused(own: Path, form: str) -> None:
    own.write_text(f'[sizes]\nwords = ["{form}"]\n')
    with pytest.raises(ValueError, match="is read as other words; write what stands between blanks"):
        load_lexicon(own)


@pytest.mark.parametrize("line", ['title = "arms"', 'roles = ["force"]', "key = false"])
def test_what_is_told_about_a_shipped_class_stands(own: Path, line: str) -> None:
    own.write_text(f'[weapon]\n{line}\nwords = ["zarbatana"]\n')
    with pytest.raises(ValueError, match=f"class 'weapon' is wiredesk's own, whose {line.split()[0]} stands"):
        load_lexicon(own)


def test_a_file_with_too_many_topics_is_refused(own: Path) -> None:
    roles = ", ".join(f'"topic{i}"' for i in range(47))
    own.write_text(f'[crops]\nroles = [{roles}]\nwords = ["sowed"]\n')
    with pytest.raises(ValueError, match="the lexicon has 51 topics; there can be 50"):
        load_lexicon(own)
