"""One's own account: roles, and bearer tokens for the API."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Flask, Response, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from api.access.accounts import Account
from api.access.auth import accounts, current_caller, role_label, tokens
from api.access.tokens import Token
from api.http.form_field import FormField
from api.http.language import href, register_in_each, spoken, tr
from domain.values.calendar import EffectiveDate

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
def show() -> AnyResponse:
    """The account page."""
    own = _own_account()
    return _page(own) if own else _to_signin()


@blueprint.post("")
def make_token() -> AnyResponse:
    """Make a bearer token. It is shown once."""
    own = _own_account()
    if own is None:
        return _to_signin()
    label = request.form.get("label", "").strip()[:80]
    return _page(own, tokens().make(own, label or tr("名前なし", "unnamed")))


@blueprint.post("/tokens/<digest>/revoke")
def revoke_token(digest: str) -> AnyResponse:
    """Revoke one of one's own tokens."""
    own = _own_account()
    if own is None:
        return _to_signin()
    if tokens().revoke(own, digest):
        flash(tr("トークンを取り消しました。", "The token has been revoked."), "success")
    return redirect(href("/account"), 303)


def _own_account() -> Account | None:
    """The account signed in by a session: a bearer token may not make further tokens."""
    caller = current_caller()
    return accounts().with_id(caller.account_id) if caller and caller.by_session else None


def _to_signin() -> AnyResponse:
    return redirect(f"{href('/signin')}?next={href('/account')}", 303)


def _page(own: Account, new_token: str | None = None) -> Response:
    vm: dict[str, Any] = {
        "name": own.login,
        "role_labels": [role_label([role]) for role in own.roles],
        "action": href("/account"),
        "fields": [_label_field()],
        "new_token": new_token,
        "tokens": [_shown(token) for token in tokens().of(own)],
    }
    answer = make_response(render_template("account/account.html", page=vm))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _label_field() -> FormField:
    return FormField(
        "label",
        tr("名前", "Name"),
        required=True,
        help=tr("何に使うかが分かる名前", "What it is for"),
    )


def _shown(token: Token) -> dict[str, Any]:
    return {
        "label": token.label,
        "created": _moment(token.created_at),
        "last_used": _moment(token.used_at),
        "expires": _moment(token.expires_at),
        "revoke_url": href(f"/account/tokens/{token.digest}/revoke"),
    }


def _moment(text: str | None) -> str | None:
    return spoken(EffectiveDate.at(dt.datetime.fromisoformat(text)).label) if text else None


def init_app(app: Flask) -> None:
    register_in_each(app, blueprint)
