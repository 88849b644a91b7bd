"""The public questions P1-P5, P8, P10-P13: what anybody is answered, of Kanazawa and of a fictional city."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.kernel.viewer import PUBLIC
from domain.sample.record import make_sample
from projections.engine.store import Store
from projections.questions.question import QUESTIONS, Ask
from projections.registry import open_store
from tests.support.given import give, ticking_clock

TODAY = dt.date(2026, 4, 2)
CODES = ("P1", "P2", "P3", "P4", "P5", "P8", "P10", "P11", "P12", "P13")


def asked(store: Store, code: str, today: dt.date = TODAY, **arguments: Any) -> Any:
    with store.engine.connect() as connection:
        return QUESTIONS[code].put(Ask(connection, PUBLIC, today), arguments)


@pytest.fixture(scope="module")
def aoba(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The fictional city, with every chapter told."""
    path = tmp_path_factory.mktemp("aoba") / "record.db"
    store = open_store(f"sqlite:///{path}", clock=ticking_clock(dt.datetime(2031, 4, 1, tzinfo=dt.UTC)))
    store.create()
    make_sample(store.application, 16)
    yield store
    store.close()


# ------------------------------------------------------------------------------------------- Kanazawa


def test_p1_tells_the_timeline_as_precisely_as_it_was_recorded(kanazawa: Store) -> None:
    answer = asked(kanazawa, "P1")["answer"]
    periods = {group["period"]: group["entries"] for group in answer["periods"]}
    assert list(periods) == sorted(periods, key=lambda name: (name == "unknown", name[-4:]))
    texts = [entry["when"]["ja"] for entries in periods.values() for entry in entries]
    days = {day for text in texts for day in re.findall(r"\d+月\d+日", text)}
    assert days == {"3月1日"}
    assert any(entry["mark"] == {"ja": "推定", "en": "inferred"} for e in periods.values() for entry in e)
    fy2008 = [entry["when"]["ja"] for entry in periods["FY2008"]]
    assert all("平成20年度(2008年度)" in text and "日付の記録なし" in text for text in fy2008)
    assert asked(kanazawa, "P1", fiscal_year=2008)["answer"]["periods"][0]["entries"] == periods["FY2008"]


@pytest.mark.parametrize(("code", "where"), [("P2", "decisions"), ("P4", "meetings"), ("P5", "meetings")])
def test_where_nothing_is_recorded_the_answer_says_so(kanazawa: Store, code: str, where: str) -> None:
    found = asked(kanazawa, code)
    assert found["answer"][where] == []
    assert len(found["unknown"]) == 1


def test_p3_does_not_call_an_unknown_number_of_members_none(kanazawa: Store) -> None:
    found = asked(kanazawa, "P3")
    (council,) = found["answer"]["councils"]
    assert council["serving"] is None
    assert all(seat["held"] is None and seat["vacant"] is None for seat in council["seats"])
    assert "記録されていません" in found["says"]["ja"]
    assert "委員の氏名・人数・任期" in [gap["ja"] for gap in found["unknown"]]


def test_p8_knows_what_was_planned_and_not_what_was_spent(kanazawa: Store) -> None:
    found = asked(kanazawa, "P8")
    initial = {a["action_id"]: a["years"][0]["initial"]["yen"] for a in found["answer"]["actions"]}
    assert sorted(initial.values()) == [80_000, 200_000, 500_000, 3_400_000]
    assert all(year["spent"] is None for a in found["answer"]["actions"] for year in a["years"])
    assert sum("決算不明" in gap["ja"] for gap in found["unknown"]) == 4


def test_p10_has_four_questions_and_no_answer(kanazawa: Store) -> None:
    found = asked(kanazawa, "P10")
    (study,) = found["answer"]["studies"]
    assert [q["question"] for q in study["questions"]] == ["necessity", "functions", "location", "operation"]
    assert {(q["state"], q["answer"]) for q in study["questions"]} == {("open", None)}
    assert len(found["unknown"]) == 4


def test_p11_names_the_problems_with_their_author_and_no_figure(kanazawa: Store) -> None:
    found = asked(kanazawa, "P11")
    problems = {p["issue_id"]: p for p in found["answer"]["problems"]}
    fixed = problems["problem-fixed-participants"]
    assert "参加者の固定化" in fixed["text"] and fixed["asserted_by"]
    assert fixed["responses"] == ["device-grouping"]
    assert all(figure["value"] is None for figure in found["answer"]["figures"])


def test_p12_lists_what_is_closed_by_its_ground(kanazawa: Store) -> None:
    """The photograph is internal until it has been checked (F42)."""
    answer = asked(kanazawa, "P12")["answer"]
    assert [(g["ground"], g["parts"]) for g in answer["closed_by_ground"]] == [("personal", 1)]
    assert answer["changes"] == []


def test_p13_names_the_licence_and_every_address(kanazawa: Store) -> None:
    answer = asked(kanazawa, "P13")["answer"]
    assert "PDL1.0" in answer["licence"]["name"]
    assert "/timeline.csv" in {export["address"] for export in answer["exports"]}


# ------------------------------------------------------------------------------------ a fictional city


def test_p2_tells_two_facts_by_two_authors(aoba: Store) -> None:
    decisions = {d["matter_id"]: d for d in asked(aoba, "P2")["answer"]["decisions"]}
    answered = next(d for d in decisions.values() if d["city_decision"])
    assert answered["council"]["result"] == "adopted" and answered["council"]["reason"]
    assert answered["city_decision"]["authority"] == "mayor"
    assert answered["city_response"]["disposition"] in ("accepted", "partly")
    (one,) = asked(aoba, "P2", matter_id="matter-s00001")["answer"]["decisions"]
    assert len(one["options"]) == 3 and one["dissent"]["count"] == len(one["dissent"]["texts"])


def test_p3_counts_seats_held_and_vacant(aoba: Store) -> None:
    found = asked(aoba, "P3", council_id="council-aoba")
    (council,) = found["answer"]["councils"]
    assert council["serving"] == 28
    seats = {s["category"]: (s["seats"], s["held"], s["vacant"]) for s in council["seats"]}
    assert seats == {"organisation": (16, 16, 0), "public_recruitment": (14, 12, 2)}


def test_p4_tells_when_where_and_how_many_may_come(aoba: Store) -> None:
    starts = dt.datetime(2031, 5, 10, 10, tzinfo=dt.UTC)
    meeting = {"council_id": "council-aoba", "kind": "plenary", "place": "あおば会館（架空）"}
    about = {"starts_at": starts.isoformat(), "title": "次の会（架空）"}
    give(aoba.application, "SEC", "Meeting", "meeting-next", "schedule", **meeting, **about)
    item = {"item_id": "item-1", "order": 1, "title": "話題（架空）", "type": "discussion"}
    give(aoba.application, "SEC", "Meeting", "meeting-next", "list_item", **item)
    notice = {"notice_on": "2031-05-01", "publicity": "open", "observer_capacity": 15}
    give(aoba.application, "SEC", "Meeting", "meeting-next", "notify", **notice)
    (told,) = asked(aoba, "P4", dt.date(2031, 5, 2))["answer"]["meetings"]
    assert (told["title"], told["place"], told["observer_capacity"]) == (
        "次の会（架空）",
        "あおば会館（架空）",
        15,
    )
    assert [topic["title"] for topic in told["topics"]] == ["話題（架空）"]
    assert asked(aoba, "P4", dt.date(2031, 5, 11))["answer"]["meetings"] == []


def test_p5_tells_how_far_the_minutes_are(aoba: Store) -> None:
    found = asked(aoba, "P5", council_id="council-aoba")
    states = {m["meeting_id"]: m for m in found["answer"]["meetings"]}
    assert states["meeting-s00001"]["state"] == "published"
    assert states["meeting-s00001"]["document_id"] == "doc-s00001-minutes"
    waiting = [m for m in states.values() if m["state"] == "closed"]
    assert waiting and all(m["expected_by"] and m["rule"] for m in waiting)
    assert {m["rule_url"] for m in waiting} == {"/rules#minutes-due"}


def test_p8_sums_what_was_spent(aoba: Store) -> None:
    actions = {a["action_id"]: a for a in asked(aoba, "P8")["answer"]["actions"]}
    fair = actions["action-r1-fair"]["years"][0]
    assert (fair["initial"]["yen"], fair["current"]["yen"], fair["spent"]["yen"]) == (
        300_000,
        340_000,
        331_200,
    )


def test_p10_tells_the_answers_and_what_comes_next(aoba: Store) -> None:
    (study,) = asked(aoba, "P10")["answer"]["studies"]
    answers = {q["question"]: (q["state"], q["answer"]) for q in study["questions"]}
    assert answers["functions"] == ("answered", "相談・交流・学びの場")
    assert answers["operation"] == ("left_open", None)
    assert (study["state"], study["next"]) == ("closed", None)


def test_p12_lists_corrections_and_redactions_without_what_they_closed(aoba: Store) -> None:
    answer = asked(aoba, "P12")["answer"]
    acts = {change["act"]["en"] for change in answer["changes"]}
    assert {"correction", "redaction or change of disclosure", "supersession"} <= acts
    assert sum(g["parts"] for g in answer["closed_by_ground"]) > 0


@pytest.mark.parametrize("code", CODES)
def test_no_person_is_named_by_name_or_id(aoba: Store, code: str) -> None:
    told = repr(asked(aoba, code))
    assert not re.search(r"'p-[a-z0-9-]+'|'seat-[a-z0-9-]+'", told)
    assert "架空 " not in told, "names of people in the fictional record begin so"


@pytest.mark.parametrize("code", CODES)
def test_every_answer_is_said_in_both_languages(aoba: Store, code: str) -> None:
    found = asked(aoba, code)
    assert found["says"]["ja"] and found["says"]["en"].isascii()


def test_the_answers_are_the_same_on_both_databases(kanazawa: Store, tmp_path: Path) -> None:
    """The fixture gives each database in turn; both tell what is written here."""
    assert asked(kanazawa, "P1")["says"]["en"].startswith("61 events are on record.")
    assert [e["position"] for e in asked(kanazawa, "P8")["events"]]
