"""Participation health, measured on both databases: by hand, by another way, and where nothing is known."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from domain.council.seats import first_day, last_day
from domain.kernel.viewer import PUBLIC
from domain.sample.record import make_sample
from domain.values.calendar import JAPAN
from domain.values.refusal import Refusal
from projections.engine.log import events_after
from projections.engine.store import Store
from projections.metrics.ask import catalogue, measure_all
from projections.metrics.metric import METRICS
from projections.rebuild.replay import verify
from tests.support.measured import STAFF, TODAY
from tests.support.stories import assemblies
from tests.support.stories.assemblies import MEETING, at


def given_a_meeting(told: Any, members: int, present: int) -> None:
    assemblies.given_a_council(told, members, quorum={"basis": "none"}, **assemblies.OF_PRESENT)
    assemblies.given_a_meeting(told, "report")
    told.do("SEC", "Meeting", MEETING, "notify", notice_on="2026-05-01", publicity="open")
    assemblies.given_it_is_open(told, present)


def test_m1_is_that_of_the_city_by_name(told: Any) -> None:
    """15 of 27 were there: 55.6 % (O8)."""
    given_a_meeting(told, 27, 15)
    assert told.said("M1") == ("55.6", 15, 27)
    assert told.said("M1b") == ("55.6", 15, 27)
    assert told.measure("M1")["coverage"] == {"known": 1, "of": 1, "percent": "100.0"}
    assert told.said("M3") == ("100.0", 15, 15)
    assert told.said("M5") == (None, None, None)
    assert told.said("M18") == ("100.0", 27, 27)
    top = told.measure("M2")
    assert (top["value"], top["numerator"], top["denominator"]) == ("40.0", 6, 15)
    assert top["parts"][1]["value"] is None
    assert told.said("M14") == ("100.0", 1, 1)
    assert told.said("M1", period=2025) == (None, None, None)
    assert [
        p.view for p in verify(told.store, ["participation", "council_work", "joint_work"]) if not p.equal
    ] == []


def test_m1_is_that_of_the_city_as_counted(told: Any) -> None:
    assemblies.given_a_council(told)
    assemblies.given_a_meeting(told, "report")
    counts = {"members_serving": 27, "members_present": 15}
    told.do("IMP", "Meeting", MEETING, "import_counts", importing=True, **counts)
    assert told.said("M1") == ("55.6", 15, 27)
    assert told.said("M1b") == told.said("M2") == (None, None, None)
    assert told.measure("M2")["coverage"] == {"known": 0, "of": 1, "percent": "0.0"}


def test_m1_counts_who_comes_late_and_m1c_not_who_left_before_the_decision(told: Any) -> None:
    assemblies.given_a_council(told, 10, **assemblies.MORE_THAN_HALF, **assemblies.OF_PRESENT)
    assemblies.given_a_meeting(told, "decision")
    told.do("SEC", "Meeting", MEETING, "notify", notice_on="2026-05-01", publicity="open")
    assemblies.given_it_is_open(told, 6)
    who = {"appointment_id": "seat-07", "at": at(14, 10)}
    told.do("SEC", "Meeting", MEETING, "arrive", **who)
    told.do("SEC", "Meeting", MEETING, "leave", **{**who, "at": at(14, 30)})
    told.do("CHR", "Meeting", MEETING, "take_resolution", **assemblies.a_vote(6, 0))
    assert told.said("M1") == ("70.0", 7, 10)
    assert told.said("M1c") == ("60.0", 6, 10)


def test_a_small_group_is_not_shown_to_the_public(told: Any) -> None:
    given_a_meeting(told, 4, 3)
    shown = told.measure("M1")
    assert shown["suppressed"] is True
    assert (shown["value"], shown["numerator"], shown["denominator"]) == (None, None, None)
    assert "5人未満" in shown["reason_null"]["ja"] and "fewer than 5" in shown["reason_null"]["en"]
    assert told.said("M1", viewer=STAFF) == ("75.0", 3, 4)


def test_m8_says_that_it_shows_no_cause(told: Any) -> None:
    given_a_meeting(told, 27, 15)
    found = told.measure("M8")
    assert found["value"] is None
    assert "因果を示すものではない" in found["note"]["ja"] and "does not show cause" in found["note"]["en"]
    assert "27" in found["note"]["en"]


def test_nothing_is_known_of_kanazawas_meetings(kanazawa: Store) -> None:
    with kanazawa.engine.connect() as connection:
        found = {m["code"]: m for m in measure_all(connection, period=2008, viewer=PUBLIC, today=TODAY)}
    assert set(found) == set(METRICS)
    assert [code for code, m in found.items() if m["value"] is not None] == []
    assert all(m["reason_null"]["ja"] and m["reason_null"]["en"] for m in found.values())
    assert {m["coverage"]["known"] for m in found.values()} == {0}
    assert (found["M11"]["numerator"], found["M11"]["denominator"]) == (3, None)
    assert (found["M12"]["numerator"], found["M12"]["denominator"]) == (2000, None)


def percent(numerator: int, denominator: int) -> str:
    exact = Decimal(100 * numerator) / Decimal(denominator)
    return str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def test_a_fictional_year_gives_what_the_events_say(store: Store) -> None:
    """Recomputed straight from the log, without any view."""
    make_sample(store.application, 8)
    with store.engine.connect() as connection:
        events = events_after(connection, 0, limit=100_000)
        found = {m["code"]: m for m in measure_all(connection, period=2021, viewer=STAFF, today=TODAY)}
    first, last = dt.date(2021, 4, 1), dt.date(2022, 3, 31)
    seats_of = [e.data for e in events if e.type == "MemberAppointed"]
    gone = {e.data.appointment_id: first_day(e.data.on) for e in events if e.type == "AppointmentEnded"}

    def serving(day: dt.date) -> set[str]:
        return {
            s.appointment_id
            for s in seats_of
            if first_day(s.from_date) <= day <= last_day(s.to_date)
            and day < gone.get(s.appointment_id, dt.date.max)
        }

    kinds = {e.entity: e.data.kind for e in events if e.type == "MeetingScheduled"}
    there: dict[str, set[str]] = {}
    days: dict[str, dt.date] = {}
    for e in events:
        if e.type == "MeetingOpened" and kinds[e.entity] in ("plenary", "workshop"):
            day = e.data.at.astimezone(JAPAN).date()
            if first <= day <= last:
                days[e.entity], there[e.entity] = day, {*e.data.present, e.data.presiding}
        elif e.type == "AttendeeArrived" and e.entity in there:
            there[e.entity].add(e.data.appointment_id)
    present = sum(len(who & serving(days[m])) for m, who in there.items())
    seats_in_all = sum(len(serving(day)) for day in days.values())
    assert there
    assert (found["M1"]["numerator"], found["M1"]["denominator"]) == (present, seats_in_all)
    assert found["M1"]["value"] == percent(present, seats_in_all)

    years = [e for e in events if getattr(e.data, "fiscal_year", None) == 2021]
    settled = {e.entity: e.data.spent_yen for e in years if e.type == "SettlementRecorded"}
    current = {
        action: sum(e.data.amount_yen for e in years if e.type == "BudgetAllocated" and e.entity == action)
        for action in settled
    }
    assert found["M13"]["value"] == percent(sum(settled.values()), sum(current.values()))
    concluded = [e for e in events if e.type == "MatterConcluded" and first <= last_day(e.effective) <= last]
    assert found["M16"]["denominator"] == len(concluded)


@pytest.mark.parametrize("period", [1800, (dt.date(2026, 5, 2), dt.date(2026, 5, 1))])
def test_a_period_that_is_none_is_refused(told: Any, period: Any) -> None:
    assemblies.given_a_council(told)
    with pytest.raises(Refusal) as refused:
        told.measure("M1", period=period)
    assert refused.value.code == "PERIOD_WRONG"


def test_the_catalogue_is_that_of_the_domain() -> None:
    assert [m.code for m in catalogue()] == [
        "M1", "M1b", "M1c", *(f"M{n}" for n in range(2, 20)),
    ]  # fmt: skip
