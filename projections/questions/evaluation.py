"""Questions about evaluation: where both sides differ and why (S16), and how they judge a project (P9)."""

from __future__ import annotations

from typing import Any

from domain.evaluation_sheet.aggregate import EvaluationSheet
from domain.evaluation_sheet.events import SIDES, STAGES
from domain.kernel.events import Recorded
from domain.values.calendar import fiscal_year_label
from domain.values.fields import Id, Year
from projections.answers.public_cut import rows_as_seen
from projections.engine.event_json import Json, bilingual
from projections.questions.entries import rows, year_json
from projections.questions.question import Answer, Ask, question
from projections.views.plan import evaluation_board

MOST_SHEETS = 200
NO_SHEET = ("評価シートの記録がない", "no evaluation sheet is on record")
Sentence = tuple[str, str]


# -------------------------------------------------------------------------------------- S16: differences


@question(
    "S16",
    ja="双方の評価はどこで分かれ、それはなぜか",
    en="Where do the two sides' scores differ, and why?",
)
def where_they_differ(
    ask: Ask, *, sheet_id: Id | None = None, action_id: Id | None = None, fiscal_year: Year | None = None
) -> Answer:
    """For each sheet the items that the two sides judge differently: both scores with their comments, c − g,
    what the gap was put down to, and the score agreed on or why both stand. Of a sheet that is still sealed
    nothing is told. Without parameters: of every sheet."""
    if sheet_id is not None:
        ask.must_know(sheet_id, "EvaluationSheet")
    sheets = sheets_seen(ask, sheet_id=sheet_id, action_id=action_id, fiscal_year=fiscal_year)
    answers = [_differences(sheet) for sheet in sheets]
    apart = [item for sheet in answers for item in sheet["differences"]]
    wide, resolved = sum(i["wide"] for i in apart), sum(i["kept"] is not None for i in apart)
    return Answer(
        says=(
            f"評価シート{len(sheets)}件のうち、双方の評価が異なる項目は{len(apart)}"
            f"（うち大きな差{wide}）、差を併記したものは{resolved}です。",
            f"On {len(sheets)} sheet(s), {len(apart)} items are judged differently ({wide} of them widely); "
            f"{resolved} differences were kept.",
        ),
        answer={"sheets": answers},
        events=events_of(ask, sheets),
        unknown=[gap for sheet in sheets for gap in _unknown_of(sheet)] if sheets else [NO_SHEET],
    )


def _differences(sheet: Json) -> Json:
    return {
        **heading(sheet),
        "unsealed": sheet["unsealed"] is not None,
        "differences": [
            {
                "item": item["item"],
                "label": item["label"],
                "c": _judged(item["c"]),
                "g": _judged(item["g"]),
                "gap": item["gap"],
                "wide": item["wide"],
                "discussed": [{"cause": d["cause"], "note": d["note"]} for d in item["discussed"]],
                "agreed_score": item["agreed"]["score"] if item["agreed"] else None,
                "kept": item["kept"]["why"] if item["kept"] else None,
            }
            for item in sheet["items"]
            if item["differs"]
        ],
    }


def _judged(judgement: Json | None) -> Json | None:
    if judgement is None:
        return None
    return {name: judgement.get(name) for name in ("score", "na_reason", "comment")}


def _unknown_of(sheet: Json) -> list[Sentence]:
    """What a complete answer would hold and this sheet does not, or does not tell yet."""
    ja, en = _named(sheet)
    if sheet["unsealed"] is None:
        return [
            (
                f"{ja}: 双方の自己評価がそろうまで封印されている",
                f"{en}: sealed until both sides' self-evaluations are in",
            )
        ]
    sentences: list[Sentence] = []
    for item in sheet["items"]:
        label_ja, label_en = item["label"]["ja"], item["label"]["en"]
        if item["wide"] and not item["discussed"]:
            sentences.append(
                (
                    f"{ja}: 「{label_ja}」の差の原因の話し合い",
                    f"{en}: what the gap in “{label_en}” is put down to",
                )
            )
        if item["differs"] and not item["agreed"] and not item["kept"]:
            sentences.append(
                (
                    f"{ja}: 「{label_ja}」の合意または併記",
                    f"{en}: an agreement, or a kept difference, on “{label_en}”",
                )
            )
    return sentences


# ------------------------------------------------------------------------------------ P9: both judgements


@question("P9", ja="双方は事業をどう評価しているか", en="How do both sides judge the project?")
def how_they_judge(ask: Ask, *, action_id: Id | None = None, fiscal_year: Year | None = None) -> Answer:
    """The published sheets: each item with both scores next to each other and what became of a difference,
    what both sides say overall, a third party's grade, and what is to be done better. Nobody is named.
    Without parameters: of every action."""
    if action_id is not None:
        ask.must_know(action_id, "PlanAction")
    sheets = sheets_seen(ask, action_id=action_id, fiscal_year=fiscal_year, state="published")
    improvements = sum(len(sheet["improvements"]) for sheet in sheets)
    return Answer(
        says=(
            f"公表された評価シートは{len(sheets)}件、改善の約束は{improvements}件です。"
            if sheets
            else "公表された評価シートはありません。",
            f"{len(sheets)} evaluation sheet(s) published, with {improvements} improvement(s) promised."
            if sheets
            else "No evaluation sheet has been published.",
        ),
        answer={"sheets": [_judgement(sheet) for sheet in sheets]},
        events=events_of(ask, sheets),
        unknown=[]
        if sheets
        else [
            ("双方による評価（公表された評価シートがない）", "how both sides judge it: no sheet is published")
        ],
    )


def _judgement(sheet: Json) -> Json:
    return {
        **heading(sheet),
        "scale": sheet["scale"],
        "items": [
            {
                "item": item["item"],
                "label": item["label"],
                "c": _judged(item["c"]),
                "g": _judged(item["g"]),
                "gap": item["gap"],
                "agreed_score": item["agreed"]["score"] if item["agreed"] else None,
                "kept": item["kept"]["why"] if item["kept"] else None,
            }
            for item in sheet["items"]
        ],
        "overall": {side: (sheet["sides"][side] or {}).get("overall") for side in SIDES},
        "third_party": [open_fields(o, "grade", "text") for o in sheet["third_party"]],
        "improvements": [
            open_fields(i, "text", "owner", "applies_to_fiscal_year") for i in sheet["improvements"]
        ],
    }


# -------------------------------------------------------------------------------------- what both need


def open_fields(entry: Json, *names: str) -> Json:
    """These fields of an entry; of a closed one why it is closed."""
    return {"closed": entry["closed"]} if "closed" in entry else {name: entry[name] for name in names}


def sheets_seen(ask: Ask, *, sheet_id: str | None = None, **wanted: Any) -> list[Json]:
    """The sheets as the reader may see them, both sides compared; closed ones are left out."""
    year = wanted.pop("fiscal_year", None)
    chosen = evaluation_board.sheets(fiscal_year=None if year is None else str(year), **wanted)
    if sheet_id is not None:
        chosen = chosen.where(evaluation_board.sheet.table.c.sheet_id == sheet_id)
    sheets = [
        ({**row, **row.pop("doc")}, EvaluationSheet.stream_for(row["sheet_id"]))
        for row in rows(ask, evaluation_board.sheet, chosen.limit(MOST_SHEETS))
    ]
    seen = rows_as_seen(ask.connection, sheets, ask.viewer)
    return [evaluation_board.compared(shown) for shown in seen if "closed" not in shown]


def heading(sheet: Json) -> Json:
    """Which sheet it is."""
    return {
        "sheet_id": sheet["sheet_id"],
        "action_id": sheet["action_id"],
        "fiscal_year": sheet["fiscal_year"],
        "fiscal_year_label": year_json(sheet["fiscal_year"]) if sheet["fiscal_year"] else None,
        "stage": sheet["stage"],
        "stage_label": bilingual(*_stage(sheet)),
        "state": sheet["state"],
    }


def _stage(sheet: Json) -> Sentence:
    """At which stage of the year; of a sheet whose opening is closed to the reader, that it is."""
    return STAGES[sheet["stage"]] if sheet["stage"] else ("非公開", "not public")


def _named(sheet: Json) -> Sentence:
    ja, en = _stage(sheet)
    year = sheet["fiscal_year"]
    if year is None:  # closed to the reader
        return f"評価シート（{ja}）", f"the sheet {sheet['sheet_id']} ({en})"
    return (
        f"{fiscal_year_label(year, 'ja')}の評価シート（{ja}）",
        f"the sheet of {fiscal_year_label(year, 'en')} ({en})",
    )


def events_of(ask: Ask, sheets: list[Json]) -> list[Recorded[Any]]:
    """Everything that happened to these sheets."""
    return ask.events_of(*(sheet["sheet_id"] for sheet in sheets))
