"""The end of every way to sign in: what an account still has to show, then a session."""

from __future__ import annotations

import datetime as dt

from flask import current_app, flash, redirect, session
from werkzeug.wrappers import Response

from api.access import access_log, steps
from api.access.accounts import Account
from api.access.auth import accounts, asks_for_factor, sign_in
from api.access.delays import DEVICE_COOKIE, DEVICE_DAYS, device_cookie
from api.access.methods import is_enough
from api.access.passkeys import Passkeys
from api.access.recovery_codes import RecoveryCodes
from api.access.totp import Totps
from api.http.clock import today
from api.http.language import href, in_language, language, tr
from api.http.problems import declare
from api.setup import rules_of_service
from api.setup.one_moment import living
from api.setup.record_settings import FIRST_SESSION, keep_setting
from api.setup.store import record_settings, record_store
from domain.kernel.viewer import OFFICE

SECOND_FACTOR_MISSING = declare(
    403,
    "SECOND_FACTOR_MISSING",
    ja="このアカウントの役割では、パスワードだけではサインインできません。パスキーも確認コードも、まだ設定されていません。",
    en="The roles of this account ask for more than a password, and no passkey or app has been set up yet.",
    rule=rules_of_service.SECOND_FACTOR,
    next_ja="管理者に一度だけのリンクを作ってもらい、それで入って設定してください。",
    next_en="Ask an administrator for a one-time link, come in by it, and set one up.",
)


def totps() -> Totps:
    return Totps(record_store().engine, record_settings().signing_key(), reading=living)


def recovery_codes() -> RecoveryCodes:
    return RecoveryCodes(record_store().engine, reading=living)


def passkeys() -> Passkeys:
    return Passkeys(record_store().engine, reading=living)


def has_factor(account: Account) -> bool:
    """Whether an account has set up more than a password."""
    return totps().is_set(account) or bool(passkeys().of(account))


def after_password(account: Account, after: str | None) -> Response:
    """The password was right: a session, or the second step, where the account has one. Refuses
    ``SECOND_FACTOR_MISSING`` where it has none and needs one."""
    if has_factor(account):
        steps.begin("second", {"account": account.account_id, "mark": mark_of(account), "after": after})
        return redirect(href("/signin/second"), 303)
    if asks_for_factor(accounts().roles_today(account, today())):
        access_log.sign_in_refused(SECOND_FACTOR_MISSING.code, "Account.sign_in", account)
        raise SECOND_FACTOR_MISSING()
    return open_session(account, after, "password", "Account.sign_in")


def open_session(
    account: Account, after: str | None, method: str, command: str, tag: str | None = None
) -> Response:
    """Sign an account in, and go where it wanted to go; ``tag``: in this language, if not in that of the
    request."""
    sign_in(account, method)
    access_log.account_changed("SIGNED_IN", account, command)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    keep_setting(record_store().engine, FIRST_SESSION, now)
    answer = redirect(_way_on(account, after, method, tag or language()), 303)
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


def _way_on(account: Account, after: str | None, method: str, tag: str) -> str:
    held = accounts().roles_today(account, today())
    if not is_enough(method) and asks_for_factor(held):
        flash(
            tr(
                "このアカウントでは、パスキーか確認コードのアプリの設定が要ります。ここで設定してください。",
                "This account needs a passkey or an authenticator app. Set one up here.",
            ),
            "info",
        )
        return in_language(tag, "/account/second-factor")
    if after is not None:
        return after
    has_desk = "office" in current_app.blueprints and not OFFICE.isdisjoint(held)
    return in_language(tag, "/desk" if has_desk else "/account")


def mark_of(account: Account) -> str:
    """What changes with the password: a step that rested on the old one is none any more."""
    return (account.password_hash or "")[-16:]


# ------------------------------------------------------------- refused where no page can say so


def keep_problem(code: str, params: dict[str, str]) -> None:
    """Say this at the top of the sign-in page, which the browser is sent to."""
    session["signin_problem"] = {"code": code, "params": params}


def kept_problem() -> tuple[str, dict[str, str]] | None:
    held = session.pop("signin_problem", None)
    return (str(held["code"]), dict(held["params"])) if isinstance(held, dict) else None
