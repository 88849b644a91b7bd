"""Load, act, save: what a unit of work sees, what is saved of it, and what a receipt tells."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from domain.kernel.commands import Command, Reader
from domain.kernel.correction_events import Wanted
from domain.kernel.events import Actor, Recorded, Source
from domain.kernel.record import KINDS, Record
from domain.kernel.refusals import ALREADY_TAKEN, BUSY, TAKEN
from domain.recording.application import Application, command_named, new_uuid, utc_now
from domain.recording.permission import acting_role
from domain.recording.policy import POLICIES, Order, policies_for, policy
from domain.recording.receipts import CommandTerms, Receipt, StoredReceipt
from domain.recording.unit_of_work import UnitOfWork
from domain.values.calendar import EffectiveDate
from domain.values.law import Citation
from domain.values.refusal import Refusal
from tests.support.given import START, TestRecord, given_somebody_is_always_faster
from tests.support.shelf import (
    Shelf,
    ShelfEmptied,
    ShelfFilled,
    ShelfInspected,
    ShelfPut,
    recorded,
    tell,
    tell_in,
    terms,
)


def types(record: TestRecord) -> list[str]:
    return [e.type for e in record.events]


def refused(
    code: str, record: TestRecord, name: str, entity: str | None = "shelf-a", /, **how: Any
) -> Refusal:
    before = record.events
    with pytest.raises(Refusal, match=f"^{code}: ") as caught:
        tell(record, name, entity, **how)
    assert record.events == before, "a refused command records nothing"
    return caught.value


# ---------------------------------------------------------------------------------------------- receipts


def test_a_receipt_tells_what_a_command_did(record: TestRecord) -> None:
    first = tell(record, "put_up", place="入口")
    second = tell(record, "fill_row", row=1, books=101)
    events = record.events
    assert first == Receipt("shelf-a", 1, 1, (events[0].event_id,))
    assert (second.stream, second.version, second.position) == ("shelf-a", 2, 2)
    assert second.event_ids == (events[1].event_id,)
    assert [w.code for w in second.warnings] == ["BUSY"]
    assert tell(record, "fill_row", row=1).warnings == ()


def test_the_receipt_of_a_command_done_before_says_so(record: TestRecord) -> None:
    first = tell(record, "put_up", place="入口", how=terms(key="k"))
    again = tell(record, "put_up", place="入口", how=terms(key="k"))
    assert (first.replayed, again.replayed) == (False, True)
    assert (again.stream, again.version, again.position, again.event_ids) == (
        first.stream,
        first.version,
        first.position,
        first.event_ids,
    )
    assert types(record) == ["ShelfPut"]


def test_the_version_of_a_receipt_is_that_of_the_stream_asked_for(record: TestRecord) -> None:
    """Also when other streams have gone further in the same transaction."""
    with record.application.batch() as batch:
        tell_in(batch, "put_up", "shelf-b", place="奥")
        tell_in(batch, "fill_row", "shelf-b", row=1)
        tell_in(batch, "put_up", "shelf-a", place="入口")
    assert batch.receipt == Receipt("shelf-a", 1, 3, tuple(e.event_id for e in record.events))


# ------------------------------------------------------------------------------------------ keys and names


CHANGES: dict[str, dict[str, Any]] = {
    "another shelf": {"entity": "shelf-b"},
    "another argument": {"place": "奥"},
    "another envelope": {"how": terms(key="k", envelope={"note": "x"})},
    "another person": {"how": CommandTerms(Actor("SEC", "p-other"), frozenset({"SEC"}), key="k")},
    "another version": {"how": terms(key="k", expected_version=0)},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_key_belongs_to_one_content_in_every_part(record: TestRecord, change: dict[str, Any]) -> None:
    tell(record, "put_up", place="入口", how=terms(key="k"))
    asked = {"place": "入口", "how": terms(key="k")} | {k: v for k, v in change.items() if k != "entity"}
    refused("KEY_REUSED", record, "put_up", change.get("entity", "shelf-a"), **asked)


def test_a_key_belongs_to_one_command_of_one_kind(record: TestRecord) -> None:
    class Case(Shelf):
        PREFIX = "shelf-"

    tell(record, "put_up", place="入口")
    tell(record, "inspect", how=terms(key="k"))
    refused("KEY_REUSED", record, "take_down", how=terms(key="k"))
    with pytest.raises(Refusal, match="KEY_REUSED"):
        record.application.execute(Case.COMMANDS["inspect"], "shelf-a", {}, terms(key="k"))
    assert tell(record, "inspect", how=terms(key="k")).replayed


def test_in_which_order_the_same_is_said_makes_no_difference(record: TestRecord) -> None:
    tell(record, "put_up", place="入口")
    said, turned = {"note": "x", "reason": "y"}, {"reason": "y", "note": "x"}
    tell(record, "fill_row", row=1, books=2, how=terms(key="k", envelope=said))
    again = terms(key="k", envelope=turned)
    assert record.application.execute(
        Shelf.COMMANDS["fill_row"], "shelf-a", {"books": 2, "row": 1}, again
    ).replayed


def test_in_which_role_the_same_is_asked_again_makes_no_difference(record: TestRecord) -> None:
    tell(record, "put_up", place="入口", how=terms(key="k"))
    again = CommandTerms(Actor("CHR", "p-sec"), frozenset({"CHR"}), key="k")
    assert tell(record, "put_up", place="入口", how=again).replayed


def test_without_a_key_the_same_may_be_done_twice(record: TestRecord) -> None:
    tell(record, "put_up", place="入口")
    tell(record, "fill_row", row=1)
    tell(record, "fill_row", row=1)
    assert types(record) == ["ShelfPut", "ShelfFilled", "ShelfFilled"]
    assert record.application.already_done("k") is None
    receipt = tell(record, "fill_row", row=2, how=terms(key="k"))
    stored = record.application.already_done("k")
    assert stored is not None and stored.receipt == receipt


def test_a_name_is_taken_once(record: TestRecord) -> None:
    tell(record, "put_up", place="入口:1")
    assert record.recorder.claims == {"place:入口:1": "shelf-a"}
    found = refused("ALREADY_TAKEN", record, "put_up", "shelf-b", place="入口:1")
    assert found.params == {"value": "入口:1"}


def test_a_name_that_is_taken_is_refused_in_its_own_words(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TAKEN, "place", BUSY)
    record.application.refuse_taken({"place:奥": "shelf-b"})
    tell(record, "put_up", place="入口")
    record.application.refuse_taken({"place:奥": "shelf-b"})
    with pytest.raises(Refusal, match="BUSY"):
        record.application.refuse_taken({"place:奥": "shelf-b", "place:入口": "shelf-b"})
    monkeypatch.delitem(TAKEN, "place")
    with pytest.raises(Refusal, match=ALREADY_TAKEN.code):
        record.application.refuse_taken({"place:入口": "shelf-b"})


# ------------------------------------------------------------------------------------------------ conflicts


def given_somebody_is_faster_once(record: TestRecord, name: str, **how: Any) -> None:
    """Just before the next append somebody else gives the shelf this command."""
    true_insert, other = record.recorder.insert_events, TestRecord()
    other.application.recorder = record.recorder
    other.application.events.recorder = record.recorder
    other.application.new_id = lambda: str(uuid.uuid4())

    def insert(*events: Any, **more: Any) -> Any:
        record.recorder.insert_events = true_insert  # type: ignore[method-assign]
        tell(other, name, **how)
        return true_insert(*events, **more)

    record.recorder.insert_events = insert  # type: ignore[method-assign, assignment]


def test_what_conflicts_is_decided_anew(record: TestRecord) -> None:
    tell(record, "put_up", place="入口")
    given_somebody_is_faster_once(record, "fill_row", row=1)
    assert tell(record, "fill_row", row=2).version == 3
    given_somebody_is_faster_once(record, "take_down")
    refused_after("WRONG_STATE", record, "fill_row", row=3)
    assert types(record) == ["ShelfPut", "ShelfFilled", "ShelfFilled", "ShelfInspected", "ShelfEmptied"]


def refused_after(code: str, record: TestRecord, name: str, /, **how: Any) -> Refusal:
    with pytest.raises(Refusal, match=f"^{code}: ") as caught:
        tell(record, name, **how)
    return caught.value


def test_whoever_named_a_version_is_told_who_was_faster(record: TestRecord) -> None:
    tell(record, "put_up", place="入口")
    given_somebody_is_faster_once(record, "fill_row", row=1)
    found = refused_after("VERSION_CONFLICT", record, "fill_row", row=2, how=terms(expected_version=1))
    assert found.params == {"expected": 1, "actual": 2}
    assert types(record) == ["ShelfPut", "ShelfFilled"]


def test_the_same_command_sent_twice_at_once_is_done_once(record: TestRecord) -> None:
    tell(record, "put_up", place="入口")
    twice = terms(key="k", expected_version=1)
    given_somebody_is_faster_once(record, "fill_row", row=1, how=twice)
    assert tell(record, "fill_row", row=1, how=twice).replayed
    assert types(record) == ["ShelfPut", "ShelfFilled"]


def test_a_name_that_somebody_took_in_the_last_moment_is_refused(record: TestRecord) -> None:
    given_somebody_is_faster_once(record, "put_up", place="入口")
    with pytest.raises(Refusal, match="ALREADY_TAKEN"):
        tell(record, "put_up", "shelf-b", place="入口")


def test_how_often_a_command_was_decided_is_told(record: TestRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    given_somebody_is_always_faster(record, monkeypatch)
    assert refused_after("BUSY", record, "put_up", place="入口").params == {"attempts": 5}


# -------------------------------------------------------------------------------------------- expectations


def test_a_version_is_expected_exactly(record: TestRecord) -> None:
    tell(record, "put_up", place="入口", how=terms(expected_version=0))
    for wrong in (0, 2):
        found = refused("VERSION_CONFLICT", record, "fill_row", row=1, how=terms(expected_version=wrong))
        assert found.params == {"expected": wrong, "actual": 1}
    tell(record, "fill_row", row=1, how=terms(expected_version=1))


def test_what_is_not_there_is_named_by_its_kind(record: TestRecord) -> None:
    params = {"kind": "棚", "kind_en": "shelf", "id": "shelf-a"}
    assert refused("UNKNOWN_ID", record, "fill_row", row=1).params == params
    tell(record, "put_up", place="入口")
    assert refused("ALREADY_EXISTS", record, "put_up", place="奥").params == {"id": "shelf-a"}


def test_history_may_begin_in_the_middle_and_begin_twice(record: TestRecord) -> None:
    """An import takes what its source has (domain.md 3), but a refusal of the aggregate is one."""
    importing = terms(importing=True)
    tell(record, "put_up", place="入口", how=importing)
    tell(record, "put_up", place="奥", how=importing)
    refused("WRONG_STATE", record, "fill_row", "shelf-b", row=1, how=importing)
    assert types(record) == ["ShelfPut", "ShelfPut"]


def test_who_holds_any_of_the_roles_may(record: TestRecord) -> None:
    tell(record, "put_up", place="入口", how=terms("MEM", "CHR"))
    found = refused("FORBIDDEN", record, "fill_row", row=1, how=terms("MEM", "CHR"))
    assert found.params == {
        "roles": "事務局",
        "roles_en": "secretariat",
        "have": "座長・委員",
        "have_en": "chair, member",
    }
    none = CommandTerms(Actor("SEC"), frozenset())
    found = refused("FORBIDDEN", record, "put_up", "shelf-b", place="入口", how=none)
    assert found.params == {
        "roles": "事務局・座長",
        "roles_en": "secretariat, chair",
        "have": "なし",
        "have_en": "none",
    }


def test_the_role_acted_in_is_the_first_that_may() -> None:
    put_up = Shelf.COMMANDS["put_up"]
    assert acting_role(put_up, frozenset({"CHR", "SEC", "MEM"})) == "SEC"
    assert acting_role(put_up, frozenset({"CHR", "MEM"})) == "CHR"
    assert acting_role(put_up, frozenset({"MEM"})) is None


def test_an_argument_is_checked_before_anything_is_asked(record: TestRecord) -> None:
    refused("NUMBER_OUT_OF_RANGE", record, "fill_row", row=-1)
    with record.application.batch() as batch, pytest.raises(Refusal, match="NUMBER_OUT_OF_RANGE"):
        tell_in(batch, "fill_row", row=-1)
    with record.application.batch() as batch, pytest.raises(Refusal, match="FORBIDDEN"):
        tell_in(batch, "put_up", place="x", how=terms("MEM"))
    assert record.events == []


# ------------------------------------------------------------------------------------------------ new ids


def test_what_is_new_gets_an_id_of_its_kind(record: TestRecord) -> None:
    """The kind, the fiscal year, six characters at random: nothing of a title or a name."""
    six = "[a-km-np-z2-9]{6}"
    for kind, prefix in ((Shelf, "shelf"), (KINDS["Party"], "p"), (KINDS["Document"], "doc")):
        assert re.fullmatch(f"{prefix}-2026-{six}", record.application.new_entity(kind))
    with record.application.batch() as batch:
        stream = tell_in(batch, "put_up", None, place="奥")
    made = tell(record, "put_up", None, place="入口")
    assert re.fullmatch(f"shelf-2026-{six}", made.stream) and made.stream != stream


def test_an_id_that_something_on_record_has_is_not_made_again(record: TestRecord) -> None:
    one, another = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
    tell(record, "put_up", "shelf-2026-aaaaab", place="入口")
    ids = iter([one, another])
    record.application.new_id = lambda: next(ids)
    assert record.application.new_entity(Shelf) == "shelf-2026-aaaaac"


def test_clock_and_ids_are_of_this_moment_and_of_this_record_alone() -> None:
    before = dt.datetime.now(dt.UTC)
    assert before <= utc_now() <= dt.datetime.now(dt.UTC)
    assert utc_now().utcoffset() == dt.timedelta(0)
    assert len({new_uuid() for _ in range(10)}) == 10
    assert uuid.UUID(new_uuid()).version == 4


def test_each_command_is_a_thread_of_its_own_unless_it_belongs_to_one(record: TestRecord) -> None:
    tell(record, "put_up", place="入口")
    tell(record, "take_down")
    tell(record, "put_up", "shelf-b", place="奥", how=terms(envelope={"correlation_id": "given"}))
    threads = [e.correlation_id for e in record.events]
    assert len(threads) == 4 and threads[1] == threads[2] and threads[3] == "given"
    assert len(set(threads)) == 3


def test_the_envelope_of_a_command_reaches_its_events(record: TestRecord) -> None:
    said = {
        "effective": EffectiveDate.parse("2006-03"),
        "asserted_by": "SEC",
        "certainty": "inferred",
        "source": Source("doc-x"),
        "reason": "because",
        "legal_basis": Citation("law-x", 3),
        "document_no": "市協第1号",
        "note": "noted",
        "causation_id": "cause",
    }
    tell(record, "put_up", place="入口", how=terms(envelope=said))
    (event,) = record.events
    assert {name: getattr(event, name) for name in said} == said
    assert (event.actor, event.recorded_at) == (Actor("SEC", "p-sec"), START)


# --------------------------------------------------------------------------------------- the unit of work


def test_a_batch_sees_what_it_has_recorded_itself(record: TestRecord) -> None:
    tell(record, "put_up", place="入口")
    with record.application.batch() as batch:
        tell_in(batch, "fill_row", row=1, books=7)
        unit = batch.unit
        found = unit.find(Shelf, "a")
        assert found is not None and (found.version, found.rows) == (2, {1: 7})
        assert unit.find(Shelf, "b") is None
        seen = [unit.event_at("shelf-a", n) for n in (0, 1, 2, 3)]
        assert [e.type if e else None for e in seen] == [None, "ShelfPut", "ShelfFilled", None]
        assert unit.event_at("shelf-b", 1) is None
        del unit.aggregates["shelf-a"]
        again = unit.load(Shelf, "shelf-a")
        assert (again.version, again.rows, again is not found) == (2, {1: 7}, True)
        assert len(record.events) == 1
    assert types(record) == ["ShelfPut", "ShelfFilled"]


def test_a_version_of_one_stream_is_not_that_of_another(record: TestRecord) -> None:
    with record.application.batch() as batch:
        tell_in(batch, "put_up", "shelf-b", place="奥")
        tell_in(batch, "put_up", "shelf-a", place="入口")
        found = batch.unit.event_at("shelf-a", 1)
        assert found is not None and found.data.place == "入口"
        tell_in(batch, "fill_row", "shelf-a", row=1)
        assert batch.unit.event_at("shelf-b", 2) is None


def test_what_was_saved_is_kept_and_read_on_from_there(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(record, "put_up", place="入口")
    tell(record, "fill_row", row=1)
    asked: list[Any] = []
    true_select = record.recorder.select_events

    def select(stream: str, **how: Any) -> Any:
        asked.append(how)
        return true_select(stream, **how)

    monkeypatch.setattr(record.recorder, "select_events", select)
    tell(record, "fill_row", row=2)
    assert asked == [{"gt": 2, "limit": None}]


def test_a_stream_is_read_after_a_version_and_so_many_at_once(record: TestRecord) -> None:
    tell(record, "put_up", place="入口")
    for n in range(4):
        tell(record, "fill_row", row=n)
    read = record.application._stored_events
    assert [e.originator_version for e in read("shelf-a", 1, 2)] == [2, 3]
    assert [e.originator_version for e in read("shelf-a", 3, None)] == [4, 5]
    assert len(read("shelf-a", 0, None)) == 5


def test_a_command_knows_every_role_of_whoever_gives_it(record: TestRecord) -> None:
    seen: list[Any] = []

    def noted(shelf: Any, _: Any) -> None:
        seen.append(shelf.context)
        shelf.record(ShelfPut(place="x"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Shelf.COMMANDS["put_up"], "run", noted)
        tell(record, "put_up", place="x", how=terms("CHR", "MEM"))
    assert (seen[0].actor.role, seen[0].roles) == ("CHR", {"CHR", "MEM"})


def test_what_a_unit_asks_of_the_views_is_asked_of_the_record(record: TestRecord) -> None:
    unit = UnitOfWork(record.application)
    assert (unit.groups_of("a-1"), unit.open_business("council-x")) == ([], [])
    record.application.groups_of = lambda appointment: [f"group of {appointment}"]
    record.application.open_business = lambda council: [f"meeting of {council}"]
    assert unit.groups_of("a-1") == ["group of a-1"]
    assert unit.open_business("council-x") == ["meeting of council-x"]


def test_nothing_is_recorded_of_an_empty_batch(record: TestRecord) -> None:
    with record.application.batch("k") as batch:
        pass
    assert (batch.receipt, record.events, record.recorder.commands) == (None, [], {})


def test_a_batch_has_a_key_as_a_command_has(record: TestRecord) -> None:
    with record.application.batch("k", "of this content") as batch:
        tell_in(batch, "put_up", place="入口")
    stored = record.recorder.commands["k"]
    assert (stored.fingerprint, stored.receipt.event_ids) == ("of this content", (record.events[0].event_id,))
    with record.application.batch() as batch:
        tell_in(batch, "fill_row", row=1)
    assert list(record.recorder.commands) == ["k"]
    with record.application.batch("l") as batch:
        tell_in(batch, "fill_row", row=2)
    assert record.recorder.commands["l"].fingerprint == ""


def test_neither_terms_nor_receipts_are_changed() -> None:
    receipt = Receipt("shelf-a", 1, 1, ())
    for made, name in ((terms(), "key"), (receipt, "version"), (StoredReceipt("x", receipt), "fingerprint")):
        with pytest.raises(AttributeError):
            setattr(made, name, None)


def test_a_command_refused_halfway_is_taken_back_alone(record: TestRecord) -> None:
    """``take_down`` inspects, and may then not empty while there are books."""
    tell(record, "put_up", place="入口")
    tell(record, "fill_row", row=1, books=1)
    with record.application.batch() as batch:
        tell_in(batch, "put_up", "shelf-b", place="奥")
        with pytest.raises(Refusal, match="WRONG_STATE"):
            tell_in(batch, "take_down")
        tell_in(batch, "fill_row", row=1, books=101)
        assert [w.code for w in batch.unit.warnings] == ["BUSY"]
    assert [(e.stream, e.version, e.type) for e in record.events] == [
        ("shelf-a", 1, "ShelfPut"),
        ("shelf-a", 2, "ShelfFilled"),
        ("shelf-b", 1, "ShelfPut"),
        ("shelf-a", 3, "ShelfFilled"),
    ]


def test_warnings_of_a_command_that_was_taken_back_are_not_said(record: TestRecord) -> None:
    def warned(shelf: Any, _: Any) -> None:
        shelf.claim("place", "奥")
        shelf.entrust("p-1", name="架空 太郎")
        shelf.warn(BUSY(attempts=1))
        raise BUSY(attempts=2)

    tell(record, "put_up", place="入口")
    with record.application.batch() as batch:
        tell_in(batch, "fill_row", row=1, books=101)
        tell_in(batch, "put_up", "shelf-b", place="中庭")
        batch.unit.entrusted["p-2"] = {"name": "架空 花子"}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Shelf.COMMANDS["fill_row"], "run", warned)
            with pytest.raises(Refusal, match="BUSY"):
                tell_in(batch, "fill_row", row=2)
        unit = batch.unit
        assert [w.params["attempts"] for w in unit.warnings] == [101]
        assert (unit.claims, list(unit.entrusted)) == ({"place:中庭": "shelf-b"}, ["p-2"])
    assert record.recorder.claims == {"place:入口": "shelf-a", "place:中庭": "shelf-b"}
    assert list(record.recorder.vault) == ["p-2"]


# ------------------------------------------------------------------------------------------------ policies


@pytest.fixture
def policies(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty row is inspected, and what is inspected is emptied; each by a policy of its own."""

    @policy(ShelfFilled, ja="空の段を点検する", en="An empty row is inspected")
    def inspect_the_empty(e: Recorded[ShelfFilled], reader: Reader) -> Iterator[Order]:
        if e.data.books == 0:
            yield Order(Shelf, e.entity, lambda shelf: shelf.record(ShelfInspected()))
            yield Order(Shelf, "shelf-nowhere", lambda shelf: shelf.record(ShelfInspected()))

    @policy(ShelfInspected, ja="点検した棚を空にする", en="What was inspected is emptied")
    def empty_the_inspected(e: Recorded[ShelfInspected], reader: Reader) -> Iterator[Order]:
        yield Order(Shelf, e.entity, lambda shelf: shelf.record(ShelfEmptied()))

    for made in (inspect_the_empty, empty_the_inspected):
        monkeypatch.setitem(POLICIES, made.name, made)


@pytest.mark.usefixtures("policies")
def test_what_follows_of_what_follows_is_done_in_the_same_command(record: TestRecord) -> None:
    day = EffectiveDate.parse("2006-03-01")
    tell(record, "put_up", place="入口")
    receipt = tell(record, "fill_row", row=1, how=terms(envelope={"effective": day, "note": "noted"}))
    _, filled, inspected, emptied = record.events
    assert types(record) == ["ShelfPut", "ShelfFilled", "ShelfInspected", "ShelfEmptied"]
    assert receipt.event_ids == (filled.event_id, inspected.event_id, emptied.event_id)
    assert receipt.version == 4
    assert [e.causation_id for e in (filled, inspected, emptied)] == [
        None,
        filled.event_id,
        inspected.event_id,
    ]
    assert {e.correlation_id for e in (filled, inspected, emptied)} == {filled.correlation_id}
    assert {(e.actor, e.effective, e.note) for e in (inspected, emptied)} == {(Actor("system"), day, None)}


@pytest.mark.usefixtures("policies")
def test_only_what_a_policy_looks_at_has_consequences(record: TestRecord) -> None:
    tell(record, "put_up", place="入口")
    tell(record, "fill_row", row=1, books=1)
    tell(record, "fill_row", row=2, how=terms(importing=True))
    assert types(record) == ["ShelfPut", "ShelfFilled", "ShelfFilled"]


def test_a_policy_looks_at_its_event_and_is_called_as_its_function(policies: None) -> None:
    (found,) = policies_for(recorded(ShelfFilled(row=1)))
    assert (found.name, found.event) == ("inspect_the_empty", ShelfFilled)
    assert found.about == ("空の段を点検する", "An empty row is inspected")
    assert policies_for(recorded(ShelfPut(place="x"))) == []


def act(kind: str) -> Any:
    def acts(shelf: Any) -> None:
        if kind == "halfway":
            shelf.record(ShelfInspected())
        raise BUSY(attempts=1)

    return acts


@pytest.mark.parametrize("kind", ["before", "halfway"])
def test_an_act_that_is_refused_records_nothing_or_undoes_everything(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    @policy(ShelfPut, ja="x", en="x")
    def refuse(e: Recorded[ShelfPut], reader: Reader) -> Iterator[Order]:
        yield Order(Shelf, e.entity, act(kind))

    monkeypatch.setitem(POLICIES, "refuse", refuse)
    if kind == "before":
        tell(record, "put_up", place="入口")
        assert types(record) == ["ShelfPut"]
    else:
        refused("BUSY", record, "put_up", place="入口")


@pytest.mark.usefixtures("policies")
def test_a_policy_sees_names_and_people_of_the_command_it_follows(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    @policy(ShelfEmptied, ja="x", en="x")
    def name_it(e: Recorded[ShelfEmptied], reader: Reader) -> Iterator[Order]:
        def act(shelf: Any) -> None:
            shelf.claim("place", "倉庫")
            shelf.entrust("p-1", name="架空 太郎")

        yield Order(Shelf, e.entity, act)

    monkeypatch.setitem(POLICIES, "name_it", name_it)
    tell(record, "put_up", place="入口")
    tell(record, "fill_row", row=1)
    assert record.recorder.claims == {"place:入口": "shelf-a", "place:倉庫": "shelf-a"}
    assert record.recorder.vault == {"p-1": {"name": "架空 太郎"}}


def test_a_command_is_found_by_its_kind_and_its_name() -> None:
    found = command_named("Party", "register_person")
    assert isinstance(found, Command) and found.aggregate is KINDS["Party"]
    for kind, name in (("Party", "nothing"), ("Nothing", "register_person")):
        with pytest.raises(KeyError):
            command_named(kind, name)


def test_a_record_takes_nothing_from_the_process_it_runs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSISTENCE_MODULE", "nowhere.to.be.found")
    monkeypatch.setenv("KYODO_PERSISTENCE_MODULE", "nowhere.to.be.found")
    made = TestRecord()
    assert dict(made.application.env) == {}
    assert made.application.name == "kyodo" == made.application.env.name
    assert isinstance(made.application, Application) and issubclass(Shelf, Record)


# ----------------------------------------------------------------------------------------- what it rests on


def test_what_it_looked_at_is_noted_as_it_is_on_record(record: TestRecord) -> None:
    tell(record, "put_up", place="入口")
    tell(record, "fill_row", row=1)
    unit = record.application.unit()
    for _ in range(2):
        unit.find(Shelf, "shelf-a")
        unit.find(Shelf, "shelf-b")
    assert unit.read.streams == {"shelf-a": 2, "shelf-b": 0}


def test_what_is_not_saved_yet_is_not_on_record(record: TestRecord) -> None:
    """An aggregate that is made anew, from what is on record and what is not, was read at the former."""
    tell(record, "put_up", place="入口")
    with record.application.batch() as batch:
        tell_in(batch, "fill_row", row=1)
        unit = batch.unit
        unit.aggregates.clear()
        unit.read.streams.clear()
        assert unit.load(Shelf, "shelf-a").version == 2
        assert unit.read.streams == {"shelf-a": 1}


def test_an_answer_stands_as_long_as_a_view_says_the_same() -> None:
    class Views:
        def __init__(self) -> None:
            self.names = ["b", "a"]

        def open_business(self, about: str) -> list[str]:
            return list(self.names)

        groups_of = meetings_at = open_business

    views: Any = Views()
    for question in ("open_business", "groups_of", "meetings_at"):
        unit = UnitOfWork(views)
        assert unit.answers_stand()
        assert getattr(unit, question)("x") == ["a", "b"]
        assert unit.answers_stand()
        views.names = ["b", "a", "c"]
        assert not unit.answers_stand()
        views.names = ["b", "a"]


def test_what_was_corrected_is_looked_at_anew(record: TestRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.recording.application.judge", lambda unit, ground: None)
    tell(record, "put_up", place="入口")
    tell(record, "fill_row", row=1, books=7)
    asked = {
        "correction_id": "fix-1",
        "target_version": 2,
        "changes": (Wanted("books", 0),),
        "reason": "架空",
    }
    with record.application.batch() as batch:
        tell_in(batch, "propose_correction", **asked)
        tell_in(batch, "approve_correction", correction_id="fix-1", how=terms("CHR"))
        assert batch.unit.load(Shelf, "shelf-a").rows == {1: 0}


def test_a_role_in_one_body_is_held_against_each_record_that_is_written(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The secretariat of one body does not record in another by way of a third."""
    for name in ("action-a", "action-b"):
        record.do("IMP", "PlanAction", name, "register", importing=True, title_ja="架空")
    asked = {
        "correction_id": "fix-1",
        "target_version": 1,
        "changes": [{"field": "title_ja", "after": "架空の事業"}],
        "reason": "架空",
    }
    also = [{"stream": "action-b", "target_version": 1, "changes": asked["changes"]}]
    record.do("SEC", "PlanAction", "action-a", "propose_correction", **asked, also=also)
    held_against: list[str] = []

    def noted(command: Command, aggregate: Record, arguments: Any, how: CommandTerms) -> CommandTerms:
        held_against.append(aggregate.id)
        return how

    monkeypatch.setattr("domain.recording.unit_of_work.within_body", noted)
    record.do("CHR", "PlanAction", "action-a", "approve_correction", correction_id="fix-1")
    assert set(held_against) == {"action-a", "action-b"}
