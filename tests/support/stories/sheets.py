"""Evaluation sheets to start from: an action under way, a sheet taken as far as a test needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.evaluation_sheet.template import TEMPLATES

ACTION = "action-forum"
SHEET = "sheet-forum"
FY = 2026
ITEMS = TEMPLATES[1].codes

Do = Callable[..., Any]
"""Gives a command: ``record.do`` of a :class:`tests.support.given.TestRecord`, or the like over a store."""

SUBMITTED = {"c": {"P3": 2, "R1": 4}, "g": {"P3": 4, "R1": 3}}
"""The scores of each side that are not 3. P3 is wide apart, R1 differs by one."""


def scores(words: str = "", **other: int) -> list[dict[str, Any]]:
    """Three for every item but those named; ``words`` go into each comment, and low scores need one."""
    return [
        {"item": item, "score": other.get(item, 3)}
        | ({"comment": words or "想定より進まなかった（架空）"} if words or other.get(item, 3) < 3 else {})
        for item in ITEMS
    ]


def given_an_action_under_way(do: Do, until: str = "planned") -> str:
    """An action whose year is ``until`` that phase, and the parties that will judge it."""
    do("SEC", "Party", "org-city", "register_organisation", name_ja="市（架空）", category="municipality")
    do("SEC", "Party", "org-npo", "register_organisation", name_ja="団体（架空）", category="npo")
    do("SEC", "Party", "org-college", "register_organisation", name_ja="大学（架空）", category="school")
    do("SEC", "PlanAction", ACTION, "register", title_ja="市民フォーラム（架空）")
    do("SEC", "PlanAction", ACTION, "open_cycle", fiscal_year=FY)
    for phase, command in PHASES.items():
        do("SEC", "PlanAction", ACTION, command, fiscal_year=FY)
        if phase == until:
            break
    return ACTION


PHASES = {
    "planned": "plan_cycle",
    "implementing": "start_implementation",
    "implemented": "complete_implementation",
}


def opening(**changes: Any) -> dict[str, Any]:
    """What a sheet is opened with."""
    said = {"action_id": ACTION, "fiscal_year": FY, "stage": "end", "side_c": "org-npo", "side_g": "org-city"}
    return said | changes


def submission(side: str, words: str = "", **changes: Any) -> dict[str, Any]:
    """What a side submits."""
    return {"side": side, "scores": scores(words, **SUBMITTED[side]), "overall": words or None} | changes


STEPS: dict[str, tuple[tuple[str, str, dict[str, Any]], ...]] = {
    "opened": (("SEC", "open", opening()),),
    "targets_agreed": (
        (
            "SEC",
            "agree_targets",
            {
                "indicators": [{"name": "参加者", "unit": "人", "target": "200"}],
                "beneficiary_target": "参加者50人に聞く（架空）",
            },
        ),
    ),
    "self_evaluating": (("SEC", "start_self_evaluation", {}),),
    "one side": (("EV-C", "submit_self_evaluation", submission("c")),),
    "unsealed": (("EV-G", "submit_self_evaluation", submission("g")),),
    "dialogue_held": (("SEC", "hold_dialogue", {"held_on": "2026-10-20"}),),
    "settled": (
        ("SEC", "discuss_gap", {"item": "P3", "cause": "会議の時間が平日の昼だった（架空）"}),
        ("SEC", "keep_difference", {"item": "P3", "why": "受け止めが違う（架空）"}),
        ("SEC", "agree_score", {"item": "R1", "score": 4}),
    ),
    "mutual_differs": (("SEC", "conclude_mutual", {}),),
    "third_party": (
        ("SEC", "add_third_party_opinion", {"by": "org-college", "grade": "B", "text": "妥当（架空）"}),
    ),
    "improvement_agreed": (
        (
            "SEC",
            "agree_improvement",
            {
                "improvement_id": "improvement-evening",
                "text": "会議を夜に開く（架空）",
                "owner": "g",
                "applies_to_fiscal_year": FY + 1,
            },
        ),
    ),
    "published": (("SEC", "publish", {}),),
}
"""The way of a sheet: for each state the commands that lead to it from the one before."""


def given_a_sheet(do: Do, until: str, name: str = SHEET) -> str:
    """A sheet taken from step to step until it is there."""
    for step, commands in STEPS.items():
        for role, command, fields in commands:
            do(role, "EvaluationSheet", name, command, **fields)
        if step == until:
            return name
    raise KeyError(until)
