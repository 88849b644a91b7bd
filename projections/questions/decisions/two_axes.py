"""The question on both time axes (S6): what did we know on date R about date E?

*Recorded* tells what could be known on a day, *effective* what held on one. The answer is made of the events
of one thing alone; a date too coarse to be put before or after E is never guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from domain.kernel.correction_events import CORRECTING
from domain.kernel.events import Recorded
from domain.kernel.record import kind_of
from domain.values.calendar import day_in_japan
from domain.values.fields import Id
from projections.answers.labels import date_json
from projections.engine.event_json import Json, bilingual, fields_of
from projections.questions.decisions.matter_story import done_by
from projections.questions.entries import day_json
from projections.questions.question import Answer, Ask, question
from projections.views.matter.decision_trail import MOST_STEPS

_ABOUT_THE_RECORD = CORRECTING
"""Events that say something of the record, not of the thing: they change what others say."""


@dataclass
class Known:
    """What is known of a thing: what held by a day, and what cannot be put before or after that day."""

    held: dict[str, Recorded[Any]] = field(default_factory=dict)
    order_unknown: dict[str, Recorded[Any]] = field(default_factory=dict)

    @property
    def every(self) -> dict[str, Recorded[Any]]:
        return {**self.held, **self.order_unknown}


@question(
    "S6",
    ja="ある日の時点で、ある日のことについて何が分かっていたか",
    en="What did we know on date R about date E?",
)
def known_then(ask: Ask, *, id: Id, known_on: dt.date, effective_on: dt.date) -> Answer:
    """What was on record of a thing at the end of ``known_on`` (R, in Japan) about how things stood on
    ``effective_on`` (E), beside what is on record of that today, and the difference: what was added since,
    what was corrected (field by field), what by a corrected date no longer belongs there. ``order_unknown``
    lists apart what has too coarse a date to be put before or after E."""
    known = ask.must_know(id)
    events = ask.events_of(id) if known["entity"] == id else ask.events_about(id)
    then = _known([e for e in events if _day_recorded(e) <= known_on], effective_on)
    today = _known(events, effective_on)
    difference = _difference(then, today)
    unclear = len(today.order_unknown)
    title, on, when = known["title"] or id, day_json(effective_on), day_json(known_on)
    return Answer(
        says=(
            f"「{title}」の{on['ja']}について、{when['ja']}には{len(then.held)}件、今日は{len(today.held)}件"
            f"が記録されています。前後不明{unclear}件。",
            f"Of “{title}” as of {on['en']}, {len(then.held)} facts were on record on {when['en']} and "
            f"{len(today.held)} are today; the order of {unclear} is unknown.",
        ),
        answer={
            "subject": id,
            "known_on": known_on.isoformat(),
            "effective_on": effective_on.isoformat(),
            "then": _told(then),
            "today": _told(today),
            "difference": difference,
        },
        events=list({**then.every, **today.every}.values()),
        unknown=list(_unknown(today, effective_on, len(events))),
    )


def _day_recorded(e: Recorded[Any]) -> dt.date:
    return day_in_japan(e.recorded_at)


def _known(events: list[Recorded[Any]], on: dt.date) -> Known:
    """What these events, as corrected by those among them, say about how things stood on a day."""
    known_dates = Known()
    for e in _as_corrected(events):
        if isinstance(e.data, _ABOUT_THE_RECORD):
            continue
        date = e.effective if e.data.AHEAD else done_by(e.effective, e.recorded_at)
        if date.latest is not None and date.latest <= on:
            known_dates.held[e.event_id] = e
        elif e.effective.earliest is None or e.effective.earliest <= on:
            known_dates.order_unknown[e.event_id] = e
    return known_dates


def _as_corrected(events: list[Recorded[Any]]) -> Iterable[Recorded[Any]]:
    return kind_of(events[0].stream).as_corrected(events) if events else ()


def _told(known: Known) -> Json:
    return {
        "facts": [_fact(e) for e in known.held.values()],
        "order_unknown": [_fact(e) for e in known.order_unknown.values()],
    }


def _fact(e: Recorded[Any]) -> Json:
    return {
        "event_id": e.event_id,
        "type": e.type,
        "label": bilingual(*type(e.data).LABEL),
        "effective": date_json(e.effective),
        "recorded_at": e.recorded_at.isoformat().replace("+00:00", "Z"),
        "said": {name: value for name, value in fields_of(e).items() if value is not None},
    }


def _difference(then: Known, today: Known) -> Json:
    """What today's answer says otherwise than that of the day."""
    return {
        "added": [_fact(e) for id_, e in today.every.items() if id_ not in then.every],
        "changed": [
            {"event_id": id_, "type": now.type, "label": bilingual(*type(now.data).LABEL), "fields": fields}
            for id_, now in today.every.items()
            if id_ in then.every and (fields := list(_changed(then.every[id_], now)))
        ],
        "no_longer": [_fact(e) for id_, e in then.every.items() if id_ not in today.every],
    }


def _changed(then: Recorded[Any], now: Recorded[Any]) -> Iterator[Json]:
    """Each field that a correction has changed, with what it said then and what it says today."""
    if then.effective != now.effective:
        yield {"field": "effective", "then": date_json(then.effective), "today": date_json(now.effective)}
    before, after = fields_of(then), fields_of(now)
    for name in before:
        if before[name] != after[name]:
            yield {"field": name, "then": before[name], "today": after[name]}


def _unknown(today: Known, on: dt.date, events: int) -> Iterator[tuple[str, str]]:
    day = day_json(on)
    for e in today.order_unknown.values():
        ja, en = type(e.data).LABEL
        yield (
            f"「{ja}」（{e.effective.label('ja')}）が{day['ja']}の前か後か",
            f"whether “{en}” ({e.effective.label('en')}) was before or after {day['en']}",
        )
    if events >= MOST_STEPS:
        yield f"{MOST_STEPS}件より後の出来事", f"what was recorded after the first {MOST_STEPS} events"
