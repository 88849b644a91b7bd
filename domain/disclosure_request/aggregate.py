"""Requests 開示請求等: somebody asks to see what the city holds, or says that something on record is wrong,
and gets a decision on each item.

Three kinds: of information, by anybody under the disclosure ordinance 情報公開請求; of the data that the
city holds about oneself 保有個人情報の開示請求; and that something be corrected 訂正の申出, whereupon the
record is corrected by its own commands, or it is said why not. Who asks is nobody's business: name and
contact lie in the vault, the case is internal. The secretariat receives and watches the terms; the disclosure
officer decides, item by item.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from domain.disclosure_request.events import (
    DisclosureRequestClosed,
    DisclosureRequested,
    DisclosureRequestWithdrawn,
    ItemDisclosed,
    Outcome,
    RequestAmended,
    RequestDeadlineExtended,
    RequestedItem,
    RequesterErased,
    RequestItemDecided,
    RequestKind,
    ReviewDecided,
    ReviewRequested,
)
from domain.disclosure_request.refusals import (
    BEFORE_RECEIPT,
    DUE_NOT_LATER,
    GROUND_AND_ARTICLE_REQUIRED,
    ITEM_UNDECIDED,
    NO_REVIEW_OPEN,
    NOT_TO_BE_DISCLOSED,
    NOTHING_REQUESTED,
    OUTCOME_NOT_OF_KIND,
    REQUESTED_ITEM_UNKNOWN,
    REVIEW_OPEN,
)
from domain.kernel.commands import STAND_IN, GivenAgain, command, on, refuses
from domain.kernel.correction import Correctable
from domain.kernel.events import Recorded
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, REASON_REQUIRED, UNKNOWN_ID, WRONG_STATE
from domain.values.fields import Line, PersonName, Secret, TextRule
from domain.values.law import Citation

Contact = Annotated[str, TextRule(300, lines=True), Secret()]
"""How to reach whoever asks: goes to the vault only."""
OPEN = ("received", "decided")
WITHHOLDING = ("partly_disclosed", "not_disclosed", "existence_not_told", "dismissed")
GIVEN_OUT = ("disclosed", "partly_disclosed")
CORRECTING = ("corrected", "partly_corrected", "not_corrected")
"""What is decided on something that is said to be wrong."""
OF_ANY_KIND = ("transferred", "dismissed")


def _under_a_stand_in(_: Any, e: DisclosureRequested) -> GivenAgain:
    return GivenAgain({"name": STAND_IN} if e.vault_ref is not None else {})


class DisclosureRequest(Correctable):
    """One request: received → decided → closed, or withdrawn. Decided is when each item has its decision; a
    review may change one."""

    PREFIX = "request-"
    COLLECTION = "disclosure-requests"
    LABEL = ("開示請求等", "request")
    ID_FIELDS = ("request_id",)

    def begin(self) -> None:
        self.kind: RequestKind | None = None
        self.received_on: dt.date | None = None
        self.due_on: dt.date | None = None
        self.vault_ref: str | None = None
        self.requested: dict[str, RequestedItem] = {}
        self.decisions: dict[str, RequestItemDecided] = {}
        self.reviews: set[str] = set()
        """Items of which a review is open."""

    # -- commands

    @command(
        "SEC",
        "DIS",
        records=DisclosureRequested,
        again=_under_a_stand_in,
        ja="請求・申出を受け付ける",
        en="Receive a request",
        creates=True,
    )
    @refuses(BEFORE_RECEIPT, NOTHING_REQUESTED, UNKNOWN_ID)
    def receive(
        self,
        kind: RequestKind,
        received_on: dt.date,
        requested: tuple[RequestedItem, ...],
        due_on: dt.date | None = None,
        request_no: Line | None = None,
        citation: Citation | None = None,
        name: PersonName | None = None,
        contact: Contact | None = None,
    ) -> None:
        """Receive a request: what is asked for, and by when the city has to decide. Name and contact go to
        the vault."""
        if self.state != "new":
            raise ALREADY_EXISTS(id=self.entity)
        self._names_something(requested)
        if due_on is not None and due_on < received_on:
            raise BEFORE_RECEIPT(received=received_on.isoformat()).at("/due_on")
        if citation is not None:
            must_exist(self, citation.instrument_id, "/citation/instrument_id")
        vault_ref = None
        if name is not None or contact is not None:
            vault_ref = self.id
            personal = {"name": name, "contact": contact}
            self.entrust(vault_ref, **{what: text for what, text in personal.items() if text is not None})
        self.record(
            DisclosureRequested(
                kind=kind,
                received_on=received_on,
                requested=requested,
                due_on=due_on,
                request_no=request_no,
                citation=citation,
                vault_ref=vault_ref,
            )
        )

    @command("SEC", "DIS", event=RequestAmended, ja="請求の補正を記録する", en="Amend a request")
    @refuses(BEFORE_RECEIPT, NOTHING_REQUESTED, WRONG_STATE)
    def amend(self, fact: RequestAmended) -> None:
        """Record what is asked for, made clearer; before anything was decided."""
        self.only_in("received")
        self._not_before_receipt(fact.on, "/on")
        self._names_something(fact.requested)
        self.record(fact)

    @command("SEC", "DIS", event=RequestDeadlineExtended, ja="決定期限を延長する", en="Extend the deadline")
    @refuses(BEFORE_RECEIPT, DUE_NOT_LATER, WRONG_STATE)
    def extend(self, fact: RequestDeadlineExtended) -> None:
        """Take longer to decide, and say why."""
        self.only_in("received")
        self._not_before_receipt(fact.on, "/on")
        if self.due_on is not None and fact.due_on <= self.due_on:
            raise DUE_NOT_LATER(due=self.due_on.isoformat()).at("/due_on")
        self.record(fact)

    @command("DIS", event=RequestItemDecided, ja="項目ごとに決定する", en="Decide on an item")
    @refuses(
        BEFORE_RECEIPT,
        GROUND_AND_ARTICLE_REQUIRED,
        OUTCOME_NOT_OF_KIND,
        REASON_REQUIRED,
        REQUESTED_ITEM_UNKNOWN,
        REVIEW_OPEN,
        WRONG_STATE,
    )
    def decide(self, fact: RequestItemDecided) -> None:
        """Decide on one item; what withholds anything says on which article, and why; what leaves the record
        as it is, why."""
        self.only_in(*OPEN)
        self._known_item(fact.item_id)
        self._not_before_receipt(fact.decided_on, "/decided_on")
        if fact.item_id in self.reviews:
            raise REVIEW_OPEN(items=fact.item_id).at("/item_id")
        if not self._is_of_its_kind(fact.decision):
            raise OUTCOME_NOT_OF_KIND().at("/decision")
        if fact.decision in ("not_corrected", "partly_corrected") and not (
            fact.reason or self.context.reason
        ):
            raise REASON_REQUIRED().at("/reason")
        shown = (fact.citation or self.context.legal_basis) and (fact.reason or self.context.reason)
        if fact.decision in WITHHOLDING and not shown:
            raise GROUND_AND_ARTICLE_REQUIRED().at("/citation")
        if fact.citation is not None:
            must_exist(self, fact.citation.instrument_id, "/citation/instrument_id")
        self.record(fact)

    @command("SEC", "DIS", event=ItemDisclosed, ja="開示の実施を記録する", en="Record the disclosure")
    @refuses(BEFORE_RECEIPT, ITEM_UNDECIDED, NOT_TO_BE_DISCLOSED, REQUESTED_ITEM_UNKNOWN, WRONG_STATE)
    def disclose(self, fact: ItemDisclosed) -> None:
        """Record that whoever asked was given an item."""
        self.only_in(*OPEN)
        if self._decided(fact.item_id).decision not in GIVEN_OUT:
            raise NOT_TO_BE_DISCLOSED(item=fact.item_id).at("/item_id")
        self._not_before_receipt(fact.on, "/on")
        self.record(fact)

    @command("SEC", "DIS", event=ReviewRequested, ja="審査請求を記録する", en="Record a review request")
    @refuses(ALREADY_EXISTS, BEFORE_RECEIPT, ITEM_UNDECIDED, REQUESTED_ITEM_UNKNOWN, WRONG_STATE)
    def request_review(self, fact: ReviewRequested) -> None:
        """Record that a decision is not accepted. A closed case is open again."""
        self.only_in(*OPEN, "closed")
        self._decided(fact.item_id)
        if fact.item_id in self.reviews:
            raise ALREADY_EXISTS(id=fact.item_id).at("/item_id")
        self._not_before_receipt(fact.on, "/on")
        self.record(fact)

    @command("DIS", event=ReviewDecided, ja="裁決を記録する", en="Record what came of a review")
    @refuses(BEFORE_RECEIPT, NO_REVIEW_OPEN, WRONG_STATE)
    def decide_review(self, fact: ReviewDecided) -> None:
        """Record whether the decision stands. If not, a new one on the item follows."""
        self.only_in(*OPEN)
        if fact.item_id not in self.reviews:
            raise NO_REVIEW_OPEN(item=fact.item_id).at("/item_id")
        self._not_before_receipt(fact.on, "/on")
        self.record(fact)

    @command(
        "SEC",
        "DIS",
        event=DisclosureRequestWithdrawn,
        ja="請求・申出の取下げを記録する",
        en="Withdraw a request",
    )
    @refuses(BEFORE_RECEIPT, WRONG_STATE)
    def withdraw(self, fact: DisclosureRequestWithdrawn) -> None:
        """Record that whoever asked no longer does."""
        self.only_in(*OPEN)
        self._not_before_receipt(fact.on, "/on")
        self.record(fact)

    @command(
        "SEC",
        "DIS",
        event=DisclosureRequestClosed,
        ja="請求・申出を完結する",
        en="Close a request",
    )
    @refuses(BEFORE_RECEIPT, REVIEW_OPEN, WRONG_STATE)
    def close(self, fact: DisclosureRequestClosed) -> None:
        """Close the case, once every item has its decision and no review is open."""
        self.only_in("decided")
        if self.reviews:
            raise REVIEW_OPEN(items="、".join(sorted(self.reviews)))
        self._not_before_receipt(fact.on, "/on")
        self.record(fact)

    @command("DIS", event=RequesterErased, ja="請求者の個人情報を消去する", en="Erase a requester's data")
    @refuses(WRONG_STATE)
    def erase_requester(self, fact: RequesterErased) -> None:
        """Remove everything the vault holds about whoever asked, when the case is over."""
        self.only_in("closed", "withdrawn")
        # What is entrusted replaces all that the vault holds under the reference: nothing is left.
        self.entrust(self.id)
        self.record(fact)

    # -- state

    @on(DisclosureRequested)
    def _received(self, e: DisclosureRequested, _: Recorded[Any]) -> None:
        self.state, self.kind, self.vault_ref = "received", e.kind, e.vault_ref
        self.received_on, self.due_on = e.received_on, e.due_on
        self.requested = {item.item_id: item for item in e.requested}

    @on(RequestAmended)
    def _amended(self, e: RequestAmended, _: Recorded[Any]) -> None:
        self.requested = {item.item_id: item for item in e.requested}
        self.due_on = e.due_on or self.due_on

    @on(RequestDeadlineExtended)
    def _extended(self, e: RequestDeadlineExtended, _: Recorded[Any]) -> None:
        self.due_on = e.due_on

    @on(RequestItemDecided)
    def _item_decided(self, e: RequestItemDecided, _: Recorded[Any]) -> None:
        self.decisions[e.item_id] = e
        if self.requested.keys() <= self.decisions.keys():
            self.state = "decided"

    @on(ReviewRequested)
    def _review(self, e: ReviewRequested, _: Recorded[Any]) -> None:
        self.reviews.add(e.item_id)
        self.state = "decided" if self.requested.keys() <= self.decisions.keys() else "received"

    @on(ReviewDecided)
    def _reviewed(self, e: ReviewDecided, _: Recorded[Any]) -> None:
        self.reviews.discard(e.item_id)
        if not e.maintained:
            self.decisions.pop(e.item_id, None)
            self.state = "received"

    @on(DisclosureRequestWithdrawn)
    def _withdrawn(self, e: DisclosureRequestWithdrawn, _: Recorded[Any]) -> None:
        self.state = "withdrawn"
        self.reviews.clear()

    @on(DisclosureRequestClosed)
    def _closed(self, e: DisclosureRequestClosed, _: Recorded[Any]) -> None:
        self.state = "closed"

    @on(RequesterErased)
    def _erased(self, e: RequesterErased, _: Recorded[Any]) -> None:
        self.vault_ref = None

    # -- questions

    def _names_something(self, requested: tuple[RequestedItem, ...]) -> None:
        if not requested:
            raise NOTHING_REQUESTED().at("/requested")
        for n, item in enumerate(requested):
            if item.what is None and item.document_id is None:
                raise NOTHING_REQUESTED().at(f"/requested/{n}")
            for name in ("document_id", "thing_id", "letter_id"):
                must_exist(self, getattr(item, name), f"/requested/{n}/{name}")

    def _is_of_its_kind(self, decision: Outcome) -> bool:
        """Whether a case of this kind can be decided so."""
        return decision in OF_ANY_KIND or (decision in CORRECTING) == (self.kind == "correction")

    def _known_item(self, item_id: str) -> None:
        if item_id not in self.requested:
            raise REQUESTED_ITEM_UNKNOWN(item=item_id).at("/item_id")

    def _decided(self, item_id: str) -> RequestItemDecided:
        self._known_item(item_id)
        if item_id not in self.decisions:
            raise ITEM_UNDECIDED(item=item_id).at("/item_id")
        return self.decisions[item_id]

    def _not_before_receipt(self, day: dt.date, pointer: str) -> None:
        if self.received_on is not None and day < self.received_on:
            raise BEFORE_RECEIPT(received=self.received_on.isoformat()).at(pointer)
