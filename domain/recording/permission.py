"""Who may give a command."""

from __future__ import annotations

from collections.abc import Collection

from domain.kernel.commands import Command
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
