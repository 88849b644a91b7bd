"""記録する, 直す: for the office, from a public page to what can be recorded of its thing, and from a line of
it to where that is put right."""

from __future__ import annotations

import re

import sqlalchemy as sa
from flask import Flask, request

from api.access.auth import current_caller, required_caller
from api.http.language import href, plain_path
from api.office.forms.offered import in_person
from api.pages.parts.names import PAGES
from api.reads.as_of import moment
from api.reads.reading import viewer
from api.setup.one_moment import living
from domain.kernel.record import KINDS
from projections.views.matter.decision_trail import thing

_THING = re.compile(r"(/[a-z-]+/)([a-z0-9][a-z0-9-]{0,79})")
_BY_PAGE = {page: kind for kind, page in PAGES.items()}
_ALONE = {"/council": "Council", "/study": "CenterStudy"}
"""Pages that show the one thing of their kind, without naming it."""


def office_here() -> str | None:
    """Where somebody records what concerns the page at hand: the office, and whoever does in person what
    nobody does for another (a side its evaluation, a chair an approval); None for anybody else."""
    if request.method != "GET" or current_caller() is None:
        return None
    path = plain_path()
    if path in _ALONE:
        return _of(_ALONE[path], None)
    match = _THING.fullmatch(path)
    if match is None:
        return None
    kind = _BY_PAGE.get(match[1])
    return _of(kind, match[2]) if kind is not None or match[1] == "/trails/" else None


def mend_here(position: int | None) -> str | None:
    """Where the office puts a line of the record right; None for anybody else, and in the past."""
    if position is None or moment().is_past or current_caller() is None or not viewer().staff:
        return None
    return href(f"/desk/mend/{position}").partition("?")[0]


def _of(kind: str | None, entity: str | None) -> str | None:
    known = thing.table.c
    chosen = sa.select(known.id, known.kind).where(known.id == known.entity)
    chosen = chosen.where(known.kind == kind) if entity is None else chosen.where(known.id == entity)
    with living() as connection:
        rows = connection.execute(chosen.limit(2)).all()
    if len(rows) != 1 or (kind is not None and rows[0].kind != kind):
        return None
    if not viewer().staff and not in_person(KINDS[rows[0].kind], required_caller()):
        return None
    return href(f"/desk/{KINDS[rows[0].kind].COLLECTION}/{rows[0].id}/-").partition("?")[0]


def init_app(app: Flask) -> None:
    """Let every page ask for it."""
    app.context_processor(lambda: {"office_here": office_here, "mend_here": mend_here})
