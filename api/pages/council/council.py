"""The council 市民会議: its foundation, remit, composition, ways of working and members (domain.md P3).

One story: what the page of a body says of it, block by block.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask import Blueprint

from api.http.language import href, tr
from api.pages.council.council_rules import show_rules
from api.pages.meeting.meeting_list import count_and_next, show_next
from api.pages.parts import marks, paper_links
from api.pages.parts.names import Names, trail_url
from api.pages.parts.serving import Page, one
from api.pages.parts.trails import gaps, prov_url
from api.reads.as_of import day_shown
from api.reads.collections import cut_all, row_json
from api.reads.people import is_open_seat, people_for_reader, publishing_rules, sees_names
from api.words import wording
from domain.council.aggregate import Council
from domain.council.seats import Span, is_long
from domain.legal_instrument.aggregate import LegalInstrument
from domain.values.calendar import EffectiveDate
from projections.answers.in_force import begins_later, chair_on, in_force
from projections.answers.reach import around
from projections.answers.trail import account_of
from projections.engine.event_json import Json
from projections.views.council import council_roster
from projections.views.matter import legal_basis
from projections.views.record.closed_parts import expect_closed

MOST_SEATS = 500
MOST_TERMS = 5_000
"""So many seats of all times are looked at: of a council of fifty, those of a century."""


def read(connection: sa.Connection, entity: str | None = None) -> Json:
    if entity is not None:
        around(connection, entity)  # first: so all that is near it is asked together whether it is closed
    council = one(connection, "councils", entity)
    council_id = council["council_id"]
    on = day_shown()
    seats = connection.execute(council_roster.roster(council_id).limit(MOST_TERMS)).all()
    serving = [row for row in seats if council_roster.standing_of(row, on) == "serving"][:MOST_SEATS]
    stream = Council.stream_for(council_id)
    seen = cut_all(connection, ((row_json(council_roster.seat_holder, row), stream) for row in serving))
    members = [_seat(row, shown) for row, shown in zip(serving, seen, strict=True)]
    named = [row.party_id for row, shown in zip(serving, seen, strict=True) if is_open_seat(shown)]
    laws = [remit["citation"]["instrument_id"] for remit in council["remits"] if remit["citation"]]
    expect_closed(connection, map(LegalInstrument.stream_for, laws))
    meetings, coming = count_and_next(connection, council_id)
    return {
        "council": council,
        "as_of": on.isoformat(),
        "members": members,
        "long_serving": _long_serving(seats, members),
        "seats_on_record": bool(seats),
        "people": people_for_reader(
            connection, named, by_rule=named if publishing_rules(council["rules"], on) else ()
        ),
        "meetings": meetings,
        "next_meeting": coming,
        "remit_text": _article_texts(connection, council),
        "not_recorded": account_of(connection, council_id)["not_recorded"],
    }


def _seat(row: sa.Row[Any], shown: Json) -> Json:
    """A seat as its reader may see it, by its own id and its holder's, from which the name is found."""
    appointed = shown["appointed"]
    return {
        "appointment_id": row.appointment_id.rpartition("/")[2],
        "party_id": row.party_id,
        "category": shown.get("category"),
        **{name: appointed[name] for name in _OF_A_SEAT},
    }


_OF_A_SEAT = (
    "term_no",
    "from_date",
    "to_date",
    "nominated_by",
    "by_office",
    "until_successor",
    "document_no",
)


def _long_serving(seats: Iterable[sa.Row[Any]], members: list[Json]) -> list[str]:
    """Who of these will have served for more than ten years in all, by appointment. What begins on a day that
    nobody knows counts not at all."""
    spans: dict[str, dict[str, Span]] = {}
    for row in seats:
        span = dt.date.fromisoformat(row.first_day), dt.date.fromisoformat(row.last_day)
        spans.setdefault(row.party_id, {})[row.appointment_id.rpartition("/")[2]] = span
    return [
        seat["appointment_id"]
        for seat in members
        if (of := spans.get(seat["party_id"], {})) and seat["appointment_id"] in of
        if is_long(of[seat["appointment_id"]], (s for a, s in of.items() if a != seat["appointment_id"]))
    ]


def _article_texts(connection: sa.Connection, council: Json) -> dict[str, str]:
    """The paragraphs that the statements of remit cite, as the sources quote them."""
    table = legal_basis.article.table
    by_article: dict[str, str] = {}
    cites = [remit["citation"] for remit in council["remits"] if remit["citation"]]  # else it is closed
    keys = {f"{cited['instrument_id']}#{cited.get('article')}" for cited in cites}
    chosen = sa.select(table).where(table.c.article_key.in_(sorted(keys)))
    listed = connection.execute(chosen).all() if keys else []
    rows = (
        (row_json(legal_basis.article, row), LegalInstrument.stream_for(row.instrument_id)) for row in listed
    )
    seen = zip(listed, cut_all(connection, rows), strict=True)
    texts = {row.article_key: shown["text"] for row, shown in seen if "text" in shown}
    for remit in council["remits"]:
        cited = remit["citation"]
        if cited is None:  # closed to the reader
            continue
        quoted = texts.get(f"{cited['instrument_id']}#{cited.get('article')}")
        paragraphs = quoted["paragraphs"] or [] if quoted else []
        text = "".join(p["text_ja"] for p in paragraphs if cited.get("paragraph") in (None, p["paragraph"]))
        if text:
            by_article[str(remit["said"]["position"])] = text
    return by_article


# -- showing


def show(data: Json, names: Names) -> Json:
    council = data["council"]
    founded = council["established"]
    label, _ = wording.state("Council", council["state"])
    day = dt.date.fromisoformat(data["as_of"])
    return {
        "name": founded["name_ja"],
        "state_label": label,
        "founded": marks.dated(founded["said"], names),
        "legal_basis": names.citation(founded["legal_basis"]),
        "body_type_label": wording.value("body_type", founded["body_type"])
        if founded["body_type"]
        else tr("会議体（性格の記載なし）", "body (its kind is not stated)"),
        "body_type_note": _note(founded["body_type"]),
        "parent": names.link(founded["parent_id"]),
        "sessions": [_session(s, names) for s in council["sessions"] if "name" in s],
        "organised_by": [wording.value("organised_by", who) for who in founded["organised_by"] or ()],
        "purpose": founded["purpose_ja"],
        "remit": _remit(in_force(council["remits"], day), data["remit_text"], names),
        "composition": _composition(in_force(council["compositions"], day), data, names),
        "method": _method(in_force(council["operating_methods"], day), names),
        "grouping": _grouping(in_force(council["groupings"], day), names),
        "rules": show_rules(in_force(council["rules"], day), names),
        "ahead": _ahead(council, day),
        "roster": _roster(data, names),
        "meetings": {
            "url": href("/meetings"),
            "count": data["meetings"],
            "next": show_next(data["next_meeting"], names),
        },
        "papers": paper_links.of_council(council["council_id"]),
        "trail_url": trail_url(council["council_id"]),
        "not_recorded": gaps(data["not_recorded"]),
        "formats": {"prov": prov_url(council["council_id"])},
    }


def _session(session: Json, names: Names) -> Json:
    first, last = marks.date(session["from_date"]), marks.date(session["to_date"])
    return {
        "name": session["name"],
        "kind_label": wording.value("session_kind", session["kind"]) if session["kind"] else None,
        "from": first,
        "to": last,
        **marks.fact(session["said"], names),
    }


def _note(body_type: str | None) -> str | None:
    if body_type != "joint_council":
        return None
    return tr(
        "審議会（附属機関）ではありません。協議して合意をまとめる会議で、市の決定は別に行われます。",
        "Not a statutory advisory body. It consults and reaches conclusions; the city decides apart from it.",
    )


def _remit(remit: Json | None, texts: dict[str, str], names: Names) -> Json | None:
    if remit is None:
        return None
    scope = wording.listed([wording.value("scope", s) for s in remit["scope"] or ()])
    return {
        "text": texts.get(str(remit["said"]["position"])) or scope,
        "paraphrase": remit["paraphrase_ja"],
        "citation": names.citation(remit["citation"]),
        "power_label": wording.value("power", remit["power"]),
        "note": marks.note(remit["said"]),
        **marks.fact(remit["said"], names),
    }


def _composition(made: Json | None, data: Json, names: Names) -> Json | None:
    if made is None:
        return None
    months = made["term_months"]
    return {
        "categories": [_category(c, data) for c in made["seat_categories"]],
        "non_members": [
            {"label": r.get("label_ja") or wording.value("role", r["role"]), "count": r.get("count")}
            for r in made["non_member_roles"] or ()
        ],
        "term_label": tr(f"{months}か月", f"{months} months") if months else None,
        "chair_rule": made["chair_rule"],
        "note": marks.note(made["said"]),
        **marks.dated(made["said"], names),
    }


def _category(c: Json, data: Json) -> Json:
    """A kind of seat. Where no seat is on record at all, nobody knows how many are held."""
    serving = sum(seat["category"] == c["category"] for seat in data["members"])
    return {
        "label": c.get("label_ja") or wording.value("category", c["category"]),
        "seats": c.get("seats"),
        "serving": serving if data["seats_on_record"] else None,
    }


def _method(method: Json | None, names: Names) -> Json | None:
    if method is None:
        return None
    techniques = [wording.value("techniques", x) for x in method["techniques"] or ()]
    return {
        "label": method["label_ja"] or method["method_label_ja"] or wording.value("method", method["method"]),
        "replaces": method["replaces_label_ja"] or method["replaces"],
        "techniques": [method["technique_label_ja"]] if method["technique_label_ja"] else techniques,
        "trial": method["trial"],
        "reason": method["reason"],
        "matter": names.link(method["matter_id"]),
        "note": marks.note(method["said"]),
        **marks.dated(method["said"], names),
    }


def _grouping(made: Json | None, names: Names) -> Json | None:
    if made is None:
        return None

    def worded(name: str) -> str | None:
        return made[f"{name}_label_ja"] or (wording.value(name, made[name]) if made[name] else None)

    return {
        "basis": worded("basis"),
        "responsibility": worded("responsibility"),
        "aim": worded("aim"),
        "groups": names.links(made["groups"]),
        "note": marks.note(made["said"]),
        **marks.dated(made["said"], names),
    }


def _roster(data: Json, names: Names) -> Json | None:
    """Who serves now, by category: by name where the person consented, else as a member of a kind."""
    if not data["seats_on_record"]:
        return None
    day = dt.date.fromisoformat(data["as_of"])
    chairs, people = chair_on(data["council"]["chairs"], day), data["people"]
    categories: dict[str, list[Json]] = {}
    for seat in data["members"]:
        categories.setdefault(seat["category"], []).append(
            {
                "name": people.get(seat["party_id"], {}).get("name") or names.label(seat["party_id"]),
                "reached": _reached(people.get(seat["party_id"], {})),
                "role_label": tr("座長", "chair") if seat["appointment_id"] == chairs else None,
                "term_label": _term(seat),
                "notes": _seat_notes(seat, seat["appointment_id"] in data["long_serving"]),
                "nominated_by": names.label(seat["nominated_by"]) if seat["nominated_by"] else None,
            }
        )
    date = EffectiveDate.on(day)
    return {
        "as_of_label": tr(f"{date.label('ja')}現在の記録", f"on record as of {date.label('en')}"),
        "named_by": _named_by(data["council"], day),
        "categories": [
            {"label": wording.value("category", category), "members": members}
            for category, members in categories.items()
        ],
    }


def _reached(known: Json) -> str | None:
    """Post and contact, where the reader is told them."""
    return tr("・", ", ").join(known[what] for what in ("post", "contact") if known.get(what)) or None


def _named_by(council: Json, day: dt.date) -> str | None:
    """Why names are shown: the reader's work, or the council's rules."""
    if sees_names():
        return tr(
            "氏名・職名・連絡先は、事務のために表示しています。閲覧したことは記録されます。",
            "Names, posts and contacts are shown for your work. That you read them is noted.",
        )
    rules = publishing_rules(council["rules"], day)
    if rules is None:
        return None
    version = rules["rules_version"]
    return tr(
        f"氏名は、会議規則（第{version}版）の定めにより公表しています。",
        f"Names are published as the council's rules (version {version}) have it.",
    )


def _ahead(council: Json, day: dt.date) -> list[str]:
    """What is settled and begins later: other rules, another chair."""
    coming: list[str] = []
    for entry in [e for e in council["rules"] if begins_later(e, day)]:
        version = entry["rules_version"]
        when = (marks.date(entry["said"]["effective"]) or {})["label"]
        coming.append(
            tr(f"{when}から会議規則（第{version}版）", f"from {when}: rules of procedure, version {version}")
        )
    for entry in [e for e in council["chairs"] if e["type"] == "ChairElected" and begins_later(e, day)]:
        when = (marks.date(entry["said"]["effective"]) or {})["label"]
        coming.append(tr(f"{when}から新しい座長", f"from {when}: another chair"))
    return coming


def _seat_notes(seat: Json, serves_long: bool) -> list[str]:
    """What is particular about a seat: the post that brings it 職指定, that its holder stays until there is a
    successor, that somebody will have served for more than ten years."""
    office = seat["by_office"]
    notes = (
        tr(f"職指定: {office}", f"by office: {office}") if office else None,
        tr("後任が就くまで", "until the successor") if seat["until_successor"] else None,
        tr("通算10年を超える", "more than ten years in all") if serves_long else None,
    )
    return [note for note in notes if note]


def _term(seat: Json) -> str:
    first = (marks.date(seat["from_date"]) or {}).get("label")
    if first is None:
        return tr("非公開", "not public")
    last = (marks.date(seat["to_date"]) or {}).get("label")
    return tr(f"{first}〜{last or ''}", f"{first} to {last}" if last else f"from {first}")


def register(blueprint: Blueprint) -> None:
    Page("/council", "council/council.html", "council", read, show).register(blueprint)
    Page("/council/<entity>", "council/council.html", "council", read, show, whole=False).register(blueprint)
