"""Search 検索: what anybody wrote, word for word, with the passage in which it stands."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, request

from api.access.rates import SEARCHES, limit
from api.http.language import in_words, tr
from api.http.problems import worded
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.pages.parts.serving import Page, first_url, next_url
from api.reads.people import found_people, sees_names
from api.reads.reading import page_of, viewer
from api.words import wording
from domain.kernel.field_words import words_of
from domain.kernel.record import KINDS
from domain.values.refusal import Refusal
from projections.answers import searching
from projections.engine.event_json import Json, bilingual


def read(connection: sa.Connection) -> Json:
    """The hits for ``q`` and the filters of the address; without ``q`` none, and with one that cannot be
    searched for, why."""
    query_args = {name: request.args.get(name, "").strip() for name in ("q", *searching.FILTERS)}
    search_terms: Json = {
        "q": query_args["q"],
        "filters": {name: query_args[name] for name in searching.FILTERS},
    }
    if not query_args["q"]:
        return search_terms
    try:
        wanted = searching.search_for(query_args["q"], search_terms["filters"])
    except Refusal as refused:
        return {**search_terms, "refused": _told(refused)}
    limit(SEARCHES)
    chosen = searching.hits(wanted, viewer(), postgres=connection.dialect.name == "postgresql")
    page = page_of(connection, chosen)
    for_staff = {"people": found_people(connection, wanted)} if sees_names() else {}
    return {
        **search_terms,
        "items": searching.shown(connection, list(page), wanted.words),
        "total": searching.count(connection, chosen),
        "next": next_url(page),
        **for_staff,
    }


def _told(refused: Refusal) -> Json:
    return {
        "code": refused.code,
        "detail": bilingual(worded(refused).sentence("ja"), worded(refused).sentence("en")),
        "what_next": bilingual(refused.what_next("ja"), refused.what_next("en")),
    }


def show(data: Json, names: Names) -> Json:
    refused = data.get("refused")
    return {
        "q": data["q"],
        "longest": searching.LONGEST,
        "filters": {
            "kinds": [{"value": name, "label": tr(*kind.LABEL)} for name, kind in KINDS.items()],
            "kind": data["filters"]["kind"],
            "year": data["filters"]["fiscal_year"],
            "others": {n: data["filters"][n] for n in ("body", "role", "state") if data["filters"][n]},
        },
        "refused": refused and {name: in_words(refused[name]) for name in ("detail", "what_next")},
        "total": _total(data["total"]) if "total" in data else None,
        "hits": [_hit(item, names) for item in data.get("items", ())],
        "people": [
            {"name": person["name"], "url": names.url(person["party_id"])}
            for person in data.get("people", ())
        ],
        "next_url": data.get("next"),
        "first_url": first_url(),
    }


def _total(total: Json) -> str:
    if total["exact"]:
        return tr(f"{total['count']:,}件", f"{total['count']:,} found")
    return tr(f"{total['count']:,}件以上", f"more than {total['count']:,} found")


def _hit(item: Json, names: Names) -> Json:
    return {
        "date": marks.date(item["effective"]),
        "kind_label": names.kind_label(item["subject"]),
        "event_label": tr(item["label"]["ja"], item["label"]["en"]),
        "title": names.label(item["subject"]),
        "url": names.url(item["subject"]),
        "passages": [_passage(passage) for passage in item["passages"]],
    }


def _passage(passage: Json) -> Json:
    """A passage with the name of the field in which it stands, and whether it is Japanese."""
    name = next((n for n in reversed(passage["field"].split(".")) if words_of(n)), passage["field"])
    text = "".join(part["text"] for part in passage["parts"])
    return {"field": wording.field(name), "parts": passage["parts"], "japanese": _is_japanese(text)}


def _is_japanese(text: str) -> bool:
    """Many characters from U+2E80 on, as the macro ``src`` judges a text."""
    return sum(c > "\u2e7f" for c in text) * 4 > len(text)


def register(blueprint: Blueprint) -> None:
    Page("/search", "record/search.html", "search", read, show).register(blueprint)
