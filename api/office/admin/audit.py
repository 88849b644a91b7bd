"""The access log, searched: who, what, when, of which kind, on what; and taken away as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from api.access import access_log
from api.access.auth import accounts
from api.http.language import href, tr
from api.office.admin import log_words
from api.office.admin.accounts import moment, tabs
from api.office.admin.permitted import administrators_only
from api.office.desk import refused as refusals
from api.office.desk.frame import Screen, office_page, typed
from api.office.meetings.moments import read_day
from api.pages.parts.names import Names
from api.pages.parts.serving import whole_table
from api.reads.reading import reading
from api.setup.store import record_settings
from domain.values.calendar import JAPAN
from domain.values.refusal import Refusal
from projections.engine.event_json import Json
from projections.tables.durable import ACCESS_LOG

AT_ONCE = 100
FIELDS = ("who", "kind", "what", "object", "since", "until")


class Wanted:
    """What a search asks for, as it was typed. Refuses days that cannot be read."""

    def __init__(self, typed_words: Any, kind: str | None = None):
        self.typed = {name: str(typed_words.get(name, "")).strip()[:80] for name in FIELDS}
        if kind is not None:
            self.typed["kind"] = kind

    def lines(self) -> sa.Select[Any]:
        """The lines that are asked for, newest first."""
        chosen, line = access_log.lines(), ACCESS_LOG.c
        if who := self.typed["who"]:
            account = accounts().known(who.lower())
            ident = account.account_id if account else ""
            chosen = chosen.where(sa.or_(line.account_id == ident, line.entity == ident))
        if (codes := log_words.codes_of(self.typed["kind"])) is not None:
            chosen = chosen.where(line.code.not_in(codes[0]) if codes[1] else line.code.in_(codes[0]))
        if what := self.typed["what"]:
            chosen = chosen.where(
                sa.or_(line.code == what.upper(), line.command.contains(what, autoescape=True))
            )
        if about := self.typed["object"]:
            chosen = chosen.where(line.entity == about)
        if since := self.typed["since"]:
            chosen = chosen.where(line.at >= _beginning(read_day(since)))
        if until := self.typed["until"]:
            chosen = chosen.where(line.at < _beginning(read_day(until) + dt.timedelta(days=1)))
        return chosen


def _beginning(day: dt.date) -> str:
    """When a day in Japan begins, as lines of the log say it."""
    begun = dt.datetime.combine(day, dt.time(), JAPAN).astimezone(dt.UTC)
    return begun.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def show() -> AnyResponse:
    return _page("audit", Wanted(typed()))


def show_sign_ins() -> AnyResponse:
    return _page("sign-ins", Wanted(typed(), "sign-in"))


def _page(here: str, wanted: Wanted) -> AnyResponse:
    faults: list[Refusal] = []
    lines: list[Any] = []
    more = False
    before = typed().get("before", "")
    with reading() as connection:
        try:
            chosen = wanted.lines()
            if before.isdecimal():
                chosen = chosen.where(ACCESS_LOG.c.id < int(before[:18]))
            found_lines = connection.execute(chosen.limit(AT_ONCE + 1)).all()
            more, lines = len(found_lines) > AT_ONCE, list(found_lines[:AT_ONCE])
        except Refusal as refused:
            faults.append(refused)
        names = Names(connection, [line.entity for line in lines if line.entity])
        shown = [_together(same, names, _logins()) for same in _of_one_request(lines)]
    query = {name: text for name, text in wanted.typed.items() if text}
    path = "/desk/admin/sign-ins" if here == "sign-ins" else "/desk/admin/audit"
    return office_page(
        "office/admin/audit.html",
        "admin",
        status=422 if faults else 200,
        which=here,
        tabs=tabs(here),
        action=href(path).split("?")[0],
        typed=wanted.typed,
        kinds=[{"value": k, "label": tr(*words)} for k, words in log_words.KINDS_OF_LINES.items()],
        names=sorted(_logins().values()),
        faults=[refusals.shown(refused) for refused in faults],
        lines=shown,
        next_url=href(path, **query, before=lines[-1].id) if more else None,
        csv_url=href("/desk/admin/audit/csv", **query),
        days=record_settings().sign_in.access_log_days,
    )


def _logins() -> dict[str, str]:
    return {account.account_id: account.login for account in accounts().all()}


def _of_one_request(lines: Sequence[Any]) -> Iterator[list[Any]]:
    """Lines that one request left, of one sort: fourteen names on one page are read together."""
    for _, same in groupby(lines, lambda line: (line.request_id, line.code, line.command, line.account_id)):
        yield list(same)


def _together(same: list[Any], names: Names, logins: dict[str, str]) -> Json:
    line = same[0]
    about = [logins.get(e) or (names.link(e) if e in names.things else e) for e in _entities(same)]
    return {
        "at": moment(line.at),
        "who": logins.get(line.account_id or "")
        or tr("（サインインなし・サーバー）", "(nobody signed in, or the server)"),
        "roles": line.roles,
        "outcome": log_words.outcome(line.code),
        "act": log_words.act(line.command),
        "about": about[:1],
        "further": about[1:],
        "request": line.request_id,
    }


def _entities(same: list[Any]) -> list[str]:
    return [line.entity for line in same if line.entity]


def as_csv() -> Response:
    """The lines that are asked for, all of them, as a table; that it was taken away is a line too."""
    wanted = Wanted(typed())
    chosen, logins = wanted.lines(), _logins()

    def rows(connection: sa.Connection) -> Iterator[list[Any]]:
        for line in connection.execute(chosen):
            yield [
                line.at,
                logins.get(line.account_id or "", ""),
                line.party_id or "",
                line.roles,
                line.code,
                log_words.outcome(line.code),
                line.command,
                logins.get(line.entity or "") or line.entity or "",
                line.request_id,
            ]

    header = [
        tr("日時（UTC）", "when (UTC)"),
        tr("だれが", "who"),
        tr("本人の識別子", "party"),
        tr("役割", "roles"),
        tr("記号", "code"),
        tr("何があったか", "what came of it"),
        tr("操作", "command"),
        tr("対象", "on what"),
        tr("要求の番号", "request"),
    ]
    return whole_table("access-log", header, rows)


def register(blueprint: Blueprint) -> None:
    Screen("/admin/audit", show, permit=administrators_only).register(blueprint)
    Screen("/admin/sign-ins", show_sign_ins, permit=administrators_only).register(blueprint)
    Screen("/admin/audit/csv", as_csv, permit=administrators_only).register(blueprint)
