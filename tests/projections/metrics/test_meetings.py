"""M14-M17, from recorded events to the figure, with the arithmetic of each by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from projections.metrics import decisions as metrics_decisions
from projections.metrics.formulas import shown
from tests.support.measured import (
    STAFF,
    Told,
    a_council,
    a_scope,
    counted,
    held,
    minutes,
    said,
)
from tests.support.stories import assemblies
from tests.support.stories.assemblies import COUNCIL, MATTER, MEETING

NOTHING = (None, None, None)


# ------------------------------------------------------------------------------------------------ M14


def test_m14_meetings_that_were_open_from_beginning_to_end(told: Told) -> None:
    """Of three, one is open, one is open but for an item, one is partly closed: 1/3. In the two that were
    announced as open there were 10 and 3 observers: 6.5 on average. Of a fourth nobody knows."""
    a_council(told, 5)
    held(told, "2026-05-20", 5, observers=10)
    held(told, "2026-06-20", 5, observers=3, closed_item=True)
    held(told, "2026-07-20", 5, observers=1, publicity="partly_closed")
    unannounced = {"council_id": COUNCIL, "kind": "plenary", "starts_at": "2026-08-20T14:00:00+09:00"}
    told.do("IMP", "Meeting", "meeting-4", "schedule", importing=True, **unannounced)
    told.do("IMP", "Meeting", "meeting-4", "import_counts", importing=True, members_present=5)
    assert told.said("M14") == ("33.3", 1, 3)
    assert told.coverage("M14") == (3, 4)
    assert said(told.part("M14", "observers")) == ("6.5", 13, 2)
    note = told.measure("M14")["note"]
    assert "個人情報 1" in note["ja"] and "personal information 1" in note["en"]


def test_m14_observers_fewer_than_five_are_not_public(told: Told) -> None:
    a_council(told, 5)
    held(told, "2026-05-20", 5, observers=2)
    assert told.said("M14") == ("100.0", 1, 1)
    assert told.part("M14", "observers")["suppressed"] is True
    assert said(told.part("M14", "observers", viewer=STAFF)) == ("2.0", 2, 1)


def test_m14_that_nobody_came_to_look_is_known(told: Told) -> None:
    a_council(told, 5)
    held(told, "2026-05-20", 5, observers=0)
    assert said(told.part("M14", "observers")) == ("0.0", 0, 1)


def test_m14_of_no_meeting_is_unknown(told: Told) -> None:
    a_council(told, 5)
    found = told.measure("M14")
    assert said(found) == NOTHING and found["parts"][0]["value"] is None
    assert "なし" in found["note"]["ja"]
    held(told, "2026-05-20", 5)  # observers not counted
    assert said(told.part("M14", "observers")) == NOTHING


# ------------------------------------------------------------------------------------------------ M15


def test_m15_days_until_the_minutes_are_published(told: Told) -> None:
    """10, 20 and 60 days: median 20; two of three within the 30 days of the rules. A fourth meeting, of
    1 March, is overdue from 1 April: then it is late, 2/4."""
    a_council(told, 5, minutes_due_days=30)
    for on, published in (
        ("2026-05-20", "2026-05-30"),
        ("2026-06-20", "2026-07-10"),
        ("2026-07-20", "2026-09-18"),
    ):
        minutes(told, held(told, on, 5), published)
    minutes(told, held(told, "2027-03-01", 5), None)
    assert told.measure("M15")["value"] == "20.0"
    assert told.coverage("M15") == (3, 4)
    on_time = told.part("M15", "on_time", today=dt.date(2027, 3, 31))
    assert said(on_time) == ("66.7", 2, 3)
    late = told.part("M15", "on_time", today=dt.date(2027, 4, 1))
    assert said(late) == ("50.0", 2, 4)
    assert late["coverage"] == {"known": 4, "of": 4, "percent": "100.0"}


def test_m15_without_a_rule_nothing_is_late(told: Told) -> None:
    a_council(told, 5)
    minutes(told, held(told, "2026-05-20", 5), "2026-05-30")
    assert told.measure("M15")["value"] == "10.0"
    assert said(told.part("M15", "on_time")) == NOTHING


def test_m15_of_a_meeting_of_which_only_counts_are_on_record_is_unknown(told: Told) -> None:
    a_council(told, 5, minutes_due_days=30)
    counted(told, "2026-05-20", members_serving=5, members_present=5)
    assert (told.said("M15"), told.coverage("M15")) == (NOTHING, (0, 0))
    held(told, "2026-06-20", 5)
    assert (told.said("M15", today=dt.date(2026, 6, 30)), told.coverage("M15")) == (NOTHING, (0, 1))


# ------------------------------------------------------------------------------------------------ M16


def given_a_conclusion(told: Told) -> None:
    """As complete as can be: options frozen, a reason, a quorum of 6 of 10, nobody dissented, minutes."""
    assemblies.given_a_council(told, 10, **assemblies.MORE_THAN_HALF, **assemblies.OF_PRESENT)
    told.do("SEC", "Document", "doc-x", "register", kind="minutes", disclosure={})
    assemblies.given_a_meeting(told, "decision")
    told.do("SEC", "Meeting", MEETING, "notify", notice_on="2026-05-01", publicity="open")
    assemblies.given_it_is_open(told, 6)
    decided = {
        "resolution_id": "resolution-1",
        "conclusion": {"reason": "来やすい（架空）", "chosen_option": "a"},
    }
    told.do("CHR", "Meeting", MEETING, "take_resolution", **assemblies.a_vote(6, 0, **decided))
    told.do("CHR", "Matter", MATTER, "confirm_no_dissent", meeting_id=MEETING)
    told.do("CHR", "Meeting", MEETING, "close", at=assemblies.at(16))


def test_m16_a_conclusion_is_complete_when_its_minutes_are_confirmed(told: Told) -> None:
    """0/1 before, 1/1 after; with a conclusion of which a source says nothing else, 1/2."""
    given_a_conclusion(told)
    assert told.said("M16", today=dt.date(2026, 12, 1)) == ("0.0", 0, 1)
    minutes(told, MEETING, None)
    assert told.said("M16") == ("100.0", 1, 1)
    a_matter(told, "matter-2", "2026-06-01", "2026-07-01")
    assert told.said("M16") == ("50.0", 1, 2)
    assert told.coverage("M16") == (2, 2)


COMPLETE = {
    "frozen": True,
    "evidence": True,
    "reason": False,
    "dissent": True,
    "meeting_id": "m",
    "resolution_ref": "r",
}
SAT = {"confirmed": True, "resolutions": [{"resolution_id": "r", "quorum": "met"}]}


@pytest.mark.parametrize(
    ("matter", "meeting", "complete"),
    [
        ({}, {}, 1),
        ({"evidence": False, "reason": True}, {}, 1),
        ({}, {"resolutions": [{"resolution_id": "r", "quorum": "not_required"}]}, 1),
        ({"frozen": False}, {}, 0),
        ({"evidence": False}, {}, 0),
        ({"dissent": False}, {}, 0),
        ({"meeting_id": None}, {}, 0),
        ({"resolution_ref": None}, {}, 0),
        ({}, {"confirmed": False}, 0),
        ({}, {"resolutions": [{"resolution_id": "r", "quorum": "rule_unknown"}]}, 0),
    ],
)
def test_m16_each_of_the_five_is_needed(matter: Any, meeting: Any, complete: int) -> None:
    """One matter, 1/1 = 100 % or 0/1; evidence or a reason will do."""
    rows = {
        "matters": [{"matter_id": "x", "doc": COMPLETE | matter}],
        "meetings": [{"meeting_id": "m", "doc": SAT | meeting}],
    }
    figure = metrics_decisions.completeness(a_scope(**rows))
    expected = ("100.0", 1, 1) if complete else ("0.0", 0, 1)
    assert (shown(figure.value), figure.numerator, figure.denominator) == expected


def test_m16_m17_of_no_conclusion_are_unknown(told: Told) -> None:
    a_council(told, 5)
    told.imported(
        "Matter", MATTER, "raise_matter", "2026-05-01", title="架空", question="？", practice="慣行"
    )
    assert told.said("M16") == told.said("M17") == NOTHING
    assert [p["value"] for p in told.measure("M17")["parts"]] == [None, None, None]


# ------------------------------------------------------------------------------------------------ M17


def a_matter(told: Told, name: str, raised: str, concluded: str, *, carried_over: int = 0) -> None:
    asked = {"title": "架空", "question": "どうするか。", "practice": "慣行", "council_id": COUNCIL}
    told.imported("Matter", name, "raise_matter", raised, **asked)
    for _ in range(carried_over):
        told.imported("Matter", name, "carry_over", concluded)
    told.imported("Matter", name, "import_conclusion", concluded, result="adopted")


def test_m17_days_from_raised_to_concluded(told: Told) -> None:
    """1 to 31 May: 30 days; 1 May to 10 July: 30 + 30 + 10 = 70 days; median 50. Three times carried over in
    two matters: 1.5."""
    a_council(told, 5)
    a_matter(told, "matter-1", "2026-05-01", "2026-05-31")
    a_matter(told, "matter-2", "2026-05-01", "2026-07-10", carried_over=3)
    found = told.measure("M17")
    assert found["value"] == "50.0"
    assert [p["value"] for p in found["parts"]] == ["50.0", "50.0", "1.5"]
    assert said(told.part("M17", "carried_over")) == ("1.5", 3, 2)
    assert told.coverage("M17") == (2, 2)


def test_m17_of_a_month_is_an_interval(told: Told) -> None:
    """Some day in May until 30 June: 30 days (from the 31st) to 60 (from the 1st); which, is unknown."""
    a_council(told, 5)
    a_matter(told, "matter-1", "2026-05", "2026-06-30")
    found = told.measure("M17")
    assert found["value"] is None and "範囲" in found["reason_null"]["ja"]
    assert [p["value"] for p in found["parts"]] == ["30.0", "60.0", "0.0"]
