"""The public site, in Japanese at ``/…`` and in English at ``/en/…``: one file for each family of pages.

A page asks views and makes its template's view-model (see serving.py); nothing here decides or records.
"""

from __future__ import annotations

from flask import Blueprint, Flask

from api.language import register_in_both
from api.pages import (
    actions,
    changes,
    council,
    documents,
    due,
    events_list,
    home,
    issues,
    matters,
    meetings,
    ordinance,
    participation,
    plans,
    questions,
    rules,
    search,
    sheets,
    sources,
    study,
    timeline,
    trails,
    views,
)

FAMILIES = (
    home,
    timeline,
    council,
    meetings,
    matters,
    actions,
    sheets,
    study,
    issues,
    ordinance,
    sources,
    documents,
    due,
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
    register_in_both(app, blueprint)
