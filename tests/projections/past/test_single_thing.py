"""The past of one thing, made from its own events, is exactly that of the full past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from api.reads.collections import COLLECTIONS, Collection
from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from domain.kernel.events import EVENTS
from domain.kernel.record import KINDS
from domain.sample.record import make_sample
from domain.values.refusal import Refusal
from projections.answers.trail import account_of, trail
from projections.engine.log import events_after, head, version_of
from projections.engine.store import Store
from projections.past import single_thing
from projections.past.files import Moment, position_on
from projections.past.kept_files import Pasts
from projections.past.single_thing import reading_one
from projections.registry import open_store
from projections.views.matter import decision_trail
from projections.views.matter.decision_trail import MOST_LINKS
from tests.projections.conftest import new_store
from tests.projections.engine.test_corrections import FORUM, WHY, correct
from tests.support.given import give, ticking_clock

COLLECTION_OF = {collection.kind: collection for collection in COLLECTIONS}
Things = list[tuple[str, Collection | None]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pasts")


@pytest.fixture(scope="module")
def sample(folder: Path) -> Iterator[Store]:
    """Forty meetings over twelve years, with corrections, redactions, a supersession and sealed sheets."""
    store = open_store(f"sqlite:///{folder}/sample.db")
    store.create()
    make_sample(store.application, 40)
    yield store
    store.close()


def things_of(store: Store) -> Things:
    """Every thing on record, with the collection it is an item of."""
    table = decision_trail.thing.table
    with store.engine.connect() as connection:
        rows = connection.execute(sa.select(table).order_by(table.c.id)).all()
    return [(row.id, COLLECTION_OF.get(row.kind) if row.id == row.entity else None) for row in rows]


def told(ask: Any, *arguments: Any, **options: Any) -> Any:
    try:
        return ask(*arguments, **options)
    except Refusal as refused:
        return refused.code


def item(connection: sa.Connection, thing: str, collection: Collection | None) -> Any:
    """Everything an item is answered from."""
    if collection is None:
        return told(account_of, connection, thing)
    table, kind = collection.table.table, KINDS[collection.kind or ""]
    own = sa.select(table).where(table.c[collection.id_column] == thing)
    rows = [tuple(row) for row in connection.execute(own)]
    return told(account_of, connection, thing), rows, version_of(connection, kind.stream_for(thing))


def around(connection: sa.Connection, thing: str) -> Any:
    """Everything its trail, its links and its PROV-JSON are answered from."""
    links = decision_trail.links_of_thing(connection, thing)
    ends = {made.from_id for made in links} | {made.to_id for made in links}
    trails = [told(trail, connection, thing, staff=staff) for staff in (False, True)]
    return trails, links, decision_trail.things(connection, ends)


def same_as_in_full(store: Store, pasts: Pasts, moment: Moment, things: Things) -> int:
    """How many of these things were known at a moment; each is answered from both pasts, and compared."""
    known = 0
    with pasts.reading(moment) as full:
        for thing, collection in things:
            view = collection.table.view if collection else None
            expected = item(full, thing, collection)
            with store.reading() as living, reading_one(living, moment, thing, view) as one:
                assert item(one, thing, collection) == expected, (moment, thing)
            with store.reading() as living, reading_one(living, moment, thing, around=True) as one:
                assert around(one, thing) == around(full, thing), (moment, thing)
            known += "UNKNOWN_ID" not in repr(expected)
    return known


DAY = dt.date.fromisoformat
MOMENTS = [
    Moment(known_on=DAY("2023-06-30")),
    Moment(known_on=DAY("2029-03-31")),
    Moment(in_force_on=DAY("2024-04-01")),
    Moment(in_force_on=DAY("2030-12-31")),
    Moment(DAY("2028-10-26"), DAY("2026-05-01")),
]


@pytest.mark.parametrize("n", range(len(MOMENTS)))
def test_things_of_a_sample_are_the_same(sample: Store, folder: Path, n: int) -> None:
    """Every third thing of some four hundred at each moment, each thing at two moments or one."""
    things = things_of(sample)[n % 3 :: 3]
    known = same_as_in_full(sample, Pasts(sample, folder / "sample"), MOMENTS[n], things)
    assert len(things) > 120 and 15 < known < len(things)


def test_every_thing_of_kanazawa_is_the_same(kanazawa: Store, tmp_path: Path) -> None:
    """With what came later: a corrected amount, a corrected title, a redaction, a link said and withdrawn."""
    for year, change in enumerate((_correct_budget, _close_problem, _link_and_withdraw), 2030):
        kanazawa.application.clock = ticking_clock(dt.datetime(year, 5, 1, 3, tzinfo=dt.UTC))
        change(kanazawa)
    things = things_of(kanazawa)
    pasts = Pasts(kanazawa, tmp_path)
    for known_on, in_force_on in (
        ("2029-01-01", None),
        ("2030-06-01", None),
        ("2031-06-01", "2008-12-31"),
        (None, "2007-06-01"),
    ):
        moment = Moment(DAY(known_on) if known_on else None, DAY(in_force_on) if in_force_on else None)
        same_as_in_full(kanazawa, pasts, moment, things)


def _correct_budget(store: Store) -> None:
    correct(store, "PlanAction", FORUM, FORUM, "BudgetAllocated", amount_yen=210_000, stated_amount=210)
    correct(store, "PlanAction", FORUM, FORUM, "ActionRegistered", title_ja="後から訂正した題名（架空）")


def _close_problem(store: Store) -> None:
    entity = "problem-fixed-participants"
    closed = {"visibility": "closed", "ground": "personal"}
    asked: dict[str, Any] = {"redaction_id": "r-1", "target_version": 1, "redacted": closed, "reason": WHY}
    give(store.application, "DIS", "Reflection", entity, "redact", **asked)


def _link_and_withdraw(store: Store) -> None:
    about: dict[str, Any] = {
        "from_id": FORUM,
        "to_id": "problem-fixed-participants",
        "relation": "responds_to",
    }
    give(store.application, "SEC", "Link", "link-1", "make", **about, reason=WHY)
    give(store.application, "SEC", "Link", "link-1", "withdraw", reason=WHY)


def test_no_correction_can_touch_a_link() -> None:
    """Links are taken over as they are today: so no field of a link may be one that can be corrected."""
    assert "propose_correction" not in KINDS["Link"].COMMANDS
    for event in EVENTS.values():
        if event.LINKS:
            fields = set(decision_trail.link.columns) & set(event.__struct_encode_fields__)
            assert all(name.endswith("_id") for name in fields), event  # what a correction never touches


@pytest.mark.parametrize("at_once", [1, 3])
@pytest.mark.parametrize("most", [2, 5_000])
def test_links_are_judged_a_few_at_a_time(
    kanazawa: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, at_once: int
) -> None:
    """However many links were not in force yet: all are found, or as many as are looked at."""
    moment = Moment(in_force_on=DAY("2008-12-31"))
    monkeypatch.setattr(single_thing, "LINKS_AT_ONCE", at_once)
    if most == MOST_LINKS:
        assert same_as_in_full(kanazawa, Pasts(kanazawa, tmp_path), moment, things_of(kanazawa)) > 10
        return
    monkeypatch.setattr(single_thing, "MOST_LINKS", most)
    with Pasts(kanazawa, tmp_path).reading(moment) as full:
        expected = [made.link_id for made in decision_trail.links_at(full, "to_id", [FORUM])]
    with kanazawa.reading() as living, reading_one(living, moment, FORUM) as past:
        found = [made.link_id for made in decision_trail.links_at(past, "to_id", [FORUM])]
    assert len(expected) > most and found == expected[:most]


def test_the_position_of_a_day_is_the_last_event_of_that_day(sample: Store) -> None:
    with sample.engine.connect() as connection:
        events = events_after(connection, limit=5_000)
        assert len(events) == head(connection)
        for day in {DAY("2021-04-19"), *(e.recorded_at.date() for e in events[::97])}:
            midnight = dt.datetime.combine(day, dt.time(15), dt.UTC)
            assert position_on(connection, day) == sum(e.recorded_at < midnight for e in events)


@pytest.mark.postgres
def test_a_day_is_found_where_positions_have_holes(postgres: Any) -> None:
    url = postgres.fresh()
    store = new_store(url)
    import_history(store.application, read_history(KANAZAWA))
    store.application.clock = lambda: dt.datetime(2030, 5, 1, 3, tzinfo=dt.UTC)
    for n in (1, 2):
        with store.engine.begin() as connection:
            burn = "SELECT nextval(pg_get_serial_sequence('stored_events', 'notification_id'))"
            connection.execute(sa.text(f"{burn} FROM generate_series(1, 3000)"))
        give(store.application, "SEC", "Party", f"p-{n}", "register_person", name="架空 穴")
    with store.engine.connect() as connection:
        newest = head(connection)
        assert newest > 6_000
        assert position_on(connection, DAY("2030-05-01")) == newest
        before = position_on(connection, DAY("2030-04-30"))
        assert [e.position for e in events_after(connection, before)] == [newest - 3001, newest]
    store.close()
    postgres.drop(url)
