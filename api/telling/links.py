"""The links in mails, signed with the record's key: to leave with one click, and to confirm an address."""

from __future__ import annotations

import datetime as dt

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

CONFIRMED_WITHIN = dt.timedelta(hours=48)
_LONGEST = 1_000


def leave_token(key: str, account_id: str, leave: str) -> str:
    """What stands in a link to leave by. It has no end: a mail may be opened years later."""
    return str(_leave(key).dumps([account_id, leave]))


def leaving(key: str, token: str) -> tuple[str, str] | None:
    """The account and what its link was signed over; None for what this record did not sign."""
    try:
        account_id, leave = _leave(key).loads(token[:_LONGEST])
    except (BadSignature, ValueError, TypeError):
        return None
    return str(account_id), str(leave)


def confirm_token(key: str, account_id: str, address: str) -> str:
    """What stands in a link by which an account's address is confirmed."""
    return str(_confirm(key).dumps([account_id, address]))


def confirming(key: str, token: str) -> tuple[str, str] | None:
    """The account and the address that a link confirms; None once two days are over."""
    try:
        account_id, address = _confirm(key).loads(
            token[:_LONGEST], max_age=int(CONFIRMED_WITHIN.total_seconds())
        )
    except (BadSignature, ValueError, TypeError):
        return None
    return str(account_id), str(address)


def _leave(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="leave digests")


def _confirm(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="confirm address")
