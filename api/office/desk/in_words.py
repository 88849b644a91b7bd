"""What acts put on record, step by step in the words of the public page, before anything is recorded.

Whoever checks a sentence has to see whom and what it is about: what the acts themselves make is called by its
text, a part of a thing (an item, an option) by its own, and a person by name, where the reader may know it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from api.pages.parts.names import Label, Names, NewThing, ids_in
from api.pages.parts.steps import step
from api.reads.people import people_for_reader
from api.reads.reading import viewer
from api.reads.refusal_words import names_of, parts_named
from domain.kernel.events import Recorded
from domain.kernel.links import links_of
from domain.kernel.record import kind_of
from projections.answers.describing import Describer
from projections.engine.event_json import Json, main_text
from projections.views.council.participation import seat

Steps = list[tuple[Json, list[Label]]]
MOST_ENTITIES = 6
"""Things whose parts are looked through for a name."""


def in_steps(connection: sa.Connection, recorded: Sequence[Recorded[Any]]) -> Steps:
    """Each event as a step of a trail, and what the things are called that it leads to."""
    describer = Describer(connection, recorded, viewer=viewer())
    described = [describer.describe(e) for e in recorded]
    linked = [_linked(e) for e in recorded]
    names = Names(connection, [described, linked])
    names.add(_new_things(recorded))
    data = [e["data"] for e in described]
    _name_people(connection, names, data)
    _name_parts(connection, names, data, recorded)
    return [
        (step(e, [], names), [names.label(i) for i in ids if names.title(i)])
        for e, ids in zip(described, linked, strict=True)
    ]


def _linked(e: Recorded[Any]) -> list[str]:
    """What an event leads to, beside what it is about."""
    ends = [end for link in links_of(e) for end in (link.to_id, link.from_id)]
    return [end for end in dict.fromkeys(ends) if end not in (e.subject, e.entity)]


def _new_things(recorded: Sequence[Recorded[Any]]) -> Iterator[NewThing]:
    """What the acts themselves put on record, with what it is called."""
    for e in recorded:
        yield NewThing(e.subject, e.entity, kind_of(e.stream).__name__, main_text(e.data))


def _name_people(connection: sa.Connection, names: Names, data: Sequence[Any]) -> None:
    """People, and those who hold the seats that are spoken of, by name, for whoever may know it."""
    held = _held(connection, names, _unnamed(names, data))
    people = {i for i, row in names.things.items() if row.kind == "Party" and row.title is None}
    holders = [row.party_id for row in held]
    if not people and not holders:
        return
    known = people_for_reader(connection, {*people, *holders}, by_rule=holders)
    called = {party: person["name"] for party, person in known.items() if "name" in person}
    names.people |= called
    names.add(
        NewThing(row.appointment_id, row.council_id, "Council", called[row.party_id])
        for row in held
        if row.party_id in called
    )


def _held(connection: sa.Connection, names: Names, seats: Sequence[str]) -> Sequence[Any]:
    """Who holds or held these seats. A seat has its name within its council: where several have one of that
    name, the council has to be spoken of."""
    known = seat.table.c
    chosen = sa.select(known.council_id, known.appointment_id, known.party_id)
    rows = connection.execute(
        chosen.where(known.appointment_id.in_(seats), known.party_id.is_not(None))
    ).all()
    alike = Counter(row.appointment_id for row in rows)
    return [row for row in rows if alike[row.appointment_id] == 1 or row.council_id in names.things]


def _name_parts(
    connection: sa.Connection, names: Names, data: Sequence[Any], recorded: Sequence[Recorded[Any]]
) -> None:
    """Parts of what is acted on, and of the matters that it speaks of, by their own text."""
    wanted = set(_unnamed(names, data))
    kinds = {e.entity: kind_of(e.stream).__name__ for e in recorded}
    kinds |= {i: row.kind for i, row in names.things.items() if row.kind == "Matter" and i == row.entity}
    called = {i: text for e in recorded for i, text in parts_named(e.data, wanted).items()}
    for entity in list(kinds)[:MOST_ENTITIES]:
        if missing := wanted - called.keys():
            called |= names_of(connection, missing, entity)
    names.add(NewThing(i, recorded[0].entity, kinds[recorded[0].entity], text) for i, text in called.items())


def _unnamed(names: Names, data: Sequence[Any]) -> list[str]:
    return sorted(i for i in ids_in(data) if i not in names.things and "-" in i)
