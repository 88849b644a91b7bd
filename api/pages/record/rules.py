"""The rules 決まり of the record, each with its source, at an address that refusals and due lists refer to.

They are declared in the code and the same whatever the record holds: the page needs no record, has no past
and no row to cut. Whoever is told that there is no record yet can open the rule that says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response

from api.http.language import in_words, tr
from api.pages.parts.serving import Page
from api.reads.reading import answer
from api.reads.rules import PREFACE, TITLE, TOPICS
from domain.rules.rule import Rule, Source, Topic
from projections.engine.event_json import Json, bilingual


@dataclass(frozen=True)
class RulesPage(Page):
    """A page that asks the record nothing."""

    def _html(self, **context: Any) -> Response:
        return self.rendered(self.template, show(read()))

    def _json(self, **context: Any) -> Response:
        return answer(read(), tagged=True)


def read(*_: Any) -> Json:
    """Every rule, in both languages."""
    return {"topics": [_topic(topic) for topic in TOPICS]}


def _topic(topic: Topic) -> Json:
    return {
        "anchor": topic.anchor,
        "title": bilingual(topic.ja, topic.en),
        "rules": [_rule(rule) for rule in topic.rules],
    }


def _rule(rule: Rule) -> Json:
    return {
        "anchor": rule.anchor,
        "url": rule.address,
        "says": bilingual(rule.ja, rule.en),
        "sources": [_source(source) for source in rule.sources],
    }


def _source(source: Source) -> Json:
    return {"name": bilingual(source.ja, source.en), "url": source.url}


def show(data: Json, *_: Any) -> Json:
    """The same in the language of the page."""
    return {
        "title": tr(*TITLE),
        "preface": [tr(*line) for line in PREFACE],
        "topics": [_shown(topic) for topic in data["topics"]],
    }


def _shown(topic: Json) -> Json:
    return {
        "anchor": topic["anchor"],
        "title": in_words(topic["title"]),
        "rules": [
            {
                "anchor": rule["anchor"],
                "says": in_words(rule["says"]),
                "sources": [{"label": in_words(s["name"]), "url": s["url"]} for s in rule["sources"]],
            }
            for rule in topic["rules"]
        ],
    }


def register(blueprint: Blueprint) -> None:
    RulesPage("/rules", "record/rules.html", "rules", read, show).register(blueprint)
