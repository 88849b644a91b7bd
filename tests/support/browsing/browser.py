"""A Chromium for tests, driven by playwright, and axe to look at what it shows.

The browser is the machine's own: a test tool's download of one is neither needed nor wanted.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
"""The axe rule sets that the project is held to (WCAG 2.2 AA; reported against JIS X 8341-3:2016 AA)."""

COLOURS = "color-contrast"
"""The rule that takes most of the time: it asks for every word what lies behind it."""

_TWO_OF_EACH = """() => {
  const told = ["class", "role", "type", "lang", "scope", "aria-hidden", "hidden", "open", "tabindex"];
  const named_by_words = "a, button, label, legend, summary, option, caption, th, h1, h2, h3, h4, h5, h6";
  const known = new Map();
  const made = element => {
    if (known.has(element)) return known.get(element);
    const attributes = [...element.attributes].filter(one => one.name !== "id").map(one =>
      one.name + (told.includes(one.name) ? "=" + one.value : one.value ? "" : "=nothing"));
    const words = element.matches(named_by_words) && !!element.textContent.trim();
    const inside = [...new Set([...element.children].map(made))];
    known.set(element, [element.localName, attributes.sort(), words, inside.sort()].join("|"));
    return known.get(element);
  };
  for (const parent of document.body.querySelectorAll("*")) {
    const met = new Map();
    for (const child of parent.isConnected ? [...parent.children] : []) {
      if (!child.matches("li, tr, article, section, details, option, div")) continue;
      const how = made(child);
      met.set(how, (met.get(how) || 0) + 1);
      if (met.get(how) > 2) child.remove();
    }
  }
}"""


def find_chromium() -> str | None:
    """The path of a Chromium: ``CHROMIUM`` in the environment, or the first found by name."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def running_browser(executable: str) -> Iterator[Browser]:
    """Start a headless browser with an empty profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def leave_two_of_each(page: Page) -> None:
    """Of the rows of a list or a table that are made in the same way, elements, attributes and styles, leave
    two: axe would say of each of a hundred what it says of the first, or of the second, which may have
    another background."""
    page.evaluate(_TWO_OF_EACH)


def axe_violations(
    page: Page, tags: list[str] | None = None, without: str | None = None
) -> list[dict[str, Any]]:
    """What axe finds on a page: rule, impact, help and the elements, ready to be compared with ``[]``.
    ``without``: a rule that is not asked."""
    options = {
        "rules": {without: {"enabled": False}} if without else {},
        "resultTypes": ["violations"],
        "runOnly": {"type": "tag", "values": tags or WCAG_22_AA},
        "preload": False,  # for rules that are not asked
    }
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [
        {
            "rule": violation["id"],
            "impact": violation["impact"],
            "help": violation["help"],
            "elements": [
                f"{' '.join(map(str, node['target']))}: {node['html']}" for node in violation["nodes"]
            ],
        }
        for violation in found
    ]
