"""What is known of a matter 案件 after its events: its state, and the questions others may ask of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from domain.kernel.commands import on
from domain.kernel.events import Recorded
from domain.kernel.record import KINDS
from domain.kernel.references import must_exist
from domain.kernel.refusals import REASON_REQUIRED, UNKNOWN_ID
from domain.matter.events import (
    CityDecisionRecorded,
    CityResponseRecorded,
    ConclusionTransmitted,
    CriterionAdopted,
    DissentFiled,
    DissentNoneConfirmed,
    EntrustmentReported,
    EntrustmentSettled,
    EvidenceAttached,
    MatterCarriedOver,
    MatterConcluded,
    MatterRaised,
    MatterRescinded,
    MatterSuperseded,
    MatterWithdrawn,
    OpinionRecorded,
    OptionAmended,
    OptionAssessed,
    OptionProposed,
    OptionsFrozen,
    OptionWithdrawn,
    PromisedStep,
    PromisedStepTaken,
)
from domain.matter.refusals import ENTRUSTMENT_NOT_SETTLED, OPTION_UNKNOWN
from domain.public_comment.state import Commented
from domain.values.calendar import EffectiveDate
from domain.values.law import Citation
from domain.values.resolution_methods import Result

if TYPE_CHECKING:
    from domain.council.aggregate import Council
    from domain.meeting.aggregate import Meeting

UNDECIDED = ("raised", "deliberating", "carried_over")
DECIDED = ("concluded", "in_force")
ADOPTING: frozenset[Result] = frozenset(
    {
        "adopted",
        "adopted_with_conditions",
        "agreed",
        "entrusted",
        "partly",
        "amended",
        "adopted_in_purpose",
        "elected",
    }
)
"""Results on which something may be built: an action, a plan, a rule."""


class MatterState(Commented):
    """The state of a :class:`domain.matter.Matter`, and what its commands ask."""

    def begin(self) -> None:
        super().begin()
        self.council_id: str | None = None
        self.question: str | None = None
        self.wanted: str | None = None
        self.inquiry_id: str | None = None
        self.options: dict[str, OptionProposed] = {}
        self.option_by: dict[str, str | None] = {}
        """Who proposed an option, by its id."""
        self.withdrawn_options: set[str] = set()
        self.frozen_versions = 0
        self.options_version: int | None = None
        """The version that is frozen now; None before freezing, and after the options changed again."""
        self.criteria: set[str] = set()
        self.evidence: set[str] = set()
        self.opinions: set[str] = set()
        self.conclusion: MatterConcluded | None = None
        self.concluded: EffectiveDate | None = None
        """When the council concluded it."""
        self.dissents: set[str] = set()
        self.dissent_asked = False
        self.entrustment: str | None = None
        """None, then ``open`` → ``settled`` → ``reported``."""
        self.drafters: set[str] = set()
        """The parties who raised it or drafted its transmission: they do not decide on it."""
        self.transmitted = False
        self.response: str | None = None
        self.superseded_by: list[str] = []
        self.promised: dict[str, PromisedStep] = {}
        """Steps that the city promised and that are not on record as taken, by id."""
        self.steps: set[str] = set()
        """Every step that was ever promised."""

    # -- state

    @on(MatterRaised)
    def _raised(self, e: MatterRaised, recorded: Recorded[MatterRaised]) -> None:
        self.state, self.question, self.wanted = "raised", e.question, e.wanted
        self.council_id, self.inquiry_id = e.council_id, e.inquiry_id
        self._drafted_by(recorded.actor.party)

    @on(OptionProposed)
    def _option_proposed(self, e: OptionProposed, recorded: Recorded[OptionProposed]) -> None:
        self.options[e.option_id] = e
        self.option_by[e.option_id] = recorded.actor.party
        self.options_version = None
        self._deliberate()

    @on(OptionAmended)
    def _option_amended(self, e: OptionAmended, _: Recorded[Any]) -> None:
        self.options_version = None
        self._deliberate()

    @on(OptionWithdrawn)
    def _option_withdrawn(self, e: OptionWithdrawn, _: Recorded[Any]) -> None:
        self.options.pop(e.option_id, None)
        self.withdrawn_options.add(e.option_id)
        self.options_version = None
        self._deliberate()

    @on(OptionsFrozen)
    def _options_frozen(self, e: OptionsFrozen, _: Recorded[Any]) -> None:
        self.options_version = self.frozen_versions = e.options_version
        self._deliberate()

    @on(CriterionAdopted)
    def _criterion_adopted(self, e: CriterionAdopted, _: Recorded[Any]) -> None:
        self.criteria.add(e.criterion_id)
        self._deliberate()

    @on(OptionAssessed)
    def _option_assessed(self, e: OptionAssessed, _: Recorded[Any]) -> None:
        self._deliberate()

    @on(EvidenceAttached)
    def _evidence_attached(self, e: EvidenceAttached, _: Recorded[Any]) -> None:
        self.evidence.add(e.evidence_id)
        self._deliberate()

    @on(OpinionRecorded)
    def _opinion_recorded(self, e: OpinionRecorded, _: Recorded[Any]) -> None:
        self.opinions.add(e.opinion_id)
        self._deliberate()

    @on(MatterCarriedOver)
    def _carried_over(self, e: MatterCarriedOver, _: Recorded[Any]) -> None:
        self.state = "carried_over"

    @on(MatterWithdrawn)
    def _withdrawn(self, e: MatterWithdrawn, _: Recorded[Any]) -> None:
        self.state = "withdrawn"

    @on(MatterConcluded)
    def _concluded(self, e: MatterConcluded, recorded: Recorded[MatterConcluded]) -> None:
        self.conclusion, self.concluded = e, recorded.effective
        self.state = "in_force" if e.effective_from is not None and e.result in ADOPTING else "concluded"
        if e.result == "entrusted":
            self.entrustment = "open"

    @on(DissentFiled)
    def _dissent_filed(self, e: DissentFiled, _: Recorded[Any]) -> None:
        self.dissents.add(e.dissent_id)

    @on(DissentNoneConfirmed)
    def _no_dissent(self, e: DissentNoneConfirmed, _: Recorded[Any]) -> None:
        self.dissent_asked = True

    @on(EntrustmentSettled)
    def _settled(self, e: EntrustmentSettled, _: Recorded[Any]) -> None:
        self.entrustment = "settled"

    @on(EntrustmentReported)
    def _reported(self, e: EntrustmentReported, _: Recorded[Any]) -> None:
        self.entrustment = "reported"

    @on(ConclusionTransmitted)
    def _transmitted(self, e: ConclusionTransmitted, recorded: Recorded[ConclusionTransmitted]) -> None:
        self.transmitted = True
        self._drafted_by(recorded.actor.party)

    @on(CityResponseRecorded)
    def _city_responded(self, e: CityResponseRecorded, _: Recorded[Any]) -> None:
        self.response = e.disposition
        self._promised_too(e.promised)

    @on(CityDecisionRecorded)
    def _city_decided(self, e: CityDecisionRecorded, _: Recorded[Any]) -> None:
        self._promised_too(e.promised)
        rejected = self.conclusion is not None and self.conclusion.result == "rejected"
        if self.response != "declined" and not rejected:
            self.state = "in_force"

    @on(PromisedStepTaken)
    def _step_taken(self, e: PromisedStepTaken, _: Recorded[Any]) -> None:
        self.promised.pop(e.step_id, None)

    def _promised_too(self, promised: tuple[PromisedStep, ...]) -> None:
        self.promised |= {step.step_id: step for step in promised}
        self.steps |= {step.step_id for step in promised}

    @on(MatterSuperseded)
    def _superseded(self, e: MatterSuperseded, _: Recorded[Any]) -> None:
        self.superseded_by.append(e.superseded_by)
        if not e.clauses:
            self.state = "superseded"

    @on(MatterRescinded)
    def _rescinded(self, e: MatterRescinded, _: Recorded[Any]) -> None:
        self.state = "rescinded"

    def _deliberate(self) -> None:
        if self.state in ("raised", "carried_over"):
            self.state = "deliberating"

    def _drafted_by(self, party: str | None) -> None:
        if party is not None:
            self.drafters.add(party)

    # -- questions other aggregates ask

    def happened(self, part: str | None) -> EffectiveDate | None:
        """When the council concluded it: what follows from a matter follows from its conclusion."""
        return self.concluded

    @property
    def is_adopted(self) -> bool:
        """Whether something may be built on its conclusion."""
        return self.state in DECIDED and self.conclusion is not None and self.conclusion.result in ADOPTING

    # -- what several commands ask

    def _in_order(self, *states: str) -> None:
        if not self.context.importing:
            self.only_in(*states)

    def _needs(self, reason: str | None) -> None:
        if not (reason or self.context.reason or self.context.importing):
            raise REASON_REQUIRED().at("/reason")

    def _cites(self, citation: Citation | None, pointer: str) -> None:
        if citation is not None:
            must_exist(self, citation.instrument_id, f"{pointer}/instrument_id")

    def _known_option(self, option_id: str, pointer: str) -> None:
        if option_id not in self.options:
            raise OPTION_UNKNOWN(option=option_id).at(pointer)

    def _is_settled(self) -> None:
        if self.entrustment == "open":
            raise ENTRUSTMENT_NOT_SETTLED()

    def _meeting(self, meeting_id: str, pointer: str = "/meeting_id") -> Meeting:
        kind = KINDS["Meeting"]
        meeting = self.context.reader.find(kind, meeting_id)
        if meeting is None:
            raise UNKNOWN_ID(kind=kind.LABEL[0], kind_en=kind.LABEL[1], id=meeting_id).at(pointer)
        return cast("Meeting", meeting)

    def _known_meeting(self, meeting_id: str | None, pointer: str) -> None:
        if meeting_id is not None and not self.context.importing:
            self._meeting(meeting_id, pointer)

    def _council(self, council_id: str | None) -> Council | None:
        council = self.context.reader.find(KINDS["Council"], council_id) if council_id else None
        return cast("Council | None", council)
