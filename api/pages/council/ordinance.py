"""The ordinance 条例, article by article as the sources quote it, and what cites each article."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask import Blueprint

from api.http.language import tr
from api.pages.parts import marks
from api.pages.parts.names import Names, anchor
from api.pages.parts.serving import Page, one
from api.pages.parts.trails import gaps
from api.reads.collections import cut_all, row_json
from api.words import wording
from domain.legal_instrument.aggregate import LegalInstrument
from domain.values.law import Citation
from projections.answers.trail import account_of
from projections.engine.event_json import Json
from projections.views.matter import legal_basis
from projections.views.matter.decision_trail import FoundLink, links_of_things

MOST_CITING = 50


def read(connection: sa.Connection, entity: str | None = None) -> Json:
    instrument = one(connection, "ordinances", entity)
    law = instrument["instrument_id"]
    articles = connection.execute(legal_basis.articles(law)).all()
    links = links_of_things(connection, (row.article_key for row in articles))
    stream = LegalInstrument.stream_for(law)
    seen = cut_all(connection, ((row_json(legal_basis.article, row), stream) for row in articles))
    return {
        "instrument": instrument,
        "articles": [
            _article(row.article_key, shown, links[row.article_key])
            for row, shown in zip(articles, seen, strict=True)
        ],
        "not_recorded": account_of(connection, law)["not_recorded"],
    }


def _article(key: str, shown: Json, links: Iterable[FoundLink]) -> Json:
    cited = [
        {"id": link.from_id, "relation": link.relation, "certainty": link.made["certainty"]}
        for link in links
        if link.to_id == key and link.withdrawn is None
    ]
    unique = {(c["id"], c["relation"]): c for c in cited}
    doc: Json = {name: shown[name] for name in ("text", "versions") if name in shown}
    return {"key": key, **doc, "cited_by": list(unique.values())[:MOST_CITING]}


def show(data: Json, names: Names) -> Json:
    law = data["instrument"]
    return {
        "title": names.label(law["instrument_id"]),
        "kind_label": wording.value("kind", law["kind"] or "ordinance"),
        "aliases": law["aliases_ja"] or [],
        "number": law["number"],
        "enacted": marks.date(law["enacted"] or law["said"]["effective"]),
        "in_force_from": marks.date(law["in_force_from"]),
        "excerpt": any(a["text"]["excerpt"] for a in data["articles"]),
        "motivated_by": names.links(law["motivated_by"]),
        "note": marks.note(law["said"]),
        **marks.fact(law["said"], names),
        "articles": [_shown(a, names) for a in data["articles"]],
        "not_recorded": gaps(data["not_recorded"]),
    }


def _shown(a: Json, names: Names) -> Json:
    text = a["text"]
    return {
        "anchor": anchor(a["key"]),
        "label": _label(a["key"]),
        "heading": text["heading"],
        "excerpt": False,
        "paragraphs": [_paragraph(p) for p in text["paragraphs"]],
        "cited_by": [_citing(c, names) for c in a["cited_by"]],
        **marks.fact(text["said"], names),
    }


def _label(key: str) -> str:
    """What an article is called, by its key: that is no part of its text."""
    law, _, article = key.partition("#")
    if not article.isdecimal():
        return tr("前文", "Preamble")
    citation = Citation(law, int(article))
    return tr(citation.label("ja"), citation.label("en"))


def _paragraph(p: Json) -> Json:
    items = [{"number_label": f"({i['item']})", "text": i["text_ja"]} for i in p.get("items") or ()]
    return {"number": p["paragraph"], "text": p["text_ja"], "subitems": items}


def _citing(c: Json, names: Names) -> Json:
    return {
        "label": names.label(c["id"]),
        "url": names.url(c["id"]),
        "kind_label": names.kind_label(c["id"]),
        "relation_label": wording.relation(c["relation"], forward=True),
        "certainty": c["certainty"],
    }


def register(blueprint: Blueprint) -> None:
    Page("/ordinance", "council/ordinance.html", "ordinance", read, show).register(blueprint)
    Page("/ordinance/<entity>", "council/ordinance.html", "ordinance", read, show, whole=False).register(
        blueprint
    )
