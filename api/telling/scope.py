"""What concerns an account: by its roles of the office today, and the councils and groups they are for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

import sqlalchemy as sa

from api.access.accounts import Account, Accounts
from domain.kernel.viewer import OFFICE
from projections.answers.due import Kind
from projections.views.council.group_register import group
from projections.views.matter.matter_list import matter
from projections.views.meeting.meeting_register import meeting

DUE_FOR: dict[str, tuple[Kind, ...]] = {
    "SEC": get_args(Kind),
    "DIS": ("review", "request", "closing"),
    "APR": ("promise", "closing"),
    "EV-G": ("self_evaluation", "improvement"),
    "IMP": (),
}
"""What falls due for whom of the office."""


@dataclass(frozen=True)
class Scope:
    """``roles``: those of the office that the account acts in; ``bodies``: for which councils and groups
    alone, None for all."""

    party: str | None
    roles: frozenset[str]
    bodies: frozenset[str] | None

    @property
    def due_kinds(self) -> frozenset[Kind]:
        return frozenset(kind for role in self.roles for kind in DUE_FOR[role])

    def concerning(self, connection: sa.Connection, things: Iterable[str]) -> set[str]:
        """Those of these things that concern the account: what belongs to no body concerns everybody."""
        wanted = set(things)
        if self.bodies is None or not wanted:
            return wanted
        belongs = _bodies_of(connection, wanted)
        return {thing for thing in wanted if not belongs.get(thing) or belongs[thing] & self.bodies}


def scope_of(accounts: Accounts, account: Account, day: dt.date) -> Scope:
    """What concerns an account on a day."""
    held = accounts.roles_today(account, day)
    of_office = {role: bodies for role, bodies in held.items() if role in OFFICE}
    limited = frozenset(body for bodies in of_office.values() for body in bodies or ())
    bodies = None if any(of is None for of in of_office.values()) else limited
    return Scope(account.party_id, frozenset(of_office), bodies)


def _bodies_of(connection: sa.Connection, things: set[str]) -> dict[str, set[str]]:
    """The councils and groups of things, as far as they have any: a group's council is one of its own."""
    belongs: dict[str, set[str]] = {thing: {thing} for thing in things if thing.startswith("council-")}
    for table, name, of in (
        (meeting.table, "meeting_id", ("council_id", "group_id")),
        (matter.table, "matter_id", ("council_id",)),
        (group.table, "group_id", ("council_id", "group_id")),
    ):
        chosen = sa.select(table.c[name].label("thing"), *(table.c[column].label(column) for column in of))
        rows: Iterable[Any] = connection.execute(chosen.where(table.c[name].in_(sorted(things))))
        for row in rows:
            belongs.setdefault(row.thing, set()).update(filter(None, (getattr(row, column) for column in of)))
    return belongs
