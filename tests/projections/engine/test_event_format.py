"""Two versions of the software on one record: the older reads what it can, and records nothing any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from domain.kernel.events import EVENTS
from domain.party.aggregate import OrganisationRegistered, PersonRegistered
from domain.recording.application import command_named
from domain.values.refusal import Refusal
from projections.engine.event_format import event_formats
from projections.engine.log import events_after
from projections.engine.store import Store
from projections.engine.view import VIEWS, Handler
from projections.rebuild.replay import rebuild, verify
from projections.registry import open_store
from projections.tables.durable import EVENT_FORMAT
from tests.projections.engine.test_store import SECRETARIAT

NEWER = "9.9.0"


def register(store: Store, party: str, kind: str = "organisation") -> None:
    said = {"name": "架空 太郎"} if kind == "person" else {"name_ja": "架空の会", "category": "npo"}
    store.application.execute(command_named("Party", f"register_{kind}"), party, said, SECRETARIAT)


def formats(store: Store) -> dict[str, int]:
    with store.engine.connect() as connection:
        return event_formats(connection)


def stated(store: Store) -> list[tuple[Any, ...]]:
    with store.engine.connect() as connection:
        return [
            tuple(row) for row in connection.execute(sa.select(EVENT_FORMAT).order_by(EVENT_FORMAT.c.since))
        ]


@contextmanager
def newer_software(event: type[Any]) -> Iterator[None]:
    """In this block the code is of a version in which the event has one shape more."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(event, "class_version", event.class_version + 1)
        changed.setattr(event, "upcast_v1_v2", staticmethod(lambda data: None), raising=False)
        changed.setattr("projections.engine.event_format.software_version", lambda: NEWER)
        yield


@contextmanager
def software_that_does_not_know(event: type[Any]) -> Iterator[None]:
    """In this block the code is of a version that had no such event yet."""
    with pytest.MonkeyPatch.context() as changed:
        changed.delitem(EVENTS, event.__name__)
        yield


def refusal_of(act: Callable[[], Any]) -> Refusal:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value


def test_the_record_states_the_newest_shape_of_each_event_that_it_holds(store: Store) -> None:
    assert formats(store) == {}
    register(store, "org-a")
    first = stated(store)
    register(store, "org-b")
    assert stated(store) == first  # nothing has risen, so nothing was written
    register(store, "p-c", "person")
    assert formats(store) == {"OrganisationRegistered": 1, "PersonRegistered": 1}
    with newer_software(OrganisationRegistered):
        register(store, "org-d")
        register(store, "org-e")
    assert [(event, shape, software == NEWER) for event, shape, _, software in stated(store)] == [
        ("PersonRegistered", 1, False),
        ("OrganisationRegistered", 2, True),
    ]
    with store.engine.connect() as connection:
        by_position = {e.position: e.schema for e in _events_of_newer(connection)}
    ((_, _, since, _),) = [row for row in stated(store) if row[1] == 2]
    assert [shape for position, shape in by_position.items() if position >= since] == [2, 2]


def _events_of_newer(connection: sa.Connection) -> list[Any]:
    with newer_software(OrganisationRegistered):
        return events_after(connection)


def test_what_was_not_recorded_is_not_stated(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(row: Any, e: Any, key: Any) -> Any:
        raise ZeroDivisionError

    table = VIEWS["party_register"].tables[0]
    monkeypatch.setattr(table, "any_event", [Handler(lambda e: (e.entity,), broken)])
    with pytest.raises(ZeroDivisionError):
        register(store, "org-a")
    monkeypatch.undo()
    assert formats(store) == {}
    register(store, "org-a")
    assert formats(store) == {"OrganisationRegistered": 1}


def test_older_software_records_nothing_once_newer_software_has_recorded(store: Store) -> None:
    register(store, "org-a")
    url = store.url.render_as_string(hide_password=False)
    newer = open_store(url, clock=store.application.clock)
    with newer_software(PersonRegistered):
        register(newer, "p-b", "person")
    newer.close()
    head = store.head()
    refused = refusal_of(lambda: register(store, "org-c"))
    assert (refused.code, refused.params["event"], refused.params["shape"]) == (
        "FORMAT_NEWER",
        "PersonRegistered",
        2,
    )
    assert NEWER in refused.sentence("ja") and NEWER in refused.sentence("en")
    assert store.head() == head
    with newer_software(PersonRegistered):
        register(store, "org-c")


def test_an_event_that_did_not_exist_yet_is_refused_likewise(store: Store) -> None:
    register(store, "org-a")
    register(store, "p-b", "person")
    with software_that_does_not_know(PersonRegistered):
        restarted = open_store(store.url.render_as_string(hide_password=False))
        assert refusal_of(lambda: register(restarted, "org-c")).code == "FORMAT_NEWER"
        restarted.close()


def test_older_software_reads_all_but_what_it_cannot_read(store: Store) -> None:
    register(store, "org-a")
    register(store, "p-b", "person")
    with software_that_does_not_know(PersonRegistered), store.engine.connect() as connection:
        assert [e.entity for e in events_after(connection, limit=1)] == ["org-a"]
        refused = refusal_of(lambda: events_after(connection))
        assert (refused.code, refused.params["event"]) == ("EVENT_NEWER", "PersonRegistered")


def test_a_shape_that_fits_by_chance_is_not_read_as_an_older_one(store: Store) -> None:
    with newer_software(OrganisationRegistered):
        register(store, "org-a")
    with store.engine.connect() as connection:
        refused = refusal_of(lambda: events_after(connection))
    assert (refused.code, refused.params["shape"]) == ("EVENT_NEWER", 2)


def test_older_software_does_not_rebuild_what_it_cannot_read(store: Store) -> None:
    register(store, "p-b", "person")
    rebuild(store, repair=True)
    with software_that_does_not_know(PersonRegistered):
        assert refusal_of(lambda: rebuild(store)).code == "EVENT_NEWER"
    assert [proof.view for proof in verify(store) if not proof.equal] == []
