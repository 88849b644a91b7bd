"""A new account, with its first roles and an invitation: three things of one act at the desk."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from api.access.accounts import own_party
from api.access.auth import accounts
from api.http.language import href
from api.http.problems import InvalidInput
from api.mail.addresses import one_address
from api.office.admin.handing_over import invite
from api.office.admin.permitted import administrators_only, noted
from api.office.admin.roles import acts_of, choices
from api.office.desk import refused as refusals
from api.office.desk.acts import record
from api.office.desk.frame import Screen, office_page, typed
from api.reads.people import found_people
from api.reads.reading import reading
from api.setup.store import record_settings
from domain.values.refusal import Refusal
from projections.answers.finding.searching import search_for


def show(faults: list[Refusal] | None = None) -> AnyResponse:
    """The form. Whom the account acts for is looked up by name: a person on record, or nobody yet."""
    form, name = typed(), typed().get("person_name", "").strip()
    with reading() as connection:
        offered = choices(connection)
        people: list[Any] = []
        wrong = list(faults or ())
        if name and not faults:
            try:
                people = found_people(connection, search_for(name, {}))
            except Refusal as refused:
                wrong.append(refused)
    return office_page(
        "office/admin/new.html",
        "admin",
        status=422 if faults else 200,
        action=href("/desk/admin/new"),
        back=href("/desk/admin"),
        faults=[refusals.shown(refused) for refused in wrong],
        typed={n: form.get(n, "") for n in ("login", "body", "from", "until", "document_no", "mail_to")}
        | {"roles": form.getlist("role"), "deputy": form.get("deputy") == "yes", "person_name": name},
        person=form.get("person", ""),
        people=people,
        key=form.get("key") or secrets.token_urlsafe(12),
        days=record_settings().sign_in.invitation_days,
        **offered,
    )


def act() -> AnyResponse:
    """Record the roles, add the account, make the invitation."""
    form = typed()
    if "find" in form:
        return show()
    login = form.get("login", "").strip().lower()
    try:
        accounts().refuse_login(login)
        mail_to = one_address(typed_to) if (typed_to := form.get("mail_to", "").strip()) else None
        party = form.get("person") or own_party()
        acts = acts_of(form, party)
        if acts:
            record(acts, f"account-{form.get('key', '')[:40]}")
        account = accounts().add(login, (), party)
        noted("ACCOUNT_ADDED", account, "add")
        address = invite(account, mail_to)
    except Refusal as refused:
        return show([refused])
    except InvalidInput as wrong:
        return show(list(wrong.faults))
    return office_page(
        "office/admin/handed_over.html",
        "admin",
        name=account.login,
        address=address,
        is_invitation=True,
        days=record_settings().sign_in.invitation_days,
        mailed=mail_to,
        back=href(f"/desk/admin/accounts/{account.account_id}"),
    )


def register(blueprint: Blueprint) -> None:
    Screen("/admin/new", show, act, permit=administrators_only).register(blueprint)
