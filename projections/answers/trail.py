"""The trail of a thing: why does it exist, what happened to it, what came of it, what is not recorded?

For a matter, an action, a study, a group, a plan, a council or anything else on record (domain.md S1, S12):
steps ordered by effective interval, the links between them, and the gaps. The same answer goes to the API,
to PROV-JSON, to the terminal and to the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.kernel.links import RELATIONS
from domain.kernel.record import KINDS
from domain.kernel.refusals import UNKNOWN_ID
from projections.answers import gaps
from projections.answers.describing import Describer
from projections.answers.reach import around
from projections.engine.event_json import Json, bilingual, public_author
from projections.views.matter import decision_trail
from projections.views.matter.decision_trail import MOST_STEPS, FoundLink, Reach


def trail(connection: sa.Connection, subject: str, *, staff: bool = False) -> Json:
    """The whole trail of ``subject`` (a public id). Refuses ``UNKNOWN_ID``.

    ``backward`` and ``forward`` hold things and steps; ``own`` what happened to the subject itself. Each
    step says whether its order after the one before it is certain: intervals that overlap have none.
    """
    known = decision_trail.things(connection, [subject]).get(subject)
    if known is None:
        raise UNKNOWN_ID(kind="記録", id=subject)
    reached = around(connection, subject)
    backward, forward = reached.backward, replace(reached.forward, levels={**reached.forward.levels})
    # What leads both ways (a council that a matter belongs to, and that it speaks of) stands where it
    # comes first: among the reasons.
    for both_ways in backward.levels.keys() & forward.levels.keys():
        del forward.levels[both_ways]
    own, whole = _events_of(connection, subject, known)
    before = decision_trail.events_about(connection, backward.levels, key_steps_only=True)
    after = decision_trail.events_about(connection, forward.levels, key_steps_only=True)
    every = {subject, *backward.levels, *forward.levels}
    rows = decision_trail.things(connection, every)
    describer = Describer(connection, [*own, *before, *after], staff=staff, known=rows)
    return {
        "subject": _thing(subject, rows),
        "backward": _side(backward, before, rows, describer),
        "own": {"steps": _steps(own, describer)},
        "forward": _side(forward, after, rows, describer),
        "links": [
            link_json(made, rows, staff=staff)
            for made in sorted(
                {**backward.links, **forward.links}.values(), key=lambda m: (m.position, m.link_id)
            )
            if made.from_id in every and made.to_id in every
        ],
        **_account(connection, subject, known, whole, [row for i, row in rows.items() if i != subject]),
        "truncated": backward.truncated or forward.truncated,
    }


def account_of(connection: sa.Connection, subject: str) -> Json:
    """How complete the record of a thing is: what is not recorded, and for a matter the checks of M16.
    Refuses ``UNKNOWN_ID``."""
    known = decision_trail.things(connection, [subject]).get(subject)
    if known is None:
        raise UNKNOWN_ID(kind="記録", id=subject)
    reached = around(connection, subject)
    others = decision_trail.things(connection, {*reached.backward.levels, *reached.forward.levels})
    _, whole = _events_of(connection, subject, known)
    return _account(connection, subject, known, whole, others.values())


def _account(
    connection: sa.Connection,
    subject: str,
    known: Json,
    own: list[Recorded[Any]],
    others: Iterable[Json],
) -> Json:
    entities = {row["entity"] for row in others}
    types = decision_trail.event_types_of(connection, entities - {known["entity"]})
    nearby = set().union(*types.values())
    return {
        "not_recorded": gaps.of(subject, known["kind"], own, nearby),
        "completeness": gaps.completeness(known["kind"], own, nearby),
    }


def _events_of(
    connection: sa.Connection, subject: str, known: Json
) -> tuple[list[Recorded[Any]], list[Recorded[Any]]]:
    """The events about a thing; and those that say how complete the record of it is: of an aggregate, also
    those about its parts."""
    if known["entity"] != subject:
        own = decision_trail.events_about(connection, [subject], key_steps_only=False)
        return own, own
    whole = decision_trail.events_of_entity(connection, subject)
    if len(whole) < MOST_STEPS:
        return [e for e in whole if e.subject == subject], whole
    return decision_trail.events_about(connection, [subject], key_steps_only=False), whole


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
        return {"id": subject, "kind": None, "kind_label": bilingual("記録のない参照先", "not on record")} | {
            "title": None,
            "entity": subject,
            "collection": None,
        }
    kind = KINDS[row["kind"]]
    return {
        "id": subject,
        "kind": row["kind"],
        "kind_label": bilingual(*kind.LABEL),
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
        "relation_label": bilingual(ja, en),
        "inverse_label": bilingual(back_ja, back_en),
        "made": _act(made.made, staff),
        "withdrawn": _act(made.withdrawn, staff),
    }


def _act(act: Json | None, staff: bool) -> Json | None:
    """Who made or withdrew a link. Which person did, and the words of the event that made it, are for staff:
    the event itself says them, if it may."""
    return act if act is None or staff else {**act, "by": public_author(act["by"]), "reason": None}
