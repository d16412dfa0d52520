"""What tests of pages share: a real browser, and what is measured in it."""

from __future__ import annotations

import re
import shutil

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
in_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

COLOURS = """selector => [...document.querySelectorAll(selector)].map(element => {
    let ground = element;
    while (getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
    return [getComputedStyle(element).color, getComputedStyle(ground).backgroundColor];
})"""


def squeezed(text: str) -> str:
    return " ".join(text.split())


def contrast(one: str, other: str) -> float:
    """Compute WCAG's contrast of two colours as the browser writes them."""

    def luminance(colour):
        whole = 1 if colour.startswith("color(srgb ") else 255
        parts = [float(part) / whole for part in re.findall(r"[\d.]+(?:e-\d+)?", colour)[:3]]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
