"""Who may give a command."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from domain.kernel.commands import Command
from domain.kernel.events import Actor
from domain.kernel.record import Record
from domain.kernel.refusals import FORBIDDEN
from domain.kernel.roles import ROLE_NAMES
from domain.recording.asserting import WHO, WRITES_DOWN, may_be_on_behalf, permit_on_behalf
from domain.recording.receipts import CommandTerms
from domain.rules import permissions
from domain.values.refusal import Refusal, refusal

ACTOR_REQUIRED = refusal(
    "ACTOR_REQUIRED",
    ja="これは{roles}が行うことです。事務局が代わって記録するには、だれがしたかを示す必要があります。",
    en="This is done by: {roles_en}. To record it on their behalf, the secretariat says who did it.",
    rule=permissions.ON_BEHALF,
    next_ja="だれが（役割と、分かればその人）したかと、その根拠を示してください。",
    next_en="Say who did it (the role, and the person if known), and what that rests on.",
    kind="forbidden",
    since=5,
)


def permit(command: Command, terms: CommandTerms) -> None:
    """The one place where permissions (domain.md 4.13) are enforced: who may do it, and in whose name."""
    permit_at_all(command, terms.roles)
    permit_on_behalf(command, terms)
    acted = terms.on_behalf_of
    if acted is not None and acted.role not in command.roles:
        raise forbidden(command.roles, {acted.role}).at(f"{WHO}/role")
    if acted is None and not terms.roles.intersection(command.roles):
        raise _who_did_it(command)


OTHER_BODY = refusal(
    "OTHER_BODY",
    ja="あなたの役割は、この会議・グループのためのものではありません。",
    en="Your role is not for this council or group.",
    rule=permissions.OWN_BODY,
    next_ja="その会議・グループの役割を持つ人に依頼するか、事務局に役割の付与を求めてください。",
    next_en="Ask somebody who holds a role for it, or ask the secretariat to grant you one.",
    kind="forbidden",
    since=5,
)


def within_body(
    command: Command, aggregate: Record, arguments: Mapping[str, Any], terms: CommandTerms
) -> CommandTerms:
    """The terms as far as the caller's roles are for the body that this concerns. Refuses ``OTHER_BODY`` if
    none of them, that would do, is. What concerns no body is open to a role for any."""
    concerned = bodies_of(aggregate, arguments) if terms.bodies else frozenset()
    if not concerned:
        return terms
    roles = frozenset(r for r in terms.roles if r not in terms.bodies or terms.bodies[r] & concerned)
    if terms.on_behalf_of is not None:
        if WRITES_DOWN not in roles:
            raise OTHER_BODY()
        return replace(terms, roles=roles)
    role = acting_role(command, roles)
    if role is None:
        raise OTHER_BODY()
    return replace(terms, roles=roles, actor=Actor(role, terms.actor.party))


def bodies_of(aggregate: Record, arguments: Mapping[str, Any]) -> frozenset[str]:
    """The councils and groups that a command on this concerns."""
    bodies = {getattr(aggregate, name, None) for name in ("council_id", "group_id")}
    bodies |= {arguments.get(name) for name in ("council_id", "group_id")}
    bodies.add(getattr(getattr(aggregate, "scheduled", None), "group_id", None))
    if type(aggregate).__name__ in ("Council", "WorkingGroup"):
        bodies.add(aggregate.entity)
    return frozenset(body for body in bodies if isinstance(body, str))


def permit_at_all(command: Command, roles: frozenset[str]) -> None:
    """Refuses ``FORBIDDEN`` to whoever may give this command neither for themselves nor on behalf."""
    writes_down = WRITES_DOWN in roles and may_be_on_behalf(command) and set(command.roles) != {"IMP"}
    if not (writes_down or roles.intersection(command.roles)):
        raise forbidden(command.roles, roles)


def _who_did_it(command: Command) -> Refusal:
    who = [role for role in command.roles if role != "IMP"]
    return ACTOR_REQUIRED(
        roles="・".join(ROLE_NAMES[r][0] for r in who), roles_en=", ".join(ROLE_NAMES[r][1] for r in who)
    ).at(WHO)


def forbidden(allowed: Collection[str], held: Collection[str]) -> Refusal:
    """The refusal of what only the roles ``allowed`` may do to somebody who holds ``held``."""
    have = sorted(held)
    return FORBIDDEN(
        roles="・".join(ROLE_NAMES[r][0] for r in allowed),
        roles_en=", ".join(ROLE_NAMES[r][1] for r in allowed),
        have="・".join(ROLE_NAMES[r][0] for r in have) or "なし",
        have_en=", ".join(ROLE_NAMES[r][1] for r in have) or "none",
    )


def acting_role(command: Command, roles: frozenset[str]) -> str | None:
    """The role in which a caller with ``roles`` gives this command: the first that may."""
    return next((role for role in command.roles if role in roles), None)
