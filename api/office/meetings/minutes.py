"""会議録 /desk/meetings/…/minutes: from the text that the record gives to its confirmation and publication.

One form goes as far as its days are said: of a plain meeting from the text to its publication in one act.

One story: the minutes from the first draft to their publication.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect
from werkzeug.wrappers import Response

from api.access.auth import current_caller
from api.contents.attachments import attachments
from api.http.clock import today
from api.http.language import href, tr
from api.office.desk.acts import Act
from api.office.desk.documents import document_acts
from api.office.desk.drafts import About
from api.office.desk.frame import Screen, office_page
from api.office.meetings import minutes_text, onward
from api.office.meetings.bodies import Body, Titles, body_on, meeting_of, registered
from api.office.meetings.composing import Composing
from api.office.meetings.minutes_text import Changed, OnRecord
from api.office.meetings.refusals import (
    CONFIRMED_DAY_MISSING,
    DAY_MISSING,
    REASON_FOR_CHANGES,
    STATEMENT_TAKEN_OUT,
    TITLE_UNKNOWN,
)
from api.pages.meeting.meeting_list import minutes_label, title_of
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.pages.parts.serving import one
from api.reads.reading import reading
from api.words import wording
from api.words.days import office_day
from domain.meeting.aggregate import Meeting
from domain.meeting.ten_items import missing_items
from domain.values.disclosure import GROUNDS
from projections.engine.event_json import Json

ALIAS = {
    "publish.on": "published_on",
    "confirm.record.effective": "confirmed_on",
    "confirm.by": "by",
    "record.source": "evidence.document",
    "record.evidence": "evidence.document",
    "document_id": "text",
    "circulate.record.effective": "circulated_on",
}
BEFORE = ("closed", "minutes_drafted", "circulated")
MOST_ASKED, MOST_CLOSED = 3, 3


@dataclass
class Work:
    """The minutes of a request."""

    connection: sa.Connection
    row: Json
    meeting: Meeting
    body: Body
    form: Composing
    documents: Titles
    on_record: list[OnRecord]
    changes: list[Changed]

    @property
    def title(self) -> str:
        return str(title_of(self.row, Names(self.connection, [self.row])))

    @property
    def version(self) -> int:
        return len(self.meeting.drafted_by)


def show(entity: str) -> Response:
    with reading() as connection:
        work = _work(connection, entity)
        if work is None:
            return redirect(href(f"/desk/meetings/{entity}"), 303)
        return _page(work)


def act(entity: str) -> Response:
    with reading() as connection:
        work = _work(connection, entity)
        if work is None:
            return redirect(href(f"/desk/meetings/{entity}"), 303)
        form = work.form
        if form.drafting.pressed():
            return _page(work)
        if form.button == "rebuild":
            form.form.fields["text"] = _built(work)
            return _page(work)
        if form.button == "record" and form.is_done:
            return redirect(_leads_to(entity), 303)
        acts = _acts(work)
        if form.form.stands and form.button == "record" and form.was_shown and acts:
            if form.record(acts):
                form.drafting.done()
                flash(tr("会議録を記録しました。", "The minutes are on record."))
                return redirect(_leads_to(entity), 303)
        elif acts:
            form.rehearse(acts)
        return _page(work, status=200 if form.form.stands else 422)


def _leads_to(entity: str) -> str:
    """Where it goes on: once the minutes are published, with the one conclusion that has not gone to the
    city; of several, the page of the minutes lists them."""
    meeting = meeting_of(entity)
    waiting = onward.unsent(meeting) if meeting is not None and meeting.minutes_state == "published" else []
    return onward.sending(waiting[0]) if len(waiting) == 1 else href(f"/desk/meetings/{entity}/minutes")


def _work(connection: sa.Connection, entity: str) -> Work | None:
    row, meeting = one(connection, "meetings", entity), meeting_of(entity)
    if meeting is None or meeting.day is None:
        return None
    body = body_on(connection, meeting.council_id, meeting.day)
    if body is None:
        return None
    title = str(title_of(row, Names(connection, [row])))
    about = About(
        "meeting-minutes",
        tr(f"{title}の会議録", f"Minutes of {title}"),
        f"/desk/meetings/{entity}/minutes",
        entity,
        (meeting.council_id,),
    )
    form = Composing(about, ALIAS)
    on_record = minutes_text.statements_of(connection, entity)
    work = Work(connection, row, meeting, body, form, registered(connection, "Document"), on_record, [])
    _begin(work)
    if meeting.state in BEFORE:
        work.changes = minutes_text.changes(form.form.whole("text"), meeting, on_record)
    return work


def _begin(work: Work) -> None:
    """The text as the record gives it, in the form that the rules of that day ask for."""
    form, rules = work.form.form, work.body.rules
    form.begins("style", (rules.minutes_style if rules else None) or "summary")
    form.begins("naming", (rules.speaker_naming if rules else None) or "role")
    form.begins("other", tr("なし", "none"))
    form.begins("visibility", "public" if work.meeting.publicity == "open" else "internal")
    form.begins("ground", "operations")
    form.begins("by", "chair")
    form.begins("evidence", "document")
    if "text" not in form.fields:
        form.fields["text"] = _built(work)


def _built(work: Work) -> str:
    return minutes_text.build(work.connection, work.meeting, work.body, work.form.form.text("naming"))


# -- the acts


def _acts(work: Work) -> list[Act]:
    """Everything that the form says, in the order in which it comes about."""
    acts = [*_known_besides(work)]
    draft = _draft(work)
    version = work.version + (1 if draft else 0)
    document = _document_of(draft, work)
    acts += draft
    acts += _changes(work, document)
    acts += _circulated(work, version)
    acts += _asked(work)
    acts += _signed(work, version)
    acts += _confirmed(work, version, document)
    acts += _published(work)
    return acts


def _known_besides(work: Work) -> list[Act]:
    """What the ten items lack and the meeting itself did not say."""
    form, meeting = work.form.form, work.meeting
    acts: list[Act] = []
    if meeting.documents is None:
        ids = []
        for title in form.all("paper"):
            ident = work.documents.id(title)
            if ident is None:
                form.refuse(TITLE_UNKNOWN(text=title[:60], of_ja="文書", of_en="document"), "paper")
            else:
                ids.append(ident)
        if ids or form.marked("paper.none"):
            acts.append(Act("Meeting", "list_documents", meeting.entity, {"document_ids": ids}, "/paper"))
    observers = form.count("observers")
    if observers is not None:
        acts.append(Act("Meeting", "import_counts", meeting.entity, {"observers": observers}, "/observers"))
    posts = [line.strip() for line in form.text("staff").split("\n") if line.strip()]
    if posts and not meeting.others:
        others = [{"capacity": "staff", "post": post} for post in posts]
        acts.append(Act("Meeting", "record_others", meeting.entity, {"others": others}, "/staff"))
    return acts


def _draft(work: Work) -> list[Act]:
    """A draft of this text, if there is none yet or it is to be drafted anew."""
    form, meeting = work.form.form, work.meeting
    if meeting.state not in BEFORE or (work.version and not form.marked("anew")):
        return []
    content = form.whole("text").encode()
    attachments().keep_bytes(content)
    ident = work.form.made.id("doc-", f"minutes {work.version + 1}")
    drafted = form.day("drafted_on") or today()
    disclosure: dict[str, Any] = {"visibility": form.text("visibility") or "public"}
    if disclosure["visibility"] != "public":
        disclosure["ground"] = form.text("ground")
    on = {"effective": _on(drafted)}
    document = {
        "title": tr(f"{work.title}　会議録", f"Minutes of {work.title}"),
        "kind": "minutes",
        "dated": _on(drafted),
        "disclosure": disclosure,
    }
    made = {
        "v": work.version + 1,
        "document_id": ident,
        "style": form.text("style") or None,
        "naming": form.text("naming") or None,
        "other": form.text("other") or None,
        "record": on,
    }
    return [
        *document_acts(ident, document, content, place="/text"),
        Act("Meeting", "draft_minutes", meeting.entity, {k: v for k, v in made.items() if v}, "/draft"),
    ]


def _document_of(draft: list[Act], work: Work) -> str | None:
    return draft[0].entity if draft else work.meeting.minutes_document


def _on(day: dt.date) -> Json:
    return {"value": day.isoformat(), "precision": "day"}


def _changes(work: Work, document: str | None) -> list[Act]:
    """What was changed of what was said: a correction is proposed of each, for another to approve; what was
    forgotten is recorded from the minutes."""
    form, entity = work.form.form, work.meeting.entity
    reason = form.text("reason")
    acts: list[Act] = []
    for n, changed in enumerate(work.changes):
        if changed.after is None:
            form.refuse(STATEMENT_TAKEN_OUT(), "text")
        elif changed.before is not None:
            if not reason:
                form.refuse(REASON_FOR_CHANGES(), "reason")
            proposed = {
                "correction_id": work.form.made.id("corr-", f"{changed.item} {n}"),
                "target_version": changed.before.version,
                "changes": [{"field": "text", "after": changed.after}],
                "reason": reason or "—",
            }
            acts.append(Act("Meeting", "propose_correction", entity, proposed, "/text"))
        else:
            statement = {
                "statement_id": work.form.made.id("s-", f"{changed.item} {n}"),
                "item_id": changed.item,
                "text": changed.after,
                "speaker_role": changed.name or None,
                "record": {"source": {"document_id": document}},
            }
            body = {name: value for name, value in statement.items() if value is not None}
            acts.append(Act("Meeting", "record_statement", entity, body, "/text"))
    return acts


def _circulated(work: Work, version: int) -> list[Act]:
    form = work.form.form
    on, reply_by = form.day("circulated_on"), form.day("reply_by")
    if on is None:
        if reply_by is not None:
            form.refuse(DAY_MISSING(), "circulated_on")
        return []
    body: dict[str, Any] = {"v": version, "record": {"effective": _on(on)}}
    if reply_by is not None:
        body["reply_by"] = reply_by.isoformat()
    return [Act("Meeting", "circulate_minutes", work.meeting.entity, body, "/circulate")]


def _asked(work: Work) -> list[Act]:
    """What members asked for, and what became of it."""
    form, entity = work.form.form, work.meeting.entity
    acts: list[Act] = []
    for n in range(MOST_ASKED):
        name = f"asked.{n}"
        text, seat, on = form.text(f"{name}.text"), form.text(f"{name}.who"), form.day(f"{name}.on")
        if not text:
            continue
        member = work.body.member(seat)
        request = {
            "request_id": work.form.made.id("req-", f"{n}"),
            "appointment_id": seat,
            "text": text,
            "record": _by(work, "MEM", member.party if member else None, _on(on) if on else None),
        }
        acts.append(Act("Meeting", "request_amendment", entity, request, f"/asked/{n}"))
    for request_id in sorted(work.meeting.requests):
        answer = form.text(f"answer.{request_id}")
        if answer not in ("yes", "no"):
            continue
        answered: dict[str, Any] = {"request_id": request_id, "accepted": answer == "yes"}
        if form.text(f"answer.{request_id}.reason"):
            answered["reason"] = form.text(f"answer.{request_id}.reason")
        answered["record"] = {"effective": _on(today())}
        acts.append(Act("Meeting", "answer_amendment", entity, answered, f"/answer/{request_id}"))
    return acts


def _signed(work: Work, version: int) -> list[Act]:
    form, meeting = work.form.form, work.meeting
    acts: list[Act] = []
    signatories = form.all("signatory")
    if signatories and set(signatories) != set(meeting.signatories):
        named = {
            "signatories": signatories,
            "record": _by(work, "CHR", _chair(work), _on(meeting.day or today())),
        }
        acts.append(Act("Meeting", "name_signatories", meeting.entity, named, "/signatory"))
    on = form.day("signed_on")
    for seat in form.all("signed"):
        member = work.body.member(seat)
        signed: dict[str, Any] = {"v": version, "appointment_id": seat, "means": "paper"}
        if on is not None:
            signed["on"] = on.isoformat()
        signed["record"] = _by(work, "MEM", member.party if member else None, None)
        acts.append(Act("Meeting", "sign_minutes", meeting.entity, signed, "/signed"))
    return acts


def _confirmed(work: Work, version: int, document: str | None) -> list[Act]:
    form, meeting = work.form.form, work.meeting
    on = form.day("confirmed_on")
    if on is None:
        if form.marked("confirm") and not form.text("confirmed_on"):
            form.refuse(CONFIRMED_DAY_MISSING(), "confirmed_on")
        return []
    uncirculated = meeting.minutes_state != "circulated" and not form.text("circulated_on")
    body: dict[str, Any] = {"v": version, "by": form.text("by") or None}
    if uncirculated:
        body["without_circulation"] = True
    body["record"] = _by(work, "CHR", _chair(work), _on(on), document=document)
    confirmed = {name: value for name, value in body.items() if value is not None}
    return [Act("Meeting", "confirm_minutes", meeting.entity, confirmed, "/confirm")]


def _published(work: Work) -> list[Act]:
    form = work.form.form
    on = form.day("published_on")
    if on is None:
        return []
    redactions = []
    for n in range(MOST_CLOSED):
        part = form.text(f"closed.{n}.part")
        if part:
            ground = {"visibility": "closed", "ground": form.text(f"closed.{n}.ground") or "personal"}
            redactions.append({"part": part, "disclosure": ground})
    body = {"on": on.isoformat(), "redactions": redactions}
    return [Act("Meeting", "publish_minutes", work.meeting.entity, body, "/publish")]


def _chair(work: Work) -> str | None:
    presiding = work.meeting.opened.presiding if work.meeting.opened is not None else work.body.chair
    member = work.body.member(presiding)
    return member.party if member is not None else None


def _by(work: Work, role: str, party: str | None, when: Json | None, document: str | None = None) -> Json:
    """Who did it, when, and by what: the paper that was chosen, else the minutes with their page."""
    form = work.form.form
    caller = current_caller()
    envelope: Json = {"effective": when} if when is not None else {}
    if caller is None or "SEC" not in caller.roles:
        return envelope
    envelope["actor"] = {"role": role} | ({"party": party} if party is not None else {})
    title, locator = form.text("evidence.document"), form.text("evidence.locator")
    ident = work.documents.id(title) if title else document
    if title and ident is None:
        unknown = TITLE_UNKNOWN(text=title[:60], of_ja="文書", of_en="document")
        form.refuse(unknown, "evidence.document")
    if form.text("evidence") == "document" and ident is not None and (title or locator):
        envelope["source"] = {"document_id": ident} | ({"locator": locator} if locator else {})
    else:
        envelope["evidence"] = {"kind": "minute_taker"}
    return envelope


# -- shown


def _page(work: Work, status: int = 200) -> Response:
    meeting, row = work.meeting, work.row
    base = f"/desk/meetings/{meeting.entity}"
    names = {member.seat: member.name for member in work.body.members}
    missing = missing_items(meeting)
    requests = [r for r in row.get("MinutesAmendmentRequested") or () if r["request_id"] in meeting.requests]
    return office_page(
        "office/meetings/minutes.html",
        "meetings",
        status=status,
        **work.form.shown(),
        title=work.title,
        back=href(base),
        url=href(f"{base}/minutes"),
        when=office_day(meeting.day or today()),
        held=meeting.state not in ("scheduled", "notified", "open", "recess", "cancelled"),
        stage=minutes_label(row),
        before=meeting.state in BEFORE,
        state=meeting.minutes_state or "",
        version=work.version,
        missing=[tr(*words) for words in missing if words[0] not in ("会議の記録", "その他")],
        lacks={words[1] for words in missing},
        changes=[minutes_text.as_shown(changed) for changed in work.changes],
        documents=list(work.documents),
        members=[{"value": seat, "label": names[seat]} for seat in names if seat in meeting.attended],
        requests=[
            {
                "id": r["request_id"],
                "who": names.get(r.get("appointment_id") or "", ""),
                "text": r.get("text") or "",
            }
            for r in requests
        ],
        signatories=[{"value": seat, "label": names.get(seat, "")} for seat in meeting.signatories],
        closed=[item.title for key, item in meeting.items.items() if key in meeting.closed_items],
        grounds=[
            {"value": code, "label": tr(*words)} for code, words in GROUNDS.items() if code != "deliberation"
        ],
        styles=_words("style", ("summary", "verbatim", "grouped_opinions")),
        namings=_words("naming", ("named", "role", "none")),
        bys=_words("by", ("chair", "next_meeting", "signatories")),
        today=office_day(today()),
        next=onward.shown(work.connection, meeting) if meeting.state not in BEFORE else [],
        published=(marks.day((marks.last(row.get("MinutesPublished")) or {}).get("on")) or {}).get("label"),
        files=[
            {"label": "PDF", "url": href(f"/meetings/{meeting.entity}/minutes.pdf")},
            {"label": "Word", "url": href(f"/meetings/{meeting.entity}/minutes.docx")},
        ],
    )


def _words(field: str, codes: tuple[str, ...]) -> list[Json]:
    return [{"value": code, "label": wording.value(field, code)} for code in codes]


def register(blueprint: Any) -> None:
    Screen("/meetings/<entity>/minutes", show, act).register(blueprint)
