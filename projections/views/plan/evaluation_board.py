"""Evaluation board 協働の評価: each evaluation sheet, both sides next to each other (S14, S16, P9).

The row holds everything. What a reader may see of it is cut first (projections/answers/public_cut.py), and
only then are the two sides compared (:func:`compared`), so that nothing computed tells what is sealed.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from domain.evaluation_sheet.events import (
    SIDES,
    STAGES,
    DialogueHeld,
    GapDiscussed,
    ImprovementAgreed,
    MutualDifferenceKept,
    MutualEvaluationConcluded,
    MutualScoreAgreed,
    PriorTargetsMissed,
    SelfEvaluationCorrected,
    SelfEvaluationStarted,
    SelfEvaluationSubmitted,
    SheetCancelled,
    SheetOpened,
    SheetPublished,
    SheetUnsealed,
    TargetsAgreed,
    ThirdPartyOpinionAdded,
)
from domain.evaluation_sheet.template import CURRENT, TEMPLATES, WIDE_GAP
from domain.kernel.events import Recorded
from projections.engine.event_json import Json, bilingual, event_json
from projections.engine.view import Key, Row, View, column, json_column, key, number

VIEW = View("evaluation_board", 4, ja="協働の評価", en="Evaluation sheets", source=__name__)

sheet = VIEW.table(
    "evaluation_sheet",
    key("sheet_id"),
    column("action_id", index=True),
    number("fiscal_year", index=True, required=True),
    column("stage"),
    column("state", index=True),
    column("title"),
    number("position", required=True),
    json_column("doc"),
)

STATES: dict[type, str] = {
    TargetsAgreed: "targets_agreed",
    PriorTargetsMissed: "without_targets",
    SelfEvaluationStarted: "self_evaluating",
    SheetUnsealed: "unsealed",
    DialogueHeld: "dialogue_held",
    ThirdPartyOpinionAdded: "third_party",
    ImprovementAgreed: "improvement_agreed",
    SheetPublished: "published",
    SheetCancelled: "cancelled",
}
MUTUAL_STATES = ("mutual_agreed", "mutual_differs")
_ONCE: dict[type, str] = {
    TargetsAgreed: "targets",
    PriorTargetsMissed: "without_targets",
    SelfEvaluationStarted: "asked",
    SheetUnsealed: "unsealed",
    MutualEvaluationConcluded: "mutual",
    SheetPublished: "published",
    SheetCancelled: "cancelled",
}
_MANY: dict[type, str] = {
    DialogueHeld: "dialogues",
    GapDiscussed: "discussed",
    MutualScoreAgreed: "agreed",
    MutualDifferenceKept: "kept",
    ThirdPartyOpinionAdded: "third_party",
    ImprovementAgreed: "improvements",
}


@sheet.on(SheetOpened)
def _opened(row: Row | None, e: Recorded[SheetOpened], _: Key) -> Row:
    return {
        "action_id": e.data.action_id,
        "fiscal_year": e.data.fiscal_year,
        "stage": e.data.stage,
        "state": "opened",
        "title": e.data.title,
        "position": e.position,
        "doc": {
            "opened": event_json(e, leave_out=("disclosure",)),
            "sides": dict.fromkeys(SIDES),
            "replaced": [],
            **dict.fromkeys(_ONCE.values()),
            **{name: [] for name in _MANY.values()},
        },
    }


@sheet.on(SelfEvaluationSubmitted, SelfEvaluationCorrected)
def _submitted(
    row: Row | None, e: Recorded[SelfEvaluationSubmitted | SelfEvaluationCorrected], _: Key
) -> Row | None:
    if row is not None:
        before = row["doc"]["sides"][e.data.side]
        if before is not None:
            row["doc"]["replaced"].append(before)
        row["doc"]["sides"][e.data.side] = event_json(e)
    return row


@sheet.on(*_ONCE, *_MANY)
def _course(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is None:
        return None
    kind = type(e.data)
    row["state"] = e.data.result if kind is MutualEvaluationConcluded else STATES.get(kind, row["state"])
    if kind in _ONCE:
        row["doc"][_ONCE[kind]] = event_json(e, leave_out=("disclosure",))
    else:
        row["doc"][_MANY[kind]].append(event_json(e))
    return row


def sheets(
    *, action_id: str | None = None, fiscal_year: str | None = None, state: str | None = None
) -> sa.Select[Any]:
    """The evaluation sheets, newest year first; of an action, a fiscal year or in a state if given."""
    table = sheet.table
    chosen = sa.select(table).order_by(table.c.fiscal_year.desc(), table.c.position, table.c.sheet_id)
    if action_id is not None:
        chosen = chosen.where(table.c.action_id == action_id)
    if fiscal_year is not None:
        year = int(fiscal_year[:6]) if fiscal_year.isascii() and fiscal_year.isdecimal() else None
        chosen = chosen.where(table.c.fiscal_year == year)
    return chosen.where(table.c.state == state) if state is not None else chosen


def compared(row: Json) -> Json:
    """A sheet that has been cut to what its reader may see, with its items side by side: for each item both
    scores, the difference c − g, whether it was wide, what was said about it and what became of it.

    A side that the reader must not know of looks as one that has submitted nothing: ``status`` says so.
    """
    if not row.get("sides"):  # a stub: not published yet
        return row
    template = TEMPLATES[row["opened"]["template_version"] or CURRENT]
    unsealed = row["unsealed"] is not None
    return {
        **row,
        "stage_label": bilingual(*STAGES[row["stage"]]) if row["stage"] else None,
        "scale": {str(score): bilingual(*words) for score, words in template.scale.items()},
        "status": {side: _status(row["sides"][side], unsealed) for side in SIDES},
        "items": [
            {
                "item": item.code,
                "group": item.group,
                "label": bilingual(item.ja, item.en),
                "asks": bilingual(item.asks_ja, item.asks_en),
                **_item(item.code, row),
            }
            for item in template.items
        ],
    }


def _status(submitted: Json | None, unsealed: bool) -> str:
    if submitted is not None:
        return "submitted"
    return "not_recorded" if unsealed else "not_known"


def _item(code: str, row: Json) -> Json:
    scores: Json = {side: _of_item(code, (row["sides"][side] or {}).get("scores")) for side in SIDES}
    c, g = (_score(scores[side]) for side in ("c", "g"))
    gap = None if c is None or g is None else c - g
    return {
        **scores,
        "gap": gap,
        "wide": gap is not None and abs(gap) >= WIDE_GAP,
        "differs": row["unsealed"] is not None and c != g,
        "discussed": [d for d in row["discussed"] if d.get("item") == code],
        "agreed": _of_item(code, row["agreed"]),
        "kept": _of_item(code, row["kept"]),
    }


def _of_item(code: str, listed: Any) -> Json | None:
    """What is said of an item in a list; None too where the list itself is closed."""
    scores = listed if isinstance(listed, list) else []
    return next((score for score in scores if score.get("item") == code), None)


def _score(item_score: Json | None) -> int | None:
    score = item_score.get("score") if item_score else None
    return score if isinstance(score, int) else None
