"""What can stand in the log: it reads back as it was written, and a seal can be put on it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain.kernel.events import Actor, Event, Recorded, declare_event
from domain.kernel.when import RECORDING
from domain.party.aggregate import OrganisationRegistered
from domain.recording.committable import LARGEST, refuse_uncommittable
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
