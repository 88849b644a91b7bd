"""A form's command, tried and given: the sentences that will stand in the record, refusals at their
controls, and the act itself, once.

What is tried is what is recorded later, by the same code; the sentences are those of the public page
(api/pages/parts/steps.py). A form whose words have changed since they were shown is shown again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa

from api.access.access_log import refusals_noted
from api.access.auth import required_caller
from api.commands import give, rehearse
from api.http.json_fields import MISSING_FIELD
from api.http.problems import InvalidInput
from api.http.schemas import accept
from api.office.desk.in_words import in_steps
from api.office.desk.refused import shown
from api.office.forms.command_form import CommandForm
from api.office.forms.fields.typed import Typed
from domain.kernel.events import Recorded
from domain.recording.receipts import Receipt
from domain.values.refusal import Refusal
from projections.engine.event_json import Json

SAID = (
    *("title", "subject", "text", "when", "actor_label", "written_label", "details"),
    *("reason", "document_no", "legal_basis", "note", "source"),
)
"""What of a step of a trail stands in the frame of the record."""
UNSEEN = ("/size_bytes", "/media_type")
"""What a file says besides its digest, which has no control."""


@dataclass
class Tried:
    """``sentences``: what will stand in the record, if nothing is refused; ``digest``: of what was tried."""

    sentences: list[Json] = field(default_factory=list)
    warnings: list[Json] = field(default_factory=list)
    digest: str = ""
    done_already: bool = False


def tried(
    connection: sa.Connection, form: CommandForm, entity: str | None, typed: Typed, version: int | None
) -> Tried:
    """Try the command of a form. What is refused is noted in ``typed``, and there are no sentences then."""
    body = accepted(form, typed)
    if body is None:
        return Tried()
    command = form.command
    with refusals_noted(command, entity):
        try:
            unit = rehearse(command, entity, body, expected_version=version, key=command_key(form))
        except Refusal as refused:
            typed.refuse(refused)
            return Tried()
    if unit is None:
        return Tried(digest=digest_of(body), done_already=True)
    return Tried(said(connection, unit.recorded), [shown(w) for w in unit.warnings], digest_of(body))


def given(form: CommandForm, entity: str | None, body: Json, version: int | None) -> Receipt:
    """Give the command of a form, once. Refuses as the domain does."""
    with refusals_noted(form.command, entity):
        return give(form.command, entity, body, expected_version=version, key=command_key(form))


def accepted(form: CommandForm, typed: Typed) -> Json | None:
    """The body of the command, if every control could be read and holds what its type allows; what is wrong
    is noted in ``typed``."""
    body = form.body(typed)
    unread = {fault.pointer for fault in typed.faults}
    try:
        checked = accept(form.command, body)
    except InvalidInput as invalid:
        for fault in invalid.faults:
            unsaid = fault.declared is MISSING_FIELD
            if fault.pointer in UNSEEN or (unsaid and fault.pointer in unread):
                continue
            typed.refuse(fault)
        return None
    return None if typed.faults else checked


def command_key(form: CommandForm) -> str:
    """The idempotency key of a form: that of its account."""
    return f"{required_caller().account_id}:form.{form.key}"


def digest_of(body: Json) -> str:
    """A digest of what a form says."""
    return hashlib.sha256(msgspec.json.encode(body, order="sorted")).hexdigest()


def said(connection: sa.Connection, events: Sequence[Recorded[Any]]) -> list[Json]:
    """Events in the words of the public page."""
    return [
        {**{name: step[name] for name in SAID}, "linked": linked}
        for step, linked in in_steps(connection, events)
    ]
