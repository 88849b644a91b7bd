"""Party: names lie in the vault, consent can be taken back, corporate numbers are checked."""

from __future__ import annotations

import msgspec
import pytest

from domain.kernel.links import links_of
from domain.party.aggregate import (
    ErasureDeclined,
    ErasureRequested,
    NamePublicationConsentGiven,
    NamePublicationConsentWithdrawn,
    OrganisationRegistered,
    Party,
    PersonDetailsChanged,
    PersonErased,
    PersonMerged,
    PersonRegistered,
    is_corporate_number,
)
from domain.recording.unit_of_work import UnitOfWork
from tests.support.given import TestRecord, then_recorded, then_refused

NAME = "架空花子"
KANAZAWA = "7000012050002"
"""A number with a right check digit, of the form the National Tax Agency gives to public bodies."""

ASKED = {"request_no": "8個第3号", "reason": "本人の請求（架空）"}


def given_a_person(record: TestRecord, party: str = "p-member-01") -> str:
    record.do("SEC", "Party", party, "register_person", name=NAME, contact="架空市1-2-3")
    return party


def given_an_organisation(record: TestRecord, party: str = "org-npo", **fields: object) -> str:
    given = {"name_ja": "まちの縁側（架空）", "category": "npo"} | fields
    record.do("SEC", "Party", party, "register_organisation", **given)
    return party


def party(record: TestRecord, entity: str) -> Party:
    found = UnitOfWork(record.application).find(Party, entity)
    assert found is not None
    return found


def test_a_persons_name_goes_to_the_vault_and_into_no_event(record: TestRecord) -> None:
    events = record.do("SEC", "Party", "p-member-01", "register_person", name=NAME, contact="090")
    then_recorded(events, PersonRegistered)
    assert record.recorder.vault["p-member-01"] == {"name": NAME, "contact": "090"}
    assert events[0].data.vault_ref == "p-member-01"
    assert NAME.encode() not in msgspec.json.encode(record.events)


def test_a_person_may_be_registered_without_contact(record: TestRecord) -> None:
    record.do("SEC", "Party", "p-member-01", "register_person", name=NAME)
    assert record.recorder.vault["p-member-01"] == {"name": NAME}


def test_a_name_may_not_hold_control_characters(record: TestRecord) -> None:
    refused = then_refused("TEXT_NOT_PLAIN", record, "SEC", "Party", "p-x", "register_person", name="花\n子")
    assert refused.pointer == "/name"


def test_an_id_is_given_to_one_party(record: TestRecord) -> None:
    given_a_person(record, "p-x")
    then_refused("ALREADY_EXISTS", record, "SEC", "Party", "p-x", "register_person", name=NAME)
    again = ("Party", "p-x", "register_organisation")
    fields = {"name_ja": "町会（架空）", "category": "neighbourhood"}
    then_refused("ALREADY_EXISTS", record, "IMP", *again, importing=True, **fields)


def test_an_organisation_has_a_public_name(record: TestRecord) -> None:
    given_an_organisation(record, corporate_number=KANAZAWA)
    then_recorded(record.events, OrganisationRegistered)
    assert record.events[0].data.name_ja == "まちの縁側（架空）"


@pytest.mark.parametrize(
    "number", ["8000012050002", "700001205000", "70000120500022", "7000012050O02", "7000012050003", "０" * 13]
)
def test_a_corporate_number_has_13_digits_and_a_right_check_digit(record: TestRecord, number: str) -> None:
    refused = then_refused(
        "CORPORATE_NUMBER_WRONG",
        record,
        *("SEC", "Party", "org-x", "register_organisation"),
        name_ja="会社（架空）",
        category="company",
        corporate_number=number,
    )
    assert refused.pointer == "/corporate_number"


def test_one_wrong_digit_is_always_found() -> None:
    """Every single-digit error but the one the scheme cannot see: 0 for 9 and 9 for 0 (both are 0 mod 9)."""
    assert is_corporate_number(KANAZAWA)
    for place in range(13):
        for digit in "0123456789":
            changed = KANAZAWA[:place] + digit + KANAZAWA[place + 1 :]
            same = (int(digit) - int(KANAZAWA[place])) % 9 == 0 and place > 0
            assert is_corporate_number(changed) == (same or changed == KANAZAWA), changed


def test_consent_to_being_named_is_given_and_taken_back(record: TestRecord) -> None:
    person = given_a_person(record)
    assert not party(record, person).may_be_named
    then_recorded(record.do("SEC", "Party", person, "give_name_consent"), NamePublicationConsentGiven)
    assert party(record, person).may_be_named
    withdrawn = record.do("DIS", "Party", person, "withdraw_name_consent")
    then_recorded(withdrawn, NamePublicationConsentWithdrawn)
    assert not party(record, person).may_be_named


def test_consent_is_not_given_twice(record: TestRecord) -> None:
    person = given_a_person(record)
    record.do("SEC", "Party", person, "give_name_consent")
    then_refused("CONSENT_GIVEN", record, "SEC", "Party", person, "give_name_consent")


def test_only_consent_that_was_given_is_withdrawn(record: TestRecord) -> None:
    person = given_a_person(record)
    then_refused("NO_CONSENT", record, "SEC", "Party", person, "withdraw_name_consent")


def test_an_organisation_gives_no_personal_consent(record: TestRecord) -> None:
    organisation = given_an_organisation(record)
    then_refused("WRONG_STATE", record, "SEC", "Party", organisation, "give_name_consent")


def test_the_disclosure_officer_erases_what_the_vault_holds(record: TestRecord) -> None:
    person = given_a_person(record)
    record.do("SEC", "Party", person, "give_name_consent")
    (asked,) = record.do("SEC", "Party", person, "request_erasure", **ASKED)
    (erased,) = record.do("DIS", "Party", person, "erase", reason="本人の請求")
    then_recorded([asked, erased], ErasureRequested, PersonErased)
    assert erased.data.request_no == ASKED["request_no"]
    assert not record.recorder.vault[person]
    assert not party(record, person).may_be_named


@pytest.mark.parametrize("role", ["SEC", "CHR", "MEM", "APR", "IMP"])
def test_nobody_else_erases(record: TestRecord, role: str) -> None:
    person = given_a_person(record)
    then_refused("FORBIDDEN", record, role, "Party", person, "erase", reason="誤り")


def test_what_is_erased_is_not_erased_again(record: TestRecord) -> None:
    person = given_a_person(record)
    record.do("SEC", "Party", person, "request_erasure", **ASKED)
    record.do("DIS", "Party", person, "erase", reason="本人の請求")
    then_refused("WRONG_STATE", record, "DIS", "Party", person, "erase", reason="本人の請求")


def test_nobody_is_erased_unasked_or_by_whoever_recorded_the_request(record: TestRecord) -> None:
    person = given_a_person(record)
    erase = ("DIS", "Party", person, "erase")
    then_refused("ERASURE_NOT_REQUESTED", record, *erase, reason="本人の請求")
    record.do("DIS", "Party", person, "request_erasure", party="p-one", **ASKED)
    then_refused("SELF_APPROVAL", record, *erase, party="p-one", reason="本人の請求")
    then_recorded(
        record.do("DIS", "Party", person, "decline_erasure", reason="本人を確かめられない"), ErasureDeclined
    )
    then_refused("ERASURE_NOT_REQUESTED", record, "DIS", "Party", person, "decline_erasure", reason="同上")
    then_refused("ERASURE_NOT_REQUESTED", record, *erase, party="p-two", reason="本人の請求")
    assert record.recorder.vault[person]["name"] == NAME


def test_a_name_is_changed_in_the_vault_and_the_log_says_that(record: TestRecord) -> None:
    person = given_a_person(record)
    record.do("SEC", "Party", person, "change_details", what="contact", value="076-000-0000")
    (renamed,) = record.do("SEC", "Party", person, "change_details", what="name", value="架空 改姓")
    then_recorded([renamed], PersonDetailsChanged)
    assert record.recorder.vault[person] == {"name": "架空 改姓", "contact": "076-000-0000"}
    log = b"".join(bytes(stored.state) for stored in record.recorder.select_notifications(None, 100))
    for secret in ("改姓", "076", NAME):
        assert secret.encode() not in log
    organisation = given_an_organisation(record)
    change = ("SEC", "Party", organisation, "change_details")
    then_refused("WRONG_STATE", record, *change, what="post", value="係長")


def test_an_import_brings_no_persons(record: TestRecord) -> None:
    then_refused("FORBIDDEN", record, "IMP", "Party", "p-x", "register_person", name=NAME, importing=True)


# -- one person, registered twice


def test_a_person_registered_twice_is_merged_and_kept_in_the_vault_once(record: TestRecord) -> None:
    double, kept = given_a_person(record, "p-double"), given_a_person(record)
    record.do("SEC", "Party", double, "give_name_consent")
    made = record.do("SEC", "Party", double, "merge", into=kept)
    then_recorded(made, PersonMerged)
    assert [(link.from_id, link.relation, link.to_id) for link in links_of(made[0])] == [
        (kept, "supersedes", double)
    ]
    assert (party(record, double).state, party(record, double).may_be_named) == ("merged", False)
    assert record.recorder.vault[double] == {} and record.recorder.vault[kept]
    then_refused("WRONG_STATE", record, "SEC", "Party", double, "merge", into=kept)


def test_a_person_is_merged_into_another_who_is_on_record(record: TestRecord) -> None:
    person, organisation = given_a_person(record), given_an_organisation(record)
    merging = ("SEC", "Party", person, "merge")
    then_refused("MERGED_INTO_ITSELF", record, *merging, into=person)
    then_refused("NOT_A_PERSON", record, *merging, into=organisation)
    then_refused("UNKNOWN_ID", record, *merging, into="p-none")
    then_refused("WRONG_STATE", record, "SEC", "Party", organisation, "merge", into=person)
    gone = given_a_person(record, "p-gone")
    record.do("SEC", "Party", gone, "merge", into=person)
    then_refused("NOT_A_PERSON", record, *merging, into=gone)
