"""In whose name a fact stands: one's own, one's own body's, or on behalf and on evidence."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kernel.commands import Command
from domain.kernel.events import Actor, Source
from domain.kernel.record import KINDS
from domain.recording.asserting import IN_PERSON, ON_BEHALF, OWN_BODY, WHERE
from domain.recording.permission import permit
from domain.recording.receipts import CommandTerms
from domain.values.refusal import Refusal
from tests.support.given import TestRecord

EVERY = [
    pytest.param(command, role, id=f"{command.aggregate.__name__}.{command.name} {role}")
    for kind in KINDS.values()
    for command in kind.COMMANDS.values()
    for role in command.roles
]
SIGNED = Source("doc-signed", "3頁")


def terms(role: str, asserted_by: str, **more: Any) -> CommandTerms:
    said = {"asserted_by": asserted_by, **more}
    return CommandTerms(Actor(role, "p-own"), frozenset({role}), said)


def refused(command: Command, given: CommandTerms) -> tuple[str, str | None] | None:
    try:
        permit(command, given)
    except Refusal as told:
        return told.code, told.pointer
    return None


@pytest.mark.parametrize(("command", "role"), EVERY)
def test_nobody_says_in_another_s_name_what_rests_on_no_evidence(command: Command, role: str) -> None:
    for other in ("p-other", "org-kanazawa-city", "council-1"):
        with_evidence = refused(command, terms(role, other, source=SIGNED))
        without = refused(command, terms(role, other))
        if role in ON_BEHALF and command.name not in IN_PERSON:
            assert (with_evidence, without) == (None, ("EVIDENCE_REQUIRED", "/record/source"))
        else:
            assert with_evidence == without == ("NOT_YOURSELF", WHERE)


@pytest.mark.parametrize(("command", "role"), EVERY)
def test_everybody_speaks_for_themselves_and_for_their_body(command: Command, role: str) -> None:
    for own in ("p-own", role, *OWN_BODY.get(role, ())):
        assert refused(command, terms(role, own)) is None
    bodies = {"city", "council"} - OWN_BODY.get(role, frozenset())
    assert all(refused(command, terms(role, body)) for body in bodies)


def test_what_is_never_done_on_behalf_is_a_command() -> None:
    names = {name for kind in KINDS.values() for name in kind.COMMANDS}
    assert names >= IN_PERSON


def test_on_behalf_rests_on_a_document_that_is_on_record(record: TestRecord) -> None:
    said = {"asserted_by": "p-member", "source": SIGNED}
    organisation: dict[str, Any] = {"name_ja": "校下町会", "category": "neighbourhood"}
    with pytest.raises(Refusal) as told:
        record.do("SEC", "Party", "org-1", "register_organisation", envelope=said, **organisation)
    assert (told.value.code, told.value.pointer) == ("EVIDENCE_UNKNOWN", "/record/source/document_id")
    assert record.events == []
    record.do("SEC", "Document", "doc-signed", "register", title="会議録", kind="minutes", disclosure={})
    (event,) = record.do("SEC", "Party", "org-1", "register_organisation", envelope=said, **organisation)
    assert (event.asserted_by, event.source) == ("p-member", SIGNED)


def test_an_import_says_what_its_sources_say(record: TestRecord) -> None:
    said = {"asserted_by": "city", "source": Source("doc-later")}
    record.do(
        "IMP",
        "Party",
        "org-1",
        "register_organisation",
        importing=True,
        envelope=said,
        name_ja="校下町会",
        category="neighbourhood",
    )
    assert record.events[0].asserted_by == "city"
