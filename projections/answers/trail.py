"""The trail of a thing: why does it exist, what happened to it, what came of it, what is not recorded?

For a matter, an action, a study, a group, a plan, a council or anything else on record (domain.md S1, S12):
steps ordered by effective interval, the links between them, and the gaps. The same answer goes to the API,
to PROV-JSON, to the terminal and to the page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.kernel.links import RELATIONS
from domain.kernel.record import KINDS
from domain.kernel.refusals import UNKNOWN_ID
from projections.answers import gaps
from projections.answers.describing import Describer
from projections.answers.reach import EventsAround, around, events_around
from projections.engine.event_json import Json, bilingual, public_author
from projections.views.matter import decision_trail
from projections.views.matter.decision_trail import MOST_STEPS, FoundLink, Reach


def trail(connection: sa.Connection, subject: str, *, staff: bool = False) -> Json:
    """The whole trail of ``subject`` (a public id). Refuses ``UNKNOWN_ID``.

    ``backward`` and ``forward`` hold things and steps; ``own`` what happened to the subject itself. Each
    step says whether its order after the one before it is certain: intervals that overlap have none.
    """
    reached = around(connection, subject)
    known = reached.things.get(subject)
    if known is None:
        raise UNKNOWN_ID(kind="記録", kind_en="record", id=subject)
    backward, forward = reached.backward, replace(reached.forward, levels={**reached.forward.levels})
    # What leads both ways (a council that a matter belongs to, and that it speaks of) stands where it
    # comes first: among the reasons.
    for both_ways in backward.levels.keys() & forward.levels.keys():
        del forward.levels[both_ways]
    every, rows = {subject, *backward.levels, *forward.levels}, reached.things
    events = events_around(connection, reached, backward.levels, forward.levels)
    own, before, after = _own(connection, subject, known, events.own), events.before, events.after
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
        **_account(subject, known, events),
        "truncated": backward.truncated or forward.truncated,
    }


def account_of(connection: sa.Connection, subject: str) -> Json:
    """How complete the record of a thing is: what is not recorded, and for a matter the checks of M16.
    Refuses ``UNKNOWN_ID``."""
    reached = around(connection, subject)
    known = reached.things.get(subject)
    if known is None:
        raise UNKNOWN_ID(kind="記録", kind_en="record", id=subject)
    return _account(subject, known, events_around(connection, reached))


def _account(subject: str, known: Json, events: EventsAround) -> Json:
    return {
        "not_recorded": gaps.of(subject, known["kind"], events.own, events.types),
        "completeness": gaps.completeness(known["kind"], events.own, events.types),
    }


def _own(
    connection: sa.Connection, subject: str, known: Json, whole: list[Recorded[Any]]
) -> list[Recorded[Any]]:
    """The events about a thing itself."""
    if known["entity"] != subject:
        return whole
    if len(whole) < MOST_STEPS:
        return [e for e in whole if e.subject == subject]
    return decision_trail.events_about(connection, [subject], key_steps_only=False)


def _side(
    reach: Reach,
    events: list[Recorded[Any]],
    names: dict[str, Json],
    describer: Describer,
) -> Json:
    return {
        "things": [{**_thing(i, names), "distance": level} for i, level in reach.levels.items()],
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
