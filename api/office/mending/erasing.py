"""消去する /desk/mend/{position}/erase, /desk/mend/people/{id}: what the record holds of a person is erased.

First the other places where the name stands, each with its way; then the request with its number, and then,
by another person, the erasure or why not. What is erased is what the vault holds: words of events are closed
to the public, and stay. Nobody does any of it for another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from flask import flash, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from api.access.access_log import personal_data_read
from api.access.auth import accounts, current_caller, required_caller
from api.http.clock import today
from api.http.json_fields import MISSING_FIELD
from api.http.language import href, in_words, tr
from api.http.problems import NOT_FOUND
from api.office.desk.acts import Act, record, rehearse
from api.office.desk.frame import for_the_office, office_page
from api.office.desk.refused import shown as refusal_shown
from api.office.forms.fields.dates import DateField
from api.office.forms.fields.field import MISSING
from api.office.forms.fields.things import Things
from api.office.forms.fields.typed import Typed
from api.office.mending.at_hand import AtHand, at_hand, mend_path, plainly, shown, told
from api.office.mending.ways import ways
from api.pages.parts.names import Names
from api.resources.people import ERASING
from api.setup.one_moment import living
from api.words.days import near_day
from domain.kernel.corrected import plain
from domain.kernel.events import Recorded
from domain.kernel.record import KINDS
from domain.party.aggregate import Party
from domain.recording.permission import forbidden
from domain.values.calendar import day_in_japan
from domain.values.refusal import Refusal
from projections.answers.finding.name_reach import held_elsewhere
from projections.engine.event_json import Json
from projections.engine.log import events_after, events_at
from projections.views.council.council_roster import seat_holder
from projections.views.matter.decision_trail import thing

OTHERS = {
    "CommentReceived": "erase-commenter",
    "DisclosureRequested": "erase-requester",
}
"""Events of people who are no party of the record, with the command by which what is held of them goes."""
_COURSE = ("ErasureRequested", "ErasureDeclined", "PersonErased")
LOOKED_AT = 5_000


def permit() -> None:
    """Who records a request to erase, and who erases."""
    for_the_office()
    caller = current_caller()
    roles = caller.roles if caller is not None else frozenset[str]()
    if roles.isdisjoint(ERASING):
        raise forbidden(ERASING, roles)


def person_path(party: str) -> str:
    return href(f"/desk/mend/people/{quote(party)}").partition("?")[0]


# -- of whom a line tells


def show(position: int) -> AnyResponse:
    with living() as connection:
        hand = at_hand(connection, position)
        people = list(_people(connection, hand))
        labels = Things(connection, "Party", None).labels(people)
        other = OTHERS.get(hand.stored.type)
        collection = KINDS[hand.kind].COLLECTION
        return office_page(
            "office/mending/erase.html",
            "mending",
            now=shown(hand, connection),
            ways=ways(hand, "erase"),
            people=[{"label": labels[party], "url": person_path(party)} for party in people],
            other_url=href(f"/desk/{collection}/{quote(hand.entity)}/{other}") if other else None,
            close_url=mend_path(position, "close"),
        )


def _people(connection: sa.Connection, hand: AtHand) -> Iterator[str]:
    """The people on record of whom a line tells: named by it, or as the holders of seats that it names."""
    actor, writer = hand.stored.actor.party, hand.stored.recorded_by
    ids = {hand.entity, actor or "", writer.party or "" if writer else "", *_texts(plain(hand.stands.data))}
    seats = sa.select(seat_holder.table.c.party_id).where(seat_holder.table.c.appointment_id.in_(ids))
    ids |= {party for (party,) in connection.execute(seats) if party}
    known = sa.select(thing.table.c.id).where(thing.table.c.id.in_(ids), thing.table.c.kind == "Party")
    for (party,) in connection.execute(known.order_by(thing.table.c.position)):
        if not party.startswith("org-"):
            yield party


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


# -- what waits


def erasures(connection: sa.Connection) -> list[Json]:
    """Requests to erase somebody that nobody has answered, and whether whoever is at the desk may."""
    waiting: dict[str, Recorded[Any]] = {}
    for e in events_after(connection, types=_COURSE, limit=LOOKED_AT):
        if e.type == "ErasureRequested":
            waiting[e.entity] = e
        else:
            waiting.pop(e.entity, None)
    logins = {account.party_id: account.login for account in accounts().all()}
    caller = required_caller()
    return [
        {
            "kind": tr("消去の請求", "a request to erase"),
            "what": e.data.request_no,
            "thing": tr("登録された人", "a person on record"),
            "reason": e.data.reason,
            "by": logins.get(e.actor.party, ""),
            "on": near_day(day_in_japan(e.recorded_at), today()),
            "url": person_path(party),
            "for_me": "DIS" in caller.roles and e.actor.party != caller.party_id,
        }
        for party, e in waiting.items()
    ]


# -- one person


def show_person(id: str) -> AnyResponse:
    with living() as connection:
        return _page(connection, id, Typed())


def act_on_person(id: str) -> AnyResponse:
    """Record the request; or, as another person, erase, or say why not."""
    typed = Typed.of(request.form)
    button = request.form.get("act", "")
    with living() as connection:
        _course(connection, id)
        act = _act(id, button, typed)
        if act is None or typed.faults:
            return _page(connection, id, typed, status=422)
        try:
            record([act], f"{act.name}.{id}.{typed.text('version')}")
        except Refusal as refused:
            typed.refuse(refused)
            return _page(connection, id, typed, status=422)
    flash(_done(act.name), "success")
    return redirect(person_path(id) if act.name == "request_erasure" else href("/desk/mend"), 303)


def _act(party: str, button: str, typed: Typed) -> Act | None:
    reason = typed.text("/reason")
    if button == "request":
        date = _asked_on().read(typed)
        if date is MISSING and not typed.faults:
            typed.refuse(MISSING_FIELD(), "/on")
        body = {"request_no": typed.text("/request_no"), "reason": reason, "record": {"effective": date}}
        return Act("Party", "request_erasure", party, body) if date is not MISSING else None
    if button == "erase":
        return Act("Party", "erase", party, {"reason": reason})
    effective = {"value": today().isoformat(), "precision": "day"}
    return Act("Party", "decline_erasure", party, {"reason": reason, "record": {"effective": effective}})


def _asked_on() -> DateField:
    return DateField("/on", tr("請求の日", "Day of the request"))


def _done(name: str) -> str:
    return {
        "request_erasure": tr(
            "請求を記録しました。消去はほかの人が行います。",
            "The request is on record. Somebody else erases.",
        ),
        "erase": tr("消去しました。出来事は残り、名前は出ません。", "Erased. Events stay, without the name."),
        "decline_erasure": tr("消去しないことを記録しました。", "That it is not erased is on record."),
    }[name]


def _course(connection: sa.Connection, party: str) -> list[Recorded[Any]]:
    """What was asked and done about the person so far. Refuses NOT_FOUND: they are no person on record."""
    kind = connection.scalar(sa.select(thing.table.c.kind).where(thing.table.c.id == party))
    if kind != "Party" or party.startswith("org-"):
        raise NOT_FOUND()
    return events_after(connection, stream=Party.stream_for(party), limit=LOOKED_AT)


def _page(connection: sa.Connection, party: str, typed: Typed, status: int = 200) -> AnyResponse:
    events = _course(connection, party)
    about = [e for e in events if e.type in _COURSE]
    last = about[-1] if about else None
    open_request = last if last is not None and last.type == "ErasureRequested" else None
    is_erased = last is not None and last.type == "PersonErased"
    caller = required_caller()
    places = held_elsewhere(connection, party)
    if places is not None:
        personal_data_read([party])
    tried = rehearse([Act("Party", "erase", party, {"reason": tr("消去", "erased")})])
    logins = {account.party_id: account.login for account in accounts().all()}
    return office_page(
        "office/mending/person.html",
        "mending",
        status=status,
        label=Things(connection, "Party", None).labels([party])[party],
        action=person_path(party),
        version=str(events[-1].version if events else 0),
        texts=_held_in(connection, places["texts"]) if places else [],
        same_name=_namesakes(connection, places["same_name_in_vault"]) if places else [],
        cannot_reach=[in_words(one) for one in places["cannot_reach"]] if places else [],
        held=places is not None,
        is_erased=is_erased,
        requested=_request(open_request, logins),
        may_erase=tried.stands,
        why_not=None if tried.stands or open_request is None else refusal_shown(tried.faults[0]),
        may_request=not is_erased and open_request is None,
        is_officer="DIS" in caller.roles,
        request_no=typed.text("/request_no"),
        reason=typed.text("/reason"),
        on=_asked_on().shown(typed),
        faults=[{**refusal_shown(fault), "id": None} for fault in typed.faults],
    )


def _request(e: Recorded[Any] | None, logins: dict[str | None, str]) -> Json | None:
    if e is None:
        return None
    on = near_day(day_in_japan(e.recorded_at), today())
    by = logins.get(e.actor.party, "")
    return {"no": e.data.request_no, "reason": e.data.reason, "by": by, "on": on}


def _held_in(connection: sa.Connection, texts: list[Json]) -> list[Json]:
    """The lines in whose words the name stands, each with the way to close the place."""
    stored = events_at(connection, sorted(one["position"] for one in texts))
    return [
        {
            "pieces": plainly(told(connection, e).text),
            "close_url": mend_path(e.position, "close"),
        }
        for e in stored
    ]


def _namesakes(connection: sa.Connection, others: list[str]) -> list[Json]:
    """Other entries of the vault with that name: the same person twice, or another."""
    names = Names(connection, others)
    parties = [other for other in others if other in names.things]
    labels = Things(connection, "Party", None).labels(parties)
    return [{"label": labels[other], "url": person_path(other)} for other in parties]
