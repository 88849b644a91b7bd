"""What was weighed: the options by the criteria that are on record, and what was said for and against."""

from __future__ import annotations

from collections.abc import Iterable

from api.http.language import tr
from api.pages.matter import matter_parts
from api.pages.matter.matter_parts import speaker
from api.pages.matter.three_sentences import last
from api.pages.parts import marks
from api.pages.parts.days import short
from api.pages.parts.names import Names
from api.words import wording
from projections.engine.event_json import Json

MOST_COLUMNS = 3
"""So many criteria stand as columns on a phone; where there are more they stand beneath each option."""

FOR, AGAINST = ("for", "conditional"), ("against",)


def table(m: Json, names: Names) -> Json | None:
    """The options as rows, the criteria as columns, the chosen one first and why; None without any option."""
    shown = matter_parts.options(m, names)
    if not shown:
        return None
    criteria = m.get("CriterionAdopted") or ()
    rows = [
        _row(n, o, e, m, criteria) for n, (o, e) in enumerate(zip(shown, m["OptionProposed"], strict=True), 1)
    ]
    frozen = last(m, "OptionsFrozen")
    are_columns = 0 < len(criteria) <= MOST_COLUMNS
    return {
        "rows": sorted(rows, key=lambda row: row["status"] != "chosen"),
        "criteria": [c["text"] for c in criteria],
        "are_columns": are_columns,
        "frozen_on": short(marks.date(frozen["said"]["effective"])) if frozen else None,
        "lead": _lead(rows),
    }


def _row(n: int, o: Json, e: Json, m: Json, criteria: Iterable[Json]) -> Json:
    assessments = {
        a["criterion_id"]: a["text"]
        for a in m.get("OptionAssessed") or ()
        if a["option_id"] == e.get("option_id")
    }
    why = {
        "chosen": tr("選んだ理由", "Why this one"),
        "rejected": tr("選ばなかった理由", "Why not"),
        "withdrawn": tr("取り下げた理由", "Why withdrawn"),
    }
    return {
        "label": o["label"],
        "text": o["text"] if o["text"] != o["label"] else None,
        "no": tr(f"案{n}", f"Option {n}"),
        "by": o["proposer_label"],
        "status": o["status"],
        "status_label": {
            "chosen": tr("選ばれた案", "Chosen"),
            "withdrawn": tr("取り下げ", "Withdrawn"),
        }.get(o["status"]),
        "why_label": why.get(o["status"]),
        "why": o["why"],
        "cells": [assessments.get(c.get("criterion_id")) for c in criteria],
        "position": e["said"]["position"],
        "corrected": o["corrected"],
    }


def _lead(rows: list[Json]) -> str:
    count, gone = len(rows), sum(row["status"] == "withdrawn" for row in rows)
    chosen = any(row["status"] == "chosen" for row in rows)
    first = tr(f"案は{count}つでした。", f"There {'was' if count == 1 else 'were'} {count}.")
    if chosen:
        first = tr(f"{count}つの案から1つが選ばれました。", f"One of {count} was chosen.")
    elif any(row["status"] == "open" for row in rows):
        first = tr(f"{count}つの案を話し合っています。", f"{count} are being discussed.")
    rest = tr(f"{gone}つは途中で取り下げられました。", f"{gone} withdrawn on the way.") if gone else ""
    return tr(f"{first}{rest}", f"{first} {rest}".strip())


# ------------------------------------------------------------------------------------------ for and against


def voices(m: Json) -> Json | None:
    """Opinions face to face, by the point that they speak to; None where none is recorded."""
    recorded = m.get("OpinionRecorded") or ()
    if not recorded:
        return None
    points: dict[str | None, Json] = {}
    for e in recorded:
        side = "for" if e["stance"] in FOR else "against" if e["stance"] in AGAINST else "other"
        group = points.setdefault(e.get("point"), {"for": [], "against": [], "other": []})
        group[side].append(_voice(e, m))
    groups = sorted(points.items(), key=lambda pair: pair[0] is None)
    every = [e["stance"] for e in recorded]
    return {
        "points": [{"point": point, **sides} for point, sides in groups if sides["for"] or sides["against"]],
        "others": [voice for _, sides in groups for voice in sides["other"]],
        "for": sum(stance in FOR for stance in every),
        "against": sum(stance in AGAINST for stance in every),
        "has_points": any(point is not None for point in points),
    }


def _voice(e: Json, m: Json) -> Json:
    aside = [
        speaker(e["said"]),
        wording.value("channel", e["channel"]) if e.get("channel") else None,
        wording.value("stance", e["stance"]) if e["stance"] not in ("for", "against") else None,
    ]
    return {
        "text": e["text"],
        "aside": tr("・", ", ").join(part for part in aside if part),
        "option": _option(e.get("option_id"), m),
        "position": e["said"]["position"],
    }


def _option(option: str | None, m: Json) -> str | None:
    ids = [o.get("option_id") for o in m.get("OptionProposed") or ()]
    if option is None or option not in ids:
        return None
    n = ids.index(option) + 1
    return tr(f"案{n}について", f"on option {n}")


# -------------------------------------------------------------------------------------------------- dissent


def dissent(m: Json, names: Names) -> Json:
    """Dissents as they were filed, whole; else whether anybody was asked."""
    shown = matter_parts.dissents(m, names)
    for entry, e in zip(shown["dissents"], m.get("DissentFiled") or (), strict=True):
        entry["position"] = e["said"]["position"]
        entry["day"] = short(entry["date"])
    concluded = last(m, "MatterConcluded")
    none = shown["dissent_none"]
    return {
        "entries": shown["dissents"],
        "asked_at": none["asked_at_label"] if none else None,
        "is_due": concluded is not None,
    }
