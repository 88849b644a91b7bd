"""Names of people, from the vault: of those only who consented to being named (domain.md 3 PII, 4.11)."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from projections.tables.durable import VAULT
from projections.views.matter import decision_trail

_CONSENT = {
    "NamePublicationConsentGiven": True,
    "NamePublicationConsentWithdrawn": False,
    "PersonErased": False,
}


def public_names(connection: sa.Connection, parties: Iterable[str]) -> dict[str, str]:
    """The names of those of these people who may be named in public."""
    wanted = sorted(set(parties))
    if not wanted:
        return {}
    table = decision_trail.step.table
    joined = table.outerjoin(VAULT, VAULT.c.party_id == table.c.entity)
    chosen = sa.select(table.c.entity, table.c.type, VAULT.c.personal).select_from(joined)
    chosen = chosen.where(table.c.entity.in_(wanted), table.c.type.in_(_CONSENT)).order_by(table.c.position)
    personal = {party: kept if _CONSENT[type_] else None for party, type_, kept in connection.execute(chosen)}
    known = {party: msgspec.json.decode(kept) for party, kept in personal.items() if kept is not None}
    return {party: data["name"] for party, data in known.items() if "name" in data}
