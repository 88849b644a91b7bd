"""Roles granted 役割の付与: who holds which role, for which body, from when until when (truth.md 5).

A grant names the person, never an account. It is internal: that somebody works in an office concerns nobody
else. Without a body it is for all of them. Whoever stands in for another (代理) holds the same role, and the
grant says that they do so as a deputy. Nobody grants a role to themselves, and none is granted on behalf.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from domain.kernel.commands import command, on, refuses
from domain.kernel.correction import Correctable
from domain.kernel.events import Event, Recorded
from domain.kernel.record import KINDS
from domain.kernel.refusals import ALREADY_EXISTS, UNKNOWN_ID, WRONG_STATE
from domain.kernel.roles import Role
from domain.rules import permissions
from domain.values.disclosure import Disclosure
from domain.values.fields import Id, Line, Text
from domain.values.refusal import refusal

ROLE_FOR_ONESELF = refusal(
    "ROLE_FOR_ONESELF",
    ja="自分に役割を付与したり、自分の役割を取り消したりすることはできません。",
    en="Nobody grants a role to themselves, or takes their own away.",
    rule=permissions.GRANTED,
    next_ja="事務局の別の人に依頼してください。",
    next_en="Ask somebody else of the secretariat.",
    kind="forbidden",
    since=5,
)
ROLE_ENDS_BEFORE_IT_BEGINS = refusal(
    "ROLE_ENDS_BEFORE_IT_BEGINS",
    ja="役割の終わりの日（{until}）が、始まりの日（{since}）より前です。",
    en="The role would end ({until}) before it begins ({since}).",
    rule=permissions.GRANTED,
    next_ja="期間の日付を確かめてください。",
    next_en="Check the days of the period.",
    kind="invalid",
    since=5,
)
INTERNAL = Disclosure("internal", "operations")
BODIES = ("Council", "WorkingGroup")
"""Kinds of what a role may be limited to."""


class RoleGranted(Event):
    """``party_id`` holds ``role`` from a day on, until another if one is given. ``body``: for this council or
    group alone. ``deputy``: in place of whoever holds it."""

    LABEL = ("役割の付与", "Role granted")
    KEY_STEP = False
    WHEN = "from_date"
    AHEAD = True
    FIELDS: ClassVar = {
        "body": ("対象の会議・グループ", "For which body"),
        "deputy": ("代理", "As a deputy"),
    }
    party_id: Id
    role: Role
    from_date: dt.date
    to_date: dt.date | None = None
    body: Id | None = None
    deputy: bool = False
    document_no: Line | None = None
    disclosure: Disclosure = INTERNAL


class RoleRevoked(Event):
    """The role ends with ``last_day``, for a reason."""

    LABEL = ("役割の取消し", "Role revoked")
    KEY_STEP = False
    WHEN = "last_day"
    AHEAD = True
    FIELDS: ClassVar = {"last_day": ("最後の日", "Last day")}
    last_day: dt.date
    reason: Text
    document_no: Line | None = None


class RoleGrant(Correctable):
    """One role of one person: new → granted → revoked."""

    PREFIX = "grant-"
    COLLECTION = "role-grants"
    LABEL = ("役割の付与", "role granted")

    def begin(self) -> None:
        self.granted: RoleGranted | None = None

    @command("SEC", event=RoleGranted, ja="役割を付与する", en="Grant a role", creates=True)
    @refuses(ROLE_ENDS_BEFORE_IT_BEGINS, ROLE_FOR_ONESELF, UNKNOWN_ID)
    def grant_role(self, fact: RoleGranted) -> None:
        """Give a person a role, for a body and a period."""
        if self.state != "new":
            raise ALREADY_EXISTS(id=self.entity)
        self._for_another(fact.party_id, "/party_id")
        if fact.to_date is not None and fact.to_date < fact.from_date:
            raise _reversed(fact.from_date, fact.to_date).at("/to_date")
        if fact.body is not None and not any(self._is_on_record(kind, fact.body) for kind in BODIES):
            raise UNKNOWN_ID(kind="記録", kind_en="record", id=fact.body).at("/body")
        self.record(fact)

    @command("SEC", event=RoleRevoked, ja="役割を取り消す", en="Revoke a role")
    @refuses(ROLE_ENDS_BEFORE_IT_BEGINS, ROLE_FOR_ONESELF, WRONG_STATE)
    def revoke_role(self, fact: RoleRevoked) -> None:
        """End a role with a day, and say why. One that is to end before its first day was never held."""
        self.only_in("granted")
        granted = self.granted
        if granted is not None:
            self._for_another(granted.party_id, "")
            if fact.last_day < granted.from_date - dt.timedelta(days=1):
                raise _reversed(granted.from_date, fact.last_day).at("/last_day")
        self.record(fact)

    @on(RoleGranted)
    def _granted(self, e: RoleGranted, _: Recorded[Any]) -> None:
        self.state, self.granted = "granted", e

    @on(RoleRevoked)
    def _revoked(self, e: RoleRevoked, _: Recorded[Any]) -> None:
        self.state = "revoked"

    def _for_another(self, party_id: str, pointer: str) -> None:
        if self.context.actor.party == party_id:
            raise ROLE_FOR_ONESELF().at(pointer)

    def _is_on_record(self, kind: str, entity: str) -> bool:
        return self.context.reader.find(KINDS[kind], entity) is not None


def _reversed(since: dt.date, until: dt.date) -> Any:
    return ROLE_ENDS_BEFORE_IT_BEGINS(since=since.isoformat(), until=until.isoformat())
