"""The notice of a meeting 開催通知: a letter to its members, with day, place, agenda and who may attend."""

from __future__ import annotations

from api.http.language import tr
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.papers import words
from api.papers.frame import Frame
from api.papers.meeting import Meeting
from api.papers.structure import Block, Bullets, Paper, Paragraph, Section
from api.words import wording
from projections.engine.event_json import Json


def make(data: Json, names: Names, frame: Frame) -> Paper:
    meeting = Meeting(data, names)
    council, title = meeting.council, meeting.title
    return frame.paper(
        "notice",
        tr(f"{title}の開催について（通知）", f"Notice of meeting: {title}"),
        tr(f"開催通知_{title}", f"Notice_{title}"),
        opening=tuple(opening_of(meeting, tr(f"{council}　委員　各位", f"To the members of {council}"))),
        sections=[Section(heading, blocks) for heading, blocks in parts_of(meeting)],
    )


def parts_of(meeting: Meeting) -> list[tuple[str, tuple[Block, ...]]]:
    """What a notice says after its opening, part by part, each with its heading."""
    return [
        (tr("1　日時・場所", "1　Date and place"), (_when(meeting),)),
        (tr("2　議題", "2　Agenda"), (_agenda(meeting),)),
        (tr("3　公開と傍聴", "3　Openness and observers"), (_openness(meeting),)),
        (tr("4　資料", "4　Documents"), (Paragraph(meeting.known_documents()),)),
    ]


def opening_of(meeting: Meeting, addressed: str) -> list[Block]:
    """The opening of a notice: its number and day, to whom it goes, and what it is about."""
    notified = meeting.notified()
    number = notified["said"].get("document_no") if notified else None
    day = marks.day(notified["notice_on"]) if notified else None
    lines: list[Block] = [
        Paragraph(tr(f"文書番号　{number}", f"Document no. {number}"), "right")
        if number
        else Paragraph(tr("文書番号の記録なし", "document number not recorded"), "right"),
        Paragraph(
            tr(f"通知日　{words.day(day)}", f"Date of the notice: {words.day(day)}")
            if day
            else tr("通知の記録なし", "no notice is on record"),
            "right",
        ),
        Paragraph(addressed),
        Paragraph(tr("次のとおり会議を開催しますので、通知します。", "A meeting will be held as follows.")),
    ]
    lines += [_moved(e) for e in meeting.events.get("MeetingRescheduled", ())]
    if notified and notified["urgent_reason"]:
        reason = words.plain(notified["urgent_reason"])
        lines.append(Paragraph(tr(f"緊急に開く理由：{reason}", f"Why it is urgent: {reason}")))
    for e in meeting.events.get("MeetingCancelled", ()):
        reason = words.plain(e["reason"])
        lines.append(
            Paragraph(tr(f"この会議は中止した。理由：{reason}", f"This meeting was cancelled: {reason}"))
        )
    return lines


def _moved(e: Json) -> Paragraph:
    before = marks.date(e["previous_starts_at"]) if e.get("previous_starts_at") else None
    day, reason = words.day(before, time=True), words.plain(e["reason"])
    return Paragraph(
        tr(f"日程を変更した（変更前：{day}）。理由：{reason}", f"Rescheduled (before: {day}). Why: {reason}")
    )


def _when(meeting: Meeting) -> Block:
    return meeting.facts(
        (tr("日時", "Date"), words.day(meeting.page["date"], time=True)),
        (tr("場所", "Place"), meeting.place),
    )


def _agenda(meeting: Meeting) -> Block:
    items = [tr(f"{no}　{title}（{kind}）", f"{no}　{title} ({kind})") for no, title, kind in meeting.items()]
    return Bullets(tuple(items)) if items else Paragraph(tr("議題の記録なし。", "No agenda is on record."))


def _openness(meeting: Meeting) -> Block:
    notified = meeting.notified()
    capacity = notified["observer_capacity"] if notified else None
    openness = wording.value("publicity", notified["publicity"]) if notified else words.unrecorded()
    places = words.people(capacity) if capacity is not None else words.unrecorded()
    return meeting.facts(
        (tr("公開", "Openness"), openness), (tr("傍聴の定員", "Places for observers"), places)
    )
