"""Whoever writes the year down: the secretariat's clerk, a day at a time; and those who act themselves."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import msgspec

from domain.kernel.events import Actor, Evidence
from domain.kernel.record import KINDS
from domain.recording.application import Application, command_named
from domain.recording.receipts import CommandTerms
from domain.recording.shared_members import Grouped
from domain.values.calendar import JAPAN, EffectiveDate
from tests.support.given import counted_ids, typed

CLERK = "p-clerk"
Day = Callable[["Teller"], None]
DIARY: list[tuple[str, Day]] = []
"""What was written down on which day, in no order: a file tells one story, the diary all of them."""
AT_ONCE = 500
UNKNOWN = {"precision": "unknown"}
THERE = {"kind": "minute_taker"}
"""The clerk was in the room as minute taker: the evidence of most of what the chair and the members did."""


def written_down(on: str) -> Callable[[Day], Day]:
    """Say on which day somebody wrote this down."""

    def enter(told: Day) -> Day:
        DIARY.append((on, told))
        return told

    return enter


def day(value: str) -> dict[str, str]:
    return {"value": value, "precision": "day"}


def at(value: str, hour: int, minute: int = 0) -> str:
    """A moment of a day, in Japan."""
    return dt.datetime.combine(dt.date.fromisoformat(value), dt.time(hour, minute), JAPAN).isoformat()


class Teller:
    """The record with its clock."""

    def __init__(self, application: Application):
        self.application = application
        application.new_id = counted_ids(7)
        self._group: Grouped | None = None

    def write_down(self, today: str, told: Day) -> None:
        """Record what is told of a day, together, at noon of it."""
        noon = dt.datetime.combine(dt.date.fromisoformat(today), dt.time(12), JAPAN)
        ticks = itertools.count()
        self.application.clock = lambda: noon + dt.timedelta(seconds=next(ticks))
        self._group = Grouped(self.application, AT_ONCE)
        told(self)
        self._group.record()

    def do(
        self,
        role: str,
        what: str,
        command: str,
        /,
        *,
        when: Any = None,
        who: str | None = None,
        shown_by: dict[str, Any] | None = None,
        record: dict[str, Any] | None = None,
        **arguments: Any,
    ) -> None:
        """The clerk records what somebody did in a role. ``what``: a kind and an id (``Matter matter-desk``).

        ``when``: when it was done, where the event has no date of its own. ``who``: who did it. Others than
        the clerk acted before the clerk's eyes, unless ``shown_by`` says what else shows it. ``record``: more
        of the envelope.
        """
        said: dict[str, Any] = dict(record or {})
        if when is not None:
            said["effective"] = msgspec.convert(day(when) if isinstance(when, str) else when, EffectiveDate)
        if role not in ("SEC", "IMP"):
            said["actor"] = Actor(role, who)
            if "source" not in said:
                said["evidence"] = msgspec.convert(shown_by or THERE, Evidence)
        self._give(Actor("IMP" if role == "IMP" else "SEC", CLERK), what, command, said, arguments)

    def themselves(
        self, role: str, party: str, what: str, command: str, /, *, when: str | None = None, **arguments: Any
    ) -> None:
        """Somebody acts with an account of their own."""
        said = {} if when is None else {"effective": EffectiveDate.on(dt.date.fromisoformat(when))}
        self._give(Actor(role, party), what, command, said, arguments)

    def _give(
        self, actor: Actor, what: str, command: str, said: dict[str, Any], arguments: dict[str, Any]
    ) -> None:
        assert self._group is not None, "a day is told first"
        kind, entity = what.split()
        if kind == "Council":
            said.setdefault("document_no", "7み協第1号")
        terms = CommandTerms(actor, frozenset({actor.role}), said, importing=actor.role == "IMP")
        self._group.execute(command_named(kind, command), entity, typed(kind, command, arguments), terms)

    def version_of(self, what: str, type_: str) -> int:
        """At which version of a thing its newest event of a type stands."""
        kind, entity = what.split()
        events = self.application.events_of(KINDS[kind].stream_for(entity))
        return max(e.version for e in events if e.type == type_)

    def document(self, entity: str, title: str, kind: str, dated: str, **more: Any) -> None:
        about = {"title": title, "kind": kind, "dated": day(dated), "disclosure": {"visibility": "public"}}
        self.do("SEC", f"Document {entity}", "register", **{**about, **more})
