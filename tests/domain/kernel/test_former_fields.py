"""A field that was renamed: what was corrected or redacted under its former name still is."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
import pytest

from domain.kernel.corrected import corrected
from domain.kernel.correction_events import Change, PartRedacted, RecordCorrected
from domain.kernel.events import Actor, Event, Recorded, declare_event
from domain.kernel.when import RECORDING
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from tests.support.given import START

CHANGE = Change("where.floor", 1, 2)


class DeskPlace(msgspec.Struct, frozen=True):
    floor: int


class DeskMoved(Event):
    WHEN = RECORDING
    class_version: ClassVar[int] = 2
    FORMER_FIELDS: ClassVar = {"where": "place"}
    LABEL = ("机の移動", "Desk moved")
    place: DeskPlace

    @staticmethod
    def upcast_v1_v2(data: dict[str, Any]) -> None:
        """``place`` was called ``where``."""
        data["place"] = data.pop("where")


declare_event(DeskMoved)


def fixing(**more: Any) -> dict[str, Any]:
    about = {"target_event": "e-1", "target_version": 1, "target_type": "DeskMoved", "reason": "r"}
    return {**about, **more}


def test_a_redaction_of_the_former_field_closes_the_present_one() -> None:
    told = fixing(
        redaction_id="r-1",
        target_subject="x",
        redacted={"visibility": "closed", "ground": "personal"},
        fields=["where"],
    )
    redacted = msgspec.json.decode(msgspec.json.encode(told), type=PartRedacted)
    assert redacted.fields == ("place",)
    assert redacted.redacted == Disclosure(visibility="closed", ground="personal")


def test_a_correction_of_the_former_field_corrects_the_present_one() -> None:
    by = {"proposed_by": "sec", "approved_by": "chr"}
    told = fixing(correction_id="c-1", changes=[CHANGE], standing=[CHANGE], **by)
    fixed = msgspec.json.decode(msgspec.json.encode(told), type=RecordCorrected)
    assert fixed.changes == fixed.standing == (Change("place.floor", 1, 2),)


@pytest.mark.parametrize("field", ["where.floor", "place.floor"])
def test_a_proposal_made_before_the_renaming_can_be_approved_after_it(field: str) -> None:
    moved = Recorded(
        event_id="e-1",
        stream="meeting-x",
        version=1,
        type="DeskMoved",
        recorded_at=START,
        effective=EffectiveDate.unknown(),
        actor=Actor("SEC"),
        correlation_id="k",
        data=DeskMoved(place=DeskPlace(1)),
    )
    assert corrected(moved, [msgspec.structs.replace(CHANGE, field=field)]).data.place.floor == 2
