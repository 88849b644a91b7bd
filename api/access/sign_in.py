"""The pages to sign in and out: by name and password, or by a one-time link."""

from __future__ import annotations

import datetime as dt
from math import ceil

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from api.access import access_log
from api.access.accounts import SHORTEST_PASSWORD, Account, fit_password
from api.access.auth import accounts, sign_in, sign_out, tokens
from api.access.delays import DEVICE_COOKIE, DEVICE_DAYS, Attempt, device_cookie, known_device
from api.http.form_field import FormField
from api.http.language import href, register_in_each, spoken, tr
from api.http.problems import declare
from api.setup import rules_of_service
from api.setup.record_settings import FIRST_SESSION, keep_setting
from api.setup.store import record_counters, record_settings, record_store
from domain.values.refusal import Refusal

LINK_SPENT = declare(
    404,
    "LINK_SPENT",
    ja="このサインイン用リンクは使えません（使用済み、期限切れ、または誤り）。",
    en="This sign-in link does not work: it is used, expired or mistyped.",
    rule=rules_of_service.LINK,
    next_ja="管理者に kyodo user link で新しいリンクを作ってもらってください。",
    next_en="Ask the administrator for a new one (kyodo user link).",
)
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

blueprint = Blueprint("signin", __name__)


@blueprint.get("/signin")
def show_form() -> Response:
    """The sign-in form."""
    return _form("", local_path(request.args.get("next")))


@blueprint.post("/signin")
def by_password() -> AnyResponse:
    """Sign in by user name and password."""
    login, after = request.form.get("username", "")[:60], local_path(request.form.get("next"))
    attempt = _attempt(login)
    if wait := attempt.wait():
        return _too_early(login, after, ceil(wait))
    account = accounts().with_password(login, request.form.get("password", ""))
    if account is None:
        access_log.sign_in_failed(accounts().known(login), attempt.failures)
        error = tr("利用者名かパスワードが違います。", "The user name or the password is wrong.")
        return _form(login, after, error)
    attempt.succeeded()
    return _open_session(account, after, "Account.sign_in")


def _attempt(login: str) -> Attempt:
    """This attempt, by whom and from where; a browser in which the account has signed in is known."""
    account = accounts().known(login)
    cookie = request.cookies.get(DEVICE_COOKIE)
    device = known_device(record_settings().signing_key(), cookie, account.account_id if account else None)
    return Attempt(record_counters(), login, request.remote_addr, device)


def _too_early(login: str, after: str | None, seconds: int) -> Response:
    refused = TOO_MANY_ATTEMPTS(seconds=seconds)
    answer = _form(login, after, f"{spoken(refused.sentence)}{spoken(refused.what_next)}", 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


@blueprint.get("/sign-in/link/<secret>")
def show_link(secret: str) -> Response:
    """Ask for a click before a one-time link is used up: mail scanners follow links, but press no buttons."""
    _account_of(secret)
    return _link_page()


@blueprint.post("/sign-in/link/<secret>")
def by_link(secret: str) -> AnyResponse:
    """Use up a one-time link: set a password, if one is given, and sign in."""
    _account_of(secret)
    password = request.form.get("password", "")
    if password:
        try:
            fit_password(password)
        except Refusal as refused:
            return _link_page(refused)
    used = tokens().use_link(secret)
    if used is None:
        raise LINK_SPENT()
    if password:
        used = accounts().set_password(used, password)
        access_log.account_changed("PASSWORD_SET", used, "Account.sign_in_by_link")
    return _open_session(used, None, "Account.sign_in_by_link")


@blueprint.post("/signout")
def signout() -> AnyResponse:
    """End the session."""
    account = sign_out()
    if account is not None:
        access_log.account_changed("SIGNED_OUT", account, "Account.sign_out")
    return redirect(href("/"), 303)


def local_path(wanted: str | None) -> str | None:
    """Where to go afterwards: a path of this site, or nowhere."""
    if wanted and wanted.startswith("/") and wanted.isprintable() and wanted[1:2] not in ("/", "\\"):
        return wanted
    return None


def _account_of(secret: str) -> Account:
    account = tokens().account_of_link(secret)
    if account is None:
        raise LINK_SPENT()
    return account


def _open_session(account: Account, after: str | None, how: str) -> AnyResponse:
    sign_in(account)
    access_log.account_changed("SIGNED_IN", account, how)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    keep_setting(record_store().engine, FIRST_SESSION, now)
    answer = redirect(after or href("/account"), 303)
    settings = record_settings()
    answer.set_cookie(
        DEVICE_COOKIE,
        device_cookie(settings.signing_key(), account.account_id),
        max_age=dt.timedelta(days=DEVICE_DAYS),
        httponly=True,
        secure=settings.session_cookie_secure,
        samesite="Lax",
    )
    return answer


def _form(login: str, after: str | None, error: str | None = None, status: int = 401) -> Response:
    """The form to sign in with name and password; with what was wrong, if anything was."""
    fields = [
        FormField(
            "username", tr("利用者名", "User name"), value=login, required=True, autocomplete="username"
        ),
        FormField(
            "password",
            tr("パスワード", "Password"),
            "password",
            required=True,
            autocomplete="current-password",
        ),
    ]
    return _page(status if error else 200, href("/signin"), fields, after=after, error=error)


def _link_page(refused: Refusal | None = None) -> Response:
    password = FormField(
        "password",
        tr("新しいパスワード", "New password"),
        "password",
        autocomplete="new-password",
        help=tr(
            f"{SHORTEST_PASSWORD}字以上。空けておけば今のままです。",
            f"At least {SHORTEST_PASSWORD} characters. Leave it empty to keep things as they are.",
        ),
        error=spoken(refused.sentence) if refused else None,
    )
    return _page(422 if refused else 200, request.path, [password])


def _page(
    status: int, action: str, fields: list[FormField], *, after: str | None = None, error: str | None = None
) -> Response:
    vm = {"action": action, "fields": fields, "next": after, "error": error}
    answer = make_response(render_template("account/signin.html", page=vm), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def init_app(app: Flask) -> None:
    register_in_each(app, blueprint)
