"""Who is signed in just now, everybody together; one or all of an account's sessions are ended here."""

from __future__ import annotations

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response as AnyResponse

from api.access.auth import accounts, own_session, sessions
from api.http.language import href, tr
from api.office.admin.accounts import tabs
from api.office.admin.one import session_line
from api.office.admin.permitted import administrators_only, noted
from api.office.desk.frame import Screen, office_page, typed


def show() -> AnyResponse:
    by_id = {account.account_id: account for account in accounts().all()}
    return office_page(
        "office/admin/sessions.html",
        "admin",
        tabs=tabs("sessions"),
        action=href("/desk/admin/sessions"),
        sessions=[
            session_line(opened)
            | {
                "name": by_id[opened.account_id].login,
                "url": href(f"/desk/admin/accounts/{opened.account_id}"),
                "digest": opened.digest,
                "is_own": opened.digest == own_session(),
            }
            for opened in sessions().all()
            if opened.account_id in by_id
        ],
    )


def act() -> AnyResponse:
    """End one session."""
    digest = typed().get("session", "")
    opened = next((one for one in sessions().all() if one.digest == digest), None)
    account = accounts().with_id(opened.account_id) if opened else None
    if account is not None and sessions().end(account, digest):
        noted("SESSION_ENDED", account, "end_session")
        flash(tr("そのサインインを終わらせました。", "That session has ended."), "success")
    return redirect(href("/desk/admin/sessions"), 303)


def register(blueprint: Blueprint) -> None:
    Screen("/admin/sessions", show, act, permit=administrators_only).register(blueprint)
