"""What members answered to the notice of a meeting. The newest answer of a seat counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Literal

import sqlalchemy as sa

from projections.tables.durable import MEETING_REPLY

Reply = Literal["present", "online", "absent"]
REPLIES: dict[Reply, tuple[str, str]] = {
    "present": ("出席する", "I will be there"),
    "online": ("オンラインで出席する", "I will take part online"),
    "absent": ("欠席する", "I cannot come"),
}


def reply(engine: sa.Engine, meeting_id: str, appointment_id: str, answer: Reply) -> None:
    """Keep an answer, in place of an earlier one."""
    own = (MEETING_REPLY.c.meeting_id == meeting_id) & (MEETING_REPLY.c.appointment_id == appointment_id)
    row = {
        "meeting_id": meeting_id,
        "appointment_id": appointment_id,
        "reply": answer,
        "replied_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
    with engine.begin() as connection:
        connection.execute(sa.delete(MEETING_REPLY).where(own))
        connection.execute(sa.insert(MEETING_REPLY).values(row))


def replies_of(connection: sa.Connection, meeting_id: str) -> dict[str, str]:
    """The newest answer of each seat."""
    chosen = sa.select(MEETING_REPLY.c.appointment_id, MEETING_REPLY.c.reply)
    rows = connection.execute(chosen.where(MEETING_REPLY.c.meeting_id == meeting_id))
    return {row.appointment_id: row.reply for row in rows}


def counted(replies: dict[str, str]) -> Counter[str]:
    """How many gave each answer."""
    return Counter(replies.values())
