"""The second step, after a password that was right: a code of the app, a recovery code, or a passkey."""

from __future__ import annotations

from math import ceil
from typing import Literal

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from api.access import access_log, steps
from api.access.accounts import Account
from api.access.auth import accounts
from api.access.delays import SecondAttempt
from api.http.form_field import FormField
from api.http.language import href, tr
from api.setup.store import record_counters
from api.signing_in.opening import mark_of, open_session, passkeys, recovery_codes, totps
from api.signing_in.page import STEP_SPENT, TOO_MANY_ATTEMPTS, page, too_early
from api.signing_in.ways import sign_in_page
from domain.values.refusal import Refusal

blueprint = Blueprint("second_step", __name__)


@blueprint.get("/signin/second")
def show_second() -> AnyResponse:
    """Ask for the code, or the passkey, after the password."""
    account = _after_password()
    return _second(account) if account else _begin_again()


@blueprint.post("/signin/second")
def by_code() -> AnyResponse:
    """The second step: a code of the app, or a recovery code."""
    account = _after_password()
    if account is None:
        return _begin_again()
    attempt = SecondAttempt(record_counters(), account.account_id)
    if wait := attempt.wait():
        return too_early(_second(account, TOO_MANY_ATTEMPTS(seconds=ceil(wait))), wait)
    method = _factor_shown(account, request.form.get("code", ""))
    if method is None:
        access_log.sign_in_failed(account, attempt.failures, "SECOND_FACTOR_FAILED")
        error = tr(
            "コードが違うか、もう使われています。次のコードに変わってから、もう一度入れてください。",
            "The code is wrong, or was used already. Wait for the next one and try again.",
        )
        return _second(account, error)
    attempt.succeeded()
    step = steps.take("second")
    if step is None:
        return _begin_again()
    if method == "recovery":
        access_log.account_changed("RECOVERY_CODE_USED", account, "Account.sign_in_second")
    return open_session(account, step["after"], f"password+{method}", "Account.sign_in_second")


def _factor_shown(account: Account, code: str) -> Literal["totp", "recovery"] | None:
    if totps().check(account, code):
        return "totp"
    return "recovery" if recovery_codes().use(account, code) else None


def _after_password() -> Account | None:
    """Whose password was right in this browser a moment ago."""
    step = steps.look("second")
    account = accounts().with_id(step["account"]) if step else None
    if step is None or account is None or account.disabled or mark_of(account) != step["mark"]:
        return None
    return account


def _begin_again() -> AnyResponse:
    return sign_in_page("", None, STEP_SPENT())


def _second(account: Account, wrong: Refusal | str | None = None) -> Response:
    """The second step, for an account whose password was right."""
    code = FormField(
        "code",
        tr("確認コード", "Code"),
        required=True,
        maxlength=40,
        autocomplete="one-time-code",
        help=tr(
            "アプリに出ている6桁の数字。アプリがないときは、控えてある回復コードを一つ。",
            "The six digits that your app shows; without the app, one of your recovery codes.",
        ),
    )
    has_app = totps().is_set(account) or recovery_codes().left(account) > 0
    has_passkey = bool(passkeys().of(account))
    step = steps.look("second") or {}
    return page(
        "account/second.html",
        wrong,
        name=account.login,
        next=step.get("after"),
        code={"action": href("/signin/second"), "fields": [code]} if has_app else None,
        passkey={"action": href("/signin/passkey"), "options": passkeys().to_use()} if has_passkey else None,
    )
