"""A council whose figures are computed by hand: what to tell a store, and how to ask it for a metric."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from domain.kernel.viewer import PUBLIC, Viewer
from domain.values.calendar import EffectiveDate
from projections.engine.store import Store
from projections.metrics.ask import measure
from tests.support.given import give, ticking_clock
from tests.support.stories import assemblies
from tests.support.stories.assemblies import COUNCIL, seats

STAFF = Viewer(staff=True)
TODAY = dt.date(2027, 3, 31)
"""The last day of FY2026; the meetings of assemblies.py are in May 2026."""
GROUP = "group-x"
RULES: dict[str, Any] = {"quorum": {"basis": "none"}, **assemblies.OF_PRESENT}

Said = tuple[str | None, int | str | None, int | str | None]
"""A figure: value, numerator, denominator."""


class Told:
    """A store, told commands as a TestRecord is, and asked for metrics."""

    def __init__(self, store: Store):
        self.store = store

    def do(self, role: str, kind: str, entity: str, command: str, /, **arguments: Any) -> None:
        give(self.store.application, role, kind, entity, command, **arguments)

    def imported(self, kind: str, entity: str, command: str, /, effective: str, **arguments: Any) -> None:
        """As a source tells it, of that day (or month, or year)."""
        self.do("IMP", kind, entity, command, importing=True, envelope=of(effective), **arguments)

    def on_the_day(self, day: str) -> None:
        """The clock stands at noon in Japan on this day."""
        noon = dt.datetime.fromisoformat(f"{day}T12:00:00+09:00").astimezone(dt.UTC)
        self.store.application.clock = ticking_clock(noon)

    def measure(
        self, code: str, viewer: Viewer = PUBLIC, period: Any = 2026, today: dt.date | None = None
    ) -> dict[str, Any]:
        """A metric of FY2026 on its last day, unless asked otherwise."""
        if today is None:
            today = dt.date(period + 1, 3, 31) if isinstance(period, int) else TODAY
        with self.store.engine.connect() as connection:
            return measure(connection, code, council_id=COUNCIL, period=period, viewer=viewer, today=today)

    def said(self, code: str, **asked: Any) -> Said:
        return said(self.measure(code, **asked))

    def part(self, code: str, name: str, **asked: Any) -> dict[str, Any]:
        """A further figure of a metric."""
        (found,) = (p for p in self.measure(code, **asked)["parts"] if p["name"] == name)
        return dict(found)

    def coverage(self, code: str, **asked: Any) -> tuple[int, int]:
        found = self.measure(code, **asked)["coverage"]
        return found["known"], found["of"]


def said(figure: dict[str, Any]) -> Said:
    return figure["value"], figure["numerator"], figure["denominator"]


def of(value: str) -> dict[str, Any]:
    """An envelope with this effective date."""
    return {"effective": EffectiveDate.parse(value)}


def day(value: str) -> dict[str, str]:
    return {"value": value, "precision": "day"}


def a_council(told: Told, members: int, **rules: Any) -> None:
    """Members ``seat-01``, ``seat-02``, … in office since 1 April 2026; no quorum is asked for."""
    assemblies.given_a_council(told, members, **RULES, **rules)
    told.do("SEC", "Document", "doc-x", "register", kind="minutes", disclosure={})


def a_member(told: Told, seat: str, since: str, **more: Any) -> None:
    assemblies.given_a_member(told, seat, from_date=day(since), **more)


def announced(told: Told, on: str, publicity: str = "open") -> str:
    """A plenary on that day with one item, announced."""
    meeting = f"meeting-{on}"
    where = {"place": "架空会館", "starts_at": f"{on}T14:00:00+09:00"}
    item = {"item_id": "item-1", "order": 1, "title": "架空の議題", "type": "report"}
    told.do("SEC", "Meeting", meeting, "schedule", council_id=COUNCIL, kind="plenary", **where)
    told.do("SEC", "Meeting", meeting, "list_item", **item)
    why = {"reason": None if publicity == "open" else "個人に関する議題（架空）"}
    notice = {"notice_on": "2026-04-01", "publicity": publicity}
    told.do("SEC", "Meeting", meeting, "notify", **notice, envelope=why)
    return meeting


def held(
    told: Told,
    on: str,
    present: int | Iterable[str],
    *,
    spoke: Iterable[str] = (),
    wrote: Iterable[str] = (),
    closed_item: bool = False,
    publicity: str = "open",
    observers: int | None = None,
) -> str:
    """A plenary on that day from 14:00 to 16:00. ``present`` are the first so many seats, or these."""
    meeting = announced(told, on, publicity)
    there = seats(present) if isinstance(present, int) else list(present)
    for seat in wrote:
        letter = {"appointment_id": seat, "item_id": "item-1", "document_id": "doc-x"}
        told.do("SEC", "Meeting", meeting, "receive_written", **letter)
    opening = {"at": f"{on}T14:00:00+09:00", "presiding": there[0], "present": there[1:]}
    told.do("CHR", "Meeting", meeting, "open", **opening)
    for n, seat in enumerate(spoke):
        words = {"item_id": "item-1", "stance": "for", "text": "賛成（架空）", "speaker": seat}
        told.do("SEC", "Meeting", meeting, "record_statement", statement_id=f"s-{n}", **words)
    if closed_item:
        ground = {"visibility": "closed", "ground": "personal"}
        closing = {"item_id": "item-1", "disclosure": ground, "decided_in_meeting": True, "reason": "架空"}
        told.do("CHR", "Meeting", meeting, "close_item", **closing)
    told.do("SEC", "Meeting", meeting, "note_item", item_id="item-1")
    told.do("CHR", "Meeting", meeting, "close", at=f"{on}T16:00:00+09:00", observers=observers)
    return meeting


def minutes(told: Told, meeting: str, published_on: str | None) -> None:
    """Its minutes, confirmed, and published on that day."""
    draft = {"v": 1, "style": "summary", "naming": "none", "document_id": "doc-x"}
    told.do("SEC", "Meeting", meeting, "draft_minutes", **draft)
    told.do("SEC", "Meeting", meeting, "circulate_minutes", v=1, reply_by="2026-05-24")
    told.do("CHR", "Meeting", meeting, "confirm_minutes", by="chair", v=1)
    if published_on is not None:
        told.do("IMP", "Meeting", meeting, "publish_minutes", importing=True, on=published_on)


def counted(told: Told, on: str, **counts: int) -> None:
    """A plenary of that day of which a source gives these counts alone."""
    meeting = announced(told, on)
    told.do("IMP", "Meeting", meeting, "import_counts", importing=True, **counts)


def a_group(told: Told, members: int) -> None:
    """A group of the first so many members."""
    told.do("SEC", "WorkingGroup", GROUP, "form", kind="project_group", council_id=COUNCIL)
    for seat in seats(members):
        told.imported("WorkingGroup", GROUP, "assign_member", "2026-06-01", appointment_id=seat)


def duty(told: Told, seat: str, since: str, *, due: str | None = None) -> str:
    """A responsibility that a member took on that day; its id."""
    name = f"duty-{seat}"
    said = {"responsibility_id": name, "appointment_id": seat, "duty": "会場の手配（架空）"}
    told.imported("WorkingGroup", GROUP, "take_responsibility", since, **said, due=due and day(due))
    return name


def a_scope(**rows: Any) -> Any:
    """A scope, for the public, that holds these rows and nothing else: for arithmetic alone."""
    counted_rows = {
        "within": lambda first, last: True,
        "party_of": lambda group, appointment: appointment,
        **rows,
    }
    return SimpleNamespace(counted=SimpleNamespace(**counted_rows), viewer=PUBLIC)
