"""The page to read: what it says without a script, and what it does in a real browser."""

from __future__ import annotations

import io
import json
import re
import sys

import pytest
from lxml import html

import wiredesk
from tests.browsing import COLOURS, contrast, in_browser, squeezed
from wiredesk.documents import LabelledDocument
from wiredesk.models import LabelledSentence
from wiredesk.pages.article import write_page
from wiredesk.pages.kinds import kinds_of
from wiredesk.seeds.extras import MissingExtraError

HARBOUR = """Rockets hit the harbour

Two rockets hit the harbour of Darsa on Monday, killing six people. The mayor said that the port stays open.
Rain fell in the evening.

* * *

"We will rebuild it," he said. Talks resume on Friday."""
HOSTILE = (
    "<script>document.title = 'taken'</script> hit the market. "
    "</script><!-- six people died. --> "
    "<img src=x onerror=alert(1)> said the \u202emayor\x1b[31m \ud800."
)


@pytest.fixture(scope="module")
def model():
    return wiredesk.load_model()


def labelled(model, name, text, **columns) -> LabelledDocument:
    return LabelledDocument(name, text, list(model.label(text)), columns)


def page_of(model, *documents) -> str:
    out = io.StringIO()
    write_page(documents, model, out)
    return out.getvalue()


@pytest.fixture(scope="module")
def documents(model):
    return [
        labelled(model, "harbour.txt", HARBOUR, title="The harbour", url="https://example.org/1", date="2024-03-01"),
        labelled(model, "hostile.txt", HOSTILE, url="javascript:alert(1)"),
    ]


@pytest.fixture(scope="module")
def page(model, documents):
    return page_of(model, *documents)


@pytest.fixture(scope="module")
def tree(page):
    return html.fromstring(page)


def marks(section) -> dict[str, list[str]]:
    """Give each sentence of a section that has tags, and these."""
    found = {}
    for element in section.xpath('.//*[contains(concat(" ", @class, " "), " s ")]'):
        tags = element.xpath('.//*[@class="tags"]/b/text()')
        if tags:
            found[squeezed(element.xpath("./span[1]")[0].text_content())] = tags
    return found


# Without a script


def test_the_text_is_all_there(page):
    [body] = html.fromstring(page).xpath('//section[@id="a1"]//div[@class="text"]')
    for tags in body.xpath('.//*[@class="tags"]'):
        tags.drop_tree()
    assert squeezed(" ".join(p.text_content() for p in body.xpath("./p"))) == squeezed(HARBOUR)
    assert len(body.xpath("./p")) == 5


def test_sentences_carry_the_tags_of_their_types(tree, documents):
    tag = {"attack_report": "attack", "official_quote": "quote", "casualty_figure": "casualty"}
    tag["political_context"] = "politics"
    expected = {squeezed(s.text): {tag[name] for name in s.types} for s in documents[0].sentences if s.types}
    assert {text: set(tags) for text, tags in marks(tree.get_element_by_id("a1")).items()} == expected
    assert len(expected) >= 3


def test_the_index_names_articles_and_counts(tree):
    links = tree.xpath('//nav[contains(@class, "index")]//li/a')
    assert [(a.get("href"), a.text) for a in links] == [("#a1", "The harbour"), ("#a2", "hostile.txt")]


def test_a_first_line_that_ends_no_sentence_is_a_headline(model):
    tree = html.fromstring(page_of(model, labelled(model, "harbour.txt", HARBOUR)))
    [headline] = tree.find_class("headline")
    assert headline.text_content().startswith("Rockets hit the harbour")
    assert tree.findtext(".//title") == "Rockets hit the harbour – wiredesk"


def test_one_article_needs_no_index(model, documents):
    assert not html.fromstring(page_of(model, documents[0])).xpath('//nav[contains(@class, "index")]')


def test_lists_lead_to_sentences(tree, documents):
    section = tree.get_element_by_id("a1")
    [figures] = [d for d in section.xpath(".//details") if "Casualty figures" in d.text_content()]
    assert "open" in figures.attrib
    [link] = figures.xpath(".//a")
    target = tree.get_element_by_id(link.get("href")[1:])
    assert squeezed(target.xpath("./span[1]")[0].text_content()) == squeezed(documents[0].sentences[1].text)


def test_only_addresses_of_the_web_are_links(tree):
    assert tree.get_element_by_id("a1").xpath('.//a[@href="https://example.org/1"]/@rel') == ["noreferrer noopener"]
    assert not tree.xpath('//a[starts-with(@href, "javascript")]')
    assert "javascript:alert(1)" in tree.get_element_by_id("a2").text_content()


def test_a_hostile_article_is_text(page, tree):
    shown = tree.get_element_by_id("a2").text_content()
    assert "<script>document.title = 'taken'</script> hit the market." in shown
    assert "<img src=x onerror=alert(1)>" in shown
    assert "\u202e" not in page and "\x1b" not in page and "\ud800" not in page
    assert not tree.xpath("//img")
    page.encode()


def test_nothing_is_loaded_or_run_that_is_not_in_the_page(page, tree):
    [policy] = tree.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not tree.xpath("//@style | //link | //*[@src]")
    assert not [name for name in tree.xpath("//@*") if getattr(name, "attrname", "").startswith("on")]


def test_the_same_documents_give_the_same_bytes(model, documents, page):
    assert page_of(model, *documents) == page


def test_no_documents_give_a_page(model):
    assert "0 articles, 0 sentences" in page_of(model)


def test_sentences_that_came_as_rows(model):
    sentences = [
        LabelledSentence(0, i, 0, len(text), text, "none", (), dict.fromkeys(model.types, 0.1), False)
        for i, text in enumerate(["Rain fell.", "Snow fell."])
    ]
    document = LabelledDocument("d", "", sentences, {}, [{}, {}]).joined()
    body = html.fromstring(page_of(model, document)).xpath('//div[@class="text"]/p')
    assert [squeezed(p.text_content()) for p in body] == ["Rain fell.", "Snow fell."]


def test_tags_are_short_and_differ():
    names = ["attack_report", "attack_claim", "aid", "a" * 60, "a" * 59 + "b", "<b>", "official_quote"]
    tags = [kind.tag for kind in kinds_of(dict.fromkeys(names, 0.5))]
    assert len(set(tags)) == len(names)
    assert all(0 < len(tag) <= 18 for tag in tags)


def test_types_of_a_user_s_own(tmp_path):
    rows = [
        {"text": f"{words} in town {i}.", "labels": labels}
        for i in range(12)
        for words, labels in (("A road was closed", ["road_closure"]), ("The river rose", ["flood"]), ("Rain fell", []))
    ]
    own = wiredesk.train(rows, folds=2)
    tree = html.fromstring(page_of(own, labelled(own, "a.txt", "A road was closed in town 3. Rain fell.")))
    assert [text.strip() for text in tree.xpath('//ul[@class="filters"]//*[@class="name"]/text()')] == ["flood", "road"]


def test_without_jinja2_the_extra_is_named(model, documents, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match=re.escape("pip install 'wiredesk[report]'")):
        page_of(model, *documents)


# In a browser


def shown_tags(tab, tag: str) -> int:
    return tab.locator("#a1 .tags b", has_text=re.compile(f"^{tag}$")).count()


@in_browser
def test_an_article_s_script_does_not_run(visit):
    tab = visit()
    assert tab.title() == "2 articles – wiredesk"
    assert "document.title = 'taken'" in tab.locator("#a2").inner_text()


@in_browser
def test_a_filter_hides_the_marks_of_its_type(visit):
    tab = visit()
    button = tab.locator(".filter", has_text="casualty")
    assert (shown_tags(tab, "casualty"), button.get_attribute("aria-pressed")) == (1, "true")
    button.click()
    assert (shown_tags(tab, "casualty"), button.get_attribute("aria-pressed")) == (0, "false")
    assert shown_tags(tab, "attack") > 0
    assert "killing six people" in tab.locator("#a1").inner_text()
    button.click()
    assert shown_tags(tab, "casualty") == 1


@in_browser
def test_a_slider_moves_the_threshold_and_reset_brings_it_back(visit, documents):
    from playwright.sync_api import expect

    tab = visit()
    tab.locator(".thresholds summary").click()
    before = tab.locator("#a1 .text").inner_html()
    slider = tab.get_by_label("quote", exact=True)
    slider.fill("0")
    everything = len(documents[0].sentences)
    quotes = tab.locator("#a1 .tags b", has_text=re.compile("^quote$"))
    expect(quotes).to_have_count(everything)
    assert tab.locator(".filter", has_text="quote").locator(".number").inner_text() == str(
        everything + len(documents[1].sentences)
    )
    slider.fill("1")
    expect(quotes).to_have_count(0)
    tab.locator("#reset").click()
    expect(tab.locator("#reset")).to_be_disabled()
    assert squeezed(re.sub(r' (tabindex|role)="[^"]*"', "", tab.locator("#a1 .text").inner_html())) == squeezed(
        re.sub(r' (tabindex|role)="[^"]*"', "", before)
    )


@in_browser
def test_a_sentence_tells_what_its_types_rest_on(visit, model, documents):
    tab = visit()
    tab.locator("#a1 .s", has_text="killing six people").hover()
    tab.wait_for_selector("#details .kind")
    told = tab.locator("#details").inner_text()
    assert "Sentence 2 of" in told
    best = max(documents[0].sentences[1].probabilities.values())
    assert f"{best:.2f}" in told
    found = model.explain_document([s.text for s in documents[0].sentences])
    [first] = [e for e in list(found)[1] if e.type == "casualty_figure"]
    assert first.contributions[0].meaning in squeezed(told)


@in_browser
def test_the_keyboard_goes_from_mark_to_mark(visit):
    tab = visit()
    tab.locator("#content").focus()
    tab.keyboard.press("j")
    first = tab.evaluate("document.activeElement.id")
    tab.keyboard.press("j")
    second = tab.evaluate("document.activeElement.id")
    assert re.match(r"a\d+-\d+", first) and first != second
    assert tab.locator("#details .kind").count() > 0
    tab.keyboard.press("k")
    assert tab.evaluate("document.activeElement.id") == first
    tab.keyboard.press("Escape")
    assert tab.locator("#details .kind").count() == 0


@in_browser
def test_a_list_s_entry_goes_to_its_place(visit):
    tab = visit()
    from playwright.sync_api import expect

    tab.locator("#a1 .list[open] a").first.click()
    place = tab.evaluate("location.hash")
    assert re.match(r"#a1-\d+", place)
    expect(tab.locator(place)).to_have_class(re.compile("current"))


@in_browser
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_width_scrolls_sideways(visit, width):
    tab = visit(viewport={"width": width, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@in_browser
def test_a_tap_on_a_phone_opens_the_sheet(visit):
    tab = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    tab.locator("#a1 .s", has_text="killing six people").tap()
    assert tab.locator("#panel").is_visible()
    tab.locator("#close").tap()
    assert tab.locator("#details .kind").count() == 0


def test_contrast_by_hand():
    assert contrast("rgb(0, 0, 0)", "color(srgb 1 1 1)") == pytest.approx(21)


#: Gives the colour of every element that a selector finds, and that of what is behind it.
@pytest.fixture(scope="module")
def twelve():
    """Give the page of an article whose first sentence has twelve types."""
    names = [f"kind{i}_of_many" for i in range(12)]
    rows = [{"text": f"Bell {name} rings {i}.", "labels": [name]} for i in range(4) for name in names]
    own = wiredesk.train(rows, folds=2)
    texts = [f"Bell {i} rings." for i in range(12)]
    sentences = [
        LabelledSentence(0, i, 13 * i, 13 * i + len(text), text, name, own.types if i == 0 else (name,), p, i == 0)
        for i, (text, name) in enumerate(zip(texts, own.types, strict=True))
        for p in [dict.fromkeys(own.types, 0.9) | {name: 0.95}]
    ]
    return page_of(own, LabelledDocument("twelve", "".join(text.ljust(13) for text in texts), sentences, {}))


@in_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_tags_of_every_colour_stand_out_from_their_ground(visit, twelve, scheme):
    tab = visit(twelve, color_scheme=scheme)
    tab.locator(".s").first.click()
    shown = ".m > span:first-child, .tags b, .tags i, .filter span, .list summary, .facts, #details :not(meter, i)"
    found = tab.evaluate(COLOURS, shown)
    assert len({ground for _, ground in found}) >= 7 and len({colour for colour, _ in found}) >= 9
    for colour, ground in found:
        assert contrast(colour, ground) >= 4.5, (colour, ground)


@in_browser
def test_many_types_fit_a_narrow_phone(visit, twelve):
    tab = visit(twelve, viewport={"width": 320, "height": 640})
    tab.locator(".s").first.click()
    assert tab.locator("#details .kind").count() == 12
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320


@in_browser
def test_twelve_types_look_different(visit, twelve):
    tab = visit(twelve)
    looks = tab.evaluate(
        """[...document.querySelectorAll('.filter .name')].map(e => {
            const s = getComputedStyle(e);
            return s.textDecorationStyle + s.textDecorationColor;
        })"""
    )
    assert len(set(looks)) == 12


@in_browser
def test_dark_is_dark(visit):
    grounds = [
        visit(color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]
    assert contrast(*grounds) > 10


@in_browser
def test_types_differ_in_the_line_as_well(visit):
    lines = "[...document.querySelectorAll('.filter .name')].map(e => getComputedStyle(e).textDecorationStyle)"
    assert len(set(visit().evaluate(lines))) == 4


@in_browser
def test_a_type_that_is_hidden_has_no_list(visit):
    tab = visit()
    figures = tab.locator("#a1 .list", has_text="Casualty figures")
    assert figures.is_visible()
    tab.locator(".filter", has_text="casualty").click()
    assert not figures.is_visible()


@in_browser
def test_lists_and_the_index_follow_the_thresholds(visit, documents):
    from playwright.sync_api import expect

    tab = visit()
    tab.locator(".thresholds summary").click()
    tab.get_by_label("casualty", exact=True).fill("0")
    n = len(documents[0].sentences)
    expect(tab.locator("#a1 .list", has_text="Casualty figures").locator("li")).to_have_count(n)
    expect(tab.locator(".index li").first.locator(".count", has_text="casualty")).to_have_text(f"casualty {n}")


@in_browser
def test_arrows_move_only_from_a_sentence(visit):
    tab = visit()
    tab.keyboard.press("ArrowDown")
    assert tab.evaluate("document.activeElement.className") == ""
    tab.keyboard.press("j")
    first = tab.evaluate("document.activeElement.id")
    tab.keyboard.press("ArrowDown")
    assert tab.evaluate("document.activeElement.id") != first
    tab.keyboard.press("ArrowLeft")
    assert tab.evaluate("document.activeElement.id") == first


@in_browser
def test_without_scripts_the_marks_are_there(visit):
    tab = visit(java_script_enabled=False)
    assert shown_tags(tab, "attack") > 0
    assert not tab.locator(".controls").is_visible()
    tab.locator("#a1 .list[open] a").first.click()


@in_browser
def test_print_has_marks_and_no_controls(visit):
    tab = visit()
    tab.emulate_media(media="print")
    assert not tab.locator(".controls").is_visible()
    assert not tab.locator("#panel").is_visible()
    assert tab.locator("#a1 .tags b").first.is_visible()


def test_the_script_s_data_is_json(page):
    [data] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert "<" not in data
    assert len(json.loads(data)["sentences"]) > 6
