"""Search 検索: what a citizen types, and the things on record that it may mean, with the best passages."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import sqlalchemy as sa
from flask import Blueprint, request

from api.access.rates import SEARCHES, limit
from api.http.language import href, in_words, plain_path, tr
from api.http.problems import worded
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.pages.parts.serving import Page
from api.reads.people import found_people, sees_names
from api.reads.reading import viewer
from api.reads.searches import MOST_PAGES, attached_texts, searched, words
from api.setup.store import record_settings
from api.words import wording
from domain.kernel.field_words import words_of
from domain.kernel.record import KINDS
from domain.kernel.roles import ROLE_NAMES
from domain.values.calendar import EffectiveDate, fiscal_year_label
from domain.values.law import Citation
from domain.values.money import Money
from domain.values.refusal import Refusal
from projections.answers.finding import searching
from projections.answers.finding.things import SHOWN
from projections.engine.event_json import Json, bilingual

YEARS_SHOWN = 12
"""Fiscal years that are offered at once, the newest."""


def read(connection: sa.Connection) -> Json:
    """What is found for ``q`` and the filters of the address; without ``q`` nothing, and for what cannot be
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
    limit(SEARCHES)  # who asks too often waits, and is not told that the words are wrong
    try:
        texts = attached_texts(record_settings())
        answer = searched(
            connection, query_args["q"], search_terms["filters"], viewer(), _page(), words(), texts
        )
    except Refusal as refused:
        return {**search_terms, "refused": _told(refused)}
    for_staff = {"people": found_people(connection, wanted)} if sees_names() else {}
    return {**search_terms, **answer, **for_staff}


def _page() -> int:
    """Which page of the results is asked for; the first where the address says nothing that can be meant."""
    written = request.args.get("page", "1")
    number = int(written) if written.isascii() and written.isdecimal() and len(written) < 5 else 1
    return min(max(number, 1), MOST_PAGES)


def _told(refused: Refusal) -> Json:
    return {
        "code": refused.code,
        "detail": bilingual(worded(refused).sentence("ja"), worded(refused).sentence("en")),
        "what_next": bilingual(refused.what_next("ja"), refused.what_next("en")),
    }


def show(data: Json, names: Names) -> Json:
    refused, filters = data.get("refused"), data["filters"]
    return {
        "q": data["q"],
        "longest": searching.LONGEST,
        "kept": {name: value for name, value in filters.items() if value},
        "refused": refused and {name: in_words(refused[name]) for name in ("detail", "what_next")},
        "searched": "total" in data,
        "total": _total(data) if "total" in data else None,
        "apart": data.get("taken_apart"),
        "question": _question(data.get("question")),
        "nearby": [{"text": text, "url": _url(q=text)} for text in data.get("nearby", ())],
        "kinds": _kinds(data),
        "years": _years(data),
        "things": [_thing(item, names) for item in data.get("items", ())],
        "people": [
            {"name": person["name"], "url": names.url(person["party_id"])}
            for person in data.get("people", ())
        ],
        "position": f"{data['position']:,}" if "position" in data else None,
        "next_url": _page_url(data, 1),
        "previous_url": _page_url(data, -1),
    }


def _total(data: Json) -> str:
    counted, first = data["total"]["count"], (data["page"] - 1) * SHOWN + 1
    if not data["total"]["exact"]:
        whole_ja, whole_en = f"{counted:,}件以上", f"more than {counted:,}"
    else:
        whole_ja, whole_en = f"{counted:,}件", f"{counted:,}"
    if counted <= SHOWN or not data["items"]:
        return tr(whole_ja, f"{whole_en} found")
    last = first + len(data["items"]) - 1
    return tr(f"{whole_ja}中 {first:,}〜{last:,}件目", f"{first:,} to {last:,} of {whole_en}")


# -- addresses


def _url(**changes: str | None) -> str:
    """This search with something else; from its first page."""
    current = {name: value for name, value in request.args.items() if value and name != "page"}
    return href(
        plain_path(), **{name: value for name, value in (current | changes).items() if value is not None}
    )


def _page_url(data: Json, step: int) -> str | None:
    if "total" not in data or not 1 <= data["page"] + step <= data["pages"]:
        return None
    return _url(page=f"{data['page'] + step}")


# -- how many of what


def _kinds(data: Json) -> list[Json]:
    chosen = data["filters"]["kind"]
    return [
        {
            "label": tr(*KINDS[kind].LABEL),
            "count": f"{count:,}",
            "chosen": kind == chosen,
            "url": _url(kind=None if kind == chosen else kind),
        }
        for kind, count in data.get("kinds", {}).items()
    ]


def _years(data: Json) -> list[Json]:
    chosen = data["filters"]["fiscal_year"]
    years = sorted(data.get("fiscal_years", {}).items(), reverse=True)
    return [
        {
            "label": tr(fiscal_year_label(int(year), "ja"), fiscal_year_label(int(year), "en")),
            "count": f"{count:,}",
            "chosen": year == chosen,
            "url": _url(fiscal_year=None if year == chosen else year),
        }
        for year, count in years
        if year == chosen or len(years) <= YEARS_SHOWN or (year, count) in years[:YEARS_SHOWN]
    ]


# -- what was found


def _question(question: Json | None) -> Json | None:
    if question is None:
        return None
    query = f"?{urlencode(question['arguments'])}" if question["arguments"] else ""
    return {
        "title": in_words(question["title"]),
        "says": question["says"] and in_words(question["says"]),
        "url": href(f"/questions/{quote(question['question'])}") + query,
    }


def _thing(item: Json, names: Names) -> Json:
    first = item["hits"][0] if item["hits"] else None
    own = item["entity"]
    title = names.title(own)
    return {
        "title": names.label(own),
        "url": names.url(first["subject"] if first else own) or names.url(own),
        "kind_label": names.kind_label(own),
        "date": marks.date(first["effective"]) if first else None,
        "hits": [_hit(hit, own, title, names) for hit in item["hits"]],
    }


def _hit(hit: Json, entity: str, title: str | None, names: Names) -> Json:
    """One event in which it stands: the part it is about, if it is one, and the words. What repeats the title
    of the thing is left out, where anything else is said."""
    is_part = hit["subject"] != entity
    others = [p for p in hit["passages"] if "".join(part["text"] for part in p["parts"]) != title]
    return {
        "event_label": in_words(hit["label"]),
        "part": names.link(hit["subject"]) if is_part else None,
        "text_url": _text_url(hit, entity),
        "passages": [_passage(passage) for passage in others or hit["passages"]],
        "meant": [] if hit["passages"] else list(filter(None, map(_meant, hit["meant"]))),
    }


def _text_url(hit: Json, document: str) -> str | None:
    """Where the text of the attached file is to be read, if that is what was found."""
    is_text = any(passage["field"] == searching.ATTACHED for passage in hit["passages"])
    return href(f"/documents/{quote(document)}/text") if is_text else None


def _passage(passage: Json) -> Json:
    """A passage with the name of the field in which it stands, and whether it is Japanese."""
    name = next((n for n in reversed(passage["field"].split(".")) if words_of(n)), passage["field"])
    text = "".join(part["text"] for part in passage["parts"])
    if passage["field"] == searching.ATTACHED:
        field = tr("添付された文書の本文", "Text of the attached file")
    else:
        field = wording.field(name)
    return {"field": field, "parts": passage["parts"], "japanese": _is_japanese(text)}


def _is_japanese(text: str) -> bool:
    """Many characters from U+2E80 on, as the macro ``src`` judges a text."""
    return sum(c > "\u2e7f" for c in text) * 4 > len(text)


def _meant(meant: Json) -> Json | None:
    """A value by which an event was found, in words: which field, and what it says. Nothing for what the
    label of the event says already."""
    kind, _, key = meant["token"].partition(":")
    place = meant["field"].split(".")
    name = next((n for n in reversed(place) if words_of(n)), None)
    value = _VALUES[kind](key) if kind in _VALUES else None
    if kind == "f":
        return {"field": wording.field(key), "value": None}
    if value is None:
        return None
    field = tr("日付", "Date") if name is None else wording.field(name)
    return {"field": field, "value": value}


def _coded(key: str) -> str:
    field, _, code = key.rpartition(".")
    return wording.value(field, code)


def _day(key: str) -> str:
    date = EffectiveDate.parse(key)
    return tr(date.label("ja"), date.label("en"))


def _year(key: str) -> str:
    return tr(fiscal_year_label(int(key), "ja"), fiscal_year_label(int(key), "en"))


def _yen(key: str) -> str:
    return Money.of_yen(int(key)).label()


def _number(key: str) -> str | None:
    unit = key.rstrip("0123456789")
    n = int(key[len(unit) :])
    if unit == "time":
        return tr(f"第{n}回", f"no. {n}")
    citation = {
        "article": Citation("", article=n),
        "paragraph": Citation("", paragraph=n),
        "no": Citation("", item=n),
    }.get(unit)
    return None if citation is None else tr(citation.label("ja"), citation.label("en"))


def _role(key: str) -> str | None:
    return wording.role(key) if key in ROLE_NAMES else None


_VALUES = {"v": _coded, "d": _day, "y": _year, "m": _yen, "n": _number, "r": _role}
"""How a value is put into words, by the kind of its token."""


def register(blueprint: Blueprint) -> None:
    Page("/search", "record/search.html", "search", read, show).register(blueprint)
