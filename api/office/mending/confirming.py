"""安全のための非公開の確認 /desk/mend/closings/{position}: what one person closed at once, before a second.

The second person sees what was closed, why and by whom, and confirms it, or opens it again. Whoever closed it
does neither confirm nor is asked to.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from api.access.auth import accounts, required_caller
from api.http.clock import today
from api.http.language import href, spoken, tr
from api.http.problems import NOT_FOUND, worded
from api.office.desk.acts import Act, record, rehearse
from api.office.desk.frame import office_page
from api.office.desk.refused import shown as refusal_shown
from api.office.forms.fields import words
from api.office.mending.at_hand import at_hand, shown
from api.pages.parts.names import Names
from api.setup.one_moment import living
from api.words.days import away, near_day, office_day
from domain.kernel.correction_events import ClosedAtOnce, PartRedacted
from domain.kernel.events import EVENTS, Recorded
from domain.kernel.record import kind_of
from domain.values.calendar import day_in_japan
from domain.values.refusal import Refusal
from projections.answers.labels import as_read
from projections.engine.event_json import Json
from projections.engine.log import event_of, events_at
from projections.views.record import due_register

CONFIRMING = frozenset({"DIS", "APR"})


def closing_path(position: int) -> str:
    return href(f"/desk/mend/closings/{position}").partition("?")[0]


def closings(connection: sa.Connection) -> list[Json]:
    """What was closed at once and nobody else has confirmed, and whether whoever is at the desk may."""
    chosen = connection.execute(due_register.still_waiting(kinds=("closing",)))
    rows = [as_read(due_register.waiting, tuple(row)) for row in chosen]
    positions = sorted(row["doc"]["ClosedAtOnce"][-1]["said"]["position"] for row in rows)
    made = events_at(connection, positions)
    names = Names(connection, [e.data.target_subject for e in made])
    logins = {account.party_id: account.login for account in accounts().all()}
    caller, day = required_caller(), today()
    return [
        {
            "kind": tr("安全のための非公開の確認", "a closing to confirm"),
            "what": away(e.data.confirm_by, day),
            "thing": names.label(e.data.target_subject),
            "reason": _redaction(connection, e).data.reason,
            "by": logins.get(e.actor.party, ""),
            "on": near_day(e.data.confirm_by, day),
            "url": closing_path(e.position),
            "for_me": not CONFIRMING.isdisjoint(caller.roles) and e.actor.party != caller.party_id,
        }
        for e in made
    ]


def _redaction(connection: sa.Connection, closed: Recorded[ClosedAtOnce]) -> Recorded[PartRedacted]:
    """The redaction that says what was closed, and why: it stands before."""
    redacted = event_of(connection, closed.stream, closed.version - 1)
    if redacted is None or not isinstance(redacted.data, PartRedacted):
        raise NOT_FOUND()
    return redacted


# -- the screen


def _closed(connection: sa.Connection, position: int) -> Recorded[ClosedAtOnce]:
    stored = next(iter(events_at(connection, [position])), None)
    if stored is None or not isinstance(stored.data, ClosedAtOnce):
        raise NOT_FOUND()
    return stored


def show_closing(position: int) -> AnyResponse:
    with living() as connection:
        return _page(connection, _closed(connection, position))


def act_on_closing(position: int) -> AnyResponse:
    """Confirm it, or open it again with a reason."""
    with living() as connection:
        closed = _closed(connection, position)
        kind = kind_of(closed.stream).__name__
        body: Json = {"redaction_id": closed.data.redaction_id}
        confirms = request.form.get("act") == "confirm"
        name = "confirm_closing" if confirms else "lift_redaction"
        if not confirms:
            body["reason"] = request.form.get("reason", "").replace("\r\n", "\n").strip()
        try:
            receipt = record([Act(kind, name, closed.entity, body)], f"{name}.{closed.event_id}")
        except Refusal as refused:
            return _page(connection, closed, [refused], status=422)
    for unusual in receipt.warnings if receipt else ():
        flash(spoken(worded(unusual).sentence), "notice")
    flash(
        tr("確認しました。非公開のままです。", "Confirmed. It stays closed.")
        if confirms
        else tr("非公開を解除しました。", "It is open again."),
        "success",
    )
    return redirect(href("/desk/mend"), 303)


def _page(
    connection: sa.Connection,
    closed: Recorded[ClosedAtOnce],
    faults: list[Refusal] | None = None,
    status: int = 200,
) -> AnyResponse:
    redacted = _redaction(connection, closed)
    target = event_of(connection, closed.stream, redacted.data.target_version)
    if target is None:
        raise NOT_FOUND()
    act = Act(kind_of(closed.stream).__name__, "confirm_closing", closed.entity, _body(closed))
    tried = rehearse([act])
    logins = {account.party_id: account.login for account in accounts().all()}
    citation = redacted.data.redacted.citation
    names = Names(connection, [citation.key] if citation else [])
    day = today()
    return office_page(
        "office/mending/closing.html",
        "mending",
        status=status,
        now=shown(at_hand(connection, target.position), connection),
        parts=[_called(name, target.type) for name in redacted.data.fields],
        ground=spoken(redacted.data.redacted.stub),
        law=names.citation(_as_json(citation)),
        reason=redacted.data.reason,
        by=logins.get(closed.actor.party, ""),
        on=office_day(day_in_japan(closed.recorded_at)),
        confirm_by=office_day(closed.data.confirm_by),
        late=day > closed.data.confirm_by,
        may_confirm=tried.stands,
        may_lift="DIS" in required_caller().roles and tried.stands,
        action=closing_path(closed.position),
        faults=[refusal_shown(fault) for fault in (faults if faults is not None else tried.faults)],
    )


def _body(closed: Recorded[ClosedAtOnce]) -> Json:
    return {"redaction_id": closed.data.redaction_id}


def _as_json(citation: Any) -> Json | None:
    if citation is None:
        return None
    return {name: getattr(citation, name) for name in ("instrument_id", "article", "paragraph", "item")}


def _called(name: str, type_: str) -> str:
    """What a redaction names, in words: the field, and which item or sentence of it."""
    steps = [step for step in name.split("/") if step and step not in ("data", "@text")]
    label = words.label_of(steps[0], EVENTS[type_])
    return " ".join([label, *(str(int(step) + 1) if step.isdecimal() else step for step in steps[1:])])
