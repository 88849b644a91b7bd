"""Links from a page to the papers 書類 that can be printed of what it is about (api/papers)."""

from __future__ import annotations

from urllib.parse import quote

from api.http.language import href, tr
from api.pages.parts import marks
from api.reads.as_of import day_shown
from domain.values.calendar import fiscal_year_of
from projections.engine.event_json import Json


def of_meeting(meeting: str) -> list[Json]:
    return [
        _link(f"/meetings/{quote(meeting)}/notice", tr("開催通知", "notice")),
        _link(f"/meetings/{quote(meeting)}/agenda", tr("次第", "running order")),
        _link(f"/meetings/{quote(meeting)}/attendance", tr("出欠表", "attendance")),
        _link(f"/meetings/{quote(meeting)}/minutes", tr("会議録", "minutes")),
    ]


def of_council(council: str) -> list[Json]:
    """The list of who sits on it, and the reports of this fiscal year and of the one before."""
    this = fiscal_year_of(day_shown())
    reports = [
        _link(f"/council/{quote(council)}/report/{year}", tr(f"年次報告（{label}）", f"report of {label}"))
        for year in (this, this - 1)
        if (label := marks.fiscal_year(year))
    ]
    return [
        _link(f"/council/{quote(council)}/appointments", tr("委嘱状一覧", "letters of appointment")),
        *reports,
    ]


def of_sheet(sheet: str) -> list[Json]:
    return [_link(f"/sheets/{quote(sheet)}/paper", tr("評価シート", "evaluation sheet"))]


def of_matter(matter: str) -> list[Json]:
    return [
        _link(f"/matters/{quote(matter)}/account", tr("決定の経緯（1枚）", "how it was decided, on one page"))
    ]


def _link(path: str, label: str) -> Json:
    return {"label": label, "url": href(path)}
