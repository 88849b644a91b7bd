"""A rule that holds for one writer holds for many: what a decision rests on is checked too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError

from domain.recording.application import Application
from domain.recording.read_set import ReadSet
from domain.recording.receipts import Alongside
from domain.values.refusal import Refusal
from projections.engine.append.conflicts import ViewUnwritable
from projections.engine.log import events_after
from projections.engine.store import Store
from projections.engine.view import Handler
from projections.registry import open_store
from projections.views.council import party_register
from tests.support.given import give

COUNCIL = "council-x"
FIRST = {"value": "2026-04-01", "precision": "day"}
LAW = {"instrument_id": "law-x", "article": 17, "paragraph": 1}


@pytest.fixture
def two(database_url: str) -> Iterator[tuple[Store, Store]]:
    """Two processes with the same record: a council with one member and one group."""
    first, second = open_store(database_url), open_store(database_url)
    first.create()
    app = first.application
    give(app, "SEC", "LegalInstrument", "law-x", "enact", title_ja="架空条例")
    established = {"name_ja": "架空の会議", "legal_basis": LAW, "established_on": FIRST}
    give(app, "SEC", "Council", COUNCIL, "establish", **established)
    give(app, "SEC", "Party", "p-a", "register_person", name="架空 太郎")
    seat = {"appointment_id": "seat-a", "party_id": "p-a", "category": "public_recruitment", "term_no": 1}
    give(app, "IMP", "Council", COUNCIL, "appoint", importing=True, from_date=FIRST, **seat)
    give(app, "SEC", "WorkingGroup", "group-x", "form", council_id=COUNCIL, kind="project_group")
    yield first, second
    first.close()
    second.close()


def schedule(store: Store) -> Any:
    about = {"council_id": COUNCIL, "kind": "plenary", "place": "架空会館"}
    starts = "2026-05-10T14:00:00+09:00"
    return give(store.application, "SEC", "Meeting", "meeting-x", "schedule", starts_at=starts, **about)


def dissolve(store: Store) -> Any:
    return give(store.application, "SEC", "Council", COUNCIL, "dissolve", on=FIRST, reason="役目を終えた")


def end_appointment(store: Store) -> Any:
    ended = {"appointment_id": "seat-a", "on": FIRST, "why": "resigned"}
    return give(store.application, "SEC", "Council", COUNCIL, "end_appointment", **ended)


def assign(store: Store) -> Any:
    member = {"appointment_id": "seat-a", "role": "member"}
    return give(store.application, "SEC", "WorkingGroup", "group-x", "assign_member", **member)


def types_in(store: Store) -> list[str]:
    with store.engine.connect() as connection:
        return [e.type for e in events_after(connection)]


def meanwhile(monkeypatch: pytest.MonkeyPatch, store: Store, act: Callable[[], Any]) -> list[int]:
    """Between what a command of ``store`` reads and what it writes somebody else acts, once; a list with an
    entry for each attempt."""
    attempts: list[int] = []
    save = Application._save

    def saving(self: Application, *arguments: Any) -> Any:
        if self is store.application:
            attempts.append(1)
            if len(attempts) == 1:
                act()
        return save(self, *arguments)

    monkeypatch.setattr(Application, "_save", saving)
    return attempts


def test_no_meeting_is_scheduled_of_a_council_that_is_dissolved_meanwhile(
    two: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two
    attempts = meanwhile(monkeypatch, first, lambda: dissolve(second))
    with pytest.raises(Refusal) as refused:
        schedule(first)
    assert refused.value.code == "COUNCIL_NOT_ACTIVE"
    assert len(attempts) == 1
    assert types_in(first)[-1] == "CouncilDissolved"


def test_no_council_is_dissolved_while_a_meeting_of_it_is_scheduled(
    two: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No stream of the two is written by both: it is the answer of a view that has changed."""
    first, second = two
    meanwhile(monkeypatch, first, lambda: schedule(second))
    with pytest.raises(Refusal) as refused:
        dissolve(first)
    assert refused.value.code == "OPEN_BUSINESS"
    assert types_in(first)[-1] == "MeetingScheduled"


def test_a_member_whose_appointment_ends_meanwhile_is_not_assigned_to_a_group(
    two: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two
    meanwhile(monkeypatch, first, lambda: end_appointment(second))
    with pytest.raises(Refusal):
        assign(first)
    assert types_in(first)[-1] == "AppointmentEnded"


def test_who_is_assigned_to_a_group_meanwhile_leaves_it_when_the_appointment_ends(
    two: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A policy asks which groups somebody is in; what follows is decided on the answer that stands."""
    first, second = two
    attempts = meanwhile(monkeypatch, first, lambda: assign(second))
    end_appointment(first)
    assert len(attempts) == 2
    assert types_in(first)[-3:] == ["GroupMemberAssigned", "AppointmentEnded", "GroupMemberReleased"]


def test_what_somebody_else_writes_elsewhere_does_not_disturb(
    two: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two
    organisation = {"name_ja": "架空の団体", "category": "npo"}
    attempts = meanwhile(
        monkeypatch,
        first,
        lambda: give(second.application, "SEC", "Party", "org-x", "register_organisation", **organisation),
    )
    schedule(first)
    assert len(attempts) == 1


def test_a_view_that_cannot_be_written_is_told_and_not_tried_again(
    two: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fold's duplicate key is a defect, and no other writer's."""
    first, _ = two
    table = party_register.party
    before, attempts = types_in(first), meanwhile(monkeypatch, first, lambda: None)
    known = dict.fromkeys(table.columns)
    monkeypatch.setattr(table, "any_event", [Handler(lambda e: ["p-a"], lambda row, e, key: dict(known))])
    monkeypatch.setattr(table, "append_only", True)
    organisation = {"name_ja": "架空の団体", "category": "npo"}
    with pytest.raises(ViewUnwritable):
        give(first.application, "SEC", "Party", "org-x", "register_organisation", **organisation)
    assert types_in(first) == before
    assert len(attempts) == 1


@pytest.mark.parametrize(
    ("seen", "expected"),
    [([("a", 3)], {"a": 3}), ([("a", 3), ("a", 4)], {"a": 3}), ([("a", 0), ("own", 7)], {"a": 0})],
)
def test_what_was_seen_first_counts_and_what_is_written_is_left_out(
    seen: list[tuple[str, int]], expected: dict[str, int]
) -> None:
    read = ReadSet()
    for stream, version in seen:
        read.saw(stream, version)
    assert read.beside(["own"]) == expected


def test_a_taken_version_is_a_conflict(two: tuple[Store, Store]) -> None:
    first, _ = two
    with first.engine.connect() as connection:
        event = events_after(connection)[0]
    event.position = 0
    stored = first.application.mapper.to_stored_event(event)
    with pytest.raises(IntegrityError):
        first.application.recorder.insert_events([stored], along=Alongside([event]))
