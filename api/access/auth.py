"""Who is calling: by a bearer token, or by the session of somebody who signed in on a page.

Reading needs nobody. A command needs an account; the roles of domain.md 4.13 say which commands it may
give (:func:`domain.recording.permission.permit`), and the header ``Kyodo-Role`` in which of its roles it
acts, if several may. A session is only believed together with its CSRF token; a bearer token needs none,
because no browser adds it by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask, Request, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError, CSRFProtect

from api.access.accounts import Account, Accounts
from api.access.methods import is_enough
from api.access.scopes import refuse_giving, refuse_reading
from api.access.sessions import Session, Sessions, digest_of
from api.access.tokens import Tokens
from api.access.trusted_header import told_by_proxy
from api.http.clock import today
from api.http.language import is_data_path, tr
from api.http.problems import declare
from api.setup import rules_of_service
from api.setup.one_moment import living
from api.setup.store import if_readable, record_settings, record_store
from domain.kernel.commands import Command
from domain.kernel.events import Actor
from domain.kernel.roles import ROLE_NAMES
from domain.kernel.viewer import OFFICE
from domain.recording.permission import acting_role, permit, permit_at_all
from domain.recording.receipts import CommandTerms
from domain.rules import permissions

ROLE_HEADER = "Kyodo-Role"
ViewT = TypeVar("ViewT", bound=Callable[..., Any])

SIGN_IN_REQUIRED = declare(
    401,
    "SIGN_IN_REQUIRED",
    ja="記録を加えるにはサインインが必要です。",
    en="Adding to the record needs a sign-in.",
    rule=permissions.READING,
    next_ja="Authorization: Bearer にトークンを付けるか、サインインしてください。",
    next_en="Send a token as Authorization: Bearer, or sign in.",
)
SESSION_ENDED = declare(
    401,
    "SESSION_ENDED",
    ja="サインインは終わっています。",
    en="Your session has ended.",
    rule=rules_of_service.SESSION,
    next_ja="もう一度サインインしてください。書いたものは、控えてから送り直してください。",
    next_en="Sign in again. Copy what you have written first, and send it again.",
)
TOKEN_INVALID = declare(
    401,
    "TOKEN_INVALID",
    ja="このトークンは無効です（取り消し、期限切れ、または誤り）。",
    en="This token is not valid: revoked, expired or mistyped.",
    rule=rules_of_service.TOKEN,
    next_ja="アカウントのページか kyodo user token で新しいトークンを作ってください。",
    next_en="Make a new one on the account page or with kyodo user token.",
)
ROLE_NOT_YOURS = declare(
    403,
    "ROLE_NOT_YOURS",
    ja="役割「{role}」はこのアカウントにありません（{have}）。",
    en="This account does not have the role “{role}” (it has: {have}).",
    rule=permissions.OWN_ROLES,
    next_ja="Kyodo-Role を省略するか、持っている役割を指定してください。",
    next_en="Leave Kyodo-Role out, or name a role the account has.",
)
SECOND_FACTOR_REQUIRED = declare(
    403,
    "SECOND_FACTOR_REQUIRED",
    ja="このアカウントの役割では、パスワードのほかにもう一つの確認手段が要ります。",
    en="The roles of this account ask for more than a password.",
    rule=rules_of_service.SECOND_FACTOR,
    next_ja="アカウントのページで、パスキーか確認コードのアプリを設定してください。",
    next_en="Set up a passkey or an authenticator app on the account page.",
)
CSRF_MISSING = declare(
    400,
    "CSRF_MISSING",
    ja="フォームの有効期限が切れたか、別のサイトから送られました。",
    en="The form has expired, or was sent from another site.",
    rule=rules_of_service.FORM,
    next_ja="ページを開き直して、もう一度送ってください。API では X-CSRFToken かトークンを使います。",
    next_en="Open the page again and resend. For the API, use X-CSRFToken or a bearer token.",
)


@dataclass(frozen=True)
class Caller:
    """Who gives a command or asks a question. ``by_session``: signed in on a page, not by a token."""

    account_id: str
    login: str
    party_id: str | None
    roles: frozenset[str]
    by_session: bool = False
    bodies: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Of the roles that are held for some councils or groups alone: for which."""
    scope: frozenset[str] | None = None
    """Of a token that was made for less than everything: for what (api/access/scopes.py)."""
    lacks_factor: bool = False
    """Whether the account's roles ask for a second factor which this session has not shown: until it has, it
    acts in none of them."""

    def actor(self, role: str) -> Actor:
        """The caller as events name it."""
        return Actor(role=role, party=self.party_id)

    def terms(self, command: Command, **conditions: Any) -> CommandTerms:
        """The terms on which the caller gives this command. Refuses ``FORBIDDEN`` and ``ROLE_NOT_YOURS``, and
        whatever else stands against who did it and in whose name."""
        if g.get(_ONLY_SHOWN, False):
            raise CSRF_MISSING()
        self._refuse_unfit(command)
        roles = self._chosen_roles()
        role = acting_role(command, roles) or next(iter(sorted(roles)), "unstated")
        terms = CommandTerms(self.actor(role), roles, bodies=self.bodies, **conditions)
        permit(command, terms)
        return terms

    def may_give(self, command: Command) -> None:
        """Refuses ``FORBIDDEN`` and ``ROLE_NOT_YOURS`` before anything of the command has been read."""
        self._refuse_unfit(command)
        permit_at_all(command, self._chosen_roles())

    def refuse_without_factor(self) -> None:
        """Refuse ``SECOND_FACTOR_REQUIRED`` where a password alone is not enough and is all there was."""
        if self.lacks_factor:
            raise SECOND_FACTOR_REQUIRED()

    def _refuse_unfit(self, command: Command) -> None:
        self.refuse_without_factor()
        refuse_giving(self.scope, command)

    def _chosen_roles(self) -> frozenset[str]:
        wanted = request.headers.get(ROLE_HEADER)
        if wanted is None:
            return self.roles
        if wanted not in self.roles:
            raise ROLE_NOT_YOURS(role=wanted[:20], have=", ".join(sorted(self.roles)))
        return frozenset({wanted})


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """An account as Flask-Login keeps it in a cookie: by the secret of its session."""

    def __init__(self, account: Account, secret: str, opened: Session | None = None):
        self.account = account
        self.secret = secret
        self.opened = opened

    def get_id(self) -> str:
        return self.secret


_checked_by_themselves: set[Callable[..., Any]] = set()

login_manager = LoginManager()
login_manager.session_protection = None  # it would keep a digest of the address; the session's row is enough
csrf = CSRFProtect()


def accounts() -> Accounts:
    return Accounts(record_store().engine, reading=living)


def tokens() -> Tokens:
    return Tokens(record_store().engine, reading=living)


def sessions() -> Sessions:
    settings = record_settings()
    return Sessions(
        record_store().engine,
        reading=living,
        idle=dt.timedelta(minutes=settings.session_idle_minutes),
        life=dt.timedelta(hours=settings.session_hours),
    )


def own_session() -> str | None:
    """The digest of the session that the request came with; None if nobody is signed in by one."""
    return digest_of(current_user.secret) if current_user.is_authenticated else None


def current_caller() -> Caller | None:
    """Who is calling; None for an anonymous reader. Refuses ``TOKEN_INVALID`` for a token that is none."""
    if "kyodo_caller" not in g:
        g.kyodo_caller = _caller_of(request)
    caller: Caller | None = g.kyodo_caller
    return caller


def required_caller() -> Caller:
    """Who is calling, where somebody has to. Refuses ``SIGN_IN_REQUIRED``, ``SESSION_ENDED``, and
    ``CSRF_MISSING`` for a session without its token."""
    caller = current_caller()
    if caller is None:
        raise (SESSION_ENDED if "_user_id" in session else SIGN_IN_REQUIRED)()
    if caller.by_session and request.method not in ("GET", "HEAD") and not g.get(_ONLY_SHOWN, False):
        check_csrf()
    return caller


_ONLY_SHOWN = "kyodo_only_shown"


def only_show() -> None:
    """The form of this request came without the token of its session, and is shown again to whoever sent it:
    for the rest of the request nobody gives a command."""
    setattr(g, _ONLY_SHOWN, True)


def check_csrf() -> None:
    """Refuse ``CSRF_MISSING`` unless the request carries the session's token."""
    try:
        csrf.protect()
    except CSRFError:
        raise CSRF_MISSING() from None


def sign_in(account: Account, method: str) -> None:
    """Open a session for an account, who signed in so. The cookie that was there before, whoever set it,
    becomes another."""
    secret = sessions().open(account, request.headers.get("User-Agent", ""), method)
    session.clear()
    login_user(_session_account(secret) or SignedIn(account, secret))
    g.pop("kyodo_caller", None)


def sign_out() -> Account | None:
    """End the session that the request came with, here and for every copy of its cookie; whose it was."""
    account: Account | None = current_user.account if current_user.is_authenticated else None
    if account is not None:
        sessions().end(account, digest_of(current_user.secret))
    logout_user()
    session.clear()
    g.pop("kyodo_caller", None)
    return account


def _caller_of(http_request: Request) -> Caller | None:
    if "Authorization" in http_request.headers:
        credentials = http_request.authorization
        held = None
        if credentials is not None and credentials.type == "bearer" and credentials.token:
            held = tokens().find(credentials.token)
        if held is None:
            raise TOKEN_INVALID()
        account, token = held
        if http_request.method in ("GET", "HEAD"):
            refuse_reading(token.scope)
        return _caller(account, scope=token.scope)
    if not current_user.is_authenticated:
        return None
    return _caller(current_user.account, current_user.opened)


def _caller(account: Account, opened: Session | None = None, scope: frozenset[str] | None = None) -> Caller:
    held = accounts().roles_today(account, today())
    lacks_factor = opened is not None and not is_enough(opened.method) and asks_for_factor(held)
    bodies = {role: frozenset(of) for role, of in held.items() if of is not None}
    return Caller(
        account.account_id,
        account.login,
        account.party_id,
        frozenset() if lacks_factor else frozenset(held),
        opened is not None,
        {} if lacks_factor else bodies,
        scope,
        lacks_factor,
    )


def asks_for_factor(roles: Iterable[str]) -> bool:
    """Whether, by the settings, who holds these roles needs a second factor."""
    return record_settings().sign_in.second_factor_of_staff and not OFFICE.isdisjoint(roles)


def _session_account(secret: str) -> SignedIn | None:
    """Whose session this is. One that was opened behind the proxy goes on as long as the proxy says so."""
    held = sessions().find(secret)
    if held is None:
        return None
    account, opened = held
    if opened.method == "header" and told_by_proxy() != account.login:
        return None
    return SignedIn(account, secret, opened)


def _shown_user() -> dict[str, Any]:
    """Who is signed in, for the head of every page."""
    account = if_readable(lambda: current_user.account if current_user.is_authenticated else None, None)
    if account is None:
        return {"current_user": None}
    caller = current_caller()
    roles = [role for role in ROLE_NAMES if caller is not None and role in caller.roles]
    return {"current_user": {"name": account.login, "role_label": _short_role_label(roles)}}


def _short_role_label(roles: Sequence[str]) -> str:
    """The first role, and how many more."""
    if len(roles) < 2:
        return role_label(roles)
    return tr(
        f"{role_label(roles[:1])}ほか{len(roles) - 1}", f"{role_label(roles[:1])} and {len(roles) - 1} more"
    )


def role_label(roles: Iterable[str]) -> str:
    """The names of roles in the language of the page."""
    return tr("・", ", ").join(tr(*ROLE_NAMES[role]) for role in roles)


def own_check_of_forms(view: ViewT) -> ViewT:
    """Mark a view that asks for the token of its forms itself, so that what was typed is not lost where it is
    missing."""
    _checked_by_themselves.add(view)
    return view


def _protect_forms() -> None:
    """Every form on a page needs its CSRF token; the API asks for it where a session is used."""
    if request.method in ("GET", "HEAD", "OPTIONS") or is_data_path(request.path):
        return
    if current_app.view_functions.get(request.endpoint or "") not in _checked_by_themselves:
        check_csrf()


def init_app(app: Flask) -> None:
    login_manager.init_app(app, add_context_processor=False)
    login_manager.user_loader(_session_account)
    csrf.init_app(app)
    app.before_request(_protect_forms)
    app.context_processor(_shown_user)
