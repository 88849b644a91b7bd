"""Who may give a command."""

from __future__ import annotations

from collections.abc import Collection

from domain.kernel.commands import Command
from domain.kernel.refusals import FORBIDDEN
from domain.kernel.roles import ROLE_NAMES
from domain.recording.asserting import permit_asserting
from domain.recording.receipts import CommandTerms
from domain.values.refusal import Refusal


def permit(command: Command, terms: CommandTerms) -> None:
    """The one place where permissions (domain.md 4.13) are enforced: who may do it, and in whose name."""
    if not terms.roles.intersection(command.roles):
        raise forbidden(command.roles, terms.roles)
    permit_asserting(command, terms)


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
