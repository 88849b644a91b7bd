"""The council's conclusion and the city's decision side by side: which points changed, and in which words."""

from __future__ import annotations

import difflib
import re
from typing import Literal

from api.http.language import closed_words, tr
from api.pages.matter.matter_outcome import option_label
from api.pages.matter.three_sentences import last
from api.pages.parts import marks
from api.pages.parts.days import short
from projections.engine.event_json import Json

Change = Literal["same", "gone", "new"]

_WORDS = re.compile(
    r"[0-9０-９,.]+|[\u4e00-\u9fff\u3005]+|[\u3040-\u309f]+|[\u30a0-\u30ff]+|[A-Za-z]+|\s+|.", re.DOTALL
)


def words_changed(before: str, after: str) -> tuple[list[Json], list[Json]]:
    """Both texts in pieces, each piece with whether it stands in the other text too."""
    ours, theirs = _WORDS.findall(before), _WORDS.findall(after)
    left, right = list[Json](), list[Json]()
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    for operation, i1, i2, j1, j2 in matcher.get_opcodes():
        is_same = operation == "equal"
        if i2 > i1:
            left.append({"text": "".join(ours[i1:i2]), "is_changed": not is_same})
        if j2 > j1:
            right.append({"text": "".join(theirs[j1:j2]), "is_changed": not is_same})
    return left, right


def whole_text(before: str, after: str) -> list[Json]:
    """One text in pieces: what stayed, what went, what came instead."""
    ours, theirs = _WORDS.findall(before), _WORDS.findall(after)
    pieces = list[Json]()
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    for operation, i1, i2, j1, j2 in matcher.get_opcodes():
        if operation == "equal":
            pieces.append({"text": "".join(ours[i1:i2]), "change": "same"})
            continue
        if i2 > i1:
            pieces.append({"text": "".join(ours[i1:i2]), "change": "gone"})
        if j2 > j1:
            pieces.append({"text": "".join(theirs[j1:j2]), "change": "new"})
    return pieces


def answer(m: Json) -> Json | None:
    """What the city made of the conclusion, point by point and as whole texts; None where the city decided
    nothing and answered nothing."""
    decided, replied, concluded = (
        last(m, name) for name in ("CityDecisionRecorded", "CityResponseRecorded", "MatterConcluded")
    )
    if decided is None and replied is None:
        return None
    points = _points(concluded or {}, decided or {})
    text, ours = (decided or {}).get("text"), _text(m, concluded)
    return {
        "points": points,
        "lead": _lead(points) if points else None,
        "concluded_on": short(marks.date(concluded["said"]["effective"])) if concluded else None,
        "decided_on": short(marks.date(decided["said"]["effective"])) if decided else None,
        "ours": ours,
        "theirs": text,
        "whole": whole_text(closed_words(ours), closed_words(text)) if ours and text else None,
    }


def _text(m: Json, concluded: Json | None) -> str | None:
    """The conclusion as a text: that of the option chosen, as it last read, else its name."""
    option = (concluded or {}).get("chosen_option")
    if option is None:
        return None
    texts = [
        e["text"]
        for name in ("OptionProposed", "OptionAmended")
        for e in m.get(name) or ()
        if e.get("option_id") == option and e.get("text")
    ]
    return texts[-1] if texts else option_label(m, option)


def _points(concluded: Json, decided: Json) -> list[Json]:
    """Every point that either names: what changed first, then what is the same, then what one leaves out."""
    ours = {p["point"]: closed_words(p["text"]) for p in concluded.get("points") or ()}
    theirs = {p["point"]: closed_words(p["text"]) for p in decided.get("points") or ()}
    rows = [_point(point, ours.get(point), theirs.get(point)) for point in {**ours, **theirs}]
    return sorted(rows, key=lambda row: ("changed", "same", "unanswered", "added").index(row["state"]))


def _point(point: str, ours: str | None, theirs: str | None) -> Json:
    if ours is None or theirs is None:
        state = "added" if ours is None else "unanswered"
        label = tr("市が加えた", "added by the city") if ours is None else tr("答えなし", "no answer")
        left, right = ([{"text": text, "is_changed": False}] if text else [] for text in (ours, theirs))
    elif ours == theirs:
        state, label = "same", tr("同じ", "same")
        left, right = ([{"text": text, "is_changed": False}] for text in (ours, theirs))
    else:
        state, label = "changed", tr("変わった", "changed")
        left, right = words_changed(ours, theirs)
    return {"point": point, "state": state, "state_label": label, "ours": left, "theirs": right}


def _lead(points: list[Json]) -> str:
    def count(state: str) -> int:
        return sum(row["state"] == state for row in points)

    parts = [
        tr(f"{count(state)}つ{ja}", f"{count(state)} {en}")
        for state, ja, en in (
            ("changed", "が変わりました", "changed"),
            ("same", "は結論どおりです", "as concluded"),
            ("unanswered", "には答えがありません", "without an answer"),
            ("added", "は市が加えました", "added by the city"),
        )
        if count(state)
    ]
    total = len(points)
    return tr(f"{total}つの点のうち、{'、'.join(parts)}。", f"Of {total} points: {', '.join(parts)}.")
