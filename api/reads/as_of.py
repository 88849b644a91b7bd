"""The past for a request: ``as_known_on`` and ``in_force_on`` on every page and every resource.

Both are days (2027-03-31, or 令和9年3月31日). A page of the past says so at its head and leads back to today;
its links stay in the past. Commands know only today.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask, Response, g, has_request_context, request

from api.access.rates import PASTS, limit
from api.http.clock import today
from api.http.database_problems import on_database_error
from api.http.language import AXES, plain_path, spoken
from api.http.problems import declare, document, respond
from api.setup.one_moment import held, held_already, living
from api.setup.store import record_settings, record_store
from domain.rules import dates
from domain.values.calendar import EffectiveDate
from domain.values.refusal import Refusal, refusal
from projections.engine.view import View
from projections.past.files import Moment, TooLarge
from projections.past.kept_files import NotMade, Pasts, Unusable, forget
from projections.past.single_thing import reading_one
from projections.past.wishes import TooManyWishes

AXES = AXES
"""The names of the two axes in a query string (interfaces.md)."""

NOT_A_DAY = refusal(
    "NOT_A_DAY",
    ja="「{text}」は日として読めません。",
    en="“{text}” cannot be read as a day.",
    rule=dates.BY_DAY,
    next_ja="例: 2027-03-31、令和9年3月31日",
    next_en="For example: 2027-03-31",
    kind="invalid",
)
PAST_BEING_MADE = declare(
    202,
    "PAST_BEING_MADE",
    ja="その日の記録を用意しています。",
    en="The record of that day is being prepared.",
    rule=dates.BY_DAY,
    next_ja="このままお待ちください。数秒ごとに開き直します。"
    "データは、Retry-After の秒数だけ待って同じ要求を送ると読めます。",
    next_en="Please wait: this page opens anew every few seconds. For data, wait as many seconds as "
    "Retry-After says and send the same request again.",
)
PASTS_BUSY = declare(
    503,
    "PASTS_BUSY",
    ja="過去の時点の記録を、いまいくつも用意しています。",
    en="The record is being prepared for several other days just now.",
    rule=dates.BY_DAY,
    next_ja="少し待ってから、もう一度お試しください。一つの事柄の過去は、いつでもすぐに見られます。",
    next_en="Wait a moment and try again. The past of a single thing can be seen at once, at any time.",
)
PAST_UNUSABLE = declare(
    503,
    "PAST_UNUSABLE",
    ja="その日の記録の控えが読めませんでした。作り直します。",
    en="The kept record of that day could not be read; it is made anew.",
    rule=dates.BY_DAY,
    next_ja="少し待ってから、もう一度お試しください。",
    next_en="Wait a moment and try again.",
)


def day_shown() -> dt.date:
    """The day of which a page or answer tells what is in force: that of the moment asked for, else today."""
    shown = moment() if has_request_context() else Moment()
    return shown.in_force_on or shown.known_on or today()


def moment() -> Moment:
    """The moment this request asks for. Refuses ``NOT_A_DAY``."""
    if "kyodo_moment" not in g:
        known_on, in_force_on = (_day(name) for name in AXES)
        g.kyodo_moment = Moment(known_on, in_force_on)
    current: Moment = g.kyodo_moment
    return current


def _day(name: str) -> dt.date | None:
    text = request.args.get(name)
    return day_of(text, f"/{name}") if text else None


def day_of(text: str, pointer: str) -> dt.date:
    """A day as it is written, in ISO form or by its era. Refuses ``NOT_A_DAY``."""
    try:
        date = EffectiveDate.parse(text).check()
    except Refusal:
        raise NOT_A_DAY(text=text[:40]).at(pointer) from None
    if date.precision != "day" or date.earliest is None:
        raise NOT_A_DAY(text=text[:40]).at(pointer)
    return date.earliest


@contextmanager
def reading_the_past() -> Iterator[sa.Connection]:
    """A connection to the record as it was at the moment the request asks for; one for the whole request.
    Refuses ``PAST_BEING_MADE``, ``PASTS_BUSY``, ``PAST_UNUSABLE``."""
    try:
        with living() as present:
            past = held("past", lambda: _pasts().reading(moment(), present))
    except NotMade:
        raise PAST_BEING_MADE() from None
    except TooManyWishes:
        raise PASTS_BUSY() from None
    except (Unusable, TooLarge) as error:
        raise PAST_UNUSABLE() from error
    yield past


@contextmanager
def reading_the_past_of(subject: str, view: View | None, *, around: bool) -> Iterator[sa.Connection]:
    """The same for one thing alone (projections/past/single_thing.py): at once, whatever the moment."""
    with living() as present, reading_one(present, moment(), subject, view, around=around) as past:
        yield past


def _pasts() -> Pasts:
    settings = record_settings()
    folder = settings.past_folder.absolute()
    return Pasts(
        record_store(),
        folder,
        most_bytes=settings.past_bytes,
        at_once=settings.past_at_once,
        before=partial(limit, PASTS),
    )


def asked_for() -> dict[str, str]:
    """The moment as a query string has it; empty for today."""
    if not has_request_context():
        return {}
    return {name: request.args[name] for name in AXES if request.args.get(name)}


def _banner() -> dict[str, Any] | None:
    """What a page of the past says of itself: its days in words, and the address of the page of today."""
    at = moment()
    if not at.is_past:
        return None
    rest = {name: value for name, value in request.args.items() if name not in AXES}
    of_today = f"{request.path}?{urlencode(rest)}" if rest else request.path
    return {
        "as_known_on": spoken(EffectiveDate.on(at.known_on).label) if at.known_on else None,
        "in_force_on": spoken(EffectiveDate.on(at.in_force_on).label) if at.in_force_on else None,
        "today_url": of_today,
        "fields": asked_for(),
    }


def _damaged(error: Exception) -> Response:
    """A file of the past that cannot be read is removed: whoever asks next gets a new one."""
    past = held_already("past")
    if past is None:
        return on_database_error(error)
    forget(past)
    return respond(document(PAST_UNUSABLE()))


def init_app(app: Flask) -> None:
    """Give every page its banner and its forms the moment they belong to."""
    app.register_error_handler(sa.exc.DatabaseError, _damaged)
    app.register_error_handler(sqlite3.DatabaseError, _damaged)

    @app.context_processor
    def past() -> dict[str, Any]:
        try:
            return {"past": _banner() if request.method == "GET" and plain_path() else None}
        except Refusal:
            return {"past": None}  # the page that says so is of today
