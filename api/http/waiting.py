"""Waiting for what is recorded next: a follower asks with ``wait`` and is answered when there is something.

Whoever waits takes no thread. The worker lends each request a place; a request that finds nothing new is put
aside there, and is asked again when the log has grown or its time is over. At most ``FOLLOWERS`` wait in one
worker. Whoever finds no place is answered at once, with nothing and with ``Retry-After``, and follows by
asking now and then: nothing is lost by it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from flask import Response, abort, request

from api.http.problems import declare
from api.setup import rules_of_service

PLACE = "kyodo.place"
"""Where the environment of a request has its place; a server that is not ours lends none."""
MOST_SECONDS = 25
"""The longest that a request may wait: less than gunicorn's own patience."""
RETRY_AFTER = 5
"""Seconds after which a follower that finds no place asks again."""

WAIT_WRONG = declare(
    400,
    "WAIT_WRONG",
    ja="待つ秒数は0から{most}までの整数です。",
    en="wait is a whole number of seconds, from 0 to {most}.",
    rule=rules_of_service.WAITING,
    next_ja="秒数を整数で示すか、省いてください。",
    next_en="Give something like wait=20, or leave it out.",
)

T = TypeVar("T")


def asked_to_wait() -> int:
    """For how many seconds the request may be answered later. Refuses ``WAIT_WRONG``."""
    text = request.args.get("wait", "0")
    if not (text.isascii() and text.isdecimal() and len(text) <= 2 and int(text) <= MOST_SECONDS):
        raise WAIT_WRONG(most=MOST_SECONDS).at("/wait")
    return int(text)


class Place(Protocol):
    """Where a request waits without a thread (api/serve/worker/places.py)."""

    is_following: bool
    """Whether it waits for events, or has done so until its time was over."""

    def wait_for_events(self, seconds: float, position: int) -> bool:
        """Whether it waits there for an event after ``position``."""


def wait_for(look: Callable[[], T], seconds: int, position: Callable[[], int]) -> tuple[T, bool]:
    """What ``look`` gives; and whether the caller had a place to wait.

    If it gives nothing, this request is put aside and asked again from its beginning, when something was
    recorded after ``position`` (where the log ended when it was looked at) or its time is over.
    """
    result = look()
    if result or not seconds:
        return result, True
    place: Place | None = request.environ.get(PLACE)
    if place is None:
        return result, False
    if place.wait_for_events(seconds, position()):
        abort(Response(status=204))  # nobody gets it: the worker asks again
    return result, place.is_following
