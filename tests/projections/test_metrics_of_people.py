"""M1-M5 and M18, from recorded events to the figure, with the arithmetic of each by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support import assemblies
from tests.support.assemblies import COUNCIL, seats
from tests.support.measured import STAFF, Told, a_council, a_group, a_member, counted, day, duty, held, said

NOTHING = (None, None, None)
NOMINATED = {"category": "organisation", "nominated_by": "org-x"}


def given_an_organisation(told: Told) -> None:
    told.do("SEC", "Party", "org-x", "register_organisation", name_ja="架空町会", category="neighbourhood")


@pytest.mark.parametrize("code", ["M1", "M1b", "M1c", "M2", "M3", "M5", "M18"])
def test_less_than_five_people_are_shown_to_the_staff_alone(told: Told, code: str) -> None:
    """Four members, three meetings, the last with a resolution of the first three."""
    a_council(told, 4)
    for on in ("2026-06-10", "2026-07-10"):
        held(told, on, 4)
    given_a_resolution(told, present=3)
    shown, whole = told.measure(code), told.measure(code, viewer=STAFF)
    assert (shown["suppressed"], whole["suppressed"]) == (True, False)
    assert said(shown) == NOTHING and shown["coverage"] == {"known": 0, "of": 0, "percent": None}
    assert None not in said(whole)


def given_a_resolution(told: Told, present: int, recused: str | None = None) -> None:
    assemblies.given_a_meeting(told, "decision")
    told.do("SEC", "Meeting", assemblies.MEETING, "notify", notice_on="2026-05-01", publicity="open")
    assemblies.given_it_is_open(told, present)
    if recused is not None:
        why = {"appointment_id": recused, "item_id": "item-1", "reason_class": "personal_interest"}
        told.do("MEM", "Meeting", assemblies.MEETING, "declare_recusal", **why)
    voting = present - (recused is not None)
    told.do("CHR", "Meeting", assemblies.MEETING, "take_resolution", **assemblies.a_vote(voting, 0))


# ---------------------------------------------------------------------------------------- M1, M1b, M1c


def test_m1_is_a_ratio_of_sums(told: Told) -> None:
    """(5 + 2) / (5 + 10) = 7/15 = 46.7 %, not the mean of 100 % and 20 %."""
    a_council(told, 5)
    held(told, "2026-05-20", 5)
    for n in range(6, 11):
        a_member(told, f"seat-{n:02d}", "2026-06-01")
    held(told, "2026-06-20", 2)
    assert told.said("M1") == ("46.7", 7, 15)


def test_m1_counts_no_adviser(told: Told) -> None:
    """5 of 8 members; the adviser is none of them."""
    a_council(told, 8)
    told.do("SEC", "Party", "p-adviser", "register_person", name="架空 次郎")
    told.do("SEC", "Council", COUNCIL, "invite_adviser", party_id="p-adviser", from_date=day("2026-04-01"))
    held(told, "2026-05-20", 5)
    assert told.said("M1") == ("62.5", 5, 8)


def test_m1_says_of_how_many_meetings_it_knows(told: Told) -> None:
    """Two meetings, of one of which only the observers are on record: 5/8 of one of two."""
    a_council(told, 8)
    held(told, "2026-05-20", 5)
    counted(told, "2026-06-20", observers=3)
    assert told.said("M1") == ("62.5", 5, 8)
    assert told.coverage("M1") == (1, 2)


def test_m1_m1b_m1c_of_no_meeting_are_unknown(told: Told) -> None:
    a_council(told, 8)
    assert [told.said(code) for code in ("M1", "M1b", "M1c")] == [NOTHING] * 3


def test_m1b_counts_a_written_opinion_once(told: Told) -> None:
    """Of 10, 6 came; one of them and one who stayed away wrote: |6 ∪ 2| = 7. M1 counts no letters (O7)."""
    a_council(told, 10)
    held(told, "2026-05-20", 6, wrote=["seat-06", "seat-07"])
    assert told.said("M1b") == ("70.0", 7, 10)
    assert told.said("M1") == ("60.0", 6, 10)


def test_m1b_needs_names(told: Told) -> None:
    a_council(told, 10)
    counted(told, "2026-05-20", members_serving=10, members_present=6)
    assert (told.said("M1b"), told.coverage("M1b")) == (NOTHING, (0, 1))


def test_m1c_leaves_out_who_is_recused(told: Told) -> None:
    """Of 10, 6 are there and one of these is recused: 5 of 9."""
    a_council(told, 10)
    given_a_resolution(told, present=6, recused="seat-06")
    assert told.said("M1c") == ("55.6", 5, 9)


def test_m1c_without_a_resolution_is_unknown(told: Told) -> None:
    a_council(told, 10)
    held(told, "2026-05-20", 6)
    assert (told.said("M1c"), told.coverage("M1c")) == (NOTHING, (0, 0))


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


# --------------------------------------------------------------------------------------------- M4, M5


def test_m4_gap_between_the_quarters(told: Told) -> None:
    """Eight members, two meetings with statements.

    =====  ==========  ============  =========  =================================
    who    attendance  contribution  duties     e
    =====  ==========  ============  =========  =================================
    1, 2   2/2         2/2           unknown    1
    3      2/2         1/2           1/1        (1 + 1/2 + 1) / 3 = 5/6
    4      2/2         1/2           unknown    3/4
    5      1/2         0/1           0/1        (1/2 + 0 + 0) / 3 = 1/6
    6-8    1/2         0/1           unknown    1/4
    =====  ==========  ============  =========  =================================

    ⌈8/4⌉ = 2: (1 + 1)/2 − (1/6 + 1/4)/2 = 1 − 5/24 = 19/24 = 79.2 points. Mean 9/16; squares of what lies
    between: 0.94097 / 8 = 0.11762, whose root is 0.34296.
    """
    a_council(told, 8)
    held(told, "2026-05-20", 8, spoke=seats(4))
    held(told, "2026-06-20", 4, spoke=seats(2))
    a_group(told, 8)
    done = duty(told, "seat-03", "2026-05-21", due="2026-07-01")
    duty(told, "seat-05", "2026-05-21", due="2026-07-01")
    duty(told, "seat-06", "2026-05-21")  # never due
    told.do("LDR", "WorkingGroup", "group-x", "discharge", responsibility_id=done)
    assert told.measure("M4")["value"] == "79.2"
    assert told.part("M4", "standard_deviation")["value"] == "34.3"
    assert told.coverage("M4") == (8, 8)


def test_m4_does_not_call_silent_who_is_not_on_record(told: Told) -> None:
    """Nobody's words are on record of the second meeting, so that 1-4 contributed at 1 of 1, not of 2:
    e = (1 + 1)/2 of 1-4 and (1 + 0)/2 of 5-8; the gap is 50 points."""
    a_council(told, 8)
    held(told, "2026-05-20", 8, spoke=seats(4))
    held(told, "2026-06-20", 8)
    assert told.measure("M4")["value"] == "50.0"


def test_m4_of_seven_members_has_no_quarters(told: Told) -> None:
    """e = (1 + 1)/2 of the one who spoke, (1 + 0)/2 of the six others. Mean 4/7; variance
    (1 · (3/7)² + 6 · (1/14)²) / 7 = 1.5/49, whose root is 0.17496."""
    a_council(told, 7)
    held(told, "2026-05-20", 7, spoke=["seat-01"])
    assert told.said("M4") == NOTHING
    assert told.part("M4", "standard_deviation")["value"] == "17.5"


def test_m4_of_nothing_is_unknown_and_so_is_a_survey_that_nobody_made(told: Told) -> None:
    a_council(told, 8)
    assert (told.said("M4"), told.coverage("M4")) == (NOTHING, (0, 8))
    assert told.part("M4", "standard_deviation")["value"] is None
    survey = told.part("M4", "survey")
    assert survey["value"] is None and "自己評価" in survey["reason_null"]["ja"]


def test_m4_of_four_members_is_not_public(told: Told) -> None:
    a_council(told, 4)
    held(told, "2026-05-20", 4, spoke=["seat-01"])
    assert told.part("M4", "standard_deviation")["suppressed"] is True
    assert told.part("M4", "standard_deviation", viewer=STAFF)["value"] is not None


def test_m5_who_never_came_though_invited_three_times(told: Told) -> None:
    """9 and 10 of ten never came to three meetings: 2/10. The one who joined in June is not of the ten."""
    a_council(told, 10)
    held(told, "2026-05-20", 8)
    a_member(told, "seat-11", "2026-06-01")
    held(told, "2026-06-20", 2)
    assert told.said("M5") == NOTHING
    held(told, "2026-07-20", 2)
    assert told.said("M5") == ("20.0", 2, 10)
    assert told.coverage("M5") == (3, 3)


# ------------------------------------------------------------------------------------------------ M18


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


def test_a_meeting_of_another_day_is_of_another_period(told: Told) -> None:
    """M1 of the days from June to July: 2 of 8."""
    a_council(told, 8)
    held(told, "2026-05-20", 8)
    held(told, "2026-06-20", 2)
    assert told.said("M1", period=(dt.date(2026, 6, 1), dt.date(2026, 7, 31))) == ("25.0", 2, 8)
