"""One-time links: an invitation, or a way back in that an administrator has made. Each is good once."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from api.access import access_log, steps
from api.access.accounts import SHORTEST_PASSWORD, Account, fit_password
from api.access.auth import accounts, tokens
from api.access.tokens import Link
from api.http.form_field import FormField
from api.http.language import spoken, tr
from api.http.problems import declare, status_for
from api.setup import rules_of_service
from api.signing_in.opening import open_session, passkeys
from api.signing_in.page import STEP_SPENT, page
from domain.values.refusal import Refusal

LINK_SPENT = declare(
    404,
    "LINK_SPENT",
    ja="このサインイン用リンクは使えません（使用済み、期限切れ、または誤り）。",
    en="This sign-in link does not work: it is used, expired or mistyped.",
    rule=rules_of_service.LINK,
    next_ja="管理者に新しいリンクを作ってもらってください（管理の画面、または kyodo user link）。"
    "自分では使っていないのに使用済みのときは、すぐに知らせてください。",
    next_en="Ask an administrator for a new one (on the pages of accounts, or kyodo user link). If somebody "
    "has used it and it was not you, say so at once.",
)
NOTHING_CHOSEN = declare(
    422,
    "NOTHING_CHOSEN",
    ja="パスワードかパスキーのどちらかを決めてください。",
    en="Choose a password or make a passkey.",
    rule=rules_of_service.LINK,
    next_ja="パスワードを入れるか、「パスキーを作って入る」を押してください。",
    next_en="Type a password, or press “Make a passkey and sign in”.",
)

blueprint = Blueprint("sign_in_links", __name__)


@blueprint.get("/sign-in/link/<secret>")
def show_link(secret: str) -> Response:
    """Ask for a click before a one-time link is used up: mail scanners follow links, but press no buttons."""
    return _link_page(*_of_link(secret))


@blueprint.post("/sign-in/link/<secret>")
def by_link(secret: str) -> AnyResponse:
    """Use up a one-time link: set a password or make a passkey, if one is sent, and sign in. Whoever is
    invited has to do one of the two."""
    account, link = _of_link(secret)
    password, credential = request.form.get("password", ""), request.form.get("credential", "")
    if password:
        try:
            fit_password(password)
        except Refusal as refused:
            return _link_page(account, link, refused)
    elif credential:
        if steps.look("new-passkey") is None:
            return _link_page(account, link, STEP_SPENT())
    elif link.is_invitation:
        return _link_page(account, link, NOTHING_CHOSEN())
    used = tokens().use_link(secret)
    if used is None:
        raise LINK_SPENT()
    method, how = ("invitation" if link.is_invitation else "link"), "Account.sign_in_by_link"
    access_log.account_changed("LINK_USED", used, how)
    if password:
        used = accounts().set_password(used, password)
        access_log.account_changed("PASSWORD_SET", used, how)
    elif credential and passkeys().make(used, credential, tr("最初のパスキー", "First passkey")):
        access_log.account_changed("PASSKEY_ADDED", used, how)
        method = "passkey"
    return open_session(used, None, method, how)


def _of_link(secret: str) -> tuple[Account, Link]:
    account, link = tokens().account_of_link(secret), tokens().link(secret)
    if account is None or link is None:
        raise LINK_SPENT()
    return account, link


def _link_page(account: Account, link: Link, refused: Refusal | None = None) -> Response:
    password = FormField(
        "password",
        tr("新しいパスワード", "New password"),
        "password",
        autocomplete="new-password",
        help=tr(f"{SHORTEST_PASSWORD}字以上。", f"At least {SHORTEST_PASSWORD} characters. ")
        + (
            ""
            if link.is_invitation
            else tr("空けておけば今のままです。", "Leave it empty to keep things as they are.")
        ),
        error=spoken(refused.sentence) if refused and refused.code == "PASSWORD_UNFIT" else None,
    )
    return page(
        "account/link.html",
        None if password.error else refused,
        status_for(refused) if refused else 200,
        name=account.login,
        is_invitation=link.is_invitation,
        action=request.path,
        fields=[password],
        passkey={"action": request.path, "options": passkeys().to_make(account)},
    )
