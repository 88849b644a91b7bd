"""市民側の評価 /evaluation/{id}: the citizens' side writes its answers, by a one-time link or by an account.

The link leads to a page with a button: programs follow links in mails, and press no buttons. Who presses it
gets the browser's own secret, in a cookie; from then on the link opens nothing. A browser that was opened for
a sheet is let in to this page of this sheet, and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import quote

from flask import Blueprint, flash, g, redirect, request
from werkzeug.wrappers import Response

from api.access import access_log
from api.access.auth import (
    CSRF_MISSING,
    check_csrf,
    current_caller,
    only_show,
    own_check_of_forms,
)
from api.access.by_sheet_link import act_for_citizens, sheet_links
from api.access.sheet_links import SheetLink
from api.http.language import href, tr
from api.http.problems import declare
from api.office.desk import saving
from api.office.desk.drafting import clock_time
from api.office.desk.frame import office_page
from api.office.sheets.own_answers import OwnAnswers
from api.pages.parts.names import Names
from api.pages.parts.serving import one
from api.pages.plan import sheets
from api.reads.reading import reading
from api.setup import rules_of_service
from api.setup.store import record_settings
from domain.evaluation_sheet.events import Side
from domain.values.refusal import Refusal
from projections.views.plan.evaluation_board import compared

ROLE = "EV-C"
SIDE: Side = "c"
COOKIE = "kyodo_evaluation"

SHEET_LINK_SPENT = declare(
    404,
    "SHEET_LINK_SPENT",
    ja="この評価シートのリンクは使えません（使用済み、期限切れ、終了、または誤り）。",
    en="This link to an evaluation sheet does not work: it is used, over, ended or mistyped.",
    rule=rules_of_service.SHEET_LINK,
    next_ja="はじめに開いたブラウザーで開いてください。ほかの端末で続けるときは、市の担当に新しいリンクを頼んでください。"
    "自分では開いていないのに使用済みのときは、すぐに知らせてください。",
    next_en="Open it in the browser in which you opened it first. To go on elsewhere, ask the city for a new "
    "link. If it is used and it was not you, say so at once.",
)

blueprint = Blueprint("evaluation", __name__, url_prefix="/evaluation")


# -- the link


@blueprint.get("/link/<secret>")
def show_link(secret: str) -> Response:
    """What the link is for, and a button."""
    link = _unopened(secret)
    act_for_citizens(link.sheet_id, None)
    with reading() as connection:
        sheet = one(connection, "sheets", link.sheet_id)
        names = Names(connection, sheet)
    page = sheets.show({"sheet": compared(sheet), "not_recorded": []}, names)
    return _uncached(
        office_page(
            "office/sheets/link.html",
            "",
            title=page["title"],
            about=page["action"],
            action=request.path,
            until=_until(link),
        )
    )


@blueprint.post("/link/<secret>")
def by_link(secret: str) -> Response:
    """Use the link up: from now on this browser may write, and no other."""
    link = _unopened(secret)
    held = sheet_links().open(secret)
    if held is None:
        raise SHEET_LINK_SPENT()
    access_log.sheet_link_used(link.sheet_id)
    answer = redirect(href(f"/evaluation/{quote(link.sheet_id)}"), 303)
    answer.set_cookie(
        COOKIE,
        held,
        expires=dt.datetime.fromisoformat(link.expires_at),
        secure=record_settings().session_cookie_secure,
        httponly=True,
        samesite="Lax",
    )
    return _uncached(answer)


def _unopened(secret: str) -> SheetLink:
    link = sheet_links().unopened(secret)
    if link is None:
        raise SHEET_LINK_SPENT()
    return link


# -- the sheet


def show_sheet(id: str) -> Response:
    _let_in(id)
    return _page(_form(id))


def act_on_sheet(id: str) -> Response:
    _let_in(id)
    try:
        check_csrf()
    except Refusal as missing:
        if missing.declared is not CSRF_MISSING:
            raise
        g.office_sent_again = True
        only_show()
        return _page(_form(id))
    form = _form(id)
    if form.drafting.pressed():
        return _page(form)
    if form.button == "record" and form.is_done:
        return _back(id)
    acts = form.acts()
    if acts and form.button == "record" and form.was_shown:
        if form.submit(acts):
            form.drafting.done()
            flash(tr("自己評価を提出しました。", "Your self-evaluation is submitted."), "success")
            return _back(id)
    elif acts:
        form.rehearse(acts)
    return _page(form, 200 if form.form.stands else 422)


def save_draft(id: str) -> Response:
    """What a script sends while somebody types."""
    _let_in(id)
    return _uncached(saving.by_script())


def _let_in(sheet_id: str) -> None:
    """By the secret of a browser that a link to this sheet was opened in; else by an account that evaluates
    for the citizens. Refuses SHEET_LINK_SPENT to everybody else."""
    held = request.cookies.get(COOKIE)
    link = sheet_links().held(held) if held else None
    if link is not None and link.sheet_id == sheet_id:
        with reading() as connection:
            act_for_citizens(sheet_id, None)
            opened = one(connection, "sheets", sheet_id)["opened"]
        act_for_citizens(sheet_id, opened["side_c"])
        return
    caller = current_caller()
    if caller is None or ROLE not in caller.roles:
        raise SHEET_LINK_SPENT()
    caller.refuse_without_factor()


def _form(id: str) -> OwnAnswers:
    with reading() as connection:
        sheet = compared(one(connection, "sheets", id))
        names = Names(connection, sheet)
    return OwnAnswers(sheet, SIDE, names, f"/evaluation/{id}")


def _page(form: OwnAnswers, status: int = 200) -> Response:
    entity = form.sheet["sheet_id"]
    with reading() as connection:
        names = Names(connection, form.sheet)
    shown: dict[str, Any] = form.shown_form(names)
    shown["draft"]["save_url"] = href(f"/evaluation/{quote(entity)}/draft")
    return _uncached(
        office_page(
            "office/sheets/citizens.html",
            "",
            status=status,
            action=href(f"/evaluation/{quote(entity)}"),
            **shown,
        )
    )


def _back(id: str) -> Response:
    return _uncached(redirect(href(f"/evaluation/{quote(id)}"), 303))


def _until(link: SheetLink) -> str:
    return clock_time(link.expires_at)


def _uncached(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.vary.update(("Cookie", "Authorization"))
    return answer


for _methods, _path, _view in (
    (["GET"], "/<id>", show_sheet),
    (["POST"], "/<id>", act_on_sheet),
    (["POST"], "/<id>/draft", save_draft),
):
    blueprint.add_url_rule(
        _path, _view.__name__, own_check_of_forms(_view) if _view is act_on_sheet else _view, methods=_methods
    )
