"""The cue lexicon: which forms an entry generates, and what the shipped one holds."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from wiredesk.features import analyze, load_lexicon, tokenize
from wiredesk.features.lexicon import expand, noun_forms, past_forms, verb_forms

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
}


@pytest.mark.parametrize(("entry", "forms"), NOUNS.items(), ids=NOUNS)
def test_noun_forms(entry: str, forms: str) -> None:
    assert noun_forms(entry) == set(forms.split())


# Index


def test_forms_are_indexed_by_class_and_sorted() -> None:
    classes = {"speech": {"past": ["say said"], "words": ["per"]}, "office": {"nouns": ["envoy"]}}
    assert list(expand(classes).items()) == [
        ("envoy", "office"),
        ("envoys", "office"),
        ("per", "speech"),
        ("said", "speech"),
    ]


def test_words_stand_as_they_are() -> None:
    assert expand({"office": {"words": ["police", "u.s"]}}) == {"police": "office", "u.s": "office"}


def test_a_form_may_stand_twice_in_one_class() -> None:
    assert expand({"attack": {"verbs": ["shell"], "nouns": ["shell"]}}) == dict.fromkeys(
        ["shell", "shelled", "shelling", "shells"], "attack"
    )


def test_a_form_in_two_classes_is_refused() -> None:
    with pytest.raises(ValueError, match="form 'shells' stands in 'weapon' and in 'attack'; keep it in the class"):
        expand({"weapon": {"nouns": ["shell"]}, "attack": {"words": ["shells"]}})


def test_an_unknown_list_is_refused() -> None:
    with pytest.raises(ValueError, match="class 'attack' has a list 'verb'; the lists are verbs, past, nouns, words"):
        expand({"attack": {"verb": ["shell"]}})


def test_no_classes_make_an_empty_lexicon() -> None:
    assert expand({}) == {}


# The shipped lexicon


@pytest.fixture(scope="module")
def lexicon() -> dict[str, str]:
    return load_lexicon()


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("said", "speech"),
        ("warned", "stance"),
        ("telegram", "medium"),
        ("spokesmen", "office"),
        ("ministries", "institution"),
        ("moscow", "metonym"),
        ("killed", "kill"),
        ("wounded", "wound"),
        ("shelled", "attack_verb"),
        ("drones", "weapon"),
        ("ceasefire", "politics"),
        ("might", "modal"),
        ("not", "negation"),
        ("friday", "day"),
        ("reuters", "page"),
        ("which", "itself"),
    ],
)
def test_well_known_forms(lexicon: dict[str, str], form: str, name: str) -> None:
    assert lexicon[form] == name


@pytest.mark.parametrize("form", ["regretted", "regretting", "vetoes", "ombudsmen"])
def test_forms_that_follow_no_rule(lexicon: dict[str, str], form: str) -> None:
    assert form in lexicon


@pytest.mark.parametrize("form", ["regreted", "vetos", "ombudsmans", "axises", "customses", "headquarterses"])
def test_forms_that_are_no_words(lexicon: dict[str, str], form: str) -> None:
    assert form not in lexicon


def test_each_load_gives_a_lexicon_of_its_own(lexicon: dict[str, str]) -> None:
    changed = load_lexicon()
    changed.clear()
    assert load_lexicon() == lexicon


def test_forms_are_sorted(lexicon: dict[str, str]) -> None:
    assert list(lexicon) == sorted(lexicon)


def test_class_names_are_single_lower_case_words(lexicon: dict[str, str]) -> None:
    assert [name for name in set(lexicon.values()) if not name.replace("_", "").isalpha() or name != name.lower()] == []


def test_every_class_of_the_file_has_forms(lexicon: dict[str, str]) -> None:
    source = files("wiredesk.features").joinpath("lexicon.toml").read_text(encoding="utf-8")
    assert set(lexicon.values()) == set(tomllib.loads(source))


def test_no_form_is_out_of_reach(lexicon: dict[str, str]) -> None:
    unread = []
    for form, name in lexicon.items():
        symbols = [symbol for token in tokenize(form) for symbol in analyze(token, lexicon, (2, 5)).symbols]
        if symbols != [form if name == "itself" else name.upper()]:
            unread.append(form)
    assert unread == []
