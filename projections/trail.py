"""The trail of a thing: why does it exist, what happened to it, what came of it, what is not recorded?

For a matter, an action, a study, a group, a plan, a council or anything else on record (domain.md S1, S12):
steps ordered by effective interval, the links between them, and the gaps. The same answer goes to the API,
to PROV-JSON, to the terminal and to the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from domain.record import KINDS, RELATIONS, UNKNOWN_ID, Recorded
from projections import decision_trail, gaps
from projections.decision_trail import FoundLink, Reach, positions_of_entity
from projections.describing import Describer
from projections.log import events_at
from projections.naming import Json, both, public_author


def trail(connection: sa.Connection, subject: str, *, staff: bool = False) -> Json:
    """The whole trail of ``subject`` (a public id). Refuses ``UNKNOWN_ID``.

    ``backward`` and ``forward`` hold things and steps; ``own`` what happened to the subject itself. Each
    step says whether its order after the one before it is certain: intervals that overlap have none.
    """
    known = decision_trail.things(connection, [subject]).get(subject)
    if known is None:
        raise UNKNOWN_ID(kind="記録", id=subject)
    backward = decision_trail.reach(connection, subject, "backward")
    forward = decision_trail.reach(connection, subject, "forward")
    # What leads both ways (a council that a matter belongs to, and that it speaks of) stands where it
    # comes first: among the reasons.
    for both_ways in backward.levels.keys() & forward.levels.keys():
        del forward.levels[both_ways]
    own = _all_events_of(connection, subject)
    before = _events_of(connection, backward.levels)
    after = _events_of(connection, forward.levels)
    describer = Describer(connection, [*own, *before, *after], staff=staff)
    every = {subject, *backward.levels, *forward.levels}
    names = decision_trail.things(connection, every)
    return {
        "subject": _thing(subject, names),
        "backward": _side(backward, before, names, describer),
        "own": {"steps": _steps(own, describer)},
        "forward": _side(forward, after, names, describer),
        "links": [
            link_json(made, names, staff=staff)
            for made in sorted(
                {**backward.links, **forward.links}.values(), key=lambda m: (m.position, m.link_id)
            )
            if made.from_id in every and made.to_id in every
        ],
        **account(connection, subject, known, [*backward.levels, *forward.levels]),
        "truncated": backward.truncated or forward.truncated,
    }


def account(connection: sa.Connection, subject: str, known: Json, around: list[str]) -> Json:
    """How complete the record of a thing is: what is not recorded, and for a matter the checks of M16."""
    entities = {row["entity"] for row in decision_trail.things(connection, around).values()}
    types = decision_trail.event_types_of(connection, entities - {known["entity"]})
    if known["entity"] == subject:
        own = events_at(connection, positions_of_entity(connection, subject))
    else:
        own = _all_events_of(connection, subject)
    nearby = set().union(*types.values())
    return {
        "not_recorded": gaps.of(subject, known["kind"], own, nearby),
        "completeness": gaps.completeness(known["kind"], own, nearby),
    }


def account_of(connection: sa.Connection, subject: str) -> Json:
    """:func:`account` for a thing by its id alone. Refuses ``UNKNOWN_ID``."""
    known = decision_trail.things(connection, [subject]).get(subject)
    if known is None:
        raise UNKNOWN_ID(kind="記録", id=subject)
    around = [
        *decision_trail.reach(connection, subject, "backward").levels,
        *decision_trail.reach(connection, subject, "forward").levels,
    ]
    return account(connection, subject, known, around)


def _all_events_of(connection: sa.Connection, subject: str) -> list[Recorded[Any]]:
    return events_at(connection, decision_trail.positions_about(connection, [subject], key_steps_only=False))


def _events_of(connection: sa.Connection, ids: Iterable[str]) -> list[Recorded[Any]]:
    return events_at(connection, decision_trail.positions_about(connection, ids, key_steps_only=True))


def _side(
    found: Reach,
    events: list[Recorded[Any]],
    names: dict[str, Json],
    describer: Describer,
) -> Json:
    return {
        "things": [{**_thing(i, names), "distance": level} for i, level in found.levels.items()],
        "steps": _steps(events, describer),
    }


def _steps(events: list[Recorded[Any]], describer: Describer) -> list[Json]:
    """Described events by effective interval; ties and unknown dates keep the order of the log."""
    ordered = sorted(
        (e for e in events if not describer.hides(e)), key=lambda e: (e.effective.sort_key, e.position)
    )
    steps: list[Json] = []
    previous: Recorded[Any] | None = None
    for e in ordered:
        order = "first" if previous is None else previous.effective.compare(e.effective)
        steps.append({**describer.describe(e), "order_after_previous": order})
        previous = e
    return steps


def _thing(subject: str, names: dict[str, Json]) -> Json:
    row = names.get(subject)
    if row is None:
        return {"id": subject, "kind": None, "kind_label": both("記録のない参照先", "not on record")} | {
            "title": None,
            "entity": subject,
            "collection": None,
        }
    kind = KINDS[row["kind"]]
    return {
        "id": subject,
        "kind": row["kind"],
        "kind_label": both(*kind.LABEL),
        "title": row["title"],
        "entity": row["entity"],
        "collection": kind.COLLECTION,
    }


def link_json(made: FoundLink, names: dict[str, Json], *, staff: bool = False) -> Json:
    """A link with its wording in both directions, who made it, and who withdrew it."""
    ja, en, back_ja, back_en = RELATIONS[made.relation]
    return {
        "link_id": made.link_id,
        "from": _thing(made.from_id, names),
        "to": _thing(made.to_id, names),
        "relation": made.relation,
        "relation_label": both(ja, en),
        "inverse_label": both(back_ja, back_en),
        "made": _act(made.made, staff),
        "withdrawn": _act(made.withdrawn, staff),
    }


def _act(act: Json | None, staff: bool) -> Json | None:
    """Who made or withdrew a link. Which person did, and the words of the event that made it, are for staff:
    the event itself says them, if it may."""
    return act if act is None or staff else {**act, "by": public_author(act["by"]), "reason": None}
