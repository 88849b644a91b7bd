"""The views ビューの証明書: of which code each is, what its rebuilds have proved, and the rebuild under way.

For staff: it tells of the machine room, not of the council. The same stands at /api/v1/views.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask import Blueprint

from api.http.language import in_words, tr
from api.pages.parts.names import Names
from api.pages.parts.staff_page import StaffPage
from api.reads.view_status import PHASES, STANDINGS, certificates, views_told
from api.setup.one_moment import living
from domain.values.calendar import JAPAN
from projections.engine.event_json import Json


def read(_: sa.Connection) -> Json:
    """Of the record as it is now, whatever day is looked at: a view has no past."""
    with living() as now:
        return {**views_told(now), "certificates": certificates(now)}


def show(data: Json, names: Names) -> Json:
    items = [_view(view) for view in data["items"]]
    return {
        "position": f"{data['position']:,}",
        "run": _run(data["run"]) if data["run"] else None,
        "outdated": [view for view in items if view["state"] != "current"],
        "items": items,
        "certificates": [_certificate(c) for c in data["certificates"]],
    }


def _view(view: Json) -> Json:
    return {
        "name": view["name"],
        "title": in_words(view["title"]),
        "version": view["version"],
        "state": view["state"],
        "state_label": tr(*STANDINGS[view["state"]]),
        "held_since": view["held_since"],
        "built": _certificate(view["last_build"]) if view["last_build"] else None,
    }


def _run(run: Json) -> Json:
    share = run["position"] / run["head"] if run["head"] else 0.0
    return {
        "phase": tr(*PHASES[run["phase"]]),
        "share": f"{share:.0%}",
        "at": f"{run['position']:,} / {run['head']:,}",
        "who": run["built_by"],
        "started": _when(run["started_at"]),
        "updated": _when(run["updated_at"]),
        "views": len(run["views"]),
    }


def _certificate(c: Json) -> Json:
    return {
        "view": c["view"],
        "version": c["version"],
        "fingerprint": c["fingerprint"],
        "position": f"{c['position']:,}",
        "digest": c["digest"],
        "seconds": f"{c['seconds']:,.2f}",
        "rate": f"{c['rate']:,.0f}" if "rate" in c else None,
        "lock_ms": f"{c['lock_ms']:,.0f}" if "lock_ms" in c else None,
        "when": _when(c["built_at"]),
        "who": c["built_by"],
    }


def _when(recorded: str) -> str:
    """A moment as a clock in Japan shows it."""
    at = dt.datetime.fromisoformat(recorded).astimezone(JAPAN)
    return f"{at:%Y-%m-%d %H:%M:%S}"


def register(blueprint: Blueprint) -> None:
    StaffPage("/views", "record/views.html", "views", read, show).register(blueprint)
