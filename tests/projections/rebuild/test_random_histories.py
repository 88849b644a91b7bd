"""Whatever happens on record, in whatever order: live views, rebuilt ones and the past at the head are
the same, and the past at a position is a replay of the events up to it."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.kernel.corrected import own_date, value_at
from domain.kernel.correction_events import EFFECTIVE
from domain.kernel.events import Actor, Evidence, Recorded
from domain.kernel.record import KINDS, kind_of
from domain.values.calendar import EffectiveDate
from domain.values.refusal import Refusal
from projections.engine.fold_events import DictRows, fold_events
from projections.engine.log import events_after
from projections.engine.store import Store
from projections.engine.view import VIEWS
from projections.past.files import Moment, build
from projections.rebuild.replay import rebuild, verify
from projections.registry import open_store
from tests.domain.test_state_machines import COURSES
from tests.support.digests import digest_view
from tests.support.given import START, TestRecord, counted_ids, give
from tests.support.postgres import Postgres
from tests.support.stories.random_orders import Course

CLOSED = {"visibility": "closed", "ground": "personal"}
MANY = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
    ),  # an example takes a second: nobody waits to shrink it
)
STEPS = st.lists(st.integers(0, 1_000_000), min_size=5, max_size=40)


class OnStore(TestRecord):
    """The sentences of the domain's tests, given to a record with views. A day passes with each command."""

    def __init__(self, store: Store):
        self.store = store
        self.application = store.application
        self.day = START
        self.application.clock = self.clock
        self.receipt = None

    def clock(self) -> dt.datetime:
        self.day += dt.timedelta(hours=7)
        return self.day

    @property
    def events(self) -> list[Recorded[Any]]:
        with self.store.engine.connect() as connection:
            return events_after(connection, 0, limit=1_000_000)


def live_through(record: OnStore, course: Course, steps: list[int]) -> None:
    """Try moves of a course, and now and then a correction, a redaction or a withdrawal of what is on
    record; what is refused does not happen."""
    course.given(record)
    for step in steps:
        try:
            if step % 11 == 0:
                _take_back(record, step)
            elif step % 7 == 0:
                _fix(record, step)
            else:
                chosen = course.moves[step % len(course.moves)]
                kind, entity = chosen.kind or course.kind, chosen.entity or course.entity
                importing = step % 5 == 0 and "IMP" in KINDS[kind].COMMANDS[chosen.command].roles
                role, envelope = "IMP" if importing else chosen.role, _envelope(record, step)
                if not importing and role != "SEC" and step % 3:  # the secretariat writes it down
                    seen = Evidence("minute_taker", record.day.date())
                    role, envelope = "SEC", {**envelope, "actor": Actor(role), "evidence": seen}
                give(
                    record.application,
                    role,
                    kind,
                    entity,
                    chosen.command,
                    importing=importing,
                    envelope=envelope or None,
                    **chosen.fields,
                )
        except Refusal:
            continue


def _envelope(record: OnStore, step: int) -> dict[str, Any]:
    """Now and then what is recorded happened long before, or nobody knows when."""
    if step % 4 == 1:
        return {"effective": EffectiveDate.on(record.day.date() - dt.timedelta(days=step % 40))}
    return {"effective": EffectiveDate.unknown()} if step % 8 == 6 else {}


def _take_back(record: OnStore, step: int) -> None:
    """One of the newest events, by whoever recorded it, within the hour."""
    newest = record.events[-3:]
    if newest:
        e = newest[step % len(newest)]
        record.day -= dt.timedelta(hours=7)  # the clock of the record does not go back: it stands
        asked = {"target_version": e.version, "reason": "取消（架空）"}
        by = e.recorded_by or e.actor
        kind, party = kind_of(e.stream).__name__, by.party
        give(record.application, by.role, kind, e.entity, "withdraw_event", party=party, **asked)


def _fix(record: OnStore, step: int) -> None:
    events = record.events
    if not events:
        return
    e = events[step % len(events)]
    kind, asked = kind_of(e.stream).__name__, {"target_version": e.version, "reason": "理由（架空）"}
    if step % 2:
        asked |= {"redaction_id": f"redaction-{step}-{len(events)}", "redacted": CLOSED, "fields": []}
        give(record.application, "DIS", kind, e.entity, "redact", **asked)
        return
    said = [name for name, value in msgspec.to_builtins(e.data).items() if isinstance(value, str | list)]
    if wanted := [EFFECTIVE, *said]:
        name = f"correction-{step}-{len(events)}"
        field = wanted[step % len(wanted)]
        was: Any = value_at(e, field)
        after = was[:-1] if isinstance(was, list) else "訂正（架空）"
        if field == EFFECTIVE or field == own_date(type(e.data)):
            after = f"2026-0{1 + step % 9}-15"
        changes = [{"field": field, "after": after}]
        give(
            record.application,
            "SEC",
            kind,
            e.entity,
            "propose_correction",
            correction_id=name,
            changes=changes,
            **asked,
        )
        give(record.application, "CHR", kind, e.entity, "approve_correction", correction_id=name)


def digests(store: Store) -> dict[str, str]:
    connection = store.connect()
    found = {name: digest_view(connection.cursor(), store.postgres, view) for name, view in VIEWS.items()}
    connection.close()
    return found


def past_at(store: Store, position: int, folder: Path, earlier: tuple[int, Path] | None = None) -> Path:
    path = folder / f"{position}-{'first' if earlier is None else 'onwards'}.sqlite"
    with store.engine.connect() as living:
        build(living, position, Moment(dt.date(2026, 1, 1)), path, mark="", earlier=earlier)
    return path


def rows_in(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    past = open_store(f"sqlite:///{path}")
    with past.engine.connect() as connection:
        found = {
            table.name: [
                tuple(row)
                for row in connection.execute(table.table.select().order_by(*table.table.primary_key.columns))
            ]
            for view in VIEWS.values()
            for table in view.tables
        }
    past.close()
    return found


def replayed(events: list[Recorded[Any]]) -> dict[str, list[tuple[Any, ...]]]:
    rows = DictRows(events)
    for n in range(len(events)):  # one by one, as they came
        fold_events(VIEWS.values(), events[n : n + 1], rows)
    return {table.name: rows.rows(table.name) for view in VIEWS.values() for table in view.tables}


def check(url: str, course: Course, steps: list[int], share: float, folder: Path) -> None:
    store = open_store(url, new_id=counted_ids())
    store.create()
    record = OnStore(store)
    live_through(record, course, steps)
    live, events = digests(store), record.events
    assert [proof.view for proof in verify(store) if not proof.equal] == []
    rebuild(store)
    assert digests(store) == live
    position = round(share * len(events))
    then = past_at(store, position, folder)
    assert rows_in(then) == replayed(events[:position])
    now = open_store(
        f"sqlite:///{past_at(store, store.head(), folder, (position, then))}"
    )  # onwards from the earlier past
    assert digests(now) == live
    now.close()
    store.close()


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.kind)
@settings(MANY, max_examples=2)
@given(steps=STEPS, share=st.floats(0, 1))
def test_live_rebuilt_and_past_views_are_the_same(course: Course, steps: list[int], share: float) -> None:
    folder = Path(tempfile.mkdtemp(prefix="kyodo-random-"))
    try:
        check(f"sqlite:///{folder}/record.db", course, steps, share, folder)
    finally:
        shutil.rmtree(folder)


@pytest.mark.postgres
@settings(MANY, max_examples=3)
@given(course=st.sampled_from(COURSES), steps=STEPS, share=st.floats(0, 1))
def test_on_postgresql_too(postgres: Postgres, course: Course, steps: list[int], share: float) -> None:
    folder = Path(tempfile.mkdtemp(prefix="kyodo-random-"))
    try:
        check(postgres.fresh(), course, steps, share, folder)
    finally:
        shutil.rmtree(folder)
