"""Who asserts a fact: whoever gives the command, or their own body. Anybody else only on behalf, by the
secretariat, and on evidence (what was signed, a mail, the paper it stands in): a document on record.

Never on behalf: what rests on a second person's own judgement (approving, redacting, erasing), and a side's
sealed self-evaluation.
"""

from __future__ import annotations

from domain.kernel.commands import Command, Reader
from domain.kernel.record import KINDS
from domain.recording.receipts import CommandTerms
from domain.rules import permissions
from domain.values.refusal import refusal

NOT_YOURSELF = refusal(
    "NOT_YOURSELF",
    ja="ほかの人や団体が述べたこととしては記録できません。自分か、自分の属する組織が述べたこととして記録します。",
    en="This cannot be recorded as said by another person or body: only as said by yourself, or by the body "
    "you act for.",
    rule=permissions.ONESELF,
    next_ja="record の asserted_by を省いてください。代わって記録できるのは事務局で、根拠の資料（source）を示"
    "します。",
    next_en="Leave “asserted_by” out of “record”. The secretariat may record it on behalf, with the document "
    "it rests on (“source”).",
    kind="forbidden",
    since=2,
)
EVIDENCE_REQUIRED = refusal(
    "EVIDENCE_REQUIRED",
    ja="ほかの人や団体に代わって記録するには、根拠となる資料が必要です。",
    en="Recording on behalf of another person or body needs the document it rests on.",
    rule=permissions.ON_BEHALF,
    next_ja="record の source に、登録済みの文書（署名された会議録、メールなど）とその箇所を記入してくださ"
    "い。",
    next_en="Give the registered document (signed minutes, a mail) and the place in it as “source” in "
    "“record”.",
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

ON_BEHALF = frozenset({"SEC", "IMP"})
"""Who writes down what others did."""
OWN_BODY: dict[str, frozenset[str]] = {
    "CHR": frozenset({"council"}),
    "APR": frozenset({"city"}),
    "DIS": frozenset({"city"}),
    "EV-G": frozenset({"city"}),
}
"""For which body a role speaks, besides for itself."""
IN_PERSON = frozenset(
    {
        "approve_correction",
        "decline_correction",
        "redact",
        "lift_redaction",
        "erase",
        "erase_commenter",
        "submit_self_evaluation",
        "correct_self_evaluation",
    }
)
"""Commands that nobody gives for another."""
WHERE = "/record/asserted_by"


def is_on_behalf(terms: CommandTerms) -> bool:
    """Whether the facts are asserted by somebody else than whoever gives the command, and their body."""
    named, actor = terms.envelope.get("asserted_by"), terms.actor
    own = {actor.party, actor.role, *OWN_BODY.get(actor.role, ())}
    return named is not None and named not in own and not terms.importing


def permit_asserting(command: Command, terms: CommandTerms) -> None:
    """Refuses ``NOT_YOURSELF`` where nobody may assert for another, ``EVIDENCE_REQUIRED`` where one may."""
    if not is_on_behalf(terms):
        return
    if terms.actor.role not in ON_BEHALF or command.name in IN_PERSON:
        raise NOT_YOURSELF().at(WHERE)
    if terms.envelope.get("source") is None:
        raise EVIDENCE_REQUIRED().at("/record/source")


def evidence_must_exist(reader: Reader, terms: CommandTerms) -> None:
    """Refuses ``EVIDENCE_UNKNOWN`` where what an assertion on behalf rests on is not on record."""
    source = terms.envelope.get("source")
    if is_on_behalf(terms) and source is not None:
        document = source.document_id
        if reader.find(KINDS["Document"], document) is None:
            raise EVIDENCE_UNKNOWN(id=document).at("/record/source/document_id")
