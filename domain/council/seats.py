"""Seats of a council over time: who sits from when to when, how long, and how many at once (domain.md 4.1).

All bounds are whole days, inclusive. What has no bound counts from the beginning, or without end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from domain.council.events import AppointmentEnded, MemberAppointed
from domain.values.calendar import EffectiveDate
from domain.values.in_force import begins

Span = tuple[dt.date, dt.date]
"""First and last day; empty if the last is before the first."""

first_day = begins

LONG_TENURE = dt.timedelta(days=3_653)
"""Ten years in one body: unusual, so it is said, but not refused (O24)."""


def last_day(date: EffectiveDate | None) -> dt.date:
    """The last day a date may mean; without a date, without end."""
    return (date.check().latest if date is not None else None) or dt.date.max


def service(
    appointed: MemberAppointed,
    ended: Mapping[str, AppointmentEnded],
    successors: Mapping[str, dt.date] | None = None,
) -> Span:
    """From when to when a seat is held: to the end of the appointment, or the day before it was ended. Who
    stays until the successor holds it until the day before the successor begins (``successors``)."""
    last = last_day_held(appointed, (successors or {}).get(appointed.appointment_id))
    end = ended.get(appointed.appointment_id)
    return first_day(appointed.from_date), last if end is None else min(last, day_before(end.on))


def last_day_held(appointed: MemberAppointed, successor_begins: dt.date | None = None) -> dt.date:
    """The last day of an appointment that nobody ended; of whoever stays until the successor, the day before
    that begins."""
    last = last_day(appointed.to_date)
    if not appointed.until_successor:
        return last
    return dt.date.max if successor_begins is None else max(last, day_before(successor_begins))


def day_before(day: EffectiveDate | dt.date) -> dt.date:
    """The day before another; there is none before the first of all."""
    first = first_day(day) if isinstance(day, EffectiveDate) else day
    return first if first == dt.date.min else first - dt.timedelta(days=1)


def successors_of(appointments: Iterable[MemberAppointed]) -> dict[str, dt.date]:
    """From when each seat has a successor, by the appointment that is succeeded."""
    return {seat.succeeds: first_day(seat.from_date) for seat in appointments if seat.succeeds is not None}


def known_part(span: Span, today: dt.date) -> Span:
    """The part of a span of which it is known that the seat was held: of one without a beginning, from today
    or its last day on. Nobody is refused a seat for what may not have been."""
    first, last = span
    return (min(last, today) if first == dt.date.min else first), last


def meet(one: Span, other: Span) -> bool:
    """Whether two spans have a day in common."""
    return max(one[0], other[0]) <= min(one[1], other[1])


def most_at_once(new: Span, spans: Iterable[Span]) -> int:
    """How many of ``spans`` there are on the day of ``new`` on which there are most of them."""
    others = [span for span in spans if meet(span, new)]
    days = [max(first, new[0]) for first, _ in others]
    return max((sum(first <= day <= last for first, last in others) for day in days), default=0)


def is_long(new: Span, before: Iterable[Span]) -> bool:
    """Whether all of somebody's appointments add up to more than ten years, as far as it is known how long
    they were. An appointment without an end counts to the day before the new one; one without a beginning,
    and a new one without an end, count not at all, for nobody knows."""
    known = new[0] != dt.date.min
    served = [
        min(last, new[0] - dt.timedelta(days=1)) - first if known else last - first
        for first, last in before
        if first != dt.date.min and (first < new[0] if known else last != dt.date.max)
    ]
    if known and new[1] != dt.date.max:
        served.append(new[1] - new[0])
    days = sum((span.days + 1 for span in served if span.days >= 0), start=0)
    return dt.timedelta(days=days) > LONG_TENURE
