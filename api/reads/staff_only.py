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
    required_caller()
    if not is_staff():
        raise office_only()


def office_only() -> Refusal:
    """The refusal of what only the office may see to whoever is calling."""
    caller = current_caller()
    return forbidden([role for role in ROLE_NAMES if role in OFFICE], caller.roles if caller else ())
