"""Sentences of what is declared, with the keys that their declarations give them.

What is in a registry is found by walking it, wherever its declaration stands in the code.
"""

from __future__ import annotations

from collections.abc import Iterator

import projections.registry
from api.http.problems import PROBLEMS
from api.reads.collections import COLLECTIONS
from domain.kernel.events import EVENTS
from domain.kernel.field_words import field_words, own_words
from domain.kernel.links import RELATIONS
from domain.kernel.record import KINDS
from domain.kernel.roles import ROLE_NAMES
from domain.recording.policy import POLICIES
from domain.values.refusal import REFUSALS
from projections.engine.view import VIEWS
from projections.metrics.metric import METRICS
from projections.questions.question import QUESTIONS

Keyed = tuple[str, str, str]
"""A key, and the sentence in Japanese and in English."""


def declared() -> Iterator[Keyed]:
    """Every sentence of every registry."""
    projections.registry.load()
    yield from _of_the_domain()
    yield from _of_fields()
    yield from _of_refusals()
    for view in VIEWS.values():
        yield f"view.{view.name}.title", view.ja, view.en
    for metric in METRICS.values():
        yield f"metric.{metric.code}.title", metric.ja, metric.en
        yield f"metric.{metric.code}.says", *metric.says
    for question in QUESTIONS.values():
        yield f"question.{question.code}.title", question.ja, question.en
    for collection in COLLECTIONS:
        yield f"collection.{collection.name}.title", collection.ja, collection.en


def _of_the_domain() -> Iterator[Keyed]:
    for name, kind in KINDS.items():
        yield f"kind.{name}.label", *kind.LABEL
        for command in kind.COMMANDS.values():
            yield f"command.{name}.{command.name}", *command.about
    for name, event in EVENTS.items():
        yield f"event.{name}.label", *event.LABEL
    for name, policy in POLICIES.items():
        yield f"policy.{name}.about", *policy.about
    for name, words in ROLE_NAMES.items():
        yield f"role.{name}", *words
    for name, (ja, en, back_ja, back_en) in RELATIONS.items():
        yield f"relation.{name}.forward", ja, en
        yield f"relation.{name}.backward", back_ja, back_en


def _of_fields() -> Iterator[Keyed]:
    """What fields are called: by their names, and where an event means something of its own by one."""
    common = field_words()
    for name, (ja, en) in common.items():
        yield f"field.{name}", ja, en
    for event in sorted(set(EVENTS.values()), key=lambda e: e.__name__):
        for name, (ja, en) in own_words(event).items():
            if common.get(name) != (ja, en):
                yield f"event.{event.__name__}.field.{name}", ja, en


def _of_refusals() -> Iterator[Keyed]:
    for what, registry in (("refusal", REFUSALS), ("problem", PROBLEMS)):
        for code, known in registry.items():
            yield f"{what}.{code}.sentence", known.ja, known.en
            yield f"{what}.{code}.next", known.next_ja, known.next_en
