"""Judging a correction, step by step: what is looked at, what is condemned, what is computed anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec
import pytest

from domain.kernel import record as kinds
from domain.kernel.commands import command, on
from domain.kernel.correction import Correctable
from domain.kernel.correction_events import (
    INHERITED,
    AlsoWanted,
    Change,
    EventWithdrawn,
    RecordCorrected,
    StandsThough,
    Wanted,
)
from domain.kernel.correction_refusals import CORRECTION_BREAKS
from domain.kernel.events import Actor, Event, Recorded, declare_event
from domain.kernel.refusals import BUSY, TAKEN, WRONG_STATE
from domain.kernel.when import RECORDING
from domain.recording import judging
from domain.recording.deciding_anew import Verdict
from domain.recording.judging import (
    _as_broken,
    _breaks,
    _Case,
    _impossible,
    _Nothing,
    _Past,
    _PlacedStand,
    _refuse_taken,
    _standing,
    _told,
    judge,
)
from domain.recording.receipts import CommandTerms
from domain.recording.unit_of_work import UnitOfWork
from domain.values.calendar import EffectiveDate
from domain.values.refusal import Refusal
from tests.support.given import START, TestRecord


class LedgerOpened(Event):
    WHEN = RECORDING
    LABEL = ("帳簿の開始", "Ledger opened")
    place: str
    of: str | None = None
    most: int = 100


class EntryMade(Event):
    WHEN = RECORDING
    LABEL = ("記入", "Entry made")
    COMPUTED: ClassVar = {"total": ("amount",), "count": ("amount",)}
    amount: int
    count: int = 0
    total: int = 0


class LedgerMoved(Event):
    WHEN = RECORDING
    LABEL = ("移動", "Ledger moved")
    place: str


class LedgerClosed(Event):
    WHEN = "on"
    LABEL = ("締切", "Ledger closed")
    at_most: int
    on: dt.date | None = None


for _event in (LedgerOpened, EntryMade, LedgerMoved, LedgerClosed):
    declare_event(_event)


class Ledger(Correctable):
    """A ledger stands at a place that no other has, and is a part of another, perhaps. Entries add up; what
    it holds is less than ``most``, and when it is closed no more than is said."""

    PREFIX = "ledger-"
    LABEL = ("帳簿", "ledger")

    def begin(self) -> None:
        self.total, self.entries, self.most = 0, 0, 100

    @command("SEC", event=LedgerOpened, creates=True, ja="開く", en="Open")
    def open_it(self, opened: LedgerOpened) -> None:
        """Open it."""
        if opened.of is not None:
            self.most = min(self.look(Ledger, opened.of).most, opened.most)
            if self.most != opened.most:
                raise WRONG_STATE(state="too small", allowed="")
        self.claim("place", opened.place)
        self.record(opened)

    @command("SEC", records=EntryMade, ja="少し記入する", en="Enter a little")
    def enter_a_little(self, amount: int) -> None:
        """Enter a small amount, which has a command of its own."""
        if amount > 5:
            raise WRONG_STATE(state="too much", allowed="")
        self.enter(amount)

    @command("SEC", records=EntryMade, ja="記入する", en="Enter")
    def enter(self, amount: int) -> None:
        """Enter an amount."""
        if self.total + amount > self.most:
            raise WRONG_STATE(state="full", allowed="")
        self.record(EntryMade(amount=amount, count=self.entries + 1, total=self.total + amount))

    @command("SEC", event=LedgerMoved, ja="移す", en="Move")
    def move(self, moved: LedgerMoved) -> None:
        """Move it."""
        self.claim("place", moved.place)
        self.record(moved)

    @command("SEC", event=LedgerClosed, ja="締める", en="Close")
    def close(self, closed: LedgerClosed) -> None:
        """Close it."""
        if self.total > closed.at_most:
            raise WRONG_STATE(state="too much", allowed="")
        self.record(closed)

    @on(LedgerOpened)
    def _opened(self, e: LedgerOpened, _: Recorded[Any]) -> None:
        self.most = e.most

    @on(EntryMade)
    def _made(self, e: EntryMade, _: Recorded[Any]) -> None:
        self.total, self.entries = self.total + e.amount, self.entries + 1


@pytest.fixture(autouse=True)
def ledgers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds._KIND_OF, Ledger.PREFIX, Ledger)


WHY = "誤記のため（架空）"


def by(role: str, party: str = "p-sec") -> CommandTerms:
    return CommandTerms(Actor(role, party), frozenset({role}))  # type: ignore[arg-type]


def act(record: TestRecord, name: str, entity: str = "ledger-a", /, **arguments: Any) -> None:
    terms = by("CHR", "p-chr") if name == "approve_correction" else by("SEC")
    record.application.execute(Ledger.COMMANDS[name], entity, arguments, terms)


def opened(record: TestRecord, *amounts: int, entity: str = "ledger-a", **more: Any) -> TestRecord:
    act(record, "open_it", entity, **({"place": f"place of {entity}"} | more))
    for amount in amounts:
        act(record, "enter", entity, amount=amount)
    return record


def correction_of(version: int, field: str, after: Any, name: str = "fix-1", **more: Any) -> dict[str, Any]:
    changes = (Wanted(field, after),)
    return {"correction_id": name, "target_version": version, "changes": changes, "reason": WHY, **more}


def proposed(
    record: TestRecord, *what: Any, entity: str = "ledger-a", unit: UnitOfWork | None = None, **more: Any
) -> UnitOfWork:
    """A unit of work in which a correction is proposed, not judged yet."""
    unit = unit or record.application.unit()
    unit.act(Ledger.COMMANDS["propose_correction"], entity, correction_of(*what, **more), by("SEC"))
    return unit


def withdrawn(record: TestRecord, version: int, entity: str = "ledger-a") -> UnitOfWork:
    unit = record.application.unit()
    asking = {"target_version": version, "reason": WHY}
    unit.act(Ledger.COMMANDS["withdraw_event"], entity, asking, by("SEC"))
    return unit


def refused(unit: UnitOfWork, ground: Any) -> Refusal:
    with pytest.raises(Refusal) as no:
        judge(unit, ground)
    return no.value


def correct(record: TestRecord, *what: Any, **more: Any) -> None:
    act(record, "propose_correction", **correction_of(*what, **more))
    act(record, "approve_correction", correction_id=more.get("name", "fix-1"))


# ------------------------------------------------------------------------------------- what is looked at


def test_everything_that_names_the_corrected_thing_is_read_and_that_nothing_has_named_it_since(
    record: TestRecord,
) -> None:
    opened(record, 10)
    opened(record, 5, entity="ledger-b", of="ledger-a")
    opened(record, 5, entity="ledger-c")
    unit = proposed(record, 2, "amount", 20)
    unit.read.streams.clear()
    judge(unit, record.application)
    assert unit.read.streams == {"ledger-a": 2, "ledger-b": 2}
    assert unit.read.answers == {("naming", "6/ledger-a"): []}


def test_a_thing_is_named_by_its_public_id(record: TestRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    record.do("SEC", "Party", "p-1", "register_person", name="架空 太郎")
    record.do("SEC", "Party", "p-1", "give_name_consent")
    unit, application = record.application.unit(), record.application
    named: list[str] = []
    monkeypatch.setattr(application, "naming", lambda about: named.append(about) or ["party-p-1"])
    from domain.party.aggregate import Party

    asking = {"target_version": 2, "reason": WHY}
    unit.act(Party.COMMANDS["withdraw_event"], "p-1", asking, by("SEC"))
    judge(unit, application)
    assert named == ["0/p-1"]
    assert unit.read.answers == {("naming", "2/p-1"): []}


def test_so_many_later_events_are_looked_at_and_not_one_more(record: TestRecord) -> None:
    opened(record, 10, 20)
    ground = record.application
    for most, reaches_far in ((1, True), (2, False), (None, False)):
        ground.most_judged = most
        unit = proposed(record, 2, "amount", 11)
        if reaches_far:
            no = refused(unit, ground)
            assert (no.code, no.params) == ("CORRECTION_REACHES_FAR", {"count": 2, "most": 1})
        else:
            judge(unit, ground)


def test_how_many_are_looked_at_and_told() -> None:
    assert (judging.MOST_JUDGED, judging.MOST_LISTED) == (10_000, 20)


def test_what_is_recorded_in_the_same_unit_is_judged_after_what_is_on_record(record: TestRecord) -> None:
    opened(record, 10)
    opened(record, entity="ledger-b", most=100)
    unit = record.application.unit()
    unit.act(Ledger.COMMANDS["enter"], "ledger-b", {"amount": 1}, by("SEC"))
    unit.act(Ledger.COMMANDS["enter"], "ledger-a", {"amount": 85}, by("SEC"))
    proposed(record, 2, "amount", 20, unit=unit)
    no = refused(unit, record.application)
    assert (no.code, [i["version"] for i in no.params["impossible"]]) == ("CORRECTION_BREAKS", [3])


def test_what_follows_at_once_in_the_same_unit_stands(record: TestRecord) -> None:
    opened(record)
    unit = record.application.unit()
    unit.act(Ledger.COMMANDS["enter"], "ledger-a", {"amount": 85}, by("SEC"))
    proposed(record, 1, "most", 90, unit=unit)
    judge(unit, record.application)
    assert [e.type for e in unit.recorded] == ["EntryMade", "CorrectionProposed"]
    unit = record.application.unit()
    unit.act(Ledger.COMMANDS["enter"], "ledger-a", {"amount": 85}, by("SEC"))
    no = refused(proposed(record, 1, "most", 80, unit=unit), record.application)
    assert [i["code"] for i in no.params["impossible"]] == ["WRONG_STATE"]


# ------------------------------------------------------------------------------------- what is condemned


def test_what_could_not_be_recorded_before_either_is_not_condemned(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(record, 10)
    act(record, "close", at_most=50)
    close = Ledger.COMMANDS["close"]
    monkeypatch.setattr(close, "method", lambda ledger, closed: ledger.only_in("never"))
    judge(proposed(record, 2, "amount", 20), record.application)
    judge(withdrawn(record, 2), record.application)


def test_what_could_not_in_another_way_is_condemned(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(record, 10)
    act(record, "close", at_most=50)

    def close(ledger: Any, closed: Any) -> None:
        raise BUSY(attempts=1) if ledger.total == 20 else WRONG_STATE(state="x", allowed="")

    monkeypatch.setattr(Ledger.COMMANDS["close"], "method", close)
    assert refused(proposed(record, 2, "amount", 20), record.application).code == "CORRECTION_BREAKS"
    judge(proposed(record, 2, "amount", 30, "fix-2"), record.application)


@pytest.mark.parametrize(
    ("left_out", "same"),
    [({}, True), ({"event": 1}, False), ({"outcome": 1}, False), ({"refusal": 1}, False)],
)
def test_in_which_way_an_event_cannot_be_recorded(left_out: dict[str, int], same: bool) -> None:
    e, other = placed(EntryMade(amount=1), 1), placed(EntryMade(amount=1), 2)
    one = Verdict(e, "refused", refusal=WRONG_STATE())
    another: dict[str, Any] = {"event": other, "outcome": "differs", "refusal": BUSY()}
    changed = {name: value for name, value in another.items() if name in left_out}
    verdict: dict[str, Any] = {"event": e, "outcome": "refused", "refusal": WRONG_STATE(state="x")} | changed
    assert (_as_broken(one) == _as_broken(Verdict(**verdict))) is same
    assert _as_broken(Verdict(e, "differs")) == ("e-1", "differs", None)


def test_what_is_corrected_must_have_been_possible(record: TestRecord) -> None:
    opened(record, 10)
    no = refused(proposed(record, 2, "amount", 101), record.application)
    assert (no.code, no.params["cause"]) == ("CORRECTION_IMPOSSIBLE", "WRONG_STATE")


def test_what_is_named_as_standing_stands_and_nothing_else(record: TestRecord) -> None:
    opened(record, 10, 85)
    act(record, "close", at_most=95)
    entry, closed = record.events[2].event_id, record.events[3].event_id
    one = proposed(record, 2, "amount", 20, stands=(StandsThough(entry, WHY),))
    (left,) = refused(one, record.application).params["impossible"]
    assert left["event_id"] == closed
    both = (StandsThough(entry, WHY), StandsThough(closed, WHY))
    judge(proposed(record, 2, "amount", 20, stands=both), record.application)


def test_what_is_corrected_together_with_it_in_another_record_is_in_its_place(record: TestRecord) -> None:
    opened(record, most=50)
    opened(record, entity="ledger-b", of="ledger-a", most=40)
    no = refused(proposed(record, 1, "most", 30), record.application)
    assert [(i["stream"], i["code"]) for i in no.params["impossible"]] == [("ledger-b", "WRONG_STATE")]
    mended = (AlsoWanted(1, (Wanted("most", 20),), "ledger-b"),)
    judge(proposed(record, 1, "most", 30, also=mended), record.application)
    act(record, "enter", amount=10)
    opened(record, entity="ledger-c", of="ledger-b", most=25)
    no = refused(proposed(record, 1, "most", 30, also=mended), record.application)
    assert [(i["stream"], i["code"]) for i in no.params["impossible"]] == [("ledger-c", "WRONG_STATE")]
    here = (AlsoWanted(2, (Wanted("amount", 20),)),)
    judge(proposed(record, 1, "most", 40, also=here), record.application)
    too_much = (AlsoWanted(2, (Wanted("amount", 41),)),)
    assert refused(proposed(record, 1, "most", 40, also=too_much), record.application).params["cause"] == (
        "WRONG_STATE"
    )


def test_a_name_that_a_later_event_of_the_same_takes_cannot_be_taken_before(record: TestRecord) -> None:
    opened(record)
    act(record, "move", place="奥")
    no = refused(proposed(record, 1, "place", "奥"), record.application)
    assert (no.code, [i["code"] for i in no.params["impossible"]]) == (
        "CORRECTION_BREAKS",
        ["ALREADY_TAKEN"],
    )
    judge(proposed(record, 1, "place", "庭", "fix-2"), record.application)


def test_a_name_that_somebody_else_has_cannot_be_taken_by_a_correction(record: TestRecord) -> None:
    opened(record)
    opened(record, entity="ledger-b", place="奥")
    no = refused(proposed(record, 1, "place", "奥"), record.application)
    assert (no.code, no.params["cause"]) == ("CORRECTION_IMPOSSIBLE", "ALREADY_TAKEN")
    assert "「奥」" in no.params["why"]


# ----------------------------------------------------------------------------------------------- withdrawal


def test_what_is_withdrawn_gives_back_its_own_names_alone(record: TestRecord) -> None:
    opened(record, 10)
    act(record, "move", place="奥")
    opened(record, entity="ledger-b", place="庭:ledger-a")
    unit = withdrawn(record, 3)
    judge(unit, record.application)
    assert unit.released == {"place:奥"}


@pytest.mark.parametrize(
    ("entity", "of", "amounts"),
    [("ledger-b", "ledger-a", ()), ("ledger-c", None, (10,))],
    ids=["named", "filled"],
)
def test_nothing_may_rest_on_what_is_withdrawn(
    record: TestRecord, entity: str, of: str | None, amounts: tuple[int, ...]
) -> None:
    """Whether another record names it, or it goes on itself: without its beginning it is not on record."""
    opened(record, *amounts)
    opened(record, entity=entity, of=of)
    (impossible,) = refused(withdrawn(record, 1), record.application).params["impossible"]
    assert (impossible["stream"], impossible["code"]) == ("ledger-b" if of else "ledger-a", "UNKNOWN_ID")


def test_what_was_withdrawn_before_counts_in_nothing(record: TestRecord) -> None:
    opened(record, 10, 80)
    act(record, "withdraw_event", target_version=3, reason=WHY)
    unit = proposed(record, 2, "amount", 90)
    judge(unit, record.application)
    act(record, "enter", amount=20)
    no = refused(proposed(record, 2, "amount", 81), record.application)
    assert [i["version"] for i in no.params["impossible"]] == [5]


# --------------------------------------------------------------------------------------- computed anew


def test_what_later_entries_came_to_is_computed_anew_with_the_first_correction_as_its_cause(
    record: TestRecord,
) -> None:
    opened(record, 10, 20, 30)
    unit = proposed(record, 2, "amount", 11)
    proposed(record, 3, "amount", 21, "fix-2", unit=unit)
    terms = by("CHR", "p-chr")
    for name in ("fix-1", "fix-2"):
        unit.act(Ledger.COMMANDS["approve_correction"], "ledger-a", {"correction_id": name}, terms)
    judge(unit, record.application)
    made = unit.recorded[2:]
    assert [(e.data.correction_id, e.data.target_version) for e in made] == [
        ("fix-1", 2),
        ("fix-2", 3),
        ("fix-1-computed-1", 2),
        ("fix-1-computed-2", 3),
        ("fix-1-computed-3", 4),
    ]
    assert [e.data.changes for e in made[2:]] == [
        (Change("total", 10, 11),),
        (Change("total", 30, 32),),
        (Change("total", 60, 62),),
    ]
    assert {(e.causation_id, e.correlation_id, e.actor) for e in made[2:]} == {
        (made[0].event_id, made[0].correlation_id, Actor("system"))
    }
    assert "ledger-a" not in unit.aggregates


def test_what_is_only_proposed_computes_nothing_yet(record: TestRecord) -> None:
    opened(record, 10, 20)
    unit = proposed(record, 2, "amount", 11)
    judge(unit, record.application)
    assert [e.type for e in unit.recorded] == ["CorrectionProposed"]


def test_a_correction_after_a_correction_goes_on_from_what_stands(record: TestRecord) -> None:
    opened(record, 10, 20)
    correct(record, 2, "amount", 11)
    correct(record, 3, "amount", 25, name="fix-2")
    assert [e.data.changes for e in record.events if e.type == "RecordCorrected"] == [
        (Change("amount", 10, 11),),
        (Change("total", 10, 11),),
        (Change("total", 30, 31),),
        (Change("amount", 20, 25),),
        (Change("total", 31, 36),),
    ]
    last = record.events[-1].data
    assert last.standing == (Change("amount", 20, 25), Change("total", 31, 36))


# ---------------------------------------------------------------------------------------- the past, by itself


def placed(data: Event, version: int, stream: str = "ledger-a", **more: Any) -> Recorded[Any]:
    envelope: dict[str, Any] = {
        "event_id": f"e-{version}",
        "stream": stream,
        "version": version,
        "type": type(data).__name__,
        "recorded_at": START,
        "effective": EffectiveDate.parse("2026-04-01"),
        "dated": "recording",
        "actor": Actor("SEC", "p-sec"),
        "correlation_id": "c",
        "position": version,
    }
    return Recorded(**{**envelope, **more}, data=data)


class Ground:
    """Streams as they are given, read once; names by who has them."""

    most_judged, editions = None, None
    open_business = groups_of = meetings_at = staticmethod(lambda about: [])

    def __init__(self, *events: Recorded[Any], **holders: str):
        self.events, self.holders = events, holders

    def placed(self, stream: str) -> Iterator[Recorded[Any]]:
        return (e for e in self.events if e.stream == stream)

    def naming(self, about: str) -> list[str]:
        return [f"naming {about}"]

    def newest(self) -> int:
        return len(self.events)

    def holder_of(self, claim: str) -> str | None:
        return self.holders.get(claim.partition(":")[2])


def past_of(*events: Recorded[Any], unsaved: Any = (), gone: Any = (), **standing: Any) -> _Past:
    return _Past(Ground(*events), standing, unsaved, gone)


ENTRIES = [placed(EntryMade(amount=n, count=n, total=n), n) for n in (1, 2, 3)]


def test_a_stream_is_what_is_saved_and_what_is_not_yet_of_the_same() -> None:
    other = placed(EntryMade(amount=9), 9, "ledger-b")
    past = past_of(*ENTRIES[:2], unsaved=[ENTRIES[2], other])
    assert past.stream("ledger-a") == ENTRIES
    assert past.stream("ledger-c") == []
    assert past.read == {"ledger-a": 2, "ledger-c": 0}
    assert [e.version for e in past.events_of("ledger-a", 1, 3)] == [2, 3]
    assert [e.version for e in past.events_of("ledger-a", 2, 2)] == []
    assert [e.version for e in past.events_of("ledger-a", 2, 9)] == [3]
    assert past.naming("0/x") == ["naming 0/x"]
    assert list(past.placed("ledger-a")) == ENTRIES[:2]
    views = (past.open_business, past.groups_of, past.meetings_at)
    assert views == (Ground.open_business, Ground.groups_of, Ground.meetings_at)


def test_what_is_taken_back_is_nothing_whether_now_or_before() -> None:
    before = EventWithdrawn(target_event="e-1", target_version=1, target_type="EntryMade", reason="x")
    taken_back = placed(before, 4)
    past = past_of(*ENTRIES, taken_back, gone=["e-2"])
    assert [e.type for e in past.stream("ledger-a")] == [
        "_Nothing",
        "_Nothing",
        "EntryMade",
        "EventWithdrawn",
    ]
    assert [e.event_id for e in past.log(["ledger-a"], {"ledger-a": 1})] == ["e-3"]
    assert [e.event_id for e in past.log(["ledger-a"], {"ledger-a": 3})] == ["e-3"]
    assert past.stream("ledger-a")[0] == msgspec.structs.replace(
        ENTRIES[0],
        data=_Nothing(target_event="e-1", target_version=1, target_type="EntryMade", reason=""),
        type="_Nothing",
    )


def test_events_are_judged_from_the_first_that_is_corrected_in_their_one_order() -> None:
    here = [placed(EntryMade(amount=n), n, position=2 * n) for n in (1, 2, 3)]
    there = [placed(EntryMade(amount=n), n, "ledger-b", position=2 * n + 1) for n in (1, 2, 3)]
    log = past_of(*there, *here).log(["ledger-b", "ledger-a"], {"ledger-a": 2, "ledger-b": 2})
    assert [e.position for e in log] == [4, 5, 6, 7]


CORRECTION: dict[str, Any] = {
    "correction_id": "fix-1",
    "target_event": "e-1",
    "target_version": 1,
    "target_type": "EntryMade",
    "reason": "x",
    "proposed_by": "p-1",
    "approved_by": "p-2",
}
CHANGED = (Change("amount", 1, 7),)
MADE = placed(RecordCorrected(**CORRECTION, changes=CHANGED, standing=CHANGED), 4)


def test_what_is_corrected_stands_in_place_and_a_correction_says_what_stands_now() -> None:
    assert _standing(ENTRIES[0], {"e-1": CHANGED}).data.amount == 7
    assert _standing(ENTRIES[1], {"e-1": CHANGED}) is ENTRIES[1]
    now = (Change("amount", 1, 8),)
    assert _standing(MADE, {"e-1": now}).data.standing == now
    assert _standing(MADE, {"e-1": now}).data.changes == CHANGED
    assert _standing(MADE, {}).data.standing == ()
    stands = past_of(*ENTRIES, MADE).stream("ledger-a")
    assert [e.data.amount for e in stands[:3]] == [7, 2, 3]
    anew = past_of(*ENTRIES, MADE, **{"e-1": now}).stream("ledger-a")
    assert (anew[0].data.amount, anew[3].data.standing) == (8, now)


def computed(past: _Past, e: Recorded[Any], stands: Recorded[Any] = ENTRIES[1]) -> bool:
    past.stream(stands.stream)
    return bool(past.compute(e, stands))


def another(of: Recorded[Any] = ENTRIES[1], /, **data: Any) -> Recorded[Any]:
    envelope = {name: data.pop(name) for name in list(data) if name in Recorded.__struct_fields__}
    return msgspec.structs.replace(of, data=msgspec.structs.replace(of.data, **data), **envelope)


def test_what_is_computed_is_put_in_place_once_in_the_order_of_its_names() -> None:
    past = past_of(*ENTRIES, MADE)
    assert computed(past, another(total=5, count=6))
    changes = (Change("count", 2, 6), Change("total", 2, 5))
    assert past.anew == {"e-2": (ENTRIES[1], changes)}
    stands = past.stream("ledger-a")[1].data
    assert (stands.amount, stands.count, stands.total) == (2, 6, 5)
    assert not computed(past, another(total=7))
    assert past.anew == {"e-2": (ENTRIES[1], changes)}


class Sums(Event):
    WHEN = RECORDING
    COMPUTED: ClassVar = dict.fromkeys("abcdefgh", ("of",))
    of: int = 0
    a: int = 0
    b: int = 0
    c: int = 0
    d: int = 0
    e: int = 0
    f: int = 0
    g: int = 0
    h: int = 0


def test_however_much_is_computed_it_is_in_one_order_and_no_correction_that_somebody_made() -> None:
    stands, corrections = placed(Sums(of=1), 1), {"e-9": CHANGED}
    past = _Past(Ground(stands), corrections, ())
    assert computed(past, another(stands, **dict.fromkeys("hgfedcba", 1)), stands)
    assert [change.field for change in past.anew["e-1"][1]] == list("abcdefgh")
    assert corrections == {"e-9": CHANGED}


@pytest.mark.parametrize(
    "more",
    [{}, {"amount": 9}, {"amount": 9, "total": 9}, {"total": 9, "version": 4}, {"total": 9, "type": "Other"}],
    ids=repr,
)
def test_what_is_another_in_anything_else_is_not_computed_anew(more: dict[str, Any]) -> None:
    past = past_of(*ENTRIES)
    assert not computed(past, another(**more))
    assert past.anew == {}


def test_what_stands_already_is_there_beside_what_is_computed() -> None:
    first = past_of(*ENTRIES, MADE)
    assert computed(first, another(first.stream("ledger-a")[0], total=7), first.stream("ledger-a")[0])
    assert first._standing == {"e-1": (*CHANGED, Change("total", 1, 7))}
    now = (Change("amount", 1, 8),)
    second = past_of(*ENTRIES, MADE, **{"e-1": now})
    assert computed(second, another(second.stream("ledger-a")[0], total=8), second.stream("ledger-a")[0])
    assert second._standing == {"e-1": (*now, Change("total", 1, 8))}


DAY, LATER = EffectiveDate.parse("2026-04-01"), EffectiveDate.parse("2026-05-01")


@pytest.mark.parametrize(
    ("dated", "effective", "changes"),
    [
        ("inherited", LATER, (Change(INHERITED, "2026-04-01", "2026-05-01"),)),
        ("inherited", DAY, None),
        ("told", LATER, None),
    ],
)
def test_a_date_follows_where_it_was_inherited(dated: Any, effective: Any, changes: Any) -> None:
    stands = another(ENTRIES[1], dated=dated, effective=DAY)
    past = past_of(ENTRIES[0], stands)
    assert computed(past, another(stands, effective=effective), stands) is (changes is not None)
    assert past.anew == ({"e-2": (stands, changes)} if changes else {})


def test_a_stand_in_the_midst_of_the_log_knows_what_was_before() -> None:
    stand = _PlacedStand(past_of(*ENTRIES), None)
    stand._upcoming = [ENTRIES[2]]
    assert (stand.known("ledger-a"), stand.known("ledger-b")) == (2, 0)
    stand._upcoming = [ENTRIES[0]]
    assert stand.known("ledger-a") == 0


# ----------------------------------------------------------------------------------------- how it is told


def taking(e: Recorded[Any], *claims: str) -> Verdict:
    return Verdict(e, "stands", claims=claims)


def test_only_what_is_corrected_may_not_take_what_somebody_else_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, ground = _Case(standing={"e-1": ()}), Ground(奥="ledger-b", 庭="ledger-a")
    _refuse_taken(case, [taking(ENTRIES[0], "place:庭", "place:外"), taking(ENTRIES[1], "place:奥")], ground)
    with pytest.raises(Refusal) as no:
        _refuse_taken(case, [taking(ENTRIES[0], "place:庭", "place:奥")], ground)
    assert no.value.params == {
        "why": "「奥」は既に使われています。",
        "why_en": "“奥” is already taken.",
        "cause": "ALREADY_TAKEN",
    }
    monkeypatch.setitem(TAKEN, "place", WRONG_STATE)
    with pytest.raises(Refusal) as no:
        _refuse_taken(case, [taking(ENTRIES[0], "place:奥")], ground)
    assert no.value.params["cause"] == "WRONG_STATE"


def test_why_a_correction_is_impossible_is_told_in_both_languages() -> None:
    assert _impossible(None).params == {
        "why": "決まりにより、別の内容が記録されることになります。",
        "why_en": "By the rules something else would be recorded.",
    }
    why = BUSY(attempts=2)
    assert _impossible(why).params == {
        "why": why.sentence("ja"),
        "why_en": why.sentence("en"),
        "cause": "BUSY",
    }


def test_what_would_become_impossible_is_told_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = BUSY(attempts=2)
    left = [
        Verdict(ENTRIES[0], "refused", refusal=busy),
        Verdict(ENTRIES[1], "differs"),
        Verdict(ENTRIES[2], "differs"),
    ]
    other = (
        "決まりにより、別の内容が記録されることになります。",
        "By the rules something else would be recorded.",
    )
    ja = [
        f"「記入」（令和8年(2026年)4月1日）: {busy.sentence('ja')}",
        f"「記入」（令和8年(2026年)4月1日）: {other[0]}",
    ]
    en = [f"“Entry made” (1 April 2026): {busy.sentence('en')}", f"“Entry made” (1 April 2026): {other[1]}"]
    assert [[_told(v, lang) for v in left[:2]] for lang in ("ja", "en")] == [ja, en]
    monkeypatch.setattr(judging, "MOST_LISTED", 2)
    no = _breaks(CORRECTION_BREAKS, left)
    listed = [
        {
            "event_id": f"e-{n}",
            "entity": "ledger-a",
            "stream": "ledger-a",
            "version": n,
            "type": "EntryMade",
            "code": "BUSY" if n == 1 else None,
        }
        for n in (1, 2)
    ]
    assert no.params == {
        "count": 3,
        "events": "".join(ja),
        "events_en": " ".join(en),
        "impossible": listed,
    }
