"""What tests look with in a browser: where it stands, how a page looks to different people, and what axe says of it.

A page is opened once and then seen in each look, for to open it costs more than all the looking at it. Our pages have
no script, so what a look shows depends on its style sheet alone, which follows the window and the scheme at once.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

CHROMIUM = Path("/usr/bin/chromium")
LAUNCH = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Look = tuple[str, int, int, int]
"""The scheme, the width and height of the window, and how many dots go in a pixel."""

SIZES = {"wide": (1200, 900, 1), "320 px": (320, 800, 1), "200 %": (640, 480, 2)}
EVERY_LOOK: dict[str, Look] = {
    f"{name}, {scheme}": (scheme, *size) for scheme in ("light", "dark") for name, size in SIZES.items()
}

ONE_OF_A_KIND = """
() => {
  const kinds = new Map(), ofElement = new Map(), judged = new Set();
  const kind = (words) => kinds.get(words) ?? (kinds.set(words, kinds.size), kinds.size - 1);
  const painted = (element) => {
    if (!element) return 0;
    if (!ofElement.has(element)) {
      const style = getComputedStyle(element);
      ofElement.set(element, kind([
        painted(element.parentElement), element.tagName, element.className, element.matches(':disabled'),
        element.getAttribute('aria-disabled'), style.color, style.backgroundColor, style.backgroundImage, style.opacity,
        style.filter, style.mixBlendMode, style.position, style.zIndex, style.clip, style.clipPath, style.overflow,
        style.display, style.visibility, style.fontSize, style.fontWeight, style.textShadow, style.textDecoration,
        [style.width, style.height].includes('0px'),
      ].join('|')));
    }
    return ofElement.get(element);
  };
  for (const element of document.querySelectorAll('*')) {
    const isFirst = !judged.has(painted(element)), isAsked = element.labels || element.control;
    element.toggleAttribute('data-judged', isFirst || Boolean(isAsked));
    judged.add(painted(element));
  }
  axe.configure({rules: [{id: 'color-contrast', selector: '[data-judged]'}]});
}
"""
"""Contrast is three quarters of all that axe does. It is judged of one of all elements that are painted alike, up to
the root, as in the rows of a long table; and of each field and label, for the one is looked at with the other."""

Seen = tuple[list[tuple[str, list[str]]], int]
NOTHING: Seen = ([], 0)
"""What is seen of a page with which nothing is wrong."""


def in_each_look(page: Any, looks: Mapping[str, Look] = EVERY_LOOK) -> Iterator[str]:
    """The names of the looks, while the page has each of them in turn; afterwards its window is as it was."""
    session = page.context.new_cdp_session(page)
    for name, (scheme, width, height, zoom) in looks.items():
        page.emulate_media(color_scheme=scheme)
        window = {"width": width, "height": height, "deviceScaleFactor": zoom, "mobile": False}
        session.send("Emulation.setDeviceMetricsOverride", window)
        wears = "[innerWidth, devicePixelRatio, matchMedia('(prefers-color-scheme: dark)').matches]"
        assert page.evaluate(wears) == [width, zoom, scheme == "dark"], name
        yield name
    session.detach()


def faults(page: Any, looks: Mapping[str, Look] = EVERY_LOOK) -> dict[str, Seen]:
    """In which looks of this page there is something wrong, and what."""
    seen = {name: (findings(page), sideways(page)) for name in in_each_look(page, looks)}
    return {name: wrong for name, wrong in seen.items() if wrong != NOTHING}


def findings(page: Any) -> list[tuple[str, list[str]]]:
    """What axe finds on a page as it is: each rule that is broken, with the elements that break it."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(axe.Axe().axe_script)
    page.evaluate(ONE_OF_A_KIND)
    # without the types it also says where all is well: 4 times the work
    found = page.evaluate("axe.run({iframes: false, resultTypes: ['violations']}).then((told) => told.violations)")
    return [(rule["id"], [_html(node) for node in rule["nodes"]]) for rule in found]


def _html(node: Mapping[str, str]) -> str:
    return node["html"].replace(' data-judged=""', "")[:200]


def sideways(page: Any) -> int:
    """How many pixels it is too wide for its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
