"""A matter 案件 as the questions about decisions read it: its entries by type, and the meetings it went to.

The questions take the id of a matter, or of a council: then they are about each of its matters. A council
of which no matter is on record is answered so, not refused: that nothing is recorded is an answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import msgspec
import sqlalchemy as sa

from domain.values.calendar import EffectiveDate, Order, day_in_japan
from projections.engine.event_json import Json, as_date, bilingual
from projections.questions.entries import rows
from projections.questions.question import Ask
from projections.views.matter import decision_trail, matter_list
from projections.views.meeting import meeting_register

MOST_MATTERS = 100
"""Of a council with more matters than this, the newest are told of; the answer says how many are not."""


def by_recording(entry: Json) -> EffectiveDate:
    """The date of something done: what has too coarse a date, or none, had happened by the day on which it
    was recorded."""
    return done_by(date_of(entry), dt.datetime.fromisoformat(entry["said"]["recorded_at"]))


def done_by(date: EffectiveDate, recorded_at: dt.datetime) -> EffectiveDate:
    """A date of something that cannot lie ahead, with the day of its recording as its last bound."""
    day = day_in_japan(recorded_at)
    if (date.latest or day) < day or (date.earliest or day) > day:
        return date
    return msgspec.structs.replace(date, latest=day)


def date_of(entry: Json) -> EffectiveDate:
    """The effective date of an entry of a view."""
    return as_date(entry["said"]["effective"])


@dataclass(frozen=True)
class Story:
    """One matter with everything recorded of it."""

    matter_id: str
    title: str | None
    state: str
    doc: Json
    resolutions: list[Json]
    """Every resolution on it, as entries of the meetings that took them, with their ``meeting_id``."""

    @property
    def name(self) -> str:
        return self.title or self.matter_id

    def every(self, *types: str) -> list[Json]:
        """Its entries of these types, in the order of the log."""
        entries = [entry for type_ in types for entry in self.doc.get(type_, ())]
        return sorted(entries, key=lambda entry: int(entry["said"]["position"]))

    def last(self, type_: str) -> Json | None:
        """What was recorded last of this type: what stands."""
        entries = self.doc.get(type_, ())
        return entries[-1] if entries else None

    @cached_property
    def conclusion(self) -> Json | None:
        """The council's conclusion, the last if the matter was concluded again."""
        return self.last("MatterConcluded")

    @property
    def resolution(self) -> Json | None:
        """The resolution behind the conclusion; before there is one, the last that was taken."""
        if self.conclusion is None:
            return self.resolutions[-1] if self.resolutions else None
        ref = self.conclusion["resolution_ref"]
        return next((r for r in self.resolutions if r["resolution_id"] == ref), None)

    @property
    def is_withdrawn(self) -> bool:
        """Whether it is no longer asked: nothing more can be expected of it."""
        return self.state == "withdrawn"

    @property
    def as_proposed(self) -> bool:
        """Whether the proposal itself was adopted 原案のとおり: there were no options to choose from."""
        concluded = self.conclusion
        if concluded is None or concluded["chosen_option"] is not None or self.every("OptionProposed"):
            return False
        return concluded["result"] in ("adopted", "adopted_with_conditions", "agreed", "entrusted")

    def head(self) -> Json:
        """How every answer begins to tell of a matter."""
        return {"matter_id": self.matter_id, "title": self.title, "state": self.state}


@dataclass(frozen=True)
class Stories:
    """The matters a question is about. ``council_id``: they were asked for by their council."""

    council_id: str | None
    matters: list[Story]
    left_out: int

    def none_on_record(self) -> list[tuple[str, str]]:
        """What is unknown where nothing is recorded at all, or where there is too much to tell."""
        if not self.matters:
            return [("この会議の案件の記録", "any matter of this council")]
        if self.left_out:
            return [
                (f"古い案件{self.left_out}件は示していない", f"{self.left_out} older matters are not shown")
            ]
        return []


def stories(ask: Ask, id_: str) -> Stories:
    """The matter with this id, or the matters of the council with this id, newest first. Refuses
    ``UNKNOWN_ID`` for anything else."""
    known = ask.must_know(id_, "Matter", "Council")
    if known["kind"] == "Matter":
        chosen = matter_list.matters().where(matter_list.matter.table.c.matter_id == known["entity"])
        return Stories(None, [_story(ask, row) for row in rows(ask, matter_list.matter, chosen)], 0)
    chosen = matter_list.matters(council_id=known["entity"])
    count = ask.connection.scalar(sa.select(sa.func.count()).select_from(chosen.subquery())) or 0
    matters = rows(ask, matter_list.matter, chosen.limit(MOST_MATTERS))
    return Stories(known["entity"], [_story(ask, row) for row in matters], count - len(matters))


def _story(ask: Ask, row: Json) -> Story:
    resolutions = sorted(_resolutions(ask, row["matter_id"]), key=lambda r: int(r["said"]["position"]))
    return Story(row["matter_id"], row["title"], row["state"], row["doc"], resolutions)


def _resolutions(ask: Ask, matter_id: str) -> Iterator[Json]:
    for meeting in meetings_of(ask, matter_id):
        for taken in meeting["doc"].get("ResolutionTaken", ()):
            if matter_id in (taken["matter_id"], *(taken["matter_ids"] or ())):
                yield {"meeting_id": meeting["meeting_id"], **taken}


def meetings_of(ask: Ask, matter_id: str) -> list[Json]:
    """The meetings linked to a matter, as rows of the register in the order of the log."""
    links = decision_trail.links_of_thing(ask.connection, matter_id)
    ends = {end for link in links for end in (link.from_id, link.to_id)} - {matter_id}
    table = meeting_register.meeting.table
    chosen = sa.select(table).where(table.c.meeting_id.in_(sorted(ends))).order_by(table.c.position)
    return rows(ask, meeting_register.meeting, chosen)


ORDERS: dict[Order, tuple[str, str]] = {
    "before": ("前", "before"),
    "equal": ("同じ日", "on the same day"),
    "after": ("後", "after"),
    "order_unknown": ("前後不明", "order unknown"),
}


def order_json(order: Order) -> Json:
    """An order between two dates, by its name and in words."""
    return {"order": order, "label": bilingual(*ORDERS[order])}


def days_between(earlier: EffectiveDate, later: EffectiveDate) -> Json:
    """How many days lie between two dates that may be imprecise: ``at_least`` and ``at_most``, each null
    where a bound is not known. Negative: ``later`` came first."""
    return {
        "at_least": (later.earliest - earlier.latest).days if later.earliest and earlier.latest else None,
        "at_most": (later.latest - earlier.earliest).days if later.latest and earlier.earliest else None,
    }


def envelope(entry: Json) -> Json:
    """When, on both axes, and by whom an entry was said, with its event."""
    envelope = entry["said"]
    return {
        "effective": envelope["effective"],
        "recorded_at": envelope["recorded_at"],
        "author": {"role": envelope["role"], "asserted_by": envelope["asserted_by"]},
        "recorded_by": envelope.get("recorded_by"),
        "certainty": envelope["certainty"],
        "event_id": envelope["event_id"],
        **({"corrections": envelope["corrections"]} if envelope.get("corrections") else {}),
    }
