"""A step of the record as one sentence: the words in which an event will stand, before it is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.http.language import tr
from projections.engine.event_json import Json


@dataclass(frozen=True)
class Sentence:
    """``text``: when, what, of what, and what it holds. ``by``: who did it, who writes it down, on what
    evidence; None where that says nothing."""

    text: str
    by: str | None


def sentence(step: Json, linked: Sequence[Any] = ()) -> Sentence:
    """The sentence of a step (api/pages/parts/steps.py). ``linked``: what the things are called that it leads
    to, which a page of the record shows as links."""
    stop = tr("。", ". ")
    parts = [
        tr(f"{_when(step)}、{step['title']}", f"{_when(step)}: {step['title']}"),
        _quoted(step["subject"]["label"]) if step["subject"] else "",
        plain(step["text"]),
        *(f"{label}{tr('：', ': ')}{plain(words)}" for label, words in step["details"]),
        tr("関係するもの：", "about: ") + "".join(map(_quoted, linked)) if linked else "",
        *(f"{tr('理由：', 'Reason: ')}{step['reason']}" for _ in (1,) if step["reason"]),
        *(f"{tr('文書番号：', 'No. ')}{step['document_no']}" for _ in (1,) if step["document_no"]),
    ]
    text = stop.join(part.rstrip("\u3002. ") for part in parts if part)
    return Sentence(f"{text}{tr('。', '.')}", _by(step))


def _when(step: Json) -> str:
    date = step["when"]
    return str(date["full_label"]) if date else tr("日付の記録なし", "date not recorded")


def _quoted(label: Any) -> str:
    return tr(f"「{plain(label)}」", f"“{plain(label)}”")


def _by(step: Json) -> str | None:
    actor, written = plain(step["actor_label"]), plain(step["written_label"])
    parts = [
        tr(f"した人：{actor}", f"done by {actor}") if actor else "",
        written,
    ]
    return tr("　", "; ").join(filter(None, parts)) or None


def plain(words: Any) -> str:
    """Words for the macro ``val`` as text."""
    if words is None:
        return ""
    if isinstance(words, dict):
        gloss = words.get("gloss")
        return f"{words.get('text', words.get('label', ''))}{f' ({gloss})' if gloss else ''}"
    if isinstance(words, list | tuple):
        return "".join(plain(word) for word in words)
    return str(words)
