"""What goes out with a notice 開催通知: a letter for each member, the text of a mail, the public notice, a
calendar entry; all of the same record, so that none says what another does not."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote

from api.http.addresses import with_public_url
from api.http.language import href, tr
from api.setup.store import record_settings
from api.words.days import office_day
from domain.values.calendar import JAPAN
from projections.engine.event_json import Json
from projections.views.meeting import meeting_register


def going_out(meeting: Json, title: str, council: str) -> Json | None:
    """Where each is, and the mail; None while the day is not known."""
    if not meeting.get("starts_at"):
        return None
    place = f"/meetings/{quote(meeting['meeting_id'])}"
    starts = dt.datetime.fromisoformat(meeting["starts_at"]).astimezone(JAPAN)
    has_address = record_settings().public_url is not None
    return {
        "letters": href(f"{place}/letters.pdf"),
        "letters_word": href(f"{place}/letters.docx"),
        "public": href(f"{place}/notice", **{"for": "public"}),
        "calendar": href(f"{place}/calendar.ics") if has_address else None,
        "subject": tr(f"【開催通知】{title}", f"Notice of meeting: {title}"),
        "text": "\n".join(_mail(meeting, title, council, starts, place)),
    }


def _mail(meeting: Json, title: str, council: str, starts: dt.datetime, place: str) -> list[str]:
    when = tr(
        f"{office_day(starts.date())} {starts:%H}時{starts:%M}分",
        f"{office_day(starts.date())}, {starts:%H:%M}",
    )
    where = meeting_register.place_of(meeting)
    items = [i["title"] for i in meeting.get("AgendaItemListed") or () if isinstance(i.get("title"), str)]
    agenda = [f"{n}. {item}" for n, item in enumerate(items, 1)]
    return [
        tr(f"{council}　委員　各位", f"To the members of {council}"),
        "",
        tr(f"{title}を次のとおり開催します。", f"{title} will be held as follows."),
        "",
        tr(f"日時: {when}", f"When: {when}"),
        *([tr(f"場所: {where}", f"Where: {where}")] if where else []),
        "",
        tr("議題:", "Agenda:"),
        *(agenda or [tr("未定", "not settled yet")]),
        "",
        tr("出欠の返事と資料:", "Your answer, and the papers:"),
        with_public_url(href("/my")),
        tr("会議のページ:", "The page of the meeting:"),
        with_public_url(href(place)),
    ]
