"""お知らせ /account/notices: where to, how often and in which language an account is told, and its calendar;
and what the links in mails lead to, without signing in."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from flask import Blueprint, Flask, Response, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from api.access import access_log
from api.access.accounts import Account
from api.access.auth import accounts, current_caller, own_check_of_forms
from api.access.rates import Rate, limit
from api.access.sessions import digest_of
from api.http.addresses import public_url
from api.http.clock import today
from api.http.language import href, in_language, register_in_each, spoken, tr
from api.http.problems import declare
from api.mail import letters, outbox
from api.mail.addresses import one_address
from api.mail.outbox import Mail
from api.reads.staff_only import staff_only
from api.setup import rules_of_mail
from api.setup.one_moment import living
from api.setup.store import record_settings, record_store
from api.telling import preferences
from api.telling.links import (
    CONFIRMED_WITHIN,
    confirm_token,
    confirming,
    leaving,
)
from api.telling.preferences import RHYTHMS, Preference
from domain.values.refusal import Refusal
from projections.engine.log import head

MAIL_LINK_WRONG = declare(
    404,
    "MAIL_LINK_WRONG",
    ja="このリンクは使えません（期限切れ、または途中で切れています）。",
    en="This link does not work: it has expired, or a part of it is missing.",
    rule=rules_of_mail.MAIL_LINKS,
    next_ja="メールにあるアドレスの全体を開いてください。期限が過ぎたときは、もう一度入力して送り直せます。",
    next_en="Open the whole address that stands in the mail. If its time is over, send the form once more.",
)

CONFIRMATIONS = Rate("confirmation", 5, 3_600)
"""Mails to an address that nobody has confirmed yet, for an account."""

blueprint = Blueprint("telling", __name__)


# ------------------------------------------------------------------------------------------- settings


@blueprint.get("/account/notices")
def show() -> AnyResponse:
    """How the account is told."""
    own = _own_account()
    return _to_signin() if own is None else _page(own, _form_of(_known(own)))


@blueprint.post("/account/notices")
def change() -> AnyResponse:
    """Change it. A new address gets a link first, and nothing else before it was opened."""
    own = _own_account()
    if own is None:
        return _to_signin()
    form = {name: request.form.get(name, "")[:1_000] for name in ("address", "rhythm", "language")}
    known = _known(own)
    try:
        address = one_address(form["address"]) if form["address"].strip() or _wants(form) else None
    except Refusal as refused:
        return _page(own, form, refused)
    rhythm = form["rhythm"] if form["rhythm"] in RHYTHMS else "never"
    chosen = form["language"] if form["language"] == "en" else "ja"
    is_new = address is not None and (known is None or known.address != address or known.confirmed_at is None)
    if is_new:
        limit(CONFIRMATIONS)
    values: dict[str, Any] = {"address": address, "rhythm": rhythm, "language": chosen}
    if address is None or is_new:
        values["confirmed_at"] = None
    with record_store().engine.begin() as connection:
        if known is None or known.rhythm == "never":
            values |= {"told_position": head(connection), "told_on": today().isoformat()}
        preferences.change(connection, own.account_id, **values)
        if is_new:
            outbox.put(connection, _to_confirm(own, str(address), chosen))
    access_log.account_changed("NOTICES_CHANGED", own, "Account.change_notices")
    flash(
        tr(
            "保存しました。届いたメールのリンクを開くと、この送り先に送り始めます。",
            "Saved. Open the link in the mail that comes, and notices will go to this address.",
        )
        if is_new
        else tr("保存しました。", "Saved."),
        "success",
    )
    return redirect(href("/account/notices"), 303)


@blueprint.post("/account/notices/calendar")
def make_calendar() -> AnyResponse:
    """A new secret address of the account's calendar; the one before works no longer. It is shown once."""
    own = _own_account()
    if own is None:
        return _to_signin()
    secret = secrets.token_urlsafe(32)
    with record_store().engine.begin() as connection:
        preferences.change(
            connection, own.account_id, calendar_digest=digest_of(secret), calendar_made_at=_now()
        )
    access_log.account_changed("CALENDAR_MADE", own, "Account.make_calendar")
    known = _known(own)
    tag = known.language if known is not None else "ja"
    address = f"{public_url()}{in_language(tag, f'/calendar/{secret}.ics')}"
    return _page(own, _form_of(known), calendar=address)


@blueprint.post("/account/notices/calendar/revoke")
def revoke_calendar() -> AnyResponse:
    """The address of the calendar works no longer."""
    own = _own_account()
    if own is None:
        return _to_signin()
    with record_store().engine.begin() as connection:
        preferences.change(connection, own.account_id, calendar_digest=None, calendar_made_at=None)
    access_log.account_changed("CALENDAR_REVOKED", own, "Account.revoke_calendar")
    flash(
        tr("カレンダーのアドレスを使えなくしました。", "The address of the calendar works no longer."),
        "success",
    )
    return redirect(href("/account/notices"), 303)


def _wants(form: dict[str, str]) -> bool:
    return form["rhythm"] in RHYTHMS and form["rhythm"] != "never"


def _to_confirm(own: Account, address: str, chosen: str) -> Mail:
    token = confirm_token(record_settings().signing_key(), own.account_id, address)
    link = f"{public_url()}{in_language(chosen, f'/mail/confirm/{token}')}"
    letter = letters.address_to_confirm(link, int(CONFIRMED_WITHIN.total_seconds() // 3_600), chosen)
    key = f"confirm {own.account_id} {secrets.token_hex(8)}"
    return Mail(key, "confirm_address", address, letter.subject, letter.text)


def _own_account() -> Account | None:
    """The account signed in by a session, if it is one of the office."""
    caller = current_caller()
    if caller is None or not caller.by_session:
        return None
    staff_only()
    return accounts().with_id(caller.account_id)


def _known(own: Account) -> Preference | None:
    with living() as connection:
        return preferences.of_account(connection, own.account_id)


def _form_of(known: Preference | None) -> dict[str, str]:
    if known is None:
        return {"address": "", "rhythm": "never", "language": "ja"}
    return {"address": known.address or "", "rhythm": known.rhythm, "language": known.language}


def _to_signin() -> AnyResponse:
    return redirect(f"{href('/signin')}?next={href('/account/notices')}", 303)


def _page(
    own: Account, form: dict[str, str], refused: Refusal | None = None, calendar: str | None = None
) -> Response:
    known = _known(own)
    vm = {
        "action": href("/account/notices"),
        "address": form["address"],
        "address_error": f"{spoken(refused.sentence)}{spoken(refused.what_next)}" if refused else None,
        "is_confirmed": known is not None and known.confirmed_at is not None,
        "is_waiting": known is not None and known.address is not None and known.confirmed_at is None,
        "rhythms": [
            {"value": value, "label": label, "chosen": form["rhythm"] == value}
            for value, label in (
                ("never", tr("送らない", "Never")),
                (
                    "daily",
                    tr("毎朝（知らせることがある日だけ）", "Every morning, if there is anything to tell"),
                ),
                (
                    "weekly",
                    tr("月曜の朝（知らせることがあれば）", "On Monday morning, if there is anything to tell"),
                ),
            )
        ],
        "tongues": [
            {"value": value, "label": label, "chosen": form["language"] == value}
            for value, label in (("ja", "日本語"), ("en", "English"))
        ],
        "calendar": calendar,
        "has_calendar": known is not None and known.calendar_digest is not None,
        "calendar_action": href("/account/notices/calendar"),
        "revoke_action": href("/account/notices/calendar/revoke"),
    }
    return _answered("account/notices.html", 422 if refused else 200, **vm)


# --------------------------------------------------------------------------------- links in mails


@blueprint.get("/mail/leave/<token>")
def show_leaving(token: str) -> Response:
    """Ask for a click: who scans mails follows links, but presses no buttons."""
    if leaving(record_settings().signing_key(), token) is None:
        raise MAIL_LINK_WRONG()
    return _link_page(tr("お知らせのメールを止める", "Stop the notices by mail"), tr("止める", "Stop them"))


@blueprint.post("/mail/leave/<token>")
@own_check_of_forms
def leave(token: str) -> Response:
    """Leave: by the button of the page, or by one click in a mail program (RFC 8058), which has no cookie of
    ours and needs none: what it may do stands in the link. Again, it does nothing."""
    signed_over = leaving(record_settings().signing_key(), token)
    if signed_over is None:
        raise MAIL_LINK_WRONG()
    with record_store().engine.begin() as connection:
        is_first = preferences.left(connection, *signed_over)
    account = accounts().with_id(signed_over[0])
    if is_first and account is not None:
        access_log.account_changed("NOTICES_LEFT", account, "Account.leave_notices")
    done = (
        tr("止めました。もう届きません。", "Stopped. No more will come.")
        if is_first
        else tr(
            "このリンクは一度使われています。今の設定は変わっていません。",
            "This link was used before. Nothing was changed by it now.",
        )
    )
    return _link_page(tr("お知らせのメールを止める", "Stop the notices by mail"), None, done)


@blueprint.get("/mail/confirm/<token>")
def show_confirming(token: str) -> Response:
    """Ask for a click, as above."""
    if confirming(record_settings().signing_key(), token) is None:
        raise MAIL_LINK_WRONG()
    return _link_page(
        tr("お知らせの送り先を確かめる", "Confirm where notices go"),
        tr("このアドレスに送る", "Send them here"),
    )


@blueprint.post("/mail/confirm/<token>")
def confirm(token: str) -> Response:
    """The address is one at which the account wants to be told."""
    signed = confirming(record_settings().signing_key(), token)
    if signed is None:
        raise MAIL_LINK_WRONG()
    account_id, address = signed
    with record_store().engine.begin() as connection:
        known = preferences.of_account(connection, account_id)
        if known is None or known.address != address:  # another one was entered since
            raise MAIL_LINK_WRONG()
        if known.confirmed_at is None:
            preferences.change(
                connection,
                account_id,
                confirmed_at=_now(),
                told_position=head(connection),
                told_on=today().isoformat(),
            )
    done = tr(
        "確かめました。知らせることがあれば、この次から届きます。",
        "Confirmed. From the next time on you are told here.",
    )
    return _link_page(tr("お知らせの送り先を確かめる", "Confirm where notices go"), None, done)


def _link_page(title: str, button: str | None, done: str | None = None) -> Response:
    return _answered(
        "account/mail_link.html", 200, title=title, button=button, done=done, action=request.path
    )


def _answered(template: str, status: int, **vm: Any) -> Response:
    answer = make_response(render_template(template, page=vm), status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer" if "/mail/" in request.path else "same-origin"
    return answer


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def init_app(app: Flask) -> None:
    register_in_each(app, blueprint)
