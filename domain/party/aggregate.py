"""Parties 人と団体: who may act, speak or be spoken of.

It protects people's data: name, contact and post of a person go to the vault, and an event holds no more
than the person's id (domain.md 3, PII). A person is named in public with their own consent, which they may
take back (4.11), or as a member where the rules of the council publish its roster. Erasing removes what the
vault holds, while hashes and tallies stay valid (O37). The corporate number 法人番号 of an organisation
carries a check digit.

One story: what becomes of one person or body, from being registered to being erased.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from domain.kernel.commands import STAND_IN, GivenAgain, command, on, refuses
from domain.kernel.correction import Correctable
from domain.kernel.events import Event, Recorded
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, SELF_APPROVAL, WRONG_STATE
from domain.kernel.when import RECORDING, TOLD
from domain.rules import disclosure, documents
from domain.values.calendar import EffectiveDate
from domain.values.fields import Id, Line, PersonName, Secret, Text, TextRule, Word, checker_for
from domain.values.refusal import refusal

Contact = Annotated[str, TextRule(300, lines=True), Secret()]
"""An address, telephone number or the like: goes to the vault only."""

Post = Annotated[str, TextRule(100, lines=False), Secret()]
"""What somebody is in their own house, e.g. 係長: goes to the vault only."""
Detail = Literal["name", "contact", "post"]
"""What the vault holds about a person."""
_KIND: dict[Detail, Any] = {"name": PersonName, "contact": Contact, "post": Post}

CORPORATE_NUMBER_WRONG = refusal(
    "CORPORATE_NUMBER_WRONG",
    ja="法人番号「{number}」は正しくありません（13桁、先頭が検査数字）。",
    en="“{number}” is not a corporate number (13 digits, the first of them a check digit).",
    rule=documents.CORPORATE_NUMBER,
    next_ja="国税庁の法人番号公表サイトで番号を確かめてください。不明なら省略してください。",
    next_en="Look the number up with the National Tax Agency; leave it out if it is not known.",
    kind="invalid",
)
CONSENT_GIVEN = refusal(
    "CONSENT_GIVEN",
    ja="氏名の公表への同意は既に記録されています。",
    en="Consent to being named is already on record.",
    rule=disclosure.CONSENT,
    next_ja="記録されている同意を確かめてください。",
    next_en="Look at the consent on record.",
)
NO_CONSENT = refusal(
    "NO_CONSENT",
    ja="氏名の公表への同意は記録されていないため、撤回できません。",
    en="There is no consent to being named on record that could be withdrawn.",
    rule=disclosure.CONSENT,
    next_ja="氏名は公表されません。ほかの手続きは要りません。",
    next_en="The name is not published; nothing needs to be done.",
)


MERGED_INTO_ITSELF = refusal(
    "MERGED_INTO_ITSELF",
    ja="同じ識別子どうしは統合できません。",
    en="A person cannot be merged into the same id.",
    rule=documents.MERGED,
    next_ja="残すほうを、統合先として示してください。",
    next_en="Name the id that stays.",
    kind="invalid",
)
NOT_A_PERSON = refusal(
    "NOT_A_PERSON",
    ja="「{id}」は、現在登録されている人ではありません。",
    en="“{id}” is not a person on record now.",
    rule=documents.MERGED,
    next_ja="残すほうの識別子を確かめてください。",
    next_en="Check which id stays.",
)


AFFILIATION_WITHOUT_NAME = refusal(
    "AFFILIATION_WITHOUT_NAME",
    ja="所属には、登録された団体か、団体の名称が必要です。",
    en="An affiliation names an organisation on record, or one by its name.",
    rule=documents.AFFILIATIONS,
    next_ja="登録された団体か、団体の名称を記入してください。",
    next_en="Give the organisation, or its name.",
    kind="invalid",
)
AFFILIATION_UNKNOWN = refusal(
    "AFFILIATION_UNKNOWN",
    ja="続いている所属「{affiliation}」は記録されていません。",
    en="No affiliation “{affiliation}” that goes on is on record.",
    rule=documents.AFFILIATIONS,
    next_ja="所属の記録を確かめてください。記録されていなければ、先に所属を記録してください。",
    next_en="Look at the affiliations on record; if it is not among them, record it first.",
)


ERASURE_NOT_REQUESTED = refusal(
    "ERASURE_NOT_REQUESTED",
    ja="消去の請求が記録されていません。",
    en="No request to erase is on record.",
    rule=disclosure.ERASURE,
    next_ja="先に、請求の番号を添えて消去の請求を記録してください。消去は別の人が行います。",
    next_en="Record the request with its number first; somebody else then erases.",
    since=5,
)


class PersonRegistered(Event):
    """A person is known to the record by an id; name and contact lie in the vault under ``vault_ref``."""

    LABEL = ("人の登録", "Person registered")
    WHEN = RECORDING
    vault_ref: Id


class OrganisationRegistered(Event):
    """An organisation is known to the record. Its name is public."""

    LABEL = ("団体の登録", "Organisation registered")
    WHEN = TOLD
    FIELDS: ClassVar = {"corporate_number": ("法人番号", "Corporate number")}
    name_ja: Line
    category: Literal[
        "neighbourhood", "childcare", "npo", "company", "school", "municipality", "prefecture", "other"
    ]
    corporate_number: Word | None = None


class NamePublicationConsentGiven(Event):
    """The person consented to being named in public as the author of what they said."""

    class_version: ClassVar[int] = 2
    LABEL = ("氏名公表への同意", "Consent to being named")
    WHEN = TOLD
    KEY_STEP = False

    @staticmethod
    def upcast_v1_v2(data: dict[str, Any]) -> None:
        """Its day stood here too; the envelope has it (``effective``)."""
        data.pop("given_on", None)


class NamePublicationConsentWithdrawn(Event):
    """The person took that consent back."""

    class_version: ClassVar[int] = 2
    LABEL = ("氏名公表への同意の撤回", "Consent to being named withdrawn")
    WHEN = TOLD
    AFTER = ("NamePublicationConsentGiven",)
    KEY_STEP = False

    @staticmethod
    def upcast_v1_v2(data: dict[str, Any]) -> None:
        """Its day stood here too; the envelope has it (``effective``)."""
        data.pop("withdrawn_on", None)


class Affiliate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What somebody belongs to: an organisation on record, or one by name; and as what."""

    FIELDS: ClassVar = {"organisation_id": ("団体", "Organisation"), "as_what": ("立場", "As what")}
    organisation_id: Id | None = None
    name_ja: Line | None = None
    as_what: Line | None = None


class AffiliationRecorded(Event):
    """What the person belongs to, or belonged to, from when to when 所属. To what is the office's to know."""

    LABEL = ("所属", "Affiliation")
    WHEN = "from_date"
    AHEAD = True
    KEY_STEP = False
    FIELDS: ClassVar = {
        "affiliation_id": ("所属", "Affiliation"),
        "affiliate": ("所属先", "Belongs to"),
    }
    affiliation_id: Id
    affiliate: Affiliate
    from_date: EffectiveDate | None = None
    to_date: EffectiveDate | None = None


class AffiliationEnded(Event):
    """The person no longer belongs to it; ``on`` is the last day."""

    LABEL = ("所属の終了", "Affiliation ended")
    WHEN = "on"
    AFTER = ("AffiliationRecorded.affiliation_id",)
    KEY_STEP = False
    affiliation_id: Id
    on: EffectiveDate | None = None


class PersonMerged(Event):
    """This person is the one known as ``into``: they were registered twice."""

    LABEL = ("人の統合", "Person merged")
    WHEN = RECORDING
    KEY_STEP = False
    LINKS: ClassVar = {"into": "supersedes"}
    FIELDS: ClassVar = {"into": ("統合先", "Merged into")}
    into: Id


class PersonDetailsChanged(Event):
    """The name, contact or post of the person was changed; the vault holds what it is now."""

    LABEL = ("氏名・連絡先・職名の変更", "Personal details changed")
    WHEN = RECORDING
    KEY_STEP = False
    FIELDS: ClassVar = {"what": ("変更したもの", "What changed")}
    what: Detail


class ErasureRequested(Event):
    """Somebody is to be erased from the vault: under which number the request was received, and why."""

    LABEL = ("個人情報の消去の請求", "Erasure of personal data requested")
    WHEN = TOLD
    KEY_STEP = False
    request_no: Line
    reason: Text


class ErasureDeclined(Event):
    """The request was not followed, for a reason."""

    LABEL = ("個人情報を消去しない決定", "Erasure of personal data declined")
    WHEN = TOLD
    KEY_STEP = False
    request_no: Line
    reason: Text


class PersonErased(Event):
    """What the vault held about the person is gone; views print （削除済み）. ``request_no``: at whose
    request, by its number."""

    LABEL = ("個人情報の消去", "Personal data erased")
    WHEN = RECORDING
    KEY_STEP = False
    reason: Text
    request_no: Line | None = None


def _under_a_stand_in(_: Any, e: PersonRegistered) -> GivenAgain:
    return GivenAgain({"name": STAND_IN})


def _another_value(_: Any, e: PersonDetailsChanged) -> GivenAgain:
    return GivenAgain({"value": STAND_IN})


class Party(Correctable):
    """One person or organisation: new → person → merged | erased, or new → organisation."""

    PREFIX = "party-"
    BARE_ID = True
    ID_PREFIX = "p-"
    ID_PREFIXES: ClassVar = {"register_organisation": "org-"}
    ID_FIELDS = ("party_id",)
    COLLECTION = "parties"
    LABEL = ("人・団体", "party")

    def begin(self) -> None:
        self.may_be_named = False
        """Whether this person consented to being named as a speaker."""
        self.affiliations: dict[str, bool] = {}
        """Whether each affiliation goes on."""
        self.to_erase: tuple[str, str | None] | None = None
        """The number of the request to erase, and who recorded it."""

    # -- commands

    @command(
        "SEC",
        records=PersonRegistered,
        again=_under_a_stand_in,
        ja="人を登録する",
        en="Register a person",
        creates=True,
    )
    def register_person(
        self, name: PersonName, contact: Contact | None = None, post: Post | None = None
    ) -> None:
        """Register a person. Name, contact and post go to the vault and stand in no event."""
        self._register(name=name, contact=contact, post=post)

    @command(
        "IMP",
        records=PersonRegistered,
        again=_under_a_stand_in,
        ja="人の登録を取り込む",
        en="Import a person",
        creates=True,
    )
    def import_person(
        self, name: PersonName | None = None, contact: Contact | None = None, post: Post | None = None
    ) -> None:
        """Register a person of a record that is moved here, of whom a source may give no name."""
        self._register(name=name, contact=contact, post=post)

    def _register(self, **details: str | None) -> None:
        self._only_new()
        known = {what: value for what, value in details.items() if value is not None}
        if known:
            self.entrust(self.entity, **known)
        self.record(PersonRegistered(vault_ref=self.entity))

    @command(
        "SEC",
        records=PersonDetailsChanged,
        again=_another_value,
        ja="氏名・連絡先・職名を改める",
        en="Change a person's details",
    )
    @refuses(WRONG_STATE)
    def change_details(self, what: Detail, value: Contact) -> None:
        """Change a name (改姓, misspelt), a contact or a post. The log says that, the vault holds what."""
        self.only_in("person")
        check = checker_for(_KIND[what])
        if check is not None:
            check(value, "/value")
        self.entrust_anew(self.entity, **{what: value})
        self.record(PersonDetailsChanged(what=what))

    @command(
        "SEC",
        "IMP",
        event=OrganisationRegistered,
        ja="団体を登録する",
        en="Register an organisation",
        creates=True,
    )
    @refuses(CORPORATE_NUMBER_WRONG)
    def register_organisation(self, fact: OrganisationRegistered) -> None:
        """Register an organisation by name, with its corporate number if it is known."""
        self._only_new()
        number = fact.corporate_number
        if number is not None and not is_corporate_number(number):
            raise CORPORATE_NUMBER_WRONG(number=number).at("/corporate_number")
        self.record(fact)

    @command(
        "SEC",
        records=NamePublicationConsentGiven,
        ja="氏名公表への同意を記録する",
        en="Record consent to being named",
    )
    @refuses(CONSENT_GIVEN, WRONG_STATE)
    def give_name_consent(self) -> None:
        """Record that the person consents to being named in public."""
        self.only_in("person")
        if self.may_be_named:
            raise CONSENT_GIVEN()
        self.record(NamePublicationConsentGiven())

    @command(
        "SEC",
        "DIS",
        records=NamePublicationConsentWithdrawn,
        ja="氏名公表への同意の撤回を記録する",
        en="Record that consent is withdrawn",
    )
    @refuses(NO_CONSENT, WRONG_STATE)
    def withdraw_name_consent(self) -> None:
        """Record that the person no longer consents to being named."""
        self.only_in("person")
        if not self.may_be_named:
            raise NO_CONSENT()
        self.record(NamePublicationConsentWithdrawn())

    @command("SEC", "IMP", event=AffiliationRecorded, ja="所属を記録する", en="Record an affiliation")
    @refuses(AFFILIATION_WITHOUT_NAME, ALREADY_EXISTS, WRONG_STATE)
    def record_affiliation(self, fact: AffiliationRecorded) -> None:
        """Record what a person belongs to, from when to when, as far as a source says."""
        self.only_in("person")
        if fact.affiliation_id in self.affiliations:
            raise ALREADY_EXISTS(id=fact.affiliation_id).at("/affiliation_id")
        if fact.affiliate.organisation_id is None and fact.affiliate.name_ja is None:
            raise AFFILIATION_WITHOUT_NAME().at("/affiliate")
        must_exist(self, fact.affiliate.organisation_id, "/affiliate/organisation_id")
        self.record(fact)

    @command("SEC", "IMP", event=AffiliationEnded, ja="所属の終了を記録する", en="End an affiliation")
    @refuses(AFFILIATION_UNKNOWN, WRONG_STATE)
    def end_affiliation(self, fact: AffiliationEnded) -> None:
        """Record that a person no longer belongs to it."""
        self.only_in("person")
        if not self.affiliations.get(fact.affiliation_id):
            raise AFFILIATION_UNKNOWN(affiliation=fact.affiliation_id).at("/affiliation_id")
        self.record(fact)

    @command(
        "SEC", "DIS", event=PersonMerged, ja="同じ人の登録を一つにする", en="Merge a person registered twice"
    )
    @refuses(MERGED_INTO_ITSELF, NOT_A_PERSON, WRONG_STATE)
    def merge(self, fact: PersonMerged) -> None:
        """Say that this is the person known as ``into``. The vault keeps that person's data alone."""
        self.only_in("person")
        if fact.into == self.entity:
            raise MERGED_INTO_ITSELF().at("/into")
        if self.look(Party, fact.into).state != "person":
            raise NOT_A_PERSON(id=fact.into).at("/into")
        self.entrust(self.entity)
        self.record(fact)

    @command(
        "SEC",
        "DIS",
        event=ErasureRequested,
        ja="個人情報の消去の請求を記録する",
        en="Record a request to erase",
    )
    @refuses(WRONG_STATE)
    def request_erasure(self, fact: ErasureRequested) -> None:
        """Record that the person is to be erased, and under which number that was asked."""
        self.only_in("person")
        self.record(fact)

    @command(
        "DIS",
        records=ErasureDeclined,
        ja="個人情報の消去の請求に応じない",
        en="Decline a request to erase",
    )
    @refuses(ERASURE_NOT_REQUESTED)
    def decline_erasure(self, reason: Text) -> None:
        """Keep what the vault holds, and say why."""
        self.record(ErasureDeclined(request_no=self._request()[0], reason=reason))

    @command("DIS", records=PersonErased, ja="個人情報を消去する", en="Erase a person's data")
    @refuses(ERASURE_NOT_REQUESTED, SELF_APPROVAL, WRONG_STATE)
    def erase(self, reason: Text) -> None:
        """Remove everything the vault holds about the person, as was requested. Events stay as they are.
        Whoever recorded the request does not erase."""
        self.only_in("person")
        request_no, requested_by = self._request()
        party = self.context.actor.party
        if party is not None and party == requested_by:
            raise SELF_APPROVAL(party=party)
        # What is entrusted replaces all that the vault holds under the id: nothing is left.
        self.entrust(self.entity)
        self.record(PersonErased(reason=reason, request_no=request_no))

    def _request(self) -> tuple[str, str | None]:
        if self.to_erase is None:
            raise ERASURE_NOT_REQUESTED()
        return self.to_erase

    def _only_new(self) -> None:
        if self.state != "new":
            raise ALREADY_EXISTS(id=self.entity)

    # -- state

    @on(PersonRegistered)
    def _person(self, e: PersonRegistered, _: Recorded[Any]) -> None:
        self.state = "person"

    @on(OrganisationRegistered)
    def _organisation(self, e: OrganisationRegistered, _: Recorded[Any]) -> None:
        self.state = "organisation"

    @on(NamePublicationConsentGiven)
    def _consented(self, e: NamePublicationConsentGiven, _: Recorded[Any]) -> None:
        self.may_be_named = True

    @on(NamePublicationConsentWithdrawn)
    def _withdrew(self, e: NamePublicationConsentWithdrawn, _: Recorded[Any]) -> None:
        self.may_be_named = False

    @on(AffiliationRecorded)
    def _affiliated(self, e: AffiliationRecorded, _: Recorded[Any]) -> None:
        self.affiliations[e.affiliation_id] = True

    @on(AffiliationEnded)
    def _left(self, e: AffiliationEnded, _: Recorded[Any]) -> None:
        self.affiliations[e.affiliation_id] = False

    @on(ErasureRequested)
    def _requested(self, e: ErasureRequested, recorded: Recorded[ErasureRequested]) -> None:
        self.to_erase = (e.request_no, recorded.actor.party)

    @on(ErasureDeclined)
    def _declined(self, e: ErasureDeclined, _: Recorded[Any]) -> None:
        self.to_erase = None

    @on(PersonMerged)
    def _merged(self, e: PersonMerged, _: Recorded[Any]) -> None:
        self.state, self.may_be_named = "merged", False

    @on(PersonErased)
    def _erased(self, e: PersonErased, _: Recorded[Any]) -> None:
        self.state, self.may_be_named, self.to_erase = "erased", False, None


def is_corporate_number(number: str) -> bool:
    """Whether ``number`` is 13 digits of which the first checks the other twelve."""
    if not re.fullmatch(r"[1-9][0-9]{12}", number):
        return False
    # From the last digit forward, every second one counts double.
    weighted = sum(int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(number[1:])))
    return int(number[0]) == 9 - weighted % 9
