"""Who did it, and who says so: whoever gives the command, or their own body. Anybody else only on behalf, by
the secretariat, and on evidence (truth.md 3): a document on record and the place in it, having been present
as minute taker, a mail.

Never on behalf: what rests on a second person's own judgement (proposing and approving corrections,
redacting, erasing), granting roles, and a side's sealed self-evaluation.
"""

from __future__ import annotations

from domain.kernel.commands import Command, Reader
from domain.kernel.events import Actor
from domain.kernel.record import KINDS
from domain.kernel.refusals import NOT_YOURSELF
from domain.recording.receipts import CommandTerms
from domain.rules import permissions
from domain.values.refusal import refusal

EVIDENCE_REQUIRED = refusal(
    "EVIDENCE_REQUIRED",
    ja="ほかの人や団体に代わって記録するには、根拠が必要です。",
    en="Recording on behalf of another person or body needs what it rests on.",
    rule=permissions.ON_BEHALF,
    next_ja="登録済みの文書（署名された会議録など）とその箇所、会議録作成者として在席したこと、またはメールの日付を示してください。",
    next_en="Give a registered document (signed minutes, say) and the place in it, that you were present as "
    "minute taker, or a mail and its day.",
    kind="invalid",
    since=2,
)
EVIDENCE_UNKNOWN = refusal(
    "EVIDENCE_UNKNOWN",
    ja="根拠とされた文書「{id}」は登録されていません。",
    en="The document “{id}” that this rests on is not registered.",
    rule=permissions.ON_BEHALF,
    next_ja="先にその文書を登録するか、識別子を確かめてください。",
    next_en="Register that document first, or check the identifier.",
    kind="invalid",
    since=2,
)

ACTOR_UNKNOWN = refusal(
    "ACTOR_UNKNOWN",
    ja="それをしたとされた人や団体「{id}」は登録されていません。",
    en="The person or body “{id}”, named as having done this, is not on record.",
    rule=permissions.ON_BEHALF,
    next_ja="先にその人や団体を登録するか、役割だけを示してください。",
    next_en="Register that person or body first, or give the role alone.",
    kind="invalid",
    since=5,
)

WRITES_DOWN = "SEC"
"""Who writes down what others did."""
ON_BEHALF = frozenset({WRITES_DOWN, "IMP"})
"""Who writes down what others said."""
OWN_BODY: dict[str, frozenset[str]] = {
    "CHR": frozenset({"council"}),
    "APR": frozenset({"city"}),
    "DIS": frozenset({"city"}),
    "EV-G": frozenset({"city"}),
}
"""For which body a role speaks, besides for itself."""
IN_PERSON = frozenset(
    {
        "propose_correction",
        "approve_correction",
        "decline_correction",
        "correct_minutes",
        "redact",
        "lift_redaction",
        "close_at_once",
        "confirm_closing",
        "review_disclosure",
        "change_disclosure",
        "request_erasure",
        "decline_erasure",
        "erase",
        "erase_commenter",
        "erase_requester",
        "grant_role",
        "revoke_role",
        "submit_self_evaluation",
        "correct_self_evaluation",
    }
)
"""Commands that nobody gives for another."""
WHERE = "/record/asserted_by"
WHO = "/record/actor"


def may_be_on_behalf(command: Command) -> bool:
    """Whether the secretariat may record on behalf of somebody what this command does."""
    return command.name not in IN_PERSON


def is_asserted_for_another(terms: CommandTerms) -> bool:
    """Whether the facts are asserted by somebody else than whoever did it, and their body."""
    named = terms.envelope.get("asserted_by")
    own = {*_speaks_for(terms.acted), *_speaks_for(terms.actor)}
    return named is not None and named not in own and not terms.importing


def _speaks_for(actor: Actor) -> set[str | None]:
    return {actor.party, actor.role, *OWN_BODY.get(actor.role, ())}


def permit_on_behalf(command: Command, terms: CommandTerms) -> None:
    """Refuses ``NOT_YOURSELF`` where nobody may act or assert for another, ``EVIDENCE_REQUIRED`` where one
    may."""
    acts, asserts = terms.on_behalf_of is not None, is_asserted_for_another(terms)
    in_person = not may_be_on_behalf(command)
    if acts and (in_person or WRITES_DOWN not in terms.roles):
        raise NOT_YOURSELF().at(WHO)
    if asserts and (in_person or not ON_BEHALF & {terms.actor.role, *(terms.roles if acts else ())}):
        raise NOT_YOURSELF().at(WHERE)
    if acts or asserts:
        _has_evidence(terms)


def _has_evidence(terms: CommandTerms) -> None:
    evidence = terms.envelope.get("evidence")
    if terms.envelope.get("source") is None and evidence is None:
        raise EVIDENCE_REQUIRED().at("/record/source")
    if evidence is not None and evidence.kind == "mail" and evidence.on is None:
        raise EVIDENCE_REQUIRED().at("/record/evidence/on")


def evidence_must_exist(reader: Reader, terms: CommandTerms) -> None:
    """Refuses ``EVIDENCE_UNKNOWN`` where what is recorded on behalf rests on a document that is not on
    record, ``ACTOR_UNKNOWN`` where whoever did it is not."""
    acted = terms.on_behalf_of
    if acted is None and not is_asserted_for_another(terms):
        return
    source = terms.envelope.get("source")
    if source is not None and reader.find(KINDS["Document"], source.document_id) is None:
        raise EVIDENCE_UNKNOWN(id=source.document_id).at("/record/source/document_id")
    if acted is not None and acted.party is not None:
        party = reader.find(KINDS["Party"], acted.party)
        if party is None or party.state not in ("person", "organisation"):
            raise ACTOR_UNKNOWN(id=acted.party).at(f"{WHO}/party")
