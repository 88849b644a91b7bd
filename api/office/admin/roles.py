"""Roles as the screens of accounts show and take them: for which body, from when until when, as a deputy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from api.access.accounts import ROLES
from api.access.grants import checked_roles
from api.http.clock import today
from api.http.language import tr
from api.office.desk.acts import Act, new_id
from api.office.meetings.bodies import councils
from api.office.meetings.moments import read_day
from api.pages.parts.names import Names
from api.words.days import office_day
from domain.kernel.roles import ROLE_NAMES
from projections.engine.event_json import Json
from projections.views.council.group_register import groups


def bodies(connection: sa.Connection) -> list[tuple[str, str]]:
    """What a role may be limited to: every council, then every group, by id and name."""
    group_ids = [row.group_id for row in connection.execute(groups())]
    names = Names(connection, group_ids)
    return councils(connection) + [(group, str(names.label(group))) for group in group_ids]


def choices(connection: sa.Connection) -> Json:
    """What the fields of a role offer."""
    return {
        "roles": [{"value": role, "label": tr(*ROLE_NAMES[role])} for role in ROLES],
        "bodies": [{"value": body, "label": label} for body, label in bodies(connection)],
        "today": office_day(today()),
    }


def acts_of(form: Any, party: str) -> list[Act]:
    """The acts that grant the roles of a form to somebody. Refuses days that cannot be read."""
    since, until = form.get("from", "").strip(), form.get("until", "").strip()
    grant: dict[str, Any] = {
        "party_id": party,
        "from_date": (read_day(since) if since else today()).isoformat(),
        "deputy": form.get("deputy") == "yes",
    }
    for name, text in (
        ("to_date", read_day(until).isoformat() if until else ""),
        ("body", form.get("body", "")),
        ("document_no", form.get("document_no", "").strip()),
    ):
        if text:
            grant[name] = text
    return [
        Act("RoleGrant", "grant_role", new_id("RoleGrant"), {**grant, "role": role}, place=f"/{role}")
        for role in checked_roles(form.getlist("role"))
    ]


def held_lines(rows: Iterable[Any], names: Names, day: dt.date) -> list[Json]:
    """Grants as lines: the role, for what, for how long, and whether it is held today."""
    return [
        {
            "id": row.grant_id,
            "role": tr(*ROLE_NAMES[row.role]),
            "body": names.label(row.body) if row.body else tr("すべて", "all of them"),
            "deputy": bool(row.deputy),
            "since": office_day(dt.date.fromisoformat(row.from_date)),
            "until": office_day(dt.date.fromisoformat(row.to_date)) if row.to_date else None,
            "is_held": row.from_date <= day.isoformat() <= (row.to_date or "9999"),
            "is_over": bool(row.to_date) and row.to_date < day.isoformat(),
        }
        for row in rows
    ]


def words_of(roles: Sequence[str]) -> str:
    return tr("・", ", ").join(tr(*ROLE_NAMES[role]) for role in ROLES if role in roles)
