"""The office 事務局の机, in Japanese at ``/desk…`` and in English at ``/en/desk…``: where a city records.

A screen composes commands that exist already; nothing here decides. Each is served in the frame (frame.py),
which knows who is at the desk and loses nothing of what was typed.
"""

from __future__ import annotations

from flask import Blueprint, Flask

from api.http.language import register_in_each
from api.office import admin, cases, draft_screens, meetings, mending, sent_in, sheets, tables, today
from api.office.desk.frame import Family, init_frame
from api.office.forms import entry, kinds
from api.office.forms import pages as forms
from api.office.matters import city_answer, matter_desk
from api.office.my import member_page
from api.office.sheets import citizens_side

FAMILIES: tuple[Family, ...] = (
    today,
    meetings,
    matter_desk,
    city_answer,
    tables,
    sheets,
    draft_screens,
    mending,
    cases,
    sent_in,
    kinds,
    forms,
    admin,
)
"""Modules with ``register(blueprint)``, in the order of the rail."""


def init_app(app: Flask) -> None:
    entry.init_app(app)
    desk = Blueprint("office", __name__, url_prefix="/desk")
    for family in FAMILIES:
        family.register(desk)
    my = Blueprint("my", __name__, url_prefix="/my")
    member_page.register(my)
    init_frame(app, (*FAMILIES, member_page))
    register_in_each(app, desk)
    register_in_each(app, my)
    register_in_each(app, citizens_side.blueprint)
