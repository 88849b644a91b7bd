"""The pages to sign in and out: by name and password, or by a one-time link."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from api.access.accounts import SHORTEST_PASSWORD, Account, fit_password
from api.access.auth import accounts, sign_in, sign_out, tokens
from api.access.limits import Failures
from api.http.form_field import FormField
from api.http.language import href, register_in_each, spoken, tr
from api.http.problems import declare
from api.setup import rules_of_service
from api.setup.record_settings import FIRST_SESSION, keep_setting
from api.setup.store import record_store
from domain.values.refusal import Refusal

PER_LOGIN, PER_ADDRESS = 5, 30

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
    ja="サインインの失敗が続いたため、しばらく受け付けません。",
    en="There were too many failed sign-ins; none is accepted for a while.",
    rule=rules_of_service.ATTEMPTS,
    next_ja="15分ほど待ってから、もう一度お試しください。",
    next_en="Wait a quarter of an hour and try again.",
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
    failures: Failures = current_app.extensions["kyodo-failures"]
    by_login, by_address = f"login {login}", f"address {request.remote_addr}"
    if failures.count(by_login) >= PER_LOGIN or failures.count(by_address) >= PER_ADDRESS:
        raise TOO_MANY_ATTEMPTS()
    account = accounts().with_password(login, request.form.get("password", ""))
    if account is None:
        failures.add(by_login)
        failures.add(by_address)
        error = tr("利用者名かパスワードが違います。", "The user name or the password is wrong.")
        return _form(login, after, error)
    failures.forget(by_login)
    return _open_session(account, after)


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
    return _open_session(accounts().set_password(used, password) if password else used, None)


@blueprint.post("/signout")
def signout() -> AnyResponse:
    """Close the session."""
    sign_out()
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


def _open_session(account: Account, after: str | None) -> AnyResponse:
    sign_in(account)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    keep_setting(record_store().engine, FIRST_SESSION, now)
    return redirect(after or href("/account"), 303)


def _form(login: str, after: str | None, error: str | None = None) -> Response:
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
    return _page(401 if error else 200, href("/signin"), fields, after=after, error=error)


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
    app.extensions["kyodo-failures"] = Failures()
    register_in_each(app, blueprint)
