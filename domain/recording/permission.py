"""Who may give a command."""

from __future__ import annotations

from domain.kernel.commands import Command
from domain.kernel.refusals import FORBIDDEN
from domain.kernel.roles import ROLE_NAMES
from domain.recording.receipts import CommandTerms


def permit(command: Command, terms: CommandTerms) -> None:
    """The one place where permissions (domain.md 4.13) are enforced."""
    if not terms.roles.intersection(command.roles):
        have = sorted(terms.roles)
        raise FORBIDDEN(
            roles="・".join(ROLE_NAMES[r][0] for r in command.roles),
            roles_en=", ".join(ROLE_NAMES[r][1] for r in command.roles),
            have="・".join(ROLE_NAMES[r][0] for r in have) or "なし",
            have_en=", ".join(ROLE_NAMES[r][1] for r in have) or "none",
        )


def acting_role(command: Command, roles: frozenset[str]) -> str | None:
    """The role in which a caller with ``roles`` gives this command: the first that may."""
    return next((role for role in command.roles if role in roles), None)
