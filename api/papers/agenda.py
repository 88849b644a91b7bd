"""The running order of a meeting 次第."""

from __future__ import annotations

from api.http.language import tr
from api.pages.parts.names import Names
from api.papers import words
from api.papers.frame import Frame
from api.papers.meeting import Meeting
from api.papers.structure import Block, Bullets, Paper, Paragraph, Section, Table, broadened
from projections.engine.event_json import Json


def make(data: Json, names: Names, frame: Frame) -> Paper:
    meeting = Meeting(data, names)
    title = meeting.title
    return frame.paper(
        "agenda",
        tr(f"{title}　次第", f"Running order: {title}"),
        tr(f"次第_{title}", f"Agenda_{title}"),
        opening=(
            meeting.facts(
                (tr("会議", "Body"), meeting.council),
                (tr("日時", "Date"), words.day(meeting.page["date"], time=True)),
                (tr("場所", "Place"), meeting.place),
            ),
        ),
        sections=[
            Section(tr("議題", "Agenda"), (_items(meeting),)),
            Section(tr("資料", "Documents"), (_documents(meeting),)),
        ],
    )


def _items(meeting: Meeting) -> Block:
    rows = tuple(
        (no, title, kind, words.listed(x["label"] for x in item["matters"]), _closed(item))
        for (no, title, kind), item in zip(meeting.items(), meeting.page["agenda"], strict=True)
    )
    if not rows:
        return Paragraph(tr("議題の記録なし。", "No agenda is on record."))
    columns = (
        tr("番号", "No."),
        tr("議題", "Item"),
        tr("種別", "Kind"),
        tr("案件", "Matter"),
        tr("公開", "Openness"),
    )
    widths = broadened(rows, (8, 30, 12, 22, 12))
    return Table(tr("議題の表", "The agenda"), columns, rows, widths, by_row=True)


def _closed(item: Json) -> str:
    closed = item["closed"]
    if closed is None:
        return words.none()
    reason = closed["reason"] or words.unrecorded()
    return tr(f"非公開（{reason}）", f"closed ({reason})")


def _documents(meeting: Meeting) -> Block:
    documents = meeting.documents
    if documents is None:
        return Paragraph(tr("会議資料の記録なし。", "Whether there were documents is not on record."))
    return Bullets(tuple(documents)) if documents else Paragraph(tr("会議資料はなし。", "There were none."))
