"""The kernel: the envelope, stable names, versions lifted on reading, commands and their refusals."""

import datetime as dt
from typing import Any, ClassVar

import msgspec
import pytest
from eventsourcing.persistence import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.commands import Amended, acting
from domain.kernel.events import EVENTS, Actor, Event, Recorded, Source, declare_event
from domain.kernel.links import links_of
from domain.kernel.mapper import decode
from domain.kernel.record import KINDS, Record
from domain.kernel.when import RECORDING
from domain.values.calendar import EffectiveDate
from domain.values.refusal import REFUSALS
from tests.support.given import TestRecord, then_refused
from tests.support.shelf import NoRecord, Shelf, ShelfFilled, ShelfPut, context, recorded


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
    read = decode("CounterMoved", stored(data, schema), 7)
    assert read.data == CounterMoved(place="本庁", floor=2)
    assert (read.position, read.schema) == (7, 3)


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


@pytest.mark.parametrize(
    ("kind", "entity", "stream"),
    [
        ("Meeting", "meeting-1", "meeting-1"),
        ("Meeting", "1", "meeting-1"),
        ("Meeting", "meeting", "meeting-meeting"),
        ("Party", "p-1", f"{KINDS['Party'].PREFIX}p-1"),
        ("Party", f"{KINDS['Party'].PREFIX}p-1", f"{KINDS['Party'].PREFIX * 2}p-1"),
    ],
)
def test_a_stream_is_called_by_its_kind_and_its_thing(kind: str, entity: str, stream: str) -> None:
    assert KINDS[kind].stream_for(entity) == stream


class OnRecord(NoRecord):
    """A record on which one thing of a kind is."""

    def __init__(self, thing: Record):
        self.thing, self.asked = thing, list[str]()

    def find(self, kind: type[Any], entity: str) -> Any:
        self.asked.append(kind.__name__)
        return self.thing if kind is type(self.thing) and kind.stream_for(entity) == self.thing.id else None


@pytest.mark.parametrize(
    ("kind", "stream", "named"),
    [
        ("Meeting", "meeting-1", "meeting-1"),
        ("Meeting", "meeting-1", "meeting-1#item-2#x"),
        ("Party", f"{KINDS['Party'].PREFIX}p-1", "p-1"),
    ],
)
def test_a_thing_is_known_by_its_public_id_and_by_a_part_of_it(kind: str, stream: str, named: str) -> None:
    thing = KINDS[kind](stream)
    reader = OnRecord(thing)
    with acting(context(reader=reader)):
        assert thing.named(named) is thing
        assert thing.named("matter-9") is None
    bare = {name for name, known in KINDS.items() if known.BARE_ID}
    assert set(reader.asked) <= {*bare, "Meeting", "Matter"}, "only kinds that it may be are looked up"


def test_what_is_recorded_is_handed_over_once() -> None:
    shelf = Shelf("shelf-a")
    with acting(context()):
        shelf.put_up(ShelfPut(place="入口"))
    assert [e.type for e in shelf.collect_events()] == ["ShelfPut"]
    assert shelf.collect_events() == []


def test_what_the_vault_is_to_change_leaves_the_rest_of_it() -> None:
    given = context()
    shelf = Shelf("shelf-a")
    with acting(given):
        shelf.entrust_anew("p-1", name="架空 花子")
        shelf.entrust_anew("p-1", post="係長")
    assert given.entrusted == {"p-1": {"name": "架空 花子", "post": "係長"}}
    assert isinstance(given.entrusted["p-1"], Amended)


def test_the_library_knows_an_event_by_its_stream_and_its_place_in_it() -> None:
    event = recorded(ShelfFilled(row=2), 7)
    assert (event.originator_id, event.originator_version) == ("shelf-a", 7)
    assert (event.entity, event.subject) == ("shelf-a", "shelf-a#2")
