"""The attendance of a meeting 出欠表: by seat and name for the office, by number for everybody."""

from __future__ import annotations

from collections.abc import Iterator

from api.http.language import tr
from api.pages.parts.names import Names
from api.papers import words
from api.papers.frame import Frame
from api.papers.meeting import Meeting
from api.papers.sentences import attended
from api.papers.structure import Block, Facts, Paper, Paragraph, Section, Table, broadened
from projections.engine.event_json import Json


def make(data: Json, names: Names, frame: Frame) -> Paper:
    meeting = Meeting(data, names)
    title = meeting.title
    sections = [Section(tr("出欠の数", "Attendance by number"), tuple(_numbers(meeting)))]
    seats = meeting.seats()
    if seats:
        sections.append(Section(tr("委員の出欠", "Attendance of members"), (_seats(seats),)))
    others = meeting.others()
    if others:
        sections.append(Section(tr("委員以外の出席", "Others present"), (_others(others),)))
    return frame.paper(
        "attendance",
        tr(f"{title}　出欠表", f"Attendance: {title}"),
        tr(f"出欠表_{title}", f"Attendance_{title}"),
        opening=(
            meeting.facts(
                (tr("会議", "Body"), meeting.council),
                (tr("日時", "Date"), meeting.when),
                (tr("場所", "Place"), meeting.place),
            ),
        ),
        sections=sections,
    )


def _numbers(meeting: Meeting) -> Iterator[Block]:
    yield Facts(tr("出欠の数", "Attendance by number"), tuple((pair,) for pair in meeting.numbers()))
    check = meeting.page["quorum"]
    check_words = attended(check)
    rule = check["rule_label"] if check else None
    yield Paragraph(
        words.sentences(
            tr(f"定足数の確認は{check_words}", f"Quorum: {check_words}")
            if check_words
            else tr("定足数の確認の記録なし", "No check of the quorum is on record"),
            tr(f"規則は{rule}", f"By the rule: {rule}") if rule else None,
        )
    )


def _seats(seats: list[tuple[str, str, str, str]]) -> Table:
    rows = tuple((str(n), *seat) for n, seat in enumerate(seats, 1))
    columns = (
        tr("番号", "No."),
        tr("区分", "Seat"),
        tr("氏名", "Name"),
        tr("出欠", "Attendance"),
        tr("備考", "Notes"),
    )
    return Table(
        tr("委員の出欠の表", "Members"), columns, rows, broadened(rows, (8, 16, 24, 14, 20)), by_row=True
    )


def _others(others: list[tuple[str, str]]) -> Table:
    columns = (tr("立場", "Capacity"), tr("職・氏名", "Post, name"))
    return Table(tr("委員以外の出席者の表", "Others present"), columns, tuple(others), (30, 70), by_row=True)
