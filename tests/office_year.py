"""One real year done at the office's screens in Chromium: ``python -m tests.office_year``.

On an empty record, with one account of the secretariat and no identifier, the year of
tests/support/stories/year/story.md is written down as a clerk does it: on the screens of the daily work where
there is one, in the forms of the commands for the rest, each found by links that say what they lead to. The
clock of the server stands on the day on which the story says that it was written down. Then every question
that tests/acceptance/year asks of the fixture is asked of this record, and must be answered the same.

Ends with 1 if an answer differs, an act could not be done, or an identifier was typed.
"""

from __future__ import annotations

import argparse
import logging
import pickle
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from api.access.accounts import Accounts
from projections import registry
from projections.engine.log import events_after
from projections.registry import open_store
from tests.api.office.every_form.acts import noted
from tests.support.browsing.browser import find_chromium, running_browser
from tests.support.browsing.year import dated
from tests.support.browsing.year.answers import ALLOWED, Names, Pages, asked_of_the_year, differences
from tests.support.browsing.year.desk import FORM, PASSWORD, AtTheDesk, Fetching
from tests.support.browsing.year.screens import steps
from tests.support.clerk import Clerk
from tests.support.server import created, free_port, running, settings_for
from tests.support.stories.year.record import Year, make_the_year

SERVER = "python:tests.support.browsing.year.dated"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--until", help="stop after the acts of this day: 2025-06-13")
    parser.add_argument("--url", help="an empty database; otherwise one is made")
    parser.add_argument("--since", help="go on from this day, as --keep has it")
    parser.add_argument(
        "--keep", type=Path, help="a folder for how the record is at the beginning of each day"
    )
    parser.add_argument("--look", type=Path, help="a folder for a picture of each fault")
    parser.add_argument("--answers", action="store_true", help="compare alone, how --keep has the end")
    wanted = parser.parse_args()
    executable = find_chromium()
    if executable is None:
        raise SystemExit("no Chromium found")
    logging.disable(logging.CRITICAL)
    registry.load()
    with tempfile.TemporaryDirectory(prefix="kyodo-year-") as folder:
        return run(Path(folder), wanted, executable)


def run(folder: Path, wanted: argparse.Namespace, executable: str) -> int:
    began = time.monotonic()
    fixture = f"sqlite:///{folder / 'fixture.sqlite'}"
    with noted() as story:
        make_the_year(fixture)
    if wanted.answers:
        end = Kept(wanted.keep, folder / "desk.sqlite")
        end.bring_back("end")
        created(f"sqlite:///{end.database}")  # kept by an older version, perhaps
        names = end.held("end")["names"]
        return int(bool(compare(fixture, f"sqlite:///{folder / 'desk.sqlite'}", names)))
    planned = [step for step in steps(story.acts) if not wanted.until or step.day <= wanted.until]
    url = wanted.url or f"sqlite:///{folder / 'desk.sqlite'}"
    kept = Kept(wanted.keep, folder / "desk.sqlite") if wanted.keep else None
    if kept and wanted.since:
        kept.bring_back(wanted.since)
        planned = [step for step in planned if step.day >= wanted.since]
    created(url)
    clock = folder / "clock"
    dated.set_clock(clock, planned[0].acts[0].at)
    store = open_store(url)
    if not wanted.since:
        Accounts(store.engine).add("secretariat", ["SEC"], password=PASSWORD)
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        SERVER,
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "1",
    ]
    env = settings_for(url) | {"PORT": str(port), dated.VARIABLE: str(clock)}
    with running(command, port, env) as base, running_browser(executable) as browser:
        clerk = Clerk(browser, base)
        clerk.sign_in("secretariat", PASSWORD)
        desk = AtTheDesk(None, Fetching(clerk), "", base=base, clock=clock, browser=browser, reading=store)  # type: ignore[arg-type]
        desk.clerks["p-clerk"] = clerk
        desk.event_ids = {(e.entity, e.version): e.event_id for act in story.acts for e in act.events}
        if kept and wanted.since:
            kept.remember(wanted.since, desk)
        for step in planned:
            if step.day not in desk.days:
                print(step.day, len(desk.done), file=sys.stderr, flush=True)
            if kept and step.day not in desk.days:
                kept.keep(step.day, desk)
            faults = len(desk.faults)
            desk.step(step)
            if len(desk.faults) > faults and wanted.look:
                clerk.page.screenshot(path=wanted.look / f"{faults}.png", full_page=True)
            for fault in desk.faults[faults:]:
                print(f"  {step.day} {fault}", flush=True)
    if kept:
        kept.keep("end", desk)
    told(desk, time.monotonic() - began)
    store.close()
    typed_ids = sum(one.counted.ids for one in desk.clerks.values())
    differing = 0 if wanted.until else compare(fixture, url, desk.names)
    return int(bool(desk.faults or typed_ids or differing))


def compare(fixture: str, url: str, names_here: dict[str, str]) -> int:
    """How many answers differ between the fixture and the record made at the desk."""
    asked = asked_of_the_year()
    for line in asked.failing:
        print(f"on the fixture itself: {line}")
    records = [open_store(one) for one in (fixture, url)]
    there, here = map(Year, records)
    account = Accounts(records[1].engine).named("secretariat")
    logs = []
    for record in records:
        with record.engine.connect() as connection:
            logs.append(events_after(connection, 0, limit=5_000))
    plain, mapped = Names({}), Names(names_here, (logs[0], logs[1]))
    mapped.there[account.party_id or ""] = "p-clerk"
    differing, otherwise = 0, Counter[str]()
    for code, day, arguments in asked.questions:
        expected = plain.told(there.asked(code, day, **dict(arguments)))
        answer = mapped.told(here.asked(code, day, **{name: mapped.ask(v) for name, v in arguments}))
        found = _not_allowed(differences(expected, answer), otherwise)
        differing += _shown(f"{code} {dict(arguments)} on {day}", found)
    pages = [Pages(fixture, "reader"), Pages(url, "secretariat")]
    Accounts(records[0].engine).add("reader", ["SEC"], "p-clerk")
    for record in records:
        record.close()
    opened = list(asked.pages)
    first = pages[0].words(opened)
    second = pages[1].words([(mapped.path(path), on) for path, on in opened])
    for (path, on), expected, answer in zip(opened, first, second, strict=True):
        found = _not_allowed(differences(plain.words(expected), mapped.words(answer)), otherwise)
        differing += _shown(f"{path} on {on}", found)
    for reason, number in otherwise.items():
        print(f"  said otherwise by nature: {reason} ({number})")
    of = len(asked.questions) + len(opened)
    kinds = f"{len(asked.questions)} questions, {len(opened)} pages"
    print(f"answers compared: {of} ({kinds}); equal: {of - differing}")
    return differing + len(asked.failing)


def _not_allowed(found: Iterable[str], otherwise: Counter[str]) -> list[str]:
    """The differences that are none by nature; the others are counted by their reason."""
    left = []
    for line in found:
        reason = next((reason for pattern, reason in ALLOWED if re.search(pattern, line)), None)
        if reason is None:
            left.append(line)
        else:
            otherwise[reason] += 1
    return left


def _shown(what: str, found: list[str]) -> bool:
    if found:
        print(f"{what}: {len(found)} differences")
        for line in found[:12]:
            print(f"    {line[:400]}")
    return bool(found)


class Kept:
    """How the record and the desk are at the beginning of each day of the diary: to begin there again."""

    NAMES = ("names", "things", "known", "seats", "days")

    def __init__(self, folder: Path, database: Path):
        self.folder, self.database = folder, database
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, day: str, desk: AtTheDesk) -> None:
        with sqlite3.connect(self.database) as here, sqlite3.connect(self.folder / f"{day}.sqlite") as there:
            here.backup(there)
        held = {name: getattr(desk, name) for name in self.NAMES}
        (self.folder / f"{day}.pickle").write_bytes(pickle.dumps(held | {"logins": list(desk.clerks)}))

    def bring_back(self, day: str) -> None:
        shutil.copy(self.folder / f"{day}.sqlite", self.database)

    def held(self, day: str) -> dict[str, Any]:
        held: dict[str, Any] = pickle.loads((self.folder / f"{day}.pickle").read_bytes())
        return held

    def remember(self, day: str, desk: AtTheDesk) -> None:
        held = self.held(day)
        for n, party in enumerate(held.pop("logins")):
            if party not in desk.clerks:
                assert desk.browser is not None
                desk.clerks[party] = Clerk(desk.browser, desk.base)
                desk.clerks[party].sign_in(f"user{n}", PASSWORD)
        for name, value in held.items():
            setattr(desk, name, value)


def told(desk: AtTheDesk, spent: float) -> None:
    """What was done where and by whom, what it cost, and what the screens of the daily work say otherwise."""
    print(f"{len(desk.done)} acts of the story, {sum(n for *_, n in desk.done)} events recorded")
    for where, number in Counter(where for _, where, _ in desk.done).most_common():
        print(f"  {where}: {number}")
    for party, clerk in desk.clerks.items():
        acted = sum((act.terms.actor.party or "") == party for act, where, _ in desk.done if where == FORM)
        who = "the secretariat" if party == "p-clerk" else f"{desk.title(party)} (invited)"
        print(
            f"  account of {who}: {clerk.counted.loads} page loads"
            + (f", {acted} acts" if party != "p-clerk" else "")
        )
    for note, number in Counter(desk.notes).items():
        print(f"  otherwise than in the story: {note}" + (f" ({number} times)" if number > 1 else ""))
    counted = [clerk.counted for clerk in desk.clerks.values()]
    total = {name: sum(getattr(one, name) for one in counted) for name in vars(counted[0])}
    print(", ".join(f"{name} {number}" for name, number in total.items()))
    print(f"{spent / 60:.1f} minutes, {len(desk.faults)} acts at fault")


if __name__ == "__main__":
    sys.exit(main())
