"""The kernel: the envelope, stable names, versions lifted on reading, commands and their refusals."""

import datetime as dt
from typing import Any, ClassVar

import msgspec
import pytest
from eventsourcing.persistence import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.events import EVENTS, Actor, Event, Recorded, Source, declare_event
from domain.kernel.links import links_of
from domain.kernel.mapper import decode
from domain.kernel.record import KINDS
from domain.kernel.when import RECORDING
from domain.values.calendar import EffectiveDate
from domain.values.refusal import REFUSALS
from tests.support.given import TestRecord, then_refused


class CounterMoved(Event):
    """An event that has had three shapes and two names, as an event of ten years would."""

    WHEN = RECORDING

    class_version: ClassVar[int] = 3
    ALIASES = ("CounterShifted",)
    LABEL = ("窓口の移動", "Counter moved")
    place: str
    floor: int | None = None
    reason: str | None = None

    @staticmethod
    def upcast_v1_v2(data: dict[str, Any]) -> None:
        data["place"] = data.pop("where")

    @staticmethod
    def upcast_v2_v3(data: dict[str, Any]) -> None:
        floor = data.pop("floor_label", None)
        data["floor"] = int(floor.removesuffix("階")) if floor else None


declare_event(CounterMoved)


def stored(data: dict[str, Any], schema: int, name: str = "CounterMoved") -> bytes:
    envelope = {
        "event_id": "e",
        "stream": "meeting-x",
        "version": 1,
        "type": name,
        "schema": schema,
        "recorded_at": "2026-04-01T00:00:00Z",
        "effective": {},
        "actor": {"role": "SEC"},
        "correlation_id": "c",
        "data": data,
    }
    return msgspec.json.encode(envelope)


@pytest.mark.parametrize(
    ("schema", "data"),
    [
        (1, {"where": "本庁", "floor_label": "2階"}),
        (2, {"place": "本庁", "floor_label": "2階"}),
        (3, {"place": "本庁", "floor": 2}),
    ],
)
def test_older_shapes_are_lifted_when_they_are_read(schema: int, data: dict[str, Any]) -> None:
    recorded = decode("CounterMoved", stored(data, schema), 7)
    assert recorded.data == CounterMoved(place="本庁", floor=2)
    assert (recorded.position, recorded.schema) == (7, 3)


def test_a_renamed_event_is_read_under_its_old_name() -> None:
    recorded = decode("CounterShifted", stored({"where": "本庁"}, 1, "CounterShifted"))
    assert isinstance(recorded.data, CounterMoved)
    assert recorded.type == "CounterMoved"


def test_an_event_keeps_its_name_wherever_its_class_lives() -> None:
    assert EVENTS["MatterConcluded"].__name__ == "MatterConcluded"
    assert all("." not in name for name in EVENTS)


def test_every_event_has_a_label_in_both_languages() -> None:
    assert [e.__name__ for e in set(EVENTS.values()) if not all(e.LABEL)] == []


def test_every_command_names_its_roles_and_explains_itself() -> None:
    wanting = [
        f"{kind.__name__}.{name}"
        for kind in KINDS.values()
        for name, command in kind.COMMANDS.items()
        if not (command.roles and command.doc and all(command.about))
    ]
    assert wanting == []


def test_every_refusal_speaks_both_languages_and_names_its_rule() -> None:
    for declared in REFUSALS.values():
        assert all((declared.ja, declared.en, declared.rule, declared.next_ja, declared.next_en))


@given(st.dates(dt.date(1873, 1, 1), dt.date(2200, 1, 1)), st.text(min_size=1, max_size=30))
def test_the_envelope_survives_a_round_trip(day: dt.date, locator: str) -> None:
    recorded = Recorded(
        event_id="e",
        stream="meeting-x",
        version=1,
        type="CounterMoved",
        schema=3,
        recorded_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC),
        effective=EffectiveDate.on(day),
        actor=Actor("SEC", "p-1"),
        source=Source("doc-x", locator, ("F01",)),
        correlation_id="c",
        data=CounterMoved(place="本庁"),
    )
    assert decode("CounterMoved", msgspec.json.encode(recorded)) == recorded


def test_a_role_that_may_not_is_refused(record: TestRecord) -> None:
    refused = then_refused("FORBIDDEN", record, "MEM", "Party", "p-1", "register_person", name="架空 太郎")
    assert "事務局" in refused.sentence("ja")


@pytest.mark.parametrize("hostile", ["a\x00b", "\u202eevil", "a\ud800", "\x1b[31m"])
def test_control_characters_are_refused(record: TestRecord, hostile: str) -> None:
    then_refused("TEXT_NOT_PLAIN", record, "SEC", "Party", "p-1", "register_person", name=hostile)


def test_links_are_named_by_the_event_that_made_them() -> None:
    from domain.center_study.aggregate import StudyCommissioned

    recorded: Recorded[Any] = Recorded(
        event_id="e",
        stream="study-centre",
        version=1,
        type="StudyCommissioned",
        recorded_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC),
        effective=EffectiveDate.in_fiscal_year(2008),
        actor=Actor("SEC"),
        correlation_id="c",
        data=StudyCommissioned(
            council_id="council-x",
            group_id="group-x",
            measure_id="measure-x",
            fiscal_year=2008,
            aim_ja="設置",
        ),
    )
    ids = [(made.link_id, made.from_id, made.to_id) for made in links_of(recorded)]
    assert len(ids) == 3
    assert all(made[0].startswith("study-centre.1.") for made in ids)
    assert {made[2] for made in ids} == {"council-x", "group-x", "measure-x"}


def test_a_command_that_meets_another_writer_every_time_gives_up(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    def conflict(*_: Any, **__: Any) -> None:
        raise IntegrityError("somebody else was first")

    monkeypatch.setattr(record.recorder, "insert_events", conflict)
    then_refused("BUSY", record, "SEC", "Party", "p-1", "register_person", name="架空 太郎")


def test_a_stale_expectation_is_refused_with_the_actual_version(record: TestRecord) -> None:
    record.do("SEC", "Party", "p-1", "register_person", name="架空 太郎")
    call = ("SEC", "Party", "p-1", "give_name_consent")
    refused = then_refused("VERSION_CONFLICT", record, *call, expected_version=7)
    assert refused.params == {"expected": 7, "actual": 1}
