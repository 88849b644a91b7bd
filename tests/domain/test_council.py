"""The council: founded once on its legal basis, seats that fit, rules that never overlap (domain.md 4.1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain.council.aggregate import AppointmentEnded, ChairVacated, CouncilDissolved, MemberAppointed
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.assemblies import (
    COUNCIL,
    FIRST,
    LAW,
    council_of,
    do_council,
    given_a_council,
    given_a_member,
)

DAY = dt.date(2026, 4, 1)
LATER = {"value": "2027-04-01", "precision": "day"}
ESTABLISH = {"name_ja": "架空の会議", "legal_basis": LAW}


def refused(record: TestRecord, code: str, command: str, **arguments: Any) -> None:
    then_refused(code, record, "SEC", "Council", COUNCIL, command, **arguments)


def appointment(seat: str = "seat-09", **more: Any) -> dict[str, Any]:
    who = {"appointment_id": seat, "party_id": f"p-{seat}", "category": "public_recruitment"}
    return {**who, "term_no": 1, "from_date": FIRST, **more}


def given_persons(record: TestRecord, *names: str) -> None:
    for name in names:
        record.do("SEC", "Party", f"p-{name}", "register_person", name="架空 花子")


def test_a_council_is_established_once(record: TestRecord) -> None:
    given_a_council(record)
    again = record.do("IMP", "Council", "council-y", "establish", importing=True, **ESTABLISH)
    assert again[0].stream == "council-y"
    then_refused(
        "ALREADY_ESTABLISHED", record, "IMP", "Council", COUNCIL, "establish", importing=True, **ESTABLISH
    )


def test_a_council_needs_its_legal_basis(record: TestRecord) -> None:
    refused(record, "LEGAL_BASIS_MISSING", "establish", name_ja="架空の会議")


def test_a_statutory_body_needs_an_ordinance_on_record(record: TestRecord) -> None:
    refused(record, "ORDINANCE_REQUIRED", "establish", **ESTABLISH, body_type="statutory_advisory")


def test_a_remit_cites_an_instrument_on_record(record: TestRecord) -> None:
    given_a_council(record)
    refused(
        record, "CITATION_UNKNOWN", "state_remit", citation={"instrument_id": "law-none"}, power="consult"
    )
    do_council(record, "state_remit", citation=LAW, power="consult")


def test_a_seat_category_is_given_once(record: TestRecord) -> None:
    given_a_council(record)
    twice = [{"category": "expert"}, {"category": "expert"}]
    refused(record, "CATEGORY_TWICE", "define_composition", seat_categories=twice)
    refused(
        record,
        "NUMBER_OUT_OF_RANGE",
        "define_composition",
        seat_categories=[{"category": "expert", "seats": -1}],
    )


def test_rules_never_overlap_and_never_reach_back(record: TestRecord) -> None:
    given_a_council(record, quorum={"basis": "at_least_half"})
    refused(record, "RULES_OVERLAP", "adopt_rules", rules_version=2, effective_from=FIRST)
    past = {"value": "2020-04-01", "precision": "day"}
    refused(record, "RULES_RETROACTIVE", "adopt_rules", rules_version=2, effective_from=past)
    do_council(record, "adopt_rules", rules_version=2, effective_from=LATER)
    in_force = council_of(record).rules_on(dt.date(2027, 3, 31))
    assert in_force is not None
    assert in_force.rules_version == 1
    assert council_of(record).rules_on(dt.date(2026, 3, 31)) is None


def test_a_term_is_opened_once_and_before_anybody_is_appointed_to_it(record: TestRecord) -> None:
    given_a_council(record)
    given_persons(record, "seat-09")
    refused(record, "TERM_UNKNOWN", "appoint", **appointment())
    do_council(record, "open_term", term_no=1, from_date=FIRST)
    refused(record, "TERM_TWICE", "open_term", term_no=1, from_date=FIRST)
    then_recorded(do_council(record, "appoint", **appointment()), MemberAppointed)


def given_a_term(record: TestRecord, **composition: Any) -> None:
    given_a_council(record)
    if composition:
        do_council(record, "define_composition", **composition)
    do_council(record, "open_term", term_no=1, from_date=FIRST)
    given_persons(record, "seat-01", "seat-02", "seat-09")


def test_appointments_fit_the_seats_of_their_category(record: TestRecord) -> None:
    given_a_term(record, seat_categories=[{"category": "public_recruitment", "seats": 1}])
    refused(record, "CATEGORY_UNKNOWN", "appoint", **appointment(category="expert"))
    do_council(record, "appoint", **appointment("seat-01"))
    refused(record, "SEATS_FULL", "appoint", **appointment("seat-02"))
    assert council_of(record).seats_total() == 1


def test_nobody_sits_twice_and_no_adviser_sits(record: TestRecord) -> None:
    given_a_term(record)
    do_council(record, "appoint", **appointment("seat-01"))
    refused(record, "ALREADY_SERVING", "appoint", **appointment("seat-02", party_id="p-seat-01"))
    refused(record, "ALREADY_SERVING", "invite_adviser", party_id="p-seat-01", from_date=FIRST)
    do_council(record, "invite_adviser", party_id="p-seat-09", from_date=FIRST)
    refused(record, "IS_ADVISER", "appoint", **appointment("seat-09"))
    refused(record, "IS_ADVISER", "invite_adviser", party_id="p-seat-09", from_date=FIRST)
    do_council(record, "release_adviser", party_id="p-seat-09", on=FIRST)
    refused(record, "NOT_SERVING", "release_adviser", party_id="p-seat-09", on=FIRST)


def test_an_organisations_seat_needs_a_nominator(record: TestRecord) -> None:
    given_a_term(record)
    refused(record, "NOMINATOR_REQUIRED", "appoint", **appointment(category="organisation"))


def test_a_substitute_serves_the_remaining_term(record: TestRecord) -> None:
    given_a_term(record)
    until = {"value": "2028-03-31", "precision": "day"}
    do_council(record, "appoint", **appointment("seat-01", to_date=until))
    after = {"value": "2028-04-01", "precision": "day"}
    substitute = appointment("seat-02", replaces="seat-01")
    refused(record, "REMAINING_TERM_EXCEEDED", "appoint", **substitute, to_date=after)
    refused(record, "NOT_SERVING", "appoint", **appointment("seat-02", replaces="seat-77"))
    do_council(record, "appoint", **substitute, to_date=until)


def test_more_than_ten_years_is_said_and_not_refused(record: TestRecord) -> None:
    given_a_council(record)
    given_a_member(record, "seat-01", to_date={"value": "2030-03-31", "precision": "day"})
    long = appointment(
        "seat-02",
        party_id="p-seat-01",
        from_date={"value": "2030-04-01", "precision": "day"},
        to_date={"value": "2038-03-31", "precision": "day"},
    )
    record.do("IMP", "Council", COUNCIL, "appoint", importing=True, **long)
    assert record.warned == ["TENURE_OVER_10Y"]
    assert record.receipt is not None
    (unusual,) = record.receipt.warnings
    assert unusual.sentence("ja") and unusual.what_next("en") and unusual.pointer == "/party_id"


@pytest.mark.parametrize(
    ("first", "second", "long"),
    [
        (
            ("2010-04-01", "2015-03-31"),
            ("2027-04-01", "2032-03-31"),
            False,
        ),  # ten years, with a pause
        (("2010-04-01", "2015-03-31"), ("2027-04-01", "2032-04-02"), True),
        (("2010-04-01", "2015-03-31"), ("2027-04-01", None), False),  # nobody knows how long it will be
        (("2010-04-01", None), ("2027-04-01", None), None),  # still serving
    ],
)
def test_tenure_is_the_sum_of_appointments(
    record: TestRecord, first: tuple[str, str | None], second: tuple[str, str | None], long: bool | None
) -> None:
    given_a_term(record)

    def seat(name: str, begins: str, ends: str | None) -> dict[str, Any]:
        day = {"value": begins, "precision": "day"}
        last = {"value": ends, "precision": "day"} if ends else None
        return appointment(name, party_id="p-seat-01", from_date=day, to_date=last)

    do_council(record, "appoint", "IMP", importing=True, **seat("seat-01", *first))
    later = seat("seat-02", *second)
    if long is None:
        refused(record, "ALREADY_SERVING", "appoint", **later)
        return
    do_council(record, "appoint", "IMP", importing=True, **later)
    assert record.warned == (["TENURE_OVER_10Y"] if long else [])


def test_nobody_is_appointed_into_a_time_in_which_they_will_serve(record: TestRecord) -> None:
    given_a_term(record)
    do_council(record, "appoint", **appointment("seat-01", from_date=LATER))
    early = appointment("seat-02", party_id="p-seat-01")
    refused(record, "ALREADY_SERVING", "appoint", **early)
    until = {"value": "2027-03-31", "precision": "day"}
    do_council(record, "appoint", **early, to_date=until)


def test_seats_are_not_given_twice_for_a_later_day(record: TestRecord) -> None:
    given_a_term(record)
    do_council(record, "define_composition", seat_categories=[{"category": "public_recruitment", "seats": 1}])
    do_council(record, "appoint", **appointment("seat-01", from_date=LATER))
    refused(record, "SEATS_FULL", "appoint", **appointment("seat-02"))
    until = {"value": "2027-03-31", "precision": "day"}
    do_council(record, "appoint", **appointment("seat-02", to_date=until))


def test_the_chair_serves_and_leaves_with_the_seat(record: TestRecord) -> None:
    given_a_council(record, members=2)
    refused(record, "CHAIR_MUST_SERVE", "elect_chair", appointment_id="seat-77", from_date=FIRST)
    refused(record, "CHAIR_MUST_SERVE", "designate_acting_chair", appointment_id="seat-77", from_date=FIRST)
    refused(record, "CHAIR_MUST_SERVE", "vacate_chair", appointment_id="seat-01", on=FIRST)
    do_council(record, "elect_chair", appointment_id="seat-01", from_date=FIRST)
    assert council_of(record).chair_on(DAY) == "seat-01"
    ended = do_council(record, "end_appointment", appointment_id="seat-01", on=LATER, why="resigned")
    then_recorded(ended, AppointmentEnded, ChairVacated)
    assert set(council_of(record).serving_on(dt.date(2027, 4, 1))) == {"seat-02"}
    assert set(council_of(record).serving_on(dt.date(2027, 3, 31))) == {"seat-01", "seat-02"}


def test_a_chair_elected_from_a_later_day_is_chair_from_then_on(record: TestRecord) -> None:
    given_a_council(record, members=2)
    do_council(record, "elect_chair", appointment_id="seat-01", from_date=FIRST)
    do_council(record, "elect_chair", appointment_id="seat-02", from_date=LATER)
    council, later = council_of(record), dt.date(2027, 4, 1)
    assert (council.chair_on(later - dt.timedelta(days=1)), council.chair_on(later)) == ("seat-01", "seat-02")
    soon = {"value": "2026-10-01", "precision": "day"}
    ended = do_council(record, "end_appointment", appointment_id="seat-01", on=soon, why="resigned")
    then_recorded(ended, AppointmentEnded, ChairVacated)  # who chairs now leaves the chair, whoever is next
    council = council_of(record)
    assert (council.chair_on(dt.date(2026, 10, 1)), council.chair_on(later)) == (None, "seat-02")
    assert council.chair_on(dt.date(2026, 9, 30)) == "seat-01"


def test_rules_recorded_later_for_an_earlier_day_rule_from_that_day(record: TestRecord) -> None:
    given_a_council(record)
    known = {"quorum": {"basis": "more_than_half"}, "adopted_on": FIRST}
    rules = ((7, "2026-06-01"), (9, "2026-12-01"), (8, "2026-09-01"))
    for version, since in rules:
        starts = {"value": since, "precision": "day"}
        do_council(record, "adopt_rules", rules_version=version, effective_from=starts, **known)
    found = [council_of(record).rules_on(dt.date(2026, month, 15)) for month in (7, 10, 12)]
    assert [rules.rules_version for rules in found if rules] == [7, 8, 9]


def test_an_appointment_ends_once_and_removal_says_why(record: TestRecord) -> None:
    given_a_council(record, members=1)
    end = {"appointment_id": "seat-01", "on": LATER}
    refused(record, "REASON_REQUIRED", "end_appointment", **end, why="removed")
    do_council(record, "end_appointment", **end, why="removed", reason="欠格事由に該当したため（架空）")
    refused(record, "NOT_SERVING", "end_appointment", **end, why="expired")


def test_a_council_rests_and_works_again_and_ends_when_nothing_is_open(record: TestRecord) -> None:
    given_a_council(record)
    do_council(record, "suspend", reason="改選のため（架空）")
    refused(record, "WRONG_STATE", "suspend", reason="架空")
    do_council(record, "resume")
    record.application.open_business = lambda council: ["meeting-1"]
    refused(record, "OPEN_BUSINESS", "dissolve", on=LATER, reason="役割を終えたため（架空）")
    record.application.open_business = lambda council: []
    then_recorded(
        do_council(record, "dissolve", on=LATER, reason="役割を終えたため（架空）"), CouncilDissolved
    )
    assert not council_of(record).is_active()


@pytest.mark.parametrize(("known", "total"), [((10, 18), 28), ((10, None), None)])
def test_seats_are_known_only_if_every_category_is(
    record: TestRecord, known: tuple[int | None, ...], total: int | None
) -> None:
    given_a_council(record)
    seats = [{"category": f"c{n}", "seats": count} for n, count in enumerate(known)]
    do_council(record, "define_composition", seat_categories=seats)
    assert council_of(record).seats_total() == total


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("appoint", appointment("seat-01")),
        ("end_appointment", {"appointment_id": "seat-05", "on": LATER, "why": "resigned"}),
        ("adopt_rules", {"rules_version": 1, "effective_from": LATER}),
    ],
)
def test_seats_and_rules_change_on_a_decision_that_has_a_number(
    record: TestRecord, command: str, fields: dict[str, Any]
) -> None:
    given_a_term(record)
    given_a_member(record, "seat-05")
    unfounded = then_refused(
        "AUTHORITY_REQUIRED", record, "SEC", "Council", COUNCIL, command, envelope={}, **fields
    )
    assert unfounded.pointer == "/record/document_no"
    record.do("SEC", "Council", COUNCIL, command, envelope={"document_no": "市協第5号"}, **fields)


def test_an_appointment_may_name_its_own_document(record: TestRecord) -> None:
    given_a_term(record)
    numbered = appointment("seat-01", document_no="市協第5号")
    record.do("SEC", "Council", COUNCIL, "appoint", envelope={}, **numbered)


def test_nobody_is_released_from_a_council_that_is_no_more(record: TestRecord) -> None:
    given_a_council(record, members=1)
    do_council(record, "dissolve", on=LATER, reason="目的を果たしたため（架空）")
    ended = {"appointment_id": "seat-01", "on": LATER, "why": "other"}
    refused(record, "WRONG_STATE", "end_appointment", **ended)
