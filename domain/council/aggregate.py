"""Council 市民会議: who may sit, by which rules, and until when (domain.md 4.1; ordinance, Art. 17).

One stream holds what must be true at the same instant: rules of procedure, terms, seats, the chair and the
advisers. Meetings are streams of their own. The council is not an advisory board: citizens and city
organise it together, and it consults.

One story: who may sit and decide, and by which rules, has one answer at every instant.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.council.events import (
    ActingChairDesignated,
    AdviserInvited,
    AdviserReleased,
    AppointmentEnded,
    BodyType,
    ChairElected,
    ChairVacated,
    CompositionDefined,
    CouncilDissolved,
    CouncilEstablished,
    CouncilResumed,
    CouncilSuspended,
    GroupingAdopted,
    MemberAppointed,
    MemberRecommended,
    OperatingMethodAdopted,
    ProcedureRulesAdopted,
    RecommendationAnswered,
    RemitStated,
    SessionHeld,
    TermOpened,
)
from domain.council.refusals import (
    ALREADY_ESTABLISHED,
    ALREADY_SERVING,
    AUTHORITY_REQUIRED,
    CATEGORY_TWICE,
    CATEGORY_UNKNOWN,
    CHAIR_MUST_SERVE,
    CITATION_UNKNOWN,
    IS_ADVISER,
    LEGAL_BASIS_MISSING,
    NOMINATOR_REQUIRED,
    NOT_SERVING,
    OPEN_BUSINESS,
    ORDINANCE_REQUIRED,
    RECOMMENDATION_UNKNOWN,
    REMAINING_TERM_EXCEEDED,
    RULES_OVERLAP,
    RULES_RETROACTIVE,
    SEATS_FULL,
    TENURE_OVER_10Y,
    TERM_TWICE,
    TERM_UNKNOWN,
)
from domain.council.seats import (
    Span,
    first_day,
    is_long,
    known_part,
    last_day,
    meet,
    most_at_once,
    service,
    successors_of,
)
from domain.kernel.commands import command, on, refuses
from domain.kernel.correction import Correctable
from domain.kernel.events import Recorded
from domain.kernel.record import KINDS
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, REASON_REQUIRED, UNKNOWN_ID, WRONG_STATE
from domain.values.calendar import EffectiveDate
from domain.values.in_force import in_force
from domain.values.law import Citation

__all__ = [
    "ActingChairDesignated",
    "AdviserInvited",
    "AdviserReleased",
    "AppointmentEnded",
    "ChairElected",
    "ChairVacated",
    "CompositionDefined",
    "Council",
    "CouncilDissolved",
    "CouncilEstablished",
    "CouncilResumed",
    "CouncilSuspended",
    "GroupingAdopted",
    "MemberAppointed",
    "MemberRecommended",
    "OperatingMethodAdopted",
    "ProcedureRulesAdopted",
    "RecommendationAnswered",
    "RemitStated",
    "SessionHeld",
    "TermOpened",
]


class Council(Correctable):
    """A council: planned → established → suspended ⇄ established → dissolved."""

    PREFIX = "council-"
    COLLECTION = "councils"
    LABEL = ("市民会議", "council")
    ID_FIELDS = ("council_id",)

    def begin(self) -> None:
        self.state = "planned"
        self.body_type: BodyType | None = None
        self.composition: CompositionDefined | None = None
        self.rules: list[ProcedureRulesAdopted] = []
        self.terms: dict[int, TermOpened] = {}
        self.sessions: dict[str, SessionHeld] = {}
        self.appointments: dict[str, MemberAppointed] = {}
        self.recommended: dict[str, MemberRecommended] = {}
        self.accepted: dict[str, bool] = {}
        """Whether who was recommended takes the seat, by recommendation; nothing as long as nobody said."""
        self.ended: dict[str, AppointmentEnded] = {}
        self.advisers: dict[str, AdviserInvited] = {}
        self.seats_stated: int | None = None
        self.chairs: list[ChairElected | ChairVacated] = []
        self.stand_ins: list[ActingChairDesignated] = []

    # -- commands: foundation

    @command(
        "SEC",
        "IMP",
        event=CouncilEstablished,
        ja="市民会議を設置する",
        en="Establish the council",
        creates=True,
    )
    @refuses(ALREADY_ESTABLISHED, LEGAL_BASIS_MISSING, ORDINANCE_REQUIRED, UNKNOWN_ID)
    def establish(self, fact: CouncilEstablished) -> None:
        """Record that the council was established, on its legal basis."""
        if self.state != "planned":
            raise ALREADY_ESTABLISHED()
        must_exist(self, fact.parent_id, "/parent_id")
        if fact.legal_basis is None and fact.parent_id is None and not self.context.importing:
            raise LEGAL_BASIS_MISSING().at("/legal_basis")
        if fact.body_type == "statutory_advisory" and not self._is_ordinance(fact.legal_basis):
            raise ORDINANCE_REQUIRED().at("/legal_basis")
        self.record(fact)

    @command("SEC", "IMP", event=RemitStated, ja="所掌事項を定める", en="State the remit")
    @refuses(CITATION_UNKNOWN, WRONG_STATE)
    def state_remit(self, fact: RemitStated) -> None:
        """Record what the council may deal with, and on which article."""
        self.only_in("established")
        if not self.context.importing and not self._is_ordinance(fact.citation):
            raise CITATION_UNKNOWN(instrument=fact.citation.instrument_id).at("/citation")
        self.record(fact)

    @command("SEC", "IMP", event=CompositionDefined, ja="構成を定める", en="Define the composition")
    @refuses(CATEGORY_TWICE, WRONG_STATE)
    def define_composition(self, fact: CompositionDefined) -> None:
        """Record the categories of seats and the roles beside the members."""
        self.only_in("established")
        names = [seat.category for seat in fact.seat_categories]
        for n, name in enumerate(names):
            if name in names[:n]:
                raise CATEGORY_TWICE(category=name).at(f"/seat_categories/{n}/category")
        self.record(fact)

    @command(
        "SEC", "IMP", event=ProcedureRulesAdopted, ja="会議規則を採択する", en="Adopt rules of procedure"
    )
    @refuses(AUTHORITY_REQUIRED, RULES_OVERLAP, RULES_RETROACTIVE, WRONG_STATE)
    def adopt_rules(self, fact: ProcedureRulesAdopted) -> None:
        """Record rules of procedure, in force from a day that is not before they were adopted: today, unless
        it is said that they were adopted earlier (``adopted_on``) and are only recorded now."""
        self.only_in("established")
        starts = first_day(fact.effective_from)
        for rules in self.rules:
            if starts == first_day(rules.effective_from) or fact.rules_version == rules.rules_version:
                raise RULES_OVERLAP(version=rules.rules_version).at("/effective_from")
        known = last_day(fact.adopted_on) if fact.adopted_on is not None else self.context.today()
        if not self.context.importing and starts < min(known, self.context.today()):
            raise RULES_RETROACTIVE(day=starts.isoformat()).at("/effective_from")
        must_exist(self, fact.matter_id, "/matter_id")
        self._on_authority(fact.matter_id)
        self.record(fact)

    @command(
        "SEC", "IMP", event=OperatingMethodAdopted, ja="運営方法を採用する", en="Adopt an operating method"
    )
    @refuses(WRONG_STATE)
    def adopt_operating_method(self, fact: OperatingMethodAdopted) -> None:
        """Record how the council works, and what that replaced."""
        self.only_in("established")
        must_exist(self, fact.matter_id, "/matter_id")
        self.record(fact)

    @command("SEC", "IMP", event=GroupingAdopted, ja="グループ分けを採用する", en="Adopt a grouping")
    @refuses(WRONG_STATE)
    def adopt_grouping(self, fact: GroupingAdopted) -> None:
        """Record that members work in groups from a fiscal year on."""
        self.only_in("established")
        must_exist(self, fact.matter_id, "/matter_id")
        self.record(fact)

    @command("SEC", "IMP", event=SessionHeld, ja="会期を記録する", en="Record a session")
    @refuses(ALREADY_EXISTS, WRONG_STATE)
    def record_session(self, fact: SessionHeld) -> None:
        """Record a session of the body, in which its meetings are held."""
        self.only_in("established")
        if fact.session_id in self.sessions:
            raise ALREADY_EXISTS(id=fact.session_id).at("/session_id")
        self.record(fact)

    # -- commands: seats

    @command("SEC", "IMP", event=TermOpened, ja="任期を開始する", en="Open a term")
    @refuses(TERM_TWICE, WRONG_STATE)
    def open_term(self, fact: TermOpened) -> None:
        """Record that a term of office begins."""
        self.only_in("established")
        if fact.term_no in self.terms:
            raise TERM_TWICE(term=fact.term_no).at("/term_no")
        self.record(fact)

    @command("SEC", "IMP", event=MemberAppointed, ja="委員を委嘱する", en="Appoint a member")
    @refuses(
        ALREADY_SERVING,
        AUTHORITY_REQUIRED,
        CATEGORY_UNKNOWN,
        IS_ADVISER,
        NOMINATOR_REQUIRED,
        NOT_SERVING,
        RECOMMENDATION_UNKNOWN,
        REMAINING_TERM_EXCEEDED,
        SEATS_FULL,
        TERM_UNKNOWN,
        WRONG_STATE,
    )
    def appoint(self, fact: MemberAppointed) -> None:
        """Give a seat to a party."""
        self.only_in("established")
        day = first_day(fact.from_date)
        if fact.appointment_id in self.appointments:
            raise ALREADY_SERVING(party=fact.party_id).at("/appointment_id")
        if fact.succeeds is not None and fact.succeeds not in self.appointments:
            raise NOT_SERVING(appointment=fact.succeeds).at("/succeeds")
        self._is_as_recommended(fact)
        held = self._known_part(service(fact, {}))
        others = map(self._known_part, self._spans(party_id=fact.party_id, to=fact))
        if any(meet(span, held) for span in others):
            raise ALREADY_SERVING(party=fact.party_id).at("/party_id")
        if self.is_adviser(fact.party_id, day):
            raise IS_ADVISER(party=fact.party_id).at("/party_id")
        if fact.term_no not in self.terms and not self.context.importing:
            raise TERM_UNKNOWN(term=fact.term_no).at("/term_no")
        if fact.category == "organisation" and not (fact.nominated_by or self.context.importing):
            raise NOMINATOR_REQUIRED().at("/nominated_by")
        must_exist(self, fact.party_id, "/party_id")
        must_exist(self, fact.nominated_by, "/nominated_by")
        self._fits_seats(fact)
        self._fits_remaining_term(fact)
        self._on_authority(fact.document_no)
        self._say_if_long(fact)
        self.record(fact)

    @command("SEC", "IMP", event=MemberRecommended, ja="委員の推薦を記録する", en="Record a recommendation")
    @refuses(ALREADY_EXISTS, WRONG_STATE)
    def recommend(self, fact: MemberRecommended) -> None:
        """Record who was recommended for a seat, and by whom."""
        self.only_in("established")
        if fact.recommendation_id in self.recommended:
            raise ALREADY_EXISTS(id=fact.recommendation_id).at("/recommendation_id")
        must_exist(self, fact.party_id, "/party_id")
        must_exist(self, fact.nominated_by, "/nominated_by")
        self.record(fact)

    @command(
        "SEC", "IMP", event=RecommendationAnswered, ja="就任の承諾・辞退を記録する", en="Record the answer"
    )
    @refuses(ALREADY_EXISTS, RECOMMENDATION_UNKNOWN)
    def answer_recommendation(self, fact: RecommendationAnswered) -> None:
        """Record whether who was recommended takes the seat. It is theirs when it is given 委嘱."""
        if fact.recommendation_id not in self.recommended:
            raise RECOMMENDATION_UNKNOWN(recommendation=fact.recommendation_id).at("/recommendation_id")
        if fact.recommendation_id in self.accepted:
            raise ALREADY_EXISTS(id=fact.recommendation_id).at("/recommendation_id")
        self.record(fact)

    @command("SEC", "IMP", event=AppointmentEnded, ja="解嘱する", en="End an appointment")
    @refuses(AUTHORITY_REQUIRED, NOT_SERVING, REASON_REQUIRED, WRONG_STATE)
    def end_appointment(self, fact: AppointmentEnded) -> None:
        """Record that a seat became vacant, and why. The chair's seat takes the chair with it. A council that
        rests loses members too."""
        if not self.context.importing:
            self.only_in("established", "suspended")
        if fact.appointment_id not in self.appointments or fact.appointment_id in self.ended:
            raise NOT_SERVING(appointment=fact.appointment_id).at("/appointment_id")
        if fact.why == "removed" and not fact.reason:
            raise REASON_REQUIRED().at("/reason")
        self._on_authority()
        was_chair = self._chairs_from(fact.appointment_id, fact.on)
        self.record(fact)
        if was_chair:
            self.record(ChairVacated(appointment_id=fact.appointment_id, on=fact.on, reason=fact.reason))

    @command("SEC", "IMP", event=ChairElected, ja="座長を選出する", en="Elect the chair")
    @refuses(CHAIR_MUST_SERVE)
    def elect_chair(self, fact: ChairElected) -> None:
        """Record who chairs the council."""
        self._must_serve(fact.appointment_id, fact.from_date)
        self.record(fact)

    @command(
        "SEC", "IMP", event=ActingChairDesignated, ja="座長職務代理を指定する", en="Designate an acting chair"
    )
    @refuses(CHAIR_MUST_SERVE)
    def designate_acting_chair(self, fact: ActingChairDesignated) -> None:
        """Record who stands in for the chair."""
        self._must_serve(fact.appointment_id, fact.from_date)
        self.record(fact)

    @command("SEC", "IMP", event=ChairVacated, ja="座長の退任を記録する", en="Vacate the chair")
    @refuses(CHAIR_MUST_SERVE)
    def vacate_chair(self, fact: ChairVacated) -> None:
        """Record that the chair is vacant."""
        if not self._chairs_from(fact.appointment_id, fact.on):
            raise CHAIR_MUST_SERVE(appointment=fact.appointment_id).at("/appointment_id")
        self.record(fact)

    @command("SEC", "IMP", event=AdviserInvited, ja="アドバイザーを委嘱する", en="Invite an adviser")
    @refuses(ALREADY_SERVING, IS_ADVISER)
    def invite_adviser(self, fact: AdviserInvited) -> None:
        """Record an adviser, who is no member."""
        day = first_day(fact.from_date)
        if any(seat.party_id == fact.party_id for seat in self.serving_on(day).values()):
            raise ALREADY_SERVING(party=fact.party_id).at("/party_id")
        if fact.party_id in self.advisers:
            raise IS_ADVISER(party=fact.party_id).at("/party_id")
        must_exist(self, fact.party_id, "/party_id")
        self.record(fact)

    @command("SEC", "IMP", event=AdviserReleased, ja="アドバイザーの退任を記録する", en="Release an adviser")
    @refuses(NOT_SERVING)
    def release_adviser(self, fact: AdviserReleased) -> None:
        """Record that an adviser's invitation ended."""
        if fact.party_id not in self.advisers:
            raise NOT_SERVING(appointment=fact.party_id).at("/party_id")
        self.record(fact)

    # -- commands: the end

    @command("SEC", "IMP", event=CouncilSuspended, ja="市民会議を休止する", en="Suspend the council")
    @refuses(WRONG_STATE)
    def suspend(self, fact: CouncilSuspended) -> None:
        """Record that the council rests, and why."""
        self.only_in("established")
        self.record(fact)

    @command("SEC", "IMP", event=CouncilResumed, ja="市民会議を再開する", en="Resume the council")
    @refuses(WRONG_STATE)
    def resume(self, fact: CouncilResumed) -> None:
        """Record that the council works again."""
        self.only_in("suspended")
        self.record(fact)

    @command("SEC", "IMP", event=CouncilDissolved, ja="市民会議を廃止する", en="Dissolve the council")
    @refuses(OPEN_BUSINESS, WRONG_STATE)
    def dissolve(self, fact: CouncilDissolved) -> None:
        """Record the end of the council, once no business is open."""
        self.only_in("established", "suspended")
        business = self.context.reader.open_business(self.entity)
        if business:
            raise OPEN_BUSINESS(business="、".join(business[:5]))
        self.record(fact)

    # -- state changes

    @on(CouncilEstablished)
    def _established(self, e: CouncilEstablished, _: Recorded[Any]) -> None:
        self.state, self.body_type = "established", e.body_type
        self.seats_stated = e.seats_total

    @on(CompositionDefined)
    def _composed(self, e: CompositionDefined, _: Recorded[Any]) -> None:
        self.composition = e

    @on(ProcedureRulesAdopted)
    def _ruled(self, e: ProcedureRulesAdopted, _: Recorded[Any]) -> None:
        self.rules.append(e)

    @on(TermOpened)
    def _term_opened(self, e: TermOpened, _: Recorded[Any]) -> None:
        self.terms[e.term_no] = e

    @on(SessionHeld)
    def _session(self, e: SessionHeld, _: Recorded[Any]) -> None:
        self.sessions[e.session_id] = e

    @on(MemberAppointed)
    def _appointed(self, e: MemberAppointed, _: Recorded[Any]) -> None:
        self.appointments[e.appointment_id] = e

    @on(MemberRecommended)
    def _recommended(self, e: MemberRecommended, _: Recorded[Any]) -> None:
        self.recommended[e.recommendation_id] = e

    @on(RecommendationAnswered)
    def _accepted(self, e: RecommendationAnswered, _: Recorded[Any]) -> None:
        self.accepted[e.recommendation_id] = e.accepted

    @on(AppointmentEnded)
    def _ended(self, e: AppointmentEnded, _: Recorded[Any]) -> None:
        self.ended[e.appointment_id] = e

    @on(ChairElected, ChairVacated)
    def _chaired(self, e: ChairElected | ChairVacated, _: Recorded[Any]) -> None:
        self.chairs.append(e)

    @on(ActingChairDesignated)
    def _acting(self, e: ActingChairDesignated, _: Recorded[Any]) -> None:
        self.stand_ins.append(e)

    @on(AdviserInvited)
    def _invited(self, e: AdviserInvited, _: Recorded[Any]) -> None:
        self.advisers[e.party_id] = e

    @on(AdviserReleased)
    def _released(self, e: AdviserReleased, _: Recorded[Any]) -> None:
        self.advisers.pop(e.party_id, None)

    @on(CouncilSuspended)
    def _suspended(self, e: CouncilSuspended, _: Recorded[Any]) -> None:
        self.state = "suspended"

    @on(CouncilResumed)
    def _resumed(self, e: CouncilResumed, _: Recorded[Any]) -> None:
        self.state = "established"

    @on(CouncilDissolved)
    def _dissolved(self, e: CouncilDissolved, _: Recorded[Any]) -> None:
        self.state = "dissolved"

    # -- questions other aggregates ask

    def is_active(self) -> bool:
        """Whether it can meet."""
        return self.state == "established"

    def rules_on(self, day: dt.date) -> ProcedureRulesAdopted | None:
        """The rules in force on a day; None if no rule is known for it."""
        return in_force(self.rules, day, lambda rules: rules.effective_from)

    def chair_on(self, day: dt.date) -> str | None:
        """The appointment that chairs it on a day; None if nobody does."""
        newest = in_force(self.chairs, day, _since)
        return newest.appointment_id if isinstance(newest, ChairElected) else None

    def acting_chair_on(self, day: dt.date) -> str | None:
        """The appointment that stands in for the chair on a day."""
        designated = in_force(self.stand_ins, day, lambda e: e.from_date)
        return designated.appointment_id if designated is not None else None

    def serving_on(self, day: dt.date) -> dict[str, MemberAppointed]:
        """Who holds a seat on a day, by appointment."""
        return {
            seat: appointed for seat, appointed in self.appointments.items() if self._serves(appointed, day)
        }

    def seats_total(self) -> int | None:
        """How many seats there are; None if any category's number is not known."""
        if self.seats_stated is not None:
            return self.seats_stated
        if self.composition is None:
            return None
        seats = [category.seats for category in self.composition.seat_categories]
        return None if any(n is None for n in seats) else sum(n or 0 for n in seats)

    def appointment(self, appointment_id: str) -> MemberAppointed | None:
        return self.appointments.get(appointment_id)

    def is_adviser(self, party_id: str, day: dt.date) -> bool:
        invited = self.advisers.get(party_id)
        return invited is not None and first_day(invited.from_date) <= day <= last_day(invited.to_date)

    # -- its own questions

    def _chairs_from(self, appointment_id: str, on: EffectiveDate) -> bool:
        """Whether a seat has the chair on a day, or is to have it later."""
        day = last_day(on)
        ahead = [e for e in self.chairs if isinstance(e, ChairElected) and first_day(e.from_date) > day]
        return self.chair_on(day) == appointment_id or any(e.appointment_id == appointment_id for e in ahead)

    def _serves(self, appointed: MemberAppointed, day: dt.date) -> bool:
        first, last = service(appointed, self.ended, self._successors())
        return first <= day <= last

    def _successors(self, to: MemberAppointed | None = None) -> dict[str, dt.date]:
        seats = (*self.appointments.values(), *((to,) if to is not None else ()))
        return successors_of(seats)

    def _is_as_recommended(self, fact: MemberAppointed) -> None:
        """Refuse a seat on a recommendation that is unknown, of another person, or was not accepted."""
        if fact.recommendation_id is None:
            return
        recommendation = self.recommended.get(fact.recommendation_id)
        if (
            recommendation is None
            or recommendation.party_id != fact.party_id
            or not self.accepted.get(fact.recommendation_id)
        ):
            raise RECOMMENDATION_UNKNOWN(recommendation=fact.recommendation_id).at("/recommendation_id")

    def _spans(
        self,
        *,
        party_id: str | None = None,
        category: str | None = None,
        to: MemberAppointed | None = None,
    ) -> list[Span]:
        """From when to when each seat of a party, or of a category, is held; as it would be with the
        appointment ``to``, which may succeed somebody."""
        successors = self._successors(to)
        return [
            service(seat, self.ended, successors)
            for seat in self.appointments.values()
            if party_id in (None, seat.party_id) and category in (None, seat.category)
        ]

    def _known_part(self, span: Span) -> Span:
        return known_part(span, self.context.today())

    def _fits_seats(self, fact: MemberAppointed) -> None:
        if self.composition is None:
            return
        seats = {category.category: category.seats for category in self.composition.seat_categories}
        if fact.category not in seats:
            raise CATEGORY_UNKNOWN(category=fact.category, known="、".join(seats)).at("/category")
        most = seats[fact.category]
        others = map(self._known_part, self._spans(category=fact.category, to=fact))
        taken = most_at_once(self._known_part(service(fact, {})), others)
        if most is not None and taken >= most:
            raise SEATS_FULL(category=fact.category, seats=most).at("/category")

    def _fits_remaining_term(self, fact: MemberAppointed) -> None:
        """A substitute serves the remaining term (補欠委員は残任期間, O16)."""
        before = self.appointments.get(fact.replaces or "")
        if fact.replaces is None:
            return
        if before is None:
            raise NOT_SERVING(appointment=fact.replaces).at("/replaces")
        if last_day(fact.to_date) > last_day(before.to_date) and not fact.until_successor:
            raise REMAINING_TERM_EXCEEDED(until=last_day(before.to_date).isoformat()).at("/to_date")

    def _say_if_long(self, fact: MemberAppointed) -> None:
        if is_long(service(fact, {}), self._spans(party_id=fact.party_id, to=fact)):
            self.warn(TENURE_OVER_10Y(party=fact.party_id).at("/party_id"))

    def _must_serve(self, appointment_id: str, since: EffectiveDate) -> None:
        if appointment_id not in self.serving_on(first_day(since)):
            raise CHAIR_MUST_SERVE(appointment=appointment_id).at("/appointment_id")

    def _on_authority(self, *authorities: str | None) -> None:
        """Refuse an appointment, its end or a change of rules without the document number or the matter by
        which it was decided (4.13)."""
        if not self.context.importing and not any((self.context.document_no, *authorities)):
            raise AUTHORITY_REQUIRED().at("/record/document_no")

    def _is_ordinance(self, citation: Citation | None) -> bool:
        if citation is None:
            return False
        if self.context.importing:
            return True
        return self.context.reader.find(KINDS["LegalInstrument"], citation.instrument_id) is not None


def _since(e: ChairElected | ChairVacated) -> EffectiveDate:
    return e.from_date if isinstance(e, ChairElected) else e.on
