"""Chapters about the plan and its years: a plan with public comment, an action from budget to evaluation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.evaluation_sheet.template import CURRENT, TEMPLATES


def a_plan_is_made_with_the_public(story: Any, tag: str) -> None:
    """A draft, comments with every disposition, the council's agreement, the city's approval; revised, then
    replaced by the next. An older one has run to its end."""
    plan, later = f"plan-{tag}-first", f"plan-{tag}-second"

    def do(role: str, command: str, **arguments: Any) -> None:
        story.do(role, "PromotionPlan", plan, command, **arguments)

    draft, result = f"doc-{tag}-draft", f"doc-{tag}-result"
    do("SEC", "start_formulation", title_ja=f"地区協働計画 {tag}（架空）", council_id=story.COUNCIL)
    story.document(draft, "地区協働計画 案", "draft")
    do("SEC", "prepare_draft", document_id=draft)
    do("SEC", "state_measure", measure_id=f"measure-{tag}", text_ja="地区の集まりを開く（架空）")
    window = {"from_date": story.on(), "to_date": story.on(20), "channels": ["email", "in_person"]}
    do("SEC", "open_public_comment", **window)
    _comments(story, plan, tag)
    story.go_to_day(story.now.date() + dt.timedelta(days=21))
    story.document(result, "意見募集の結果", "public_comment")
    do("SEC", "publish_comment_result", persons=3, comments=4, document_id=result)
    agreed = story.adopted_matter(f"matter-{tag}-plan", "地区協働計画の合意")
    do("CHR", "record_agreement", matter_id=agreed)
    do("APR", "approve", authority="mayor", document_no=story.number_for("計"), on=story.on())
    first = story.plan_year(2)
    period = {"period_from_fy": first, "period_to_fy": first + 1, "published_on": story.on()}
    do("SEC", "publish", title_ja=f"地区協働計画 {tag}（架空）", **period, replaces=story.last_plan)
    revised = story.adopted_matter(f"matter-{tag}-revision", "地区協働計画の改訂")
    do("SEC", "revise", matter_id=revised, document_id=draft)
    do("DIS", "erase_commenter", comment_id="c-3", reason="本人の求めによる（架空）")
    _replaced(story, plan, later, first, agreed, tag)
    past, begun = f"plan-{tag}-past", story.past_plan_year(5)
    period = {"period_from_fy": begun, "period_to_fy": begun + 4}
    story.do("IMP", "PromotionPlan", past, "register", title_ja="以前の計画（架空）", **period)
    story.do("SEC", "PromotionPlan", past, "expire", on={"value": f"{begun + 5}-04-01", "precision": "day"})


def _comments(story: Any, plan: str, tag: str) -> None:
    """Four comments of three people, each disposed of in one of the four ways (O6)."""
    dispositions: tuple[tuple[str, dict[str, str]], ...] = (
        ("reflected", {"draft_change": "3章に集まりの日程を加えた（架空）"}),
        ("already_included", {}),
        ("for_reference", {}),
        ("not_adopted", {}),
    )
    for n, (disposition, change) in enumerate(dispositions, 1):
        text, comment = f"doc-{tag}-comment-{n}", f"c-{n}"
        letter = {"kind": "public_comment", "title": f"寄せられた意見 {n}（架空）"}
        closed = {"visibility": "closed", "ground": "personal"}
        story.do("SEC", "Document", text, "register", **letter, disclosure=closed)
        who = {"name": f"架空 意見{n}番", "address": "あおば市架空町1-1"}
        received = {"comment_id": comment, "channel": "email", "text_ref": text, "received_on": story.on()}
        by = who if n < 4 else {"same_person_as": "c-1"}
        story.do("SEC", "PromotionPlan", plan, "receive_comment", **received, **by)
        reply = {"comment_id": comment, "disposition": disposition, "reply": "ご意見をふまえます。（架空）"}
        story.do("SEC", "PromotionPlan", plan, "dispose_comment", **reply, **change)


def _replaced(story: Any, plan: str, later: str, first: int, matter: str, tag: str) -> None:
    """The next plan takes its place before it ends."""
    title = {"title_ja": "次の計画（架空）"}
    started = {**title, "council_id": story.COUNCIL}
    story.do("SEC", "PromotionPlan", later, "start_formulation", **started)
    draft = f"doc-{tag}-next"
    story.document(draft, "次の計画 案", "draft")
    story.do("SEC", "PromotionPlan", later, "prepare_draft", document_id=draft)
    story.do("SEC", "PromotionPlan", later, "record_agreement", matter_id=matter)
    approved = {"authority": "mayor", "document_no": story.number_for("計"), "on": story.on()}
    story.do("APR", "PromotionPlan", later, "approve", **approved)
    replaced = {"superseded_by": later, "from_fy": first + 1, "reason": "状況の変化（架空）"}
    story.do("SEC", "PromotionPlan", plan, "supersede", **replaced)
    period = {"period_from_fy": first + 1, "period_to_fy": first + 1, "replaces": plan}
    story.do("SEC", "PromotionPlan", later, "publish", **title, **period)
    story.last_plan = later


def an_action_from_budget_to_evaluation(story: Any, tag: str) -> None:
    """One action over two years: registered, money of four kinds, material, a blind sheet, an improvement."""
    action, year = f"action-{tag}-fair", story.fiscal_year()

    def do(role: str, command: str, **arguments: Any) -> None:
        story.do(role, "PlanAction", action, command, **arguments)

    do("SEC", "register", title_ja=f"市民協働フェア {tag}（架空）", measure_id="measure-1")
    do("APR", "adopt", matter_id=story.made.matters[0], fiscal_year=year)
    do("SEC", "open_cycle", fiscal_year=year)
    roles = [{"party": story.COUNCIL, "duty": "企画"}, {"party": "org-aoba-city", "duty": "会場"}]
    target = [{"name": "初参加者", "unit": "人", "target": "30"}]
    do("SEC", "plan_cycle", fiscal_year=year, goals=["出会う場をつくる"], indicators=target, roles=roles)
    for kind, thousands in (("initial", 300), ("supplementary", 50), ("transfer", -20), ("carry_in", 10)):
        stated = {"stated_amount": thousands, "stated_unit": "千円", "amount_yen": thousands * 1_000}
        do("SEC", "allocate_budget", fiscal_year=year, kind=kind, **stated)
    sheet = _sheet_with_targets(story, action, year, tag)
    do("SEC", "start_implementation", fiscal_year=year)
    part = {"phases": ["planning", "implementation"], "fiscal_year": year, "form": "班として参加"}
    do("SEC", "record_council_involvement", **part, evidence_ref=story.made.meetings[0])
    held = {"activity_id": "fair-1", "kind": "forum", "held_on": story.on(), "place": "あおば広場（架空）"}
    counted = {"participants": 80, "first_time": 40, "returning": 30, "unknown": 10}
    do("SEC", "record_activity", **held, **counted)
    do("SEC", "record_material", item_ja="案内の冊子（架空）", copies=500, produced_on=story.on())
    distribution = {"item_ja": "案内の冊子（架空）", "audience": "citizen", "channel": "forum", "copies": 320}
    do("SEC", "record_distribution", **distribution, distributed_on=story.on())
    do("SEC", "suspend", reason="大雪のため（架空）")
    do("SEC", "resume", reason="雪が解けたため（架空）")
    do("SEC", "complete_implementation", fiscal_year=year)
    story.go_to_day(dt.date(year + 1, 6, 10))
    do("SEC", "settle", fiscal_year=year, spent_yen=331_200, carried_out_yen=0, provisional=False)
    _judged(story, sheet, year)
    do("SEC", "evaluate_cycle", fiscal_year=year, sheet_id=sheet)
    do("SEC", "close_cycle", fiscal_year=year)
    do("SEC", "open_cycle", fiscal_year=year + 1)
    answer = {"improvement_id": "i-1", "taken": True, "reason": "月に一度集まる（架空）"}
    do("SEC", "plan_cycle", fiscal_year=year + 1, goals=["続ける"], answers=[answer])
    late = {"improvement_id": "i-2", "text": "案内を早く出す（架空）", "applies_to_fiscal_year": year + 1}
    do("SEC", "decide_improvement", fiscal_year=year, **late)
    do(
        "SEC",
        "answer_improvement",
        improvement_id="i-2",
        way="change_in_year",
        fiscal_year=year + 1,
        taken=True,
    )
    _without_targets(story, action, year, tag)
    do("SEC", "end", reason="地区の行事に引き継ぐため（架空）")


def _without_targets(story: Any, action: str, year: int, tag: str) -> None:
    """A sheet opened after the work was done, and not brought to its end."""
    sheet = f"sheet-{tag}-late"
    about = {
        "action_id": action,
        "fiscal_year": year,
        "stage": "middle",
        "side_c": "p-ev-c",
        "side_g": "p-ev-g",
    }
    story.do("SEC", "EvaluationSheet", sheet, "open", **about)
    story.do("SEC", "EvaluationSheet", sheet, "do_without_targets", reason="実施後に開いたため（架空）")
    story.do("SEC", "EvaluationSheet", sheet, "cancel", reason="終わりの評価で足りるため（架空）")


def _sheet_with_targets(story: Any, action: str, year: int, tag: str) -> str:
    sheet = f"sheet-{tag}-fair"
    for side in ("ev-c", "ev-g"):
        if f"p-{side}" not in story.known:
            story.known.add(f"p-{side}")
            story.do("SEC", "Party", f"p-{side}", "register_person", name="架空 評価者")
    about = {"action_id": action, "fiscal_year": year, "stage": "end", "side_c": "p-ev-c", "side_g": "p-ev-g"}
    story.do("SEC", "EvaluationSheet", sheet, "open", **about)
    target = {"indicators": [{"name": "初参加者", "unit": "人", "target": "30"}]}
    agreed = {"beneficiary_target": "参加者20人に聞く（架空）"}
    story.do("SEC", "EvaluationSheet", sheet, "agree_targets", **target, **agreed)
    return sheet


def _scores(**low: int) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for code in TEMPLATES[CURRENT].codes:
        score = low.get(code, 3)
        why = {"comment": "連絡が遅れた（架空）"} if score < 3 else {}
        made.append({"item": code, "score": score, **why})
    return made


def _judged(story: Any, sheet: str, year: int) -> None:
    """Both sides blind; one corrects itself; two items differ: one is agreed on, one kept apart."""

    def do(role: str, command: str, **arguments: Any) -> None:
        story.do(role, "EvaluationSheet", sheet, command, **arguments)

    do("SEC", "start_self_evaluation", due_on=story.day(14))
    do("EV-C", "submit_self_evaluation", side="c", scores=_scores(P6=2), overall="開けてよかった（架空）")
    corrected = {"side": "c", "scores": _scores(P6=2, P1=4), "reason": "P1の付け間違い（架空）"}
    do("EV-C", "correct_self_evaluation", **corrected)
    do("EV-G", "submit_self_evaluation", side="g", scores=_scores(P6=4), overall="来場が増えた（架空）")
    do("SEC", "hold_dialogue", held_on=story.day(), attended=["p-ev-c", "p-ev-g"])
    do("SEC", "discuss_gap", item="P6", cause="連絡の頻度の受け止めが違った（架空）")
    do("SEC", "keep_difference", item="P6", why="双方の実感を残すため（架空）")
    do("SEC", "agree_score", item="P1", score=4)
    do("SEC", "conclude_mutual")
    do(
        "SEC",
        "add_third_party_opinion",
        by="org-sample-1",
        grade="B",
        text="初参加者の声を聞くとよい。（架空）",
    )
    better = {"improvement_id": "i-1", "text": "月に一度連絡し合う（架空）", "owner": "both"}
    do("SEC", "agree_improvement", **better, applies_to_fiscal_year=year + 1)
    do("SEC", "publish")
