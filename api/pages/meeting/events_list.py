"""The meetings as an event list イベント一覧: the columns of the recommended municipal open data set that the
record can fill (O36, P13). One meeting a row; a day is only given where one was recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response

from api.http.addresses import with_public_url
from api.http.language import in_language, language
from api.pages.parts.serving import whole_table
from api.reads.collections import cut_all, row_json
from api.words import wording
from domain.meeting.aggregate import Meeting
from domain.values.calendar import JAPAN
from projections.views.meeting import meeting_register

HEADER = [
    "NO",
    "イベント名",
    "開始日",
    "開始時間",
    "開始日時特記事項",
    "説明",
    "主催者",
    "場所名称",
    "定員",
    "URL",
    "備考",
    "カテゴリー",
]
"""Named in Japanese in both languages: they are the names of the data set's columns."""


def as_csv() -> Response:
    return whole_table("events-list", HEADER, _lines)


def _lines(connection: sa.Connection) -> Iterator[list[Any]]:
    for part in connection.execute(meeting_register.meetings()).partitions(200):
        shown = ((row_json(meeting_register.meeting, row), Meeting.stream_for(row[0])) for row in part)
        yield from map(_line, cut_all(connection, shown))


def _line(row: dict[str, Any]) -> list[Any]:
    scheduled = (row.get("MeetingScheduled") or [{}])[-1]
    notified = (row.get("MeetingNotified") or [{}])[-1]
    starts = dt.datetime.fromisoformat(row["starts_at"]).astimezone(JAPAN) if row.get("starts_at") else None
    topics = [item.get("title") for item in row.get("AgendaItemListed") or () if item.get("title")]
    path = in_language(language(), f"/meetings/{row['meeting_id']}")
    return [
        row["meeting_id"],
        scheduled.get("title") or row["meeting_id"],
        starts.date().isoformat() if starts else None,
        f"{starts:%H:%M}" if starts else None,
        None if starts else "日時の記録なし",
        "、".join(topics) or None,
        row.get("council_id"),
        meeting_register.place_of(row),
        notified.get("observer_capacity"),
        with_public_url(path),
        wording.state("Meeting", row["state"])[0] if row.get("state") else None,
        wording.value("kind", row["kind"]) if row.get("kind") else None,
    ]


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/events-list.csv", "events_list_csv", as_csv)
