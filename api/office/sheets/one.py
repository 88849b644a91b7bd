"""One evaluation sheet /desk/sheets/{id}: its steps, both sides in two columns, the links of the citizens'
side, and after both are in the comparison for the dialogue, with what comes of it."""

from __future__ import annotations

from urllib.parse import quote

import sqlalchemy as sa
from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from api.access import access_log
from api.access.auth import accounts, required_caller
from api.access.by_sheet_link import sheet_links
from api.access.sheet_links import LIVES, SheetLink
from api.http.addresses import with_public_url
from api.http.language import href, tr
from api.office.desk.drafting import clock_time
from api.office.desk.frame import Screen, office_page, typed
from api.office.forms import offered
from api.office.forms.pages import form_path
from api.office.sheets.citys_side import ROLE
from api.office.sheets.dialogue import Dialogue
from api.office.sheets.own_answers import title_of
from api.office.sheets.steps import steps
from api.pages.parts.names import Names
from api.pages.parts.serving import one
from api.pages.plan import sheets
from api.reads.people import people_for_reader
from api.reads.reading import reading
from domain.evaluation_sheet.events import SIDES
from projections.answers.trail import account_of
from projections.engine.event_json import Json
from projections.views.plan.evaluation_board import compared

USUAL_LIFE = LIVES[1]


def show(id: str) -> Response:
    with reading() as connection:
        sheet, form = _opened(connection, id)
        return _page(connection, sheet, form)


def act(id: str) -> Response:
    """The dialogue and what came of it."""
    with reading() as connection:
        sheet, form = _opened(connection, id)
        if form.drafting.pressed():
            return _page(connection, sheet, form)
        if form.button == "record" and form.is_done:
            return _back(id)
        acts = form.acts() if form.is_open else []
        if acts and form.button == "record" and form.was_shown:
            if form.record(acts):
                form.drafting.done()
                flash(tr("記録しました。", "It is on record."), "success")
                return _back(id)
        elif acts:
            form.rehearse(acts)
        return _page(connection, sheet, form, status=200 if form.form.stands else 422)


def make_or_end_link(id: str) -> Response:
    """Make a one-time link for the citizens' side, which is seen this once; or end what there is."""
    with reading() as connection:
        sheet, form = _opened(connection, id)
        if typed().get("do") == "end":
            if sheet_links().end(id):
                access_log.administered("SHEET_LINKS_ENDED", id, "EvaluationSheet.link")
            flash(tr("リンクを終わらせました。", "The link is ended."), "success")
            return _back(id)
        if sheet["state"] != "self_evaluating":
            return _back(id)
        text = typed().get("days", "")
        days = int(text) if text in map(str, LIVES) else USUAL_LIFE
        secret = sheet_links().make(id, required_caller().account_id, days)
        access_log.administered("SHEET_LINK_MADE", id, "EvaluationSheet.link")
        return _page(connection, sheet, form, new_link=with_public_url(f"/evaluation/link/{secret}"))


def _back(id: str) -> Response:
    return redirect(href(f"/desk/sheets/{quote(id)}"), 303)


def _opened(connection: sa.Connection, id: str) -> tuple[Json, Dialogue]:
    sheet = compared(one(connection, "sheets", id))
    return sheet, Dialogue(sheet, title_of(sheet, Names(connection, sheet)))


def _page(
    connection: sa.Connection, sheet: Json, form: Dialogue, *, status: int = 200, new_link: str | None = None
) -> Response:
    entity, caller = sheet["sheet_id"], required_caller()
    names = Names(connection, sheet)
    shown = sheets.show(
        {"sheet": sheet, "not_recorded": account_of(connection, entity)["not_recorded"]}, names
    )
    offers = offered.shown("EvaluationSheet", entity, caller, lambda command: form_path(command, entity))
    own_url = href(f"/desk/sheets/{quote(entity)}/own")
    return office_page(
        "office/sheets/one.html",
        "sheets",
        status=status,
        title=shown["title"],
        about=shown["action"],
        state_label=shown["state_label"],
        url=href(f"/desk/sheets/{quote(entity)}"),
        public_url=names.url(entity),
        paper=shown["papers"],
        steps=[_with_place(step, entity, offers) for step in steps(sheet)],
        targets=shown["targets"],
        without_targets=shown["without_targets"],
        sides=_sides(connection, sheet, shown["sides"]),
        own_url=own_url if ROLE in caller.roles and sheet["state"] == "self_evaluating" else None,
        unsealed=sheet["unsealed"] is not None,
        groups=shown["groups"],
        third_party=shown["third_party"],
        improvements=shown["improvements"],
        not_recorded=shown["not_recorded"],
        links=_links(entity),
        links_url=href(f"/desk/sheets/{quote(entity)}/links"),
        may_link=sheet["state"] == "self_evaluating",
        new_link=new_link,
        lives=[{"days": days, "chosen": days == USUAL_LIFE} for days in LIVES],
        **form.shown(),
        dialogue=form.shown_form(),
        **offers,
    )


def _sides(connection: sa.Connection, sheet: Json, sides: list[Json]) -> list[Json]:
    """Both sides, with who evaluates for each by name, if that is a person and the reader sees names."""
    parties = [sheet["opened"].get(f"side_{side}") for side in SIDES]
    known = people_for_reader(connection, [party for party in parties if party])
    return [
        {**side, "name": (known.get(party or "") or {}).get("name")}
        for side, party in zip(sides, parties, strict=True)
    ]


def _with_place(step: Json, entity: str, offers: Json) -> Json:
    """A step with the address of its act, if it can be done now."""
    command = step["command"]
    if command is None or command.startswith("#"):
        return {**step, "url": command}
    place = href(f"/desk/sheets/{quote(entity)}/{command}")
    return {**step, "url": place if any(one["url"] == place for one in offers["now"]) else None}


def _links(entity: str) -> list[Json]:
    """The links of the citizens' side: by whom, when, and what became of them."""
    known = sheet_links()
    logins = {account.account_id: account.login for account in accounts().all()}
    return [_link(link, logins, good=known.is_good(link)) for link in known.of(entity)]


def _link(link: SheetLink, logins: dict[str, str], *, good: bool) -> Json:
    opened = clock_time(link.opened_at) if link.opened_at else None
    until = clock_time(link.expires_at)
    if link.ended_at:
        at = clock_time(link.ended_at)
        state, words = "todo", tr(f"{at}に終わりました", f"ended {at}")
    elif not good:
        state, words = "todo", tr(f"{until}で期限切れ", f"over since {until}")
    elif opened:
        state, words = (
            "ok",
            tr(f"開いたブラウザーで{until}まで使えます", f"good in that browser until {until}"),
        )
    else:
        state, words = "part", tr(f"まだ開かれていません（{until}まで）", f"not opened yet (until {until})")
    return {
        "made": clock_time(link.made_at),
        "by": logins.get(link.made_by, tr("（削除されたアカウント）", "(an account that is gone)")),
        "opened": opened,
        "state": state,
        "words": words,
        "good": good,
    }


def register(blueprint: Blueprint) -> None:
    Screen("/sheets/<id>", show, act).register(blueprint)
    Screen("/sheets/<id>/links", show, make_or_end_link).register(blueprint)
