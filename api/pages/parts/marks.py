"""Dates, money and the marks under every fact, as the templates' macros take them (see base.html)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec
from babel.dates import format_skeleton

from api.http.language import catalogues, in_words, lang, language, tr
from api.pages.parts.acting import written_of
from api.pages.parts.names import Names
from api.words import wording
from domain.kernel.correction_events import EFFECTIVE, INHERITED
from domain.values.calendar import JAPAN, EffectiveDate, fiscal_year_label
from domain.values.money import Money, Unit
from domain.values.refusal import Refusal
from projections.answers.labels import date_json
from projections.engine.event_json import Json


def date(value: Json | str | None) -> Json | None:
    """A date as the macro ``when`` prints it: of an envelope, of an event's data, or an instant in ISO form.

    ``era`` keeps the source's own words of a day.
    """
    if value is None:
        return None
    if isinstance(value, str):
        value = date_json(EffectiveDate.at(dt.datetime.fromisoformat(value)))
    elif "full_label" not in value:
        value = date_json(msgspec.convert(value, EffectiveDate).check())
    exact = value["precision"] in ("day", "instant")
    return {
        "label": _label(value),
        "full_label": _label(value) + in_words(_uncertainty(value)),
        "precision": value["precision"],
        "basis": value["basis"],
        "value": value["value"],
        "era": value.get("era") if exact else None,
    }


def day(written: str | None) -> Json | None:
    """The same of a day as events write it; None where it is not on record, or closed."""
    return date({"value": written, "precision": "day"}) if written is not None else None


def _label(date_given: Json) -> str:
    """A moment, a day or a month as a further language writes it; everything else in our words."""
    further, precision, value = catalogues().get(language()), date_given["precision"], date_given["value"]
    if further is None or precision not in ("instant", "day", "month"):
        return in_words(date_given["label"])
    if precision == "month":
        return format_skeleton("yMMMM", dt.date.fromisoformat(f"{value}-01"), locale=further.locale)
    at = dt.datetime.fromisoformat(value)
    at = at.astimezone(JAPAN) if precision == "instant" else at
    day = format_skeleton("yMMMMd", at, locale=further.locale)
    return day if precision == "day" else f"{day} {at:%H:%M}"


def _uncertainty(value: Json) -> dict[str, str]:
    """What a date does not say, in both languages. Whether it is inferred is said once, by the mark beside
    it."""
    full, label = value["full_label"], value["label"]
    ja = full["ja"].removeprefix(label["ja"]).removesuffix("・推定")
    return {"ja": ja, "en": full["en"].removeprefix(label["en"]).removesuffix(" (inferred)")}


def fiscal_year(year: int | None) -> str | None:
    """平成20年度(2008年度) / FY2008."""
    return fiscal_year_label(year, lang()) if year is not None else None


def money(yen: int | None, stated: int | None = None, unit: Unit | None = None) -> Json | None:
    """An amount, with the figure and unit of its source where that is not plain yen."""
    if yen is None:
        return None
    amount = Money(yen, stated, unit) if stated is not None and unit else Money.of_yen(yen)
    return {
        "yen": yen,
        "label": amount.label(lang()),
        "stated_label": amount.stated_label() if amount.stated_unit != "円" else None,
    }


def fact(envelope: Json, names: Names) -> Json:
    """How certain something is, who says so, where it is written; who wrote it down, if somebody else; what
    was corrected of it; and which line of the record says it."""
    return {
        "corrected": corrected(envelope.get("corrections"), names),
        "certainty": envelope["certainty"],
        "asserted_by_label": names.party(envelope["asserted_by"], envelope["role"]),
        "written_label": written_of(envelope, names),
        "moved": moved(envelope),
        "source": names.source(envelope["source"]),
        "line": envelope.get("position"),
    }


def moved(envelope: Mapping[str, Any]) -> Json | None:
    """That an import brought it here 移行: when it was recorded where it comes from, as precisely as that is
    known, what it is called there, and its address there; None for what was recorded here."""
    if envelope.get("import_batch") is None:
        return None
    there = date(envelope["source_recorded_at"])
    parts = [
        tr(f"元の記録: {there['label']}", f"recorded there {there['label']}") if there else None,
        tr(f"元の番号: {envelope['external_id']}", f"called there {envelope['external_id']}")
        if envelope["external_id"]
        else None,
    ]
    url = envelope["source_url"]
    return {
        "label": tr("移行", "moved here"),
        "detail": tr("、", ", ").join(filter(None, parts)) or None,
        "url": url if isinstance(url, str) and url.startswith(("http://", "https://")) else None,
    }


def corrected(made: list[Json] | None, names: Names) -> list[Json]:
    """What was corrected 訂正 of a fact, as the macro ``corrected`` takes it: what stood there, what stands
    now, since when, why, who approved it in which role, and where its correction is recorded."""
    return [
        {
            "changes": [
                {
                    "label": _field(x["field"]),
                    "before": _stood(x["field"], x["before"], names),
                    "after": _stood(x["field"], x["after"], names),
                }
                for x in c["changes"]
            ],
            "since": date(c["recorded_at"]),
            "reason": c["reason"],
            "approved_label": wording.role(c["role"]) if "role" in c else None,
            "position": c["position"],
        }
        for c in made or ()
    ]


def _field(field: str) -> str:
    if field in (EFFECTIVE, INHERITED):
        return tr("日付", "Date")
    return wording.field(field.partition(".")[0])


def _stood(field: str, value: Any, names: Names) -> Any:
    """What a field said, in words."""
    top = field.partition(".")[0]
    if value is None or value == []:
        return tr("記録なし", "not recorded")
    if isinstance(value, bool):
        return wording.yes(value)
    if isinstance(value, int):
        return Money.of_yen(value).label() if top.endswith("_yen") else f"{value:,}"
    if isinstance(value, list):
        return wording.listed([f"{_stood(field, item, names)}" for item in value])
    if isinstance(value, dict):
        return wording.listed([f"{_stood(name, inner, names)}" for name, inner in value.items() if inner])
    if value in names.things:
        return names.label(value)
    try:
        return (date(date_json(EffectiveDate.parse(value))) or {})["label"]
    except Refusal:
        return wording.value(top, value)


UNMARKED: Json = {
    "certainty": None,
    "asserted_by_label": None,
    "written_label": None,
    "moved": None,
    "source": None,
    "corrected": [],
    "line": None,
}
"""The marks of what nobody has said: none is shown."""


def dated(envelope: Json, names: Names) -> Json:
    """A fact with its date."""
    return {"date": date(envelope["effective"]), **fact(envelope, names)}


def note(envelope: Json) -> str | None:
    """The note of an entry or an event in the language of the page, as far as there is one in it."""
    ja, en = envelope.get("note"), envelope.get("note_en")
    return tr(ja or en or "", en or ja or "") or None


def first(entries: list[Any] | None) -> Any:
    """The first of some entries; None if there are none."""
    return entries[0] if entries else None


def last(entries: list[Any] | None) -> Any:
    """The last of some entries; None if there are none."""
    return entries[-1] if entries else None


def closed_reason(entry: Json) -> Json | None:
    """Why an entry is closed to the public, as the macro ``redacted`` takes it; None if it is open."""
    if entry.get("closed") is None:
        return None
    ground = entry.get("ground")
    return {"reason": wording.value("ground", ground) if ground else None, "review_on": None}
