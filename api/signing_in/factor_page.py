"""One's own second factor: passkeys, an authenticator app, recovery codes. What is changed here is changed by
who has signed in a moment ago: a browser that was left open all day does not get a key of somebody else's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import segno
from flask import Blueprint, Response, flash, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from api.access import access_log
from api.access.accounts import Account
from api.access.auth import accounts as known_accounts
from api.access.auth import asks_for_factor, own_session, sessions
from api.access.methods import with_factor
from api.access.passkeys import Passkey
from api.http.clock import today
from api.http.form_field import FormField
from api.http.language import href, spoken, tr
from api.http.problems import declare
from api.setup import rules_of_service
from api.signing_in.opening import has_factor, passkeys, recovery_codes, totps
from api.signing_in.page import moment, own_account, page
from domain.values.refusal import Refusal

SIGN_IN_AGAIN = declare(
    403,
    "SIGN_IN_AGAIN",
    ja="確認手段を変えられるのは、サインインしてから30分の間です。",
    en="Passkeys, apps and codes are changed within 30 minutes of signing in.",
    rule=rules_of_service.SECOND_FACTOR,
    next_ja="もう一度サインインしてから、このページを開いてください。",
    next_en="Sign in again, and come back to this page.",
)
CODE_WRONG = declare(
    422,
    "CODE_WRONG",
    ja="確認コードが違います。",
    en="The code is wrong.",
    rule=rules_of_service.SECOND_FACTOR,
    next_ja="アプリに出ている新しい6桁の数字を入れてください。端末の時計が合っているかも確かめてください。",
    next_en="Type the six digits that the app shows now, and check the clock of your phone.",
)
PASSKEY_NOT_MADE = declare(
    422,
    "PASSKEY_NOT_MADE",
    ja="パスキーを登録できませんでした。",
    en="The passkey was not added.",
    rule=rules_of_service.SECOND_FACTOR,
    next_ja="ページを開き直して、もう一度お試しください。",
    next_en="Open the page again, and try once more.",
)
LAST_FACTOR = declare(
    409,
    "LAST_FACTOR",
    ja="このアカウントの役割には確認手段が要るので、最後の一つは取り外せません。",
    en="The roles of this account ask for a second factor: the last one stays.",
    rule=rules_of_service.SECOND_FACTOR,
    next_ja="先に別のパスキーかアプリを設定してください。",
    next_en="Set up another passkey or an app first.",
)

RECENT = dt.timedelta(minutes=30)
PAGE = "/account/second-factor"

blueprint = Blueprint("factors", __name__, url_prefix=PAGE)


@blueprint.get("")
def show() -> AnyResponse:
    """The second factor of one's own account."""
    own = own_account()
    return _page(own) if own else _to_signin()


@blueprint.post("/passkeys")
def add_passkey() -> AnyResponse:
    """Keep a passkey that the browser has made."""
    own = own_account()
    if own is None:
        return _to_signin()
    if not _is_recent():
        return _page(own, SIGN_IN_AGAIN())
    label = request.form.get("label", "").strip()[:80] or tr("パスキー", "Passkey")
    if not passkeys().make(own, request.form.get("credential", ""), label):
        return _page(own, PASSKEY_NOT_MADE())
    access_log.account_changed("PASSKEY_ADDED", own, "Account.add_passkey")
    _strengthen("passkey")
    flash(tr("パスキーを登録しました。", "The passkey has been added."), "success")
    return redirect(href(PAGE), 303)


@blueprint.post("/passkeys/<credential_id>/remove")
def remove_passkey(credential_id: str) -> AnyResponse:
    """Forget one of one's own passkeys."""
    own = own_account()
    if own is None:
        return _to_signin()
    if refused := _not_now(own, others=len(passkeys().of(own)) - 1 + totps().is_set(own)):
        return _page(own, refused)
    if passkeys().remove(own, credential_id):
        access_log.account_changed("PASSKEY_REMOVED", own, "Account.remove_passkey")
        flash(tr("パスキーを外しました。", "The passkey has been removed."), "success")
    return redirect(href(PAGE), 303)


@blueprint.post("/app")
def confirm_app() -> AnyResponse:
    """Take an authenticator app in use, with a first code of it; the recovery codes are shown once."""
    own = own_account()
    if own is None:
        return _to_signin()
    if not _is_recent():
        return _page(own, SIGN_IN_AGAIN())
    if not totps().confirm(own, request.form.get("code", "")):
        return _page(own, CODE_WRONG())
    access_log.account_changed("APP_ADDED", own, "Account.confirm_app")
    _strengthen("totp")
    return _page(own, codes=recovery_codes().make(own))


@blueprint.post("/app/remove")
def remove_app() -> AnyResponse:
    """Use no authenticator app any more."""
    own = own_account()
    if own is None:
        return _to_signin()
    if refused := _not_now(own, others=len(passkeys().of(own))):
        return _page(own, refused)
    if totps().remove(own):
        access_log.account_changed("APP_REMOVED", own, "Account.remove_app")
        flash(tr("アプリを外しました。", "The app has been removed."), "success")
    if not has_factor(own):
        recovery_codes().remove(own)
    return redirect(href(PAGE), 303)


@blueprint.post("/codes")
def make_codes() -> AnyResponse:
    """New recovery codes in place of the old ones, shown once."""
    own = own_account()
    if own is None:
        return _to_signin()
    if not _is_recent():
        return _page(own, SIGN_IN_AGAIN())
    if not has_factor(own):
        return redirect(href(PAGE), 303)
    access_log.account_changed("RECOVERY_CODES_MADE", own, "Account.make_codes")
    return _page(own, codes=recovery_codes().make(own))


def _to_signin() -> AnyResponse:
    return redirect(f"{href('/signin')}?next={href(PAGE)}", 303)


def _is_recent() -> bool:
    opened = current_user.opened if current_user.is_authenticated else None
    if opened is None:
        return False
    return dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(opened.opened_at) < RECENT


def _not_now(own: Account, others: int) -> Refusal | None:
    """Why a factor may not be taken away, if it may not; ``others``: how many would be left."""
    if not _is_recent():
        return SIGN_IN_AGAIN()
    needed = asks_for_factor(known_accounts().roles_today(own, today()))
    return LAST_FACTOR() if needed and not others else None


def _strengthen(factor: Any) -> None:
    """This session has shown the new factor: it need not be opened again."""
    digest = own_session()
    if digest is not None:
        sessions().strengthen(digest, with_factor(current_user.opened.method, factor))


# -------------------------------------------------------------------------------------------- the page


def _page(own: Account, wrong: Refusal | None = None, codes: list[str] | None = None) -> Response:
    app, secret = totps(), None
    if not app.is_set(own) and _is_recent():
        secret = app.prepare(own)
    code = FormField(
        "code",
        tr("アプリに出た6桁の数字", "The six digits that the app shows"),
        required=True,
        maxlength=40,
        autocomplete="one-time-code",
        error=spoken(wrong.sentence) if wrong and wrong.declared is CODE_WRONG else None,
    )
    label = FormField(
        "label",
        tr("名前", "Name"),
        maxlength=80,
        help=tr("どの端末か分かる名前。", "Which device it is on."),
    )
    needed = asks_for_factor(known_accounts().roles_today(own, today()))
    vm: dict[str, Any] = {
        "needed": needed and not has_factor(own),
        "is_recent": _is_recent(),
        "again_url": f"{href('/signin')}?next={href(PAGE)}",
        "codes": codes,
        "passkeys": [_passkey(known) for known in passkeys().of(own)],
        "passkey": {"action": href(f"{PAGE}/passkeys"), "options": passkeys().to_make(own)},
        "passkey_fields": [label],
        "app_since": moment(app.since(own)),
        "app": {
            "action": href(f"{PAGE}/app"),
            "fields": [code],
            "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
            "qr": _qr(app.address(own, secret)),
        }
        if secret
        else None,
        "app_remove_url": href(f"{PAGE}/app/remove"),
        "codes_left": recovery_codes().left(own),
        "codes_url": href(f"{PAGE}/codes") if has_factor(own) else None,
    }
    return page("account/factors.html", wrong, **vm)


def _passkey(known: Passkey) -> dict[str, Any]:
    return {
        "label": known.label,
        "created": moment(known.created_at),
        "last_used": moment(known.used_at),
        "remove_url": href(f"{PAGE}/passkeys/{known.credential_id}/remove"),
    }


def _qr(address: str) -> str:
    """The QR code as SVG for the page: nothing is fetched, and nothing of it is kept."""
    return str(
        segno.make(address, error="m").svg_inline(
            scale=1, border=4, omitsize=True, svgclass="qr", lineclass=None
        )
    )
