"""The clock goes back and forth; the record does not."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from domain.recording.application import command_named
from domain.values.refusal import Refusal
from projections.engine.append.record_clock import ACCEPTED, moment_in, parts
from projections.engine.log import events_after
from projections.engine.store import Store
from projections.rebuild.replay import verify
from projections.registry import open_store
from projections.tables.durable import FICTIONAL, SETTING
from tests.projections.engine.test_event_format import register
from tests.projections.engine.test_store import SECRETARIAT
from tests.support.server import kyodo_here, settings_for

NOON = dt.datetime(2026, 4, 1, 3, 0, tzinfo=dt.UTC)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now

    def set(self, **back: int) -> None:
        self.now = NOON - dt.timedelta(**back)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database_url: str, clock: Clock) -> Iterator[Store]:
    made = open_store(database_url, clock=clock)
    made.create()
    register(made, "org-noon")
    yield made
    made.close()


def moments(store: Store) -> list[dt.datetime]:
    with store.engine.connect() as connection:
        return [e.recorded_at for e in events_after(connection)]


def set_aside(store: Store, name: str, value: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.insert(SETTING).values(name=name, value=value))


@pytest.mark.parametrize("back", [{"microseconds": 1}, {"seconds": 1}, {"seconds": 299}])
def test_what_is_recorded_later_is_never_recorded_earlier(
    store: Store, clock: Clock, back: dict[str, int]
) -> None:
    clock.set(**back)
    register(store, "org-later")
    clock.now = NOON + dt.timedelta(minutes=1)
    register(store, "org-after")
    assert moments(store) == [NOON, NOON, NOON + dt.timedelta(minutes=1)]
    assert [proof.view for proof in verify(store) if not proof.equal] == []
    with store.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT state FROM stored_events")).scalars().all()
    again = [json.loads(bytes(state)) for state in rows]
    assert [told["recorded_at"] for told in again[:2]] == ["2026-04-01T03:00:00Z"] * 2


@pytest.mark.parametrize(("seconds", "told"), [(1, False), (2, True), (299, True)])
def test_from_two_seconds_back_it_is_told(
    store: Store, clock: Clock, caplog: pytest.LogCaptureFixture, seconds: int, told: bool
) -> None:
    clock.set(seconds=seconds)
    register(store, "org-later")
    assert ("after the present time" in caplog.text) is told


def test_from_five_minutes_back_nothing_is_recorded_until_somebody_has_looked(
    store: Store, clock: Clock
) -> None:
    clock.set(minutes=5)
    with pytest.raises(Refusal) as refused:
        register(store, "org-later")
    assert (refused.value.code, refused.value.declared.kind) == ("CLOCK_UNUSABLE", "unavailable")
    assert "2026-04-01T02:55:00Z" in refused.value.sentence("ja")
    set_aside(store, ACCEPTED, (NOON - dt.timedelta(seconds=1)).isoformat())  # of an earlier time
    with pytest.raises(Refusal, match="CLOCK_UNUSABLE"):
        register(store, "org-later")
    assert moments(store) == [NOON]
    clock.now = NOON
    register(store, "org-later")
    assert moments(store) == [NOON, NOON]


def test_a_person_may_say_that_the_clock_is_right_now(store: Store, clock: Clock) -> None:
    """The newest event is of a time to come for the machine that ``kyodo`` runs on."""
    clock.now = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    register(store, "org-future")
    env = settings_for(store.url.render_as_string(hide_password=False)) | {"LC_ALL": "en_US.UTF-8"}
    with pytest.raises(AssertionError, match=r"→ 3\n(.|\n)*behind the newest event"):
        kyodo_here("clock", env=env)
    with pytest.raises(AssertionError, match="--yes"):
        kyodo_here("clock", "accept", env=env)
    kyodo_here("clock", "accept", "--yes", env=env)
    assert json.loads(kyodo_here("clock", "--json", env=env).stdout)["usable"] is True
    clock.set(days=0)
    register(store, "org-now")
    assert moments(store)[1:] == [dt.datetime(2099, 1, 1, tzinfo=dt.UTC)] * 2


def test_in_a_fictional_record_the_story_tells_the_time(store: Store, clock: Clock) -> None:
    set_aside(store, FICTIONAL, "yes")
    clock.set(days=400)
    register(store, "org-later")
    assert moments(store) == [NOON, NOON]


def test_two_processes_whose_clocks_differ_record_in_one_order(store: Store, clock: Clock) -> None:
    slow = Clock()
    slow.set(seconds=30)
    other = open_store(store.url.render_as_string(hide_password=False), clock=slow)
    for n in range(3):
        clock.now = NOON + dt.timedelta(seconds=n)
        register(store, f"org-{n}")
        register(other, f"org-{n}-slow")
    other.close()
    assert moments(store) == sorted(moments(store))


def test_events_of_one_command_are_in_order_too(store: Store, clock: Clock) -> None:
    """The clock goes back while a batch is decided."""
    app = store.application
    with app.batch() as batch:
        command = command_named("Party", "register_organisation")
        for n, back in enumerate((0, 3, 1)):
            clock.set(seconds=back)
            batch.execute(command, f"org-{n}", {"name_ja": "架空の会", "category": "npo"}, SECRETARIAT)
    assert moments(store) == [NOON] * 4


@pytest.mark.parametrize("moment", ["2026-04-01T03:00:00Z", "2026-04-01T03:00:00.000001Z"])
def test_the_moment_stands_in_the_envelope_before_anything_that_somebody_wrote(moment: str) -> None:
    state = b'{"event_id":"e","recorded_at":"%s","note":"\\"recorded_at\\":\\"x\\""}' % moment.encode()
    before, first, second, after = parts(state)
    assert before + first.encode() + after == state
    assert first == second == moment
    assert moment_in(state) == dt.datetime.fromisoformat(moment)
