"""Tables in: what offices keep in sheets becomes part of the record, all of a table at once or none of it."""

from __future__ import annotations

from flask import Blueprint

from api.office.desk.frame import Entry
from api.office.tables import action_page, budget_page, hub, roster_page, screens
from api.office.tables.minutes import screens as minutes

ENTRIES = (
    Entry("members", "/desk/members", "委員", "Members"),
    Entry("budgets", "/desk/budgets", "事業と予算", "Actions and budgets"),
    Entry("past", "/desk/past", "過去の記録・表を入れる", "Past records and tables"),
)


def register(blueprint: Blueprint) -> None:
    for screen in (
        *roster_page.SCREENS,
        *budget_page.SCREENS,
        *action_page.SCREENS,
        *hub.SCREENS,
        *screens.SCREENS,
        *minutes.SCREENS,
    ):
        screen.register(blueprint)
