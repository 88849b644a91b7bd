"""記録の直し /desk/mend: what waits for somebody, and the approver's view of one correction.

The approver sees what was proposed beside what it rests on, with what would follow, and says yes, or no with
a reason. Nobody approves what they proposed themselves; nobody approves for another.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from api.access.auth import accounts, current_caller, required_caller
from api.http.clock import today
from api.http.language import href, tr
from api.http.problems import NOT_FOUND
from api.office.desk.acts import Act, record
from api.office.desk.frame import for_the_office, office_page
from api.office.desk.refused import shown as refusal_shown
from api.office.mending import following
from api.office.mending.at_hand import at_hand, mend_path, shown
from api.office.mending.confirming import closings
from api.office.mending.correction_form import as_corrected_sentence
from api.office.mending.erasing import erasures
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.setup.one_moment import living
from api.words.days import near_day
from domain.kernel.correction_events import CorrectionProposed
from domain.kernel.events import EVIDENCE_KINDS, Recorded
from domain.kernel.record import kind_of
from domain.kernel.streams import entity_of
from domain.values.calendar import day_in_japan
from domain.values.fields import TextRule
from domain.values.refusal import Refusal
from projections.engine.event_json import Json
from projections.engine.log import event_of, events_after, events_at
from projections.views.record import corrections

APPROVERS = frozenset({"APR", "CHR"})


def permit() -> None:
    """The office, and a chair: what they approve is theirs to see."""
    caller = current_caller()
    if caller is None or APPROVERS.isdisjoint(caller.roles):
        for_the_office()
    else:
        caller.refuse_without_factor()


def is_proposal(stored: Recorded[Any]) -> bool:
    return isinstance(stored.data, CorrectionProposed)


def proposal_path(position: int) -> str:
    return href(f"/desk/mend/proposed/{position}").partition("?")[0]


# -- what waits


def show_all() -> AnyResponse:
    """What waits for whoever is at the desk, and what they wait for."""
    with living() as connection:
        listed = everything(connection)
        return office_page(
            "office/mending/list.html",
            "mending",
            mine=[line for line in listed if line["for_me"]],
            others=[line for line in listed if not line["for_me"]],
            changes_url=href("/changes"),
        )


def everything(connection: sa.Connection) -> list[Json]:
    """Whatever waits for a second person: closings for safety first, then corrections,
    then requests to erase."""
    return [*closings(connection), *proposals(connection), *erasures(connection)]


def proposals(connection: sa.Connection) -> list[Json]:
    """Corrections that wait for approval, the newest first: what is wrong, by whom proposed, and whether
    whoever is at the desk may decide."""
    chosen = corrections.fixes(act="correction", state="proposed")
    rows = connection.execute(chosen.limit(200)).all()
    events = {e.position: e for e in events_at(connection, sorted(row.position for row in rows))}
    names = Names(connection, [row.entity for row in rows])
    logins = {account.party_id: account.login for account in accounts().all()}
    caller = required_caller()
    lines = []
    for row in rows:
        e = events[row.position]
        target = event_of(connection, e.stream, e.data.target_version)
        lines.append(
            {
                "kind": tr("訂正の承認", "a correction to approve"),
                "what": tr(*type(target.data).LABEL) if target is not None else "",
                "thing": names.label(row.entity),
                "reason": e.data.reason,
                "by": logins.get(e.actor.party, ""),
                "on": near_day(day_in_japan(e.recorded_at), today()),
                "url": proposal_path(row.position),
                "for_me": not APPROVERS.isdisjoint(caller.roles) and e.actor.party != caller.party_id,
            }
        )
    return lines


# -- one of them


def _proposal(connection: sa.Connection, position: int) -> Recorded[CorrectionProposed]:
    stored = next(iter(events_at(connection, [position])), None)
    if stored is None or not is_proposal(stored):
        raise NOT_FOUND()
    return stored


def show_one(position: int) -> AnyResponse:
    with living() as connection:
        return _page(connection, _proposal(connection, position))


def act_on_one(position: int) -> AnyResponse:
    """Yes, or no with a reason."""
    with living() as connection:
        proposed = _proposal(connection, position)
        kind = kind_of(proposed.stream).__name__
        body: Json = {"correction_id": proposed.data.correction_id}
        approves = request.form.get("act") == "approve"
        try:
            if not approves:
                body["reason"] = request.form.get("reason", "").replace("\r\n", "\n").strip()
                TextRule(20_000, lines=True).check(body["reason"], "/reason")
            name = "approve_correction" if approves else "decline_correction"
            record([Act(kind, name, proposed.entity, body)], f"{name}.{proposed.event_id}")
        except Refusal as refused:
            return _page(connection, proposed, [refused], status=422)
    message = (
        tr("訂正を承認しました。画面と書類が変わります。", "Approved. Pages and papers change with it.")
        if approves
        else tr(
            "理由を付けて戻しました。記録は今のままです。",
            "Sent back with the reason. The record stays as it is.",
        )
    )
    flash(message, "success")
    return redirect(href("/desk/mend"), 303)


def _page(
    connection: sa.Connection,
    proposed: Recorded[CorrectionProposed],
    faults: list[Refusal] | None = None,
    status: int = 200,
) -> AnyResponse:
    own = [_of_event(connection, proposed.stream, proposed.data)]
    own += [_of_event(connection, other.stream or proposed.stream, other) for other in proposed.data.also]
    row = connection.execute(corrections.fixes(entity=proposed.entity).where(_fix(proposed))).first()
    is_open = row is not None and row.state == "proposed"
    outcome = following.proposal_of(connection, proposed) if is_open else following.Outcome()
    caller = required_caller()
    names = Names(connection, [proposed.entity, proposed.source.document_id if proposed.source else None])
    logins = {account.party_id: account.login for account in accounts().all()}
    return office_page(
        "office/mending/proposed.html",
        "mending",
        status=status,
        events=own,
        thing={"label": names.label(proposed.entity), "url": names.url(proposed.entity)},
        reason=proposed.data.reason,
        by=logins.get(proposed.actor.party, ""),
        on=marks.date(proposed.recorded_at.isoformat()),
        source=names.source(_source(proposed)),
        evidence=_evidence(proposed),
        document_no=proposed.document_no,
        stands=[
            {"what": _called(connection, proposed.stream, one.event), "reason": one.reason}
            for one in proposed.data.stands
        ],
        follows=following.follows(connection, outcome, names) if outcome.stands and is_open else None,
        state=row.state if row is not None else "",
        is_open=is_open,
        may_decide=is_open
        and not APPROVERS.isdisjoint(caller.roles)
        and proposed.actor.party != caller.party_id,
        is_mine=proposed.actor.party == caller.party_id,
        action=proposal_path(proposed.position),
        typed_reason=request.form.get("reason", ""),
        faults=[refusal_shown(fault) for fault in (faults if faults is not None else outcome.faults)],
    )


def _fix(proposed: Recorded[CorrectionProposed]) -> sa.ColumnElement[bool]:
    table = corrections.fix.table
    return (table.c.stream == proposed.stream) & (
        table.c.fix_id == f"correction/{proposed.data.correction_id}"
    )


def _of_event(connection: sa.Connection, stream: str, changed: Any) -> Json:
    """One event that would be corrected: its fields old and new, its sentence now and then."""
    target = event_of(connection, stream, changed.target_version)
    if target is None:
        raise NOT_FOUND()
    hand = at_hand(connection, target.position)
    names = Names(
        connection,
        [entity_of(stream), *(c.before for c in changed.changes), *(c.after for c in changed.changes)],
    )
    (line,) = marks.corrected(
        [
            {
                "changes": [
                    {"field": c.field, "before": c.before, "after": c.after} for c in changed.changes
                ],
                "recorded_at": None,
                "reason": None,
                "position": None,
            }
        ],
        names,
    )
    return {
        "now": shown(hand, connection),
        "changes": line["changes"],
        "sentence": as_corrected_sentence(connection, hand, list(changed.changes)),
        "url": mend_path(target.position, "correct"),
    }


def _source(proposed: Recorded[Any]) -> Json | None:
    if proposed.source is None:
        return None
    return {"document_id": proposed.source.document_id, "locator": proposed.source.locator, "facts": []}


def _evidence(proposed: Recorded[Any]) -> str | None:
    return tr(*EVIDENCE_KINDS[proposed.evidence.kind]) if proposed.evidence else None


def _called(connection: sa.Connection, stream: str, event_id: str) -> str:
    event = next(
        (e for e in events_after(connection, stream=stream, limit=2_000) if e.event_id == event_id), None
    )
    return (
        tr(*type(event.data).LABEL)
        if event is not None
        else tr("別の記録の出来事", "an event of another record")
    )
