"""What can stand in the log: it reads back as it was written, and a seal can be put on it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain.kernel.events import Actor, Event, Recorded, Source, declare_event
from domain.kernel.when import RECORDING
from domain.party.aggregate import OrganisationRegistered
from domain.recording.committable import (
    FORBIDDEN_NAME,
    FRACTION,
    LARGEST,
    TOO_LARGE,
    UNREADABLE,
    WRONG_TYPE,
    refuse_uncommittable,
)
from domain.values.calendar import EffectiveDate
from domain.values.law import Citation
from domain.values.refusal import Refusal
from tests.support.given import TestRecord, then_refused


class ScaleRead(Event):
    """An event with a field for every kind of plain value."""

    WHEN = RECORDING

    LABEL = ("計測", "Scale read")
    value: Any


declare_event(ScaleRead)


def recorded(data: Event, **more: Any) -> Recorded[Any]:
    about: dict[str, Any] = {
        "event_id": "e-1",
        "stream": "scale-1",
        "version": 1,
        "type": type(data).__name__,
        "recorded_at": dt.datetime(2026, 4, 1, tzinfo=dt.UTC),
        "effective": EffectiveDate.parse("2026-04-01"),
        "actor": Actor("SEC"),
        "correlation_id": "c-1",
    }
    return Recorded(**{**about, **more}, data=data)


@pytest.mark.parametrize(
    "value",
    [None, True, 0, LARGEST, -LARGEST, "協働", "", [], {}, [1, None], {"n": {"m": [False]}}, {"a" * 255: 1}],
)
def test_plain_values_can_stand_in_the_log(value: Any) -> None:
    refuse_uncommittable(recorded(ScaleRead(value=value)))


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        1.0,
        LARGEST + 1,
        -LARGEST - 1,
        [1, [0.1]],
        {"n": 2**60},
        {"名": 1},
        {"": 1},
        {"a" * 256: 1},
        {"@closed": "x"},
        {"n": [{"@text": []}]},
        (1, 2),
        {1: 2},
    ],
)
def test_what_cannot_be_sealed_or_does_not_read_back_is_refused(value: Any) -> None:
    with pytest.raises(Refusal) as refused:
        refuse_uncommittable(recorded(ScaleRead(value=value)))
    assert refused.value.code == "NOT_COMMITTABLE"
    assert "ScaleRead" in refused.value.sentence("ja")


def test_a_value_of_a_wrong_type_is_refused_with_its_place() -> None:
    wrong: Any = "17"
    citation = Citation(instrument_id="law-x", article=wrong)
    with pytest.raises(Refusal) as refused:
        refuse_uncommittable(
            recorded(OrganisationRegistered(name_ja="架空", category="npo"), legal_basis=citation)
        )
    assert refused.value.code == "NOT_COMMITTABLE"


def test_a_command_with_such_a_value_records_nothing(record: TestRecord) -> None:
    """Once it stood in the log, nobody could have read its stream again."""
    wrong: Any = "17"
    basis = {"legal_basis": Citation(instrument_id="law-x", article=wrong)}
    organisation = {"name_ja": "架空の団体", "category": "npo"}
    call = ("SEC", "Party", "org-x", "register_organisation")
    then_refused("NOT_COMMITTABLE", record, *call, envelope=basis, **organisation)
    assert record.do(*call, **organisation)


# ------------------------------------------------------------------------------------- what is wrong, where


class ScalesRead(Event):
    """An event in its second shape, with two fields."""

    WHEN = RECORDING
    LABEL = ("計測", "Scales read")
    class_version = 2
    first: Any = 0
    second: Any = 0

    @staticmethod
    def upcast_v1_v2(data: dict[str, Any]) -> None:
        data["second"] = data.pop("other")


declare_event(ScalesRead)


def wrong_in(event: Recorded[Any]) -> tuple[str, str, str]:
    """Where it is wrong, and why."""
    with pytest.raises(Refusal) as refused:
        refuse_uncommittable(event)
    params = refused.value.params
    assert params.keys() == {"event", "where", "why", "why_en"}
    assert (refused.value.code, params["event"]) == ("NOT_COMMITTABLE", event.type)
    return params["where"], params["why"], params["why_en"]


@pytest.mark.parametrize(
    ("value", "where", "why"),
    [
        (0.5, "", FRACTION),
        ({"n": [1, {"m": 0.5}]}, "/n/1/m", FRACTION),
        ([0, 2**60], "/1", TOO_LARGE),
        ({"n": {"@closed": 1}}, "/n/@closed", FORBIDDEN_NAME),
        ({"b" * 40 + "c" * 216: 1}, "/" + "b" * 40, FORBIDDEN_NAME),
        ((1, 2), "", WRONG_TYPE),
    ],
    ids=["itself", "within", "too large", "a name", "a long name", "a tuple"],
)
def test_a_wrong_value_is_refused_with_its_place_and_the_reason(value: Any, where: str, why: Any) -> None:
    assert wrong_in(recorded(ScaleRead(value=value))) == (f"/data/value{where}", *why)


def test_the_first_part_that_does_not_read_back_is_told_the_data_before_the_envelope() -> None:
    data: Any = ScalesRead(first=[1], second=(1, 2))
    assert wrong_in(recorded(data, schema=2)) == ("/data/second", *WRONG_TYPE)
    facts: Any = ["F1"]
    source = Source("doc-a", facts=facts)
    assert wrong_in(recorded(ScaleRead(value=1), source=source)) == ("/source", *WRONG_TYPE)
    assert wrong_in(recorded(data, schema=2, source=source)) == ("/data/second", *WRONG_TYPE)


def test_what_cannot_be_written_or_read_at_all_is_refused_whole() -> None:
    for value in (object(), "\ud800"):
        assert wrong_in(recorded(ScaleRead(value=value))) == ("/", *UNREADABLE)
    for event in (
        recorded(ScaleRead(value=1), type="NeverDeclared"),
        recorded(ScaleRead(value=1), asserted_by=1),
        recorded(ScalesRead(first=1, second=2), schema=1),
    ):
        assert wrong_in(event) == ("/", *UNREADABLE)
