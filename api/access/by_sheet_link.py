"""Who writes by the one-time link of an evaluation sheet: its citizens' side, in that request alone."""

from __future__ import annotations

from flask import g

from api.access.auth import Caller
from api.access.sheet_links import SheetLinks
from api.http.language import tr
from api.setup.one_moment import living
from api.setup.store import record_store


def sheet_links() -> SheetLinks:
    return SheetLinks(record_store().engine, reading=living)


def act_for_citizens(sheet_id: str, party: str | None) -> None:
    """Whoever is here by the link of a sheet writes for its citizens' side in this request, whoever else may
    be signed in. The side has one name among drafts and lines of the log, whichever link it has."""
    side = tr("市民側", "citizens' side")
    g.kyodo_caller = Caller(f"citizens of {sheet_id}", side, party, frozenset({"EV-C"}), by_session=True)
