"""What stands between two requests of one sign-in: the state of a provider, a challenge, a password that was
right. It is kept in the browser's signed cookie for ten minutes, and is good once: nothing of it is a row, so
that whoever opens the page a million times fills nothing.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any, Literal

import sqlalchemy as sa
import structlog
from flask import session

from api.setup.counters import Count
from api.setup.store import record_counters

Step = Literal["oidc", "second", "passkey", "new-passkey"]
LIFE = 600
"""Seconds for which a step can be gone on from."""

log = structlog.get_logger("kyodo")


def begin(step: Step, data: dict[str, Any]) -> None:
    """Keep this until the browser comes back. An earlier one of the same kind is forgotten."""
    session[_key(step)] = {"data": data, "at": int(time.time()), "id": secrets.token_urlsafe(12)}


def look(step: Step) -> dict[str, Any] | None:
    """What was begun, if it still holds; it can be gone on from."""
    held = session.get(_key(step))
    if not isinstance(held, dict) or not 0 <= time.time() - held["at"] < LIFE:
        return None
    data: dict[str, Any] = held["data"]
    return data


def take(step: Step) -> dict[str, Any] | None:
    """What was begun, and nobody gets it again: a copy of the cookie is worth nothing any more."""
    data = look(step)
    held = session.pop(_key(step), None)
    if data is None or held is None or not _first(held["id"]):
        return None
    return data


def _key(step: Step) -> str:
    return f"step-{step}"


def _first(id: str) -> bool:
    """Whether nobody has taken it before, in any worker. Where nothing can be counted just now, what comes
    after the step (a provider's code, a counter of the app) is good once by itself."""
    key = f"step {id}"

    def used(counts: Mapping[str, Count], _: float) -> float:
        return 1.0 if counts[key].times else 0.0

    try:
        return record_counters().take([key], LIFE, used) == 0
    except sa.exc.SQLAlchemyError as error:
        log.error("steps of signing in cannot be counted", error=type(error).__name__)
        return True
