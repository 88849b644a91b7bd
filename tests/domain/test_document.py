"""Document: one number for one document, and nothing closed is opened before somebody decides so."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from domain.document.aggregate import (
    DisclosureChanged,
    DisclosureReviewed,
    DocumentRegistered,
    DocumentRevised,
    number_key,
)
from domain.document.content import ENDINGS, DocumentContentAttached, MediaType, is_checksum
from domain.kernel.events import Actor
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from domain.values.refusal import Refusal
from tests.support.given import TestRecord, then_recorded, then_refused

OPEN = {"visibility": "public"}
PERSONAL = {"visibility": "internal", "ground": "personal"}
REGISTER = ("SEC", "Document", "doc-x", "register")


def given_a_document(record: TestRecord, document: str = "doc-a", **fields: Any) -> str:
    record.do("SEC", "Document", document, "register", **{"kind": "minutes", "disclosure": OPEN} | fields)
    return document


def may_open(record: TestRecord, document: str) -> None:
    given = {"outcome": "may_open", "reason": "写っている人の同意を得た"}
    record.do("DIS", "Document", document, "review_disclosure", **given)


def test_a_document_is_registered_with_what_is_known_of_it(record: TestRecord) -> None:
    given_a_document(
        record,
        title="第3回会議録（架空）",
        document_no="20市協発第12号",
        dated={"value": "2008-05-01", "precision": "day"},
        sha256="0" * 64,
        url="https://example.jp/kyodo",
    )
    then_recorded(record.events, DocumentRegistered)
    assert record.events[0].effective.value == "2008-05-01"


def test_the_date_of_an_undated_document_is_unknown(record: TestRecord) -> None:
    given_a_document(record)
    assert record.events[0].effective.precision == "unknown"


def test_a_document_is_registered_once(record: TestRecord) -> None:
    document = given_a_document(record)
    fields = {"kind": "minutes", "disclosure": OPEN}
    then_refused("ALREADY_EXISTS", record, "SEC", "Document", document, "register", **fields)
    again = ("IMP", "Document", document, "register")
    then_refused("ALREADY_EXISTS", record, *again, importing=True, **fields)


@pytest.mark.parametrize("again", ["20市協発第12号", "２０市協発第１２号", "市協発第12号"])
def test_a_document_number_is_given_once(record: TestRecord, again: str) -> None:
    dated = {"value": "2008-05-01", "precision": "day"}
    given_a_document(record, document_no="20市協発第12号", dated=dated)
    fields = {"kind": "letter", "disclosure": OPEN, "document_no": again, "dated": dated}
    then_refused("DOCUMENT_NO_TAKEN", record, *REGISTER, **fields)


def test_the_same_number_of_another_year_is_another_number(record: TestRecord) -> None:
    given_a_document(record, "doc-a", document_no="20市協発第12号")
    given_a_document(record, "doc-b", document_no="21市協発第12号")
    dated = {"value": "2007-05-01", "precision": "day"}
    given_a_document(record, "doc-c", document_no="市協発第12号", dated=dated)
    assert [e.entity for e in record.events] == ["doc-a", "doc-b", "doc-c"]


def test_a_number_is_taken_once_within_one_batch_too(record: TestRecord) -> None:
    register = command_named("Document", "register")
    terms = CommandTerms(Actor("SEC"), frozenset({"SEC"}))
    given = {"kind": "letter", "disclosure": Disclosure(), "document_no": "20市協発第12号"}

    def register_both() -> None:
        with record.application.batch() as batch:
            batch.execute(register, "doc-a", given, terms)
            batch.execute(register, "doc-b", given, terms)

    with pytest.raises(Refusal, match="DOCUMENT_NO_TAKEN"):
        register_both()
    assert not record.events


@pytest.mark.parametrize(
    ("number", "fiscal_year", "key"),
    [
        ("20市協発第12号の2", None, "2008/市協/発/12/2"),
        ("市協第12号", 2008, "2008/市協/-/12/0"),
        ("総行　第４５号 別紙", None, "総行 第45号 別紙"),
    ],
)
def test_numbers_are_compared_with_their_fiscal_year(number: str, fiscal_year: int | None, key: str) -> None:
    assert number_key(number, EffectiveDate.in_fiscal_year(fiscal_year) if fiscal_year else None) == key


@pytest.mark.parametrize("checksum", ["abc", "g" * 64, "A" * 64])
def test_a_checksum_is_64_hexadecimal_digits(record: TestRecord, checksum: str) -> None:
    fields = {"kind": "minutes", "disclosure": OPEN, "sha256": checksum}
    assert then_refused("CHECKSUM_MALFORMED", record, *REGISTER, **fields).pointer == "/sha256"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript://example.jp/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//example.jp",
        "www.example.jp",
        "http:///x",
        "http://",
        "https:example.jp",
        "http://[example.jp/",
        "http://example.jp/a b",
        "mailto:kyodo@example.jp",
        "file:///etc/passwd",
    ],
)
def test_an_address_is_one_of_the_web(record: TestRecord, url: str) -> None:
    fields = {"kind": "website", "disclosure": OPEN, "url": url}
    assert then_refused("URL_NOT_WEB", record, *REGISTER, **fields).pointer == "/url"


@pytest.mark.parametrize(
    "url",
    [
        "http://www4.city.kanazawa.lg.jp/22050/kyoudou/index.jsp",
        "HTTPS://例え.jp/記録?年度=20#第1章",
        "https://[2001:db8::1]:8443/",
        "ftp://ftp.example.jp/pub/plan.lzh",
    ],
)
def test_an_address_of_the_web_is_kept_as_the_source_gives_it(record: TestRecord, url: str) -> None:
    record.do(*REGISTER, kind="website", disclosure=OPEN, url=url)
    assert record.events[-1].data.url == url


def test_what_is_not_public_says_on_which_ground(record: TestRecord) -> None:
    fields = {"kind": "photograph", "disclosure": {"visibility": "internal"}}
    then_refused("GROUND_REQUIRED", record, *REGISTER, **fields)


def test_a_revision_says_what_changed(record: TestRecord) -> None:
    document = given_a_document(record)
    events = record.do("SEC", "Document", document, "revise", change="誤字を直した", sha256="1" * 64)
    then_recorded(events, DocumentRevised)


def test_a_document_that_is_not_registered_is_not_revised(record: TestRecord) -> None:
    then_refused("UNKNOWN_ID", record, "SEC", "Document", "doc-x", "revise", change="改訂")


def test_the_disclosure_officer_closes_on_a_ground(record: TestRecord) -> None:
    document = given_a_document(record)
    change = ("DIS", "Document", document, "change_disclosure")
    events = record.do(*change, to=PERSONAL, reason="人が写っている")
    then_recorded(events, DisclosureChanged)
    assert events[0].data.previous.visibility == "public"
    assert events[0].data.to.ground == "personal"


def test_closing_without_a_ground_is_refused(record: TestRecord) -> None:
    document = given_a_document(record)
    change = ("DIS", "Document", document, "change_disclosure")
    refused = then_refused("GROUND_REQUIRED", record, *change, to={"visibility": "closed"}, reason="非公開")
    assert refused.pointer == "/to/ground"


@pytest.mark.parametrize("role", ["SEC", "CHR", "APR", "IMP"])
def test_nobody_else_changes_who_may_see_it(record: TestRecord, role: str) -> None:
    document = given_a_document(record)
    change = (role, "Document", document, "change_disclosure")
    then_refused("FORBIDDEN", record, *change, to=PERSONAL, reason="非公開")


def test_nothing_closed_is_opened_before_it_was_decided(record: TestRecord) -> None:
    document = given_a_document(record, disclosure=PERSONAL)
    change = ("DIS", "Document", document, "change_disclosure")
    then_refused("NOT_DISCLOSABLE", record, *change, to=OPEN, reason="公開する")
    stays = {"outcome": "stays", "reason": "同意がない"}
    then_recorded(record.do("DIS", "Document", document, "review_disclosure", **stays), DisclosureReviewed)
    then_refused("NOT_DISCLOSABLE", record, *change, to=OPEN, reason="公開する")
    may_open(record, document)
    then_recorded(record.do(*change, to=OPEN, reason="公開する"), DisclosureChanged)


def test_a_decision_to_open_is_used_once(record: TestRecord) -> None:
    document = given_a_document(record, disclosure=PERSONAL)
    change = ("DIS", "Document", document, "change_disclosure")
    may_open(record, document)
    record.do(*change, to=OPEN, reason="公開する")
    record.do(*change, to=PERSONAL, reason="同意の撤回")
    then_refused("NOT_DISCLOSABLE", record, *change, to=OPEN, reason="公開する")


def test_a_change_changes_something(record: TestRecord) -> None:
    document = given_a_document(record, disclosure=PERSONAL)
    change = ("DIS", "Document", document, "change_disclosure")
    then_refused("DISCLOSURE_UNCHANGED", record, *change, to=PERSONAL, reason="見直した")


ONE, TWO = "1" * 64, "2" * 64


def attach(record: TestRecord, document: str, sha256: str, **more: Any) -> Any:
    fields = {"sha256": sha256, "size_bytes": 10, "media_type": "application/pdf"} | more
    return record.do("SEC", "Document", document, "attach_content", **fields)


def not_attached(code: str, record: TestRecord, document: str, sha256: str, role: str = "SEC") -> Any:
    fields = {"sha256": sha256, "size_bytes": 10, "media_type": "application/pdf"}
    return then_refused(code, record, role, "Document", document, "attach_content", **fields)


def test_the_content_of_a_document_is_its_bytes_not_their_name(record: TestRecord) -> None:
    (event,) = attach(record, given_a_document(record), ONE)
    assert (event.type, event.data.sha256) == ("DocumentContentAttached", ONE)
    assert not DocumentContentAttached.KEY_STEP
    assert set(DocumentContentAttached.__struct_fields__) == {"sha256", "size_bytes", "media_type"}


def test_content_is_never_overwritten_and_follows_a_revision(record: TestRecord) -> None:
    document = given_a_document(record)
    attach(record, document, ONE)
    not_attached("CONTENT_ALREADY_HELD", record, document, ONE)
    not_attached("CONTENT_ALREADY_HELD", record, document, TWO)
    record.do("SEC", "Document", document, "revise", change="誤字を直した")
    not_attached("CONTENT_ALREADY_HELD", record, document, ONE)
    then_recorded(attach(record, document, TWO), DocumentContentAttached)


def test_content_is_the_text_whose_checksum_was_stated(record: TestRecord) -> None:
    document = given_a_document(record, sha256=ONE)
    assert not_attached("CHECKSUM_DIFFERS", record, document, TWO).pointer == "/sha256"
    attach(record, document, ONE)
    record.do("SEC", "Document", document, "revise", change="誤字を直した", sha256=TWO)
    not_attached("CHECKSUM_DIFFERS", record, document, "3" * 64)
    attach(record, document, TWO)


def test_a_large_document_is_a_document(record: TestRecord) -> None:
    (event,) = attach(record, given_a_document(record), ONE, size_bytes=20 << 20)
    assert event.data.size_bytes == 20_971_520


def test_only_the_secretariat_attaches_to_a_document_on_record(record: TestRecord) -> None:
    document = given_a_document(record)
    not_attached("FORBIDDEN", record, document, ONE, role="IMP")
    not_attached("UNKNOWN_ID", record, "doc-none", ONE)
    not_attached("CHECKSUM_MALFORMED", record, document, "A" * 64)


def test_what_the_bytes_are_is_not_corrected(record: TestRecord) -> None:
    document = given_a_document(record)
    attach(record, document, ONE)
    wanted = [{"field": "sha256", "after": TWO}]
    proposal = {"correction_id": "k1", "target_version": 2, "changes": wanted, "reason": "取り違え"}
    correct = ("SEC", "Document", document, "propose_correction")
    assert then_refused("FIELD_NOT_CORRECTABLE", record, *correct, **proposal).pointer == "/target_version"


def test_every_type_has_an_ending() -> None:
    assert set(ENDINGS) == set(get_args(MediaType))
    assert is_checksum(ONE) and not is_checksum(f"{ONE}\n")


def test_retention_is_a_number_of_years_or_for_good(record: TestRecord) -> None:
    public = {"visibility": "public"}
    record.do("SEC", "Document", "doc-held", "register", kind="minutes", disclosure=public)
    call = (record, "SEC", "Document", "doc-held", "set_retention")
    then_refused("RETENTION_UNSTATED", *call)
    then_refused("RETENTION_UNSTATED", *call, years=10, permanent=True)
    then_refused("UNKNOWN_ID", *call, years=10, citation={"instrument_id": "law-none", "article": 1})
    held = {"years": 10, "counted_from": 2026, "afterwards": "archives", "classification": "協働・会議"}
    (made,) = record.do("SEC", "Document", "doc-held", "set_retention", **held)
    assert (made.data.years, made.data.afterwards) == (10, "archives")
    record.do("SEC", "Document", "doc-held", "set_retention", permanent=True)
