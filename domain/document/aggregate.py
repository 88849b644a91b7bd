"""Documents 文書: what facts are taken from, and who may see it.

The record holds what identifies a document (number, date, checksum); its content, where it is held, is kept
beside the record (domain/document/content.py). A document number 文書番号 is given once (domain.md 3, O33).
What is closed is opened only after the disclosure officer has decided so and said why (domain.md 3 and 4.11,
O14, O32).

One story: a document from its registration to its disposal, and who may see it meanwhile.
"""

from __future__ import annotations

import unicodedata
from typing import Any, ClassVar, Literal

from domain.document.content import (
    CHECKSUM_DIFFERS,
    CONTENT_ALREADY_HELD,
    DocumentContentAttached,
    is_checksum,
)
from domain.kernel.commands import command, on, refuses
from domain.kernel.correction import Correctable
from domain.kernel.correction_refusals import FIELD_NOT_CORRECTABLE
from domain.kernel.events import Event, Recorded
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, TAKEN, WRONG_STATE
from domain.kernel.when import TOLD
from domain.rules import disclosure, documents
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from domain.values.fields import Count, Line, Text, Url, Word, Year
from domain.values.law import Citation, DocumentNo
from domain.values.refusal import Refusal, refusal

DOCUMENT_NO_TAKEN = refusal(
    "DOCUMENT_NO_TAKEN",
    ja="文書番号「{value}」の文書は既に登録されています。",
    en="A document numbered “{value}” is already registered.",
    rule=documents.NUMBER,
    next_ja="番号を確かめてください。年度の異なる同じ番号なら、文書の日付か番号の前の年を添えてください。",
    next_en="Check the number. If it is of another fiscal year, give the date or the year before it.",
)
TAKEN["document_no"] = DOCUMENT_NO_TAKEN

NOT_DISCLOSABLE = refusal(
    "NOT_DISCLOSABLE",
    ja="公開するという公開担当の判断が記録されていないため、まだ公開できません。",
    en="This cannot be opened yet: no decision of the disclosure officer to open it is on record.",
    rule=disclosure.OFFICER,
    next_ja="先に、理由を添えて公開の判断を記録してください。",
    next_en="Record the decision to open it, with its reason, first.",
)
DISCLOSURE_UNCHANGED = refusal(
    "DISCLOSURE_UNCHANGED",
    ja="公開の範囲と根拠は変わっていません。",
    en="Neither who may see it nor the ground has changed.",
    rule=disclosure.CHANGED,
    next_ja="現在の公開範囲を確かめてください。見直しだけなら、公開範囲の見直しとして記録してください。",
    next_en="Look at the present disclosure; a review without a change is recorded as a review.",
    kind="invalid",
)
RETENTION_UNSTATED = refusal(
    "RETENTION_UNSTATED",
    ja="保存年数か永久保存かの、どちらか一方を示してください。",
    en="Say either for how many years it is held, or that it is held for good.",
    rule=documents.RETENTION,
    next_ja="保存年数を記入するか、永久保存を選んでください。",
    next_en="Give the number of years, or choose to keep it for good.",
    kind="invalid",
)
CHECKSUM_MALFORMED = refusal(
    "CHECKSUM_MALFORMED",
    ja="照合値は16進数64桁で記入してください。",
    en="A sha256 is 64 hexadecimal digits.",
    rule=documents.CHECKSUM,
    next_ja="ファイルから計算し直してください。",
    next_en="Compute it from the file again (sha256sum).",
    kind="invalid",
)

Kind = Literal[
    "case_sheet",
    "website",
    "photograph",
    "figure",
    "minutes",
    "report",
    "proposal",
    "survey",
    "statistics",
    "estimate",
    "plan",
    "draft",
    "rules",
    "rulebook",
    "notice",
    "letter",
    "written_opinion",
    "public_comment",
    "workshop_record",
    "evaluation_sheet",
    "press",
    "other",
]
_OPENNESS = {"closed": 0, "internal": 1, "public": 2}


class DocumentRegistered(Event):
    """A document is known to the record, whether or not its content is held."""

    LABEL = ("文書の登録", "Document registered")
    WHEN = "dated"
    AHEAD = True
    FIELDS: ClassVar = {
        "caption": ("説明書き", "Caption"),
        "dated": ("作成日", "Dated"),
        "language": ("言語", "Language"),
        "headings": ("見出し", "Headings"),
        "url": ("ＵＲＬ", "URL"),
        "sha256": ("照合値", "Checksum"),
        "content_held": ("中身の保存", "Content held"),
    }
    kind: Kind
    disclosure: Disclosure
    title: Line | None = None
    caption: Line | None = None
    document_no: Word | None = None
    dated: EffectiveDate | None = None
    language: Word | None = None
    headings: tuple[Line, ...] = ()
    url: Url | None = None
    sha256: Word | None = None
    content_held: bool | None = None


class DocumentRevised(Event):
    """There is a newer text of the document; ``change`` says what is different."""

    class_version: ClassVar[int] = 2
    LABEL = ("文書の改訂", "Document revised")
    WHEN = TOLD
    AFTER = ("DocumentRegistered",)
    FIELDS: ClassVar = {"change": ("変更点", "Change")}
    change: Text
    sha256: Word | None = None
    url: Url | None = None

    @staticmethod
    def upcast_v1_v2(data: dict[str, Any]) -> None:
        """Its day stood here too; the envelope has it (``effective``)."""
        data.pop("dated", None)


class RetentionSet(Event):
    """How long the document is held 保存期間, and what becomes of it then: destroyed 廃棄 or handed to the
    archives 移管. Without ``years``: for good 永久, or as ``reason`` says."""

    LABEL = ("保存期間の設定", "Retention set")
    WHEN = TOLD
    KEY_STEP = False
    FIELDS: ClassVar = {
        "years": ("保存年数", "Years"),
        "counted_from": ("起算年度", "Counted from fiscal year"),
        "permanent": ("永久保存", "For good"),
        "afterwards": ("満了後の扱い", "Afterwards"),
        "classification": ("分類", "Classification"),
    }
    LINKS: ClassVar = {"citation": "on_legal_basis"}
    years: Count | None = None
    counted_from: Year | None = None
    permanent: bool = False
    afterwards: Literal["destroyed", "archives"] | None = None
    classification: Line | None = None
    reason: Text | None = None
    citation: Citation | None = None


class DisclosureReviewed(Event):
    """The disclosure officer looked at it again and decided: it stays as it is, or it may be opened."""

    LABEL = ("公開範囲の見直し", "Disclosure reviewed")
    WHEN = TOLD
    KEY_STEP = False
    outcome: Literal["stays", "may_open"]
    reason: Text
    citation: Citation | None = None


class DisclosureChanged(Event):
    """Who may see the document changed, from what to what."""

    class_version: ClassVar[int] = 2
    FORMER_FIELDS: ClassVar = {"from": "previous"}
    LABEL = ("公開範囲の変更", "Disclosure changed")
    WHEN = TOLD
    FIELDS: ClassVar = {
        "previous": ("変更前", "Before"),
        "from": ("変更前", "From"),
        "to": ("変更後", "After"),
    }
    previous: Disclosure
    to: Disclosure
    reason: Text
    citation: Citation | None = None

    @staticmethod
    def upcast_v1_v2(data: dict[str, Any]) -> None:
        """``previous`` was called ``from``; for a time it was ``previous`` without a new version."""
        if "from" in data:
            data["previous"] = data.pop("from")


class Document(Correctable):
    """One document: new → registered, then revised, reviewed, opened or closed."""

    PREFIX = "document-"
    BARE_ID = True
    ID_PREFIX = "doc-"
    ID_FIELDS = ("document_id",)
    COLLECTION = "documents"
    LABEL = ("文書", "document")

    def begin(self) -> None:
        self.disclosure = Disclosure()
        self.opening_decided = False
        self.checksum: str | None = None
        """The SHA-256 of the newest text, if it was stated."""
        self.held: str | None = None
        """The SHA-256 of the newest content that is held."""
        self.lacks_content = True
        """Whether the content of the newest text is still to come."""
        self.dated: EffectiveDate | None = None

    def happened(self, part: str | None) -> EffectiveDate | None:
        """The day on the document: what it settles was settled then."""
        return self.dated

    # -- commands

    @command(
        "SEC", "IMP", event=DocumentRegistered, ja="文書を登録する", en="Register a document", creates=True
    )
    @refuses(CHECKSUM_MALFORMED, DOCUMENT_NO_TAKEN)
    def register(self, fact: DocumentRegistered) -> None:
        """Register a document: what it is, its number and date if known, and who may see it."""
        if self.state != "new":
            raise ALREADY_EXISTS(id=self.entity)
        _well_formed(fact.sha256)
        if fact.document_no is not None:
            self._claim_number(fact.document_no, fact.dated)
        self.record(fact)

    @command("SEC", event=DocumentRevised, ja="文書の改訂を記録する", en="Record a revision of a document")
    @refuses(CHECKSUM_MALFORMED, WRONG_STATE)
    def revise(self, fact: DocumentRevised) -> None:
        """Record a newer text of the document. Who may see it stays as it is."""
        self.only_in("registered")
        _well_formed(fact.sha256)
        self.record(fact)

    @command("SEC", "IMP", event=RetentionSet, ja="保存期間を定める", en="Set how long a document is held")
    @refuses(RETENTION_UNSTATED, WRONG_STATE)
    def set_retention(self, fact: RetentionSet) -> None:
        """Record how long the document is held, from which fiscal year, and what becomes of it then. The
        newest counts."""
        if not self.context.importing:
            self.only_in("registered")
        stated = fact.permanent if fact.years is None else not fact.permanent
        if not stated and not self.context.importing:
            raise RETENTION_UNSTATED().at("/years")
        if fact.citation is not None:
            must_exist(self, fact.citation.instrument_id, "/citation/instrument_id")
        self.record(fact)

    @command(
        "SEC", event=DocumentContentAttached, ja="文書の内容を保管する", en="Attach the content of a document"
    )
    @refuses(CHECKSUM_DIFFERS, CHECKSUM_MALFORMED, CONTENT_ALREADY_HELD, WRONG_STATE)
    def attach_content(self, fact: DocumentContentAttached) -> None:
        """Record which bytes the content of a document is. They are stored first; a newer content follows a
        revision, and the older one stays."""
        self.only_in("registered")
        _well_formed(fact.sha256)
        if not self.lacks_content or fact.sha256 == self.held:
            raise CONTENT_ALREADY_HELD(sha256=self.held)
        if self.checksum is not None and fact.sha256 != self.checksum:
            raise CHECKSUM_DIFFERS(given=fact.sha256, recorded=self.checksum).at("/sha256")
        self.record(fact)

    @command("DIS", event=DisclosureReviewed, ja="公開範囲を見直す", en="Review the disclosure of a document")
    @refuses(WRONG_STATE)
    def review_disclosure(self, fact: DisclosureReviewed) -> None:
        """Decide, with a reason, whether a document that is not public may be opened."""
        self.only_in("registered")
        self.record(fact)

    @command(
        "DIS", records=DisclosureChanged, ja="公開範囲を変える", en="Change the disclosure of a document"
    )
    @refuses(DISCLOSURE_UNCHANGED, NOT_DISCLOSABLE, WRONG_STATE)
    def change_disclosure(self, to: Disclosure, reason: Text, citation: Citation | None = None) -> None:
        """Close a document, on a ground, or open it after it was decided that it may be."""
        self.only_in("registered")
        if to == self.disclosure:
            raise DISCLOSURE_UNCHANGED().at("/to")
        opens = _OPENNESS[to.visibility] > _OPENNESS[self.disclosure.visibility]
        if opens and not self.opening_decided:
            raise NOT_DISCLOSABLE().at("/to/visibility")
        self.record(DisclosureChanged(previous=self.disclosure, to=to, reason=reason, citation=citation))

    def correctable(self, target: Recorded[Any]) -> None:
        """What the bytes are is measured, not stated: other bytes are attached after a revision."""
        if isinstance(target.data, DocumentContentAttached):
            raise FIELD_NOT_CORRECTABLE(field="sha256", known="—").at("/target_version")

    def _claim_number(self, number: str, dated: EffectiveDate | None) -> None:
        value = number_key(number, dated)
        # The store refuses what other transactions took; within one batch nobody else would see it.
        if self.context.claims.get(f"document_no:{value}", self.id) != self.id:
            raise DOCUMENT_NO_TAKEN(value=number).at("/document_no")
        self.claim("document_no", value)

    # -- state

    @on(DocumentRegistered)
    def _registered(self, e: DocumentRegistered, _: Recorded[Any]) -> None:
        self.state, self.disclosure, self.checksum = "registered", e.disclosure, e.sha256
        self.dated = e.dated

    @on(DocumentRevised)
    def _revised(self, e: DocumentRevised, _: Recorded[Any]) -> None:
        self.checksum, self.lacks_content = e.sha256, True

    @on(DocumentContentAttached)
    def _attached(self, e: DocumentContentAttached, _: Recorded[Any]) -> None:
        self.held, self.lacks_content = e.sha256, False

    @on(DisclosureReviewed)
    def _reviewed(self, e: DisclosureReviewed, _: Recorded[Any]) -> None:
        self.opening_decided = e.outcome == "may_open"

    @on(DisclosureChanged)
    def _changed(self, e: DisclosureChanged, _: Recorded[Any]) -> None:
        # A decision to open is used up: what is closed later needs a new one.
        self.disclosure, self.opening_decided = e.to, False


def number_key(number: str, dated: EffectiveDate | None) -> str:
    """The form in which a number is compared: with its fiscal year, from the year printed before it or else
    from the date; as printed if it is of no form known here (another city's)."""
    for fiscal_year in (None, dated.check().fiscal_year if dated else None):
        try:
            return DocumentNo.parse(number, fiscal_year).key
        except Refusal:
            continue
    return unicodedata.normalize("NFKC", number).strip()


def _well_formed(sha256: str | None) -> None:
    if sha256 is not None and not is_checksum(sha256):
        raise CHECKSUM_MALFORMED().at("/sha256")
