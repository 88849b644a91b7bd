"""What only staff may see: anybody who is signed in with a role."""

from __future__ import annotations

from api.access.auth import required_caller
from api.reads.reading import is_staff
from domain.kernel.refusals import FORBIDDEN


def staff_only() -> None:
    """Refuses SIGN_IN_REQUIRED to the anonymous, FORBIDDEN to an account without a role."""
    required_caller()
    if not is_staff():
        raise FORBIDDEN(roles="職員", roles_en="staff", have="なし", have_en="none")
