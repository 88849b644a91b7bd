"""What may be recorded of a request 開示請求等 (see domain/disclosure_request/aggregate.py)."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

import msgspec

from domain.kernel.events import Event
from domain.kernel.when import RECORDING
from domain.values.disclosure import Disclosure, Ground
from domain.values.fields import Id, Line, Text
from domain.values.law import Citation

RequestKind = Literal["information", "personal_data", "correction"]
"""情報公開請求, by anybody under the ordinance; 保有個人情報の開示請求, by the person concerned, by law;
訂正の申出, by anybody: something on record is said to be wrong."""
Outcome = Literal[
    "disclosed",
    "partly_disclosed",
    "not_disclosed",
    "not_held",
    "existence_not_told",
    "transferred",
    "dismissed",
    "corrected",
    "partly_corrected",
    "not_corrected",
]
"""開示・一部開示・不開示・不存在・存否応答拒否・移送・却下; of what is said to be wrong 訂正・一部訂正・
訂正しない."""
OUTCOMES: dict[Outcome, tuple[str, str]] = {
    "disclosed": ("開示", "disclosed"),
    "partly_disclosed": ("一部開示", "partly disclosed"),
    "not_disclosed": ("不開示", "not disclosed"),
    "not_held": ("文書不存在", "not held"),
    "existence_not_told": ("存否応答拒否", "existence neither confirmed nor denied"),
    "transferred": ("移送", "transferred"),
    "dismissed": ("却下", "dismissed"),
    "corrected": ("訂正", "corrected"),
    "partly_corrected": ("一部訂正", "partly corrected"),
    "not_corrected": ("訂正しない", "not corrected"),
}


class RequestedItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that is asked for: a document on record, or what the request calls it. ``thing_id``: what on
    record is said to be wrong; ``letter_id``: the document that holds what somebody wrote, not public."""

    FIELDS: ClassVar = {
        "thing_id": ("誤りがあるという記録", "Said to be wrong"),
        "letter_id": ("申出の本文", "Letter"),
    }
    item_id: Id
    what: Line | None = None
    document_id: Id | None = None
    thing_id: Id | None = None
    letter_id: Id | None = None


class DisclosureRequested(Event):
    """Somebody asked to see something, or said that something is wrong. Who it was lies in the vault under
    ``vault_ref``; the case is internal, for what somebody asks for tells of them. ``due_on``: by when the
    city has to decide."""

    LABEL = ("請求・申出の受付", "Request received")
    WHEN = "received_on"
    KEY_STEP = False
    FIELDS: ClassVar = {
        "requested": ("請求した内容", "Requested"),
    }
    kind: RequestKind
    received_on: dt.date
    requested: tuple[RequestedItem, ...]
    due_on: dt.date | None = None
    request_no: Line | None = None
    citation: Citation | None = None
    vault_ref: Id | None = None
    disclosure: Disclosure = Disclosure("internal", "personal")


class RequestAmended(Event):
    """What was asked for was made clearer 補正; the items are these now."""

    LABEL = ("請求の補正", "Request amended")
    WHEN = "on"
    KEY_STEP = False
    on: dt.date
    requested: tuple[RequestedItem, ...]
    due_on: dt.date | None = None


class RequestDeadlineExtended(Event):
    """The city takes longer to decide, for a reason it tells whoever asked 期限の延長."""

    LABEL = ("決定期限の延長", "Deadline extended")
    WHEN = "on"
    KEY_STEP = False
    on: dt.date
    due_on: dt.date
    reason: Text
    citation: Citation | None = None


class RequestItemDecided(Event):
    """What the city decided on one item, on which ground and article. A later decision on it (after a review)
    stands in its place."""

    LABEL = ("請求・申出への決定", "Item decided")
    WHEN = "decided_on"
    KEY_STEP = False
    LINKS: ClassVar = {"citation": "on_legal_basis"}
    FIELDS: ClassVar = {"decision": ("決定", "Decision")}
    item_id: Id
    decision: Outcome
    decided_on: dt.date
    ground: Ground | None = None
    citation: Citation | None = None
    reason: Text | None = None
    document_no: Line | None = None


class ItemDisclosed(Event):
    """Whoever asked was given it: to look at, as a copy, or as a file."""

    LABEL = ("開示の実施", "Item disclosed")
    WHEN = "on"
    KEY_STEP = False
    item_id: Id
    on: dt.date
    means: Literal["viewing", "copy", "file"]


class ReviewRequested(Event):
    """Whoever asked does not accept a decision 審査請求."""

    LABEL = ("審査請求", "Review requested")
    WHEN = "on"
    KEY_STEP = False
    item_id: Id
    on: dt.date


class ReviewDecided(Event):
    """What came of the review 裁決: the decision is maintained, or changed by a new one."""

    LABEL = ("裁決", "Review decided")
    WHEN = "on"
    KEY_STEP = False
    FIELDS: ClassVar = {"maintained": ("決定を維持", "The decision is maintained")}
    item_id: Id
    on: dt.date
    maintained: bool
    reason: Text


class DisclosureRequestWithdrawn(Event):
    """Whoever asked no longer does 取下げ."""

    LABEL = ("請求・申出の取下げ", "Request withdrawn")
    WHEN = "on"
    KEY_STEP = False
    on: dt.date
    reason: Text | None = None


class DisclosureRequestClosed(Event):
    """Every item has been decided, and what is disclosed has been given: the case is closed."""

    LABEL = ("請求・申出の完結", "Request closed")
    WHEN = "on"
    KEY_STEP = False
    on: dt.date
    reason: Text | None = None


class RequesterErased(Event):
    """What the vault held of whoever asked is gone."""

    LABEL = ("請求者の個人情報の消去", "Requester's data erased")
    WHEN = RECORDING
    KEY_STEP = False
    reason: Text
