"""行政側の評価 /desk/sheets/{id}/own: whoever evaluates for the city writes its answers, and sees none of the
citizens' before both are in."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from api.access.auth import current_caller
from api.http.language import href, tr
from api.office.desk.frame import Screen, office_page
from api.office.sheets.own_answers import OwnAnswers
from api.pages.parts.names import Names
from api.pages.parts.serving import one
from api.reads.reading import reading
from domain.recording.permission import forbidden
from projections.views.plan.evaluation_board import compared

ROLE = "EV-G"


def for_the_citys_side() -> None:
    """Refuses FORBIDDEN to an account that does not evaluate for the city."""
    caller = current_caller()
    if caller is not None:
        caller.refuse_without_factor()
    if caller is None or ROLE not in caller.roles:
        raise forbidden((ROLE,), caller.roles if caller else ())


def show(id: str) -> Response:
    return _page(_form(id))


def act(id: str) -> Response:
    form = _form(id)
    if form.drafting.pressed():
        return _page(form)
    if form.button == "record" and form.is_done:
        return _back(id)
    acts = form.acts()
    if acts and form.button == "record" and form.was_shown:
        if form.submit(acts):
            form.drafting.done()
            flash(tr("自己評価を提出しました。", "The self-evaluation is submitted."), "success")
            return _back(id)
    elif acts:
        form.rehearse(acts)
    return _page(form, 200 if form.form.stands else 422)


def _back(id: str) -> Response:
    return redirect(href(f"/desk/sheets/{quote(id)}"), 303)


def _form(id: str) -> OwnAnswers:
    with reading() as connection:
        sheet = compared(one(connection, "sheets", id))
        names = Names(connection, sheet)
    return OwnAnswers(sheet, "g", names, f"/desk/sheets/{id}/own")


def _page(form: OwnAnswers, status: int = 200) -> Response:
    entity = form.sheet["sheet_id"]
    with reading() as connection:
        names = Names(connection, form.sheet)
    return office_page(
        "office/sheets/own.html",
        "sheets",
        status=status,
        back=href(f"/desk/sheets/{quote(entity)}"),
        action=href(f"/desk/sheets/{quote(entity)}/own"),
        **form.shown_form(names),
    )


def register(blueprint: Blueprint) -> None:
    Screen("/sheets/<id>/own", show, act, permit=for_the_citys_side).register(blueprint)
