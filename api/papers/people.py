"""Who somebody is on a paper: by role and seat for everybody, by name for those whose work it is.

Names come the way pages take them (api/reads/people.py): each reading is noted in the access log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import g, request

from api.access.auth import current_caller
from api.http.language import tr
from api.http.problems import declare
from api.reads.people import people_for_reader
from api.reads.people import sees_names as sees_names
from api.reads.reading import is_evaluator, is_staff
from api.setup import rules_of_papers as rules
from api.words import wording
from projections.engine.event_json import Json
from projections.views.council import council_roster

FOR = "for"
PUBLIC_COPY = "public"

COPY_UNKNOWN = declare(
    422,
    "COPY_UNKNOWN",
    ja="「{text}」という書類の写しはありません。",
    en="There is no copy of a paper called “{text}”.",
    rule=rules.NAMES,
    next_ja="もとのページから、書類を開き直してください。",
    next_en="Open the paper again from the page it belongs to.",
)


def wants_public_copy() -> bool:
    """Whether the copy that anybody gets is asked for. Refuses ``COPY_UNKNOWN``."""
    wanted = request.args.get(FOR)
    if wanted not in (None, PUBLIC_COPY):
        raise COPY_UNKNOWN(text=wanted[:40]).at(f"/{FOR}")
    return wanted == PUBLIC_COPY


@contextmanager
def as_reader(*, evaluators: bool) -> Iterator[bool]:
    """Whatever is read within is what the reader may see, or, of the copy for the public, what anybody may.
    Gives whether it is what anybody may. ``evaluators``: whether those of a sheet may see more."""
    caller = current_caller()
    if caller is None or not wants_public_copy():
        yield not sees_more(evaluators=evaluators)
        return
    g.kyodo_caller = None
    try:
        yield True
    finally:
        g.kyodo_caller = caller


def is_for_office() -> bool:
    """Whether this reader's copy is the office's own."""
    return is_staff() or sees_names()


def sees_more(*, evaluators: bool) -> bool:
    """Whether this reader's copy may hold what is not public: a member's holds what anybody gets."""
    return is_for_office() or (evaluators and is_evaluator())


def by_name(connection: sa.Connection, parties: Iterable[str | None], seats: Iterable[Json] = ()) -> Json:
    """The names of these people and of the holders of these seats, where this reader may know them."""
    wanted = {*filter(None, parties), *(seat["party_id"] for seat in seats)}
    known = people_for_reader(connection, wanted)
    return {party: person["name"] for party, person in known.items() if person.get("name")}


def seats_of(connection: sa.Connection, council_id: str | None) -> dict[str, Json]:
    """The seats of a council of all times by appointment, for whoever sees names; nothing for others, to
    whom the record does not say who held which."""
    if council_id is None or not sees_names():
        return {}
    held = connection.execute(council_roster.roster(council_id)).all()
    return {_seat(row): {"party_id": row.party_id, "category": row.category} for row in held}


def _seat(row: Any) -> str:
    return str(row.appointment_id.rpartition("/")[2])


def said_by(role: str | None, name: str | None, category: str | None = None) -> str | None:
    """架空 はるか（委員（公募））, or 委員: the name where it may be known, else the role; None where there
    is neither."""
    seat = wording.value("category", category) if category else None
    role = tr(f"{role}（{seat}）", f"{role} ({seat})") if role and seat else role
    if name is None:
        return role
    return tr(f"{name}（{role}）", f"{name} ({role})") if role else name
