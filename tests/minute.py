"""A reader's minute: ``python -m tests.minute``. A citizen opens home on a phone, then a decision.

Over Kanazawa's history, a real year and a fictional record, in both languages: home answers its five
questions within two screens of a phone, and a decision tells its three sentences, each with its evidence,
before anything else. Prints what was read and at which height it ended; the last line says whether all of it
was there.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from domain.sample.record import make_sample
from projections import registry
from projections.registry import open_store
from tests.support.browsing.browser import find_chromium, running_browser
from tests.support.server import running_server
from tests.support.stories.year.record import make_the_year

PHONE = {"width": 390, "height": 844}
TWO_SCREENS, LONGEST, HEAVIEST = 1_700, 12_000, 60_000
QUESTIONS = {
    "what the council is": ".hero",
    "what was decided lately": "section[aria-labelledby=decided]",
    "how the city answered": "section[aria-labelledby=answers]",
    "what comes next": "section[aria-labelledby=next]",
    "how to take part": "section[aria-labelledby=join]",
}
"""The five questions, each with where home answers it."""


@dataclass(frozen=True)
class Record:
    """A record to be read. ``decisions``: paths of its decisions; none where it has none."""

    name: str
    base: str
    decisions: tuple[str, ...]


class Reader:
    """Reads pages on a phone, and remembers what was not there."""

    def __init__(self, browser: Browser):
        self.page: Page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
        self.lacking: list[str] = []

    def open(self, address: str) -> None:
        self.page.goto(address)
        with urlopen(address) as answer:
            weight = len(gzip.compress(answer.read()))
        height = self.page.evaluate("document.documentElement.scrollHeight")
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        print(f"  {height:,} px, {weight:,} bytes compressed")
        self.need(height <= LONGEST and weight <= HEAVIEST and wide <= PHONE["width"], f"{address}: its size")

    def need(self, is_there: bool, what: str) -> None:
        if not is_there:
            self.lacking.append(what)

    def end_of(self, selector: str) -> int:
        box = self.page.locator(selector).first.bounding_box()
        return round(box["y"] + box["height"]) if box else 0

    def home(self, record: Record, prefix: str) -> None:
        address = f"{record.base}{prefix}/"
        print(f"{record.name}, home {prefix or 'ja'}")
        self.open(address)
        for question, selector in QUESTIONS.items():
            text = " ".join(self.page.locator(selector).first.inner_text().split())
            end = self.end_of(selector)
            print(f"  {question} (ends at {end:,} px): {text[:110]}")
            self.need(len(text) > 10 and end <= TWO_SCREENS, f"{address}: {question} within {TWO_SCREENS} px")

    def decision(self, record: Record, prefix: str, path: str) -> None:
        address = f"{record.base}{prefix}{path}"
        self.open(address)
        tells = self.page.locator(".tells .tell").all_inner_texts()
        print(f"{record.name}, {self.page.locator('h1').inner_text()!r} ends at {self.end_of('.tells'):,} px")
        for text in tells:
            print(f"  · {' '.join(text.split())}")
        self.need(len(tells) == 3, f"{address}: three sentences")
        self.need(self.end_of(".tells") <= PHONE["height"], f"{address}: them on the first screen")
        done = self.page.locator(".tells .tell.is-done:not(.by-money), .tells .by-money.is-done").all()
        self.need(all(tell.locator("a.ev").count() for tell in done), f"{address}: evidence of each")
        for link in self.page.locator(".tells a.ev").all():
            anchor = (link.get_attribute("href") or "").partition("#")[2]
            self.need(self.page.locator(f"[id='{anchor}']").count() == 1, f"{address}: event {anchor}")


def main() -> int:
    executable = find_chromium()
    if executable is None:
        raise SystemExit("no Chromium found")
    registry.load()
    with tempfile.TemporaryDirectory() as folder, running_browser(executable) as browser:
        reader = Reader(browser)
        for name, decisions in (
            ("history", ()),
            ("year", ("/matters/matter-desk", "/matters/matter-fund", "/matters/matter-centre")),
            ("sample", ("/matters/matter-s00001", "/matters/matter-s00016")),
        ):
            url = f"sqlite:///{Path(folder) / name}.sqlite"
            _fill(name, url)
            with running_server(url, workers=1, create=False) as base:
                for prefix in ("", "/en"):
                    record = Record(name, base, decisions)
                    reader.home(record, prefix)
                    for path in decisions:
                        reader.decision(record, prefix, path)
    for what in reader.lacking:
        print(f"LACKING {what}")
    print("all of it was there" if not reader.lacking else f"{len(reader.lacking)} things were not there")
    return 1 if reader.lacking else 0


def _fill(name: str, url: str) -> None:
    if name == "year":
        make_the_year(url)
        return
    store = open_store(url)
    store.create()
    if name == "history":
        import_history(store.application, read_history(KANAZAWA))
    else:
        make_sample(store.application, meetings=16, seed=5)
    store.close()


if __name__ == "__main__":
    sys.exit(main())
