"""Party register 人と団体: which people and organisations the record knows.

A person is here by id alone: the name lies in the vault. An organisation's name is public.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.party.aggregate import (
    AffiliationEnded,
    AffiliationRecorded,
    ErasureDeclined,
    ErasureRequested,
    NamePublicationConsentGiven,
    NamePublicationConsentWithdrawn,
    OrganisationRegistered,
    PersonDetailsChanged,
    PersonErased,
    PersonMerged,
    PersonRegistered,
)
from projections.engine.event_json import event_json
from projections.engine.view import Key, Row, View, column, json_column, key, number

VIEW = View("party_register", 3, ja="人と団体", en="People and organisations", source=__name__)

party = VIEW.table(
    "party",
    key("party_id"),
    column("kind", index=True, required=True),
    column("state", index=True, required=True),
    column("name"),
    column("category", index=True),
    column("merged_into"),
    number("may_be_named"),
    number("position", required=True),
    json_column("doc"),
)


@party.on(PersonRegistered)
def _person(row: Row | None, e: Recorded[PersonRegistered], _: Key) -> Row:
    return {
        "kind": "person",
        "state": "person",
        "name": None,
        "category": None,
        "merged_into": None,
        "may_be_named": 0,
        "position": e.position,
        "doc": {"registered": event_json(e, leave_out=("vault_ref",)), "course": []},
    }


@party.on(OrganisationRegistered)
def _organisation(row: Row | None, e: Recorded[OrganisationRegistered], _: Key) -> Row:
    return {
        "kind": "organisation",
        "state": "organisation",
        "name": e.data.name_ja,
        "category": e.data.category,
        "merged_into": None,
        "may_be_named": None,
        "position": e.position,
        "doc": {"registered": event_json(e), "course": []},
    }


@party.on(
    AffiliationRecorded,
    AffiliationEnded,
    NamePublicationConsentGiven,
    NamePublicationConsentWithdrawn,
    PersonDetailsChanged,
    ErasureRequested,
    ErasureDeclined,
    PersonMerged,
    PersonErased,
)
def _course(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is None:
        return None
    if isinstance(
        e.data, NamePublicationConsentGiven | NamePublicationConsentWithdrawn | PersonMerged | PersonErased
    ):
        row["may_be_named"] = int(isinstance(e.data, NamePublicationConsentGiven))
    if isinstance(e.data, PersonMerged):
        row["state"], row["merged_into"] = "merged", e.data.into
    elif isinstance(e.data, PersonErased):
        row["state"] = "erased"
    row["doc"]["course"].append({"type": e.type, **event_json(e)})
    return row


def parties(
    *, kind: str | None = None, category: str | None = None, state: str | None = None
) -> sa.Select[Any]:
    """People and organisations in the order they were registered; ``kind``: person or organisation."""
    table = party.table
    chosen = sa.select(table).order_by(table.c.position, table.c.party_id)
    for name, wanted in (("kind", kind), ("category", category), ("state", state)):
        if wanted is not None:
            chosen = chosen.where(table.c[name] == wanted)
    return chosen
