"""What pages say of what used to have no way on: a sheet without prior targets, a proposal adopted as it
was, the steps of a decision and what was promised, a meeting that was moved."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask.testing import FlaskClient

from projections.engine.store import Store
from tests.api.site import get
from tests.support.given import give
from tests.support.stories import assemblies
from tests.support.stories.assemblies import COUNCIL, MATTER, MEETING, at
from tests.support.stories.sheets import SHEET, STEPS, given_a_sheet, given_an_action_under_way


class Told:
    """A store, given commands as a TestRecord is."""

    def __init__(self, store: Store):
        self.do = partial(give, store.application)


def test_a_sheet_says_that_it_had_no_targets_beforehand(client: FlaskClient, store: Store) -> None:
    do = Told(store).do
    given_an_action_under_way(do, "implemented")
    given_a_sheet(do, "opened")
    do("SEC", "EvaluationSheet", SHEET, "do_without_targets", reason="年度末に作成（架空）")
    for step in list(STEPS)[2:]:
        for role, command, fields in STEPS[step]:
            do(role, "EvaluationSheet", SHEET, command, **fields)
    page = get(client, f"/sheets/{SHEET}")
    assert "事前の目標なし（実施後に作成）" in page.text and "年度末に作成（架空）" in page.text
    assert "none: the sheet was opened after the work" in get(client, f"/en/sheets/{SHEET}").text


def given_no_objection(told: Any) -> None:
    """The secretariat's own proposal, adopted as it was."""
    assemblies.given_a_council(told, 3)
    asked = {"title": "計画案（架空）", "question": "計画案のとおりでよいか。", "practice": "慣行"}
    told.do("SEC", "Matter", MATTER, "raise_matter", **asked)
    told.do("SEC", "Meeting", MEETING, "schedule", council_id=COUNCIL, kind="plenary", starts_at=at(14))
    item = {"item_id": "item-1", "order": 1, "title": "計画案", "type": "decision", "matter_id": MATTER}
    told.do("SEC", "Meeting", MEETING, "list_item", **item)
    told.do("CHR", "Meeting", MEETING, "open", at=at(14), presiding="seat-01", present=["seat-02"])
    taken = {"item_id": "item-1", "at": at(15), "method": "no_objection", "result": "adopted"}
    told.do("CHR", "Meeting", MEETING, "take_resolution", **taken, conclusion={"reason": "異議なし"})


def test_a_proposal_is_adopted_as_it_was_and_the_city_decides_step_by_step(
    client: FlaskClient, store: Store
) -> None:
    told = Told(store)
    given_no_objection(told)
    decision: dict[str, Any] = {
        "authority": "delegated_officer",
        "document_no": "市協第12号",
        "drafted_on": {"value": "2026-05-12", "precision": "day"},
        "consulted": [{"post": "財政課長（架空）", "outcome": "異存なし"}],
        "approved_by_post": "市民局長（架空）",
        "decided_on": {"value": "2026-05-20", "precision": "day"},
        "in_force_from": {"value": "2026-06-01", "precision": "day"},
        "promised": [
            {"step_id": "step-1", "what": "要綱を定める"},
            {"step_id": "step-2", "what": "周知する"},
        ],
    }
    told.do("APR", "Matter", MATTER, "record_city_decision", **decision)
    told.do("SEC", "Matter", MATTER, "take_promised_step", step_id="step-2")
    page = get(client, f"/matters/{MATTER}")
    for words in (
        "会議は異議なしで、原案を認めました。",
        "財政課長（架空）、異存なし",
        "市民局長（架空）",
        "令和8年(2026年)6月1日",
        "市が約束した「要綱を定める」を行ったか",
        "期限の記録なし・実施の記録なし",
        "期限の記録なし・実施済み",
    ):
        assert words in page.text, words
    assert list(get(client, f"/en/matters/{MATTER}").unmarked_japanese()) == []


def test_a_meeting_that_was_moved_stands_where_it_is_held(client: FlaskClient, store: Store) -> None:
    told: Any = Told(store)
    assemblies.given_a_council(told, 3)
    assemblies.given_a_meeting(told, "report")
    moved = {"starts_at": "2026-05-20T18:30:00+09:00", "place": "別の会館（架空）", "reason": "大雪（架空）"}
    told.do("SEC", "Meeting", MEETING, "reschedule", **moved)
    told.do(
        "CHR", "Meeting", MEETING, "open", at=moved["starts_at"], presiding="seat-01", present=["seat-02"]
    )
    others = [{"capacity": "adviser", "post": "大学教授"}, {"capacity": "staff", "post": "課長"}]
    told.do("SEC", "Meeting", MEETING, "record_others", others=others)
    told.do("SEC", "Meeting", MEETING, "record_absence", appointment_id="seat-03", reason_class="work")
    page = get(client, f"/meetings/{MEETING}")
    assert "別の会館（架空）" in page.text and "令和8年(2026年)5月20日" in page.text
    assert "欠席届" in page.text
