"""One account: its roles in the record, how it signs in, and what an administrator may do for it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response as AnyResponse

from api.access.accounts import Account
from api.access.auth import accounts, current_caller, sessions, tokens
from api.access.identities import Identities
from api.access.methods import method_label
from api.access.scopes import scope_label
from api.access.sessions import Session, browser_label
from api.http.clock import today
from api.http.language import href, tr
from api.http.problems import NOT_FOUND, InvalidInput
from api.office.admin.accounts import moment
from api.office.admin.handing_over import invite, way_back_in
from api.office.admin.permitted import administrators_only, another, noted
from api.office.admin.roles import acts_of, choices, held_lines
from api.office.desk import refused as refusals
from api.office.desk.acts import Act, record
from api.office.desk.frame import Screen, office_page, typed
from api.office.meetings.moments import read_day
from api.pages.parts.names import Names
from api.reads.reading import reading
from api.setup.one_moment import living
from api.setup.store import record_settings, record_store
from api.signing_in.opening import passkeys, recovery_codes, totps
from domain.values.refusal import Refusal
from projections.engine.event_json import Json
from projections.views.record.role_register import roles_held

PATH = "/desk/admin/accounts/"


def show(account_id: str, faults: list[Refusal] | None = None) -> AnyResponse:
    account = _account(account_id)
    form, day, caller = typed(), today(), current_caller()
    with reading() as connection:
        rows = connection.execute(roles_held(party_id=account.party_id)).all()
        names = Names(connection, [*(row.body for row in rows if row.body), account.party_id or ""])
        grants = held_lines(rows, names, day)
        offered = choices(connection)
        party = account.party_id or ""
        acts_for = names.label(party) if party in names.things else None
    return office_page(
        "office/admin/one.html",
        "admin",
        status=422 if faults else 200,
        name=account.login,
        acts_for=acts_for,
        is_own=caller is not None and caller.account_id == account_id,
        disabled=account.disabled,
        since=moment(account.created_at),
        action=href(f"{PATH}{account_id}"),
        back=href("/desk/admin"),
        faults=[refusals.shown(refused) for refused in faults or ()],
        grants=sorted(grants, key=lambda line: line["is_over"]),
        earlier=[label for role, label in _before_grants(account)],
        typed={n: form.get(n, "") for n in ("body", "from", "until", "document_no", "reason", "last_day")}
        | {"roles": form.getlist("role"), "deputy": form.get("deputy") == "yes"},
        key=secrets.token_urlsafe(12),
        has_password=account.password_hash is not None,
        passkeys=len(passkeys().of(account)),
        app_since=moment(totps().since(account)),
        codes_left=recovery_codes().left(account),
        identities=[
            {"issuer": known.issuer, "used": moment(known.used_at)} for known in _identities().of(account)
        ],
        sessions=[session_line(opened) for opened in sessions().of(account)],
        tokens=[
            {
                "label": token.label,
                "scope": scope_label(token.scope),
                "last_used": moment(token.used_at),
                "expires": moment(token.expires_at),
            }
            for token in tokens().of(account)
        ],
        link_ends=next(
            (moment(link.expires_at) for link in tokens().links() if link.account_id == account_id), None
        ),
        **offered,
    )


def _before_grants(account: Account) -> list[tuple[str, str]]:
    """Roles that an account has from before grants were on record."""
    ja, en = account.role_names
    return [(role, tr(j, e)) for role, j, e in zip(account.roles, ja, en, strict=True)]


def session_line(opened: Session) -> Json:
    return {
        "label": browser_label(opened.browser) or tr("不明なブラウザー", "unknown browser"),
        "method": method_label(opened.method),
        "opened": moment(opened.opened_at),
        "last_used": moment(opened.seen_at),
    }


def act(account_id: str) -> AnyResponse:
    """Do what the pressed button says."""
    form = typed()
    doing = ACTS.get(form.get("do", ""))
    _account(account_id)
    try:
        account = another(account_id)
        if account is None or doing is None:
            raise NOT_FOUND()
        answer = doing(account, form)
    except Refusal as refused:
        return show(account_id, [refused])
    except InvalidInput as wrong:
        return show(account_id, list(wrong.faults))
    if isinstance(answer, str):
        flash(answer, "success")
        return redirect(href(f"{PATH}{account_id}"), 303)
    return answer


# ------------------------------------------------------------------------------------------ what is done


def _grant(account: Account, form: Any) -> str:
    acts = acts_of(form, account.party_id or "")
    if acts:
        record(acts, f"grant-{form.get('key', '')[:40]}")
    return tr(f"役割を{len(acts)}件付与しました。", f"Roles granted: {len(acts)}.")


def _revoke(account: Account, form: Any) -> str:
    """End a grant with a day: yesterday, which is at once, unless another is said."""
    last = form.get("last_day", "").strip()
    day = read_day(last) if last else today() - dt.timedelta(days=1)
    body = {"last_day": day.isoformat(), "reason": form.get("reason", "").strip()}
    with reading() as connection:
        own = {row.grant_id for row in connection.execute(roles_held(party_id=account.party_id))}
    grant = form.get("grant", "")
    if grant not in own:
        raise NOT_FOUND()
    record([Act("RoleGrant", "revoke_role", grant, body)], f"revoke-{form.get('key', '')[:40]}")
    return tr("役割を取り消しました。", "The role has been revoked.")


def _drop_earlier(account: Account, form: Any) -> str:
    accounts().without_roles(account, account.roles)
    noted("ROLE_REVOKED", account, "without_roles")
    return tr("以前からの役割を外しました。", "The roles from before have been taken away.")


def _invite(account: Account, form: Any) -> AnyResponse:
    return _handed_over(account, invite(account, None), is_invitation=True)


def _link(account: Account, form: Any) -> AnyResponse:
    return _handed_over(account, way_back_in(account), is_invitation=False)


def _end_links(account: Account, form: Any) -> str:
    tokens().end_links(account)
    noted("LINKS_ENDED", account, "end_links")
    return tr("使われていないリンクを終わらせました。", "Links that nobody has used have ended.")


def _suspend(account: Account, form: Any) -> str:
    accounts().set_disabled(account, True)
    noted("ACCOUNT_DISABLED", account, "disable")
    return tr(
        "利用を止めました。サインイン・トークン・リンクはすべて終わりました。",
        "The account is disabled; its sessions, tokens and links have ended.",
    )


def _enable(account: Account, form: Any) -> str:
    accounts().set_disabled(account, False)
    noted("ACCOUNT_ENABLED", account, "enable")
    return tr("利用を再開しました。", "The account is enabled.")


def _end_sessions(account: Account, form: Any) -> str:
    ended = sessions().end_all(account)
    noted("SESSIONS_ENDED", account, "end_sessions")
    return tr(f"サインイン{ended}件を終わらせました。", f"{ended} sessions have ended.")


def _end_tokens(account: Account, form: Any) -> str:
    ended = tokens().revoke_all(account)
    noted("TOKENS_REVOKED", account, "revoke_tokens")
    return tr(f"トークンとリンク{ended}件を終わらせました。", f"{ended} tokens and links have ended.")


def _forget_factors(account: Account, form: Any) -> str:
    passkeys().remove(account)
    totps().remove(account)
    recovery_codes().remove(account)
    noted("FACTORS_REMOVED", account, "remove_factors")
    return tr("パスキー、アプリ、回復コードを外しました。", "Passkeys, app and recovery codes are gone.")


def _untie(account: Account, form: Any) -> str:
    _identities().untie(account)
    noted("DIRECTORY_UNTIED", account, "untie")
    return tr("認証基盤との結び付きを解きました。", "The account is tied to nobody of a directory any more.")


ACTS: dict[str, Callable[[Account, Any], AnyResponse | str]] = {
    "grant": _grant,
    "revoke": _revoke,
    "drop-earlier": _drop_earlier,
    "invite": _invite,
    "link": _link,
    "end-links": _end_links,
    "suspend": _suspend,
    "enable": _enable,
    "end-sessions": _end_sessions,
    "end-tokens": _end_tokens,
    "forget-factors": _forget_factors,
    "untie": _untie,
}


def _handed_over(account: Account, address: str, *, is_invitation: bool) -> AnyResponse:
    return office_page(
        "office/admin/handed_over.html",
        "admin",
        name=account.login,
        address=address,
        is_invitation=is_invitation,
        days=record_settings().sign_in.invitation_days,
        mailed=None,
        back=href(f"{PATH}{account.account_id}"),
    )


def _account(account_id: str) -> Account:
    account = accounts().with_id(account_id)
    if account is None:
        raise NOT_FOUND()
    return account


def _identities() -> Identities:
    return Identities(record_store().engine, reading=living)


def register(blueprint: Blueprint) -> None:
    Screen("/admin/accounts/<account_id>", show, act, permit=administrators_only).register(blueprint)
