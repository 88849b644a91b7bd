"""Meetings at the desk 会議: making the next one, the day itself, and its minutes."""

from __future__ import annotations

from flask import Blueprint

from api.office.desk.frame import Entry
from api.office.meetings import day, listing, minutes, new, one

ENTRIES = (Entry("meetings", "/desk/meetings", "会議", "Meetings"),)


def register(blueprint: Blueprint) -> None:
    for screens in (listing, new, one, day, minutes):
        screens.register(blueprint)
