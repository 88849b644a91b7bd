"""How often one network, or one account, may have done what is dear: counted over all workers.

Counts lie beside the record or in an unlogged table (api/setup/counters.py), never in the log's file and
never under its lock. What is answered from memory is not counted. Where nothing can be counted, nobody is
kept out. The library `limits` has no storage that fits: what holds over processes there is a further server
(Redis, Memcached, MongoDB), and beside a storage it is the sum of one window, below.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
import structlog
from flask import request

from api.access.auth import current_caller
from api.access.delays import network_of
from api.http.problems import declare
from api.setup import rules_of_service
from api.setup.counters import Count
from api.setup.store import record_counters

log = structlog.get_logger("kyodo")

TOO_MANY_REQUESTS = declare(
    429,
    "TOO_MANY_REQUESTS",
    ja="短い間に何度も求められたので、{seconds}秒ほど受け付けません。",
    en="This was asked for too often in a short time; none is answered for {seconds} seconds.",
    rule=rules_of_service.RATES,
    next_ja="少し待ってから、もう一度お試しください。"
    "全体が必要なときは、出来事の一覧（/api/v1/events）をたどってください。",
    next_en="Wait a moment and try again. Whoever needs all of it follows the events (/api/v1/events).",
)


@dataclass(frozen=True)
class Rate:
    """So many times within so many seconds, for one network or account."""

    name: str
    times: int
    seconds: int


SEARCHES = Rate("search", 120, 60)
PASTS = Rate("past", 30, 60)
"""Past days that have to be folded; one that is there is only read."""
TABLES = Rate("table", 60, 60)
LINES = Rate("lines", 300, 60)
"""Pages of events as lines: whoever follows the record takes 200 events with each."""
TRAILS = Rate("prov", 60, 60)
REFUSALS = Rate("refusal", 100, 3_600)
"""Lines of the access log about one account's refused commands."""


def limit(rate: Rate) -> None:
    """Count one more for whoever asks. Refuses ``TOO_MANY_REQUESTS``."""
    caller = current_caller()
    who = f"account {caller.account_id}" if caller else f"network {network_of(request.remote_addr)}"
    wait = seconds_to_wait(rate, who)
    if wait:
        raise TOO_MANY_REQUESTS(seconds=wait)


def seconds_to_wait(rate: Rate, who: str) -> int:
    """Count one more; 0, or how many whole seconds it is too early."""
    try:
        counters = record_counters()
        now = counters.clock()
        end = (now // rate.seconds + 1) * rate.seconds
        key = f"rate {rate.name} {who} {end}"

        def early(counts: Mapping[str, Count], _: float) -> float:
            return end - now if counts[key].times >= rate.times else 0.0

        wait = counters.take([key], rate.seconds, early)
    except sa.exc.SQLAlchemyError as error:
        log.error("nothing can be counted", error=type(error).__name__)
        return 0
    return math.ceil(wait)
