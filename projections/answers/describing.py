"""An event as a reader may see it: the same words in the API, the terminal, the pages and PROV.

Who, when on both axes with precision, why, on what legal basis, from which source, how certain; and for
the public a stub where a part is closed; for everybody but its own side a stub where a self-evaluation is
still sealed (projections/views/plan/sealed.py). Nothing is added that is not in the event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.kernel.closed_values import Pointer, Pointers, Tree, cut, tree_of, unnamed
from domain.kernel.closing import (
    EFFECTIVE_POINTER,
    SPEAKER_FIELDS,
    WHOLE,
    ClosedParts,
    closed_pointers,
    event_part,
)
from domain.kernel.corrected import corrected
from domain.kernel.correction_events import RecordCorrected
from domain.kernel.events import EVIDENCE_KINDS, Actor, Recorded
from domain.kernel.record import kind_of
from domain.kernel.roles import ROLE_NAMES
from domain.kernel.viewer import Viewer
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from projections.answers.labels import citation_json, date_json
from projections.engine.event_json import Json, bilingual, fields_of
from projections.views.matter.decision_trail import things
from projections.views.plan.sealed import is_sheet, seals_for, stub
from projections.views.record.closed_parts import closed_in
from projections.views.record.corrections import standing_and_withdrawn


def _named_by(events: Iterable[Recorded[Any]]) -> set[str]:
    """The ids of the things, parties and documents that events speak of."""
    ids: set[str | None] = set()
    for e in events:
        ids.update((e.subject, e.entity, e.asserted_by, e.actor.party))
        ids.add(e.recorded_by.party if e.recorded_by else None)
        ids.add(e.source.document_id if e.source else None)
        ids.add(e.legal_basis.instrument_id if e.legal_basis else None)
    return {i for i in ids if i}


def _tree(pointers: Pointers) -> Tree:
    """:func:`tree_of`. Where no more is closed than which person did it, most events are alike."""
    if not pointers:
        return {}
    nobody = unnamed()
    if all(why is nobody for why in pointers.values()):
        return _tree_of_persons(tuple(pointers))
    return tree_of(pointers)


@lru_cache(maxsize=1_024)
def _tree_of_persons(pointers: tuple[Pointer, ...]) -> Tree:
    return tree_of(dict.fromkeys(pointers, unnamed()))


class Describer:
    """Describes events for one kind of reader; looks up names and closed parts once for all of them."""

    def __init__(
        self,
        connection: sa.Connection,
        events: Iterable[Recorded[Any]],
        *,
        staff: bool = False,
        viewer: Viewer | None = None,
        known: Mapping[str, Json] | None = None,
    ):
        """``viewer``: who reads; without it, somebody on the staff (``staff``) or the public, and of neither
        side of a sealed sheet. ``known``: things that have been looked up already, by id."""
        viewer = viewer or Viewer(staff)
        self.viewer, self.staff = viewer, viewer.staff
        listed = list(events)
        self.seals = seals_for(connection, viewer, (e.stream for e in listed))
        known = known or {}
        rows = {**known, **things(connection, _named_by(listed) - known.keys())}
        self.names: dict[str, str] = {i: row["title"] for i, row in rows.items() if row["title"]}
        streams = set[str]() if self.staff else {e.stream for e in listed}
        own = {stream for stream in streams if viewer.sides and is_sheet(stream)}
        self.closed = closed_in(connection, streams).inside(own) if streams else ClosedParts({})
        self.standing, self.withdrawn = standing_and_withdrawn(connection, (e.stream for e in listed))

    def describe(self, e: Recorded[Any]) -> Json:
        """One event as it stands now, ready for JSON; what it said before stands in ``corrections``. What is
        sealed tells its position only."""
        description = self._described(e)
        return {**dict.fromkeys(description), **stub(e.position)} if self.hides(e) else description

    def hides(self, e: Recorded[Any]) -> bool:
        """Whether the reader must not know of this event: it is left out of what is about a thing."""
        return self.seals.hides(e)

    def _described(self, e: Recorded[Any]) -> Json:
        label = type(e.data).LABEL
        corrections = self.standing.get(e.event_id, [])
        if corrections:
            e = corrected(e, corrections[-1].data.standing)
        pointers = closed_pointers(e, self.viewer, self.closed)
        closed = pointers.get(WHOLE)
        parts = {} if closed else _tree(pointers)
        subject = e.subject
        return {
            "event_id": e.event_id,
            "position": e.position,
            "stream": e.stream,
            "version": e.version,
            "type": e.type,
            "schema": e.schema,
            "label": bilingual(*label),
            "subject": subject,
            "subject_title": self.names.get(subject),
            "entity": e.entity,
            "kind": kind_of(e.stream).__name__,
            "effective": date_json(EffectiveDate.unknown() if EFFECTIVE_POINTER in pointers else e.effective),
            "recorded_at": e.recorded_at.isoformat().replace("+00:00", "Z"),
            "who": self._who(e.actor, "/actor/party", pointers),
            "recorded_by": e.recorded_by and self._who(e.recorded_by, "/recorded_by/party", pointers),
            "asserted_by": self._party(e.asserted_by),
            "certainty": e.certainty,
            "reason": None if closed else self._reason(e, parts),
            "legal_basis": citation_json(e.legal_basis, self.names) if e.legal_basis else None,
            "source": self._source(e),
            "evidence": None if closed else self._evidence(e, pointers),
            "document_no": None if closed else cut(e.document_no, parts.get("document_no")),
            "note": None if closed else cut(e.note, parts.get("note")),
            "note_en": None if closed or "note" in parts else cut(e.note_en, parts.get("note_en")),
            "moved": self._moved(e, closed is not None, parts),
            "correlation_id": e.correlation_id,
            "causation_id": e.causation_id,
            "data": None if closed else cut(fields_of(e), parts.get("data")),
            "sealed": False,
            "closed_fields": self._closed_fields(e),
            "closed": bilingual(closed.stub("ja"), closed.stub("en")) if closed else None,
            "withdrawn": self._withdrawn(e),
            "corrections": [] if closed else [self._correction(e, made) for made in corrections],
        }

    def _closed_fields(self, e: Recorded[Any]) -> Json:
        """What is closed of an event that is open otherwise, each with why: fields by name, else pointers."""
        if not self.closed.has(e.stream):
            return {}
        part = event_part(e.stream, e.event_id)
        why = self.closed.parts.get(part)
        words = bilingual(why.stub("ja"), why.stub("en")) if why else None
        return dict.fromkeys(self.closed.fields.get(part, ()), words)

    def _reason(self, e: Recorded[Any], parts: Tree) -> str | None:
        closed = parts.get("reason")
        reason = e.reason or getattr(e.data, "reason", None)
        return None if isinstance(closed, Disclosure) else cut(reason, closed)

    def _moved(self, e: Recorded[Any], closed: bool, parts: Tree) -> Json | None:
        """That an import brought it here 移行, and what it is called, and when it was recorded, where it
        comes from."""
        if e.import_batch is None:
            return None
        there = e.source_recorded_at
        return {
            "import_batch": e.import_batch,
            "source_recorded_at": date_json(there) if there is not None and not closed else None,
            "external_id": None if closed else cut(e.external_id, parts.get("external_id")),
            "source_url": None if closed else cut(e.source_url, parts.get("source_url")),
        }

    def _withdrawn(self, e: Recorded[Any]) -> Json | None:
        """That whoever recorded it took it back 取消, on the same day; null if nobody did."""
        made = self.withdrawn.get(e.event_id)
        if made is None:
            return None
        at = made.recorded_at.isoformat().replace("+00:00", "Z")
        reason = None if self.closed.of(made) else made.data.reason
        return {"event_id": made.event_id, "position": made.position, "recorded_at": at, "reason": reason}

    def _correction(self, e: Recorded[Any], made: Recorded[RecordCorrected]) -> Json:
        hidden: set[str] = set(self.closed.fields_of(e.stream, e.event_id))  # it may have stood elsewhere
        hidden |= set() if self.staff else set(SPEAKER_FIELDS)
        changes = [c for c in made.data.changes if c.field.partition(".")[0] not in hidden]
        return {
            "event_id": made.event_id,
            "position": made.position,
            "recorded_at": made.recorded_at.isoformat().replace("+00:00", "Z"),
            "changes": msgspec.to_builtins(changes),
            "reason": made.data.reason,
            "role": made.actor.role,
        }

    def _who(self, actor: Actor, at: str, closed: Pointers) -> Json:
        ja, en = ROLE_NAMES.get(actor.role, (actor.role, actor.role))
        is_closed = not closed.keys().isdisjoint((WHOLE, at))
        party = None if is_closed and not (actor.party or "").startswith("org-") else actor.party
        return {"role": actor.role, "role_label": bilingual(ja, en), **self._party(party)}

    def _evidence(self, e: Recorded[Any], closed: Pointers) -> Json | None:
        """What it rests on beside a document; how that is found again is for the office."""
        if e.evidence is None:
            return None
        return {
            "kind": e.evidence.kind,
            "label": bilingual(*EVIDENCE_KINDS[e.evidence.kind]),
            "on": e.evidence.on.isoformat() if e.evidence.on else None,
            "reference": None if "/evidence/reference" in closed else e.evidence.reference,
        }

    def _party(self, party: str | None) -> Json:
        if party is None:
            return {"party": None, "name": None}
        if party in ROLE_NAMES:
            ja, en = ROLE_NAMES[party]
            return {"party": None, "name": ja, "role_label": bilingual(ja, en)}
        name = self.names.get(party)
        shown = party if self.staff or name else None
        return {"party": shown, "name": name}

    def _source(self, e: Recorded[Any]) -> Json | None:
        if e.source is None:
            return None
        return {
            "document_id": e.source.document_id,
            "title": self.names.get(e.source.document_id),
            "locator": e.source.locator,
            "facts": list(e.source.facts),
        }
