"""What may be recorded of a written procedure 書面協議: it is sent out, replies come one by one, and it ends
with what they come to, or without enough of them."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from domain.kernel.events import Event
from domain.kernel.when import TOLD
from domain.meeting.events import Reply
from domain.values.fields import Count, Id, Text


class WrittenProcedureStarted(Event):
    """The items were sent to the members, who may reply in writing until ``deadline``."""

    LABEL = ("書面協議の開始", "Written procedure started")
    WHEN = "sent_on"
    FIELDS: ClassVar = {"sent_on": ("発送日", "Sent on")}
    sent_on: dt.date
    deadline: dt.date


class WrittenReplyReceived(Event):
    """One member's reply on one item. A later reply of the same member stands in its place."""

    LABEL = ("書面の回答の受領", "Written reply received")
    KEY_STEP = False
    WHEN = "received_on"
    item_id: Id
    appointment_id: Id
    reply: Reply
    received_on: dt.date
    text: Text | None = None
    document_id: Id | None = None


class WrittenDeadlineMoved(Event):
    """The members have longer to reply, and why."""

    LABEL = ("回答期限の延長", "Deadline for replies moved")
    WHEN = TOLD
    KEY_STEP = False
    deadline: dt.date
    reason: Text


class WrittenProcedureEnded(Event):
    """The replies were counted: how many members replied. What they come to stands in the resolutions."""

    LABEL = ("書面協議の終了", "Written procedure ended")
    WHEN = "at"
    FIELDS: ClassVar = {"replied": ("回答した委員数", "Members who replied")}
    at: dt.datetime
    replied: Count
