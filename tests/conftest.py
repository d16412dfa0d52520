"""Fixtures of more than one module."""

from __future__ import annotations

import pytest

from tests.browsing import CHROMIUM, FLAGS


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as session:
        found = session.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def visit(browser, page, tmp_path):
    """Give a function that opens the page, and see that nothing else is asked for and nothing goes wrong."""
    path = tmp_path / "page.html"
    contexts, requests, errors = [], [], []

    def go(shown=page, **options):
        path.write_text(shown, encoding="utf-8")
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        tab = context.new_page()
        tab.on("request", lambda request: requests.append(request.url))
        tab.on("console", lambda message: errors.append(message.text))
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.goto(path.as_uri())
        return tab

    yield go
    for context in contexts:
        context.close()
    assert set(requests) <= {path.as_uri()}
    assert errors == []
