"""Evaluation sheets 評価シート: one sheet with both sides next to each other, and those of an action (P9).

A sheet that is not published is a stub to the public. To the office, and to who evaluates, it is open but for
what is sealed: of that the page does not even say whether it is there (docs/decisions/0010-sealed-sheets.md).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint

from api.http.language import tr
from api.pages.parts import marks, paper_links
from api.pages.parts.names import Label, Names, trail_url
from api.pages.parts.serving import Page, one, rows
from api.pages.parts.trails import gaps, prov_url
from api.reads.reading import is_evaluator
from api.words import wording
from domain.evaluation_sheet.events import SIDES, Side
from projections.answers.trail import account_of
from projections.engine.event_json import Json
from projections.views.plan import evaluation_board

MOST_SHEETS = 50


def read(connection: sa.Connection, entity: str) -> Json:
    return {
        "sheet": evaluation_board.compared(one(connection, "sheets", entity)),
        "not_recorded": account_of(connection, entity)["not_recorded"],
    }


def sheets_of(connection: sa.Connection, action_id: str) -> list[Json]:
    """The sheets of an action that this reader may read, newest year first."""
    chosen = evaluation_board.sheets(action_id=action_id, state=None if is_evaluator() else "published")
    sheets = rows(connection, "sheets", connection.execute(chosen.limit(MOST_SHEETS)))
    return [evaluation_board.compared(row) for row in sheets]


def show_sheets(sheets: list[Json], names: Names) -> list[Json]:
    """Sheets as a section of the action's page shows them: how both sides judged, in one line each."""
    return [
        {
            "label": _title(sheet),
            "url": names.url(sheet["sheet_id"]),
            **_state(sheet),
            "differences": [_difference(i) for i in sheet["items"] if i["wide"]],
            "improvements": [_improvement(i, names) for i in sheet["improvements"]],
        }
        for sheet in sheets
        if "items" in sheet
    ]


def _difference(item: Json) -> str:
    label, c, g = tr(item["label"]["ja"], item["label"]["en"]), item["c"]["score"], item["g"]["score"]
    return tr(f"{label}（市民側{c}、行政側{g}）", f"{label} (citizens {c}, government {g})")


def show(data: Json, names: Names) -> Json:
    sheet = data["sheet"]
    page = {
        "title": names.label(sheet["sheet_id"]),
        **_state(sheet),
        "closed": tr(sheet["closed"]["ja"], sheet["closed"]["en"]) if sheet.get("closed") else None,
        "papers": paper_links.of_sheet(sheet["sheet_id"]),
        "trail_url": trail_url(sheet["sheet_id"]),
        "not_recorded": gaps(data["not_recorded"]),
        "formats": {"prov": prov_url(sheet["sheet_id"])},
    }
    return {**page, **(dict.fromkeys(CONTENT) if page["closed"] else _content(sheet, names))}


CONTENT = (
    "action",
    "fiscal_year_label",
    "stage_label",
    "scale",
    "targets",
    "without_targets",
    "sides",
    "groups",
    "dialogues",
    "third_party",
    "improvements",
)
"""What a page shows of a sheet that is open to its reader, and nothing of one that is closed."""


def _content(sheet: Json, names: Names) -> Json:
    return {
        "title": _title(sheet),
        "action": names.link(sheet["action_id"]),
        "fiscal_year_label": marks.fiscal_year(sheet["fiscal_year"]),
        "stage_label": wording.value("stage", sheet["stage"]),
        "scale": [f"{score}: {tr(words['ja'], words['en'])}" for score, words in sheet["scale"].items()],
        "targets": _targets(sheet["targets"], names),
        "without_targets": _without_targets(sheet.get("without_targets"), names),
        "sides": [_side(side, sheet, names) for side in SIDES],
        "groups": [
            {"label": label, "items": [_item(i) for i in sheet["items"] if i["group"] == group]}
            for group, label in (("process", tr("進め方", "Process")), ("result", tr("成果", "Result")))
        ],
        "dialogues": [marks.dated(d["said"], names) for d in sheet["dialogues"]],
        "third_party": [_opinion(o, names) for o in sheet["third_party"]],
        "improvements": [_improvement(i, names) for i in sheet["improvements"]],
    }


def _title(sheet: Json) -> str:
    year, stage = marks.fiscal_year(sheet["fiscal_year"]), wording.value("stage", sheet["stage"])
    return tr(f"{year}の評価シート（{stage}）", f"Evaluation sheet of {year} ({stage})")


def _state(sheet: Json) -> Json:
    label, tone = wording.state("EvaluationSheet", sheet["state"])
    return {"state_label": label, "tone": tone}


def _targets(targets: Json | None, names: Names) -> Json | None:
    if targets is None or "closed" in targets:
        return None
    return {
        "indicators": [_indicator(i) for i in targets["indicators"] or ()],
        "beneficiaries": targets["beneficiary_target"] or targets["reason_none"],
        **marks.dated(targets["said"], names),
    }


def _without_targets(envelope: Json | None, names: Names) -> Json | None:
    """Why there were no targets beforehand; None where there were, or nothing was said."""
    if envelope is None or "closed" in envelope:
        return None
    return {"reason": envelope["reason"], **marks.dated(envelope["said"], names)}


def _indicator(indicator: Json) -> str:
    goal = f"{indicator.get('target') or ''}{indicator.get('unit') or ''}"
    return f"{indicator['name']}{tr('：', ': ') + goal if goal else ''}"


_STATUS = {
    "submitted": ("提出済み", "submitted"),
    "not_known": (
        "封印中（双方がそろうまで、提出の有無も表示しません）",
        "under seal: not even whether it is there is shown until both are in",
    ),
    "not_recorded": ("記録なし", "not recorded"),
}


def _side(side: Side, sheet: Json, names: Names) -> Json:
    submitted = sheet["sides"][side]
    submission = submitted["said"] if submitted else None
    return {
        "label": wording.value("side", side),
        "evaluator": names.link(sheet["opened"].get(f"side_{side}")),
        "status_label": tr(*_STATUS[sheet["status"][side]]),
        "overall": _words(submitted.get("overall")) if submitted else None,
        **(marks.fact(submission, names) if submission else marks.UNMARKED),
    }


def _item(item: Json) -> Json:
    return {
        "code": item["item"],
        "label": tr(item["label"]["ja"], item["label"]["en"]),
        "asks": tr(item["asks"]["ja"], item["asks"]["en"]),
        "sides": [{"label": wording.value("side", side), **_judged(item[side])} for side in SIDES],
        "gap_label": _gap(item),
        "discussed": [{"cause": d["cause"], "note": d["note"]} for d in item["discussed"]],
        "outcome": _outcome(item),
    }


def _judged(judgement: Json | None) -> Json:
    """What a side says of an item: a score in words, never by colour."""
    if judgement is None:
        return {"score": None, "comment": None}
    if judgement.get("score") is None:
        reason = judgement.get("na_reason")
        return {"score": tr("該当しない", "does not apply"), "comment": reason}
    return {"score": str(judgement["score"]), "comment": judgement.get("comment")}


def _gap(item: Json) -> str | None:
    gap = item["gap"]
    if gap is None:
        return None
    if gap == 0:
        return tr("差なし", "none")
    size, wide = abs(gap), tr("（大きな差）", " (wide)") if item["wide"] else ""
    above = tr("市民側が", "citizens ") if gap > 0 else tr("行政側が", "government ")
    return tr(f"{above}{size}高い{wide}", f"{above}higher by {size}{wide}")


def _outcome(item: Json) -> Json | None:
    """What both sides made of it."""
    if item["agreed"]:
        score = item["agreed"]["score"]
        text = tr("該当しない", "does not apply") if score is None else str(score)
        return {"label": tr(f"合意: {text}", f"agreed: {text}"), "text": item["agreed"]["comment"]}
    if item["kept"]:
        return {"label": tr("差を併記", "difference kept"), "text": item["kept"]["why"]}
    return None


def _opinion(opinion: Json, names: Names) -> Json:
    if "closed" in opinion:
        nothing = {"grade": None, "text": None, "by": None}
        return {"closed": _words(opinion["closed"]), **nothing, **marks.UNMARKED}
    return {
        "closed": None,
        "grade": opinion["grade"],
        "text": _words(opinion["text"]),
        "by": names.party(opinion.get("by")),
        **marks.fact(opinion["said"], names),
    }


def _improvement(improvement: Json, names: Names) -> Json:
    if "closed" in improvement:
        nothing = {"text": None, "owner_label": None, "fiscal_year_label": None}
        return {"closed": _words(improvement["closed"]), **nothing, **marks.UNMARKED}
    return {
        "closed": None,
        "text": _words(improvement["text"]),
        "owner_label": wording.value("owner", improvement["owner"]),
        "fiscal_year_label": marks.fiscal_year(improvement["applies_to_fiscal_year"]),
        **marks.fact(improvement["said"], names),
    }


def _words(text: Any) -> Label | None:
    """A text, or why it is closed."""
    return tr(text["ja"], text["en"]) if isinstance(text, dict) else text


def register(blueprint: Blueprint) -> None:
    Page("/sheets/<entity>", "plan/sheet.html", "actions", read, show, whole=False).register(blueprint)
