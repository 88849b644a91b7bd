"""M2, M3 and M18, from recorded events to the figure, with the arithmetic of each by hand."""

from __future__ import annotations

from tests.support.measured import STAFF, Told, a_council, a_member, counted, day, held, said
from tests.support.stories.assemblies import COUNCIL, seats

NOTHING = (None, None, None)
NOMINATED = {"category": "organisation", "nominated_by": "org-x"}


# ------------------------------------------------------------------------------------------------- M2


def test_m2_of_those_in_office_throughout(told: Told) -> None:
    """Ten members came 4, 4, 3, 3, 2, 2, 1, 1, 0, 0 times, in all 20; ⌈0.2 · 10⌉ = 2 of them 8 times: 40 %.
    Σ(a/A)² = (16+16+9+9+4+4+1+1)/400 = 0.15; (0.15 − 0.1) / (1 − 0.1) = 0.056. Somebody who came in June is
    not of the ten, though always there."""
    a_council(told, 10)
    held(told, "2026-05-20", 8)
    a_member(told, "seat-11", "2026-06-01")
    for on, present in (("2026-06-20", 6), ("2026-07-20", 4), ("2026-08-20", 2)):
        held(told, on, [*seats(present), "seat-11"])
    assert told.said("M2") == ("40.0", 8, 20)
    assert told.part("M2", "hhi")["value"] == "0.056"


def test_m2_follows_a_person_from_seat_to_seat(told: Told) -> None:
    """Five members, one with a new seat from 1 October and one with a gap of a day before it: N = 4, who came
    2, 2, 1, 1 times; ⌈0.2 · 4⌉ = 1 of them 2 times of 6."""
    a_council(told, 3)
    for seat in ("seat-04", "seat-05"):
        a_member(told, seat, "2026-04-01", to_date=day("2026-09-30"))
    again = {"category": "public_recruitment", "term_no": 2, "importing": True}
    for seat, party, since in (("seat-14", "p-seat-04", "01"), ("seat-15", "p-seat-05", "02")):
        appointed = {"appointment_id": seat, "party_id": party, "from_date": day(f"2026-10-{since}")}
        told.do("IMP", "Council", COUNCIL, "appoint", **appointed, **again)
    held(told, "2026-05-20", ["seat-01", "seat-02", "seat-04", "seat-05"])
    held(told, "2026-11-20", ["seat-01", "seat-03", "seat-14", "seat-15"])
    assert told.said("M2", viewer=STAFF) == ("33.3", 2, 6)


def test_m2_returning_are_those_who_were_there_the_year_before(told: Told) -> None:
    """P(FY2026) = 1…6, P(FY2027) = 1…4, 7, 8: 4 of 6 were there before."""
    a_council(told, 8)
    held(told, "2026-05-20", 6)
    held(told, "2027-05-20", [*seats(4), "seat-07", "seat-08"])
    assert said(told.part("M2", "returning", period=2027)) == ("66.7", 4, 6)
    assert said(told.part("M2", "returning", period=2026)) == NOTHING


def test_m2_needs_names(told: Told) -> None:
    a_council(told, 10)
    counted(told, "2026-05-20", members_serving=10, members_present=6)
    assert told.said("M2") == NOTHING
    assert [p["value"] for p in told.measure("M2")["parts"]] == [None, None]
    assert told.coverage("M2") == (0, 1)


# ------------------------------------------------------------------------------------------------- M3


def test_m3_new_is_who_was_never_seen_before(told: Told) -> None:
    """FY2026: 1…5. FY2027: 1, 2, 3, 4 (in a new seat, but the same person), 6, 7. New are 6 and 7: 2/6."""
    a_council(told, 3)
    for seat in seats(7)[3:]:
        a_member(told, seat, "2026-04-01", to_date=day("2027-03-31"))
    held(told, "2026-05-20", 5)
    for seat, party in (("seat-24", "p-seat-04"), ("seat-26", "p-seat-06"), ("seat-27", "p-seat-07")):
        appointed = {"appointment_id": seat, "party_id": party, "from_date": day("2027-04-01")}
        more = {"category": "public_recruitment", "term_no": 2, "importing": True}
        told.do("IMP", "Council", COUNCIL, "appoint", **appointed, **more)
    held(told, "2027-05-20", [*seats(3), "seat-24", "seat-26", "seat-27"])
    assert told.said("M3", period=2027) == ("33.3", 2, 6)


def given_a_forum(told: Told, name: str, kind: str = "forum", **counts: int) -> None:
    told.imported(
        "PlanAction", "action-x", "record_activity", "2026-11-03", activity_id=name, kind=kind, **counts
    )


def test_m3_of_forums_as_participants_said(told: Told) -> None:
    """30 new and 10 returning of 50: 30/40 = 75 %, known of 40 of 50. A forum of 50 of which nobody asked
    makes it 40 of 100; a seminar is no forum."""
    a_council(told, 0)
    told.do("SEC", "PlanAction", "action-x", "register", title_ja="フォーラム（架空）")
    given_a_forum(told, "f-1", participants=50, first_time=30, returning=10, unknown=10)
    given_a_forum(told, "s-1", kind="seminar", participants=20, first_time=20, returning=0)
    forums = told.part("M3", "forums")
    assert said(forums) == ("75.0", 30, 40)
    assert forums["coverage"] == {"known": 40, "of": 50, "percent": "80.0"}
    given_a_forum(told, "f-2", participants=50)
    assert told.part("M3", "forums")["coverage"] == {"known": 40, "of": 100, "percent": "40.0"}
    assert said(told.part("M3", "forums")) == ("75.0", 30, 40)


def test_m3_of_a_forum_without_a_total_covers_those_it_tells_of(told: Told) -> None:
    """12 + 4 are known; with 4 who did not say there were at least 20."""
    a_council(told, 0)
    told.do("SEC", "PlanAction", "action-x", "register", title_ja="フォーラム（架空）")
    given_a_forum(told, "f-1", first_time=12, returning=4, unknown=4)
    assert told.part("M3", "forums")["coverage"] == {"known": 16, "of": 20, "percent": "80.0"}


def test_m3_where_nobody_was_asked_is_unknown(told: Told) -> None:
    a_council(told, 5)
    told.do("SEC", "PlanAction", "action-x", "register", title_ja="フォーラム（架空）")
    given_a_forum(told, "f-1", participants=50, first_time=30)
    assert told.said("M3") == NOTHING
    forums = told.part("M3", "forums")
    assert said(forums) == NOTHING
    assert forums["coverage"] == {"known": 0, "of": 50, "percent": "0.0"}


def test_m3_of_a_small_forum_is_not_public(told: Told) -> None:
    a_council(told, 0)
    told.do("SEC", "PlanAction", "action-x", "register", title_ja="フォーラム（架空）")
    given_a_forum(told, "f-1", participants=4, first_time=3, returning=1)
    assert told.part("M3", "forums")["suppressed"] is True
    assert said(told.part("M3", "forums", viewer=STAFF)) == ("75.0", 3, 4)


# ------------------------------------------------------------------------------------------------ M18


def given_an_organisation(told: Told) -> None:
    told.do("SEC", "Party", "org-x", "register_organisation", name_ja="架空町会", category="neighbourhood")


def test_m18_public_seats_on_the_last_day(told: Told) -> None:
    """3 publicly recruited of 10 = 30 %; when one of the seven others leaves, 3 of 9 = 33.3 %."""
    a_council(told, 3)
    given_an_organisation(told)
    for seat in seats(10)[3:]:
        a_member(told, seat, "2026-04-01", **NOMINATED)
    assert told.said("M18") == ("30.0", 3, 10)
    ended = {"appointment_id": "seat-10", "on": day("2026-12-01"), "why": "resigned"}
    told.do("SEC", "Council", COUNCIL, "end_appointment", **ended)
    assert told.said("M18") == ("33.3", 3, 9)


def test_m18_of_no_seats_is_unknown(told: Told) -> None:
    a_council(told, 0)
    assert (told.said("M18"), told.coverage("M18")) == (NOTHING, (0, 0))
