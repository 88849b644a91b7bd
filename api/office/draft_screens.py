"""下書き /desk/drafts: what is typed and not recorded, one's own and colleagues'."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from api.http.language import href, tr
from api.office.desk.drafting import (
    clock_time,
    last_day_of,
    my_drafts,
    required_account,
)
from api.office.desk.drafts import Draft, is_ending
from api.office.desk.frame import Entry, Screen, office_page, typed
from api.office.desk.saving import by_script
from api.reads.reading import reading
from api.words.days import near_day
from projections.engine.event_json import Json
from projections.views.council import council_roster

ENTRIES = (Entry("drafts", "/desk/drafts", "下書き", "Drafts", at_hand=True),)
ON_THE_DESK = 5


def listed(most: int | None = None) -> list[Json]:
    """The drafts of whoever is at the desk, the newest first, as a page shows them."""
    drafts = my_drafts()
    every = drafts.all()
    shown = every[:most]
    names = drafts.names(draft.account_id for draft in shown)
    return [_line(draft, names, len(every)) for draft in shown]


def _line(draft: Draft, names: dict[str, str], number: int) -> Json:
    now = dt.datetime.now(dt.UTC)
    last = last_day_of(draft)
    own = draft.account_id == required_account()
    return {
        "id": draft.draft_id,
        "title": draft.title or tr("名前のない下書き", "a draft without a name"),
        "url": f"{href(draft.address).split('?')[0]}?draft={draft.draft_id}",
        "saved": clock_time(draft.saved_at),
        "own": own,
        "whose": None if own else names.get(draft.account_id),
        "shared": bool(draft.bodies),
        "ends": near_day(last, now.date()),
        "ending": is_ending(draft, now),
        "number": number,
    }


def show() -> Response:
    with reading() as connection:
        table = council_roster.council.table
        bodies = [{"id": row.council_id, "name": row.name} for row in connection.execute(table.select())]
    return office_page(
        "office/drafts/list.html",
        "drafts",
        drafts=listed(),
        bodies=[body for body in bodies if body["name"]],
    )


def act() -> Response:
    """Discard a draft, or share one's own with the colleagues of a body."""
    drafts, draft_id = my_drafts(), typed().get("draft", "")
    if typed().get("do") == "discard":
        drafts.discard(draft_id)
    elif typed().get("do") == "share":
        drafts.share(draft_id, [body for body in typed().getlist("body") if body])
    return redirect(href("/desk/drafts"), 303)


def _to_the_list() -> Response:
    return redirect(href("/desk/drafts"), 303)


def register(blueprint: Blueprint) -> None:
    Screen("/drafts", show, act).register(blueprint)
    Screen("/drafts/-/save", _to_the_list, by_script).register(blueprint)
