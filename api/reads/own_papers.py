"""What a member may read of the papers of their own council."""

from __future__ import annotations

import sqlalchemy as sa

from api.access.auth import current_caller
from api.http.clock import today
from domain.values.disclosure import Disclosure
from projections.answers.own_papers import papers_of, seats_of

MEMBERS = ("MEM", "CHR", "LDR")
"""Roles of those who hold a seat."""


def own_councils(connection: sa.Connection) -> set[str]:
    """The councils on which the caller serves today."""
    caller = current_caller()
    if caller is None or caller.party_id is None or caller.roles.isdisjoint(MEMBERS):
        return set()
    return {seat.council_id for seat in seats_of(connection, caller.party_id, today())}


def own_paper(connection: sa.Connection, document: str, ground: Disclosure) -> bool:
    """Whether a document is internal, and a paper of a council on which the caller serves."""
    if ground.visibility != "internal":
        return False
    return document in papers_of(connection, own_councils(connection), {document})
