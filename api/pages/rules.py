"""The rules 決まり of the record, each with its source, at an address that refusals and due lists refer to.

They are declared in the code and the same whatever the record holds, so they have no past and no row to cut.
"""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint

from api.language import lang, t
from api.pages.names import Names
from api.pages.serving import Page
from api.rules import PREFACE, TITLE, TOPICS
from domain.rules.rule import Rule, Source, Topic
from projections.naming import Json, both


def read(_: sa.Connection) -> Json:
    return {"topics": [_topic(topic) for topic in TOPICS]}


def _topic(topic: Topic) -> Json:
    return {
        "anchor": topic.anchor,
        "title": both(topic.ja, topic.en),
        "rules": [_rule(rule) for rule in topic.rules],
    }


def _rule(rule: Rule) -> Json:
    return {
        "anchor": rule.anchor,
        "url": rule.address,
        "says": both(rule.ja, rule.en),
        "sources": [_source(source) for source in rule.sources],
    }


def _source(source: Source) -> Json:
    return {"name": both(source.ja, source.en), "url": source.url}


def show(data: Json, names: Names) -> Json:
    return {
        "title": t(*TITLE),
        "preface": [t(*told) for told in PREFACE],
        "topics": [_shown(topic) for topic in data["topics"]],
    }


def _shown(topic: Json) -> Json:
    return {
        "anchor": topic["anchor"],
        "title": topic["title"][lang()],
        "rules": [
            {
                "anchor": rule["anchor"],
                "says": rule["says"][lang()],
                "sources": [{"label": s["name"][lang()], "url": s["url"]} for s in rule["sources"]],
            }
            for rule in topic["rules"]
        ],
    }


def register(blueprint: Blueprint) -> None:
    Page("/rules", "rules.html", "rules", read, show).register(blueprint)
