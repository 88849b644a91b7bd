"""What only the office may see."""

from __future__ import annotations

from api.access.auth import current_caller, required_caller
from api.reads.reading import is_staff
from domain.kernel.roles import ROLE_NAMES
from domain.kernel.viewer import OFFICE
from domain.recording.permission import forbidden
from domain.values.refusal import Refusal


def staff_only() -> None:
    """Refuses SIGN_IN_REQUIRED to the anonymous, FORBIDDEN to an account without a role of the office."""
    required_caller().refuse_without_factor()
    if not is_staff():
        raise office_only()


def office_only() -> Refusal:
    """The refusal of what only the office may see to whoever is calling."""
    caller = current_caller()
    return forbidden([role for role in ROLE_NAMES if role in OFFICE], caller.roles if caller else ())


KEEPERS = ("SEC", "DIS")
"""Who keeps accounts and cases: the secretariat and the disclosure officer."""


def keepers_only() -> None:
    """Refuses FORBIDDEN to everybody but the secretariat and the disclosure officer."""
    caller = current_caller()
    if caller is not None:
        caller.refuse_without_factor()
    held = caller.roles if caller else frozenset[str]()
    if held.isdisjoint(KEEPERS):
        raise forbidden(KEEPERS, held)
