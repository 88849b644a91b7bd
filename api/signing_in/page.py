"""What pages of signing in, and of one's own account, have in common: whose they are, saying what was wrong,
and where to go afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from math import ceil
from typing import Any

from flask import Response, make_response, render_template

from api.access.accounts import Account
from api.access.auth import accounts, current_caller
from api.http.language import spoken
from api.http.problems import declare, status_for
from api.setup import rules_of_service
from domain.values.calendar import EffectiveDate
from domain.values.refusal import Refusal

TOO_MANY_ATTEMPTS = declare(
    429,
    "TOO_MANY_ATTEMPTS",
    ja="サインインの失敗が続いています。あと{seconds}秒は受け付けません。",
    en="Sign-ins have failed again and again: none is looked at for another {seconds} seconds.",
    rule=rules_of_service.ATTEMPTS,
    next_ja="待ってから、もう一度お試しください。急ぐときは、管理者に kyodo user link でリンクを作ってもらえ"
    "ば待たずに入れます。",
    next_en="Wait and try again. In a hurry, ask the administrator for a link (kyodo user link): it needs no "
    "wait.",
)
STEP_SPENT = declare(
    400,
    "STEP_SPENT",
    ja="サインインの途中で時間が過ぎたか、別の画面でやり直されました。",
    en="The sign-in took too long, or was begun again elsewhere.",
    rule=rules_of_service.SESSION,
    next_ja="サインインのページから、もう一度始めてください。",
    next_en="Begin again from the sign-in page.",
)


def own_account() -> Account | None:
    """The account signed in by a session: with a bearer token nobody changes how they sign in, or makes
    further tokens."""
    caller = current_caller()
    return accounts().with_id(caller.account_id) if caller and caller.by_session else None


def moment(text: str | None) -> str | None:
    """A moment in words."""
    return spoken(EffectiveDate.at(dt.datetime.fromisoformat(text)).label) if text else None


def page(template: str, wrong: Refusal | str | None, status: int | None = None, **fields: Any) -> Response:
    """A page that nobody keeps. ``wrong``: what is said at its top, if anything was wrong."""
    usual = 200 if wrong is None else status_for(wrong) if isinstance(wrong, Refusal) else 401
    return unkept(template, {**fields, "wrong": _said(wrong)}, status or usual)


def unkept(template: str, vm: Mapping[str, Any], status: int = 200) -> Response:
    """A page of which no cache keeps anything."""
    answer = make_response(render_template(template, page=vm), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _said(wrong: Refusal | str | None) -> Mapping[str, str | None] | None:
    if wrong is None:
        return None
    if isinstance(wrong, str):
        return {"sentence": wrong, "what_next": None}
    return {"sentence": spoken(wrong.sentence), "what_next": spoken(wrong.what_next)}


def too_early(answer: Response, wait: float) -> Response:
    answer.status_code = 429
    answer.headers["Retry-After"] = str(ceil(wait))
    return answer


def local_path(wanted: str | None) -> str | None:
    """Where to go afterwards: a path of this site, or nowhere."""
    if wanted and wanted.startswith("/") and wanted.isprintable() and wanted[1:2] not in ("/", "\\"):
        return wanted
    return None
