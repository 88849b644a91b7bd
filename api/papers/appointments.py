"""The list of letters of appointment 委嘱状一覧: who sits on a council on the day that is shown, from when to
when, by whose nomination, by which letter. People are named as on the page of the council."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from api.http.language import tr
from api.pages.council import council
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.papers import words
from api.papers.frame import Frame
from api.papers.structure import Block, Paper, Paragraph, Section, Table, broadened
from api.words import wording
from projections.engine.event_json import Json

read = council.read


def make(data: Json, names: Names, frame: Frame) -> Paper:
    name = words.plain(data["council"]["established"]["name_ja"])
    return frame.paper(
        "appointments",
        tr(f"{name}　委嘱状一覧", f"Letters of appointment: {name}"),
        tr(f"委嘱状一覧_{name}", f"Appointments_{name}"),
        sections=[
            Section(tr("在任する委員", "Members who serve"), tuple(_roster(data, names))),
        ],
    )


def by_category(data: Json) -> str:
    """How many serve, of which kinds of seat."""
    counted = Counter(seat["category"] for seat in data["members"])
    kinds = [
        tr(f"{wording.value('category', kind)}{n}人", f"{wording.value('category', kind)} {n}")
        for kind, n in counted.items()
    ]
    whole = len(data["members"])
    return (
        tr(f"{whole}人（{'、'.join(kinds)}）", f"{whole} ({', '.join(kinds)})")
        if kinds
        else words.people(whole)
    )


def _roster(data: Json, names: Names) -> Iterator[Block]:
    if not data["seats_on_record"]:
        yield Paragraph(tr("委員の委嘱の記録なし。", "No appointment is on record."))
        return
    yield Paragraph(tr(f"在任する委員は{by_category(data)}。", f"Members who serve: {by_category(data)}."))
    rows = tuple(_row(n, seat, data, names) for n, seat in enumerate(data["members"], 1))
    if rows:
        columns = (
            tr("番号", "No."),
            tr("区分", "Seat"),
            tr("氏名", "Name"),
            tr("任期の初日", "From"),
            tr("任期の末日", "To"),
            tr("推薦団体・充て職", "Nominated by, or by office"),
            tr("文書番号", "Document no."),
        )
        widths = broadened(rows, (6, 8, 16, 20, 20, 14, 10))
        yield Table(tr("委員の一覧", "The members"), columns, rows, widths, by_row=True)


def _row(n: int, seat: Json, data: Json, names: Names) -> tuple[str, ...]:
    name = data["people"].get(seat["party_id"], {}).get("name")
    shown = name or words.plain(names.label(seat["party_id"]))
    nominated = [words.plain(names.label(seat["nominated_by"]))] if seat["nominated_by"] else []
    nominated += [words.plain(seat["by_office"])] if seat["by_office"] else []
    return (
        str(n),
        wording.value("category", seat["category"]),
        shown,
        *_term(seat),
        words.listed(nominated),
        words.plain(seat["document_no"]) if seat["document_no"] else words.unrecorded(),
    )


def _term(seat: Json) -> tuple[str, str]:
    """Its first and its last day; days that are closed to the reader say so."""
    if seat["from_date"] is None:
        closed = tr("非公開", "not public")
        return closed, closed
    first = words.day(marks.date(seat["from_date"]))
    last = words.day(marks.date(seat["to_date"])) if seat["to_date"] else words.unrecorded()
    return first, last + (
        tr("（後任が就くまで）", " (until the successor)") if seat["until_successor"] else ""
    )
