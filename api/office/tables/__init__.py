"""Tables in: what offices keep in sheets becomes part of the record, all of a table at once or none of it."""

from __future__ import annotations

from flask import Blueprint

from api.office.frame import Entry
from api.office.tables import hub, screens

ENTRIES = (Entry("past", "/desk/past", "過去の記録・表を入れる", "Past records and tables"),)


def register(blueprint: Blueprint) -> None:
    for screen in (*hub.SCREENS, *screens.SCREENS):
        screen.register(blueprint)
