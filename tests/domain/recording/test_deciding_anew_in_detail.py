"""Deciding anew, event by event: under which terms, by which command, and what is the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec
import pytest

from domain.kernel import record as kinds
from domain.kernel.commands import command
from domain.kernel.correction import Correctable
from domain.kernel.events import Actor, Event, Evidence, Recorded, Source
from domain.kernel.refusals import BUSY, FORBIDDEN, TAKEN, WRONG_STATE
from domain.kernel.when import RECORDING, TOLD
from domain.recording.deciding_anew import (
    Verdict,
    _effective_as_told,
    _may_be_imported,
    _same_envelope,
    _same_fact,
    _Stand,
    _terms,
    _unlikely,
    decide_anew,
)
from domain.recording.receipts import CommandTerms
from domain.values.calendar import EffectiveDate
from domain.values.fields import Count
from domain.values.law import Citation
from domain.values.refusal import Declared
from tests.support.given import START

DAY = EffectiveDate.parse("2026-04-01")
OTHER_DAY = EffectiveDate.parse("2026-04-02")
TOO_HEAVY = Declared(
    "TOO_HEAVY", ja="x", en="x", rule=BUSY.rule, next_ja="x", next_en="x", since=9
)  # as a rule that came with the ninth edition


class CratePut(Event):
    WHEN = "day"
    place: str
    day: EffectiveDate | None = None


class CrateFilled(Event):
    WHEN = RECORDING
    books: int = 0


class CrateNailed(Event):
    WHEN = RECORDING
    nails: int = 4


class CrateSent(Event):
    WHEN = TOLD


class CrateSeen(Event):
    WHEN = RECORDING


class CrateTipped(Event):
    WHEN = RECORDING


class Crate(Correctable):
    """A crate is put down, filled, nailed up and sent."""

    PREFIX = "crate-"
    LABEL = ("箱", "crate")

    @command("SEC", "IMP", event=CratePut, creates=True, ja="置く", en="Put")
    def put(self, put: CratePut) -> None:
        """Put it down."""
        self.claim("place", put.place)
        self.record(put)

    @command("SEC", "IMP", records=CrateFilled, ja="詰める", en="Fill")
    def fill(self, books: Count) -> None:
        """Fill it; with nothing nothing happens."""
        if books > 50:
            raise TOO_HEAVY()
        if books:
            self.record(CrateFilled(books=books))

    @command("SEC", records=CrateFilled, ja="詰めて送る", en="Fill and send")
    def fill_and_send(self, books: Count) -> None:
        """Fill it and send it away."""
        self.record(CrateFilled(books=books))
        self.record(CrateNailed())
        self.record(CrateSent())

    @command("SEC", records=CrateTipped, ja="倒す", en="Tip over")
    def tip_over(self) -> None:
        """Tip it over, which is refused halfway."""
        self.record(CrateTipped())
        raise WRONG_STATE(state="too heavy", allowed="")

    @command("SEC", records=CrateNailed, ja="釘を打つ", en="Nail up")
    def nail(self) -> None:
        """Nail it up."""
        self.record(CrateNailed())
        self.record(CrateSent())


class Past:
    """Streams of events, read once and in order; and what was asked."""

    def __init__(self, *events: Recorded[Any]):
        self.events = list(events)
        self.reads: list[tuple[str, int, int]] = []
        self.advanced: list[Recorded[Any]] = []
        self.open_business = lambda council: [f"open of {council}"]
        self.groups_of = lambda appointment: [f"group of {appointment}"]
        self.meetings_at = lambda at: [f"meeting at {at}"]

    def events_of(self, stream: str, after: int, until: int) -> Iterator[Recorded[Any]]:
        self.reads.append((stream, after, until))
        return (e for e in self.events if e.stream == stream and after < e.version <= until)

    def advance(self, events: Any) -> None:
        self.advanced += events

    def naming(self, about: str) -> list[str]:
        return [f"naming {about}"]

    def placed(self, stream: str) -> list[Recorded[Any]]:
        return [e for e in self.events if e.stream == stream]


def of(data: Event, version: int = 1, **more: Any) -> Recorded[Any]:
    """An event of a crate, given by the secretariat, as it stands at the place of its version."""
    kind = type(data)
    envelope: dict[str, Any] = {
        "event_id": f"e-{version}",
        "stream": "crate-a",
        "version": version,
        "type": kind.__name__,
        "recorded_at": START,
        "effective": EffectiveDate.at(START) if kind.WHEN is RECORDING else DAY,
        "dated": "recording" if kind.WHEN is RECORDING else "told",
        "actor": Actor("SEC", "p-sec"),
        "asserted_by": "p-sec",
        "correlation_id": "c",
        "position": version,
    }
    return Recorded(**{**envelope, **more}, data=data)


PUT = of(CratePut(place="入口", day=DAY), dated="field")


@pytest.fixture(autouse=True)
def crates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds._KIND_OF, Crate.PREFIX, Crate)


def stand_before(*upcoming: Recorded[Any], past: Past | None = None, **more: Any) -> _Stand:
    stand = _Stand(past or Past(), more.pop("editions", None), **more)
    stand._upcoming = upcoming
    return stand


def decided(*log: Recorded[Any], **more: Any) -> list[Verdict]:
    return list(decide_anew(log, Past(*log), **more))


def outcomes(*log: Recorded[Any], **more: Any) -> list[tuple[str, int]]:
    return [(verdict.outcome, verdict.explains) for verdict in decided(*log, **more)]


# ----------------------------------------------------------------------------------- the record as it stood


def test_what_views_answered_is_asked_of_the_past() -> None:
    past = Past(PUT)
    stand = stand_before(PUT, past=past)
    assert stand.open_business("x") == ["open of x"] and stand.groups_of("a") == ["group of a"]
    assert stand.meetings_at("m") == ["meeting at m"] and stand.naming("0/x") == ["naming 0/x"]
    assert stand.placed("crate-a") == [PUT]


def test_a_stream_is_known_to_the_version_before_the_event_in_hand() -> None:
    filled = [of(CrateFilled(books=n), n) for n in (2, 3, 4)]
    past = Past(PUT, *filled)
    stand = stand_before(filled[2], past=past)
    assert (stand.known("crate-a"), stand._read("crate-a", 0, None)) == (0, [])
    stand.advance([PUT, *filled[:2]])
    assert past.advanced == [PUT, *filled[:2]] and past.reads == []
    assert stand.known("crate-a") == 3
    assert [e.version for e in stand._read("crate-a", 0, None)] == [1, 2, 3]
    assert [e.version for e in stand._read("crate-a", 1, 1)] == [2]
    assert [e.version for e in stand._read("crate-a", 1, 9)] == [2, 3]
    assert past.reads == [("crate-a", 0, 3), ("crate-a", 1, 2), ("crate-a", 1, 3)]
    assert [e.version for e in stand.events_of("crate-a", 1)] == [2, 3]
    assert [e.version for e in stand.events_of("crate-a", 1, 2)] == [2]
    past.reads.clear()
    assert stand._read("crate-a", 3, None) == stand._read("crate-a", 4, None) == [] == past.reads


def test_identifiers_and_moments_are_those_of_the_log() -> None:
    later = START + dt.timedelta(hours=1)
    stand = stand_before(of(CrateFilled(), 5), of(CrateNailed(), 6, recorded_at=later))
    stand._ids = ["made-1", "made-2", "made-3"]
    assert [stand.new_id() for _ in range(4)] == ["made-1", "made-2", "made-3", "e-5"]
    assert (stand.clock(), stand.newest()) == (START, 4)
    stand._unit.recorded.append(of(CrateFilled(), 5))
    assert (stand.clock(), stand.new_id()) == (later, "e-6")
    stand._unit.recorded.append(of(CrateNailed(), 6))
    assert (stand.clock(), stand.new_id()) == (later, "e-6")


def test_whoever_took_a_name_is_known_until_it_is_given_back() -> None:
    stand = stand_before()
    stand.claims["place:x"] = "crate-a"
    assert (stand.holder_of("place:x"), stand.holder_of("place:y")) == ("crate-a", None)
    stand._unit.released |= {"place:x", "place:never taken"}
    stand._unit.claims["place:z"] = "crate-b"
    stand.advance([])
    assert stand.claims == {"place:z": "crate-b"}


# ---------------------------------------------------------------------------------- by which command


def test_what_a_command_records_stands_and_takes_its_names() -> None:
    put, filled = decided(PUT, of(CrateFilled(books=3), 2))
    assert (put.outcome, put.explains, put.claims) == ("stands", 1, ("place:入口",))
    assert (filled.outcome, filled.explains, filled.claims) == ("stands", 1, ())


def test_of_several_commands_the_one_that_explains_most_was_given() -> None:
    sent = [of(CrateFilled(books=3), 2), of(CrateNailed(), 3), of(CrateSent(), 4, **BY_RECORDING)]
    assert outcomes(PUT, *sent) == [("stands", 1), ("stands", 3)]
    assert outcomes(PUT, *sent[:2]) == [("stands", 1), ("stands", 2)]


BY_RECORDING: dict[str, Any] = {"effective": EffectiveDate.unknown(latest=DAY.latest), "dated": "not_told"}


def test_what_follows_is_counted_to_the_first_that_is_another() -> None:
    other = [of(CrateFilled(books=3), 2), of(CrateNailed(nails=5), 3), of(CrateSent(), 4, **BY_RECORDING)]
    (_, filled, nailed, sent) = decided(PUT, *other)
    assert (filled.outcome, filled.explains) == ("stands", 1)
    assert (nailed.outcome, sent.outcome) == ("differs", "unexplained")
    assert nailed.anew is not None and nailed.anew.data == CrateNailed(nails=4)


def test_a_command_that_would_record_nothing_records_something_else() -> None:
    (verdict,) = decided(of(CrateFilled(books=0), 2))[:1]
    assert verdict.outcome == "refused"  # nothing is there to be filled
    _, filled = decided(PUT, of(CrateFilled(books=0), 2))
    assert (filled.outcome, filled.explains) == ("stands", 1)  # by the command that fills and sends
    stand = stand_before(past=Past(PUT))
    stand.advance([PUT])
    stand.decide([of(CrateFilled(books=0), 2)])
    assert [(v.outcome, v.anew) for v in stand.tried] == [("differs", None), ("stands", None)]


def test_what_no_command_records_is_unexplained_also_at_the_beginning() -> None:
    assert outcomes(of(CrateSeen()), PUT) == [("unexplained", 1), ("refused", 1)]
    assert outcomes(PUT, of(CrateSeen(), 2), of(CrateFilled(books=1), 3)) == [
        ("stands", 1),
        ("unexplained", 1),
        ("stands", 1),
    ]


def test_what_the_fields_of_a_command_refuse_is_refused() -> None:
    _, filled = decided(PUT, of(CrateFilled(books=-1), 2))
    assert filled.refusal is not None
    assert (filled.outcome, filled.refusal.code) == ("refused", "NUMBER_OUT_OF_RANGE")


# -------------------------------------------------------------------------------------- an import


IMPORTED = {"source": Source("doc-a", facts=("F1",))}


def test_what_an_import_may_record_is_decided_as_one_where_a_command_is_refused() -> None:
    """Of what is not on record a command says nothing, and an import may."""
    (gap,) = decided(of(CrateFilled(books=1), 1, **IMPORTED))
    assert (gap.outcome, gap.explains, gap.refusal) == ("imported", 1, None)
    (refused,) = decided(of(CrateFilled(books=1), 1))
    assert refused.refusal is not None
    assert (refused.outcome, refused.refusal.code) == ("refused", "UNKNOWN_ID")
    assert outcomes(PUT, of(CrateFilled(books=1), 2, **IMPORTED)) == [("stands", 1), ("stands", 1)]


def test_what_a_command_records_is_not_tried_as_an_import_too() -> None:
    stand = stand_before()
    stand.decide([msgspec.structs.replace(PUT, **IMPORTED)])
    assert [v.outcome for v in stand.tried] == ["stands"]
    stand = stand_before()
    stand.decide([of(CrateFilled(books=1), 1, **IMPORTED)])
    assert [v.outcome for v in stand.tried] == ["refused", "refused", "imported", "refused"]


@pytest.mark.parametrize(
    ("more", "may"),
    [
        ({}, False),
        ({"source": Source("doc-a")}, False),
        (IMPORTED, True),
        ({"actor": Actor("IMP")}, True),
        ({"import_batch": "b-1"}, True),
    ],
)
def test_what_may_have_been_imported(more: dict[str, Any], may: bool) -> None:
    assert bool(_may_be_imported(of(CrateFilled(), **more))) is may


# ------------------------------------------------------------------------------------ rules by edition


@pytest.mark.parametrize(
    ("edition", "outcome"), [(8, "stands"), (9, "refused"), (10, "refused"), (None, "refused")]
)
def test_a_rule_holds_from_its_edition_on(edition: int | None, outcome: str) -> None:
    heavy = of(CrateFilled(books=51), 2)
    stand = _Stand(Past(PUT), None if edition is None else lambda position: edition)
    stand.advance([PUT])
    fill = Crate.COMMANDS["fill"]
    stand._upcoming = [heavy]
    verdict = stand._by(fill, importing=False)
    assert (verdict.outcome, verdict.event, verdict.explains) == (outcome, heavy, 1)


def test_it_is_that_of_the_event_in_hand() -> None:
    heavy = [of(CrateFilled(books=51), n) for n in (2, 3, 4)]
    stand = _Stand(Past(PUT), lambda position: {2: 9, 3: 8}.get(position, 9))
    stand.advance([PUT])
    outcomes_of = []
    for n in range(3):
        stand._upcoming = heavy[n:]
        outcomes_of.append(stand._by(Crate.COMMANDS["fill"], importing=False).outcome)
    assert outcomes_of == ["refused", "stands", "refused"]


# ---------------------------------------------------------------------------------------------- names


def test_a_name_is_refused_to_the_second_as_its_kind_says(monkeypatch: pytest.MonkeyPatch) -> None:
    again = of(
        CratePut(place="入口:奥", day=DAY), dated="field", stream="crate-b", event_id="e-b", position=2
    )
    first = msgspec.structs.replace(again, stream="crate-a", event_id="e-a", position=1)
    _, second = decided(first, again)
    assert second.refusal is not None
    assert (second.refusal.code, second.refusal.params) == ("ALREADY_TAKEN", {"value": "入口:奥"})
    monkeypatch.setitem(TAKEN, "place", WRONG_STATE)
    _, second = decided(first, again)
    assert second.refusal is not None and second.refusal.code == "WRONG_STATE"


# ------------------------------------------------------------------------------------- what is kept


def kept_after(*log: Recorded[Any]) -> list[str]:
    stand = stand_before(past=Past(*log))
    stand.decide(log)
    return list(stand.cache._kept)


def test_what_is_now_as_it_was_recorded_is_kept_for_the_next_event() -> None:
    """Its place in the log is no part of what is recorded."""
    assert kept_after(PUT) == ["crate-a"]


@pytest.mark.parametrize("more", [{"note": "x"}, {"correlation_id": "d"}, {"schema": 2}], ids=repr)
def test_what_would_be_recorded_with_another_envelope_is_read_anew(more: dict[str, Any]) -> None:
    given_again = {"note", "correlation_id"}  # these are terms of the command
    names = kept_after(msgspec.structs.replace(PUT, **more))
    assert names == (["crate-a"] if more.keys() <= given_again else [])


def test_what_would_have_more_consequences_than_are_recorded_is_read_anew() -> None:
    nailed, sent = of(CrateNailed(), 2), of(CrateSent(), 3, **BY_RECORDING)
    for log, streams in (([nailed, sent], ["crate-a"]), ([nailed], [])):
        stand = stand_before(past=Past(PUT, *log))
        stand.advance([PUT])
        assert stand.decide(log).outcome == "stands"
        assert list(stand.cache._kept) == streams


def test_what_is_refused_is_not_kept() -> None:
    assert kept_after(of(CrateFilled(books=1), 1)) == []
    assert kept_after(of(CrateTipped(), 1)) == []
    stand, tipped = stand_before(past=Past(PUT)), of(CrateTipped(), 2)
    stand.advance([PUT])
    assert stand.decide([tipped]).outcome == "refused"
    assert [e.data for e in stand._unit.recorded] == [tipped.data] and list(stand.cache._kept) == []


# ------------------------------------------------------------------------------------- which is likelier


def test_of_verdicts_the_unbroken_is_likelier_then_who_was_permitted_then_what_explains_most() -> None:
    stands, three = Verdict(PUT, "stands"), Verdict(PUT, "imported", 3)
    state, forbidden = Verdict(PUT, "refused", refusal=WRONG_STATE()), FORBIDDEN()
    assert [_unlikely(v) for v in (stands, three, state)] == [
        (False, False, -1),
        (False, False, -3),
        (True, False, -1),
    ]
    assert _unlikely(Verdict(PUT, "refused", refusal=forbidden)) == (True, True, -1)
    assert _unlikely(Verdict(PUT, "differs")) == (True, False, -1)


# ------------------------------------------------------------------------------------------- the terms


ENVELOPE: dict[str, Any] = {
    "asserted_by": "p-other",
    "certainty": "inferred",
    "source": Source("doc-x", "p. 3", ("F01",)),
    "evidence": Evidence("minute_taker"),
    "reason": "because",
    "legal_basis": Citation("law-x", 3),
    "document_no": "市協第1号",
    "note": "noted",
    "note_en": "noted in English",
    "import_batch": "batch",
    "source_recorded_at": OTHER_DAY,
    "external_id": "x-1",
    "source_url": "https://example.org/x",
    "causation_id": "cause",
    "correlation_id": "thread",
}


def test_the_terms_are_what_the_envelope_tells() -> None:
    e = of(CrateSent(), **ENVELOPE)
    by, envelope = Actor("SEC", "p-sec"), {"effective": DAY, "live": False, **ENVELOPE}
    assert _terms(e, False) == CommandTerms(by, frozenset({"SEC"}), envelope)
    assert _terms(e, True) == CommandTerms(by, frozenset({"IMP"}), envelope, importing=True)
    live = msgspec.structs.replace(e, dated="live")
    assert _terms(live, False).envelope == envelope | {"effective": None, "live": True}


def test_who_wrote_it_down_gave_the_command_and_who_did_it_is_named() -> None:
    member, clerk = Actor("MEM", "p-2"), Actor("SEC", "p-clerk")
    e = of(CrateSent(), actor=member, recorded_by=clerk)
    assert (_terms(e, False).actor, _terms(e, False).roles) == (clerk, frozenset({"SEC"}))
    assert _terms(e, False).on_behalf_of == member
    alone = of(CrateSent(), actor=member)
    assert (_terms(alone, False).actor, "actor" in _terms(alone, False).envelope) == (member, False)


class OnDay(Event):
    WHEN = "day"
    day: dt.date | None = None
    FIELDS: ClassVar = {"day": ("日", "Day")}


APRIL_1 = OnDay(day=dt.date(2026, 4, 1))


@pytest.mark.parametrize(
    ("data", "more", "date"),
    [
        (CrateSent(), {"dated": "told"}, DAY),
        (CrateSent(), {"dated": "inherited"}, None),
        (APRIL_1, {"dated": "told", "effective": OTHER_DAY}, OTHER_DAY),
        (APRIL_1, {"dated": "field", "effective": OTHER_DAY}, None),
        (APRIL_1, {"dated": None}, None),
        (APRIL_1, {"dated": None, "effective": OTHER_DAY}, OTHER_DAY),
        (OnDay(), {"dated": None, "effective": EffectiveDate.unknown()}, None),
        (OnDay(), {"dated": None, "effective": DAY}, DAY),
        (CrateFilled(), {"dated": None}, None),
        (CrateFilled(), {"dated": None, "effective": DAY}, DAY),
        (CrateSent(), {"dated": None, "effective": DAY}, DAY),
        (CrateSent(), {"dated": None, "effective": EffectiveDate.at(START)}, EffectiveDate.at(START)),
    ],
)
def test_a_date_that_follows_from_the_event_itself_was_not_told(
    data: Event, more: dict[str, Any], date: EffectiveDate | None
) -> None:
    assert _effective_as_told(of(data, **more)) == date


# ----------------------------------------------------------------------------------------- what is the same


@pytest.mark.parametrize(
    ("more", "same"),
    [
        ({}, True),
        ({"note": "x"}, True),
        ({"stream": "crate-b"}, False),
        ({"version": 2}, False),
        ({"data": CratePut(place="奥", day=DAY)}, False),
        ({"effective": OTHER_DAY}, False),
        ({"effective": OTHER_DAY, "dated": None}, True),
        ({"effective": OTHER_DAY, "dated": "recording"}, True),
        ({"effective": OTHER_DAY, "dated": "live"}, True),
        ({"effective": OTHER_DAY, "dated": "told"}, False),
        ({"stream": "crate-b", "dated": None}, False),
    ],
)
def test_the_same_fact_is_said_of_the_same_at_the_same_time(more: dict[str, Any], same: bool) -> None:
    assert _same_fact(PUT, msgspec.structs.replace(PUT, **more)) is same


def test_a_moment_is_one_in_whichever_zone_it_is_written() -> None:
    here, there = (
        EffectiveDate.parse("2026-04-01T09:00:00+09:00"),
        EffectiveDate.parse("2026-04-01T00:00:00Z"),
    )
    one, other = (msgspec.structs.replace(PUT, effective=date) for date in (here, there))
    assert _same_fact(one, other)


def test_the_same_envelope_is_the_same_in_everything_but_its_place() -> None:
    assert _same_envelope(PUT, msgspec.structs.replace(PUT, position=9))
    for more in ({"event_id": "x"}, {"note": "x"}, {"correlation_id": "x"}, {"dated": None}):
        assert not _same_envelope(PUT, msgspec.structs.replace(PUT, **more))
