"""Due register 期限のあるもの: what waits for somebody, with everything a rule needs to say until when.

One row for each thing that something may be due of; it is open until nothing can be. When it is due is not
kept here: that depends on the day one looks, and is told by the rules of :mod:`projections.answers.due`. A
row holds what events said, as entries, so that a corrected day corrects what follows from it.

One story: everything that waits, kind by kind, in one table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from domain.center_study.events import (
    StudyClosed,
    StudyCommissioned,
    StudyReportReturned,
    StudyReportSubmitted,
)
from domain.council.events import (
    AppointmentEnded,
    CouncilDissolved,
    CouncilEstablished,
    MemberAppointed,
    ProcedureRulesAdopted,
    TermOpened,
)
from domain.disclosure_request.events import (
    DisclosureRequestClosed,
    DisclosureRequested,
    DisclosureRequestWithdrawn,
    RequestAmended,
    RequestDeadlineExtended,
    RequestItemDecided,
    ReviewDecided,
)
from domain.document.aggregate import DisclosureReviewed
from domain.evaluation_sheet.events import (
    ImprovementAgreed,
    SelfEvaluationStarted,
    SheetCancelled,
    SheetOpened,
    SheetUnsealed,
)
from domain.kernel.closing import part_of
from domain.kernel.correction_events import ClosedAtOnce, ClosingConfirmed, PartRedacted, RedactionLifted
from domain.kernel.events import EVENTS, PRECEDING, Recorded
from domain.matter.events import (
    CityDecisionRecorded,
    CityResponseRecorded,
    EntrustmentReported,
    EntrustmentSettled,
    MatterConcluded,
    PromisedStepTaken,
)
from domain.meeting.attendance_events import MeetingHeld
from domain.meeting.events import (
    AttendanceCountRecorded,
    MeetingCancelled,
    MeetingClosed,
    MeetingFoundInquorate,
    MeetingNotified,
    MeetingOpened,
    MeetingRescheduled,
    MeetingScheduled,
    MinutesDrafted,
    MinutesPublished,
    ResolutionTaken,
)
from domain.meeting.reported_events import ResolutionReported
from domain.meeting.written_events import WrittenProcedureEnded, WrittenProcedureStarted
from domain.plan_action.events import ActionEnded, CyclePlanned, ImprovementAnswered, ImprovementDecided
from domain.reflection.events import FollowUpCompleted, FollowUpDropped, FollowUpPlanned
from domain.values.disclosure import Disclosure
from domain.values.resolution_methods import UNFINISHED
from domain.working_group.events import (
    ResponsibilityDischarged,
    ResponsibilityHandedOver,
    ResponsibilityOrphaned,
    ResponsibilityTaken,
)
from projections.engine.event_json import Json, as_date, event_json
from projections.engine.view import Key, Row, View, column, json_column, key, number

VIEW = View("due_register", 6, ja="期限のあるもの", en="What is due", source=__name__)

waiting = VIEW.table(
    "due_waiting",
    key("waits"),
    column("kind", index=True, required=True),
    column("thing", index=True, required=True),
    number("is_open", index=True, required=True),
    number("position", required=True),
    json_column("doc"),
)


RESOLVED = frozenset({"ResolutionTaken", "ResolutionReported"})
"""Events that tell of a resolution."""
_NOT_KEPT = ("present", "quorum", "tally", "votes", "replies")
"""Fields of which no rule asks; a meeting may have dozens of each."""


def _kept(row: Row | None, e: Recorded[Any], kind: str, *, is_open: bool, thing: str | None = None) -> Row:
    """The row with the event's entry put under its type, in the order of the log."""
    made = row or {"kind": kind, "thing": thing or e.entity, "position": e.position, "doc": {}}
    made["doc"].setdefault(e.type, []).append(event_json(e, leave_out=_NOT_KEPT))
    return {**made, "is_open": int(is_open)}


def _followed(row: Row | None, e: Recorded[Any], *, is_open: bool) -> Row | None:
    """The same for an event that only goes on with what is there."""
    return None if row is None else _kept(row, e, row["kind"], is_open=is_open)


def _under(kind: str) -> Any:
    """Keys: one row for each aggregate."""
    return lambda e: [f"{kind}/{e.entity}"]


# ------------------------------------------------------------------------------------------- councils


@waiting.on(CouncilEstablished, ProcedureRulesAdopted, TermOpened, keys=_under("council"))
def _council(row: Row | None, e: Recorded[Any], _: Key) -> Row:
    return _kept(row, e, "council", is_open=row is None or bool(row["is_open"]))


@waiting.on(CouncilDissolved, keys=_under("council"))
def _dissolved(row: Row | None, e: Recorded[CouncilDissolved], _: Key) -> Row | None:
    return _followed(row, e, is_open=False)


def _seat(e: Recorded[Any]) -> Iterator[str]:
    yield f"seat/{e.entity}/{e.data.appointment_id}"


@waiting.on(MemberAppointed, keys=_seat)
def _appointed(row: Row | None, e: Recorded[MemberAppointed], _: Key) -> Row:
    return _kept(row, e, "seat", is_open=True)


def _seat_before(e: Recorded[MemberAppointed]) -> Iterable[str]:
    return [f"seat/{e.entity}/{e.data.succeeds}"] if e.data.succeeds is not None else []


@waiting.on(MemberAppointed, keys=_seat_before)
def _succeeded(row: Row | None, e: Recorded[MemberAppointed], _: Key) -> Row | None:
    """Who stayed until the successor goes when the successor sits."""
    return None if row is None else {**row, "is_open": 0}


@waiting.on(AppointmentEnded, keys=_seat)
def _ended(row: Row | None, e: Recorded[AppointmentEnded], _: Key) -> Row | None:
    return _followed(row, e, is_open=False)


# ------------------------------------------------------------------------------------------- meetings


@waiting.on(MeetingScheduled, keys=_under("meeting"))
def _scheduled(row: Row | None, e: Recorded[MeetingScheduled], _: Key) -> Row:
    return _kept(row, e, "meeting", is_open=True)


@waiting.on(
    MeetingRescheduled,
    MeetingNotified,
    MeetingOpened,
    MeetingHeld,
    WrittenProcedureStarted,
    WrittenProcedureEnded,
    AttendanceCountRecorded,
    MeetingClosed,
    MinutesDrafted,
    keys=_under("meeting"),
)
def _held(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    return _followed(row, e, is_open=True)


@waiting.on(MinutesPublished, MeetingCancelled, MeetingFoundInquorate, keys=_under("meeting"))
def _over(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    return _followed(row, e, is_open=False)


# -------------------------------------------------------------------------- matters and resolutions


@waiting.on(MatterConcluded, keys=_under("matter"))
def _concluded(row: Row | None, e: Recorded[MatterConcluded], _: Key) -> Row:
    return _kept(row, e, "matter", is_open=e.data.result == "entrusted" or e.data.resolution_ref is None)


@waiting.on(EntrustmentSettled, EntrustmentReported, keys=_under("matter"))
def _entrusted(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is None:
        return None
    reported = isinstance(e.data, EntrustmentReported)
    unreferenced = row["doc"]["MatterConcluded"][-1]["resolution_ref"] is None
    return _followed(row, e, is_open=unreferenced or not reported)


def _promised(e: Recorded[Any]) -> Iterable[str]:
    return [f"promise/{e.entity}/{step.step_id}" for step in e.data.promised]


@waiting.on(CityResponseRecorded, CityDecisionRecorded, keys=_promised)
def _step_promised(row: Row | None, e: Recorded[Any], key_: Key) -> Row:
    return _kept(row, e, "promise", is_open=True)


@waiting.on(PromisedStepTaken, keys=lambda e: [f"promise/{e.entity}/{e.data.step_id}"])
def _step_taken(row: Row | None, e: Recorded[PromisedStepTaken], _: Key) -> Row | None:
    return _followed(row, e, is_open=False)


def _resolution_taken(e: Recorded[ResolutionTaken | ResolutionReported]) -> Iterable[str]:
    return [f"resolution/{e.entity}/{e.data.resolution_id}"] if e.data.matter_id else []


def _resolution_of(e: Recorded[MatterConcluded]) -> Iterable[str]:
    meeting, ref = e.data.meeting_id, e.data.resolution_ref
    return [f"resolution/{meeting}/{ref}"] if meeting and ref else []


@waiting.on(ResolutionTaken, ResolutionReported, keys=_resolution_taken)
def _taken(row: Row | None, e: Recorded[ResolutionTaken | ResolutionReported], _: Key) -> Row:
    """A conclusion may have been imported before the resolution it rests on. What goes on, or is none of our
    results, waits for no conclusion."""
    concluded = row is not None and "MatterConcluded" in row["doc"]
    goes_on = e.data.result is None or e.data.result in UNFINISHED
    return _kept(row, e, "resolution", is_open=not (concluded or goes_on))


@waiting.on(MatterConcluded, keys=_resolution_of)
def _matched(row: Row | None, e: Recorded[MatterConcluded], _: Key) -> Row:
    taken = row is not None and not row["doc"].keys().isdisjoint(RESOLVED)
    return _kept(row, e, "resolution", is_open=not taken, thing=e.data.meeting_id)


# ------------------------------------------------------------------------------- actions and sheets


@waiting.on(ImprovementDecided, keys=_under("action"))
def _improvement(row: Row | None, e: Recorded[ImprovementDecided], _: Key) -> Row:
    return _kept(row, e, "action", is_open=True)


@waiting.on(CyclePlanned, ImprovementAnswered, keys=_under("action"))
def _planned(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is None:
        return None
    row = _kept(row, e, "action", is_open=True)
    plans = row["doc"].get("CyclePlanned", ())
    answered = {a["improvement_id"] for plan in plans for a in plan["answers"] or ()}
    answered |= {plan["improvement_id"] for plan in row["doc"].get("ImprovementAnswered", ())}
    decided = {plan["improvement_id"] for plan in row["doc"]["ImprovementDecided"]}
    return {**row, "is_open": int(not decided <= answered)}


@waiting.on(ActionEnded, keys=_under("action"))
def _action_ended(row: Row | None, e: Recorded[ActionEnded], _: Key) -> Row | None:
    return _followed(row, e, is_open=False)


@waiting.on(SheetOpened, SelfEvaluationStarted, keys=_under("sheet"))
def _sheet(row: Row | None, e: Recorded[Any], _: Key) -> Row:
    return _kept(row, e, "sheet", is_open=isinstance(e.data, SelfEvaluationStarted))


@waiting.on(SheetUnsealed, ImprovementAgreed, keys=_under("sheet"))
def _sheet_on(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    return _followed(row, e, is_open=isinstance(e.data, ImprovementAgreed))


@waiting.on(SheetCancelled, keys=_under("sheet"))
def _sheet_cancelled(row: Row | None, e: Recorded[SheetCancelled], _: Key) -> Row | None:
    return _followed(row, e, is_open=False)


# ------------------------------------------------------------------------------- disclosure requests


@waiting.on(DisclosureRequested, keys=_under("request"))
def _requested(row: Row | None, e: Recorded[DisclosureRequested], _: Key) -> Row:
    return _kept(row, e, "request", is_open=True)


@waiting.on(
    RequestAmended, RequestDeadlineExtended, RequestItemDecided, ReviewDecided, keys=_under("request")
)
def _request_on(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    return _followed(row, e, is_open=True)


@waiting.on(DisclosureRequestClosed, DisclosureRequestWithdrawn, keys=_under("request"))
def _request_over(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    return _followed(row, e, is_open=False)


# ------------------------------------------------------- duties, studies, follow-ups, closed parts


def _duty(e: Recorded[Any]) -> Iterator[str]:
    yield f"duty/{e.entity}/{e.data.responsibility_id}"


@waiting.on(ResponsibilityTaken, ResponsibilityHandedOver, ResponsibilityOrphaned, keys=_duty)
def _duty_taken(row: Row | None, e: Recorded[Any], _: Key) -> Row:
    return _kept(row, e, "duty", is_open=True)


@waiting.on(ResponsibilityDischarged, keys=_duty)
def _duty_done(row: Row | None, e: Recorded[ResponsibilityDischarged], _: Key) -> Row | None:
    return _followed(row, e, is_open=False)


@waiting.on(StudyCommissioned, StudyReportReturned, keys=_under("study"))
def _study(row: Row | None, e: Recorded[Any], _: Key) -> Row:
    return _kept(row, e, "study", is_open=True)


@waiting.on(StudyReportSubmitted, StudyClosed, keys=_under("study"))
def _study_done(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    return _followed(row, e, is_open=False)


@waiting.on(FollowUpPlanned, keys=_under("follow_up"))
def _follow_up(row: Row | None, e: Recorded[FollowUpPlanned], _: Key) -> Row:
    return _kept(row, e, "follow_up", is_open=True)


@waiting.on(FollowUpCompleted, FollowUpDropped, keys=_under("follow_up"))
def _follow_up_done(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    return _followed(row, e, is_open=False)


def _disclosure(e: Recorded[Any]) -> Disclosure | None:
    disclosure = getattr(e.data, "disclosure", None) or getattr(e.data, "to", None)
    return disclosure if isinstance(disclosure, Disclosure) else None


@waiting.every(keys=lambda e: [f"part/{part_of(e)}"] if _disclosure(e) is not None else [])
def _closed(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    """What has a day of review is looked at again on it; what is opened, or closed for good, is not."""
    disclosure = _disclosure(e)
    if disclosure is None or disclosure.is_public or disclosure.review_on is None:
        return None
    return _kept(None, e, "part", is_open=True, thing=e.subject)


@waiting.on(DisclosureReviewed, keys=lambda e: [f"part/{e.stream}"])
def _reviewed(row: Row | None, e: Recorded[DisclosureReviewed], _: Key) -> Row | None:
    """Whether it was looked at on the day or before is told when one asks; the day may be corrected."""
    return _followed(row, e, is_open=True)


@waiting.on(
    PartRedacted, RedactionLifted, keys=lambda e: [f"part/{e.stream}/redaction/{e.data.redaction_id}"]
)
def _redacted(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if isinstance(e.data, RedactionLifted) or e.data.redacted.review_on is None:
        return None
    return _kept(None, e, "part", is_open=True, thing=e.data.target_subject)


def _closing(e: Recorded[Any]) -> list[str]:
    return [f"closing/{e.stream}/{e.data.redaction_id}"]


@waiting.on(ClosedAtOnce, keys=_closing)
def _closed_at_once(row: Row | None, e: Recorded[ClosedAtOnce], _: Key) -> Row:
    return _kept(row, e, "closing", is_open=True, thing=e.data.target_subject)


@waiting.on(ClosingConfirmed, RedactionLifted, keys=_closing)
def _closing_settled(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    """Somebody else confirmed it, or it is open again."""
    return _followed(row, e, is_open=False)


# --------------------------------------------------------------------------------- sources that disagree


def _of_a_source(e: Recorded[Any]) -> list[str]:
    """Keys: one row for each aggregate, of what an import told of it that has an order."""
    has_order = e.type in PRECEDING or bool(e.data.AFTER)
    return [f"order/{e.entity}"] if e.actor.role == "IMP" and has_order else []


@waiting.every(keys=_of_a_source)
def _imported(row: Row | None, e: Recorded[Any], _: Key) -> Row:
    """Commands refuse what comes before what it follows (IMPOSSIBLE_ORDER). A source that says so is
    recorded as it is, and somebody has to look."""
    made = _kept(row, e, "order", is_open=False)
    return {**made, "is_open": int(any(contradictions(made["doc"])))}


def contradictions(doc: Json) -> Iterator[tuple[Json, Json, str, str]]:
    """Of the entries of such a row: each that is dated before everything that it follows, with the first of
    that, and the types of both."""
    for type_, entries in doc.items():
        for followed in EVENTS[type_].AFTER:
            name, _, which = followed.partition(".")
            for entry in entries:
                first = [e for e in doc.get(name, ()) if not which or e.get(which) == entry.get(which)]
                date = as_date(entry["said"]["effective"])
                if first and all(date.before(as_date(e["said"]["effective"])) for e in first):
                    yield entry, first[0], type_, name


# ------------------------------------------------------------------------------------------- queries


def still_waiting(*, kinds: Iterable[str] | None = None) -> sa.Select[Any]:
    """What something may be due of, oldest first."""
    table = waiting.table
    chosen = sa.select(table).where(table.c.is_open == 1).order_by(table.c.position, table.c.waits)
    return chosen if kinds is None else chosen.where(table.c.kind.in_(sorted(kinds)))


def rows_with_keys(keys: Iterable[str]) -> sa.Select[Any]:
    """These rows, whether or not anything is still due of them."""
    return sa.select(waiting.table).where(waiting.table.c.waits.in_(sorted(set(keys))))
