"""The year, in a database: made once in a test process, copied for each test file that asks about it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.kernel.viewer import Viewer
from projections.engine.store import Store
from projections.questions.question import QUESTIONS, Ask
from projections.registry import open_store
from tests.support.stories.year import autumn, before, spring, winter  # noqa: F401  their days enter the diary
from tests.support.stories.year.teller import DIARY, Teller

TODAY = dt.date(2026, 3, 20)
"""The day on which the questions are asked: a Friday, eleven days before the fiscal year ends."""


def make_the_year(url: str) -> None:
    """Write the diary into an empty database, day by day."""
    store = open_store(url)
    store.create()
    teller = Teller(store.application)
    for day, told in sorted(DIARY, key=lambda entry: entry[0]):
        teller.write_down(day, told)
    store.close()


class Year:
    """The record of the year, to be asked."""

    def __init__(self, store: Store):
        self.store = store

    def asked(self, code: str, today: dt.date = TODAY, **arguments: Any) -> Any:
        """The whole answer to a question on a day: to the office where the question is the office's."""
        with self.store.engine.connect() as connection:
            viewer = Viewer(staff=QUESTIONS[code].for_staff)
            return QUESTIONS[code].put(Ask(connection, viewer, today), arguments)
