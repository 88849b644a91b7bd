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
    table = decision_trail.step.table
    chosen = sa.select(table.c.entity, table.c.type).where(
        table.c.entity.in_(wanted), table.c.type.in_(_CONSENT)
    )
    willing: dict[str, bool] = {}
    for party, type_ in connection.execute(chosen.order_by(table.c.position)):
        willing[party] = _CONSENT[type_]
    named = [party for party, yes in willing.items() if yes]
    kept = connection.execute(sa.select(VAULT).where(VAULT.c.party_id.in_(named)))
    personal = {row.party_id: msgspec.json.decode(row.personal) for row in kept}
    return {party: data["name"] for party, data in personal.items() if "name" in data}
