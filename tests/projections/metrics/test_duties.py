"""M6-M8, from recorded events to the figure, with the arithmetic of each by hand."""

from __future__ import annotations

import pytest

from projections.metrics import duties as metrics_duties
from projections.metrics.formulas import shown
from tests.support.measured import (
    GROUP,
    STAFF,
    Told,
    a_council,
    a_group,
    a_member,
    a_scope,
    day,
    duty,
    held,
    of,
    said,
)
from tests.support.stories.assemblies import COUNCIL, seats

NOTHING = (None, None, None)


# ------------------------------------------------------------------------------------------------- M6


def test_m6_who_held_a_duty_in_the_year(told: Told) -> None:
    """FY2026: 1, 2, 3 (from 2's hands) and 4, of ten: 40 %. FY2027: 1 and 3 still, and 5 from then on; 2 gave
    theirs away and 4 is done: 3/10. Who joined in June is not of the ten."""
    a_council(told, 10)
    a_member(told, "seat-11", "2026-06-01")
    a_group(told, 11)
    for seat in ("seat-01", "seat-02", "seat-04", "seat-11"):
        duty(told, seat, "2026-07-01")
    handed = {"responsibility_id": "duty-seat-02", "to_id": "seat-03", "reason": "転居（架空）"}
    told.do("LDR", "WorkingGroup", GROUP, "hand_over", envelope=of("2026-08-01"), **handed)
    told.imported("WorkingGroup", GROUP, "discharge", "2027-03-31", responsibility_id="duty-seat-04")
    duty(told, "seat-05", "2027-04-01")
    assert told.said("M6") == ("40.0", 4, 10)
    ended = {"appointment_id": "seat-11", "on": day("2027-04-01"), "why": "resigned"}
    told.do("SEC", "Council", COUNCIL, "end_appointment", **ended)
    assert told.said("M6", period=2027) == ("30.0", 3, 10)
    assert told.coverage("M6") == (10, 10)


def test_m6_where_no_duty_is_on_record_is_unknown(told: Told) -> None:
    """Not 0 of 10: nobody knows. Once a duty is over, the year after has 0 of 10."""
    a_council(told, 10)
    assert (told.said("M6"), told.coverage("M6")) == (NOTHING, (0, 10))
    a_group(told, 10)
    assert told.said("M6") == NOTHING
    duty(told, "seat-01", "2027-04-01")
    assert told.said("M6") == NOTHING
    told.imported("WorkingGroup", GROUP, "discharge", "2027-05-01", responsibility_id="duty-seat-01")
    assert told.said("M6", period=2027) == ("10.0", 1, 10)
    assert told.said("M6", period=2028) == ("0.0", 0, 10)


def test_m6_of_four_members_is_not_public(told: Told) -> None:
    a_council(told, 4)
    a_group(told, 4)
    duty(told, "seat-01", "2026-07-01")
    assert told.measure("M6")["suppressed"] is True
    assert told.said("M6", viewer=STAFF) == ("25.0", 1, 4)


# ------------------------------------------------------------------------------------------------- M7


def worked(told: Told, *tenths: int) -> None:
    """So many tenths of an hour of each member, one after the other."""
    for seat, amount in zip(seats(len(tenths)), tenths, strict=True):
        job = {"appointment_id": seat, "tenths": amount, "activity": "会場の準備（架空）"}
        told.imported("WorkingGroup", GROUP, "log_work", "2026-07-01", **job)


def test_m7_hours_of_work(told: Told) -> None:
    """1, 2, 3, 4, 5 and 15 hours of six of seven members: in all 30, median (3 + 4)/2 = 3.5, most 15;
    ⌈0.2 · 6⌉ = 2 of them 20 of 30 hours = 66.7 %. The seventh logged nothing: unknown, not 0."""
    a_council(told, 7)
    a_group(told, 7)
    worked(told, 10, 20, 30, 40, 50, 150)
    assert told.said("M7", viewer=STAFF) == ("3.5", 30, 6)
    assert told.part("M7", "max", viewer=STAFF)["value"] == "15.0"
    assert said(told.part("M7", "top_share", viewer=STAFF)) == ("66.7", 20, 30)
    assert told.coverage("M7", viewer=STAFF) == (6, 7)


def test_m7_nobodys_own_hours_are_public(told: Told) -> None:
    """The median of six is; the most (of one) and the top fifth (of two) are not."""
    a_council(told, 7)
    a_group(told, 7)
    worked(told, 10, 20, 30, 40, 50, 150)
    assert told.said("M7") == ("3.5", 30, 6)
    for name in ("max", "top_share"):
        part = told.part("M7", name)
        assert part["suppressed"] is True
        assert said(part) == NOTHING and part["coverage"]["of"] == 0


def test_m7_of_four_who_worked_is_not_public(told: Told) -> None:
    a_council(told, 7)
    a_group(told, 7)
    worked(told, 10, 20, 30, 40)
    assert told.measure("M7")["suppressed"] is True
    assert told.said("M7", viewer=STAFF) == ("2.5", 10, 4)


def test_m7_without_work_on_record_is_unknown(told: Told) -> None:
    a_council(told, 7)
    a_group(told, 7)
    found = told.measure("M7", viewer=STAFF)
    assert said(found) == NOTHING and [p["value"] for p in found["parts"]] == [None, None]
    assert told.coverage("M7") == (0, 7)
    worked(told, 10)
    assert told.said("M7", viewer=STAFF, period=2027) == NOTHING


def test_m7_the_top_fifth_is_about_as_many_as_it_counts() -> None:
    """Of 21 who worked an hour each, the top fifth is ⌈4.2⌉ = 5 people: 5/21 = 23.8 %, and public."""
    work = [{"by": f"p{n}", "tenths": 10, "earliest": "", "latest": ""} for n in range(21)]
    figure = metrics_duties.workload(a_scope(groups=[{"doc": {"members": [], "duties": {}, "work": work}}]))
    top = figure.parts[1][2]
    assert (shown(top.value), top.numerator, top.denominator, top.people) == ("23.8", 5, 21, 5)


# ------------------------------------------------------------------------------------------------- M8


def given_a_method(told: Told, on: str) -> None:
    given = {"method": "workshop", "label_ja": "市民会議方式（架空）"}
    told.do("SEC", "Council", COUNCIL, "adopt_operating_method", **given, envelope=of(on) | NUMBER)


NUMBER = {"document_no": "架空市協第2号"}


@pytest.mark.parametrize(("before", "after", "points"), [(5, 8, "30.0"), (8, 5, "-30.0"), (5, 5, "0.0")])
def test_m8_is_a_difference_in_points_with_both_denominators(
    told: Told, before: int, after: int, points: str
) -> None:
    """5 of 10, then 8 of 10: 80 % − 50 % = 30 points; the denominators are 10 and 20 (two meetings)."""
    a_council(told, 10)
    held(told, "2026-05-20", before)
    given_a_method(told, "2027-04-01")
    for on in ("2027-05-20", "2027-06-20"):
        held(told, on, after)
    found = told.measure("M8", period=2027)
    assert (found["value"], found["unit"]) == (points, "points")
    assert "前 10、後 20" in found["note"]["ja"] and "因果を示すものではない" in found["note"]["ja"]
    assert "before 10, after 20" in found["note"]["en"] and "does not show cause" in found["note"]["en"]
    assert said(told.part("M8", "before", period=2027)) == (f"{before * 10}.0", before, 10)
    assert said(told.part("M8", "after", period=2027)) == (f"{after * 10}.0", after * 2, 20)


def test_m8_without_a_device_or_a_before_is_unknown(told: Told) -> None:
    a_council(told, 10)
    held(told, "2026-05-20", 5)
    given_a_method(told, "2026-05-01")
    held(told, "2027-05-20", 8)
    assert told.measure("M8", period=2026)["value"] is None  # nothing on record before
    assert told.measure("M8", period=2027)["value"] is None  # nothing began


def test_m8_of_four_members_is_not_public_nor_are_its_denominators(told: Told) -> None:
    a_council(told, 4)
    held(told, "2026-05-20", 2)
    given_a_method(told, "2027-04-01")
    held(told, "2027-05-20", 3)
    found = told.measure("M8", period=2027)
    assert found["suppressed"] is True and [p["suppressed"] for p in found["parts"]] == [True, True]
    assert "4" not in found["note"]["ja"] + found["note"]["en"]
    assert told.measure("M8", viewer=STAFF, period=2027)["value"] == "25.0"
