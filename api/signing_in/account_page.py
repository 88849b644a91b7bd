"""One's own account: roles, where one is signed in, and bearer tokens for the API."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Response, flash, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from api.access import access_log
from api.access.accounts import Account
from api.access.auth import accounts, own_session, role_label, sessions, tokens
from api.access.methods import method_label
from api.access.scopes import READ, WRITE, known_scope, scope_label
from api.access.sessions import Session, browser_label
from api.access.tokens import USUAL_LIFE, Token
from api.http.clock import today
from api.http.form_field import FormField
from api.http.language import href, tr
from api.signing_in.opening import has_factor
from api.signing_in.page import moment, own_account, unkept
from domain.kernel.record import KINDS

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
def show() -> AnyResponse:
    """The account page."""
    own = own_account()
    return _page(own) if own else _to_signin()


@blueprint.post("")
def make_token() -> AnyResponse:
    """Make a bearer token. It is shown once."""
    own = own_account()
    if own is None:
        return _to_signin()
    label = request.form.get("label", "").strip()[:80]
    days = int(chosen) if (chosen := request.form.get("days", "")) in DAYS else USUAL_LIFE.days
    scope = _scope(request.form.get("scope", ""), request.form.getlist("collection"))
    made = tokens().make(own, label or tr("名前なし", "unnamed"), dt.timedelta(days=days), scope)
    access_log.account_changed("TOKEN_MADE", own, "Account.make_token")
    return _page(own, made)


@blueprint.post("/tokens/<digest>/revoke")
def revoke_token(digest: str) -> AnyResponse:
    """Revoke one of one's own tokens."""
    own = own_account()
    if own is None:
        return _to_signin()
    if tokens().revoke(own, digest):
        access_log.account_changed("TOKEN_REVOKED", own, "Account.revoke_token")
        flash(tr("トークンを取り消しました。", "The token has been revoked."), "success")
    return redirect(href("/account"), 303)


@blueprint.post("/sessions/<digest>/end")
def end_session(digest: str) -> AnyResponse:
    """End one of one's own sessions, this one too."""
    own = own_account()
    if own is None:
        return _to_signin()
    if sessions().end(own, digest):
        access_log.account_changed("SESSION_ENDED", own, "Account.end_session")
        flash(tr("そのサインインを終わらせました。", "That session has ended."), "success")
    return redirect(href("/account"), 303)


@blueprint.post("/sessions/end-others")
def end_other_sessions() -> AnyResponse:
    """End all of one's own sessions but this one."""
    own = own_account()
    if own is None:
        return _to_signin()
    ended = sessions().end_all(own, but=own_session())
    access_log.account_changed("SESSIONS_ENDED", own, "Account.end_other_sessions")
    flash(
        tr(f"ほかのサインインを{ended}件終わらせました。", f"{ended} other sessions have ended."), "success"
    )
    return redirect(href("/account"), 303)


DAYS = ("7", "30", "90")
"""For how many days somebody makes a token for themselves."""


def _scope(chosen: str, collections: list[str]) -> frozenset[str] | None:
    """What a new token is for, as the form says: everything, reading, or reading and some collections."""
    if chosen == "all":
        return None
    written = [f"{WRITE}:{name}" for name in collections] if chosen == "some" else []
    return known_scope([READ, *written])


def _to_signin() -> AnyResponse:
    return redirect(f"{href('/signin')}?next={href('/account')}", 303)


def _page(own: Account, new_token: str | None = None) -> Response:
    vm: dict[str, Any] = {
        "name": own.login,
        "role_labels": [role_label([role]) for role in accounts().roles_today(own, today())],
        "action": href("/account"),
        "fields": [_label_field()],
        "days": [{"value": days, "label": tr(f"{days}日", f"{days} days")} for days in reversed(DAYS)],
        "collections": [
            {"value": kind.COLLECTION, "label": tr(*kind.LABEL)} for kind in KINDS.values() if kind.COMMANDS
        ],
        "has_factor": has_factor(own),
        "factors_url": href("/account/second-factor"),
        "new_token": new_token,
        "tokens": [_shown(token) for token in tokens().of(own)],
        "sessions": [_session(open_session) for open_session in sessions().of(own)],
        "end_others_url": href("/account/sessions/end-others"),
    }
    return unkept("account/account.html", vm)


def _label_field() -> FormField:
    return FormField(
        "label",
        tr("名前", "Name"),
        required=True,
        help=tr(
            "何に使うかが分かる名前。期限のほか、新しいパスワードを設定したときも終わります。",
            "What it is for. It ends when it expires, and with a new password.",
        ),
    )


def _shown(token: Token) -> dict[str, Any]:
    return {
        "label": token.label,
        "created": moment(token.created_at),
        "last_used": moment(token.used_at),
        "expires": moment(token.expires_at),
        "scope": scope_label(token.scope),
        "revoke_url": href(f"/account/tokens/{token.digest}/revoke"),
    }


def _session(shown: Session) -> dict[str, Any]:
    return {
        "label": browser_label(shown.browser) or tr("不明なブラウザー", "unknown browser"),
        "method": method_label(shown.method),
        "current": shown.digest == own_session(),
        "opened": moment(shown.opened_at),
        "last_used": moment(shown.seen_at),
        "expires": moment(shown.expires_at),
        "end_url": href(f"/account/sessions/{shown.digest}/end"),
    }
