"""The trail as PROV-JSON (W3C PROV-DM), written with the prov library.

Things are entities (parties, councils and groups: agents), events are activities that generated or used
them, links are derivations. PROV times are instants, so they are given only where an instant is known; every
other date stands in ``kyodo:effective`` with its precision.
"""

from __future__ import annotations

import json
from typing import Any

from prov.model import ProvDocument

from projections.engine.event_json import Json

NAMESPACE = "urn:kyodo-record:"
AGENT_KINDS = {"Party", "Council", "WorkingGroup"}


def prov_json(trail: Json) -> Json:
    """A trail (see projections/answers/trail.py) as a PROV-JSON object."""
    document = ProvDocument()
    document.add_namespace("kyodo", NAMESPACE)
    document.set_default_namespace(NAMESPACE)
    made: dict[str, Any] = {}
    sides = (trail["backward"], trail["forward"])
    for thing in [trail["subject"], *(t for side in sides for t in side["things"])]:
        _thing(document, made, thing)
    for step in [*trail["backward"]["steps"], *trail["own"]["steps"], *trail["forward"]["steps"]]:
        _step(document, made, step)
    for link in trail["links"]:
        _link(document, made, link)
    return dict(json.loads(document.serialize(format="json") or "{}"))


def _name(kind: str, value: str) -> str:
    return f"kyodo:{kind}/{value.replace('#', '/')}"


def _thing(document: ProvDocument, made: dict[str, Any], thing: Json) -> Any:
    if thing["id"] not in made:
        attributes = {"prov:label": thing["title"] or thing["id"], "kyodo:kind": thing["kind"] or "unknown"}
        is_agent = thing["kind"] in AGENT_KINDS
        make = document.agent if is_agent else document.entity
        made[thing["id"]] = make(_name("thing", thing["id"]), attributes)
        if is_agent:
            # What can act is also something that came about: PROV allows one name to be both.
            document.entity(_name("thing", thing["id"]), attributes)
    return made[thing["id"]]


def _step(document: ProvDocument, made: dict[str, Any], step: Json) -> None:
    effective = step["effective"]
    exact = effective["value"] if effective["precision"] == "instant" else None
    activity = document.activity(
        _name("event", step["event_id"]),
        startTime=exact,
        other_attributes={
            "prov:type": step["type"],
            "prov:label": step["label"]["ja"],
            "kyodo:effective": effective["value"] or "unknown",
            "kyodo:precision": effective["precision"],
            "kyodo:basis": effective["basis"],
            "kyodo:recordedAt": step["recorded_at"],
            "kyodo:certainty": step["certainty"],
        },
    )
    subject = {"id": step["subject"], "title": step["subject_title"], "kind": step["kind"]}
    _thing(document, made, subject)
    document.wasGeneratedBy(_name("thing", step["subject"]), activity)
    if step["who"]["party"]:
        agent = {"id": step["who"]["party"], "title": step["who"]["name"], "kind": "Party"}
        _thing(document, made, agent)
        document.wasAssociatedWith(activity, _name("thing", agent["id"]))
    if step["source"]:
        source = step["source"]
        _thing(document, made, {"id": source["document_id"], "title": source["title"], "kind": "Document"})
        document.used(activity, _name("thing", source["document_id"]))


def _link(document: ProvDocument, made: dict[str, Any], link: Json) -> None:
    for end in (link["from"], link["to"]):
        _thing(document, made, end)
    if link["withdrawn"] is None:
        document.wasDerivedFrom(
            _name("thing", link["from"]["id"]),
            _name("thing", link["to"]["id"]),
            other_attributes={"kyodo:relation": link["relation"], "kyodo:linkId": link["link_id"]},
        )
