"""What of a thing's events is closed: asked of single events, by whom it is seen, and what is named."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kernel.closed_values import unnamed
from domain.kernel.closing import ClosedParts, closed_pointers, event_part, part_named
from domain.kernel.correction_events import Change, PartRedacted, RecordCorrected, RedactionLifted
from domain.kernel.events import Actor, Evidence, Recorded
from domain.kernel.viewer import PUBLIC
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from tests.domain.kernel.test_closing import PERSONAL, recorded
from tests.domain.kernel.test_closing import _Told as Spoken

INTERNAL = Disclosure("internal", "operations")
HERE = event_part("matter-1", "e-1")


class _Dated(Spoken):
    day: EffectiveDate | None = None
    rows: tuple[dict[str, Any], ...] = ()
    item_id: str | None = None


def dated() -> Recorded[Any]:
    day = EffectiveDate.parse("2026-04-01")
    return recorded(_Dated(day=day, rows=({"on": {"precision": "day", "value": "2026-04-02"}, "t": "題"},)))


# ----------------------------------------------------------------------------------------- what is named


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("day", "day"),
        ("/data/day/value", "day"),
        ("/data/day/precision", "day"),
        ("/data/rows/0/on/value", "/data/rows/0/on"),
        ("/data/rows/0/on", "/data/rows/0/on"),
        ("/data/rows/0/t", "/data/rows/0/t"),
    ],
)
def test_who_names_a_part_of_a_date_names_the_date(name: str, named: str) -> None:
    assert part_named(dated(), name) == named


@pytest.mark.parametrize("name", ["/data", "/data/", "/note", "/stream", "/data/rows/1/on/value"])
def test_what_is_not_there_is_not_named(name: str) -> None:
    with pytest.raises(LookupError):
        part_named(dated(), name)


# -------------------------------------------------------------------------------------------- of an event


def test_an_event_is_closed_with_its_thing_with_its_part_or_by_itself() -> None:
    e = recorded(_Dated(item_id="item-2"))
    for part in ("matter-1", "matter-1/item-2", HERE):
        assert ClosedParts({part: PERSONAL}).of(e) == PERSONAL
    for part in ("matter-2", "matter-1/item-3", "item-2", event_part("matter-1", "e-2")):
        assert ClosedParts({part: PERSONAL}).of(e) is None
    assert ClosedParts({"matter-1": INTERNAL, "matter-1/item-2": PERSONAL, HERE: PERSONAL}).of(e) == INTERNAL
    assert ClosedParts({"matter-1/item-2": INTERNAL, HERE: PERSONAL}).of(e) == INTERNAL


def test_an_event_of_which_a_field_is_closed_is_open_otherwise() -> None:
    closed = ClosedParts({HERE: PERSONAL}, {HERE: ("text_ja", "/data/rows/0/t", "/note")})
    assert closed.of(dated()) is None and closed.of_event("matter-1", "e-1") is None
    assert closed.fields_of("matter-1", "e-1") == {"text_ja": PERSONAL, "rows": PERSONAL}
    assert closed.pointers_of("matter-1", "e-1") == {
        "/data/text_ja": PERSONAL,
        "/data/rows/0/t": PERSONAL,
        "/note": PERSONAL,
    }
    tree = {"data": {"text_ja": PERSONAL, "rows": {"0": {"t": PERSONAL}}}, "note": PERSONAL}
    assert closed.tree("matter-1", "e-1") == closed.tree("matter-1", "e-1") == tree
    for other in (("matter-1", "e-2"), (None, None)):
        assert (closed.tree(*other), closed.pointers_of(*other), closed.fields_of(*other)) == ({}, {}, {})


def test_what_is_closed_in_the_envelope_is_closed_in_the_event_too() -> None:
    closed = ClosedParts({HERE: PERSONAL}, {HERE: ("document_no", "/reason")})
    assert closed.pointers_of("matter-1", "e-1") == {
        "/document_no": PERSONAL,
        "/data/document_no": PERSONAL,
        "/reason": PERSONAL,
        "/data/reason": PERSONAL,
    }


def correction() -> Recorded[Any]:
    changed = (Change("text_ja", "x", "y"),)
    data = RecordCorrected(
        correction_id="fix-1",
        target_event="e-0",
        target_version=1,
        target_type="_Told",
        changes=changed,
        standing=changed,
        reason="誤記のため",
        proposed_by="p-1",
        approved_by="p-2",
    )
    return recorded(data)


def redaction() -> Recorded[Any]:
    data = PartRedacted(
        redaction_id="r-1",
        target_event="e-0",
        target_version=1,
        target_type="_Told",
        target_subject="matter-1",
        redacted=INTERNAL,
        reason="x",
    )
    return recorded(data)


def test_what_a_correction_says_of_a_redacted_event_is_closed_and_that_it_was_redacted_is_open() -> None:
    about = event_part("matter-1", "e-0")
    closed = ClosedParts({about: PERSONAL})
    assert closed.of(correction()) == PERSONAL
    assert closed.of(redaction()) is None
    lifted = RedactionLifted(redaction_id="r-1", target_event="e-0", target_subject="matter-1", reason="x")
    assert closed.of(recorded(lifted)) is None
    assert ClosedParts({about: PERSONAL, HERE: INTERNAL}).of(correction()) == PERSONAL
    assert ClosedParts({about: PERSONAL, HERE: INTERNAL}).of(redaction()) == INTERNAL


# ----------------------------------------------------------------------------------------------- by whom


def test_what_is_internal_of_a_thing_is_open_to_who_works_on_it_and_what_is_closed_is_not() -> None:
    parts = {
        "matter-1": INTERNAL,
        "matter-1/item-1": INTERNAL,
        "matter-1/item-2": PERSONAL,
        "matter-2": INTERNAL,
        HERE: INTERNAL,
    }
    fields = {HERE: ("text_ja",), "matter-2": ("note",)}
    said = {HERE: ("x",), "matter-2": ("y",)}
    inside = ClosedParts(parts, fields, said).inside({"matter-1"})
    assert inside == ClosedParts(
        {"matter-1/item-2": PERSONAL, "matter-2": INTERNAL}, {"matter-2": ("note",)}, {"matter-2": ("y",)}
    )
    assert ClosedParts(parts, fields, said).inside(()) == ClosedParts(parts, fields, said)


@pytest.mark.parametrize(
    ("part", "stream", "has"),
    [
        ("matter-1", "matter-1", True),
        ("matter-1/item-1", "matter-1", True),
        ("matter-1/item-1", "item-1", False),
        ("matter-10", "matter-1", False),
    ],
)
def test_whether_anything_of_a_thing_is_closed(part: str, stream: str, has: bool) -> None:
    assert ClosedParts({part: PERSONAL}).has(stream) is has
    assert ClosedParts({}).has(stream) is False


def test_who_acted_wrote_it_down_and_saw_it_is_nobody_s_business_but_a_body_is_named() -> None:
    data, seen = Spoken(speaker="seat-1"), Evidence("minute_taker", reference="議事担当")
    e = recorded(data, "p-1", recorded_by=Actor("SEC", "p-2"), evidence=seen)
    persons = ("/actor/party", "/recorded_by/party", "/evidence/reference", "/data/speaker")
    assert closed_pointers(e, PUBLIC, ClosedParts({})) == dict.fromkeys(persons, unnamed())
    assert list(closed_pointers(e, PUBLIC, ClosedParts({}))) == list(persons)
    assert closed_pointers(recorded(Spoken(speaker="org-x"), "org-x"), PUBLIC, ClosedParts({})) == {}
    assert closed_pointers(recorded(Spoken(speaker="org-x")), PUBLIC, ClosedParts({})) == {}
