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


def axe_violations(page: Page, tags: list[str] | None = None) -> list[dict[str, Any]]:
    """What axe finds on a page: rule, impact, help and the elements, ready to be compared with ``[]``."""
    options = {
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
