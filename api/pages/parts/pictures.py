"""Pictures as figures 図: where each mark of one stands, from the rows of the table beneath it.

Every picture has one sentence that says what it shows; macros draw them (templates/parts/pictures.html).
Widths are parts of one scale, and zero is always at the left.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.http.language import tr
from projections.engine.event_json import Json

WIDTH = 360.0
MOST_DOTS = 60
DOT_GAP = 12.4
"""So far apart are the dots of a small body; those of a larger one are closer, so that all are in one row."""


def quorum_dots(check: Json | None) -> Json | None:
    """A dot for each member serving, filled for those present, with a line where the needed number ends. None
    where the numbers are not known, or are too many to be seen."""
    if check is None:
        return None
    serving, present, required = check.get("serving"), check.get("present"), check.get("required") or 0
    if serving is None or present is None or not 0 < serving <= MOST_DOTS or present > serving:
        return None
    has_line = 0 < required <= serving
    step = min(DOT_GAP, (WIDTH - 12) / serving)
    radius = step * 0.42
    shift = step * 0.5 if has_line else 0.0
    dots = [
        {
            "x": _round(radius + 1 + n * step + (shift if has_line and n >= required else 0)),
            "present": n < present,
        }
        for n in range(serving)
    ]
    line = _round(radius + 1 + (required - 1) * step + step * 0.75) if has_line else None
    return {
        "dots": dots,
        "radius": _round(radius),
        "line": line,
        "line_is_right": line is not None and line > WIDTH / 2,
        "present": present,
        "absent": serving - present,
        "required": required if has_line else None,
        "end": _round(max(dots[-1]["x"] + radius + 1, 150)),
        "sentence": _attendance(serving, present, required if has_line else None),
    }


def _attendance(serving: int, present: int, required: int | None) -> str:
    first = tr(f"{serving}人のうち{present}人が出席。", f"{present} of {serving} members were there.")
    if required is None:
        return first
    rest = (
        tr(f"必要な{required}人に達していた。", f"The {required} needed were reached.")
        if present >= required
        else tr(f"必要な{required}人に足りない。", f"Fewer than the {required} needed.")
    )
    return tr(f"{first}{rest}", f"{first} {rest}")


_VOTES = ("for", "against", "abstain", "not_voting")


def vote_bar(counted: Json | None, *, has_half: bool) -> Json | None:
    """For solid, against hatched, the rest white, with a line at half of all votes if that decides. None
    without votes."""
    if counted is None:
        return None
    numbers = [(name, counted.get(name) or 0) for name in _VOTES]
    total = sum(n for _, n in numbers)
    if not total:
        return None
    parts, at = list[Json](), 0.0
    for name, n in numbers:
        if n:
            width = n / total * (WIDTH - 2)
            parts.append({"name": name, "n": n, "x": _round(1 + at), "width": _round(width)})
            at += width
    words = {
        "for": ("賛成{n}人", "{n} for"),
        "against": ("反対{n}人", "{n} against"),
        "abstain": ("棄権{n}人", "{n} abstained"),
        "not_voting": ("投票せず{n}人", "{n} did not vote"),
    }
    for part in parts:
        part["label"] = tr(*words[part["name"]]).format(n=part["n"])
    return {
        "parts": parts,
        "total": total,
        "half": WIDTH / 2 if has_half else None,
        "sentence": tr("、", ", ").join(part["label"] for part in parts) + tr("。", "."),
    }


def money_bars(rows: Sequence[Json]) -> Json | None:
    """For each row (``label``, ``budget``, ``spent``, and how these two are written) a frame for the budget,
    filled as far as it was spent; the frame of a year whose final amount is not known is dashed."""
    known = [row for row in rows if row["budget"] is not None or row["spent"] is not None]
    most = max((max(row["budget"] or 0, row["spent"] or 0) for row in known), default=0)
    if most <= 0:
        return None
    scale = (WIDTH - 4) / most
    bars = [
        {
            **row,
            "y": n * 58,
            "frame": _round(max(row["budget"] or 0, 0) * scale) or None,
            "fill": _round(row["spent"] * scale) if row["spent"] is not None else None,
        }
        for n, row in enumerate(known)
    ]
    sentence = tr("、", "; ").join(f"{row['label']}: {_money(row)}" for row in known)
    return {"bars": bars, "height": len(bars) * 58, "sentence": sentence + tr("。", ".")}


def _money(row: Json) -> str:
    budget = tr(f"予算{row['budget_label']}", f"budget {row['budget_label']}") if row["budget_label"] else ""
    spent = (
        tr(f"使ったのは{row['spent_label']}", f"spent {row['spent_label']}")
        if row["spent_label"]
        else tr("使った額は記録なし", "spending not recorded")
    )
    return tr("、", ", ").join(part for part in (budget, spent) if part)


LABELS = 84.0
"""How much of a picture's width the names of its rows take."""


def stacked_bars(rows: Sequence[Json], names: Sequence[tuple[str, str]]) -> Json | None:
    """For each row (``label``, ``counts`` by name) the counts side by side, each in a pattern of its own; a
    column is as wide as the count of the longest row allows."""
    totals = [sum(row["counts"].get(name, 0) for name, _ in names) for row in rows]
    most = max(totals, default=0)
    if not most:
        return None
    unit = min(40.0, (WIDTH - LABELS - 6) / most)
    shown = list[Json]()
    for n, row in enumerate(rows):
        at, parts = LABELS, list[Json]()
        for name, _ in names:
            count = row["counts"].get(name, 0)
            if count:
                parts.append({"name": name, "n": count, "x": _round(at), "width": _round(unit * count - 2)})
                at += unit * count
        shown.append({"label": row["label"], "y": n * 27, "parts": parts})
    return {"rows": shown, "height": len(shown) * 27}


def year_bars(rows: Sequence[Json]) -> Json | None:
    """For each row (``label``, ``budget``, ``spent``, ``text``) one bar a year, frame and filling; its text
    stands on the filling where it fits, else within the frame, else behind it."""
    most = max((max(row["budget"] or 0, row["spent"] or 0) for row in rows), default=0)
    if most <= 0:
        return None
    scale = (WIDTH - LABELS - 6) / most
    return {
        "bars": [_year_bar(row, n, scale) for n, row in enumerate(rows)],
        "height": len(rows) * 34,
    }


def _year_bar(row: Json, n: int, scale: float) -> Json:
    frame = max(row["budget"] or 0, 0) * scale
    fill = (row["spent"] or 0) * scale
    wide = 8.5 * sum(1 if character.isascii() else 1.7 for character in row["text"]) + 16
    on_filling, inside = fill >= wide, max(frame, fill) >= wide and fill == 0
    at = LABELS + 8 if on_filling or inside else LABELS + max(frame, fill) + 6
    return {
        **row,
        "y": n * 34,
        "frame": _round(frame) or None,
        "fill": _round(fill) if row["spent"] is not None else None,
        "on_filling": on_filling,
        "at": _round(at if at + wide <= WIDTH + 20 else LABELS + 8),
        "is_over": not on_filling and not inside and at + wide > WIDTH + 20,
    }


def _round(x: float) -> float:
    return round(x, 1)
