"""Recording a fact: its envelope, the state that follows from it, and what an aggregate asks and refuses."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, ClassVar

import msgspec
import pytest

from domain.kernel.commands import acting
from domain.kernel.events import (
    Actor,
    Event,
    Recorded,
    Source,
    declare_event,
    events_in,
    lifting_of,
    names_of,
)
from domain.kernel.record import Record, kind_of
from domain.kernel.refusals import BUSY
from domain.kernel.streams import declare, entity_of, prefix_of
from domain.kernel.when import RECORDING, TOLD
from domain.values.calendar import JAPAN, EffectiveDate, day_in_japan
from domain.values.law import Citation
from domain.values.refusal import Refusal
from tests.support.given import START, counted_ids
from tests.support.shelf import (
    NoRecord,
    Shelf,
    ShelfEmptied,
    ShelfFilled,
    ShelfInspected,
    ShelfPainted,
    ShelfPut,
    context,
    recorded,
    shelf,
)

FULL: dict[str, Any] = {
    "effective": EffectiveDate.parse("2006-03"),
    "asserted_by": "p-other",
    "certainty": "inferred",
    "source": Source("doc-x", "p. 3", ("F01",)),
    "reason": "because",
    "legal_basis": Citation("law-x", 3),
    "document_no": "市協第1号",
    "note": "noted",
    "causation_id": "cause",
    "correlation_id": "thread",
}


def record(
    data: Event, *, aggregate: Record | None = None, told: dict[str, Any] | None = None, **how: Any
) -> Any:
    """What is recorded of a new shelf; ``told``: what ``record`` is told besides."""
    aggregate = aggregate or Shelf("shelf-a")
    with acting(context(**how)):
        aggregate.record(data, **told or {})
    return aggregate.pending[-1]


# --------------------------------------------------------------------------------------------- the envelope


def test_an_event_is_recorded_with_who_when_and_in_which_order() -> None:
    found = record(ShelfEmptied())
    assert found == Recorded(
        event_id="id-1",
        stream="shelf-a",
        version=1,
        type="ShelfEmptied",
        schema=1,
        recorded_at=START,
        effective=EffectiveDate.at(START),
        dated="recording",
        actor=Actor("SEC", "p-sec"),
        asserted_by="p-sec",
        correlation_id="id-2",
        data=ShelfEmptied(),
    )
    assert (found.originator_id, found.originator_version, found.position) == ("shelf-a", 1, 0)


def test_an_event_carries_everything_its_command_was_given() -> None:
    found = record(ShelfEmptied(), **FULL)
    assert {name: getattr(found, name) for name in FULL} == FULL


def test_what_the_aggregate_says_goes_before_what_the_caller_said() -> None:
    own = {
        "effective": EffectiveDate.parse("2007"),
        "legal_basis": Citation("law-y"),
        "document_no": "市協第2号",
        "reason": "own",
    }
    found = record(ShelfEmptied(), told=own, **FULL)
    assert {name: getattr(found, name) for name in own} == own


@pytest.mark.parametrize(
    ("actor", "asserted_by", "expected"),
    [
        (Actor("SEC", "p-sec"), "p-other", "p-other"),
        (Actor("SEC", "p-sec"), None, "p-sec"),
        (Actor("SEC"), None, "SEC"),
    ],
)
def test_a_fact_is_asserted_by_whoever_is_known(actor: Actor, asserted_by: str | None, expected: str) -> None:
    assert record(ShelfEmptied(), actor=actor, asserted_by=asserted_by).asserted_by == expected


DAY = EffectiveDate.parse("2006-03-01")
BY_TODAY = EffectiveDate.unknown(latest=day_in_japan(START))
MOMENT = dt.datetime(2006, 3, 1, 9, tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("data", "effective"),
    [
        (ShelfPut(place="x", day=DAY), DAY),
        (ShelfPut(place="x"), BY_TODAY),
        (ShelfInspected(at=MOMENT), EffectiveDate.at(MOMENT)),
        (ShelfPainted(on=dt.date(2006, 3, 1)), DAY),
        (ShelfInspected(), BY_TODAY),
        (ShelfFilled(row=1, year=2008), EffectiveDate.in_fiscal_year(2008)),
        (ShelfFilled(row=1), BY_TODAY),
        (ShelfEmptied(), EffectiveDate.at(START)),
    ],
)
def test_an_event_takes_effect_on_its_own_day_or_by_the_day_of_recording(
    data: Event, effective: EffectiveDate
) -> None:
    """If the event has a day and nobody knows it, it is known that it had come when it was recorded, and
    certainly not that it was then."""
    assert record(data).effective == effective
    assert record(data, effective=FULL["effective"]).effective == FULL["effective"]


def test_a_day_is_kept_with_its_bounds_and_refused_if_it_cannot_be() -> None:
    bare = EffectiveDate("2006-03", "month")
    assert record(ShelfEmptied(), effective=bare).effective == bare.check() != bare
    with pytest.raises(Refusal, match="DATE_IMPOSSIBLE") as refused:
        record(ShelfEmptied(), effective=EffectiveDate("2006-02-30", "day"))
    assert refused.value.pointer == "/record/effective"


def test_what_is_recorded_is_checked_before_anything_changes() -> None:
    aggregate = Shelf("shelf-a")
    with pytest.raises(Refusal, match="NUMBER_OUT_OF_RANGE") as refused:
        record(ShelfFilled(row=-1), aggregate=aggregate)
    assert refused.value.pointer == "/row"
    assert (aggregate.version, aggregate.rows, aggregate.pending) == (0, {}, [])


def test_every_fact_changes_the_state_and_waits_to_be_saved() -> None:
    aggregate, unsaved = Shelf("shelf-a"), list[Any]()
    assert (aggregate.state, aggregate.version) == ("new", 0)
    for n, data in enumerate((ShelfPut(place="x"), ShelfFilled(row=1, books=2)), 1):
        found = record(data, aggregate=aggregate, recorded=unsaved)
        assert (found.version, aggregate.version, found.stream) == (n, n, "shelf-a")
    assert (aggregate.state, aggregate.rows) == ("standing", {1: 2})
    assert unsaved == aggregate.pending
    assert (aggregate.collect_events(), aggregate.pending) == (unsaved, [])


def test_a_later_shape_of_an_event_is_recorded_as_such() -> None:
    class ShelfMeasured(Event):
        WHEN = RECORDING
        class_version: ClassVar[int] = 3
        LABEL = ("棚の採寸", "Shelf measured")

    found = record(ShelfMeasured())
    assert (found.schema, found.type) == (3, "ShelfMeasured")


# ---------------------------------------------------------------------------------------------- replaying


def test_an_aggregate_is_what_its_events_have_made_it() -> None:
    assert Shelf.replay(None, []) is None
    found = shelf(ShelfPut(place="x"), ShelfFilled(row=1, books=2), ShelfEmptied())
    assert (found.id, found.version, found.state, found.rows) == ("shelf-a", 3, "gone", {1: 2})
    again = Shelf.replay(found, [recorded(ShelfPut(place="y"), 4)])
    assert again is found
    assert (again.version, again.state) == (4, "standing")


def test_an_event_that_changes_nothing_is_still_counted() -> None:
    class ShelfSeen(Event):
        WHEN = RECORDING
        LABEL = ("棚の目撃", "Shelf seen")

    assert (shelf(ShelfPut(place="x"), ShelfSeen()).state, shelf(ShelfSeen()).version) == ("standing", 1)


# ------------------------------------------------------------------------------------------------- names


class Leaflet(Record):
    PREFIX = "leaflet-"
    BARE_ID = True


@pytest.mark.parametrize(
    ("kind", "entity", "stream"),
    [
        (Shelf, "shelf-a", "shelf-a"),
        (Shelf, "a", "shelf-a"),
        (Shelf, "shelf", "shelf-shelf"),
        (Leaflet, "a", "leaflet-a"),
        (Leaflet, "leaflet-a", "leaflet-leaflet-a"),
    ],
)
def test_a_stream_is_called_by_its_kind_and_its_public_id(
    kind: type[Record], entity: str, stream: str
) -> None:
    assert kind.stream_for(entity) == stream


def test_the_public_id_leaves_the_kind_out_where_it_has_been_declared_so() -> None:
    assert entity_of("folder-b-2") == "folder-b-2"
    declare("folder-", True)
    assert (entity_of("folder-b-2"), Leaflet("folder-b").entity) == ("b-2", "b")
    declare("folder-", False)
    assert entity_of("folder-b-2") == "folder-b-2"
    assert entity_of("matter-2026-1") == "matter-2026-1"
    assert entity_of("reflection-purpose") == "purpose"


def test_a_stream_tells_its_kind() -> None:
    assert (prefix_of("matter-2026-1"), prefix_of("matter")) == ("matter-", "matter-")
    assert kind_of("matter-2026-1").__name__ == "Matter"
    with pytest.raises(KeyError):
        kind_of("nothing-1")


def test_an_event_is_about_a_part_if_its_class_says_so() -> None:
    about = (recorded(ShelfPut(place="x")), recorded(ShelfFilled(row=2)))
    assert [(e.entity, e.subject) for e in about] == [("shelf-a", "shelf-a"), ("shelf-a", "shelf-a#2")]


def test_a_name_belongs_to_one_event() -> None:
    class ShelfTaken(Event):
        WHEN = RECORDING
        LABEL = ("棚の占用", "Shelf taken")
        ALIASES = ("ShelfPut",)

    with pytest.raises(ValueError, match=r"^event name ShelfPut is taken by tests"):
        declare_event(ShelfTaken)
    declare_event(ShelfPut)
    assert names_of("ShelfPut") == ("ShelfPut",)
    assert names_of("ShelfNeverDeclared") == ()


def test_the_names_of_an_event_are_its_present_one_and_those_it_had() -> None:
    class ShelfGlued(Event):
        WHEN = RECORDING
        ALIASES = ("ShelfNailed", "ShelfScrewed")
        LABEL = ("棚の修理", "Shelf mended")

    declare_event(ShelfGlued)
    for name in ("ShelfGlued", "ShelfNailed", "ShelfScrewed"):
        assert names_of(name) == ("ShelfGlued", "ShelfNailed", "ShelfScrewed")


def test_the_events_of_a_package_are_those_its_modules_declare() -> None:
    class _Base(Event):
        WHEN = RECORDING

    class ShelfCleaned(_Base):
        pass

    found = events_in(__name__)
    assert ShelfCleaned in found
    assert _Base not in found
    assert ShelfPut not in found
    assert ShelfPut in events_in("tests.support")
    assert ShelfPut not in events_in("tests.supp")


def test_how_old_occurrences_are_read_is_told_by_names_fields_and_upcasters() -> None:
    class ShelfCounted(Event):
        WHEN = RECORDING
        class_version: ClassVar[int] = 3
        ALIASES = ("ShelfReckoned",)
        FORMER_FIELDS: ClassVar = {"much": "many"}
        LABEL = ("棚の計数", "Shelf counted")

        @staticmethod
        def upcast_v1_v2(data: dict[str, Any]) -> None:
            data["many"] = data.pop("much")

        @staticmethod
        def upcast_v2_v3(data: dict[str, Any]) -> None:
            data["many"] += 1

    class ShelfRenamed(Event):
        WHEN = RECORDING
        LABEL = ("棚の改称", "Shelf renamed")
        ALIASES = ("ShelfNamed",)

    class ShelfRefitted(Event):
        WHEN = RECORDING
        LABEL = ("棚の改修", "Shelf refitted")
        FORMER_FIELDS: ClassVar = {"a": "b"}

    class ShelfWeighed(Event):
        WHEN = RECORDING
        LABEL = ("棚の計量", "Shelf weighed")
        class_version: ClassVar[int] = 2

        @staticmethod
        def upcast_v1_v2(data: dict[str, Any]) -> None:
            data["kilos"] = data.pop("weight")

    for event in (ShelfCounted, ShelfRenamed, ShelfRefitted, ShelfWeighed):
        declare_event(event)
    assert lifting_of(ShelfWeighed).startswith("ShelfWeighed\n")
    assert lifting_of(ShelfCounted).startswith("ShelfCounted\nShelfReckoned\nmuch=many\n")
    for event in (ShelfWeighed, ShelfCounted):
        assert re.fullmatch("[0-9a-f]{64}", lifting_of(event).rpartition("\n")[2]), "the code of upcasters"
    assert lifting_of(ShelfRenamed).startswith("ShelfRenamed\nShelfNamed\n")
    assert lifting_of(ShelfRefitted).startswith("ShelfRefitted\na=b\n")
    assert lifting_of(ShelfPut) == ""


def test_another_upcaster_or_another_reading_of_dates_reads_old_occurrences_otherwise() -> None:
    def to_kilos(data: dict[str, Any]) -> None:
        data["kilos"] = data.pop("weight")

    def moved(upcast: Any, when: Any = RECORDING) -> type[Event]:
        class ShelfMoved(Event):
            WHEN = when
            LABEL = ("棚の移動", "Shelf moved")
            class_version: ClassVar[int] = 2
            upcast_v1_v2 = staticmethod(upcast)

        return ShelfMoved

    declare_event(moved(to_kilos))
    assert lifting_of(moved(to_kilos)) == lifting_of(moved(to_kilos)) != lifting_of(moved(counted_ids))
    by_clock = lifting_of(moved(to_kilos, TOLD)).splitlines()
    assert by_clock[1:] == lifting_of(moved(to_kilos)).splitlines()
    assert re.fullmatch("[0-9a-f]{64}", by_clock[0]), "the code by which its dates are read"


def test_events_are_made_with_named_fields_and_never_changed() -> None:
    with pytest.raises(TypeError):
        ShelfFilled(1)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        ShelfFilled(row=1).row = 2  # type: ignore[misc]
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"row": 1, "colour": "red"}, ShelfFilled)
    assert msgspec.to_builtins(ShelfFilled(row=1)) == {"row": 1}


# ------------------------------------------------------------------------------ what an aggregate asks for


def test_what_may_not_be_done_now_says_when_it_may() -> None:
    aggregate = shelf(ShelfPut(place="x"))
    aggregate.only_in("gone", "standing")
    with pytest.raises(Refusal, match="WRONG_STATE") as refused:
        aggregate.only_in("gone", "inspected")
    states = {"state": "standing", "allowed": "gone, inspected"}
    assert refused.value.params == {**states, "of_kind": "Shelf"}


def test_what_is_looked_for_and_not_on_record_is_refused_by_its_kind() -> None:
    class Known(NoRecord):
        def find(self, kind: type[Any], entity: str) -> Any:
            return (kind, entity) if entity == "shelf-b" else None

    with acting(context(reader=Known())):
        assert Shelf("shelf-a").look(Shelf, "shelf-b") == (Shelf, "shelf-b")
        with pytest.raises(Refusal, match="UNKNOWN_ID") as refused:
            Shelf("shelf-a").look(Shelf, "shelf-c")
    assert refused.value.params == {"kind": "棚", "kind_en": "shelf", "id": "shelf-c"}


def test_names_people_and_warnings_go_with_the_command() -> None:
    with acting(context()) as now:
        aggregate = Shelf("shelf-a")
        aggregate.claim("place", "入口:1")
        aggregate.entrust("p-1", name="架空 太郎", phone="0")
        aggregate.warn(unusual := BUSY(attempts=1))
    assert now.claims == {"place:入口:1": "shelf-a"}
    assert now.entrusted == {"p-1": {"name": "架空 太郎", "phone": "0"}}
    assert now.warnings == [unusual]


def test_whoever_asks_may_know_of_the_whole_version() -> None:
    found = shelf(ShelfPut(place="x"), ShelfEmptied())
    assert found.version_for(frozenset()) == found.version_for(frozenset({"SEC"})) == 2
