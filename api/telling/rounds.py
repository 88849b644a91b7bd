"""Who is to be told now: every morning, or on Mondays; what was missed while nothing ran is made up for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import structlog

from api.access.accounts import Account, Accounts
from api.mail import outbox
from api.mail.outbox import Mail
from api.setup.config import RecordSettings
from api.telling import preferences
from api.telling.digest import Digest, Reader, digest
from api.telling.links import leave_token
from api.telling.preferences import Preference
from api.telling.scope import scope_of
from domain.values.calendar import JAPAN
from projections.engine.store import Store

MORNING = 7
"""The hour in Japan from which a day's digests are made."""

log = structlog.get_logger("kyodo")


def is_due(preference: Preference, now: dt.datetime) -> bool:
    """Whether an account is to be told: it was not since this morning, or since that of Monday."""
    here = now.astimezone(JAPAN)
    day = here.date() if here.hour >= MORNING else here.date() - dt.timedelta(days=1)
    if preference.rhythm == "weekly":
        day -= dt.timedelta(days=day.weekday())
    return preference.is_told and (preference.told_on is None or preference.told_on < day.isoformat())


def put_digests(
    store: Store, record: RecordSettings, address: str, clock: Callable[[], dt.datetime] = outbox.utc_now
) -> int:
    """Lay the digests that are due into the outbox; how many there are. ``address``: how links begin."""
    now = clock()
    accounts = Accounts(store.engine)
    with store.engine.connect() as connection:
        due = [p for p in preferences.all_told(connection) if is_due(p, now)]
    laid = 0
    for preference in due:
        account = accounts.with_id(preference.account_id)
        if account is None or account.disabled:
            continue
        try:
            laid += _tell(store, record, address, preference, account, now)
        except Exception:  # whatever is wrong with one of them keeps no other from being told
            log.exception("a digest could not be made", account=account.account_id)
    if laid:
        log.info("digests made", number=laid)
    return laid


def _tell(
    store: Store,
    record: RecordSettings,
    address: str,
    preference: Preference,
    account: Account,
    now: dt.datetime,
) -> bool:
    """Make one digest. That it was made, and the mail, are written together: it is told once, or not yet."""
    day = now.astimezone(JAPAN).date()
    made = digest_for(store, record, address, preference, account, day)
    with store.engine.begin() as connection:
        if not preferences.told(connection, preference, made.position, day) or made.letter is None:
            return False
        mail = Mail(
            key=f"digest {account.account_id} {day}",
            kind="digest",
            to=str(preference.address),
            subject=made.letter.subject,
            text=made.letter.text,
            leave=leave_address(record, address, preference),
        )
        return outbox.put(connection, mail, now)


def digest_for(
    store: Store, record: RecordSettings, address: str, preference: Preference, account: Account, day: dt.date
) -> Digest:
    """What an account would be told on a day. Nothing, where it holds no role of the office."""
    scope = scope_of(Accounts(store.engine), account, day)
    reader = Reader(scope, preference.language, address, leave_address(record, address, preference))
    with store.reading() as connection:
        made = digest(connection, reader, preference.told_position, preference.told_on, day)
    return made if scope.roles else Digest(None, made.position)


def leave_address(record: RecordSettings, address: str, preference: Preference) -> str:
    """The link by which the account leaves, by one click and without signing in."""
    token = leave_token(record.signing_key(), preference.account_id, preference.leave)
    prefix = "" if preference.language == "ja" else "/en"
    return f"{address}{prefix}/mail/leave/{token}"
