"""Asking: the questions of domain.md 5, each declared once with its words, its parameters and its answer.

A question is a function of what may be looked at (:class:`Ask`) and its own typed keyword parameters; it
gives an :class:`Answer`. Its address, its line in ``kyodo ask``, its place in the reference and the test
that it is declared derive from that::

    @question("S9", ja="提案に市はどう答えたか", en="What did the city do with our proposal?")
    def what_became_of_it(ask: Ask, *, matter_id: Id) -> Answer:
        ...

Every answer lists the events it rests on (ids, both dates, source, certainty) and what is not recorded.
Questions whose code begins with S are for staff, those with P for anybody.
"""

from __future__ import annotations

import datetime as dt
import inspect
import typing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import sqlalchemy as sa

from domain.kernel.commands import Parameter
from domain.kernel.events import Recorded
from domain.kernel.refusals import UNKNOWN_ID
from domain.kernel.viewer import Viewer
from projections.answers.describing import Describer
from projections.answers.trail import account_of
from projections.engine.event_json import Json, bilingual
from projections.engine.log import events_at, head
from projections.views.matter import decision_trail
from projections.views.plan.sealed import readable


@dataclass(frozen=True)
class Ask:
    """What a question may look at: the views and the log on one connection, for one reader, on one day.

    ``today`` is the day the answer is computed on, in Japan: the only clock a question has.
    """

    connection: sa.Connection
    viewer: Viewer
    today: dt.date

    def events_about(self, *ids: str) -> list[Recorded[Any]]:
        """Everything on record of these things and their parts that the reader may know of, in the order of
        the log."""
        positions = decision_trail.positions_about(self.connection, ids, key_steps_only=False)
        return readable(self.connection, self.viewer, events_at(self.connection, positions))

    def events_of(self, *entities: str) -> list[Recorded[Any]]:
        """Every event of these aggregates and their parts that the reader may know of, in the order of the
        log."""
        positions: list[int] = []
        for entity in entities:
            positions += decision_trail.positions_of_entity(self.connection, entity)
        return readable(self.connection, self.viewer, events_at(self.connection, sorted(set(positions))))

    def must_know(self, thing: str, *kinds: str) -> Json:
        """What is known of a thing: ``kind``, ``title``, ``entity``. Refuses ``UNKNOWN_ID`` if nothing is, or
        if it is of none of these kinds."""
        known: Json | None = decision_trail.things(self.connection, [thing]).get(thing)
        if known is None or (kinds and known["kind"] not in kinds):
            raise UNKNOWN_ID(kind="記録", kind_en="record", id=thing)
        return known


@dataclass(frozen=True)
class Answer:
    """What a question is answered with. ``says`` is the answer in one sentence; ``answer`` its content;
    ``events`` what it rests on; ``unknown`` what a complete answer would hold and the record does not."""

    says: tuple[str, str]
    answer: Json
    events: list[Recorded[Any]] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Question:
    """A declared question."""

    code: str
    ja: str
    en: str
    function: Callable[..., Answer]

    @property
    def for_staff(self) -> bool:
        return self.code.startswith("S")

    @property
    def doc(self) -> str:
        """What the answer shows, in the words of the function's docstring."""
        return inspect.cleandoc(self.function.__doc__ or "")

    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters after ``ask``, with their types and markers."""
        hints = typing.get_type_hints(self.function, include_extras=True)
        parameters = list(inspect.signature(self.function).parameters.values())[1:]
        return tuple(
            Parameter(
                p.name, hints[p.name], p.default is p.empty, None if p.default is p.empty else p.default
            )
            for p in parameters
        )

    def put(self, ask: Ask, arguments: dict[str, Any]) -> Json:
        """Ask it: the whole answer as JSON. Refuses what its function refuses, e.g. ``UNKNOWN_ID``."""
        answered = self.function(ask, **arguments)
        rests_on = readable(ask.connection, ask.viewer, answered.events)
        events = sorted({e.position: e for e in rests_on}.values(), key=lambda e: e.position)
        describer = Describer(ask.connection, events, viewer=ask.viewer)
        described = [describer.describe(e) for e in events]
        return {
            "question": self.code,
            "title": bilingual(self.ja, self.en),
            "parameters": arguments,
            "says": bilingual(*answered.says),
            "answer": answered.answer,
            "events": [{name: event[name] for name in CITED} for event in described],
            "sources": sources_of(described),
            "unknown": [bilingual(ja, en) for ja, en in dict.fromkeys(answered.unknown)],
            "computed_on": ask.today.isoformat(),
            "position": head(ask.connection),
        }


CITED = (
    "event_id",
    "position",
    "type",
    "label",
    "subject",
    "subject_title",
    "effective",
    "recorded_at",
    "who",
    "recorded_by",
    "asserted_by",
    "certainty",
    "source",
    "evidence",
    "moved",
    "document_no",
    "closed",
    "corrections",
)
"""What of an event stands in an answer: enough to find it, and to judge it."""

QUESTIONS: dict[str, Question] = {}
"""Every question by its code (filled by projections/registry.py)."""

QuestionT = typing.TypeVar("QuestionT", bound=Callable[..., Answer])


def question(code: str, *, ja: str, en: str) -> Callable[[QuestionT], QuestionT]:
    """Declare a function as the answer to a question; it stays a function that others may call."""

    def declare(function: QuestionT) -> QuestionT:
        function.__question__ = Question(code, ja, en, function)  # type: ignore[attr-defined]
        return function

    return declare


def questions_in(module: ModuleType) -> Iterator[Question]:
    """The questions that a module declares, in their order."""
    for member in vars(module).values():
        question = getattr(member, "__question__", None)
        if question is not None and member.__module__ == module.__name__:
            yield question


def sources_of(described: Iterable[Json]) -> list[Json]:
    """The sources events were taken from, once each, with every place in them."""
    sources: dict[str, Json] = {}
    for source in (event["source"] for event in described):
        if source is not None:
            entry = sources.setdefault(
                source["document_id"],
                {"document_id": source["document_id"], "title": source["title"], "locators": []},
            )
            if source["locator"] and source["locator"] not in entry["locators"]:
                entry["locators"].append(source["locator"])
    return list(sources.values())


def gaps_as_unknown(gap_list: Iterable[Json]) -> list[tuple[str, str]]:
    """What :mod:`projections.answers.gaps` found, as an answer's ``unknown``."""
    return [(gap["ja"], gap["en"]) for gap in gap_list]


def unknown_of(ask: Ask, thing: str) -> list[tuple[str, str]]:
    """What is not recorded of a thing (the same gaps that its trail and its page name)."""
    return gaps_as_unknown(account_of(ask.connection, thing)["not_recorded"])
