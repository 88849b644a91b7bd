"""The pages to sign in and out: by name and password, by passkey, or behind a proxy; and the way to each
OpenID provider (directory.py)."""

from __future__ import annotations

from math import ceil
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from api.access import access_log
from api.access.auth import accounts, sign_out
from api.access.delays import DEVICE_COOKIE, Attempt, known_device
from api.access.trusted_header import told_by_proxy
from api.http.form_field import FormField
from api.http.language import href, tr
from api.http.problems import PROBLEMS, declare
from api.setup import rules_of_service
from api.setup.store import record_counters, record_settings
from api.signing_in.opening import after_password, kept_problem, open_session, passkeys
from api.signing_in.page import TOO_MANY_ATTEMPTS, local_path, page, too_early
from domain.values.refusal import Refusal

PASSKEY_REFUSED = declare(
    401,
    "PASSKEY_REFUSED",
    ja="このパスキーでは確認できませんでした。",
    en="This passkey did not open an account here.",
    rule=rules_of_service.SECOND_FACTOR,
    next_ja="もう一度お試しください。パスキーを削除したときは、パスワードと確認コードか、管理者のリンクで入れます。",
    next_en="Try again. If it was removed, use your password and a code, or ask an administrator for a link.",
)
HEADER_NO_ACCOUNT = declare(
    403,
    "HEADER_NO_ACCOUNT",
    ja="代理サーバーが示す利用者のアカウントが、この記録にありません。",
    en="There is no account here for the user whom the proxy names.",
    rule=rules_of_service.PROXY,
    next_ja="事務局の管理者に、アカウントを作るか、利用を再開するよう依頼してください。",
    next_en="Ask an administrator of the secretariat to add your account, or to enable it.",
)
LOCAL_SIGN_IN_OFF = declare(
    403,
    "LOCAL_SIGN_IN_OFF",
    ja="この記録では、利用者名とパスワードのサインインを使っていません。",
    en="Names and passwords are not used to sign in to this record.",
    rule=rules_of_service.DIRECTORY,
    next_ja="サインインのページにある方法を使ってください。",
    next_en="Use one of the ways on the sign-in page.",
)

blueprint = Blueprint("signin", __name__)


@blueprint.get("/signin")
def showsign_in_page() -> Response:
    """The ways to sign in."""
    held = kept_problem()
    refused = PROBLEMS[held[0]](**held[1]) if held and held[0] in PROBLEMS else None
    return sign_in_page("", local_path(request.args.get("next")), refused)


@blueprint.post("/signin")
def by_password() -> AnyResponse:
    """Sign in by user name and password; whoever has a second factor is asked for it next."""
    login, after = request.form.get("username", "")[:60], local_path(request.form.get("next"))
    if not record_settings().sign_in.local:
        return sign_in_page("", after, LOCAL_SIGN_IN_OFF())
    attempt = _attempt(login)
    if wait := attempt.wait():
        return too_early(sign_in_page(login, after, TOO_MANY_ATTEMPTS(seconds=ceil(wait))), wait)
    account = accounts().with_password(login, request.form.get("password", ""))
    if account is None:
        access_log.sign_in_failed(accounts().known(login), attempt.failures)
        return sign_in_page(login, after, _wrong())
    attempt.succeeded()
    try:
        return after_password(account, after)
    except Refusal as refused:
        return sign_in_page(login, after, refused)


def _attempt(login: str) -> Attempt:
    """This attempt, by whom and from where; a browser in which the account has signed in is known."""
    account = accounts().known(login)
    cookie = request.cookies.get(DEVICE_COOKIE)
    device = known_device(record_settings().signing_key(), cookie, account.account_id if account else None)
    return Attempt(record_counters(), login, request.remote_addr, device)


def _wrong() -> str:
    return tr("利用者名かパスワードが違います。", "The user name or the password is wrong.")


@blueprint.post("/signin/passkey")
def by_passkey() -> AnyResponse:
    """Sign in by a passkey, whosever it is."""
    after = local_path(request.form.get("next"))
    if not record_settings().sign_in.local:
        return sign_in_page("", after, LOCAL_SIGN_IN_OFF())
    account = passkeys().account_of(request.form.get("credential", ""))
    if account is None:
        return sign_in_page("", after, PASSKEY_REFUSED())
    return open_session(account, after, "passkey", "Account.sign_in_by_passkey")


@blueprint.post("/signin/header")
def by_header() -> AnyResponse:
    """Sign in as whom the trusted proxy names."""
    after, login = local_path(request.form.get("next")), told_by_proxy()
    if login is None:
        return redirect(href("/signin"), 303)
    account = accounts().known(login)
    if account is None or account.disabled:
        return sign_in_page("", after, HEADER_NO_ACCOUNT())
    return open_session(account, after, "header", "Account.sign_in_by_header")


@blueprint.post("/signout")
def signout() -> AnyResponse:
    """End the session."""
    account = sign_out()
    if account is not None:
        access_log.account_changed("SIGNED_OUT", account, "Account.sign_out")
    return redirect(href("/"), 303)


# ------------------------------------------------------------------------------------------- pages


def sign_in_page(login: str, after: str | None, wrong: Refusal | str | None = None) -> Response:
    """The ways to sign in; with what was wrong, if anything was."""
    settings, proxy = record_settings().sign_in, told_by_proxy()
    query = f"?{urlencode({'next': after})}" if after else ""
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
    return page(
        "account/signin.html",
        wrong,
        next=after,
        directories=[
            {"label": provider.label, "url": f"{href(f'/signin/oidc/{provider.name}')}{query}"}
            for provider in settings.providers
        ],
        proxy={"name": proxy, "action": href("/signin/header")} if proxy else None,
        passkey={"action": href("/signin/passkey"), "options": passkeys().to_use()}
        if settings.local
        else None,
        password={"action": href("/signin"), "fields": fields} if settings.local else None,
    )
