"""Words of papers: days by their era with the weekday, labels as plain text, and what is not on record."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from api.http.language import closed_words, language, tr
from api.pages.parts import marks
from api.pages.parts.names import Label
from api.papers.structure import CORRECTED
from api.words.days import office_day
from domain.kernel.correction_events import EFFECTIVE, INHERITED
from domain.kernel.events import EVENTS
from domain.values.calendar import JAPAN
from projections.engine.event_json import Json

_GREGORIAN = re.compile(r"\(\d{4}年度?\)")


def unrecorded() -> str:
    return tr("記録なし", "not recorded")


def none() -> str:
    return tr("—", "–")


def era_only(words: str) -> str:
    """Words of ours with their years by the era alone, as an office writes them."""
    return _GREGORIAN.sub("", words)


def plain(label: Label | list[Any] | None) -> str:
    """A label as plain text."""
    if label is None:
        return unrecorded()
    if isinstance(label, list):
        return "".join(plain(part) for part in label)
    if isinstance(label, dict):
        gloss = label.get("gloss")
        return f"{gloss} ({label['text']})" if gloss else label["text"]
    return closed_words(label)


def listed(labels: Iterable[Any]) -> str:
    """Labels in a row; a dash for none."""
    return tr("、", ", ").join(plain(label) for label in labels) or none()


def in_quotes(text: str) -> str:
    """A text as it is quoted: it ends with the sentence that it stands in."""
    plain_text = text.removesuffix("。")
    return tr(f"「{plain_text}」", f"“{plain_text}”")


def all_in_quotes(texts: Iterable[str]) -> str:
    return tr("", " ").join(map(in_quotes, texts))


def sentences(*parts: str | None) -> str:
    """Sentences one after another, each ended once."""
    whole = [_ended(part) for part in parts if part]
    return tr("", " ").join(whole)


def _ended(sentence: str) -> str:
    return (
        sentence if sentence.endswith(("。", ".", ".”", "？", "?")) else tr(f"{sentence}。", f"{sentence}.")
    )


# ------------------------------------------------------------------------------------------------- days


def day(date: Json | None, *, time: bool = False) -> str:
    """A date as an office writes it: 令和7年6月12日（木）, with its time where that is asked for. As precise
    as it is on record, and no more."""
    if date is None:
        return tr("日付の記録なし", "date not recorded")
    inferred = tr("（推定）", " (inferred)") if date["basis"] == "inferred" else ""
    if date["precision"] not in ("day", "instant"):
        return era_only(date["full_label"].removesuffix("・推定").removesuffix(" (inferred)")) + inferred
    if language() not in ("ja", "en"):
        return f"{date['label']}{inferred}"
    at = dt.datetime.fromisoformat(date["value"])
    at = at.astimezone(JAPAN) if date["precision"] == "instant" else at
    return f"{whole_day(at.date())}{_time(at) if time and date['precision'] == 'instant' else ''}{inferred}"


def whole_day(on: dt.date) -> str:
    """A day of the calendar with its weekday."""
    return office_day(on)


def _time(at: dt.datetime) -> str:
    return tr(f"　{_hour(at)}", f", {_hour(at)}")


def hour(moment: str) -> str:
    """The time of day of a moment, in Japan: 午後6時30分."""
    return _hour(dt.datetime.fromisoformat(moment).astimezone(JAPAN))


def _hour(at: dt.datetime) -> str:
    hour, minute, twelve = at.hour % 12, at.minute, at.hour % 12 or 12
    if minute and at.hour < 12:
        return tr(f"午前{hour}時{minute}分", f"{twelve}:{minute:02d} a.m.")
    if minute:
        return tr(f"午後{hour}時{minute}分", f"{twelve}:{minute:02d} p.m.")
    return tr(f"午前{hour}時", f"{twelve} a.m.") if at.hour < 12 else tr(f"午後{hour}時", f"{twelve} p.m.")


def people(count: int) -> str:
    return tr(f"{count}人", str(count))


def of(envelope: Mapping[str, Any]) -> str:
    """The day of an event, as its envelope has it."""
    return day(marks.date(envelope["effective"]))


def fiscal_year(year: int | None) -> str:
    return era_only(marks.fiscal_year(year) or unrecorded())


def money(amount: Json | None) -> str:
    """Yen, and the thousands in which the source states it: 3,400,000円（3,400千円）."""
    if amount is None:
        return unrecorded()
    yen = tr(f"{amount['yen']:,}円", f"{amount['yen']:,} yen")
    stated = amount["stated_label"]
    return tr(f"{yen}（{stated}）", yen) if stated else yen


# ------------------------------------------------------------------------------------------- corrections


def starred(words: str, e: Json, *, day: bool) -> str:
    """Words of an event with the mark of what is corrected: of its day, or of the rest of it."""
    return f"{words}{CORRECTED}" if any(is_day is day for is_day in _corrected(e)) else words


def _corrected(e: Json) -> Iterator[bool]:
    """For each correction of a field whether it is of the day."""
    dates = {EFFECTIVE, INHERITED, *(filter(None, (_date_field(e),)))}
    for made in e["said"].get("corrections") or ():
        for change in made["changes"]:
            yield change["field"].partition(".")[0] in dates


def _date_field(e: Json) -> str | None:
    field = getattr(EVENTS.get(e.get("type", "")), "WHEN", None)
    return field if isinstance(field, str) else None


def typed(row: Json) -> dict[str, list[Json]]:
    """The events of a row of a view by their type, each knowing which it is; what is closed as a whole is
    left out."""
    return {
        name: [{"type": name, **e} for e in entries if isinstance(e, dict) and "said" in e]
        for name, entries in row.items()
        if name in EVENTS and isinstance(entries, list)
    }
