"""What a source reports of a meeting, in its words beside ours; what it does not say is not stated."""

from __future__ import annotations

from api.http.language import tr
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.words import wording
from projections.engine.event_json import Json

_NUMBERS = (
    ("for", "賛成", "for"),
    ("against", "反対", "against"),
    ("abstain", "棄権", "abstained"),
    ("not_voting", "投票せず", "not voting"),
    ("present", "出席", "present"),
)


def result_label(report: Json | None) -> str | None:
    """Our value with the source's words; the words alone where they are none of our values."""
    if report is None or "closed" in report:
        return None
    text = report["result_text"]
    if report["result"] is None:
        return str(text)
    ours = wording.value("result", report["result"])
    return ours if ours == text else tr(f"{ours}（出典: {text}）", f"{ours} (source: {text})")


def method_label(report: Json | None) -> str | None:
    """How it was decided, as far as the source says."""
    if report is None or "closed" in report:
        return None
    return wording.value("method", report["method"]) if report["method"] else report["method_text"]


def show(report: Json | None, names: Names) -> Json | None:
    """A reported resolution under its item."""
    if report is None or "closed" in report:
        return None
    numbers = report["numbers"] or {}
    counts = [
        tr(f"{ja}{numbers[name]}", f"{en} {numbers[name]}")
        for name, ja, en in _NUMBERS
        if numbers.get(name) is not None
    ]
    return {
        "result_label": result_label(report),
        "method_label": method_label(report),
        "numbers_label": tr("、", ", ").join(counts) or None,
        **marks.fact(report["said"], names),
    }
