"""Records that hold what a piece of work presupposes, and nothing of the work itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from api.access.accounts import Accounts
from projections.registry import open_store
from tests.support.clerk import Clerk
from tests.support.server import running_server
from tests.support.stories.year import before, spring
from tests.support.stories.year.record import make_the_year
from tests.support.stories.year.teller import Day, Teller, day

LOGIN, PASSWORD = "tamura", "only for counting clicks 2026"
Prepare = Callable[[str], None]


def told(*days: tuple[str, Day]) -> Prepare:
    """A record on which these days were written down."""

    def prepare(url: str) -> None:
        store = open_store(url)
        store.create()
        teller = Teller(store.application)
        for on, of_it in days:
            teller.write_down(on, of_it)
        store.close()

    return prepare


a_council = told(
    ("2024-04-01", before.city_and_ordinance),
    ("2025-04-01", spring.the_council_begins),
    ("2025-04-02", spring.the_first_meeting_is_announced),
    ("2025-04-11", spring.a_chair_is_elected),
)
"""A council of fourteen with a chair and rules, whose first meeting was announced."""
the_year = make_the_year


def _nobody_appointed(year: Teller) -> None:
    """A council with its composition and its rules, on which nobody sits yet."""
    about = {"name_ja": "みなも市協働市民会議（架空）", "organised_by": ["citizens", "city"]}
    basis = {**spring.REMIT, "paragraph": 1}
    since = day("2025-04-01")
    year.do("SEC", spring.COUNCIL, "establish", **about, established_on=since, legal_basis=basis)
    kinds = [
        {"category": "organisation", "label_ja": "団体", "seats": 8},
        {"category": "public_recruitment", "label_ja": "公募", "seats": 6},
    ]
    composed = {"seat_categories": kinds, "term_months": 24}
    year.do("SEC", spring.COUNCIL, "define_composition", when="2025-04-01", **composed)


an_empty_council = told(("2024-04-01", before.city_and_ordinance), ("2025-04-01", _nobody_appointed))


@contextmanager
def at_the_desk(browser: Browser, prepare: Prepare) -> Iterator[Clerk]:
    """A real server over a fresh record, and a clerk of the secretariat, who has not signed in yet."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'record.db'}"
        prepare(url)
        store = open_store(url)
        Accounts(store.engine).add(LOGIN, ["SEC"], "p-clerk", PASSWORD)
        store.close()
        with running_server(url, workers=1) as base:
            clerk = Clerk(browser, base)
            try:
                yield clerk
            finally:
                clerk.close()


def sign_in(clerk: Clerk) -> None:
    clerk.sign_in(LOGIN, PASSWORD)
