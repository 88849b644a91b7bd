"""What was promised after an evaluation, and whether it was taken up (S14; domain.md 4.12, M19)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.values.calendar import fiscal_year_label
from domain.values.fields import Id, Year
from projections.engine.event_json import Json
from projections.questions.entries import cited, rows, year_json
from projections.questions.evaluation import NO_SHEET, Sentence, sheets_seen
from projections.questions.question import Answer, Ask, question
from projections.views.plan import action_ledger

Answers = dict[str, list[Json]]
"""What plans say of each improvement, by its id: the plan's entry and its answer."""


@question(
    "S14",
    ja="評価の後に約束したことは、取り入れられたか",
    en="What was promised after a year's evaluation, and was it taken up?",
)
def what_was_promised(ask: Ask, *, fiscal_year: Year | None = None, action_id: Id | None = None) -> Answer:
    """Every improvement agreed on in a sheet or decided for an action, with the answer of a later plan: taken
    up, not taken and why, or nothing yet; and those undone, in a list of their own.
    ``fiscal_year``: the year evaluated; ``action_id``: one action only."""
    if action_id is not None:
        ask.must_know(action_id, "PlanAction")
    promised, used = [], []
    for action in _actions(ask, action_id):
        for promise, entries in _promises(ask, action):
            if fiscal_year in (None, promise["fiscal_year"]):
                promised.append(promise)
                used += entries
    count = {
        name: sum(p["outcome"] == name for p in promised) for name in ("taken", "not_taken", "unanswered")
    }
    return Answer(
        says=_says(len(promised), count),
        answer={"promised": promised, "undone": [p for p in promised if p["outcome"] != "taken"], **count},
        events=cited(ask, used),
        unknown=[_silence(p) for p in promised if p["outcome"] == "unanswered"]
        if promised
        else _nothing(ask, action_id, fiscal_year),
    )


def _says(total: int, count: dict[str, int]) -> Sentence:
    if not total:
        return "約束された改善の記録はありません。", "No promised improvement is on record."
    return (
        f"約束された改善{total}件のうち、取り入れたもの{count['taken']}件、取り入れなかったもの"
        f"{count['not_taken']}件、返答の記録がないもの{count['unanswered']}件です。",
        f"Of {total} improvements promised, {count['taken']} were taken up, {count['not_taken']} were not, "
        f"and {count['unanswered']} have no answer on record.",
    )


def _actions(ask: Ask, action_id: str | None) -> list[Json]:
    chosen = action_ledger.actions()
    if action_id is not None:
        chosen = chosen.where(action_ledger.action.table.c.action_id == action_id)
    return rows(ask, action_ledger.action, chosen)


def _promises(ask: Ask, action: Json) -> Iterator[tuple[Json, list[Json]]]:
    """Each improvement of an action once, whether a sheet, a decision or both hold it; with the entries that
    say so, oldest year first."""
    course = action["doc"]["course"]
    answers: Answers = {}
    for planned in course:
        for answer in planned.get("answers") or () if planned["type"] == "CyclePlanned" else ():
            answers.setdefault(answer["improvement_id"], []).append({"plan": planned, **answer})
        if planned["type"] == "ImprovementAnswered":
            answers.setdefault(planned["improvement_id"], []).append({"plan": planned, **planned})
    promised: dict[str, list[Json]] = {}
    for decided in course:
        if decided["type"] == "ImprovementDecided":
            promised.setdefault(decided["improvement_id"], []).append({"decided": True, **decided})
    for sheet in sheets_seen(ask, action_id=action["action_id"]):
        for agreed in sheet["improvements"]:
            of_sheet = {"fiscal_year": sheet["fiscal_year"], "sheet_id": sheet["sheet_id"]}
            promised.setdefault(agreed["improvement_id"], []).append({"decided": False, **agreed, **of_sheet})
    for name, promises in sorted(
        promised.items(), key=lambda promise: (promise[1][0]["fiscal_year"], promise[0])
    ):
        replies = answers.get(name, [])
        yield _promise(action, name, promises, replies), [*promises, *(answer["plan"] for answer in replies)]


def _promise(action: Json, name: str, promises: list[Json], answers: list[Json]) -> Json:
    """An improvement as it was decided, else as both sides agreed on it; and the last answer to it."""
    first, answer = promises[0], answers[-1] if answers else None
    taken = {True: "taken", False: "not_taken", None: "unanswered"}[answer["taken"] if answer else None]
    return {
        "improvement_id": name,
        "action_id": action["action_id"],
        "action": action["title"],
        "fiscal_year": first["fiscal_year"],
        "fiscal_year_label": year_json(first["fiscal_year"]),
        "applies_to_fiscal_year": first["applies_to_fiscal_year"],
        "text": first["text"],
        "sheet_id": next((s["sheet_id"] for s in promises if not s["decided"]), None),
        "decided": any(s["decided"] for s in promises),
        "outcome": taken,
        "answered_in_fiscal_year": answer["plan"]["fiscal_year"] if answer else None,
        "how": answer.get("reason") if answer and answer["taken"] else None,
        "why_not": answer.get("reason") if answer and not answer["taken"] else None,
    }


def _silence(promise: Json) -> Sentence:
    year = promise["applies_to_fiscal_year"]
    return (
        f"{fiscal_year_label(year, 'ja')}の計画での、改善「{promise['text']}」への返答",
        f"an answer to the improvement “{promise['text']}” in the plan of {fiscal_year_label(year, 'en')}",
    )


def _nothing(ask: Ask, action_id: str | None, year: int | None) -> list[Sentence]:
    """What is missing where nothing was promised: the sheets, and the decisions to do something better."""
    sentences: list[Sentence] = [("改善の決定の記録がない", "no improvement has been decided")]
    if not sheets_seen(ask, action_id=action_id, fiscal_year=year):
        sentences.insert(0, NO_SHEET)
    return sentences
