"""記録する /desk/record: every kind of thing there is to record about; of one kind, what can be begun, and
the things that there are, by name.

So whatever has a form is reached from the rail, in this order: a kind, a thing of it, an act.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from api.access.auth import Caller, required_caller
from api.http.language import href, tr
from api.office.desk import refused as refusals
from api.office.desk.frame import Entry, Screen, office_page
from api.office.forms import offered
from api.office.forms.fields.things import Things
from domain.kernel.id_fields import Named
from domain.kernel.record import KINDS, Record
from domain.values.refusal import Refusal
from projections.engine.event_json import Json

ENTRIES = (Entry("record", "/desk/record", "記録する（すべて）", "Record anything"),)
LISTED = 40
"""So many things of a kind stand on its page; of more, the others are looked for by name."""


def show() -> AnyResponse:
    """The kinds, those first of which most is said in a year."""
    caller = required_caller()
    kinds = [
        {
            "label": tr(*kind.LABEL),
            "url": href(f"/desk/{kind.COLLECTION}"),
            "begins": [tr(*one.command.about) for one in _begun(name, caller)],
        }
        for name, kind in KINDS.items()
    ]
    return office_page("office/forms/kinds.html", "record", kinds=kinds)


def _begun(kind: str, caller: Caller) -> list[offered.Offer]:
    return [one for one in offered.offers(kind, None, caller) if one.refused is None]


def of_kind(connection: sa.Connection, kind: type[Record], name: str) -> tuple[str | None, Json]:
    """The thing that is called so, if one is; and the things of a kind, as its page lists them."""
    things, named = Things(connection, kind.__name__, None), Named((kind.__name__,))
    newest, many = things.suggested(named, LISTED, LISTED)
    chosen, wrong = None, None
    if name:
        try:
            chosen = things.meant(named, name)
        except Refusal as refused:
            wrong = refusals.shown(refused)
    return chosen, {
        "there": [{"label": c.label, "url": href(f"/desk/{kind.COLLECTION}/{c.id}")} for c in newest],
        "search": things.search(named) if many else None,
        "name": name,
        "wrong": wrong,
    }


NONE: dict[str, Any] = {"there": [], "search": None, "name": "", "wrong": None}
"""Of a page about one thing."""


def register(blueprint: Blueprint) -> None:
    Screen("/record", show).register(blueprint)
