"""The annual report of a council 年次報告: its meetings of a fiscal year, how many of its members came by
public recruitment, how open it was, and what became of what it concluded. Its figures are those of the page
of participation."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa

from api.http.clock import today
from api.http.language import in_words, tr
from api.pages.council import council
from api.pages.council.participation import figure_of
from api.pages.meeting import meeting_list
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.pages.parts.serving import rows
from api.papers import words
from api.papers.frame import Frame
from api.papers.structure import Block, Bullets, Facts, Paper, Paragraph, Section, Table, broadened
from api.reads.as_of import day_shown
from api.reads.collections import cut_all, row_json
from api.reads.reading import viewer
from api.words import wording
from domain.council.aggregate import Council
from domain.values.calendar import fiscal_year_bounds
from projections.answers.labels import document
from projections.answers.quorums import with_checks_anew
from projections.engine.event_json import Json
from projections.metrics.ask import measure
from projections.views.council import council_roster
from projections.views.matter import matter_list
from projections.views.meeting import meeting_register

FIGURES = ("M1", "M14", "M15", "M16", "M17")


def read(connection: sa.Connection, entity: str, year: int) -> Json:
    """The council, its meetings of the year, what it concluded in it, who sat on it at its end, figures."""
    figures = [
        measure(connection, code, council_id=entity, period=year, viewer=viewer(), today=today())
        for code in FIGURES
    ]
    first, last = fiscal_year_bounds(year)
    data = council.read(connection, entity)
    on = min(last, day_shown())
    return {
        "council": data["council"],
        "year": year,
        "on": on.isoformat(),
        "seated": _seated(connection, entity, on) if on >= first else [],
        "seats_on_record": data["seats_on_record"],
        "meetings": _meetings(connection, entity, first, last),
        "matters": _matters(connection, entity, first, last),
        "figures": figures,
    }


def _seated(connection: sa.Connection, entity: str, on: dt.date) -> list[str | None]:
    """The kind of each seat that is held on a day, as this reader may know it."""
    held = connection.execute(council_roster.roster(entity, on)).all()
    stream = Council.stream_for(entity)
    seen = cut_all(connection, ((row_json(council_roster.seat_holder, row), stream) for row in held))
    return [seat.get("category") for seat in seen]


def _meetings(connection: sa.Connection, entity: str, first: dt.date, last: dt.date) -> list[Json]:
    table = meeting_register.meeting.table
    chosen = meeting_register.meetings(council_id=entity).where(
        table.c.time >= first.isoformat(), table.c.time < f"{last.isoformat()}~"
    )
    listed = rows(connection, "meetings", connection.execute(chosen))
    return with_checks_anew(connection, listed)[::-1]


def _matters(connection: sa.Connection, entity: str, first: dt.date, last: dt.date) -> list[Json]:
    """Those of which the conclusion lies within the year, in the order of their conclusions."""
    every = connection.execute(matter_list.matters(council_id=entity))
    of_the_year = [row for row in every if _within(_conclusion(document(row.doc)), first, last)]
    listed = [m for m in rows(connection, "matters", of_the_year) if _within(_conclusion(m), first, last)]
    return sorted(listed, key=lambda m: str(m["MatterConcluded"][-1]["said"]["effective"]["earliest"]))


def _conclusion(matter: Json) -> Json | None:
    return marks.last(matter.get("MatterConcluded"))  # type: ignore[no-any-return]


def _within(e: Json | None, first: dt.date, last: dt.date) -> bool:
    """Whether an event certainly lies between two days."""
    effective = e["said"]["effective"] if e and "said" in e else {}
    earliest, latest = effective.get("earliest"), effective.get("latest")
    return bool(earliest and latest and first.isoformat() <= earliest and latest <= last.isoformat())


# ----------------------------------------------------------------------------------------------- the paper


def make(data: Json, names: Names, frame: Frame) -> Paper:
    name = words.plain(data["council"]["established"]["name_ja"])
    year = words.fiscal_year(data["year"])
    parts = (
        (tr("開催状況", "Meetings"), _held(data, names)),
        (tr("委員と公募率", "Members, and public recruitment"), _members(data)),
        (tr("公開の状況と主な数字", "Openness, and other figures"), _figures(data)),
        (tr("結論と市の対応", "Conclusions, and the city's answers"), _concluded(data, names)),
    )
    return frame.paper(
        "annual",
        tr(f"{name}　{year}　年次報告", f"Annual report {year}: {name}"),
        tr(f"年次報告_{name}_{year}", f"Report_{year}_{name}"),
        sections=[Section(f"{n}　{heading}", tuple(blocks)) for n, (heading, blocks) in enumerate(parts, 1)],
    )


def _held(data: Json, names: Names) -> Iterator[Block]:
    if not data["meetings"]:
        yield Paragraph(tr("この年度の会議の記録なし。", "No meeting of this year is on record."))
        return
    states = Counter(wording.state("Meeting", meeting_list.state_of(m))[0] for m in data["meetings"])
    counted = tr("、", ", ").join(tr(f"{state}{n}回", f"{state} {n}") for state, n in states.items())
    whole = len(data["meetings"])
    yield Paragraph(
        tr(f"記録のある会議は{whole}回（{counted}）。", f"Meetings on record: {whole} ({counted}).")
    )
    listed = tuple(_meeting(m, names) for m in data["meetings"])
    columns = (
        tr("会議", "Meeting"),
        tr("年月日", "Date"),
        tr("場所", "Place"),
        tr("出席", "Present"),
        tr("公開", "Openness"),
        tr("会議録", "Minutes"),
    )
    widths = broadened(listed, (16, 18, 14, 14, 8, 10))
    yield Table(tr("会議の一覧", "The meetings"), columns, listed, widths, by_row=True)


def _meeting(m: Json, names: Names) -> tuple[str, ...]:
    counted = meeting_list.attendance(m)
    present, serving = counted["present"], counted["serving"]
    of = words.people(serving) if serving is not None else words.unrecorded()
    there = tr(f"{present}人／在任{of}", f"{present} of {of}") if present is not None else words.unrecorded()
    place = meeting_register.place_of(m)
    return (
        words.plain(meeting_list.title_of(m, names)),
        words.day(meeting_list.when(m)),
        words.plain(place) if place else words.unrecorded(),
        there,
        meeting_list.publicity(m) or words.unrecorded(),
        meeting_list.minutes_label(m) or words.unrecorded(),
    )


def _members(data: Json) -> Iterator[Block]:
    if not data["seats_on_record"]:
        yield Paragraph(tr("委員の委嘱の記録なし。", "No appointment is on record."))
        return
    counted: Counter[str | None] = Counter(data["seated"])
    whole = sum(counted.values())
    day = words.whole_day(dt.date.fromisoformat(data["on"]))
    kinds = tuple(((wording.value("category", kind), words.people(n)),) for kind, n in counted.items())
    recruited = counted["public_recruitment"]
    share = f"{round(100 * recruited / whole, 1)}%" if whole else words.unrecorded()
    yield Paragraph(
        tr(
            f"{day}に在任する委員は{whole}人。うち公募は{recruited}人、公募率は{share}。",
            f"Members serving on {day}: {whole}; by public recruitment {recruited}, a share of {share}.",
        )
    )
    if kinds:
        yield Facts(tr("区分ごとの委員", "Members by kind of seat"), kinds)


def _figures(data: Json) -> Iterator[Block]:
    listed = tuple(_figure(figure) for figure in data["figures"])
    columns = (
        tr("数字", "Figure"),
        tr("値", "Value"),
        tr("内訳", "Of which"),
        tr("把握", "Coverage"),
        tr("何の数字か", "What it says"),
    )
    yield Table(
        tr("主な数字", "Figures"), columns, listed, broadened(listed, (14, 10, 10, 14, 30)), by_row=True
    )


def _figure(figure: Json) -> tuple[str, ...]:
    shown = figure_of(figure)
    why = shown["why"] if shown["value"] is None else None
    return (
        in_words(figure["title"]),
        shown["value"] or words.unrecorded(),
        shown["fraction"] or words.none(),
        shown["coverage"] or words.none(),
        words.sentences(in_words(figure["says"]), why, shown["note"]),
    )


def _concluded(data: Json, names: Names) -> Iterator[Block]:
    if not data["matters"]:
        yield Paragraph(tr("この年度の結論の記録なし。", "No conclusion of this year is on record."))
        return
    entries = []
    for m in data["matters"]:
        replied = marks.last(m.get("CityResponseRecorded"))
        answer = (
            wording.value("disposition", replied["disposition"])
            if replied and replied.get("disposition")
            else tr("回答の記録なし", "no response on record")
        )
        title = words.plain(names.label(m["matter_id"]))
        concluded = marks.last(m.get("MatterConcluded"))
        entries.append(
            tr(
                f"{title}（結論{words.of(concluded['said'])}）：市の回答は{answer}",
                f"{title} (concluded {words.of(concluded['said'])}): the city: {answer}",
            )
        )
    yield Bullets(tuple(entries))
