"""Notices as letters 開催通知（委員あて）: first whom they go to, then a page for each member of the council.

Names are for whoever may know them."""

from __future__ import annotations

from collections.abc import Iterator

from api.http.language import language, tr
from api.pages.parts.names import Names
from api.papers import folder, notice, words
from api.papers.frame import Frame
from api.papers.meeting import Meeting
from api.papers.structure import Block, Paper, Paragraph, Section, Strong, Table, broadened
from api.words import wording
from projections.engine.event_json import Json


def make(data: Json, names: Names, frame: Frame) -> Paper:
    meeting = Meeting(data, names)
    title = meeting.title
    members = list(_members(data))
    everybody = tr(f"{meeting.council}　委員　各位", f"To the members of {meeting.council}")
    addressed = [tr(f"{name}　様", f"To {name}") for name, _ in members] or [everybody]
    return frame.paper(
        "letters",
        tr(f"{title}　開催通知（委員あて）", f"Letters to members: {title}"),
        tr(f"開催通知_委員あて_{title}", f"Letters_{title}"),
        opening=tuple(_list(members)),
        sections=[_letter(meeting, title, to) for to in addressed],
    )


def _members(data: Json) -> Iterator[tuple[str, str]]:
    """Who serves on the day, by name, with the kind of seat. Nobody is told of by seat to others."""
    for seat in data["seats"]:
        category = wording.value("category", seat["category"]) if seat["category"] else words.unrecorded()
        name = data["people"].get(seat["party_id"]) or tr("（氏名の記録なし）", "(name not on record)")
        yield name, category


def _list(members: list[tuple[str, str]]) -> Iterator[Block]:
    """The list of whom the letters go to, to tick off."""
    if not members:
        yield Paragraph(
            tr("委員ごとの通知は、氏名を見る職員が作ります。", "Letters by name are for staff who see names.")
        )
        return
    rows = tuple((str(n), name, category, "") for n, (name, category) in enumerate(members, 1))
    columns = (tr("番号", "No."), tr("氏名", "Name"), tr("区分", "Seat"), tr("送付", "Sent"))
    yield Paragraph(tr(f"{len(members)}通。1通を1枚とする。", f"{len(members)} letters, a page each."))
    yield Table(
        tr("送付先の表", "Whom they go to"), columns, rows, broadened(rows, (8, 40, 32, 20)), by_row=True
    )


def _letter(meeting: Meeting, title: str, addressed: str) -> Section:
    """One letter, on a page of its own, with who it is from."""
    head = folder.letterhead(language())
    number, day, to, *rest = notice.opening_of(meeting, Strong(addressed))
    sender = [Paragraph(line, "right") for line in (head.name, *head.lines) if line]
    parts = (block for heading, blocks in notice.parts_of(meeting) for block in (Paragraph(heading), *blocks))
    reply_line = tr(
        "出欠を、委員のページ（/my）または事務局への連絡でお知らせください。",
        "Please say on your page (/my), or to the office, whether you will come.",
    )
    return Section(
        tr(f"{title}の開催について（通知）", f"Notice of meeting: {title}"),
        (number, day, to, *sender, *rest, *parts, Paragraph(reply_line)),
        new_page=True,
    )
