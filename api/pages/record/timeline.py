"""Timeline 年表: what has happened, by fiscal year, as precisely as anybody recorded it (domain.md P1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, request

from api.http.language import spoken, tr
from api.pages.parts import marks
from api.pages.parts.acting import written_of
from api.pages.parts.names import Names
from api.pages.parts.serving import Page, data_url, first_url, next_url, whole_table
from api.pages.parts.steps import CLAIMS, recorded
from api.reads.as_of import day_shown
from api.reads.reading import open_entries, page_of
from api.words import wording
from domain.kernel.record import KINDS
from domain.values.calendar import EffectiveDate
from projections.answers.in_force import is_ahead
from projections.engine.event_json import Json
from projections.views.record import public_timeline
from projections.views.record.public_timeline import UNKNOWN_PERIOD


def read(connection: sa.Connection) -> Json:
    known = dict(public_timeline.periods(connection))
    wanted = _wanted(known)
    page = page_of(connection, public_timeline.entries(**wanted))
    return {
        "entries": open_entries(connection, list(page)),
        "periods": known,
        "wanted": wanted,
        "next": next_url(page),
    }


def _wanted(known: dict[str, int]) -> dict[str, str]:
    """The period and kind asked for: ``year=2008`` is the fiscal year unless that calendar year is there."""
    year, kind = request.args.get("year", "").strip(), request.args.get("kind", "")
    wanted = {"kind": kind} if kind in KINDS else {}
    if year:
        wanted["period"] = f"FY{year}" if year.isdecimal() and year not in known else year
    return wanted


def show(data: Json, names: Names) -> Json:
    groups: dict[str, list[Json]] = {}
    for entry in data["entries"]:
        groups.setdefault(entry["period"], []).append(show_entry(entry, names))
    unknown = groups.pop(UNKNOWN_PERIOD, [])
    return {
        "filters": {
            "years": [{"value": p, "label": period_label(p)} for p in data["periods"]],
            "kinds": [{"value": name, "label": tr(*KINDS[name].LABEL)} for name in _kinds()],
            "year": data["wanted"].get("period", ""),
            "kind": data["wanted"].get("kind", ""),
        },
        "groups": [
            {"anchor": period, "label": period_label(period), "note": _note(period), "entries": entries}
            for period, entries in groups.items()
        ],
        "unknown": unknown,
        "next_url": data["next"],
        "first_url": first_url(),
        "formats": {"csv": data_url("csv")},
    }


def show_entry(e: Json, names: Names) -> Json:
    """One entry, as the macro ``entry`` takes it. A claim is quoted, anything else is called by its name."""
    claim = e["type"] in CLAIMS
    label: str = tr(e["label"]["ja"], e["label"]["en"])
    if is_ahead(e["effective"], day_shown()):
        label += tr("（これから）", " (still to come)")
    title = names.title(e["subject"])
    text = tr(e["closed"]["ja"], e["closed"]["en"]) if "closed" in e else e["text"]
    if text is not None:
        text = wording.value("question", text)
    kind = names.kind_label(e["subject"])
    return {
        "date": marks.date(e["effective"]),
        "kind_label": None if claim else label,
        "title": tr(f"{kind}についての記述", f"Statement: {kind}") if claim else names.label(e["subject"]),
        "text": None if text == title and not claim else text,
        "claim": claim,
        "money": _money(e["money"]),
        "url": names.url(e["subject"]),
        "certainty": e["certainty"],
        "corrected": marks.corrected(e.get("corrections"), names),
        "asserted_by_label": names.party(e["asserted_by"], e["role"]),
        "written_label": written_of(e, names),
        "moved": marks.moved(e),
        "source": names.source(e["source"]),
    }


def _money(amount: Json | None) -> Json | None:
    if amount is None:
        return None
    plain = amount["stated_label"] is not None and amount["stated_label"].endswith("千円")
    return {**amount, "stated_label": amount["stated_label"] if plain else None}


def period_label(period: str) -> str:
    """平成20年度(2008年度); a calendar year as such; what has no date says so."""
    if period == UNKNOWN_PERIOD:
        return tr("時期の記録なし", "Date not recorded")
    return spoken(EffectiveDate.parse(period).label)


def _note(period: str) -> str | None:
    if period.startswith("FY"):
        return None
    return tr("暦年。どの年度かは分かりません", "calendar year; the fiscal year is not known")


def _kinds() -> Iterator[str]:
    yield from (name for name in KINDS if name not in ("Party", "Document", "Link"))


# -- the same as a table


def as_csv() -> Response:
    header = [
        tr("日付", "date"),
        tr("精度", "precision"),
        tr("早くて", "earliest"),
        tr("遅くて", "latest"),
        tr("日付の根拠", "date stated or inferred"),
        tr("年度・年", "period"),
        tr("種類", "kind"),
        tr("出来事", "event"),
        tr("対象", "subject"),
        tr("内容", "text"),
        tr("金額（円）", "amount in yen"),
        tr("確かさ", "certainty"),
        tr("述べた者", "asserted by"),
        tr("出典", "source"),
        tr("箇所", "locator"),
        tr("記録番号", "position"),
        tr("記録の時刻", "recorded at"),
        tr("訂正", "corrected"),
    ]
    return whole_table("timeline", header, _lines)


def _lines(connection: sa.Connection) -> Iterator[list[Any]]:
    wanted = _wanted(dict(public_timeline.periods(connection)))
    entry_rows = connection.execute(public_timeline.entries(**wanted))
    for part in entry_rows.partitions(500):
        entries = open_entries(connection, list(part))
        names = Names(connection, entries)
        yield from (_line(e, names) for e in entries)


def _line(e: Json, names: Names) -> list[Any]:
    when, source = e["effective"], e["source"] or {}
    return [
        when["value"],
        when["precision"],
        when["earliest"],
        when["latest"],
        when["basis"],
        e["period"],
        tr(*KINDS[e["kind"]].LABEL),
        tr(e["label"]["ja"], e["label"]["en"]),
        e["subject"],
        e["text"],
        (e["money"] or {}).get("yen"),
        e["certainty"],
        e["asserted_by"],
        source.get("document_id"),
        source.get("locator"),
        e["position"],
        recorded(e["recorded_at"]),
        " ".join(recorded(c["recorded_at"]) for c in e.get("corrections", ())),
    ]


def newest_rows(connection: sa.Connection, most: int) -> Sequence[sa.Row[Any]]:
    """So many rows that the latest entries are surely among them; what has no date is neither old nor new."""
    table = public_timeline.entry.table
    chosen = public_timeline.entries().where(table.c.period != UNKNOWN_PERIOD).order_by(None)
    chosen = chosen.order_by(table.c.sort.desc(), table.c.position.desc()).limit(20 * most)
    return connection.execute(chosen).all()


def newest(connection: sa.Connection, rows: Sequence[sa.Row[Any]], most: int) -> list[Json]:
    """The latest of these entries, one for each thing."""
    latest: list[Json] = []
    shown: set[str] = set()
    for e in open_entries(connection, rows):
        if shown.isdisjoint((e["entity"], e["subject"])):
            latest.append(e)
        shown |= {e["entity"], e["subject"]}
    return latest[:most]


def register(blueprint: Blueprint) -> None:
    Page("/timeline", "record/timeline.html", "timeline", read, show).register(blueprint)
    blueprint.add_url_rule("/timeline.csv", "timeline_csv", as_csv)
