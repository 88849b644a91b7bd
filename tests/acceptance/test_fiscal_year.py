"""A whole fiscal year through HTTP alone: from the plan's measure to what the next year made of its sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from domain.evaluation_sheet.template import TEMPLATES
from projections.rebuild.replay import verify
from projections.registry import open_store
from tests.acceptance.site import Site

REMIT = {"instrument_id": "law-sample", "article": 17, "paragraph": 2}
SEATS = [f"seat-{n}" for n in range(1, 6)]
ACTION, SHEET = "actions/action-forum", "sheets/sheet-forum-2025"
FY = 2025


def at(day: str, hour: int) -> str:
    zone = dt.timezone(dt.timedelta(hours=9))
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), zone).isoformat()


def found(site: Site) -> None:
    """A city, an ordinance, a council of five with rules, and a plan in force with one measure."""
    site.post(
        "SEC", "parties/-/register-organisation", id="org-sample", name_ja="架空市", category="municipality"
    )
    site.post("SEC", "ordinances", id="law-sample", title_ja="架空市市民協働条例", enacted="2024-04-01")
    basis = {**REMIT, "paragraph": 1}
    council = {"name_ja": "架空市民会議", "established_on": "2024-05-01", "legal_basis": basis}
    site.post("SEC", "councils", id="council-sample", **council, **DOCUMENTED)
    rules = {"quorum": {"basis": "more_than_half"}, "majority": MAJORITY, "effective_from": "2024-05-01"}
    site.post("SEC", "councils/council-sample/adopt-rules", rules_version=1, **rules, **DOCUMENTED)
    site.post("SEC", "councils/council-sample/open-term", term_no=1, from_date="2024-05-01", **DOCUMENTED)
    for seat in SEATS:
        site.post("SEC", "parties", id=f"p-{seat}", name=f"架空 {seat}")
        who = {"appointment_id": seat, "party_id": f"p-{seat}", "category": "public_recruitment"}
        since = {"term_no": 1, "from_date": "2024-05-01"}
        site.post("SEC", "councils/council-sample/appoint", **who, **since, **DOCUMENTED)
    for party in ("p-citizen", "p-official"):
        site.post("SEC", "parties", id=party, name=f"架空 {party}")


MAJORITY = {"base": "present", "threshold": "more_than_half"}
DOCUMENTED: dict[str, Any] = {"record": {"document_no": "6市協第1号"}}


def make_the_plan(site: Site) -> None:
    site.post(
        "SEC",
        "plans/-/start-formulation",
        id="plan-sample",
        title_ja="架空市協働推進計画",
        council_id="council-sample",
    )
    measure = {"measure_id": "measure-meet", "text_ja": "市民と市が出会う場をつくる", "art16_item": 1}
    site.post("SEC", "plans/plan-sample/state-measure", **measure)


def decide(site: Site) -> None:
    """The council agrees to hold a forum: the chair reads the conclusion out with the resolution."""
    words = {"title": "協働フォーラム", "question": "フォーラムを開くか。", "council_id": "council-sample"}
    site.post("MEM", "matters", id="matter-forum", **words, remit=REMIT, raised_from=["measure-meet"])
    site.post("MEM", "matters/matter-forum/propose-option", option_id="option-1", label="年に一度開く")
    site.post("CHR", "matters/matter-forum/freeze-options")
    meeting = {"council_id": "council-sample", "kind": "plenary", "starts_at": at("2025-04-10", 19)}
    site.post("SEC", "meetings", id="meeting-1", **meeting, place="架空会館")
    item = {"item_id": "item-1", "order": 1, "title": "協働フォーラム", "type": "decision"}
    site.post("SEC", "meetings/meeting-1/list-item", **item, matter_id="matter-forum")
    site.post("SEC", "meetings/meeting-1/notify", notice_on="2025-04-01", publicity="open")
    present = {"presiding": SEATS[0], "present": SEATS[1:4]}
    site.on_the("2025-04-11")  # it was over when it was written down
    site.post("CHR", "meetings/meeting-1/open", at=at("2025-04-10", 19), **present)
    said = {"chosen_option": "option-1", "reason": "出会う場がないため"}
    agreed = {"method": "no_objection", "result": "adopted", "options_version": 1, "conclusion": said}
    resolved = {"item_id": "item-1", "at": at("2025-04-10", 20)}
    site.post("CHR", "meetings/meeting-1/take-resolution", **resolved, **agreed)
    site.post("CHR", "meetings/meeting-1/close", at=at("2025-04-10", 21))


def plan_the_year(site: Site) -> None:
    """Proposed, adopted by the matter, opened, planned with an indicator and roles, with money."""
    proposed = {"title": "協働フォーラム", "measure_id": "measure-meet", "matter_id": "matter-forum"}
    site.post("SEC", "actions/-/propose", id="action-forum", **proposed, art16_item=1)
    site.post("APR", f"{ACTION}/adopt", matter_id="matter-forum", fiscal_year=FY)
    site.post("SEC", f"{ACTION}/open-cycle", fiscal_year=FY)
    plan = {
        "goals": ["初めての人に来てもらう"],
        "indicators": [{"name": "初参加者", "unit": "人", "target": "30"}],
        "roles": [
            {"party": "council-sample", "duty": "企画と司会"},
            {"party": "org-sample", "duty": "会場と広報"},
        ],
    }
    site.post("SEC", f"{ACTION}/plan-cycle", fiscal_year=FY, **plan)
    thousand = {"stated_unit": "千円"}
    initial = {"kind": "initial", "amount_yen": 500_000, "stated_amount": 500, **thousand}
    more = {"kind": "supplementary", "amount_yen": 80_000, "stated_amount": 80, **thousand}
    for line in (initial, more):
        site.post("SEC", f"{ACTION}/allocate-budget", fiscal_year=FY, **line)
    phases = {"phases": ["planning"], "fiscal_year": FY, "form": "企画会議", "evidence_ref": "meeting-1"}
    site.post("SEC", f"{ACTION}/record-council-involvement", **phases)


def open_the_sheet(site: Site) -> None:
    about = {"action_id": "action-forum", "fiscal_year": FY, "stage": "end"}
    sides = {"side_c": "p-citizen", "side_g": "p-official"}
    site.post("SEC", "sheets", id="sheet-forum-2025", **about, **sides)
    indicator = {"name": "初参加者", "unit": "人", "target": "30"}
    site.post("SEC", f"{SHEET}/agree-targets", indicators=[indicator], beneficiary_target="参加者30人に聞く")


def hold_the_forum(site: Site) -> None:
    site.post("SEC", f"{ACTION}/start-implementation", fiscal_year=FY)
    forum = {"activity_id": "forum-1", "kind": "forum", "held_on": "2025-10-04", "place": "架空会館"}
    counted = {"participants": 62, "first_time": 35, "returning": 20, "unknown": 7}
    site.post("SEC", f"{ACTION}/record-activity", **forum, **counted)
    site.post("SEC", f"{ACTION}/complete-implementation", fiscal_year=FY)


def settle(site: Site) -> None:
    """After 1 June the books of the year before are closed (O29)."""
    spent = {"spent_yen": 561_300, "carried_out_yen": 0, "provisional": False}
    site.post("SEC", f"{ACTION}/settle", fiscal_year=FY, **spent)


def scores(**low: int) -> list[dict[str, Any]]:
    """3 for every item but those named; a score below 3 says why."""
    made = []
    for code in TEMPLATES[1].codes:
        score = low.get(code, 3)
        comment = {"comment": "情報が遅れた日があった"} if score < 3 else {}
        made.append({"item": code, "score": score, **comment})
    return made


def evaluate(site: Site) -> None:
    """Both sides blind, a gap of 2 in P6 discussed and kept, a third party, an improvement, published."""
    site.post("SEC", f"{SHEET}/start-self-evaluation", due_on="2026-06-30")
    site.post(
        "EV-C", f"{SHEET}/submit-self-evaluation", side="c", scores=scores(P6=2), overall="開けてよかった"
    )
    site.post(
        "EV-G", f"{SHEET}/submit-self-evaluation", side="g", scores=scores(P6=4), overall="来場が増えた"
    )
    site.post("SEC", f"{SHEET}/hold-dialogue", held_on="2026-06-20", attended=["p-citizen", "p-official"])
    site.post("SEC", f"{SHEET}/discuss-gap", item="P6", cause="連絡の頻度の受け止めが違った")
    site.post("SEC", f"{SHEET}/keep-difference", item="P6", why="双方の実感を残すため")
    site.post("SEC", f"{SHEET}/conclude-mutual")
    opinion = {"by": "org-sample", "grade": "B", "text": "初参加者の声をさらに聞くとよい"}
    site.post("SEC", f"{SHEET}/add-third-party-opinion", **opinion)
    improvement = {
        "improvement_id": "imp-weekly",
        "text": "準備中は週に一度連絡し合う",
        "owner": "both",
    }
    site.post("SEC", f"{SHEET}/agree-improvement", **improvement, applies_to_fiscal_year=FY + 1)
    site.post("SEC", f"{SHEET}/publish")
    site.post("SEC", f"{ACTION}/evaluate-cycle", fiscal_year=FY, sheet_id="sheet-forum-2025")
    site.post("SEC", f"{ACTION}/close-cycle", fiscal_year=FY)


def answer_it_next_year(site: Site) -> None:
    site.post("SEC", f"{ACTION}/open-cycle", fiscal_year=FY + 1)
    answers = [{"improvement_id": "imp-weekly", "taken": True, "reason": "毎週月曜に打ち合わせる"}]
    site.post("SEC", f"{ACTION}/plan-cycle", fiscal_year=FY + 1, goals=["顔の見える準備"], answers=answers)


CHAPTERS = {
    found: "2024-05-01",
    make_the_plan: "2024-10-01",
    decide: "2025-04-10",
    plan_the_year: "2025-04-20",
    open_the_sheet: "2025-05-01",
    hold_the_forum: "2025-10-05",
    settle: "2026-06-08",
    evaluate: "2026-06-20",
    answer_it_next_year: "2026-07-01",
}
"""What happens, and the day on which it is recorded."""


@pytest.fixture(scope="module")
def year(module_database_url: str) -> Iterator[Site]:
    """The year, recorded once for each database; the tests only ask."""
    site = Site(module_database_url, EV_C="p-citizen", EV_G="p-official")
    for chapter, day in CHAPTERS.items():
        site.on_the(day)
        chapter(site)
    yield site
    site.close()


def asked(site: Site, code: str, **parameters: Any) -> Any:
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return site.get(f"questions/{code}?{query}", role="SEC" if code.startswith("S") else None)


def test_s13_in_which_phases_the_council_was_involved(year: Site) -> None:
    (action,) = asked(year, "S13", action_id="action-forum")["answer"]["actions"]
    first = action["years"][0]
    assert first["fiscal_year"] == FY
    found = {phase["phase"]: (phase["standing"], phase["evidence"]) for phase in first["phases"]}
    assert found == {
        "planning": ("evidence", ["meeting-1"]),
        "implementation": ("not_recorded", []),
        "evaluation": ("not_recorded", []),
    }


def test_s14_what_was_promised_was_taken_up_next_year(year: Site) -> None:
    answer = asked(year, "S14")["answer"]
    assert (answer["taken"], answer["not_taken"], answer["unanswered"], answer["undone"]) == (1, 0, 0, [])
    (promised,) = answer["promised"]
    assert (promised["sheet_id"], promised["applies_to_fiscal_year"]) == ("sheet-forum-2025", FY + 1)
    assert (promised["outcome"], promised["answered_in_fiscal_year"]) == ("taken", FY + 1)


def test_s15_the_money_of_the_year(year: Site) -> None:
    """500 + 80 thousand, 561,300 spent: 18,700 left, and nothing known of the next year."""
    first = asked(year, "S15", action_id="action-forum")["answer"]["years"][0]
    told = {name: first[name]["yen"] for name in ("initial", "current", "spent", "left", "unused")}
    assert told == {
        "initial": 500_000,
        "current": 580_000,
        "spent": 561_300,
        "left": 18_700,
        "unused": 18_700,
    }
    assert [change["amount"]["stated"] for change in first["changes"]] == ["80千円"]
    assert first["provisional"] is False


def test_s16_where_the_two_sides_differ_and_why(year: Site) -> None:
    (sheet,) = asked(year, "S16", action_id="action-forum")["answer"]["sheets"]
    (item,) = sheet["differences"]
    assert (item["item"], item["c"]["score"], item["g"]["score"], item["gap"]) == ("P6", 2, 4, -2)
    assert [discussed["cause"] for discussed in item["discussed"]] == ["連絡の頻度の受け止めが違った"]
    assert item["kept"] == "双方の実感を残すため"


def test_p7_what_the_plan_led_to(year: Site) -> None:
    (plan,) = asked(year, "P7")["answer"]["plans"]
    (measure,) = plan["measures"]
    assert [(action["action_id"], action["state"]) for action in measure["actions"]] == [
        ("action-forum", "active")
    ]


def test_p8_what_it_cost(year: Site) -> None:
    told = repr(asked(year, "P8")["answer"])
    assert "580000" in told and "561300" in told


def test_p9_how_both_sides_judge_it(year: Site) -> None:
    (sheet,) = asked(year, "P9", action_id="action-forum")["answer"]["sheets"]
    scores = {item["item"]: (item["c"]["score"], item["g"]["score"]) for item in sheet["items"]}
    assert scores["P6"] == (2, 4)
    assert all(pair == (3, 3) for item, pair in scores.items() if item != "P6")
    assert "準備中は週に一度連絡し合う" in repr(sheet)
    assert "p-citizen" not in repr(sheet)


def test_the_next_year_cannot_be_planned_without_an_answer(database_url: str) -> None:
    site = Site(database_url, EV_C="p-citizen", EV_G="p-official")
    for chapter, day in CHAPTERS.items():
        if chapter is not answer_it_next_year:
            site.on_the(day)
            chapter(site)
    site.post("SEC", f"{ACTION}/open-cycle", fiscal_year=FY + 1)
    refused = site.client.post(
        f"/api/v1/{ACTION}/plan-cycle",
        json={"fiscal_year": FY + 1, "goals": ["続ける"]},
        headers={"Authorization": f"Bearer {site.tokens['SEC']}"},
    )
    assert (refused.status_code, refused.get_json()["code"]) == (422, "IMPROVEMENT_UNANSWERED")


def test_every_view_equals_a_replay_afterwards(year: Site) -> None:
    store = open_store(year.url)
    assert [proof.view for proof in verify(store) if not proof.equal] == []
    store.close()
