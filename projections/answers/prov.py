"""The trail as PROV-JSON (W3C PROV-DM), written with the prov library.

Things are entities (parties, councils and groups: agents), events are activities that generated or used
them, links are derivations. Each goes by its name for ever, which is absolute; what we say of it beyond PROV
goes by terms that are the same in every record. PROV times are instants, so they are given only where an
instant is known; every other date stands in ``kyodo:effective`` with its precision.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from prov.model import ProvDocument

from projections.engine.event_json import Json

TERMS = "urn:kyodo-record:"
AGENT_KINDS = {"Party", "Council", "WorkingGroup"}

NameOf = Callable[[str | None, str], str]
"""``name(kind, id)``: how something is called behind the common beginning of all names. ``kind`` is the class
of its aggregate by name, ``event``, or None if it is not on record."""


@dataclass
class _Writing:
    """A document that is being written."""

    name: NameOf
    document: ProvDocument
    made: dict[str, str] = field(default_factory=dict)
    """What each thing that has been written is called."""


def prov_json(trail: Json, base: str, name: NameOf) -> Json:
    """A trail (see projections/answers/trail.py) as a PROV-JSON object. ``base``: the absolute address with
    which all names begin, behind which ``name`` stands."""
    document = ProvDocument()
    document.add_namespace("kyodo", TERMS)
    document.add_namespace("record", base)
    writing = _Writing(lambda kind, value: f"record:{name(kind, value)}", document)
    sides = (trail["backward"], trail["forward"])
    for thing in [trail["subject"], *(t for side in sides for t in side["things"])]:
        _thing(writing, thing)
    for step in [*trail["backward"]["steps"], *trail["own"]["steps"], *trail["forward"]["steps"]]:
        _step(writing, step)
    for link in trail["links"]:
        _link(writing, link)
    return dict(json.loads(document.serialize(format="json") or "{}"))


def _thing(writing: _Writing, thing: Json) -> str:
    """What a thing is called; it is written when it is first met."""
    called = writing.made.get(thing["id"])
    if called is not None:
        return called
    called = writing.made[thing["id"]] = writing.name(thing["kind"], thing["id"])
    attributes = {"prov:label": thing["title"] or thing["id"], "kyodo:kind": thing["kind"] or "unknown"}
    if thing["kind"] in AGENT_KINDS:
        writing.document.agent(called, attributes)
    # What can act is also something that came about: PROV allows one name to be both.
    writing.document.entity(called, attributes)
    return called


def _step(writing: _Writing, step: Json) -> None:
    document, effective = writing.document, step["effective"]
    exact = effective["value"] if effective["precision"] == "instant" else None
    activity = document.activity(
        writing.name("event", str(step["position"])),
        startTime=exact,
        other_attributes={
            "prov:type": step["type"],
            "prov:label": step["label"]["ja"],
            "kyodo:eventId": step["event_id"],
            "kyodo:effective": effective["value"] or "unknown",
            "kyodo:precision": effective["precision"],
            "kyodo:basis": effective["basis"],
            "kyodo:recordedAt": step["recorded_at"],
            "kyodo:certainty": step["certainty"],
        },
    )
    subject = {"id": step["subject"], "title": step["subject_title"], "kind": step["kind"]}
    document.wasGeneratedBy(_thing(writing, subject), activity)
    if step["who"]["party"]:
        agent = {"id": step["who"]["party"], "title": step["who"]["name"], "kind": "Party"}
        document.wasAssociatedWith(activity, _thing(writing, agent))
    if step["recorded_by"]:
        activity.add_attributes({"kyodo:recordedBy": step["recorded_by"]["role"]})
    if step["source"]:
        source = step["source"]
        used = {"id": source["document_id"], "title": source["title"], "kind": "Document"}
        document.used(activity, _thing(writing, used))


def _link(writing: _Writing, link: Json) -> None:
    later, earlier = (_thing(writing, end) for end in (link["from"], link["to"]))
    if link["withdrawn"] is None:
        document = writing.document
        relation = {"kyodo:relation": link["relation"], "kyodo:linkId": link["link_id"]}
        document.wasDerivedFrom(later, earlier, other_attributes=relation)
