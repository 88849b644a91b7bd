"""What has been kept long enough goes: lines of the access log, keys of commands done, drafts and
sheets that nobody touches, mails that were sent, forms that nobody confirmed. Never an event."""

from __future__ import annotations

import datetime as dt

import msgspec
import sqlalchemy as sa

from api.access import access_log
from api.mail.outbox import prune as prune_mail
from api.office.desk.drafts import prune as prune_drafts
from api.office.tables.upload.pending import prune as prune_sheets
from api.submissions.queue import prune as prune_sent_in
from domain.recording.receipts import Receipt
from projections.past.files import position_on
from projections.tables.durable import COMMAND_KEY

LINES_DAYS, KEYS_DAYS = 400, 30
"""A year and a month, for a yearly audit; nobody repeats a command with its key after a month."""
AT_ONCE = 500


def prune_old(
    engine: sa.Engine, today: dt.date, lines: int = LINES_DAYS, keys: int = KEYS_DAYS
) -> tuple[int, int]:
    """Remove what is older than so many days, and drafts, sheets, mails and what was sent in whose time is
    over; how many lines and keys went."""
    now = dt.datetime.now(dt.UTC)
    with engine.begin() as connection:
        prune_drafts(connection, now)
        prune_sheets(connection, now)
    prune_mail(engine, now)
    prune_sent_in(engine, now)
    gone_lines = access_log.prune(engine, today - dt.timedelta(days=lines))
    return gone_lines, prune_keys(engine, today - dt.timedelta(days=keys))


def prune_keys(engine: sa.Engine, before: dt.date) -> int:
    """Remove the keys of commands whose events were recorded before the end of a day; how many there were. A
    few at a time: whoever appends waits for none of it for long."""
    gone, after = 0, ""
    with engine.connect() as connection:
        last = position_on(connection, before)
    while True:
        chosen = sa.select(COMMAND_KEY.c.key, COMMAND_KEY.c.receipt).where(COMMAND_KEY.c.key > after)
        with engine.begin() as connection:
            rows = connection.execute(chosen.order_by(COMMAND_KEY.c.key).limit(AT_ONCE)).all()
            if not rows:
                return gone
            after = rows[-1].key
            old = [r.key for r in rows if msgspec.json.decode(r.receipt, type=Receipt).position <= last]
            if old:
                gone += connection.execute(sa.delete(COMMAND_KEY).where(COMMAND_KEY.c.key.in_(old))).rowcount
