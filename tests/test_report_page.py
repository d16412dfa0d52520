"""The report of an evaluation: what it says, that its plots can be read, and what it does in a real browser."""

from __future__ import annotations

import copy
import io
import json
import re
import subprocess
import sys

import pytest
from lxml import html

from tests.browsing import COLOURS, contrast, in_browser, squeezed
from wiredesk.pages.report import write_report
from wiredesk.pages.svg import drawing, inline, new_figure
from wiredesk.seeds.extras import MissingExtraError

TYPES = ("attack_report", "official_quote", "casualty_figure", "political_context")
HOSTILE = "</title><script>document.title = 'taken'</script><b onclick=alert(1)>\u202e\x1b[31m\ud800 $x^2$ 襲撃"


def scores_of(tp: int, fp: int, fn: int, *, error: float = 0.03, floor=(0.02, 0.04), keywords=0.5) -> dict:
    """Score a type on 200 sentences; what cannot be told from the counts is made up."""
    precision, recall, f1 = tp / max(1, tp + fp), tp / max(1, tp + fn), 2 * tp / max(1, 2 * tp + fp + fn)
    carried = tp + fn > 0

    def around(value):
        return [round(value - 0.05, 6), round(value + 0.04, 6)]

    return {
        "positives": tp + fn, "predicted": tp + fp, "tp": tp, "fp": fp, "fn": fn,
        "precision": precision, "precision_ci95": around(precision),
        "recall": recall, "recall_ci95": around(recall),
        "f1": f1, "f1_ci95": around(f1),
        "average_precision": 0.9 if carried else None, "average_precision_ci95": [0.87, 0.93] if carried else None,
        "brier_score": 0.061, "brier_score_ci95": [0.051, 0.072],
        "calibration_error": error, "calibration_error_floor": list(floor),
        "baselines": {"every sentence": 0.4, "keywords": keywords},
        "read_at_recall_95": 0.35 if carried else None, "read_at_recall_95_ci95": [0.28, 0.44] if carried else None,
    }  # fmt: skip


def curve_of(scores: dict, threshold: float) -> dict:
    """Make curves with the right shape and, where a test looks, the right numbers."""
    settings = sorted({*(n / 20 for n in range(1, 20)), threshold})
    carried = scores["positives"] > 0
    return {
        "precision_recall": [[0.9, 1.0, 0.2], [0.6, 0.9, 0.6], [0.3, 0.7, 0.8], [0.05, 0.4, 1.0]] if carried else [],
        "reliability": [
            {"low": 0.0, "high": 0.1, "sentences": 120, "mean_probability": 0.03, "share": 0.05,
             "share_ci95": [0.02, 0.09]},
            {"low": 0.9, "high": 1.0, "sentences": 80, "mean_probability": 0.97, "share": 0.77, "share_ci95": None},
        ],
        "histogram": {"edges": [n / 20 for n in range(21)], "with": [2] * 19 + [30], "without": [130] + [0] * 19},
        "thresholds": [
            {"threshold": t, "predicted": round(100 * (1 - t)), "precision": 0.5 + t / 2, "recall": 1 - t, "f1": 0.7}
            for t in settings
        ],
        "workload": [
            [recall, recall / 3 if carried else None]
            for recall in (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99)
        ],
    }  # fmt: skip


def dataset(name: str, counts: dict[str, dict], thresholds: dict[str, float], **changes) -> dict:
    n = len(counts)
    return {
        "name": name, "sentences": 200, "documents": 40, "types": counts,
        "macro": {"precision": 0.81, "recall": 0.79, "f1": 0.8, "f1_ci95": [0.76, 0.83], "average_precision": 0.9,
                  "baselines": {"every sentence": 0.4, "keywords": 0.52}},
        "micro": {"precision": 0.83, "recall": 0.78, "f1": 0.805, "f1_ci95": [0.77, 0.84]},
        "exact_match": 0.674, "exact_match_ci95": [0.65, 0.71],
        "type_precision": 0.88, "type_precision_ci95": [0.85, 0.9],
        "slices": {"source": [], "month": []},
        "curves": {t: curve_of(counts[t], thresholds[t]) for t in counts},
        "cooccurrence": {"labelled": [[50 if i == j else 12 for i in range(n)] for j in range(n)],
                         "predicted": [[55 if i == j else 14 for i in range(n)] for j in range(n)]},
        **changes,
    }  # fmt: skip


def evaluation_of(counts: dict[str, dict], **changes) -> dict:
    thresholds = dict.fromkeys(counts, 0.43)
    return {
        "wiredesk": "0.1.0",
        "model": {"name": "mine.wiredesk", "hash": "9eeac1c4591d0eec", "types": [*counts], "thresholds": thresholds},
        "interval": {"level": 0.95, "draws": 2000, "method": "percentile bootstrap over documents"},
        "data": [dataset("test.jsonl", counts, thresholds)],
        "comparison": None, "leaks": None, "prevalence": None,
    } | changes  # fmt: skip


FOUR = {
    "attack_report": scores_of(40, 10, 20),
    "official_quote": scores_of(60, 5, 5, error=0.05),
    "casualty_figure": scores_of(18, 4, 2, keywords=None),
    "political_context": scores_of(50, 25, 10),
}


def error(name: str, kind: str, probability: float, text: str, **changes) -> dict:
    return {
        "data": "test.jsonl", "type": name, "kind": kind, "probability": probability, "threshold": 0.43, "text": text,
        "document": "wire-7", "labels": [name] if kind == "missed" else [], "given": [] if kind == "missed" else [name],
        "terms": [["“rockets”", 1.163], ["verb of attacking", -0.4]], "rest": 0.25, "intercept": -3.5,
    } | changes  # fmt: skip


TWO = {"fire": scores_of(40, 10, 20), "flood": scores_of(60, 5, 5)}


ERRORS = [
    error("official_quote", "false alarm", 0.95, "The analyst said that prices fell."),
    error("attack_report", "missed", 0.3, "The bridge was blown up in January."),
    error("attack_report", "missed", 0.01, "The garrison was overrun at dawn."),
    error("attack_report", "false alarm", 0.7, "He feared that rockets would fall."),
]
SLICES = {
    "source": [
        {"name": name, "sentences": 100, "documents": 20, "macro_f1": f1, "macro_f1_ci95": [f1 - 0.05, f1 + 0.05],
         "exact_match": 0.6, "types": {t: {"positives": 0 if t == "casualty_figure" else 9, "f1": 0.0} for t in TYPES}}
        for name, f1 in (("wire", 0.7), ("local press", 0.9))
    ],
    "month": [],
}  # fmt: skip


def gap(first: float, second: float, low: float, high: float) -> dict:
    return {"first": first, "second": second, "difference": second - first, "difference_ci95": [low, high]}


SAME = gap(0.8, 0.8, -0.01, 0.01)
COMPARISON = {
    "model": {"name": "other.wiredesk", "hash": "77c01eab", "types": [*TYPES], "thresholds": dict.fromkeys(TYPES, 0.5)},
    "data": [
        {"name": "test.jsonl", "macro_f1": gap(0.8, 0.812, -0.003, 0.025), "micro_f1": SAME, "exact_match": SAME,
         "right_only_first": 41, "right_only_second": 73,
         "types": {t: {"f1": SAME, "average_precision": gap(0.8, 0.9, 0.05, 0.15),
                       "brier_score": gap(0.06, 0.05, -0.02, -0.005)} for t in TYPES}},
    ],
}  # fmt: skip
LEAKS = {
    "between": "test and training data", "similarity": 0.5, "sentences": 17, "share": 0.085,
    "macro_f1": 0.8, "macro_f1_without": 0.796, "difference": 0.004, "difference_ci95": [0.001, 0.008],
}  # fmt: skip
PREVALENCE = {
    "input": ["articles/"], "documents": 1, "sentences": 31822, "errors_from": "test.jsonl",
    "types": {t: {"counted": 0.121, "corrected": 0.134, "corrected_ci95": [0.11, 0.155]} for t in TYPES},
}  # fmt: skip


def page_of(evaluation, errors=()) -> str:
    out = io.StringIO()
    write_report(evaluation, None if errors is None else list(errors), out)
    return out.getvalue()


def tree_of(*arguments):
    return html.fromstring(page_of(*arguments))


@pytest.fixture(scope="module")
def full():
    """Give the evaluation that has everything."""
    found = evaluation_of(copy.deepcopy(FOUR), comparison=COMPARISON, leaks=LEAKS, prevalence=PREVALENCE)
    found["data"][0]["slices"] = SLICES
    return found


@pytest.fixture(scope="module")
def page(full):
    return page_of(full, ERRORS)


@pytest.fixture(scope="module")
def tree(page):
    return html.fromstring(page)


@pytest.fixture(scope="module")
def many():
    """Give the page of 35 types, some with long names."""
    names = [f"kind_{i}" + "_of_a_rather_long_name" * (i % 9 == 4) + "x" * 40 * (i == 5) for i in range(35)]
    return page_of(
        evaluation_of({name: scores_of(40, 10, 20) for name in names}),
        [error(name, "missed", 0.2, "Rain fell.") for name in names],
    )


def table(tree, caption: str) -> dict[str, list[str]]:
    """Give the rows of the table whose caption begins so: name -> cells."""
    [found] = [t for t in tree.iter("table") if squeezed(t.find("caption").text_content()).startswith(caption)]
    return {
        squeezed(row.find("th").text_content()): [squeezed(" ".join(cell.itertext())) for cell in row.findall("td")]
        for row in found.xpath("./tbody/tr | ./tfoot/tr")
        if row.find("th") is not None
    }


def text_of(tree, place: str) -> str:
    """Give the text of the section that a heading with this id begins."""
    [section] = tree.xpath(f'//section[@aria-labelledby="{place}"]')
    return squeezed(section.text_content())


# What it says


def test_the_verdict_stands_first_and_beside_its_baselines(tree):
    assert tree.find(".//h1").text_content() == "Evaluation: mine.wiredesk 9eeac1c4"
    assert "test.jsonl: 200 sentences of 40 documents" in squeezed(tree.find(".//header").text_content())
    assert "95 %, percentile bootstrap over documents, 2,000 draws" in squeezed(tree.find(".//header").text_content())
    first = tree.get_element_by_id("content").find("section")
    told = squeezed(first.find_class("verdict")[0].text_content())
    assert told == (
        "Macro F10.80 0.76–0.83 0.40 giving every type to every sentence0.52 by keyword rules "
        "Exact match67 % 65–71 of the sentences get exactly the right types "
        "Precision of the single type88 % 85–90 of the sentences with a type have the one in type"
    )


def test_it_says_in_words_what_the_numbers_mean(tree):
    told = text_of(tree, "short")
    assert "Of 100 labels that the model gives, 17 are wrong; of 100 that it should give, 22 are missing." in told
    # F1: 80 / 110, 120 / 130, 36 / 42 and 100 / 135.
    assert "best at official_quote (F1 0.92) and worst at attack_report (0.73)" in told
    assert "after 35 % of all sentences." in told
    assert "off by more than chance explains for official_quote; for the other types they may be taken at" in told
    assert "a difference of +0.012 (−0.003 to +0.025), too small to tell them apart" in told
    assert "17 sentences of the data (8.5 %) nearly stand in the training data" in told


def test_the_scores_of_each_type(tree):
    rows = table(tree, "What the model gives")
    # 40 of 50 given are right, 40 of 60 labelled are found; F1 = 80 / 110.
    assert rows["attack_report"] == [
        "0.43", "60", "50", "40", "10", "20", "0.80 0.75–0.84", "0.67 0.62–0.71", "0.73 0.68–0.77", "0.40", "0.50",
    ]  # fmt: skip
    assert rows["casualty_figure"][-1] == "–"
    assert rows["macro"][1:] == ["0.81", "0.79", "0.80 0.76–0.83", "0.40", "0.52"]
    assert list(rows) == [*TYPES, "macro", "micro"]


def test_a_type_that_few_carry_is_pointed_out(tree):
    assert "Fewer than 30 sentences carry casualty_figure: their scores say little." in text_of(tree, "d0")


def test_calibration_is_held_against_its_noise(tree):
    rows = table(tree, "Whether probabilities may be taken at their word")
    assert rows["attack_report"] == ["0.061 0.051–0.072", "0.030", "0.020", "0.040", "within noise"]
    assert rows["official_quote"][-1] == "more than noise"
    assert "in 10 bins of equal width" in text_of(tree, "d0")


def test_precision_at_a_recall_is_that_of_the_first_threshold_that_reaches_it(tree):
    # The curve has precision 0.9 at recall 0.6, 0.7 at 0.8, 0.4 at 1.
    assert table(tree, "Average precision")["attack_report"] == [
        "0.90 0.87–0.93", "0.90", "0.90", "0.70", "0.70", "0.40", "0.40", "0.40",
    ]  # fmt: skip


def test_the_table_of_thresholds_marks_the_model_s_own(tree):
    rows = table(tree, "attack_report by threshold")
    assert len(rows) == 20
    assert rows["0.430 the model’s"] == ["57", "0.71", "0.57", "0.70"]
    assert rows["0.05"] == ["95", "0.53", "0.95", "0.70"]


def test_how_much_is_to_be_read(tree):
    rows = table(tree, "Share of all sentences to read")
    shown = rows["attack_report"]
    assert (shown[0], shown[9], shown[10]) == ("17 %", "32 % 28–44", "33 %")
    assert rows["random order"][9] == "95 %"


def test_types_together(tree):
    rows = table(tree, "Sentences with both types")
    assert rows["attack_report"] == ["50 / 55", "12 / 14", "12 / 14", "12 / 14"]


def test_a_slice_without_a_type_has_no_f1_of_it(tree):
    rows = table(tree, "Scores by source")
    assert rows["wire"] == ["100", "20", "0.70 0.65–0.75", "60 %", "0.00 of 9", "0.00 of 9", "– of 0", "0.00 of 9"]
    assert "By month" not in tree.text_content()


def test_a_comparison_says_which_is_better_and_where_that_is_not_settled(tree):
    rows = table(tree, "Both models, test.jsonl")
    assert rows["macro F1"] == ["0.800", "0.812", "+0.012 −0.003 to +0.025", "not settled"]
    assert rows["attack_report average precision"][-1] == "second"
    assert rows["attack_report Brier score"][-1] == "second"  # It is lower.
    assert "41 sentences have exactly the right types only from the first, 73 only from the second" in text_of(
        tree, "second"
    )


def test_leaks_and_prevalence(tree):
    assert "17 sentences (8.5 %) have a near-duplicate, of similarity 0.50 or more" in text_of(tree, "leaks")
    assert "0.8000.796+0.004+0.001 to +0.008" in text_of(tree, "leaks")
    assert "In articles/: 31,822 sentences of 1 document." in text_of(tree, "prevalence")
    assert table(tree, "Share of sentences with a type")["attack_report"] == ["12.1 %", "13.4 % 11.0–15.5"]


def test_what_is_not_there_has_no_section():
    bare = tree_of(evaluation_of(TWO))
    headings = [heading.text for heading in bare.iter("h2")]
    assert headings == ["In short", "test.jsonl", "Errors", "What the words mean"]


def test_several_data_sets_stand_side_by_side():
    found = evaluation_of(TWO)
    thresholds = found["model"]["thresholds"]
    found["data"] = [dataset(name, TWO, thresholds) for name in ("all", "a.jsonl", "b.jsonl")]
    found["data"][2]["macro"] = {**found["data"][2]["macro"], "f1": 0.7, "f1_ci95": [0.6, 0.8]}
    several = tree_of(found)
    assert table(several, "Scores by data set")["macro F1"] == ["0.80 0.76–0.83", "0.80 0.76–0.83", "0.70 0.60–0.80"]
    headings = [heading.text for heading in several.iter("h2")]
    assert headings[:5] == ["In short", "Data sets side by side", "All together", "a.jsonl", "b.jsonl"]
    assert "of all data sets together" in text_of(several, "short")


def test_cross_validation_has_no_hash():
    found = evaluation_of(TWO)
    found["model"] = {**found["model"], "name": "5-fold cross-validation", "hash": None}
    assert tree_of(found).find(".//h1").text_content() == "Evaluation: 5-fold cross-validation"


def test_a_type_that_nobody_carries():
    found = tree_of(evaluation_of({"flood": scores_of(0, 3, 0), "fire": scores_of(9, 1, 1)}))
    told = "No sentence carries flood: nothing is known of it, and its F1 counts as 0 in macro F1."
    assert told in text_of(found, "short")
    assert found.text_content().count("No sentence carries the type.") == 3
    assert table(found, "Average precision")["flood"] == ["–"] * 8


def test_scores_without_intervals():
    found = evaluation_of(copy.deepcopy(FOUR), comparison=copy.deepcopy(COMPARISON))
    found["comparison"]["data"][0]["macro_f1"]["difference_ci95"] = None

    def without(value):
        if isinstance(value, dict):
            return {key: None if key.endswith("_ci95") else without(item) for key, item in value.items()}
        return value

    found["data"] = [{**without(found["data"][0]), "curves": found["data"][0]["curves"], "documents": 1}]
    tree = tree_of(found)
    assert "There is only 1 document: no interval can be told." in text_of(tree, "short")
    assert table(tree, "Both models")["macro F1"][-1] == "–"


def test_few_documents_are_pointed_out():
    found = evaluation_of(TWO)
    found["data"][0]["documents"] = 12
    assert "There are only 12 documents: intervals from so few are too narrow." in text_of(tree_of(found), "short")


# Errors


def shown_errors(tree) -> list[str]:
    return [squeezed(quote.text_content()) for quote in tree.iter("blockquote")]


def test_errors_are_by_type_and_kind_the_surest_first(tree):
    assert shown_errors(tree) == [
        "The garrison was overrun at dawn.",
        "The bridge was blown up in January.",
        "He feared that rockets would fall.",
        "The analyst said that prices fell.",
    ]


def test_an_error_tells_what_it_rests_on(tree):
    first = tree.find_class("error")[0]
    assert squeezed(first.text_content()) == (
        "attack_report missedprobability 0.01, threshold 0.43wire-7 The garrison was overrun at dawn. "
        "Labelled: attack_report. Given: none. "
        "+1.16 “rockets” −0.40 verb of attacking +0.25 all other terms −3.50 before any term"
    )


def test_errors_left_out_and_no_errors_are_told_apart():
    assert "this report holds no text of the data" in text_of(tree_of(evaluation_of(TWO), None), "errors")
    assert "There are none." in text_of(tree_of(evaluation_of(TWO), []), "errors")


def test_errors_without_terms_do_not_speak_of_them():
    told = text_of(tree_of(evaluation_of(TWO), [error("fire", "missed", 0.1, "Rain.", terms=[])]), "errors")
    assert "log-odds" not in told and "before any term" not in told


# Plots


def test_every_plot_says_what_it_shows(tree):
    plots = tree.xpath('//svg[@role="img"]')
    # Five of each type, and F1, two of types together, one of sources, one of differences.
    assert len(plots) == 5 * 4 + 5
    for plot in plots:
        title = tree.get_element_by_id(plot.get("aria-labelledby"))
        description = tree.get_element_by_id(plot.get("aria-describedby"))
        assert (title.tag, description.tag) == ("title", "desc")
        assert title.getparent() is plot and len(title.text) > 10 and len(description.text) > 20
    assert len({tree.get_element_by_id(plot.get("aria-labelledby")).text for plot in plots}) == len(plots)


def test_a_description_has_the_numbers(tree):
    assert tree.get_element_by_id("d0p0-d").text == (
        "Average precision 0.90 (0.87–0.93). At the model’s threshold precision is 0.80 (0.75–0.84) and recall "
        "0.67 (0.62–0.71). By chance precision would be 0.30."
    )
    assert tree.get_element_by_id("d0w0-d").text.replace("\xa0", " ") == (
        "For 95 % of them 35 % of all sentences have to be read, for 80 % of them 27 %. In random order it would be "
        "95 %. The table below has the numbers."
    )


def test_ids_are_unique_and_references_lead_somewhere(page, tree):
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    told = tree.xpath("//@aria-labelledby | //@aria-describedby")
    referred = {*told, *(link[1:] for link in tree.xpath("//@href") if link.startswith("#"))}
    referred |= set(re.findall(r"url\(#([^)]+)\)", page))
    assert len(referred) > 40 and referred <= set(ids)


def test_a_figure_has_no_style_of_its_own():
    with drawing():
        figure = new_figure(100, 50)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.plot([0, 1], [0, 1], "o--", color="#000004")
        svg = inline(figure, "p", "Title", "Description")
    assert "style" not in svg and "xmlns" not in svg and "<?xml" not in svg and "font-family" not in svg
    assert 'class="stroke-hue"' in svg and "stroke-dasharray" in svg
    assert set(re.findall(r'href="#([^"]+)"', svg)) <= set(re.findall(r' id="([^"]+)"', svg))


def test_colours_of_plots_are_the_page_s(page):
    classes = {name for found in re.findall(r'class="((?:fill|stroke)-[^"]+)"', page) for name in found.split()}
    [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert {"stroke-hue", "fill-soft", "stroke-rule", "fill-paper"} <= classes
    assert classes <= set(re.findall(r"\.((?:fill|stroke)-\w+)", style))
    assert not re.findall(r'(?:fill|stroke)="#', page)


def test_matplotlib_s_settings_are_left_alone_and_do_not_matter(full, page):
    import matplotlib

    with matplotlib.rc_context({"lines.linewidth": 9, "grid.linestyle": ":", "axes.facecolor": "red"}):
        before = dict(matplotlib.rcParams)
        assert page_of(full, ERRORS) == page
        assert dict(matplotlib.rcParams) == before


# The page


def test_the_same_evaluation_gives_the_same_bytes(full, page):
    assert page_of(json.loads(json.dumps(full)), ERRORS) == page


def test_headings_are_in_order(tree):
    levels = [int(heading.tag[1]) for heading in tree.xpath("//h1 | //h2 | //h3 | //h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_tables_have_captions_and_headers(tree):
    tables = list(tree.iter("table"))
    assert len(tables) > 15
    for found in tables:
        assert squeezed(found.find("caption").text_content())
        assert all(header.get("scope") for header in found.iter("th"))


def test_every_term_of_the_tables_is_explained(tree):
    terms = " ".join(term.text_content() for term in tree.find_class("glossary")[0].iter("dt")).lower()
    words = ("precision", "recall", "f1", "macro", "exact match", "average precision", "brier score", "noise floor",
             "calibration error", "false alarm", "missed", "baselines", "interval", "log-odds", "propread")  # fmt: skip
    assert [word for word in words if word not in terms] == []


def test_nothing_is_loaded_or_run_that_is_not_in_the_page(tree):
    [policy] = tree.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not tree.xpath("//@style | //link | //*[@src] | //svg//style")
    assert not [name for name in tree.xpath("//@*") if getattr(name, "attrname", "").startswith("on")]


def hostile() -> str:
    found = evaluation_of({HOSTILE: scores_of(40, 10, 20), "fire": scores_of(40, 10, 20)}, leaks=dict(LEAKS))
    found["model"]["name"] = found["data"][0]["name"] = found["interval"]["method"] = HOSTILE
    part = {
        **SLICES["source"][0],
        "name": HOSTILE,
        "types": {t: {"positives": 9, "f1": 0.5} for t in (HOSTILE, "fire")},
    }
    found["data"][0]["slices"] = {"source": [part, part], "month": []}
    wrong = error(HOSTILE, "missed", 0.1, HOSTILE, document=HOSTILE, data=HOSTILE, labels=[HOSTILE])
    wrong["terms"] = [[HOSTILE, 1.0]]
    return page_of(found, [wrong])


def test_hostile_names_and_texts_are_text():
    page = hostile()
    assert "\u202e" not in page and "\x1b" not in page and "\ud800" not in page
    page.encode()
    tree = html.fromstring(page)
    assert len(tree.xpath("//script")) == 1 and not tree.xpath("//b[@onclick]")
    assert shown_errors(tree)[0].startswith("</title><script>document.title = 'taken'</script>")


def test_many_types(many):
    tree = html.fromstring(many)
    assert len(tree.xpath('//svg[@role="img"]')) == 5 * 35 + 3
    looks = {" ".join(found.get("class").split()[1:]) for found in tree.xpath('//div[@class="plots"][1]/figure')}
    assert len(looks) == 35


def test_a_report_of_four_types_is_small(page):
    assert len(page.encode()) < 500_000


@pytest.mark.parametrize(("module", "what"), [("jinja2", "pages to read"), ("matplotlib", "plots")])
def test_without_a_library_the_extra_is_named(monkeypatch, module, what):
    monkeypatch.setitem(sys.modules, module, None)
    out = io.StringIO()
    with pytest.raises(
        MissingExtraError, match=re.escape(f"{what} need {module}, which is not installed; pip")
    ) as told:
        write_report(evaluation_of(TWO), [], out)
    assert str(told.value).endswith("pip install 'wiredesk[report]'")
    assert out.getvalue() == ""


def test_matplotlib_is_imported_to_draw_only():
    code = "import sys, wiredesk.pages.report; sys.exit('matplotlib' in sys.modules or 'jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# In a browser


def visible(tab) -> list[str]:
    return [squeezed(found.inner_text()) for found in tab.locator(".error:visible blockquote").all()]


@in_browser
def test_hostile_names_run_nothing(visit):
    tab = visit(hostile())
    assert tab.title().startswith("Evaluation: </title><script>")


@in_browser
def test_plots_have_names_and_descriptions(visit):
    tab = visit()
    plot = tab.get_by_role("img", name="Precision and recall of attack_report", exact=True)
    assert plot.count() == 1
    assert plot.bounding_box()["width"] > 150
    assert tab.get_by_role("img", name="Macro F1 by source").count() == 1


@in_browser
def test_the_kind_and_the_type_of_errors_are_chosen_with_the_mouse(visit):
    tab = visit()
    assert len(visible(tab)) == 4
    tab.get_by_role("button", name="attack_report 3").click()
    assert len(visible(tab)) == 3
    tab.get_by_role("button", name="false alarms").click()
    assert visible(tab) == ["He feared that rockets would fall."]
    assert tab.get_by_role("status").inner_text() == "1 of 4 errors shown"
    pressed = [squeezed(button.inner_text()) for button in tab.locator('.choice[aria-pressed="true"]').all()]
    assert pressed == ["attack_report 3", "false alarms"]
    tab.get_by_role("button", name="all types").click()
    assert len(visible(tab)) == 2


@in_browser
def test_errors_are_chosen_with_the_keyboard(visit):
    tab = visit()
    tab.get_by_role("button", name="all types").focus()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    assert squeezed(tab.evaluate("document.activeElement.innerText")) == "official_quote 1"
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    tab.keyboard.press("Space")
    assert visible(tab) == ["The analyst said that prices fell."]


@in_browser
def test_without_scripts_all_errors_are_there(visit):
    tab = visit(java_script_enabled=False)
    assert len(visible(tab)) == 4
    assert not tab.locator(".choice").first.is_visible()
    tab.locator("summary").first.click()
    assert tab.locator(".numbers table").first.is_visible()


@in_browser
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_width_scrolls_sideways(visit, many, width):
    for shown in (None, many):
        tab = visit(*([shown] if shown else []), viewport={"width": width, "height": 800})
        tab.evaluate("document.querySelectorAll('details').forEach(found => { found.open = true; })")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


@in_browser
def test_wide_tables_scroll_by_themselves_and_with_the_keyboard(visit):
    from playwright.sync_api import expect

    place = "region"
    narrow = visit(viewport={"width": 390, "height": 844}).get_by_role(place, name="What the model gives")
    assert narrow.evaluate("e => e.scrollWidth > e.clientWidth")
    narrow.focus()
    narrow.press("ArrowRight")
    expect(narrow).not_to_have_js_property("scrollLeft", 0)
    wide = visit().get_by_role(place, name="What the model gives")
    expect(wide).to_have_attribute("tabindex", "-1")


#: Gives the colour of every text in a plot, and that of the page.
PLOT_TEXT = """() => [...document.querySelectorAll("svg[role=img] text")].map(
    e => [getComputedStyle(e).fill, getComputedStyle(document.body).backgroundColor])"""


@in_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(visit, many, scheme):
    tab = visit(many, color_scheme=scheme)
    tab.get_by_role("button", name="kind_3 1").click()
    shown = "h1, h2, p, li, dt, dd, th, td, small, caption, .type, summary, .contents a, .choice, .choice *, .error *"
    found = tab.evaluate(COLOURS, shown) + tab.evaluate(PLOT_TEXT)
    assert len(found) > 5000 and len({colour for colour, _ in found}) >= 9
    for colour, ground in set(map(tuple, found)):
        assert contrast(colour, ground) >= 4.5, (colour, ground)


@in_browser
def test_numbers_in_shaded_cells_stand_out(visit):
    # The strongest shade is 34 % of the ink on the paper.
    for scheme in ("light", "dark"):
        tab = visit(color_scheme=scheme)
        ink, paper = tab.evaluate("(s => [s.color, s.backgroundColor])(getComputedStyle(document.body))")
        parts = zip(*([int(n) for n in re.findall(r"\d+", colour)] for colour in (ink, paper)), strict=True)
        shade = ", ".join(str(0.34 * dark + 0.66 * light) for dark, light in parts)
        assert contrast(ink, f"rgb({shade})") >= 4.5


@in_browser
def test_plots_follow_light_and_dark(visit):
    line = "getComputedStyle(document.querySelector('.plot .stroke-hue')).stroke"
    name = "getComputedStyle(document.querySelector('.plot .fill-soft')).fill"
    light, dark = ([tab.evaluate(line), tab.evaluate(name)] for tab in (visit(), visit(color_scheme="dark")))
    assert light[0] == "rgb(213, 94, 0)"
    assert light[0] != dark[0] and light[1] != dark[1]


@in_browser
def test_print_shows_the_numbers_and_cuts_no_plot(visit):
    tab = visit()
    tab.emulate_media(media="print")
    assert not tab.locator(".contents").is_visible()
    assert not tab.locator(".choice").first.is_visible()
    closed = tab.locator("details.numbers").first
    assert not closed.evaluate("e => e.open")
    assert closed.locator("table").first.bounding_box()["height"] > 100
    breaks = tab.evaluate("[...document.querySelectorAll('figure')].map(e => getComputedStyle(e).breakInside)")
    assert len(breaks) == 25 and set(breaks) == {"avoid"}
    assert tab.evaluate("getComputedStyle(document.querySelector('.type')).color") == "rgb(0, 0, 0)"


@in_browser
def test_a_link_of_the_contents_goes_to_its_section(visit):
    from playwright.sync_api import expect

    tab = visit()
    tab.get_by_role("navigation", name="Contents").get_by_role("link", name="Thresholds").click()
    assert tab.evaluate("location.hash") == "#d0-thresholds"
    expect(tab.locator("#d0-thresholds")).to_be_in_viewport()
