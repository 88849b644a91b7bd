"""M1, M4 and M5, from recorded events to the figure, with the arithmetic of each by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.measured import STAFF, Told, a_council, a_group, a_member, counted, day, duty, held, said
from tests.support.stories import assemblies
from tests.support.stories.assemblies import COUNCIL, seats

NOTHING = (None, None, None)


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
        told.do("MEM", "Meeting", assemblies.MEETING, "declare_recusal", party=f"p-{recused}", **why)
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


def test_a_meeting_of_another_day_is_of_another_period(told: Told) -> None:
    """M1 of the days from June to July: 2 of 8."""
    a_council(told, 8)
    held(told, "2026-05-20", 8)
    held(told, "2026-06-20", 2)
    assert told.said("M1", period=(dt.date(2026, 6, 1), dt.date(2026, 7, 31))) == ("25.0", 2, 8)


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
