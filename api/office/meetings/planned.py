"""A meeting that is to be held, as its form says it, and the acts that record it: what is new on the agenda,
the meeting with its agenda, its papers, and its notice."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from api.http.clock import today
from api.office.desk.acts import Act
from api.office.meetings.bodies import Titles, citation_of
from api.office.meetings.filled import Filled, Making
from api.office.meetings.moments import at
from api.office.meetings.refusals import (
    BEHIND_CLOSED_DOORS,
    DAY_MISSING,
    TIME_MISSING,
    TITLE_UNKNOWN,
    WHEN_MISSING,
)
from domain.values.refusal import Refusal

MOST_LINES = 40
TYPES = ("decision", "discussion", "report", "minutes", "hearing", "other")
OPENNESS = ("open", "partly_closed", "closed")
KINDS = ("plenary", "workshop", "group", "written")


@dataclass(frozen=True)
class Offered:
    """What can be chosen by its title."""

    matters: Titles
    articles: Titles
    documents: Titles


@dataclass
class Planned:
    """What the form says, as far as it can be read."""

    day: dt.date | None = None
    acts: list[Act] = field(default_factory=list)


def number_of_lines(form: Filled) -> int:
    """How many lines of the agenda the form has."""
    text = form.text("lines")
    return min(int(text), MOST_LINES) if text.isascii() and text.isdecimal() else 4


def effective(form: Filled, day: dt.date | None) -> dict[str, Any] | None:
    """いつのことか: of what is settled before the meeting, as its agenda. None: not said."""
    when = form.text("when")
    if when == "today":
        return _on(today())
    if when == "unknown":
        return {"precision": "unknown"}
    if when == "paper":
        paper = form.day("when.day")
        if paper is None and not form.text("when.day"):
            form.refuse(WHEN_MISSING(), "when.day")
        return _on(paper) if paper is not None else None
    if when == "meeting" and day is not None:
        return _on(day)
    form.refuse(WHEN_MISSING(), "when")
    return None


def _on(day: dt.date) -> dict[str, Any]:
    return {"value": day.isoformat(), "precision": "day"}


def read(form: Filled, council_id: str, offered: Offered, made: Making) -> Planned:
    """What the form says; what cannot be read is noted in it."""
    planned = Planned(day=form.day("day"))
    time = form.time("time")
    if planned.day is None and not form.text("day"):
        form.refuse(DAY_MISSING(), "day")
    if time is None and not form.text("time"):
        form.refuse(TIME_MISSING(what="開会", what_en="the opening"), "time")
    when = effective(form, planned.day)
    if planned.day is None or time is None or when is None:
        return planned
    record = {"effective": when}
    meeting = made.id("meeting-", "meeting")
    planned.acts += _matters(form, council_id, offered, made, record)
    planned.acts.append(_schedule(form, council_id, meeting, at(planned.day, time)))
    planned.acts += _agenda(form, offered, made, meeting, record)
    planned.acts += _papers(form, offered, meeting, planned.day)
    planned.acts += notice(form, meeting)
    return planned


def _schedule(form: Filled, council_id: str, meeting: str, starts: dt.datetime) -> Act:
    number = form.count("no")
    body: dict[str, Any] = {
        "council_id": council_id,
        "kind": form.text("kind") or None,
        "title": form.text("title") or None,
        "starts_at": starts.isoformat(),
        "place": form.text("place") or None,
        "no": number,
    }
    if number is not None and form.text("numbered_by"):
        fiscal = starts.year if starts.month >= 4 else starts.year - 1
        by_year = form.text("numbered_by") == "calendar_year"
        body |= {"numbered_by": form.text("numbered_by"), "no_year": starts.year if by_year else fiscal}
    return Act("Meeting", "schedule", meeting, _said(body), "")


def _said(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}


# -- the agenda


def _is_new(form: Filled, n: int) -> bool:
    """Whether a line brings a matter that is not on record yet."""
    return bool(form.text(f"item.{n}.question") or form.text(f"item.{n}.options"))


def _matters(
    form: Filled, council_id: str, offered: Offered, made: Making, record: dict[str, Any]
) -> list[Act]:
    acts: list[Act] = []
    for n in range(number_of_lines(form)):
        if form.text(f"item.{n}.title") and _is_new(form, n):
            acts += _new_matter(form, n, council_id, offered, made, record)
    return acts


def _new_matter(
    form: Filled, n: int, council_id: str, offered: Offered, made: Making, record: dict[str, Any]
) -> list[Act]:
    matter = made.id("matter-", f"matter {n}")
    body: dict[str, Any] = {
        "title": form.text(f"item.{n}.title"),
        "question": form.text(f"item.{n}.question"),
        "council_id": council_id,
        "practice": form.text(f"item.{n}.practice") or None,
        "wanted": "decision" if form.text(f"item.{n}.type") == "decision" else None,
        "record": record,
    }
    article = form.text(f"item.{n}.article")
    if article:
        ident = offered.articles.id(article)
        if ident is None:
            form.refuse(_unknown(article, "条文", "article"), f"item.{n}.article")
        else:
            body["remit"] = citation_of(ident)
    acts = [Act("Matter", "raise_matter", matter, _said(body), f"/item/{n}")]
    for m, line in enumerate(_lines(form.text(f"item.{n}.options")), 1):
        label, _, text = line.partition("　" if "　" in line else "：")
        option = {"option_id": f"option-{m}", "label": label.strip(), "text": text.strip() or None}
        proposed = _said(option) | {"record": record}
        acts.append(Act("Matter", "propose_option", matter, proposed, f"/item/{n}/options"))
    return acts


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _agenda(form: Filled, offered: Offered, made: Making, meeting: str, record: dict[str, Any]) -> list[Act]:
    acts: list[Act] = []
    for n in range(number_of_lines(form)):
        title = form.text(f"item.{n}.title")
        if not title:
            continue
        order = len(acts) + 1
        body: dict[str, Any] = {
            "item_id": f"item-{order}",
            "order": order,
            "title": title,
            "type": form.text(f"item.{n}.type") or None,
            "matter_id": _matter_of(form, n, offered, made),
            "record": record,
        }
        acts.append(Act("Meeting", "list_item", meeting, _said(body), f"/item/{n}"))
    return acts


def _matter_of(form: Filled, n: int, offered: Offered, made: Making) -> str | None:
    if _is_new(form, n):
        return made.id("matter-", f"matter {n}")
    title = form.text(f"item.{n}.matter")
    if not title:
        return None
    ident = offered.matters.id(title)
    if ident is None:
        form.refuse(_unknown(title, "案件", "matter"), f"item.{n}.matter")
    return ident


def _unknown(title: str, ja: str, en: str) -> Refusal:
    return TITLE_UNKNOWN(text=title[:60], of_ja=ja, of_en=en)


# -- papers and notice


def _papers(form: Filled, offered: Offered, meeting: str, day: dt.date) -> list[Act]:
    chosen = []
    for title in form.all("paper"):
        ident = offered.documents.id(title)
        if ident is None:
            form.refuse(_unknown(title, "文書", "document"), "paper")
        elif ident not in chosen:
            chosen.append(ident)
    if not chosen:
        return []
    before = {"effective": _on(min(day, today()))}
    return [Act("Meeting", "list_documents", meeting, {"document_ids": chosen, "record": before}, "/papers")]


def notice(form: Filled, meeting: str) -> list[Act]:
    """The notice, if its day is said."""
    on = form.day("notice_on")
    if on is None:
        return []
    openness = form.text("publicity") or "open"
    body: dict[str, Any] = {
        "notice_on": on.isoformat(),
        "publicity": openness,
        "observer_capacity": form.count("observer_capacity"),
        "urgent_reason": form.text("urgent_reason") or None,
    }
    reason = form.text("closed_reason")
    if openness != "open" and not reason:
        form.refuse(BEHIND_CLOSED_DOORS(), "closed_reason")
    if openness != "open" and reason:
        body["record"] = {"reason": reason}
    return [Act("Meeting", "notify", meeting, _said(body), "/notice")]


def title_after(title: str, number: int) -> str:
    """The title of the next meeting: 第12回全体会 → 第13回全体会; a title without a number as it is."""
    return re.sub(r"第[0-9０-９]+回", f"第{number}回", title)
