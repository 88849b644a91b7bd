"""Correction and redaction, field by field: what may be corrected, to what, and what is then on record."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import msgspec
import pytest

from domain.kernel.commands import command
from domain.kernel.corrected import corrected, value_at
from domain.kernel.correction import Correctable
from domain.kernel.correction_events import (
    AlsoWanted,
    Change,
    CorrectionDeclined,
    CorrectionProposed,
    PartRedacted,
    RecordCorrected,
    RedactionLifted,
    StandsThough,
    Wanted,
    present_field,
    present_part,
)
from domain.kernel.events import Event, Recorded, declare_event
from domain.kernel.record import Record
from domain.kernel.when import RECORDING
from domain.recording.receipts import Receipt
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from domain.values.fields import Count, Id, Line
from domain.values.law import Citation
from domain.values.quorum import Tally
from domain.values.refusal import Refusal
from tests.support.given import TestRecord
from tests.support.shelf import Shelf, ShelfFilled, ShelfPut, recorded, tell, terms

WHY = "転記を誤ったため（架空）"
CLOSED = Disclosure("closed", "personal")


@pytest.fixture(autouse=True)
def of_fields_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A correction is also judged at its place, by the kinds of aggregate that the domain lists
    (tests/domain/recording/test_judging.py). Shelves are none of them."""
    monkeypatch.setattr("domain.recording.application.judge", lambda unit, ground: None)


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str = "left"
    books: int = 0
    tags: tuple[str, ...] = ("a", "b", "c")


class ShelfSurveyed(Event):
    """An event with a field of every sort."""

    WHEN = RECORDING

    LABEL = ("棚の調査", "Shelf surveyed")
    SUBJECT = "{entity}#{part}"
    FORMER_FIELDS: ClassVar = {"votes": "tally"}
    LINKS: ClassVar = {"room": "part_of", "article": "motivated_by"}
    id: Id = "x"
    survey_id: Id = "s-1"
    part: Line = "left"
    room: Id | None = None
    title: Line | None = None
    article: Citation | None = None
    good: bool = True
    sort: Literal["high", "low"] = "high"
    parts: tuple[Part, ...] = ()
    books: Count = 3
    tally: Tally | None = None
    titles: tuple[Line, ...] = ()
    held_on: EffectiveDate | None = None
    seal: Disclosure = Disclosure()
    begun: EffectiveDate = EffectiveDate.unknown()


declare_event(ShelfSurveyed)
SURVEY = recorded(
    ShelfSurveyed(
        title="本",
        article=Citation("law-x", 3),
        parts=(Part(), Part("right", 2)),
        tally=Tally(7, 6, 2),
        titles=("一", "二"),
        begun=EffectiveDate.parse("平成18年3月1日"),
    ),
    3,
)


# ------------------------------------------------------------------------------ what an event says somewhere


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "本"),
        ("books", 3),
        ("good", True),
        ("tally.for", 7),
        ("tally.not_voting", 0),
        ("parts.0.books", 0),
        ("parts.1.name", "right"),
        ("titles.0", "一"),
        ("titles.1", "二"),
        ("begun", "2006-03-01"),
        ("held_on", None),
        ("room", None),
        ("effective", "2026-04-01"),
    ],
)
def test_what_a_field_of_an_event_says(field: str, value: Any) -> None:
    assert value_at(SURVEY, field) == value


@pytest.mark.parametrize(
    "field", ["weather", "tally.weather", "titles.2", "titles.x", "title.x", "held_on.value", ""]
)
def test_a_field_that_is_not_there_says_nothing(field: str) -> None:
    with pytest.raises((LookupError, ValueError, TypeError)):
        value_at(SURVEY, field)


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("votes", "tally"),
        ("votes.for", "tally.for"),
        ("tally", "tally"),
        ("books", "books"),
        ("a.votes", "a.votes"),
    ],
)
def test_a_field_is_known_by_its_present_name(field: str, name: str) -> None:
    assert present_field(ShelfSurveyed, field) == name


@pytest.mark.parametrize(
    ("field", "after", "changed"),
    [
        ("title", "別の本", {"title": "別の本"}),
        ("title", None, {"title": None}),
        ("books", 4, {"books": 4}),
        ("good", False, {"good": False}),
        ("tally.for", 8, {"tally": Tally(8, 6, 2)}),
        ("votes.for", 8, {"tally": Tally(8, 6, 2)}),
        ("titles.1", "三", {"titles": ("一", "三")}),
        ("held_on", "令和8年7月4日", {"held_on": EffectiveDate.parse("令和8年7月4日")}),
        ("held_on", None, {"held_on": None}),
        ("begun.basis", "inferred", {"begun": EffectiveDate.parse("平成18年3月1日", "inferred")}),
        ("parts.1.books", 3, {"parts": (Part(), Part("right", 3))}),
        ("parts.1.tags.0", "x", {"parts": (Part(), Part("right", 2, ("x", "b", "c")))}),
        ("parts.0.books", 3, {"parts": (Part("left", 3), Part("right", 2))}),
        ("begun", "FY2008", {"begun": EffectiveDate.parse("FY2008")}),
    ],
)
def test_a_corrected_event_differs_in_that_field_alone(
    field: str, after: Any, changed: dict[str, Any]
) -> None:
    found = corrected(SURVEY, [Change(field, None, after)])
    assert found == msgspec.structs.replace(SURVEY, data=msgspec.structs.replace(SURVEY.data, **changed))
    assert corrected(SURVEY, iter([])) is SURVEY


def test_a_day_that_is_not_known_any_more_is_null_and_not_a_day_without_a_date() -> None:
    held = msgspec.structs.replace(
        SURVEY, data=msgspec.structs.replace(SURVEY.data, held_on=SURVEY.effective)
    )
    assert corrected(held, [Change("held_on", "2026-04-01", None)]).data.held_on is None


def test_the_day_it_took_effect_stands_in_the_envelope() -> None:
    found = corrected(SURVEY, [Change("effective", "2026-04-01", "2006-03"), Change("books", 3, 4)])
    assert (found.effective, found.data.books) == (EffectiveDate.parse("2006-03"), 4)
    assert corrected(SURVEY, [Change("effective", "x", None)]).effective == EffectiveDate.unknown()
    assert corrected(SURVEY, [Change("effective", "x", 2006)]).effective == EffectiveDate.parse("2006")


def test_of_two_corrections_of_a_field_the_later_holds() -> None:
    assert corrected(SURVEY, [Change("books", 3, 4), Change("books", 4, 5)]).data.books == 5


# -------------------------------------------------------------------------------------------- proposing


def given_a_shelf(record: TestRecord) -> None:
    """Version 1 puts it up, version 2 fills its first row with 7 books, on a day not known."""
    tell(record, "put_up", place="入口")
    tell(record, "fill_row", row=1, books=7)


def propose(record: TestRecord, *wanted: tuple[str, Any], version: int = 2, name: str = "fix-1") -> Receipt:
    changes = tuple(Wanted(field, after) for field, after in wanted)
    asked = {"correction_id": name, "target_version": version, "changes": changes, "reason": WHY}
    return tell(record, "propose_correction", **asked)


def approve(record: TestRecord, name: str = "fix-1", role: str = "CHR") -> Receipt:
    return tell(record, "approve_correction", correction_id=name, how=terms(role))


def redact(record: TestRecord, **more: Any) -> Receipt:
    asked: dict[str, Any] = {"redaction_id": "r-1", "target_version": 2, "redacted": CLOSED, "reason": WHY}
    return tell(record, "redact", **asked | more, how=terms("DIS"))


def refused(code: str, act: Any, *arguments: Any, **named: Any) -> Refusal:
    with pytest.raises(Refusal, match=f"^{code}: ") as caught:
        act(*arguments, **named)
    return caught.value


def test_a_proposal_tells_what_stands_there(record: TestRecord) -> None:
    given_a_shelf(record)
    propose(record, ("books", 8), ("effective", "2006-03"))
    *_, target, made = record.events
    assert made.data == CorrectionProposed(
        correction_id="fix-1",
        target_event=target.event_id,
        target_version=2,
        changes=(Change("books", 7, 8), Change("effective", None, "2006-03")),
        reason=WHY,
    )


def test_a_correction_tells_who_proposed_and_who_approved_it(record: TestRecord) -> None:
    given_a_shelf(record)
    propose(record, ("books", 8))
    approve(record)
    *_, target, _, made = record.events
    changes = (Change("books", 7, 8),)
    assert made.data == RecordCorrected(
        correction_id="fix-1",
        target_event=target.event_id,
        target_version=2,
        target_type="ShelfFilled",
        changes=changes,
        standing=changes,
        reason=WHY,
        proposed_by="p-sec",
        approved_by="p-chr",
    )


def test_what_is_corrected_together_is_numbered_and_says_what_stands_though(record: TestRecord) -> None:
    given_a_shelf(record)
    tell(record, "fill_row", row=2, books=5)
    later = record.events[-1].event_id
    also = (AlsoWanted(3, (Wanted("books", 6),)), AlsoWanted(1, (Wanted("place", "奥"),)))
    stands = (StandsThough(later, "数え直せないため（架空）"),)
    asked = {"correction_id": "fix-1", "target_version": 2, "changes": (Wanted("books", 8),), "reason": WHY}
    tell(record, "propose_correction", **asked, also=also, stands=stands)
    proposed = record.events[-1].data
    assert [(o.target_version, o.changes) for o in proposed.also] == [
        (3, (Change("books", 5, 6),)),
        (1, (Change("place", "入口", "奥"),)),
    ]
    again = Shelf.COMMANDS["propose_correction"].given_again(None, proposed)
    assert again == ({**asked, "also": also, "stands": stands}, [])
    approve(record)
    made = [e.data for e in record.events[-3:]]
    assert [(m.correction_id, m.target_version, m.stands) for m in made] == [
        ("fix-1", 2, stands),
        ("fix-1-2", 3, stands),
        ("fix-1-3", 1, stands),
    ]
    refused("ALREADY_EXISTS", propose, record, ("books", 9), name="fix-1-2")


def test_a_redaction_of_long_ago_names_the_fields_of_today() -> None:
    named = {
        "/data/votes/for": "/data/tally/for",
        "/data/votes": "/data/tally",
        "/data/parts/0/name": "/data/parts/0/name",
        "/note": "/note",
        "votes.for": "tally.for",
        "title": "title",
    }
    assert {name: present_part(ShelfSurveyed, name) for name in named} == named


@pytest.mark.parametrize(
    ("field", "after", "code", "pointer"),
    [
        ("weather", "x", "FIELD_NOT_CORRECTABLE", "/changes/1/field"),
        ("books.x", 1, "FIELD_NOT_CORRECTABLE", "/changes/1/field"),
        ("books", 7, "NOTHING_CORRECTED", "/changes/1/after"),
        ("books", "seven", "VALUE_NOT_FITTING", "/changes/1/after"),
        ("books", -1, "NUMBER_OUT_OF_RANGE", "/changes/books"),
        ("effective", "2006-02-30", "DATE_IMPOSSIBLE", "/changes/1/after"),
    ],
)
def test_what_cannot_be_corrected_is_told_where_it_stands(
    record: TestRecord, field: str, after: Any, code: str, pointer: str | None
) -> None:
    given_a_shelf(record)
    found = refused(code, propose, record, ("year", 2008), (field, after))
    assert found.pointer == pointer
    assert len(record.events) == 2


def test_the_refusal_lists_what_can_be_corrected(record: TestRecord) -> None:
    given_a_shelf(record)
    assert refused("FIELD_NOT_CORRECTABLE", propose, record, ("row", 2)).params == {
        "field": "row",
        "known": "effective, year, books",
    }
    assert refused("FIELD_NOT_CORRECTABLE", propose, record, ("room_id", "x"), version=1).params == {
        "field": "room_id",
        "known": "effective, place, day",
    }


class Surveyed(Shelf):
    """A shelf that can be surveyed."""

    PREFIX = "shelf-"

    @command("SEC", ja="調査する", en="Survey", event=ShelfSurveyed)
    def survey(self, found: ShelfSurveyed) -> None:
        """Survey the shelf."""
        self.record(found)


def given_a_survey(record: TestRecord) -> None:
    """Version 2 surveys the shelf."""
    tell(record, "put_up", place="入口")
    data = {name: getattr(SURVEY.data, name) for name in ShelfSurveyed.__struct_fields__}
    record.application.execute(Surveyed.COMMANDS["survey"], "shelf-a", data, terms())


@pytest.mark.parametrize(
    ("field", "after"),
    [
        ("id", "y"),
        ("survey_id", "s-2"),
        ("part", "right"),
        ("room", "room-2"),
        ("article.paragraph", 2),
        ("article", "law-y"),
        ("tally.weather", 1),
        ("titles.x", "三"),
        ("titles.2", "三"),
        ("title.x", "三"),
        ("held_on.value", "2006"),
        ("", "x"),
    ],
)
def test_identifiers_links_wholes_and_what_is_not_there_are_not_corrected(
    record: TestRecord, field: str, after: Any
) -> None:
    """A link is withdrawn and made anew; a whole is corrected part by part."""
    given_a_survey(record)
    if field == "":
        refused("TEXT_EMPTY", propose, record, (field, after))
    else:
        assert refused("FIELD_NOT_CORRECTABLE", propose, record, (field, after)).pointer == "/changes/0/field"
    assert len(record.events) == 2


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("title", "本", None),
        ("good", True, False),
        ("books", 3, 0),
        ("tally.for", 7, 8),
        ("titles.1", "二", "三"),
        ("parts.1.name", "right", "middle"),
        ("begun", "2006-03-01", "2006-03"),
        ("sort", "high", "low"),
    ],
)
def test_every_sort_of_value_can_be_corrected(
    record: TestRecord, field: str, before: Any, after: Any
) -> None:
    given_a_survey(record)
    propose(record, (field, after))
    assert record.events[-1].data.changes == (Change(field, before, after),)
    refused("NOTHING_CORRECTED", propose, record, (field, before), name="fix-2")


def test_no_more_than_the_beginning_of_an_error_is_quoted(record: TestRecord) -> None:
    given_a_survey(record)
    found = refused("VALUE_NOT_FITTING", propose, record, ("sort", "字" * 300))
    assert (found.pointer, found.params["field"]) == ("/changes/0/after", "sort")
    assert found.params["why"].startswith("Invalid enum value") and len(found.params["why"]) == 120


def test_a_truth_is_not_the_number_it_equals(record: TestRecord) -> None:
    given_a_shelf(record)
    tell(record, "fill_row", row=2, books=1)
    found = refused("VALUE_NOT_FITTING", propose, record, ("books", True), version=3)
    assert found.pointer == "/changes/0/after"


def test_a_default_is_what_stands_there_and_not_unknown(record: TestRecord) -> None:
    """The log leaves defaults out; a correction must not read that as "nobody knows"."""
    given_a_shelf(record)
    tell(record, "fill_row", row=2)
    refused("NOTHING_CORRECTED", propose, record, ("books", 0), version=3)
    propose(record, ("books", 1), version=3)
    assert record.events[-1].data.changes == (Change("books", 0, 1),)


def test_a_part_of_what_is_as_usual_can_be_corrected() -> None:
    closing = [Change("seal.visibility", "public", "internal"), Change("seal.ground", None, "personal")]
    assert corrected(SURVEY, closing).data.seal == Disclosure("internal", "personal")
    assert value_at(SURVEY, "seal.visibility") == "public"


def test_a_proposal_that_changes_nothing_at_all_is_refused(record: TestRecord) -> None:
    given_a_shelf(record)
    assert refused("NOTHING_CORRECTED", propose, record).pointer == "/changes"


@pytest.mark.parametrize("version", [3, 4, 99])
def test_only_what_has_happened_is_corrected(record: TestRecord, version: int) -> None:
    given_a_shelf(record)
    propose(record, ("books", 8), name="fix-0")
    found = refused("EVENT_UNKNOWN", propose, record, ("books", 9), version=version)
    assert (found.pointer, found.params) == ("/target_version", {"version": version})


def test_neither_a_correction_nor_a_redaction_is_itself_put_right(record: TestRecord) -> None:
    given_a_shelf(record)
    propose(record, ("books", 8))  # 3
    tell(record, "decline_correction", correction_id="fix-1", reason=WHY, how=terms("CHR"))  # 4
    propose(record, ("books", 8), name="fix-2")  # 5
    approve(record, "fix-2")  # 6
    redact(record)  # 7
    tell(record, "lift_redaction", redaction_id="r-1", reason=WHY, how=terms("DIS"))  # 8
    assert [type(e.data) for e in record.events[2:]] == [
        CorrectionProposed,
        CorrectionDeclined,
        CorrectionProposed,
        RecordCorrected,
        PartRedacted,
        RedactionLifted,
    ]
    for version in range(3, 9):
        refused("EVENT_UNKNOWN", propose, record, ("reason", "x"), version=version, name="fix-3")
        refused("EVENT_UNKNOWN", redact, record, target_version=version, redaction_id="r-2")


def test_an_identifier_of_a_correction_or_redaction_is_given_once(record: TestRecord) -> None:
    given_a_shelf(record)
    propose(record, ("books", 8))
    found = refused("ALREADY_EXISTS", propose, record, ("books", 9))
    assert (found.pointer, found.params) == ("/correction_id", {"id": "fix-1"})
    approve(record)
    refused("ALREADY_EXISTS", propose, record, ("books", 9))
    found = refused("ALREADY_EXISTS", redact, record, redaction_id="fix-1")
    assert (found.pointer, found.params) == ("/redaction_id", {"id": "fix-1"})
    redact(record)
    tell(record, "lift_redaction", redaction_id="r-1", reason=WHY, how=terms("DIS"))
    refused("ALREADY_EXISTS", redact, record)
    refused("ALREADY_EXISTS", propose, record, ("books", 9), name="r-1")


# --------------------------------------------------------------------------------- approving and declining


def test_a_correction_is_approved_or_declined_once(record: TestRecord) -> None:
    given_a_shelf(record)
    found = refused("CORRECTION_UNKNOWN", approve, record)
    assert (found.pointer, found.params) == ("/correction_id", {"correction": "fix-1"})
    propose(record, ("books", 8))
    approve(record, role="APR")
    refused("CORRECTION_UNKNOWN", approve, record)
    propose(record, ("books", 9), name="fix-2")
    tell(record, "decline_correction", correction_id="fix-2", reason=WHY, how=terms("APR"))
    declined = record.events[-1].data
    assert declined == CorrectionDeclined(correction_id="fix-2", reason=WHY)
    refused("CORRECTION_UNKNOWN", approve, record, "fix-2")
    with pytest.raises(Refusal, match="CORRECTION_UNKNOWN"):
        tell(record, "decline_correction", correction_id="fix-2", reason=WHY, how=terms("APR"))


def test_who_has_no_name_is_known_by_the_role(record: TestRecord) -> None:
    """So that a chair without a name does not approve what the chair proposed."""
    nameless = msgspec.structs.replace(terms("SEC").actor, party=None)
    given_a_shelf(record)
    how = terms("SEC")
    by = type(how)(nameless, how.roles)
    asked = {"correction_id": "fix-1", "target_version": 2, "changes": (Wanted("books", 8),), "reason": WHY}
    tell(record, "propose_correction", **asked, how=by)
    chair = type(how)(msgspec.structs.replace(nameless, role="SEC"), frozenset({"CHR"}))
    with pytest.raises(Refusal, match="SELF_APPROVAL") as caught:
        tell(record, "approve_correction", correction_id="fix-1", how=chair)
    assert caught.value.params == {"party": "sec"}
    other = type(how)(msgspec.structs.replace(nameless, role="CHR"), frozenset({"CHR"}))
    tell(record, "approve_correction", correction_id="fix-1", how=other)
    assert (record.events[-1].data.proposed_by, record.events[-1].data.approved_by) == ("sec", "chr")


def test_what_stands_after_several_corrections_is_told_with_each(record: TestRecord) -> None:
    given_a_shelf(record)
    tell(record, "fill_row", row=2, books=1)
    for name, version, field, after in (
        ("fix-1", 2, "books", 8),
        ("fix-2", 3, "books", 2),
        ("fix-3", 2, "year", 2008),
        ("fix-4", 2, "books", 9),
    ):
        propose(record, (field, after), version=version, name=name)
        approve(record, name)
    last = record.events[-1].data
    assert last.changes == (Change("books", 8, 9),)
    assert last.standing == (Change("year", None, 2008), Change("books", 8, 9))
    assert tell(record, "fill_row", row=3).version == 12
    shelf = record.application.cache.checkout(Shelf, "shelf-a")
    assert shelf is not None and shelf.rows == {1: 9, 2: 2, 3: 0}


def test_an_aggregate_decides_on_the_corrected_facts_at_once(record: TestRecord) -> None:
    given_a_shelf(record)
    with record.application.batch() as batch:
        from tests.support.shelf import tell_in

        changes = (Wanted("books", 0),)
        asked = {"correction_id": "fix-1", "target_version": 2, "changes": changes, "reason": WHY}
        tell_in(batch, "propose_correction", **asked)
        tell_in(batch, "approve_correction", correction_id="fix-1", how=terms("CHR"))
        tell_in(batch, "take_down")
    assert record.events[-1].type == "ShelfEmptied", "with books it would have been refused"


def test_a_record_is_named_by_its_stream(record: TestRecord) -> None:
    """Also one whose public id leaves out what kind it is."""
    from tests.support.stories.matters import M1, given_a_matter

    given_a_matter(record)
    name = {"name_ja": "架空の会", "category": "npo"}
    record.do("SEC", "Party", "org-guests", "register_organisation", **name)
    stream = record.events[-1].stream
    assert stream != "org-guests"
    mended = {"stream": stream, "target_version": 1, "changes": [{"field": "name_ja", "after": "架空の集い"}]}
    changes = [{"field": "title", "after": "別の題"}]
    asked = {"correction_id": "fix-1", "target_version": 1, "changes": changes, "reason": WHY}
    (made,) = record.do("SEC", "Matter", M1, "propose_correction", **asked, also=[mended])
    assert made.data.also[0].stream == stream


def test_a_kind_may_say_what_is_not_corrected_in_this_way(record: TestRecord) -> None:
    class Sealed(Shelf):
        PREFIX = "shelf-"

        def correctable(self, target: Recorded[Any]) -> None:
            assert target.version == 2
            raise ZeroDivisionError

    given_a_shelf(record)
    asked = {"correction_id": "f", "target_version": 2, "changes": (Wanted("books", 8),), "reason": WHY}
    with pytest.raises(ZeroDivisionError):
        record.application.execute(Sealed.COMMANDS["propose_correction"], "shelf-a", asked, terms())
    assert Correctable("shelf-a").correctable(record.events[0]) is None  # type: ignore[func-returns-value]


def test_events_without_a_correction_are_passed_on_as_they_are() -> None:
    events = [recorded(ShelfPut(place="x")), recorded(ShelfFilled(row=1), 2)]
    assert list(Shelf.as_corrected(iter(events))) == events
    assert Record.as_corrected(events) is events


# --------------------------------------------------------------------------------------------- redacting


def test_a_redaction_tells_what_is_closed_and_why(record: TestRecord) -> None:
    given_a_shelf(record)
    redact(record, fields=("books", "year"))
    target, made = record.events[-2:]
    assert made.data == PartRedacted(
        redaction_id="r-1",
        target_event=target.event_id,
        target_version=2,
        target_type="ShelfFilled",
        target_subject="shelf-a#1",
        redacted=CLOSED,
        reason=WHY,
        fields=("books", "year"),
    )
    tell(record, "lift_redaction", redaction_id="r-1", reason="公表済み", how=terms("DIS"))
    assert record.events[-1].data == RedactionLifted(
        redaction_id="r-1", target_event=target.event_id, target_subject="shelf-a#1", reason="公表済み"
    )


def test_a_field_that_is_not_there_is_not_redacted(record: TestRecord) -> None:
    given_a_shelf(record)
    found = refused("FIELD_NOT_CORRECTABLE", redact, record, fields=("books", "weather"))
    assert (found.pointer, found.params) == (
        "/fields/1",
        {"field": "weather", "known": "row, year, books"},
    )
    assert refused("NOT_A_REDACTION", redact, record, redacted=Disclosure()).pointer == "/redacted/visibility"


def test_a_redaction_is_lifted_once(record: TestRecord) -> None:
    given_a_shelf(record)
    lift = {"redaction_id": "r-1", "reason": WHY, "how": terms("DIS")}
    found = refused("REDACTION_UNKNOWN", tell, record, "lift_redaction", **lift)
    assert (found.pointer, found.params) == ("/redaction_id", {"redaction": "r-1"})
    redact(record)
    redact(record, redaction_id="r-2", redacted=Disclosure("internal", "personal"))
    tell(record, "lift_redaction", **lift)
    refused("REDACTION_UNKNOWN", tell, record, "lift_redaction", **lift)
    shelf = record.application.cache.checkout(Shelf, "shelf-a")
    assert shelf is not None and list(shelf.redactions) == ["r-2"]


def test_what_is_about_the_record_itself_is_no_step_of_the_matter() -> None:
    steps = {
        e.__name__
        for e in (CorrectionProposed, CorrectionDeclined, RecordCorrected, PartRedacted)
        if e.KEY_STEP
    }
    assert steps == {"RecordCorrected", "PartRedacted"}
    assert RedactionLifted.KEY_STEP
