"""A clerk at the office's screens in Chromium, and what the work costs them: loads of pages, values typed,
choices, presses, files, identifiers.

The clerk knows what stands on the page, and nothing else: a field is filled in by its visible label, a choice
is made by its words, a button or a link is pressed by what it says, and what lies behind 「もっと」 is
unfolded first. Nothing is opened by its address but the way in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request

from domain.kernel.record import KINDS
from projections.registry import load

SETTLES = 20_000
"""So many milliseconds are waited for what a page works out while somebody types."""

_WATCHES = """() => {
  const seen = window.clerk = {typed: 0, asked: 0, shown: 0};
  let time = 0;
  const now = () => ++time;
  const typed = () => { seen.typed = now(); };
  for (const what of ["input", "change"]) document.addEventListener(what, typed, true);
  document.addEventListener("live:shown", () => { seen.shown = now(); }, true);
  const asking = window.fetch;
  window.fetch = (where, how) => {
    if (how && how.body instanceof URLSearchParams && how.body.get("do") === "check") seen.asked = now();
    return asking(where, how);
  };
}"""
_SETTLED = """() => !document.querySelector("form[data-check]") || !window.clerk.typed
  || (window.clerk.asked > window.clerk.typed && window.clerk.shown > window.clerk.asked)"""

_HEADINGS = "h2, h3, legend, summary, th, p > b:first-child"
_OF_A_FIELD = "label:visible:not(:has([type=radio], [type=checkbox]))"
_OFFERED = "field => [...(field.options || field.list?.options || [])].map(o => (o.label || o.value).trim())"


@dataclass
class Counted:
    """What a piece of work costs. ``loads``: documents that the window loads, also after a form was sent; a
    form that is sent and leads on is one. ``typed``: values typed, each statement or option of a text for
    itself. ``ids``: values typed that are identifiers of the record."""

    logins: int = 0
    loads: int = 0
    typed: int = 0
    ids: int = 0
    pasted: int = 0
    files: int = 0
    choices: int = 0
    presses: int = 0

    def __sub__(self, before: Counted) -> Counted:
        names = [field.name for field in fields(self)]
        return Counted(**{name: getattr(self, name) - getattr(before, name) for name in names})

    def copy(self) -> Counted:
        return replace(self)


def looks_like_an_id(text: str) -> bool:
    """Whether a value is an identifier of the record: ``matter-2026-k3f9qa``, ``opt-1``."""
    load()
    prefixes = {kind.id_prefix().rstrip("-") for kind in KINDS.values()} | {"option", "item", "seat"}
    return re.fullmatch(rf"(?:{'|'.join(sorted(prefixes))})-[a-z0-9-]+", text.strip()) is not None


class Clerk:
    """One account in one window."""

    def __init__(self, browser: Browser, base: str, *, width: int = 1280):
        self.base, self.counted = base, Counted()
        self.context: BrowserContext = browser.new_context(
            locale="ja-JP", timezone_id="Asia/Tokyo", viewport={"width": width, "height": 900}
        )
        self.context.add_init_script(f"({_WATCHES})()")
        self.page: Page = self.context.new_page()
        self.context.on("request", self._requested)

    def _requested(self, request: Request) -> None:
        """A document is loaded into the window: one, however often it is led on."""
        if request.is_navigation_request() and request.redirected_from is None:
            frame = request.frame
            self.counted.loads += frame.parent_frame is None

    def close(self) -> None:
        self.context.close()

    @contextmanager
    def work(self) -> Iterator[Counted]:
        """What is done within is counted in what is given."""
        before, cost = self.counted.copy(), Counted()
        yield cost
        done = self.counted - before
        for field in fields(cost):
            setattr(cost, field.name, getattr(done, field.name))

    # -- the way in

    def sign_in(self, login: str, password: str, to: str = "/desk") -> None:
        """Sign in with a local account. The page of the password and its two fields are the login; the screen
        that it leads to is a load."""
        before = self.counted.copy()
        self.page.goto(f"{self.base}/signin?next={to}")
        self.page.fill("input[name=username]", login)
        self.page.fill("input[name=password]", password)
        self._going(lambda: self.page.click("main form button[type=submit]"))
        self.counted = before
        self.counted.logins += 1
        self.counted.loads += 1

    @property
    def path(self) -> str:
        """Where the clerk is, without the language."""
        return self.page.url.removeprefix(self.base)

    # -- reading

    def sees(self, text: str) -> bool:
        return self.page.locator("main").get_by_text(text).locator("visible=true").count() > 0

    def text(self) -> str:
        """All that stands on the page."""
        return self.page.locator("main").inner_text()

    def refused(self) -> list[str]:
        """What the page refuses, in its words."""
        notes = self.page.locator("main .note.bad, main .err").locator("visible=true")
        return [" ".join(note.inner_text().split()) for note in notes.all()]

    # -- at the form

    def _within(self, within: str | None) -> Locator:
        """A part of the page by its heading, its legend or its name; without one, all of it."""
        main = self.page.locator("main")
        if within is None:
            return main
        begins = re.compile(rf"^\s*{re.escape(within)}(?:\s|必須|$)")
        heading = self.page.locator(_HEADINGS, has_text=begins)
        return main.locator("section, fieldset, details, li, tr").filter(has=heading).last

    def _field(self, label: str, within: str | None, nth: int) -> Locator:
        """The field of a label that somebody can read: the label itself, without the help beside it."""
        area = self._within(within)
        exact = re.compile(rf"^\s*{re.escape(label)}(?:\s|必須|$)")
        found = area.locator(_OF_A_FIELD, has_text=exact)
        if found.count() > nth:
            ident = found.nth(nth).get_attribute("for")
            if ident:
                return self.page.locator(f'[id="{ident}"]')
            return found.nth(nth).locator("input, select, textarea").first
        return area.get_by_label(label, exact=True).locator("visible=true").nth(nth)

    def fill(self, label: str, *values: str, within: str | None = None, nth: int = 0) -> None:
        """Type into the field of this label; several values are lines of one text, each counted."""
        field = self._field(label, within, nth)
        field.fill("\n".join(values))
        self.counted.typed += len(values)
        self.counted.ids += sum(looks_like_an_id(value) for value in values)

    def paste(self, label: str, text: str, within: str | None = None, nth: int = 0) -> None:
        """Put what was copied elsewhere into a field."""
        self._field(label, within, nth).fill(text)
        self.counted.pasted += 1

    def attach(self, label: str, path: Path, within: str | None = None, nth: int = 0) -> None:
        self._field(label, within, nth).set_input_files(path)
        self.counted.files += 1

    def choose(self, label: str, option: str, within: str | None = None, nth: int = 0) -> None:
        """Choose from the list of this label; of a field with type-ahead, take what it offers."""
        field = self._field(label, within, nth)
        offered = field.evaluate(_OFFERED)
        if option not in offered:
            raise AssertionError(f"{label} does not offer {option}, but {offered}")
        if field.evaluate("field => field.localName") == "select":
            field.select_option(label=option)
        else:
            field.fill(option)
        self.counted.choices += 1

    def mark(self, choice: str, within: str | None = None, nth: int = 0) -> None:
        """Take one of several that stand beside each other, or tick a box, by its words."""
        exact = re.compile(rf"^\s*{re.escape(choice)}\s*$")
        self._within(within).locator("label:visible", has_text=exact).nth(nth).click()
        self.counted.choices += 1

    def unfold(self, summary: str, within: str | None = None, nth: int = 0) -> None:
        """Open what is folded under these words."""
        self._within(within).locator("summary:visible", has_text=summary).nth(nth).click()
        self.counted.presses += 1

    def settle(self) -> None:
        """Wait until the page has shown what would come of all that was typed."""
        self.page.wait_for_function(_SETTLED, timeout=SETTLES)

    def press(self, name: str, within: str | None = None, nth: int = 0, *, leads: bool = True) -> None:
        """Press a button by what it says. ``leads``: it loads a page."""
        self.settle()
        button = self._within(within).get_by_role("button", name=name, exact=True).nth(nth)
        self._press(button, leads=leads)

    def follow(self, name: str, within: str | None = None, nth: int = 0) -> None:
        """Go where a link leads, by what it says; of the whole page, with its rail."""
        area = self.page.locator("body") if within is None else self._within(within)
        link = area.get_by_role("link", name=name, exact=True).locator("visible=true").nth(nth)
        self._press(link, leads=True)

    def key(self, key: str) -> None:
        """Press a key that a screen knows."""
        self.page.keyboard.press(key)
        self.counted.presses += 1

    def _press(self, control: Any, *, leads: bool) -> None:
        self.counted.presses += 1
        if leads:
            self._going(control.click)
        else:
            control.click()

    def _going(self, press: Any) -> None:
        with self.page.expect_event("domcontentloaded", timeout=60_000):
            press()
