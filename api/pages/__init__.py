"""The public site, in Japanese at ``/…`` and in English at ``/en/…``: one file for each family of pages.

A page asks views and makes its template's view-model (see serving.py); nothing here decides or records.
"""

from __future__ import annotations

from flask import Blueprint, Flask

from api.http.language import register_in_each
from api.pages.council import council, ordinance, participation
from api.pages.matter import decision_page, issues, matters
from api.pages.meeting import events_list, meetings
from api.pages.parts import trails
from api.pages.plan import actions, plans, sheets, study
from api.pages.record import (
    changes,
    disclosure_requests,
    documents,
    due,
    home,
    questions,
    rules,
    search,
    sources,
    timeline,
    views,
)

FAMILIES = (
    home,
    timeline,
    council,
    meetings,
    matters,
    decision_page,
    actions,
    sheets,
    study,
    issues,
    ordinance,
    sources,
    documents,
    due,
    disclosure_requests,
    events_list,
    participation,
    plans,
    questions,
    rules,
    trails,
    views,
    changes,
    search,
)

blueprint = Blueprint("pages", __name__)
for family in FAMILIES:
    family.register(blueprint)


def init_app(app: Flask) -> None:
    register_in_each(app, blueprint)
