"""The targets of the office, measured: ``python -m tests.office_targets``.

A real server over a fresh record, prepared with only what a piece of work presupposes, and Chromium, driven
as a clerk would (tests/support/clerk.py): one account of the secretariat, nothing but what a page shows.
Counted: documents that the window loads, also after a form was sent; values typed, each statement and each
option of a text for itself; identifiers among them; choices and presses apart. After each piece of work the
record is asked, as a program asks it, whether everything is on it that was to be. Ends with 1 if a target is
missed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from tests.office_targets import decision, first_screen, tables
from tests.office_targets.prepared import a_council, an_empty_council, at_the_desk, sign_in, the_year
from tests.office_targets.work import Measured
from tests.support.browsing.browser import find_chromium, running_browser


def of_a_decision(browser: Browser) -> Iterator[Measured]:
    with at_the_desk(browser, a_council) as clerk:
        yield decision.a_decision(clerk, partial(sign_in, clerk))
        yield decision.a_mistake(clerk)


def of_past_meetings(browser: Browser) -> Iterator[Measured]:
    with TemporaryDirectory() as folder:
        for name in ("会議録.docx", "会議録.txt"):
            with at_the_desk(browser, a_council) as clerk:
                sign_in(clerk)
                yield tables.a_past_meeting(clerk, Path(folder), name)


def of_members(browser: Browser) -> Iterator[Measured]:
    with at_the_desk(browser, an_empty_council) as clerk:
        sign_in(clerk)
        yield tables.fourteen_members(clerk)


def of_a_year(browser: Browser) -> Iterator[Measured]:
    with at_the_desk(browser, the_year) as clerk:
        yield first_screen.what_is_due(clerk, partial(sign_in, clerk))
        clerk.follow("案件")
        clerk.follow("相談窓口の設け方")
        yield decision.an_account(clerk)


WORKS = {"decision": of_a_decision, "past": of_past_meetings, "members": of_members, "year": of_a_year}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("works", nargs="*", help=f"only these: {', '.join(WORKS)}")
    wanted = parser.parse_args().works or list(WORKS)
    executable = find_chromium()
    if executable is None:
        raise SystemExit("no Chromium found")
    print("| work | target | measured | reached |\n|---|---|---|---|", flush=True)
    missed = 0
    with running_browser(executable) as browser:
        for one in (each for name in wanted for each in WORKS[name](browser)):
            missed += not one.is_reached
            why = "; ".join([*one.over, *(f"missing: {what}" for what in one.missing)])
            verdict = "yes" if one.is_reached else f"no: {why}"
            print(f"| {one.work} | {one.target} | {one.measured} | {verdict} |", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
