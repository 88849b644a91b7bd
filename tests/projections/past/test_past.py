"""The past equals what was: the record as known, and as in force, on a day; shown by today's rules."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from domain.sample.record import make_sample
from projections.answers.public_cut import public_row
from projections.answers.trail import trail
from projections.engine.log import events_after, head
from projections.engine.store import Store
from projections.engine.view import VIEWS
from projections.past.files import Moment, position_on
from projections.past.kept_files import Pasts
from projections.tables.durable import VAULT
from projections.views.record.closed_parts import closed_in
from tests.projections.engine.test_corrections import FORUM, WHY, correct
from tests.support.digests import digest_view
from tests.support.given import give

UNJUDGED = [view for view in VIEWS.values() if view.name not in ("closed_parts", "sealed")]
"""Views that say what was; the two others say who may see it today."""
TODAY = dt.date(2026, 4, 1)
"""The day of the tests' clock."""


def digests_of(path: Path) -> dict[str, str]:
    connection = sqlite3.connect(path)
    found = {view.name: digest_view(connection.cursor(), False, view) for view in UNJUDGED}
    connection.close()
    return found


def living_digests(store: Store) -> dict[str, str]:
    connection = store.connect()
    cursor = connection.cursor()
    found = {view.name: digest_view(cursor, store.postgres, view) for view in UNJUDGED}
    connection.close()
    return found


def test_the_past_is_what_the_record_was_then(store: Store, tmp_path: Path) -> None:
    make_sample(store.application, 2)
    with store.engine.connect() as connection:
        then = head(connection)
        day = events_after(connection, then - 1)[0].recorded_at.date()
    before = living_digests(store)
    correct_later(store)
    pasts = Pasts(store, tmp_path / "pasts")
    known_on = Moment(day + dt.timedelta(days=1))
    with pasts.reading(known_on) as past:
        assert head(past) == then
        (path,) = (tmp_path / "pasts").glob("*.sqlite")
    assert digests_of(path) == before


def correct_later(store: Store) -> None:
    """Something happens on a later day: a title that was wrong for all that time is put right."""
    later = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    store.application.clock = lambda: later
    matter = "matter-s00001"
    correct(store, "Matter", matter, matter, "MatterRaised", title="後から訂正した題名（架空）")


def test_what_was_recorded_later_was_not_known(kanazawa: Store, tmp_path: Path) -> None:
    correct_on(kanazawa, dt.date(2030, 5, 1))
    pasts = Pasts(kanazawa, tmp_path)
    for day, yen in ((dt.date(2030, 4, 30), 200_000), (dt.date(2030, 5, 1), 210_000)):
        with pasts.reading(Moment(known_on=day)) as past:
            budget = "SELECT yen FROM budget_line WHERE action_id=:id"
            assert past.scalar(sa.text(budget), {"id": FORUM}) == yen


def correct_on(store: Store, day: dt.date) -> None:
    noon = dt.datetime.combine(day, dt.time(3), dt.UTC)
    store.application.clock = lambda: noon
    amounts: dict[str, Any] = {"amount_yen": 210_000, "stated_amount": 210}
    correct(store, "PlanAction", FORUM, FORUM, "BudgetAllocated", **amounts)


def test_a_day_ends_at_midnight_in_japan(kanazawa: Store) -> None:
    kanazawa.application.clock = lambda: dt.datetime(2030, 4, 30, 15, 0, tzinfo=dt.UTC)
    give(kanazawa.application, "SEC", "Party", "p-late", "register_person", name="架空 深夜")
    with kanazawa.engine.connect() as connection:
        newest = head(connection)
        assert position_on(connection, dt.date(2030, 4, 30)) == newest - 1
        assert position_on(connection, dt.date(2030, 5, 1)) == newest
        assert position_on(connection, dt.date(1999, 1, 1)) == 0


def test_what_certainly_came_later_was_not_in_force(kanazawa: Store, tmp_path: Path) -> None:
    """On 2007-06-01 the forum had its FY2007 money; the study team of FY2008 was not there yet. What has no
    date stays: nobody knows that it was later."""
    with Pasts(kanazawa, tmp_path).reading(Moment(in_force_on=dt.date(2007, 6, 1))) as past:
        known = set(past.scalars(sa.text("SELECT id FROM trail_thing")))
        assert FORUM in known and "council-shimin-kaigi" in known
        assert "group-centre-study-team" not in known
        assert "problem-fixed-participants" in known
    with kanazawa.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT kind FROM trail_thing WHERE id='group-centre-study-team'"))


def test_what_is_closed_today_is_closed_in_every_past(kanazawa: Store, tmp_path: Path) -> None:
    stream, entity = "reflection-problem-fixed-participants", "problem-fixed-participants"
    with kanazawa.engine.connect() as connection:
        (event,) = events_after(connection, stream=stream, types=["ReflectionRecorded"])
    pasts = Pasts(kanazawa, tmp_path)
    moment = Moment(known_on=TODAY)
    with pasts.reading(moment) as past:
        assert event.data.text_ja in repr(trail(past, entity))
    noon = dt.datetime(2030, 5, 1, 3, tzinfo=dt.UTC)
    kanazawa.application.clock = lambda: noon
    closed = {"visibility": "closed", "ground": "personal"}
    asked = {"redaction_id": "r-1", "target_version": event.version, "redacted": closed, "reason": WHY}
    give(kanazawa.application, "DIS", "Reflection", entity, "redact", **asked)
    with pasts.reading(moment) as past:
        assert event.data.text_ja not in repr(trail(past, entity))
        row = past.execute(sa.text("SELECT doc FROM issue WHERE issue_id=:id"), {"id": entity}).one()
        from msgspec import json

        shown = public_row(json.decode(row.doc), closed_in(past, [stream]), stream)
        assert event.data.text_ja not in repr(shown)


def test_a_past_made_from_an_earlier_one_is_the_same(kanazawa: Store, tmp_path: Path) -> None:
    correct_on(kanazawa, dt.date(2030, 5, 1))
    moments = [Moment(day, dt.date(2008, 1, 1)) for day in (TODAY, dt.date(2030, 5, 2))]
    onwards, fresh = Pasts(kanazawa, tmp_path / "a"), Pasts(kanazawa, tmp_path / "b")
    for moment in moments:
        with onwards.reading(moment):
            pass
    with fresh.reading(moments[1]):
        pass
    newest = max((tmp_path / "a").glob("*.sqlite"), key=lambda path: int(path.name.split("-")[0]))
    (alone,) = (tmp_path / "b").glob("*.sqlite")
    assert digests_of(newest) == digests_of(alone)


def test_no_name_lies_in_a_file_of_the_past(kanazawa: Store, tmp_path: Path) -> None:
    give(kanazawa.application, "SEC", "Party", "p-named", "register_person", name="架空 花子")
    with Pasts(kanazawa, tmp_path).reading(Moment(in_force_on=TODAY)) as past:
        assert past.execute(sa.select(VAULT)).all() == []
