"""これによって変わるもの: what follows of a correction, before anybody proposes it.

The correction is proposed and approved in a unit of work that is thrown away (its approver is nobody), so
that the same judging that will decide says what is computed anew and what would become impossible. What
pages show follows from that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import msgspec
import sqlalchemy as sa

from api.access.auth import required_caller
from api.commands import pointed
from api.http import schemas
from api.http.language import href, tr
from api.http.problems import InvalidInput
from api.office.forms.fields import words
from api.office.mending.at_hand import mend_path
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.setup.store import record_store
from domain.kernel.corrected import as_corrected, corrected
from domain.kernel.correction_events import CORRECTING, CorrectionProposed, RecordCorrected
from domain.kernel.correction_refusals import CORRECTION_BREAKS
from domain.kernel.events import EVENTS, Actor, Recorded
from domain.kernel.record import kind_of
from domain.recording.application import Batch, command_named
from domain.recording.receipts import CommandTerms
from domain.values.refusal import Refusal
from projections.answers.labels import date_json
from projections.engine.event_json import Json
from projections.engine.log import event_of, events_after

NOBODY = CommandTerms(Actor("APR"), frozenset({"APR"}))
"""Who approves what is only tried: an approver who is nobody in particular."""
MOST_EVENTS = 2_000


@dataclass
class Outcome:
    """What would come of a correction. ``faults``: why it cannot be proposed; ``impossible``: the later
    events that could not have been recorded after it, each with the rule that stands against it."""

    faults: list[Refusal] = field(default_factory=list)
    impossible: list[Json] = field(default_factory=list)
    made: list[Recorded[RecordCorrected]] = field(default_factory=list)
    """What would be recorded if it were approved: the first as proposed, then what is corrected with it, then
    what is computed anew."""

    @property
    def stands(self) -> bool:
        return not self.faults


def tried(kind: str, entity: str, body: Mapping[str, Any]) -> Outcome:
    """Propose and approve a correction in a unit of work that is thrown away."""
    application, outcome = record_store().application, Outcome()
    batch = Batch(application)
    propose, approve = (command_named(kind, f"{verb}_correction") for verb in ("propose", "approve"))
    try:
        accepted = schemas.accept(propose, dict(body))
        command_input = schemas.command_input(propose, accepted)
        terms = required_caller().terms(propose, envelope=command_input.envelope)
        batch.execute(propose, entity, command_input.arguments, terms)
        batch.execute(approve, entity, {"correction_id": command_input.arguments["correction_id"]}, NOBODY)
        application.judge_batch(batch)
    except InvalidInput as wrong:
        outcome.faults += wrong.faults
    except Refusal as refused:
        outcome.faults.append(pointed(refused, entity, body))
        if refused.declared is CORRECTION_BREAKS:
            outcome.impossible = refused.params["impossible"]
    outcome.made = [e for e in batch.unit.recorded if isinstance(e.data, RecordCorrected)]
    return outcome


def proposal_of(connection: sa.Connection, proposed: Recorded[CorrectionProposed]) -> Outcome:
    """What would come of a proposal on record if it were approved now."""
    application, outcome = record_store().application, Outcome()
    batch = Batch(application)
    approve = command_named(kind_of(proposed.stream).__name__, "approve_correction")
    arguments = {"correction_id": proposed.data.correction_id}
    try:
        batch.execute(approve, proposed.entity, arguments, NOBODY)
        application.judge_batch(batch)
    except Refusal as refused:
        outcome.faults.append(refused)
        if refused.declared is CORRECTION_BREAKS:
            outcome.impossible = refused.params["impossible"]
    outcome.made = [e for e in batch.unit.recorded if isinstance(e.data, RecordCorrected)]
    return outcome


# -- in words


def impossible(connection: sa.Connection, listed: Iterable[Json], names: Names) -> list[Json]:
    """Later events that would become impossible: what each is, its date, and where it would be corrected
    together."""
    lines = []
    for one in listed:
        e = event_of(connection, one["stream"], one["version"])
        if e is None:
            continue
        date = marks.date(date_json(e.effective))
        lines.append(
            {
                "event_id": e.event_id,
                "position": e.position,
                "what": tr(*type(e.data).LABEL),
                "when": date["full_label"] if date else tr("日付の記録なし", "date not recorded"),
                "url": mend_path(e.position),
            }
        )
    return lines


def follows(connection: sa.Connection, outcome: Outcome, names: Names) -> Json:
    """What changes and what does not, as a table: where, how it stands, how it would."""
    made = outcome.made
    if not made:
        return {"lines": [], "pages": [], "unchanged": []}
    stream = made[0].stream
    before = _standing(connection, stream, ())
    after = _standing(connection, stream, made)
    lines = [*_computed(made, names), *_days(before, after), *_order(before, after)]
    kinds = {EVENTS[e.data.target_type] for e in made}
    changed = {change.field for e in made for change in e.data.changes}
    computed = [words.label_of(name, kind) for kind in kinds for name in kind.COMPUTED if name not in changed]
    return {"lines": lines, "pages": _pages(connection, made), "unchanged": list(dict.fromkeys(computed))}


def _standing(
    connection: sa.Connection, stream: str, made: Sequence[Recorded[RecordCorrected]]
) -> list[Recorded[Any]]:
    """The events of a record as they stand, and with these corrections."""
    stored = as_corrected(events_after(connection, stream=stream, limit=MOST_EVENTS))
    standing = {e.data.target_event: e.data.standing for e in made if e.stream == stream}
    raw = {e.event_id: e for e in events_after(connection, stream=stream, limit=MOST_EVENTS)}
    return [
        corrected(raw[e.event_id], standing[e.event_id]) if e.event_id in standing else e
        for e in stored
        if not isinstance(e.data, CORRECTING)
    ]


def _computed(made: Sequence[Recorded[RecordCorrected]], names: Names) -> list[Json]:
    """What is computed anew: it follows, and nobody typed it."""
    return [
        {
            "what": f"{tr(*EVENTS[e.data.target_type].LABEL)}{tr('　', ': ')}{line['label']}",
            "before": line["before"],
            "after": line["after"],
        }
        for e in made
        if e.data.follows is not None
        for line in marks.corrected([_as_made(e)], names)[0]["changes"]
    ]


def _as_made(e: Recorded[RecordCorrected]) -> Json:
    return {
        "changes": msgspec.to_builtins(e.data.changes),
        "recorded_at": e.recorded_at.isoformat(),
        "reason": e.data.reason,
        "position": e.position,
    }


def _steps(events: Sequence[Recorded[Any]]) -> list[tuple[str, str, dt.date]]:
    """The key steps of which the day is known, in the order of their days."""
    dated = [
        (e.event_id, tr(*type(e.data).LABEL), e.effective.earliest)
        for e in events
        if type(e.data).KEY_STEP
        and e.effective.precision in ("day", "instant")
        and e.effective.earliest is not None
    ]
    return sorted(dated, key=lambda one: one[2])


def _days(before: Sequence[Recorded[Any]], after: Sequence[Recorded[Any]]) -> list[Json]:
    """Intervals between neighbouring steps that are others now."""

    def intervals(events: Sequence[Recorded[Any]]) -> dict[tuple[str, str], tuple[str, str, int]]:
        return {
            (one[0], other[0]): (one[1], other[1], (other[2] - one[2]).days)
            for one, other in pairwise(_steps(events))
        }

    old, new = intervals(before), intervals(after)
    lines = []
    for pair, (begin, end, days) in new.items():
        if pair in old and old[pair][2] != days:
            lines.append(
                {
                    "what": tr(f"「{begin}」から「{end}」までの日数", f"days from “{begin}” to “{end}”"),
                    "before": tr(f"{old[pair][2]}日", str(old[pair][2])),
                    "after": tr(f"{days}日", str(days)),
                }
            )
    return lines


def _order(before: Sequence[Recorded[Any]], after: Sequence[Recorded[Any]]) -> list[Json]:
    """The order of the steps, where it is another."""
    old, new = ([label for _, label, _ in _steps(events)] for events in (before, after))
    if old == new:
        return []
    arrow = " → "
    return [
        {"what": tr("経過の順番", "Order of events"), "before": arrow.join(old), "after": arrow.join(new)}
    ]


def _pages(connection: sa.Connection, made: Sequence[Recorded[RecordCorrected]]) -> list[Json]:
    """The pages that will show it with the mark 訂正."""
    entities = list(dict.fromkeys(e.entity for e in made))
    names = Names(connection, entities)
    pages = []
    for entity in entities:
        row = names.things.get(entity)
        if row is None:
            continue
        pages.append({"label": names.label(entity), "url": names.url(entity)})
        if row.kind == "Matter":
            account = href(f"/matters/{entity}/account")
            pages.append({"label": tr("決定の経緯（1枚）", "The account on one page"), "url": account})
        trail = href(f"/trails/{entity}")
        if trail != names.url(entity):
            pages.append({"label": tr("経緯", "Trail"), "url": trail})
    pages.append({"label": tr("年表", "Timeline"), "url": href("/timeline")})
    return pages
